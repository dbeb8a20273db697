/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RUN_H
#define MXPROOF_RUN_H
/*
 * One domain, live: start what the core wants, until nothing is wanted or
 * the deadline is reached.  Has no opinions.  Many may run at once.
 */
#include <stdbool.h>

struct dns;
struct evidence;
struct loop;
struct memo;
struct store;

/* What all runs have in common; it outlives them. */
struct run_room {
	struct loop	*loop;
	struct dns	*dns;
	struct store	*store;
	struct memo	*memo;		/* or NULL */
	const char	*helo;		/* or NULL */
	bool		 deprecated;	/* the second look judges 5 and 7, too */
};

/*
 * Fill ev (of a domain's mail, or of one question: asked.lookup), whose
 * domain, asked, anchors and collected_at are set, with observations.  done
 * is called once, from the loop and never in here, when the core wants
 * nothing more or the time of ev->asked.timeout_s is up (ev->cut_short); ev
 * is the caller's again then.  Time that a session waits for its turn does
 * not count.
 */
void run_start(const struct run_room *, struct evidence *ev,
    void (*done)(void *arg), void *arg);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RUN_H
#define MXPROOF_RUN_H
/*
 * One domain, live: start what the core wants, until nothing is wanted or
 * the deadline is reached.  Has no opinions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dns;
struct evidence;
struct loop;
struct memo;

/*
 * Fill ev (of a domain's mail, or of one question: asked.lookup), whose domain, asked, anchors and collected_at are set, with
 * observations.  Returns when the core wants nothing more or the time of
 * ev->asked.timeout_s is up (ev->cut_short).  helo and memo may be NULL.
 * deprecated: the second look judges algorithms 5 and 7 in full, too.
 */
void run_domain(struct loop *, struct dns *, struct evidence *ev,
    const char *helo, bool deprecated, struct memo *);

#endif

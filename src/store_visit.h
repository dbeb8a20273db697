/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_STORE_VISIT_H
#define MXPROOF_STORE_VISIT_H
/*
 * An address and those who visit it, as store_address.c and store_visit.c
 * share them; for nobody else.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/evidence.h"

struct addresses;
struct session;
struct smtp_request;

enum {
	VISIT_AT_ONCE = 2,	/* sessions with one address */
	VISIT_TRIES = 3,	/* where another of ours may have been too many */
	VISIT_DEAD_MS = 60000,
	VISIT_WORKS_MS = 10000	/* long enough for those who queue */
};

struct address {
	struct address *chain;
	unsigned active, queued;
	bool one; /* it takes one session at a time, */
	bool paced; /* and not at once after another */
	bool met; /* there was a session, which ended: */
	int64_t last;
	int64_t paused_until;
	const struct smtp_observation *dead; /* how it failed, */
	int64_t dead_until;
	int64_t dead_budget_ms; /* for whoever has no more time than this */
	int64_t works_until; /* a session came further than its greeting, */
	bool gave_tls; /* and one had TLS */
	struct job *running; /* by next */
	struct visit *leaving; /* QUIT is said, and not yet answered */
	uint16_t port;
	char text[];
};

/* The first member of those that have a session with an address. */
struct visit {
	struct visit *next;
	struct addresses *all;
	struct address *address;
	struct session *session;
};

struct job {
	struct visit visit;
	struct job *next;
	const struct smtp_request *request;
	void *who;
	struct spare *spare; /* beside it, not yet released */
	int64_t began_ms;
	unsigned tries; /* ended with 421 */
	bool together; /* another of ours was with the address */
	bool beside; /* or just before */
	bool again; /* turned away, and to be tried once more */
};

/* A session that waits for the first one's TLS. */
struct spare {
	struct visit visit;
	void *who; /* NULL = not released */
	const struct smtp_request *request;
};

/*
 * How it ended, for those who come after it.  TLS that the address gave to
 * another session just now, and not to this one, was refused for the time
 * being: no name has been said by then.
 */
void visit_note(const struct job *, struct smtp_observation *, int64_t now);

/* The address has just failed in a way that this one will see, too. */
bool visit_is_in_vain(const struct job *, int64_t now);

/* Perhaps another session of ours was one too many, or this came too early. */
bool visit_is_crowded(const struct job *, const struct smtp_observation *,
    int64_t now);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_STORE_H
#define MXPROOF_STORE_H
/*
 * What the domains of a run share: one question, one session, however many
 * want it.  Those who come while it is under way wait for it; those who come
 * later get what came, as long as its TTL allows.  Bounded in octets: what
 * was not wanted for longest goes first.
 *
 * To one address there are at most two sessions at a time, and a pause when
 * it says 421.  How an address fails before anything is said to it depends
 * on no name: for a minute all get the same.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dns;
struct dns_observation;
struct loop;
struct smtp_observation;
struct smtp_request;
struct store;

/* What a run has cost. */
struct store_counts {
	size_t		 questions;	/* sent */
	size_t		 questions_shared; /* answered by those */
	size_t		 sessions;
	size_t		 sessions_shared;
};

/* sessions: how many at a time, of all addresses.  Never NULL. */
struct store *store_new(struct loop *, struct dns *, unsigned sessions);

/*
 * Forget everything; no done is called any more.  After dns_close and before
 * loop_free; NULL is allowed.
 */
void store_free(struct store *);

/*
 * As dns_ask (with CD) and smtp_probe; the observation comes with a reference
 * of its own.  A timeout that came for want of another's time is nobody
 * else's: then it is asked anew.
 *
 * begun is called when it no longer waits for its turn, perhaps at once;
 * budget_ms counts from then.
 */
void store_dns(struct store *, const uint8_t *name, uint16_t type,
    int64_t budget_ms, void (*begun)(void *arg),
    void (*done)(void *arg, const struct dns_observation *), void *arg);

void store_smtp(struct store *, const struct smtp_request *,
    void (*begun)(void *arg),
    void (*done)(void *arg, const struct smtp_observation *), void *arg);

/*
 * The session that was asked for with the same request will most likely be
 * followed by one for the other kind of keys: it may begin beside it, and is
 * given up where it is not wanted.
 */
void store_spare(struct store *, const struct smtp_request *);

/* Questions that are under way. */
size_t store_flying(const struct store *);

const struct store_counts *store_counts(const struct store *);

#endif

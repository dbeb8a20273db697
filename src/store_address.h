/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_STORE_ADDRESS_H
#define MXPROOF_STORE_ADDRESS_H
/* Whose turn it is to have a session: a part of the store. */
#include <stdbool.h>

#include "core/evidence.h"

struct addresses;
struct loop;
struct smtp_observation;
struct smtp_request;

/*
 * sessions: how many at a time, of all addresses.  begun is called when a
 * session starts, perhaps at once; done from the loop, with false where
 * nothing was probed: the address has just failed before a word was said.
 * spare is called when a first session with a spare one beside it has its
 * TLS: it returns who waits for a session like that with those keys, and its
 * request, or NULL for nobody.  Never NULL.
 */
struct addresses *addresses_new(struct loop *, unsigned sessions,
    void *(*spare)(void *arg, const struct smtp_request *first, enum tls_keys,
	const struct smtp_request **),
    void (*begun)(void *who),
    void (*done)(void *who, struct smtp_observation *, bool probed),
    void *arg);

/* Forgets those that wait; not from a callback. */
void addresses_free(struct addresses *);

/*
 * A session as soon as there may be one more; the request must live until
 * done.
 */
void addresses_probe(struct addresses *, const struct smtp_request *,
    void *who);

/*
 * A spare one beside that which is under way with this very request, where
 * there may be one more: it goes as far as the server's 220 to STARTTLS.
 */
void addresses_spare(struct addresses *, const struct smtp_request *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_STORE_ADDRESS_H
#define MXPROOF_STORE_ADDRESS_H
/* Whose turn it is to have a session: a part of the store. */
#include <stdbool.h>

struct addresses;
struct loop;
struct smtp_observation;
struct smtp_request;

/* sessions: how many at a time, of all addresses.  Never NULL. */
struct addresses *addresses_new(struct loop *, unsigned sessions);

/* Forgets those that wait; not from a callback. */
void addresses_free(struct addresses *);

/*
 * A session as soon as there may be one more; the request must live until
 * done.  begun is called when it starts, perhaps at once; done from the
 * loop, with false where nothing was probed: the address has just failed
 * before a word was said.
 */
void addresses_probe(struct addresses *, const struct smtp_request *,
    void (*begun)(void *arg),
    void (*done)(void *arg, struct smtp_observation *, bool probed),
    void *arg);

#endif

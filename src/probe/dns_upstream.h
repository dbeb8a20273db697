/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DNS_UPSTREAM_H
#define MXPROOF_DNS_UPSTREAM_H
/*
 * One server that questions go to, with its getdns contexts, and the reading
 * of what it replies.  Only probe/dns.c includes this.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/resolver.h"

struct dns_observation;
struct getdns_context;
struct getdns_eventloop;

struct upstream {
	struct resolver	 at;
	struct getdns_context *context[2]; /* [tcp]; NULL = not needed yet */
	bool		 answered;	/* something, in this run */
	unsigned	 silent;	/* tries without reply since */
};

/* A name server, as long as some question is put to it. */
struct direct {
	struct upstream	 up;
	unsigned	 users;
	struct direct	*next;
};

/*
 * One more user of this server ("192.0.2.1", as the core writes it), which
 * is added to the list when it is not there.
 */
struct direct *direct_acquire(struct direct **list, const char *server);
/* One less; the last closes it.  As upstream_close; NULL is allowed. */
void direct_release(struct direct **list, struct direct *);

/* Its context for UDP or TCP, made at the first call; NULL: it cannot
 * be made, or no descriptor is left for a question. */
struct getdns_context *upstream_context(struct upstream *,
    struct getdns_eventloop *, bool tcp);

/* Destroy the contexts; not from inside a callback of getdns. */
void upstream_close(struct upstream *);

/*
 * The upstreams that are named, n = 0: the system's.  Returns how many, at
 * most RESOLVERS_MAX; 0 with *error, a static text.
 */
size_t upstreams_read(struct upstream *out, const char *const *resolvers,
    size_t n, const char **error);

/*
 * The reply in a message, one reference; NULL when the message is not the
 * whole and readable reply to this question.
 */
struct dns_observation *reply_read(const uint8_t *wire, size_t len,
    const uint8_t *name, uint16_t type);

#endif

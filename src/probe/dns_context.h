/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DNS_CONTEXT_H
#define MXPROOF_DNS_CONTEXT_H
/*
 * How getdns has to be set up so that it carries plain questions and nothing
 * more.  Only probe/dns.c includes this.
 */
#include <stdbool.h>

struct getdns_context;
struct getdns_dict;
struct getdns_eventloop;
struct resolver;

/* A context with one upstream; NULL when it cannot be set up. */
struct getdns_context *dns_context_new(struct getdns_eventloop *,
    const struct resolver *, bool tcp);
/* Not from inside a callback of getdns; NULL is allowed. */
void dns_context_free(struct getdns_context *);

/* What goes with a question: DO, RD and CD or not; NULL for no memory. */
struct getdns_dict *dns_extensions_new(bool rd, bool cd);

#endif

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

/* What goes with a question, [RD][CD] and DO; false for no memory. */
bool dns_extensions_new(struct getdns_dict *extensions[2][2]);
void dns_extensions_free(struct getdns_dict *extensions[2][2]);

#endif

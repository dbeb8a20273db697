/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DNS_LOOP_H
#define MXPROOF_DNS_LOOP_H
/*
 * Our loop as getdns wants to see one.  One serves all contexts.
 */

struct getdns_eventloop;
struct loop;

/* Never NULL. */
struct getdns_eventloop *dns_loop_new(struct loop *);

/* After the last context is destroyed. */
void dns_loop_free(struct getdns_eventloop *);

#endif

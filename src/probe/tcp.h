/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TCP_H
#define MXPROOF_TCP_H
/*
 * An address in, a connected stream out, or the reason why not.
 */
#include <stdint.h>

#include "core/evidence.h"

struct arena;
struct loop;
struct tcp;

/*
 * Connect to a numeric address.  done is called once, from the loop: with a
 * non-blocking descriptor that the callee then owns and error 0, or with -1
 * and an errno (ETIMEDOUT after timeout_ms).
 */
struct tcp *tcp_open(struct loop *, const char *address, uint16_t port,
    int64_t timeout_ms, void (*done)(void *arg, int fd, int error),
    void *arg);

/* Give up before done was called; NULL is allowed. */
void tcp_cancel(struct tcp *);

/* Close a descriptor that came out of it; -1 is allowed. */
void tcp_close(int fd);

/*
 * The address literal of the descriptor's own end (RFC 5321 4.1.3), in the
 * arena: "[192.0.2.1]", "[IPv6:2001:db8::1]".
 */
char *tcp_own_literal(struct arena *, int fd);

/* What such an errno says about the server, or about us (NOT_PROBED). */
enum smtp_outcome tcp_outcome(int error);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TLS_H
#define MXPROOF_TLS_H
/*
 * A TLS client session on a connected, non-blocking descriptor: the only
 * door to GnuTLS's sessions.  It takes what the server shows (chain, version,
 * suite, group, signature) and verifies nothing: whom to believe is the
 * core's business.  It offers TLS 1.0 to 1.3 by a fixed list, whatever the
 * policy of this system, so that an old server is seen as old.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/evidence.h"

struct tls;

enum tls_state {
	TLS_DONE,
	TLS_WANT_READ,		/* call again when the descriptor is ready */
	TLS_WANT_WRITE,
	TLS_CLOSED,		/* the server ended the session */
	TLS_FAILED		/* see tls_error, tls_alert */
};

/*
 * sni NULL: no server name is sent.  NULL with *error (static text) when
 * this machine cannot do it.  The descriptor stays the caller's.
 */
struct tls *tls_new(int fd, const char *sni, enum tls_keys,
    const char **error);

/* Goes without saying good-bye; NULL is allowed. */
void tls_free(struct tls *);

/* One step of the handshake. */
enum tls_state tls_handshake(struct tls *);

/* Version, suite, group, signature and chain, after the handshake. */
void tls_describe(struct tls *, struct smtp_observation *);

/* The alert that ended the session, in its registered words; or NULL. */
const char *tls_alert(const struct tls *);

/* The connection ended under it: nobody said a word of TLS. */
bool tls_was_cut(const struct tls *);

/* The library's or the system's words for a failure; never NULL. */
const char *tls_error(const struct tls *);

/* TLS_DONE: *n octets were taken or given, at least one. */
enum tls_state tls_send(struct tls *, const void *data, size_t len,
    size_t *n);
enum tls_state tls_recv(struct tls *, void *data, size_t len, size_t *n);

#endif

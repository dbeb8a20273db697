/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SMTP_H
#define MXPROOF_SMTP_H
/*
 * One SMTP session as a sending server would begin it: connect, greeting,
 * EHLO, STARTTLS, handshake, EHLO, QUIT, and never a mail.  It observes and
 * has no opinions.  Everything is bounded: lines, replies, octets, time.
 */
#include <stdint.h>

#include "core/evidence.h"

struct loop;

struct smtp_request {
	const uint8_t	*host;		/* the MX host, wire form */
	const char	*address;	/* numeric */
	uint16_t	 port;
	const char	*sni;		/* without final dot; NULL = none */
	enum tls_keys	 keys;
	const char	*helo;		/* NULL: the literal of our own address */
	int64_t		 budget_ms;	/* for all of it, a retry included */
	/* Called when TLS stands: the chain is there, the rest to come. */
	void		(*secured)(void *arg, const struct smtp_observation *);
	/* Called before the whole is tried once more; or NULL. */
	void		(*retrying)(void *arg);
	/* Called once after done, when the connection is closed; or NULL. */
	void		(*gone)(void *arg);
};

struct session;

/*
 * Start; the request is copied.  done is called once, from the loop, and
 * takes over the observation's reference; it does not wait for the reply to
 * QUIT.  The session lives until gone.
 */
struct session *smtp_probe(struct loop *, const struct smtp_request *,
    void (*done)(void *arg, struct smtp_observation *), void *arg);

/*
 * The same up to the server's 220 to STARTTLS and no further, until it is
 * released with the kind of keys that shall be looked for.  done is called
 * once, perhaps before that.
 */
struct session *smtp_park(struct loop *, const struct smtp_request *,
    void (*done)(void *arg, struct smtp_observation *), void *arg);
void smtp_release(struct session *, enum tls_keys);

/* Close it; neither done nor gone is called any more. */
void smtp_drop(struct session *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SMTP_INTERNAL_H
#define MXPROOF_SMTP_INTERNAL_H
/* A session as smtp.c and smtp_replies.c share it; for nobody else. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/evidence.h"
#include "core/smtp_reply.h"

struct loop;
struct loop_timer;
struct loop_watch;
struct tcp;
struct tls;

struct session {
	struct loop *loop;
	struct arena *mem; /* the dialogue's, gone with the session */
	struct smtp_observation *obs; /* NULL: delivered */
	const char *helo; /* NULL: the connection's own address */
	int64_t deadline;
	void (*done)(void *arg, struct smtp_observation *);
	void (*secured)(void *arg, const struct smtp_observation *);
	void (*retrying)(void *arg);
	void (*gone)(void *arg);
	void *arg;

	enum smtp_step step;
	int64_t step_began;
	int64_t step_limit; /* may be cut short by the deadline */
	bool decided; /* the outcome stands, only QUIT is left */
	bool refused_ehlo; /* inside TLS: that is where it ended */
	bool second; /* session after a 4yz to STARTTLS */
	bool repeated; /* the first one was refused or cut */
	bool parked; /* waits at the 220 for smtp_release */
	bool holding; /* and is there */
	bool ended; /* all that is left: delivery, and the reply to QUIT */

	struct tcp *tcp;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct tls *tls;
	struct smtp_reply reply;
	uint8_t in[4096];
	size_t received;
	const char *out; /* what is left to send */
	size_t outlen;
};

/* All that came of a reply, also of one that never ended. */
void session_transcribe(struct session *);

/* The connection; arg is the session. */
void session_open(void *arg);
/* A new one, once, after a 4yz to STARTTLS. */
void session_again(struct session *);

/* The outcome, and words for it or NULL; copied. */
void session_decide(struct session *, enum smtp_outcome, const char *error);
/* It is set: close, and deliver. */
void session_end(struct session *);
/* It is set: QUIT, and deliver; the connection lives on a little. */
void session_quit(struct session *);
/* QUIT is answered, or nobody waits for that any longer. */
void session_left(struct session *);

/* Decide, if it is not yet, and end. */
void session_fail(struct session *, enum smtp_outcome, const char *error);
/* The same, but once the whole is tried again first. */
void session_cut(struct session *, enum smtp_outcome, const char *error);
/* Decide, and quit. */
void session_leave(struct session *, enum smtp_outcome);

/* EHLO, and wait for the reply in that step. */
void session_ehlo(struct session *, enum smtp_step next);

/* Say it, and wait for the reply in that step. */
void session_say(struct session *, const char *command, enum smtp_step next);

/* Milliseconds of the present step. */
int64_t session_elapsed(const struct session *);

/* extra: what the server sent behind its 220. */
void session_handshake(struct session *, const uint8_t *extra,
    size_t nextra);

/* A reply is complete; extra follows it. */
void session_replied(struct session *, const uint8_t *extra, size_t nextra);

#endif

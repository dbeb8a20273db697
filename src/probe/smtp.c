/* SPDX-License-Identifier: ISC */
#include "probe/smtp.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "core/name.h"
#include "probe/loop.h"
#include "probe/smtp_internal.h"
#include "probe/tcp.h"
#include "probe/tls.h"
#include "probe/transcript.h"

enum {
	CLEAR_MAX = 65536 /* octets from the server before TLS */
};

/*
 * How long each step may take as a whole, in milliseconds.  RFC 5321
 * 4.5.3.2 grants more; a minute for the greeting lets greet delays pass.
 */
static const int64_t limits[] = {
	[STEP_CONNECT] = 10000,
	[STEP_GREETING] = 60000,
	[STEP_EHLO] = 30000,
	[STEP_STARTTLS] = 30000,
	[STEP_HANDSHAKE] = 15000,
	[STEP_TLS_EHLO] = 30000,
	[STEP_QUIT] = 2000, /* nobody waits but who wants the place */
};

/*
 * What it means that the server goes, before TLS.  Before a reply to EHLO it
 * is often a filter that knows nothing but our address.
 */
static const struct {
	enum smtp_outcome outcome;
	const char *words;
} closed[] = {
	[STEP_GREETING] = { SMTP_GREETING_TEMPORARY,
	    "connection closed before the greeting" },
	[STEP_EHLO] = { SMTP_GREETING_TEMPORARY,
	    "connection closed after EHLO" },
	[STEP_STARTTLS] = { SMTP_STARTTLS_IGNORED,
	    "connection closed after STARTTLS" },
};

/* error is the system's, 0 = an orderly end. */
static void
session_closed(struct session *s, int error)
{
	session_cut(s, closed[s->step].outcome,
	    error != 0 ? strerror(error) : closed[s->step].words);
}

static void
step_timer(void *arg)
{
	struct session *s = arg;
	bool cut = s->step_limit < limits[s->step];
	const char *words = arena_printf(s->mem, "%s in %lld s%s",
	    s->step == STEP_HANDSHAKE ? "no end of the handshake" : "no reply",
	    (long long)(s->step_limit / 1000),
	    cut ? ", the time for all was up" : "");

	s->timer = NULL;
	/* RFC 5321 4.5.3.2: senders wait for minutes, at STARTTLS, too. */
	session_fail(s, SMTP_TIMED_OUT, words);
}

/* The time that a step has, and the step begins. */
static int64_t
step_begin(struct session *s, enum smtp_step step)
{
	int64_t now = loop_now_ms(s->loop);
	int64_t left = s->deadline > now ? s->deadline - now : 0;

	s->step = step;
	s->step_began = now;
	s->step_limit = limits[step] < left ? limits[step] : left;
	if (!s->decided || (s->obs->outcome == SMTP_TLS && !s->refused_ehlo))
		s->obs->step = step;
	return s->step_limit;
}

static void
step_enter(struct session *s, enum smtp_step step)
{
	int64_t ms = step_begin(s, step);

	loop_timer_stop(s->timer);
	s->timer = loop_timer_start(s->loop, ms, step_timer, s);
}

int64_t
session_elapsed(const struct session *s)
{
	return loop_now_ms(s->loop) - s->step_began;
}

/* -1 with EAGAIN: later; other errors are left for the reader to find. */
static void
session_flush(struct session *s)
{
	unsigned events = LOOP_READ;

	while (s->outlen > 0) {
		size_t n = 0;

		if (s->tls != NULL) {
			enum tls_state state =
			    tls_send(s->tls, s->out, s->outlen, &n);

			if (state == TLS_WANT_WRITE)
				events |= LOOP_WRITE;
		} else {
			ssize_t sent =
			    send(s->fd, s->out, s->outlen, MSG_NOSIGNAL);

			if (sent == -1 && errno == EAGAIN)
				events |= LOOP_WRITE;
			n = sent > 0 ? (size_t)sent : 0;
		}
		if (n == 0)
			break;
		s->out += n;
		s->outlen -= n;
	}
	if ((events & LOOP_WRITE) == 0)
		s->outlen = 0;
	loop_watch_change(s->watch, events);
}

void
session_say(struct session *s, const char *command, enum smtp_step next)
{
	transcript_add(s->obs, 'C', command, strlen(command));
	s->out = arena_printf(s->mem, "%s\r\n", command);
	s->outlen = strlen(s->out);
	session_flush(s);
	step_enter(s, next);
}

void
session_ehlo(struct session *s, enum smtp_step next)
{
	const char *name =
	    s->helo != NULL ? s->helo : tcp_own_literal(s->mem, s->fd);

	session_say(s, arena_printf(s->mem, "EHLO %s", name), next);
}

static void
handshake_done(struct session *s)
{
	s->obs->elapsed.handshake = session_elapsed(s);
	tls_describe(s->tls, s->obs);
	session_decide(s, SMTP_TLS, NULL);
	if (s->secured != NULL)
		s->secured(s->arg, s->obs);
	s->received = 0;
	/* RFC 3207 4.2: the client SHOULD send EHLO first after TLS. */
	session_ehlo(s, STEP_TLS_EHLO);
}

static void
handshake_step(struct session *s)
{
	switch (tls_handshake(s->tls)) {
	case TLS_DONE:
		handshake_done(s);
		break;
	case TLS_WANT_READ:
		loop_watch_change(s->watch, LOOP_READ);
		break;
	case TLS_WANT_WRITE:
		loop_watch_change(s->watch, LOOP_WRITE);
		break;
	default:
		s->obs->alert = arena_strdup(s->obs->mem, tls_alert(s->tls));
		if (tls_was_cut(s->tls))
			session_cut(
			    s, SMTP_HANDSHAKE_FAILED, tls_error(s->tls));
		else
			session_fail(
			    s, SMTP_HANDSHAKE_FAILED, tls_error(s->tls));
		break;
	}
}

/* extra: what the server sent behind its 220. */
void
session_handshake(struct session *s, const uint8_t *extra, size_t nextra)
{
	const char *error = NULL;
	uint8_t more[64];

	step_enter(s, STEP_HANDSHAKE);
	if (nextra == 0) {
		ssize_t n = recv(s->fd, more, sizeof(more), MSG_PEEK);

		extra = more;
		nextra = n > 0 ? (size_t)n : 0;
	}
	/*
	 * A TLS server does not speak first: this is no TLS, and what it says
	 * may have been put there by somebody else (RFC 3207 6).
	 */
	if (nextra > 0) {
		transcript_add(s->obs, 'S', extra, nextra);
		session_fail(
		    s, SMTP_HANDSHAKE_FAILED, "data in clear after 220");
		return;
	}
	s->tls = tls_new(s->fd, s->obs->sni, s->obs->keys, &error);
	if (s->tls == NULL)
		session_fail(s, SMTP_NOT_PROBED, error);
	else
		handshake_step(s);
}

/* Octets of the dialogue, in clear or out of TLS. */
static void
session_take(struct session *s, const uint8_t *data, size_t len)
{
	s->received += len;
	if (s->received > CLEAR_MAX) {
		session_fail(s, SMTP_NOT_PROBED,
		    "over 64 KiB of replies, which nobody read to their end");
		return;
	}
	while (len > 0 && !s->ended && s->fd != -1) {
		enum smtp_step step = s->step;
		size_t used;

		switch (smtp_reply_feed(&s->reply, data, len, &used)) {
		case SMTP_REPLY_MORE:
			return;
		case SMTP_REPLY_MALFORMED:
			session_fail(s, SMTP_PROTOCOL_ERROR, s->reply.error);
			return;
		case SMTP_REPLY_LONG:
			session_fail(s, SMTP_NOT_PROBED, s->reply.error);
			return;
		case SMTP_REPLY_DONE:
			data += used;
			len -= used;
			session_replied(s, data, len);
			break;
		}
		/* session_replied has seen to what follows the 220. */
		if (step == STEP_STARTTLS && !s->decided)
			return;
	}
}

static void
session_read(struct session *s)
{
	ssize_t n = recv(s->fd, s->in, sizeof(s->in), 0);

	if (n > 0)
		session_take(s, s->in, (size_t)n);
	else if (n == 0)
		session_closed(s, 0);
	else if (errno != EAGAIN && errno != EINTR)
		session_closed(s, errno);
}

/* GnuTLS may hold octets that the descriptor no longer shows. */
static void
session_read_tls(struct session *s)
{
	while (!s->ended) {
		size_t n;

		switch (tls_recv(s->tls, s->in, sizeof(s->in), &n)) {
		case TLS_DONE:
			session_take(s, s->in, n);
			break;
		case TLS_WANT_READ:
		case TLS_WANT_WRITE:
			return;
		case TLS_CLOSED:
			session_fail(s, SMTP_TLS, "connection closed");
			return;
		case TLS_FAILED:
			/* TLS 1.3 servers read the client's part only now. */
			if (s->step == STEP_TLS_EHLO)
				s->obs->alert = arena_strdup(
				    s->obs->mem, tls_alert(s->tls));
			session_fail(s, SMTP_TLS, tls_error(s->tls));
			return;
		}
	}
}

static void
session_ready(void *arg, unsigned events)
{
	struct session *s = arg;

	if (s->step == STEP_HANDSHAKE) {
		handshake_step(s);
		return;
	}
	if ((events & LOOP_WRITE) != 0 && s->outlen > 0)
		session_flush(s);
	if ((events & LOOP_READ) == 0)
		return;
	if (s->ended)
		session_left(s);
	else if (s->tls != NULL)
		session_read_tls(s);
	else
		session_read(s);
}

static void
session_connected(void *arg, int fd, int error)
{
	struct session *s = arg;

	s->tcp = NULL;
	s->fd = fd;
	if (error != 0) {
		session_cut(s, tcp_outcome(error), strerror(error));
		return;
	}
	s->obs->elapsed.connect = session_elapsed(s);
	s->watch = loop_watch_start(s->loop, fd, LOOP_READ, session_ready, s);
	if (s->watch == NULL) {
		session_fail(s, SMTP_NOT_PROBED, strerror(EMFILE));
		return;
	}
	step_enter(s, STEP_GREETING);
}

void
session_open(void *arg)
{
	struct session *s = arg;
	int64_t ms = step_begin(s, STEP_CONNECT);

	s->timer = NULL;
	s->received = 0;
	s->obs->elapsed.connect = s->obs->elapsed.greeting = -1;
	s->obs->elapsed.ehlo = s->obs->elapsed.starttls = -1;
	smtp_reply_init(&s->reply, s->mem);
	if (ms <= 0) {
		session_fail(s, SMTP_TIMED_OUT, "no time was left");
		return;
	}
	s->tcp = tcp_open(
	    s->loop, s->obs->address, s->obs->port, ms, session_connected, s);
}

static struct session *
session_new(struct loop *loop, const struct smtp_request *request,
    void (*done)(void *, struct smtp_observation *), void *arg)
{
	struct session *s = loop_alloc(sizeof(*s));
	struct smtp_observation *obs = smtp_observation_new();

	obs->host = name_copy(obs->mem, request->host);
	obs->address = arena_strdup(obs->mem, request->address);
	obs->port = request->port;
	obs->sni = arena_strdup(obs->mem, request->sni);
	obs->keys = request->keys;
	s->loop = loop;
	s->mem = arena_new();
	s->obs = obs;
	s->helo = arena_strdup(s->mem, request->helo);
	s->deadline = loop_now_ms(loop) + request->budget_ms;
	s->fd = -1;
	s->done = done;
	s->secured = request->secured;
	s->retrying = request->retrying;
	s->gone = request->gone;
	s->arg = arg;
	return s;
}

struct session *
smtp_probe(struct loop *loop, const struct smtp_request *request,
    void (*done)(void *arg, struct smtp_observation *), void *arg)
{
	struct session *s = session_new(loop, request, done, arg);

	session_open(s);
	return s;
}

struct session *
smtp_park(struct loop *loop, const struct smtp_request *request,
    void (*done)(void *arg, struct smtp_observation *), void *arg)
{
	struct session *s = session_new(loop, request, done, arg);

	s->parked = true;
	session_open(s);
	return s;
}

void
smtp_release(struct session *s, enum tls_keys keys)
{
	s->parked = false;
	s->obs->keys = keys;
	if (!s->holding || s->ended)
		return;
	s->holding = false;
	session_handshake(s, NULL, 0);
}

static void
forget(void *arg, struct smtp_observation *obs)
{
	(void)arg;
	smtp_observation_unref(obs);
}

void
smtp_drop(struct session *s)
{
	s->done = forget;
	s->gone = NULL;
	if (s->ended) {
		session_left(s);
		return;
	}
	if (!s->decided)
		session_decide(s, SMTP_NOT_PROBED, NULL);
	session_end(s);
}

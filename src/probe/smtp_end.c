/* SPDX-License-Identifier: ISC */
/* How a session ends, and what is left of it then. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "probe/loop.h"
#include "probe/smtp_internal.h"
#include "probe/tcp.h"
#include "probe/tls.h"
#include "probe/transcript.h"

enum {
	RETRY_MS = 1000, /* before the one other try */
	LINES_FIRST = 30, /* of a reply that are transcribed, */
	LINES_LAST = 10 /* and at its end */
};

/*
 * What came of a reply, also of one that never ended; of a long one the lines
 * in the middle are left out, so that there is room for what comes after it.
 */
void
session_transcribe(struct session *s)
{
	const struct smtp_reply *reply = &s->reply;

	for (size_t i = 0; i < reply->nlines; i++) {
		if (i == LINES_FIRST &&
		    reply->nlines > LINES_FIRST + LINES_LAST)
			i = reply->nlines - LINES_LAST;
		transcript_add(
		    s->obs, 'S', reply->lines[i].data, reply->lines[i].len);
	}
	if (reply->npartial > 0)
		transcript_add(s->obs, 'S', reply->partial, reply->npartial);
	smtp_reply_init(&s->reply, s->mem);
}

static void
connection_close(struct session *s)
{
	tcp_cancel(s->tcp);
	loop_timer_stop(s->timer);
	loop_watch_stop(s->watch);
	tls_free(s->tls);
	tcp_close(s->fd);
	s->tcp = NULL;
	s->timer = NULL;
	s->watch = NULL;
	s->tls = NULL;
	s->fd = -1;
	s->outlen = 0;
}

static void
session_free(struct session *s)
{
	void (*gone)(void *) = s->gone;
	void *arg = s->arg;

	arena_free(s->mem);
	free(s);
	if (gone != NULL)
		gone(arg);
}

static void
session_deliver(void *arg)
{
	struct session *s = arg;
	struct smtp_observation *obs = s->obs;

	s->obs = NULL;
	s->done(s->arg, obs);
	if (s->fd == -1)
		session_free(s);
}

void
session_left(struct session *s)
{
	connection_close(s);
	if (s->obs == NULL) /* else it is about to be delivered */
		session_free(s);
}

static void
left_late(void *arg)
{
	struct session *s = arg;

	s->timer = NULL;
	session_left(s);
}

/* The outcome and, where there are any, the words for it; copied. */
void
session_decide(struct session *s, enum smtp_outcome outcome, const char *error)
{
	s->obs->outcome = outcome;
	s->obs->error = arena_strdup(s->obs->mem, error);
	s->decided = true;
	if (!s->second)
		return;
	/*
	 * There was a 4yz and no second session that came as far: whether
	 * the server has TLS again nobody can tell.
	 */
	switch (outcome) {
	case SMTP_GREETING_REFUSED:
	case SMTP_GREETING_TEMPORARY:
	case SMTP_CONNECTION_REFUSED:
	case SMTP_TIMED_OUT:
	case SMTP_NO_ROUTE:
	case SMTP_NOT_PROBED:
		s->obs->outcome = SMTP_GREETING_TEMPORARY;
		s->obs->error = arena_printf(s->obs->mem,
		    "4yz to STARTTLS, and then no second session%s%s",
		    error != NULL ? ": " : "", error != NULL ? error : "");
		break;
	default:
		break;
	}
}

/* Nothing is called from inside another's callback: the loop delivers. */
void
session_end(struct session *s)
{
	assert(s->decided);
	if (s->ended)
		return;
	s->ended = true;
	session_transcribe(s);
	connection_close(s);
	loop_timer_start(s->loop, 0, session_deliver, s);
}

void
session_fail(struct session *s, enum smtp_outcome outcome, const char *error)
{
	if (!s->decided)
		session_decide(s, outcome, error);
	else if (s->step == STEP_TLS_EHLO) /* TLS stands, no mail passes */
		s->obs->error = arena_strdup(s->obs->mem, error);
	session_end(s);
}

static void
session_retry(struct session *s)
{
	connection_close(s);
	s->timer = loop_timer_start(s->loop, RETRY_MS, session_open, s);
	if (s->retrying != NULL)
		s->retrying(s->arg);
}

/*
 * The connection was refused or cut where a server in order takes it: it may
 * be starting anew this second, and senders come again (RFC 5321 4.5.4.1).
 * One more try is made before that is held against it.
 */
void
session_cut(struct session *s, enum smtp_outcome outcome, const char *error)
{
	bool counts = outcome == SMTP_CONNECTION_REFUSED ||
	    outcome == SMTP_STARTTLS_IGNORED ||
	    outcome == SMTP_HANDSHAKE_FAILED;

	if (!counts || s->decided || s->second || s->repeated ||
	    s->deadline - loop_now_ms(s->loop) < 4 * RETRY_MS) {
		session_fail(s, outcome, error);
		return;
	}
	s->repeated = true;
	s->holding = false;
	session_transcribe(s);
	session_retry(s);
}

/*
 * All is known: say good-bye, and tell.  RFC 5321 4.1.1.10: the client SHOULD
 * wait for the reply.  The connection does; the result does not, as nothing
 * hangs on that reply, and with Postfix no mail does (smtp_skip_quit_response).
 */
void
session_quit(struct session *s)
{
	session_say(s, "QUIT", STEP_QUIT);
	loop_timer_stop(s->timer);
	s->timer = loop_timer_start(s->loop, s->step_limit, left_late, s);
	s->ended = true;
	loop_timer_start(s->loop, 0, session_deliver, s);
}

void
session_leave(struct session *s, enum smtp_outcome outcome)
{
	session_decide(s, outcome, NULL);
	session_quit(s);
}

void
session_again(struct session *s)
{
	s->second = true;
	transcript_add(s->obs, 'C', "QUIT", 4);
	if (send(s->fd, "QUIT\r\n", 6, MSG_NOSIGNAL) == -1)
		errno = 0; /* gone already: that is where we want it */
	session_retry(s);
}

/* SPDX-License-Identifier: ISC */
/* What each reply of the server leads to. */
#include "core/arena.h"
#include "probe/loop.h"
#include "probe/smtp_internal.h"

/* RFC 5321 4.2.1: no 2yz as greeting or to EHLO; the first digit decides. */
static void
reply_unwilling(struct session *s, unsigned code)
{
	if (code / 100 == 4)
		session_leave(s, SMTP_GREETING_TEMPORARY);
	else if (code / 100 == 5)
		session_leave(s, SMTP_GREETING_REFUSED);
	else
		session_fail(s, SMTP_PROTOCOL_ERROR,
		    "a 3yz reply where nothing is half done");
}

static void
reply_greeting(struct session *s, unsigned code)
{
	s->obs->elapsed.greeting = session_elapsed(s);
	if (code / 100 == 2)
		session_ehlo(s, STEP_EHLO);
	else
		reply_unwilling(s, code);
}

static void
reply_ehlo(struct session *s, unsigned code, bool starttls)
{
	s->obs->elapsed.ehlo = session_elapsed(s);
	if (code / 100 != 2)
		reply_unwilling(s, code);
	else if (starttls)
		session_say(s, "STARTTLS", STEP_STARTTLS);
	else
		session_leave(s, SMTP_NO_STARTTLS);
}

/* RFC 3207 4; senders go by the first digit.  Extra octets follow it. */
static void
reply_starttls(
    struct session *s, unsigned code, const uint8_t *extra, size_t nextra)
{
	s->obs->elapsed.starttls = session_elapsed(s);
	if (code / 100 == 2 && s->parked && nextra == 0)
		s->holding = true;
	else if (code / 100 == 2)
		session_handshake(s, extra, nextra);
	else if (code / 100 == 4 && !s->second)
		session_again(s);
	else
		session_leave(s, SMTP_STARTTLS_REFUSED);
}

void
session_replied(struct session *s, const uint8_t *extra, size_t nextra)
{
	unsigned code = s->reply.code;
	bool starttls = smtp_reply_offers(&s->reply, "STARTTLS");

	session_transcribe(s);
	if (s->step == STEP_TLS_EHLO) {
		s->refused_ehlo = code / 100 != 2;
		session_quit(s);
		return;
	}
	/* RFC 5321 3.8: the server is closing, whatever was asked. */
	if (code == 421) {
		session_fail(s, SMTP_GREETING_TEMPORARY, NULL);
		return;
	}
	switch (s->step) {
	case STEP_GREETING:
		reply_greeting(s, code);
		break;
	case STEP_EHLO:
		reply_ehlo(s, code, starttls);
		break;
	default:
		reply_starttls(s, code, extra, nextra);
		break;
	}
}

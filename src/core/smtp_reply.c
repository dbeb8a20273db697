/* SPDX-License-Identifier: ISC */
#include "smtp_reply.h"

#include <string.h>

#include "arena.h"

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static void
reply_fail(
    struct smtp_reply *reply, enum smtp_reply_state state, const char *error)
{
	reply->error = error;
	reply->state = state;
}

static void
line_add(struct smtp_reply *reply)
{
	struct smtp_reply_line *line;

	reply->lines = arena_grow(reply->mem, reply->lines, reply->nlines,
	    &reply->linescap, sizeof(*reply->lines));
	line = &reply->lines[reply->nlines++];
	line->len = reply->npartial;
	line->data = arena_copy(reply->mem, reply->partial, line->len);
	reply->npartial = 0;
}

/*
 * RFC 5321 4.2: Reply-line = *( Reply-code "-" [ textstring ] CRLF )
 * Reply-code [ SP textstring ] CRLF.  The lines of one reply MUST have the
 * same code; senders go by the last one, and so do we.
 */
static void
line_end(struct smtp_reply *reply)
{
	const uint8_t *text = reply->partial;
	size_t len;

	/* A bare LF ends a line too: senders take it. */
	if (reply->npartial > 0 && text[reply->npartial - 1] == '\r')
		reply->npartial--;
	len = reply->npartial;
	line_add(reply);
	if (len < 3 || text[0] < '2' || text[0] > '5' || !is_digit(text[1]) ||
	    !is_digit(text[2])) {
		reply_fail(
		    reply, SMTP_REPLY_MALFORMED, "a line without a reply code");
		return;
	}
	if (len > 3 && text[3] != ' ' && text[3] != '-') {
		reply_fail(reply, SMTP_REPLY_MALFORMED,
		    "a reply code without a space");
		return;
	}
	reply->code = (unsigned)(text[0] - '0') * 100 +
	    (unsigned)(text[1] - '0') * 10 + (unsigned)(text[2] - '0');
	if (len == 3 || text[3] == ' ')
		reply->state = SMTP_REPLY_DONE;
	else if (reply->nlines >= SMTP_REPLY_LINES_MAX)
		reply_fail(reply, SMTP_REPLY_LONG,
		    "a reply of over 1000 lines, which nobody read to its "
		    "end");
}

void
smtp_reply_init(struct smtp_reply *reply, struct arena *mem)
{
	*reply = (struct smtp_reply){ .mem = mem };
}

enum smtp_reply_state
smtp_reply_feed(
    struct smtp_reply *reply, const uint8_t *data, size_t len, size_t *used)
{
	*used = 0;
	while (reply->state == SMTP_REPLY_MORE && *used < len) {
		uint8_t c = data[(*used)++];

		if (c == '\n') {
			line_end(reply);
			continue;
		}
		/* One more than the limit, for the CR. */
		if (reply->npartial > SMTP_REPLY_LINE_MAX ||
		    (reply->npartial == SMTP_REPLY_LINE_MAX && c != '\r')) {
			line_add(reply);
			reply_fail(reply, SMTP_REPLY_MALFORMED,
			    "a line of over 4096 octets");
			break;
		}
		reply->partial = arena_grow(reply->mem, reply->partial,
		    reply->npartial, &reply->partialcap, 1);
		reply->partial[reply->npartial++] = c;
	}
	return reply->state;
}

/* Locale-free; the keyword is upper-case ASCII. */
static bool
keyword_equal(const uint8_t *text, const char *keyword, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = text[i];

		if (c >= 'a' && c <= 'z')
			c = (uint8_t)(c - 'a' + 'A');
		if (c != (uint8_t)keyword[i])
			return false;
	}
	return true;
}

bool
smtp_reply_offers(const struct smtp_reply *reply, const char *keyword)
{
	size_t len = strlen(keyword);

	/* The first line is the greeting with the server's name. */
	for (size_t i = 1; i < reply->nlines; i++) {
		const struct smtp_reply_line *line = &reply->lines[i];

		if (line->len < 4 + len ||
		    !keyword_equal(line->data + 4, keyword, len))
			continue;
		/* A blank or "=" before parameters: senders take either. */
		if (line->len == 4 + len ||
		    memchr(" \t=", line->data[4 + len], 3) != NULL)
			return true;
	}
	return false;
}

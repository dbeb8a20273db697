/* SPDX-License-Identifier: ISC */
#include "core/smtp_reply.h"

#include <stdlib.h>

#include "core/arena.h"
#include "tap.h"

static const char *const states[] = { "more", "done", "malformed", "long" };

static const struct {
	const char *name;
	const char *input;
	const char *want; /* state, code, lines, octets not taken */
} replies[] = {
	{ "one line", "220 mx ESMTP\r\n", "done 220 1 0" },
	{ "several lines", "250-mx\r\n250-SIZE\r\n250 HELP\r\n",
	    "done 250 3 0" },
	{ "a code alone", "220\r\n", "done 220 1 0" },
	{ "a code and a space", "354 \r\n", "done 354 1 0" },
	{ "a bare line feed", "220-a\n220 b\n", "done 220 2 0" },
	{ "text of asterisks", "220 *****\r\n", "done 220 1 0" },
	{ "the rest is not taken", "220 go\r\n250 x\r\n", "done 220 1 7" },
	{ "the last code counts", "250-a\r\n550 b\r\n", "done 550 2 0" },
	{ "octets over 127", "220 \xff\xfe\r\n", "done 220 1 0" },
	{ "no end", "220 mx", "more 0 0 0" },
	{ "no last line", "220-mx\r\n", "more 220 1 0" },
	{ "nothing", "", "more 0 0 0" },
	{ "an empty line", "\r\n", "malformed 0 1 0" },
	{ "HTTP", "HTTP/1.1 400\r\nx", "malformed 0 1 1" },
	{ "two digits", "22\r\n", "malformed 0 1 0" },
	{ "a code of 1yz", "120 x\r\n", "malformed 0 1 0" },
	{ "a code of 6yz", "620 x\r\n", "malformed 0 1 0" },
	{ "four digits", "2200 x\r\n", "malformed 0 1 0" },
	{ "garbage in the middle", "250-a\r\nfoo\r\n250 b\r\n",
	    "malformed 250 2 7" },
};

static const struct {
	const char *name;
	const char *input;
	bool want;
} offers[] = {
	{ "offered", "250-mx\r\n250 STARTTLS\r\n", true },
	{ "in lower case", "250-mx\r\n250-starttls\r\n250 X\r\n", true },
	{ "with a parameter", "250-mx\r\n250 STARTTLS x\r\n", true },
	{ "behind it a tab", "250-mx\r\n250 starttls\t\r\n", true },
	{ "longer word", "250-mx\r\n250 STARTTLSX\r\n", false },
	{ "shorter word", "250-mx\r\n250 STARTTL\r\n", false },
	{ "as the server's name", "250 STARTTLS\r\n", false },
	{ "overwritten on the way", "250-mx\r\n250 XXXXXXXA\r\n", false },
	{ "later in the line", "250-mx\r\n250 AUTH STARTTLS\r\n", false },
	{ "code alone", "250-mx\r\n250\r\n", false },
};

/* All at once, then octet by octet: the same must come out. */
static void
test_replies(size_t step)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		const char *in = replies[i].input;
		size_t len = strlen(in), off = 0, used = 1;
		struct arena *mem = arena_new();
		struct smtp_reply reply;
		char got[80];

		smtp_reply_init(&reply, mem);
		while (off < len && used > 0) {
			size_t n = len - off < step ? len - off : step;

			smtp_reply_feed(&reply, (const uint8_t *)in + off, n,
			    &used);
			off += used;
		}
		snprintf(got, sizeof(got), "%s %u %zu %zu",
		    states[reply.state], reply.code, reply.nlines, len - off);
		is(got, replies[i].want, replies[i].name);
		ok((reply.error != NULL) ==
			(reply.state == SMTP_REPLY_MALFORMED),
		    "%s: words for it", replies[i].name);
		arena_free(mem);
	}
}

static void
test_offers(void)
{
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct arena *mem = arena_new();
		struct smtp_reply reply;
		size_t used;

		smtp_reply_init(&reply, mem);
		smtp_reply_feed(&reply, (const uint8_t *)offers[i].input,
		    strlen(offers[i].input), &used);
		ok(smtp_reply_offers(&reply, "STARTTLS") == offers[i].want,
		    "STARTTLS %s", offers[i].name);
		arena_free(mem);
	}
}

/* A reply of n lines, each "250-" and text up to width octets. */
static struct smtp_reply
long_reply(struct arena *mem, size_t n, size_t width)
{
	uint8_t *line = arena_alloc(mem, width + 2);
	struct smtp_reply reply;
	size_t used;

	memset(line, 'x', width);
	memcpy(line, "250-", 4);
	memcpy(line + width, "\r\n", 2);
	smtp_reply_init(&reply, mem);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 == n)
			line[3] = ' ';
		smtp_reply_feed(&reply, line, width + 2, &used);
	}
	return reply;
}

static void
test_limits(void)
{
	static const struct {
		const char *name;
		size_t n, width;
		const char *want;
	} limits[] = {
		{ "line of 4096 octets", 1, 4096, "done" },
		{ "line of 4097 octets", 1, 4097, "malformed" },
		{ "line of a million octets", 1, 1000000, "malformed" },
		{ "1000 lines", 1000, 20, "done" },
		{ "1001 lines", 1001, 20, "long" },
		{ "10000 lines", 10000, 20, "long" },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct arena *mem = arena_new();
		struct smtp_reply reply =
		    long_reply(mem, limits[i].n, limits[i].width);

		is(states[reply.state], limits[i].want, limits[i].name);
		ok(reply.nlines <= SMTP_REPLY_LINES_MAX &&
			reply.npartial <= SMTP_REPLY_LINE_MAX,
		    "%s: bounded", limits[i].name);
		arena_free(mem);
	}
}

int
main(void)
{
	test_replies(SIZE_MAX);
	test_replies(1);
	test_offers();
	test_limits();
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SMTP_REPLY_H
#define MXPROOF_SMTP_REPLY_H
/*
 * One SMTP reply (RFC 5321 4.2), fed as its octets arrive.  Bounded: a line
 * of over 4096 octets is malformed (RFC 5321 4.5.3.1.5 allows 512), and so is a
 * line that does not begin with a reply code.  How many lines a reply may have
 * is nowhere said: where we stop reading is no fault of the server.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	SMTP_REPLY_LINE_MAX = 4096,	/* octets, without the line's end */
	SMTP_REPLY_LINES_MAX = 1000
};

enum smtp_reply_state {
	SMTP_REPLY_MORE,	/* feed it more */
	SMTP_REPLY_DONE,
	SMTP_REPLY_MALFORMED,
	SMTP_REPLY_LONG		/* more lines than are read */
};

struct smtp_reply_line {
	const uint8_t	*data;		/* with its code, without CR LF */
	size_t		 len;
};

struct smtp_reply {
	struct arena	*mem;
	enum smtp_reply_state state;
	unsigned	 code;		/* of the last line; 0 = none yet */
	struct smtp_reply_line *lines;	/* the malformed one too, cut short */
	size_t		 nlines, linescap;
	const char	*error;		/* static text; MALFORMED, LONG */
	/* The line that is being read: */
	uint8_t		*partial;
	size_t		 npartial, partialcap;
};

/* An empty reply, ready to be fed; its memory is the arena's. */
void smtp_reply_init(struct smtp_reply *, struct arena *);

/*
 * Take octets up to the end of the reply; *used says how many.  Only
 * after MORE is anything more taken.
 */
enum smtp_reply_state smtp_reply_feed(struct smtp_reply *,
    const uint8_t *data, size_t len, size_t *used);

/* A reply to EHLO names this extension (RFC 5321 4.1.1.1), in any case. */
bool smtp_reply_offers(const struct smtp_reply *, const char *keyword);

#endif

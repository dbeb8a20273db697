/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PAGE_H
#define MXPROOF_PAGE_H
/*
 * Lines of text for a terminal: wrapping, marks, colour.  Text of whatever
 * origin goes through page_clean on its way, so no control character of the
 * network ever reaches a terminal.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct page {
	struct arena	*mem;
	char		*text;		/* NUL-ended */
	size_t		 len, cap;
	unsigned	 width;		/* columns */
	bool		 color, utf8;
};

enum ink {
	INK_PLAIN, INK_BOLD, INK_OK, INK_NOTE, INK_WARN, INK_UNKNOWN,
	INK_FAIL
};

void page_start(struct page *, struct arena *, unsigned width, bool color,
    bool utf8);

/* Add text of ours as it is. */
void page_put(struct page *, const char *text);
void page_ink(struct page *, enum ink, const char *text);
void page_spaces(struct page *, size_t n);

/* Text padded with spaces to width columns. */
void page_column(struct page *, enum ink, const char *text, size_t width);

/*
 * What may be printed: ASCII without control characters, and the few marks
 * that our own texts use (spelled in ASCII where the page is ASCII); all
 * other octets as \xNN.
 */
char *page_clean(const struct page *, const char *text);

/*
 * A paragraph: indent, lead, then the text wrapped with the columns of both
 * as margin, and a newline.  used: columns already on this line, in place of
 * indent and lead (then NULL).
 */
void page_paragraph(struct page *, size_t indent, enum ink,
    const char *lead, const char *text);
void page_wrap(struct page *, size_t used, size_t margin, const char *text);

/* A paragraph whose later lines stand two columns further in. */
void page_hang(struct page *, size_t indent, const char *text);

/* A line to be copied: indented, never wrapped. */
void page_line(struct page *, size_t indent, const char *text);

/* Columns of cleaned text: one a character. */
size_t page_columns(const char *text);

#endif

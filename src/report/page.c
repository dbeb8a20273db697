/* SPDX-License-Identifier: ISC */
#include "report/page.h"

#include <string.h>

#include "core/arena.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MIN = 40 };

/* The marks that texts of ours may hold. */
static const struct {
	const char *utf8, *ascii;
} marks[] = {
	{ "\xe2\x80\xa6", "..." }, /* … */
	{ "\xe2\x80\x93", "-" }, /* – */
	{ "\xe2\x80\x94", "--" }, /* — */
	{ "\xe2\x86\x92", "->" }, /* → */
	{ "\xe2\x80\x99", "'" }, /* ’ */
	{ "\xe2\x89\xa4", "<=" }, /* ≤ */
	{ "\xe2\x89\xa5", ">=" }, /* ≥ */
	{ "\xc2\xa7", "section " }, /* § */
};

void
page_start(
    struct page *p, struct arena *mem, unsigned width, bool color, bool utf8)
{
	if (width == 0)
		width = WIDTH_DEFAULT;
	*p = (struct page){
		.mem = mem,
		.width = width < WIDTH_MIN ? WIDTH_MIN : width,
		.color = color,
		.utf8 = utf8,
	};
	page_put(p, "");
}

static void
put_octets(struct page *p, const char *text, size_t len)
{
	if (len + 1 > p->cap - p->len) {
		size_t cap = 2 * (p->cap + len) + 256;
		char *more = arena_alloc(p->mem, cap);

		if (p->len > 0)
			memcpy(more, p->text, p->len);
		p->text = more;
		p->cap = cap;
	}
	memcpy(p->text + p->len, text, len);
	p->len += len;
	p->text[p->len] = '\0';
}

void
page_put(struct page *p, const char *text)
{
	put_octets(p, text, strlen(text));
}

void
page_ink(struct page *p, enum ink ink, const char *text)
{
	static const char *const sgr[] = {
		[INK_PLAIN] = NULL,
		[INK_BOLD] = "\033[1m",
		[INK_OK] = "\033[32m",
		[INK_NOTE] = "\033[36m",
		[INK_WARN] = "\033[33m",
		[INK_UNKNOWN] = "\033[35m",
		[INK_FAIL] = "\033[1;31m",
	};
	bool color = p->color && sgr[ink] != NULL;

	if (color)
		page_put(p, sgr[ink]);
	page_put(p, text);
	if (color)
		page_put(p, "\033[0m");
}

void
page_spaces(struct page *p, size_t n)
{
	while (n-- > 0)
		put_octets(p, " ", 1);
}

size_t
page_columns(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
	return n;
}

void
page_column(struct page *p, enum ink ink, const char *text, size_t width)
{
	size_t used = page_columns(text);

	page_ink(p, ink, text);
	page_spaces(p, used < width ? width - used : 0);
}

/* The index of the mark at s, or -1. */
static int
mark_at(const char *s)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(s, marks[i].utf8, strlen(marks[i].utf8)) == 0)
			return (int)i;
	return -1;
}

char *
page_clean(const struct page *p, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	/* No octet, no mark grows to more than fourfold. */
	char *out = arena_array(p->mem, strlen(text) + 1, 4), *to = out;

	while (*text != '\0') {
		unsigned char c = (unsigned char)*text;
		int mark = c >= 0x80 ? mark_at(text) : -1;

		if (mark >= 0) {
			const char *word =
			    p->utf8 ? marks[mark].utf8 : marks[mark].ascii;

			memcpy(to, word, strlen(word));
			to += strlen(word);
			text += strlen(marks[mark].utf8);
			continue;
		}
		if (c >= 0x20 && c < 0x7f) {
			*to++ = (char)c;
		} else {
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[c >> 4];
			*to++ = digits[c & 15];
		}
		text++;
	}
	return out;
}

/* A newline in a detail of ours starts a line of its own. */
static const char *
spaced(struct page *p, const char *text)
{
	char *copy = arena_strdup(p->mem, text);

	for (char *s = copy; *s != '\0'; s++)
		if (*s == '\n' || *s == '\t')
			*s = ' ';
	return page_clean(p, copy);
}

/*
 * The octets up to the next blank where a line may end.  "RFC 7672", "10 mx1",
 * "3 1 1 58F1...", "24 hours" and "mx1 [192.0.2.1]" are read in one piece.
 */
static size_t
piece_length(const char *s, size_t most)
{
	size_t len = strcspn(s, " ");

	for (;;) {
		size_t start = len, digits, next;

		if (s[len] != ' ' || s[len + 1] == ' ' || s[len + 1] == '\0')
			return len;
		while (start > 0 && s[start - 1] != ' ')
			start--;
		start += s[start] == '(';
		digits = strspn(s + start, "0123456789");
		if (start + digits != len && s[len + 1] != '[' &&
		    strncmp(s + start, "RFC ", 4) != 0)
			return len;
		next = len + 1 + strcspn(s + len + 1, " ");
		/* Better apart than over the edge, unless that is so anyhow. */
		if (next > most &&
		    (start + digits != len || next - len - 1 <= most))
			return len;
		len = next;
	}
}

void
page_wrap(struct page *p, size_t used, size_t margin, const char *text)
{
	const char *s = spaced(p, text);
	size_t most = p->width > margin ? p->width - margin : 0;
	bool first = true;

	while (*s != '\0') {
		size_t len, columns = 0;

		if (*s == ' ') {
			s++;
			continue;
		}
		len = piece_length(s, most);
		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)s[i] & 0xc0) != 0x80;
		if (!first && used + 1 + columns > p->width) {
			page_put(p, "\n");
			page_spaces(p, margin);
			used = margin;
			first = true;
		}
		if (!first) {
			page_put(p, " ");
			used++;
		}
		put_octets(p, s, len);
		used += columns;
		first = false;
		s += len;
	}
	page_put(p, "\n");
}

void
page_paragraph(struct page *p, size_t indent, enum ink ink, const char *lead,
    const char *text)
{
	size_t margin = indent + page_columns(lead);

	page_spaces(p, indent);
	page_ink(p, ink, lead);
	page_wrap(p, margin, margin, text);
}

void
page_hang(struct page *p, size_t indent, const char *text)
{
	page_spaces(p, indent);
	page_wrap(p, indent, indent + 2, text);
}

void
page_line(struct page *p, size_t indent, const char *text)
{
	page_spaces(p, indent);
	page_put(p, page_clean(p, text));
	page_put(p, "\n");
}

/* SPDX-License-Identifier: ISC */
/* What lies ahead, drawn as a line from the instant of the judgement. */
#include "report/text_part.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"

enum {
	MARGIN = 2,
	LABELS_MAX = 26, /* a letter each */
	LINE_MIN = 16 /* columns; less is no drawing */
};

struct mark {
	int64_t at;
	const char *what;
	enum severity effect;
	bool attention; /* only that: what it does was not judged */
	size_t column;
	char letter;
};

struct line {
	struct mark list[8];
	size_t n;
	int64_t from, to;
	size_t width;
};

/* In order of time; the same instant once, for whoever should act first. */
static void
mark_add(struct line *l, int64_t at, const char *what, enum severity effect,
    bool attention)
{
	size_t i = 0;

	if (at <= l->from || l->n == sizeof l->list / sizeof *l->list)
		return;
	while (i < l->n && l->list[i].at < at)
		i++;
	if (i < l->n && l->list[i].at == at) {
		if (l->list[i].attention)
			l->list[i].effect = effect;
		l->list[i].attention &= attention;
		return;
	}
	memmove(&l->list[i + 1], &l->list[i], (l->n - i) * sizeof *l->list);
	l->list[i] = (struct mark){ .at = at,
		.what = what != NULL ? what : "the verdict changes",
		.effect = effect,
		.attention = attention };
	l->n++;
}

/*
 * To scale, but for those that would stand on one another: each gets a column
 * of its own, and the last is at the end.
 */
static void
place(struct line *l)
{
	double scale = (double)(l->width - 1) / (double)(l->to - l->from);

	for (size_t i = 0; i < l->n; i++) {
		size_t least = i > 0 ? l->list[i - 1].column + 1 : 1;
		size_t most = l->width - (l->n - i);
		double column = (double)(l->list[i].at - l->from) * scale;

		l->list[i].column = (size_t)column;
		if (l->list[i].column < least)
			l->list[i].column = least;
		if (l->list[i].column > most)
			l->list[i].column = most;
		l->list[i].letter = (char)('a' + (i < LABELS_MAX ? i : 0));
	}
}

static void
put_line(struct page *p, const struct line *l)
{
	size_t at = 1;
	char letter[2] = "";

	page_spaces(p, MARGIN);
	page_put(p, p->utf8 ? "\xe2\x94\x9c" : "|"); /* ├ */
	for (size_t i = 0; i < l->n; i++) {
		const struct mark *m = &l->list[i];

		for (; at < m->column; at++)
			page_put(p, p->utf8 ? "\xe2\x94\x80" : "-"); /* ─ */
		letter[0] = m->letter;
		page_ink(p, text_ink(text_status(m->effect)), letter);
		at++;
	}
	page_put(p, p->utf8 ? "\xe2\x96\xb6\n" : ">\n"); /* ▶ */
}

static void
put_marks(struct page *p, const struct line *l, int64_t now)
{
	char at[32], after[32];

	for (size_t i = 0; i < l->n; i++) {
		const struct mark *m = &l->list[i];
		const char *lead = arena_printf(
		    p->mem, "%c %s  ", m->letter, text_time(m->at, at));
		bool says = m->effect >= SEVERITY_WARN && !m->attention;

		page_paragraph(p, MARGIN, text_ink(text_status(m->effect)),
		    lead,
		    arena_printf(p->mem, "in %s: %s%s%s",
			text_duration(m->at - now, after), m->what,
			says ? ": " : "",
			says ? severity_text(m->effect) : ""));
	}
}

void
text_timeline(struct page *p, const struct judgement *j)
{
	const struct validity *v = &j->validity;
	struct line l = { .from = j->options.at };

	if (v->has_attention)
		mark_add(&l, v->attention, v->attention_because, SEVERITY_WARN,
		    true);
	for (size_t i = 0; i < v->nnext; i++)
		mark_add(&l, v->next[i].at, v->next[i].what, v->next[i].effect,
		    false);
	if (l.n == 0 || p->width < LINE_MIN + MARGIN + l.n)
		return;
	l.to = l.list[l.n - 1].at;
	l.width = p->width - MARGIN - 2;
	place(&l);
	put_line(p, &l);
	put_marks(p, &l, j->options.at);
}

/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"
#include "report/words.h"

enum { INDENT = 2 };

/* Findings that are told together: same row, severity and remedy. */
struct group {
	const struct finding **list;
	size_t n;
	const uint8_t *domain;
};

static bool
same_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

static bool
belongs(const struct finding *a, const struct finding *b)
{
	return a->id == b->id && a->severity == b->severity &&
	    same_text(finding_remedy(a), finding_remedy(b));
}

const char *
text_subject(const struct page *p, const struct finding *f)
{
	const struct subject *s = &f->subject;
	struct arena *mem = p->mem;
	char buf[16];

	if (s->host != NULL && s->address != NULL)
		return arena_printf(
		    mem, "%s [%s]", name_text_nodot(mem, s->host), s->address);
	if (s->host != NULL)
		return name_text_nodot(mem, s->host);
	if (s->address != NULL)
		return arena_printf(mem, "[%s]", s->address);
	if (s->selector != NULL && s->signer != NULL)
		return arena_printf(mem, "selector %s of %s", s->selector,
		    name_text_nodot(mem, s->signer));
	if (s->selector != NULL)
		return arena_printf(mem, "selector %s", s->selector);
	if (s->name != NULL && s->type != 0)
		return arena_printf(mem, "%s %s", name_text_nodot(mem, s->name),
		    rr_type_text(s->type, buf));
	if (s->name != NULL)
		return name_text_nodot(mem, s->name);
	if (s->zone != NULL)
		return arena_printf(mem, "zone %s", name_text(mem, s->zone));
	return "";
}

/* "4/5.7.323, tlsa-invalid, RFC 7672 2.2, DANE_NO_MATCH" */
static const char *
references(struct arena *mem, const struct finding *f)
{
	const char *now = finding_code(mem, f, '4');
	const char *end = finding_code(mem, f, '5');
	const char *tlsrpt = finding_tlsrpt(f);
	const char *reference = f->row->reference;

	if (now != NULL)
		end = arena_printf(mem, "4/%s", end);
	return arena_printf(mem, "%s%s%s%s%s%s%s", end != NULL ? end : "",
	    end != NULL ? ", " : "", tlsrpt != NULL ? tlsrpt : "",
	    tlsrpt != NULL ? ", " : "", reference != NULL ? reference : "",
	    reference != NULL ? ", " : "", f->row->id);
}

/* One line for all subjects where they share the detail. */
static void
put_shared_detail(struct page *p, const struct group *g, size_t indent)
{
	const char *list = "", *detail = g->list[0]->detail;

	for (size_t i = 0; i < g->n; i++) {
		const char *subject = text_subject(p, g->list[i]);

		if (*subject == '\0')
			continue;
		list = arena_printf(
		    p->mem, "%s%s%s", list, *list != '\0' ? ", " : "", subject);
	}
	/* Nothing new: the domain is what the whole report is about. */
	if (detail == NULL &&
	    (*list == '\0' ||
		strcmp(list, name_text_nodot(p->mem, g->domain)) == 0))
		return;
	page_paragraph(p, indent, INK_PLAIN, "",
	    detail == NULL	? list
		: *list == '\0' ? detail
				: arena_printf(p->mem, "%s: %s", list, detail));
}

static void
put_details(struct page *p, const struct group *g, size_t indent)
{
	bool shared = true;

	for (size_t i = 1; i < g->n; i++)
		if (!same_text(g->list[i]->detail, g->list[0]->detail))
			shared = false;
	if (shared) {
		put_shared_detail(p, g, indent);
		return;
	}
	for (size_t i = 0; i < g->n; i++) {
		const char *detail = g->list[i]->detail;
		const char *subject = text_subject(p, g->list[i]);

		if (*subject != '\0' && detail != NULL)
			detail =
			    arena_printf(p->mem, "%s: %s", subject, detail);
		page_paragraph(p, indent, INK_PLAIN, "",
		    detail != NULL ? detail : subject);
	}
}

/* The same line may come from several findings of the group. */
static bool
told_before(const struct group *g, size_t i, size_t k, bool add)
{
	const struct finding *f = g->list[i];
	const char *line = add ? f->add[k] : f->del[k];

	for (size_t a = 0; a <= i; a++) {
		const struct finding *o = g->list[a];
		size_t n = add ? o->nadd : o->ndel;

		for (size_t b = 0; b < n && (a < i || b < k); b++)
			if (strcmp(add ? o->add[b] : o->del[b], line) == 0)
				return true;
	}
	return false;
}

static void
put_records(struct page *p, const struct group *g, size_t indent, bool add)
{
	bool headed = false;

	for (size_t i = 0; i < g->n; i++) {
		const struct finding *f = g->list[i];
		size_t n = add ? f->nadd : f->ndel;

		for (size_t k = 0; k < n; k++) {
			if (told_before(g, i, k, add))
				continue;
			if (!headed)
				page_line(
				    p, indent, add ? "Publish:" : "Take out:");
			headed = true;
			page_line(p, indent + 2, add ? f->add[k] : f->del[k]);
		}
	}
}

static void
put_group(struct page *p, const struct group *g)
{
	const struct finding *f = g->list[0];
	enum stage_status status = text_status(f->severity);
	const char *mark = text_mark(p, status), *remedy = finding_remedy(f);
	bool brief = f->severity < SEVERITY_WARN;
	size_t indent = INDENT + page_columns(mark) + 1;
	const char *text = f->row->text;

	if (brief)
		text = arena_printf(
		    p->mem, "%s (%s)", text, references(p->mem, f));
	page_paragraph(p, INDENT, text_ink(status),
	    arena_printf(p->mem, "%s ", mark), text);
	put_details(p, g, indent);
	if (remedy != NULL)
		page_paragraph(p, indent, INK_BOLD,
		    p->utf8 ? "\xe2\x86\x92 Fix: " : "Fix: ", remedy);
	put_records(p, g, indent, true);
	put_records(p, g, indent, false);
	if (!brief)
		page_paragraph(p, indent, INK_PLAIN, "",
		    arena_printf(p->mem, "(%s)", references(p->mem, f)));
}

void
text_findings(
    struct page *p, const struct judgement *j, enum stage stage, bool verbose)
{
	size_t n = j->findings.n;
	const struct finding *list = j->findings.list;
	bool *done = arena_array(p->mem, n, sizeof *done);
	struct group g = {
		.list = arena_array(p->mem, n, sizeof *g.list),
		.domain = j->ev->domain,
	};
	int least = verbose ? SEVERITY_OK : SEVERITY_NOTE;

	for (int severity = SEVERITY_FAIL; severity >= least; severity--) {
		for (size_t i = 0; i < n; i++) {
			if (done[i] || list[i].row->stage != stage ||
			    (int)list[i].severity != severity)
				continue;
			g.n = 0;
			for (size_t k = i; k < n; k++) {
				if (done[k] || !belongs(&list[i], &list[k]))
					continue;
				g.list[g.n++] = &list[k];
				done[k] = true;
			}
			put_group(p, &g);
		}
	}
}

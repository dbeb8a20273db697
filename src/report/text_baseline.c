/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include "core/arena.h"
#include "report/baseline.h"

static const char *
severity_words(enum severity severity)
{
	return severity == SEVERITY_UNKNOWN ? "could not tell"
					    : severity_text(severity);
}

static void
put_changes(struct page *p, const char *head, enum ink ink,
    const struct baseline_change *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct baseline_change *c = &list[i];
		const char *text = arena_printf(p->mem, "%s%s%s (%s%s%s)",
		    c->id, *c->subject != '\0' ? " " : "", c->subject,
		    c->was_there ? severity_words(c->before) : "",
		    c->was_there && c->finding != NULL ? ", now " : "",
		    c->finding != NULL ? severity_words(c->finding->severity)
				       : "");

		page_paragraph(p, 2, ink, head, text);
	}
}

void
text_baseline(struct page *p, const struct comparison *c)
{
	if (c == NULL)
		return;
	page_put(p, "\n");
	page_paragraph(p, 0, INK_PLAIN, "",
	    c->known
		? arena_printf(p->mem, "Beside %s, of %s: %s", c->file,
		      c->collected_at != NULL ? c->collected_at : "unknown",
		      c->nfresh + c->nworse + c->nbetter + c->ngone == 0 &&
			      !c->lost
			  ? "nothing has changed"
			  : "")
		: arena_printf(p->mem,
		      "Beside %s, which lacks the domain: all is new",
		      c->file));
	if (c->lost)
		page_paragraph(p, 2, INK_WARN,
		    "lost: ", "mail was delivered then, and is not any more");
	put_changes(p, "new: ", INK_WARN, c->fresh, c->nfresh);
	put_changes(p, "worse: ", INK_WARN, c->worse, c->nworse);
	put_changes(p, "better: ", INK_OK, c->better, c->nbetter);
	put_changes(p, "gone: ", INK_OK, c->gone, c->ngone);
}

static const char *
add_names(struct page *p, const char *text, const char *head,
    const struct baseline_change *list, size_t n)
{
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		/* As the report does without -v: notes are no matter here. */
		if (list[i].finding->severity < SEVERITY_WARN)
			continue;
		text = arena_printf(
		    p->mem, "%s%s%s", text, first ? head : ", ", list[i].id);
		first = false;
	}
	return text;
}

const char *
text_baseline_line(struct page *p, const struct comparison *c)
{
	const char *text;

	if (!c->known)
		return arena_printf(p->mem, "%s lacks the domain", c->file);
	text = c->lost ? "; mail was delivered then" : "";
	text = add_names(p, text, "; new: ", c->fresh, c->nfresh);
	text = add_names(p, text, "; worse: ", c->worse, c->nworse);
	return *text != '\0'
	    ? text + 2
	    : arena_printf(p->mem, "nothing new beside %s", c->file);
}

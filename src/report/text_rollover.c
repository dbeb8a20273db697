/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include "core/arena.h"
#include "core/name.h"
#include "core/rollover.h"

static enum stage_status
mark_of(const struct rollover_host *r)
{
	if (r->present == PRESENT_UNMATCHED)
		return STATUS_FAIL;
	switch (r->status) {
	case ROLLOVER_FREE:
	case ROLLOVER_SAFE_NOW:
		return STATUS_OK;
	case ROLLOVER_SAFE_AT:
	case ROLLOVER_PUBLISH_FIRST:
		return STATUS_WARN;
	case ROLLOVER_UNKNOWN:
		break;
	}
	return STATUS_UNKNOWN;
}

static const char *
answer_words(const struct rollover_host *r)
{
	switch (r->status) {
	case ROLLOVER_FREE:
	case ROLLOVER_SAFE_NOW:
		return "safe now";
	case ROLLOVER_SAFE_AT:
		return "not yet";
	case ROLLOVER_PUBLISH_FIRST:
		return "publish first";
	case ROLLOVER_UNKNOWN:
		break;
	}
	return "could not tell";
}

static const char *
present_words(const struct rollover_host *r)
{
	/* Then the order of the two has been said. */
	if (r->status == ROLLOVER_FREE ||
	    (r->status == ROLLOVER_SAFE_NOW && r->present == PRESENT_UNMATCHED))
		return NULL;
	switch (r->present) {
	case PRESENT_THE_SAME:
		return NULL;
	case PRESENT_MATCHED:
		return "the present certificate has its record meanwhile";
	case PRESENT_UNMATCHED:
		return "the present certificate fits none of the records to "
		       "come: keep its record until the switch";
	case PRESENT_BROKEN:
		return "the present certificate fits no record as it is";
	case PRESENT_NOT_SEEN:
		break;
	}
	return "the present certificate was not seen: keep its record until "
	       "the switch";
}

void
text_rollover(struct page *p, const struct judgement *j)
{
	const struct rollover *all = j->rollover;

	if (all == NULL)
		return;
	page_put(p, "\nThe switch to another certificate\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct rollover_host *r = &all->hosts[i];
		enum stage_status status = mark_of(r);
		const char *lead =
		    arena_printf(p->mem, "%s %s: ", text_mark(p, status),
			name_text_nodot(p->mem, j->path->hosts[r->host].name));
		const char *words = present_words(r);

		page_paragraph(p, 2, text_ink(status), lead,
		    arena_printf(p->mem, "%s: %s%s%s", answer_words(r), r->text,
			words != NULL ? "; " : "", words != NULL ? words : ""));
		for (size_t k = 0; k < r->npublish; k++)
			page_line(p, 4, r->publish[k]);
	}
}

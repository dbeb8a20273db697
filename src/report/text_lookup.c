/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include "core/arena.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/rdata.h"
#include "report/text_part.h"
#include "report/words.h"

char *
report_lookup_text(struct arena *mem, const struct lookup *l,
    const struct report_options *options)
{
	const struct dnssec *d = &l->dnssec;
	struct page p;
	char type[16];

	page_start(&p, mem, options->width, options->color, options->utf8);
	page_line(&p, 0,
	    arena_printf(mem, "%s %s: %s%s%s", name_text(mem, l->name),
		rr_type_text(l->type, type), dnssec_state_text(d->state),
		d->detail != NULL ? ": " : "",
		d->detail != NULL ? d->detail : ""));
	if (options->verbose)
		text_chain(&p, l->proofs, l->options.at);
	return p.text;
}

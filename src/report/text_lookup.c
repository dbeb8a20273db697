/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <string.h>

#include "core/arena.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"
#include "report/text_part.h"
#include "report/words.h"

static const char *
title(struct page *p, const struct lookup *l)
{
	char type[16];

	return arena_printf(p->mem, "%s %s", name_text(p->mem, l->name),
	    rr_type_text(l->type, type));
}

/* What there is not, where the state goes for its absence. */
static const char *
absence(const struct lookup *l)
{
	if (l->answer.kind == ANSWER_NODATA)
		return ", no such record";
	if (l->answer.kind == ANSWER_NXDOMAIN)
		return ", no such name";
	return "";
}

/* "secure", "bogus: the signature …" */
static const char *
verdict(struct page *p, const struct lookup *l)
{
	const struct dnssec *d = &l->dnssec;

	return arena_printf(p->mem, "%s%s%s", absence(l),
	    d->detail != NULL ? ": " : "", d->detail != NULL ? d->detail : "");
}

/* One line, however long: this is what a script reads. */
static void
put_quiet(struct page *p, const struct lookup *l)
{
	const char **replaced;
	bool what_if = hypothetical_texts(p->mem, l->ev, &replaced) > 0;

	page_line(p, 0,
	    arena_printf(p->mem, "%s%s: %s%s (%s)",
		what_if ? "hypothetical: " : "", title(p, l),
		dnssec_state_text(l->dnssec.state), verdict(p, l),
		l->cause->row->id));
}

static void
put_verdict(struct page *p, const struct lookup *l)
{
	const char *state = dnssec_state_text(l->dnssec.state);
	const char *name = title(p, l);
	size_t used = page_columns(name) + 2 + page_columns(state);

	page_ink(p, INK_BOLD, page_clean(p, name));
	page_put(p, ": ");
	page_ink(p, text_state_ink(l->dnssec.state), state);
	/* The comma or colon stands at the word before it. */
	if (*verdict(p, l) == '\0') {
		page_put(p, "\n");
		return;
	}
	page_put(p, arena_strndup(p->mem, verdict(p, l), 1));
	page_put(p, " ");
	page_wrap(p, used + 2, 2, verdict(p, l) + 1);
}

static void
put_header(struct page *p, const struct lookup *l,
    const struct report_options *options)
{
	const struct evidence *ev = l->ev;
	bool same = l->options.at == ev->collected_at;
	const char *ascii = name_text_nodot(p->mem, l->name), *list = "";
	char at[32], then[32];

	if (p->utf8 && options->domain_unicode != NULL &&
	    strcmp(options->domain_unicode, ascii) != 0) {
		page_spaces(p, 2);
		/* It came through IDNA: no control character passes. */
		page_put(p, options->domain_unicode);
		page_put(p, "\n");
	}
	page_paragraph(p, 2, INK_PLAIN, "",
	    same ? arena_printf(p->mem, "as observed at %s",
		       text_time(l->options.at, at))
		 : arena_printf(p->mem, "judged at %s, observed at %s",
		       text_time(l->options.at, at),
		       text_time(ev->collected_at, then)));
	if (l->options.at > ev->collected_at)
		page_paragraph(p, 2, INK_PLAIN, "",
		    "with the zones above taken as signed anew by then");
	for (size_t i = 0; i < ev->nresolvers; i++)
		list = arena_printf(p->mem, "%s%s%s", list, i > 0 ? ", " : "",
		    ev->resolvers[i]);
	if (ev->nresolvers > 0)
		page_paragraph(p, 2, INK_PLAIN, "resolver: ", list);
	text_caveats(p, ev);
}

/* ---- the answer ---- */

static const char *
reply_words(struct page *p, const struct lookup *l)
{
	const struct dns_observation *obs = l->answer.obs;
	char rcode[16];

	if (obs == NULL)
		return "not observed";
	if (obs->outcome != DNS_REPLY)
		return arena_printf(p->mem, "none (%s%s%s)",
		    dns_outcome_text(obs->outcome),
		    obs->error != NULL ? ": " : "",
		    obs->error != NULL ? obs->error : "");
	return arena_strdup(p->mem, rcode_text(obs->rcode, rcode));
}

static void
put_records(struct page *p, const struct set_proof *set, size_t indent)
{
	for (size_t i = 0; i < set->nrrs; i++)
		page_line(p, indent, rr_text(p->mem, set->rrs[i]));
}

static void
put_denial(struct page *p, const struct lookup *l, const struct proof *proof,
    const char *told)
{
	if (!proof->denial_needed)
		return;
	page_hang(p, 4,
	    arena_printf(p->mem, "%s: %s",
		proof->wildcard ? "from a wildcard; that no closer name exists"
				: "its absence",
		denial_text(proof->denial)));
	for (size_t i = 0; i < proof->ndenial_sets; i++) {
		const struct set_proof *set = &proof->denial_sets[i];

		put_records(p, set, 4);
		text_signatures(p, l->proofs, set, 6, l->options.at, told);
	}
}

static void
put_link(struct page *p, const struct lookup *l, const struct lookup_link *link)
{
	const struct proof *proof = link->proof;
	const char *detail = link->dnssec.detail, *told = l->dnssec.detail;
	bool same = detail != NULL && told != NULL && strcmp(detail, told) == 0;

	if (proof->link.kind == LINK_SET)
		put_records(p, &proof->set, 2);
	else
		page_hang(p, 2, text_link(p->mem, &proof->link));
	/* With one link the first line has said that. */
	if (l->nlinks > 1)
		page_paragraph(p, 4, text_state_ink(link->dnssec.state),
		    dnssec_state_text(link->dnssec.state),
		    detail != NULL && !same
			? arena_printf(p->mem, ": %s", detail)
			: "");
	if (proof->link.kind == LINK_SET)
		text_signatures(
		    p, l->proofs, &proof->set, 4, l->options.at, told);
	put_denial(p, l, proof, told);
}

/* RFC 8914: what the resolver adds to its reply. */
static void
put_extended(struct page *p, const struct dns_observation *obs)
{
	for (size_t i = 0; i < obs->nede; i++)
		page_paragraph(p, 2, INK_PLAIN, "",
		    arena_printf(p->mem, "the resolver says: error %u%s%s",
			(unsigned)obs->ede[i].code,
			obs->ede[i].text != NULL ? ": " : "",
			obs->ede[i].text != NULL ? obs->ede[i].text : ""));
}

/* Whose answer it is. */
static const char *
source_words(struct page *p, const struct dns_observation *obs)
{
	if (obs == NULL || obs->server == NULL)
		return "";
	return arena_printf(p->mem, " from %s%s%s", obs->server,
	    obs->transport != NULL ? " over " : "",
	    obs->transport != NULL ? obs->transport : "");
}

static void
put_answer(struct page *p, const struct lookup *l, bool verbose)
{
	page_put(p, "\n");
	page_paragraph(p, 0, INK_BOLD, "Answer: ",
	    arena_printf(p->mem, "%s%s", reply_words(p, l),
		verbose ? source_words(p, l->answer.obs) : ""));
	if (l->answer.obs != NULL)
		put_extended(p, l->answer.obs);
	for (size_t i = 0; i < l->nlinks; i++)
		put_link(p, l, &l->links[i]);
}

static void
put_chain(struct page *p, const struct lookup *l, bool verbose)
{
	const struct zone_proof **zones;

	if (proofs_zones(l->proofs, &zones) == 0)
		return;
	page_put(p, "\n");
	page_ink(p, INK_BOLD, "Chain of trust:");
	page_put(p, "\n");
	if (verbose)
		text_chain(p, l->proofs, l->options.at, &l, 1, 2);
	else
		text_chain_brief(p, l->proofs, l->options.at, 2);
}

/* ---- what to do ---- */

/* The state's own finding, unless all is well. */
static void
put_cause(struct page *p, const struct lookup *l)
{
	const struct finding *f = l->cause;
	const char *remedy = finding_remedy(f);
	const char *reference = f->row->reference;

	if (l->dnssec.state == DNSSEC_STATE_SECURE)
		return;
	page_put(p, "\n");
	page_paragraph(p, 0, text_ink(text_status(f->severity)),
	    arena_printf(p->mem, "%s: ", severity_text(f->severity)),
	    arena_printf(p->mem, "%s (%s%s%s)",
		l->recorded ? f->row->text
			    : "a needed answer is not in the recording",
		reference != NULL ? reference : "",
		reference != NULL ? ", " : "", f->row->id));
	if (remedy != NULL)
		page_paragraph(p, 0, INK_BOLD,
		    p->utf8 ? "\xe2\x86\x92 Fix: " : "Fix: ", remedy);
	if (f->nadd > 0)
		page_line(p, 0, "Publish:");
	for (size_t i = 0; i < f->nadd; i++)
		page_line(p, 2, f->add[i]);
}

/* What else is worth a look, about the zones it lies in. */
static void
put_others(struct page *p, const struct lookup *l, bool verbose)
{
	bool first = true;

	for (size_t i = 1; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];
		const char *remedy = finding_remedy(f);

		if (f->severity < (verbose ? SEVERITY_OK : SEVERITY_NOTE))
			continue;
		if (first)
			page_put(p, "\n");
		first = false;
		page_paragraph(p, 0, text_ink(text_status(f->severity)),
		    arena_printf(p->mem, "%s: ", severity_text(f->severity)),
		    arena_printf(p->mem, "%s: %s (%s)", f->row->text,
			f->detail != NULL ? f->detail : "", f->row->id));
		if (remedy != NULL)
			page_paragraph(p, 2, INK_BOLD,
			    p->utf8 ? "\xe2\x86\x92 Fix: " : "Fix: ", remedy);
	}
}

static void
put_validity(struct page *p, const struct lookup *l)
{
	char at[32];

	if (!l->has_until)
		return;
	page_put(p, "\n");
	page_hang(p, 0,
	    arena_printf(p->mem, "Holds until %s if nothing is renewed: %s",
		text_time(l->until, at), l->because));
}

char *
report_lookup_text(struct arena *mem, const struct lookup *l,
    const struct report_options *options)
{
	struct page p;

	page_start(&p, mem, options->width, options->color, options->utf8);
	if (options->quiet) {
		put_quiet(&p, l);
		return p.text;
	}
	put_verdict(&p, l);
	put_header(&p, l, options);
	put_answer(&p, l, options->verbose);
	put_chain(&p, l, options->verbose);
	put_cause(&p, l);
	put_others(&p, l, options->verbose);
	put_validity(&p, l);
	return p.text;
}

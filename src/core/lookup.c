/* SPDX-License-Identifier: ISC */
#include "lookup.h"

#include <stdlib.h>

#include "arena.h"
#include "cause.h"
#include "choice.h"
#include "judge.h"
#include "judge_zones.h"
#include "name.h"
#include "plan.h"
#include "rdata.h"
#include "validity.h"

bool
lookup_type_allowed(uint16_t type)
{
	/* RFC 6895 3.1: 128 to 255 are for queries, the ends reserved. */
	return type != 0 && type != TYPE_OPT && type != TYPE_RRSIG &&
	    (type < 128 || type > 255) && type != UINT16_MAX;
}

/* No zone begins at a service's or a wildcard's label. */
static const uint8_t *
likely_zone(const uint8_t *name)
{
	while (name[0] > 0 && (name[1] == '_' || name_is_wildcard(name)))
		name = name_parent(name);
	return name;
}

void
lookup_wants(struct wants *w)
{
	const struct evidence *ev = w->ev;
	struct answer a;

	answer_follow(w->mem, ev, ev->domain, ev->asked.lookup, &a);
	wants_answer(w, &a);
	wants_first(w, likely_zone(ev->domain));
	wants_chain(w, &a);
}

void
lookup_second_look(struct proofs *proofs, struct wants *w)
{
	const struct evidence *ev = w->ev;
	struct answer a;

	answer_follow(w->mem, ev, ev->domain, ev->asked.lookup, &a);
	wants_second_look(w, proofs, &a);
}

bool
lookup_recorded(const struct evidence *ev, const uint8_t *name, uint16_t type)
{
	return evidence_dns(ev, name, type) != NULL ||
	    (ev->asked.lookup == type && name_equal(ev->domain, name));
}

/* ---- judgement ---- */

static void
judge_links(struct lookup *l)
{
	l->nlinks = l->answer.nlinks;
	l->links = arena_array(l->mem, l->nlinks, sizeof *l->links);
	/* Every link is proved before any is judged: the order never shows. */
	for (size_t i = 0; i < l->nlinks; i++)
		l->links[i].proof = l->options.alone
		    ? proofs_link(l->proofs, &l->answer.links[i])
		    : proofs_aside(l->proofs, &l->answer.links[i]);
	for (size_t i = 0; i < l->nlinks; i++)
		l->links[i].dnssec =
		    proof_state(l->proofs, l->links[i].proof, l->options.at);
	l->dnssec = proof_answer_aside(l->proofs, &l->answer, l->options.at);
}

static void
weigh(const struct lookup *l, struct finding *f)
{
	f->severity = finding_severity(
	    f, PROFILE_EXCHANGE_ONLINE, l->options.require, false);
}

/* The finding of the state itself: the first. */
static void
find_cause(struct lookup *l)
{
	const struct dnssec *d = &l->dnssec;
	struct cause c = cause_find(l->ev, d);
	struct finding *f = findings_add(&l->findings, c.id);

	cause_fill(&l->findings, f, d);
	f->alt = c.alt;
	f->remedy = c.remedy;
	weigh(l, f);
	l->recorded = c.recorded;
	if (!c.recorded) {
		f->severity = SEVERITY_UNKNOWN;
		f->remedy = "Record it anew: the recording does not hold "
			    "all that this judgement needs";
	}
	/* Whatever makes it insecure, it is not what was demanded. */
	if (d->state == DNSSEC_STATE_INSECURE &&
	    (l->options.require & REQUIRE_DNSSEC) != 0)
		f->severity = SEVERITY_FAIL;
	if (d->state == DNSSEC_STATE_SECURE) {
		f->subject.name = l->name;
		f->subject.type = l->type;
	}
}

/* A later look validates where the first did not (choice.h). */
static void
find_healed(struct lookup *l)
{
	const struct choice_healed *h =
	    choice_healed(l->ev->choice, l->name, l->type);
	struct finding *f;

	/* An error that another look mends is the resolver's own affair. */
	if (h == NULL ||
	    (h->was.state != DNSSEC_STATE_BOGUS &&
		h->was.reason != FINDING_DNSSEC_SOME_BAD_DATA))
		return;
	f = findings_add(&l->findings, FINDING_DNSSEC_SOME_BAD_DATA);
	cause_fill(&l->findings, f, &h->was);
	weigh(l, f);
}

static bool
is_said(const struct lookup *l, const struct finding *f)
{
	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *g = &l->findings.list[i];

		if (g->id == f->id && g->subject.zone != NULL &&
		    f->subject.zone != NULL &&
		    name_equal(g->subject.zone, f->subject.zone))
			return true;
	}
	return false;
}

/* What is worth saying of the zones that validate: a path of one answer. */
static void
find_zones(struct lookup *l)
{
	struct path path = {
		.mem = l->mem,
		.ev = l->ev,
		.domain = l->name,
		.mx = l->answer,
	};
	struct judgement j = {
		.mem = l->mem,
		.ev = l->ev,
		.path = &path,
		.proofs = l->proofs,
		.options = { .at = l->options.at },
		.findings = { .mem = l->mem },
	};
	const struct proof **proofs =
	    arena_array(l->mem, l->nlinks, sizeof *proofs);

	for (size_t i = 0; i < l->nlinks; i++)
		proofs[i] = l->links[i].proof;
	judge_zones(&j, proofs, l->nlinks);
	for (size_t i = 0; i < j.findings.n; i++) {
		struct finding *f = &j.findings.list[i];

		if (is_said(l, f))
			continue;
		*findings_add(&l->findings, f->id) = *f;
		weigh(l, &l->findings.list[l->findings.n - 1]);
	}
}

/* All but the cause, worst first; insertion sort: stable, and few. */
static void
sort_findings(struct findings *fs)
{
	for (size_t i = 2; i < fs->n; i++) {
		struct finding f = fs->list[i];
		size_t k = i;

		for (; k > 1 && fs->list[k - 1].severity < f.severity; k--)
			fs->list[k] = fs->list[k - 1];
		fs->list[k] = f;
	}
}

struct lookup *
lookup_judge(struct arena *mem, const struct evidence *ev,
    struct proofs *proofs, const uint8_t *name, uint16_t type,
    const struct lookup_options *options)
{
	struct lookup *l = arena_alloc(mem, sizeof *l);

	l->mem = mem;
	l->ev = ev;
	l->proofs = proofs;
	l->options = *options;
	l->name = name;
	l->type = type;
	l->obs = evidence_dns(ev, name, type);
	l->findings.mem = mem;
	answer_follow(mem, ev, name, type, &l->answer);
	judge_links(l);
	find_cause(l);
	if (options->alone) {
		find_healed(l);
		find_zones(l);
		sort_findings(&l->findings);
	}
	l->cause = &l->findings.list[0];
	return l;
}

size_t
lookup_all(struct arena *mem, const struct evidence *ev, struct proofs *proofs,
    int64_t at, const struct lookup ***out)
{
	struct lookup_options options = { .at = at };
	const struct dns_observation *last = NULL;
	size_t n = 0;

	*out = arena_array(mem, ev->ndns, sizeof **out);
	for (size_t i = 0; i < ev->ndns; i++) {
		const struct dns_observation *o = ev->dns[i];

		/* Once each: later looks stand beside the first. */
		if (last != NULL && last->type == o->type &&
		    name_equal(last->name, o->name))
			continue;
		last = o;
		(*out)[n++] =
		    lookup_judge(mem, ev, proofs, o->name, o->type, &options);
	}
	return n;
}

/* ---- validity ---- */

static int
badness(enum dnssec_state state)
{
	static const int rank[] = {
		[DNSSEC_STATE_SECURE] = 0,
		[DNSSEC_STATE_INSECURE] = 1,
		[DNSSEC_STATE_INDETERMINATE] = 2,
		[DNSSEC_STATE_BOGUS] = 3,
	};

	return rank[state];
}

static int
instant_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The event as it will happen; the state speaks of it as it has happened. */
static const char *
what_ends(struct lookup *l, const struct dnssec *d)
{
	char type[16];

	if (d->reason == FINDING_DNSSEC_RRSIG_EXPIRED && d->set_owner != NULL)
		return arena_printf(l->mem,
		    "the signature over the %s set of %s by key %u expires",
		    rr_type_text(d->set_type, type),
		    name_text(l->mem, d->set_owner), (unsigned)d->key_tag);
	return d->detail != NULL ? d->detail : catalogue_row(d->reason)->text;
}

void
lookup_validity(struct lookup *l)
{
	int64_t *dates;
	size_t n = proofs_instants(l->proofs, l->options.at, &dates);
	size_t looked = 0;
	enum proofs_renewal before = proofs_renew(l->proofs, RENEW_NONE);

	if (n > 0)
		qsort(dates, n, sizeof *dates, instant_order);
	for (size_t i = 0; i < n && looked < VALIDITY_INSTANTS_MAX; i++) {
		struct dnssec d;

		if (dates[i] <= l->options.at ||
		    (i > 0 && dates[i] == dates[i - 1]))
			continue;
		looked++;
		d = proof_answer(l->proofs, &l->answer, dates[i]);
		if (badness(d.state) <= badness(l->dnssec.state))
			continue;
		l->has_until = true;
		l->until = dates[i];
		l->because = what_ends(l, &d);
		break;
	}
	proofs_renew(l->proofs, before);
}

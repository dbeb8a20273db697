/* SPDX-License-Identifier: ISC */
#include "lookup.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "plan.h"
#include "rdata.h"

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

static void
judge_links(struct lookup *l)
{
	l->nlinks = l->answer.nlinks;
	l->links = arena_array(l->mem, l->nlinks, sizeof *l->links);
	for (size_t i = 0; i < l->nlinks; i++) {
		l->links[i].proof = proofs_link(l->proofs, &l->answer.links[i]);
		l->links[i].dnssec =
		    proof_state(l->proofs, l->links[i].proof, l->options.at);
	}
}

static void
find_cause(struct lookup *l)
{
	const struct dnssec *d = &l->dnssec;
	struct finding *f = findings_add(&l->findings, d->reason);

	f->subject.zone = d->zone;
	f->subject.name = d->set_owner;
	f->subject.type = d->set_type;
	f->detail = d->detail;
	if (d->publish != NULL)
		finding_publish(&l->findings, f, d->publish);
	f->severity = finding_severity(
	    f, PROFILE_EXCHANGE_ONLINE, l->options.require, false);
	l->cause = f;
	l->severity = f->severity;
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
	/* Every link is proved before any is judged: see judge_dnssec. */
	for (size_t i = 0; i < l->answer.nlinks; i++)
		proofs_link(proofs, &l->answer.links[i]);
	l->dnssec = proof_answer(proofs, &l->answer, options->at);
	judge_links(l);
	find_cause(l);
	return l;
}

void
lookup_validity(struct lookup *l)
{
	(void)l;
}

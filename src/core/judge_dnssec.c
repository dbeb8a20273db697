/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "cause.h"
#include "choice.h"
#include "judge_zones.h"
#include "name.h"
#include "signature.h"

/* A root cause that has been said, for the domain (-1) or a host. */
struct said {
	enum finding_id reason;
	const uint8_t *zone;
	const uint8_t *owner;
	uint16_t type;
	int host;
};

struct dnssec_work {
	struct judgement *j;
	struct said *said;
	size_t nsaid, saidcap;
	const struct proof **proofs; /* of the mail path */
	size_t nproofs, proofcap;
};

static bool
name_same(const uint8_t *a, const uint8_t *b)
{
	return a == b || (a != NULL && b != NULL && name_equal(a, b));
}

/* Said already for the domain, or for this host. */
static bool
was_said(const struct dnssec_work *w, const struct said *c)
{
	size_t i;

	for (i = 0; i < w->nsaid; i++) {
		const struct said *s = &w->said[i];

		if (s->reason == c->reason && s->type == c->type &&
		    (s->host == -1 || s->host == c->host) &&
		    name_same(s->zone, c->zone) &&
		    name_same(s->owner, c->owner))
			return true;
	}
	return false;
}

/* Causes that are one thing wherever they are met. */
static bool
is_global(enum finding_id reason)
{
	return reason == FINDING_DNSSEC_CLOCK_SUSPECT ||
	    reason == FINDING_DNSSEC_RESOLVER_STRIPS ||
	    reason == FINDING_DNSSEC_NO_TRUST_ANCHOR;
}

/* Causes of a whole zone, whichever set showed them. */
static bool
is_of_zone(enum finding_id reason)
{
	return reason == FINDING_DNSSEC_UNSIGNED ||
	    reason == FINDING_DNSSEC_ALGORITHM_DEPRECATED ||
	    reason == FINDING_DNSSEC_ALGORITHM_UNSUPPORTED ||
	    reason == FINDING_DNSSEC_NSEC3_ITERATIONS;
}

static struct finding *
say(struct dnssec_work *w, const struct dnssec *d, enum finding_id id, int host)
{
	struct said c = { id, d->zone, d->set_owner, d->set_type, host };
	struct finding *f;

	if (is_global(id) || is_of_zone(id)) {
		c.owner = NULL;
		c.type = 0;
		c.host = host = -1;
		if (is_global(id))
			c.zone = NULL;
	}
	if (was_said(w, &c))
		return NULL;
	w->said = arena_grow(
	    w->j->mem, w->said, w->nsaid, &w->saidcap, sizeof(w->said[0]));
	w->said[w->nsaid++] = c;
	f = judge_add(w->j, id, host, -1);
	cause_fill(&w->j->findings, f, d);
	return f;
}

static void
say_unknown(struct dnssec_work *w, const struct dnssec *d, int host)
{
	struct cause c = cause_find(w->j->ev, d);
	struct finding *f;

	if (!c.recorded)
		return;
	f = say(w, d, c.id, host);
	if (f != NULL && c.remedy != NULL)
		f->remedy = c.remedy;
	if (f != NULL)
		f->alt = c.alt;
}

/* The cut is the domain's own, not the root's or a provider's. */
static bool
cut_is_own(const struct judgement *j, const uint8_t *cut)
{
	return name_within(cut, j->path->domain) ||
	    (name_within(j->path->domain, cut) && name_labels(cut) > 1);
}

static void
say_insecure(struct dnssec_work *w, const struct dnssec *d)
{
	struct finding *f;

	/* A name in an opt-out span: no zone that could be signed. */
	if (d->zone == NULL)
		return;
	/* judge_zones speaks of the iterations of zones that validate. */
	f = say(w, d, d->reason, -1);
	if (f != NULL)
		f->foreign = !cut_is_own(w->j, d->zone);
}

static void
say_cause(struct dnssec_work *w, const struct dnssec *d, int host)
{
	switch (d->state) {
	case DNSSEC_STATE_SECURE:
		break;
	case DNSSEC_STATE_INSECURE:
		say_insecure(w, d);
		break;
	case DNSSEC_STATE_BOGUS:
		say(w, d, d->reason, host);
		break;
	case DNSSEC_STATE_INDETERMINATE:
		say_unknown(w, d, host);
		break;
	}
}

static void
take_links(struct dnssec_work *w, const struct answer *a)
{
	size_t i;

	for (i = 0; i < a->nlinks; i++) {
		w->proofs = arena_grow(w->j->mem, w->proofs, w->nproofs,
		    &w->proofcap, sizeof(w->proofs[0]));
		w->proofs[w->nproofs++] =
		    proofs_link(w->j->proofs, &a->links[i]);
	}
}

/* ---- the MX set ---- */

/* ". -> com. (DS 19718) -> contoso.com. (DS 2371)" */
static const char *
chain_text(struct judgement *j, const struct zone_proof *z)
{
	const char *text = "", *via;
	size_t i;

	for (; z != NULL; z = z->parent) {
		via = "";
		for (i = 0; z->kind == ZONE_DELEGATED && i < z->nds; i++) {
			char buf[24];

			if (z->ds[i].matches == NULL || z->ds[i].ignored)
				continue;
			via = judge_text(j, " (DS %u, %s)",
			    (unsigned)z->ds[i].key_tag,
			    algorithm_text(z->ds[i].algorithm, buf));
			break;
		}
		text = judge_text(j, "%s%s%s%s", name_text(j->mem, z->name),
		    via, *text ? " -> " : "", text);
	}
	return text;
}

static void
judge_mx_set(struct dnssec_work *w)
{
	struct judgement *j = w->j;
	const struct answer *mx = &j->path->mx;
	const struct proof *p;
	struct finding *f;

	j->mx_dnssec = proof_answer(j->proofs, mx, j->options.at);
	j->mx_secure = j->mx_dnssec.state == DNSSEC_STATE_SECURE;
	/* What was not recorded is not judged. */
	if (mx->kind == ANSWER_PENDING && mx->naliases == 0 &&
	    !j->ev->cut_short)
		return;
	say_cause(w, &j->mx_dnssec, -1);
	if (!j->mx_secure)
		return;
	f = judge_add(j, FINDING_DNSSEC_SECURE, -1, -1);
	f->subject.name = j->path->domain;
	f->subject.type = TYPE_MX;
	if (mx->nlinks == 0)
		return;
	p = proofs_link(j->proofs, &mx->links[mx->nlinks - 1]);
	/* What is to be signed yet lies in the zone that the walk ended in. */
	f->detail = chain_text(j, p->zone != NULL ? p->zone : p->insecure_at);
}

/* ---- hosts ---- */

static int
goodness(const struct dnssec *d)
{
	switch (d->state) {
	case DNSSEC_STATE_SECURE:
		return 3;
	case DNSSEC_STATE_INSECURE:
		return 2;
	case DNSSEC_STATE_INDETERMINATE:
		return 1;
	case DNSSEC_STATE_BOGUS:
		break;
	}
	return 0;
}

static bool
has_data(const struct answer *a)
{
	return a->kind == ANSWER_DATA && a->nrrs > 0;
}

/* A sender finds addresses by this answer: data, and not bogus. */
static bool
reachable(const struct answer *a, const struct dnssec *d)
{
	return has_data(a) && d->state != DNSSEC_STATE_BOGUS;
}

/* One family fails while the other serves: senders lose only that one. */
static void
say_family(struct dnssec_work *w, const struct dnssec *d, int host)
{
	struct finding *f;

	if (!cause_find(w->j->ev, d).recorded)
		return;
	f = say(w, d, FINDING_DNS_LOOKUP_FAILED, host);
	if (f != NULL)
		f->alt = true;
}

static void
judge_family(struct dnssec_work *w, int host, const struct answer *a,
    const struct dnssec *d, bool other_serves)
{
	if (a->kind == ANSWER_PENDING && a->naliases == 0 &&
	    !w->j->ev->cut_short)
		return;
	if (d->state == DNSSEC_STATE_SECURE)
		return;
	if (d->state == DNSSEC_STATE_INSECURE) {
		if (has_data(a) || !other_serves)
			say_insecure(w, d);
		return;
	}
	if (other_serves && !is_global(d->reason) &&
	    (d->state == DNSSEC_STATE_BOGUS || !has_data(a))) {
		/* The cause blocks the domain already: nothing to add. */
		struct said c = { d->reason, d->zone, d->set_owner, d->set_type,
			host };

		if (!was_said(w, &c))
			say_family(w, d, host);
		return;
	}
	say_cause(w, d, host);
}

/* RFC 7672 2.2.2: secure when A or AAAA is secure and not empty. */
static void
judge_addresses(struct dnssec_work *w, int host)
{
	const struct path_host *h = &w->j->path->hosts[host];
	struct host_view *v = &w->j->hosts[host];
	struct dnssec a, b;
	bool da = has_data(&h->a), db = has_data(&h->aaaa);

	a = proof_answer(w->j->proofs, &h->a, w->j->options.at);
	b = proof_answer(w->j->proofs, &h->aaaa, w->j->options.at);
	if (da && db)
		v->address_dnssec = goodness(&b) > goodness(&a) ? b : a;
	else if (da || db)
		v->address_dnssec = da ? a : b;
	else
		v->address_dnssec = goodness(&b) < goodness(&a) ? b : a;
	judge_family(w, host, &h->a, &a, reachable(&h->aaaa, &b));
	judge_family(w, host, &h->aaaa, &b, reachable(&h->a, &a));
}

/*
 * RFC 7672 2.1.2: a bogus TLSA answer keeps senders from the host.  Only
 * where DANE would be done: secure MX set, secure addresses.  judge_tlsa
 * speaks of everything but the cause.
 */
static void
judge_tlsa_sets(struct dnssec_work *w, int host)
{
	const struct path_host *h = &w->j->path->hosts[host];
	size_t i;

	if (!w->j->mx_secure ||
	    w->j->hosts[host].address_dnssec.state != DNSSEC_STATE_SECURE)
		return;
	for (i = 0; i < h->ntlsa; i++) {
		const struct answer *a = &h->tlsa[i];
		struct dnssec d;

		if (a->kind == ANSWER_PENDING)
			return;
		d = proof_answer(w->j->proofs, a, w->j->options.at);
		if (d.state == DNSSEC_STATE_BOGUS)
			say(w, &d, d.reason, host);
		else if (d.state == DNSSEC_STATE_INDETERMINATE &&
		    d.reason == FINDING_DNSSEC_SOME_BAD_DATA)
			say_unknown(w, &d, host);
		else if (d.state == DNSSEC_STATE_INSECURE)
			say_insecure(w, &d);
		/* An error, or authentic records, end the walk. */
		if (d.state == DNSSEC_STATE_BOGUS ||
		    d.state == DNSSEC_STATE_INDETERMINATE ||
		    (d.state == DNSSEC_STATE_SECURE && has_data(a)))
			return;
	}
}

/* ---- DKIM names ---- */

/* Verifiers meet these, senders of mail to the domain do not. */
static void
judge_selector(struct dnssec_work *w, const struct path_selector *s)
{
	const struct answer *a = &s->txt;
	struct finding *f;
	struct dnssec d;

	if (a->kind != ANSWER_DATA && a->kind != ANSWER_NODATA &&
	    a->kind != ANSWER_NXDOMAIN)
		a = &s->cname;
	if (a->kind == ANSWER_PENDING || a->nlinks == 0)
		return;
	d = proof_answer(w->j->proofs, a, w->j->options.at);
	if (d.state != DNSSEC_STATE_BOGUS)
		return;
	f = say(w, &d, d.reason, -1);
	if (f == NULL)
		return;
	f->aside = true;
	f->tentative = path_selector_tentative(w->j->path, s);
}

/* ---- the second look ---- */

/* The answers that the first look would have broken, in path order. */
struct healed {
	const struct choice_healed **list;
	int *host;
	size_t n, cap, hostcap;
};

static void
healed_add(
    struct dnssec_work *w, struct healed *h, const struct answer *a, int host)
{
	const struct choice_healed *one;

	if (a->name == NULL)
		return;
	one = choice_healed(w->j->ev->choice, a->name, a->type);
	/* An error that another look mends is the resolver's own affair. */
	if (one == NULL || one->was.zone == NULL ||
	    (one->was.state != DNSSEC_STATE_BOGUS &&
		one->was.reason != FINDING_DNSSEC_SOME_BAD_DATA))
		return;
	h->list =
	    arena_grow(w->j->mem, h->list, h->n, &h->cap, sizeof(h->list[0]));
	h->host = arena_grow(
	    w->j->mem, h->host, h->n, &h->hostcap, sizeof(h->host[0]));
	h->list[h->n] = one;
	h->host[h->n++] = host;
}

static void
healed_collect(struct dnssec_work *w, struct healed *h)
{
	const struct path *p = w->j->path;
	size_t i, k;

	healed_add(w, h, &p->mx, -1);
	for (i = 0; i < p->nhosts; i++) {
		healed_add(w, h, &p->hosts[i].a, (int)i);
		healed_add(w, h, &p->hosts[i].aaaa, (int)i);
		for (k = 0; k < p->hosts[i].ntlsa; k++)
			healed_add(w, h, &p->hosts[i].tlsa[k], (int)i);
	}
	for (i = 0; i < p->nselectors; i++)
		healed_add(w, h, &p->selectors[i].txt, -1);
}

/*
 * RFC 6840 5.9: validators go on to another server until one's data
 * validate.  What the first had is a warning, one for each zone at fault:
 * such mail is late, and some of it lost where no other server is asked.
 */
static void
judge_healed(struct dnssec_work *w)
{
	struct healed h;
	size_t i, k;

	memset(&h, 0, sizeof(h));
	healed_collect(w, &h);
	for (i = 0; i < h.n; i++) {
		struct dnssec d = h.list[i]->was;
		size_t others = 0;
		struct finding *f;

		for (k = 0; k < h.n; k++)
			if (name_equal(h.list[k]->was.zone, d.zone))
				others += k < i ? h.n : k > i;
		if (others >= h.n) /* said already */
			continue;
		if (others > 0)
			d.detail = judge_text(w->j,
			    "%s; %lu other answer%s of the zone likewise",
			    d.detail, (unsigned long)others,
			    others > 1 ? "s" : "");
		f = say(w, &d, FINDING_DNSSEC_SOME_BAD_DATA, h.host[i]);
		if (f == NULL)
			continue;
		f->foreign = !cut_is_own(w->j, d.zone);
		if (!h.list[i]->contradicted)
			continue;
		/* Mail passes as long as caches hold it, and no longer. */
		f->alt = true;
		f->remedy = "Mend the zone at its name servers, and the DS at "
			    "its parent: only caches have what validates";
	}
}

/* Every link is proved before any is judged: the order never shows. */
static void
prove_all(struct dnssec_work *w)
{
	const struct path *p = w->j->path;
	size_t i, k;

	take_links(w, &p->mx);
	for (i = 0; i < p->nhosts; i++) {
		take_links(w, &p->hosts[i].a);
		take_links(w, &p->hosts[i].aaaa);
		for (k = 0; k < p->hosts[i].ntlsa; k++)
			take_links(w, &p->hosts[i].tlsa[k]);
	}
	for (i = 0; i < p->nselectors; i++) {
		const struct path_selector *s = &p->selectors[i];

		for (k = 0; k < s->txt.nlinks; k++)
			proofs_link(w->j->proofs, &s->txt.links[k]);
		for (k = 0; k < s->cname.nlinks; k++)
			proofs_link(w->j->proofs, &s->cname.links[k]);
	}
}

void
judge_dnssec(struct judgement *j)
{
	const struct path *p = j->path;
	struct dnssec_work w;
	size_t i;

	memset(&w, 0, sizeof(w));
	w.j = j;
	prove_all(&w);
	judge_mx_set(&w);
	for (i = 0; i < p->nhosts; i++) {
		if (p->hosts[i].over_limit || p->hosts[i].not_a_name)
			continue;
		judge_addresses(&w, (int)i);
		judge_tlsa_sets(&w, (int)i);
	}
	judge_zones(j, w.proofs, w.nproofs);
	for (i = 0; i < p->nselectors; i++)
		judge_selector(&w, &p->selectors[i]);
	judge_healed(&w);
}

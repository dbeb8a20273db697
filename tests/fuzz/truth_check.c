/* SPDX-License-Identifier: ISC */
/*
 * The oracle: knows without any cryptography what may be secure, because it
 * has seen what the zones signed.  Whatever is done to a recording,
 *  - a set is secure only if it is one of those signed, unchanged, within
 *    the dates of a signature that is there, too; or expanded from a signed
 *    wildcard where nothing closer exists (RFC 4035 5.3);
 *  - a denial is secure only if what it denies does not exist (5.4);
 *  - data of a zone that is signed are never insecure (4.3);
 *  - what harms no proof changes no state, and what is not observed turns no
 *    state but into "could not tell".
 */
#include "truth.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/path.h"
#include "core/signature.h"
#include "fuzz.h"

/* ---- secure ---- */

/* RFC 4034 3.1.5 */
static bool
in_time(const struct rrsig *f, int64_t at)
{
	uint32_t now = (uint32_t)(uint64_t)at;

	return (int32_t)(f->expiration - now) >= 0 &&
	    (int32_t)(now - f->inception) >= 0;
}

/* The signature stands there, and holds at the instant. */
static bool
signature_present(struct arena *mem, const struct verdict *v,
    const struct truth_signature *s, const struct rr *list, size_t n,
    const uint8_t *owner)
{
	if (v->dates && !in_time(&s->fields, v->j->options.at))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct blob b;

		if (!truth_covers(&list[i], owner, s->fields.covered))
			continue;
		b = blob_canonical(mem, &list[i]);
		if (blob_same(&b, &s->rdata))
			return true;
	}
	return false;
}

/* The owner as signed, or one that the same wildcard may be given. */
static bool
owner_fits(const struct truth *t, const struct truth_set *s,
    const struct rrsig *f, const uint8_t *owner)
{
	unsigned labels = name_labels(owner);

	if (!signature_expanded(f, s->owner))
		return name_equal(owner, s->owner);
	/* The wildcard itself is what was signed. */
	if (name_is_wildcard(owner) && labels == f->labels + 1u &&
	    name_within(s->owner, name_parent(owner)))
		return true;
	/* RFC 4035 5.3.4: the next closer name must not exist. */
	return labels > f->labels &&
	    name_equal(name_ancestor(owner, f->labels),
		name_ancestor(s->owner, f->labels)) &&
	    !truth_below(t, name_ancestor(owner, f->labels + 1u));
}

static bool
is_authentic(const struct verdict *v, const struct rr *list, size_t nlist,
    const uint8_t *owner, uint16_t type)
{
	const struct truth *t = v->spoilt->world->truth;
	struct arena *mem = v->j->mem;
	size_t n;
	struct blob *set = truth_read(mem, list, nlist, owner, type, &n);

	for (size_t i = 0; i < t->nsets; i++) {
		const struct truth_set *s = &t->sets[i];

		if (s->type != type || !truth_same(s, set, n))
			continue;
		for (size_t k = 0; k < s->nsigs; k++)
			if (owner_fits(t, s, &s->sigs[k].fields, owner) &&
			    signature_present(
				mem, v, &s->sigs[k], list, nlist, owner))
				return true;
	}
	return false;
}

/* A denial by a zone's own records, one of them at least in time. */
static bool
denial_in_time(const struct verdict *v, const struct dns_observation *o)
{
	const struct truth *t = v->spoilt->world->truth;

	for (size_t i = 0; i < t->nsets; i++) {
		const struct truth_set *s = &t->sets[i];

		if (s->type != TYPE_NSEC && s->type != TYPE_NSEC3)
			continue;
		for (size_t k = 0; k < s->nsigs; k++)
			if (signature_present(v->j->mem, v, &s->sigs[k],
				o->authority, o->nauthority, s->owner))
				return true;
	}
	return false;
}

/* RFC 6672 5.3.2: below a DNAME every name is an alias. */
static bool
below_dname(const struct truth *t, const uint8_t *name)
{
	for (size_t i = 0; i < t->nsets; i++)
		if (t->sets[i].type == TYPE_DNAME &&
		    name_within(name, t->sets[i].owner) &&
		    !name_equal(name, t->sets[i].owner))
			return true;
	return false;
}

static const char *
words(const struct verdict *v, const uint8_t *name, uint16_t type)
{
	char buf[16];

	return arena_printf(v->j->mem, "%s: %s %s", v->spoilt->world->name,
	    name_text(v->j->mem, name), rr_type_text(type, buf));
}

static void
check_secure(const struct verdict *v, const struct link *l)
{
	const struct truth *t = v->spoilt->world->truth;
	const struct dns_observation *o = l->obs;

	if (l->kind != LINK_SET) {
		must(denial_in_time(v, o), "%s is denied by nothing",
		    words(v, l->owner, l->type));
		must(!below_dname(t, l->owner), "%s is denied below a DNAME",
		    words(v, l->owner, l->type));
	}
	switch (l->kind) {
	case LINK_SET:
		must(is_authentic(v, o->answer, o->nanswer, l->owner, l->type),
		    "%s was never signed so", words(v, l->owner, l->type));
		break;
	case LINK_NODATA:
		must(!truth_has(t, l->owner, l->type),
		    "%s exists, and is denied", words(v, l->owner, l->type));
		must(!truth_has(t, l->owner, TYPE_CNAME),
		    "%s is denied at an alias", words(v, l->owner, l->type));
		break;
	case LINK_NXDOMAIN:
		must(!truth_has_name(t, l->owner), "%s: the name exists",
		    words(v, l->owner, l->type));
		break;
	}
}

/* ---- insecure ---- */

static const struct truth_zone *
zone_of(const struct truth *t, const uint8_t *name)
{
	const struct truth_zone *best = NULL;

	for (size_t i = 0; i < t->nzones; i++)
		if (name_within(name, t->zones[i].name) &&
		    (best == NULL ||
			name_labels(t->zones[i].name) >
			    name_labels(best->name)))
			best = &t->zones[i];
	return best;
}

static void
check_insecure(
    const struct verdict *v, const struct link *l, const char *detail)
{
	const struct truth *t = v->spoilt->world->truth;
	const uint8_t *name = l->owner;
	const struct truth_zone *z;

	/* RFC 4035 2.4: the DS set is the parent's. */
	if (l->obs->type == TYPE_DS && name_labels(name) > 0)
		name = name_parent(name);
	z = zone_of(t, name);
	if (v->spoilt->anchors || !v->algorithms || z == NULL || z->lax ||
	    z->state != DNSSEC_STATE_SECURE)
		return;
	/* RFC 5155 6: an opt-out span makes no exception for what is there. */
	must(z->opt_out && !truth_has_own(t, l->owner, l->type),
	    "%s is insecure in a signed zone: %s", words(v, l->owner, l->type),
	    detail);
}

/* ---- one link, one answer ---- */

static void
check_link(const struct verdict *v, const struct link *l)
{
	struct proofs *p = v->j->proofs;
	struct dnssec d;

	if (l->obs->via == VIA_OVERLAY || v->spoilt->overlay)
		return;
	d = proof_state(p, proofs_aside(p, l), v->j->options.at);
	switch (d.state) {
	case DNSSEC_STATE_SECURE:
		check_secure(v, l);
		break;
	case DNSSEC_STATE_INSECURE:
		check_insecure(v, l, d.detail);
		break;
	case DNSSEC_STATE_BOGUS:
	case DNSSEC_STATE_INDETERMINATE:
		break;
	}
}

static const struct rr *
rr_find(const struct link *l)
{
	for (size_t i = 0; i < l->obs->nanswer; i++)
		if (l->obs->answer[i].type == l->type &&
		    l->obs->answer[i].class == CLASS_IN &&
		    name_equal(l->obs->answer[i].owner, l->owner))
			return &l->obs->answer[i];
	return NULL;
}

/* The links lead from the question to the end, without a gap. */
static void
check_steps(const struct verdict *v, const struct answer *a)
{
	uint8_t at[NAME_WIRE_MAX];

	memcpy(at, a->name, name_len(a->name));
	for (size_t i = 0; i < a->nlinks; i++) {
		const struct link *l = &a->links[i];
		const struct rr *rr;
		size_t keep;

		if (i + 1 == a->nlinks) {
			must(l->type == a->type && name_equal(l->owner, at),
			    "%s", words(v, a->name, a->type));
			break;
		}
		rr = rr_find(l);
		must(rr != NULL && rr->wellformed && l->kind == LINK_SET, "%s",
		    words(v, a->name, a->type));
		if (l->type == TYPE_CNAME) {
			must(name_equal(l->owner, at), "%s",
			    words(v, a->name, a->type));
			keep = 0;
		} else {
			must(l->type == TYPE_DNAME &&
				name_within(at, l->owner) &&
				!name_equal(at, l->owner),
			    "%s", words(v, a->name, a->type));
			keep = name_len(at) - name_len(l->owner);
		}
		must(keep + name_len(rr->rdata) <= sizeof at, "%s",
		    words(v, a->name, a->type));
		memcpy(at + keep, rr->rdata, name_len(rr->rdata));
	}
	must(name_equal(at, a->final), "%s ends elsewhere",
	    words(v, a->name, a->type));
}

static void
check_answer(const struct verdict *v, const struct answer *a)
{
	struct dnssec d;

	if (a->name == NULL || a->kind == ANSWER_PENDING)
		return;
	for (size_t i = 0; i < a->nlinks; i++)
		check_link(v, &a->links[i]);
	d = proof_answer(v->j->proofs, a, v->j->options.at);
	must((d.state == DNSSEC_STATE_SECURE) ==
		(d.reason == FINDING_DNSSEC_SECURE),
	    "%s: %s", words(v, a->name, a->type), catalogue_row(d.reason)->id);
	must(d.state == DNSSEC_STATE_SECURE || d.detail != NULL,
	    "%s: no detail", words(v, a->name, a->type));
	if (d.state != DNSSEC_STATE_SECURE)
		return;
	must(
	    a->nlinks > 0, "%s: secure by nothing", words(v, a->name, a->type));
	check_steps(v, a);
}

/* The same question was recorded: what may have become of its state. */
static void
check_change(const struct verdict *v, const struct truth_answer *before,
    const struct answer *a)
{
	const struct dnssec d = proof_answer(v->j->proofs, a, v->j->options.at);
	const char *was = dnssec_state_text(before->state);

	if (v->spoilt->harm == HARM_NONE)
		must(d.state == before->state, "%s was %s: %s",
		    words(v, a->name, a->type), was, d.detail);
	/* What was not to be told may become anything. */
	if (before->state == DNSSEC_STATE_SECURE ||
	    before->state == DNSSEC_STATE_INSECURE)
		must(d.state == before->state ||
			d.state == DNSSEC_STATE_INDETERMINATE,
		    "%s was %s, and something was not observed: %s",
		    words(v, a->name, a->type), was, d.detail);
}

/* ---- zones and hosts ---- */

static void
check_zones(const struct verdict *v)
{
	const struct zone_proof **zones;
	size_t n = proofs_zones(v->j->proofs, &zones);

	for (size_t i = 0; i < n; i++) {
		const struct zone_proof *z = zones[i];
		const struct dns_observation *o = z->dnskey_obs;

		if (z->ds_link != NULL)
			check_link(v, &z->ds_link->link);
		if (zone_state(v->j->proofs, z, v->j->options.at).state !=
			DNSSEC_STATE_SECURE ||
		    v->spoilt->overlay)
			continue;
		must(o != NULL &&
			is_authentic(
			    v, o->answer, o->nanswer, z->name, TYPE_DNSKEY),
		    "%s were never signed so", words(v, z->name, TYPE_DNSKEY));
		/* A set of keys is never from a wildcard. */
		must(truth_has(v->spoilt->world->truth, z->name, TYPE_DNSKEY),
		    "%s", words(v, z->name, TYPE_DNSKEY));
	}
}

static void
check_host(const struct verdict *v, const struct host_view *h)
{
	struct dnssec d;

	if (h->tlsa_counts) {
		must(h->tlsa_answer != NULL &&
			h->tlsa_answer->kind == ANSWER_DATA,
		    "%s counts", words(v, h->host->name, TYPE_TLSA));
		d = proof_answer(
		    v->j->proofs, h->tlsa_answer, v->j->options.at);
		must(d.state == DNSSEC_STATE_SECURE, "%s counts: %s",
		    words(v, h->host->name, TYPE_TLSA), d.detail);
		must(h->address_dnssec.state == DNSSEC_STATE_SECURE,
		    "%s counts, its address is not secure",
		    words(v, h->host->name, TYPE_TLSA));
	}
	for (size_t i = 0; i < h->host->naddresses; i++) {
		const struct address_view *a = &h->addresses[i];

		must(!a->authenticated ||
			(h->tlsa_counts && a->tls && a->by >= 0 &&
			    (size_t)a->by < h->ntlsa && h->tlsa[a->by].usable),
		    "%s is authenticated by nothing",
		    words(v, h->host->name, TYPE_TLSA));
	}
}

/* Mail was delivered; so it is where something was only not observed. */
static void
check_delivery(const struct verdict *v)
{
	const struct truth *t = v->spoilt->world->truth;

	for (int p = 0; p < NPROFILES; p++) {
		enum delivery before = t->delivery[p];
		enum delivery now = v->j->outcome[p].delivery;

		if (v->spoilt->harm == HARM_NONE)
			must(now == before, "%s: profile %d: %d, was %d",
			    v->spoilt->world->name, p, (int)now, (int)before);
		else if (v->spoilt->harm == HARM_ABSENCE &&
		    before < DELIVERY_UNKNOWN)
			must(now <= DELIVERY_UNKNOWN,
			    "%s: profile %d: %d, was %d",
			    v->spoilt->world->name, p, (int)now, (int)before);
	}
}

static const struct truth_answer *
answer_before(const struct truth *t, const struct answer *a)
{
	for (size_t i = 0; i < t->nanswers; i++)
		if (t->answers[i].type == a->type &&
		    name_equal(t->answers[i].name, a->name))
			return &t->answers[i];
	return NULL;
}

void
truth_check(const struct verdict *v)
{
	const struct evidence *ev = v->j->ev;

	for (size_t i = 0; i < ev->ndns; i++) {
		const struct truth_answer *before;
		struct answer a;

		answer_follow(
		    v->j->mem, ev, ev->dns[i]->name, ev->dns[i]->type, &a);
		check_answer(v, &a);
		before = answer_before(v->spoilt->world->truth, &a);
		if (v->usual && before != NULL && v->spoilt->harm < HARM_ANY)
			check_change(v, before, &a);
	}
	check_zones(v);
	for (size_t i = 0; i < v->j->path->nhosts; i++)
		check_host(v, &v->j->hosts[i]);
	if (v->usual)
		check_delivery(v);
}

/* SPDX-License-Identifier: ISC */
/*
 * A plan may change a zone's keys or its DS: what caches hold of the present
 * ones must let the new records validate as well, as long as they hold it
 * (RFC 6781 4.1).  The same proofs are made, with the cached answer in its
 * place.
 */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "evidence.h"
#include "name.h"
#include "overlay_part.h"
#include "path.h"
#include "plan.h"
#include "rdata.h"
#include "text.h"

static struct evidence
published(const struct evidence *ev)
{
	struct evidence live = *ev;

	live.view = NULL;
	return live;
}

/* ---- wants ---- */

static bool
is_key_type(uint16_t type)
{
	return type == TYPE_DS || type == TYPE_DNSKEY;
}

static void
want(struct wants *w, const struct evidence *live, const uint8_t *zone)
{
	const struct evidence *view = w->ev;

	w->ev = live;
	wants_dns(w, zone, TYPE_DNSKEY);
	wants_dns(w, zone, TYPE_DS);
	w->ev = view;
}

void
cached_wants(struct wants *w)
{
	const struct overlay *o = w->ev->asked.overlay;
	struct evidence live = published(w->ev);

	if (w->ev->view == NULL || !asked_has(&w->ev->asked, ASKED_DNSSEC))
		return;
	/* Only where something that was asked depends on it. */
	for (size_t i = 0; i < o->nzones; i++)
		if (o->zones[i].is_signed &&
		    !overlay_part_is_idle(w->ev->view, OVERLAY_ZONE, i))
			want(w, &live, o->zones[i].name);
	for (size_t i = 0; i < o->nwith; i++)
		if (is_key_type(o->with[i].type) &&
		    !overlay_part_is_idle(w->ev->view, OVERLAY_WITH, i))
			want(w, &live, o->with[i].owner);
}

/* ---- judging ---- */

static bool
is_of(const struct rr *rr, const uint8_t *owner, uint16_t type)
{
	return rr->type == type && name_equal(rr->owner, owner);
}

/* Every record of the set in one answer is in the other, too. */
static bool
holds_all(const struct dns_observation *a, const struct dns_observation *b)
{
	for (size_t i = 0; i < b->nanswer; i++) {
		bool found = !is_of(&b->answer[i], b->name, b->type);

		for (size_t k = 0; k < a->nanswer && !found; k++)
			found = is_of(&a->answer[k], b->name, b->type) &&
			    a->answer[k].rdlen == b->answer[i].rdlen &&
			    memcmp(a->answer[k].rdata, b->answer[i].rdata,
				b->answer[i].rdlen) == 0;
		if (!found)
			return false;
	}
	return true;
}

static bool
has_set(const struct dns_observation *o)
{
	for (size_t i = 0; o->outcome == DNS_REPLY && i < o->nanswer; i++)
		if (is_of(&o->answer[i], o->name, o->type))
			return true;
	return false;
}

/* As its zone has it: RFC 4034 3.1.4, the RRSIG's original TTL. */
static uint32_t
whole_ttl(const struct dns_observation *o)
{
	uint32_t ttl = 0;

	for (size_t i = 0; i < o->nanswer; i++) {
		const struct rr *rr = &o->answer[i];
		const uint8_t *d = rr->rdata;
		uint32_t one = rr->ttl;

		if (!name_equal(rr->owner, o->name))
			continue;
		if (rr->type == TYPE_RRSIG && rr->rdlen > 18 &&
		    (d[0] << 8 | d[1]) == o->type)
			one = (uint32_t)d[4] << 24 | (uint32_t)d[5] << 16 |
			    (uint32_t)d[6] << 8 | d[7];
		if (one > ttl)
			ttl = one;
	}
	return ttl;
}

/* The set that is published now, where the plan has another; else NULL. */
static const struct dns_observation *
replaced(const struct evidence *view, const uint8_t *zone, uint16_t type)
{
	struct evidence live = published(view);
	const struct dns_observation *before, *after;

	after = evidence_dns(view, zone, type);
	before = evidence_dns(&live, zone, type);
	if (after == NULL || after->via != VIA_OVERLAY || before == NULL ||
	    !has_set(before) || !has_set(after) ||
	    (holds_all(before, after) && holds_all(after, before)))
		return NULL;
	return before;
}

/* The first that is secure as it will be, and bogus with what is cached. */
static const struct answer *
first_broken(const struct judgement *j, struct proofs *now,
    const struct evidence *mixed, const struct answer *list[], size_t n,
    struct answer *out)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i]->name == NULL ||
		    proof_answer(j->proofs, list[i], j->options.at).state !=
			DNSSEC_STATE_SECURE)
			continue;
		answer_follow(j->mem, mixed, list[i]->name, list[i]->type, out);
		if (proof_answer(now, out, j->options.at).state ==
		    DNSSEC_STATE_BOGUS)
			return out;
	}
	return NULL;
}

static const struct answer *
broken_answer(
    const struct judgement *j, const struct evidence *mixed, struct answer *out)
{
	struct proofs *now = proofs_new(j->mem, mixed, NULL);
	const struct answer *mx = &j->path->mx, *found;

	found = first_broken(j, now, mixed, &mx, 1, out);
	for (size_t i = 0; i < j->path->nhosts && found == NULL; i++) {
		const struct path_host *h = &j->path->hosts[i];
		const struct answer *list[] = { &h->a, &h->aaaa, &h->tlsa[0],
			&h->tlsa[1] };

		if (!h->over_limit && !h->not_a_name)
			found = first_broken(
			    j, now, mixed, list, 2 + h->ntlsa, out);
	}
	return found;
}

static void
judge_set(struct judgement *j, const uint8_t *zone, uint16_t type)
{
	const struct dns_observation *before = replaced(j->ev, zone, type);
	struct evidence mixed = *j->ev;
	const struct answer *broken;
	struct finding *f;
	struct answer a;
	char wait[32], text[16];

	if (before == NULL)
		return;
	mixed.cached = before;
	broken = broken_answer(j, &mixed, &a);
	if (broken == NULL)
		return;
	text_duration((int64_t)whole_ttl(before), wait);
	f = judge_add(j, FINDING_DNSSEC_KEYS_EARLY, -1, -1);
	f->subject.zone = zone;
	f->subject.name = zone;
	f->subject.type = type;
	f->detail = judge_text(j,
	    "with the present %s set of %s, which caches hold for up to %s, "
	    "%s %s is bogus",
	    rr_type_text(type, text), name_text(j->mem, zone), wait,
	    name_text(j->mem, broken->name),
	    broken->type == TYPE_MX	    ? "MX"
		: broken->type == TYPE_TLSA ? "TLSA"
		: broken->type == TYPE_A    ? "A"
					    : "AAAA");
}

void
judge_cached(struct judgement *j)
{
	const struct zone_proof **zones;
	size_t n;

	if (j->ev->view == NULL)
		return;
	n = proofs_zones(j->proofs, &zones);
	for (size_t i = 0; i < n; i++) {
		judge_set(j, zones[i]->name, TYPE_DNSKEY);
		judge_set(j, zones[i]->name, TYPE_DS);
	}
}

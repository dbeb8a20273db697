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

/* As its zone has it: RFC 4034 3.1.4, the RRSIG's original TTL. */
static uint32_t
whole_ttl(const struct dns_observation *o)
{
	uint32_t ttl = 0;

	for (size_t i = 0; i < o->nanswer; i++) {
		const struct rr *rr = &o->answer[i];
		uint32_t one = rr->ttl;
		struct rrsig f;

		if (!name_equal(rr->owner, o->name))
			continue;
		if (rr->type == TYPE_RRSIG && rrsig_read(rr, &f) &&
		    f.covered == o->type)
			one = f.original_ttl;
		if (one > ttl)
			ttl = one;
	}
	return ttl;
}

/* A set as it is published, and as it will be. */
struct change {
	const struct dns_observation *before, *after;
};

/* What is published, walked and proved where that is needed. */
struct live {
	struct evidence ev;
	struct proofs *proofs;
	const struct path *path;
};

/* The plan has another set than is published. */
static bool
find_change(const struct evidence *view, const uint8_t *zone, uint16_t type,
    struct change *c)
{
	struct evidence live = evidence_published(view);

	c->after = evidence_dns(view, zone, type);
	c->before = evidence_dns(&live, zone, type);
	return c->after != NULL && c->after->via == VIA_OVERLAY &&
	    c->before != NULL && dns_answers(c->before, zone, type) &&
	    dns_answers(c->after, zone, type) &&
	    (!holds_all(c->before, c->after) ||
		!holds_all(c->after, c->before));
}

/*
 * The instant of the judgement, if the zone's keys are good then; else that
 * of the observation: no cache keeps them for longer (RFC 4035 5.3.3).  False:
 * they never were, and a change can only mend.
 */
static bool
instant(const struct judgement *j, const struct live *l, const uint8_t *zone,
    int64_t *at)
{
	const int64_t when[] = { j->options.at, j->ev->collected_at };
	struct answer a;

	answer_follow(j->mem, &l->ev, zone, TYPE_DNSKEY, &a);
	for (int i = 0; i < 2; i++) {
		*at = when[i];
		if (proof_answer(l->proofs, &a, *at).state ==
		    DNSSEC_STATE_SECURE)
			return true;
	}
	return false;
}

/* Answers of a path, in their order; NULL: no more. */
static const struct answer *
answer_of(const struct path *p, size_t *host, size_t *which)
{
	while (*host <= p->nhosts) {
		const struct path_host *h =
		    *host > 0 ? &p->hosts[*host - 1] : NULL;
		const struct answer *list[4] = { NULL };
		size_t n = 0;

		if (h == NULL)
			list[n++] = &p->mx;
		else if (!h->over_limit && !h->not_a_name) {
			list[n++] = &h->a;
			list[n++] = &h->aaaa;
			for (size_t k = 0; k < h->ntlsa; k++)
				list[n++] = &h->tlsa[k];
		}
		if (*which < n)
			return list[(*which)++];
		(*host)++;
		*which = 0;
	}
	return NULL;
}

/* The first that is secure, and bogus with the other set in its place. */
static const struct answer *
first_broken(const struct judgement *j, const struct path *path,
    struct proofs *good, const struct evidence *mixed, int64_t at)
{
	struct proofs *now = proofs_like(good, j->mem, mixed);
	size_t host = 0, which = 0;
	const struct answer *one;

	while ((one = answer_of(path, &host, &which)) != NULL) {
		struct answer a;

		if (one->name == NULL ||
		    proof_answer(good, one, at).state != DNSSEC_STATE_SECURE)
			continue;
		answer_follow(j->mem, mixed, one->name, one->type, &a);
		if (proof_answer(now, &a, at).state == DNSSEC_STATE_BOGUS)
			return one;
	}
	return NULL;
}

/* ---- wants ---- */

static bool
is_key_type(uint16_t type)
{
	return type == TYPE_DS || type == TYPE_DNSKEY;
}

static void
want_path(struct wants *w, const struct evidence *live)
{
	const struct path *p = path_walk_mail(w->mem, live);
	size_t host = 0, which = 0;
	const struct answer *one;

	while ((one = answer_of(p, &host, &which)) != NULL)
		wants_published(w, live, one);
}

static void
want(struct wants *w, const struct evidence *live, const uint8_t *zone)
{
	const struct evidence *view = w->ev;
	struct change c;

	w->ev = live;
	wants_dns(w, zone, TYPE_DNSKEY);
	wants_dns(w, zone, TYPE_DS);
	w->ev = view;
	/* A key goes: what has it signed that caches hold? */
	if (find_change(view, zone, TYPE_DNSKEY, &c) &&
	    !holds_all(c.after, c.before))
		want_path(w, live);
}

void
cached_wants(struct wants *w)
{
	const struct overlay *o = w->ev->asked.overlay;
	struct evidence live = evidence_published(w->ev);

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

static struct finding *
add(struct judgement *j, const uint8_t *zone, uint16_t type)
{
	struct finding *f = judge_add(j, FINDING_DNSSEC_KEYS_EARLY, -1, -1);

	f->subject.zone = zone;
	f->subject.name = zone;
	f->subject.type = type;
	return f;
}

/* What caches hold of the zone's keys, and the records to come. */
static bool
judge_new_records(struct judgement *j, const uint8_t *zone, uint16_t type,
    const struct change *c, int64_t at)
{
	struct evidence mixed = *j->ev;
	const struct answer *broken;
	char wait[32], text[16], of[16];

	mixed.cached = c->before;
	broken = first_broken(j, j->path, j->proofs, &mixed, at);
	if (broken == NULL)
		return false;
	text_duration((int64_t)whole_ttl(c->before), wait);
	add(j, zone, type)->detail = judge_text(j,
	    "with the present %s set of %s, which caches hold for up to %s, "
	    "%s %s is bogus",
	    rr_type_text(type, text), name_text(j->mem, zone), wait,
	    name_text(j->mem, broken->name), rr_type_text(broken->type, of));
	return true;
}

/*
 * And the other way round: records that a cache holds and gives to validators
 * behind it, whose key has gone (RFC 6781 4.1.1.1).
 */
static void
judge_old_records(struct judgement *j, struct live *l, const uint8_t *zone,
    const struct change *c, int64_t at)
{
	struct evidence mixed = l->ev;
	const struct answer *broken;
	char wait[32], of[16];

	if (holds_all(c->after, c->before))
		return;
	if (l->path == NULL)
		l->path = path_walk_mail(j->mem, &l->ev);
	mixed.cached = c->after;
	broken = first_broken(j, l->path, l->proofs, &mixed, at);
	if (broken == NULL)
		return;
	text_duration((int64_t)broken->ttl, wait);
	add(j, zone, TYPE_DNSKEY)->detail = judge_text(j,
	    "with the DNSKEY set of %s to come, the present %s %s, which "
	    "caches hold for %s or more, is bogus: keep the key that signed it",
	    name_text(j->mem, zone), name_text(j->mem, broken->name),
	    rr_type_text(broken->type, of), wait);
}

void
judge_cached(struct judgement *j)
{
	const struct zone_proof **zones;
	struct live l = { .ev = evidence_published(j->ev) };
	struct change c, of_parent;
	size_t n;

	if (j->ev->view == NULL)
		return;
	n = proofs_zones(j->proofs, &zones);
	for (size_t i = 0; i < n; i++) {
		const uint8_t *zone = zones[i]->name;
		bool keys = find_change(j->ev, zone, TYPE_DNSKEY, &c);
		bool ds = find_change(j->ev, zone, TYPE_DS, &of_parent);
		int64_t at;

		if (!keys && !ds)
			continue;
		if (l.proofs == NULL)
			l.proofs = proofs_like(j->proofs, j->mem, &l.ev);
		if (!instant(j, &l, zone, &at))
			continue;
		if (keys && !judge_new_records(j, zone, TYPE_DNSKEY, &c, at))
			judge_old_records(j, &l, zone, &c, at);
		if (ds)
			judge_new_records(j, zone, TYPE_DS, &of_parent, at);
	}
}

/* SPDX-License-Identifier: ISC */
/* What is observed and what is not published yet, seen as one. */
#include <string.h>

#include "arena.h"
#include "denial.h"
#include "name.h"
#include "overlay_part.h"

enum { HASH_WORK_MAX = 250000 };

/* What single records change at a name, for one type. */
struct change {
	bool all; /* everything there is taken away */
	bool type; /* the type's records, or some, are */
	bool alias; /* a CNAME that is there is */
	bool with; /* the type's records are added */
	bool with_alias; /* a CNAME is */
	bool other; /* something beside which no CNAME can be is */
	bool below; /* something at a name below is: the name exists */
};

struct overlay_view *
overlay_view_new(struct arena *mem, const struct overlay *o)
{
	struct overlay_view *v;

	if (o == NULL || o->nzones + o->nwithout + o->nwith + o->ncerts == 0)
		return NULL;
	v = arena_alloc(mem, sizeof *v);
	v->mem = mem;
	v->overlay = o;
	v->hasher = nsec3_hasher_new(mem, HASH_WORK_MAX);
	v->zones = arena_array(mem, o->nzones, sizeof(bool));
	v->without = arena_array(mem, o->nwithout, sizeof(bool));
	v->with = arena_array(mem, o->nwith, sizeof(bool));
	v->certs = arena_array(mem, o->ncerts, sizeof(bool));
	return v;
}

static struct dns_observation *
made_new(struct overlay_view *v, const uint8_t *name, uint16_t type)
{
	struct dns_observation *obs = arena_alloc(v->mem, sizeof *obs);

	obs->refs = 1;
	obs->mem = v->mem;
	obs->name = name_copy(v->mem, name);
	obs->type = type;
	obs->via = VIA_OVERLAY;
	obs->basis = "overlay";
	obs->attempts = 1;
	obs->elapsed_ms = -1;
	return obs;
}

/* ---- zones ---- */

/* The closest zone that the question belongs to (RFC 4035 2.4: DS above). */
static const struct overlay_zone *
zone_of(const struct overlay *o, const uint8_t *name, uint16_t type)
{
	const struct overlay_zone *best = NULL;

	for (size_t i = 0; i < o->nzones; i++) {
		const struct overlay_zone *z = &o->zones[i];

		if (!name_within(name, z->name) ||
		    (type == TYPE_DS && name_equal(name, z->name)))
			continue;
		if (best == NULL ||
		    name_labels(z->name) > name_labels(best->name))
			best = z;
	}
	return best;
}

static bool
is_changed(const struct overlay *o, const uint8_t *name, uint16_t type)
{
	if (zone_of(o, name, type) != NULL)
		return true;
	for (size_t i = 0; i < o->nwithout; i++)
		if (name_equal(o->without[i].name, name))
			return true;
	for (size_t i = 0; i < o->nwith; i++)
		if (name_within(o->with[i].owner, name))
			return true;
	return false;
}

/* Where the alias at a name of this reply leads; NULL: there is none. */
static const uint8_t *
alias_at(const struct dns_observation *obs, const uint8_t *name)
{
	for (size_t i = 0; i < obs->nanswer; i++)
		if (obs->answer[i].type == TYPE_CNAME &&
		    obs->answer[i].wellformed &&
		    name_equal(obs->answer[i].owner, name))
			return obs->answer[i].rdata;
	return NULL;
}

/* The aliases of this reply lead to the name. */
static bool
leads_to(const struct dns_observation *obs, const uint8_t *name)
{
	const uint8_t *at = obs->name;

	for (size_t i = 0; i < obs->nanswer && at != NULL; i++) {
		at = alias_at(obs, at);
		if (at != NULL && name_equal(at, name))
			return true;
	}
	return false;
}

static const struct dns_observation *
tail_make(struct overlay_view *v, const struct dns_observation *whole,
    const uint8_t *name)
{
	struct dns_observation *obs = arena_copy(v->mem, whole, sizeof *whole);
	const uint8_t *at = name;

	obs->refs = 1;
	obs->mem = v->mem;
	obs->name = name_copy(v->mem, name);
	obs->wire = NULL;
	obs->wirelen = 0;
	obs->answer = arena_array(v->mem, whole->nanswer, sizeof *obs->answer);
	obs->nanswer = 0;
	for (size_t step = 0; at != NULL && step <= whole->nanswer; step++) {
		for (size_t i = 0;
		     i < whole->nanswer && obs->nanswer < whole->nanswer; i++)
			if (name_equal(whole->answer[i].owner, at))
				obs->answer[obs->nanswer++] = whole->answer[i];
		at = alias_at(whole, at);
	}
	return obs;
}

const struct dns_observation *
overlay_tail(struct overlay_view *v, const struct evidence *ev,
    const uint8_t *name, uint16_t type)
{
	struct made *m;

	for (m = v->tails; m != NULL; m = m->next)
		if (m->type == type && name_equal(m->name, name))
			return m->obs;
	for (size_t i = 0; i < ev->ndns; i++) {
		const struct dns_observation *o = ev->dns[i];

		if (o->type != type || o->look != LOOK_FIRST ||
		    o->outcome != DNS_REPLY || !leads_to(o, name))
			continue;
		m = arena_alloc(v->mem, sizeof *m);
		m->name = name_copy(v->mem, name);
		m->type = type;
		m->live = o;
		m->obs = tail_make(v, o, name);
		m->next = v->tails;
		v->tails = m;
		return m->obs;
	}
	return NULL;
}

/* On its way a name that is changed; NULL: none. */
static const uint8_t *
changed_target(const struct overlay *o, const struct dns_observation *live)
{
	const uint8_t *name = live->name;

	for (size_t i = 0; i < live->nanswer; i++) {
		name = alias_at(live, name);
		if (name == NULL || is_changed(o, name, live->type))
			return name;
	}
	return NULL;
}

/*
 * A live answer whose aliases lead to what is replaced, up to there: the rest
 * is asked for by itself.  Its denials may belong to a wildcard on the way;
 * only the SOA would speak of its end.
 */
static const struct dns_observation *
live_part(struct overlay_view *v, const struct dns_observation *live)
{
	struct dns_observation *obs;
	const uint8_t *target;
	size_t n = 0;

	if (live == NULL || live->outcome != DNS_REPLY)
		return live;
	target = changed_target(v->overlay, live);
	if (target == NULL)
		return live;
	obs = arena_copy(v->mem, live, sizeof *live);
	obs->rcode = 0;
	obs->answer = arena_array(v->mem, live->nanswer, sizeof *obs->answer);
	for (const uint8_t *name = live->name; !name_equal(name, target);
	     name = alias_at(live, name))
		for (size_t i = 0; i < live->nanswer; i++)
			if (name_equal(live->answer[i].owner, name))
				obs->answer[n++] = live->answer[i];
	obs->nanswer = n;
	obs->authority =
	    arena_array(v->mem, live->nauthority, sizeof *obs->authority);
	obs->nauthority = 0;
	for (size_t i = 0; i < live->nauthority; i++)
		if (live->authority[i].type != TYPE_SOA)
			obs->authority[obs->nauthority++] = live->authority[i];
	return obs;
}

/* ---- single records ---- */

/*
 * What makes a zone, or a cut, goes with the zone or its parent only: where
 * all of a name is taken away it stays, as --without refuses it by type.
 */
static bool
outlasts(uint16_t type)
{
	switch (type) {
	case TYPE_SOA:
	case TYPE_NS:
	case TYPE_DS:
	case TYPE_DNSKEY:
	case TYPE_CDS:
	case TYPE_CDNSKEY:
		return true;
	default:
		return false;
	}
}

static struct change
change_of(struct overlay_view *v, const uint8_t *name, uint16_t type)
{
	const struct overlay *o = v->overlay;
	struct change c = { .all = false };

	for (size_t i = 0; i < o->nwithout; i++) {
		uint16_t gone = o->without[i].type;

		if (!name_equal(o->without[i].name, name) ||
		    (gone == 0 && outlasts(type)))
			continue;
		c.all |= gone == 0;
		c.type |= gone == 0 || gone == type;
		c.alias |= gone == 0 || gone == TYPE_CNAME;
		v->without[i] |=
		    gone == 0 || gone == type || gone == TYPE_CNAME;
	}
	for (size_t i = 0; i < o->nwith; i++) {
		const struct rr *rr = &o->with[i];

		/* RFC 4035 2.4, 2.5: the parent's, and the signer's. */
		bool beside = rr->type == TYPE_DS || rr->type == TYPE_NS;

		if (!name_within(rr->owner, name))
			continue;
		if (!name_equal(rr->owner, name)) {
			c.below = true;
			continue;
		}
		c.with |= rr->type == type;
		c.with_alias |= rr->type == TYPE_CNAME;
		v->with[i] |= rr->type == type || rr->type == TYPE_CNAME;
		c.other |= rr->type != TYPE_CNAME && !beside;
		c.below |= beside;
	}
	return c;
}

static bool
is_usable(const struct dns_observation *obs)
{
	return obs != NULL && obs->outcome == DNS_REPLY &&
	    (obs->rcode == 0 || obs->rcode == 3);
}

/* The base's records of the type at the name that stay. */
static void
keep(const struct dns_observation *base, struct dns_observation *out)
{
	for (size_t i = 0; i < base->nanswer; i++)
		if (base->answer[i].type == out->type &&
		    name_equal(base->answer[i].owner, out->name))
			out->answer[out->nanswer++] = base->answer[i];
}

static bool
has_record(const struct dns_observation *obs, const struct rr *rr)
{
	for (size_t i = 0; i < obs->nanswer; i++)
		if (obs->answer[i].rdlen == rr->rdlen &&
		    memcmp(obs->answer[i].rdata, rr->rdata, rr->rdlen) == 0)
			return true;
	return false;
}

/* True when one of them was not there before. */
static bool
add(const struct overlay *o, uint16_t type, struct dns_observation *out)
{
	bool fresh = false;

	for (size_t i = 0; i < o->nwith; i++) {
		const struct rr *rr = &o->with[i];

		if (rr->type != type || !name_equal(rr->owner, out->name) ||
		    has_record(out, rr))
			continue;
		out->answer[out->nanswer++] = *rr;
		fresh = true;
	}
	return fresh;
}

/* Who signed what is there; of a denial, who signed that. */
static const uint8_t *
signer_of(const struct dns_observation *live, const uint8_t *name)
{
	struct rrsig f;

	if (!is_usable(live))
		return NULL;
	for (size_t i = 0; i < live->nanswer; i++)
		if (live->answer[i].type == TYPE_RRSIG &&
		    name_equal(live->answer[i].owner, name) &&
		    rrsig_read(&live->answer[i], &f) &&
		    name_within(name, f.signer))
			return f.signer;
	for (size_t i = 0; i < live->nauthority; i++)
		if (live->nanswer == 0 &&
		    live->authority[i].type == TYPE_RRSIG &&
		    rrsig_read(&live->authority[i], &f) &&
		    name_within(name, f.signer))
			return f.signer;
	return NULL;
}

/* The NS set of a delegation, of which no more is known. */
static void
put_cut(struct overlay_view *v, struct dns_observation *out)
{
	struct rr *ns = arena_alloc(v->mem, sizeof *ns);

	ns->owner = out->name;
	ns->type = TYPE_NS;
	ns->class = CLASS_IN;
	ns->rdata = name_root;
	ns->rdlen = 1;
	ns->wellformed = true;
	out->authority = ns;
	out->nauthority = 1;
}

/*
 * The set as it will be.  RFC 1034 3.6.2: an alias has no other data, so one
 * that is added takes the place of all else, and other data that of an alias.
 */
static const struct dns_observation *
apply(struct overlay_view *v, const struct change *c,
    const struct dns_observation *base, const uint8_t *name, uint16_t type,
    const uint8_t *signer)
{
	const struct overlay *o = v->overlay;
	struct dns_observation *out = made_new(v, name, type);
	size_t room = o->nwith + (base != NULL ? base->nanswer : 0);
	bool alias = is_usable(base) && alias_at(base, name) != NULL;
	bool was_there = is_usable(base) && dns_answers(base, name, type);
	bool kept, fresh;

	if (alias && !c->alias && !c->other && !c->with_alias)
		return base;
	out->outcome = DNS_REPLY;
	out->assumed = true;
	out->assumed_zone = signer;
	out->answer = arena_array(v->mem, room, sizeof *out->answer);
	if (c->with_alias) {
		add(o, TYPE_CNAME, out);
		return out;
	}
	if (is_usable(base) && !c->type && !alias)
		keep(base, out);
	kept = out->nanswer > 0;
	fresh = add(o, type, out);
	/* What is not there cannot be taken away. */
	if (base != NULL && is_usable(base) && !was_there && !fresh && !alias &&
	    !c->all && (base->rcode == 0 || !(c->other || c->below)))
		return base;
	/* The parent has the cut still, and no more. */
	if (type == TYPE_DS && out->nanswer == 0 && was_there)
		put_cut(v, out);
	if (out->nanswer == 0 && !c->other && !c->below &&
	    (c->all || alias || (is_usable(base) && base->rcode == 3)))
		out->rcode = 3;
	/* Nothing is different for this type: the live proof stands. */
	if (base != NULL && !c->type && !fresh && !alias &&
	    (kept || base->rcode == out->rcode))
		return base;
	return out;
}

/*
 * The zone itself still answers, signed, for a name below a cut that only its
 * file has.
 */
static bool
is_own(const struct overlay_zone *z, const struct dns_observation *live,
    const uint8_t *name, uint16_t type)
{
	const uint8_t *signer = signer_of(live, name);

	return signer != NULL && name_equal(signer, z->name) &&
	    type != TYPE_DNSKEY && overlay_zone_has_cut(z, name);
}

/*
 * RFC 4592 2.2.1, 3.3.1: a wildcard gives what is there, and a name that is
 * added, at this one or above it, takes its place.
 */
static bool
is_hidden(const struct overlay *o, const struct overlay_zone *z,
    const struct dns_observation *base, const uint8_t *name)
{
	unsigned encloser = name_labels(name);
	struct rrsig f;

	if (z != NULL) {
		const uint8_t *up = name;

		while (name_labels(up) > name_labels(z->name) &&
		    !overlay_zone_exists(z, up))
			up = name_parent(up);
		encloser = name_labels(up);
	}
	for (size_t i = 0; z == NULL && is_usable(base) && i < base->nanswer;
	     i++)
		if (base->answer[i].type == TYPE_RRSIG &&
		    name_equal(base->answer[i].owner, name) &&
		    rrsig_read(&base->answer[i], &f) && f.labels < encloser)
			encloser = f.labels;
	for (size_t i = 0; i < o->nwith; i++)
		if (name_common(o->with[i].owner, name) > encloser)
			return true;
	return false;
}

static const struct dns_observation *
make(struct overlay_view *v, const uint8_t *name, uint16_t type,
    const struct dns_observation *live)
{
	const struct overlay_zone *z = zone_of(v->overlay, name, type);
	struct change c = change_of(v, name, type);
	struct dns_observation *own = made_new(v, name, type);
	const struct dns_observation *base;
	bool from_file = false, hidden,
	     touched = c.all || c.type || c.alias || c.with || c.with_alias ||
	    c.other || c.below;

	own->assumed = z != NULL && !z->is_signed;
	own->assumed_apex = z != NULL ? z->name : NULL;
	if (z != NULL &&
	    overlay_zone_answer(v->mem, z, v->hasher, name, type, own)) {
		base = own;
		from_file = true;
		v->zones[z - v->overlay->zones] = true;
	} else {
		base = live_part(v, live);
		/* Below a new cut the zone's own answers are not the child's.
		 */
		if (z != NULL && is_own(z, live, name, type))
			return NULL;
	}
	hidden = is_hidden(v->overlay, from_file ? z : NULL, base, name);
	if (!touched && !hidden)
		return base;
	/* All that is there goes: nobody needs to know what it is. */
	if (c.all || hidden)
		base = NULL;
	else if (base == NULL || (!is_usable(base) && !c.type))
		return base;
	return apply(v, &c, base, name, type, signer_of(live, name));
}

const struct dns_observation *
overlay_dns(struct overlay_view *v, const uint8_t *name, uint16_t type,
    const struct dns_observation *live)
{
	struct made *m;

	for (m = v->made; m != NULL; m = m->next)
		if (m->type == type && m->live == live &&
		    name_equal(m->name, name))
			return m->obs;
	m = arena_alloc(v->mem, sizeof *m);
	m->name = name_copy(v->mem, name);
	m->type = type;
	m->live = live;
	m->obs = make(v, name, type, live);
	m->next = v->made;
	v->made = m;
	return m->obs;
}

bool
overlay_part_is_idle(
    const struct overlay_view *v, enum overlay_part part, size_t index)
{
	switch (part) {
	case OVERLAY_ZONE:
		return v != NULL && !v->zones[index];
	case OVERLAY_WITHOUT:
		return v != NULL && !v->without[index];
	case OVERLAY_WITH:
		return v != NULL && !v->with[index];
	case OVERLAY_CERT:
		break;
	}
	return v != NULL && !v->certs[index];
}

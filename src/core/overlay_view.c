/* SPDX-License-Identifier: ISC */
/* What is observed and what is not published yet, seen as one. */
#include <string.h>

#include "arena.h"
#include "cert.h"
#include "denial.h"
#include "name.h"
#include "overlay_part.h"

enum { HASH_WORK_MAX = 250000 };

/* An answer that was made, kept for the next who asks. */
struct made {
	struct made *next;
	const uint8_t *name;
	uint16_t type;
	const struct dns_observation *live; /* made of this */
	const struct dns_observation *obs;
};

struct made_session {
	struct made_session *next;
	const uint8_t *host;
	const char *address;
	enum tls_keys keys;
	const struct smtp_observation *live[KEYS_ECDSA + 1]; /* of these */
	const struct smtp_observation *obs;
};

struct overlay_view {
	struct arena *mem;
	const struct overlay *overlay;
	struct nsec3_hasher *hasher;
	struct made *made;
	struct made_session *sessions;
	/* By index: something that was asked depends on it. */
	bool *zones, *without, *with, *certs;
};

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

static struct change
change_of(struct overlay_view *v, const uint8_t *name, uint16_t type)
{
	const struct overlay *o = v->overlay;
	struct change c = { .all = false };

	for (size_t i = 0; i < o->nwithout; i++) {
		uint16_t gone = o->without[i].type;

		if (!name_equal(o->without[i].name, name))
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
	if (out->nanswer == 0 && !c->other && !c->below &&
	    (c->all || alias || (is_usable(base) && base->rcode == 3)))
		out->rcode = 3;
	/* Nothing is different for this type: the live proof stands. */
	if (base != NULL && !c->type && !fresh && !alias &&
	    (kept || base->rcode == out->rcode))
		return base;
	return out;
}

static const struct dns_observation *
make(struct overlay_view *v, const uint8_t *name, uint16_t type,
    const struct dns_observation *live)
{
	const struct overlay_zone *z = zone_of(v->overlay, name, type);
	struct change c = change_of(v, name, type);
	struct dns_observation *own = made_new(v, name, type);
	const struct dns_observation *base;
	bool touched = c.all || c.type || c.alias || c.with || c.with_alias ||
	    c.other || c.below;

	own->assumed = z != NULL && !z->is_signed;
	if (z != NULL &&
	    overlay_zone_answer(v->mem, z, v->hasher, name, type, own)) {
		base = own;
		v->zones[z - v->overlay->zones] = true;
	} else {
		base = live_part(v, live);
	}
	if (!touched)
		return base;
	/* All that is there goes: nobody needs to know what it is. */
	if (c.all)
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

/* ---- certificates ---- */

/* What a host has, or will have, for each kind of key; [KEYS_ANY]: others. */
struct kinds {
	const struct overlay_cert *coming[KEYS_ECDSA + 1];
	const struct smtp_observation *live[KEYS_ECDSA + 1];
};

static enum tls_keys
kind_of(struct overlay_view *v, const struct blob *leaf)
{
	const struct cert *cert = cert_parse(v->mem, leaf->data, leaf->len);

	if (!cert->parsed)
		return KEYS_ANY;
	if (cert->key == CERT_KEY_RSA)
		return KEYS_RSA;
	return cert->key == CERT_KEY_ECDSA ? KEYS_ECDSA : KEYS_ANY;
}

/* False: it has none to come. */
static bool
find_coming(struct overlay_view *v, const uint8_t *host, struct kinds *k)
{
	bool any = false;

	for (size_t i = 0; i < v->overlay->ncerts; i++) {
		const struct overlay_cert *c = &v->overlay->certs[i];

		if (c->host != NULL && !name_equal(c->host, host))
			continue;
		k->coming[kind_of(v, &c->chain[0])] = c;
		v->certs[i] = true;
		any = true;
	}
	return any;
}

static void
find_live(struct overlay_view *v, struct kinds *k,
    const struct smtp_observation *const live[KEYS_ECDSA + 1])
{
	for (int i = KEYS_ANY; i <= KEYS_ECDSA; i++)
		if (live[i] != NULL && live[i]->outcome == SMTP_TLS &&
		    live[i]->nchain > 0)
			k->live[kind_of(v, &live[i]->chain[0])] = live[i];
}

/* A certificate of the other kind stays where one of its own is replaced. */
static const struct smtp_observation *
staying(const struct kinds *k, enum tls_keys kind)
{
	enum tls_keys other = kind == KEYS_RSA ? KEYS_ECDSA : KEYS_RSA;

	if (k->coming[kind] != NULL || k->coming[other] == NULL ||
	    k->live[other] == NULL)
		return NULL;
	return k->live[kind];
}

/*
 * The server as it was met, if it was, with another certificate; without one
 * where there is none for these keys.
 */
static const struct smtp_observation *
session_make(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys, const struct overlay_cert *c,
    const struct smtp_observation *live)
{
	struct smtp_observation *obs = arena_alloc(v->mem, sizeof *obs);

	obs->step = STEP_QUIT;
	obs->elapsed.connect = obs->elapsed.greeting = obs->elapsed.ehlo =
	    obs->elapsed.starttls = obs->elapsed.handshake = -1;
	if (live != NULL && c != NULL)
		*obs = *live;
	obs->refs = 1;
	obs->mem = v->mem;
	obs->host = name_copy(v->mem, host);
	obs->address = arena_strdup(v->mem, address);
	obs->port = 25;
	obs->sni = name_text_nodot(v->mem, host);
	obs->keys = keys;
	if (c == NULL) {
		obs->basis = "no certificate with such a key";
		obs->outcome = SMTP_HANDSHAKE_FAILED;
		obs->step = STEP_HANDSHAKE;
		return obs;
	}
	obs->basis = c->source;
	obs->outcome = SMTP_TLS;
	obs->chain = c->chain;
	obs->nchain = c->nchain;
	return obs;
}

static const struct smtp_observation *
make_session(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys, const struct kinds *k,
    const struct smtp_observation *live)
{
	enum tls_keys kind = keys;

	/* Most offer ECDSA first. */
	if (keys == KEYS_ANY && k->coming[KEYS_ANY] == NULL)
		kind = k->coming[KEYS_ECDSA] != NULL ||
			staying(k, KEYS_ECDSA) != NULL
		    ? KEYS_ECDSA
		    : KEYS_RSA;
	if (kind != KEYS_ANY && staying(k, kind) != NULL)
		return staying(k, kind);
	return session_make(v, host, address, keys, k->coming[kind], live);
}

const struct smtp_observation *
overlay_smtp(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys,
    const struct smtp_observation *const live[KEYS_ECDSA + 1])
{
	const struct smtp_observation *first = live[KEYS_ANY];
	struct kinds k = { .coming = { NULL } };
	struct made_session *m;

	if (v->overlay->ncerts == 0)
		return live[keys];
	for (m = v->sessions; m != NULL; m = m->next)
		if (m->keys == keys && strcmp(m->address, address) == 0 &&
		    memcmp(m->live, live, sizeof m->live) == 0 &&
		    name_equal(m->host, host))
			return m->obs;
	/* What keeps TLS from being done is no matter of the certificate. */
	if ((first != NULL && first->outcome != SMTP_TLS) ||
	    !find_coming(v, host, &k))
		return live[keys];
	find_live(v, &k, live);
	m = arena_alloc(v->mem, sizeof *m);
	m->obs = make_session(v, host, address, keys, &k, first);
	m->host = m->obs->host;
	m->address = m->obs->address;
	m->keys = keys;
	memcpy(m->live, live, sizeof m->live);
	m->next = v->sessions;
	v->sessions = m;
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

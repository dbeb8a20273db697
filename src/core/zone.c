/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "signature.h"

bool
observation_usable(const struct dns_observation *obs)
{
	return obs != NULL && obs->outcome == DNS_REPLY &&
	    (obs->rcode == 0 || obs->rcode == 3);
}

bool
anchor_at(const struct evidence *ev, const uint8_t *name)
{
	size_t i;

	for (i = 0; i < ev->nanchors; i++)
		if ((ev->anchors[i].type == TYPE_DS ||
			ev->anchors[i].type == TYPE_DNSKEY) &&
		    name_equal(ev->anchors[i].owner, name))
			return true;
	return false;
}

const uint8_t *
anchor_above(const struct evidence *ev, const uint8_t *name)
{
	for (; name != NULL; name = name_parent(name))
		if (anchor_at(ev, name))
			return name;
	return NULL;
}

bool
anchor_allows(const struct evidence *ev, const uint8_t *zone,
    const uint8_t *owner, uint16_t type)
{
	const uint8_t *anchor;

	/* RFC 4035 2.4: the DS set belongs to the parent. */
	if (type == TYPE_DS && name_labels(owner) > 0)
		owner = name_parent(owner);
	anchor = anchor_above(ev, owner);
	return anchor == NULL || name_within(zone, anchor);
}

struct zone *
zone_known(const struct proofs *p, const uint8_t *name)
{
	uint32_t hash = name_hash(name);
	size_t i;

	for (i = 0; i < p->nzones; i++)
		if (p->zones[i]->hash == hash &&
		    name_equal(p->zones[i]->pub.name, name))
			return p->zones[i];
	return NULL;
}

static unsigned
key_order(const struct key_proof *k)
{
	return (k->flags & DNSKEY_SEP ? 0u : 65536u) + k->key_tag;
}

/* SEP first, then by tag: servers turn the order from answer to answer. */
static void
keys_sort(struct key_proof *keys, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct key_proof key = keys[i];
		size_t k = i;

		for (; k > 0 && key_order(&keys[k - 1]) > key_order(&key); k--)
			keys[k] = keys[k - 1];
		keys[k] = key;
	}
}

static void
zone_keys(struct proofs *p, struct zone *z)
{
	struct zone_proof *pub = &z->pub;
	size_t i;

	pub->dnskey_obs = evidence_dns(p->ev, pub->name, TYPE_DNSKEY);
	pub->dnskey.owner = pub->name;
	pub->dnskey.type = TYPE_DNSKEY;
	if (!observation_usable(pub->dnskey_obs))
		return;
	pub->dnskey = set_collect(p, pub->dnskey_obs->answer,
	    pub->dnskey_obs->nanswer, pub->name, TYPE_DNSKEY);
	pub->keys = arena_array(p->mem, PROOF_KEYS_MAX, sizeof(pub->keys[0]));
	for (i = 0; i < pub->dnskey.nrrs; i++) {
		const struct rr *rr = pub->dnskey.rrs[i];
		struct key_proof *k = &pub->keys[pub->nkeys];

		if (rr->rdlen <= 4)
			continue;
		if (pub->nkeys == PROOF_KEYS_MAX) {
			pub->more_keys = true;
			break;
		}
		k->dnskey = rr;
		k->key_tag = dnskey_tag(rr->rdata, rr->rdlen);
		k->flags = dnskey_flags(rr);
		k->algorithm = dnskey_algorithm(rr);
		k->bits = dnskey_bits(rr);
		pub->nkeys++;
	}
	keys_sort(pub->keys, pub->nkeys);
}

/* The tags agree; whether the digests do costs, so it is counted. */
static bool
ds_compare(
    struct proofs *p, struct zone *z, struct ds_proof *d, const struct rr *k)
{
	if (z->digests >= PROOF_DIGESTS_MAX ||
	    !work_spend(p, ds_work(k->rdlen))) {
		d->not_compared = true;
		z->pub.more_ds = true;
		return false;
	}
	z->digests++;
	return ds_names_key(d->ds, k);
}

/* The key that a DS or anchor record names, if it may sign. */
static const struct rr *
ds_match(struct proofs *p, struct zone *z, struct ds_proof *d)
{
	const struct rr *ds = d->ds;
	size_t i;

	for (i = 0; i < z->pub.nkeys; i++) {
		const struct key_proof *key = &z->pub.keys[i];
		const struct rr *k = key->dnskey;

		if (key->key_tag != d->key_tag ||
		    key->algorithm != d->algorithm || dnskey_unfit(k) != NULL)
			continue;
		if (ds->type == TYPE_DNSKEY) {
			if (ds->rdlen == k->rdlen &&
			    memcmp(ds->rdata, k->rdata, k->rdlen) == 0)
				return k;
		} else if (ds_compare(p, z, d, k)) {
			return k;
		}
	}
	return NULL;
}

static void
ds_add(struct proofs *p, struct zone *z, const struct rr *rr)
{
	struct ds_proof *d = &z->pub.ds[z->pub.nds++];

	d->ds = rr;
	if (rr->type == TYPE_DNSKEY && rr->rdlen > 4) {
		d->key_tag = dnskey_tag(rr->rdata, rr->rdlen);
		d->algorithm = dnskey_algorithm(rr);
		d->supported = algorithm_supported(d->algorithm, p->deprecated);
	} else if (rr->type == TYPE_DS && rr->rdlen > 4) {
		d->key_tag = (uint16_t)(rr->rdata[0] << 8 | rr->rdata[1]);
		d->algorithm = rr->rdata[2];
		d->digest_type = rr->rdata[3];
		d->supported =
		    algorithm_supported(d->algorithm, p->deprecated) &&
		    digest_supported(d->digest_type);
	}
	if (d->supported)
		d->matches = ds_match(p, z, d);
}

/*
 * RFC 4509 3: SHA-1 SHOULD be ignored where SHA-2 is present; which it may
 * be among those that were not looked at.
 */
static void
ds_ignore_sha1(struct zone_proof *z)
{
	bool sha2 = z->more_ds;
	size_t i;

	for (i = 0; i < z->nds; i++)
		sha2 |= z->ds[i].supported &&
		    (z->ds[i].digest_type == DIGEST_SHA256 ||
			z->ds[i].digest_type == DIGEST_SHA384);
	for (i = 0; i < z->nds; i++)
		z->ds[i].ignored = sha2 && z->ds[i].digest_type == DIGEST_SHA1;
}

/* A DS that matches no key: perhaps it names this one, which is revoked. */
static void
ds_compare_revoked(struct proofs *p, struct zone *z, const struct rr *k)
{
	uint16_t tag = dnskey_tag(k->rdata, k->rdlen);
	size_t i;

	for (i = 0; i < z->pub.nds; i++) {
		struct ds_proof *d = &z->pub.ds[i];

		if (d->matches == NULL && d->ds->type == TYPE_DS &&
		    d->key_tag == tag && !d->revoked)
			d->revoked = ds_compare(p, z, d, k);
	}
}

/* As the key is, or as it was before. */
static void
ds_find_revoked(struct proofs *p, struct zone *z)
{
	size_t i;

	for (i = 0; i < z->pub.nkeys; i++) {
		const struct rr *k = z->pub.keys[i].dnskey;
		struct rr before = *k;
		uint8_t *rdata;

		if ((dnskey_flags(k) & DNSKEY_REVOKE) == 0)
			continue;
		rdata = arena_copy(p->mem, k->rdata, k->rdlen);
		rdata[1] = (uint8_t)(rdata[1] & ~DNSKEY_REVOKE);
		before.rdata = rdata;
		ds_compare_revoked(p, z, k);
		ds_compare_revoked(p, z, &before);
	}
}

/* The DS set, or the anchors that bear the zone's name. */
static void
zone_ds(struct proofs *p, struct zone *z, const struct rr *const *rrs, size_t n)
{
	size_t i;

	z->pub.more_ds = n > PROOF_DS_MAX;
	if (n > PROOF_DS_MAX)
		n = PROOF_DS_MAX;
	z->pub.ds = arena_array(p->mem, n, sizeof(z->pub.ds[0]));
	for (i = 0; i < n; i++)
		ds_add(p, z, rrs[i]);
	ds_find_revoked(p, z);
	ds_ignore_sha1(&z->pub);
}

static void
zone_anchor(struct proofs *p, struct zone *z)
{
	const struct rr **rrs =
	    arena_array(p->mem, p->ev->nanchors, sizeof(rrs[0]));
	size_t i, n = 0;

	z->pub.kind = ZONE_ANCHOR;
	zone_keys(p, z);
	for (i = 0; i < p->ev->nanchors; i++)
		if (name_equal(p->ev->anchors[i].owner, z->pub.name))
			rrs[n++] = &p->ev->anchors[i];
	zone_ds(p, z, rrs, n);
	set_prove(p, &z->pub.dnskey, z);
}

static void
zone_delegated(struct proofs *p, struct zone *z, const struct proof *ds)
{
	z->pub.kind = ZONE_DELEGATED;
	zone_keys(p, z);
	zone_ds(p, z, ds->set.rrs, ds->set.nrrs);
	set_prove(p, &z->pub.dnskey, z);
}

/*
 * The parent's answer to the DS question: a set, an alias, or a denial.
 * Whether it says that the name is there is all one: some servers call an
 * empty non-terminal a name error.
 */
static struct link
ds_link(const struct dns_observation *obs, const uint8_t *name)
{
	struct link l = { obs, name, TYPE_DS, LINK_NODATA };
	bool alias = false;
	size_t i;

	for (i = 0; i < obs->nanswer; i++) {
		const struct rr *rr = &obs->answer[i];

		if (!name_equal(rr->owner, name) || rr->class != CLASS_IN)
			continue;
		if (rr->type == TYPE_DS)
			l.kind = LINK_SET;
		alias |= rr->type == TYPE_CNAME;
	}
	if (l.kind == LINK_SET)
		return l;
	/* RFC 1034 3.6.2: an alias has no other data, so no zone here. */
	if (alias) {
		l.kind = LINK_SET;
		l.type = TYPE_CNAME;
	}
	return l;
}

bool
assumed_cut(const struct dns_observation *obs, const uint8_t *name)
{
	for (size_t i = 0; i < obs->nauthority; i++)
		if (obs->authority[i].type == TYPE_NS &&
		    name_equal(obs->authority[i].owner, name))
			return true;
	return false;
}

static void
zone_below(struct proofs *p, struct zone *z)
{
	const struct dns_observation *obs =
	    evidence_dns(p->ev, z->pub.name, TYPE_DS);
	struct link_proof *lp;
	struct link link;

	z->pub.kind = ZONE_UNKNOWN;
	z->over_limit = name_labels(z->pub.name) > PROOF_DEPTH_MAX;
	if (z->over_limit || !observation_usable(obs))
		return;
	link = ds_link(obs, z->pub.name);
	lp = link_get(p, &link);
	z->pub.ds_link = &lp->pub;
	z->pub.parent = lp->pub.zone;
	if (link.type == TYPE_CNAME) {
		z->not_a_cut = true;
	} else if (link.kind == LINK_SET) {
		zone_delegated(p, z, &lp->pub);
	} else if (obs->assumed && lp->denied.verdict == DENIAL_MISSING) {
		if (assumed_cut(obs, z->pub.name))
			z->pub.kind = ZONE_UNSIGNED;
		z->not_a_cut = z->pub.kind != ZONE_UNSIGNED;
		z->no_name = obs->rcode == 3;
	} else if (lp->denied.verdict == DENIAL_OPT_OUT ||
	    lp->denied.verdict == DENIAL_ITERATIONS ||
	    (lp->denied.verdict == DENIAL_PROVEN && lp->denied.delegation)) {
		z->pub.kind = ZONE_UNSIGNED;
	} else if (lp->denied.verdict == DENIAL_PROVEN) {
		z->not_a_cut = true;
		z->no_name = lp->denied.no_name;
	}
}

/* One for all that are too many; never listed. */
static struct zone *
zone_beyond(struct proofs *p)
{
	if (p->beyond == NULL) {
		p->beyond = arena_alloc(p->mem, sizeof(*p->beyond));
		p->beyond->pub.name = name_root;
		p->beyond->pub.kind = ZONE_UNKNOWN;
		p->beyond->over_limit = true;
	}
	return p->beyond;
}

struct zone *
zone_get(struct proofs *p, const uint8_t *name)
{
	struct zone *z = zone_known(p, name);

	if (z != NULL)
		return z;
	if (p->nzones == PROOF_ZONES_MAX)
		return zone_beyond(p);
	z = arena_alloc(p->mem, sizeof(*z));
	z->pub.name = name_copy(p->mem, name);
	z->hash = name_hash(name);
	p->zones = arena_grow(
	    p->mem, p->zones, p->nzones, &p->zonecap, sizeof(struct zone *));
	p->zones[p->nzones++] = z;
	if (anchor_at(p->ev, name))
		zone_anchor(p, z);
	else if (anchor_above(p->ev, name) == NULL)
		z->pub.kind = ZONE_OUTSIDE;
	else
		zone_below(p, z);
	return z;
}

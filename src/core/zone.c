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

struct zone *
zone_known(const struct proofs *p, const uint8_t *name)
{
	size_t i;

	for (i = 0; i < p->nzones; i++)
		if (name_equal(p->zones[i]->pub.name, name))
			return p->zones[i];
	return NULL;
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
	pub->keys = arena_array(p->mem, pub->dnskey.nrrs, sizeof(pub->keys[0]));
	for (i = 0; i < pub->dnskey.nrrs && i < PROOF_KEYS_MAX; i++) {
		const struct rr *rr = pub->dnskey.rrs[i];
		struct key_proof *k = &pub->keys[pub->nkeys];

		if (rr->rdlen <= 4)
			continue;
		k->dnskey = rr;
		k->key_tag = dnskey_tag(rr->rdata, rr->rdlen);
		k->flags = dnskey_flags(rr);
		k->algorithm = dnskey_algorithm(rr);
		k->bits = dnskey_bits(rr);
		pub->nkeys++;
	}
}

/* The key that a DS or anchor record names, if it may sign. */
static const struct rr *
ds_match(const struct zone_proof *z, const struct rr *ds)
{
	size_t i;

	for (i = 0; i < z->nkeys; i++) {
		const struct rr *k = z->keys[i].dnskey;

		if (dnskey_unfit(k) != NULL)
			continue;
		if (ds->type == TYPE_DNSKEY) {
			if (ds->rdlen == k->rdlen &&
			    memcmp(ds->rdata, k->rdata, k->rdlen) == 0)
				return k;
		} else if (ds_names_key(ds, k)) {
			return k;
		}
	}
	return NULL;
}

static void
ds_add(struct proofs *p, struct zone_proof *z, const struct rr *rr)
{
	struct ds_proof *d = &z->ds[z->nds++];

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
		d->matches = ds_match(z, rr);
}

/* RFC 4509 3: SHA-1 SHOULD be ignored where SHA-2 is present. */
static void
ds_ignore_sha1(struct zone_proof *z)
{
	bool sha2 = false;
	size_t i;

	for (i = 0; i < z->nds; i++)
		sha2 |= z->ds[i].supported &&
		    (z->ds[i].digest_type == DIGEST_SHA256 ||
			z->ds[i].digest_type == DIGEST_SHA384);
	for (i = 0; i < z->nds; i++)
		z->ds[i].ignored = sha2 && z->ds[i].digest_type == DIGEST_SHA1;
}

static void
zone_anchor(struct proofs *p, struct zone *z)
{
	size_t i;

	z->pub.kind = ZONE_ANCHOR;
	zone_keys(p, z);
	z->pub.ds = arena_array(p->mem, p->ev->nanchors, sizeof(z->pub.ds[0]));
	for (i = 0; i < p->ev->nanchors; i++)
		if (name_equal(p->ev->anchors[i].owner, z->pub.name))
			ds_add(p, &z->pub, &p->ev->anchors[i]);
	ds_ignore_sha1(&z->pub);
	set_prove(p, &z->pub.dnskey, z);
}

static void
zone_delegated(struct proofs *p, struct zone *z, const struct proof *ds)
{
	size_t i;

	z->pub.kind = ZONE_DELEGATED;
	zone_keys(p, z);
	z->pub.ds = arena_array(p->mem, ds->set.nrrs, sizeof(z->pub.ds[0]));
	for (i = 0; i < ds->set.nrrs; i++)
		ds_add(p, &z->pub, ds->set.rrs[i]);
	ds_ignore_sha1(&z->pub);
	set_prove(p, &z->pub.dnskey, z);
}

/* The parent's answer to the DS question: a set, an alias, or a denial. */
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
	} else if (obs->rcode == 3) {
		l.kind = LINK_NXDOMAIN;
	}
	return l;
}

static void
zone_below(struct proofs *p, struct zone *z)
{
	const struct dns_observation *obs =
	    evidence_dns(p->ev, z->pub.name, TYPE_DS);
	struct link_proof *lp;
	struct link link;

	z->pub.kind = ZONE_UNKNOWN;
	if (!observation_usable(obs) ||
	    name_labels(z->pub.name) > PROOF_DEPTH_MAX)
		return;
	link = ds_link(obs, z->pub.name);
	lp = link_get(p, &link);
	z->pub.ds_link = &lp->pub;
	z->pub.parent = lp->pub.zone;
	if (link.type == TYPE_CNAME) {
		z->not_a_cut = true;
	} else if (link.kind == LINK_SET) {
		zone_delegated(p, z, &lp->pub);
	} else if (lp->denied.verdict == DENIAL_OPT_OUT ||
	    lp->denied.verdict == DENIAL_ITERATIONS ||
	    (lp->denied.verdict == DENIAL_PROVEN && lp->denied.delegation)) {
		z->pub.kind = ZONE_UNSIGNED;
	} else if (lp->denied.verdict == DENIAL_PROVEN) {
		z->not_a_cut = true;
		z->no_name = lp->denied.no_name;
	}
}

struct zone *
zone_get(struct proofs *p, const uint8_t *name)
{
	struct zone *z = zone_known(p, name);

	if (z != NULL)
		return z;
	z = arena_alloc(p->mem, sizeof(*z));
	z->pub.name = name_copy(p->mem, name);
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

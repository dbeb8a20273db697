/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "signature.h"

/* The DS records that count: supported, and not set aside. */
static bool
ds_counts(const struct ds_proof *d)
{
	return d->supported && !d->ignored;
}

static struct dnssec
state_unsupported_ds(struct proofs *p, const struct zone_proof *z)
{
	bool deprecated = true;
	const char *list = "";
	struct dnssec d;
	size_t i;

	for (i = 0; i < z->nds; i++) {
		const struct ds_proof *ds = &z->ds[i];

		deprecated &= algorithm_deprecated(ds->algorithm);
		if (i >= 8)
			continue;
		list = arena_printf(p->mem, "%s%s%s", list, i > 0 ? ", " : "",
		    key_words(p, ds->key_tag, ds->algorithm));
		if (ds->ds->type == TYPE_DS)
			list = arena_printf(p->mem, "%s (digest type %u)", list,
			    (unsigned)ds->digest_type);
	}
	d = state_make(DNSSEC_STATE_INSECURE,
	    deprecated ? FINDING_DNSSEC_ALGORITHM_DEPRECATED
		       : FINDING_DNSSEC_ALGORITHM_UNSUPPORTED,
	    z->name, z->name, TYPE_DS);
	d.detail = arena_printf(p->mem,
	    "the %s of %s name %s: validators treat the zone as unsigned",
	    z->kind == ZONE_ANCHOR ? "trust anchors" : "DS records",
	    name_text(p->mem, z->name), list);
	return d;
}

/*
 * Nothing signed anywhere: it is the resolver.  The root is signed; below
 * another anchor only an evidence without any RRSIG says so.
 */
static bool
resolver_strips(const struct proofs *p, const struct zone_proof *z)
{
	size_t i, j;

	if (z->kind != ZONE_ANCHOR)
		return false;
	if (name_labels(z->name) == 0)
		return true;
	for (i = 0; i < p->ev->ndns; i++)
		for (j = 0; j < p->ev->dns[i]->nanswer; j++)
			if (p->ev->dns[i]->answer[j].type == TYPE_RRSIG)
				return false;
	return true;
}

static struct dnssec
state_strips(struct proofs *p, const struct zone_proof *z)
{
	struct dnssec d = state_make(DNSSEC_STATE_INDETERMINATE,
	    FINDING_DNSSEC_RESOLVER_STRIPS, z->name, z->name, TYPE_DNSKEY);

	d.detail =
	    arena_printf(p->mem, "the resolver's answer for %s has no %s",
		set_words(p, z->name, TYPE_DNSKEY),
		z->nkeys > 0 ? "signatures" : "keys");
	return d;
}

static struct dnssec
state_no_keys(struct proofs *p, const struct zone_proof *z)
{
	struct dnssec d;

	if (resolver_strips(p, z))
		return state_strips(p, z);
	d = state_make(DNSSEC_STATE_BOGUS, FINDING_DNSSEC_DNSKEY_MISSING,
	    z->name, z->name, TYPE_DNSKEY);
	d.detail =
	    arena_printf(p->mem, "%s has DS records in its parent, and no keys",
		name_text(p->mem, z->name));
	/* Signing the zone again is no matter of records; unsigned it works. */
	d.withdraw = z;
	return d;
}

/* The key whose DS should be published: one that signs the key set. */
static const struct key_proof *
key_to_publish(const struct proofs *p, const struct zone_proof *z)
{
	const struct key_proof *best = NULL;
	int best_score = -1;
	size_t i, j;

	for (i = 0; i < z->nkeys; i++) {
		const struct key_proof *k = &z->keys[i];
		int score = (k->flags & DNSKEY_SEP) ? 1 : 0;

		if (dnskey_unfit(k->dnskey) != NULL ||
		    !algorithm_supported(k->algorithm, p->deprecated))
			continue;
		for (j = 0; j < z->dnskey.nsigs; j++)
			if (z->dnskey.sigs[j].verdict == SIGNATURE_VERIFIED &&
			    z->dnskey.sigs[j].dnskey == k->dnskey)
				score |= 2;
		if (score > best_score) {
			best = k;
			best_score = score;
		}
	}
	return best;
}

/* A DS and a key have the same tag and algorithm. */
static bool
tag_fits(const struct zone_proof *z)
{
	for (size_t i = 0; i < z->nds; i++)
		for (size_t k = 0; k < z->nkeys; k++)
			if (z->ds[i].key_tag == z->keys[k].key_tag &&
			    z->ds[i].algorithm == z->keys[k].algorithm)
				return true;
	return false;
}

/* That of the set at its origin: a cache has counted the other down. */
uint32_t
zone_ds_ttl(const struct zone_proof *z)
{
	const struct set_proof *set =
	    z->ds_link != NULL ? &z->ds_link->set : NULL;

	for (size_t i = 0; set != NULL && i < set->nsigs; i++)
		if (set->sigs[i].verdict == SIGNATURE_VERIFIED &&
		    set->sigs[i].fields.original_ttl > 0)
			return set->sigs[i].fields.original_ttl;
	return set != NULL && set->ttl > 0 ? set->ttl : 3600;
}

static const char *
key_tags(struct proofs *p, const struct zone_proof *z)
{
	const char *text = "";

	for (size_t i = 0; i < z->nkeys; i++)
		text = arena_printf(p->mem, "%s%s%u%s", text, i > 0 ? ", " : "",
		    (unsigned)z->keys[i].key_tag,
		    z->keys[i].flags & DNSKEY_SEP ? " (SEP)" : "");
	return text;
}

static struct dnssec
state_no_match(struct proofs *p, const struct zone_proof *z)
{
	const struct key_proof *k = key_to_publish(p, z);
	const char *ds = "", *keys, *more = "";
	bool revoked = false;
	struct dnssec d;
	size_t i;

	for (i = 0; i < z->nds; i++) {
		ds = arena_printf(p->mem, "%s%s%u", ds, i > 0 ? ", " : "",
		    (unsigned)z->ds[i].key_tag);
		if (z->ds[i].ignored && z->ds[i].matches != NULL)
			more = "; only a SHA-1 DS matches, which some "
			       "validators accept";
		revoked |= z->ds[i].revoked;
	}
	keys = key_tags(p, z);
	if (z->kind == ZONE_ANCHOR) {
		d = state_make(DNSSEC_STATE_INDETERMINATE,
		    FINDING_DNSSEC_NO_TRUST_ANCHOR, z->name, z->name,
		    TYPE_DNSKEY);
		d.detail = arena_printf(p->mem,
		    "the keys of %s are %s; the trust anchors name %s",
		    name_text(p->mem, z->name), keys, ds);
		return d;
	}
	if (revoked)
		more = "; the key that the DS names is revoked";
	else if (*more == '\0' && tag_fits(z))
		more = "; the tags agree, the digests do not";
	d = state_make(DNSSEC_STATE_BOGUS,
	    revoked ? FINDING_DNSSEC_KEY_REVOKED : FINDING_DNSSEC_DS_NO_DNSKEY,
	    z->name, z->name, TYPE_DS);
	d.has_tag = z->nds > 0;
	d.key_tag = z->nds > 0 ? z->ds[0].key_tag : 0;
	d.detail = arena_printf(p->mem,
	    "the DS records of %s name key %s; the zone's keys are %s%s",
	    name_text(p->mem, z->name), ds, keys, more);
	if (k != NULL)
		d.publish = ds_line(p->mem, k->dnskey, zone_ds_ttl(z));
	return d;
}

/* The signature was, or says it was, made by a key that a DS names. */
static bool
by_named_key(const struct zone_proof *z, const struct signature_proof *s)
{
	size_t i;

	for (i = 0; i < z->nds; i++) {
		const struct ds_proof *d = &z->ds[i];

		if (!ds_counts(d) || d->matches == NULL)
			continue;
		if (s->verdict == SIGNATURE_VERIFIED
			? s->dnskey == d->matches
			: s->fields.signer != NULL &&
			    s->fields.key_tag == d->key_tag &&
			    s->fields.algorithm == d->algorithm)
			return true;
	}
	return false;
}

/* RFC 4035 5.2: the key that a DS names must have signed the key set. */
static struct dnssec
keys_state(struct proofs *p, const struct zone_proof *z, int64_t at)
{
	const struct set_proof *set = &z->dnskey;
	struct set_state best;
	const char *by = "";
	struct dnssec d;
	size_t i;

	memset(&best, 0, sizeof(best));
	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];
		struct set_state r;

		if (by_named_key(z, s)) {
			r = signature_state(p, set, s, at);
			if (r.rank > best.rank)
				best = r;
		} else if (s->fields.signer != NULL) {
			by = arena_printf(p->mem, "%s%s%u", by,
			    *by != '\0' ? ", " : "",
			    (unsigned)s->fields.key_tag);
		}
	}
	if (best.rank < RANK_UNCHECKED &&
	    (set->more || z->more_keys || z->more_ds))
		return state_limit(p, z->name, z->name, TYPE_DNSKEY,
		    "more keys, DS records and signatures than are tried");
	if (best.rank != RANK_NONE)
		return best.state;
	if (set->nsigs == 0 && resolver_strips(p, z))
		return state_strips(p, z);
	d = state_make(DNSSEC_STATE_BOGUS,
	    set->nsigs == 0 ? FINDING_DNSSEC_RRSIG_MISSING
			    : FINDING_DNSSEC_DNSKEY_NOT_SIGNED_BY_DS,
	    z->name, z->name, TYPE_DNSKEY);
	d.detail = set->nsigs == 0
	    ? arena_printf(p->mem, "%s has no signature",
		  set_words(p, z->name, TYPE_DNSKEY))
	    : arena_printf(p->mem,
		  "a DS names a key of %s, but the key set is signed only by "
		  "key %s",
		  name_text(p->mem, z->name),
		  *by != '\0' ? by : "signatures that cannot be read");
	return d;
}

/* An anchor's zone, or one whose DS set is secure. */
static struct dnssec
signed_state(struct proofs *p, const struct zone_proof *z, int64_t at)
{
	bool counts = false, matches = false;
	size_t i;

	for (i = 0; i < z->nds; i++) {
		counts |= ds_counts(&z->ds[i]);
		matches |= ds_counts(&z->ds[i]) && z->ds[i].matches != NULL;
	}
	/* RFC 4035 5.2: no supported algorithm: as if it were unsigned. */
	if (!counts && z->more_ds)
		return state_limit(p, z->name, z->name, TYPE_DS,
		    "more DS records than are looked at");
	if (!counts)
		return state_unsupported_ds(p, z);
	if (!observation_usable(z->dnskey_obs))
		return state_unobserved(p, z->dnskey_obs, z->name, TYPE_DNSKEY);
	if (z->nkeys == 0)
		return state_no_keys(p, z);
	if (!matches && (z->more_keys || z->more_ds))
		return state_limit(p, z->name, z->name, TYPE_DS,
		    "more keys and DS records than are compared");
	if (!matches)
		return state_no_match(p, z);
	return keys_state(p, z, at);
}

static struct dnssec
unsigned_cut(struct proofs *p, const struct zone_proof *z)
{
	struct dnssec d = state_make(DNSSEC_STATE_INSECURE,
	    FINDING_DNSSEC_UNSIGNED, z->name, z->name, TYPE_DS);

	d.detail = arena_printf(p->mem, "%s proves that %s has no DS",
	    z->parent != NULL ? name_text(p->mem, z->parent->name)
			      : "its parent",
	    name_text(p->mem, z->name));
	return d;
}

static struct dnssec
zone_state_find(struct proofs *p, struct zone *z, int64_t at)
{
	struct dnssec d;

	switch (z->pub.kind) {
	case ZONE_ANCHOR:
		return signed_state(p, &z->pub, at);
	case ZONE_OUTSIDE:
		d = state_make(DNSSEC_STATE_INSECURE,
		    FINDING_DNSSEC_NO_TRUST_ANCHOR, z->pub.name, NULL, 0);
		d.detail = arena_printf(p->mem,
		    "no trust anchor is configured at or above %s",
		    name_text(p->mem, z->pub.name));
		return d;
	case ZONE_DELEGATED:
	case ZONE_UNSIGNED:
	case ZONE_UNKNOWN:
		break;
	}
	if (z->over_limit)
		return state_limit(p, z->pub.name, NULL, 0,
		    "more zones, or a deeper one, than are looked at");
	if (z->pub.ds_link == NULL)
		return state_unobserved(p,
		    evidence_dns(p->ev, z->pub.name, TYPE_DS), z->pub.name,
		    TYPE_DS);
	d = link_state_get(p, link_own(z->pub.ds_link), at);
	if (d.state != DNSSEC_STATE_SECURE)
		return d;
	if (z->pub.kind == ZONE_DELEGATED)
		return signed_state(p, &z->pub, at);
	if (z->pub.kind == ZONE_UNSIGNED)
		return unsigned_cut(p, &z->pub);
	d = state_make(DNSSEC_STATE_BOGUS, FINDING_DNSSEC_RRSIG_MALFORMED,
	    z->pub.name, z->pub.name, TYPE_DS);
	d.detail = arena_printf(
	    p->mem, "%s is not a zone", name_text(p->mem, z->pub.name));
	return d;
}

struct dnssec
zone_state_get(struct proofs *p, struct zone *z, int64_t at)
{
	const struct link_proof *ds =
	    (const struct link_proof *)(const void *)z->pub.ds_link;
	struct state_memo *m = state_slot(p, z->memo, at);

	if (m->known && m->at == at && m->generation == p->generation)
		return m->state;
	/* Asked for by what is to prove it: an answer not to be kept. */
	if (ds != NULL && ds->busy)
		return zone_state_find(p, z, at);
	m->state = zone_state_find(p, z, at);
	m->at = at;
	m->generation = p->generation;
	m->known = true;
	return m->state;
}

struct dnssec
zone_state(struct proofs *p, const struct zone_proof *z, int64_t at)
{
	return zone_state_get(p, (struct zone *)(uintptr_t)z, at);
}

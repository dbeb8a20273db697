/* SPDX-License-Identifier: ISC */
#include "judge_zones.h"

#include <string.h>

#include "arena.h"
#include "judge.h"
#include "name.h"
#include "signature.h"
#include "text.h"

enum {
	RSA_BITS_MIN = 2048, /* RFC 6781 3.4.2 */
	ITERATIONS_NOTE = 50 /* above, some validators object */
};

/* The signature that ends first of all sets of a zone, and which. */
struct ending {
	const struct set_proof *set;
	const struct signature_proof *sig;
	int64_t at;
	int64_t age; /* of the copy that was seen */
};

struct zone_review {
	struct judgement *j;
	const struct proof *const *proofs;
	size_t nproofs;
	const struct zone_proof **zones;
	size_t nzones, cap;
};

/* The zone that the mail domain itself is in, or one below the domain. */
static bool
zone_is_own(const struct judgement *j, const struct zone_proof *z)
{
	const struct answer *mx = &j->path->mx;

	if (name_within(z->name, j->path->domain))
		return true;
	if (mx->nlinks > 0) {
		const struct proof *p = proofs_link(j->proofs, &mx->links[0]);

		return p->zone != NULL && name_equal(p->zone->name, z->name);
	}
	return false;
}

static struct finding *
zone_finding(struct zone_review *r, enum finding_id id,
    const struct zone_proof *z, const struct set_proof *set)
{
	struct finding *f = judge_add(r->j, id, -1, -1);

	f->subject.zone = z->name;
	f->foreign = !zone_is_own(r->j, z);
	if (set != NULL) {
		f->subject.name = set->owner;
		f->subject.type = set->type;
	}
	return f;
}

static void
zones_collect(struct zone_review *r)
{
	size_t i, k;

	for (i = 0; i < r->nproofs; i++) {
		const struct zone_proof *z = r->proofs[i]->zone;

		if (z == NULL)
			z = r->proofs[i]->insecure_at;
		for (; z != NULL; z = z->parent) {
			for (k = 0; k < r->nzones; k++)
				if (r->zones[k] == z)
					break;
			if (k < r->nzones)
				break; /* and all above it */
			r->zones = arena_grow(r->j->mem, r->zones, r->nzones,
			    &r->cap, sizeof(r->zones[0]));
			r->zones[r->nzones++] = z;
		}
	}
	/* Root first, whatever the order of the links. */
	for (i = 1; i < r->nzones; i++) {
		const struct zone_proof *z = r->zones[i];

		for (k = i;
		     k > 0 && name_compare(r->zones[k - 1]->name, z->name) > 0;
		     k--)
			r->zones[k] = r->zones[k - 1];
		r->zones[k] = z;
	}
}

/* ---- DS and keys ---- */

/* RFC 4509 3: with digest type 2 in the place of type 1. */
static void
review_sha1(struct zone_review *r, const struct zone_proof *z, const char *tags,
    bool alone)
{
	struct finding *f = zone_finding(r, FINDING_DNSSEC_DS_SHA1, z, NULL);
	const char *line;

	f->detail = judge_text(r->j, "%s: DS %s with digest type 1, %s",
	    name_text(r->j->mem, z->name), tags,
	    alone ? "and none that counts with another"
		  : "ignored beside the others");
	for (size_t i = 0; i < z->nds && z->kind != ZONE_ANCHOR; i++) {
		const struct ds_proof *d = &z->ds[i];

		if (d->digest_type != DIGEST_SHA1)
			continue;
		line = alone && d->matches != NULL
		    ? ds_line(r->j->mem, d->matches, zone_ds_ttl(z))
		    : NULL;
		if (line != NULL)
			finding_publish(&r->j->findings, f, line);
		/* Without another, nothing would be left. */
		if (line != NULL || !alone)
			finding_withdraw(&r->j->findings, f, d->ds);
	}
}

static void
review_ds(struct zone_review *r, const struct zone_proof *z)
{
	const char *standby = "", *sha1 = "";
	bool alone = true, revoked = false;
	size_t i;

	for (i = 0; i < z->nds; i++) {
		const struct ds_proof *d = &z->ds[i];

		if (d->digest_type == DIGEST_SHA1)
			sha1 = judge_text(r->j, "%s%s%u", sha1,
			    *sha1 ? ", " : "", (unsigned)d->key_tag);
		/* One of an unknown digest type beside it changes nothing. */
		alone &= !d->ignored;
		if (!d->supported || d->ignored || d->matches != NULL ||
		    d->not_compared || z->more_keys)
			continue;
		standby = judge_text(r->j, "%s%s%u", standby,
		    *standby ? ", " : "", (unsigned)d->key_tag);
		revoked |= d->revoked;
	}
	if (*sha1)
		review_sha1(r, z, sha1, alone);
	if (revoked) {
		struct finding *f =
		    zone_finding(r, FINDING_DNSSEC_KEY_REVOKED, z, NULL);

		f->alt = true;
		f->detail = judge_text(r->j,
		    "%s: a DS names a revoked key; another key is good",
		    name_text(r->j->mem, z->name));
	} else if (*standby) {
		zone_finding(r, FINDING_DNSSEC_DS_STANDBY, z, NULL)->detail =
		    judge_text(r->j, "%s: no key for DS %s",
			name_text(r->j->mem, z->name), standby);
	}
}

static void
review_keys(struct zone_review *r, const struct zone_proof *z)
{
	const char *list = "";
	size_t i;

	for (i = 0; i < z->nkeys; i++) {
		const struct key_proof *k = &z->keys[i];

		if (k->bits == 0 || k->bits >= RSA_BITS_MIN ||
		    (k->algorithm != ALGORITHM_RSASHA256 &&
			k->algorithm != ALGORITHM_RSASHA512) ||
		    dnskey_unfit(k->dnskey) != NULL)
			continue;
		list = judge_text(r->j, "%s%skey %u has %u bits", list,
		    *list ? ", " : "", (unsigned)k->key_tag, k->bits);
	}
	if (*list)
		zone_finding(r, FINDING_DNSSEC_KEY_SHORT, z, NULL)->detail =
		    judge_text(
			r->j, "%s: %s", name_text(r->j->mem, z->name), list);
}

/* It validates, and no signature of the algorithm came with it. */
static bool
set_lacks(const struct set_proof *set, uint8_t algorithm)
{
	bool verified = false;
	size_t i;

	if (set->more)
		return false;
	for (i = 0; i < set->nsigs; i++) {
		if (set->sigs[i].fields.algorithm == algorithm)
			return false;
		verified |= set->sigs[i].verdict == SIGNATURE_VERIFIED;
	}
	return verified;
}

/* The first set of the zone that lacks a signature of the algorithm. */
static const struct set_proof *
set_without(
    const struct zone_review *r, const struct zone_proof *z, uint8_t algorithm)
{
	size_t i, k;

	if (set_lacks(&z->dnskey, algorithm))
		return &z->dnskey;
	for (i = 0; i < r->nproofs; i++) {
		const struct proof *p = r->proofs[i];

		if (p->zone != z)
			continue;
		if (set_lacks(&p->set, algorithm))
			return &p->set;
		for (k = 0; k < p->ndenial_sets; k++)
			if (set_lacks(&p->denial_sets[k], algorithm))
				return &p->denial_sets[k];
	}
	return NULL;
}

/* RFC 6840 5.11: every algorithm of the DS set signs the whole zone. */
static void
review_algorithms(struct zone_review *r, const struct zone_proof *z)
{
	char buf[24], type[16];
	size_t i;

	for (i = 0; z->kind == ZONE_DELEGATED && i < z->nds; i++) {
		const struct ds_proof *d = &z->ds[i];
		const struct set_proof *set;

		if (!d->supported)
			continue;
		set = set_without(r, z, d->algorithm);
		if (set == NULL)
			continue;
		zone_finding(r, FINDING_DNSSEC_ALGORITHM_INCOMPLETE, z, set)
		    ->detail = judge_text(r->j,
		    "%s has a DS for %s, which does not sign the %s set of %s",
		    name_text(r->j->mem, z->name),
		    algorithm_text(d->algorithm, buf),
		    rr_type_text(set->type, type),
		    name_text(r->j->mem, set->owner));
		return;
	}
}

static bool
set_verified(const struct set_proof *set)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++)
		if (set->sigs[i].verdict == SIGNATURE_VERIFIED)
			return true;
	return false;
}

static void
review_iterations(struct zone_review *r, const struct zone_proof *z)
{
	unsigned most = 0;
	size_t i, k;

	for (i = 0; i < r->nproofs; i++) {
		const struct proof *p = r->proofs[i];

		for (k = 0; p->zone == z && k < p->ndenial_sets; k++) {
			const struct set_proof *set = &p->denial_sets[k];
			const uint8_t *data = set->rrs[0]->rdata;

			if (set->type == TYPE_NSEC3 && set_verified(set) &&
			    set->rrs[0]->rdlen > 4 &&
			    ((unsigned)data[2] << 8 | data[3]) > most)
				most = (unsigned)data[2] << 8 | data[3];
		}
	}
	if (most > 0) {
		struct finding *f =
		    zone_finding(r, FINDING_DNSSEC_NSEC3_ITERATIONS, z, NULL);

		f->alt = most <= ITERATIONS_NOTE;
		f->detail = judge_text(r->j, "%s: %u iterations",
		    name_text(r->j->mem, z->name), most);
	}
}

/* ---- dates ---- */

static void
ending_look(struct zone_review *r, struct ending *e,
    const struct zone_proof *keys_of, const struct set_proof *set)
{
	int64_t at = r->j->options.at, until = 0, age;
	const struct signature_proof *s;

	s = set_lasts(keys_of, set, at, &until);
	if (s == NULL || at < signature_soon(r->j->proofs, set, s, at, &age))
		return;
	if (e->set == NULL || until < e->at) {
		e->set = set;
		e->sig = s;
		e->at = until;
		e->age = age;
	}
}

static void
review_dates(struct zone_review *r, const struct zone_proof *z)
{
	struct ending e = { NULL, NULL, 0, 0 };
	char when[32], span[32], life[32], age[32], type[16];
	struct finding *f;
	size_t i, k;

	ending_look(r, &e, z, &z->dnskey);
	for (i = 0; i < r->nproofs; i++) {
		const struct proof *p = r->proofs[i];

		if (p->zone != z)
			continue;
		ending_look(r, &e, NULL, &p->set);
		for (k = 0; k < p->ndenial_sets; k++)
			ending_look(r, &e, NULL, &p->denial_sets[k]);
	}
	for (i = 0; i < r->nzones; i++) {
		const struct proof *p = r->zones[i]->ds_link;

		if (p == NULL || p->zone != z)
			continue;
		ending_look(r, &e, NULL, &p->set);
		for (k = 0; k < p->ndenial_sets; k++)
			ending_look(r, &e, NULL, &p->denial_sets[k]);
	}
	if (e.set == NULL)
		return;
	f = zone_finding(r, FINDING_DNSSEC_RRSIG_EXPIRES_SOON, z, e.set);
	f->has_until = true;
	f->until = e.at;
	f->detail = judge_text(r->j,
	    "the %s set of %s: key %u's signature ends at %s, in %s of its "
	    "%s%s%s%s",
	    rr_type_text(e.set->type, type), name_text(r->j->mem, e.set->owner),
	    (unsigned)e.sig->fields.key_tag, text_time(e.at, when),
	    text_duration(e.at - r->j->options.at, span),
	    text_duration((int64_t)(uint32_t)(e.sig->fields.expiration -
			      e.sig->fields.inception),
		life),
	    e.age > 0 ? "; a cache's copy, " : "",
	    e.age > 0 ? text_duration(e.age, age) : "",
	    e.age > 0 ? " old" : "");
}

void
judge_zones(
    struct judgement *j, const struct proof *const *proofs, size_t nproofs)
{
	struct zone_review r;
	size_t i;

	memset(&r, 0, sizeof(r));
	r.j = j;
	r.proofs = proofs;
	r.nproofs = nproofs;
	zones_collect(&r);
	for (i = 0; i < r.nzones; i++) {
		const struct zone_proof *z = r.zones[i];

		if ((z->kind != ZONE_ANCHOR && z->kind != ZONE_DELEGATED) ||
		    zone_state(j->proofs, z, j->options.at).state !=
			DNSSEC_STATE_SECURE)
			continue;
		if (z->kind == ZONE_DELEGATED) {
			review_ds(&r, z);
			judge_cds(j, z, !zone_is_own(j, z));
		}
		review_keys(&r, z);
		review_algorithms(&r, z);
		review_iterations(&r, z);
		review_dates(&r, z);
	}
}

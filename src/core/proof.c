/* SPDX-License-Identifier: ISC */
#include "proof.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "proof_internal.h"
#include "signature.h"

struct proofs *
proofs_new(struct arena *mem, const struct evidence *ev, struct memo *memo)
{
	struct proofs *p = arena_alloc(mem, sizeof(*p));

	p->mem = mem;
	p->ev = ev;
	p->memo = memo;
	p->hasher = nsec3_hasher_new(mem, PROOF_HASH_WORK_MAX);
	nsec3_hasher_memo(p->hasher, memo);
	p->renew = RENEW_ABOVE;
	return p;
}

struct proofs *
proofs_like(
    const struct proofs *p, struct arena *mem, const struct evidence *ev)
{
	struct proofs *like = proofs_new(mem, ev, p->memo);

	like->renew = p->renew;
	like->deprecated = p->deprecated;
	return like;
}

enum proofs_renewal
proofs_renew(struct proofs *p, enum proofs_renewal renew)
{
	enum proofs_renewal before = p->renew;

	p->renew = renew;
	p->generation++;
	return before;
}

enum proofs_renewal
proofs_renewed(const struct proofs *p)
{
	return p->renew;
}

void
proofs_deprecated(struct proofs *p, bool validate)
{
	p->deprecated = validate;
	p->generation++;
}

bool
work_spend(struct proofs *p, unsigned work)
{
	if (work > PROOF_WORK_MAX - p->work)
		return false;
	p->work += work;
	return true;
}

/* ---- sets ---- */

/* An RRSIG that claims this type; one that cannot be read counts, too. */
static bool
rrsig_covers(const struct rr *rr, uint16_t type)
{
	return rr->type == TYPE_RRSIG && rr->rdlen >= 2 &&
	    (rr->rdata[0] << 8 | rr->rdata[1]) == type;
}

struct set_proof
set_collect(struct proofs *p, const struct rr *rrs, size_t n,
    const uint8_t *owner, uint16_t type)
{
	struct set_proof set;
	size_t i, nrrs = 0, nsigs = 0;

	memset(&set, 0, sizeof(set));
	set.owner = owner;
	set.type = type;
	set.ttl = UINT32_MAX;
	for (i = 0; i < n; i++) {
		nrrs += rrs[i].type == type;
		nsigs += rrsig_covers(&rrs[i], type);
	}
	set.rrs = arena_array(p->mem, nrrs, sizeof(set.rrs[0]));
	if (nsigs > PROOF_SIGNATURES_MAX)
		nsigs = PROOF_SIGNATURES_MAX;
	set.sigs = arena_array(p->mem, nsigs, sizeof(set.sigs[0]));
	for (i = 0; i < n; i++) {
		const struct rr *rr = &rrs[i];

		if (rr->class != CLASS_IN ||
		    (rr->type != type && !rrsig_covers(rr, type)) ||
		    !name_equal(rr->owner, owner))
			continue;
		if (rr->type == type) {
			set.rrs[set.nrrs++] = rr;
			if (rr->ttl < set.ttl)
				set.ttl = rr->ttl;
		} else if (set.nsigs < PROOF_SIGNATURES_MAX &&
		    work_spend(p, SIGNATURE_LOOK)) {
			set.sigs[set.nsigs++].rrsig = rr;
		} else {
			set.more = true;
		}
	}
	if (set.nrrs == 0)
		set.ttl = 0;
	return set;
}

/* What the checks of one set share. */
struct set_work {
	const struct set_proof *set;
	const struct zone *zone; /* of a DNSKEY set, else NULL */
	struct canonical_set *canonical;
	unsigned failures;
};

/* The set laid out and sorted, at the first need; false: no work is left. */
static bool
set_canonical(struct proofs *p, struct set_work *w)
{
	if (w->canonical != NULL)
		return true;
	if (!work_spend(p, canonical_work(w->set->nrrs)))
		return false;
	w->canonical = canonical_set_new(p->mem, w->set->rrs, w->set->nrrs);
	return true;
}

/* One RRSIG against the keys that bear its tag and algorithm. */
static void
signature_try(struct proofs *p, struct set_work *w, struct signature_proof *s,
    const struct zone_proof *z)
{
	bool tried = false;
	size_t i;

	s->verdict = SIGNATURE_NO_KEY;
	for (i = 0; i < z->nkeys; i++) {
		const struct key_proof *k = &z->keys[i];
		enum signature_result r;

		if (k->key_tag != s->fields.key_tag ||
		    k->algorithm != s->fields.algorithm)
			continue;
		s->why = dnskey_unfit(k->dnskey);
		if (s->why != NULL) {
			if (!tried) {
				s->verdict = SIGNATURE_KEY_UNFIT;
				s->dnskey = k->dnskey;
			}
			continue;
		}
		/* CVE-2023-50387: colliding tags must not cost for ever. */
		if (w->failures >= PROOF_FAILURES_MAX || !set_canonical(p, w) ||
		    !work_spend(p,
			signature_work(w->canonical, &s->fields, k->dnskey))) {
			s->verdict = SIGNATURE_NOT_CHECKED;
			return;
		}
		tried = true;
		p->verifications++;
		r = signature_check_once(
		    p->memo, w->canonical, s->rrsig, &s->fields, k->dnskey);
		s->dnskey = r == SIGNATURE_RESULT_GOOD ? k->dnskey : NULL;
		if (r == SIGNATURE_RESULT_GOOD) {
			s->verdict = SIGNATURE_VERIFIED;
			return;
		}
		w->failures++;
		s->verdict = r == SIGNATURE_RESULT_UNSUPPORTED
		    ? SIGNATURE_UNSUPPORTED
		    : SIGNATURE_INVALID;
	}
	if (z->more_keys)
		s->verdict = SIGNATURE_NOT_CHECKED;
}

static void
signature_prove(struct proofs *p, struct set_work *w, struct signature_proof *s)
{
	const struct zone *z = w->zone;

	s->verdict = SIGNATURE_MALFORMED;
	if (!rrsig_read(s->rrsig, &s->fields)) {
		memset(&s->fields, 0, sizeof(s->fields));
		s->why = "it cannot be read";
		return;
	}
	s->why = signature_misshapen(&s->fields, w->set->owner, w->set->type);
	if (s->why != NULL)
		return;
	if (!anchor_allows(
		p->ev, s->fields.signer, w->set->owner, w->set->type)) {
		s->why = "its signer lies above the trust anchor";
		return;
	}
	if (z == NULL)
		z = zone_get(p, s->fields.signer);
	if (z->over_limit) {
		s->verdict = SIGNATURE_NOT_CHECKED;
		return;
	}
	if (z->not_a_cut) {
		s->why = "its signer is not a zone";
		return;
	}
	if (!algorithm_supported(s->fields.algorithm, p->deprecated)) {
		s->verdict = SIGNATURE_UNSUPPORTED;
		return;
	}
	signature_try(p, w, s, &z->pub);
}

void
set_prove(struct proofs *p, struct set_proof *set, const struct zone *zone)
{
	struct set_work w;
	size_t i;

	memset(&w, 0, sizeof(w));
	w.set = set;
	w.zone = zone;
	for (i = 0; i < set->nsigs; i++)
		signature_prove(p, &w, &set->sigs[i]);
}

/* ---- denials ---- */

static bool
set_verified(const struct set_proof *set)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++)
		if (set->sigs[i].verdict == SIGNATURE_VERIFIED)
			return true;
	return false;
}

/*
 * The apex of a zone has two NSEC records, its own and the parent's (RFC
 * 4035 2.6).  Where both came, each is a set of one with its own signature.
 */
static void
denial_set_part(struct proofs *p, struct denial_sets *d, size_t i)
{
	const struct dns_observation *obs = d->obs;
	const struct rr **rrs = d->sets[i].rrs;
	size_t k, n = d->sets[i].nrrs;

	for (k = 0; k < n; k++) {
		struct set_proof set = set_collect(p, obs->authority,
		    obs->nauthority, rrs[k]->owner, rrs[k]->type);

		if (k > 0 && d->n == DENIAL_RECORDS_MAX)
			return;
		set.rrs[0] = rrs[k];
		set.nrrs = 1;
		set_prove(p, &set, NULL);
		d->sets[k == 0 ? i : d->n++] = set;
	}
}

const struct denial_sets *
denial_sets_get(struct proofs *p, const struct dns_observation *obs)
{
	struct denial_sets *d;
	size_t i, j;

	for (i = 0; i < p->ndenials; i++)
		if (p->denials[i]->obs == obs)
			return p->denials[i];
	d = arena_alloc(p->mem, sizeof(*d));
	d->obs = obs;
	d->sets = arena_array(p->mem, DENIAL_RECORDS_MAX, sizeof(d->sets[0]));
	for (i = 0; i < obs->nauthority; i++) {
		const struct rr *rr = &obs->authority[i];

		if (rr->type != TYPE_NSEC && rr->type != TYPE_NSEC3)
			continue;
		for (j = 0; j < d->n; j++)
			if (d->sets[j].type == rr->type &&
			    name_equal(d->sets[j].owner, rr->owner))
				break;
		if (j < d->n || rr->class != CLASS_IN)
			continue;
		if (d->n == DENIAL_RECORDS_MAX) {
			d->more = true;
			break;
		}
		d->sets[d->n] = set_collect(
		    p, obs->authority, obs->nauthority, rr->owner, rr->type);
		d->more |= d->sets[d->n++].more;
	}
	p->denials = arena_grow(p->mem, p->denials, p->ndenials, &p->denialcap,
	    sizeof(struct denial_sets *));
	p->denials[p->ndenials++] = d;
	/* Listed first: proving may come back here for a zone's DS. */
	for (i = 0; i < d->n; i++)
		set_prove(p, &d->sets[i], NULL);
	for (i = 0, j = d->n; i < j; i++)
		if (d->sets[i].nrrs > 1 && !set_verified(&d->sets[i]))
			denial_set_part(p, d, i);
	return d;
}

/*
 * An NSEC that was itself expanded from a wildcard says nothing about the
 * name that it now bears.
 */
static bool
denial_signature_of(const struct set_proof *set,
    const struct signature_proof *s, const uint8_t *zone)
{
	return s->fields.signer != NULL && name_equal(s->fields.signer, zone) &&
	    !signature_expanded(&s->fields, set->owner);
}

bool
denial_set_of(const struct set_proof *set, const uint8_t *zone)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++)
		if (denial_signature_of(set, &set->sigs[i], zone))
			return true;
	return false;
}

static bool
denial_set_verified(const struct set_proof *set, const uint8_t *zone)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++)
		if (set->sigs[i].verdict == SIGNATURE_VERIFIED &&
		    denial_signature_of(set, &set->sigs[i], zone))
			return true;
	return false;
}

/* What the verified records of this zone prove. */
static struct denial_result
denial_by(struct proofs *p, const struct denial_sets *d,
    const struct denial_query *query)
{
	const struct rr *records[DENIAL_RECORDS_MAX];
	struct denial_query q = *query;
	size_t i;

	q.records = records;
	q.nrecords = 0;
	for (i = 0; i < d->n; i++)
		if (denial_set_verified(&d->sets[i], q.zone))
			records[q.nrecords++] = d->sets[i].rrs[0];
	return denial_check(p->hasher, &q);
}

static bool
denial_zone_possible(const struct denial_query *q, const uint8_t *zone)
{
	if (!name_within(q->name, zone))
		return false;
	/* RFC 4035 2.4: the DS and its denial are the parent's. */
	return q->type != TYPE_DS || q->question == DENIAL_OF_CLOSER ||
	    !name_equal(q->name, zone) || name_labels(zone) == 0;
}

/* A better verdict of two zones' records; the longer name breaks ties. */
static bool
denial_better(const struct denial_result *a, const uint8_t *za,
    const struct denial_result *b, const uint8_t *zb)
{
	static const int rank[] = { [DENIAL_PROVEN] = 5,
		[DENIAL_OPT_OUT] = 4,
		[DENIAL_ITERATIONS] = 3,
		[DENIAL_NOT_CHECKED] = 2,
		[DENIAL_INVALID] = 1,
		[DENIAL_MISSING] = 0 };

	if (zb == NULL || rank[a->verdict] != rank[b->verdict])
		return zb == NULL || rank[a->verdict] > rank[b->verdict];
	return name_labels(za) > name_labels(zb);
}

/*
 * The zones whose records could deny it, in the order of the records; the
 * plan asks for the keys of as many.
 */
static size_t
denial_zones(struct proofs *p, const struct denial_sets *d,
    struct link_proof *lp, const uint8_t *only,
    const uint8_t *zones[PROOF_SIGNERS_MAX])
{
	size_t i, j, k, n = 0;

	for (i = 0; i < d->n; i++) {
		for (j = 0; j < d->sets[i].nsigs; j++) {
			const struct signature_proof *s = &d->sets[i].sigs[j];
			const uint8_t *zone = s->fields.signer;

			if (zone == NULL ||
			    (only != NULL && !name_equal(zone, only)) ||
			    !denial_signature_of(&d->sets[i], s, zone) ||
			    !denial_zone_possible(&lp->query, zone) ||
			    !anchor_allows(
				p->ev, zone, lp->query.name, lp->query.type))
				continue;
			for (k = 0; k < n; k++)
				if (name_equal(zones[k], zone))
					break;
			if (k < n)
				continue;
			if (n == PROOF_SIGNERS_MAX) {
				lp->more = true;
				return n;
			}
			zones[n++] = zone;
		}
	}
	return n;
}

/* Which zone's records deny it: found once, dates aside. */
static void
denial_prove(struct proofs *p, struct link_proof *lp, const uint8_t *only)
{
	const struct denial_sets *d = denial_sets_get(p, lp->pub.link.obs);
	const uint8_t *zones[PROOF_SIGNERS_MAX], *best = NULL;
	size_t i, n;

	lp->pub.denial_needed = true;
	lp->denied.verdict = DENIAL_MISSING;
	lp->more = d->more;
	n = denial_zones(p, d, lp, only, zones);
	for (i = 0; i < n; i++) {
		struct denial_query q = lp->query;
		struct denial_result r;

		q.zone = zones[i];
		r = denial_by(p, d, &q);
		if (!denial_better(&r, q.zone, &lp->denied, best))
			continue;
		lp->denied = r;
		best = q.zone;
	}
	lp->query.zone = best;
	if (lp->more &&
	    (lp->denied.verdict == DENIAL_MISSING ||
		lp->denied.verdict == DENIAL_INVALID)) {
		lp->denied.verdict = DENIAL_NOT_CHECKED;
		lp->denied.why = "more records and signatures came than are "
				 "looked at";
	}
	lp->pub.denial = lp->denied.verdict;
	lp->pub.denial_why = lp->denied.why;
	lp->pub.denial_sets = arena_array(p->mem, d->n, sizeof(d->sets[0]));
	for (i = 0; best != NULL && i < d->n; i++)
		if (denial_set_of(&d->sets[i], best))
			lp->pub.denial_sets[lp->pub.ndenial_sets++] =
			    d->sets[i];
	if (best != NULL && lp->pub.zone == NULL)
		lp->pub.zone = &zone_get(p, best)->pub;
}

/* ---- links ---- */

/* The signature whose zone the link belongs to: the best there is. */
static const struct signature_proof *
set_signature(const struct set_proof *set)
{
	const struct signature_proof *best = NULL;
	size_t i;

	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];

		if (s->verdict == SIGNATURE_VERIFIED)
			return s;
		if (s->verdict != SIGNATURE_MALFORMED && best == NULL)
			best = s;
	}
	return best;
}

static void
set_link_prove(struct proofs *p, struct link_proof *lp)
{
	struct proof *pub = &lp->pub;
	const struct signature_proof *s;
	uint8_t star[NAME_WIRE_MAX];

	pub->set = set_collect(p, pub->link.obs->answer, pub->link.obs->nanswer,
	    pub->link.owner, pub->link.type);
	set_prove(p, &pub->set, NULL);
	s = set_signature(&pub->set);
	if (s == NULL)
		return;
	pub->zone = &zone_get(p, s->fields.signer)->pub;
	if (!signature_expanded(&s->fields, pub->set.owner))
		return;
	/* RFC 4035 5.3.4: a wildcard's expansion needs its denial. */
	if (name_prepend(
		star, "*", name_ancestor(pub->set.owner, s->fields.labels)))
		pub->wildcard = name_copy(p->mem, star);
	lp->query.question = DENIAL_OF_CLOSER;
	lp->query.labels = s->fields.labels;
	denial_prove(p, lp, pub->zone->name);
}

struct link_proof *
link_get(struct proofs *p, const struct link *link)
{
	struct link_proof *lp;
	size_t i;

	for (i = 0; i < p->nlinks; i++) {
		const struct link *l = &p->links[i]->pub.link;

		if (l->obs == link->obs && l->type == link->type &&
		    l->kind == link->kind && name_equal(l->owner, link->owner))
			return p->links[i];
	}
	lp = arena_alloc(p->mem, sizeof(*lp));
	lp->pub.link = *link;
	lp->query.name = link->owner;
	lp->query.type = link->type;
	p->links = arena_grow(p->mem, p->links, p->nlinks, &p->linkcap,
	    sizeof(struct link_proof *));
	p->links[p->nlinks++] = lp;
	if (!observation_usable(link->obs))
		return lp;
	if (link->kind == LINK_SET) {
		set_link_prove(p, lp);
	} else {
		lp->query.question =
		    link->kind == LINK_NODATA ? DENIAL_OF_TYPE : DENIAL_OF_NAME;
		denial_prove(p, lp, NULL);
	}
	return lp;
}

const struct proof *
proofs_link(struct proofs *p, const struct link *link)
{
	struct link_proof *lp = link_get(p, link);
	struct zone *z;

	if (lp->pub.zone != NULL && link->type != TYPE_DS) {
		z = zone_known(p, lp->pub.zone->name);
		if (z != NULL && !z->own) {
			z->own = true;
			p->generation++;
		}
	}
	return &lp->pub;
}

const struct proof *
proofs_aside(struct proofs *p, const struct link *link)
{
	return &link_get(p, link)->pub;
}

unsigned
proofs_work(const struct proofs *p)
{
	/* A block of SHA-1 takes a fraction of a unit. */
	return p->work + nsec3_hasher_spent(p->hasher) / 8;
}

unsigned
proofs_verifications(const struct proofs *p)
{
	return p->verifications;
}

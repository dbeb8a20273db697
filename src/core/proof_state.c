/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "signature.h"

struct link_proof *
link_own(const struct proof *proof)
{
	return (struct link_proof *)(uintptr_t)proof;
}

/*
 * Down from the closest anchor, label by label: the first cut that is not
 * secure decides.  SECURE: no such cut, and *zone is the signed zone that
 * the name lies in, so that what it holds must be signed.
 */
static struct dnssec
walk_down(struct proofs *p, const uint8_t *name, int64_t at,
    const struct zone_proof **zone)
{
	const uint8_t *anchor = anchor_above(p->ev, name);
	bool no_name = false;
	struct dnssec d;
	struct zone *z;
	unsigned i;

	*zone = NULL;
	z = zone_get(p, anchor != NULL ? anchor : name);
	d = zone_state_get(p, z, at);
	*zone = &z->pub;
	if (d.state != DNSSEC_STATE_SECURE)
		return d;
	for (i = name_labels(anchor) + 1; i <= name_labels(name); i++) {
		z = zone_get(p, name_ancestor(name, i));
		/* RFC 8020: below a name that is not there is no cut. */
		if (z->pub.ds_link == NULL && z->pub.kind == ZONE_UNKNOWN &&
		    no_name)
			break;
		if (z->not_a_cut) {
			d = link_state_get(p, link_own(z->pub.ds_link), at);
			no_name |= z->no_name;
		} else {
			d = zone_state_get(p, z, at);
			*zone = &z->pub;
		}
		if (d.state != DNSSEC_STATE_SECURE)
			return d;
	}
	return state_make(
	    DNSSEC_STATE_SECURE, FINDING_DNSSEC_SECURE, (*zone)->name, NULL, 0);
}

/* A recursive resolver that answers from its own copy of the zone. */
static bool
local_view(const struct dns_observation *obs)
{
	return obs->via == VIA_RESOLVER && (obs->flags & DNS_AA) != 0 &&
	    (obs->flags & DNS_RA) != 0;
}

/* Nothing (well) signed: insecure where a cut proves it, else at fault. */
static struct dnssec
unsigned_state(struct proofs *p, struct link_proof *lp, int64_t at,
    const struct dnssec *fault)
{
	const struct link *l = &lp->pub.link;
	const uint8_t *name = l->owner;
	struct dnssec d;

	/*
	 * RFC 4035 2.4: a DS set lives in the parent, and so does an alias
	 * that answers for it (RFC 1034 3.6.2).
	 */
	if (l->obs->type == TYPE_DS && name_labels(name) > 0)
		name = name_parent(name);
	d = walk_down(p, name, at, &lp->pub.insecure_at);
	/* Recorded without this question in mind: the cuts were not asked. */
	if (d.state == DNSSEC_STATE_INDETERMINATE && l->obs->assumed &&
	    l->obs->assumed_zone != NULL) {
		struct zone *z = zone_get(p, l->obs->assumed_zone);

		lp->pub.insecure_at = &z->pub;
		d = zone_state_get(p, z, at);
	}
	if (d.state != DNSSEC_STATE_SECURE)
		return d;
	if (l->obs->assumed) {
		/* A zone that its parent does not know has no chain. */
		if (l->obs->assumed_apex != NULL &&
		    !name_equal(
			lp->pub.insecure_at->name, l->obs->assumed_apex)) {
			d = state_make(DNSSEC_STATE_INSECURE,
			    FINDING_DNSSEC_UNSIGNED, l->obs->assumed_apex,
			    l->owner, l->type);
			d.detail =
			    arena_printf(p->mem, "%s has no delegation to %s",
				name_text(p->mem, lp->pub.insecure_at->name),
				name_text(p->mem, l->obs->assumed_apex));
			return d;
		}
		/* What-if: records yet to be signed share their zone's fate. */
		d.set_owner = l->owner;
		d.set_type = l->type;
		return d;
	}
	d = *fault;
	d.zone = lp->pub.insecure_at->name;
	if (local_view(l->obs)) {
		d.state = DNSSEC_STATE_INDETERMINATE;
		d.reason = FINDING_DNSSEC_LOCAL_VIEW;
		d.detail = arena_printf(p->mem,
		    "the resolver claims authority for %s and sends no "
		    "signatures, while the zone is signed",
		    set_words(p, l->owner, l->type));
	}
	return d;
}

/* ---- denials ---- */

static const char *
denial_words(struct proofs *p, const struct link_proof *lp)
{
	const struct link *l = &lp->pub.link;

	if (lp->query.question == DENIAL_OF_CLOSER)
		return arena_printf(p->mem,
		    "that %s comes from a wildcard rightly",
		    set_words(p, l->owner, l->type));
	if (lp->query.question == DENIAL_OF_NAME)
		return arena_printf(p->mem, "that %s does not exist",
		    name_text(p->mem, l->owner));
	{
		char buf[16];

		return arena_printf(p->mem, "that %s has no %s",
		    name_text(p->mem, l->owner), rr_type_text(l->type, buf));
	}
}

static bool
has_type(const struct rr *rrs, size_t n, uint16_t type, const uint8_t *owner)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rrs[i].type == type &&
		    (owner == NULL || name_equal(rrs[i].owner, owner)))
			return true;
	return false;
}

static bool
has_denial(const struct dns_observation *obs)
{
	return has_type(obs->authority, obs->nauthority, TYPE_NSEC, NULL) ||
	    has_type(obs->authority, obs->nauthority, TYPE_NSEC3, NULL);
}

/* RFC 8027 3.1: the root's own denial comes without its NSEC, too. */
static bool
denials_stripped(const struct proofs *p)
{
	const struct dns_observation *obs =
	    evidence_dns(p->ev, name_root, TYPE_TXT);

	return anchor_at(p->ev, name_root) && observation_usable(obs) &&
	    obs->nanswer == 0 && !has_denial(obs);
}

/* The proof is missing, and the resolver is to blame: could not tell. */
static void
resolver_at_fault(
    struct proofs *p, const struct link_proof *lp, struct dnssec *d)
{
	const struct link *l = &lp->pub.link;
	const struct dns_observation *obs = l->obs;

	if (l->type == TYPE_DS && name_labels(l->owner) > 0 &&
	    has_type(obs->authority, obs->nauthority, TYPE_SOA, l->owner)) {
		/* RFC 4035 3.1.4.1: only the parent knows the DS. */
		*d = state_make(DNSSEC_STATE_INDETERMINATE,
		    FINDING_DNS_LOOKUP_FAILED, NULL, l->owner, l->type);
		d->detail = arena_printf(p->mem,
		    "the resolver asked %s itself for its DS, which only "
		    "the parent zone knows",
		    name_text(p->mem, l->owner));
		return;
	}
	if (has_denial(obs) || !denials_stripped(p))
		return;
	*d = state_make(DNSSEC_STATE_INDETERMINATE,
	    FINDING_DNSSEC_RESOLVER_STRIPS, name_root, name_root, TYPE_TXT);
	d->detail = arena_printf(p->mem,
	    "the resolver's negative answers have no NSEC records, not even "
	    "those of the root");
}

/* No NSEC or NSEC3 with a signature of a zone that holds the name. */
static struct dnssec
denial_absent(struct proofs *p, struct link_proof *lp, int64_t at)
{
	const struct link *l = &lp->pub.link;
	const struct denial_sets *d = denial_sets_get(p, l->obs);
	struct dnssec fault = state_make(DNSSEC_STATE_BOGUS,
	    FINDING_DNSSEC_DENIAL_MISSING, NULL, l->owner, l->type);
	const char *own;

	fault.detail = arena_printf(p->mem,
	    "no NSEC or NSEC3 record came to prove %s", denial_words(p, lp));
	if (d->n > 0) {
		const struct set_proof *set = &d->sets[0];
		struct set_state s = set_state_get(p, set, at);

		fault.set_owner = set->owner;
		fault.set_type = set->type;
		fault.reason = set->nsigs == 0 ? FINDING_DNSSEC_RRSIG_MISSING
					       : FINDING_DNSSEC_DENIAL_INVALID;
		fault.detail = arena_printf(p->mem,
		    "the records to prove %s %s", denial_words(p, lp),
		    set->nsigs == 0 ? "have no signatures"
				    : "are not of the zone that holds it");
		if (s.rank == RANK_SHAPE) {
			fault.reason = FINDING_DNSSEC_RRSIG_MALFORMED;
			fault.detail = s.state.detail;
		}
	}
	own = fault.detail;
	if (lp->query.question == DENIAL_OF_CLOSER)
		fault.zone = lp->pub.zone->name;
	else
		fault = unsigned_state(p, lp, at, &fault);
	/* Not where the walk met another cause. */
	if (fault.state == DNSSEC_STATE_BOGUS && fault.detail == own)
		resolver_at_fault(p, lp, &fault);
	return fault;
}

/* What the records prove that pass at this instant. */
static struct denial_result
denial_at(struct proofs *p, const struct link_proof *lp, int64_t at)
{
	const struct rr *records[DENIAL_RECORDS_MAX];
	struct denial_query q = lp->query;
	size_t i, j;

	q.records = records;
	q.nrecords = 0;
	for (i = 0; i < lp->pub.ndenial_sets; i++) {
		const struct set_proof *set = &lp->pub.denial_sets[i];

		for (j = 0; j < set->nsigs; j++) {
			const struct signature_proof *s = &set->sigs[j];

			if (s->verdict == SIGNATURE_VERIFIED &&
			    name_equal(s->fields.signer, q.zone) &&
			    !signature_expanded(&s->fields, set->owner) &&
			    signature_when(p, s, at) == WHEN_VALID)
				break;
		}
		if (j < set->nsigs)
			records[q.nrecords++] = set->rrs[0];
	}
	return denial_check(p->hasher, &q);
}

/* One of the zone's records that does not count, and why. */
static struct set_state
denial_set_state(struct proofs *p, const struct set_proof *set,
    const uint8_t *zone, int64_t at)
{
	struct set_state s = set_state_get(p, set, at);

	if (s.rank != RANK_NONE)
		return s;
	s.state = state_make(DNSSEC_STATE_BOGUS, FINDING_DNSSEC_RRSIG_MISSING,
	    zone, set->owner, set->type);
	s.state.detail = arena_printf(p->mem,
	    "%s has no signature, though its zone is signed",
	    set_words(p, set->owner, set->type));
	return s;
}

/* Would the records do if all were good?  Then the bad one is the cause. */
static bool
denial_cause(struct proofs *p, const struct link_proof *lp, int64_t at,
    struct dnssec *out)
{
	const struct denial_sets *d = denial_sets_get(p, lp->pub.link.obs);
	const struct set_proof *sets[DENIAL_RECORDS_MAX];
	const struct rr *records[DENIAL_RECORDS_MAX];
	struct denial_query q = lp->query;
	enum signature_rank best = RANK_SECURE;
	struct denial_result r;
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		const struct set_proof *set = &d->sets[i];

		if (!denial_set_of(set, q.zone) &&
		    (set->nsigs > 0 || !name_within(set->owner, q.zone)))
			continue;
		sets[n] = set;
		records[n++] = set->rrs[0];
	}
	q.records = records;
	q.nrecords = n;
	r = denial_check(p->hasher, &q);
	if (r.verdict != DENIAL_PROVEN && r.verdict != DENIAL_OPT_OUT &&
	    r.verdict != DENIAL_ITERATIONS)
		return false;
	for (i = 0; i < n; i++) {
		struct set_state s = denial_set_state(p, sets[i], q.zone, at);

		if (s.rank >= RANK_SECURE)
			continue;
		if (best == RANK_SECURE || s.rank > best) {
			*out = s.state;
			best = s.rank;
		}
	}
	return best != RANK_SECURE;
}

/* The zone says it itself, as its SOA shows (RFC 2308 3). */
static bool
denial_of_own(const struct link_proof *lp)
{
	const struct dns_observation *obs = lp->pub.link.obs;

	return has_type(
	    obs->authority, obs->nauthority, TYPE_SOA, lp->query.zone);
}

/*
 * An unsigned cut above the name makes what the records prove beside the
 * point (RFC 4035 4.3, "Insecure").  In an opt-out span there may be one: in
 * the zone's own answer that is no excuse.
 */
static bool
cut_explains(const struct link_proof *lp, const struct zone_proof *cut)
{
	return !denial_of_own(lp) || cut->ds_link == NULL ||
	    cut->ds_link->denial != DENIAL_OPT_OUT;
}

static struct dnssec
denial_invalid(struct proofs *p, struct link_proof *lp, int64_t at,
    const struct denial_result *r)
{
	const struct link *l = &lp->pub.link;
	const struct zone_proof *zone;
	const uint8_t *name = l->owner;
	struct dnssec d;

	if (denial_cause(p, lp, at, &d))
		return d;
	if (l->type == TYPE_DS && name_labels(name) > 0)
		name = name_parent(name);
	/* A wildcard that the zone has signed is its own word, too. */
	if (lp->query.question != DENIAL_OF_CLOSER) {
		d = walk_down(p, name, at, &zone);
		if (d.state == DNSSEC_STATE_INSECURE &&
		    cut_explains(lp, zone)) {
			lp->pub.insecure_at = zone;
			return d;
		}
		/* There is one; whether it is signed was not observed. */
		if (d.state == DNSSEC_STATE_INDETERMINATE && r->delegation)
			return d;
	}
	d = state_make(DNSSEC_STATE_BOGUS, FINDING_DNSSEC_DENIAL_INVALID,
	    lp->query.zone, l->owner, l->type);
	d.detail = arena_printf(p->mem, "the records of %s do not prove %s: %s",
	    name_text(p->mem, lp->query.zone), denial_words(p, lp),
	    r->why != NULL ? r->why : "they are incomplete");
	return d;
}

static struct dnssec
denial_insecure(struct proofs *p, const struct link_proof *lp,
    const struct denial_result *r)
{
	const struct link *l = &lp->pub.link;
	struct dnssec d = state_make(DNSSEC_STATE_INSECURE,
	    FINDING_DNSSEC_UNSIGNED, NULL, l->owner, l->type);

	if (l->type == TYPE_DS)
		d.zone = l->owner;
	if (r->verdict == DENIAL_ITERATIONS) {
		/* RFC 9276 3.2: over the limit: insecure, not bogus. */
		d.reason = FINDING_DNSSEC_NSEC3_ITERATIONS;
		d.zone = lp->query.zone;
		d.detail = arena_printf(p->mem,
		    "the NSEC3 records of %s use %u iterations: validators "
		    "treat what they prove as unsigned",
		    name_text(p->mem, lp->query.zone), r->iterations);
		return d;
	}
	d.detail = arena_printf(p->mem,
	    l->type == TYPE_DS
		? "%s has no DS: it lies in an opt-out span of %s"
		: "%s lies in an opt-out span of %s, where unsigned names may "
		  "be",
	    name_text(p->mem, l->owner), name_text(p->mem, lp->query.zone));
	return d;
}

/* No proof; what was not looked at could hold one. */
static struct dnssec
denial_limit(
    struct proofs *p, const struct link_proof *lp, const struct dnssec *d)
{
	const struct link *l = &lp->pub.link;

	if (!lp->more || d->state != DNSSEC_STATE_BOGUS)
		return *d;
	return state_limit(p, lp->query.zone, l->owner, l->type,
	    "more records and signatures to prove that it is not there than "
	    "are looked at");
}

static struct dnssec
denial_state(struct proofs *p, struct link_proof *lp, int64_t at)
{
	const struct link *l = &lp->pub.link;
	struct denial_result r;
	struct dnssec d;

	if (lp->query.zone == NULL) {
		d = denial_absent(p, lp, at);
		return denial_limit(p, lp, &d);
	}
	d = zone_state_get(p, zone_get(p, lp->query.zone), at);
	if (d.state != DNSSEC_STATE_SECURE)
		return d;
	r = denial_at(p, lp, at);
	switch (r.verdict) {
	case DENIAL_PROVEN:
		return state_make(DNSSEC_STATE_SECURE, FINDING_DNSSEC_SECURE,
		    lp->query.zone, l->owner, l->type);
	case DENIAL_OPT_OUT:
	case DENIAL_ITERATIONS:
		return denial_insecure(p, lp, &r);
	case DENIAL_NOT_CHECKED:
		d = state_make(DNSSEC_STATE_INDETERMINATE,
		    FINDING_DNSSEC_WORK_LIMIT, lp->query.zone, l->owner,
		    l->type);
		d.detail = arena_printf(p->mem, "it cannot be seen %s: %s",
		    denial_words(p, lp), r.why);
		return d;
	case DENIAL_MISSING:
	case DENIAL_INVALID:
		break;
	}
	d = denial_invalid(p, lp, at, &r);
	return denial_limit(p, lp, &d);
}

/* ---- links ---- */

static struct dnssec
set_link_state(struct proofs *p, struct link_proof *lp, int64_t at)
{
	const struct set_proof *set = &lp->pub.set;
	struct set_state s;
	struct dnssec fault;

	if (set->nrrs == 0)
		return state_unobserved(
		    p, NULL, lp->pub.link.owner, lp->pub.link.type);
	s = set_state_get(p, set, at);
	if (s.rank == RANK_SECURE &&
	    signature_expanded(&s.by->fields, set->owner)) {
		/* Only one wildcard can have been meant: see proof.c. */
		if (lp->pub.wildcard != NULL &&
		    s.by->fields.labels == lp->query.labels)
			return denial_state(p, lp, at);
		fault = state_make(DNSSEC_STATE_BOGUS,
		    FINDING_DNSSEC_DENIAL_MISSING, s.by->fields.signer,
		    set->owner, set->type);
		fault.detail = arena_printf(p->mem,
		    "the signatures over %s disagree about its wildcard",
		    set_words(p, set->owner, set->type));
		return fault;
	}
	if (s.rank > RANK_SHAPE)
		return s.state;
	if (s.rank == RANK_SHAPE)
		return unsigned_state(p, lp, at, &s.state);
	fault = state_make(DNSSEC_STATE_BOGUS, FINDING_DNSSEC_RRSIG_MISSING,
	    NULL, set->owner, set->type);
	fault.detail = arena_printf(p->mem,
	    "%s has no signature, though its zone is signed",
	    set_words(p, set->owner, set->type));
	return unsigned_state(p, lp, at, &fault);
}

static struct dnssec
link_state_find(struct proofs *p, struct link_proof *lp, int64_t at)
{
	const struct link *l = &lp->pub.link;

	if (!observation_usable(l->obs))
		return state_unobserved(p, l->obs, l->owner, l->type);
	if (l->kind == LINK_SET)
		return set_link_state(p, lp, at);
	return denial_state(p, lp, at);
}

struct dnssec
link_state_get(struct proofs *p, struct link_proof *lp, int64_t at)
{
	struct state_memo *m = state_slot(p, lp->memo, at);

	if (m->known && m->at == at && m->generation == p->generation)
		return m->state;
	if (lp->busy)
		return state_unobserved(
		    p, NULL, lp->pub.link.owner, lp->pub.link.type);
	lp->busy = true;
	m->state = link_state_find(p, lp, at);
	lp->busy = false;
	m->at = at;
	m->generation = p->generation;
	m->known = true;
	return m->state;
}

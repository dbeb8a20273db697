/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "signature.h"
#include "text.h"

enum { DAY = 86400, CLOCK_SLACK = 300 };

struct dnssec
state_make(enum dnssec_state state, enum finding_id reason, const uint8_t *zone,
    const uint8_t *owner, uint16_t type)
{
	struct dnssec d;

	memset(&d, 0, sizeof(d));
	d.state = state;
	d.reason = reason;
	d.zone = zone;
	d.set_owner = owner;
	d.set_type = type;
	return d;
}

struct dnssec
state_limit(struct proofs *p, const uint8_t *zone, const uint8_t *owner,
    uint16_t type, const char *what)
{
	struct dnssec d = state_make(DNSSEC_STATE_INDETERMINATE,
	    FINDING_DNSSEC_WORK_LIMIT, zone, owner, type);

	d.detail = arena_printf(p->mem, "%s has %s",
	    owner != NULL ? set_words(p, owner, type) : "the answer", what);
	return d;
}

const char *
set_words(struct proofs *p, const uint8_t *owner, uint16_t type)
{
	char buf[16];

	return arena_printf(p->mem, "the %s set of %s", rr_type_text(type, buf),
	    name_text(p->mem, owner));
}

const char *
key_words(struct proofs *p, uint16_t tag, uint8_t algorithm)
{
	char buf[24];

	return arena_printf(
	    p->mem, "%s key %u", algorithm_text(algorithm, buf), (unsigned)tag);
}

struct dnssec
state_unobserved(struct proofs *p, const struct dns_observation *obs,
    const uint8_t *owner, uint16_t type)
{
	struct dnssec d = state_make(DNSSEC_STATE_INDETERMINATE,
	    FINDING_DNS_LOOKUP_FAILED, NULL, owner, type);
	const char *what = set_words(p, owner, type);
	char buf[16];

	if (obs == NULL) {
		/* The run's time was up, or the record lacks it. */
		if (p->ev->cut_short)
			d.reason = FINDING_DNS_TIMEOUT;
		d.detail = arena_printf(p->mem, "%s was not observed", what);
	} else if (obs->outcome == DNS_REPLY) {
		d.detail = arena_printf(p->mem,
		    "the question for %s is answered with %s", what,
		    rcode_text(obs->rcode, buf));
	} else {
		if (obs->outcome == DNS_TIMED_OUT)
			d.reason = FINDING_DNS_TIMEOUT;
		d.detail = arena_printf(p->mem,
		    "the question for %s got no usable answer: %s%s%s", what,
		    dns_outcome_text(obs->outcome),
		    obs->error != NULL ? ", " : "",
		    obs->error != NULL ? obs->error : "");
	}
	return d;
}

/* ---- dates ---- */

/* RFC 4034 3.1.5: serial arithmetic, both ends inclusive. */
static enum signature_when
when_at(const struct rrsig *f, int64_t at)
{
	uint32_t now = (uint32_t)(uint64_t)at;

	if ((int32_t)(f->expiration - now) < 0)
		return WHEN_EXPIRED;
	if ((int32_t)(now - f->inception) < 0)
		return WHEN_EARLY;
	return WHEN_VALID;
}

/* The zone lies above those that the mail path's records are in. */
static bool
zone_renewed(const struct proofs *p, const uint8_t *name)
{
	bool above = name_labels(name) <= 1;
	size_t i;

	for (i = 0; i < p->nzones; i++) {
		const struct zone *z = p->zones[i];

		if (!z->own)
			continue;
		if (name_equal(z->pub.name, name))
			return name_labels(name) <= 1;
		above |= name_within(z->pub.name, name);
	}
	return above;
}

enum signature_when
signature_when(
    const struct proofs *p, const struct signature_proof *s, int64_t at)
{
	enum signature_when when = when_at(&s->fields, at);

	if (when == WHEN_EXPIRED && p->renew != RENEW_NONE &&
	    at > p->ev->collected_at &&
	    when_at(&s->fields, p->ev->collected_at) == WHEN_VALID &&
	    (p->renew == RENEW_ALL || zone_renewed(p, s->fields.signer)))
		return WHEN_VALID;
	return when;
}

/* All of the zone's good key signatures are out of date at that time. */
static bool
zone_dates_wrong(const struct zone_proof *z, int64_t at)
{
	bool any = false;
	size_t i, j;

	for (i = 0; i < z->dnskey.nsigs; i++) {
		const struct signature_proof *s = &z->dnskey.sigs[i];

		if (s->verdict != SIGNATURE_VERIFIED)
			continue;
		for (j = 0; j < z->nds; j++)
			if (z->ds[j].matches == s->dnskey)
				break;
		if (j == z->nds)
			continue;
		if (when_at(&s->fields, at) == WHEN_VALID)
			return false;
		any = true;
	}
	return any;
}

/*
 * The anchor's zone and another one are out of date together: it is this
 * machine's clock rather than all of them.
 */
static bool
clock_suspect(struct proofs *p)
{
	bool anchor = false, other = false;
	size_t i;

	if (p->clock_zones == p->nzones)
		return p->clock_suspect;
	for (i = 0; i < p->nzones; i++) {
		const struct zone_proof *z = &p->zones[i]->pub;

		if (!zone_dates_wrong(z, p->ev->collected_at))
			continue;
		anchor |= z->kind == ZONE_ANCHOR;
		other |= z->kind == ZONE_DELEGATED;
	}
	p->clock_suspect = anchor && other;
	p->clock_zones = p->nzones;
	return p->clock_suspect;
}

/* ---- one signature ---- */

static const char *
signature_words(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s)
{
	return arena_printf(p->mem, "the signature over %s by %s of %s",
	    set_words(p, set->owner, set->type),
	    key_words(p, s->fields.key_tag, s->fields.algorithm),
	    name_text(p->mem, s->fields.signer));
}

static void
state_clock(struct proofs *p, struct dnssec *d)
{
	d->state = DNSSEC_STATE_INDETERMINATE;
	d->reason = FINDING_DNSSEC_CLOCK_SUSPECT;
	d->detail = arena_printf(
	    p->mem, "%s; perhaps this machine's clock is wrong", d->detail);
}

/* Begins so soon that it is rather this machine's clock that is slow. */
static bool
begins_soon(const struct proofs *p, const struct signature_proof *s, int64_t at)
{
	return at == p->ev->collected_at &&
	    text_serial_near(s->fields.inception, at) - at <= CLOCK_SLACK;
}

static struct dnssec
state_out_of_date(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at, bool expired)
{
	struct dnssec d = state_make(DNSSEC_STATE_BOGUS,
	    expired ? FINDING_DNSSEC_RRSIG_EXPIRED
		    : FINDING_DNSSEC_RRSIG_NOT_YET_VALID,
	    s->fields.signer, set->owner, set->type);
	char when[32], span[32];

	d.has_tag = true;
	d.key_tag = s->fields.key_tag;
	d.has_date = true;
	d.date = text_serial_near(
	    expired ? s->fields.expiration : s->fields.inception, at);
	text_time(d.date, when);
	text_duration(at - d.date, span);
	if (expired)
		d.detail = arena_printf(p->mem,
		    "%s expired at %s, %s before; otherwise it is right%s",
		    signature_words(p, set, s), when, span,
		    at - d.date < DAY ? "; some validators still forgive this"
				      : "");
	else
		d.detail = arena_printf(p->mem,
		    "%s begins at %s, %s later; otherwise it is right",
		    signature_words(p, set, s), when, span);
	if (clock_suspect(p) || (!expired && begins_soon(p, s, at)))
		state_clock(p, &d);
	return d;
}

/* Tags of the zone's keys, for "no key bears this tag". */
static const char *
keys_words(struct proofs *p, const struct zone_proof *z)
{
	const char *text = "none";
	size_t i;

	for (i = 0; i < z->nkeys && i < 8; i++)
		text = arena_printf(p->mem, "%s%s%u", i > 0 ? text : "",
		    i > 0 ? ", " : "", (unsigned)z->keys[i].key_tag);
	return text;
}

static struct dnssec
state_not_good(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, enum finding_id reason, const char *what)
{
	struct dnssec d = state_make(DNSSEC_STATE_BOGUS, reason,
	    s->fields.signer, set->owner, set->type);

	if (s->fields.signer == NULL) {
		d.detail = arena_printf(p->mem,
		    "the signature over %s is malformed: %s",
		    set_words(p, set->owner, set->type), what);
		return d;
	}
	d.has_tag = true;
	d.key_tag = s->fields.key_tag;
	d.detail =
	    arena_printf(p->mem, "%s %s", signature_words(p, set, s), what);
	return d;
}

/* A signature that is wrong may be out of date besides: another sentence. */
static const char *
and_dates(struct proofs *p, const struct signature_proof *s, int64_t at)
{
	enum signature_when when = when_at(&s->fields, at);
	char date[32];

	if (when == WHEN_VALID)
		return "";
	if (when == WHEN_EXPIRED)
		return arena_printf(p->mem, ", and it expired at %s",
		    text_time(
			text_serial_near(s->fields.expiration, at), date));
	return arena_printf(p->mem, ", and it begins only at %s",
	    text_time(text_serial_near(s->fields.inception, at), date));
}

static struct dnssec
state_verified(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	switch (signature_when(p, s, at)) {
	case WHEN_EXPIRED:
		return state_out_of_date(p, set, s, at, true);
	case WHEN_EARLY:
		return state_out_of_date(p, set, s, at, false);
	case WHEN_VALID:
		break;
	}
	return state_make(DNSSEC_STATE_SECURE, FINDING_DNSSEC_SECURE,
	    s->fields.signer, set->owner, set->type);
}

static struct dnssec
state_invalid(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_INVALID,
	    arena_printf(
		p->mem, "does not fit the records%s", and_dates(p, s, at)));
}

static struct dnssec
state_unsupported(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s)
{
	struct dnssec d;

	/* RFC 6840 5.11: another algorithm's signature was needed. */
	if (!algorithm_supported(s->fields.algorithm, p->deprecated))
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_MISSING,
		    "does not count: its algorithm is not supported, and "
		    "there is no other");
	d = state_not_good(p, set, s, FINDING_DNSSEC_ALGORITHM_UNSUPPORTED,
	    "cannot be checked on this machine");
	d.state = DNSSEC_STATE_INDETERMINATE;
	return d;
}

static struct dnssec
signature_dnssec(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	const struct zone *z;
	struct dnssec d;

	switch (s->verdict) {
	case SIGNATURE_VERIFIED:
		return state_verified(p, set, s, at);
	case SIGNATURE_NO_KEY:
		z = zone_known(p, s->fields.signer);
		if (z == NULL || z->pub.nkeys == 0)
			return state_not_good(p, set, s,
			    FINDING_DNSSEC_RRSIG_NO_KEY,
			    "cannot be checked: the zone's keys are not known");
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_NO_KEY,
		    arena_printf(p->mem,
			"names no key of the zone%s; the zone's key tags are "
			"%s",
			and_dates(p, s, at), keys_words(p, &z->pub)));
	case SIGNATURE_INVALID:
		return state_invalid(p, set, s, at);
	case SIGNATURE_MALFORMED:
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_MALFORMED,
		    s->fields.signer == NULL
			? s->why
			: arena_printf(p->mem, "is malformed: %s", s->why));
	case SIGNATURE_UNSUPPORTED:
		return state_unsupported(p, set, s);
	case SIGNATURE_KEY_UNFIT:
		return state_not_good(p, set, s,
		    s->dnskey != NULL &&
			    (dnskey_flags(s->dnskey) & DNSKEY_REVOKE)
			? FINDING_DNSSEC_KEY_REVOKED
			: FINDING_DNSSEC_RRSIG_NO_KEY,
		    arena_printf(p->mem, "does not count: %s%s", s->why,
			and_dates(p, s, at)));
	case SIGNATURE_NOT_CHECKED:
		break;
	}
	d = state_not_good(p, set, s, FINDING_DNSSEC_WORK_LIMIT,
	    "was not checked: too many were to be tried");
	d.state = DNSSEC_STATE_INDETERMINATE;
	return d;
}

/* Without a word: of many signatures only the best is spoken of. */
static enum signature_rank
signature_rank_at(struct proofs *p, const struct signature_proof *s, int64_t at)
{
	switch (s->verdict) {
	case SIGNATURE_VERIFIED:
		switch (signature_when(p, s, at)) {
		case WHEN_EXPIRED:
			return clock_suspect(p) ? RANK_UNKNOWN : RANK_EXPIRED;
		case WHEN_EARLY:
			return clock_suspect(p) || begins_soon(p, s, at)
			    ? RANK_UNKNOWN
			    : RANK_EARLY;
		case WHEN_VALID:
			break;
		}
		return RANK_SECURE;
	case SIGNATURE_NO_KEY:
		return RANK_NO_KEY;
	case SIGNATURE_INVALID:
		return RANK_INVALID;
	case SIGNATURE_MALFORMED:
		return RANK_SHAPE;
	case SIGNATURE_UNSUPPORTED:
		return algorithm_supported(s->fields.algorithm, p->deprecated)
		    ? RANK_UNKNOWN
		    : RANK_UNSUPPORTED;
	case SIGNATURE_KEY_UNFIT:
		return RANK_UNFIT;
	case SIGNATURE_NOT_CHECKED:
		break;
	}
	return RANK_UNCHECKED;
}

struct set_state
signature_state(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	struct set_state r = { .by = s };

	r.rank = signature_rank_at(p, s, at);
	r.state = signature_dnssec(p, set, s, at);
	return r;
}

struct dnssec
proof_signature(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	return signature_dnssec(p, set, s, at);
}

/* ---- the set ---- */

static enum signature_rank
rank_of(const struct dnssec *d)
{
	switch (d->state) {
	case DNSSEC_STATE_SECURE:
		return RANK_SECURE;
	case DNSSEC_STATE_INSECURE:
		return RANK_INSECURE;
	case DNSSEC_STATE_INDETERMINATE:
		return RANK_UNKNOWN;
	case DNSSEC_STATE_BOGUS:
		break;
	}
	return RANK_ZONE;
}

/* The signature could be read, and its signer may hold the set. */
static bool
names_zone(const struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s)
{
	return s->fields.signer != NULL &&
	    signature_misshapen(&s->fields, set->owner, set->type) == NULL &&
	    anchor_allows(p->ev, s->fields.signer, set->owner, set->type);
}

/* What the signer's own state leaves of a signature's rank. */
static enum signature_rank
set_signature_rank(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	enum signature_rank rank;
	struct link_proof *lp;
	struct dnssec d;
	struct zone *z;

	if (!names_zone(p, set, s))
		return signature_rank_at(p, s, at);
	z = zone_get(p, s->fields.signer);
	if (!z->not_a_cut) {
		d = zone_state_get(p, z, at);
		rank = rank_of(&d);
		return rank == RANK_SECURE ? signature_rank_at(p, s, at) : rank;
	}
	lp = link_own(z->pub.ds_link);
	/* RFC 1034 3.6.2: an alias that signs itself is no zone. */
	if (lp->busy)
		return RANK_SHAPE;
	/* Says who, then: the parent's denial must itself hold. */
	d = link_state_get(p, lp, at);
	rank = rank_of(&d);
	return rank == RANK_SECURE ? RANK_SIGNER : rank;
}

/* The words for it, by the same steps. */
static struct dnssec
set_signature_state(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	struct link_proof *lp;
	struct dnssec d;
	struct zone *z;

	if (!names_zone(p, set, s))
		return signature_dnssec(p, set, s, at);
	z = zone_get(p, s->fields.signer);
	lp = link_own(z->pub.ds_link);
	if (!z->not_a_cut)
		d = zone_state_get(p, z, at);
	else if (lp->busy)
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_MALFORMED,
		    "is malformed: its signer is not a zone");
	else
		d = link_state_get(p, lp, at);
	return d.state == DNSSEC_STATE_SECURE ? signature_dnssec(p, set, s, at)
					      : d;
}

struct set_state
set_state_get(struct proofs *p, const struct set_proof *set, int64_t at)
{
	struct set_state best;
	size_t i;

	memset(&best, 0, sizeof(best));
	for (i = 0; i < set->nsigs && best.rank < RANK_SECURE; i++) {
		const struct signature_proof *s = &set->sigs[i];
		enum signature_rank rank = set_signature_rank(p, set, s, at);

		/* RFC 6840 5.4: one good signature is enough. */
		if (rank > best.rank) {
			best.rank = rank;
			best.by = s;
		}
	}
	/* One of those that were not looked at could be better. */
	if (set->more && best.rank < RANK_UNCHECKED) {
		best.state = state_limit(p,
		    best.by != NULL ? best.by->fields.signer : NULL, set->owner,
		    set->type, "more signatures than are tried");
		if (best.rank != RANK_SHAPE)
			best.rank = RANK_UNCHECKED;
	} else if (best.by != NULL) {
		best.state = set_signature_state(p, set, best.by, at);
	}
	return best;
}

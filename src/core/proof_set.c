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
	const struct zone *z = zone_known(p, name);

	return name_labels(name) <= 1 || (z != NULL && !z->own);
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

static struct set_state
state_out_of_date(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at, bool expired)
{
	struct set_state r = { .by = s };
	struct dnssec *d = &r.state;
	char when[32], span[32];

	*d = state_make(DNSSEC_STATE_BOGUS,
	    expired ? FINDING_DNSSEC_RRSIG_EXPIRED
		    : FINDING_DNSSEC_RRSIG_NOT_YET_VALID,
	    s->fields.signer, set->owner, set->type);
	r.rank = expired ? RANK_EXPIRED : RANK_EARLY;
	d->has_tag = true;
	d->key_tag = s->fields.key_tag;
	d->has_date = true;
	d->date = text_serial_near(
	    expired ? s->fields.expiration : s->fields.inception, at);
	text_time(d->date, when);
	text_duration(at - d->date, span);
	if (expired)
		d->detail = arena_printf(p->mem,
		    "%s expired at %s, %s before; otherwise it is right%s",
		    signature_words(p, set, s), when, span,
		    at - d->date < DAY ? "; some validators still forgive this"
				       : "");
	else
		d->detail = arena_printf(p->mem,
		    "%s begins at %s, %s later; otherwise it is right",
		    signature_words(p, set, s), when, span);
	if (clock_suspect(p) ||
	    (!expired && at == p->ev->collected_at &&
		d->date - at <= CLOCK_SLACK)) {
		state_clock(p, d);
		r.rank = RANK_UNKNOWN;
	}
	return r;
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

static struct set_state
state_not_good(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, enum finding_id reason,
    enum signature_rank rank, const char *what)
{
	struct set_state r = { .by = s, .rank = rank };

	r.state = state_make(DNSSEC_STATE_BOGUS, reason, s->fields.signer,
	    set->owner, set->type);
	if (s->fields.signer == NULL) {
		r.state.detail = arena_printf(p->mem,
		    "the signature over %s is malformed: %s",
		    set_words(p, set->owner, set->type), what);
		return r;
	}
	r.state.has_tag = true;
	r.state.key_tag = s->fields.key_tag;
	r.state.detail =
	    arena_printf(p->mem, "%s %s", signature_words(p, set, s), what);
	return r;
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

static struct set_state
state_invalid(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_INVALID,
	    RANK_INVALID,
	    arena_printf(
		p->mem, "does not fit the records%s", and_dates(p, s, at)));
}

static struct set_state
state_unsupported(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s)
{
	struct set_state r;

	/* RFC 6840 5.11: another algorithm's signature was needed. */
	if (!algorithm_supported(s->fields.algorithm, p->deprecated))
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_MISSING,
		    RANK_UNSUPPORTED,
		    "does not count: its algorithm is not supported, and "
		    "there is no other");
	r = state_not_good(p, set, s, FINDING_DNSSEC_ALGORITHM_UNSUPPORTED,
	    RANK_UNKNOWN, "cannot be checked on this machine");
	r.state.state = DNSSEC_STATE_INDETERMINATE;
	return r;
}

struct set_state
signature_state(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	struct set_state r = { .by = s };
	const struct zone *z;

	switch (s->verdict) {
	case SIGNATURE_VERIFIED:
		switch (signature_when(p, s, at)) {
		case WHEN_EXPIRED:
			return state_out_of_date(p, set, s, at, true);
		case WHEN_EARLY:
			return state_out_of_date(p, set, s, at, false);
		case WHEN_VALID:
			break;
		}
		r.state = state_make(DNSSEC_STATE_SECURE, FINDING_DNSSEC_SECURE,
		    s->fields.signer, set->owner, set->type);
		r.rank = RANK_SECURE;
		return r;
	case SIGNATURE_NO_KEY:
		z = zone_known(p, s->fields.signer);
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_NO_KEY,
		    RANK_NO_KEY,
		    arena_printf(p->mem,
			"names no key of the zone%s; the zone's key tags are "
			"%s",
			and_dates(p, s, at),
			z != NULL ? keys_words(p, &z->pub) : "unknown"));
	case SIGNATURE_INVALID:
		return state_invalid(p, set, s, at);
	case SIGNATURE_MALFORMED:
		return state_not_good(p, set, s, FINDING_DNSSEC_RRSIG_MALFORMED,
		    RANK_SHAPE,
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
		    RANK_UNFIT,
		    arena_printf(p->mem, "does not count: %s%s", s->why,
			and_dates(p, s, at)));
	case SIGNATURE_NOT_CHECKED:
		break;
	}
	r = state_not_good(p, set, s, FINDING_DNSSEC_WORK_LIMIT, RANK_UNCHECKED,
	    "was not checked: too many were to be tried");
	r.state.state = DNSSEC_STATE_INDETERMINATE;
	return r;
}

struct dnssec
proof_signature(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	return signature_state(p, set, s, at).state;
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

static struct set_state
set_signature_state(struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at)
{
	struct set_state r = { .by = s };
	struct zone *z;

	if (s->fields.signer == NULL ||
	    signature_misshapen(&s->fields, set->owner, set->type) != NULL)
		return signature_state(p, set, s, at);
	z = zone_get(p, s->fields.signer);
	if (z->not_a_cut) {
		struct link_proof *lp =
		    (struct link_proof *)(uintptr_t)z->pub.ds_link;

		/* RFC 1034 3.6.2: an alias that signs itself is no zone. */
		if (lp->busy)
			return state_not_good(p, set, s,
			    FINDING_DNSSEC_RRSIG_MALFORMED, RANK_SHAPE,
			    "is malformed: its signer is not a zone");
		/* Says who, then: the parent's denial must itself hold. */
		r.state = link_state_get(p, lp, at);
		r.rank = rank_of(&r.state);
		if (r.rank == RANK_SECURE) {
			r = signature_state(p, set, s, at);
			r.rank = RANK_SIGNER;
		}
		return r;
	}
	r.state = zone_state_get(p, z, at);
	r.rank = rank_of(&r.state);
	if (r.rank != RANK_SECURE)
		return r;
	return signature_state(p, set, s, at);
}

struct set_state
set_state_get(struct proofs *p, const struct set_proof *set, int64_t at)
{
	struct set_state best;
	size_t i;

	memset(&best, 0, sizeof(best));
	for (i = 0; i < set->nsigs; i++) {
		struct set_state r =
		    set_signature_state(p, set, &set->sigs[i], at);

		/* RFC 4035 5.3.3: one good signature is enough. */
		if (r.rank > best.rank)
			best = r;
		if (best.rank == RANK_SECURE)
			break;
	}
	return best;
}

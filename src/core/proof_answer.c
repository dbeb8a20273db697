/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include "arena.h"
#include "name.h"

enum { DAY = 86400 };

/*
 * RFC 6840 5.9: with CD set we saw one server's or cache's data.  The same
 * question without it validated, so there are better data elsewhere.  A
 * signature expired for less than a day proves no such thing: validators
 * forgive that much clock skew.
 */
static bool
other_data_validate(
    const struct proof *proof, const struct dnssec *d, int64_t at)
{
	const struct dns_observation *obs = proof->link.obs;

	/* Either of both: a wrong RCODE is what some validators mend. */
	if (d->state != DNSSEC_STATE_BOGUS || obs == NULL ||
	    !obs->opinion.present || !obs->opinion.ad ||
	    (obs->opinion.rcode != 0 && obs->opinion.rcode != 3))
		return false;
	return d->reason != FINDING_DNSSEC_RRSIG_EXPIRED || !d->has_date ||
	    at - d->date > DAY;
}

struct dnssec
proof_state(struct proofs *p, const struct proof *proof, int64_t at)
{
	struct dnssec d = link_state_get(p, link_own(proof), at), then;

	if (d.state != DNSSEC_STATE_BOGUS)
		return d;
	/* The opinion is of the time when it was asked. */
	then = link_state_get(p, link_own(proof), p->ev->collected_at);
	if (!other_data_validate(proof, &then, p->ev->collected_at))
		return d;
	d.state = DNSSEC_STATE_INDETERMINATE;
	d.reason = FINDING_DNSSEC_SOME_BAD_DATA;
	d.detail = arena_printf(p->mem,
	    "%s; yet the resolver validates the "
	    "same question",
	    d.detail);
	return d;
}

/* Of the links of one answer, the worst decides. */
static int
badness(const struct dnssec *d)
{
	switch (d->state) {
	case DNSSEC_STATE_SECURE:
		return 0;
	case DNSSEC_STATE_INSECURE:
		return 1;
	case DNSSEC_STATE_INDETERMINATE:
		return 2;
	case DNSSEC_STATE_BOGUS:
		break;
	}
	return 3;
}

struct dnssec
proof_answer(struct proofs *p, const struct answer *a, int64_t at)
{
	size_t i;

	for (i = 0; i < a->nlinks; i++)
		proofs_link(p, &a->links[i]);
	return proof_answer_aside(p, a, at);
}

struct dnssec
proof_answer_aside(struct proofs *p, const struct answer *a, int64_t at)
{
	struct dnssec worst, d;
	size_t i;

	worst = state_make(DNSSEC_STATE_SECURE, FINDING_DNSSEC_SECURE, NULL,
	    a->final, a->type);
	switch (a->kind) {
	case ANSWER_DATA:
	case ANSWER_NODATA:
	case ANSWER_NXDOMAIN:
		break;
	case ANSWER_LOOP:
		worst.state = DNSSEC_STATE_INDETERMINATE;
		worst.reason = FINDING_DNS_LOOKUP_FAILED;
		worst.certain = true;
		worst.set_owner = a->name;
		worst.detail =
		    arena_printf(p->mem, "the aliases of %s lead nowhere",
			name_text(p->mem, a->name));
		break;
	case ANSWER_PENDING:
	case ANSWER_ERROR:
	case ANSWER_NO_REPLY:
		worst = state_unobserved(p, a->obs,
		    a->final != NULL ? a->final : name_root, a->type);
		break;
	}
	for (i = 0; i < a->nlinks; i++) {
		d = proof_state(p, proofs_aside(p, &a->links[i]), at);
		if (badness(&d) > badness(&worst) ||
		    (i == 0 && badness(&worst) == 0))
			worst = d;
	}
	return worst;
}

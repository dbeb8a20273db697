/* SPDX-License-Identifier: ISC */
#include "proof.h"

#include <string.h>

#include "arena.h"
#include "denial.h"
#include "name.h"
#include "plan.h"
#include "proof_internal.h"
#include "signature.h"

/*
 * Which DNSKEY and DS questions a link still lacks.  Structure only: who
 * signs, and where a denial shows a cut; whether it is true is seen later
 * (proof_state.c follows the same steps).
 */

struct signers {
	const uint8_t *name[PROOF_SIGNERS_MAX];
	size_t n;
};

struct chain {
	struct arena *mem;
	const struct evidence *ev;
	struct wants *wants;
	struct nsec3_hasher *hasher;
};

static void want_zone(struct chain *, const uint8_t *name);

static void
signers_add(struct signers *s, const uint8_t *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (name_equal(s->name[i], name))
			return;
	if (s->n < PROOF_SIGNERS_MAX)
		s->name[s->n++] = name;
}

/* Who signs the set, as far as that is possible at all. */
static void
signers_of_set(const struct chain *c, struct signers *s, const struct rr *rrs,
    size_t n, const uint8_t *owner, uint16_t type)
{
	struct rrsig f;
	size_t i;

	for (i = 0; i < n; i++)
		if (rrs[i].type == TYPE_RRSIG && rrsig_read(&rrs[i], &f) &&
		    f.covered == type && name_equal(rrs[i].owner, owner) &&
		    signature_misshapen(&f, owner, type) == NULL &&
		    anchor_allows(c->ev, f.signer, owner, type))
			signers_add(s, f.signer);
}

/*
 * Who signs the NSEC and NSEC3 records that could deny the name.  Where the
 * denial of a DS has none, the root's denial of a TXT set tells whether the
 * resolver drops them (RFC 8027 3.1).
 */
static void
signers_of_denial(struct chain *c, struct signers *s,
    const struct dns_observation *obs, const uint8_t *name, uint16_t type)
{
	bool any = false;
	struct rrsig f;
	size_t i;

	for (i = 0; i < obs->nauthority; i++) {
		const struct rr *rr = &obs->authority[i];

		any |= rr->type == TYPE_NSEC || rr->type == TYPE_NSEC3;
		if (rr->type != TYPE_RRSIG || !rrsig_read(rr, &f) ||
		    (f.covered != TYPE_NSEC && f.covered != TYPE_NSEC3) ||
		    !name_within(name, f.signer) ||
		    signature_expanded(&f, rr->owner))
			continue;
		if ((type == TYPE_DS && name_equal(name, f.signer)) ||
		    !anchor_allows(c->ev, f.signer, name, type))
			continue;
		signers_add(s, f.signer);
	}
	if (!any && !obs->assumed && type == TYPE_DS &&
	    anchor_at(c->ev, name_root))
		wants_dns(c->wants, name_root, TYPE_TXT);
}

/* The reply holds this set for the name. */
static bool
obs_has(const struct dns_observation *obs, const uint8_t *name, uint16_t type)
{
	size_t i;

	for (i = 0; i < obs->nanswer; i++)
		if (obs->answer[i].type == type &&
		    obs->answer[i].class == CLASS_IN &&
		    name_equal(obs->answer[i].owner, name))
			return true;
	return false;
}

/* What the reply's records say of the name, if the signatures are good. */
static struct denial_result
denial_shows(struct chain *c, enum denial_question question,
    const struct dns_observation *obs, const uint8_t *name, uint16_t type,
    const struct signers *s)
{
	const struct rr *records[DENIAL_RECORDS_MAX];
	struct denial_query q = { question, name, type, NULL, 0, records, 0 };
	struct denial_result r = { .verdict = DENIAL_MISSING };
	size_t i;

	for (i = 0; i < obs->nauthority && q.nrecords < DENIAL_RECORDS_MAX; i++)
		if (obs->authority[i].type == TYPE_NSEC ||
		    obs->authority[i].type == TYPE_NSEC3)
			records[q.nrecords++] = &obs->authority[i];
	for (i = 0; i < s->n; i++) {
		q.zone = s->name[i];
		r = denial_check(c->hasher, &q);
		if (r.verdict == DENIAL_PROVEN)
			break;
	}
	return r;
}

/*
 * The denial of a DS says, if it is true: a cut or an opt-out span, below
 * which nothing more needs to be asked; or no cut.
 */
static bool
denial_shows_no_cut(struct chain *c, const struct dns_observation *obs,
    const uint8_t *name, const struct signers *s)
{
	struct denial_result r =
	    denial_shows(c, DENIAL_OF_TYPE, obs, name, TYPE_DS, s);

	if (obs->assumed && s->n == 0)
		return obs->rcode != 3 && !assumed_cut(obs, name);
	/* RFC 8020: below a name that is not there is no cut. */
	return r.verdict == DENIAL_PROVEN && !r.delegation &&
	    !(obs->rcode == 3 && r.no_name);
}

static void
want_signers(struct chain *c, const struct signers *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		want_zone(c, s->name[i]);
}

/* One step down: true when the walk goes on below this name. */
static bool
walk_step(struct chain *c, const uint8_t *name)
{
	struct signers s = { .n = 0 };
	const struct dns_observation *obs;

	if (anchor_at(c->ev, name)) {
		wants_dns(c->wants, name, TYPE_DNSKEY);
		return true;
	}
	obs = evidence_dns(c->ev, name, TYPE_DS);
	if (obs == NULL)
		wants_dns(c->wants, name, TYPE_DS);
	if (!observation_usable(obs))
		return false;
	if (obs_has(obs, name, TYPE_DS)) {
		signers_of_set(c, &s, obs->answer, obs->nanswer, name, TYPE_DS);
		want_signers(c, &s);
		wants_dns(c->wants, name, TYPE_DNSKEY);
		return true;
	}
	if (obs_has(obs, name, TYPE_CNAME)) {
		signers_of_set(
		    c, &s, obs->answer, obs->nanswer, name, TYPE_CNAME);
		want_signers(c, &s);
		return true;
	}
	signers_of_denial(c, &s, obs, name, TYPE_DS);
	want_signers(c, &s);
	return denial_shows_no_cut(c, obs, name, &s);
}

/* From the closest anchor down to the name, as far as the cuts go. */
static void
want_walk(struct chain *c, const uint8_t *name)
{
	const uint8_t *anchor = anchor_above(c->ev, name);
	unsigned i;

	if (anchor == NULL)
		return;
	wants_dns(c->wants, anchor, TYPE_DNSKEY);
	for (i = name_labels(anchor) + 1; i <= name_labels(name); i++)
		if (!walk_step(c, name_ancestor(name, i)))
			return;
}

/* The keys of a zone, its DS, and whoever signs that. */
static void
want_zone(struct chain *c, const uint8_t *name)
{
	const struct dns_observation *obs;
	struct signers s = { .n = 0 };
	bool above = false;
	size_t i;

	if (anchor_above(c->ev, name) == NULL ||
	    name_labels(name) > PROOF_DEPTH_MAX)
		return;
	wants_dns(c->wants, name, TYPE_DNSKEY);
	if (anchor_at(c->ev, name))
		return;
	wants_dns(c->wants, name, TYPE_DS);
	obs = evidence_dns(c->ev, name, TYPE_DS);
	if (!observation_usable(obs))
		return;
	if (obs_has(obs, name, TYPE_DS))
		signers_of_set(c, &s, obs->answer, obs->nanswer, name, TYPE_DS);
	else if (obs_has(obs, name, TYPE_CNAME))
		signers_of_set(
		    c, &s, obs->answer, obs->nanswer, name, TYPE_CNAME);
	else
		signers_of_denial(c, &s, obs, name, TYPE_DS);
	/* Strictly above but for an alias, which is no zone. */
	for (i = 0; i < s.n; i++)
		if (!name_equal(s.name[i], name)) {
			want_zone(c, s.name[i]);
			above = true;
		}
	/* An unsigned answer: only a cut above can explain it. */
	if (!above)
		want_walk(c, name_parent(name));
}

void
chain_wants(struct arena *mem, const struct evidence *ev,
    const struct link *link, struct wants *wants)
{
	struct chain c = { mem, ev, wants, NULL };
	struct signers s = { .n = 0 };
	const uint8_t *name = link->owner;

	if (!observation_usable(link->obs))
		return;
	if (wants->hasher == NULL) {
		wants->hasher = nsec3_hasher_new(mem, PROOF_HASH_WORK_MAX);
		nsec3_hasher_memo(wants->hasher, wants->memo);
	}
	c.hasher = wants->hasher;
	if (link->kind == LINK_SET)
		signers_of_set(&c, &s, link->obs->answer, link->obs->nanswer,
		    name, link->type);
	else
		signers_of_denial(&c, &s, link->obs, name, link->type);
	want_signers(&c, &s);
	if (s.n > 0 &&
	    (link->kind == LINK_SET ||
		denial_shows(&c,
		    link->kind == LINK_NXDOMAIN ? DENIAL_OF_NAME
						: DENIAL_OF_TYPE,
		    link->obs, name, link->type, &s)
			.verdict != DENIAL_INVALID))
		return;
	/* Unsigned or unproven: perhaps a cut above explains it. */
	if (link->type == TYPE_DS && name_labels(name) > 0)
		name = name_parent(name);
	want_walk(&c, name);
}

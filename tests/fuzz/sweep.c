/* SPDX-License-Identifier: ISC */
/*
 * What fuzzing would find too seldom, one by one: in every world, each set
 * that a zone signed is denied with all the NSEC and NSEC3 records that are
 * known, and with all but one of them; and each name is given the sets of
 * other names and of wildcards.  truth.c says what must come of it: not
 * once is it secure, or insecure.  The near miss: what is not there is denied
 * with the same records, and that is secure.
 */
#include <string.h>

#include "core/arena.h"
#include "core/memo.h"
#include "core/name.h"
#include "core/signature.h"
#include "fuzz.h"
#include "../unit/tap.h"
#include "world.h"

enum { WORLDS = 26, NXDOMAIN = 3, RECORDS_MAX = 256 };

/* A set of records with its signatures, as they stand in the evidence. */
struct group {
	const uint8_t *owner;
	uint16_t type;
	struct rr *list;
	size_t n;
};

struct sweep {
	struct arena *mem;
	struct memo *memo;
	const struct world *world;
	struct group *denials; /* NSEC, NSEC3 */
	size_t ndenials, denialcap;
	struct group *sets; /* all others that are signed */
	size_t nsets, setcap;
	int64_t at;
	unsigned attacks, bogus;
};

/* ---- what there is ---- */

static bool
signs(const struct rr *rr, const uint8_t *owner, uint16_t type)
{
	struct rrsig f;

	return rrsig_read(rr, &f) && f.covered == type &&
	    name_equal(rr->owner, owner);
}

static bool
known(const struct group *groups, size_t n, const struct rr *rr)
{
	for (size_t i = 0; i < n; i++)
		if (groups[i].type == rr->type &&
		    name_equal(groups[i].owner, rr->owner) &&
		    rdata_compare(groups[i].list[0].rdata,
			groups[i].list[0].rdlen, rr->rdata, rr->rdlen) == 0)
			return true;
	return false;
}

/* The set that list[first] is of; empty where nothing signs it. */
static struct group
group_read(struct arena *mem, const struct rr *list, size_t n, size_t first)
{
	const struct rr *rr = &list[first];
	struct group g = { .owner = rr->owner, .type = rr->type };
	bool is_signed = false;

	g.list = arena_array(mem, n, sizeof *g.list);
	for (size_t i = first; i < n; i++)
		if (list[i].type == rr->type &&
		    name_equal(list[i].owner, rr->owner))
			g.list[g.n++] = list[i];
	for (size_t i = 0; i < n; i++)
		if (signs(&list[i], rr->owner, rr->type)) {
			g.list[g.n++] = list[i];
			is_signed = true;
		}
	g.n = is_signed ? g.n : 0;
	return g;
}

static void
read_section(struct sweep *s, const struct rr *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool denial =
		    list[i].type == TYPE_NSEC || list[i].type == TYPE_NSEC3;
		struct group g;

		if (list[i].type == TYPE_RRSIG ||
		    known(s->denials, s->ndenials, &list[i]) ||
		    known(s->sets, s->nsets, &list[i]))
			continue;
		g = group_read(s->mem, list, n, i);
		if (g.n == 0)
			continue;
		if (denial) {
			s->denials = arena_grow(s->mem, s->denials, s->ndenials,
			    &s->denialcap, sizeof g);
			s->denials[s->ndenials++] = g;
		} else {
			s->sets = arena_grow(
			    s->mem, s->sets, s->nsets, &s->setcap, sizeof g);
			s->sets[s->nsets++] = g;
		}
	}
}

/* All denials but one (none where that is over) behind each other. */
static struct rr *
denials_but(struct sweep *s, struct arena *mem, size_t but, size_t *n)
{
	struct rr *list = arena_array(mem, RECORDS_MAX, sizeof *list);

	*n = 0;
	for (size_t i = 0; i < s->ndenials; i++)
		for (size_t k = 0; i != but && k < s->denials[i].n; k++)
			if (*n < RECORDS_MAX)
				list[(*n)++] = s->denials[i].list[k];
	return list;
}

/* The records without that type in their bitmaps. */
static struct group
group_without(struct arena *mem, const struct group *from, uint16_t type)
{
	struct group g = *from;

	g.list = arena_copy(mem, from->list, from->n * sizeof *from->list);
	for (size_t i = 0; i < g.n; i++) {
		uint8_t *data =
		    arena_copy(mem, g.list[i].rdata, g.list[i].rdlen);
		size_t off;

		if (g.list[i].type == TYPE_RRSIG || !g.list[i].wellformed)
			continue;
		off =
		    g.list[i].type == TYPE_NSEC ? name_len(data) : 5u + data[4];
		off += g.list[i].type == TYPE_NSEC ? 0 : 1u + data[off];
		for (; off < g.list[i].rdlen; off += 2u + data[off + 1])
			if (data[off] == type >> 8 &&
			    (type & 0xff) / 8 < data[off + 1])
				data[off + 2u + (type & 0xffu) / 8u] &=
				    (uint8_t) ~(0x80 >> (type & 7));
		g.list[i].rdata = data;
	}
	return g;
}

/* ---- an attack ---- */

/* This reply in place of what was recorded; the state of the question. */
static enum dnssec_state
attack(struct sweep *s, const uint8_t *name, uint16_t type, uint16_t rcode,
    const struct group *answer, size_t but)
{
	struct spoilt spoilt = world_spoil(s->world, NULL, 0);
	struct judge_options options = { .at = s->at };
	struct dns_observation *o = dns_observation_new();
	struct arena *mem = arena_new();
	struct verdict v = {
		.spoilt = &spoilt, .dates = true, .algorithms = true
	};
	enum dnssec_state state;
	struct proofs *proofs;
	struct answer a;

	for (size_t i = 0; i < spoilt.ev->ndns; i++)
		if (spoilt.ev->dns[i]->type == type &&
		    name_equal(spoilt.ev->dns[i]->name, name)) {
			dns_observation_unref(spoilt.ev->dns[i]);
			spoilt.ev->dns[i] = spoilt.ev->dns[--spoilt.ev->ndns];
			break;
		}
	o->name = name_copy(o->mem, name);
	o->type = type;
	o->rcode = rcode;
	o->authority = denials_but(s, mem, but, &o->nauthority);
	if (answer != NULL) {
		o->answer = arena_copy(
		    mem, answer->list, answer->n * sizeof *answer->list);
		o->nanswer = answer->n;
		for (size_t i = 0; i < answer->n; i++)
			o->answer[i].owner = o->name;
	}
	evidence_add_dns(spoilt.ev, o);
	evidence_sort(spoilt.ev);
	spoilt.harm = HARM_ANY;
	proofs = proofs_new(mem, spoilt.ev, s->memo);
	proofs_deprecated(proofs, s->world->deprecated);
	proofs_renew(proofs, RENEW_NONE);
	v.j = judge(mem, path_walk(mem, spoilt.ev), proofs, &options);
	truth_check(&v);
	answer_follow(mem, spoilt.ev, name, type, &a);
	state = proof_answer(proofs, &a, options.at).state;
	s->attacks++;
	s->bogus += state == DNSSEC_STATE_BOGUS;
	arena_free(mem);
	evidence_free(spoilt.ev);
	return state;
}

/* An alias has no other data; but all names below a DNAME are there. */
static void
deny_aliases(struct sweep *s)
{
	uint8_t below[NAME_WIRE_MAX];

	for (size_t i = 0; i < s->nsets; i++)
		for (size_t but = 0; but <= s->ndenials; but++) {
			const uint8_t *owner = s->sets[i].owner;

			if (s->sets[i].type == TYPE_CNAME)
				attack(s, owner, TYPE_CAA, 0, NULL, but);
			if (s->sets[i].type != TYPE_DNAME ||
			    !name_prepend(below, "x", owner))
				continue;
			attack(s, below, TYPE_A, 0, NULL, but);
			attack(s, below, TYPE_A, NXDOMAIN, NULL, but);
		}
}

static void
deny_all(struct sweep *s)
{
	for (size_t i = 0; i < s->nsets; i++)
		for (size_t but = 0; but <= s->ndenials; but++) {
			const struct group *g = &s->sets[i];

			attack(s, g->owner, g->type, 0, NULL, but);
			attack(s, g->owner, g->type, NXDOMAIN, NULL, but);
		}
}

/* The bit of the type taken out of every bitmap: a lie, and not signed. */
static void
deny_forged(struct sweep *s)
{
	struct group *kept = s->denials;

	for (size_t i = 0; i < s->nsets; i++) {
		struct arena *mem = arena_new();

		s->denials = arena_copy(mem, kept, s->ndenials * sizeof *kept);
		for (size_t k = 0; k < s->ndenials; k++)
			s->denials[k] =
			    group_without(mem, &kept[k], s->sets[i].type);
		attack(
		    s, s->sets[i].owner, s->sets[i].type, 0, NULL, s->ndenials);
		arena_free(mem);
	}
	s->denials = kept;
}

/* Long before and after, nothing being renewed. */
static void
out_of_date(struct sweep *s)
{
	const int64_t far = 10 * 366 * 86400;
	int64_t now = s->world->ev->collected_at;
	unsigned secure = 0;

	for (s->at = now - far; s->at <= now + far; s->at += 2 * far)
		for (size_t i = 0; i < s->nsets; i++)
			secure += attack(s, s->sets[i].owner, s->sets[i].type,
				      0, &s->sets[i],
				      s->ndenials) == DNSSEC_STATE_SECURE;
	s->at = now;
	ok(secure == 0 && s->nsets > 0, "%s: %u secure in another decade",
	    s->world->name, secure);
}

/* With all records; those of a wildcard with all but each, too. */
static void
give_all(struct sweep *s)
{
	for (size_t i = 0; i < s->nsets; i++) {
		const struct group *g = &s->sets[i];
		struct rrsig f;
		bool expanded = rrsig_read(&g->list[g->n - 1], &f) &&
		    signature_expanded(&f, g->owner);

		for (size_t k = 0; k < s->world->nnames; k++) {
			const uint8_t *name = s->world->names[k];

			for (size_t but = expanded ? 0 : s->ndenials;
			     but <= s->ndenials; but++)
				attack(s, name, g->type, 0, g, but);
		}
	}
}

/* What is not there: denied by all records, and that is the truth. */
static void
deny_truly(struct sweep *s, bool insecure)
{
	enum dnssec_state want =
	    insecure ? DNSSEC_STATE_INSECURE : DNSSEC_STATE_SECURE;
	const char *zone = name_text(s->mem, s->world->ev->domain);
	uint8_t none[NAME_WIRE_MAX];

	ok(name_prepend(none, "not-there", s->world->ev->domain) &&
		attack(s, none, TYPE_A, NXDOMAIN, NULL, s->ndenials) == want,
	    "%s no such name", zone);
	ok(name_prepend(none, "mx", s->world->ev->domain) &&
		attack(s, none, TYPE_CAA, 0, NULL, s->ndenials) ==
		    DNSSEC_STATE_SECURE,
	    "%s no such type", zone);
}

static void
sweep_world(struct memo *memo, unsigned number)
{
	struct sweep s = { .mem = arena_new(), .memo = memo };

	s.world = world_get(number);
	s.at = s.world->ev->collected_at;
	for (size_t i = 0; i < s.world->ev->ndns; i++) {
		const struct dns_observation *o = s.world->ev->dns[i];

		read_section(&s, o->answer, o->nanswer);
		read_section(&s, o->authority, o->nauthority);
	}
	/* A small recording has no more than what it was made for. */
	if (s.ndenials >= 5) {
		deny_all(&s);
		deny_aliases(&s);
		deny_forged(&s);
		give_all(&s);
		ok(s.bogus > 0, "%s: %u attacks, %u bogus", s.world->name,
		    s.attacks, s.bogus);
	}
	if (number >= WORLDS - 3) {
		deny_truly(&s, number == WORLDS - 1);
		out_of_date(&s);
	}
	arena_free(s.mem);
}

int
main(void)
{
	struct memo *memo = memo_new();

	for (unsigned i = 0; i < WORLDS; i++)
		sweep_world(memo, i);
	memo_free(memo);
	return tap_done();
}

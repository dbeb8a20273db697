/* SPDX-License-Identifier: ISC */
#include "core/memo.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/path.h"
#include "core/plan.h"
#include "core/proof_internal.h"
#include "core/validity.h"
#include "tap.h"
#include "zone_fixture.h"

static void
key_of(uint8_t key[MEMO_KEY_LEN], size_t i)
{
	memset(key, 7, MEMO_KEY_LEN);
	key[0] = (uint8_t)i;
	key[MEMO_KEY_LEN - 1] = (uint8_t)(i >> 8);
}

static enum signature_result
result_of(size_t i)
{
	return (enum signature_result)(i % 3);
}

/* Keys that begin alike are told apart; a full memo begins again. */
static void
test_table(void)
{
	struct memo *memo = memo_new();
	enum signature_result r;
	uint8_t key[MEMO_KEY_LEN];
	size_t i, right = 0, found = 0;

	key_of(key, 1);
	ok(!memo_find(memo, key, &r), "an empty memo knows nothing");
	for (i = 0; i < MEMO_ENTRIES_MAX; i++) {
		key_of(key, i);
		memo_add(memo, key, result_of(i));
	}
	for (i = 0; i < MEMO_ENTRIES_MAX; i++) {
		key_of(key, i);
		right += memo_find(memo, key, &r) && r == result_of(i);
	}
	ok(right == MEMO_ENTRIES_MAX, "%zu results found again", right);
	memo_add(memo, key, r);
	key_of(key, MEMO_ENTRIES_MAX);
	ok(!memo_find(memo, key, &r), "what was not added is not found");
	memo_add(memo, key, SIGNATURE_RESULT_BAD);
	for (i = 0; i <= MEMO_ENTRIES_MAX; i++) {
		key_of(key, i);
		found += memo_find(memo, key, &r);
	}
	ok(found <= 2, "when full, all is forgotten");
	ok(memo_verifications(memo) == MEMO_ENTRIES_MAX + 2,
	    "every check is counted");
	memo_free(memo);
	memo_free(NULL);
}

/* A signature, its set and the keys that it was tried with. */
struct tried {
	const struct rr *rrsig, *dnskey;
};

struct tries {
	struct tried *list;
	size_t n, cap;
};

static bool
same_rr(const struct rr *a, const struct rr *b)
{
	return a == b || (a->rdlen == b->rdlen &&
	    name_equal(a->owner, b->owner) &&
	    memcmp(a->rdata, b->rdata, a->rdlen) == 0);
}

static void
tries_add(struct tries *t, const struct rr *rrsig, const struct rr *dnskey)
{
	for (size_t i = 0; i < t->n; i++)
		if (same_rr(t->list[i].rrsig, rrsig) &&
		    same_rr(t->list[i].dnskey, dnskey))
			return;
	t->list = arena_grow(mem, t->list, t->n, &t->cap, sizeof *t->list);
	t->list[t->n++] = (struct tried){ rrsig, dnskey };
}

/* No tags collide in the fixture: a signature is tried with one key. */
static void
tries_of_set(struct tries *t, const struct proofs *p,
    const struct set_proof *set)
{
	for (size_t i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];
		const struct zone *z;

		if (s->verdict != SIGNATURE_VERIFIED &&
		    s->verdict != SIGNATURE_INVALID)
			continue;
		z = zone_known(p, s->fields.signer);
		for (size_t k = 0; k < z->pub.nkeys; k++)
			if (z->pub.keys[k].key_tag == s->fields.key_tag)
				tries_add(t, s->rrsig, z->pub.keys[k].dnskey);
	}
}

static size_t
distinct_tries(const struct proofs *p)
{
	struct tries t = { NULL, 0, 0 };

	for (size_t i = 0; i < p->nlinks; i++)
		tries_of_set(&t, p, &p->links[i]->pub.set);
	for (size_t i = 0; i < p->nzones; i++)
		tries_of_set(&t, p, &p->zones[i]->pub.dnskey);
	for (size_t i = 0; i < p->ndenials; i++)
		for (size_t k = 0; k < p->denials[i]->n; k++)
			tries_of_set(&t, p, &p->denials[i]->sets[k]);
	return t.n;
}

static bool
same_findings(const struct judgement *a, const struct judgement *b)
{
	if (a->findings.n != b->findings.n || a->status != b->status)
		return false;
	for (size_t i = 0; i < a->findings.n; i++) {
		const struct finding *f = &a->findings.list[i];
		const struct finding *g = &b->findings.list[i];

		if (f->id != g->id || f->severity != g->severity ||
		    (f->detail == NULL) != (g->detail == NULL) ||
		    (f->detail != NULL && strcmp(f->detail, g->detail) != 0))
			return false;
	}
	return true;
}

/* Second look, judgement by every profile, validity: as the program does. */
static struct judgement *
whole_run(const struct evidence *ev, struct memo *memo)
{
	const struct path *path = path_walk(mem, ev);
	struct wants wants = { .mem = mem, .ev = ev };
	struct proofs *proofs;
	struct judgement *j = NULL;

	plan_second_look(path, proofs_new(mem, ev, memo), &wants);
	proofs = proofs_new(mem, ev, memo);
	for (int profile = NPROFILES - 1; profile >= 0; profile--) {
		struct judge_options options = {
			.at = ev->collected_at,
			.profile = (enum profile)profile,
		};

		j = judge(mem, path, proofs, &options);
		validity_find(j);
	}
	return j;
}

struct run_case {
	const char *name, *domain;
	enum change change;
	const char *changed, *covered;
};

static const struct run_case runs[] = {
	{ "NSEC", "example.test.", NOTHING, "", "A" },
	{ "NSEC3", "ed.test.", NOTHING, "", "A" },
	{ "a bad signature", "example.test.", FLIP, "example.test. MX",
	    "MX" },
	{ "a bad denial", "example.test.", FLIP, "mx.example.test. AAAA",
	    "NSEC" },
	{ "bad keys", "example.test.", FLIP, "test. DNSKEY", "DNSKEY" },
	{ "unsigned", "plain.test.", NOTHING, "", "A" },
};

static void
test_runs(void)
{
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		const struct run_case *c = &runs[i];
		struct evidence *ev =
		    evidence_make(c->change, c->changed, c->covered);
		struct memo *memo = memo_new();
		struct judgement *with, *without;
		size_t tried;

		ev->domain = wire_name(c->domain);
		with = whole_run(ev, memo);
		without = whole_run(ev, NULL);
		tried = distinct_tries(with->proofs);
		ok(tried > 3 && memo_verifications(memo) == tried,
		    "%s: %zu signatures, %zu verifications", c->name, tried,
		    memo_verifications(memo));
		ok(same_findings(with, without) &&
		    proofs_verifications(with->proofs) ==
		    proofs_verifications(without->proofs),
		    "%s: the same with and without a memo", c->name);
		/* A second judgement costs none at all. */
		whole_run(ev, memo);
		ok(memo_verifications(memo) == tried,
		    "%s: nothing is verified again", c->name);
		evidence_free(ev);
		memo_free(memo);
	}
}

/* One memo for several domains: what is like another is not the other. */
static void
test_shared(void)
{
	struct memo *memo = memo_new();
	struct evidence *good = evidence_make(NOTHING, "", "A");
	struct evidence *bad = evidence_make(FLIP, "example.test. MX", "MX");
	struct evidence *record = evidence_make(
	    FLIP_RECORD, "example.test. MX", "MX");
	size_t before;

	whole_run(good, memo);
	before = memo_verifications(memo);
	ok(same_findings(whole_run(bad, memo), whole_run(bad, NULL)),
	    "a bad signature after a good one");
	ok(memo_verifications(memo) == before + 1, "it alone is verified");
	ok(same_findings(whole_run(record, memo), whole_run(record, NULL)),
	    "a changed record after a good one");
	ok(memo_verifications(memo) == before + 2, "it alone is verified");
	whole_run(good, memo);
	ok(memo_verifications(memo) == before + 2, "the good one is known");
	evidence_free(good);
	evidence_free(bad);
	evidence_free(record);
	memo_free(memo);
}

int
main(void)
{
	mem = arena_new();
	test_table();
	test_runs();
	test_shared();
	arena_free(mem);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/memo.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/choice.h"
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

static void
tries_of(struct tries *t, const struct proofs *p)
{
	for (size_t i = 0; i < p->nlinks; i++)
		tries_of_set(t, p, &p->links[i]->pub.set);
	for (size_t i = 0; i < p->nzones; i++)
		tries_of_set(t, p, &p->zones[i]->pub.dnskey);
	for (size_t i = 0; i < p->ndenials; i++)
		for (size_t k = 0; k < p->denials[i]->n; k++)
			tries_of_set(t, p, &p->denials[i]->sets[k]);
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

/* What a whole run has proved: by the first answers, by the chosen ones. */
struct run {
	struct proofs *first, *chosen;
	struct judgement *j;
};

static size_t
distinct_tries(const struct run *r)
{
	struct tries t = { NULL, 0, 0 };

	tries_of(&t, r->first);
	tries_of(&t, r->chosen);
	return t.n;
}

/*
 * Second look, choice, judgement by every profile, validity: as the program
 * does.
 */
static struct run
whole_run(const struct evidence *ev, struct memo *memo)
{
	struct evidence *view = arena_copy(mem, ev, sizeof *ev);
	struct wants wants = { .mem = mem, .ev = ev };
	const struct path *path = path_walk(mem, ev);
	struct run r;

	r.first = proofs_new(mem, ev, memo);
	plan_second_look(path, r.first, &wants);
	view->choice = choice_make(mem, ev, false, memo);
	path = path_walk(mem, view);
	r.chosen = proofs_new(mem, view, memo);
	for (int profile = NPROFILES - 1; profile >= 0; profile--) {
		struct judge_options options = {
			.at = ev->collected_at,
			.profile = (enum profile)profile,
		};

		r.j = judge(mem, path, r.chosen, &options);
		validity_find(r.j);
	}
	return r;
}

/* All questions: a choice among looks is made for each of them. */
static void
prove_all(struct proofs *p)
{
	for (size_t i = 0; i < p->ev->ndns; i++) {
		const struct dns_observation *o = p->ev->dns[i];
		struct answer a;

		answer_follow(mem, p->ev, o->name, o->type, &a);
		proof_answer(p, &a, p->ev->collected_at);
	}
}

/* The answer to a question as another server gave it: without the change. */
static void
add_look(struct evidence *ev, const char *question, uint16_t type)
{
	struct evidence *good = evidence_make(NOTHING, "", "A");
	struct dns_observation *o = (struct dns_observation *)(uintptr_t)
	    evidence_dns(good, wire_name(question), type);

	o->refs++;
	o->look = LOOK_ELSEWHERE;
	o->server = "192.0.2.53";
	evidence_add_dns(ev, o);
	evidence_free(good);
}

struct run_case {
	const char *name, *domain;
	enum change change;
	const char *changed, *covered;
	bool healed;	/* another server's MX set is good */
};

static const struct run_case runs[] = {
	{ "NSEC", "example.test.", NOTHING, "", "A", false },
	{ "NSEC3", "ed.test.", NOTHING, "", "A", false },
	{ "a bad signature", "example.test.", FLIP, "example.test. MX",
	    "MX", false },
	{ "a bad signature, another server's is good", "example.test.", FLIP,
	    "example.test. MX", "MX", true },
	{ "a bad denial", "example.test.", FLIP, "mx.example.test. AAAA",
	    "NSEC", false },
	{ "bad keys", "example.test.", FLIP, "test. DNSKEY", "DNSKEY",
	    false },
	{ "unsigned", "plain.test.", NOTHING, "", "A", false },
};

static void
test_runs(void)
{
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		const struct run_case *c = &runs[i];
		struct evidence *ev =
		    evidence_make(c->change, c->changed, c->covered);
		struct memo *memo = memo_new();
		struct run with, without;
		size_t tried;

		ev->domain = wire_name(c->domain);
		if (c->healed)
			add_look(ev, c->domain, TYPE_MX);
		with = whole_run(ev, memo);
		without = whole_run(ev, NULL);
		if (c->healed) {
			prove_all(with.first);
			prove_all(with.chosen);
		}
		tried = distinct_tries(&with);
		ok(tried > 3 && memo_verifications(memo) == tried,
		    "%s: %zu signatures, %zu verifications", c->name, tried,
		    memo_verifications(memo));
		ok(same_findings(with.j, without.j) &&
		    (c->healed || proofs_verifications(with.chosen) ==
		    proofs_verifications(without.chosen)),
		    "%s: the same with and without a memo", c->name);
		ok((findings_find(&with.j->findings,
		    FINDING_DNSSEC_SOME_BAD_DATA, -1) != NULL) == c->healed,
		    "%s: healed or not", c->name);
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
	ok(same_findings(whole_run(bad, memo).j, whole_run(bad, NULL).j),
	    "a bad signature after a good one");
	ok(memo_verifications(memo) == before + 1, "it alone is verified");
	ok(same_findings(whole_run(record, memo).j,
	    whole_run(record, NULL).j),
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

/* SPDX-License-Identifier: ISC */
/*
 * The work limits (CVE-2023-50387, CVE-2023-50868): what is made to cost ends
 * as DNSSEC_WORK_LIMIT with a bounded number of checks; one less than a limit
 * is judged in full; and what honest zones need is far from all of them.
 */
#include "core/catalogue.h"
#include "core/judge.h"
#include "core/path.h"
#include "core/proof_internal.h"
#include "core/validity.h"
#include "hostile.h"
#include "tap.h"

static struct arena *mem;

static const char *
state_words(const struct dnssec *d)
{
	const char *id = catalogue_row(d->reason)->id;

	if (strncmp(id, "DNSSEC_", 7) == 0)
		id += 7;
	if (d->state == DNSSEC_STATE_SECURE)
		return "secure";
	return arena_printf(mem, "%s %s", dnssec_state_text(d->state), id);
}

static const char *
answer_words(struct proofs *p, const char *name, uint16_t type)
{
	struct answer a;
	struct dnssec d;

	answer_follow(mem, p->ev, signer_name(mem, name), type, &a);
	d = proof_answer(p, &a, SIGNER_NOW);
	return state_words(&d);
}

/* ---- floods ---- */

/* "evil.test." below "test." below the root: where the flood is. */
struct flood {
	const char *name;
	struct hostile_zone answer;	/* signs the MX set */
	struct hostile_zone zone;	/* its keys, and who signs them */
	struct hostile_zone parent;	/* its keys, and who signs the DS */
	unsigned ds_same, ds_others;	/* DS records before the good one */
	const char *want;
	unsigned checks;		/* beside the six of the chain */
};

#define LIMIT "indeterminate WORK_LIMIT"

static const struct flood floods[] = {
	{ "honest", .want = "secure", .checks = 0 },
	/* the answer */
	{ "keys of one tag, one signature", .zone = { .keys = 60 },
	    .want = LIMIT, .checks = 2 * PROOF_FAILURES_MAX },
	{ "hundreds of bad signatures", .answer = { .bad = 300 },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "hundreds of each", .answer = { .bad = 300, .no_good = true },
	    .zone = { .keys = 300 }, .want = LIMIT,
	    .checks = 2 * PROOF_FAILURES_MAX },
	{ "as many bad ones as are tried", .want = "secure",
	    .answer = { .bad = PROOF_FAILURES_MAX - 1 },
	    .checks = PROOF_FAILURES_MAX - 1 },
	{ "one more", .answer = { .bad = PROOF_FAILURES_MAX },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "bad ones alone, as many as are tried",
	    .answer = { .bad = PROOF_FAILURES_MAX, .no_good = true },
	    .want = "bogus RRSIG_INVALID", .checks = PROOF_FAILURES_MAX },
	{ "bad ones alone, one more",
	    .answer = { .bad = PROOF_FAILURES_MAX + 1, .no_good = true },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "as many as are looked at",
	    .answer = { .tagless = PROOF_SIGNATURES_MAX - 1 },
	    .want = "secure" },
	{ "one more is not looked at",
	    .answer = { .tagless = PROOF_SIGNATURES_MAX }, .want = LIMIT },
	{ "none is good among as many as are looked at",
	    .answer = { .tagless = PROOF_SIGNATURES_MAX, .no_good = true },
	    .want = "bogus RRSIG_NO_KEY" },
	{ "none is good among hundreds",
	    .answer = { .tagless = 300, .no_good = true }, .want = LIMIT },
	/* the key set */
	{ "three keys of one tag", .zone = { .keys = 2 }, .want = "secure",
	    .checks = 4 },
	{ "bad signatures over the keys", .zone = { .bad = 300 },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "bad signatures over the keys, as many as are tried",
	    .zone = { .bad = PROOF_FAILURES_MAX - 1 }, .want = "secure",
	    .checks = PROOF_FAILURES_MAX - 1 },
	{ "signatures of other keys over the keys",
	    .zone = { .tagless = 300, .no_good = true }, .want = LIMIT },
	{ "the same, all looked at",
	    .zone = { .tagless = PROOF_SIGNATURES_MAX, .no_good = true },
	    .want = "bogus DNSKEY_NOT_SIGNED_BY_DS" },
	{ "as many keys as are looked at",
	    .zone = { .strangers = PROOF_KEYS_MAX - 1 }, .want = "secure" },
	{ "the good key is one more",
	    .zone = { .strangers = PROOF_KEYS_MAX }, .want = LIMIT },
	{ "hundreds of keys", .zone = { .strangers = 1200 }, .want = LIMIT },
	/* the DS set */
	{ "bad signatures over the DS set", .parent = { .bad = 300 },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "keys of one tag in the parent", .parent = { .keys = 300 },
	    .want = LIMIT, .checks = 2 * PROOF_FAILURES_MAX },
	{ "bad signatures over the DS set, as many as are tried",
	    .parent = { .bad = PROOF_FAILURES_MAX - 1 }, .want = "secure",
	    .checks = PROOF_FAILURES_MAX - 1 },
	{ "as many DS as are looked at", .ds_others = PROOF_DS_MAX - 1,
	    .want = "secure" },
	{ "the good DS is one more", .ds_others = PROOF_DS_MAX,
	    .want = LIMIT },
	{ "hundreds of DS", .ds_same = 300, .want = LIMIT },
	{ "as many DS of one tag as are compared",
	    .ds_same = PROOF_DIGESTS_MAX - 1, .want = "secure" },
	{ "one more of one tag", .ds_same = PROOF_DIGESTS_MAX,
	    .want = LIMIT },
	{ "DS of one tag, keys of one tag", .ds_same = 12,
	    .zone = { .keys = 5 }, .want = LIMIT, .checks = 10 },
};

/* The fields of a zone, with the flood of this one. */
static struct hostile_zone
flooded(const struct hostile_zone *z, const struct hostile_zone *flood)
{
	struct hostile_zone f = *flood;

	f.name = z->name;
	f.key = z->key;
	return f;
}

static struct evidence *
flood_evidence(const struct flood *f)
{
	struct hostile_zone root = { .keys = 0 };
	struct hostile_zone test = { .keys = f->parent.keys,
		.strangers = f->parent.strangers };
	struct hostile_zone evil = { .keys = 0 }, signs;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_ksk(ALGORITHM_ED25519, 0);
	signs = flooded(&test, &f->parent);
	hostile_ds(ev, &signs, &evil, f->ds_same, f->ds_others);
	signs = flooded(&evil, &f->zone);
	hostile_keys(ev, &signs, &signs);
	signs = flooded(&evil, &f->answer);
	hostile_answer(ev, &signs, "evil.test. MX 10 mx.evil.test.");
	return ev;
}

static void
test_floods(void)
{
	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		const struct flood *f = &floods[i];
		struct evidence *ev = flood_evidence(f);
		struct proofs *p = proofs_new(mem, ev, NULL);
		unsigned digests = 0;

		is(answer_words(p, "evil.test.", TYPE_MX), f->want, f->name);
		for (size_t k = 0; k < p->nzones; k++)
			if (p->zones[k]->digests > digests)
				digests = p->zones[k]->digests;
		ok(proofs_verifications(p) <= 6 + f->checks &&
		    digests <= PROOF_DIGESTS_MAX,
		    "%s: %u verifications, %u digests", f->name,
		    proofs_verifications(p), digests);
		evidence_free(ev);
	}
}

/* ---- denials ---- */

/* Of the TXT set of evil.test.; other NSEC records stand before its own. */
struct denial_flood {
	const char *name;
	struct hostile_zone nsec;	/* signs the NSEC that denies it */
	unsigned others;
	bool missing;			/* the one that denies it */
	const char *want;
	unsigned checks;		/* beside five of the chain */
};

static const struct denial_flood denials[] = {
	{ "honest denial", .want = "secure", .checks = 1 },
	{ "as many records as are looked at",
	    .others = DENIAL_RECORDS_MAX - 1, .want = "secure",
	    .checks = DENIAL_RECORDS_MAX },
	{ "the right record is one more", .others = DENIAL_RECORDS_MAX,
	    .want = LIMIT, .checks = DENIAL_RECORDS_MAX },
	{ "as many, and none is the right one",
	    .others = DENIAL_RECORDS_MAX, .missing = true,
	    .want = "bogus DENIAL_INVALID", .checks = DENIAL_RECORDS_MAX },
	{ "hundreds, and none is the right one", .others = 300,
	    .missing = true, .want = LIMIT, .checks = DENIAL_RECORDS_MAX },
	{ "bad signatures over the denial", .nsec = { .bad = 300 },
	    .want = LIMIT, .checks = PROOF_FAILURES_MAX },
	{ "bad signatures over the denial, as many as are tried",
	    .nsec = { .bad = PROOF_FAILURES_MAX - 1 }, .want = "secure",
	    .checks = PROOF_FAILURES_MAX },
	{ "signatures of no key over the denial",
	    .nsec = { .tagless = 300 }, .want = LIMIT },
	{ "signatures of no key, all looked at",
	    .nsec = { .tagless = PROOF_SIGNATURES_MAX - 1 },
	    .want = "secure", .checks = 1 },
	{ "signatures of no key, all looked at, none is good",
	    .nsec = { .tagless = PROOF_SIGNATURES_MAX, .no_good = true },
	    .want = "bogus RRSIG_NO_KEY" },
};

static struct evidence *
denial_evidence(const struct denial_flood *f)
{
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct hostile_zone signs;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	struct hostile_set s = { .mem = ev->mem };
	struct rr nsec;

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_ksk(ALGORITHM_ED25519, 0);
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	for (unsigned i = 0; i < f->others; i++) {
		nsec = signer_record(ev->mem, arena_printf(ev->mem,
		    "a%04u.evil.test. NSEC a%04u.evil.test. A RRSIG NSEC", i,
		    i + 1));
		hostile_sign(&s, &nsec, 1, &evil);
	}
	signs = flooded(&evil, &f->nsec);
	nsec = signer_record(ev->mem,
	    "evil.test. NSEC a0000.evil.test. MX NS SOA RRSIG NSEC");
	if (!f->missing)
		hostile_sign(&s, &nsec, 1, &signs);
	hostile_reply(ev, evil.name, TYPE_TXT, NULL, &s);
	return ev;
}

static void
test_denials(void)
{
	for (size_t i = 0; i < sizeof denials / sizeof *denials; i++) {
		const struct denial_flood *f = &denials[i];
		struct evidence *ev = denial_evidence(f);
		struct proofs *p = proofs_new(mem, ev, NULL);

		is(answer_words(p, "evil.test.", TYPE_TXT), f->want, f->name);
		ok(proofs_verifications(p) <= 5 + f->checks,
		    "%s: %u verifications", f->name, proofs_verifications(p));
		evidence_free(ev);
	}
}

/*
 * An unsigned zone may send what it will: it stays unsigned, whatever was
 * not looked at.
 */
static void
test_insecure(void)
{
	static const char *const names[] = {
		"plain.test.", "deep.plain.test."
	};
	struct hostile_zone root = { .keys = 0 }, test = root;
	struct hostile_zone plain = { .bad = 300 };
	struct evidence *ev = hostile_evidence(mem, "plain.test.", &root,
	    &test);
	struct hostile_set s = { .mem = ev->mem }, mx = s;
	struct proofs *p = proofs_new(mem, ev, NULL);
	struct rr nsec, rr;

	plain.name = signer_name(ev->mem, "plain.test.");
	plain.key = signer_ksk(ALGORITHM_ED25519, 0);
	nsec = signer_record(ev->mem, "plain.test. NSEC z.test. NS RRSIG NSEC");
	hostile_sign(&s, &nsec, 1, &test);
	hostile_reply(ev, plain.name, TYPE_DS, NULL, &s);
	hostile_keys(ev, &plain, &plain);
	for (size_t i = 0; i < 2; i++)
		hostile_answer(ev, &plain, arena_printf(ev->mem,
		    "%s MX 10 mx.plain.test.", names[i]));
	for (size_t i = 0; i < 2; i++)
		is(answer_words(p, names[i], TYPE_MX), "insecure UNSIGNED",
		    "hundreds of signatures of an unsigned zone");
	/* None of a shape that could ever count. */
	rr = signer_record(ev->mem, "odd.plain.test. MX 10 mx.plain.test.");
	hostile_sign(&mx, &rr, 1, &plain);
	for (size_t i = 1; i < mx.n; i++)
		((uint8_t *)(uintptr_t)mx.list[i].rdata)[3] = 100;
	hostile_reply(ev, rr.owner, TYPE_MX, &mx, NULL);
	is(answer_words(p, "odd.plain.test.", TYPE_MX), "insecure UNSIGNED",
	    "hundreds of malformed signatures of an unsigned zone");
	rr.owner = signer_name(ev->mem, "odd.test.");
	for (size_t i = 0; i < mx.n; i++)
		mx.list[i].owner = rr.owner;
	hostile_reply(ev, rr.owner, TYPE_MX, &mx, NULL);
	nsec = signer_record(ev->mem, "odd.test. NSEC z.test. MX RRSIG NSEC");
	s.n = 0;
	hostile_sign(&s, &nsec, 1, &test);
	hostile_reply(ev, rr.owner, TYPE_DS, NULL, &s);
	is(answer_words(p, "odd.test.", TYPE_MX), LIMIT,
	    "hundreds of malformed signatures in a signed zone");
	evidence_free(ev);
}

/* ---- zones ---- */

/* An address of that name, signed by its parent; nothing else is known. */
static const char *
signed_by_parent(struct evidence *ev, struct proofs *p, const char *name)
{
	struct hostile_zone z = { .key = signer_ksk(ALGORITHM_ED25519, 0) };

	z.name = name_parent(signer_name(mem, name));
	hostile_answer(ev, &z, arena_printf(mem, "%s A 192.0.2.1", name));
	return answer_words(p, name, TYPE_A);
}

static void
test_zones(void)
{
	struct hostile_zone root = { .keys = 0 }, test = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	struct proofs *p = proofs_new(mem, ev, NULL);
	const char *deep = "test.", *unknown = "indeterminate DNS_LOOKUP_FAILED";
	unsigned limit = 0, missing = 0;

	for (unsigned i = 1; i < PROOF_DEPTH_MAX; i++)
		deep = arena_printf(mem, "a.%s", deep);
	is(signed_by_parent(ev, p, arena_printf(mem, "a.%s", deep)), unknown,
	    "a zone as deep as may be");
	is(signed_by_parent(ev, p, arena_printf(mem, "a.a.%s", deep)), LIMIT,
	    "a deeper one");
	is(signed_by_parent(ev, p, "a.b0.test."), unknown, "a zone not seen");
	for (unsigned i = 1; i < 2 * PROOF_ZONES_MAX; i++) {
		const char *words = signed_by_parent(ev, p,
		    arena_printf(mem, "a.b%u.test.", i));

		limit += strcmp(words, LIMIT) == 0;
		missing += strcmp(words, unknown) == 0;
	}
	ok(missing > PROOF_ZONES_MAX / 2 && limit > PROOF_ZONES_MAX / 2 &&
	    missing + limit + 1 == 2 * PROOF_ZONES_MAX,
	    "a thousand zones: %u not seen, %u over the limit", missing,
	    limit);
	ok(p->nzones == PROOF_ZONES_MAX, "%zu zones are kept", p->nzones);
	is(answer_words(p, "a.b0.test.", TYPE_A), unknown,
	    "the first ones stay as they were");
	evidence_free(ev);
}

/* ---- hashes ---- */

/* A NODATA answer of evil.test. by the NSEC3 record of the name itself. */
static void
nsec3_answer(struct evidence *ev, const struct hostile_zone *z,
    const uint8_t *name, unsigned iterations, size_t saltlen, bool proves)
{
	static const uint8_t salt[255] = { 1 };
	struct hostile_set s = { .mem = ev->mem };
	const uint8_t *of = proves ? name : signer_name(mem, "x.evil.test.");
	struct rr rr = signer_nsec3(ev->mem, z->name, of, 0, of, 1, 0,
	    iterations, salt, saltlen, "A RRSIG");

	hostile_sign(&s, &rr, 1, z);
	hostile_reply(ev, name, TYPE_TXT, NULL, &s);
}

/* "1.2.3.….nth.evil.test." */
static const uint8_t *
deep_name(unsigned labels, unsigned nth)
{
	const char *text = arena_printf(mem, "%u.evil.test.", nth);

	while (labels-- > 0)
		text = arena_printf(mem, "a.%s", text);
	return signer_name(mem, text);
}

static void
test_hashes(void)
{
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	struct proofs *p = proofs_new(mem, ev, NULL);
	unsigned bogus = 0, limit = 0, secure = 0;

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_ksk(ALGORITHM_ED25519, 0);
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	/* What an honest domain may need at the most. */
	for (unsigned i = 0; i < PATH_QUESTIONS_MAX; i++)
		nsec3_answer(ev, &evil, deep_name(4, i),
		    NSEC3_ITERATIONS_MAX, 8, true);
	for (unsigned i = 0; i < PATH_QUESTIONS_MAX; i++) {
		struct answer a;

		answer_follow(mem, ev, deep_name(4, i), TYPE_TXT, &a);
		secure += proof_answer(p, &a, SIGNER_NOW).state ==
		    DNSSEC_STATE_SECURE;
	}
	ok(secure == PATH_QUESTIONS_MAX, "%u answers of a zone with 150 "
	    "iterations: %u of %u spent", secure,
	    nsec3_hasher_spent(p->hasher), PROOF_HASH_WORK_MAX);
	/* Long names, long salts, nothing proven: each ancestor is hashed. */
	p = proofs_new(mem, ev, NULL);
	for (unsigned i = 1000; i < 1010; i++) {
		struct answer a;
		const char *words;
		struct dnssec d;

		nsec3_answer(ev, &evil, deep_name(115, i),
		    NSEC3_ITERATIONS_MAX, 255, false);
		answer_follow(mem, ev, deep_name(115, i), TYPE_TXT, &a);
		d = proof_answer(p, &a, SIGNER_NOW);
		words = state_words(&d);
		bogus += strcmp(words, "bogus DENIAL_INVALID") == 0;
		limit += strcmp(words, LIMIT) == 0;
	}
	ok(bogus > 0 && limit > 0 && bogus + limit == 10,
	    "costly hashes: %u answers in full, %u over the limit", bogus,
	    limit);
	ok(nsec3_hasher_spent(p->hasher) <= PROOF_HASH_WORK_MAX, "%u spent",
	    nsec3_hasher_spent(p->hasher));
	evidence_free(ev);
}

/* One record proves it; others, with other parameters each, come first. */
static const char *
chains_words(unsigned others)
{
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	struct hostile_set s = { .mem = ev->mem };
	const char *words;

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_ksk(ALGORITHM_ED25519, 0);
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	for (unsigned i = 0; i <= others; i++) {
		const uint8_t *of = i < others
		    ? signer_name(ev->mem, "x.evil.test.") : evil.name;
		struct rr rr = signer_nsec3(ev->mem, evil.name, of, 0, of, 1,
		    0, i, NULL, 0, "MX NS SOA RRSIG");

		hostile_sign(&s, &rr, 1, &evil);
	}
	hostile_reply(ev, evil.name, TYPE_TXT, NULL, &s);
	words = answer_words(proofs_new(mem, ev, NULL), "evil.test.",
	    TYPE_TXT);
	evidence_free(ev);
	return words;
}

static void
test_chains(void)
{
	is(chains_words(0), "secure", "one set of NSEC3 parameters");
	is(chains_words(2), "secure", "as many as are tried");
	is(chains_words(3), LIMIT, "the right one is one more");
	is(chains_words(20), LIMIT, "the right one comes after many");
}

/* ---- the sum of it all ---- */

/* How many of the hosts' answers end in these words. */
static unsigned
hosts_count(struct proofs *p, const struct path *path, const char *words)
{
	unsigned n = 0;

	for (size_t i = 0; i < path->nhosts; i++) {
		const struct path_host *h = &path->hosts[i];
		const struct answer *list[] = { &h->a, &h->aaaa, &h->tlsa[0] };

		for (size_t k = 0; k < 3; k++) {
			struct dnssec d = proof_answer(p, list[k], SIGNER_NOW);

			n += strcmp(state_words(&d), words) == 0;
		}
	}
	return n;
}

static void
test_sum(void)
{
	struct hostile_zone honest = { .key = signer_ksk(14, 0) };
	struct hostile_zone evil = { .key = signer_rsa(8, 0, 4096), .bad = 300,
		.no_good = true, .keys = PROOF_KEYS_MAX };
	struct evidence *ev = hostile_hosts(mem, PATH_HOSTS_MAX, &honest);
	struct proofs *p = proofs_new(mem, ev, NULL);
	const struct path *path = path_walk(mem, ev);
	unsigned work;

	ok(hosts_count(p, path, "secure") == 3 * PATH_HOSTS_MAX,
	    "%u hosts with P-384 keys, each in a zone of its own",
	    PATH_HOSTS_MAX);
	ok(p->work < PROOF_WORK_MAX / 4, "%u of %u spent", p->work,
	    PROOF_WORK_MAX);
	work = p->work;
	hosts_count(p, path, "secure");
	ok(p->work == work, "a second look spends nothing");
	evidence_free(ev);
	ev = hostile_hosts(mem, PATH_HOSTS_MAX, &evil);
	p = proofs_new(mem, ev, NULL);
	path = path_walk(mem, ev);
	ok(hosts_count(p, path, LIMIT) == 3 * PATH_HOSTS_MAX,
	    "RSA with 4096 bits, floods of keys and signatures in each");
	ok(p->work <= PROOF_WORK_MAX, "%u of %u spent on %u checks", p->work,
	    PROOF_WORK_MAX, proofs_verifications(p));
	evidence_free(ev);
}

/* The budget's end: all that comes after is not judged, and says so. */
static void
test_budget(void)
{
	struct hostile_zone honest = { .key = signer_ksk(14, 0) };
	struct evidence *ev = hostile_hosts(mem, PATH_HOSTS_MAX, &honest);
	const struct path *path = path_walk(mem, ev);
	unsigned all = 0, total = 3 * PATH_HOSTS_MAX;

	for (unsigned spent = 0; spent <= 40000; spent += 4000) {
		struct proofs *p = proofs_new(mem, ev, NULL);
		unsigned secure, limit;

		p->work = PROOF_WORK_MAX - spent;
		secure = hosts_count(p, path, "secure");
		limit = hosts_count(p, path, LIMIT);
		ok(secure + limit == total && secure >= all,
		    "%u left: %u secure, %u over the limit", spent, secure,
		    limit);
		all = secure;
	}
	ok(all == total, "enough for all");
	evidence_free(ev);
}

int
main(void)
{
	mem = arena_new();
	test_floods();
	test_denials();
	test_insecure();
	test_zones();
	test_hashes();
	test_chains();
	test_sum();
	test_budget();
	signer_free();
	arena_free(mem);
	return tap_done();
}

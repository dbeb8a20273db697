/* SPDX-License-Identifier: ISC */
/*
 * One chain of five zones from the root to an MX set: the time to judge it
 * from the evidence, without a memo, over that of the bare GnuTLS
 * verifications that it contains, with keys imported and data laid out.
 */
#include "bench.h"
#include "core/path.h"
#include "core/proof.h"
#include "../unit/signer.h"

enum { ZONES = 5, CHECKS_MAX = 64 };

static const char *const names[ZONES] = {
	".", "test.", "example.test.", "mail.example.test.",
	"eu.mail.example.test."
};

/* One verification, ready to be made. */
struct bare {
	gnutls_pubkey_t key;
	gnutls_sign_algorithm_t algorithm;
	gnutls_datum_t data, sig;
};

struct chain {
	struct arena *mem;
	struct evidence *ev;
	const uint8_t *leaf;
	struct bare checks[CHECKS_MAX];
	size_t nchecks;
};

/* The set's signature, added to it; and the same check made ready. */
static size_t
sign(struct chain *c, struct rr *set, size_t n, const uint8_t *zone,
    const struct signer_key *k)
{
	struct bare *b = &c->checks[c->nchecks++];
	struct arena *mem = c->mem;
	struct rr sig;
	struct rrsig f;
	uint8_t *buf, *end;

	sig = set[n] = signer_rrsig(mem, set, n, zone, k, NULL);
	if (!rrsig_read(&sig, &f))
		abort();
	buf = arena_alloc(mem, 65536);
	memcpy(buf, sig.rdata, 18);
	end = signer_canonical(mem, set, n, f.labels, f.original_ttl,
	    buf + 18 + name_lower(buf + 18, f.signer));
	b->data.data = buf;
	b->data.size = (unsigned)(end - buf);
	b->algorithm = signer_algorithm(k->algorithm);
	if (k->pair->pk == GNUTLS_PK_ECDSA) {
		unsigned half = k->pair->bits / 8;
		gnutls_datum_t r, s;

		r.data = (unsigned char *)(uintptr_t)f.signature;
		s.data = r.data + half;
		r.size = s.size = half;
		signer_must(gnutls_encode_rs_value(&b->sig, &r, &s), "r, s");
	} else {
		b->sig.data = arena_copy(mem, f.signature, f.signaturelen);
		b->sig.size = (unsigned)f.signaturelen;
	}
	signer_must(gnutls_pubkey_init(&b->key), "key");
	signer_must(gnutls_pubkey_import_privkey(b->key, k->pair->key, 0, 0),
	    "import");
	return n + 1;
}

static void
reply(struct chain *c, const uint8_t *name, uint16_t type, struct rr *set,
    size_t n)
{
	signer_reply(c->ev, name, type, 0, set, n, NULL, 0);
}

/* Each zone with a KSK and a ZSK, the key set signed by the KSK alone. */
static void
chain_make(struct chain *c, const uint8_t algorithms[ZONES])
{
	struct arena *mem = c->mem = arena_new();
	struct signer_key ksk, zsk, above = { 0, 0, 0, NULL };
	const uint8_t *zone, *parent = NULL;
	struct rr set[8], anchor;
	unsigned nth = 0;
	size_t n;

	ksk = signer_ksk(algorithms[0], 0);
	anchor = signer_ds(mem, name_root, &ksk, DIGEST_SHA256);
	c->leaf = signer_name(mem, names[ZONES - 1]);
	c->ev = signer_evidence(names[ZONES - 1], &anchor, 1);
	for (size_t i = 0; i < ZONES; i++, nth += 2) {
		zone = signer_name(mem, names[i]);
		ksk = signer_ksk(algorithms[i], nth);
		zsk = signer_key(algorithms[i], nth + 1);
		set[0] = signer_dnskey(mem, zone, &ksk);
		set[1] = signer_dnskey(mem, zone, &zsk);
		n = sign(c, set, 2, zone, &ksk);
		reply(c, zone, TYPE_DNSKEY, set, n);
		if (i > 0) {
			set[0] = signer_ds(mem, zone, &ksk, DIGEST_SHA256);
			n = sign(c, set, 1, parent, &above);
			reply(c, zone, TYPE_DS, set, n);
		}
		parent = zone;
		above = zsk;
	}
	{
		const char *host = names[ZONES - 1];
		struct rr *mx = signer_records(mem, arena_printf(mem,
		    "%s MX 10 mx1.%s|%s MX 20 mx2.%s", host, host, host,
		    host), &n);

		memcpy(set, mx, n * sizeof *mx);
		n = sign(c, set, n, zone, &zsk);
		reply(c, zone, TYPE_MX, set, n);
	}
	evidence_sort(c->ev);
}

static void
chain_free(struct chain *c)
{
	for (size_t i = 0; i < c->nchecks; i++) {
		if (c->checks[i].algorithm == GNUTLS_SIGN_ECDSA_SHA256 ||
		    c->checks[i].algorithm == GNUTLS_SIGN_ECDSA_SHA384)
			gnutls_free(c->checks[i].sig.data);
		gnutls_pubkey_deinit(c->checks[i].key);
	}
	evidence_free(c->ev);
	arena_free(c->mem);
}

static void
judge_chain(void *arg)
{
	struct chain *c = arg;
	struct arena *mem = arena_new();
	struct proofs *p = proofs_new(mem, c->ev, NULL);
	struct answer a;
	struct dnssec d;

	answer_follow(mem, c->ev, c->leaf, TYPE_MX, &a);
	d = proof_answer(p, &a, SIGNER_NOW);
	if (d.state != DNSSEC_STATE_SECURE ||
	    proofs_verifications(p) != c->nchecks)
		abort();
	arena_free(mem);
}

static void
verify_bare(void *arg)
{
	const struct chain *c = arg;

	for (size_t i = 0; i < c->nchecks; i++) {
		const struct bare *b = &c->checks[i];

		if (gnutls_pubkey_verify_data2(b->key, b->algorithm, 0,
		    &b->data, &b->sig) < 0)
			abort();
	}
}

int
main(void)
{
	static const struct {
		const char *name;
		uint8_t algorithms[ZONES];
	} table[] = {
		{ "algorithms 8 13 14 15 16", { 8, 13, 14, 15, 16 } },
		{ "algorithms 8 13 15 8 13", { 8, 13, 15, 8, 13 } },
		{ "all of algorithm 8, 2048 bits", { 8, 8, 8, 8, 8 } },
		{ "all of algorithm 13", { 13, 13, 13, 13, 13 } },
	};

	printf("%-32s %6s %10s %10s %6s\n", "chain of five zones", "checks",
	    "judged us", "bare us", "ratio");
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct chain c = { .nchecks = 0 };
		struct bench b[] = { { .run = judge_chain, .arg = &c },
			{ .run = verify_bare, .arg = &c } };

		chain_make(&c, table[i].algorithms);
		bench_run(b, 2, 40);
		printf("%-32s %6zu %10.1f %10.1f %6.2f\n", table[i].name,
		    c.nchecks, b[0].best_us, b[1].best_us,
		    b[0].best_us / b[1].best_us);
		chain_free(&c);
	}
	signer_free();
	return 0;
}

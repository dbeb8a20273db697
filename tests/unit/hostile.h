/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_HOSTILE_H
#define MXPROOF_HOSTILE_H
/*
 * Evidence that is made to cost (CVE-2023-50387, CVE-2023-50868), for the
 * test of the work limits and the benchmark of the worst case: zones with
 * floods of keys, signatures, DS and denial records, in front of the good
 * ones or instead of them.
 */
#include "signer.h"

struct hostile_set {
	struct arena *mem;
	struct rr *list;
	size_t n, cap;
};

static inline void
hostile_add(struct hostile_set *s, struct rr rr)
{
	s->list = arena_grow(s->mem, s->list, s->n, &s->cap, sizeof *s->list);
	s->list[s->n++] = rr;
}

/* A zone: one key that signs all, others that only stand there. */
struct hostile_zone {
	const uint8_t *name;
	struct signer_key key;
	unsigned keys;		/* others before it, of the same tag */
	unsigned strangers;	/* and of other tags */
	const struct rr *made;	/* and these; their owner is set */
	size_t nmade;
	unsigned bad;		/* bad signatures before the good one */
	unsigned tagless;	/* and such as name no key */
	bool no_good;		/* the good one is missing */
};

/*
 * A key of the same tag and algorithm: two 16-bit words of the public part
 * go up and down by as much (RFC 4034 B: the tag is their sum).  An RSA
 * modulus like that costs a check as much as any; a point on a curve, next
 * to nothing.
 */
static inline struct rr
hostile_key(struct arena *mem, const uint8_t *owner,
    const struct signer_key *k, unsigned nth)
{
	struct rr rr = signer_dnskey(mem, owner, k);
	uint8_t *p = (uint8_t *)(uintptr_t)rr.rdata;
	size_t up = 0, down = 0;

	/* Behind the exponent, before the last word: odd stays odd. */
	for (size_t i = 16; i + 3 < rr.rdlen; i += 2) {
		/* Room for some thousand steps; of nine words at least. */
		if (up == 0 && p[i] < 0xf0)
			up = i;
		else if (p[i] > 0x0f)
			down = i;
	}
	if (up == 0 || down == 0)
		abort();
	for (; nth > 0; nth--) {
		if (++p[up + 1] == 0)
			p[up]++;
		if (p[down + 1]-- == 0)
			p[down]--;
	}
	return rr;
}

/* The same with another tag. */
static inline struct rr
hostile_stranger(struct arena *mem, const uint8_t *owner,
    const struct signer_key *k, unsigned nth)
{
	struct rr rr = signer_dnskey(mem, owner, k);
	uint8_t *p = (uint8_t *)(uintptr_t)rr.rdata;

	for (nth++; nth > 0; nth--)
		if (++p[17] == 0)
			p[16]++;
	return rr;
}

/* Another bad signature each, or one whose tag no key has. */
static inline struct rr
hostile_rrsig(struct arena *mem, const struct rr *good, unsigned nth,
    bool tagless)
{
	struct rr rr = *good;
	uint8_t *p = arena_copy(mem, good->rdata, good->rdlen);

	rr.rdata = p;
	p[rr.rdlen - 5] ^= (uint8_t)(1 + nth % 255);
	p[rr.rdlen - 6] ^= (uint8_t)(nth / 255);
	if (tagless) /* the signers' tags are 512 apart */
		p[17] ^= 0x55;
	return rr;
}

/* What the zone does to a set of its own; rrs are one set. */
static inline void
hostile_sign(struct hostile_set *s, const struct rr *rrs, size_t nrrs,
    const struct hostile_zone *z)
{
	struct rr good = signer_rrsig(s->mem, rrs, nrrs, z->name, &z->key,
	    NULL);

	for (size_t i = 0; i < nrrs; i++)
		hostile_add(s, rrs[i]);
	for (unsigned i = 0; i < z->bad; i++)
		hostile_add(s, hostile_rrsig(s->mem, &good, i, false));
	for (unsigned i = 0; i < z->tagless; i++)
		hostile_add(s, hostile_rrsig(s->mem, &good, i, true));
	if (!z->no_good)
		hostile_add(s, good);
}

static inline void
hostile_reply(struct evidence *ev, const uint8_t *name, uint16_t type,
    const struct hostile_set *answer, const struct hostile_set *authority)
{
	signer_reply(ev, name, type, 0, answer ? answer->list : NULL,
	    answer ? answer->n : 0, authority ? authority->list : NULL,
	    authority ? authority->n : 0);
}

/* The set of records in text ("a|b"), signed by the zone, as an answer. */
static inline void
hostile_answer(struct evidence *ev, const struct hostile_zone *z,
    const char *records)
{
	struct hostile_set s = { .mem = ev->mem };
	size_t n;
	struct rr *rrs = signer_records(ev->mem, records, &n);

	hostile_sign(&s, rrs, n, z);
	hostile_reply(ev, rrs[0].owner, rrs[0].type, &s, NULL);
}

/* The zone's keys, signed by signs (the zone, or what floods its set). */
static inline void
hostile_keys(struct evidence *ev, const struct hostile_zone *z,
    const struct hostile_zone *signs)
{
	struct hostile_set keys = { .mem = ev->mem }, s = keys;

	for (unsigned i = 0; i < z->keys; i++)
		hostile_add(&keys, hostile_key(ev->mem, z->name, &z->key,
		    i + 1));
	for (unsigned i = 0; i < z->strangers; i++)
		hostile_add(&keys, hostile_stranger(ev->mem, z->name, &z->key,
		    i));
	for (size_t i = 0; i < z->nmade; i++) {
		struct rr rr = z->made[i];

		rr.owner = z->name;
		hostile_add(&keys, rr);
	}
	hostile_add(&keys, signer_dnskey(ev->mem, z->name, &z->key));
	hostile_sign(&s, keys.list, keys.n, signs);
	hostile_reply(ev, z->name, TYPE_DNSKEY, &s, NULL);
}

/*
 * The DS set, signed by the parent: other records first, of the same tag
 * with a wrong digest, or of another.
 */
static inline void
hostile_ds(struct evidence *ev, const struct hostile_zone *parent,
    const struct hostile_zone *z, unsigned same_tag, unsigned strangers)
{
	struct rr good = signer_ds(ev->mem, z->name, &z->key, DIGEST_SHA256);
	struct hostile_set ds = { .mem = ev->mem }, s = ds;

	for (unsigned i = 0; i < same_tag + strangers; i++) {
		uint8_t *p = arena_copy(ev->mem, good.rdata, good.rdlen);
		struct rr rr = good;

		p[5] ^= (uint8_t)(1 + i % 255);
		p[6] ^= (uint8_t)(i / 255);
		if (i >= same_tag)
			p[1] ^= 0x55;
		rr.rdata = p;
		hostile_add(&ds, rr);
	}
	hostile_add(&ds, good);
	hostile_sign(&s, ds.list, ds.n, parent);
	hostile_reply(ev, z->name, TYPE_DS, &s, NULL);
}

/*
 * The root, honest, whose DS is the anchor, and "test." below it; names and
 * keys of both are set here.
 */
static inline struct evidence *
hostile_evidence(struct arena *mem, const char *domain,
    struct hostile_zone *root, struct hostile_zone *test)
{
	struct evidence *ev;
	struct rr anchor;

	root->name = name_root;
	root->key = signer_ksk(ALGORITHM_ECDSAP256SHA256, 0);
	test->name = signer_name(mem, "test.");
	test->key = signer_ksk(ALGORITHM_ECDSAP256SHA256, 1);
	anchor = signer_ds(mem, name_root, &root->key, DIGEST_SHA256);
	ev = signer_evidence(domain, &anchor, 1);
	hostile_keys(ev, root, root);
	hostile_keys(ev, test, test);
	hostile_ds(ev, root, test, 0, 0);
	return ev;
}

/*
 * "own.test.", honest, with n MX hosts, each in a zone of its own that is
 * like the one that is given: its key, and its floods in each set.
 */
static inline struct evidence *
hostile_hosts(struct arena *mem, unsigned n, const struct hostile_zone *like)
{
	struct hostile_zone root = { .keys = 0 }, test = root, own = root;
	struct evidence *ev = hostile_evidence(mem, "own.test.", &root, &test);
	const char *mx = "";

	own.name = signer_name(ev->mem, "own.test.");
	own.key = signer_ksk(ALGORITHM_ED25519, 0);
	hostile_ds(ev, &test, &own, 0, 0);
	hostile_keys(ev, &own, &own);
	for (unsigned i = 0; i < n; i++) {
		const char *host = arena_printf(ev->mem, "h%u.test.", i);
		struct hostile_zone z = *like;
		struct hostile_set s = { .mem = ev->mem };
		struct rr nsec;

		mx = arena_printf(ev->mem, "%s%sown.test. MX 10 %s", mx,
		    *mx ? "|" : "", host);
		z.name = signer_name(ev->mem, host);
		hostile_ds(ev, &test, &z, 0, 0);
		hostile_keys(ev, &z, &z);
		hostile_answer(ev, &z, arena_printf(ev->mem,
		    "%s A 192.0.2.%u", host, i));
		hostile_answer(ev, &z, arena_printf(ev->mem,
		    "_25._tcp.%s TLSA 3 1 1 %064x", host, i));
		nsec = signer_nsec(ev->mem, z.name, z.name,
		    "A MX NS SOA RRSIG NSEC DNSKEY");
		hostile_sign(&s, &nsec, 1, &z);
		hostile_reply(ev, z.name, TYPE_AAAA, NULL, &s);
	}
	hostile_answer(ev, &own, mx);
	evidence_sort(ev);
	return ev;
}

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the dearest evidence that the work limits admit costs to judge, with
 * its validity, beside an honest domain.  Each line is one way of making a
 * judgement cost; the evidence is built here.
 */
#include "bench.h"
#include "core/judge.h"
#include "core/path.h"
#include "core/proof_internal.h"
#include "core/validity.h"
#include "../unit/hostile.h"

static struct arena *mem;

struct worst {
	const char *name;
	struct evidence *ev;
	/* Of the last judgement: */
	unsigned checks, work, hash_work;
	size_t bytes;
};

static void
judge_all(void *arg)
{
	struct worst *w = arg;
	struct arena *own = arena_new();
	struct proofs *p = proofs_new(own, w->ev, NULL);
	struct judge_options options = { .at = w->ev->collected_at };

	validity_find(judge(own, path_walk(own, w->ev), p, &options));
	w->checks = proofs_verifications(p);
	w->work = p->work;
	w->hash_work = nsec3_hasher_spent(p->hasher);
	w->bytes = arena_size(own);
	arena_free(own);
}

/* ---- keys on the curve P-384 with the tag of another ---- */

/* The flags, but for ZONE and REVOKE, are free: RFC 4034 2.1.1. */
static bool
set_tag(uint8_t *rdata, size_t len, uint16_t tag)
{
	for (unsigned flags = 0; flags <= 0xffff; flags++) {
		if ((flags & DNSKEY_ZONE) == 0 || (flags & DNSKEY_REVOKE) != 0)
			continue;
		rdata[0] = (uint8_t)(flags >> 8);
		rdata[1] = (uint8_t)flags;
		if (dnskey_tag(rdata, len) == tag)
			return true;
	}
	return false;
}

static void
colliding_key(uint16_t tag, struct rr *out)
{
	uint8_t rdata[100] = { 0, 0, 3, ALGORITHM_ECDSAP384SHA384 };
	struct signer_pair pair = { .pk = GNUTLS_PK_ECDSA, .bits = 384 };

	do {
		signer_generate(&pair);
		memcpy(rdata + 4, pair.pub, 96);
		free(pair.pub);
		gnutls_privkey_deinit(pair.key);
	} while (!set_tag(rdata, sizeof rdata, tag));
	*out = signer_rr(mem, name_root, TYPE_DNSKEY, rdata, sizeof rdata);
}

static struct hostile_zone
keytrap_zone(void)
{
	struct hostile_zone z = { .key = signer_ksk(14, 0), .bad = 300,
		.nmade = PROOF_KEYS_MAX };
	struct rr *list = arena_array(mem, z.nmade, sizeof *list);

	for (size_t i = 0; i < z.nmade; i++)
		colliding_key(signer_tag(&z.key), &list[i]);
	z.made = list;
	return z;
}

/* ---- NSEC3 ---- */

/* Each host's name is long, and no ancestor of it is in the one record. */
static struct evidence *
nsec3_evidence(void)
{
	static const uint8_t salt[255] = { 1 };
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	const char *mx = "";

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_ksk(ALGORITHM_ED25519, 0);
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	for (unsigned i = 0; i < PATH_HOSTS_MAX; i++) {
		static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
		const char *host = arena_printf(ev->mem, "h%u.evil.test.", i);
		struct hostile_set s = { .mem = ev->mem };
		struct rr rr;

		while (strlen(host) < 250)
			host = arena_printf(ev->mem, "a.%s", host);
		mx = arena_printf(ev->mem, "%s%sevil.test. MX 10 %s", mx,
		    *mx ? "|" : "", host);
		for (unsigned k = 0; k < DENIAL_RECORDS_MAX; k++) {
			const uint8_t *name = signer_name(ev->mem,
			    arena_printf(ev->mem, "%u.%u.evil.test.", i, k));

			rr = signer_nsec3(ev->mem, evil.name, name, 0, name, 1,
			    0, NSEC3_ITERATIONS_MAX, salt, sizeof salt,
			    "A RRSIG");
			hostile_sign(&s, &rr, 1, &evil);
		}
		for (size_t k = 0; k < 2; k++)
			hostile_reply(ev, signer_name(ev->mem, host),
			    types[k], NULL, &s);
	}
	hostile_answer(ev, &evil, mx);
	evidence_sort(ev);
	return ev;
}

/* ---- everything signed often, each signature ending at its own time ---- */

static void
sign_often(struct hostile_set *s, const struct rr *rrs, size_t nrrs,
    const struct hostile_zone *z, unsigned *nth, unsigned times)
{
	for (size_t i = 0; i < nrrs; i++)
		hostile_add(s, rrs[i]);
	for (unsigned i = 0; i < times; i++) {
		struct signer_how how = { .inception = SIGNER_FROM,
			.expiration = SIGNER_NOW + 60 * (1 + (*nth)++ % 64) };

		hostile_add(s, signer_rrsig(s->mem, rrs, nrrs, z->name,
		    &z->key, &how));
	}
}

/*
 * Denials of many records, which lapse one by one; or the MX set does, and
 * the denials' signatures name no key.
 */
static struct evidence *
instants_evidence(bool tagless)
{
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	struct hostile_set answer = { .mem = ev->mem };
	struct hostile_zone no_key;
	const char *mx = "";
	unsigned nth = 0;
	struct rr *rrs;
	size_t n;

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_rsa(8, 0, 1024);
	evil.key.flags |= DNSKEY_SEP;
	no_key = evil;
	no_key.tagless = PROOF_SIGNATURES_MAX;
	no_key.no_good = true;
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	for (unsigned i = 0; i < PATH_HOSTS_MAX; i++) {
		static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
		const char *host = arena_printf(ev->mem, "h%u.evil.test.", i);
		struct rr rr;

		mx = arena_printf(ev->mem, "%s%sevil.test. MX 10 %s", mx,
		    *mx ? "|" : "", host);
		for (size_t k = 0; k < 2; k++) {
			struct hostile_set s = { .mem = ev->mem };

			for (unsigned j = 0; j < DENIAL_RECORDS_MAX; j++) {
				const uint8_t *name = signer_name(ev->mem,
				    arena_printf(ev->mem, "%u.evil.test.", j));

				rr = signer_nsec3(ev->mem, evil.name, name, 0,
				    name, 1, 0, 0, NULL, 0, "A RRSIG");
				if (tagless)
					hostile_sign(&s, &rr, 1, &no_key);
				else
					sign_often(&s, &rr, 1, &evil, &nth, 4);
			}
			hostile_reply(ev, signer_name(ev->mem, host),
			    types[k], NULL, &s);
		}
	}
	rrs = signer_records(ev->mem, mx, &n);
	sign_often(&answer, rrs, n, &evil, &nth, PROOF_SIGNATURES_MAX);
	hostile_reply(ev, rrs[0].owner, TYPE_MX, &answer, NULL);
	evidence_sort(ev);
	return ev;
}

/* ---- sets of thousands of records, laid out and hashed each time ---- */

static struct evidence *
large_evidence(void)
{
	struct hostile_zone root = { .keys = 0 }, test = root, evil = root;
	struct evidence *ev = hostile_evidence(mem, "evil.test.", &root,
	    &test);
	const char *mx = "";

	evil.name = signer_name(ev->mem, "evil.test.");
	evil.key = signer_rsa(8, 0, 1024);
	evil.key.flags |= DNSKEY_SEP;
	evil.bad = 300;
	hostile_ds(ev, &test, &evil, 0, 0);
	hostile_keys(ev, &evil, &evil);
	for (unsigned i = 0; i < PATH_HOSTS_MAX; i++) {
		const char *host = arena_printf(ev->mem, "h%u.evil.test.", i);
		struct hostile_set a = { .mem = ev->mem }, s = a;

		while (strlen(host) < 250)
			host = arena_printf(ev->mem, "a.%s", host);
		mx = arena_printf(ev->mem, "%s%sevil.test. MX 10 %s", mx,
		    *mx ? "|" : "", host);
		/* As many as fit into one message, their owner compressed. */
		for (unsigned k = 0; k < 3000; k++)
			hostile_add(&a, signer_record(ev->mem, arena_printf(
			    ev->mem, "%s A 10.%u.%u.1", host, k % 256,
			    k / 256)));
		hostile_sign(&s, a.list, a.n, &evil);
		hostile_reply(ev, a.list[0].owner, TYPE_A, &s, NULL);
	}
	hostile_answer(ev, &evil, mx);
	evidence_sort(ev);
	return ev;
}

/* ---- DS sets and keys ---- */

static struct evidence *
ds_evidence(void)
{
	struct hostile_zone root = { .keys = 0 }, test = root, z;
	struct evidence *ev = hostile_evidence(mem, "own.test.", &root, &test);
	const char *mx = "";

	for (unsigned i = 0; i < PATH_HOSTS_MAX; i++) {
		const char *host = arena_printf(ev->mem, "h%u.test.", i);

		z = (struct hostile_zone){ .keys = PROOF_KEYS_MAX - 1 };
		z.name = signer_name(ev->mem, host);
		z.key = signer_rsa(8, 0, 4096);
		z.key.flags |= DNSKEY_SEP | DNSKEY_REVOKE;
		mx = arena_printf(ev->mem, "%s%sown.test. MX 10 %s", mx,
		    *mx ? "|" : "", host);
		hostile_keys(ev, &z, &z);
		z.key.flags ^= DNSKEY_REVOKE;
		hostile_ds(ev, &test, &z, 1000, 0);
		hostile_answer(ev, &z, arena_printf(ev->mem,
		    "%s A 192.0.2.%u", host, i));
	}
	z = (struct hostile_zone){ .name = signer_name(ev->mem, "own.test."),
		.key = signer_ksk(ALGORITHM_ED25519, 0) };
	hostile_ds(ev, &test, &z, 0, 0);
	hostile_keys(ev, &z, &z);
	hostile_answer(ev, &z, mx);
	evidence_sort(ev);
	return ev;
}

int
main(void)
{
	struct hostile_zone honest = { .key = signer_ksk(13, 2) };
	struct hostile_zone trap;
	struct worst list[8];
	struct bench b[8];
	size_t n = 0;

	mem = arena_new();
	trap = keytrap_zone();
	list[n++] = (struct worst){ "an honest domain, 2 hosts",
		hostile_hosts(mem, 2, &honest), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "an honest domain, 12 hosts",
		hostile_hosts(mem, PATH_HOSTS_MAX, &honest), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "colliding P-384 keys, bad signatures",
		hostile_hosts(mem, PATH_HOSTS_MAX, &trap), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "NSEC3, 150 iterations, long salt, names",
		nsec3_evidence(), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "thousands of signatures, 64 instants",
		instants_evidence(false), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "thousands of signatures of no key",
		instants_evidence(true), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "sets of 3000 records, bad signatures",
		large_evidence(), 0, 0, 0, 0 };
	list[n++] = (struct worst){ "a thousand DS, 64 revoked keys",
		ds_evidence(), 0, 0, 0, 0 };
	for (size_t i = 0; i < n; i++)
		b[i] = (struct bench){ .run = judge_all, .arg = &list[i] };
	bench_run(b, n, 5);
	printf("%-40s %6s %7s %7s %7s %9s %7s\n", "judgement and validity of",
	    "checks", "work", "hashes", "MB", "ms", "ratio");
	for (size_t i = 0; i < n; i++) {
		printf("%-40s %6u %7u %7u %7.1f %9.2f %7.1f\n", list[i].name,
		    list[i].checks, list[i].work, list[i].hash_work,
		    (double)list[i].bytes / 1e6, b[i].best_us / 1e3,
		    b[i].best_us / b[0].best_us);
		evidence_free(list[i].ev);
	}
	signer_free();
	arena_free(mem);
	return 0;
}

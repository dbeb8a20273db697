/* SPDX-License-Identifier: ISC */
/* The tests' own signer against the core's verifier, field by field. */
#include "core/denial.h"
#include "signer.h"
#include "tap.h"

static struct arena *mem;

static enum signature_result
check(const struct rr *rrs, size_t nrrs, const struct rr *sig,
    const struct signer_key *k)
{
	const struct rr *list[8];
	struct rr key = signer_dnskey(mem, signer_name(mem, "test."), k);
	struct rrsig f;

	for (size_t i = 0; i < nrrs; i++)
		list[i] = &rrs[i];
	if (!rrsig_read(sig, &f))
		return SIGNATURE_RESULT_UNSUPPORTED;
	return signature_check(canonical_set_new(mem, list, nrrs), sig, &f,
	    &key);
}

static void
test_algorithm(uint8_t algorithm)
{
	const uint8_t *zone = signer_name(mem, "test.");
	struct signer_key k = signer_key(algorithm, 0);
	struct signer_key other = signer_key(algorithm, 1);
	struct signer_how broken = { .broken = true };
	struct rr *mx, sig, again;
	char buf[24];
	size_t n;

	mx = signer_records(mem, "A.b.test. MX 10 MX.test.|"
	    "a.b.test. MX 5 mx.test.|a.b.test. MX 10 mx.test.", &n);
	sig = signer_rrsig(mem, mx, n, zone, &k, NULL);
	ok(check(mx, n, &sig, &k) == SIGNATURE_RESULT_GOOD, "%s: good",
	    algorithm_text(algorithm, buf));
	ok(check(mx, n, &sig, &other) == SIGNATURE_RESULT_BAD,
	    "another key");
	ok(signer_tag(&k) != signer_tag(&other), "another tag");
	again = signer_rrsig(mem, mx, n, zone, &k, NULL);
	ok(again.rdlen == sig.rdlen &&
	    memcmp(again.rdata, sig.rdata, sig.rdlen) == 0, "reproducible");
	sig = signer_rrsig(mem, mx, n, zone, &k, &broken);
	ok(check(mx, n, &sig, &k) == SIGNATURE_RESULT_BAD, "broken");
}

static void
test_fields(void)
{
	const uint8_t *zone = signer_name(mem, "test.");
	struct signer_how how = { 100, 200, 77, -1,
		signer_name(mem, "Sub.test."), 3, 0, false };
	struct signer_key k = signer_key(15, 0);
	struct rr *a, sig;
	struct rrsig f;
	size_t n;

	a = signer_records(mem, "x.wild.test. 60 IN A 192.0.2.1", &n);
	sig = signer_rrsig(mem, a, n, zone, &k, &how);
	ok(rrsig_read(&sig, &f), "an RRSIG");
	ok(f.inception == 100 && f.expiration == 200 &&
	    f.original_ttl == 77 && f.labels == 2 && f.algorithm == 15 &&
	    f.key_tag == (uint16_t)(signer_tag(&k) + 3) && sig.ttl == 60,
	    "the fields");
	is(name_text(mem, f.signer), "sub.test.", "the signer");
	ok(check(a, n, &sig, &k) == SIGNATURE_RESULT_GOOD,
	    "signed with these fields, as a wildcard's expansion");
}

static void
test_records(void)
{
	static const uint8_t salt[] = { 0xaa, 0xbb, 0xcc, 0xdd };
	const uint8_t *zone = signer_name(mem, "example.");
	struct signer_key k = signer_ksk(13, 0);
	struct rr key, rr;

	key = signer_dnskey(mem, zone, &k);
	ok(dnskey_flags(&key) == 257 && dnskey_unfit(&key) == NULL &&
	    dnskey_bits(&key) == 256, "DNSKEY");
	for (uint8_t digest = 0; digest < 6; digest++) {
		rr = signer_ds(mem, zone, &k, digest);
		ok(ds_names_key(&rr, &key) == digest_supported(digest),
		    "DS with digest %u", digest);
	}
	/* RFC 5155 appendix A */
	is(signer_hash(mem, zone, salt,
	    sizeof salt, 12, 0), "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM",
	    "NSEC3 hash");
	rr = signer_nsec3(mem, zone, zone, -1, signer_name(mem,
	    "a.example."), 1, 1, 12, salt, sizeof salt, "A RRSIG");
	is(rr_text(mem, &rr), "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOL.example. 3600 "
	    "IN NSEC3 1 1 12 AABBCCDD 35MTHGPGCU1QG68FAB165KLNSNK3DPVM A RRSIG",
	    "NSEC3");
	rr = signer_nsec(mem, zone, signer_name(mem, "b.example."), "A NSEC");
	is(rr_text(mem, &rr), "example. 3600 IN NSEC b.example. A NSEC",
	    "NSEC");
}

int
main(void)
{
	static const uint8_t algorithms[] = { 5, 7, 8, 10, 13, 14, 15, 16 };

	mem = arena_new();
	for (size_t i = 0; i < sizeof algorithms; i++)
		test_algorithm(algorithms[i]);
	test_fields();
	test_records();
	signer_free();
	arena_free(mem);
	return tap_done();
}

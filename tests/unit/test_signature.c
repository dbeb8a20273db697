/* SPDX-License-Identifier: ISC */
#include "core/signature.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/name.h"
#include "tap.h"

/* Published vectors, and one wildcard signed with each other algorithm. */
static const struct vector {
	const char *name, *set, *rrsig, *dnskey, *ds[3];
} vectors[] = {
	{ "RFC 8080 6.1", "example.com. 3600 IN MX 10 mail.example.com.",
	    "example.com. 3600 IN RRSIG MX 15 2 3600 1440021600 "
	    "1438207200 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jP"
	    "GrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==",
	    "example.com. 3600 IN DNSKEY 257 3 15 "
	    "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
	    { "example.com. 3600 IN DS 3613 15 2 3aa5ab37efce57f737fc1627013f"
	      "ee07bdf241bd10f3b1964ab55c78e79a304b" } },
	{ "RFC 6605 6.1", "www.example.net. 3600 IN A 192.0.2.1",
	    "www.example.net. 3600 IN RRSIG A 13 3 3600 20100909100439 "
	    "20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8o"
	    "Mz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==",
	    "example.net. 3600 IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwau"
	    "bCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
	    { "example.net. 3600 IN DS 55648 13 2 b4c8c1fe2e7477127b27115656ad"
	      "6256f424625bf5c1e2770ce6d6e37df61d17" } },
	{ "algorithm 3", "x.Y.w.test. 77 IN MX 20 b.w.TEST.|"
	    "x.Y.w.test. 77 IN MX 10 A.w.test.|x.Y.w.test. 77 IN MX 20 b.w.test.",
	    "x.Y.w.test. 300 IN RRSIG MX 5 2 300 20260201000000 20260101000"
	    "000 49639 w.test. T/y71HCFqnkW5KVulX0v61fVqFD2E7kFstIbDfRMFH+i"
	    "pOjMLIWhAfaK BfKH66LfFfISHAZoo0seiYiBOG32t0znck8ZCaxgcl+EKiegf"
	    "8qpPy0x Kf9DT3nFSlqjpH/se6y5fDjAUVBo2xl0LnkNH8P2qz3gx7HFyQHgAm"
	    "jx gcA=",
	    "w.test. 300 IN DNSKEY 257 3 5 AwEAAZeCx5hc2xSh5+mB1LlEsjFKlil5"
	    "ArzsqZVo18PMFuN6n78Zv0D4 4eY3r3sTIxM4VcrXV5087wH1lRZ3Nswt93gFm"
	    "KgjoUtf2bRkZ5DjOihQ Hqi2HuWTyNxuD0f44pHzcJkBug1vH8lhBQw49Rl0eH"
	    "0jF9akwxwrsZXM 4gmtVyor",
	    {
	    "w.test. IN DS 49639 5 1 D11157FE67BEC5E7C5ED7C6BF672F406507C41"
	    "DB",
	    "w.test. IN DS 49639 5 2 B163027A1F623C493BEB29104903F3702913DF"
	    "98E5856FC7FAA1283644B94854",
	    "w.test. IN DS 49639 5 4 B2AF9DE26366E5DFC5A77AC56E040DA9D27106"
	    "EBADC18D986BBD519E714CA1B78FC47EC6D2ECC4C43BDB9FB1D886545E"
	    } },
	{ "algorithm 3", "x.Y.w.test. 77 IN MX 20 b.w.TEST.|"
	    "x.Y.w.test. 77 IN MX 10 A.w.test.|x.Y.w.test. 77 IN MX 20 b.w.test.",
	    "x.Y.w.test. 300 IN RRSIG MX 10 2 300 20260201000000 2026010100"
	    "0000 50761 w.test. aNj2Jf/G55RaNq2b/CLZdogprLx/FXrrWeENjqaK0Vf"
	    "XhRDKE418rR/x kpahdS3pgKodqEmPL6LIoZ+D4mfPi63Hii/DLc91ZNA14Ijr"
	    "6W7abahs LRrFfKxC9NOnTro3hjoGtJeRYXv3EBLZCFl/Mh+qmUNxKw/+tdSMk"
	    "rxO UsU=",
	    "w.test. 300 IN DNSKEY 257 3 10 AwEAAcm62JdWRQbRVAaPC7LBIc/EiGe"
	    "Euoxg2Gp9lF/YJsjny5Or5IdM oWbo+GP+BbNom8aDToMinUba+pCJFuObiM/j"
	    "9X8H1k0F/sR7aOio1YYl jwdyEpzyFgiZrzfdLGTS+nti1OiZ9djrhrYAD9APG"
	    "DDSAPCVAspga5Uj 6jLEyJoJ",
	    {
	    "w.test. IN DS 50761 10 1 CAC7EB149C2DCB0601FA1F9A4EB22AB3991FD"
	    "747",
	    "w.test. IN DS 50761 10 2 EE0ABC8F112E505B2FCEC8D280553CD34FF88"
	    "D73E1F22518F8E6056D14762B5F",
	    "w.test. IN DS 50761 10 4 E0C73BACDF9D02F5458EAF8BD84C17E97F7E9"
	    "ED95A6253975D824E234BB71BBE26EDEEC9E413DDA6022B7EE840F4C4FE"
	    } },
	{ "algorithm 3", "x.Y.w.test. 77 IN MX 20 b.w.TEST.|"
	    "x.Y.w.test. 77 IN MX 10 A.w.test.|x.Y.w.test. 77 IN MX 20 b.w.test.",
	    "x.Y.w.test. 300 IN RRSIG MX 16 2 300 20260201000000 2026010100"
	    "0000 49030 w.test. kyDDjEhl6sQCCoywc5I+AAMUr0lgiQqta8DKK9i1G+Y"
	    "Qp1rtbHLQpXpK 0yGZTn6dBHhDH6+NCG0As1HsIZeqtvIKn9bSK2b18HWlb+zG"
	    "W5jCQcFc zEGGF+msTYiP2XTYOnCpwqsLppMTrGtVdO1omwUA",
	    "w.test. 300 IN DNSKEY 257 3 16 bIKtIWK2AWdT5ukEwSQ46XimT94reGm"
	    "8u0yQEazT7+GGJf1SZqbgITCM 8MZyaR7sWDXFv5k1DNmA",
	    {
	    "w.test. IN DS 49030 16 1 327F6D00D01FC20E03F96B5857DF74C2967A2"
	    "319",
	    "w.test. IN DS 49030 16 2 A373DD46D19BB2795299ABFDC2234C4DF553E"
	    "401F65A0C4B2B19D62DA1D3A693",
	    "w.test. IN DS 49030 16 4 F619909958C052A68F17CD1C7CE4A623C6CB1"
	    "24DFA0009B83FF2CAED943BCBCFF8B6C362117E0C17A2BBE28D02800301"
	    } },
	{ "algorithm 3", "x.Y.w.test. 77 IN MX 20 b.w.TEST.|"
	    "x.Y.w.test. 77 IN MX 10 A.w.test.|x.Y.w.test. 77 IN MX 20 b.w.test.",
	    "x.Y.w.test. 300 IN RRSIG MX 14 2 300 20260201000000 2026010100"
	    "0000 19614 w.test. AXBn3sQ1RbRlA7GFOClMpmT06azGBT9LI8zGbYMAKsl"
	    "4psSyHggIyQsn AfdbrEIuF5ZzYGKu5u2h7hDyNyHg6L1yknZ01W/J1pKCw1G1"
	    "IeyUAxy3 aF6wYCHBTkGotXvx",
	    "w.test. 300 IN DNSKEY 257 3 14 S58RzDcMZypArDjdCoLQwVRi0fRilNf"
	    "UPUxQagUQHUruxV2QUQWqnTRk Ylwkx0ooywBHvcmAiRD+5JilgWK1gVreXMPg"
	    "GinZcfVWzeNG7noEHXDk TvgPkv0VshZ3Jg/u",
	    {
	    "w.test. IN DS 19614 14 1 0977A0F0188B787411EC3011EDBEAAF7CF21E"
	    "53D",
	    "w.test. IN DS 19614 14 2 9D2109284D3A9173569FCD79A8C71F390D64D"
	    "37BBCB2B47EDE3C9F637C53AE68",
	    "w.test. IN DS 19614 14 4 DE16DD50D0B0157926BCADA37A4950D5D004C"
	    "DF20273020AF5C13494D3FA1562C0CB45E0BB37BD17854E71D4DA167D43"
	    } },
	{ "algorithm 3", "x.Y.w.test. 77 IN MX 20 b.w.TEST.|"
	    "x.Y.w.test. 77 IN MX 10 A.w.test.|x.Y.w.test. 77 IN MX 20 b.w.test.",
	    "x.Y.w.test. 300 IN RRSIG MX 8 2 300 20260201000000 20260101000"
	    "000 21682 w.test. O0EXYyoUD3Or+f9Pfz6hAW6aNuC2U9ZhqM8U9LlSrkcm"
	    "TzLQgpUYUVDi x+fE1Hk5Tqcfrl2OSHT0qpOfL+Az5hBSGv8CcSgxNufpeOVu/"
	    "SMcRMTr JCAw2XfMEz2kk/wP7zXRBta9TShFpZuJn1k0xnUZwzyDYkYGwbX7O0"
	    "iW ePI=",
	    "w.test. 300 IN DNSKEY 257 3 8 AwEAAawPQf6vABbXVoqTvYP51H+iCkhq"
	    "wefOB4uV1lPmofHh1qvwb+D5 3MmG/uv7KogvvUhguSMpYk7FrrEGNSzHHcqHI"
	    "RcJmKZnGUMSf0tW+e6M iYK8KijEN5A9XvmmmxzJYuXgWlaxknXMZ45YsxU4tU"
	    "pPqmvG4kx9RYYc osqGFjM7",
	    {
	    "w.test. IN DS 21682 8 1 0EB30DF5DFF8DF2026C197942C16D9993F597A"
	    "CE",
	    "w.test. IN DS 21682 8 2 BDB7530131849C703C8DDA43C7AF121B3823C4"
	    "7259D346B848DA477BEF1E494C",
	    "w.test. IN DS 21682 8 4 5FB79E2C668EF6C020B76992349B587C13412A"
	    "91E28D98A18518FC72E9845291B02BA5E5C46630D4177363139692329C"
	    } },
};

static struct arena *mem;

static struct rr *
record(const char *text)
{
	struct rr *rr = arena_alloc(mem, sizeof *rr);
	const char *error;

	if (!rr_from_text(mem, text, NULL, 3600, rr, &error)) {
		printf("# %s: %s\n", text, error);
		abort();
	}
	return rr;
}

static const uint8_t *
name(const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	if (!name_from_text(wire, text, NULL))
		abort();
	return name_copy(mem, wire);
}

static enum signature_result
check(const char *set_text, const struct rr *rrsig,
    const struct rr *dnskey)
{
	const struct rr *set[8];
	char *copy = arena_strdup(mem, set_text), *line, *end;
	struct rrsig f;
	size_t n = 0;

	for (line = copy; line != NULL; line = end) {
		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		set[n++] = record(line);
	}
	if (!rrsig_read(rrsig, &f))
		return SIGNATURE_RESULT_UNSUPPORTED;
	return signature_check(canonical_set_new(mem, set, n), rrsig, &f,
	    dnskey);
}

static void
test_vector(const struct vector *v)
{
	struct rr *sig = record(v->rrsig), *key = record(v->dnskey), bad;
	uint8_t *data;

	ok(check(v->set, sig, key) == SIGNATURE_RESULT_GOOD, "%s: good",
	    v->name);
	bad = *sig;
	bad.rdata = data = arena_copy(mem, sig->rdata, sig->rdlen);
	data[sig->rdlen - 5] ^= 0x10;
	ok(check(v->set, &bad, key) == SIGNATURE_RESULT_BAD,
	    "%s: changed signature", v->name);
	data[sig->rdlen - 5] ^= 0x10;
	data[11] ^= 1;
	ok(check(v->set, &bad, key) == SIGNATURE_RESULT_BAD,
	    "%s: changed expiration", v->name);
	data[11] ^= 1;
	/* Cut short, at every length down to none. */
	for (bad.rdlen = sig->rdlen; bad.rdlen > 0; bad.rdlen--)
		if (bad.rdlen < sig->rdlen &&
		    check(v->set, &bad, key) == SIGNATURE_RESULT_GOOD)
			break;
	ok(bad.rdlen == 0, "%s: cut short", v->name);
	bad = *key;
	for (bad.rdlen = 0; bad.rdlen < key->rdlen; bad.rdlen++)
		if (check(v->set, sig, &bad) == SIGNATURE_RESULT_GOOD)
			break;
	ok(bad.rdlen == key->rdlen, "%s: key cut short", v->name);
	for (size_t i = 0; i < 3 && v->ds[i] != NULL; i++) {
		struct rr *ds = record(v->ds[i]);

		ok(ds_names_key(ds, key), "%s: DS %zu", v->name, i);
		data = arena_copy(mem, ds->rdata, ds->rdlen);
		data[ds->rdlen - 1] ^= 1;
		ds->rdata = data;
		ok(!ds_names_key(ds, key), "%s: changed DS %zu", v->name, i);
	}
}

static void
test_shape(void)
{
	static const struct {
		const char *name, *owner, *rrsig;
		uint16_t type;
		bool good, expanded;
	} table[] = {
		{ "plain", "a.b.test.", "A 13 3 60 20260201000000 "
		    "20260101000000 1 b.test. AAAA", TYPE_A, true, false },
		{ "expanded", "a.b.test.", "A 13 2 60 20260201000000 "
		    "20260101000000 1 b.test. AAAA", TYPE_A, true, true },
		{ "the wildcard itself", "*.b.test.", "A 13 2 60 "
		    "20260201000000 20260101000000 1 b.test. AAAA", TYPE_A,
		    true, false },
		{ "too many labels", "a.b.test.", "A 13 4 60 20260201000000 "
		    "20260101000000 1 b.test. AAAA", TYPE_A, false, false },
		{ "a wildcard above the zone", "a.b.test.", "A 13 1 60 "
		    "20260201000000 20260101000000 1 b.test. AAAA", TYPE_A,
		    false, true },
		{ "signer beside", "a.b.test.", "A 13 3 60 20260201000000 "
		    "20260101000000 1 c.test. AAAA", TYPE_A, false, false },
		{ "signer below", "a.b.test.", "A 13 3 60 20260201000000 "
		    "20260101000000 1 x.a.b.test. AAAA", TYPE_A, false,
		    false },
		{ "DS by the child", "b.test.", "DS 13 2 60 20260201000000 "
		    "20260101000000 1 b.test. AAAA", TYPE_DS, false, false },
		{ "DS by the parent", "b.test.", "DS 13 2 60 20260201000000 "
		    "20260101000000 1 test. AAAA", TYPE_DS, true, false },
		{ "DNSKEY by the parent", "b.test.", "DNSKEY 13 2 60 "
		    "20260201000000 20260101000000 1 test. AAAA", TYPE_DNSKEY,
		    false, false },
		{ "ends before it begins", "b.test.", "A 13 2 60 "
		    "20260101000000 20260201000000 1 test. AAAA", TYPE_A,
		    false, false },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct rr *rr = record(arena_printf(mem, "%s 60 IN RRSIG %s",
		    table[i].owner, table[i].rrsig));
		const uint8_t *owner = name(table[i].owner);
		struct rrsig f;

		if (!rrsig_read(rr, &f))
			abort();
		ok((signature_misshapen(&f, owner, table[i].type) == NULL) ==
		    table[i].good, "shape: %s", table[i].name);
		ok(signature_expanded(&f, owner) == table[i].expanded,
		    "expanded: %s", table[i].name);
	}
}

static void
test_keys(void)
{
	struct rr *key = record(vectors[0].dnskey), other;
	struct rr *ds = record(vectors[0].ds[0]);
	uint8_t *data = arena_copy(mem, key->rdata, key->rdlen);
	char buf[24];

	other = *key;
	other.rdata = data;
	ok(dnskey_unfit(key) == NULL, "a fit key");
	data[1] |= DNSKEY_REVOKE;
	ok(dnskey_unfit(&other) != NULL, "revoked");
	ok(!ds_names_key(ds, &other), "a revoked key has another tag");
	data[1] &= 0x7f;
	data[0] = 0;
	ok(dnskey_unfit(&other) != NULL, "no zone key");
	data[0] = 1;
	data[2] = 2;
	ok(dnskey_unfit(&other) != NULL, "protocol 2");
	is(ds_line(mem, key, 3600), "example.com. 3600 IN DS 3613 15 2 3AA5AB37"
	    "EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B",
	    "the DS to publish");
	ok(dnskey_bits(key) == 256, "bits of Ed25519");
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		struct rr *k = record(vectors[i].dnskey);

		if (dnskey_algorithm(k) == 8 || dnskey_algorithm(k) == 5)
			ok(dnskey_bits(k) == 1024, "bits of RSA");
	}
	ok(algorithm_supported(8, false) && !algorithm_supported(7, false) &&
	    algorithm_supported(7, true) && !algorithm_supported(3, true) &&
	    !algorithm_supported(99, true), "algorithms");
	is(algorithm_text(13, buf), "ECDSAP256SHA256", "name");
	is(algorithm_text(200, buf), "algorithm 200", "number");
}

int
main(void)
{
	mem = arena_new();
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		test_vector(&vectors[i]);
	test_shape();
	test_keys();
	arena_free(mem);
	return tap_done();
}

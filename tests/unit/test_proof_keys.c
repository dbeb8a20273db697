/* SPDX-License-Identifier: ISC */
/*
 * Keys, DS records, algorithms, rollovers and anchors, rule by rule: what
 * the MX set of example.test. is worth, whose keys, DS and signers vary.
 * Each rule has a case where it bites and a near miss.
 */
#include "world.h"

static const struct rule {
	const char *name;
	const char *keys, *ds, *keys_by, *data_by;	/* see world.h */
	const char *want;
} rules[] = {
	/* RFC 4034 2.1.1, RFC 6840 6.2: SEP is only a hint */
	{ "the DS names a key without SEP", "256/13 256/13", "0/2", "0", "1",
	    "secure" },
	{ "a key with SEP signs data", "257/13 257/13", "0/2", "0", "1",
	    "secure" },
	{ "one key for all", "257/13", "0/2", "0", "0", "secure" },
	{ "the key without SEP signs the keys alone", "257/13 256/13", "1/2",
	    "1", "1", "secure" },
	/* RFC 4034 2.1.1: without ZONE it MUST NOT verify */
	{ "the DS names a key without ZONE", "1/13 256/13", "0/2", "0", "1",
	    "bogus DS_NO_DNSKEY example.test." },
	{ "a key without ZONE signs data", "257/13 0/13", "0/2", "0", "1",
	    "bogus RRSIG_NO_KEY example.test." },
	{ "a key without ZONE is there", "257/13 256/13 0/13", "0/2", "0 2",
	    "1 2", "secure" },
	/* RFC 4034 2.1.1: reserved flags MUST be ignored */
	{ "reserved flags", "33025/13 258/13", "0/2", "0", "1", "secure" },
	/* RFC 4034 2.1.2 */
	{ "the DS names a key of protocol 2", "257/13/2 256/13", "0/2", "0",
	    "1", "bogus DS_NO_DNSKEY example.test." },
	{ "a key of protocol 4 signs data", "257/13 256/13/4", "0/2", "0",
	    "1", "bogus RRSIG_NO_KEY example.test." },
	{ "a key of protocol 2 is there", "257/13 256/13 256/13/2", "0/2",
	    "0", "1", "secure" },
	/* RFC 5011 2.1 */
	{ "the DS names a key now revoked", "385/13 256/13", "0r/2", "0", "1",
	    "bogus KEY_REVOKED example.test." },
	{ "the DS names the revoked form", "385/13 256/13", "0/2", "0", "1",
	    "bogus KEY_REVOKED example.test." },
	{ "a revoked key signs data", "257/13 384/13", "0/2", "0", "1",
	    "bogus KEY_REVOKED example.test." },
	{ "and another one, too", "257/13 384/13 256/13", "0/2", "0", "1 2",
	    "secure" },
	{ "a revoked key signs the keys, too", "257/13 256/13 385/13",
	    "0/2 2r/2", "0 2", "1", "secure" },

	/* RFC 4035 5.2: DS and DNSKEY */
	{ "a DS for no key", "257/13 256/13", "9/2", "0", "1",
	    "bogus DS_NO_DNSKEY example.test." },
	{ "and one for the key behind it", "257/13 256/13", "9/2 0/2", "0",
	    "1", "secure" },
	{ "and one for the key before it", "257/13 256/13", "0/2 9/2", "0",
	    "1", "secure" },
	{ "the key of the DS does not sign", "257/13 256/13", "1/2", "0", "1",
	    "bogus DNSKEY_NOT_SIGNED_BY_DS example.test." },
	{ "it signs, too", "257/13 256/13", "1/2", "0 1", "1", "secure" },
	{ "its signature is bad, another one's is good", "257/13 256/13",
	    "0/2", "0:broken 1", "1", "bogus RRSIG_INVALID example.test." },
	{ "its signature is good, another one's is bad", "257/13 256/13",
	    "0/2", "1:broken 0", "1", "secure" },
	{ "signed by a key that is not there", "257/13 256/13", "0/2", "9",
	    "1", "bogus DNSKEY_NOT_SIGNED_BY_DS example.test." },
	{ "by that one, too", "257/13 256/13", "0/2", "9 0", "1", "secure" },
	{ "the key of the DS signs and is not there", "-257/13 256/13", "0/2",
	    "0", "1", "bogus DS_NO_DNSKEY example.test." },
	{ "no keys at all", "-257/13 -256/13", "0/2", "0", "1",
	    "bogus DNSKEY_MISSING example.test." },
	{ "unsigned keys", "257/13 256/13", "0/2", "", "1",
	    "bogus RRSIG_MISSING example.test." },
	{ "unsigned data", "257/13 256/13", "0/2", "0", "",
	    "bogus RRSIG_MISSING example.test." },
	{ "two DS, two good keys, one expired", "257/13 256/13 257/13",
	    "0/2 2/2", "0:until=-1 2", "1", "secure" },
	{ "both expired", "257/13 256/13 257/13", "0/2 2/2",
	    "0:until=-1 2:until=-1", "1",
	    "bogus RRSIG_EXPIRED example.test." },

	/* RFC 4509 3, RFC 6605 2: digests */
	{ "SHA-1 alone", "257/13 256/13", "0/1", "0", "1", "secure" },
	{ "SHA-384 alone", "257/13 256/13", "0/4", "0", "1", "secure" },
	{ "all three", "257/13 256/13", "0/1 0/2 0/4", "0", "1", "secure" },
	{ "SHA-1 matches, SHA-256 does not", "257/13 256/13", "0/1 9/2", "0",
	    "1", "bogus DS_NO_DNSKEY example.test." },
	{ "SHA-1 matches, SHA-384 does not", "257/13 256/13", "0/1 9/4", "0",
	    "1", "bogus DS_NO_DNSKEY example.test." },
	{ "SHA-256 matches, SHA-1 does not", "257/13 256/13", "9/1 0/2", "0",
	    "1", "secure" },
	{ "SHA-256 matches, SHA-384 does not", "257/13 256/13", "0/2 9/4",
	    "0", "1", "secure" },
	{ "SHA-1 beside SHA-256 of an unknown algorithm",
	    "257/13 256/13 257/99", "0/1 2/2", "0", "1", "secure" },
	/* RFC 4035 5.2, RFC 6840 5.2: unknown digests */
	{ "only an unknown digest", "257/13 256/13", "0/3", "0", "1",
	    "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "digest type 0", "257/13 256/13", "0/0", "0", "1",
	    "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "only an unknown digest, bad data", "257/13 256/13", "0/3", "0",
	    "1:broken", "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "and a known one", "257/13 256/13", "0/3 0/2", "0", "1", "secure" },
	{ "and a known one that fails", "257/13 256/13", "0/3 9/2", "0", "1",
	    "bogus DS_NO_DNSKEY example.test." },
	{ "and SHA-1, which is not set aside for it", "257/13 256/13",
	    "0/3 0/1", "0", "1", "secure" },

	/* algorithms: RFC 5702, 6605, 8080; RFC 9905 2; RFC 4035 5.2 */
	{ "algorithm 8", "257/8 256/8", "0/2", "0", "1", "secure" },
	{ "algorithm 10", "257/10 256/10", "0/2", "0", "1", "secure" },
	{ "algorithm 14", "257/14 256/14", "0/2", "0", "1", "secure" },
	{ "algorithm 15", "257/15 256/15", "0/2", "0", "1", "secure" },
	{ "algorithm 16", "257/16 256/16", "0/2", "0", "1", "secure" },
	{ "the keys of one, the data of another", "257/8 256/15", "0/2", "0",
	    "1", "secure" },
	{ "algorithm 5", "257/5 256/5", "0/2", "0", "1",
	    "insecure ALGORITHM_DEPRECATED example.test." },
	{ "algorithm 7", "257/7 256/7", "0/2", "0", "1",
	    "insecure ALGORITHM_DEPRECATED example.test." },
	{ "algorithm 7, bad data", "257/7 256/7", "0/2", "0", "1:broken",
	    "insecure ALGORITHM_DEPRECATED example.test." },
	{ "algorithm 1", "257/1 256/1", "0/2", "0", "1",
	    "insecure ALGORITHM_DEPRECATED example.test." },
	{ "algorithm 12", "257/12 256/12", "0/2", "0", "1",
	    "insecure ALGORITHM_DEPRECATED example.test." },
	{ "algorithm 99", "257/99 256/99", "0/2", "0", "1",
	    "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "algorithms 5 and 99", "257/5 256/5 257/99", "0/2 2/2", "0", "1",
	    "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "a DS of 99 and one of 13, signed by both",
	    "257/99 256/99 257/13 256/13", "0/2 2/2", "0 2", "1 3",
	    "secure" },
	{ "the data by 99 only", "257/99 256/99 257/13 256/13", "0/2 2/2",
	    "0 2", "1", "bogus RRSIG_MISSING example.test." },
	{ "the DS of 13 for no key", "257/13 256/13 257/99", "9/2 2/2", "0 2",
	    "1", "bogus DS_NO_DNSKEY example.test." },
	{ "a DS of 99, the zone signed by 13, too",
	    "257/99 256/99 257/13 256/13", "0/2", "0 2", "1 3",
	    "insecure ALGORITHM_UNSUPPORTED example.test." },
	{ "a DS of 7 and one of 13, the data by 13",
	    "257/7 256/7 257/13 256/13", "0/2 2/2", "0 2", "3", "secure" },
	{ "the data by 7", "257/7 256/7 257/13 256/13", "0/2 2/2", "0 2", "1",
	    "bogus RRSIG_MISSING example.test." },
	/* RFC 5702 2.1, 2.2: sizes */
	{ "RSA with 1024 bits", "257/8/3/1024 256/8/3/1024", "0/2", "0", "1",
	    "secure" },
	{ "RSA with 4096 bits", "257/8 256/8/3/4096", "0/2", "0", "1",
	    "secure" },
	{ "RSA with 512 bits by algorithm 8", "257/8 256/8/3/512", "0/2", "0",
	    "1", "secure" },
	{ "RSA with 768 bits by algorithm 10", "257/8 256/10/3/768", "0/2",
	    "0", "1", "bogus RRSIG_INVALID example.test." },

	/* RFC 6781 4.1.1: the zone key's rollover */
	{ "pre-publish: the next key waits", "257/13 256/13 256/13", "0/2",
	    "0", "1", "secure" },
	{ "pre-publish: the next key signs", "257/13 256/13 256/13", "0/2",
	    "0", "2", "secure" },
	{ "the next key signs before it is there", "257/13 256/13 -256/13",
	    "0/2", "0", "2", "bogus RRSIG_NO_KEY example.test." },
	{ "and the present one, too", "257/13 256/13 -256/13", "0/2", "0",
	    "2 1", "secure" },
	{ "the old key is gone, its signature is not",
	    "257/13 -256/13 256/13", "0/2", "0", "1 2", "secure" },
	{ "the old key is gone, its signature is alone",
	    "257/13 -256/13 256/13", "0/2", "0", "1",
	    "bogus RRSIG_NO_KEY example.test." },
	{ "double signature", "257/13 256/13 256/13", "0/2", "0", "1 2",
	    "secure" },
	{ "double signature, one bad", "257/13 256/13 256/13", "0/2", "0",
	    "1:broken 2", "secure" },
	{ "double signature, both bad", "257/13 256/13 256/13", "0/2", "0",
	    "1:broken 2:broken", "bogus RRSIG_INVALID example.test." },
	/* RFC 6781 4.1.2: the key signing key's */
	{ "double DS: the next key is not there", "257/13 256/13 -257/13",
	    "0/2 2/2", "0", "1", "secure" },
	{ "double DS: the old one is gone", "-257/13 256/13 257/13",
	    "0/2 2/2", "2", "1", "secure" },
	{ "double key: the old DS", "257/13 256/13 257/13", "0/2", "0 2", "1",
	    "secure" },
	{ "double key: the next DS", "257/13 256/13 257/13", "2/2", "0 2",
	    "1", "secure" },
	{ "the next DS, the next key does not sign yet",
	    "257/13 256/13 257/13", "2/2", "0", "1",
	    "bogus DNSKEY_NOT_SIGNED_BY_DS example.test." },
	{ "the old key is gone too early", "-257/13 256/13 257/13", "0/2",
	    "2", "1", "bogus DS_NO_DNSKEY example.test." },
	/* RFC 6781 4.1.4: the algorithm's; RFC 6840 5.11 */
	{ "conservative: signatures first", "257/8 256/8 -257/13 -256/13",
	    "0/2", "0 2", "1 3", "secure" },
	{ "conservative: both algorithms", "257/8 256/8 257/13 256/13",
	    "0/2", "0 2", "1 3", "secure" },
	{ "conservative: both DS", "257/8 256/8 257/13 256/13", "0/2 2/2",
	    "0 2", "1 3", "secure" },
	{ "conservative: the next DS", "257/8 256/8 257/13 256/13", "2/2",
	    "0 2", "1 3", "secure" },
	{ "conservative: signatures last", "-257/8 -256/8 257/13 256/13",
	    "2/2", "0 2", "1 3", "secure" },
	{ "the next DS too early", "257/8 256/8 -257/13 -256/13", "2/2",
	    "0 2", "1 3", "bogus DS_NO_DNSKEY example.test." },
	{ "liberal: the next keys do not sign", "257/8 256/8 257/13 256/13",
	    "0/2", "0", "1", "secure" },
	{ "liberal: both DS, the data by the old one",
	    "257/8 256/8 257/13 256/13", "0/2 2/2", "0 2", "1", "secure" },
	{ "liberal: both DS, the keys by the old one",
	    "257/8 256/8 257/13 256/13", "0/2 2/2", "0", "1", "secure" },
	{ "liberal: only the next DS, the data by the old one",
	    "257/8 256/8 257/13 256/13", "2/2", "2", "1", "secure" },
	/* RFC 8901 2.1: several signers */
	{ "two signers, the one's answers", "257/13 256/13 257/13 256/13",
	    "0/2 2/2", "0", "1", "secure" },
	{ "two signers, keys from one, data from the other",
	    "257/13 256/13 257/13 256/13", "0/2 2/2", "0", "3", "secure" },
	{ "two signers of two algorithms", "257/8 256/8 257/13 256/13",
	    "0/2 2/2", "2", "1", "secure" },
	{ "one does not know the other's key", "257/13 256/13 -257/13 -256/13",
	    "0/2 2/2", "0", "3", "bogus RRSIG_NO_KEY example.test." },
};

/* The parent's zone likewise: what is wrong there is named there. */
static const struct parent {
	const char *name;
	struct world_zone root, top;
	const char *want;
} parents[] = {
	{ "the DS set signed by a bad key of the parent", { .name = "." },
	    { .name = "test.", .data_by = "1:broken" },
	    "bogus RRSIG_INVALID test." },
	{ "the parent's keys are unsigned", { .name = "." },
	    { .name = "test.", .keys_by = "" }, "bogus RRSIG_MISSING test." },
	{ "the parent counts as unsigned", { .name = "." },
	    { .name = "test.", .keys = "257/7 256/7" },
	    "insecure ALGORITHM_DEPRECATED test." },
	{ "the root's keys match no anchor", { .name = ".", .ds = "9/2" },
	    { .name = "test." }, "indeterminate NO_TRUST_ANCHOR ." },
	{ "two anchors, the second one matches",
	    { .name = ".", .ds = "9/2 0/2" }, { .name = "test." }, "secure" },
	{ "two anchors, the first one matches",
	    { .name = ".", .ds = "0/2 9/2" }, { .name = "test." }, "secure" },
	{ "DNSKEY anchors", { .name = ".", .anchor_keys = true },
	    { .name = "test." }, "secure" },
	{ "DNSKEY anchors, one of them old",
	    { .name = ".", .anchor_keys = true, .ds = "9/0 0/0" },
	    { .name = "test." }, "secure" },
	{ "a DNSKEY anchor for another key",
	    { .name = ".", .anchor_keys = true, .ds = "9/0" },
	    { .name = "test." }, "indeterminate NO_TRUST_ANCHOR ." },
	{ "an anchor for the key that signs the data, not the keys",
	    { .name = ".", .ds = "1/2" }, { .name = "test." },
	    "bogus DNSKEY_NOT_SIGNED_BY_DS ." },
	{ "an anchor of a key since revoked",
	    { .name = ".", .keys = "385/13 256/13", .ds = "0r/2" },
	    { .name = "test." }, "indeterminate NO_TRUST_ANCHOR ." },
	{ "anchors of an unknown digest only", { .name = ".", .ds = "0/3" },
	    { .name = "test." }, "insecure ALGORITHM_UNSUPPORTED ." },
};

#define MX "example.test. MX 10 mx.example.test."

static void
expect(const char *want, const char *name)
{
	if (!is(world_state("example.test.", "MX", SIGNER_NOW), want, name) ||
	    world_last.state != DNSSEC_STATE_SECURE)
		printf("# %s\n", world_last.detail ? world_last.detail : "");
}

static void
test_keys(void)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct rule *r = &rules[i];

		world_chain((struct world_zone){ .keys = r->keys, .ds = r->ds,
		    .keys_by = r->keys_by, .data_by = r->data_by });
		world_reply("example.test.", "example.test.", "MX", 0, MX, "");
		expect(r->want, r->name);
		world_free();
	}
	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++) {
		world_new();
		world_zone(parents[i].root);
		world_zone(parents[i].top);
		world_zone((struct world_zone){ .name = "example.test." });
		world_reply("example.test.", "example.test.", "MX", 0, MX, "");
		expect(parents[i].want, parents[i].name);
		world_free();
	}
}

/* --deprecated-algorithms validate: 5 and 7 in full. */
static void
test_deprecated(void)
{
	static const struct {
		const char *keys, *data_by, *want;
	} table[] = {
		{ "257/5 256/5", "1", "secure" },
		{ "257/7 256/7", "1", "secure" },
		{ "257/7 256/7", "1:broken",
		    "bogus RRSIG_INVALID example.test." },
		{ "257/5 256/5", "1:until=-1",
		    "bogus RRSIG_EXPIRED example.test." },
		{ "257/1 256/1", "1",
		    "insecure ALGORITHM_DEPRECATED example.test." },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		world_chain((struct world_zone){ .keys = table[i].keys,
		    .data_by = table[i].data_by });
		world_reply("example.test.", "example.test.", "MX", 0, MX, "");
		is(world_state_full("example.test.", "MX", SIGNER_NOW, true),
		    table[i].want, table[i].keys);
		world_free();
	}
}

/* Anchors at any name: RFC 4035 4.3, 5; islands of security. */
static void
test_islands(void)
{
	/* No root: what is outside is insecure. */
	world_new();
	world_zone((struct world_zone){ .name = "example.test." });
	world_zone((struct world_zone){ .name = "sub.example.test." });
	world_reply("example.test.", "example.test.", "MX", 0, MX, "");
	world_reply("sub.example.test.", "sub.example.test.", "MX", 0,
	    "sub.example.test. MX 10 mx.example.test.", "");
	world_reply("example.test.", "example.org.", "MX", 0,
	    "{}example.org. MX 10 mx.example.test.", "");
	world_reply("example.test.", "test.", "MX", 0,
	    "{}test. MX 10 mx.example.test.", "");
	expect("secure", "the only anchor is the zone's own");
	is(world_state("sub.example.test.", "MX", SIGNER_NOW), "secure",
	    "a zone below it");
	is(world_state("example.org.", "MX", SIGNER_NOW),
	    "insecure NO_TRUST_ANCHOR example.org.", "a name beside it");
	is(world_state("test.", "MX", SIGNER_NOW),
	    "insecure NO_TRUST_ANCHOR test.", "a name above it");
	world_free();

	/* An anchor below an unsigned cut. */
	for (int bad = 0; bad < 3; bad++) {
		world_new();
		world_zone((struct world_zone){ .name = "." });
		world_reply(".", "test.", "DS", 0, "",
		    "test. NSEC tf. NS RRSIG NSEC");
		if (bad < 2)
			world_zone((struct world_zone){
			    .name = "example.test.", .anchor = true,
			    .ds = bad ? "9/2" : "0/2" });
		else
			world_zone((struct world_zone){
			    .name = "example.test.", .ds = "" });
		world_reply(".", "example.test.", "DS", 0, "", "");
		world_reply("example.test.", "example.test.", "MX", 0, MX, "");
		expect(bad == 0 ? "secure"
		    : bad == 1 ? "indeterminate NO_TRUST_ANCHOR example.test."
			       : "insecure UNSIGNED test.",
		    bad == 0 ? "an island below an unsigned zone"
		    : bad == 1 ? "an island whose anchor does not match"
			       : "a signed zone there without an anchor");
		world_free();
	}

	/* An anchor below another: the closest one decides. */
	for (int bad = 0; bad < 2; bad++) {
		world_new();
		world_zone((struct world_zone){ .name = ".",
		    .ds = bad ? "0/2" : "9/2" });
		world_zone((struct world_zone){ .name = "test.",
		    .anchor = true, .ds = bad ? "9/2" : "0/2" });
		world_zone((struct world_zone){ .name = "example.test." });
		world_reply("example.test.", "example.test.", "MX", 0, MX, "");
		expect(bad ? "indeterminate NO_TRUST_ANCHOR test." : "secure",
		    bad ? "the closest anchor is wrong, the root's is right"
			: "the closest anchor is right, the root's is wrong");
		world_free();
	}

	world_new();
	world_zone((struct world_zone){ .name = "." });
	world_zone((struct world_zone){ .name = "test." });
	world_zone((struct world_zone){ .name = "example.test." });
	world_reply("example.test.", "example.test.", "MX", 0, MX, "");
	world.ev->nanchors = 0;
	expect("insecure NO_TRUST_ANCHOR example.test.", "no anchor at all");
	world_free();
}

int
main(void)
{
	test_keys();
	test_deprecated();
	test_islands();
	signer_free();
	return tap_done();
}

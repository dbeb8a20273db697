/* SPDX-License-Identifier: ISC */
#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"

#include "tap.h"

/* Lines that come out as they went in, in text and over the wire. */
static const char *const round_trips[] = {
	"example. 3600 IN A 192.0.2.1",
	"example. 3600 IN AAAA 2001:db8::1",
	"example. 0 IN NS Ns1.Example.",
	"example. 2147483647 IN SOA ns. Host\\.Master.example. 2026112200 "
	"7200 3600 1209600 3600",
	"example. 3600 IN MX 10 Mx1.Contoso.Example.",
	"example. 3600 IN MX 0 .",
	"example. 3600 IN TXT \"v=spf1 -all\"",
	"example. 3600 IN TXT \"\" \"a\\\"b\\\\c;d\" \"\\000\\255 \\127\"",
	"example. 3600 IN SPF \"v=spf1 -all\"",
	"_a._tcp.example. 3600 IN SRV 1 2 3 a.example.",
	"example. 3600 IN NAPTR 1 2 \"u\" \"sip+E2U\" \"!^.*$!x!\" .",
	"example. 3600 IN DNAME other.example.",
	"example. 3600 IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880"
	"409BBC683457104237C7F8EC8D",
	"example. 3600 IN RRSIG MX 13 2 3600 20261206040000 20261122030000 "
	"12345 Example. AAECAw==",
	"example. 3600 IN RRSIG TYPE65400 13 2 3600 21060207062815 "
	"19700101000000 12345 example. AA==",
	"example. 3600 IN NSEC A.example. NS SOA MX RRSIG NSEC DNSKEY HTTPS "
	"NXNAME CAA TYPE65535",
	"example. 3600 IN NSEC \\000.example.",
	"example. 3600 IN DNSKEY 257 3 13 AQIDBA==",
	"x. 3600 IN NSEC3 1 1 0 - 0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM A RRSIG",
	"x. 3600 IN NSEC3 1 0 12 AABBCCDD CPNMU TYPE0 NS",
	"x. 3600 IN NSEC3PARAM 1 0 0 -",
	"_25._tcp.mx. 3600 IN TLSA 3 1 1 00FF",
	"_25._tcp.mx. 3600 IN TLSA \\# 3 030101",
	"x. 3600 IN CDS 0 0 0 00",
	"x. 3600 IN CDNSKEY 0 3 0 AA==",
	"x. 3600 IN CAA 128 issue \"ca.example; a=b\"",
	"x. 3600 IN CAA 0 issue \"\"",
	"x. 3600 IN PTR a.",
	"x. 3600 IN HINFO \"PDP-11\" \"UNIX\"",
	"x. 3600 IN MINFO a. b.",
	"x. 3600 IN RP a. b.",
	"x. 3600 IN AFSDB 1 a.",
	"x. 3600 IN RT 1 a.",
	"x. 3600 IN PX 1 a. b.",
	"x. 3600 IN KX 1 a.",
	"x. 3600 IN SSHFP 1 2 AB",
	"x. 3600 IN SMIMEA 3 0 0 AB",
	"x. 3600 IN OPENPGPKEY AQ==",
	"x. 3600 IN CSYNC 7 3 A NS AAAA",
	"x. 3600 IN URI 1 2 \"https://a/\"",
	"x. 3600 IN HTTPS \\# 3 000000",
	"x. 3600 IN TYPE65400 \\# 0",
	"x. 3600 IN TYPE65400 \\# 2 ABCD",
	"x. 3600 IN A \\# 3 010203",
	"x. 3600 IN A \\# 0",
	"x. 3600 IN MX \\# 2 000A",
	"x. 3600 IN MX \\# 4 000AC000",
	"x. 3600 IN TXT \\# 0",
	"x. 3600 IN TXT \\# 2 0561",
	"x. 3600 IN NSEC \\# 4 00000100",
	"x. 3600 IN NSEC3 \\# 6 010000000000",
	"\\000\\255\\032\\..\\@. 3600 CLASS3 TYPE1234 \\# 1 00",
};

/* Other ways to write it; want NULL = refused. */
static const struct {
	const char *name, *input, *want;
} readings[] = {
	{ "relative names", "www MX 10 mx",
	    "www.example. 300 IN MX 10 mx.example." },
	{ "origin", "@ IN NS @", "example. 300 IN NS example." },
	{ "class before TTL", "a. in 60 a 192.0.2.1",
	    "a. 60 IN A 192.0.2.1" },
	{ "TTL with units", "a. 1h30M A 192.0.2.1",
	    "a. 5400 IN A 192.0.2.1" },
	{ "SOA with units", "a. SOA b. c. 1 1d 2h 1w 5m",
	    "a. 300 IN SOA b. c. 1 86400 7200 604800 300" },
	{ "comment", "a. A 192.0.2.1 ; here", "a. 300 IN A 192.0.2.1" },
	{ "tabs and line end", "a.\tA\t192.0.2.1\r\n",
	    "a. 300 IN A 192.0.2.1" },
	{ "hex in pieces", "a. TLSA 3 1 1 00 ff\tAb",
	    "a. 300 IN TLSA 3 1 1 00FFAB" },
	{ "base64 in pieces", "a. DNSKEY 256 3 13 AQ ID",
	    "a. 300 IN DNSKEY 256 3 13 AQID" },
	{ "dates in seconds",
	    "a. RRSIG A 13 1 60 1795320000 0 1 a. AQID",
	    "a. 300 IN RRSIG A 13 1 60 20261122040000 19700101000000 1 a. "
	    "AQID" },
	{ "TYPEn for a known type", "a. TYPE1 192.0.2.1",
	    "a. 300 IN A 192.0.2.1" },
	{ "known type in octets", "a. A \\# 4 C0 00 02 01",
	    "a. 300 IN A 192.0.2.1" },
	{ "string without quotes", "a. TXT v=DKIM1\\; k",
	    "a. 300 IN TXT \"v=DKIM1;\" \"k\"" },
	{ "strings side by side", "a. TXT \"a\"\"b\"",
	    "a. 300 IN TXT \"a\" \"b\"" },
	{ "bitmap in any order", "a. NSEC b. mx A TYPE15",
	    "a. 300 IN NSEC b. A MX" },
	{ "lower-case hash", "a. NSEC3 1 0 0 - cpnmu a",
	    "a. 300 IN NSEC3 1 0 0 - CPNMU A" },
	{ "mapped address", "a. AAAA ::ffff:192.0.2.1",
	    "a. 300 IN AAAA ::ffff:c000:201" },
	{ "empty", "", NULL },
	{ "owner alone", "a.", NULL },
	{ "no type", "a. 60 IN", NULL },
	{ "no data", "a. A", NULL },
	{ "unknown type", "a. NOSUCH 1", NULL },
	{ "text of an unknown type", "a. TYPE65400 1", NULL },
	{ "text of an opaque type", "a. HTTPS 1 .", NULL },
	{ "too much data", "a. A 192.0.2.1 192.0.2.2", NULL },
	{ "bad IPv4", "a. A 192.0.2.256", NULL },
	{ "short IPv4", "a. A 192.0.2", NULL },
	{ "bad IPv6", "a. AAAA 1::2::3", NULL },
	{ "number too large", "a. MX 65536 a.", NULL },
	{ "negative number", "a. MX -1 a.", NULL },
	{ "TTL over 31 bits", "a. 2147483648 A 192.0.2.1", NULL },
	{ "TTL with a wrong unit", "a. 1y A 192.0.2.1", NULL },
	{ "odd hex", "a. TLSA 3 1 1 00F", NULL },
	{ "no hex", "a. TLSA 3 1 1", NULL },
	{ "hex in quotes", "a. TLSA 3 1 1 \"00\"", NULL },
	{ "selector over 255", "a. TLSA 3 256 1 00", NULL },
	{ "not base64", "a. DNSKEY 256 3 13 A", NULL },
	{ "wrong length", "a. A \\# 3 C0000201", NULL },
	{ "length without data", "a. A \\# 4", NULL },
	{ "no length", "a. A \\#", NULL },
	{ "length over 65535", "a. A \\# 65536 00", NULL },
	{ "no string end", "a. TXT \"a", NULL },
	{ "escape at the end", "a. TXT \"a\\", NULL },
	{ "bad escape", "a. TXT \"\\999\"", NULL },
	{ "escape over the quote", "a. TXT \"\\09\"", NULL },
	{ "parenthesis", "a. MX ( 10 a. )", NULL },
	{ "bad owner", "a..b A 192.0.2.1", NULL },
	{ "bad date", "a. RRSIG A 13 1 60 20261322040000 0 1 a. AQ==", NULL },
	{ "date before 1970", "a. RRSIG A 13 1 60 19691231235959 0 1 a. AQ==",
	    NULL },
	{ "bad CAA tag", "a. CAA 0 is-sue \"x\"", NULL },
	{ "empty CAA tag", "a. CAA 0 \"\" \"x\"", NULL },
	{ "odd salt", "a. NSEC3PARAM 1 0 0 ABC", NULL },
};

/* RDATA in a message that begins with the name "A.bC." at offset 0. */
static const struct {
	const char *name;
	uint16_t type;
	const char *rdata;
	size_t len;
	bool wellformed;
	const char *want;
} wires[] = {
	{ "MX compressed", TYPE_MX, "\0\12\1x\xc0\2", 6, true,
	    "10 x.bC." },
	{ "SOA compressed", TYPE_SOA,
	    "\xc0\0\xc0\2\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 24, true,
	    "A.bC. bC. 1 2 3 4 5" },
	{ "SRV compressed", TYPE_SRV, "\0\1\0\2\0\3\xc0\0", 8, true,
	    "1 2 3 A.bC." },
	{ "DNAME must not be", TYPE_DNAME, "\xc0\0", 2, false,
	    "\\# 2 C000" },
	{ "NSEC must not be", TYPE_NSEC, "\xc0\0\0\1\x40", 5, false,
	    "\\# 5 C000000140" },
	{ "unknown type is untouched", 65400, "\xc0\0", 2, true,
	    "\\# 2 C000" },
	{ "pointer forwards", TYPE_NS, "\xc0\x20", 2, false, "\\# 2 C020" },
	{ "name leaves the RDATA", TYPE_NS, "\2a", 2, false, "\\# 2 0261" },
	{ "octets behind the name", TYPE_NS, "\0\0", 2, false,
	    "\\# 2 0000" },
	{ "short A", TYPE_A, "\1\2\3", 3, false, "\\# 3 010203" },
	{ "long AAAA", TYPE_AAAA, "12345678901234567", 17, false,
	    "\\# 17 3132333435363738393031323334353637" },
	{ "TXT without strings", TYPE_TXT, "", 0, false, "\\# 0" },
	{ "TXT over its end", TYPE_TXT, "\2a", 2, false, "\\# 2 0261" },
	{ "TLSA of two octets", TYPE_TLSA, "\3\1", 2, false, "\\# 2 0301" },
	{ "TLSA without data", TYPE_TLSA, "\3\1\1", 3, true,
	    "\\# 3 030101" },
	{ "bitmap window of 33", TYPE_NSEC,
	    "\0\0\x21"
	    "123456789012345678901234567890123",
	    36, false,
	    "\\# 36 000021313233343536373839303132333435363738393031323334"
	    "353637383930313233" },
	{ "bitmap window of none", TYPE_NSEC, "\0\0\0", 3, false,
	    "\\# 3 000000" },
	{ "bitmap windows twice", TYPE_NSEC, "\0\0\1\x40\0\1\x40", 7, false,
	    "\\# 7 00000140000140" },
	{ "bitmap ends early", TYPE_NSEC, "\0\0\2\x40", 4, false,
	    "\\# 4 00000240" },
	{ "bitmap with trailing zeros", TYPE_NSEC, "\0\0\2\x40\0", 5, true,
	    "\\# 5 0000024000" },
	{ "NSEC3 without hash", TYPE_NSEC3, "\1\0\0\0\0\0", 6, false,
	    "\\# 6 010000000000" },
	{ "NSEC3 salt leaves", TYPE_NSEC3, "\1\0\0\0\5\0", 6, false,
	    "\\# 6 010000000500" },
	{ "RRSIG without signature", TYPE_RRSIG,
	    "\0\1\15\1\0\0\0\1\0\0\0\2\0\0\0\3\0\4\0", 19, false,
	    "\\# 19 00010D01000000010000000200000003000400" },
};

static void
test_round_trips(struct arena *arena)
{
	size_t n = sizeof(round_trips) / sizeof(round_trips[0]);

	for (size_t i = 0; i < n; i++) {
		const char *error = "", *text = round_trips[i];
		struct rr rr, back;
		uint8_t msg[1024];

		if (!rr_from_text(arena, text, NULL, 0, &rr, &error)) {
			ok(false, "%s: %s", text, error);
			continue;
		}
		is(rr_text(arena, &rr), text, text);
		back = rr;
		/* Behind an octet that no pointer can lead to. */
		msg[0] = 0xff;
		memcpy(msg + 1, rr.rdata, rr.rdlen);
		ok(rdata_from_wire(arena, msg, sizeof(msg), 1, rr.rdlen,
		       &back) &&
			back.wellformed == rr.wellformed &&
			rdata_compare(rr.rdata, rr.rdlen, back.rdata,
			    back.rdlen) == 0,
		    "the same from the wire");
	}
}

static void
test_readings(struct arena *arena)
{
	const uint8_t *origin = (const uint8_t *)"\7example";

	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		const char *error = NULL;
		struct rr rr;
		bool good = rr_from_text(arena, readings[i].input, origin, 300,
		    &rr, &error);

		is(good ? rr_text(arena, &rr) : NULL, readings[i].want,
		    readings[i].name);
		if (!good)
			ok(error != NULL, "%s: %s", readings[i].name, error);
	}
}

static void
test_wires(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		uint8_t msg[64] = "\1A\2bC";
		struct rr rr = { .type = wires[i].type };

		memcpy(msg + 6, wires[i].rdata, wires[i].len);
		ok(rdata_from_wire(arena, msg, 6 + wires[i].len, 6,
		       wires[i].len, &rr) &&
			rr.wellformed == wires[i].wellformed,
		    "%s", wires[i].name);
		is(rdata_text(arena, &rr), wires[i].want, wires[i].name);
		ok(!rdata_from_wire(arena, msg, 6 + wires[i].len, 7,
		       wires[i].len, &rr),
		    "%s: over the message's end", wires[i].name);
	}
}

/* Canonical RDATA, written as text. */
static void
test_canonical(struct arena *arena)
{
	static const struct {
		const char *input, *want;
	} cases[] = {
		{ "a. MX 1 MX.A.", "1 mx.a." },
		{ "a. NS ns.a.", "ns.a." },
		{ "a. SOA A. B. 1 2 3 4 5", "a. b. 1 2 3 4 5" },
		{ "a. NSEC B. A", "B. A" },
		{ "a. DNAME B.", "b." },
		{ "a. TXT \"A\"", "\"A\"" },
		{ "a. HINFO A B", "\"A\" \"B\"" },
		{ "a. NAPTR 1 2 A B C D.", "1 2 \"A\" \"B\" \"C\" d." },
		{ "a. KX 1 B.", "1 b." },
		{ "a. RRSIG A 13 1 60 0 0 1 A. QUJD",
		    "A 13 1 60 19700101000000 19700101000000 1 a. QUJD" },
		{ "a. MX \\# 4 000AC000", "\\# 4 000AC000" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *error;
		struct rr rr;
		size_t len;

		rr_from_text(arena, cases[i].input, NULL, 0, &rr, &error);
		rr.rdata = rdata_canonical(arena, &rr, &len);
		rr.rdlen = (uint16_t)len;
		is(rdata_text(arena, &rr), cases[i].want, cases[i].input);
	}
	ok(rdata_compare((const uint8_t *)"a", 1, (const uint8_t *)"a\0", 2) <
		0,
	    "a missing octet sorts before zero");
	ok(rdata_compare((const uint8_t *)"\x80", 1, (const uint8_t *)"\1\1",
	       2) > 0,
	    "octets are unsigned");
}

static void
test_signatures(struct arena *arena)
{
	/* The key of the root zone of 2017. */
	static const char ksk[] =
	    ". IN DNSKEY 257 3 8 "
	    "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3"
	    "+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kv"
	    "ArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF"
	    "0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+e"
	    "oZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfd"
	    "RUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwN"
	    "R1AkUTV74bU=";
	const char *error;
	struct rrsig sig;
	struct rr rr;

	ok(rr_from_text(arena, ksk, NULL, 0, &rr, &error) &&
		dnskey_tag(rr.rdata, rr.rdlen) == 20326,
	    "key tag of KSK-2017");
	ok(dnskey_tag((const uint8_t *)"", 0) == 0, "tag of nothing");
	ok(!rrsig_read(&rr, &sig), "a DNSKEY is no RRSIG");
	rr_from_text(arena,
	    "a. RRSIG MX 13 2 3600 20261122040000 5 4711 b.c. AQID", NULL, 0,
	    &rr, &error);
	ok(rrsig_read(&rr, &sig), "an RRSIG");
	ok(sig.covered == TYPE_MX && sig.algorithm == 13 && sig.labels == 2 &&
		sig.original_ttl == 3600 && sig.expiration == 1795320000 &&
		sig.inception == 5 && sig.key_tag == 4711,
	    "its numbers");
	is(name_text(arena, sig.signer), "b.c.", "its signer");
	ok(sig.signaturelen == 3 && memcmp(sig.signature, "\1\2\3", 3) == 0,
	    "its signature");
	rr_from_text(arena, "a. RRSIG \\# 2 0001", NULL, 0, &rr, &error);
	ok(!rrsig_read(&rr, &sig), "a malformed RRSIG");
}

static void
test_bitmaps(struct arena *arena)
{
	static const char *const records[] = {
		"a. NSEC b.c. A MX RRSIG CAA TYPE65535",
		"a. NSEC3 1 0 5 AABB CPNMU A MX RRSIG CAA TYPE65535",
	};
	const char *error;
	struct rr rr;

	for (size_t i = 0; i < 2; i++) {
		unsigned found = 0;

		rr_from_text(arena, records[i], NULL, 0, &rr, &error);
		for (unsigned type = 0; type < 65536; type++)
			found += nsec_has_type(&rr, (uint16_t)type);
		ok(found == 5, "five types");
		ok(nsec_has_type(&rr, 1) && nsec_has_type(&rr, 15) &&
			nsec_has_type(&rr, 46) && nsec_has_type(&rr, 257) &&
			nsec_has_type(&rr, 65535),
		    "the right ones");
	}
	rr_from_text(arena, "a. NSEC \\# 3 000000", NULL, 0, &rr, &error);
	ok(!nsec_has_type(&rr, 1), "malformed");
	rr_from_text(arena, "a. A 1.2.3.4", NULL, 0, &rr, &error);
	ok(!nsec_has_type(&rr, 1), "no NSEC");
}

static void
test_words(void)
{
	char buf[16];
	unsigned rcode;
	uint16_t type;

	for (unsigned i = 0; i < 65536; i++)
		if (!rr_type_from_text(rr_type_text((uint16_t)i, buf),
			&type) ||
		    type != i)
			ok(false, "type %u", i);
	for (unsigned i = 0; i < 4096; i++)
		if (!rcode_from_text(rcode_text(i, buf), &rcode) ||
		    rcode != i)
			ok(false, "rcode %u", i);
	is(rr_type_text(65, buf), "HTTPS", "known type");
	is(rr_type_text(1234, buf), "TYPE1234", "unknown type");
	ok(rr_type_from_text("type15", &type) && type == 15, "type15");
	ok(!rr_type_from_text("TYPE", &type), "TYPE alone");
	ok(!rr_type_from_text("TYPE65536", &type), "type too large");
	ok(!rr_type_from_text("TYPE1x", &type), "type with a tail");
	ok(!rr_type_from_text("", &type), "no type");
	is(rcode_text(3, buf), "NXDOMAIN", "known rcode");
	is(rcode_text(4095, buf), "RCODE4095", "unknown rcode");
	ok(rcode_from_text("rcode3", &rcode) && rcode == 3, "rcode3");
	ok(!rcode_from_text("RCODE4096", &rcode), "rcode too large");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_round_trips(arena);
	test_readings(arena);
	test_wires(arena);
	test_canonical(arena);
	test_signatures(arena);
	test_bitmaps(arena);
	test_words();
	arena_free(arena);
	return tap_done();
}

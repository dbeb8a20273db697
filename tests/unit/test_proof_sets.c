/* SPDX-License-Identifier: ISC */
/*
 * Signatures over sets, wildcards and aliases, rule by rule: each with a
 * case where it bites and a near miss.
 */
#include "world.h"

/* The MX set of example.test., signed so. */
static const struct {
	const char *name, *by, *want;
} signatures[] = {
	/* RFC 4034 3.1.5, RFC 4035 5.3.1: both ends inclusive */
	{ "the last second", "1:until=0", "secure" },
	{ "a second later", "1:until=-1",
	    "bogus RRSIG_EXPIRED example.test." },
	{ "the first second", "1:from=0", "secure" },
	{ "ten minutes before", "1:from=600",
	    "bogus RRSIG_NOT_YET_VALID example.test." },
	{ "a clock may be that wrong", "1:from=300",
	    "indeterminate CLOCK_SUSPECT example.test." },
	{ "but not more", "1:from=301",
	    "bogus RRSIG_NOT_YET_VALID example.test." },
	{ "nor when it is bad besides", "1:from=300:broken",
	    "bogus RRSIG_INVALID example.test." },
	{ "one second of life", "1:from=0:until=0", "secure" },
	{ "it ends before it begins", "1:from=0:until=-1",
	    "bogus RRSIG_MALFORMED example.test." },
	/* RFC 6840 5.4: any valid one is sufficient */
	{ "expired and good", "1:until=-1 1", "secure" },
	{ "good and expired", "1 1:until=-1", "secure" },
	{ "expired and bad: the nearer one is named", "1:broken 1:until=-1",
	    "bogus RRSIG_EXPIRED example.test." },
	{ "bad and expired at once", "1:until=-1:broken",
	    "bogus RRSIG_INVALID example.test." },
	{ "bad and malformed", "1:labels=1 1:broken",
	    "bogus RRSIG_INVALID example.test." },
	{ "a good one behind all kinds",
	    "1:broken 1:until=-1 1:labels=1 9 1:alg=99 1:signer=x.test. 1",
	    "secure" },
	/* RFC 4034 3.1.4, RFC 4035 5.3.3: the original TTL is what is
	 * signed, whatever TTL arrives; 3600 here */
	{ "original TTL larger", "1:ttl=86400", "secure" },
	{ "original TTL smaller", "1:ttl=60", "secure" },
	{ "original TTL zero", "1:ttl=-1", "secure" },
	/* RFC 4034 3.1.3, RFC 4035 5.3.1: labels */
	{ "more labels than the name", "1:labels=1",
	    "bogus RRSIG_MALFORMED example.test." },
	{ "a wildcard above the zone", "1:labels=-1",
	    "bogus RRSIG_MALFORMED example.test." },
	/* RFC 4035 5.3.1: the signer, the tag, the algorithm */
	{ "signer in upper case", "1:signer=EXAMPLE.TEST.", "secure" },
	{ "signer above, by the zone's key", "1:signer=test.",
	    "bogus RRSIG_NO_KEY test." },
	{ "signer below", "1:signer=x.example.test.",
	    "bogus RRSIG_MALFORMED example.test." },
	{ "signer beside", "1:signer=other.test.",
	    "bogus RRSIG_MALFORMED example.test." },
	{ "signer above by name only", "1:signer=ample.test.",
	    "bogus RRSIG_MALFORMED example.test." },
	{ "the tag of no key", "1:tag=1", "bogus RRSIG_NO_KEY example.test." },
	{ "the tag of another key", "1:tag=1 1", "secure" },
	{ "another algorithm's number", "1:alg=8",
	    "bogus RRSIG_NO_KEY example.test." },
	{ "an unknown algorithm's number", "1:alg=99",
	    "bogus RRSIG_MISSING example.test." },
	{ "a retired algorithm's number", "1:alg=5",
	    "bogus RRSIG_MISSING example.test." },
	{ "by a key of the zone with SEP", "0", "secure" },
	{ "by a key that is not there", "9",
	    "bogus RRSIG_NO_KEY example.test." },
};

/* Windows that cross the ends of 31 and 32 bits: RFC 1982, RFC 4034 3.1.5 */
#define W38 ":from=s2147480000:until=s2147487000"
#define W06 ":from=s4294960000:until=s5000"
#define HALF ":from=s1000:until=s2147484647"

static const struct {
	const char *name, *window;
	int64_t at;
	const char *want;
} dates[] = {
	{ "2038: the last second of 31 bits", W38, 2147483647, "secure" },
	{ "2038: the first beyond", W38, 2147483648, "secure" },
	{ "2038: the first second", W38, 2147480000, "secure" },
	{ "2038: before it", W38, 2147479999, "bogus RRSIG_NOT_YET_VALID ." },
	{ "2038: the last second", W38, 2147487000, "secure" },
	{ "2038: behind it", W38, 2147487001, "bogus RRSIG_EXPIRED ." },
	{ "2038: seen from 2026", W38, SIGNER_NOW,
	    "bogus RRSIG_NOT_YET_VALID ." },
	{ "2106: the last second of 32 bits", W06, 4294967295, "secure" },
	{ "2106: the first beyond", W06, 4294967296, "secure" },
	{ "2106: the first second", W06, 4294960000, "secure" },
	{ "2106: before it", W06, 4294959999, "bogus RRSIG_NOT_YET_VALID ." },
	{ "2106: the last second", W06, 4294967296 + 5000, "secure" },
	{ "2106: behind it", W06, 4294967296 + 5001,
	    "bogus RRSIG_EXPIRED ." },
	{ "2242: the serial comes again", W06, 2 * INT64_C(4294967296),
	    "secure" },
	{ "2242: behind it", W06, 2 * INT64_C(4294967296) + 5001,
	    "bogus RRSIG_EXPIRED ." },
	{ "year 3387", W38, 10 * INT64_C(4294967296) + 2147483648, "secure" },
	{ "1970: the serial that was before", W06, 5000, "secure" },
	{ "1969", W06, -1, "secure" },
	{ "1969: before it", W06, -7297, "bogus RRSIG_NOT_YET_VALID ." },
	{ "68 years: the first second", HALF, 1000, "secure" },
	{ "68 years: the last second", HALF, 2147484647, "secure" },
	{ "68 years: behind it", HALF, 2147484648, "bogus RRSIG_EXPIRED ." },
	{ "over half the circle away", W38, 2147487000 + 2147483648 + 1,
	    "bogus RRSIG_NOT_YET_VALID ." },
	{ "under half the circle away", W38, 2147487000 + 2147483647,
	    "bogus RRSIG_EXPIRED ." },
};

/* One answer of example.test., and what is asked for. */
struct answer_rule {
	const char *name, *question, *type;
	unsigned rcode;
	const char *answer, *authority, *want;
};

#define TO_MX "|mx.example.test. A 192.0.2.1"
#define NO_X "l.example.test. NSEC y.example.test. A RRSIG NSEC"
#define NO_XW "*.w.example.test. NSEC z.example.test. A RRSIG NSEC"

static const struct answer_rule answers[] = {
	/* RFC 4034 6.2, 6.3 */
	{ "names in upper case", "example.test.", "MX", 0,
	    "EXAMPLE.test. MX 10 MX.Example.TEST.", "", "secure" },
	{ "records twice and in any order", "example.test.", "MX", 0,
	    "example.test. MX 20 b.|example.test. MX 10 a.|"
	    "example.test. MX 20 b.", "", "secure" },
	{ "records of other TTLs", "example.test.", "MX", 0,
	    "example.test. 60 IN MX 20 b.|example.test. 5 IN MX 10 a.", "",
	    "secure" },
	{ "an unknown type", "example.test.", "TYPE65400", 0,
	    "example.test. TYPE65400 \\# 3 414243", "", "secure" },

	/* RFC 4035 5.3.1: what the parent's key signs, no validator can
	 * tell from what the zone's own does; but it must be that key. */
	{ "by the parent's key", "mx.example.test.", "A", 0,
	    "{@test. 1}mx.example.test. A 192.0.2.1", "", "secure" },
	{ "by the parent's key in the zone's name", "mx.example.test.", "A",
	    0, "{@test. 1:signer=example.test.}mx.example.test. A 192.0.2.1",
	    "", "bogus RRSIG_NO_KEY example.test." },
	{ "by the name itself, which is no zone", "mx.example.test.", "A", 0,
	    "{1:signer=mx.example.test.}mx.example.test. A 192.0.2.1", "",
	    "bogus RRSIG_MALFORMED mx.example.test." },
	{ "and by the zone", "mx.example.test.", "A", 0,
	    "{1:signer=mx.example.test. 1}mx.example.test. A 192.0.2.1", "",
	    "secure" },

	/* RFC 4035 5.3.4, RFC 4592: wildcards */
	{ "the zone's wildcard", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1", NO_X, "secure" },
	{ "no denial", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1", "",
	    "bogus DENIAL_MISSING example.test." },
	{ "a name that exists", "l.example.test.", "A", 0,
	    "{1:labels=-1}l.example.test. A 192.0.2.1", NO_X,
	    "bogus DENIAL_INVALID example.test." },
	{ "unsigned denial", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1", "{}" NO_X,
	    "bogus RRSIG_MISSING example.test." },
	{ "expired denial", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1", "{1:until=-1}" NO_X,
	    "bogus RRSIG_EXPIRED example.test." },
	{ "the denial of the parent's zone", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1",
	    "{@test.}a.test. NSEC z.test. A RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "a wildcard two labels above", "x.y.example.test.", "A", 0,
	    "{1:labels=-2}x.y.example.test. A 192.0.2.1",
	    "l.example.test. NSEC z.example.test. A RRSIG NSEC", "secure" },
	{ "and a name between", "x.y.example.test.", "A", 0,
	    "{1:labels=-2}x.y.example.test. A 192.0.2.1",
	    "y.example.test. NSEC z.example.test. A RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "a wildcard above the apex", "x.example.test.", "A", 0,
	    "{1:labels=-2}x.example.test. A 192.0.2.1", NO_X,
	    "bogus RRSIG_MALFORMED example.test." },
	{ "the wildcard's own name", "*.example.test.", "A", 0,
	    "*.example.test. A 192.0.2.1", "", "secure" },
	{ "a wildcard below a wildcard's name", "x.*.example.test.", "A", 0,
	    "x.*.example.test. A 192.0.2.1", "", "secure" },
	{ "two signatures, both of the wildcard", "x.example.test.", "A", 0,
	    "{0:labels=-1 1:labels=-1}x.example.test. A 192.0.2.1", NO_X,
	    "secure" },
	{ "two that disagree: the one that is no wildcard's decides",
	    "x.y.example.test.", "A", 0,
	    "{1:labels=-1:until=-1 1}x.y.example.test. A 192.0.2.1", "",
	    "secure" },
	{ "two wildcards, the denial fits the one", "x.y.example.test.", "A",
	    0, "{1:labels=-1:until=-1 1:labels=-2}x.y.example.test. "
	    "A 192.0.2.1", "l.example.test. NSEC z.example.test. A RRSIG "
	    "NSEC", "bogus DENIAL_MISSING example.test." },
	{ "NSEC3, the next closer name", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1",
	    "(x.example.test.)- NSEC3 1 0 0 - (x.example.test.)+ A",
	    "secure" },
	{ "NSEC3, a longer one", "x.y.example.test.", "A", 0,
	    "{1:labels=-2}x.y.example.test. A 192.0.2.1",
	    "(x.y.example.test.)- NSEC3 1 0 0 - (x.y.example.test.)+ A",
	    "bogus DENIAL_INVALID example.test." },
	{ "NSEC3, in an opt-out span", "x.example.test.", "A", 0,
	    "{1:labels=-1}x.example.test. A 192.0.2.1",
	    "(x.example.test.)- NSEC3 1 1 0 - (x.example.test.)+ A",
	    "insecure UNSIGNED -" },

	/* RFC 1034 3.6.2: aliases, each step judged */
	{ "an alias", "a.example.test.", "A", 0,
	    "a.example.test. CNAME mx.example.test." TO_MX, "", "secure" },
	{ "unsigned", "a.example.test.", "A", 0,
	    "{}a.example.test. CNAME mx.example.test." TO_MX, "",
	    "bogus RRSIG_MISSING example.test." },
	{ "its target unsigned", "a.example.test.", "A", 0,
	    "a.example.test. CNAME mx.example.test.|{}mx.example.test. "
	    "A 192.0.2.1", "", "bogus RRSIG_MISSING example.test." },
	{ "expired", "a.example.test.", "A", 0,
	    "{1:until=-1}a.example.test. CNAME mx.example.test." TO_MX, "",
	    "bogus RRSIG_EXPIRED example.test." },
	{ "from a wildcard", "x.w.example.test.", "A", 0,
	    "{1:labels=-1}x.w.example.test. CNAME mx.example.test." TO_MX,
	    NO_XW, "secure" },
	{ "from a wildcard, no denial", "x.w.example.test.", "A", 0,
	    "{1:labels=-1}x.w.example.test. CNAME mx.example.test." TO_MX,
	    "", "bogus DENIAL_MISSING example.test." },
	{ "to nothing", "a.example.test.", "A", 3,
	    "a.example.test. CNAME x.example.test.",
	    NO_X "|example.test. NSEC a.example.test. NS SOA RRSIG NSEC",
	    "secure" },
	{ "to nothing, unproven", "a.example.test.", "A", 3,
	    "a.example.test. CNAME x.example.test.", "{}example.test. SOA "
	    "ns.example.test. h.example.test. 1 2 3 4 5",
	    "bogus DENIAL_MISSING example.test." },
	/* RFC 6672 2.2, 3.1, 5.3.1 */
	{ "DNAME, and the alias made from it, unsigned", "x.d.example.test.",
	    "A", 0, "d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME x.e.example.test.|"
	    "x.e.example.test. A 192.0.2.1", "", "secure" },
	{ "that alias itself, asked for", "x.d.example.test.", "CNAME", 0,
	    "d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME x.e.example.test.", "", "secure" },
	{ "another than the DNAME makes", "x.d.example.test.", "CNAME", 0,
	    "d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME evil.example.test.", "",
	    "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the alias of an unsigned DNAME", "x.d.example.test.", "CNAME", 0,
	    "{}d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME x.e.example.test.", "",
	    "bogus RRSIG_MISSING example.test." },
	{ "DNAME without the alias", "x.d.example.test.", "A", 0,
	    "d.example.test. DNAME e.example.test.|"
	    "x.e.example.test. A 192.0.2.1", "", "secure" },
	{ "DNAME unsigned", "x.d.example.test.", "A", 0,
	    "{}d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME x.e.example.test.|"
	    "x.e.example.test. A 192.0.2.1", "",
	    "bogus RRSIG_MISSING example.test." },
	{ "an unsigned alias that contradicts it", "x.d.example.test.", "A",
	    0, "d.example.test. DNAME e.example.test.|"
	    "{}x.d.example.test. CNAME evil.example.test.|"
	    "evil.example.test. A 192.0.2.66", "",
	    "indeterminate DNS_LOOKUP_FAILED -" },
	{ "DNAME at the name itself moves nothing", "d.example.test.", "A",
	    0, "d.example.test. A 192.0.2.1|"
	    "d.example.test. DNAME e.example.test.", "", "secure" },
	{ "nor does it answer", "d.example.test.", "A", 0, "",
	    "d.example.test. NSEC e.example.test. DNAME RRSIG NSEC",
	    "secure" },
	{ "DNAME to the zone's own apex", "x.d.example.test.", "A", 0,
	    "d.example.test. DNAME example.test.|"
	    "x.example.test. A 192.0.2.1", "", "secure" },
	{ "DNAME from a wildcard", "y.x.w.example.test.", "A", 0,
	    "{1:labels=-1}x.w.example.test. DNAME e.example.test.|"
	    "y.e.example.test. A 192.0.2.1", NO_XW, "secure" },
	{ "DNAME from a wildcard, no denial", "y.x.w.example.test.", "A", 0,
	    "{1:labels=-1}x.w.example.test. DNAME e.example.test.|"
	    "y.e.example.test. A 192.0.2.1", "",
	    "bogus DENIAL_MISSING example.test." },
	{ "a DNAME beside the name", "xd.example.test.", "A", 0,
	    "{}d.example.test. DNAME e.example.test.|"
	    "xd.example.test. A 192.0.2.1", "", "secure" },
	{ "records that nobody asked for", "example.test.", "MX", 0,
	    "example.test. MX 10 mx.example.test.|"
	    "{1:broken}mx.example.test. A 192.0.2.1", "", "secure" },
};

static void
expect(const char *got, const char *want, const char *name)
{
	if (!is(got, want, name))
		printf("# %s\n", world_last.detail ? world_last.detail : "");
}

static void
test_dates(void)
{
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		struct world_zone z = { .name = "." };

		world_new();
		z.keys_by = arena_printf(world.mem, "0%s", dates[i].window);
		z.data_by = arena_printf(world.mem, "1%s", dates[i].window);
		world_zone(z);
		z.name = "test.";
		z.keys_by = "0:from=s0:until=s2147483647 "
			    "0:from=s2147483648:until=s4294967295";
		z.data_by = "1:from=s0:until=s2147483647 "
			    "1:from=s2147483648:until=s4294967295";
		world_zone(z);
		world_reply("test.", "test.", "MX", 0, "test. MX 10 a.", "");
		expect(world_state("test.", "MX", dates[i].at), dates[i].want,
		    dates[i].name);
		world_free();
	}
}

/* RFC 4034 6.2, RFC 6840 5.1: what may change its case on the way. */
static void
test_changed(void)
{
	static const struct {
		const char *name, *answer, *authority;
		size_t at;	/* record, octet of its RDATA; */
		int octet;	/* -1: of its owner; -2: its TTL */
		const char *want;
	} table[] = {
		{ "owner", "example.test. MX 10 a.", "", 0, -1, "secure" },
		{ "TTL", "example.test. MX 10 a.", "", 0, -2, "secure" },
		{ "MX", "example.test. MX 10 a.", "", 0, 3, "secure" },
		{ "MX preference", "example.test. MX 64 a.", "", 0, 1,
		    "bogus RRSIG_INVALID example.test." },
		{ "signer", "example.test. MX 10 a.", "", 1, 19, "secure" },
		{ "signature", "example.test. MX 10 a.", "", 1, 60,
		    "bogus RRSIG_INVALID example.test." },
		{ "NSEC next name", "", "example.test. NSEC a.example.test. "
		    "NS SOA RRSIG NSEC", 0, 1,
		    "bogus RRSIG_INVALID example.test." },
		{ "NSEC owner", "", "example.test. NSEC a.example.test. NS "
		    "SOA RRSIG NSEC", 0, -1, "secure" },
		{ "NSEC3 owner", "", "(example.test.) NSEC3 1 0 0 - "
		    "(example.test.)+ NS SOA", 0, -1, "secure" },
		{ "NSEC3 next hash", "", "(example.test.) NSEC3 1 0 0 - "
		    "(example.test.)+ NS SOA", 0, 10,
		    "bogus RRSIG_INVALID example.test." },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dns_observation *o;
		struct rr *rr;
		uint8_t *p;

		world_chain((struct world_zone){ .keys = NULL });
		o = world_reply("example.test.", "example.test.", "MX", 0,
		    table[i].answer, table[i].authority);
		rr = o->nanswer > 0 ? o->answer : o->authority;
		rr += table[i].at;
		if (table[i].octet == -2) {
			rr->ttl = 7;
		} else if (table[i].octet == -1) {
			rr->owner = p = name_copy(o->mem, rr->owner);
			for (size_t k = 1; k <= p[0]; k++)
				p[k] ^= p[k] > '9' ? 0x20 : 0;
		} else {
			rr->rdata = p = arena_copy(o->mem, rr->rdata,
			    rr->rdlen);
			p[table[i].octet] ^= 0x20;
		}
		expect(world_state("example.test.", "MX", SIGNER_NOW),
		    table[i].want, table[i].name);
		world_free();
	}
}

int
main(void)
{
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		world_chain((struct world_zone){
		    .data_by = signatures[i].by });
		world_reply("example.test.", "example.test.", "MX", 0,
		    "example.test. MX 10 mx.example.test.", "");
		expect(world_state("example.test.", "MX", SIGNER_NOW),
		    signatures[i].want, signatures[i].name);
		world_free();
	}
	test_dates();
	test_changed();
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct answer_rule *a = &answers[i];

		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", a->question, a->type, a->rcode,
		    a->answer, a->authority);
		/* No zone begins at any of these names. */
		world_reply("example.test.", "a.example.test.", "DS", 0,
		    "a.example.test. CNAME mx.example.test.", "");
		world_reply("example.test.", "d.example.test.", "DS", 0, "",
		    "d.example.test. NSEC e.example.test. DNAME RRSIG NSEC");
		world_reply("example.test.", "mx.example.test.", "DS", 0, "",
		    "mx.example.test. NSEC n.example.test. A RRSIG NSEC");
		world_reply("example.test.", "x.example.test.", "DS", 3, "",
		    NO_X "|example.test. NSEC a.example.test. NS SOA RRSIG "
		    "NSEC");
		expect(world_state(a->question, a->type, SIGNER_NOW), a->want,
		    a->name);
		world_free();
	}
	signer_free();
	return tap_done();
}

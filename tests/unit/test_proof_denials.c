/* SPDX-License-Identifier: ISC */
/*
 * Negative answers and cuts with their signatures, rule by rule: each with a
 * case where it bites and a near miss.  What the records themselves prove is
 * in test_denial_rules.c.
 */
#include "world.h"

/* An answer without data; asked of example.test. unless it says so. */
struct rule {
	const char *name, *question, *type;
	unsigned rcode;
	const char *authority;
	const char *want;
};

#define NSEC_X "l.example.test. NSEC y.example.test. A RRSIG NSEC"
#define NSEC_APEX "example.test. NSEC a.example.test. NS SOA MX RRSIG NSEC"
#define MX_AT "mx.example.test. NSEC n.example.test. A RRSIG NSEC"
#define N3(name, types) "(" name ") NSEC3 1 0 0 - (" name ")+ " types
#define N3_NO(name) "(" name ")- NSEC3 1 0 0 - (" name ")+ A RRSIG"
#define N3_APEX N3("example.test.", "NS SOA MX RRSIG")

static const struct rule rules[] = {
	/* RFC 4035 5.4: the records must be authentic */
	{ "no data", "mx.example.test.", "MX", 0, MX_AT, "secure" },
	{ "the record unsigned", "mx.example.test.", "MX", 0, "{}" MX_AT,
	    "bogus RRSIG_MISSING example.test." },
	{ "its signature bad", "mx.example.test.", "MX", 0,
	    "{1:broken}" MX_AT, "bogus RRSIG_INVALID example.test." },
	{ "expired", "mx.example.test.", "MX", 0, "{1:until=-1}" MX_AT,
	    "bogus RRSIG_EXPIRED example.test." },
	{ "expired, and good", "mx.example.test.", "MX", 0,
	    "{1:until=-1 1}" MX_AT, "secure" },
	{ "by no key of the zone", "mx.example.test.", "MX", 0, "{9}" MX_AT,
	    "bogus RRSIG_NO_KEY example.test." },
	{ "by a key that is not there, and good", "mx.example.test.", "MX",
	    0, "{9 1}" MX_AT, "secure" },
	{ "by an unknown algorithm", "mx.example.test.", "MX", 0,
	    "{1:alg=99}" MX_AT, "bogus RRSIG_MISSING example.test." },
	{ "nothing at all", "mx.example.test.", "MX", 0, "",
	    "bogus DENIAL_MISSING example.test." },
	{ "a bad record that is not needed", "mx.example.test.", "MX", 0,
	    "{1:broken}a.example.test. NSEC b.example.test. A|" MX_AT,
	    "secure" },
	{ "no name", "x.example.test.", "A", 3, NSEC_X "|" NSEC_APEX,
	    "secure" },
	{ "half of it bad", "x.example.test.", "A", 3,
	    NSEC_X "|{1:broken}" NSEC_APEX,
	    "bogus RRSIG_INVALID example.test." },
	{ "half of it expired", "x.example.test.", "A", 3,
	    "{1:until=-1}" NSEC_X "|" NSEC_APEX,
	    "bogus RRSIG_EXPIRED example.test." },
	{ "half of it missing", "x.example.test.", "A", 3, NSEC_X,
	    "bogus DENIAL_INVALID example.test." },
	{ "half of it missing, the other bad", "x.example.test.", "A", 3,
	    "{1:broken}" NSEC_X, "bogus DENIAL_INVALID example.test." },
	/* RFC 4035 5.3.4 of NSEC itself */
	{ "an NSEC expanded from a wildcard", "x.example.test.", "MX", 0,
	    "{1:labels=-1}x.example.test. NSEC y.example.test. A RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "the wildcard's own NSEC", "*.example.test.", "MX", 0,
	    "*.example.test. NSEC a.example.test. A RRSIG NSEC", "secure" },
	/* the answer says otherwise */
	{ "NOERROR for a name that is not there", "x.example.test.", "A", 0,
	    NSEC_X "|" NSEC_APEX, "bogus DENIAL_INVALID example.test." },
	{ "NXDOMAIN for a name that is there", "mx.example.test.", "MX", 3,
	    MX_AT "|" NSEC_APEX, "bogus DENIAL_INVALID example.test." },
	{ "NXDOMAIN for an empty non-terminal", "x.example.test.", "A", 3,
	    "l.example.test. NSEC a.x.example.test. A RRSIG NSEC|" NSEC_APEX,
	    "bogus DENIAL_INVALID example.test." },
	{ "NOERROR for it", "x.example.test.", "A", 0,
	    "l.example.test. NSEC a.x.example.test. A RRSIG NSEC", "secure" },
	/* RFC 4034 4.1.1, RFC 6840 5.1: names in NSEC keep their case */
	{ "the next name in upper case", "x.example.test.", "A", 3,
	    "L.Example.test. NSEC Y.EXAMPLE.test. A RRSIG NSEC|" NSEC_APEX,
	    "secure" },
	/* RFC 9824, through the whole judgement */
	{ "compact: NXNAME in NOERROR", "x.example.test.", "A", 0,
	    "x.example.test. NSEC \\000.x.example.test. RRSIG NSEC NXNAME",
	    "secure" },
	{ "compact: NXNAME in NXDOMAIN", "x.example.test.", "A", 3,
	    "x.example.test. NSEC \\000.x.example.test. RRSIG NSEC NXNAME",
	    "secure" },
	{ "compact: NXDOMAIN without NXNAME", "x.example.test.", "A", 3,
	    "x.example.test. NSEC \\000.x.example.test. RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "compact: NXNAME, badly signed", "x.example.test.", "A", 0,
	    "{1:broken}x.example.test. NSEC \\000.x.example.test. RRSIG NSEC "
	    "NXNAME", "bogus RRSIG_INVALID example.test." },
	{ "compact NSEC3: NXNAME", "x.example.test.", "A", 0,
	    N3("x.example.test.", "NXNAME"), "secure" },

	/* RFC 6840 4.1: the parent's records for names of the child */
	{ "the parent's NSEC below the cut", "x.example.test.", "A", 3,
	    "{@test.}example.test. NSEC f.test. NS DS RRSIG NSEC|"
	    "{@test.}test. NSEC a.test. NS SOA RRSIG NSEC",
	    "bogus DENIAL_INVALID test." },
	{ "beside the zone's own", "x.example.test.", "A", 3,
	    "{@test.}example.test. NSEC f.test. NS DS RRSIG NSEC|"
	    "{@test.}test. NSEC a.test. NS SOA RRSIG NSEC|"
	    NSEC_X "|" NSEC_APEX, "secure" },
	{ "the zone's own before it", "x.example.test.", "A", 3,
	    NSEC_APEX "|" NSEC_X
	    "|{@test.}example.test. NSEC f.test. NS DS RRSIG NSEC",
	    "secure" },
	{ "two records at the apex, one of them bad", "example.test.", "TXT",
	    0, NSEC_APEX "|{1:broken}example.test. NSEC b.example.test. NS "
	    "SOA TXT RRSIG NSEC", "secure" },
	{ "two records at the apex, the other one bad", "example.test.",
	    "TXT", 0, "example.test. NSEC b.example.test. NS SOA TXT RRSIG "
	    "NSEC|{1:broken}" NSEC_APEX,
	    "bogus DENIAL_INVALID example.test." },
	{ "the parent's NSEC at the apex", "example.test.", "TXT", 0,
	    "{@test.}example.test. NSEC f.test. NS DS RRSIG NSEC",
	    "bogus DENIAL_INVALID test." },
	{ "the zone's own", "example.test.", "TXT", 0, NSEC_APEX, "secure" },
	{ "the parent's NSEC3 at the apex", "example.test.", "TXT", 0,
	    "{@test.}" N3("example.test.", "NS DS RRSIG"),
	    "bogus DENIAL_INVALID test." },
	{ "beside the zone's own NSEC3", "example.test.", "TXT", 0,
	    "{@test.}" N3("example.test.", "NS DS RRSIG") "|" N3_APEX,
	    "secure" },
	{ "the zone's NSEC3 before the parent's", "example.test.", "TXT", 0,
	    N3_APEX "|{@test.}" N3("example.test.", "NS DS RRSIG"),
	    "secure" },
	{ "the parent's NSEC3 below the cut", "x.example.test.", "A", 3,
	    "{@test.}" N3("example.test.", "NS DS RRSIG") "|{@test.}"
	    N3_NO("x.example.test.") "|{@test.}" N3_NO("*.example.test."),
	    "bogus DENIAL_INVALID test." },

	/* NSEC3, and RFC 9276 3.2: the signature counts all the same */
	{ "NSEC3, no name", "x.example.test.", "A", 3, N3_APEX "|"
	    N3_NO("x.example.test.") "|" N3_NO("*.example.test."), "secure" },
	{ "NSEC3, half of it expired", "x.example.test.", "A", 3,
	    N3_APEX "|{1:until=-1}" N3_NO("x.example.test.") "|"
	    N3_NO("*.example.test."), "bogus RRSIG_EXPIRED example.test." },
	{ "151 iterations", "mx.example.test.", "MX", 0,
	    "(mx.example.test.) NSEC3 1 0 151 - (mx.example.test.)+ A",
	    "insecure NSEC3_ITERATIONS example.test." },
	{ "151 iterations, badly signed", "mx.example.test.", "MX", 0,
	    "{1:broken}(mx.example.test.) NSEC3 1 0 151 - "
	    "(mx.example.test.)+ A", "bogus RRSIG_INVALID example.test." },
	{ "151 iterations, by another zone", "mx.example.test.", "MX", 0,
	    "{1:signer=other.test.}(mx.example.test.) NSEC3 1 0 151 - "
	    "(mx.example.test.)+ A", "bogus RRSIG_MALFORMED example.test." },
	{ "150 iterations", "mx.example.test.", "MX", 0,
	    "(mx.example.test.) NSEC3 1 0 150 - (mx.example.test.)+ A",
	    "secure" },
	{ "opt-out, no name", "x.example.test.", "A", 3, N3_APEX
	    "|(x.example.test.)- NSEC3 1 1 0 - (x.example.test.)+ A|"
	    N3_NO("*.example.test."), "insecure UNSIGNED -" },
	{ "opt-out, badly signed", "x.example.test.", "A", 3, N3_APEX
	    "|{1:broken}(x.example.test.)- NSEC3 1 1 0 - "
	    "(x.example.test.)+ A|" N3_NO("*.example.test."),
	    "bogus RRSIG_INVALID example.test." },
};

/*
 * An unsigned answer at mx.sub.example.test., and what the DS question of
 * sub.example.test. was answered with.
 */
#define SUB "sub.example.test."
#define CUT "sub.example.test. NSEC t.example.test. NS RRSIG NSEC"

static const struct rule cuts[] = {
	/* RFC 4035 5.2, RFC 6840 4.4 */
	{ "a cut without DS", SUB, "DS", 0, CUT,
	    "insecure UNSIGNED sub.example.test." },
	{ "the proof badly signed", SUB, "DS", 0, "{1:broken}" CUT,
	    "bogus RRSIG_INVALID example.test." },
	{ "the proof unsigned", SUB, "DS", 0, "{}" CUT,
	    "bogus RRSIG_MISSING example.test." },
	{ "the proof expired", SUB, "DS", 0, "{1:until=-1}" CUT,
	    "bogus RRSIG_EXPIRED example.test." },
	{ "no proof", SUB, "DS", 0, "", "bogus DENIAL_MISSING example.test." },
	{ "the bitmap has the DS", SUB, "DS", 0,
	    "sub.example.test. NSEC t.example.test. NS DS RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "no NS: no cut, so its zone signs it", SUB, "DS", 0,
	    "sub.example.test. NSEC t.example.test. A RRSIG NSEC",
	    "bogus RRSIG_MISSING example.test." },
	{ "an empty non-terminal: no cut", SUB, "DS", 0,
	    "r.example.test. NSEC mx.sub.example.test. A RRSIG NSEC",
	    "bogus RRSIG_MISSING example.test." },
	{ "no such name: no cut", SUB, "DS", 3,
	    "r.example.test. NSEC t.example.test. A RRSIG NSEC|" NSEC_APEX,
	    "bogus RRSIG_MISSING example.test." },
	{ "an empty non-terminal, called a name error", SUB, "DS", 3,
	    "r.example.test. NSEC mx.sub.example.test. A RRSIG NSEC",
	    "bogus RRSIG_MISSING example.test." },
	{ "a cut, called a name error", SUB, "DS", 3, CUT,
	    "insecure UNSIGNED sub.example.test." },
	{ "a name error, half of it missing", SUB, "DS", 3,
	    "r.example.test. NSEC t.example.test. A RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	/* RFC 4035 3.1.4.1, 5.2: the child answers for itself */
	{ "the child's word", SUB, "DS", 0, "{1:signer=sub.example.test.}"
	    "sub.example.test. NSEC a.sub.example.test. NS SOA RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "the child's word, and its SOA", SUB, "DS", 0,
	    "{1:signer=sub.example.test.}sub.example.test. NSEC "
	    "a.sub.example.test. NS SOA RRSIG NSEC|"
	    "{1:signer=sub.example.test.}sub.example.test. SOA "
	    "a.sub.example.test. b.sub.example.test. 1 2 3 4 5",
	    "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the child's NSEC before the parent's", SUB, "DS", 0,
	    "{1:signer=sub.example.test.}sub.example.test. NSEC "
	    "a.sub.example.test. NS SOA RRSIG NSEC|{1}" CUT,
	    "insecure UNSIGNED sub.example.test." },
	{ "the child's NSEC behind the parent's", SUB, "DS", 0, CUT
	    "|{1:signer=sub.example.test.}sub.example.test. NSEC "
	    "a.sub.example.test. NS SOA RRSIG NSEC",
	    "insecure UNSIGNED sub.example.test." },
	{ "the child's NSEC3 before the parent's NSEC", SUB, "DS", 0,
	    "{1:signer=sub.example.test.}"
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.sub.example.test. NSEC3 1 0 0 "
	    "- 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA|" CUT,
	    "insecure UNSIGNED sub.example.test." },
	{ "the parent's NSEC as the child's", SUB, "DS", 0,
	    "{1:signer=sub.example.test.}" CUT,
	    "bogus DENIAL_INVALID example.test." },
	/* RFC 5155 8.6, 8.9 */
	{ "NSEC3 at the cut", SUB, "DS", 0, N3(SUB, "NS"),
	    "insecure UNSIGNED sub.example.test." },
	{ "NSEC3 at the cut, with the DS bit", SUB, "DS", 0,
	    N3(SUB, "NS DS RRSIG"), "bogus DENIAL_INVALID example.test." },
	{ "opt-out span", SUB, "DS", 0, N3_APEX "|(" SUB ")- NSEC3 1 1 0 - ("
	    SUB ")+ A", "insecure UNSIGNED sub.example.test." },
	{ "a span without opt-out, and no wildcard", SUB, "DS", 3, N3_APEX
	    "|" N3_NO(SUB) "|" N3_NO("*.example.test."),
	    "bogus RRSIG_MISSING example.test." },
	{ "opt-out span, badly signed", SUB, "DS", 0, N3_APEX
	    "|{1:broken}(" SUB ")- NSEC3 1 1 0 - (" SUB ")+ A",
	    "bogus RRSIG_INVALID example.test." },
	{ "151 iterations", SUB, "DS", 0, "(" SUB ") NSEC3 1 0 151 - (" SUB
	    ")+ NS", "insecure NSEC3_ITERATIONS example.test." },
	/* RFC 9824 */
	{ "compact: a cut", SUB, "DS", 0,
	    "sub.example.test. NSEC \\000.sub.example.test. NS RRSIG NSEC",
	    "insecure UNSIGNED sub.example.test." },
	{ "compact: no such name", SUB, "DS", 0,
	    "sub.example.test. NSEC \\000.sub.example.test. RRSIG NSEC "
	    "NXNAME", "bogus RRSIG_MISSING example.test." },
};

static void
expect(const char *got, const char *want, const char *name)
{
	if (!is(got, want, name))
		printf("# %s\n", world_last.detail ? world_last.detail : "");
}

static void
test_rules(void)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct rule *r = &rules[i];

		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", r->question, r->type, r->rcode,
		    "", r->authority);
		/* No zone begins at these names. */
		world_reply("example.test.", "mx.example.test.", "DS", 0, "",
		    MX_AT);
		world_reply("example.test.", "x.example.test.", "DS", 3, "",
		    NSEC_X "|" NSEC_APEX);
		expect(world_state(r->question, r->type, SIGNER_NOW), r->want,
		    r->name);
		world_free();
	}
}

static void
test_cuts(void)
{
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		const struct rule *r = &cuts[i];

		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", "mx.sub.example.test.", "A", 0,
		    "{}mx.sub.example.test. A 192.0.2.1", "");
		world_reply("example.test.", r->question, r->type, r->rcode,
		    "", r->authority);
		world_reply("example.test.", "mx.sub.example.test.", "DS", 0,
		    "", "mx.sub.example.test. NSEC t.example.test. A RRSIG "
		    "NSEC");
		expect(world_state("mx.sub.example.test.", "A", SIGNER_NOW),
		    r->want, r->name);
		world_free();
	}
}

/*
 * What is asked is denied by example.test. itself, with its SOA, and the
 * denial is none.  The DS question of the name says why.
 */
#define SOA_X "example.test. SOA a.test. b.test. 1 2 3 4 5|"

static const struct rule own[] = {
	/* RFC 4035 4.3: signed proof that nothing below is signed */
	{ "an unsigned cut at the name", SUB, "DS", 0, CUT,
	    "insecure UNSIGNED sub.example.test." },
	{ "the same by NSEC3", SUB, "DS", 0, N3(SUB, "NS"),
	    "insecure UNSIGNED sub.example.test." },
	{ "no cut", SUB, "DS", 0,
	    "sub.example.test. NSEC t.example.test. A RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "a signed cut", SUB, "DS", 0,
	    "sub.example.test. NSEC t.example.test. NS DS RRSIG NSEC",
	    "bogus DENIAL_INVALID example.test." },
	/* RFC 5155 8.5: the whole proof, opt-out or not */
	{ "an opt-out span", SUB, "DS", 0, N3_APEX "|(" SUB
	    ")- NSEC3 1 1 0 - (" SUB ")+ A",
	    "bogus DENIAL_INVALID example.test." },
};

static void
test_own(void)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		const struct rule *r = &own[i];

		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", SUB, "MX", 0, "",
		    SOA_X "mx.example.test. NSEC n.example.test. A RRSIG "
			  "NSEC");
		world_reply("example.test.", r->question, r->type, r->rcode,
		    "", r->authority);
		expect(world_state(SUB, "MX", SIGNER_NOW), r->want, r->name);
		world_free();
	}
}

/*
 * The cut lies a label deeper: below an empty non-terminal, however that is
 * answered, or (RFC 8020) below a name that is not there, where none is.
 */
static void
test_deeper(void)
{
	static const struct rule table[] = {
		{ "below an empty non-terminal", NULL, NULL, 0,
		    "r.example.test. NSEC mx.sub.example.test. A RRSIG NSEC",
		    "insecure UNSIGNED mx.sub.example.test." },
		{ "called a name error", NULL, NULL, 3,
		    "r.example.test. NSEC mx.sub.example.test. A RRSIG NSEC",
		    "insecure UNSIGNED mx.sub.example.test." },
		{ "by NSEC3", NULL, NULL, 0, N3(SUB, ""),
		    "insecure UNSIGNED mx.sub.example.test." },
		{ "by NSEC3, called a name error", NULL, NULL, 3, N3(SUB, ""),
		    "insecure UNSIGNED mx.sub.example.test." },
		{ "below a name with data", NULL, NULL, 0,
		    "sub.example.test. NSEC mx.sub.example.test. A RRSIG "
		    "NSEC", "insecure UNSIGNED mx.sub.example.test." },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", "mx.sub.example.test.", "A", 0,
		    "{}mx.sub.example.test. A 192.0.2.1", "");
		world_reply("example.test.", SUB, "DS", table[i].rcode, "",
		    table[i].authority);
		world_reply("example.test.", "mx.sub.example.test.", "DS", 0,
		    "", "mx.sub.example.test. NSEC t.example.test. NS RRSIG "
		    "NSEC");
		expect(world_state("mx.sub.example.test.", "A", SIGNER_NOW),
		    table[i].want, table[i].name);
		world_free();
	}
	/* The DS below it was never asked for. */
	world_chain((struct world_zone){ .keys = NULL });
	world_reply("example.test.", "mx.sub.example.test.", "A", 0,
	    "{}mx.sub.example.test. A 192.0.2.1", "");
	world_reply("example.test.", SUB, "DS", 3, "",
	    "r.example.test. NSEC t.example.test. A RRSIG NSEC|" NSEC_APEX);
	expect(world_state("mx.sub.example.test.", "A", SIGNER_NOW),
	    "bogus RRSIG_MISSING example.test.",
	    "below a name that is not there");
	world_free();
}

/* The DS set of a signed zone below, signed so: RFC 4035 2.4, 5.2. */
static void
test_ds(void)
{
	static const struct rule table[] = {
		{ "the parent signs the DS", "1", "", 0, "", "secure" },
		{ "the child does", "1:signer=sub.example.test.", "", 0, "",
		    "bogus RRSIG_MALFORMED example.test." },
		{ "both do", "1:signer=sub.example.test. 1", "", 0, "",
		    "secure" },
		{ "nobody does", "", "", 0, "",
		    "bogus RRSIG_MISSING example.test." },
		{ "the grandparent does", "@test. 1", "", 0, "", "secure" },
		{ "from a wildcard", "1:labels=-1", "", 0, "",
		    "bogus DENIAL_MISSING example.test." },
		{ "expired", "1:until=-1", "", 0, "",
		    "bogus RRSIG_EXPIRED example.test." },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct world_zone *z;
		struct rr ds;

		world_chain((struct world_zone){ .keys = NULL });
		z = world_zone((struct world_zone){ .name = SUB, .ds = "" });
		ds = signer_ds(world.mem, z->wire, &z->list[0], 2);
		world_reply("example.test.", SUB, "DS", 0,
		    arena_printf(world.mem, "{%s}%s", table[i].question,
			rr_text(world.mem, &ds)), "");
		world_reply(SUB, SUB, "MX", 0, SUB " MX 10 mx." SUB, "");
		expect(world_state(SUB, "MX", SIGNER_NOW), table[i].want,
		    table[i].name);
		world_free();
	}
}

int
main(void)
{
	test_ds();
	test_deeper();
	test_rules();
	test_cuts();
	test_own();
	signer_free();
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/denial.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/memo.h"
#include "core/name.h"
#include "core/text.h"
#include "tap.h"

/* RFC 5155 appendix A: salt aabbccdd, 12 iterations. */
static const struct {
	const char *name, *want;
} hashes[] = {
	{ "example.", "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM" },
	{ "a.example.", "35MTHGPGCU1QG68FAB165KLNSNK3DPVL" },
	{ "AI.example.", "GJEQE526PLBF1G8MKLP59ENFD789NJGI" },
	{ "ns1.example.", "2T7B4G4VSA5SMI47K61MV5BV1A22BOJR" },
	{ "ns2.example.", "Q04JKCEVQVMU85R014C7DKBA38O0JI5R" },
	{ "w.example.", "K8UDEMVP1J2F7EG6JEBPS17VP3N8I58H" },
	{ "*.w.example.", "R53BQ7CC2UVMUBFU5OCMM6PERS9TK9EN" },
	{ "x.w.example.", "B4UM86EGHHDS6NEA196SMVMLO4ORS995" },
	{ "y.w.example.", "JI6NEOAEPV8B5O6K4EV33ABHA8HT9FGC" },
	{ "x.y.w.example.", "2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S" },
	{ "xx.example.", "T644EBQK9BIBCNA874GIVR6JOJ62MLHV" },
};

/* Records of RFC 5155 appendix A; %d is the opt-out flag. */
#define APEX "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3 1 %d 12 " \
	"aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA " \
	"NSEC3PARAM RRSIG|"
#define X_W "b4um86eghhds6nea196smvmlo4ors995.example. NSEC3 1 %d 12 " \
	"aabbccdd gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG|"
#define A "35mthgpgcu1qg68fab165klnsnk3dpvl.example. NSEC3 1 %d 12 " \
	"aabbccdd b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG|"
#define NS1 "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 1 %d 12 " \
	"aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG|"
#define Y_W "ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. NSEC3 1 %d 12 " \
	"aabbccdd k8udemvp1j2f7eg6jebps17vp3n8i58h|"
#define W "k8udemvp1j2f7eg6jebps17vp3n8i58h.example. NSEC3 1 %d 12 " \
	"aabbccdd kohar7mbb8dc2ce8a9qvl8hon4k53uhi|"
#define NS2 "q04jkcevqvmu85r014c7dkba38o0ji5r.example. NSEC3 1 %d 12 " \
	"aabbccdd r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG|"
#define WILD "r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. NSEC3 1 %d 12 " \
	"aabbccdd t644ebqk9bibcna874givr6joj62mlhv MX RRSIG|"

static const struct denial_case {
	const char *name;
	enum denial_question question;
	const char *qname;
	uint16_t type;
	const char *zone;
	unsigned labels;
	const char *records;
	int opt_out;
	const char *want;
} cases[] = {
	/* RFC 5155 appendix B, whose zone is opt-out; then as if not. */
	{ "B.1 name error", DENIAL_OF_NAME, "a.c.x.w.example.", 0, "example.",
	    0, APEX X_W A, 1, "opt-out delegation" },
	{ "B.1 without opt-out", DENIAL_OF_NAME, "a.c.x.w.example.", 0,
	    "example.", 0, APEX X_W A, 0, "proven no-name" },
	{ "B.1 without the encloser", DENIAL_OF_NAME, "a.c.x.w.example.", 0,
	    "example.", 0, APEX A, 0, "invalid" },
	{ "B.1 without the next closer", DENIAL_OF_NAME, "a.c.x.w.example.",
	    0, "example.", 0, X_W A, 0, "invalid" },
	{ "B.1 without the wildcard", DENIAL_OF_NAME, "a.c.x.w.example.", 0,
	    "example.", 0, APEX X_W, 0, "invalid" },
	{ "B.2 no data", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX, "example.",
	    0, NS1, 1, "proven" },
	{ "B.2 but the type is there", DENIAL_OF_TYPE, "ns1.example.", TYPE_A,
	    "example.", 0, NS1, 1, "invalid" },
	{ "B.2 as a name error", DENIAL_OF_NAME, "ns1.example.", TYPE_A,
	    "example.", 0, NS1, 1, "invalid" },
	{ "B.2.1 empty non-terminal", DENIAL_OF_TYPE, "y.w.example.", TYPE_A,
	    "example.", 0, Y_W, 1, "proven" },
	{ "B.3 unsigned delegation", DENIAL_OF_TYPE, "c.example.", TYPE_DS,
	    "example.", 0, A APEX, 1, "opt-out delegation" },
	{ "B.1 in the span, without the wildcard", DENIAL_OF_NAME,
	    "a.c.x.w.example.", TYPE_A, "example.", 0, APEX X_W, 1,
	    "invalid" },
	{ "B.1 in the span, only about the DS", DENIAL_OF_NAME,
	    "a.c.x.w.example.", TYPE_DS, "example.", 0, APEX X_W, 1,
	    "opt-out delegation" },
	{ "B.3 the DS is there", DENIAL_OF_TYPE, "a.example.", TYPE_DS,
	    "example.", 0, A, 1, "invalid" },
	{ "B.4 wildcard", DENIAL_OF_CLOSER, "a.z.w.example.", TYPE_MX,
	    "example.", 2, NS2, 0, "proven" },
	{ "B.4 opt-out", DENIAL_OF_CLOSER, "a.z.w.example.", TYPE_MX,
	    "example.", 2, NS2, 1, "opt-out" },
	{ "B.4 other record", DENIAL_OF_CLOSER, "a.z.w.example.", TYPE_MX,
	    "example.", 2, WILD, 0, "invalid" },
	{ "B.5 wildcard no data", DENIAL_OF_TYPE, "a.z.w.example.", TYPE_AAAA,
	    "example.", 0, W NS2 WILD, 0, "proven" },
	{ "B.5 the type is there", DENIAL_OF_TYPE, "a.z.w.example.", TYPE_MX,
	    "example.", 0, W NS2 WILD, 0, "invalid" },
	{ "B.6 DS by the child", DENIAL_OF_TYPE, "example.", TYPE_DS,
	    "example.", 0, APEX, 0, "invalid" },
	{ "the parent's delegation denies a name below the child",
	    DENIAL_OF_NAME, "_25._tcp.a.example.", TYPE_TLSA, "example.", 0,
	    A APEX X_W NS1 W NS2 WILD, 1, "invalid delegation" },
	{ "the parent's delegation denies a type of the child",
	    DENIAL_OF_TYPE, "a.example.", TYPE_TLSA, "example.", 0, A, 1,
	    "invalid delegation" },
	{ "another zone's NSEC3", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX, ".",
	    0, NS1, 1, "invalid" },
	{ "151 iterations", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 1 "
	    "0 151 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", 0,
	    "iterations" },
	{ "unknown hash", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 2 "
	    "0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", 0,
	    "invalid" },
	{ "unknown flag", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 1 "
	    "2 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", 0,
	    "invalid" },
	/* NSEC, after RFC 4035 appendix B */
	{ "name error", DENIAL_OF_NAME, "ml.example.", 0, "example.", 0,
	    "b.example. NSEC ns1.example. NS RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "proven no-name" },
	{ "name error, wildcard open", DENIAL_OF_NAME, "ml.example.", 0,
	    "example.", 0, "b.example. NSEC ns1.example. NS RRSIG NSEC", 0,
	    "invalid" },
	{ "name error, wildcard there", DENIAL_OF_NAME, "ml.example.", 0,
	    "example.", 0, "b.example. NSEC ns1.example. NS RRSIG NSEC|"
	    "*.example. NSEC a.example. A RRSIG NSEC", 0, "invalid" },
	{ "name error as no data", DENIAL_OF_TYPE, "ml.example.", TYPE_A,
	    "example.", 0, "b.example. NSEC ns1.example. NS RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "invalid" },
	{ "name error as no DS", DENIAL_OF_TYPE, "ml.example.", TYPE_DS,
	    "example.", 0, "b.example. NSEC ns1.example. NS RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "proven no-name" },
	{ "no data", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX, "example.", 0,
	    "ns1.example. NSEC ns2.example. A RRSIG NSEC", 0, "proven" },
	{ "alias there", DENIAL_OF_TYPE, "ns1.example.", TYPE_MX, "example.",
	    0, "ns1.example. NSEC ns2.example. CNAME RRSIG NSEC", 0,
	    "invalid" },
	{ "unsigned cut", DENIAL_OF_TYPE, "b.example.", TYPE_DS, "example.", 0,
	    "b.example. NSEC ns1.example. NS RRSIG NSEC", 0,
	    "proven delegation" },
	{ "no cut", DENIAL_OF_TYPE, "ns1.example.", TYPE_DS, "example.", 0,
	    "ns1.example. NSEC ns2.example. A RRSIG NSEC", 0, "proven" },
	{ "DS by the child", DENIAL_OF_TYPE, "b.example.", TYPE_DS,
	    "example.", 0, "b.example. NSEC b.example. NS SOA RRSIG NSEC", 0,
	    "invalid" },
	{ "MX by the parent of a cut", DENIAL_OF_TYPE, "b.example.", TYPE_MX,
	    "example.", 0, "b.example. NSEC ns1.example. NS DS RRSIG NSEC", 0,
	    "invalid delegation" },
	{ "below a cut by its parent", DENIAL_OF_NAME,
	    "_25._tcp.mx.b.example.", 0, "example.", 0,
	    "b.example. NSEC ns1.example. NS DS RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "invalid delegation" },
	{ "below a DNAME", DENIAL_OF_NAME, "x.d.example.", 0, "example.", 0,
	    "d.example. NSEC ns1.example. DNAME RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "invalid" },
	{ "empty non-terminal", DENIAL_OF_TYPE, "_tcp.mx.example.", TYPE_A,
	    "example.", 0, "mx.example. NSEC _25._tcp.mx.example. A RRSIG "
	    "NSEC", 0, "proven" },
	{ "empty non-terminal as a name error", DENIAL_OF_NAME,
	    "_tcp.mx.example.", TYPE_A, "example.", 0,
	    "mx.example. NSEC _25._tcp.mx.example. A RRSIG NSEC", 0,
	    "invalid" },
	{ "the last NSEC", DENIAL_OF_NAME, "zz.example.", 0, "example.", 0,
	    "xx.example. NSEC example. A RRSIG NSEC|"
	    "example. NSEC a.example. NS SOA MX RRSIG NSEC DNSKEY", 0,
	    "proven no-name" },
	{ "NSEC leaves the zone", DENIAL_OF_NAME, "zz.example.", 0,
	    "example.", 0, "xx.example. NSEC example.com. A RRSIG NSEC", 0,
	    "invalid" },
	{ "one name in the zone", DENIAL_OF_NAME, "zz.example.", 0,
	    "example.", 0, "example. NSEC example. NS SOA RRSIG NSEC", 0,
	    "proven no-name" },
	{ "wildcard", DENIAL_OF_CLOSER, "a.z.w.example.", TYPE_MX,
	    "example.", 2, "x.y.w.example. NSEC xx.example. MX RRSIG NSEC", 0,
	    "proven" },
	{ "wildcard with a closer one", DENIAL_OF_CLOSER, "a.z.w.example.",
	    TYPE_MX, "example.", 1,
	    "x.y.w.example. NSEC xx.example. MX RRSIG NSEC", 0, "invalid" },
	{ "wildcard no data", DENIAL_OF_TYPE, "a.z.w.example.", TYPE_AAAA,
	    "example.", 0, "x.y.w.example. NSEC xx.example. MX RRSIG NSEC|"
	    "*.w.example. NSEC x.w.example. MX RRSIG NSEC", 0, "proven" },
	{ "wildcard no data, type there", DENIAL_OF_TYPE, "a.z.w.example.",
	    TYPE_MX, "example.", 0,
	    "x.y.w.example. NSEC xx.example. MX RRSIG NSEC|"
	    "*.w.example. NSEC x.w.example. MX RRSIG NSEC", 0, "invalid" },
	/* RFC 9824 */
	{ "compact name error", DENIAL_OF_NAME, "no.example.", 0, "example.",
	    0, "no.example. NSEC \\000.no.example. RRSIG NSEC TYPE128", 0,
	    "proven no-name" },
	{ "compact no data", DENIAL_OF_TYPE, "no.example.", TYPE_TLSA,
	    "example.", 0, "no.example. NSEC \\000.no.example. A RRSIG NSEC",
	    0, "proven" },
	{ "compact, existing name called an error", DENIAL_OF_NAME,
	    "no.example.", 0, "example.", 0,
	    "no.example. NSEC \\000.no.example. A RRSIG NSEC", 0, "invalid" },
	{ "nothing at all", DENIAL_OF_TYPE, "no.example.", TYPE_TLSA,
	    "example.", 0, "", 0, "missing" },
};

static struct arena *mem;

static const uint8_t *
name(const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	if (!name_from_text(wire, text, NULL))
		abort();
	return name_copy(mem, wire);
}

static const char *
words(const struct denial_result *r)
{
	static const char *const verdicts[] = {
		[DENIAL_PROVEN] = "proven", [DENIAL_OPT_OUT] = "opt-out",
		[DENIAL_MISSING] = "missing", [DENIAL_INVALID] = "invalid",
		[DENIAL_ITERATIONS] = "iterations",
		[DENIAL_NOT_CHECKED] = "not-checked"
	};

	return arena_printf(mem, "%s%s%s", verdicts[r->verdict],
	    r->delegation ? " delegation" : "", r->no_name ? " no-name" : "");
}

static struct denial_result
check(const struct denial_case *c, struct nsec3_hasher *h)
{
	const struct rr *list[16];
	struct denial_query q = { c->question, name(c->qname), c->type,
		name(c->zone), c->labels, list, 0 };
	char *copy = arena_strdup(mem, c->records), *line, *end;

	for (line = copy; line != NULL && *line != '\0'; line = end) {
		struct rr *rr = arena_alloc(mem, sizeof *rr);
		const char *error;
		char *d;

		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		d = strstr(line, "%d");
		if (d != NULL) {
			d[0] = (char)('0' + c->opt_out);
			d[1] = ' ';
		}
		if (!rr_from_text(mem, line, NULL, 3600, rr, &error)) {
			printf("# %s: %s\n", line, error);
			abort();
		}
		list[q.nrecords++] = rr;
	}
	return denial_check(h, &q);
}

/* What is used up is used up; what was hashed before costs nothing. */
static void
test_budget(void)
{
	static const uint8_t salt[255];
	unsigned cheap = nsec3_work(name("a."), 0, 0);
	unsigned dear = nsec3_work(name("a."), 255, 150);
	struct nsec3_hasher *h = nsec3_hasher_new(mem, cheap);
	struct denial_result r;
	uint8_t hash[20];

	ok(nsec3_hash(h, name("a."), salt, 0, 0, hash), "first hash");
	ok(nsec3_hash(h, name("A."), salt, 0, 0, hash), "again, from memory");
	ok(!nsec3_hash(h, name("b."), salt, 0, 0, hash), "budget used up");
	ok(nsec3_hasher_spent(h) == cheap, "and no more");
	r = check(&cases[0], h);
	is(words(&r), "not-checked", "no verdict without hashes");
	/* 5 blocks each: 150 times 20 + 255 octets, and once 3 + 255. */
	ok(dear - cheap == 150 * 5 + 5 - 1, "the work of iterations and salt");
	ok(nsec3_work(name("a."), 35, 1) + 1 ==
	    nsec3_work(name("a."), 36, 1), "a block begins at 56 octets");
	h = nsec3_hasher_new(mem, dear - 1);
	ok(!nsec3_hash(h, name("a."), salt, 255, 150, hash),
	    "one less than it takes");
	h = nsec3_hasher_new(mem, dear);
	ok(nsec3_hash(h, name("a."), salt, 255, 150, hash),
	    "as much as it takes");
	h = nsec3_hasher_new(mem, UINT32_MAX);
	ok(!nsec3_hash(h, name("a."), salt, 255, 151, hash),
	    "never more than 150 iterations");
}

/* The same hashes and the same budget, with a memo and without. */
static void
test_memo(void)
{
	static const uint8_t salt[] = { 1, 2, 3 }, other[] = { 1, 2, 4 };
	struct memo *memo = memo_new();
	unsigned work = nsec3_work(name("a.test."), 3, 100);
	uint8_t want[20], hash[20];

	nsec3_hash(nsec3_hasher_new(mem, work), name("a.test."), salt, 3, 100,
	    want);
	for (int i = 0; i < 3; i++) {
		struct nsec3_hasher *h = nsec3_hasher_new(mem, work);

		nsec3_hasher_memo(h, memo);
		ok(nsec3_hash(h, name("A.test."), salt, 3, 100, hash) &&
		    memcmp(hash, want, 20) == 0, "the hash, time %d", i);
		ok(nsec3_hasher_spent(h) == work &&
		    !nsec3_hash(h, name("b.test."), salt, 3, 100, hash),
		    "the budget, time %d", i);
	}
	for (int i = 0; i < 3; i++) {
		struct nsec3_hasher *h = nsec3_hasher_new(mem, 2 * work);

		nsec3_hasher_memo(h, memo);
		nsec3_hash(h, name("a.test."), i == 0 ? other : salt, 3,
		    i == 1 ? 101 : 100, hash);
		ok((memcmp(hash, want, 20) == 0) == (i == 2),
		    "salt and iterations matter, time %d", i);
	}
	memo_free(memo);
}

int
main(void)
{
	static const uint8_t salt[] = { 0xaa, 0xbb, 0xcc, 0xdd };
	struct nsec3_hasher *h;
	uint8_t hash[20];

	mem = arena_new();
	h = nsec3_hasher_new(mem, 10000);
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		bool done = nsec3_hash(h, name(hashes[i].name), salt,
		    sizeof salt, 12, hash);

		is(done ? text_base32hex(mem, hash, 20) : "(none)",
		    hashes[i].want, hashes[i].name);
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct denial_result r = check(&cases[i], h);

		if (!is(words(&r), cases[i].want, cases[i].name))
			printf("# %s\n", r.why ? r.why : "");
		ok((r.why == NULL) == (r.verdict == DENIAL_PROVEN ||
		    r.verdict == DENIAL_OPT_OUT), "%s: why", cases[i].name);
	}
	test_budget();
	test_memo();
	arena_free(mem);
	return tap_done();
}

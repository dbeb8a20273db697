/* SPDX-License-Identifier: ISC */
/*
 * What is said of zones that validate, rule by rule: each with a case where
 * it bites and a near miss.
 */
#include "core/judge.h"
#include "world.h"

/* "ID zone alt foreign; …" of the findings, in order. */
static const char *
findings_words(const struct judgement *j)
{
	const char *text = "";

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];
		const char *id = f->row->id;

		if (f->id == FINDING_DNSSEC_SECURE)
			continue;
		id += strncmp(id, "DNSSEC_", 7) == 0 ? 7 : 0;
		text = arena_printf(world.mem, "%s%s%s", text,
		    *text ? "; " : "", id);
		if (f->subject.zone != NULL)
			text = arena_printf(world.mem, "%s %s", text,
			    name_text(world.mem, f->subject.zone));
		text = arena_printf(world.mem, "%s%s%s", text,
		    f->alt ? " alt" : "", f->foreign ? " foreign" : "");
	}
	return text;
}

static const char *
findings_at(int64_t at)
{
	struct judgement *j = arena_alloc(world.mem, sizeof *j);

	j->mem = world.mem;
	j->ev = world.ev;
	j->path = path_walk(world.mem, world.ev);
	j->proofs = proofs_new(world.mem, world.ev, NULL);
	j->options.at = at;
	j->findings.mem = world.mem;
	j->hosts = arena_array(world.mem, j->path->nhosts, sizeof *j->hosts);
	for (size_t i = 0; i < j->path->nhosts; i++)
		j->hosts[i].host = &j->path->hosts[i];
	judge_dnssec(j);
	for (size_t i = 0; i < j->findings.n; i++)
		if (j->findings.list[i].detail != NULL)
			printf("# %s\n", j->findings.list[i].detail);
	return findings_words(j);
}

/*
 * How near its end a signature is: of the MX set, by TTL and window in
 * seconds from now; NULL: SIGNER_FROM and _UNTIL.
 */
#define H 3600
#define D 86400
static const struct {
	const char *name;
	long ttl, original, from, until;
	const char *want;
} endings[] = {
	/* fresh from the zone's server: RFC 6781 4.4.2 */
	{ "a month, half of it left", H, H, -15 * D, 15 * D, "" },
	{ "a month, an eighth left", H, H, -28 * D, 4 * D, "" },
	{ "a month, a little less", H, H, -28 * D, 4 * D - 2,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "under the TTL", D, D, -6 * D, D - 1,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "over the TTL", D, D, -6 * D, D, "" },
	{ "a short TTL, the same signature", H, H, -6 * D, D, "" },
	{ "the last second", H, H, -30 * D, 0,
	    "RRSIG_EXPIRES_SOON example.test." },
	/* signed as it is asked for: short lives, nothing to say */
	{ "online, two days", 300, 300, -D, D, "" },
	{ "online, two hours", 300, 300, -H, H, "" },
	{ "online, an hour, and a TTL of an hour", H, H, 0, H, "" },
	{ "online, two TTLs, and less than one left", H, H, -H - 60, H - 60,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "online, less than two TTLs", H, H, -H, H - 60, "" },
	{ "online, and stuck", 300, 300, -2 * D + 5 * H, 5 * H,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "online, five minutes, and a TTL of five", 300, 300, 0, 300, "" },
	/* from a cache: what was left when the copy was made counts */
	{ "cached, a day left of a TTL of a day then", 3 * H, D, -6 * D,
	    5 * H, "" },
	{ "less than a day then", 3 * H, D, -6 * D, 2 * H,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "the same, fresh", D, D, -6 * D, 5 * H,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "cached, an eighth left then", 3600, D, -28 * D, 3 * D, "" },
	{ "less than an eighth then", 3600, D, -28 * D, 2 * D,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "a resolver that keeps nothing for so long", 3600, 2 * D, -13 * D,
	    D, "RRSIG_EXPIRES_SOON example.test." },
	{ "cut to the signature's end by the cache", 5 * H, D, -6 * D, 5 * H,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "and read a minute later", 5 * H - 60, D, -6 * D, 5 * H,
	    "RRSIG_EXPIRES_SOON example.test." },
	{ "counted down by chance to near its end", 5 * H - 600, D, -6 * D,
	    5 * H, "" },
	{ "a TTL above the original", D, H, -28 * D, 4 * D, "" },
};

static void
test_endings(void)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		world_chain((struct world_zone){ .keys = NULL });
		world_reply("example.test.", "example.test.", "MX", 0,
		    arena_printf(world.mem, "{1:ttl=%ld:from=%ld:until=%ld}"
			"example.test. %ld IN MX 0 .", endings[i].original,
			endings[i].from, endings[i].until, endings[i].ttl),
		    "");
		is(findings_at(SIGNER_NOW), endings[i].want,
		    endings[i].name);
		world_free();
	}
}

/* The same of other sets, and of later instants. */
static void
test_ending_sets(void)
{
	static const struct {
		const char *name;
		struct world_zone zone;
		const char *answer;
		int64_t at;
		const char *want;
	} table[] = {
		{ "one signature of two is near its end",
		    { .data_by = "1:until=60 1" },
		    "example.test. MX 0 .", 0, "" },
		{ "both are", { .data_by = "1:until=60 1:until=30" },
		    "example.test. MX 0 .", 0,
		    "RRSIG_EXPIRES_SOON example.test." },
		{ "the longer one is bad",
		    { .data_by = "1:until=60 1:broken" },
		    "example.test. MX 0 .", 0,
		    "RRSIG_EXPIRES_SOON example.test." },
		{ "the key set", { .keys_by = "0:until=60" },
		    "example.test. MX 0 .", 0,
		    "RRSIG_EXPIRES_SOON example.test." },
		{ "the key set by a key that no DS names",
		    { .keys_by = "0 1:until=60" }, "example.test. MX 0 .", 0,
		    "" },
		{ "the other one, too", { .keys_by = "0:until=60 1" },
		    "example.test. MX 0 .", 0,
		    "RRSIG_EXPIRES_SOON example.test." },
		{ "a day before the end", { .keys = NULL },
		    "example.test. MX 0 .", SIGNER_UNTIL - D,
		    "RRSIG_EXPIRES_SOON . foreign; RRSIG_EXPIRES_SOON test. "
		    "foreign; RRSIG_EXPIRES_SOON example.test." },
		{ "five days before", { .keys = NULL },
		    "example.test. MX 0 .", SIGNER_UNTIL - 5 * D, "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		world_chain(table[i].zone);
		world_reply("example.test.", "example.test.", "MX", 0,
		    table[i].answer, "");
		is(findings_at(table[i].at != 0 ? table[i].at : SIGNER_NOW),
		    table[i].want, table[i].name);
		world_free();
	}
}

#define ONES "1 1 1 1 1 1 1 1 "

/* Keys, DS and algorithms of a zone that validates. */
static void
test_keys(void)
{
	static const struct {
		const char *name;
		struct world_zone zone;
		const char *want;
	} table[] = {
		{ "nothing to say", { .keys = NULL }, "" },
		{ "a DS for no key", { .ds = "0/2 9/2" },
		    "DS_STANDBY example.test." },
		{ "of an unknown digest", { .ds = "0/2 9/3" }, "" },
		{ "SHA-1 alone", { .ds = "0/1" }, "DS_SHA1 example.test." },
		{ "SHA-1 beside", { .ds = "0/1 0/2" },
		    "DS_SHA1 example.test." },
		{ "SHA-384", { .ds = "0/4 0/2" }, "" },
		{ "a DS of a revoked key beside",
		    { .keys = "257/13 256/13 385/13", .ds = "0/2 2r/2" },
		    "KEY_REVOKED example.test. alt" },
		{ "a revoked key that no DS names",
		    { .keys = "257/13 256/13 385/13" }, "" },
		{ "RSA with 1024 bits",
		    { .keys = "257/8 256/8/3/1024" },
		    "KEY_SHORT example.test." },
		{ "RSA with 2048 bits", { .keys = "257/8 256/8" }, "" },
		{ "a short key that may not sign",
		    { .keys = "257/8 256/8 0/8/3/1024" }, "" },
		{ "a DS of an algorithm that does not sign the keys",
		    { .keys = "257/13 256/13 257/8", .ds = "0/2 2/2" },
		    "ALGORITHM_INCOMPLETE example.test." },
		{ "that does not sign the data",
		    { .keys = "257/13 256/13 257/8", .ds = "0/2 2/2",
			.keys_by = "0 2" },
		    "ALGORITHM_INCOMPLETE example.test." },
		{ "that signs everything",
		    { .keys = "257/13 256/13 257/8", .ds = "0/2 2/2",
			.keys_by = "0 2", .data_by = "1 2" }, "" },
		{ "that signs behind as many as are looked at",
		    { .keys = "257/13 256/13 257/8", .ds = "0/2 2/2",
			.keys_by = "0 2", .data_by = ONES ONES ONES ONES
			    "2" }, "" },
		{ "that is not among as many as are looked at",
		    { .keys = "257/13 256/13 257/8", .ds = "0/2 2/2",
			.keys_by = "0 2", .data_by = ONES ONES ONES ONES },
		    "ALGORITHM_INCOMPLETE example.test." },
		{ "a key of another algorithm without a DS",
		    { .keys = "257/13 256/13 257/8" }, "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		world_chain(table[i].zone);
		world_reply("example.test.", "example.test.", "MX", 0,
		    "example.test. MX 0 .", "");
		is(findings_at(SIGNER_NOW), table[i].want, table[i].name);
		world_free();
	}
}

/* RFC 9276 3: of what a wildcard's answer shows. */
static void
test_iterations(void)
{
	static const struct {
		const char *by;
		unsigned iterations;
		const char *want;
	} table[] = {
		{ "1", 0, "" },
		{ "1", 1, "NSEC3_ITERATIONS example.test. alt" },
		{ "1", 50, "NSEC3_ITERATIONS example.test. alt" },
		{ "1", 51, "NSEC3_ITERATIONS example.test." },
		{ "1", 150, "NSEC3_ITERATIONS example.test." },
		/* beside the one that counts: anybody may have put it there */
		{ "1:broken", 51, "" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		world_chain((struct world_zone){ .keys = NULL });
		world.ev->domain = signer_name(world.ev->mem,
		    "x.example.test.");
		world_reply("example.test.", "x.example.test.", "MX", 0,
		    "{1:labels=-1}x.example.test. MX 0 .",
		    arena_printf(world.mem, "%s{%s}(x.example.test.)- NSEC3 "
			"1 0 %u - (x.example.test.)+ A",
			table[i].by[1] ? "l.example.test. NSEC z.example."
			"test. A RRSIG NSEC|" : "", table[i].by,
			table[i].iterations));
		is(findings_at(SIGNER_NOW), table[i].want,
		    arena_printf(world.mem, "%u iterations",
			table[i].iterations));
		world_free();
	}
}

/* This machine's clock, by the root's signatures and another zone's. */
static void
test_clock(void)
{
	static const struct {
		const char *name;
		struct world_zone root, top;
		int64_t collected, at;
		const char *want;
	} table[] = {
		{ "everything is out of date", { .name = "." },
		    { .name = "test." }, SIGNER_UNTIL + D, SIGNER_UNTIL + D,
		    "CLOCK_SUSPECT" },
		{ "everything is still to come", { .name = "." },
		    { .name = "test." }, SIGNER_FROM - D, SIGNER_FROM - D,
		    "CLOCK_SUSPECT" },
		{ "judged at another time", { .name = "." },
		    { .name = "test." }, SIGNER_UNTIL + D, SIGNER_NOW, "" },
		{ "judged later, the clock was right", { .name = "." },
		    { .name = "test." }, SIGNER_NOW, SIGNER_UNTIL + 60,
		    "RRSIG_EXPIRED" },
		{ "the root is in order",
		    { .name = ".", .keys_by = "0:until=9999999",
			.data_by = "1:until=9999999" },
		    { .name = "test." }, SIGNER_UNTIL + D, SIGNER_UNTIL + D,
		    "RRSIG_EXPIRED" },
		{ "another signature of the root's is in order",
		    { .name = ".", .keys_by = "0 0:until=9999999",
			.data_by = "1:until=9999999" },
		    { .name = "test." }, SIGNER_UNTIL + D, SIGNER_UNTIL + D,
		    "RRSIG_EXPIRED" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const char *got;

		world_new();
		world.ev->collected_at = table[i].collected;
		world_zone(table[i].root);
		world_zone(table[i].top);
		world_zone((struct world_zone){ .name = "example.test." });
		world_reply("example.test.", "example.test.", "MX", 0,
		    "example.test. MX 0 .", "");
		got = findings_at(table[i].at);
		if (*table[i].want != '\0')
			ok(strncmp(got, table[i].want,
			    strlen(table[i].want)) == 0, "clock: %s: %s",
			    table[i].name, got);
		else
			is(got, "", table[i].name);
		world_free();
	}
}

int
main(void)
{
	test_endings();
	test_ending_sets();
	test_keys();
	test_iterations();
	test_clock();
	signer_free();
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/proof.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/path.h"
#include "core/plan.h"
#include "core/text.h"
#include "tap.h"
#include "zone_fixture.h"

static const char *
state_words(const struct dnssec *d)
{
	const char *id = catalogue_row(d->reason)->id;

	if (strncmp(id, "DNSSEC_", 7) == 0)
		id += 7;
	if (d->state == DNSSEC_STATE_SECURE)
		return "secure";
	return arena_printf(mem, "%s %s %s", dnssec_state_text(d->state), id,
	    d->zone != NULL ? name_text(mem, d->zone) : "-");
}

struct answer_case {
	const char *name;
	const char *question, *type;
	enum change change;
	const char *changed, *covered;	/* "example.test. MX", "MX" */
	const char *want;
};

static const struct answer_case answers[] = {
	/* healthy */
	{ "MX, alg 13", "example.test.", "MX", NOTHING, "", "A", "secure" },
	{ "TLSA, alg 13", "_25._tcp.mx.example.test.", "TLSA", NOTHING, "",
	    "A", "secure" },
	{ "MX, alg 15", "ed.test.", "MX", NOTHING, "", "A", "secure" },
	{ "TLSA, alg 15", "_25._tcp.mx.ed.test.", "TLSA", NOTHING, "", "A",
	    "secure" },
	{ "a record twice", "example.test.", "MX", DUPLICATE,
	    "example.test. MX", "MX", "secure" },
	{ "NSEC, NODATA", "example.test.", "TXT", NOTHING, "", "A", "secure" },
	{ "NSEC, empty non-terminal", "_tcp.mx.example.test.", "A", NOTHING,
	    "", "A", "secure" },
	{ "NSEC, NXDOMAIN", "nothing.example.test.", "A", NOTHING, "", "A",
	    "secure" },
	{ "NSEC, wildcard", "x.wild.example.test.", "TXT", NOTHING, "", "A",
	    "secure" },
	{ "NSEC, wildcard NODATA", "x.wild.example.test.", "A", NOTHING, "",
	    "A", "secure" },
	{ "NSEC3, empty non-terminal", "_tcp.mx.ed.test.", "A", NOTHING, "",
	    "A", "secure" },
	{ "NSEC3, NXDOMAIN", "nothing.ed.test.", "A", NOTHING, "", "A",
	    "secure" },
	{ "NSEC3, wildcard", "x.wild.ed.test.", "TXT", NOTHING, "", "A",
	    "secure" },
	{ "NSEC3, wildcard NODATA", "x.wild.ed.test.", "A", NOTHING, "", "A",
	    "secure" },
	{ "alias", "alias.example.test.", "A", NOTHING, "", "A", "secure" },
	{ "DNAME", "mx.tree.example.test.", "A", NOTHING, "", "A", "secure" },
	{ "NXDOMAIN of the root", "nothing.", "A", NOTHING, "", "A",
	    "secure" },
	/* insecure */
	{ "unsigned below opt-out", "plain.test.", "MX", NOTHING, "", "A",
	    "insecure UNSIGNED plain.test." },
	{ "unsigned below NSEC", "sub.example.test.", "MX", NOTHING, "", "A",
	    "insecure UNSIGNED sub.example.test." },
	{ "unsigned negative", "_tcp.mx.plain.test.", "A", NOTHING, "", "A",
	    "insecure UNSIGNED plain.test." },
	{ "alias out of the signed world", "out.example.test.", "A", NOTHING,
	    "", "A", "insecure UNSIGNED plain.test." },
	{ "signed without a DS", "island.test.", "MX", NOTHING, "", "A",
	    "insecure UNSIGNED island.test." },
	{ "an island's denial", "_tcp.mx.island.test.", "A", NOTHING, "", "A",
	    "insecure UNSIGNED island.test." },
	{ "an island's bad signature", "island.test.", "MX", FLIP,
	    "island.test. MX", "MX", "insecure UNSIGNED island.test." },
	{ "the parent answers for an unsigned cut", "sub.ed.test.", "DNSKEY",
	    NOTHING, "", "A", "insecure UNSIGNED sub.ed.test." },
	{ "algorithm 7", "old.test.", "MX", NOTHING, "", "A",
	    "insecure ALGORITHM_DEPRECATED old.test." },
	{ "NXDOMAIN in an opt-out span", "nothing.test.", "A", NOTHING, "",
	    "A", "insecure UNSIGNED -" },
	{ "151 iterations, positive", "iter.test.", "MX", NOTHING, "", "A",
	    "secure" },
	{ "151 iterations, negative", "_tcp.mx.iter.test.", "A", NOTHING, "",
	    "A", "insecure NSEC3_ITERATIONS iter.test." },
	/* bogus: the set */
	{ "bad signature", "example.test.", "MX", FLIP, "example.test. MX",
	    "MX", "bogus RRSIG_INVALID example.test." },
	{ "changed record", "mx.example.test.", "A", FLIP_RECORD,
	    "mx.example.test. A", "A", "bogus RRSIG_INVALID example.test." },
	{ "no signature", "example.test.", "MX", UNSIGN, "example.test. MX",
	    "MX", "bogus RRSIG_MISSING example.test." },
	{ "unsigned, NSEC3 zone", "mx.ed.test.", "A", UNSIGN,
	    "mx.ed.test. A", "A", "bogus RRSIG_MISSING ed.test." },
	{ "no such key", "example.test.", "MX", RETAG, "example.test. MX",
	    "MX", "bogus RRSIG_NO_KEY example.test." },
	{ "signed by the parent's name", "example.test.", "MX", RESIGNER,
	    "example.test. MX", "MX", "bogus RRSIG_NO_KEY test." },
	{ "wrong and expired", "example.test.", "MX", EXPIRE,
	    "example.test. MX", "MX", "bogus RRSIG_INVALID example.test." },
	/* bogus: denials */
	{ "NODATA without NSEC", "example.test.", "TXT", DROP_DENIAL,
	    "example.test. TXT", "A", "bogus DENIAL_MISSING example.test." },
	{ "NXDOMAIN without its wildcard's NSEC", "nothing.example.test.",
	    "A", DROP_LAST, "nothing.example.test. A", "A",
	    "bogus DENIAL_INVALID example.test." },
	{ "bad NSEC signature", "example.test.", "TXT", FLIP,
	    "example.test. TXT", "NSEC", "bogus RRSIG_INVALID example.test." },
	{ "unsigned NSEC", "example.test.", "TXT", UNSIGN,
	    "example.test. TXT", "NSEC", "bogus RRSIG_MISSING example.test." },
	{ "wildcard without its denial", "x.wild.example.test.", "TXT",
	    DROP_DENIAL, "x.wild.example.test. TXT", "A",
	    "bogus DENIAL_MISSING example.test." },
	{ "NSEC3 wildcard without its denial", "x.wild.ed.test.", "TXT",
	    DROP_DENIAL, "x.wild.ed.test. TXT", "A",
	    "bogus DENIAL_MISSING ed.test." },
	{ "NSEC3 NXDOMAIN cut short", "nothing.ed.test.", "A", DROP_LAST,
	    "nothing.ed.test. A", "A", "bogus DENIAL_INVALID ed.test." },
	{ "bad NSEC3 signature", "nothing.ed.test.", "A", FLIP,
	    "nothing.ed.test. A", "NSEC3", "bogus RRSIG_INVALID ed.test." },
	{ "no proof of the missing DS", "plain.test.", "MX", DROP_DENIAL,
	    "plain.test. DS", "A", "bogus DENIAL_MISSING test." },
	/* bogus: the chain */
	{ "the DS names another key", "stale.test.", "MX", NOTHING, "", "A",
	    "bogus DS_NO_DNSKEY stale.test." },
	{ "only the SHA-1 DS matches", "sha1.test.", "MX", NOTHING, "", "A",
	    "bogus DS_NO_DNSKEY sha1.test." },
	{ "a DS for the next key", "standby.test.", "MX", NOTHING, "", "A",
	    "secure" },
	{ "the DS names the zone key", "zsk.test.", "MX", NOTHING, "", "A",
	    "bogus DNSKEY_NOT_SIGNED_BY_DS zsk.test." },
	{ "DS without keys", "example.test.", "MX", DROP_RECORDS,
	    "example.test. DNSKEY", "DNSKEY",
	    "bogus DNSKEY_MISSING example.test." },
	{ "changed DS", "example.test.", "MX", FLIP_RECORD,
	    "example.test. DS", "DS", "bogus RRSIG_INVALID test." },
	{ "unsigned DS", "example.test.", "MX", UNSIGN, "example.test. DS",
	    "DS", "bogus RRSIG_MISSING test." },
	{ "bad key set signatures", "example.test.", "MX", FLIP,
	    "example.test. DNSKEY", "DNSKEY",
	    "bogus RRSIG_INVALID example.test." },
	{ "unsigned key set", "example.test.", "MX", UNSIGN,
	    "example.test. DNSKEY", "DNSKEY",
	    "bogus RRSIG_MISSING example.test." },
	{ "the TLD's key set is bad", "example.test.", "MX", FLIP,
	    "test. DNSKEY", "DNSKEY", "bogus RRSIG_INVALID test." },
	/* could not tell */
	{ "DS not recorded", "example.test.", "MX", DROP_OBS,
	    "example.test. DS", "A", "indeterminate DNS_LOOKUP_FAILED -" },
	{ "DNSKEY times out", "example.test.", "MX", TIME_OUT,
	    "example.test. DNSKEY", "A", "indeterminate DNS_TIMEOUT -" },
	{ "DS of an unsigned zone fails", "plain.test.", "MX", SERVFAIL,
	    "plain.test. DS", "A", "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the set fails", "example.test.", "MX", SERVFAIL,
	    "example.test. MX", "A", "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the DS of a cut not recorded, the parent answers for it",
	    "sub.ed.test.", "DNSKEY", DROP_OBS, "sub.ed.test. DS", "A",
	    "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the same with NSEC", "sub.example.test.", "DNSKEY", DROP_OBS,
	    "sub.example.test. DS", "A",
	    "indeterminate DNS_LOOKUP_FAILED -" },
	{ "the resolver strips", "example.test.", "MX", UNSIGN_ALL, "*", "A",
	    "indeterminate RESOLVER_STRIPS ." },
	{ "the root's keys match no anchor", "example.test.", "MX",
	    FLIP_RECORD, ". DNSKEY", "DNSKEY",
	    "indeterminate NO_TRUST_ANCHOR ." },
	{ "the resolver's own copy", "example.test.", "MX", LOCAL_COPY,
	    "example.test. MX", "A",
	    "indeterminate LOCAL_VIEW example.test." },
	{ "another copy validates", "example.test.", "MX", OPINION,
	    "example.test. MX", "MX",
	    "indeterminate SOME_BAD_DATA example.test." },
	{ "another RCODE validates", "nothing.example.test.", "A", OPINION,
	    "nothing.example.test. A", "NSEC",
	    "indeterminate SOME_BAD_DATA example.test." },
	{ "a name error called NODATA", "nothing.example.test.", "A",
	    NO_ERROR, "nothing.example.test. A", "A",
	    "bogus DENIAL_INVALID example.test." },
	{ "the same with NSEC3", "nothing.ed.test.", "A", NO_ERROR,
	    "nothing.ed.test. A", "A", "bogus DENIAL_INVALID ed.test." },
	{ "unsigned alias, its DS question answered by it",
	    "alias.example.test.", "A", UNSIGN, "*", "CNAME",
	    "bogus RRSIG_MISSING example.test." },
	{ "an alias that signs itself", "alias.example.test.", "A", SELFSIGN,
	    "*", "CNAME", "bogus RRSIG_MALFORMED example.test." },
	{ "a cut that denies its own DS", "mx.sub.example.test.", "A",
	    SELFSIGN, "sub.example.test. DS", "NSEC",
	    "bogus DENIAL_INVALID example.test." },
	{ "what-if in a signed zone", "example.test.", "MX", OVERLAY,
	    "example.test. MX", "A", "secure" },
};

static void
test_answers(void)
{
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct answer_case *c = &answers[i];
		struct evidence *ev =
		    evidence_make(c->change, c->changed, c->covered);
		struct proofs *p = proofs_new(mem, ev, NULL);
		struct answer a;
		struct dnssec d;

		answer_follow(mem, ev, wire_name(c->question),
		    wire_type(c->type), &a);
		d = proof_answer(p, &a, JAN15);
		if (!is(state_words(&d), c->want, c->name) && d.detail != NULL)
			printf("# %s\n", d.detail);
		if (d.state != DNSSEC_STATE_SECURE)
			ok(d.detail != NULL, "%s: detail", c->name);
		evidence_free(ev);
	}
}

/* One evidence, many instants. */
static void
test_times(void)
{
	static const struct {
		const char *name, *question, *type;
		int64_t at;
		enum proofs_renewal renew;
		const char *want;
	} table[] = {
		{ "first second", "example.test.", "MX", BEGIN, RENEW_NONE,
		    "secure" },
		{ "a second before", "example.test.", "MX", BEGIN - 1, RENEW_NONE,
		    "bogus RRSIG_NOT_YET_VALID ." },
		{ "last second", "example.test.", "MX", END, RENEW_NONE, "secure" },
		{ "a second after", "example.test.", "MX", END + 1, RENEW_NONE,
		    "bogus RRSIG_EXPIRED ." },
		{ "a second after, root and TLD renewed", "example.test.",
		    "MX", END + 1, RENEW_ABOVE, "bogus RRSIG_EXPIRED example.test." },
		{ "unsigned, a second after, renewed", "plain.test.", "MX",
		    END + 1, RENEW_ABOVE, "insecure UNSIGNED plain.test." },
		{ "denial, a second after", "example.test.", "TXT", END + 1,
		    RENEW_ABOVE, "bogus RRSIG_EXPIRED example.test." },
		{ "NSEC3 denial, a second after", "nothing.ed.test.", "A",
		    END + 1, RENEW_ABOVE, "bogus RRSIG_EXPIRED ed.test." },
		{ "a second after, all renewed", "example.test.", "MX",
		    END + 1, RENEW_ALL, "secure" },
		{ "all renewed does not reach before the first second",
		    "example.test.", "MX", BEGIN - 1, RENEW_ALL,
		    "bogus RRSIG_NOT_YET_VALID ." },
		{ "beyond 2106", "example.test.", "MX",
		    JAN15 + INT64_C(0x100000000), RENEW_NONE, "secure" },
	};
	struct evidence *ev = evidence_make(NOTHING, "", "A");
	struct proofs *p = proofs_new(mem, ev, NULL);
	unsigned before;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct answer a;
		struct dnssec d;

		proofs_renew(p, table[i].renew);
		answer_follow(mem, ev, wire_name(table[i].question),
		    wire_type(table[i].type), &a);
		d = proof_answer(p, &a, table[i].at);
		if (!is(state_words(&d), table[i].want, table[i].name))
			printf("# %s\n", d.detail ? d.detail : "");
	}
	before = proofs_verifications(p);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct answer a;

		answer_follow(mem, ev, wire_name(table[i].question),
		    wire_type(table[i].type), &a);
		proof_answer(p, &a, table[i].at + 7);
	}
	ok(proofs_verifications(p) == before, "nothing is verified twice");
	evidence_free(ev);

	/* This machine's clock is wrong: every zone is out of date. */
	ev = evidence_make(NOTHING, "", "A");
	ev->collected_at = END + 86400 * 30;
	p = proofs_new(mem, ev, NULL);
	{
		struct answer a;
		struct dnssec d;

		answer_follow(mem, ev, wire_name("example.test."), TYPE_MX,
		    &a);
		d = proof_answer(p, &a, ev->collected_at);
		is(state_words(&d), "indeterminate CLOCK_SUSPECT .",
		    "wrong clock");
		d = proof_answer(p, &a, JAN15);
		is(state_words(&d), "secure", "judged at the right time");
	}
	evidence_free(ev);
}

static struct dns_observation *
added(struct evidence *ev, const char *question, uint16_t type)
{
	struct dns_observation *o = dns_observation_new();

	o->name = name_copy(o->mem, wire_name(question));
	o->type = type;
	o->outcome = DNS_REPLY;
	evidence_add_dns(ev, o);
	return o;
}

static const char *
state_of_type(const struct evidence *ev, const char *question, uint16_t type)
{
	struct answer a;
	struct dnssec d;

	answer_follow(mem, ev, wire_name(question), type, &a);
	d = proof_answer(proofs_new(mem, ev, NULL), &a, JAN15);
	return state_words(&d);
}

static const char *
state_of(const struct evidence *ev, const char *question)
{
	return state_of_type(ev, question, TYPE_MX);
}

/* What is missing, and whether the resolver has dropped it. */
static void
test_resolver(void)
{
	static const char *const nsec[] = { ". NSEC test. NS SOA RRSIG NSEC",
		NULL };
	static const char *const soa[] = { "example.test. SOA ns.example.test."
		" host.example.test. 1 7200 3600 604800 3600", NULL };
	struct evidence *ev = evidence_make(DROP_DENIAL, "plain.test. DS",
	    "A");
	struct dns_observation *o = added(ev, ".", TYPE_TXT);

	is(state_of(ev, "plain.test."), "indeterminate RESOLVER_STRIPS .",
	    "not even the root's NSEC");
	is(state_of(ev, "example.test."), "secure", "what needs none");
	o->authority = records(o->mem, nsec, 1, &o->nauthority);
	is(state_of(ev, "plain.test."), "bogus DENIAL_MISSING test.",
	    "the root's NSEC comes");
	evidence_free(ev);

	ev = evidence_make(DROP_OBS, "example.test. DS", "A");
	o = added(ev, "example.test.", TYPE_DS);
	is(state_of(ev, "example.test."), "bogus DENIAL_MISSING test.",
	    "no DS, and no word why");
	o->authority = records(o->mem, soa, 1, &o->nauthority);
	is(state_of(ev, "example.test."), "indeterminate DNS_LOOKUP_FAILED -",
	    "the zone was asked for its own DS");
	evidence_free(ev);
}

/* An observation of ours, to be changed. */
static struct dns_observation *
observed(const struct evidence *ev, const char *question, uint16_t type)
{
	return (struct dns_observation *)(uintptr_t)
	    evidence_dns(ev, wire_name(question), type);
}

/* A denial cut short in an opt-out span: the zone's own, or one below it. */
static void
test_own_denial(void)
{
	static const char *const soa[] = { "test. SOA ns.test. host.test. 1"
		" 7200 3600 604800 3600", NULL };
	struct evidence *whole = evidence_make(NOTHING, "", "A");
	struct evidence *ev = evidence_make(DROP_LAST, "nothing.test. A", "A");
	struct dns_observation *o = observed(whole, "nothing.test.", TYPE_A);
	struct dns_observation *ds = added(ev, "nothing.test.", TYPE_DS);
	struct rr *list, *own;
	size_t n;

	is(state_of_type(ev, "nothing.test.", TYPE_A),
	    "bogus DENIAL_INVALID test.", "nothing says that a cut is there");
	ds->rcode = 3;
	ds->authority = o->authority;
	ds->nauthority = o->nauthority;
	is(state_of_type(ev, "nothing.test.", TYPE_A),
	    "insecure UNSIGNED nothing.test.", "a cut may be there");
	o = observed(ev, "nothing.test.", TYPE_A);
	own = records(o->mem, soa, 1, &n);
	list = arena_array(o->mem, o->nauthority + 1, sizeof *list);
	memcpy(list, o->authority, o->nauthority * sizeof *list);
	list[o->nauthority++] = own[0];
	o->authority = list;
	is(state_of_type(ev, "nothing.test.", TYPE_A),
	    "bogus DENIAL_INVALID test.", "the SOA says whose answer it is");
	evidence_free(ev);
	evidence_free(whole);

	ev = evidence_make(NOTHING, "", "A");
	o = observed(ev, "nothing.example.test.", TYPE_A);
	ok(o->nauthority == 4 && covers(&o->authority[1], TYPE_NSEC),
	    "two NSEC records with signatures");
	drop(o->authority, &o->nauthority, 1);
	is(state_of_type(ev, "nothing.example.test.", TYPE_A),
	    "bogus RRSIG_MISSING example.test.", "one of them unsigned");
	evidence_free(ev);
}

/* The evidence without the chain: what is asked for, until nothing is. */
static void
test_wants(void)
{
	static const struct {
		const char *question, *type, *want;
		enum change change;	/* of that answer */
		const char *covered;
	} table[] = {
		{ "example.test.", "MX", "secure", NOTHING, "A" },
		{ "_tcp.mx.example.test.", "A", "secure", NOTHING, "A" },
		{ "nothing.ed.test.", "A", "secure", NOTHING, "A" },
		{ "plain.test.", "MX", "insecure UNSIGNED plain.test.", NOTHING, "A" },
		{ "mx.sub.example.test.", "A",
		    "insecure UNSIGNED sub.example.test.", NOTHING, "A" },
		{ "out.example.test.", "A", "insecure UNSIGNED plain.test.", NOTHING, "A" },
		{ "island.test.", "MX", "insecure UNSIGNED island.test.", NOTHING, "A" },
		{ "_tcp.mx.iter.test.", "A",
		    "insecure NSEC3_ITERATIONS iter.test.", NOTHING, "A" },
		/* Signatures that cannot count say nothing of the chain. */
		{ "nothing.example.test.", "A",
		    "bogus DENIAL_INVALID example.test.", RELABEL, "NSEC" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *all = evidence_make(table[i].change,
		    arena_printf(mem, "%s %s", table[i].question,
			table[i].type), table[i].covered);
		struct evidence part = *all;
		const uint8_t *name = wire_name(table[i].question);
		uint16_t type = wire_type(table[i].type);
		const struct dns_observation *list[64];
		struct answer a;
		struct dnssec d;
		unsigned rounds = 0;
		size_t n;

		part.dns = list;
		part.ndns = 0;
		list[part.ndns++] = evidence_dns(all, name, type);
		do {
			struct wants w = { .mem = mem, .ev = &part };

			answer_follow(mem, &part, name, type, &a);
			for (size_t k = 0; k < a.nlinks; k++)
				chain_wants(mem, &part, &a.links[k], &w);
			n = 0;
			for (size_t k = 0; k < w.n && part.ndns < 64; k++) {
				const struct dns_observation *o =
				    evidence_dns(all, w.list[k].name,
					w.list[k].type);

				if (o == NULL)
					printf("# not in the fixture: %s %u\n",
					    name_text(mem, w.list[k].name),
					    w.list[k].type);
				else
					list[part.ndns++] = o, n++;
			}
		} while (n > 0 && ++rounds < 20);
		d = proof_answer(proofs_new(mem, &part, NULL), &a, JAN15);
		if (!is(state_words(&d), table[i].want,
		    arena_printf(mem, "wants of %s %s: %zu questions",
			table[i].question, table[i].type, part.ndns)))
			printf("# %s\n", d.detail ? d.detail : "");
		evidence_free(all);
	}
}

/* An anchor whose algorithm does not count is no DS record. */
static void
test_anchor(void)
{
	static const char *const old[] = { "example.test. DNSKEY 257 3 5 AQOe",
		NULL };
	struct evidence *ev = evidence_make(NOTHING, "", "A");
	struct answer a;
	struct dnssec d;

	ev->anchors = records(ev->mem, old, 1, &ev->nanchors);
	answer_follow(mem, ev, wire_name("example.test."), TYPE_MX, &a);
	d = proof_answer(proofs_new(mem, ev, NULL), &a, JAN15);
	is(state_words(&d), "insecure ALGORITHM_DEPRECATED example.test.",
	    "an old anchor");
	is(d.detail, "the trust anchors of example.test. name RSASHA1 key 41737:"
	    " validators treat the zone as unsigned", "an old anchor: detail");
	evidence_free(ev);
}

/* Who signs from above the anchor signs nothing, and takes no state away. */
static void
test_above_anchor(void)
{
	static const struct {
		const char *name, *question, *type;
		enum change change;
		const char *changed, *covered, *want;
	} table[] = {
		{ "the anchor's zone", "example.test.", "MX", NOTHING, "", "A",
		    "secure" },
		{ "a set signed from above it", "example.test.", "MX",
		    RESIGNER, "example.test. MX", "MX",
		    "bogus RRSIG_MALFORMED example.test." },
		{ "the anchor's zone denies", "example.test.", "TXT", NOTHING,
		    "", "A", "secure" },
		{ "a denial signed from above it", "example.test.", "TXT",
		    RESIGNER, "example.test. TXT", "NSEC",
		    "bogus RRSIG_MALFORMED example.test." },
		{ "its DS set is the parent's", "example.test.", "DS",
		    NOTHING, "", "A", "insecure NO_TRUST_ANCHOR test." },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = evidence_make(
		    table[i].change, table[i].changed, table[i].covered);
		const struct dns_observation *ds =
		    evidence_dns(ev, wire_name("example.test."), TYPE_DS);

		ok(ds->answer[0].type == TYPE_DS, "%s: its DS",
		    table[i].name);
		ev->anchors = ds->answer;
		is(state_of_type(ev, table[i].question,
			wire_type(table[i].type)),
		    table[i].want, table[i].name);
		evidence_free(ev);
	}
}

/* Hundreds of signatures and keys with one tag: bounded, and unknown. */
static void
test_work(void)
{
	struct evidence *ev = evidence_make(NOTHING, "", "A");
	const struct dns_observation *mx =
	    evidence_dns(ev, wire_name("example.test."), TYPE_MX);
	struct dns_observation *o = (struct dns_observation *)(uintptr_t)mx;
	struct rr *list = arena_array(o->mem, 4000, sizeof *list);
	struct proofs *p = proofs_new(mem, ev, NULL);
	struct answer a;
	struct dnssec d;
	size_t n = 0;

	list[n++] = o->answer[0];
	for (size_t i = 0; i < 3000; i++) {
		struct rr rr = o->answer[1];
		uint8_t *data = arena_copy(o->mem, rr.rdata, rr.rdlen);

		data[rr.rdlen - 1 - i % 60] ^= (uint8_t)(1 + i / 60);
		rr.rdata = data;
		list[n++] = rr;
	}
	o->answer = list;
	o->nanswer = n;
	answer_follow(mem, ev, wire_name("example.test."), TYPE_MX, &a);
	d = proof_answer(p, &a, JAN15);
	is(state_words(&d), "indeterminate WORK_LIMIT example.test.",
	    "three thousand bad signatures");
	ok(proofs_verifications(p) < 40, "%u verifications",
	    proofs_verifications(p));
	evidence_free(ev);
}

int
main(void)
{
	const struct zone_proof **zones;
	struct evidence *ev;
	struct proofs *p;
	struct answer a;
	int64_t *instants;
	const char *list = "";

	mem = arena_new();
	test_answers();
	test_times();
	test_resolver();
	test_own_denial();
	test_wants();
	test_anchor();
	test_above_anchor();
	test_work();
	ev = evidence_make(NOTHING, "", "A");
	p = proofs_new(mem, ev, NULL);
	answer_follow(mem, ev, wire_name("out.example.test."), TYPE_A, &a);
	proof_answer(p, &a, JAN15);
	for (size_t i = 0, n = proofs_zones(p, &zones); i < n; i++)
		list = arena_printf(mem, "%s%s ", list,
		    name_text(mem, zones[i]->name));
	is(list, ". test. example.test. plain.test. ", "zones");
	ok(proofs_instants(p, JAN15, &instants) > 0 &&
	    (instants[0] == BEGIN || instants[0] == END + 1), "instants");
	ok(strcmp(dnssec_state_text(zone_state(p, zones[2], JAN15).state),
	    "secure") == 0, "zone_state");
	{
		struct answer b;
		struct dnssec d;
		const struct dns_observation *ds;
		const char *line;

		answer_follow(mem, ev, wire_name("stale.test."), TYPE_MX, &b);
		d = proof_answer(p, &b, JAN15);
		line = d.publish != NULL ? d.publish : "";
		ok(strncmp(line, "stale.test. 3600 IN DS ", 23) == 0,
		    "the DS to publish: %s", line);
		printf("# %s\n", d.detail);
		ds = evidence_dns(ev, wire_name("stale.test."), TYPE_DS);
		for (size_t i = 0; i < ds->nanswer; i++)
			ds->answer[i].ttl = 7;
		p = proofs_new(mem, ev, NULL);
		d = proof_answer(p, &b, JAN15);
		is(d.publish != NULL ? d.publish : "", line,
		    "with the TTL of the zone, not what a cache left of it");
		/* RFC 9905 apart, algorithm 7 is in order. */
		answer_follow(mem, ev, wire_name("old.test."), TYPE_MX, &b);
		p = proofs_new(mem, ev, NULL);
		proofs_deprecated(p, true);
		d = proof_answer(p, &b, JAN15);
		is(state_words(&d), "secure", "algorithm 7 in full");
	}
	/* No anchor at all. */
	ev->nanchors = 0;
	p = proofs_new(mem, ev, NULL);
	{
		struct dnssec d = proof_answer(p, &a, JAN15);

		is(state_words(&d),
		    "insecure NO_TRUST_ANCHOR example.test.", "no anchor");
	}
	evidence_free(ev);
	arena_free(mem);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/lookup.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/plan.h"
#include "tap.h"
#include "zone_fixture.h"

/* ---- types ---- */

static const struct {
	uint16_t type;
	bool allowed;
} types[] = {
	{ 0, false }, { TYPE_A, true }, { TYPE_OPT, false }, { TYPE_DS, true },
	{ TYPE_RRSIG, false }, { TYPE_NSEC, true }, { TYPE_DNSKEY, true },
	{ TYPE_NSEC3, true }, { 127, true }, { TYPE_NXNAME, false },
	{ 249, false }, { 252, false }, { TYPE_ANY, false }, { 256, true },
	{ 65280, true }, { 65534, true }, { 65535, false },
};

/* ---- wants ---- */

/* "name type, name type" of what is wanted. */
static const char *
wants_words(const struct wants *w)
{
	const char *text = "";

	for (size_t i = 0; i < w->n; i++) {
		char type[16];

		text = arena_printf(mem, "%s%s%s %s", text, i ? ", " : "",
		    name_text(mem, w->list[i].name),
		    rr_type_text(w->list[i].type, type));
	}
	return text;
}

static const struct {
	const char *name, *question, *type;
	const char *missing;	/* of the evidence: "NAME TYPE", "*" */
	const char *want;
} wanted[] = {
	{ "at first: the question, and the likely zones",
	    "_25._tcp.mx.example.test.", "TLSA", "*",
	    "_25._tcp.mx.example.test. TLSA, . DNSKEY, test. DS, test. DNSKEY, "
	    "example.test. DS, example.test. DNSKEY, mx.example.test. DS, "
	    "mx.example.test. DNSKEY" },
	{ "the root", ".", "DNSKEY", "*", ". DNSKEY" },
	{ "a wildcard itself", "*.test.", "MX", "*",
	    "*.test. MX, . DNSKEY, test. DS, test. DNSKEY" },
	{ "thirty labels: not each is a zone",
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.1.2.3.test.",
	    "PTR", "*",
	    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.1.2.3.test. "
	    "PTR, . DNSKEY, test. DS, test. DNSKEY, 3.test. DS, "
	    "3.test. DNSKEY, 2.3.test. DS, 2.3.test. DNSKEY, 1.2.3.test. DS, "
	    "1.2.3.test. DNSKEY, z.1.2.3.test. DS, z.1.2.3.test. DNSKEY" },
	{ "all is there", "example.test.", "MX", "", "" },
	{ "the keys are missing", "example.test.", "MX",
	    "example.test. DNSKEY", "example.test. DNSKEY" },
	{ "an alias out of the zone: only what goes out at first",
	    "out.example.test.", "A", "",
	    "out.example.test. DS, out.example.test. DNSKEY" },
	{ "and its target's zone", "out.example.test.", "A",
	    "plain.test. DS", "out.example.test. DS, "
	    "out.example.test. DNSKEY, plain.test. DS" },
};

static void
wants(void)
{
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		struct evidence *ev = evidence_make(
		    *wanted[i].missing ? DROP_OBS : NOTHING,
		    wanted[i].missing, "A");
		struct wants w = { .mem = mem, .ev = ev };

		ev->domain = wire_name(wanted[i].question);
		ev->asked.lookup = wire_type(wanted[i].type);
		lookup_wants(&w);
		printf("# %s: %s\n", wanted[i].name, wants_words(&w));
		is(wants_words(&w), wanted[i].want, wanted[i].name);
		evidence_free(ev);
	}
}

/* ---- judgement ---- */

#define DAY 86400

static const struct {
	const char *name, *question, *type;
	enum change change;
	const char *changed, *covered;
	int64_t at;
	unsigned require;
	/* "state ID severity", links, other findings, "until because" */
	const char *want, *links, *others, *until;
} table[] = {
	{ "secure", "example.test.", "MX", NOTHING, "", "A", JAN15, 0,
	    "secure DNSSEC_SECURE ok", "example.test. MX secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "secure, required", "example.test.", "MX", NOTHING, "", "A", JAN15,
	    REQUIRE_DNSSEC, "secure DNSSEC_SECURE ok",
	    "example.test. MX secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "keys", "example.test.", "DNSKEY", NOTHING, "", "A", JAN15, 0,
	    "secure DNSSEC_SECURE ok", "example.test. DNSKEY secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "DS", "example.test.", "DS", NOTHING, "", "A", JAN15, 0,
	    "secure DNSSEC_SECURE ok", "example.test. DS secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "insecure", "plain.test.", "MX", NOTHING, "", "A", JAN15, 0,
	    "insecure DNSSEC_UNSIGNED note", "plain.test. MX insecure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "insecure, required", "plain.test.", "MX", NOTHING, "", "A", JAN15,
	    REQUIRE_DNSSEC, "insecure DNSSEC_UNSIGNED fail",
	    "plain.test. MX insecure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "retired, required", "old.test.", "MX", NOTHING, "", "A", JAN15,
	    REQUIRE_DNSSEC, "insecure DNSSEC_ALGORITHM_DEPRECATED fail",
	    "old.test. MX insecure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "bogus", "example.test.", "MX", FLIP, "example.test. MX", "MX",
	    JAN15, 0, "bogus DNSSEC_RRSIG_INVALID fail",
	    "example.test. MX bogus", "", "" },
	{ "expired", "example.test.", "MX", NOTHING, "", "A", END + 1, 0,
	    "bogus DNSSEC_RRSIG_EXPIRED fail", "example.test. MX bogus", "",
	    "" },
	{ "a name that is not", "nothing.example.test.", "A", NOTHING, "",
	    "A", JAN15, 0, "secure DNSSEC_SECURE ok",
	    "nothing.example.test. A nxdomain secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "its denial is missing", "nothing.example.test.", "A", DROP_DENIAL,
	    "nothing.example.test. A", "A", JAN15, 0,
	    "bogus DNSSEC_DENIAL_MISSING fail",
	    "nothing.example.test. A nxdomain bogus", "", "" },
	{ "an alias, then nothing recorded of its zone", "alias.example.test.",
	    "A", DROP_OBS, "example.test. DNSKEY", "A", JAN15, 0,
	    "indeterminate DNS_LOOKUP_UNCLEAR unknown, not recorded",
	    "alias.example.test. CNAME indeterminate; "
	    "mx.example.test. A indeterminate", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "an alias", "alias.example.test.", "A", NOTHING, "", "A", JAN15, 0,
	    "secure DNSSEC_SECURE ok",
	    "alias.example.test. CNAME secure; mx.example.test. A secure", "",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "the question is not there", "example.test.", "MX", DROP_OBS,
	    "example.test. MX", "A", JAN15, 0,
	    "indeterminate DNS_LOOKUP_UNCLEAR unknown, not recorded", "", "",
	    "" },
	{ "an error", "example.test.", "MX", SERVFAIL, "example.test. MX",
	    "A", JAN15, 0, "indeterminate DNS_LOOKUP_UNCLEAR unknown", "", "",
	    "" },
	{ "no answer", "example.test.", "MX", TIME_OUT, "example.test. MX",
	    "A", JAN15, 0, "indeterminate DNS_TIMEOUT unknown", "", "", "" },
	{ "a DS for no key", "stale.test.", "MX", NOTHING, "", "A", JAN15, 0,
	    "bogus DNSSEC_DS_NO_DNSKEY fail, publish", "stale.test. MX bogus",
	    "", "" },
	{ "a standby DS", "standby.test.", "MX", NOTHING, "", "A", JAN15, 0,
	    "secure DNSSEC_SECURE ok", "standby.test. MX secure",
	    "DNSSEC_DS_STANDBY note",
	    "17 days: the signature over the DNSKEY set of . by key" },
	{ "it ends soon", "example.test.", "MX", NOTHING, "", "A",
	    END - 3 * DAY, 0, "secure DNSSEC_SECURE ok",
	    "example.test. MX secure",
	    "DNSSEC_RRSIG_EXPIRES_SOON warn; DNSSEC_RRSIG_EXPIRES_SOON note; "
	    "DNSSEC_RRSIG_EXPIRES_SOON note",
	    "3 days: the signature over the DNSKEY set of . by key" },
};

static const char *
state_words(const struct lookup *l)
{
	return arena_printf(mem, "%s %s %s%s%s",
	    dnssec_state_text(l->dnssec.state), l->cause->row->id,
	    severity_text(l->cause->severity),
	    l->recorded ? "" : ", not recorded",
	    l->cause->nadd > 0 ? ", publish" : "");
}

static const char *
links_words(const struct lookup *l)
{
	static const char *const kinds[] = {
		[LINK_SET] = "",
		[LINK_NODATA] = " nodata",
		[LINK_NXDOMAIN] = " nxdomain",
	};
	const char *text = "";

	for (size_t i = 0; i < l->nlinks; i++) {
		const struct link *link = &l->links[i].proof->link;
		char type[16];

		text = arena_printf(mem, "%s%s%s %s%s %s", text,
		    i ? "; " : "", name_text(mem, link->owner),
		    rr_type_text(link->type, type), kinds[link->kind],
		    dnssec_state_text(l->links[i].dnssec.state));
	}
	return text;
}

static const char *
others_words(const struct lookup *l)
{
	const char *text = "";

	for (size_t i = 1; i < l->findings.n; i++)
		text = arena_printf(mem, "%s%s%s %s", text, i > 1 ? "; " : "",
		    l->findings.list[i].row->id,
		    severity_text(l->findings.list[i].severity));
	return text;
}

static const char *
until_words(const struct lookup *l)
{
	char span[32];

	return !l->has_until ? "" : arena_printf(mem, "%s: %s",
	    text_duration(l->until - l->options.at, span), l->because);
}

static void
judgements(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = evidence_make(table[i].change,
		    table[i].changed, table[i].covered);
		struct lookup_options options = { .at = table[i].at,
			.require = table[i].require, .alone = true };
		struct lookup *l = lookup_judge(mem, ev,
		    proofs_new(mem, ev, NULL), wire_name(table[i].question),
		    wire_type(table[i].type), &options);
		const char *until;

		lookup_validity(l);
		is(state_words(l), table[i].want, table[i].name);
		is(links_words(l), table[i].links, table[i].name);
		is(others_words(l), table[i].others, table[i].name);
		until = until_words(l);
		ok(strncmp(until, table[i].until, strlen(table[i].until)) ==
		    0 && (*table[i].until != '\0' || *until == '\0'),
		    "%s: until: %s", table[i].name, until);
		evidence_free(ev);
	}
}

/* ---- beside others ---- */

static enum dnssec_state
state_aside(struct evidence *ev, struct proofs *proofs, const char *question,
    const char *type, int64_t at)
{
	struct lookup_options options = { .at = at };

	return lookup_judge(mem, ev, proofs, wire_name(question),
	    wire_type(type), &options)->dnssec.state;
}

/*
 * Judged at a later time, the zones above what a judgement is about are taken
 * as signed anew, and nothing else is; questions beside it change none of that.
 */
static void
aside(void)
{
	struct evidence *ev = evidence_make(NOTHING, "", "A");
	struct lookup_options options = { .at = END + DAY, .alone = true };
	struct proofs *proofs = proofs_new(mem, ev, NULL);
	const struct lookup **all;
	const struct zone_proof **zones;
	size_t n, nzones;
	bool once = true;

	ok(lookup_judge(mem, ev, proofs, wire_name("ed.test."), TYPE_MX,
	    &options)->dnssec.state == DNSSEC_STATE_BOGUS,
	    "a day after: what it is about has expired");
	ok(state_aside(ev, proofs, "example.test.", "MX", END + DAY) ==
	    DNSSEC_STATE_BOGUS, "and so has what stands beside it");
	ok(state_aside(ev, proofs, "test.", "DNSKEY", END + DAY) ==
	    DNSSEC_STATE_SECURE, "the zone above is signed anew");
	n = lookup_all(mem, ev, proofs, END + DAY, &all);
	ok(n == ev->ndns, "every question once");
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			once &= all[i]->type != all[k]->type ||
			    !name_equal(all[i]->name, all[k]->name);
	ok(once, "and none twice");
	nzones = proofs_zones(proofs, &zones);
	for (size_t i = 0; i < nzones; i++)
		if (name_equal(zones[i]->name, wire_name("test.")))
			ok(zone_state(proofs, zones[i], END + DAY).state ==
			    DNSSEC_STATE_SECURE, "which changes nothing above");
	evidence_free(ev);
}

static void
recorded(void)
{
	struct evidence *ev = evidence_make(DROP_OBS, "example.test. MX", "A");

	ok(lookup_recorded(ev, wire_name("EXAMPLE.test."), TYPE_DS),
	    "a question that was asked, whatever its case");
	ok(!lookup_recorded(ev, wire_name("example.test."), TYPE_MX),
	    "one that was not");
	ev->asked.lookup = TYPE_MX;
	ok(lookup_recorded(ev, wire_name("example.test."), TYPE_MX),
	    "but what the run was for");
	ok(!lookup_recorded(ev, wire_name("ed.example.test."), TYPE_MX),
	    "at that name only");
	evidence_free(ev);
}

int
main(void)
{
	mem = arena_new();
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		ok(lookup_type_allowed(types[i].type) == types[i].allowed,
		    "type %u", (unsigned)types[i].type);
	wants();
	judgements();
	aside();
	recorded();
	arena_free(mem);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/judge.h"

#include <stdio.h>

#include "tap.h"
#include "fixture.h"

/* Each finding of the stage with a case that has it and one that has not. */
static const struct {
	const char *name;
	const char *mx;		/* records at d.test. */
	uint16_t rcode;
	const char *a;		/* of the host h.d.test. */
	const char *aaaa;
	bool allow_special;
	const char *must, *must_not;
} table[] = {
	{ "a host in order", "d.test. MX 10 h.d.test.", 0,
	    "h.d.test. A 9.9.9.9", "", false, "MX_FOUND MX_INSECURE",
	    "MX_HOST_NOT_A_NAME MX_HOST_ALIAS MX_HOST_NO_ADDRESS "
	    "MX_ADDRESS_SPECIAL MX_ADDRESS_SPECIAL_ALLOWED MX_IPV6_ONLY "
	    "MX_TOO_MANY MX_M365_LEGACY MX_M365_NOT_ALONE MX_NULL" },
	{ "an address as a name", "d.test. MX 10 9.9.9.9.", 0, "", "", false,
	    "MX_HOST_NOT_A_NAME", "MX_HOST_NO_ADDRESS" },
	{ "localhost", "d.test. MX 10 localhost.", 0, "", "", false,
	    "MX_HOST_NOT_A_NAME", "MX_HOST_NO_ADDRESS" },
	{ "a name that only looks like a number",
	    "d.test. MX 10 h.d.test.|d.test. MX 20 9.9.9.d9.", 0,
	    "h.d.test. A 9.9.9.9", "", false, "MX_FOUND",
	    "MX_HOST_NOT_A_NAME" },
	{ "an alias", "d.test. MX 10 h.d.test.", 0,
	    "h.d.test. CNAME x.test.|x.test. A 9.9.9.9",
	    "h.d.test. CNAME x.test.", false, "MX_HOST_ALIAS",
	    "MX_HOST_NO_ADDRESS MX_IPV6_ONLY" },
	{ "no address", "d.test. MX 10 h.d.test.", 0, "", "", false,
	    "MX_HOST_NO_ADDRESS", "MX_NONE MX_IPV6_ONLY" },
	{ "a private address", "d.test. MX 10 h.d.test.", 0,
	    "h.d.test. A 10.0.0.1", "", false, "MX_ADDRESS_SPECIAL",
	    "MX_ADDRESS_SPECIAL_ALLOWED MX_HOST_NO_ADDRESS" },
	{ "a private address that is allowed", "d.test. MX 10 h.d.test.", 0,
	    "h.d.test. A 10.0.0.1", "", true, "MX_ADDRESS_SPECIAL_ALLOWED",
	    "MX_ADDRESS_SPECIAL" },
	{ "IPv6 only", "d.test. MX 10 h.d.test.", 0, "",
	    "h.d.test. AAAA 2600::1", false, "MX_IPV6_ONLY",
	    "MX_HOST_NO_ADDRESS" },
	{ "both families", "d.test. MX 10 h.d.test.", 0,
	    "h.d.test. A 9.9.9.9", "h.d.test. AAAA 2600::1", false,
	    "MX_FOUND", "MX_IPV6_ONLY" },
	{ "null MX", "d.test. MX 0 .", 0, "", "", false, "MX_NULL",
	    "MX_FOUND MX_INSECURE MX_NULL_AND_OTHERS" },
	{ "null MX beside another",
	    "d.test. MX 0 .|d.test. MX 10 h.d.test.", 0,
	    "h.d.test. A 9.9.9.9", "", false, "MX_NULL_AND_OTHERS",
	    "MX_NULL MX_FOUND" },
	{ "NXDOMAIN", "", 3, "", "", false, "MX_DOMAIN_MISSING",
	    "MX_NONE MX_IMPLICIT" },
	{ "aliases that lead back", "d.test. CNAME e.test.|e.test. CNAME d.test.",
	    0, "", "", false, "DNS_LOOKUP_FAILED",
	    "DNS_LOOKUP_UNCLEAR MX_NONE MX_DOMAIN_MISSING" },
	{ "an alias that leads on", "d.test. CNAME e.test.|"
	    "e.test. MX 10 h.d.test.", 0, "h.d.test. A 9.9.9.9", "", false,
	    "MX_FOUND", "DNS_LOOKUP_FAILED DNS_LOOKUP_UNCLEAR" },
	{ "Microsoft 365, the older host",
	    "d.test. MX 0 d-test.mail.protection.outlook.com.", 0, "", "",
	    false, "MX_M365_LEGACY", "MX_M365_NOT_ALONE" },
	{ "Microsoft 365 of another operator",
	    "d.test. MX 0 d-test.mail.protection.partner.outlook.cn.", 0, "",
	    "", false, "MX_FOUND", "MX_M365_LEGACY" },
	{ "Microsoft 365, the signed host",
	    "d.test. MX 10 d-test.o-v1.mx.microsoft.", 0, "", "", false,
	    "MX_FOUND", "MX_M365_LEGACY MX_M365_NOT_ALONE" },
	{ "the signed host with another preference",
	    "d.test. MX 5 d-test.o-v1.mx.microsoft.", 0, "", "", false,
	    "MX_M365_NOT_ALONE", "MX_M365_LEGACY" },
	{ "the signed host beside another",
	    "d.test. MX 0 d-test.o-v1.mx.microsoft.|d.test. MX 10 h.d.test.",
	    0, "h.d.test. A 9.9.9.9", "", false, "MX_M365_NOT_ALONE",
	    "MX_M365_LEGACY" },
};

static struct arena *mem;

static struct judgement *
judged(struct evidence *ev)
{
	struct judge_options options = { .at = ev->collected_at };

	return judge(mem, path_walk(mem, ev), proofs_new(mem, ev, NULL), &options);
}

static void
rows(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = fixture_new("d.test.");
		struct judgement *j;

		ev->asked.allow_special = table[i].allow_special;
		fixture_reply(ev, "d.test.", TYPE_MX, table[i].rcode,
		    table[i].mx, "");
		fixture_reply(ev, "h.d.test.", TYPE_A, 0, table[i].a, "");
		fixture_reply(ev, "h.d.test.", TYPE_AAAA, 0, table[i].aaaa,
		    "");
		j = judged(ev);
		fixture_compare(j, table[i].must, true, table[i].name);
		fixture_compare(j, table[i].must_not, false, table[i].name);
		evidence_free(ev);
	}
}

static void
implicit(void)
{
	struct evidence *ev = fixture_new("d.test.");
	struct judgement *j;

	fixture_reply(ev, "d.test.", TYPE_MX, 0, "", "");
	fixture_reply(ev, "d.test.", TYPE_A, 0, "d.test. A 9.9.9.9", "");
	fixture_reply(ev, "d.test.", TYPE_AAAA, 0, "", "");
	j = judged(ev);
	fixture_compare(j, "MX_IMPLICIT", true, "no MX, an address");
	fixture_compare(j, "MX_NONE MX_FOUND", false, "no MX, an address");
	evidence_free(ev);

	ev = fixture_new("d.test.");
	fixture_reply(ev, "d.test.", TYPE_MX, 0, "", "");
	fixture_reply(ev, "d.test.", TYPE_A, 0, "", "");
	fixture_reply(ev, "d.test.", TYPE_AAAA, 0, "", "");
	j = judged(ev);
	fixture_compare(j, "MX_NONE", true, "no MX, no address");
	fixture_compare(j, "MX_IMPLICIT MX_HOST_NO_ADDRESS", false,
	    "no MX, no address");
	ok(j->outcome[PROFILE_EXCHANGE_ONLINE].delivery == DELIVERY_BOUNCED,
	    "which is bounced");
	evidence_free(ev);
}

/* What is there by mistake is the null MX, if anything is. */
static void
null_beside(void)
{
	struct evidence *ev = fixture_new("d.test.");
	const struct finding *f;

	fixture_reply(ev, "d.test.", TYPE_MX, 0,
	    "d.test. MX 5 h.d.test.|d.test. MX 0 .", "");
	f = findings_find(&judged(ev)->findings, FINDING_MX_NULL_AND_OTHERS,
	    -1);
	ok(f != NULL && f->nadd == 0 && f->ndel == 1 &&
		strcmp(f->del[0], "d.test. IN MX 0 .") == 0,
	    "a null MX beside another: it is to be deleted");
	evidence_free(ev);
}

static void
many(void)
{
	for (int n = 12; n <= 13; n++) {
		struct evidence *ev = fixture_new("d.test.");
		char list[1024] = "", *out = list;
		const struct judgement *j;

		for (int i = 0; i < n; i++)
			out += sprintf(out, "%sd.test. MX %d h%d.d.test.",
			    i ? "|" : "", i, i);
		fixture_reply(ev, "d.test.", TYPE_MX, 0, list, "");
		j = judged(ev);
		fixture_compare(j, "MX_TOO_MANY", n > 12,
		    n > 12 ? "13 hosts" : "12 hosts");
		if (n > 12)
			ok(j->hosts[12].address_dnssec.state ==
			    DNSSEC_STATE_INDETERMINATE,
			    "nothing is known of the host that is left out");
		evidence_free(ev);
	}
}

/* Thousands of hosts are counted, not all named. */
static void
very_many(void)
{
	struct evidence *ev = fixture_new("d.test.");
	char list[2048] = "", *out = list;
	const struct finding *f;

	for (int i = 0; i < 60; i++)
		out += sprintf(out, "%sd.test. MX %d h%d.d.test.",
		    i ? "|" : "", i, i);
	fixture_reply(ev, "d.test.", TYPE_MX, 0, list, "");
	f = findings_find(&judged(ev)->findings, FINDING_MX_FOUND, -1);
	ok(f != NULL && strstr(f->detail, "19 h19.d.test. and 40 more") != NULL,
	    "60 hosts: %s", f != NULL ? f->detail : "");
	evidence_free(ev);
}

/* A hostile answer costs no more than what is kept of it. */
static void
kept(void)
{
	struct evidence *ev = fixture_new("d.test.");
	struct arena *big = arena_new();
	char *list = arena_alloc(big, 20000 * 40), *out = list;
	const struct path *p;

	for (int i = 20000; i > 0; i--)
		out += sprintf(out, "%sd.test. MX %d h%d.d.test.",
		    i < 20000 ? "|" : "", i, i);
	fixture_reply(ev, "d.test.", TYPE_MX, 0, list, "");
	p = path_walk(mem, ev);
	ok(p->nhosts == PATH_KEPT_MAX && p->nleft == 20000 - PATH_KEPT_MAX,
	    "64 of 20,000 hosts are kept, the rest is counted");
	ok(p->hosts[0].preference == 1 && p->hosts[63].preference == 64,
	    "and they are the ones that senders try first");
	fixture_compare(judged(ev), "MX_TOO_MANY", true, "20,000 hosts");
	arena_free(big);
	evidence_free(ev);
}

int
main(void)
{
	mem = arena_new();
	rows();
	implicit();
	null_beside();
	many();
	very_many();
	kept();
	arena_free(mem);
	return tap_done();
}

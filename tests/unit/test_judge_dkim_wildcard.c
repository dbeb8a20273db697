/* SPDX-License-Identifier: ISC */
/* Selectors for which a wildcard of a signed zone answers. */
#include "core/judge.h"

#include "world.h"

/* clang-format off */
#define D "._domainkey.example.test."
#define T1 "selector1-example-test._domainkey.e.onmicrosoft.com."
#define T2 "selector2-example-test._domainkey.e.onmicrosoft.com."
#define KEY "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define A_TO_T "a" D " NSEC t" D " CNAME RRSIG NSEC"
#define OF_SELECTOR1 "selector1" D " NSEC t" D " CNAME RRSIG NSEC"
/* The server knows both names: it denies the target's TXT at once. */
#define NO_TXT "|example.test. SOA a. b. 1 1 1 1 1|" \
	"www.example.test. NSEC x.example.test. A RRSIG NSEC"
#define MADE "{1:labels=-1}"

/* The answers about the two selectors, or the one that was asked for. */
static const struct {
	const char *name;
	const char *asked;		/* a selector; NULL: Microsoft 365's */
	const char *one, *one_denial;	/* and the authority section */
	const char *two, *two_denial;
	const char *want;		/* "ID(selector): detail" lines */
} table[] = {
	{ "for the second only", NULL,
	    "selector1" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"", "",
	    MADE "selector2" D " CNAME www.example.test.", OF_SELECTOR1 NO_TXT,
	    "DKIM_CNAME_MISSING(selector2): a wildcard answers for selector2" D
	    ", with a CNAME to www.example.test.\n" },
	{ "the same CNAME, made by hand", NULL,
	    "selector1" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"", "",
	    "selector2" D " CNAME www.example.test.", "",
	    "DKIM_CNAME_WRONG_TARGET(selector2): no target of Microsoft 365: "
	    "expected " T2 ", found www.example.test.\n" },
	{ "for both", NULL,
	    MADE "selector1" D " CNAME www.example.test.", A_TO_T NO_TXT,
	    MADE "selector2" D " CNAME www.example.test.", A_TO_T NO_TXT,
	    "DKIM_DEFAULT_SIGNING: selector1 and selector2 both lead to "
	    "www.example.test., as a wildcard's CNAME does; signatures by the "
	    "initial domain do not align with example.test, so DMARC cannot "
	    "pass by DKIM\n" },
	{ "the same CNAMEs for both, made by hand", NULL,
	    "selector1" D " CNAME www.example.test.", "",
	    "selector2" D " CNAME www.example.test.", "",
	    "DKIM_CNAME_WRONG_TARGET(selector1): no target of Microsoft 365: "
	    "found www.example.test.\n"
	    "DKIM_CNAME_WRONG_TARGET(selector2): no target of Microsoft 365: "
	    "found www.example.test.\n" },
	{ "two revoked keys, made by hand", NULL,
	    "selector1" D " TXT \"v=DKIM1; p=\"", "",
	    "selector2" D " TXT \"v=DKIM1; p=\"", "",
	    "DKIM_KEY_REVOKED(selector1): -\n"
	    "DKIM_KEY_REVOKED(selector2): -\n"
	    "DKIM_DEFAULT_SIGNING: selector1 and selector2 have revoked keys "
	    "of their own, so mail is signed with the initial domain or not at "
	    "all; signatures by the initial domain do not align with "
	    "example.test, so DMARC cannot pass by DKIM\n" },
	{ "the same by a wildcard", NULL,
	    MADE "selector1" D " TXT \"v=DKIM1; p=\"", A_TO_T,
	    MADE "selector2" D " TXT \"v=DKIM1; p=\"", A_TO_T,
	    "DKIM_NO_MAIL_DOMAIN: -\n" },
	{ "a TXT record, made by hand", NULL,
	    "selector1" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"", "",
	    "selector2" D " TXT \"v=spf1 -all\"", "",
	    "DKIM_CNAME_MISSING(selector2): selector2" D " has no CNAME but a "
	    "TXT record (\"v=spf1 -all\"), which has to go: no other record "
	    "may stand beside a CNAME (RFC 1034 3.6.2)\n" },
	{ "the same by a wildcard's hand", NULL,
	    "selector1" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"", "",
	    MADE "selector2" D " TXT \"v=spf1 -all\"", OF_SELECTOR1,
	    "DKIM_CNAME_MISSING(selector2): selector2" D " does not exist: a "
	    "wildcard's TXT record answers for it (\"v=spf1 -all\")\n" },
	{ "that leads to the target of one", NULL,
	    MADE "selector1" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"",
	    A_TO_T,
	    MADE "selector2" D " CNAME " T1 "|{}" T1 " TXT \"" KEY "\"",
	    A_TO_T,
	    "DKIM_CNAME_WRONG_TARGET(selector2): this is the target of "
	    "selector1: expected " T2 ", found " T1 " (by a wildcard)\n" },
	{ "for a selector that was asked for", "s1",
	    MADE "s1" D " CNAME www.example.test.", A_TO_T NO_TXT, NULL, NULL,
	    "DKIM_SELECTOR_MISSING(s1): the CNAME leads to www.example.test. "
	    "(by a wildcard), where there is no TXT record\n" },
	{ "no wildcard for one", "s1",
	    "s1" D " CNAME www.example.test.", "", NULL, NULL,
	    "DKIM_SELECTOR_MISSING(s1): the CNAME leads to www.example.test., "
	    "where there is no TXT record\n" },
	{ "the domain sends no mail", "s1",
	    MADE "s1" D " TXT \"v=DKIM1; p=\"", A_TO_T, NULL, NULL,
	    "DKIM_NO_MAIL_DOMAIN: -\n" },
	{ "one selector is revoked", "s1",
	    "s1" D " TXT \"v=DKIM1; p=\"", "", NULL, NULL,
	    "DKIM_KEY_REVOKED(s1): -\n" },
};
/* clang-format on */

static const char *
found(void)
{
	struct judgement j = { .mem = world.mem, .ev = world.ev };
	char *text = arena_strdup(world.mem, "");

	j.path = path_walk(world.mem, world.ev);
	j.proofs = proofs_new(world.mem, world.ev, NULL);
	j.findings.mem = world.mem;
	j.options.at = SIGNER_NOW;
	j.dkim =
	    arena_array(world.mem, j.path->nselectors + 1, sizeof *j.dkim);
	judge_dkim(&j);
	for (size_t i = 0; i < j.findings.n; i++) {
		const struct finding *f = &j.findings.list[i];
		const char *selector = f->subject.selector;

		/* Of the key itself other tests speak. */
		if (f->id == FINDING_DKIM_OK ||
		    f->id == FINDING_DKIM_ED25519_ONLY)
			continue;
		text = arena_printf(world.mem, "%s%s%s%s%s: %s\n", text,
		    f->row->id, selector ? "(" : "", selector ? selector : "",
		    selector ? ")" : "", f->detail ? f->detail : "-");
	}
	return text;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const char *asked = table[i].asked;

		world_chain((struct world_zone){ .keys = NULL });
		world.ev->asked.selectors = &asked;
		world.ev->asked.nselectors = asked != NULL;
		world.ev->asked.m365 = asked == NULL;
		world_reply("example.test.", "example.test.", "MX", 0,
		    "example.test. MX 0 mx.example.test.", "");
		world_reply("example.test.",
		    arena_printf(
			world.mem, "%s" D, asked ? asked : "selector1"),
		    "TXT", 0, table[i].one, table[i].one_denial);
		if (asked == NULL)
			world_reply("example.test.", "selector2" D, "TXT", 0,
			    table[i].two, table[i].two_denial);
		world_reply("example.test.", "www.example.test.", "TXT", 0, "",
		    "example.test. SOA a. b. 1 1 1 1 1|"
		    "www.example.test. NSEC x.example.test. A RRSIG NSEC");
		is(found(), table[i].want, table[i].name);
		world_free();
	}
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* What is found at the selectors of contoso.com, in an unsigned zone. */
#include "dkim_fixture.h"

/* clang-format off */
static const struct {
	const char	*name;
	const char	*selectors;	/* asked for, joined by commas */
	const char	*evidence;
	const char	*want;		/* ids (selector) and statuses */
} tests[] = {
	{ "nothing asked", "", OTHER_MX, "DKIM_NOT_ASKED" },
	{ "not recorded", "s1", OTHER_MX, "s1=unknown" },
	{ "key", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    KEY("s1._domainkey.contoso.com.") "\n",
	    "DKIM_OK(s1) s1=ok" },
	{ "missing", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_MISSING(s1) s1=fail" },
	{ "timeout", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT!timeout\n",
	    "DNS_TIMEOUT(s1) s1=unknown" },
	{ "server failure", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT!SERVFAIL\n",
	    "DNS_LOOKUP_UNCLEAR(s1) s1=unknown" },
	{ "revoked", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    EMPTY("s1._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_REVOKED(s1) s1=warn" },
	{ "two keys", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    KEY("s1._domainkey.contoso.com.") "|"
	    EMPTY("s1._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_MULTIPLE(s1) s1=fail" },
	{ "key and stranger", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    "s1._domainkey.contoso.com. 60 IN TXT \"v=spf1 -all\"|"
	    KEY("s1._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_MULTIPLE(s1) DKIM_OK(s1) s1=warn" },
	{ "stranger", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    "s1._domainkey.contoso.com. 60 IN TXT \"v=spf1 -all\"\n",
	    "DKIM_KEY_MALFORMED(s1) s1=fail" },
	{ "dangling", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.", "k.example.") "\n"
	    "k.example. TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_MISSING(s1) s1=fail" },
	{ "provider's target, zone appended", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.",
		"s1.domainkey.example.net.contoso.com.") "\n"
	    "s1.domainkey.example.net.contoso.com. TXT!NXDOMAIN\n",
	    "DKIM_CNAME_WRONG_TARGET(s1) s1=fail" },
	{ "alias loop", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.", "a.example.") "\n"
	    "a.example. TXT="
	    CNAME("a.example.", "s1._domainkey.contoso.com.") "\n",
	    "DKIM_CNAME_WRONG_TARGET(s1) s1=fail" },

	{ "a loop that the resolver hides", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT!SERVFAIL\n"
	    "s1._domainkey.contoso.com. CNAME="
	    CNAME("s1._domainkey.contoso.com.", "a.example.") "\n"
	    "a.example. CNAME=a.example. 60 IN CNAME "
	    "s1._domainkey.contoso.com.\n",
	    "DKIM_CNAME_WRONG_TARGET(s1) s1=fail" },
	{ "a failing server at the end of the aliases is none", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT!SERVFAIL\n"
	    "s1._domainkey.contoso.com. CNAME="
	    CNAME("s1._domainkey.contoso.com.", "a.example.") "\n"
	    "a.example. CNAME!SERVFAIL\n",
	    "DNS_LOOKUP_UNCLEAR(s1) s1=unknown" },

	{ "Microsoft 365, healthy", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_SELECTOR_INACTIVE(selector2) "
	    "selector1=ok selector2=note" },
	{ "both keys", "",
	    MX S1 " TXT=" CNAME(S1, N1) "|" KEY(N1) "\n"
	    S2 " TXT=" CNAME(S2, N2) "|" KEY(N2) "\n",
	    "DKIM_OK(selector1) DKIM_OK(selector2) "
	    "selector1=ok selector2=ok" },
	{ "a step between", "",
	    MX S1 " TXT=" CNAME(S1, "x.example.") "|"
	    CNAME("x.example.", T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1)+[" S1 " 3600 IN CNAME " T1 "] "
	    "DKIM_SELECTOR_INACTIVE(selector2) selector1=ok selector2=note" },
	{ "inactive by an empty key", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" EMPTY(T2) "\n",
	    "DKIM_OK(selector1) DKIM_SELECTOR_INACTIVE(selector2) "
	    "selector1=ok selector2=note" },
	{ "not turned on", "",
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_INACTIVE(selector1) "
	    "DKIM_SELECTOR_INACTIVE(selector2) DKIM_NO_ACTIVE_SELECTOR "
	    "selector1=fail selector2=fail" },
	{ "one inactive, one unseen", "",
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!timeout\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DNS_TIMEOUT(selector1) DKIM_SELECTOR_INACTIVE(selector2) "
	    "selector1=unknown selector2=note" },
	{ "no CNAMEs", "",
	    MX S1 " TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    "DKIM_DEFAULT_SIGNING selector1=warn selector2=warn" },
	{ "a wildcard's TXT is none", "",
	    MX S1 " TXT=" S1 " 60 IN TXT \"v=spf1 -all\"\n"
	    S2 " TXT=" S2 " 60 IN TXT \"v=spf1 -all\"\n",
	    "DKIM_DEFAULT_SIGNING selector1=warn selector2=warn" },
	{ "a wildcard's CNAME is none", "",
	    MX S1 " TXT=" CNAME(S1, "www.contoso.com.") "\n"
	    S2 " TXT=" CNAME(S2, "www.contoso.com.") "\n"
	    "www.contoso.com. TXT!NOERROR\n",
	    "DKIM_DEFAULT_SIGNING selector1=warn selector2=warn" },
	{ "the same wrong target for one only", "",
	    MX S1 " TXT=" CNAME(S1, "www.contoso.com.") "\n"
	    "www.contoso.com. TXT!NOERROR\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_CNAME_WRONG_TARGET(selector1)"
	    "+[" S1 " 3600 IN CNAME " T1 "]"
	    "-[" GONE(S1, "www.contoso.com.") "] "
	    "DKIM_OK(selector2) selector1=fail selector2=ok" },
	{ "the MX of a sister domain", "",
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-net.mail.protection.outlook.com.\n"
	    S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_SELECTOR_INACTIVE(selector2) "
	    "selector1=ok selector2=note" },
	{ "one missing", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" S2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_CNAME_MISSING(selector2)"
	    "+[" S2 " 3600 IN CNAME " T2 "] selector1=ok selector2=fail" },
	{ "one missing, one unseen", "",
	    MX S1 " TXT!timeout\n" S2 " TXT!NXDOMAIN\n",
	    "DNS_TIMEOUT(selector1) selector1=unknown selector2=note" },
	{ "no mail", "",
	    MX S1 " TXT=" EMPTY(S1) "\n" S2 " TXT=" EMPTY(S2) "\n",
	    "DKIM_NO_MAIL_DOMAIN selector1=note selector2=note" },
	{ "a TTL of ten days", "",
	    MX S1 " TXT=" S1 " 864000 IN CNAME " T1 "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_TTL(selector1) DKIM_OK(selector1) DKIM_OK(selector2) "
	    "selector1=note selector2=ok" },
	{ "CNAME as TXT", "",
	    MX S1 " TXT=" S1 " 3600 IN TXT \"selector1-contoso-com._domainkey"
	    ".contoso.onmicrosoft.com\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_TXT_HOLDS_CNAME(selector1)+[" S1 " 3600 IN CNAME " T1 "]"
	    "-[" S1 " IN TXT \"selector1-contoso-com._domainkey"
	    ".contoso.onmicrosoft.com\"] DKIM_OK(selector2) "
	    "selector1=fail selector2=ok" },
	{ "key published directly", "",
	    MX S1 " TXT=" KEY(S1) "\n" S2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) selector1=ok selector2=note" },
	{ "zone appended", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2 "contoso.com.") "\n"
	    T2 "contoso.com. TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_CNAME_WRONG_TARGET(selector2)"
	    "+[" S2 " 3600 IN CNAME " T2 "]-[" GONE(S2, T2 "contoso.com.")
	    "] selector1=ok selector2=fail" },
	{ "swapped", "",
	    MX S1 " TXT=" CNAME(S1, T2) "\n" T2 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, T1) "|" KEY(T1) "\n",
	    "DKIM_CNAME_WRONG_TARGET(selector1)"
	    "+[" S1 " 3600 IN CNAME " T1 "]-[" GONE(S1, T2) "] "
	    "DKIM_CNAME_WRONG_TARGET(selector2)"
	    "+[" S2 " 3600 IN CNAME " T2 "]-[" GONE(S2, T1) "] "
	    "selector1=fail selector2=fail" },
	{ "mixed forms", "",
	    MX S1 " TXT=" CNAME(S1, N1) "|" KEY(N1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_CNAME_WRONG_TARGET(selector2)"
	    "+[" S2 " 3600 IN CNAME " N2 "]-[" GONE(S2, T2) "] "
	    "selector1=ok selector2=fail" },
	{ "white space", "",
	    MX S1 " TXT=" CNAME(S1, "\\032" T1) "\n"
	    "\\032" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_CNAME_WHITESPACE(selector1)"
	    "+[" S1 " 3600 IN CNAME " T1 "]-[" GONE(S1, "\\032" T1) "] "
	    "DKIM_OK(selector2) selector1=fail selector2=ok" },
	{ "another sender's key", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT=" CNAME(S2, "l.example.") "|" KEY("l.example.") "\n",
	    "DKIM_OK(selector1) DKIM_OK(selector2) "
	    "selector1=ok selector2=ok" },
	{ "another sender's key behind an odd name", "",
	    MX S1 " TXT=" CNAME(S1, "k!.example.") "|" KEY("k!.example.") "\n"
	    S2 " TXT=" CNAME(S2, "l!.example.") "\n"
	    "l!.example. TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_CNAME_WHITESPACE(selector2) "
	    "selector1=ok selector2=fail" },
	{ "asked for behind another MX", "selector1",
	    OTHER_MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_INACTIVE(selector1) selector1=note" },
	{ "CNAME seen, TXT not", "",
	    MX S1 " TXT!SERVFAIL\n" S1 " CNAME=" CNAME(S1, T2) "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DNS_LOOKUP_UNCLEAR(selector1) DKIM_CNAME_WRONG_TARGET(selector1)"
	    "+[" S1 " 3600 IN CNAME " T1 "]-[" GONE(S1, T2) "] "
	    "DKIM_OK(selector2) selector1=fail selector2=ok" },
};
/* clang-format on */

static char *
shown(struct arena *mem, const struct judgement *j)
{
	char *text = arena_strdup(mem, "");

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		text = arena_printf(
		    mem, "%s%s%s", text, *text ? " " : "", f->row->id);
		if (f->subject.selector != NULL)
			text = arena_printf(
			    mem, "%s(%s)", text, f->subject.selector);
		for (size_t k = 0; k < f->nadd; k++)
			text = arena_printf(mem, "%s+[%s]", text, f->add[k]);
		for (size_t k = 0; k < f->ndel; k++)
			text = arena_printf(mem, "%s-[%s]", text, f->del[k]);
	}
	for (size_t i = 0; i < j->path->nselectors; i++)
		text = arena_printf(mem, "%s%s%s=%s", text, *text ? " " : "",
		    j->dkim[i].selector->selector,
		    severity_text(j->dkim[i].status));
	return text;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		struct arena *mem = arena_new();
		struct evidence *ev =
		    evidence_read(tests[i].evidence, tests[i].selectors);

		is(shown(mem, judged(mem, ev)), tests[i].want, tests[i].name);
		evidence_free(ev);
		arena_free(mem);
	}
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* What is found at the selectors of contoso.com, in an unsigned zone. */
#include "core/dkim_guess.h"
#include "dkim_fixture.h"

/* clang-format off */
#define US1 "selector1-contoso-com._domainkey.contoso.onmicrosoft.us."
#define CN1 "selector1-contoso-com._domainkey.contoso.partner.onmschina.cn."
#define NOBODY DKIM_GUESS_CONTROL "._domainkey.contoso.com."

static const struct {
	const char	*name;
	const char	*selector;	/* asked for, or "", or "?": guesses */
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
	    "DKIM_OK(selector1)+[" S1 " 3600 IN CNAME " T1 "]-[" S1
	    " IN CNAME x.example.] "
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
	    MX S1 " TXT=" KEY(S1) "\n" S2 " TXT!NOERROR\n",
	    "DKIM_OK(selector1) selector1=ok selector2=note" },
	{ "key published directly, and no other name", "",
	    MX S1 " TXT=" KEY(S1) "\n" S2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_DEFAULT_SIGNING selector1=ok "
	    "selector2=warn" },
	{ "both keys published directly", "",
	    MX S1 " TXT=" KEY(S1) "\n" S2 " TXT=" KEY(S2) "\n",
	    "DKIM_OK(selector1) DKIM_OK(selector2) selector1=ok "
	    "selector2=ok" },
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
	    "DKIM_OK(selector1) DKIM_OK(selector2) DKIM_DEFAULT_SIGNING "
	    "selector1=ok selector2=ok" },
	{ "another sender's key, and Microsoft's", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_OK(selector1) DKIM_OK(selector2) "
	    "selector1=ok selector2=ok" },
	{ "another sender's key, and nothing", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_DEFAULT_SIGNING "
	    "selector1=ok selector2=warn" },
	{ "another sender's key, and what was not seen", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT!timeout\n",
	    "DKIM_OK(selector1) DNS_TIMEOUT(selector2) "
	    "selector1=ok selector2=unknown" },
	{ "a key beside a TXT record that is none, asked for", "selector2",
	    MX S1 " TXT=" KEY(S1) "\n"
	    S2 " TXT=" S2 " 60 IN TXT \"v=spf1 -all\"\n",
	    "DKIM_KEY_MALFORMED(selector2) DKIM_OK(selector1) "
	    "selector2=fail selector1=ok" },
	{ "another sender's keys, by no word of Microsoft 365", "selector1",
	    OTHER_MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.")
	    "\n", "DKIM_OK(selector1) selector1=ok" },
	{ "another sender's bad key: nobody asked", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.")
	    "|k.example. 60 IN TXT \"v=DKIM1\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_KEY_MALFORMED(selector1) DKIM_OK(selector2) "
	    "selector1=warn selector2=ok" },
	{ "another sender's bad key, asked for", "selector1",
	    MX S1 " TXT=" CNAME(S1, "k.example.")
	    "|k.example. 60 IN TXT \"v=DKIM1\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_KEY_MALFORMED(selector1) DKIM_OK(selector2) "
	    "selector1=fail selector2=ok" },
	{ "the other cloud's key", "",
	    MX S1 " TXT=" CNAME(S1, US1) "|" KEY(US1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n",
	    "DKIM_CNAME_WRONG_TARGET(selector1) "
	    "DKIM_SELECTOR_INACTIVE(selector2) selector1=fail "
	    "selector2=note" },
	{ "a cloud that no MX host shows", "",
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-com.o-v1.mx.microsoft.\n"
	    S1 " TXT=" CNAME(S1, US1) "|" KEY(US1) "\n"
	    S2 " TXT!timeout\n",
	    "DKIM_OK(selector1) DNS_TIMEOUT(selector2) selector1=ok "
	    "selector2=unknown" },
	{ "MX hosts of both clouds", "",
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-com.mail.protection.outlook.com.|contoso.com. 3600 IN MX "
	    "1 contoso-com.mail.protection.office365.us.\n"
	    S1 " TXT=" CNAME(S1, US1) "|" KEY(US1) "\n"
	    S2 " TXT!timeout\n",
	    "DKIM_OK(selector1) DNS_TIMEOUT(selector2) selector1=ok "
	    "selector2=unknown" },
	{ "21Vianet's targets behind its own MX", "",
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-com.mail.protection.partner.outlook.cn.\n"
	    S1 " TXT=" CNAME(S1, CN1) "|" KEY(CN1) "\n"
	    S2 " TXT!timeout\n",
	    "DKIM_OK(selector1) DNS_TIMEOUT(selector2) selector1=ok "
	    "selector2=unknown" },
	{ "and behind another cloud's", "",
	    MX S1 " TXT=" CNAME(S1, CN1) "|" KEY(CN1) "\n"
	    S2 " TXT!timeout\n",
	    "DKIM_CNAME_WRONG_TARGET(selector1) DNS_TIMEOUT(selector2) "
	    "selector1=fail selector2=unknown" },
	{ "two CNAMEs at a name", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" CNAME(S2, "k.example.") "\n"
	    T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_CNAME_WRONG_TARGET(selector2)"
	    "-[" GONE(S2, "k.example.") "] selector1=ok selector2=fail" },
	{ "the same CNAME twice", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, T2) "|" CNAME(S2, T2) "\n"
	    T2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1) DKIM_SELECTOR_INACTIVE(selector2) "
	    "selector1=ok selector2=note" },
	{ "two tenants, and no key says which is right", "",
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, N2) "\n" N2 " TXT!NXDOMAIN\n",
	    "DKIM_CNAME_WRONG_TARGET(selector2) selector1=unknown "
	    "selector2=fail" },
	{ "capitals in the selector that was asked for", "Selector1",
	    MX S1 " TXT=" CNAME(S1, T2) "\n" T2 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_CNAME_WRONG_TARGET(Selector1)"
	    "+[Selector1._domainkey.contoso.com. 3600 IN CNAME " T1 "]-[" GONE(S1, T2) "] "
	    "DKIM_OK(selector2) Selector1=fail selector2=ok" },
	{ "a TXT record in the CNAME's place", "",
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" S2 " 60 IN TXT \"v=spf1 -all\"\n",
	    "DKIM_OK(selector1) DKIM_CNAME_MISSING(selector2)"
	    "+[" S2 " 3600 IN CNAME " T2 "]-[" S2 " IN TXT \"v=spf1 -all\"] "
	    "selector1=ok selector2=fail" },
	{ "CNAME as TXT, in capitals", "",
	    MX S1 " TXT=" S1 " 3600 IN TXT \"SELECTOR1-CONTOSO-COM."
	    "_DOMAINKEY.CONTOSO.ONMICROSOFT.COM\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_TXT_HOLDS_CNAME(selector1)+[" S1 " 3600 IN CNAME " T1 "]"
	    "-[" S1 " IN TXT \"SELECTOR1-CONTOSO-COM."
	    "_DOMAINKEY.CONTOSO.ONMICROSOFT.COM\"] DKIM_OK(selector2) "
	    "selector1=fail selector2=ok" },
	{ "CNAME as a key", "",
	    MX S1 " TXT=" S1 " 3600 IN TXT \"v=DKIM1; k=rsa; p=" T1 "\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_TXT_HOLDS_CNAME(selector1)+[" S1 " 3600 IN CNAME " T1 "]"
	    "-[" S1 " IN TXT \"v=DKIM1; k=rsa; p=" T1 "\"] "
	    "DKIM_OK(selector2) selector1=fail selector2=ok" },
	{ "the type before the target", "",
	    MX S1 " TXT=" S1 " 3600 IN TXT \"CNAME " T1 "\"\n"
	    S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n",
	    "DKIM_TXT_HOLDS_CNAME(selector1)+[" S1 " 3600 IN CNAME " T1 "]"
	    "-[" S1 " IN TXT \"CNAME " T1 "\"] "
	    "DKIM_OK(selector2) selector1=fail selector2=ok" },
	{ "two that nobody asked for, no wildcard", "?",
	    OTHER_MX NOBODY " TXT!NXDOMAIN\n"
	    "default._domainkey.contoso.com. TXT="
	    EMPTY("default._domainkey.contoso.com.") "\n"
	    "google._domainkey.contoso.com. TXT="
	    EMPTY("google._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_REVOKED(default) DKIM_KEY_REVOKED(google) "
	    "default=warn google=warn" },
	{ "Microsoft's two, no wildcard", "?",
	    MX NOBODY " TXT!NXDOMAIN\n"
	    S1 " TXT=" EMPTY(S1) "\n" S2 " TXT=" EMPTY(S2) "\n",
	    "DKIM_KEY_REVOKED(selector1) DKIM_KEY_REVOKED(selector2) "
	    "DKIM_DEFAULT_SIGNING selector1=warn selector2=warn" },
	{ "and a wildcard", "?",
	    MX NOBODY " TXT=" EMPTY(NOBODY) "\n"
	    S1 " TXT=" EMPTY(S1) "\n" S2 " TXT=" EMPTY(S2) "\n",
	    "DKIM_NO_MAIL_DOMAIN selector1=note selector2=note" },
	{ "a null MX and one revoked", "s1",
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 .\n"
	    "s1._domainkey.contoso.com. TXT="
	    EMPTY("s1._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_REVOKED(s1) s1=warn" },
	{ "a wildcard's key", "?",
	    OTHER_MX NOBODY " TXT=" KEY(NOBODY) "\n", "DKIM_OK(*)" },
	{ "a wildcard's key and another", "?",
	    OTHER_MX NOBODY " TXT=" KEY(NOBODY) "\n"
	    "google._domainkey.contoso.com. TXT="
	    EMPTY("google._domainkey.contoso.com.") "\n",
	    "DKIM_KEY_REVOKED(google) DKIM_OK(*) google=warn" },
	{ "a wildcard that is no key", "?",
	    OTHER_MX NOBODY " TXT=" NOBODY " 60 IN TXT \"v=spf1 -all\"\n",
	    "" },
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

#define I "contoso.onmicrosoft.com."
#define I_MX I " MX=" I " 3600 IN MX 0 contoso.mail.protection.outlook.com.\n"
#define I1 "selector1-contoso-onmicrosoft-com._domainkey." I
#define I2 "selector2-contoso-onmicrosoft-com._domainkey." I

/* The same of a domain that is an initial domain itself. */
static const struct {
	const char	*name;
	const char	*evidence;
	const char	*want;
} initials[] = {
	{ "initial domain", I_MX I1 " TXT=" KEY(I1) "\n" I2 " TXT!NXDOMAIN\n",
	    "DKIM_OK(selector1-contoso-onmicrosoft-com) "
	    "selector1-contoso-onmicrosoft-com=ok "
	    "selector2-contoso-onmicrosoft-com=note" },
	{ "initial domain without keys",
	    I_MX I1 " TXT!NXDOMAIN\n" I2 " TXT!NXDOMAIN\n",
	    "DKIM_GUESS_NONE selector1-contoso-onmicrosoft-com=note "
	    "selector2-contoso-onmicrosoft-com=note" },
	{ "initial domain, one not seen",
	    I_MX I1 " TXT!NXDOMAIN\n" I2 " TXT!timeout\n",
	    "DNS_TIMEOUT(selector2-contoso-onmicrosoft-com) "
	    "selector1-contoso-onmicrosoft-com=note "
	    "selector2-contoso-onmicrosoft-com=unknown" },
};

/* With --require dkim: what is said, and how bad that is then. */
static const struct {
	const char	*name;
	const char	*selector;
	const char	*evidence;
	enum finding_id	 id;
	enum severity	 want;
} required[] = {
	{ "required: the only one is revoked", "s1",
	    OTHER_MX "s1._domainkey.contoso.com. TXT="
	    EMPTY("s1._domainkey.contoso.com.") "\n",
	    FINDING_DKIM_KEY_REVOKED, SEVERITY_FAIL },
	{ "required: one that is guessed is revoked", "?",
	    OTHER_MX NOBODY " TXT!NXDOMAIN\n"
	    "google._domainkey.contoso.com. TXT="
	    EMPTY("google._domainkey.contoso.com.") "\n",
	    FINDING_DKIM_KEY_REVOKED, SEVERITY_WARN },
	{ "required: another has a key", "selector1",
	    MX S1 " TXT=" EMPTY(S1) "\n" S2 " TXT=" KEY(S2) "\n",
	    FINDING_DKIM_KEY_REVOKED, SEVERITY_NOTE },
	{ "required: no mail", "",
	    MX S1 " TXT=" EMPTY(S1) "\n" S2 " TXT=" EMPTY(S2) "\n",
	    FINDING_DKIM_NO_MAIL_DOMAIN, SEVERITY_FAIL },
	{ "required: another sender's keys", "",
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT=" CNAME(S2, "l.example.") "|" KEY("l.example.") "\n",
	    FINDING_DKIM_DEFAULT_SIGNING, SEVERITY_FAIL },
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

static void
test_initial(size_t i)
{
	struct arena *mem = arena_new();
	struct evidence *ev = evidence_read(initials[i].evidence, "");
	uint8_t name[NAME_WIRE_MAX];

	name_from_text(name, I, NULL);
	ev->domain = name_copy(ev->mem, name);
	is(shown(mem, judged(mem, ev)), initials[i].want, initials[i].name);
	evidence_free(ev);
	arena_free(mem);
}

static void
test_required(size_t i)
{
	struct arena *mem = arena_new();
	bool guess = strcmp(required[i].selector, "?") == 0;
	struct evidence *ev = evidence_read(
	    required[i].evidence, guess ? "" : required[i].selector);
	const struct judgement *j;
	const struct finding *f;

	ev->asked.guess_selectors = guess;
	j = judged_for(mem, ev, REQUIRE_DKIM);
	f = findings_find(&j->findings, required[i].id, -1);
	ok(f != NULL &&
		finding_severity(f, PROFILE_EXCHANGE_ONLINE, REQUIRE_DKIM,
		    false) == required[i].want,
	    "%s", required[i].name);
	evidence_free(ev);
	arena_free(mem);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		struct arena *mem = arena_new();
		const char *asked = tests[i].selector;
		bool guess = strcmp(asked, "?") == 0;
		struct evidence *ev =
		    evidence_read(tests[i].evidence, guess ? "" : asked);

		ev->asked.guess_selectors = guess;
		is(shown(mem, judged(mem, ev)), tests[i].want, tests[i].name);
		evidence_free(ev);
		arena_free(mem);
	}
	for (size_t i = 0; i < sizeof initials / sizeof *initials; i++)
		test_initial(i);
	for (size_t i = 0; i < sizeof required / sizeof *required; i++)
		test_required(i);
	return tap_done();
}

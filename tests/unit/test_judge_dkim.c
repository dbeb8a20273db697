/* SPDX-License-Identifier: ISC */
/* What is found at the selectors of contoso.com, in an unsigned zone. */
#include "core/judge.h"

#include "core/arena.h"
#include "core/name.h"
#include "tap.h"

/* clang-format off */
#define RSA \
	"\"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtHU/m0shwksIaer0\" " \
	"\"Nc6cjeAMEzKSOrmwXXmVsrA1G54QcaoJ92iuqj62OHCvpIRB4L6SLPCJw8x6\" " \
	"\"/jhEfftoL3e1FBiNBTDM3OlsWVvM9CmZiwLBndXRKDtAeNPHp05Hoxb6Zczl\" " \
	"\"XcqhyfpkkuRGsjCnbbu6jqQkJ0YtZH+PxsstOWDt/n8kmNcVIQfaoglCrvKL\" " \
	"\"vaz5HD0Nrh9c66804GqX3lIRNdOl8Xeme4hQpeLWqqdS5SITHj0QPY1sBHNU\" " \
	"\"5NSSBtEIHBLq3OXHrUu0wtYyFJMsdPdb5oCBG/Xao1Lu4Eazz3aKj9s1CHrd\" " \
	"\"IbAwJKD/eJGEyIWU/fcSCG5bpQIDAQAB\" "

#define RSA_1024 \
	"\"v=DKIM1; p=\" " \
	"\"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC9uT2N69UO/EJaNn9fyE+F\" " \
	"\"82JgJS1t7K9R2Aie+VrQaw6Vm3LO8bRaFWQwzzhOZyvCdrlCnaqhfuNtVnTr\" " \
	"\"HJYPBwvtX+IrcjjMJU4bo24lyeCsKdbngMPh5ehJ7yI/EyJID0DV125UlNY7\" " \
	"\"uqMi11riVqgkuwWgEetJ7SfzOKDZcwIDAQAB\""

#define MX "contoso.com. MX=contoso.com. 3600 IN MX 0 " \
	   "contoso-com.mail.protection.outlook.com.\n"
#define OTHER_MX "contoso.com. MX=contoso.com. 3600 IN MX 0 mx.contoso.com.\n"
#define S1 "selector1._domainkey.contoso.com."
#define S2 "selector2._domainkey.contoso.com."
#define T1 "selector1-contoso-com._domainkey.contoso.onmicrosoft.com."
#define T2 "selector2-contoso-com._domainkey.contoso.onmicrosoft.com."
#define N1 "selector1-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft."
#define N2 "selector2-contoso-com._domainkey.contoso.n-v1.dkim.mail.microsoft."
#define CNAME(owner, target) owner " 3600 IN CNAME " target
#define GONE(owner, target) owner " IN CNAME " target /* any TTL */
#define KEY(owner) owner " 3600 IN TXT \"v=DKIM1; k=rsa; p=\" " RSA
#define EMPTY(owner) owner " 3600 IN TXT \"v=DKIM1; p=\""

/*
 * One question a line: "name TYPE=record|record", "name TYPE!NXDOMAIN",
 * "name TYPE!timeout".
 */
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

#define UNCHECKED \
	"the tenant part (contoso, as in the other selector) was not " \
	"checked: --initial-domain was not given"
#define ALONE \
	"the tenant part (contoso) was not checked: --initial-domain was not " \
	"given"
#define ASK \
	"Publish the CNAMEs that this shows: Get-DkimSigningConfig -Identity " \
	"contoso.com | Format-List Selector1CNAME, Selector2CNAME"
#define INITIAL "contoso.onmicrosoft.com"
#define GOOD2 S2 " TXT=" CNAME(S2, T2) "|" KEY(T2) "\n"
#define NONE2 S2 " TXT=" CNAME(S2, T2) "\n" T2 " TXT!NXDOMAIN\n"

/* What is said: the details and, with "=>", the remedies of this id. */
static const struct {
	const char	*name;
	const char	*selector;	/* asked for, or "" */
	const char	*initial;	/* --initial-domain, or NULL */
	const char	*evidence;
	enum finding_id	 id;
	const char	*want;		/* joined by " | " */
} details[] = {
	{ "tenant not known, both agree", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" NONE2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T1 "; " UNCHECKED },
	{ "not said twice", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" NONE2,
	    FINDING_DKIM_SELECTOR_INACTIVE, T2 " has no key" },
	{ "said of the inactive one", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n" GOOD2,
	    FINDING_DKIM_SELECTOR_INACTIVE, T1 " has no key; " UNCHECKED },
	{ "tenant known", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" NONE2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T1 },
	{ "tenant not known, alone", "", NULL,
	    MX S1 " TXT!NXDOMAIN\n" GOOD2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T2 "; " ALONE },
	{ "a gateway: the identifier is the domain's", "", NULL,
	    OTHER_MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T1 "; " ALONE },
	{ "a gateway: the identifier is another", "", NULL,
	    OTHER_MX S1 " TXT="
	    CNAME(S1, "selector1-fabrikam-com._domainkey.x.onmicrosoft.com.")
	    "|" KEY("selector1-fabrikam-com._domainkey.x.onmicrosoft.com.")
	    "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through "
	    "selector1-fabrikam-com._domainkey.x.onmicrosoft.com.; the domain "
	    "part (fabrikam-com) and the tenant part (x) were not checked: "
	    "--initial-domain was not given" },
	{ "another provider's key", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through k.example.: not a "
	    "key of Microsoft 365" },
	{ "strict and odd tags", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" T1
	    " 3600 IN TXT \"v=DKIM1; t=s; x-note=1; p=\" " RSA "\n" NONE2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, not for subdomains (t=s); "
	    "the tag name \"x-note\" is not allowed (RFC 6376 3.2) and is "
	    "ignored by most, through " T1 },

	{ "a chain", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, "x.example.") "|"
	    CNAME("x.example.", T1) "|" KEY(T1) "\n" NONE2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T1 ", by way of "
	    "x.example.=>Publish selector1._domainkey.contoso.com as a CNAME "
	    "to selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "a chain to the inactive one", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, "x.example.") "|"
	    CNAME("x.example.", "y.example.") "|" CNAME("y.example.", T1) "\n"
	    T1 " TXT!NXDOMAIN\n" GOOD2,
	    FINDING_DKIM_SELECTOR_INACTIVE, T1 ", by way of x.example. "
	    "y.example. has no key=>Publish selector1._domainkey.contoso.com "
	    "as a CNAME to "
	    "selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "a chain behind the target is Microsoft's", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" CNAME(T1, "x.example.") "|"
	    KEY("x.example.") "\n" NONE2,
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through " T1 },
	{ "a circle", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "a.example.") "|"
	    CNAME("a.example.", "b.example.") "|" CNAME("b.example.", S1) "\n"
	    GOOD2,
	    FINDING_DKIM_CNAME_WRONG_TARGET, "the CNAMEs run in a circle: " S1
	    " -> a.example. -> b.example. -> " S1 "=>Publish "
	    "selector1._domainkey.contoso.com as a CNAME to "
	    "selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "a circle of one", "", NULL,
	    MX S1 " TXT=" CNAME(S1, S1) "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "the CNAMEs run in a circle: " S1
	    " -> " S1 "=>" ASK },
	{ "a circle of seven", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "a.e.") "|" CNAME("a.e.", "b.e.") "|"
	    CNAME("b.e.", "c.e.") "|" CNAME("c.e.", "d.e.") "|"
	    CNAME("d.e.", "e.e.") "|" CNAME("e.e.", "f.e.") "|"
	    CNAME("f.e.", "a.e.") "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "the CNAMEs run in a circle: " S1
	    " -> a.e. -> b.e. -> c.e. -> d.e. -> e.e. -> ...=>" ASK },

	{ "appended", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1 "contoso.com.") "\n"
	    T1 "contoso.com. TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "the zone's name \"contoso.com\" "
	    "was appended to the target: expected " T1 ", found " T1
	    "contoso.com.=>Publish selector1._domainkey.contoso.com as a CNAME "
	    "to selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "a typing error, tenant not known", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "selector1-contos-com._domainkey."
		"contoso.onmicrosoft.com.") "\n"
	    "selector1-contos-com._domainkey.contoso.onmicrosoft.com. "
	    "TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "1 letter off: \"contos-com\", "
	    "expected \"contoso-com\": found selector1-contos-com._domainkey."
	    "contoso.onmicrosoft.com.=>" ASK },
	{ "they differ, and neither is proven", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, N2) "\n" N2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, N2 "; the other selector has " T1
	    ": they cannot both be right=>" ASK },
	{ "on the way from one form to the other", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" CNAME(S2, N2) "|" KEY(N2) "\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "" },
	{ "stray", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "\\009" T1) "\n"
	    "\\009" T1 " TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WHITESPACE, "the target has a tab in it: found "
	    "\\009" T1 "=>Publish selector1._domainkey.contoso.com as a CNAME "
	    "to selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "stray, in another tenant's", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "selector1-fabrikam-com\\032._domainkey."
		"x.onmicrosoft.com.") "\n"
	    "selector1-fabrikam-com\\032._domainkey.x.onmicrosoft.com. "
	    "TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WHITESPACE, "the target has a space in it; and "
	    "of another domain: \"fabrikam-com\", expected \"contoso-com\": "
	    "found selector1-fabrikam-com\\032._domainkey.x.onmicrosoft.com."
	    "=>" ASK },
	{ "quoted text in a TXT record", "", NULL,
	    MX S1 " TXT=" S1 " 60 IN TXT \"\\\"selector1-contoso-com."
	    "_domainkey.contoso.onmicrosoft.com\\\" \"\n" GOOD2,
	    FINDING_DKIM_TXT_HOLDS_CNAME, "the TXT record says \"\"selector1-"
	    "contoso-com._domainkey.contoso.onmicrosoft.com\" \"=>Publish "
	    "selector1._domainkey.contoso.com as a CNAME to "
	    "selector1-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "missing, other known", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_MISSING, S2 " does not exist=>Publish "
	    "selector2._domainkey.contoso.com as a CNAME to "
	    "selector2-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "missing, yet the name exists", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" S2 " TXT!NOERROR\n",
	    FINDING_DKIM_CNAME_MISSING, S2 " has no CNAME, though the name "
	    "exists: a proxy hides a CNAME so, and a wildcard of another type "
	    "looks so=>Publish selector2._domainkey.contoso.com as a CNAME to "
	    "selector2-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "1024 bits at Microsoft 365", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" T1 " 60 IN TXT " RSA_1024 "\n"
	    NONE2,
	    FINDING_DKIM_KEY_1024, "1024 bits=>Run Rotate-DkimSigningConfig "
	    "-Identity contoso.com -KeySize 2048, and again after the 96 hours "
	    "of the rotation, so that both selectors have 2048 bits" },
	{ "1024 bits of another provider", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|k.example. 60 IN TXT "
	    RSA_1024 "\n" NONE2,
	    FINDING_DKIM_KEY_1024, "1024 bits" },
	{ "2048 bits at Microsoft 365", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" NONE2,
	    FINDING_DKIM_KEY_1024, "" },
	{ "a bad key at Microsoft 365", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" T1 " 60 IN TXT \"v=DKIM1\"\n"
	    NONE2,
	    FINDING_DKIM_KEY_MALFORMED, "p= is missing (at " T1 ")=>Have a new "
	    "key made: Rotate-DkimSigningConfig -Identity contoso.com -KeySize "
	    "2048" },
	{ "a bad key", "", NULL,
	    MX S1 " TXT=" S1 " 60 IN TXT \"v=DKIM1\"\n" NONE2,
	    FINDING_DKIM_KEY_MALFORMED, "p= is missing" },
	{ "not turned on", "", INITIAL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n" NONE2,
	    FINDING_DKIM_NO_ACTIVE_SELECTOR, "neither " T1 " nor " T2
	    " has a key=>Turn signing on: Set-DkimSigningConfig -Identity "
	    "contoso.com -Enabled $true" },
	{ "not turned on, or another tenant's", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n" NONE2,
	    FINDING_DKIM_NO_ACTIVE_SELECTOR, "neither " T1 " nor " T2
	    " has a key: signing is off, or the tenant part (contoso) is "
	    "wrong=>Compare "
	    "the CNAMEs with Get-DkimSigningConfig -Identity contoso.com | "
	    "Format-List Selector1CNAME, Selector2CNAME; then turn signing on: "
	    "Set-DkimSigningConfig -Identity contoso.com -Enabled $true" },
	{ "a provider's target, zone appended", "s1", NULL,
	    MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.",
		"s1.domainkey.example.net.contoso.com.") "\n"
	    "s1.domainkey.example.net.contoso.com. TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "s1.domainkey.example.net.contoso."
	    "com. has no TXT record; perhaps the zone's name was appended to "
	    "the target s1.domainkey.example.net." },
	{ "a provider's target in the domain itself", "s1", NULL,
	    MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.", "s2._domainkey.contoso.com.")
	    "\ns2._domainkey.contoso.com. TXT!NXDOMAIN\n",
	    FINDING_DKIM_SELECTOR_MISSING, "the CNAME leads to "
	    "s2._domainkey.contoso.com., where there is no TXT record" },
	{ "a provider's target with a stray character", "s1", NULL,
	    MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.", "k\\034.example.") "\n"
	    "k\\034.example. TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WHITESPACE, "the target has a quotation mark in "
	    "it: found k\\\".example." },
	{ "a provider's target that is no host name", "s1", NULL,
	    MX "s1._domainkey.contoso.com. TXT="
	    CNAME("s1._domainkey.contoso.com.", "-k.example.") "\n"
	    "-k.example. TXT!NXDOMAIN\n",
	    FINDING_DKIM_SELECTOR_MISSING, "the CNAME leads to -k.example., "
	    "where there is no TXT record" },
	{ "a provider's target as TXT", "s1", NULL,
	    MX "s1._domainkey.contoso.com. TXT=s1._domainkey.contoso.com. 60 "
	    "IN TXT \"s1.domainkey.example.net\"\n",
	    FINDING_DKIM_TXT_HOLDS_CNAME, "the TXT record says "
	    "\"s1.domainkey.example.net\"=>Publish "
	    "s1._domainkey.contoso.com as a CNAME to "
	    "s1.domainkey.example.net." },
	{ "no CNAMEs", "", INITIAL,
	    MX S1 " TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_DEFAULT_SIGNING, "neither selector1 nor selector2 "
	    "exists; signatures by contoso.onmicrosoft.com do not align with "
	    "contoso.com, so DMARC cannot pass by DKIM=>Publish the two CNAMEs "
	    "that New-DkimSigningConfig -DomainName contoso.com -KeySize 2048 "
	    "-Enabled $true or Get-DkimSigningConfig shows, then turn signing "
	    "on" },
};

/* clang-format on */

static void
reply_records(struct dns_observation *obs, char *records)
{
	char *next;

	obs->answer = arena_array(obs->mem, 8, sizeof *obs->answer);
	for (; records != NULL; records = next) {
		const char *error = "";

		next = strchr(records, '|');
		if (next != NULL)
			*next++ = '\0';
		if (!rr_from_text(obs->mem, records, NULL, 0,
			&obs->answer[obs->nanswer++], &error))
			ok(false, "bad record %s: %s", records, error);
	}
}

/* "name TYPE=…" or "name TYPE!…" */
static void
question_add(struct evidence *ev, char *line)
{
	struct dns_observation *obs = dns_observation_new();
	char *type = strchr(line, ' '), *how;
	uint8_t name[NAME_WIRE_MAX];
	unsigned rcode = 0;

	/* A name may have an escaped blank, never a plain one. */
	*type++ = '\0';
	how = type + strcspn(type, "=!");
	if (*how == '=')
		reply_records(obs, arena_strdup(obs->mem, how + 1));
	else if (strcmp(how, "!timeout") == 0)
		obs->outcome = DNS_TIMED_OUT;
	else
		rcode_from_text(how + 1, &rcode);
	*how = '\0';
	obs->rcode = (uint16_t)rcode;
	name_from_text(name, line, NULL);
	obs->name = name_copy(obs->mem, name);
	rr_type_from_text(type, &obs->type);
	evidence_add_dns(ev, obs);
}

static struct evidence *
evidence_read(const char *text, const char *selectors)
{
	struct evidence *ev = evidence_new();
	char *lines = arena_strdup(ev->mem, text), *next;
	uint8_t name[NAME_WIRE_MAX];

	name_from_text(name, "contoso.com", NULL);
	ev->domain = name_copy(ev->mem, name);
	ev->asked.selectors = arena_array(ev->mem, 4, sizeof(char *));
	if (*selectors != '\0')
		ev->asked.selectors[ev->asked.nselectors++] = selectors;
	for (; *lines != '\0'; lines = next) {
		next = strchr(lines, '\n');
		*next++ = '\0';
		question_add(ev, lines);
	}
	return ev;
}

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

static struct judgement *
judged(struct arena *mem, struct evidence *ev)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);

	*j = (struct judgement){ .mem = mem, .ev = ev };
	j->path = path_walk(mem, ev);
	j->proofs = proofs_new(mem, ev, NULL);
	j->findings.mem = mem;
	j->options.at = 1796000000;
	j->dkim = arena_array(mem, j->path->nselectors, sizeof *j->dkim);
	judge_dkim(j);
	return j;
}

static void
test_details(size_t i)
{
	struct arena *mem = arena_new();
	struct evidence *ev = evidence_read(details[i].evidence, details[i].selector);
	const struct judgement *j;
	char *text = arena_strdup(mem, "");

	ev->asked.m365 = true;
	ev->asked.initial_domain = details[i].initial;
	j = judged(mem, ev);
	for (size_t k = 0; k < j->findings.n; k++) {
		const struct finding *f = &j->findings.list[k];

		if (f->id == details[i].id)
			text = arena_printf(mem, "%s%s%s%s%s", text,
			    *text ? " | " : "", f->detail,
			    f->remedy ? "=>" : "", f->remedy ? f->remedy : "");
	}
	is(text, details[i].want, details[i].name);
	evidence_free(ev);
	arena_free(mem);
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
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		test_details(i);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* What is said of the selectors of contoso.com, and what to do. */
#include "dkim_fixture.h"

/* clang-format off */
#define RSA_1024 \
	"\"v=DKIM1; p=\" " \
	"\"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC9uT2N69UO/EJaNn9fyE+F\" " \
	"\"82JgJS1t7K9R2Aie+VrQaw6Vm3LO8bRaFWQwzzhOZyvCdrlCnaqhfuNtVnTr\" " \
	"\"HJYPBwvtX+IrcjjMJU4bo24lyeCsKdbngMPh5ehJ7yI/EyJID0DV125UlNY7\" " \
	"\"uqMi11riVqgkuwWgEetJ7SfzOKDZcwIDAQAB\""
#define UNCHECKED \
	"the tenant part (contoso, as in the other selector) was not " \
	"checked: --initial-domain was not given"
#define ALONE \
	"the tenant part (contoso) was not checked: --initial-domain was not " \
	"given"
#define ASK \
	"Publish the CNAMEs that this shows: Get-DkimSigningConfig -Identity " \
	"contoso.com | Format-List Selector1CNAME, Selector2CNAME"
#define UNCHECKED_ID \
	"; the domain part (fabrikam-com) was not checked: no MX host of " \
	"Microsoft 365 shows it"
#define F1 "selector1-fabrikam-com._domainkey.contoso.onmicrosoft.com."
#define F2 "selector2-fabrikam-com._domainkey.contoso.onmicrosoft.com."
#define ALIGN \
	"; signatures by the initial domain do not align with contoso.com, " \
	"so DMARC cannot pass by DKIM=>Publish the two CNAMEs that " \
	"New-DkimSigningConfig -DomainName contoso.com -KeySize 2048 " \
	"-Enabled $true or Get-DkimSigningConfig shows, then turn signing on"
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
	    "selector1-fabrikam-com._domainkey.x.onmicrosoft.com." UNCHECKED_ID
	    "; the tenant part (x) was not checked: --initial-domain was not "
	    "given" },
	{ "the same where the initial domain is known", "", "x.onmicrosoft.com",
	    OTHER_MX S1 " TXT="
	    CNAME(S1, "selector1-fabrikam-com._domainkey.x.onmicrosoft.com.")
	    "|" KEY("selector1-fabrikam-com._domainkey.x.onmicrosoft.com.")
	    "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_OK, "RSA key of 2048 bits, through "
	    "selector1-fabrikam-com._domainkey.x.onmicrosoft.com."
	    UNCHECKED_ID },
	{ "no key, and an identifier that nothing shows", "", INITIAL,
	    OTHER_MX S1 " TXT=" CNAME(S1, F1) "\n" F1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, F2) "\n" F2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_NO_ACTIVE_SELECTOR, "neither " F1 " nor " F2
	    " has a key: signing is off, or the domain part (fabrikam-com) is "
	    "wrong=>Compare "
	    "the CNAMEs with Get-DkimSigningConfig -Identity contoso.com | "
	    "Format-List Selector1CNAME, Selector2CNAME; then turn signing on: "
	    "Set-DkimSigningConfig -Identity contoso.com -Enabled $true" },
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

	{ "GCC High, a target of the other cloud", "", NULL,
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-com.mail.protection.office365.us.\n"
	    S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "of another cloud: "
	    "\"onmicrosoft.com\", expected \"onmicrosoft.us\": found " T1
	    "=>" ASK },
	{ "on the way to GCC High", "", NULL,
	    "contoso.com. MX=contoso.com. 3600 IN MX 0 "
	    "contoso-com.mail.protection.office365.us.|contoso.com. 3600 IN MX "
	    "1 contoso-com.mail.protection.outlook.com.\n"
	    S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "" },
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
	    ": they cannot both be right (the two forms are mixed: "
	    "\"onmicrosoft.com\" and \"n-v1.dkim.mail.microsoft\")=>" ASK },
	{ "they differ by a letter", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, "selector2-contoso-com._domainkey.contosso."
		"onmicrosoft.com.") "\n"
	    "selector2-contoso-com._domainkey.contosso.onmicrosoft.com. "
	    "TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "selector2-contoso-com._domainkey."
	    "contosso.onmicrosoft.com.; the other selector has " T1
	    ": they cannot both be right (the tenant parts \"contoso\" and "
	    "\"contosso\" are 1 letter apart)=>" ASK },
	{ "they are of two tenants", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "\n" T1 " TXT!NXDOMAIN\n"
	    S2 " TXT=" CNAME(S2, "selector2-contoso-com._domainkey.fabrikam."
		"onmicrosoft.com.") "\n"
	    "selector2-contoso-com._domainkey.fabrikam.onmicrosoft.com. "
	    "TXT!NXDOMAIN\n",
	    FINDING_DKIM_CNAME_WRONG_TARGET, "selector2-contoso-com._domainkey."
	    "fabrikam.onmicrosoft.com.; the other selector has " T1
	    ": they cannot both be right (of two tenants: \"contoso\" and "
	    "\"fabrikam\")=>" ASK },
	{ "two CNAMEs at a name, neither of them known as right", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" CNAME(S1, "k.example.") "\n"
	    T1 " TXT!NXDOMAIN\n" NONE2,
	    FINDING_DKIM_CNAME_WRONG_TARGET, "two CNAMEs stand at the name, to "
	    T1 " and to k.example.: there may be one (RFC 2181 10.1)=>Leave one "
	    "CNAME there, the right one" },
	{ "a TXT record in the CNAME's place", "", NULL,
	    MX S1 " TXT=" CNAME(S1, T1) "|" KEY(T1) "\n"
	    S2 " TXT=" S2 " 60 IN TXT \"v=spf1 -all\"\n",
	    FINDING_DKIM_CNAME_MISSING, S2 " has no CNAME but a TXT record "
	    "(\"v=spf1 -all\"), which has to go unless a wildcard makes it: no "
	    "other record may stand beside a CNAME (RFC 1034 3.6.2)=>Publish "
	    "selector2._domainkey.contoso.com as a CNAME to "
	    "selector2-contoso-com._domainkey.contoso.onmicrosoft.com." },
	{ "names that a proxy answers for", "", NULL,
	    MX S1 " TXT!NOERROR\n" S2 " TXT!NOERROR\n",
	    FINDING_DKIM_DEFAULT_SIGNING, "selector1 and selector2 exist, but "
	    "have no CNAME: a proxy hides a CNAME so, and a wildcard of "
	    "another type looks so" ALIGN },
	{ "one such name", "", NULL,
	    MX S1 " TXT!NOERROR\n" S2 " TXT!NXDOMAIN\n",
	    FINDING_DKIM_DEFAULT_SIGNING, "selector1 exists, but has no CNAME, "
	    "and selector2 does not exist" ALIGN },
	{ "TXT records that are no keys", "", NULL,
	    MX S1 " TXT=" S1 " 60 IN TXT \"v=spf1 -all\"\n"
	    S2 " TXT=" S2 " 60 IN TXT \"v=spf1 -all\"\n",
	    FINDING_DKIM_DEFAULT_SIGNING, "selector1 and selector2 have a TXT "
	    "record that is no key" ALIGN },
	{ "another sender's key, and a revoked one", "", NULL,
	    MX S1 " TXT=" CNAME(S1, "k.example.") "|" KEY("k.example.") "\n"
	    S2 " TXT=" EMPTY(S2) "\n",
	    FINDING_DKIM_DEFAULT_SIGNING, "selector1 leads to k.example., no "
	    "target of Microsoft 365, and selector2 has a revoked key of its "
	    "own" ALIGN },
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
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		test_details(i);
	return tap_done();
}

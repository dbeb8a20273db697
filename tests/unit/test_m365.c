/* SPDX-License-Identifier: ISC */
/* Microsoft 365 by its names: MX hosts, identifiers, targets and slips. */
#include "core/m365.h"
#include "core/m365_slip.h"

#include "core/arena.h"
#include "core/name.h"
#include "tap.h"

#define ID "-contoso-com._domainkey."
#define OLD "contoso.onmicrosoft.com"
#define NEW "contoso.n-v1.dkim.mail.microsoft"

static const struct {
	const char *host;
	const char *want; /* "id", "GCC" or "no" */
} hosts[] = {
	{ "contoso-com.mail.protection.outlook.com", "contoso-com" },
	{ "Contoso-COM.Mail.Protection.Outlook.com", "contoso-com" },
	{ "contoso-com.o-v1.mx.microsoft", "contoso-com" },
	{ "contoso-com.o-v2.mx.microsoft", "no" },
	{ "contoso-com.-v1.mx.microsoft", "no" },
	{ "o-v1.mx.microsoft", "no" },
	{ "contoso-com.mail.protection.office365.us", "GCC" },
	{ "mail.protection.outlook.com", "no" },
	{ "a.b.mail.protection.outlook.com", "no" },
	{ "contoso-com.mail.protection.outlook.com.contoso.com", "no" },
	{ "mx1.contoso.com", "no" },
	{ "contoso-com.mail.eo.outlook.com", "contoso-com" },
	{ "mail.eo.outlook.com", "no" },
	{ "contoso-com.mail.protection.partner.outlook.cn", "contoso-com" },
	{ "contoso-com.mail.protection.outlook.cn", "no" },
	{ "contoso-com.olc.protection.outlook.com", "no" },
	{ "contoso-com.MX-v1.mx.microsoft", "contoso-com" },
	{ "contoso-com.o-v1.mx.microsoft.com", "no" },
	{ "a.contoso-com.o-v1.mx.microsoft", "no" },
	{ "a\\000b.mail.protection.outlook.com", "no" },
	{ "a\\.b.mail.protection.outlook.com", "no" },
	{ ".", "no" },
};

enum { UNKNOWN_ID = 1, GCC_HIGH = 2, SISTER_ID = 4 };

/*
 * All of domain contoso.com, selector 1; the MX label is contoso-com, unless
 * the flags say another thing.
 */
static const struct {
	const char *name;
	const char *target;
	const char *initial; /* or NULL */
	const char *other;   /* selector2's, proven; or NULL */
	unsigned flags;
	enum m365_slip want;
	const char *what;     /* what is said of it */
	const char *expected; /* or NULL */
} slips[] = {
	{ "older form", "selector1" ID OLD, NULL, NULL, 0, M365_SLIP_NONE, NULL,
	    NULL },
	{ "newer form", "selector1" ID NEW, NULL, NULL, 0, M365_SLIP_NONE, NULL,
	    NULL },
	{ "21Vianet", "selector1" ID "contoso.partner.onmschina.cn", NULL, NULL,
	    0, M365_SLIP_NONE, NULL, NULL },
	{ "upper case", "Selector1-CONTOSO-com._domainkey." OLD, OLD, NULL, 0,
	    M365_SLIP_NONE, NULL, "selector1" ID OLD },
	{ "newer form, initial known", "selector1" ID NEW, OLD, NULL, 0,
	    M365_SLIP_NONE, NULL, "selector1" ID NEW },

	{ "appended", "selector1" ID OLD ".contoso.com", NULL, NULL, 0,
	    M365_SLIP_APPENDED,
	    "the zone's name \"contoso.com\" was appended to the target",
	    "selector1" ID OLD },
	{ "appended to the newer form", "selector1" ID NEW ".contoso.com", NULL,
	    NULL, 0, M365_SLIP_APPENDED,
	    "the zone's name \"contoso.com\" was appended to the target",
	    "selector1" ID NEW },
	{ "appended origin", "selector1" ID OLD "._domainkey.contoso.com", NULL,
	    NULL, 0, M365_SLIP_APPENDED,
	    "the zone's name \"_domainkey.contoso.com\" was appended to the "
	    "target",
	    "selector1" ID OLD },
	{ "appended top", "selector1" ID OLD ".com", NULL, NULL, 0,
	    M365_SLIP_APPENDED,
	    "the zone's name \"com\" was appended to the target",
	    "selector1" ID OLD },
	{ "appended other name", "selector1" ID OLD ".dns.example", NULL, NULL,
	    0, M365_SLIP_APPENDED,
	    "the name \"dns.example\" stands behind the target",
	    "selector1" ID OLD },
	{ "appended, and swapped", "selector2" ID OLD ".contoso.com", OLD, NULL,
	    0, M365_SLIP_APPENDED,
	    "the zone's name \"contoso.com\" was appended to the target; and "
	    "this is the target of selector2",
	    "selector1" ID OLD },
	{ "appended, and a typing error",
	    "selector1-contosso-com._domainkey." OLD ".contoso.com", NULL, NULL,
	    0, M365_SLIP_APPENDED,
	    "the zone's name \"contoso.com\" was appended to the target; and "
	    "1 letter off: \"contosso-com\", expected \"contoso-com\"",
	    NULL },

	{ "appended to what is none", "selector1-contoso-._domainkey." OLD
	    ".contoso.com", NULL, NULL, UNKNOWN_ID, M365_SLIP_SHAPE,
	    "of Microsoft 365, but not the target of a selector", NULL },

	{ "swapped", "selector2" ID OLD, NULL, NULL, 0, M365_SLIP_SWAPPED,
	    "this is the target of selector2", "selector1" ID OLD },
	{ "swapped, of another domain", "selector2-fabrikam-com._domainkey." OLD,
	    NULL, NULL, 0, M365_SLIP_SWAPPED,
	    "this is the target of selector2; and of another domain: "
	    "\"fabrikam-com\", expected \"contoso-com\"",
	    NULL },

	{ "typo in the id", "selector1-contosso-com._domainkey." OLD, NULL,
	    NULL, 0, M365_SLIP_TYPO,
	    "1 letter off: \"contosso-com\", expected \"contoso-com\"", NULL },
	{ "the same, initial known", "selector1-contosso-com._domainkey." OLD,
	    OLD, NULL, 0, M365_SLIP_TYPO,
	    "1 letter off: \"contosso-com\", expected \"contoso-com\"",
	    "selector1" ID OLD },
	{ "the same behind a gateway", "selector1-contosso-com._domainkey." OLD,
	    OLD, NULL, UNKNOWN_ID, M365_SLIP_TYPO,
	    "1 letter off: \"contosso-com\", expected \"contoso-com\"",
	    "selector1" ID OLD },
	{ "two letters", "selector1-conotso-com._domainkey." OLD, NULL, NULL, 0,
	    M365_SLIP_TYPO,
	    "2 letters off: \"conotso-com\", expected \"contoso-com\"", NULL },
	{ "typo in the tenant", "selector1" ID "contozo.onmicrosoft.com", OLD,
	    NULL, 0, M365_SLIP_TYPO,
	    "1 letter off: \"contozo\", expected \"contoso\"",
	    "selector1" ID OLD },
	{ "the same, by the other", "selector1" ID "contozo.onmicrosoft.com",
	    NULL, "selector2" ID OLD, 0, M365_SLIP_TYPO,
	    "1 letter off: \"contozo\", expected \"contoso\"",
	    "selector1" ID OLD },
	{ "typo in the suffix", "selector1" ID "contoso.onmicrosft.com", NULL,
	    NULL, 0, M365_SLIP_TYPO,
	    "1 letter off: \"onmicrosft\", expected \"onmicrosoft\"", NULL },
	{ "no underscore", "selector1-contoso-com.domainkey." OLD, NULL,
	    "selector2" ID OLD, 0, M365_SLIP_TYPO,
	    "1 letter off: \"domainkey\", expected \"_domainkey\"",
	    "selector1" ID OLD },
	{ "no hyphen", "selector1contoso-com._domainkey." OLD, NULL,
	    "selector2" ID OLD, 0, M365_SLIP_TYPO,
	    "1 letter off: \"selector1contoso-com\", expected "
	    "\"selector1-contoso-com\"",
	    "selector1" ID OLD },
	{ "the domain with its dots", "selector1-contoso.com._domainkey." OLD,
	    NULL, "selector2" ID OLD, 0, M365_SLIP_TYPO,
	    "1 letter off: \"selector1-contoso.com\", expected "
	    "\"selector1-contoso-com\"",
	    "selector1" ID OLD },
	{ "no letter", "selector1" ID "contoso.-v1.dkim.mail.microsoft", NULL,
	    "selector2" ID NEW, 0, M365_SLIP_TYPO,
	    "1 letter off: \"-v1\", expected \"n-v1\"", "selector1" ID NEW },
	{ "another letter", "selector1" ID "contoso.m-v1.dkim.mail.microsoft",
	    NULL, "selector2" ID NEW, 0, M365_SLIP_TYPO,
	    "1 letter off: \"m-v1.dkim.mail.microsoft\", expected "
	    "\"n-v1.dkim.mail.microsoft\"",
	    "selector1" ID NEW },
	{ "any letter, where none is known",
	    "selector1" ID "contoso.m-v1.dkim.mail.microsoft", NULL, NULL, 0,
	    M365_SLIP_NONE, NULL, NULL },

	{ "other domain", "selector1-fabrikam-com._domainkey." OLD, NULL, NULL,
	    0, M365_SLIP_OTHER_TENANT,
	    "of another domain: \"fabrikam-com\", expected \"contoso-com\"",
	    NULL },
	{ "other domain, near", "selector1-contoso-co._domainkey." OLD, OLD,
	    NULL, 0, M365_SLIP_OTHER_TENANT,
	    "of another domain: \"contoso-co\", expected \"contoso-com\"",
	    "selector1" ID OLD },
	{ "other domain behind a gateway", "selector1-fabrikam-com._domainkey."
	    OLD, NULL, NULL, UNKNOWN_ID, M365_SLIP_NONE, NULL, NULL },
	{ "other tenant", "selector1" ID "fabrikam.onmicrosoft.com", NULL,
	    "selector2" ID OLD, 0, M365_SLIP_OTHER_TENANT,
	    "of another tenant: \"fabrikam\", expected \"contoso\"",
	    "selector1" ID OLD },
	{ "other tenant, near", "selector1" ID "contoso2.onmicrosoft.com", OLD,
	    NULL, 0, M365_SLIP_OTHER_TENANT,
	    "of another tenant: \"contoso2\", expected \"contoso\"",
	    "selector1" ID OLD },
	{ "tenant cannot be told", "selector1" ID "fabrikam.onmicrosoft.com",
	    NULL, NULL, 0, M365_SLIP_NONE, NULL, NULL },
	{ "the identifier was taken", "selector1-contoso-com0i._domainkey." OLD,
	    NULL, NULL, SISTER_ID, M365_SLIP_NONE, NULL, NULL },
	{ "MX of a sister", "selector1" ID OLD, OLD, NULL, SISTER_ID,
	    M365_SLIP_NONE, NULL, "selector1" ID OLD },
	{ "MX of a sister, other domain", "selector1-fabrikam-com._domainkey."
	    OLD, OLD, NULL, SISTER_ID, M365_SLIP_OTHER_TENANT,
	    "of another domain: \"fabrikam-com\", expected \"contoso-com\"",
	    NULL },
	{ "GCC High", "selector1" ID "contoso.onmicrosoft.us", NULL, NULL,
	    GCC_HIGH, M365_SLIP_NONE, NULL, NULL },
	{ "GCC High, not .us", "selector1" ID OLD, NULL, NULL, GCC_HIGH,
	    M365_SLIP_OTHER_TENANT,
	    "of another cloud: \"onmicrosoft.com\", expected "
	    "\"onmicrosoft.us\"",
	    NULL },
	{ "initial domain not .us", "selector1" ID "contoso.onmicrosoft.us", OLD,
	    NULL, 0, M365_SLIP_OTHER_TENANT,
	    "of another cloud: \"onmicrosoft.us\", expected "
	    "\"onmicrosoft.com\"",
	    "selector1" ID OLD },
	{ "mixed forms", "selector1" ID OLD, NULL, "selector2" ID NEW, 0,
	    M365_SLIP_MIXED_FORMS,
	    "the two forms are mixed: this one ends in \"onmicrosoft.com\", "
	    "the other selector's in \"n-v1.dkim.mail.microsoft\"",
	    "selector1" ID NEW },

	{ "space", "selector1\\032" ID OLD, OLD, NULL, 0, M365_SLIP_STRAY,
	    "the target has a space in it", "selector1" ID OLD },
	{ "tab at the end", "selector1" ID OLD "\\009", NULL, NULL, 0,
	    M365_SLIP_STRAY, "the target has a tab in it",
	    "selector1" ID OLD },
	{ "label of a space", "selector1" ID OLD ".\\032", NULL, NULL, 0,
	    M365_SLIP_STRAY, "the target has a space in it",
	    "selector1" ID OLD },
	{ "no-break space", "selector1" ID OLD "\\194\\160", NULL, NULL, 0,
	    M365_SLIP_STRAY, "the target has octet \\194 and octet \\160 in it",
	    "selector1" ID OLD },
	{ "quoted", "\\034selector1" ID OLD "\\034", NULL, NULL, 0,
	    M365_SLIP_STRAY, "the target has a quotation mark in it",
	    "selector1" ID OLD },
	{ "backslash", "selector1-contoso-com\\092._domainkey." OLD, NULL, NULL,
	    0, M365_SLIP_STRAY, "the target has a backslash in it",
	    "selector1" ID OLD },
	{ "escaped dot", "selector1-contoso-com\\._domainkey." OLD, NULL, NULL,
	    0, M365_SLIP_STRAY, "the target has an escaped dot in it",
	    "selector1" ID OLD },
	{ "many", "!selector1@" ID OLD "\\032\\000", NULL, NULL, 0,
	    M365_SLIP_STRAY,
	    "the target has the character ! and the character @ and a space "
	    "and more in it",
	    "selector1" ID OLD },
	{ "space, and swapped", "selector2" ID OLD "\\032", NULL, NULL, 0,
	    M365_SLIP_STRAY,
	    "the target has a space in it; and this is the target of selector2",
	    "selector1" ID OLD },
	{ "space in a foreign name", "s1\\032.example.net", NULL, NULL, 0,
	    M365_SLIP_STRAY, "the target has a space in it", NULL },

	{ "another provider", "s1.domainkey.u1.wl.example.net", NULL, NULL, 0,
	    M365_SLIP_FOREIGN, "no target of Microsoft 365", NULL },
	{ "root", ".", NULL, NULL, 0, M365_SLIP_FOREIGN,
	    "no target of Microsoft 365", NULL },
	{ "half a target", "selector1-contoso-com._domainkey", NULL, NULL, 0,
	    M365_SLIP_FOREIGN, "no target of Microsoft 365", NULL },
	{ "initial domain alone", OLD, NULL, NULL, 0, M365_SLIP_SHAPE,
	    "of Microsoft 365, but not the target of a selector", NULL },
	{ "id forgotten", "selector1._domainkey." OLD, OLD, NULL, 0,
	    M365_SLIP_SHAPE,
	    "of Microsoft 365, but not the target of a selector", NULL },
	{ "letter forgotten", "selector1" ID "contoso.dkim.mail.microsoft", NULL,
	    NULL, 0, M365_SLIP_SHAPE,
	    "of Microsoft 365, but not the target of a selector", NULL },
};

/* What a typing error makes of a name, and what sister names differ by. */
static const struct {
	const char *got, *want;
	bool typo;
} typos[] = {
	{ "contos-com", "contoso-com", true },
	{ "contosoo-com", "contoso-com", true },
	{ "cotnoso-com", "contoso-com", true },
	{ "c0ntoso-com", "contoso-com", true },
	{ "c0nt0s0-com", "contoso-com", true },
	{ "fabr1kam-com", "fabrikam-com", true },
	{ "contosocom", "contoso-com", true },
	{ "contoso-con", "contoso-com", true },
	{ "contoso-comm", "contoso-com", true },
	{ "contoso-d", "contoso-de", true },
	{ "acm-com", "acme-com", true },
	{ "contosos", "contoso", true },
	{ "contoso-net", "contoso-com", false },
	{ "contoso-co", "contoso-com", false },
	{ "contoso-dk", "contoso-de", false },
	{ "contoso-co-uk", "contoso-com", false },
	{ "contoso1-com", "contoso2-com", false },
	{ "contoso1", "contoso", false },
	{ "netorgft20395981", "netorgft20395980", false },
	{ "m-contoso-com", "contoso-com", false },
	{ "contosouk", "contoso", false },
	{ "mycontoso-com", "contoso-com", false },
	{ "fabrikam-com", "contoso-com", false },
	{ "consolto-com", "contoso-com", false },
	{ "abc-com", "abd-com", false },
	{ "acne-com", "acme-net", false },
	{ "ab", "ac", false },
	{ "", "contoso", false },
	{ "a-b-com", "ab-com", false },
};

static const struct {
	const char *text;
	bool want;
} texts[] = {
	{ "selector1" ID OLD, true },
	{ "selector1" ID OLD ".", true },
	{ "SELECTOR1-CONTOSO-COM._DOMAINKEY.CONTOSO.ONMICROSOFT.COM", true },
	{ "K1.DomainKey.example.com", true },
	{ " \"selector1" ID OLD "\"", true },
	{ "s1.domainkey.u1.wl.example.net", true },
	{ "k2._domainkey.example.net", true },
	{ "dkim2.example.net.", true },
	{ "dkim2", false },
	{ "dkim2 is at example.net", false },
	{ "mail.example.net", false },
	{ "v=DKIM1; p=", false },
	{ "_domainkey.", false },
	{ "v=spf1 include:x._domainkey.example", false },
	{ "", false },
};

static const uint8_t *
wire(struct arena *mem, const char *text)
{
	uint8_t name[NAME_WIRE_MAX];

	if (!name_from_text(name, text, NULL))
		ok(false, "bad name in the table: %s", text);
	return name_copy(mem, name);
}

static void
test_slip(struct arena *mem, size_t i)
{
	static const char *const ids[] = { "contoso-com" };
	static const char *const sister[] = { "contoso-net" };
	struct m365_target other;
	struct m365_known known = {
		.domain = wire(mem, "contoso.com"),
		.ids = slips[i].flags & SISTER_ID ? sister : ids,
		.nids = slips[i].flags & UNKNOWN_ID ? 0 : 1,
		.initial = slips[i].initial,
		.cloud = slips[i].flags & GCC_HIGH ? "onmicrosoft.us" : NULL,
	};
	struct m365_verdict v;

	if (slips[i].other != NULL) {
		ok(m365_target_parse(mem, wire(mem, slips[i].other), &other),
		    "%s: the other is a target", slips[i].name);
		known.other = &other;
	}
	m365_target_check(mem, wire(mem, slips[i].target), 1, &known, &v);
	ok(v.slip == slips[i].want, "%s: %u", slips[i].name, v.slip);
	is(v.what, slips[i].what, slips[i].name);
	is(v.expected, slips[i].expected, slips[i].name);
}

/* The target within a text, or NULL. */
static const struct {
	const char *text;
	const char *want;
} within[] = {
	{ "selector1" ID OLD, "selector1" ID OLD },
	{ " \"selector1" ID OLD ".\" ", "selector1" ID OLD "." },
	{ "CNAME selector1" ID OLD, "selector1" ID OLD },
	{ "selector1._domainkey 3600 IN cname\tselector1" ID OLD,
	    "selector1" ID OLD },
	{ "v=DKIM1; k=rsa; p=selector1" ID OLD ";", "selector1" ID OLD },
	{ "v=DKIM1; p= selector1" ID OLD, "selector1" ID OLD },
	{ "v=DKIM1 selector1" ID OLD, "selector1" ID OLD },
	{ "v=DKIM1; n=selector1" ID OLD "; p=AAAA", NULL },
	{ "v=DKIM1; n=selector1" ID OLD, NULL },
	{ "v=DKIM1; p=dkim.example.com", NULL },
	{ "CNAME dkim.example.com", NULL },
	{ "see dkim.example.com", NULL },
	{ "selector1 -contoso-com._domainkey." OLD,
	    "selector1 -contoso-com._domainkey." OLD },
	{ "p=", NULL },
	{ " ", NULL },
	{ "", NULL },
};

static void
test_within(size_t i)
{
	const char *text = within[i].text, *at = NULL;
	size_t n = 0;
	bool found = m365_text_target(text, strlen(text), &at, &n);

	ok(found == (within[i].want != NULL), "a target in \"%s\"", text);
	if (found)
		ok(n == strlen(within[i].want) &&
			memcmp(at, within[i].want, n) == 0,
		    "which is %.*s", (int)n, at);
}

/* The cloud by its MX hosts, or NULL. */
static const struct {
	const char *host;
	const char *want;
} clouds[] = {
	{ "contoso-com.mail.protection.outlook.com", "onmicrosoft.com" },
	{ "contoso-com.MAIL.eo.outlook.com", "onmicrosoft.com" },
	{ "contoso-com.mail.protection.office365.us", "onmicrosoft.us" },
	{ "contoso-com.mail.protection.partner.outlook.cn",
	    "partner.onmschina.cn" },
	{ "contoso-com.o-v1.mx.microsoft", NULL },
	{ "mx.contoso.com", NULL },
};

int
main(void)
{
	struct arena *mem = arena_new();

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		const char *id = NULL;
		bool gcc_high = false;
		bool is365 =
		    m365_from_mx(mem, wire(mem, hosts[i].host), &id, &gcc_high);

		is(!is365	   ? "no"
			: gcc_high ? "GCC"
				   : id,
		    hosts[i].want, hosts[i].host);
	}
	is(m365_id_from_domain(mem, wire(mem, "Mail.Contoso.us")),
	    "mail-contoso-us", "identifier of GCC High");
	ok(m365_is_initial(wire(mem, OLD)), "initial domain");
	ok(!m365_is_initial(wire(mem, "contoso.com")), "no initial domain");
	ok(m365_is_initial(wire(mem, "contoso.partner.onmschina.cn")),
	    "initial domain of 21Vianet");
	ok(!m365_is_initial(wire(mem, "contoso.onmschina.cn")), "nearly one");
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
		test_slip(mem, i);
	for (size_t i = 0; i < sizeof typos / sizeof *typos; i++)
		ok(m365_is_typo(typos[i].got, typos[i].want) == typos[i].typo,
		    "\"%s\" for \"%s\"", typos[i].got, typos[i].want);
	ok(m365_stray_text(mem, wire(mem, OLD)) == NULL, "nothing stray");
	for (size_t i = 0; i < sizeof clouds / sizeof *clouds; i++)
		is(m365_mx_cloud(mem, wire(mem, clouds[i].host)),
		    clouds[i].want, clouds[i].host);
	for (size_t i = 0; i < sizeof within / sizeof *within; i++)
		test_within(i);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ok(m365_text_is_target(texts[i].text, strlen(texts[i].text)) ==
			texts[i].want,
		    "text \"%s\"", texts[i].text);
	arena_free(mem);
	return tap_done();
}

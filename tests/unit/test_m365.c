/* SPDX-License-Identifier: ISC */
/* Microsoft 365 by its names: MX hosts, identifiers, targets and slips. */
#include "core/m365.h"

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
	{ "a\\000b.mail.protection.outlook.com", "no" },
	{ "a\\.b.mail.protection.outlook.com", "no" },
	{ ".", "no" },
};

/* All of domain contoso.com, MX label contoso-com, selector 1. */
static const struct {
	const char *name;
	const char *target;
	const char *initial; /* or NULL */
	const char *other;   /* selector2's, proven; or NULL */
	enum m365_slip want;
	const char *expected; /* or NULL */
} slips[] = {
	{ "older form", "selector1" ID OLD, NULL, NULL, M365_SLIP_NONE, NULL },
	{ "newer form", "selector1" ID NEW, NULL, NULL, M365_SLIP_NONE, NULL },
	{ "upper case", "Selector1-CONTOSO-com._domainkey." OLD, OLD, NULL,
	    M365_SLIP_NONE, "selector1" ID OLD },
	{ "newer form, initial known", "selector1" ID NEW, OLD, NULL,
	    M365_SLIP_NONE, "selector1" ID NEW },
	{ "appended", "selector1" ID OLD ".contoso.com", NULL, NULL,
	    M365_SLIP_APPENDED, "selector1" ID OLD },
	{ "appended to the newer form", "selector1" ID NEW ".contoso.com", NULL,
	    NULL, M365_SLIP_APPENDED, "selector1" ID NEW },
	{ "appended, and swapped", "selector2" ID OLD ".contoso.com", OLD, NULL,
	    M365_SLIP_APPENDED, "selector1" ID OLD },
	{ "swapped", "selector2" ID OLD, NULL, NULL, M365_SLIP_SWAPPED,
	    "selector1" ID OLD },
	{ "typo in the id", "selector1-contosso-com._domainkey." OLD, NULL,
	    NULL, M365_SLIP_TYPO, NULL },
	{ "the same, initial known", "selector1-contosso-com._domainkey." OLD,
	    OLD, NULL, M365_SLIP_TYPO, "selector1" ID OLD },
	{ "typo in the tenant", "selector1" ID "contozo.onmicrosoft.com", OLD,
	    NULL, M365_SLIP_TYPO, "selector1" ID OLD },
	{ "the same, by the other", "selector1" ID "contozo.onmicrosoft.com",
	    NULL, "selector2" ID OLD, M365_SLIP_TYPO, "selector1" ID OLD },
	{ "typo in the suffix", "selector1" ID "contoso.onmicrosft.com", NULL,
	    NULL, M365_SLIP_TYPO, NULL },
	{ "no underscore", "selector1-contoso-com.domainkey." OLD, NULL,
	    "selector2" ID OLD, M365_SLIP_TYPO, "selector1" ID OLD },
	{ "other domain", "selector1-fabrikam-com._domainkey." OLD, NULL, NULL,
	    M365_SLIP_OTHER_TENANT, NULL },
	{ "other tenant", "selector1" ID "fabrikam.onmicrosoft.com", NULL,
	    "selector2" ID OLD, M365_SLIP_OTHER_TENANT, "selector1" ID OLD },
	{ "tenant cannot be told", "selector1" ID "fabrikam.onmicrosoft.com",
	    NULL, NULL, M365_SLIP_NONE, NULL },
	{ "mixed forms", "selector1" ID OLD, NULL, "selector2" ID NEW,
	    M365_SLIP_MIXED_FORMS, "selector1" ID NEW },
	{ "space", "selector1\\032" ID OLD, OLD, NULL, M365_SLIP_WHITESPACE,
	    "selector1" ID OLD },
	{ "tab at the end", "selector1" ID "contoso.onmicrosoft.com\\009", NULL,
	    NULL, M365_SLIP_WHITESPACE, "selector1" ID OLD },
	{ "no-break space", "selector1" ID OLD "\\194\\160", NULL, NULL,
	    M365_SLIP_WHITESPACE, "selector1" ID OLD },
	{ "another provider", "s1.domainkey.u1.wl.example.net", NULL, NULL,
	    M365_SLIP_FOREIGN, NULL },
	{ "root", ".", NULL, NULL, M365_SLIP_FOREIGN, NULL },
	{ "half a target", "selector1-contoso-com._domainkey", NULL, NULL,
	    M365_SLIP_FOREIGN, NULL },
	{ "no letter", "selector1" ID "contoso.-v1.dkim.mail.microsoft", NULL,
	    NULL, M365_SLIP_TYPO, NULL },
};

static const struct {
	const char *text;
	bool want;
} texts[] = {
	{ "selector1" ID OLD, true },
	{ "selector1" ID OLD ".", true },
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
	struct m365_target other;
	struct m365_known known = {
		.domain = wire(mem, "contoso.com"),
		.ids = ids,
		.nids = 1,
		.initial = slips[i].initial,
	};
	char *expected;
	enum m365_slip slip;

	if (slips[i].other != NULL) {
		ok(m365_target_parse(mem, wire(mem, slips[i].other), &other),
		    "%s: the other is a target", slips[i].name);
		known.other = &other;
	}
	slip = m365_target_check(
	    mem, wire(mem, slips[i].target), 1, &known, &expected);
	is(m365_slip_text(slip), m365_slip_text(slips[i].want), slips[i].name);
	is(expected, slips[i].expected, slips[i].name);
}

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
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
		test_slip(mem, i);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ok(m365_text_is_target(texts[i].text, strlen(texts[i].text)) ==
			texts[i].want,
		    "text \"%s\"", texts[i].text);
	arena_free(mem);
	return tap_done();
}

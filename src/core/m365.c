/* SPDX-License-Identifier: ISC */
#include "m365.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "text.h"

static const char dkim_mail[] = "-v1.dkim.mail.microsoft";

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static char *
text_lower(struct arena *mem, const uint8_t *name)
{
	uint8_t low[NAME_WIRE_MAX];

	name_lower(low, name);
	return name_text_nodot(mem, low);
}

const char *
m365_initial_suffix(const char *initial)
{
	static const char *const suffixes[] = { "onmicrosoft.com",
		"onmicrosoft.us", "partner.onmschina.cn" };
	const char *dot = strchr(initial, '.');

	if (dot == NULL || dot == initial)
		return NULL;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (strcmp(dot + 1, suffixes[i]) == 0)
			return dot + 1;
	return NULL;
}

/* "n-v1.dkim.mail.microsoft": one label before the fixed end. */
static bool
is_dkim_mail(const char *suffix)
{
	const char *dot = strchr(suffix, '.');

	return dot != NULL && ends_with(suffix, dkim_mail) &&
	    strlen(suffix) > strlen(dkim_mail) &&
	    (size_t)(dot - suffix) ==
	    strlen(suffix) - strlen(dkim_mail) + strlen("-v1");
}

bool
m365_target_split(struct arena *mem, const char *text, struct m365_target *out)
{
	static const char middle[] = "._domainkey.";
	const char *id, *end, *tenant, *suffix;

	*out = (struct m365_target){ .form = M365_FORM_NONE };
	/* No label of a host name begins or ends so. */
	if (strstr(text, "-.") != NULL || strstr(text, ".-") != NULL)
		return false;
	if (strncmp(text, "selector1-", 10) != 0 &&
	    strncmp(text, "selector2-", 10) != 0)
		return false;
	id = text + 10;
	end = strchr(id, '.');
	if (end == NULL || end == id || strncmp(end, middle, 12) != 0)
		return false;
	tenant = end + strlen(middle);
	suffix = strchr(tenant, '.');
	if (suffix == NULL || suffix == tenant)
		return false;
	if (m365_initial_suffix(tenant) != NULL)
		out->form = M365_FORM_ONMICROSOFT;
	else if (is_dkim_mail(suffix + 1))
		out->form = M365_FORM_DKIM_MAIL;
	else
		return false;
	out->selector = text[8] == '1' ? 1 : 2;
	out->id = arena_strndup(mem, id, (size_t)(end - id));
	out->tenant = arena_strndup(mem, tenant, (size_t)(suffix - tenant));
	out->suffix = arena_strdup(mem, suffix + 1);
	return true;
}

bool
m365_from_mx(
    struct arena *mem, const uint8_t *mxhost, const char **id, bool *gcc_high)
{
	static const char *const suffixes[] = {
		".mail.protection.outlook.com",
		".mail.eo.outlook.com", /* the same, older */
		".mail.protection.partner.outlook.cn", /* 21Vianet */
	};
	const char *text, *dot;
	bool found = false;

	if (!name_is_hostname(mxhost, true))
		return false;
	text = text_lower(mem, mxhost);
	dot = strchr(text, '.');
	if (dot == NULL)
		return false;
	if (strcmp(dot, ".mail.protection.office365.us") == 0) {
		*id = NULL;
		*gcc_high = true;
		return true;
	}
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		found |= strcmp(dot, suffixes[i]) == 0;
	if (!found) {
		const char *next = strchr(dot + 1, '.');

		/* contoso-com.o-v1.mx.microsoft */
		if (next == NULL || strcmp(next, ".mx.microsoft") != 0 ||
		    next - dot < 5 || strncmp(next - 3, "-v1", 3) != 0)
			return false;
	}
	*id = arena_strndup(mem, text, (size_t)(dot - text));
	*gcc_high = false;
	return true;
}

const char *
m365_mx_cloud(struct arena *mem, const uint8_t *mxhost)
{
	const char *id, *text;
	bool gcc_high;

	if (!m365_from_mx(mem, mxhost, &id, &gcc_high))
		return NULL;
	text = text_lower(mem, mxhost);
	if (gcc_high)
		return "onmicrosoft.us";
	if (ends_with(text, ".partner.outlook.cn"))
		return "partner.onmschina.cn";
	return ends_with(text, ".outlook.com") ? "onmicrosoft.com" : NULL;
}

char *
m365_id_from_domain(struct arena *mem, const uint8_t *domain)
{
	char *id = text_lower(mem, domain);

	for (char *p = id; *p != '\0'; p++)
		if (*p == '.')
			*p = '-';
	return id;
}

bool
m365_is_initial(const uint8_t *domain)
{
	static const uint8_t com[] = "\13onmicrosoft\3com";
	static const uint8_t us[] = "\13onmicrosoft\2us";
	static const uint8_t cn[] = "\7partner\11onmschina\2cn";

	return name_within(domain, com) || name_within(domain, us) ||
	    name_within(domain, cn);
}

bool
m365_target_parse(
    struct arena *mem, const uint8_t *name, struct m365_target *out)
{
	if (!name_is_hostname(name, true)) {
		*out = (struct m365_target){ .form = M365_FORM_NONE };
		return false;
	}
	return m365_target_split(mem, text_lower(mem, name), out);
}

char *
m365_target_text(
    struct arena *mem, const struct m365_target *target, unsigned selector)
{
	return arena_printf(mem, "selector%u-%s._domainkey.%s.%s", selector,
	    target->id, target->tenant, target->suffix);
}

static bool
has_text(const char *text, size_t len, const char *want)
{
	size_t n = strlen(want);

	for (size_t at = 0; at + n <= len; at++)
		if (text_is(text + at, n, want))
			return true;
	return false;
}

bool
m365_text_is_target(const char *text, size_t len)
{
	bool hostname = true;

	/* A key record has a "="; no name in use does. */
	if (len > NAME_TEXT_MAX || memchr(text, '=', len) != NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		hostname &= (text[i] >= 'a' && text[i] <= 'z') ||
		    (text[i] >= 'A' && text[i] <= 'Z') ||
		    (text[i] >= '0' && text[i] <= '9') ||
		    (text[i] != '\0' && strchr("-_.", text[i]) != NULL);
	/* Microsoft 365's, and "k1.domainkey.…", "x.dkim.…" of others. */
	if (has_text(text, len, "_domainkey."))
		return len > strlen("_domainkey.");
	return hostname && memchr(text, '.', len) != NULL &&
	    (has_text(text, len, "domainkey.") || has_text(text, len, "dkim"));
}

static bool
is_around(char c)
{
	return c == ' ' || c == '\t' || c == '"' || c == ';';
}

/* What stands before a target is the rest of a record's line, or a key's. */
static bool
is_lead(const char *text, size_t len)
{
	static const char *const leads[] = { "cname", "p=", "p =", "dkim1" };

	while (len > 0 && is_around(text[len - 1]))
		len--;
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
		size_t n = strlen(leads[i]);

		if (len >= n && text_is(text + len - n, n, leads[i]))
			return true;
	}
	return false;
}

bool
m365_text_target(const char *text, size_t len, const char **at, size_t *n)
{
	size_t from;

	while (len > 0 && is_around(text[len - 1]))
		len--;
	while (len > 0 && is_around(*text)) {
		text++;
		len--;
	}
	*at = text;
	*n = len;
	if (m365_text_is_target(text, len) && memchr(text, ' ', len) == NULL)
		return true;
	for (from = len;
	     from > 0 && !is_around(text[from - 1]) && text[from - 1] != '=';
	     from--)
		;
	if (is_lead(text, from) &&
	    has_text(text + from, len - from, "._domainkey.") &&
	    m365_text_is_target(text + from, len - from)) {
		*at = text + from;
		*n = len - from;
		return true;
	}
	return m365_text_is_target(text, len);
}

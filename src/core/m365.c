/* SPDX-License-Identifier: ISC */
#include "m365.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "text.h"

enum { TYPO_MAX = 2, SHAPE_TYPO_MAX = 3 };

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

/* The suffix of "contoso.onmicrosoft.com" after its first label, or NULL. */
static const char *
initial_suffix(const char *initial)
{
	const char *dot = strchr(initial, '.');

	if (dot == NULL || dot == initial)
		return NULL;
	if (strcmp(dot + 1, "onmicrosoft.com") == 0 ||
	    strcmp(dot + 1, "onmicrosoft.us") == 0)
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

static bool
target_split(struct arena *mem, const char *text, struct m365_target *out)
{
	static const char middle[] = "._domainkey.";
	const char *id, *end, *tenant, *suffix;

	*out = (struct m365_target){ .form = M365_FORM_NONE };
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
	if (initial_suffix(tenant) != NULL)
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

static bool
id_known(const struct m365_known *known, const char *id)
{
	for (size_t i = 0; i < known->nids; i++)
		if (strcmp(known->ids[i], id) == 0)
			return true;
	return false;
}

/* A slip in a part whose right value is known. */
static enum m365_slip
part_slip(const char *got, const char *want)
{
	/* Short names are near to everything: two changes of five are none. */
	if (strlen(want) > 2 * TYPO_MAX && text_distance(got, want) <= TYPO_MAX)
		return M365_SLIP_TYPO;
	return M365_SLIP_OTHER_TENANT;
}

static enum m365_slip
id_slip(struct arena *mem, const struct m365_target *target,
    const struct m365_known *known)
{
	if (known->nids == 0) {
		if (known->other == NULL ||
		    strcmp(known->other->id, target->id) == 0)
			return M365_SLIP_NONE;
		return part_slip(target->id, known->other->id);
	}
	if (id_known(known, target->id))
		return M365_SLIP_NONE;
	/* The MX may be that of another domain of the same organisation. */
	if (known->domain != NULL &&
	    strcmp(target->id, m365_id_from_domain(mem, known->domain)) == 0)
		return M365_SLIP_NONE;
	for (size_t i = 0; i < known->nids; i++)
		if (part_slip(target->id, known->ids[i]) == M365_SLIP_TYPO)
			return M365_SLIP_TYPO;
	return M365_SLIP_OTHER_TENANT;
}

/* "contoso" and "onmicrosoft.com", as far as they are known. */
static enum m365_slip
tenant_slip(struct arena *mem, const struct m365_target *target,
    const struct m365_known *known)
{
	const struct m365_target *other = known->other;
	const char *suffix, *tenant;

	suffix = known->initial ? initial_suffix(known->initial) : NULL;
	if (suffix != NULL) {
		tenant = arena_strndup(
		    mem, known->initial, (size_t)(suffix - known->initial - 1));
		if (strcmp(tenant, target->tenant) != 0)
			return part_slip(target->tenant, tenant);
		if (target->form == M365_FORM_ONMICROSOFT &&
		    strcmp(suffix, target->suffix) != 0)
			return M365_SLIP_OTHER_TENANT;
	}
	if (other == NULL)
		return M365_SLIP_NONE;
	if (strcmp(other->tenant, target->tenant) != 0)
		return part_slip(target->tenant, other->tenant);
	if (other->form != target->form)
		return M365_SLIP_MIXED_FORMS;
	if (strcmp(other->suffix, target->suffix) != 0)
		return part_slip(target->suffix, other->suffix);
	return M365_SLIP_NONE;
}

/*
 * The target that should stand there, where every part of it is certain: id,
 * tenant and suffix.  like is what was found, for its form; or NULL.
 */
static char *
target_expected(struct arena *mem, const struct m365_target *like,
    unsigned selector, const struct m365_known *known)
{
	struct m365_target want = { .selector = selector };
	const char *suffix;

	if (like != NULL && id_known(known, like->id))
		want.id = like->id;
	else if (known->nids == 1)
		want.id = known->ids[0];
	else if (known->nids == 0 && known->other != NULL)
		want.id = known->other->id;
	if (want.id == NULL)
		return NULL;
	if (known->other != NULL) {
		want.tenant = known->other->tenant;
		want.suffix = known->other->suffix;
		return m365_target_text(mem, &want, selector);
	}
	suffix = known->initial ? initial_suffix(known->initial) : NULL;
	/* Which of the forms a new domain got shows only in its targets. */
	if (suffix == NULL || like == NULL)
		return NULL;
	want.tenant = arena_strndup(
	    mem, known->initial, (size_t)(suffix - known->initial - 1));
	want.suffix = like->form == M365_FORM_DKIM_MAIL ? like->suffix : suffix;
	return m365_target_text(mem, &want, selector);
}

static enum m365_slip
form_check(struct arena *mem, const struct m365_target *target,
    unsigned selector, const struct m365_known *known, char **expected)
{
	enum m365_slip slip, tenant;

	*expected = target_expected(mem, target, selector, known);
	slip = id_slip(mem, target, known);
	tenant = tenant_slip(mem, target, known);
	if (target->selector != selector) {
		/* All else is right: then so is the rest of the name. */
		if (*expected == NULL && slip == M365_SLIP_NONE &&
		    tenant == M365_SLIP_NONE && known->nids > 0)
			*expected = m365_target_text(mem, target, selector);
		return M365_SLIP_SWAPPED;
	}
	return slip != M365_SLIP_NONE ? slip : tenant;
}

/* The text without the zone's name that was appended to it, or NULL. */
static char *
appended_cut(struct arena *mem, const char *text, const uint8_t *domain)
{
	struct m365_target target;

	for (const uint8_t *zone = domain; zone != NULL && *zone != 0;
	     zone = name_parent(zone)) {
		char *tail = arena_printf(mem, ".%s", text_lower(mem, zone));
		char *cut;

		if (!ends_with(text, tail))
			continue;
		cut = arena_strndup(mem, text, strlen(text) - strlen(tail));
		if (target_split(mem, cut, &target))
			return cut;
	}
	return NULL;
}

/*
 * A text that is no target but nearly one: compared with the target it would
 * be, had its fixed parts been written right.
 */
static bool
nearly_target(struct arena *mem, const char *text, unsigned selector,
    const struct m365_known *known, const char *expected)
{
	static const char *const suffixes[] = { "onmicrosoft.com",
		"onmicrosoft.us" };
	const char *dot = strchr(text, '.'), *tenant, *tail;
	const char *id = text;

	if (strstr(text, "onmicrosoft.") != NULL ||
	    strstr(text, ".dkim.mail.microsoft") != NULL)
		return true;
	if (expected != NULL && text_distance(text, expected) <= SHAPE_TYPO_MAX)
		return true;
	if (dot == NULL || (tenant = strchr(dot + 1, '.')) == NULL ||
	    (tail = strchr(++tenant, '.')) == NULL)
		return false;
	if (known->nids > 0)
		id = known->ids[0];
	else if (strncmp(text, "selector", 8) == 0 && dot - text > 10)
		id = arena_strndup(mem, text + 10, (size_t)(dot - text - 10));
	for (size_t i = 0; i < 2; i++) {
		char *want = arena_printf(mem,
		    "selector%u-%s._domainkey.%.*s.%s", selector, id,
		    (int)(tail - tenant), tenant, suffixes[i]);

		if (text_distance(text, want) <= SHAPE_TYPO_MAX)
			return true;
	}
	return false;
}

static enum m365_slip
text_check(struct arena *mem, const char *text, unsigned selector,
    const struct m365_known *known, char **expected)
{
	struct m365_target target;
	char *cut;

	if (target_split(mem, text, &target))
		return form_check(mem, &target, selector, known, expected);
	cut = appended_cut(mem, text, known->domain);
	if (cut != NULL && target_split(mem, cut, &target)) {
		if (form_check(mem, &target, selector, known, expected) ==
			M365_SLIP_NONE &&
		    *expected == NULL)
			*expected = cut;
		return M365_SLIP_APPENDED;
	}
	*expected = target_expected(mem, NULL, selector, known);
	if (nearly_target(mem, text, selector, known, *expected))
		return M365_SLIP_TYPO;
	return M365_SLIP_FOREIGN;
}

/*
 * The name as text, lower case, without the octets that no target has;
 * *stray says whether there were any.
 */
static char *
text_clean(struct arena *mem, const uint8_t *name, bool *stray)
{
	char buf[NAME_WIRE_MAX + 1] = "";
	size_t n = 0;

	*stray = false;
	for (; *name != 0; name += 1 + *name) {
		if (n > 0)
			buf[n++] = '.';
		for (unsigned i = 1; i <= *name; i++) {
			uint8_t c = name[i];

			if (c >= 'A' && c <= 'Z')
				c = (uint8_t)(c - 'A' + 'a');
			if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '_')
				buf[n++] = (char)c;
			else
				*stray = true;
		}
	}
	return arena_strndup(mem, buf, n);
}

bool
m365_from_mx(
    struct arena *mem, const uint8_t *mxhost, const char **id, bool *gcc_high)
{
	const char *text, *dot;

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
	if (strcmp(dot, ".mail.protection.outlook.com") != 0) {
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

	return name_within(domain, com) || name_within(domain, us);
}

bool
m365_target_parse(
    struct arena *mem, const uint8_t *name, struct m365_target *out)
{
	if (!name_is_hostname(name, true)) {
		*out = (struct m365_target){ .form = M365_FORM_NONE };
		return false;
	}
	return target_split(mem, text_lower(mem, name), out);
}

char *
m365_target_text(
    struct arena *mem, const struct m365_target *target, unsigned selector)
{
	return arena_printf(mem, "selector%u-%s._domainkey.%s.%s", selector,
	    target->id, target->tenant, target->suffix);
}

enum m365_slip
m365_target_check(struct arena *mem, const uint8_t *target, unsigned selector,
    const struct m365_known *known, char **expected)
{
	bool stray;
	char *text = text_clean(mem, target, &stray);
	enum m365_slip slip;

	slip = text_check(mem, text, selector, known, expected);
	if (!stray)
		return slip;
	if (slip == M365_SLIP_NONE && *expected == NULL)
		*expected = text;
	return M365_SLIP_WHITESPACE;
}

const char *
m365_slip_text(enum m365_slip slip)
{
	static const char *const texts[] = {
		[M365_SLIP_NONE] = "",
		[M365_SLIP_WHITESPACE] = "a stray character",
		[M365_SLIP_APPENDED] = "the zone's name was appended to the "
				       "target",
		[M365_SLIP_SWAPPED] = "the targets of the two selectors are "
				      "swapped",
		[M365_SLIP_TYPO] = "a typing error",
		[M365_SLIP_OTHER_TENANT] = "the target of another domain or "
					   "tenant",
		[M365_SLIP_MIXED_FORMS] = "the two forms of target are mixed",
		[M365_SLIP_FOREIGN] = "no target of Microsoft 365",
	};

	return texts[slip];
}

bool
m365_text_is_target(const char *text, size_t len)
{
	static const char label[] = "_domainkey.";
	size_t n = strlen(label), at;

	/* A key record has a "="; no name in use does. */
	if (len > NAME_TEXT_MAX || memchr(text, '=', len) != NULL)
		return false;
	for (at = 0; at + n <= len; at++)
		if (strncmp(text + at, label, n) == 0)
			break;
	return at + n < len;
}

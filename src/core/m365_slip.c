/* SPDX-License-Identifier: ISC */
#include "m365_slip.h"

#include <string.h>

#include "arena.h"
#include "m365.h"
#include "name.h"
#include "text.h"

enum { SHAPE_TYPO_MAX = 3, PART_SHOWN_MAX = 80, STRAY_SHOWN_MAX = 3 };

/* A part of a target that is wrong. */
struct slip {
	enum m365_slip kind;
	const char *what;
};

static const struct slip no_slip = { M365_SLIP_NONE, NULL };

/* The end of a name from its last hyphen on, where a domain has its TLD. */
static const char *
ending(const char *text)
{
	const char *hyphen = strrchr(text, '-');

	return hyphen != NULL ? hyphen : text + strlen(text);
}

/* The characters of a set that the two have, or have not, are the same. */
static bool
same_but(const char *a, const char *b, const char *set, bool without)
{
	for (;; a++, b++) {
		while (*a != '\0' && (strchr(set, *a) != NULL) == without)
			a++;
		while (*b != '\0' && (strchr(set, *b) != NULL) == without)
			b++;
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

/* A zero for an o, a one for an l: the same to the eye. */
static bool
looks_alike(const char *a, const char *b)
{
	static const char from[] = "01i", to[] = "oll";

	for (; *a != '\0' && *b != '\0'; a++, b++) {
		const char *x = strchr(from, *a), *y = strchr(from, *b);

		if ((x != NULL ? to[x - from] : *a) !=
		    (y != NULL ? to[y - from] : *b))
			return false;
	}
	return *a == *b;
}

/* The longer one is the other with something before or behind it. */
static bool
is_extended(const char *a, size_t na, const char *b, size_t nb)
{
	if (na < nb)
		return is_extended(b, nb, a, na);
	return memcmp(a, b, nb) == 0 || memcmp(a + na - nb, b, nb) == 0;
}

bool
m365_is_typo(const char *got, const char *want)
{
	const char *got_end = ending(got), *want_end = ending(want);
	size_t got_body = (size_t)(got_end - got);
	size_t want_body = (size_t)(want_end - want);
	unsigned distance = text_distance(got, want);

	if (looks_alike(got, want))
		return true;
	/* "contosocom" */
	if (same_but(got, want, "-", true))
		return want_body >= 4;
	/* "contoso1" and "contoso2", "mail-contoso-com" */
	if (!same_but(got, want, "0123456789", false) ||
	    !same_but(got, want, "-", false))
		return false;
	/* "-co" for "-com": another registry's, as all of two letters are. */
	if (strcmp(got_end, want_end) != 0)
		return strlen(got_end) != 3 && distance == 1;
	/* "contosouk" */
	if (distance > 1 && is_extended(got, got_body, want, want_body))
		return false;
	/* Short names are near to everything. */
	return distance <= (want_body >= 7 ? 2 : want_body >= 4 ? 1 : 0);
}

static const char *
distance_text(struct arena *mem, const char *got, const char *want)
{
	unsigned n = text_distance(got, want);

	return arena_printf(mem, "%u letter%s off: \"%.*s\", expected \"%.*s\"",
	    n, n == 1 ? "" : "s", PART_SHOWN_MAX, got, PART_SHOWN_MAX, want);
}

/* A part whose right value is known; it differs. */
static struct slip
part_slip(
    struct arena *mem, const char *kind, const char *got, const char *want)
{
	struct slip slip = { M365_SLIP_OTHER_TENANT, NULL };

	if (m365_is_typo(got, want)) {
		slip.kind = M365_SLIP_TYPO;
		slip.what = distance_text(mem, got, want);
	} else {
		slip.what = arena_printf(mem,
		    "of another %s: \"%.*s\", expected \"%.*s\"", kind,
		    PART_SHOWN_MAX, got, PART_SHOWN_MAX, want);
	}
	return slip;
}

static bool
id_known(const struct m365_known *known, const char *id)
{
	for (size_t i = 0; i < known->nids; i++)
		if (strcmp(known->ids[i], id) == 0)
			return true;
	return false;
}

/*
 * The domain's own name with dashes, which its identifier is; where that was
 * taken a zero and more stand behind it ("contoso-com0i").
 */
static bool
is_own_id(const char *own, const char *id)
{
	size_t n = own != NULL ? strlen(own) : 0;

	return n > 0 && strncmp(id, own, n) == 0 &&
	    (id[n] == '\0' || id[n] == '0');
}

static const char *
own_id(struct arena *mem, const struct m365_known *known)
{
	return known->domain != NULL ? m365_id_from_domain(mem, known->domain)
				     : NULL;
}

/* The identifier that was meant, where one is certain; or NULL. */
static const char *
id_meant(struct arena *mem, const char *got, const struct m365_known *known)
{
	const char *own = own_id(mem, known);

	/* The two selectors of a domain have one identifier. */
	if (known->other != NULL)
		return known->other->id;
	if (got != NULL && (id_known(known, got) || is_own_id(own, got)))
		return got;
	for (size_t i = 0; got != NULL && i < known->nids; i++)
		if (m365_is_typo(got, known->ids[i]))
			return known->ids[i];
	if (got != NULL && own != NULL && m365_is_typo(got, own))
		return own;
	/* The MX may be that of another domain of the same organisation. */
	if (known->nids == 1 && (own == NULL || is_own_id(own, known->ids[0])))
		return known->ids[0];
	return NULL;
}

static struct slip
id_slip(struct arena *mem, const struct m365_target *target,
    const struct m365_known *known)
{
	const char *own = own_id(mem, known);
	const char *want = id_meant(mem, target->id, known);

	if (want != NULL && strcmp(want, target->id) == 0)
		return no_slip;
	if (want != NULL)
		return part_slip(mem, "domain", target->id, want);
	/* A gateway's MX shows no identifier: only a typing error does. */
	if (known->nids == 0)
		return no_slip;
	return part_slip(
	    mem, "domain", target->id, own != NULL ? own : known->ids[0]);
}

static struct slip
cloud_slip(
    struct arena *mem, const struct m365_target *target, const char *suffix)
{
	struct slip slip = { M365_SLIP_OTHER_TENANT,
		arena_printf(mem, "of another cloud: \"%s\", expected \"%s\"",
		    target->suffix, suffix) };

	return target->form != M365_FORM_ONMICROSOFT ||
		strcmp(suffix, target->suffix) == 0
	    ? no_slip
	    : slip;
}

/* "contoso" of "contoso.onmicrosoft.com" */
static char *
initial_tenant(struct arena *mem, const char *initial)
{
	return arena_strndup(mem, initial, strcspn(initial, "."));
}

/* Does it fit the target that is proven? */
static struct slip
other_slip(struct arena *mem, const struct m365_target *target,
    const struct m365_target *other)
{
	struct slip slip = no_slip;

	if (strcmp(other->tenant, target->tenant) != 0)
		return part_slip(mem, "tenant", target->tenant, other->tenant);
	if (other->form != target->form) {
		slip.kind = M365_SLIP_MIXED_FORMS;
		slip.what = arena_printf(mem,
		    "the two forms are mixed: this one ends in \"%s\", the "
		    "other selector's in \"%s\"",
		    target->suffix, other->suffix);
	} else if (target->form == M365_FORM_ONMICROSOFT) {
		slip = cloud_slip(mem, target, other->suffix);
	} else if (strcmp(other->suffix, target->suffix) != 0) {
		/* The character before -v1 is the same for both selectors. */
		slip.kind = M365_SLIP_TYPO;
		slip.what = distance_text(mem, target->suffix, other->suffix);
	}
	return slip;
}

/* "contoso" and "onmicrosoft.com", as far as they are known. */
static struct slip
tenant_slip(struct arena *mem, const struct m365_target *target,
    const struct m365_known *known)
{
	struct slip slip = no_slip;
	const char *suffix =
	    known->initial ? m365_initial_suffix(known->initial) : NULL;

	if (suffix != NULL) {
		char *tenant = initial_tenant(mem, known->initial);

		slip = strcmp(tenant, target->tenant) != 0
		    ? part_slip(mem, "tenant", target->tenant, tenant)
		    : cloud_slip(mem, target, suffix);
	} else if (known->cloud != NULL) {
		slip = cloud_slip(mem, target, known->cloud);
	}
	if (slip.kind == M365_SLIP_NONE && known->other != NULL)
		slip = other_slip(mem, target, known->other);
	return slip;
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

	want.id = id_meant(mem, like != NULL ? like->id : NULL, known);
	/* With a gateway's MX it is a guess, if what was found is not near. */
	if (want.id == NULL)
		return NULL;
	if (known->other != NULL) {
		want.tenant = known->other->tenant;
		want.suffix = known->other->suffix;
		return m365_target_text(mem, &want, selector);
	}
	suffix = known->initial ? m365_initial_suffix(known->initial) : NULL;
	/* Which of the forms a new domain got shows only in its targets. */
	if (suffix == NULL || like == NULL)
		return NULL;
	want.tenant = initial_tenant(mem, known->initial);
	want.suffix = like->form == M365_FORM_DKIM_MAIL ? like->suffix : suffix;
	return m365_target_text(mem, &want, selector);
}

/* Two slips in one target. */
static const char *
and_text(struct arena *mem, const char *what, const char *more)
{
	return more != NULL ? arena_printf(mem, "%s; and %s", what, more)
			    : what;
}

static void
form_check(struct arena *mem, const struct m365_target *target,
    unsigned selector, const struct m365_known *known, struct m365_verdict *out)
{
	struct slip slip = id_slip(mem, target, known);

	if (slip.kind == M365_SLIP_NONE)
		slip = tenant_slip(mem, target, known);
	out->expected = target_expected(mem, target, selector, known);
	out->slip = slip.kind;
	out->what = slip.what;
	if (target->selector == selector)
		return;
	/* All else is right: then so is the rest of the name. */
	if (out->expected == NULL && slip.kind == M365_SLIP_NONE &&
	    known->nids > 0)
		out->expected = m365_target_text(mem, target, selector);
	out->slip = M365_SLIP_SWAPPED;
	out->what = and_text(mem,
	    arena_printf(
		mem, "this is the target of selector%u", target->selector),
	    slip.what);
}

/* A name of the domain's zones, or one that may stand for its origin. */
static bool
is_zone_text(const uint8_t *domain, const char *text)
{
	uint8_t name[NAME_WIRE_MAX];

	return domain != NULL && name_from_text(name, text, NULL) &&
	    (name_within(domain, name) || name_within(name, domain));
}

/* The text has a target before a name that was appended to it. */
static bool
appended_check(struct arena *mem, const char *text, unsigned selector,
    const struct m365_known *known, struct m365_verdict *out)
{
	struct m365_target target;
	const char *dot, *what;
	char *cut = NULL;

	for (dot = strchr(text, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		cut = arena_strndup(mem, text, (size_t)(dot - text));
		if (m365_target_split(mem, cut, &target))
			break;
	}
	if (dot == NULL)
		return false;
	what = arena_printf(mem,
	    is_zone_text(known->domain, dot + 1)
		? "the zone's name \"%.*s\" was appended to the target"
		: "the name \"%.*s\" stands behind the target",
	    PART_SHOWN_MAX, dot + 1);
	form_check(mem, &target, selector, known, out);
	if (out->slip == M365_SLIP_NONE && out->expected == NULL)
		out->expected = cut;
	out->slip = M365_SLIP_APPENDED;
	out->what = and_text(mem, what, out->what);
	return true;
}

/* The labels in which two names differ, those at both ends left out. */
static const char *
labels_text(struct arena *mem, const char *got, const char *want)
{
	size_t from = 0, ngot = strlen(got), nwant = strlen(want), same = 0;

	for (size_t i = 0; got[i] != '\0' && got[i] == want[i]; i++)
		if (got[i] == '.')
			from = i + 1;
	for (size_t i = 1; from + i < ngot && from + i < nwant &&
	     got[ngot - i] == want[nwant - i];
	     i++)
		if (got[ngot - i] == '.')
			same = i;
	return distance_text(mem,
	    arena_strndup(mem, got + from, ngot - same - from),
	    arena_strndup(mem, want + from, nwant - same - from));
}

/*
 * A text that is no target but nearly one: compared with the target it would
 * be, had its fixed parts been written right.
 */
static const char *
nearly_text(struct arena *mem, const char *text, unsigned selector,
    const struct m365_known *known, const char *expected)
{
	static const char *const suffixes[] = { "onmicrosoft.com",
		"onmicrosoft.us", "partner.onmschina.cn" };
	const char *dot = strchr(text, '.'), *tenant, *tail;
	const char *id = text;

	if (expected != NULL && text_distance(text, expected) <= SHAPE_TYPO_MAX)
		return labels_text(mem, text, expected);
	if (dot == NULL || (tenant = strchr(dot + 1, '.')) == NULL ||
	    (tail = strchr(++tenant, '.')) == NULL)
		return NULL;
	if (known->nids > 0)
		id = known->ids[0];
	else if (strncmp(text, "selector", 8) == 0 && dot - text > 10)
		id = arena_strndup(mem, text + 10, (size_t)(dot - text - 10));
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		char *want = arena_printf(mem,
		    "selector%u-%s._domainkey.%.*s.%s", selector, id,
		    (int)(tail - tenant), tenant, suffixes[i]);

		if (text_distance(text, want) <= SHAPE_TYPO_MAX)
			return labels_text(mem, text, want);
	}
	return NULL;
}

static void
text_check(struct arena *mem, const char *text, unsigned selector,
    const struct m365_known *known, struct m365_verdict *out)
{
	struct m365_target target;

	*out = (struct m365_verdict){ .slip = M365_SLIP_TYPO };
	if (m365_target_split(mem, text, &target)) {
		form_check(mem, &target, selector, known, out);
		return;
	}
	if (appended_check(mem, text, selector, known, out))
		return;
	out->expected = target_expected(mem, NULL, selector, known);
	out->what = nearly_text(mem, text, selector, known, out->expected);
	if (out->what != NULL)
		return;
	if (strstr(text, "onmicrosoft.") != NULL ||
	    strstr(text, "onmschina.") != NULL ||
	    strstr(text, "dkim.mail.microsoft") != NULL) {
		out->slip = M365_SLIP_SHAPE;
		out->what =
		    "of Microsoft 365, but not the target of a selector";
	} else {
		out->slip = M365_SLIP_FOREIGN;
		out->what = "no target of Microsoft 365";
	}
}

static bool
is_stray(uint8_t c)
{
	return !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
	    !(c >= '0' && c <= '9') && c != '-' && c != '_';
}

/*
 * The name as text, lower case, without the octets that no target has; an
 * escaped dot becomes one.
 */
static char *
text_clean(struct arena *mem, const uint8_t *name)
{
	char buf[NAME_WIRE_MAX + 1] = "";
	size_t n = 0;

	for (; *name != 0; name += 1 + *name) {
		size_t start = n;

		for (unsigned i = 1; i <= *name; i++) {
			uint8_t c = name[i];

			if (c >= 'A' && c <= 'Z')
				c = (uint8_t)(c - 'A' + 'a');
			if (is_stray(c) && c != '.')
				continue;
			if (n == start && n > 0)
				buf[n++] = '.';
			buf[n++] = (char)c;
		}
	}
	return arena_strndup(mem, buf, n);
}

static const char *
octet_text(struct arena *mem, uint8_t c)
{
	switch (c) {
	case ' ':
		return "a space";
	case '\t':
		return "a tab";
	case '"':
		return "a quotation mark";
	case '\'':
		return "an apostrophe";
	case '\\':
		return "a backslash";
	case '.':
		return "an escaped dot";
	default:
		/* Not ASCII's letters, whatever the locale. */
		return c > ' ' && c < 0x7f
		    ? arena_printf(mem, "the character %c", c)
		    : arena_printf(mem, "octet \\%03u", c);
	}
}

const char *
m365_stray_text(struct arena *mem, const uint8_t *name)
{
	char *text = NULL;
	bool seen[256] = { false };
	unsigned n = 0;

	for (; *name != 0; name += 1 + *name)
		for (unsigned i = 1; i <= *name; i++) {
			const char *octet;

			if (!is_stray(name[i]) || seen[name[i]])
				continue;
			seen[name[i]] = true;
			if (++n > STRAY_SHOWN_MAX)
				continue;
			octet = octet_text(mem, name[i]);
			text = text != NULL
			    ? arena_printf(mem, "%s and %s", text, octet)
			    : arena_strdup(mem, octet);
		}
	return n > STRAY_SHOWN_MAX ? arena_printf(mem, "%s and more", text)
				   : text;
}

void
m365_target_check(struct arena *mem, const uint8_t *target, unsigned selector,
    const struct m365_known *known, struct m365_verdict *out)
{
	const char *stray = m365_stray_text(mem, target);
	char *text = text_clean(mem, target);

	text_check(mem, text, selector, known, out);
	if (stray == NULL)
		return;
	if (out->slip == M365_SLIP_NONE && out->expected == NULL)
		out->expected = text;
	if (out->slip == M365_SLIP_SHAPE || out->slip == M365_SLIP_FOREIGN)
		out->what = NULL;
	out->slip = M365_SLIP_STRAY;
	out->what = and_text(mem,
	    arena_printf(mem, "the target has %s in it", stray), out->what);
}

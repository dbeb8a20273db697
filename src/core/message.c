/* SPDX-License-Identifier: ISC */
#include "message.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "taglist.h"
#include "text.h"

/* A host name in lower case, or NULL. */
static const uint8_t *
host(struct arena *mem, const char *text, size_t len)
{
	uint8_t name[NAME_WIRE_MAX], low[NAME_WIRE_MAX];

	/* RFC 6376 3.5: a domain-name of RFC 5321 has no final dot. */
	if (len == 0 || text[len - 1] == '.' ||
	    memchr(text, '\\', len) != NULL ||
	    !name_from_text(name, arena_strndup(mem, text, len), NULL) ||
	    !name_is_hostname(name, true))
		return NULL;
	name_lower(low, name);
	return name_copy(mem, low);
}

/* RFC 6376 6.1.1: the h= tag MUST include the From header field. */
static bool
signs_from(const struct tag *h)
{
	const char *item;
	size_t at = 0, len;

	while (tag_next(h, &at, &item, &len))
		if (text_is(item, len, "from"))
			return true;
	return false;
}

static bool
seconds(const struct tag *tag, int64_t *out)
{
	*out = 0;
	/* RFC 6376 3.5: 1*12DIGIT */
	if (tag->valuelen == 0 || tag->valuelen > 12)
		return false;
	for (size_t i = 0; i < tag->valuelen; i++) {
		if (tag->value[i] < '0' || tag->value[i] > '9')
			return false;
		*out = *out * 10 + (tag->value[i] - '0');
	}
	return true;
}

/* RFC 8301 3.1: rsa-sha1 MUST NOT be used; RFC 8463 3 adds the second. */
static const char *
algorithm_error(struct arena *mem, const struct message_signature *s)
{
	if (strcmp(s->algorithm, "rsa-sha256") == 0 ||
	    strcmp(s->algorithm, "ed25519-sha256") == 0)
		return NULL;
	if (strcmp(s->algorithm, "rsa-sha1") == 0)
		return "a=rsa-sha1, which nobody may verify any more "
		       "(RFC 8301)";
	return arena_printf(
	    mem, "a=%s is not an algorithm that verifiers know", s->algorithm);
}

static const char *
identity_error(
    struct arena *mem, const struct taglist *list, struct message_signature *s)
{
	const struct tag *i = taglist_find(list, "i");
	const char *at = NULL;

	if (i == NULL)
		return NULL;
	for (size_t k = 0; k < i->valuelen; k++)
		if (i->value[k] == '@')
			at = i->value + k + 1;
	if (at != NULL)
		s->identity =
		    host(mem, at, i->valuelen - (size_t)(at - i->value));
	/* RFC 6376 3.5: MUST be the same as, or a subdomain of, d= */
	if (s->identity == NULL || !name_within(s->identity, s->domain))
		return "the domain of i= is not within that of d=";
	return NULL;
}

/*
 * RFC 6376 3.5: x= MUST be greater than t= if both are present.  Whether it
 * has passed is nothing to look at: that counted when the message came.
 */
static const char *
times_error(const struct taglist *list)
{
	const struct tag *x = taglist_find(list, "x");
	const struct tag *t = taglist_find(list, "t");
	int64_t made, expiry;

	if (x == NULL)
		return NULL;
	if (!seconds(x, &expiry))
		return "x= is not a number of seconds";
	if (t != NULL && seconds(t, &made) && made >= expiry)
		return "x= is not after t=";
	return NULL;
}

static bool
has_mark(const struct taglist *list, const char *name)
{
	const struct tag *tag = taglist_find(list, name);

	return tag != NULL && memchr(tag->value, '?', tag->valuelen) != NULL;
}

/* "s1._domainkey.contoso.com" is a name. */
static bool
can_be_asked(struct arena *mem, const struct message_signature *s)
{
	uint8_t name[NAME_WIRE_MAX];

	return name_prepend(
	    name, arena_printf(mem, "%s._domainkey", s->selector), s->domain);
}

/* The rules of RFC 6376 6.1.1 that need no key. */
static const char *
signature_error(
    struct arena *mem, const struct taglist *list, struct message_signature *s)
{
	static const char *const needed[] = { "v", "a", "b", "bh", "d", "h",
		"s" };
	const struct tag *tag;
	const char *error;

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		tag = taglist_find(list, needed[i]);
		if (tag == NULL || tag->valuelen == 0)
			return arena_printf(mem, "%s= is missing", needed[i]);
	}
	if (!tag_is(taglist_find(list, "v"), "1"))
		return "v= is not 1";
	if (s->domain == NULL)
		return "d= is not a domain name";
	if (s->selector == NULL || !can_be_asked(mem, s))
		return "s= is not a selector";
	if (!signs_from(taglist_find(list, "h")))
		return "h= does not name From";
	error = identity_error(mem, list, s);
	if (error == NULL)
		error = times_error(list);
	return error != NULL ? error : algorithm_error(mem, s);
}

static void
read_signature(struct arena *mem, struct mail_message *m, const char *value)
{
	struct message_signature *s = &m->signatures[m->nsignatures++];
	struct taglist list;
	const struct tag *tag;
	const uint8_t *name;

	if (!taglist_parse(mem, value, strlen(value), &list))
		s->error = arena_printf(
		    mem, "its tag list is malformed: %s", list.error);
	tag = taglist_find(&list, "d");
	if (tag != NULL)
		s->domain = host(mem, tag->value, tag->valuelen);
	if (s->domain != NULL)
		s->organization = message_organization(m, s->domain);
	tag = taglist_find(&list, "s");
	name = tag != NULL ? host(mem, tag->value, tag->valuelen) : NULL;
	if (name != NULL)
		s->selector = name_text_nodot(mem, name);
	tag = taglist_find(&list, "a");
	if (tag != NULL)
		s->algorithm = text_escape(mem, tag->value, tag->valuelen, 40);
	if (s->error == NULL)
		s->error = signature_error(mem, &list, s);
	/* RFC 8616 5: U-labels, of which the scan has left marks only. */
	if (s->error != NULL &&
	    (has_mark(&list, "d") || has_mark(&list, "s"))) {
		s->error = "d= or s= is not in ASCII (RFC 8616), and not read "
			   "here";
		s->unread = true;
	}
}

const uint8_t *
message_organization(const struct mail_message *m, const uint8_t *domain)
{
	for (size_t i = 0; i < m->norganizations; i++)
		if (name_equal(m->organizations[i].domain, domain))
			return m->organizations[i].organization;
	return NULL;
}

const char *
message_field(const char *field, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(field, name, n) != 0 || strncmp(field + n, ": ", 2) != 0)
		return NULL;
	return field + n + 2;
}

void
message_read(struct arena *mem, struct mail_message *m)
{
	m->signatures =
	    arena_array(mem, MESSAGE_SIGNATURES_MAX, sizeof *m->signatures);
	m->results = arena_array(mem, MESSAGE_RESULTS_MAX, sizeof *m->results);
	m->nsignatures = m->nresults = 0;
	for (size_t i = 0; i < m->nfields; i++) {
		const char *value =
		    message_field(m->fields[i], "DKIM-Signature");

		if (value != NULL && m->nsignatures < MESSAGE_SIGNATURES_MAX)
			read_signature(mem, m, value);
		value = message_field(m->fields[i], "Authentication-Results");
		if (value != NULL)
			message_read_results(mem, m, value);
	}
}

struct mail_message *
message_copy(struct arena *mem, const struct mail_message *from)
{
	struct mail_message *m = arena_alloc(mem, sizeof *m);

	m->cut = from->cut;
	m->nfrom = from->nfrom;
	m->from = arena_array(mem, m->nfrom, sizeof *m->from);
	for (size_t i = 0; i < m->nfrom; i++)
		m->from[i] = name_copy(mem, from->from[i]);
	m->nfields = from->nfields;
	m->fields = arena_array(mem, m->nfields, sizeof *m->fields);
	for (size_t i = 0; i < m->nfields; i++)
		m->fields[i] = arena_strdup(mem, from->fields[i]);
	m->norganizations = from->norganizations;
	m->organizations =
	    arena_array(mem, m->norganizations, sizeof *m->organizations);
	for (size_t i = 0; i < m->norganizations; i++) {
		const struct message_organization *o = &from->organizations[i];

		m->organizations[i].domain = name_copy(mem, o->domain);
		m->organizations[i].organization =
		    name_copy(mem, o->organization);
	}
	message_read(mem, m);
	return m;
}

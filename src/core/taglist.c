/* SPDX-License-Identifier: ISC */
#include "taglist.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 6376 3.2: tag-name = ALPHA *ALNUMPUNC */
static bool
is_name(const char *text, size_t len)
{
	if (!is_alpha(text[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_alpha(text[i]) && text[i] != '_' && !is_digit(text[i]))
			return false;
	return true;
}

/* What readers in use take for the name of a tag that they do not know. */
static bool
is_nearly_name(const char *text, size_t len)
{
	if (len == 0 || (!is_alpha(text[0]) && !is_digit(text[0])))
		return false;
	for (size_t i = 1; i < len; i++)
		if (is_space(text[i]))
			return false;
	return true;
}

/* RFC 6376 3.2: VALCHAR = %x21-3A / %x3C-7E, and white space between. */
static bool
is_printable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((text[i] < ' ' || text[i] > '~') && !is_space(text[i]))
			return false;
	return true;
}

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && is_space(**text)) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && is_space((*text)[*len - 1]))
		(*len)--;
}

static const char *
tag_add(struct arena *mem, struct taglist *list, const char *text, size_t len)
{
	const char *equals, *value;
	size_t namelen, valuelen;
	struct tag *tag;
	char *name, *copy;

	trim(&text, &len);
	if (len == 0)
		return "an empty tag between two semicolons";
	equals = memchr(text, '=', len);
	if (equals == NULL)
		return "a part without \"=\"";
	namelen = (size_t)(equals - text);
	value = equals + 1;
	valuelen = len - namelen - 1;
	trim(&text, &namelen);
	trim(&value, &valuelen);
	if (!is_nearly_name(text, namelen))
		return "a tag name with a character that is not allowed";
	if (list->ntags == TAGLIST_MAX)
		return "too many tags";
	name = arena_strndup(mem, text, namelen);
	/* RFC 6376 3.2: duplicates MUST NOT occur; the whole list is invalid */
	if (taglist_find(list, name) != NULL)
		return "the same tag twice";
	if (list->odd == NULL && !is_name(text, namelen))
		list->odd = name;
	tag = &list->tags[list->ntags++];
	tag->name = name;
	/* It may hold any octet, NUL too: one more behind makes it a string. */
	copy = arena_alloc(mem, valuelen + 1);
	memcpy(copy, value, valuelen);
	tag->value = copy;
	tag->valuelen = valuelen;
	return NULL;
}

bool
taglist_parse(
    struct arena *mem, const char *text, size_t len, struct taglist *out)
{
	bool printable = is_printable(text, len);

	*out = (struct taglist){ .error = NULL };
	out->tags = arena_array(mem, TAGLIST_MAX, sizeof *out->tags);
	trim(&text, &len);
	if (len == 0)
		out->error = "nothing in it";
	while (len > 0 && out->error == NULL) {
		const char *end = memchr(text, ';', len);
		size_t n = end != NULL ? (size_t)(end - text) : len;

		out->error = tag_add(mem, out, text, n);
		if (end != NULL)
			n++;
		text += n;
		len -= n;
		trim(&text, &len);
	}
	if (out->error == NULL && !printable)
		out->error = "an octet that is not printable ASCII";
	return out->error == NULL;
}

const struct tag *
taglist_find(const struct taglist *list, const char *name)
{
	for (size_t i = 0; i < list->ntags; i++)
		if (strcmp(list->tags[i].name, name) == 0)
			return &list->tags[i];
	return NULL;
}

bool
tag_is(const struct tag *tag, const char *text)
{
	return tag->valuelen == strlen(text) &&
	    memcmp(tag->value, text, tag->valuelen) == 0;
}

bool
tag_next(const struct tag *tag, size_t *at, const char **item, size_t *itemlen)
{
	const char *colon;

	if (*at > tag->valuelen)
		return false;
	*item = tag->value + *at;
	*itemlen = tag->valuelen - *at;
	colon = memchr(*item, ':', *itemlen);
	if (colon != NULL)
		*itemlen = (size_t)(colon - *item);
	*at += *itemlen + 1;
	trim(item, itemlen);
	return true;
}

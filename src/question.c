/* SPDX-License-Identifier: ISC */
#include "question.h"

#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/lookup.h"
#include "core/rdata.h"
#include "core/text.h"
#include "probe/idn.h"

/* The labels of services and wildcards, which IDNA knows nothing of. */
static size_t
special_labels(const char *text)
{
	size_t at = 0;

	while (text[at] == '_' || strncmp(text + at, "*.", 2) == 0) {
		size_t len = strcspn(text + at, ".");

		for (size_t i = 0; i < len; i++)
			if ((unsigned char)text[at + i] > 127)
				return at;
		if (text[at + len] == '\0')
			return at;
		at += len + 1;
	}
	return at;
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text > 127)
			return false;
	return true;
}

/* NULL, or what is wrong with it. */
static const char *
name_parse(struct arena *mem, const char *text, uint8_t out[NAME_WIRE_MAX])
{
	uint8_t wire[NAME_WIRE_MAX];
	const char *error;
	size_t special;

	if (is_ascii(text)) {
		/* "@" is an origin's sign, and there is none. */
		if (strcmp(text, "@") == 0 || !name_from_text(wire, text, NULL))
			return "is no domain name (an empty label, a label "
			       "over 63 octets, over 255 in all, or a bad "
			       "escape)";
		name_lower(out, wire);
		return NULL;
	}
	special = special_labels(text);
	if (!idn_to_ascii(text + special, wire, &error))
		return error;
	if (special == 0)
		memcpy(out, wire, name_len(wire));
	else if (!name_prepend(
		     out, arena_strndup(mem, text, special - 1), wire))
		return "is no domain name";
	name_lower(wire, out);
	memcpy(out, wire, name_len(wire));
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *
type_parse(const char *text, uint16_t *type)
{
	if (!rr_type_from_text(text, type))
		return "is no record type; the name comes first, then the "
		       "type: TLSA, MX, TYPE65280";
	if (*type == TYPE_RRSIG)
		return "cannot be looked up: a signature has no signature; "
		       "ask for the records it covers";
	if (!lookup_type_allowed(*type))
		return "is no type of records that a zone holds";
	return NULL;
}

bool
question_parse(const char *name, const char *type, struct question *q,
    char *error, size_t errorsize)
{
	struct arena *mem = arena_new();
	const char *bad = name, *why = name_parse(mem, name, q->name);

	if (why == NULL) {
		bad = type;
		why = type_parse(type, &q->type);
	}
	if (why != NULL)
		snprintf(error, errorsize, "\"%s\" %s",
		    text_escape(mem, bad, strlen(bad), 80), why);
	arena_free(mem);
	return why == NULL;
}

/* SPDX-License-Identifier: ISC */
#include "report/archive_part.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"

bool
archive_read_name(struct reader *r, const json_t *o, const char *member,
    struct arena *mem, const uint8_t **out)
{
	uint8_t wire[NAME_WIRE_MAX];
	const char *text;

	if (!reader_text(r, o, member, REQUIRED, mem, &text))
		return false;
	if (!name_from_text(wire, text, NULL))
		return reader_fail(r, member, "not a domain name: %s",
		    reader_quote(mem, text));
	*out = name_copy(mem, wire);
	return true;
}

/* Records in presentation format. */
bool
archive_read_records(struct reader *r, const json_t *o, const char *member,
    enum presence presence, struct arena *mem, struct rr **out, size_t *n)
{
	const json_t *array;

	if (!reader_array(r, o, member, presence, SIZE_MAX, &array))
		return false;
	if (array == NULL)
		return true;
	*out = arena_array(mem, json_array_size(array), sizeof **out);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		size_t saved = reader_enter(r, member, i, true);
		const char *why;

		if (!json_is_string(value))
			return reader_fail(r, NULL, "must be a string");
		if (!rr_from_text(mem, json_string_value(value), NULL, 0,
			&(*out)[i], &why))
			return reader_fail(r, NULL, "not a record: %s", why);
		(*n)++;
		reader_leave(r, saved);
	}
	return true;
}

bool
archive_read_base64(struct reader *r, const char *member, const char *text,
    struct arena *mem, const uint8_t **out, size_t *len)
{
	uint8_t *data;

	if (!text_from_base64(mem, text, strlen(text), &data, len))
		return reader_fail(r, member, "not base64");
	*out = data;
	return true;
}

/* An observation without a basis was made live. */
bool
archive_read_basis(
    struct reader *r, const json_t *o, struct arena *mem, const char **out)
{
	if (!reader_text(r, o, "basis", OPTIONAL, mem, out))
		return false;
	if (*out != NULL && strcmp(*out, "live") == 0)
		*out = NULL;
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "report/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "report/archive.h"

bool
reader_fail(struct reader *r, const char *member, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(r->error, ARCHIVE_ERROR_MAX, "%s%s%s%s", r->place,
	    r->placelen > 0 && member != NULL ? "." : "",
	    member != NULL ? member : "",
	    r->placelen > 0 || member != NULL ? ": " : "");
	if (n < 0 || n >= ARCHIVE_ERROR_MAX)
		return false;
	va_start(ap, fmt);
	vsnprintf(r->error + n, (size_t)(ARCHIVE_ERROR_MAX - n), fmt, ap);
	va_end(ap);
	return false;
}

const char *
reader_quote(struct arena *mem, const char *text)
{
	return text_escape(mem, text, strlen(text), 60);
}

size_t
reader_enter(struct reader *r, const char *member, size_t index, bool element)
{
	size_t saved = r->placelen, room = sizeof r->place - saved;
	int n;

	if (element)
		n = snprintf(r->place + saved, room, "%s%s[%zu]",
		    saved > 0 ? "." : "", member, index);
	else
		n = snprintf(r->place + saved, room, "%s%s",
		    saved > 0 ? "." : "", member);
	if (n > 0)
		r->placelen += (size_t)n < room ? (size_t)n : room - 1;
	return saved;
}

void
reader_leave(struct reader *r, size_t saved)
{
	r->placelen = saved;
	r->place[saved] = '\0';
}

static bool
missing(struct reader *r, const char *member, enum presence presence)
{
	if (presence == OPTIONAL)
		return true;
	return reader_fail(r, member, "missing");
}

bool
reader_text(struct reader *r, const json_t *o, const char *member,
    enum presence presence, struct arena *mem, const char **out)
{
	const json_t *value = json_object_get(o, member);

	*out = NULL;
	if (value == NULL || json_is_null(value))
		return missing(r, member, presence);
	if (!json_is_string(value))
		return reader_fail(r, member, "must be a string");
	*out = arena_strdup(mem, json_string_value(value));
	return true;
}

bool
reader_bool(struct reader *r, const json_t *o, const char *member, bool *out)
{
	const json_t *value = json_object_get(o, member);

	if (value == NULL)
		return true;
	if (!json_is_boolean(value))
		return reader_fail(r, member, "must be true or false");
	*out = json_is_true(value);
	return true;
}

bool
reader_int(struct reader *r, const json_t *o, const char *member,
    enum presence presence, int64_t min, int64_t max, int64_t *out)
{
	const json_t *value = json_object_get(o, member);

	if (value == NULL)
		return missing(r, member, presence);
	if (!json_is_integer(value))
		return reader_fail(r, member, "must be a whole number");
	*out = json_integer_value(value);
	if (*out < min || *out > max)
		return reader_fail(r, member,
		    "must lie between %" PRId64 " and %" PRId64, min, max);
	return true;
}

bool
reader_array(struct reader *r, const json_t *o, const char *member,
    enum presence presence, size_t max, const json_t **out)
{
	*out = json_object_get(o, member);
	if (*out == NULL)
		return missing(r, member, presence);
	if (!json_is_array(*out))
		return reader_fail(r, member, "must be an array");
	if (json_array_size(*out) > max)
		return reader_fail(r, member, "more than %zu elements", max);
	return true;
}

bool
reader_object(
    struct reader *r, const json_t *o, const char *member, const json_t **out)
{
	*out = json_object_get(o, member);
	if (*out == NULL)
		return true;
	if (json_is_null(*out)) {
		*out = NULL;
		return true;
	}
	if (!json_is_object(*out))
		return reader_fail(r, member, "must be an object");
	return true;
}

bool
reader_texts(struct reader *r, const json_t *o, const char *member,
    struct arena *mem, const char ***out, size_t *n)
{
	const json_t *array;

	*out = NULL;
	*n = 0;
	if (!reader_array(r, o, member, OPTIONAL, SIZE_MAX, &array))
		return false;
	if (array == NULL)
		return true;
	*out = arena_array(mem, json_array_size(array), sizeof **out);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_string(value)) {
			reader_enter(r, member, i, true);
			return reader_fail(r, NULL, "must be a string");
		}
		(*out)[(*n)++] = arena_strdup(mem, json_string_value(value));
	}
	return true;
}

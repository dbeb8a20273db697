/* SPDX-License-Identifier: ISC */
/* Lines of a batch: which input one is about, and one that is no domain. */
#include "report/report.h"

#include "core/arena.h"
#include "report/json_part.h"
#include "report/value.h"

bool
report_line_input(
    struct arena *mem, const char *line, size_t len, const char **input)
{
	json_t *o = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	const char *text = json_is_object(o)
	    ? json_string_value(json_object_get(o, "input"))
	    : NULL;

	*input = arena_strdup(mem, text);
	json_decref(o);
	return *input != NULL;
}

const char *
report_input(struct arena *mem, const char *input)
{
	json_t *text = value_text(mem, input);
	const char *copy = arena_strdup(mem, json_string_value(text));

	json_decref(text);
	return copy;
}

char *
report_bad_line(
    struct arena *mem, const char *input, size_t number, const char *error)
{
	json_t *o = value_object();

	value_set(o, "schema", value_int(REPORT_SCHEMA));
	value_set(o, "program", json_program(mem));
	value_set(o, "input", value_text(mem, input));
	value_set(o, "line", value_int((int64_t)number));
	value_set(o, "error", value_text(mem, error));
	return value_write(mem, o, false);
}

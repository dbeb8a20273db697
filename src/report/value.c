/* SPDX-License-Identifier: ISC */
#include "report/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/text.h"

static json_t *
value_check(json_t *value)
{
	if (value == NULL) {
		arena_out_of_memory();
		abort();
	}
	return value;
}

json_t *
value_object(void)
{
	return value_check(json_object());
}

json_t *
value_array(void)
{
	return value_check(json_array());
}

json_t *
value_bool(bool truth)
{
	return json_boolean(truth);
}

json_t *
value_int(int64_t n)
{
	return value_check(json_integer(n));
}

bool
value_is_utf8(const char *s)
{
	json_t *value = json_string(s);
	bool good = value != NULL;

	json_decref(value);
	return good;
}

/* ASCII as it is, all else as \xNN. */
static char *
ascii_only(struct arena *mem, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_array(mem, strlen(s) + 1, 4), *p = out;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x80) {
			*p++ = (char)c;
			continue;
		}
		*p++ = '\\';
		*p++ = 'x';
		*p++ = digits[c >> 4];
		*p++ = digits[c & 15];
	}
	return out;
}

json_t *
value_text(struct arena *mem, const char *s)
{
	json_t *value;

	if (s == NULL)
		return json_null();
	value = json_string(s);
	/* RFC 8259 8.1: JSON text MUST be UTF-8. */
	if (value == NULL)
		value = json_string(ascii_only(mem, s));
	return value_check(value);
}

json_t *
value_name(struct arena *mem, const uint8_t *name)
{
	char buf[NAME_TEXT_MAX];

	if (name == NULL)
		return json_null();
	name_to_text(name, buf);
	return value_text(mem, buf);
}

json_t *
value_time(int64_t at)
{
	char buf[32];

	return value_check(json_string(text_time(at, buf)));
}

json_t *
value_hex(struct arena *mem, const uint8_t *data, size_t len)
{
	return value_text(mem, text_hex_lower(mem, data, len));
}

json_t *
value_texts(struct arena *mem, const char *const *texts, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, value_text(mem, texts[i]));
	return array;
}

void
value_set(json_t *object, const char *member, json_t *value)
{
	if (json_object_set_new(object, member, value) != 0)
		value_check(NULL);
}

void
value_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		value_check(NULL);
}

/*
 * The octets of a character at s that must not reach a terminal as it is, or
 * 0: DEL, the C1 controls (U+009B begins an escape sequence as ESC does) and
 * what turns the direction of text or ends a line.  jansson leaves them.
 */
static size_t
unshown(const char *s, unsigned *code)
{
	const unsigned char *c = (const unsigned char *)s;

	*code = c[0];
	if (c[0] == 0x7f)
		return 1;
	if (c[0] == 0xc2 || c[0] == 0xd8) {
		*code = (c[0] & 0x1fU) << 6 | (c[1] & 0x3fU);
		return *code < 0xa0 || *code == 0x61c ? 2 : 0;
	}
	if (c[0] != 0xe2 || (c[1] != 0x80 && c[1] != 0x81))
		return 0;
	*code = 0x2000 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3fU);
	return *code == 0x200e || *code == 0x200f ||
		(*code >= 0x2028 && *code <= 0x202e) ||
		(*code >= 0x2066 && *code <= 0x2069)
	    ? 3
	    : 0;
}

/* Such a character stands in a string only: RFC 8259 7 escapes it. */
static char *
escape_unshown(struct arena *mem, char *text)
{
	size_t n = 0, at = 0;
	unsigned code;
	char *out;

	for (const char *s = text; *s != '\0'; s++)
		n += unshown(s, &code) > 0;
	if (n == 0)
		return text;
	out = arena_alloc(mem, strlen(text) + n * 6 + 1);
	while (*text != '\0') {
		size_t len = unshown(text, &code);

		if (len == 0)
			out[at++] = *text++;
		else
			at += (size_t)snprintf(out + at, 7, "\\u%04x", code);
		text += len;
	}
	return out;
}

char *
value_write(struct arena *mem, json_t *value, bool indent)
{
	size_t flags = indent ? JSON_INDENT(1) : 0;
	char *text = json_dumps(value, flags), *out;
	size_t len;

	if (text == NULL)
		value_check(NULL);
	len = strlen(text);
	out = arena_alloc(mem, len + 2);
	memcpy(out, text, len);
	out[len] = '\n';
	free(text);
	json_decref(value);
	return escape_unshown(mem, out);
}

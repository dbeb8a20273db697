/* SPDX-License-Identifier: ISC */
#include "rdata.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "name.h"
#include "rdata_table.h"
#include "text.h"

/* One word of a line; text is inside it, escapes as written. */
struct word {
	const char *text;
	size_t len;
	bool quoted;
};

struct reader {
	struct arena *mem;
	const char *at;
	const uint8_t *origin;
	const char *error; /* the first one; NULL = none */
	struct buffer out;
};

static bool
fail(struct reader *reader, const char *error)
{
	if (reader->error == NULL)
		reader->error = error;
	return false;
}

static void
skip_space(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t\r\n");
	if (*reader->at == ';')
		reader->at += strlen(reader->at);
}

static bool
line_done(struct reader *reader)
{
	skip_space(reader);
	return *reader->at == '\0';
}

/* The next word, or false at the end of the line or where it is none. */
static bool
word_read(struct reader *reader, struct word *word)
{
	const char *p;

	if (line_done(reader))
		return false;
	p = reader->at;
	word->quoted = *p == '"';
	word->text = p += word->quoted;
	for (;; p++) {
		if (*p == '\0' && word->quoted)
			return fail(reader, "quoted string without end");
		if (*p == '\0' ||
		    strchr(word->quoted ? "\"" : " \t\r\n;\"", *p) != NULL)
			break;
		if (!word->quoted && (*p == '(' || *p == ')'))
			return fail(reader, "parenthesis not expected here");
		if (*p == '\\' && *++p == '\0')
			return fail(reader, "escape without end");
	}
	word->len = (size_t)(p - word->text);
	reader->at = p + word->quoted;
	return true;
}

/* A word into a string of its own; false when there is none. */
static bool
bare_read(struct reader *reader, char buf[NAME_TEXT_MAX], const char *missing)
{
	struct word word;

	if (!word_read(reader, &word) || word.quoted ||
	    word.len >= NAME_TEXT_MAX)
		return fail(reader, missing);
	memcpy(buf, word.text, word.len);
	buf[word.len] = '\0';
	return true;
}

static bool
number_parse(const char *text, uint32_t max, uint32_t *value)
{
	uint64_t sum = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		sum = sum * 10 + (uint64_t)(*text - '0');
		if (sum > max)
			return false;
	}
	*value = (uint32_t)sum;
	return true;
}

/* Seconds, or with units as zone files write them: "1h30m", "2w". */
static bool
period_parse(const char *text, uint32_t *value)
{
	static const struct {
		char unit;
		uint32_t seconds;
	} units[] = {
		{ 's', 1 },
		{ 'm', 60 },
		{ 'h', 3600 },
		{ 'd', 86400 },
		{ 'w', 604800 },
	};
	uint64_t sum = 0, number = 0;
	bool digits = false;

	if (number_parse(text, UINT32_MAX, value))
		return true;
	for (; *text != '\0'; text++) {
		size_t i = 0;

		if (*text >= '0' && *text <= '9') {
			number = number * 10 + (uint64_t)(*text - '0');
			if (number > UINT32_MAX)
				return false;
			digits = true;
			continue;
		}
		while (i < 5 && units[i].unit != (*text | 0x20))
			i++;
		if (i == 5 || !digits)
			return false;
		sum += number * units[i].seconds;
		if (sum > UINT32_MAX)
			return false;
		number = 0;
		digits = false;
	}
	*value = (uint32_t)sum;
	return !digits;
}

/* RFC 4034 3.2: 14 digits are a date, up to 10 are seconds since 1970. */
static bool
date_parse(const char *text, uint32_t *value)
{
	char full[] = "YYYY-MM-DDTHH:MM:SSZ";
	int64_t at;
	size_t i;

	if (strlen(text) != 14)
		return number_parse(text, UINT32_MAX, value);
	for (i = 0; full[i] != '\0'; i++)
		if (strchr("-T:Z", full[i]) == NULL)
			full[i] = *text++;
	if (!text_from_time(full, &at) || at < 0 || at > UINT32_MAX)
		return false;
	*value = (uint32_t)at;
	return true;
}

static bool
number_put(struct reader *reader, unsigned octets, uint32_t value)
{
	uint8_t wire[4];
	unsigned i;

	for (i = 0; i < octets; i++)
		wire[i] = (uint8_t)(value >> 8 * (octets - 1 - i));
	buffer_add(&reader->out, wire, octets);
	return true;
}

static bool
number_read(struct reader *reader, enum field field)
{
	char text[NAME_TEXT_MAX];
	uint16_t type;
	uint32_t value;
	bool good;

	if (!bare_read(reader, text, "number expected"))
		return false;
	switch (field) {
	case FIELD_U8:
		good = number_parse(text, UINT8_MAX, &value);
		return good ? number_put(reader, 1, value)
			    : fail(reader, "not a number from 0 to 255");
	case FIELD_U16:
		good = number_parse(text, UINT16_MAX, &value);
		return good ? number_put(reader, 2, value)
			    : fail(reader, "not a number from 0 to 65535");
	case FIELD_TYPE:
		good = rr_type_from_text(text, &type);
		return good ? number_put(reader, 2, type)
			    : fail(reader, "unknown type covered");
	case FIELD_PERIOD:
		good = period_parse(text, &value);
		break;
	case FIELD_DATE:
		good = date_parse(text, &value);
		return good ? number_put(reader, 4, value)
			    : fail(reader, "not a date YYYYMMDDHHmmSS");
	default:
		good = number_parse(text, UINT32_MAX, &value);
		break;
	}
	return good ? number_put(reader, 4, value)
		    : fail(reader, "not a number of 32 bits");
}

static bool
address_read(struct reader *reader, bool ipv6)
{
	char text[NAME_TEXT_MAX];
	uint8_t wire[16];
	const char *error =
	    ipv6 ? "not an IPv6 address" : "not an IPv4 address";

	if (!bare_read(reader, text, error))
		return false;
	if (!text_from_address(text, ipv6, wire))
		return fail(reader, error);
	buffer_add(&reader->out, wire, ipv6 ? 16 : 4);
	return true;
}

static bool
name_read(struct reader *reader, uint8_t out[NAME_WIRE_MAX])
{
	char text[NAME_TEXT_MAX];

	if (!bare_read(reader, text, "name expected"))
		return false;
	if (!name_from_text(out, text, reader->origin))
		return fail(reader, "not a domain name");
	return true;
}

/* Append a word's octets, \X and \DDD undone. */
static bool
word_octets(struct reader *reader, const struct word *word)
{
	const char *p = word->text, *end = p + word->len;

	while (p < end) {
		uint8_t octet = (uint8_t)*p++;

		if (octet == '\\') {
			octet = (uint8_t)*p++;
			if (octet >= '0' && octet <= '9') {
				char digits[4] = { (char)octet };
				uint32_t value;

				if (end - p >= 2)
					memcpy(digits + 1, p, 2);
				if (!number_parse(digits, 255, &value) ||
				    strlen(digits) != 3)
					return fail(reader, "bad escape");
				octet = (uint8_t)value;
				p += 2;
			}
		}
		buffer_add(&reader->out, &octet, 1);
	}
	return true;
}

/* A <character-string>: its length octet is filled in afterwards. */
static bool
string_read(struct reader *reader)
{
	size_t start = reader->out.len, len;
	struct word word;

	if (!word_read(reader, &word))
		return fail(reader, "string expected");
	buffer_add(&reader->out, "", 1);
	if (!word_octets(reader, &word))
		return false;
	len = reader->out.len - start - 1;
	if (len > 255)
		return fail(reader, "string over 255 octets");
	reader->out.data[start] = (uint8_t)len;
	return true;
}

static bool
strings_read(struct reader *reader)
{
	do {
		if (!string_read(reader))
			return false;
	} while (!line_done(reader));
	return true;
}

static bool
value_read(struct reader *reader)
{
	struct word word;

	if (!word_read(reader, &word))
		return fail(reader, "value expected");
	return word_octets(reader, &word);
}

/* The salt or the hash of an NSEC3, with its length before it. */
static bool
counted_read(struct reader *reader, enum field field)
{
	char text[NAME_TEXT_MAX];
	uint8_t *data = NULL;
	size_t len = 0;
	bool good;

	if (!bare_read(reader, text, "salt or hash expected"))
		return false;
	if (field == FIELD_HASH)
		good = text_from_base32hex(
		    reader->mem, text, strlen(text), &data, &len);
	else
		good = strcmp(text, "-") == 0 ||
		    text_from_hex(reader->mem, text, strlen(text), &data, &len);
	if (!good || len > 255)
		return fail(reader, "bad salt or hash");
	number_put(reader, 1, (uint32_t)len);
	buffer_add(&reader->out, data, len);
	return true;
}

/* All that is left, its blanks taken out, as hex or base64. */
static bool
encoded_read(struct reader *reader, bool hex)
{
	struct buffer joined = { .mem = reader->mem };
	struct word word;
	uint8_t *data;
	size_t len;
	bool good;

	while (word_read(reader, &word)) {
		if (word.quoted)
			return fail(reader,
			    "hex or base64 without quotes "
			    "expected");
		buffer_add(&joined, word.text, word.len);
	}
	if (reader->error != NULL)
		return false;
	if (joined.len == 0)
		return fail(
		    reader, hex ? "hex digits expected" : "base64 expected");
	if (hex)
		good = text_from_hex(
		    reader->mem, (char *)joined.data, joined.len, &data, &len);
	else
		good = text_from_base64(
		    reader->mem, (char *)joined.data, joined.len, &data, &len);
	if (!good)
		return fail(reader, hex ? "not hex digits" : "not base64");
	buffer_add(&reader->out, data, len);
	return true;
}

/* Type names to windows (RFC 4034 4.1.2); none at all is allowed. */
static bool
bitmap_read(struct reader *reader)
{
	uint8_t bits[65536 / 8] = { 0 };
	unsigned window;

	while (!line_done(reader)) {
		char text[NAME_TEXT_MAX];
		uint16_t type;

		if (!bare_read(reader, text, "type expected"))
			return false;
		if (!rr_type_from_text(text, &type))
			return fail(reader, "unknown type in the bitmap");
		bits[type / 8] |= (uint8_t)(0x80 >> type % 8);
	}
	for (window = 0; window < 256; window++) {
		uint32_t len = 32;

		while (len > 0 && bits[window * 32 + len - 1] == 0)
			len--;
		if (len == 0)
			continue;
		number_put(reader, 1, window);
		number_put(reader, 1, len);
		buffer_add(&reader->out, bits + window * 32, len);
	}
	return true;
}

static bool
field_read(struct reader *reader, enum field field)
{
	uint8_t name[NAME_WIRE_MAX];

	switch (field) {
	case FIELD_END:
		break;
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_PERIOD:
	case FIELD_DATE:
	case FIELD_TYPE:
		return number_read(reader, field);
	case FIELD_IPV4:
	case FIELD_IPV6:
		return address_read(reader, field == FIELD_IPV6);
	case FIELD_NAME:
	case FIELD_NAME_LOWERED:
	case FIELD_NAME_KEPT:
		if (!name_read(reader, name))
			return false;
		buffer_add(&reader->out, name, name_len(name));
		break;
	case FIELD_STRING:
	case FIELD_TAG:
		return string_read(reader);
	case FIELD_STRINGS:
		return strings_read(reader);
	case FIELD_VALUE:
		return value_read(reader);
	case FIELD_SALT:
	case FIELD_HASH:
		return counted_read(reader, field);
	case FIELD_HEX:
	case FIELD_HEX_OR_NONE:
	case FIELD_BASE64:
		return encoded_read(reader, field != FIELD_BASE64);
	case FIELD_BITMAP:
		return bitmap_read(reader);
	}
	return true;
}

/* RFC 3597 5: "\# length hex", for any type. */
static bool
generic_read(struct reader *reader)
{
	char text[NAME_TEXT_MAX];
	uint32_t len;

	reader->at += 2;
	if (!bare_read(reader, text, "length expected"))
		return false;
	if (!number_parse(text, RDATA_MAX, &len))
		return fail(reader, "not a length from 0 to 65535");
	if (len > 0 && !encoded_read(reader, true))
		return false;
	if (reader->out.len != len)
		return fail(reader, "the length does not fit the data");
	return true;
}

static bool
at_generic(struct reader *reader)
{
	skip_space(reader);
	return strncmp(reader->at, "\\#", 2) == 0 &&
	    (reader->at[2] == '\0' || strchr(" \t\r\n", reader->at[2]) != NULL);
}

static bool
rdata_read(struct reader *reader, struct rr *out)
{
	const struct rr_format *format = rr_format_find(out->type);
	bool generic = at_generic(reader);
	unsigned i;

	if (generic) {
		if (!generic_read(reader))
			return false;
	} else if (format == NULL || format->fields[0] == FIELD_END) {
		return fail(reader,
		    "data of this type are read as "
		    "\\# length hex only");
	} else {
		for (i = 0; format->fields[i] != FIELD_END; i++)
			if (!field_read(reader, format->fields[i]))
				return false;
	}
	if (!line_done(reader))
		return fail(reader, "text behind the record's end");
	if (reader->out.len > RDATA_MAX)
		return fail(reader, "data over 65535 octets");
	out->rdlen = (uint16_t)reader->out.len;
	out->rdata =
	    out->rdlen > 0 ? reader->out.data : arena_alloc(reader->mem, 0);
	out->wellformed =
	    format == NULL || rdata_fits(format, out->rdata, out->rdlen);
	/* Only octets given as such may contradict their type. */
	if (!out->wellformed && !generic)
		return fail(reader, "data not allowed for this type");
	return true;
}

static bool
class_from_text(const char *text, uint16_t *class)
{
	uint32_t value;

	if (strcasecmp(text, "IN") == 0)
		value = CLASS_IN;
	else if (strcasecmp(text, "CH") == 0)
		value = 3; /* RFC 1035 3.2.4 */
	else if (strcasecmp(text, "HS") == 0)
		value = 4;
	else if (strncasecmp(text, "CLASS", 5) != 0 ||
	    !number_parse(text + 5, UINT16_MAX, &value))
		return false;
	*class = (uint16_t)value;
	return true;
}

/* "[ttl] [class] type" in either order of the first two (RFC 1035 5.1). */
static bool
header_read(struct reader *reader, struct rr *out)
{
	bool has_ttl = false, has_class = false;
	char text[NAME_TEXT_MAX];

	for (;;) {
		if (!bare_read(reader, text, "type expected"))
			return false;
		if (!has_ttl && *text >= '0' && *text <= '9') {
			/* RFC 2181 8: at most 2^31 - 1. */
			if (!period_parse(text, &out->ttl) ||
			    out->ttl > INT32_MAX)
				return fail(reader, "bad TTL");
			has_ttl = true;
		} else if (!has_class && class_from_text(text, &out->class)) {
			has_class = true;
		} else {
			break;
		}
	}
	if (!rr_type_from_text(text, &out->type))
		return fail(reader, "unknown type");
	return true;
}

static bool
head_read(struct reader *reader, uint32_t ttl, struct rr *out)
{
	uint8_t owner[NAME_WIRE_MAX];

	memset(out, 0, sizeof(*out));
	out->ttl = ttl;
	out->class = CLASS_IN;
	if (!name_read(reader, owner) || !header_read(reader, out))
		return false;
	out->owner = name_copy(reader->mem, owner);
	return true;
}

bool
rr_head_from_text(struct arena *arena, const char *text, const uint8_t *origin,
    uint32_t ttl, struct rr *out, const char **error)
{
	struct reader reader = { .mem = arena, .at = text, .origin = origin };

	if (!head_read(&reader, ttl, out)) {
		*error = reader.error;
		return false;
	}
	out->rdata = arena_alloc(arena, 0);
	return true;
}

bool
rr_from_text(struct arena *arena, const char *text, const uint8_t *origin,
    uint32_t ttl, struct rr *out, const char **error)
{
	struct reader reader = {
		.mem = arena,
		.at = text,
		.origin = origin,
		.out = { .mem = arena },
	};

	if (head_read(&reader, ttl, out) && rdata_read(&reader, out))
		return true;
	*error = reader.error;
	return false;
}

/* SPDX-License-Identifier: ISC */
#include "rdata.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "name.h"
#include "path.h"
#include "rdata_table.h"
#include "text.h"

static uint32_t
read_number(const uint8_t *p, size_t len)
{
	uint32_t value = 0;

	for (; len > 0; len--)
		value = value << 8 | *p++;
	return value;
}

/* A field's text, one blank before it unless it is the first. */
static void
word_add(struct buffer *out, const char *text)
{
	if (out->len > 0)
		buffer_add_text(out, " ");
	buffer_add_text(out, text);
}

static void
number_add(struct buffer *out, uint32_t value)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%lu", (unsigned long)value);
	word_add(out, buf);
}

/* Seconds since 1970 as YYYYMMDDHHmmSS (RFC 4034 3.2). */
static void
date_add(struct buffer *out, uint32_t value)
{
	char buf[32], digits[16];
	const char *from = text_time(value, buf);
	size_t n = 0;

	for (; *from != '\0' && n < sizeof(digits) - 1; from++)
		if (*from >= '0' && *from <= '9')
			digits[n++] = *from;
	digits[n] = '\0';
	word_add(out, digits);
}

/* Octets in quotes; escapes as RFC 1035 5.1. */
static void
quoted_add(struct buffer *out, const uint8_t *data, size_t len)
{
	size_t i;

	word_add(out, "\"");
	for (i = 0; i < len; i++) {
		char buf[8];

		if (data[i] < 0x20 || data[i] > 0x7e)
			snprintf(buf, sizeof(buf), "\\%03u", (unsigned)data[i]);
		else if (data[i] == '"' || data[i] == '\\')
			snprintf(buf, sizeof(buf), "\\%c", data[i]);
		else
			snprintf(buf, sizeof(buf), "%c", data[i]);
		buffer_add_text(out, buf);
	}
	buffer_add_text(out, "\"");
}

static void
strings_add(struct buffer *out, const uint8_t *data, size_t len)
{
	const uint8_t *end = data + len;

	for (; data < end; data += 1 + *data)
		quoted_add(out, data + 1, *data);
}

/* False for octets that type names cannot say: trailing zeros. */
static bool
bitmap_add(struct buffer *out, const uint8_t *data, size_t len)
{
	const uint8_t *end = data + len;

	for (; data < end; data += 2 + data[1]) {
		unsigned bit;

		if (data[1 + data[1]] == 0)
			return false;
		for (bit = 0; bit < data[1] * 8U; bit++) {
			uint16_t type;
			char buf[16];

			if ((data[2 + bit / 8] & 0x80 >> bit % 8) == 0)
				continue;
			type = (uint16_t)(data[0] * 256U + bit);
			word_add(out, rr_type_text(type, buf));
		}
	}
	return true;
}

/* One field that parses; false when text cannot say its octets. */
static bool
field_add(struct buffer *out, enum field field, const uint8_t *data, size_t len)
{
	struct arena *arena = out->mem;
	char buf[46];

	switch (field) {
	case FIELD_END:
		break;
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_PERIOD:
		number_add(out, read_number(data, len));
		break;
	case FIELD_DATE:
		date_add(out, read_number(data, len));
		break;
	case FIELD_TYPE:
		word_add(
		    out, rr_type_text((uint16_t)read_number(data, len), buf));
		break;
	case FIELD_IPV4:
	case FIELD_IPV6:
		word_add(out, address_text(data, field == FIELD_IPV6, buf));
		break;
	case FIELD_NAME:
	case FIELD_NAME_LOWERED:
	case FIELD_NAME_KEPT:
		word_add(out, name_text(arena, data));
		break;
	case FIELD_STRING:
	case FIELD_STRINGS:
		strings_add(out, data, len);
		break;
	case FIELD_TAG:
		word_add(
		    out, arena_strndup(arena, (const char *)data + 1, len - 1));
		break;
	case FIELD_VALUE:
		quoted_add(out, data, len);
		break;
	case FIELD_SALT:
		word_add(
		    out, len == 1 ? "-" : text_hex(arena, data + 1, len - 1));
		break;
	case FIELD_HASH:
		word_add(out, text_base32hex(arena, data + 1, len - 1));
		break;
	case FIELD_HEX:
	case FIELD_HEX_OR_NONE:
		if (len == 0)
			return false;
		word_add(out, text_hex(arena, data, len));
		break;
	case FIELD_BASE64:
		word_add(out, text_base64(arena, data, len));
		break;
	case FIELD_BITMAP:
		return bitmap_add(out, data, len);
	}
	return true;
}

static bool
fields_add(struct buffer *out, const struct rr *rr)
{
	const struct rr_format *format = rr_format_find(rr->type);
	size_t at = 0, span;
	unsigned i;

	if (!rr->wellformed || format == NULL || format->fields[0] == FIELD_END)
		return false;
	for (i = 0; format->fields[i] != FIELD_END; i++, at += span)
		if (!field_span(format->fields[i], rr->rdata + at,
			rr->rdlen - at, &span) ||
		    !field_add(out, format->fields[i], rr->rdata + at, span))
			return false;
	return at == rr->rdlen;
}

char *
rdata_text(struct arena *arena, const struct rr *rr)
{
	struct buffer out = { .mem = arena };

	if (fields_add(&out, rr)) {
		buffer_add(&out, "", 1);
		return (char *)out.data;
	}
	/* RFC 3597 5 */
	if (rr->rdlen == 0)
		return arena_strdup(arena, "\\# 0");
	return arena_printf(arena, "\\# %u %s", (unsigned)rr->rdlen,
	    text_hex(arena, rr->rdata, rr->rdlen));
}

static const char *
class_text(uint16_t class, char buf[16])
{
	if (class == CLASS_IN)
		return "IN";
	snprintf(buf, 16, "CLASS%u", (unsigned)class);
	return buf;
}

char *
rr_text(struct arena *arena, const struct rr *rr)
{
	char owner[NAME_TEXT_MAX], type[16], class[16];

	name_to_text(rr->owner, owner);
	return arena_printf(arena, "%s %lu %s %s %s", owner,
	    (unsigned long)rr->ttl, class_text(rr->class, class),
	    rr_type_text(rr->type, type), rdata_text(arena, rr));
}

char *
rdata_txt(struct arena *mem, const struct rr *rr, size_t *len)
{
	char *text = arena_alloc(mem, (size_t)rr->rdlen + 1);

	*len = 0;
	for (size_t at = 0; at < rr->rdlen;) {
		size_t n = rr->rdata[at++];

		if (n > rr->rdlen - at)
			n = rr->rdlen - at;
		if (n > 0)
			memcpy(text + *len, rr->rdata + at, n);
		*len += n;
		at += n;
	}
	return text;
}

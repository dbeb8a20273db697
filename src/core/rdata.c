/* SPDX-License-Identifier: ISC */
#include "rdata.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "rdata_table.h"

enum { BUFFER_FIRST = 128 };

void
buffer_add(struct buffer *buffer, const void *data, size_t len)
{
	if (buffer->cap - buffer->len < len) {
		size_t room = buffer->cap == 0 ? BUFFER_FIRST : buffer->cap * 2;
		uint8_t *grown;

		while (room - buffer->len < len)
			room *= 2;
		grown = arena_alloc(buffer->mem, room);
		if (buffer->len > 0)
			memcpy(grown, buffer->data, buffer->len);
		buffer->data = grown;
		buffer->cap = room;
	}
	if (len > 0)
		memcpy(buffer->data + buffer->len, data, len);
	buffer->len += len;
}

void
buffer_add_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

static uint16_t
read_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
read_u32(const uint8_t *p)
{
	return (uint32_t)read_u16(p) << 16 | read_u16(p + 2);
}

/* An uncompressed name: pointers are no label. */
static bool
name_span(const uint8_t *data, size_t len, size_t *span)
{
	size_t at = 0;

	while (at < len && data[at] != 0) {
		if (data[at] > NAME_LABEL_MAX)
			return false;
		at += 1 + (size_t)data[at];
		if (at >= NAME_WIRE_MAX)
			return false;
	}
	*span = at + 1;
	return at < len;
}

static bool
strings_fit(const uint8_t *data, size_t len)
{
	size_t at = 0;

	/* RFC 1035 3.3.14: one or more. */
	if (len == 0)
		return false;
	while (at < len)
		at += 1 + (size_t)data[at];
	return at == len;
}

static bool
tag_fits(const uint8_t *data, size_t len)
{
	size_t i;

	/* RFC 8659 4.1: "MUST be at least 1"; letters and digits. */
	if (len < 1 || data[0] == 0 || len < 1 + (size_t)data[0])
		return false;
	for (i = 1; i <= data[0]; i++) {
		uint8_t c = data[i] | 0x20;

		if (!(c >= 'a' && c <= 'z') &&
		    !(data[i] >= '0' && data[i] <= '9'))
			return false;
	}
	return true;
}

static bool
bitmap_fits(const uint8_t *data, size_t len)
{
	int last = -1;
	size_t at = 0;

	/*
	 * RFC 4034 4.1.2: windows in increasing order, 1 to 32 octets each.
	 * Trailing zero octets MUST be omitted, but harm nobody.
	 */
	while (at < len) {
		if (len - at < 3 || data[at] <= last || data[at + 1] < 1 ||
		    data[at + 1] > 32)
			return false;
		last = data[at];
		at += 2 + (size_t)data[at + 1];
	}
	return at == len;
}

bool
field_span(enum field field, const uint8_t *data, size_t len, size_t *span)
{
	switch (field) {
	case FIELD_END:
		*span = 0;
		break;
	case FIELD_U8:
		*span = 1;
		break;
	case FIELD_U16:
	case FIELD_TYPE:
		*span = 2;
		break;
	case FIELD_U32:
	case FIELD_PERIOD:
	case FIELD_DATE:
	case FIELD_IPV4:
		*span = 4;
		break;
	case FIELD_IPV6:
		*span = 16;
		break;
	case FIELD_NAME:
	case FIELD_NAME_LOWERED:
	case FIELD_NAME_KEPT:
		return name_span(data, len, span);
	case FIELD_STRING:
	case FIELD_SALT:
		*span = len < 1 ? 1 : 1 + (size_t)data[0];
		break;
	case FIELD_HASH:
		*span = len < 1 ? 1 : 1 + (size_t)data[0];
		return *span > 1 && *span <= len;
	case FIELD_TAG:
		*span = len < 1 ? 1 : 1 + (size_t)data[0];
		return tag_fits(data, len);
	case FIELD_STRINGS:
		*span = len;
		return strings_fit(data, len);
	case FIELD_BITMAP:
		*span = len;
		return bitmap_fits(data, len);
	case FIELD_HEX:
	case FIELD_BASE64:
		*span = len;
		return len > 0;
	case FIELD_VALUE:
	case FIELD_HEX_OR_NONE:
		*span = len;
		break;
	}
	return *span <= len;
}

bool
rdata_fits(const struct rr_format *format, const uint8_t *data, size_t len)
{
	size_t at = 0, span;
	unsigned i;

	if (format->fields[0] == FIELD_END)
		return true;
	for (i = 0; format->fields[i] != FIELD_END; i++) {
		if (!field_span(format->fields[i], data + at, len - at, &span))
			return false;
		at += span;
	}
	return at == len;
}

/*
 * Copy the RDATA between off and end of a message with its names expanded;
 * false when it does not parse as the format says.
 */
static bool
rdata_expand(const struct rr_format *format, const uint8_t *msg, size_t off,
    size_t end, struct buffer *out)
{
	unsigned i;

	for (i = 0; format->fields[i] != FIELD_END; i++) {
		uint8_t name[NAME_WIRE_MAX];
		size_t span;

		if (format->fields[i] == FIELD_NAME) {
			if (!name_from_wire(name, msg, end, &off))
				return false;
			buffer_add(out, name, name_len(name));
			continue;
		}
		if (!field_span(format->fields[i], msg + off, end - off, &span))
			return false;
		buffer_add(out, msg + off, span);
		off += span;
	}
	return off == end && out->len <= RDATA_MAX;
}

static bool
format_has_name(const struct rr_format *format)
{
	return memchr(format->fields, FIELD_NAME, FIELDS_MAX) != NULL;
}

bool
rdata_from_wire(struct arena *arena, const uint8_t *msg, size_t msglen,
    size_t off, size_t rdlen, struct rr *out)
{
	const struct rr_format *format = rr_format_find(out->type);

	if (off > msglen || rdlen > msglen - off || rdlen > RDATA_MAX)
		return false;
	out->wellformed = true;
	if (format != NULL && format_has_name(format)) {
		struct buffer buffer = { .mem = arena };

		if (rdata_expand(format, msg, off, off + rdlen, &buffer)) {
			out->rdata = buffer.data;
			out->rdlen = (uint16_t)buffer.len;
			return true;
		}
		out->wellformed = false;
	} else if (format != NULL) {
		out->wellformed = rdata_fits(format, msg + off, rdlen);
	}
	out->rdata = arena_copy(arena, msg + off, rdlen);
	out->rdlen = (uint16_t)rdlen;
	return true;
}

static bool
has_upper(const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] >= 'A' && data[i] <= 'Z')
			return true;
	return false;
}

const uint8_t *
rdata_canonical(struct arena *arena, const struct rr *rr, size_t *len)
{
	const struct rr_format *format = rr_format_find(rr->type);
	uint8_t *lowered = NULL, name[NAME_WIRE_MAX];
	size_t at = 0, span;
	unsigned i;

	*len = rr->rdlen;
	if (format == NULL || !rr->wellformed)
		return rr->rdata;
	for (i = 0; format->fields[i] != FIELD_END; i++, at += span) {
		if (!field_span(format->fields[i], rr->rdata + at,
			rr->rdlen - at, &span))
			return rr->rdata;
		if ((format->fields[i] != FIELD_NAME &&
			format->fields[i] != FIELD_NAME_LOWERED) ||
		    !has_upper(rr->rdata + at, span))
			continue;
		if (lowered == NULL)
			lowered = arena_copy(arena, rr->rdata, rr->rdlen);
		name_lower(name, rr->rdata + at);
		memcpy(lowered + at, name, span);
	}
	return lowered != NULL ? lowered : rr->rdata;
}

int
rdata_compare(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	size_t shorter = alen < blen ? alen : blen;
	int diff = shorter > 0 ? memcmp(a, b, shorter) : 0;

	/* RFC 4034 6.3: the absence of an octet sorts before a zero. */
	if (diff != 0)
		return diff;
	return alen < blen ? -1 : alen > blen;
}

bool
rrsig_read(const struct rr *rr, struct rrsig *out)
{
	const uint8_t *p = rr->rdata;
	size_t len;

	if (rr->type != TYPE_RRSIG || !rr->wellformed)
		return false;
	out->covered = read_u16(p);
	out->algorithm = p[2];
	out->labels = p[3];
	out->original_ttl = read_u32(p + 4);
	out->expiration = read_u32(p + 8);
	out->inception = read_u32(p + 12);
	out->key_tag = read_u16(p + 16);
	out->signer = p + 18;
	len = 18 + name_len(out->signer);
	out->signature = p + len;
	out->signaturelen = rr->rdlen - len;
	return true;
}

uint16_t
dnskey_tag(const uint8_t *rdata, size_t rdlen)
{
	uint32_t sum = 0;
	size_t i;

	/* RFC 4034 B.1: RSA/MD5 alone takes it from the modulus. */
	if (rdlen >= 7 && rdata[3] == 1)
		return read_u16(rdata + rdlen - 3);
	for (i = 0; i < rdlen; i++)
		sum += i % 2 != 0 ? rdata[i] : (uint32_t)rdata[i] << 8;
	return (uint16_t)(sum + (sum >> 16 & 0xffff));
}

bool
nsec_has_type(const struct rr *rr, uint16_t type)
{
	const uint8_t *p = rr->rdata, *end = p + rr->rdlen;

	if (!rr->wellformed)
		return false;
	if (rr->type == TYPE_NSEC) {
		p += name_len(p);
	} else if (rr->type == TYPE_NSEC3) {
		p += 4; /* algorithm, flags, iterations */
		p += 1 + *p; /* salt */
		p += 1 + *p; /* next hashed owner */
	} else {
		return false;
	}
	for (; p < end; p += 2 + p[1])
		if (p[0] == type >> 8)
			return (type & 0xff) / 8 < p[1] &&
			    (p[2 + (type & 0xff) / 8] & 0x80 >> (type & 7)) !=
			    0;
	return false;
}

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RDATA_TABLE_H
#define MXPROOF_RDATA_TABLE_H
/*
 * The one table of record types (mnemonic, fields), for rdata.c and its
 * text writer and reader only.  A type without fields is opaque: its data
 * are read and written in the form of RFC 3597 5.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Those from STRINGS on take all that is left and come last. */
enum field {
	FIELD_END,
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_PERIOD,		/* 32-bit seconds, read with units too */
	FIELD_DATE,		/* RFC 4034 3.2: YYYYMMDDHHmmSS */
	FIELD_TYPE,
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_NAME,		/* may come compressed; canonical: lowered */
	FIELD_NAME_LOWERED,	/* never compressed; canonical: lowered */
	FIELD_NAME_KEPT,	/* never compressed; canonical: as sent */
	FIELD_STRING,		/* RFC 1035 3.3 <character-string> */
	FIELD_TAG,		/* length, letters and digits (RFC 8659 4.1) */
	FIELD_SALT,		/* length, hex; "-" when empty */
	FIELD_HASH,		/* length, base32hex; at least one octet */
	FIELD_STRINGS,		/* one <character-string> or more */
	FIELD_VALUE,		/* quoted, of any length */
	FIELD_HEX,		/* at least one octet */
	FIELD_HEX_OR_NONE,
	FIELD_BASE64,		/* at least one octet */
	FIELD_BITMAP		/* RFC 4034 4.1.2 */
};

enum { FIELDS_MAX = 10, RDATA_MAX = 65535 };

struct rr_format {
	const char	*name;
	uint16_t	 type;
	uint8_t		 fields[FIELDS_MAX];	/* enum field, FIELD_END */
};

/* The row of a type, or NULL. */
const struct rr_format *rr_format_find(uint16_t type);

/*
 * The octets of the field that begins at data, names uncompressed; false
 * when it does not parse or leaves data.
 */
bool field_span(enum field, const uint8_t *data, size_t len, size_t *span);

/* Uncompressed RDATA parse as the format says; opaque formats always do. */
bool rdata_fits(const struct rr_format *, const uint8_t *data, size_t len);

/* Octets that grow in an arena. */
struct buffer {
	struct arena	*mem;
	uint8_t		*data;
	size_t		 len, cap;
};

void buffer_add(struct buffer *, const void *data, size_t len);
void buffer_add_text(struct buffer *, const char *text);

#endif

/* SPDX-License-Identifier: ISC */
#include "rdata_table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rdata.h"

/* clang-format off */
#define NAME	FIELD_NAME
#define U8	FIELD_U8
#define U16	FIELD_U16
#define U32	FIELD_U32
#define PERIOD	FIELD_PERIOD
#define DATE	FIELD_DATE
#define STRING	FIELD_STRING

/*
 * Ascending by number.  Compressed: the types of RFC 3597 4.  Canonical
 * lower case: the types of RFC 4034 6.2 less RFC 6840 5.1 (HINFO has no
 * names; NSEC's next name is kept; the RRSIG's signer is lowered).
 */
static const struct rr_format formats[] = {
	{ "A",		1,	{ FIELD_IPV4 } },
	{ "NS",		2,	{ NAME } },
	{ "MD",		3,	{ NAME } },
	{ "MF",		4,	{ NAME } },
	{ "CNAME",	5,	{ NAME } },
	{ "SOA",	6,	{ NAME, NAME, U32, PERIOD, PERIOD, PERIOD,
				  PERIOD } },
	{ "MB",		7,	{ NAME } },
	{ "MG",		8,	{ NAME } },
	{ "MR",		9,	{ NAME } },
	{ "NULL",	10,	{ FIELD_END } },
	{ "WKS",	11,	{ FIELD_END } },
	{ "PTR",	12,	{ NAME } },
	{ "HINFO",	13,	{ STRING, STRING } },
	{ "MINFO",	14,	{ NAME, NAME } },
	{ "MX",		15,	{ U16, NAME } },
	{ "TXT",	16,	{ FIELD_STRINGS } },
	{ "RP",		17,	{ NAME, NAME } },
	{ "AFSDB",	18,	{ U16, NAME } },
	{ "X25",	19,	{ FIELD_END } },
	{ "ISDN",	20,	{ FIELD_END } },
	{ "RT",		21,	{ U16, NAME } },
	{ "NSAP",	22,	{ FIELD_END } },
	{ "NSAP-PTR",	23,	{ FIELD_END } },
	{ "SIG",	24,	{ FIELD_TYPE, U8, U8, PERIOD, DATE, DATE, U16,
				  NAME, FIELD_BASE64 } },
	{ "KEY",	25,	{ FIELD_END } },
	{ "PX",		26,	{ U16, NAME, NAME } },
	{ "GPOS",	27,	{ FIELD_END } },
	{ "AAAA",	28,	{ FIELD_IPV6 } },
	{ "LOC",	29,	{ FIELD_END } },
	{ "NXT",	30,	{ FIELD_END } },
	{ "EID",	31,	{ FIELD_END } },
	{ "NIMLOC",	32,	{ FIELD_END } },
	{ "SRV",	33,	{ U16, U16, U16, NAME } },
	{ "ATMA",	34,	{ FIELD_END } },
	{ "NAPTR",	35,	{ U16, U16, STRING, STRING, STRING, NAME } },
	{ "KX",		36,	{ U16, FIELD_NAME_LOWERED } },
	{ "CERT",	37,	{ FIELD_END } },
	{ "A6",		38,	{ FIELD_END } },
	{ "DNAME",	39,	{ FIELD_NAME_LOWERED } },
	{ "SINK",	40,	{ FIELD_END } },
	{ "OPT",	41,	{ FIELD_END } },
	{ "APL",	42,	{ FIELD_END } },
	{ "DS",		43,	{ U16, U8, U8, FIELD_HEX } },
	{ "SSHFP",	44,	{ U8, U8, FIELD_HEX } },
	{ "IPSECKEY",	45,	{ FIELD_END } },
	{ "RRSIG",	46,	{ FIELD_TYPE, U8, U8, PERIOD, DATE, DATE, U16,
				  FIELD_NAME_LOWERED, FIELD_BASE64 } },
	{ "NSEC",	47,	{ FIELD_NAME_KEPT, FIELD_BITMAP } },
	{ "DNSKEY",	48,	{ U16, U8, U8, FIELD_BASE64 } },
	{ "DHCID",	49,	{ FIELD_END } },
	{ "NSEC3",	50,	{ U8, U8, U16, FIELD_SALT, FIELD_HASH,
				  FIELD_BITMAP } },
	{ "NSEC3PARAM",	51,	{ U8, U8, U16, FIELD_SALT } },
	{ "TLSA",	52,	{ U8, U8, U8, FIELD_HEX_OR_NONE } },
	{ "SMIMEA",	53,	{ U8, U8, U8, FIELD_HEX_OR_NONE } },
	{ "HIP",	55,	{ FIELD_END } },
	{ "NINFO",	56,	{ FIELD_END } },
	{ "RKEY",	57,	{ FIELD_END } },
	{ "TALINK",	58,	{ FIELD_END } },
	{ "CDS",	59,	{ U16, U8, U8, FIELD_HEX } },
	{ "CDNSKEY",	60,	{ U16, U8, U8, FIELD_BASE64 } },
	{ "OPENPGPKEY",	61,	{ FIELD_BASE64 } },
	{ "CSYNC",	62,	{ U32, U16, FIELD_BITMAP } },
	{ "ZONEMD",	63,	{ U32, U8, U8, FIELD_HEX } },
	{ "SVCB",	64,	{ FIELD_END } },
	{ "HTTPS",	65,	{ FIELD_END } },
	{ "DSYNC",	66,	{ FIELD_END } },
	{ "SPF",	99,	{ FIELD_STRINGS } },
	{ "NID",	104,	{ FIELD_END } },
	{ "L32",	105,	{ FIELD_END } },
	{ "L64",	106,	{ FIELD_END } },
	{ "LP",		107,	{ FIELD_END } },
	{ "EUI48",	108,	{ FIELD_END } },
	{ "EUI64",	109,	{ FIELD_END } },
	{ "NXNAME",	128,	{ FIELD_END } },
	{ "TKEY",	249,	{ FIELD_END } },
	{ "TSIG",	250,	{ FIELD_END } },
	{ "IXFR",	251,	{ FIELD_END } },
	{ "AXFR",	252,	{ FIELD_END } },
	{ "MAILB",	253,	{ FIELD_END } },
	{ "MAILA",	254,	{ FIELD_END } },
	{ "ANY",	255,	{ FIELD_END } },
	{ "URI",	256,	{ U16, U16, FIELD_VALUE } },
	{ "CAA",	257,	{ U8, FIELD_TAG, FIELD_VALUE } },
	{ "AVC",	258,	{ FIELD_STRINGS } },
	{ "DOA",	259,	{ FIELD_END } },
	{ "AMTRELAY",	260,	{ FIELD_END } },
	{ "RESINFO",	261,	{ FIELD_STRINGS } },
	{ "WALLET",	262,	{ FIELD_STRINGS } },
	{ "TA",		32768,	{ FIELD_END } },
	{ "DLV",	32769,	{ U16, U8, U8, FIELD_HEX } },
};
/* clang-format on */

static const struct {
	uint16_t rcode;
	const char *name;
} rcodes[] = {
	{ 0, "NOERROR" },
	{ 1, "FORMERR" },
	{ 2, "SERVFAIL" },
	{ 3, "NXDOMAIN" },
	{ 4, "NOTIMP" },
	{ 5, "REFUSED" },
	{ 6, "YXDOMAIN" },
	{ 7, "YXRRSET" },
	{ 8, "NXRRSET" },
	{ 9, "NOTAUTH" },
	{ 10, "NOTZONE" },
	{ 11, "DSOTYPENI" },
	{ 16, "BADVERS" },
	{ 17, "BADKEY" },
	{ 18, "BADTIME" },
	{ 19, "BADMODE" },
	{ 20, "BADNAME" },
	{ 21, "BADALG" },
	{ 22, "BADTRUNC" },
	{ 23, "BADCOOKIE" },
};

const struct rr_format *
rr_format_find(uint16_t type)
{
	size_t low = 0, high = sizeof(formats) / sizeof(formats[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (formats[middle].type == type)
			return &formats[middle];
		if (formats[middle].type < type)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *
rr_type_text(uint16_t type, char buf[16])
{
	const struct rr_format *format = rr_format_find(type);

	if (format != NULL)
		snprintf(buf, 16, "%s", format->name);
	else
		snprintf(buf, 16, "TYPE%u", (unsigned)type);
	return buf;
}

/* The number behind a prefix of any case: "TYPE15", "RCODE23". */
static bool
numbered(const char *text, const char *prefix, unsigned max, unsigned *value)
{
	size_t len = strlen(prefix);

	if (strncasecmp(text, prefix, len) != 0 || text[len] == '\0')
		return false;
	*value = 0;
	for (text += len; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*value = *value * 10 + (unsigned)(*text - '0');
		if (*value > max)
			return false;
	}
	return true;
}

bool
rr_type_from_text(const char *text, uint16_t *type)
{
	unsigned value;
	size_t i;

	if (numbered(text, "TYPE", 65535, &value)) {
		*type = (uint16_t)value;
		return true;
	}
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcasecmp(formats[i].name, text) == 0) {
			*type = formats[i].type;
			return true;
		}
	return false;
}

const char *
rcode_text(unsigned rcode, char buf[16])
{
	size_t i;

	for (i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++)
		if (rcodes[i].rcode == rcode) {
			snprintf(buf, 16, "%s", rcodes[i].name);
			return buf;
		}
	snprintf(buf, 16, "RCODE%u", rcode);
	return buf;
}

bool
rcode_from_text(const char *text, unsigned *rcode)
{
	size_t i;

	/* RFC 6891 6.1.3: 12 bits with the OPT record's. */
	if (numbered(text, "RCODE", 4095, rcode))
		return true;
	for (i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++)
		if (strcasecmp(rcodes[i].name, text) == 0) {
			*rcode = rcodes[i].rcode;
			return true;
		}
	return false;
}

bool
rr_type_is_opaque(uint16_t type)
{
	const struct rr_format *format = rr_format_find(type);
	/* RFC 6895 3.1: OPT, and the meta-types and question types. */
	bool is_data = type != 41 && (type < 128 || type > 255);

	return format != NULL && format->fields[0] == FIELD_END && is_data;
}

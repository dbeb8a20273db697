/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"

static const char hex_upper[] = "0123456789ABCDEF";
static const char hex_lower[] = "0123456789abcdef";
static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base32[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

static char *
hex_write(
    struct arena *arena, const uint8_t *data, size_t len, const char *digits)
{
	char *text = arena_array(arena, len + 1, 2);
	size_t i;

	for (i = 0; i < len; i++) {
		text[2 * i] = digits[data[i] >> 4];
		text[2 * i + 1] = digits[data[i] & 15];
	}
	return text;
}

char *
text_hex(struct arena *arena, const uint8_t *data, size_t len)
{
	return hex_write(arena, data, len, hex_upper);
}

char *
text_hex_lower(struct arena *arena, const uint8_t *data, size_t len)
{
	return hex_write(arena, data, len, hex_lower);
}

/* The value of a digit in the upper or lower case alphabet, or -1. */
static int
digit_value(char c, const char *alphabet)
{
	const char *at;

	if (c == '\0')
		return -1;
	at = strchr(alphabet, c);
	return at == NULL ? -1 : (int)(at - alphabet);
}

static int
digit_value_any_case(char c, const char *alphabet)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - ('a' - 'A'));
	return digit_value(c, alphabet);
}

bool
text_from_hex(struct arena *arena, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen)
{
	size_t i;

	if (textlen % 2 != 0)
		return false;
	*outlen = textlen / 2;
	*out = arena_alloc(arena, *outlen);
	for (i = 0; i < *outlen; i++) {
		int high = digit_value_any_case(text[2 * i], hex_upper);
		int low = digit_value_any_case(text[2 * i + 1], hex_upper);

		if (high < 0 || low < 0)
			return false;
		(*out)[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

char *
text_base64(struct arena *arena, const uint8_t *data, size_t len)
{
	char *text = arena_array(arena, len / 3 + 2, 4), *p = text;
	size_t i;

	for (i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)data[i] << 16;

		if (i + 1 < len)
			v |= (uint32_t)data[i + 1] << 8;
		if (i + 2 < len)
			v |= data[i + 2];
		*p++ = base64[v >> 18];
		*p++ = base64[v >> 12 & 63];
		*p++ = i + 1 < len ? base64[v >> 6 & 63] : '=';
		*p++ = i + 2 < len ? base64[v & 63] : '=';
	}
	return text;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
text_from_base64(struct arena *arena, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen)
{
	uint8_t *data = arena_alloc(arena, textlen / 4 * 3 + 3);
	size_t ndigits = 0, npad = 0, len = 0, i;
	uint32_t bits = 0;

	for (i = 0; i < textlen; i++) {
		int value;

		if (is_space(text[i]))
			continue;
		if (text[i] == '=') {
			npad++;
			continue;
		}
		value = digit_value(text[i], base64);
		if (value < 0 || npad > 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		if (++ndigits % 4 != 1)
			data[len++] =
			    (uint8_t)(bits >> (8 - ndigits % 4 * 2) % 8);
	}
	/*
	 * RFC 4648 4: whole quanta.  Spare bits that are not zero MAY be
	 * rejected (3.5); verifiers let them pass, so we do.
	 */
	if (npad > 2 || (ndigits + npad) % 4 != 0)
		return false;
	*out = data;
	*outlen = len;
	return true;
}

char *
text_base32hex(struct arena *arena, const uint8_t *data, size_t len)
{
	char *text = arena_array(arena, len / 5 + 2, 8), *p = text;
	unsigned nbits = 0;
	uint32_t bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = (bits << 8 | data[i]) & 0xffff;
		for (nbits += 8; nbits >= 5; nbits -= 5)
			*p++ = base32[bits >> (nbits - 5) & 31];
	}
	if (nbits > 0)
		*p = base32[bits << (5 - nbits) & 31];
	return text;
}

bool
text_from_base32hex(struct arena *arena, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen)
{
	unsigned nbits = 0;
	uint32_t bits = 0;
	size_t len = 0, i;

	*out = arena_alloc(arena, textlen / 8 * 5 + 5);
	for (i = 0; i < textlen; i++) {
		int value = digit_value_any_case(text[i], base32);

		if (value < 0)
			return false;
		bits = (bits << 5 | (uint32_t)value) & 0xffff;
		nbits += 5;
		if (nbits >= 8) {
			nbits -= 8;
			(*out)[len++] = (uint8_t)(bits >> nbits);
		}
	}
	/* A digit that adds no octet is a wrong length; spare bits are 0. */
	if (nbits >= 5 || (bits & ((1U << nbits) - 1)) != 0)
		return false;
	*outlen = len;
	return true;
}

/*
 * Days since 1970-01-01 to a date of the proleptic Gregorian calendar and
 * back: years counted from March, so that the leap day comes last.
 */
static int64_t
days_from_date(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

const char *
text_time(int64_t at, char buf[32])
{
	/* The last second of the year 999999999, and its mirror. */
	const int64_t last = 31556889832780799;
	int64_t days, year, rest;
	unsigned month, day;

	if (at > last)
		at = last;
	if (at < -last)
		at = -last;
	days = (at >= 0 ? at : at - 86399) / 86400;
	rest = at - days * 86400;
	date_from_days(days, &year, &month, &day);
	snprintf(buf, 32, "%s%04d-%02u-%02uT%02u:%02u:%02uZ",
	    year < 0 ? "-" : "", (int)(year < 0 ? -year : year), month % 100,
	    day % 100, (unsigned)(rest / 3600) % 100,
	    (unsigned)(rest / 60 % 60), (unsigned)(rest % 60));
	return buf;
}

/* Exactly n digits at *p, which moves on; false when there are fewer. */
static bool
digits_read(const char **p, unsigned n, unsigned *value)
{
	*value = 0;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*value = *value * 10 + (unsigned)(**p - '0');
	}
	return true;
}

static bool
char_read(const char **p, const char *allowed)
{
	if (**p == '\0' || strchr(allowed, **p) == NULL)
		return false;
	(*p)++;
	return true;
}

static unsigned
month_days(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

/* "Z", "+01:00": seconds east of UTC. */
static bool
offset_read(const char **p, int64_t *offset)
{
	unsigned hour, minute;
	bool west = **p == '-';

	*offset = 0;
	if (char_read(p, "Zz"))
		return true;
	if (!char_read(p, "+-") || !digits_read(p, 2, &hour) ||
	    !char_read(p, ":") || !digits_read(p, 2, &minute) || hour > 23 ||
	    minute > 59)
		return false;
	*offset = (int64_t)hour * 3600 + (int64_t)minute * 60;
	if (west)
		*offset = -*offset;
	return true;
}

bool
text_from_time(const char *text, int64_t *at)
{
	unsigned year, month, day, hour, minute, second, ignored;
	int64_t offset, utc;

	/* RFC 3339 5.6; its note lets a space stand for the T. */
	if (!digits_read(&text, 4, &year) || !char_read(&text, "-") ||
	    !digits_read(&text, 2, &month) || !char_read(&text, "-") ||
	    !digits_read(&text, 2, &day) || !char_read(&text, "Tt ") ||
	    !digits_read(&text, 2, &hour) || !char_read(&text, ":") ||
	    !digits_read(&text, 2, &minute) || !char_read(&text, ":") ||
	    !digits_read(&text, 2, &second))
		return false;
	if (month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	if (char_read(&text, ".")) {
		if (!digits_read(&text, 1, &ignored))
			return false;
		while (char_read(&text, "0123456789"))
			continue;
	}
	if (!offset_read(&text, &offset) || *text != '\0')
		return false;
	utc = days_from_date(year, month, day) * 86400 + (int64_t)hour * 3600 +
	    (int64_t)minute * 60 + second - offset;
	/* In UTC the year must have four digits, too, to be read again. */
	if (utc < days_from_date(0, 1, 1) * 86400 ||
	    utc >= days_from_date(10000, 1, 1) * 86400)
		return false;
	*at = utc;
	return true;
}

const char *
text_duration(int64_t seconds, char buf[32])
{
	static const struct {
		uint64_t size;
		const char *name;
	} units[] = {
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
		{ 1, "second" },
	};
	uint64_t n = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	size_t i = 0;

	while (units[i].size > 1 && n < units[i].size)
		i++;
	n /= units[i].size;
	snprintf(buf, 32, "%llu %s%s", (unsigned long long)n, units[i].name,
	    n == 1 ? "" : "s");
	return buf;
}

/* One byte as it may be shown, into buf; its length. */
static size_t
byte_escape(uint8_t c, char buf[4])
{
	if (c == '\\') {
		buf[0] = buf[1] = '\\';
		return 2;
	}
	if (c >= 0x20 && c <= 0x7e) {
		buf[0] = (char)c;
		return 1;
	}
	buf[0] = '\\';
	buf[1] = 'x';
	buf[2] = hex_lower[c >> 4];
	buf[3] = hex_lower[c & 15];
	return 4;
}

char *
text_escape(struct arena *arena, const void *data, size_t len, size_t max)
{
	const uint8_t *bytes = data;
	size_t n, shown = 0, at = 0;
	char one[4], *text;

	for (n = 0; n < len; n++) {
		size_t more = byte_escape(bytes[n], one);

		if (max > 0 && shown + more > max)
			break;
		shown += more;
	}
	text = arena_alloc(arena, shown + sizeof("..."));
	for (size_t i = 0; i < n; i++)
		at += byte_escape(bytes[i], text + at);
	if (n < len)
		memcpy(text + at, "...", 3);
	return text;
}

static bool
quad_read(const char *text, uint8_t out[4])
{
	unsigned i;

	for (i = 0; i < 4; i++) {
		unsigned value = 0, ndigits = 0;

		if (i > 0 && !char_read(&text, "."))
			return false;
		for (; *text >= '0' && *text <= '9'; text++) {
			/* Elsewhere a leading zero means octal. */
			if (ndigits++ > 0 && value == 0)
				return false;
			value = value * 10 + (unsigned)(*text - '0');
			if (value > 255)
				return false;
		}
		if (ndigits == 0)
			return false;
		out[i] = (uint8_t)value;
	}
	return *text == '\0';
}

/* One group of one to four hex digits; *text moves on. */
static bool
group_read(const char **text, uint8_t out[2])
{
	unsigned value = 0, ndigits = 0;
	int digit;

	while ((digit = digit_value_any_case(**text, hex_upper)) >= 0) {
		value = value << 4 | (unsigned)digit;
		if (++ndigits > 4)
			return false;
		(*text)++;
	}
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return ndigits > 0;
}

static bool
ipv6_read(const char *text, uint8_t out[16])
{
	size_t len = 0, gap = SIZE_MAX; /* gap: where "::" stood */

	memset(out, 0, 16);
	if (strncmp(text, "::", 2) == 0) {
		text += 2;
		gap = 0;
	}
	while (*text != '\0') {
		if (len <= 12 && quad_read(text, out + len)) {
			len += 4;
			break;
		}
		if (len == 16 || !group_read(&text, out + len))
			return false;
		len += 2;
		if (*text == '\0')
			break;
		if (!char_read(&text, ":") || *text == '\0')
			return false;
		if (char_read(&text, ":")) {
			if (gap != SIZE_MAX)
				return false;
			gap = len;
		}
	}
	if (gap == SIZE_MAX)
		return len == 16;
	if (len == 16)
		return false;
	memmove(out + 16 - (len - gap), out + gap, len - gap);
	memset(out + gap, 0, 16 - len);
	return true;
}

bool
text_from_address(const char *text, bool ipv6, uint8_t out[16])
{
	return ipv6 ? ipv6_read(text, out) : quad_read(text, out);
}

int64_t
text_serial_near(uint32_t serial, int64_t near)
{
	/* RFC 1982: the distance is the difference modulo 2^32, signed. */
	uint32_t ahead = serial - (uint32_t)(uint64_t)near;
	int64_t distance = ahead;

	if (ahead >= 0x80000000U)
		distance -= INT64_C(0x100000000);
	if (distance > 0 && near > INT64_MAX - distance)
		distance -= INT64_C(0x100000000);
	if (distance < 0 && near < INT64_MIN - distance)
		distance += INT64_C(0x100000000);
	return near + distance;
}

/* ASCII only: no locale has a say in it. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

unsigned
text_distance(const char *a, const char *b)
{
	unsigned row[256];
	size_t na = strlen(a), nb = strlen(b);

	if (na > 255 || nb > 255)
		return 255;
	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned best =
			    corner + (lower(a[i - 1]) != lower(b[j - 1]));

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

bool
text_is(const char *text, size_t len, const char *want)
{
	if (len != strlen(want))
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != want[i])
			return false;
	}
	return true;
}

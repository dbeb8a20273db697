/* SPDX-License-Identifier: ISC */
#include "core/arena.h"
#include "core/text.h"

#include "tap.h"

/* RFC 4648 10, and what is not base64. */
static const struct {
	const char *data, *base64, *base32hex, *hex;
} codes[] = {
	{ "", "", "", "" },
	{ "f", "Zg==", "CO", "66" },
	{ "fo", "Zm8=", "CPNG", "666F" },
	{ "foo", "Zm9v", "CPNMU", "666F6F" },
	{ "foob", "Zm9vYg==", "CPNMUOG", "666F6F62" },
	{ "fooba", "Zm9vYmE=", "CPNMUOJ1", "666F6F6261" },
	{ "foobar", "Zm9vYmFy", "CPNMUOJ1E8", "666F6F626172" },
};

static const struct {
	const char *name, *input;
	bool want;
} base64s[] = {
	{ "blanks inside", " Zm 9v\tYg\r\n = =", true },
	{ "padding missing", "Zm9vYg", false },
	{ "padding inside", "Zg==Zg==", false },
	{ "three pads", "Z===", false },
	{ "one digit", "Z", false },
	{ "URL alphabet", "Zm9-", false },
	{ "pads alone", "====", false },
};

static const struct {
	const char *name, *input;
	bool want;
} base32s[] = {
	{ "lower case", "cpnmuoj1e8", true },
	{ "one digit", "C", false },
	{ "three digits", "CPN", false },
	{ "six digits", "CPNMUO", false },
	{ "spare bits", "CP", false },
	{ "letter W", "CPNW", false },
};

static const struct {
	const char *name, *input;
	bool good;
	int64_t want;
} times[] = {
	{ "epoch", "1970-01-01T00:00:00Z", true, 0 },
	{ "before it", "1969-12-31T23:59:59Z", true, -1 },
	{ "leap day", "2024-02-29T12:00:00Z", true, 1709208000 },
	{ "no leap day", "2023-02-29T12:00:00Z", false, 0 },
	{ "1900 has none", "1900-02-29T00:00:00Z", false, 0 },
	{ "2000 has one", "2000-02-29T00:00:00Z", true, 951782400 },
	{ "end of 32 bits", "2106-02-07T06:28:15Z", true, 4294967295 },
	{ "offset east", "2026-11-22T05:30:00+01:30", true, 1795320000 },
	{ "offset west", "2026-11-21T22:00:00-06:00", true, 1795320000 },
	{ "lower case, fraction", "2026-11-22t04:00:00.25z", true,
	    1795320000 },
	{ "a space for T", "2026-11-22 04:00:00Z", true, 1795320000 },
	{ "leap second", "2016-12-31T23:59:60Z", true, 1483228800 },
	{ "no zone", "2026-11-22T04:00:00", false, 0 },
	{ "first", "0000-01-01T00:00:00Z", true, -62167219200 },
	{ "last", "9999-12-31T23:59:59Z", true, 253402300799 },
	{ "before the year 0", "0000-01-01T00:00:00+00:01", false, 0 },
	{ "after the year 9999", "9999-12-31T23:59:59-00:01", false, 0 },
	{ "month 13", "2026-13-22T04:00:00Z", false, 0 },
	{ "month 0", "2026-00-22T04:00:00Z", false, 0 },
	{ "day 0", "2026-01-00T04:00:00Z", false, 0 },
	{ "hour 24", "2026-11-22T24:00:00Z", false, 0 },
	{ "text behind", "2026-11-22T04:00:00Zx", false, 0 },
	{ "empty fraction", "2026-11-22T04:00:00.Z", false, 0 },
	{ "empty", "", false, 0 },
};

static const struct {
	int64_t at;
	const char *want;
} instants[] = {
	{ 0, "1970-01-01T00:00:00Z" },
	{ -1, "1969-12-31T23:59:59Z" },
	{ 1795320000, "2026-11-22T04:00:00Z" },
	{ 253402300800, "10000-01-01T00:00:00Z" },
	{ -62167219200, "0000-01-01T00:00:00Z" },
	{ INT64_MAX, "999999999-12-31T23:59:59Z" },
};

static const struct {
	int64_t seconds;
	const char *want;
} durations[] = {
	{ 0, "0 seconds" },
	{ 1, "1 second" },
	{ 59, "59 seconds" },
	{ 60, "1 minute" },
	{ 1500, "25 minutes" },
	{ 10800, "3 hours" },
	{ 86400, "1 day" },
	{ -1209600, "14 days" },
	{ INT64_MIN, "106751991167300 days" },
};

static const struct {
	const char *name, *input;
	size_t len, max;
	const char *want;
} escapes[] = {
	{ "plain", "250 OK", 6, 0, "250 OK" },
	{ "terminal escape", "\33[2J", 4, 0, "\\x1b[2J" },
	{ "zero octet", "a\0b", 3, 0, "a\\x00b" },
	{ "backslash", "a\\b", 3, 0, "a\\\\b" },
	{ "UTF-8", "\xc3\xa4", 2, 0, "\\xc3\\xa4" },
	{ "DEL", "\x7f", 1, 0, "\\x7f" },
	{ "not cut", "abcd", 4, 4, "abcd" },
	{ "cut", "abcde", 5, 4, "abcd..." },
	{ "no half escape", "abc\1", 4, 5, "abc..." },
	{ "empty", "", 0, 4, "" },
};

static const struct {
	const char *name;
	uint32_t serial;
	int64_t near, want;
} serials[] = {
	{ "now", 1795320000, 1795300000, 1795320000 },
	{ "past 2106", 5, 4294967290, 4294967301 },
	{ "before 1970", 4294967295U, 10, -1 },
	{ "far past 2106", 0, 8589934592, 8589934592 },
	{ "the end of time", 0, INT64_MAX, INT64_MAX - 4294967295 },
	{ "its beginning", 4294967295U, INT64_MIN,
	    INT64_MIN + 4294967295 },
};

/* want: the octets in hex; NULL = no address. */
static const struct {
	const char *input;
	bool ipv6;
	const char *want;
} addresses[] = {
	{ "192.0.2.1", false, "C0000201" },
	{ "192.0.2", false, NULL },
	{ "192.0.2.1.", false, NULL },
	{ "192.0.2.256", false, NULL },
	{ "192.0..1", false, NULL },
	{ "192.0.2.01", false, NULL },
	{ "", false, NULL },
	{ "1:2:3:4:5:6:7:8", true, "00010002000300040005000600070008" },
	{ "2001:DB8::1", true, "20010DB8000000000000000000000001" },
	{ "::", true, "00000000000000000000000000000000" },
	{ "::1", true, "00000000000000000000000000000001" },
	{ "fe80::", true, "FE800000000000000000000000000000" },
	{ "1::3:4:5:6:7:8", true, "00010000000300040005000600070008" },
	{ "1:2:3:4:5:6:7::", true, "00010002000300040005000600070000" },
	{ "::ffff:192.0.2.1", true, "00000000000000000000FFFFC0000201" },
	{ "1:2:3:4:5:6:1.2.3.4", true, "00010002000300040005000601020304" },
	{ "1:2:3:4:5:6:7:1.2.3.4", true, NULL },
	{ "1.2.3.4", true, NULL },
	{ "1:2:3:4:5:6:7", true, NULL },
	{ "1:2:3:4:5:6:7:8:9", true, NULL },
	{ "1:2:3:4::5:6:7:8", true, NULL },
	{ "1::2::3", true, NULL },
	{ ":1::2", true, NULL },
	{ "1:", true, NULL },
	{ ":", true, NULL },
	{ ":::", true, NULL },
	{ "12345::", true, NULL },
	{ "fe80::1%lo", true, NULL },
	{ "", true, NULL },
};

static void
test_addresses(struct arena *arena)
{
	size_t n = sizeof(addresses) / sizeof(addresses[0]);

	for (size_t i = 0; i < n; i++) {
		uint8_t out[16];
		bool good = text_from_address(addresses[i].input,
		    addresses[i].ipv6, out);

		is(good ? text_hex(arena, out, addresses[i].ipv6 ? 16 : 4)
			: NULL,
		    addresses[i].want, addresses[i].input);
	}
}

static void
test_codes(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const uint8_t *data = (const uint8_t *)codes[i].data;
		size_t len = strlen(codes[i].data), got;
		uint8_t *back;

		is(text_base64(arena, data, len), codes[i].base64, "base64");
		is(text_base32hex(arena, data, len), codes[i].base32hex,
		    "base32hex");
		is(text_hex(arena, data, len), codes[i].hex, "hex");
		ok(text_from_base64(arena, codes[i].base64,
		       strlen(codes[i].base64), &back, &got) &&
			got == len && memcmp(back, data, len) == 0,
		    "from base64");
		ok(text_from_base32hex(arena, codes[i].base32hex,
		       strlen(codes[i].base32hex), &back, &got) &&
			got == len && memcmp(back, data, len) == 0,
		    "from base32hex");
		ok(text_from_hex(arena, codes[i].hex, strlen(codes[i].hex),
		       &back, &got) &&
			got == len && memcmp(back, data, len) == 0,
		    "from hex");
	}
}

static void
test_bad_codes(struct arena *arena)
{
	uint8_t *data;
	size_t len;

	for (size_t i = 0; i < sizeof(base64s) / sizeof(base64s[0]); i++)
		ok(text_from_base64(arena, base64s[i].input,
		       strlen(base64s[i].input), &data,
		       &len) == base64s[i].want,
		    "base64: %s", base64s[i].name);
	for (size_t i = 0; i < sizeof(base32s) / sizeof(base32s[0]); i++)
		ok(text_from_base32hex(arena, base32s[i].input,
		       strlen(base32s[i].input), &data,
		       &len) == base32s[i].want,
		    "base32hex: %s", base32s[i].name);
	ok(!text_from_hex(arena, "123", 3, &data, &len), "odd hex");
	ok(!text_from_hex(arena, "0g", 2, &data, &len), "no hex digit");
	ok(!text_from_hex(arena, "0\0", 2, &data, &len), "NUL in hex");
	is(text_hex_lower(arena, (const uint8_t *)"\xab\x0c", 2), "ab0c",
	    "lower-case hex");
}

static void
test_times(void)
{
	char buf[32];

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t at = 0;

		ok(text_from_time(times[i].input, &at) == times[i].good &&
			at == times[i].want,
		    "time: %s", times[i].name);
	}
	for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++)
		is(text_time(instants[i].at, buf), instants[i].want,
		    "instant");
	/* There and back over all years of four digits. */
	for (int64_t at = 0; at < 253402300800; at += 86399 * 97) {
		int64_t back;

		if (!text_from_time(text_time(at, buf), &back) || at != back)
			ok(false, "round trip of %s", buf);
	}
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		is(text_duration(durations[i].seconds, buf),
		    durations[i].want, "duration");
	for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++)
		ok(text_serial_near(serials[i].serial, serials[i].near) ==
			serials[i].want,
		    "serial: %s", serials[i].name);
}

static void
test_distance(void)
{
	char far[300];

	memset(far, 'x', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	ok(text_distance("contoso", "Contoso") == 0, "case does not count");
	ok(text_distance("contoso", "contosso") == 1, "a letter too many");
	ok(text_distance("contoso", "cantose") == 2, "two letters changed");
	ok(text_distance("", "abc") == 3, "from nothing");
	ok(text_distance(far, far) == 255, "long texts are far");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_codes(arena);
	test_bad_codes(arena);
	test_times();
	test_addresses(arena);
	test_distance();
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		is(text_escape(arena, escapes[i].input, escapes[i].len,
		       escapes[i].max),
		    escapes[i].want, escapes[i].name);
	arena_free(arena);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "path.h"

#include <stdio.h>
#include <string.h>

struct prefix {
	uint8_t bytes[16];
	unsigned bits;
};

/* The special-purpose registries of RFC 6890 that are not reachable. */
static const struct prefix special4[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 4 }, /* multicast, RFC 5771 */
	{ { 240 }, 4 },
};
static const struct prefix special6[] = {
	{ { 0 }, 96 }, /* unspecified, loopback, v4-compatible */
	{ { [10] = 0xff, [11] = 0xff }, 96 }, /* v4-mapped */
	{ { 0x00, 0x64, 0xff, 0x9b, 0, 1 }, 48 }, /* RFC 8215 */
	{ { 0x01 }, 64 }, /* discard-only */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff }, 20 }, /* documentation, RFC 9637 */
	{ { 0xfc }, 7 }, /* unique local */
	{ { 0xfe, 0x80 }, 10 }, /* link-local */
	{ { 0xfe, 0xc0 }, 10 }, /* site-local, RFC 3879 */
	{ { 0xff }, 8 }, /* multicast */
};

static bool
prefix_has(const struct prefix *p, const uint8_t *bytes)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;

	if (memcmp(p->bytes, bytes, whole) != 0)
		return false;
	return rest == 0 ||
	    ((p->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0;
}

bool
address_special(const uint8_t *bytes, bool ipv6)
{
	const struct prefix *p = ipv6 ? special6 : special4;
	size_t n = ipv6 ? sizeof special6 / sizeof *special6
			: sizeof special4 / sizeof *special4;

	for (size_t i = 0; i < n; i++)
		if (prefix_has(&p[i], bytes))
			return true;
	return false;
}

/* RFC 5952 4: lower case, no leading zeros, "::" for the longest run. */
static const char *
address6_text(const uint8_t *b, char buf[46])
{
	unsigned group[8], start = 8, run = 1, at = 0;
	char *out = buf;

	for (unsigned i = 0; i < 8; i++)
		group[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > run) {
			run = n;
			start = i;
		}
	}
	while (at < 8) {
		if (at == start) {
			out += sprintf(out, "::");
			at += run;
			continue;
		}
		out += sprintf(out, "%s%x",
		    at > 0 && at != start + run ? ":" : "", group[at]);
		at++;
	}
	return buf;
}

const char *
address_text(const uint8_t *bytes, bool ipv6, char buf[46])
{
	if (ipv6)
		return address6_text(bytes, buf);
	snprintf(
	    buf, 46, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
	return buf;
}

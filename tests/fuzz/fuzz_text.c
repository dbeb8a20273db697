/* SPDX-License-Identifier: ISC */
/*
 * Records and names as text, and the small texts they consist of.  What is
 * read is written and read again: the same record, and from then on the same
 * text.  The first octet picks the origin, the rest is the text.
 */
#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/path.h"
#include "core/rdata.h"
#include "core/text.h"
#include "fuzz.h"

const char fuzz_name[] = "text";

static const uint8_t *const origins[] = {
	NULL,
	name_root,
	(const uint8_t *)"\7contoso\7example",
	(const uint8_t *)"\77aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeee"
			 "effffffffffabc\77aaaaaaaaaabbbbbbbbbbccccccccccdddd"
			 "ddddddeeeeeeeeeeffffffffffabc\77aaaaaaaaaabbbbbbbbb"
			 "bccccccccccddddddddddeeeeeeeeeeffffffffffabc",
};

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
check_record(struct arena *mem, const char *text, const uint8_t *origin)
{
	const char *error = NULL, *first, *second;
	struct rr rr, again;

	if (!rr_from_text(mem, text, origin, 3600, &rr, &error)) {
		must(error != NULL && *error != '\0', "no reason");
		return;
	}
	must(rr.ttl <= INT32_MAX, "TTL %lu", (unsigned long)rr.ttl);
	first = rr_text(mem, &rr);
	must(rr_from_text(mem, first, NULL, 7, &again, &error), "%s: %s", first,
	    error);
	second = rr_text(mem, &again);
	must(strcmp(first, second) == 0, "%s is now %s", first, second);
	must(memcmp(rr.owner, again.owner, name_len(rr.owner)) == 0 &&
		rr.type == again.type && rr.class == again.class &&
		rr.ttl == again.ttl && rr.wellformed == again.wellformed &&
		rr.rdlen == again.rdlen &&
		(rr.rdlen == 0 || memcmp(rr.rdata, again.rdata, rr.rdlen) == 0),
	    "%s is another record", first);
}

/* Two names: order, equality and ancestry agree with each other. */
static void
check_pair(const uint8_t *a, const uint8_t *b)
{
	unsigned common = name_common(a, b);

	must(sign(name_compare(a, b)) == -sign(name_compare(b, a)), "order");
	must(name_equal(a, b) == (name_compare(a, b) == 0), "equal");
	must(name_within(a, b) == (common == name_labels(b)), "within");
	must(name_equal(name_ancestor(a, common), name_ancestor(b, common)),
	    "common");
}

static void
check_name(struct arena *mem, const char *text, const uint8_t *origin)
{
	uint8_t wire[NAME_WIRE_MAX], again[NAME_WIRE_MAX];
	uint8_t lower[NAME_WIRE_MAX], below[NAME_WIRE_MAX];
	char buf[NAME_TEXT_MAX];
	size_t len, off = 0;

	if (!name_from_text(wire, text, origin))
		return;
	len = name_len(wire);
	must(len <= NAME_WIRE_MAX && name_labels(wire) <= 127, "%zu", len);
	must(name_to_text(wire, buf) == strlen(buf), "%s", buf);
	must(name_from_text(again, buf, origins[3]), "%s", buf);
	must(
	    name_len(again) == len && memcmp(wire, again, len) == 0, "%s", buf);
	must(name_from_wire(again, wire, len, &off) && off == len, "%s", buf);
	must(name_lower(lower, wire) == len && name_equal(lower, wire), "%s",
	    buf);
	for (const uint8_t *p = wire; p != NULL; p = name_parent(p))
		check_pair(wire, p);
	if (origin != NULL)
		check_pair(wire, origin);
	if (name_prepend(below, "_25._tcp", wire)) {
		check_pair(below, wire);
		must(name_equal(name_ancestor(below, name_labels(wire)), wire),
		    "%s", buf);
	} else {
		must(len + 9 > NAME_WIRE_MAX, "%zu", len);
	}
	name_is_hostname(wire, true);
	name_text_nodot(mem, wire);
}

static void
same_octets(const uint8_t *a, size_t alen, const uint8_t *b, size_t blen)
{
	must(alen == blen && (alen == 0 || memcmp(a, b, alen) == 0),
	    "%zu octets and %zu", alen, blen);
}

/* The encodings, from text, and of the text's own octets. */
static void
check_encodings(struct arena *mem, const char *text, size_t len)
{
	const uint8_t *octets = (const uint8_t *)text;
	uint8_t *data, *again;
	size_t datalen, againlen;
	const char *back;

	if (text_from_hex(mem, text, len, &data, &datalen)) {
		back = text_hex(mem, data, datalen);
		must(strlen(back) == len, "%s", back);
	}
	if (text_from_base64(mem, text, len, &data, &datalen)) {
		back = text_base64(mem, data, datalen);
		must(text_from_base64(
			 mem, back, strlen(back), &again, &againlen),
		    "%s", back);
		same_octets(data, datalen, again, againlen);
	}
	if (text_from_base32hex(mem, text, len, &data, &datalen)) {
		back = text_base32hex(mem, data, datalen);
		must(strlen(back) == len, "%s", back);
	}
	back = text_hex_lower(mem, octets, len);
	must(text_from_hex(mem, back, 2 * len, &data, &datalen), "%s", back);
	same_octets(octets, len, data, datalen);
	back = text_base64(mem, octets, len);
	must(text_from_base64(mem, back, strlen(back), &data, &datalen), "%s",
	    back);
	same_octets(octets, len, data, datalen);
	back = text_base32hex(mem, octets, len);
	must(text_from_base32hex(mem, back, strlen(back), &data, &datalen),
	    "%s", back);
	same_octets(octets, len, data, datalen);
}

static void
check_small(struct arena *mem, const char *text, size_t len)
{
	char buf[46], when[32];
	uint8_t bytes[16], again[16];
	int64_t at, back;
	uint16_t type, same;
	unsigned rcode, rcode2;

	if (text_from_time(text, &at)) {
		must(text_from_time(text_time(at, when), &back) && back == at,
		    "%s", when);
	}
	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		if (!text_from_address(text, ipv6 != 0, bytes))
			continue;
		address_text(bytes, ipv6 != 0, buf);
		must(text_from_address(buf, ipv6 != 0, again), "%s", buf);
		same_octets(bytes, ipv6 ? 16 : 4, again, ipv6 ? 16 : 4);
		address_special(bytes, ipv6 != 0);
	}
	if (rr_type_from_text(text, &type))
		must(rr_type_from_text(rr_type_text(type, buf), &same) &&
			same == type,
		    "%s", buf);
	if (rcode_from_text(text, &rcode))
		must(rcode_from_text(rcode_text(rcode, buf), &rcode2) &&
			rcode2 == rcode,
		    "%s", buf);
	must(text_distance(text, text) == (len > 255 ? 255 : 0), "%s", text);
	must(strlen(text_escape(mem, text, len, 20)) <= 23, "%s", text);
	for (const char *p = text_escape(mem, text, len, 0); *p != '\0'; p++)
		must(*p >= 0x20 && *p <= 0x7e, "octet %d", *p);
}

/* Instants from the octets: text_serial_near is within 2^31 seconds. */
static void
check_serial(const char *text, size_t len)
{
	uint32_t serial;
	int64_t near, at;
	char buf[32];

	if (len < sizeof serial + sizeof near)
		return;
	memcpy(&serial, text, sizeof serial);
	memcpy(&near, text + sizeof serial, sizeof near);
	at = text_serial_near(serial, near);
	must((uint32_t)(uint64_t)at == serial, "%lld", (long long)at);
	must(strlen(text_time(near, buf)) < sizeof buf, "%s", buf);
	must(strlen(text_duration(near, buf)) < sizeof buf, "%s", buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *mem = arena_new();
	const uint8_t *origin;
	char *text;
	size_t len;

	if (size > 0) {
		origin = origins[data[0] % 4];
		text = arena_strndup(mem, (const char *)data + 1, size - 1);
		len = strlen(text);
		check_record(mem, text, origin);
		check_name(mem, text, origin);
		check_encodings(mem, text, len);
		check_small(mem, text, len);
		check_serial(text, len);
	}
	arena_free(mem);
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include "core/arena.h"
#include "core/name.h"

#include "tap.h"

/* Text in, wire as text out again; NULL = not a name. */
static const struct {
	const char *name, *input, *origin, *want;
} texts[] = {
	{ "plain", "www.Example.com.", NULL, "www.Example.com." },
	{ "no final dot, no origin", "a.b", NULL, "a.b." },
	{ "relative", "mx", "example.com.", "mx.example.com." },
	{ "absolute with origin", "mx.", "example.com.", "mx." },
	{ "origin itself", "@", "example.com.", "example.com." },
	{ "at sign alone, no origin", "@", NULL, "." },
	{ "escaped at sign", "\\@", NULL, "\\@." },
	{ "root", ".", "example.com.", "." },
	{ "escaped dot", "a\\.b.c.", NULL, "a\\.b.c." },
	{ "escaped dot at the end is relative", "a\\.", "c.", "a\\..c." },
	{ "decimal escape", "a\\009b.", NULL, "a\\009b." },
	{ "decimal escape of a letter", "\\065.", NULL, "A." },
	{ "zero octet", "\\000.", NULL, "\\000." },
	{ "octet 255", "\\255.", NULL, "\\255." },
	{ "octet 256", "\\256.", NULL, NULL },
	{ "short decimal escape", "\\25.", NULL, NULL },
	{ "backslash at the end", "a\\", NULL, NULL },
	{ "empty", "", NULL, NULL },
	{ "empty label", "a..b.", NULL, NULL },
	{ "leading dot", ".a.", NULL, NULL },
	{ "two dots", "..", NULL, NULL },
	{ "underscores", "_25._tcp.mx.", NULL, "_25._tcp.mx." },
	{ "label of 63",
	    "123456789012345678901234567890123456789012345678901234567890123.",
	    NULL,
	    "123456789012345678901234567890123456789012345678901234567890123." },
	{ "label of 64",
	    "1234567890123456789012345678901234567890123456789012345678901234"
	    ".",
	    NULL, NULL },
};

static const struct {
	const char *name, *a, *b;
	int compare;
	bool within;
	unsigned common;
} pairs[] = {
	{ "equal but for case", "A.eXample.", "a.Example.", 0, true, 2 },
	{ "parent first", "a.example.", "example.", 1, true, 1 },
	{ "child later", "example.", "a.example.", -1, false, 1 },
	{ "right label decides", "z.a.example.", "a.z.example.", -1, false,
	    1 },
	{ "RFC 4034 6.1: yljkjljk before Z", "yljkjljk.a.example.",
	    "Z.a.example.", -1, false, 2 },
	{ "RFC 4034 6.1: \\001 before *", "\\001.z.example.", "*.z.example.",
	    -1, false, 2 },
	{ "RFC 4034 6.1: \\200 last", "\\200.z.example.", "*.z.example.", 1,
	    false, 2 },
	{ "shorter label first", "aa.", "a.", 1, false, 0 },
	{ "root holds all", "a.", ".", 1, true, 0 },
	{ "not by suffix of octets", "xexample.", "example.", 1, false, 0 },
	{ "dot in a label", "a\\.example.", "example.", -1, false, 0 },
};

static const struct {
	const char *name, *input;
	bool underscore, want;
} hosts[] = {
	{ "plain", "mx1.example.com.", false, true },
	{ "digits first", "1and1.com.", false, true },
	{ "root", ".", false, false },
	{ "underscore", "my_mx.com.", false, false },
	{ "underscore let pass", "my_mx.com.", true, true },
	{ "leading hyphen", "-a.com.", false, false },
	{ "trailing hyphen", "a-.com.", false, false },
	{ "inner hyphens", "a--b.com.", false, true },
	{ "wildcard", "*.com.", false, false },
	{ "octet over 127", "m\\252ller.com.", false, false },
};

/* A message, the name at off; want NULL = malformed. */
static const struct {
	const char *name;
	const char *msg;
	size_t len, off;
	const char *want;
	size_t behind;
} wires[] = {
	{ "plain", "\1a\0", 3, 0, "a.", 3 },
	{ "root", "\0", 1, 0, ".", 1 },
	{ "pointer", "\1a\0\1b\xc0\0", 7, 3, "b.a.", 7 },
	{ "pointer to pointer", "\1a\0\xc0\0\xc0\3", 7, 5, "a.", 7 },
	{ "to itself", "\xc0\0", 2, 0, NULL, 0 },
	{ "forwards", "\xc0\2\1a\0", 5, 0, NULL, 0 },
	{ "loop through a label", "\1a\xc0\0", 4, 0, NULL, 0 },
	{ "half a pointer", "\1a\0\xc0", 4, 3, NULL, 0 },
	{ "label leaves the message", "\3ab", 3, 0, NULL, 0 },
	{ "no end", "\1a", 2, 0, NULL, 0 },
	{ "nothing", "", 0, 0, NULL, 0 },
	{ "offset behind the message", "\0", 1, 5, NULL, 0 },
	{ "label type 01", "\x41\x61\0", 3, 0, NULL, 0 },
};

static void
test_texts(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint8_t wire[NAME_WIRE_MAX], origin[NAME_WIRE_MAX];
		char buf[NAME_TEXT_MAX];
		bool good;

		if (texts[i].origin != NULL)
			name_from_text(origin, texts[i].origin, NULL);
		good = name_from_text(wire, texts[i].input,
		    texts[i].origin != NULL ? origin : NULL);
		if (good)
			name_to_text(wire, buf);
		is(good ? buf : NULL, texts[i].want, texts[i].name);
	}
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_pairs(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		uint8_t a[NAME_WIRE_MAX], b[NAME_WIRE_MAX];

		name_from_text(a, pairs[i].a, NULL);
		name_from_text(b, pairs[i].b, NULL);
		ok(sign(name_compare(a, b)) == pairs[i].compare &&
			sign(name_compare(b, a)) == -pairs[i].compare,
		    "%s: order", pairs[i].name);
		ok(name_equal(a, b) == (pairs[i].compare == 0), "%s: equality",
		    pairs[i].name);
		ok(name_within(a, b) == pairs[i].within, "%s: within",
		    pairs[i].name);
		ok((name_hash(a) == name_hash(b)) == name_equal(a, b),
		    "%s: hash", pairs[i].name);
		ok(name_common(a, b) == pairs[i].common &&
			name_common(b, a) == pairs[i].common,
		    "%s: common labels", pairs[i].name);
	}
}

static void
test_wires(void)
{
	for (size_t i = 0; i < sizeof(wires) / sizeof(wires[0]); i++) {
		uint8_t name[NAME_WIRE_MAX];
		char buf[NAME_TEXT_MAX];
		size_t off = wires[i].off;
		bool good = name_from_wire(name,
		    (const uint8_t *)wires[i].msg, wires[i].len, &off);

		if (good)
			name_to_text(name, buf);
		is(good ? buf : NULL, wires[i].want, wires[i].name);
		if (good)
			ok(off == wires[i].behind, "%s: offset",
			    wires[i].name);
	}
}

static void
test_lengths(void)
{
	uint8_t name[NAME_WIRE_MAX], longer[NAME_WIRE_MAX];
	uint8_t msg[1024] = { 0 };
	char text[NAME_TEXT_MAX];
	size_t off = 0, i;

	/* 127 labels of one octet are 255 octets with the root. */
	for (i = 0; i < 127; i++)
		memcpy(text + 2 * i, "a.", 3);
	ok(name_from_text(name, text, NULL) && name_len(name) == 255 &&
		name_labels(name) == 127,
	    "255 octets");
	ok(!name_prepend(longer, "b", name), "256 octets by prepending");
	memcpy(text + 2 * i, "a.", 3);
	ok(!name_from_text(name, text, NULL), "128 labels");
	for (i = 0; i < 128; i++)
		memcpy(msg + 2 * i, "\1a", 2);
	ok(!name_from_wire(longer, msg, sizeof(msg), &off), "257 on the wire");
	off = 2;
	ok(name_from_wire(longer, msg, sizeof(msg), &off) && off == 257,
	    "255 on the wire");
	for (i = 0; i < 62; i++)
		memcpy(text + 4 * i, "\\255", 5);
	memcpy(text + 4 * i++, ".", 2);
	ok(name_from_text(name, text, NULL) && name_to_text(name, text) == 249,
	    "every octet escaped");
}

static void
test_parts(struct arena *arena)
{
	uint8_t name[NAME_WIRE_MAX], out[NAME_WIRE_MAX];

	name_from_text(name, "Mail.Contoso.Example.", NULL);
	is(name_text(arena, name_parent(name)), "Contoso.Example.", "parent");
	ok(name_parent(name_root) == NULL, "the root has no parent");
	is(name_text_nodot(arena, name_ancestor(name, 1)), "Example",
	    "ancestor");
	is(name_text_nodot(arena, name_ancestor(name, 0)), ".", "to the root");
	name_lower(out, name);
	is(name_text(arena, out), "mail.contoso.example.", "lower case");
	ok(name_prepend(out, "_25._tcp", name), "prepended");
	is(name_text(arena, out), "_25._tcp.Mail.Contoso.Example.",
	    "its text");
	ok(!name_prepend(out, "a..b", name), "empty label prepended");
	ok(name_is_wildcard((const uint8_t *)"\1*\1a"), "wildcard");
	ok(!name_is_wildcard((const uint8_t *)"\2**"), "no wildcard");
	ok(memcmp(name_copy(arena, name), name, name_len(name)) == 0, "copy");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_texts();
	test_pairs();
	test_wires();
	test_lengths();
	test_parts(arena);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		uint8_t name[NAME_WIRE_MAX];

		name_from_text(name, hosts[i].input, NULL);
		ok(name_is_hostname(name, hosts[i].underscore) ==
			hosts[i].want,
		    "host name: %s", hosts[i].name);
	}
	arena_free(arena);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* Zone files: what is read, and what is wrong where. */
#include "core/zonefile.h"

#include "core/cert.h"
#include "core/overlay.h"
#include "fixture.h"

#define SOA "@ 3600 SOA ns h 1 2 3 4 5\n"

/* A text, with the zone's name and an origin: records, or the error. */
static const struct row {
	const char *what, *zone, *origin, *text, *expect;
} rows[] = {
	{ "relative names", "c.example.", NULL, SOA "www A 192.0.2.1\n",
	    "www.c.example. 3600 IN A 192.0.2.1" },
	{ "the origin of the one domain", NULL, "c.example.",
	    SOA "www A 192.0.2.1\n", "www.c.example. 3600 IN A 192.0.2.1" },
	{ "absolute names and no origin", NULL, NULL,
	    "c.example. 60 SOA ns.c.example. h.c.example. 1 2 3 4 5\n"
	    "c.example. 60 A 192.0.2.1\n", "c.example. 60 IN A 192.0.2.1" },
	{ "a relative name and no origin", NULL, NULL, SOA,
	    "z:1: a name without final dot, and no $ORIGIN: name the zone "
	    "(--zone NAME=FILE)" },
	{ "$ORIGIN", NULL, NULL,
	    "$ORIGIN example.\n$ORIGIN c\n" SOA "www A 192.0.2.1\n",
	    "www.c.example. 3600 IN A 192.0.2.1" },
	{ "the owner before", "c.example.", NULL,
	    SOA "a A 192.0.2.1\n  TXT x\n\tAAAA ::1\n",
	    "a.c.example. 3600 IN A 192.0.2.1|a.c.example. 3600 IN TXT \"x\"|"
	    "a.c.example. 3600 IN AAAA ::1" },
	{ "no owner before", "c.example.", NULL, " A 192.0.2.1\n",
	    "z:1: no owner: there is no record before" },
	{ "parentheses", "c.example.", NULL,
	    "@ 3600 IN SOA ns h ( ; the numbers\n 1 ; serial\n 2 3\n4 5 )\n"
	    "a A (\n192.0.2.1 )\n", "a.c.example. 3600 IN A 192.0.2.1" },
	{ "the line after them", "c.example.", NULL,
	    "@ 3600 SOA ns h (\n1\n2 3 4 5)\na A 192.0.2\n",
	    "z:4: not an IPv4 address" },
	{ "one too many", "c.example.", NULL, SOA "a A 192.0.2.1 )\n",
	    "z:2: a parenthesis closes nothing" },
	{ "one too few", "c.example.", NULL, SOA "a A ( 192.0.2.1\n",
	    "z:2: a parenthesis is not closed" },
	{ "signs in quotes", "c.example.", NULL,
	    SOA "a TXT \"a;b(c\" \"d\\\"e\" f\\;g\n",
	    "a.c.example. 3600 IN TXT \"a;b(c\" \"d\\\"e\" \"f;g\"" },
	{ "a quote without end", "c.example.", NULL,
	    SOA "a TXT \"a\nb A 192.0.2.1\n",
	    "z:2: a quoted string has no end on its line" },
	{ "$TTL", "c.example.", NULL,
	    "$TTL 1h30m\n" "@ SOA ns h 1 2 3 4 5\na 60 A 192.0.2.1\n"
	    "b A 192.0.2.1\n",
	    "a.c.example. 60 IN A 192.0.2.1|b.c.example. 5400 IN A 192.0.2.1" },
	{ "the TTL before", "c.example.", NULL,
	    SOA "a 60 A 192.0.2.1\nb A 192.0.2.1\n",
	    "a.c.example. 60 IN A 192.0.2.1|b.c.example. 60 IN A 192.0.2.1" },
	{ "the SOA's minimum", "c.example.", NULL,
	    "@ SOA ns h 1 2 3 4 5\na A 192.0.2.1\n",
	    "a.c.example. 5 IN A 192.0.2.1" },
	{ "one TTL for a set", "c.example.", NULL,
	    SOA "a 60 A 192.0.2.1\na 30 A 192.0.2.2\n",
	    "a.c.example. 30 IN A 192.0.2.1|a.c.example. 30 IN A 192.0.2.2" },
	{ "class and TTL in either order", "c.example.", NULL,
	    SOA "a IN 60 A 192.0.2.1\nb 60 IN A 192.0.2.1\n",
	    "a.c.example. 60 IN A 192.0.2.1|b.c.example. 60 IN A 192.0.2.1" },
	{ "twice the same", "c.example.", NULL,
	    SOA "a A 192.0.2.1\nA A 192.0.2.1\n",
	    "a.c.example. 3600 IN A 192.0.2.1" },
	{ "CRLF, no end of line", "c.example.", NULL,
	    "@ 3600 SOA ns h 1 2 3 4 5\r\n\r\n; x\r\na A 192.0.2.1",
	    "a.c.example. 3600 IN A 192.0.2.1" },
	{ "$INCLUDE", "c.example.", NULL,
	    SOA "$INCLUDE in\n$INCLUDE \"in\" sub\nb A 192.0.2.1\n",
	    "a.c.example. 3600 IN A 192.0.2.1|b.c.example. 3600 IN A "
	    "192.0.2.1|a.sub.c.example. 3600 IN A 192.0.2.1" },
	{ "an owner behind it", "c.example.", NULL,
	    SOA "b A 192.0.2.1\n$INCLUDE in\n  TXT x\n",
	    "a.c.example. 3600 IN A 192.0.2.1|b.c.example. 3600 IN A "
	    "192.0.2.1|b.c.example. 3600 IN TXT \"x\"" },
	{ "an error inside", "c.example.", NULL, SOA "$INCLUDE bad\n",
	    "bad:2: unknown type" },
	{ "no such file", "c.example.", NULL, SOA "\n$INCLUDE none\n",
	    "z:3: $INCLUDE none: not there" },
	{ "itself", "c.example.", NULL, SOA "$INCLUDE self\n",
	    "self:1: $INCLUDE too deep" },
	{ "$GENERATE", "c.example.", NULL, SOA "$GENERATE 1-2 a$ A 192.0.2.$\n",
	    "z:2: $GENERATE is not supported: write the records" },
	{ "another directive", "c.example.", NULL, SOA "$FOO\n",
	    "z:2: not a directive of a zone file" },
	{ "a bad TTL", "c.example.", NULL, "$TTL x\n" SOA,
	    "z:1: not a TTL" },
	{ "no SOA", "c.example.", NULL, "a 60 A 192.0.2.1\n",
	    "z:1: no SOA record: this is no zone" },
	{ "nothing", "c.example.", NULL, "",
	    "z:1: no SOA record: this is no zone" },
	{ "another zone", "d.example.", NULL,
	    "c.example. 60 SOA ns h 1 2 3 4 5\n",
	    "z:1: the SOA record is that of c.example., not d.example." },
	{ "two SOA", "c.example.", NULL, SOA "@ SOA ns h 2 2 3 4 5\n",
	    "z:2: a second SOA record" },
	{ "outside", "c.example.", NULL, SOA "\nwww.d.example. A 192.0.2.1\n",
	    "z:3: www.d.example. lies outside of the zone c.example." },
	{ "the DS of the zone", "c.example.", NULL, SOA "@ DS 1 13 2 00\n",
	    "z:2: the DS of a zone belongs to its parent: use --with" },
	{ "the DS of a child", "c.example.", NULL, SOA "a DS 1 13 2 00\n",
	    "a.c.example. 3600 IN DS 1 13 2 00" },
	{ "an alias and data", "c.example.", NULL,
	    SOA "a CNAME b\na A 192.0.2.1\n",
	    "z:2: a CNAME and other data of the same name" },
	{ "an alias, a signature and data", "c.example.", NULL,
	    SOA "a CNAME b\na NSEC b CNAME\na TLSA 3 1 1 00\n",
	    "z:4: a CNAME and other data of the same name" },
	{ "an alias with its NSEC", "c.example.", NULL,
	    SOA "a CNAME b\na NSEC b CNAME\n",
	    "a.c.example. 3600 IN CNAME b.c.example.|"
	    "a.c.example. 3600 IN NSEC b.c.example. CNAME" },
	{ "two DNAMEs", "c.example.", NULL, SOA "d DNAME b.\nd DNAME c.\n",
	    "z:3: a second DNAME of the same name" },
	{ "the same DNAME twice", "c.example.", NULL,
	    SOA "d DNAME b.\nd DNAME b.\n",
	    "d.c.example. 3600 IN DNAME b." },
	{ "two aliases", "c.example.", NULL, SOA "a CNAME b\na CNAME c\n",
	    "z:3: a second CNAME of the same name" },
	{ "another class", "c.example.", NULL, SOA "a CH A 192.0.2.1\n",
	    "z:2: a record of another class than IN" },
	{ "an unknown type", "c.example.", NULL, SOA "a TYPE65280 \\# 1 00\n",
	    "a.c.example. 3600 IN TYPE65280 \\# 1 00" },
	{ "a type whose data are not read", "c.example.", NULL,
	    SOA "a HTTPS 1 . (\n alpn=h2 )\nb LOC 42 21 54 N 71 06 18 W 1m\n",
	    "a.c.example. 3600 IN HTTPS \\# 0|"
	    "b.c.example. 3600 IN LOC \\# 0" },
	{ "a type that is no data", "c.example.", NULL, SOA "a ANY x\n",
	    "z:2: data of this type are read as \\# length hex only" },
	{ "a type that nobody knows", "c.example.", NULL, SOA "a ALIAS b\n",
	    "z:2: unknown type" },
	{ "an editor's mark", "c.example.", NULL,
	    "\xef\xbb\xbf" SOA "a A 192.0.2.1\n",
	    "a.c.example. 3600 IN A 192.0.2.1" },
	{ "the first owner is the origin, of its own data too", NULL, NULL,
	    "c.example. 60 MX 1 a\n@ SOA ns h 1 2 3 4 5\n",
	    "c.example. 60 IN MX 1 a.c.example." },
	{ "data that are none", "c.example.", NULL, SOA "a A \\# 1 00\n",
	    "z:2: data not allowed for this type" },
};

static const char *
file_in(void *arg, struct arena *mem, const char *from, const char **path,
    size_t *len, const char **why)
{
	const char *text = NULL;

	(void)arg;
	(void)mem;
	(void)from;
	*why = "not there";
	if (strcmp(*path, "in") == 0)
		text = "a A 192.0.2.1\n";
	else if (strcmp(*path, "bad") == 0)
		text = "\na FOO bar\n";
	else if (strcmp(*path, "self") == 0)
		text = "$INCLUDE self\n";
	*len = text != NULL ? strlen(text) : 0;
	return text;
}

/* All but the SOA, in their order. */
static char *
text_of(struct arena *mem, const struct overlay_zone *z)
{
	char *text = arena_strdup(mem, "");

	for (size_t i = 0; i < z->nrrs; i++)
		if (z->rrs[i].type != TYPE_SOA)
			text = arena_printf(mem, "%s%s%s", text,
			    *text != '\0' ? "|" : "",
			    rr_text(mem, &z->rrs[i]));
	return text;
}

static void
test_row(const struct row *r)
{
	struct arena *mem = arena_new();
	const char *error = NULL;
	struct overlay_zone z;

	if (zonefile_read(mem, "z", r->text, strlen(r->text),
		r->zone != NULL ? fixture_name(mem, r->zone) : NULL,
		r->origin != NULL ? fixture_name(mem, r->origin) : NULL,
		file_in, NULL, &z, &error))
		is(text_of(mem, &z), r->expect, r->what);
	else
		is(error, r->expect, r->what);
	arena_free(mem);
}

static void
test_more(void)
{
	struct arena *mem = arena_new();
	const uint8_t *zone = fixture_name(mem, "c.example.");
	static const char nul[] = SOA "a A 192.0.2.1\0 x\n";
	const char *error;
	struct overlay_zone z;
	struct rr rr;

	ok(!zonefile_read(mem, "z", nul, sizeof nul - 1, zone, NULL, file_in,
	       NULL, &z, &error) && strstr(error, "NUL") != NULL,
	    "a NUL is no text");
	ok(zonefile_record(mem, "a.example A 192.0.2.1", &rr, &error) &&
		rr.ttl == ZONEFILE_TTL &&
		name_equal(rr.owner, fixture_name(mem, "a.example.")),
	    "a record with a name without final dot");
	ok(!zonefile_record(mem, "a.example CH A 192.0.2.1", &rr, &error),
	    "of another class");
	ok(!zonefile_record(mem, "a.example A", &rr, &error), "without data");
	arena_free(mem);
}

static void
test_pem(void)
{
	static const char one[] = "-----BEGIN CERTIFICATE-----\nAAEC\n"
				  "-----END CERTIFICATE-----\n";
	static const char key[] = "x\n-----BEGIN PRIVATE KEY-----\nAAAA\n"
				  "-----END PRIVATE KEY-----\n";
	struct arena *mem = arena_new();
	char *text = arena_printf(mem, "%s%s%s", key, one, one);
	struct blob *chain;

	ok(cert_from_pem(mem, text, strlen(text), &chain) == 2 &&
		chain[1].len == 3 && chain[1].data[2] == 2,
	    "PEM: two, and a key is no certificate");
	ok(cert_from_pem(mem, key, strlen(key), &chain) == 0, "PEM: none");
	ok(cert_from_pem(mem, one, strlen(one) - 20, &chain) == 0,
	    "PEM: without its end");
	text = arena_strdup(mem, one);
	text[28] = '!';
	ok(cert_from_pem(mem, text, strlen(text), &chain) == 0,
	    "PEM: not base64");
	text = arena_strdup(mem, "");
	for (int i = 0; i < 17; i++)
		text = arena_printf(mem, "%s%s", text, one);
	ok(cert_from_pem(mem, text, strlen(text), &chain) == 0,
	    "PEM: too many");
	arena_free(mem);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		test_row(&rows[i]);
	test_more();
	test_pem();
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/path.h"
#include "core/plan.h"

#include <stdio.h>

#include "tap.h"
#include "fixture.h"

static struct arena *mem;

static char *
text(const uint8_t *name)
{
	return name_text(mem, name);
}

/* MX answers and what kind of MX they make, with the hosts in order. */
static void
kinds(void)
{
	static const struct {
		const char *name;
		uint16_t rcode;
		const char *answer;
		enum mx_kind kind;
		const char *hosts;
	} table[] = {
		{ "preference order", 0,
		    "d.test. MX 20 b.d.test.|d.test. MX 10 z.d.test.|"
		    "d.test. MX 10 a.d.test.", MX_LIST,
		    "a.d.test. z.d.test. b.d.test. " },
		{ "the same host twice keeps its best preference", 0,
		    "d.test. MX 20 b.d.test.|d.test. MX 10 a.d.test.|"
		    "d.test. MX 5 B.d.test.", MX_LIST,
		    "B.d.test. a.d.test. " },
		{ "null MX", 0, "d.test. MX 0 .", MX_NULL, "" },
		{ "null MX beside another", 0,
		    "d.test. MX 0 .|d.test. MX 10 a.d.test.",
		    MX_NULL_AND_OTHERS, "" },
		{ "no MX", 0, "", MX_IMPLICIT, "d.test. " },
		{ "NXDOMAIN", 3, "", MX_MISSING, "" },
		{ "SERVFAIL", 2, "", MX_FAILED, "" },
		{ "an alias to another domain's MX", 0,
		    "d.test. CNAME e.test.|e.test. MX 10 a.e.test.", MX_LIST,
		    "a.e.test. " },
		{ "an alias loop", 0,
		    "d.test. CNAME e.test.|e.test. CNAME d.test.", MX_FAILED,
		    "" },
		{ "records of other names and classes do not count", 0,
		    "e.test. MX 10 a.e.test.|d.test. CH MX 10 c.d.test.",
		    MX_IMPLICIT, "d.test. " },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = fixture_new("d.test.");
		const struct path *p;
		char hosts[256] = "";

		fixture_reply(ev, "d.test.", TYPE_MX, table[i].rcode,
		    table[i].answer, "");
		p = path_walk(mem, ev);
		ok(p->mx_kind == table[i].kind, "%s: kind %d",
		    table[i].name, p->mx_kind);
		for (size_t k = 0; k < p->nhosts; k++) {
			strcat(hosts, text(p->hosts[k].name));
			strcat(hosts, " ");
		}
		is(hosts, table[i].hosts, table[i].name);
		evidence_free(ev);
	}
}

static void
aliases(void)
{
	struct evidence *ev = fixture_new("d.test.");
	struct answer a;
	char many[4096] = "", *out = many;

	fixture_reply(ev, "x.old.test.", TYPE_A, 0,
	    "old.test. DNAME new.test.|x.old.test. CNAME x.new.test.|"
	    "x.new.test. A 192.0.2.1", "");
	answer_follow(mem, ev, fixture_name(mem, "x.old.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_DATA && a.nlinks == 2, "DNAME is followed");
	is(text(a.final), "x.new.test.", "to the name below its target");
	ok(a.nlinks == 2 && a.links[0].type == TYPE_DNAME,
	    "the DNAME is the link, not the CNAME made from it");

	for (int i = 0; i < 20; i++)
		out += sprintf(out, "%sn%d.d.test. CNAME n%d.d.test.",
		    i ? "|" : "", i, i + 1);
	fixture_reply(ev, "n0.d.test.", TYPE_A, 0, many, "");
	answer_follow(mem, ev, fixture_name(mem, "n0.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_LOOP, "over 16 aliases is a loop");

	fixture_reply(ev, "half.d.test.", TYPE_A, 0,
	    "half.d.test. CNAME far.test.", "");
	answer_follow(mem, ev, fixture_name(mem, "half.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_PENDING && a.naliases == 1,
	    "a server that stops at the alias leaves the target open");
	fixture_reply(ev, "wild.d.test.", TYPE_A, 0,
	    "wild.d.test. CNAME far.test.",
	    "a.d.test. NSEC z.d.test. A RRSIG NSEC");
	answer_follow(mem, ev, fixture_name(mem, "wild.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_PENDING && a.naliases == 1,
	    "so does one that proves a wildcard's expansion on the way");
	fixture_reply(ev, "end.d.test.", TYPE_A, 0,
	    "end.d.test. CNAME far.d.test.",
	    "d.test. SOA a. b. 1 2 3 4 5|far.d.test. NSEC z.d.test. RRSIG NSEC");
	answer_follow(mem, ev, fixture_name(mem, "end.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NODATA && a.naliases == 1,
	    "and one with a SOA speaks of the target");

	fixture_reply(ev, "gone.d.test.", TYPE_A, 0, "",
	    "gone.d.test. NSEC \\000.gone.d.test. RRSIG NSEC NXNAME");
	answer_follow(mem, ev, fixture_name(mem, "gone.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NXDOMAIN, "NXNAME: the name does not exist");
	fixture_reply(ev, "none.d.test.", TYPE_A, 0, "",
	    "other.d.test. NSEC \\000.other.d.test. RRSIG NSEC NXNAME");
	answer_follow(mem, ev, fixture_name(mem, "none.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NODATA, "NXNAME of another name");
	fixture_reply(ev, "hash.d.test.", TYPE_A, 0, "",
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.d.test. NSEC3 1 0 0 - "
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3ton NXNAME");
	answer_follow(mem, ev, fixture_name(mem, "hash.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NXDOMAIN, "NXNAME by NSEC3");
	fixture_reply(ev, "ent.d.test.", TYPE_A, 0, "",
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.d.test. NSEC3 1 0 0 - "
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3ton");
	answer_follow(mem, ev, fixture_name(mem, "ent.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NODATA, "NSEC3 without it");

	fixture_silence(ev, "mute.d.test.", TYPE_A);
	answer_follow(mem, ev, fixture_name(mem, "mute.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_NO_REPLY, "silence is no answer");
	evidence_free(ev);
}

#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DNAME_TOO_LONG "old.test. DNAME " LONG "." LONG "." LONG ".new.test."

/* Of a DNAME, the new name may be too long: RFC 6672 2.2. */
static void
too_long(void)
{
	struct evidence *ev = fixture_new("d.test.");
	struct answer a;
	char many[4096] = "", *out = many;

	fixture_reply(
	    ev, LONG ".old.test.", TYPE_A, 0, DNAME_TOO_LONG, "");
	answer_follow(
	    mem, ev, fixture_name(mem, LONG ".old.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_LOOP && a.nlinks == 1,
	    "a DNAME that leads to no name is no denial");

	for (int i = 0; i < PATH_ALIASES_MAX - 1; i++)
		out += sprintf(out, "n%d.d.test. CNAME n%d.d.test.|", i, i + 1);
	sprintf(out, "n%d.d.test. CNAME " LONG ".old.test.|" DNAME_TOO_LONG,
	    PATH_ALIASES_MAX - 1);
	fixture_reply(ev, "n0.d.test.", TYPE_A, 0, many, "");
	answer_follow(mem, ev, fixture_name(mem, "n0.d.test."), TYPE_A, &a);
	ok(a.kind == ANSWER_LOOP && a.nlinks == PATH_ALIASES_MAX + 1,
	    "the same behind as many aliases as are followed");
	evidence_free(ev);
}

static void
hosts(void)
{
	struct evidence *ev = fixture_new("d.test.");
	const struct path *p;
	const struct path_host *h;

	fixture_reply(ev, "d.test.", TYPE_MX, 0,
	    "d.test. MX 10 mx.d.test.|d.test. MX 20 192.0.2.1.|"
	    "d.test. MX 30 localhost.|d.test. MX 40 plain.d.test.", "");
	fixture_reply(ev, "mx.d.test.", TYPE_A, 0,
	    "mx.d.test. CNAME real.e.test.|real.e.test. A 192.0.2.9|"
	    "real.e.test. A 192.0.2.8|real.e.test. A 192.0.2.9", "");
	fixture_reply(ev, "mx.d.test.", TYPE_AAAA, 0,
	    "mx.d.test. CNAME real.e.test.|real.e.test. AAAA 2600::1", "");
	p = path_walk(mem, ev);
	h = &p->hosts[0];
	ok(h->naddresses == 3, "addresses once each");
	is(h->addresses[0].text, "192.0.2.8", "in order");
	is(h->addresses[2].text, "2600::1", "IPv6 after IPv4");
	ok(h->addresses[0].special && !h->addresses[2].special,
	    "TEST-NET is special, 2600::/12 is not");
	ok(h->ntlsa == 2, "two base domains behind an alias");
	is(text(h->tlsa[0].name), "_25._tcp.real.e.test.",
	    "the expanded name first");
	is(text(h->tlsa[1].name), "_25._tcp.mx.d.test.", "then the original");
	ok(p->hosts[1].not_a_name && p->hosts[2].not_a_name &&
	    !p->hosts[3].not_a_name, "literals and localhost are no hosts");
	ok(p->hosts[3].ntlsa == 1, "one base domain without an alias");
	evidence_free(ev);
}

/* The list of wants as text: "MX d.test. " or "25 mx.d.test. ADDRESS ". */
static char *
wants_text(const struct evidence *ev)
{
	struct wants w = { .mem = mem, .ev = ev };
	char *list = arena_strdup(mem, ""), type[16];

	plan_wants(path_walk(mem, ev), &w);
	for (size_t i = 0; i < w.n; i++) {
		const struct want *x = &w.list[i];

		if (x->kind == WANT_DNS)
			list = arena_printf(mem, "%s%s %s ", list,
			    rr_type_text(x->type, type), text(x->name));
		else
			list = arena_printf(mem, "%s%u %s %s ", list, x->port,
			    x->sni, x->address);
	}
	return list;
}

static void
plan(void)
{
	struct evidence *ev = fixture_new("d.test.");
	size_t nanchors;

	is(wants_text(ev), "MX d.test. ", "without anchors: the MX alone");
	ev->anchors = fixture_records(ev->mem,
	    ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457"
	    "104237C7F8EC8D", &nanchors);
	ev->nanchors = nanchors;
	is(wants_text(ev), "MX d.test. DNSKEY . DS test. DNSKEY test. "
	    "DS d.test. DNSKEY d.test. ",
	    "the chain goes out with the first question");
	ev->nanchors = 0;
	fixture_reply(ev, "d.test.", TYPE_MX, 0, "d.test. MX 10 mx.d.test.",
	    "");
	is(wants_text(ev), "A mx.d.test. AAAA mx.d.test. "
	    "TLSA _25._tcp.mx.d.test. ", "address and TLSA at once");
	fixture_reply(ev, "mx.d.test.", TYPE_A, 0, "mx.d.test. A 192.0.2.9|"
	    "mx.d.test. A 8.8.4.4", "");
	is(wants_text(ev), "AAAA mx.d.test. TLSA _25._tcp.mx.d.test. "
	    "25 mx.d.test 8.8.4.4 ",
	    "the session waits for no other answer, and goes to public "
	    "addresses only");
	ev->asked.allow_special = true;
	is(wants_text(ev), "AAAA mx.d.test. TLSA _25._tcp.mx.d.test. "
	    "25 mx.d.test 8.8.4.4 25 mx.d.test 192.0.2.9 ",
	    "unless they are allowed");
	ev->asked.ipv4 = false;
	is(wants_text(ev), "AAAA mx.d.test. TLSA _25._tcp.mx.d.test. ",
	    "-6 connects to no IPv4 address");
	evidence_free(ev);
}

static void
limits(void)
{
	struct evidence *ev = fixture_new("d.test.");
	char many[4096] = "", *out = many;
	const struct path *p;

	for (int i = 0; i < 20; i++)
		out += sprintf(out, "%sd.test. MX %d m%02d.d.test.",
		    i ? "|" : "", i, i);
	fixture_reply(ev, "d.test.", TYPE_MX, 0, many, "");
	out = many;
	for (int i = 0; i < 20; i++)
		out += sprintf(out, "%sm00.d.test. A 9.9.9.%d", i ? "|" : "",
		    i);
	fixture_reply(ev, "m00.d.test.", TYPE_A, 0, many, "");
	p = path_walk(mem, ev);
	ok(!p->hosts[11].over_limit && p->hosts[12].over_limit,
	    "12 hosts are probed");
	ok(!p->hosts[0].addresses[7].over_limit &&
	    p->hosts[0].addresses[8].over_limit, "8 addresses of each");
	ok(strstr(wants_text(ev), "m12.") == NULL,
	    "nothing is asked about the rest");
	ok(strstr(wants_text(ev), "9.9.9.8 ") == NULL, "nor connected to");
	evidence_free(ev);
}

static void
addresses(void)
{
	static const struct {
		uint8_t bytes[16];
		bool ipv6, special;
		const char *text;
	} table[] = {
		{ { 127, 0, 0, 1 }, false, true, "127.0.0.1" },
		{ { 126, 255, 255, 255 }, false, false, "126.255.255.255" },
		{ { 100, 127, 0, 1 }, false, true, "100.127.0.1" },
		{ { 100, 128, 0, 1 }, false, false, "100.128.0.1" },
		{ { 172, 32, 0, 1 }, false, false, "172.32.0.1" },
		{ { 223, 255, 255, 255 }, false, false, "223.255.255.255" },
		{ { 224, 0, 0, 1 }, false, true, "224.0.0.1" },
		{ { [15] = 1 }, true, true, "::1" },
		{ { [10] = 0xff, [11] = 0xff, [12] = 8 }, true, true,
		    "::ffff:800:0" },
		{ { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, true, true,
		    "2001:db8::1" },
		{ { 0x20, 0x01, 0x0d, 0xb9, [7] = 1, [15] = 1 }, true, false,
		    "2001:db9:0:1::1" },
		{ { 0xfd, 0x00, [15] = 0x25 }, true, true, "fd00::25" },
		{ { 0x2a, 0x00, [8] = 1 }, true, false, "2a00::100:0:0:0" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char buf[46];

		is(address_text(table[i].bytes, table[i].ipv6, buf),
		    table[i].text, table[i].text);
		ok(address_special(table[i].bytes, table[i].ipv6) ==
		    table[i].special, "%s is %sspecial", table[i].text,
		    table[i].special ? "" : "not ");
	}
}

int
main(void)
{
	mem = arena_new();
	kinds();
	aliases();
	too_long();
	hosts();
	plan();
	limits();
	addresses();
	arena_free(mem);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* What is asked once more, and which of several answers is judged by. */
#include "core/choice.h"

#include <stdlib.h>

#include "core/judge.h"
#include "core/judge_zones.h"
#include "world.h"

#define MX "example.test. MX 10 mx.example.test."
#define OLD_MX "example.test. MX 10 old.example.test."
#define BAD_MX "{1:broken}" MX
#define NEW_MX "{2}" MX

/* The answer that was made last is a later look. */
static struct dns_observation *
later(struct dns_observation *o, enum dns_look look, enum dns_via via,
    const char *server)
{
	o->look = look;
	o->via = via;
	o->server = server;
	o->flags = DNS_QR | (via == VIA_AUTHORITATIVE ? DNS_AA : 0);
	world.ev->nlooks++;
	return o;
}

static struct dns_observation *
reply(const char *type, const char *answer)
{
	struct dns_observation *o =
	    world_reply("example.test.", "example.test.", type, 0, answer, "");

	o->server = "192.0.2.53";
	return o;
}

/* A DNSKEY set with the first n keys. */
static struct dns_observation *
key_reply(unsigned n)
{
	struct world_zone *z = world_find("example.test.");
	struct world_list keys = { NULL, 0, 0 }, set = keys;

	for (unsigned i = 0; i < n; i++)
		world_put(&keys, signer_dnskey(world.mem, z->wire,
		    &z->list[i]));
	world_put_signed(&set, z, "0", keys.list, keys.n);
	return signer_reply(world.ev, z->wire, TYPE_DNSKEY, 0, set.list, set.n,
	    NULL, 0);
}

/* "example.test. MX 192.0.2.1; " of every change. */
static const char *
changes(const struct choice *c)
{
	const char *text = "";

	if (c == NULL)
		return "none";
	for (size_t i = 0; i < c->nchanges; i++) {
		const struct dns_observation *o = c->changes[i].chosen;
		char type[16];

		text = arena_printf(world.mem, "%s%s%s %s", text,
		    i > 0 ? "; " : "", rr_type_text(o->type, type),
		    o->server != NULL ? o->server : "-");
	}
	return text;
}

static const char *
chosen(void)
{
	evidence_sort(world.ev);
	return changes(choice_make(world.mem, world.ev, false, NULL));
}

/* The findings about DNSSEC with their severity for Exchange Online. */
static const char *
findings(void)
{
	struct evidence view = *world.ev;
	struct judge_options options = { .at = SIGNER_NOW };
	const char *text = "";
	struct judgement *j;
	struct path *path;

	view.choice = choice_make(world.mem, world.ev, false, NULL);
	path = path_walk(world.mem, &view);
	j = judge(world.mem, path, proofs_new(world.mem, &view, NULL),
	    &options);
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (strncmp(f->row->id, "DNSSEC_", 7) == 0)
			text = arena_printf(world.mem, "%s%s%s:%s", text,
			    *text ? " " : "", f->row->id + 7,
			    severity_text(f->severity));
	}
	return text;
}

static void
test_choice(void)
{
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", BAD_MX);
	is(chosen(), "none", "one look only");
	later(reply("MX", "{1:broken}" OLD_MX), LOOK_WITHOUT_CD, VIA_RESOLVER,
	    "192.0.2.53");
	is(chosen(), "none", "both are bad");
	later(reply("MX", MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE,
	    "192.0.2.1")->flags = DNS_QR;
	is(chosen(), "none", "who has no authority does not count");
	is(findings(), "RRSIG_INVALID:fail", "then it is a failure");
	later(reply("MX", MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.2");
	is(chosen(), "MX 192.0.2.2", "a name server has good data");
	is(findings(), "SOME_BAD_DATA:warn SECURE:ok", "then it is a warning");
	world_free();

	/* A cache of the time before the fault. */
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", BAD_MX);
	later(reply("MX", MX), LOOK_ELSEWHERE, VIA_RESOLVER, "192.0.2.9");
	is(findings(), "SOME_BAD_DATA:warn SECURE:ok",
	    "nobody speaks against another resolver");
	later(reply("MX", BAD_MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE,
	    "192.0.2.1");
	is(findings(), "SOME_BAD_DATA:unknown SECURE:ok",
	    "a name server does: it cannot be told");
	later(reply("MX", MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.2");
	is(findings(), "SOME_BAD_DATA:warn SECURE:ok",
	    "another one has it as the cache has");
	world_free();

	/* Another resolver's own copy is no better: it leaves it open. */
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", BAD_MX);
	later(reply("MX", "{}" MX), LOOK_ELSEWHERE, VIA_RESOLVER,
	    "192.0.2.9")->flags = DNS_QR | DNS_AA | DNS_RA;
	is(chosen(), "none", "what cannot be told does not mend a failure");
	is(findings(), "RRSIG_INVALID:fail", "it stays one");
	world_free();

	/* Where it leads is yet to be asked; then it may. */
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", BAD_MX);
	later(reply("MX", "example.test. CNAME a.example.test."),
	    LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.2");
	is(chosen(), "MX 192.0.2.2", "an alias is followed");
	world_free();

	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", MX);
	later(reply("MX", BAD_MX), LOOK_ELSEWHERE, VIA_RESOLVER, "192.0.2.9");
	is(chosen(), "none", "the first is good: the later one is not wanted");
	is(findings(), "SECURE:ok", "and not spoken of");
	world_free();
}

static void
test_keys(void)
{
	/* The first DNSKEY answer is that of the zone without its third key. */
	world_chain((struct world_zone){ .keys = "257/13 256/13 -256/13" });
	reply("MX", NEW_MX);
	later(key_reply(3), LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.1");
	later(reply("MX", NEW_MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE,
	    "192.0.2.1");
	is(chosen(), "DNSKEY 192.0.2.1", "old keys: no more than they change");
	is(findings(), "SOME_BAD_DATA:warn SECURE:ok", "old keys: a warning");
	world_free();

	/* Two signers: each has its own keys and what they sign. */
	world_chain((struct world_zone){ .keys = "257/13 256/13 -256/13" });
	reply("MX", NEW_MX);
	later(reply("MX", MX), LOOK_WITHOUT_CD, VIA_RESOLVER, "192.0.2.53");
	is(chosen(), "MX 192.0.2.53", "the other signer's records");
	world_free();

	/* A secondary with expired keys and records; the primary has both. */
	world_chain((struct world_zone){ .keys = "257/13 256/13",
	    .keys_by = "0:until=-9" });
	reply("MX", "{1:until=-9}" MX);
	later(key_reply(2), LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.1");
	later(reply("MX", MX), LOOK_ELSEWHERE, VIA_AUTHORITATIVE, "192.0.2.1");
	later(reply("MX", "{1:until=-9}" MX), LOOK_ELSEWHERE,
	    VIA_AUTHORITATIVE, "192.0.2.2");
	is(chosen(), "MX 192.0.2.1; DNSKEY 192.0.2.1", "both are needed");
	world_free();
}

/* The first answer without its signatures, and the whole of another one. */
static void
strip(const char *name, uint16_t type, enum dns_via via, const char *server)
{
	uint8_t wire[NAME_WIRE_MAX];
	struct dns_observation *o = NULL;
	size_t kept = 0;

	name_from_text(wire, name, NULL);
	for (size_t i = 0; i < world.ev->ndns; i++)
		if (world.ev->dns[i]->type == type &&
		    world.ev->dns[i]->look == LOOK_FIRST &&
		    name_equal(world.ev->dns[i]->name, wire))
			o = (struct dns_observation *)world.ev->dns[i];
	if (o == NULL)
		return;
	later(signer_reply(
		  world.ev, wire, type, 0, o->answer, o->nanswer, NULL, 0),
	    LOOK_ELSEWHERE, via, server);
	for (size_t i = 0; i < o->nanswer; i++)
		if (o->answer[i].type != TYPE_RRSIG)
			o->answer[kept++] = o->answer[i];
	o->nanswer = kept;
}

/* What mends one shows only when the one above it is mended. */
static void
test_levels(void)
{
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", MX);
	strip("test.", TYPE_DS, VIA_AUTHORITATIVE, "192.0.2.1");
	strip("example.test.", TYPE_DS, VIA_AUTHORITATIVE, "192.0.2.2");
	strip("example.test.", TYPE_MX, VIA_AUTHORITATIVE, "192.0.2.3");
	is(chosen(), "DS 192.0.2.1; MX 192.0.2.3; DS 192.0.2.2",
	    "levels: each by the servers of its zone");
	is(findings(), "SOME_BAD_DATA:note SECURE:ok", "levels: no failure");
	world_free();

	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	reply("MX", MX);
	strip("test.", TYPE_DS, VIA_RESOLVER, "192.0.2.1");
	strip("test.", TYPE_DNSKEY, VIA_RESOLVER, "192.0.2.4");
	strip("example.test.", TYPE_DS, VIA_RESOLVER, "192.0.2.2");
	strip("example.test.", TYPE_MX, VIA_RESOLVER, "192.0.2.3");
	is(chosen(),
	    "DS 192.0.2.1; DNSKEY 192.0.2.4; MX 192.0.2.3; DS 192.0.2.2",
	    "levels: each by another resolver");
	world_free();
}

static void
test_errors(void)
{
	struct dns_observation *o;

	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	o = reply("MX", "");
	o->rcode = 2;
	later(reply("MX", MX), LOOK_WITHOUT_CD, VIA_RESOLVER, "192.0.2.53");
	is(chosen(), "MX 192.0.2.53", "an error with CD, and none without");
	is(findings(), "SECURE:ok", "the resolver's affair");
	world_free();

	/* The resolver's word alone: could not tell. */
	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	o = reply("MX", BAD_MX);
	o->opinion.present = o->opinion.ad = true;
	is(chosen(), "none", "an AD bit is no look");
	is(findings(), "SOME_BAD_DATA:unknown", "it is no verdict either");
	world_free();
}

/* ---- what is asked ---- */

static const char *
wanted(void)
{
	struct wants w = { .mem = world.mem, .ev = world.ev };
	struct path *path = path_walk(world.mem, world.ev);
	const char *text = "";

	plan_second_look(path, proofs_new(world.mem, world.ev, NULL), &w);
	for (size_t i = 0; i < w.n; i++) {
		const struct want *x = &w.list[i];
		char type[16];

		/* The chain above is asked for alike. */
		if (x->type != TYPE_MX && x->type != TYPE_NS &&
		    x->type != TYPE_A)
			continue;
		text = arena_printf(world.mem, "%s%s%s %s%s%s", text,
		    *text ? ", " : "", name_text(world.mem, x->name),
		    rr_type_text(x->type, type),
		    x->kind != WANT_LOOK		? ""
			: x->look == LOOK_WITHOUT_CD	? " without CD"
			: x->via == VIA_AUTHORITATIVE	? " of "
							: " from ",
		    x->kind == WANT_LOOK && x->server != NULL ? x->server : "");
	}
	return text;
}

static void
test_wants(void)
{
	static const char *resolvers[] = { "192.0.2.53", "192.0.2.54" };
	struct dns_observation *o;

	world_chain((struct world_zone){ .keys = "257/13 256/13" });
	world.ev->resolvers = resolvers;
	world.ev->nresolvers = 2;
	world.ev->has_ipv4 = true;
	o = reply("MX", MX);
	is(wanted(), "", "good data are not looked at again");
	o->answer[1].rdlen--;
	is(wanted(), "example.test. MX without CD, "
	    "example.test. MX from 192.0.2.54, example.test. NS, test. NS",
	    "the resolvers, and who the name servers are");
	reply("NS", "example.test. NS ns2.test.|example.test. NS ns1.test.");
	is(wanted(), "example.test. MX without CD, "
	    "example.test. MX from 192.0.2.54, ns1.test. A, ns2.test. A, "
	    "test. NS", "and where");
	world_reply("test.", "ns1.test.", "A", 0, "ns1.test. A 9.9.9.1", "");
	world_reply("test.", "ns2.test.", "A", 0, "ns2.test. A 127.0.0.1", "");
	is(wanted(), "example.test. MX without CD, "
	    "example.test. MX from 192.0.2.54, "
	    "example.test. MX of 9.9.9.1, test. NS",
	    "name servers, but none on this machine");
	world.ev->asked.allow_special = true;
	is(wanted(), "example.test. MX without CD, "
	    "example.test. MX from 192.0.2.54, "
	    "example.test. MX of 9.9.9.1, "
	    "example.test. MX of 127.0.0.1, test. NS",
	    "unless that is allowed");
	o->via = VIA_OVERLAY;
	is(wanted(), "", "what nobody was asked is not asked again");
	world_free();
}

/* ---- CDS ---- */

static const char *
wish(unsigned key, enum rr_type type)
{
	struct world_zone *z = world_find("example.test.");
	struct signer_key k = world_key(z, key);
	struct rr rr = type == TYPE_CDS
	    ? signer_ds(world.mem, z->wire, &k, 2)
	    : signer_dnskey(world.mem, z->wire, &k);

	rr.type = (uint16_t)type;
	return rr_text(world.mem, &rr);
}

static void
test_cds(void)
{
	static const struct {
		const char *name;
		enum rr_type type;
		int keys[3];	/* -1: no more */
		const char *by, *want;
	} table[] = {
		{ "the present DS", TYPE_CDS, { 0, -1 }, "", "SECURE:ok" },
		{ "the present key", TYPE_CDNSKEY, { 0, -1 }, "", "SECURE:ok" },
		{ "a second DS", TYPE_CDS, { 0, 9, -1 }, "",
		    "CDS_DIFFERS:note SECURE:ok" },
		{ "a second key", TYPE_CDNSKEY, { 0, 9, -1 }, "",
		    "CDS_DIFFERS:note SECURE:ok" },
		{ "another DS", TYPE_CDS, { 9, -1 }, "",
		    "CDS_DIFFERS:warn" },
		{ "another key", TYPE_CDNSKEY, { 9, -1 }, "",
		    "CDS_DIFFERS:warn" },
		{ "a key that signs no keys", TYPE_CDS, { 1, -1 }, "",
		    "CDS_DIFFERS:warn" },
		{ "not authentic", TYPE_CDS, { 9, -1 }, "{1:broken}",
		    "SECURE:ok" },
		{ "unsigned", TYPE_CDS, { 9, -1 }, "{}", "SECURE:ok" },
	};
	static const struct {
		const char *name, *type, *text, *want;
	} deletes[] = {
		{ "delete", "CDS", "0 0 0 00", "CDS_DELETE:warn" },
		{ "delete, as a key", "CDNSKEY", "0 3 0 AA==",
		    "CDS_DELETE:warn" },
		{ "delete, not authentic", "CDS", "{1:broken}0 0 0 00",
		    "SECURE:ok" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const char *text = table[i].by;
		char type[16];

		world_chain((struct world_zone){ .keys = "257/13 256/13" });
		reply("MX", MX);
		for (const int *k = table[i].keys; *k >= 0; k++)
			text = arena_printf(world.mem, "%s%s%s", text,
			    k > table[i].keys ? "|" : "",
			    wish((unsigned)*k, table[i].type));
		reply(rr_type_text((uint16_t)table[i].type, type), text);
		text = findings();
		ok(strstr(text, table[i].want) != NULL &&
		    (strstr(text, "CDS") != NULL) ==
		    (strstr(table[i].want, "CDS") != NULL),
		    "CDS: %s: %s", table[i].name, text);
		world_free();
	}
	for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++) {
		const char *text = deletes[i].text;
		size_t by = *text == '{' ? strcspn(text, "}") + 1 : 0;

		world_chain((struct world_zone){ .keys = "257/13 256/13" });
		reply("MX", MX);
		reply(deletes[i].type, arena_printf(world.mem,
		    "%.*sexample.test. %s %s", (int)by, text, deletes[i].type,
		    text + by));
		text = findings();
		ok(strstr(text, deletes[i].want) != NULL &&
		    (strstr(text, "CDS") != NULL) ==
		    (strstr(deletes[i].want, "CDS") != NULL),
		    "CDS: %s: %s", deletes[i].name, text);
		world_free();
	}
}

int
main(void)
{
	test_choice();
	test_keys();
	test_levels();
	test_errors();
	test_wants();
	test_cds();
	signer_free();
	return tap_done();
}

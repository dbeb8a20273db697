/* SPDX-License-Identifier: ISC */
#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/wire.h"

#include "tap.h"

#define QUESTION "\1a\2bc\0\0\17\0\1"	/* a.bc. IN MX, at offset 12 */
#define MX "\xc0\14\0\17\0\1\0\0\16\20\0\4\0\12\xc0\14"
#define OPT "\0\0\51\4\xd0\0\0\x80\0\0\0"

/* The header's counts and the sections; octets of a literal. */
#define MESSAGE(name, header, rest, good, want)                               \
	{                                                                     \
		name, (const uint8_t *)header rest,                           \
		    sizeof(header rest) - 1, good, want                       \
	}

/* want: the records of answer and authority, rcode first. */
static const struct {
	const char *name;
	const uint8_t *wire;
	size_t len;
	bool good;
	const char *want;
} messages[] = {
	MESSAGE("one MX", "\1\2\x81\xa0\0\1\0\1\0\0\0\0", QUESTION MX, true,
	    "NOERROR a.bc. 3600 IN MX 10 a.bc.;"),
	MESSAGE("with OPT", "\1\2\x81\xa0\0\1\0\1\0\0\0\1", QUESTION MX OPT,
	    true, "NOERROR a.bc. 3600 IN MX 10 a.bc.;"),
	MESSAGE("NXDOMAIN", "\1\2\x81\xa3\0\1\0\0\0\0\0\0", QUESTION, true,
	    "NXDOMAIN"),
	MESSAGE("no question", "\1\2\x81\xa5\0\0\0\0\0\0\0\0", "", true,
	    "REFUSED"),
	MESSAGE("TTL with the top bit", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION "\xc0\14\0\1\0\1\x80\0\0\1\0\4\1\2\3\4", true,
	    "NOERROR a.bc. 0 IN A 1.2.3.4;"),
	MESSAGE("another class", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION "\xc0\14\0\1\0\3\0\0\0\1\0\4\1\2\3\4", true,
	    "NOERROR a.bc. 1 CLASS3 A 1.2.3.4;"),
	MESSAGE("bad RDATA is kept", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION "\xc0\14\0\1\0\1\0\0\0\1\0\3\1\2\3", true,
	    "NOERROR a.bc. 1 IN A \\# 3 010203;"),
	MESSAGE("octets behind the message", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION MX "abc", true, "NOERROR a.bc. 3600 IN MX 10 a.bc.;"),
	MESSAGE("upper bits of the rcode", "\1\2\x81\xa0\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\1\0\x80\0\0\0", true, "BADVERS"),
	MESSAGE("extended error", "\1\2\x81\xa2\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\0\0\x80\0\0\21\0\17\0\7\0\6bogus"
		     "\0\15\0\2\0\0",
	    true, "SERVFAIL 6=bogus"),
	MESSAGE("extended error without text",
	    "\1\2\x81\xa2\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\0\0\x80\0\0\6\0\17\0\2\0\26", true,
	    "SERVFAIL 22="),
	MESSAGE("extended error too short", "\1\2\x81\xa2\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\0\0\x80\0\0\5\0\17\0\1\0", true,
	    "SERVFAIL"),
	MESSAGE("option leaves OPT", "\1\2\x81\xa2\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\0\0\x80\0\0\6\0\17\0\3\0\26", false,
	    NULL),
	MESSAGE("half an option", "\1\2\x81\xa2\0\1\0\0\0\0\0\1",
	    QUESTION "\0\0\51\4\xd0\0\0\x80\0\0\3\0\17\0", false, NULL),
	MESSAGE("two OPT", "\1\2\x81\xa0\0\1\0\0\0\0\0\2", QUESTION OPT OPT,
	    false, NULL),
	MESSAGE("OPT not at the root", "\1\2\x81\xa0\0\1\0\0\0\0\0\1",
	    QUESTION "\1a" OPT, false, NULL),
	MESSAGE("OPT as answer", "\1\2\x81\xa0\0\1\0\1\0\0\0\0", QUESTION OPT,
	    false, NULL),
	MESSAGE("two questions", "\1\2\x81\xa0\0\2\0\0\0\0\0\0",
	    QUESTION QUESTION, false, NULL),
	MESSAGE("counts over the size", "\1\2\x81\xa0\0\1\377\377\0\0\0\0",
	    QUESTION MX, false, NULL),
	MESSAGE("one answer too many", "\1\2\x81\xa0\0\1\0\2\0\0\0\0",
	    QUESTION MX, false, NULL),
	MESSAGE("RDATA over the end", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION "\xc0\14\0\1\0\1\0\0\0\1\0\5\1\2\3\4", false, NULL),
	MESSAGE("owner points to itself", "\1\2\x81\xa0\0\1\0\1\0\0\0\0",
	    QUESTION "\xc0\26\0\1\0\1\0\0\0\1\0\4\1\2\3\4", false, NULL),
	MESSAGE("question points into the header",
	    "\1\2\x81\xa0\0\1\0\0\0\0\0\0", "\xc0\6\0\17\0\1", true,
	    "NOERROR"),
	MESSAGE("header alone, counts set", "\1\2\x81\xa0\0\1\0\0\0\0\0\0",
	    "", false, NULL),
	MESSAGE("half a header", "\1\2\x81\xa0\0\0", "", false, NULL),
	MESSAGE("nothing", "", "", false, NULL),
};

static char *
message_show(struct arena *arena, const struct message *m)
{
	char buf[16], *text;

	text = arena_strdup(arena, rcode_text(m->rcode, buf));
	for (size_t i = 0; i < m->nede; i++)
		text = arena_printf(arena, "%s %u=%s", text,
		    (unsigned)m->ede[i].code, m->ede[i].text);
	for (size_t i = 0; i < m->nanswer; i++)
		text = arena_printf(arena, "%s %s;", text,
		    rr_text(arena, &m->answer[i]));
	for (size_t i = 0; i < m->nauthority; i++)
		text = arena_printf(arena, "%s %s;", text,
		    rr_text(arena, &m->authority[i]));
	return text;
}

static void
test_answers(struct arena *arena)
{
	static const char wire[] =
	    "\1\2\x85\xb0\0\1\0\1\0\0\0\1" QUESTION MX OPT;
	uint8_t copy[sizeof(wire)], name[NAME_WIRE_MAX];
	struct message m;

	memcpy(copy, wire, sizeof(wire));
	name_from_text(name, "A.BC.", NULL);
	ok(message_parse(arena, copy, sizeof(wire) - 1, &m), "parsed");
	ok(m.id == 0x102 && m.opcode == 0 && m.edns && m.dnssec_ok, "header");
	ok(m.flags == (DNS_QR | DNS_AA | DNS_RD | DNS_RA | DNS_AD | DNS_CD),
	    "flags");
	ok(message_answers(&m, name, TYPE_MX), "answers");
	ok(!message_answers(&m, name, TYPE_A), "another type");
	ok(!message_answers(&m, name_root, TYPE_MX), "another name");
	ok(m.answer[0].owner == m.qname, "equal owners are shared");
	m.qclass = 3;
	ok(!message_answers(&m, name, TYPE_MX), "another class");
	copy[2] = 0x05;
	ok(message_parse(arena, copy, sizeof(wire) - 1, &m) &&
		!message_answers(&m, name, TYPE_MX),
	    "no reply");
	copy[2] = 0xa5;
	ok(message_parse(arena, copy, sizeof(wire) - 1, &m) &&
		m.opcode == 4 && !message_answers(&m, name, TYPE_MX),
	    "another opcode");
}

/* The largest message, made of pointers only, costs little. */
static void
test_bounds(void)
{
	static uint8_t wire[65536];
	struct arena *arena = arena_new();
	struct message m;

	for (size_t i = 12; i + 1 < sizeof(wire); i += 2) {
		size_t to = i < 16396 ? i - (i > 12 ? 2 : 0) : 16382;

		wire[i] = (uint8_t)(0xc0 | to >> 8);
		wire[i + 1] = (uint8_t)to;
	}
	memcpy(wire, "\1\2\x81\xa0\0\0\x17\0\0\0\0", 11);
	ok(!message_parse(arena, wire, 65535, &m), "pointers only");
	ok(!message_parse(arena, wire, 65536, &m), "over 65535 octets");
	ok(arena_size(arena) < 1024 * 1024, "bounded memory");
	arena_free(arena);
}

static struct dns_observation *
observed(const char *name, uint16_t type, enum dns_via via,
    const char *server)
{
	struct dns_observation *obs = dns_observation_new();
	uint8_t wire[NAME_WIRE_MAX];

	name_from_text(wire, name, NULL);
	obs->name = name_copy(obs->mem, wire);
	obs->type = type;
	obs->via = via;
	obs->server = server;
	return obs;
}

static void
test_evidence(void)
{
	struct evidence *e = evidence_new();
	struct dns_observation *shared;
	struct smtp_observation *smtp = smtp_observation_new();
	uint8_t name[NAME_WIRE_MAX];
	enum smtp_outcome outcome;
	enum dns_via via;

	shared = observed("b.", TYPE_MX, VIA_RESOLVER, "2");
	shared->refs++;
	evidence_add_dns(e, shared);
	evidence_add_dns(e, observed("b.", TYPE_MX, VIA_RESOLVER, "1"));
	evidence_add_dns(e, observed("b.", TYPE_A, VIA_AUTHORITATIVE, NULL));
	evidence_add_dns(e, observed("B.", TYPE_A, VIA_OVERLAY, NULL));
	evidence_add_dns(e, observed("z.a.", TYPE_MX, VIA_RESOLVER, NULL));
	name_from_text(name, "b.", NULL);
	ok(evidence_dns(e, name, TYPE_MX) == shared, "the first one");
	evidence_sort(e);
	ok(e->dns[0]->name[0] == 1 && e->dns[0]->name[1] == 'z',
	    "sorted by name");
	ok(e->dns[1]->via == VIA_AUTHORITATIVE && e->dns[4] == shared,
	    "then by type, via, server");
	ok(evidence_dns(e, name, TYPE_A)->via == VIA_OVERLAY,
	    "authoritative ones are not looked up");
	ok(evidence_dns(e, name, TYPE_NS) == NULL, "not asked");
	smtp->host = name_copy(smtp->mem, name);
	smtp->address = "192.0.2.1";
	evidence_add_smtp(e, smtp);
	ok(smtp->elapsed.connect == -1 && smtp->elapsed.handshake == -1,
	    "not reached");
	ok(evidence_smtp(e, name, "192.0.2.1", KEYS_ANY) == smtp, "session");
	ok(evidence_smtp(e, name, "192.0.2.1", KEYS_RSA) == NULL,
	    "other keys");
	evidence_free(e);
	ok(shared->refs == 1, "one reference is left");
	dns_observation_unref(shared);
	dns_observation_unref(NULL);
	is(dns_outcome_text(DNS_TIMED_OUT), "timeout", "dns outcome");
	is(smtp_outcome_text(SMTP_NOT_PROBED), "not-probed", "smtp outcome");
	ok(smtp_outcome_from_text("no-route", &outcome) &&
		outcome == SMTP_NO_ROUTE,
	    "outcome read");
	ok(!dns_via_from_text("Resolver", &via), "unknown word");
	is(smtp_step_text(STEP_TLS_EHLO), "tls-ehlo", "step");
	is(tls_keys_text(KEYS_ECDSA), "ecdsa", "keys");
}

int
main(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct message m;
		bool good = message_parse(arena, messages[i].wire,
		    messages[i].len, &m);

		is(good ? message_show(arena, &m) : NULL, messages[i].want,
		    messages[i].name);
	}
	test_answers(arena);
	test_bounds();
	test_evidence();
	arena_free(arena);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "core/delivery.h"

#include <stdio.h>

#include "tap.h"
#include "fixture.h"

enum { EXO = PROFILE_EXCHANGE_ONLINE, RFC = PROFILE_RFC7672 };

/* What is found: (finding, host, address, alternative), ended by host -2. */
struct found {
	enum finding_id id;
	int host, address;
	bool alt;
};

static struct arena *mem;

/* Two hosts; the first has two addresses. */
static struct judgement *
judgement(struct evidence *ev, const char *mx, bool secure,
    const struct found *list)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);

	fixture_reply(ev, "d.test.", TYPE_MX, 0, mx, "");
	fixture_reply(ev, "a.d.test.", TYPE_A, 0,
	    "a.d.test. A 9.9.9.1|a.d.test. A 9.9.9.2", "");
	fixture_reply(ev, "b.d.test.", TYPE_A, 0, "b.d.test. A 9.9.9.3", "");
	fixture_session(ev, "a.d.test.", "9.9.9.1", SMTP_TLS);
	fixture_session(ev, "a.d.test.", "9.9.9.2", SMTP_TLS);
	fixture_session(ev, "b.d.test.", "9.9.9.3", SMTP_TLS);
	j->mem = j->findings.mem = mem;
	j->ev = ev;
	j->path = path_walk(mem, ev);
	j->mx_secure = secure;
	j->hosts = arena_array(mem, j->path->nhosts, sizeof *j->hosts);
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];

		j->hosts[i].host = h;
		j->hosts[i].addresses = arena_array(mem, h->naddresses,
		    sizeof *j->hosts[i].addresses);
	}
	for (; list->host > -2; list++) {
		struct finding *f = findings_add(&j->findings, list->id);

		f->host = list->host;
		f->address = list->address;
		f->alt = list->alt;
	}
	delivery_decide(j);
	return j;
}

#define TLS(h, a) { FINDING_STARTTLS_OK, h, a, false }
#define DANE(h, a) { FINDING_DANE_EE_MATCH, h, a, false }
#define END { FINDING_DNSSEC_SECURE, -2, -1, false }
#define TWO "d.test. MX 10 a.d.test.|d.test. MX 20 b.d.test."
#define EQUAL "d.test. MX 10 a.d.test.|d.test. MX 10 b.d.test."
#define ONE "d.test. MX 10 a.d.test."

static const struct {
	const char *name, *mx;
	bool secure;
	enum delivery exo, rfc;
	const char *ndr;
	enum severity status;
	struct found list[8];
} table[] = {
	{ "all authenticate", TWO, true, DELIVERED_AUTHENTICATED,
	    DELIVERED_AUTHENTICATED, NULL, SEVERITY_OK,
	    { TLS(0, 0), DANE(0, 0), TLS(0, 1), DANE(0, 1), TLS(1, 0),
	    DANE(1, 0), END } },
	{ "nobody authenticates through unsigned MX records", ONE, false,
	    DELIVERED_ENCRYPTED, DELIVERED_ENCRYPTED, NULL, SEVERITY_OK,
	    { TLS(0, 0), DANE(0, 0), TLS(0, 1), DANE(0, 1), END } },
	{ "one address fails, the other takes the mail", ONE, true,
	    DELIVERED_AUTHENTICATED, DELIVERED_AUTHENTICATED, NULL,
	    SEVERITY_WARN,
	    { TLS(0, 0), DANE(0, 0), TLS(0, 1),
	    { FINDING_DANE_NO_MATCH, 0, 1, false }, END } },
	{ "all addresses fail", ONE, true, DELIVERY_DEFERRED,
	    DELIVERY_DEFERRED, "7.323", SEVERITY_FAIL,
	    { TLS(0, 0), { FINDING_DANE_NO_MATCH, 0, 0, false }, TLS(0, 1),
	    { FINDING_DANE_NO_MATCH, 0, 1, false }, END } },
	{ "the first host fails, the second delivers", TWO, true,
	    DELIVERED_ENCRYPTED, DELIVERED_ENCRYPTED, NULL, SEVERITY_WARN,
	    { { FINDING_TLSA_LOOKUP_FAILED, 0, -1, false }, TLS(1, 0), END } },
	{ "among equals the weakest counts", EQUAL, true,
	    DELIVERED_CLEARTEXT, DELIVERED_CLEARTEXT, NULL, SEVERITY_WARN,
	    { TLS(0, 0), DANE(0, 0), TLS(0, 1), DANE(0, 1),
	    { FINDING_STARTTLS_NOT_OFFERED, 1, 0, true }, END } },
	{ "a backup does not weaken a first host that works", TWO, true,
	    DELIVERED_AUTHENTICATED, DELIVERED_AUTHENTICATED, NULL,
	    SEVERITY_WARN,
	    { TLS(0, 0), DANE(0, 0), TLS(0, 1), DANE(0, 1),
	    { FINDING_STARTTLS_NOT_OFFERED, 1, 0, true }, END } },
	{ "expired under usage 3: Exchange defers, the RFC does not", ONE,
	    true, DELIVERY_DEFERRED, DELIVERED_AUTHENTICATED, "7.322",
	    SEVERITY_FAIL,
	    { TLS(0, 0), DANE(0, 0), { FINDING_CERT_EXPIRED_EE, 0, 0, false },
	    TLS(0, 1), DANE(0, 1), { FINDING_CERT_EXPIRED_EE, 0, 1, false },
	    END } },
	{ "bogus MX records beat every host", TWO, true, DELIVERY_DEFERRED,
	    DELIVERY_DEFERRED, "7.324", SEVERITY_FAIL,
	    { { FINDING_DNSSEC_RRSIG_EXPIRED, -1, -1, false }, TLS(0, 0),
	    TLS(0, 1), TLS(1, 0), END } },
	{ "nothing reached: could not tell", ONE, true, DELIVERY_UNKNOWN,
	    DELIVERY_UNKNOWN, NULL, SEVERITY_UNKNOWN,
	    { { FINDING_SMTP_TIMEOUT, 0, 0, false },
	    { FINDING_SMTP_TIMEOUT, 0, 1, false }, END } },
	{ "one host fails, the other is not known: open", TWO, true,
	    DELIVERY_UNKNOWN, DELIVERY_UNKNOWN, NULL, SEVERITY_FAIL,
	    { { FINDING_DANE_NO_MATCH, 0, 0, false },
	    { FINDING_DANE_NO_MATCH, 0, 1, false },
	    { FINDING_SMTP_TIMEOUT, 1, 0, false }, END } },
	{ "one host is not known, the other delivers: known", TWO, true,
	    DELIVERED_ENCRYPTED, DELIVERED_ENCRYPTED, NULL, SEVERITY_WARN,
	    { { FINDING_SMTP_TIMEOUT, 0, 0, false },
	    { FINDING_SMTP_TIMEOUT, 0, 1, false }, TLS(1, 0), END } },
	{ "a failure of the domain beats what is not known", ONE, true,
	    DELIVERY_DEFERRED, DELIVERY_DEFERRED, "7.324", SEVERITY_FAIL,
	    { { FINDING_DNSSEC_DS_NO_DNSKEY, -1, -1, false },
	    { FINDING_SMTP_TIMEOUT, 0, 0, false }, END } },
	{ "all unusable without TLS: returned by Exchange", ONE, true,
	    DELIVERY_BOUNCED, DELIVERY_DEFERRED, "7.321", SEVERITY_FAIL,
	    { { FINDING_STARTTLS_NOT_OFFERED, 0, 0, false },
	    { FINDING_TLSA_ALL_UNUSABLE, 0, 0, true },
	    { FINDING_STARTTLS_NOT_OFFERED, 0, 1, false },
	    { FINDING_TLSA_ALL_UNUSABLE, 0, 1, true }, END } },
	{ "one family could not be tried", ONE, true, DELIVERY_UNKNOWN,
	    DELIVERY_UNKNOWN, NULL, SEVERITY_UNKNOWN, { END } },
};

/* Who knows no DANE delivers in clear where others defer. */
static void
without_dane(void)
{
	static const struct found list[] = {
		{ FINDING_STARTTLS_NOT_OFFERED, 0, 0, false },
		{ FINDING_STARTTLS_REFUSED, 0, 1, false }, END
	};
	struct evidence *ev = fixture_new("d.test.");
	struct judgement *j = judgement(ev, ONE, true, list);

	is(delivery_text(j->outcome[EXO].delivery), "deferred",
	    "no TLS, and TLSA records");
	is(delivery_text(j->outcome[PROFILE_MTA_STS].delivery),
	    "delivered-cleartext", "the same, for who does not ask for them");
	evidence_free(ev);
}

/* Records of which none is usable are no DANE: that is known. */
static void
required(void)
{
	static const enum finding_id ids[] = {
		FINDING_TLSA_NONE, FINDING_TLSA_INSECURE,
		FINDING_TLSA_ALL_UNUSABLE, FINDING_TLSA_ALL_MALFORMED,
		FINDING_MX_INSECURE, FINDING_MX_HOST_INSECURE,
	};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct finding f = { .id = ids[i],
			.row = catalogue_row(ids[i]) };

		ok(finding_severity(&f, PROFILE_RFC7672, REQUIRE_DANE, false) ==
			SEVERITY_FAIL, "%s where DANE is required",
		    f.row->id);
	}
}

int
main(void)
{
	mem = arena_new();
	without_dane();
	required();
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct evidence *ev = fixture_new("d.test.");
		struct judgement *j = judgement(ev, table[i].mx,
		    table[i].secure, table[i].list);

		is(delivery_text(j->outcome[EXO].delivery),
		    delivery_text(table[i].exo), table[i].name);
		is(delivery_text(j->outcome[RFC].delivery),
		    delivery_text(table[i].rfc), table[i].name);
		is(j->outcome[EXO].ndr, table[i].ndr, table[i].name);
		is(severity_text(j->status), severity_text(table[i].status),
		    table[i].name);
		evidence_free(ev);
	}
	arena_free(mem);
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
/* What a view of an overlay answers, question by question. */
#include "core/overlay.h"

#include "fixture.h"

static const char zone_text[] =
    "contoso.example. SOA ns1.contoso.example. h.contoso.example. 1 1 1 1 1|"
    "contoso.example. NS ns1.contoso.example.|"
    "contoso.example. MX 10 mx1.contoso.example.|"
    "mx1.contoso.example. A 192.0.2.1|"
    "_25._tcp.mx1.contoso.example. TLSA 3 1 1 00AA|"
    "www.contoso.example. CNAME web.contoso.example.|"
    "*.wild.contoso.example. TXT \"any\"|"
    "one.wild.contoso.example. A 192.0.2.9|"
    "sub.contoso.example. NS ns.sub.contoso.example.|"
    "safe.contoso.example. NS ns.safe.contoso.example.|"
    "safe.contoso.example. DS 1 13 2 00AA|"
    "old.contoso.example. DNAME new.example.";

/* question: rcode, answer; "live": nothing replaces it; "ask": it is needed */
static const struct row {
	const char *what, *with, *without, *question, *live, *expect;
} rows[] = {
	/* A zone file alone. */
	{ "a set", "", "", "contoso.example. MX", NULL,
	    "0 contoso.example. MX 10 mx1.contoso.example." },
	{ "no such type", "", "", "contoso.example. TXT", NULL, "0" },
	{ "no such name", "", "", "no.contoso.example. TXT", NULL, "3" },
	{ "an empty non-terminal", "", "", "_tcp.mx1.contoso.example. TLSA",
	    NULL, "0" },
	{ "the case of the question", "", "", "CONTOSO.Example. MX", NULL,
	    "0 CONTOSO.Example. MX 10 mx1.contoso.example." },
	{ "an alias", "", "", "www.contoso.example. MX", NULL,
	    "0 www.contoso.example. CNAME web.contoso.example." },
	{ "a wildcard", "", "", "a.b.wild.contoso.example. TXT", NULL,
	    "0 a.b.wild.contoso.example. TXT any" },
	{ "a wildcard without the type", "", "", "a.wild.contoso.example. MX",
	    NULL, "0" },
	{ "a name hides the wildcard", "", "", "one.wild.contoso.example. TXT",
	    NULL, "0" },
	{ "and below it, too", "", "", "x.one.wild.contoso.example. TXT", NULL,
	    "3" },
	{ "the wildcard's parent", "", "", "wild.contoso.example. TXT", NULL,
	    "0" },
	{ "below a cut", "", "", "mx.sub.contoso.example. A", NULL, "ask" },
	{ "at a cut", "", "", "sub.contoso.example. MX", NULL, "ask" },
	{ "DS at a cut", "", "", "safe.contoso.example. DS", NULL,
	    "0 safe.contoso.example. DS 1 13 2 00AA" },
	{ "no DS at a cut", "", "", "sub.contoso.example. DS", NULL, "0" },
	{ "DS of the apex", "", "", "contoso.example. DS", NULL, "ask" },
	{ "keys of the apex", "", "", "contoso.example. DNSKEY", NULL, "ask" },
	{ "below a DNAME", "", "", "mx.old.contoso.example. A", NULL,
	    "0 old.contoso.example. DNAME new.example." },
	{ "the DNAME's own name", "", "", "old.contoso.example. A", NULL, "0" },
	{ "elsewhere", "", "", "example. MX", "0", "live" },

	/* Single records over what is live. */
	{ "not concerned", "x.live.example. A 192.0.2.5", "",
	    "y.live.example. A", "0 y.live.example. A 192.0.2.6", "live" },
	{ "not asked yet", "x.live.example. A 192.0.2.5", "",
	    "x.live.example. A", NULL, "ask" },
	{ "one more", "x.live.example. A 192.0.2.5", "", "x.live.example. A",
	    "0 x.live.example. A 192.0.2.6",
	    "0 x.live.example. A 192.0.2.6|x.live.example. A 192.0.2.5" },
	{ "one that is there", "x.live.example. A 192.0.2.6", "",
	    "x.live.example. A", "0 x.live.example. A 192.0.2.6", "live" },
	{ "a new name", "x.live.example. A 192.0.2.5", "", "x.live.example. A",
	    "3", "0 x.live.example. A 192.0.2.5" },
	{ "a new name's other types", "x.live.example. A 192.0.2.5", "",
	    "x.live.example. AAAA", "3", "0" },
	{ "no new name's other types", "x.live.example. A 192.0.2.5", "",
	    "x.live.example. AAAA", "0", "live" },
	{ "above a new name", "a.x.live.example. A 192.0.2.5", "",
	    "x.live.example. A", "3", "0" },
	{ "taken away", "", "x.live.example. A", "x.live.example. A",
	    "0 x.live.example. A 192.0.2.6", "0" },
	{ "another type stays", "", "x.live.example. A",
	    "x.live.example. TXT", "0 x.live.example. TXT a", "live" },
	{ "all of a name", "", "x.live.example.", "x.live.example. TXT", NULL,
	    "3" },
	{ "all of a name but one", "x.live.example. A 192.0.2.5",
	    "x.live.example.", "x.live.example. TXT", NULL, "0" },
	{ "in its place", "x.live.example. A 192.0.2.5", "x.live.example. A",
	    "x.live.example. A", "0 x.live.example. A 192.0.2.6",
	    "0 x.live.example. A 192.0.2.5" },
	{ "in place of a failure", "x.live.example. A 192.0.2.5",
	    "x.live.example. A", "x.live.example. A", "2",
	    "0 x.live.example. A 192.0.2.5" },
	{ "beside a failure", "x.live.example. A 192.0.2.5", "",
	    "x.live.example. A", "2", "live" },

	/* RFC 1034 3.6.2: an alias and other data. */
	{ "an alias in place of data", "x.live.example. CNAME y.example.", "",
	    "x.live.example. TXT", "0 x.live.example. TXT a",
	    "0 x.live.example. CNAME y.example." },
	{ "an alias in place of another", "x.live.example. CNAME y.example.",
	    "", "x.live.example. TXT",
	    "0 x.live.example. CNAME z.example.|z.example. TXT a",
	    "0 x.live.example. CNAME y.example." },
	{ "data in place of an alias", "x.live.example. A 192.0.2.5", "",
	    "x.live.example. TXT",
	    "0 x.live.example. CNAME z.example.|z.example. TXT a", "0" },
	{ "an alias taken away", "", "x.live.example. CNAME",
	    "x.live.example. TXT",
	    "0 x.live.example. CNAME z.example.|z.example. TXT a", "3" },
	{ "an alias stays", "", "x.live.example. TXT", "x.live.example. TXT",
	    "0 x.live.example. CNAME z.example.|z.example. TXT a", "live" },
	{ "the target is changed", "z.example. TXT b", "",
	    "x.live.example. TXT",
	    "0 x.live.example. CNAME z.example.|z.example. TXT a",
	    "0 x.live.example. CNAME z.example." },
	{ "the target is in the zone", "", "", "x.live.example. TXT",
	    "3 x.live.example. CNAME no.contoso.example.",
	    "0 x.live.example. CNAME no.contoso.example." },

	/* Both. */
	{ "a record beside those of the file",
	    "contoso.example. MX 20 mx2.contoso.example.", "",
	    "contoso.example. MX", NULL,
	    "0 contoso.example. MX 10 mx1.contoso.example.|"
	    "contoso.example. MX 20 mx2.contoso.example." },
	{ "a name of the file taken away", "", "mx1.contoso.example. A",
	    "mx1.contoso.example. A", NULL, "0" },
	{ "the DS of the apex", "contoso.example. DS 1 13 2 00AA", "",
	    "contoso.example. DS", "0",
	    "0 contoso.example. DS 1 13 2 00AA" },
	{ "and the zone goes on", "contoso.example. DS 1 13 2 00AA", "",
	    "contoso.example. TXT", NULL, "0" },
};

static uint16_t
type_of(const char *text)
{
	uint16_t type;

	if (!rr_type_from_text(text, &type))
		abort();
	return type;
}

static const struct overlay *
overlay_of(struct arena *mem, const char *with, const char *without)
{
	struct overlay *o = arena_alloc(mem, sizeof *o);

	o->zones = arena_alloc(mem, sizeof *o->zones);
	o->zones[0].name = fixture_name(mem, "contoso.example.");
	o->zones[0].source = "new.zone";
	o->zones[0].rrs =
	    fixture_records(mem, zone_text, &o->zones[0].nrrs);
	overlay_zone_order(&o->zones[0]);
	o->nzones = 1;
	o->with = fixture_records(mem, with, &o->nwith);
	if (*without != '\0') {
		char *name = arena_strdup(mem, without);
		char *type = strchr(name, ' ');

		o->without = arena_alloc(mem, sizeof *o->without);
		o->nwithout = 1;
		if (type != NULL) {
			*type = '\0';
			o->without[0].type = type_of(type + 1);
		}
		o->without[0].name = fixture_name(mem, name);
	}
	return o;
}

/* "rcode record|record" */
static void
reply(struct evidence *ev, const char *name, uint16_t type, const char *text)
{
	fixture_reply(ev, name, type, (uint16_t)(text[0] - '0'),
	    text[1] == ' ' ? text + 2 : "", "");
}

static char *
text_of(struct arena *mem, const struct dns_observation *obs)
{
	char *text = arena_printf(mem, "%u", (unsigned)obs->rcode);

	for (size_t i = 0; i < obs->nanswer; i++)
		text = arena_printf(mem, "%s%s%s", text, i > 0 ? "|" : " ",
		    rr_text(mem, &obs->answer[i]));
	return text;
}

/* The records of the expectation as the program writes them. */
static char *
expected(struct arena *mem, const char *text)
{
	struct dns_observation obs = { .rcode = (uint16_t)(text[0] - '0') };

	obs.answer = fixture_records(
	    mem, text[1] == ' ' ? text + 2 : "", &obs.nanswer);
	return text_of(mem, &obs);
}

static void
test_row(const struct row *r)
{
	struct evidence *ev = fixture_new("contoso.example.");
	char *name = arena_strdup(ev->mem, r->question);
	char *type = strchr(name, ' ');
	const struct dns_observation *live, *obs;
	const char *got;

	*type++ = '\0';
	if (r->live != NULL)
		reply(ev, name, type_of(type), r->live);
	live = ev->ndns > 0 ? ev->dns[0] : NULL;
	ev->view = overlay_view_new(
	    ev->mem, overlay_of(ev->mem, r->with, r->without));
	obs = evidence_dns(ev, fixture_name(ev->mem, name), type_of(type));
	if (obs == NULL)
		got = "ask";
	else if (obs == live)
		got = "live";
	else
		got = text_of(ev->mem, obs);
	is(got, *r->expect < 'a' ? expected(ev->mem, r->expect) : r->expect,
	    r->what);
	if (obs != NULL && obs != live && obs->via == VIA_OVERLAY)
		ok(obs->assumed, "%s: as its zone", r->what);
	evidence_free(ev);
}

static void
test_merge(void)
{
	struct arena *mem = arena_new();
	const struct overlay *a =
	    overlay_of(mem, "x.example. A 192.0.2.1|y.example. A 192.0.2.1",
		"z.example. A");
	const struct overlay *b =
	    overlay_of(mem, "z.example. A 192.0.2.2", "x.example.");
	const struct overlay *both = overlay_merge(mem, a, b);
	const char **texts;

	ok(overlay_merge(mem, NULL, NULL) == NULL, "nothing and nothing");
	ok(overlay_merge(mem, a, NULL) == a, "nothing later");
	ok(overlay_merge(mem, NULL, a) == a, "nothing before");
	ok(both->nzones == 1, "a zone takes the place of the same zone");
	ok(both->nwith == 2 && both->nwithout == 2,
	    "a later without takes a with away");
	ok(overlay_texts(mem, both, NULL, &texts) == 5, "a line each");
	is(texts[0],
	    "zone contoso.example.: new.zone (not signed yet, judged as if "
	    "it were)", "the zone");
	is(texts[1], "without z.example. A", "without a type");
	is(texts[2], "without x.example.", "without all");
	is(texts[3], "with y.example. 3600 IN A 192.0.2.1", "with");
	ok(overlay_view_new(mem, NULL) == NULL, "no view of nothing");
	arena_free(mem);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		test_row(&rows[i]);
	test_merge();
	return tap_done();
}

/* SPDX-License-Identifier: ISC */
#include "world.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "fuzz.h"
#include "report/archive.h"
#include "../unit/fixtures/zones.h"

enum { JANUARY_15 = 1768435200, RECORDING_MAX = 1024 * 1024 };

#define CASE(name) "cases/" name "/evidence.json"

/* Append only: the first octet of every input is an index into this. */
static const struct {
	const char *domain; /* its part of unit/fixtures/zones.h; or NULL */
	const char *also; /* and that of this domain */
	const char *file; /* a recording below tests */
	unsigned number; /* of the objects in it */
	bool deprecated;
} sources[] = {
	{ "example.test.", "plain.test.", NULL, 0, false },
	{ "ed.test.", NULL, NULL, 0, false },
	{ "iter.test.", NULL, NULL, 0, false },
	{ "old.test.", NULL, NULL, 0, false },
	{ "island.test.", NULL, NULL, 0, false },
	{ "plain.test.", NULL, NULL, 0, false },
	{ "stale.test.", NULL, NULL, 0, false },
	{ "sha1.test.", NULL, NULL, 0, false },
	{ "standby.test.", NULL, NULL, 0, false },
	{ "zsk.test.", NULL, NULL, 0, false },
	{ NULL, NULL, CASE("dane-ee-healthy"), 0, false },
	{ NULL, NULL, CASE("dane-one-host-of-two"), 0, false },
	{ NULL, NULL, CASE("dnssec-nsec3-no-tlsa"), 0, false },
	{ NULL, NULL, CASE("dane-no-match"), 0, false },
	{ NULL, NULL, CASE("dkim-appended-zone"), 0, false },
	{ NULL, NULL, CASE("dnssec-mx-expired"), 0, false },
	{ NULL, NULL, CASE("dnssec-ds-mismatch"), 0, false },
	{ NULL, NULL, CASE("dnssec-unsigned"), 0, false },
	{ NULL, NULL, CASE("mx-null"), 0, false },
	{ NULL, NULL, CASE("tlsa-servfail"), 0, false },
	{ NULL, NULL, CASE("resolver-strips"), 0, false },
	{ NULL, NULL, CASE("rfc4035-b"), 0, true },
	{ NULL, NULL, CASE("rfc5155-b"), 0, true },
	{ NULL, NULL, "fuzz/zones.json", 0, false },
	{ NULL, NULL, "fuzz/zones.json", 1, false },
	{ NULL, NULL, "fuzz/zones.json", 2, false },
};

enum { NWORLDS = sizeof sources / sizeof *sources };

static const uint8_t *
wire_name(struct arena *mem, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	must(name_from_text(wire, text, NULL), "%s", text);
	return name_copy(mem, wire);
}

/* ---- from the fixtures ---- */

/* Data no longer than they are, so that reading behind them is seen. */
static struct rr *
fixture_records(struct arena *mem, const char *const *lines, size_t *n)
{
	const char *error;
	struct rr *list;

	for (*n = 0; lines[*n] != NULL; (*n)++)
		continue;
	list = arena_array(mem, *n, sizeof *list);
	for (size_t i = 0; i < *n; i++) {
		must(rr_from_text(mem, lines[i], NULL, 3600, &list[i], &error),
		    "%s: %s", lines[i], error);
		list[i].rdata = arena_copy(mem, list[i].rdata, list[i].rdlen);
	}
	return list;
}

static void
fixture_answer(struct evidence *ev, const struct zone_answer *a)
{
	struct dns_observation *o = dns_observation_new();
	bool good = rr_type_from_text(a->type, &o->type);

	must(good, "%s", a->type);
	o->name = wire_name(o->mem, a->name);
	o->outcome = DNS_REPLY;
	o->rcode = (uint16_t)a->rcode;
	o->flags = DNS_QR | DNS_RD | DNS_RA | DNS_CD;
	o->answer = fixture_records(o->mem, a->answer, &o->nanswer);
	o->authority = fixture_records(o->mem, a->authority, &o->nauthority);
	evidence_add_dns(ev, o);
}

/* The name is on the way from the root to the domain, or below it. */
static bool
is_part(const uint8_t *name, const uint8_t *domain)
{
	return name_within(name, domain) || name_within(domain, name);
}

static struct evidence *
evidence_of_fixture(const char *domain, const char *also)
{
	struct evidence *ev = evidence_new();
	const uint8_t *second;

	ev->domain = wire_name(ev->mem, domain);
	second = also != NULL ? wire_name(ev->mem, also) : ev->domain;
	ev->input = domain;
	ev->collected_at = JANUARY_15;
	ev->has_ipv4 = ev->has_ipv6 = true;
	ev->asked.ipv4 = ev->asked.ipv6 = true;
	ev->asked.timeout_s = 90;
	ev->replay = true;
	ev->anchors = fixture_records(ev->mem,
	    (const char *const[]){ zone_anchors[0], NULL }, &ev->nanchors);
	for (size_t i = 0; i < sizeof zone_answers / sizeof *zone_answers;
	     i++) {
		const uint8_t *name = wire_name(ev->mem, zone_answers[i].name);

		if (is_part(name, ev->domain) || is_part(name, second))
			fixture_answer(ev, &zone_answers[i]);
	}
	return ev;
}

/* ---- from a recording ---- */

static struct evidence *
evidence_of_recording(const char *name, unsigned number)
{
	const char *top = getenv("srcdir");
	char path[4096], error[ARCHIVE_ERROR_MAX], *text;
	struct evidence *ev = NULL;
	size_t len, at = 0, used;
	FILE *file;

	snprintf(
	    path, sizeof path, "%s/tests/%s", top != NULL ? top : ".", name);
	file = fopen(path, "r");
	must(file != NULL, "%s cannot be read", path);
	text = malloc(RECORDING_MAX);
	must(text != NULL, "no memory");
	len = fread(text, 1, RECORDING_MAX, file);
	fclose(file);
	for (unsigned i = 0; i <= number; i++) {
		bool good;

		evidence_free(ev);
		good = archive_read(text + at, len - at, &used, &ev, error);
		must(good, "%s: %s", path, error);
		at += used;
	}
	free(text);
	return ev;
}

/* ---- names to put in the place of others ---- */

static void
add_name(struct world *w, const uint8_t *name)
{
	for (size_t i = 0; i < w->nnames; i++)
		if (name_equal(w->names[i], name))
			return;
	w->names = arena_grow(
	    w->ev->mem, w->names, w->nnames, &w->namecap, sizeof *w->names);
	w->names[w->nnames++] = name;
}

static void
add_names(struct world *w, const uint8_t *name)
{
	uint8_t near[NAME_WIRE_MAX];

	for (const uint8_t *p = name; p != NULL; p = name_parent(p))
		add_name(w, p);
	if (name_prepend(near, "*", name))
		add_name(w, name_copy(w->ev->mem, near));
	if (name_prepend(near, "x", name))
		add_name(w, name_copy(w->ev->mem, near));
}

static void
find_names(struct world *w)
{
	for (size_t i = 0; i < w->ev->ndns; i++) {
		const struct dns_observation *o = w->ev->dns[i];

		add_names(w, o->name);
		for (size_t k = 0; k < o->nanswer; k++)
			add_name(w, o->answer[k].owner);
		for (size_t k = 0; k < o->nauthority; k++)
			add_name(w, o->authority[k].owner);
	}
}

const struct world *
world_get(unsigned number)
{
	static struct world worlds[NWORLDS];
	struct world *w = &worlds[number % NWORLDS];

	if (w->ev != NULL)
		return w;
	number %= NWORLDS;
	if (sources[number].domain != NULL) {
		w->name = sources[number].domain;
		w->ev = evidence_of_fixture(w->name, sources[number].also);
	} else {
		w->ev = evidence_of_recording(
		    sources[number].file, sources[number].number);
		w->name = arena_printf(w->ev->mem, "%s, %s",
		    sources[number].file, name_text(w->ev->mem, w->ev->domain));
	}
	evidence_sort(w->ev);
	find_names(w);
	w->deprecated = sources[number].deprecated;
	w->truth = truth_new(w->ev, w->deprecated);
	return w;
}

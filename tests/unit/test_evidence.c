/* SPDX-License-Identifier: ISC */
/* The order of evidence, and what is found in it. */
#include "core/evidence.h"

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"
#include "tap.h"

static const struct row {
	const char *name;
	uint16_t type;
	enum dns_via via;
	unsigned number;
} rows[] = {
	{ "b.example.", TYPE_MX, VIA_RESOLVER, 0 },
	{ "b.example.", TYPE_A, VIA_AUTHORITATIVE, 1 },
	{ "example.", TYPE_MX, VIA_RESOLVER, 2 },
	{ "b.example.", TYPE_A, VIA_RESOLVER, 3 },
	{ "B.example.", TYPE_A, VIA_RESOLVER, 4 },
	{ "a.b.example.", TYPE_A, VIA_AUTHORITATIVE, 5 },
	{ "c.example.", TYPE_A, VIA_OVERLAY, 6 },
};

static const struct {
	const char *name;
	uint16_t type;
	int want; /* number; -1 = none */
} questions[] = {
	{ "example.", TYPE_MX, 2 },
	{ "example.", TYPE_A, -1 },
	{ "B.EXAMPLE.", TYPE_MX, 0 },
	{ "b.example.", TYPE_A, 3 },
	{ "a.b.example.", TYPE_A, -1 },
	{ "c.example.", TYPE_A, 6 },
	{ "zz.example.", TYPE_A, -1 },
	{ ".", TYPE_NS, -1 },
};

static void
add(struct evidence *ev, const struct row *row)
{
	struct dns_observation *obs = dns_observation_new();
	uint8_t name[NAME_WIRE_MAX];

	name_from_text(name, row->name, NULL);
	obs->name = name_copy(obs->mem, name);
	obs->type = row->type;
	obs->via = row->via;
	obs->attempts = row->number;
	evidence_add_dns(ev, obs);
}

static void
find(const struct evidence *ev, const char *when)
{
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		const struct dns_observation *obs;
		uint8_t name[NAME_WIRE_MAX];

		name_from_text(name, questions[i].name, NULL);
		obs = evidence_dns(ev, name, questions[i].type);
		ok((obs == NULL ? -1 : (int)obs->attempts) ==
			questions[i].want,
		    "%s: %s, type %d", when, questions[i].name,
		    questions[i].type);
	}
}

/* Found before and after sorting, and when more comes then. */
static void
test_find(void)
{
	static const struct row late = { "a.example.", TYPE_A, VIA_RESOLVER,
		7 };
	struct evidence *ev = evidence_new();
	uint8_t name[NAME_WIRE_MAX];
	const struct dns_observation *obs;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(ev, &rows[i]);
	find(ev, "unsorted");
	evidence_sort(ev);
	find(ev, "sorted");
	add(ev, &late);
	find(ev, "and one more");
	name_from_text(name, late.name, NULL);
	obs = evidence_dns(ev, name, late.type);
	ok(obs != NULL && obs->attempts == 7, "what was added last");
	evidence_free(ev);
}

static void
test_order(void)
{
	static const unsigned want[] = { 2, 3, 4, 1, 0, 5, 6 };
	struct evidence *ev = evidence_new();
	bool same = true;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(ev, &rows[i]);
	evidence_sort(ev);
	for (size_t i = 0; i < ev->ndns; i++)
		same &= ev->dns[i]->attempts == want[i];
	ok(same, "by name, type, via; equal ones keep their order");
	evidence_free(ev);
}

/* As many as a file may hold, the wrong way round: no time to speak of. */
static void
test_many(void)
{
	enum { MANY = 10000 };
	struct evidence *ev = evidence_new();
	struct arena *mem = arena_new();
	bool all = true;

	for (unsigned i = MANY; i > 0; i--) {
		struct row row = { arena_printf(mem, "n%05u.", i), TYPE_A,
			VIA_RESOLVER, i };

		add(ev, &row);
	}
	evidence_sort(ev);
	for (unsigned i = 1; i <= MANY; i++) {
		uint8_t name[NAME_WIRE_MAX];

		name_from_text(name, arena_printf(mem, "n%05u.", i), NULL);
		all &= ev->dns[i - 1]->attempts == i &&
		       evidence_dns(ev, name, TYPE_A) == ev->dns[i - 1];
	}
	ok(all, "thousands");
	evidence_free(ev);
	arena_free(mem);
}

int
main(void)
{
	test_find();
	test_order();
	test_many();
	return tap_done();
}

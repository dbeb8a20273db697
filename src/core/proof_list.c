/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "name.h"
#include "text.h"

/* What lies in the proofs, for those who list it: zones, dates. */

static int
zone_order(const void *a, const void *b)
{
	const struct zone_proof *const *x = a, *const *y = b;

	return name_compare((*x)->name, (*y)->name);
}

size_t
proofs_zones(struct proofs *p, const struct zone_proof ***out)
{
	const struct zone_proof **list =
	    arena_array(p->mem, p->nzones, sizeof(list[0]));
	size_t i, n = 0;

	for (i = 0; i < p->nzones; i++)
		if (p->zones[i]->pub.kind == ZONE_ANCHOR ||
		    p->zones[i]->pub.kind == ZONE_DELEGATED ||
		    p->zones[i]->pub.kind == ZONE_UNSIGNED)
			list[n++] = &p->zones[i]->pub;
	qsort(list, n, sizeof(list[0]), zone_order);
	*out = list;
	return n;
}

struct instants {
	struct arena *mem;
	int64_t *list;
	size_t n, cap;
	int64_t near;
};

static void
instants_add(struct instants *t, const struct set_proof *set)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];

		if (s->verdict != SIGNATURE_VERIFIED)
			continue;
		t->list = arena_grow(
		    t->mem, t->list, t->n, &t->cap, sizeof(t->list[0]));
		t->list[t->n++] =
		    text_serial_near(s->fields.inception, t->near);
		t->list = arena_grow(
		    t->mem, t->list, t->n, &t->cap, sizeof(t->list[0]));
		/* Inclusive: it ends with the second after. */
		t->list[t->n++] =
		    text_serial_near(s->fields.expiration, t->near) + 1;
	}
}

size_t
proofs_instants(struct proofs *p, int64_t near, int64_t **out)
{
	struct instants t;
	size_t i, j;

	memset(&t, 0, sizeof(t));
	t.mem = p->mem;
	t.near = near;
	for (i = 0; i < p->nlinks; i++) {
		const struct proof *l = &p->links[i]->pub;

		instants_add(&t, &l->set);
		for (j = 0; j < l->ndenial_sets; j++)
			instants_add(&t, &l->denial_sets[j]);
	}
	for (i = 0; i < p->nzones; i++)
		instants_add(&t, &p->zones[i]->pub.dnskey);
	*out = t.list;
	return t.n;
}

const char *
dnssec_state_text(enum dnssec_state state)
{
	switch (state) {
	case DNSSEC_STATE_SECURE:
		return "secure";
	case DNSSEC_STATE_INSECURE:
		return "insecure";
	case DNSSEC_STATE_BOGUS:
		return "bogus";
	case DNSSEC_STATE_INDETERMINATE:
		break;
	}
	return "indeterminate";
}

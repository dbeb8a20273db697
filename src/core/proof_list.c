/* SPDX-License-Identifier: ISC */
#include "proof_internal.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "name.h"
#include "text.h"

enum {
	DAY = 86400,
	TTL_SLACK = 120 /* of a TTL against the clock: a run's length */
};

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

/*
 * How long ago the copy that was seen left the zone's server: a cache counts
 * the TTL down from the original (RFC 4034 3.1.4).  One that is cut to the
 * signature's end (RFC 4035 5.3.3) tells nothing.
 */
static int64_t
copy_age(const struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t until)
{
	int64_t ttl = set->ttl, left = until - p->ev->collected_at;

	/* Many resolvers keep nothing longer than a day: no age, that. */
	if (ttl >= (int64_t)s->fields.original_ttl ||
	    s->fields.original_ttl > DAY ||
	    (left - ttl <= TTL_SLACK && ttl - left <= TTL_SLACK))
		return 0;
	return (int64_t)s->fields.original_ttl - ttl;
}

int64_t
signature_soon(const struct proofs *p, const struct set_proof *set,
    const struct signature_proof *s, int64_t at, int64_t *age)
{
	int64_t until = text_serial_near(s->fields.expiration, at);
	int64_t ttl = (int64_t)s->fields.original_ttl;
	int64_t life =
	    (int64_t)(uint32_t)(s->fields.expiration - s->fields.inception);
	/*
	 * RFC 6781 4.4.2: renew before caches would outlive the signature;
	 * the eighth is relative, since online signers sign for hours.
	 */
	int64_t least = life / 8;

	/* A lifetime shorter than two TTLs is how this signer works. */
	if (life / 2 >= ttl && ttl > least)
		least = ttl;
	/* What a signer has left undone shows where it serves, not in a
	 * copy made while all was well. */
	*age = copy_age(p, set, s, until);
	return until + *age - least + 1;
}

struct instants {
	const struct proofs *proofs;
	struct arena *mem;
	int64_t *list;
	size_t n, cap;
	int64_t near;
};

static void
instant_add(struct instants *t, int64_t at)
{
	t->list =
	    arena_grow(t->mem, t->list, t->n, &t->cap, sizeof(t->list[0]));
	t->list[t->n++] = at;
}

static void
instants_add(struct instants *t, const struct set_proof *set)
{
	int64_t age;
	size_t i;

	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];

		if (s->verdict != SIGNATURE_VERIFIED)
			continue;
		instant_add(t, text_serial_near(s->fields.inception, t->near));
		instant_add(
		    t, signature_soon(t->proofs, set, s, t->near, &age));
		/* Inclusive: it ends with the second after. */
		instant_add(
		    t, text_serial_near(s->fields.expiration, t->near) + 1);
	}
}

size_t
proofs_instants(struct proofs *p, int64_t near, int64_t **out)
{
	struct instants t;
	size_t i, j;

	memset(&t, 0, sizeof(t));
	t.mem = p->mem;
	t.proofs = p;
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

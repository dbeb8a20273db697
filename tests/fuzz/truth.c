/* SPDX-License-Identifier: ISC */
/* What the zones of a recording have signed, and what exists in them. */
#include "truth.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/path.h"
#include "core/signature.h"
#include "fuzz.h"

enum { DENIED_ITERATIONS = 150, OPT_OUT_FLAG = 1 };

/* ---- sets of canonical data ---- */

static int
blob_order(const void *a, const void *b)
{
	const struct blob *x = a, *y = b;

	return rdata_compare(x->data, x->len, y->data, y->len);
}

bool
blob_same(const struct blob *a, const struct blob *b)
{
	return blob_order(a, b) == 0;
}

struct blob
blob_canonical(struct arena *mem, const struct rr *rr)
{
	struct blob b;

	b.data = rdata_canonical(mem, rr, &b.len);
	return b;
}

/* The records of an owner and type, in canonical form, each once. */
struct blob *
truth_read(struct arena *mem, const struct rr *list, size_t nlist,
    const uint8_t *owner, uint16_t type, size_t *n)
{
	struct blob *set = arena_array(mem, nlist, sizeof *set);
	size_t all = 0;

	*n = 0;
	for (size_t i = 0; i < nlist; i++)
		if (list[i].type == type && list[i].class == CLASS_IN &&
		    name_equal(list[i].owner, owner))
			set[all++] = blob_canonical(mem, &list[i]);
	if (all > 0)
		qsort(set, all, sizeof *set, blob_order);
	for (size_t i = 0; i < all; i++)
		if (*n == 0 || !blob_same(&set[*n - 1], &set[i]))
			set[(*n)++] = set[i];
	return set;
}

bool
truth_same(const struct truth_set *t, const struct blob *set, size_t n)
{
	if (t->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!blob_same(&t->rdata[i], &set[i]))
			return false;
	return true;
}

/* ---- collecting it ---- */

static struct truth_set *
truth_set_get(struct truth *t, const uint8_t *owner, uint16_t type,
    struct blob *set, size_t n)
{
	struct truth_set *s;

	for (size_t i = 0; i < t->nsets; i++)
		if (t->sets[i].type == type &&
		    name_equal(t->sets[i].owner, owner) &&
		    truth_same(&t->sets[i], set, n))
			return &t->sets[i];
	t->sets =
	    arena_grow(t->mem, t->sets, t->nsets, &t->setcap, sizeof *t->sets);
	s = &t->sets[t->nsets++];
	*s = (struct truth_set){
		.owner = owner, .type = type, .rdata = set, .n = n
	};
	s->sigs = arena_array(t->mem, 16, sizeof *s->sigs);
	return s;
}

static void
truth_signature_add(struct truth *t, struct truth_set *s, const struct rr *rr)
{
	struct blob b = blob_canonical(t->mem, rr);
	struct rrsig f;

	for (size_t i = 0; i < s->nsigs; i++)
		if (blob_same(&s->sigs[i].rdata, &b))
			return;
	must(s->nsigs < 16 && rrsig_read(rr, &f), "%s", rr_text(t->mem, rr));
	s->sigs[s->nsigs].rdata = b;
	s->sigs[s->nsigs++].fields = f;
}

bool
truth_covers(const struct rr *rr, const uint8_t *owner, uint16_t type)
{
	struct rrsig f;

	return rrsig_read(rr, &f) && f.covered == type &&
	    rr->class == CLASS_IN && name_equal(rr->owner, owner);
}

static void
truth_section(struct truth *t, const struct rr *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct rr *rr = &list[i];
		struct truth_set *s = NULL;

		if (rr->type == TYPE_RRSIG || rr->class != CLASS_IN)
			continue;
		for (size_t k = 0; k < n; k++) {
			size_t count;
			struct blob *set;

			if (!truth_covers(&list[k], rr->owner, rr->type))
				continue;
			set = truth_read(
			    t->mem, list, n, rr->owner, rr->type, &count);
			if (s == NULL)
				s = truth_set_get(
				    t, rr->owner, rr->type, set, count);
			truth_signature_add(t, s, &list[k]);
		}
	}
}

/* Whether denials of a zone leave room, by the NSEC3 that it signed. */
static void
truth_zone_denials(const struct truth *t, struct truth_zone *z)
{
	for (size_t i = 0; i < t->nsets; i++) {
		const struct truth_set *s = &t->sets[i];

		if (s->type != TYPE_NSEC3 || s->rdata[0].len < 5 ||
		    !name_equal(s->sigs[0].fields.signer, z->name))
			continue;
		z->opt_out |= (s->rdata[0].data[1] & OPT_OUT_FLAG) != 0;
		z->lax |= (s->rdata[0].data[2] << 8 | s->rdata[0].data[3]) >
		    DENIED_ITERATIONS;
	}
}

/* The states of the recording as it is: what is spoilt is compared to it. */
static void
truth_states(struct truth *t, const struct evidence *ev, bool deprecated)
{
	struct proofs *proofs = proofs_new(t->mem, ev, NULL);
	struct path *path = path_walk(t->mem, ev);
	struct judge_options options = { .at = ev->collected_at };
	const struct zone_proof **zones;
	struct judgement *j;

	proofs_deprecated(proofs, deprecated);
	j = judge(t->mem, path, proofs, &options);
	t->answers = arena_array(t->mem, ev->ndns, sizeof *t->answers);
	for (size_t i = 0; i < ev->ndns; i++) {
		struct truth_answer *a = &t->answers[t->nanswers++];
		struct answer answer;

		a->name = ev->dns[i]->name;
		a->type = ev->dns[i]->type;
		answer_follow(t->mem, ev, a->name, a->type, &answer);
		a->state =
		    proof_answer(proofs, &answer, ev->collected_at).state;
	}
	t->nzones = proofs_zones(proofs, &zones);
	t->zones = arena_array(t->mem, t->nzones, sizeof *t->zones);
	for (size_t i = 0; i < t->nzones; i++) {
		t->zones[i].name = zones[i]->name;
		t->zones[i].state =
		    zone_state(proofs, zones[i], ev->collected_at).state;
		truth_zone_denials(t, &t->zones[i]);
	}
	for (int p = 0; p < NPROFILES; p++)
		t->delivery[p] = j->outcome[p].delivery;
}

struct truth *
truth_new(const struct evidence *ev, bool deprecated)
{
	struct arena *mem = arena_new();
	struct truth *t = arena_alloc(mem, sizeof *t);

	t->mem = mem;
	for (size_t i = 0; i < ev->ndns; i++) {
		truth_section(t, ev->dns[i]->answer, ev->dns[i]->nanswer);
		truth_section(t, ev->dns[i]->authority, ev->dns[i]->nauthority);
	}
	truth_states(t, ev, deprecated);
	return t;
}

/* ---- what exists ---- */

/* Its owner is the hash of a name, or the name that a wildcard was given. */
static bool
owner_is_real(const struct truth_set *s)
{
	return s->type != TYPE_NSEC3 &&
	    !signature_expanded(&s->sigs[0].fields, s->owner);
}

bool
truth_below(const struct truth *t, const uint8_t *name)
{
	for (size_t i = 0; i < t->nsets; i++)
		if (owner_is_real(&t->sets[i]) &&
		    name_within(t->sets[i].owner, name))
			return true;
	return false;
}

bool
truth_has(const struct truth *t, const uint8_t *name, uint16_t type)
{
	for (size_t i = 0; i < t->nsets; i++)
		if (t->sets[i].type == type &&
		    name_equal(t->sets[i].owner, name))
			return true;
	return false;
}

/* A set that the zone has, not one that a wildcard makes. */
bool
truth_has_own(const struct truth *t, const uint8_t *name, uint16_t type)
{
	for (size_t i = 0; i < t->nsets; i++)
		if (t->sets[i].type == type && owner_is_real(&t->sets[i]) &&
		    name_equal(t->sets[i].owner, name))
			return true;
	return false;
}

/* Something other than a hash has this owner, be it from a wildcard. */
bool
truth_has_name(const struct truth *t, const uint8_t *name)
{
	for (size_t i = 0; i < t->nsets; i++)
		if (t->sets[i].type != TYPE_NSEC3 &&
		    name_equal(t->sets[i].owner, name))
			return true;
	return truth_below(t, name);
}

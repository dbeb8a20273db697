/* SPDX-License-Identifier: ISC */
#include "denial_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "text.h"

enum {
	NSEC3_SHA1 = 1,
	NSEC3_OPT_OUT = 1,
	NSEC3_CHAINS_MAX = 3 /* sets of parameters tried in one answer */
};

/* One NSEC3 record, read. */
struct nsec3 {
	const struct rr *rr;
	uint8_t owner[NSEC3_HASH_LEN];
	uint8_t next[NSEC3_HASH_LEN];
	bool opt_out;
};

struct nsec3_chain {
	struct nsec3_hasher *hasher;
	const uint8_t *salt;
	size_t saltlen;
	unsigned iterations;
	struct nsec3 *list;
	size_t n;
	bool exhausted; /* a hash could not be had */
};

/* What the closest encloser search found (RFC 5155 8.3). */
struct encloser {
	const uint8_t *name; /* NULL: none */
	const struct nsec3 *next_closer; /* covers the next closer name */
	bool cut; /* none, since the name lies below a cut */
};

/* algorithm, flags, iterations, salt, next hashed owner (RFC 5155 3.2). */
static bool
nsec3_read(struct arena *mem, const struct rr *rr, const uint8_t *zone,
    struct nsec3 *out)
{
	const uint8_t *p = rr->rdata, *parent;
	uint8_t *owner;
	size_t saltlen, len;

	if (rr->type != TYPE_NSEC3 || !rr->wellformed || rr->rdlen < 6)
		return false;
	/* RFC 5155 8.1 and 8.2: what is unknown MUST be ignored. */
	if (p[0] != NSEC3_SHA1 || (p[1] & ~NSEC3_OPT_OUT) != 0)
		return false;
	saltlen = p[4];
	if (rr->rdlen < 6 + saltlen + NSEC3_HASH_LEN ||
	    p[5 + saltlen] != NSEC3_HASH_LEN)
		return false;
	parent = name_parent(rr->owner);
	if (parent == NULL || !name_equal(parent, zone) || rr->owner[0] != 32)
		return false;
	if (!text_from_base32hex(
		mem, (const char *)rr->owner + 1, 32, &owner, &len) ||
	    len != NSEC3_HASH_LEN)
		return false;
	memcpy(out->owner, owner, NSEC3_HASH_LEN);
	memcpy(out->next, p + 6 + saltlen, NSEC3_HASH_LEN);
	out->opt_out = (p[1] & NSEC3_OPT_OUT) != 0;
	out->rr = rr;
	return true;
}

static bool
same_parameters(const struct rr *a, const struct rr *b)
{
	/* iterations, the salt's length, and the salt */
	return memcmp(a->rdata + 2, b->rdata + 2, 3) == 0 &&
	    memcmp(a->rdata + 5, b->rdata + 5, a->rdata[4]) == 0;
}

/*
 * The records with the parameters of the first one; false where it cannot
 * be used, or an earlier one has the same.
 */
static bool
chain_read(struct arena *mem, const struct denial_query *q, size_t first,
    struct nsec3_chain *c)
{
	const struct rr *like = q->records[first];
	struct nsec3 r;
	size_t i;

	if (!nsec3_read(mem, like, q->zone, &r))
		return false;
	c->iterations = (unsigned)like->rdata[2] << 8 | like->rdata[3];
	c->saltlen = like->rdata[4];
	c->salt = like->rdata + 5;
	c->list = arena_array(mem, q->nrecords, sizeof(c->list[0]));
	for (i = 0; i < q->nrecords; i++) {
		if (!nsec3_read(mem, q->records[i], q->zone, &r) ||
		    !same_parameters(like, r.rr))
			continue;
		if (i < first)
			return false;
		c->list[c->n++] = r;
	}
	return true;
}

static bool
chain_hash(
    struct nsec3_chain *c, const uint8_t *name, uint8_t hash[NSEC3_HASH_LEN])
{
	if (nsec3_hash(
		c->hasher, name, c->salt, c->saltlen, c->iterations, hash))
		return true;
	c->exhausted = true;
	return false;
}

static const struct nsec3 *
chain_match(struct nsec3_chain *c, const uint8_t *name)
{
	uint8_t hash[NSEC3_HASH_LEN];
	size_t i;

	if (!chain_hash(c, name, hash))
		return NULL;
	for (i = 0; i < c->n; i++)
		if (memcmp(c->list[i].owner, hash, sizeof(hash)) == 0)
			return &c->list[i];
	return NULL;
}

static const struct nsec3 *
chain_cover(struct nsec3_chain *c, const uint8_t *name)
{
	uint8_t hash[NSEC3_HASH_LEN];
	size_t i;

	if (!chain_hash(c, name, hash))
		return NULL;
	for (i = 0; i < c->n; i++) {
		const struct nsec3 *r = &c->list[i];
		int after = memcmp(hash, r->owner, sizeof(hash));
		int before = memcmp(hash, r->next, sizeof(hash));

		/* The last one's next is the first: the circle closes. */
		if (memcmp(r->owner, r->next, sizeof(hash)) < 0
			? after > 0 && before < 0
			: after > 0 || (after < 0 && before < 0))
			return r;
	}
	return NULL;
}

/*
 * RFC 5155 8.3: the longest ancestor that has an NSEC3 record, and one that
 * covers the name one label longer.  NULL name with *why otherwise.
 */
static struct encloser
chain_encloser(
    struct nsec3_chain *c, const struct denial_query *q, const char **why)
{
	struct encloser e = { NULL, NULL, false };
	unsigned labels = name_labels(q->name);
	unsigned apex = name_labels(q->zone);
	const struct nsec3 *match = NULL;

	while (labels > apex && match == NULL && !c->exhausted)
		match = chain_match(c, name_ancestor(q->name, --labels));
	if (match == NULL) {
		*why = "no NSEC3 record matches a closest encloser";
		return e;
	}
	if (denial_ancestor(match->rr)) {
		*why = "the closest encloser is a delegation or a DNAME";
		e.cut = denial_cut(match->rr);
		return e;
	}
	e.next_closer = chain_cover(c, name_ancestor(q->name, labels + 1));
	if (e.next_closer == NULL) {
		*why = "no NSEC3 record covers the next closer name";
		return e;
	}
	e.name = name_ancestor(q->name, labels);
	return e;
}

static struct denial_result
chain_check_closer(struct nsec3_chain *c, const struct denial_query *q)
{
	const struct nsec3 *r;

	if (q->labels >= name_labels(q->name))
		return denial_make(DENIAL_PROVEN, NULL);
	/* RFC 5155 8.8: the next closer name must be covered. */
	r = chain_cover(c, name_ancestor(q->name, q->labels + 1));
	if (r == NULL)
		return denial_fails(
		    "no NSEC3 record covers the next closer name");
	return denial_make(r->opt_out ? DENIAL_OPT_OUT : DENIAL_PROVEN, NULL);
}

static struct denial_result
chain_check(struct nsec3_chain *c, const struct denial_query *q)
{
	const struct nsec3 *match;
	struct denial_result r;
	uint8_t wild[NAME_WIRE_MAX];
	const char *why = NULL;
	struct encloser e;

	if (q->question == DENIAL_OF_CLOSER)
		return chain_check_closer(c, q);
	match = chain_match(c, q->name);
	if (match != NULL) {
		if (q->question == DENIAL_OF_TYPE ||
		    nsec_has_type(match->rr, TYPE_NXNAME))
			return denial_bitmap(match->rr, q);
		return denial_fails(
		    "the NSEC3 record says that the name exists");
	}
	e = chain_encloser(c, q, &why);
	r = e.name != NULL ? denial_make(DENIAL_PROVEN, NULL)
			   : denial_fails(why);
	r.delegation = e.cut;
	if (e.name == NULL)
		return r;
	if (!denial_wildcard(wild, e.name))
		return denial_no_name(q);
	match = q->question == DENIAL_OF_TYPE ? chain_match(c, wild) : NULL;
	if (match != NULL) {
		/* RFC 5155 8.7 */
		r = denial_bitmap(match->rr, q);
		r.delegation = false;
		if (r.verdict == DENIAL_PROVEN && e.next_closer->opt_out)
			r.verdict = DENIAL_OPT_OUT;
		return r;
	}
	/*
	 * RFC 5155 8.6 and 9.2: below an opt-out span an unsigned
	 * delegation may exist, so nothing there is proven: insecure.  An
	 * NXDOMAIN must deny the wildcard all the same (8.4), which the
	 * DS questions of the walk do not ask for.
	 */
	if (e.next_closer->opt_out &&
	    (q->question == DENIAL_OF_TYPE || q->type == TYPE_DS ||
		chain_cover(c, wild) != NULL)) {
		r.verdict = DENIAL_OPT_OUT;
		r.delegation = true;
		return r;
	}
	/* RFC 5155 8.4: the wildcard at the closest encloser, too. */
	if (chain_cover(c, wild) == NULL)
		return denial_fails("no NSEC3 record denies the wildcard");
	return denial_no_name(q);
}

static struct denial_result
chain_judge(struct nsec3_chain *c, const struct denial_query *q)
{
	struct denial_result r;

	/* RFC 9276 3.2: such a response is insecure. */
	if (c->iterations > NSEC3_ITERATIONS_MAX)
		r = denial_make(DENIAL_ITERATIONS,
		    "more NSEC3 iterations than validators accept");
	else
		r = chain_check(c, q);
	if (c->exhausted && r.verdict == DENIAL_INVALID)
		r = denial_make(DENIAL_NOT_CHECKED,
		    "too many NSEC3 hashes would be needed");
	r.iterations = c->iterations;
	return r;
}

/*
 * RFC 5155 8.2: a response MAY be called bogus when its parameters differ.
 * Here one of the chains must prove it by itself: a zone may be changing
 * from one to another.
 */
struct denial_result
nsec3_check(struct nsec3_hasher *hasher, const struct denial_query *q)
{
	struct denial_result best =
	    denial_fails("no NSEC3 record of the zone can be used");
	struct arena *mem = arena_new();
	unsigned chains = 0;
	size_t i;

	for (i = 0; i < q->nrecords; i++) {
		struct nsec3_chain c;
		struct denial_result r;

		memset(&c, 0, sizeof(c));
		c.hasher = hasher;
		if (!chain_read(mem, q, i, &c))
			continue;
		if (chains++ == NSEC3_CHAINS_MAX) {
			if (best.verdict == DENIAL_INVALID)
				best = denial_make(DENIAL_NOT_CHECKED,
				    "more sets of NSEC3 parameters came than "
				    "are tried");
			break;
		}
		r = chain_judge(&c, q);
		if (best.verdict == DENIAL_INVALID ||
		    r.verdict == DENIAL_PROVEN || r.verdict == DENIAL_OPT_OUT)
			best = r;
		if (r.verdict == DENIAL_PROVEN || r.verdict == DENIAL_OPT_OUT)
			break;
	}
	best.nsec3 = true;
	arena_free(mem);
	return best;
}

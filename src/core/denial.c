/* SPDX-License-Identifier: ISC */
#include "denial.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "arena.h"
#include "name.h"
#include "text.h"

enum { NSEC3_SHA1 = 1, NSEC3_OPT_OUT = 1, NSEC3_HASH_LEN = 20 };

struct nsec3_memo {
	const uint8_t *name;
	const uint8_t *salt;
	size_t saltlen;
	unsigned iterations;
	uint8_t hash[NSEC3_HASH_LEN];
};

struct nsec3_hasher {
	struct arena *mem;
	unsigned left;
	struct nsec3_memo *memo;
	size_t n, cap;
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
};

static struct denial_result
result(enum denial_verdict verdict, const char *why)
{
	struct denial_result r;

	memset(&r, 0, sizeof(r));
	r.verdict = verdict;
	r.why = why;
	return r;
}

static struct denial_result
invalid(const char *why)
{
	return result(DENIAL_INVALID, why);
}

static bool
is_delegation(const struct rr *rr)
{
	return nsec_has_type(rr, TYPE_NS) && !nsec_has_type(rr, TYPE_SOA);
}

/*
 * RFC 6840 4.1: the parent's record of a cut, or that of a DNAME, MUST NOT
 * be used to say anything about names below it.
 */
static bool
is_ancestor_delegation(const struct rr *rr)
{
	return is_delegation(rr) || nsec_has_type(rr, TYPE_DNAME);
}

/* The bitmap at the name itself, or at the wildcard that it would match. */
static struct denial_result
bitmap_check(const struct rr *rr, const struct denial_query *q)
{
	struct denial_result r = result(DENIAL_PROVEN, NULL);

	/* RFC 9824 3.1: NXNAME says that nothing exists at the name. */
	if (nsec_has_type(rr, TYPE_NXNAME)) {
		r.no_name = true;
		return r;
	}
	if (nsec_has_type(rr, q->type))
		return invalid("the bitmap says that the type exists");
	/* RFC 6840 4.3: the CNAME bit MUST be clear, too. */
	if (nsec_has_type(rr, TYPE_CNAME))
		return invalid("the bitmap says that the name is an alias");
	if (q->type == TYPE_DS) {
		/* RFC 6840 4.4: no DS is for the parent to say. */
		if (nsec_has_type(rr, TYPE_SOA) && name_labels(q->name) > 0)
			return invalid("the child cannot deny its own DS");
	} else if (is_delegation(rr)) {
		/* RFC 6840 4.1: the child decides about all but the DS. */
		return invalid("the parent's record of a delegation denies "
			       "nothing but the DS");
	}
	r.delegation = is_delegation(rr);
	return r;
}

/* ---- NSEC ---- */

static const struct rr *
nsec_match(const struct denial_query *q, const uint8_t *name)
{
	size_t i;

	for (i = 0; i < q->nrecords; i++)
		if (q->records[i]->type == TYPE_NSEC &&
		    q->records[i]->wellformed &&
		    name_equal(q->records[i]->owner, name))
			return q->records[i];
	return NULL;
}

static bool
nsec_covers(
    const struct denial_query *q, const struct rr *rr, const uint8_t *name)
{
	const uint8_t *next = rr->rdata;

	if (rr->type != TYPE_NSEC || !rr->wellformed)
		return false;
	if (!name_within(rr->owner, q->zone) || !name_within(next, q->zone))
		return false;
	if (name_compare(rr->owner, name) >= 0)
		return false;
	if (name_within(name, rr->owner) && is_ancestor_delegation(rr))
		return false;
	/* RFC 4034 4.1.1: the last one's next name is the apex. */
	if (name_equal(next, q->zone))
		return true;
	return name_compare(name, next) < 0;
}

static const struct rr *
nsec_cover(const struct denial_query *q, const uint8_t *name)
{
	size_t i;

	for (i = 0; i < q->nrecords; i++)
		if (nsec_covers(q, q->records[i], name))
			return q->records[i];
	return NULL;
}

/* Labels of the closest encloser that the covering record implies. */
static unsigned
nsec_encloser(const struct rr *rr, const uint8_t *name)
{
	unsigned a = name_common(rr->owner, name);
	unsigned b = name_common(rr->rdata, name);

	return a > b ? a : b;
}

/* "*." and the ancestor; false when that would be too long. */
static bool
wildcard_at(uint8_t out[NAME_WIRE_MAX], const uint8_t *encloser)
{
	size_t len = name_len(encloser);

	if (len + 2 > NAME_WIRE_MAX)
		return false;
	out[0] = 1;
	out[1] = '*';
	memcpy(out + 2, encloser, len);
	return true;
}

/*
 * Neither the name nor a wildcard exists.  RFC 4035 5.4 and RFC 5155 8.5:
 * that is no proof for an answer that says the name exists; but the DS
 * questions of the walk ask for no more.
 */
static struct denial_result
no_name(const struct denial_query *q)
{
	struct denial_result r = result(DENIAL_PROVEN, NULL);

	if (q->question == DENIAL_OF_TYPE && q->type != TYPE_DS)
		return invalid("they prove that the name does not exist, "
			       "while the answer says that it does");
	r.no_name = true;
	return r;
}

/* The name is covered; now the wildcard that could have answered. */
static struct denial_result
nsec_no_name(const struct denial_query *q, const struct rr *cover)
{
	struct denial_result r;
	uint8_t wild[NAME_WIRE_MAX];
	const struct rr *match;

	if (!wildcard_at(
		wild, name_ancestor(q->name, nsec_encloser(cover, q->name))))
		return no_name(q);
	match = nsec_match(q, wild);
	if (match != NULL) {
		/* RFC 4035 3.1.3.4: a wildcard without the type. */
		if (q->question == DENIAL_OF_TYPE) {
			r = bitmap_check(match, q);
			r.delegation = false;
			return r;
		}
		return invalid("a wildcard exists that covers the name");
	}
	/* RFC 4035 5.4: and no wildcard that could match. */
	if (nsec_cover(q, wild) == NULL)
		return invalid("nothing denies the wildcard");
	return no_name(q);
}

static struct denial_result
nsec_check(const struct denial_query *q)
{
	const struct rr *rr = nsec_match(q, q->name);
	unsigned labels = name_labels(q->name);

	if (q->question == DENIAL_OF_CLOSER) {
		size_t i;

		/* RFC 4035 5.3.4: no closer match than the wildcard. */
		for (i = 0; i < q->nrecords; i++)
			if (nsec_covers(q, q->records[i], q->name) &&
			    nsec_encloser(q->records[i], q->name) <= q->labels)
				return result(DENIAL_PROVEN, NULL);
		return invalid("nothing denies a closer match than the "
			       "wildcard");
	}
	if (rr != NULL) {
		if (q->question == DENIAL_OF_TYPE ||
		    nsec_has_type(rr, TYPE_NXNAME))
			return bitmap_check(rr, q);
		return invalid("the NSEC record says that the name exists");
	}
	rr = nsec_cover(q, q->name);
	if (rr == NULL)
		return invalid("no NSEC record covers the name");
	/* An empty non-terminal: it exists, and has no records at all. */
	if (nsec_encloser(rr, q->name) == labels) {
		if (q->question == DENIAL_OF_TYPE)
			return result(DENIAL_PROVEN, NULL);
		return invalid("the NSEC record shows names below this one");
	}
	return nsec_no_name(q, rr);
}

/* ---- NSEC3 ---- */

struct nsec3_hasher *
nsec3_hasher_new(struct arena *mem, unsigned budget)
{
	struct nsec3_hasher *h = arena_alloc(mem, sizeof(*h));

	h->mem = mem;
	h->left = budget;
	return h;
}

static bool
hash_once(const uint8_t *name, const uint8_t *salt, size_t saltlen,
    unsigned iterations, uint8_t out[NSEC3_HASH_LEN])
{
	uint8_t buf[NAME_WIRE_MAX + 255];
	size_t len = name_lower(buf, name);
	unsigned i;

	/* RFC 5155 5: IH(salt, x, k) = H(IH(salt, x, k-1) || salt) */
	for (i = 0; i <= iterations; i++) {
		if (saltlen > 0)
			memcpy(buf + len, salt, saltlen);
		if (gnutls_hash_fast(GNUTLS_DIG_SHA1, buf, len + saltlen, out) <
		    0)
			return false;
		memcpy(buf, out, NSEC3_HASH_LEN);
		len = NSEC3_HASH_LEN;
	}
	return true;
}

bool
nsec3_hash(struct nsec3_hasher *h, const uint8_t *name, const uint8_t *salt,
    size_t saltlen, unsigned iterations, uint8_t out[20])
{
	struct nsec3_memo *m;
	size_t i;

	for (i = 0; i < h->n; i++) {
		m = &h->memo[i];
		if (m->iterations != iterations || m->saltlen != saltlen ||
		    (saltlen > 0 && memcmp(m->salt, salt, saltlen) != 0) ||
		    !name_equal(m->name, name))
			continue;
		memcpy(out, m->hash, NSEC3_HASH_LEN);
		return true;
	}
	if (h->left == 0 || saltlen > 255 || iterations > NSEC3_ITERATIONS_MAX)
		return false;
	h->left--;
	if (!hash_once(name, salt, saltlen, iterations, out))
		return false;
	h->memo =
	    arena_grow(h->mem, h->memo, h->n, &h->cap, sizeof(h->memo[0]));
	m = &h->memo[h->n++];
	m->name = name_copy(h->mem, name);
	m->salt = arena_copy(h->mem, salt, saltlen);
	m->saltlen = saltlen;
	m->iterations = iterations;
	memcpy(m->hash, out, NSEC3_HASH_LEN);
	return true;
}

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

/* RFC 5155 8.2: one set of parameters; those of the first are taken. */
static void
chain_read(
    struct arena *mem, const struct denial_query *q, struct nsec3_chain *c)
{
	size_t i;

	c->list = arena_array(mem, q->nrecords, sizeof(c->list[0]));
	for (i = 0; i < q->nrecords; i++) {
		const uint8_t *p = q->records[i]->rdata;
		unsigned iterations;

		if (!nsec3_read(mem, q->records[i], q->zone, &c->list[c->n]))
			continue;
		iterations = (unsigned)p[2] << 8 | p[3];
		if (c->n == 0) {
			c->iterations = iterations;
			c->saltlen = p[4];
			c->salt = p + 5;
		} else if (c->iterations != iterations || c->saltlen != p[4] ||
		    memcmp(c->salt, p + 5, c->saltlen) != 0) {
			continue;
		}
		c->n++;
	}
}

static const struct nsec3 *
chain_match(struct nsec3_chain *c, const uint8_t *name)
{
	uint8_t hash[NSEC3_HASH_LEN];
	size_t i;

	if (!nsec3_hash(
		c->hasher, name, c->salt, c->saltlen, c->iterations, hash)) {
		c->exhausted = true;
		return NULL;
	}
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

	if (!nsec3_hash(
		c->hasher, name, c->salt, c->saltlen, c->iterations, hash)) {
		c->exhausted = true;
		return NULL;
	}
	for (i = 0; i < c->n; i++) {
		const struct nsec3 *r = &c->list[i];
		bool after = memcmp(r->owner, hash, sizeof(hash)) < 0;
		bool before = memcmp(hash, r->next, sizeof(hash)) < 0;

		/* The last one's next is the first: the circle closes. */
		if (memcmp(r->owner, r->next, sizeof(hash)) < 0
			? after && before
			: (after || before) &&
			    memcmp(r->owner, hash, sizeof(hash)) != 0)
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
	struct encloser e = { NULL, NULL };
	unsigned labels = name_labels(q->name);
	unsigned apex = name_labels(q->zone);
	const struct nsec3 *match = NULL;

	while (labels > apex && match == NULL && !c->exhausted)
		match = chain_match(c, name_ancestor(q->name, --labels));
	if (match == NULL) {
		*why = "no NSEC3 record matches a closest encloser";
		return e;
	}
	if (is_ancestor_delegation(match->rr)) {
		*why = "the closest encloser is a delegation or a DNAME";
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
		return result(DENIAL_PROVEN, NULL);
	/* RFC 5155 8.8: the next closer name must be covered. */
	r = chain_cover(c, name_ancestor(q->name, q->labels + 1));
	if (r == NULL)
		return invalid("no NSEC3 record covers the next closer name");
	return result(r->opt_out ? DENIAL_OPT_OUT : DENIAL_PROVEN, NULL);
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
			return bitmap_check(match->rr, q);
		return invalid("the NSEC3 record says that the name exists");
	}
	e = chain_encloser(c, q, &why);
	if (e.name == NULL)
		return invalid(why);
	r = result(DENIAL_PROVEN, NULL);
	if (!wildcard_at(wild, e.name))
		return no_name(q);
	match = q->question == DENIAL_OF_TYPE ? chain_match(c, wild) : NULL;
	if (match != NULL) {
		/* RFC 5155 8.7 */
		r = bitmap_check(match->rr, q);
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
		return invalid("no NSEC3 record denies the wildcard");
	return no_name(q);
}

static struct denial_result
nsec3_check(struct nsec3_hasher *hasher, const struct denial_query *q)
{
	struct nsec3_chain c;
	struct denial_result r;
	struct arena *mem = arena_new();

	memset(&c, 0, sizeof(c));
	c.hasher = hasher;
	chain_read(mem, q, &c);
	if (c.n == 0)
		r = invalid("no NSEC3 record of the zone can be used");
	else if (c.iterations > NSEC3_ITERATIONS_MAX)
		/* RFC 9276 3.2: such a response is insecure. */
		r = result(DENIAL_ITERATIONS,
		    "more NSEC3 iterations than validators accept");
	else
		r = chain_check(&c, q);
	if (c.exhausted && r.verdict == DENIAL_INVALID)
		r = result(DENIAL_NOT_CHECKED,
		    "too many NSEC3 hashes would be needed");
	r.nsec3 = true;
	r.iterations = c.iterations;
	arena_free(mem);
	return r;
}

struct denial_result
denial_check(struct nsec3_hasher *hasher, const struct denial_query *query)
{
	struct denial_query q = *query;
	struct denial_result r = result(
	    DENIAL_MISSING, "no NSEC or NSEC3 record came with the answer");
	size_t i, nsec = 0, nsec3 = 0;

	if (!name_within(q.name, q.zone))
		return invalid("the records are of another zone");
	if (q.nrecords > DENIAL_RECORDS_MAX)
		q.nrecords = DENIAL_RECORDS_MAX;
	for (i = 0; i < q.nrecords; i++) {
		nsec += q.records[i]->type == TYPE_NSEC;
		nsec3 += q.records[i]->type == TYPE_NSEC3;
	}
	if (nsec > 0)
		r = nsec_check(&q);
	if (nsec3 > 0 && r.verdict != DENIAL_PROVEN)
		r = nsec3_check(hasher, &q);
	return r;
}

/* SPDX-License-Identifier: ISC */
#include "denial_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"

struct denial_result
denial_make(enum denial_verdict verdict, const char *why)
{
	struct denial_result r;

	memset(&r, 0, sizeof(r));
	r.verdict = verdict;
	r.why = why;
	return r;
}

struct denial_result
denial_fails(const char *why)
{
	return denial_make(DENIAL_INVALID, why);
}

bool
denial_cut(const struct rr *rr)
{
	return nsec_has_type(rr, TYPE_NS) && !nsec_has_type(rr, TYPE_SOA);
}

bool
denial_ancestor(const struct rr *rr)
{
	return denial_cut(rr) || nsec_has_type(rr, TYPE_DNAME);
}

struct denial_result
denial_bitmap(const struct rr *rr, const struct denial_query *q)
{
	struct denial_result r = denial_make(DENIAL_PROVEN, NULL);

	if (nsec_has_type(rr, q->type))
		return denial_fails("the bitmap says that the type exists");
	/* RFC 6840 4.3: the CNAME bit MUST be clear, too. */
	if (nsec_has_type(rr, TYPE_CNAME))
		return denial_fails(
		    "the bitmap says that the name is an alias");
	/* RFC 9824 2, 4: NXNAME says that nothing exists at the name. */
	if (nsec_has_type(rr, TYPE_NXNAME)) {
		r.no_name = true;
		return r;
	}
	if (q->type == TYPE_DS) {
		/* RFC 6840 4.4: no DS is for the parent to say. */
		if (nsec_has_type(rr, TYPE_SOA) && name_labels(q->name) > 0)
			return denial_fails("the child cannot deny its own DS");
	} else if (denial_cut(rr)) {
		/* RFC 6840 4.1: the child decides about all but the DS. */
		r = denial_fails("the parent's record of a delegation denies "
				 "nothing but the DS");
	}
	r.delegation = denial_cut(rr);
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
	if (name_within(name, rr->owner) && denial_ancestor(rr))
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

/* The name lies below a cut that these records show. */
static bool
nsec_shows_cut(const struct denial_query *q)
{
	size_t i;

	for (i = 0; i < q->nrecords; i++)
		if (name_within(q->name, q->records[i]->owner) &&
		    denial_cut(q->records[i]))
			return true;
	return false;
}

/* Labels of the closest encloser that the covering record implies. */
static unsigned
nsec_encloser(const struct rr *rr, const uint8_t *name)
{
	unsigned a = name_common(rr->owner, name);
	unsigned b = name_common(rr->rdata, name);

	return a > b ? a : b;
}

bool
denial_wildcard(uint8_t out[NAME_WIRE_MAX], const uint8_t *encloser)
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
struct denial_result
denial_no_name(const struct denial_query *q)
{
	struct denial_result r = denial_make(DENIAL_PROVEN, NULL);

	if (q->question == DENIAL_OF_TYPE && q->type != TYPE_DS)
		return denial_fails("they prove that the name does not exist, "
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

	if (!denial_wildcard(
		wild, name_ancestor(q->name, nsec_encloser(cover, q->name))))
		return denial_no_name(q);
	match = nsec_match(q, wild);
	if (match != NULL) {
		/* RFC 4035 3.1.3.4: a wildcard without the type. */
		if (q->question == DENIAL_OF_TYPE) {
			r = denial_bitmap(match, q);
			r.delegation = false;
			return r;
		}
		return denial_fails("a wildcard exists that covers the name");
	}
	/* RFC 4035 5.4: and no wildcard that could match. */
	if (nsec_cover(q, wild) == NULL)
		return denial_fails("nothing denies the wildcard");
	return denial_no_name(q);
}

static struct denial_result
nsec_check(const struct denial_query *q)
{
	const struct rr *rr = nsec_match(q, q->name);
	unsigned labels = name_labels(q->name);
	struct denial_result r;

	if (q->question == DENIAL_OF_CLOSER) {
		size_t i;

		/* RFC 4035 5.3.4: no closer match than the wildcard. */
		for (i = 0; i < q->nrecords; i++)
			if (nsec_covers(q, q->records[i], q->name) &&
			    nsec_encloser(q->records[i], q->name) == q->labels)
				return denial_make(DENIAL_PROVEN, NULL);
		return denial_fails("nothing denies a closer match than the "
				    "wildcard");
	}
	if (rr != NULL) {
		if (q->question == DENIAL_OF_TYPE ||
		    nsec_has_type(rr, TYPE_NXNAME))
			return denial_bitmap(rr, q);
		return denial_fails(
		    "the NSEC record says that the name exists");
	}
	rr = nsec_cover(q, q->name);
	if (rr == NULL) {
		r = denial_fails("no NSEC record covers the name");
		r.delegation = nsec_shows_cut(q);
		return r;
	}
	/* An empty non-terminal: it exists, and has no records at all. */
	if (nsec_encloser(rr, q->name) == labels) {
		if (q->question == DENIAL_OF_TYPE)
			return denial_make(DENIAL_PROVEN, NULL);
		return denial_fails(
		    "the NSEC record shows names below this one");
	}
	return nsec_no_name(q, rr);
}

struct denial_result
denial_check(struct nsec3_hasher *hasher, const struct denial_query *query)
{
	struct denial_query q = *query;
	struct denial_result r = denial_make(
	    DENIAL_MISSING, "no NSEC or NSEC3 record came with the answer");
	size_t i, nsec = 0, nsec3 = 0;

	if (!name_within(q.name, q.zone))
		return denial_fails("the records are of another zone");
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

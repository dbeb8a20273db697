/* SPDX-License-Identifier: ISC */
/* A zone file as its server would answer from it. */
#include "overlay_part.h"

#include <string.h>

#include "arena.h"
#include "denial.h"
#include "name.h"
#include "text.h"

/* A reply that is being put together. */
struct reply {
	struct arena *mem;
	const struct overlay_zone *zone;
	struct nsec3_hasher *hasher;
	struct rr *answer, *authority;
	size_t nanswer, nauthority, answercap, authoritycap;
	uint16_t rcode;
	const uint8_t *wildcard; /* that answers; or NULL */
};

enum section { ANSWER, AUTHORITY };

size_t
overlay_zone_first(const struct overlay_zone *z, const uint8_t *name)
{
	size_t low = 0, high = z->nrrs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_compare(z->rrs[middle].owner, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
overlay_zone_exists(const struct overlay_zone *z, const uint8_t *name)
{
	size_t i = overlay_zone_first(z, name);

	/* Canonical order: what lies below a name follows it. */
	return i < z->nrrs && name_within(z->rrs[i].owner, name);
}

static bool
has_set(const struct overlay_zone *z, const uint8_t *name, uint16_t type)
{
	for (size_t i = overlay_zone_first(z, name);
	     i < z->nrrs && name_equal(z->rrs[i].owner, name); i++)
		if (z->rrs[i].type == type)
			return true;
	return false;
}

static void
put(struct reply *r, enum section section, const struct rr *rr,
    const uint8_t *owner)
{
	struct rr **list = section == ANSWER ? &r->answer : &r->authority;
	size_t *n = section == ANSWER ? &r->nanswer : &r->nauthority;
	size_t *cap = section == ANSWER ? &r->answercap : &r->authoritycap;

	*list = arena_grow(r->mem, *list, *n, cap, sizeof **list);
	(*list)[*n] = *rr;
	(*list)[*n].owner = owner;
	(*n)++;
}

static bool
rrsig_of(const struct rr *rr, uint16_t type)
{
	return rr->type == TYPE_RRSIG && rr->rdlen >= 2 &&
	    (rr->rdata[0] << 8 | rr->rdata[1]) == type;
}

/* A set with its signatures, as of another owner where a wildcard gives it. */
static void
put_set(struct reply *r, enum section section, const uint8_t *name,
    uint16_t type, const uint8_t *as)
{
	const struct overlay_zone *z = r->zone;

	for (size_t i = overlay_zone_first(z, name);
	     i < z->nrrs && name_equal(z->rrs[i].owner, name); i++)
		if (z->rrs[i].type == type || rrsig_of(&z->rrs[i], type))
			put(r, section, &z->rrs[i], as);
}

/* Once, whatever it proves. */
static void
put_denial(struct reply *r, const uint8_t *owner, uint16_t type)
{
	for (size_t i = 0; i < r->nauthority; i++)
		if (r->authority[i].type == type &&
		    name_equal(r->authority[i].owner, owner))
			return;
	put_set(r, AUTHORITY, owner, type, owner);
}

/* ---- denials (RFC 4035 3.1.3, RFC 5155 7.2) ---- */

/* The zone's last record of the type at or before an index; NULL: none. */
static const uint8_t *
owner_before(const struct overlay_zone *z, size_t end, uint16_t type)
{
	while (end-- > 0)
		if (z->rrs[end].type == type)
			return z->rrs[end].owner;
	return NULL;
}

/* The record whose span the name lies in: the one before it, or the last. */
static void
put_cover(struct reply *r, const uint8_t *name, uint16_t type)
{
	const struct overlay_zone *z = r->zone;
	const uint8_t *owner =
	    owner_before(z, overlay_zone_first(z, name), type);

	if (owner == NULL)
		owner = owner_before(z, z->nrrs, type);
	if (owner != NULL)
		put_denial(r, owner, type);
}

/* The owner of the name's NSEC3 record, by the zone's own parameters. */
static const uint8_t *
hashed_name(struct reply *r, const uint8_t *name)
{
	const struct overlay_zone *z = r->zone;
	uint8_t hash[NSEC3_HASH_LEN], out[NAME_WIRE_MAX];
	const struct rr *param = NULL;

	for (size_t i = overlay_zone_first(z, z->name);
	     i < z->nrrs && name_equal(z->rrs[i].owner, z->name); i++)
		if (z->rrs[i].type == TYPE_NSEC3PARAM && z->rrs[i].wellformed &&
		    z->rrs[i].rdata[0] == 1)
			param = &z->rrs[i];
	if (param == NULL ||
	    !nsec3_hash(r->hasher, name, param->rdata + 5, param->rdata[4],
		(unsigned)(param->rdata[2] << 8 | param->rdata[3]), hash) ||
	    !name_prepend(
		out, text_base32hex(r->mem, hash, sizeof hash), z->name))
		return NULL;
	return name_copy(r->mem, out);
}

static bool
uses_nsec3(const struct overlay_zone *z)
{
	return has_set(z, z->name, TYPE_NSEC3PARAM);
}

/* The name's own record, which says what types it has; false: none. */
static bool
put_match(struct reply *r, const uint8_t *name)
{
	bool nsec3 = uses_nsec3(r->zone);
	uint16_t type = nsec3 ? TYPE_NSEC3 : TYPE_NSEC;
	const uint8_t *owner = nsec3 ? hashed_name(r, name) : name;

	if (owner == NULL || !has_set(r->zone, owner, type))
		return false;
	put_denial(r, owner, type);
	return true;
}

static void
put_gap(struct reply *r, const uint8_t *name)
{
	bool nsec3 = uses_nsec3(r->zone);
	const uint8_t *owner = nsec3 ? hashed_name(r, name) : name;

	if (owner != NULL)
		put_cover(r, owner, nsec3 ? TYPE_NSEC3 : TYPE_NSEC);
}

/*
 * That there is no such name: the closest encloser and the next closer name
 * (RFC 5155 7.2.1; NSEC needs the second only).
 */
static void
put_no_name(struct reply *r, const uint8_t *name, const uint8_t *encloser)
{
	if (uses_nsec3(r->zone))
		put_match(r, encloser);
	put_gap(r, name_ancestor(name, name_labels(encloser) + 1));
}

static const uint8_t *
closest_encloser(const struct overlay_zone *z, const uint8_t *name)
{
	while (!name_equal(name, z->name) && !overlay_zone_exists(z, name))
		name = name_parent(name);
	return name;
}

/* In an opt-out span a name without a record of its own may be. */
static void
put_opt_out(struct reply *r, const uint8_t *name)
{
	const uint8_t *up = name;

	while (!name_equal(up, r->zone->name)) {
		up = name_parent(up);
		if (!put_match(r, up))
			continue;
		put_gap(r, name_ancestor(name, name_labels(up) + 1));
		return;
	}
}

static void
put_nodata(struct reply *r, const uint8_t *name)
{
	put_set(r, AUTHORITY, r->zone->name, TYPE_SOA, r->zone->name);
	if (!r->zone->is_signed || put_match(r, name))
		return;
	if (uses_nsec3(r->zone))
		put_opt_out(r, name);
	else
		put_gap(r, name); /* an empty non-terminal */
}

static void
put_nxdomain(struct reply *r, const uint8_t *name, const uint8_t *encloser)
{
	uint8_t star[NAME_WIRE_MAX];

	r->rcode = 3;
	put_set(r, AUTHORITY, r->zone->name, TYPE_SOA, r->zone->name);
	if (!r->zone->is_signed)
		return;
	put_no_name(r, name, encloser);
	if (name_prepend(star, "*", encloser))
		put_gap(r, name_copy(r->mem, star));
}

/* ---- answers ---- */

/* What the node has of the type, for the name that asks. */
static bool
put_node(
    struct reply *r, const uint8_t *node, const uint8_t *name, uint16_t type)
{
	/* RFC 4035 2.5: an NSEC stands beside an alias, and is not its
	 * target's. */
	bool beside = type == TYPE_NSEC && has_set(r->zone, node, type);

	if (!beside && has_set(r->zone, node, TYPE_CNAME))
		type = TYPE_CNAME;
	if (!has_set(r->zone, node, type))
		return false;
	put_set(r, ANSWER, node, type, name);
	return true;
}

/* RFC 4592 3.3: the wildcard of the closest encloser, and no other. */
static void
put_wildcard(struct reply *r, const uint8_t *name, uint16_t type)
{
	const uint8_t *encloser = closest_encloser(r->zone, name), *node;
	uint8_t star[NAME_WIRE_MAX];

	if (!name_prepend(star, "*", encloser) ||
	    !overlay_zone_exists(r->zone, star)) {
		put_nxdomain(r, name, encloser);
		return;
	}
	node = name_copy(r->mem, star);
	if (!put_node(r, node, name, type))
		put_nodata(r, node);
	r->wildcard = node;
	/* RFC 4035 3.1.3.3, RFC 5155 7.2.6: that no closer name is there. */
	if (r->zone->is_signed && r->nanswer > 0)
		put_gap(r, name_ancestor(name, name_labels(encloser) + 1));
	else if (r->zone->is_signed)
		put_no_name(r, name, encloser);
}

/* The topmost of these types above the name, or at it; NULL: none. */
static const uint8_t *
topmost(
    const struct overlay_zone *z, const uint8_t *name, uint16_t type, bool at)
{
	unsigned n = name_labels(name);

	for (unsigned i = name_labels(z->name); i < n + at; i++) {
		const uint8_t *up = name_ancestor(name, i);

		/* The apex has NS records, and is no cut. */
		if ((type != TYPE_NS || i > name_labels(z->name)) &&
		    has_set(z, up, type))
			return up;
	}
	return NULL;
}

bool
overlay_zone_has_cut(const struct overlay_zone *z, const uint8_t *name)
{
	return topmost(z, name, TYPE_NS, true) != NULL;
}

/*
 * What a signer makes is the live zone's, where the file is not signed; but
 * CDS and CDNSKEY that are written in it are published as they are (RFC 8078
 * 4).
 */
static bool
is_signers(const struct overlay_zone *z, const uint8_t *name, uint16_t type)
{
	switch (type) {
	case TYPE_CDS:
	case TYPE_CDNSKEY:
		return !z->is_signed && !has_set(z, name, type);
	case TYPE_DNSKEY:
	case TYPE_NSEC3PARAM:
	case TYPE_RRSIG:
	case TYPE_NSEC:
	case TYPE_NSEC3:
		return !z->is_signed;
	default:
		return false;
	}
}

static void
put_answer(struct reply *r, const uint8_t *name, uint16_t type)
{
	const uint8_t *dname = topmost(r->zone, name, TYPE_DNAME, false);

	if (dname != NULL)
		put_set(r, ANSWER, dname, TYPE_DNAME, dname);
	else if (!overlay_zone_exists(r->zone, name))
		put_wildcard(r, name, type);
	else if (!put_node(r, name, name, type))
		put_nodata(r, name);
}

bool
overlay_zone_answer(struct arena *mem, const struct overlay_zone *z,
    struct nsec3_hasher *hasher, const uint8_t *name, uint16_t type,
    struct dns_observation *out)
{
	struct reply r = { .mem = mem, .zone = z, .hasher = hasher };
	const uint8_t *cut = topmost(z, name, TYPE_NS, true);

	/* Of an opaque type the file says only that it is there. */
	if (is_signers(z, name, type) || rr_type_is_opaque(type))
		return false;
	if (cut != NULL && (type != TYPE_DS || !name_equal(cut, name)))
		return false;
	if (cut == NULL) {
		put_answer(&r, name, type);
	} else if (!put_node(&r, name, name, type)) {
		put_nodata(&r, name);
		/* So that an unsigned file shows the cut, too. */
		put_set(&r, AUTHORITY, name, TYPE_NS, name);
	}
	out->outcome = DNS_REPLY;
	out->rcode = r.rcode;
	out->flags = DNS_QR | DNS_AA;
	out->answer = r.answer;
	out->nanswer = r.nanswer;
	out->authority = r.authority;
	out->nauthority = r.nauthority;
	out->assumed_wildcard = r.wildcard;
	return true;
}

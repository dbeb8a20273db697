/* SPDX-License-Identifier: ISC */
#include "overlay.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "name.h"
#include "overlay_part.h"

static int
rr_order(const void *x, const void *y)
{
	const struct rr *a = x, *b = y;
	int diff = name_compare(a->owner, b->owner);

	if (diff == 0)
		diff = (int)a->type - (int)b->type;
	return diff != 0
	    ? diff
	    : rdata_compare(a->rdata, a->rdlen, b->rdata, b->rdlen);
}

void
overlay_zone_order(struct overlay_zone *z)
{
	if (z->nrrs > 0)
		qsort(z->rrs, z->nrrs, sizeof *z->rrs, rr_order);
	z->is_signed = false;
	for (size_t i = 0; i < z->nrrs; i++)
		z->is_signed |= z->rrs[i].type == TYPE_RRSIG;
}

/* ---- merging ---- */

static bool
same_record(const struct rr *a, const struct rr *b)
{
	return a->type == b->type && a->rdlen == b->rdlen &&
	    memcmp(a->rdata, b->rdata, a->rdlen) == 0 &&
	    name_equal(a->owner, b->owner);
}

static bool
takes_away(const struct overlay *o, const struct rr *rr)
{
	for (size_t i = 0; i < o->nwithout; i++)
		if (name_equal(o->without[i].name, rr->owner) &&
		    (o->without[i].type == 0 || o->without[i].type == rr->type))
			return true;
	return false;
}

static bool
has_zone(const struct overlay *o, const uint8_t *name)
{
	for (size_t i = 0; i < o->nzones; i++)
		if (name_equal(o->zones[i].name, name))
			return true;
	return false;
}

/* A later certificate of the host, or of all, takes an earlier one's place. */
static bool
has_cert(const struct overlay *o, const uint8_t *host)
{
	for (size_t i = 0; i < o->ncerts; i++)
		if (o->certs[i].host == NULL ||
		    (host != NULL && name_equal(o->certs[i].host, host)))
			return true;
	return false;
}

static bool
has_record(const struct overlay *o, const struct rr *rr)
{
	for (size_t i = 0; i < o->nwith; i++)
		if (same_record(&o->with[i], rr))
			return true;
	return false;
}

const struct overlay *
overlay_merge(
    struct arena *mem, const struct overlay *o, const struct overlay *later)
{
	struct overlay *all;

	if (o == NULL || later == NULL)
		return o == NULL ? later : o;
	all = arena_alloc(mem, sizeof *all);
	all->zones =
	    arena_array(mem, o->nzones + later->nzones, sizeof *all->zones);
	all->without = arena_array(
	    mem, o->nwithout + later->nwithout, sizeof *all->without);
	all->with =
	    arena_array(mem, o->nwith + later->nwith, sizeof *all->with);
	all->certs =
	    arena_array(mem, o->ncerts + later->ncerts, sizeof *all->certs);
	for (size_t i = 0; i < o->nzones; i++)
		if (!has_zone(later, o->zones[i].name))
			all->zones[all->nzones++] = o->zones[i];
	for (size_t i = 0; i < later->nzones; i++)
		all->zones[all->nzones++] = later->zones[i];
	for (size_t i = 0; i < o->nwithout; i++)
		all->without[all->nwithout++] = o->without[i];
	for (size_t i = 0; i < later->nwithout; i++)
		all->without[all->nwithout++] = later->without[i];
	for (size_t i = 0; i < o->nwith; i++)
		if (!takes_away(later, &o->with[i]) &&
		    !has_record(later, &o->with[i]))
			all->with[all->nwith++] = o->with[i];
	for (size_t i = 0; i < later->nwith; i++)
		all->with[all->nwith++] = later->with[i];
	for (size_t i = 0; i < o->ncerts; i++)
		if (!has_cert(later, o->certs[i].host))
			all->certs[all->ncerts++] = o->certs[i];
	for (size_t i = 0; i < later->ncerts; i++)
		all->certs[all->ncerts++] = later->certs[i];
	return all;
}

static const char *
idle_words(const struct overlay_view *v, enum overlay_part part, size_t index)
{
	return overlay_part_is_idle(v, part, index)
	    ? " (nothing that was asked depends on it)"
	    : "";
}

size_t
overlay_texts(struct arena *mem, const struct overlay *o,
    const struct overlay_view *v, const char ***out)
{
	size_t n = 0;
	char type[16];

	*out = NULL;
	if (o == NULL)
		return 0;
	*out = arena_array(
	    mem, o->nzones + o->nwithout + o->nwith + o->ncerts, sizeof **out);
	for (size_t i = 0; i < o->nzones; i++)
		(*out)[n++] = arena_printf(mem, "zone %s: %s (%s)%s",
		    name_text(mem, o->zones[i].name), o->zones[i].source,
		    o->zones[i].is_signed
			? "signed"
			: "not signed yet, judged as if it were",
		    idle_words(v, OVERLAY_ZONE, i));
	for (size_t i = 0; i < o->nwithout; i++)
		(*out)[n++] = arena_printf(mem, "without %s%s%s%s",
		    name_text(mem, o->without[i].name),
		    o->without[i].type != 0 ? " " : "",
		    o->without[i].type != 0
			? rr_type_text(o->without[i].type, type)
			: "",
		    idle_words(v, OVERLAY_WITHOUT, i));
	for (size_t i = 0; i < o->nwith; i++)
		(*out)[n++] = arena_printf(mem, "with %s%s",
		    rr_text(mem, &o->with[i]), idle_words(v, OVERLAY_WITH, i));
	for (size_t i = 0; i < o->ncerts; i++)
		(*out)[n++] = arena_printf(mem, "certificate of %s: %s%s",
		    o->certs[i].host != NULL ? name_text(mem, o->certs[i].host)
					     : "every MX host",
		    o->certs[i].source, idle_words(v, OVERLAY_CERT, i));
	return n;
}

/* SPDX-License-Identifier: ISC */
/* The member "overlay" of "asked": what was not published yet. */
#include "report/archive_part.h"

#include <string.h>

#include "core/arena.h"
#include "core/cert.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/text.h"
#include "report/value.h"

enum { LIST_MAX = 4096 };

/* ---- writing ---- */

static json_t *
records(struct arena *mem, const struct rr *rrs, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, value_text(mem, rr_text(mem, &rrs[i])));
	return array;
}

static json_t *
zone(struct arena *mem, const struct overlay_zone *z)
{
	json_t *o = value_object();

	value_set(o, "zone", value_name(mem, z->name));
	value_set(o, "source", value_text(mem, z->source));
	value_set(o, "records", records(mem, z->rrs, z->nrrs));
	return o;
}

static json_t *
without(struct arena *mem, const struct overlay_without *w)
{
	const char *name = name_text(mem, w->name);
	char type[16];

	return value_text(mem,
	    w->type == 0 ? name
			 : arena_printf(mem, "%s %s", name,
			       rr_type_text(w->type, type)));
}

static json_t *
certificate(struct arena *mem, const struct overlay_cert *c)
{
	json_t *o = value_object(), *chain = value_array();

	value_set(o, "host", value_name(mem, c->host));
	value_set(o, "source", value_text(mem, c->source));
	for (size_t i = 0; i < c->nchain; i++)
		value_append(chain,
		    value_text(mem,
			text_base64(mem, c->chain[i].data, c->chain[i].len)));
	value_set(o, "chain", chain);
	return o;
}

json_t *
archive_write_overlay(struct arena *mem, const struct overlay *overlay)
{
	json_t *o = value_object(), *list = value_array();

	for (size_t i = 0; i < overlay->nzones; i++)
		value_append(list, zone(mem, &overlay->zones[i]));
	value_set(o, "zones", list);
	list = value_array();
	for (size_t i = 0; i < overlay->nwithout; i++)
		value_append(list, without(mem, &overlay->without[i]));
	value_set(o, "without", list);
	value_set(o, "with", records(mem, overlay->with, overlay->nwith));
	list = value_array();
	for (size_t i = 0; i < overlay->ncerts; i++)
		value_append(list, certificate(mem, &overlay->certs[i]));
	value_set(o, "certificates", list);
	return o;
}

/* ---- reading ---- */

/* An array of objects, one after the other. */
static bool
each(struct reader *r, const json_t *o, const char *member, struct arena *mem,
    struct overlay *out,
    bool (*read)(
	struct reader *, const json_t *, struct arena *, struct overlay *))
{
	const json_t *array;

	if (!reader_array(r, o, member, OPTIONAL, LIST_MAX, &array))
		return false;
	for (size_t i = 0; array != NULL && i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		size_t saved = reader_enter(r, member, i, true);

		if (!json_is_object(value))
			return reader_fail(r, NULL, "must be an object");
		if (!read(r, value, mem, out))
			return false;
		reader_leave(r, saved);
	}
	return true;
}

static bool
read_zone(
    struct reader *r, const json_t *o, struct arena *mem, struct overlay *out)
{
	struct overlay_zone *z = &out->zones[out->nzones];

	if (!archive_read_name(r, o, "zone", mem, &z->name) ||
	    !reader_text(r, o, "source", REQUIRED, mem, &z->source) ||
	    !archive_read_records(
		r, o, "records", REQUIRED, mem, &z->rrs, &z->nrrs))
		return false;
	for (size_t i = 0; i < z->nrrs; i++)
		if (!name_within(z->rrs[i].owner, z->name)) {
			reader_enter(r, "records", i, true);
			return reader_fail(r, NULL, "outside of the zone");
		}
	for (size_t i = 0; i < out->nzones; i++)
		if (name_equal(out->zones[i].name, z->name))
			return reader_fail(r, "zone", "a second time");
	overlay_zone_order(z);
	out->nzones++;
	return true;
}

static bool
read_certificate(
    struct reader *r, const json_t *o, struct arena *mem, struct overlay *out)
{
	struct overlay_cert *c = &out->certs[out->ncerts];
	const char **texts, *host;
	size_t n;

	if (!reader_text(r, o, "host", OPTIONAL, mem, &host) ||
	    (host != NULL && !archive_read_name(r, o, "host", mem, &c->host)) ||
	    !reader_text(r, o, "source", REQUIRED, mem, &c->source) ||
	    !reader_texts(r, o, "chain", mem, &texts, &n))
		return false;
	if (n == 0 || n > CERT_PEM_MAX)
		return reader_fail(
		    r, "chain", "must have 1 to %d certificates", CERT_PEM_MAX);
	c->chain = arena_array(mem, n, sizeof *c->chain);
	for (; c->nchain < n; c->nchain++) {
		struct blob *b = &c->chain[c->nchain];

		if (!archive_read_base64(
			r, "chain", texts[c->nchain], mem, &b->data, &b->len))
			return false;
	}
	out->ncerts++;
	return true;
}

static bool
read_without(
    struct reader *r, const json_t *o, struct arena *mem, struct overlay *out)
{
	const char **texts;
	size_t n;

	if (!reader_texts(r, o, "without", mem, &texts, &n))
		return false;
	out->without = arena_array(mem, n, sizeof *out->without);
	for (; out->nwithout < n; out->nwithout++) {
		struct overlay_without *w = &out->without[out->nwithout];
		char *name = arena_strdup(mem, texts[out->nwithout]);
		char *type = strchr(name, ' ');
		uint8_t wire[NAME_WIRE_MAX];

		if (type != NULL)
			*type++ = '\0';
		if (!name_from_text(wire, name, NULL) ||
		    (type != NULL && !rr_type_from_text(type, &w->type)))
			return reader_fail(r, "without",
			    "neither a name nor a name and a type: %s",
			    reader_quote(mem, texts[out->nwithout]));
		w->name = name_copy(mem, wire);
	}
	return true;
}

bool
archive_read_overlay(struct reader *r, const json_t *asked, struct arena *mem,
    const struct overlay **out)
{
	struct overlay *o = arena_alloc(mem, sizeof *o);
	const json_t *value;
	size_t saved;

	if (!reader_object(r, asked, "overlay", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "overlay", 0, false);
	o->zones = arena_array(mem,
	    json_array_size(json_object_get(value, "zones")), sizeof *o->zones);
	o->certs = arena_array(mem,
	    json_array_size(json_object_get(value, "certificates")),
	    sizeof *o->certs);
	if (!each(r, value, "zones", mem, o, read_zone) ||
	    !read_without(r, value, mem, o) ||
	    !archive_read_records(
		r, value, "with", OPTIONAL, mem, &o->with, &o->nwith) ||
	    !each(r, value, "certificates", mem, o, read_certificate))
		return false;
	reader_leave(r, saved);
	*out = o;
	return true;
}

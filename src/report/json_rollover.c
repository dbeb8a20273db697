/* SPDX-License-Identifier: ISC */
#include "report/json_part.h"

#include "core/judge.h"
#include "core/rollover.h"
#include "report/value.h"

static json_t *
set(struct arena *mem, const struct rollover_set *s)
{
	json_t *o = value_object();

	value_set(o, "name", value_name(mem, s->name));
	value_set(o, "records", value_texts(mem, s->records, s->n));
	value_set(o, "ttl", value_int(s->ttl));
	value_set(o, "settled", value_time(s->settled));
	return o;
}

static json_t *
host(
    struct arena *mem, const struct judgement *j, const struct rollover_host *r)
{
	json_t *o = value_object(), *sets = value_array();

	value_set(o, "host", value_name(mem, j->path->hosts[r->host].name));
	value_set(o, "certificate", value_text(mem, r->source));
	value_set(
	    o, "status", value_text(mem, rollover_status_text(r->status)));
	value_set(o, "safe_at",
	    r->status == ROLLOVER_SAFE_AT ? value_time(r->at) : json_null());
	value_set(o, "ttl", value_int(r->ttl));
	value_set(
	    o, "present", value_text(mem, rollover_present_text(r->present)));
	value_set(o, "text", value_text(mem, r->text));
	value_set(
	    o, "records_to_add", value_texts(mem, r->publish, r->npublish));
	for (size_t i = 0; i < r->nsets; i++)
		value_append(sets, set(mem, &r->sets[i]));
	value_set(o, "published", sets);
	return o;
}

json_t *
json_rollover(struct arena *mem, const struct judgement *j)
{
	const struct rollover *all = j->rollover;
	json_t *o, *hosts;

	if (all == NULL)
		return json_null();
	o = value_object();
	hosts = value_array();
	value_set(
	    o, "status", value_text(mem, rollover_status_text(all->status)));
	value_set(o, "safe_at",
	    all->status == ROLLOVER_SAFE_AT ? value_time(all->at)
					    : json_null());
	for (size_t i = 0; i < all->n; i++)
		value_append(hosts, host(mem, j, &all->hosts[i]));
	value_set(o, "hosts", hosts);
	return o;
}

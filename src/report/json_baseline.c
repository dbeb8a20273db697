/* SPDX-License-Identifier: ISC */
#include "report/json_part.h"

#include "report/baseline.h"
#include "report/value.h"

static json_t *
changes(struct arena *mem, const struct baseline_change *list, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++) {
		const struct baseline_change *c = &list[i];
		json_t *o = value_object();

		value_set(o, "id", value_text(mem, c->id));
		value_set(o, "subject", value_text(mem, c->subject));
		value_set(o, "severity",
		    c->finding != NULL
			? value_text(mem, severity_text(c->finding->severity))
			: json_null());
		value_set(o, "before",
		    c->was_there ? value_text(mem, severity_text(c->before))
				 : json_null());
		value_append(array, o);
	}
	return array;
}

json_t *
json_baseline(struct arena *mem, const struct comparison *c)
{
	json_t *o;

	if (c == NULL)
		return json_null();
	o = value_object();
	value_set(o, "file", value_text(mem, c->file));
	value_set(o, "known", value_bool(c->known));
	value_set(o, "collected_at", value_text(mem, c->collected_at));
	value_set(o, "lost", value_bool(c->lost));
	value_set(o, "new", changes(mem, c->fresh, c->nfresh));
	value_set(o, "worse", changes(mem, c->worse, c->nworse));
	value_set(o, "better", changes(mem, c->better, c->nbetter));
	value_set(o, "gone", changes(mem, c->gone, c->ngone));
	return o;
}

/* SPDX-License-Identifier: ISC */
#include "core/message.h"

#include "core/judge.h"
#include "report/json_part.h"
#include "report/value.h"

static json_t *
signatures(
    struct arena *mem, const struct judgement *j, const struct mail_message *m)
{
	json_t *array = value_array();

	for (size_t i = 0; i < m->nsignatures; i++) {
		const struct message_signature *s = &m->signatures[i];
		json_t *o = value_object();

		value_set(o, "domain", value_name(mem, s->domain));
		value_set(o, "selector", value_text(mem, s->selector));
		value_set(o, "algorithm", value_text(mem, s->algorithm));
		value_set(o, "alignment",
		    value_text(mem, alignment_text(j->alignment[i])));
		value_set(o, "error", value_text(mem, s->error));
		value_append(array, o);
	}
	return array;
}

static json_t *
results(struct arena *mem, const struct mail_message *m)
{
	json_t *array = value_array();

	for (size_t i = 0; i < m->nresults; i++) {
		const struct message_result *r = &m->results[i];
		json_t *o = value_object();

		value_set(o, "server", value_text(mem, r->server));
		value_set(o, "result", value_text(mem, r->result));
		value_set(o, "reason", value_text(mem, r->reason));
		value_set(o, "domain", value_text(mem, r->domain));
		value_set(o, "selector", value_text(mem, r->selector));
		value_append(array, o);
	}
	return array;
}

json_t *
json_message(struct arena *mem, const struct judgement *j)
{
	const struct mail_message *m = j->ev->asked.message;
	json_t *o, *from;

	if (m == NULL)
		return json_null();
	o = value_object();
	from = value_array();
	for (size_t i = 0; i < m->nfrom; i++)
		value_append(from, value_name(mem, m->from[i]));
	value_set(o, "from", from);
	value_set(o, "signatures", signatures(mem, j, m));
	value_set(o, "results", results(mem, m));
	return o;
}

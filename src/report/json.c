/* SPDX-License-Identifier: ISC */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "report/report.h"

#include <string.h>

#include "core/arena.h"
#include "core/delivery.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/rdata.h"
#include "report/json_part.h"
#include "report/value.h"
#include "report/words.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

json_t *
json_program(struct arena *mem)
{
	json_t *o = value_object();

	value_set(o, "name", value_text(mem, "mxproof"));
	value_set(o, "version", value_text(mem, PACKAGE_VERSION));
	return o;
}

static json_t *
verdict(struct arena *mem, const struct judgement *j)
{
	enum profile profile = j->options.profile;
	const struct outcome *out = &j->outcome[profile];
	json_t *o = value_object();

	value_set(o, "status", value_text(mem, domain_status(j)));
	value_set(o, "delivery", value_text(mem, delivery_text(out->delivery)));
	value_set(
	    o, "code", value_text(mem, outcome_code(mem, out, profile, '5')));
	value_set(o, "transient_code",
	    value_text(mem, outcome_code(mem, out, profile, '4')));
	value_set(o, "tlsrpt", value_text(mem, out->tlsrpt));
	value_set(o, "text",
	    value_text(mem, delivery_sentence((struct judgement *)j, profile)));
	return o;
}

static json_t *
timeline(struct arena *mem, const struct judgement *j)
{
	const struct outcome *out = &j->outcome[j->options.profile];
	json_t *array = value_array();
	const struct delivery_retry *retries;
	size_t n;

	if (out->delivery != DELIVERY_DEFERRED)
		return array;
	retries = delivery_timeline(&n);
	for (size_t i = 0; i < n; i++) {
		char digit = retries[i].given_up ? '5' : '4';
		json_t *o = value_object();

		value_set(o, "after_s", value_int(retries[i].after_s));
		value_set(o, "code",
		    value_text(mem,
			outcome_code(mem, out, j->options.profile, digit)));
		value_append(array, o);
	}
	return array;
}

static json_t *
stages(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();

	for (int s = 0; s < NSTAGES; s++) {
		json_t *o;

		/* No judge of this version looks at what comes after. */
		if (s > STAGE_DKIM && j->stages[s] == STATUS_NOT_TESTED)
			continue;
		o = value_object();
		value_set(
		    o, "stage", value_text(mem, stage_text((enum stage)s)));
		value_set(o, "status",
		    value_text(mem, stage_status_text(j->stages[s])));
		value_append(array, o);
	}
	return array;
}

json_t *
json_subject(struct arena *mem, const struct subject *s)
{
	json_t *o = value_object();
	char buf[16];

	if (s->host != NULL)
		value_set(o, "host", value_name(mem, s->host));
	if (s->address != NULL)
		value_set(o, "address", value_text(mem, s->address));
	if (s->port != 0)
		value_set(o, "port", value_int(s->port));
	if (s->zone != NULL)
		value_set(o, "zone", value_name(mem, s->zone));
	if (s->name != NULL)
		value_set(o, "name", value_name(mem, s->name));
	if (s->type != 0)
		value_set(
		    o, "type", value_text(mem, rr_type_text(s->type, buf)));
	if (s->selector != NULL)
		value_set(o, "selector", value_text(mem, s->selector));
	return o;
}

static json_t *
finding(struct arena *mem, const struct finding *f)
{
	const struct catalogue_row *row = f->row;
	json_t *o = value_object();

	value_set(o, "id", value_text(mem, row->id));
	value_set(o, "stage", value_text(mem, stage_text(row->stage)));
	value_set(o, "severity", value_text(mem, severity_text(f->severity)));
	value_set(o, "code", value_text(mem, finding_code(mem, f, '5')));
	value_set(
	    o, "transient_code", value_text(mem, finding_code(mem, f, '4')));
	value_set(o, "tlsrpt", value_text(mem, finding_tlsrpt(f)));
	value_set(o, "reference", value_text(mem, row->reference));
	value_set(o, "subject", json_subject(mem, &f->subject));
	value_set(o, "text", value_text(mem, row->text));
	value_set(o, "detail", value_text(mem, f->detail));
	value_set(o, "remedy", value_text(mem, finding_remedy(f)));
	value_set(o, "records_to_add",
	    value_texts(mem, (const char *const *)f->add, f->nadd));
	value_set(o, "records_to_delete",
	    value_texts(mem, (const char *const *)f->del, f->ndel));
	return o;
}

json_t *
json_findings(struct arena *mem, const struct findings *findings)
{
	json_t *array = value_array();

	for (size_t i = 0; i < findings->n; i++)
		if (findings->list[i].severity != SEVERITY_ABSENT)
			value_append(array, finding(mem, &findings->list[i]));
	return array;
}

/* Names are absolute here, however the judge wrote them. */
static const char *
with_dot(struct arena *mem, const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	if (len == 0 || name[len - 1] == '.')
		return name;
	return arena_printf(mem, "%s.", name);
}

static const char *
source_text(enum selector_source source)
{
	static const char *const texts[] = {
		[SELECTOR_ASKED] = "asked",
		[SELECTOR_MESSAGE] = "message",
		[SELECTOR_M365] = "m365",
		[SELECTOR_GUESS] = "guess",
	};

	return texts[source];
}

static json_t *
dkim(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();

	for (size_t i = 0; i < j->path->nselectors; i++) {
		const struct dkim_view *view = &j->dkim[i];
		json_t *o = value_object(), *key = json_null();

		if (view->key_type != NULL) {
			key = value_object();
			value_set(key, "type", value_text(mem, view->key_type));
			value_set(key, "bits", value_int(view->key_bits));
		}
		value_set(
		    o, "selector", value_text(mem, view->selector->selector));
		value_set(o, "name", value_name(mem, view->selector->name));
		value_set(o, "source",
		    value_text(mem, source_text(view->selector->source)));
		value_set(o, "target", value_name(mem, view->target));
		value_set(o, "expected_target",
		    value_text(mem, with_dot(mem, view->expected_target)));
		value_set(o, "status",
		    value_text(mem,
			view->status == SEVERITY_ABSENT
			    ? "not-tested"
			    : severity_text(view->status)));
		value_set(o, "dnssec",
		    value_text(mem, dnssec_state_text(view->dnssec.state)));
		value_set(o, "key", key);
		value_append(array, o);
	}
	return array;
}

static json_t *
senders(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();

	for (int p = 0; p < NPROFILES; p++) {
		const struct outcome *out = &j->outcome[p];
		json_t *o = value_object();

		value_set(o, "profile",
		    value_text(mem, profile_text((enum profile)p)));
		value_set(o, "delivery",
		    value_text(mem, delivery_text(out->delivery)));
		value_set(o, "code",
		    value_text(
			mem, outcome_code(mem, out, (enum profile)p, '5')));
		value_set(o, "tlsrpt", value_text(mem, out->tlsrpt));
		value_append(array, o);
	}
	return array;
}

static json_t *
validity(struct arena *mem, const struct judgement *j)
{
	const struct validity *v = &j->validity;
	json_t *o = value_object(), *next = value_array();

	value_set(
	    o, "until", v->has_until ? value_time(v->until) : json_null());
	value_set(
	    o, "because", value_text(mem, v->has_until ? v->because : NULL));
	value_set(o, "attention",
	    v->has_attention ? value_time(v->attention) : json_null());
	value_set(o, "attention_because",
	    value_text(mem, v->has_attention ? v->attention_because : NULL));
	for (size_t i = 0; i < v->nnext; i++) {
		const struct event *event = &v->next[i];
		json_t *e = value_object();

		value_set(e, "at", value_time(event->at));
		value_set(e, "what", value_text(mem, event->what));
		value_set(
		    e, "effect", value_text(mem, severity_text(event->effect)));
		value_set(e, "code",
		    value_text(mem,
			event->ndr != NULL
			    ? arena_printf(mem, "5.%s", event->ndr)
			    : NULL));
		value_append(next, e);
	}
	value_set(o, "next", next);
	return o;
}

json_t *
json_hypothetical(struct arena *mem, const struct evidence *ev)
{
	const char **texts;
	size_t n = hypothetical_texts(mem, ev, &texts);
	json_t *o;

	if (n == 0)
		return json_null();
	o = value_object();
	value_set(
	    o, "replaced", value_texts(mem, (const char *const *)texts, n));
	return o;
}

static json_t *
not_covered(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();

	if (family_not_covered(j, false))
		value_append(array, value_text(mem, "ipv4"));
	if (family_not_covered(j, true))
		value_append(array, value_text(mem, "ipv6"));
	return array;
}

/* What --require names and could not be told: exit status 3. */
static json_t *
required_words(struct arena *mem, const struct judgement *j)
{
	unsigned bits = required_unknown(j);
	json_t *list = value_array();

	for (unsigned bit = 1; bit <= REQUIRE_DMARC; bit <<= 1)
		if ((bits & bit) != 0)
			value_append(list,
			    value_text(
				mem, requirement_text((enum requirement)bit)));
	return list;
}

char *
report_json(struct arena *mem, const struct judgement *j,
    const struct report_options *options)
{
	const struct evidence *ev = j->ev;
	const char *unicode = options->domain_unicode;
	json_t *o = value_object(), *lookups;

	/* Before the zones: a lookup may lead to more of them. */
	lookups = json_lookups(mem, j);
	if (unicode == NULL)
		unicode = name_text_nodot(mem, ev->domain);
	value_set(o, "schema", value_int(REPORT_SCHEMA));
	value_set(o, "program", json_program(mem));
	value_set(o, "input", value_text(mem, ev->input));
	value_set(o, "domain", value_name(mem, ev->domain));
	value_set(o, "domain_unicode", value_text(mem, unicode));
	value_set(
	    o, "profile", value_text(mem, profile_text(j->options.profile)));
	value_set(o, "hypothetical", json_hypothetical(mem, ev));
	value_set(o, "collected_at", value_time(ev->collected_at));
	value_set(o, "judged_at", value_time(j->options.at));
	value_set(o, "renewed",
	    value_text(
		mem, renewal_word(j->proofs, ev->collected_at, j->options.at)));
	value_set(o, "cut_short", value_bool(ev->cut_short));
	value_set(o, "not_covered", not_covered(mem, j));
	value_set(o, "required_unknown", required_words(mem, j));
	value_set(o, "verdict", verdict(mem, j));
	value_set(o, "timeline", timeline(mem, j));
	value_set(o, "stages", stages(mem, j));
	value_set(o, "findings", json_findings(mem, &j->findings));
	value_set(o, "mx", json_mx(mem, j));
	value_set(o, "zones", json_zones(mem, j->proofs, j->options.at));
	value_set(o, "lookups", lookups);
	value_set(o, "dkim", dkim(mem, j));
	value_set(o, "message", json_message(mem, j));
	value_set(o, "senders", senders(mem, j));
	value_set(o, "validity", validity(mem, j));
	value_set(o, "rollover", json_rollover(mem, j));
	value_set(o, "baseline", json_baseline(mem, options->comparison));
	return value_write(mem, o, options->indent);
}

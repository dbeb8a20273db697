/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include "core/arena.h"
#include "core/choice.h"
#include "core/judge.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/rdata.h"
#include "report/json_part.h"
#include "report/value.h"
#include "report/words.h"

static json_t *
tag(const struct dnssec *d)
{
	return d->has_tag ? value_int(d->key_tag) : json_null();
}

static json_t *
instant(const struct dnssec *d)
{
	return d->has_date ? value_time(d->date) : json_null();
}

static json_t *
fault(struct arena *mem, const struct dnssec *d)
{
	return d->set_owner != NULL ? json_set(mem, d->set_owner, d->set_type)
				    : json_null();
}

static json_t *
texts(struct arena *mem, const struct rr *const *rrs, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, value_text(mem, rr_text(mem, rrs[i])));
	return array;
}

/* The first answers failed their proof, later ones do not; or null. */
static json_t *
first_look(struct arena *mem, const struct lookup *l)
{
	const struct choice_healed *h =
	    choice_healed(l->ev->choice, l->name, l->type);
	json_t *o;

	if (h == NULL)
		return json_null();
	o = value_object();
	value_set(
	    o, "status", value_text(mem, dnssec_state_text(h->was.state)));
	value_set(
	    o, "reason", value_text(mem, catalogue_row(h->was.reason)->id));
	value_set(o, "detail", value_text(mem, h->was.detail));
	return o;
}

/* The NSEC or NSEC3 records that should prove it, and whether they do. */
static json_t *
denial(struct arena *mem, const struct proof *proof)
{
	json_t *o, *records = value_array();

	if (!proof->denial_needed) {
		json_decref(records);
		return json_null();
	}
	for (size_t i = 0; i < proof->ndenial_sets; i++)
		for (size_t k = 0; k < proof->denial_sets[i].nrrs; k++)
			value_append(records,
			    value_text(mem,
				rr_text(mem, proof->denial_sets[i].rrs[k])));
	o = value_object();
	value_set(o, "verdict", value_text(mem, denial_text(proof->denial)));
	value_set(o, "why", value_text(mem, proof->denial_why));
	value_set(o, "records", records);
	return o;
}

static json_t *
links(struct arena *mem, const struct lookup *l)
{
	json_t *array = value_array();

	for (size_t i = 0; i < l->nlinks; i++) {
		const struct lookup_link *link = &l->links[i];
		const struct dnssec *d = &link->dnssec;
		json_t *o = value_object();
		char type[16];

		value_set(o, "owner", value_name(mem, link->proof->link.owner));
		value_set(o, "type",
		    value_text(
			mem, rr_type_text(link->proof->link.type, type)));
		value_set(o, "kind",
		    value_text(mem, link_text(&link->proof->link, l->type)));
		value_set(o, "wildcard", value_bool(link->proof->wildcard));
		value_set(
		    o, "status", value_text(mem, dnssec_state_text(d->state)));
		value_set(
		    o, "reason", value_text(mem, catalogue_row(d->reason)->id));
		value_set(o, "zone", value_name(mem, d->zone));
		value_set(o, "detail", value_text(mem, d->detail));
		value_set(o, "denial", denial(mem, link->proof));
		value_append(array, o);
	}
	return array;
}

static json_t *
signatures(struct arena *mem, const struct lookup *l)
{
	json_t *array = value_array();

	for (size_t i = 0; i < l->nlinks; i++) {
		const struct proof *proof = l->links[i].proof;

		if (proof->link.kind == LINK_SET)
			json_signatures(
			    mem, array, l->proofs, &proof->set, l->options.at);
		for (size_t k = 0; k < proof->ndenial_sets; k++)
			json_signatures(mem, array, l->proofs,
			    &proof->denial_sets[k], l->options.at);
	}
	return array;
}

/* The members that an element of lookups[] and a lookup's report share. */
static void
set_members(struct arena *mem, json_t *o, const struct lookup *l)
{
	const struct dnssec *d = &l->dnssec;
	const struct finding *cause = l->cause;
	char buf[16];

	value_set(o, "question",
	    value_text(mem,
		arena_printf(mem, "%s IN %s", name_text(mem, l->name),
		    rr_type_text(l->type, buf))));
	value_set(o, "outcome",
	    l->obs != NULL ? value_text(mem, dns_outcome_text(l->obs->outcome))
			   : json_null());
	value_set(o, "rcode",
	    l->obs != NULL && l->obs->outcome == DNS_REPLY
		? value_text(mem, rcode_text(l->obs->rcode, buf))
		: json_null());
	value_set(o, "answer", value_text(mem, answer_text(l->answer.kind)));
	value_set(o, "status", value_text(mem, dnssec_state_text(d->state)));
	value_set(o, "reason", value_text(mem, catalogue_row(d->reason)->id));
	value_set(
	    o, "severity", value_text(mem, severity_text(cause->severity)));
	value_set(o, "zone", value_name(mem, d->zone));
	value_set(o, "set", fault(mem, d));
	value_set(o, "key_tag", tag(d));
	value_set(o, "instant", instant(d));
	value_set(o, "detail", value_text(mem, d->detail));
	value_set(o, "remedy", value_text(mem, finding_remedy(cause)));
	value_set(o, "reference", value_text(mem, cause->row->reference));
	value_set(o, "records_to_add",
	    value_texts(mem, (const char *const *)cause->add, cause->nadd));
	value_set(o, "first_look", first_look(mem, l));
	value_set(o, "records", texts(mem, l->answer.rrs, l->answer.nrrs));
	value_set(o, "links", links(mem, l));
	value_set(o, "signatures", signatures(mem, l));
	value_set(o, "denial",
	    l->nlinks > 0 ? denial(mem, l->links[l->nlinks - 1].proof)
			  : json_null());
}

json_t *
json_lookups(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();
	const struct lookup **list;
	size_t n = lookup_all(mem, j->ev, j->proofs, j->options.at, &list);

	for (size_t i = 0; i < n; i++) {
		json_t *o = value_object();

		set_members(mem, o, list[i]);
		value_append(array, o);
	}
	return array;
}

char *
report_lookup_json(struct arena *mem, const struct lookup *l,
    const struct report_options *options)
{
	const struct evidence *ev = l->ev;
	const char *unicode = options->domain_unicode;
	json_t *o = value_object(), *validity = value_object();
	char type[16];

	value_set(o, "schema", value_int(REPORT_SCHEMA));
	value_set(o, "kind", value_text(mem, "lookup"));
	value_set(o, "program", json_program(mem));
	value_set(o, "name", value_name(mem, l->name));
	value_set(o, "name_unicode",
	    value_text(mem,
		unicode != NULL ? unicode : name_text_nodot(mem, l->name)));
	value_set(o, "type", value_text(mem, rr_type_text(l->type, type)));
	value_set(o, "hypothetical", json_hypothetical(mem, ev));
	value_set(o, "collected_at", value_time(ev->collected_at));
	value_set(o, "judged_at", value_time(l->options.at));
	value_set(o, "cut_short", value_bool(ev->cut_short));
	set_members(mem, o, l);
	value_set(validity, "until",
	    l->has_until ? value_time(l->until) : json_null());
	value_set(validity, "because",
	    value_text(mem, l->has_until ? l->because : NULL));
	value_set(o, "validity", validity);
	value_set(o, "findings", json_findings(mem, &l->findings));
	value_set(o, "zones", json_zones(mem, l->proofs, l->options.at));
	return value_write(mem, o, options->indent);
}

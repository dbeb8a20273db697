/* SPDX-License-Identifier: ISC */
#include "report/archive.h"

#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"
#include "report/archive_part.h"
#include "report/value.h"

static void
set_text(struct arena *mem, json_t *o, const char *member, const char *text)
{
	if (text != NULL)
		value_set(o, member, value_text(mem, text));
}

static json_t *
records(struct arena *mem, const struct rr *rrs, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, value_text(mem, rr_text(mem, &rrs[i])));
	return array;
}

/* A trust anchor has no TTL: "example. IN DS 12345 13 2 …". */
static json_t *
anchors(struct arena *mem, const struct evidence *ev)
{
	json_t *array = value_array();

	for (size_t i = 0; i < ev->nanchors; i++) {
		const struct rr *rr = &ev->anchors[i];
		char type[16];

		value_append(array,
		    value_text(mem,
			arena_printf(mem, "%s IN %s %s",
			    name_text(mem, rr->owner),
			    rr_type_text(rr->type, type),
			    rdata_text(mem, rr))));
	}
	return array;
}

static json_t *
vantage(struct arena *mem, const struct evidence *ev)
{
	json_t *o = value_object();

	value_set(
	    o, "resolver", value_texts(mem, ev->resolvers, ev->nresolvers));
	value_set(o, "ipv4", value_bool(ev->has_ipv4));
	value_set(o, "ipv6", value_bool(ev->has_ipv6));
	return o;
}

static json_t *
stage_words(const struct asked *a)
{
	json_t *array = value_array();
	const char *word;
	unsigned bit;

	for (unsigned i = 0; (word = asked_stage_text(i, &bit)) != NULL; i++)
		if ((a->stages & bit) != 0)
			value_append(array, value_text(NULL, word));
	return array;
}

static json_t *
asked(struct arena *mem, const struct asked *a)
{
	json_t *o = value_object();
	char type[16];

	value_set(
	    o, "selectors", value_texts(mem, a->selectors, a->nselectors));
	value_set(o, "allow_special_addresses", value_bool(a->allow_special));
	value_set(o, "ipv4", value_bool(a->ipv4));
	value_set(o, "ipv6", value_bool(a->ipv6));
	value_set(o, "m365", value_bool(a->m365));
	value_set(o, "gcc_high", value_bool(a->gcc_high));
	if (a->guess_selectors)
		value_set(o, "guess_selectors", value_bool(true));
	set_text(mem, o, "initial_domain", a->initial_domain);
	set_text(mem, o, "helo", a->helo);
	if (a->message != NULL)
		value_set(o, "message", archive_write_message(mem, a->message));
	if (a->overlay != NULL)
		value_set(o, "overlay", archive_write_overlay(mem, a->overlay));
	value_set(o, "timeout", value_int(a->timeout_s));
	if (a->stages != 0)
		value_set(o, "stages", stage_words(a));
	if (a->lookup != 0)
		value_set(o, "lookup",
		    value_text(mem, rr_type_text(a->lookup, type)));
	return o;
}

static json_t *
flags(uint16_t set)
{
	static const struct {
		uint16_t bit;
		const char *word;
	} words[] = {
		{ DNS_QR, "qr" },
		{ DNS_AA, "aa" },
		{ DNS_TC, "tc" },
		{ DNS_RD, "rd" },
		{ DNS_RA, "ra" },
		{ DNS_AD, "ad" },
		{ DNS_CD, "cd" },
	};
	json_t *array = value_array();

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((set & words[i].bit) != 0)
			value_append(array, value_text(NULL, words[i].word));
	return array;
}

static json_t *
extended_errors(struct arena *mem, const struct ede *ede, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = value_object();

		value_set(o, "code", value_int(ede[i].code));
		/* Its text is sent as UTF-8 (RFC 8914 2), or should be. */
		if (ede[i].text != NULL && !value_is_utf8(ede[i].text))
			value_set(o, "octets",
			    value_text(mem,
				text_base64(mem, (const uint8_t *)ede[i].text,
				    strlen(ede[i].text))));
		else
			set_text(mem, o, "text", ede[i].text);
		value_append(array, o);
	}
	return array;
}

static json_t *
opinion(struct arena *mem, const struct dns_opinion *view)
{
	json_t *o = value_object();
	char buf[16];

	value_set(o, "rcode", value_text(mem, rcode_text(view->rcode, buf)));
	value_set(o, "ad", value_bool(view->ad));
	if (view->nede > 0)
		value_set(
		    o, "ede", extended_errors(mem, view->ede, view->nede));
	return o;
}

static json_t *
dns(struct arena *mem, const struct dns_observation *obs)
{
	json_t *o = value_object();
	char buf[16];

	value_set(o, "question",
	    value_text(mem,
		arena_printf(mem, "%s IN %s", name_text(mem, obs->name),
		    rr_type_text(obs->type, buf))));
	value_set(o, "via", value_text(mem, dns_via_text(obs->via)));
	if (obs->look != LOOK_FIRST)
		set_text(mem, o, "look", dns_look_text(obs->look));
	value_set(
	    o, "outcome", value_text(mem, dns_outcome_text(obs->outcome)));
	if (obs->outcome == DNS_REPLY) {
		value_set(
		    o, "rcode", value_text(mem, rcode_text(obs->rcode, buf)));
		value_set(o, "flags", flags(obs->flags));
		value_set(o, "answer", records(mem, obs->answer, obs->nanswer));
		value_set(o, "authority",
		    records(mem, obs->authority, obs->nauthority));
	}
	set_text(mem, o, "server", obs->server);
	set_text(mem, o, "transport", obs->transport);
	value_set(o, "attempts", value_int(obs->attempts));
	if (obs->failed_servers > 0)
		value_set(o, "failed_servers", value_int(obs->failed_servers));
	if (obs->nede > 0)
		value_set(o, "ede", extended_errors(mem, obs->ede, obs->nede));
	set_text(mem, o, "error", obs->error);
	if (obs->wire != NULL)
		value_set(o, "wire",
		    value_text(mem, text_base64(mem, obs->wire, obs->wirelen)));
	if (obs->elapsed_ms >= 0)
		value_set(o, "elapsed_ms", value_int(obs->elapsed_ms));
	if (obs->opinion.present)
		value_set(o, "opinion", opinion(mem, &obs->opinion));
	value_set(o, "basis",
	    value_text(mem, obs->basis != NULL ? obs->basis : "live"));
	return o;
}

static json_t *
tls(struct arena *mem, const struct smtp_observation *obs)
{
	json_t *o;

	if (obs->tls.version == NULL && obs->tls.suite == NULL &&
	    obs->tls.group == NULL && obs->tls.signature == NULL)
		return json_null();
	o = value_object();
	set_text(mem, o, "version", obs->tls.version);
	set_text(mem, o, "suite", obs->tls.suite);
	set_text(mem, o, "group", obs->tls.group);
	set_text(mem, o, "signature", obs->tls.signature);
	return o;
}

static json_t *
chain(struct arena *mem, const struct smtp_observation *obs)
{
	json_t *array = value_array();

	for (size_t i = 0; i < obs->nchain; i++)
		value_append(array,
		    value_text(mem,
			text_base64(
			    mem, obs->chain[i].data, obs->chain[i].len)));
	return array;
}

static json_t *
elapsed(const struct smtp_observation *obs)
{
	const struct {
		const char *member;
		int64_t ms;
	} steps[] = {
		{ "connect", obs->elapsed.connect },
		{ "banner", obs->elapsed.greeting },
		{ "ehlo", obs->elapsed.ehlo },
		{ "starttls", obs->elapsed.starttls },
		{ "handshake", obs->elapsed.handshake },
	};
	json_t *o = value_object();

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i].ms >= 0)
			value_set(o, steps[i].member, value_int(steps[i].ms));
	return o;
}

static json_t *
smtp(struct arena *mem, const struct smtp_observation *obs)
{
	json_t *o = value_object();

	value_set(o, "host", value_name(mem, obs->host));
	value_set(o, "address", value_text(mem, obs->address));
	value_set(o, "port", value_int(obs->port));
	value_set(o, "sni", value_text(mem, obs->sni));
	value_set(o, "keys", value_text(mem, tls_keys_text(obs->keys)));
	value_set(
	    o, "outcome", value_text(mem, smtp_outcome_text(obs->outcome)));
	value_set(o, "step", value_text(mem, smtp_step_text(obs->step)));
	value_set(o, "transcript",
	    value_texts(mem, obs->transcript, obs->ntranscript));
	value_set(o, "tls", tls(mem, obs));
	value_set(o, "alert", value_text(mem, obs->alert));
	value_set(o, "error", value_text(mem, obs->error));
	value_set(o, "chain", chain(mem, obs));
	value_set(o, "elapsed_ms", elapsed(obs));
	value_set(o, "basis",
	    value_text(mem, obs->basis != NULL ? obs->basis : "live"));
	return o;
}

char *
archive_write(struct arena *mem, const struct evidence *ev, bool indent)
{
	struct arena *scratch = arena_new();
	json_t *o = value_object(), *list;
	char *out;

	value_set(o, "mxproof_evidence", value_int(ARCHIVE_VERSION));
	value_set(o, "domain", value_name(scratch, ev->domain));
	set_text(scratch, o, "input", ev->input);
	value_set(o, "collected_at", value_time(ev->collected_at));
	value_set(o, "vantage", vantage(scratch, ev));
	value_set(o, "asked", asked(scratch, &ev->asked));
	if (ev->cut_short)
		value_set(o, "cut_short", value_bool(true));
	value_set(o, "trust_anchors", anchors(scratch, ev));
	list = value_array();
	for (size_t i = 0; i < ev->ndns; i++)
		value_append(list, dns(scratch, ev->dns[i]));
	value_set(o, "dns", list);
	list = value_array();
	for (size_t i = 0; i < ev->nsmtp; i++)
		value_append(list, smtp(scratch, ev->smtp[i]));
	value_set(o, "smtp", list);
	out = value_write(mem, o, indent);
	arena_free(scratch);
	return out;
}

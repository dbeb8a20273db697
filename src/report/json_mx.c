/* SPDX-License-Identifier: ISC */
#include "report/json_part.h"

#include "core/arena.h"
#include "core/cert.h"
#include "core/delivery.h"
#include "core/judge.h"
#include "core/rdata.h"
#include "report/value.h"
#include "report/words.h"

static json_t *
verdict(struct arena *mem, const struct judgement *j,
    const struct outcome *outcomes, const char *status)
{
	enum profile profile = j->options.profile;
	const struct outcome *out = &outcomes[profile];
	json_t *o = value_object();

	value_set(o, "status", value_text(mem, status));
	value_set(o, "delivery", value_text(mem, delivery_text(out->delivery)));
	value_set(
	    o, "code", value_text(mem, outcome_code(mem, out, profile, '5')));
	value_set(o, "transient_code",
	    value_text(mem, outcome_code(mem, out, profile, '4')));
	return o;
}

static json_t *
matches(
    struct arena *mem, const struct host_view *h, const struct tlsa_view *view)
{
	json_t *array = value_array();

	for (size_t i = 0; i < view->nmatches; i++) {
		const struct tlsa_match *match = &view->matches[i];
		json_t *o = value_object();

		value_set(o, "address",
		    value_text(
			mem, h->addresses[match->address].address->text));
		value_set(
		    o, "keys", value_text(mem, tls_keys_text(match->keys)));
		value_set(o, "depth", value_int(match->depth));
		value_append(array, o);
	}
	return array;
}

static json_t *
tlsa(struct arena *mem, const struct host_view *h)
{
	json_t *o, *records;

	if (h->tlsa_answer == NULL)
		return json_null();
	o = value_object();
	records = value_array();
	value_set(o, "base_domain", value_name(mem, h->base_domain));
	value_set(o, "dnssec",
	    value_text(mem, dnssec_state_text(h->tlsa_dnssec.state)));
	value_set(o, "ttl",
	    h->ntlsa > 0 ? value_int(h->tlsa_answer->ttl) : json_null());
	for (size_t i = 0; i < h->ntlsa; i++) {
		const struct tlsa_view *view = &h->tlsa[i];
		json_t *r = value_object();

		value_set(
		    r, "record", value_text(mem, rdata_text(mem, view->rr)));
		value_set(
		    r, "class", value_text(mem, tlsa_class_text(view->class)));
		value_set(r, "matches", matches(mem, h, view));
		value_append(records, r);
	}
	value_set(o, "records", records);
	return o;
}

static json_t *
tls(struct arena *mem, const struct smtp_observation *s)
{
	json_t *o;

	if (s == NULL || s->tls.version == NULL)
		return json_null();
	o = value_object();
	value_set(o, "version", value_text(mem, s->tls.version));
	value_set(o, "suite", value_text(mem, s->tls.suite));
	value_set(o, "group", value_text(mem, s->tls.group));
	value_set(o, "signature", value_text(mem, s->tls.signature));
	return o;
}

static json_t *
certificate(struct arena *mem, const struct cert *cert, size_t depth)
{
	json_t *o = value_object();
	bool p = cert->parsed;

	value_set(o, "depth", value_int((int64_t)depth));
	value_set(o, "subject", value_text(mem, p ? cert->subject : NULL));
	value_set(o, "issuer", value_text(mem, p ? cert->issuer : NULL));
	value_set(o, "names",
	    value_texts(
		mem, (const char *const *)cert->names, p ? cert->nnames : 0));
	value_set(o, "key", value_text(mem, p ? cert->key_text : NULL));
	value_set(
	    o, "not_before", p ? value_time(cert->not_before) : json_null());
	value_set(
	    o, "not_after", p ? value_time(cert->not_after) : json_null());
	value_set(
	    o, "sha256", p ? value_hex(mem, cert->sha256, 32) : json_null());
	value_set(o, "spki_sha256",
	    p ? value_hex(mem, cert->spki_sha256, 32) : json_null());
	return o;
}

static json_t *
chain(struct arena *mem, struct cert *const *certs, size_t n)
{
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, certificate(mem, certs[i], i));
	return array;
}

/* The sessions limited to one key type, where they were held. */
static void
set_other_chains(struct arena *mem, json_t *o, const struct address_view *ad)
{
	static const char *const members[2] = { "chain_rsa", "chain_ecdsa" };

	for (size_t i = 0; i < 2; i++)
		if (ad->nchain2[i] > 0)
			value_set(o, members[i],
			    chain(mem, ad->chain2[i], ad->nchain2[i]));
}

static json_t *
address(struct arena *mem, const struct judgement *j, size_t host, size_t n)
{
	const struct host_view *h = &j->hosts[host];
	const struct address_view *ad = &h->addresses[n];
	const struct smtp_observation *s = ad->address->session[KEYS_ANY];
	const struct dnssec dnssec = proof_answer(j->proofs,
	    ad->address->ipv6 ? &h->host->aaaa : &h->host->a, j->options.at);
	json_t *o = value_object();

	value_set(o, "address", value_text(mem, ad->address->text));
	value_set(
	    o, "dnssec", value_text(mem, dnssec_state_text(dnssec.state)));
	value_set(o, "outcome",
	    value_text(mem, s != NULL ? smtp_outcome_text(s->outcome) : NULL));
	value_set(o, "tls", tls(mem, s));
	value_set(o, "chain", chain(mem, ad->chain, ad->nchain));
	set_other_chains(mem, o, ad);
	value_set(o, "verdict",
	    verdict(mem, j, ad->outcome, host_status(j, host, (int)n)));
	return o;
}

json_t *
json_mx(struct arena *mem, const struct judgement *j)
{
	json_t *array = value_array();

	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct host_view *h = &j->hosts[i];
		json_t *o = value_object(), *addresses = value_array();

		value_set(o, "host", value_name(mem, h->host->name));
		value_set(o, "preference", value_int(h->host->preference));
		value_set(o, "dnssec",
		    value_text(
			mem, dnssec_state_text(h->address_dnssec.state)));
		value_set(o, "tlsa", tlsa(mem, h));
		for (size_t k = 0; k < h->host->naddresses; k++)
			value_append(addresses, address(mem, j, i, k));
		value_set(o, "addresses", addresses);
		value_set(o, "verdict",
		    verdict(mem, j, h->outcome, host_status(j, i, -1)));
		value_append(array, o);
	}
	return array;
}

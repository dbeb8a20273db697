/* SPDX-License-Identifier: ISC */
#include "report/json_part.h"

#include "core/arena.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"
#include "report/value.h"
#include "report/words.h"

json_t *
json_set(struct arena *mem, const uint8_t *owner, uint16_t type)
{
	char buf[16];

	return value_text(mem,
	    arena_printf(
		mem, "%s %s", name_text(mem, owner), rr_type_text(type, buf)));
}

void
json_signatures(struct arena *mem, json_t *array, struct proofs *proofs,
    const struct set_proof *set, int64_t at)
{
	for (size_t i = 0; i < set->nsigs; i++) {
		const struct signature_proof *sig = &set->sigs[i];
		const struct rrsig *f = &sig->fields;
		bool readable = signature_readable(sig);
		json_t *o = value_object();

		value_set(o, "set", json_set(mem, set->owner, set->type));
		value_set(o, "signer",
		    readable ? value_name(mem, f->signer) : json_null());
		value_set(o, "key_tag",
		    readable ? value_int(f->key_tag) : json_null());
		value_set(o, "algorithm",
		    readable ? value_int(f->algorithm) : json_null());
		value_set(o, "inception",
		    readable ? value_time(text_serial_near(f->inception, at))
			     : json_null());
		value_set(o, "expiration",
		    readable ? value_time(text_serial_near(f->expiration, at))
			     : json_null());
		value_set(o, "status",
		    value_text(mem, signature_text(proofs, set, sig, at)));
		value_set(o, "detail",
		    value_text(
			mem, proof_signature(proofs, set, sig, at).detail));
		value_append(array, o);
	}
}

/* The DS set, or its denial, and the DNSKEY set. */
static json_t *
zone_signatures(struct arena *mem, struct proofs *proofs,
    const struct zone_proof *zone, int64_t at)
{
	json_t *array = value_array();

	if (zone->ds_link != NULL) {
		const struct proof *ds = zone->ds_link;

		if (ds->link.kind == LINK_SET)
			json_signatures(mem, array, proofs, &ds->set, at);
		for (size_t i = 0; i < ds->ndenial_sets; i++)
			json_signatures(
			    mem, array, proofs, &ds->denial_sets[i], at);
	}
	if (zone->dnskey.nrrs > 0)
		json_signatures(mem, array, proofs, &zone->dnskey, at);
	return array;
}

static json_t *
zone_ds(struct arena *mem, const struct zone_proof *zone)
{
	json_t *array = value_array();

	for (size_t i = 0; i < zone->nds; i++) {
		const struct ds_proof *ds = &zone->ds[i];
		json_t *o = value_object();

		value_set(o, "key_tag", value_int(ds->key_tag));
		value_set(o, "algorithm", value_int(ds->algorithm));
		/* A DNSKEY as trust anchor has no digest. */
		value_set(o, "digest_type",
		    ds->ds != NULL && ds->ds->type == TYPE_DNSKEY
			? json_null()
			: value_int(ds->digest_type));
		value_set(o, "matches", value_bool(ds->matches != NULL));
		value_set(o, "supported", value_bool(ds->supported));
		value_set(o, "ignored", value_bool(ds->ignored));
		value_set(
		    o, "status", value_text(mem, ds_text(ds_fate(zone, ds))));
		value_append(array, o);
	}
	return array;
}

static json_t *
zone_keys(
    struct arena *mem, struct proofs *proofs, const struct zone_proof *zone)
{
	json_t *array = value_array();

	for (size_t i = 0; i < zone->nkeys; i++) {
		const struct key_proof *key = &zone->keys[i];
		json_t *o = value_object();
		const char *roles[7];
		size_t n = key_role_texts(key_roles(proofs, zone, key), roles);

		value_set(o, "key_tag", value_int(key->key_tag));
		value_set(o, "flags", value_int(key->flags));
		value_set(o, "algorithm", value_int(key->algorithm));
		value_set(o, "bits",
		    key->bits > 0 ? value_int(key->bits) : json_null());
		value_set(o, "roles", value_texts(mem, roles, n));
		value_append(array, o);
	}
	return array;
}

/* Until when a set of the zone is good, nothing renewed; or null. */
static json_t *
lasts(const struct zone_proof *keys_of, const struct set_proof *set, int64_t at)
{
	int64_t until;

	return set_lasts(keys_of, set, at, &until) != NULL ? value_time(until)
							   : json_null();
}

static json_t *
zone_object(struct arena *mem, struct proofs *proofs,
    const struct zone_proof *zone, int64_t at)
{
	const struct dnssec d = zone_state(proofs, zone, at);
	const struct proof *ds = zone->ds_link;
	json_t *o = value_object();

	value_set(o, "zone", value_name(mem, zone->name));
	value_set(o, "status", value_text(mem, dnssec_state_text(d.state)));
	value_set(o, "kind", value_text(mem, zone_kind_text(zone->kind)));
	value_set(o, "parent",
	    zone->parent != NULL ? value_name(mem, zone->parent->name)
				 : json_null());
	value_set(o, "reason", value_text(mem, catalogue_row(d.reason)->id));
	value_set(o, "set",
	    d.set_owner != NULL ? json_set(mem, d.set_owner, d.set_type)
				: json_null());
	value_set(o, "key_tag", d.has_tag ? value_int(d.key_tag) : json_null());
	value_set(o, "instant", d.has_date ? value_time(d.date) : json_null());
	value_set(o, "detail", value_text(mem, d.detail));
	value_set(o, "records_to_add",
	    value_texts(mem, &d.publish, d.publish != NULL ? 1 : 0));
	value_set(o, "ds_until",
	    ds != NULL && ds->link.kind == LINK_SET ? lasts(NULL, &ds->set, at)
						    : json_null());
	value_set(o, "dnskey_until", lasts(zone, &zone->dnskey, at));
	value_set(o, "ds", zone_ds(mem, zone));
	value_set(o, "dnskeys", zone_keys(mem, proofs, zone));
	value_set(o, "signatures", zone_signatures(mem, proofs, zone, at));
	return o;
}

json_t *
json_zones(struct arena *mem, struct proofs *proofs, int64_t at)
{
	const struct zone_proof **zones;
	size_t n = proofs_zones(proofs, &zones);
	json_t *array = value_array();

	for (size_t i = 0; i < n; i++)
		value_append(array, zone_object(mem, proofs, zones[i], at));
	return array;
}

/* SPDX-License-Identifier: ISC */
/* What the keys and DS records of a zone are good for, in the proofs' eyes. */
#include "proof_internal.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "signature.h"
#include "text.h"

static bool
set_signed_by(const struct set_proof *set, const struct rr *key)
{
	size_t i;

	for (i = 0; i < set->nsigs; i++)
		if (set->sigs[i].verdict == SIGNATURE_VERIFIED &&
		    set->sigs[i].dnskey == key)
			return true;
	return false;
}

/* Some record set of the zone, besides its keys, bears the key's signature. */
static bool
signs_data(const struct proofs *p, const struct rr *key)
{
	size_t i, k;

	for (i = 0; i < p->nlinks; i++)
		if (p->links[i]->pub.set.type != TYPE_DNSKEY &&
		    set_signed_by(&p->links[i]->pub.set, key))
			return true;
	for (i = 0; i < p->ndenials; i++)
		for (k = 0; k < p->denials[i]->n; k++)
			if (set_signed_by(&p->denials[i]->sets[k], key))
				return true;
	return false;
}

unsigned
key_roles(const struct proofs *p, const struct zone_proof *z,
    const struct key_proof *k)
{
	unsigned roles = 0;
	size_t i;

	if ((k->flags & DNSKEY_ZONE) != 0)
		roles |= KEY_ZONE;
	if ((k->flags & DNSKEY_SEP) != 0)
		roles |= KEY_SEP;
	if ((k->flags & DNSKEY_REVOKE) != 0)
		roles |= KEY_REVOKED;
	if (dnskey_unfit(k->dnskey) != NULL)
		roles |= KEY_UNFIT;
	for (i = 0; i < z->nds; i++)
		if (z->ds[i].matches == k->dnskey && !z->ds[i].ignored)
			roles |= KEY_NAMED;
	if (set_signed_by(&z->dnskey, k->dnskey))
		roles |= KEY_SIGNS_KEYS;
	if (signs_data(p, k->dnskey))
		roles |= KEY_SIGNS_DATA;
	return roles;
}

enum ds_fate
ds_fate(const struct zone_proof *z, const struct ds_proof *d)
{
	size_t i;

	if (d->ignored)
		return DS_IGNORED;
	if (!d->supported)
		return DS_UNSUPPORTED;
	if (d->matches != NULL)
		return DS_MATCHES;
	if (!observation_usable(z->dnskey_obs))
		return DS_UNSEEN;
	if (d->revoked)
		return DS_REVOKED;
	if (d->not_compared || z->more_keys)
		return DS_NOT_COMPARED;
	for (i = 0; i < z->nkeys; i++)
		if (z->keys[i].key_tag == d->key_tag &&
		    z->keys[i].algorithm == d->algorithm)
			return DS_DIFFERS;
	return DS_NO_KEY;
}

/* RFC 4035 5.3.3: the set lasts as long as its longest good signature. */
const struct signature_proof *
set_lasts(const struct zone_proof *keys_of, const struct set_proof *set,
    int64_t at, int64_t *until)
{
	const struct signature_proof *best = NULL;
	size_t i, k;

	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];
		int64_t end = text_serial_near(s->fields.expiration, at);

		if (s->verdict != SIGNATURE_VERIFIED || end < at ||
		    text_serial_near(s->fields.inception, at) > at)
			continue;
		/* A key set counts by the keys that a DS names. */
		for (k = 0; keys_of != NULL && k < keys_of->nds; k++)
			if (keys_of->ds[k].matches == s->dnskey &&
			    !keys_of->ds[k].ignored)
				break;
		if (keys_of != NULL && k == keys_of->nds)
			continue;
		if (best == NULL || end > *until) {
			best = s;
			*until = end;
		}
	}
	return best;
}

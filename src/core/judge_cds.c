/* SPDX-License-Identifier: ISC */
#include "judge_zones.h"

#include <string.h>

#include "arena.h"
#include "judge.h"
#include "name.h"
#include "signature.h"

/*
 * What a zone asks of its parent (RFC 7344, RFC 8078): CDS records are the
 * DS set that it wants to have, CDNSKEY records the keys of one.  Only an
 * authentic set counts, for the parent as for us (RFC 7344 4.1).
 */

enum { ALGORITHM_DELETE = 0 };

struct wish {
	const struct zone_proof *zone;
	struct answer answer; /* CDS, or else CDNSKEY */
};

/* Of CDS and DS alike: tag, algorithm, digest type, digest. */
static uint8_t
wish_algorithm(const struct rr *rr)
{
	size_t at = rr->type == TYPE_CDS ? 2 : 3;

	return rr->rdlen > at ? rr->rdata[at] : UINT8_MAX;
}

static uint16_t
wish_tag(const struct rr *rr)
{
	if (rr->type == TYPE_CDNSKEY)
		return dnskey_tag(rr->rdata, rr->rdlen);
	if (rr->rdlen < 2)
		return 0;
	return (uint16_t)(rr->rdata[0] << 8 | rr->rdata[1]);
}

/* The wish is this DS, or a DS of this key. */
static bool
wish_is_ds(const struct rr *wish, const struct rr *ds)
{
	if (wish->type == TYPE_CDNSKEY)
		return ds_names_key(ds, wish);
	return wish->rdlen == ds->rdlen &&
	    memcmp(wish->rdata, ds->rdata, ds->rdlen) == 0;
}

static bool
wish_is_key(const struct rr *wish, const struct rr *dnskey)
{
	if (wish->type == TYPE_CDS)
		return wish->rdlen > 4 && digest_supported(wish->rdata[3]) &&
		    ds_names_key(wish, dnskey);
	return wish->rdlen == dnskey->rdlen &&
	    memcmp(wish->rdata, dnskey->rdata, dnskey->rdlen) == 0;
}

/* Every DS is wished for, and nothing else. */
static bool
wish_is_present(const struct wish *w)
{
	size_t i, k;

	for (i = 0; i < w->answer.nrrs; i++) {
		for (k = 0; k < w->zone->nds; k++)
			if (wish_is_ds(w->answer.rrs[i], w->zone->ds[k].ds))
				break;
		if (k == w->zone->nds)
			return false;
	}
	for (k = 0; k < w->zone->nds; k++) {
		for (i = 0; i < w->answer.nrrs; i++)
			if (wish_is_ds(w->answer.rrs[i], w->zone->ds[k].ds))
				break;
		if (i == w->answer.nrrs)
			return false;
	}
	return true;
}

/*
 * RFC 7344 4.1, Continuity: MUST NOT break the delegation: a key that signs
 * the DNSKEY set today is among those wished for.
 */
static bool
wish_holds(const struct wish *w)
{
	const struct set_proof *set = &w->zone->dnskey;
	size_t i, k;

	if (set->more)
		return true; /* for all that is known */
	for (i = 0; i < set->nsigs; i++) {
		const struct signature_proof *s = &set->sigs[i];

		if (s->verdict != SIGNATURE_VERIFIED)
			continue;
		for (k = 0; k < w->answer.nrrs; k++)
			if (wish_is_key(w->answer.rrs[k], s->dnskey))
				return true;
	}
	return false;
}

/* RFC 8078 4: algorithm 0, alone in its set. */
static bool
wish_is_delete(const struct wish *w)
{
	return w->answer.nrrs == 1 &&
	    wish_algorithm(w->answer.rrs[0]) == ALGORITHM_DELETE;
}

static const char *
wish_words(struct judgement *j, const struct wish *w)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < w->answer.nrrs && i < 8; i++) {
		char buf[24];

		text = judge_text(j, "%s%s%u (%s)", text, i > 0 ? ", " : "",
		    (unsigned)wish_tag(w->answer.rrs[i]),
		    algorithm_text(wish_algorithm(w->answer.rrs[i]), buf));
	}
	return text;
}

static bool
wish_find(struct judgement *j, struct wish *w, uint16_t type)
{
	struct dnssec d;

	answer_follow(j->mem, j->ev, w->zone->name, type, &w->answer);
	if (w->answer.kind != ANSWER_DATA || w->answer.naliases > 0)
		return false;
	d = proof_answer(j->proofs, &w->answer, j->options.at);
	return d.state == DNSSEC_STATE_SECURE;
}

void
judge_cds(struct judgement *j, const struct zone_proof *z, bool foreign)
{
	struct wish w = { .zone = z };
	const char *zone = name_text(j->mem, z->name);
	char type[16];
	struct finding *f;

	if (!wish_find(j, &w, TYPE_CDS) && !wish_find(j, &w, TYPE_CDNSKEY))
		return;
	if (wish_is_delete(&w)) {
		f = judge_add(j, FINDING_DNSSEC_CDS_DELETE, -1, -1);
		f->detail = judge_text(j,
		    "%s asks with its %s record that its DS be removed: then "
		    "it counts as unsigned, and DANE ends",
		    zone, rr_type_text(w.answer.type, type));
		for (size_t i = 0; i < w.answer.nrrs; i++)
			finding_withdraw(&j->findings, f, w.answer.rrs[i]);
	} else if (!wish_is_present(&w)) {
		f = judge_add(j, FINDING_DNSSEC_CDS_DIFFERS, -1, -1);
		f->alt = !wish_holds(&w);
		f->detail = judge_text(j,
		    "%s asks with its %s records for a DS of key %s%s", zone,
		    rr_type_text(w.answer.type, type), wish_words(j, &w),
		    f->alt ? "; none of these signs the DNSKEY set" : "");
	} else {
		return;
	}
	f->subject.zone = z->name;
	f->subject.name = z->name;
	f->subject.type = w.answer.type;
	f->foreign = foreign;
}

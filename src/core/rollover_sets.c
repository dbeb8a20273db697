/* SPDX-License-Identifier: ISC */
/* What is published and in service now, and what will be. */
#include "rollover_part.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "name.h"
#include "overlay.h"
#include "path.h"
#include "proof.h"
#include "rdata.h"
#include "text.h"
#include "tlsa.h"

/* Resolvers cap TTLs (RFC 8767 4), but hardly any below an hour. */
enum { CAPPED_S = 3600 };

const struct overlay_cert *
rollover_cert(const struct evidence *ev, const uint8_t *host)
{
	const struct overlay *o = ev->view != NULL ? ev->asked.overlay : NULL;
	const struct overlay_cert *general = NULL;

	for (size_t i = o != NULL ? o->ncerts : 0; i > 0; i--) {
		const struct overlay_cert *c = &o->certs[i - 1];

		if (c->host != NULL && name_equal(c->host, host))
			return c;
		if (c->host == NULL && general == NULL)
			general = c;
	}
	return general;
}

/* ---- records ---- */

static uint32_t
left_of(const struct link *l)
{
	uint32_t left = UINT32_MAX;

	for (size_t i = 0; i < l->obs->nanswer; i++)
		if (l->obs->answer[i].type == l->type &&
		    name_equal(l->obs->answer[i].owner, l->owner) &&
		    l->obs->answer[i].ttl < left)
			left = l->obs->answer[i].ttl;
	return left == UINT32_MAX ? 0 : left;
}

/*
 * Of each link, for another may have been there before.  A cache got the set
 * before this one no later than the resolver got this one, so what is left
 * here is the most that is left there; unless the resolver caps TTLs, so that
 * what is left does not tell when it came.
 */
static void
times(struct judgement *j, struct proofs *proofs, const struct answer *a,
    struct records *r)
{
	int64_t wait = 0;

	for (size_t i = 0; i < a->nlinks; i++) {
		const struct proof *p = proofs_link(proofs, &a->links[i]);
		uint32_t left = left_of(&a->links[i]), whole = left;

		if (p->set.nsigs > 0 &&
		    p->set.sigs[0].fields.original_ttl > whole)
			whole = p->set.sigs[0].fields.original_ttl;
		if (whole > r->ttl)
			r->ttl = whole;
		if (whole > CAPPED_S)
			left = whole;
		if (left > wait)
			wait = left;
	}
	r->settled = j->ev->collected_at + wait;
}

bool
rollover_replaces(const struct evidence *ev)
{
	const struct overlay *o = ev->view != NULL ? ev->asked.overlay : NULL;

	return o != NULL && o->nzones + o->nwithout + o->nwith > 0;
}

/*
 * An earlier run that saw the same set knows better when the one before it was
 * forgotten.  If it saw another one, that is what caches may hold, for the TTL
 * that it had (RFC 7671 8.1), from now on at the latest.
 */
static void
settle(struct judgement *j, struct records *r)
{
	for (size_t i = 0; i < j->options.nknown; i++) {
		const struct rollover_set *k = &j->options.known[i];
		bool same = name_equal(k->name, r->name) && k->n == r->n;

		for (size_t n = 0; same && n < r->n; n++)
			same = strcmp(k->records[n], r->texts[n]) == 0;
		if (same) {
			r->settled = k->settled;
			return;
		}
		if (!name_equal(k->name, r->name))
			continue;
		r->changed = true;
		if (j->ev->collected_at + (int64_t)k->ttl > r->settled)
			r->settled = j->ev->collected_at + (int64_t)k->ttl;
	}
}

struct records
rollover_records(struct judgement *j, const struct evidence *published,
    const uint8_t *tlsa_name)
{
	struct answer *a = arena_alloc(j->mem, sizeof *a);
	struct records r = { .name = tlsa_name, .owner = tlsa_name };
	struct proofs *proofs = j->proofs;
	struct dnssec state;

	answer_follow(j->mem, published, tlsa_name, TYPE_TLSA, a);
	r.observed = a->kind == ANSWER_DATA || a->kind == ANSWER_NODATA ||
	    a->kind == ANSWER_NXDOMAIN;
	if (a->kind != ANSWER_DATA)
		return r;
	if (rollover_replaces(j->ev))
		proofs = proofs_like(proofs, j->mem, published);
	state = proof_answer(proofs, a, j->options.at);
	times(j, proofs, a, &r);
	r.list = arena_array(j->mem, a->nrrs, sizeof *r.list);
	r.texts = arena_array(j->mem, a->nrrs, sizeof *r.texts);
	r.owner = dane_owner(proofs, a);
	for (; r.n < a->nrrs; r.n++) {
		tlsa_read(j->mem, dane_record(j->mem, r.owner, a->rrs[r.n]),
		    &r.list[r.n]);
		r.texts[r.n] = rdata_text(j->mem, a->rrs[r.n]);
	}
	settle(j, &r);
	tlsa_agility(r.list, r.n);
	/* What could not be proved from what was asked may well be in force. */
	for (size_t i = 0; i < r.n; i++)
		r.demand |= r.list[i].usable && !r.list[i].agile_out &&
		    state.state != DNSSEC_STATE_INSECURE;
	return r;
}

/* ---- chains ---- */

struct cert **
rollover_parse(
    struct judgement *j, const struct blob *chain, size_t nchain, size_t *n)
{
	struct cert **certs;

	*n = nchain < DANE_CHAIN_MAX ? nchain : DANE_CHAIN_MAX;
	certs = arena_array(j->mem, *n, sizeof(struct cert *));
	for (size_t i = 0; i < *n; i++)
		certs[i] = cert_parse(j->mem, chain[i].data, chain[i].len);
	return certs;
}

static bool
same_cert(const struct cert *a, const struct cert *b)
{
	return a->parsed && b->parsed &&
	    memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0;
}

/* Once, however many sessions show it. */
static void
add_chain(struct chains *c, struct cert **certs, size_t n)
{
	for (size_t i = 0; i < c->n; i++)
		if (same_cert(c->certs[i][0], certs[0]))
			return;
	if (n == 0 || c->n == CHAINS_MAX)
		return;
	c->certs[c->n] = certs;
	c->ncerts[c->n++] = n;
}

struct chains
rollover_coming(struct judgement *j, const struct host_view *hv)
{
	const struct overlay *o = j->ev->asked.overlay;
	struct chains c = { .n = 0 };

	for (size_t a = 0; a < hv->host->naddresses && c.n == 0; a++) {
		const struct address_view *av = &hv->addresses[a];

		if (av->nchain > 0)
			add_chain(&c, av->chain, av->nchain);
		for (int k = 0; k < 2 && av->nchain > 0; k++)
			if (av->nchain2[k] > 0)
				add_chain(&c, av->chain2[k], av->nchain2[k]);
	}
	if (c.n > 0)
		return c;
	/* A later one of its kind takes the place of one before. */
	for (size_t i = o->ncerts; i > 0; i--) {
		const struct overlay_cert *oc = &o->certs[i - 1];
		struct cert **certs;
		bool replaced = false;
		size_t n;

		if (oc->host != NULL && !name_equal(oc->host, hv->host->name))
			continue;
		certs = rollover_parse(j, oc->chain, oc->nchain, &n);
		for (size_t k = 0; k < c.n; k++)
			replaced |= c.certs[k][0]->key == certs[0]->key;
		if (!replaced)
			add_chain(&c, certs, n);
	}
	return c;
}

struct dane_check
rollover_check(struct judgement *j, const struct host_view *hv,
    struct cert **certs, size_t n, const struct tlsa_view *list, size_t nlist,
    int64_t at)
{
	struct dane_peer peer = dane_peer(j, hv);
	struct dane_chain chain;
	int by;

	peer.at = at;
	dane_chain_init(&chain, certs, n);
	return dane_best(j->mem, &chain, list, nlist, &peer, &by);
}

bool
rollover_has_ended(
    const struct judgement *j, const struct cert *leaf, int64_t at)
{
	const struct catalogue_row *row =
	    catalogue_row(FINDING_CERT_EXPIRED_EE);

	return leaf->parsed && leaf->not_after < at &&
	    row->severity[j->options.profile] == SEVERITY_FAIL;
}

bool
rollover_all_pass(struct judgement *j, const struct host_view *hv,
    const struct chains *c, const struct tlsa_view *list, size_t n, int64_t at)
{
	for (size_t i = 0; i < c->n; i++)
		if (rollover_check(
			j, hv, c->certs[i], c->ncerts[i], list, n, at)
			    .verdict != DANE_AUTHENTIC ||
		    rollover_has_ended(j, c->certs[i][0], at))
			return false;
	return c->n > 0;
}

/* Only where the sender looks at the date: usage 2, or Exchange. */
static bool
is_too_early(const struct host_case *c, size_t i)
{
	struct cert *leaf = c->coming.certs[i][0];
	const struct catalogue_row *row =
	    catalogue_row(FINDING_CERT_NOT_YET_VALID_EE);
	struct dane_check d;

	if (!leaf->parsed || leaf->not_before <= c->j->options.at)
		return false;
	if (row->severity[c->j->options.profile] == SEVERITY_FAIL)
		return true;
	d = rollover_check(c->j, c->hv, c->coming.certs[i], c->coming.ncerts[i],
	    c->hv->tlsa, c->hv->ntlsa, c->j->options.at);
	return d.verdict == DANE_NOT_ACCEPTED && d.early != NULL;
}

int64_t
rollover_valid_from(const struct host_case *c)
{
	int64_t from = INT64_MIN;

	for (size_t i = 0; i < c->coming.n; i++)
		if (is_too_early(c, i) &&
		    c->coming.certs[i][0]->not_before > from)
			from = c->coming.certs[i][0]->not_before;
	return from;
}

const char *
rollover_wait(const struct host_case *c, uint32_t ttl)
{
	int64_t from = rollover_valid_from(c);
	char wait[32], at[32];

	text_duration((int64_t)ttl, wait);
	if (from <= c->j->options.at + (int64_t)ttl)
		return judge_text(c->j, "%s later", wait);
	return judge_text(c->j,
	    "%s later, and not before the certificate is valid, at %s", wait,
	    text_time(from, at));
}

/* ---- in service ---- */

/* Published addresses that the host will not have: nobody looked at those. */
static bool
moves(struct judgement *j, const struct evidence *published,
    const struct host_view *hv)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };

	for (int t = 0; t < 2; t++) {
		struct answer a;
		char text[46];

		answer_follow(j->mem, published, hv->host->name, types[t], &a);
		for (size_t i = 0; i < a.nrrs; i++) {
			bool stays = false;

			if (a.rrs[i]->rdlen != (t ? 16 : 4))
				continue;
			address_text(a.rrs[i]->rdata, t == 1, text);
			for (size_t k = 0; k < hv->host->naddresses; k++)
				stays |= strcmp(text,
					     hv->host->addresses[k].text) == 0;
			if (!stays)
				return true;
		}
	}
	return false;
}

struct shown_chain {
	struct cert **certs;
	size_t n;
};

/* Those that the host's addresses show now, as far as they can be read. */
static struct shown_chain *
shown_chains(struct judgement *j, const struct evidence *published,
    const struct path_host *h, size_t *n)
{
	struct shown_chain *list =
	    arena_array(j->mem, h->naddresses * (KEYS_ECDSA + 1), sizeof *list);

	*n = 0;
	for (size_t a = 0; a < h->naddresses; a++)
		for (int k = KEYS_ANY; k <= KEYS_ECDSA; k++) {
			const struct smtp_observation *o =
			    evidence_smtp(published, h->name,
				h->addresses[a].text, (enum tls_keys)k);
			struct shown_chain *one = &list[*n];

			if (o == NULL || o->outcome != SMTP_TLS ||
			    o->nchain == 0)
				continue;
			one->certs =
			    rollover_parse(j, o->chain, o->nchain, &one->n);
			*n += one->certs[0]->parsed;
		}
	return list;
}

/* All of them, beside what is to come. */
struct shown {
	struct judgement *j;
	const struct host_view *hv;
	const struct chains *coming;
	const struct records *now;
	size_t counts[PRESENT_BROKEN + 1];
	bool in_service[CHAINS_MAX]; /* of those to come */
};

static void
show(struct shown *s, struct cert **certs, size_t n)
{
	const struct judgement *j = s->j;
	bool fits = !s->hv->dane ||
	    rollover_check(
		s->j, s->hv, certs, n, s->hv->tlsa, s->hv->ntlsa, j->options.at)
		    .verdict == DANE_AUTHENTIC;
	bool works = !s->now->demand ||
	    rollover_check(
		s->j, s->hv, certs, n, s->now->list, s->now->n, j->options.at)
		    .verdict == DANE_AUTHENTIC;

	for (size_t i = 0; i < s->coming->n; i++) {
		/* The same leaf with other issuers is another chain, if the
		 * records see it so. */
		bool whole = s->coming->ncerts[i] == n || fits;

		if (!same_cert(s->coming->certs[i][0], certs[0]) || !whole)
			continue;
		s->in_service[i] = true;
		s->counts[fits || !works ? PRESENT_THE_SAME
					 : PRESENT_UNMATCHED]++;
		return;
	}
	if (fits)
		s->counts[PRESENT_MATCHED]++;
	else
		s->counts[works ? PRESENT_UNMATCHED : PRESENT_BROKEN]++;
}

/* One record alone lets the chain pass. */
static bool
passes_by(const struct host_case *c, struct cert **certs, size_t n,
    const struct tlsa_view *record)
{
	return rollover_check(
		   c->j, c->hv, certs, n, record, 1, c->j->options.at)
		   .verdict == DANE_AUTHENTIC;
}

/* Those to come that a sender meets in the place of this one. */
static bool
successors_pass(const struct host_case *c, const struct cert *present,
    const struct tlsa_view *record)
{
	const struct chains *all = &c->coming;
	bool kind = false;

	for (size_t i = 0; i < all->n; i++)
		kind |= all->certs[i][0]->key == present->key;
	for (size_t i = 0; i < all->n; i++)
		if ((!kind || all->certs[i][0]->key == present->key) &&
		    !passes_by(c, all->certs[i], all->ncerts[i], record))
			return false;
	return all->n > 0;
}

/* *any: by one of them it passes at all; else nothing gets worse. */
static bool
chain_goes_on(const struct host_case *c, struct cert **certs, size_t n,
    const struct records *now, bool *any)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct tlsa_view *record = &now->list[i];

		if (!record->usable || record->agile_out ||
		    !passes_by(c, certs, n, record))
			continue;
		if (!successors_pass(c, certs[0], record))
			return false;
		*any = true;
	}
	return true;
}

/* By these records, and by its dates where the sender looks at them. */
static bool
chain_passes(const struct host_case *c, const struct shown_chain *one,
    const struct records *now, int64_t at)
{
	return rollover_check(
		   c->j, c->hv, one->certs, one->n, now->list, now->n, at)
		   .verdict == DANE_AUTHENTIC &&
	    !rollover_has_ended(c->j, one->certs[0], at);
}

bool
rollover_goes_on(const struct host_case *c, const struct records *now)
{
	size_t n;
	struct shown_chain *shown =
	    shown_chains(c->j, c->live, c->hv->host, &n);

	bool any = false;

	for (size_t i = 0; i < n; i++)
		if (!chain_goes_on(c, shown[i].certs, shown[i].n, now, &any))
			return false;
	return any && !now->changed && !moves(c->j, c->live, c->hv);
}

bool
rollover_ends_before(
    const struct host_case *c, const struct records *now, int64_t at)
{
	size_t n;
	struct shown_chain *shown =
	    shown_chains(c->j, c->live, c->hv->host, &n);

	for (size_t i = 0; i < n; i++)
		if (chain_passes(c, &shown[i], now, c->j->options.at) &&
		    !chain_passes(c, &shown[i], now, at))
			return true;
	return false;
}

enum rollover_present
rollover_present(struct judgement *j, const struct evidence *published,
    const struct host_view *hv, const struct chains *coming,
    const struct records *now, bool *working)
{
	struct shown s = { .j = j, .hv = hv, .coming = coming, .now = now };
	size_t nchains;
	struct shown_chain *chains =
	    shown_chains(j, published, hv->host, &nchains);
	bool all = true;

	for (size_t i = 0; i < nchains; i++)
		show(&s, chains[i].certs, chains[i].n);
	for (size_t i = 0; i < coming->n; i++)
		all &= s.in_service[i];
	*working = s.counts[PRESENT_BROKEN] == 0 ||
	    s.counts[PRESENT_UNMATCHED] + s.counts[PRESENT_MATCHED] +
		    s.counts[PRESENT_THE_SAME] >
		0;
	/* The worst that the change itself does comes first. */
	if (s.counts[PRESENT_UNMATCHED] > 0)
		return PRESENT_UNMATCHED;
	if (moves(j, published, hv)) {
		*working = true;
		return PRESENT_NOT_SEEN;
	}
	if (s.counts[PRESENT_MATCHED] > 0 ||
	    (s.counts[PRESENT_THE_SAME] > 0 && !all))
		return PRESENT_MATCHED;
	if (s.counts[PRESENT_BROKEN] > 0)
		return PRESENT_BROKEN;
	return s.counts[PRESENT_THE_SAME] > 0 ? PRESENT_THE_SAME
					      : PRESENT_NOT_SEEN;
}

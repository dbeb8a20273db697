/* SPDX-License-Identifier: ISC */
#include "dane.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "cert.h"
#include "judge.h"
#include "name.h"
#include "tlsa.h"

/* A walk from the leaf towards an authority. */
struct walk {
	struct dane_chain *chain;
	const struct tlsa_view *record;
	const struct cert *sent_as_data; /* 2 0 0: the record's certificate */
	int64_t at;
	bool in_date; /* only over certificates whose dates are right */
	int above[DANE_CHAIN_MAX]; /* towards the leaf; -1: not reached */
	size_t order[DANE_CHAIN_MAX]; /* as reached: the leaf first */
	size_t nreached;
	size_t end; /* the last certificate of the chain on the path */
	const struct cert *anchor;
};

void
dane_chain_init(struct dane_chain *chain, struct cert **certs, size_t n)
{
	*chain = (struct dane_chain){
		.certs = certs,
		.n = n < DANE_CHAIN_MAX ? n : DANE_CHAIN_MAX,
	};
}

/* Sent twice: the copy adds nothing to the path. */
static bool
same_cert(const struct cert *a, const struct cert *b)
{
	return a->derlen == b->derlen && memcmp(a->der, b->der, a->derlen) == 0;
}

/* Before the costly look: the texts are equal where the names are. */
static bool
may_be_issuer(const struct cert *child, const struct cert *issuer)
{
	return child->parsed && issuer->parsed && issuer->is_ca &&
	    strcasecmp(child->issuer, issuer->subject) == 0 &&
	    !same_cert(child, issuer);
}

/* Asked only where a path leads: most pairs of a long chain never are. */
static bool
issued(struct dane_chain *chain, size_t child, size_t issuer)
{
	const struct cert *c = chain->certs[child], *i = chain->certs[issuer];
	enum dane_issued *known = &chain->issued[child][issuer];

	if (*known == ISSUED_UNASKED) {
		*known = ISSUED_NO;
		/* Many authorities of one name must not cost for ever. */
		if (may_be_issuer(c, i) &&
		    chain->nissuers++ < DANE_ISSUERS_MAX &&
		    cert_issued_by(c, i))
			*known = ISSUED_YES;
	}
	return *known == ISSUED_YES;
}

static bool
in_date(const struct cert *c, int64_t at)
{
	/* RFC 5280 4.1.2.5: from notBefore through notAfter, inclusive. */
	return c->not_before <= at && at <= c->not_after;
}

/*
 * RFC 5280 6.1.1: an anchor is a name and a key, its dates are no input.
 * Senders read them where the anchor has signed itself.
 */
static bool
dateless_anchor(const struct walk *w, const struct cert *c)
{
	if (w->record == NULL || c->self_issued || !tlsa_has(w->record, c))
		return false;
	/* A twin whose dates are right is what senders take instead. */
	for (size_t k = 1; k < w->chain->n; k++) {
		const struct cert *twin = w->chain->certs[k];

		if (twin->parsed && in_date(twin, w->at) &&
		    twin->spkilen == c->spkilen &&
		    memcmp(twin->spki, c->spki, c->spkilen) == 0)
			return false;
	}
	return true;
}

/* Breadth first: the shortest path to every certificate. */
static void
walk_reach(struct walk *w)
{
	for (size_t i = 0; i < DANE_CHAIN_MAX; i++)
		w->above[i] = -1;
	w->nreached = 0;
	if (w->chain->n == 0 || !w->chain->certs[0]->parsed ||
	    (w->in_date && !in_date(w->chain->certs[0], w->at)))
		return;
	w->above[0] = 0;
	w->order[w->nreached++] = 0;
	for (size_t i = 0; i < w->nreached; i++) {
		size_t child = w->order[i];

		for (size_t k = 1; k < w->chain->n; k++) {
			if (w->above[k] >= 0 || !issued(w->chain, child, k))
				continue;
			if (w->in_date && !in_date(w->chain->certs[k], w->at) &&
			    !dateless_anchor(w, w->chain->certs[k]))
				continue;
			w->above[k] = (int)child;
			w->order[w->nreached++] = k;
		}
	}
}

/* The authority is in the record alone (RFC 7671 5.2.2, 5.2.3). */
static bool
anchor_in_record(struct walk *w, const struct cert *c)
{
	const struct tlsa_view *v = w->record;

	if (v->matching != MATCHING_FULL ||
	    w->chain->nanchors >= DANE_ANCHORS_MAX)
		return false;
	w->chain->nanchors++;
	/* A bare key may have signed its own certificate as well. */
	if (v->selector == SELECTOR_SPKI)
		return cert_signed_by_spki(c, v->data, v->datalen);
	if (!w->sent_as_data->is_ca || tlsa_has(v, w->chain->certs[0]) ||
	    (w->in_date && !in_date(w->sent_as_data, w->at) &&
		!dateless_anchor(w, w->sent_as_data)))
		return false;
	return cert_issued_by(c, w->sent_as_data);
}

/*
 * RFC 7672 3.1.2, RFC 7671 5.2: the record names a certificate that issued
 * another one of the path, so never the leaf.
 */
static bool
walk_find(struct walk *w)
{
	walk_reach(w);
	for (size_t i = 1; i < w->nreached; i++) {
		size_t k = w->order[i];

		if (tlsa_has(w->record, w->chain->certs[k])) {
			w->end = k;
			w->anchor = w->chain->certs[k];
			return true;
		}
	}
	for (size_t i = 0; i < w->nreached; i++) {
		if (anchor_in_record(w, w->chain->certs[w->order[i]])) {
			w->end = w->order[i];
			w->anchor = w->sent_as_data;
			return true;
		}
	}
	return false;
}

static void
judge_dates(struct dane_check *check, const struct cert *c, int64_t at)
{
	if (at > c->not_after && check->expired == NULL)
		check->expired = c;
	if (at < c->not_before && check->early == NULL)
		check->early = c;
	if (check->first_to_expire == NULL ||
	    c->not_after < check->first_to_expire->not_after)
		check->first_to_expire = c;
}

static bool
named(const struct cert *leaf, const struct dane_peer *peer)
{
	for (size_t i = 0; i < peer->nnames; i++)
		if (cert_has_name(leaf, peer->names[i]))
			return true;
	return false;
}

/* A certificate of the path, and how many authorities stand below it. */
static const char *
find_flaw(const struct walk *w, const struct cert *c, unsigned below, bool top)
{
	const struct cert *leaf = w->chain->certs[0];

	if (c->unknown_critical)
		return "it has a critical extension that senders do not know";
	if (!c->for_servers)
		return "its extended key usage leaves no TLS servers";
	if (c == leaf)
		return c->key_for_tls ? NULL : "its key usage leaves no TLS";
	/* The last one need not be a certificate of version 3. */
	if (!c->ca_constraint && !top)
		return "it has no basic constraints with cA";
	if (c->pathlen >= 0 && below > (unsigned)c->pathlen)
		return "more authorities stand below it than its path length "
		       "allows";
	if (!cert_permits(c, leaf))
		return "its name constraints exclude the server's names";
	return NULL;
}

/* RFC 5280 6.1, and the extensions of 4.2.1, from the leaf to the anchor. */
static void
judge_fitness(const struct walk *w, struct dane_check *check)
{
	const struct cert *path[DANE_CHAIN_MAX + 1];
	unsigned n = 0, below = 0;

	if (w->anchor != NULL && w->anchor != w->chain->certs[w->end])
		path[n++] = w->anchor;
	for (size_t k = w->end;; k = (size_t)w->above[k]) {
		path[n++] = w->chain->certs[k];
		if (k == 0)
			break;
	}
	while (n-- > 0) {
		const struct cert *c = path[n];

		check->flaw = find_flaw(w, c, below, n == 0);
		if (check->flaw != NULL) {
			check->unfit = c;
			return;
		}
		/* RFC 5280 4.2.1.9: but for the self-issued ones. */
		if (c != w->chain->certs[0] && !c->self_issued)
			below++;
	}
}

static struct dane_check
walk_judge(const struct walk *w, const struct dane_peer *peer)
{
	struct dane_check check = { .anchor = w->anchor };
	size_t k = w->end;

	/* An anchor in the record alone lies one step further. */
	if (w->anchor != w->chain->certs[w->end])
		check.depth = 1;
	for (;; k = (size_t)w->above[k]) {
		if (w->chain->certs[k] != w->anchor)
			judge_dates(&check, w->chain->certs[k], peer->at);
		if (k == 0)
			break;
		check.depth++;
	}
	if (w->anchor != NULL && !dateless_anchor(w, w->anchor))
		judge_dates(&check, w->anchor, peer->at);
	judge_fitness(w, &check);
	if (check.flaw != NULL) {
		check.verdict = DANE_NO_PATH;
		return check;
	}
	/* RFC 7672 3.2.2: at least one reference identifier MUST match. */
	check.wrong_name = !named(w->chain->certs[0], peer);
	check.verdict =
	    check.expired != NULL || check.early != NULL || check.wrong_name
	    ? DANE_NOT_ACCEPTED
	    : DANE_AUTHENTIC;
	return check;
}

static struct dane_check
check_ta(struct arena *mem, struct dane_chain *chain, const struct tlsa_view *v,
    const struct dane_peer *peer)
{
	struct walk w = { .chain = chain, .record = v, .at = peer->at };
	struct dane_check check = { .verdict = DANE_NOTHING };

	if (v->matching == MATCHING_FULL && v->selector == SELECTOR_CERT)
		w.sent_as_data = cert_parse(mem, v->data, v->datalen);
	/* A path whose dates are right is preferred to one that is shorter. */
	w.in_date = true;
	if (walk_find(&w))
		return walk_judge(&w, peer);
	w.in_date = false;
	if (walk_find(&w))
		return walk_judge(&w, peer);
	if (v->matching == MATCHING_FULL)
		check.verdict = DANE_NO_PATH;
	for (size_t k = 1; k < chain->n; k++) {
		if (tlsa_has(v, chain->certs[k])) {
			check.verdict = DANE_NO_PATH;
			check.anchor = chain->certs[k];
			check.depth = (unsigned)k;
			break;
		}
	}
	return check;
}

struct dane_check
dane_check(struct arena *mem, struct dane_chain *chain,
    const struct tlsa_view *v, const struct dane_peer *peer)
{
	if (chain->n == 0 || !v->usable)
		return (struct dane_check){ .verdict = DANE_NOTHING };
	if (v->usage == DANE_TA)
		return check_ta(mem, chain, v, peer);
	/*
	 * RFC 7672 3.1.1: the leaf alone; its dates and names MUST be
	 * ignored.
	 */
	if (!tlsa_has(v, chain->certs[0]))
		return (struct dane_check){ .verdict = DANE_NOTHING };
	return (struct dane_check){
		.verdict = DANE_AUTHENTIC,
		.anchor = chain->certs[0],
	};
}

struct dane_check
dane_best(struct arena *mem, struct dane_chain *chain,
    const struct tlsa_view *list, size_t n, const struct dane_peer *peer,
    int *by)
{
	static const unsigned order[] = { DANE_EE, DANE_TA };
	struct dane_check best = { .verdict = DANE_NOTHING };

	*by = -1;
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			struct dane_check check;

			if (!list[i].usable || list[i].agile_out ||
			    list[i].usage != order[pass])
				continue;
			check = dane_check(mem, chain, &list[i], peer);
			if (check.verdict <= best.verdict)
				continue;
			best = check;
			*by = (int)i;
			if (best.verdict == DANE_AUTHENTIC)
				return best;
		}
	}
	return best;
}

bool
dane_chain_complete(struct dane_chain *chain)
{
	struct walk w = { .chain = chain };

	walk_reach(&w);
	for (size_t i = 0; i < w.nreached; i++)
		if (chain->certs[w.order[i]]->self_issued)
			return true;
	return false;
}

struct dane_peer
dane_peer(struct judgement *j, const struct host_view *hv)
{
	struct dane_peer peer = { .at = j->options.at };

	peer.names = arena_array(j->mem, 3, sizeof *peer.names);
	if (hv->base_domain != NULL)
		peer.names[peer.nnames++] =
		    name_text_nodot(j->mem, hv->base_domain);
	peer.names[peer.nnames++] = name_text_nodot(j->mem, j->path->domain);
	/* An alias of the next hop counts only when it is authentic. */
	if (j->mx_secure && j->path->mx.final != NULL)
		peer.names[peer.nnames++] =
		    name_text_nodot(j->mem, j->path->mx.final);
	return peer;
}

uint32_t
dane_ttl(struct judgement *j, const struct answer *a)
{
	const struct proof *p;

	if (a->nlinks == 0)
		return a->ttl;
	p = proofs_link(j->proofs, &a->links[a->nlinks - 1]);
	if (p->set.nsigs > 0 && p->set.sigs[0].fields.original_ttl > a->ttl)
		return p->set.sigs[0].fields.original_ttl;
	return a->ttl;
}

const uint8_t *
dane_owner(struct proofs *proofs, const struct answer *a)
{
	const struct link *last;
	const struct proof *p;

	if (a->nlinks == 0 || a->kind != ANSWER_DATA)
		return a->final;
	last = &a->links[a->nlinks - 1];
	p = proofs_link(proofs, last);
	if (p->wildcard != NULL)
		return p->wildcard;
	/* An unsigned file's answers have no signature that tells. */
	if (last->obs->assumed && last->obs->assumed_wildcard != NULL)
		return last->obs->assumed_wildcard;
	return a->final;
}

const struct rr *
dane_record(struct arena *mem, const uint8_t *owner, const struct rr *rr)
{
	struct rr *copy;

	if (name_equal(rr->owner, owner))
		return rr;
	copy = arena_copy(mem, rr, sizeof *rr);
	copy->owner = owner;
	return copy;
}

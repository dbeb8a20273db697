/* SPDX-License-Identifier: ISC */
#include "rollover.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "judge.h"
#include "name.h"
#include "overlay.h"
#include "plan.h"
#include "rdata.h"
#include "text.h"
#include "tlsa.h"

enum { PUBLISH_MAX = 4, COMING_MAX = 3 };

/* Chains, leaf first. */
struct coming {
	struct cert **certs[COMING_MAX];
	size_t ncerts[COMING_MAX];
	size_t n;
};

/* The evidence without what is not published yet. */
static struct evidence
published(const struct evidence *ev)
{
	struct evidence live = *ev;

	live.view = NULL;
	return live;
}

/* The last certificate for the host; NULL: it keeps the one that it has. */
static const struct overlay_cert *
new_cert(const struct evidence *ev, const uint8_t *host)
{
	const struct overlay *o = ev->view != NULL ? ev->asked.overlay : NULL;

	for (size_t i = o != NULL ? o->ncerts : 0; i > 0; i--)
		if (o->certs[i - 1].host == NULL ||
		    name_equal(o->certs[i - 1].host, host))
			return &o->certs[i - 1];
	return NULL;
}

/* ---- wants ---- */

static void
want_answer(struct wants *w, const struct evidence *live, const uint8_t *name)
{
	const struct evidence *view = w->ev;
	struct answer a;

	if (name == NULL)
		return;
	w->ev = live;
	answer_follow(w->mem, live, name, TYPE_TLSA, &a);
	wants_answer(w, &a);
	w->ev = view;
}

void
rollover_wants(const struct path *p, struct wants *w)
{
	struct evidence live = published(w->ev);

	for (size_t i = 0; i < p->nhosts; i++) {
		const struct path_host *h = &p->hosts[i];

		if (h->over_limit || new_cert(w->ev, h->name) == NULL)
			continue;
		for (size_t k = 0; k < h->ntlsa; k++)
			want_answer(w, &live, h->tlsa[k].name);
	}
}

/* ---- judging ---- */

/* The records that are published now, ready to be matched. */
struct records {
	struct tlsa_view *list;
	size_t n;
	const struct answer *answer;
};

static struct records
published_records(struct judgement *j, const struct evidence *live,
    const struct host_view *hv)
{
	struct answer *a = arena_alloc(j->mem, sizeof *a);
	struct records r = { .answer = a };

	answer_follow(j->mem, live, hv->tlsa_answer->name, TYPE_TLSA, a);
	if (a->kind != ANSWER_DATA)
		return r;
	r.list = arena_array(j->mem, a->nrrs, sizeof *r.list);
	for (; r.n < a->nrrs; r.n++)
		tlsa_read(j->mem, a->rrs[r.n], &r.list[r.n]);
	tlsa_agility(r.list, r.n);
	return r;
}

static bool
passes(struct judgement *j, const struct host_view *hv, struct cert **certs,
    size_t n, const struct tlsa_view *list, size_t nlist)
{
	struct dane_peer peer = dane_peer(j, hv);
	struct dane_chain chain;
	int by;

	if (n == 0)
		return false;
	dane_chain_init(&chain, certs, n);
	return dane_best(j->mem, &chain, list, nlist, &peer, &by).verdict ==
	    DANE_AUTHENTIC;
}

static struct cert **
parse(struct judgement *j, const struct blob *chain, size_t nchain, size_t *n)
{
	struct cert **certs;

	*n = nchain < DANE_CHAIN_MAX ? nchain : DANE_CHAIN_MAX;
	certs = arena_array(j->mem, *n, sizeof(struct cert *));
	for (size_t i = 0; i < *n; i++)
		certs[i] = cert_parse(j->mem, chain[i].data, chain[i].len);
	return certs;
}

static void
add_chain(struct coming *c, struct cert **certs, size_t n)
{
	c->certs[c->n] = certs;
	c->ncerts[c->n++] = n;
}

/*
 * The chains that the host will have: for each kind of key, with what stays
 * beside the new ones where a session was had; else the new ones alone.
 */
static struct coming
coming_chains(struct judgement *j, const struct host_view *hv)
{
	const struct overlay *o = j->ev->asked.overlay;
	struct coming c = { .n = 0 };

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
	for (size_t i = o->ncerts; i > 0 && c.n < COMING_MAX; i--) {
		const struct overlay_cert *oc = &o->certs[i - 1];
		struct cert **certs;
		bool replaced = false;
		size_t n;

		if (oc->host != NULL && !name_equal(oc->host, hv->host->name))
			continue;
		certs = parse(j, oc->chain, oc->nchain, &n);
		for (size_t k = 0; k < c.n; k++)
			replaced |= c.certs[k][0]->key == certs[0]->key;
		if (!replaced)
			add_chain(&c, certs, n);
	}
	return c;
}

/* Every certificate that the host will have, by these records. */
static bool
all_pass(struct judgement *j, const struct host_view *hv,
    const struct coming *c, const struct tlsa_view *list, size_t n)
{
	for (size_t i = 0; i < c->n; i++)
		if (!passes(j, hv, c->certs[i], c->ncerts[i], list, n))
			return false;
	return c->n > 0;
}

/* What is in service at the addresses: the worst of those that were seen. */
static enum rollover_present
present(struct judgement *j, const struct evidence *live,
    const struct host_view *hv, const struct records *now)
{
	enum rollover_present worst = PRESENT_NOT_SEEN;

	for (size_t a = 0; a < hv->host->naddresses; a++) {
		const struct address_view *av = &hv->addresses[a];
		const struct smtp_observation *s = evidence_smtp(
		    live, hv->host->name, av->address->text, KEYS_ANY);
		enum rollover_present p = PRESENT_MATCHED;
		struct cert **certs;
		size_t n;

		if (s == NULL || s->outcome != SMTP_TLS || s->nchain == 0)
			continue;
		certs = parse(j, s->chain, s->nchain, &n);
		if (av->nchain > 0 && av->chain[0]->parsed &&
		    certs[0]->parsed &&
		    memcmp(certs[0]->sha256, av->chain[0]->sha256,
			sizeof certs[0]->sha256) == 0)
			p = PRESENT_THE_SAME;
		else if (!passes(j, hv, certs, n, hv->tlsa, hv->ntlsa))
			p = passes(j, hv, certs, n, now->list, now->n)
			    ? PRESENT_UNMATCHED
			    : PRESENT_BROKEN;
		if (p > worst)
			worst = p;
	}
	return worst;
}

static void
publish(struct judgement *j, struct rollover_host *r, const char *line)
{
	for (size_t i = 0; i < r->npublish; i++)
		if (strcmp(r->publish[i], line) == 0)
			return;
	if (r->publish == NULL)
		r->publish =
		    arena_array(j->mem, PUBLISH_MAX, sizeof *r->publish);
	if (r->npublish < PUBLISH_MAX)
		r->publish[r->npublish++] = line;
}

/* The 3 1 1 record of each of the new certificates (RFC 7672 3.1.1). */
static void
publish_keys(struct judgement *j, struct rollover_host *r,
    const struct host_view *hv, const struct coming *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->certs[i][0]->parsed)
			publish(j, r,
			    tlsa_line(j->mem, hv->tlsa_answer->final, r->ttl,
				DANE_EE, c->certs[i][0]));
}

/* Of the records to come those that are not published and fit. */
static void
publish_coming(struct judgement *j, struct rollover_host *r,
    const struct host_view *hv, const struct records *now)
{
	for (size_t i = 0; i < hv->ntlsa; i++) {
		const struct rr *rr = hv->tlsa[i].rr;
		bool there = false;

		for (size_t k = 0; k < now->n; k++)
			there |= now->list[k].rr->rdlen == rr->rdlen &&
			    memcmp(now->list[k].rr->rdata, rr->rdata,
				rr->rdlen) == 0;
		if (!there && hv->tlsa[i].nmatches > 0)
			publish(j, r, rr_text(j->mem, rr));
	}
}

static void
judge_publication(struct judgement *j, struct rollover_host *r,
    const struct host_view *hv, const struct coming *c,
    const struct records *now)
{
	char wait[32], at[32];

	text_duration((int64_t)r->ttl, wait);
	r->status = ROLLOVER_PUBLISH_FIRST;
	r->fits = all_pass(j, hv, c, hv->tlsa, hv->ntlsa);
	if (!r->fits) {
		publish_keys(j, r, hv, c);
		r->text = judge_text(j,
		    "no TLSA record fits the new certificate: publish one "
		    "beside the present ones, and switch %s later",
		    wait);
		return;
	}
	switch (now->answer->kind) {
	case ANSWER_DATA:
	case ANSWER_NODATA:
	case ANSWER_NXDOMAIN:
		break;
	default:
		r->status = ROLLOVER_UNKNOWN;
		r->text = "a TLSA record to come fits; which ones are "
			  "published was not observed";
		return;
	}
	if (!all_pass(j, hv, c, now->list, now->n)) {
		publish_coming(j, r, hv, now);
		r->text = judge_text(j,
		    "the TLSA record that fits is not published yet: publish "
		    "it beside the present ones, and switch %s later",
		    wait);
		return;
	}
	/*
	 * A cache holds the set before it for no longer than this one, which
	 * the resolver got when it had its full TTL.
	 */
	r->at = j->ev->collected_at + (int64_t)now->answer->ttl;
	if (j->options.at >= r->at) {
		r->status = ROLLOVER_SAFE_NOW;
		r->text = "the TLSA record that fits has been published for "
			  "its TTL";
		return;
	}
	r->status = ROLLOVER_SAFE_AT;
	r->text = judge_text(j,
	    "the TLSA record that fits is published; caches may be without "
	    "it until %s",
	    text_time(r->at, at));
}

static bool
is_open(const struct host_view *hv)
{
	return hv->tlsa_answer == NULL || hv->lookup_failed ||
	    hv->tlsa_answer->kind == ANSWER_PENDING ||
	    hv->tlsa_dnssec.state == DNSSEC_STATE_INDETERMINATE ||
	    hv->tlsa_dnssec.state == DNSSEC_STATE_BOGUS;
}

static void
judge_host(
    struct judgement *j, struct rollover_host *r, const struct evidence *live)
{
	const struct host_view *hv = &j->hosts[r->host];
	struct records now = { .n = 0 };
	struct coming coming;

	if (hv->address_dnssec.state == DNSSEC_STATE_INSECURE && !hv->dane) {
		r->status = ROLLOVER_FREE;
		r->text = "the host has no DANE: any certificate will do";
		return;
	}
	if (hv->host->naddresses == 0 || is_open(hv)) {
		r->status = ROLLOVER_UNKNOWN;
		r->text = "the host's TLSA records could not be judged";
		return;
	}
	now = published_records(j, live, hv);
	r->ttl = dane_ttl(j, hv->tlsa_answer);
	/* What caches hold is the set that is published. */
	if (now.n > 0 && dane_ttl(j, now.answer) > r->ttl)
		r->ttl = dane_ttl(j, now.answer);
	if (hv->dane) {
		coming = coming_chains(j, hv);
		judge_publication(j, r, hv, &coming, &now);
		r->present = present(j, live, hv, &now);
		return;
	}
	r->status = ROLLOVER_FREE;
	r->text = "the host has no usable TLSA record: any certificate will do";
}

static void
add_findings(struct judgement *j, const struct rollover_host *r)
{
	struct finding *f = NULL;

	/* About the time between: the host's own verdict is that of after. */
	if (r->present == PRESENT_UNMATCHED)
		f = judge_add(j, FINDING_DANE_PRESENT_UNMATCHED, -1, -1);
	else if (r->present != PRESENT_THE_SAME &&
	    r->present != PRESENT_BROKEN &&
	    (r->status == ROLLOVER_SAFE_AT ||
		(r->status == ROLLOVER_PUBLISH_FIRST && r->fits)))
		f = judge_add(j, FINDING_DANE_SWITCH_EARLY, -1, -1);
	if (f == NULL)
		return;
	f->subject.host = j->path->hosts[r->host].name;
	f->detail = r->text;
	if (r->present == PRESENT_UNMATCHED)
		f->detail = judge_text(j,
		    "the server presents another certificate now, and mail is "
		    "refused from the publication of the records on until it "
		    "has %s",
		    r->source);
}

void
judge_rollover(struct judgement *j)
{
	struct evidence live = published(j->ev);
	struct rollover *all = arena_alloc(j->mem, sizeof *all);

	all->hosts = arena_array(j->mem, j->path->nhosts, sizeof *all->hosts);
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];
		const struct overlay_cert *c = new_cert(j->ev, h->name);
		struct rollover_host *r = &all->hosts[all->n];

		if (c == NULL || h->over_limit || h->not_a_name)
			continue;
		r->host = i;
		r->source = c->source;
		judge_host(j, r, &live);
		add_findings(j, r);
		if (r->status > all->status)
			all->status = r->status;
		if (r->status == ROLLOVER_SAFE_AT && r->at > all->at)
			all->at = r->at;
		all->n++;
	}
	if (all->n > 0)
		j->rollover = all;
}

const char *
rollover_status_text(enum rollover_status status)
{
	static const char *const words[] = {
		[ROLLOVER_FREE] = "no-dane",
		[ROLLOVER_SAFE_NOW] = "safe-now",
		[ROLLOVER_SAFE_AT] = "safe-at",
		[ROLLOVER_PUBLISH_FIRST] = "publish-first",
		[ROLLOVER_UNKNOWN] = "unknown",
	};

	return words[status];
}

const char *
rollover_present_text(enum rollover_present present)
{
	static const char *const words[] = {
		[PRESENT_NOT_SEEN] = "not-seen",
		[PRESENT_THE_SAME] = "the-same",
		[PRESENT_MATCHED] = "matched",
		[PRESENT_UNMATCHED] = "unmatched",
		[PRESENT_BROKEN] = "broken",
	};

	return words[present];
}

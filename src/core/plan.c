/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "m365.h"
#include "name.h"
#include "path.h"
#include "proof.h"
#include "rollover.h"

enum { FIRST_LABELS_MAX = 5 };

static const uint8_t mx_microsoft[] = "\002mx\011microsoft";

struct want *
wants_add(struct wants *w)
{
	w->list = arena_grow(w->mem, w->list, w->n, &w->cap, sizeof *w->list);
	return &w->list[w->n++];
}

void
wants_dns(struct wants *w, const uint8_t *name, uint16_t type)
{
	if (evidence_dns(w->ev, name, type) != NULL)
		return;
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].kind == WANT_DNS && w->list[i].type == type &&
		    name_equal(w->list[i].name, name))
			return;
	if (w->ev->ndns - w->ev->nlooks + w->n >= PATH_QUESTIONS_MAX) {
		w->cut = true;
		return;
	}
	*wants_add(w) =
	    (struct want){ .kind = WANT_DNS, .name = name, .type = type };
}

void
wants_answer(struct wants *w, const struct answer *a)
{
	if (a->name != NULL && a->kind == ANSWER_PENDING)
		wants_dns(w, a->naliases > 0 ? a->final : a->name, a->type);
}

void
wants_chain(struct wants *w, const struct answer *a)
{
	for (size_t i = 0; i < a->nlinks; i++)
		chain_wants(w->mem, w->ev, &a->links[i], w);
}

void
wants_published(
    struct wants *w, const struct evidence *published, const struct answer *a)
{
	const struct evidence *view = w->ev;

	w->ev = published;
	wants_answer(w, a);
	wants_chain(w, a);
	w->ev = view;
}

void
wants_first(struct wants *w, const uint8_t *name)
{
	unsigned labels = name_labels(name);

	/* A name of many labels has few zones: its signers will tell. */
	if (labels > FIRST_LABELS_MAX)
		labels = FIRST_LABELS_MAX;
	if (w->ev->nanchors == 0)
		return;
	for (size_t i = 0; i < w->ev->nanchors; i++)
		if (name_within(name, w->ev->anchors[i].owner))
			wants_dns(w, w->ev->anchors[i].owner, TYPE_DNSKEY);
	for (unsigned i = 1; i <= labels; i++) {
		wants_dns(w, name_ancestor(name, i), TYPE_DS);
		wants_dns(w, name_ancestor(name, i), TYPE_DNSKEY);
	}
}

/*
 * RFC 7672 8.1: SNI holds the TLSA base domain.  NULL while an alias leaves
 * open which of the two that is.
 */
static const uint8_t *
host_sni(const struct path_host *h)
{
	if (h->ntlsa < 2)
		return h->name;
	if (h->tlsa[0].kind == ANSWER_PENDING ||
	    h->tlsa[1].kind == ANSWER_PENDING)
		return NULL;
	return h->tlsa[0].kind == ANSWER_DATA ? h->base[0] : h->name;
}

static void
want_session(struct wants *w, const struct path_host *h,
    const struct path_address *ad, enum tls_keys keys)
{
	*wants_add(w) = (struct want){
		.kind = WANT_SMTP,
		.host = h->name,
		.address = ad->text,
		.port = 25,
		.sni = name_text_nodot(w->mem, host_sni(h)),
		.keys = keys,
	};
}

/* As the last one, but in readiness only. */
static void
want_spare(struct wants *w)
{
	struct want *want = wants_add(w);

	*want = w->list[w->n - 2];
	want->kind = WANT_SPARE;
}

static bool
has_tlsa(const struct path_host *h)
{
	for (size_t i = 0; i < h->ntlsa; i++)
		if (h->tlsa[i].kind == ANSWER_DATA)
			return true;
	return false;
}

/* A server may hold an RSA and an ECDSA certificate: look at the other. */
static bool
want_second(const struct wants *w, const struct path_host *h,
    const struct smtp_observation *first, enum tls_keys *keys)
{
	const struct cert *leaf;

	if (!has_tlsa(h) || first->outcome != SMTP_TLS || first->nchain == 0)
		return false;
	leaf = cert_parse(w->mem, first->chain[0].data, first->chain[0].len);
	if (!leaf->parsed)
		return false;
	*keys = leaf->key == CERT_KEY_RSA ? KEYS_ECDSA : KEYS_RSA;
	return true;
}

/*
 * An overlay has the session; what is in service there is wanted, too, for
 * both kinds of keys: with which does the live server remain to be met?
 */
static bool
is_unseen(const struct wants *w, const struct path_host *h,
    const struct path_address *ad, enum tls_keys *keys)
{
	struct evidence live = evidence_published(w->ev);
	const struct smtp_observation *first;

	if (w->ev->view == NULL)
		return false;
	*keys = KEYS_ANY;
	first = evidence_smtp(&live, h->name, ad->text, KEYS_ANY);
	return first == NULL ||
	    (want_second(w, h, first, keys) &&
		evidence_smtp(&live, h->name, ad->text, *keys) == NULL);
}

static void
want_sessions(const struct path *p, struct wants *w, size_t *sessions)
{
	const struct asked *asked = &w->ev->asked;

	for (size_t i = 0; i < p->nhosts; i++) {
		const struct path_host *h = &p->hosts[i];

		for (size_t k = 0; k < h->naddresses; k++) {
			const struct path_address *ad = &h->addresses[k];
			const struct smtp_observation *any =
			    ad->session[KEYS_ANY];
			enum tls_keys keys;

			if (ad->over_limit ||
			    (ad->special && !asked->allow_special) ||
			    !(ad->ipv6 ? asked->ipv6 : asked->ipv4) ||
			    *sessions >= PATH_SESSIONS_MAX ||
			    host_sni(h) == NULL)
				continue;
			if (any == NULL) {
				want_session(w, h, ad, KEYS_ANY);
				if (has_tlsa(h))
					want_spare(w);
				(*sessions)++;
				continue;
			}
			if (is_unseen(w, h, ad, &keys)) {
				want_session(w, h, ad, keys);
				(*sessions)++;
			} else if (want_second(w, h, any, &keys) &&
			    ad->session[keys] == NULL) {
				want_session(w, h, ad, keys);
				(*sessions)++;
			}
		}
	}
}

/* The answer came with signatures; whether they are good is not asked. */
static bool
is_signed(const struct answer *a)
{
	if (a->kind != ANSWER_DATA)
		return false;
	for (size_t i = 0; i < a->obs->nanswer; i++)
		if (a->obs->answer[i].type == TYPE_RRSIG)
			return true;
	return false;
}

static void
want_host(struct wants *w, const struct path_host *h)
{
	const char *id;
	bool gcc_high;

	if (h->not_a_name || h->over_limit ||
	    (!asked_has(&w->ev->asked, ASKED_STARTTLS) &&
		!asked_has(&w->ev->asked, ASKED_TLSA)))
		return;
	wants_answer(w, &h->a);
	wants_answer(w, &h->aaaa);
	/*
	 * The older hosts of Microsoft 365 are not signed and answer TLSA
	 * questions badly: none is asked unless their addresses are signed.
	 */
	if (m365_from_mx(w->mem, h->name, &id, &gcc_high) &&
	    !name_within(h->name, mx_microsoft) && !is_signed(&h->a) &&
	    !is_signed(&h->aaaa))
		return;
	for (size_t i = 0; i < h->ntlsa; i++)
		if (asked_has(&w->ev->asked, ASKED_TLSA))
			wants_answer(w, &h->tlsa[i]);
}

static void
want_selector(struct wants *w, const struct path_selector *s)
{
	wants_answer(w, &s->txt);
	if (s->txt.kind == ANSWER_ERROR || s->txt.kind == ANSWER_NO_REPLY)
		wants_answer(w, &s->cname);
	wants_answer(w, &s->step);
}

/*
 * What the zones of the signed sets ask of their parents: a change of the
 * DS to come (RFC 7344 4).
 */
static void
want_cds(struct wants *w, const struct answer *a)
{
	struct rrsig f;

	for (size_t i = 0; a->kind == ANSWER_DATA && i < a->obs->nanswer; i++) {
		const struct rr *rr = &a->obs->answer[i];

		if (rr->type != TYPE_RRSIG || !rrsig_read(rr, &f) ||
		    f.covered != a->type || !name_equal(rr->owner, a->final) ||
		    !name_within(rr->owner, f.signer) ||
		    name_labels(f.signer) < 2)
			continue;
		wants_dns(w, f.signer, TYPE_CDS);
		wants_dns(w, f.signer, TYPE_CDNSKEY);
	}
}

/* Beside the mail path, which never waits for it. */
static void
want_chains(const struct path *p, struct wants *w)
{
	wants_first(w, p->domain);
	wants_chain(w, &p->mx);
	for (size_t i = 0; i < p->nhosts; i++) {
		wants_chain(w, &p->hosts[i].a);
		wants_chain(w, &p->hosts[i].aaaa);
		for (size_t k = 0; k < p->hosts[i].ntlsa; k++)
			wants_chain(w, &p->hosts[i].tlsa[k]);
	}
	for (size_t i = 0; i < p->nselectors; i++) {
		wants_chain(w, &p->selectors[i].txt);
		wants_chain(w, &p->selectors[i].cname);
	}
	want_cds(w, &p->mx);
	for (size_t i = 0; i < p->nhosts; i++)
		want_cds(w,
		    p->hosts[i].a.kind == ANSWER_DATA ? &p->hosts[i].a
						      : &p->hosts[i].aaaa);
}

void
plan_wants(const struct path *p, struct wants *w)
{
	size_t sessions = w->ev->nsmtp;

	wants_answer(w, &p->mx);
	for (size_t i = 0; i < p->nhosts; i++)
		want_host(w, &p->hosts[i]);
	if (asked_has(&w->ev->asked, ASKED_STARTTLS))
		want_sessions(p, w, &sessions);
	rollover_wants(p, w);
	for (size_t i = 0; i < p->nselectors; i++)
		want_selector(w, &p->selectors[i]);
	if (asked_has(&w->ev->asked, ASKED_DNSSEC))
		want_chains(p, w);
	/* Behind all that depends on an overlay. */
	cached_wants(w);
	/* Nobody waits for a guess, or for a policy. */
	for (size_t i = 0; i < p->ndmarc; i++)
		wants_answer(w, &p->dmarc[i]);
	wants_answer(w, &p->control);
	for (size_t i = 0; i < p->nguesses; i++)
		wants_answer(w, &p->guesses[i]);
}

/* SPDX-License-Identifier: ISC */
#include "plan.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "path.h"
#include "proof.h"

enum {
	LOOKS_MAX = 160, /* of one domain, as in choice.c */
	SERVERS_MAX = 4 /* name servers of one zone that are asked */
};

struct servers {
	const char *text[SERVERS_MAX];
	size_t n;
};

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
want_look(struct wants *w, const uint8_t *name, uint16_t type,
    enum dns_look look, enum dns_via via, const char *server)
{
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		const struct want *x = &w->list[i];

		if (x->kind != WANT_LOOK)
			continue;
		n++;
		if (x->type == type && x->look == look && x->via == via &&
		    same_text(x->server, server) && name_equal(x->name, name))
			return;
	}
	if (n >= LOOKS_MAX)
		return;
	*wants_add(w) = (struct want){
		.kind = WANT_LOOK,
		.name = name,
		.type = type,
		.look = look,
		.via = via,
		.server = server,
	};
}

/* The resolver without CD, and every other resolver. */
static void
want_resolvers(struct wants *w, const struct dns_observation *first)
{
	const struct evidence *ev = w->ev;
	size_t i;

	want_look(
	    w, first->name, first->type, LOOK_WITHOUT_CD, VIA_RESOLVER, NULL);
	for (i = 0; i < ev->nresolvers; i++)
		if (!same_text(ev->resolvers[i], first->server))
			want_look(w, first->name, first->type, LOOK_ELSEWHERE,
			    VIA_RESOLVER, ev->resolvers[i]);
}

/* An address of a name server, where this machine could reach it. */
static const char *
server_address(struct wants *w, const uint8_t *host)
{
	bool ipv6 = !w->ev->has_ipv4 && w->ev->has_ipv6;
	uint16_t type = ipv6 ? TYPE_AAAA : TYPE_A;
	struct answer a;
	char buf[46];

	answer_follow(w->mem, w->ev, host, type, &a);
	if (a.kind == ANSWER_PENDING)
		wants_dns(w, a.naliases > 0 ? a.final : host, type);
	if (a.kind != ANSWER_DATA || a.rrs[0]->rdlen != (ipv6 ? 16 : 4) ||
	    (address_special(a.rrs[0]->rdata, ipv6) &&
		!w->ev->asked.allow_special))
		return NULL;
	return arena_strdup(w->mem, address_text(a.rrs[0]->rdata, ipv6, buf));
}

/* The first name servers of a zone, by their names. */
static void
zone_servers(struct wants *w, const uint8_t *zone, struct servers *out)
{
	const uint8_t *names[SERVERS_MAX];
	struct answer a;
	size_t i, k, n = 0;

	out->n = 0;
	answer_follow(w->mem, w->ev, zone, TYPE_NS, &a);
	if (a.kind == ANSWER_PENDING && a.naliases == 0)
		wants_dns(w, zone, TYPE_NS);
	for (i = 0; a.kind == ANSWER_DATA && i < a.nrrs; i++) {
		const uint8_t *name = a.rrs[i]->rdata;

		if (!a.rrs[i]->wellformed)
			continue;
		for (k = n; k > 0 && name_compare(names[k - 1], name) > 0; k--)
			if (k < SERVERS_MAX)
				names[k] = names[k - 1];
		if (k < SERVERS_MAX)
			names[k] = name;
		if (n < SERVERS_MAX)
			n++;
	}
	for (i = 0; i < n; i++) {
		const char *text = server_address(w, names[i]);

		if (text != NULL)
			out->text[out->n++] = text;
	}
}

/* Name servers of the zone. */
static void
want_servers(
    struct wants *w, const struct dns_observation *first, const uint8_t *zone)
{
	struct servers servers;
	size_t i, most;

	zone_servers(w, zone, &servers);
	/* Where much has failed, one server for all rather than none for
	 * the last: beside the resolvers, and with the keys. */
	most = LOOKS_MAX / (w->failing + 4);
	most = most > w->ev->nresolvers ? most - w->ev->nresolvers : 1;
	for (i = 0; i < servers.n && i < most; i++)
		want_look(w, first->name, first->type, LOOK_ELSEWHERE,
		    VIA_AUTHORITATIVE, servers.text[i]);
}

/* A question of this zone at everybody that may have another answer. */
static void
want_everywhere(
    struct wants *w, const uint8_t *name, uint16_t type, const uint8_t *zone)
{
	const struct dns_observation *first = evidence_dns(w->ev, name, type);

	if (first == NULL || first->via != VIA_RESOLVER)
		return;
	want_resolvers(w, first);
	if (zone != NULL)
		want_servers(w, first, zone);
}

/* The zone above, whose servers have the DS; NULL where nobody knows. */
static const uint8_t *
zone_above(const struct proof *proof, const uint8_t *zone)
{
	const struct zone_proof *z = proof->zone;

	for (; z != NULL; z = z->parent)
		if (name_equal(z->name, zone))
			return z->parent != NULL ? z->parent->name : NULL;
	return NULL;
}

/* Nobody else has it, either. */
static bool
is_overlaid(const struct wants *w, const uint8_t *name, uint16_t type)
{
	const struct dns_observation *obs = evidence_dns(w->ev, name, type);

	return obs != NULL && obs->via == VIA_OVERLAY;
}

/*
 * What a bogus link hangs on: its own answer, the keys of the zone at fault,
 * and that zone's DS.
 */
static void
link_again(struct wants *w, const struct proof *proof, const struct dnssec *d)
{
	const struct dns_observation *obs = proof->link.obs;

	if (obs->via != VIA_RESOLVER ||
	    (d->zone != NULL &&
		(is_overlaid(w, d->zone, TYPE_DS) ||
		    is_overlaid(w, d->zone, TYPE_DNSKEY))))
		return;
	want_everywhere(w, obs->name, obs->type,
	    proof->zone != NULL ? proof->zone->name : d->zone);
	if (d->zone == NULL)
		return;
	want_everywhere(w, d->zone, TYPE_DNSKEY, d->zone);
	want_everywhere(w, d->zone, TYPE_DS, zone_above(proof, d->zone));
	if (d->set_type == TYPE_DS && !name_equal(d->set_owner, d->zone))
		want_everywhere(w, d->set_owner, TYPE_DS, d->zone);
}

static bool
is_bad(const struct dnssec *d)
{
	return d->state == DNSSEC_STATE_BOGUS ||
	    (d->state == DNSSEC_STATE_INDETERMINATE &&
		d->reason == FINDING_DNSSEC_SOME_BAD_DATA);
}

void
wants_second_look(
    struct wants *w, struct proofs *proofs, const struct answer *a)
{
	size_t i;

	/* The other resolvers have been asked for that already. */
	if (a->kind == ANSWER_ERROR && a->obs->via == VIA_RESOLVER)
		want_look(w, a->obs->name, a->obs->type, LOOK_WITHOUT_CD,
		    VIA_RESOLVER, NULL);
	for (i = 0; i < a->nlinks; i++) {
		const struct proof *proof = proofs_link(proofs, &a->links[i]);
		struct dnssec d =
		    proof_state(proofs, proof, w->ev->collected_at);

		if (is_bad(&d))
			link_again(w, proof, &d);
	}
}

/*
 * RFC 7672 2.1.2: a failed TLSA lookup stops the mail.  Whose failure it is
 * the servers of the zone tell, in which the host's address was found.
 */
static void
tlsa_again(struct wants *w, struct proofs *proofs, const struct answer *a,
    const struct path_host *host)
{
	const struct answer *from = host->a.nlinks > 0 ? &host->a : &host->aaaa;
	const struct proof *proof;

	if (a->name == NULL || a->obs == NULL || a->obs->via != VIA_RESOLVER ||
	    (a->kind != ANSWER_ERROR &&
		!(a->kind == ANSWER_NO_REPLY &&
		    a->obs->outcome == DNS_TIMED_OUT)) ||
	    from->nlinks == 0)
		return;
	proof = proofs_link(proofs, &from->links[from->nlinks - 1]);
	if (proof->zone != NULL && name_within(a->obs->name, proof->zone->name))
		want_servers(w, a->obs, proof->zone->name);
}

static bool
has_failed(struct proofs *proofs, const struct wants *w, const struct answer *a)
{
	struct dnssec d;

	if (a->name == NULL || a->nlinks == 0)
		return false;
	d = proof_answer(proofs, a, w->ev->collected_at);
	return is_bad(&d);
}

static size_t
count_failed(const struct path *p, struct proofs *proofs, const struct wants *w)
{
	size_t i, k, n = has_failed(proofs, w, &p->mx);

	for (i = 0; i < p->nhosts; i++) {
		n += has_failed(proofs, w, &p->hosts[i].a);
		n += has_failed(proofs, w, &p->hosts[i].aaaa);
		for (k = 0; k < p->hosts[i].ntlsa; k++)
			n += has_failed(proofs, w, &p->hosts[i].tlsa[k]);
	}
	for (i = 0; i < p->nselectors; i++)
		n += has_failed(proofs, w, &p->selectors[i].txt);
	return n;
}

void
plan_second_look(const struct path *p, struct proofs *proofs, struct wants *w)
{
	size_t i, k;

	w->failing = count_failed(p, proofs, w);
	wants_second_look(w, proofs, &p->mx);
	for (i = 0; i < p->nhosts; i++) {
		wants_second_look(w, proofs, &p->hosts[i].a);
		wants_second_look(w, proofs, &p->hosts[i].aaaa);
		for (k = 0; k < p->hosts[i].ntlsa; k++) {
			const struct answer *a = &p->hosts[i].tlsa[k];

			wants_second_look(w, proofs, a);
			tlsa_again(w, proofs, a, &p->hosts[i]);
		}
	}
	for (i = 0; i < p->nselectors; i++)
		wants_second_look(w, proofs, &p->selectors[i].txt);
}

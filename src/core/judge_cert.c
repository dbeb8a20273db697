/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "name.h"
#include "text.h"

enum {
	CHAIN_SHOWN_MAX = 20,
	SOON_S = 14 * 86400,
	RSA_BITS_MIN = 2048, /* NIST SP 800-131A, CA/Browser Forum 6.1.5 */
	NAMES_SHOWN = 6
};

/* Once for all judgements of the path: nothing in it depends on the time. */
static struct cert **
parse_chain(const struct path *p, const struct path_address *pa,
    enum tls_keys keys, size_t *n)
{
	const struct smtp_observation *s = pa->session[keys];
	struct path_chain *chain = &pa->chain[keys];

	if (!chain->parsed && s != NULL && s->outcome == SMTP_TLS) {
		chain->n =
		    s->nchain < CHAIN_SHOWN_MAX ? s->nchain : CHAIN_SHOWN_MAX;
		chain->certs =
		    arena_array(p->mem, chain->n, sizeof(struct cert *));
		for (size_t i = 0; i < chain->n; i++)
			chain->certs[i] = cert_parse(
			    p->mem, s->chain[i].data, s->chain[i].len);
	}
	chain->parsed = true;
	*n = chain->n;
	return chain->n > 0 ? chain->certs : NULL;
}

static void
parse_host(struct judgement *j, struct host_view *hv)
{
	for (size_t a = 0; a < hv->host->naddresses; a++) {
		struct address_view *av = &hv->addresses[a];
		const struct path_address *pa = av->address;

		av->chain = parse_chain(j->path, pa, KEYS_ANY, &av->nchain);
		av->chain2[0] =
		    parse_chain(j->path, pa, KEYS_RSA, &av->nchain2[0]);
		av->chain2[1] =
		    parse_chain(j->path, pa, KEYS_ECDSA, &av->nchain2[1]);
	}
}

static void
add_match(struct judgement *j, struct tlsa_view *v, size_t *cap, size_t a,
    enum tls_keys keys, unsigned depth)
{
	v->matches = arena_grow(
	    j->mem, v->matches, v->nmatches, cap, sizeof *v->matches);
	v->matches[v->nmatches++] =
	    (struct tlsa_match){ .address = a, .keys = keys, .depth = depth };
	if (keys == KEYS_ANY)
		v->class = TLSA_LIVE;
	else if (v->class != TLSA_LIVE)
		v->class = TLSA_OTHER_KEY_TYPE;
}

/* Every record against the chains of one address. */
static void
match_address(struct judgement *j, struct host_view *hv, size_t a, size_t *caps,
    const struct dane_peer *peer)
{
	const struct address_view *av = &hv->addresses[a];
	struct cert **certs[] = { av->chain, av->chain2[0], av->chain2[1] };
	size_t n[] = { av->nchain, av->nchain2[0], av->nchain2[1] };
	struct dane_chain chain;

	for (int k = KEYS_ANY; k <= KEYS_ECDSA; k++) {
		if (n[k] == 0)
			continue;
		dane_chain_init(&chain, certs[k], n[k]);
		for (size_t i = 0; i < hv->ntlsa; i++) {
			struct tlsa_view *v = &hv->tlsa[i];
			struct dane_check check =
			    dane_check(j->mem, &chain, v, peer);

			if (!v->usable)
				continue;
			if (v->class == TLSA_UNTESTED)
				v->class = TLSA_NEXT_OR_STALE;
			if (check.verdict >= DANE_NOT_ACCEPTED)
				add_match(j, v, &caps[i], a, (enum tls_keys)k,
				    check.depth);
		}
	}
}

static void
match_host(struct judgement *j, struct host_view *hv)
{
	struct dane_peer peer = dane_peer(j, hv);
	size_t *caps = arena_array(j->mem, hv->ntlsa, sizeof *caps);

	for (size_t a = 0; a < hv->host->naddresses; a++)
		match_address(j, hv, a, caps, &peer);
}

static void
say_dates(struct judgement *j, int h, int a, enum finding_id id, bool alt,
    const struct cert *c)
{
	struct finding *f = judge_add(j, id, h, a);
	int64_t at = j->options.at;
	char date[32], ago[32];

	f->alt = alt;
	if (at > c->not_after)
		f->detail = judge_text(j, "%s: valid until %s, %s ago",
		    c->subject, text_time(c->not_after, date),
		    text_duration(at - c->not_after, ago));
	else
		f->detail = judge_text(j, "%s: valid from %s, in %s",
		    c->subject, text_time(c->not_before, date),
		    text_duration(c->not_before - at, ago));
}

static char *
names_text(struct judgement *j, const struct cert *c)
{
	char *text = arena_strdup(j->mem, "");

	if (c->nnames == 0)
		return c->cn != NULL ? judge_text(j, "CN %s", c->cn)
				     : judge_text(j, "no name");
	for (size_t i = 0; i < c->nnames && i < NAMES_SHOWN; i++)
		text = judge_text(
		    j, "%s%s%s", text, i > 0 ? ", " : "", c->names[i]);
	if (c->nnames > NAMES_SHOWN)
		text = judge_text(
		    j, "%s and %zu more", text, c->nnames - NAMES_SHOWN);
	return text;
}

static void
say_name(struct judgement *j, int h, int a, enum finding_id id, bool alt,
    const struct cert *leaf, const struct dane_peer *peer)
{
	struct finding *f = judge_add(j, id, h, a);

	f->alt = alt;
	f->detail = judge_text(j, "wanted: %s; the certificate has: %s",
	    peer->names[0], names_text(j, leaf));
}

/*
 * Less than a sixth of the lifetime, at most two weeks: certificates of six
 * days are renewed on their fifth, those of a year in the last month.
 */
int64_t
judge_cert_soon(const struct judgement *j, const struct cert *c)
{
	int64_t limit = (c->not_after - c->not_before) / 6;

	if (limit > SOON_S)
		limit = SOON_S;
	if (limit < j->options.horizon_s)
		limit = j->options.horizon_s;
	return c->not_after - limit + 1;
}

static bool
judge_soon(struct judgement *j, int h, int a, const struct cert *c)
{
	char date[32], left[32];

	if (j->options.at > c->not_after ||
	    j->options.at < judge_cert_soon(j, c))
		return false;
	judge_add(j, FINDING_CERT_EXPIRES_SOON, h, a)->detail =
	    judge_text(j, "%s: valid until %s, %s left", c->subject,
		text_time(c->not_after, date),
		text_duration(c->not_after - j->options.at, left));
	return true;
}

static bool
judge_strength(struct judgement *j, int h, int a, const struct cert *c)
{
	bool weak_key = c->key == CERT_KEY_RSA && c->bits < RSA_BITS_MIN;
	/* Nobody verifies what a certificate signs for itself. */
	bool weak_signature = c->weak_signature && !c->self_issued;

	if (!weak_key && !weak_signature)
		return false;
	judge_add(j, FINDING_CERT_KEY_WEAK, h, a)->detail =
	    judge_text(j, "%s: %s%s", c->subject, c->key_text,
		weak_signature ? ", signed with a broken hash" : "");
	return true;
}

/* Which of the three kinds of rows the dates and names go to. */
struct verdict {
	enum finding_id expired, early, name;
	bool alt;
};

/*
 * Usage 2 depends on dates and names (RFC 7672 3.1.2); with usage 3 they
 * MUST be ignored (3.1.1), Exchange documents that it looks at them; without
 * a record that matches nobody rejects anything for them.
 */
static struct verdict
verdict_of(const struct judgement *j, bool by_ta, bool by_ee)
{
	bool insecure = judge_mx_insecure(j);

	if (by_ee)
		return (struct verdict){
			.expired = FINDING_CERT_EXPIRED_EE,
			.early = FINDING_CERT_NOT_YET_VALID_EE,
			.name = FINDING_CERT_NAME_MISMATCH_EE,
			.alt = insecure,
		};
	return (struct verdict){
		.expired = FINDING_CERT_EXPIRED,
		.early = FINDING_CERT_NOT_YET_VALID,
		.name = FINDING_CERT_NAME_MISMATCH,
		.alt = !by_ta || insecure,
	};
}

/* The certificate that only clients with another key type get to see. */
static bool
judge_second(struct judgement *j, int h, int a)
{
	const struct address_view *av = &j->hosts[h].addresses[a];
	int64_t at = j->options.at;
	bool said = false;

	for (int k = 0; k < 2; k++) {
		const struct cert *c =
		    av->nchain2[k] > 0 ? av->chain2[k][0] : NULL;

		if (c == NULL || !c->parsed ||
		    memcmp(c->sha256, av->chain[0]->sha256, 32) == 0)
			continue;
		if (at > c->not_after)
			say_dates(j, h, a, FINDING_CERT_EXPIRED, true, c);
		else if (at < c->not_before)
			say_dates(j, h, a, FINDING_CERT_NOT_YET_VALID, true, c);
		else if (!judge_soon(j, h, a, c))
			continue;
		said = true;
	}
	return said;
}

static void
say_ok(struct judgement *j, int h, int a, const struct cert *leaf)
{
	char date[32];

	judge_add(j, FINDING_CERT_OK, h, a)->detail =
	    judge_text(j, "%s, valid until %s, %s", leaf->key_text,
		text_time(leaf->not_after, date), names_text(j, leaf));
}

static void
judge_leaf(struct judgement *j, int h, int a, const struct dane_check *check,
    const struct dane_peer *peer)
{
	const struct host_view *hv = &j->hosts[h];
	const struct address_view *av = &hv->addresses[a];
	const struct cert *leaf = av->chain[0];
	const struct cert *next = leaf, *expired = NULL, *early = NULL;
	bool by_ee = av->by >= 0 && hv->tlsa[av->by].usage == DANE_EE;
	bool by_ta = check->verdict >= DANE_NOT_ACCEPTED && !by_ee;
	struct verdict v = verdict_of(j, by_ta, by_ee);
	bool wrong_name, said = false;

	if (by_ta) {
		expired = check->expired;
		early = check->early;
		wrong_name = check->wrong_name;
		next = check->first_to_expire;
	} else {
		const char *host = name_text_nodot(j->mem, hv->host->name);

		expired = j->options.at > leaf->not_after ? leaf : NULL;
		early = j->options.at < leaf->not_before ? leaf : NULL;
		wrong_name = !cert_has_name(leaf, host);
		for (size_t i = 0; i < peer->nnames; i++)
			wrong_name &= !cert_has_name(leaf, peer->names[i]);
	}
	if (expired != NULL)
		say_dates(j, h, a, v.expired, v.alt, expired);
	if (early != NULL)
		say_dates(j, h, a, v.early, v.alt, early);
	if (wrong_name)
		say_name(j, h, a, v.name, v.alt, leaf, peer);
	said = expired != NULL || early != NULL || wrong_name;
	said |= judge_soon(j, h, a, next);
	said |= judge_strength(j, h, a, leaf);
	said |= judge_second(j, h, a);
	if (!said)
		say_ok(j, h, a, leaf);
}

static void
judge_address(struct judgement *j, int h, int a)
{
	struct host_view *hv = &j->hosts[h];
	struct address_view *av = &hv->addresses[a];
	struct dane_peer peer = dane_peer(j, hv);
	struct dane_check check = { .verdict = DANE_NOTHING };
	struct dane_chain chain;
	int by = -1;

	dane_chain_init(&chain, av->chain, av->nchain);
	check = dane_best(j->mem, &chain, hv->tlsa, hv->ntlsa, &peer, &by);
	av->authenticated = check.verdict == DANE_AUTHENTIC;
	av->by = av->authenticated ? by : -1;
	/* Without TLSA there is no base domain: the host is a name as well. */
	if (hv->base_domain == NULL) {
		const char **names =
		    arena_array(j->mem, peer.nnames + 1, sizeof *names);

		names[0] = name_text_nodot(j->mem, hv->host->name);
		memcpy(names + 1, peer.names, peer.nnames * sizeof *names);
		peer.names = names;
		peer.nnames++;
	}
	if (av->chain[0]->parsed)
		judge_leaf(j, h, a, &check, &peer);
}

void
judge_cert(struct judgement *j)
{
	for (size_t h = 0; h < j->path->nhosts; h++) {
		struct host_view *hv = &j->hosts[h];

		parse_host(j, hv);
		match_host(j, hv);
		for (size_t a = 0; a < hv->host->naddresses; a++)
			if (hv->addresses[a].nchain > 0)
				judge_address(j, (int)h, (int)a);
	}
}

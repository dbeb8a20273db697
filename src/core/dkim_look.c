/* SPDX-License-Identifier: ISC */
#include "dkim_look.h"

#include <string.h>

#include "arena.h"
#include "judge.h"
#include "name.h"

const struct rr *
dkim_alias_record(const struct link *link)
{
	for (size_t i = 0; i < link->obs->nanswer; i++) {
		const struct rr *rr = &link->obs->answer[i];

		if (rr->type == TYPE_CNAME && rr->wellformed &&
		    name_equal(rr->owner, link->owner))
			return rr;
	}
	return NULL;
}

/* RFC 2181 10.1: there must not be another one beside it. */
static const struct rr *
second_cname(const struct link *link, const struct rr *first)
{
	for (size_t i = 0; i < link->obs->nanswer; i++) {
		const struct rr *rr = &link->obs->answer[i];

		if (rr->type == TYPE_CNAME && rr->wellformed &&
		    name_equal(rr->owner, first->owner) &&
		    !name_equal(rr->rdata, first->rdata))
			return rr;
	}
	return NULL;
}

/*
 * The CNAMEs from the selector on.  A provider may put a step of its own
 * between: the target judged is the first that Microsoft 365 would have
 * given, else the first of all.
 */
static void
look_aliases(struct judgement *j, struct dkim_look *l, const struct answer *a)
{
	for (size_t i = 0; i < a->nlinks; i++) {
		const struct rr *rr;

		if (a->links[i].kind != LINK_SET ||
		    a->links[i].type != TYPE_CNAME)
			continue;
		rr = dkim_alias_record(&a->links[i]);
		if (rr == NULL)
			continue;
		if (l->alias == NULL)
			l->alias = rr->rdata;
		if (l->cname == NULL && name_equal(rr->owner, l->s->name)) {
			l->cname = rr;
			l->second = second_cname(&a->links[i], rr);
			l->cname_fresh = (a->links[i].obs->flags & DNS_AA) != 0;
			l->view->target = rr->rdata;
		}
		if (!l->has_target &&
		    m365_target_parse(j->mem, rr->rdata, &l->target)) {
			l->has_target = true;
			l->alias = rr->rdata;
		}
	}
	/* A DNAME leaves no CNAME behind where a server gives only itself. */
	if (l->alias == NULL && a->naliases > 0)
		l->alias = l->view->target = a->final;
}

/* RFC 8301 3.1, 3.2: what no verifier accepts is no usable key. */
static bool
key_usable(const struct dkim_key *key)
{
	return key->kind == DKIM_KEY_GOOD && !key->sha1_only &&
	    (key->bits >= 1024 || strcmp(key->type, "ed25519") == 0);
}

/* A CNAME's text where the record should be, or what is left of one in p=. */
static bool
holds_target(const struct dkim_look *l)
{
	const char *at;
	size_t n;

	return l->s->txt.naliases == 0 &&
	    m365_text_target(l->key.text, l->key.textlen, &at, &n);
}

static void
look_key(struct judgement *j, struct dkim_look *l)
{
	const struct answer *a = &l->s->txt;

	for (size_t i = 0; i < a->nrrs; i++) {
		struct dkim_key key;
		bool first;

		dkim_key_read(j->mem, a->rrs[i], &key);
		first = key.kind != DKIM_KEY_STRANGER && l->nkeys == 0;
		if (first || l->txt == NULL) {
			l->key = key;
			l->txt = a->rrs[i];
		}
		if (key.kind != DKIM_KEY_STRANGER)
			l->nkeys++;
		else
			l->nstray++;
	}
	if (l->nkeys == 1 && l->key.kind == DKIM_KEY_BAD && holds_target(l))
		l->nkeys = 0;
	if (l->nkeys > 1)
		l->sight = SIGHT_BROKEN;
	else if (l->nkeys == 1 && l->key.kind == DKIM_KEY_EMPTY)
		l->sight = SIGHT_REVOKED;
	else if (l->nkeys == 1)
		l->sight = key_usable(&l->key) ? SIGHT_KEY : SIGHT_BROKEN;
	else if (holds_target(l))
		l->sight = SIGHT_CNAME_TEXT;
	else if (!l->s->guessed)
		l->sight = SIGHT_BROKEN;
	else /* a wildcard's SPF or token: not about DKIM */
		l->sight = a->naliases > 0 ? SIGHT_DANGLING : SIGHT_MISSING;
	l->view->key_type = l->nkeys > 0 ? l->key.type : NULL;
	l->view->key_bits = l->key.bits;
	l->view->key_strict = l->key.strict;
}

/* RFC 4034 3.1.3: the labels of its signature show what a wildcard made. */
static void
look_wildcard(struct judgement *j, struct dkim_look *l)
{
	const struct answer *a = &l->s->txt;

	for (size_t i = 0; i < a->nlinks; i++) {
		const struct proof *proof;

		if (a->links[i].kind != LINK_SET ||
		    !name_equal(a->links[i].owner, l->s->name))
			continue;
		proof = proofs_link(j->proofs, &a->links[i]);
		l->wildcard = proof->wildcard != NULL;
		l->secure =
		    proof_state(j->proofs, proof, j->options.at).state ==
		    DNSSEC_STATE_SECURE;
		return;
	}
}

void
dkim_look_one(struct judgement *j, struct dkim_look *l)
{
	const struct answer *txt = &l->s->txt, *cname = &l->s->cname;
	bool failed = txt->kind == ANSWER_ERROR || txt->kind == ANSWER_NO_REPLY;
	struct dnssec alias;

	l->view->selector = l->s;
	l->view->status = SEVERITY_UNKNOWN;
	l->view->dnssec = proof_answer(j->proofs, txt, j->options.at);
	look_aliases(j, l, txt);
	look_wildcard(j, l);
	if (failed && cname->kind == ANSWER_DATA) {
		look_aliases(j, l, cname);
		alias = proof_answer(j->proofs, cname, j->options.at);
		if (alias.state == DNSSEC_STATE_BOGUS)
			l->view->dnssec = alias;
	}
	if (l->view->dnssec.state == DNSSEC_STATE_BOGUS) {
		l->sight = SIGHT_BOGUS;
		return;
	}
	if (l->s->loop || l->second != NULL) {
		l->sight = l->second != NULL ? SIGHT_TWO : SIGHT_LOOP;
		return;
	}
	switch (txt->kind) {
	case ANSWER_PENDING:
		l->sight = SIGHT_PENDING;
		break;
	case ANSWER_DATA:
		look_key(j, l);
		break;
	case ANSWER_NODATA:
	case ANSWER_NXDOMAIN:
		l->sight = txt->naliases > 0 ? SIGHT_DANGLING : SIGHT_MISSING;
		break;
	case ANSWER_LOOP:
		l->sight = SIGHT_LOOP;
		break;
	case ANSWER_ERROR:
	case ANSWER_NO_REPLY:
		l->sight = SIGHT_UNSEEN;
		break;
	}
}

/* Which of Microsoft 365's two a selector is; 0: none of them. */
static unsigned
pair_number(const struct dkim_looks *all, const struct dkim_look *l)
{
	const uint8_t *domain = all->j->path->domain;
	uint8_t name[NAME_WIRE_MAX];

	for (unsigned i = 1; i <= 2; i++)
		if (name_prepend(name,
			i == 1 ? "selector1._domainkey"
			       : "selector2._domainkey",
			domain) &&
		    name_equal(l->s->name, name))
			return i;
	return 0;
}

static void
pair_find(struct dkim_looks *all)
{
	bool m365 = all->j->path->m365;

	for (size_t i = 0; i < all->n; i++) {
		struct dkim_look *l = &all->list[i];
		unsigned number = pair_number(all, l);

		if (number == 0)
			continue;
		all->pair[number - 1] = l;
		/* Asked for behind another provider's MX: their form shows. */
		m365 |= l->has_target;
	}
	for (unsigned i = 0; i < 2; i++) {
		if (!m365)
			all->pair[i] = NULL;
		else if (all->pair[i] != NULL)
			all->pair[i]->number = i + 1;
	}
}

static void
look_check(
    struct judgement *j, struct dkim_look *l, const struct m365_known *known)
{
	struct m365_verdict v;

	m365_target_check(j->mem, l->alias, l->number, known, &v);
	l->slip = v.slip;
	l->what = v.what;
	l->expected = v.expected;
}

/* Both targets are right as far as each one shows: do they fit together? */
static void
pair_compare(const struct dkim_looks *all, struct m365_known *known)
{
	struct dkim_look *a = all->pair[0], *b = all->pair[1];
	bool both = a->sight == SIGHT_KEY && b->sight == SIGHT_KEY;
	char *expected = b->expected;

	known->other = &a->target;
	look_check(all->j, b, known);
	/* A domain on its way from one form to the other has keys behind
	 * either. */
	if (b->slip == M365_SLIP_MIXED_FORMS && both) {
		b->slip = M365_SLIP_NONE;
		b->what = NULL;
	}
	b->disagrees = b->slip != M365_SLIP_NONE;
	a->disputed = b->disagrees &&
	    (a->sight == SIGHT_DANGLING || a->sight == SIGHT_REVOKED);
	b->expected = expected;
	if (b->disagrees)
		a->expected = b->expected = NULL;
}

static void
pair_check(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	struct m365_known known = { .nids = 0 };
	bool proven[2] = { false, false };

	dkim_known(j, &known);
	for (unsigned i = 0; i < 2; i++) {
		struct dkim_look *l = all->pair[i];

		if (l == NULL || l->alias == NULL)
			continue;
		look_check(j, l, &known);
		proven[i] = l->slip == M365_SLIP_NONE && l->has_target &&
		    l->sight == SIGHT_KEY;
	}
	/* A target with a key behind it says what the other must be. */
	for (unsigned i = 0; i < 2; i++) {
		struct dkim_look *l = all->pair[i];

		if (l == NULL || l->alias == NULL)
			continue;
		if (proven[!i] && !proven[i]) {
			known.other = &all->pair[!i]->target;
			look_check(j, l, &known);
			known.other = NULL;
		} else if (proven[i] && l->expected == NULL) {
			l->expected =
			    m365_target_text(j->mem, &l->target, i + 1);
		}
	}
	if (proven[0] == proven[1] && all->pair[0] && all->pair[1] &&
	    all->pair[0]->has_target && all->pair[1]->has_target &&
	    all->pair[0]->sight != SIGHT_TWO &&
	    all->pair[1]->sight != SIGHT_TWO &&
	    all->pair[0]->slip == M365_SLIP_NONE &&
	    all->pair[1]->slip == M365_SLIP_NONE)
		pair_compare(all, &known);
	for (unsigned i = 0; i < 2; i++)
		if (all->pair[i] != NULL && all->pair[i]->expected != NULL)
			all->pair[i]->view->expected_target =
			    judge_text(j, "%s.", all->pair[i]->expected);
}

/*
 * A selector that nobody named leads to a place that holds no key and is none
 * of Microsoft 365's: a wildcard's CNAME, if its signature says so or, where
 * there is none, both lead to the very same place, and so nobody's CNAME.
 */
static void
pair_wildcard(const struct dkim_looks *all)
{
	struct dkim_look *a = all->pair[0], *b = all->pair[1];
	bool same = a != NULL && b != NULL && a->alias != NULL &&
	    b->alias != NULL && name_equal(a->alias, b->alias);

	for (unsigned i = 0; i < 2; i++) {
		struct dkim_look *l = all->pair[i];

		if (l != NULL && l->s->guessed && !l->has_target &&
		    l->sight == SIGHT_DANGLING &&
		    l->slip == M365_SLIP_FOREIGN &&
		    (l->wildcard || (same && !l->secure)))
			l->sight = SIGHT_MISSING;
	}
}

/* The initial domain as the targets write it, or NULL. */
static const char *
initial_text(struct judgement *j)
{
	uint8_t name[NAME_WIRE_MAX], low[NAME_WIRE_MAX];

	if (j->ev->asked.initial_domain == NULL ||
	    !name_from_text(name, j->ev->asked.initial_domain, NULL))
		return NULL;
	name_lower(low, name);
	return name_text_nodot(j->mem, low);
}

/*
 * The cloud that the MX hosts and --gcc-high show; NULL where they show two:
 * on the way from one to the other either's targets are right.
 */
static const char *
known_cloud(struct judgement *j)
{
	const struct path *p = j->path;
	const char *cloud = j->ev->asked.gcc_high ? "onmicrosoft.us" : NULL;

	for (size_t i = 0; i < p->nhosts; i++) {
		const uint8_t *host = p->hosts[i].name;
		const char *of, *id;
		bool gcc_high;

		if (!m365_from_mx(j->mem, host, &id, &gcc_high))
			continue;
		of = m365_mx_cloud(j->mem, host);
		if (of == NULL || (cloud != NULL && strcmp(of, cloud) != 0))
			return NULL;
		cloud = of;
	}
	return cloud;
}

/* The identifiers that the MX hosts show; a guess is none. */
void
dkim_known(struct judgement *j, struct m365_known *known)
{
	const struct path *p = j->path;
	const char **ids = arena_array(j->mem, p->nhosts + 1, sizeof *ids);
	const char *id;
	bool gcc_high;

	known->cloud = known_cloud(j);
	known->domain = p->domain;
	known->ids = ids;
	known->initial = initial_text(j);
	for (size_t i = 0; i < p->nhosts; i++)
		if (m365_from_mx(j->mem, p->hosts[i].name, &id, &gcc_high) &&
		    id != NULL)
			ids[known->nids++] = id;
	if (!p->gcc_high)
		return;
	/* GCC High: always the domain itself with dashes. */
	ids[0] = m365_id_from_domain(j->mem, p->domain);
	known->nids = 1;
}

void
dkim_look(struct judgement *j, struct dkim_looks *all)
{
	*all = (struct dkim_looks){ .j = j, .n = j->path->nselectors };
	all->list = arena_array(j->mem, all->n, sizeof *all->list);
	for (size_t i = 0; i < all->n; i++) {
		all->list[i].s = &j->path->selectors[i];
		all->list[i].view = &j->dkim[i];
		dkim_look_one(j, &all->list[i]);
	}
	pair_find(all);
	pair_check(all);
	pair_wildcard(all);
}

bool
dkim_is_inactive(const struct dkim_look *l)
{
	return l->number != 0 && l->has_target && l->slip == M365_SLIP_NONE &&
	    !l->disputed &&
	    (l->sight == SIGHT_DANGLING || l->sight == SIGHT_REVOKED);
}

bool
dkim_is_wrong(const struct dkim_look *l)
{
	if (l->number == 0 || l->alias == NULL || l->sight == SIGHT_LOOP ||
	    l->sight == SIGHT_TWO)
		return false;
	if (l->slip == M365_SLIP_FOREIGN || l->slip == M365_SLIP_SHAPE ||
	    l->slip == M365_SLIP_TYPO)
		return l->has_target || l->sight == SIGHT_DANGLING;
	/* A key behind it: some sender's name is as odd as that. */
	if (l->slip == M365_SLIP_STRAY && !l->has_target)
		return l->sight != SIGHT_KEY;
	return l->slip != M365_SLIP_NONE;
}

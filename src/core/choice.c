/* SPDX-License-Identifier: ISC */
#include "choice.h"

#include <string.h>

#include "arena.h"
#include "cause.h"
#include "evidence.h"
#include "name.h"
#include "path.h"

enum {
	QUESTIONS_MAX = 256, /* looked at, of one evidence */
	LOOKS_MAX = 160, /* later ones, of one evidence */
	WORDS_MAX = 2, /* answers that are named as helpful */
	TRIES_MAX = 96, /* choices that are proved */
	WORK_MAX = 3200000 /* proofs_work of them, all together */
};

struct work {
	struct arena *mem;
	const struct evidence *ev;
	bool deprecated;
	struct memo *memo;
	const struct dns_observation *first[QUESTIONS_MAX];
	size_t nfirst;
	const struct dns_observation *look[LOOKS_MAX];
	size_t nlooks;
	unsigned tries;
	unsigned work;
	const struct trial *base; /* the first looks, when judged */
};

/* One choice under trial: [i] is of first[i]; NULL: the first look. */
struct trial {
	const struct dns_observation *pick[QUESTIONS_MAX];
	bool bad[QUESTIONS_MAX];
	struct dnssec state[QUESTIONS_MAX];
	size_t nbad;
};

const struct dns_observation *
choice_dns(const struct choice *c, const uint8_t *name, uint16_t type)
{
	size_t i;

	for (i = 0; c != NULL && i < c->nchanges; i++)
		if (c->changes[i].chosen->type == type &&
		    name_equal(c->changes[i].chosen->name, name))
			return c->changes[i].chosen;
	return NULL;
}

const struct choice_healed *
choice_healed(const struct choice *c, const uint8_t *name, uint16_t type)
{
	size_t i;

	for (i = 0; c != NULL && i < c->nhealed; i++)
		if (c->healed[i].type == type &&
		    name_equal(c->healed[i].name, name))
			return &c->healed[i];
	return NULL;
}

/* ---- what there is ---- */

static bool
same_question(const struct dns_observation *a, const struct dns_observation *b)
{
	return a->type == b->type && name_equal(a->name, b->name);
}

/* A reply that could be judged; a name server speaks with authority. */
static bool
look_usable(const struct dns_observation *o)
{
	return o->outcome == DNS_REPLY && (o->rcode == 0 || o->rcode == 3) &&
	    (o->via != VIA_AUTHORITATIVE || (o->flags & DNS_AA) != 0);
}

static bool
same_source(const struct dns_observation *a, const struct dns_observation *b)
{
	return a->look == b->look && a->via == b->via &&
	    (a->server == NULL || b->server == NULL
		    ? a->server == b->server
		    : strcmp(a->server, b->server) == 0);
}

static void
collect(struct work *w)
{
	size_t i, k;

	for (i = 0; i < w->ev->ndns; i++) {
		const struct dns_observation *o = w->ev->dns[i];
		const struct dns_observation *first =
		    evidence_dns(w->ev, o->name, o->type);

		if (first == NULL)
			continue;
		/* What is replaced is no other look at what replaces it. */
		if (w->ev->view != NULL && o != first &&
		    (first->via == VIA_OVERLAY || o->look == LOOK_FIRST))
			o = first;
		for (k = 0; k < w->nfirst; k++)
			if (w->first[k] == first)
				break;
		if (k == w->nfirst && k < QUESTIONS_MAX)
			w->first[w->nfirst++] = first;
		if (o != first && look_usable(o) && w->nlooks < LOOKS_MAX)
			w->look[w->nlooks++] = o;
	}
}

static size_t
question_of(const struct work *w, const struct dns_observation *look)
{
	size_t i = 0;

	while (i < w->nfirst && !same_question(w->first[i], look))
		i++;
	return i;
}

/* ---- trials ---- */

static bool
is_bad(const struct dnssec *d, const struct answer *a)
{
	return d->state == DNSSEC_STATE_BOGUS || a->kind == ANSWER_ERROR ||
	    (a->kind == ANSWER_NO_REPLY && a->obs->outcome == DNS_TIMED_OUT) ||
	    (d->state == DNSSEC_STATE_INDETERMINATE &&
		d->reason == FINDING_DNSSEC_SOME_BAD_DATA);
}

/* As a choice; what it healed is not said yet. */
static struct choice *
choice_of(const struct work *w, const struct trial *t, struct arena *mem)
{
	struct choice *c = arena_alloc(mem, sizeof *c);
	size_t i;

	c->changes = arena_array(mem, w->nfirst, sizeof *c->changes);
	for (i = 0; i < w->nfirst; i++)
		if (t->pick[i] != NULL)
			c->changes[c->nchanges++] =
			    (struct choice_change){ w->first[i], t->pick[i] };
	return c;
}

/*
 * Data that leave open what was settled mend nothing; only where the next
 * question has yet to be asked may they lead on.
 */
static bool
is_lost(const struct work *w, const struct trial *t, size_t i,
    const struct evidence *view)
{
	const struct dnssec *before =
	    w->base != NULL ? &w->base->state[i] : NULL;

	return before != NULL &&
	    t->state[i].state == DNSSEC_STATE_INDETERMINATE &&
	    (before->state != DNSSEC_STATE_INDETERMINATE ||
		before->reason == FINDING_DNSSEC_SOME_BAD_DATA) &&
	    cause_find(view, &t->state[i]).recorded;
}

/*
 * Judge every question of the evidence by these picks.  The states' details
 * live in mem.
 */
static void
trial_run(struct work *w, struct trial *t, struct arena *mem)
{
	struct evidence view = *w->ev;
	struct proofs *proofs = proofs_new(mem, &view, w->memo);
	size_t i;

	w->tries++;
	view.choice = choice_of(w, t, mem);
	proofs_deprecated(proofs, w->deprecated);
	t->nbad = 0;
	for (i = 0; i < w->nfirst; i++) {
		struct answer a;

		answer_follow(
		    mem, &view, w->first[i]->name, w->first[i]->type, &a);
		t->state[i] = proof_answer(proofs, &a, w->ev->collected_at);
		t->bad[i] = is_bad(&t->state[i], &a) || is_lost(w, t, i, &view);
		t->nbad += t->bad[i];
	}
	w->work += proofs_work(proofs);
}

/* Hostile answers must not cost for ever (CVE-2023-50387). */
static bool
is_spent(const struct work *w)
{
	return w->tries >= TRIES_MAX || w->work >= WORK_MAX;
}

/* How many questions are bad then; the details are of no interest. */
static size_t
trial_count(struct work *w, struct trial *t)
{
	struct arena *mem = arena_new();

	trial_run(w, t, mem);
	arena_free(mem);
	return t->nbad;
}

/* Take the trial where no more than most are bad. */
static bool
trial_compare(struct work *w, struct trial *best, struct trial *t, size_t most)
{
	if (is_spent(w))
		return false;
	if (trial_count(w, t) > most)
		return false;
	*best = *t;
	return true;
}

/* Each question as a name server of its zone answers it, without caches. */
static void
try_authorities(struct work *w, struct trial *best, struct trial *t)
{
	size_t i;

	*t = *best;
	for (i = 0; i < w->nlooks; i++) {
		size_t q = question_of(w, w->look[i]);

		if (w->look[i]->via == VIA_AUTHORITATIVE &&
		    t->pick[q] == NULL)
			t->pick[q] = w->look[i];
	}
	trial_compare(w, best, t, best->nbad - 1);
}

/* All that one source has: its answers were made for each other. */
static void
try_sources(struct work *w, struct trial *best, struct trial *t)
{
	const struct trial base = *best;
	size_t i, k;

	for (i = 0; i < w->nlooks && best->nbad > 0; i++) {
		bool seen = false;

		for (k = 0; k < i; k++)
			seen |= same_source(w->look[k], w->look[i]);
		if (seen)
			continue;
		*t = base;
		for (k = i; k < w->nlooks; k++)
			if (same_source(w->look[k], w->look[i]))
				t->pick[question_of(w, w->look[k])] =
				    w->look[k];
		trial_compare(w, best, t, best->nbad - 1);
	}
}

/* One answer in place of another. */
static void
try_singles(struct work *w, struct trial *best, struct trial *t)
{
	size_t i;

	for (i = 0; i < w->nlooks && best->nbad > 0; i++) {
		size_t q = question_of(w, w->look[i]);

		if (best->pick[q] == w->look[i])
			continue;
		*t = *best;
		t->pick[q] = w->look[i];
		trial_compare(w, best, t, best->nbad - 1);
	}
}

/*
 * What mends a question may show only when the one above it is mended, so all
 * is tried again as long as it helps.
 */
static void
try_all(struct work *w, struct trial *best, struct trial *t)
{
	size_t before;

	if (best->nbad > 0)
		try_authorities(w, best, t);
	do {
		before = best->nbad;
		try_sources(w, best, t);
		try_singles(w, best, t);
	} while (best->nbad > 0 && best->nbad < before);
}

/* What changes nothing is not changed. */
static void
drop_needless(struct work *w, struct trial *best, struct trial *t)
{
	size_t i;

	for (i = 0; i < w->nfirst; i++) {
		if (best->pick[i] == NULL)
			continue;
		*t = *best;
		t->pick[i] = NULL;
		trial_compare(w, best, t, best->nbad);
	}
}

/* ---- in words ---- */

/* "ns1.example. [192.0.2.1]": the name that an address was found by. */
static const char *
server_words(const struct work *w, const struct dns_observation *o)
{
	const char *name = "";
	size_t i, k;

	if (o->server == NULL)
		return "another server";
	if (o->via != VIA_AUTHORITATIVE)
		return arena_printf(w->mem, "the resolver %s%s", o->server,
		    o->look == LOOK_WITHOUT_CD ? " without CD" : "");
	for (i = 0; i < w->ev->ndns && *name == '\0'; i++) {
		const struct dns_observation *a = w->ev->dns[i];

		for (k = 0; k < a->nanswer; k++) {
			const struct rr *rr = &a->answer[k];
			bool ipv6 = rr->type == TYPE_AAAA;
			char buf[46];

			if ((rr->type == TYPE_A || ipv6) &&
			    rr->rdlen == (ipv6 ? 16 : 4) &&
			    strcmp(address_text(rr->rdata, ipv6, buf),
				o->server) == 0)
				name = name_text(w->mem, rr->owner);
		}
	}
	return *name == '\0' ? o->server
			     : arena_printf(w->mem, "%s [%s]", name, o->server);
}

/* Servers of the zone whose answer to this question is as bad. */
static const char *
bad_servers(
    struct work *w, const struct trial *best, size_t question, struct trial *t)
{
	const char *list = "";
	size_t i;

	for (i = 0; i < w->nlooks && !is_spent(w); i++) {
		const struct dns_observation *o = w->look[i];

		if (o->via != VIA_AUTHORITATIVE || o == best->pick[question] ||
		    question_of(w, o) != question)
			continue;
		*t = *best;
		t->pick[question] = o;
		if (trial_count(w, t) > best->nbad)
			list = arena_printf(w->mem, "%s%s%s", list,
			    *list ? ", " : "", server_words(w, o));
	}
	return list;
}

/*
 * A cache has what validates, name servers of the zone answered the same
 * question, and no answer of theirs would do in its place.
 */
static bool
is_contradicted(struct work *w, const struct trial *best, struct trial *t)
{
	for (size_t q = 0; q < w->nfirst; q++) {
		bool asked = false, good = false;

		if (best->pick[q] == NULL ||
		    best->pick[q]->via == VIA_AUTHORITATIVE)
			continue;
		for (size_t i = 0; i < w->nlooks && !good; i++) {
			if (w->look[i]->via != VIA_AUTHORITATIVE ||
			    question_of(w, w->look[i]) != q)
				continue;
			asked = true;
			*t = *best;
			t->pick[q] = w->look[i];
			good = !is_spent(w) && trial_count(w, t) <= best->nbad;
		}
		if (asked && !good)
			return true;
	}
	return false;
}

static const char *
what_helped(struct work *w, const struct trial *best, struct trial *t)
{
	const char *text = "", *bad;
	size_t i, n = 0;

	for (i = 0; i < w->nfirst; i++) {
		char type[16];

		if (best->pick[i] == NULL || n++ >= WORDS_MAX)
			continue;
		bad = bad_servers(w, best, i, t);
		text = arena_printf(w->mem,
		    "%s%s the answer for %s %s of %s%s%s%s", text,
		    *text ? " and" : "; it validates with",
		    name_text(w->mem, w->first[i]->name),
		    rr_type_text(w->first[i]->type, type),
		    server_words(w, best->pick[i]), *bad ? " (that of " : "",
		    bad, *bad ? " is bad)" : "");
	}
	if (n > WORDS_MAX)
		text = arena_printf(w->mem, "%s and %lu other answers", text,
		    (unsigned long)(n - WORDS_MAX));
	return text;
}

const struct choice *
choice_make(struct arena *mem, const struct evidence *ev, bool deprecated,
    struct memo *memo)
{
	struct work *w = arena_alloc(mem, sizeof *w);
	struct trial *base = arena_alloc(mem, sizeof *base);
	struct trial *best = arena_alloc(mem, sizeof *best);
	struct trial *t = arena_alloc(mem, sizeof *t);
	const char *helped;
	struct choice *c;
	bool contradicted;
	size_t i;

	w->mem = mem;
	w->ev = ev;
	w->deprecated = deprecated;
	w->memo = memo;
	collect(w);
	if (w->nlooks == 0)
		return NULL;
	trial_run(w, base, mem);
	w->base = base;
	*best = *base;
	try_all(w, best, t);
	if (best->nbad == base->nbad)
		return NULL;
	drop_needless(w, best, t);
	c = choice_of(w, best, mem);
	contradicted = is_contradicted(w, best, t);
	helped = what_helped(w, best, t);
	c->healed = arena_array(mem, w->nfirst, sizeof *c->healed);
	for (i = 0; i < w->nfirst; i++) {
		struct choice_healed *h = &c->healed[c->nhealed];

		if (!base->bad[i] || best->bad[i])
			continue;
		h->name = w->first[i]->name;
		h->type = w->first[i]->type;
		h->was = base->state[i];
		h->contradicted = contradicted;
		h->was.detail = arena_printf(mem, "%s%s",
		    h->was.detail != NULL ? h->was.detail : "", helped);
		c->nhealed++;
	}
	return c;
}

/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
#include "dkim_pair.h"
#include "dkim_record.h"
#include "dkim_target.h"
#include "name.h"
#include "text.h"

static void
add_unseen(struct judgement *j, const struct dkim_look *l)
{
	const struct dns_observation *obs = l->s->txt.obs;
	bool late = obs != NULL && obs->outcome == DNS_TIMED_OUT;
	char *name = name_text(j->mem, l->s->name);
	struct finding *f;
	char buf[16];

	f = dkim_add(
	    j, l, late ? FINDING_DNS_TIMEOUT : FINDING_DNS_LOOKUP_UNCLEAR);
	if (l->s->txt.kind == ANSWER_ERROR && obs != NULL)
		f->detail = judge_text(
		    j, "%s TXT: %s", name, rcode_text(obs->rcode, buf));
	else
		f->detail = judge_text(j, "%s TXT: %s", name,
		    late ? "no answer" : "no usable reply");
}

static void
add_ttl(struct judgement *j, const struct dkim_look *l)
{
	uint32_t ttl;
	struct finding *f;

	if (l->number == 0 || l->cname == NULL || !l->has_target)
		return;
	ttl = l->cname->ttl;
	/* A cache counts down: a small TTL says nothing unless it is fresh. */
	if (ttl < 36000 && (ttl > 360 || !l->cname_fresh))
		return;
	f = dkim_add(j, l, FINDING_DKIM_TTL);
	f->subject.type = TYPE_CNAME;
	f->detail = judge_text(j, "the TTL is %u", (unsigned)ttl);
}

static void
add_selector(const struct dkim_looks *all, struct dkim_look *l)
{
	struct judgement *j = all->j;

	if (l->sight == SIGHT_PENDING || l->sight == SIGHT_BOGUS)
		return;
	if (l->sight == SIGHT_UNSEEN)
		add_unseen(j, l);
	add_ttl(j, l);
	if (dkim_is_wrong(l)) {
		/* The key behind it is not the domain's: not judged. */
		if (l->slip == M365_SLIP_STRAY)
			dkim_add_stray(j, l);
		else
			dkim_add_wrong(all, l);
		return;
	}
	/* Told with the other: which is right, nothing shows. */
	if (l->disputed)
		return;
	if (dkim_is_inactive(l)) {
		dkim_add_inactive(all, l);
		return;
	}
	switch (l->sight) {
	case SIGHT_PENDING:
	case SIGHT_UNSEEN:
	case SIGHT_BOGUS:
		break;
	case SIGHT_MISSING:
		/* Guessed ones: see pair_missing. */
		if (!l->s->guessed && l->number == 0)
			dkim_add(j, l, FINDING_DKIM_SELECTOR_MISSING);
		break;
	case SIGHT_DANGLING:
		dkim_add_dangling(j, l);
		break;
	case SIGHT_TWO:
		dkim_add_two(j, l);
		break;
	case SIGHT_LOOP:
		dkim_add_loop(all, l);
		break;
	case SIGHT_CNAME_TEXT:
		dkim_add_text(all, l);
		break;
	case SIGHT_REVOKED:
		dkim_add(j, l, FINDING_DKIM_KEY_REVOKED)->alt =
		    dkim_another_key(all, l, NULL);
		break;
	case SIGHT_KEY:
	case SIGHT_BROKEN:
		dkim_add_key(all, l);
		break;
	}
}

/* A selector that nobody uses has an empty key, and no other has any. */
static bool
control_empty(const struct dkim_looks *all)
{
	const struct answer *a = &all->j->path->control;
	struct dkim_key key;

	if (a->kind != ANSWER_DATA || a->nrrs != 1 || a->naliases > 0)
		return false;
	dkim_key_read(all->j->mem, a->rrs[0], &key);
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].sight != SIGHT_REVOKED)
			return false;
	return key.kind == DKIM_KEY_EMPTY;
}

/* "*._domainkey" with an empty p=: no selector has a valid key. */
static bool
no_mail_domain(const struct dkim_looks *all)
{
	enum answer_kind control = all->j->path->control.kind;
	bool seen = false;
	size_t unsure = 0;

	if (control_empty(all))
		return true;
	/* No wildcard answered for the selector that nobody uses. */
	if (control == ANSWER_DATA || control == ANSWER_NODATA ||
	    control == ANSWER_NXDOMAIN)
		return false;
	for (size_t i = 0; i < all->n; i++) {
		const struct dkim_look *l = &all->list[i];

		if (l->sight != SIGHT_REVOKED || l->s->txt.naliases > 0)
			return false;
		seen |= l->wildcard;
		unsure += l->s->source == SELECTOR_M365 && !l->secure;
	}
	/* Unsigned: two selectors that nobody named, both with that key. */
	return seen || unsure == 2;
}

static void
add_no_mail(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	struct finding *f;
	uint8_t name[NAME_WIRE_MAX];

	f = findings_add(&j->findings, FINDING_DKIM_NO_MAIL_DOMAIN);
	f->aside = true;
	f->subject.type = TYPE_TXT;
	if (name_prepend(name, "*._domainkey", j->path->domain))
		f->subject.name = name_copy(j->mem, name);
	for (size_t i = 0; i < all->n; i++)
		all->list[i].view->status = SEVERITY_NOTE;
}

/* A selector is as bad as the worst that was found about it. */
static void
view_status(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	enum severity worst = SEVERITY_OK;

	if (l->sight == SIGHT_PENDING)
		return;
	if (l->sight == SIGHT_BOGUS)
		worst = SEVERITY_FAIL;
	else if (l->disputed)
		worst = SEVERITY_UNKNOWN;
	else if (l->sight == SIGHT_MISSING || l->sight == SIGHT_REVOKED ||
	    l->sight == SIGHT_DANGLING)
		worst = SEVERITY_NOTE;
	if (l->view->status != SEVERITY_UNKNOWN && l->view->status > worst)
		worst = l->view->status;
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];
		enum severity severity;

		if (f->subject.selector == NULL ||
		    !name_equal(f->subject.name, l->s->name))
			continue;
		severity = finding_severity(f, j->options.profile,
		    j->options.require, j->options.strict);
		if (severity > worst)
			worst = severity;
	}
	l->view->status = worst;
}

/* Whose the selector usually is, behind what was found there. */
static void
name_provider(struct judgement *j, const struct dkim_look *l)
{
	for (size_t i = 0; i < j->findings.n; i++) {
		struct finding *f = &j->findings.list[i];

		if (f->subject.selector == NULL ||
		    !name_equal(f->subject.name, l->s->name))
			continue;
		f->detail = judge_text(j, "%s%sa guess (%s)",
		    f->detail != NULL ? f->detail : "",
		    f->detail != NULL ? "; " : "", l->s->provider);
	}
}

/* An initial domain's own two selectors, and neither of them is there. */
static void
add_initial(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const char *names[2];
	unsigned n = 0;
	struct finding *f;

	if (!m365_is_initial(j->path->domain))
		return;
	for (size_t i = 0; i < all->n; i++) {
		const struct dkim_look *l = &all->list[i];

		if (l->s->source == SELECTOR_M365 &&
		    l->sight == SIGHT_MISSING && n < 2)
			names[n++] = l->s->selector;
	}
	if (n < 2)
		return;
	f = findings_add(&j->findings, FINDING_DKIM_GUESS_NONE);
	f->aside = true;
	f->alt = (j->options.require & REQUIRE_DKIM) != 0;
	f->subject.name = j->path->domain;
	f->detail = judge_text(j,
	    "an initial domain of Microsoft 365 signs with %s or %s, and "
	    "neither exists",
	    names[0], names[1]);
}

/* The record that a wildcard has for every selector was judged with one. */
static bool
control_judged(const struct dkim_looks *all)
{
	const struct rr *rr = all->j->path->control.rrs[0];

	for (size_t i = 0; i < all->n; i++) {
		const struct answer *a = &all->list[i].s->txt;

		for (size_t k = 0; a->kind == ANSWER_DATA && k < a->nrrs; k++)
			if (a->rrs[k]->rdlen == rr->rdlen &&
			    memcmp(a->rrs[k]->rdata, rr->rdata, rr->rdlen) == 0)
				return true;
	}
	return false;
}

/* A wildcard has a key for every selector: it is judged once. */
static bool
add_wildcard(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const struct path *p = j->path;
	struct dkim_view view = { .status = SEVERITY_UNKNOWN };
	struct path_selector s = {
		.selector = "*",
		.domain = p->domain,
		.source = SELECTOR_GUESS,
		.guessed = true,
		.txt = p->control,
	};
	struct dkim_look l = { .s = &s, .view = &view };
	size_t before = j->findings.n;
	uint8_t name[NAME_WIRE_MAX];

	if (p->control.kind != ANSWER_DATA || control_judged(all) ||
	    !name_prepend(name, "*._domainkey", p->domain))
		return false;
	s.name = name_copy(j->mem, name);
	dkim_look_one(j, &l);
	if (l.sight != SIGHT_KEY && l.sight != SIGHT_BROKEN)
		return false;
	dkim_add_key(all, &l);
	for (size_t i = before; i < j->findings.n; i++) {
		struct finding *f = &j->findings.list[i];

		f->detail = judge_text(j,
		    "%s%sa wildcard has this record for every selector",
		    f->detail != NULL ? f->detail : "",
		    f->detail != NULL ? "; " : "");
	}
	return l.sight == SIGHT_KEY;
}

/* Nothing was found by guessing, or a wildcard has a record for any name. */
static void
add_guesses(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const struct path *p = j->path;
	bool required = (j->options.require & REQUIRE_DKIM) != 0;
	bool usable = add_wildcard(all), found = usable;
	size_t unseen = 0;
	struct finding *f;

	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].s->source != SELECTOR_GUESS)
			continue;
		name_provider(j, &all->list[i]);
		found |= all->list[i].sight != SIGHT_MISSING;
	}
	usable |= dkim_another_key(all, NULL, NULL);
	/* What is demanded may be under a name that nobody guesses. */
	if (found && (usable || !required))
		return;
	for (size_t i = 0; i < p->nguesses; i++) {
		if (p->guesses[i].kind == ANSWER_PENDING)
			return;
		unseen += p->guesses[i].kind == ANSWER_ERROR ||
		    p->guesses[i].kind == ANSWER_NO_REPLY;
	}
	f = findings_add(&j->findings, FINDING_DKIM_GUESS_NONE);
	f->aside = true;
	f->alt = required && !usable;
	f->subject.name = p->domain;
	if (found)
		f->detail = "no selector that was found has a usable key";
	else if (p->control.kind == ANSWER_DATA)
		f->detail = "a wildcard has the same record for every selector";
	else if (unseen > 0)
		f->detail = judge_text(j, "%zu tried, %zu of them unanswered",
		    p->nguesses, unseen);
	else
		f->detail = judge_text(j, "%zu tried", p->nguesses);
}

/* Something says which selectors there are, or has said that there is none. */
static bool
was_asked(const struct judgement *j)
{
	return j->path->nselectors > 0 || j->path->nguesses > 0 ||
	    j->ev->asked.message != NULL;
}

void
judge_dkim(struct judgement *j)
{
	struct dkim_looks all;

	if (!asked_has(&j->ev->asked, ASKED_DKIM))
		return;
	if (!was_asked(j)) {
		struct finding *f =
		    findings_add(&j->findings, FINDING_DKIM_NOT_ASKED);

		f->aside = true;
		/* It is all that was to be looked at, or that has to be. */
		f->alt = (j->options.require & REQUIRE_DKIM) != 0 ||
		    j->ev->asked.stages == ASKED_DKIM;
		f->subject.name = j->path->domain;
		return;
	}
	dkim_look(j, &all);
	if (no_mail_domain(&all)) {
		add_no_mail(&all);
	} else {
		for (size_t i = 0; i < all.n; i++)
			add_selector(&all, &all.list[i]);
		dkim_add_pair(&all);
		if (j->path->nguesses > 0)
			add_guesses(&all);
		else
			add_initial(&all);
	}
	for (size_t i = 0; i < all.n; i++)
		view_status(&all, &all.list[i]);
}

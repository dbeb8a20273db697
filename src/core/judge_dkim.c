/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
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

/* The CNAME is right, and nothing is behind it. */
static bool
is_inactive(const struct dkim_look *l)
{
	return l->number != 0 && l->has_target && l->slip == M365_SLIP_NONE &&
	    (l->sight == SIGHT_DANGLING || l->sight == SIGHT_REVOKED);
}

/*
 * The target is wrong for certain.  One that is no target of Microsoft 365
 * at all and has a key may serve another sender, or hides behind a chain
 * that could not be read to its end.
 */
static bool
is_wrong(const struct dkim_look *l)
{
	if (l->number == 0 || l->alias == NULL || l->sight == SIGHT_LOOP)
		return false;
	if (l->slip == M365_SLIP_FOREIGN || l->slip == M365_SLIP_SHAPE ||
	    l->slip == M365_SLIP_TYPO)
		return l->has_target || l->sight == SIGHT_DANGLING;
	/* A key behind it: some sender's name is as odd as that. */
	if (l->slip == M365_SLIP_STRAY && !l->has_target)
		return l->sight != SIGHT_KEY;
	return l->slip != M365_SLIP_NONE;
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
	if (is_wrong(l)) {
		/* The key behind it is not the domain's: not judged. */
		if (l->slip == M365_SLIP_STRAY)
			dkim_add_stray(j, l);
		else
			dkim_add_wrong(all, l);
		return;
	}
	if (is_inactive(l)) {
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

/* An attempt at one of Microsoft 365's CNAMEs stands at the name. */
static bool
is_attempt(const struct dkim_look *l)
{
	return l->sight != SIGHT_BOGUS &&
	    (l->sight == SIGHT_CNAME_TEXT || is_wrong(l) || l->has_target);
}

static void
add_missing(const struct dkim_looks *all, struct dkim_look *l,
    const struct dkim_look *other)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_MISSING);
	const char *name;

	f->subject.type = TYPE_CNAME;
	if (other->has_target && other->slip == M365_SLIP_NONE) {
		l->expected =
		    m365_target_text(j->mem, &other->target, l->number);
		l->view->expected_target = judge_text(j, "%s.", l->expected);
		dkim_publish_cname(j, f, l->s->name, l->expected);
	} else {
		f->remedy = dkim_ask_cmdlet(j);
	}
	name = name_text(j->mem, l->s->name);
	if (l->alias != NULL)
		f->detail = judge_text(j,
		    "a wildcard answers for %s, with a CNAME to %s", name,
		    name_text(j->mem, l->alias));
	else if (l->s->txt.kind == ANSWER_NODATA)
		f->detail = judge_text(j,
		    "%s has no CNAME, though the name exists: a proxy hides a "
		    "CNAME so, and a wildcard of another type looks so",
		    name);
	else
		f->detail = judge_text(j, "%s does not exist", name);
}

static void
add_default_signing(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const char *initial = j->ev->asked.initial_domain;
	const char *how = "neither selector1 nor selector2 exists";
	const uint8_t *alias = all->pair[0]->alias;
	const uint8_t *other = all->pair[1]->alias;
	struct finding *f;

	f = findings_add(&j->findings, FINDING_DKIM_DEFAULT_SIGNING);
	f->aside = true;
	f->subject.name = j->path->domain;
	if (alias != NULL && other != NULL && name_equal(alias, other))
		how = judge_text(j,
		    "selector1 and selector2 both lead to %s, "
		    "as a wildcard's CNAME does",
		    name_text(j->mem, alias));
	f->detail = judge_text(j,
	    "%s; signatures by %s do not align with %s, "
	    "so DMARC cannot pass by DKIM",
	    how, initial ? initial : "the initial domain", dkim_domain_text(j));
	f->remedy = judge_text(j,
	    "Publish the two CNAMEs that "
	    "New-DkimSigningConfig -DomainName %s -KeySize 2048 -Enabled $true "
	    "or Get-DkimSigningConfig shows, then turn signing on",
	    dkim_domain_text(j));
	for (unsigned i = 0; i < 2; i++)
		all->pair[i]->view->status = SEVERITY_WARN;
}

/* One or both of the two CNAMEs are not there at all. */
static void
pair_missing(const struct dkim_looks *all)
{
	struct dkim_look *a = all->pair[0], *b = all->pair[1];
	bool none[2];

	if (a == NULL || b == NULL) {
		struct dkim_look *only = a != NULL ? a : b;

		/* Its fellow was not asked for: no more can be said. */
		if (only != NULL && only->sight == SIGHT_MISSING &&
		    !only->s->guessed)
			dkim_add(all->j, only, FINDING_DKIM_SELECTOR_MISSING);
		return;
	}
	none[0] = a->sight == SIGHT_MISSING;
	none[1] = b->sight == SIGHT_MISSING;
	if (none[0] && none[1]) {
		/* An initial domain signs with selectors of its own. */
		if (all->j->path->m365 &&
		    !m365_is_initial(all->j->path->domain))
			add_default_signing(all);
	} else if (none[0] && is_attempt(b)) {
		add_missing(all, a, b);
		return;
	} else if (none[1] && is_attempt(a)) {
		add_missing(all, b, a);
		return;
	}
	for (unsigned i = 0; i < 2; i++)
		if (none[i] && !all->pair[i]->s->guessed)
			dkim_add(all->j, all->pair[i],
			    FINDING_DKIM_SELECTOR_MISSING);
}

static void
pair_inactive(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	struct m365_known known = { .nids = 0 };
	struct finding *f;
	const char *how, *on;

	if (all->pair[0] == NULL || all->pair[1] == NULL ||
	    !is_inactive(all->pair[0]) || !is_inactive(all->pair[1]))
		return;
	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].sight == SIGHT_KEY ||
		    all->list[i].sight == SIGHT_UNSEEN)
			return;
	f = findings_add(&j->findings, FINDING_DKIM_NO_ACTIVE_SELECTOR);
	f->aside = true;
	f->subject.name = j->path->domain;
	how = judge_text(j, "neither %s nor %s has a key",
	    name_text(j->mem, all->pair[0]->alias),
	    name_text(j->mem, all->pair[1]->alias));
	on = judge_text(j,
	    "urn signing on: Set-DkimSigningConfig "
	    "-Identity %s -Enabled $true",
	    dkim_domain_text(j));
	dkim_known(j, &known);
	/* A target of a tenant that knows nothing of the domain has none. */
	f->detail = known.initial != NULL
	    ? how
	    : judge_text(j,
		  "%s: signing is off, or the tenant part (%s) is wrong", how,
		  all->pair[0]->target.tenant);
	f->remedy = known.initial != NULL
	    ? judge_text(j, "T%s", on)
	    : judge_text(j,
		  "Compare the CNAMEs with Get-DkimSigningConfig -Identity %s "
		  "| Format-List Selector1CNAME, Selector2CNAME; then t%s",
		  dkim_domain_text(j), on);
	for (unsigned i = 0; i < 2; i++)
		all->pair[i]->view->status = SEVERITY_FAIL;
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
	bool seen = all->j->path->mx_kind == MX_NULL;
	size_t direct = 0, guessed = 0;

	if (control_empty(all))
		return true;

	for (size_t i = 0; i < all->n; i++) {
		const struct dkim_look *l = &all->list[i];

		if (l->sight != SIGHT_REVOKED || l->s->txt.naliases > 0)
			continue;
		direct++;
		guessed += l->s->guessed;
		seen |= l->wildcard;
	}
	/* Unsigned: two selectors that nobody named, both with that key. */
	return direct > 0 && direct == all->n && (seen || guessed == 2);
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

/* Nothing was found by guessing, or a wildcard has a record for any name. */
static void
add_guesses(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const struct path *p = j->path;
	size_t unseen = 0;
	struct finding *f;

	for (size_t i = 0; i < all->n; i++) {
		if (all->list[i].s->source != SELECTOR_GUESS)
			continue;
		name_provider(j, &all->list[i]);
		if (all->list[i].sight != SIGHT_MISSING)
			return;
	}
	for (size_t i = 0; i < p->nguesses; i++) {
		if (p->guesses[i].kind == ANSWER_PENDING)
			return;
		unseen += p->guesses[i].kind == ANSWER_ERROR ||
		    p->guesses[i].kind == ANSWER_NO_REPLY;
	}
	f = findings_add(&j->findings, FINDING_DKIM_GUESS_NONE);
	f->aside = true;
	f->alt = (j->options.require & REQUIRE_DKIM) != 0;
	f->subject.name = p->domain;
	if (p->control.kind == ANSWER_DATA)
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
		f->alt = (j->options.require & REQUIRE_DKIM) != 0;
		f->subject.name = j->path->domain;
		return;
	}
	dkim_look(j, &all);
	if (no_mail_domain(&all)) {
		add_no_mail(&all);
	} else {
		for (size_t i = 0; i < all.n; i++)
			add_selector(&all, &all.list[i]);
		pair_missing(&all);
		pair_inactive(&all);
		if (j->path->nguesses > 0)
			add_guesses(&all);
	}
	for (size_t i = 0; i < all.n; i++)
		view_status(&all, &all.list[i]);
}

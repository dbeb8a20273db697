/* SPDX-License-Identifier: ISC */
#include "dkim_pair.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
#include "dkim_record.h"
#include "dkim_target.h"
#include "judge.h"
#include "name.h"
#include "text.h"

/* An attempt at one of Microsoft 365's CNAMEs stands at the name. */
static bool
is_attempt(const struct dkim_look *l)
{
	return l->sight != SIGHT_BOGUS &&
	    (l->sight == SIGHT_CNAME_TEXT || dkim_is_wrong(l) || l->has_target);
}

/* A TXT record stands in the CNAME's place; it is in its way. */
static const char *
in_the_way(struct judgement *j, struct finding *f, const struct dkim_look *l)
{
	const struct answer *a = &l->s->txt;
	const char *name = name_text(j->mem, l->s->name);
	const char *text =
	    text_escape(j->mem, l->key.text, l->key.textlen, 100);

	if (l->wildcard)
		return judge_text(j,
		    "%s does not exist: a wildcard's TXT record answers for "
		    "it (\"%s\")",
		    name, text);
	/* RFC 1034 3.6.2: no other data may stand beside a CNAME. */
	for (size_t i = 0; i < a->nrrs; i++)
		finding_withdraw(&j->findings, f, a->rrs[i]);
	return judge_text(j,
	    "%s has no CNAME but a TXT record (\"%s\"), which has to go%s: no "
	    "other record may stand beside a CNAME (RFC 1034 3.6.2)",
	    name, text, l->secure ? "" : " unless a wildcard makes it");
}

static void
add_missing(const struct dkim_looks *all, struct dkim_look *l,
    const struct dkim_look *other)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_MISSING);
	const char *name;

	f->subject.type = TYPE_CNAME;
	if (other->has_target && other->slip == M365_SLIP_NONE &&
	    other->sight != SIGHT_TWO) {
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
	else if (l->s->txt.kind == ANSWER_DATA)
		f->detail = in_the_way(j, f, l);
	else if (l->s->txt.kind == ANSWER_NODATA)
		f->detail = judge_text(j,
		    "%s has no CNAME, though the name exists: a proxy hides a "
		    "CNAME so, and a wildcard of another type looks so",
		    name);
	else
		f->detail = judge_text(j, "%s does not exist", name);
}

/*
 * What stands at a selector where Microsoft 365's CNAME should, in words;
 * NULL where that CNAME was meant, or nothing could be seen.
 */
static const char *
instead_text(struct judgement *j, const struct dkim_look *l)
{
	const char *target =
	    l->alias != NULL ? name_text(j->mem, l->alias) : NULL;

	switch (l->sight) {
	case SIGHT_MISSING:
		if (target != NULL)
			return judge_text(j,
			    "selector%u leads to %s, as a wildcard's CNAME "
			    "does",
			    l->number, target);
		return judge_text(j,
		    l->s->txt.kind == ANSWER_DATA
			? "selector%u has a TXT record that is no key"
			: l->s->txt.kind == ANSWER_NODATA
			? "selector%u exists, but has no CNAME"
			: "selector%u does not exist",
		    l->number);
	case SIGHT_KEY:
	case SIGHT_REVOKED:
	case SIGHT_BROKEN:
		if (l->has_target || dkim_is_wrong(l))
			return NULL;
		if (target != NULL)
			return judge_text(j,
			    "selector%u leads to %s, no target of "
			    "Microsoft 365",
			    l->number, target);
		return judge_text(j,
		    l->nkeys == 0 ? "selector%u has a TXT record that is no key"
			: l->sight == SIGHT_REVOKED
			? "selector%u has a revoked key of its own"
			: "selector%u has a key of its own",
		    l->number);
	default:
		return NULL;
	}
}

/* Some providers answer with the record in the place of the alias. */
static bool
is_flattened(const struct dkim_look *l, const struct dkim_look *other)
{
	bool key = l->alias == NULL && l->nkeys > 0 &&
	    (l->sight == SIGHT_KEY || l->sight == SIGHT_BROKEN);

	return key && other->alias == NULL &&
	    (other->sight != SIGHT_MISSING ||
		other->s->txt.kind == ANSWER_NODATA);
}

/* Neither of the two is a CNAME of Microsoft 365: what they are instead. */
static const char *
neither_text(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const struct dkim_look *a = all->pair[0], *b = all->pair[1];
	const char *one = instead_text(j, a), *two = instead_text(j, b);
	enum answer_kind kind = a->s->txt.kind;
	bool missing = a->sight == SIGHT_MISSING && b->sight == SIGHT_MISSING &&
	    a->alias == NULL && b->alias == NULL;

	if (one == NULL || two == NULL || is_flattened(a, b) ||
	    is_flattened(b, a))
		return NULL;
	if (a->sight == SIGHT_MISSING && b->sight == SIGHT_MISSING &&
	    a->alias != NULL && b->alias != NULL &&
	    name_equal(a->alias, b->alias))
		return judge_text(j,
		    "selector1 and selector2 both lead to %s, as a wildcard's "
		    "CNAME does",
		    name_text(j->mem, a->alias));
	if (a->sight == SIGHT_REVOKED && b->sight == SIGHT_REVOKED &&
	    a->alias == NULL && b->alias == NULL)
		return "selector1 and selector2 have revoked keys of their "
		       "own, so mail is signed with the initial domain or not "
		       "at all";
	if (!missing || kind != b->s->txt.kind)
		return judge_text(j, "%s, and %s", one, two);
	if (kind == ANSWER_DATA)
		return "selector1 and selector2 have a TXT record that is no "
		       "key";
	return kind == ANSWER_NODATA
	    ? "selector1 and selector2 exist, but have no CNAME: a proxy hides "
	      "a CNAME so, and a wildcard of another type looks so"
	    : "neither selector1 nor selector2 exists";
}

static void
add_default_signing(const struct dkim_looks *all, const char *how)
{
	struct judgement *j = all->j;
	const char *initial = j->ev->asked.initial_domain;
	struct finding *f;

	f = findings_add(&j->findings, FINDING_DKIM_DEFAULT_SIGNING);
	f->aside = true;
	f->subject.name = j->path->domain;
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
		if (all->pair[i]->sight == SIGHT_MISSING)
			all->pair[i]->view->status = SEVERITY_WARN;
}

/* One or both of the two CNAMEs are not there at all. */
static void
pair_missing(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	struct dkim_look *a = all->pair[0], *b = all->pair[1];
	const char *how;

	if (a == NULL || b == NULL) {
		struct dkim_look *only = a != NULL ? a : b;

		/* Its fellow was not asked for: no more can be said. */
		if (only != NULL && only->sight == SIGHT_MISSING &&
		    !only->s->guessed)
			dkim_add(j, only, FINDING_DKIM_SELECTOR_MISSING);
		return;
	}
	if (a->sight == SIGHT_MISSING && is_attempt(b)) {
		add_missing(all, a, b);
		return;
	}
	if (b->sight == SIGHT_MISSING && is_attempt(a)) {
		add_missing(all, b, a);
		return;
	}
	/* An initial domain signs with selectors of its own. */
	how = j->path->m365 && !m365_is_initial(j->path->domain)
	    ? neither_text(all)
	    : NULL;
	if (how != NULL)
		add_default_signing(all, how);
	for (unsigned i = 0; i < 2; i++)
		if (all->pair[i]->sight == SIGHT_MISSING &&
		    !all->pair[i]->s->guessed)
			dkim_add(
			    j, all->pair[i], FINDING_DKIM_SELECTOR_MISSING);
}

/* Why no target has a key, signing being off aside. */
static const char *
wrong_part_text(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	const struct m365_target *target = &all->pair[0]->target;
	struct m365_known known = { .nids = 0 };
	const char *id = "", *tenant = "";

	dkim_known(j, &known);
	if (dkim_id_unchecked(j, &known, target))
		id = judge_text(
		    j, ", or the domain part (%s) is wrong", target->id);
	/* A target of a tenant that knows nothing of the domain has none. */
	if (known.initial == NULL)
		tenant = judge_text(
		    j, ", or the tenant part (%s) is wrong", target->tenant);
	return judge_text(j, "%s%s", id, tenant);
}

static void
pair_inactive(const struct dkim_looks *all)
{
	struct judgement *j = all->j;
	struct finding *f;
	const char *how, *on, *wrong;

	if (all->pair[0] == NULL || all->pair[1] == NULL ||
	    !dkim_is_inactive(all->pair[0]) || !dkim_is_inactive(all->pair[1]))
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
	wrong = wrong_part_text(all);
	f->detail = *wrong == '\0'
	    ? how
	    : judge_text(j, "%s: signing is off%s", how, wrong);
	f->remedy = *wrong == '\0'
	    ? judge_text(j, "T%s", on)
	    : judge_text(j,
		  "Compare the CNAMEs with Get-DkimSigningConfig -Identity %s "
		  "| Format-List Selector1CNAME, Selector2CNAME; then t%s",
		  dkim_domain_text(j), on);
	for (unsigned i = 0; i < 2; i++)
		all->pair[i]->view->status = SEVERITY_FAIL;
}

void
dkim_add_pair(const struct dkim_looks *all)
{
	pair_missing(all);
	pair_inactive(all);
}

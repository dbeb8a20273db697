/* SPDX-License-Identifier: ISC */
#include "dkim_target.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
#include "judge.h"
#include "name.h"
#include "text.h"

/* Nobody asked for it, and its CNAME leads to another sender's record. */
static bool
is_another_senders(const struct dkim_look *l)
{
	return l->s->source == SELECTOR_M365 && l->alias != NULL &&
	    !l->has_target && l->sight == SIGHT_BROKEN;
}

struct finding *
dkim_add(struct judgement *j, const struct dkim_look *l, enum finding_id id)
{
	struct finding *f = findings_add(&j->findings, id);

	f->aside = true;
	f->tentative =
	    path_selector_tentative(j->path, l->s) || is_another_senders(l);
	f->subject.selector = l->s->selector;
	if (!name_equal(l->s->domain, j->path->domain))
		f->subject.signer = l->s->domain;
	f->subject.name = l->s->name;
	f->subject.type = TYPE_TXT;
	return f;
}

const char *
dkim_domain_text(struct judgement *j)
{
	return name_text_nodot(j->mem, j->path->domain);
}

/* Where Microsoft 365 itself shows the two targets. */
const char *
dkim_ask_cmdlet(struct judgement *j)
{
	return judge_text(j,
	    "Publish the CNAMEs that this shows: "
	    "Get-DkimSigningConfig -Identity %s | Format-List Selector1CNAME, "
	    "Selector2CNAME",
	    dkim_domain_text(j));
}

void
dkim_publish_cname(struct judgement *j, struct finding *f, const uint8_t *name,
    const char *target)
{
	finding_publish(&j->findings, f,
	    judge_text(
		j, "%s 3600 IN CNAME %s.", name_text(j->mem, name), target));
	f->remedy = judge_text(j, "Publish %s as a CNAME to %s.",
	    name_text_nodot(j->mem, name), target);
}

/* The CNAME to publish instead, or where to see it. */
static void
correct_cname(struct judgement *j, struct finding *f, const struct dkim_look *l)
{
	if (l->expected != NULL) {
		dkim_publish_cname(j, f, l->s->name, l->expected);
		if (l->cname != NULL && !l->wildcard)
			finding_withdraw(&j->findings, f, l->cname);
	} else if (l->number != 0) {
		f->remedy = dkim_ask_cmdlet(j);
	}
}

static const char *
wildcard_text(const struct dkim_look *l)
{
	return l->wildcard ? " (by a wildcard)" : "";
}

void
dkim_add_stray(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WHITESPACE);
	const char *what = l->what;

	if (what == NULL)
		what = judge_text(j, "the target has %s in it",
		    m365_stray_text(j->mem, l->alias));
	f->subject.type = TYPE_CNAME;
	f->detail =
	    judge_text(j, "%s: found %s", what, name_text(j->mem, l->alias));
	correct_cname(j, f, l);
}

/* Two parts that should be the same, neither of which is proven. */
static const char *
parts_text(
    struct judgement *j, const char *kind, const char *one, const char *two)
{
	unsigned n = text_distance(one, two);

	return m365_is_typo(one, two) || m365_is_typo(two, one)
	    ? judge_text(j,
		  "the %s parts \"%s\" and \"%s\" are %u letter%s apart", kind,
		  one, two, n, n == 1 ? "" : "s")
	    : judge_text(j, "of two %ss: \"%s\" and \"%s\"", kind, one, two);
}

/* In what the two targets differ. */
static const char *
differ_text(struct judgement *j, const struct m365_target *a,
    const struct m365_target *b)
{
	if (strcmp(a->id, b->id) != 0)
		return parts_text(j, "domain", a->id, b->id);
	if (strcmp(a->tenant, b->tenant) != 0)
		return parts_text(j, "tenant", a->tenant, b->tenant);
	return judge_text(j, "%s: \"%s\" and \"%s\"",
	    a->form != b->form ? "the two forms are mixed"
		: a->form == M365_FORM_DKIM_MAIL
		? "the letters before -v1 differ"
		: "of two clouds",
	    a->suffix, b->suffix);
}

void
dkim_add_wrong(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);
	const char *found = name_text(j->mem, l->alias);

	f->subject.type = TYPE_CNAME;
	if (l->disagrees)
		f->detail = judge_text(j,
		    "%s; the other selector has %s: they "
		    "cannot both be right (%s)",
		    found, name_text(j->mem, all->pair[0]->alias),
		    differ_text(j, &all->pair[0]->target, &l->target));
	else if (l->expected != NULL)
		f->detail = judge_text(j, "%s: expected %s., found %s%s",
		    l->what, l->expected, found, wildcard_text(l));
	else
		f->detail = judge_text(
		    j, "%s: found %s%s", l->what, found, wildcard_text(l));
	correct_cname(j, f, l);
}

/* RFC 2181 10.1: a name has one CNAME; which is read is a matter of luck. */
void
dkim_add_two(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);
	const struct rr *both[2] = { l->cname, l->second };
	const char *text[2];
	bool there = false;

	f->subject.type = TYPE_CNAME;
	for (unsigned i = 0; i < 2; i++)
		text[i] = name_text(j->mem, both[i]->rdata);
	f->detail = judge_text(j,
	    "two CNAMEs stand at the name, to %s and to %s: there may be one "
	    "(RFC 2181 10.1)",
	    text[0], text[1]);
	f->remedy = "Leave one CNAME there, the right one";
	if (l->expected == NULL)
		return;
	for (unsigned i = 0; i < 2; i++) {
		uint8_t right[NAME_WIRE_MAX];

		if (name_from_text(right, l->expected, NULL) &&
		    name_equal(right, both[i]->rdata))
			there = true;
		else
			finding_withdraw(&j->findings, f, both[i]);
	}
	if (!there)
		dkim_publish_cname(j, f, l->s->name, l->expected);
	else
		f->remedy =
		    judge_text(j, "Leave only the CNAME to %s.", l->expected);
}

/*
 * The names of an alias chain, as many as fit a line: all of a circle that
 * somebody made by hand.
 */
static const char *
chain_text(struct judgement *j, const struct answer *a)
{
	enum { SHOWN_MAX = 6 };
	const uint8_t *last = NULL;
	char *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->nlinks; i++) {
		const struct link *link = &a->links[i];
		const struct rr *rr;

		if (link->kind != LINK_SET)
			continue;
		rr = dkim_alias_record(link);
		last = rr != NULL ? rr->rdata : NULL;
		if (++n > SHOWN_MAX)
			continue;
		text = text == NULL ? name_text(j->mem, link->owner)
				    : judge_text(j, "%s -> %s", text,
					  name_text(j->mem, link->owner));
	}
	if (text == NULL)
		return name_text(j->mem, a->name);
	if (n > SHOWN_MAX)
		return judge_text(j, "%s -> ...", text);
	return last != NULL
	    ? judge_text(j, "%s -> %s", text, name_text(j->mem, last))
	    : text;
}

/* The same of CNAMEs that had to be asked for one by one. */
static const char *
steps_text(struct judgement *j, const struct path_selector *s)
{
	enum { SHOWN_MAX = 6 };
	const char *text = name_text(j->mem, s->name);

	for (unsigned i = 0; i < s->nsteps && i < SHOWN_MAX; i++)
		text = judge_text(
		    j, "%s -> %s", text, name_text(j->mem, s->steps[i]));
	return s->nsteps > SHOWN_MAX ? judge_text(j, "%s -> ...", text) : text;
}

void
dkim_add_loop(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);

	bool all_steps = l->s->txt.naliases == PATH_ALIASES_MAX ||
	    l->s->nsteps == PATH_ALIASES_MAX;

	f->subject.type = TYPE_CNAME;
	f->detail = judge_text(j,
	    all_steps ? "the CNAMEs run over more than 16 steps: %s"
		      : "the CNAMEs run in a circle: %s",
	    l->s->loop ? steps_text(j, l->s) : chain_text(j, &l->s->txt));
	/* What stands in the circle names no tenant. */
	correct_cname(j, f, l);
}

/* The labels of a name before those of the domain, with a final dot. */
static const char *
cut_text(struct judgement *j, const uint8_t *name)
{
	size_t len = name_len(name) - name_len(j->path->domain);
	uint8_t cut[NAME_WIRE_MAX];

	memcpy(cut, name, len);
	cut[len] = 0;
	return name_text(j->mem, cut);
}

/* A CNAME of another provider, asked for, with nothing behind it. */
void
dkim_add_dangling(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f;
	const char *target = name_text(j->mem, l->alias);

	if (m365_stray_text(j->mem, l->alias) != NULL) {
		dkim_add_stray(j, l);
		return;
	}
	/* "s1.domainkey.provider.com.contoso.com" */
	if (name_within(l->alias, j->path->domain) &&
	    name_labels(l->alias) > name_labels(j->path->domain) + 2) {
		f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);
		f->subject.type = TYPE_CNAME;
		f->detail = judge_text(j,
		    "%s has no TXT record; perhaps the zone's name was "
		    "appended to the target %s",
		    target, cut_text(j, l->alias));
		return;
	}
	f = dkim_add(j, l, FINDING_DKIM_SELECTOR_MISSING);
	f->detail = judge_text(j,
	    "the CNAME leads to %s%s, where there is no TXT record", target,
	    wildcard_text(l));
}

void
dkim_add_text(const struct dkim_looks *all, struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_TXT_HOLDS_CNAME);
	const char *text = l->key.text;
	struct m365_known known = { .nids = 0 };
	uint8_t name[NAME_WIRE_MAX];
	size_t len = l->key.textlen;
	char *expected = NULL;

	f->detail = judge_text(j, "the TXT record says \"%s\"",
	    text_escape(j->mem, text, len, 200));
	m365_text_target(text, len, &text, &len);
	if (name_from_text(name, arena_strndup(j->mem, text, len), NULL) &&
	    name_is_hostname(name, true)) {
		name_lower(name, name);
		expected = name_text_nodot(j->mem, name);
	}
	if (l->number != 0) {
		const struct dkim_look *other = all->pair[2 - l->number];
		struct m365_verdict v = { .slip = M365_SLIP_FOREIGN };

		dkim_known(j, &known);
		if (other != NULL && other->sight == SIGHT_KEY &&
		    other->has_target && other->slip == M365_SLIP_NONE)
			known.other = &other->target;
		if (expected != NULL)
			m365_target_check(j->mem, name, l->number, &known, &v);
		l->expected = v.expected;
		if (v.slip != M365_SLIP_NONE || v.expected != NULL)
			expected = v.expected;
	}
	if (expected != NULL) {
		dkim_publish_cname(j, f, l->s->name, expected);
		l->view->expected_target = judge_text(j, "%s.", expected);
	} else if (l->number != 0) {
		f->remedy = dkim_ask_cmdlet(j);
	}
	if (!l->wildcard)
		finding_withdraw(&j->findings, f, l->txt);
}

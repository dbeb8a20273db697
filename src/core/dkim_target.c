/* SPDX-License-Identifier: ISC */
#include "dkim_target.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
#include "judge.h"
#include "name.h"
#include "text.h"

struct finding *
dkim_add(struct judgement *j, const struct dkim_look *l, enum finding_id id)
{
	struct finding *f = findings_add(&j->findings, id);

	f->aside = true;
	f->tentative = path_selector_tentative(j->path, l->s);
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

void
dkim_add_stray(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WHITESPACE);

	f->subject.type = TYPE_CNAME;
	f->detail =
	    judge_text(j, "the target is %s", name_text(j->mem, l->alias));
	if (l->expected != NULL)
		dkim_publish_cname(j, f, l->s->name, l->expected);
	if (l->cname != NULL)
		finding_withdraw(&j->findings, f, l->cname);
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
		    "cannot both be right",
		    found, name_text(j->mem, all->pair[0]->alias));
	else if (l->expected != NULL)
		f->detail = judge_text(j, "%s: expected %s., found %s",
		    m365_slip_text(l->slip), l->expected, found);
	else
		f->detail = judge_text(
		    j, "%s: found %s", m365_slip_text(l->slip), found);
	if (l->expected == NULL) {
		f->remedy = dkim_ask_cmdlet(j);
		return;
	}
	dkim_publish_cname(j, f, l->s->name, l->expected);
	if (l->cname != NULL)
		finding_withdraw(&j->findings, f, l->cname);
}

void
dkim_add_loop(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);

	f->subject.type = TYPE_CNAME;
	f->detail = judge_text(j,
	    "the aliases from %s run in a circle or over "
	    "%d steps",
	    name_text(j->mem, l->s->name), PATH_ALIASES_MAX);
	if (l->number != 0)
		f->remedy = dkim_ask_cmdlet(j);
}

/* A CNAME of another provider, asked for, with nothing behind it. */
void
dkim_add_dangling(struct judgement *j, const struct dkim_look *l)
{
	struct finding *f;
	const char *target = name_text(j->mem, l->alias);

	if (!name_is_hostname(l->alias, true)) {
		dkim_add_stray(j, l);
		return;
	}
	/* "s1.domainkey.provider.com.contoso.com" */
	if (name_within(l->alias, j->path->domain) &&
	    name_labels(l->alias) > name_labels(j->path->domain) + 2) {
		f = dkim_add(j, l, FINDING_DKIM_CNAME_WRONG_TARGET);
		f->subject.type = TYPE_CNAME;
		f->detail = judge_text(j,
		    "%s does not exist; perhaps the "
		    "zone's name was appended to the target",
		    target);
		return;
	}
	f = dkim_add(j, l, FINDING_DKIM_SELECTOR_MISSING);
	f->detail = judge_text(j,
	    "the CNAME leads to %s, where there is no "
	    "TXT record",
	    target);
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
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (name_from_text(name, arena_strndup(j->mem, text, len), NULL) &&
	    name_is_hostname(name, true))
		expected = name_text_nodot(j->mem, name);
	if (l->number != 0) {
		const struct dkim_look *other = all->pair[2 - l->number];
		enum m365_slip slip = M365_SLIP_FOREIGN;

		dkim_known(j, &known);
		if (other != NULL && other->sight == SIGHT_KEY &&
		    other->has_target && other->slip == M365_SLIP_NONE)
			known.other = &other->target;
		if (expected != NULL)
			slip = m365_target_check(
			    j->mem, name, l->number, &known, &l->expected);
		if (slip != M365_SLIP_NONE || l->expected != NULL)
			expected = l->expected;
	}
	if (expected != NULL) {
		dkim_publish_cname(j, f, l->s->name, expected);
		l->view->expected_target = judge_text(j, "%s.", expected);
	} else if (l->number != 0) {
		f->remedy = dkim_ask_cmdlet(j);
	}
	finding_withdraw(&j->findings, f, l->txt);
}

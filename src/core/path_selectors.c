/* SPDX-License-Identifier: ISC */
/* The part of the walk that DKIM needs: its selectors, and where they are. */
#include "path.h"

#include <string.h>

#include "arena.h"
#include "dkim_guess.h"
#include "evidence.h"
#include "m365.h"
#include "message.h"
#include "name.h"

static bool
selector_name(
    uint8_t name[NAME_WIRE_MAX], const char *selector, const uint8_t *domain)
{
	char labels[NAME_TEXT_MAX];
	size_t n = strlen(selector);

	if (n + sizeof "._domainkey" > sizeof labels)
		return false;
	memcpy(labels, selector, n);
	memcpy(labels + n, "._domainkey", sizeof "._domainkey");
	return name_prepend(name, labels, domain);
}

/*
 * From CNAME to CNAME: where they run in a circle, resolvers say SERVFAIL
 * and nothing else.
 */
static void
steps_walk(struct path *p, struct path_selector *s)
{
	const struct answer *a = &s->cname;

	s->steps = arena_array(p->mem, PATH_ALIASES_MAX, sizeof *s->steps);
	while (a->kind == ANSWER_DATA && a->nrrs > 0 &&
	    s->nsteps < PATH_ALIASES_MAX && !s->loop) {
		const uint8_t *target = a->rrs[0]->rdata;

		s->loop = name_equal(target, s->name);
		for (unsigned i = 0; i < s->nsteps; i++)
			s->loop |= name_equal(target, s->steps[i]);
		s->steps[s->nsteps++] = target;
		if (s->loop)
			return;
		answer_follow(p->mem, p->ev, target, TYPE_CNAME, &s->step);
		a = &s->step;
	}
	s->loop |= s->nsteps == PATH_ALIASES_MAX;
}

/* A selector that is there already, or none that fits, adds nothing. */
static struct path_selector *
selector_add(struct path *p, const char *selector, const uint8_t *domain,
    enum selector_source source)
{
	struct path_selector *s = &p->selectors[p->nselectors];
	uint8_t name[NAME_WIRE_MAX];

	if (!selector_name(name, selector, domain))
		return NULL;
	for (size_t i = 0; i < p->nselectors; i++)
		if (name_equal(p->selectors[i].name, name))
			return NULL;
	*s = (struct path_selector){
		.selector = selector,
		.domain = domain,
		.name = name_copy(p->mem, name),
		.source = source,
		.guessed = source >= SELECTOR_M365,
	};
	p->nselectors++;
	answer_follow(p->mem, p->ev, s->name, TYPE_TXT, &s->txt);
	/* A failing target hides the alias: ask for the alias itself. */
	answer_follow(p->mem, p->ev, s->name, TYPE_CNAME, &s->cname);
	if (s->txt.kind == ANSWER_ERROR || s->txt.kind == ANSWER_NO_REPLY)
		steps_walk(p, s);
	return s;
}

static void
m365_walk(struct path *p)
{
	const struct asked *asked = &p->ev->asked;

	p->m365 =
	    asked->m365 || asked->gcc_high || asked->initial_domain != NULL;
	p->gcc_high = asked->gcc_high;
	for (size_t i = 0; i < p->nhosts; i++) {
		const char *id = NULL;
		bool gcc_high = false;

		if (!m365_from_mx(p->mem, p->hosts[i].name, &id, &gcc_high))
			continue;
		p->m365 = true;
		p->gcc_high |= gcc_high;
		if (p->m365_id == NULL)
			p->m365_id = id;
	}
	/* GCC High: always the domain itself with dashes. */
	if (p->m365 && (p->gcc_high || p->m365_id == NULL))
		p->m365_id = m365_id_from_domain(p->mem, p->domain);
}

/*
 * An initial domain needs no CNAMEs: its keys stand where those of other
 * domains lead to.
 */
static const char *
m365_selector(struct path *p, unsigned number)
{
	if (!m365_is_initial(p->domain))
		return number == 1 ? "selector1" : "selector2";
	return arena_printf(p->mem, "selector%u-%s", number,
	    m365_id_from_domain(p->mem, p->domain));
}

/* Every record of a is one of b's, too. */
static bool
same_records(const struct answer *a, const struct answer *b)
{
	for (size_t i = 0; i < a->nrrs; i++) {
		bool found = false;

		for (size_t k = 0; k < b->nrrs && !found; k++)
			found = a->rrs[i]->rdlen == b->rrs[k]->rdlen &&
			    memcmp(a->rrs[i]->rdata, b->rrs[k]->rdata,
				a->rrs[i]->rdlen) == 0;
		if (!found)
			return false;
	}
	return true;
}

/*
 * A guess becomes a selector when there is a record, and none that a
 * wildcard has for every name.
 */
static void
guesses_walk(struct path *p)
{
	uint8_t name[NAME_WIRE_MAX];
	const struct dkim_guess *table = dkim_guesses(&p->nguesses);
	bool wild;

	p->guesses = arena_array(p->mem, p->nguesses, sizeof *p->guesses);
	if (!selector_name(name, DKIM_GUESS_CONTROL, p->domain)) {
		p->nguesses = 0; /* no room for any of them */
		return;
	}
	answer_follow(
	    p->mem, p->ev, name_copy(p->mem, name), TYPE_TXT, &p->control);
	wild = p->control.kind == ANSWER_DATA;
	for (size_t i = 0; i < p->nguesses; i++) {
		struct answer *a = &p->guesses[i];
		struct path_selector *s;

		if (!selector_name(name, table[i].selector, p->domain))
			continue;
		answer_follow(
		    p->mem, p->ev, name_copy(p->mem, name), TYPE_TXT, a);
		if (a->kind != ANSWER_DATA ||
		    p->control.kind == ANSWER_PENDING ||
		    (wild && same_records(a, &p->control)))
			continue;
		s = selector_add(
		    p, table[i].selector, p->domain, SELECTOR_GUESS);
		if (s != NULL)
			s->provider = table[i].provider;
	}
}

/* A signature that aligns only where the policy is not strict. */
static bool
needs_policy(const struct mail_message *m)
{
	const uint8_t *from = m->nfrom == 1 ? m->from[0] : NULL;
	const uint8_t *organization =
	    from != NULL ? message_organization(m, from) : NULL;
	bool relaxed = false;

	if (organization == NULL)
		return false;
	for (size_t i = 0; i < m->nsignatures; i++) {
		const struct message_signature *s = &m->signatures[i];

		if (s->error != NULL)
			continue;
		if (name_equal(s->domain, from))
			return false;
		relaxed |= s->organization != NULL &&
		    name_equal(s->organization, organization);
	}
	return relaxed;
}

/* RFC 7489 6.6.3: the policy of the From domain, else its organization's. */
static void
policy_walk(struct path *p, const struct mail_message *m)
{
	uint8_t name[NAME_WIRE_MAX];
	const uint8_t *names[2];

	if (!needs_policy(m))
		return;
	names[0] = m->from[0];
	names[1] = message_organization(m, names[0]);
	for (size_t i = 0; i < 2; i++) {
		if (i == 1 && name_equal(names[0], names[1]))
			return;
		if (!name_prepend(name, "_dmarc", names[i]))
			return;
		answer_follow(p->mem, p->ev, name_copy(p->mem, name), TYPE_TXT,
		    &p->dmarc[i]);
		p->ndmarc++;
	}
}

bool
path_selector_tentative(const struct path *p, const struct path_selector *s)
{
	return s->source == SELECTOR_GUESS ||
	    (!name_within(s->domain, p->domain) &&
		!name_within(p->domain, s->domain));
}

void
path_walk_selectors(struct path *p)
{
	const struct asked *asked = &p->ev->asked;
	const struct mail_message *m = asked->message;
	size_t n = asked->nselectors + 2, nguesses;

	m365_walk(p);
	if (!asked_has(asked, ASKED_DKIM))
		return;
	dkim_guesses(&nguesses);
	n += m != NULL ? m->nsignatures : 0;
	n += asked->guess_selectors ? nguesses : 0;
	p->selectors = arena_array(p->mem, n, sizeof *p->selectors);
	for (size_t i = 0; i < asked->nselectors; i++)
		selector_add(p, asked->selectors[i], p->domain, SELECTOR_ASKED);
	for (size_t i = 0; m != NULL && i < m->nsignatures; i++)
		if (m->signatures[i].selector != NULL &&
		    m->signatures[i].domain != NULL)
			selector_add(p, m->signatures[i].selector,
			    m->signatures[i].domain, SELECTOR_MESSAGE);
	for (unsigned i = 1; p->m365 && i <= 2; i++)
		selector_add(p, m365_selector(p, i), p->domain, SELECTOR_M365);
	if (asked->guess_selectors)
		guesses_walk(p);
	if (m != NULL)
		policy_walk(p, m);
}

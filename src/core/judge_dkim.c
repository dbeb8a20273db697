/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
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

/* The other of the two, right too and of the same tenant; or NULL. */
static const struct dkim_look *
pair_fellow(const struct dkim_looks *all, const struct dkim_look *l)
{
	const struct dkim_look *other = all->pair[2 - l->number];

	return other != NULL && other->has_target &&
		other->slip == M365_SLIP_NONE &&
		strcmp(other->target.tenant, l->target.tenant) == 0
	    ? other
	    : NULL;
}

/*
 * What of a right target nothing vouches for, said once for the two of a
 * domain: without the initial domain its tenant may be any, and without an
 * MX host of Microsoft 365 its identifier.
 */
static const char *
unchecked_text(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct m365_known known = { .nids = 0 };
	bool two;
	const char *id = "";

	if (l->number == 0 || !l->has_target || l->slip != M365_SLIP_NONE)
		return "";
	dkim_known(j, &known);
	two = pair_fellow(all, l) != NULL;
	if (known.initial != NULL || (two && l->number == 2))
		return "";
	if (known.nids == 0 &&
	    strcmp(l->target.id,
		m365_id_from_domain(j->mem, j->path->domain)) != 0)
		id = judge_text(j, "the domain part (%s) and ", l->target.id);
	return judge_text(j,
	    "; %sthe tenant part (%s%s) %s not checked: --initial-domain was "
	    "not given",
	    id, l->target.tenant, two ? ", as in the other selector" : "",
	    *id != '\0' ? "were" : "was");
}

/* The names between the selector and its target, and the record without. */
static const char *
chain_text(struct judgement *j, struct finding *f, const struct dkim_look *l)
{
	enum { SHOWN_MAX = 3 };
	const struct answer *a = &l->s->txt;
	char *text = NULL;
	size_t n = 0;

	if (l->number == 0 || !l->has_target || l->slip != M365_SLIP_NONE)
		return "";
	for (size_t i = 0; i < a->nlinks; i++) {
		const struct rr *rr = a->links[i].kind == LINK_SET
		    ? dkim_alias_record(&a->links[i])
		    : NULL;

		if (rr == NULL || name_equal(rr->rdata, l->alias))
			break;
		if (++n > SHOWN_MAX)
			break;
		text = text == NULL ? judge_text(j, ", by way of %s",
					  name_text(j->mem, rr->rdata))
				    : judge_text(j, "%s %s", text,
					  name_text(j->mem, rr->rdata));
	}
	if (text == NULL)
		return "";
	dkim_publish_cname(
	    j, f, l->s->name, m365_target_text(j->mem, &l->target, l->number));
	return judge_text(j, "%s%s", text, n > SHOWN_MAX ? " and others" : "");
}

static void
add_inactive(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_SELECTOR_INACTIVE);
	const char *chain = chain_text(j, f, l);

	f->detail = judge_text(j, "%s%s has no key%s",
	    name_text(j->mem, l->alias), chain, unchecked_text(all, l));
}

static bool
another_key(const struct dkim_looks *all, const struct dkim_look *than,
    const char *type)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct dkim_look *l = &all->list[i];

		if (l != than && l->sight == SIGHT_KEY &&
		    (type == NULL || strcmp(l->key.type, type) == 0))
			return true;
	}
	return false;
}

static const char *
key_text(struct judgement *j, const struct dkim_key *key)
{
	const char *text = strcmp(key->type, "rsa") == 0
	    ? judge_text(j, "RSA key of %u bits", key->bits)
	    : "Ed25519 key";

	/* RFC 6376 3.6.1, t=s: i= MUST NOT be of a subdomain of d=. */
	if (key->strict)
		text = judge_text(j, "%s, not for subdomains (t=s)", text);
	if (key->odd != NULL)
		text = judge_text(j,
		    "%s; the tag name \"%.40s\" is not allowed (RFC 6376 3.2) "
		    "and is ignored by most",
		    text, key->odd);
	return text;
}

static void
add_ok(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_OK);
	const char *key = key_text(j, &l->key);
	const char *chain;

	if (l->alias == NULL && l->number != 0)
		f->detail = judge_text(j,
		    "%s, published directly and not by a "
		    "CNAME: Microsoft 365 cannot rotate it",
		    key);
	else if (l->alias == NULL)
		f->detail = key;
	else if (l->number != 0 && l->slip == M365_SLIP_FOREIGN)
		f->detail = judge_text(j,
		    "%s, through %s: not a key of "
		    "Microsoft 365",
		    key, name_text(j->mem, l->alias));
	else {
		chain = chain_text(j, f, l);
		f->detail = judge_text(j, "%s, through %s%s%s", key,
		    name_text(j->mem, l->alias), chain, unchecked_text(all, l));
	}
}

static void
add_key_size(struct judgement *j, const struct dkim_look *l)
{
	enum finding_id id;
	struct finding *f;

	/* RFC 8301 3.2: signers MUST use at least 1024 bits and SHOULD use
	 * at least 2048; verifiers MUST handle 1024 to 4096. */
	if (strcmp(l->key.type, "rsa") != 0)
		return;
	if (l->key.bits < 1024)
		id = FINDING_DKIM_KEY_SHORT;
	else if (l->key.bits < 2048)
		id = FINDING_DKIM_KEY_1024;
	else if (l->key.bits > 4096)
		id = FINDING_DKIM_KEY_LONG;
	else
		return;
	f = dkim_add(j, l, id);
	f->detail = judge_text(j, "%u bits", l->key.bits);
	if (l->has_target && l->number != 0 && l->key.bits < 2048)
		f->remedy = judge_text(j,
		    "Run Rotate-DkimSigningConfig "
		    "-Identity %s -KeySize 2048, and again after the 96 hours "
		    "of the rotation, so that both selectors have 2048 bits",
		    dkim_domain_text(j));
}

static void
add_key(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f;

	if (l->nkeys > 1 || (l->nkeys == 1 && l->nstray > 0)) {
		/* RFC 6376 3.6.2.2: with several records the results are
		 * undefined; verifiers skip what is no key. */
		f = dkim_add(j, l, FINDING_DKIM_KEY_MULTIPLE);
		f->alt = l->nkeys == 1;
		f->detail = judge_text(
		    j, "%zu key records and %zu others", l->nkeys, l->nstray);
		if (l->nkeys > 1)
			return;
	}
	if (l->nkeys == 0) {
		f = dkim_add(j, l, FINDING_DKIM_KEY_MALFORMED);
		f->detail = judge_text(j, "the TXT record is no key: \"%s\"",
		    text_escape(j->mem, l->key.text, l->key.textlen, 100));
		return;
	}
	if (l->key.kind == DKIM_KEY_BAD) {
		f = dkim_add(j, l, FINDING_DKIM_KEY_MALFORMED);
		f->detail = l->key.error;
		return;
	}
	if (l->sight == SIGHT_KEY)
		add_ok(all, l);
	if (l->key.sha1_only)
		dkim_add(j, l, FINDING_DKIM_HASH_SHA1);
	add_key_size(j, l);
	if (strcmp(l->key.type, "ed25519") == 0 && !another_key(all, l, "rsa"))
		dkim_add(j, l, FINDING_DKIM_ED25519_ONLY);
	if (l->key.testing)
		dkim_add(j, l, FINDING_DKIM_KEY_TESTING);
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
		add_inactive(all, l);
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
		    another_key(all, l, NULL);
		break;
	case SIGHT_KEY:
	case SIGHT_BROKEN:
		add_key(all, l);
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

	f->subject.type = TYPE_CNAME;
	if (other->has_target && other->slip == M365_SLIP_NONE) {
		l->expected =
		    m365_target_text(j->mem, &other->target, l->number);
		l->view->expected_target = judge_text(j, "%s.", l->expected);
		dkim_publish_cname(j, f, l->s->name, l->expected);
	} else {
		f->remedy = dkim_ask_cmdlet(j);
	}
	f->detail = l->alias != NULL
	    ? judge_text(j, "a wildcard answers for %s, with a CNAME to %s",
		  name_text(j->mem, l->s->name), name_text(j->mem, l->alias))
	    : judge_text(j, "%s does not exist", name_text(j->mem, l->s->name));
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

	if (!was_asked(j)) {
		struct finding *f =
		    findings_add(&j->findings, FINDING_DKIM_NOT_ASKED);

		f->aside = true;
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

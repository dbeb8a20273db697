/* SPDX-License-Identifier: ISC */
#include "dkim_record.h"

#include <string.h>

#include "arena.h"
#include "dkim_look.h"
#include "dkim_target.h"
#include "judge.h"
#include "name.h"
#include "text.h"

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
 * A gateway's MX shows no identifier, and the target's is another than the
 * domain's own.
 */
bool
dkim_id_unchecked(struct judgement *j, const struct m365_known *known,
    const struct m365_target *target)
{
	return known->nids == 0 &&
	    strcmp(target->id, m365_id_from_domain(j->mem, j->path->domain)) !=
	    0;
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
	const char *id = "", *tenant = "";
	bool two;

	if (l->number == 0 || !l->has_target || l->slip != M365_SLIP_NONE)
		return "";
	dkim_known(j, &known);
	two = pair_fellow(all, l) != NULL;
	if (two && l->number == 2)
		return "";
	if (dkim_id_unchecked(j, &known, &l->target))
		id = judge_text(j,
		    "; the domain part (%s) was not checked: no MX host of "
		    "Microsoft 365 shows it",
		    l->target.id);
	if (known.initial == NULL)
		tenant = judge_text(j,
		    "; the tenant part (%s%s) was not checked: "
		    "--initial-domain was not given",
		    l->target.tenant, two ? ", as in the other selector" : "");
	return judge_text(j, "%s%s", id, tenant);
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
	if (l->cname != NULL && !l->wildcard)
		finding_withdraw(&j->findings, f, l->cname);
	return judge_text(j, "%s%s", text, n > SHOWN_MAX ? " and others" : "");
}

void
dkim_add_inactive(const struct dkim_looks *all, const struct dkim_look *l)
{
	struct judgement *j = all->j;
	struct finding *f = dkim_add(j, l, FINDING_DKIM_SELECTOR_INACTIVE);
	const char *chain = chain_text(j, f, l);

	f->detail = judge_text(j, "%s%s has no key%s",
	    name_text(j->mem, l->alias), chain, unchecked_text(all, l));
}

bool
dkim_another_key(const struct dkim_looks *all, const struct dkim_look *than,
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
	struct finding *f, *other;
	const char *key = key_text(j, &l->key);
	const char *chain;

	if (l->key.unpadded) {
		other = dkim_add(j, l, FINDING_DKIM_KEY_MALFORMED);
		other->alt = true;
		other->detail = "p= lacks the \"=\" at its end: verifiers that "
				"insist on it see no key";
	}
	f = dkim_add(j, l, FINDING_DKIM_OK);
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

/* The key behind the CNAME is Microsoft 365's to change. */
static bool
is_microsofts(const struct dkim_look *l)
{
	return l->has_target && l->number != 0;
}

static const char *
rotate_text(struct judgement *j)
{
	return judge_text(j,
	    "Rotate-DkimSigningConfig -Identity %s -KeySize 2048",
	    dkim_domain_text(j));
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
	if (is_microsofts(l) && l->key.bits < 2048)
		f->remedy = judge_text(j,
		    "Run %s, and again after the 96 hours of the rotation, so "
		    "that both selectors have 2048 bits",
		    rotate_text(j));
}

/* What is wrong with a record, and where it is when a CNAME leads there. */
static void
add_malformed(struct judgement *j, const struct dkim_look *l, const char *error)
{
	struct finding *f = dkim_add(j, l, FINDING_DKIM_KEY_MALFORMED);

	f->detail = l->alias == NULL ? error
				     : judge_text(j, "%s (at %s)", error,
					   name_text(j->mem, l->s->txt.final));
	if (is_microsofts(l))
		f->remedy =
		    judge_text(j, "Have a new key made: %s", rotate_text(j));
}

void
dkim_add_key(const struct dkim_looks *all, const struct dkim_look *l)
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
		add_malformed(j, l,
		    judge_text(j, "the TXT record is no key: \"%s\"",
			text_escape(j->mem, l->key.text, l->key.textlen, 100)));
		return;
	}
	if (l->key.kind == DKIM_KEY_BAD) {
		add_malformed(j, l, l->key.error);
		return;
	}
	if (l->sight == SIGHT_KEY)
		add_ok(all, l);
	if (l->key.sha1_only)
		dkim_add(j, l, FINDING_DKIM_HASH_SHA1);
	add_key_size(j, l);
	if (strcmp(l->key.type, "ed25519") == 0 &&
	    !dkim_another_key(all, l, "rsa"))
		dkim_add(j, l, FINDING_DKIM_ED25519_ONLY);
	if (l->key.testing)
		dkim_add(j, l, FINDING_DKIM_KEY_TESTING);
}

/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "m365.h"
#include "name.h"

enum { LISTED_MAX = 20 };

static const uint8_t mx_microsoft[] = "\002mx\011microsoft";
static const uint8_t outlook_cn[] = "\007outlook\002cn";

static bool
absent(const struct answer *a)
{
	return a->kind == ANSWER_NODATA || a->kind == ANSWER_NXDOMAIN;
}

/*
 * A denial that could not be checked either way, from a resolver that drops
 * the signatures: perhaps the domain's, perhaps the resolver's own.
 */
static bool
unverified(const struct judgement *j, const struct dnssec *d)
{
	/* Without the chains the resolver is taken at its word. */
	return d->state == DNSSEC_STATE_INDETERMINATE &&
	    asked_has(&j->ev->asked, ASKED_DNSSEC);
}

/* Names beside each other; of thousands, the first and how many more. */
struct listing {
	const char *text;
	size_t n;
};

static void
list_add(struct judgement *j, struct listing *l, const char *word)
{
	if (l->n == 0)
		l->text = word;
	else if (l->n < LISTED_MAX)
		l->text = judge_text(j, "%s, %s", l->text, word);
	l->n++;
}

static const char *
list_text(struct judgement *j, const struct listing *l)
{
	if (l->n <= LISTED_MAX)
		return l->n > 0 ? l->text : "";
	return judge_text(j, "%s and %zu more", l->text, l->n - LISTED_MAX);
}

static void
found(struct judgement *j)
{
	const struct path *p = j->path;
	struct listing list = { .n = 0 };

	for (size_t i = 0; i < p->nhosts; i++)
		list_add(j, &list,
		    judge_text(j, "%u %s", p->hosts[i].preference,
			name_text(j->mem, p->hosts[i].name)));
	list.n += p->nleft;
	judge_add(j, FINDING_MX_FOUND, -1, -1)->detail = list_text(j, &list);
}

static void
alias(struct judgement *j, int i, const struct path_host *h)
{
	struct finding *f;

	if (name_equal(h->expanded, h->name) || h->implicit)
		return;
	f = judge_add(j, FINDING_MX_HOST_ALIAS, i, -1);
	f->detail = judge_text(j, "%s is an alias of %s",
	    name_text(j->mem, h->name), name_text(j->mem, h->expanded));
}

static void
insecure(struct judgement *j, int i)
{
	const struct host_view *v = &j->hosts[i];
	struct finding *f;

	/* With unsigned MX records the hosts add nothing new. */
	if (v->host->naddresses == 0 ||
	    v->address_dnssec.state != DNSSEC_STATE_INSECURE)
		return;
	f = judge_add(j, FINDING_MX_HOST_INSECURE, i, -1);
	if (v->address_dnssec.reason == FINDING_DNSSEC_UNSIGNED &&
	    v->address_dnssec.zone != NULL)
		f->detail = judge_text(j, "the unsigned zone is %s",
		    name_text(j->mem, v->address_dnssec.zone));
}

static void
addresses(struct judgement *j, int i, const struct path_host *h)
{
	bool usable = false, ipv4 = false;

	for (size_t k = 0; k < h->naddresses; k++) {
		usable |= !h->addresses[k].special;
		ipv4 |= !h->addresses[k].ipv6;
	}
	for (size_t k = 0; k < h->naddresses; k++) {
		const struct path_address *ad = &h->addresses[k];
		struct finding *f;

		if (!ad->special)
			continue;
		f = judge_add(j,
		    j->ev->asked.allow_special
			? FINDING_MX_ADDRESS_SPECIAL_ALLOWED
			: FINDING_MX_ADDRESS_SPECIAL,
		    i, (int)k);
		f->alt = usable;
	}
	/* RFC 5321 5.2 leaves the choice to the sender's reach. */
	if (!ipv4 && h->naddresses > 0 && absent(&h->a))
		judge_add(j, FINDING_MX_IPV6_ONLY, i, -1);
}

static void
host(struct judgement *j, int i)
{
	const struct path_host *h = &j->path->hosts[i];

	if (h->over_limit)
		return;
	if (h->not_a_name) {
		judge_add(j, FINDING_MX_HOST_NOT_A_NAME, i, -1)->detail =
		    judge_text(j, "the MX record names \"%s\"",
			name_text_nodot(j->mem, h->name));
		return;
	}
	/*
	 * RFC 5321 5.1: no address is an error of this host only; without
	 * any MX record it is one of the domain (MX_NONE).
	 */
	if (absent(&h->a) && absent(&h->aaaa) &&
	    j->hosts[i].address_dnssec.state != DNSSEC_STATE_BOGUS) {
		enum finding_id id =
		    h->implicit ? FINDING_MX_NONE : FINDING_MX_HOST_NO_ADDRESS;
		struct finding *f = judge_add(j, id, h->implicit ? -1 : i, -1);

		if (h->implicit)
			f->alt = unverified(j, &j->hosts[i].address_dnssec);
		else
			f->detail = h->a.kind == ANSWER_NXDOMAIN
			    ? "the host's name does not exist"
			    : "the name exists, without A and AAAA records";
		return;
	}
	if (h->implicit)
		judge_add(j, FINDING_MX_IMPLICIT, -1, -1);
	alias(j, i, h);
	insecure(j, i);
	addresses(j, i, h);
}

static void
too_many(struct judgement *j)
{
	const struct path *p = j->path;
	struct listing list = { .n = 0 };
	size_t left = p->nleft;

	for (size_t i = 0; i < p->nhosts; i++) {
		const struct path_host *h = &p->hosts[i];

		left += h->nleft;
		if (h->over_limit)
			list_add(j, &list, name_text(j->mem, h->name));
		for (size_t k = 0; k < h->naddresses; k++)
			if (h->addresses[k].over_limit)
				list_add(j, &list, h->addresses[k].text);
	}
	if (list.n > 0)
		judge_add(j, FINDING_MX_TOO_MANY, -1, -1)->detail = left == 0
		    ? judge_text(j, "not probed: %s", list_text(j, &list))
		    : judge_text(j, "not probed: %s, and %zu records more",
			  list_text(j, &list), left);
}

static void
microsoft(struct judgement *j)
{
	const struct path *p = j->path;
	const char *id;
	bool gcc_high, modern = false, misplaced = false;

	for (size_t i = 0; i < p->nhosts; i++) {
		const struct path_host *h = &p->hosts[i];

		if (name_within(h->name, mx_microsoft)) {
			modern = true;
			misplaced |= h->preference != 0 && h->preference != 10;
		} else if (m365_from_mx(j->mem, h->name, &id, &gcc_high) &&
		    !name_within(h->name, outlook_cn)) {
			/* Of 21Vianet's zone nothing is known. */
			judge_add(j, FINDING_MX_M365_LEGACY, (int)i, -1);
		}
	}
	if (modern && (p->nhosts > 1 || misplaced))
		judge_add(j, FINDING_MX_M365_NOT_ALONE, -1, -1);
}

static void
missing(struct judgement *j)
{
	struct finding *f = judge_add(j, FINDING_MX_DOMAIN_MISSING, -1, -1);

	f->alt = unverified(j, &j->mx_dnssec);
	if (f->alt && j->mx_dnssec.reason == FINDING_DNSSEC_RESOLVER_STRIPS) {
		f->detail = "this resolver says so, and proves nothing it says";
		f->remedy =
		    catalogue_row(FINDING_DNSSEC_RESOLVER_STRIPS)->remedy;
	}
}

void
judge_mx(struct judgement *j)
{
	const struct path *p = j->path;
	struct finding *f;

	switch (p->mx_kind) {
	case MX_PENDING:
	case MX_FAILED: /* judge_dnssec has said why */
		return;
	case MX_MISSING:
		/* A bogus denial is DNSSEC's failure: nobody believes it. */
		if (j->mx_dnssec.state != DNSSEC_STATE_BOGUS)
			missing(j);
		return;
	case MX_NULL:
		judge_add(j, FINDING_MX_NULL, -1, -1);
		return;
	case MX_NULL_AND_OTHERS:
		f = judge_add(j, FINDING_MX_NULL_AND_OTHERS, -1, -1);
		/* Which is meant?  Who lists mail servers most likely has them.
		 */
		for (size_t i = 0; i < p->mx.nrrs; i++)
			if (p->mx.rrs[i]->rdlen == 3)
				finding_withdraw(&j->findings, f, p->mx.rrs[i]);
		return;
	case MX_LIST:
		found(j);
		break;
	case MX_IMPLICIT:
		break;
	}
	if (j->mx_dnssec.state == DNSSEC_STATE_INSECURE)
		judge_add(j, FINDING_MX_INSECURE, -1, -1);
	for (size_t i = 0; i < p->nhosts; i++)
		host(j, (int)i);
	too_many(j);
	microsoft(j);
}

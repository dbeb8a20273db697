/* SPDX-License-Identifier: ISC */
/*
 * What a change makes necessary and nobody has observed: a recording knows
 * nothing of a new mail server.  Silence about it would be taken for a word.
 */
#include "judge.h"

#include "cause.h"
#include "evidence.h"
#include "path.h"

static void
unseen(struct judgement *j, size_t host, int address, const char *what)
{
	judge_add(j, FINDING_MX_NOT_OBSERVED, (int)host, address)->detail =
	    what;
}

static bool
was_to_be_probed(const struct judgement *j, const struct path_address *ad)
{
	const struct asked *asked = &j->ev->asked;

	return asked_has(asked, ASKED_STARTTLS) && !ad->over_limit &&
	    (!ad->special || asked->allow_special) &&
	    (ad->ipv6 ? asked->ipv6 : asked->ipv4) &&
	    j->ev->nsmtp < PATH_SESSIONS_MAX;
}

/* A change gave these records, and what signs them was not recorded. */
static bool
chain_unseen(const struct judgement *j, const struct answer *a,
    const struct dnssec *d)
{
	return asked_has(&j->ev->asked, ASKED_DNSSEC) && a->obs != NULL &&
	    a->obs->via == VIA_OVERLAY &&
	    d->state == DNSSEC_STATE_INDETERMINATE &&
	    !cause_find(j->ev, d).recorded;
}

/*
 * With TLSA records both kinds of keys are looked at; one that only the change
 * brings was none for whom the recording was made.
 */
static void
unseen_kind(struct judgement *j, size_t i)
{
	const struct path_host *h = &j->path->hosts[i];
	const struct answer *a = j->hosts[i].tlsa_answer;

	if (a == NULL || a->kind != ANSWER_DATA || a->obs->via != VIA_OVERLAY)
		return;
	for (size_t k = 0; k < h->naddresses; k++) {
		const struct smtp_observation *const *s =
		    h->addresses[k].session;
		struct finding *f;

		if (s[KEYS_ANY] == NULL || s[KEYS_ANY]->outcome != SMTP_TLS ||
		    s[KEYS_RSA] != NULL || s[KEYS_ECDSA] != NULL)
			continue;
		f = judge_add(j, FINDING_MX_NOT_OBSERVED, (int)i, (int)k);
		f->detail = "a certificate for another kind of key was not "
			    "looked for";
		f->alt = true;
	}
}

static void
unseen_host(struct judgement *j, size_t i)
{
	const struct path_host *h = &j->path->hosts[i];
	const struct host_view *hv = &j->hosts[i];

	if (!asked_has(&j->ev->asked, ASKED_STARTTLS) &&
	    !asked_has(&j->ev->asked, ASKED_TLSA))
		return;
	if (h->a.kind == ANSWER_PENDING && h->aaaa.kind == ANSWER_PENDING) {
		unseen(j, i, -1, "its addresses are not known");
		return;
	}
	if (asked_has(&j->ev->asked, ASKED_TLSA) && hv->tlsa_answer != NULL &&
	    hv->tlsa_answer->kind == ANSWER_PENDING)
		unseen(j, i, -1, "its TLSA records are not known");
	else if (chain_unseen(j, &j->path->mx, &j->mx_dnssec) ||
	    chain_unseen(j, &h->a, &hv->address_dnssec) ||
	    (hv->tlsa_answer != NULL &&
		chain_unseen(j, hv->tlsa_answer, &hv->tlsa_dnssec)))
		unseen(j, i, -1,
		    "the keys that sign the changed records are not known");
	for (size_t k = 0; k < h->naddresses; k++)
		if (was_to_be_probed(j, &h->addresses[k]) &&
		    h->addresses[k].session[KEYS_ANY] == NULL)
			unseen(j, i, (int)k, "no session was had with it");
	if (asked_has(&j->ev->asked, ASKED_STARTTLS))
		unseen_kind(j, i);
}

static void
unseen_selector(struct judgement *j, const struct path_selector *s)
{
	struct finding *f;

	if (s->txt.kind != ANSWER_PENDING ||
	    !asked_has(&j->ev->asked, ASKED_DKIM))
		return;
	f = judge_add(j, FINDING_DKIM_NOT_OBSERVED, -1, -1);
	f->subject.selector = s->selector;
	f->subject.name = s->name;
	f->aside = true;
}

void
judge_unseen(struct judgement *j)
{
	/* A run that was cut short says so of itself. */
	if (j->ev->view == NULL || j->ev->cut_short)
		return;
	for (size_t i = 0; i < j->path->nhosts; i++)
		if (!j->path->hosts[i].over_limit &&
		    !j->path->hosts[i].not_a_name)
			unseen_host(j, i);
	for (size_t i = 0; i < j->path->nselectors; i++)
		unseen_selector(j, &j->path->selectors[i]);
}

/* SPDX-License-Identifier: ISC */
#include "cause.h"

#include <string.h>

#include "evidence.h"
#include "finding.h"
#include "name.h"
#include "proof.h"

static bool
obs_failed(const struct dns_observation *obs)
{
	return obs->outcome == DNS_REPLY && obs->rcode != 0 && obs->rcode != 3;
}

/* Resolvers that fail every question say nothing about one of them. */
static bool
any_answer(const struct evidence *ev)
{
	for (size_t i = 0; i < ev->ndns; i++)
		if (ev->dns[i]->outcome == DNS_REPLY && !obs_failed(ev->dns[i]))
			return true;
	return false;
}

/*
 * Only a second way that fails too tells a fault of the domain from one of
 * the resolver: another upstream, or the authoritative servers.
 */
static bool
failure_confirmed(const struct evidence *ev, const uint8_t *name, uint16_t type)
{
	const struct dns_observation *first = NULL;
	size_t i;

	if (!any_answer(ev))
		return false;
	for (i = 0; name != NULL && i < ev->ndns; i++) {
		const struct dns_observation *o = ev->dns[i];

		if (o->type != type || !name_equal(o->name, name) ||
		    !obs_failed(o))
			continue;
		if (o->failed_servers > 1)
			return true;
		if (first == NULL)
			first = o;
		else if (o->via != first->via ||
		    (o->server != NULL && first->server != NULL &&
			strcmp(o->server, first->server) != 0))
			return true;
	}
	return false;
}

struct cause
cause_find(const struct evidence *ev, const struct dnssec *d)
{
	struct cause c = { .id = d->reason, .recorded = true };
	const struct dns_observation *obs = d->set_owner == NULL
	    ? NULL
	    : evidence_dns(ev, d->set_owner, d->set_type);

	if (d->state != DNSSEC_STATE_INDETERMINATE)
		return c;
	c.recorded = d->reason != FINDING_DNS_LOOKUP_FAILED || ev->cut_short ||
	    d->set_owner == NULL || obs != NULL;
	if (d->reason == FINDING_DNS_LOOKUP_FAILED && !d->certain &&
	    !failure_confirmed(ev, d->set_owner, d->set_type))
		c.id = FINDING_DNS_LOOKUP_UNCLEAR;
	/* The question never left this machine: no other resolver helps. */
	if (obs != NULL && obs->outcome == DNS_NETWORK_ERROR)
		c.remedy = "Connect this machine to a network, or judge a "
			   "recording made elsewhere: --replay FILE";
	/* The resolver's AD bit says so; nothing here has seen those data. */
	c.alt = c.id == FINDING_DNSSEC_NO_TRUST_ANCHOR ||
	    c.id == FINDING_DNSSEC_ALGORITHM_UNSUPPORTED ||
	    c.id == FINDING_DNSSEC_SOME_BAD_DATA;
	return c;
}

void
cause_fill(struct findings *findings, struct finding *f, const struct dnssec *d)
{
	f->subject.zone = d->zone;
	f->subject.name = d->set_owner;
	f->subject.type = d->set_type;
	f->detail = d->detail;
	if (d->publish != NULL)
		finding_publish(findings, f, d->publish);
	for (size_t i = 0; d->withdraw != NULL && i < d->withdraw->nds; i++)
		finding_withdraw(findings, f, d->withdraw->ds[i].ds);
}

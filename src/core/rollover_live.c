/* SPDX-License-Identifier: ISC */
/*
 * A plan may give a server another name: a host of the MX records, or an alias
 * that comes or goes.  Until it is everywhere, senders reach the same server
 * by the present names, and their TLSA records decide (RFC 7672 2.2).
 */
#include "rollover_part.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "name.h"
#include "path.h"
#include "text.h"
#include "tlsa.h"

bool
rollover_same_server(
    const struct path_host *before, const struct path_host *after)
{
	if (name_equal(before->name, after->name))
		return true;
	for (size_t i = 0; i < before->naddresses; i++)
		for (size_t k = 0; k < after->naddresses; k++)
			if (strcmp(before->addresses[i].text,
				after->addresses[k].text) == 0)
				return true;
	return false;
}

/* No record of that set lets the new certificate pass: its own, beside it. */
static void
judge_misfit(struct host_case *c, const struct records *there)
{
	struct rollover_host *r = c->r;
	struct arena *mem = c->j->mem;

	if (r->status != ROLLOVER_PUBLISH_FIRST)
		r->text = judge_text(c->j,
		    "until the change is everywhere, senders go by the TLSA "
		    "records of %s, and none fits the new certificate: publish "
		    "one there, too, and switch %s",
		    name_text_nodot(mem, there->name),
		    rollover_wait(c, there->ttl));
	r->status = ROLLOVER_PUBLISH_FIRST;
	if (there->ttl > r->ttl)
		r->ttl = there->ttl;
	for (size_t i = 0; i < c->coming.n; i++)
		if (c->coming.certs[i][0]->parsed &&
		    rollover_check(c->j, c->hv, c->coming.certs[i],
			c->coming.ncerts[i], there->list, there->n,
			c->j->options.at)
			    .verdict != DANE_AUTHENTIC)
			rollover_publish(c,
			    tlsa_line(mem, there->owner, there->ttl, DANE_EE,
				c->coming.certs[i][0], there->list, there->n));
}

static void
judge_wait(struct host_case *c, const struct records *there)
{
	struct rollover_host *r = c->r;
	char at[32];

	if (r->status > ROLLOVER_SAFE_AT ||
	    there->settled <= c->j->options.at || rollover_goes_on(c, there))
		return;
	if (r->status == ROLLOVER_SAFE_AT && r->at >= there->settled)
		return;
	r->status = ROLLOVER_SAFE_AT;
	r->by_date = false;
	r->at = there->settled;
	r->text = judge_text(c->j,
	    "the TLSA record of %s that fits is published; caches may be "
	    "without it until %s",
	    name_text_nodot(c->j->mem, there->name), text_time(r->at, at));
}

static void
judge_set(struct host_case *c, const struct records *there)
{
	struct rollover_host *r = c->r;

	rollover_keep_set(c, there);
	if (r->status == ROLLOVER_FREE) {
		r->status = ROLLOVER_SAFE_NOW;
		r->fits = true;
	}
	if (!rollover_all_pass(c->j, c->hv, &c->coming, there->list, there->n,
		c->j->options.at)) {
		judge_misfit(c, there);
		return;
	}
	if (r->status == ROLLOVER_SAFE_NOW)
		r->text = judge_text(c->j,
		    "the TLSA records of %s, by which senders go until the "
		    "change is everywhere, fit it",
		    name_text_nodot(c->j->mem, there->name));
	judge_wait(c, there);
}

static void
not_observed(struct host_case *c, const uint8_t *name)
{
	if (c->r->status > ROLLOVER_SAFE_AT)
		return;
	c->r->status = ROLLOVER_UNKNOWN;
	c->r->text = judge_text(c->j,
	    "which TLSA records are published at %s, by which senders go until "
	    "the change is everywhere, was not observed",
	    name_text_nodot(c->j->mem, name));
}

static bool
is_own(const struct host_case *c, const uint8_t *name)
{
	return c->now.name != NULL && name_equal(c->now.name, name);
}

/* RFC 7672 2.2.2: the first of a host's two names that has records. */
static void
judge_name(struct host_case *c, const struct path_host *h)
{
	for (size_t k = 0; k < h->ntlsa; k++) {
		const uint8_t *name = h->tlsa[k].name;
		struct records there;

		if (is_own(c, name) && c->now.demand)
			return;
		if (is_own(c, name))
			continue;
		there = rollover_records(c->j, c->live, name);
		if (there.demand) {
			judge_set(c, &there);
			return;
		}
		if (!there.observed) {
			not_observed(c, name);
			return;
		}
	}
}

/* A host of the plan has a certificate of its own, or keeps it. */
static bool
stays(const struct host_case *c, const struct path_host *before)
{
	const struct path *p = c->j->path;

	for (size_t i = 0; i < p->nhosts; i++)
		if (&p->hosts[i] != c->hv->host &&
		    name_equal(p->hosts[i].name, before->name))
			return true;
	return false;
}

void
rollover_elsewhere(struct host_case *c)
{
	const struct path *p = c->before;
	bool open = c->r->status == ROLLOVER_UNKNOWN ||
	    c->r->present == PRESENT_THE_SAME;

	for (size_t i = 0; p != NULL && !open && i < p->nhosts; i++)
		if (!p->hosts[i].over_limit && !p->hosts[i].not_a_name &&
		    !stays(c, &p->hosts[i]) &&
		    rollover_same_server(&p->hosts[i], c->hv->host))
			judge_name(c, &p->hosts[i]);
}

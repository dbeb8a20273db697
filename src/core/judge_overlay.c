/* SPDX-License-Identifier: ISC */
/*
 * Zone files that can be read and judged, and that name servers refuse to
 * load all the same: what is judged would never be published.
 */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "overlay_part.h"

/* The first record of the type at the name, and how many follow it. */
static const struct rr *
set_at(
    const struct overlay_zone *z, const uint8_t *name, uint16_t type, size_t *n)
{
	size_t i = overlay_zone_first(z, name), first;

	while (i < z->nrrs && name_equal(z->rrs[i].owner, name) &&
	    z->rrs[i].type != type)
		i++;
	for (first = i; i < z->nrrs && name_equal(z->rrs[i].owner, name) &&
	     z->rrs[i].type == type;)
		i++;
	*n = i - first;
	return *n > 0 ? &z->rrs[first] : NULL;
}

static bool
has(const struct overlay_zone *z, const uint8_t *name, uint16_t type)
{
	size_t n;

	return set_at(z, name, type, &n) != NULL;
}

/* A name of the zone's own: not somebody else's, and not below a cut. */
static bool
is_here(const struct overlay_zone *z, const uint8_t *name)
{
	return name_within(name, z->name) && !overlay_zone_has_cut(z, name);
}

static bool
has_address(const struct overlay_zone *z, const uint8_t *name)
{
	uint8_t star[NAME_WIRE_MAX];
	const uint8_t *up = name;

	if (has(z, name, TYPE_A) || has(z, name, TYPE_AAAA))
		return true;
	/* RFC 4592 3.3.1: the wildcard of the closest encloser. */
	while (!overlay_zone_exists(z, up))
		up = name_parent(up);
	return up != name && name_prepend(star, "*", up) &&
	    (has(z, star, TYPE_A) || has(z, star, TYPE_AAAA));
}

/* What is wrong with a name server of the apex; NULL: nothing. */
static const char *
server_flaw(
    struct judgement *j, const struct overlay_zone *z, const struct rr *ns)
{
	const char *name = name_text(j->mem, ns->rdata);

	if (!is_here(z, ns->rdata))
		return NULL;
	/* RFC 2181 10.3: MUST NOT be an alias. */
	if (has(z, ns->rdata, TYPE_CNAME))
		return judge_text(j, "its name server %s is an alias", name);
	if (has_address(z, ns->rdata))
		return NULL;
	return judge_text(j, "its name server %s has no address", name);
}

static const char *
zone_flaw(struct judgement *j, const struct overlay_zone *z)
{
	const struct rr *ns;
	const char *flaw;
	size_t n;

	/* RFC 1034 4.2.1: the top node has the zone's NS records. */
	ns = set_at(z, z->name, TYPE_NS, &n);
	if (ns == NULL)
		return "it has no NS record at its apex";
	for (size_t i = 0; i < n; i++) {
		flaw = server_flaw(j, z, &ns[i]);
		if (flaw != NULL)
			return flaw;
	}
	/* RFC 4592 4.2: what it would mean is not defined. */
	for (size_t i = 0; i < z->nrrs; i++)
		if (z->rrs[i].type == TYPE_NS &&
		    name_is_wildcard(z->rrs[i].owner))
			return judge_text(j, "%s has an NS record",
			    name_text(j->mem, z->rrs[i].owner));
	return NULL;
}

/*
 * The parent's answer about the DS of the name: without the name, or with its
 * NSEC that has no NS, there is no cut (RFC 1034 4.2.1, RFC 4035 2.3).
 */
static bool
is_not_delegated(const struct evidence *ev, const uint8_t *zone)
{
	const struct dns_observation *o = evidence_dns(ev, zone, TYPE_DS);

	if (o == NULL || o->outcome != DNS_REPLY || name_labels(zone) == 0)
		return false;
	for (size_t i = 0; o->rcode == 0 && i < o->nauthority; i++) {
		const struct rr *rr = &o->authority[i];

		if (rr->type == TYPE_NSEC && rr->wellformed &&
		    name_equal(rr->owner, zone))
			return !nsec_has_type(rr, TYPE_NS);
	}
	return o->rcode == 3;
}

static void
judge_delegation(struct judgement *j, const struct overlay_zone *z)
{
	struct finding *f;

	if (!is_not_delegated(j->ev, z->name))
		return;
	f = judge_add(j, FINDING_DNS_ZONE_NOT_DELEGATED, -1, -1);
	f->subject.zone = z->name;
	f->detail = judge_text(j, "%s: its parent has no delegation to %s",
	    z->source, name_text(j->mem, z->name));
	f->aside = true;
}

/* What was observed at the name stands at the top of a zone only. */
static bool
is_apex_of(const struct dns_observation *obs, const uint8_t *name)
{
	if (dns_answers(obs, name, TYPE_SOA) ||
	    dns_answers(obs, name, TYPE_DNSKEY) ||
	    dns_answers(obs, name, TYPE_DS))
		return true;
	for (size_t i = 0; i < obs->nauthority; i++)
		if (obs->authority[i].type == TYPE_SOA &&
		    name_equal(obs->authority[i].owner, name))
			return true;
	return false;
}

/* RFC 1034 3.6.2: no other data beside a CNAME, and an apex has its SOA. */
static void
judge_alias(struct judgement *j, const struct rr *cname)
{
	for (size_t i = 0; i < j->ev->ndns; i++) {
		struct finding *f;

		if (j->ev->dns[i]->outcome != DNS_REPLY ||
		    !is_apex_of(j->ev->dns[i], cname->owner))
			continue;
		f = judge_add(j, FINDING_DNS_ZONE_REFUSED, -1, -1);
		f->subject.zone = cname->owner;
		f->detail = judge_text(j,
		    "a CNAME stands beside the SOA record of %s: no server "
		    "loads that",
		    name_text(j->mem, cname->owner));
		f->alt = true;
		f->aside = true;
		return;
	}
}

void
judge_overlay(struct judgement *j)
{
	const struct overlay *o = j->ev->asked.overlay;

	for (size_t i = 0; j->ev->view != NULL && i < o->nwith; i++)
		if (o->with[i].type == TYPE_CNAME &&
		    !overlay_part_is_idle(j->ev->view, OVERLAY_WITH, i))
			judge_alias(j, &o->with[i]);

	for (size_t i = 0; j->ev->view != NULL && i < o->nzones; i++) {
		const struct overlay_zone *z = &o->zones[i];
		const char *flaw;
		struct finding *f;

		if (overlay_part_is_idle(j->ev->view, OVERLAY_ZONE, i))
			continue;
		judge_delegation(j, z);
		flaw = zone_flaw(j, z);
		if (flaw == NULL)
			continue;
		f = judge_add(j, FINDING_DNS_ZONE_REFUSED, -1, -1);
		f->subject.zone = z->name;
		f->detail = judge_text(j, "%s: %s", z->source, flaw);
		f->aside = true;
	}
}

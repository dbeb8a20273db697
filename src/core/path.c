/* SPDX-License-Identifier: ISC */
#include "path.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "m365.h"
#include "name.h"

/* The record's owner and type are these, in class IN. */
static bool
rr_is(const struct rr *rr, const uint8_t *owner, uint16_t type)
{
	return rr->type == type && rr->class == CLASS_IN &&
	    name_equal(rr->owner, owner);
}

static void
link_add(struct arena *mem, struct answer *a, enum link_kind kind,
    const uint8_t *owner, uint16_t type)
{
	if (a->links == NULL) /* aliases plus the end */
		a->links =
		    arena_array(mem, PATH_ALIASES_MAX + 2, sizeof *a->links);
	a->links[a->nlinks++] = (struct link){
		.obs = a->obs, .owner = owner, .type = type, .kind = kind
	};
}

static void
ttl_least(struct answer *a, uint32_t ttl)
{
	if (ttl < a->ttl)
		a->ttl = ttl;
}

static int
record_order(const void *a, const void *b)
{
	const struct rr *const *x = a, *const *y = b;

	return rdata_compare(
	    (*x)->rdata, (*x)->rdlen, (*y)->rdata, (*y)->rdlen);
}

/*
 * The records of the type at the name: the end of the walk.  In canonical
 * order (RFC 4034 6.3): servers turn them from answer to answer.
 */
static bool
take_data(struct arena *mem, struct answer *a, const uint8_t *name)
{
	const struct dns_observation *obs = a->obs;
	size_t n = 0;

	for (size_t i = 0; i < obs->nanswer; i++)
		n += rr_is(&obs->answer[i], name, a->type);
	if (n == 0)
		return false;
	a->rrs = arena_array(mem, n, sizeof *a->rrs);
	for (size_t i = 0; i < obs->nanswer; i++) {
		if (!rr_is(&obs->answer[i], name, a->type))
			continue;
		a->rrs[a->nrrs++] = &obs->answer[i];
		ttl_least(a, obs->answer[i].ttl);
	}
	qsort(a->rrs, a->nrrs, sizeof *a->rrs, record_order);
	a->kind = ANSWER_DATA;
	link_add(mem, a, LINK_SET, name, a->type);
	return true;
}

static bool
is_dname_above(const struct rr *rr, const uint8_t *name)
{
	return rr->wellformed && rr->class == CLASS_IN &&
	    rr->type == TYPE_DNAME && name_within(name, rr->owner) &&
	    !name_equal(name, rr->owner);
}

/* RFC 6672 2.2: name with the DNAME's owner replaced by its target. */
static const uint8_t *
dname_apply(struct arena *mem, const uint8_t *name, const struct rr *dname)
{
	uint8_t out[NAME_WIRE_MAX];
	size_t keep = name_len(name) - name_len(dname->owner);
	size_t len = keep + name_len(dname->rdata);

	if (len > NAME_WIRE_MAX)
		return NULL;
	memcpy(out, name, keep);
	memcpy(out + keep, dname->rdata, len - keep);
	return arena_copy(mem, out, len);
}

/*
 * RFC 6672 5.3.1: the CNAME that a server makes from a DNAME has no signature;
 * where it says what the DNAME does, it is as good as that.
 */
static bool
take_synthesised(struct arena *mem, struct answer *a, const uint8_t *name)
{
	const struct dns_observation *obs = a->obs;
	const uint8_t *target = NULL;
	const struct rr *dname = NULL;

	for (size_t i = 0; i < obs->nanswer && dname == NULL; i++)
		if (is_dname_above(&obs->answer[i], name))
			dname = &obs->answer[i];
	if (a->type == TYPE_CNAME && dname != NULL)
		target = dname_apply(mem, name, dname);
	for (size_t i = 0; i < obs->nanswer && target != NULL; i++) {
		const struct rr *rr = &obs->answer[i];

		if (!rr_is(rr, name, TYPE_CNAME) || !rr->wellformed ||
		    !name_equal(rr->rdata, target))
			continue;
		a->rrs = arena_array(mem, 1, sizeof *a->rrs);
		a->rrs[a->nrrs++] = rr;
		ttl_least(a, dname->ttl);
		a->kind = ANSWER_DATA;
		link_add(mem, a, LINK_SET, dname->owner, TYPE_DNAME);
		return true;
	}
	return false;
}

/*
 * The alias at name in this reply; its target is NULL where a DNAME makes a
 * name that is too long (RFC 6672 2.2).  A DNAME above wins over the CNAME
 * that the server synthesised from it (RFC 6672 3.1): that one carries no
 * signature.
 */
static bool
take_alias(struct arena *mem, struct answer *a, const uint8_t *name,
    const uint8_t **target)
{
	const struct dns_observation *obs = a->obs;
	const struct rr *cname = NULL;

	for (size_t i = 0; i < obs->nanswer; i++) {
		const struct rr *rr = &obs->answer[i];

		if (!rr->wellformed || rr->class != CLASS_IN)
			continue;
		if (is_dname_above(rr, name)) {
			link_add(mem, a, LINK_SET, rr->owner, TYPE_DNAME);
			ttl_least(a, rr->ttl);
			*target = dname_apply(mem, name, rr);
			return true;
		}
		if (cname == NULL && rr_is(rr, name, TYPE_CNAME))
			cname = rr;
	}
	if (cname == NULL)
		return false;
	link_add(mem, a, LINK_SET, name, TYPE_CNAME);
	ttl_least(a, cname->ttl);
	*target = cname->rdata;
	return true;
}

/*
 * The reply speaks about the end of the alias chain, not about a part: by
 * its SOA (RFC 2308 2).  An NSEC may belong to the expansion of a wildcard on
 * the way.
 */
static bool
denial_is_final(const struct dns_observation *obs)
{
	for (size_t i = 0; i < obs->nauthority; i++)
		if (obs->authority[i].type == TYPE_SOA)
			return true;
	return false;
}

/*
 * RFC 9824 3.1, 4: NODATA whose NSEC or NSEC3 says NXNAME means that the name
 * is not.  Whose hash an NSEC3 bears is for the proof to see: only the name
 * that was asked for has such a record.
 */
static bool
denied_by_nxname(const struct dns_observation *obs, const uint8_t *name)
{
	for (size_t i = 0; i < obs->nauthority; i++) {
		const struct rr *rr = &obs->authority[i];

		if ((rr_is(rr, name, TYPE_NSEC) || rr->type == TYPE_NSEC3) &&
		    rr->wellformed && nsec_has_type(rr, TYPE_NXNAME))
			return true;
	}
	return false;
}

static void
take_denial(struct arena *mem, struct answer *a, const uint8_t *name)
{
	/* A bitmap proves absence only, and NXDOMAIN goes for all types. */
	bool none = a->obs->rcode == 3 || denied_by_nxname(a->obs, name);

	a->kind = none ? ANSWER_NXDOMAIN : ANSWER_NODATA;
	link_add(mem, a, none ? LINK_NXDOMAIN : LINK_NODATA, name, a->type);
}

void
answer_follow(struct arena *mem, const struct evidence *ev, const uint8_t *name,
    uint16_t type, struct answer *a)
{
	const uint8_t *seen[PATH_ALIASES_MAX + 1];
	bool fresh = true; /* obs was asked for exactly this name */

	*a = (struct answer){
		.name = name, .type = type, .final = name, .ttl = UINT32_MAX
	};
	a->obs = evidence_dns(ev, name, type);
	for (;;) {
		const uint8_t *target;

		if (a->obs == NULL) {
			a->kind = ANSWER_PENDING;
			return;
		}
		if (a->obs->outcome != DNS_REPLY) {
			a->kind = ANSWER_NO_REPLY;
			return;
		}
		if (a->obs->rcode != 0 && a->obs->rcode != 3) {
			a->kind = ANSWER_ERROR;
			return;
		}
		if (take_synthesised(mem, a, a->final) ||
		    take_data(mem, a, a->final))
			return;
		if (!take_alias(mem, a, a->final, &target)) {
			if (fresh || a->obs->rcode == 3 ||
			    denial_is_final(a->obs)) {
				take_denial(mem, a, a->final);
				return;
			}
			/* The server stopped at an alias: ask its target. */
			a->obs = evidence_dns(ev, a->final, type);
			fresh = true;
			continue;
		}
		fresh = false;
		if (target == NULL || a->naliases == PATH_ALIASES_MAX ||
		    name_equal(target, name))
			a->kind = ANSWER_LOOP;
		for (unsigned i = 0; i < a->naliases && target != NULL; i++)
			if (name_equal(seen[i], target))
				a->kind = ANSWER_LOOP;
		if (a->kind == ANSWER_LOOP)
			return;
		seen[a->naliases++] = target;
		a->final = target;
	}
}

/* RFC 5321 2.3.5, 5.1: MX names a host, never an address literal. */
static bool
host_is_no_name(const uint8_t *name)
{
	bool digits = name_labels(name) > 0;
	const uint8_t *top = name_ancestor(name, digits ? 1 : 0);
	static const uint8_t localhost[] = "\011localhost";

	/* RFC 1123 2.1: the top label of a host name is never all digits. */
	for (unsigned i = 1; digits && i <= top[0]; i++)
		if (top[i] < '0' || top[i] > '9')
			digits = false;
	return digits || name_equal(name, localhost) ||
	    !name_is_hostname(name, true);
}

static void
host_address(
    struct path *p, struct path_host *h, const uint8_t *bytes, bool ipv6)
{
	struct path_address *ad;
	char buf[46];
	size_t len = ipv6 ? 16 : 4;

	for (size_t i = 0; i < h->naddresses; i++)
		if (h->addresses[i].ipv6 == ipv6 &&
		    memcmp(h->addresses[i].bytes, bytes, len) == 0)
			return;
	if (h->naddresses == PATH_KEPT_MAX) {
		h->nleft++;
		return;
	}
	ad = &h->addresses[h->naddresses++];
	memcpy(ad->bytes, bytes, len);
	ad->ipv6 = ipv6;
	ad->special = address_special(bytes, ipv6);
	ad->text = arena_strdup(p->mem, address_text(bytes, ipv6, buf));
}

/* IPv4 first, each family in the order of its octets. */
static void
host_addresses(struct path *p, struct path_host *h)
{
	const struct answer *from[2] = { &h->a, &h->aaaa };
	size_t most = h->a.nrrs + h->aaaa.nrrs;

	h->addresses = arena_array(p->mem,
	    most < PATH_KEPT_MAX ? most : PATH_KEPT_MAX, sizeof *h->addresses);
	for (int f = 0; f < 2; f++) {
		size_t first = h->naddresses;

		for (size_t i = 0; i < from[f]->nrrs; i++)
			if (from[f]->rrs[i]->rdlen == (f ? 16 : 4))
				host_address(p, h, from[f]->rrs[i]->rdata, f);
		for (size_t i = first + 1; i < h->naddresses; i++) {
			struct path_address x = h->addresses[i];
			size_t j = i;

			for (; j > first &&
			     memcmp(h->addresses[j - 1].bytes, x.bytes,
				 sizeof x.bytes) > 0;
			     j--)
				h->addresses[j] = h->addresses[j - 1];
			h->addresses[j] = x;
		}
	}
	for (size_t i = 0; i < h->naddresses; i++) {
		struct path_address *ad = &h->addresses[i];

		ad->chain = arena_array(p->mem, 3, sizeof *ad->chain);
		ad->over_limit = i >= PATH_ADDRESSES_MAX;
		for (int k = KEYS_ANY; k <= KEYS_ECDSA; k++)
			ad->session[k] = evidence_smtp(
			    p->ev, h->name, ad->text, (enum tls_keys)k);
	}
}

static void
host_tlsa(struct path *p, struct path_host *h, const uint8_t *base)
{
	uint8_t name[NAME_WIRE_MAX];

	/* RFC 7672 2.2.3: _25._tcp, whatever port was connected to. */
	if (!name_prepend(name, "_25._tcp", base))
		return;
	h->base[h->ntlsa] = base;
	answer_follow(p->mem, p->ev, name_copy(p->mem, name), TYPE_TLSA,
	    &h->tlsa[h->ntlsa++]);
}

static void
host_walk(struct path *p, struct path_host *h)
{
	h->expanded = h->name;
	h->not_a_name = host_is_no_name(h->name);
	if (h->not_a_name || h->over_limit)
		return;
	answer_follow(p->mem, p->ev, h->name, TYPE_A, &h->a);
	answer_follow(p->mem, p->ev, h->name, TYPE_AAAA, &h->aaaa);
	host_addresses(p, h);
	if (h->a.kind == ANSWER_DATA)
		h->expanded = h->a.final;
	else if (h->aaaa.kind == ANSWER_DATA)
		h->expanded = h->aaaa.final;
	/* RFC 7672 2.2.2: the expanded name first, then the original. */
	if (!name_equal(h->expanded, h->name))
		host_tlsa(p, h, h->expanded);
	host_tlsa(p, h, h->name);
}

static int
host_compare(const struct path_host *a, const struct path_host *b)
{
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return name_compare(a->name, b->name);
}

static void
host_insert(struct path *p, const uint8_t *name, uint16_t preference)
{
	struct path_host h = { .name = name, .preference = preference };
	size_t i;

	/* The same host twice: its best preference counts. */
	for (i = 0; i < p->nhosts; i++) {
		if (!name_equal(p->hosts[i].name, name))
			continue;
		if (p->hosts[i].preference <= preference)
			return;
		memmove(&p->hosts[i], &p->hosts[i + 1],
		    (--p->nhosts - i) * sizeof *p->hosts);
		break;
	}
	if (p->nhosts == PATH_KEPT_MAX) {
		p->nleft++;
		if (host_compare(&p->hosts[p->nhosts - 1], &h) <= 0)
			return;
		p->nhosts--;
	}
	for (i = p->nhosts; i > 0 && host_compare(&p->hosts[i - 1], &h) > 0;
	     i--)
		p->hosts[i] = p->hosts[i - 1];
	p->hosts[i] = h;
	p->nhosts++;
}

static void
mx_list(struct path *p)
{
	size_t nulls = 0, others = 0;

	p->hosts = arena_array(p->mem, PATH_KEPT_MAX, sizeof *p->hosts);
	for (size_t i = 0; i < p->mx.nrrs; i++) {
		const struct rr *rr = p->mx.rrs[i];

		if (!rr->wellformed)
			continue;
		if (name_labels(rr->rdata + 2) == 0) {
			nulls++;
			continue;
		}
		others++;
		host_insert(p, rr->rdata + 2,
		    (uint16_t)(rr->rdata[0] << 8 | rr->rdata[1]));
	}
	p->mx_kind = MX_LIST;
	/* RFC 7505 3: a null MX MUST stand alone. */
	if (nulls > 0) {
		p->mx_kind = others > 0 ? MX_NULL_AND_OTHERS : MX_NULL;
		p->nhosts = 0;
	}
}

static void
mx_walk(struct path *p)
{
	answer_follow(p->mem, p->ev, p->domain, TYPE_MX, &p->mx);
	switch (p->mx.kind) {
	case ANSWER_PENDING:
		p->mx_kind = MX_PENDING;
		break;
	case ANSWER_DATA:
		mx_list(p);
		break;
	case ANSWER_NODATA: /* RFC 5321 5.1: the implicit MX */
		p->mx_kind = MX_IMPLICIT;
		p->hosts = arena_array(p->mem, 1, sizeof *p->hosts);
		p->hosts[0].name = p->mx.final;
		p->hosts[0].implicit = true;
		p->nhosts = 1;
		break;
	case ANSWER_NXDOMAIN:
		p->mx_kind = MX_MISSING;
		break;
	case ANSWER_LOOP:
	case ANSWER_ERROR:
	case ANSWER_NO_REPLY:
		p->mx_kind = MX_FAILED;
		break;
	}
	for (size_t i = 0; i < p->nhosts; i++) {
		p->hosts[i].over_limit = i >= PATH_HOSTS_MAX;
		host_walk(p, &p->hosts[i]);
	}
}

struct path *
path_walk_mail(struct arena *mem, const struct evidence *ev)
{
	struct path *p = arena_alloc(mem, sizeof *p);

	p->mem = mem;
	p->ev = ev;
	p->domain = ev->domain;
	mx_walk(p);
	return p;
}

struct path *
path_walk(struct arena *mem, const struct evidence *ev)
{
	struct path *p = path_walk_mail(mem, ev);

	path_walk_selectors(p);
	return p;
}

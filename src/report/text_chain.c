/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include <string.h>

#include "core/arena.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/signature.h"
#include "core/text.h"
#include "report/words.h"

enum { DEPTH_MAX = 32 };

/* What the tree is made of. */
struct tree {
	struct page *page;
	struct proofs *proofs;
	int64_t at;
	const struct lookup_link **links; /* each once, below its zone */
	bool *told;
	size_t nlinks, cap;
};

enum ink
text_state_ink(enum dnssec_state state)
{
	static const enum ink inks[] = {
		[DNSSEC_STATE_SECURE] = INK_OK,
		[DNSSEC_STATE_INSECURE] = INK_NOTE,
		[DNSSEC_STATE_BOGUS] = INK_FAIL,
		[DNSSEC_STATE_INDETERMINATE] = INK_UNKNOWN,
	};

	return inks[state];
}

/* ---- signatures ---- */

/* What is wrong with it, unless that is what has just been told. */
static void
put_fault(struct page *p, struct proofs *proofs, const struct set_proof *set,
    const struct signature_proof *sig, size_t indent, int64_t at,
    const char *told)
{
	struct dnssec d = proof_signature(proofs, set, sig, at);

	if (d.state == DNSSEC_STATE_SECURE || d.detail == NULL ||
	    (told != NULL && strcmp(told, d.detail) == 0))
		return;
	page_paragraph(p, indent, INK_PLAIN, "", d.detail);
}

void
text_signatures(struct page *p, struct proofs *proofs,
    const struct set_proof *set, size_t indent, int64_t at, const char *told)
{
	char type[16], algorithm[24], from[32], until[32];

	for (size_t i = 0; i < set->nsigs; i++) {
		const struct signature_proof *sig = &set->sigs[i];
		const struct rrsig *f = &sig->fields;
		const char *line = arena_printf(p->mem, "RRSIG %s %s",
		    rr_type_text(set->type, type),
		    signature_text(proofs, set, sig, at));

		if (signature_readable(sig))
			line = arena_printf(p->mem, "%s: key %u (%s), %s to %s",
			    line, (unsigned)f->key_tag,
			    algorithm_text(f->algorithm, algorithm),
			    text_time(text_serial_near(f->inception, at), from),
			    text_time(
				text_serial_near(f->expiration, at), until));
		page_hang(p, indent, line);
		put_fault(p, proofs, set, sig, indent + 2, at, told);
	}
}

/* ---- zones ---- */

static const char *
ds_words(enum ds_fate fate)
{
	static const char *const words[] = {
		[DS_MATCHES] = "names a key",
		[DS_IGNORED] = "ignored beside SHA-2",
		[DS_UNSUPPORTED] = "not supported",
		[DS_REVOKED] = "names a key that is revoked",
		[DS_NOT_COMPARED] = "not compared with all keys: too many",
		[DS_DIFFERS] = "a key has this tag, and another digest",
		[DS_NO_KEY] = "names no key",
		[DS_UNSEEN] = "the keys were not observed",
	};

	return words[fate];
}

static void
put_ds(struct page *p, const struct zone_proof *zone, size_t indent)
{
	for (size_t i = 0; i < zone->nds; i++) {
		const struct ds_proof *ds = &zone->ds[i];
		const char *digest = ds->ds->type == TYPE_DNSKEY
		    ? ""
		    : arena_printf(
			  p->mem, ", digest %u", (unsigned)ds->digest_type);

		page_hang(p, indent,
		    arena_printf(p->mem, "%s %u, algorithm %u%s: %s",
			zone->kind == ZONE_ANCHOR ? "anchor" : "DS",
			(unsigned)ds->key_tag, (unsigned)ds->algorithm, digest,
			ds_words(ds_fate(zone, ds))));
	}
}

/* "zone" goes without saying. */
static void
put_keys(struct page *p, struct proofs *proofs, const struct zone_proof *zone,
    size_t indent)
{
	for (size_t i = 0; i < zone->nkeys; i++) {
		const struct key_proof *key = &zone->keys[i];
		const char *roles[7], *list = "";
		size_t n = key_role_texts(
		    key_roles(proofs, zone, key) & ~(unsigned)KEY_ZONE, roles);

		for (size_t k = 0; k < n; k++)
			list = arena_printf(p->mem, "%s%s%s", list,
			    k > 0 ? ", " : ": ", roles[k]);
		page_hang(p, indent,
		    arena_printf(p->mem,
			"DNSKEY %u, flags %u, algorithm %u, %u bits%s",
			(unsigned)key->key_tag, (unsigned)key->flags,
			(unsigned)key->algorithm, key->bits, list));
	}
}

/* Who denies it, and by which signatures. */
static void
put_denial(
    struct tree *t, const struct proof *proof, size_t indent, const char *told)
{
	char type[16];

	for (size_t i = 0; i < proof->ndenial_sets; i++) {
		const struct set_proof *set = &proof->denial_sets[i];

		page_hang(t->page, indent,
		    arena_printf(t->page->mem, "%s %s",
			rr_type_text(set->type, type),
			name_text(t->page->mem, set->owner)));
		text_signatures(
		    t->page, t->proofs, set, indent + 2, t->at, told);
	}
}

/* What is wrong with the zone itself: not with one above it.  Or NULL. */
static const char *
own_detail(
    struct tree *t, const struct zone_proof *zone, const struct dnssec *d)
{
	struct dnssec up;

	if (d->state == DNSSEC_STATE_SECURE || d->detail == NULL)
		return NULL;
	if (zone->parent == NULL)
		return d->detail;
	up = zone_state(t->proofs, zone->parent, t->at);
	return up.state != DNSSEC_STATE_SECURE ? NULL : d->detail;
}

static void
put_zone(struct tree *t, const struct zone_proof *zone, size_t indent)
{
	struct page *p = t->page;
	struct dnssec d = zone_state(t->proofs, zone, t->at);
	const struct proof *ds = zone->ds_link;

	page_hang(p, indent,
	    arena_printf(p->mem, "%s %s (%s)", name_text(p->mem, zone->name),
		dnssec_state_text(d.state), zone_kind_text(zone->kind)));
	indent += 2;
	if (own_detail(t, zone, &d) != NULL)
		page_paragraph(p, indent, INK_PLAIN, "", d.detail);
	put_ds(p, zone, indent);
	if (ds != NULL && ds->link.kind == LINK_SET)
		text_signatures(
		    p, t->proofs, &ds->set, indent, t->at, d.detail);
	else if (ds != NULL)
		put_denial(t, ds, indent, d.detail);
	put_keys(p, t->proofs, zone, indent);
	text_signatures(p, t->proofs, &zone->dnskey, indent, t->at, d.detail);
}

/* ---- record sets ---- */

const char *
text_link(struct arena *mem, const struct link *link)
{
	char type[16];

	return arena_printf(mem, "%s %s%s", name_text(mem, link->owner),
	    rr_type_text(link->type, type),
	    link->kind == LINK_NODATA	      ? ", no such record"
		: link->kind == LINK_NXDOMAIN ? ", no such name"
					      : "");
}

static bool
same_link(const struct link *a, const struct link *b)
{
	return a->kind == b->kind && a->type == b->type &&
	    name_equal(a->owner, b->owner);
}

static void
take_links(struct tree *t, const struct lookup *l)
{
	for (size_t i = 0; i < l->nlinks; i++) {
		size_t k = 0;

		while (k < t->nlinks &&
		    !same_link(
			&t->links[k]->proof->link, &l->links[i].proof->link))
			k++;
		if (k < t->nlinks)
			continue;
		t->links = arena_grow(t->page->mem, t->links, t->nlinks,
		    &t->cap, sizeof(t->links[0]));
		t->links[t->nlinks++] = &l->links[i];
	}
}

/* It stands in the tree as a zone's keys, DS or the denial of that. */
static bool
is_of_zone(const struct link *link, const struct zone_proof *zone)
{
	return (link->type == TYPE_DNSKEY || link->type == TYPE_DS) &&
	    name_equal(link->owner, zone->name) &&
	    (link->type != TYPE_DNSKEY || zone->dnskey.nrrs > 0) &&
	    (link->type != TYPE_DS || zone->ds_link != NULL);
}

static void
put_link(struct tree *t, const struct lookup_link *l, size_t indent)
{
	struct page *p = t->page;
	const struct proof *proof = l->proof;
	const struct dnssec *d = &l->dnssec;

	page_hang(p, indent,
	    arena_printf(p->mem, "%s: %s", text_link(p->mem, &proof->link),
		dnssec_state_text(d->state)));
	indent += 2;
	if (d->state != DNSSEC_STATE_SECURE && d->detail != NULL)
		page_paragraph(p, indent, INK_PLAIN, "", d->detail);
	if (proof->link.kind == LINK_SET)
		text_signatures(
		    p, t->proofs, &proof->set, indent, t->at, d->detail);
	put_denial(t, proof, indent, d->detail);
}

static const struct zone_proof *
zone_of(const struct proof *proof)
{
	return proof->zone != NULL ? proof->zone : proof->insecure_at;
}

static void
put_links(struct tree *t, const struct zone_proof *zone, size_t indent)
{
	for (size_t i = 0; i < t->nlinks; i++) {
		const struct zone_proof *z = zone_of(t->links[i]->proof);

		if (t->told[i] || (zone != NULL && z != zone))
			continue;
		t->told[i] = true;
		put_link(t, t->links[i], indent);
	}
}

/* What a zone's lines have shown is not shown again. */
static void
skip_links(struct tree *t, const struct zone_proof *zone)
{
	for (size_t i = 0; i < t->nlinks; i++)
		t->told[i] |= is_of_zone(&t->links[i]->proof->link, zone);
}

/* ---- the tree ---- */

static size_t
depth_of(const struct zone_proof *zone)
{
	size_t depth = 0;

	for (zone = zone->parent; zone != NULL && depth < DEPTH_MAX;
	     zone = zone->parent)
		depth++;
	return depth;
}

/* What the record sets do not tell: no answer, or one by way of aliases. */
static void
put_question(struct page *p, const struct lookup *l, size_t indent)
{
	const struct dnssec *d = &l->dnssec;
	const char *more = "";
	char type[16];

	if (l->nlinks > 0)
		more = arena_printf(p->mem, ", an alias of %s",
		    name_text(p->mem, l->answer.final));
	else if (d->detail != NULL)
		more = arena_printf(p->mem, ": %s", d->detail);
	page_hang(p, indent,
	    arena_printf(p->mem, "%s %s: %s%s", name_text(p->mem, l->name),
		rr_type_text(l->type, type), dnssec_state_text(d->state),
		more));
}

/* proofs_zones gives parents before children: depth is the indent. */
void
text_chain(struct page *p, struct proofs *proofs, int64_t at,
    const struct lookup *const *lookups, size_t nlookups, size_t indent)
{
	struct tree t = { .page = p, .proofs = proofs, .at = at };
	const struct zone_proof **zones;
	size_t n = proofs_zones(proofs, &zones);

	for (size_t i = 0; i < nlookups; i++)
		take_links(&t, lookups[i]);
	t.told = arena_array(p->mem, t.nlinks, sizeof(t.told[0]));
	for (size_t i = 0; i < n; i++)
		skip_links(&t, zones[i]);
	for (size_t i = 0; i < n; i++) {
		size_t in = indent + 2 * depth_of(zones[i]);

		put_zone(&t, zones[i], in);
		put_links(&t, zones[i], in + 2);
	}
	put_links(&t, NULL, indent);
	for (size_t i = 0; i < nlookups; i++)
		if (lookups[i]->nlinks == 0 || lookups[i]->answer.naliases > 0)
			put_question(p, lookups[i], indent);
}

/* "signed by 7743 until …" */
static const char *
until_words(struct page *p, const struct zone_proof *keys_of,
    const struct set_proof *set, int64_t at)
{
	const struct signature_proof *s;
	int64_t until;
	char when[32];

	s = set_lasts(keys_of, set, at, &until);
	if (s == NULL) /* and yet the zone is secure */
		return " taken as signed anew";
	return arena_printf(p->mem, " signed by %u until %s",
	    (unsigned)s->fields.key_tag, text_time(until, when));
}

static const char *
zone_words(struct page *p, const struct zone_proof *zone, int64_t at)
{
	const char *tags = "", *ds = "";

	for (size_t i = 0; i < zone->nds; i++)
		if (zone->ds[i].matches != NULL && !zone->ds[i].ignored)
			tags = arena_printf(p->mem, "%s%s%u", tags,
			    *tags != '\0' ? ", " : "",
			    (unsigned)zone->ds[i].key_tag);
	if (zone->kind == ZONE_ANCHOR)
		ds = arena_printf(p->mem, "trust anchor %s", tags);
	else if (zone->ds_link != NULL)
		ds = arena_printf(p->mem, "DS %s%s", tags,
		    until_words(p, NULL, &zone->ds_link->set, at));
	return arena_printf(
	    p->mem, "%s; keys%s", ds, until_words(p, zone, &zone->dnskey, at));
}

void
text_chain_brief(
    struct page *p, struct proofs *proofs, int64_t at, size_t indent)
{
	struct tree t = { .page = p, .proofs = proofs, .at = at };
	const struct zone_proof **zones;
	size_t n = proofs_zones(proofs, &zones);

	for (size_t i = 0; i < n; i++) {
		const struct zone_proof *zone = zones[i];
		size_t in = indent + 2 * depth_of(zone);
		struct dnssec d = zone_state(proofs, zone, at);
		const char *own = own_detail(&t, zone, &d);
		const char *more = d.state == DNSSEC_STATE_SECURE
		    ? zone_words(p, zone, at)
		    : own;

		/* Where it breaks everything is worth a look. */
		if (d.state != DNSSEC_STATE_SECURE && own != NULL &&
		    zone->nds > 0) {
			put_zone(&t, zone, in);
			continue;
		}
		page_hang(p, in,
		    arena_printf(p->mem, "%s %s%s%s",
			name_text(p->mem, zone->name),
			dnssec_state_text(d.state), more != NULL ? ": " : "",
			more != NULL ? more : ""));
	}
}

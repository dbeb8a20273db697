/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"
#include "report/words.h"

enum { INDENT = 4, LINKS_MAX = 128 };

/* The text of a record set's signatures: who, from when, until when. */
static void
put_signatures(
    struct page *p, const struct set_proof *set, size_t indent, int64_t at)
{
	char type[16], from[32], until[32];

	for (size_t i = 0; i < set->nsigs; i++) {
		const struct signature_proof *sig = &set->sigs[i];
		const struct rrsig *f = &sig->fields;
		const char *what = rr_type_text(set->type, type);

		if (!signature_readable(sig)) {
			page_line(p, indent,
			    arena_printf(p->mem, "RRSIG %s %s", what,
				signature_text(sig, at)));
			continue;
		}
		page_line(p, indent,
		    arena_printf(p->mem, "RRSIG %s by %u, %s to %s: %s", what,
			f->key_tag,
			text_time(text_serial_near(f->inception, at), from),
			text_time(text_serial_near(f->expiration, at), until),
			signature_text(sig, at)));
	}
}

static void
put_zone(struct page *p, struct proofs *proofs, const struct zone_proof *zone,
    int64_t at, size_t indent)
{
	struct dnssec state = zone_state(proofs, zone, at);

	page_line(p, indent,
	    arena_printf(p->mem, "%s %s (%s)", name_text(p->mem, zone->name),
		dnssec_state_text(state.state), zone_kind_text(zone->kind)));
	indent += 2;
	for (size_t i = 0; i < zone->nds; i++) {
		const struct ds_proof *ds = &zone->ds[i];

		page_line(p, indent,
		    arena_printf(p->mem, "%s %u, algorithm %u, digest %u: %s",
			zone->kind == ZONE_ANCHOR ? "anchor" : "DS",
			ds->key_tag, ds->algorithm, ds->digest_type,
			ds->ignored		  ? "ignored beside SHA-2"
			    : !ds->supported	  ? "not supported"
			    : ds->matches != NULL ? "matches a key"
						  : "matches no key"));
	}
	if (zone->ds_link != NULL && zone->ds_link->link.kind == LINK_SET)
		put_signatures(p, &zone->ds_link->set, indent, at);
	for (size_t i = 0; i < zone->nkeys; i++) {
		const struct key_proof *key = &zone->keys[i];

		page_line(p, indent,
		    arena_printf(p->mem,
			"DNSKEY %u, flags %u, algorithm %u, %u bits",
			key->key_tag, key->flags, key->algorithm, key->bits));
	}
	put_signatures(p, &zone->dnskey, indent, at);
	if (state.state != DNSSEC_STATE_SECURE && state.detail != NULL)
		page_paragraph(p, indent, INK_PLAIN, "", state.detail);
}

/* proofs_zones gives parents before children: depth is the indent. */
void
text_chain(struct page *p, struct proofs *proofs, int64_t at)
{
	const struct zone_proof **zones;
	size_t n = proofs_zones(proofs, &zones);

	for (size_t i = 0; i < n; i++) {
		const struct zone_proof *up = zones[i]->parent;
		size_t depth = 0;

		for (; up != NULL && depth < LINKS_MAX; up = up->parent)
			depth++;
		put_zone(p, proofs, zones[i], at, INDENT + 2 * depth);
	}
}

static void
put_session(struct page *p, const struct path_host *h,
    const struct path_address *ad, const struct smtp_observation *s)
{
	const char *keys = "";

	if (s->keys != KEYS_ANY)
		keys = s->keys == KEYS_RSA ? ", for an RSA certificate only"
					   : ", for an ECDSA certificate only";
	page_line(p, INDENT,
	    arena_printf(p->mem, "session with %s [%s]%s: %s",
		name_text_nodot(p->mem, h->name), ad->text, keys,
		smtp_outcome_text(s->outcome)));
	for (size_t i = 0; i < s->ntranscript; i++)
		page_line(p, INDENT + 2, s->transcript[i]);
	if (s->tls.version != NULL)
		page_line(p, INDENT + 2,
		    arena_printf(p->mem, "TLS: %s, %s, %s, %s", s->tls.version,
			s->tls.suite ? s->tls.suite : "-",
			s->tls.group ? s->tls.group : "-",
			s->tls.signature ? s->tls.signature : "-"));
	if (s->alert != NULL)
		page_line(p, INDENT + 2,
		    arena_printf(p->mem, "TLS alert: %s", s->alert));
	if (s->error != NULL)
		page_line(
		    p, INDENT + 2, arena_printf(p->mem, "error: %s", s->error));
	/* Asked for one key type only, most servers have nothing to show. */
	if (s->keys != KEYS_ANY && s->outcome == SMTP_HANDSHAKE_FAILED)
		page_line(p, INDENT + 2, "as of a server without one");
}

void
text_transcripts(struct page *p, const struct judgement *j)
{
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];

		for (size_t k = 0; k < h->naddresses; k++)
			for (int keys = KEYS_ANY; keys <= KEYS_ECDSA; keys++)
				if (h->addresses[k].session[keys] != NULL)
					put_session(p, h, &h->addresses[k],
					    h->addresses[k].session[keys]);
	}
}

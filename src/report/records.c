/* SPDX-License-Identifier: ISC */
/*
 * The lines to add to zone files, and to delete from them, for every finding
 * that a record can mend: a part for each zone, which a name server can load
 * behind that zone's own lines.
 */
#include "report/report.h"

#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/delivery.h"
#include "core/judge.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/proof.h"
#include "core/rdata.h"
#include "core/rollover.h"
#include "core/text.h"
#include "report/words.h"

/* A line, why, and the zone that it belongs to. */
struct change {
	const char *line;
	const char *why;
	const uint8_t *zone;
	bool gone;
	bool put;
};

struct changes {
	struct arena *mem;
	struct proofs *proofs;
	const uint8_t *domain;
	struct change *list;
	size_t n, cap;
	char *out;
};

static void
put(struct changes *c, const char *text)
{
	c->out = arena_printf(c->mem, "%s%s\n", c->out, text);
}

/* What is no record is a comment, and stays one whatever it holds. */
static void
put_comment(struct changes *c, const char *text)
{
	put(c,
	    arena_printf(
		c->mem, "; %s", text_escape(c->mem, text, strlen(text), 0)));
}

static bool
is_zone(const struct zone_proof *z)
{
	return z->kind == ZONE_ANCHOR || z->kind == ZONE_DELEGATED ||
	    z->kind == ZONE_UNSIGNED;
}

/*
 * The closest zone that is known; the DS of a zone is in the one above (RFC
 * 4035 2.4).  In unsigned parts of the tree only the domain is known as one.
 */
static const uint8_t *
zone_of(struct changes *c, const struct rr *rr)
{
	const struct zone_proof **zones;
	const uint8_t *best = NULL;
	size_t n = proofs_zones(c->proofs, &zones);

	for (size_t i = 0; i < n; i++) {
		const uint8_t *name = zones[i]->name;

		if (is_zone(zones[i]) && name_within(rr->owner, name) &&
		    !(rr->type == TYPE_DS && name_equal(rr->owner, name)) &&
		    (best == NULL || name_labels(name) > name_labels(best)))
			best = name;
	}
	if (name_within(rr->owner, c->domain) && rr->type != TYPE_DS &&
	    (best == NULL || name_labels(best) < name_labels(c->domain)))
		best = c->domain;
	return best != NULL ? best : rr->owner;
}

static void
add(struct changes *c, const char *line, bool gone, const char *why)
{
	const char *error;
	struct rr rr;

	for (size_t i = 0; i < c->n; i++)
		if (c->list[i].gone == gone &&
		    strcasecmp(c->list[i].line, line) == 0)
			return;
	if (!rr_from_text(c->mem, line, name_root, 0, &rr, &error))
		return;
	c->list = arena_grow(c->mem, c->list, c->n, &c->cap, sizeof *c->list);
	c->list[c->n++] = (struct change){
		.line = line, .why = why, .zone = zone_of(c, &rr), .gone = gone
	};
}

static void
add_finding(struct changes *c, const struct finding *f)
{
	const struct subject *s = &f->subject;
	const uint8_t *about = s->host != NULL ? s->host
	    : s->name != NULL		       ? s->name
					       : s->zone;
	const char *why = arena_printf(c->mem, "%s%s%s%s%s: %s", f->row->id,
	    about != NULL ? ", " : "",
	    about != NULL ? name_text_nodot(c->mem, about) : "",
	    s->selector != NULL ? ", selector " : "",
	    s->selector != NULL ? s->selector : "", f->row->text);

	/* A note says how it could be, not what is wrong. */
	if (f->severity < SEVERITY_WARN)
		return;
	for (size_t i = 0; i < f->ndel; i++)
		add(c, f->del[i], true, why);
	for (size_t i = 0; i < f->nadd; i++)
		add(c, f->add[i], false, why);
}

static void
add_rollover(struct changes *c, const struct judgement *j)
{
	const struct rollover *all = j->rollover;

	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const struct rollover_host *r = &all->hosts[i];
		const char *why = arena_printf(c->mem, "%s, %s: %s",
		    name_text_nodot(c->mem, j->path->hosts[r->host].name),
		    r->source, r->text);

		for (size_t k = 0; k < r->npublish; k++)
			add(c, r->publish[k], false, why);
	}
}

/* All of one zone, deletions first; a reason once for the lines under it. */
static void
put_zone(struct changes *c, const uint8_t *zone)
{
	const char *why = "";

	put(c, ";");
	put_comment(
	    c, arena_printf(c->mem, "zone %s", name_text(c->mem, zone)));
	for (int gone = 1; gone >= 0; gone--)
		for (size_t i = 0; i < c->n; i++) {
			struct change *h = &c->list[i];

			if (h->gone != (gone != 0) || h->put ||
			    !name_equal(h->zone, zone))
				continue;
			if (strcmp(why, h->why) != 0)
				put_comment(c, h->why);
			why = h->why;
			put(c,
			    h->gone
				? arena_printf(c->mem, "; delete: %s", h->line)
				: h->line);
			h->put = true;
		}
}

static void
put_all(struct changes *c)
{
	if (c->n == 0)
		put(c, "; nothing to add or to delete");
	/* The domain's own zone first. */
	for (size_t i = 0; i < c->n; i++)
		if (!c->list[i].put &&
		    name_within(c->domain, c->list[i].zone) &&
		    name_labels(c->list[i].zone) > 1)
			put_zone(c, c->list[i].zone);
	for (size_t i = 0; i < c->n; i++)
		if (!c->list[i].put)
			put_zone(c, c->list[i].zone);
}

static void
start(struct changes *c, struct arena *mem, struct proofs *proofs,
    const uint8_t *domain, const struct evidence *ev, int64_t at)
{
	const char **texts;
	char when[32];
	size_t n;

	*c = (struct changes){
		.mem = mem, .proofs = proofs, .domain = domain, .out = ""
	};
	put_comment(c,
	    arena_printf(mem, "mxproof: %s, as of %s",
		name_text_nodot(mem, domain), text_time(at, when)));
	n = hypothetical_texts(mem, ev, &texts);
	for (size_t i = 0; i < n; i++)
		put_comment(c, arena_printf(mem, "hypothetical: %s", texts[i]));
}

char *
report_records(struct arena *mem, const struct judgement *j,
    const struct report_options *options)
{
	struct changes c;

	(void)options;
	start(&c, mem, j->proofs, j->ev->domain, j->ev, j->options.at);
	for (size_t i = 0; i < j->findings.n; i++)
		add_finding(&c, &j->findings.list[i]);
	add_rollover(&c, j);
	put_comment(&c,
	    arena_printf(mem, "%s: %s", domain_status(j),
		delivery_sentence(
		    (struct judgement *)(uintptr_t)j, j->options.profile)));
	put_all(&c);
	return c.out;
}

char *
report_lookup_records(struct arena *mem, const struct lookup *l,
    const struct report_options *options)
{
	struct changes c;

	(void)options;
	start(&c, mem, l->proofs, l->name, l->ev, l->options.at);
	for (size_t i = 0; i < l->findings.n; i++)
		add_finding(&c, &l->findings.list[i]);
	put_all(&c);
	return c.out;
}

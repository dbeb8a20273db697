/* SPDX-License-Identifier: ISC */
#include "report/baseline.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/rollover.h"
#include "core/text.h"
#include "report/json_part.h"
#include "report/value.h"

enum { REPORTS_MAX = 1000000 };

struct known {
	const char *id;
	const char *subject; /* compact JSON, members in order */
	enum severity severity;
	bool seen;
};

struct entry {
	const uint8_t *domain;
	size_t number; /* in the file */
	const char *collected_at;
	bool unknown, delivered; /* its mail */
	unsigned required_unknown;
	struct known *list;
	size_t n;
	struct rollover_set *sets;
	size_t nsets, sets_cap;
};

struct baseline {
	const char *file;
	struct entry *entries; /* by domain */
	size_t n, cap;
};

/* ---- reading ---- */

static const char *
compact(struct arena *mem, const json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	const char *copy = arena_strdup(mem, text != NULL ? text : "{}");

	free(text);
	return copy;
}

static const char *
member(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

static bool
severity_of(const char *text, enum severity *out)
{
	for (int s = SEVERITY_OK; s <= SEVERITY_FAIL; s++)
		if (text != NULL &&
		    strcmp(severity_text((enum severity)s), text) == 0) {
			*out = (enum severity)s;
			return true;
		}
	return false;
}

static bool
read_findings(struct arena *mem, const json_t *o, struct entry *e)
{
	const json_t *list = json_object_get(o, "findings");

	if (!json_is_array(list))
		return false;
	e->list = arena_array(mem, json_array_size(list), sizeof *e->list);
	for (; e->n < json_array_size(list); e->n++) {
		const json_t *f = json_array_get(list, e->n);
		struct known *k = &e->list[e->n];

		k->id = arena_strdup(mem, member(f, "id"));
		if (k->id == NULL ||
		    !severity_of(member(f, "severity"), &k->severity))
			return false;
		k->subject = compact(mem, json_object_get(f, "subject"));
	}
	return true;
}

static bool
read_set(struct arena *mem, const json_t *o, struct entry *e)
{
	const json_t *list = json_object_get(o, "records");
	const char *name = member(o, "name"), *settled = member(o, "settled");
	struct rollover_set s = { .n = 0 };
	uint8_t wire[NAME_WIRE_MAX];

	if (name == NULL || settled == NULL || !json_is_array(list) ||
	    !name_from_text(wire, name, NULL) ||
	    !text_from_time(settled, &s.settled))
		return false;
	s.name = name_copy(mem, wire);
	s.ttl = (uint32_t)json_integer_value(json_object_get(o, "ttl"));
	s.records = arena_array(mem, json_array_size(list), sizeof *s.records);
	for (; s.n < json_array_size(list); s.n++) {
		s.records[s.n] = arena_strdup(
		    mem, json_string_value(json_array_get(list, s.n)));
		if (s.records[s.n] == NULL)
			return false;
	}
	e->sets =
	    arena_grow(mem, e->sets, e->nsets, &e->sets_cap, sizeof *e->sets);
	e->sets[e->nsets++] = s;
	return true;
}

/* Since when a TLSA set has been published, as that run knew it. */
static bool
read_rollover(struct arena *mem, const json_t *o, struct entry *e)
{
	const json_t *hosts =
	    json_object_get(json_object_get(o, "rollover"), "hosts");

	for (size_t i = 0; i < json_array_size(hosts); i++) {
		const json_t *sets =
		    json_object_get(json_array_get(hosts, i), "published");

		for (size_t k = 0; k < json_array_size(sets); k++)
			if (!read_set(mem, json_array_get(sets, k), e))
				return false;
	}
	return true;
}

/* These are tested wherever they are asked for, but for domains without mail.
 */
static bool
was_left_out(const json_t *o, const char *stage)
{
	const json_t *list = json_object_get(o, "stages");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);
		const char *name = member(s, "stage");
		const char *status = member(s, "status");

		if (name != NULL && strcmp(name, stage) == 0)
			return status != NULL &&
			    strcmp(status, "not-tested") == 0;
	}
	return false;
}

static const char *
read_report(
    struct arena *mem, const json_t *o, enum profile profile, struct entry *e)
{
	const json_t *verdict = json_object_get(o, "verdict"), *list;
	const char *delivery = member(verdict, "delivery");
	const char *status = member(verdict, "status");
	uint8_t name[NAME_WIRE_MAX];

	*e = (struct entry){ .n = 0 };
	if (json_object_get(o, "mxproof_evidence") != NULL)
		return "a recording, not a JSON report";
	if (json_integer_value(json_object_get(o, "schema")) != REPORT_SCHEMA ||
	    member(o, "domain") == NULL || member(o, "profile") == NULL ||
	    delivery == NULL ||
	    !name_from_text(name, member(o, "domain"), NULL))
		return "not a JSON report of a domain's mail";
	if (strcmp(member(o, "profile"), profile_text(profile)) != 0)
		return arena_printf(mem,
		    "a report for %s: only one for the same --profile can be "
		    "compared",
		    text_escape(mem, member(o, "profile"),
			strlen(member(o, "profile")), 40));
	e->domain = name_copy(mem, name);
	e->collected_at = arena_strdup(mem, member(o, "collected_at"));
	/* Where only a part was asked for, nobody said "could not tell". */
	e->unknown = strcmp(delivery, "unknown") == 0 && status != NULL &&
	    strcmp(status, "ok") != 0 && strcmp(status, "warn") != 0;
	e->delivered = strncmp(delivery, "delivered", 9) == 0;
	list = json_object_get(o, "required_unknown");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));

		if (word != NULL)
			e->required_unknown |= requirement_from_text(word);
	}
	if (was_left_out(o, "starttls"))
		e->required_unknown &= ~(unsigned)REQUIRE_DANE;
	if (was_left_out(o, "dnssec"))
		e->required_unknown &= ~(unsigned)REQUIRE_DNSSEC;
	if (!read_findings(mem, o, e))
		return "its findings cannot be read";
	return read_rollover(mem, o, e) ? NULL : "its rollover cannot be read";
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	int order = name_compare(x->domain, y->domain);

	return order != 0 ? order
			  : (x->number > y->number) - (x->number < y->number);
}

/* Of several reports of a domain the last one counts. */
static void
keep_last(struct baseline *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		if (i + 1 == b->n ||
		    !name_equal(b->entries[i].domain, b->entries[i + 1].domain))
			b->entries[n++] = b->entries[i];
	for (size_t i = 0; i < n; i++)
		b->entries[i].number = 0;
	b->n = n;
}

static struct baseline *
wrong(struct arena *mem, const struct baseline *b, size_t number,
    const char *what, const char **error)
{
	*error = arena_printf(mem, "%s: report %zu: %s", b->file, number, what);
	return NULL;
}

struct baseline *
baseline_read(struct arena *mem, const char *file, const char *text, size_t len,
    enum profile profile, const char **error)
{
	struct baseline *b = arena_alloc(mem, sizeof *b);
	size_t at = strspn(text, " \t\r\n"), number = 0;

	b->file = file;
	while (at < len) {
		json_error_t where;
		json_t *o = json_loadb(
		    text + at, len - at, JSON_DISABLE_EOF_CHECK, &where);
		const char *why = NULL;

		number++;
		if (!json_is_object(o)) {
			json_decref(o);
			return wrong(
			    mem, b, number, "not a JSON object", error);
		}
		b->entries = arena_grow(
		    mem, b->entries, b->n, &b->cap, sizeof *b->entries);
		/* A line that was no domain has nothing to compare. */
		if (member(o, "error") == NULL || member(o, "domain") != NULL) {
			why = read_report(mem, o, profile, &b->entries[b->n]);
			b->entries[b->n++].number = number;
		}
		json_decref(o);
		if (why != NULL || number > REPORTS_MAX)
			return wrong(mem, b, number,
			    why != NULL ? why : "too many reports", error);
		at += (size_t)where.position;
		at += strspn(text + at, " \t\r\n");
	}
	if (number == 0) {
		*error = arena_printf(mem, "%s: no report in it", file);
		return NULL;
	}
	qsort(b->entries, b->n, sizeof *b->entries, entry_order);
	keep_last(b);
	return b;
}

/* ---- comparing ---- */

static void
change_add(struct baseline_change *list, size_t *n, const struct finding *f,
    const struct known *k)
{
	list[(*n)++] = (struct baseline_change){
		.finding = f,
		.id = f != NULL ? f->row->id : k->id,
		.was_there = k != NULL,
		.before = k != NULL ? k->severity : SEVERITY_OK,
	};
}

/* "mx1.contoso.example. 192.0.2.1 25" of the compact JSON. */
static const char *
subject_text(struct arena *mem, const char *subject)
{
	json_t *o = json_loads(subject, 0, NULL), *value;
	const char *out = "", *name;

	json_object_foreach(o, name, value)
	{
		const char *text = json_string_value(value);

		/* The host and its address say enough of a server. */
		if (text != NULL)
			out = arena_printf(mem, "%s%s%s", out,
			    *out != '\0' ? " " : "",
			    text_escape(mem, text, strlen(text), 260));
	}
	json_decref(o);
	return out;
}

static struct known *
known_find(struct entry *e, const char *id, const char *subject)
{
	for (size_t i = 0; i < e->n; i++)
		if (!e->list[i].seen && strcmp(e->list[i].id, id) == 0 &&
		    strcmp(e->list[i].subject, subject) == 0)
			return &e->list[i];
	return NULL;
}

static void
compare_finding(struct arena *mem, struct comparison *c, struct entry *e,
    const struct finding *f)
{
	json_t *o = json_subject(mem, &f->subject);
	const char *subject = compact(mem, o);
	struct known *k = known_find(e, f->row->id, subject);

	json_decref(o);
	if (k != NULL)
		k->seen = true;
	if (k == NULL && f->severity > SEVERITY_OK)
		change_add(c->fresh, &c->nfresh, f, NULL);
	else if (k != NULL && f->severity > k->severity)
		change_add(c->worse, &c->nworse, f, k);
	else if (k != NULL && f->severity < k->severity)
		change_add(c->better, &c->nbetter, f, k);
}

static void
fill_subjects(struct arena *mem, struct baseline_change *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *o;

		if (list[i].finding == NULL)
			continue;
		o = json_subject(mem, &list[i].finding->subject);
		list[i].subject = subject_text(mem, compact(mem, o));
		json_decref(o);
	}
}

static const struct entry *
entry_find(const struct baseline *b, const uint8_t *domain)
{
	struct entry key = { .domain = domain };

	return b->n > 0
	    ? bsearch(&key, b->entries, b->n, sizeof key, entry_order)
	    : NULL;
}

const struct rollover_set *
baseline_sets(const struct baseline *b, const uint8_t *domain, size_t *n)
{
	const struct entry *e = entry_find(b, domain);

	*n = e != NULL ? e->nsets : 0;
	return e != NULL ? e->sets : NULL;
}

static struct entry *
entry_of(struct arena *mem, const struct baseline *b, const uint8_t *domain)
{
	const struct entry *found = entry_find(b, domain);
	struct entry *copy = arena_alloc(mem, sizeof *copy);

	if (found == NULL)
		return NULL;
	*copy = *found;
	copy->list =
	    arena_copy(mem, found->list, found->n * sizeof *found->list);
	return copy;
}

/* Not even one that says so takes mail any more (RFC 7505 3). */
static bool
is_stopped(enum delivery delivery)
{
	return delivery == DELIVERY_DEFERRED || delivery == DELIVERY_BOUNCED ||
	    delivery == DELIVERY_NOT_APPLICABLE;
}

const struct comparison *
baseline_compare(
    struct arena *mem, const struct baseline *b, const struct judgement *j)
{
	struct comparison *c = arena_alloc(mem, sizeof *c);
	struct entry *e = entry_of(mem, b, j->ev->domain), none = { .n = 0 };
	size_t most = j->findings.n;

	c->file = b->file;
	c->known = e != NULL;
	if (e == NULL)
		e = &none;
	c->collected_at = e->collected_at;
	c->was_unknown = e->unknown;
	c->lost =
	    e->delivered && is_stopped(j->outcome[j->options.profile].delivery);
	c->required_unknown = e->required_unknown;
	c->fresh = arena_array(mem, most, sizeof *c->fresh);
	c->worse = arena_array(mem, most, sizeof *c->worse);
	c->better = arena_array(mem, most, sizeof *c->better);
	c->gone = arena_array(mem, e->n, sizeof *c->gone);
	for (size_t i = 0; i < j->findings.n; i++)
		compare_finding(mem, c, e, &j->findings.list[i]);
	for (size_t i = 0; i < e->n; i++) {
		if (e->list[i].seen || e->list[i].severity < SEVERITY_WARN)
			continue;
		change_add(c->gone, &c->ngone, NULL, &e->list[i]);
		c->gone[c->ngone - 1].subject =
		    subject_text(mem, e->list[i].subject);
	}
	fill_subjects(mem, c->fresh, c->nfresh);
	fill_subjects(mem, c->worse, c->nworse);
	fill_subjects(mem, c->better, c->nbetter);
	return c;
}

bool
comparison_knows(const struct comparison *c, const struct finding *f)
{
	/* Of a step that is about to be taken; it was not safe then, either. */
	if (f->id == FINDING_DANE_SWITCH_EARLY)
		return false;
	for (size_t i = 0; i < c->nfresh; i++)
		if (c->fresh[i].finding == f)
			return false;
	for (size_t i = 0; i < c->nworse; i++)
		if (c->worse[i].finding == f)
			return false;
	return true;
}

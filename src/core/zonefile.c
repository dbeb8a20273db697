/* SPDX-License-Identifier: ISC */
#include "zonefile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "name.h"
#include "overlay.h"
#include "text.h"

/* No TTL that a record can have: none was written. */
#define NO_TTL UINT32_MAX

struct place {
	const char *file;
	unsigned line;
};

struct entry {
	struct rr rr;
	struct place place;
};

/* What all files of a zone have in common. */
struct zonefile {
	struct arena *mem;
	zonefile_include *include;
	void *arg;
	struct entry *list;
	size_t n, cap;
	uint32_t default_ttl, last_ttl;
	bool has_default, has_last;
	const char *error;
};

/* One file, at a line of it. */
struct file {
	struct zonefile *z;
	const char *name;
	const char *at, *end;
	unsigned line, next; /* of this logical line, of the next */
	char *buf; /* the logical line; room for all of the text */
	const uint8_t *origin, *owner;
	unsigned depth;
};

static bool
fail_at(struct zonefile *z, const struct place *p, const char *what)
{
	z->error = arena_printf(z->mem, "%s:%u: %s", p->file, p->line, what);
	return false;
}

static bool
fail(struct file *f, const char *what)
{
	struct place p = { f->name, f->line };

	return fail_at(f->z, &p, what);
}

/* ---- logical lines ---- */

/* A quoted string as it is; f->at is behind its first quote. */
static bool
copy_quoted(struct file *f, char **out)
{
	while (f->at < f->end && *f->at != '\n') {
		char c = *f->at++;

		*(*out)++ = c;
		if (c == '"')
			return true;
		if (c == '\\' && f->at < f->end && *f->at != '\n')
			*(*out)++ = *f->at++;
	}
	return fail(f, "a quoted string has no end on its line");
}

/*
 * The next logical line into buf: without comments, and with one blank for
 * each parenthesis and line end inside parentheses.  False at the end of the
 * text and after an error.
 */
static bool
next_line(struct file *f)
{
	char *out = f->buf;
	unsigned depth = 0;

	if (f->at == f->end)
		return false;
	f->line = f->next;
	while (f->at < f->end) {
		char c = *f->at++;

		if (c == '\n') {
			f->next++;
			if (depth == 0)
				break;
			c = ' ';
		} else if (c == ';') {
			while (f->at < f->end && *f->at != '\n')
				f->at++;
			continue;
		} else if (c == '(' || c == ')') {
			if (c == ')' && depth == 0)
				return fail(f, "a parenthesis closes nothing");
			depth = c == '(' ? depth + 1 : depth - 1;
			c = ' ';
		} else if (c == '"') {
			*out++ = c;
			if (!copy_quoted(f, &out))
				return false;
			continue;
		} else if (c == '\\' && f->at < f->end && *f->at != '\n') {
			*out++ = c;
			c = *f->at++;
		} else if (c == '\r') {
			c = ' ';
		}
		*out++ = c;
	}
	if (depth > 0)
		return fail(f, "a parenthesis is not closed");
	while (out > f->buf && (out[-1] == ' ' || out[-1] == '\t') &&
	    (out - f->buf < 2 || out[-2] != '\\'))
		out--;
	*out = '\0';
	return true;
}

/* The next word of a directive, without quotes; "" at the end. */
static const char *
word(struct file *f, char **at)
{
	const char *stop = " \t";
	char *start;

	*at += strspn(*at, " \t");
	if (**at == '"') {
		(*at)++;
		stop = "\"";
	}
	start = *at;
	*at += strcspn(*at, stop);
	if (**at != '\0')
		*(*at)++ = '\0';
	return arena_strdup(f->z->mem, start);
}

/* ---- directives ---- */

static bool read_file(struct file *);

/* "1h30m", "3600"; as in a record. */
static bool
ttl_parse(struct arena *mem, const char *text, uint32_t *ttl)
{
	const char *line = arena_printf(mem, ". %s IN NS .", text), *error;
	struct rr rr;

	if (*text < '0' || *text > '9' ||
	    !rr_from_text(mem, line, NULL, NO_TTL, &rr, &error))
		return false;
	*ttl = rr.ttl;
	return true;
}

static bool
directive_origin(struct file *f, const char *text, const uint8_t **origin)
{
	size_t len = strlen(text);
	uint8_t name[NAME_WIRE_MAX];

	if (f->origin == NULL && (len == 0 || text[len - 1] != '.'))
		return fail(f, "a name without final dot, and no origin");
	if (!name_from_text(name, text, f->origin))
		return fail(f, "not a domain name");
	*origin = name_copy(f->z->mem, name);
	return true;
}

/* RFC 1035 5.1: what is included changes no origin of this file. */
static bool
directive_include(struct file *f, const char *path, const char *origin)
{
	struct file inner = { .z = f->z,
		.name = path,
		.next = 1,
		.origin = f->origin,
		.owner = f->owner,
		.depth = f->depth + 1 };
	const char *why;
	size_t len;

	if (*path == '\0')
		return fail(f, "$INCLUDE names no file");
	if (inner.depth > ZONEFILE_DEPTH_MAX)
		return fail(f, "$INCLUDE too deep");
	if (*origin != '\0' && !directive_origin(f, origin, &inner.origin))
		return false;
	inner.at = f->z->include(
	    f->z->arg, f->z->mem, f->name, &inner.name, &len, &why);
	if (inner.at == NULL)
		return fail(f,
		    arena_printf(f->z->mem, "$INCLUDE %s: %s",
			text_escape(f->z->mem, path, strlen(path), 200), why));
	inner.end = inner.at + len;
	return read_file(&inner);
}

static bool
directive(struct file *f)
{
	char *at = f->buf;
	const char *name = word(f, &at), *first = word(f, &at);
	const char *second = word(f, &at);

	if (strcasecmp(name, "$ORIGIN") == 0 && *second == '\0')
		return directive_origin(f, first, &f->origin);
	if (strcasecmp(name, "$INCLUDE") == 0)
		return directive_include(f, first, second);
	if (strcasecmp(name, "$TTL") == 0 && *second == '\0') {
		f->z->has_default =
		    ttl_parse(f->z->mem, first, &f->z->default_ttl);
		return f->z->has_default || fail(f, "not a TTL");
	}
	if (strcasecmp(name, "$GENERATE") == 0)
		return fail(f, "$GENERATE is not supported: write the records");
	return fail(f, "not a directive of a zone file");
}

/* ---- records ---- */

static uint32_t
soa_minimum(const struct rr *rr)
{
	const uint8_t *p = rr->rdata + rr->rdlen - 4;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* RFC 2308 4, RFC 1035 5.1, and what servers do where both are silent. */
static bool
set_ttl(struct file *f, struct rr *rr)
{
	struct zonefile *z = f->z;

	if (rr->ttl == NO_TTL) {
		if (z->has_default)
			rr->ttl = z->default_ttl;
		else if (z->has_last)
			rr->ttl = z->last_ttl;
		else if (rr->type == TYPE_SOA && rr->wellformed)
			rr->ttl = soa_minimum(rr);
		else
			return fail(f, "no TTL: not here, nor a $TTL before");
	}
	z->last_ttl = rr->ttl;
	z->has_last = true;
	return true;
}

/* The first word, as it stands: an owner with or without a final dot. */
static bool
is_absolute(const char *line)
{
	size_t len = strcspn(line, " \t");

	return len > 0 && line[len - 1] == '.' &&
	    (len < 2 || line[len - 2] != '\\');
}

/*
 * A record's line.  Of types whose data are not read it counts that they are
 * there: nothing depends on more.
 */
static bool
parse(struct file *f, const char *line, struct rr *rr)
{
	const uint8_t *origin = f->origin != NULL ? f->origin : name_root;
	struct arena *mem = f->z->mem;
	const char *error, *ignored;

	if (rr_from_text(mem, line, origin, NO_TTL, rr, &error))
		return true;
	if (!rr_head_from_text(mem, line, origin, NO_TTL, rr, &ignored) ||
	    !rr_type_is_opaque(rr->type))
		return fail(f, error);
	rr->wellformed = true;
	return true;
}

/* Without an origin: the first owner, which is most likely the apex. */
static bool
first_origin(struct file *f, const char *line)
{
	size_t len = strcspn(line, " \t");

	if (!is_absolute(line))
		return fail(f,
		    "a name without final dot, and no $ORIGIN: name the zone "
		    "(--zone NAME=FILE)");
	return directive_origin(
	    f, arena_strndup(f->z->mem, line, len), &f->origin);
}

static bool
record(struct file *f)
{
	struct zonefile *z = f->z;
	const char *line = f->buf;
	struct entry *e;
	struct rr rr;

	if (*line == ' ' || *line == '\t') {
		if (f->owner == NULL)
			return fail(f, "no owner: there is no record before");
		line = arena_printf(
		    z->mem, "%s%s", name_text(z->mem, f->owner), line);
	} else if (f->origin == NULL && !first_origin(f, line)) {
		return false;
	}
	if (!parse(f, line, &rr))
		return false;
	if (rr.class != CLASS_IN)
		return fail(f, "a record of another class than IN");
	if (!rr.wellformed)
		return fail(f, "data not allowed for this type");
	if (z->n == ZONEFILE_RECORDS_MAX)
		return fail(f, "more records than are read");
	if (!set_ttl(f, &rr))
		return false;
	f->owner = rr.owner;
	z->list = arena_grow(z->mem, z->list, z->n, &z->cap, sizeof *z->list);
	e = &z->list[z->n++];
	e->rr = rr;
	e->place = (struct place){ f->name, f->line };
	return true;
}

static bool
read_file(struct file *f)
{
	size_t len = (size_t)(f->end - f->at);

	f->line = f->next = 1;
	/* The mark that some editors put before UTF-8. */
	if (len >= 3 && memcmp(f->at, "\xef\xbb\xbf", 3) == 0)
		f->at += 3;
	if (len > ZONEFILE_TEXT_MAX)
		return fail(f, "the file is too long");
	if (memchr(f->at, '\0', (size_t)(f->end - f->at)) != NULL)
		return fail(f, "no text: a NUL is in it");
	f->buf = arena_alloc(f->z->mem, len + 1);
	while (next_line(f)) {
		if (f->buf[strspn(f->buf, " \t")] == '\0')
			continue;
		if (!(*f->buf == '$' ? directive(f) : record(f)))
			return false;
	}
	return f->z->error == NULL;
}

/* ---- the zone as a whole ---- */

static int
entry_order(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int diff = name_compare(a->rr.owner, b->rr.owner);

	if (diff == 0)
		diff = (int)a->rr.type - (int)b->rr.type;
	return diff != 0
	    ? diff
	    : rdata_compare(a->rr.rdata, a->rr.rdlen, b->rr.rdata, b->rr.rdlen);
}

static bool
find_apex(struct zonefile *z, const uint8_t *zone, const char *file,
    const uint8_t **apex)
{
	const struct entry *soa = NULL;
	struct place start = { file, 1 };

	for (size_t i = 0; i < z->n; i++) {
		if (z->list[i].rr.type != TYPE_SOA)
			continue;
		if (soa != NULL &&
		    !name_equal(soa->rr.owner, z->list[i].rr.owner))
			return fail_at(z, &z->list[i].place,
			    "a second SOA record, of another name");
		soa = &z->list[i];
	}
	if (soa == NULL)
		return fail_at(z, &start, "no SOA record: this is no zone");
	if (zone != NULL && !name_equal(soa->rr.owner, zone))
		return fail_at(z, &soa->place,
		    arena_printf(z->mem, "the SOA record is that of %s, not %s",
			name_text(z->mem, soa->rr.owner),
			name_text(z->mem, zone)));
	*apex = soa->rr.owner;
	return true;
}

static bool
beside_alias(uint16_t type)
{
	/* RFC 4035 2.5 */
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC;
}

/* Sorted: what belongs together stands together. */
static bool
check_entry(struct zonefile *z, size_t i, const uint8_t *apex)
{
	const struct entry *e = &z->list[i];
	const struct rr *rr = &e->rr;

	if (!name_within(rr->owner, apex))
		return fail_at(z, &e->place,
		    arena_printf(z->mem, "%s lies outside of the zone %s",
			name_text(z->mem, rr->owner), name_text(z->mem, apex)));
	if (rr->type == TYPE_DS && name_equal(rr->owner, apex))
		return fail_at(z, &e->place,
		    "the DS of a zone belongs to its parent: use --with");
	if (i == 0)
		return true;
	/* In order of their data; the second is that of the later line. */
	if (rr->type == TYPE_SOA && e[-1].rr.type == TYPE_SOA)
		return fail_at(z,
		    e[-1].place.line > e->place.line ? &e[-1].place : &e->place,
		    "a second SOA record");
	/* The first of its kind has been looked at. */
	if (rr->type != TYPE_CNAME && rr->type == e[-1].rr.type &&
	    name_equal(rr->owner, e[-1].rr.owner))
		return rr->type != TYPE_DNAME ||
		    /* RFC 6672 2.4 */
		    fail_at(z, &e->place, "a second DNAME of the same name");
	for (size_t k = i;
	     k > 0 && name_equal(z->list[k - 1].rr.owner, rr->owner); k--) {
		uint16_t type = z->list[k - 1].rr.type;

		/* RFC 2181 10.1 */
		if (!beside_alias(type) && rr->type != TYPE_CNAME)
			break;
		if (type == TYPE_CNAME && rr->type == TYPE_CNAME)
			return fail_at(
			    z, &e->place, "a second CNAME of the same name");
		if ((type == TYPE_CNAME || rr->type == TYPE_CNAME) &&
		    !(beside_alias(type) && beside_alias(rr->type)))
			return fail_at(z, &e->place,
			    "a CNAME and other data of the same name");
	}
	return true;
}

/* RFC 2181 5.2: one TTL for a set; the least of them. */
static void
level_ttls(struct overlay_zone *out)
{
	for (size_t i = 0, k; i < out->nrrs; i = k) {
		uint32_t least = out->rrs[i].ttl;

		for (k = i + 1;
		     k < out->nrrs && out->rrs[k].type == out->rrs[i].type &&
		     name_equal(out->rrs[k].owner, out->rrs[i].owner);
		     k++)
			if (out->rrs[k].ttl < least)
				least = out->rrs[k].ttl;
		if (out->rrs[i].type == TYPE_RRSIG)
			continue;
		for (size_t m = i; m < k; m++)
			out->rrs[m].ttl = least;
	}
}

static bool
same_as_before(const struct zonefile *z, size_t i)
{
	return i > 0 && entry_order(&z->list[i], &z->list[i - 1]) == 0;
}

bool
zonefile_read(struct arena *mem, const char *file, const char *text, size_t len,
    const uint8_t *zone, const uint8_t *origin, zonefile_include *include,
    void *arg, struct overlay_zone *out, const char **error)
{
	struct zonefile z = { .mem = mem, .include = include, .arg = arg };
	struct file f = { .z = &z,
		.name = file,
		.at = text,
		.end = text + len,
		.origin = zone != NULL ? zone : origin };

	memset(out, 0, sizeof *out);
	if (!read_file(&f) || !find_apex(&z, zone, file, &out->name)) {
		*error = z.error;
		return false;
	}
	qsort(z.list, z.n, sizeof *z.list, entry_order);
	out->source = file;
	out->rrs = arena_array(mem, z.n, sizeof *out->rrs);
	for (size_t i = 0; i < z.n; i++) {
		if (same_as_before(&z, i))
			continue;
		if (!check_entry(&z, i, out->name)) {
			*error = z.error;
			return false;
		}
		out->rrs[out->nrrs++] = z.list[i].rr;
	}
	overlay_zone_order(out);
	level_ttls(out);
	return true;
}

bool
zonefile_record(
    struct arena *mem, const char *text, struct rr *out, const char **error)
{
	if (!rr_from_text(mem, text, name_root, ZONEFILE_TTL, out, error))
		return false;
	if (out->class == CLASS_IN && out->wellformed)
		return true;
	*error = out->class != CLASS_IN ? "of another class than IN"
					: "data not allowed for this type";
	return false;
}

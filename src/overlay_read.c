/* SPDX-License-Identifier: ISC */
#include "overlay_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cert.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/text.h"
#include "core/zonefile.h"
#include "input.h"
#include "options.h"
#include "probe/idn.h"

/* Where the message of what is wrong goes. */
struct complaint {
	char *text;
	size_t size;
};

/* Of the option with this argument; both may be anything. */
static bool
wrong(const struct complaint *c, const char *option, const char *argument,
    const char *what)
{
	struct arena *mem = arena_new();

	snprintf(c->text, c->size, "--%s %s: %s", option,
	    text_escape(mem, argument, strlen(argument), 100), what);
	arena_free(mem);
	return false;
}

static const char *
file_text(struct arena *mem, const char *path, size_t *len)
{
	char *text = input_read(path, len);
	const char *copy;

	if (text == NULL)
		return NULL;
	copy = arena_strndup(mem, text, *len);
	if (memchr(text, '\0', *len) != NULL)
		copy = arena_copy(mem, text, *len);
	free(text);
	return copy;
}

/*
 * "NAME=FILE": what stands before the first "=" is a name where it can be
 * one; a file whose own name is like that is written ./FILE.
 */
static const char *
split(struct arena *mem, const char *argument, const uint8_t **name)
{
	const char *equals = strchr(argument, '=');
	uint8_t wire[NAME_WIRE_MAX];
	const char *before, *error;

	*name = NULL;
	if (equals == NULL || equals == argument)
		return argument;
	before = arena_strndup(mem, argument, (size_t)(equals - argument));
	if (strchr(before, '/') != NULL ||
	    (strcmp(before, ".") != 0 && !idn_to_ascii(before, wire, &error)))
		return argument;
	*name = strcmp(before, ".") == 0 ? name_root : name_copy(mem, wire);
	return equals + 1;
}

/* Beside the file that includes it; only where it is not, where we are. */
static const char *
include(void *arg, struct arena *mem, const char *from, const char **path,
    size_t *len, const char **why)
{
	const char *slash = strrchr(from, '/'), *text = NULL, *beside;

	(void)arg;
	if (**path != '/' && slash != NULL) {
		beside = arena_printf(
		    mem, "%.*s%s", (int)(slash + 1 - from), from, *path);
		text = file_text(mem, beside, len);
		if (text != NULL || errno != ENOENT) {
			*path = beside;
			*why = strerror(errno);
			return text;
		}
	}
	text = file_text(mem, *path, len);
	*why = strerror(errno);
	return text;
}

static bool
read_zone(struct arena *mem, const char *argument, const uint8_t *domain,
    struct overlay *o, const struct complaint *c)
{
	struct overlay_zone *z = &o->zones[o->nzones];
	const char *path, *text, *error;
	const uint8_t *name;
	size_t len;

	path = split(mem, argument, &name);
	text = file_text(mem, path, &len);
	if (text == NULL)
		return wrong(c, "zone", argument, strerror(errno));
	if (!zonefile_read(
		mem, path, text, len, name, domain, include, NULL, z, &error)) {
		snprintf(c->text, c->size, "%s",
		    text_escape(mem, error, strlen(error), 500));
		return false;
	}
	for (size_t i = 0; i < o->nzones; i++)
		if (name_equal(o->zones[i].name, z->name))
			return wrong(c, "zone", argument,
			    "the zone of an earlier --zone");
	o->nzones++;
	return true;
}

/* Signatures are made for sets as they are: none can be added to one. */
static bool
is_signers(uint16_t type)
{
	return type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_NSEC3 ||
	    type == TYPE_DNSKEY || type == TYPE_NSEC3PARAM;
}

/* What says something of other names than its own is a matter of zones. */
static const char *
reaches_further(const uint8_t *name, uint16_t type)
{
	if (name[0] == 1 && name[1] == '*')
		return "a wildcard stands for other names: --zone";
	if (type == TYPE_NS || type == TYPE_DNAME)
		return "it decides about the names below it: --zone";
	if (type == 41 || (type >= 128 && type <= 255)) /* RFC 6895 3.1 */
		return "no type that records have";
	return NULL;
}

static bool
read_with(struct arena *mem, const char *argument, struct overlay *o,
    const struct complaint *c)
{
	struct rr *rr = &o->with[o->nwith];
	const char *error;

	if (!zonefile_record(mem, argument, rr, &error))
		return wrong(c, "with", argument, error);
	if (is_signers(rr->type))
		return wrong(c, "with", argument,
		    "keys and signatures come in a whole signed zone: --zone");
	error = reaches_further(rr->owner, rr->type);
	for (size_t i = 0; error == NULL && i < o->nzones; i++)
		if (rr->type == TYPE_CNAME &&
		    name_equal(o->zones[i].name, rr->owner))
			error = "the apex of a zone, where its SOA record is";
	for (size_t i = 0; error == NULL && i < o->nwith; i++)
		/* RFC 2181 10.1 */
		if (name_equal(o->with[i].owner, rr->owner) &&
		    (o->with[i].type == TYPE_CNAME) != (rr->type == TYPE_CNAME))
			error = "a CNAME and other data of the same name";
		else if (name_equal(o->with[i].owner, rr->owner) &&
		    rr->type == TYPE_CNAME)
			error = "a second CNAME of the same name";
	if (error != NULL)
		return wrong(c, "with", argument, error);
	o->nwith++;
	return true;
}

static bool
read_without(struct arena *mem, const char *argument, struct overlay *o,
    const struct complaint *c)
{
	struct overlay_without *w = &o->without[o->nwithout];
	char *copy = arena_strdup(mem, argument), *save = NULL;
	char *name = strtok_r(copy, " \t", &save);
	char *type = strtok_r(NULL, " \t", &save);
	uint8_t wire[NAME_WIRE_MAX];
	const char *why;

	if (name == NULL || !name_from_text(wire, name, NULL))
		return wrong(c, "without", argument, "not a domain name");
	if (type != NULL && !rr_type_from_text(type, &w->type))
		return wrong(c, "without", argument, "unknown type");
	if (strtok_r(NULL, " \t", &save) != NULL)
		return wrong(c, "without", argument,
		    "takes a name and perhaps a type: all records of it go");
	if (w->type != 0 && is_signers(w->type))
		return wrong(c, "without", argument,
		    "keys and signatures come in a whole signed zone: --zone");
	why = reaches_further(wire, w->type);
	if (why != NULL)
		return wrong(c, "without", argument, why);
	w->name = name_copy(mem, wire);
	o->nwithout++;
	return true;
}

/*
 * NULL, or why a server could not present these as they stand (RFC 8446
 * 4.4.2: the sender's certificate MUST come first).
 */
static const char *
misplaced(struct cert *const *certs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!certs[i]->parsed)
			return "a certificate in it cannot be read";
	if (!certs[0]->ca_constraint)
		return NULL;
	for (size_t i = 1; i < n; i++)
		if (!certs[i]->is_ca)
			return "an authority's certificate comes first: put "
			       "the server's own before it";
	/* One that the server has signed itself may say that it issues. */
	return certs[0]->self_issued
	    ? NULL
	    : "only certificates of authorities: the server's own is missing";
}

/* Each certificate that issues nothing begins the chain of another key. */
static bool
add_chains(struct overlay *o, const struct overlay_cert *file,
    struct cert *const *certs)
{
	size_t first = o->ncerts;

	for (size_t i = 0; i < file->nchain; i++) {
		struct overlay_cert *c;

		if (i > 0 && certs[i]->is_ca) {
			o->certs[o->ncerts - 1].nchain++;
			continue;
		}
		c = &o->certs[o->ncerts++];
		*c = *file;
		c->chain = file->chain + i;
		c->nchain = 1;
		for (size_t k = first; k + 1 < o->ncerts; k++)
			if (certs[o->certs[k].chain - file->chain]->key ==
			    certs[i]->key)
				return false;
	}
	return true;
}

static bool
read_cert(struct arena *mem, const char *argument, struct overlay *o,
    const struct complaint *c)
{
	struct overlay_cert file = { .nchain = 0 };
	const char *path = split(mem, argument, &file.host), *text, *why;
	struct cert **certs;
	size_t len;

	text = file_text(mem, path, &len);
	if (text == NULL)
		return wrong(c, "cert", argument, strerror(errno));
	file.source = path;
	file.nchain = cert_from_pem(mem, text, len, &file.chain);
	if (file.nchain == 0)
		return wrong(c, "cert", argument,
		    "no certificates in PEM form, or more than 16");
	certs = arena_array(mem, file.nchain, sizeof *certs);
	for (size_t i = 0; i < file.nchain; i++)
		certs[i] =
		    cert_parse(mem, file.chain[i].data, file.chain[i].len);
	why = misplaced(certs, file.nchain);
	if (why != NULL)
		return wrong(c, "cert", argument, why);
	return add_chains(o, &file, certs) ||
	    wrong(c, "cert", argument,
		"two certificates of servers with the same kind of key");
}

static bool
is_stdin(const char *argument)
{
	size_t len = strlen(argument);

	return strcmp(argument, "-") == 0 ||
	    (len > 2 && strcmp(argument + len - 2, "=-") == 0);
}

static size_t
stdin_uses(const struct options *o)
{
	size_t n = 0;

	n += o->batch != NULL && is_stdin(o->batch);
	n += o->replay != NULL && is_stdin(o->replay);
	for (size_t i = 0; i < o->nzones; i++)
		n += is_stdin(o->zones[i]);
	for (size_t i = 0; i < o->ncerts; i++)
		n += is_stdin(o->certs[i]);
	return n;
}

bool
overlay_read(struct arena *mem, const struct options *o, const uint8_t *domain,
    const struct overlay **out, char *error, size_t errorsize)
{
	struct complaint c = { error, errorsize };
	struct overlay *all = arena_alloc(mem, sizeof *all);
	bool good = true;

	*out = NULL;
	if (stdin_uses(o) > 1) {
		snprintf(error, errorsize,
		    "standard input can be only one of the files that are "
		    "read");
		return false;
	}
	all->zones = arena_array(mem, o->nzones, sizeof *all->zones);
	all->without = arena_array(mem, o->nwithout, sizeof *all->without);
	all->with = arena_array(mem, o->nwith, sizeof *all->with);
	all->certs =
	    arena_array(mem, o->ncerts * CERT_PEM_MAX, sizeof *all->certs);
	for (size_t i = 0; good && i < o->nzones; i++)
		good = read_zone(mem, o->zones[i], domain, all, &c);
	for (size_t i = 0; good && i < o->nwithout; i++)
		good = read_without(mem, o->without[i], all, &c);
	for (size_t i = 0; good && i < o->nwith; i++)
		good = read_with(mem, o->with[i], all, &c);
	for (size_t i = 0; good && i < o->ncerts; i++)
		good = read_cert(mem, o->certs[i], all, &c);
	if (good && o->nzones + o->nwithout + o->nwith + o->ncerts > 0)
		*out = all;
	return good;
}

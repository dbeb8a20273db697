/* SPDX-License-Identifier: ISC */
#include "message_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/message.h"
#include "core/name.h"
#include "probe/idn.h"
#include "probe/psl.h"

static void
organization_add(
    struct arena *mem, struct mail_message *m, const uint8_t *domain)
{
	uint8_t name[NAME_WIRE_MAX];
	struct message_organization *o;

	if (domain == NULL || message_organization(m, domain) != NULL)
		return;
	psl_organization(domain, name);
	o = &m->organizations[m->norganizations++];
	o->domain = domain;
	o->organization = name_copy(mem, name);
}

/* In another spelling, perhaps. */
static bool
has_from(const struct mail_message *m, const uint8_t *name)
{
	for (size_t i = 0; i < m->nfrom; i++)
		if (name_equal(m->from[i], name))
			return true;
	return false;
}

/* Whose the domains are is looked up here: the core knows no list. */
static struct mail_message *
message_new(struct arena *mem, const struct message_scan *scan)
{
	struct mail_message *m = arena_alloc(mem, sizeof *m);

	m->fields = scan->fields;
	m->nfields = scan->nfields;
	m->cut = scan->cut;
	m->from = arena_array(mem, scan->nfrom, sizeof *m->from);
	for (size_t i = 0; i < scan->nfrom; i++) {
		uint8_t name[NAME_WIRE_MAX];
		const char *error;

		if (idn_to_ascii(scan->from[i], name, &error) &&
		    !has_from(m, name))
			m->from[m->nfrom++] = name_copy(mem, name);
	}
	message_read(mem, m);
	m->organizations = arena_array(
	    mem, m->nfrom + m->nsignatures, sizeof *m->organizations);
	for (size_t i = 0; i < m->nfrom; i++)
		organization_add(mem, m, m->from[i]);
	for (size_t i = 0; i < m->nsignatures; i++)
		organization_add(mem, m, m->signatures[i].domain);
	message_read(mem, m);
	return m;
}

struct mail_message *
message_file_read(struct arena *mem, const char *path, const char **from,
    char *error, size_t errorsize)
{
	enum { ROOM = MESSAGE_HEADER_MAX + 1 };
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *text = arena_alloc(mem, ROOM);
	struct message_scan scan;
	struct mail_message *m;
	const char *why = NULL;
	size_t len = 0;

	*from = NULL;
	if (f != NULL) {
		len = fread(text, 1, ROOM, f);
		if (ferror(f))
			why = strerror(errno);
		if (f != stdin)
			fclose(f);
	} else {
		why = strerror(errno);
	}
	if (why != NULL) {
		snprintf(error, errorsize, "%s: %s", path, why);
		return NULL;
	}
	if (!message_scan(mem, text, len, &scan, &why)) {
		snprintf(error, errorsize, "%s: it %s", path, why);
		return NULL;
	}
	m = message_new(mem, &scan);
	/* An address that is none, too: it is complained of where it is used.
	 */
	if (m->nfrom == 1 || scan.nfrom == 1)
		*from = scan.from[0];
	return m;
}

/* SPDX-License-Identifier: ISC */
/* The message of --message in the evidence file, both ways. */
#include "core/message.h"

#include "core/arena.h"
#include "core/name.h"
#include "report/archive_part.h"
#include "report/value.h"

enum {
	FIELDS_MAX = MESSAGE_SIGNATURES_MAX + MESSAGE_RESULTS_MAX,
	ORGANIZATIONS_MAX = MESSAGE_FROM_MAX + MESSAGE_SIGNATURES_MAX
};

static bool
read_organizations(struct reader *r, const json_t *o, struct arena *mem,
    struct mail_message *m)
{
	const json_t *array;

	if (!reader_array(
		r, o, "organizations", OPTIONAL, ORGANIZATIONS_MAX, &array))
		return false;
	m->organizations =
	    arena_array(mem, json_array_size(array), sizeof *m->organizations);
	for (size_t i = 0; i < json_array_size(array); i++) {
		size_t saved = reader_enter(r, "organizations", i, true);
		const json_t *one = json_array_get(array, i);
		struct message_organization *to = &m->organizations[i];

		if (!json_is_object(one))
			return reader_fail(r, NULL, "not an object");
		if (!archive_read_name(r, one, "domain", mem, &to->domain) ||
		    !archive_read_name(
			r, one, "organization", mem, &to->organization))
			return false;
		m->norganizations++;
		reader_leave(r, saved);
	}
	return true;
}

static bool
read_from(struct reader *r, const json_t *o, struct arena *mem,
    struct mail_message *m)
{
	const char **texts;
	size_t n;

	if (!reader_texts(r, o, "from", mem, &texts, &n))
		return false;
	if (n > MESSAGE_FROM_MAX)
		return reader_fail(
		    r, "from", "over %d domains", MESSAGE_FROM_MAX);
	m->from = arena_array(mem, n, sizeof *m->from);
	for (; m->nfrom < n; m->nfrom++) {
		uint8_t name[NAME_WIRE_MAX];

		if (!name_from_text(name, texts[m->nfrom], NULL))
			return reader_fail(r, "from", "not a domain name: %s",
			    reader_quote(mem, texts[m->nfrom]));
		m->from[m->nfrom] = name_copy(mem, name);
	}
	return true;
}

bool
archive_read_message(struct reader *r, const json_t *asked, struct arena *mem,
    struct mail_message **out)
{
	const json_t *o;
	struct mail_message *m;
	size_t saved;

	if (!reader_object(r, asked, "message", &o))
		return false;
	if (o == NULL)
		return true;
	saved = reader_enter(r, "message", 0, false);
	m = arena_alloc(mem, sizeof *m);
	if (!read_from(r, o, mem, m) ||
	    !reader_texts(r, o, "fields", mem, &m->fields, &m->nfields) ||
	    !reader_bool(r, o, "cut", &m->cut) ||
	    !read_organizations(r, o, mem, m))
		return false;
	if (m->nfields > FIELDS_MAX)
		return reader_fail(r, "fields", "over %d fields", FIELDS_MAX);
	message_read(mem, m);
	reader_leave(r, saved);
	*out = m;
	return true;
}

json_t *
archive_write_message(struct arena *mem, const struct mail_message *m)
{
	json_t *o = value_object(), *array = value_array();

	for (size_t i = 0; i < m->nfrom; i++)
		value_append(array, value_name(mem, m->from[i]));
	value_set(o, "from", array);
	value_set(o, "fields", value_texts(mem, m->fields, m->nfields));
	array = value_array();
	for (size_t i = 0; i < m->norganizations; i++) {
		const struct message_organization *one = &m->organizations[i];
		json_t *entry = value_object();

		value_set(entry, "domain", value_name(mem, one->domain));
		value_set(
		    entry, "organization", value_name(mem, one->organization));
		value_append(array, entry);
	}
	value_set(o, "organizations", array);
	if (m->cut)
		value_set(o, "cut", value_bool(true));
	return o;
}

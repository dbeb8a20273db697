/* SPDX-License-Identifier: ISC */
#include "report/archive.h"

#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/text.h"
#include "report/archive_part.h"
#include "report/reader.h"

static bool
read_observations(struct reader *r, const json_t *o, struct evidence *ev)
{
	const json_t *array;
	size_t saved;

	if (!reader_array(r, o, "dns", OPTIONAL, ARCHIVE_DNS_MAX, &array))
		return false;
	for (size_t i = 0; array != NULL && i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		struct dns_observation *obs = dns_observation_new();

		evidence_add_dns(ev, obs);
		saved = reader_enter(r, "dns", i, true);
		if (!json_is_object(value))
			return reader_fail(r, NULL, "must be an object");
		if (!archive_read_dns(r, value, obs))
			return false;
		reader_leave(r, saved);
	}
	if (!reader_array(r, o, "smtp", OPTIONAL, ARCHIVE_SMTP_MAX, &array))
		return false;
	for (size_t i = 0; array != NULL && i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		struct smtp_observation *obs = smtp_observation_new();

		evidence_add_smtp(ev, obs);
		saved = reader_enter(r, "smtp", i, true);
		if (!json_is_object(value))
			return reader_fail(r, NULL, "must be an object");
		if (!archive_read_smtp(r, value, obs))
			return false;
		reader_leave(r, saved);
	}
	return true;
}

static bool
read_vantage(struct reader *r, const json_t *o, struct evidence *ev)
{
	const json_t *value;
	size_t saved;

	ev->has_ipv4 = ev->has_ipv6 = true;
	if (!reader_object(r, o, "vantage", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "vantage", 0, false);
	if (!reader_texts(r, value, "resolver", ev->mem, &ev->resolvers,
		&ev->nresolvers) ||
	    !reader_bool(r, value, "ipv4", &ev->has_ipv4) ||
	    !reader_bool(r, value, "ipv6", &ev->has_ipv6))
		return false;
	reader_leave(r, saved);
	return true;
}

/* The type of the one question that the run was for. */
static bool
read_lookup(
    struct reader *r, const json_t *o, struct arena *mem, uint16_t *type)
{
	const char *text;

	if (!reader_text(r, o, "lookup", OPTIONAL, mem, &text))
		return false;
	if (text == NULL)
		return true;
	if (!rr_type_from_text(text, type) || !lookup_type_allowed(*type))
		return reader_fail(r, "lookup", "not a type to look up: %s",
		    reader_quote(mem, text));
	return true;
}

static bool
read_stages(
    struct reader *r, const json_t *o, struct arena *mem, unsigned *stages)
{
	const char **words;
	size_t n;

	if (!reader_texts(r, o, "stages", mem, &words, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned bit = asked_stage_from_text(words[i]);

		if (bit == 0)
			return reader_fail(r, "stages", "not a stage: %s",
			    reader_quote(mem, words[i]));
		*stages |= bit;
	}
	return true;
}

static bool
read_asked(struct reader *r, const json_t *o, struct evidence *ev)
{
	struct asked *a = &ev->asked;
	const json_t *value;
	size_t saved;

	*a = (struct asked){ .ipv4 = true, .ipv6 = true, .timeout_s = 90 };
	if (!reader_object(r, o, "asked", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "asked", 0, false);
	if (!reader_texts(r, value, "selectors", ev->mem, &a->selectors,
		&a->nselectors) ||
	    !reader_bool(
		r, value, "allow_special_addresses", &a->allow_special) ||
	    !reader_bool(r, value, "ipv4", &a->ipv4) ||
	    !reader_bool(r, value, "ipv6", &a->ipv6) ||
	    !reader_bool(r, value, "m365", &a->m365) ||
	    !reader_bool(r, value, "gcc_high", &a->gcc_high) ||
	    !reader_bool(r, value, "guess_selectors", &a->guess_selectors) ||
	    !reader_text(r, value, "initial_domain", OPTIONAL, ev->mem,
		&a->initial_domain) ||
	    !reader_text(r, value, "helo", OPTIONAL, ev->mem, &a->helo) ||
	    !reader_int(
		r, value, "timeout", OPTIONAL, 0, INT32_MAX, &a->timeout_s))
		return false;
	if (!read_lookup(r, value, ev->mem, &a->lookup) ||
	    !read_stages(r, value, ev->mem, &a->stages) ||
	    !archive_read_message(r, value, ev->mem, &a->message) ||
	    !archive_read_overlay(r, value, ev->mem, &a->overlay))
		return false;
	reader_leave(r, saved);
	return true;
}

static bool
read_anchors(struct reader *r, const json_t *o, struct evidence *ev)
{
	/* No anchors are no anchors: never the built-in ones in a replay. */
	if (!archive_read_records(r, o, "trust_anchors", OPTIONAL, ev->mem,
		&ev->anchors, &ev->nanchors))
		return false;
	for (size_t i = 0; i < ev->nanchors; i++) {
		if (ev->anchors[i].type == TYPE_DS ||
		    ev->anchors[i].type == TYPE_DNSKEY)
			continue;
		reader_enter(r, "trust_anchors", i, true);
		return reader_fail(r, NULL, "neither DS nor DNSKEY");
	}
	return true;
}

static bool
read_evidence(struct reader *r, const json_t *o, struct evidence *ev)
{
	uint8_t lower[NAME_WIRE_MAX];
	int64_t version;
	const char *at;

	if (!reader_int(r, o, "mxproof_evidence", REQUIRED, INT64_MIN,
		INT64_MAX, &version))
		return false;
	if (version != ARCHIVE_VERSION)
		return reader_fail(r, "mxproof_evidence",
		    "version %lld is not known here, only %d",
		    (long long)version, ARCHIVE_VERSION);
	if (!archive_read_name(r, o, "domain", ev->mem, &ev->domain) ||
	    !reader_text(r, o, "input", OPTIONAL, ev->mem, &ev->input) ||
	    !reader_text(r, o, "collected_at", REQUIRED, ev->mem, &at))
		return false;
	name_lower(lower, ev->domain);
	ev->domain = name_copy(ev->mem, lower);
	if (ev->input == NULL)
		ev->input = name_text_nodot(ev->mem, ev->domain);
	if (!text_from_time(at, &ev->collected_at))
		return reader_fail(r, "collected_at",
		    "not an RFC 3339 time: %s", reader_quote(ev->mem, at));
	ev->replay = true;
	return read_vantage(r, o, ev) && read_asked(r, o, ev) &&
	    reader_bool(r, o, "cut_short", &ev->cut_short) &&
	    read_anchors(r, o, ev) && read_observations(r, o, ev);
}

static size_t
skip_space(const char *text, size_t len, size_t off)
{
	while (off < len && strchr(" \t\r\n", text[off]) != NULL &&
	    text[off] != '\0')
		off++;
	return off;
}

/* jansson quotes the text near the error as it is. */
static bool
not_json(struct reader *r, const json_error_t *where)
{
	struct arena *mem = arena_new();

	reader_fail(r, NULL, "not JSON: line %d, column %d: %s", where->line,
	    where->column,
	    text_escape(mem, where->text, strlen(where->text), 0));
	arena_free(mem);
	return false;
}

bool
archive_read(const char *text, size_t len, size_t *consumed,
    struct evidence **out, char error[ARCHIVE_ERROR_MAX])
{
	struct reader r = { .error = error };
	size_t start = skip_space(text, len, 0), limit = len - start;
	struct evidence *ev;
	json_error_t where;
	json_t *root;
	bool good;

	*consumed = 0;
	*out = NULL;
	error[0] = '\0';
	if (limit == 0)
		return reader_fail(&r, NULL, "no evidence: nothing is there");
	if (limit > ARCHIVE_OBJECT_MAX)
		limit = ARCHIVE_OBJECT_MAX;
	root = json_loadb(text + start, limit,
	    JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &where);
	if (root == NULL && start + limit < len &&
	    json_error_code(&where) == json_error_premature_end_of_input)
		return reader_fail(&r, NULL, "object over %d MiB",
		    ARCHIVE_OBJECT_MAX / (1024 * 1024));
	if (root == NULL)
		return not_json(&r, &where);
	if (!json_is_object(root)) {
		json_decref(root);
		return reader_fail(&r, NULL, "not a JSON object");
	}
	ev = evidence_new();
	good = read_evidence(&r, root, ev);
	json_decref(root);
	if (!good) {
		evidence_free(ev);
		return false;
	}
	*consumed = skip_space(text, len, start + (size_t)where.position);
	*out = ev;
	return true;
}

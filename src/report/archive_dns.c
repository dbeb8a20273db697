/* SPDX-License-Identifier: ISC */
#include "report/archive_part.h"

#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/rdata.h"
#include "report/reader.h"

/* "contoso.example. IN MX" */
static bool
read_question(struct reader *r, const json_t *o, struct dns_observation *obs)
{
	uint8_t wire[NAME_WIRE_MAX];
	const char *text;
	char *copy, *name, *type, *save;

	if (!reader_text(r, o, "question", REQUIRED, obs->mem, &text))
		return false;
	copy = arena_strdup(obs->mem, text);
	name = strtok_r(copy, " \t", &save);
	type = strtok_r(NULL, " \t", &save);
	if (type != NULL && strcasecmp(type, "IN") == 0)
		type = strtok_r(NULL, " \t", &save);
	if (type == NULL || strtok_r(NULL, " \t", &save) != NULL)
		return reader_fail(r, "question",
		    "must be a name, IN and a type: %s",
		    reader_quote(obs->mem, text));
	if (!name_from_text(wire, name, NULL))
		return reader_fail(r, "question", "not a domain name: %s",
		    reader_quote(obs->mem, name));
	if (!rr_type_from_text(type, &obs->type))
		return reader_fail(r, "question", "unknown type %s",
		    reader_quote(obs->mem, type));
	obs->name = name_copy(obs->mem, wire);
	return true;
}

static bool
read_rcode(struct reader *r, const json_t *o, struct arena *mem, uint16_t *out)
{
	const char *text;
	unsigned rcode;

	if (!reader_text(r, o, "rcode", REQUIRED, mem, &text))
		return false;
	if (!rcode_from_text(text, &rcode) || rcode > 0xfff)
		return reader_fail(
		    r, "rcode", "unknown word %s", reader_quote(mem, text));
	*out = (uint16_t)rcode;
	return true;
}

static bool
read_flags(struct reader *r, const json_t *o, struct dns_observation *obs)
{
	static const struct {
		const char *word;
		uint16_t bit;
	} words[] = {
		{ "qr", DNS_QR },
		{ "aa", DNS_AA },
		{ "tc", DNS_TC },
		{ "rd", DNS_RD },
		{ "ra", DNS_RA },
		{ "ad", DNS_AD },
		{ "cd", DNS_CD },
	};
	const char **texts;
	size_t n;

	if (!reader_texts(r, o, "flags", obs->mem, &texts, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint16_t bit = 0;

		for (size_t w = 0; w < sizeof words / sizeof *words; w++)
			if (strcmp(texts[i], words[w].word) == 0)
				bit = words[w].bit;
		if (bit == 0)
			return reader_fail(r, "flags", "unknown flag %s",
			    reader_quote(obs->mem, texts[i]));
		obs->flags |= bit;
	}
	return true;
}

/* Text that is no UTF-8 stands there as its octets. */
static bool
read_ede_text(
    struct reader *r, const json_t *o, struct arena *mem, struct ede *out)
{
	const char *octets;
	const uint8_t *data;
	size_t len;

	if (!reader_text(r, o, "text", OPTIONAL, mem, &out->text) ||
	    !reader_text(r, o, "octets", OPTIONAL, mem, &octets))
		return false;
	if (out->text == NULL && octets != NULL) {
		if (!archive_read_base64(r, "octets", octets, mem, &data, &len))
			return false;
		out->text = arena_strndup(mem, (const char *)data, len);
	}
	if (out->text == NULL)
		out->text = "";
	return true;
}

static bool
read_ede(struct reader *r, const json_t *o, struct arena *mem, struct ede **out,
    size_t *n)
{
	const json_t *array;

	if (!reader_array(r, o, "ede", OPTIONAL, 64, &array))
		return false;
	if (array == NULL)
		return true;
	*out = arena_array(mem, json_array_size(array), sizeof **out);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		size_t saved = reader_enter(r, "ede", i, true);
		int64_t code;

		if (!json_is_object(value))
			return reader_fail(r, NULL, "must be an object");
		if (!reader_int(r, value, "code", REQUIRED, 0, 65535, &code) ||
		    !read_ede_text(r, value, mem, &(*out)[i]))
			return false;
		(*out)[i].code = (uint16_t)code;
		(*n)++;
		reader_leave(r, saved);
	}
	return true;
}

static bool
read_opinion(struct reader *r, const json_t *o, struct dns_observation *obs)
{
	struct dns_opinion *view = &obs->opinion;
	const json_t *value;
	size_t saved;

	if (!reader_object(r, o, "opinion", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "opinion", 0, false);
	if (!read_rcode(r, value, obs->mem, &view->rcode) ||
	    !reader_bool(r, value, "ad", &view->ad) ||
	    !read_ede(r, value, obs->mem, &view->ede, &view->nede))
		return false;
	view->present = true;
	reader_leave(r, saved);
	return true;
}

/* What every observation of the DNS may have. */
static bool
read_dns_rest(struct reader *r, const json_t *o, struct dns_observation *obs)
{
	struct arena *mem = obs->mem;
	int64_t attempts = 1, failed = 0;
	const char *wire;

	if (!reader_text(r, o, "server", OPTIONAL, mem, &obs->server) ||
	    !reader_text(r, o, "transport", OPTIONAL, mem, &obs->transport) ||
	    !reader_text(r, o, "error", OPTIONAL, mem, &obs->error) ||
	    !reader_int(r, o, "attempts", OPTIONAL, 0, UINT32_MAX, &attempts) ||
	    !reader_int(
		r, o, "failed_servers", OPTIONAL, 0, UINT32_MAX, &failed) ||
	    !reader_int(
		r, o, "elapsed_ms", OPTIONAL, 0, INT64_MAX, &obs->elapsed_ms) ||
	    !read_ede(r, o, mem, &obs->ede, &obs->nede) ||
	    !read_opinion(r, o, obs) ||
	    !archive_read_basis(r, o, mem, &obs->basis) ||
	    !reader_text(r, o, "wire", OPTIONAL, mem, &wire))
		return false;
	obs->attempts = (unsigned)attempts;
	obs->failed_servers = (unsigned)failed;
	return wire == NULL ||
	    archive_read_base64(
		r, "wire", wire, mem, &obs->wire, &obs->wirelen);
}

bool
archive_read_dns(struct reader *r, const json_t *o, struct dns_observation *obs)
{
	struct arena *mem = obs->mem;
	const char *via, *look, *outcome;

	if (!read_question(r, o, obs) ||
	    !reader_text(r, o, "via", OPTIONAL, mem, &via) ||
	    !reader_text(r, o, "look", OPTIONAL, mem, &look) ||
	    !reader_text(r, o, "outcome", REQUIRED, mem, &outcome))
		return false;
	obs->via = VIA_RESOLVER;
	if (via != NULL && !dns_via_from_text(via, &obs->via))
		return reader_fail(
		    r, "via", "unknown word %s", reader_quote(mem, via));
	obs->assumed = obs->via == VIA_OVERLAY;
	if (look != NULL && !dns_look_from_text(look, &obs->look))
		return reader_fail(
		    r, "look", "unknown word %s", reader_quote(mem, look));
	if (!dns_outcome_from_text(outcome, &obs->outcome))
		return reader_fail(r, "outcome", "unknown word %s",
		    reader_quote(mem, outcome));
	if (!read_dns_rest(r, o, obs))
		return false;
	if (obs->outcome != DNS_REPLY)
		return true;
	return read_rcode(r, o, mem, &obs->rcode) && read_flags(r, o, obs) &&
	    archive_read_records(
		r, o, "answer", REQUIRED, mem, &obs->answer, &obs->nanswer) &&
	    archive_read_records(r, o, "authority", REQUIRED, mem,
		&obs->authority, &obs->nauthority);
}

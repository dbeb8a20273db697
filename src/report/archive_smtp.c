/* SPDX-License-Identifier: ISC */
#include "report/archive_part.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/path.h"
#include "report/reader.h"

static bool
read_address(struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	const char *text;
	uint8_t bytes[16];
	char buf[46];
	bool ipv6;

	if (!reader_text(r, o, "address", REQUIRED, obs->mem, &text))
		return false;
	ipv6 = strchr(text, ':') != NULL;
	if (inet_pton(ipv6 ? AF_INET6 : AF_INET, text, bytes) != 1)
		return reader_fail(r, "address", "not an IP address: %s",
		    reader_quote(obs->mem, text));
	obs->address = arena_strdup(obs->mem, address_text(bytes, ipv6, buf));
	return true;
}

static bool
read_chain(struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	const json_t *array;

	/* A handshake without its chain could be taken for a mismatch. */
	if (!reader_array(r, o, "chain",
		obs->outcome == SMTP_TLS ? REQUIRED : OPTIONAL, SIZE_MAX,
		&array))
		return false;
	if (array == NULL)
		return true;
	obs->chain =
	    arena_array(obs->mem, json_array_size(array), sizeof *obs->chain);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);
		size_t saved = reader_enter(r, "chain", i, true);

		if (!json_is_string(value))
			return reader_fail(r, NULL, "must be a string");
		if (!archive_read_base64(r, NULL, json_string_value(value),
			obs->mem, &obs->chain[i].data, &obs->chain[i].len))
			return false;
		obs->nchain++;
		reader_leave(r, saved);
	}
	return true;
}

static bool
read_tls(struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	struct arena *mem = obs->mem;
	const json_t *value;
	size_t saved;

	if (!reader_object(r, o, "tls", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "tls", 0, false);
	if (!reader_text(
		r, value, "version", OPTIONAL, mem, &obs->tls.version) ||
	    !reader_text(r, value, "suite", OPTIONAL, mem, &obs->tls.suite) ||
	    !reader_text(r, value, "group", OPTIONAL, mem, &obs->tls.group) ||
	    !reader_text(
		r, value, "signature", OPTIONAL, mem, &obs->tls.signature))
		return false;
	reader_leave(r, saved);
	return true;
}

static bool
read_elapsed(struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	struct {
		const char *member;
		int64_t *ms;
	} steps[] = {
		{ "connect", &obs->elapsed.connect },
		{ "banner", &obs->elapsed.greeting },
		{ "ehlo", &obs->elapsed.ehlo },
		{ "starttls", &obs->elapsed.starttls },
		{ "handshake", &obs->elapsed.handshake },
	};
	const json_t *value;
	size_t saved;

	if (!reader_object(r, o, "elapsed_ms", &value))
		return false;
	if (value == NULL)
		return true;
	saved = reader_enter(r, "elapsed_ms", 0, false);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!reader_int(r, value, steps[i].member, OPTIONAL, 0,
			INT64_MAX, steps[i].ms))
			return false;
	reader_leave(r, saved);
	return true;
}

/* Where a session with this outcome ends, unless the file says it. */
static enum smtp_step
usual_step(enum smtp_outcome outcome)
{
	switch (outcome) {
	case SMTP_TLS:
		return STEP_QUIT;
	case SMTP_NO_STARTTLS:
		return STEP_EHLO;
	case SMTP_STARTTLS_REFUSED:
	case SMTP_STARTTLS_IGNORED:
		return STEP_STARTTLS;
	case SMTP_HANDSHAKE_FAILED:
		return STEP_HANDSHAKE;
	case SMTP_GREETING_REFUSED:
	case SMTP_GREETING_TEMPORARY:
	case SMTP_PROTOCOL_ERROR:
		return STEP_GREETING;
	case SMTP_CONNECTION_REFUSED:
	case SMTP_TIMED_OUT:
	case SMTP_NO_ROUTE:
	case SMTP_NOT_PROBED:
		break;
	}
	return STEP_CONNECT;
}

static bool
read_smtp_words(struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	struct arena *mem = obs->mem;
	const char *keys, *outcome, *step;

	if (!reader_text(r, o, "keys", OPTIONAL, mem, &keys) ||
	    !reader_text(r, o, "outcome", REQUIRED, mem, &outcome) ||
	    !reader_text(r, o, "step", OPTIONAL, mem, &step))
		return false;
	obs->keys = KEYS_ANY;
	if (keys != NULL && !tls_keys_from_text(keys, &obs->keys))
		return reader_fail(
		    r, "keys", "unknown word %s", reader_quote(mem, keys));
	if (!smtp_outcome_from_text(outcome, &obs->outcome))
		return reader_fail(r, "outcome", "unknown word %s",
		    reader_quote(mem, outcome));
	obs->step = usual_step(obs->outcome);
	if (step != NULL && !smtp_step_from_text(step, &obs->step))
		return reader_fail(
		    r, "step", "unknown word %s", reader_quote(mem, step));
	return true;
}

bool
archive_read_smtp(
    struct reader *r, const json_t *o, struct smtp_observation *obs)
{
	struct arena *mem = obs->mem;
	int64_t port = 25;

	if (!archive_read_name(r, o, "host", mem, &obs->host) ||
	    !read_address(r, o, obs) ||
	    !reader_int(r, o, "port", OPTIONAL, 1, 65535, &port) ||
	    !reader_text(r, o, "sni", OPTIONAL, mem, &obs->sni) ||
	    !read_smtp_words(r, o, obs) ||
	    !reader_texts(
		r, o, "transcript", mem, &obs->transcript, &obs->ntranscript) ||
	    !read_tls(r, o, obs) ||
	    !reader_text(r, o, "alert", OPTIONAL, mem, &obs->alert) ||
	    !reader_text(r, o, "error", OPTIONAL, mem, &obs->error) ||
	    !read_chain(r, o, obs) || !read_elapsed(r, o, obs) ||
	    !archive_read_basis(r, o, mem, &obs->basis))
		return false;
	obs->port = (uint16_t)port;
	return true;
}

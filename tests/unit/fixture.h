/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_FIXTURE_H
#define MXPROOF_FIXTURE_H
/* Evidence made from text, for the unit tests of path, plan and judges. */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/judge.h"
#include "tap.h"
#include "core/name.h"

/* "a|b|c" as records of the observation. */
static inline struct rr *
fixture_records(struct arena *mem, const char *lines, size_t *n)
{
	struct rr *list = NULL;
	size_t cap = 0;
	char *copy = arena_strdup(mem, lines), *line, *end;
	const char *error;

	*n = 0;
	for (line = copy; line != NULL && *line != '\0'; line = end) {
		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		list = arena_grow(mem, list, *n, &cap, sizeof *list);
		if (!rr_from_text(mem, line, NULL, 3600, &list[*n], &error)) {
			fprintf(stderr, "%s: %s\n", line, error);
			abort();
		}
		(*n)++;
	}
	return list;
}

static inline const uint8_t *
fixture_name(struct arena *mem, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	if (!name_from_text(wire, text, NULL))
		abort();
	return name_copy(mem, wire);
}

/* An answered question; answer and authority are "record|record". */
static inline void
fixture_reply(struct evidence *ev, const char *name, uint16_t type,
    uint16_t rcode, const char *answer, const char *authority)
{
	struct dns_observation *obs = dns_observation_new();

	obs->name = fixture_name(obs->mem, name);
	obs->type = type;
	obs->outcome = DNS_REPLY;
	obs->rcode = rcode;
	obs->answer = fixture_records(obs->mem, answer, &obs->nanswer);
	obs->authority =
	    fixture_records(obs->mem, authority, &obs->nauthority);
	evidence_add_dns(ev, obs);
}

/* A question that got no reply. */
static inline void
fixture_silence(struct evidence *ev, const char *name, uint16_t type)
{
	struct dns_observation *obs = dns_observation_new();

	obs->name = fixture_name(obs->mem, name);
	obs->type = type;
	obs->outcome = DNS_TIMED_OUT;
	evidence_add_dns(ev, obs);
}

static inline struct smtp_observation *
fixture_session(struct evidence *ev, const char *host, const char *address,
    enum smtp_outcome outcome)
{
	struct smtp_observation *obs = smtp_observation_new();

	obs->host = fixture_name(obs->mem, host);
	obs->address = arena_strdup(obs->mem, address);
	obs->port = 25;
	obs->outcome = outcome;
	evidence_add_smtp(ev, obs);
	return obs;
}

static inline struct evidence *
fixture_new(const char *domain)
{
	struct evidence *ev = evidence_new();

	ev->domain = fixture_name(ev->mem, domain);
	ev->input = arena_strdup(ev->mem, domain);
	ev->collected_at = 1763784000;
	ev->asked.ipv4 = ev->asked.ipv6 = true;
	ev->asked.timeout_s = 90;
	return ev;
}

/* Every word of the list is (or is not) among the findings. */
static inline void
fixture_compare(const struct judgement *j, const char *list, bool want,
    const char *name)
{
	char copy[512], *word;

	snprintf(copy, sizeof copy, "%s", list);
	for (word = strtok(copy, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		enum finding_id id;

		ok(catalogue_find(word, &id) &&
		    (findings_find(&j->findings, id, -1) != NULL) == want,
		    "%s: %s%s", name, want ? "" : "no ", word);
	}
}

#endif

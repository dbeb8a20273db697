/* SPDX-License-Identifier: ISC */
/* The values of options that take more than a word of a list. */
#include "options_value.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/m365.h"
#include "core/name.h"
#include "core/text.h"
#include "options.h"

enum { DAY = 86400 };

bool
complain(struct complaint *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->text, c->size, fmt, ap);
	va_end(ap);
	/* One line, and nothing for the terminal to interpret. */
	for (char *p = c->text; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	return false;
}

/* Digits only, within the bounds. */
bool
number_parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
	int64_t n = 0;

	if (*text == '\0' || strlen(text) > 18)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (*text - '0');
	}
	*out = n;
	return n >= min && n <= max;
}

bool
option_resolver(struct options *o, const char *arg, struct complaint *c)
{
	const char *at = strchr(arg, '@');
	size_t len = at != NULL ? (size_t)(at - arg) : strlen(arg);
	char *address = arena_strndup(o->mem, arg, len);
	struct options_resolver r = { .port = 53 };
	struct options_resolver *more;
	char canonical[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	int64_t port = 53;

	if (inet_pton(AF_INET6, address, bytes) == 1)
		r.ipv6 = true;
	else if (inet_pton(AF_INET, address, bytes) != 1)
		return complain(c,
		    "--resolver %.100s: not an IPv4 or IPv6 "
		    "address",
		    arg);
	if (at != NULL && !number_parse(at + 1, 1, 65535, &port))
		return complain(c,
		    "--resolver %.100s: the port must be a "
		    "number from 1 to 65535",
		    arg);
	inet_ntop(
	    r.ipv6 ? AF_INET6 : AF_INET, bytes, canonical, sizeof canonical);
	r.address = arena_strdup(o->mem, canonical);
	r.port = (uint16_t)port;
	r.text = port == 53 ? r.address
			    : arena_printf(o->mem, "%s@%u", canonical, r.port);
	more = arena_array(o->mem, o->nresolvers + 1, sizeof *more);
	if (o->nresolvers > 0)
		memcpy(more, o->resolvers, o->nresolvers * sizeof *more);
	more[o->nresolvers++] = r;
	o->resolvers = more;
	return true;
}

/* A host name of the command line, lower case, without final dot; or NULL. */
static char *
host_parse(struct arena *mem, const char *arg, bool underscore)
{
	uint8_t name[NAME_WIRE_MAX], low[NAME_WIRE_MAX];

	if (strchr(arg, '\\') != NULL || !name_from_text(name, arg, NULL) ||
	    !name_is_hostname(name, underscore))
		return NULL;
	name_lower(low, name);
	return name_text_nodot(mem, low);
}

bool
option_selector(struct options *o, const char *arg, struct complaint *c)
{
	size_t len = strlen(arg);
	const char **more;
	char *selector;

	if (strstr(arg, "._domainkey") != NULL)
		return complain(c,
		    "--selector %.100s: give only the part "
		    "before ._domainkey",
		    arg);
	/* RFC 6376 3.1: sub-domain *( "." sub-domain ) */
	selector = len > 0 && arg[len - 1] != '.'
	    ? host_parse(o->mem, arg, true)
	    : NULL;
	if (selector == NULL)
		return complain(c,
		    "--selector %.100s: not a selector (letters, "
		    "digits, hyphens, underscores, dots)",
		    arg);
	for (size_t i = 0; i < o->nselectors; i++)
		if (strcmp(o->selectors[i], selector) == 0)
			return true;
	more = arena_array(o->mem, o->nselectors + 1, sizeof *more);
	if (o->nselectors > 0)
		memcpy(more, o->selectors, o->nselectors * sizeof *more);
	more[o->nselectors++] = selector;
	o->selectors = more;
	return true;
}

bool
option_initial(struct options *o, const char *arg, struct complaint *c)
{
	char *initial = host_parse(o->mem, arg, false);

	if (initial == NULL || m365_initial_suffix(initial) == NULL)
		return complain(c,
		    "--initial-domain %.100s: not of the form "
		    "contoso.onmicrosoft.com (or .us)",
		    arg);
	o->initial_domain = initial;
	return true;
}

/* RFC 5321 4.1.3: "[192.0.2.1]", "[IPv6:2001:db8::1]" */
static bool
is_address_literal(struct arena *mem, const char *arg)
{
	size_t len = strlen(arg);
	uint8_t bytes[16];
	char *inner;

	if (len < 3 || arg[0] != '[' || arg[len - 1] != ']')
		return false;
	inner = arena_strndup(mem, arg + 1, len - 2);
	if (strncmp(inner, "IPv6:", 5) == 0)
		return inet_pton(AF_INET6, inner + 5, bytes) == 1;
	return inet_pton(AF_INET, inner, bytes) == 1;
}

bool
option_helo(struct options *o, const char *arg, struct complaint *c)
{
	if (is_address_literal(o->mem, arg))
		o->helo = arg;
	else
		o->helo = host_parse(o->mem, arg, false);
	if (o->helo == NULL)
		return complain(c,
		    "--helo %.100s: not a host name or an "
		    "address literal such as [192.0.2.1]",
		    arg);
	return true;
}

/* "+14d", "-2h": seconds, minutes, hours, days, weeks. */
static bool
difference_parse(struct arena *mem, const char *arg, int64_t *out)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = { 1, 60, 3600, DAY, 7 * DAY };
	size_t len = strlen(arg);
	const char *unit;
	int64_t n;

	if (len < 3)
		return false;
	unit = strchr(units, arg[len - 1]);
	if (unit == NULL ||
	    !number_parse(
		arena_strndup(mem, arg + 1, len - 2), 0, INT32_MAX, &n))
		return false;
	n *= seconds[unit - units];
	*out = arg[0] == '-' ? -n : n;
	return true;
}

bool
option_at(struct options *o, const char *arg, struct complaint *c)
{
	bool good, minus = arg[0] == '@' && arg[1] == '-';

	o->has_at = true;
	o->at_relative = arg[0] == '+' || arg[0] == '-';
	if (o->at_relative) {
		good = difference_parse(o->mem, arg, &o->at);
	} else if (strcmp(arg, "now") == 0) {
		o->at = time(NULL);
		good = true;
	} else if (arg[0] == '@') {
		good = number_parse(arg + 1 + minus, 0, INT64_MAX, &o->at);
		if (minus)
			o->at = -o->at;
	} else {
		good = text_from_time(arg, &o->at);
	}
	if (!good)
		return complain(c,
		    "--at %.100s: not a time such as "
		    "2026-12-01T00:00:00Z, @1796083200, +14d, -2h or now",
		    arg);
	return true;
}

bool
option_require(struct options *o, const char *arg, struct complaint *c)
{
	const char *word = arg;

	for (;;) {
		size_t len = strcspn(word, ",");
		char *one = arena_strndup(o->mem, word, len);
		unsigned bit = requirement_from_text(one);

		if (bit == 0)
			return complain(c,
			    "--require %.100s: \"%.40s\" is none "
			    "of dnssec, dane, dkim, mta-sts, tls-rpt, spf, "
			    "dmarc",
			    arg, one);
		o->require |= bit;
		if (word[len] == '\0')
			return true;
		word += len + 1;
	}
}

bool
option_stages(struct options *o, const char *arg, struct complaint *c)
{
	const char *word = arg;

	for (;;) {
		size_t len = strcspn(word, ",");
		char *one = arena_strndup(o->mem, word, len);
		unsigned bit = asked_stage_from_text(one);

		if (bit == 0)
			return complain(c,
			    "--stages %.100s: \"%.40s\" is none of mx, "
			    "dnssec, tlsa, starttls, dkim",
			    arg, one);
		o->stages |= bit;
		if (word[len] == '\0')
			return true;
		word += len + 1;
	}
}

bool
option_shard(struct options *o, const char *arg, struct complaint *c)
{
	const char *slash = strchr(arg, '/');

	if (o->shards != 0)
		return complain(c, "--shard: given twice, for one share");
	if (slash == NULL ||
	    !number_parse(slash + 1, 1, INT32_MAX, &o->shards) ||
	    !number_parse(arena_strndup(o->mem, arg, (size_t)(slash - arg)), 1,
		o->shards, &o->shard))
		return complain(
		    c, "--shard %.100s: not I/N with I from 1 to N", arg);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "options.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/m365.h"
#include "core/name.h"
#include "core/text.h"
#include "options_command.h"

#define OPTION(id, name, letter, argument, kind, commands, help) OPTION_ID_##id,
enum option_id {
#include "options.def"
	NOPTIONS
};
#undef OPTION

#define OPTION(id, name, letter, argument, kind, commands, help) \
	{ name, letter, argument, OPTION_##kind, COMMANDS_##commands, help },
static const struct option_row table[NOPTIONS] = {
#include "options.def"
};
#undef OPTION

enum {
	LONG_BASE = 256, /* getopt's values of options: above all letters */
	DAY = 86400
};

/* Where the message of what is wrong goes. */
struct complaint {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static bool
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
static bool
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

static bool
resolver_parse(struct options *o, const char *arg, struct complaint *c)
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

static bool
selector_parse(struct options *o, const char *arg, struct complaint *c)
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

static bool
initial_parse(struct options *o, const char *arg, struct complaint *c)
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

static bool
helo_parse(struct options *o, const char *arg, struct complaint *c)
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

static bool
at_parse(struct options *o, const char *arg, struct complaint *c)
{
	bool good, minus = arg[0] == '@' && arg[1] == '-';

	o->has_at = true;
	o->at_relative = arg[0] == '+' || arg[0] == '-';
	if (o->at_relative) {
		good = difference_parse(o->mem, arg, &o->at);
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
		    "2026-12-01T00:00:00Z, @1796083200, +14d or -2h",
		    arg);
	return true;
}

static bool
require_parse(struct options *o, const char *arg, struct complaint *c)
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

/* One of the words that a list names, separated by blanks. */
static bool
word_parse(enum option_id id, const char *arg, const char *words, int *out,
    struct complaint *c)
{
	size_t len = strlen(arg);
	const char *p = words;

	for (*out = 0; *p != '\0'; (*out)++) {
		size_t n = strcspn(p, " ");

		if (n == len && memcmp(p, arg, n) == 0)
			return true;
		p += n + (p[n] == ' ');
	}
	return complain(
	    c, "--%s %.100s: none of %s", table[id].name, arg, words);
}

static bool
words_parse(
    struct options *o, enum option_id id, const char *arg, struct complaint *c)
{
	int i;

	switch (id) {
	case OPTION_ID_FAIL_ON:
		if (!word_parse(id, arg, "note warn unknown fail never", &i, c))
			return false;
		o->fail_on = (enum options_fail_on)i;
		return true;
	case OPTION_ID_DEPRECATED_ALGORITHMS:
		if (!word_parse(id, arg, "insecure validate", &i, c))
			return false;
		o->deprecated = i == 1;
		return true;
	case OPTION_ID_FORMAT:
		if (!word_parse(id, arg, "text json", &i, c))
			return false;
		o->format = (enum options_format)i;
		return true;
	case OPTION_ID_COLOR:
		if (!word_parse(id, arg, "auto always never", &i, c))
			return false;
		o->color = (enum options_color)i;
		return true;
	default:
		if (!word_parse(
			id, arg, "exchange-online rfc7672 mta-sts", &i, c))
			return false;
		return profile_from_text(arg, &o->profile);
	}
}

static bool
file_parse(
    const char **file, enum option_id id, const char *arg, struct complaint *c)
{
	if (*arg == '\0')
		return complain(
		    c, "--%s: the file name is empty", table[id].name);
	/* A report goes there; a recording is a file of its own. */
	if (id == OPTION_ID_RECORD && strcmp(arg, "-") == 0)
		return complain(c,
		    "--record: needs a file; standard output has the report");
	*file = arg;
	return true;
}

static bool
flag_set(bool *flag)
{
	*flag = true;
	return true;
}

static bool
option_apply(
    struct options *o, enum option_id id, const char *arg, struct complaint *c)
{
	switch (id) {
	case OPTION_ID_RESOLVER:
		return resolver_parse(o, arg, c);
	case OPTION_ID_TRUST_ANCHOR:
		return file_parse(&o->trust_anchor, id, arg, c);
	case OPTION_ID_TIMEOUT:
		if (!number_parse(arg, 1, 3600, &o->timeout_s))
			return complain(c,
			    "--timeout %.100s: not a number of "
			    "seconds from 1 to 3600",
			    arg);
		return true;
	case OPTION_ID_IPV4:
		return flag_set(&o->ipv4_only);
	case OPTION_ID_IPV6:
		return flag_set(&o->ipv6_only);
	case OPTION_ID_ALLOW_SPECIAL:
		return flag_set(&o->allow_special);
	case OPTION_ID_SELECTOR:
		return selector_parse(o, arg, c);
	case OPTION_ID_MESSAGE:
		return file_parse(&o->message, id, arg, c);
	case OPTION_ID_GUESS_SELECTORS:
		return flag_set(&o->guess_selectors);
	case OPTION_ID_GCC_HIGH:
		o->gcc_high = true;
		return flag_set(&o->m365);
	case OPTION_ID_M365:
		return flag_set(&o->m365);
	case OPTION_ID_INITIAL_DOMAIN:
		return initial_parse(o, arg, c);
	case OPTION_ID_HELO:
		return helo_parse(o, arg, c);
	case OPTION_ID_AT:
		return at_parse(o, arg, c);
	case OPTION_ID_REQUIRE:
		return require_parse(o, arg, c);
	case OPTION_ID_PROFILE:
	case OPTION_ID_FAIL_ON:
	case OPTION_ID_DEPRECATED_ALGORITHMS:
	case OPTION_ID_FORMAT:
	case OPTION_ID_COLOR:
		return words_parse(o, id, arg, c);
	case OPTION_ID_STRICT:
		return flag_set(&o->strict);
	case OPTION_ID_HORIZON:
		if (!number_parse(arg, 1, 3650, &o->horizon_s))
			return complain(c,
			    "--horizon %.100s: not a number of "
			    "days from 1 to 3650",
			    arg);
		o->horizon_s *= DAY;
		return true;
	case OPTION_ID_QUIET:
		return flag_set(&o->quiet);
	case OPTION_ID_VERBOSE:
		return flag_set(&o->verbose);
	case OPTION_ID_RECORD:
		return file_parse(&o->record, id, arg, c);
	case OPTION_ID_REPLAY:
		return file_parse(&o->replay, id, arg, c);
	case OPTION_ID_LIST_FINDINGS:
	case OPTION_ID_VERSION:
	case OPTION_ID_HELP:
	case NOPTIONS:
		break;
	}
	return true;
}

/* The options that do not go together. */
static bool
options_check(const struct options *o, const struct option_row *asking,
    struct complaint *c)
{
	if (o->ipv4_only && o->ipv6_only)
		return complain(c, "-4 and -6 exclude each other");
	if (o->quiet && o->verbose)
		return complain(c, "-q and -v exclude each other");
	if (o->replay != NULL && asking != NULL)
		return complain(c,
		    "--replay with --%s: asking options are "
		    "part of the recording",
		    asking->name);
	if (o->message != NULL && o->noperands > 1)
		return complain(c, "--message goes with one domain");
	if (o->replay == NULL && o->noperands == 0 && o->message == NULL)
		return complain(c, "no domain given; see mxproof --help");
	return true;
}

/* getopt's tables; letters gets ":" and each letter. */
static void
getopt_tables(struct option *longs, char *letters)
{
	*letters++ = ':';
	for (int i = 0; i < NOPTIONS; i++) {
		longs[i] = (struct option){
			.name = table[i].name,
			.has_arg = table[i].argument != NULL ? required_argument
							     : no_argument,
			.val = LONG_BASE + i,
		};
		if (table[i].letter != 0)
			*letters++ = table[i].letter;
	}
	*letters = '\0';
	longs[NOPTIONS] = (struct option){ .name = NULL };
}

static enum option_id
option_of(int value)
{
	if (value >= LONG_BASE)
		return (enum option_id)(value - LONG_BASE);
	for (int i = 0; i < NOPTIONS; i++)
		if (table[i].letter == value)
			return (enum option_id)i;
	return NOPTIONS;
}

/* What getopt stumbled over, in our words. */
static bool
getopt_complain(int value, char **argv, struct complaint *c)
{
	enum option_id id = optopt != 0 ? option_of(optopt) : NOPTIONS;

	if (value == ':')
		return complain(c, "--%s needs an argument: %s",
		    id < NOPTIONS ? table[id].name : "?",
		    id < NOPTIONS ? table[id].argument : "?");
	if (optopt >= LONG_BASE && id < NOPTIONS)
		return complain(c, "--%s takes no argument", table[id].name);
	if (optopt != 0)
		return complain(
		    c, "unknown option -%c; see mxproof --help", optopt);
	return complain(c,
	    "unknown or ambiguous option %.100s; see mxproof "
	    "--help",
	    argv[optind - 1]);
}

enum options_action
options_parse(
    int argc, char **argv, struct options *out, char *error, size_t errorsize)
{
	struct option longs[NOPTIONS + 1];
	char letters[NOPTIONS + 2];
	struct complaint c = { error, errorsize };
	const struct option_row *asking = NULL;
	bool seen[NOPTIONS] = { false };
	enum options_action action;
	char **given;
	int value;

	*out = (struct options){
		.mem = arena_new(),
		.timeout_s = 90,
		.profile = PROFILE_EXCHANGE_ONLINE,
		.fail_on = FAIL_ON_FAIL,
	};
	given = arena_copy(out->mem, argv, (size_t)argc * sizeof *argv);
	getopt_tables(longs, letters);
	opterr = 0;
	optind = 1;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		enum option_id id;

		if (value == '?' || value == ':') {
			getopt_complain(value, argv, &c);
			return OPTIONS_USAGE;
		}
		id = option_of(value);
		if (!option_apply(out, id, optarg, &c))
			return OPTIONS_USAGE;
		if (asking == NULL && table[id].kind == OPTION_ASKING)
			asking = &table[id];
		if (id == OPTION_ID_HELP)
			return OPTIONS_HELP;
		seen[id] = true;
	}
	if (seen[OPTION_ID_VERSION])
		return OPTIONS_VERSION;
	out->operands = argv + optind;
	out->noperands = (size_t)(argc - optind);
	action = command_find(out, given, seen, error, errorsize);
	if (action != OPTIONS_RUN && action != OPTIONS_LOOKUP)
		return action;
	return options_check(out, asking, &c) ? action : OPTIONS_USAGE;
}

void
options_free(struct options *o)
{
	arena_free(o->mem);
	o->mem = NULL;
}

const struct option_row *
options_table(size_t *n)
{
	*n = NOPTIONS;
	return table;
}

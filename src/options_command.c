/* SPDX-License-Identifier: ISC */
#include "options_command.h"

#include <stdio.h>
#include <string.h>

/*
 * The first operand is a command's name and stands before "--": behind it,
 * or written with its final dot, it is a domain.
 */
static bool
is_command(const struct options *o, char **given, const char *name)
{
	if (o->noperands == 0 || strcmp(o->operands[0], name) != 0)
		return false;
	while (*++given != o->operands[0])
		if (*given == o->operands[-1] && strcmp(*given, "--") == 0)
			return false;
	return true;
}

/* The option of that row was given. */
static bool
was_seen(const bool *seen, const char *name)
{
	size_t n;
	const struct option_row *rows = options_table(&n);

	for (size_t i = 0; i < n; i++)
		if (seen[i] && strcmp(rows[i].name, name) == 0)
			return true;
	return false;
}

/* A command rejects the options that it would leave unread. */
static bool
takes_options(enum option_commands command, const char *what, const bool *seen,
    char *error, size_t size)
{
	size_t n;
	const struct option_row *rows = options_table(&n);

	for (size_t i = 0; i < n; i++) {
		if (!seen[i] || (rows[i].commands & (unsigned)command) != 0)
			continue;
		snprintf(error, size, "%s takes no --%s", what, rows[i].name);
		return false;
	}
	return true;
}

static enum options_action
find_list(const struct options *o, const bool *seen, char *error, size_t size)
{
	if (!takes_options(COMMAND_LIST, "--list-findings", seen, error, size))
		return OPTIONS_USAGE;
	if (o->format == FORMAT_RECORDS) {
		snprintf(
		    error, size, "--list-findings: findings are no records");
		return OPTIONS_USAGE;
	}
	if (o->noperands == 0)
		return OPTIONS_LIST_FINDINGS;
	snprintf(error, size,
	    "--list-findings takes no operand; see mxproof explain");
	return OPTIONS_USAGE;
}

static enum options_action
find_explain(
    const struct options *o, const bool *seen, char *error, size_t size)
{
	if (!takes_options(COMMAND_EXPLAIN, "explain", seen, error, size))
		return OPTIONS_USAGE;
	if (o->noperands > 0)
		return OPTIONS_EXPLAIN;
	snprintf(error, size,
	    "explain needs a finding such as DANE_NO_MATCH, or a code such "
	    "as 5.7.323");
	return OPTIONS_USAGE;
}

static enum options_action
find_lookup(const struct options *o, const bool *seen, char *error, size_t size)
{
	if (!takes_options(COMMAND_LOOKUP, "lookup", seen, error, size))
		return OPTIONS_USAGE;
	if ((o->require & ~(unsigned)REQUIRE_DNSSEC) != 0)
		snprintf(error, size,
		    "lookup: of --require only dnssec is known to one "
		    "record set");
	else if (o->noperands != 2)
		snprintf(error, size,
		    "lookup needs a name and a type: mxproof lookup "
		    "_25._tcp.mx.contoso.com TLSA");
	else
		return OPTIONS_LOOKUP;
	return OPTIONS_USAGE;
}

enum options_action
command_find(
    struct options *o, char **given, const bool *seen, char *error, size_t size)
{
	static const struct {
		const char *name;
		enum options_action (*find)(
		    const struct options *, const bool *, char *, size_t);
	} commands[] = {
		{ "explain", find_explain },
		{ "lookup", find_lookup },
	};

	if (was_seen(seen, "list-findings"))
		return find_list(o, seen, error, size);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (!is_command(o, given, commands[i].name))
			continue;
		o->operands++;
		o->noperands--;
		return commands[i].find(o, seen, error, size);
	}
	return OPTIONS_RUN;
}

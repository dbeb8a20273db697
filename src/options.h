/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OPTIONS_H
#define MXPROOF_OPTIONS_H
/*
 * The command line as plain fields.  The table options.def has one row per
 * option; getopt_long, --help and the completions are made from it.  What is
 * wrong is rejected, never repaired.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/catalogue.h"

struct arena;

/* What an option acts on: asking options are part of a recording. */
enum option_kind {
	OPTION_ASKING,
	OPTION_WHATIF,
	OPTION_JUDGING,
	OPTION_PRINTING,
	OPTION_MANY,
	OPTION_OTHER
};

/* Who takes an option: bits, and the words of options.def for them. */
enum option_commands {
	COMMAND_MAIL = 1, COMMAND_LOOKUP = 2, COMMAND_EXPLAIN = 4,
	COMMAND_LIST = 8,
	COMMANDS_MAIL = COMMAND_MAIL,
	COMMANDS_JUDGED = COMMAND_MAIL | COMMAND_LOOKUP,
	COMMANDS_REPORTS = COMMANDS_JUDGED | COMMAND_LIST,
	COMMANDS_LIST = COMMAND_LIST,
	COMMANDS_ALL = COMMANDS_REPORTS | COMMAND_EXPLAIN
};

/* One row of options.def. */
struct option_row {
	const char	*name;		/* without the dashes */
	char		 letter;	/* 0 = none */
	const char	*argument;	/* "FILE"; NULL = takes none */
	enum option_kind kind;
	unsigned	 commands;	/* bits of enum option_commands */
	const char	*help;
};

enum options_action {
	OPTIONS_RUN,
	OPTIONS_HELP,		/* --help: print options_help */
	OPTIONS_VERSION,	/* --version */
	OPTIONS_LIST_FINDINGS,	/* --list-findings */
	OPTIONS_EXPLAIN,	/* the operands are findings or codes */
	OPTIONS_LOOKUP,		/* the operands are a name and a type */
	OPTIONS_USAGE		/* wrong: print the error, exit 2 */
};

enum options_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_RECORDS };
enum options_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* --fail-on, in rising order of patience. */
enum options_fail_on {
	FAIL_ON_NOTE, FAIL_ON_WARN, FAIL_ON_UNKNOWN, FAIL_ON_FAIL, FAIL_ON_NEVER
};

struct options_resolver {
	const char	*address;	/* numeric, canonical */
	bool		 ipv6;
	uint16_t	 port;		/* 53 unless given */
	const char	*text;		/* "127.53.0.1", "::1@5353" */
};

/* Zero means "not given" unless said otherwise. */
struct options {
	struct arena	*mem;		/* owns what is not in argv */
	/* Asking */
	struct options_resolver *resolvers; /* in order of preference */
	size_t		 nresolvers;	/* 0 = the system's */
	const char	*trust_anchor;	/* file; NULL = built in */
	int64_t		 timeout_s;	/* whole domain; default 90 */
	bool		 ipv4_only;
	bool		 ipv6_only;
	bool		 allow_special;
	const char	**selectors;
	size_t		 nselectors;
	const char	*message;	/* file; NULL = none, "-" = stdin */
	bool		 guess_selectors;
	bool		 m365;
	bool		 gcc_high;
	const char	*initial_domain; /* lower case, no final dot */
	const char	*helo;
	unsigned	 stages;	/* bits of enum asked_stages; 0 = all */
	/* What is not published yet: arguments as they were given */
	const char	**zones, **with, **without, **certs;
	size_t		 nzones, nwith, nwithout, ncerts;
	/* Judging */
	bool		 has_at;
	bool		 at_relative;	/* at counts from collected_at */
	int64_t		 at;		/* UTC seconds, or a difference */
	bool		 at_strict;	/* no signature is taken as renewed */
	enum profile	 profile;	/* default exchange-online */
	unsigned	 require;	/* bits of enum requirement */
	enum options_fail_on fail_on;	/* default fail */
	bool		 strict;
	bool		 deprecated;	/* algorithms 5 and 7 are validated */
	int64_t		 horizon_s;	/* 0 = the default rule */
	const char	*baseline;	/* file, or NULL */
	/* Printing */
	enum options_format format;
	enum options_color color;
	bool		 quiet;
	bool		 verbose;
	/* Other */
	const char	*batch;		/* file, "-" or NULL */
	bool		 ordered;
	int64_t		 jobs;		/* 0 = default */
	const char	*resume;	/* file, or NULL */
	int64_t		 shard, shards;	/* 1 to shards; 0 = all */
	bool		 no_progress;
	const char	*record;	/* file, or NULL */
	const char	*replay;	/* file, or NULL */
	char		**operands;	/* domains, or the command's; in argv */
	size_t		 noperands;
};

/*
 * Read the command line; argv may be reordered.  On OPTIONS_USAGE error
 * holds one line without newline.  The fields of out are set in every case.
 */
enum options_action options_parse(int argc, char **argv,
    struct options *out, char *error, size_t errorsize);

/* What options_parse allocated. */
void options_free(struct options *);

/* The text of --help; static, with a final newline. */
const char *options_help(void);

/*
 * The instant to judge at: collected_at, which no clock of ours has near the
 * ends of int64_t, without --at.  False when --at is 68 years or more away
 * from it.
 */
bool options_at(const struct options *, int64_t collected_at, int64_t *at);

/* A finding of this severity makes exit status 1. */
bool options_fails(const struct options *, enum severity);

/* The table, for the completions and the manual's test; *n rows. */
const struct option_row *options_table(size_t *n);

#endif

/* SPDX-License-Identifier: ISC */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "core/arena.h"
#include "options_command.h"
#include "options_value.h"

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
		if (!word_parse(id, arg, "text json records", &i, c))
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
	if (*file != NULL)
		return complain(
		    c, "--%s: given twice, for one file", table[id].name);
	/* The run appends to it perhaps: no input that goes by. */
	if (id == OPTION_ID_RESUME && strcmp(arg, "-") == 0)
		return complain(
		    c, "--resume: needs the file with the earlier output");
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

/* What files say is looked at when all options are read. */
static bool
list_add(struct options *o, const char ***list, size_t *n, const char *arg)
{
	const char **more = arena_array(o->mem, *n + 1, sizeof *more);

	if (*n > 0)
		memcpy(more, *list, *n * sizeof *more);
	more[(*n)++] = arg;
	*list = more;
	return true;
}

static bool
option_apply(
    struct options *o, enum option_id id, const char *arg, struct complaint *c)
{
	switch (id) {
	case OPTION_ID_RESOLVER:
		return option_resolver(o, arg, c);
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
		return option_selector(o, arg, c);
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
		return option_initial(o, arg, c);
	case OPTION_ID_STAGES:
		return option_stages(o, arg, c);
	case OPTION_ID_HELO:
		return option_helo(o, arg, c);
	case OPTION_ID_ZONE:
		return list_add(o, &o->zones, &o->nzones, arg);
	case OPTION_ID_WITH:
		return list_add(o, &o->with, &o->nwith, arg);
	case OPTION_ID_WITHOUT:
		return list_add(o, &o->without, &o->nwithout, arg);
	case OPTION_ID_CERT:
		return list_add(o, &o->certs, &o->ncerts, arg);
	case OPTION_ID_AT:
		return option_at(o, arg, c);
	case OPTION_ID_AT_STRICT:
		return flag_set(&o->at_strict);
	case OPTION_ID_REQUIRE:
		return option_require(o, arg, c);
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
	case OPTION_ID_BASELINE:
		return file_parse(&o->baseline, id, arg, c);
	case OPTION_ID_QUIET:
		return flag_set(&o->quiet);
	case OPTION_ID_VERBOSE:
		return flag_set(&o->verbose);
	case OPTION_ID_BATCH:
		return file_parse(&o->batch, id, arg, c);
	case OPTION_ID_ORDERED:
		return flag_set(&o->ordered);
	case OPTION_ID_JOBS:
		if (!number_parse(arg, 1, 100000, &o->jobs))
			return complain(c,
			    "--jobs %.100s: not a number from 1 to 100000",
			    arg);
		return true;
	case OPTION_ID_RESUME:
		return file_parse(&o->resume, id, arg, c);
	case OPTION_ID_SHARD:
		return option_shard(o, arg, c);
	case OPTION_ID_NO_PROGRESS:
		return flag_set(&o->no_progress);
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
	if (o->message != NULL && (o->noperands > 1 || o->batch != NULL))
		return complain(c, "--message goes with one domain");
	if (o->message != NULL && (o->resume != NULL || o->shards != 0))
		return complain(
		    c, "--message goes with neither --resume nor --shard");
	if (o->batch != NULL && o->noperands > 0)
		return complain(c, "--batch and domains exclude each other");
	if (o->batch != NULL && o->replay != NULL)
		return complain(c,
		    "--batch and --replay exclude each other: a recording "
		    "names its domains itself");
	if (o->replay != NULL &&
	    (o->resume != NULL || o->shards != 0 || o->jobs != 0))
		return complain(c,
		    "--replay with --%s: nothing is asked, and all of the "
		    "recording is judged",
		    o->resume != NULL	 ? "resume"
			: o->shards != 0 ? "shard"
					 : "jobs");
	if (o->resume != NULL && o->format != FORMAT_JSON)
		return complain(c, "--resume goes with --format json");
	if (o->replay == NULL && o->noperands == 0 && o->message == NULL &&
	    o->batch == NULL)
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

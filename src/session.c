/* SPDX-License-Identifier: ISC */
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "conclude.h"
#include "core/arena.h"
#include "core/evidence.h"
#include "core/lookup.h"
#include "core/memo.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/text.h"
#include "input.h"
#include "live.h"
#include "message_file.h"
#include "options.h"
#include "overlay_read.h"
#include "probe/idn.h"
#include "question.h"
#include "recording.h"
#include "report/archive.h"
#include "report/baseline.h"
#include "report/report.h"

struct session {
	const struct options *options;
	struct memo *memo; /* of all domains */
	struct report_options report;
	struct question question; /* of lookup; else its type is 0 */
	struct mail_message *message; /* of --message, or NULL */
	const struct overlay *overlay; /* of --zone and its like, or NULL */
	char **operands; /* the domains, or lookup's words */
	size_t noperands;
	struct recording *record; /* NULL without --record */
	bool single; /* one domain: JSON is indented */
	bool printed; /* a report stands above */
	struct tally tally; /* of a replay */
	bool judged; /* something was */
	int status;
	int interrupted; /* by this signal */
	bool unfinished; /* a batch ended before its domains */
};

static void
complain(const char *what)
{
	fprintf(stderr, "mxproof: %s\n", what);
}

static void
add_status(struct session *s, int status)
{
	s->status = batch_worse(s->status, status);
}

/* Judge the evidence of one domain, or question, and print its report. */
static void
conclude(struct session *s, const struct evidence *ev)
{
	const struct options *o = s->options;
	const struct question *q = &s->question;
	struct arena *mem = arena_new();
	struct conclusion c;
	bool mail;

	/* Of several a line each, as in the run that recorded them. */
	mail = q->type == 0 && ev->asked.lookup == 0;
	s->report.quiet = o->quiet || (mail && !s->single && !o->verbose);
	if (s->printed && o->format == FORMAT_TEXT && !s->report.quiet)
		putchar('\n');
	s->printed = true;
	s->report.indent = s->single;
	if (q->type != 0)
		c = conclude_lookup(
		    mem, o, &s->report, s->memo, ev, q->name, q->type);
	else if (ev->asked.lookup != 0)
		c = conclude_lookup(mem, o, &s->report, s->memo, ev, ev->domain,
		    ev->asked.lookup);
	else
		c = conclude_mail(mem, o, &s->report, s->memo, ev);
	if (c.report != NULL)
		fputs(c.report, stdout);
	s->judged = true;
	if (mail)
		tally_add(&s->tally, c.status, c.exit);
	add_status(s, c.exit);
	arena_free(mem);
}

static bool
is_same_file(const struct stat *record, const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 &&
	    st.st_dev == record->st_dev && st.st_ino == record->st_ino;
}

/* What else the file of --record is; NULL: nothing. */
static const char *
taken_by(const struct options *o)
{
	struct stat record, out;

	if (stat(o->record, &record) != 0 || !S_ISREG(record.st_mode))
		return NULL;
	if (is_same_file(&record, o->batch))
		return "--batch";
	if (is_same_file(&record, o->resume))
		return "--resume";
	if (is_same_file(&record, o->baseline))
		return "--baseline";
	if (fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == record.st_dev &&
	    out.st_ino == record.st_ino)
		return "standard output";
	return NULL;
}

/* After all that can be wrong with the options: it replaces a file. */
static bool
open_record(struct session *s)
{
	const struct options *o = s->options;
	const char *other;

	if (o->record == NULL)
		return true;
	other = taken_by(o);
	if (other != NULL) {
		fprintf(stderr,
		    "mxproof: --record %s: that is the file of %s, and would "
		    "be replaced\n",
		    o->record, other);
		s->status = EXIT_TROUBLE;
		return false;
	}
	/* A run that is gone on with keeps what its first part recorded. */
	s->record = recording_open(o->record, o->resume != NULL);
	if (s->record == NULL)
		s->status = EXIT_TROUBLE;
	return s->record != NULL;
}

static void
close_record(struct session *s)
{
	if (!recording_close(s->record))
		s->status = EXIT_TROUBLE;
	s->record = NULL;
}

static bool
check_question(struct session *s)
{
	const struct options *o = s->options;
	char error[512];

	if (question_parse(o->operands[0], o->operands[1], &s->question, error,
		sizeof error))
		return true;
	complain(error);
	return false;
}

/* --message: its From names the domain when no operand does. */
static bool
check_message(struct session *s, struct arena *mem)
{
	const char *path = s->options->message, *from;
	char error[512];

	if (path == NULL)
		return true;
	s->message = message_file_read(mem, path, &from, error, sizeof error);
	if (s->message == NULL) {
		complain(error);
		return false;
	}
	if (s->noperands > 0)
		return true;
	if (from == NULL) {
		fprintf(stderr,
		    "mxproof: %s: its From field does not have addresses of "
		    "one domain; name the domain\n",
		    path);
		return false;
	}
	s->operands = arena_array(mem, 1, sizeof *s->operands);
	s->operands[0] = arena_strdup(mem, from);
	s->noperands = 1;
	s->single = true;
	return true;
}

/* All names are looked at before the first packet. */
static bool
check_operands(
    struct session *s, struct arena *mem, uint8_t (**out)[NAME_WIRE_MAX])
{
	uint8_t(*names)[NAME_WIRE_MAX] =
	    arena_array(mem, s->noperands, sizeof *names);
	const char *error;

	*out = names;
	for (size_t i = 0; i < s->noperands; i++) {
		const char *operand = s->operands[i];

		if (idn_to_ascii(operand, names[i], &error))
			continue;
		fprintf(stderr, "mxproof: \"%s\" %s\n",
		    text_escape(mem, operand, strlen(operand), 80), error);
		return false;
	}
	return true;
}

/* What relative names of a zone file hang on is the one domain, if so. */
static bool
check_overlay(
    struct session *s, struct arena *mem, uint8_t (*names)[NAME_WIRE_MAX])
{
	const uint8_t *domain =
	    names != NULL && s->noperands == 1 ? names[0] : NULL;
	char error[640];

	if (overlay_read(
		mem, s->options, domain, &s->overlay, error, sizeof error))
		return true;
	complain(error);
	return false;
}

static bool
check_baseline(struct session *s, struct arena *mem)
{
	const char *path = s->options->baseline, *error;
	size_t len;
	char *text, *copy;

	if (path == NULL)
		return true;
	text = input_read(path, &len);
	if (text == NULL) {
		fprintf(stderr, "mxproof: %s: %s\n", path, strerror(errno));
		return false;
	}
	copy = arena_strndup(mem, text, len);
	free(text);
	s->report.baseline = baseline_read(
	    mem, path, copy, strlen(copy), s->options->profile, &error);
	if (s->report.baseline == NULL)
		complain(error);
	return s->report.baseline != NULL;
}

static void
collect(struct session *s, struct live *live, const uint8_t *name,
    const char *input)
{
	struct evidence *ev = live_collect(live, name, s->question.type, input);

	recording_add(s->record, ev, s->single);
	conclude(s, ev);
	evidence_free(ev);
}

static void
record_one(void *arg, const struct evidence *ev)
{
	struct session *s = arg;

	recording_add(s->record, ev, s->single);
}

static void
run_batch(struct session *s, struct live *live)
{
	struct batch_room room = {
		.options = s->options,
		.report = &s->report,
		.live = live,
		.memo = s->memo,
		.record = record_one,
		.arg = s,
	};
	struct batch_result result = batch_run(&room);

	add_status(s, result.exit);
	s->interrupted = result.interrupted;
	s->unfinished = result.unfinished;
}

static void
run_live(struct session *s, uint8_t (*names)[NAME_WIRE_MAX])
{
	const struct options *o = s->options;
	char error[512];
	struct sigaction pipe;
	bool ignored =
	    sigaction(SIGPIPE, NULL, &pipe) == 0 && pipe.sa_handler == SIG_IGN;
	struct live *live =
	    live_open(o, s->message, s->overlay, s->memo, error, sizeof error);

	if (live == NULL) {
		complain(error);
		s->status = EXIT_TROUBLE;
		return;
	}
	if (!open_record(s)) {
		live_close(live);
		return;
	}
	if (s->question.type != 0)
		collect(s, live, s->question.name, s->operands[0]);
	else if (s->noperands == 1 && o->resume == NULL && o->shards == 0)
		collect(s, live, names[0], s->operands[0]);
	else
		run_batch(s, live);
	close_record(s);
	/* Where a caller ignores it, its exit status has to say so. */
	if (s->interrupted == SIGPIPE && ignored)
		s->status = EXIT_TROUBLE;
	else if (s->interrupted == SIGPIPE)
		signal(SIGPIPE, SIG_DFL);
	if (s->interrupted != 0)
		raise(s->interrupted); /* which ends it, as always */
	/* What is under way cannot be taken back: the system sees to it. */
	if (s->unfinished)
		_exit(s->status);
	live_close(live);
}

/*
 * A question: what holds it.  No operands: every domain of the file; else
 * those that are named.
 */
static bool
is_wanted(const struct session *s, uint8_t (*names)[NAME_WIRE_MAX], bool *seen,
    const struct evidence *ev)
{
	const struct options *o = s->options;
	const struct question *q = &s->question;
	bool wanted = o->noperands == 0;

	if (q->type != 0) {
		wanted = lookup_recorded(ev, q->name, q->type);
		seen[0] = seen[1] |= wanted;
		return wanted;
	}
	for (size_t i = 0; i < o->noperands; i++) {
		if (!name_equal(names[i], ev->domain))
			continue;
		seen[i] = true;
		wanted = true;
	}
	return wanted;
}

static void
replay_objects(struct session *s, uint8_t (*names)[NAME_WIRE_MAX], bool *seen,
    const char *text, size_t len)
{
	size_t at = 0, used;

	do {
		char error[ARCHIVE_ERROR_MAX];
		struct evidence *ev;

		if (!archive_read(text + at, len - at, &used, &ev, error)) {
			fprintf(stderr, "mxproof: %s: %s\n", s->options->replay,
			    error);
			s->status = EXIT_TROUBLE;
			return;
		}
		if (at == 0)
			s->single = used == len;
		at += used;
		if (is_wanted(s, names, seen, ev)) {
			ev->asked.overlay = overlay_merge(
			    ev->mem, ev->asked.overlay, s->overlay);
			evidence_sort(ev);
			recording_add(s->record, ev, s->single);
			conclude(s, ev);
		}
		evidence_free(ev);
	} while (at < len);
}

static void
complain_missing(struct session *s, const char *name)
{
	const struct options *o = s->options;
	bool lookup = s->question.type != 0;
	struct arena *mem = arena_new();

	fprintf(stderr, "mxproof: %s: no recording of %s%s%s\n", o->replay,
	    text_escape(mem, name, strlen(name), 80), lookup ? " " : "",
	    lookup ? o->operands[1] : "");
	arena_free(mem);
	s->status = EXIT_TROUBLE;
}

static void
run_replay(struct session *s, uint8_t (*names)[NAME_WIRE_MAX])
{
	const struct options *o = s->options;
	size_t len;
	char *text = input_read(o->replay, &len);
	bool *seen = calloc(o->noperands + 1, sizeof *seen);
	char summary[256];

	if (seen == NULL)
		arena_out_of_memory();
	if (text == NULL) {
		fprintf(
		    stderr, "mxproof: %s: %s\n", o->replay, strerror(errno));
		s->status = EXIT_TROUBLE;
		free(seen);
		return;
	}
	if (open_record(s))
		replay_objects(s, names, seen, text, len);
	/* Where nothing could be judged a message says why. */
	if (!s->single && o->format == FORMAT_TEXT && s->judged) {
		tally_text(&s->tally, summary, sizeof summary);
		fputs(summary, stdout);
	}
	close_record(s);
	for (size_t i = 0; i < o->noperands && s->status != EXIT_TROUBLE; i++)
		if (!seen[i])
			complain_missing(s, o->operands[i]);
	free(seen);
	free(text);
}

/* A name with a typing error would pass for a certificate that fits. */
static void
complain_strangers(struct session *s)
{
	const struct overlay *o = s->overlay;
	struct arena *mem = arena_new();

	for (size_t i = 0; o != NULL && i < o->ncerts; i++) {
		if (o->certs[i].host == NULL || s->report.met[i])
			continue;
		fprintf(stderr,
		    "mxproof: --cert %s=%s: no MX host of that name was "
		    "looked at\n",
		    name_text_nodot(mem, o->certs[i].host),
		    text_escape(mem, o->certs[i].source,
			strlen(o->certs[i].source), 100));
		s->status = EXIT_TROUBLE;
		/* One file, once, however many chains are in it. */
		while (i + 1 < o->ncerts &&
		    o->certs[i + 1].host == o->certs[i].host)
			i++;
	}
	arena_free(mem);
}

static void
run(struct session *s, struct arena *mem, uint8_t (*names)[NAME_WIRE_MAX])
{
	if (s->overlay != NULL) {
		s->report.certs_of = s->overlay;
		s->report.met =
		    arena_array(mem, s->overlay->ncerts, sizeof(bool));
	}
	if (s->options->replay != NULL)
		run_replay(s, names);
	else
		run_live(s, names);
	if (s->status != EXIT_TROUBLE && s->question.type == 0)
		complain_strangers(s);
}

int
session_run(
    const struct options *o, const struct report_options *report, bool lookup)
{
	struct session s = {
		.options = o,
		.memo = memo_new(),
		.report = *report,
		.single = lookup || o->noperands == 1,
		.operands = o->operands,
		.noperands = o->noperands,
	};
	struct arena *mem = arena_new();
	uint8_t(*names)[NAME_WIRE_MAX] = NULL;

	if (lookup
		? !check_question(&s)
		: !check_message(&s, mem) || !check_operands(&s, mem, &names))
		s.status = EXIT_TROUBLE;
	else if (!check_overlay(&s, mem, names) || !check_baseline(&s, mem))
		s.status = EXIT_TROUBLE;
	else
		run(&s, mem, names);
	arena_free(mem);
	memo_free(s.memo);
	return s.status;
}

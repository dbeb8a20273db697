/* SPDX-License-Identifier: ISC */
#include "batch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch_part.h"
#include "conclude.h"
#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/text.h"
#include "hash.h"
#include "live.h"
#include "options.h"
#include "probe/idn.h"
#include "probe/loop.h"
#include "report/report.h"
#include "session.h"
#include "store.h"

enum {
	JOBS_MAX = 1000,
	HELD_MAX = 1024 * 1024, /* octets that nobody takes */
	QUESTIONS_MAX = 400, /* in flight; more would wait in a queue */
	AHEAD = 4, /* --ordered: times the jobs */
	TICK_MS = 100,
	LAG_MS = 100 /* behind by more: the loop has enough to do */
};

/* One line of the input. */
struct task {
	struct batch *batch;
	struct task *next; /* in the order of the input */
	struct evidence *ev;
	char *bad; /* in its place: a report without evidence */
	bool done;
};

int
batch_worse(int a, int b)
{
	static const int rank[] = {
		[EXIT_GOOD] = 0,
		[EXIT_UNKNOWN] = 1,
		[EXIT_FINDING] = 2,
		[EXIT_TROUBLE] = 3,
	};

	return rank[a] > rank[b] ? a : b;
}

static void refill(struct batch *);

static void
complain(const char *text)
{
	progress_clear();
	fprintf(stderr, "mxproof: %s\n", text);
}

/* ---- results ---- */

static void
write_report(struct batch *b, struct task *t)
{
	const struct batch_room *room = b->room;
	struct arena *mem = arena_new();
	struct conclusion c;

	/* Both may be the same terminal. */
	progress_clear();
	if (t->bad != NULL) {
		output_put(b->output, t->bad, strlen(t->bad));
		b->tally.bad++;
		b->result.exit = batch_worse(b->result.exit, EXIT_TROUBLE);
	} else {
		room->record(room->arg, t->ev);
		c = conclude_mail(
		    mem, room->options, &b->report, room->memo, t->ev);
		if (b->reported++ > 0 && !b->report.quiet &&
		    room->options->format == FORMAT_TEXT)
			output_put(b->output, "\n", 1);
		if (c.report != NULL)
			output_put(b->output, c.report, strlen(c.report));
		tally_add(&b->tally, c.status, c.exit);
		b->result.exit = batch_worse(b->result.exit, c.exit);
	}
	b->finished++;
	arena_free(mem);
}

static void
task_free(struct task *t)
{
	evidence_free(t->ev);
	free(t->bad);
	free(t);
}

static void
task_unlink(struct batch *b, struct task *t)
{
	struct task **at = &b->tasks;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	if (t->next == NULL)
		b->tasks_end = at;
	b->ntasks--;
}

static void
task_write(struct task *t)
{
	struct batch *b = t->batch;

	task_unlink(b, t);
	write_report(b, t);
	task_free(t);
}

static void
task_done(struct task *t)
{
	struct batch *b = t->batch;

	t->done = true;
	if (!b->room->options->ordered || b->result.interrupted != 0) {
		task_write(t);
		return;
	}
	while (b->tasks != NULL && b->tasks->done)
		task_write(b->tasks);
}

static void
got_evidence(void *arg)
{
	struct task *t = arg;
	struct batch *b = t->batch;

	b->running--;
	task_done(t);
	refill(b);
}

/* ---- input ---- */

static struct task *
task_new(struct batch *b)
{
	struct task *t = loop_alloc(sizeof *t);

	t->batch = b;
	*b->tasks_end = t;
	b->tasks_end = &t->next;
	b->ntasks++;
	return t;
}

/* A stable share: of the name, so that spelling does not matter. */
static bool
is_ours(const struct options *o, const char *input, const uint8_t *name)
{
	uint8_t low[NAME_WIRE_MAX];
	size_t n = name != NULL ? name_lower(low, name) : strlen(input);
	const void *p = name != NULL ? (const void *)low : input;

	return o->shards == 0 ||
	    hash_octets(p, n) % (uint64_t)o->shards == (uint64_t)(o->shard - 1);
}

/* By an earlier run, whose output has the input as JSON writes it. */
static bool
is_done(struct batch *b, const char *input)
{
	struct arena *mem = arena_new();
	bool done = b->resume != NULL &&
	    resume_take(b->resume, report_input(mem, input));

	arena_free(mem);
	return done;
}

static void
take_input(struct batch *b, const char *input, size_t number)
{
	const struct options *o = b->room->options;
	uint8_t name[NAME_WIRE_MAX];
	const char *error = NULL;
	bool good = idn_to_ascii(input, name, &error);
	struct arena *mem;
	struct task *t;

	if (!is_ours(o, input, good ? name : NULL)) {
		b->elsewhere++;
		return;
	}
	if (is_done(b, input)) {
		b->skipped++;
		return;
	}
	t = task_new(b);
	if (good) {
		b->running++;
		t->ev =
		    live_start(b->room->live, name, 0, input, got_evidence, t);
		return;
	}
	mem = arena_new();
	complain(arena_printf(mem, "line %zu: \"%s\" %s", number,
	    text_escape(mem, input, strlen(input), 80), error));
	/* In text the complaint is enough. */
	t->bad = strdup(o->format == FORMAT_JSON
		? report_bad_line(mem, input, number, error)
		: "");
	if (t->bad == NULL)
		arena_out_of_memory();
	arena_free(mem);
	task_done(t);
}

/* Comments and empty lines are none. */
static const char *
without_comment(struct batch *b, const char *line)
{
	size_t n = strcspn(line, "#");

	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	if (n >= sizeof b->line)
		n = sizeof b->line - 1;
	memcpy(b->line, line, n);
	b->line[n] = '\0';
	return b->line;
}

/* False when there is none now. */
static bool
next_input(struct batch *b)
{
	const struct options *o = b->room->options;
	const char *line;
	size_t number;

	if (b->lines == NULL) {
		b->ended = b->next_operand == o->noperands;
		if (b->ended)
			return false;
		take_input(
		    b, o->operands[b->next_operand], b->next_operand + 1);
		b->next_operand++;
		return true;
	}
	switch (lines_next(b->lines, &line, &number)) {
	case LINES_LINE:
		line = without_comment(b, line);
		if (*line != '\0')
			take_input(b, line, number);
		return true;
	case LINES_WAIT:
		return false;
	case LINES_FAILED:
		fprintf(stderr, "mxproof: %s: %s\n", o->batch, strerror(errno));
		b->result.exit = EXIT_TROUBLE;
		break;
	case LINES_END:
		break;
	}
	b->ended = true;
	return false;
}

static bool
has_room(const struct batch *b)
{
	return !b->stopping && !b->ended && !b->lagging &&
	    b->running < b->jobs &&
	    store_flying(live_store(b->room->live)) < QUESTIONS_MAX &&
	    output_held(b->output) < HELD_MAX && b->ntasks < b->jobs * AHEAD;
}

static void
refill(struct batch *b)
{
	/* A bad line ends at once: not from within itself. */
	if (b->filling)
		return;
	b->filling = true;
	while (has_room(b) && next_input(b))
		;
	b->filling = false;
	if (output_error(b->output) != 0)
		b->stopping = true;
}

static void
more_input(void *arg)
{
	refill(arg);
}

static void
tick(void *arg)
{
	struct batch *b = arg;
	struct loop *loop = live_loop(b->room->live);
	int64_t now = loop_now_ms(loop);

	b->lagging = now > b->tick_due + LAG_MS;
	b->tick_due = now + TICK_MS;
	b->tick = loop_timer_start(loop, TICK_MS, tick, b);
	progress_show(b, now);
	output_look(b->output);
	refill(b);
}

static bool
is_finished(void *arg)
{
	const struct batch *b = arg;

	if (output_error(b->output) != 0)
		return true;
	/* What is called written has been taken; a second signal ends it. */
	if (b->result.interrupted != 0)
		return output_held(b->output) == 0;
	return b->ended && b->tasks == NULL && output_held(b->output) == 0;
}

/* ---- the whole ---- */

static void
got_signal(void *arg, int number)
{
	struct batch *b = arg;

	b->result.interrupted = number;
	b->stopping = true;
	/* The order is given up for what is done already. */
	for (struct task *t = b->tasks, *next; t != NULL; t = next) {
		next = t->next;
		if (t->done)
			task_write(t);
	}
}

/*
 * A torn last line goes when the same file is written on: what comes next
 * would be torn with it.  Where somebody else writes, he has to know.
 */
static void
cut_torn_line(const char *path, off_t whole)
{
	struct stat out, file;

	if (fstat(STDOUT_FILENO, &out) != 0 || stat(path, &file) != 0 ||
	    !S_ISREG(file.st_mode) || file.st_size == whole)
		return;
	if (out.st_dev != file.st_dev || out.st_ino != file.st_ino) {
		fprintf(stderr,
		    "mxproof: %s: its last line is torn, and stays so: what "
		    "is written behind it begins in that line\n",
		    path);
		return;
	}
	if (ftruncate(STDOUT_FILENO, whole) != 0)
		complain("the torn last line of the output could not be cut");
	else
		lseek(STDOUT_FILENO, whole, SEEK_SET);
}

static bool
open_input(struct batch *b)
{
	const struct options *o = b->room->options;
	char error[512];
	off_t whole;

	if (o->resume != NULL) {
		b->resume = resume_read(o->resume, &whole, error, sizeof error);
		if (b->resume == NULL) {
			complain(error);
			return false;
		}
		cut_torn_line(o->resume, whole);
	}
	if (o->batch == NULL)
		return true;
	b->lines =
	    lines_open(live_loop(b->room->live), o->batch, more_input, b);
	if (b->lines == NULL)
		fprintf(stderr, "mxproof: %s: %s\n", o->batch, strerror(errno));
	return b->lines != NULL;
}

static size_t
jobs_of(const struct batch_room *room)
{
	unsigned sessions = live_sessions(room->live) / 2;

	if (room->options->jobs > 0)
		return (size_t)room->options->jobs;
	return sessions > JOBS_MAX ? JOBS_MAX : sessions;
}

static void
write_summary(struct batch *b)
{
	char text[256];

	if (b->room->options->format != FORMAT_TEXT)
		return;
	output_put(b->output, text, tally_text(&b->tally, text, sizeof text));
}

static void
run_all(struct batch *b)
{
	struct loop *loop = live_loop(b->room->live);
	struct signals *signals = signals_watch(loop, got_signal, b);

	b->began_ms = loop_now_ms(loop);
	tick(b);
	loop_run(loop, is_finished, b);
	if (b->result.interrupted == 0 && output_error(b->output) == 0) {
		write_summary(b);
		loop_run(loop, is_finished, b);
	}
	progress_clear();
	signals_restore(signals);
	loop_timer_stop(b->tick);
	/* The descriptors are the caller's, and others have them, too. */
	output_restore(b->output);
	lines_restore(b->lines);
	if (b->result.interrupted != 0)
		progress_interrupted(b);
	/* Nobody reads any more: that ends a filter, and is no success. */
	if (output_error(b->output) == EPIPE) {
		b->result.interrupted = SIGPIPE;
	} else if (output_error(b->output) != 0) {
		fprintf(stderr, "mxproof: cannot write the report: %s\n",
		    strerror(output_error(b->output)));
		b->result.exit = EXIT_TROUBLE;
	}
}

struct batch_result
batch_run(const struct batch_room *room)
{
	struct batch b = { .room = room, .report = *room->report };
	struct batch_result result;

	b.tasks_end = &b.tasks;
	b.jobs = jobs_of(room);
	/* A line for each; the whole report where more was asked for. */
	b.report.quiet = !room->report->verbose;
	b.output =
	    output_new(live_loop(room->live), STDOUT_FILENO, more_input, &b);
	if (open_input(&b))
		run_all(&b);
	else
		b.result.exit = EXIT_TROUBLE;
	b.result.unfinished = b.tasks != NULL;
	result = b.result;
	/* Those under way still point here. */
	if (!result.unfinished) {
		output_free(b.output);
		lines_close(b.lines);
		resume_free(b.resume);
	}
	return result;
}

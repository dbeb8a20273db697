/* SPDX-License-Identifier: ISC */
/* What a batch tells of itself: progress, the end, and signals. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "batch_part.h"
#include "options.h"
#include "probe/loop.h"
#include "session.h"

enum { SHOW_MS = 500, TEXT_MAX = 160 };

static bool shown; /* a line stands there */

void
progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}

/* "12 s", "3 min", "2 h 5 min" */
static void
time_text(int64_t s, char *out, size_t size)
{
	if (s < 90)
		snprintf(out, size, "%lld s", (long long)s);
	else if (s < 5400)
		snprintf(out, size, "%lld min", (long long)(s + 30) / 60);
	else
		snprintf(out, size, "%lld h %lld min", (long long)s / 3600,
		    (long long)s % 3600 / 60);
}

/* By the share of the input that was read, where its size is known. */
static void
left_text(const struct batch *b, int64_t ms, char *out, size_t size)
{
	double share = b->lines != NULL
	    ? lines_share(b->lines)
	    : (double)b->next_operand / (double)b->room->options->noperands;
	char time[TEXT_MAX];

	*out = '\0';
	if (share <= 0 || b->finished == 0)
		return;
	/* Read is not done. */
	share *= (double)b->finished / (double)(b->finished + b->ntasks);
	time_text(
	    (int64_t)((double)ms * (1 / share - 1) / 1000), time, sizeof time);
	snprintf(out, size, ", %s left", time);
}

/* A terminal that can take a line back. */
static bool
is_wanted(const struct options *o)
{
	const char *term = getenv("TERM");

	return !o->no_progress && isatty(STDERR_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

void
progress_show(struct batch *b, int64_t now)
{
	int64_t ms = now - b->began_ms;
	char left[TEXT_MAX + 8], line[4 * TEXT_MAX];
	struct winsize size;

	if (!is_wanted(b->room->options) || now - b->shown_ms < SHOW_MS ||
	    ms < SHOW_MS)
		return;
	b->shown_ms = now;
	left_text(b, ms, left, sizeof left);
	snprintf(line, sizeof line,
	    "%zu done, %.1f/s, %zu fail, %zu could not tell%s", b->finished,
	    (double)b->finished * 1000 / (double)ms, b->tally.fail,
	    b->tally.unknown, left);
	/* Of a line that wraps only the last part could be taken back. */
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	    size.ws_col < sizeof line)
		line[size.ws_col - 1] = '\0';
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	shown = true;
}

void
progress_interrupted(const struct batch *b)
{
	const struct options *o = b->room->options;

	fprintf(stderr, "mxproof: interrupted: %zu written, %zu under way\n",
	    b->finished, b->ntasks);
	if (o->format == FORMAT_JSON)
		fprintf(stderr,
		    "mxproof: to go on: the same command with --resume FILE, "
		    "FILE being its output so far\n");
	else
		fprintf(stderr,
		    "mxproof: with --format json a run can be resumed: "
		    "--resume FILE\n");
}

void
tally_add(struct tally *t, enum severity severity, int exit)
{
	/* What was required and could not be observed. */
	if (exit == EXIT_UNKNOWN && severity < SEVERITY_UNKNOWN)
		severity = SEVERITY_UNKNOWN;
	switch (severity) {
	case SEVERITY_FAIL:
		t->fail++;
		break;
	case SEVERITY_UNKNOWN:
		t->unknown++;
		break;
	case SEVERITY_WARN:
		t->warn++;
		break;
	case SEVERITY_ABSENT:
	case SEVERITY_OK:
	case SEVERITY_NOTE: /* no trouble, and its line says OK */
		t->ok++;
		break;
	}
}

size_t
tally_text(const struct tally *t, char *out, size_t size)
{
	const struct {
		const char *word;
		size_t count;
	} words[] = {
		{ "ok", t->ok },
		{ "warn", t->warn },
		{ "fail", t->fail },
		{ "could not tell", t->unknown },
	};
	size_t n = 0, total = t->ok + t->warn + t->fail + t->unknown;
	const char *lead = ":";

	n += (size_t)snprintf(
	    out, size, "%zu domain%s", total, total == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].count == 0)
			continue;
		n += (size_t)snprintf(out + n, size - n, "%s %zu %s", lead,
		    words[i].count, words[i].word);
		lead = ",";
	}
	if (t->bad > 0)
		n += (size_t)snprintf(out + n, size - n,
		    "; %zu line%s with no domain", t->bad,
		    t->bad == 1 ? "" : "s");
	n += (size_t)snprintf(out + n, size - n, "\n");
	return n;
}

/* ---- signals ---- */

static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };

enum { NSIGNALS = sizeof numbers / sizeof *numbers };

struct signals {
	struct loop_watch *watch;
	void (*got)(void *, int);
	void *arg;
	int fds[2];
};

static volatile sig_atomic_t signal_fd;
static struct sigaction before[NSIGNALS]; /* a handler has no arguments */

/* A second one finds what was there before: it ends the run at once. */
static void
tell(int number)
{
	unsigned char octet = (unsigned char)number;
	int saved = errno;

	for (size_t i = 0; i < NSIGNALS; i++)
		if (numbers[i] == number)
			sigaction(number, &before[i], NULL);
	if (write(signal_fd, &octet, 1) < 0)
		errno = saved;
	errno = saved;
}

static void
told(void *arg, unsigned events)
{
	struct signals *s = arg;
	unsigned char octet;

	(void)events;
	if (read(s->fds[0], &octet, 1) == 1)
		s->got(s->arg, octet);
}

struct signals *
signals_watch(struct loop *loop, void (*got)(void *, int), void *arg)
{
	struct signals *s = loop_alloc(sizeof *s);
	struct sigaction act = { .sa_flags = 0 };

	s->got = got;
	s->arg = arg;
	if (pipe(s->fds) != 0) {
		free(s);
		return NULL;
	}
	for (int i = 0; i < 2; i++)
		fcntl(s->fds[i], F_SETFD, FD_CLOEXEC);
	s->watch = loop_watch_start(loop, s->fds[0], LOOP_READ, told, s);
	signal_fd = s->fds[1];
	act.sa_handler = tell;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < NSIGNALS; i++) {
		sigaction(numbers[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &act, NULL);
	}
	return s;
}

void
signals_restore(struct signals *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < NSIGNALS; i++)
		sigaction(numbers[i], &before[i], NULL);
	loop_watch_stop(s->watch);
	close(s->fds[0]);
	close(s->fds[1]);
	free(s);
}

/* SPDX-License-Identifier: ISC */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "report/archive.h"

struct recording {
	FILE *file;
	const char *given; /* as the user calls it */
	char *path; /* without symbolic links */
	char *aside; /* its name until all is written; NULL: none of its own */
};

/* What a signal must take away: a signal handler has no arguments. */
static char *volatile unfinished;

static void
drop_unfinished(int sig)
{
	if (unfinished != NULL)
		unlink(unfinished);
	raise(sig); /* which is the default action again */
}

static void
watch_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE,
		SIGTERM };
	struct sigaction act = { .sa_flags = (int)SA_RESETHAND }, old;

	act.sa_handler = drop_unfinished;
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
}

static void
keep_recorded(struct recording *r)
{
	FILE *old = fopen(r->path, "r");
	char part[8192];
	size_t n;

	if (old == NULL)
		return;
	while ((n = fread(part, 1, sizeof part, old)) > 0)
		fwrite(part, 1, n, r->file);
	fclose(old);
}

/* Two runs may write to one FILE: each has a name of its own meanwhile. */
static FILE *
open_aside(struct recording *r, const struct stat *old)
{
	static const char suffix[] = ".XXXXXX";
	size_t size = strlen(r->path) + sizeof suffix;
	mode_t mask = umask(0);
	FILE *file;
	int fd;

	umask(mask);
	r->aside = malloc(size);
	if (r->aside == NULL)
		arena_out_of_memory();
	snprintf(r->aside, size, "%s%s", r->path, suffix);
	fd = mkstemp(r->aside);
	if (fd == -1)
		return NULL;
	unfinished = r->aside;
	watch_signals();
	/* Those of others' files cannot always be given: then stricter ones. */
	(void)!fchmod(fd, old != NULL ? old->st_mode & 0777 : 0666 & ~mask);
	file = fdopen(fd, "w");
	if (file == NULL)
		arena_out_of_memory();
	return file;
}

static void
recording_free(struct recording *r)
{
	free(r->aside);
	free(r->path);
	free(r);
}

struct recording *
recording_open(const char *path, bool keep)
{
	struct recording *r = calloc(1, sizeof *r);
	struct stat st;
	bool exists = stat(path, &st) == 0;

	if (r == NULL)
		arena_out_of_memory();
	r->given = path;
	/* A link stays one: what it leads to is replaced, or made. */
	r->path = realpath(path, NULL);
	if (r->path == NULL)
		r->path = strdup(path);
	if (r->path == NULL)
		arena_out_of_memory();
	if (exists ? !S_ISREG(st.st_mode)
		   : lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		r->file = fopen(path, "w");
	else
		r->file = open_aside(r, exists ? &st : NULL);
	if (r->file == NULL) {
		fprintf(stderr, "mxproof: %s: %s\n", path, strerror(errno));
		recording_free(r);
		return NULL;
	}
	if (keep && r->aside != NULL)
		keep_recorded(r);
	return r;
}

void
recording_add(struct recording *r, const struct evidence *ev, bool indent)
{
	struct arena *mem;

	if (r == NULL)
		return;
	mem = arena_new();
	fputs(archive_write(mem, ev, indent), r->file);
	arena_free(mem);
}

bool
recording_close(struct recording *r)
{
	bool good, empty;

	if (r == NULL)
		return true;
	empty = r->aside != NULL && ftell(r->file) == 0;
	good = !ferror(r->file);
	good &= fclose(r->file) == 0;
	unfinished = NULL;
	if (good && !empty && r->aside != NULL)
		good = rename(r->aside, r->path) == 0;
	if (!good)
		fprintf(stderr, "mxproof: %s: %s\n", r->given, strerror(errno));
	if (r->aside != NULL && (empty || !good))
		remove(r->aside);
	recording_free(r);
	return good;
}

/* SPDX-License-Identifier: ISC */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/loop.h"

enum { ROOM = 65536, LINE_MAX_OCTETS = 4096 };

struct lines {
	struct loop *loop;
	struct loop_watch *watch;
	void (*more)(void *);
	void *arg;
	int fd;
	int flags; /* the descriptor's own: watching changes them */
	off_t size; /* of a file; 0 = not known */
	off_t given;
	bool ended;
	bool skipping; /* the rest of a line that was too long */
	size_t number;
	size_t at, len;
	char buf[ROOM];
	char line[LINE_MAX_OCTETS + 1];
};

struct lines *
lines_open(struct loop *loop, const char *path, void (*more)(void *), void *arg)
{
	int fd = STDIN_FILENO;
	struct stat st;
	struct lines *l;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	l = loop_alloc(sizeof *l);
	l->loop = loop;
	l->more = more;
	l->arg = arg;
	l->fd = fd;
	l->flags = fcntl(fd, F_GETFL);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		l->size = st.st_size;
	return l;
}

void
lines_restore(struct lines *l)
{
	if (l == NULL || l->watch == NULL)
		return;
	loop_watch_stop(l->watch);
	l->watch = NULL;
	fcntl(l->fd, F_SETFL, l->flags);
}

void
lines_close(struct lines *l)
{
	if (l == NULL)
		return;
	lines_restore(l);
	if (l->fd != STDIN_FILENO)
		close(l->fd);
	free(l);
}

static void
readable(void *arg, unsigned events)
{
	struct lines *l = arg;

	(void)events;
	loop_watch_change(l->watch, 0);
	l->more(l->arg);
}

/* False when the watch cannot be had: then reading must wait. */
static bool
wait_for_more(struct lines *l)
{
	if (l->watch == NULL)
		l->watch =
		    loop_watch_start(l->loop, l->fd, LOOP_READ, readable, l);
	else
		loop_watch_change(l->watch, LOOP_READ);
	return l->watch != NULL;
}

/* More octets behind those that are there. */
static enum lines_result
fill(struct lines *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, 0) == 0 && wait_for_more(l))
		return LINES_WAIT;
	memmove(l->buf, l->buf + l->at, l->len - l->at);
	l->len -= l->at;
	l->at = 0;
	do
		n = read(l->fd, l->buf + l->len, ROOM - l->len);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN && wait_for_more(l))
		return LINES_WAIT;
	if (n < 0)
		return LINES_FAILED;
	l->ended = n == 0;
	l->len += (size_t)n;
	return LINES_LINE;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Of a line that is too long the start, without the blanks and NULs that
 * would make another line of it.
 */
static void
take_part(struct lines *l)
{
	const char *from = l->buf + l->at;
	size_t lead = 0;

	while (lead < LINE_MAX_OCTETS && is_blank(from[lead]))
		lead++;
	memcpy(l->line, from, LINE_MAX_OCTETS);
	if (from[lead] == '#') {
		l->line[0] = '\0'; /* a comment may be of any length */
		return;
	}
	for (size_t i = 0; i < LINE_MAX_OCTETS; i++)
		if (is_blank(l->line[i]) || l->line[i] == '\0' ||
		    l->line[i] == '#')
			l->line[i] = '?';
	l->line[LINE_MAX_OCTETS] = '\0';
}

static void
take(struct lines *l, size_t n)
{
	const char *from = l->buf + l->at;

	while (n > 0 && is_blank(*from)) {
		from++;
		n--;
	}
	while (n > 0 && is_blank(from[n - 1]))
		n--;
	memcpy(l->line, from, n);
	/* A NUL ends nothing: no name has one, and so the line is no name. */
	for (size_t i = 0; i < n; i++)
		if (l->line[i] == '\0')
			l->line[i] = '\1';
	l->line[n] = '\0';
}

enum lines_result
lines_next(struct lines *l, const char **line, size_t *number)
{
	enum lines_result result;
	const char *end;
	size_t n;

	for (;;) {
		end = memchr(l->buf + l->at, '\n', l->len - l->at);
		n = end != NULL ? (size_t)(end - l->buf) - l->at
				: l->len - l->at;
		if (l->skipping && end != NULL) {
			l->skipping = false;
			l->at += n + 1;
			continue;
		}
		if (l->skipping)
			l->at = l->len;
		else if (end != NULL || n == ROOM || (l->ended && n > 0))
			break;
		if (l->ended)
			return LINES_END;
		result = fill(l);
		if (result != LINES_LINE)
			return result;
	}
	l->skipping = end == NULL && !l->ended;
	if (n > LINE_MAX_OCTETS)
		take_part(l);
	else
		take(l, n);
	*line = l->line;
	l->number++;
	l->at += n + (end != NULL);
	l->given += (off_t)n + 1;
	*number = l->number;
	return LINES_LINE;
}

double
lines_share(const struct lines *l)
{
	if (l->size <= 0)
		return 0;
	return l->given < l->size ? (double)l->given / (double)l->size : 1;
}

/* SPDX-License-Identifier: ISC */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/loop.h"

/* POSIX: a pipe that is ready takes as much without waiting. */
enum { PIECE = 512 };

struct output {
	struct loop *loop;
	struct loop_watch *watch;
	bool patient; /* cannot be watched: a file */
	void (*room)(void *);
	void *arg;
	int fd;
	int flags; /* the descriptor's own: watching changes them */
	int error;
	char *buf;
	size_t at, len, size;
};

struct output *
output_new(struct loop *loop, int fd, void (*room)(void *), void *arg)
{
	struct output *o = loop_alloc(sizeof *o);

	o->loop = loop;
	o->fd = fd;
	o->flags = fcntl(fd, F_GETFL);
	o->room = room;
	o->arg = arg;
	return o;
}

void
output_restore(struct output *o)
{
	if (o->watch == NULL)
		return;
	loop_watch_stop(o->watch);
	o->watch = NULL;
	fcntl(o->fd, F_SETFL, o->flags);
}

void
output_free(struct output *o)
{
	if (o == NULL)
		return;
	output_restore(o);
	free(o->buf);
	free(o);
}

/* Nobody will ever take the rest. */
static void
fail(struct output *o, int error)
{
	o->error = error;
	o->at = o->len = 0;
}

/* Write what can be written without waiting. */
static void
drain(struct output *o)
{
	while (o->at < o->len) {
		struct pollfd p = { .fd = o->fd, .events = POLLOUT };
		size_t n = o->len - o->at;
		ssize_t done;

		if (!o->patient && poll(&p, 1, 0) == 0)
			return;
		if (!o->patient && n > PIECE)
			n = PIECE;
		done = write(o->fd, o->buf + o->at, n);
		if (done < 0 && errno == EAGAIN && !o->patient)
			return;
		if (done < 0 && errno != EINTR && errno != EAGAIN) {
			fail(o, errno);
			return;
		}
		o->at += done > 0 ? (size_t)done : 0;
	}
	o->at = o->len = 0;
}

static void
watch(struct output *o, unsigned events)
{
	if (o->watch != NULL)
		loop_watch_change(o->watch, events);
}

static void
writable(void *arg, unsigned events)
{
	struct output *o = arg;

	(void)events;
	drain(o);
	if (o->len == 0)
		watch(o, 0);
	o->room(o->arg);
}

/* For len octets more, behind those that are held. */
static void
make_room(struct output *o, size_t len)
{
	size_t held = o->len - o->at;
	char *more;

	if (o->len + len <= o->size)
		return;
	while (held + len > o->size)
		o->size = o->size ? 2 * o->size : 65536;
	more = loop_alloc(o->size);
	if (held > 0)
		memcpy(more, o->buf + o->at, held);
	free(o->buf);
	o->buf = more;
	o->at = 0;
	o->len = held;
}

void
output_put(struct output *o, const char *text, size_t len)
{
	if (o->error != 0)
		return;
	make_room(o, len);
	memcpy(o->buf + o->len, text, len);
	o->len += len;
	drain(o);
	if (o->len == 0)
		return;
	if (o->watch == NULL && !o->patient) {
		o->watch =
		    loop_watch_start(o->loop, o->fd, LOOP_WRITE, writable, o);
		o->patient = o->watch == NULL;
	}
	watch(o, LOOP_WRITE);
	if (o->patient)
		drain(o);
}

void
output_look(struct output *o)
{
	struct pollfd p = { .fd = o->fd };

	/* A pipe without a reader, a terminal that hung up. */
	if (o->error == 0 && poll(&p, 1, 0) == 1 &&
	    (p.revents & (POLLERR | POLLHUP)) != 0)
		fail(o, EPIPE);
}

size_t
output_held(const struct output *o)
{
	return o->len - o->at;
}

int
output_error(const struct output *o)
{
	return o->error;
}

/* SPDX-License-Identifier: ISC */
#include "probe/dns_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <getdns/getdns_extra.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/loop.h"

enum { FOREVER_MS = 1000 * 60 * 60 * 24 };

struct dns_loop {
	getdns_eventloop base; /* first: getdns knows us by its address */
	struct loop *loop;
};

/* What one event of getdns has started. */
struct scheduled {
	getdns_eventloop_event *ev; /* NULL: cleared */
	struct loop_watch *watch;
	struct loop_timer *timer;
	int fd; /* ours, for the watch; or -1 */
	bool busy; /* in a callback, which frees it at its end */
};

static void
scheduled_leave(struct scheduled *s)
{
	s->busy = false;
	if (s->ev == NULL)
		free(s);
}

static void
scheduled_ready(void *arg, unsigned events)
{
	struct scheduled *s = arg;

	s->busy = true;
	if ((events & LOOP_READ) != 0 && s->ev->read_cb != NULL)
		s->ev->read_cb(s->ev->userarg);
	/* The first may have cleared the event. */
	if ((events & LOOP_WRITE) != 0 && s->ev != NULL &&
	    s->ev->write_cb != NULL)
		s->ev->write_cb(s->ev->userarg);
	scheduled_leave(s);
}

static void
scheduled_timeout(void *arg)
{
	struct scheduled *s = arg;

	s->timer = NULL;
	s->busy = true;
	if (s->ev->timeout_cb != NULL)
		s->ev->timeout_cb(s->ev->userarg);
	scheduled_leave(s);
}

/*
 * getdns sometimes closes a socket that is still watched, which libuv answers
 * with abort(), and another socket may get its number.  So it is a duplicate
 * that is watched; what is closed already is left to its timeout.
 */
static bool
scheduled_watch(
    struct scheduled *s, struct loop *loop, int fd, unsigned events)
{
	s->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (s->fd == -1)
		return errno == EBADF;
	s->watch = loop_watch_start(loop, s->fd, events, scheduled_ready, s);
	if (s->watch == NULL)
		close(s->fd);
	return s->watch != NULL;
}

static getdns_return_t
loop_schedule(getdns_eventloop *base, int fd, uint64_t timeout,
    getdns_eventloop_event *ev)
{
	struct loop *loop = ((struct dns_loop *)(void *)base)->loop;
	struct scheduled *s;
	unsigned events = 0;

	if (ev->read_cb != NULL)
		events |= LOOP_READ;
	if (ev->write_cb != NULL)
		events |= LOOP_WRITE;
	s = loop_alloc(sizeof(*s));
	s->fd = -1;
	if (fd >= 0 && events != 0 &&
	    !scheduled_watch(s, loop, fd, events)) {
		free(s);
		return GETDNS_RETURN_GENERIC_ERROR;
	}
	if (ev->timeout_cb != NULL && timeout < FOREVER_MS)
		s->timer = loop_timer_start(
		    loop, (int64_t)timeout, scheduled_timeout, s);
	s->ev = ev;
	ev->ev = s;
	return GETDNS_RETURN_GOOD;
}

static getdns_return_t
loop_clear(getdns_eventloop *base, getdns_eventloop_event *ev)
{
	struct scheduled *s = ev->ev;

	(void)base;
	if (s == NULL)
		return GETDNS_RETURN_GOOD;
	ev->ev = NULL;
	s->ev = NULL;
	loop_watch_stop(s->watch);
	if (s->fd != -1)
		close(s->fd);
	loop_timer_stop(s->timer);
	s->watch = NULL;
	s->timer = NULL;
	if (!s->busy)
		free(s);
	return GETDNS_RETURN_GOOD;
}

/* Ours goes on after a context of getdns ends. */
static void
loop_cleanup(getdns_eventloop *base)
{
	(void)base;
}

static void
loop_run_all(getdns_eventloop *base)
{
	loop_run(((struct dns_loop *)(void *)base)->loop, NULL, NULL);
}

/* Only its synchronous functions call it, which we do not. */
static void
loop_run_once(getdns_eventloop *base, int blocking)
{
	(void)base;
	(void)blocking;
}

static getdns_eventloop_vmt methods = {
	loop_cleanup,
	loop_schedule,
	loop_clear,
	loop_run_all,
	loop_run_once,
};

struct getdns_eventloop *
dns_loop_new(struct loop *loop)
{
	struct dns_loop *made = loop_alloc(sizeof(*made));

	made->base.vmt = &methods;
	made->loop = loop;
	return &made->base;
}

void
dns_loop_free(struct getdns_eventloop *base)
{
	free(base);
}

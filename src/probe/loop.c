/* SPDX-License-Identifier: ISC */
#include "probe/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "core/arena.h"

struct loop {
	uv_loop_t uv;
};

struct loop_timer {
	uv_timer_t uv;
	void (*cb)(void *arg);
	void *arg;
};

struct loop_watch {
	uv_poll_t uv;
	unsigned events;
	void (*cb)(void *arg, unsigned events);
	void *arg;
};

void *
loop_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL) {
		arena_out_of_memory();
		abort();
	}
	return p;
}

/* The uv handle is the first member of everything that is started. */
static void
handle_freed(uv_handle_t *handle)
{
	free(handle);
}

static void
handle_close(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, handle_freed);
}

static void
timer_fired(uv_timer_t *uv)
{
	struct loop_timer *timer = (struct loop_timer *)(void *)uv;
	void (*cb)(void *) = timer->cb;
	void *arg = timer->arg;

	handle_close((uv_handle_t *)uv);
	cb(arg);
}

static void
watch_fired(uv_poll_t *uv, int status, int events)
{
	struct loop_watch *watch = (struct loop_watch *)(void *)uv;
	unsigned out = 0;

	if (status < 0)
		out = LOOP_READ | LOOP_WRITE;
	if (events & UV_READABLE)
		out |= LOOP_READ;
	if (events & UV_WRITABLE)
		out |= LOOP_WRITE;
	/* libuv stops a handle after an error: go on as we were asked. */
	if (status < 0)
		loop_watch_change(watch, watch->events);
	if ((out & watch->events) != 0)
		watch->cb(watch->arg, out & watch->events);
}

static void
handle_walked(uv_handle_t *handle, void *arg)
{
	(void)arg;
	handle_close(handle);
}

struct loop *
loop_new(void)
{
	struct loop *loop = loop_alloc(sizeof(*loop));

	/* It fails for want of memory or of descriptors only. */
	if (uv_loop_init(&loop->uv) != 0)
		arena_out_of_memory();
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	uv_walk(&loop->uv, handle_walked, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	int rc = uv_loop_close(&loop->uv);
	assert(rc == 0);
	(void)rc;
	free(loop);
}

int64_t
loop_now_ms(struct loop *loop)
{
	(void)loop;
	return (int64_t)(uv_hrtime() / 1000000);
}

void
loop_run(struct loop *loop, bool (*until)(void *arg), void *arg)
{
	while (until == NULL || !until(arg))
		if (uv_run(&loop->uv, UV_RUN_ONCE) == 0)
			break;
}

struct loop_timer *
loop_timer_start(
    struct loop *loop, int64_t ms, void (*cb)(void *arg), void *arg)
{
	struct loop_timer *timer = loop_alloc(sizeof(*timer));

	timer->cb = cb;
	timer->arg = arg;
	uv_timer_init(&loop->uv, &timer->uv);
	/* libuv counts from the start of the round, which may be long ago. */
	uv_update_time(&loop->uv);
	uv_timer_start(&timer->uv, timer_fired, ms > 0 ? (uint64_t)ms : 0, 0);
	return timer;
}

void
loop_timer_stop(struct loop_timer *timer)
{
	if (timer != NULL)
		handle_close((uv_handle_t *)&timer->uv);
}

struct loop_watch *
loop_watch_start(struct loop *loop, int fd, unsigned events,
    void (*cb)(void *arg, unsigned events), void *arg)
{
	struct loop_watch *watch = loop_alloc(sizeof(*watch));

	watch->cb = cb;
	watch->arg = arg;
	if (uv_poll_init(&loop->uv, &watch->uv, fd) != 0) {
		free(watch);
		return NULL;
	}
	loop_watch_change(watch, events);
	return watch;
}

void
loop_watch_change(struct loop_watch *watch, unsigned events)
{
	int mask = 0;

	watch->events = events;
	if (events & LOOP_READ)
		mask |= UV_READABLE;
	if (events & LOOP_WRITE)
		mask |= UV_WRITABLE;
	if (mask != 0)
		uv_poll_start(&watch->uv, mask, watch_fired);
	else
		uv_poll_stop(&watch->uv);
}

void
loop_watch_stop(struct loop_watch *watch)
{
	if (watch != NULL)
		handle_close((uv_handle_t *)&watch->uv);
}

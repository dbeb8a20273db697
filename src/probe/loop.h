/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_LOOP_H
#define MXPROOF_LOOP_H
/*
 * The event loop: timers and descriptors, and libuv's only door.  One
 * thread; every callback is called from loop_run and from nowhere else.
 * Handles may be stopped from inside any callback, their own included.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct loop_watch;

/* What a descriptor is watched for, and what has come. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };

/* Never NULL. */
struct loop *loop_new(void);

/* Frees what is still started too; NULL is allowed.  Not from a callback. */
void loop_free(struct loop *);

/* A clock that never goes back; its zero means nothing. */
int64_t loop_now_ms(struct loop *);

/*
 * Run until until(arg) is true, asked before and after every round of
 * events, or until nothing is started any more.
 */
void loop_run(struct loop *, bool (*until)(void *arg), void *arg);

/*
 * Call cb once, ms from now (0 or less: in the next round).  The handle is
 * void as soon as cb has been called.
 */
struct loop_timer *loop_timer_start(struct loop *, int64_t ms,
    void (*cb)(void *arg), void *arg);

/* Before it was called; NULL is allowed. */
void loop_timer_stop(struct loop_timer *);

/*
 * Call cb whenever fd is ready; events is LOOP_READ, LOOP_WRITE or both.  An
 * error or hang-up counts as both.  At most one watch for a descriptor; NULL
 * when it cannot be watched (closed, watched already).
 */
struct loop_watch *loop_watch_start(struct loop *, int fd, unsigned events,
    void (*cb)(void *arg, unsigned events), void *arg);

/* Watch for other events; 0 pauses. */
void loop_watch_change(struct loop_watch *, unsigned events);

/* Before the descriptor is closed; NULL is allowed. */
void loop_watch_stop(struct loop_watch *);

/* Zeroed memory for the probes, to be freed with free(); never NULL. */
void *loop_alloc(size_t size);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_BATCH_PART_H
#define MXPROOF_BATCH_PART_H
/* The state of a batch, and the parts that only tell of it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "lines.h"
#include "output.h"
#include "report/report.h"
#include "resume.h"

struct loop;
struct signals;
struct task;

struct batch {
	const struct batch_room *room;
	struct report_options report;
	struct batch_result result;
	struct lines	*lines;		/* NULL: the operands */
	size_t		 next_operand;
	struct resume	*resume;	/* or NULL */
	struct output	*output;
	struct task	*tasks, **tasks_end; /* not yet written */
	size_t		 ntasks, running, jobs;
	bool		 ended;		/* no more input */
	bool		 stopping;	/* no more tasks */
	bool		 filling;
	struct loop_timer *tick;
	int64_t		 tick_due;
	bool		 lagging;
	int64_t		 began_ms, shown_ms;
	size_t		 finished;	/* lines with a result */
	size_t		 reported;	/* of them, domains */
	size_t		 skipped;	/* done by an earlier run */
	size_t		 elsewhere;	/* in other shares */
	struct tally	 tally;
	char		 line[4096];
};

/* The line of progress, on a terminal; now in ms of the loop. */
void progress_show(struct batch *, int64_t now);
/* Away with it, before something else is said. */
void progress_clear(void);
/* Where the run was stopped, and how to go on. */
void progress_interrupted(const struct batch *);

/*
 * Call got from the loop when SIGINT, SIGTERM or SIGHUP comes, once; the
 * second one ends the program as always.
 */
struct signals *signals_watch(struct loop *, void (*got)(void *arg, int),
    void *arg);
void signals_restore(struct signals *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_BATCH_H
#define MXPROOF_BATCH_H
/*
 * Many domains, observed at the same time: from the operands or a list to
 * results on standard output, as they finish or in the order of the input.
 * Memory is flat in the number of lines: a new one is read when there is
 * room for what becomes of it.
 */
#include <stddef.h>

struct evidence;
struct live;
struct memo;
struct options;
struct report_options;

struct batch_room {
	const struct options *options;
	const struct report_options *report;
	struct live	*live;
	struct memo	*memo;
	/* Called for each domain before its report, in the same order. */
	void		(*record)(void *arg, const struct evidence *);
	void		*arg;
};

struct batch_result {
	int	 exit;		/* the worst of all: 2 > 1 > 3 > 0 */
	int	 interrupted;	/* by this signal; 0 = not */
};

struct batch_result batch_run(const struct batch_room *);

/* The worse one of two exit statuses: 2 > 1 > 3 > 0. */
int batch_worse(int, int);

#endif

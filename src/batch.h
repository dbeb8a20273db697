/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_BATCH_H
#define MXPROOF_BATCH_H
/*
 * Many domains, observed at the same time: from the operands or a list to
 * results on standard output, as they finish or in the order of the input.
 * Memory is flat in the number of lines: a new one is read when there is
 * room for what becomes of it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "core/catalogue.h"

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
	/* By this signal, SIGPIPE where nobody reads any more; 0 = not. */
	int	 interrupted;
	bool	 unfinished;	/* some are still under way */
};

struct batch_result batch_run(const struct batch_room *);

/* How many domains ended how. */
struct tally {
	size_t	 ok, warn, fail, unknown;
	size_t	 bad;		/* lines with no domain */
};

/* Of a domain whose own exit status is this one. */
void tally_add(struct tally *, enum severity, int exit);

/* "3 domains: 2 ok, 1 fail" and a newline, into out; its length. */
size_t tally_text(const struct tally *, char *out, size_t size);

/* The worse one of two exit statuses: 2 > 1 > 3 > 0. */
int batch_worse(int, int);

#endif

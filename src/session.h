/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SESSION_H
#define MXPROOF_SESSION_H
/*
 * One call of the program: every domain of the command line observed, or
 * read from a recording, judged and printed.
 */
#include <stdbool.h>

struct options;
struct report_options;

/* The exit statuses of the manual. */
enum { EXIT_GOOD = 0, EXIT_FINDING = 1, EXIT_TROUBLE = 2, EXIT_UNKNOWN = 3 };

/*
 * Prints the reports; returns the exit status.  lookup: the operands are a
 * name and a type.
 */
int session_run(const struct options *, const struct report_options *,
    bool lookup);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TAP_H
#define MXPROOF_TAP_H
/* The Test Anything Protocol in a few lines; one include per test program. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

/* One test point; returns cond. */
__attribute__((format(printf, 2, 3))) static inline bool
ok(bool cond, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", cond ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!cond)
		tap_failures++;
	return cond;
}

/* Equal strings; both are shown when they are not. */
static inline bool
is(const char *got, const char *want, const char *name)
{
	bool same = got != NULL && want != NULL ? strcmp(got, want) == 0
						: got == want;

	if (!ok(same, "%s", name))
		printf("#   got: %s\n#  want: %s\n", got ? got : "(null)",
		    want ? want : "(null)");
	return same;
}

/* Print the plan; the exit status of the program. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif

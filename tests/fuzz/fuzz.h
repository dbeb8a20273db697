/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_FUZZ_H
#define MXPROOF_FUZZ_H
/*
 * What the fuzz targets share.  A target is one function from octets to
 * assertions.  libFuzzer calls it (make fuzz), and replay.c calls it for
 * each input of its corpus (make check, with any compiler).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Which corpus is the target's: tests/fuzz/corpus/<name>.hex. */
extern const char fuzz_name[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every input, whatever is in it. */
#define must(cond, ...)                                                       \
	do {                                                                  \
		if (!(cond))                                                  \
			fuzz_fail(__FILE__, __LINE__, #cond, __VA_ARGS__);    \
	} while (0)

__attribute__((format(printf, 4, 5), noreturn)) static inline void
fuzz_fail(const char *file, int line, const char *cond, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: must: %s: ", file, line, cond);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

#endif

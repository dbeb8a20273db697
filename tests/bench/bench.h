/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_BENCH_H
#define MXPROOF_BENCH_H
/*
 * Times of this process, measured side by side: the two things to compare
 * take turns, and of each the best round counts, so that what else the
 * machine does falls out.
 */
#include <stdio.h>
#include <time.h>

/* Something to be timed; called as often as it takes. */
struct bench {
	void (*run)(void *);
	void *arg;
	unsigned times;		/* runs in one round; 0: found out */
	double best_us;		/* of one run */
};

static inline double
bench_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline double
bench_round(const struct bench *b)
{
	double start = bench_now_us();

	for (unsigned i = 0; i < b->times; i++)
		b->run(b->arg);
	return (bench_now_us() - start) / b->times;
}

/* n of them, in turns, rounds times. */
static inline void
bench_run(struct bench *b, size_t n, unsigned rounds)
{
	for (size_t i = 0; i < n; i++) {
		b[i].times = 1;
		b[i].best_us = bench_round(&b[i]); /* warms up, too */
		b[i].times = b[i].best_us > 10000
		    ? 1 : (unsigned)(10000 / (b[i].best_us + 1)) + 1;
	}
	for (; rounds > 0; rounds--)
		for (size_t i = 0; i < n; i++) {
			double us = bench_round(&b[i]);

			if (us < b[i].best_us)
				b[i].best_us = us;
		}
}

#endif

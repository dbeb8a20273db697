/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DELIVERY_H
#define MXPROOF_DELIVERY_H
/*
 * Findings -> what a sender does: per address, host and domain, one verdict
 * per sender profile, and the retry timeline.  Reads the effect of a row,
 * never its id.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge.h"

/* Fill outcome everywhere, finding->survived, ->severity, status. */
void delivery_decide(struct judgement *);

struct delivery_retry {
	int64_t		 after_s;
	bool		 given_up;	/* code starts with 5 */
};

/*
 * When Exchange Online tries a deferred message: +0, +15 min, +30 min,
 * hourly to 24 h, then the NDR.  Static; *n rows.
 */
const struct delivery_retry *delivery_timeline(size_t *n);

/* "delivered-authenticated", "deferred", … */
const char *delivery_text(enum delivery);

/*
 * The profile's delivery could not be told; not where only a part of what it
 * depends on was asked for.
 */
bool delivery_is_open(const struct judgement *);

/* The verdict in one sentence, in the arena. */
char *delivery_sentence(struct judgement *, enum profile);

/* The code with its first digit: '4' or '5'; NULL without one. */
char *delivery_code(struct arena *, const struct outcome *, char digit);

#endif

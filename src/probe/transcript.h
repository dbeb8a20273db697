/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TRANSCRIPT_H
#define MXPROOF_TRANSCRIPT_H
/*
 * What was said in a session, line by line, safe to print.  At most 200
 * lines of 512 characters; what comes after them is not kept.
 */
#include <stddef.h>

struct smtp_observation;

/* who is 'S' or 'C'; the line comes without its end. */
void transcript_add(struct smtp_observation *, char who, const void *line,
    size_t len);

#endif

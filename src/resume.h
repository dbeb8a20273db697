/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RESUME_H
#define MXPROOF_RESUME_H
/*
 * What an earlier run has written already: the inputs of its output file, so
 * that each line is done once.  Eight octets for each are remembered.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct resume;

/*
 * Read a file of JSON Lines.  *whole gets the octets of its complete lines:
 * a torn last one is not counted.  NULL with one line in error when it cannot
 * be read, or holds something else.
 */
struct resume *resume_read(const char *path, off_t *whole, char *error,
    size_t errorsize);
void resume_free(struct resume *);

/* One more of this input is done: it is taken off, and true returned. */
bool resume_take(struct resume *, const char *input);

/* How many there were. */
size_t resume_count(const struct resume *);

#endif

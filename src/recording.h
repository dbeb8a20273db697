/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RECORDING_H
#define MXPROOF_RECORDING_H
/*
 * The file of --record.  Nobody reads half of it: it is written aside, under
 * a name of this run's own, and takes its place when it is complete.
 */
#include <stdbool.h>

struct evidence;
struct recording;

/*
 * path: a regular file is replaced at the end, keeping its mode; a device or
 * a pipe is written to.  keep: what the file holds stays, ours is added.
 * NULL: a message is on stderr.  A signal that ends the run takes away what
 * is not finished.
 */
struct recording *recording_open(const char *path, bool keep);

/* indent: the only one, for people to read.  NULL writes nothing. */
void recording_add(struct recording *, const struct evidence *, bool indent);

/*
 * False: it could not be written, a message is on stderr, and a file that
 * was there is as before.  If nothing was added nothing is replaced.  Frees
 * it; NULL is fine.
 */
bool recording_close(struct recording *);

#endif

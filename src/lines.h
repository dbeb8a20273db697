/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_LINES_H
#define MXPROOF_LINES_H
/*
 * The lines of a file or of standard input, one at a time and never waiting
 * for them: what comes through a pipe comes when it comes.
 */
#include <stddef.h>

struct lines;
struct loop;

enum lines_result { LINES_LINE, LINES_WAIT, LINES_END, LINES_FAILED };

/*
 * path: "-" is standard input.  more is called from the loop when there may
 * be a line after LINES_WAIT.  NULL with errno set.
 */
struct lines *lines_open(struct loop *, const char *path,
    void (*more)(void *arg), void *arg);
void lines_close(struct lines *);

/* Give the descriptor its flags back; no more lines.  NULL is allowed. */
void lines_restore(struct lines *);

/*
 * The next line without its end and white space around it; *line is good
 * until the next call.  Of a line that is too long for anything the start is
 * given.  LINES_FAILED: errno says why.
 */
enum lines_result lines_next(struct lines *, const char **line,
    size_t *number);

/* How much of the file was given, 0 to 1; 0 when that is not known. */
double lines_share(const struct lines *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OUTPUT_H
#define MXPROOF_OUTPUT_H
/*
 * What is to be written to standard output, held until the other side takes
 * it: the loop never waits for a slow reader.
 */
#include <stdbool.h>
#include <stddef.h>

struct loop;
struct output;

/* room is called from the loop whenever something was taken. */
struct output *output_new(struct loop *, int fd, void (*room)(void *arg),
    void *arg);
void output_free(struct output *);

/* Give the descriptor its flags back; nothing more is written. */
void output_restore(struct output *);

/* The text is copied. */
void output_put(struct output *, const char *text, size_t len);

/* Octets that nobody has taken yet. */
size_t output_held(const struct output *);

/* Look whether anybody is there to take more; else there is an error. */
void output_look(struct output *);

/* The errno for which nothing can be written any more; 0 = none. */
int output_error(const struct output *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ARENA_H
#define MXPROOF_ARENA_H
/*
 * Memory that is freed together.  A domain's path, proofs and findings live
 * in one arena until its report is written; every observation owns a small
 * one.  Nothing is freed singly.  This is the only room of the core that
 * calls malloc, and running out of memory ends here: arena_out_of_memory is
 * called and must not return (abort() unless main sets another).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

extern void (*arena_out_of_memory)(void);

/* A new, empty arena; never NULL. */
struct arena *arena_new(void);

/* Free the arena and all that came from it; NULL is allowed. */
void arena_free(struct arena *);

/* size bytes, zeroed, aligned for any type; never NULL, size may be 0. */
void *arena_alloc(struct arena *, size_t size);

/* Room for n elements of size bytes each, zeroed; overflow is out of memory. */
void *arena_array(struct arena *, size_t n, size_t size);

/*
 * Grow an array that holds n elements to hold at least one more: returns it
 * or a larger copy, doubling *cap.  Start with NULL, n = 0, *cap = 0.
 */
void *arena_grow(struct arena *, void *old, size_t n, size_t *cap,
    size_t size);

/* Copies; the strings end in NUL.  NULL in, NULL out. */
void *arena_copy(struct arena *, const void *data, size_t len);
char *arena_strdup(struct arena *, const char *s);
char *arena_strndup(struct arena *, const char *s, size_t n);

/* Formatted text, never NULL. */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *fmt, va_list)
    __attribute__((format(printf, 2, 0)));

/* Bytes held from the system, for the tests of memory bounds. */
size_t arena_size(const struct arena *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_READER_H
#define MXPROOF_READER_H
/*
 * Members of a JSON object with their types checked.  The first thing that
 * is wrong is kept with its place ("dns[3].answer[1]"); every function that
 * returns bool says false then.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct reader {
	char		*error;		/* ARCHIVE_ERROR_MAX octets */
	char		 place[128];	/* where we are, "" at the top */
	size_t		 placelen;
};

enum presence { OPTIONAL, REQUIRED };

/* Say what is wrong with a member here (NULL: with this place itself). */
bool reader_fail(struct reader *, const char *member, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Text of the file, made fit for a message. */
const char *reader_quote(struct arena *, const char *text);

/* Enter a member, or (index >= 0) one of its elements; leave it again. */
size_t reader_enter(struct reader *, const char *member, size_t index,
    bool element);
void reader_leave(struct reader *, size_t saved);

/* Copied into the arena; null counts as absent; *out NULL when absent. */
bool reader_text(struct reader *, const json_t *, const char *member,
    enum presence, struct arena *, const char **out);

/* *out keeps its value when the member is absent. */
bool reader_bool(struct reader *, const json_t *, const char *member,
    bool *out);
bool reader_int(struct reader *, const json_t *, const char *member,
    enum presence, int64_t min, int64_t max, int64_t *out);

/* *out is NULL when absent (an object may be null, too). */
bool reader_array(struct reader *, const json_t *, const char *member,
    enum presence, size_t max, const json_t **out);
bool reader_object(struct reader *, const json_t *, const char *member,
    const json_t **out);

/* An array of texts, copied; none when absent. */
bool reader_texts(struct reader *, const json_t *, const char *member,
    struct arena *, const char ***out, size_t *n);

#endif

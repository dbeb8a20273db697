/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_VALUE_H
#define MXPROOF_VALUE_H
/*
 * JSON values from ours, for those that write JSON.  jansson's types stay in
 * this folder.  Every function returns a new reference, never NULL: running
 * out of memory ends in arena_out_of_memory.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct rr;

json_t *value_object(void);
json_t *value_array(void);
json_t *value_bool(bool);
json_t *value_int(int64_t);

bool value_is_utf8(const char *);

/* NULL becomes null; octets that are no UTF-8 are written as \xNN. */
json_t *value_text(struct arena *, const char *);

/* Absolute, with its final dot; NULL becomes null. */
json_t *value_name(struct arena *, const uint8_t *name);

/* "2026-11-22T04:00:00Z" */
json_t *value_time(int64_t at);

/* Lower-case hex. */
json_t *value_hex(struct arena *, const uint8_t *data, size_t len);

/* An array of texts. */
json_t *value_texts(struct arena *, const char *const *texts, size_t n);

/* Add a member or an element; the reference is taken over. */
void value_set(json_t *object, const char *member, json_t *);
void value_append(json_t *array, json_t *);

/*
 * The text of a value, ending in a newline: indented, or on one line.  Drops
 * the reference.
 */
char *value_write(struct arena *, json_t *, bool indent);

#endif

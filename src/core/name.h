/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_NAME_H
#define MXPROOF_NAME_H
/*
 * Domain names.  A name is a pointer to its uncompressed wire form (RFC 1035
 * 3.1): length octets and labels, ending in the root's zero octet.  It is
 * self-delimiting, at most 255 octets, and the parent of a name is a pointer
 * into the same bytes.  All functions but name_from_text and name_from_wire
 * take well-formed names only.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	NAME_WIRE_MAX = 255,	/* RFC 1035 2.3.4 */
	NAME_LABEL_MAX = 63,
	NAME_TEXT_MAX = 1024	/* every octet as \DDD, dots, NUL */
};

extern const uint8_t name_root[1];

/* Octets of the wire form, the root's zero included: 1 to 255. */
size_t name_len(const uint8_t *name);

/* Labels, the root not counted: 0 to 127. */
unsigned name_labels(const uint8_t *name);

/* The name without its leftmost label, inside name; NULL for the root. */
const uint8_t *name_parent(const uint8_t *name);

/* The ancestor-or-self with that many labels; labels <= name_labels. */
const uint8_t *name_ancestor(const uint8_t *name, unsigned labels);

/* Case-insensitive equality (RFC 4343). */
bool name_equal(const uint8_t *a, const uint8_t *b);

/* Canonical order (RFC 4034 6.1): <0, 0, >0. */
int name_compare(const uint8_t *a, const uint8_t *b);

/* name is ancestor or lies below it. */
bool name_within(const uint8_t *name, const uint8_t *ancestor);

/* Labels the two have in common, from the right. */
unsigned name_common(const uint8_t *a, const uint8_t *b);

/* Equal for equal names; for tables, where every find is compared, too. */
uint32_t name_hash(const uint8_t *name);

/* The leftmost label is "*". */
bool name_is_wildcard(const uint8_t *name);

/*
 * A host name by RFC 952, 1123 and 5321: letters, digits, inner hyphens (an
 * underscore is let pass where the flag says so), not the root.
 */
bool name_is_hostname(const uint8_t *name, bool underscore);

/* Copy with ASCII letters in lower case (RFC 4034 6.2); returns its length. */
size_t name_lower(uint8_t out[NAME_WIRE_MAX], const uint8_t *name);

/* "_25._tcp" + name; false when the result is over 255 octets. */
bool name_prepend(uint8_t out[NAME_WIRE_MAX], const char *labels,
    const uint8_t *name);

/*
 * Presentation format (RFC 1035 5.1: \X and \DDD) to wire.  A name that does
 * not end in a dot gets origin appended; origin NULL: it is taken as
 * absolute.  "@" is origin.  False for an empty text, an empty label, a
 * label over 63, a name over 255 octets, a bad escape.
 */
bool name_from_text(uint8_t out[NAME_WIRE_MAX], const char *text,
    const uint8_t *origin);

/*
 * The name at *off in a message, compression followed (pointers only
 * backwards, RFC 1035 4.1.4); *off moves behind it.  False when it leaves
 * the message, loops, or is over 255 octets.
 */
bool name_from_wire(uint8_t out[NAME_WIRE_MAX], const uint8_t *msg,
    size_t msglen, size_t *off);

/* Presentation format, absolute with its final dot, into buf; its length. */
size_t name_to_text(const uint8_t *name, char buf[NAME_TEXT_MAX]);

/* The same in the arena; without the final dot (the root stays "."). */
char *name_text(struct arena *, const uint8_t *name);
char *name_text_nodot(struct arena *, const uint8_t *name);

/* A copy in the arena. */
uint8_t *name_copy(struct arena *, const uint8_t *name);

#endif

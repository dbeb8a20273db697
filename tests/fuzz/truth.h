/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TRUTH_H
#define MXPROOF_TRUTH_H
/*
 * What truth.c (what was signed, and what exists) and truth_check.c (what
 * must hold of a judgement) share.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "world.h"

bool blob_same(const struct blob *, const struct blob *);
struct blob blob_canonical(struct arena *, const struct rr *);

/* The records of an owner and type, in canonical form, each once. */
struct blob *truth_read(struct arena *, const struct rr *list, size_t nlist,
    const uint8_t *owner, uint16_t type, size_t *n);
bool truth_same(const struct truth_set *, const struct blob *set, size_t n);
/* An RRSIG of that owner, over that type. */
bool truth_covers(const struct rr *, const uint8_t *owner, uint16_t type);

/* Something is signed at or below the name. */
bool truth_below(const struct truth *, const uint8_t *name);
/* The set is there, be it from a wildcard. */
bool truth_has(const struct truth *, const uint8_t *name, uint16_t type);
/* A set that the zone has, not one that a wildcard makes. */
bool truth_has_own(const struct truth *, const uint8_t *name, uint16_t type);
/* Something other than a hash has this owner, be it from a wildcard. */
bool truth_has_name(const struct truth *, const uint8_t *name);

#endif

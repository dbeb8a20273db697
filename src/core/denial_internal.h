/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DENIAL_INTERNAL_H
#define MXPROOF_DENIAL_INTERNAL_H
/*
 * What denial.c (NSEC, and what both kinds share) and denial_nsec3.c (the
 * NSEC3 chain) share.  No other room includes this.
 */
#include <stdbool.h>
#include <stdint.h>

#include "denial.h"
#include "name.h"

struct denial_result denial_make(enum denial_verdict, const char *why);
struct denial_result denial_fails(const char *why);

/* The record of a cut, by the zone above it: NS without SOA. */
bool denial_cut(const struct rr *);

/*
 * RFC 6840 4.1: the parent's record of a cut MUST NOT be used to say
 * anything about names below it; nor RFC 6672 5.3.2: that of a DNAME.
 */
bool denial_ancestor(const struct rr *);

/* The bitmap at the name itself, or at the wildcard that it would match. */
struct denial_result denial_bitmap(
    const struct rr *, const struct denial_query *);

/* "*." and the ancestor; false when that would be too long. */
bool denial_wildcard(uint8_t out[NAME_WIRE_MAX], const uint8_t *encloser);

/* Neither the name nor a wildcard exists. */
struct denial_result denial_no_name(const struct denial_query *);

/* What the NSEC3 records prove. */
struct denial_result nsec3_check(
    struct nsec3_hasher *, const struct denial_query *);

#endif

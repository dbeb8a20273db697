/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OVERLAY_READ_H
#define MXPROOF_OVERLAY_READ_H
/* --zone, --with, --without and --cert, read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct options;
struct overlay;

/*
 * *out is NULL where none of the options is given.  domain: what relative
 * names of a zone file hang on that names no origin; or NULL.  False: one
 * line in error.
 */
bool overlay_read(struct arena *, const struct options *,
    const uint8_t *domain, const struct overlay **out, char *error,
    size_t errorsize);

#endif

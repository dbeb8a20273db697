/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ZONEFILE_H
#define MXPROOF_ZONEFILE_H
/*
 * Zone files as name servers read them (RFC 1035 5, RFC 2308 4): text in,
 * records out.  Nothing is opened here: who calls brings the text.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdata.h"

struct arena;
struct overlay_zone;

enum {
	ZONEFILE_TEXT_MAX = 64 * 1024 * 1024,	/* octets of one file */
	ZONEFILE_RECORDS_MAX = 500000,
	ZONEFILE_DEPTH_MAX = 8,			/* $INCLUDE in $INCLUDE */
	ZONEFILE_TTL = 3600			/* of a record that names none */
};

/*
 * The text of a file that another one includes, *len octets, in the arena;
 * NULL: *why says why not.  *path becomes that of the file that was opened.
 */
typedef const char *zonefile_include(void *arg, struct arena *,
    const char *from, const char **path, size_t *len, const char **why);

/*
 * Read a file into out (name, source, rrs, is_signed; all in the arena).
 * zone: the apex, which the SOA must have, and the first origin; NULL: the
 * SOA says it.  origin: the first origin where zone is NULL; NULL: an
 * absolute name must come before any relative one.  False: *error is
 * "FILE:LINE: what is wrong", in the arena.
 */
bool zonefile_read(struct arena *, const char *file, const char *text,
    size_t len, const uint8_t *zone, const uint8_t *origin,
    zonefile_include *, void *arg, struct overlay_zone *out,
    const char **error);

/*
 * One record as people type it: "name [ttl] [class] type rdata", every name
 * absolute whether it ends in a dot or not.  False: *error is a static text.
 */
bool zonefile_record(struct arena *, const char *text, struct rr *out,
    const char **error);

#endif

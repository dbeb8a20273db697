/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OVERLAY_PART_H
#define MXPROOF_OVERLAY_PART_H
/* The rooms of the overlays among themselves; no other includes this. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay.h"

struct arena;
struct nsec3_hasher;

/* An answer that was made, kept for the next who asks. */
struct made {
	struct made *next;
	const uint8_t *name;
	uint16_t type;
	const struct dns_observation *live; /* made of this */
	const struct dns_observation *obs;
};

struct made_session {
	struct made_session *next;
	const uint8_t *host;
	const char *address;
	enum tls_keys keys;
	const struct smtp_observation *live[KEYS_ECDSA + 1]; /* of these */
	const struct smtp_observation *obs;
};

struct overlay_view {
	struct arena *mem;
	const struct overlay *overlay;
	struct nsec3_hasher *hasher;
	struct made *made;
	struct made *tails; /* of other live replies */
	struct made_session *sessions;
	/* By index: something that was asked depends on it. */
	bool *zones, *without, *with, *certs;
};

enum overlay_part { OVERLAY_ZONE, OVERLAY_WITHOUT, OVERLAY_WITH, OVERLAY_CERT };

/* Nothing that was asked of the view depends on this; NULL: false. */
bool overlay_part_is_idle(const struct overlay_view *, enum overlay_part,
    size_t index);

/* The index of the first record of the zone whose owner is not before it. */
size_t overlay_zone_first(const struct overlay_zone *, const uint8_t *name);

/* The zone of the file has this name, perhaps with nothing but names below. */
bool overlay_zone_exists(const struct overlay_zone *, const uint8_t *name);

/* The name is a delegation of the file's, or lies below one. */
bool overlay_zone_has_cut(const struct overlay_zone *, const uint8_t *name);

/*
 * What a server of the zone answers (RFC 1034 4.3.2, RFC 4592, RFC 6672 3.2;
 * RFC 4035 3.1 and RFC 5155 7.2 where it is signed), written into the fields
 * of a reply.  False where the zone does not say: at and below a cut, and
 * what a signer adds to an unsigned file.
 */
bool overlay_zone_answer(struct arena *, const struct overlay_zone *,
    struct nsec3_hasher *, const uint8_t *name, uint16_t type,
    struct dns_observation *out);

#endif

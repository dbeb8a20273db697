/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TEXT_H
#define MXPROOF_TEXT_H
/*
 * Small text: hex, base64, base32hex, UTC instants, addresses, escaping of what comes
 * from the network.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Upper-case hex. */
char *text_hex(struct arena *, const uint8_t *data, size_t len);
/* Lower-case hex, as fingerprints are written. */
char *text_hex_lower(struct arena *, const uint8_t *data, size_t len);
/* Hex digits to octets; false for odd length or another character. */
bool text_from_hex(struct arena *, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen);

/* RFC 4648 section 4, with padding. */
char *text_base64(struct arena *, const uint8_t *data, size_t len);
/* White space is skipped; false for anything else that is not base64. */
bool text_from_base64(struct arena *, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen);

/* RFC 4648 section 7 without padding, upper case, as NSEC3 writes it. */
char *text_base32hex(struct arena *, const uint8_t *data, size_t len);
bool text_from_base32hex(struct arena *, const char *text, size_t textlen,
    uint8_t **out, size_t *outlen);

/*
 * "2026-11-22T04:00:00Z" for any int64_t whose year has at most 9 digits;
 * buf of at least 32 bytes is returned.  No locale, no time zone.
 */
const char *text_time(int64_t at, char buf[32]);

/* RFC 3339 with Z or an offset, to seconds since 1970; false when not. */
bool text_from_time(const char *text, int64_t *at);

/*
 * "14 days", "3 hours", "25 minutes", "40 seconds": the largest whole unit;
 * the sign is dropped.
 */
const char *text_duration(int64_t seconds, char buf[32]);

/*
 * The bytes 0x20 to 0x7e as they are but the backslash as \\, all others as
 * \xNN: safe for a terminal and a file.  *cut bytes at most come out when
 * max > 0, then "…" is written as "...".
 */
char *text_escape(struct arena *, const void *data, size_t len, size_t max);

/*
 * A dotted quad or an IPv6 address (RFC 4291 2.2) to 4 or 16 octets; no
 * zone, no prefix length.
 */
bool text_from_address(const char *text, bool ipv6, uint8_t out[16]);

/* The instant of a 32-bit serial (RRSIG dates, RFC 4034 3.1.5) nearest to
 * near: the one within 2^31 seconds of it. */
int64_t text_serial_near(uint32_t serial, int64_t near);

/*
 * Levenshtein's distance, the case of ASCII letters aside; texts of over 255
 * octets are 255 from everything.
 */
unsigned text_distance(const char *a, const char *b);

/* The octets are, capitals aside, what is wanted in small letters. */
bool text_is(const char *text, size_t len, const char *want);

#endif

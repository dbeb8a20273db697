/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ARCHIVE_PART_H
#define MXPROOF_ARCHIVE_PART_H
/*
 * The parts of the evidence file that archive_read puts together: one
 * observation each, and the members they have in common.  False: the
 * reader's error is set.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/reader.h"

struct arena;
struct dns_observation;
struct mail_message;
struct overlay;
struct rr;
struct smtp_observation;

/* Fill a fresh observation from its object. */
bool archive_read_dns(struct reader *, const json_t *,
    struct dns_observation *);
bool archive_read_smtp(struct reader *, const json_t *,
    struct smtp_observation *);

/* A required domain name, in wire form. */
bool archive_read_name(struct reader *, const json_t *, const char *member,
    struct arena *, const uint8_t **out);

/* Records in presentation format. */
bool archive_read_records(struct reader *, const json_t *,
    const char *member, enum presence, struct arena *, struct rr **out,
    size_t *n);

/* NULL = "live". */
bool archive_read_basis(struct reader *, const json_t *, struct arena *,
    const char **out);

/* The message of "asked", and back; *out stays as it is without one. */
bool archive_read_message(struct reader *, const json_t *asked,
    struct arena *, struct mail_message **out);
json_t *archive_write_message(struct arena *, const struct mail_message *);

/* The overlay of "asked", and back (never NULL then). */
bool archive_read_overlay(struct reader *, const json_t *asked,
    struct arena *, const struct overlay **out);
json_t *archive_write_overlay(struct arena *, const struct overlay *);

/* The octets of a text; member (or NULL) is for the message. */
bool archive_read_base64(struct reader *, const char *member,
    const char *text, struct arena *, const uint8_t **out, size_t *len);

#endif

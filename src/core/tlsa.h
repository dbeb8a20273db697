/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TLSA_H
#define MXPROOF_TLSA_H
/*
 * One TLSA record: what it says, whether a sender can use it, which
 * certificate has its data.  Says nothing of chains, dates or names: dane.h.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct cert;
struct rr;
struct tlsa_view;

enum tlsa_flaw {
	TLSA_SOUND,
	TLSA_FLAW_USAGE,	/* PKIX-TA, PKIX-EE: not for SMTP */
	TLSA_FLAW_PARAMETER,	/* a number the registries do not define */
	TLSA_FLAW_DATA		/* the data do not fit the parameters */
};

/* Read a record; class is TLSA_UNTESTED, _UNUSABLE or _MALFORMED. */
enum tlsa_flaw tlsa_read(struct arena *, const struct rr *,
    struct tlsa_view *out);

/* Digest agility over a set (RFC 7671 9): sets agile_out. */
void tlsa_agility(struct tlsa_view *list, size_t n);

/* Selector, matching type and data fit this certificate; any usage. */
bool tlsa_has(const struct tlsa_view *, const struct cert *);

/* Fits with the other selector: the record says 0 and means 1, or so. */
bool tlsa_has_swapped(const struct tlsa_view *, const struct cert *);

/* The digest is that of the PEM text of the certificate or of its key. */
bool tlsa_has_pem(struct arena *, const struct tlsa_view *,
    const struct cert *);

/* The digest is that of no input, or of an empty line. */
bool tlsa_is_of_nothing(const struct tlsa_view *);

/* 3 1 1, 2 1 1, 2 0 1: RFC 7672 3.1. */
bool tlsa_is_recommended(const struct tlsa_view *);

/* "3 1 1 9F3C00AA11BB22CC...", the data cut short. */
char *tlsa_text(struct arena *, const struct tlsa_view *);

/*
 * "<owner> <ttl> IN TLSA <usage> 1 1 <digest of the key>"; with matching type
 * 2 where a usable record of the list has that, for digest agility (RFC 7671
 * 9) leaves type 1 aside beside it.
 */
char *tlsa_line(struct arena *, const uint8_t *owner, uint32_t ttl,
    unsigned usage, const struct cert *, const struct tlsa_view *list,
    size_t n);

#endif

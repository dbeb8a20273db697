/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_WORDS_H
#define MXPROOF_WORDS_H
/*
 * The words that all reports use for what the judges left: statuses, codes,
 * classes.  Nothing is decided here.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/judge.h"

struct arena;

const char *stage_status_text(enum stage_status); /* "not-tested" */
const char *tlsa_class_text(enum tlsa_class);	/* "next-or-stale" */
const char *zone_kind_text(enum zone_kind);	/* "delegated" */
const char *answer_text(enum answer_kind);	/* "nodata" */
const char *denial_text(enum denial_verdict);	/* "opt-out" */

/* "set", "nodata", "nxdomain"; "alias" where that is not the type asked. */
const char *link_text(const struct link *, uint16_t asked);

/* "matches", "ignored", "no-key" */
const char *ds_text(enum ds_fate);

/* The words of key_roles in their order; the texts are static. */
size_t key_role_texts(unsigned roles, const char *out[7]);

/*
 * "valid", "expired", "not-yet-valid", why it does not verify, or "renewed":
 * it ends before the instant, and is taken as made again by then.
 */
const char *signature_text(struct proofs *, const struct set_proof *,
    const struct signature_proof *, int64_t at);

/*
 * What a judgement at a later instant takes as signed again: "nothing" or
 * "above" (the zones above); and the same to end a sentence with.
 */
const char *renewal_word(const struct proofs *, int64_t collected_at,
    int64_t at);
const char *renewal_words(const struct proofs *, int64_t collected_at,
    int64_t at);

/* The rrsig could be read: its fields, dates and key tag mean something. */
bool signature_readable(const struct signature_proof *);

/*
 * The code of an outcome with its first digit, where a sender of that
 * profile is known to give it; transient ('4') only while it retries.
 */
const char *outcome_code(struct arena *, const struct outcome *,
    enum profile, char digit);

/* The same for a finding that a code can come from; NULL for the others. */
const char *finding_code(struct arena *, const struct finding *, char digit);

/* RFC 8460 result type of such a finding, or NULL. */
const char *finding_tlsrpt(const struct finding *);

/*
 * A host's (address -1) or an address's own status: what happens there,
 * whatever the other hosts do.
 */
const char *host_status(const struct judgement *, size_t host, int address);

/* The domain's status in the words of verdict.status: no notes. */
const char *domain_status(const struct judgement *);

/* The remedy to print: the finding's own, else its row's; or NULL. */
const char *finding_remedy(const struct finding *);

/*
 * What stands in for a live observation, one text each ("contoso.example.
 * MX: from a zone file"); none when all was observed.
 */
size_t hypothetical_texts(struct arena *, const struct evidence *,
    const char ***out);

/* What --require names and nobody could tell, as bits of enum requirement. */
unsigned required_unknown(const struct judgement *);

/* Some host has an address of this family that could not be tried. */
bool family_not_covered(const struct judgement *, bool ipv6);

#endif

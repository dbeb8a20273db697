/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_MEMO_H
#define MXPROOF_MEMO_H
/*
 * What was verified before: one run judges the same evidence several times
 * (the second look, the judgement itself, shared zones of several domains),
 * and a signature check is what that costs.
 *
 * A check is known by a digest of all that it looks at (signed data,
 * signature, key), not by where that lies in memory: an observation may be
 * replaced or freed while the memo is in use, and nothing else can ever be
 * taken for it.  The work budget of proof.h is not the memo's affair: it
 * counts attempts, known or not, so that a judgement with a memo and one
 * without are equal.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signature.h"

enum {
	MEMO_KEY_LEN = 32,	/* SHA-256 */
	MEMO_ENTRIES_MAX = 4096	/* when full, all is forgotten */
};

struct memo;

/* Empty, with memory of its own; never NULL. */
struct memo *memo_new(void);
/* NULL is allowed. */
void memo_free(struct memo *);

/* The result of the check with this key: false when it is not known. */
bool memo_find(const struct memo *, const uint8_t key[MEMO_KEY_LEN],
    enum signature_result *);
/* Keep the result of a check that was just made, and count it. */
void memo_add(struct memo *, const uint8_t key[MEMO_KEY_LEN],
    enum signature_result);

/* How many signatures were really checked with this memo at hand. */
size_t memo_verifications(const struct memo *);

#endif

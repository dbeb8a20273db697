/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_MEMO_H
#define MXPROOF_MEMO_H
/*
 * What was verified or hashed before: one run looks at the same evidence
 * several times (the plan after every observation, the second look, the
 * judgement itself, shared zones of several domains), and signature checks
 * and costly NSEC3 hashes are what that costs.
 *
 * A result is known by a digest of all that it depends on (of a check: signed
 * data, signature, key), not by where that lies in memory: an observation
 * may be replaced or freed while the memo is in use, and nothing else can
 * ever be taken for it.  Work budgets are not the memo's affair: they count
 * attempts, known or not, so that a judgement with a memo and one without
 * are equal.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signature.h"

enum {
	MEMO_KEY_LEN = 32,	/* SHA-256 */
	MEMO_ENTRIES_MAX = 4096	/* when full, all is forgotten */
};

/* The first octet of what a key is the digest of. */
enum memo_kind { MEMO_SIGNATURE = 1, MEMO_NSEC3 = 2 };

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

/* The same for a hash of 20 octets; not counted. */
bool memo_find_hash(const struct memo *, const uint8_t key[MEMO_KEY_LEN],
    uint8_t hash[20]);
void memo_add_hash(struct memo *, const uint8_t key[MEMO_KEY_LEN],
    const uint8_t hash[20]);

/* How many signatures were really checked with this memo at hand. */
size_t memo_verifications(const struct memo *);

#endif

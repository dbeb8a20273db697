/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DENIAL_H
#define MXPROOF_DENIAL_H
/*
 * NSEC (RFC 4035 5.4) and NSEC3 (RFC 5155 8): what a set of records of one
 * zone proves.  The caller has verified the records, or knows that it has
 * not; nothing here looks at signatures or dates.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proof.h"
#include "rdata.h"

struct arena;
struct memo;

enum {
	NSEC3_ITERATIONS_MAX = 150,	/* RFC 9276 3.2: insecure above */
	NSEC3_HASH_LEN = 20,
	DENIAL_RECORDS_MAX = 32		/* more are not looked at */
};

enum denial_question {
	DENIAL_OF_TYPE,		/* the name has not this type */
	DENIAL_OF_NAME,		/* the name does not exist */
	DENIAL_OF_CLOSER	/* wildcard: no closer match exists */
};

struct denial_query {
	enum denial_question question;
	const uint8_t	*name;
	uint16_t	 type;		/* OF_TYPE; DS has rules of its own */
	const uint8_t	*zone;		/* the signer of the records */
	unsigned	 labels;	/* OF_CLOSER: the RRSIG's */
	const struct rr	**records;	/* NSEC, NSEC3; others are ignored */
	size_t		 nrecords;
};

struct denial_result {
	enum denial_verdict verdict;
	const char	*why;		/* static; NULL when proven */
	bool		 delegation;	/* the name is a cut: NS without SOA;
					 * or, INVALID, lies below one */
	bool		 no_name;	/* the name does not exist at all */
	bool		 nsec3;
	unsigned	 iterations;	/* of the NSEC3 records */
};

/*
 * Hashes of names, each computed once, within a budget (CVE-2023-50868).  It
 * counts the work, in blocks of SHA-1, not the names: a hash may cost one
 * block or, with iterations and salt at their limits, hundreds.
 */
struct nsec3_hasher;

struct nsec3_hasher *nsec3_hasher_new(struct arena *, unsigned budget);

/*
 * Hashes that the memo knows are not computed again; the budget is spent
 * all the same, so that the results are equal.
 */
void nsec3_hasher_memo(struct nsec3_hasher *, struct memo *);

/*
 * SHA-1 of the name by RFC 5155 5; false when the budget is used up or the
 * system has no SHA-1.
 */
bool nsec3_hash(struct nsec3_hasher *, const uint8_t *name,
    const uint8_t *salt, size_t saltlen, unsigned iterations,
    uint8_t out[NSEC3_HASH_LEN]);

/* The budget that one hash takes; and what has been spent. */
unsigned nsec3_work(const uint8_t *name, size_t saltlen,
    unsigned iterations);
unsigned nsec3_hasher_spent(const struct nsec3_hasher *);

struct denial_result denial_check(struct nsec3_hasher *,
    const struct denial_query *);

#endif

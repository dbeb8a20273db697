/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SIGNATURE_H
#define MXPROOF_SIGNATURE_H
/*
 * One RRSIG over one RRset with one DNSKEY (RFC 4034, RFC 4035 5.3), and
 * one DS against one DNSKEY.  Arithmetic only: no dates, no chain, no
 * opinion about who may sign what beyond the shape of the fields.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdata.h"

struct arena;
struct memo;

/* IANA registry "DNS Security Algorithm Numbers", RFC 9904 and 9905. */
enum dnssec_algorithm {
	ALGORITHM_RSAMD5 = 1,
	ALGORITHM_DSA = 3,
	ALGORITHM_RSASHA1 = 5,
	ALGORITHM_DSA_NSEC3_SHA1 = 6,
	ALGORITHM_RSASHA1_NSEC3_SHA1 = 7,
	ALGORITHM_RSASHA256 = 8,
	ALGORITHM_RSASHA512 = 10,
	ALGORITHM_ECC_GOST = 12,
	ALGORITHM_ECDSAP256SHA256 = 13,
	ALGORITHM_ECDSAP384SHA384 = 14,
	ALGORITHM_ED25519 = 15,
	ALGORITHM_ED448 = 16
};

/* IANA registry of DS digest types. */
enum ds_digest {
	DIGEST_SHA1 = 1, DIGEST_SHA256 = 2, DIGEST_SHA384 = 4
};

/* DNSKEY flags (RFC 4034 2.1.1, RFC 5011 2.1). */
enum dnskey_flag {
	DNSKEY_ZONE = 0x0100, DNSKEY_REVOKE = 0x0080, DNSKEY_SEP = 0x0001
};

enum signature_result {
	SIGNATURE_RESULT_GOOD,
	SIGNATURE_RESULT_BAD,
	SIGNATURE_RESULT_UNSUPPORTED	/* here, or by the system's policy */
};

/* An RRset in canonical form: sorted, without duplicates (RFC 4034 6.3). */
struct canonical_set;

struct canonical_set *canonical_set_new(struct arena *,
    const struct rr *const *rrs, size_t nrrs);

/* The cryptographic check alone, dates aside. */
enum signature_result signature_check(const struct canonical_set *,
    const struct rr *rrsig, const struct rrsig *fields,
    const struct rr *dnskey);
/* The same; what the memo (may be NULL) knows is not checked again. */
enum signature_result signature_check_once(struct memo *,
    const struct canonical_set *, const struct rr *rrsig,
    const struct rrsig *fields, const struct rr *dnskey);

/*
 * About how many microseconds of one core the check takes, by the algorithm,
 * the key's size and exponent, and the octets to be hashed; and the laying
 * out of a set.  Work budgets count these, so that the dearest evidence that
 * can be made is bounded like any other.
 */
unsigned signature_work(const struct canonical_set *, const struct rrsig *,
    const struct rr *dnskey);
unsigned canonical_work(size_t nrrs);

/*
 * What is wrong with the fields for this owner and type (RFC 4035 5.3.1),
 * or NULL; static text.
 */
const char *signature_misshapen(const struct rrsig *,
    const uint8_t *owner, uint16_t type);

/* The set is the expansion of a wildcard (RFC 4035 5.3.2). */
bool signature_expanded(const struct rrsig *, const uint8_t *owner);

/* Implemented; 5 and 7 only where deprecated ones are to be validated. */
bool algorithm_supported(uint8_t algorithm, bool deprecated);
/* RFC 9904 to 9906: not to be used, so treated as unsupported. */
bool algorithm_deprecated(uint8_t algorithm);
/* "RSASHA256", "algorithm 99"; buf of at least 24 bytes. */
const char *algorithm_text(uint8_t algorithm, char buf[24]);

bool digest_supported(uint8_t digest_type);

uint16_t dnskey_flags(const struct rr *dnskey);
uint8_t dnskey_algorithm(const struct rr *dnskey);
/* Why a DNSKEY may not sign (RFC 4034 2.1.1 and 2.1.2, RFC 5011 2.1). */
const char *dnskey_unfit(const struct rr *dnskey);
/* Bits of the key; 0 = unknown. */
unsigned dnskey_bits(const struct rr *dnskey);

/* The same for the digest of a key of that length. */
unsigned ds_work(size_t rdlen);

/* The DS record's digest is that of the key, tag and algorithm too. */
bool ds_names_key(const struct rr *ds, const struct rr *dnskey);
/* The DS record (digest 2) of a key as a zone-file line; NULL: cannot. */
char *ds_line(struct arena *, const struct rr *dnskey, uint32_t ttl);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DANE_H
#define MXPROOF_DANE_H
/*
 * What a TLSA record says about the chain of one session: does it match at
 * the depth its usage allows, does the path to it verify, are the dates and
 * names of that path in order (RFC 7671 5, RFC 7672 3).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer;
struct arena;
struct cert;
struct host_view;
struct judgement;
struct proofs;
struct tlsa_view;

enum {
	DANE_CHAIN_MAX = 16,	/* certificates a path is looked for in */
	DANE_ISSUERS_MAX = 64,	/* signatures verified between those */
	DANE_ANCHORS_MAX = 32	/* bare keys tried on one chain */
};

enum dane_issued { ISSUED_UNASKED, ISSUED_YES, ISSUED_NO };

/* A chain as sent, and who issued whom in it, found out once. */
struct dane_chain {
	struct cert	**certs;
	size_t		 n;
	enum dane_issued issued[DANE_CHAIN_MAX][DANE_CHAIN_MAX]; /* [child][issuer] */
	unsigned	 nissuers;	/* signatures verified so far */
	unsigned	 nanchors;	/* bare keys tried so far */
};

/* What usage 2 demands beside the match; usage 3 reads none of it. */
struct dane_peer {
	const char	**names;	/* reference identifiers, no final dot */
	size_t		 nnames;
	int64_t		 at;
};

enum dane_verdict {
	DANE_NOTHING,		/* matches nothing it may match */
	DANE_NO_PATH,		/* the authority is known, no path to it */
	DANE_NOT_ACCEPTED,	/* matches; a date or the name is wrong */
	DANE_AUTHENTIC
};

struct dane_check {
	enum dane_verdict verdict;
	unsigned	 depth;		/* of the match; 0 = leaf */
	const struct cert *anchor;	/* matched certificate; NULL: bare key */
	const struct cert *expired;	/* on the path, or NULL */
	const struct cert *early;	/* not yet valid, or NULL */
	bool		 wrong_name;
	const struct cert *unfit;	/* DANE_NO_PATH: stands in the way, … */
	const char	*flaw;		/* … and why; or NULL */
	const struct cert *first_to_expire; /* on the path; usage 2 only */
};

void dane_chain_init(struct dane_chain *, struct cert **certs, size_t n);

/* A usable record against a chain. */
struct dane_check dane_check(struct arena *, struct dane_chain *,
    const struct tlsa_view *, const struct dane_peer *);

/*
 * The best that any usable record (after digest agility) says; *by is its
 * index, -1 when all say DANE_NOTHING.  Usage 3 comes before usage 2.
 */
struct dane_check dane_best(struct arena *, struct dane_chain *,
    const struct tlsa_view *list, size_t n, const struct dane_peer *,
    int *by);

/*
 * Who may stand in a host's certificate under usage 2, and when: the TLSA
 * base domain and the next-hop domain with its secure expansion (RFC 7672
 * 3.2.2).
 */
struct dane_peer dane_peer(struct judgement *, const struct host_view *);

/* The TTL of a TLSA set as the zone has it: a cache counts it down. */
uint32_t dane_ttl(struct judgement *, const struct answer *);

/*
 * The owner of a TLSA set in its zone: the wildcard that gives it (RFC 4592
 * 3.3), else the name at which it was found.  Another record at that name
 * would take the wildcard's place.
 */
const uint8_t *dane_owner(struct proofs *, const struct answer *);

/* A record of the set with that owner, made in the arena where it differs. */
const struct rr *dane_record(struct arena *, const uint8_t *owner,
    const struct rr *);

/* The certificates lead up to a self-issued one. */
bool dane_chain_complete(struct dane_chain *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PROOF_INTERNAL_H
#define MXPROOF_PROOF_INTERNAL_H
/*
 * What proof.c (links and sets), zone.c (zones and their keys) and
 * proof_state.c (states at an instant) share.  No other room includes this.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "denial.h"
#include "proof.h"

/*
 * The work budget of one domain's proofs (CVE-2023-50387, CVE-2023-50868):
 * many times what an honest domain within the limits of path.h needs.  Its
 * unit is about a microsecond of one core, by algorithm and size: see
 * signature_work.  What lies beyond a limit is not looked at; where it could
 * have decided, the state is indeterminate, never bogus and never secure.
 */
enum {
	PROOF_WORK_MAX = 400000,	/* of signatures and DS digests */
	PROOF_HASH_WORK_MAX = 250000,	/* of NSEC3 hashes, see nsec3_work */
	SIGNATURE_LOOK = 50,		/* work of an RRSIG that is not checked */
	PROOF_FAILURES_MAX = 16,	/* failed attempts in one set */
	PROOF_SIGNATURES_MAX = 32,	/* RRSIGs looked at in one set */
	PROOF_KEYS_MAX = 64,		/* DNSKEYs of one zone */
	PROOF_DS_MAX = 64,		/* DS records of one zone */
	PROOF_DIGESTS_MAX = 32,		/* DS digests compared in one zone */
	PROOF_SIGNERS_MAX = 4,		/* zones whose denial is looked at */
	PROOF_ZONES_MAX = 512,		/* names that are or may be a zone */
	PROOF_DEPTH_MAX = 32		/* labels of a zone */
};

/* A state that was asked for last, kept. */
struct state_memo {
	bool		 known;
	int64_t		 at;
	unsigned	 generation;
	struct dnssec	 state;
};

/* The NSEC and NSEC3 sets of one observation, proved once. */
struct denial_sets {
	const struct dns_observation *obs;
	struct set_proof *sets;
	size_t		 n;
	bool		 more;		/* records or RRSIGs beyond the limit */
};

/* A public proof and the room's own part; the public one comes first. */
struct link_proof {
	struct proof	 pub;
	struct denial_query query;	/* records not set */
	struct denial_result denied;	/* by all verified records */
	bool		 more;		/* beyond a limit: could deny, too */
	bool		 busy;		/* its state is being found */
	struct state_memo memo[2];	/* see state_slot */
};

struct zone {
	struct zone_proof pub;
	uint32_t	 hash;		/* of its name */
	bool		 over_limit;	/* zones, depth: not looked at */
	unsigned	 digests;	/* of PROOF_DIGESTS_MAX */
	bool		 not_a_cut;	/* proven: no zone begins here */
	bool		 no_name;	/* proven: not even the name exists */
	bool		 own;		/* holds records of the mail path */
	struct state_memo memo[2];
};

struct proofs {
	struct arena	*mem;
	const struct evidence *ev;
	struct memo	*memo;		/* or NULL */
	struct link_proof **links;
	size_t		 nlinks, linkcap;
	struct zone	**zones;
	size_t		 nzones, zonecap;
	struct denial_sets **denials;
	size_t		 ndenials, denialcap;
	struct nsec3_hasher *hasher;
	struct zone	*beyond;	/* stands for all over the limit */
	unsigned	 work;		/* spent of PROOF_WORK_MAX */
	unsigned	 verifications;
	unsigned	 generation;	/* of the memos */
	enum proofs_renewal renew;
	bool		 deprecated;	/* algorithms 5 and 7 are judged */
	size_t		 clock_zones;	/* zones when it was looked at */
	bool		 clock_suspect;
};

/* proof.c: spend from the budget; false when that much is not left. */
bool work_spend(struct proofs *, unsigned work);
/* The set (owner, type) of a section with its signatures. */
struct set_proof set_collect(struct proofs *, const struct rr *rrs, size_t n,
    const uint8_t *owner, uint16_t type);
/* Verify them; zone is given for a DNSKEY set, else the signer's. */
void set_prove(struct proofs *, struct set_proof *, const struct zone *);
/* The link's proof, also for the room's own (DS) links. */
struct link_proof *link_get(struct proofs *, const struct link *);
/* The observation's NSEC and NSEC3 sets. */
const struct denial_sets *denial_sets_get(struct proofs *,
    const struct dns_observation *);
/* The set's signer has this name, and its owner is no expansion. */
bool denial_set_of(const struct set_proof *, const uint8_t *zone);

/* zone.c: the zone of this name, made at the first call. */
struct zone *zone_get(struct proofs *, const uint8_t *name);
struct zone *zone_known(const struct proofs *, const uint8_t *name);
/* The closest name at or above that has a trust anchor; NULL = none. */
const uint8_t *anchor_above(const struct evidence *, const uint8_t *name);
bool anchor_at(const struct evidence *, const uint8_t *name);
/*
 * A zone of that name may vouch for data of this owner and type: it does not
 * lie above the trust anchor that they are under.
 */
bool anchor_allows(const struct evidence *, const uint8_t *zone,
    const uint8_t *owner, uint16_t type);

/* What has no DS in a file that is yet to be signed is a delegation. */
bool assumed_cut(const struct dns_observation *, const uint8_t *name);

/* evidence, read: a reply with NOERROR or NXDOMAIN. */
bool observation_usable(const struct dns_observation *);

/* The slot of its own for collected_at, which is asked for beside others. */
#define state_slot(p, memo, when) (&(memo)[(when) != (p)->ev->collected_at])

/* proof_set.c: signatures and dates of one set at an instant. */
enum signature_when { WHEN_VALID, WHEN_EXPIRED, WHEN_EARLY };
enum signature_when signature_when(const struct proofs *,
    const struct signature_proof *, int64_t at);

struct dnssec state_make(enum dnssec_state, enum finding_id,
    const uint8_t *zone, const uint8_t *owner, uint16_t type);
/* A limit kept something out that could have decided. */
struct dnssec state_limit(struct proofs *, const uint8_t *zone,
    const uint8_t *owner, uint16_t type, const char *what);
/* A question without a usable reply: indeterminate, and why. */
struct dnssec state_unobserved(struct proofs *,
    const struct dns_observation *, const uint8_t *owner, uint16_t type);

/*
 * How near to good a signature is; of several, the nearest one speaks for
 * the set.  RANK_SHAPE and below: no zone can be told from it.
 */
enum signature_rank {
	RANK_NONE, RANK_SHAPE, RANK_SIGNER, RANK_UNSUPPORTED, RANK_NO_KEY,
	RANK_UNFIT, RANK_INVALID, RANK_EARLY, RANK_EXPIRED, RANK_ZONE,
	RANK_UNCHECKED, RANK_UNKNOWN, RANK_INSECURE, RANK_SECURE
};

struct set_state {
	struct dnssec	 state;
	enum signature_rank rank;
	const struct signature_proof *by;	/* the one that decided */
};

/* The set by the best of its signatures. */
struct set_state set_state_get(struct proofs *, const struct set_proof *,
    int64_t at);
/* One signature, its zone being secure. */
struct set_state signature_state(struct proofs *, const struct set_proof *,
    const struct signature_proof *, int64_t at);

/* "the DS set of contoso.com.", in the arena. */
const char *set_words(struct proofs *, const uint8_t *owner, uint16_t type);
/* "RSASHA256 key 12345", in the arena. */
const char *key_words(struct proofs *, uint16_t tag, uint8_t algorithm);

/* zone_state.c */
struct dnssec zone_state_get(struct proofs *, struct zone *, int64_t at);

/* proof_state.c: the public proof is the first member of the room's own. */
struct link_proof *link_own(const struct proof *);
struct dnssec link_state_get(struct proofs *, struct link_proof *,
    int64_t at);

#endif

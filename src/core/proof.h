/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PROOF_H
#define MXPROOF_PROOF_H
/*
 * DNSSEC: every signature and denial that a link needs, verified once and
 * without a clock: the verdict and the interval in which it holds.  The
 * state at an instant is then a cheap question (proof_state), so --at,
 * three senders and validity cost microseconds.
 *
 * chain_wants says which questions are missing (structure only, no crypto):
 * both follow the same zone structure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalogue.h"
#include "evidence.h"
#include "path.h"

struct arena;
struct memo;
struct wants;

/* RFC 4035 4.3 */
enum dnssec_state {
	DNSSEC_STATE_SECURE,
	DNSSEC_STATE_INSECURE,
	DNSSEC_STATE_BOGUS,
	DNSSEC_STATE_INDETERMINATE	/* a needed answer is missing or failed */
};

/* What one RRSIG is worth, dates aside. */
enum signature_verdict {
	SIGNATURE_VERIFIED,
	SIGNATURE_NO_KEY,	/* tag and algorithm name no DNSKEY */
	SIGNATURE_INVALID,	/* the cryptographic check fails */
	SIGNATURE_MALFORMED,	/* signer, labels, length, … */
	SIGNATURE_UNSUPPORTED,	/* algorithm not implemented or by policy */
	SIGNATURE_KEY_UNFIT,	/* revoked, not a zone key, protocol not 3 */
	SIGNATURE_NOT_CHECKED	/* a limit of work or keys was reached */
};

struct signature_proof {
	const struct rr	*rrsig;
	struct rrsig	 fields;	/* read from rrsig; zero if unreadable */
	enum signature_verdict verdict;
	const struct rr	*dnskey;	/* VERIFIED, KEY_UNFIT: by this one */
	const char	*why;		/* static text for MALFORMED, UNFIT */
};

enum denial_verdict {
	DENIAL_PROVEN,
	DENIAL_OPT_OUT,		/* proven insecure by an opt-out span */
	DENIAL_MISSING,		/* no NSEC or NSEC3 at all */
	DENIAL_INVALID,		/* they do not prove it */
	DENIAL_ITERATIONS,	/* NSEC3 over the limit: insecure */
	DENIAL_NOT_CHECKED	/* work budget */
};

/* A set of records with its signatures: answer, DNSKEY, DS, or one NSEC. */
struct set_proof {
	const uint8_t	*owner;
	uint16_t	 type;
	uint32_t	 ttl;
	const struct rr	**rrs;
	size_t		 nrrs;
	struct signature_proof *sigs;
	size_t		 nsigs;
	bool		 more;		/* RRSIGs that were not looked at */
};

struct zone_proof;

/* One link, proved.  Which members are set depends on its kind. */
struct proof {
	struct link	 link;
	const struct zone_proof *zone;	/* the signer's; NULL: unsigned */
	struct set_proof set;		/* LINK_SET */
	/* Negative answers and wildcard expansions: */
	bool		 denial_needed;
	enum denial_verdict denial;
	const char	*denial_why;	/* static or arena text, or NULL */
	struct set_proof *denial_sets;	/* NSEC/NSEC3 with signatures */
	size_t		 ndenial_sets;
	const uint8_t	*wildcard;	/* that it is expanded from, or NULL */
	/* Unsigned data: the cut that proves them insecure, or why not. */
	const struct zone_proof *insecure_at;	/* closest zone or cut */
	void		*private;	/* the room's own */
};

enum zone_kind {
	ZONE_ANCHOR,		/* trust anchor configured at this name */
	ZONE_DELEGATED,		/* DS at the parent */
	ZONE_UNSIGNED,		/* denial of DS at a cut: provably insecure */
	ZONE_OUTSIDE,		/* under no anchor */
	ZONE_UNKNOWN		/* needed answers are missing or failed */
};

struct ds_proof {
	const struct rr	*ds;		/* or the anchor record */
	uint16_t	 key_tag;
	uint8_t		 algorithm, digest_type;
	bool		 supported;
	bool		 ignored;	/* SHA-1 beside SHA-2, RFC 4509 3 */
	bool		 revoked;	/* it names a key that is revoked now */
	bool		 not_compared;	/* with a key of its tag: a limit */
	const struct rr	*matches;	/* the DNSKEY it names, or NULL */
};

struct key_proof {
	const struct rr	*dnskey;
	uint16_t	 key_tag, flags;
	uint8_t		 algorithm;
	unsigned	 bits;		/* 0 = unknown */
};

struct zone_proof {
	const uint8_t	*name;
	enum zone_kind	 kind;
	const struct zone_proof *parent; /* NULL at an anchor */
	const struct proof *ds_link;	/* DS set or its denial, or NULL */
	struct set_proof dnskey;	/* nrrs 0: missing */
	const struct dns_observation *dnskey_obs; /* or NULL */
	struct ds_proof	*ds;
	size_t		 nds;
	struct key_proof *keys;
	size_t		 nkeys;
	bool		 more_keys;	/* keys that were not looked at */
	bool		 more_ds;	/* DS that were not compared with all */
};

struct proofs;

/* The state of a link at an instant, with its cause. */
struct dnssec {
	enum dnssec_state state;
	enum finding_id	 reason;	/* FINDING_DNSSEC_… or _DNS_… */
	const uint8_t	*zone;		/* where the cause lies; or NULL */
	const uint8_t	*set_owner;	/* the record set at fault; or NULL */
	uint16_t	 set_type;
	bool		 has_tag;
	uint16_t	 key_tag;
	bool		 has_date;
	int64_t		 date;		/* expired or valid since/from */
	const char	*detail;	/* sentence in the proofs' arena */
	const char	*publish;	/* DS line to publish, or NULL */
	const struct zone_proof *withdraw; /* its DS records; or NULL */
	bool		 certain;	/* seen in the data, whoever sent them */
};

/*
 * Empty; proofs live in the arena, which must outlive them.  What the memo
 * (may be NULL) knows is not verified again; the proofs are the same.
 */
struct proofs *proofs_new(struct arena *, const struct evidence *,
    struct memo *);

/* Empty, for other evidence, with the same memo and settings. */
struct proofs *proofs_like(const struct proofs *, struct arena *,
    const struct evidence *);

/*
 * Which signatures an instant later than collected_at takes as made again:
 * none; those of the zones above the ones that hold the links' records (root,
 * TLD), the default; or all that were valid at collected_at.
 */
enum proofs_renewal { RENEW_NONE, RENEW_ABOVE, RENEW_ALL };

/* Returns what was set before; and what is set. */
enum proofs_renewal proofs_renew(struct proofs *, enum proofs_renewal);
enum proofs_renewal proofs_renewed(const struct proofs *);

/*
 * Judge algorithms 5 and 7 in full (RFC 9905 treats them as unsupported,
 * the default); before the first proofs_link.
 */
void proofs_deprecated(struct proofs *, bool validate);

/*
 * The proof of a link, made at the first call and kept; never NULL.  Its
 * zone counts as one that the judgement is about: not renewed (see above).
 */
const struct proof *proofs_link(struct proofs *, const struct link *);
/* The same, of a link that is looked at beside that. */
const struct proof *proofs_aside(struct proofs *, const struct link *);

/* The state at an instant; details are written into the arena. */
struct dnssec proof_state(struct proofs *, const struct proof *, int64_t at);

/*
 * What is wrong with this one signature of a set at an instant, its zone's
 * keys taken as good: SECURE where nothing is.
 */
struct dnssec proof_signature(struct proofs *, const struct set_proof *,
    const struct signature_proof *, int64_t at);

/*
 * The state of a whole answer: the worst of its links (bogus, then
 * indeterminate, insecure, secure).  ANSWER_PENDING, _ERROR, _NO_REPLY
 * without links are indeterminate with reason DNS_LOOKUP_FAILED or
 * DNS_TIMEOUT.
 */
struct dnssec proof_answer(struct proofs *, const struct answer *,
    int64_t at);
/* The same, of an answer that is looked at beside others (proofs_aside). */
struct dnssec proof_answer_aside(struct proofs *, const struct answer *,
    int64_t at);

/* All zones met so far, root first, by canonical order of names. */
size_t proofs_zones(struct proofs *, const struct zone_proof ***out);

/* The state of a zone (its DNSKEY set and chain) at an instant. */
struct dnssec zone_state(struct proofs *, const struct zone_proof *,
    int64_t at);

/* What a key of a zone is and does, as far as the proofs have seen. */
enum key_role {
	KEY_ZONE = 1,		/* may sign (RFC 4034 2.1.1) */
	KEY_SEP = 2,		/* a hint only */
	KEY_REVOKED = 4,	/* RFC 5011 2.1 */
	KEY_UNFIT = 8,		/* does not count, for whatever reason */
	KEY_NAMED = 16,		/* a DS or an anchor that counts names it */
	KEY_SIGNS_KEYS = 32,
	KEY_SIGNS_DATA = 64
};

/* Bits of enum key_role. */
unsigned key_roles(const struct proofs *, const struct zone_proof *,
    const struct key_proof *);

/* What becomes of a DS record or an anchor. */
enum ds_fate {
	DS_MATCHES,
	DS_IGNORED,		/* SHA-1 beside SHA-2 */
	DS_UNSUPPORTED,		/* algorithm or digest type */
	DS_REVOKED,		/* the key it names is revoked */
	DS_NOT_COMPARED,	/* with all keys: a limit was reached */
	DS_DIFFERS,		/* a key has its tag, and another digest */
	DS_NO_KEY,
	DS_UNSEEN		/* the keys were not observed */
};

enum ds_fate ds_fate(const struct zone_proof *, const struct ds_proof *);

/* The TTL of the zone's DS set at its origin, in seconds; 3600 without one. */
uint32_t zone_ds_ttl(const struct zone_proof *);

/*
 * The good signature by which a set lasts longest from this instant, and
 * until when; NULL: none is good.  keys_of: the zone whose DNSKEY set it is,
 * for only keys that a DS names count then; else NULL.
 */
const struct signature_proof *set_lasts(const struct zone_proof *keys_of,
    const struct set_proof *, int64_t at, int64_t *until);

/*
 * From when on a signature ends soon: renewed by now, or nobody does it.
 * *age is how old the copy that was seen is.
 */
int64_t signature_soon(const struct proofs *, const struct set_proof *,
    const struct signature_proof *, int64_t at, int64_t *age);

/*
 * All instants at which a date in these proofs begins, ends, or ends soon, unsorted,
 * relative to near (32-bit serials, RFC 1982); in the arena.
 */
size_t proofs_instants(struct proofs *, int64_t near, int64_t **out);

/*
 * How many signatures were verified (each at most once), whether a memo knew
 * them or not; for tests.
 */
unsigned proofs_verifications(const struct proofs *);

/*
 * What these proofs have cost so far, in about microseconds, as if no memo
 * had helped: at most some 500000 (see the limits in proof_internal.h).
 */
unsigned proofs_work(const struct proofs *);

/*
 * Add to wants the questions (DNSKEY, DS) that are missing before a link
 * can be judged.  Structure only: an RRSIG's signer names its zone; for
 * unsigned data DS is asked at each label down from the closest zone with
 * signatures until a denial shows the cut (RFC 4035 5.2).
 */
void chain_wants(struct arena *, const struct evidence *,
    const struct link *, struct wants *);

/* "secure", "insecure", "bogus", "indeterminate". */
const char *dnssec_state_text(enum dnssec_state);

#endif

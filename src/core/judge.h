/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_JUDGE_H
#define MXPROOF_JUDGE_H
/*
 * The table of judges in path order.  Each reads the path, the proofs and
 * what the judges before it left in the views, and adds findings.  Pure:
 * path, proofs, an instant and options in; a judgement out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalogue.h"
#include "finding.h"
#include "path.h"
#include "proof.h"

struct arena;
struct cert;
struct rollover;

struct judge_options {
	int64_t		 at;		/* UTC seconds */
	enum profile	 profile;
	unsigned	 require;	/* bits of enum requirement */
	int64_t		 horizon_s;	/* CERT_EXPIRES_SOON; 0 = default rule */
	bool		 strict;	/* no "another host delivers" */
	const struct rollover_set *known; /* of an earlier run */
	size_t		 nknown;
};

enum delivery {
	DELIVERY_NOT_APPLICABLE,	/* null MX */
	DELIVERED_AUTHENTICATED,
	DELIVERED_ENCRYPTED,
	DELIVERED_CLEARTEXT,
	DELIVERY_UNKNOWN,
	DELIVERY_DEFERRED,
	DELIVERY_BOUNCED
};

/* What a sender of one profile does with a domain, host or address. */
struct outcome {
	enum delivery	 delivery;
	const struct finding *because;	/* the deciding one, or NULL */
	const char	*ndr;		/* "7.323", or NULL */
	const char	*tlsrpt;	/* or NULL */
};

/* RFC 6698 2.1.1 to 2.1.3, acronyms of RFC 7218 */
enum tlsa_usage { PKIX_TA = 0, PKIX_EE = 1, DANE_TA = 2, DANE_EE = 3 };
enum tlsa_selector { SELECTOR_CERT = 0, SELECTOR_SPKI = 1 };
enum tlsa_matching { MATCHING_FULL = 0, SHA2_256 = 1, SHA2_512 = 2 };

enum tlsa_class {
	TLSA_LIVE,		/* matches a certificate of the server */
	TLSA_NEXT_OR_STALE,	/* usable, matches nothing seen */
	TLSA_OTHER_KEY_TYPE,	/* matches only the second session */
	TLSA_UNUSABLE,		/* usage 0/1, unknown parameter */
	TLSA_MALFORMED,
	TLSA_UNTESTED		/* no certificate was seen */
};

struct tlsa_match {
	size_t		 address;	/* index into the host's addresses */
	enum tls_keys	 keys;
	unsigned	 depth;		/* 0 = leaf */
};

/* One TLSA record as judged. */
struct tlsa_view {
	const struct rr	*rr;
	uint8_t		 usage, selector, matching;
	const uint8_t	*data;
	size_t		 datalen;
	bool		 usable;	/* RFC 7672 2.2, 3.1 */
	bool		 agile_out;	/* left aside by digest agility */
	enum tlsa_class	 class;
	struct tlsa_match *matches;
	size_t		 nmatches;
};

struct address_view {
	const struct path_address *address;
	struct cert	**chain;	/* of the session with any key */
	size_t		 nchain;
	struct cert	**chain2[2];	/* of the RSA, ECDSA sessions */
	size_t		 nchain2[2];
	bool		 tls;		/* a handshake was completed */
	bool		 authenticated;	/* a usable record authenticates */
	int		 by;		/* index of that TLSA record, or -1 */
	struct outcome	 outcome[NPROFILES];
};

struct host_view {
	const struct path_host *host;
	struct dnssec	 address_dnssec;	/* better of A and AAAA with data */
	struct dnssec	 tlsa_dnssec;	/* of the answer that counts */
	const struct answer *tlsa_answer;	/* that one, or NULL */
	const uint8_t	*base_domain;	/* TLSA base domain, or NULL */
	bool		 tlsa_counts;	/* records exist and are authentic */
	bool		 dane;		/* and at least one is usable */
	bool		 tls_mandatory;	/* dane, or all unusable */
	bool		 all_unusable;
	bool		 lookup_failed;	/* TLSA_LOOKUP_FAILED was found */
	struct tlsa_view *tlsa;
	size_t		 ntlsa;
	struct address_view *addresses;	/* one per host->addresses */
	struct outcome	 outcome[NPROFILES];
};

/* Per DKIM selector. */
struct dkim_view {
	const struct path_selector *selector;
	struct dnssec	 dnssec;
	const uint8_t	*target;	/* CNAME target, or NULL */
	char		*expected_target;	/* or NULL when not known */
	enum severity	 status;
	const char	*key_type;	/* "rsa", "ed25519", or NULL */
	unsigned	 key_bits;
	bool		 key_strict;	/* t=s: i= of d= itself only */
};

/* A signature's domain beside that of the From field (RFC 7489 3.1.1). */
enum alignment {
	ALIGNED_UNKNOWN,	/* no domain, no From, or no policy to read */
	ALIGNED_NOT,
	ALIGNED_RELAXED,	/* the same organization */
	ALIGNED_STRICT		/* the same domain */
};

enum stage_status {
	STATUS_OK, STATUS_NOTE, STATUS_WARN, STATUS_UNKNOWN, STATUS_FAIL,
	STATUS_NOT_TESTED, STATUS_NOT_APPLICABLE
};

/* An instant at which the verdict or an object changes. */
struct event {
	int64_t		 at;
	const char	*what;		/* "RRSIG of … expires" */
	enum severity	 effect;	/* the domain's status from then */
	const char	*ndr;		/* its code, or NULL */
};

struct validity {
	bool		 has_until;	/* the verdict worsens some day */
	int64_t		 until;
	const char	*because;
	bool		 has_attention;
	int64_t		 attention;
	const char	*attention_because;
	struct event	*next;		/* at most five */
	size_t		 nnext;
};

struct judgement {
	struct arena	*mem;
	const struct evidence *ev;
	const struct path *path;
	struct proofs	*proofs;
	struct judge_options options;
	struct findings	 findings;	/* sorted by stage, worst first */
	struct dnssec	 mx_dnssec;
	bool		 mx_secure;
	struct host_view *hosts;	/* one per path->hosts */
	struct dkim_view *dkim;		/* one per path->selectors */
	enum alignment	*alignment;	/* one per signature of the message */
	enum stage_status stages[NSTAGES];
	struct outcome	 outcome[NPROFILES];
	enum severity	 status;	/* of the domain, chosen profile */
	struct validity	 validity;
	const struct rollover *rollover; /* to another certificate; or NULL */
};

/*
 * Judge a path.  proofs may be shared by several calls (the clock is in the
 * options).  validity is left empty: validity_find fills it.
 */
struct judgement *judge(struct arena *, const struct path *,
    struct proofs *, const struct judge_options *);

/* The judges, in this order. */
void judge_dnssec(struct judgement *);
void judge_mx(struct judgement *);
void judge_unseen(struct judgement *); /* after all others */
void judge_cached(struct judgement *); /* when the zones are known */
void judge_overlay(struct judgement *); /* when all has been asked of it */
void judge_tlsa(struct judgement *);
void judge_smtp(struct judgement *);
void judge_cert(struct judgement *);
void judge_dane(struct judgement *);
void judge_dkim(struct judgement *);
void judge_message(struct judgement *);

/* From when on a certificate ends soon, for these options. */
int64_t judge_cert_soon(const struct judgement *, const struct cert *);

/* "none", "relaxed", "strict"; NULL for ALIGNED_UNKNOWN. */
const char *alignment_text(enum alignment);

/*
 * Add a finding about a host (index into path->hosts) or one of its
 * addresses (-1 = the host itself): subject, host and address are set.
 */
struct finding *judge_add(struct judgement *, enum finding_id, int host,
    int address);

/* A formatted detail in the judgement's arena. */
char *judge_text(struct judgement *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * DANE is not done by a sender of the chosen kind because the MX set is not
 * secure (RFC 7672 2.2.1; Exchange wants the whole chain): rows with that
 * alternative set alt to this.
 */
bool judge_mx_insecure(const struct judgement *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PATH_H
#define MXPROOF_PATH_H
/*
 * The one walk: domain -> MX -> addresses -> TLSA base domain -> TLSA ->
 * sessions, with every alias on the way, and the DKIM selectors.  It looks
 * at the structure of the evidence only; it verifies nothing.  The planner
 * asks what the walk lacks, the judges read the same walk.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence.h"

struct arena;

enum {
	PATH_ALIASES_MAX = 16,
	PATH_HOSTS_MAX = 12,
	PATH_ADDRESSES_MAX = 8,
	PATH_KEPT_MAX = 64,	/* hosts, and addresses of one, kept at all */
	PATH_QUESTIONS_MAX = 200,
	PATH_SESSIONS_MAX = 40
};

/* One thing whose authenticity matters. */
enum link_kind {
	LINK_SET,	/* the RRset (owner, type) in obs's answer */
	LINK_NODATA,	/* obs denies that owner has type */
	LINK_NXDOMAIN	/* obs denies that owner exists */
};

struct link {
	const struct dns_observation *obs;
	const uint8_t	*owner;
	uint16_t	 type;
	enum link_kind	 kind;
};

enum answer_kind {
	ANSWER_PENDING,		/* not observed (yet, or not recorded) */
	ANSWER_DATA,
	ANSWER_NODATA,
	ANSWER_NXDOMAIN,	/* or NXNAME, RFC 9824 */
	ANSWER_LOOP,		/* aliases without end, or to no name */
	ANSWER_ERROR,		/* another rcode */
	ANSWER_NO_REPLY		/* timeout, network error, malformed */
};

/* A question with its aliases followed through the evidence. */
struct answer {
	const uint8_t	*name;		/* the question */
	uint16_t	 type;
	enum answer_kind kind;
	const uint8_t	*final;		/* the name behind all aliases */
	const struct dns_observation *obs; /* the last read; NULL = pending */
	const struct rr	**rrs;		/* DATA: type at final */
	size_t		 nrrs;
	struct link	*links;		/* aliases first, in order */
	size_t		 nlinks;
	unsigned	 naliases;	/* CNAME and DNAME steps */
	uint32_t	 ttl;		/* the least TTL on the way */
};

/* The certificates of a session, parsed by whom it concerns first. */
struct path_chain {
	bool		 parsed;
	struct cert	**certs;
	size_t		 n;
};

struct path_address {
	const char	*text;		/* canonical, as inet_ntop writes it */
	bool		 ipv6;
	bool		 special;	/* RFC 6890: no Internet sender reaches it */
	bool		 over_limit;	/* not probed, PATH_ADDRESSES_MAX */
	uint8_t		 bytes[16];	/* 4 or 16 octets */
	/* By enum tls_keys; NULL = not observed. */
	const struct smtp_observation *session[3];
	struct path_chain *chain;	/* 3, of the sessions */
};

struct path_host {
	const uint8_t	*name;
	uint16_t	 preference;
	bool		 implicit;	/* the domain itself, no MX */
	bool		 not_a_name;	/* address literal, localhost, bad name */
	bool		 over_limit;	/* PATH_HOSTS_MAX: nothing was asked */
	struct answer	 a;
	struct answer	 aaaa;
	struct path_address *addresses;
	size_t		 naddresses;	/* kept in the array */
	size_t		 nleft;		/* and not, PATH_KEPT_MAX */
	const uint8_t	*expanded;	/* behind the aliases; name without */
	/* TLSA candidates in order of RFC 7672 2.2.2: expanded, original. */
	struct answer	 tlsa[2];
	size_t		 ntlsa;
	/* The TLSA base domain of each. */
	const uint8_t	*base[2];
};

enum mx_kind {
	MX_PENDING,	/* the question has no observation */
	MX_LIST,
	MX_IMPLICIT,	/* no MX: the domain is the host (RFC 5321 5.1) */
	MX_NULL,	/* RFC 7505 */
	MX_NULL_AND_OTHERS,
	MX_MISSING,	/* the domain does not exist */
	MX_FAILED	/* error or no reply: see mx.kind */
};

/* Who names a selector. */
enum selector_source {
	SELECTOR_ASKED,		/* --selector */
	SELECTOR_MESSAGE,	/* a signature of --message */
	SELECTOR_M365,		/* Microsoft 365's two */
	SELECTOR_GUESS		/* --guess-selectors, and there is one */
};

struct path_selector {
	const char	*selector;	/* "selector1" */
	const uint8_t	*domain;	/* the signature's d=; mostly ours */
	const uint8_t	*name;		/* selector1._domainkey.<domain> */
	enum selector_source source;
	bool		 guessed;	/* nobody asked for it */
	const char	*provider;	/* whose a guess usually is */
	struct answer	 txt;
	struct answer	 cname;		/* asked only when txt failed */
	/* Then its targets, one by one: a resolver hides a circle. */
	struct answer	 step;		/* the last that was looked at */
	const uint8_t	**steps;	/* the targets */
	unsigned	 nsteps;
	bool		 loop;		/* they run in a circle */
};

struct path {
	struct arena	*mem;
	const struct evidence *ev;
	const uint8_t	*domain;
	struct answer	 mx;
	enum mx_kind	 mx_kind;
	struct path_host *hosts;	/* by preference, then name */
	size_t		 nhosts;
	size_t		 nleft;		/* more MX records, PATH_KEPT_MAX */
	struct path_selector *selectors;
	size_t		 nselectors;
	/* With --guess-selectors: what was tried, and one that nobody uses. */
	struct answer	*guesses;
	size_t		 nguesses;
	struct answer	 control;
	/* DMARC records of the message's From and of its organization, as
	 * far as the alignment depends on them. */
	struct answer	 dmarc[2];
	size_t		 ndmarc;
	bool		 m365;		/* by its MX or by --m365 */
	bool		 gcc_high;
	const char	*m365_id;	/* customDomainIdentifier, or NULL */
};

/* Walk the evidence; never NULL, never fails. */
struct path *path_walk(struct arena *, const struct evidence *);

/* The same without the DKIM selectors. */
struct path *path_walk_mail(struct arena *, const struct evidence *);

/* The DKIM selectors of a path; a part of path_walk. */
void path_walk_selectors(struct path *);

/*
 * What is wrong at the selector is not for certain this domain's: a guess, or
 * a signature by another organization.
 */
bool path_selector_tentative(const struct path *,
    const struct path_selector *);

/* Follow one question through the evidence (used by path_walk, lookup). */
void answer_follow(struct arena *, const struct evidence *,
    const uint8_t *name, uint16_t type, struct answer *out);

/* RFC 6890: not reachable from the Internet.  4 or 16 octets. */
bool address_special(const uint8_t *bytes, bool ipv6);

/* Canonical text of an address; buf of at least 46 bytes is returned. */
const char *address_text(const uint8_t *bytes, bool ipv6, char buf[46]);

#endif

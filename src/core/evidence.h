/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_EVIDENCE_H
#define MXPROOF_EVIDENCE_H
/*
 * The nouns: everything observed, failures included; no opinions.  One
 * observation (a DNS answer, an SMTP session) is immutable once added and
 * reference-counted; it owns a small arena that all its pointers lead into.
 * A domain's evidence is arrays of references.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdata.h"
#include "wire.h"

struct arena;
struct mail_message;
struct choice;
struct overlay;
struct overlay_view;

enum dns_via { VIA_RESOLVER, VIA_RECURSIVE, VIA_AUTHORITATIVE, VIA_OVERLAY };

/*
 * Why a question was asked: the first time, or once more because the first
 * answer failed its proof (RFC 6840 5.9).
 */
enum dns_look {
	LOOK_FIRST,
	LOOK_WITHOUT_CD,	/* what the resolver itself validates */
	LOOK_ELSEWHERE		/* another resolver, or the zone's servers */
};

enum dns_outcome {
	DNS_REPLY,
	DNS_TIMED_OUT,
	DNS_REFUSED_CONNECTION,
	DNS_NETWORK_ERROR,
	DNS_MALFORMED
};

/* The resolver's own view: the same question without CD. */
struct dns_opinion {
	bool		 present;
	bool		 ad;
	uint16_t	 rcode;
	struct ede	*ede;
	size_t		 nede;
};

struct dns_observation {
	unsigned	 refs;
	struct arena	*mem;
	const uint8_t	*name;		/* the question, wire form */
	uint16_t	 type;
	enum dns_via	 via;
	enum dns_look	 look;
	enum dns_outcome outcome;
	/* Only for DNS_REPLY: */
	uint16_t	 rcode;
	uint16_t	 flags;		/* DNS_AA, _TC, _AD, _CD, … of the reply */
	struct rr	*answer;
	size_t		 nanswer;
	struct rr	*authority;
	size_t		 nauthority;
	struct ede	*ede;
	size_t		 nede;
	/* Always: */
	const char	*server;	/* "127.53.0.1", "::1@5353"; or NULL */
	const char	*transport;	/* "udp", "tcp", "tls"; or NULL */
	const char	*error;		/* the system's words for a failure */
	const char	*basis;		/* NULL = "live" */
	bool		 assumed;	/* signed by its zone, whoever is that */
	const uint8_t	*assumed_apex;	/* of the zone file it is from; or NULL */
	const uint8_t	*assumed_wildcard; /* that this is expanded from; or NULL */
	const uint8_t	*assumed_zone;	/* of what it replaces; or NULL */
	unsigned	 attempts;
	unsigned	 failed_servers; /* upstreams that sent an error */
	int64_t		 elapsed_ms;	/* -1 = not recorded */
	const uint8_t	*wire;		/* DNS_MALFORMED: what came; or NULL */
	size_t		 wirelen;
	struct dns_opinion opinion;
	const struct dns_observation *base; /* whose data these are, or NULL */
};

enum smtp_outcome {
	SMTP_TLS,		/* the handshake was completed */
	SMTP_NO_STARTTLS,	/* EHLO's reply lacks it */
	SMTP_STARTTLS_REFUSED,	/* a reply other than 220 */
	SMTP_STARTTLS_IGNORED,	/* closed after STARTTLS */
	SMTP_HANDSHAKE_FAILED,
	SMTP_GREETING_REFUSED,	/* 5yz as greeting or to EHLO */
	SMTP_GREETING_TEMPORARY,/* 4yz there, 421 anywhere */
	SMTP_PROTOCOL_ERROR,	/* not SMTP, endless, over-long */
	SMTP_CONNECTION_REFUSED,
	SMTP_TIMED_OUT,
	SMTP_NO_ROUTE,
	SMTP_NOT_PROBED		/* special address, over the limit */
};

/* Where the session was when it ended. */
enum smtp_step {
	STEP_CONNECT, STEP_GREETING, STEP_EHLO, STEP_STARTTLS,
	STEP_HANDSHAKE, STEP_TLS_EHLO, STEP_QUIT
};

/* Which server keys the client's offer allows. */
enum tls_keys { KEYS_ANY, KEYS_RSA, KEYS_ECDSA };

struct blob {
	const uint8_t	*data;
	size_t		 len;
};

struct smtp_observation {
	unsigned	 refs;
	struct arena	*mem;
	const uint8_t	*host;		/* the MX host */
	const char	*address;	/* numeric, canonical */
	uint16_t	 port;
	const char	*sni;		/* without final dot; NULL = none */
	enum tls_keys	 keys;
	enum smtp_outcome outcome;
	enum smtp_step	 step;
	const char	**transcript;	/* "S: …", "C: …", escaped */
	size_t		 ntranscript;
	struct {
		const char *version;	/* "TLS1.3"; NULL = no TLS */
		const char *suite;
		const char *group;
		const char *signature;
	} tls;
	const char	*alert;		/* TLS alert received, or NULL */
	const char	*error;		/* the library's or system's words */
	struct blob	*chain;		/* DER as sent, leaf first */
	size_t		 nchain;
	const char	*basis;		/* NULL = "live" */
	struct {		/* milliseconds, -1 = not reached */
		int64_t connect, greeting, ehlo, starttls, handshake;
	} elapsed;
	const struct smtp_observation *base; /* whose data these are, or NULL */
};

/* What may be left out; the MX records never. */
enum asked_stages {
	ASKED_MX = 1,
	ASKED_DNSSEC = 2,	/* the chains of trust */
	ASKED_TLSA = 4,		/* TLSA records, which need the chains */
	ASKED_STARTTLS = 8,	/* addresses and sessions */
	ASKED_DKIM = 16
};

/* What was asked of the run, so that a replay asks the same. */
struct asked {
	const char	**selectors;
	size_t		 nselectors;
	bool		 allow_special;
	bool		 ipv4;		/* false: -6 was given */
	bool		 ipv6;		/* false: -4 was given */
	bool		 m365;
	bool		 gcc_high;
	bool		 guess_selectors;
	const char	*initial_domain;
	struct mail_message *message;	/* NULL = none was given */
	const char	*helo;
	int64_t		 timeout_s;	/* whole domain */
	unsigned	 stages;	/* bits of enum asked_stages; 0 = all */
	uint16_t	 lookup;	/* the type asked of domain; 0: its mail */
	const struct overlay *overlay;	/* what is not published yet; or NULL */
};

struct evidence {
	struct arena	*mem;
	const uint8_t	*domain;	/* A-label, lower case; or any name */
	const char	*input;		/* as the user wrote it */
	int64_t		 collected_at;	/* UTC seconds */
	const char	**resolvers;	/* "127.53.0.1", "::1@5353" */
	size_t		 nresolvers;
	bool		 has_ipv4;	/* this machine has a route */
	bool		 has_ipv6;
	struct asked	 asked;
	struct rr	*anchors;	/* DS or DNSKEY; none = no anchors */
	size_t		 nanchors;
	const struct dns_observation **dns;
	size_t		 ndns, dnscap;
	size_t		 nsorted;	/* the first of dns, in order */
	size_t		 nlooks;	/* of dns, not the first of a question */
	const struct choice *choice;	/* among several looks; or NULL */
	struct overlay_view *view;	/* of asked.overlay; or NULL */
	const struct dns_observation *cached; /* stands for its question; or NULL */
	const struct smtp_observation **smtp;
	size_t		 nsmtp, smtpcap;
	bool		 replay;	/* read from a file: nothing to ask */
	bool		 cut_short;	/* the run's time was up */
};

/* Empty evidence with an arena of its own; never NULL. */
struct evidence *evidence_new(void);
void evidence_free(struct evidence *);

/* The same without what is not published yet; it holds no references. */
struct evidence evidence_published(const struct evidence *);

/* The answer section has a record of this type at this name. */
bool dns_answers(const struct dns_observation *, const uint8_t *name,
    uint16_t type);

/* A fresh observation, one reference, mem set, elapsed -1. */
struct dns_observation *dns_observation_new(void);
struct smtp_observation *smtp_observation_new(void);

/* One reference more, for another domain; returns its argument. */
const struct dns_observation *dns_observation_ref(
    const struct dns_observation *);
const struct smtp_observation *smtp_observation_ref(
    const struct smtp_observation *);

/*
 * The same session as one with another MX host, SNI or kind of keys: what it
 * came to depends on none of them.  It holds a reference to the first.
 */
struct smtp_observation *smtp_observation_as(const struct smtp_observation *,
    const uint8_t *host, const char *sni, enum tls_keys);

/* Drop one reference; NULL is allowed. */
void dns_observation_unref(const struct dns_observation *);
void smtp_observation_unref(const struct smtp_observation *);

/* Take over the caller's reference. */
void evidence_add_dns(struct evidence *, const struct dns_observation *);
void evidence_add_smtp(struct evidence *, const struct smtp_observation *);

/*
 * Keep the resolver's own view (rcode, AD, EDE) of a question beside its
 * observation, in a copy of it where others hold it, too; nothing happens
 * when there is none.
 */
void evidence_set_opinion(struct evidence *, const uint8_t *name,
    uint16_t type, const struct dns_observation *without_cd);

/*
 * The observation of a question, or NULL: the chosen one, else the first
 * look that comes first in the array and is not VIA_AUTHORITATIVE; as the
 * view of an overlay shows it, where there is one.
 */
const struct dns_observation *evidence_dns(const struct evidence *,
    const uint8_t *name, uint16_t type);
const struct smtp_observation *evidence_smtp(const struct evidence *,
    const uint8_t *host, const char *address, enum tls_keys keys);

/*
 * Canonical order, so that arrival order never shows: dns by canonical name,
 * type, look, via, server; smtp by host, address, keys (the path gives MX order).
 */
void evidence_sort(struct evidence *);

/* The stage was asked for. */
bool asked_has(const struct asked *, enum asked_stages);

/* All was asked for that delivery depends on. */
bool asked_delivery(const struct asked *);

/* The words of stages; bit and number from 0, 0 and NULL when unknown. */
unsigned asked_stage_from_text(const char *);
const char *asked_stage_text(unsigned number, unsigned *bit);

/* The words of the evidence file; the parsers say false when unknown. */
const char *dns_outcome_text(enum dns_outcome);
bool dns_outcome_from_text(const char *, enum dns_outcome *);
const char *dns_look_text(enum dns_look);
bool dns_look_from_text(const char *, enum dns_look *);
const char *dns_via_text(enum dns_via);
bool dns_via_from_text(const char *, enum dns_via *);
const char *smtp_outcome_text(enum smtp_outcome);
bool smtp_outcome_from_text(const char *, enum smtp_outcome *);
const char *smtp_step_text(enum smtp_step);
bool smtp_step_from_text(const char *, enum smtp_step *);
const char *tls_keys_text(enum tls_keys);
bool tls_keys_from_text(const char *, enum tls_keys *);

#endif

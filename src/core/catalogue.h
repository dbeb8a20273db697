/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CATALOGUE_H
#define MXPROOF_CATALOGUE_H
/*
 * The table of findings, catalogue.def, and the words it uses.  The
 * catalogue is the program: judges choose rows, nothing else says how bad a
 * thing is or what it does to delivery.
 */
#include <stdbool.h>
#include <stddef.h>

/* In the order FAIL > UNKNOWN > WARN > NOTE > OK. */
enum severity {
	SEVERITY_ABSENT,	/* the row does not exist for this profile */
	SEVERITY_OK,
	SEVERITY_NOTE,
	SEVERITY_WARN,
	SEVERITY_UNKNOWN,
	SEVERITY_FAIL
};

enum profile {
	PROFILE_EXCHANGE_ONLINE, PROFILE_RFC7672, PROFILE_MTA_STS, NPROFILES
};

enum stage {
	STAGE_DNSSEC, STAGE_MX, STAGE_TLSA, STAGE_STARTTLS,
	STAGE_CERTIFICATE, STAGE_DANE, STAGE_DKIM, STAGE_MTA_STS,
	STAGE_TLS_RPT, STAGE_SPF, STAGE_DMARC, NSTAGES
};

enum scope { SCOPE_DOMAIN, SCOPE_HOST, SCOPE_ADDRESS };

/*
 * What a finding does to delivery, from weak to strong: of all effects on an
 * address, the strongest decides.
 */
enum effect {
	EFFECT_NONE,
	EFFECT_DELIVER,		/* in clear text */
	EFFECT_ENCRYPT,		/* TLS, nobody authenticated */
	EFFECT_AUTHENTICATE,	/* by DANE */
	EFFECT_UNKNOWN,
	EFFECT_DEFER,
	EFFECT_BOUNCE
};

/* Bits of --require. */
enum requirement {
	REQUIRE_DNSSEC = 1, REQUIRE_DANE = 2, REQUIRE_DKIM = 4,
	REQUIRE_MTA_STS = 8, REQUIRE_TLS_RPT = 16, REQUIRE_SPF = 32,
	REQUIRE_DMARC = 64
};

#define FINDING(id, ...) FINDING_##id,
enum finding_id {
#include "catalogue.def"
	NFINDINGS
};
#undef FINDING

struct catalogue_row {
	const char	*id;		/* "DANE_NO_MATCH" */
	enum stage	 stage;
	enum scope	 scope;
	enum severity	 severity[NPROFILES];
	enum severity	 alt[NPROFILES];	/* all ABSENT: no alternative */
	const char	*alt_when;	/* its condition; NULL without one */
	enum effect	 effect;	/* of FAIL, UNKNOWN: see finding_effect */
	enum effect	 alt_effect;
	unsigned	 absent;	/* requirement bits that make it FAIL */
	const char	*ndr;		/* "7.323"; NULL = none */
	const char	*tlsrpt;	/* RFC 8460 4.3 result type, or NULL */
	const char	*reference;	/* "RFC 7672 2.2", or NULL */
	const char	*text;		/* one line, at most 72 characters */
	const char	*remedy;	/* NULL for OK and NOTE */
};

/* The row; never NULL. */
const struct catalogue_row *catalogue_row(enum finding_id);

/* The id of "DANE_NO_MATCH", any case; false when there is none. */
bool catalogue_find(const char *text, enum finding_id *);

/* The words of JSON and options. */
const char *severity_text(enum severity);	/* "fail" */
const char *stage_text(enum stage);		/* "mta-sts" */
const char *profile_text(enum profile);		/* "exchange-online" */
bool profile_from_text(const char *, enum profile *);
const char *effect_text(enum effect);		/* "defer" */
const char *scope_text(enum scope);
/* "dnssec", "mta-sts", … of one bit; and a bit of one word, 0 if unknown. */
const char *requirement_text(enum requirement);
unsigned requirement_from_text(const char *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ROLLOVER_H
#define MXPROOF_ROLLOVER_H
/*
 * Is it safe to put another certificate into service now (RFC 7671 8.1, RFC
 * 7672 6)?  Asked for each MX host that an overlay gives a certificate; what
 * is published is looked at beside what the overlays replace.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct judgement;
struct path;
struct wants;

/* In rising order of what is left to do. */
enum rollover_status {
	ROLLOVER_FREE,		/* no DANE: any certificate is as good */
	ROLLOVER_SAFE_NOW,
	ROLLOVER_SAFE_AT,	/* caches may lack the new record till then */
	ROLLOVER_PUBLISH_FIRST,	/* no published record fits */
	ROLLOVER_UNKNOWN
};

/* The certificate that the host presents now, beside the records to come. */
enum rollover_present {
	PRESENT_NOT_SEEN,
	PRESENT_THE_SAME,	/* the new one is in service */
	PRESENT_MATCHED,
	PRESENT_UNMATCHED,	/* by them; by what is published it is */
	PRESENT_BROKEN		/* by neither, at all addresses */
};

/*
 * A set of TLSA records that senders go by, and the instant from which no cache
 * has another one.  An earlier run that saw the same set knows better when.
 */
struct rollover_set {
	const uint8_t	*name;
	const char	**records;	/* "3 1 1 …", in canonical order */
	size_t		 n;
	uint32_t	 ttl;		/* in its zones, the longest on the way */
	int64_t		 settled;
};

struct rollover_host {
	size_t		 host;		/* index into path->hosts */
	const char	*source;	/* the certificate's file */
	enum rollover_status status;
	enum rollover_present present;
	int64_t		 at;		/* SAFE_AT */
	uint32_t	 ttl;		/* of the TLSA set, in its zone */
	bool		 fits;		/* by the records to come */
	bool		 by_date;	/* SAFE_AT: when the certificate is valid */
	bool		 working;	/* something in service passes now */
	const char	*text;		/* one sentence */
	const char	**publish;	/* PUBLISH_FIRST: zone-file lines */
	size_t		 npublish;
	struct rollover_set *sets;	/* that are published now */
	size_t		 nsets;
};

struct rollover {
	enum rollover_status status;	/* the worst of all */
	int64_t		 at;		/* SAFE_AT: the last of all */
	struct rollover_host *hosts;
	size_t		 n;
};

/* The TLSA records that are published for hosts with a new certificate. */
void rollover_wants(const struct path *, struct wants *);

/* A judge, after that of DANE: sets j->rollover where there is one. */
void judge_rollover(struct judgement *);

/* "safe-now", …; "matched", …. */
const char *rollover_status_text(enum rollover_status);
const char *rollover_present_text(enum rollover_present);

#endif

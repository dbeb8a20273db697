/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OVERLAY_H
#define MXPROOF_OVERLAY_H
/*
 * What is not published yet: zone files, single records to be added and
 * taken away, certificates that a server will present.  The evidence keeps
 * what was observed, and this beside it (asked.overlay); a view of the two
 * answers as the zone's server and the mail server would.  What an overlay
 * answers in full is asked only where caches of it decide, too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence.h"
#include "rdata.h"

struct arena;

/*
 * A zone file: its names and types stand for the live zone's, names of the
 * zone that it lacks do not exist, and below a cut (NS) the live answers
 * count.  An unsigned file says nothing of the records that a signer makes
 * (DNSKEY, CDS, CDNSKEY, NSEC3PARAM, RRSIG, NSEC, NSEC3).
 */
struct overlay_zone {
	const uint8_t	*name;		/* the apex: owner of the SOA */
	const char	*source;	/* the file, as it was named */
	struct rr	*rrs;		/* at or below the apex; in order */
	size_t		 nrrs;
	bool		 is_signed;	/* it has an RRSIG */
};

struct overlay_without {
	const uint8_t	*name;
	uint16_t	 type;		/* 0 = all */
};

struct overlay_cert {
	const uint8_t	*host;		/* NULL: every MX host */
	const char	*source;	/* the file, as it was named */
	struct blob	*chain;		/* DER, leaf first; at least one */
	size_t		 nchain;
};

/* Zones first, then without, then with. */
struct overlay {
	struct overlay_zone *zones;	/* different names */
	size_t		 nzones;
	struct overlay_without *without;
	size_t		 nwithout;
	struct rr	*with;
	size_t		 nwith;
	struct overlay_cert *certs;
	size_t		 ncerts;
};

/*
 * One overlay upon another (either may be NULL, and so may the result): a
 * zone or certificate for the same name replaces the earlier one, and a
 * later "without" takes an earlier "with" away.  Shares their records.
 */
const struct overlay *overlay_merge(struct arena *, const struct overlay *,
    const struct overlay *later);

/*
 * To be called when name and rrs are there: puts the records in order
 * (canonical owner, then type, then data) and finds is_signed.
 */
void overlay_zone_order(struct overlay_zone *);

struct overlay_view;

/*
 * A view for one walk of the evidence, in the arena (its answers, too);
 * NULL for an overlay that is NULL or replaces nothing.
 */
struct overlay_view *overlay_view_new(struct arena *, const struct overlay *);

/*
 * The answer to a question, given that of the live zone (NULL: not asked, or
 * not recorded): the same where nothing is replaced; NULL where the live
 * answer is needed and is not there.
 */
const struct dns_observation *overlay_dns(struct overlay_view *,
    const uint8_t *name, uint16_t type, const struct dns_observation *live);

/*
 * The part of another question's live reply that answers this one: its
 * aliases have led there (RFC 1034 4.3.2).  NULL: there is none.
 */
const struct dns_observation *overlay_tail(struct overlay_view *,
    const struct evidence *, const uint8_t *name, uint16_t type);

/*
 * A session with a host that will present another certificate; else live's,
 * which has a place for each enum tls_keys (NULL: not observed).  A live
 * session without TLS stands, whatever certificate is to come.  Of a server
 * with certificates for two kinds of keys, the one that is not replaced
 * stays.
 */
const struct smtp_observation *overlay_smtp(struct overlay_view *,
    const uint8_t *host, const char *address, enum tls_keys,
    const struct smtp_observation *const live[KEYS_ECDSA + 1]);

/*
 * What is replaced, a line each: "zone contoso.example.: new.zone", "with …",
 * "without …", "certificate of mx1.contoso.example.: new.pem"; in the arena.
 * Of what no question of the view's concerned a line says so (view NULL: of
 * nothing).
 */
size_t overlay_texts(struct arena *, const struct overlay *,
    const struct overlay_view *, const char ***out);

#endif

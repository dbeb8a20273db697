/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_FINDING_H
#define MXPROOF_FINDING_H
/*
 * A finding: a row of the catalogue about a subject, with its detail.  The
 * judges add them; delivery.c and the reports read them.  All memory is the
 * domain's arena.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalogue.h"

struct arena;
struct rr;

/* What a finding is about; members that do not apply are NULL or 0. */
struct subject {
	const uint8_t	*host;		/* MX host */
	const char	*address;
	uint16_t	 port;
	const uint8_t	*zone;
	const uint8_t	*name;		/* of the record set */
	uint16_t	 type;
	const char	*selector;	/* DKIM */
	const uint8_t	*signer;	/* its d= where that is not the domain */
};

struct finding {
	enum finding_id	 id;
	const struct catalogue_row *row;
	struct subject	 subject;
	const char	*detail;	/* one or more sentences, or NULL */
	const char	*remedy;	/* overrides the row's; or NULL */
	const char	**add;		/* zone-file lines to publish */
	size_t		 nadd;
	const char	**del;		/* zone-file lines to take out */
	size_t		 ndel;
	int		 host;		/* index into path->hosts, or -1 */
	int		 address;	/* index into its addresses, or -1 */
	bool		 has_until;	/* what it warns of has a date: */
	int64_t		 until;
	bool		 alt;		/* the row's alternative severity holds */
	bool		 aside;		/* has no part in delivery (DKIM names …) */
	bool		 foreign;	/* root, TLD, provider: WARN becomes NOTE */
	bool		 tentative;	/* a guess, or others' DKIM: FAIL becomes WARN */
	bool		 survived;	/* set by delivery: another one delivers */
	enum severity	 severity;	/* for the judged profile; set at the end */
};

struct findings {
	struct arena	*mem;
	struct finding	*list;
	size_t		 n, cap;
};

/*
 * A new finding at the end of the list: id and row set, host and address -1,
 * all else empty.  The pointer is good until the next findings_add.
 */
struct finding *findings_add(struct findings *, enum finding_id);

/*
 * Add a zone-file line to publish (copied), or a record to take out: without
 * its TTL, which may be what is left of it in a cache.
 */
void finding_publish(struct findings *, struct finding *, const char *line);
void finding_withdraw(struct findings *, struct finding *,
    const struct rr *);

/*
 * The severity of a finding for a profile, by its row, alt, foreign and the
 * requirements (bits of enum requirement).  survived counts unless strict,
 * tentative always.
 */
enum severity finding_severity(const struct finding *, enum profile,
    unsigned require, bool strict);

/* The effect on delivery that counts for a profile; EFFECT_NONE if none. */
enum effect finding_effect(const struct finding *, enum profile);

/* The first finding with this id about host (-1 = any), or NULL. */
const struct finding *findings_find(const struct findings *,
    enum finding_id, int host);

#endif

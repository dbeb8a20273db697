/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_LOOK_H
#define MXPROOF_DKIM_LOOK_H
/*
 * What stands at each DKIM selector, and how the two of Microsoft 365 fit
 * the domain and each other.  Facts for judge_dkim.c, which says how bad
 * they are.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dkim_key.h"
#include "m365.h"
#include "m365_slip.h"

struct dkim_view;
struct judgement;
struct link;
struct path_selector;
struct rr;

enum dkim_sight {
	SIGHT_PENDING,		/* not recorded */
	SIGHT_UNSEEN,		/* the lookup failed */
	SIGHT_BOGUS,		/* told by judge_dnssec */
	SIGHT_MISSING,		/* no record that concerns DKIM */
	SIGHT_DANGLING,		/* a CNAME with nothing behind it */
	SIGHT_LOOP,
	SIGHT_TWO,		/* two CNAMEs at the name */
	SIGHT_KEY,		/* usable */
	SIGHT_REVOKED,
	SIGHT_CNAME_TEXT,	/* a TXT record with a CNAME's text */
	SIGHT_BROKEN		/* a key record that nobody can use */
};

/* What one selector shows. */
struct dkim_look {
	const struct path_selector *s;
	struct dkim_view *view;
	enum dkim_sight	 sight;
	unsigned	 number;	/* 1, 2 of Microsoft 365; else 0 */
	const struct rr	*cname;		/* at the selector's name, or NULL */
	const struct rr	*second;	/* another CNAME there, or NULL */
	bool		 cname_fresh;	/* from an authoritative server */
	const uint8_t	*alias;		/* the target that is judged */
	bool		 has_target;
	struct m365_target target;	/* with has_target */
	enum m365_slip	 slip;
	const char	*what;		/* the slip in words, or NULL */
	char		*expected;	/* without final dot; or NULL */
	bool		 disagrees;	/* with the other selector's target */
	bool		 disputed;	/* by that one, and neither has a key */
	struct dkim_key	 key;		/* the first key record */
	const struct rr	*txt;		/* it, or the first stray one */
	size_t		 nkeys;
	size_t		 nstray;
	bool		 wildcard;	/* the selector's own record (CNAME or
					   TXT) is a wildcard's, by its
					   signature */
	bool		 secure;	/* that signature counts: wildcard
					   says for certain */
};

struct dkim_looks {
	struct judgement *j;
	struct dkim_look *list;
	size_t		 n;
	struct dkim_look *pair[2];	/* selector1, selector2; or NULL */
};

/* Look at every selector of the path; fills the views but their status. */
void dkim_look(struct judgement *, struct dkim_looks *out);

/* The same of one alone, with s and view set. */
void dkim_look_one(struct judgement *, struct dkim_look *);

/* The CNAME is right, as far as it shows, and nothing is behind it. */
bool dkim_is_inactive(const struct dkim_look *);

/*
 * The target is wrong for certain.  One that is no target of Microsoft 365
 * at all and has a key may serve another sender, or hides behind a chain
 * that could not be read to its end.
 */
bool dkim_is_wrong(const struct dkim_look *);

/* The CNAME that a link of an answer is, or NULL. */
const struct rr *dkim_alias_record(const struct link *);

/* What the MX hosts and the options say about the targets. */
void dkim_known(struct judgement *, struct m365_known *out);

#endif

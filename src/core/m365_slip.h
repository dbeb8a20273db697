/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_M365_SLIP_H
#define MXPROOF_M365_SLIP_H
/*
 * What is wrong with the target of one of Microsoft 365's two CNAMEs, and
 * what should stand there, by what is known of the domain.  Names only:
 * whether a key stands behind a target, the judge knows.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct m365_target;

/* The usual slips, from the surest to the vaguest. */
enum m365_slip {
	M365_SLIP_NONE,
	M365_SLIP_STRAY,	/* an octet that no target has */
	M365_SLIP_APPENDED,	/* a name stands behind it: the zone's */
	M365_SLIP_SWAPPED,	/* the other selector's */
	M365_SLIP_TYPO,		/* one to three letters away */
	M365_SLIP_OTHER_TENANT,	/* of another domain, tenant or cloud */
	M365_SLIP_MIXED_FORMS,	/* the other selector has the other form */
	M365_SLIP_SHAPE,	/* of Microsoft 365, but no DKIM target */
	M365_SLIP_FOREIGN	/* no name of Microsoft 365 at all */
};

/* What is known of a domain when a target is looked at. */
struct m365_known {
	const uint8_t	*domain;
	const char	*const *ids;	/* any of them is right */
	size_t		 nids;		/* 0: not known */
	const char	*initial;	/* "contoso.onmicrosoft.com", or NULL */
	const char	*cloud;		/* "onmicrosoft.us": the only one; NULL */
	const struct m365_target *other; /* a proven one of the domain, NULL */
};

struct m365_verdict {
	enum m365_slip	 slip;
	const char	*what;		/* the slip in words; NULL for NONE */
	char		*expected;	/* the target that should stand there, */
					/* no final dot; NULL: not certain */
};

/* Judge the target of selector 1 or 2. */
void m365_target_check(struct arena *, const uint8_t *target,
    unsigned selector, const struct m365_known *, struct m365_verdict *out);

/*
 * The octets of a name that no target has, in words: "a space and a tab";
 * NULL when there are none.
 */
const char *m365_stray_text(struct arena *, const uint8_t *name);

/* An identifier or tenant that is a mistyped other one, not another's. */
bool m365_is_typo(const char *got, const char *want);

#endif

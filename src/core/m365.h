/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_M365_H
#define MXPROOF_M365_H
/*
 * Microsoft 365 by its names: the MX hosts that show it, the identifier of a
 * domain, the targets of its two DKIM CNAMEs, and what went wrong with a
 * target.  Names in, opinions on names out; nothing is looked up.
 *
 * A target has one of two forms:
 *   selectorN-<id>._domainkey.<tenant>.onmicrosoft.com (or .us)
 *   selectorN-<id>._domainkey.<tenant>.<c>-v1.dkim.mail.microsoft
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum m365_form {
	M365_FORM_NONE,
	M365_FORM_ONMICROSOFT,
	M365_FORM_DKIM_MAIL	/* domains added since May 2025 */
};

/* A DKIM CNAME target taken apart; lower case. */
struct m365_target {
	enum m365_form	 form;
	unsigned	 selector;	/* 1 or 2 */
	const char	*id;		/* customDomainIdentifier */
	const char	*tenant;	/* contoso of contoso.onmicrosoft.com */
	const char	*suffix;	/* "onmicrosoft.com", "n-v1.dkim.…" */
};

/* The usual slips, from the surest to the vaguest. */
enum m365_slip {
	M365_SLIP_NONE,
	M365_SLIP_WHITESPACE,	/* an octet that no target has */
	M365_SLIP_APPENDED,	/* the zone's name stands behind it */
	M365_SLIP_SWAPPED,	/* the other selector's */
	M365_SLIP_TYPO,		/* one to three letters away */
	M365_SLIP_OTHER_TENANT,	/* of another domain or tenant */
	M365_SLIP_MIXED_FORMS,	/* the other selector has the other form */
	M365_SLIP_FOREIGN	/* no target of Microsoft 365 at all */
};

/* What is known of a domain when a target is looked at. */
struct m365_known {
	const uint8_t	*domain;
	const char	*const *ids;	/* any of them is right */
	size_t		 nids;		/* 0: not known */
	const char	*initial;	/* "contoso.onmicrosoft.com", or NULL */
	const struct m365_target *other; /* a proven one of the domain, NULL */
};

/*
 * An MX host of Microsoft 365.  *id is the customDomainIdentifier in its
 * first label, lower case; NULL for GCC High, whose identifier is always
 * m365_id_from_domain.  Both are set only when true is returned.
 */
bool m365_from_mx(struct arena *, const uint8_t *mxhost, const char **id,
    bool *gcc_high);

/* "mail.contoso.com" -> "mail-contoso-com" */
char *m365_id_from_domain(struct arena *, const uint8_t *domain);

/* The domain is an initial domain itself: it needs no CNAMEs. */
bool m365_is_initial(const uint8_t *domain);

/* Take a target apart; false when it has neither form. */
bool m365_target_parse(struct arena *, const uint8_t *name,
    struct m365_target *out);

/* The name of a target, without final dot, for selector 1 or 2. */
char *m365_target_text(struct arena *, const struct m365_target *,
    unsigned selector);

/*
 * What is wrong with the target of selector 1 or 2.  *expected is the exact
 * target that should stand there, without final dot, where that is known
 * for certain, else NULL; it is set for M365_SLIP_NONE too.
 */
enum m365_slip m365_target_check(struct arena *, const uint8_t *target,
    unsigned selector, const struct m365_known *, char **expected);

/* "the zone's name was appended", …; "" for NONE. */
const char *m365_slip_text(enum m365_slip);

/* Text that was meant as the target of a DKIM CNAME (of any provider). */
bool m365_text_is_target(const char *text, size_t len);

#endif

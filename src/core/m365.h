/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_M365_H
#define MXPROOF_M365_H
/*
 * Microsoft 365 by its names: the MX hosts that show it, the identifier of a
 * domain, and the targets of its two DKIM CNAMEs.  Names in, their parts
 * out; nothing is looked up.  What went wrong with a target: m365_slip.h.
 *
 * A target has one of two forms:
 *   selectorN-<id>._domainkey.<tenant>.onmicrosoft.com (GCC High: .us,
 *   21Vianet: partner.onmschina.cn)
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

/*
 * An MX host of Microsoft 365.  *id is the customDomainIdentifier in its
 * first label, lower case; NULL for GCC High, whose identifier is always
 * m365_id_from_domain.  Both are set only when true is returned.
 */
bool m365_from_mx(struct arena *, const uint8_t *mxhost, const char **id,
    bool *gcc_high);

/*
 * What the initial domains end in of the cloud that an MX host is of: one of
 * "onmicrosoft.com", "onmicrosoft.us", "partner.onmschina.cn".  NULL where the
 * host does not show it: *.mx.microsoft, and all that are not Microsoft 365's.
 */
const char *m365_mx_cloud(struct arena *, const uint8_t *mxhost);

/* "mail.contoso.com" -> "mail-contoso-com" */
char *m365_id_from_domain(struct arena *, const uint8_t *domain);

/* The domain is an initial domain itself: it needs no CNAMEs. */
bool m365_is_initial(const uint8_t *domain);

/* Take a target apart; false when it has neither form. */
bool m365_target_parse(struct arena *, const uint8_t *name,
    struct m365_target *out);

/* The same of a text in lower case, without final dot. */
bool m365_target_split(struct arena *, const char *text,
    struct m365_target *out);

/* "onmicrosoft.com" of "contoso.onmicrosoft.com"; NULL when it is none. */
const char *m365_initial_suffix(const char *initial);

/* The name of a target, without final dot, for selector 1 or 2. */
char *m365_target_text(struct arena *, const struct m365_target *,
    unsigned selector);

/* Text that was meant as the target of a DKIM CNAME (of any provider). */
bool m365_text_is_target(const char *text, size_t len);

/*
 * The same, and with what people leave before it: "CNAME", the owner's name,
 * "v=DKIM1; p=".  *at and *n are the target in the text, blanks and quotes
 * around left out; set only when true is returned.
 */
bool m365_text_target(const char *text, size_t len, const char **at,
    size_t *n);

#endif

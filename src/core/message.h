/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_MESSAGE_H
#define MXPROOF_MESSAGE_H
/*
 * What the header of a received message says of DKIM: the domain of its From
 * field (RFC 5322 3.6.2), its signatures (RFC 6376 3.5), and what receivers
 * found (RFC 8601).  The signatures are not verified: the body is not looked
 * at, and nothing in a header is believed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	MESSAGE_HEADER_MAX = 256 * 1024, /* octets before the empty line */
	MESSAGE_FROM_MAX = 8,
	MESSAGE_SIGNATURES_MAX = 16,
	MESSAGE_RESULTS_MAX = 32
};

/* The fields of a header that matter, as they stand there. */
struct message_scan {
	const char	**from;		/* domains, each once, in order */
	size_t		 nfrom;
	const char	**fields;	/* "Name: value", unfolded, in order */
	size_t		 nfields;
	bool		 cut;		/* there were more than the limits */
};

/*
 * Read the header at the start of text (with or without an mbox "From "
 * line; the body may follow).  False with *error, a sentence part such as
 * "line 3 is neither a header field nor its continuation", when it is none.
 */
bool message_scan(struct arena *, const char *text, size_t len,
    struct message_scan *out, const char **error);

/* A DKIM-Signature field; lower case. */
struct message_signature {
	const char	*selector;	/* s=; NULL = none that can be asked */
	const uint8_t	*domain;	/* d=; NULL = none */
	const uint8_t	*organization;	/* of domain; NULL = not known */
	const uint8_t	*identity;	/* domain of i=; NULL = not given */
	const char	*algorithm;	/* a=, NULL = missing */
	const char	*error;		/* why verifiers refuse it, or NULL */
	bool		 unread;	/* the error is that we do not read it */
};

/* One dkim= of an Authentication-Results field. */
struct message_result {
	const char	*server;	/* authserv-id; NULL = not given */
	const char	*result;	/* "pass", "none", …; lower case */
	const char	*reason;	/* the words behind it, or NULL */
	const char	*domain;	/* header.d or header.i, or NULL */
	const char	*selector;	/* header.s, or NULL */
};

struct message_organization {
	const uint8_t	*domain;
	const uint8_t	*organization;	/* RFC 7489 3.2 */
};

/* A message as evidence: the first part is recorded, the second made of it. */
struct mail_message {
	const uint8_t	**from;		/* domains of the From field */
	size_t		 nfrom;
	const char	**fields;
	size_t		 nfields;
	struct message_organization *organizations;
	size_t		 norganizations;
	bool		 cut;

	struct message_signature *signatures;
	size_t		 nsignatures;
	struct message_result *results;
	size_t		 nresults;
};

/* A copy of the first part, with a second part made of it. */
struct mail_message *message_copy(struct arena *, const struct mail_message *);

/* Make the second part from the first. */
void message_read(struct arena *, struct mail_message *);

/* The organizational domain that was recorded for a domain, or NULL. */
const uint8_t *message_organization(
    const struct mail_message *, const uint8_t *domain);

/* The value of a field "Name: value", when that is its name; else NULL. */
const char *message_field(const char *field, const char *name);

/* The dkim= results of an Authentication-Results value; for message_read. */
void message_read_results(
    struct arena *, struct mail_message *, const char *value);

#endif

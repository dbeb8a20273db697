/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_KEY_H
#define MXPROOF_DKIM_KEY_H
/*
 * A DKIM key record (RFC 6376 3.6.1, RFC 8463 4) as a value: what it holds
 * and whether a verifier can use it.  How bad that is, the judge says.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct rr;

enum dkim_key_kind {
	DKIM_KEY_STRANGER,	/* no key record: SPF, a token, … */
	DKIM_KEY_BAD,		/* meant as one; error says why it is none */
	DKIM_KEY_EMPTY,		/* p= is empty: revoked */
	DKIM_KEY_GOOD
};

struct dkim_key {
	enum dkim_key_kind kind;
	const char	*text;		/* the strings of the record joined */
	size_t		 textlen;	/* it may hold any octet */
	const char	*error;		/* a sentence part; NULL unless BAD */
	const char	*type;		/* "rsa", "ed25519"; NULL = unknown */
	unsigned	 bits;		/* RSA modulus, 256 for Ed25519; or 0 */
	bool		 sha1_only;	/* h= names sha1 and not sha256 */
	bool		 testing;	/* t=y */
	bool		 strict;	/* t=s: no i= of a subdomain */
	bool		 unpadded;	/* p= lacks the "=" at its end */
	const char	*odd;		/* a tag's name that is none; or NULL */
};

/* Read the text of a record; every field is set. */
void dkim_key_parse(struct arena *, const char *text, size_t len,
    struct dkim_key *out);

/* The same from a TXT record, its strings joined (RFC 6376 3.6.2.2). */
void dkim_key_read(struct arena *, const struct rr *, struct dkim_key *out);

#endif

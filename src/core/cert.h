/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CERT_H
#define MXPROOF_CERT_H
/*
 * Certificates as values.  Parsing, names, keys and chain verification go
 * through GnuTLS here and nowhere else in the core; it never asks the clock
 * (dates are compared by the judges) and never reads the system's policy.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct blob;

enum cert_key { CERT_KEY_RSA, CERT_KEY_ECDSA, CERT_KEY_EDDSA, CERT_KEY_OTHER };

struct cert {
	const uint8_t	*der;
	size_t		 derlen;
	bool		 parsed;	/* false: nothing below is set */
	const char	*subject;	/* RFC 4514 text, escaped */
	const char	*issuer;
	const char	**names;	/* DNS subjectAltNames as in the cert */
	size_t		 nnames;
	const char	*cn;		/* the only CN, or NULL */
	int64_t		 not_before;
	int64_t		 not_after;
	enum cert_key	 key;
	unsigned	 bits;
	const char	*key_text;	/* "RSA 2048", "ECDSA P-256" */
	bool		 weak_signature;	/* MD5 or SHA-1 */
	bool		 self_issued;
	bool		 is_ca;		/* may issue; version 1 roots too */
	bool		 ca_constraint;	/* basicConstraints with cA */
	int		 pathlen;	/* CAs below it; -1 = no limit */
	bool		 for_servers, key_for_tls; /* the usages let it */
	bool		 unknown_critical; /* an extension nobody may skip */
	const uint8_t	*spki;		/* DER SubjectPublicKeyInfo */
	size_t		 spkilen;
	uint8_t		 sha256[32];	/* of the certificate */
	uint8_t		 spki_sha256[32];
};

/* ca's name constraints let leaf have its DNS names (RFC 5280 4.2.1.10). */
bool cert_permits(const struct cert *ca, const struct cert *leaf);

/* Parse DER; never NULL: parsed says whether it is a certificate. */
struct cert *cert_parse(struct arena *, const uint8_t *der, size_t len);

enum { CERT_PEM_MAX = 16 };

/*
 * The certificates of a PEM text (RFC 7468 5), DER in the arena, in their
 * order; other parts are skipped.  0: none, over CERT_PEM_MAX, or bad base64.
 */
size_t cert_from_pem(struct arena *, const char *text, size_t len,
    struct blob **out);

/* child's signature verifies with issuer's key, and the names chain. */
bool cert_issued_by(const struct cert *child, const struct cert *issuer);

/* The same with a bare SubjectPublicKeyInfo as the issuer's key. */
bool cert_signed_by_spki(const struct cert *child, const uint8_t *spki,
    size_t spkilen);

/*
 * A reference identifier (no final dot) is among the certificate's names:
 * CN only without DNS names, "*" only as the whole leftmost label (RFC 7672
 * 3.2.3, RFC 6125 6.4.3).
 */
bool cert_has_name(const struct cert *, const char *reference);

/*
 * Parse a bare SubjectPublicKeyInfo (DER): false when it is no public key.
 * type and bits may be NULL.  Also takes PKCS#1 RSAPublicKey.
 */
bool cert_spki(const uint8_t *der, size_t len, enum cert_key *type,
    unsigned *bits);

/*
 * The octets have the outer form of a SubjectPublicKeyInfo (RFC 5280 4.1),
 * whatever the key's algorithm; no PKCS#1.
 */
bool cert_is_spki(const uint8_t *der, size_t len);

void cert_sha256(const void *data, size_t len, uint8_t out[32]);
void cert_sha512(const void *data, size_t len, uint8_t out[64]);

#endif

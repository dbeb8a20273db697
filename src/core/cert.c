/* SPDX-License-Identifier: ISC */
#include "cert.h"

#include <string.h>
#include <strings.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>

#include "arena.h"
#include "text.h"

enum {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_VERSION = 0xa0, /* [0] EXPLICIT, RFC 5280 4.1 */
	NAMES_MAX = 1000,
	NAME_SHOWN = 256,
	PURPOSES_MAX = 100,
	EXTENSIONS_MAX = 100,
	KEY_ID_MAX = 128,
	USAGE_TLS = GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT |
	    GNUTLS_KEY_KEY_AGREEMENT,
	BITS_MAX = 16384 /* larger RSA keys are an attack on our time */
};

/*
 * Old and broken hashes are let pass here: what they are worth is the
 * judges' business, not the library's.
 */
static const unsigned verify_flags =
    GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1;

struct der {
	const uint8_t *data;
	size_t len;
};

/* Take one element off in: its tag, contents, and contents with header. */
static bool
der_next(struct der *in, uint8_t *tag, struct der *body, struct der *whole)
{
	size_t head = 2, len;

	if (in->len < 2 || (in->data[0] & 0x1f) == 0x1f)
		return false;
	len = in->data[1];
	if (len > 0x80) {
		size_t n = len & 0x7f;

		if (n > 4 || in->len < 2 + n)
			return false;
		len = 0;
		for (size_t i = 0; i < n; i++)
			len = len << 8 | in->data[2 + i];
		head += n;
	} else if (len == 0x80) {
		return false;
	}
	if (len > in->len - head)
		return false;
	*tag = in->data[0];
	*body = (struct der){ in->data + head, len };
	*whole = (struct der){ in->data, head + len };
	in->data += head + len;
	in->len -= head + len;
	return true;
}

static bool
der_expect(struct der *in, uint8_t want, struct der *body, struct der *whole)
{
	uint8_t tag;

	return der_next(in, &tag, body, whole) && tag == want;
}

/*
 * The octets of the TBSCertificate and of the SubjectPublicKeyInfo as they
 * stand in the certificate (RFC 5280 4.1): a library that encodes the key
 * anew may give other octets than those a TLSA digest was made of.
 */
static bool
cert_slices(const uint8_t *der, size_t len, struct der *tbs, struct der *spki)
{
	struct der in = { der, len }, cert, body, skip, whole;
	uint8_t tag;

	if (!der_expect(&in, DER_SEQUENCE, &cert, &whole) || in.len != 0 ||
	    !der_expect(&cert, DER_SEQUENCE, &body, tbs) ||
	    !der_next(&body, &tag, &skip, &whole))
		return false;
	if (tag == DER_VERSION && !der_next(&body, &tag, &skip, &whole))
		return false;
	if (tag != DER_INTEGER)
		return false;
	/* signature, issuer, validity, subject */
	for (int i = 0; i < 4; i++)
		if (!der_expect(&body, DER_SEQUENCE, &skip, &whole))
			return false;
	return der_expect(&body, DER_SEQUENCE, &skip, spki);
}

bool
cert_is_spki(const uint8_t *der, size_t len)
{
	struct der in = { der, len }, spki, algorithm, skip, whole;

	return der_expect(&in, DER_SEQUENCE, &spki, &whole) && in.len == 0 &&
	    der_expect(&spki, DER_SEQUENCE, &algorithm, &whole) &&
	    der_expect(&algorithm, DER_OID, &skip, &whole) &&
	    der_expect(&spki, DER_BIT_STRING, &skip, &whole) && spki.len == 0 &&
	    skip.len > 1;
}

static gnutls_datum_t
datum(const uint8_t *data, size_t len)
{
	/* The library only reads through it. */
	union {
		const uint8_t *in;
		unsigned char *out;
	} cast = { .in = data };

	return (gnutls_datum_t){ cast.out, (unsigned)len };
}

static gnutls_x509_crt_t
crt_open(const uint8_t *der, size_t len)
{
	gnutls_datum_t d = datum(der, len);
	gnutls_x509_crt_t crt;

	if (len > UINT32_MAX / 2 || gnutls_x509_crt_init(&crt) < 0)
		return NULL;
	if (gnutls_x509_crt_import(crt, &d, GNUTLS_X509_FMT_DER) < 0) {
		gnutls_x509_crt_deinit(crt);
		return NULL;
	}
	return crt;
}

static const char *
dn_text(struct arena *mem, gnutls_x509_crt_t crt, bool issuer)
{
	gnutls_datum_t dn = { NULL, 0 };
	const char *text = "";

	if ((issuer ? gnutls_x509_crt_get_issuer_dn3(crt, &dn, 0)
		    : gnutls_x509_crt_get_dn3(crt, &dn, 0)) >= 0)
		text = text_escape(mem, dn.data, dn.size, NAME_SHOWN);
	gnutls_free(dn.data);
	return text;
}

static void
read_names(struct arena *mem, gnutls_x509_crt_t crt, struct cert *cert)
{
	gnutls_subject_alt_names_t sans;
	gnutls_datum_t ext = { NULL, 0 }, san;
	unsigned critical, type;
	size_t cap = 0;

	if (gnutls_x509_crt_get_extension_by_oid2(
		crt, "2.5.29.17", 0, &ext, &critical) < 0)
		return;
	if (gnutls_subject_alt_names_init(&sans) < 0)
		goto out;
	if (gnutls_x509_ext_import_subject_alt_names(&ext, sans, 0) >= 0) {
		for (unsigned i = 0; i < NAMES_MAX; i++) {
			if (gnutls_subject_alt_names_get(
				sans, i, &type, &san, NULL) < 0)
				break;
			if (type != GNUTLS_SAN_DNSNAME)
				continue;
			cert->names = arena_grow(mem, cert->names, cert->nnames,
			    &cap, sizeof *cert->names);
			/* Escaped: a name with a NUL in it matches nothing. */
			cert->names[cert->nnames++] =
			    text_escape(mem, san.data, san.size, NAME_SHOWN);
		}
	}
	gnutls_subject_alt_names_deinit(sans);
out:
	gnutls_free(ext.data);
}

static const char *
only_cn(struct arena *mem, gnutls_x509_crt_t crt)
{
	char cn[256], second[256];
	size_t len = sizeof cn, len2 = sizeof second;

	if (gnutls_x509_crt_get_dn_by_oid(
		crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, cn, &len) < 0)
		return NULL;
	if (gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 1,
		0, second, &len2) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return NULL;
	return text_escape(mem, cn, len, NAME_SHOWN);
}

static enum cert_key
key_type(int algorithm)
{
	switch (algorithm) {
	case GNUTLS_PK_RSA:
	case GNUTLS_PK_RSA_PSS:
		return CERT_KEY_RSA;
	case GNUTLS_PK_EC:
		return CERT_KEY_ECDSA;
	case GNUTLS_PK_EDDSA_ED25519:
	case GNUTLS_PK_EDDSA_ED448:
		return CERT_KEY_EDDSA;
	default:
		return CERT_KEY_OTHER;
	}
}

static void
read_key(struct arena *mem, gnutls_x509_crt_t crt, struct cert *cert)
{
	unsigned bits = 0;
	int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, &bits);

	cert->key = key_type(algorithm);
	cert->bits = bits;
	switch (cert->key) {
	case CERT_KEY_RSA:
		cert->key_text = arena_printf(mem, "RSA %u", bits);
		break;
	case CERT_KEY_ECDSA:
		cert->key_text = arena_printf(mem, "ECDSA P-%u", bits);
		break;
	case CERT_KEY_EDDSA:
		cert->key_text =
		    algorithm == GNUTLS_PK_EDDSA_ED448 ? "Ed448" : "Ed25519";
		break;
	default:
		cert->key_text = "unknown key type";
		break;
	}
}

static bool
same_dn(gnutls_x509_crt_t child, gnutls_x509_crt_t issuer)
{
	gnutls_datum_t a = { NULL, 0 }, b = { NULL, 0 };
	bool same = false;

	if (gnutls_x509_crt_get_raw_issuer_dn(child, &a) >= 0 &&
	    gnutls_x509_crt_get_raw_dn(issuer, &b) >= 0)
		same = a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
	gnutls_free(a.data);
	gnutls_free(b.data);
	if (same)
		return true;
	/* RFC 5280 7.1: string types and case do not matter. */
	a = b = (gnutls_datum_t){ NULL, 0 };
	if (gnutls_x509_crt_get_issuer_dn3(child, &a, 0) >= 0 &&
	    gnutls_x509_crt_get_dn3(issuer, &b, 0) >= 0)
		same = a.size == b.size && a.size > 0 &&
		    strncasecmp((const char *)a.data, (const char *)b.data,
			a.size) == 0;
	gnutls_free(a.data);
	gnutls_free(b.data);
	return same;
}

/*
 * RFC 5280 4.2.1.9, 4.2.1.3: an issuer has cA set, and its key may sign
 * certificates.  Version 1 roots know no extensions; senders take them, and
 * authorities that have no basic constraints but may sign certificates, too.
 */
static void
read_issuing(gnutls_x509_crt_t crt, struct cert *cert)
{
	unsigned critical, ca = 0, usage = 0;
	bool limited =
	    gnutls_x509_crt_get_key_usage(crt, &usage, &critical) >= 0;
	bool may_sign = (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0;

	cert->pathlen = -1;
	cert->key_for_tls = !limited || (usage & USAGE_TLS) != 0;
	if (gnutls_x509_crt_get_basic_constraints(
		crt, &critical, &ca, &cert->pathlen) >= 0) {
		cert->ca_constraint = ca != 0;
		cert->is_ca = ca != 0 && (!limited || may_sign);
	} else if (gnutls_x509_crt_get_version(crt) < 3) {
		cert->is_ca = cert->self_issued;
	} else {
		cert->is_ca = may_sign;
	}
}

/* RFC 5280 4.2.1.12: without the extension the key serves any purpose. */
static void
read_purposes(gnutls_x509_crt_t crt, struct cert *cert)
{
	unsigned critical;
	char oid[128];

	for (unsigned i = 0; i < PURPOSES_MAX; i++) {
		size_t len = sizeof oid;
		int rc = gnutls_x509_crt_get_key_purpose_oid(
		    crt, i, oid, &len, &critical);

		if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
			cert->for_servers |= i == 0;
			return;
		}
		if (rc >= 0 &&
		    (strcmp(oid, GNUTLS_KP_TLS_WWW_SERVER) == 0 ||
			strcmp(oid, GNUTLS_KP_ANY) == 0))
			cert->for_servers = true;
	}
}

/* RFC 5280 4.2: what is critical and not recognised MUST be rejected. */
static void
read_critical(gnutls_x509_crt_t crt, struct cert *cert)
{
	static const char *const known[] = {
		"2.5.29.15", /* keyUsage */
		"2.5.29.17", /* subjectAltName */
		"2.5.29.19", /* basicConstraints */
		"2.5.29.30", /* nameConstraints */
		"2.5.29.31", /* cRLDistributionPoints */
		"2.5.29.32", /* certificatePolicies */
		"2.5.29.33", /* policyMappings */
		"2.5.29.36", /* policyConstraints */
		"2.5.29.37", /* extKeyUsage */
		"2.5.29.54", /* inhibitAnyPolicy */
		"2.16.840.1.113730.1.1" /* Netscape's certificate type */
	};
	unsigned critical;
	char oid[128];

	for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
		size_t len = sizeof oid;
		bool found = false;

		if (gnutls_x509_crt_get_extension_info(
			crt, i, oid, &len, &critical) < 0)
			return;
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			found |= strcmp(oid, known[k]) == 0;
		cert->unknown_critical |= critical != 0 && !found;
	}
}

struct cert *
cert_parse(struct arena *mem, const uint8_t *der, size_t len)
{
	struct cert *cert = arena_alloc(mem, sizeof *cert);
	gnutls_x509_crt_t crt;
	struct der tbs, spki;
	int hash;

	cert->der = der;
	cert->derlen = len;
	if (!cert_slices(der, len, &tbs, &spki))
		return cert;
	crt = crt_open(der, len);
	if (crt == NULL)
		return cert;
	cert->parsed = true;
	cert->subject = dn_text(mem, crt, false);
	cert->issuer = dn_text(mem, crt, true);
	read_names(mem, crt, cert);
	cert->cn = only_cn(mem, crt);
	cert->not_before = gnutls_x509_crt_get_activation_time(crt);
	cert->not_after = gnutls_x509_crt_get_expiration_time(crt);
	read_key(mem, crt, cert);
	hash = (int)gnutls_sign_get_hash_algorithm(
	    (gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(
		crt));
	cert->weak_signature = hash == GNUTLS_DIG_MD2 ||
	    hash == GNUTLS_DIG_MD5 || hash == GNUTLS_DIG_SHA1;
	cert->self_issued = same_dn(crt, crt);
	read_issuing(crt, cert);
	read_purposes(crt, cert);
	read_critical(crt, cert);
	cert->spki = spki.data;
	cert->spkilen = spki.len;
	cert_sha256(der, len, cert->sha256);
	cert_sha256(spki.data, spki.len, cert->spki_sha256);
	gnutls_x509_crt_deinit(crt);
	return cert;
}

/* The signature of an opened certificate under a key. */
static bool
signed_by(gnutls_x509_crt_t child, const struct cert *cert, gnutls_pubkey_t key)
{
	gnutls_datum_t data, signature;
	struct der tbs, spki;
	char *sig = NULL;
	size_t siglen = 0;
	int algorithm = gnutls_x509_crt_get_signature_algorithm(child);
	bool good = false;

	if (algorithm < 0 || !cert_slices(cert->der, cert->derlen, &tbs, &spki))
		return false;
	if (gnutls_x509_crt_get_signature(child, NULL, &siglen) !=
		GNUTLS_E_SHORT_MEMORY_BUFFER ||
	    siglen > BITS_MAX / 8 || (sig = gnutls_malloc(siglen)) == NULL)
		return false;
	if (gnutls_x509_crt_get_signature(child, sig, &siglen) >= 0) {
		data = datum(tbs.data, tbs.len);
		signature = datum((const uint8_t *)sig, siglen);
		good = gnutls_pubkey_verify_data2(key,
			   (gnutls_sign_algorithm_t)algorithm, verify_flags,
			   &data, &signature) >= 0;
	}
	gnutls_free(sig);
	return good;
}

/* RFC 5280 4.2.1.1: where both name the issuer's key, they name the same. */
static bool
same_key_id(gnutls_x509_crt_t child, gnutls_x509_crt_t issuer)
{
	unsigned char want[KEY_ID_MAX], have[KEY_ID_MAX];
	size_t wantlen = sizeof want, havelen = sizeof have;
	unsigned critical;

	if (gnutls_x509_crt_get_authority_key_id(
		child, want, &wantlen, &critical) < 0 ||
	    gnutls_x509_crt_get_subject_key_id(
		issuer, have, &havelen, &critical) < 0)
		return true;
	return wantlen == havelen && memcmp(want, have, wantlen) == 0;
}

bool
cert_issued_by(const struct cert *child, const struct cert *issuer)
{
	gnutls_x509_crt_t crt, ca;
	bool good = false;

	if (!child->parsed || !issuer->parsed)
		return false;
	crt = crt_open(child->der, child->derlen);
	ca = crt_open(issuer->der, issuer->derlen);
	if (crt != NULL && ca != NULL && same_dn(crt, ca) &&
	    same_key_id(crt, ca))
		good =
		    cert_signed_by_spki(child, issuer->spki, issuer->spkilen);
	if (crt != NULL)
		gnutls_x509_crt_deinit(crt);
	if (ca != NULL)
		gnutls_x509_crt_deinit(ca);
	return good;
}

bool
cert_permits(const struct cert *ca, const struct cert *leaf)
{
	gnutls_x509_crt_t crt = crt_open(ca->der, ca->derlen);
	gnutls_x509_crt_t end = crt_open(leaf->der, leaf->derlen);
	gnutls_x509_name_constraints_t nc = NULL;
	unsigned critical;
	bool good = true;

	if (crt != NULL && end != NULL &&
	    gnutls_x509_name_constraints_init(&nc) >= 0 &&
	    gnutls_x509_crt_get_name_constraints(crt, nc, 0, &critical) >= 0)
		good = gnutls_x509_name_constraints_check_crt(
			   nc, GNUTLS_SAN_DNSNAME, end) != 0;
	if (nc != NULL)
		gnutls_x509_name_constraints_deinit(nc);
	if (crt != NULL)
		gnutls_x509_crt_deinit(crt);
	if (end != NULL)
		gnutls_x509_crt_deinit(end);
	return good;
}

bool
cert_signed_by_spki(
    const struct cert *child, const uint8_t *spki, size_t spkilen)
{
	gnutls_datum_t d = datum(spki, spkilen);
	gnutls_x509_crt_t crt;
	gnutls_pubkey_t key;
	unsigned bits = 0;
	bool good = false;

	if (!child->parsed || spkilen > UINT32_MAX / 2 ||
	    gnutls_pubkey_init(&key) < 0)
		return false;
	if (gnutls_pubkey_import(key, &d, GNUTLS_X509_FMT_DER) >= 0 &&
	    gnutls_pubkey_get_pk_algorithm(key, &bits) >= 0 &&
	    bits <= BITS_MAX &&
	    (crt = crt_open(child->der, child->derlen)) != NULL) {
		good = signed_by(crt, child, key);
		gnutls_x509_crt_deinit(crt);
	}
	gnutls_pubkey_deinit(key);
	return good;
}

/* RFC 7672 3.2.3: "*" is allowed only as the entire leftmost label. */
static bool
name_matches(const char *pattern, const char *reference)
{
	size_t len = strlen(pattern);
	const char *rest;

	if (strncmp(pattern, "*.", 2) != 0)
		return len == strlen(reference) &&
		    strncasecmp(pattern, reference, len) == 0;
	rest = strchr(reference, '.');
	if (rest == NULL || rest == reference)
		return false;
	/* "*.com" would speak for every domain: a label below it is needed. */
	if (strchr(rest + 1, '.') == NULL)
		return false;
	return len - 1 == strlen(rest) &&
	    strncasecmp(pattern + 1, rest, len - 1) == 0;
}

bool
cert_has_name(const struct cert *cert, const char *reference)
{
	if (!cert->parsed)
		return false;
	for (size_t i = 0; i < cert->nnames; i++)
		if (name_matches(cert->names[i], reference))
			return true;
	return cert->nnames == 0 && cert->cn != NULL &&
	    name_matches(cert->cn, reference);
}

/* RFC 8017 A.1.1: SEQUENCE { modulus, publicExponent }, the key alone. */
static bool
import_pkcs1(gnutls_pubkey_t key, const uint8_t *der, size_t len)
{
	struct der in = { der, len }, body, m, e, whole;
	gnutls_datum_t dm, de;

	if (!der_expect(&in, DER_SEQUENCE, &body, &whole) || in.len != 0 ||
	    !der_expect(&body, DER_INTEGER, &m, &whole) ||
	    !der_expect(&body, DER_INTEGER, &e, &whole) || body.len != 0 ||
	    m.len == 0 || e.len == 0)
		return false;
	dm = datum(m.data, m.len);
	de = datum(e.data, e.len);
	return gnutls_pubkey_import_rsa_raw(key, &dm, &de) >= 0;
}

bool
cert_spki(const uint8_t *der, size_t len, enum cert_key *type, unsigned *bits)
{
	gnutls_datum_t d = datum(der, len);
	gnutls_pubkey_t key;
	unsigned size = 0;
	int algorithm;
	bool good;

	if (len == 0 || len > UINT32_MAX / 2 || gnutls_pubkey_init(&key) < 0)
		return false;
	good = cert_is_spki(der, len)
	    ? gnutls_pubkey_import(key, &d, GNUTLS_X509_FMT_DER) >= 0
	    : import_pkcs1(key, der, len);
	if (good) {
		algorithm = gnutls_pubkey_get_pk_algorithm(key, &size);
		if (type != NULL)
			*type = key_type(algorithm);
		if (bits != NULL)
			*bits = size;
	}
	gnutls_pubkey_deinit(key);
	return good;
}

void
cert_sha256(const void *data, size_t len, uint8_t out[32])
{
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, out) < 0)
		memset(out, 0, 32);
}

void
cert_sha512(const void *data, size_t len, uint8_t out[64])
{
	if (gnutls_hash_fast(GNUTLS_DIG_SHA512, data, len, out) < 0)
		memset(out, 0, 64);
}

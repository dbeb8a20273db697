/* SPDX-License-Identifier: ISC */
#include "signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "arena.h"
#include "memo.h"
#include "name.h"

struct canonical_rdata {
	const uint8_t *data;
	size_t len;
};

struct canonical_set {
	const uint8_t *owner;
	uint16_t type;
	uint16_t class;
	struct canonical_rdata *rdata;
	size_t n;
	size_t octets; /* of all rdata together */
};

static const struct algorithm {
	uint8_t number;
	const char *name;
	gnutls_sign_algorithm_t sign; /* UNKNOWN: not implemented */
	gnutls_ecc_curve_t curve;
	size_t keylen; /* of ECDSA and EdDSA, signature too */
	bool deprecated;
} algorithms[] = {
	{ ALGORITHM_RSAMD5, "RSAMD5", GNUTLS_SIGN_UNKNOWN, 0, 0, true },
	{ ALGORITHM_DSA, "DSA", GNUTLS_SIGN_UNKNOWN, 0, 0, true },
	{ ALGORITHM_RSASHA1, "RSASHA1", GNUTLS_SIGN_RSA_SHA1, 0, 0, true },
	{ ALGORITHM_DSA_NSEC3_SHA1, "DSA-NSEC3-SHA1", GNUTLS_SIGN_UNKNOWN, 0, 0,
	    true },
	{ ALGORITHM_RSASHA1_NSEC3_SHA1, "RSASHA1-NSEC3-SHA1",
	    GNUTLS_SIGN_RSA_SHA1, 0, 0, true },
	{ ALGORITHM_RSASHA256, "RSASHA256", GNUTLS_SIGN_RSA_SHA256, 0, 0,
	    false },
	{ ALGORITHM_RSASHA512, "RSASHA512", GNUTLS_SIGN_RSA_SHA512, 0, 0,
	    false },
	{ ALGORITHM_ECC_GOST, "ECC-GOST", GNUTLS_SIGN_UNKNOWN, 0, 0, true },
	{ ALGORITHM_ECDSAP256SHA256, "ECDSAP256SHA256",
	    GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_ECC_CURVE_SECP256R1, 64, false },
	{ ALGORITHM_ECDSAP384SHA384, "ECDSAP384SHA384",
	    GNUTLS_SIGN_ECDSA_SHA384, GNUTLS_ECC_CURVE_SECP384R1, 96, false },
	{ ALGORITHM_ED25519, "ED25519", GNUTLS_SIGN_EDDSA_ED25519,
	    GNUTLS_ECC_CURVE_ED25519, 32, false },
	{ ALGORITHM_ED448, "ED448", GNUTLS_SIGN_EDDSA_ED448,
	    GNUTLS_ECC_CURVE_ED448, 57, false },
};

static const struct algorithm *
algorithm_find(uint8_t number)
{
	size_t i;

	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (algorithms[i].number == number)
			return &algorithms[i];
	return NULL;
}

static int
rdata_order(const void *a, const void *b)
{
	const struct canonical_rdata *x = a, *y = b;

	return rdata_compare(x->data, x->len, y->data, y->len);
}

struct canonical_set *
canonical_set_new(struct arena *mem, const struct rr *const *rrs, size_t nrrs)
{
	struct canonical_set *set = arena_alloc(mem, sizeof(*set));
	size_t i;

	set->rdata = arena_array(mem, nrrs, sizeof(set->rdata[0]));
	if (nrrs == 0)
		return set;
	set->owner = rrs[0]->owner;
	set->type = rrs[0]->type;
	set->class = rrs[0]->class;
	for (i = 0; i < nrrs; i++)
		set->rdata[i].data =
		    rdata_canonical(mem, rrs[i], &set->rdata[i].len);
	qsort(set->rdata, nrrs, sizeof(set->rdata[0]), rdata_order);
	/* RFC 4034 6.3: duplicates count once. */
	for (i = 0; i < nrrs; i++) {
		if (set->n > 0 &&
		    rdata_order(&set->rdata[set->n - 1], &set->rdata[i]) == 0)
			continue;
		set->rdata[set->n++] = set->rdata[i];
		set->octets += set->rdata[i].len;
	}
	return set;
}

static uint8_t *
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

/* Labels as RFC 4034 3.1.3 counts them: neither root nor leading "*". */
static unsigned
signed_labels(const uint8_t *owner)
{
	return name_labels(owner) - (name_is_wildcard(owner) ? 1 : 0);
}

/* The owner name as signed: lower case, and the wildcard it came from. */
static size_t
signed_owner(uint8_t out[NAME_WIRE_MAX], const uint8_t *owner, unsigned labels)
{
	if (labels >= signed_labels(owner))
		return name_lower(out, owner);
	/* RFC 4034 3.1.8.1: fewer labels: "*." and the rightmost ones. */
	out[0] = 1;
	out[1] = '*';
	{
		uint8_t rest[NAME_WIRE_MAX];
		size_t len = name_lower(rest, name_ancestor(owner, labels));

		/* At least one label of two octets or more was cut off. */
		memcpy(out + 2, rest, len);
		return len + 2;
	}
}

/* RFC 4034 3.1.8.1: RRSIG_RDATA less the signature, then each RR. */
static gnutls_datum_t
signed_data(struct arena *mem, const struct canonical_set *set,
    const struct rr *rrsig, const struct rrsig *f)
{
	uint8_t owner[NAME_WIRE_MAX];
	size_t ownerlen = signed_owner(owner, set->owner, f->labels);
	size_t size =
	    18 + NAME_WIRE_MAX + set->octets + set->n * (ownerlen + 10);
	uint8_t *buf = arena_alloc(mem, size), *p = buf;
	gnutls_datum_t d;
	size_t i;

	memcpy(p, rrsig->rdata, 18);
	p += 18;
	p += name_lower(p, f->signer);
	for (i = 0; i < set->n; i++) {
		memcpy(p, owner, ownerlen);
		p = put16(p + ownerlen, set->type);
		p = put16(p, set->class);
		p = put16(p, f->original_ttl >> 16);
		p = put16(p, f->original_ttl & 0xffff);
		p = put16(p, (unsigned)set->rdata[i].len);
		if (set->rdata[i].len > 0)
			memcpy(p, set->rdata[i].data, set->rdata[i].len);
		p += set->rdata[i].len;
	}
	d.data = buf;
	d.size = (unsigned)(p - buf);
	return d;
}

static gnutls_datum_t
datum(const uint8_t *data, size_t len)
{
	gnutls_datum_t d;

	d.data = (unsigned char *)(uintptr_t)data;
	d.size = (unsigned)len;
	return d;
}

/* RFC 3110 2: exponent length in one octet, or zero and two. */
static bool
rsa_split(const struct rr *dnskey, gnutls_datum_t *e, gnutls_datum_t *n)
{
	const uint8_t *p = dnskey->rdata + 4;
	size_t left = dnskey->rdlen > 4 ? dnskey->rdlen - 4u : 0, elen;

	if (left < 1)
		return false;
	if (p[0] != 0) {
		elen = p[0];
		p += 1;
		left -= 1;
	} else {
		if (left < 3)
			return false;
		elen = (size_t)p[1] << 8 | p[2];
		p += 3;
		left -= 3;
	}
	if (elen == 0 || elen >= left)
		return false;
	*e = datum(p, elen);
	for (p += elen, left -= elen; left > 0 && *p == 0; p++)
		left--;
	*n = datum(p, left);
	return left > 0;
}

/*
 * RFC 3110 2, RFC 5702 2: 512 to 4096 bits, 1024 at least for SHA-512;
 * exponents that no key has only cost time.
 */
static bool
rsa_usable(const struct rr *dnskey, gnutls_datum_t *e, gnutls_datum_t *n)
{
	size_t least =
	    dnskey_algorithm(dnskey) == ALGORITHM_RSASHA512 ? 128 : 64;

	return rsa_split(dnskey, e, n) && e->size <= 8 && n->size >= least &&
	    n->size <= 512;
}

static int
key_import(
    gnutls_pubkey_t key, const struct algorithm *alg, const struct rr *dnskey)
{
	gnutls_datum_t a, b;
	const uint8_t *p = dnskey->rdata + 4;
	size_t len = dnskey->rdlen - 4u;

	if (alg->keylen == 0) {
		if (!rsa_usable(dnskey, &a, &b))
			return -1;
		return gnutls_pubkey_import_rsa_raw(key, &b, &a);
	}
	if (len != alg->keylen)
		return -1;
	if (len == 32 || len == 57) {
		a = datum(p, len);
		return gnutls_pubkey_import_ecc_raw(key, alg->curve, &a, NULL);
	}
	a = datum(p, len / 2);
	b = datum(p + len / 2, len / 2);
	return gnutls_pubkey_import_ecc_raw(key, alg->curve, &a, &b);
}

static gnutls_datum_t
integer(const uint8_t *p, size_t len)
{
	while (len > 1 && *p == 0) {
		p++;
		len--;
	}
	return datum(p, len);
}

/* RFC 6605 4: r | s; GnuTLS wants them in ASN.1. */
static int
signature_encode(const struct algorithm *alg, const struct rrsig *f,
    gnutls_datum_t *out, bool *owned)
{
	gnutls_datum_t r, s;

	*owned = false;
	*out = datum(f->signature, f->signaturelen);
	if (alg->keylen == 0)
		return f->signaturelen <= 512 ? 0 : -1;
	if (alg->number == ALGORITHM_ED25519 || alg->number == ALGORITHM_ED448)
		return f->signaturelen == 2 * alg->keylen ? 0 : -1;
	if (f->signaturelen != alg->keylen)
		return -1;
	r = integer(f->signature, alg->keylen / 2);
	s = integer(f->signature + alg->keylen / 2, alg->keylen / 2);
	*owned = true;
	return gnutls_encode_rs_value(out, &r, &s);
}

static enum signature_result
signature_verify(gnutls_pubkey_t key, const struct algorithm *alg,
    const gnutls_datum_t *data, const struct rrsig *f)
{
	gnutls_datum_t sig;
	bool owned;
	int rc;

	if (signature_encode(alg, f, &sig, &owned) < 0)
		return SIGNATURE_RESULT_BAD;
	rc = gnutls_pubkey_verify_data2(
	    key, alg->sign, GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1, data, &sig);
	if (owned)
		gnutls_free(sig.data);
	if (rc >= 0)
		return SIGNATURE_RESULT_GOOD;
	/* A system policy that forbids it has not found it wrong. */
	if (rc == GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM ||
	    rc == GNUTLS_E_INSUFFICIENT_SECURITY ||
	    rc == GNUTLS_E_UNKNOWN_ALGORITHM)
		return SIGNATURE_RESULT_UNSUPPORTED;
	return SIGNATURE_RESULT_BAD;
}

unsigned
canonical_work(size_t nrrs)
{
	return (unsigned)(nrrs / 2);
}

/* Bits of a big-endian number. */
static size_t
bits_of(const gnutls_datum_t *n)
{
	size_t bits = n->size * (size_t)8, i;
	uint8_t top;

	for (i = 0; i < n->size && n->data[i] == 0; i++)
		bits -= 8;
	if (i == n->size)
		return 0;
	for (top = n->data[i]; (top & 0x80) == 0; top = (uint8_t)(top << 1))
		bits--;
	return bits;
}

/* A squaring of the modulus for each bit of the exponent. */
static unsigned
rsa_work(const struct rr *dnskey)
{
	gnutls_datum_t e, n;
	size_t words;

	if (!rsa_usable(dnskey, &e, &n))
		return 1;
	words = (n.size + 7) / 8;
	return (unsigned)(6 + bits_of(&e) * words * words / 600);
}

/* Measured; the hash takes most where the curve is cheap. */
unsigned
signature_work(const struct canonical_set *set, const struct rrsig *f,
    const struct rr *dnskey)
{
	size_t octets = set->octets + set->n * (name_len(set->owner) + 10) +
	    f->signaturelen;
	unsigned work = 1 + (unsigned)(octets / 512);

	switch (f->algorithm) {
	case ALGORITHM_ECDSAP256SHA256:
		return work + 190;
	case ALGORITHM_ECDSAP384SHA384:
		return work + 460;
	case ALGORITHM_ED25519:
		return work + 125;
	case ALGORITHM_ED448:
		return work + 430;
	default:
		return work + rsa_work(dnskey);
	}
}

static enum signature_result
key_check(const struct algorithm *alg, const gnutls_datum_t *data,
    const struct rrsig *fields, const struct rr *dnskey)
{
	enum signature_result result = SIGNATURE_RESULT_BAD;
	gnutls_pubkey_t key;

	if (gnutls_pubkey_init(&key) < 0)
		return SIGNATURE_RESULT_UNSUPPORTED;
	if (key_import(key, alg, dnskey) >= 0)
		result = signature_verify(key, alg, data, fields);
	gnutls_pubkey_deinit(key);
	return result;
}

/*
 * All that a check looks at.  The signed data begin with the RRSIG's fields,
 * the algorithm among them; lengths come first, so that nothing can be
 * shifted from one part into another.
 */
static bool
check_digest(struct arena *mem, const gnutls_datum_t *data,
    const struct rrsig *f, const struct rr *dnskey, uint8_t out[MEMO_KEY_LEN])
{
	size_t size = 9 + (size_t)data->size + f->signaturelen + dnskey->rdlen;
	uint8_t *buf = arena_alloc(mem, size), *p = buf;

	*p++ = MEMO_SIGNATURE;
	p = put16(p, data->size >> 16);
	p = put16(p, data->size & 0xffff);
	p = put16(p, (unsigned)f->signaturelen);
	p = put16(p, dnskey->rdlen);
	memcpy(p, data->data, data->size);
	p += data->size;
	memcpy(p, f->signature, f->signaturelen);
	p += f->signaturelen;
	memcpy(p, dnskey->rdata, dnskey->rdlen);
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, buf, size, out) >= 0;
}

static enum signature_result
memo_check(struct memo *memo, struct arena *mem, const struct algorithm *alg,
    const gnutls_datum_t *data, const struct rrsig *fields,
    const struct rr *dnskey)
{
	enum signature_result result;
	uint8_t digest[MEMO_KEY_LEN];

	if (memo == NULL || !check_digest(mem, data, fields, dnskey, digest))
		return key_check(alg, data, fields, dnskey);
	if (memo_find(memo, digest, &result))
		return result;
	result = key_check(alg, data, fields, dnskey);
	memo_add(memo, digest, result);
	return result;
}

enum signature_result
signature_check_once(struct memo *memo, const struct canonical_set *set,
    const struct rr *rrsig, const struct rrsig *fields, const struct rr *dnskey)
{
	const struct algorithm *alg = algorithm_find(fields->algorithm);
	enum signature_result result;
	struct arena *mem;
	gnutls_datum_t data;

	if (alg == NULL || alg->sign == GNUTLS_SIGN_UNKNOWN)
		return SIGNATURE_RESULT_UNSUPPORTED;
	if (set->n == 0 || dnskey->rdlen <= 4 || rrsig->rdlen < 18 ||
	    fields->signaturelen == 0)
		return SIGNATURE_RESULT_BAD;
	mem = arena_new();
	data = signed_data(mem, set, rrsig, fields);
	result = memo_check(memo, mem, alg, &data, fields, dnskey);
	arena_free(mem);
	return result;
}

enum signature_result
signature_check(const struct canonical_set *set, const struct rr *rrsig,
    const struct rrsig *fields, const struct rr *dnskey)
{
	return signature_check_once(NULL, set, rrsig, fields, dnskey);
}

const char *
signature_misshapen(const struct rrsig *f, const uint8_t *owner, uint16_t type)
{
	/* RFC 4035 5.3.1: the signer MUST name the zone of the RRset. */
	if (!name_within(owner, f->signer))
		return "its signer is not a zone that holds the name";
	/* RFC 4035 2.4: a DS set belongs to the parent side of the cut. */
	if (type == TYPE_DS && name_equal(owner, f->signer))
		return "its signer is the child, a DS set is the parent's";
	if (type == TYPE_DNSKEY && !name_equal(owner, f->signer))
		return "its signer is not the zone of the keys";
	/* RFC 4035 5.3.1: labels MUST NOT exceed the owner's. */
	if (f->labels > signed_labels(owner))
		return "it counts more labels than the name has";
	if (f->labels < name_labels(f->signer))
		return "it comes from a wildcard above its signer's zone";
	if (f->signaturelen == 0)
		return "it holds no signature";
	if ((int32_t)(f->expiration - f->inception) < 0)
		return "it ends before it begins";
	return NULL;
}

bool
signature_expanded(const struct rrsig *f, const uint8_t *owner)
{
	return f->labels < signed_labels(owner);
}

bool
algorithm_supported(uint8_t algorithm, bool deprecated)
{
	const struct algorithm *alg = algorithm_find(algorithm);

	if (alg == NULL || alg->sign == GNUTLS_SIGN_UNKNOWN)
		return false;
	/* RFC 9905: operators MUST treat 5 and 7 as unsupported. */
	return !alg->deprecated || deprecated;
}

bool
algorithm_deprecated(uint8_t algorithm)
{
	const struct algorithm *alg = algorithm_find(algorithm);

	return alg != NULL && alg->deprecated;
}

const char *
algorithm_text(uint8_t algorithm, char buf[24])
{
	const struct algorithm *alg = algorithm_find(algorithm);

	if (alg != NULL)
		return alg->name;
	snprintf(buf, 24, "algorithm %u", (unsigned)algorithm);
	return buf;
}

uint16_t
dnskey_flags(const struct rr *k)
{
	if (k->rdlen < 2)
		return 0;
	return (uint16_t)(k->rdata[0] << 8 | k->rdata[1]);
}

uint8_t
dnskey_algorithm(const struct rr *k)
{
	return k->rdlen < 4 ? 0 : k->rdata[3];
}

const char *
dnskey_unfit(const struct rr *k)
{
	if (k->rdlen <= 4)
		return "the key record is too short";
	/* RFC 4034 2.1.1: without the bit it MUST NOT verify RRsets. */
	if ((dnskey_flags(k) & DNSKEY_ZONE) == 0)
		return "the key lacks the ZONE flag";
	/* RFC 4034 2.1.2: the protocol field MUST have value 3. */
	if (k->rdata[2] != 3)
		return "the key's protocol is not 3";
	if (dnskey_flags(k) & DNSKEY_REVOKE)
		return "the key is revoked";
	return NULL;
}

unsigned
dnskey_bits(const struct rr *k)
{
	const struct algorithm *alg = algorithm_find(dnskey_algorithm(k));
	gnutls_datum_t e, n;

	if (alg == NULL || alg->sign == GNUTLS_SIGN_UNKNOWN)
		return 0;
	if (alg->number == ALGORITHM_ED448)
		return 456;
	if (alg->keylen != 0)
		return alg->keylen == 96 ? 384 : 256;
	if (!rsa_split(k, &e, &n))
		return 0;
	return (unsigned)bits_of(&n);
}

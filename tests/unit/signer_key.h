/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SIGNER_KEY_H
#define MXPROOF_SIGNER_KEY_H
/*
 * Keys for the tests' DNSSEC signer (see signer.h), and records from text.
 * A key pair is made once per program, at its first use, and random; no two
 * have a key tag in common, whatever their flags.  What cannot be done ends
 * the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/signature.h"
#include "core/text.h"

#define SIGNER_API __attribute__((unused)) static

enum { SIGNER_PAIRS_MAX = 256, SIGNER_RSA_BITS = 2048 };

/* A key pair; the public part as in a DNSKEY record. */
struct signer_pair {
	gnutls_pk_algorithm_t pk;
	unsigned bits, number;
	gnutls_privkey_t key;
	uint8_t *pub;
	size_t publen;
};

/* A pair in a role; a plain value, all members may be changed. */
struct signer_key {
	uint16_t flags;		/* DNSKEY_ZONE, _SEP, _REVOKE */
	uint8_t protocol;	/* 3 */
	uint8_t algorithm;
	const struct signer_pair *pair;
};

static struct signer_pair signer_pairs[SIGNER_PAIRS_MAX];
static size_t signer_npairs;

static void
signer_must(int r, const char *what)
{
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", what, gnutls_strerror(r));
		abort();
	}
}

/* ---- names and records ---- */

SIGNER_API const uint8_t *
signer_name(struct arena *mem, const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	if (!name_from_text(wire, text, NULL)) {
		fprintf(stderr, "no name: %s\n", text);
		abort();
	}
	return name_copy(mem, wire);
}

SIGNER_API struct rr
signer_record(struct arena *mem, const char *text)
{
	const char *error;
	struct rr rr;

	if (!rr_from_text(mem, text, NULL, 3600, &rr, &error)) {
		fprintf(stderr, "%s: %s\n", text, error);
		abort();
	}
	return rr;
}

/* "record|record|…"; *n of them. */
SIGNER_API struct rr *
signer_records(struct arena *mem, const char *text, size_t *n)
{
	char *copy = arena_strdup(mem, text), *line, *end;
	struct rr *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (line = copy; line != NULL && *line != '\0'; line = end) {
		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		list = arena_grow(mem, list, *n, &cap, sizeof *list);
		list[(*n)++] = signer_record(mem, line);
	}
	return list;
}

/* A record from RDATA as it is; TTL 3600, class IN, well-formed. */
SIGNER_API struct rr
signer_rr(struct arena *mem, const uint8_t *owner, uint16_t type,
    const uint8_t *rdata, size_t rdlen)
{
	struct rr rr = { .owner = name_copy(mem, owner), .ttl = 3600,
		.type = type, .class = CLASS_IN, .rdlen = (uint16_t)rdlen,
		.wellformed = true };

	rr.rdata = arena_copy(mem, rdata, rdlen);
	return rr;
}

/* ---- keys ---- */

static size_t
signer_put(uint8_t *out, gnutls_datum_t *d, size_t width)
{
	size_t skip = 0, pad = 0;

	while (skip < d->size && d->data[skip] == 0 &&
	    (width == 0 || d->size - skip > width))
		skip++;
	if (width > d->size - skip)
		pad = width - (d->size - skip);
	memset(out, 0, pad);
	memcpy(out + pad, d->data + skip, d->size - skip);
	gnutls_free(d->data);
	return pad + d->size - skip;
}

/* RFC 3110 2, RFC 6605 4, RFC 8080 3. */
static void
signer_export(struct signer_pair *p)
{
	gnutls_datum_t a, b = { NULL, 0 }, none = { NULL, 0 };
	gnutls_ecc_curve_t curve;

	p->pub = malloc(1024);
	if (p->pub == NULL)
		abort();
	if (p->pk == GNUTLS_PK_RSA) {
		signer_must(gnutls_privkey_export_rsa_raw2(p->key, &b, &a,
		    NULL, NULL, NULL, NULL, NULL, NULL,
		    GNUTLS_EXPORT_FLAG_NO_LZ), "export");
		p->pub[0] = (uint8_t)a.size;
		p->publen = 1 + signer_put(p->pub + 1, &a, 0);
		p->publen += signer_put(p->pub + p->publen, &b, 0);
		return;
	}
	signer_must(gnutls_privkey_export_ecc_raw2(p->key, &curve, &a, &b,
	    &none, 0), "export");
	gnutls_free(none.data);
	if (p->pk == GNUTLS_PK_ECDSA) {
		p->publen = signer_put(p->pub, &a, p->bits / 8);
		p->publen += signer_put(p->pub + p->publen, &b, p->bits / 8);
	} else {
		p->publen = signer_put(p->pub, &a, a.size);
	}
}

static void
signer_rdata(const struct signer_key *k, uint8_t out[1028])
{
	out[0] = (uint8_t)(k->flags >> 8);
	out[1] = (uint8_t)k->flags;
	out[2] = k->protocol;
	out[3] = k->algorithm;
	memcpy(out + 4, k->pair->pub, k->pair->publen);
}

SIGNER_API uint16_t
signer_tag(const struct signer_key *k)
{
	uint8_t rdata[1028];

	signer_rdata(k, rdata);
	return dnskey_tag(rdata, 4 + k->pair->publen);
}

/* The tag in any role is near another pair's: within 512. */
static bool
signer_collides(const struct signer_pair *p)
{
	struct signer_key a = { 0, 3, 0, p };

	for (size_t i = 0; i < signer_npairs; i++) {
		struct signer_key b = { 0, 3, 0, &signer_pairs[i] };
		int d = signer_tag(&a) - signer_tag(&b);

		if (&signer_pairs[i] != p && (abs(d) < 512 ||
		    abs(d) > 65536 - 512))
			return true;
	}
	return false;
}

static void
signer_generate(struct signer_pair *p)
{
	unsigned bits = p->bits;

	if (p->pk == GNUTLS_PK_ECDSA)
		bits = (unsigned)GNUTLS_CURVE_TO_BITS(bits == 384
		    ? GNUTLS_ECC_CURVE_SECP384R1
		    : GNUTLS_ECC_CURVE_SECP256R1);
	signer_must(gnutls_privkey_init(&p->key), "key");
	signer_must(gnutls_privkey_generate(p->key, p->pk, bits, 0),
	    "generate");
	signer_export(p);
}

static const struct signer_pair *
signer_pair(gnutls_pk_algorithm_t pk, unsigned bits, unsigned number)
{
	struct signer_pair *p;

	for (size_t i = 0; i < signer_npairs; i++) {
		p = &signer_pairs[i];
		if (p->pk == pk && p->bits == bits && p->number == number)
			return p;
	}
	if (signer_npairs == SIGNER_PAIRS_MAX)
		abort();
	p = &signer_pairs[signer_npairs++];
	p->pk = pk;
	p->bits = bits;
	p->number = number;
	/* Over some dozens of pairs there may be no room: only equal ones. */
	for (int tries = 0; tries < 40; tries++) {
		signer_generate(p);
		if (!signer_collides(p))
			break;
		free(p->pub);
		gnutls_privkey_deinit(p->key);
		p->pub = NULL;
	}
	if (p->pub == NULL)
		signer_generate(p);
	return p;
}

/* RSA of another size; flags ZONE, protocol 3. */
SIGNER_API struct signer_key
signer_rsa(uint8_t algorithm, unsigned number, unsigned bits)
{
	return (struct signer_key){ DNSKEY_ZONE, 3, algorithm,
		signer_pair(GNUTLS_PK_RSA, bits, number) };
}

/*
 * The number-th pair of the algorithm: 5, 7, 8, 10 (these share their
 * pairs), 13, 14, 15 or 16, flags ZONE, protocol 3.
 */
SIGNER_API struct signer_key
signer_key(uint8_t algorithm, unsigned number)
{
	struct signer_key k = { DNSKEY_ZONE, 3, algorithm, NULL };

	switch (algorithm) {
	case ALGORITHM_ECDSAP256SHA256:
		k.pair = signer_pair(GNUTLS_PK_ECDSA, 256, number);
		return k;
	case ALGORITHM_ECDSAP384SHA384:
		k.pair = signer_pair(GNUTLS_PK_ECDSA, 384, number);
		return k;
	case ALGORITHM_ED25519:
		k.pair = signer_pair(GNUTLS_PK_EDDSA_ED25519, 255, number);
		return k;
	case ALGORITHM_ED448:
		k.pair = signer_pair(GNUTLS_PK_EDDSA_ED448, 448, number);
		return k;
	default:
		return signer_rsa(algorithm, number, SIGNER_RSA_BITS);
	}
}

/* The same with flags ZONE and SEP. */
SIGNER_API struct signer_key
signer_ksk(uint8_t algorithm, unsigned number)
{
	struct signer_key k = signer_key(algorithm, number);

	k.flags |= DNSKEY_SEP;
	return k;
}

SIGNER_API struct rr
signer_dnskey(struct arena *mem, const uint8_t *owner,
    const struct signer_key *k)
{
	uint8_t rdata[1028];

	signer_rdata(k, rdata);
	return signer_rr(mem, owner, TYPE_DNSKEY, rdata, 4 + k->pair->publen);
}

/* digest_type 1, 2, 4; of any other the digest is 32 octets of it. */
SIGNER_API struct rr
signer_ds(struct arena *mem, const uint8_t *owner,
    const struct signer_key *k, uint8_t digest_type)
{
	gnutls_digest_algorithm_t alg = digest_type == 1 ? GNUTLS_DIG_SHA1
	    : digest_type == 2 ? GNUTLS_DIG_SHA256
	    : digest_type == 4 ? GNUTLS_DIG_SHA384 : GNUTLS_DIG_UNKNOWN;
	uint8_t in[NAME_WIRE_MAX + 1028], out[52];
	size_t len = name_lower(in, owner), outlen = 32;
	uint16_t tag = signer_tag(k);

	signer_rdata(k, in + len);
	len += 4 + k->pair->publen;
	out[0] = (uint8_t)(tag >> 8);
	out[1] = (uint8_t)tag;
	out[2] = k->algorithm;
	out[3] = digest_type;
	memset(out + 4, digest_type, outlen);
	if (alg != GNUTLS_DIG_UNKNOWN) {
		outlen = gnutls_hash_get_len(alg);
		signer_must(gnutls_hash_fast(alg, in, len, out + 4), "hash");
	}
	return signer_rr(mem, owner, TYPE_DS, out, 4 + outlen);
}

SIGNER_API void
signer_free(void)
{
	for (size_t i = 0; i < signer_npairs; i++) {
		gnutls_privkey_deinit(signer_pairs[i].key);
		free(signer_pairs[i].pub);
	}
	signer_npairs = 0;
}

#endif

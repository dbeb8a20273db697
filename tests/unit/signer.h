/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SIGNER_H
#define MXPROOF_SIGNER_H
/*
 * A DNSSEC signer for tests and benchmarks: keys, DNSKEY and DS records,
 * RRSIGs right or wrong in any field, NSEC and NSEC3 records, evidence.
 * One include per program.  All memory is the arena's that is given, but the
 * key pairs, which signer_free gives back.  Signatures of one run are
 * reproducible: the same call gives the same bytes.
 *
 * From the bottom (the first five in signer_key.h):
 *	signer_key(13, 0)		the first pair of algorithm 13, a ZSK
 *	signer_ksk(13, 1)		the second one, a KSK
 *	signer_name(mem, "test.")	a name in wire form
 *	signer_records(mem, "a|b", &n)	records from text, TTL 3600
 *	signer_dnskey(), signer_ds()	records of a key
 *	signer_rrsig()			the signature over a set
 *	signer_nsec(), signer_nsec3()	records of a chain
 *	signer_evidence(), signer_reply()	anchors and observations
 */
#include "core/evidence.h"
#include "signer_key.h"

/* The default window of signatures, and an instant in it: 2026. */
enum {
	SIGNER_FROM = 1767225600,	/* 01-01 00:00:00, the first second */
	SIGNER_NOW = 1768435200,	/* 01-15 00:00:00 */
	SIGNER_UNTIL = 1769904000	/* 02-01 00:00:00, the last second */
};

/* How a signature differs from a good one; all zero is good. */
struct signer_how {
	uint32_t inception, expiration;	/* both 0: SIGNER_FROM, _UNTIL */
	int64_t original_ttl;	/* 0: the set's TTL; -1: zero */
	int labels;		/* added to the owner's number */
	const uint8_t *signer;	/* NULL: the zone */
	int tag;		/* added to the key's tag */
	int algorithm;		/* in place of the key's; 0: that */
	bool broken;		/* a bit of the signature is wrong */
};

/* ---- signatures ---- */

static gnutls_sign_algorithm_t
signer_algorithm(uint8_t algorithm)
{
	switch (algorithm) {
	case ALGORITHM_RSASHA1:
	case ALGORITHM_RSASHA1_NSEC3_SHA1:
		return GNUTLS_SIGN_RSA_SHA1;
	case ALGORITHM_RSASHA512:
		return GNUTLS_SIGN_RSA_SHA512;
	case ALGORITHM_ECDSAP256SHA256:
		return GNUTLS_SIGN_ECDSA_SHA256;
	case ALGORITHM_ECDSAP384SHA384:
		return GNUTLS_SIGN_ECDSA_SHA384;
	case ALGORITHM_ED25519:
		return GNUTLS_SIGN_EDDSA_ED25519;
	case ALGORITHM_ED448:
		return GNUTLS_SIGN_EDDSA_ED448;
	default:
		return GNUTLS_SIGN_RSA_SHA256;
	}
}

/* The signature octets over the data; their number. */
SIGNER_API size_t
signer_sign(const struct signer_key *k, const uint8_t *data, size_t len,
    uint8_t out[1024])
{
	gnutls_datum_t in = { (unsigned char *)(uintptr_t)data, (unsigned)len };
	gnutls_datum_t sig, r, s;
	bool ec = k->pair->pk == GNUTLS_PK_ECDSA;
	size_t n;

	signer_must(gnutls_privkey_sign_data2(k->pair->key,
	    signer_algorithm(k->algorithm),
	    ec ? GNUTLS_PRIVKEY_FLAG_REPRODUCIBLE : 0, &in, &sig), "sign");
	if (!ec)
		return signer_put(out, &sig, sig.size);
	signer_must(gnutls_decode_rs_value(&sig, &r, &s), "r and s");
	gnutls_free(sig.data);
	n = signer_put(out, &r, k->pair->bits / 8);
	return n + signer_put(out + n, &s, k->pair->bits / 8);
}

struct signer_rdatum {
	const uint8_t *data;
	size_t len;
};

static int
signer_order(const void *a, const void *b)
{
	const struct signer_rdatum *x = a, *y = b;

	return rdata_compare(x->data, x->len, y->data, y->len);
}

static uint8_t *
signer_put32(uint8_t *p, uint32_t v)
{
	for (int i = 24; i >= 0; i -= 8)
		*p++ = (uint8_t)(v >> i);
	return p;
}

/* RFC 4034 3.1.8.1, behind the RRSIG's own fields; the end. */
static uint8_t *
signer_canonical(struct arena *mem, const struct rr *rrs, size_t nrrs,
    unsigned labels, uint32_t ttl, uint8_t *p)
{
	struct signer_rdatum *d = arena_array(mem, nrrs, sizeof *d);
	const uint8_t *owner = rrs[0].owner;
	bool wild = name_is_wildcard(owner);
	unsigned own = name_labels(owner) - (wild ? 1 : 0);

	for (size_t i = 0; i < nrrs; i++)
		d[i].data = rdata_canonical(mem, &rrs[i], &d[i].len);
	qsort(d, nrrs, sizeof *d, signer_order);
	for (size_t i = 0; i < nrrs; i++) {
		if (i > 0 && signer_order(&d[i - 1], &d[i]) == 0)
			continue;
		if (labels < own) {
			memcpy(p, "\001*", 2);
			p += 2 + name_lower(p + 2,
			    name_ancestor(owner, labels));
		} else {
			p += name_lower(p, owner);
		}
		*p++ = (uint8_t)(rrs[0].type >> 8);
		*p++ = (uint8_t)rrs[0].type;
		*p++ = (uint8_t)(rrs[0].class >> 8);
		*p++ = (uint8_t)rrs[0].class;
		p = signer_put32(p, ttl);
		*p++ = (uint8_t)(d[i].len >> 8);
		*p++ = (uint8_t)d[i].len;
		memcpy(p, d[i].data, d[i].len);
		p += d[i].len;
	}
	return p;
}

/*
 * The RRSIG of the zone's key over a set: rrs are one owner and type, at
 * least one.  What how says is signed, too: only broken breaks it.
 */
SIGNER_API struct rr
signer_rrsig(struct arena *mem, const struct rr *rrs, size_t nrrs,
    const uint8_t *zone, const struct signer_key *k,
    const struct signer_how *how)
{
	static const struct signer_how good;
	const struct signer_how *h = how != NULL ? how : &good;
	const uint8_t *owner = rrs[0].owner;
	int labels = (int)name_labels(owner) - name_is_wildcard(owner) +
	    h->labels;
	bool window = h->inception != 0 || h->expiration != 0;
	uint32_t ttl = h->original_ttl == 0 ? rrs[0].ttl
	    : h->original_ttl < 0 ? 0 : (uint32_t)h->original_ttl;
	unsigned tag = (unsigned)signer_tag(k) + (unsigned)h->tag;
	size_t size = 18 + NAME_WIRE_MAX, head, siglen;
	uint8_t *buf, *p, sig[1024];
	struct rr rr;

	for (size_t i = 0; i < nrrs; i++)
		size += NAME_WIRE_MAX + 10 + rrs[i].rdlen;
	p = buf = arena_alloc(mem, size + sizeof sig);
	*p++ = (uint8_t)(rrs[0].type >> 8);
	*p++ = (uint8_t)rrs[0].type;
	*p++ = (uint8_t)(h->algorithm != 0 ? h->algorithm : k->algorithm);
	*p++ = (uint8_t)labels;
	p = signer_put32(p, ttl);
	p = signer_put32(p, window ? h->expiration : SIGNER_UNTIL);
	p = signer_put32(p, window ? h->inception : SIGNER_FROM);
	*p++ = (uint8_t)(tag >> 8);
	*p++ = (uint8_t)tag;
	p += name_lower(p, h->signer != NULL ? h->signer : zone);
	head = (size_t)(p - buf);
	p = signer_canonical(mem, rrs, nrrs, labels < 0 ? 0 : (unsigned)labels,
	    ttl, p);
	siglen = signer_sign(k, buf, (size_t)(p - buf), sig);
	if (h->broken)
		sig[siglen / 2] ^= 1;
	memcpy(buf + head, sig, siglen);
	rr = signer_rr(mem, owner, TYPE_RRSIG, buf, head + siglen);
	rr.ttl = rrs[0].ttl;
	return rr;
}

/* ---- denials ---- */

/* "A RRSIG NSEC" */
SIGNER_API struct rr
signer_nsec(struct arena *mem, const uint8_t *owner, const uint8_t *next,
    const char *types)
{
	return signer_record(mem, arena_printf(mem, "%s NSEC %s %s",
	    name_text(mem, owner), name_text(mem, next), types));
}

/* RFC 5155 5, moved by step on the circle; base32hex, 32 characters. */
SIGNER_API char *
signer_hash(struct arena *mem, const uint8_t *name, const uint8_t *salt,
    size_t saltlen, unsigned iterations, int step)
{
	uint8_t buf[NAME_WIRE_MAX + 255], out[20];
	size_t len = name_lower(buf, name);

	for (unsigned i = 0; i <= iterations; i++) {
		if (saltlen > 0)
			memcpy(buf + len, salt, saltlen);
		signer_must(gnutls_hash_fast(GNUTLS_DIG_SHA1, buf,
		    len + saltlen, out), "hash");
		memcpy(buf, out, len = sizeof out);
	}
	for (int i = 19; i >= 0 && step != 0; i--) {
		int v = out[i] + step;

		out[i] = (uint8_t)v;
		step = v < 0 ? -1 : v > 255 ? 1 : 0;
	}
	return text_base32hex(mem, out, sizeof out);
}

/*
 * Of the name's hash, plus from, to the next name's, plus to: so -1 and 1
 * with the same name twice cover that name alone.  No salt: "-".
 */
SIGNER_API struct rr
signer_nsec3(struct arena *mem, const uint8_t *zone, const uint8_t *name,
    int from, const uint8_t *next, int to, unsigned flags,
    unsigned iterations, const uint8_t *salt, size_t saltlen,
    const char *types)
{
	return signer_record(mem, arena_printf(mem,
	    "%s.%s NSEC3 1 %u %u %s %s %s",
	    signer_hash(mem, name, salt, saltlen, iterations, from),
	    name_labels(zone) > 0 ? name_text(mem, zone) : "", flags,
	    iterations, saltlen > 0 ? text_hex(mem, salt, saltlen) : "-",
	    signer_hash(mem, next, salt, saltlen, iterations, to), types));
}

/* ---- evidence ---- */

/* Collected at SIGNER_NOW, a replay; anchors are DS or DNSKEY records. */
SIGNER_API struct evidence *
signer_evidence(const char *domain, const struct rr *anchors, size_t nanchors)
{
	struct evidence *ev = evidence_new();

	ev->domain = signer_name(ev->mem, domain);
	ev->input = arena_strdup(ev->mem, domain);
	ev->collected_at = SIGNER_NOW;
	ev->asked.ipv4 = ev->asked.ipv6 = true;
	ev->replay = true;
	ev->anchors = arena_array(ev->mem, nanchors, sizeof *anchors);
	ev->nanchors = nanchors;
	for (size_t i = 0; i < nanchors; i++)
		ev->anchors[i] = signer_rr(ev->mem, anchors[i].owner,
		    anchors[i].type, anchors[i].rdata, anchors[i].rdlen);
	return ev;
}

static struct rr *
signer_copy(struct arena *mem, const struct rr *from, size_t n)
{
	struct rr *list = arena_array(mem, n, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		list[i] = from[i];
		list[i].owner = name_copy(mem, from[i].owner);
		list[i].rdata = arena_copy(mem, from[i].rdata, from[i].rdlen);
	}
	return list;
}

/*
 * The answer to a question, copied; the evidence owns the observation,
 * which may be changed until the evidence is judged.
 */
SIGNER_API struct dns_observation *
signer_reply(struct evidence *ev, const uint8_t *name, uint16_t type,
    unsigned rcode, const struct rr *answer, size_t nanswer,
    const struct rr *authority, size_t nauthority)
{
	struct dns_observation *o = dns_observation_new();

	o->name = name_copy(o->mem, name);
	o->type = type;
	o->outcome = DNS_REPLY;
	o->rcode = (uint16_t)rcode;
	o->flags = DNS_QR;
	o->answer = signer_copy(o->mem, answer, nanswer);
	o->nanswer = nanswer;
	o->authority = signer_copy(o->mem, authority, nauthority);
	o->nauthority = nauthority;
	evidence_add_dns(ev, o);
	return o;
}

#endif

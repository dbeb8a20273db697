/* SPDX-License-Identifier: ISC */
/* DS records against keys; the rest of signature.h is in signature.c. */
#include "signature.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "arena.h"
#include "name.h"
#include "text.h"

bool
digest_supported(uint8_t digest_type)
{
	return digest_type == DIGEST_SHA1 || digest_type == DIGEST_SHA256 ||
	    digest_type == DIGEST_SHA384;
}

/* RFC 4034 5.1.4: digest(owner in canonical form | DNSKEY RDATA). */
static size_t
key_digest(uint8_t digest_type, const uint8_t *owner, const uint8_t *rdata,
    size_t rdlen, uint8_t out[48])
{
	struct arena *mem;
	gnutls_digest_algorithm_t alg;
	uint8_t *buf;
	size_t len;

	switch (digest_type) {
	case DIGEST_SHA1:
		alg = GNUTLS_DIG_SHA1;
		break;
	case DIGEST_SHA256:
		alg = GNUTLS_DIG_SHA256;
		break;
	case DIGEST_SHA384:
		alg = GNUTLS_DIG_SHA384;
		break;
	default:
		return 0;
	}
	mem = arena_new();
	buf = arena_alloc(mem, NAME_WIRE_MAX + rdlen);
	len = name_lower(buf, owner);
	memcpy(buf + len, rdata, rdlen);
	if (gnutls_hash_fast(alg, buf, len + rdlen, out) < 0)
		len = 0;
	else
		len = gnutls_hash_get_len(alg);
	arena_free(mem);
	return len;
}

unsigned
ds_work(size_t rdlen)
{
	return 1 + (unsigned)(rdlen / 512);
}

static bool
ds_names(const struct rr *ds, const uint8_t *owner, const uint8_t *rdata,
    size_t rdlen)
{
	uint8_t digest[48];
	size_t len;

	if (ds->rdlen < 5 || rdlen <= 4)
		return false;
	if ((ds->rdata[0] << 8 | ds->rdata[1]) != dnskey_tag(rdata, rdlen) ||
	    ds->rdata[2] != rdata[3] || !name_equal(ds->owner, owner))
		return false;
	len = key_digest(ds->rdata[3], owner, rdata, rdlen, digest);
	return len > 0 && len == ds->rdlen - 4u &&
	    memcmp(digest, ds->rdata + 4, len) == 0;
}

bool
ds_names_key(const struct rr *ds, const struct rr *k)
{
	return ds_names(ds, k->owner, k->rdata, k->rdlen);
}

char *
ds_line(struct arena *mem, const struct rr *k, uint32_t ttl)
{
	uint8_t digest[48];
	size_t len;

	if (k->rdlen <= 4)
		return NULL;
	len = key_digest(DIGEST_SHA256, k->owner, k->rdata, k->rdlen, digest);
	if (len == 0)
		return NULL;
	return arena_printf(mem, "%s %lu IN DS %u %u %u %s",
	    name_text(mem, k->owner), (unsigned long)ttl,
	    (unsigned)dnskey_tag(k->rdata, k->rdlen), (unsigned)k->rdata[3],
	    (unsigned)DIGEST_SHA256, text_hex(mem, digest, len));
}

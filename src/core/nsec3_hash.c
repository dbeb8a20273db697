/* SPDX-License-Identifier: ISC */
/* The hashes of denial.h. */
#include "denial.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "arena.h"
#include "memo.h"
#include "name.h"

enum {
	SALT_MAX = 255,
	WORK_FIXED = 16, /* what a name costs beside its blocks */
	WORK_MEMO = 48 /* less is computed sooner than looked up */
};

struct hashed {
	const uint8_t *name;
	const uint8_t *salt;
	size_t saltlen;
	unsigned iterations;
	uint8_t hash[NSEC3_HASH_LEN];
};

/* Open addressing; at most half of the slots are in use. */
struct nsec3_hasher {
	struct arena *mem;
	struct memo *memo; /* or NULL */
	unsigned budget, spent;
	struct hashed **slots;
	size_t nslots; /* a power of two */
	size_t n;
};

struct nsec3_hasher *
nsec3_hasher_new(struct arena *mem, unsigned budget)
{
	struct nsec3_hasher *h = arena_alloc(mem, sizeof(*h));

	h->mem = mem;
	h->budget = budget;
	return h;
}

void
nsec3_hasher_memo(struct nsec3_hasher *h, struct memo *memo)
{
	h->memo = memo;
}

unsigned
nsec3_hasher_spent(const struct nsec3_hasher *h)
{
	return h->spent;
}

/* SHA-1 takes blocks of 64 octets; a bit and the length are added. */
static unsigned
sha1_blocks(size_t len)
{
	return (unsigned)((len + 9 + 63) / 64);
}

unsigned
nsec3_work(const uint8_t *name, size_t saltlen, unsigned iterations)
{
	return WORK_FIXED + sha1_blocks(name_len(name) + saltlen) +
	    iterations * sha1_blocks(NSEC3_HASH_LEN + saltlen);
}

static bool
hash_compute(const struct hashed *e, uint8_t out[NSEC3_HASH_LEN])
{
	uint8_t buf[NAME_WIRE_MAX + SALT_MAX];
	size_t len = name_lower(buf, e->name);
	unsigned i;

	/* RFC 5155 5: IH(salt, x, k) = H(IH(salt, x, k-1) || salt) */
	for (i = 0; i <= e->iterations; i++) {
		if (e->saltlen > 0)
			memcpy(buf + len, e->salt, e->saltlen);
		if (gnutls_hash_fast(
			GNUTLS_DIG_SHA1, buf, len + e->saltlen, out) < 0)
			return false;
		memcpy(buf, out, NSEC3_HASH_LEN);
		len = NSEC3_HASH_LEN;
	}
	return true;
}

/* The memo's key: all that the hash depends on. */
static bool
hash_digest(const struct hashed *e, uint8_t key[MEMO_KEY_LEN])
{
	uint8_t buf[4 + NAME_WIRE_MAX + SALT_MAX], *p = buf;

	*p++ = MEMO_NSEC3;
	*p++ = (uint8_t)(e->iterations >> 8);
	*p++ = (uint8_t)e->iterations;
	*p++ = (uint8_t)e->saltlen;
	if (e->saltlen > 0)
		memcpy(p, e->salt, e->saltlen);
	p += e->saltlen;
	p += name_lower(p, e->name);
	return gnutls_hash_fast(
		   GNUTLS_DIG_SHA256, buf, (size_t)(p - buf), key) >= 0;
}

static bool
hash_find(struct memo *memo, unsigned work, const struct hashed *e,
    uint8_t out[NSEC3_HASH_LEN])
{
	uint8_t key[MEMO_KEY_LEN];

	if (memo == NULL || work < WORK_MEMO || !hash_digest(e, key))
		return hash_compute(e, out);
	if (memo_find_hash(memo, key, out))
		return true;
	if (!hash_compute(e, out))
		return false;
	memo_add_hash(memo, key, out);
	return true;
}

static bool
same(const struct hashed *a, const struct hashed *b)
{
	return a->iterations == b->iterations && a->saltlen == b->saltlen &&
	    (a->saltlen == 0 || memcmp(a->salt, b->salt, a->saltlen) == 0) &&
	    name_equal(a->name, b->name);
}

static struct hashed **
slot_find(const struct nsec3_hasher *h, const struct hashed *e)
{
	size_t i, hash = name_hash(e->name) + e->iterations;

	for (i = 0; i < e->saltlen; i++)
		hash = hash * 31 + e->salt[i];
	for (i = hash;; i++) {
		struct hashed **slot = &h->slots[i & (h->nslots - 1)];

		if (*slot == NULL || same(*slot, e))
			return slot;
	}
}

static void
hasher_grow(struct nsec3_hasher *h)
{
	struct hashed **old = h->slots;
	size_t n = h->nslots, i;

	h->nslots = n == 0 ? 32 : 2 * n;
	h->slots = arena_array(h->mem, h->nslots, sizeof(h->slots[0]));
	for (i = 0; i < n; i++)
		if (old[i] != NULL)
			*slot_find(h, old[i]) = old[i];
}

bool
nsec3_hash(struct nsec3_hasher *h, const uint8_t *name, const uint8_t *salt,
    size_t saltlen, unsigned iterations, uint8_t out[NSEC3_HASH_LEN])
{
	struct hashed e = { name, salt, saltlen, iterations, { 0 } };
	struct hashed **slot, *kept;
	unsigned work;

	if (saltlen > SALT_MAX || iterations > NSEC3_ITERATIONS_MAX)
		return false;
	if (2 * h->n >= h->nslots)
		hasher_grow(h);
	slot = slot_find(h, &e);
	if (*slot != NULL) {
		memcpy(out, (*slot)->hash, NSEC3_HASH_LEN);
		return true;
	}
	work = nsec3_work(name, saltlen, iterations);
	if (work > h->budget - h->spent)
		return false;
	h->spent += work;
	if (!hash_find(h->memo, work, &e, out))
		return false;
	kept = arena_alloc(h->mem, sizeof(*kept));
	kept->name = name_copy(h->mem, name);
	kept->salt = arena_copy(h->mem, salt, saltlen);
	kept->saltlen = saltlen;
	kept->iterations = iterations;
	memcpy(kept->hash, out, NSEC3_HASH_LEN);
	*slot = kept;
	h->n++;
	return true;
}

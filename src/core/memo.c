/* SPDX-License-Identifier: ISC */
#include "memo.h"

#include <string.h>

#include "arena.h"

struct entry {
	bool used;
	uint8_t key[MEMO_KEY_LEN];
	uint8_t value[20]; /* a hash, or the result of a check */
};

/* Open addressing; at most half of the slots are in use. */
struct memo {
	struct arena *mem;
	struct entry *slots;
	size_t nslots; /* a power of two */
	size_t nused;
	size_t verifications;
};

enum { SLOTS_FIRST = 64 };

struct memo *
memo_new(void)
{
	struct arena *mem = arena_new();
	struct memo *memo = arena_alloc(mem, sizeof(*memo));

	memo->mem = mem;
	memo->nslots = SLOTS_FIRST;
	memo->slots = arena_array(mem, memo->nslots, sizeof(memo->slots[0]));
	return memo;
}

void
memo_free(struct memo *memo)
{
	if (memo != NULL)
		arena_free(memo->mem);
}

/* Where the key is, or the free slot where it would be. */
static struct entry *
slot_find(const struct memo *memo, const uint8_t key[MEMO_KEY_LEN])
{
	size_t i;

	/* A digest's octets are as good as random ones. */
	memcpy(&i, key, sizeof(i));
	for (;; i++) {
		struct entry *e = &memo->slots[i & (memo->nslots - 1)];

		if (!e->used || memcmp(e->key, key, MEMO_KEY_LEN) == 0)
			return e;
	}
}

static void
memo_grow(struct memo *memo)
{
	struct entry *old = memo->slots;
	size_t n = memo->nslots, i;

	memo->nslots *= 2;
	memo->slots =
	    arena_array(memo->mem, memo->nslots, sizeof(memo->slots[0]));
	for (i = 0; i < n; i++)
		if (old[i].used)
			*slot_find(memo, old[i].key) = old[i];
}

/* A slot for the key, its value still to be set. */
static struct entry *
slot_add(struct memo *memo, const uint8_t key[MEMO_KEY_LEN])
{
	struct entry *e;

	if (memo->nused == MEMO_ENTRIES_MAX) {
		memset(memo->slots, 0, memo->nslots * sizeof(memo->slots[0]));
		memo->nused = 0;
	} else if (2 * memo->nused >= memo->nslots) {
		memo_grow(memo);
	}
	e = slot_find(memo, key);
	memo->nused += !e->used;
	e->used = true;
	memcpy(e->key, key, MEMO_KEY_LEN);
	return e;
}

bool
memo_find(const struct memo *memo, const uint8_t key[MEMO_KEY_LEN],
    enum signature_result *result)
{
	const struct entry *e = slot_find(memo, key);

	if (e->used)
		*result = (enum signature_result)e->value[0];
	return e->used;
}

void
memo_add(struct memo *memo, const uint8_t key[MEMO_KEY_LEN],
    enum signature_result result)
{
	memo->verifications++;
	slot_add(memo, key)->value[0] = (uint8_t)result;
}

bool
memo_find_hash(
    const struct memo *memo, const uint8_t key[MEMO_KEY_LEN], uint8_t hash[20])
{
	const struct entry *e = slot_find(memo, key);

	if (e->used)
		memcpy(hash, e->value, sizeof(e->value));
	return e->used;
}

void
memo_add_hash(
    struct memo *memo, const uint8_t key[MEMO_KEY_LEN], const uint8_t hash[20])
{
	struct entry *e = slot_add(memo, key);

	memcpy(e->value, hash, sizeof(e->value));
}

size_t
memo_verifications(const struct memo *memo)
{
	return memo->verifications;
}

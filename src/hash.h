/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_HASH_H
#define MXPROOF_HASH_H
/*
 * For tables and shares: FNV-1a, folded so that its low bits are good.  It
 * keeps no secrets; who can choose the input can make collisions.
 */
#include <stddef.h>
#include <stdint.h>

/* The same on every machine, and in every release: shares depend on it. */
static inline uint64_t
hash_octets(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h ^ h >> 32;
}

#endif

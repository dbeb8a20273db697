/* SPDX-License-Identifier: ISC */
/*
 * Stands in for core/arena.c where sanitizers watch: behind every allocation
 * lies forbidden ground, so that the first octet behind it is already an
 * error.  In the real arena it would be the neighbour's.
 */
#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define FORBID(p, n) __asan_poison_memory_region(p, n)
#define PERMIT(p, n) __asan_unpoison_memory_region(p, n)
#else
#define FORBID(p, n) ((void)(p), (void)(n))
#define PERMIT(p, n) ((void)(p), (void)(n))
#endif

enum { CHUNK_FIRST = 2048, CHUNK_LARGEST = 256 * 1024, GAP = 16 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	max_align_t data[];
};

struct arena {
	struct chunk *chunks;
	size_t next_size;
	size_t held;
};

void (*arena_out_of_memory)(void) = abort;

static void *
must_malloc(size_t size)
{
	void *p = malloc(size);

	if (p == NULL) {
		arena_out_of_memory();
		abort();
	}
	return p;
}

struct arena *
arena_new(void)
{
	struct arena *arena = must_malloc(sizeof *arena);

	arena->chunks = NULL;
	arena->next_size = CHUNK_FIRST;
	arena->held = 0;
	return arena;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->chunks != NULL) {
		struct chunk *next = arena->chunks->next;

		PERMIT(arena->chunks->data, arena->chunks->size);
		free(arena->chunks);
		arena->chunks = next;
	}
	free(arena);
}

static struct chunk *
chunk_new(struct arena *arena, size_t least)
{
	size_t size = least > arena->next_size ? least : arena->next_size;
	struct chunk *c = must_malloc(sizeof *c + size);

	c->next = arena->chunks;
	c->size = size;
	c->used = 0;
	FORBID(c->data, size);
	arena->chunks = c;
	arena->held += size;
	if (arena->next_size < CHUNK_LARGEST)
		arena->next_size *= 2;
	return c;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct chunk *c = arena->chunks;
	size_t room;
	void *p;

	assert(size <= SIZE_MAX / 2);
	room = (size + GAP + align - 1) / align * align;
	if (c == NULL || c->size - c->used < room)
		c = chunk_new(arena, room);
	p = (unsigned char *)c->data + c->used;
	c->used += room;
	PERMIT(p, size);
	memset(p, 0, size);
	return p;
}

void *
arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		arena_out_of_memory();
	return arena_alloc(arena, n * size);
}

void *
arena_grow(struct arena *arena, void *old, size_t n, size_t *cap, size_t size)
{
	void *grown;

	assert(n <= *cap);
	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 4 : 2 * *cap;
	grown = arena_array(arena, *cap, size);
	if (n > 0)
		memcpy(grown, old, n * size);
	return grown;
}

void *
arena_copy(struct arena *arena, const void *data, size_t len)
{
	void *copy;

	if (data == NULL)
		return NULL;
	copy = arena_alloc(arena, len);
	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

char *
arena_strndup(struct arena *arena, const char *s, size_t n)
{
	const char *end;
	char *copy;

	if (s == NULL)
		return NULL;
	end = memchr(s, '\0', n);
	if (end != NULL)
		n = (size_t)(end - s);
	copy = arena_alloc(arena, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *s)
{
	return s == NULL ? NULL : arena_strndup(arena, s, strlen(s));
}

char *
arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(len >= 0);
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return text;
}

size_t
arena_size(const struct arena *arena)
{
	return arena->held;
}

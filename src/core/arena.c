/* SPDX-License-Identifier: ISC */
#include "arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The address sanitizer sees what goes beyond a block of the system's: each
 * piece has one to itself then, no larger than it was asked for.
 */
#ifdef __SANITIZE_ADDRESS__
enum { PIECES_ALONE = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { PIECES_ALONE = 1 };
#else
enum { PIECES_ALONE = 0 };
#endif
#else
enum { PIECES_ALONE = 0 };
#endif

enum {
	CHUNK_FIRST = 1024, /* every observation owns one of these */
	CHUNK_LARGEST = 64 * 1024
};

/* One block from the system; its data follow the header. */
struct chunk {
	struct chunk *next;
	size_t size; /* of the data */
	size_t used;
	max_align_t data[];
};

struct arena {
	struct chunk *chunks; /* the first one is the one being filled */
	size_t next_size;
	size_t held;
};

void (*arena_out_of_memory)(void) = abort;

static void
out_of_memory(void)
{
	arena_out_of_memory();
	abort();
}

static void *
must_calloc(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

static struct chunk *
chunk_new(struct arena *arena, size_t size)
{
	struct chunk *chunk;

	if (size > SIZE_MAX - sizeof(*chunk))
		out_of_memory();
	chunk = must_calloc(sizeof(*chunk) + size);
	chunk->size = size;
	arena->held += sizeof(*chunk) + size;
	return chunk;
}

struct arena *
arena_new(void)
{
	struct arena *arena = must_calloc(sizeof(*arena));

	arena->held = sizeof(*arena);
	arena->next_size = CHUNK_FIRST - sizeof(struct chunk);
	return arena;
}

void
arena_free(struct arena *arena)
{
	struct chunk *chunk, *next;

	if (arena == NULL)
		return;
	for (chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena);
}

/* What does not fit a chunk well gets its own, behind the one in use. */
static void *
alloc_alone(struct arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(arena, size);

	chunk->used = size;
	if (arena->chunks == NULL) {
		arena->chunks = chunk;
	} else {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	}
	return chunk->data;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct chunk *chunk = arena->chunks;
	void *p;

	if (size > SIZE_MAX - align)
		out_of_memory();
	if (PIECES_ALONE)
		return alloc_alone(arena, size);
	size = size == 0 ? align : (size + align - 1) / align * align;
	if (chunk == NULL || chunk->size - chunk->used < size) {
		if (size > arena->next_size / 2)
			return alloc_alone(arena, size);
		chunk = chunk_new(arena, arena->next_size);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
		if (arena->next_size < CHUNK_LARGEST / 2)
			arena->next_size *= 2;
		else
			arena->next_size = CHUNK_LARGEST;
	}
	p = (unsigned char *)chunk->data + chunk->used;
	chunk->used += size;
	return p;
}

void *
arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory();
	return arena_alloc(arena, n * size);
}

void *
arena_grow(struct arena *arena, void *old, size_t n, size_t *cap, size_t size)
{
	size_t room;
	void *grown;

	assert(n <= *cap);
	if (n < *cap)
		return old;
	if (*cap > SIZE_MAX / 2)
		out_of_memory();
	room = *cap == 0 ? 4 : *cap * 2;
	grown = arena_array(arena, room, size);
	if (n > 0)
		memcpy(grown, old, n * size);
	*cap = room;
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
	if (n == SIZE_MAX)
		out_of_memory();
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
	size_t size;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(len >= 0);
	size = (size_t)len + 1;
	text = arena_alloc(arena, size);
	vsnprintf(text, size, fmt, ap);
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

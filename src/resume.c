/* SPDX-License-Identifier: ISC */
#include "resume.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "hash.h"
#include "probe/loop.h"
#include "report/report.h"

/* A set that counts: open addressing, 0 = free. */
struct slot {
	uint64_t hash;
	uint32_t count;
};

struct resume {
	struct slot *slots;
	size_t size, used;
	size_t count;
};

static uint64_t
hash_of(const char *input)
{
	uint64_t h = hash_octets(input, strlen(input));

	return h != 0 ? h : 1;
}

static struct slot *
slot_find(const struct resume *r, uint64_t hash)
{
	size_t at = (size_t)hash & (r->size - 1);

	while (r->slots[at].hash != 0 && r->slots[at].hash != hash)
		at = (at + 1) & (r->size - 1);
	return &r->slots[at];
}

static void
slots_grow(struct resume *r)
{
	struct resume old = *r;

	if (r->used * 4 < r->size * 3)
		return;
	r->size = r->size > 0 ? 2 * r->size : 1024;
	r->slots = loop_alloc(r->size * sizeof *r->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].hash != 0)
			*slot_find(r, old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

static void
resume_add(struct resume *r, const char *input)
{
	uint64_t hash = hash_of(input);
	struct slot *slot;

	slots_grow(r);
	slot = slot_find(r, hash);
	r->used += slot->hash == 0;
	slot->hash = hash;
	slot->count++;
	r->count++;
}

static bool
read_lines(struct resume *r, FILE *f, off_t *whole, const char *path,
    char *error, size_t errorsize)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	bool good = true;
	ssize_t n;

	while (good && (n = getline(&line, &size, f)) > 0) {
		struct arena *mem = arena_new();
		const char *input;

		number++;
		if (line[0] == '\n') {
			*whole += n;
		} else if (line[n - 1] == '\n') {
			good = report_line_input(mem, line, (size_t)n, &input);
			if (good)
				resume_add(r, input);
			else
				snprintf(error, errorsize,
				    "%s: line %zu is no result of a batch in "
				    "JSON",
				    path, number);
			*whole += n;
		}
		arena_free(mem);
	}
	free(line);
	return good;
}

struct resume *
resume_read(const char *path, off_t *whole, char *error, size_t errorsize)
{
	struct resume *r = loop_alloc(sizeof *r);
	FILE *f = fopen(path, "r");
	bool good;

	*whole = 0;
	slots_grow(r);
	if (f == NULL) {
		/* Nothing was done yet: the first run of a loop of them. */
		if (errno == ENOENT)
			return r;
		snprintf(error, errorsize, "%s: %s", path, strerror(errno));
		resume_free(r);
		return NULL;
	}
	good = read_lines(r, f, whole, path, error, errorsize);
	if (good && ferror(f)) {
		snprintf(error, errorsize, "%s: cannot be read", path);
		good = false;
	}
	fclose(f);
	if (good)
		return r;
	resume_free(r);
	return NULL;
}

void
resume_free(struct resume *r)
{
	if (r == NULL)
		return;
	free(r->slots);
	free(r);
}

bool
resume_take(struct resume *r, const char *input)
{
	struct slot *slot = slot_find(r, hash_of(input));

	if (slot->hash == 0 || slot->count == 0)
		return false;
	slot->count--;
	return true;
}

size_t
resume_count(const struct resume *r)
{
	return r->count;
}

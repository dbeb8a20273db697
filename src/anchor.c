/* SPDX-License-Identifier: ISC */
#include "anchor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "core/rdata.h"

enum { FILE_MAX = 1 << 20 };

/* data.iana.org/root-anchors: KSK-2017 and KSK-2024 */
static const char *const builtin[] = {
	". 0 IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC68345"
	"7104237C7F8EC8D",
	". 0 IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483"
	"AF444A4C0FB2B16",
};

void
anchor_builtin(struct arena *mem, struct rr **out, size_t *n)
{
	const char *error;

	*n = sizeof builtin / sizeof *builtin;
	*out = arena_array(mem, *n, sizeof **out);
	for (size_t i = 0; i < *n; i++)
		rr_from_text(mem, builtin[i], NULL, 0, &(*out)[i], &error);
}

static char *
read_file(struct arena *mem, const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;
	size_t len;

	if (f == NULL)
		return NULL;
	text = arena_alloc(mem, FILE_MAX + 1);
	errno = 0;
	len = fread(text, 1, FILE_MAX, f);
	if (ferror(f)) {
		fclose(f);
		return NULL;
	}
	fclose(f);
	text[len] = '\0';
	return text;
}

/*
 * The next logical line in place: comments and parentheses blanked, lines
 * inside parentheses joined.  *lineno is the line it starts on.
 */
static char *
next_line(char **at, unsigned *lineno, unsigned *next)
{
	char *line = *at, *p = line;
	unsigned depth = 0;

	if (*line == '\0')
		return NULL;
	*lineno = *next;
	for (; *p != '\0'; p++) {
		if (*p == ';') {
			while (*p != '\0' && *p != '\n')
				*p++ = ' ';
			if (*p == '\0')
				break;
		}
		if (*p == '(' || *p == ')') {
			if (*p == '(')
				depth++;
			else if (depth > 0)
				depth--;
			*p = ' ';
		}
		if (*p == '\n' || *p == '\r') {
			if (*p == '\n')
				(*next)++;
			if (*p == '\n' && depth == 0) {
				*p++ = '\0';
				break;
			}
			*p = ' ';
		}
	}
	*at = p;
	return line;
}

bool
anchor_read(struct arena *mem, const char *path, struct rr **out, size_t *n,
    char *error, size_t errorsize)
{
	char *text = read_file(mem, path), *line;
	unsigned lineno = 1, next = 1;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	if (text == NULL) {
		snprintf(error, errorsize, "%s: %s", path, strerror(errno));
		return false;
	}
	while ((line = next_line(&text, &lineno, &next)) != NULL) {
		const char *why;
		struct rr rr;

		if (line[strspn(line, " \t\r;")] == '\0')
			continue;
		if (!rr_from_text(mem, line, name_root, 0, &rr, &why)) {
			snprintf(error, errorsize, "%s:%u: not a record: %s",
			    path, lineno, why);
			return false;
		}
		if ((rr.type != TYPE_DS && rr.type != TYPE_DNSKEY) ||
		    !rr.wellformed) {
			snprintf(error, errorsize,
			    "%s:%u: a trust anchor is a DS or DNSKEY record",
			    path, lineno);
			return false;
		}
		*out = arena_grow(mem, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = rr;
	}
	if (*n == 0) {
		snprintf(error, errorsize, "%s: no trust anchor in it", path);
		return false;
	}
	return true;
}

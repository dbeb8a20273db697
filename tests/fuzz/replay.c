/* SPDX-License-Identifier: ISC */
/*
 * The corpus of a target once through it, without libFuzzer: what was found
 * once is looked for everywhere and with any compiler.
 *
 * A corpus is one file, so that it can be named in a list and read in a
 * diff: a line per input, its octets as hex, or behind a quote as text with
 * the escapes of text_escape.  "name: " before it makes it a test point of
 * its own.
 */
#include <stdbool.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "fuzz.h"

enum { LINE_MAX_OCTETS = 1024 * 1024 };

static bool
unescape(struct arena *mem, const char *text, uint8_t **data, size_t *len)
{
	uint8_t *octet;
	size_t n;

	*data = arena_alloc(mem, strlen(text));
	*len = 0;
	while (*text != '\0') {
		if (*text != '\\') {
			(*data)[(*len)++] = (uint8_t)*text++;
		} else if (text[1] == '\\') {
			(*data)[(*len)++] = '\\';
			text += 2;
		} else {
			if (text[1] != 'x' || strlen(text) < 4 ||
			    !text_from_hex(mem, text + 2, 2, &octet, &n))
				return false;
			(*data)[(*len)++] = octet[0];
			text += 4;
		}
	}
	return true;
}

/* A block of exactly that size, as the fuzzer would give. */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

/* False when the line is none. */
static bool
run_line(struct arena *mem, const char *line)
{
	uint8_t *data;
	size_t len;
	bool good = *line == '"'
	    ? unescape(mem, line + 1, &data, &len)
	    : text_from_hex(mem, line, strlen(line), &data, &len);

	if (good)
		run(data, len);
	return good;
}

int
main(void)
{
	const char *top = getenv("srcdir");
	char *line = malloc(LINE_MAX_OCTETS), path[4096], *input;
	unsigned number = 0, points = 0, unnamed = 0, bad = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s",
	    top != NULL ? top : ".", fuzz_name);
	file = fopen(path, "r");
	if (file == NULL || line == NULL) {
		printf("Bail out! %s cannot be read\n", path);
		return 1;
	}
	while (fgets(line, LINE_MAX_OCTETS, file) != NULL) {
		struct arena *mem;

		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		/* Which one it was, should it be the last. */
		printf("# line %u\n", number);
		fflush(stdout);
		mem = arena_new();
		input = line[0] == '"' ? NULL : strstr(line, ": ");
		if (!run_line(mem, input != NULL ? input + 2 : line)) {
			printf("# line %u is no input\n", number);
			bad++;
		}
		arena_free(mem);
		if (input == NULL) {
			unnamed++;
		} else {
			*input = '\0';
			printf("ok %u - %s: %s\n", ++points, fuzz_name, line);
		}
	}
	fclose(file);
	free(line);
	printf("%sok %u - %s: %u inputs more\n",
	    bad > 0 || unnamed == 0 ? "not " : "", points + 1, fuzz_name,
	    unnamed);
	printf("1..%u\n", points + 1);
	return bad > 0 || unnamed == 0;
}

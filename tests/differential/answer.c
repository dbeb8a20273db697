/* SPDX-License-Identifier: ISC */
/*
 * answer FILE ZONE: of each line "NAME TYPE" of standard input what a zone
 * file that is not published yet would answer, as a line
 * "RCODE ANSWER… / AUTHORITY…" with records as OWNER,TYPE,HEX; or "live".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/text.h"
#include "core/zonefile.h"

static char *
whole(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(1 << 20);

	if (file == NULL || text == NULL)
		exit(99);
	*len = fread(text, 1, (1 << 20) - 1, file);
	text[*len] = '\0';
	fclose(file);
	return text;
}

static const char *
no_include(void *arg, struct arena *mem, const char *from, const char **path,
    size_t *len, const char **why)
{
	(void)arg;
	(void)mem;
	(void)from;
	(void)path;
	*len = 0;
	*why = "no file";
	return NULL;
}

static void
put(struct arena *mem, const struct rr *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		printf(" %s,%u,", name_text(mem, list[i].owner),
		    (unsigned)list[i].type);
		for (size_t k = 0; k < list[i].rdlen; k++)
			printf("%02x", list[i].rdata[k]);
	}
}

static void
answer(const struct overlay *o, const char *name, const char *type)
{
	struct arena *mem = arena_new();
	struct overlay_view *view = overlay_view_new(mem, o);
	const struct dns_observation *obs;
	uint8_t wire[NAME_WIRE_MAX];
	uint16_t number;

	if (!name_from_text(wire, name, NULL) ||
	    !rr_type_from_text(type, &number))
		exit(99);
	obs = overlay_dns(view, wire, number, NULL);
	if (obs == NULL) {
		puts("live");
	} else {
		printf("%u", (unsigned)obs->rcode);
		put(mem, obs->answer, obs->nanswer);
		printf(" /");
		put(mem, obs->authority, obs->nauthority);
		putchar('\n');
	}
	arena_free(mem);
}

int
main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	struct overlay_zone zone;
	struct overlay o = { .zones = &zone, .nzones = 1 };
	uint8_t apex[NAME_WIRE_MAX];
	char line[1024], *text, *type;
	const char *error;
	size_t len;

	if (argc != 3 || !name_from_text(apex, argv[2], NULL))
		return 99;
	text = whole(argv[1], &len);
	if (!zonefile_read(mem, argv[1], text, len, apex, NULL, no_include,
		NULL, &zone, &error)) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		type = strchr(line, ' ');
		if (type == NULL)
			return 99;
		*type++ = '\0';
		answer(&o, line, type);
	}
	free(text);
	arena_free(mem);
	return 0;
}

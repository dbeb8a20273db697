/* SPDX-License-Identifier: ISC */
#include "probe/psl.h"

#include <libpsl.h>
#include <string.h>

#include "core/arena.h"

void
psl_organization(const uint8_t *name, uint8_t out[NAME_WIRE_MAX])
{
	struct arena *mem = arena_new();
	psl_ctx_t *list = psl_latest(NULL);
	uint8_t low[NAME_WIRE_MAX];
	const char *found = NULL;

	name_lower(low, name);
	if (list != NULL)
		found = psl_registrable_domain(list, name_text_nodot(mem, low));
	if (found == NULL || !name_from_text(out, found, NULL))
		memcpy(out, low, name_len(low));
	psl_free(list);
	arena_free(mem);
}

/* SPDX-License-Identifier: ISC */
#include "probe/transcript.h"

#include "core/arena.h"
#include "core/evidence.h"
#include "core/text.h"

enum { LINES_MAX = 200, WIDTH_MAX = 512 };

void
transcript_add(
    struct smtp_observation *obs, char who, const void *line, size_t len)
{
	if (obs->transcript == NULL)
		obs->transcript =
		    arena_array(obs->mem, LINES_MAX, sizeof(*obs->transcript));
	if (obs->ntranscript < LINES_MAX)
		obs->transcript[obs->ntranscript++] = arena_printf(obs->mem,
		    "%c: %s", who, text_escape(obs->mem, line, len, WIDTH_MAX));
}

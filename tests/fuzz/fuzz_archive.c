/* SPDX-License-Identifier: ISC */
/*
 * An evidence file from its octets: refused with a reason, or read, judged
 * and reported; what it records again gives the same bytes.
 */
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/judge.h"
#include "core/validity.h"
#include "report/archive.h"
#include "report/report.h"
#include "fuzz.h"

const char fuzz_name[] = "archive";

/* The report of one profile, which the evidence itself picks. */
static char *
judged(struct arena *mem, const struct evidence *ev)
{
	const struct report_options how = { .verbose = true, .indent = true };
	struct judge_options options = {
		.at = ev->collected_at,
		.profile = (enum profile)(ev->ndns % NPROFILES),
	};
	struct judgement *j =
	    judge(mem, path_walk(mem, ev), proofs_new(mem, ev, NULL), &options);

	validity_find(j);
	must(*report_text(mem, j, &how) != '\0', "an empty report");
	return report_json(mem, j, &how);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *mem = arena_new();
	char error[ARCHIVE_ERROR_MAX], *written;
	struct evidence *ev, *again;
	size_t used;

	if (archive_read((const char *)data, size, &used, &ev, error)) {
		must(used > 0 && used <= size, "%zu of %zu", used, size);
		evidence_sort(ev);
		written = archive_write(mem, ev, false);
		must(archive_read(
			 written, strlen(written), &used, &again, error),
		    "%s: %s", error, written);
		must(used == strlen(written), "%s", written);
		evidence_sort(again);
		must(strcmp(written, archive_write(mem, again, false)) == 0,
		    "written %s and %s", written,
		    archive_write(mem, again, false));
		must(strcmp(judged(mem, ev), judged(mem, again)) == 0,
		    "another report of %s", written);
		evidence_free(again);
		evidence_free(ev);
	} else {
		must(strlen(error) > 0 && strlen(error) < sizeof error,
		    "no reason");
		for (const char *p = error; *p != '\0'; p++)
			must(*p >= 0x20 && *p <= 0x7e, "%s", error);
	}
	arena_free(mem);
	return 0;
}

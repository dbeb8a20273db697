/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <string.h>

static const struct {
	const char *name;
	char *(*write)(struct arena *, const struct judgement *,
	    const struct report_options *);
	char *(*lookup)(struct arena *, const struct lookup *,
	    const struct report_options *);
} reporters[] = {
	[REPORT_TEXT] = { "text", report_text, report_lookup_text },
	[REPORT_JSON] = { "json", report_json, report_lookup_json },
	[REPORT_RECORDS] = { "records", report_records, report_lookup_records },
};

char *
report_write(struct arena *mem, enum report_format format,
    const struct judgement *j, const struct report_options *options)
{
	return reporters[format].write(mem, j, options);
}

char *
report_write_lookup(struct arena *mem, enum report_format format,
    const struct lookup *l, const struct report_options *options)
{
	return reporters[format].lookup(mem, l, options);
}

bool
report_format_from_text(const char *text, enum report_format *format)
{
	for (size_t i = 0; i < sizeof reporters / sizeof *reporters; i++) {
		if (strcmp(reporters[i].name, text) == 0) {
			*format = (enum report_format)i;
			return true;
		}
	}
	return false;
}

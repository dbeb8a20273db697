/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <string.h>

static const struct {
	const char *name;
	char *(*write)(struct arena *, const struct judgement *,
	    const struct report_options *);
} reporters[] = {
	[REPORT_TEXT] = { "text", report_text },
	[REPORT_JSON] = { "json", report_json },
};

char *
report_write(struct arena *mem, enum report_format format,
    const struct judgement *j, const struct report_options *options)
{
	return reporters[format].write(mem, j, options);
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

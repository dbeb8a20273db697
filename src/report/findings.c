/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include "core/arena.h"
#include "core/catalogue.h"
#include "report/page.h"
#include "report/text_part.h"
#include "report/value.h"

enum { COLUMN_ID = 33, COLUMN_SEVERITY = 9 };

static const char *
severity_cell(enum severity severity)
{
	return severity == SEVERITY_ABSENT ? "-" : severity_text(severity);
}

static bool
all_same(const enum severity severity[NPROFILES])
{
	for (int p = 1; p < NPROFILES; p++)
		if (severity[p] != severity[0])
			return false;
	return true;
}

/* "fail, warn, - where the MX records are not secure" */
static const char *
alternative_text(struct arena *mem, const struct catalogue_row *row)
{
	const char *list = severity_cell(row->alt[0]);

	for (int p = 1; p < NPROFILES && !all_same(row->alt); p++)
		list = arena_printf(
		    mem, "%s, %s", list, severity_cell(row->alt[p]));
	return arena_printf(mem, "%s where %s", list, row->alt_when);
}

static void
put_row(struct page *p, const struct catalogue_row *row)
{
	page_spaces(p, 2);
	page_column(p, INK_BOLD, row->id, COLUMN_ID - 2);
	for (int i = 0; i < NPROFILES; i++)
		page_column(p,
		    row->severity[i] == SEVERITY_ABSENT
			? INK_PLAIN
			: text_ink(text_status(row->severity[i])),
		    severity_cell(row->severity[i]), COLUMN_SEVERITY);
	page_put(p,
	    row->ndr == NULL
		? "-"
		: arena_printf(p->mem, "%s.%s",
		      row->effect == EFFECT_BOUNCE ? "5" : "4/5", row->ndr));
	page_put(p, "\n");
	page_paragraph(p, 4, INK_PLAIN, "", row->text);
	if (row->alt_when != NULL)
		page_paragraph(
		    p, 4, INK_PLAIN, "", alternative_text(p->mem, row));
	if (row->absent != 0)
		page_paragraph(p, 4, INK_PLAIN, "",
		    arena_printf(p->mem, "fail with --require %s",
			requirement_text((enum requirement)row->absent)));
}

static void
put_head(struct page *p, enum stage stage)
{
	page_column(p, INK_BOLD, stage_text(stage), COLUMN_ID);
	page_column(p, INK_PLAIN, "exchange", COLUMN_SEVERITY);
	page_column(p, INK_PLAIN, "rfc7672", COLUMN_SEVERITY);
	page_column(p, INK_PLAIN, "mta-sts", COLUMN_SEVERITY);
	page_put(p, "code\n");
}

char *
report_findings_text(struct arena *mem, const struct report_options *options)
{
	struct page p;
	bool first = true;

	page_start(&p, mem, options->width, options->color, options->utf8);
	for (int stage = 0; stage < NSTAGES; stage++) {
		bool headed = false;

		for (int id = 0; id < NFINDINGS; id++) {
			const struct catalogue_row *row =
			    catalogue_row((enum finding_id)id);

			if ((int)row->stage != stage)
				continue;
			if (!headed && !first)
				page_put(&p, "\n");
			if (!headed)
				put_head(&p, row->stage);
			headed = true;
			first = false;
			put_row(&p, row);
		}
	}
	return p.text;
}

/* null: the finding does not exist for that profile. */
static json_t *
severities(struct arena *mem, const enum severity severity[NPROFILES])
{
	json_t *o = value_object();

	for (int p = 0; p < NPROFILES; p++)
		value_set(o, profile_text((enum profile)p),
		    value_text(mem,
			severity[p] == SEVERITY_ABSENT
			    ? NULL
			    : severity_text(severity[p])));
	return o;
}

static json_t *
alternative(struct arena *mem, const struct catalogue_row *row)
{
	json_t *o;

	if (row->alt_when == NULL)
		return json_null();
	o = value_object();
	value_set(o, "when", value_text(mem, row->alt_when));
	value_set(o, "severities", severities(mem, row->alt));
	value_set(o, "effect", value_text(mem, effect_text(row->alt_effect)));
	return o;
}

char *
report_findings_json(struct arena *mem)
{
	json_t *array = value_array();

	for (int id = 0; id < NFINDINGS; id++) {
		const struct catalogue_row *row =
		    catalogue_row((enum finding_id)id);
		json_t *o = value_object();

		value_set(o, "id", value_text(mem, row->id));
		value_set(o, "stage", value_text(mem, stage_text(row->stage)));
		value_set(o, "scope", value_text(mem, scope_text(row->scope)));
		value_set(o, "severities", severities(mem, row->severity));
		value_set(o, "alternative", alternative(mem, row));
		value_set(
		    o, "effect", value_text(mem, effect_text(row->effect)));
		value_set(o, "absent",
		    value_text(mem,
			row->absent == 0
			    ? NULL
			    : requirement_text((enum requirement)row->absent)));
		value_set(o, "ndr", value_text(mem, row->ndr));
		value_set(o, "tlsrpt", value_text(mem, row->tlsrpt));
		value_set(o, "reference", value_text(mem, row->reference));
		value_set(o, "text", value_text(mem, row->text));
		value_set(o, "remedy", value_text(mem, row->remedy));
		value_append(array, o);
	}
	return value_write(mem, array, true);
}

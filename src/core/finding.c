/* SPDX-License-Identifier: ISC */
#include "finding.h"

#include <string.h>

#include "arena.h"
#include "name.h"
#include "rdata.h"

static const char **
line_add(struct arena *mem, const char **lines, size_t *n, const char *line)
{
	const char **more = arena_array(mem, *n + 1, sizeof *more);

	if (*n > 0)
		memcpy(more, lines, *n * sizeof *more);
	more[(*n)++] = arena_strdup(mem, line);
	return more;
}

struct finding *
findings_add(struct findings *findings, enum finding_id id)
{
	struct finding *f;

	findings->list = arena_grow(findings->mem, findings->list, findings->n,
	    &findings->cap, sizeof *findings->list);
	f = &findings->list[findings->n++];
	*f = (struct finding){
		.id = id,
		.row = catalogue_row(id),
		.host = -1,
		.address = -1,
	};
	return f;
}

void
finding_publish(struct findings *findings, struct finding *f, const char *line)
{
	f->add = line_add(findings->mem, f->add, &f->nadd, line);
}

void
finding_withdraw(
    struct findings *findings, struct finding *f, const struct rr *rr)
{
	char type[16];

	f->del = line_add(findings->mem, f->del, &f->ndel,
	    arena_printf(findings->mem, "%s IN %s %s",
		name_text(findings->mem, rr->owner),
		rr_type_text(rr->type, type), rdata_text(findings->mem, rr)));
}

enum severity
finding_severity(const struct finding *f, enum profile profile,
    unsigned require, bool strict)
{
	const struct catalogue_row *row = f->row;
	enum severity severity = row->severity[profile];

	if (f->alt && row->alt_when != NULL)
		severity = row->alt[profile];
	/*
	 * What was demanded is missing: nothing softens that.  Where it could
	 * not be told it may be there, a guess may miss it, and where only a
	 * note is left of a warning another has it.
	 */
	if ((row->absent & require) != 0 && severity != SEVERITY_ABSENT &&
	    severity != SEVERITY_UNKNOWN && !f->tentative &&
	    !(f->alt && severity == SEVERITY_NOTE))
		return SEVERITY_FAIL;
	/* RFC 5321 5.1: a sender goes on to the next host or address. */
	if (severity == SEVERITY_FAIL && f->survived && !strict)
		severity = SEVERITY_WARN;
	/* Nobody asked for it, or it is not this domain's. */
	if (severity == SEVERITY_FAIL && f->tentative)
		severity = SEVERITY_WARN;
	/* What the administrator cannot change is worth a note only. */
	if (severity == SEVERITY_WARN && f->foreign)
		severity = SEVERITY_NOTE;
	return severity;
}

enum effect
finding_effect(const struct finding *f, enum profile profile)
{
	const struct catalogue_row *row = f->row;
	bool alt = f->alt && row->alt_when != NULL;
	enum severity severity =
	    alt ? row->alt[profile] : row->severity[profile];
	enum effect effect = alt ? row->alt_effect : row->effect;

	if (f->aside || severity == SEVERITY_ABSENT)
		return EFFECT_NONE;
	/*
	 * What blocks mail does so only where this profile calls it FAIL;
	 * elsewhere mail passes as the alternative says.
	 */
	if (effect == EFFECT_DEFER || effect == EFFECT_BOUNCE) {
		if (severity == SEVERITY_FAIL)
			return effect;
		return row->alt_effect == EFFECT_DELIVER ? EFFECT_DELIVER
							 : EFFECT_NONE;
	}
	if (effect == EFFECT_UNKNOWN)
		return severity == SEVERITY_UNKNOWN ? effect : EFFECT_NONE;
	return effect;
}

const struct finding *
findings_find(const struct findings *findings, enum finding_id id, int host)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->list[i];

		if (f->id == id && (host < 0 || f->host == host))
			return f;
	}
	return NULL;
}

/* SPDX-License-Identifier: ISC */
/* What a stage's line says where its own findings do not say it. */
#include "core/arena.h"
#include "core/judge.h"
#include "report/page.h"
#include "report/text_part.h"

static const char *const stage_titles[NSTAGES] = {
	[STAGE_DNSSEC] = "DNSSEC",
	[STAGE_MX] = "MX",
	[STAGE_TLSA] = "TLSA",
	[STAGE_STARTTLS] = "STARTTLS",
	[STAGE_CERTIFICATE] = "Certificate",
	[STAGE_DANE] = "DANE",
	[STAGE_DKIM] = "DKIM",
	[STAGE_MTA_STS] = "MTA-STS",
	[STAGE_TLS_RPT] = "TLS-RPT",
	[STAGE_SPF] = "SPF",
	[STAGE_DMARC] = "DMARC",
};

const char *
text_stage_title(enum stage stage)
{
	return stage_titles[stage];
}

/* The stage is as bad as it is for what stands in another. */
static bool
findings_below(
    const struct judgement *j, enum stage stage, enum stage_status status)
{
	if (status != STATUS_FAIL && status != STATUS_UNKNOWN)
		return false;
	for (size_t i = 0; i < j->findings.n; i++)
		if (j->findings.list[i].row->stage == stage &&
		    j->findings.list[i].severity >= (status == STATUS_FAIL
							    ? SEVERITY_FAIL
							    : SEVERITY_UNKNOWN))
			return false;
	return true;
}

/* Why there is nothing to test. */
static const char *
why_not_applicable(const struct judgement *j, enum stage stage)
{
	if (j->path->mx_kind == MX_NULL)
		return "the domain takes no mail";
	if (j->path->mx_kind == MX_MISSING)
		return "the domain does not exist";
	if (stage == STAGE_TLSA) /* RFC 7672 2.2.2 */
		return "no sender asks for TLSA records of a host whose "
		       "addresses are not signed";
	if (stage == STAGE_DANE)
		return "no TLSA record that a sender would use";
	return NULL;
}

/* All that the stage needs; where --stages leaves it out, it is no wonder. */
static bool
was_asked(const struct asked *asked, enum stage stage)
{
	switch (stage) {
	case STAGE_DNSSEC:
		return asked_has(asked, ASKED_DNSSEC);
	case STAGE_TLSA:
		return asked_has(asked, ASKED_TLSA);
	case STAGE_STARTTLS:
	case STAGE_CERTIFICATE:
		return asked_has(asked, ASKED_STARTTLS);
	case STAGE_DANE:
		return asked_delivery(asked);
	case STAGE_DKIM:
		return asked_has(asked, ASKED_DKIM);
	default:
		return true;
	}
}

/* Why a stage was not tested: its own words, or what came to nothing before. */
static const char *
why_not_tested(
    const struct page *p, const struct judgement *j, enum stage stage)
{
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (f->row->stage != stage)
			continue;
		return f->id != FINDING_DKIM_NOT_ASKED
		    ? f->row->text
		    : arena_printf(
			  p->mem, "%s (--selector NAME)", f->row->text);
	}
	if (!was_asked(&j->ev->asked, stage))
		return "not asked for (--stages)";
	if (j->options.profile == PROFILE_MTA_STS &&
	    (stage == STAGE_TLSA || stage == STAGE_DANE))
		return "a sender of this profile does no DANE";
	/* DKIM does not wait for the mail servers. */
	for (int least = STATUS_FAIL; least >= STATUS_WARN; least--)
		for (int s = stage <= STAGE_DANE ? (int)stage : 0; s-- > 0;)
			if ((int)j->stages[s] == least)
				return arena_printf(
				    p->mem, "see %s above", stage_titles[s]);
	return "nothing was observed for it";
}

const char *
text_stage_why(
    const struct page *p, const struct judgement *j, enum stage stage)
{
	enum stage_status status = j->stages[stage];

	if (status == STATUS_NOT_APPLICABLE)
		return why_not_applicable(j, stage);
	if (status == STATUS_NOT_TESTED)
		return why_not_tested(p, j, stage);
	if (stage == STAGE_DKIM && findings_below(j, stage, status))
		return "see DNSSEC above";
	return NULL;
}

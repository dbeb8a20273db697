/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "delivery.h"
#include "name.h"
#include "rollover.h"

/* In path order: each may read what those before it left in the views. */
static void (*const judges[])(struct judgement *) = {
	judge_dnssec,
	judge_mx,
	judge_tlsa,
	judge_smtp,
	judge_cert,
	judge_dane,
	judge_rollover,
	judge_dkim,
	judge_message,
	judge_unseen,
	judge_cached,
	judge_overlay,
};

char *
judge_text(struct judgement *j, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(j->mem, fmt, ap);
	va_end(ap);
	return text;
}

struct finding *
judge_add(struct judgement *j, enum finding_id id, int host, int address)
{
	struct finding *f = findings_add(&j->findings, id);

	f->host = host;
	f->address = address;
	if (host >= 0)
		f->subject.host = j->path->hosts[host].name;
	if (address >= 0) {
		f->subject.address =
		    j->path->hosts[host].addresses[address].text;
		f->subject.port = 25;
	}
	return f;
}

bool
judge_mx_insecure(const struct judgement *j)
{
	return !j->mx_secure;
}

static struct judgement *
judgement_new(struct arena *mem, const struct path *path, struct proofs *proofs,
    const struct judge_options *options)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);

	j->mem = mem;
	j->ev = path->ev;
	j->path = path;
	j->proofs = proofs;
	j->options = *options;
	j->findings.mem = mem;
	j->hosts = arena_array(mem, path->nhosts, sizeof *j->hosts);
	j->dkim = arena_array(mem, path->nselectors, sizeof *j->dkim);
	for (size_t i = 0; i < path->nhosts; i++) {
		const struct path_host *h = &path->hosts[i];

		j->hosts[i].host = h;
		/* Until a judge has looked: what was not asked is open. */
		j->hosts[i].address_dnssec.state = DNSSEC_STATE_INDETERMINATE;
		j->hosts[i].tlsa_dnssec.state = DNSSEC_STATE_INDETERMINATE;
		j->hosts[i].addresses = arena_array(
		    mem, h->naddresses, sizeof *j->hosts[i].addresses);
		for (size_t k = 0; k < h->naddresses; k++) {
			j->hosts[i].addresses[k].address = &h->addresses[k];
			j->hosts[i].addresses[k].by = -1;
		}
	}
	for (size_t i = 0; i < path->nselectors; i++)
		j->dkim[i].selector = &path->selectors[i];
	return j;
}

static bool
absent(const struct finding *f)
{
	return f->severity == SEVERITY_ABSENT;
}

/*
 * Rows that the profile does not have leave the list, whose end they are.
 * Their memory stays: the outcomes of other profiles hang on them.
 */
static void
drop_absent(struct findings *fs)
{
	while (fs->n > 0 && absent(&fs->list[fs->n - 1]))
		fs->n--;
}

static int
finding_compare(const struct finding *a, const struct finding *b)
{
	if (absent(a) != absent(b))
		return absent(a) ? 1 : -1;
	if (a->row->stage != b->row->stage)
		return a->row->stage < b->row->stage ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return (a->address > b->address) - (a->address < b->address);
}

/* Insertion sort: stable, and the list is short. */
static void
sort_findings(struct findings *fs)
{
	for (size_t i = 1; i < fs->n; i++) {
		struct finding f = fs->list[i];
		size_t k = i;

		for (; k > 0 && finding_compare(&fs->list[k - 1], &f) > 0; k--)
			fs->list[k] = fs->list[k - 1];
		fs->list[k] = f;
	}
}

static enum stage_status
status_of_severity(enum severity severity)
{
	switch (severity) {
	case SEVERITY_FAIL:
		return STATUS_FAIL;
	case SEVERITY_UNKNOWN:
		return STATUS_UNKNOWN;
	case SEVERITY_WARN:
		return STATUS_WARN;
	case SEVERITY_NOTE:
		return STATUS_NOTE;
	case SEVERITY_OK:
	case SEVERITY_ABSENT:
		break;
	}
	return STATUS_OK;
}

/* What a stage without any finding is: nothing to test, or not tested. */
static enum stage_status
empty_stage(const struct judgement *j, enum stage stage)
{
	bool mail = stage >= STAGE_MX && stage <= STAGE_DANE;

	/* A domain that nobody has proved to be missing may well be there. */
	if (mail && j->path->mx_kind == MX_MISSING &&
	    j->stages[STAGE_MX] != STATUS_FAIL)
		return STATUS_NOT_TESTED;
	if (mail &&
	    (j->path->mx_kind == MX_NULL || j->path->mx_kind == MX_MISSING))
		return STATUS_NOT_APPLICABLE;
	if (stage == STAGE_TLSA || stage == STAGE_DANE) {
		for (size_t i = 0; i < j->path->nhosts; i++)
			if (j->hosts[i].tlsa_counts ||
			    j->hosts[i].address_dnssec.state !=
				DNSSEC_STATE_INSECURE)
				return STATUS_NOT_TESTED;
		return j->path->nhosts > 0 ? STATUS_NOT_APPLICABLE
					   : STATUS_NOT_TESTED;
	}
	return STATUS_NOT_TESTED;
}

/*
 * A selector whose lookup fails has its finding in the stage of DNSSEC; the
 * stage of DKIM is no better for it.
 */
static void
dkim_stage(struct judgement *j)
{
	enum stage_status *stage = &j->stages[STAGE_DKIM];

	for (size_t i = 0; i < j->path->nselectors; i++) {
		enum stage_status status =
		    status_of_severity(j->dkim[i].status);

		if (j->path->selectors[i].txt.kind == ANSWER_PENDING ||
		    (status != STATUS_FAIL && status != STATUS_UNKNOWN))
			continue;
		if (*stage == STATUS_NOT_TESTED || status > *stage)
			*stage = status;
	}
}

static bool
dane_applies(const struct judgement *j)
{
	for (size_t i = 0; i < j->path->nhosts; i++)
		if (j->hosts[i].tlsa_counts)
			return true;
	return false;
}

static void
decide_stages(struct judgement *j)
{
	bool found[NSTAGES] = { false };

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];
		enum stage stage = f->row->stage;
		enum stage_status status = status_of_severity(f->severity);

		if (!found[stage] || status > j->stages[stage])
			j->stages[stage] = status;
		found[stage] = true;
	}
	for (int s = 0; s < NSTAGES; s++)
		if (!found[s])
			j->stages[s] = empty_stage(j, (enum stage)s);
	/* Without any TLSA record there is no DANE to test. */
	if (!found[STAGE_DANE] && found[STAGE_TLSA] && !dane_applies(j) &&
	    j->stages[STAGE_TLSA] <= STATUS_WARN)
		j->stages[STAGE_DANE] = STATUS_NOT_APPLICABLE;
	if (findings_find(&j->findings, FINDING_DKIM_NOT_ASKED, -1) != NULL &&
	    j->stages[STAGE_DKIM] == STATUS_NOTE)
		j->stages[STAGE_DKIM] = STATUS_NOT_TESTED;
	dkim_stage(j);
}

struct judgement *
judge(struct arena *mem, const struct path *path, struct proofs *proofs,
    const struct judge_options *options)
{
	struct judgement *j = judgement_new(mem, path, proofs, options);

	for (size_t i = 0; i < sizeof judges / sizeof *judges; i++)
		judges[i](j);
	/*
	 * Severity needs the delivery, the order needs the severity, and what
	 * is decided points at findings where they stand in the end.
	 */
	delivery_decide(j);
	sort_findings(&j->findings);
	delivery_decide(j);
	drop_absent(&j->findings);
	decide_stages(j);
	return j;
}

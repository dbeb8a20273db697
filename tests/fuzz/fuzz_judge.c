/* SPDX-License-Identifier: ISC */
/*
 * The whole judgement of spoilt evidence: walked, proved, judged, reported,
 * recorded, read again and judged again.  world.h says what is spoilt and
 * what must hold of it all the same.
 *
 * Octet 0 is the world, 1 the profile and what is required, 2 and 3 how it
 * is judged, 4 to 7 the instant; then follow the steps of spoil.c.
 *
 * One memo serves all inputs, as it serves all domains of a run: whatever
 * they put into it, a judgement without it says the same.
 */
#include <string.h>

#include "core/arena.h"
#include "core/choice.h"
#include "core/judge.h"
#include "core/lookup.h"
#include "core/memo.h"
#include "core/name.h"
#include "core/plan.h"
#include "core/validity.h"
#include "fuzz.h"
#include "report/archive.h"
#include "report/report.h"
#include "world.h"

const char fuzz_name[] = "judge";

enum { HEAD = 8, CHECKS_MAX = 2000 };

/* How it is judged. */
struct way {
	struct judge_options options;
	bool deprecated;
	enum proofs_renewal renew;
	bool reported; /* the costly half: all but the proofs */
	unsigned question; /* of the evidence, looked up by itself */
	struct report_options report;
};

/* The usual one half of the time: all can be compared then. */
static struct way
way_read(const uint8_t head[HEAD], const struct world *world,
    const struct evidence *ev)
{
	static const int64_t spans[] = { 0, 1, 3600, 86400, 14 * 86400,
		17 * 86400, 18 * 86400, 366 * 86400 };
	struct way w = { .renew = RENEW_ABOVE, .question = head[3] };
	int64_t span = spans[head[4] % 8];

	w.options.at = ev->collected_at;
	w.deprecated = world->deprecated;
	w.options.profile = (enum profile)(head[1] % NPROFILES);
	if (head[1] >= 0x80) {
		w.options.require = head[1] >> 2 & 31;
		w.options.strict = (head[2] & 16) != 0;
		w.options.horizon_s = (head[2] & 32) != 0 ? 30 * 86400 : 0;
	}
	/* A report costs as much as ten judgements. */
	w.reported = head[2] % 8 == 7;
	w.report.verbose = (head[2] & 8) != 0;
	w.report.color = (head[2] & 16) != 0;
	w.report.utf8 = (head[2] & 32) != 0;
	w.report.width = (head[2] & 64) != 0 ? head[3] : 0;
	w.report.indent = true;
	if (head[2] < 0x80)
		return w;
	w.deprecated ^= (head[3] & 1) != 0;
	w.renew = (enum proofs_renewal)(head[3] % 3);
	if ((head[3] & 0x80) != 0)
		w.options.at += (head[3] & 0x40) != 0 ? -span : span;
	else
		w.options.at = (int64_t)head[4] << 32 | (int64_t)head[5] << 24 |
		    (int64_t)head[6] << 16 | (int64_t)head[7] << 8 | head[3];
	if ((head[3] & 0x10) != 0)
		w.options.at = -w.options.at;
	return w;
}

static struct proofs *
proofs_of(struct arena *mem, const struct evidence *ev, const struct way *w,
    struct memo *memo)
{
	struct proofs *proofs = proofs_new(mem, ev, memo);

	proofs_deprecated(proofs, w->deprecated);
	proofs_renew(proofs, w->renew);
	return proofs;
}

static struct judgement *
judged(struct arena *mem, const struct evidence *ev, const struct way *w,
    struct memo *memo)
{
	struct evidence *view = arena_copy(mem, ev, sizeof *ev);
	struct proofs *proofs;
	struct judgement *j;

	view->choice = choice_make(mem, ev, w->deprecated, memo);
	proofs = proofs_of(mem, view, w, memo);
	j = judge(mem, path_walk(mem, view), proofs, &w->options);
	if (w->reported)
		validity_find(j);
	must(proofs_verifications(proofs) <= CHECKS_MAX, "%u verifications",
	    proofs_verifications(proofs));
	return j;
}

static void
check_report(const char *text)
{
	size_t len = strlen(text);

	must(len > 0 && text[len - 1] == '\n', "%s", text);
	for (const char *p = text; *p != '\0'; p++)
		must((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\033',
		    "octet %d: %s", *p, text);
}

/* Both reports, one after the other. */
static char *
reports(struct arena *mem, struct judgement *j, const struct way *w)
{
	char *text = report_text(mem, j, &w->report);
	char *json = report_json(mem, j, &w->report);

	check_report(text);
	check_report(json);
	return arena_printf(mem, "%s%s", text, json);
}

/* What would be asked next of evidence that is still being collected. */
static void
check_wants(struct arena *mem, struct judgement *j)
{
	struct wants wants = { .mem = mem, .ev = j->ev };

	plan_wants(j->path, &wants);
	must(wants.n <= PATH_QUESTIONS_MAX + PATH_SESSIONS_MAX, "%zu wants",
	    wants.n);
	plan_second_look(j->path, j->proofs, &wants);
}

/* What is recorded is read as what it was, and judged the same. */
static void
check_recording(struct arena *mem, const struct evidence *was,
    struct judgement *j, const struct way *w)
{
	char *written = archive_write(mem, was, false), *first, *second;
	char error[ARCHIVE_ERROR_MAX];
	struct evidence *ev;
	size_t used;
	bool good = archive_read(written, strlen(written), &used, &ev, error);

	must(good && used == strlen(written), "%s: %s", error, written);
	must(strcmp(written, archive_write(mem, ev, false)) == 0,
	    "recorded %s and %s", written, archive_write(mem, ev, false));
	evidence_sort(ev);
	first = reports(mem, j, w);
	second = reports(mem, judged(mem, ev, w, NULL), w);
	must(strcmp(first, second) == 0, "%s and %s", first, second);
	evidence_free(ev);
}

/* A question by itself has the state that it has in the judgement. */
static void
check_lookup(struct arena *mem, const struct judgement *j, const struct way *w)
{
	const struct lookup_options options = { .at = w->options.at,
		.require = w->options.require,
		.alone = true };
	const struct dns_observation *o = j->ev->dns[w->question % j->ev->ndns];
	struct dnssec d;
	struct lookup *l;
	struct answer a;

	if (!lookup_type_allowed(o->type))
		return;
	must(lookup_recorded(j->ev, o->name, o->type) ||
		o->via == VIA_AUTHORITATIVE || o->look != LOOK_FIRST,
	    "not recorded");
	l = lookup_judge(mem, j->ev, proofs_of(mem, j->ev, w, NULL), o->name,
	    o->type, &options);
	answer_follow(mem, j->ev, o->name, o->type, &a);
	d = proof_answer(j->proofs, &a, w->options.at);
	/* What is renewed, and whose clock is wrong, hangs on other zones. */
	must(l->dnssec.state == d.state || l->dnssec.has_date || d.has_date,
	    "%s is %s and %s: %s", name_text(mem, o->name),
	    dnssec_state_text(l->dnssec.state), dnssec_state_text(d.state),
	    l->dnssec.detail);
	lookup_validity(l);
	check_report(report_lookup_text(mem, l, &w->report));
	check_report(report_lookup_json(mem, l, &w->report));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memo *memo;
	const struct world *world;
	struct spoilt spoilt;
	struct verdict v;
	struct arena *mem;
	struct way w;

	if (size < HEAD)
		return 0;
	if (memo == NULL)
		memo = memo_new();
	world = world_get(data[0]);
	spoilt = world_spoil(world, data + HEAD, size - HEAD);
	w = way_read(data, world, spoilt.ev);
	mem = arena_new();
	v = (struct verdict){ .spoilt = &spoilt };
	v.j = judged(mem, spoilt.ev, &w, memo);
	v.dates =
	    w.renew == RENEW_NONE || w.options.at <= spoilt.ev->collected_at;
	v.algorithms = w.deprecated == world->deprecated;
	v.usual = v.algorithms && !w.options.strict &&
	    w.options.at == world->ev->collected_at &&
	    spoilt.ev->collected_at == world->ev->collected_at;
	/* First: what is looked at below joins the zones of the report. */
	if (w.reported) {
		check_recording(mem, spoilt.ev, v.j, &w);
		check_lookup(mem, v.j, &w);
	}
	truth_check(&v);
	check_wants(mem, v.j);
	arena_free(mem);
	evidence_free(spoilt.ev);
	return 0;
}

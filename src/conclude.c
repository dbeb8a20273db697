/* SPDX-License-Identifier: ISC */
#include "conclude.h"

#include <stdio.h>

#include "core/arena.h"
#include "core/choice.h"
#include "core/delivery.h"
#include "core/evidence.h"
#include "core/judge.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/path.h"
#include "core/validity.h"
#include "options.h"
#include "probe/idn.h"
#include "report/baseline.h"
#include "report/report.h"
#include "report/words.h"
#include "session.h"

enum { UNICODE_MAX = 1024 };

static enum report_format
report_format(const struct options *o)
{
	switch (o->format) {
	case FORMAT_JSON:
		return REPORT_JSON;
	case FORMAT_RECORDS:
		return REPORT_RECORDS;
	case FORMAT_TEXT:
		break;
	}
	return REPORT_TEXT;
}

static struct proofs *
proofs_of(struct arena *mem, const struct options *o, struct memo *memo,
    const struct evidence *ev)
{
	struct proofs *proofs = proofs_new(mem, ev, memo);

	proofs_deprecated(proofs, o->deprecated);
	if (o->at_strict)
		proofs_renew(proofs, RENEW_NONE);
	return proofs;
}

/* The evidence with the best of several looks at a question chosen. */
static const struct evidence *
view_of(struct arena *mem, const struct options *o, struct memo *memo,
    const struct evidence *ev)
{
	struct evidence *view = arena_copy(mem, ev, sizeof *ev);

	view->view = overlay_view_new(mem, ev->asked.overlay);
	view->choice = choice_make(mem, view, o->deprecated, memo);
	return view;
}

/* False after a complaint. */
static bool
instant(const struct options *o, const struct evidence *ev, int64_t *at)
{
	if (options_at(o, ev->collected_at, at))
		return true;
	fprintf(stderr,
	    "mxproof: --at: over 68 years from the observation, where "
	    "the times of signatures have no meaning (RFC 4034 3.1.5)\n");
	return false;
}

/* Something could not be told that, with a baseline, was told there. */
static bool
leaves_open(const struct judgement *j, const struct comparison *c)
{
	if (c == NULL)
		return j->status == SEVERITY_UNKNOWN;
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		/* Another reason for the same doubt is no new doubt. */
		if (f->severity == SEVERITY_UNKNOWN &&
		    (f->aside || !c->was_unknown) && !comparison_knows(c, f))
			return true;
	}
	return false;
}

static int
mail_status(const struct options *o, const struct judgement *j,
    const struct comparison *c)
{
	unsigned required = required_unknown(j);

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		/* With --baseline what was there before stops nobody. */
		if (options_fails(o, f->severity) &&
		    (c == NULL || !comparison_knows(c, f)))
			return EXIT_FINDING;
	}
	/* Nor may known findings together stop mail that went through. */
	if (c != NULL && c->lost && options_fails(o, SEVERITY_FAIL))
		return EXIT_FINDING;
	if (c != NULL)
		required &= ~c->required_unknown;
	if ((delivery_is_open(j) && (c == NULL || !c->was_unknown)) ||
	    required != 0 || leaves_open(j, c))
		return EXIT_UNKNOWN;
	return EXIT_GOOD;
}

/* Certificates by host: of a name that no domain has, nothing was judged. */
static void
note_met(const struct report_options *r, const struct path *p)
{
	for (size_t i = 0; r->certs_of != NULL && i < r->certs_of->ncerts; i++)
		for (size_t k = 0; k < p->nhosts; k++)
			if (!p->hosts[k].over_limit &&
			    r->certs_of->certs[i].host != NULL &&
			    name_equal(
				p->hosts[k].name, r->certs_of->certs[i].host))
				r->met[i] = true;
}

struct conclusion
conclude_mail(struct arena *mem, const struct options *o,
    const struct report_options *options, struct memo *memo,
    const struct evidence *ev)
{
	struct conclusion c = { .exit = EXIT_TROUBLE };
	struct report_options report = *options;
	struct judge_options jo = {
		.profile = o->profile,
		.require = o->require,
		.horizon_s = o->horizon_s,
		.strict = o->strict,
	};
	char unicode[UNICODE_MAX];
	struct judgement *j;

	if (!instant(o, ev, &jo.at))
		return c;
	if (report.baseline != NULL)
		jo.known =
		    baseline_sets(report.baseline, ev->domain, &jo.nknown);
	ev = view_of(mem, o, memo, ev);
	j = judge(mem, path_walk(mem, ev), proofs_of(mem, o, memo, ev), &jo);
	validity_find(j);
	note_met(options, j->path);
	if (idn_to_unicode(ev->domain, unicode, sizeof unicode))
		report.domain_unicode = unicode;
	if (report.baseline != NULL)
		report.comparison = baseline_compare(mem, report.baseline, j);
	c.report = report_write(mem, report_format(o), j, &report);
	c.exit = mail_status(o, j, report.comparison);
	c.status = j->status;
	return c;
}

static int
lookup_status(const struct options *o, const struct lookup *l)
{
	for (size_t i = 0; i < l->findings.n; i++)
		if (options_fails(o, l->findings.list[i].severity))
			return EXIT_FINDING;
	return l->dnssec.state == DNSSEC_STATE_INDETERMINATE ? EXIT_UNKNOWN
							     : EXIT_GOOD;
}

struct conclusion
conclude_lookup(struct arena *mem, const struct options *o,
    const struct report_options *options, struct memo *memo,
    const struct evidence *ev, const uint8_t *name, uint16_t type)
{
	struct conclusion c = { .exit = EXIT_TROUBLE };
	struct report_options report = *options;
	struct lookup_options lo = { .require = o->require, .alone = true };
	char unicode[UNICODE_MAX];
	struct lookup *l;

	if (!instant(o, ev, &lo.at))
		return c;
	ev = view_of(mem, o, memo, ev);
	l = lookup_judge(mem, ev, proofs_of(mem, o, memo, ev), name, type, &lo);
	lookup_validity(l);
	if (idn_to_unicode(name, unicode, sizeof unicode))
		report.domain_unicode = unicode;
	c.report = report_write_lookup(mem, report_format(o), l, &report);
	c.exit = lookup_status(o, l);
	return c;
}

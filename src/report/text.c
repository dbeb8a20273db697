/* SPDX-License-Identifier: ISC */
#include "report/report.h"

#include <string.h>

#include "core/arena.h"
#include "core/delivery.h"
#include "core/judge.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/text.h"
#include "report/text_part.h"
#include "report/words.h"

enum { HYPOTHETICAL_MAX = 12 };

enum stage_status
text_status(enum severity severity)
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

const char *
text_mark(const struct page *p, enum stage_status status)
{
	static const struct {
		const char *utf8, *ascii;
	} marks[] = {
		[STATUS_OK] = { "\xe2\x9c\x93", "OK  " }, /* ✓ */
		[STATUS_NOTE] = { "\xc2\xb7", "NOTE" }, /* · */
		[STATUS_WARN] = { "!", "WARN" },
		[STATUS_UNKNOWN] = { "?", "??  " },
		[STATUS_FAIL] = { "\xe2\x9c\x97", "FAIL" }, /* ✗ */
		[STATUS_NOT_TESTED] = { "-", "--  " },
		[STATUS_NOT_APPLICABLE] = { "-", "--  " },
	};

	return p->utf8 ? marks[status].utf8 : marks[status].ascii;
}

enum ink
text_ink(enum stage_status status)
{
	static const enum ink inks[] = {
		[STATUS_OK] = INK_OK,
		[STATUS_NOTE] = INK_NOTE,
		[STATUS_WARN] = INK_WARN,
		[STATUS_UNKNOWN] = INK_UNKNOWN,
		[STATUS_FAIL] = INK_FAIL,
		[STATUS_NOT_TESTED] = INK_PLAIN,
		[STATUS_NOT_APPLICABLE] = INK_PLAIN,
	};

	return inks[status];
}

/* What the administrator calls the domain, and what the DNS calls it. */
static const char *
domain_title(struct page *p, const struct judgement *j,
    const struct report_options *options)
{
	const char *ascii = name_text_nodot(p->mem, j->ev->domain);
	const char *unicode = options->domain_unicode;

	/* It came through IDNA, which lets no control character pass. */
	if (!p->utf8 || unicode == NULL || strcmp(unicode, ascii) == 0)
		return ascii;
	return arena_printf(p->mem, "%s (%s)", unicode, ascii);
}

static void
put_header(struct page *p, const struct judgement *j,
    const struct report_options *options)
{
	const struct evidence *ev = j->ev;
	const char *title = domain_title(p, j, options), *line;
	bool same = j->options.at == ev->collected_at;
	char at[32];

	line = arena_printf(p->mem, "%s %s%s, for %s",
	    same ? "as observed at" : "judged at", text_time(j->options.at, at),
	    same ? "" : " (not the time of observation)",
	    profile_text(j->options.profile));
	page_ink(p, INK_BOLD, title);
	page_put(p, ": ");
	page_wrap(p, page_columns(title) + 2, 2, line);
	if (!same)
		page_paragraph(p, 2, INK_PLAIN, "",
		    arena_printf(p->mem, "observed at %s%s",
			text_time(ev->collected_at, at),
			renewal_words(
			    j->proofs, ev->collected_at, j->options.at)));
	line = "";
	for (size_t i = 0; i < ev->nresolvers; i++)
		line = arena_printf(p->mem, "%s%s%s", line, i > 0 ? ", " : "",
		    ev->resolvers[i]);
	if (ev->nresolvers > 0)
		page_paragraph(p, 2, INK_PLAIN, "resolver: ", line);
}

void
text_caveats(struct page *p, const struct evidence *ev)
{
	const char **texts;
	size_t n = hypothetical_texts(p->mem, ev, &texts);

	for (size_t i = 0; i < n && i < HYPOTHETICAL_MAX; i++)
		page_paragraph(p, 2, INK_WARN, "hypothetical: ", texts[i]);
	if (n > HYPOTHETICAL_MAX)
		page_paragraph(p, 2, INK_WARN, "hypothetical: ",
		    arena_printf(p->mem, "and %zu more", n - HYPOTHETICAL_MAX));
	if (ev->cut_short)
		page_paragraph(p, 2, INK_UNKNOWN, "time was up: ",
		    "what is missing below was not observed; a longer "
		    "--timeout may help");
}

/* Address families that nobody could try. */
static void
put_not_covered(struct page *p, const struct judgement *j)
{
	for (int ipv6 = 0; ipv6 <= 1; ipv6++)
		if (family_not_covered(j, ipv6 != 0))
			page_paragraph(p, 2, INK_PLAIN, "not covered: ",
			    ipv6 != 0 ? "IPv6 addresses (no way from here, "
					"or not asked for)"
				      : "IPv4 addresses (no way from here, "
					"or not asked for)");
}

static const char *
count_noun(enum scope scope)
{
	switch (scope) {
	case SCOPE_ADDRESS:
		return "addresses";
	case SCOPE_HOST:
		return "hosts";
	case SCOPE_DOMAIN:
		break;
	}
	return "times";
}

/* How many addresses or hosts the domain's mail has; 0 for the domain. */
static size_t
scope_size(const struct judgement *j, enum scope scope)
{
	size_t n = 0;

	if (scope == SCOPE_HOST)
		return j->path->nhosts;
	for (size_t i = 0; scope == SCOPE_ADDRESS && i < j->path->nhosts; i++)
		n += j->path->hosts[i].naddresses;
	return n;
}

/* Another good thing, said of something of which the first is not. */
static bool
is_alternative(const struct judgement *j, const struct finding *f,
    const struct finding *good)
{
	if (f->row->stage != good->row->stage || f->id == good->id ||
	    f->severity != SEVERITY_OK || f->row->scope != good->row->scope)
		return false;
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *g = &j->findings.list[i];

		if (g->id == good->id && g->severity == SEVERITY_OK &&
		    g->host == f->host && g->address == f->address)
			return false;
	}
	return true;
}

/* The one good thing worth saying on the stage's line. */
static const char *
summary(struct page *p, const struct judgement *j, enum stage stage)
{
	enum { DETAIL_MAX = 160 };
	const struct finding *good = NULL;
	size_t n = 0, all;
	bool mixed = false;

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (f->row->stage != stage || f->severity != SEVERITY_OK)
			continue;
		if (good == NULL)
			good = f;
		if (f->id == good->id)
			n++;
		else if (is_alternative(j, f, good))
			mixed = true;
	}
	if (good == NULL)
		return "";
	all = scope_size(j, good->row->scope);
	if (n < all && !mixed)
		return arena_printf(p->mem, "%s (%zu of %zu %s)",
		    good->row->text, n, all, count_noun(good->row->scope));
	if (n > 1)
		return arena_printf(p->mem, "%s (%zu %s)", good->row->text, n,
		    count_noun(good->row->scope));
	/* Which servers these are is what the stage of MX is for. */
	if (good->detail == NULL ||
	    (stage != STAGE_MX &&
		strlen(good->detail) + strlen(good->row->text) > DETAIL_MAX))
		return good->row->text;
	return arena_printf(p->mem, "%s: %s", good->row->text, good->detail);
}

static const char *
stage_state(enum stage_status status)
{
	switch (status) {
	case STATUS_UNKNOWN:
		return "could not tell";
	case STATUS_NOT_TESTED:
		return "not tested";
	case STATUS_NOT_APPLICABLE:
		return "not applicable";
	case STATUS_OK:
	case STATUS_NOTE:
	case STATUS_WARN:
	case STATUS_FAIL:
		break;
	}
	return stage_status_text(status);
}

static size_t
findings_of(const struct judgement *j, enum stage stage)
{
	size_t n = 0;

	for (size_t i = 0; i < j->findings.n; i++)
		n += j->findings.list[i].row->stage == stage;
	return n;
}

/* What the stage's line says behind the title. */
static const char *
stage_line(
    struct page *p, const struct judgement *j, enum stage stage, bool verbose)
{
	enum stage_status status = j->stages[stage];
	const char *state = stage_state(status), *more = NULL;

	/* With -v the good things have lines of their own. */
	if (status <= STATUS_WARN && !verbose)
		more = summary(p, j, stage);
	/* The mark before the title has said the state. */
	if (more != NULL && *more != '\0')
		return more;
	if (status != STATUS_NOT_TESTED ||
	    !(verbose && findings_of(j, stage) > 0))
		more = text_stage_why(p, j, stage);
	return more != NULL && *more != '\0'
	    ? arena_printf(p->mem, "%s: %s", state, more)
	    : state;
}

/* With every question that was observed, whether mail needs it or not. */
static void
put_chain(struct page *p, const struct judgement *j)
{
	const struct lookup **lookups;
	size_t n =
	    lookup_all(p->mem, j->ev, j->proofs, j->options.at, &lookups);

	text_chain(p, j->proofs, j->options.at, lookups, n, 4);
}

static void
put_stage(struct page *p, const struct judgement *j, enum stage stage,
    const struct report_options *options)
{
	enum { TITLE = 13 };
	enum stage_status status = j->stages[stage];
	const char *mark = text_mark(p, status);
	size_t margin = page_columns(mark) + 1 + TITLE;

	page_ink(p, text_ink(status), mark);
	page_put(p, " ");
	page_column(p, INK_BOLD, text_stage_title(stage), TITLE);
	page_wrap(p, margin, margin, stage_line(p, j, stage, options->verbose));
	/* What the line has said is not said again. */
	if (status != STATUS_NOT_TESTED || options->verbose ||
	    findings_of(j, stage) > 1)
		text_findings(p, j, stage, options->verbose);
	if (options->verbose && stage == STAGE_DNSSEC)
		put_chain(p, j);
	if (options->verbose && stage == STAGE_STARTTLS)
		text_transcripts(p, j);
}

static void
put_senders(struct page *p, const struct judgement *j)
{
	page_put(p, "\n");
	page_column(p, INK_BOLD, "  Sender", 20);
	page_column(p, INK_BOLD, "Delivery", 25);
	page_ink(p, INK_BOLD, "Code");
	page_put(p, "\n");
	for (int i = 0; i < NPROFILES; i++) {
		enum profile profile = (enum profile)i;
		const struct outcome *o = &j->outcome[profile];
		const char *now = outcome_code(p->mem, o, profile, '4');
		const char *end = outcome_code(p->mem, o, profile, '5');

		page_put(p, profile == j->options.profile ? "> " : "  ");
		page_column(p, INK_PLAIN, profile_text(profile), 18);
		page_column(p, INK_PLAIN, delivery_text(o->delivery), 25);
		if (now != NULL && end != NULL)
			page_put(p,
			    arena_printf(
				p->mem, "%s, after 24 hours %s", now, end));
		else
			page_put(p, end != NULL ? end : "-");
		page_put(p, "\n");
	}
}

static void
put_instant(struct page *p, enum ink ink, const char *lead, const char *what)
{
	page_ink(p, ink, lead);
	page_wrap(p, page_columns(lead), 2,
	    what != NULL ? what : "the verdict worsens then");
}

/* What somebody should act on; with -v, or at another time, all that is ahead.
 */
static void
put_validity(struct page *p, const struct judgement *j, bool verbose)
{
	const struct validity *v = &j->validity;
	bool ahead = v->has_until || v->nnext > 0;
	char at[32];

	verbose |= j->options.at != j->ev->collected_at;
	if (!v->has_attention && (!verbose || !ahead))
		return;
	page_put(p, "\n");
	if (v->has_attention)
		put_instant(p, INK_WARN,
		    arena_printf(
			p->mem, "Act before %s: ", text_time(v->attention, at)),
		    v->attention_because);
	if (verbose && v->has_until)
		put_instant(p, INK_PLAIN,
		    arena_printf(p->mem,
			"Holds until %s if nothing is "
			"renewed: ",
			text_time(v->until, at)),
		    v->because);
	text_timeline(p, j);
}

/* Where no address could be reached, that says more than any one of them. */
static const struct finding *
blocked(const struct judgement *j)
{
	return j->status == SEVERITY_UNKNOWN
	    ? findings_find(&j->findings, FINDING_SMTP_PORT_BLOCKED, -1)
	    : NULL;
}

/* What decided, or else the worst that was found. */
static const struct finding *
cause(const struct judgement *j)
{
	const struct outcome *o = &j->outcome[j->options.profile];
	const struct finding *whole = blocked(j);

	if (whole != NULL)
		return whole;
	/* Of a delivery that is open or done, a failure beside it is worse. */
	if (o->because != NULL && o->because->severity >= SEVERITY_WARN &&
	    o->because->severity >= j->status)
		return o->because;
	if (j->status < SEVERITY_WARN)
		return NULL;
	for (int severity = SEVERITY_FAIL; severity >= SEVERITY_WARN;
	     severity--)
		for (size_t i = 0; i < j->findings.n; i++)
			if ((int)j->findings.list[i].severity == severity)
				return &j->findings.list[i];
	return NULL;
}

static const char *
cause_text(struct page *p, const struct finding *f)
{
	const char *subject = text_subject(p, f);

	return arena_printf(p->mem, "%s%s%s", f->row->id,
	    *subject != '\0' ? ", " : "", subject);
}

static const char *
verdict_text(struct page *p, const struct judgement *j)
{
	static const char *const words[] = {
		[SEVERITY_ABSENT] = "OK",
		[SEVERITY_OK] = "OK",
		[SEVERITY_NOTE] = "OK",
		[SEVERITY_WARN] = "WARN",
		[SEVERITY_UNKNOWN] = "COULD NOT TELL",
		[SEVERITY_FAIL] = "FAIL",
	};

	return arena_printf(p->mem, "%s: %s: %s",
	    name_text_nodot(p->mem, j->ev->domain), words[j->status],
	    delivery_sentence((struct judgement *)j, j->options.profile));
}

/* A note does not take the domain's good mark away. */
static enum stage_status
domain_mark(const struct judgement *j)
{
	return text_status(
	    j->status == SEVERITY_NOTE ? SEVERITY_OK : j->status);
}

static void
put_mark(struct page *p, enum stage_status status)
{
	/* The ASCII mark would only say the word of the line twice. */
	if (!p->utf8)
		return;
	page_ink(p, text_ink(status), text_mark(p, status));
	page_put(p, " ");
}

/* What --require names and nobody could tell: exit status 3, whatever else. */
static const char *
required_text(const struct page *p, const struct judgement *j)
{
	unsigned bits = required_unknown(j);
	const char *list = "could not tell: ";

	for (unsigned bit = 1; bit <= REQUIRE_DMARC; bit <<= 1)
		if ((bits & bit) != 0)
			list = arena_printf(p->mem, "%s%s%s", list,
			    (bits & (bit - 1)) != 0 ? ", " : "",
			    requirement_text((enum requirement)bit));
	return bits != 0 ? list : NULL;
}

/* One line, however long: this is what a script reads. */
static void
put_quiet(struct page *p, const struct judgement *j,
    const struct comparison *comparison)
{
	const struct finding *f = cause(j);
	const char *line = verdict_text(p, j);
	const char *required = required_text(p, j);
	const char **replaced;

	/* What is not published yet is never taken for what is. */
	if (hypothetical_texts(p->mem, j->ev, &replaced) > 0)
		line = arena_printf(p->mem, "hypothetical: %s", line);
	if (f != NULL)
		line = arena_printf(p->mem, "%s (%s)", line, cause_text(p, f));
	if (required != NULL)
		line = arena_printf(p->mem, "%s; required, %s", line, required);
	if (comparison != NULL)
		line = arena_printf(
		    p->mem, "%s; %s", line, text_baseline_line(p, comparison));
	put_mark(p, domain_mark(j));
	page_line(p, 0, line);
}

static void
put_required(struct page *p, const struct judgement *j)
{
	const char *text = required_text(p, j);

	if (text != NULL)
		page_paragraph(p, 0, INK_UNKNOWN, "Required: ", text);
}

/* Where mail arrives, the worst finding is not the cause of that. */
static const char *
cause_label(const struct judgement *j, const struct finding *f)
{
	const struct outcome *o = &j->outcome[j->options.profile];

	if (f == o->because && o->delivery >= DELIVERY_UNKNOWN)
		return "Cause: ";
	return j->status == SEVERITY_FAIL ? "Broken: " : "Look at: ";
}

static void
put_verdict(struct page *p, const struct judgement *j)
{
	const struct finding *f = cause(j);
	size_t margin = p->utf8 ? 2 : 0;

	page_put(p, "\n");
	if (f != NULL)
		page_paragraph(p, 0, INK_BOLD, cause_label(j, f),
		    arena_printf(
			p->mem, "%s: %s", cause_text(p, f), f->row->text));
	put_required(p, j);
	put_mark(p, domain_mark(j));
	page_wrap(p, margin, margin, verdict_text(p, j));
}

char *
report_text(struct arena *mem, const struct judgement *j,
    const struct report_options *options)
{
	struct page p;

	page_start(&p, mem, options->width, options->color, options->utf8);
	if (options->quiet) {
		put_quiet(&p, j, options->comparison);
		return p.text;
	}
	put_header(&p, j, options);
	put_not_covered(&p, j);
	text_caveats(&p, j->ev);
	page_put(&p, "\n");
	for (int s = 0; s < NSTAGES; s++) {
		/* No judge of this version looks at what comes after DKIM. */
		if (s <= STAGE_DKIM || j->stages[s] != STATUS_NOT_TESTED)
			put_stage(&p, j, (enum stage)s, options);
	}
	put_senders(&p, j);
	text_rollover(&p, j);
	put_validity(&p, j, options->verbose);
	text_baseline(&p, options->comparison);
	put_verdict(&p, j);
	return p.text;
}

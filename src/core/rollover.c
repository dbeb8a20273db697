/* SPDX-License-Identifier: ISC */
#include "rollover_part.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "name.h"
#include "overlay.h"
#include "path.h"
#include "plan.h"
#include "rdata.h"
#include "text.h"
#include "tlsa.h"

enum { PUBLISH_MAX = 8, SETS_MAX = 4 };

void
rollover_publish(struct host_case *c, const char *line)
{
	struct rollover_host *r = c->r;

	for (size_t i = 0; i < r->npublish; i++)
		if (strcmp(r->publish[i], line) == 0)
			return;
	if (r->publish == NULL)
		r->publish =
		    arena_array(c->j->mem, PUBLISH_MAX, sizeof *r->publish);
	if (r->npublish < PUBLISH_MAX)
		r->publish[r->npublish++] = line;
}

void
rollover_keep_set(struct host_case *c, const struct records *now)
{
	struct rollover_host *r = c->r;

	if (now->n == 0 || r->nsets == SETS_MAX)
		return;
	if (r->sets == NULL)
		r->sets = arena_array(c->j->mem, SETS_MAX, sizeof *r->sets);
	r->sets[r->nsets++] = (struct rollover_set){
		.name = now->name,
		.records = now->texts,
		.n = now->n,
		.ttl = now->ttl,
		.settled = now->settled,
	};
}

/* The usage 3 record of each certificate that has none (RFC 7672 3.1.1). */
static void
publish_keys(struct host_case *c)
{
	const struct tlsa_view *lists[] = { c->hv->tlsa, c->now.list };
	size_t n[] = { c->hv->ntlsa, c->now.n };
	struct tlsa_view *all =
	    arena_array(c->j->mem, n[0] + n[1], sizeof *all);

	if (n[0] > 0)
		memcpy(all, lists[0], n[0] * sizeof *all);
	if (n[1] > 0)
		memcpy(all + n[0], lists[1], n[1] * sizeof *all);
	for (size_t i = 0; i < c->coming.n; i++)
		if (c->coming.certs[i][0]->parsed &&
		    rollover_check(c->j, c->hv, c->coming.certs[i],
			c->coming.ncerts[i], c->hv->tlsa, c->hv->ntlsa,
			c->j->options.at)
			    .verdict != DANE_AUTHENTIC)
			rollover_publish(c,
			    tlsa_line(c->j->mem,
				dane_owner(c->j->proofs, c->hv->tlsa_answer),
				c->r->ttl, DANE_EE, c->coming.certs[i][0], all,
				n[0] + n[1]));
}

/* Of the records to come those that are not published and fit. */
static void
publish_coming(struct host_case *c)
{
	for (size_t i = 0; i < c->hv->ntlsa; i++) {
		const struct rr *rr = c->hv->tlsa[i].rr;
		bool there = false, fits = c->hv->tlsa[i].nmatches > 0;

		for (size_t k = 0; k < c->now.n; k++)
			there |= c->now.list[k].rr->rdlen == rr->rdlen &&
			    memcmp(c->now.list[k].rr->rdata, rr->rdata,
				rr->rdlen) == 0;
		/* Where no session was had, nothing has been matched yet. */
		for (size_t k = 0; k < c->coming.n; k++)
			fits |=
			    tlsa_has(&c->hv->tlsa[i], c->coming.certs[k][0]);
		if (!there && fits)
			rollover_publish(c, rr_text(c->j->mem, rr));
	}
}

/*
 * The records of a usage that reads dates and names may fit a certificate that
 * is no good: another record is not what it lacks.  NULL: no record fits.
 */
static const char *
flaw(struct host_case *c)
{
	for (size_t i = 0; i < c->coming.n; i++)
		if (rollover_has_ended(
			c->j, c->coming.certs[i][0], c->j->options.at))
			return "the certificate has expired: take a newer one";
	for (size_t i = 0; i < c->coming.n; i++) {
		struct dane_check d = rollover_check(c->j, c->hv,
		    c->coming.certs[i], c->coming.ncerts[i], c->hv->tlsa,
		    c->hv->ntlsa, c->j->options.at);

		if (d.verdict == DANE_NO_PATH)
			return "the file does not lead to the authority that "
			       "the TLSA record names: put its issuers in";
		if (d.verdict != DANE_NOT_ACCEPTED)
			continue;
		if (d.wrong_name)
			return "the TLSA record fits, but the certificate has "
			       "another name than the host";
		if (d.expired != NULL)
			return "the TLSA record fits, but the certificate or "
			       "an issuer has expired by then";
	}
	return NULL;
}

/* The certificates as they are now do not all pass by the records to come. */
static void
judge_misfit(struct host_case *c)
{
	const char *why = flaw(c);

	c->r->status = ROLLOVER_PUBLISH_FIRST;
	if (why != NULL) {
		c->r->text = why;
		return;
	}
	publish_keys(c);
	c->r->text = judge_text(c->j,
	    "no TLSA record fits the new certificate: publish one beside the "
	    "present ones, and switch %s",
	    c->wait);
}

/* All fits, by what is published, too: when do all caches have it? */
static void
judge_instant(struct host_case *c)
{
	struct rollover_host *r = c->r;
	int64_t from = rollover_valid_from(c), settled = c->now.settled;
	bool goes_on = rollover_goes_on(c, &c->now);
	char at[32];

	if (r->present == PRESENT_THE_SAME) {
		r->status = ROLLOVER_SAFE_NOW;
		r->text = "it is in service already";
		return;
	}
	r->at = settled > from && !goes_on ? settled : from;
	if (c->j->options.at >= r->at) {
		r->status = ROLLOVER_SAFE_NOW;
		r->text = goes_on ? "the TLSA record of the present "
				    "certificate fits this one, too, unless "
				    "it has only just been published"
				  : "the TLSA record that fits has been "
				    "published for its TTL";
		return;
	}
	if (!rollover_all_pass(
		c->j, c->hv, &c->coming, c->hv->tlsa, c->hv->ntlsa, r->at)) {
		r->status = ROLLOVER_PUBLISH_FIRST;
		r->text = "the certificate ends before caches have the TLSA "
			  "record that fits: take a newer one";
		return;
	}
	r->status = ROLLOVER_SAFE_AT;
	r->by_date = r->at == from;
	r->text = judge_text(c->j,
	    r->by_date
		? "the certificate is not valid before %s"
		: "the TLSA record that fits is published; caches may be "
		  "without it until %s",
	    text_time(r->at, at));
}

/* DANE before and after. */
static void
judge_publication(struct host_case *c)
{
	struct rollover_host *r = c->r;
	int64_t at = c->j->options.at, from = rollover_valid_from(c);

	/* One that is not valid yet has its day to be judged on. */
	if (from > at)
		at = from;
	r->fits = rollover_all_pass(
	    c->j, c->hv, &c->coming, c->hv->tlsa, c->hv->ntlsa, at);
	if (!r->fits) {
		judge_misfit(c);
	} else if (!rollover_all_pass(
		       c->j, c->hv, &c->coming, c->now.list, c->now.n, at)) {
		r->status = ROLLOVER_PUBLISH_FIRST;
		publish_coming(c);
		r->text = judge_text(c->j,
		    "the TLSA record that fits is not published yet: publish "
		    "it beside the present ones, and switch %s",
		    c->wait);
	} else {
		judge_instant(c);
	}
}

/* No DANE yet: until the records are published any certificate will do. */
static void
judge_first(struct host_case *c)
{
	struct rollover_host *r = c->r;

	r->fits = rollover_all_pass(c->j, c->hv, &c->coming, c->hv->tlsa,
	    c->hv->ntlsa, c->j->options.at);
	if (!r->fits) {
		judge_misfit(c);
		return;
	}
	r->status = ROLLOVER_SAFE_NOW;
	r->text = r->present == PRESENT_UNMATCHED
	    ? "there is no DANE yet: switch first, and publish the records "
	      "then"
	    : "there is no DANE yet";
}

/* DANE is to end: what is published now holds until caches forget it. */
static void
judge_last(struct host_case *c)
{
	struct rollover_host *r = c->r;

	r->fits = true;
	if (rollover_all_pass(c->j, c->hv, &c->coming, c->now.list, c->now.n,
		c->j->options.at)) {
		r->status = ROLLOVER_SAFE_NOW;
		r->text = "the records that are still published fit it";
		return;
	}
	r->status = ROLLOVER_PUBLISH_FIRST;
	r->text = judge_text(c->j,
	    "the TLSA records that are published fit another certificate: "
	    "take them away first, and switch %s",
	    c->wait);
}

static bool
is_open(const struct host_view *hv)
{
	return hv->tlsa_answer == NULL || hv->lookup_failed ||
	    hv->tlsa_answer->kind == ANSWER_PENDING ||
	    hv->tlsa_dnssec.state == DNSSEC_STATE_INDETERMINATE ||
	    hv->tlsa_dnssec.state == DNSSEC_STATE_BOGUS;
}

static void
set_free(struct host_case *c)
{
	bool malformed =
	    findings_find(&c->j->findings, FINDING_TLSA_ALL_MALFORMED,
		(int)c->r->host) != NULL;

	c->r->status = malformed ? ROLLOVER_UNKNOWN : ROLLOVER_FREE;
	c->r->text = malformed
	    ? "no TLSA record of the host is well-formed: mend those first"
	    : "the host has no DANE: any certificate will do";
}

/* The plan takes the host's signatures away; caches have its records still. */
static void
judge_insecure(struct host_case *c)
{
	const struct evidence *live = c->live;
	const struct path_host *h = c->hv->host;

	if (h->ntlsa > 0) {
		c->coming = rollover_coming(c->j, c->hv);
		c->now = rollover_records(c->j, live, h->tlsa[0].name);
	}
	if (!c->now.demand) {
		set_free(c);
		return;
	}
	c->r->ttl = c->now.ttl;
	c->wait = rollover_wait(c, c->r->ttl);
	c->wait_s = (int64_t)c->r->ttl;
	c->r->present = rollover_present(
	    c->j, live, c->hv, &c->coming, &c->now, &c->r->working);
	judge_last(c);
}

static void
judge_host(struct host_case *c)
{
	struct judgement *j = c->j;
	const struct evidence *live = c->live;
	const struct host_view *hv = c->hv;
	struct rollover_host *r = c->r;

	if (hv->tlsa_answer == NULL &&
	    hv->address_dnssec.state == DNSSEC_STATE_INSECURE) {
		judge_insecure(c);
		return;
	}
	r->status = ROLLOVER_UNKNOWN;
	r->text = "the host's TLSA records could not be judged";
	if (hv->host->naddresses == 0 || is_open(hv))
		return;
	c->coming = rollover_coming(j, hv);
	c->now = rollover_records(j, live, hv->tlsa_answer->name);
	/* What caches hold is the set that is published. */
	r->ttl = c->now.ttl;
	if (hv->tlsa_answer->nlinks > 0 &&
	    hv->tlsa_answer->kind == ANSWER_DATA &&
	    dane_ttl(j, hv->tlsa_answer) > r->ttl)
		r->ttl = dane_ttl(j, hv->tlsa_answer);
	c->wait = rollover_wait(c, r->ttl);
	c->wait_s = (int64_t)r->ttl;
	r->present =
	    rollover_present(j, live, hv, &c->coming, &c->now, &r->working);
	if (!c->now.observed)
		r->text = "which TLSA records are published was not observed";
	else if (hv->dane && c->now.demand)
		judge_publication(c);
	else if (hv->dane)
		judge_first(c);
	else if (c->now.demand)
		judge_last(c);
	else
		set_free(c);
}

/* Published records that go: those of a certificate that nobody has seen? */
static bool
loses_records(const struct host_case *c)
{
	for (size_t i = 0; i < c->now.n; i++) {
		const struct tlsa_view *v = &c->now.list[i];
		bool stays = false;

		for (size_t k = 0; k < c->hv->ntlsa; k++)
			stays |= c->hv->tlsa[k].rr->rdlen == v->rr->rdlen &&
			    memcmp(c->hv->tlsa[k].rr->rdata, v->rr->rdata,
				v->rr->rdlen) == 0;
		if (v->usable && !v->agile_out && !stays)
			return true;
	}
	return false;
}

/* Until the switch the present certificate has to do. */
static void
judge_meanwhile(struct host_case *c)
{
	struct rollover_host *r = c->r;
	int64_t at;

	if (r->present == PRESENT_THE_SAME ||
	    (r->status != ROLLOVER_SAFE_AT &&
		r->status != ROLLOVER_PUBLISH_FIRST))
		return;
	at = r->status == ROLLOVER_SAFE_AT ? r->at
					   : c->j->options.at + c->wait_s;
	if (rollover_ends_before(c, &c->now, at))
		r->text = judge_text(c->j,
		    "%s; the present certificate ends before that", r->text);
}

static bool
is_early(const struct rollover_host *r)
{
	/* Where nothing passes as it is, the switch can only mend. */
	return r->present != PRESENT_THE_SAME && !r->by_date &&
	    (r->working || r->present == PRESENT_NOT_SEEN) && r->fits &&
	    (r->status == ROLLOVER_SAFE_AT ||
		r->status == ROLLOVER_PUBLISH_FIRST);
}

/* The records that the present certificate has, and would lose. */
static void
keep_present(struct host_case *c, struct finding *f)
{
	for (size_t i = 0; i < c->now.n; i++) {
		const struct rr *rr = c->now.list[i].rr;
		bool stays = false;

		for (size_t k = 0; k < c->hv->ntlsa; k++)
			stays |= c->hv->tlsa[k].rr->rdlen == rr->rdlen &&
			    memcmp(c->hv->tlsa[k].rr->rdata, rr->rdata,
				rr->rdlen) == 0;
		if (!stays && c->now.list[i].usable)
			finding_publish(
			    &c->j->findings, f, rr_text(c->j->mem, rr));
	}
}

static void
add_findings(struct host_case *c)
{
	const struct rollover_host *r = c->r;
	struct judgement *j = c->j;
	struct finding *f = NULL;

	/* About the time between: the host's own verdict is that of after. */
	if (r->present == PRESENT_UNMATCHED) {
		f = judge_add(j, FINDING_DANE_PRESENT_UNMATCHED, -1, -1);
		f->detail = judge_text(j,
		    "the server presents another certificate now, and mail is "
		    "refused from the publication of the records on until it "
		    "has %s",
		    r->source);
		keep_present(c, f);
	} else if (r->present == PRESENT_NOT_SEEN && c->hv->dane &&
	    c->now.demand && loses_records(c)) {
		f = judge_add(j, FINDING_DANE_PRESENT_UNMATCHED, -1, -1);
		f->detail = "the certificate at the published addresses was "
			    "not seen, and records that are published go: "
			    "they may be its own";
		keep_present(c, f);
	} else if (is_early(r)) {
		f = judge_add(j, FINDING_DANE_SWITCH_EARLY, -1, -1);
		f->detail = r->text;
	}
	if (f != NULL)
		f->subject.host = c->hv->host->name;
}

void
judge_rollover(struct judgement *j)
{
	struct evidence live = evidence_published(j->ev);
	struct rollover *all = arena_alloc(j->mem, sizeof *all);
	const struct path *before =
	    rollover_replaces(j->ev) ? path_walk_mail(j->mem, &live) : NULL;

	all->hosts = arena_array(j->mem, j->path->nhosts, sizeof *all->hosts);
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];
		const struct overlay_cert *cert = rollover_cert(j->ev, h->name);
		struct rollover_host *r = &all->hosts[all->n];
		struct host_case c = { .j = j,
			.live = &live,
			.before = before,
			.hv = &j->hosts[i],
			.r = r };

		if (cert == NULL || h->over_limit || h->not_a_name)
			continue;
		r->host = i;
		r->source = cert->source;
		judge_host(&c);
		rollover_keep_set(&c, &c.now);
		rollover_elsewhere(&c);
		judge_meanwhile(&c);
		add_findings(&c);
		if (r->status > all->status)
			all->status = r->status;
		if (r->status == ROLLOVER_SAFE_AT && r->at > all->at)
			all->at = r->at;
		all->n++;
	}
	if (all->n > 0)
		j->rollover = all;
}

const char *
rollover_status_text(enum rollover_status status)
{
	static const char *const words[] = {
		[ROLLOVER_FREE] = "no-dane",
		[ROLLOVER_SAFE_NOW] = "safe-now",
		[ROLLOVER_SAFE_AT] = "safe-at",
		[ROLLOVER_PUBLISH_FIRST] = "publish-first",
		[ROLLOVER_UNKNOWN] = "unknown",
	};

	return words[status];
}

const char *
rollover_present_text(enum rollover_present present)
{
	static const char *const words[] = {
		[PRESENT_NOT_SEEN] = "not-seen",
		[PRESENT_THE_SAME] = "the-same",
		[PRESENT_MATCHED] = "matched",
		[PRESENT_UNMATCHED] = "unmatched",
		[PRESENT_BROKEN] = "broken",
	};

	return words[present];
}

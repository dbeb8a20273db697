/* SPDX-License-Identifier: ISC */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/choice.h"
#include "core/evidence.h"
#include "core/lookup.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/path.h"
#include "core/plan.h"
#include "core/proof.h"
#include "probe/dns.h"
#include "probe/loop.h"
#include "probe/smtp.h"
#include "store.h"

enum { QUEUED_MS = 1000, STUCK_MS = 500 };

/*
 * Shared by the run and its pending questions: an answer that comes when
 * nobody waits for it any more finds it over, and the last one frees it.
 */
struct run {
	struct loop *loop;
	struct dns *dns;
	struct store *store;
	struct evidence *ev;
	struct memo *memo;
	const char *helo;
	bool deprecated; /* as the judgement after it */
	int64_t deadline_ms;
	size_t nqueued; /* questions and sessions that wait for their turn */
	int64_t queued_since; /* with any: the clock stands still */
	struct loop_timer *timer;
	struct started *started; /* all, in flight or not */
	size_t pending;
	struct arena *choice_mem;
	const struct choice *choice; /* among the looks so far; or NULL */
	size_t nlooks; /* when it was made */
	bool over;
	void (*done)(void *arg);
	void *arg;
};

/* A want that is, or was, in flight. */
struct started {
	struct run *run;
	struct started *next;
	struct arena *mem;
	struct want want; /* its own copy */
	bool in_flight;
	bool queued; /* it waits for its turn */
};

static bool
same_look(const struct want *a, const struct want *b)
{
	return a->look == b->look && a->via == b->via &&
	    (a->server == NULL || b->server == NULL
		    ? a->server == b->server
		    : strcmp(a->server, b->server) == 0);
}

static bool
same_want(const struct want *a, const struct want *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind != WANT_SMTP && a->kind != WANT_SPARE)
		return a->type == b->type && name_equal(a->name, b->name) &&
		    (a->kind == WANT_DNS || same_look(a, b));
	return a->keys == b->keys && a->port == b->port &&
	    strcmp(a->address, b->address) == 0 && name_equal(a->host, b->host);
}

static void
run_free(struct run *r)
{
	struct started *s, *next;

	for (s = r->started; s != NULL; s = next) {
		next = s->next;
		arena_free(s->mem);
		free(s);
	}
	arena_free(r->choice_mem);
	free(r);
}

static void step(struct run *);

/* What is left of the run's time. */
static int64_t
left_ms(const struct run *r)
{
	int64_t now = loop_now_ms(r->loop);

	return r->deadline_ms - (r->nqueued > 0 ? r->queued_since : now);
}

static void
queue_enter(struct started *s)
{
	struct run *r = s->run;

	s->queued = true;
	if (r->nqueued++ == 0)
		r->queued_since = loop_now_ms(r->loop);
}

/* Its turn has come: the wait was at nobody's expense. */
static void
queue_leave(void *arg)
{
	struct started *s = arg;
	struct run *r = s->run;

	if (!s->queued)
		return;
	s->queued = false;
	if (--r->nqueued == 0)
		r->deadline_ms += loop_now_ms(r->loop) - r->queued_since;
}

/*
 * The evidence is complete, and the caller's from here on.  What is still in
 * flight finds nobody who waits.
 */
static void
finish(void *arg)
{
	struct run *r = arg;

	r->timer = NULL;
	evidence_sort(r->ev);
	r->ev = NULL;
	r->done(r->arg);
	if (--r->pending == 0)
		run_free(r);
}

/* Never from inside a call of the caller's: in the next round. */
static void
end(struct run *r)
{
	r->over = true;
	r->pending++;
	loop_timer_stop(r->timer);
	r->timer = loop_timer_start(r->loop, 0, finish, r);
}

/* One less in flight; what came has been taken. */
static void
settled(struct started *s)
{
	struct run *r = s->run;

	s->in_flight = false;
	r->pending--;
	if (!r->over)
		step(r);
	else if (r->pending == 0)
		run_free(r);
}

static void
got_dns(void *arg, const struct dns_observation *obs)
{
	struct started *s = arg;

	if (s->run->over)
		dns_observation_unref(obs);
	else
		evidence_add_dns(s->run->ev, obs);
	settled(s);
}

/* A question once more: beside the first answer, never in its place. */
static void
got_look(void *arg, struct dns_observation *obs)
{
	struct started *s = arg;

	obs->look = s->want.look;
	obs->via = s->want.via;
	/* It is nobody else's yet, so it may be changed. */
	if (!s->run->over && obs->look == LOOK_WITHOUT_CD &&
	    obs->outcome == DNS_REPLY)
		evidence_set_opinion(
		    s->run->ev, s->want.name, s->want.type, obs);
	got_dns(arg, obs);
}

static void
got_smtp(void *arg, const struct smtp_observation *obs)
{
	struct started *s = arg;

	if (s->run->over)
		smtp_observation_unref(obs);
	else
		evidence_add_smtp(s->run->ev, obs);
	settled(s);
}

static void
start_smtp(struct started *s, const struct want *w, int64_t budget)
{
	struct run *r = s->run;
	struct smtp_request request = {
		.host = w->host,
		.address = w->address,
		.port = w->port,
		.sni = w->sni,
		.keys = w->keys,
		.helo = r->helo,
		.budget_ms = budget,
	};

	s->want.host = name_copy(s->mem, w->host);
	s->want.address = arena_strdup(s->mem, w->address);
	if (w->kind == WANT_SMTP) {
		queue_enter(s);
		store_smtp(r->store, &request, queue_leave, got_smtp, s);
		return;
	}
	/* Nothing comes back from it. */
	store_spare(r->store, &request);
	s->in_flight = false;
	r->pending--;
}

static void
start_dns(struct started *s, const struct want *w, int64_t budget)
{
	struct dns *dns = s->run->dns;

	queue_enter(s);
	s->want.name = name_copy(s->mem, w->name);
	s->want.server = arena_strdup(s->mem, w->server);
	if (w->kind == WANT_DNS)
		store_dns(s->run->store, w->name, w->type, budget, queue_leave,
		    got_dns, s);
	else if (w->server == NULL)
		dns_ask(dns, w->name, w->type, false, budget, queue_leave,
		    got_look, s);
	else
		dns_ask_server(dns, w->server, w->via != VIA_AUTHORITATIVE,
		    w->name, w->type, budget, queue_leave, got_look, s);
}

static void
start(struct run *r, const struct want *w)
{
	struct started *s = loop_alloc(sizeof *s);
	int64_t budget = left_ms(r);

	s->run = r;
	s->mem = arena_new();
	s->want = *w;
	s->in_flight = true;
	s->next = r->started;
	r->started = s;
	r->pending++;
	if (w->kind == WANT_SMTP || w->kind == WANT_SPARE)
		start_smtp(s, w, budget);
	else
		start_dns(s, w, budget);
}

/* Start a want unless it was; true while its answer is waited for. */
static bool
pursue(struct run *r, const struct want *w)
{
	for (struct started *s = r->started; s != NULL; s = s->next)
		if (same_want(&s->want, w))
			return s->in_flight;
	start(r, w);
	return w->kind != WANT_SPARE;
}

static bool
pursue_all(struct run *r, struct wants *w)
{
	bool waiting = false;

	for (size_t i = 0; i < w->n; i++)
		waiting |= pursue(r, &w->list[i]);
	w->n = 0;
	return waiting;
}

/* Another look has come since the last choice: perhaps there is a better. */
static bool
choose(struct run *r)
{
	struct evidence view = *r->ev;

	if (r->ev->nlooks == r->nlooks)
		return false;
	r->nlooks = r->ev->nlooks;
	arena_free(r->choice_mem);
	r->choice_mem = arena_new();
	view.view = overlay_view_new(r->choice_mem, view.asked.overlay);
	r->choice = choice_make(r->choice_mem, &view, r->deprecated, r->memo);
	return r->choice != NULL;
}

/* What the run is about, its domain's mail or one question, still lacks. */
static void
want_more(struct wants *w)
{
	if (w->ev->asked.lookup != 0)
		lookup_wants(w);
	else
		plan_wants(path_walk(w->mem, w->ev), w);
}

static void
want_second_look(const struct run *r, struct wants *w)
{
	struct proofs *proofs = proofs_new(w->mem, w->ev, r->memo);

	proofs_deprecated(proofs, r->deprecated);
	if (w->ev->asked.lookup != 0)
		lookup_second_look(proofs, w);
	else
		plan_second_look(path_walk(w->mem, w->ev), proofs, w);
}

/*
 * Walk what is there, start what it lacks.  Nothing lacking: the second look
 * at what failed its proof, by the first answers and by the chosen ones,
 * whose own path may lack something again; then it is over.
 */
static void
step(struct run *r)
{
	struct arena *mem = arena_new();
	struct evidence view = *r->ev;
	struct wants wants = { .mem = mem, .ev = &view, .memo = r->memo };
	bool waiting;

	view.choice = r->choice;
	view.view = overlay_view_new(mem, r->ev->asked.overlay);
	want_more(&wants);
	waiting = pursue_all(r, &wants);
	if (!waiting) {
		want_second_look(r, &wants);
		view.choice = NULL;
		if (r->choice != NULL)
			want_second_look(r, &wants);
		waiting = pursue_all(r, &wants);
	}
	r->ev->cut_short |= !waiting && wants.cut;
	arena_free(mem);
	if (!waiting && choose(r))
		step(r);
	else if (!waiting)
		end(r);
}

static void
time_is_up(void *arg)
{
	struct run *r = arg;
	int64_t left = left_ms(r) + STUCK_MS;

	r->timer = NULL;
	/* Time was spent in a queue since the timer was set, or is now. */
	if (left > 0 || r->nqueued > 0) {
		r->timer = loop_timer_start(
		    r->loop, r->nqueued > 0 ? QUEUED_MS : left, time_is_up, r);
		return;
	}
	r->ev->cut_short = true;
	end(r);
}

void
run_start(const struct run_room *room, struct evidence *ev,
    void (*done)(void *arg), void *arg)
{
	struct run *r = loop_alloc(sizeof *r);
	int64_t timeout_ms = ev->asked.timeout_s * 1000;

	r->loop = room->loop;
	r->dns = room->dns;
	r->store = room->store;
	r->memo = room->memo;
	r->helo = room->helo;
	r->deprecated = room->deprecated;
	r->ev = ev;
	r->done = done;
	r->arg = arg;
	r->deadline_ms = loop_now_ms(r->loop) + timeout_ms;
	/* Probes end by the deadline themselves; this is for a stuck one. */
	r->timer =
	    loop_timer_start(r->loop, timeout_ms + STUCK_MS, time_is_up, r);
	step(r);
}

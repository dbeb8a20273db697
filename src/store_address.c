/* SPDX-License-Identifier: ISC */
#include "store_address.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/cert.h"
#include "core/evidence.h"
#include "hash.h"
#include "probe/loop.h"
#include "probe/smtp.h"
#include "store_visit.h"

enum { BUCKETS = 1024, PAUSE_MS = 2000 /* after 421: it is busy */ };

struct addresses {
	struct loop *loop;
	void *(*spare)(void *, const struct smtp_request *, enum tls_keys,
	    const struct smtp_request **);
	void (*begun)(void *);
	void (*done)(void *, struct smtp_observation *, bool);
	void *arg;
	struct address *buckets[BUCKETS];
	struct job *queue, **queue_end;
	unsigned active, limit;
	struct loop_timer *wake;
};

static size_t
bucket(const char *text, uint16_t port)
{
	return (hash_octets(text, strlen(text)) ^ port) % BUCKETS;
}

static void
address_free(struct addresses *all, struct address *a)
{
	struct address **at = &all->buckets[bucket(a->text, a->port)];

	while (*at != a)
		at = &(*at)->chain;
	*at = a->chain;
	smtp_observation_unref(a->dead);
	while (a->leaving != NULL) { /* at the end of all */
		struct visit *v = a->leaving;

		a->leaving = v->next;
		smtp_drop(v->session);
		free(v);
	}
	free(a);
}

/* Nothing is to be remembered of it. */
static bool
address_idle(const struct address *a, int64_t now)
{
	return a->active + a->queued == 0 && a->paused_until <= now &&
	    a->dead_until <= now && a->works_until <= now;
}

/* Those of the same bucket that are idle go, so that they are few. */
static struct address *
address_get(struct addresses *all, const char *text, uint16_t port)
{
	size_t at = bucket(text, port);
	int64_t now = loop_now_ms(all->loop);
	struct address *found = NULL, *next;

	for (struct address *a = all->buckets[at]; a != NULL; a = next) {
		next = a->chain;
		if (a->port == port && strcmp(a->text, text) == 0)
			found = a;
		else if (address_idle(a, now))
			address_free(all, a);
	}
	if (found != NULL)
		return found;
	found = loop_alloc(sizeof *found + strlen(text) + 1);
	found->port = port;
	memcpy(found->text, text, strlen(text));
	found->chain = all->buckets[at];
	all->buckets[at] = found;
	return found;
}

static void pump(void *);
static void probe(
    struct addresses *, const struct smtp_request *, void *who, bool first);

static void
wake(struct addresses *all, int64_t ms)
{
	loop_timer_stop(all->wake);
	all->wake = loop_timer_start(all->loop, ms, pump, all);
}

static bool
is_full(const struct address *a)
{
	return a->active >= (a->one ? 1u : (unsigned)VISIT_AT_ONCE);
}

/* The pump finds out when its turn is. */
static void
queue_add(struct job *job)
{
	struct addresses *all = job->visit.all;

	job->next = NULL;
	*all->queue_end = job;
	all->queue_end = &job->next;
	job->visit.address->queued++;
	wake(all, 0);
}

/* One that was turned away: its own time runs already. */
static void
queue_add_first(struct job *job)
{
	struct addresses *all = job->visit.all;

	job->next = all->queue;
	all->queue = job;
	if (job->next == NULL)
		all->queue_end = &job->next;
	job->visit.address->queued++;
	wake(all, 0);
}

/* One less with the address. */
static void
slot_free(struct addresses *all, struct address *a)
{
	a->active--;
	all->active--;
	if (all->queue != NULL)
		wake(all, 0);
}

/* It has its result, and holds its place until the connection is closed. */
static void
leave(struct visit *v)
{
	v->next = v->address->leaving;
	v->address->leaving = v;
}

static void
left(struct visit *v)
{
	struct visit **at = &v->address->leaving;

	while (*at != v)
		at = &(*at)->next;
	*at = v->next;
	v->address->last = loop_now_ms(v->all->loop);
	slot_free(v->all, v->address);
}

static void
running_remove(struct job *job)
{
	struct job **at = &job->visit.address->running;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
}

static void
spare_drop(struct spare *spare)
{
	smtp_drop(spare->visit.session);
	slot_free(spare->visit.all, spare->visit.address);
	free(spare);
}

/* The spare one may be what it was refused for. */
static void
spare_end(void *arg)
{
	struct job *job = arg;

	if (job->spare != NULL)
		spare_drop(job->spare);
	job->spare = NULL;
}

static void
got_session(void *arg, struct smtp_observation *obs)
{
	struct job *job = arg;
	struct addresses *all = job->visit.all;
	struct address *a = job->visit.address;
	int64_t now = loop_now_ms(all->loop);

	running_remove(job);
	spare_end(job);
	leave(&job->visit);
	a->met = true;
	a->last = now;
	if (obs->outcome == SMTP_GREETING_TEMPORARY || a->paced)
		a->paused_until = now + PAUSE_MS;
	if (visit_is_crowded(job, obs, now) && ++job->tries < VISIT_TRIES) {
		a->paced = a->one;
		a->one = true;
		smtp_observation_unref(obs);
		job->again = true;
		job->together = false;
		return;
	}
	visit_note(job, obs, now);
	all->done(job->who, obs, true);
}

static void
session_gone(void *arg)
{
	struct job *job = arg;
	struct address *a = job->visit.address;

	left(&job->visit);
	/* A pause begins where nobody is there any more. */
	if (a->paused_until > a->last)
		a->paused_until = a->last + PAUSE_MS;
	if (!job->again) {
		free(job);
		return;
	}
	job->again = false;
	queue_add_first(job);
}

/* The keys that the server may have besides these. */
static enum tls_keys
other_keys(const struct smtp_observation *obs)
{
	struct arena *mem = arena_new();
	const struct cert *leaf = obs->nchain > 0
	    ? cert_parse(mem, obs->chain[0].data, obs->chain[0].len)
	    : NULL;
	enum tls_keys keys = KEYS_ANY;

	if (leaf != NULL && leaf->parsed)
		keys = leaf->key == CERT_KEY_RSA ? KEYS_ECDSA : KEYS_RSA;
	arena_free(mem);
	return keys;
}

static void
got_spare(void *arg, struct smtp_observation *obs)
{
	struct spare *spare = arg;
	struct addresses *all = spare->visit.all;

	if (spare->who == NULL) {
		/* Over before it was wanted: the first one's job knows it. */
		for (struct job *job = spare->visit.address->running;
		     job != NULL; job = job->next)
			if (job->spare == spare)
				job->spare = NULL;
		smtp_observation_unref(obs);
	} else if (obs->step < STEP_HANDSHAKE) {
		/* Two at once were too many, perhaps: once more, alone. */
		smtp_observation_unref(obs);
		probe(all, spare->request, spare->who, true);
	} else {
		all->done(spare->who, obs, true);
	}
	leave(&spare->visit);
}

static void
spare_gone(void *arg)
{
	struct spare *spare = arg;

	left(&spare->visit);
	free(spare);
}

/* The first session's chain says what is to be looked for in the second. */
static void
secured(void *arg, const struct smtp_observation *obs)
{
	struct job *job = arg;
	struct spare *spare = job->spare;
	enum tls_keys keys;

	if (spare == NULL)
		return;
	job->spare = NULL;
	keys = other_keys(obs);
	if (keys != KEYS_ANY)
		spare->who = job->visit.all->spare(
		    job->visit.all->arg, job->request, keys, &spare->request);
	if (spare->who != NULL)
		smtp_release(spare->visit.session, keys);
	else
		spare_drop(spare);
}

static void
start(struct job *job)
{
	struct smtp_request request = *job->request;

	job->began_ms = loop_now_ms(job->visit.all->loop);
	job->together = job->visit.address->active > 0;
	job->beside = job->together ||
	    (job->visit.address->met &&
		job->began_ms - job->visit.address->last < PAUSE_MS);
	for (struct job *other = job->visit.address->running; other != NULL;
	     other = other->next)
		other->beside = other->together = true;
	job->next = job->visit.address->running;
	job->visit.address->running = job;
	job->visit.address->active++;
	job->visit.all->active++;
	if (job->tries == 0)
		job->visit.all->begun(job->who);
	request.secured = secured;
	request.retrying = spare_end;
	request.gone = session_gone;
	job->visit.session =
	    smtp_probe(job->visit.all->loop, &request, got_session, job);
}

void
addresses_spare(struct addresses *all, const struct smtp_request *request)
{
	struct address *a = address_get(all, request->address, request->port);
	struct job *job = a->running;
	struct smtp_request parked = *request;
	struct spare *spare;

	while (job != NULL && job->request != request)
		job = job->next;
	if (job == NULL || job->spare != NULL || is_full(a) ||
	    all->active >= all->limit)
		return;
	spare = loop_alloc(sizeof *spare);
	spare->visit.all = all;
	spare->visit.address = a;
	job->spare = spare;
	job->beside = job->together = true;
	a->active++;
	all->active++;
	parked.gone = spare_gone;
	spare->visit.session = smtp_park(all->loop, &parked, got_spare, spare);
}

/* As the others have just found it. */
static void
give_dead(struct job *job)
{
	const struct smtp_request *r = job->request;
	struct smtp_observation *obs = smtp_observation_as(
	    job->visit.address->dead, r->host, r->sni, r->keys);

	job->visit.address->active--;
	job->visit.all->begun(job->who);
	job->visit.all->done(job->who, obs, false);
	free(job);
}

/* Start all that may start; wake up when a pause is over. */
static void
pump(void *arg)
{
	struct addresses *all = arg;
	int64_t now = loop_now_ms(all->loop), next = -1;
	struct job **at = &all->queue, *dead = NULL, **dead_end = &dead;

	all->wake = NULL;
	while (*at != NULL && all->active < all->limit) {
		struct job *job = *at;
		struct address *a = job->visit.address;
		bool is_gone = visit_is_in_vain(job, now);

		if (!is_gone && (is_full(a) || a->paused_until > now)) {
			if (a->paused_until > now &&
			    (next < 0 || a->paused_until < next))
				next = a->paused_until;
			at = &job->next;
			continue;
		}
		*at = job->next;
		if (*at == NULL)
			all->queue_end = at;
		a->queued--;
		job->next = NULL;
		if (is_gone) {
			a->active++; /* to be remembered until then */
			*dead_end = job;
			dead_end = &job->next;
		} else {
			start(job);
		}
	}
	if (next >= 0)
		wake(all, next - now);
	/* Last: what they lead to may queue more. */
	while (dead != NULL) {
		struct job *job = dead;

		dead = job->next;
		give_dead(job);
	}
}

struct addresses *
addresses_new(struct loop *loop, unsigned sessions,
    void *(*spare)(void *, const struct smtp_request *, enum tls_keys,
	const struct smtp_request **),
    void (*begun)(void *),
    void (*done)(void *, struct smtp_observation *, bool), void *arg)
{
	struct addresses *all = loop_alloc(sizeof *all);

	all->loop = loop;
	all->limit = sessions;
	all->spare = spare;
	all->begun = begun;
	all->done = done;
	all->arg = arg;
	all->queue_end = &all->queue;
	return all;
}

void
addresses_free(struct addresses *all)
{
	struct job *next;

	loop_timer_stop(all->wake);
	for (struct job *job = all->queue; job != NULL; job = next) {
		next = job->next;
		free(job);
	}
	for (size_t i = 0; i < BUCKETS; i++)
		while (all->buckets[i] != NULL)
			address_free(all, all->buckets[i]);
	free(all);
}

static void
probe(
    struct addresses *all, const struct smtp_request *r, void *who, bool first)
{
	struct job *job = loop_alloc(sizeof *job);
	struct address *a = address_get(all, r->address, r->port);

	job->visit.all = all;
	job->visit.address = a;
	job->request = r;
	job->who = who;
	/* Nobody overtakes those who wait for this address. */
	if (all->active < all->limit && !is_full(a) &&
	    (first || a->queued == 0) &&
	    a->paused_until <= loop_now_ms(all->loop) &&
	    !visit_is_in_vain(job, loop_now_ms(all->loop))) {
		start(job);
		return;
	}
	if (first)
		queue_add_first(job);
	else
		queue_add(job);
}

void
addresses_probe(struct addresses *all, const struct smtp_request *r, void *who)
{
	probe(all, r, who, false);
}

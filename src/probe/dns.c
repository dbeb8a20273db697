/* SPDX-License-Identifier: ISC */
#include "probe/dns.h"

#include <assert.h>
#include <errno.h>
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "probe/dns_context.h"
#include "probe/dns_loop.h"
#include "probe/dns_upstream.h"
#include "probe/loop.h"
#include "probe/resolver.h"
#include "probe/tcp.h"

enum {
	WINDOW = 200, /* questions in flight: a socket each, and its double */
	PATIENCE_MS = 15000, /* before a timeout is called one */
	TCP_MS = 3000, /* a try over TCP has at least that */
	PAUSE_MS = 1000, /* before the same server is asked again */
	REASON_MS = 3000, /* to find out why nothing can be sent */
	DIRECT_MS = 5000, /* for a name server that may be out of reach */
	STUCK_MS = 500 /* getdns is late to say that a try's time is up */
};

/*
 * The tries of one question; ms 0: what is left of PATIENCE_MS.  The last is
 * only for where TCP fails and UDP was seen to work.
 */
static const struct {
	bool tcp;
	int64_t ms;
} steps[] = {
	{ false, 1500 },
	{ false, 2000 },
	{ false, 3000 },
	{ true, 0 },
	{ false, 0 },
};

enum { NSTEPS = sizeof(steps) / sizeof(steps[0]) };

enum rcode { RCODE_NOERROR = 0, RCODE_NXDOMAIN = 3 };

enum try_result { TRY_REPLY, TRY_TIMEOUT, TRY_FAILED, TRY_MALFORMED };

struct question {
	struct dns *dns;
	struct question *next; /* in the queue, or of those finished */
	struct question *older, *newer; /* of all that were asked */
	uint8_t name[NAME_WIRE_MAX];
	uint16_t type;
	bool rd, cd;
	void (*begun)(void *arg);
	void (*done)(void *arg, struct dns_observation *);
	void *arg;

	int64_t budget_ms; /* from its turn on */
	int64_t deadline;
	int64_t began; /* the first try */
	unsigned attempts;
	unsigned step;
	size_t upstream;
	struct direct *direct; /* the one to ask; NULL = the resolvers */
	unsigned refusals; /* replies that are an error of some kind */
	bool refused[RESOLVERS_MAX]; /* who sent one */

	/* The try that is under way, and what came of it. */
	bool sent;
	getdns_transaction_t id;
	int64_t try_began, try_limit;
	bool tcp, truncated; /* the reply over UDP was */
	enum try_result result;
	uint8_t *wire;
	size_t wirelen;

	uint8_t *malformed; /* the last one that came */
	size_t malformedlen;
	struct loop_timer *pause;
	struct loop_timer *watch; /* of the try under way */
	struct tcp *reason;
};

struct dns {
	struct loop *loop;
	getdns_eventloop *adapter;
	getdns_dict *extensions[2][2]; /* [rd][cd] */
	struct upstream upstreams[RESOLVERS_MAX];
	const char *texts[RESOLVERS_MAX];
	size_t nupstreams;
	size_t preferred;
	struct direct *direct;
	struct question *newest;
	struct question *queue, **queue_end;
	struct question *finished, **finished_end;
	unsigned inflight, window;
	struct loop_timer *wake;
	bool busy;
};

static void dns_pump(void *arg);

/* Whom the question is put to at present. */
static struct upstream *
question_upstream(const struct question *q)
{
	return q->direct != NULL ? &q->direct->up
				 : &q->dns->upstreams[q->upstream];
}

static void
dns_wake(struct dns *dns)
{
	if (dns->wake == NULL)
		dns->wake = loop_timer_start(dns->loop, 0, dns_pump, dns);
}

/* The try is over: the loop looks at it, outside getdns's own calls. */
static void
question_finished(struct question *q)
{
	q->next = NULL;
	*q->dns->finished_end = q;
	q->dns->finished_end = &q->next;
	dns_wake(q->dns);
}

static void
question_free(struct question *q)
{
	if (q->newer != NULL)
		q->newer->older = q->older;
	else
		q->dns->newest = q->older;
	if (q->older != NULL)
		q->older->newer = q->newer;
	loop_timer_stop(q->pause);
	tcp_cancel(q->reason);
	loop_timer_stop(q->watch);
	direct_release(&q->dns->direct, q->direct);
	free(q->wire);
	free(q->malformed);
	free(q);
}

/* The untouched message: nothing else of the response is looked at. */
static void
reply_keep(struct question *q, getdns_dict *response)
{
	getdns_bindata *wire = NULL;

	if (getdns_dict_get_bindata(response, "/replies_full/0", &wire) !=
		GETDNS_RETURN_GOOD ||
	    wire->size == 0)
		return;
	q->result = TRY_REPLY;
	q->wire = loop_alloc(wire->size);
	memcpy(q->wire, wire->data, wire->size);
	q->wirelen = wire->size;
}

static void
question_answered(getdns_context *context, getdns_callback_type_t type,
    getdns_dict *response, void *arg, getdns_transaction_t id)
{
	struct question *q = arg;
	int64_t took = loop_now_ms(q->dns->loop) - q->try_began;

	(void)context;
	(void)id;
	q->sent = false;
	loop_timer_stop(q->watch);
	q->watch = NULL;
	/* getdns does not always tell a timeout from a failure. */
	q->result = type == GETDNS_CALLBACK_TIMEOUT || took + 20 >= q->try_limit
	    ? TRY_TIMEOUT
	    : TRY_FAILED;
	if (type == GETDNS_CALLBACK_COMPLETE && response != NULL)
		reply_keep(q, response);
	getdns_dict_destroy(response);
	if (type != GETDNS_CALLBACK_CANCEL)
		question_finished(q);
}

/* Hand the observation over and be done with the question. */
static void
question_end(struct question *q, struct dns_observation *obs)
{
	struct dns *dns = q->dns;
	void (*done)(void *, struct dns_observation *) = q->done;
	void *arg = q->arg;

	obs->name = name_copy(obs->mem, q->name);
	obs->type = q->type;
	obs->attempts = q->attempts;
	for (size_t i = 0; i < dns->nupstreams; i++)
		obs->failed_servers += q->refused[i];
	if (q->attempts > 0) {
		obs->server =
		    arena_strdup(obs->mem, question_upstream(q)->at.text);
		obs->transport = q->tcp ? "tcp" : "udp";
		obs->elapsed_ms = loop_now_ms(dns->loop) - q->began;
	}
	dns->inflight--;
	dns_wake(dns);
	question_free(q);
	done(arg, obs);
}

static void
question_timed_out(struct question *q)
{
	struct dns_observation *obs = dns_observation_new();

	obs->outcome = DNS_TIMED_OUT;
	if (q->attempts == 0)
		obs->error = "no time was left to ask";
	else
		obs->error =
		    arena_printf(obs->mem, "%sno reply in %lld ms, %u tries",
			q->refusals > 0 ? "first an error, then " : "",
			(long long)(loop_now_ms(q->dns->loop) - q->began),
			q->attempts);
	question_end(q, obs);
}

static void
question_malformed(struct question *q)
{
	struct dns_observation *obs = dns_observation_new();

	obs->outcome = DNS_MALFORMED;
	obs->error = "no reply that is whole, readable and to this question";
	obs->wire = arena_copy(obs->mem, q->malformed, q->malformedlen);
	obs->wirelen = q->malformedlen;
	question_end(q, obs);
}

/* The connection that getdns could not make, or could, tells the reason. */
static void
reason_found(void *arg, int fd, int error)
{
	struct question *q = arg;
	struct dns_observation *obs = dns_observation_new();

	q->reason = NULL;
	tcp_close(fd);
	obs->outcome =
	    error == ECONNREFUSED ? DNS_REFUSED_CONNECTION : DNS_NETWORK_ERROR;
	obs->error = error == 0 ? "the connection ends without a reply"
				: arena_strdup(obs->mem, strerror(error));
	question_end(q, obs);
}

static void
question_give_up(struct question *q)
{
	struct dns *dns = q->dns;
	const struct resolver *at = &question_upstream(q)->at;
	int64_t left = q->deadline - loop_now_ms(dns->loop);

	if (q->malformed != NULL)
		question_malformed(q);
	else if (q->attempts > 0 && q->result == TRY_FAILED && left > 0)
		q->reason = tcp_open(dns->loop, at->address, at->port,
		    left < REASON_MS ? left : REASON_MS, reason_found, q);
	else
		question_timed_out(q);
}

/* How long the present step may take; 0: no time or no step is left. */
static int64_t
step_time(struct question *q, int64_t now)
{
	int64_t left = q->deadline - now;
	int64_t ms;

	if (q->step >= NSTEPS || left <= 0)
		return 0;
	ms = steps[q->step].ms;
	if (ms == 0) {
		ms = PATIENCE_MS - (now - q->began);
	}
	if ((steps[q->step].tcp || q->truncated) && ms < TCP_MS)
		ms = TCP_MS;
	if (ms < 0)
		ms = 0;
	return ms < left ? ms : left;
}

/* A server that sends an octet at a time can make getdns forget the time. */
static void
try_stuck(void *arg)
{
	struct question *q = arg;

	q->watch = NULL;
	getdns_cancel_callback(question_upstream(q)->context[q->tcp], q->id);
	q->sent = false;
	q->result = TRY_TIMEOUT;
	question_finished(q);
}

static void
question_send(struct question *q)
{
	struct dns *dns = q->dns;
	struct upstream *up = question_upstream(q);
	int64_t now = loop_now_ms(dns->loop);
	getdns_context *context;
	char text[NAME_TEXT_MAX];

	q->try_began = now;
	q->try_limit = step_time(q, now);
	if (q->try_limit == 0) {
		question_give_up(q);
		return;
	}
	q->attempts += !q->truncated;
	q->tcp = steps[q->step].tcp || q->truncated;
	name_to_text(q->name, text);
	context = upstream_context(up, dns->adapter, q->tcp);
	q->sent = true;
	if (context != NULL &&
	    getdns_context_set_timeout(context, (uint64_t)q->try_limit) == 0 &&
	    getdns_general(context, text, q->type,
		dns->extensions[q->rd][q->cd], q, &q->id,
		question_answered) == GETDNS_RETURN_GOOD) {
		if (q->sent)
			q->watch = loop_timer_start(
			    dns->loop, q->try_limit + STUCK_MS, try_stuck, q);
		return;
	}
	q->sent = false;
	q->result = TRY_FAILED;
	question_finished(q);
}

/* The next try, at the next upstream. */
static void
question_retry(struct question *q)
{
	struct dns *dns = q->dns;

	q->step++;
	q->truncated = false;
	/*
	 * No TCP there, but UDP works: then it is this question that gets no
	 * reply, and that takes the full time to say.
	 */
	if (q->step == NSTEPS - 1 &&
	    (q->result != TRY_FAILED || !question_upstream(q)->answered))
		q->step = NSTEPS;
	if (step_time(q, loop_now_ms(dns->loop)) > 0)
		q->upstream = (q->upstream + 1) % dns->nupstreams;
	question_send(q);
}

static void
pause_over(void *arg)
{
	struct question *q = arg;

	q->pause = NULL;
	question_send(q);
}

static bool
is_error(const struct dns_observation *obs)
{
	return obs->rcode != RCODE_NOERROR && obs->rcode != RCODE_NXDOMAIN;
}

/*
 * SERVFAIL may be a passing thing or this upstream's own; REFUSED, FORMERR and
 * NOTIMP are its own.  Each of the others is asked once before it counts.
 */
static bool
is_refusal(const struct question *q, const struct dns_observation *obs)
{
	size_t others = q->dns->nupstreams - 1;

	return q->direct == NULL && is_error(obs) &&
	    q->refusals < (others > 0 ? others : 1);
}

static void
question_ask_again(struct question *q)
{
	struct dns *dns = q->dns;

	q->refusals++;
	if (dns->nupstreams > 1) {
		q->upstream = (q->upstream + 1) % dns->nupstreams;
		question_send(q);
	} else {
		q->pause = loop_timer_start(dns->loop, PAUSE_MS, pause_over, q);
	}
}

/* A resolver that is silent loses its place to one that answers. */
static void
upstream_answered(const struct question *q)
{
	struct dns *dns = q->dns;
	struct upstream *up = question_upstream(q);

	up->answered = true;
	up->silent = 0;
	if (q->direct == NULL && dns->upstreams[dns->preferred].silent >= 2)
		dns->preferred = q->upstream;
}

static void
question_reply(struct question *q)
{
	uint8_t *wire = q->wire;
	struct dns_observation *obs =
	    reply_read(wire, q->wirelen, q->name, q->type);

	q->wire = NULL;
	upstream_answered(q);
	if (obs == NULL) {
		free(q->malformed);
		q->malformed = wire;
		q->malformedlen = q->wirelen;
		q->result = TRY_MALFORMED;
		/* RFC 2181 9: over TCP, at the same one. */
		q->truncated = !q->tcp && q->wirelen > 2 && (wire[2] & 2) != 0;
		if (q->truncated)
			question_send(q);
		else
			question_retry(q);
		return;
	}
	free(wire);
	if (is_error(obs) && q->direct == NULL)
		q->refused[q->upstream] = true;
	if (is_refusal(q, obs) &&
	    q->deadline - loop_now_ms(q->dns->loop) > 2 * PAUSE_MS) {
		dns_observation_unref(obs);
		question_ask_again(q);
		return;
	}
	question_end(q, obs);
}

/* Its turn has come; the wait was at nobody's expense. */
static void
question_begin(struct question *q)
{
	q->began = loop_now_ms(q->dns->loop);
	q->deadline = q->began + q->budget_ms;
	q->upstream = q->dns->preferred;
	q->dns->inflight++;
	q->begun(q->arg);
	question_send(q);
}

static void
dns_pump(void *arg)
{
	struct dns *dns = arg;
	struct question *q = dns->finished;

	dns->wake = NULL;
	dns->busy = true;
	dns->finished = NULL;
	dns->finished_end = &dns->finished;
	while (q != NULL) {
		struct question *next = q->next;

		if (q->result == TRY_REPLY) {
			question_reply(q);
		} else {
			question_upstream(q)->silent++;
			question_retry(q);
		}
		q = next;
	}
	while (dns->inflight < dns->window && dns->queue != NULL) {
		q = dns->queue;
		dns->queue = q->next;
		if (dns->queue == NULL)
			dns->queue_end = &dns->queue;
		question_begin(q);
	}
	dns->busy = false;
}

struct dns *
dns_open(struct loop *loop, const char *const *resolvers, size_t n,
    const char **error)
{
	struct dns *dns = loop_alloc(sizeof(*dns));

	signal(SIGPIPE, SIG_IGN);
	dns->loop = loop;
	dns->window = WINDOW;
	dns->queue_end = &dns->queue;
	dns->finished_end = &dns->finished;
	dns->adapter = dns_loop_new(loop);
	dns->nupstreams = upstreams_read(dns->upstreams, resolvers, n, error);
	if (dns->nupstreams == 0) {
		dns_close(dns);
		return NULL;
	}
	for (size_t i = 0; i < dns->nupstreams; i++)
		dns->texts[i] = dns->upstreams[i].at.text;
	if (dns_extensions_new(dns->extensions) &&
	    upstream_context(&dns->upstreams[0], dns->adapter, false) != NULL)
		return dns;
	*error = "getdns cannot be set up";
	dns_close(dns);
	return NULL;
}

size_t
dns_resolvers(const struct dns *dns, const char *const **out)
{
	*out = dns->texts;
	return dns->nupstreams;
}

static struct question *
question_new(struct dns *dns, const uint8_t *name, uint16_t type,
    int64_t budget_ms, void (*begun)(void *arg),
    void (*done)(void *arg, struct dns_observation *), void *arg)
{
	struct question *q = loop_alloc(sizeof(*q));

	q->dns = dns;
	memcpy(q->name, name, name_len(name));
	q->type = type;
	q->rd = q->cd = true;
	q->budget_ms = budget_ms;
	q->begun = begun;
	q->done = done;
	q->arg = arg;
	q->older = dns->newest;
	if (q->older != NULL)
		q->older->newer = q;
	dns->newest = q;
	*dns->queue_end = q;
	dns->queue_end = &q->next;
	dns_wake(dns);
	return q;
}

void
dns_ask(struct dns *dns, const uint8_t *name, uint16_t type, bool cd,
    int64_t budget_ms, void (*begun)(void *arg),
    void (*done)(void *arg, struct dns_observation *), void *arg)
{
	question_new(dns, name, type, budget_ms, begun, done, arg)->cd = cd;
}

void
dns_ask_server(struct dns *dns, const char *server, bool rd,
    const uint8_t *name, uint16_t type, int64_t budget_ms,
    void (*begun)(void *arg), void (*done)(void *arg, struct dns_observation *),
    void *arg)
{
	struct question *q = question_new(dns, name, type,
	    budget_ms < DIRECT_MS ? budget_ms : DIRECT_MS, begun, done, arg);

	q->rd = rd;
	q->direct = direct_acquire(&dns->direct, server);
}

void
dns_limit(struct dns *dns, unsigned questions)
{
	dns->window = questions;
}

void
dns_close(struct dns *dns)
{
	if (dns == NULL)
		return;
	assert(!dns->busy);
	loop_timer_stop(dns->wake);
	for (struct question *q = dns->newest; q != NULL; q = q->older)
		if (q->sent)
			getdns_cancel_callback(
			    question_upstream(q)->context[q->tcp], q->id);
	while (dns->newest != NULL)
		question_free(dns->newest);
	for (size_t i = 0; i < dns->nupstreams; i++)
		upstream_close(&dns->upstreams[i]);
	dns_extensions_free(dns->extensions);
	dns_loop_free(dns->adapter);
	free(dns);
}

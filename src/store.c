/* SPDX-License-Identifier: ISC */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "hash.h"
#include "probe/dns.h"
#include "probe/loop.h"
#include "probe/smtp.h"
#include "store_address.h"
#include "store_life.h"

enum {
	BUCKETS = 8192,
	BYTES_MAX = 4 * 1024 * 1024,
	KEY_MAX = 512,
	LATE_MS = 200 /* a probe's own end by its budget */
};

/* Who waits for an entry. */
struct waiter {
	struct waiter *next;
	void (*done_dns)(void *, const struct dns_observation *);
	void (*done_smtp)(void *, const struct smtp_observation *);
	void *arg;
	void (*begun)(void *);
	int64_t asked_ms;
	int64_t budget_ms; /* from its turn on */
	uint8_t *host;
};

struct entry {
	struct store *store;
	struct entry *chain;
	struct entry *newer, *older; /* of those that are not in flight */
	struct waiter *waiters, **waiters_end;
	bool in_flight;
	bool linked; /* in its bucket */
	bool smtp;
	bool begun; /* it no longer waits for its turn */
	const struct dns_observation *dns;
	const struct smtp_observation *session;
	struct smtp_request request; /* of a session under way */
	struct arena *mem; /* of the request */
	int64_t began_ms, budget_ms;
	int64_t until_ms;
	size_t bytes;
	size_t keylen;
	uint8_t key[];
};

/* An answer on its way to somebody who asked too late. */
struct hit {
	struct hit *next;
	struct waiter *waiter;
	const struct dns_observation *dns;
	const struct smtp_observation *session;
};

struct store {
	struct loop *loop;
	struct dns *dns;
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest;
	size_t bytes;
	struct hit *hits, **hits_end;
	struct loop_timer *wake;
	struct addresses *addresses;
	size_t flying;
	struct store_counts counts;
};

static size_t
bucket(const uint8_t *key, size_t len)
{
	return (size_t)hash_octets(key, len) % BUCKETS;
}

static size_t
dns_key(uint8_t key[KEY_MAX], const uint8_t *name, uint16_t type)
{
	key[0] = 'd';
	key[1] = (uint8_t)(type >> 8);
	key[2] = (uint8_t)type;
	return 3 + name_lower(key + 3, name);
}

/* False when it is too long to be shared. */
static bool
smtp_key(uint8_t key[KEY_MAX], size_t *len, const struct smtp_request *r)
{
	size_t address = strlen(r->address) + 1;
	size_t sni = r->sni != NULL ? strlen(r->sni) + 1 : 0;

	if (4 + address + sni > KEY_MAX)
		return false;
	key[0] = 's';
	key[1] = (uint8_t)(r->port >> 8);
	key[2] = (uint8_t)r->port;
	key[3] = (uint8_t)r->keys;
	memcpy(key + 4, r->address, address);
	if (sni > 0)
		memcpy(key + 4 + address, r->sni, sni);
	*len = 4 + address + sni;
	return true;
}

static struct entry *
entry_find(struct store *s, const uint8_t *key, size_t len)
{
	struct entry *e = s->buckets[bucket(key, len)];

	while (e != NULL && (e->keylen != len || memcmp(e->key, key, len) != 0))
		e = e->chain;
	return e;
}

static struct entry *
entry_new(struct store *s, const uint8_t *key, size_t len)
{
	struct entry *e = loop_alloc(sizeof *e + len);
	struct entry **at = &s->buckets[bucket(key, len)];

	e->store = s;
	e->waiters_end = &e->waiters;
	e->keylen = len;
	memcpy(e->key, key, len);
	e->chain = *at;
	*at = e;
	e->linked = true;
	return e;
}

static void
list_remove(struct store *s, struct entry *e)
{
	*(e->newer != NULL ? &e->newer->older : &s->newest) = e->older;
	*(e->older != NULL ? &e->older->newer : &s->oldest) = e->newer;
	e->newer = e->older = NULL;
	s->bytes -= e->bytes;
}

static void
list_add(struct store *s, struct entry *e)
{
	e->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = e;
	s->newest = e;
	s->bytes += e->bytes;
}

static void
waiters_free(struct waiter *w)
{
	struct waiter *next;

	for (; w != NULL; w = next) {
		next = w->next;
		free(w->host);
		free(w);
	}
}

/* Nobody finds it any more. */
static void
entry_unlink(struct entry *e)
{
	struct entry **at = &e->store->buckets[bucket(e->key, e->keylen)];

	if (!e->linked)
		return;
	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	e->linked = false;
}

/* It is in no list any more. */
static void
entry_free(struct entry *e)
{
	entry_unlink(e);
	waiters_free(e->waiters);
	dns_observation_unref(e->dns);
	smtp_observation_unref(e->session);
	arena_free(e->mem);
	free(e);
}

static void
make_room(struct store *s)
{
	while (s->bytes > BYTES_MAX && s->oldest != NULL) {
		struct entry *e = s->oldest;

		list_remove(s, e);
		entry_free(e);
	}
}

/* What is known and may still be given to others; in flight counts. */
static struct entry *
entry_use(struct store *s, const uint8_t *key, size_t len)
{
	struct entry *e = entry_find(s, key, len);

	if (e == NULL || e->in_flight)
		return e;
	list_remove(s, e);
	if (e->until_ms <= loop_now_ms(s->loop)) {
		entry_free(e);
		return NULL;
	}
	list_add(s, e);
	return e;
}

/* Give it, with a reference; the waiter is gone then. */
static void
waiter_give(struct waiter *w, const struct dns_observation *dns,
    const struct smtp_observation *session)
{
	struct waiter copy = *w;

	free(w);
	if (dns != NULL) {
		copy.done_dns(copy.arg, dns_observation_ref(dns));
		return;
	}
	if (name_equal(session->host, copy.host))
		session = smtp_observation_ref(session);
	else
		session = smtp_observation_as(
		    session, copy.host, session->sni, session->keys);
	free(copy.host);
	copy.done_smtp(copy.arg, session);
}

/* Never from inside a question: those who ask are not done with asking. */
static void
give_hits(void *arg)
{
	struct store *s = arg;
	struct hit *h = s->hits, *next;

	s->wake = NULL;
	s->hits = NULL;
	s->hits_end = &s->hits;
	for (; h != NULL; h = next) {
		next = h->next;
		waiter_give(h->waiter, h->dns, h->session);
		dns_observation_unref(h->dns);
		smtp_observation_unref(h->session);
		free(h);
	}
}

static void
hit_add(struct store *s, struct waiter *w, const struct entry *e)
{
	struct hit *h = loop_alloc(sizeof *h);

	h->waiter = w;
	if (e->smtp)
		h->session = smtp_observation_ref(e->session);
	else
		h->dns = dns_observation_ref(e->dns);
	*s->hits_end = h;
	s->hits_end = &h->next;
	if (s->wake == NULL)
		s->wake = loop_timer_start(s->loop, 0, give_hits, s);
}

/* The first one's time was up, not that of the question. */
static bool
was_cut(const struct entry *e, int64_t now, bool timed_out)
{
	return timed_out && now - e->began_ms >= e->budget_ms - LATE_MS;
}

/* What is left of a waiter's own time, which counts from its turn. */
static int64_t
waiter_left(const struct waiter *w, const struct entry *e, int64_t now)
{
	int64_t from = w->asked_ms;

	if (e->began_ms > from)
		from = e->began_ms;
	return w->budget_ms - (now - from);
}

/* Those who have more time than the first had ask anew. */
static void
ask_again(struct store *s, struct waiter *w, const struct entry *e, int64_t now)
{
	int64_t left = waiter_left(w, e, now);
	uint8_t host[NAME_WIRE_MAX];
	struct waiter copy = *w;
	struct smtp_request r = e->request;

	if (!e->smtp) {
		free(w);
		store_dns(s, e->key + 3, (uint16_t)(e->key[1] << 8 | e->key[2]),
		    left, copy.begun, copy.done_dns, copy.arg);
		return;
	}
	memcpy(host, w->host, name_len(w->host));
	free(w->host);
	free(w);
	r.host = host;
	r.budget_ms = left;
	store_smtp(s, &r, copy.begun, copy.done_smtp, copy.arg);
}

/* What was waited for has come; e->dns or e->session holds it. */
static void
entry_done(struct entry *e, bool timed_out, int64_t lifetime_s)
{
	struct store *s = e->store;
	struct waiter *w = e->waiters, *next;
	const struct dns_observation *dns = e->dns;
	const struct smtp_observation *session = e->session;
	int64_t now = loop_now_ms(s->loop);
	bool cut = was_cut(e, now, timed_out), first = true;

	e->waiters = NULL;
	e->waiters_end = &e->waiters;
	e->in_flight = false;
	e->until_ms = cut ? now : now + lifetime_s * 1000;
	e->bytes = sizeof *e + e->keylen +
	    arena_size(e->smtp ? session->mem : dns->mem);
	if (e->smtp)
		smtp_observation_ref(session);
	else
		dns_observation_ref(dns);
	if (cut) {
		entry_unlink(e);
	} else {
		arena_free(e->mem);
		e->mem = NULL;
		list_add(s, e);
		make_room(s); /* perhaps of e itself */
		e = NULL;
	}
	for (; w != NULL; w = next, first = false) {
		next = w->next;
		if (e != NULL && !first && waiter_left(w, e, now) > LATE_MS)
			ask_again(s, w, e, now);
		else
			waiter_give(w, dns, session);
	}
	if (e != NULL)
		entry_free(e);
	dns_observation_unref(dns);
	smtp_observation_unref(session);
}

/* The question or session has its turn. */
static void
entry_begun(void *arg)
{
	struct entry *e = arg;

	e->began_ms = loop_now_ms(e->store->loop);
	e->begun = true;
	for (struct waiter *w = e->waiters; w != NULL; w = w->next)
		w->begun(w->arg);
}

static void
got_dns(void *arg, struct dns_observation *obs)
{
	struct entry *e = arg;

	e->store->flying--;
	e->dns = obs;
	entry_done(e, obs->outcome == DNS_TIMED_OUT, life_of_answer(obs));
}

static void
waiter_add(struct entry *e, struct waiter *w)
{
	*e->waiters_end = w;
	e->waiters_end = &w->next;
}

void
store_dns(struct store *s, const uint8_t *name, uint16_t type,
    int64_t budget_ms, void (*begun)(void *),
    void (*done)(void *, const struct dns_observation *), void *arg)
{
	uint8_t key[KEY_MAX];
	size_t len = dns_key(key, name, type);
	struct entry *e = entry_use(s, key, len);
	struct waiter *w = loop_alloc(sizeof *w);

	w->begun = begun;
	w->done_dns = done;
	w->arg = arg;
	w->asked_ms = loop_now_ms(s->loop);
	w->budget_ms = budget_ms;
	if (e != NULL) {
		s->counts.questions_shared++;
		if (!e->in_flight || e->begun)
			begun(arg);
		if (e->in_flight)
			waiter_add(e, w);
		else
			hit_add(s, w, e);
		return;
	}
	s->counts.questions++;
	e = entry_new(s, key, len);
	e->in_flight = true;
	e->budget_ms = budget_ms;
	waiter_add(e, w);
	s->flying++;
	dns_ask(s->dns, name, type, true, budget_ms, entry_begun, got_dns, e);
}

static void
got_smtp(void *arg, struct smtp_observation *obs, bool probed)
{
	struct entry *e = arg;

	if (probed)
		e->store->counts.sessions++;
	else
		e->store->counts.sessions_shared++;
	e->session = obs;
	/* What was only repeated is asked of the address again: it knows. */
	entry_done(e, probed && obs->outcome == SMTP_TIMED_OUT,
	    probed ? life_of_session(obs) : 0);
}

static void
request_copy(struct entry *e, const struct smtp_request *r)
{
	e->mem = arena_new();
	e->request = *r;
	e->request.host = name_copy(e->mem, r->host);
	e->request.address = arena_strdup(e->mem, r->address);
	e->request.sni = arena_strdup(e->mem, r->sni);
}

void
store_smtp(struct store *s, const struct smtp_request *r, void (*begun)(void *),
    void (*done)(void *, const struct smtp_observation *), void *arg)
{
	uint8_t key[KEY_MAX];
	size_t len = 0;
	struct entry *e = NULL;
	struct waiter *w = loop_alloc(sizeof *w);

	w->done_smtp = done;
	w->arg = arg;
	w->begun = begun;
	w->asked_ms = loop_now_ms(s->loop);
	w->budget_ms = r->budget_ms;
	w->host = loop_alloc(name_len(r->host));
	memcpy(w->host, r->host, name_len(r->host));
	if (smtp_key(key, &len, r))
		e = entry_use(s, key, len);
	if (e != NULL) {
		s->counts.sessions_shared++;
		if (!e->in_flight || e->begun)
			begun(arg);
		if (e->in_flight)
			waiter_add(e, w);
		else
			hit_add(s, w, e);
		return;
	}
	e = entry_new(s, key, len);
	e->smtp = e->in_flight = true;
	e->budget_ms = r->budget_ms;
	request_copy(e, r);
	waiter_add(e, w);
	addresses_probe(s->addresses, &e->request, e);
}

/* The first session has its TLS: the second one, unless there is one. */
static void *
spare_wanted(void *arg, const struct smtp_request *first, enum tls_keys keys,
    const struct smtp_request **out)
{
	struct store *s = arg;
	struct smtp_request r = *first;
	uint8_t key[KEY_MAX];
	struct entry *e;
	size_t len;

	r.keys = keys;
	if (!smtp_key(key, &len, &r) || entry_find(s, key, len) != NULL)
		return NULL;
	e = entry_new(s, key, len);
	e->smtp = e->in_flight = true;
	e->budget_ms = r.budget_ms;
	request_copy(e, &r);
	entry_begun(e);
	*out = &e->request;
	return e;
}

void
store_spare(struct store *s, const struct smtp_request *r)
{
	uint8_t key[KEY_MAX];
	size_t len;
	struct entry *e;

	if (!smtp_key(key, &len, r))
		return;
	e = entry_find(s, key, len);
	if (e != NULL && e->in_flight && e->begun)
		addresses_spare(s->addresses, &e->request);
}

struct store *
store_new(struct loop *loop, struct dns *dns, unsigned sessions)
{
	struct store *s = loop_alloc(sizeof *s);

	s->loop = loop;
	s->dns = dns;
	s->hits_end = &s->hits;
	s->addresses = addresses_new(
	    loop, sessions, spare_wanted, entry_begun, got_smtp, s);
	return s;
}

void
store_free(struct store *s)
{
	struct hit *next;

	if (s == NULL)
		return;
	addresses_free(s->addresses);
	loop_timer_stop(s->wake);
	for (struct hit *h = s->hits; h != NULL; h = next) {
		next = h->next;
		free(h->waiter->host);
		free(h->waiter);
		dns_observation_unref(h->dns);
		smtp_observation_unref(h->session);
		free(h);
	}
	for (size_t i = 0; i < BUCKETS; i++)
		while (s->buckets[i] != NULL)
			entry_free(s->buckets[i]);
	free(s);
}

const struct store_counts *
store_counts(const struct store *s)
{
	return &s->counts;
}

size_t
store_flying(const struct store *s)
{
	return s->flying;
}

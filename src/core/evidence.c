/* SPDX-License-Identifier: ISC */
#include "evidence.h"

#include <string.h>

#include "arena.h"
#include "choice.h"
#include "name.h"
#include "overlay.h"

/* The words of the evidence file, indexed by their enum. */
static const char *const dns_outcomes[] = {
	[DNS_REPLY] = "reply",
	[DNS_TIMED_OUT] = "timeout",
	[DNS_REFUSED_CONNECTION] = "refused-connection",
	[DNS_NETWORK_ERROR] = "network-error",
	[DNS_MALFORMED] = "malformed",
};
static const char *const looks[] = {
	[LOOK_FIRST] = "first",
	[LOOK_WITHOUT_CD] = "without-cd",
	[LOOK_ELSEWHERE] = "elsewhere",
};
static const char *const vias[] = {
	[VIA_RESOLVER] = "resolver",
	[VIA_RECURSIVE] = "recursive",
	[VIA_AUTHORITATIVE] = "authoritative",
	[VIA_OVERLAY] = "overlay",
};
static const char *const smtp_outcomes[] = {
	[SMTP_TLS] = "tls",
	[SMTP_NO_STARTTLS] = "no-starttls",
	[SMTP_STARTTLS_REFUSED] = "starttls-refused",
	[SMTP_STARTTLS_IGNORED] = "starttls-ignored",
	[SMTP_HANDSHAKE_FAILED] = "handshake-failed",
	[SMTP_GREETING_REFUSED] = "greeting-refused",
	[SMTP_GREETING_TEMPORARY] = "greeting-temporary",
	[SMTP_PROTOCOL_ERROR] = "protocol-error",
	[SMTP_CONNECTION_REFUSED] = "connection-refused",
	[SMTP_TIMED_OUT] = "timeout",
	[SMTP_NO_ROUTE] = "no-route",
	[SMTP_NOT_PROBED] = "not-probed",
};
static const char *const steps[] = {
	[STEP_CONNECT] = "connect",
	[STEP_GREETING] = "greeting",
	[STEP_EHLO] = "ehlo",
	[STEP_STARTTLS] = "starttls",
	[STEP_HANDSHAKE] = "handshake",
	[STEP_TLS_EHLO] = "tls-ehlo",
	[STEP_QUIT] = "quit",
};
static const char *const keys_words[] = {
	[KEYS_ANY] = "any",
	[KEYS_RSA] = "rsa",
	[KEYS_ECDSA] = "ecdsa",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The index of a word, or n. */
static size_t
word_find(const char *const *words, size_t n, const char *word)
{
	size_t i = 0;

	while (i < n && strcmp(words[i], word) != 0)
		i++;
	return i;
}

struct evidence *
evidence_new(void)
{
	struct arena *mem = arena_new();
	struct evidence *evidence = arena_alloc(mem, sizeof(*evidence));

	evidence->mem = mem;
	return evidence;
}

void
evidence_free(struct evidence *evidence)
{
	size_t i;

	if (evidence == NULL)
		return;
	for (i = 0; i < evidence->ndns; i++)
		dns_observation_unref(evidence->dns[i]);
	for (i = 0; i < evidence->nsmtp; i++)
		smtp_observation_unref(evidence->smtp[i]);
	arena_free(evidence->mem);
}

struct dns_observation *
dns_observation_new(void)
{
	struct arena *mem = arena_new();
	struct dns_observation *obs = arena_alloc(mem, sizeof(*obs));

	obs->refs = 1;
	obs->mem = mem;
	obs->elapsed_ms = -1;
	return obs;
}

struct smtp_observation *
smtp_observation_new(void)
{
	struct arena *mem = arena_new();
	struct smtp_observation *obs = arena_alloc(mem, sizeof(*obs));

	obs->refs = 1;
	obs->mem = mem;
	obs->elapsed.connect = -1;
	obs->elapsed.greeting = -1;
	obs->elapsed.ehlo = -1;
	obs->elapsed.starttls = -1;
	obs->elapsed.handshake = -1;
	return obs;
}

/* The count is the one thing of an observation that changes. */
const struct dns_observation *
dns_observation_ref(const struct dns_observation *obs)
{
	((struct dns_observation *)(uintptr_t)obs)->refs++;
	return obs;
}

const struct smtp_observation *
smtp_observation_ref(const struct smtp_observation *obs)
{
	((struct smtp_observation *)(uintptr_t)obs)->refs++;
	return obs;
}

/* A copy that shares the data and holds the reference to them. */
static struct dns_observation *
dns_observation_own(const struct dns_observation *base)
{
	struct dns_observation *obs = dns_observation_new();
	struct arena *mem = obs->mem;

	*obs = *base;
	obs->refs = 1;
	obs->mem = mem;
	obs->base = base;
	return obs;
}

struct smtp_observation *
smtp_observation_as(const struct smtp_observation *base, const uint8_t *host,
    const char *sni, enum tls_keys keys)
{
	struct smtp_observation *obs = smtp_observation_new();
	struct arena *mem = obs->mem;

	*obs = *base;
	obs->refs = 1;
	obs->mem = mem;
	obs->base = smtp_observation_ref(base);
	obs->host = name_copy(mem, host);
	obs->sni = arena_strdup(mem, sni);
	obs->keys = keys;
	return obs;
}

void
dns_observation_unref(const struct dns_observation *obs)
{
	struct dns_observation *own = (struct dns_observation *)(uintptr_t)obs;

	if (own == NULL || --own->refs > 0)
		return;
	dns_observation_unref(own->base);
	arena_free(own->mem);
}

void
smtp_observation_unref(const struct smtp_observation *obs)
{
	struct smtp_observation *own =
	    (struct smtp_observation *)(uintptr_t)obs;

	if (own == NULL || --own->refs > 0)
		return;
	smtp_observation_unref(own->base);
	arena_free(own->mem);
}

void
evidence_add_dns(struct evidence *evidence, const struct dns_observation *obs)
{
	evidence->dns = arena_grow(evidence->mem, evidence->dns, evidence->ndns,
	    &evidence->dnscap, sizeof(*evidence->dns));
	evidence->dns[evidence->ndns++] = obs;
	evidence->nlooks += obs->look != LOOK_FIRST;
}

void
evidence_add_smtp(struct evidence *evidence, const struct smtp_observation *obs)
{
	evidence->smtp = arena_grow(evidence->mem, evidence->smtp,
	    evidence->nsmtp, &evidence->smtpcap, sizeof(*evidence->smtp));
	evidence->smtp[evidence->nsmtp++] = obs;
}

/* The first of those in order that is not before this question. */
static size_t
dns_first(const struct evidence *evidence, const uint8_t *name, uint16_t type)
{
	size_t low = 0, high = evidence->nsorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct dns_observation *obs = evidence->dns[middle];
		int diff = name_compare(obs->name, name);

		if (diff == 0)
			diff = (int)obs->type - (int)type;
		if (diff < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct evidence
evidence_published(const struct evidence *evidence)
{
	struct evidence live = *evidence;

	live.view = NULL;
	return live;
}

bool
dns_answers(
    const struct dns_observation *obs, const uint8_t *name, uint16_t type)
{
	for (size_t i = 0; i < obs->nanswer; i++)
		if (obs->answer[i].type == type &&
		    name_equal(obs->answer[i].owner, name))
			return true;
	return false;
}

static const struct dns_observation *
dns_observed(
    const struct evidence *evidence, const uint8_t *name, uint16_t type)
{
	const struct dns_observation *later =
	    choice_dns(evidence->choice, name, type);
	size_t i = dns_first(evidence, name, type);

	if (later != NULL)
		return later;
	while (i < evidence->ndns) {
		const struct dns_observation *obs = evidence->dns[i];
		bool same = obs->type == type && name_equal(obs->name, name);

		if (same && obs->look == LOOK_FIRST &&
		    obs->via != VIA_AUTHORITATIVE)
			return obs;
		/* Its place is over: what was added since may have it. */
		if (!same && i < evidence->nsorted)
			i = evidence->nsorted;
		else
			i++;
	}
	return NULL;
}

const struct dns_observation *
evidence_dns(
    const struct evidence *evidence, const uint8_t *name, uint16_t type)
{
	const struct dns_observation *live = dns_observed(evidence, name, type);

	if (evidence->cached != NULL && evidence->cached->type == type &&
	    name_equal(evidence->cached->name, name))
		return evidence->cached;
	if (evidence->view == NULL)
		return live;
	/* An alias that is replaced leads perhaps where the live one did. */
	if (live == NULL)
		live = overlay_tail(evidence->view, evidence, name, type);
	return overlay_dns(evidence->view, name, type, live);
}

static const struct smtp_observation *
smtp_observed(const struct evidence *evidence, const uint8_t *host,
    const char *address, enum tls_keys keys)
{
	size_t i;

	for (i = 0; i < evidence->nsmtp; i++) {
		const struct smtp_observation *obs = evidence->smtp[i];

		if (obs->keys == keys && strcmp(obs->address, address) == 0 &&
		    name_equal(obs->host, host))
			return obs;
	}
	return NULL;
}

const struct smtp_observation *
evidence_smtp(const struct evidence *evidence, const uint8_t *host,
    const char *address, enum tls_keys keys)
{
	const struct smtp_observation *live[KEYS_ECDSA + 1];

	if (evidence->view == NULL)
		return smtp_observed(evidence, host, address, keys);
	for (int k = KEYS_ANY; k <= KEYS_ECDSA; k++)
		live[k] =
		    smtp_observed(evidence, host, address, (enum tls_keys)k);
	return overlay_smtp(evidence->view, host, address, keys, live);
}

/* NULL first. */
static int
text_compare(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
dns_compare(const struct dns_observation *a, const struct dns_observation *b)
{
	int diff = name_compare(a->name, b->name);

	if (diff == 0)
		diff = (int)a->type - (int)b->type;
	if (diff == 0)
		diff = (int)a->look - (int)b->look;
	if (diff == 0)
		diff = (int)a->via - (int)b->via;
	return diff != 0 ? diff : text_compare(a->server, b->server);
}

static int
smtp_compare(const struct smtp_observation *a, const struct smtp_observation *b)
{
	int diff = name_compare(a->host, b->host);

	if (diff == 0)
		diff = text_compare(a->address, b->address);
	if (diff == 0)
		diff = (int)a->port - (int)b->port;
	return diff != 0 ? diff : (int)a->keys - (int)b->keys;
}

void
evidence_set_opinion(struct evidence *ev, const uint8_t *name, uint16_t type,
    const struct dns_observation *without_cd)
{
	const struct dns_observation *found = evidence_dns(ev, name, type);
	struct dns_observation *obs;
	struct dns_opinion *o;

	if (found == NULL)
		return;
	/* The one change to an observation: a second look at its question. */
	obs = (struct dns_observation *)(uintptr_t)found;
	if (obs->refs > 1) {
		obs = dns_observation_own(found);
		for (size_t i = 0; i < ev->ndns; i++)
			if (ev->dns[i] == found)
				ev->dns[i] = obs;
	}
	o = &obs->opinion;
	o->present = true;
	o->rcode = without_cd->rcode;
	o->ad = (without_cd->flags & DNS_AD) != 0;
	o->nede = without_cd->nede;
	o->ede = arena_copy(
	    obs->mem, without_cd->ede, without_cd->nede * sizeof *o->ede);
	for (size_t i = 0; i < o->nede; i++)
		o->ede[i].text = arena_strdup(obs->mem, o->ede[i].text);
}

static int
dns_order(const void *a, const void *b)
{
	return dns_compare(a, b);
}

static int
smtp_order(const void *a, const void *b)
{
	return smtp_compare(a, b);
}

/*
 * By merging: a file may hold thousands, and equal ones keep their order,
 * which qsort does not promise.
 */
static void
merge_sort(const void **list, size_t n, const void **room,
    int (*order)(const void *, const void *))
{
	size_t half = n / 2, a = 0, b = half, at = 0;

	if (n < 2)
		return;
	merge_sort(list, half, room, order);
	merge_sort(list + half, n - half, room, order);
	while (a < half && b < n)
		room[at++] =
		    order(list[a], list[b]) <= 0 ? list[a++] : list[b++];
	while (a < half)
		room[at++] = list[a++];
	memcpy(list, room, at * sizeof *list);
}

void
evidence_sort(struct evidence *evidence)
{
	size_t n =
	    evidence->ndns > evidence->nsmtp ? evidence->ndns : evidence->nsmtp;
	const void **list, **room;
	struct arena *mem = arena_new();
	size_t i;

	list = arena_array(mem, n, sizeof *list);
	room = arena_array(mem, n, sizeof *room);
	for (i = 0; i < evidence->ndns; i++)
		list[i] = evidence->dns[i];
	merge_sort(list, evidence->ndns, room, dns_order);
	for (i = 0; i < evidence->ndns; i++)
		evidence->dns[i] = list[i];
	evidence->nsorted = evidence->ndns;
	for (i = 0; i < evidence->nsmtp; i++)
		list[i] = evidence->smtp[i];
	merge_sort(list, evidence->nsmtp, room, smtp_order);
	for (i = 0; i < evidence->nsmtp; i++)
		evidence->smtp[i] = list[i];
	arena_free(mem);
}

const char *
dns_outcome_text(enum dns_outcome outcome)
{
	return dns_outcomes[outcome];
}

bool
dns_outcome_from_text(const char *text, enum dns_outcome *outcome)
{
	size_t i = word_find(dns_outcomes, COUNT(dns_outcomes), text);

	*outcome = (enum dns_outcome)(i < COUNT(dns_outcomes) ? i : 0);
	return i < COUNT(dns_outcomes);
}

const char *
dns_look_text(enum dns_look look)
{
	return looks[look];
}

bool
dns_look_from_text(const char *text, enum dns_look *look)
{
	size_t i = word_find(looks, COUNT(looks), text);

	*look = (enum dns_look)(i < COUNT(looks) ? i : 0);
	return i < COUNT(looks);
}

const char *
dns_via_text(enum dns_via via)
{
	return vias[via];
}

bool
dns_via_from_text(const char *text, enum dns_via *via)
{
	size_t i = word_find(vias, COUNT(vias), text);

	*via = (enum dns_via)(i < COUNT(vias) ? i : 0);
	return i < COUNT(vias);
}

const char *
smtp_outcome_text(enum smtp_outcome outcome)
{
	return smtp_outcomes[outcome];
}

bool
smtp_outcome_from_text(const char *text, enum smtp_outcome *outcome)
{
	size_t i = word_find(smtp_outcomes, COUNT(smtp_outcomes), text);

	*outcome = (enum smtp_outcome)(i < COUNT(smtp_outcomes) ? i : 0);
	return i < COUNT(smtp_outcomes);
}

const char *
smtp_step_text(enum smtp_step step)
{
	return steps[step];
}

bool
smtp_step_from_text(const char *text, enum smtp_step *step)
{
	size_t i = word_find(steps, COUNT(steps), text);

	*step = (enum smtp_step)(i < COUNT(steps) ? i : 0);
	return i < COUNT(steps);
}

const char *
tls_keys_text(enum tls_keys keys)
{
	return keys_words[keys];
}

bool
tls_keys_from_text(const char *text, enum tls_keys *keys)
{
	size_t i = word_find(keys_words, COUNT(keys_words), text);

	*keys = (enum tls_keys)(i < COUNT(keys_words) ? i : 0);
	return i < COUNT(keys_words);
}

static const char *const stage_words[] = { "mx", "dnssec", "tlsa", "starttls",
	"dkim" };

enum { NSTAGE_WORDS = sizeof stage_words / sizeof *stage_words };

bool
asked_has(const struct asked *asked, enum asked_stages stage)
{
	/* RFC 7672 2.1: TLSA records without a chain are worth nothing. */
	if (stage == ASKED_DNSSEC && (asked->stages & ASKED_TLSA) != 0)
		return true;
	return asked->stages == 0 || (asked->stages & (unsigned)stage) != 0;
}

bool
asked_delivery(const struct asked *asked)
{
	return asked_has(asked, ASKED_TLSA) && asked_has(asked, ASKED_STARTTLS);
}

unsigned
asked_stage_from_text(const char *text)
{
	for (unsigned i = 0; i < NSTAGE_WORDS; i++)
		if (strcmp(stage_words[i], text) == 0)
			return 1u << i;
	return 0;
}

const char *
asked_stage_text(unsigned number, unsigned *bit)
{
	if (number >= NSTAGE_WORDS)
		return NULL;
	*bit = 1u << number;
	return stage_words[number];
}

/* SPDX-License-Identifier: ISC */
#include "delivery.h"

#include <string.h>

#include "arena.h"
#include "name.h"

static const struct delivery_retry timeline[] = {
	{ 0, false },
	{ 900, false },
	{ 1800, false },
	{ 1800 + 3600, false }, /* and every hour from here */
	{ 86400, true },
};

static enum delivery
delivery_of(enum effect effect)
{
	switch (effect) {
	case EFFECT_AUTHENTICATE:
		return DELIVERED_AUTHENTICATED;
	case EFFECT_ENCRYPT:
		return DELIVERED_ENCRYPTED;
	case EFFECT_DELIVER:
		return DELIVERED_CLEARTEXT;
	case EFFECT_DEFER:
		return DELIVERY_DEFERRED;
	case EFFECT_BOUNCE:
		return DELIVERY_BOUNCED;
	case EFFECT_NONE:
	case EFFECT_UNKNOWN:
		break;
	}
	return DELIVERY_UNKNOWN;
}

static bool
delivered(const struct outcome *o)
{
	return o->delivery >= DELIVERED_AUTHENTICATED &&
	    o->delivery <= DELIVERED_CLEARTEXT;
}

static bool
failed(const struct outcome *o)
{
	return o->delivery == DELIVERY_DEFERRED ||
	    o->delivery == DELIVERY_BOUNCED;
}

/*
 * The strongest effect of the findings about exactly this subject: host -1
 * is the domain, address -1 the host itself.
 */
static enum effect
strongest(const struct judgement *j, int host, int address,
    enum profile profile, const struct finding **because)
{
	enum effect most = EFFECT_NONE;

	*because = NULL;
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];
		enum effect effect;

		if (f->host != host || f->address != address)
			continue;
		effect = finding_effect(f, profile);
		if (effect > most) {
			most = effect;
			*because = f;
		} else if (effect == most && effect >= EFFECT_DEFER &&
		    (*because)->row->ndr == NULL && f->row->ndr != NULL) {
			*because = f; /* the one that has a code */
		}
	}
	return most;
}

static void
outcome_set(
    struct outcome *o, enum effect effect, const struct finding *because)
{
	*o = (struct outcome){
		.delivery = delivery_of(effect),
		.because = because,
	};
	if (because != NULL && failed(o)) {
		o->ndr = because->row->ndr;
		o->tlsrpt = because->row->tlsrpt;
	}
}

/* No sender authenticates a host it found through unsigned MX records. */
static void
cap_insecure(const struct judgement *j, struct outcome *o)
{
	if (!j->mx_secure && o->delivery == DELIVERED_AUTHENTICATED)
		o->delivery = DELIVERED_ENCRYPTED;
}

static void
decide_address(struct judgement *j, int host, int address, enum profile profile,
    enum effect of_host, const struct finding *why)
{
	struct outcome *o = &j->hosts[host].addresses[address].outcome[profile];
	const struct finding *because;
	enum effect effect = strongest(j, host, address, profile, &because);

	if (of_host > effect) {
		effect = of_host;
		because = why;
	}
	outcome_set(o, effect, because);
	cap_insecure(j, o);
}

/*
 * A family that this machine does not have, or was not to use, has no part
 * in the verdict: the host is what its other addresses are.
 */
static bool
not_covered(const struct judgement *j, const struct path_address *ad)
{
	const struct smtp_observation *s = ad->session[KEYS_ANY];

	if (s == NULL)
		return ad->over_limit ||
		    !(ad->ipv6 ? j->ev->asked.ipv6 : j->ev->asked.ipv4);
	return s->outcome == SMTP_NO_ROUTE &&
	    !(ad->ipv6 ? j->ev->has_ipv6 : j->ev->has_ipv4);
}

/*
 * RFC 5321 5.1: the addresses are tried in turn until one takes the mail.
 * The sender's order among them is not known: the weakest delivery counts.
 */
static struct outcome
best_address(const struct judgement *j, size_t host, enum profile profile)
{
	const struct host_view *h = &j->hosts[host];
	struct outcome best = { .delivery = DELIVERY_UNKNOWN };
	bool any = false, unknown = false;
	struct outcome fails = best;

	for (size_t i = 0; i < h->host->naddresses; i++) {
		const struct outcome *o = &h->addresses[i].outcome[profile];

		if (not_covered(j, &h->host->addresses[i]))
			continue;
		if (delivered(o)) {
			if (!any || o->delivery > best.delivery)
				best = *o;
			any = true;
		} else if (o->delivery == DELIVERY_UNKNOWN) {
			if (!unknown && !any)
				best = *o;
			unknown = true;
		} else if (fails.because == NULL ||
		    fails.delivery > o->delivery) {
			fails = *o;
		}
	}
	if (any || unknown || !failed(&fails))
		return best;
	return fails;
}

/*
 * Whether the sender would demand DANE of this host was not recorded.  An
 * MTA-STS sender does not ask.
 */
static bool
tlsa_missing(const struct judgement *j, size_t host, enum profile profile)
{
	const struct host_view *h = &j->hosts[host];

	return profile != PROFILE_MTA_STS && j->mx_secure &&
	    h->address_dnssec.state == DNSSEC_STATE_SECURE &&
	    h->tlsa_answer != NULL && h->tlsa_answer->kind == ANSWER_PENDING;
}

static void
decide_host(struct judgement *j, size_t host, enum profile profile)
{
	struct host_view *h = &j->hosts[host];
	const struct finding *because;
	enum effect effect = strongest(j, (int)host, -1, profile, &because);

	if (effect < EFFECT_UNKNOWN && tlsa_missing(j, host, profile))
		effect = EFFECT_UNKNOWN;
	for (size_t i = 0; i < h->host->naddresses; i++)
		decide_address(j, (int)host, (int)i, profile,
		    effect >= EFFECT_UNKNOWN ? effect : EFFECT_NONE, because);
	if (effect >= EFFECT_DEFER || h->host->naddresses == 0)
		outcome_set(&h->outcome[profile], effect, because);
	else
		h->outcome[profile] = best_address(j, host, profile);
}

/*
 * The walk of a sender over the hosts (RFC 5321 5.1): the first preference
 * with a host that delivers.  Among equals the order is random, so the
 * weakest counts.  An unknown host before one that delivers cannot lose the
 * mail; after hosts that all fail it leaves the verdict open.
 */
static struct outcome
best_host(const struct judgement *j, enum profile profile)
{
	struct outcome best = { .delivery = DELIVERY_UNKNOWN };
	struct outcome fails = best, unknown = best;
	bool any = false, open = false;
	uint16_t preference = 0;

	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];
		const struct outcome *o = &j->hosts[i].outcome[profile];

		if (delivered(o)) {
			if (any && h->preference != preference)
				continue;
			if (!any || o->delivery > best.delivery)
				best = *o;
			any = true;
			preference = h->preference;
		} else if (failed(o)) {
			if (fails.because == NULL ||
			    (fails.ndr == NULL && o->ndr != NULL))
				fails = *o;
		} else if (!open) {
			unknown = *o;
			open = true;
		}
	}
	if (any)
		return best;
	return open || fails.because == NULL ? unknown : fails;
}

static void
decide_domain(struct judgement *j, enum profile profile)
{
	struct outcome *o = &j->outcome[profile];
	const struct finding *because;
	enum effect effect = strongest(j, -1, -1, profile, &because);

	if (j->path->mx_kind == MX_NULL) {
		*o = (struct outcome){ .delivery = DELIVERY_NOT_APPLICABLE };
		/* Bogus data hide even that. */
		if (effect >= EFFECT_UNKNOWN)
			outcome_set(o, effect, because);
		return;
	}
	*o = best_host(j, profile);
	/* A server that answers is half of it: DANE may forbid to use it. */
	if (delivered(o) && !asked_delivery(&j->ev->asked))
		*o = (struct outcome){ .delivery = DELIVERY_UNKNOWN };
	/* A determined failure of the domain beats all about its hosts. */
	if (effect >= EFFECT_DEFER || (effect == EFFECT_UNKNOWN && !failed(o)))
		outcome_set(o, effect, because);
}

/* Does anything outside this host or address deliver the domain's mail? */
static bool
another_delivers(const struct judgement *j, const struct finding *f)
{
	enum profile p = j->options.profile;
	const struct host_view *h = &j->hosts[f->host];

	for (size_t i = 0; i < j->path->nhosts; i++)
		if ((int)i != f->host && delivered(&j->hosts[i].outcome[p]))
			return true;
	for (size_t i = 0; f->address >= 0 && i < h->host->naddresses; i++)
		if ((int)i != f->address &&
		    delivered(&h->addresses[i].outcome[p]))
			return true;
	return false;
}

/*
 * An unknown host counts only if the outcome could depend on it: beside one
 * that delivers, or where the domain's own records block the mail, the
 * verdict stands whatever it does.
 */
static enum severity
status_of(const struct judgement *j, const struct finding *f)
{
	if (f->severity == SEVERITY_UNKNOWN && !f->aside &&
	    j->outcome[j->options.profile].delivery != DELIVERY_UNKNOWN)
		return SEVERITY_WARN;
	return f->severity;
}

static void
decide_severities(struct judgement *j)
{
	const struct judge_options *o = &j->options;

	j->status = SEVERITY_OK;
	for (size_t i = 0; i < j->findings.n; i++) {
		struct finding *f = &j->findings.list[i];
		enum severity status;

		f->survived =
		    f->host >= 0 && !f->aside && another_delivers(j, f);
		f->severity =
		    finding_severity(f, o->profile, o->require, o->strict);
		status = status_of(j, f);
		if (status > j->status)
			j->status = status;
	}
	if (delivery_is_open(j) && j->status < SEVERITY_UNKNOWN)
		j->status = SEVERITY_UNKNOWN;
}

bool
delivery_is_open(const struct judgement *j)
{
	const struct outcome *o = &j->outcome[j->options.profile];

	/* What was not to be looked at is no open question. */
	return o->delivery == DELIVERY_UNKNOWN &&
	    (o->because != NULL || asked_delivery(&j->ev->asked));
}

void
delivery_decide(struct judgement *j)
{
	for (int p = 0; p < NPROFILES; p++) {
		for (size_t i = 0; i < j->path->nhosts; i++)
			decide_host(j, i, (enum profile)p);
		decide_domain(j, (enum profile)p);
	}
	decide_severities(j);
}

const struct delivery_retry *
delivery_timeline(size_t *n)
{
	*n = sizeof timeline / sizeof *timeline;
	return timeline;
}

const char *
delivery_text(enum delivery delivery)
{
	static const char *const words[] = {
		[DELIVERY_NOT_APPLICABLE] = "not-applicable",
		[DELIVERED_AUTHENTICATED] = "delivered-authenticated",
		[DELIVERED_ENCRYPTED] = "delivered-encrypted",
		[DELIVERED_CLEARTEXT] = "delivered-cleartext",
		[DELIVERY_UNKNOWN] = "unknown",
		[DELIVERY_DEFERRED] = "deferred",
		[DELIVERY_BOUNCED] = "bounced",
	};

	return words[delivery];
}

/*
 * "5.7.323"; a deferral that starts with 4 in the row ("4.312" of 4.4.312)
 * has the digit put before it all the same.
 */
char *
delivery_code(struct arena *mem, const struct outcome *o, char digit)
{
	if (o->ndr == NULL)
		return NULL;
	return arena_printf(mem, "%c.%s", digit, o->ndr);
}

/* "mx, dnssec": the stages that were asked for. */
static const char *
asked_text(struct judgement *j)
{
	const char *list = "", *word;
	unsigned bit;

	for (unsigned i = 0; (word = asked_stage_text(i, &bit)) != NULL; i++)
		if ((j->ev->asked.stages & bit) != 0)
			list = judge_text(
			    j, "%s%s%s", list, *list ? ", " : "", word);
	return list;
}

char *
delivery_sentence(struct judgement *j, enum profile profile)
{
	const struct outcome *o = &j->outcome[profile];
	const char *ndr = profile == PROFILE_EXCHANGE_ONLINE ? o->ndr : NULL;

	switch (o->delivery) {
	case DELIVERY_NOT_APPLICABLE:
		return judge_text(j, "the domain takes no mail and says so");
	case DELIVERED_AUTHENTICATED:
		return judge_text(j,
		    "mail is delivered over TLS to a server "
		    "that DANE authenticates");
	case DELIVERED_ENCRYPTED:
		return judge_text(j,
		    "mail is delivered over TLS; the server "
		    "is not authenticated");
	case DELIVERED_CLEARTEXT:
		return judge_text(j, "mail is delivered in clear text");
	case DELIVERY_UNKNOWN:
		if (!delivery_is_open(j))
			return judge_text(j,
			    "%s %s; the rest was not asked for",
			    j->status < SEVERITY_WARN ? "nothing is wrong in"
				: j->status == SEVERITY_UNKNOWN
				? "not enough was seen of"
				: "something is wrong in",
			    asked_text(j));
		return judge_text(j,
		    "what was seen does not say whether mail "
		    "is delivered");
	case DELIVERY_DEFERRED:
		if (ndr == NULL)
			return judge_text(j,
			    "mail is deferred, and returned "
			    "when the sender gives up");
		return judge_text(j,
		    "mail is deferred with 4.%s and returned "
		    "with 5.%s after 24 hours",
		    ndr, ndr);
	case DELIVERY_BOUNCED:
		if (ndr == NULL)
			return judge_text(j, "mail is returned at once");
		return judge_text(j, "mail is returned at once with 5.%s", ndr);
	}
	return NULL;
}

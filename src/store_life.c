/* SPDX-License-Identifier: ISC */
#include "store_life.h"

#include "core/evidence.h"
#include "core/rdata.h"

enum {
	TTL_MAX_S = 86400,
	TTL_NONE_S = 5, /* a denial without SOA */
	TTL_ERROR_S = 30, /* RFC 2308 7.1, 7.2: five minutes at most */
	SESSION_S = 3600, /* certificates are renewed, too */
	FAILURE_S = 60, /* of a session: it may be over soon */
	BUSY_S = 2 /* after 421, as long as the address has its pause */
};

static void
least_ttl(const struct rr *list, size_t n, int64_t *ttl)
{
	for (size_t i = 0; i < n; i++)
		if ((int64_t)list[i].ttl < *ttl)
			*ttl = list[i].ttl;
}

int64_t
life_of_answer(const struct dns_observation *obs)
{
	int64_t ttl = TTL_MAX_S;

	if (obs->outcome != DNS_REPLY || (obs->rcode != 0 && obs->rcode != 3))
		return TTL_ERROR_S;
	least_ttl(obs->answer, obs->nanswer, &ttl);
	least_ttl(obs->authority, obs->nauthority, &ttl);
	if (obs->nanswer + obs->nauthority == 0)
		return TTL_NONE_S;
	return ttl;
}

int64_t
life_of_session(const struct smtp_observation *obs)
{
	switch (obs->outcome) {
	case SMTP_TLS:
		/* It was not greeted inside: perhaps it is a busy server. */
		return obs->step == STEP_TLS_EHLO ? FAILURE_S : SESSION_S;
	case SMTP_NO_STARTTLS:
		return SESSION_S;
	case SMTP_GREETING_TEMPORARY:
		return BUSY_S;
	default:
		return FAILURE_S;
	}
}

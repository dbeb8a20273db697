/* SPDX-License-Identifier: ISC */
/* What the end of one session says of the next ones with its address. */
#include "store_visit.h"

#include "core/evidence.h"
#include "probe/smtp.h"

enum { LATE_MS = 200 /* a probe's own end by its budget */ };

/* For whoever comes until then, and has no more time than that. */
static void
remember(struct address *a, const struct smtp_observation *obs, int64_t until,
    int64_t budget_ms)
{
	smtp_observation_unref(a->dead);
	a->dead = smtp_observation_ref(obs);
	a->dead_until = until;
	a->dead_budget_ms = budget_ms;
}

/*
 * No name of the host was said yet (SNI says the first one), and none will
 * change how it fails; a timeout that came for want of this one's time is only
 * theirs who have no more.
 */
static void
note_dead(
    const struct job *job, const struct smtp_observation *obs, int64_t now)
{
	struct address *a = job->visit.address;
	int64_t budget = job->request->budget_ms;

	switch (obs->outcome) {
	case SMTP_TIMED_OUT:
		if (obs->step >= STEP_HANDSHAKE)
			break;
		remember(a, obs, now + VISIT_DEAD_MS,
		    now - job->began_ms >= budget - LATE_MS ? budget + LATE_MS
							    : INT64_MAX);
		break;
	case SMTP_CONNECTION_REFUSED:
	case SMTP_NO_ROUTE:
		remember(a, obs, now + VISIT_DEAD_MS, INT64_MAX);
		break;
	case SMTP_GREETING_TEMPORARY:
		/* Alone, and after a pause, once more: not on our account. */
		if (job->tries >= VISIT_TRIES ||
		    (job->tries > 0 && !job->beside))
			remember(a, obs, now + VISIT_WORKS_MS, INT64_MAX);
		break;
	default:
		break;
	}
}

void
visit_note(const struct job *job, struct smtp_observation *obs, int64_t now)
{
	struct address *a = job->visit.address;
	bool refused = obs->outcome == SMTP_STARTTLS_REFUSED ||
	    obs->outcome == SMTP_STARTTLS_IGNORED;

	if (a->works_until <= now)
		a->gave_tls = false;
	a->gave_tls |= obs->outcome == SMTP_TLS;
	if (refused && a->gave_tls)
		obs->outcome = SMTP_GREETING_TEMPORARY;
	if (obs->step > STEP_GREETING && obs->outcome != SMTP_TIMED_OUT)
		a->works_until = now + VISIT_WORKS_MS;
	if (a->works_until <= now)
		note_dead(job, obs, now);
	else if (obs->outcome == SMTP_TIMED_OUT)
		a->one = true; /* perhaps the second one is never greeted */
}

bool
visit_is_in_vain(const struct job *job, int64_t now)
{
	const struct address *a = job->visit.address;

	return a->dead_until > now &&
	    job->request->budget_ms <= a->dead_budget_ms;
}

/*
 * Another session of ours was there, or one was well: then it is not for all
 * that this one was not taken.
 */
static bool
is_alive(const struct job *job, int64_t now)
{
	return job->together || job->visit.address->works_until > now;
}

bool
visit_is_crowded(
    const struct job *job, const struct smtp_observation *obs, int64_t now)
{
	if (!job->beside)
		return false;
	switch (obs->outcome) {
	case SMTP_STARTTLS_REFUSED:
	case SMTP_STARTTLS_IGNORED:
		return job->together;
	case SMTP_HANDSHAKE_FAILED:
		return job->together && obs->alert == NULL;
	case SMTP_GREETING_TEMPORARY:
		return true;
	case SMTP_GREETING_REFUSED:
		return obs->step == STEP_GREETING && is_alive(job, now);
	case SMTP_CONNECTION_REFUSED:
		return is_alive(job, now);
	case SMTP_TLS: /* some limits are told inside TLS only */
		return job->together && obs->step == STEP_TLS_EHLO;
	default:
		return false;
	}
}

/* SPDX-License-Identifier: ISC */
#include "validity.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "judge.h"
#include "name.h"
#include "proof.h"
#include "rdata.h"
#include "rollover.h"

struct instants {
	struct arena *mem;
	int64_t *list;
	size_t n, cap;
	int64_t after;
};

/* Insert in order, once; only what lies ahead. */
static void
instant_add(struct instants *in, int64_t at)
{
	size_t i = in->n;

	if (at <= in->after)
		return;
	while (i > 0 && in->list[i - 1] > at)
		i--;
	if (i > 0 && in->list[i - 1] == at)
		return;
	in->list =
	    arena_grow(in->mem, in->list, in->n, &in->cap, sizeof *in->list);
	memmove(&in->list[i + 1], &in->list[i], (in->n - i) * sizeof *in->list);
	in->list[i] = at;
	in->n++;
}

static void
add_certs(struct instants *in, const struct judgement *j,
    struct cert *const *chain, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!chain[i]->parsed)
			continue;
		instant_add(in, chain[i]->not_before);
		instant_add(in, judge_cert_soon(j, chain[i]));
		instant_add(in, chain[i]->not_after + 1);
	}
}

static struct instants
instants_new(const struct judgement *j)
{
	return (struct instants){ .mem = j->mem, .after = j->options.at };
}

static void
add_signatures(struct instants *in, struct judgement *j)
{
	int64_t *dates;
	size_t n = proofs_instants(j->proofs, j->options.at, &dates);

	for (size_t i = 0; i < n; i++)
		instant_add(in, dates[i]);
}

static void
add_all_certs(struct instants *in, const struct judgement *j)
{
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct host_view *h = &j->hosts[i];

		for (size_t k = 0; k < h->host->naddresses; k++) {
			const struct address_view *v = &h->addresses[k];

			add_certs(in, j, v->chain, v->nchain);
			add_certs(in, j, v->chain2[0], v->nchain2[0]);
			add_certs(in, j, v->chain2[1], v->nchain2[1]);
		}
	}
}

/* From when on a coming certificate may be switched to. */
static void
add_rollover(struct instants *in, const struct judgement *j)
{
	for (size_t i = 0; j->rollover != NULL && i < j->rollover->n; i++)
		if (j->rollover->hosts[i].status == ROLLOVER_SAFE_AT)
			instant_add(in, j->rollover->hosts[i].at);
}

static bool
same_host(const struct finding *f, const struct finding *g)
{
	const uint8_t *a = f->subject.host, *b = g->subject.host;

	return f->host == g->host && f->address == g->address &&
	    (a == NULL || b == NULL ? a == b : name_equal(a, b));
}

/* The judgement has found that too, whatever it weighs there. */
static bool
knows(const struct judgement *j, const struct finding *f)
{
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *g = &j->findings.list[i];

		if (g->id == f->id && same_host(f, g))
			return true;
	}
	return false;
}

/*
 * What the later judgement differs by: the worst thing that is new.  An old
 * one may weigh more then, for want of another host that delivers; that is
 * an effect of the new.
 */
static const struct finding *
cause(const struct judgement *before, const struct judgement *then)
{
	const struct finding *worst = NULL, *fresh = NULL;

	for (size_t i = 0; i < then->findings.n; i++) {
		const struct finding *f = &then->findings.list[i];

		if (worst == NULL || f->severity > worst->severity)
			worst = f;
		if (f->severity >= SEVERITY_WARN && !knows(before, f) &&
		    (fresh == NULL || f->severity > fresh->severity))
			fresh = f;
	}
	return fresh != NULL ? fresh : worst;
}

/* What was wrong before, and is not any more; NULL: nothing. */
static const struct finding *
mended(const struct judgement *before, const struct judgement *then)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < before->findings.n; i++) {
		const struct finding *f = &before->findings.list[i];

		if (f->severity >= SEVERITY_WARN && !knows(then, f) &&
		    (worst == NULL || f->severity > worst->severity))
			worst = f;
	}
	return worst;
}

static char *
what_ends(struct judgement *j, const struct finding *f)
{
	const struct subject *s = &f->subject;
	const uint8_t *about;
	char type[16];

	if ((f->id == FINDING_CERT_NOT_YET_VALID ||
		f->id == FINDING_CERT_NOT_YET_VALID_EE) &&
	    s->host != NULL)
		return arena_printf(j->mem,
		    "the certificate of %s becomes valid",
		    name_text(j->mem, s->host));
	if (f->id == FINDING_DNSSEC_RRSIG_NOT_YET_VALID && s->name != NULL)
		return arena_printf(j->mem, "the RRSIG of %s %s becomes valid",
		    name_text(j->mem, s->name), rr_type_text(s->type, type));
	if (f->id == FINDING_DANE_SWITCH_EARLY && s->host != NULL)
		return arena_printf(j->mem,
		    "it is safe to switch to the new certificate of %s",
		    name_text(j->mem, s->host));
	about = s->name != NULL ? s->name : s->host != NULL ? s->host : s->zone;
	return arena_printf(j->mem, "no longer: %s%s%s%s", f->row->text,
	    about != NULL ? " (" : "",
	    about != NULL ? name_text(j->mem, about) : "",
	    about != NULL ? ")" : "");
}

/* The event as it will happen; the row speaks of it as it has happened. */
static char *
what(struct judgement *j, const struct finding *f, int64_t at)
{
	const struct subject *s;
	const uint8_t *about;
	char type[16];

	if (f == NULL)
		return arena_strdup(j->mem, "the verdict changes");
	s = &f->subject;
	if ((f->id == FINDING_CERT_EXPIRED ||
		f->id == FINDING_CERT_EXPIRED_EE) &&
	    s->host != NULL)
		return arena_printf(j->mem, "the certificate of %s expires",
		    name_text(j->mem, s->host));
	if ((f->id == FINDING_DNSSEC_RRSIG_EXPIRED ||
		f->id == FINDING_DNSSEC_RRSIG_EXPIRES_SOON) &&
	    s->name != NULL)
		return arena_printf(j->mem, "the RRSIG of %s %s %s",
		    name_text(j->mem, s->name), rr_type_text(s->type, type),
		    f->has_until && at <= f->until ? "is due for renewal"
						   : "expires, unless "
						     "renewed");
	about = s->name != NULL ? s->name : s->host != NULL ? s->host : s->zone;
	if (about == NULL)
		return arena_strdup(j->mem, f->row->text);
	return arena_printf(
	    j->mem, "%s (%s)", f->row->text, name_text(j->mem, about));
}

static bool
differs(const struct judgement *a, const struct judgement *b)
{
	enum profile p = a->options.profile;

	return a->status != b->status ||
	    a->outcome[p].delivery != b->outcome[p].delivery;
}

static bool
worse(const struct judgement *than, const struct judgement *j)
{
	enum profile p = j->options.profile;

	return j->status > than->status ||
	    j->outcome[p].delivery > than->outcome[p].delivery;
}

/* Judge at an instant, with the renewal that the question is about. */
static struct judgement *
judge_at(struct judgement *j, enum proofs_renewal renewal, int64_t at)
{
	struct judge_options options = j->options;

	options.at = at;
	proofs_renew(j->proofs, renewal);
	return judge(j->mem, j->path, j->proofs, &options);
}

/*
 * The event in words.  Where several signatures end at once, what the domain
 * itself does about it comes before what is renewed above it.
 */
static char *
event_words(struct judgement *j, const struct judgement *before,
    const struct judgement *then, int64_t at)
{
	const struct finding *f = mended(before, then);
	const struct judgement *own;

	if (!worse(before, then) && f != NULL)
		return what_ends(j, f);
	own = judge_at(j, RENEW_ABOVE, at);
	if (worse(before, own))
		then = own;
	return what(j, cause(before, then), at);
}

/*
 * The events ahead, and the first that is for the worse, with nothing renewed;
 * or, where the judgement itself counts as renewed what is above, with that.
 */
static void
find_until(
    struct judgement *j, const struct instants *in, enum proofs_renewal renewal)
{
	struct validity *v = &j->validity;
	const struct judgement *before = j;

	v->next = arena_array(j->mem, VALIDITY_EVENTS_MAX, sizeof *v->next);
	for (size_t i = 0; i < in->n && i < VALIDITY_INSTANTS_MAX &&
	     v->nnext < VALIDITY_EVENTS_MAX;
	     i++) {
		const struct judgement *then =
		    judge_at(j, renewal, in->list[i]);

		if (!differs(before, then))
			continue;
		v->next[v->nnext++] = (struct event){
			.at = in->list[i],
			.what = event_words(j, before, then, in->list[i]),
			.effect = then->status,
			.ndr = then->outcome[j->options.profile].ndr,
		};
		if (!v->has_until && worse(j, then)) {
			v->has_until = true;
			v->until = in->list[i];
			v->because = v->next[v->nnext - 1].what;
		}
		before = then;
	}
}

/*
 * What somebody should act on: certificates, with every signature taken as
 * made again; and the signatures of zones that are overdue for that, which
 * the judgement has found to expire soon.
 */
static void
find_attention(struct judgement *j, const struct instants *certs)
{
	struct validity *v = &j->validity;

	for (size_t i = 0; i < certs->n && i < VALIDITY_INSTANTS_MAX; i++) {
		const struct judgement *then =
		    judge_at(j, RENEW_ALL, certs->list[i]);

		if (!worse(j, then))
			continue;
		v->has_attention = true;
		v->attention = certs->list[i];
		v->attention_because = what(j, cause(j, then), certs->list[i]);
		break;
	}
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (f->id != FINDING_DNSSEC_RRSIG_EXPIRES_SOON || f->foreign ||
		    !f->has_until ||
		    (v->has_attention && f->until >= v->attention))
			continue;
		v->has_attention = true;
		v->attention = f->until;
		v->attention_because = what(j, f, f->until + 1);
	}
}

void
validity_find(struct judgement *j)
{
	struct instants all = instants_new(j), certs = all;
	/* The reports read the same proofs afterwards. */
	enum proofs_renewal chosen = proofs_renew(j->proofs, RENEW_NONE);

	add_all_certs(&certs, j);
	add_signatures(&all, j);
	add_all_certs(&all, j);
	add_rollover(&all, j);
	/* At the time of observation it makes no difference to the judge. */
	find_until(j, &all,
	    chosen == RENEW_ABOVE && j->options.at > j->ev->collected_at
		? RENEW_ABOVE
		: RENEW_NONE);
	/* What has failed already wants attention now. */
	if (j->status != SEVERITY_FAIL)
		find_attention(j, &certs);
	proofs_renew(j->proofs, chosen);
}

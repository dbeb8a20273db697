/* SPDX-License-Identifier: ISC */
#include "validity.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "judge.h"
#include "name.h"
#include "proof.h"

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
	in->list = arena_grow(in->mem, in->list, in->n, &in->cap,
	    sizeof *in->list);
	memmove(&in->list[i + 1], &in->list[i],
	    (in->n - i) * sizeof *in->list);
	in->list[i] = at;
	in->n++;
}

static void
add_certs(struct instants *in, struct cert *const *chain, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!chain[i]->parsed)
			continue;
		instant_add(in, chain[i]->not_before);
		instant_add(in, chain[i]->not_after + 1);
	}
}

static struct instants
instants_collect(struct judgement *j)
{
	struct instants in = { .mem = j->mem, .after = j->options.at };
	int64_t *dates;
	size_t n = proofs_instants(j->proofs, j->options.at, &dates);

	/* Both ends are inclusive: the change comes with the next second. */
	for (size_t i = 0; i < n; i++) {
		instant_add(&in, dates[i]);
		instant_add(&in, dates[i] + 1);
	}
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct host_view *h = &j->hosts[i];

		for (size_t k = 0; k < h->host->naddresses; k++) {
			const struct address_view *v = &h->addresses[k];

			add_certs(&in, v->chain, v->nchain);
			add_certs(&in, v->chain2[0], v->nchain2[0]);
			add_certs(&in, v->chain2[1], v->nchain2[1]);
		}
	}
	return in;
}

/* The finding that makes the other judgement what it is. */
static const struct finding *
cause(const struct judgement *j)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (worst == NULL || f->severity > worst->severity)
			worst = f;
	}
	return worst;
}

static char *
what(struct judgement *j, const struct finding *f)
{
	const struct subject *s;

	if (f == NULL)
		return arena_strdup(j->mem, "the verdict changes");
	s = &f->subject;
	if (s->name != NULL)
		return arena_printf(j->mem, "%s (%s)", f->row->text,
		    name_text(j->mem, s->name));
	if (s->host != NULL)
		return arena_printf(j->mem, "%s (%s)", f->row->text,
		    name_text(j->mem, s->host));
	if (s->zone != NULL)
		return arena_printf(j->mem, "%s (%s)", f->row->text,
		    name_text(j->mem, s->zone));
	return arena_strdup(j->mem, f->row->text);
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

void
validity_find(struct judgement *j)
{
	struct validity *v = &j->validity;
	struct instants in = instants_collect(j);
	const struct judgement *before = j;

	v->next = arena_array(j->mem, VALIDITY_EVENTS_MAX, sizeof *v->next);
	for (size_t i = 0; i < in.n && i < VALIDITY_INSTANTS_MAX &&
	     v->nnext < VALIDITY_EVENTS_MAX; i++) {
		struct judge_options options = j->options;
		struct judgement *then;

		options.at = in.list[i];
		then = judge(j->mem, j->path, j->proofs, &options);
		if (!differs(before, then))
			continue;
		v->next[v->nnext++] = (struct event){
			.at = in.list[i],
			.what = what(j, cause(then)),
			.effect = then->status,
			.ndr = then->outcome[options.profile].ndr,
		};
		if (!v->has_until && worse(j, then)) {
			v->has_until = true;
			v->until = in.list[i];
			v->because = v->next[v->nnext - 1].what;
		}
		before = then;
	}
}

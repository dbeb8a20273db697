/* SPDX-License-Identifier: ISC */
/* What has to be known of that which is published now. */
#include "rollover_part.h"

#include "name.h"
#include "path.h"
#include "plan.h"

static void
want_answer(struct wants *w, const struct evidence *live, const uint8_t *name)
{
	const struct evidence *view = w->ev;
	struct answer a;

	if (name == NULL)
		return;
	w->ev = live;
	answer_follow(w->mem, live, name, TYPE_TLSA, &a);
	wants_answer(w, &a);
	w->ev = view;
}

static bool
is_concerned(const struct path *p, const struct evidence *ev,
    const struct path_host *before)
{
	for (size_t i = 0; i < p->nhosts; i++)
		if (!p->hosts[i].over_limit &&
		    rollover_cert(ev, p->hosts[i].name) != NULL &&
		    rollover_same_server(before, &p->hosts[i]))
			return true;
	return false;
}

/* The present way to the servers that the plan's hosts are. */
static void
want_before(const struct path *p, struct wants *w, const struct evidence *live)
{
	const struct path *before = path_walk_mail(w->mem, live);

	wants_published(w, live, &before->mx);
	for (size_t i = 0; i < before->nhosts; i++) {
		const struct path_host *h = &before->hosts[i];

		if (h->over_limit || h->not_a_name)
			continue;
		wants_published(w, live, &h->a);
		wants_published(w, live, &h->aaaa);
		for (size_t k = 0; k < h->ntlsa && is_concerned(p, w->ev, h);
		     k++)
			wants_published(w, live, &h->tlsa[k]);
	}
}

void
rollover_wants(const struct path *p, struct wants *w)
{
	struct evidence live = evidence_published(w->ev);
	bool any = false;

	for (size_t i = 0; i < p->nhosts; i++) {
		const struct path_host *h = &p->hosts[i];

		if (h->over_limit || rollover_cert(w->ev, h->name) == NULL)
			continue;
		any = true;
		for (size_t k = 0; k < h->ntlsa; k++)
			want_answer(w, &live, h->tlsa[k].name);
	}
	if (any && rollover_replaces(w->ev))
		want_before(p, w, &live);
}

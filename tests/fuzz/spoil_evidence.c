/* SPDX-License-Identifier: ISC */
/* Changes of the list of observations, of the whole, and of sessions. */
#include "spoil.h"

#include <string.h>

#include "core/arena.h"
#include "core/lookup.h"
#include "core/name.h"

enum { OBSERVATIONS_MAX = 200 };

/* ---- the list ---- */

static void
list_drop(struct spoiler *sp)
{
	struct evidence *ev = sp->s->ev;
	size_t i = spoil_index(sp);

	if (ev->ndns < 2)
		return;
	ev->nlooks -= ev->dns[i]->look != LOOK_FIRST;
	dns_observation_unref(ev->dns[i]);
	memmove(
	    &ev->dns[i], &ev->dns[i + 1], (ev->ndns - i - 1) * sizeof *ev->dns);
	ev->ndns--;
}

static void
list_again(struct spoiler *sp)
{
	if (sp->s->ev->ndns < OBSERVATIONS_MAX)
		evidence_add_dns(
		    sp->s->ev, spoil_copy(sp, sp->s->ev->dns[spoil_index(sp)]));
}

/* The same answer once more, as a second look: steps may part the two. */
static void
list_look(struct spoiler *sp)
{
	struct dns_observation *o;

	if (sp->s->ev->ndns >= OBSERVATIONS_MAX)
		return;
	o = spoil_copy(sp, sp->s->ev->dns[spoil_index(sp)]);
	o->look = sp->step.value % 2 == 0 ? LOOK_WITHOUT_CD : LOOK_ELSEWHERE;
	evidence_add_dns(sp->s->ev, o);
}

static void
list_swap(struct spoiler *sp)
{
	struct evidence *ev = sp->s->ev;
	size_t i = spoil_index(sp), k = sp->step.pick % ev->ndns;
	const struct dns_observation *copy = ev->dns[i];

	ev->dns[i] = ev->dns[k];
	ev->dns[k] = copy;
}

/* ---- the whole ---- */

static void
anchor_change(struct spoiler *sp)
{
	struct evidence *ev = sp->s->ev;
	const struct dns_observation *from = spoil_other(sp);
	struct rr *rr = NULL;

	sp->s->anchors = true;
	if ((sp->step.value & 1) != 0) {
		ev->nanchors = 0;
		return;
	}
	for (size_t i = 0; i < from->nanswer && rr == NULL; i++)
		if (from->answer[i].type == TYPE_DS ||
		    from->answer[i].type == TYPE_DNSKEY)
			rr = &from->answer[i];
	if (rr == NULL)
		return;
	ev->anchors =
	    arena_copy(sp->mem, ev->anchors, ev->nanchors * sizeof *rr);
	if ((sp->step.value & 2) != 0 || ev->nanchors == 0) {
		struct rr *list =
		    arena_array(sp->mem, ev->nanchors + 1, sizeof *list);

		if (ev->nanchors > 0)
			memcpy(list, ev->anchors, ev->nanchors * sizeof *list);
		list[ev->nanchors++] = *rr;
		ev->anchors = list;
	} else {
		ev->anchors[0] = *rr;
	}
	/* An anchor has no TTL, and the file does not keep its class. */
	for (size_t i = 0; i < ev->nanchors; i++) {
		ev->anchors[i].ttl = 0;
		ev->anchors[i].class = CLASS_IN;
	}
}

static void
asked_change(struct spoiler *sp)
{
	static const char *const selectors[] = { "s1", "selector1", "", "a..b",
		"x.y", "\303\244" };
	struct evidence *ev = sp->s->ev;
	struct asked *a = &ev->asked;

	a->allow_special = (sp->step.value & 1) != 0;
	a->ipv4 = (sp->step.value & 2) != 0;
	a->ipv6 = (sp->step.value & 4) != 0;
	a->m365 = (sp->step.value & 8) != 0;
	a->gcc_high = (sp->step.value & 16) != 0;
	ev->has_ipv4 = (sp->step.value & 32) != 0;
	ev->has_ipv6 = (sp->step.value & 64) != 0;
	ev->cut_short = (sp->step.value & 128) != 0;
	a->initial_domain = sp->step.more % 4 == 0 ? "contoso" : NULL;
	a->lookup = sp->step.more % 8 == 1 ? spoil_type(sp->step.at) : 0;
	if (!lookup_type_allowed(a->lookup))
		a->lookup = 0;
	a->nselectors = sp->step.pick % 4;
	a->selectors =
	    arena_array(sp->mem, a->nselectors, sizeof *a->selectors);
	for (size_t i = 0; i < a->nselectors; i++)
		a->selectors[i] = selectors[(sp->step.at + i) % 6];
}

static void
time_change(struct spoiler *sp)
{
	sp->s->ev->collected_at = (int64_t)sp->step.at << (sp->step.value % 22);
}

static void
domain_change(struct spoiler *sp)
{
	uint8_t lower[NAME_WIRE_MAX];

	name_lower(lower, spoil_name(sp, sp->step.pick));
	sp->s->ev->domain = name_copy(sp->mem, lower);
}

/* ---- sessions ---- */

static struct smtp_observation *
session_own(struct spoiler *sp)
{
	struct evidence *ev = sp->s->ev;
	struct smtp_observation *o;
	struct arena *own;
	size_t i;

	if (ev->nsmtp == 0) {
		o = smtp_observation_new();
		o->host = name_copy(sp->mem, spoil_name(sp, sp->step.pick));
		o->address = "192.0.2.1";
		o->port = 25;
		evidence_add_smtp(ev, o);
		return o;
	}
	i = sp->step.where % ev->nsmtp;
	if (ev->smtp[i]->refs == 1)
		return (struct smtp_observation *)(uintptr_t)ev->smtp[i];
	o = smtp_observation_new();
	own = o->mem;
	*o = *ev->smtp[i];
	o->refs = 1;
	o->mem = own;
	o->chain = arena_copy(sp->mem, o->chain, o->nchain * sizeof *o->chain);
	smtp_observation_unref(ev->smtp[i]);
	ev->smtp[i] = o;
	return o;
}

static void
session_outcome(struct spoiler *sp)
{
	struct smtp_observation *o = session_own(sp);

	o->outcome = (enum smtp_outcome)(sp->step.value % 12);
	o->step = (enum smtp_step)(sp->step.more % 7);
	o->keys = (enum tls_keys)(sp->step.at % 3);
	if ((sp->step.at & 0x100) != 0)
		o->tls.version = NULL;
	if ((sp->step.at & 0x200) != 0)
		o->tls.version = "TLS1.1";
}

static void
session_chain(struct spoiler *sp)
{
	struct smtp_observation *o = session_own(sp);
	struct blob *b;
	uint8_t *data;

	if (o->nchain == 0)
		return;
	b = &o->chain[sp->step.pick % o->nchain];
	switch (sp->step.more % 4) {
	case 0:
		*b = o->chain[--o->nchain];
		break;
	case 1:
		b->len = sp->step.at % (b->len + 1);
		b->data = arena_copy(sp->mem, b->data, b->len);
		break;
	default:
		if (b->len == 0)
			break;
		data = arena_copy(sp->mem, b->data, b->len);
		data[sp->step.at % b->len] ^= sp->step.value;
		b->data = data;
		break;
	}
}

static void
session_text(struct spoiler *sp)
{
	static const char *const lines[] = { "S: 220 mx ESMTP", "S: 250-mx",
		"S: 250 STARTTLS", "S: 521 no mail", "S: 421 busy",
		"S: 220 ****", "C: EHLO x", "S: 554 blocked",
		"S: ", "S: 250-XXXXXXXA", "S: \\xFF\\x1B", "", "S: 454 later" };
	struct smtp_observation *o = session_own(sp);
	const char **list =
	    arena_array(sp->mem, o->ntranscript + 1, sizeof *list);

	if (o->ntranscript > 64)
		return;
	for (size_t i = 0; i < o->ntranscript; i++)
		list[i] = o->transcript[i];
	list[o->ntranscript++] = lines[sp->step.value % 13];
	if (sp->step.at < o->ntranscript)
		list[sp->step.at] = list[o->ntranscript - 1];
	o->transcript = list;
	if ((sp->step.more & 1) != 0)
		o->alert = "handshake_failure";
	if ((sp->step.more & 2) != 0)
		o->error = lines[sp->step.pick % 13];
}

static void
session_drop(struct spoiler *sp)
{
	struct evidence *ev = sp->s->ev;
	size_t i;

	if (ev->nsmtp == 0)
		return;
	i = sp->step.where % ev->nsmtp;
	smtp_observation_unref(ev->smtp[i]);
	ev->smtp[i] = ev->smtp[--ev->nsmtp];
}

static void
session_place(struct spoiler *sp)
{
	static const char *const addresses[] = { "192.0.2.1", "2001:db8::1",
		"127.0.0.1", "::1", "198.51.100.7" };
	struct smtp_observation *o = session_own(sp);

	o->host = name_copy(sp->mem, spoil_name(sp, sp->step.pick));
	o->address = addresses[sp->step.value % 5];
	o->port = sp->step.at == 0 ? 25 : sp->step.at;
}

/* Append only: the first octet of a step is an index into it. */
const struct spoil_change spoil_evidence[] = {
	{ .any = list_drop, .harm = HARM_ABSENCE },
	{ .any = list_again, .harm = HARM_NONE },
	{ .any = list_swap, .harm = HARM_NONE },
	{ .any = anchor_change, .harm = HARM_ANY },
	{ .any = asked_change, .harm = HARM_ANY },
	{ .any = time_change, .harm = HARM_ANY },
	{ .any = domain_change, .harm = HARM_ANY },
	{ .any = session_outcome, .harm = HARM_ANY },
	{ .any = session_chain, .harm = HARM_ANY },
	{ .any = session_text, .harm = HARM_ANY },
	{ .any = session_drop, .harm = HARM_ABSENCE },
	{ .any = session_place, .harm = HARM_ANY },
	{ .any = list_look, .harm = HARM_NONE },
};
const size_t spoil_evidence_count =
    sizeof spoil_evidence / sizeof *spoil_evidence;

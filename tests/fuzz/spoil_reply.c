/* SPDX-License-Identifier: ISC */
/* Changes of an observation of the DNS. */
#include "spoil.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"

/* A record of another reply, or of the other section, is added here. */
static void
obs_borrow(struct spoiler *sp)
{
	struct section from =
	    section_get(spoil_other(sp), (sp->step.more & 1) != 0);

	if (from.n > 0)
		section_add(sp, &from.list[sp->step.at % from.n]);
}

/* A whole set with its signatures. */
static void
obs_borrow_set(struct spoiler *sp)
{
	struct section from =
	    section_get(spoil_other(sp), (sp->step.more & 1) != 0);
	const struct rr *first;

	if (from.n == 0)
		return;
	first = &from.list[sp->step.at % from.n];
	for (size_t i = 0; i < from.n; i++)
		if (name_equal(from.list[i].owner, first->owner) &&
		    (from.list[i].type == first->type ||
			is_sig_of(&from.list[i], first->type)))
			section_add(sp, &from.list[i]);
}

static void
obs_strip(struct spoiler *sp)
{
	struct section s = section(sp);

	for (size_t i = s.n; i-- > 0;)
		if (s.list[i].type == TYPE_RRSIG)
			section_drop(sp, i);
}

static void
obs_empty(struct spoiler *sp)
{
	section_set(sp, NULL, 0);
}

/* Every signature over the type of the record is changed. */
static void
obs_break(struct spoiler *sp)
{
	struct section s = section(sp);
	const struct rr *rr = spoil_record(sp);
	uint16_t type = rr != NULL ? rr->type : 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t *data;

		if (!is_sig_of(&s.list[i], type) || s.list[i].rdlen < 18)
			continue;
		data = data_copy(sp, &s.list[i]);
		data[s.list[i].rdlen - 1u - sp->step.at % 8] ^=
		    (uint8_t)(sp->step.value | 1);
		data_set(sp, &s.list[i], data, s.list[i].rdlen);
	}
}

static void
rename_all(struct rr *list, size_t n, const uint8_t *from, const uint8_t *to)
{
	for (size_t i = 0; i < n; i++)
		if (name_equal(list[i].owner, from))
			list[i].owner = to;
}

/* What was answered to another question, perhaps as if it had been this. */
static void
obs_answer_of(struct spoiler *sp)
{
	struct dns_observation *o = sp->obs;
	const struct dns_observation *from = spoil_other(sp);

	o->outcome = from->outcome;
	o->rcode = from->rcode;
	if ((sp->step.more & 1) == 0) {
		o->nanswer = from->nanswer;
		o->answer = arena_copy(sp->mem, from->answer,
		    from->nanswer * sizeof *from->answer);
	}
	if ((sp->step.more & 2) == 0) {
		o->nauthority = from->nauthority;
		o->authority = arena_copy(sp->mem, from->authority,
		    from->nauthority * sizeof *from->authority);
	}
	if ((sp->step.more & 4) != 0)
		rename_all(o->answer, o->nanswer, from->name, o->name);
	if ((sp->step.more & 8) != 0)
		rename_all(o->authority, o->nauthority, from->name, o->name);
}

static void
obs_question(struct spoiler *sp)
{
	if ((sp->step.more & 1) == 0)
		sp->obs->name = spoil_name(sp, sp->step.pick);
	if ((sp->step.more & 2) == 0)
		sp->obs->type = spoil_type(sp->step.value);
}

static void
obs_rcode(struct spoiler *sp)
{
	static const uint16_t rcodes[] = { 0, 3, 2, 5, 1, 23, 4095 };

	sp->obs->rcode = rcodes[sp->step.value % 7];
	spoil_harm(sp, sp->step.value % 7 < 2 ? HARM_ANY : HARM_SILENCE);
}

static void
obs_outcome(struct spoiler *sp)
{
	static const enum dns_outcome outcomes[] = { DNS_TIMED_OUT,
		DNS_REFUSED_CONNECTION, DNS_NETWORK_ERROR, DNS_MALFORMED };

	sp->obs->outcome = outcomes[sp->step.value % 4];
	sp->obs->error = "a reason";
	sp->obs->attempts = sp->step.at;
	sp->obs->failed_servers = sp->step.more;
	sp->obs->rcode = sp->obs->flags = 0;
	sp->obs->nanswer = sp->obs->nauthority = 0;
}

static void
obs_flags(struct spoiler *sp)
{
	sp->obs->flags = (uint16_t)(sp->step.at &
	    (DNS_QR | DNS_AA | DNS_TC | DNS_RD | DNS_RA | DNS_AD | DNS_CD));
}

static void
obs_opinion(struct spoiler *sp)
{
	struct dns_opinion *o = &sp->obs->opinion;

	o->present = true;
	o->ad = (sp->step.more & 1) != 0;
	o->rcode = sp->step.value % 4;
}

/* RFC 8914 2: text that should be UTF-8. */
static void
obs_ede(struct spoiler *sp)
{
	static const char *const texts[] = { "", "bogus", "\303\244", "\377x",
		"\033[31m", "\342\200\256" };
	struct ede *ede = arena_alloc(sp->mem, sizeof *ede);

	ede->code = sp->step.at;
	ede->text = texts[sp->step.value % 6];
	sp->obs->ede = ede;
	sp->obs->nede = 1;
}

static void
obs_via(struct spoiler *sp)
{
	sp->obs->via = (enum dns_via)(sp->step.value % 4);
	sp->s->overlay |= sp->obs->via == VIA_OVERLAY;
	sp->obs->basis = (sp->step.more & 1) != 0 ? "a zone file" : NULL;
}

static void
obs_alias(struct spoiler *sp)
{
	const uint8_t *target = spoil_name(sp, sp->step.at);
	struct rr rr = { .class = CLASS_IN, .ttl = sp->step.more };

	rr.owner = (sp->step.value & 2) != 0 ? spoil_name(sp, sp->step.pick)
					     : sp->obs->name;
	rr.type = (sp->step.value & 1) != 0 ? TYPE_DNAME : TYPE_CNAME;
	data_set(sp, &rr, target, name_len(target));
	section_add(sp, &rr);
}

static void
obs_record(struct spoiler *sp)
{
	const uint8_t octets[4] = { sp->step.value, sp->step.more,
		(uint8_t)(sp->step.at >> 8), (uint8_t)sp->step.at };
	struct rr rr = { .owner = sp->obs->name, .class = CLASS_IN };

	rr.type = (sp->step.more & 1) != 0 ? sp->obs->type
					   : spoil_type(sp->step.pick);
	data_set(sp, &rr, octets, sp->step.value % 5);
	section_add(sp, &rr);
}

/* Nobody asked for it, and nothing depends on it. */
static void
obs_stray(struct spoiler *sp)
{
	static const uint8_t owner[] = "\5stray\7invalid";
	struct rr rr = { .owner = owner, .type = TYPE_TXT, .class = CLASS_IN };

	data_set(sp, &rr, (const uint8_t *)"\1x", 2);
	section_add(sp, &rr);
}

static void
obs_meta(struct spoiler *sp)
{
	static const char *const servers[] = { NULL, "192.0.2.53", "::1@5353" };
	static const char *const transports[] = { NULL, "udp", "tcp", "tls" };

	sp->obs->server = servers[sp->step.value % 3];
	sp->obs->transport = transports[sp->step.more % 4];
	sp->obs->elapsed_ms = (int64_t)sp->step.at - 1;
	sp->obs->attempts = sp->step.pick;
}

static void
obs_name_case(struct spoiler *sp)
{
	uint8_t *name = name_copy(sp->mem, sp->obs->name);

	flip_letters(name, name_len(name), sp->step.value);
	sp->obs->name = name;
}

/* Append only: the first octet of a step is an index into it. */
const struct spoil_change spoil_replies[] = {
	{ .any = obs_borrow, .harm = HARM_ANY },
	{ .any = obs_borrow_set, .harm = HARM_ANY },
	{ .any = obs_strip, .harm = HARM_ANY },
	{ .any = obs_empty, .harm = HARM_ANY },
	{ .any = obs_break, .harm = HARM_ANY },
	{ .any = obs_answer_of, .harm = HARM_ANY },
	{ .any = obs_question, .harm = HARM_ANY },
	{ .any = obs_rcode, .harm = HARM_NONE }, /* it says itself */
	{ .any = obs_outcome, .harm = HARM_SILENCE },
	{ .any = obs_flags, .harm = HARM_ANY },
	{ .any = obs_opinion, .harm = HARM_ANY },
	{ .any = obs_ede, .harm = HARM_ANY },
	{ .any = obs_via, .harm = HARM_ANY },
	{ .any = obs_alias, .harm = HARM_ANY },
	{ .any = obs_record, .harm = HARM_ANY },
	{ .any = obs_stray, .harm = HARM_NONE },
	{ .any = obs_meta, .harm = HARM_NONE },
	{ .any = obs_name_case, .harm = HARM_NONE },
};
const size_t spoil_replies_count = sizeof spoil_replies / sizeof *spoil_replies;

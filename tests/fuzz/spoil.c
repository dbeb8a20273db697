/* SPDX-License-Identifier: ISC */
/*
 * Octets to changes of a recording.  A step of eight octets is one change:
 * what, in which observation, in which record, and three values.  Steps are
 * of one length, so that the fuzzer can cut, join and repeat them.
 */
#include "spoil.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"
#include "fuzz.h"

enum { RECORDS_MAX = 300 };

/* ---- places ---- */

void
spoil_harm(struct spoiler *sp, enum harm h)
{
	if (h > sp->s->harm)
		sp->s->harm = h;
}

/*
 * The records stay where they are, in the world; the lists are new.  What is
 * changed goes into the evidence's memory: it may be borrowed, and outlive
 * its observation.
 */
struct dns_observation *
spoil_copy(struct spoiler *sp, const struct dns_observation *from)
{
	struct dns_observation *o = dns_observation_new();
	struct arena *own = o->mem;

	*o = *from;
	o->refs = 1;
	o->mem = own;
	o->answer = arena_copy(
	    sp->mem, from->answer, from->nanswer * sizeof *from->answer);
	o->authority = arena_copy(sp->mem, from->authority,
	    from->nauthority * sizeof *from->authority);
	return o;
}

/* Our own copy of the i-th observation. */
static struct dns_observation *
obs_own(struct spoiler *sp, size_t i)
{
	struct evidence *ev = sp->s->ev;
	struct dns_observation *o;

	if (ev->dns[i]->refs == 1)
		return (struct dns_observation *)(uintptr_t)ev->dns[i];
	o = spoil_copy(sp, ev->dns[i]);
	dns_observation_unref(ev->dns[i]);
	ev->dns[i] = o;
	return o;
}

struct section
section_get(const struct dns_observation *o, bool authority)
{
	struct section s = { o->answer, o->nanswer };

	if (authority) {
		s.list = o->authority;
		s.n = o->nauthority;
	}
	return s;
}

struct section
section(const struct spoiler *sp)
{
	return section_get(sp->obs, sp->authority);
}

void
section_set(struct spoiler *sp, struct rr *list, size_t n)
{
	if (sp->authority) {
		sp->obs->authority = list;
		sp->obs->nauthority = n;
	} else {
		sp->obs->answer = list;
		sp->obs->nanswer = n;
	}
}

/* The record of the step; NULL where the section is empty. */
struct rr *
spoil_record(const struct spoiler *sp)
{
	struct section s = section(sp);

	return s.n == 0 ? NULL : &s.list[(sp->step.record & 0x7f) % s.n];
}

const struct dns_observation *
spoil_other(const struct spoiler *sp)
{
	const struct evidence *ev = sp->s->ev;

	return ev->dns[sp->step.pick % ev->ndns];
}

const uint8_t *
spoil_name(const struct spoiler *sp, unsigned number)
{
	return sp->s->world->names[number % sp->s->world->nnames];
}

uint16_t
spoil_type(unsigned number)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA, TYPE_MX, TYPE_TLSA,
		TYPE_CNAME, TYPE_DNAME, TYPE_NS, TYPE_SOA, TYPE_TXT, TYPE_DS,
		TYPE_DNSKEY, TYPE_RRSIG, TYPE_NSEC, TYPE_NSEC3, TYPE_NSEC3PARAM,
		TYPE_NXNAME, TYPE_CDS, TYPE_CDNSKEY, TYPE_OPT, TYPE_ANY, 65280,
		0 };

	return types[number % (sizeof types / sizeof *types)];
}

/* ---- records ---- */

void
section_add(struct spoiler *sp, const struct rr *rr)
{
	struct section s = section(sp);
	struct rr *list;

	if (s.n >= RECORDS_MAX)
		return;
	list = arena_array(sp->mem, s.n + 1, sizeof *list);
	if (s.n > 0)
		memcpy(list, s.list, s.n * sizeof *list);
	list[s.n] = *rr;
	section_set(sp, list, s.n + 1);
}

void
section_drop(struct spoiler *sp, size_t i)
{
	struct section s = section(sp);

	memmove(&s.list[i], &s.list[i + 1], (s.n - i - 1) * sizeof *s.list);
	section_set(sp, s.list, s.n - 1);
}

/* Other data, checked against the type as the wire reader would. */
void
data_set(struct spoiler *sp, struct rr *rr, const uint8_t *data, size_t len)
{
	bool good = rdata_from_wire(sp->mem, data, len, 0, len, rr);

	must(good, "%zu octets", len);
	rr->rdata = arena_copy(sp->mem, rr->rdata, rr->rdlen);
}

/* A private copy of the data, to be given back by set_data. */
uint8_t *
data_copy(const struct spoiler *sp, const struct rr *rr)
{
	return arena_copy(sp->mem, rr->rdata, rr->rdlen);
}

bool
is_sig_of(const struct rr *rr, uint16_t type)
{
	return rr->type == TYPE_RRSIG && rr->rdlen >= 2 &&
	    (rr->rdata[0] << 8 | rr->rdata[1]) == type;
}

void
flip_letters(uint8_t *name, size_t len, unsigned salt)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = name[i] | 0x20;

		if (c >= 'a' && c <= 'z' && ((salt >> i % 8) & 1) != 0)
			name[i] ^= 0x20;
	}
}

size_t
spoil_index(const struct spoiler *sp)
{
	return sp->step.where % sp->s->ev->ndns;
}

/* ---- steps ---- */

static void
step_do(struct spoiler *sp)
{
	size_t what = sp->step.what;
	struct rr *rr;

	if (what >= 0xc0) {
		what = (what - 0xc0) % spoil_evidence_count;
		spoil_harm(sp, spoil_evidence[what].harm);
		spoil_evidence[what].any(sp);
		return;
	}
	sp->obs = obs_own(sp, spoil_index(sp));
	sp->authority = (sp->step.record & 0x80) != 0;
	if (sp->obs->outcome != DNS_REPLY)
		return;
	if (what >= 0x80) {
		what = (what - 0x80) % spoil_replies_count;
		spoil_harm(sp, spoil_replies[what].harm);
		spoil_replies[what].any(sp);
		return;
	}
	if (section(sp).n == 0)
		sp->authority = !sp->authority;
	rr = spoil_record(sp);
	if (rr == NULL)
		return;
	what %= spoil_records_count;
	spoil_harm(sp, spoil_records[what].harm);
	spoil_records[what].record(sp, rr);
}

/* The observations themselves are shared, until one is changed. */
static struct evidence *
evidence_copy(const struct evidence *from)
{
	struct evidence *ev = evidence_new();
	struct arena *mem = ev->mem;

	*ev = *from;
	ev->mem = mem;
	ev->dns = NULL;
	ev->smtp = NULL;
	ev->ndns = ev->dnscap = ev->nsorted = ev->nlooks = 0;
	ev->nsmtp = ev->smtpcap = 0;
	for (size_t i = 0; i < from->ndns; i++) {
		((struct dns_observation *)(uintptr_t)from->dns[i])->refs++;
		evidence_add_dns(ev, from->dns[i]);
	}
	for (size_t i = 0; i < from->nsmtp; i++) {
		((struct smtp_observation *)(uintptr_t)from->smtp[i])->refs++;
		evidence_add_smtp(ev, from->smtp[i]);
	}
	return ev;
}

struct spoilt
world_spoil(const struct world *world, const uint8_t *data, size_t size)
{
	struct spoilt s = { .world = world, .ev = evidence_copy(world->ev) };
	struct spoiler sp = { .s = &s, .mem = s.ev->mem };

	for (unsigned i = 0; i < SPOIL_STEPS_MAX && size >= SPOIL_STEP; i++) {
		sp.step = (struct step){
			.what = data[0],
			.where = data[1],
			.record = data[2],
			.pick = data[3],
			.at = (uint16_t)(data[4] << 8 | data[5]),
			.value = data[6],
			.more = data[7],
		};
		step_do(&sp);
		data += SPOIL_STEP;
		size -= SPOIL_STEP;
	}
	evidence_sort(s.ev);
	return s;
}

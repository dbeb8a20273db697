/* SPDX-License-Identifier: ISC */
/* Changes of one record, of its data, its owner and its place. */
#include "spoil.h"

#include <string.h>

#include "core/arena.h"
#include "core/name.h"

enum { USELESS_MAX = 8 };

/* ---- the record ---- */

static void
data_bit(struct spoiler *sp, struct rr *rr)
{
	uint8_t *data = data_copy(sp, rr);

	if (rr->rdlen == 0)
		return;
	data[sp->step.at % rr->rdlen] ^= (uint8_t)(1 << sp->step.value % 8);
	data_set(sp, rr, data, rr->rdlen);
}

static void
data_octet(struct spoiler *sp, struct rr *rr)
{
	uint8_t *data = data_copy(sp, rr);

	if (rr->rdlen == 0)
		return;
	data[sp->step.at % rr->rdlen] = sp->step.value;
	data_set(sp, rr, data, rr->rdlen);
}

static void
data_cut(struct spoiler *sp, struct rr *rr)
{
	data_set(sp, rr, rr->rdata, sp->step.at % (rr->rdlen + 1u));
}

static void
data_grow(struct spoiler *sp, struct rr *rr)
{
	size_t more = sp->step.at % 64 + 1;
	uint8_t *data = arena_alloc(sp->mem, rr->rdlen + more);

	if (rr->rdlen > 0)
		memcpy(data, rr->rdata, rr->rdlen);
	memset(data + rr->rdlen, sp->step.value, more);
	if (rr->rdlen + more <= UINT16_MAX)
		data_set(sp, rr, data, rr->rdlen + more);
}

/* The name in the data: RRSIG's signer, NSEC's next, an alias' target. */
static void
data_name(struct spoiler *sp, struct rr *rr)
{
	size_t off = rr->type == TYPE_RRSIG ? 18 : rr->type == TYPE_MX ? 2 : 0;
	const uint8_t *name = spoil_name(sp, sp->step.pick);
	size_t len = name_len(name), old, rest;
	uint8_t *data;

	if (!rr->wellformed ||
	    (rr->type != TYPE_RRSIG && rr->type != TYPE_MX &&
		rr->type != TYPE_NSEC && rr->type != TYPE_CNAME &&
		rr->type != TYPE_DNAME && rr->type != TYPE_NS))
		return;
	old = off + name_len(rr->rdata + off);
	rest = rr->rdlen - old;
	data = arena_alloc(sp->mem, off + len + rest);
	memcpy(data, rr->rdata, off);
	memcpy(data + off, name, len);
	if (rest > 0)
		memcpy(data + off + len, rr->rdata + old, rest);
	data_set(sp, rr, data, off + len + rest);
}

/* A bit of the bitmap of NSEC or NSEC3, where its window has it. */
static void
data_type_bit(struct spoiler *sp, struct rr *rr)
{
	uint16_t type = spoil_type(sp->step.pick);
	size_t off;
	uint8_t *data;

	if (!rr->wellformed ||
	    (rr->type != TYPE_NSEC && rr->type != TYPE_NSEC3))
		return;
	data = data_copy(sp, rr);
	if (rr->type == TYPE_NSEC) {
		off = name_len(data);
	} else {
		off = 5u + data[4];
		off += 1u + data[off];
	}
	for (; off < rr->rdlen; off += 2u + data[off + 1])
		if (data[off] == type >> 8 && (type & 0xff) / 8 < data[off + 1])
			data[off + 2u + (type & 0xffu) / 8u] ^=
			    (uint8_t)(0x80 >> (type & 7));
	data_set(sp, rr, data, rr->rdlen);
}

static void
owner_pick(struct spoiler *sp, struct rr *rr)
{
	rr->owner = spoil_name(sp, sp->step.pick);
}

static void
owner_of_question(struct spoiler *sp, struct rr *rr)
{
	rr->owner = sp->obs->name;
}

static void
owner_octet(struct spoiler *sp, struct rr *rr)
{
	uint8_t name[NAME_WIRE_MAX];
	size_t len = name_len(rr->owner), off = 0;

	memcpy(name, rr->owner, len);
	name[sp->step.at % len] = sp->step.value;
	if (name_from_wire(name, name, len, &off))
		rr->owner = name_copy(sp->mem, name);
}

static void
type_set(struct spoiler *sp, struct rr *rr)
{
	rr->type = spoil_type(sp->step.pick);
	data_set(sp, rr, rr->rdata, rr->rdlen);
}

static void
class_set(struct spoiler *sp, struct rr *rr)
{
	rr->class = sp->step.value;
}

static void
ttl_set(struct spoiler *sp, struct rr *rr)
{
	rr->ttl = (uint32_t)sp->step.at << (sp->step.value % 16);
	spoil_harm(sp, HARM_NONE);
}

static void
owner_case(struct spoiler *sp, struct rr *rr)
{
	uint8_t *name = name_copy(sp->mem, rr->owner);

	flip_letters(name, name_len(name), sp->step.value);
	rr->owner = name;
}

/* Letters that canonical form lowers: RFC 4034 6.2, RFC 6840 5.1. */
static void
data_case(struct spoiler *sp, struct rr *rr)
{
	size_t off = rr->type == TYPE_RRSIG ? 18 : rr->type == TYPE_MX ? 2 : 0;
	uint8_t *data;

	if (!rr->wellformed ||
	    (rr->type != TYPE_RRSIG && rr->type != TYPE_MX &&
		rr->type != TYPE_CNAME && rr->type != TYPE_DNAME &&
		rr->type != TYPE_NS))
		return;
	data = data_copy(sp, rr);
	flip_letters(data + off, name_len(data + off), sp->step.value);
	data_set(sp, rr, data, rr->rdlen);
}

/* ---- its place ---- */

static void
record_drop(struct spoiler *sp, struct rr *rr)
{
	section_drop(sp, (size_t)(rr - section(sp).list));
}

static void
record_again(struct spoiler *sp, struct rr *rr)
{
	const struct rr copy = *rr;

	section_add(sp, &copy);
}

static void
record_swap(struct spoiler *sp, struct rr *rr)
{
	struct section s = section(sp);
	struct rr *with = &s.list[sp->step.at % s.n], copy = *with;

	*with = *rr;
	*rr = copy;
}

/* A signature that no key made, beside those that are there. */
static void
record_useless(struct spoiler *sp, struct rr *rr)
{
	struct rr copy = *rr;
	uint8_t *data = data_copy(sp, rr);

	if (rr->type != TYPE_RRSIG || !rr->wellformed ||
	    sp->s->signatures >= USELESS_MAX)
		return;
	sp->s->signatures++;
	data[rr->rdlen - 1u - sp->step.at % 16] ^=
	    (uint8_t)(sp->step.value | 1);
	data_set(sp, &copy, data, rr->rdlen);
	section_add(sp, &copy);
}

/* Many of one kind, each a little different: CVE-2023-50387. */
static void
record_many(struct spoiler *sp, struct rr *rr)
{
	struct rr copy = *rr;

	for (unsigned i = 0; i < sp->step.more; i++) {
		uint8_t *data = arena_copy(sp->mem, copy.rdata, copy.rdlen);

		if (copy.rdlen == 0)
			break;
		data[(sp->step.at + i) % copy.rdlen] ^=
		    (uint8_t)(sp->step.value + i);
		data_set(sp, &copy, data, copy.rdlen);
		section_add(sp, &copy);
	}
}

/* Two octets changed so that the key tag stays (RFC 4034 B). */
static void
record_same_tag(struct spoiler *sp, struct rr *rr)
{
	struct rr copy = *rr;
	uint8_t *data = data_copy(sp, rr);
	size_t a, b;

	if (rr->type != TYPE_DNSKEY || rr->rdlen < 16)
		return;
	a = 4 + sp->step.at % 6u * 2;
	b = a + 2;
	if (data[a] == 0xff || data[b] == 0)
		return;
	data[a]++;
	data[b]--;
	data_set(sp, &copy, data, rr->rdlen);
	section_add(sp, &copy);
}

/* Append only: the first octet of a step is an index into it. */
const struct spoil_change spoil_records[] = {
	{ .record = data_bit, .harm = HARM_ANY },
	{ .record = data_octet, .harm = HARM_ANY },
	{ .record = data_cut, .harm = HARM_ANY },
	{ .record = data_grow, .harm = HARM_ANY },
	{ .record = data_name, .harm = HARM_ANY },
	{ .record = data_type_bit, .harm = HARM_ANY },
	{ .record = owner_pick, .harm = HARM_ANY },
	{ .record = owner_of_question, .harm = HARM_ANY },
	{ .record = owner_octet, .harm = HARM_ANY },
	{ .record = type_set, .harm = HARM_ANY },
	{ .record = class_set, .harm = HARM_ANY },
	{ .record = ttl_set, .harm = HARM_NONE },
	{ .record = owner_case, .harm = HARM_NONE },
	{ .record = data_case, .harm = HARM_NONE },
	{ .record = record_drop, .harm = HARM_ANY },
	{ .record = record_again, .harm = HARM_NONE },
	{ .record = record_swap, .harm = HARM_NONE },
	{ .record = record_useless, .harm = HARM_NONE },
	{ .record = record_many, .harm = HARM_ANY },
	{ .record = record_same_tag, .harm = HARM_ANY },
};
const size_t spoil_records_count = sizeof spoil_records / sizeof *spoil_records;

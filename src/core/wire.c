/* SPDX-License-Identifier: ISC */
#include "wire.h"

#include <string.h>

#include "arena.h"
#include "name.h"

enum {
	HEADER_LEN = 12,
	QUESTION_MIN = 5, /* the root, type, class */
	RR_MIN = 11, /* the root, type, class, ttl, rdlength */
	MESSAGE_MAX = 65535,
	EDE_MAX = 8,
	FLAGS = DNS_QR | DNS_AA | DNS_TC | DNS_RD | DNS_RA | DNS_AD | DNS_CD,
	OPTION_EDE = 15, /* RFC 8914 2 */
	OPT_DO = 0x8000 /* RFC 6891 6.1.3, in the low half of the TTL */
};

/* A message being read; at only moves forward. */
struct cursor {
	struct arena *mem;
	const uint8_t *wire;
	size_t len;
	size_t at;
};

static uint16_t
read_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
read_u32(const uint8_t *p)
{
	return (uint32_t)read_u16(p) << 16 | read_u16(p + 2);
}

static bool
question_read(struct cursor *cursor, struct message *out)
{
	uint8_t name[NAME_WIRE_MAX];

	if (!name_from_wire(name, cursor->wire, cursor->len, &cursor->at) ||
	    cursor->len - cursor->at < 4)
		return false;
	out->qname = name_copy(cursor->mem, name);
	out->qtype = read_u16(cursor->wire + cursor->at);
	out->qclass = read_u16(cursor->wire + cursor->at + 2);
	cursor->at += 4;
	return true;
}

/*
 * Owner, type, class, ttl of the record at the cursor, which moves to its
 * RDATA.  rr->owner is left alone: most owners repeat the one before.
 */
static bool
rr_header_read(
    struct cursor *cursor, uint8_t owner[NAME_WIRE_MAX], struct rr *rr)
{
	const uint8_t *p;

	if (!name_from_wire(owner, cursor->wire, cursor->len, &cursor->at) ||
	    cursor->len - cursor->at < 10)
		return false;
	p = cursor->wire + cursor->at;
	rr->type = read_u16(p);
	rr->class = read_u16(p + 2);
	rr->ttl = read_u32(p + 4);
	rr->rdlen = read_u16(p + 8);
	cursor->at += 10;
	return rr->rdlen <= cursor->len - cursor->at;
}

/* The same octets, letter case included. */
static bool
name_identical(const uint8_t *a, const uint8_t *b)
{
	size_t len = name_len(a);

	return len == name_len(b) && memcmp(a, b, len) == 0;
}

static bool
section_read(struct cursor *cursor, struct message *out, size_t n,
    struct rr **records, size_t *nrecords)
{
	const uint8_t *before = out->qname;
	size_t i;

	*records = arena_array(cursor->mem, n, sizeof(**records));
	*nrecords = n;
	for (i = 0; i < n; i++) {
		struct rr *rr = &(*records)[i];
		uint8_t owner[NAME_WIRE_MAX];
		size_t rdlen;

		/* RFC 6891 6.1.1: OPT belongs to the additional section. */
		if (!rr_header_read(cursor, owner, rr) || rr->type == TYPE_OPT)
			return false;
		/* RFC 2181 8: with the top bit set it counts as zero. */
		if (rr->ttl > INT32_MAX)
			rr->ttl = 0;
		if (before == NULL || !name_identical(owner, before))
			before = name_copy(cursor->mem, owner);
		rr->owner = before;
		rdlen = rr->rdlen;
		if (!rdata_from_wire(cursor->mem, cursor->wire, cursor->len,
			cursor->at, rdlen, rr))
			return false;
		cursor->at += rdlen;
	}
	return true;
}

/* RFC 8914 2: INFO-CODE, then UTF-8 text to the option's end. */
static void
ede_add(
    struct cursor *cursor, struct message *out, const uint8_t *data, size_t len)
{
	struct ede *ede;

	if (len < 2 || out->nede == EDE_MAX)
		return;
	if (out->ede == NULL)
		out->ede = arena_array(cursor->mem, EDE_MAX, sizeof(*out->ede));
	ede = &out->ede[out->nede++];
	ede->code = read_u16(data);
	ede->text = arena_strndup(cursor->mem, (const char *)data + 2, len - 2);
}

static bool
opt_read(struct cursor *cursor, const uint8_t *owner, const struct rr *opt,
    struct message *out)
{
	const uint8_t *p = cursor->wire + cursor->at, *end = p + opt->rdlen;

	/* RFC 6891 6.1.1: a second OPT is FORMERR; 6.1.2: MUST be root. */
	if (out->edns || *owner != 0)
		return false;
	out->edns = true;
	out->dnssec_ok = (opt->ttl & OPT_DO) != 0;
	out->rcode = (uint16_t)(out->rcode | (opt->ttl >> 24) << 4);
	while (p < end) {
		size_t len;

		if (end - p < 4)
			return false;
		len = read_u16(p + 2);
		if ((size_t)(end - p) - 4 < len)
			return false;
		if (read_u16(p) == OPTION_EDE)
			ede_add(cursor, out, p + 4, len);
		p += 4 + len;
	}
	return true;
}

static bool
additional_read(struct cursor *cursor, struct message *out, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint8_t owner[NAME_WIRE_MAX];
		struct rr rr;

		if (!rr_header_read(cursor, owner, &rr))
			return false;
		if (rr.type == TYPE_OPT && !opt_read(cursor, owner, &rr, out))
			return false;
		cursor->at += rr.rdlen;
	}
	return true;
}

bool
message_parse(
    struct arena *arena, const uint8_t *wire, size_t len, struct message *out)
{
	struct cursor cursor = { arena, wire, len, HEADER_LEN };
	size_t nquestion, nanswer, nauthority, nadditional;
	uint16_t flags;

	memset(out, 0, sizeof(*out));
	if (len < HEADER_LEN || len > MESSAGE_MAX)
		return false;
	out->id = read_u16(wire);
	flags = read_u16(wire + 2);
	out->flags = flags & FLAGS;
	out->opcode = flags >> 11 & 15;
	out->rcode = flags & 15;
	nquestion = read_u16(wire + 4);
	nanswer = read_u16(wire + 6);
	nauthority = read_u16(wire + 8);
	nadditional = read_u16(wire + 10);
	/* RFC 9619: QDCOUNT MUST NOT be greater than 1. */
	if (nquestion > 1 ||
	    nquestion * QUESTION_MIN +
		    (nanswer + nauthority + nadditional) * RR_MIN >
		len - HEADER_LEN)
		return false;
	if (nquestion == 1 && !question_read(&cursor, out))
		return false;
	return section_read(
		   &cursor, out, nanswer, &out->answer, &out->nanswer) &&
	    section_read(
		&cursor, out, nauthority, &out->authority, &out->nauthority) &&
	    additional_read(&cursor, out, nadditional);
}

bool
message_answers(
    const struct message *message, const uint8_t *name, uint16_t type)
{
	return (message->flags & DNS_QR) != 0 && message->opcode == 0 &&
	    message->qname != NULL && name_equal(message->qname, name) &&
	    message->qtype == type && message->qclass == CLASS_IN;
}

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ZONE_FIXTURE_H
#define MXPROOF_ZONE_FIXTURE_H
/* The answers of fixtures/zones.h as evidence, one of them changed. */
#include <stdlib.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/text.h"
#include "fixtures/zones.h"
#include "tap.h"

enum change {
	NOTHING,
	DROP_OBS,	/* the observation was not made */
	TIME_OUT,	/* it got no reply */
	SERVFAIL,
	UNSIGN,		/* no RRSIG over the type */
	UNSIGN_ALL,	/* no RRSIG anywhere, in any observation */
	FLIP,		/* a bit of the RRSIG over the type */
	FLIP_RECORD,	/* a bit of the records of the type */
	RETAG,		/* the RRSIG's key tag */
	RESIGNER,	/* the RRSIG's signer to its parent */
	SELFSIGN,	/* the RRSIG's signer to its owner */
	RELABEL,	/* one label fewer in the RRSIG: from a wildcard */
	NO_ERROR,	/* the RCODE */
	DROP_DENIAL,	/* no NSEC, NSEC3 */
	DROP_LAST,	/* all but the first NSEC, NSEC3 owner */
	DROP_RECORDS,	/* no record of the type, signatures neither */
	EXPIRE,		/* expiration set to 2026-01-10, signature broken */
	OVERLAY, LOCAL_COPY, OPINION, DUPLICATE
};

#define JAN15 1768435200	/* 2026-01-15 */
#define BEGIN 1767225600	/* the first second */
#define END 1769904000		/* the last */

static struct arena *mem;

static const uint8_t *
wire_name(const char *text)
{
	uint8_t wire[NAME_WIRE_MAX];

	if (!name_from_text(wire, text, NULL))
		abort();
	return name_copy(mem, wire);
}

static uint16_t
wire_type(const char *text)
{
	uint16_t type;

	if (!rr_type_from_text(text, &type))
		abort();
	return type;
}

static struct rr *
records(struct arena *m, const char *const *lines, size_t max, size_t *n)
{
	struct rr *list = arena_array(m, 2 * max, sizeof *list);
	const char *error;

	for (*n = 0; *n < max && lines[*n] != NULL; (*n)++)
		if (!rr_from_text(m, lines[*n], NULL, 3600, &list[*n], &error))
			abort();
	return list;
}

static bool
covers(const struct rr *rr, uint16_t type)
{
	struct rrsig f;

	return rr->type == TYPE_RRSIG && rrsig_read(rr, &f) &&
	    f.covered == type;
}

static uint8_t *
selfsigned(struct arena *m, const struct rr *rr, uint16_t *rdlen)
{
	uint8_t *data = arena_alloc(m, rr->rdlen + NAME_WIRE_MAX);
	size_t old = 18 + name_len(rr->rdata + 18);
	size_t new = 18 + name_len(rr->owner);

	memcpy(data, rr->rdata, 18);
	memcpy(data + 18, rr->owner, new - 18);
	memcpy(data + new, rr->rdata + old, rr->rdlen - old);
	*rdlen = (uint16_t)(rr->rdlen - old + new);
	return data;
}

static void
drop(struct rr *list, size_t *n, size_t i)
{
	memmove(&list[i], &list[i + 1], (--*n - i) * sizeof *list);
}

static void
change_list(struct arena *m, struct rr *list, size_t *n, enum change change,
    uint16_t type)
{
	const uint8_t *first = NULL;
	bool denial;

	for (size_t i = 0; i < *n; i++) {
		struct rr *rr = &list[i];
		uint8_t *data = arena_copy(m, rr->rdata, rr->rdlen);

		denial = rr->type == TYPE_NSEC || rr->type == TYPE_NSEC3 ||
		    covers(rr, TYPE_NSEC) || covers(rr, TYPE_NSEC3);
		if (denial && first == NULL)
			first = rr->owner;
		if ((change == UNSIGN && covers(rr, type)) ||
		    (change == UNSIGN_ALL && rr->type == TYPE_RRSIG) ||
		    (change == DROP_DENIAL && denial) ||
		    (change == DROP_LAST && denial &&
		    !name_equal(rr->owner, first)) ||
		    (change == DROP_RECORDS &&
		    (rr->type == type || covers(rr, type)))) {
			drop(list, n, i--);
			continue;
		}
		if (change == FLIP && covers(rr, type))
			data[rr->rdlen - 1] ^= 1;
		else if (change == FLIP_RECORD && rr->type == type)
			/* Not the end of a name: it is well-formed still. */
			data[type == TYPE_MX ? 1 : rr->rdlen - 1] ^= 1;
		else if (change == RETAG && covers(rr, type))
			data[17] ^= 1;
		else if (change == EXPIRE && covers(rr, type))
			memcpy(data + 8, "\x69\x61\x94\x00", 4);
		else if (change == RESIGNER && covers(rr, type)) {
			size_t cut = data[18] + 1u;

			memmove(data + 18, data + 18 + cut,
			    rr->rdlen - 18u - cut);
			rr->rdlen = (uint16_t)(rr->rdlen - cut);
		}
		else if (change == RELABEL && covers(rr, type))
			data[3]--;
		else if (change == SELFSIGN && covers(rr, type))
			data = selfsigned(m, rr, &rr->rdlen);
		rr->rdata = data;
		if (change == DUPLICATE && rr->type == type &&
		    *n < 16 && i == 0) {
			list[*n] = *rr;
			(*n)++;
		}
	}
}

static void
change_obs(struct dns_observation *o, enum change change, uint16_t type)
{
	switch (change) {
	case TIME_OUT:
		o->outcome = DNS_TIMED_OUT;
		return;
	case SERVFAIL:
		o->rcode = 2;
		o->nanswer = o->nauthority = 0;
		return;
	case NO_ERROR:
		o->rcode = 0;
		return;
	case OVERLAY:
	case LOCAL_COPY:
		if (change == OVERLAY)
			o->via = VIA_OVERLAY, o->assumed = true;
		else
			o->flags = DNS_QR | DNS_AA | DNS_RA;
		change = UNSIGN_ALL;
		break;
	case OPINION:
		o->opinion.present = o->opinion.ad = true;
		change = FLIP;
		break;
	default:
		break;
	}
	change_list(o->mem, o->answer, &o->nanswer, change, type);
	change_list(o->mem, o->authority, &o->nauthority, change, type);
}

/* All fixture answers, one of them (or all of a type) changed. */
static struct evidence *
evidence_make(enum change change, const char *question, const char *covered)
{
	struct evidence *ev = evidence_new();
	const char *error;

	ev->domain = wire_name("example.test.");
	ev->collected_at = JAN15;
	ev->asked.ipv4 = ev->asked.ipv6 = true;
	ev->replay = true;
	ev->anchors = arena_array(ev->mem, 1, sizeof *ev->anchors);
	ev->nanchors = 1;
	if (!rr_from_text(ev->mem, zone_anchors[0], NULL, 0, ev->anchors,
	    &error))
		abort();
	for (size_t i = 0; i < sizeof zone_answers / sizeof *zone_answers;
	    i++) {
		const struct zone_answer *a = &zone_answers[i];
		struct dns_observation *o = dns_observation_new();
		char key[128];

		snprintf(key, sizeof key, "%s %s", a->name, a->type);
		o->name = name_copy(o->mem, wire_name(a->name));
		o->type = wire_type(a->type);
		o->outcome = DNS_REPLY;
		o->rcode = (uint16_t)a->rcode;
		o->answer = records(o->mem, a->answer, 12, &o->nanswer);
		o->authority =
		    records(o->mem, a->authority, 20, &o->nauthority);
		if (strcmp(question, "*") == 0 || strcmp(question, key) == 0) {
			if (change == DROP_OBS) {
				dns_observation_unref(o);
				continue;
			}
			change_obs(o, change, wire_type(covered));
		}
		evidence_add_dns(ev, o);
	}
	return ev;
}

#endif

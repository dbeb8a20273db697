/* SPDX-License-Identifier: ISC */
/*
 * Zone files and what is answered from them.  The first octet says what is
 * known of the zone; behind a form feed is the file that is included.
 */
#include <string.h>

#include "core/arena.h"
#include "core/evidence.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/zonefile.h"
#include "fuzz.h"

enum { ASKED_MAX = 40 };

const char fuzz_name[] = "zone";

static const uint8_t apex[] = "\7contoso\7example";

static const char *
included(void *arg, struct arena *mem, const char *from, const char **path,
    size_t *len, const char **why)
{
	const char *text = arg;

	must(from != NULL && *path != NULL, "no path");
	*why = "none";
	*len = text != NULL ? strlen(text) : 0;
	/* A copy without room behind its end. */
	return text != NULL ? arena_copy(mem, text, *len + 1) : NULL;
}

static void
check_record(struct arena *mem, const struct rr *rr)
{
	const char *text = rr_text(mem, rr), *error = NULL;
	struct rr again;

	must(zonefile_record(mem, text, &again, &error) ||
		rr_type_is_opaque(rr->type),
	    "%s: %s", text, error);
	must(rr->class == CLASS_IN && rr->wellformed, "%s", text);
	if (error == NULL)
		must(again.type == rr->type && again.ttl == rr->ttl &&
			again.rdlen == rr->rdlen &&
			name_equal(again.owner, rr->owner),
		    "%s is another record", text);
}

/* A DNAME above the name, or a cut at it or above it. */
static bool
is_under_another(const struct overlay_zone *z, const uint8_t *name)
{
	for (size_t i = 0; i < z->nrrs; i++) {
		const struct rr *rr = &z->rrs[i];

		if (!name_within(name, rr->owner))
			continue;
		if (rr->type == TYPE_NS && !name_equal(rr->owner, z->name))
			return true;
		if (rr->type == TYPE_DNAME && !name_equal(rr->owner, name))
			return true;
	}
	return false;
}

/* What a signer makes is not taken from a file that is not signed. */
static bool
is_signers(uint16_t type)
{
	return type == TYPE_DNSKEY || type == TYPE_NSEC ||
	    type == TYPE_NSEC3 || type == TYPE_NSEC3PARAM ||
	    type == TYPE_CDS || type == TYPE_CDNSKEY;
}

static void
check_answer(struct arena *mem, const struct overlay_zone *z,
    struct overlay_view *v, const struct rr *rr)
{
	const struct dns_observation *obs =
	    overlay_dns(v, rr->owner, rr->type, NULL);
	const char *text = rr_text(mem, rr);
	bool there = false;

	if (obs == NULL) {
		must(is_under_another(z, rr->owner) ||
			rr_type_is_opaque(rr->type) ||
			(!z->is_signed && is_signers(rr->type)),
		    "nobody answers %s", text);
		return;
	}
	must(obs->outcome == DNS_REPLY && (obs->rcode == 0 || obs->rcode == 3),
	    "%s", text);
	must(obs->rcode == 0 || obs->nanswer == 0, "%s", text);
	for (size_t i = 0; i < obs->nanswer; i++)
		there |= obs->answer[i].type == rr->type &&
		    name_equal(obs->answer[i].owner, rr->owner) &&
		    obs->answer[i].rdlen == rr->rdlen &&
		    (rr->rdlen == 0 ||
			memcmp(obs->answer[i].rdata, rr->rdata, rr->rdlen) ==
			    0);
	must(there || is_under_another(z, rr->owner), "%s is not there", text);
}

static void
check_zone(struct arena *mem, const struct overlay_zone *z)
{
	struct overlay_zone zones[] = { *z };
	struct overlay o = { .zones = zones, .nzones = 1 };
	struct overlay_view *v = overlay_view_new(mem, &o);
	uint8_t below[NAME_WIRE_MAX];
	size_t nsoa = 0;

	for (size_t i = 0; i < z->nrrs; i++) {
		const struct rr *rr = &z->rrs[i];

		must(name_within(rr->owner, z->name), "outside");
		must(i == 0 || name_compare(rr[-1].owner, rr->owner) <= 0,
		    "order");
		nsoa += rr->type == TYPE_SOA;
		if (i >= ASKED_MAX)
			continue;
		check_record(mem, rr);
		/* Of its own type nobody asks for a signature. */
		if (rr->type != TYPE_RRSIG &&
		    (rr->type != TYPE_DS || !name_equal(rr->owner, z->name)))
			check_answer(mem, z, v, rr);
		if (name_prepend(below, "x", rr->owner))
			overlay_dns(v, name_copy(mem, below), TYPE_A, NULL);
	}
	must(nsoa == 1, "%zu SOA records", nsoa);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *mem = arena_new();
	const char *error = NULL;
	struct overlay_zone z;
	struct rr rr;
	char *text, *second;

	if (size > 0) {
		text = arena_strndup(mem, (const char *)data + 1, size - 1);
		if (!zonefile_record(mem, text, &rr, &error))
			must(error != NULL && *error != '\0', "no reason");
		second = strchr(text, '\f');
		if (second != NULL)
			*second++ = '\0';
		error = NULL;
		if (zonefile_read(mem, "z", text, strlen(text),
			data[0] & 1 ? apex : NULL, data[0] & 2 ? apex : NULL,
			included, second, &z, &error))
			check_zone(mem, &z);
		else
			must(error != NULL && strchr(error, ':') != NULL,
			    "no place");
	}
	arena_free(mem);
	return 0;
}

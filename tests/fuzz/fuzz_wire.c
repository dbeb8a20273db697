/* SPDX-License-Identifier: ISC */
/*
 * A DNS message from its octets, and all that is read from one: what parses
 * is written as text and read back, encoded without compression and parsed
 * again, put into canonical form, verified and used as a denial.
 */
#include <string.h>

#include "core/arena.h"
#include "core/denial.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/rdata.h"
#include "core/signature.h"
#include "core/tlsa.h"
#include "core/wire.h"
#include "fuzz.h"

const char fuzz_name[] = "wire";

enum { CHECKS_MAX = 2, MESSAGE_MAX = 65535 };

static bool
same_rr(const struct rr *a, const struct rr *b)
{
	return name_equal(a->owner, b->owner) &&
	    memcmp(a->owner, b->owner, name_len(a->owner)) == 0 &&
	    a->type == b->type && a->class == b->class && a->ttl == b->ttl &&
	    a->wellformed == b->wellformed && a->rdlen == b->rdlen &&
	    (a->rdlen == 0 || memcmp(a->rdata, b->rdata, a->rdlen) == 0);
}

/* ---- one record ---- */

static void
check_text(struct arena *mem, const struct rr *rr)
{
	char *text = rr_text(mem, rr);
	const char *error = NULL;
	struct rr again;

	for (const char *p = text; *p != '\0'; p++)
		must(*p >= 0x20 && *p <= 0x7e, "octet %d in %s", *p, text);
	must(rr_from_text(mem, text, NULL, 7, &again, &error), "%s: %s", text,
	    error);
	must(same_rr(rr, &again), "%s is now %s", text, rr_text(mem, &again));
	must(strcmp(text, rr_text(mem, &again)) == 0, "%s", text);
}

static void
check_canonical(struct arena *mem, const struct rr *rr)
{
	struct rr lower = *rr, again;
	const uint8_t *data;
	size_t len;

	lower.rdata = rdata_canonical(mem, rr, &len);
	must(len == rr->rdlen, "%zu octets of %u", len, (unsigned)rr->rdlen);
	data = rdata_canonical(mem, &lower, &len);
	must(rdata_compare(data, len, lower.rdata, lower.rdlen) == 0,
	    "not stable: %s", rr_text(mem, rr));
	/* Uncompressed data are read as what they are. */
	again.type = rr->type;
	must(rdata_from_wire(mem, rr->rdata, rr->rdlen, 0, rr->rdlen, &again),
	    "%s", rr_text(mem, rr));
	if (rr->wellformed)
		must(again.wellformed &&
			rdata_compare(again.rdata, again.rdlen, rr->rdata,
			    rr->rdlen) == 0,
		    "read as %s", rdata_text(mem, &again));
}

static void
check_rrsig(const struct rr *rr)
{
	const uint8_t *end = rr->rdata + rr->rdlen;
	struct rrsig f;

	if (!rrsig_read(rr, &f))
		return;
	must(f.signer > rr->rdata && f.signer + name_len(f.signer) < end &&
		f.signature + f.signaturelen == end && f.signaturelen > 0,
	    "signature of %zu octets", f.signaturelen);
	if (signature_misshapen(&f, rr->owner, f.covered) == NULL)
		signature_expanded(&f, rr->owner);
}

/* The bits of a bitmap are the types that its text names. */
static void
check_bitmap(struct arena *mem, const struct rr *rr)
{
	unsigned bits = 0, words = 0;

	for (unsigned type = 0; type <= UINT16_MAX; type++)
		bits += nsec_has_type(rr, (uint16_t)type);
	if (!rr->wellformed) {
		must(bits == 0, "%u bits", bits);
		return;
	}
	for (const char *p = rdata_text(mem, rr); *p != '\0'; p++)
		words += *p == ' ';
	/* After the next name; or after five fields. */
	if (strncmp(rdata_text(mem, rr), "\\# ", 3) != 0)
		must(bits == words - (rr->type == TYPE_NSEC ? 0 : 4),
		    "%u bits in %s", bits, rdata_text(mem, rr));
}

static void
check_rr(struct arena *mem, const struct rr *rr)
{
	struct tlsa_view view;

	check_text(mem, rr);
	check_canonical(mem, rr);
	check_rrsig(rr);
	nsec_has_type(rr, TYPE_A);
	if (rr->type == TYPE_NSEC || rr->type == TYPE_NSEC3)
		check_bitmap(mem, rr);
	if (rr->type == TYPE_DNSKEY && rr->rdlen > 4) {
		dnskey_tag(rr->rdata, rr->rdlen);
		dnskey_unfit(rr);
		dnskey_bits(rr);
		ds_line(mem, rr, 60);
	}
	if (rr->type == TYPE_TLSA)
		tlsa_read(mem, rr, &view);
}

/* ---- records together ---- */

/* All of the owner and type of list[first], in class IN. */
static size_t
collect(const struct rr *list, size_t n, size_t first, const struct rr **set)
{
	size_t count = 0;

	for (size_t i = first; i < n; i++)
		if (list[i].type == list[first].type &&
		    list[i].class == list[first].class &&
		    name_equal(list[i].owner, list[first].owner))
			set[count++] = &list[i];
	return count;
}

/* Each signature over it, with a few of the keys. */
static void
check_signed(const struct canonical_set *set, const struct rr *first,
    const struct rr *list, size_t n, unsigned *left)
{
	for (size_t i = 0; i < n; i++) {
		struct rrsig f;

		if (!rrsig_read(&list[i], &f) ||
		    signature_misshapen(&f, first->owner, first->type) != NULL)
			continue;
		for (size_t k = 0; k<n && * left> 0; k++) {
			if (list[k].type != TYPE_DNSKEY || list[k].rdlen <= 4)
				continue;
			signature_check(set, &list[i], &f, &list[k]);
			--*left;
		}
	}
}

static void
check_sets(struct arena *mem, const struct rr *list, size_t n)
{
	const struct rr **set = arena_array(mem, n, sizeof *set);
	unsigned left = CHECKS_MAX;

	for (size_t i = 0; i < n && i < 16; i++) {
		size_t count = collect(list, n, i, set);
		const struct canonical_set *canonical =
		    canonical_set_new(mem, set, count);

		check_signed(canonical, &list[i], list, n, &left);
		if (list[i].type != TYPE_DS || list[i].rdlen <= 4)
			continue;
		for (size_t k = 0; k < n; k++)
			if (list[k].type == TYPE_DNSKEY && list[k].rdlen > 4)
				ds_names_key(&list[i], &list[k]);
	}
}

static void
check_denial(struct arena *mem, const struct message *m)
{
	struct nsec3_hasher *hasher = nsec3_hasher_new(mem, 64);
	const struct rr **list = arena_array(mem, m->nauthority, sizeof *list);
	struct denial_query q = { .name = m->qname, .type = m->qtype };

	for (size_t i = 0; i < m->nauthority; i++)
		list[i] = &m->authority[i];
	q.records = list;
	q.nrecords = m->nauthority;
	for (q.zone = m->qname; q.zone != NULL; q.zone = name_parent(q.zone)) {
		q.labels = name_labels(q.zone);
		for (int kind = DENIAL_OF_TYPE; kind <= DENIAL_OF_CLOSER;
		     kind++) {
			struct denial_result r;

			q.question = (enum denial_question)kind;
			r = denial_check(hasher, &q);
			must(
			    (r.verdict == DENIAL_PROVEN ||
				r.verdict == DENIAL_OPT_OUT) == (r.why == NULL),
			    "verdict %d: %s", (int)r.verdict,
			    r.why != NULL ? r.why : "no reason");
			must(r.verdict != DENIAL_PROVEN || m->nauthority > 0,
			    "proven by nothing");
		}
	}
}

/* ---- the message ---- */

struct writer {
	uint8_t data[MESSAGE_MAX];
	size_t len;
	bool full;
};

static void
put(struct writer *w, const void *data, size_t len)
{
	if (w->full || sizeof w->data - w->len < len) {
		w->full = true;
		return;
	}
	if (len > 0)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

static void
put16(struct writer *w, size_t value)
{
	const uint8_t octets[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	put(w, octets, sizeof octets);
}

static void
put_section(struct writer *w, const struct rr *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put(w, list[i].owner, name_len(list[i].owner));
		put16(w, list[i].type);
		put16(w, list[i].class);
		put16(w, list[i].ttl >> 16);
		put16(w, list[i].ttl & 0xffff);
		put16(w, list[i].rdlen);
		put(w, list[i].rdata, list[i].rdlen);
	}
}

/* Data that did not parse may parse elsewhere: they are left out. */
static bool
all_wellformed(const struct rr *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!list[i].wellformed)
			return false;
	return true;
}

/* The same message without compression has the same content. */
static void
check_again(struct arena *mem, const struct message *m)
{
	static struct writer w;
	struct message again;

	if (!all_wellformed(m->answer, m->nanswer) ||
	    !all_wellformed(m->authority, m->nauthority))
		return;
	w.len = 0;
	w.full = false;
	put16(&w, m->id);
	put16(&w, (size_t)m->flags | (size_t)m->opcode << 11 | (m->rcode & 15));
	put16(&w, m->qname != NULL);
	put16(&w, m->nanswer);
	put16(&w, m->nauthority);
	put16(&w, 0);
	if (m->qname != NULL) {
		put(&w, m->qname, name_len(m->qname));
		put16(&w, m->qtype);
		put16(&w, m->qclass);
	}
	put_section(&w, m->answer, m->nanswer);
	put_section(&w, m->authority, m->nauthority);
	if (w.full)
		return;
	must(message_parse(mem, w.data, w.len, &again), "%zu octets", w.len);
	must(again.nanswer == m->nanswer && again.nauthority == m->nauthority &&
		again.qtype == m->qtype && again.flags == m->flags &&
		again.rcode == (m->rcode & 15),
	    "another header");
	for (size_t i = 0; i < m->nanswer; i++)
		must(same_rr(&m->answer[i], &again.answer[i]), "%s",
		    rr_text(mem, &m->answer[i]));
	for (size_t i = 0; i < m->nauthority; i++)
		must(same_rr(&m->authority[i], &again.authority[i]), "%s",
		    rr_text(mem, &m->authority[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *mem = arena_new();
	struct message m;

	if (message_parse(mem, data, size, &m)) {
		for (size_t i = 0; i < m.nanswer; i++)
			check_rr(mem, &m.answer[i]);
		for (size_t i = 0; i < m.nauthority; i++)
			check_rr(mem, &m.authority[i]);
		check_sets(mem, m.answer, m.nanswer);
		check_again(mem, &m);
		for (size_t i = 0; i < m.nede; i++)
			must(strlen(m.ede[i].text) <= size, "%u",
			    (unsigned)m.ede[i].code);
		if (m.qname != NULL) {
			check_denial(mem, &m);
			must(message_answers(&m, m.qname, m.qtype) ==
				((m.flags & DNS_QR) != 0 && m.opcode == 0 &&
				    m.qclass == CLASS_IN),
			    "its own question");
			must(!message_answers(
				 &m, m.qname, (uint16_t)(m.qtype + 1)),
			    "another type");
		}
	}
	arena_free(mem);
	return 0;
}

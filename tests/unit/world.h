/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_WORLD_H
#define MXPROOF_WORLD_H
/*
 * Chains of signed zones and answers of theirs, from text, on top of
 * signer.h; one include per program.
 *
 *	world_new();
 *	world_zone((struct world_zone){ .name = "." });
 *	world_zone((struct world_zone){ .name = "test.",
 *	    .keys = "257/8 256/8" });
 *	world_reply("test.", "test.", "MX", 0,
 *	    "test. MX 10 mx.test.|{}mx.test. A 192.0.2.1", "");
 *	world_state("test.", "MX", SIGNER_NOW);	-> "secure"
 *	world_free();
 *
 * keys	"257/13 256/13": flags/algorithm[/protocol[/bits]] of keys 0, 1, …;
 *	a "-" before it: the key is not in the DNSKEY set.  The number-th key
 *	of any two zones differ.
 * ds	"0/2 9/1": key/digest type; key 9 is one that is not there; "0r/2" is
 *	key 0 before it was revoked.
 * Signatures: "1" by key 1, "0 1:broken" by keys 0 and 1, the second one bad;
 *	from=S, until=S (seconds from SIGNER_NOW, or "s" and the serial),
 *	ttl=N, labels=-1, signer=NAME, tag=1, alg=N, key=N (a key that the
 *	zone lacks), joined by ":".
 * Sections: records, "|" between them.  The first of a set may begin with
 *	"{}", unsigned, "{0 1:broken}", or "{@sub.test. 1}", by another zone;
 *	else the zone's data_by.  In the owner and next field of an NSEC3
 *	"(name)", "(name)-" and "(name)+" stand for its hash, one less, one
 *	more; the owner's zone is added.
 */
#include "core/catalogue.h"
#include "core/path.h"
#include "core/plan.h"
#include "core/proof.h"
#include "signer.h"
#include "tap.h"

enum { WORLD_ZONES_MAX = 12, WORLD_KEYS_MAX = 12, WORLD_SIGS_MAX = 80 };

struct world_zone {
	const char *name;
	const char *keys;	/* NULL: "257/13 256/13" */
	const char *ds;		/* in the parent, or anchors; NULL: "0/2" */
	const char *keys_by;	/* over the DNSKEY set; NULL: "0" */
	const char *data_by;	/* over all else; NULL: "1" */
	bool anchor;		/* ds are anchors; so are those of the first */
	bool anchor_keys;	/* and these are DNSKEY records */
	const uint8_t *wire;
	struct signer_key list[WORLD_KEYS_MAX];
	bool published[WORLD_KEYS_MAX];
	unsigned n;
};

static struct {
	struct arena *mem;
	struct evidence *ev;
	struct world_zone zones[WORLD_ZONES_MAX];
	unsigned n;
} world;

__attribute__((unused)) static void
world_new(void)
{
	memset(&world, 0, sizeof world);
	world.mem = arena_new();
	world.ev = signer_evidence("example.test.", NULL, 0);
}

__attribute__((unused)) static void
world_free(void)
{
	evidence_free(world.ev);
	arena_free(world.mem);
}

/* ---- signatures ---- */

static struct world_zone *
world_find(const char *name)
{
	for (unsigned i = 0; i < world.n; i++)
		if (strcmp(world.zones[i].name, name) == 0)
			return &world.zones[i];
	fprintf(stderr, "no zone %s\n", name);
	abort();
}

/* The keys beyond those of the list are of the first one's kind. */
static struct signer_key
world_key(const struct world_zone *z, unsigned i)
{
	unsigned number = (unsigned)(z - world.zones) * 16 + i;

	if (i < z->n)
		return z->list[i];
	return signer_ksk(z->n > 0 ? z->list[0].algorithm : 13, number);
}

static uint32_t
world_time(const char *text)
{
	if (*text == 's')
		return (uint32_t)strtoul(text + 1, NULL, 10);
	return (uint32_t)(SIGNER_NOW + strtoll(text, NULL, 10));
}

/* "1:broken:ttl=5": the signature over the set. */
static struct rr
world_sign(const struct world_zone *z, char *word, const struct rr *rrs,
    size_t n)
{
	struct signer_how how = { SIGNER_FROM, SIGNER_UNTIL, 0, 0, NULL, 0, 0,
		false };
	unsigned key = (unsigned)strtoul(word, &word, 10);
	struct signer_key k;
	char *next;

	for (; *word == ':'; word = next) {
		char *value;

		word++;
		next = word + strcspn(word, ":");
		word = arena_strndup(world.mem, word, (size_t)(next - word));
		value = strchr(word, '=');
		value = value != NULL ? value + 1 : word;
		if (strncmp(word, "from=", 5) == 0)
			how.inception = world_time(value);
		else if (strncmp(word, "until=", 6) == 0)
			how.expiration = world_time(value);
		else if (strncmp(word, "ttl=", 4) == 0)
			how.original_ttl = strtol(value, NULL, 10);
		else if (strncmp(word, "labels=", 7) == 0)
			how.labels = atoi(value);
		else if (strncmp(word, "signer=", 7) == 0)
			how.signer = signer_name(world.mem, value);
		else if (strncmp(word, "tag=", 4) == 0)
			how.tag = atoi(value);
		else if (strncmp(word, "alg=", 4) == 0)
			how.algorithm = atoi(value);
		else if (strcmp(word, "broken") == 0)
			how.broken = true;
		else
			abort();
	}
	k = world_key(z, key);
	return signer_rrsig(world.mem, rrs, n, z->wire, &k, &how);
}

struct world_list {
	struct rr *list;
	size_t n, cap;
};

static void
world_put(struct world_list *l, struct rr rr)
{
	l->list = arena_grow(world.mem, l->list, l->n, &l->cap, sizeof rr);
	l->list[l->n++] = rr;
}

/* The set and its signatures. */
static void
world_put_signed(struct world_list *l, const struct world_zone *z,
    const char *by, const struct rr *rrs, size_t n)
{
	char *copy = arena_strdup(world.mem, by), *save, *word;

	for (size_t i = 0; i < n; i++)
		world_put(l, rrs[i]);
	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		world_put(l, world_sign(z, word, rrs, n));
}

/* ---- sections ---- */

/* "(name)+" in an NSEC3 line: the hash by the line's parameters. */
static const char *
world_hashes(const char *zone, const char *line)
{
	const char *p = strstr(line, " NSEC3 "), *open;
	unsigned hash, flags, iterations;
	char salt[520] = "-", *out = arena_strdup(world.mem, "");
	uint8_t *bytes = NULL;
	size_t len = 0;
	bool owner = true;

	if (p == NULL || strchr(line, '(') == NULL)
		return line;
	if (sscanf(p, " NSEC3 %u %u %u %519s", &hash, &flags, &iterations,
	    salt) != 4)
		abort();
	if (strcmp(salt, "-") != 0 &&
	    !text_from_hex(world.mem, salt, strlen(salt), &bytes, &len))
		abort();
	for (; (open = strchr(line, '(')) != NULL; owner = false) {
		const char *end = strchr(open, ')');
		int step = end[1] == '-' ? -1 : end[1] == '+' ? 1 : 0;
		const char *name = arena_strndup(world.mem, open + 1,
		    (size_t)(end - open - 1));

		out = arena_printf(world.mem, "%s%.*s%s%s%s", out,
		    (int)(open - line), line, signer_hash(world.mem,
		    signer_name(world.mem, name), bytes, len, iterations,
		    step), owner ? "." : "",
		    owner && strcmp(zone, ".") != 0 ? zone : "");
		line = end + 1 + (step != 0);
	}
	return arena_printf(world.mem, "%s%s", out, line);
}

/* "{@zone list}" before a record; what follows it. */
static char *
world_prefix(char *line, const struct world_zone **z, const char **by)
{
	char *body = line + 1, *end = strchr(line, '}'), *space;

	*end = '\0';
	*by = body;
	if (*body == '@') {
		space = strchr(body, ' ');
		if (space != NULL)
			*space = '\0';
		*z = world_find(body + 1);
		*by = space != NULL ? space + 1 : (*z)->data_by;
	}
	return end + 1;
}

static void
world_section(struct world_list *out, const struct world_zone *zone,
    const char *text)
{
	char *copy = arena_strdup(world.mem, text), *line, *end;
	const struct world_zone *z = zone, *next;
	const char *by = zone->data_by, *next_by;
	struct world_list set = { NULL, 0, 0 };

	for (line = copy; line != NULL && *line != '\0'; line = end) {
		bool prefix = *line == '{';
		struct rr rr;

		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		next = zone;
		next_by = zone->data_by;
		if (prefix)
			line = world_prefix(line, &next, &next_by);
		rr = signer_record(world.mem, world_hashes(next->name, line));
		if (set.n > 0 && (prefix || set.list[0].type != rr.type ||
		    !name_equal(set.list[0].owner, rr.owner))) {
			world_put_signed(out, z, by, set.list, set.n);
			set.n = 0;
		}
		if (set.n == 0) {
			z = next;
			by = next_by;
		}
		world_put(&set, rr);
	}
	if (set.n > 0)
		world_put_signed(out, z, by, set.list, set.n);
}

/* ---- zones and answers ---- */

/* An answer that the zone signs; it may be changed until it is judged. */
__attribute__((unused)) static struct dns_observation *
world_reply(const char *zone, const char *name, const char *type,
    unsigned rcode, const char *answer, const char *authority)
{
	const struct world_zone *z = world_find(zone);
	struct world_list a = { NULL, 0, 0 }, u = { NULL, 0, 0 };
	uint16_t number;

	if (!rr_type_from_text(type, &number))
		abort();
	world_section(&a, z, answer);
	world_section(&u, z, authority);
	return signer_reply(world.ev, signer_name(world.mem, name), number,
	    rcode, a.list, a.n, u.list, u.n);
}

static void
world_keys(struct world_zone *z)
{
	char *copy = arena_strdup(world.mem, z->keys), *save, *word;

	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save)) {
		unsigned number = (unsigned)(z - world.zones) * 16 + z->n;
		unsigned flags, algorithm, protocol = 3, bits = 0;
		struct signer_key *k = &z->list[z->n];

		z->published[z->n++] = *word != '-';
		word += *word == '-';
		if (sscanf(word, "%u/%u/%u/%u", &flags, &algorithm, &protocol,
		    &bits) < 2)
			abort();
		*k = bits > 0 ? signer_rsa((uint8_t)algorithm, number, bits)
			      : signer_key((uint8_t)algorithm, number);
		k->flags = (uint16_t)flags;
		k->protocol = (uint8_t)protocol;
	}
}

static void
world_ds(const struct world_zone *z, struct world_list *out)
{
	char *copy = arena_strdup(world.mem, z->ds), *save, *word;

	for (word = strtok_r(copy, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save)) {
		unsigned key, digest;
		struct signer_key k;

		if (sscanf(word, "%u/%u", &key, &digest) != 2 &&
		    sscanf(word, "%ur/%u", &key, &digest) != 2)
			abort();
		k = world_key(z, key);
		if (strchr(word, 'r') != NULL)
			k.flags &= (uint16_t)~DNSKEY_REVOKE;
		world_put(out, z->anchor_keys
		    ? signer_dnskey(world.mem, z->wire, &k)
		    : signer_ds(world.mem, z->wire, &k, (uint8_t)digest));
	}
}

static const struct world_zone *
world_parent(const struct world_zone *z)
{
	const struct world_zone *best = NULL;

	for (unsigned i = 0; i < world.n; i++) {
		const struct world_zone *o = &world.zones[i];

		if (o != z && name_within(z->wire, o->wire) &&
		    (best == NULL || name_within(o->wire, best->wire)))
			best = o;
	}
	return best;
}

/*
 * A zone below those before it: its DNSKEY answer, and its DS, unless that
 * is "", in the answer of the zone above it or among the anchors.
 */
__attribute__((unused)) static struct world_zone *
world_zone(struct world_zone zone)
{
	struct world_zone *z = &world.zones[world.n++];
	struct world_list keys = { NULL, 0, 0 }, set = keys, ds = keys;
	const struct world_zone *parent;

	*z = zone;
	z->wire = signer_name(world.mem, z->name);
	z->keys = z->keys != NULL ? z->keys : "257/13 256/13";
	z->ds = z->ds != NULL ? z->ds : "0/2";
	z->keys_by = z->keys_by != NULL ? z->keys_by : "0";
	z->data_by = z->data_by != NULL ? z->data_by : "1";
	world_keys(z);
	for (unsigned i = 0; i < z->n; i++)
		if (z->published[i])
			world_put(&keys, signer_dnskey(world.mem, z->wire,
			    &z->list[i]));
	if (keys.n > 0)
		world_put_signed(&set, z, z->keys_by, keys.list, keys.n);
	signer_reply(world.ev, z->wire, TYPE_DNSKEY, 0, set.list, set.n, NULL,
	    0);
	world_ds(z, &ds);
	parent = world_parent(z);
	if (parent == NULL || z->anchor) {
		struct evidence *ev = world.ev;
		struct rr *all = arena_array(ev->mem, ev->nanchors + ds.n,
		    sizeof *all);

		memcpy(all, ev->anchors, ev->nanchors * sizeof *all);
		memcpy(all + ev->nanchors, signer_copy(ev->mem, ds.list, ds.n),
		    ds.n * sizeof *all);
		ev->anchors = all;
		ev->nanchors += ds.n;
	} else if (ds.n > 0) {
		struct world_list answer = { NULL, 0, 0 };

		world_put_signed(&answer, parent, parent->data_by, ds.list,
		    ds.n);
		signer_reply(world.ev, z->wire, TYPE_DS, 0, answer.list,
		    answer.n, NULL, 0);
	}
	return z;
}

/* ".", "test." and this zone, "example.test." unless it is named. */
__attribute__((unused)) static void
world_chain(struct world_zone z)
{
	world_new();
	world_zone((struct world_zone){ .name = "." });
	world_zone((struct world_zone){ .name = "test." });
	z.name = z.name != NULL ? z.name : "example.test.";
	world_zone(z);
}

/* ---- states ---- */

/* "bogus RRSIG_EXPIRED test.", with the zone at fault; or "secure". */
__attribute__((unused)) static const char *
world_words(const struct dnssec *d)
{
	const char *id = catalogue_row(d->reason)->id;

	if (strncmp(id, "DNSSEC_", 7) == 0)
		id += 7;
	if (d->state == DNSSEC_STATE_SECURE)
		return "secure";
	return arena_printf(world.mem, "%s %s %s",
	    dnssec_state_text(d->state), id,
	    d->zone != NULL ? name_text(world.mem, d->zone) : "-");
}

/* What the planner asks for, starting from the question, and no more. */
static struct evidence
world_wanted(const uint8_t *name, uint16_t type)
{
	struct evidence part = *world.ev;
	const struct dns_observation **list =
	    arena_array(world.mem, world.ev->ndns + 1, sizeof *list);
	bool more = true;

	part.dns = list;
	part.ndns = part.nsorted = 0;
	list[0] = evidence_dns(world.ev, name, type);
	part.ndns = list[0] != NULL;
	while (more) {
		struct wants w = { .mem = world.mem, .ev = &part };
		struct answer a;

		more = false;
		answer_follow(world.mem, &part, name, type, &a);
		if (a.kind == ANSWER_PENDING)
			wants_dns(&w, a.final, type);
		for (size_t i = 0; i < a.nlinks; i++)
			chain_wants(world.mem, &part, &a.links[i], &w);
		for (size_t i = 0; i < w.n; i++) {
			const struct dns_observation *o = evidence_dns(
			    world.ev, w.list[i].name, w.list[i].type);

			if (o == NULL || evidence_dns(&part, w.list[i].name,
			    w.list[i].type) != NULL)
				continue;
			list[part.ndns++] = o;
			more = true;
		}
	}
	return part;
}

/* The last state that was found, with all it says; in world.mem. */
static struct dnssec world_last;

static const char *
world_state_of(const struct evidence *ev, const uint8_t *name, uint16_t type,
    int64_t at, bool deprecated)
{
	struct proofs *p = proofs_new(world.mem, ev, NULL);
	struct answer a;

	proofs_deprecated(p, deprecated);
	proofs_renew(p, RENEW_NONE);
	answer_follow(world.mem, ev, name, type, &a);
	world_last = proof_answer(p, &a, at);
	return world_words(&world_last);
}

/*
 * The state of a question at an instant, renewing nothing.  What the planner
 * would have asked for must give the same: else both are in the text.
 */
__attribute__((unused)) static const char *
world_state_full(const char *name, const char *type, int64_t at,
    bool deprecated)
{
	const uint8_t *wire = signer_name(world.mem, name);
	struct evidence part;
	const char *all, *wanted;
	uint16_t number;

	if (!rr_type_from_text(type, &number))
		abort();
	part = world_wanted(wire, number);
	wanted = world_state_of(&part, wire, number, at, deprecated);
	all = world_state_of(world.ev, wire, number, at, deprecated);
	if (strcmp(all, wanted) == 0)
		return all;
	return arena_printf(world.mem, "%s; as planned: %s", all, wanted);
}

__attribute__((unused)) static const char *
world_state(const char *name, const char *type, int64_t at)
{
	return world_state_full(name, type, at, false);
}

#endif

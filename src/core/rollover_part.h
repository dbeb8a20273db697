/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ROLLOVER_PART_H
#define MXPROOF_ROLLOVER_PART_H
/* The two rooms of the rollover among themselves; no other includes this. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge.h"
#include "rollover.h"

struct blob;
struct cert;
struct dane_check;

/* With both kinds of keys, and one of another kind. */
enum { CHAINS_MAX = 3 };

/* Chains, leaf first. */
struct chains {
	struct cert	**certs[CHAINS_MAX];
	size_t		 ncerts[CHAINS_MAX];
	size_t		 n;
};

/* The records that are published now, ready to be matched. */
struct records {
	const uint8_t	*name;		/* asked for */
	const uint8_t	*owner;		/* where another one belongs */
	const char	**texts;	/* "3 1 1 …" */
	struct tlsa_view *list;
	size_t		 n;
	bool		 observed;	/* it is known which, and that none */
	bool		 demand;	/* senders do DANE by them */
	uint32_t	 ttl;		/* in their zones, the longest of all links */
	int64_t		 settled;	/* when no cache has others, at the latest */
	bool		 changed;	/* an earlier run saw another set */
};

/*
 * The last certificate for the host by its name, else for all; NULL: it keeps
 * the one that it has.
 */
const struct overlay_cert *rollover_cert(const struct evidence *,
    const uint8_t *host);

/* A host, and all that its answer depends on. */
struct host_case {
	struct judgement *j;
	const struct evidence *live;	/* what is published */
	const struct path *before;	/* walked there; NULL: as it will be */
	const struct host_view *hv;
	struct rollover_host *r;
	struct chains	 coming;
	struct records	 now;
	const char	*wait;		/* when, after the publication */
	int64_t		 wait_s;	/* its TTL */
};

struct records rollover_records(struct judgement *,
    const struct evidence *published, const uint8_t *tlsa_name);

/* An overlay has other records than are published. */
bool rollover_replaces(const struct evidence *);

/* The last of the dates from which the new certificates pass. */
int64_t rollover_valid_from(const struct host_case *);

/* "1 hour later, and not before …": for what is published now. */
const char *rollover_wait(const struct host_case *, uint32_t ttl);

/* A line to publish first, once. */
void rollover_publish(struct host_case *, const char *line);

/* Keep what is published for the report, and for a later run. */
void rollover_keep_set(struct host_case *, const struct records *);

/* A host of the path as it is reaches the same server as this one will. */
bool rollover_same_server(const struct path_host *before,
    const struct path_host *after);

/*
 * The path is not yet everywhere as it will be: what do senders find meanwhile
 * at the other names that lead to the host's servers?
 */
void rollover_elsewhere(struct host_case *);

/*
 * The chains that the host will have: for each kind of key, with what stays
 * beside the new ones where a session was had; else the new ones alone.
 */
struct chains rollover_coming(struct judgement *, const struct host_view *);

struct cert **rollover_parse(struct judgement *, const struct blob *chain,
    size_t nchain, size_t *n);

/* What the records say of a chain at an instant. */
struct dane_check rollover_check(struct judgement *, const struct host_view *,
    struct cert **certs, size_t n, const struct tlsa_view *list,
    size_t nlist, int64_t at);

/* The sender looks at the dates under usage 3, too, and it is over. */
bool rollover_has_ended(const struct judgement *, const struct cert *leaf,
    int64_t at);

/* Every chain passes by these records. */
bool rollover_all_pass(struct judgement *, const struct host_view *,
    const struct chains *, const struct tlsa_view *list, size_t n,
    int64_t at);

/*
 * Whoever takes what is in service, by any of these records, takes what is to
 * come: no cache can be without the record that fits, unless it refuses the
 * present certificate as well.
 */
bool rollover_goes_on(const struct host_case *, const struct records *);

/* Something in service passes by these records now, and not at that instant. */
bool rollover_ends_before(const struct host_case *, const struct records *,
    int64_t at);

/* What is in service at the host's addresses, beside what is to come. */
enum rollover_present rollover_present(struct judgement *,
    const struct evidence *published, const struct host_view *,
    const struct chains *coming, const struct records *now, bool *working);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_LOOKUP_H
#define MXPROOF_LOOKUP_H
/*
 * One question by itself: what it still wants, and its judgement.  The
 * counterpart of path, plan and judge for a single record set.  Pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding.h"
#include "path.h"
#include "proof.h"

struct arena;
struct evidence;
struct wants;

struct lookup_options {
	int64_t		 at;		/* UTC seconds */
	unsigned	 require;	/* REQUIRE_DNSSEC or none */
	/* It is what the run is about: findings of its zones, too. */
	bool		 alone;
};

/* An alias step, the set, or its denial, with its own state. */
struct lookup_link {
	const struct proof *proof;
	struct dnssec	 dnssec;
};

struct lookup {
	struct arena	*mem;
	const struct evidence *ev;
	struct proofs	*proofs;
	struct lookup_options options;
	const uint8_t	*name;
	uint16_t	 type;
	const struct dns_observation *obs; /* of the question; or NULL */
	struct answer	 answer;
	struct dnssec	 dnssec;	/* of the whole answer */
	struct lookup_link *links;	/* one per answer.links */
	size_t		 nlinks;
	/* The state's own first, then others of its zones, worst first. */
	struct findings	 findings;
	const struct finding *cause;	/* the first */
	bool		 recorded;	/* false: a needed answer is not there */
	/* Nothing is renewed: the first instant the state is worse. */
	bool		 has_until;
	int64_t		 until;
	const char	*because;
};

/*
 * A question that can be judged: of a type that zones hold, not one that
 * only queries or messages have, and no RRSIG, which nothing signs.
 */
bool lookup_type_allowed(uint16_t type);

/* What the question of this evidence (domain, asked.lookup) lacks. */
void lookup_wants(struct wants *);
void lookup_second_look(struct proofs *, struct wants *);

/* The evidence holds the question: observed, or what its run was for. */
bool lookup_recorded(const struct evidence *, const uint8_t *name,
    uint16_t type);

/*
 * Judge a question by the evidence; never NULL.  The proofs may be shared
 * with other questions and judgements of it.
 */
struct lookup *lookup_judge(struct arena *, const struct evidence *,
    struct proofs *, const uint8_t *name, uint16_t type,
    const struct lookup_options *);

/*
 * Every question of the evidence, in its order, once each, beside what else
 * these proofs are for; the array is in the arena.
 */
size_t lookup_all(struct arena *, const struct evidence *, struct proofs *,
    int64_t at, const struct lookup ***out);

/* Find until and because. */
void lookup_validity(struct lookup *);

#endif

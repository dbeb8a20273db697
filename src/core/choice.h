/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CHOICE_H
#define MXPROOF_CHOICE_H
/*
 * Which answer to judge by, where a second look gave several to a question.
 * RFC 6840 5.9: with CD set we see the data of one server or cache, while a
 * validator goes on to others until some validate.  So the looks are chosen
 * by which the fewest questions are bogus, as few changes as possible; what
 * was wrong with the first ones is kept.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proof.h"

struct arena;
struct dns_observation;
struct evidence;
struct memo;

/* A question that is judged by a later look. */
struct choice_change {
	const struct dns_observation *first;
	const struct dns_observation *chosen;
};

/* A question whose first answers were bogus and whose chosen ones are not. */
struct choice_healed {
	const uint8_t	*name;
	uint16_t	 type;
	struct dnssec	 was;		/* its detail says what helped, too */
	/*
	 * What helped was a cache's copy, and no name server that was asked
	 * has it: perhaps of the time before the fault.
	 */
	bool		 contradicted;
};

struct choice {
	struct choice_change *changes;
	size_t		 nchanges;
	struct choice_healed *healed;
	size_t		 nhealed;
};

/*
 * Choose among the looks of ev (whose own choice is NULL) at the time of
 * collection; NULL when there is nothing to choose, or none is better.
 * deprecated as in proofs_deprecated, the memo as in proofs_new.  To judge by it, make a copy of ev
 * with this choice in it; both must outlive the judgement.
 */
const struct choice *choice_make(struct arena *, const struct evidence *,
    bool deprecated, struct memo *);

/* The later look that is chosen for a question, or NULL. */
const struct dns_observation *choice_dns(const struct choice *,
    const uint8_t *name, uint16_t type);

/* What the question's first answers were, or NULL when they were good. */
const struct choice_healed *choice_healed(const struct choice *,
    const uint8_t *name, uint16_t type);

#endif

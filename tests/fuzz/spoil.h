/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_SPOIL_H
#define MXPROOF_SPOIL_H
/*
 * What spoil.c (the steps) and its rooms share: spoil_record.c changes one
 * record or its place, spoil_reply.c an observation of the DNS,
 * spoil_evidence.c what holds them, and the sessions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "world.h"

struct step {
	uint8_t		 what;
	uint8_t		 where;		/* the observation */
	uint8_t		 record;	/* top bit: authority, not answer */
	uint8_t		 pick;		/* another one, a name, a type */
	uint16_t	 at;		/* an offset, a second record */
	uint8_t		 value;
	uint8_t		 more;
};

struct section {
	struct rr	*list;
	size_t		 n;
};

struct spoiler {
	struct spoilt	*s;
	struct arena	*mem;		/* the evidence's */
	struct step	 step;
	/* The observation of the step, own copy; one section of it. */
	struct dns_observation *obs;
	bool		 authority;
};

/* A change of a record, or of an observation or more. */
struct spoil_change {
	void (*record)(struct spoiler *, struct rr *);
	void (*any)(struct spoiler *);
	enum harm	 harm;		/* at least */
};

extern const struct spoil_change spoil_records[], spoil_replies[],
    spoil_evidence[];
extern const size_t spoil_records_count, spoil_replies_count,
    spoil_evidence_count;

/* It was worse than its row says. */
void spoil_harm(struct spoiler *, enum harm);

/* Where the step points: an observation, another, a name, a type. */
size_t spoil_index(const struct spoiler *);
const struct dns_observation *spoil_other(const struct spoiler *);
const uint8_t *spoil_name(const struct spoiler *, unsigned number);
uint16_t spoil_type(unsigned number);
/* The record of the step; NULL where the section is empty. */
struct rr *spoil_record(const struct spoiler *);
/* A copy to be changed. */
struct dns_observation *spoil_copy(struct spoiler *,
    const struct dns_observation *);

struct section section_get(const struct dns_observation *, bool authority);
/* That of the step. */
struct section section(const struct spoiler *);
void section_set(struct spoiler *, struct rr *list, size_t n);
void section_add(struct spoiler *, const struct rr *);
void section_drop(struct spoiler *, size_t i);

/* Other data, checked against the type as the wire reader would. */
void data_set(struct spoiler *, struct rr *, const uint8_t *data,
    size_t len);
/* A private copy of the data, to be given back by data_set. */
uint8_t *data_copy(const struct spoiler *, const struct rr *);

bool is_sig_of(const struct rr *, uint16_t type);
/* Letter case, by the bits of salt. */
void flip_letters(uint8_t *name, size_t len, unsigned salt);

#endif

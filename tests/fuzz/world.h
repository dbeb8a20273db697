/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_WORLD_H
#define MXPROOF_WORLD_H
/*
 * What the target "judge" starts from: recordings of honest signed zones
 * (the fixtures of the unit tests, and tests/cases), what is true in them,
 * and how they are spoilt.  Nobody who spoils them has a private key: the
 * record sets that were signed in a recording are all that can ever be
 * secure in what becomes of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/evidence.h"
#include "core/judge.h"

struct arena;
struct proofs;

/* ---- what is true ---- */

struct truth_signature {
	struct blob	 rdata;		/* canonical */
	struct rrsig	 fields;
};

/* A record set as signed; the same owner and type may occur twice. */
struct truth_set {
	const uint8_t	*owner;
	uint16_t	 type;
	struct blob	*rdata;		/* canonical, sorted, each once */
	size_t		 n;
	struct truth_signature *sigs;
	size_t		 nsigs;
};

struct truth_zone {
	const uint8_t	*name;
	enum dnssec_state state;	/* when it was recorded */
	bool		 opt_out;	/* some span may hold anything */
	bool		 lax;		/* its denials prove nothing */
};

/* The state of a recorded question when it was recorded. */
struct truth_answer {
	const uint8_t	*name;
	uint16_t	 type;
	enum dnssec_state state;
};

struct truth {
	struct arena	*mem;
	struct truth_set *sets;
	size_t		 nsets, setcap;
	struct truth_zone *zones;
	size_t		 nzones;
	struct truth_answer *answers;
	size_t		 nanswers;
	enum delivery	 delivery[NPROFILES];
};

struct world {
	const char	*name;
	struct evidence	*ev;		/* never changed */
	bool		 deprecated;	/* algorithms 5 and 7 count in it */
	struct truth	*truth;
	const uint8_t	**names;	/* those that occur, and near ones */
	size_t		 nnames, namecap;
};

/* The world of that number (modulo their count), made at the first call. */
const struct world *world_get(unsigned number);

/* ---- what was done to it ---- */

/* How much a change can do; of several, the worst counts. */
enum harm {
	HARM_NONE,	/* order, letter case, duplicates: no state changes */
	HARM_ABSENCE,	/* not observed: as before, or could not tell */
	HARM_SILENCE,	/* no reply: the same; but silence can be a fault */
	HARM_ANY
};

struct spoilt {
	const struct world *world;
	struct evidence	*ev;		/* to be freed by the caller */
	enum harm	 harm;
	bool		 anchors;	/* the trust anchors were changed */
	bool		 overlay;	/* some data claim to be a what-if */
	unsigned	 signatures;	/* useless ones that were added */
};

enum { SPOIL_STEP = 8, SPOIL_STEPS_MAX = 24 };

/* Change a copy of a world, SPOIL_STEP octets a step. */
struct spoilt world_spoil(const struct world *, const uint8_t *data,
    size_t size);

/* ---- what must hold ---- */

/* Collect the truth of a recording: once, before anything is changed. */
struct truth *truth_new(const struct evidence *, bool deprecated);

struct verdict {
	const struct spoilt *spoilt;
	struct judgement *j;
	bool		 dates;		/* no signature was taken as renewed */
	bool		 algorithms;	/* those count that did in the truth */
	bool		 usual;		/* options and instant of the truth */
};

/* Stops the program where a state is better or worse than it may be. */
void truth_check(const struct verdict *);

#endif

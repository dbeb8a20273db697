/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PLAN_H
#define MXPROOF_PLAN_H
/*
 * The wants of a path: what to ask next, within the limits.  A pure function
 * of the evidence; it may return the same want again, run.c knows what is in
 * flight.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence.h"

struct arena;
struct path;
struct proofs;

enum want_kind { WANT_DNS, WANT_OPINION, WANT_SMTP };

struct want {
	enum want_kind	 kind;
	/* WANT_DNS, WANT_OPINION (the same question without CD) */
	const uint8_t	*name;
	uint16_t	 type;
	/* WANT_SMTP */
	const uint8_t	*host;
	const char	*address;
	uint16_t	 port;
	const char	*sni;
	enum tls_keys	 keys;
};

struct wants {
	struct arena	*mem;
	const struct evidence *ev;
	struct want	*list;
	size_t		 n, cap;
	bool		 cut;		/* a limit kept something out */
};

/* Add a question unless it is answered in the evidence or listed already. */
void wants_dns(struct wants *, const uint8_t *name, uint16_t type);

/* All that the path lacks: mail path first, chain questions after. */
void plan_wants(const struct path *, struct wants *);

/*
 * Before a verdict of bogus or failed: the resolver's own opinion of each
 * link that fails its proof at the time of collection, and of each question
 * that ended with an error.  Only failing domains have any.
 */
void plan_second_look(const struct path *, struct proofs *,
    struct wants *);

#endif

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

struct answer;
struct arena;
struct memo;
struct nsec3_hasher;
struct path;
struct proofs;

enum want_kind {
	WANT_DNS,
	WANT_LOOK,	/* a question once more, see enum dns_look */
	WANT_SMTP,
	/*
	 * A second session with an address will most likely be wanted when
	 * the first has its TLS: nothing comes of this by itself.
	 */
	WANT_SPARE
};

struct want {
	enum want_kind	 kind;
	/* WANT_DNS, WANT_LOOK */
	const uint8_t	*name;
	uint16_t	 type;
	/* WANT_LOOK; server: "192.0.2.1", "::1@53"; NULL = any resolver */
	enum dns_look	 look;
	enum dns_via	 via;
	const char	*server;
	/* WANT_SMTP, WANT_SPARE */
	const uint8_t	*host;
	const char	*address;
	uint16_t	 port;
	const char	*sni;
	enum tls_keys	 keys;
};

struct wants {
	struct arena	*mem;
	const struct evidence *ev;
	struct memo	*memo;		/* or NULL */
	struct nsec3_hasher *hasher;	/* chain_wants', one for all links */
	struct want	*list;
	size_t		 n, cap;
	bool		 cut;		/* a limit kept something out */
	size_t		 failing;	/* answers that are looked at again */
};

/* Room for one more want, at the end of the list. */
struct want *wants_add(struct wants *);

/* Add a question unless it is answered in the evidence or listed already. */
void wants_dns(struct wants *, const uint8_t *name, uint16_t type);

/* What an answer still lacks: its first question, or an alias target's. */
void wants_answer(struct wants *, const struct answer *);

/* The chain of its links (chain_wants). */
void wants_chain(struct wants *, const struct answer *);

/* Both, of evidence_published beside a view that answers otherwise. */
void wants_published(struct wants *, const struct evidence *published,
    const struct answer *);

/*
 * The chain questions that a name will surely need: they go out together
 * with the first one, and cost no round trip on the critical path.
 */
void wants_first(struct wants *, const uint8_t *name);

/* The second look at one answer, see plan_second_look. */
void wants_second_look(struct wants *, struct proofs *,
    const struct answer *);

/* The present keys and DS of zones that an overlay gives others. */
void cached_wants(struct wants *);

/* All that the path lacks: mail path first, chain questions after. */
void plan_wants(const struct path *, struct wants *);

/*
 * Before a verdict of bogus or failed (RFC 6840 5.9): what failed at the
 * time of collection is asked once more, without CD, at the other resolvers,
 * and at name servers of the zone, whose addresses are asked for before; and
 * so are the keys and the DS that it hangs on.  Only failing domains have
 * any of it.  choice.h decides among the answers.  A TLSA lookup that failed
 * is asked of the host's zone, too: an error of the resolver alone is none of
 * the domain.
 */
void plan_second_look(const struct path *, struct proofs *,
    struct wants *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_BASELINE_H
#define MXPROOF_BASELINE_H
/*
 * An earlier JSON report as what is known already: a finding is the same by
 * its domain, its id and its subject, whatever its words.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/judge.h"

struct arena;
struct baseline;

struct baseline_change {
	const struct finding *finding;	/* NULL: it is gone */
	const char	*id;
	const char	*subject;	/* as text; "" for the domain */
	bool		 was_there;
	enum severity	 before;	/* where it was */
};

/* A judgement beside its domain's report in the baseline. */
struct comparison {
	const char	*file;
	bool		 known;		/* the baseline has the domain */
	const char	*collected_at;	/* of that report */
	bool		 was_unknown;	/* its delivery could not be told */
	bool		 lost;		/* its mail was delivered, and is not any more */
	unsigned	 required_unknown; /* bits of enum requirement */
	struct baseline_change *fresh, *worse, *better, *gone;
	size_t		 nfresh, nworse, nbetter, ngone;
};

/*
 * Read a JSON report, or JSON Lines of several.  NULL: *error is one line,
 * in the arena.  file is for messages and must live as long as the arena,
 * which the result lives in.
 */
struct baseline *baseline_read(struct arena *, const char *file,
    const char *text, size_t len, enum profile, const char **error);

/*
 * The TLSA sets that the report of this domain saw published, and since when:
 * for judge_options.  NULL and 0 where it has none.
 */
const struct rollover_set *baseline_sets(const struct baseline *,
    const uint8_t *domain, size_t *n);

/* In the first arena; all of a domain that is not known is new. */
const struct comparison *baseline_compare(struct arena *,
    const struct baseline *, const struct judgement *);

/* This finding is as it was, or better. */
bool comparison_knows(const struct comparison *, const struct finding *);

#endif

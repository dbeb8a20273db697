/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CAUSE_H
#define MXPROOF_CAUSE_H
/*
 * A DNSSEC state to the finding that says it: which row of the catalogue,
 * with which severity, about which record set.
 */
#include <stdbool.h>

#include "catalogue.h"

struct dnssec;
struct evidence;
struct finding;
struct findings;

struct cause {
	enum finding_id	 id;		/* the state's reason, or what is told of it */
	bool		 alt;		/* the row's alternative severity */
	const char	*remedy;	/* overrides the row's; static, or NULL */
	/*
	 * False: the question that the state hangs on is not in the evidence
	 * although the run had its time: a recording that does not hold it.
	 * Not judged, and never a fault.
	 */
	bool		 recorded;
};

struct cause cause_find(const struct evidence *, const struct dnssec *);

/* Subject, detail and the record to publish of a finding, from the state. */
void cause_fill(struct findings *, struct finding *,
    const struct dnssec *);

#endif

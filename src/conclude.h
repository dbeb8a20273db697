/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CONCLUDE_H
#define MXPROOF_CONCLUDE_H
/*
 * Evidence to a report and an exit status: of a domain's
 * mail, or of one question.
 */
#include <stdint.h>

#include "core/catalogue.h"

struct arena;
struct evidence;
struct memo;
struct options;
struct report_options;

struct conclusion {
	const char	*report;	/* in the arena; NULL after a complaint */
	int		 exit;		/* status of the program */
	enum severity	 status;	/* of the domain */
};

/* Judge and report; the memo may be NULL. */
struct conclusion conclude_mail(struct arena *, const struct options *,
    const struct report_options *, struct memo *, const struct evidence *);
struct conclusion conclude_lookup(struct arena *, const struct options *,
    const struct report_options *, struct memo *, const struct evidence *,
    const uint8_t *name, uint16_t type);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_CONCLUDE_H
#define MXPROOF_CONCLUDE_H
/*
 * Evidence to a report on standard output and an exit status: of a domain's
 * mail, or of one question.
 */
#include <stdint.h>

struct evidence;
struct memo;
struct options;
struct report_options;

/* Judge and print, the memo may be NULL; returns the exit status. */
int conclude_mail(const struct options *, const struct report_options *,
    struct memo *, const struct evidence *);
int conclude_lookup(const struct options *, const struct report_options *,
    struct memo *, const struct evidence *, const uint8_t *name, uint16_t type);

#endif

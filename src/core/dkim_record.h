/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_RECORD_H
#define MXPROOF_DKIM_RECORD_H
/*
 * What is said of a selector that leads where it should: of the key record
 * that stands there, or of none.  For judge_dkim.c.
 */
#include <stdbool.h>

struct dkim_look;
struct dkim_looks;
struct judgement;
struct m365_known;
struct m365_target;

/* A selector other than this has a usable key of the type (NULL: any). */
bool dkim_another_key(const struct dkim_looks *, const struct dkim_look *than,
    const char *type);

/* Nothing shows whether the target's domain part is right. */
bool dkim_id_unchecked(struct judgement *, const struct m365_known *,
    const struct m365_target *);

/* The right CNAME of Microsoft 365, with no key behind it. */
void dkim_add_inactive(const struct dkim_looks *, const struct dkim_look *);

/* A record, good or bad; what is said of several. */
void dkim_add_key(const struct dkim_looks *, const struct dkim_look *);

#endif

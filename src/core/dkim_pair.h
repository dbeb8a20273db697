/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_PAIR_H
#define MXPROOF_DKIM_PAIR_H
/*
 * What is said of Microsoft 365's two selectors together: one of them or both
 * missing, none of them with a key.  For judge_dkim.c.
 */
struct dkim_looks;

void dkim_add_pair(const struct dkim_looks *);

#endif

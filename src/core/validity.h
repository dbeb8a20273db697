/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_VALIDITY_H
#define MXPROOF_VALIDITY_H
/*
 * How long the verdict holds: the same judges at every instant at which a
 * signature or a certificate begins or ends.
 */
struct judgement;

enum {
	VALIDITY_INSTANTS_MAX = 64,	/* looked at, nearest first */
	VALIDITY_EVENTS_MAX = 5
};

/* Fill j->validity; findings and outcomes stay as they are. */
void validity_find(struct judgement *);

#endif

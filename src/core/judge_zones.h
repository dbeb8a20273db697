/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_JUDGE_ZONES_H
#define MXPROOF_JUDGE_ZONES_H
/*
 * What is worth saying about the zones of the mail path that validate:
 * keys, DS records, parameters, and signatures overdue for renewal.
 */
#include <stdbool.h>
#include <stddef.h>

struct judgement;
struct proof;
struct zone_proof;

/* One finding per zone and row; proofs are those of the mail path. */
void judge_zones(struct judgement *, const struct proof *const *proofs,
    size_t nproofs);

/* What a zone with a DS asks of its parent, where that is recorded. */
void judge_cds(struct judgement *, const struct zone_proof *, bool foreign);

#endif

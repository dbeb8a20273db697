/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_JSON_PART_H
#define MXPROOF_JSON_PART_H
/* The larger members of the JSON reports; each returns a new value. */
#include <jansson.h>
#include <stdint.h>

#include "core/proof.h"

enum { REPORT_SCHEMA = 1 };

struct arena;
struct comparison;
struct subject;
struct evidence;
struct findings;
struct judgement;

json_t *json_program(struct arena *);
json_t *json_findings(struct arena *, const struct findings *);
json_t *json_hypothetical(struct arena *, const struct evidence *);
json_t *json_mx(struct arena *, const struct judgement *);
/* What a finding is about. */
json_t *json_subject(struct arena *, const struct subject *);
/* Beside an earlier report; null for NULL. */
json_t *json_baseline(struct arena *, const struct comparison *);
/* The switch to another certificate; null without. */
json_t *json_rollover(struct arena *, const struct judgement *);
/* The message of --message; null without. */
json_t *json_message(struct arena *, const struct judgement *);

/* All zones that the proofs have met. */
json_t *json_zones(struct arena *, struct proofs *, int64_t at);
/* All questions of the evidence. */
json_t *json_lookups(struct arena *, const struct judgement *);

/* "contoso.com. MX" */
json_t *json_set(struct arena *, const uint8_t *owner, uint16_t type);
/* Add the signatures of a set to an array. */
void json_signatures(struct arena *, json_t *array, struct proofs *,
    const struct set_proof *, int64_t at);

#endif

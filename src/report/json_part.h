/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_JSON_PART_H
#define MXPROOF_JSON_PART_H
/* The larger members of the JSON report; each returns a new value. */
#include <jansson.h>

struct arena;
struct judgement;

json_t *json_mx(struct arena *, const struct judgement *);
json_t *json_zones(struct arena *, const struct judgement *);
json_t *json_lookups(struct arena *, const struct judgement *);

#endif

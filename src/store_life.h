/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_STORE_LIFE_H
#define MXPROOF_STORE_LIFE_H
/* For how many seconds others may have what came: a part of the store. */
#include <stdint.h>

struct dns_observation;
struct smtp_observation;

/* The least TTL in it; short for errors (RFC 2308 7). */
int64_t life_of_answer(const struct dns_observation *);

/* Long for what a server is like, short for how it fails. */
int64_t life_of_session(const struct smtp_observation *);

#endif

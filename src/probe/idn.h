/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_IDN_H
#define MXPROOF_IDN_H
/*
 * The door to libidn2: mail domains as people write them, to wire names and
 * back.  IDNA2008 with UTS #46 mapping, non-transitional; the input is UTF-8
 * whatever the locale says.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"

/*
 * A mail domain to its wire name, A-labels in lower case.  A final dot is
 * allowed.  On failure false and *error is a static text that fits behind
 * the input: "is an address, not a domain".
 */
bool idn_to_ascii(const char *input, uint8_t out[NAME_WIRE_MAX],
    const char **error);

/*
 * The name as people read it, UTF-8 without final dot: a label that is no
 * valid A-label stays as it is.  False when buf is too small.
 */
bool idn_to_unicode(const uint8_t *name, char *buf, size_t size);

#endif

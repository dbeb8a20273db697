/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PSL_H
#define MXPROOF_PSL_H
/*
 * The door to libpsl: whose a domain is, by the Public Suffix List (the
 * system's where it is newer than the library's own).
 */
#include <stdint.h>

#include "core/name.h"

/*
 * The organizational domain (RFC 7489 3.2): one label below the public
 * suffix; a public suffix is its own.
 */
void psl_organization(const uint8_t *name, uint8_t out[NAME_WIRE_MAX]);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ROUTE_H
#define MXPROOF_ROUTE_H
/*
 * Whether this machine can reach a family of addresses at all, so that "no
 * IPv6 here" is not taken for a fault of the domain.  Nothing is sent.
 */
#include <stdbool.h>

/*
 * There is a route to the public addresses of the family.  On a machine
 * without any such route, of either family, its own loopback counts: there
 * it is a closed network, and loopback is all that it has.
 */
bool route_exists(bool ipv6);

#endif

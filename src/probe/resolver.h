/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RESOLVER_H
#define MXPROOF_RESOLVER_H
/*
 * Which resolvers to ask: "ADDR", "ADDR@PORT", or what resolv.conf(5) says.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESOLVERS_MAX = 8, RESOLVER_TEXT_MAX = 80 };

struct resolver {
	char		 text[RESOLVER_TEXT_MAX]; /* canonical */
	char		 address[RESOLVER_TEXT_MAX]; /* numeric, no scope */
	bool		 ipv6;
	uint8_t		 bytes[16];
	char		 scope[16];	/* "eth0"; "" = none */
	uint16_t	 port;
};

/* False with *error, a static text. */
bool resolver_parse(const char *text, struct resolver *, const char **error);

/*
 * The nameserver lines of /etc/resolv.conf, at most max; without any it is
 * 127.0.0.1, as for everybody else on the system.  At least 1.
 */
size_t resolvers_system(struct resolver *out, size_t max);

#endif

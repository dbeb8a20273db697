/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_WIRE_H
#define MXPROOF_WIRE_H
/*
 * A DNS message (RFC 1035 4.1, EDNS of RFC 6891, extended errors of RFC
 * 8914) from its octets.  Bounded: counts are checked against the size,
 * and anything that leaves the message makes it malformed as a whole.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdata.h"

struct arena;

enum {
	DNS_QR = 0x8000,
	DNS_AA = 0x0400,
	DNS_TC = 0x0200,
	DNS_RD = 0x0100,
	DNS_RA = 0x0080,
	DNS_AD = 0x0020,
	DNS_CD = 0x0010
};

/* Extended DNS error (RFC 8914 2). */
struct ede {
	uint16_t	 code;
	const char	*text;		/* as sent, NUL-ended; may be "" */
};

struct message {
	uint16_t	 id;
	uint16_t	 flags;		/* DNS_*; opcode and rcode masked out */
	uint8_t		 opcode;
	uint16_t	 rcode;		/* with the OPT record's upper bits */
	const uint8_t	*qname;		/* NULL without a question */
	uint16_t	 qtype;
	uint16_t	 qclass;
	struct rr	*answer;
	size_t		 nanswer;
	struct rr	*authority;
	size_t		 nauthority;
	struct ede	*ede;		/* at most 8 are kept */
	size_t		 nede;
	bool		 edns;
	bool		 dnssec_ok;	/* DO bit of the reply */
};

/*
 * Parse len octets; everything is copied into the arena.  False when the
 * message is malformed (nothing in *out may be used then).  The additional
 * section is walked for OPT only.
 */
bool message_parse(struct arena *, const uint8_t *wire, size_t len,
    struct message *out);

/* The reply answers this question: QR, opcode 0, name, type, class IN. */
bool message_answers(const struct message *, const uint8_t *name,
    uint16_t type);

#endif

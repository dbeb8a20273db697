/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_RDATA_H
#define MXPROOF_RDATA_H
/*
 * Resource records.  One table (type: fields) is read by the wire parser,
 * the canonical form, the text writer and the text reader.  RDATA is kept as
 * uncompressed wire bytes.  Types not in the table, and data that do not
 * parse as their type says, are opaque: written and read as RFC 3597's
 * "\# length hex".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* RR types by the IANA registry's names and numbers. */
enum rr_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_NAPTR = 35,
	TYPE_DNAME = 39,
	TYPE_OPT = 41,
	TYPE_DS = 43,
	TYPE_RRSIG = 46,
	TYPE_NSEC = 47,
	TYPE_DNSKEY = 48,
	TYPE_NSEC3 = 50,
	TYPE_NSEC3PARAM = 51,
	TYPE_TLSA = 52,
	TYPE_CDS = 59,
	TYPE_CDNSKEY = 60,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65,
	TYPE_SPF = 99,
	TYPE_NXNAME = 128,	/* RFC 9824 3.1 */
	TYPE_ANY = 255,
	TYPE_CAA = 257
};

enum { CLASS_IN = 1 };

/* One record.  All pointers lead into one arena, that of its observation. */
struct rr {
	const uint8_t	*owner;		/* wire name */
	const uint8_t	*rdata;		/* uncompressed; rdlen octets */
	uint32_t	 ttl;
	uint16_t	 type;
	uint16_t	 class;
	uint16_t	 rdlen;
	bool		 wellformed;	/* RDATA parses as its type says */
};

/* RRSIG RDATA (RFC 4034 3.1), pointing into the record. */
struct rrsig {
	uint16_t	 covered;
	uint8_t		 algorithm;
	uint8_t		 labels;
	uint32_t	 original_ttl;
	uint32_t	 expiration;	/* serial numbers, RFC 1982 */
	uint32_t	 inception;
	uint16_t	 key_tag;
	const uint8_t	*signer;	/* wire name */
	const uint8_t	*signature;
	size_t		 signaturelen;
};

/* "MX", "TYPE1234"; buf of at least 16 bytes is returned. */
const char *rr_type_text(uint16_t type, char buf[16]);

/* The number of "MX", "mx" or "TYPE15"; false when unknown. */
bool rr_type_from_text(const char *text, uint16_t *type);

/*
 * A type with a name whose data have a text form of their own that is not
 * read here (LOC, HTTPS, …); types that are no data (OPT, ANY, …) are not.
 */
bool rr_type_is_opaque(uint16_t type);

/* "NOERROR", "NXDOMAIN", …, "RCODE23". */
const char *rcode_text(unsigned rcode, char buf[16]);
bool rcode_from_text(const char *text, unsigned *rcode);

/*
 * Decompress and check the RDATA at off in a message.  Fills out->rdata,
 * ->rdlen and ->wellformed for out->type; names are expanded in the types
 * of RFC 3597 4 only.  False only when rdlen leaves the message.
 */
bool rdata_from_wire(struct arena *, const uint8_t *msg, size_t msglen,
    size_t off, size_t rdlen, struct rr *out);

/*
 * Canonical RDATA (RFC 4034 6.2 less RFC 6840 5.1) in the arena, *len
 * octets.  The result may be rr->rdata itself.
 */
const uint8_t *rdata_canonical(struct arena *, const struct rr *,
    size_t *len);

/* Order of two RDATA in canonical form as octet strings (RFC 4034 6.3). */
int rdata_compare(const uint8_t *a, size_t alen, const uint8_t *b,
    size_t blen);

/*
 * The strings of a TXT record joined (RFC 6376 3.6.2.2, RFC 7489 6.1); *len
 * octets, any of them, and a NUL behind.
 */
char *rdata_txt(struct arena *, const struct rr *, size_t *len);

/* Presentation format of the RDATA alone, and of the whole record. */
char *rdata_text(struct arena *, const struct rr *);
char *rr_text(struct arena *, const struct rr *);

/*
 * Read "name [ttl] [class] type rdata" (RFC 1035 5.1, RFC 3597), one
 * logical line without parentheses.  origin and ttl are the defaults;
 * origin NULL: names are absolute.  On failure false and *error is a
 * static text saying what is wrong.
 */
bool rr_from_text(struct arena *, const char *text, const uint8_t *origin,
    uint32_t ttl, struct rr *out, const char **error);

/* The same for the words before the data only; out has no data. */
bool rr_head_from_text(struct arena *, const char *text,
    const uint8_t *origin, uint32_t ttl, struct rr *out, const char **error);

/* False when the record is no well-formed RRSIG. */
bool rrsig_read(const struct rr *, struct rrsig *out);

/* Key tag of a DNSKEY's (or CDNSKEY's) RDATA (RFC 4034 appendix B). */
uint16_t dnskey_tag(const uint8_t *rdata, size_t rdlen);

/* The type stands in the bitmap of a well-formed NSEC or NSEC3 record. */
bool nsec_has_type(const struct rr *, uint16_t type);

#endif

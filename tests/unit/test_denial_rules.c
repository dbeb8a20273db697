/* SPDX-License-Identifier: ISC */
/*
 * What NSEC and NSEC3 records prove, rule by rule: each with a case where it
 * bites and a near miss.  "(name)-" and "(name)+" are hashes next to the
 * name's own, so that a record from the one to the other covers that name
 * alone; see world.h.
 */
#include "core/denial.h"
#include "world.h"

#define TYPE DENIAL_OF_TYPE
#define NAME DENIAL_OF_NAME
#define CLOSER DENIAL_OF_CLOSER

/* NSEC3 with no salt; matching one, and covering one. */
#define AT(name, types) "(" name ") NSEC3 1 0 0 - (" name ")+ " types "|"
#define NO(name) "(" name ")- NSEC3 1 0 0 - (" name ")+ A RRSIG|"
#define OPT(name) "(" name ")- NSEC3 1 1 0 - (" name ")+ A RRSIG|"
#define APEX AT("ex.", "NS SOA RRSIG DNSKEY NSEC3PARAM")
/* NSEC from before to behind the name, both in the zone ex. */
#define NSEC_APEX "ex. NSEC a.ex. NS SOA RRSIG NSEC DNSKEY|"

struct rule {
	const char *name;
	enum denial_question question;
	const char *qname;
	uint16_t type;
	const char *zone;
	unsigned labels;	/* CLOSER */
	const char *records;
	const char *want;
};

static const struct rule rules[] = {
	/* RFC 4034 6.1, 4.1.1: canonical order, and the end of the chain */
	{ "NSEC owner in upper case", NAME, "m.ex.", 0, "ex.", 0,
	    "L.EX. NSEC n.ex. A RRSIG NSEC|" NSEC_APEX, "proven no-name" },
	{ "NSEC next name in upper case", NAME, "m.ex.", 0, "ex.", 0,
	    "l.ex. NSEC N.EX. A RRSIG NSEC|" NSEC_APEX, "proven no-name" },
	{ "NSEC ends before the name", NAME, "m.ex.", 0, "ex.", 0,
	    "k.ex. NSEC l.ex. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	{ "NSEC ends at the name", NAME, "m.ex.", 0, "ex.", 0,
	    "k.ex. NSEC m.ex. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	{ "last NSEC, its next the apex in upper case", NAME, "z.ex.", 0,
	    "ex.", 0, "y.ex. NSEC EX. A RRSIG NSEC|" NSEC_APEX,
	    "proven no-name" },
	{ "an NSEC that runs back, but not to the apex", NAME, "z.ex.", 0,
	    "ex.", 0, "y.ex. NSEC b.ex. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	{ "a next name of another zone", NAME, "z.ex.", 0, "ex.", 0,
	    "y.ex. NSEC a.ey. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	{ "an owner of another zone", NAME, "b.b.ex.", 0, "b.ex.", 0,
	    "a.ex. NSEC c.b.ex. A RRSIG NSEC|"
	    "b.ex. NSEC a.b.ex. NS SOA RRSIG NSEC", "invalid" },
	{ "a record that cannot be read", NAME, "m.ex.", 0, "ex.", 0,
	    "l.ex. NSEC \\# 8 016e02657800ff00|" NSEC_APEX, "invalid" },
	{ "it could be without its last two octets", NAME, "m.ex.", 0, "ex.",
	    0, "l.ex. NSEC \\# 9 016e02657800000140|" NSEC_APEX,
	    "proven no-name" },
	{ "last NSEC of the root", NAME, "zz.", 0, ".", 0,
	    "zw. NSEC . NS DS RRSIG NSEC|. NSEC aaa. NS SOA RRSIG NSEC",
	    "proven no-name" },
	{ "one record is the whole chain", NAME, "m.ex.", 0, "ex.", 0,
	    "ex. NSEC ex. NS SOA RRSIG NSEC", "proven no-name" },
	{ "and says what its own name has", TYPE, "ex.", TYPE_MX, "ex.", 0,
	    "ex. NSEC ex. NS SOA MX RRSIG NSEC", "invalid" },
	{ "escaped octets in order", NAME, "m.ex.", 0, "ex.", 0,
	    "l\\255.ex. NSEC \\200.ex. A RRSIG NSEC|" NSEC_APEX,
	    "proven no-name" },

	/* RFC 4035 5.4, 3.1.3.2: no such name, and no wildcard */
	{ "the wildcard at the apex is not denied", NAME, "m.ex.", 0, "ex.",
	    0, "l.ex. NSEC n.ex. A RRSIG NSEC|"
	    "*.ex. NSEC a.ex. A RRSIG NSEC", "invalid" },
	{ "one record denies both", NAME, "a.ex.", 0, "ex.", 0,
	    "ex. NSEC b.ex. NS SOA RRSIG NSEC", "proven no-name" },
	{ "a wildcard lower than it could match", NAME, "m.ex.", 0, "ex.", 0,
	    "l.ex. NSEC n.ex. A RRSIG NSEC|"
	    "*.l.ex. NSEC n.ex. A RRSIG NSEC", "invalid" },
	{ "the wildcard of the closest encloser", NAME, "x.b.ex.", 0, "ex.",
	    0, "b.ex. NSEC c.ex. A RRSIG NSEC", "proven no-name" },
	{ "not of one above it", NAME, "x.b.ex.", 0, "ex.", 0,
	    "w.b.ex. NSEC c.ex. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	/* RFC 4035 3.1.3.4: wildcard, no data */
	{ "wildcard at the apex without the type", TYPE, "m.ex.", TYPE_MX,
	    "ex.", 0, "l.ex. NSEC n.ex. A RRSIG NSEC|"
	    "*.ex. NSEC a.ex. A RRSIG NSEC", "proven" },
	{ "with the type", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "l.ex. NSEC n.ex. A RRSIG NSEC|*.ex. NSEC a.ex. MX RRSIG NSEC",
	    "invalid" },
	{ "with an alias", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "l.ex. NSEC n.ex. A RRSIG NSEC|*.ex. NSEC a.ex. CNAME RRSIG NSEC",
	    "invalid" },
	{ "without the proof that the name is not there", TYPE, "m.ex.",
	    TYPE_MX, "ex.", 0, "*.ex. NSEC a.ex. A RRSIG NSEC", "invalid" },
	{ "the wildcard's own name asked for", TYPE, "*.ex.", TYPE_MX, "ex.",
	    0, "*.ex. NSEC a.ex. A RRSIG NSEC", "proven" },

	/* RFC 4592 2.2.2, RFC 4035 5.4: empty non-terminals */
	{ "names below make it exist", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "l.ex. NSEC a.m.ex. A RRSIG NSEC", "proven" },
	{ "a longer label is no name below", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "l.ex. NSEC am.ex. A RRSIG NSEC|" NSEC_APEX, "invalid" },
	{ "no DS at an empty non-terminal: no cut", TYPE, "m.ex.", TYPE_DS,
	    "ex.", 0, "l.ex. NSEC a.m.ex. A RRSIG NSEC", "proven" },

	/* RFC 6840 4.1, RFC 6672 5.3.2: what is cut off or moved away */
	{ "below a delegation", NAME, "x.b.ex.", 0, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC|" NSEC_APEX, "invalid delegation" },
	{ "below a zone's apex", NAME, "x.b.ex.", 0, "b.ex.", 0,
	    "b.ex. NSEC c.b.ex. NS SOA RRSIG NSEC|"
	    "w.b.ex. NSEC b.ex. A RRSIG NSEC", "proven no-name" },
	{ "beside a delegation", NAME, "bx.ex.", 0, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC|" NSEC_APEX, "proven no-name" },
	{ "no DS below a delegation", TYPE, "x.b.ex.", TYPE_DS, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC|" NSEC_APEX, "invalid delegation" },
	{ "below a DNAME", TYPE, "x.b.ex.", TYPE_MX, "ex.", 0,
	    "b.ex. NSEC c.ex. DNAME RRSIG NSEC", "invalid" },
	{ "a type at the DNAME's own name", TYPE, "b.ex.", TYPE_MX, "ex.", 0,
	    "b.ex. NSEC c.ex. DNAME RRSIG NSEC", "proven" },
	{ "the DNAME itself", TYPE, "b.ex.", TYPE_DNAME, "ex.", 0,
	    "b.ex. NSEC c.ex. DNAME RRSIG NSEC", "invalid" },
	{ "a type at a delegation", TYPE, "b.ex.", TYPE_A, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC", "invalid delegation" },
	{ "NS asked for at a delegation", TYPE, "b.ex.", TYPE_NS, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC", "invalid" },
	/* RFC 6840 4.3 */
	{ "an alias is there", TYPE, "b.ex.", TYPE_MX, "ex.", 0,
	    "b.ex. NSEC c.ex. CNAME RRSIG NSEC", "invalid" },
	{ "the alias itself", TYPE, "b.ex.", TYPE_CNAME, "ex.", 0,
	    "b.ex. NSEC c.ex. CNAME RRSIG NSEC", "invalid" },
	{ "no alias there", TYPE, "b.ex.", TYPE_CNAME, "ex.", 0,
	    "b.ex. NSEC c.ex. A RRSIG NSEC", "proven" },
	/* RFC 4034 4.1.2: windows of the bitmap */
	{ "a type of window 1", TYPE, "b.ex.", TYPE_CAA, "ex.", 0,
	    "b.ex. NSEC c.ex. A RRSIG NSEC CAA", "invalid" },
	{ "its number in window 0", TYPE, "b.ex.", TYPE_CAA, "ex.", 0,
	    "b.ex. NSEC c.ex. A RRSIG NSEC TYPE1", "proven" },
	{ "the last type", TYPE, "b.ex.", 65535, "ex.", 0,
	    "b.ex. NSEC c.ex. A RRSIG NSEC TYPE65535", "invalid" },
	/* RFC 6840 4.4, RFC 4035 2.4: DS */
	{ "no DS, no cut", TYPE, "b.ex.", TYPE_DS, "ex.", 0,
	    "b.ex. NSEC c.ex. A RRSIG NSEC", "proven" },
	{ "no DS at a cut", TYPE, "b.ex.", TYPE_DS, "ex.", 0,
	    "b.ex. NSEC c.ex. NS RRSIG NSEC", "proven delegation" },
	{ "the child says so", TYPE, "b.ex.", TYPE_DS, "b.ex.", 0,
	    "b.ex. NSEC a.b.ex. NS SOA RRSIG NSEC", "invalid" },
	{ "the root says so of itself", TYPE, ".", TYPE_DS, ".", 0,
	    ". NSEC a. NS SOA RRSIG NSEC", "proven" },
	{ "a zone that does not hold the name", TYPE, "b.ex.", TYPE_DS,
	    "c.ex.", 0, "b.ex. NSEC c.ex. NS RRSIG NSEC", "invalid" },

	/* RFC 4035 5.3.4: an expansion, no closer match */
	{ "expanded at the apex", CLOSER, "m.ex.", 0, "ex.", 1,
	    "l.ex. NSEC n.ex. A RRSIG NSEC", "proven" },
	{ "the name exists", CLOSER, "m.ex.", 0, "ex.", 1,
	    "m.ex. NSEC n.ex. A RRSIG NSEC", "invalid" },
	{ "the name is an empty non-terminal", CLOSER, "m.ex.", 0, "ex.", 1,
	    "l.ex. NSEC a.m.ex. A RRSIG NSEC", "invalid" },
	{ "a name between exists", CLOSER, "x.m.ex.", 0, "ex.", 1,
	    "m.ex. NSEC n.ex. A RRSIG NSEC", "invalid" },
	{ "no name between", CLOSER, "x.m.ex.", 0, "ex.", 1,
	    "l.ex. NSEC n.ex. A RRSIG NSEC", "proven" },
	{ "the wildcard's own parent is not there", CLOSER, "x.m.ex.", 0,
	    "ex.", 2, "l.ex. NSEC n.ex. A RRSIG NSEC", "invalid" },
	{ "a delegation covers it", CLOSER, "x.m.ex.", 0, "ex.", 1,
	    "m.ex. NSEC n.ex. NS RRSIG NSEC", "invalid" },
	{ "nothing but the wildcard's record", CLOSER, "m.ex.", 0, "ex.", 1,
	    "*.ex. NSEC a.ex. A RRSIG NSEC", "invalid" },

	/* RFC 9824: compact denial */
	{ "NXNAME, asked as NODATA", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. RRSIG NSEC NXNAME", "proven no-name" },
	{ "NXNAME, signed NXDOMAIN", NAME, "m.ex.", 0, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. RRSIG NSEC NXNAME", "proven no-name" },
	{ "NXNAME of another name", NAME, "n.ex.", 0, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. RRSIG NSEC NXNAME", "invalid" },
	{ "NXNAME beside the type", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. MX RRSIG NSEC NXNAME", "invalid" },
	{ "no NXNAME, signed NXDOMAIN", NAME, "m.ex.", 0, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. RRSIG NSEC", "invalid" },
	{ "an older compact server: NODATA", TYPE, "m.ex.", TYPE_MX, "ex.",
	    0, "m.ex. NSEC \\000.m.ex. RRSIG NSEC", "proven" },
	{ "an empty non-terminal", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. RRSIG NSEC", "proven" },
	{ "all types but the one asked for", TYPE, "m.ex.", TYPE_TLSA, "ex.",
	    0, "m.ex. NSEC \\000.m.ex. A MX TXT AAAA CAA RRSIG NSEC",
	    "proven" },
	{ "that one, too", TYPE, "m.ex.", TYPE_TLSA, "ex.", 0,
	    "m.ex. NSEC \\000.m.ex. A MX TXT AAAA TLSA RRSIG NSEC",
	    "invalid" },
	{ "compact NSEC3", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 0 0 - (m.ex.)+ NXNAME", "proven no-name" },
	{ "compact NSEC3, signed NXDOMAIN", NAME, "m.ex.", 0, "ex.", 0,
	    "(m.ex.) NSEC3 1 0 0 - (m.ex.)+ NXNAME", "proven no-name" },
	{ "compact NSEC3 of an empty non-terminal", NAME, "m.ex.", 0, "ex.",
	    0, "(m.ex.) NSEC3 1 0 0 - (m.ex.)+", "invalid" },
	{ "minimal NSEC, a name error", NAME, "m.ex.", 0, "ex.", 0,
	    "l~.ex. NSEC m!.ex. RRSIG NSEC|\\041~.ex. NSEC +.ex. RRSIG NSEC",
	    "proven no-name" },
	{ "minimal NSEC, the wildcard left out", NAME, "m.ex.", 0, "ex.", 0,
	    "l~.ex. NSEC m!.ex. RRSIG NSEC", "invalid" },

	/* RFC 5155 8.3, 8.4: no such name */
	{ "closest encloser proof", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("m.ex.") NO("*.ex."), "proven no-name" },
	{ "no encloser", NAME, "m.ex.", 0, "ex.", 0,
	    NO("m.ex.") NO("*.ex."), "invalid" },
	{ "no next closer", NAME, "m.ex.", 0, "ex.", 0, APEX NO("*.ex."),
	    "invalid" },
	{ "no wildcard denied", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("m.ex."), "invalid" },
	{ "the wildcard is there", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("m.ex.") AT("*.ex.", "A"), "invalid" },
	{ "the name is there", NAME, "m.ex.", 0, "ex.", 0,
	    APEX AT("m.ex.", "A") NO("*.ex."), "invalid" },
	{ "the longest encloser counts", NAME, "y.x.m.ex.", 0, "ex.", 0,
	    APEX AT("m.ex.", "A") NO("x.m.ex.") NO("*.m.ex."),
	    "proven no-name" },
	{ "its next closer is not denied", NAME, "y.x.m.ex.", 0, "ex.", 0,
	    APEX AT("m.ex.", "A") NO("m.ex.") NO("*.ex.") NO("*.m.ex."),
	    "invalid" },
	{ "the wildcard of another ancestor", NAME, "y.x.m.ex.", 0, "ex.", 0,
	    APEX AT("m.ex.", "A") NO("x.m.ex.") NO("*.ex."), "invalid" },
	{ "the encloser is a delegation", NAME, "x.m.ex.", 0, "ex.", 0,
	    AT("m.ex.", "NS DS RRSIG") NO("x.m.ex.") NO("*.m.ex."),
	    "invalid delegation" },
	{ "the encloser is a DNAME", NAME, "x.m.ex.", 0, "ex.", 0,
	    AT("m.ex.", "DNAME RRSIG") NO("x.m.ex.") NO("*.m.ex."),
	    "invalid" },
	{ "the encloser is a zone's apex", NAME, "x.m.ex.", 0, "m.ex.", 0,
	    AT("m.ex.", "NS SOA RRSIG") NO("x.m.ex.") NO("*.m.ex."),
	    "proven no-name" },
	{ "the encloser lies above the zone", NAME, "x.m.ex.", 0, "m.ex.", 0,
	    AT("ex.", "NS SOA RRSIG") NO("m.ex.") NO("*.ex."), "invalid" },

	/* RFC 5155 8.5, 8.7: no data */
	{ "no data", TYPE, "m.ex.", TYPE_MX, "ex.", 0, AT("m.ex.", "A RRSIG"),
	    "proven" },
	{ "the type is there", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("m.ex.", "MX RRSIG"), "invalid" },
	{ "an alias", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("m.ex.", "CNAME RRSIG"), "invalid" },
	{ "empty non-terminal", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("m.ex.", ""), "proven" },
	{ "by the parent at a cut", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("m.ex.", "NS DS RRSIG"), "invalid delegation" },
	{ "by the zone at its apex", TYPE, "m.ex.", TYPE_MX, "m.ex.", 0,
	    AT("m.ex.", "NS SOA RRSIG"), "proven" },
	{ "wildcard, no data", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX NO("m.ex.") AT("*.ex.", "A RRSIG"), "proven" },
	{ "wildcard, the type is there", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX NO("m.ex.") AT("*.ex.", "MX RRSIG"), "invalid" },
	{ "wildcard, an alias", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX NO("m.ex.") AT("*.ex.", "CNAME RRSIG"), "invalid" },
	{ "wildcard, the name not denied", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX AT("*.ex.", "A RRSIG"), "invalid" },
	{ "a name error called no data", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX NO("m.ex.") NO("*.ex."), "invalid" },

	/* RFC 5155 8.6, 8.9, 9.2: DS and opt-out */
	{ "no DS at a cut", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    AT("m.ex.", "NS"), "proven delegation" },
	{ "a DS is there", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    AT("m.ex.", "NS DS RRSIG"), "invalid" },
	{ "no cut", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    AT("m.ex.", "A RRSIG"), "proven" },
	{ "DS by the child", TYPE, "m.ex.", TYPE_DS, "m.ex.", 0,
	    AT("m.ex.", "NS SOA RRSIG"), "invalid" },
	{ "opt-out span", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    APEX OPT("m.ex."), "opt-out delegation" },
	{ "a span without the flag", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    APEX NO("m.ex."), "invalid" },
	{ "without the flag, and without a wildcard", TYPE, "m.ex.", TYPE_DS,
	    "ex.", 0, APEX NO("m.ex.") NO("*.ex."), "proven no-name" },
	{ "opt-out, but below a delegation", TYPE, "x.m.ex.", TYPE_DS, "ex.",
	    0, AT("m.ex.", "NS DS RRSIG") OPT("x.m.ex."), "invalid delegation" },
	{ "opt-out, no encloser", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    OPT("m.ex."), "invalid" },
	{ "opt-out, a name error", NAME, "m.ex.", 0, "ex.", 0,
	    APEX OPT("m.ex.") NO("*.ex."), "opt-out delegation" },
	{ "opt-out on the wildcard's record only", NAME, "m.ex.", 0, "ex.",
	    0, APEX NO("m.ex.") OPT("*.ex."), "proven no-name" },
	{ "opt-out, no data of a wildcard", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX OPT("m.ex.") AT("*.ex.", "A RRSIG"), "opt-out" },
	{ "opt-out, no data", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    APEX OPT("m.ex."), "opt-out delegation" },
	{ "an opt-out record that matches", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 1 0 - (m.ex.)+ A RRSIG", "proven" },

	/* RFC 5155 8.8: an expansion */
	{ "no closer match", CLOSER, "m.ex.", 0, "ex.", 1, NO("m.ex."),
	    "proven" },
	{ "the next closer name, not the name", CLOSER, "x.m.ex.", 0, "ex.",
	    1, NO("x.m.ex."), "invalid" },
	{ "the next closer name of a long one", CLOSER, "x.m.ex.", 0, "ex.",
	    1, NO("m.ex."), "proven" },
	{ "the name is there", CLOSER, "m.ex.", 0, "ex.", 1,
	    AT("m.ex.", "A"), "invalid" },
	{ "in an opt-out span", CLOSER, "m.ex.", 0, "ex.", 1, OPT("m.ex."),
	    "opt-out" },

	/* RFC 5155 3.1.7: the circle, and single records */
	{ "all but a name", NAME, "m.ex.", 0, "ex.", 0,
	    APEX "(b.ex.)+ NSEC3 1 0 0 - (b.ex.)- A", "proven no-name" },
	{ "all but this name", NAME, "m.ex.", 0, "ex.", 0,
	    APEX "(m.ex.)+ NSEC3 1 0 0 - (m.ex.)- A", "invalid" },
	{ "one record is the whole chain", NAME, "m.ex.", 0, "ex.", 0,
	    "(ex.) NSEC3 1 0 0 - (ex.) NS SOA RRSIG", "proven no-name" },
	{ "and does not cover its own name", TYPE, "ex.", TYPE_SOA, "ex.", 0,
	    "(ex.) NSEC3 1 0 0 - (ex.) NS SOA RRSIG", "invalid" },
	{ "a covering record ends at the name", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("*.ex.") "(m.ex.)- NSEC3 1 0 0 - (m.ex.) A", "invalid" },
	{ "a covering record begins at the name", CLOSER, "m.ex.", 0, "ex.",
	    1, "(m.ex.) NSEC3 1 0 0 - (m.ex.)- A", "invalid" },
	{ "owner in lower case", TYPE, "ns1.example.", TYPE_MX, "example.", 0,
	    "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 1 0 12 aabbccdd "
	    "2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", "proven" },
	{ "owner in upper case", TYPE, "ns1.example.", TYPE_MX, "example.", 0,
	    "2T7B4G4VSA5SMI47K61MV5BV1A22BOJR.EXAMPLE. NSEC3 1 0 12 aabbccdd "
	    "2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A RRSIG", "proven" },
	{ "owner deeper in the zone", TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22bojr.x.example. NSEC3 "
	    "1 0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
	    "invalid" },
	{ "owner that is no hash", TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "zt7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 "
	    "1 0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG|"
	    "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 "
	    "1 0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
	    "proven" },
	{ "a record that cannot be read", TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3 "
	    "\\# 33 0100000c04aabbccdd1400000000000000000000000000000000000000"
	    "00ff0040", "invalid" },
	{ "owner one character short", TYPE, "ns1.example.", TYPE_MX,
	    "example.", 0, "2t7b4g4vsa5smi47k61mv5bv1a22boj.example. NSEC3 "
	    "1 0 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
	    "invalid" },

	/* RFC 5155 8.1, 8.2: what is unknown is ignored */
	{ "only an unknown hash", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 2 0 0 - (m.ex.)+ A", "invalid" },
	{ "an unknown hash beside", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.)+ NSEC3 2 0 0 - (m.ex.)+ A|" AT("m.ex.", "A"), "proven" },
	{ "only an unknown flag", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 2 0 - (m.ex.)+ A", "invalid" },
	{ "opt-out and an unknown flag", TYPE, "m.ex.", TYPE_DS, "ex.", 0,
	    APEX "(m.ex.)- NSEC3 1 3 0 - (m.ex.)+ A", "invalid" },
	{ "an unknown flag beside", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.)+ NSEC3 1 128 0 - (m.ex.)+ A|" AT("m.ex.", "A"),
	    "proven" },
	{ "other parameters behind", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("m.ex.", "A") "(x.ex.) NSEC3 1 0 1 ab (x.ex.)+ A", "proven" },
	{ "other parameters before", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(x.ex.) NSEC3 1 0 1 ab (x.ex.)+ A|" AT("m.ex.", "A"), "proven" },
	{ "half of the proof with each", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("m.ex.") "(*.ex.)- NSEC3 1 0 1 ab (*.ex.)+ A",
	    "invalid" },
	{ "too many iterations before", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(x.ex.) NSEC3 1 0 151 - (x.ex.)+ A|" AT("m.ex.", "A"),
	    "proven" },
	{ "NSEC beside NSEC3 that does", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "a.ex. NSEC b.ex. A|" AT("m.ex.", "A"), "proven" },
	{ "NSEC that does beside NSEC3", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    AT("x.ex.", "A") "m.ex. NSEC n.ex. A", "proven" },
	{ "half of the proof from each", NAME, "m.ex.", 0, "ex.", 0,
	    APEX NO("m.ex.") NSEC_APEX, "invalid" },
	/* RFC 5155 3.1.5: salt of 0 and of 255 octets */
	{ "a long salt", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 0 3 SALT255 (m.ex.)+ A", "proven" },
	{ "a long salt, another name", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(n.ex.) NSEC3 1 0 3 SALT255 (n.ex.)+ A", "invalid" },
	/* RFC 9276 3.2 */
	{ "150 iterations", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 0 150 - (m.ex.)+ A", "proven" },
	{ "151 iterations", TYPE, "m.ex.", TYPE_MX, "ex.", 0,
	    "(m.ex.) NSEC3 1 0 151 - (m.ex.)+ A", "iterations" },
	{ "65535 iterations", NAME, "m.ex.", 0, "ex.", 0,
	    "(x.ex.) NSEC3 1 0 65535 - (x.ex.)+ A", "iterations" },
};

static const char *
words(const struct denial_result *r)
{
	static const char *const verdicts[] = {
		[DENIAL_PROVEN] = "proven", [DENIAL_OPT_OUT] = "opt-out",
		[DENIAL_MISSING] = "missing", [DENIAL_INVALID] = "invalid",
		[DENIAL_ITERATIONS] = "iterations",
		[DENIAL_NOT_CHECKED] = "not-checked"
	};

	return arena_printf(world.mem, "%s%s%s", verdicts[r->verdict],
	    r->delegation ? " delegation" : "", r->no_name ? " no-name" : "");
}

/* "SALT255" is a salt of that length. */
static const char *
salted(const char *line)
{
	char salt[511], *at = strstr(line, "SALT255");

	if (at == NULL)
		return line;
	for (size_t i = 0; i < sizeof salt - 1; i++)
		salt[i] = "0123456789ABCDEF"[i % 16];
	salt[sizeof salt - 1] = '\0';
	return arena_printf(world.mem, "%.*s%s%s", (int)(at - line), line,
	    salt, at + 7);
}

static void
test_rule(const struct rule *c, struct nsec3_hasher *h)
{
	const struct rr *list[16];
	struct denial_query q = { c->question, signer_name(world.mem,
	    c->qname), c->type, signer_name(world.mem, c->zone), c->labels,
		list, 0 };
	char *copy = arena_strdup(world.mem, c->records), *line, *end;
	struct denial_result r;

	for (line = copy; line != NULL && *line != '\0'; line = end) {
		struct rr *rr = arena_alloc(world.mem, sizeof *rr);

		end = strchr(line, '|');
		if (end != NULL)
			*end++ = '\0';
		*rr = signer_record(world.mem, world_hashes(c->zone,
		    salted(line)));
		list[q.nrecords++] = rr;
	}
	r = denial_check(h, &q);
	if (!is(words(&r), c->want, c->name))
		printf("# %s\n", r.why ? r.why : "");
}

int
main(void)
{
	struct nsec3_hasher *h;

	world_new();
	h = nsec3_hasher_new(world.mem, 1000);
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		test_rule(&rules[i], h);
	world_free();
	signer_free();
	return tap_done();
}

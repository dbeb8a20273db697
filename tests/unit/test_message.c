/* SPDX-License-Identifier: ISC */
/* Headers of messages: the fields that matter, signatures, results. */
#include "core/message.h"

#include "core/arena.h"
#include "core/name.h"
#include "tap.h"

/* ---- the header ---- */

/* want: "from,from|field|field", or "error: …" */
static const struct {
	const char *name;
	const char *text;
	const char *want;
} scans[] = {
	{ "one address", "From: a@contoso.com\n\n", "contoso.com" },
	{ "CRLF", "From: a@contoso.com\r\n\r\nbody\r\n", "contoso.com" },
	{ "no empty line at the end", "From: a@contoso.com", "contoso.com" },
	{ "no header field twice told", "FROM: a@contoso.com\n", "contoso.com" },
	{ "white space before the colon", "From : a@contoso.com\n",
	    "contoso.com" },
	{ "a name", "From: Alice <a@contoso.com>\n", "contoso.com" },
	{ "quoted: comma, at and bracket",
	    "From: \"A, <x@evil.example> \\\" y\" <a@contoso.com>\n",
	    "contoso.com" },
	{ "comments nest",
	    "From: (x@evil.example (y@z.example)) a@contoso.com (more)\n",
	    "contoso.com" },
	{ "a quote in a comment", "From: (it's 5\") <a@contoso.com>\n",
	    "contoso.com" },
	{ "quoted local part", "From: \"a@b\"@contoso.com\n", "contoso.com" },
	{ "folded", "From: Alice\n <a@contoso.com>\n", "contoso.com" },
	{ "folded over a blank line of spaces", "From: Alice\n \t\n"
	    " <a@contoso.com>\nX: y\n", "contoso.com" },
	{ "blanks around the domain", "From: <a@ contoso.com >\n",
	    "contoso.com" },
	{ "two, one domain", "From: a@contoso.com, <b@contoso.com>\n",
	    "contoso.com" },
	{ "two domains", "From: a@contoso.com, b@fabrikam.com\n",
	    "contoso.com,fabrikam.com" },
	{ "a group", "From: us: a@contoso.com, b@contoso.com;\n",
	    "contoso.com" },
	{ "a source route", "From: <@relay.example:a@contoso.com>\n",
	    "contoso.com" },
	{ "no address", "From: Alice\n", "" },
	{ "an open quote", "From: \"Alice <a@contoso.com>\n", "" },
	{ "nothing in it", "From:\n", "" },
	{ "a body's From is none", "To: b@c.example\n\n"
	    "From: a@contoso.com\nDKIM-Signature: x\n", "" },
	{ "a mailbox's first line", "From a@b Mon Jan  1 00:00:00 2026\n"
	    "From: a@contoso.com\n", "contoso.com" },
	{ "blank lines first", "\n\r\n\nFrom: a@contoso.com\n",
	    "contoso.com" },
	{ "a byte order mark", "\xef\xbb\xbf" "From: a@contoso.com\n",
	    "contoso.com" },
	{ "From-like names", "From-X: a@b.example\nXFrom: a@c.example\n", "" },
	{ "signature, unfolded",
	    "DKIM-Signature: v=1;\r\n\ta=x;\r\n b=AA\r\n  BB\r\n",
	    "|DKIM-Signature: v=1; a=x; b=AA  BB" },
	{ "case of the name, order",
	    "dkim-signature:a\nAUTHENTICATION-RESULTS: b\nDKIM-Signature: c\n",
	    "|DKIM-Signature: a|Authentication-Results: b|DKIM-Signature: c" },
	{ "other fields are not kept", "X-DKIM-Signature: a\nSubject: b\n"
	    "ARC-Authentication-Results: c\n", "" },
	{ "control characters and the rest",
	    "DKIM-Signature: a\001b\033[2Jc\303\244\n",
	    "|DKIM-Signature: a b [2Jc??" },
	{ "no message", "hello\nFrom: a@b\n",
	    "error: is not a message: line 1 is no header field" },
	{ "a broken fold", "\nTo: a@b\nDKIM-Signature: v=1;\na=rsa\n",
	    "error: is not a message: line 4 is neither a header field nor "
	    "its continuation" },
	{ "HTML", "<html>\n", "error: is not a message: line 1 is no header "
	    "field" },
	{ "a continuation first", " x: y\n",
	    "error: is not a message: line 1 is no header field" },
	{ "empty", "", "error: is empty" },
	{ "blank lines only", "\n\n\n", "error: is empty" },
};

static const char *
scan_words(struct arena *mem, const char *text, size_t len)
{
	struct message_scan scan;
	const char *error, *out = "";

	if (!message_scan(mem, text, len, &scan, &error))
		return arena_printf(mem, "error: %s", error);
	for (size_t i = 0; i < scan.nfrom; i++)
		out = arena_printf(mem, "%s%s%s", out, i > 0 ? "," : "",
		    scan.from[i]);
	for (size_t i = 0; i < scan.nfields; i++)
		out = arena_printf(mem, "%s|%s", out, scan.fields[i]);
	return scan.cut ? arena_printf(mem, "%s cut", out) : out;
}

static void
test_scans(struct arena *mem)
{
	for (size_t i = 0; i < sizeof scans / sizeof *scans; i++)
		is(scan_words(mem, scans[i].text, strlen(scans[i].text)),
		    scans[i].want, scans[i].name);
}

/* ---- limits ---- */

static char *
repeated(struct arena *mem, const char *lead, const char *text, size_t n)
{
	size_t len = strlen(text), at = strlen(lead);
	char *out = arena_alloc(mem, at + n * len + 1);

	memcpy(out, lead, at);
	for (size_t i = 0; i < n; i++, at += len)
		memcpy(out + at, text, len);
	return out;
}

static void
test_limits(struct arena *mem)
{
	struct message_scan scan;
	const char *error, *text;

	text = repeated(mem, "", "DKIM-Signature: x\n",
	    MESSAGE_SIGNATURES_MAX);
	ok(message_scan(mem, text, strlen(text), &scan, &error) &&
	    scan.nfields == MESSAGE_SIGNATURES_MAX && !scan.cut,
	    "as many signatures as are kept");
	text = repeated(mem, "", "DKIM-Signature: x\n",
	    MESSAGE_SIGNATURES_MAX + 1);
	ok(message_scan(mem, text, strlen(text), &scan, &error) &&
	    scan.nfields == MESSAGE_SIGNATURES_MAX && scan.cut, "one more");
	text = repeated(mem, "From: ", "a@b.c,", 50000);
	ok(!message_scan(mem, text, strlen(text), &scan, &error) &&
	    strcmp(error, "has a header of over 262144 octets") == 0,
	    "a header without end");
	text = repeated(mem, "From: a@b.c\n\n", "body\n", 100000);
	ok(message_scan(mem, text, strlen(text), &scan, &error) &&
	    scan.nfrom == 1, "a body of any size");
	text = repeated(mem, "From: ", "(", 200000);
	ok(message_scan(mem, text, strlen(text), &scan, &error) &&
	    scan.nfrom == 0, "comments without end");
	ok(message_scan(mem, "From: a@b.c\0x\n", 14, &scan, &error) &&
	    strcmp(scan.from[0], "b.cx") == 0, "a NUL");
}

/* ---- signatures ---- */

#define LONG "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"
#define REST "b=AA; bh=AA; h=From:To; v=1"
#define GOOD "a=rsa-sha256; d=contoso.com; s=s1; " REST

/* want: "selector domain algorithm", then ": error" */
static const struct {
	const char *name;
	const char *value;
	const char *want;
} signatures[] = {
	{ "good", GOOD, "s1 contoso.com rsa-sha256" },
	{ "Ed25519", "a=ed25519-sha256; d=contoso.com; s=s1; " REST,
	    "s1 contoso.com ed25519-sha256" },
	{ "capitals", "a=rsa-sha256; d=Contoso.COM; s=S1.Mail; " REST,
	    "s1.mail contoso.com rsa-sha256" },
	{ "h= in small letters", "a=rsa-sha256; d=contoso.com; s=s1; b=A; "
	    "bh=A; h= to : from ; v=1", "s1 contoso.com rsa-sha256" },
	{ "From is not signed", "a=rsa-sha256; d=contoso.com; s=s1; b=A; "
	    "bh=A; h=To:X-From; v=1",
	    "s1 contoso.com rsa-sha256: h= does not name From" },
	{ "no selector", "a=rsa-sha256; d=contoso.com; " REST,
	    "- contoso.com rsa-sha256: s= is missing" },
	{ "no domain", "a=rsa-sha256; s=s1; " REST,
	    "s1 - rsa-sha256: d= is missing" },
	{ "no signature", "v=1; a=rsa-sha256; d=contoso.com; s=s1; bh=A; "
	    "h=From; b=", "s1 contoso.com rsa-sha256: b= is missing" },
	{ "no version", "a=rsa-sha256; d=contoso.com; s=s1; bh=A; h=From; "
	    "b=A", "s1 contoso.com rsa-sha256: v= is missing" },
	{ "another version", "a=rsa-sha256; d=contoso.com; s=s1; bh=A; "
	    "h=From; b=A; v=2", "s1 contoso.com rsa-sha256: v= is not 1" },
	{ "SHA-1", "a=rsa-sha1; d=contoso.com; s=s1; " REST,
	    "s1 contoso.com rsa-sha1: a=rsa-sha1, which nobody may verify "
	    "any more (RFC 8301)" },
	{ "unknown algorithm", "a=dsa-md5; d=contoso.com; s=s1; " REST,
	    "s1 contoso.com dsa-md5: a=dsa-md5 is not an algorithm that "
	    "verifiers know" },
	{ "no tag list", "nonsense", "- - -: its tag list is malformed: a part without "
	    "\"=\"" },
	{ "a tag twice", GOOD "; s=s2",
	    "s1 contoso.com rsa-sha256: its tag list is malformed: the same "
	    "tag twice" },
	{ "no host name", "a=rsa-sha256; d=contoso..com; s=s1; " REST,
	    "s1 - rsa-sha256: d= is not a domain name" },
	{ "a final dot is no part of it",
	    "a=rsa-sha256; d=contoso.com.; s=s1; " REST,
	    "s1 - rsa-sha256: d= is not a domain name" },
	{ "a selector too long to ask for", "a=rsa-sha256; d=contoso.com; s="
	    LONG "." LONG "." LONG "." LONG "; " REST,
	    LONG "." LONG "." LONG "." LONG " contoso.com rsa-sha256: s= is "
	    "not a selector" },
	{ "another script", "a=rsa-sha256; d=m?ller.de; s=s1; " REST,
	    "s1 - rsa-sha256: d= or s= is not in ASCII (RFC 8616), and not "
	    "read here" },
	{ "escapes are no names", "a=rsa-sha256; d=a\\046b.com; s=s1; " REST,
	    "s1 - rsa-sha256: d= is not a domain name" },
	{ "no selector that can be asked",
	    "a=rsa-sha256; d=contoso.com; s=a b; " REST,
	    "- contoso.com rsa-sha256: s= is not a selector" },
	{ "identity of the domain", GOOD "; i=a@contoso.com",
	    "s1 contoso.com rsa-sha256 i=contoso.com" },
	{ "identity without a local part", GOOD "; i=@mail.contoso.com",
	    "s1 contoso.com rsa-sha256 i=mail.contoso.com" },
	{ "identity of another domain", GOOD "; i=a@xcontoso.com",
	    "s1 contoso.com rsa-sha256 i=xcontoso.com: the domain of i= is "
	    "not within that of d=" },
	{ "identity without a domain", GOOD "; i=a",
	    "s1 contoso.com rsa-sha256: the domain of i= is not within that "
	    "of d=" },
	{ "expired long ago", GOOD "; t=1; x=2",
	    "s1 contoso.com rsa-sha256" },
	{ "expired before it was made", GOOD "; t=2; x=2",
	    "s1 contoso.com rsa-sha256: x= is not after t=" },
	{ "no time", GOOD "; x=soon",
	    "s1 contoso.com rsa-sha256: x= is not a number of seconds" },
	{ "a time of 13 digits", GOOD "; x=1234567890123",
	    "s1 contoso.com rsa-sha256: x= is not a number of seconds" },
	{ "tags nobody knows", GOOD "; zz=1; l=10; c=simple; q=dns/txt",
	    "s1 contoso.com rsa-sha256" },
};

static struct mail_message *
with_field(struct arena *mem, const char *name, const char *value)
{
	struct mail_message *m = arena_alloc(mem, sizeof *m);

	m->fields = arena_array(mem, 1, sizeof *m->fields);
	m->fields[0] = arena_printf(mem, "%s: %s", name, value);
	m->nfields = 1;
	message_read(mem, m);
	return m;
}

static const char *
signature_words(struct arena *mem, const struct message_signature *s)
{
	return arena_printf(mem, "%s %s %s%s%s%s%s",
	    s->selector ? s->selector : "-",
	    s->domain ? name_text_nodot(mem, s->domain) : "-",
	    s->algorithm ? s->algorithm : "-", s->identity ? " i=" : "",
	    s->identity ? name_text_nodot(mem, s->identity) : "",
	    s->error ? ": " : "", s->error ? s->error : "");
}

static void
test_signatures(struct arena *mem)
{
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		struct mail_message *m = with_field(mem, "DKIM-Signature",
		    signatures[i].value);

		is(m->nsignatures == 1
			? signature_words(mem, m->signatures) : "none",
		    signatures[i].want, signatures[i].name);
	}
}

/* ---- results ---- */

/* want: "server result [reason] domain selector", joined by "|" */
static const struct {
	const char *name;
	const char *value;
	const char *want;
} results[] = {
	{ "pass", "mx.a.example; dkim=pass header.d=contoso.com header.s=s1",
	    "mx.a.example pass [-] contoso.com s1" },
	{ "with a version", "mx.a.example 1; dkim=pass header.d=contoso.com",
	    "mx.a.example pass [-] contoso.com -" },
	{ "a method's version", "mx.a.example; dkim/1=fail",
	    "mx.a.example fail [-] - -" },
	{ "capitals", "mx.a.example; DKIM=Pass Header.D=contoso.com",
	    "mx.a.example pass [-] contoso.com -" },
	{ "identity", "mx.a.example; dkim=pass header.i=@contoso.com "
	    "header.s=s1 header.b=abc", "mx.a.example pass [-] contoso.com s1" },
	{ "domain before identity", "mx.a.example; dkim=pass "
	    "header.d=contoso.com header.i=@mail.contoso.com",
	    "mx.a.example pass [-] contoso.com -" },
	{ "identity before domain", "mx.a.example; dkim=pass "
	    "header.i=@mail.contoso.com header.d=contoso.com",
	    "mx.a.example pass [-] contoso.com -" },
	{ "Microsoft 365, not signed", "spf=pass (sender IP is 192.0.2.1) "
	    "smtp.mailfrom=contoso.com; dkim=none (message not signed) "
	    "header.d=none;dmarc=pass action=none header.from=contoso.com;"
	    "compauth=pass reason=100", "- none [message not signed] - -" },
	{ "Microsoft 365, signed", "spf=pass (x) smtp.mailfrom=a; dkim=pass "
	    "(signature was verified) header.d=contoso.com;dmarc=pass",
	    "- pass [signature was verified] contoso.com -" },
	{ "a reason", "mx.a.example; dkim=fail reason=\"bad; hash\" "
	    "header.d=contoso.com", "mx.a.example fail [bad; hash] "
	    "contoso.com -" },
	{ "comments anywhere", "(c) mx.a.example (d;=) 1; (e) dkim (f) = (g) "
	    "pass (2048-bit key) header.d (h) = (i) contoso.com",
	    "mx.a.example pass [2048-bit key] contoso.com -" },
	{ "RFC 8601 B.7", "foo.example.net (foobar) 1 (baz); dkim (Because I "
	    "like it) / 1 (One yay) = (wait for it) fail policy (A dot can "
	    "go here) . (like that) expired (this surprised me) = (as I "
	    "wasn't expecting it) 1362471462",
	    "foo.example.net fail [A dot can go here] - -" },
	{ "two signatures", "mx.a.example; dkim=pass header.d=a.example; "
	    "dkim=fail header.d=b.example; spf=none",
	    "mx.a.example pass [-] a.example -|mx.a.example fail [-] "
	    "b.example -" },
	{ "no result", "mx.a.example; none", "" },
	{ "other methods", "mx.a.example; spf=pass; dkim-adsp=pass; "
	    "xdkim=pass", "" },
	{ "no word behind the sign", "mx.a.example; dkim=", "" },
	{ "an open comment", "mx.a.example; dkim=pass (header.d=x",
	    "mx.a.example pass [header.d=x] - -" },
	{ "an open quote", "mx.a.example; dkim=pass reason=\"x",
	    "mx.a.example pass [x] - -" },
	{ "nothing", "", "" },
	{ "signs alone", ";;==;=;", "" },
};

static void
test_results(struct arena *mem)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		struct mail_message *m = with_field(mem,
		    "Authentication-Results", results[i].value);
		const char *out = "";

		for (size_t k = 0; k < m->nresults; k++) {
			const struct message_result *r = &m->results[k];

			out = arena_printf(mem, "%s%s%s %s [%s] %s %s", out,
			    k > 0 ? "|" : "", r->server ? r->server : "-",
			    r->result, r->reason ? r->reason : "-",
			    r->domain ? r->domain : "-",
			    r->selector ? r->selector : "-");
		}
		is(out, results[i].want, results[i].name);
	}
}

static void
test_copy(struct arena *mem)
{
	struct mail_message *m = with_field(mem, "DKIM-Signature", GOOD), *c;
	static const uint8_t domain[] = "\7contoso\3com";

	m->organizations = arena_array(mem, 1, sizeof *m->organizations);
	m->organizations[0].domain = m->organizations[0].organization = domain;
	m->norganizations = 1;
	c = message_copy(mem, m);
	is(signature_words(mem, c->signatures), "s1 contoso.com rsa-sha256",
	    "a copy is read");
	ok(c->signatures[0].organization != NULL &&
	    name_equal(c->signatures[0].organization, domain),
	    "and knows whose the domain is");
	ok(message_organization(c, domain + 8) == NULL,
	    "of no other domain");
}

int
main(void)
{
	struct arena *mem = arena_new();

	test_scans(mem);
	test_limits(mem);
	test_signatures(mem);
	test_results(mem);
	test_copy(mem);
	arena_free(mem);
	return tap_done();
}

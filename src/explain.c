/* SPDX-License-Identifier: ISC */
#include "explain.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/catalogue.h"
#include "core/text.h"
#include "options.h"
#include "report/page.h"
#include "report/report.h"
#include "session.h"

enum { NSTEPS = 5, NHINTS = 3, COLUMN_LABEL = 14, COLUMN_ID = 36 };

/* A status code (RFC 3463) that senders put into a bounce. */
struct code {
	const char *key; /* without its first digit */
	const char *result; /* RFC 8460 4.3 result types, or NULL */
	const char *reference; /* or NULL */
	const char *meaning;
	const char *when; /* who says it, and on what occasion */
	const char *steps[NSTEPS]; /* what to do, in this order */
};

static const struct code codes[] = {
	{ "7.321", "starttls-not-supported", "RFC 7672 2.2, RFC 8460 4.3",
	    "The receiving server does not do the TLS that the sender must "
	    "have.",
	    "Exchange Online, where the server offers no STARTTLS, refuses or "
	    "ignores the command, or fails the handshake.",
	    { "Find the server by the address in the error.",
		"See that it listens on port 25 and names STARTTLS in its "
		"reply to EHLO; \"mxproof -v DOMAIN\" shows the dialogue.",
		"Look for its certificate, key and TLS versions in its log, "
		"and for a firewall that takes STARTTLS away.",
		"Wait some minutes and test again.",
		"As a last resort remove the host's TLSA records until "
		"STARTTLS works: senders then demand no TLS." } },
	{ "7.322", "certificate-expired", "RFC 7672 3.1, RFC 8460 4.3",
	    "The certificate that the receiving server presents has expired.",
	    "Exchange Online, past the notAfter date. It documents no "
	    "exception for TLSA usage 3, where RFC 7672 3.1.1 ignores dates.",
	    { "Find the server by the address in the error.",
		"Renew the certificate and install it, with its whole chain.",
		"Where the key or the issuer is new, publish the new TLSA "
		"record beside the old one before the certificate changes.",
		"Wait for the old TLSA record's TTL to pass and test "
		"again." } },
	{ "7.323", "tlsa-invalid", "RFC 7672 2.2, RFC 8460 4.3",
	    "The domain's TLSA records are authentic, and the server does not "
	    "pass them.",
	    "Exchange Online, where no record matches the server's "
	    "certificates, a record is wrong in itself, the certificate is "
	    "not valid yet, or DANE fails in any other way. An attacker "
	    "between sender and server looks like that, too.",
	    { "Find the server by the address in the error, and its TLSA "
	      "records at _25._tcp.HOST.",
		"Compare each record with the certificates that the server "
		"presents: \"mxproof DOMAIN\" prints the record that matches.",
		"See that the certificate's dates are neither past nor in the "
		"future.",
		"Publish the right record, wait for the TTL and test "
		"again." } },
	{ "7.324", "dnssec-invalid", "RFC 4035 5, RFC 8460 4.3",
	    "The domain says that it is signed with DNSSEC, and its records "
	    "cannot be verified.",
	    "Exchange Online, where a DS names a key that does not exist, a "
	    "signature has expired, is not valid yet or is missing, or a "
	    "TLSA lookup fails. The same fault may show as 4/5.4.312.",
	    { "Compare key tag and digest of the DS in the parent zone with "
	      "the zone's DNSKEY.",
		"Look at the dates of the signatures; sign the zone again "
		"where they are over.",
		"See that every name server has the same signed zone.",
		"Where a DNS provider signs the zone, tell the provider." } },
	{ "7.325", "certificate-host-mismatch", "RFC 7672 3.2.2, RFC 8460 4.3",
	    "The certificate is made out to another name.",
	    "Exchange Online, where neither the certificate's alternative "
	    "names nor its common name fit the domain or the MX host.",
	    { "Find the server by the address in the error.",
		"Install a certificate with the name of the MX host.",
		"Or publish a 3 1 1 TLSA record: by RFC 7672 3.1.1 usage 3 "
		"needs no name, though Exchange may still look at it." } },
	{ "7.320", NULL, NULL,
	    "A connector wants another certificate than the server has. This "
	    "is not about DANE.",
	    "Exchange Online, mostly between it and a company's own Exchange "
	    "servers (hybrid).",
	    { "Compare the certificate name that the connector asks for with "
	      "the certificate that the server presents.",
		"Leave the TLSA records alone." } },
	{ "7.5", "certificate-not-trusted, certificate-host-mismatch",
	    "RFC 8461 4.2",
	    "The certificate of the MX host does not satisfy the domain's "
	    "MTA-STS policy.",
	    "Exchange Online, where no public authority vouches for the "
	    "certificate or its name is wrong. Postfix says 4.7.5 where a "
	    "TLSA lookup fails: ask whose bounce it is.",
	    { "Install a certificate of a public authority with the name of "
	      "the MX host, and let the server send the whole chain.",
		"Where Postfix said it, look at the TLSA records and at the "
		"DNSSEC of their zone: \"mxproof --profile rfc7672 "
		"DOMAIN\"." } },
	{ "4.8", NULL, "RFC 8461 4.1",
	    "The MX host is not in the domain's MTA-STS policy.",
	    "Exchange Online, where no mx line of the policy fits the host.",
	    { "Name every MX host in the policy; \"*\" stands for one label "
	      "only.",
		"Then change the id in the TXT record at _mta-sts.DOMAIN, so "
		"that senders fetch the policy again." } },
	{ "4.310", NULL, "RFC 5321 5.1",
	    "The domain does not exist, or has neither MX nor address.",
	    "Exchange Online, at once: the mail is returned without a second "
	    "try.",
	    { "Check the spelling of the domain.",
		"See that the domain is registered, not expired, and that its "
		"name servers answer.",
		"Publish an MX record." } },
	{ "4.312", NULL, "RFC 7672 2.1.2",
	    "A DNS question about the domain or its MX host was not answered "
	    "properly.",
	    "Exchange Online, where a lookup fails or leads nowhere. A "
	    "DNSSEC fault (7.324) may show like this.",
	    { "See that every name server of the zone answers for MX, A, AAAA "
	      "and TLSA.",
		"Look for a DNSSEC fault: \"mxproof DOMAIN\"." } },
	{ "4.316", NULL, NULL,
	    "The connection to the mail server was refused. This is about the "
	    "network, not about DANE.",
	    "Exchange Online, where nothing listens on port 25 of the "
	    "address, or a firewall refuses.",
	    { "See that the mail server runs and listens on port 25 of this "
	      "address.",
		"Open port 25 in the firewall.",
		"Check the address in the DNS." } },
	{ "4.317", NULL, NULL,
	    "The mail server could not be reached, or TLS with it could not "
	    "be set up. This is about the network, not about DANE.",
	    "Exchange Online, where no connection comes about or the server "
	    "does not speak SMTP or TLS as it should.",
	    { "See what answers on port 25 of the address; \"mxproof -v "
	      "DOMAIN\" shows the dialogue.",
		"Check the firewall, and what inspects SMTP on the way." } },
	{ "1.10", NULL, "RFC 7505",
	    "Nobody takes this mail: the recipient was not found, or the "
	    "domain has a null MX and takes no mail at all.",
	    "Exchange, for a recipient that it does not know; any sender, for "
	    "a domain with a null MX (the finding MX_NULL).",
	    { "Check the spelling of the address.",
		"Where the domain should take mail, replace the MX record "
		"\"0 .\" by one that names the mail server." } },
};

enum { NCODES = sizeof codes / sizeof *codes };

/* "5.7.323", "4/5.7.323", "7.323"; *class is '4', '5' or 0 for both. */
static const struct code *
code_find(const char *text, char *class)
{
	*class = 0;
	if (strncmp(text, "4/5.", 4) == 0) {
		text += 4;
	} else if ((text[0] == '4' || text[0] == '5') && text[1] == '.' &&
	    strchr(text + 2, '.') != NULL) {
		*class = text[0];
		text += 2;
	}
	for (int i = 0; i < NCODES; i++)
		if (strcmp(codes[i].key, text) == 0)
			return &codes[i];
	return NULL;
}

static bool
is_numeric(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789./")] == '\0';
}

/* The id holds the text, whatever the case. */
static bool
id_holds(const char *id, const char *text)
{
	size_t len = strlen(text);

	for (; len >= 3 && strlen(id) >= len; id++) {
		size_t i = 0;

		while (i < len && toupper((unsigned char)text[i]) == id[i])
			i++;
		if (i == len)
			return true;
	}
	return false;
}

/* " did you mean A, B or C?", or nothing. */
static const char *
hint(struct arena *mem, const char *text)
{
	const char *found[NHINTS];
	size_t n = 0, most = 1 + strlen(text) / 5;

	/* The nearest only; those that hold the text count as far. */
	for (size_t want = 1; want <= most && n == 0; want++)
		for (int id = 0; id < NFINDINGS && n < NHINTS; id++) {
			const char *name =
			    catalogue_row((enum finding_id)id)->id;
			size_t d = text_distance(text, name);

			if (d > most && id_holds(name, text))
				d = most;
			if (d == want)
				found[n++] = name;
		}
	if (n == 0)
		return " see mxproof --list-findings";
	text = arena_printf(mem, " did you mean %s", found[0]);
	for (size_t i = 1; i < n; i++)
		text = arena_printf(
		    mem, "%s%s%s", text, i + 1 < n ? ", " : " or ", found[i]);
	return arena_printf(mem, "%s?", text);
}

/* What is said of an operand that is neither finding nor code. */
static const char *
unknown_text(struct arena *mem, const char *operand)
{
	char *shown = arena_printf(mem, "%.60s", operand);
	const char *list = "";

	/* One line, and nothing for the terminal to interpret. */
	for (char *p = shown; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	if (!is_numeric(operand))
		return arena_printf(mem, "explain %s: no such finding;%s",
		    shown, hint(mem, operand));
	for (int i = 0; i < NCODES; i++)
		list = arena_printf(mem, "%s %s", list, codes[i].key);
	return arena_printf(mem,
	    "explain %s: none of the codes%s (with 4. or "
	    "5. before them)",
	    shown, list);
}

static void
put_label(struct page *p, const char *label, const char *text)
{
	page_spaces(p, 2);
	page_column(p, INK_BOLD, label, COLUMN_LABEL - 2);
	page_wrap(p, COLUMN_LABEL, COLUMN_LABEL, text);
}

static const char *
class_text(struct arena *mem, const struct code *code, char class)
{
	if (class == '4')
		return arena_printf(mem,
		    "the mail waits. Exchange Online tries again after 15 "
		    "minutes, after 15 more, then every hour; after 24 hours "
		    "it gives up with 5.%s.",
		    code->key);
	if (class == '5')
		return "the sender has given up and returned the mail, which "
		       "must be sent again.";
	return arena_printf(mem,
	    "4.%s: the mail waits and is tried again. "
	    "5.%s: the sender has given up and returned it.",
	    code->key, code->key);
}

static void
put_findings(struct page *p, const char *key)
{
	bool first = true;

	for (int id = 0; id < NFINDINGS; id++) {
		const struct catalogue_row *row =
		    catalogue_row((enum finding_id)id);

		if (row->ndr == NULL || strcmp(row->ndr, key) != 0)
			continue;
		if (first) {
			page_spaces(p, 2);
			page_ink(p, INK_BOLD, "Findings that lead to it");
			page_put(p, "\n");
		}
		first = false;
		page_spaces(p, 4);
		page_column(p, INK_PLAIN, row->id, COLUMN_ID - 4);
		page_wrap(p, COLUMN_ID, COLUMN_ID, row->text);
	}
}

static void
put_code(struct page *p, const struct code *code, char class)
{
	const char *name = class == 0
	    ? arena_printf(p->mem, "4/5.%s", code->key)
	    : arena_printf(p->mem, "%c.%s", class, code->key);

	page_ink(p, INK_BOLD, name);
	page_put(p, ": ");
	page_wrap(p, strlen(name) + 2, 2, code->meaning);
	page_put(p, "\n");
	put_label(p, "Status", class_text(p->mem, code, class));
	put_label(p, "Said by", code->when);
	if (code->result != NULL)
		put_label(p, "TLS-RPT", code->result);
	if (code->reference != NULL)
		put_label(p, "Reference", code->reference);
	put_findings(p, code->key);
	page_spaces(p, 2);
	page_ink(p, INK_BOLD, "What to do");
	page_put(p, "\n");
	for (int i = 0; i < NSTEPS && code->steps[i] != NULL; i++)
		page_paragraph(p, 4, INK_PLAIN,
		    arena_printf(p->mem, "%d. ", i + 1), code->steps[i]);
}

/* "exchange-online fail, rfc7672 fail, mta-sts -" */
static const char *
severities_text(struct arena *mem, const enum severity severity[NPROFILES])
{
	const char *list = "";

	for (int i = 0; i < NPROFILES; i++)
		list = arena_printf(mem, "%s%s%s %s", list, i > 0 ? ", " : "",
		    profile_text((enum profile)i),
		    severity[i] == SEVERITY_ABSENT
			? "-"
			: severity_text(severity[i]));
	return list;
}

static bool
fails(const enum severity severity[NPROFILES])
{
	for (int i = 0; i < NPROFILES; i++)
		if (severity[i] == SEVERITY_FAIL)
			return true;
	return false;
}

/* What it does to the mail, in the words of somebody who waits for it. */
static const char *
effect_sentence(enum effect effect)
{
	switch (effect) {
	case EFFECT_DELIVER:
		return "delivered in clear text";
	case EFFECT_ENCRYPT:
		return "delivered over TLS, nobody authenticated";
	case EFFECT_AUTHENTICATE:
		return "delivered over TLS to an authenticated server";
	case EFFECT_UNKNOWN:
		return "could not be told from here";
	case EFFECT_DEFER:
		return "where it is fail, mail waits and is tried again "
		       "(Exchange Online: for 24 hours), then it is returned";
	case EFFECT_BOUNCE:
		return "where it is fail, mail is returned at once";
	case EFFECT_NONE:
		break;
	}
	return "no effect of its own";
}

static const char *
scope_sentence(enum scope scope)
{
	static const char *const sentences[] = {
		[SCOPE_DOMAIN] = "about the domain",
		[SCOPE_HOST] = "about one MX host",
		[SCOPE_ADDRESS] = "about one address of an MX host",
	};

	return sentences[scope];
}

static void
put_severity(struct page *p, const struct catalogue_row *row)
{
	put_label(p, "Severity", severities_text(p->mem, row->severity));
	/* RFC 5321 5.1: a sender goes on to the next host or address. */
	if (row->scope != SCOPE_DOMAIN &&
	    (fails(row->severity) || fails(row->alt)))
		put_label(p, "",
		    "(warn in place of fail while another host "
		    "or address delivers, unless --strict)");
	put_label(p, "Delivery", effect_sentence(row->effect));
	if (row->alt_when != NULL) {
		put_label(p, "But where", row->alt_when);
		put_label(p, "  severity", severities_text(p->mem, row->alt));
		put_label(p, "  delivery", effect_sentence(row->alt_effect));
	}
	if (row->absent != 0)
		put_label(p, "--require",
		    arena_printf(p->mem, "fail with --require %s",
			requirement_text((enum requirement)row->absent)));
}

static void
put_finding(struct page *p, const struct catalogue_row *row)
{
	page_ink(p, INK_BOLD, row->id);
	page_put(p, ": ");
	page_wrap(p, strlen(row->id) + 2, 2, row->text);
	page_put(p, "\n");
	put_label(p, "Stage",
	    arena_printf(p->mem, "%s, %s", stage_text(row->stage),
		scope_sentence(row->scope)));
	put_severity(p, row);
	if (row->ndr != NULL)
		put_label(p, "Code",
		    arena_printf(p->mem,
			"%s.%s (mxproof "
			"explain %s)",
			row->effect == EFFECT_BOUNCE ? "5" : "4/5", row->ndr,
			row->ndr));
	if (row->tlsrpt != NULL)
		put_label(p, "TLS-RPT", row->tlsrpt);
	if (row->reference != NULL)
		put_label(p, "Reference", row->reference);
	if (row->remedy != NULL)
		put_label(p, "Remedy", row->remedy);
}

int
explain_run(const struct options *o, const struct report_options *report)
{
	struct page p;
	enum finding_id id;
	int status = EXIT_GOOD;
	char class;

	page_start(&p, o->mem, report->width, report->color, report->utf8);
	for (size_t i = 0; i < o->noperands; i++) {
		const char *operand = o->operands[i];
		const struct code *code = code_find(operand, &class);

		if (i > 0)
			page_put(&p, "\n");
		if (code != NULL) {
			put_code(&p, code, class);
		} else if (catalogue_find(operand, &id)) {
			put_finding(&p, catalogue_row(id));
		} else {
			fprintf(stderr, "mxproof: %s\n",
			    unknown_text(o->mem, operand));
			status = EXIT_TROUBLE;
		}
	}
	if (status == EXIT_GOOD)
		fputs(p.text, stdout);
	return status;
}

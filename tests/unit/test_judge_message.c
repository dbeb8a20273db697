/* SPDX-License-Identifier: ISC */
/* What a message shows of contoso.com, and what guessing finds. */
#include "core/message.h"
#include "dkim_fixture.h"

#define M365 MX S1 " TXT!NXDOMAIN\n" S2 " TXT!NXDOMAIN\n"
#define K(name) name "._domainkey."
#define KEYED(owner) owner " TXT=" owner " 3600 IN TXT \"v=DKIM1; p=\" " RSA \
			   "\n"
#define STRICT(owner) owner " TXT=" owner \
		      " 3600 IN TXT \"v=DKIM1; t=s; p=\" " RSA "\n"
#define FOUR(d) SIG(d, "s1") SIG(d, "s1") SIG(d, "s1") SIG(d, "s1")
#define MANY(d) FOUR(d) FOUR(d) FOUR(d) FOUR(d)
#define POLICY(owner, text) "_dmarc." owner " TXT=_dmarc." owner \
			    " 60 IN TXT \"" text "\"\n"
#define SIG_ALG(alg, d, s) \
	"DKIM-Signature: v=1; a=" alg "; d=" d "; s=" s "; b=A; bh=A; h=From\n"
#define SIG(d, s) SIG_ALG("rsa-sha256", d, s)
#define FROM "From: a@contoso.com\n"

/*
 * One question a line, as in test_judge_dkim.c; the organization of a domain
 * is its last two labels.
 */
static const struct {
	const char *name;
	const char *message;
	const char *evidence;
	const char *want;	/* ids:severity (selector) [detail's word] */
	const char *word;	/* in one of the details */
} tests[] = {
	{ "signed by the domain", FROM SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok",
	    "the domain of From" },
	{ "signed by a subdomain",
	    FROM SIG("mail.contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.")
	    "_dmarc.contoso.com. TXT!NXDOMAIN\n",
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok",
	    "of the same organization as contoso.com" },
	{ "the policy is relaxed",
	    FROM SIG("mail.contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.")
	    POLICY("contoso.com.", "v=DMARC1; p=none; adkim=r"),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok", NULL },
	{ "the policy is strict",
	    FROM SIG("mail.contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.")
	    POLICY("contoso.com.", "v=DMARC1; p=none; adkim=s"),
	    "DKIM_OK:ok(s1) DKIM_NOT_ALIGNED:warn s1=ok", "(adkim=s)" },
	{ "the policy is strict, and one is of the domain",
	    FROM SIG("mail.contoso.com", "s1") SIG("contoso.com", "s2"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.") KEYED(K("s2") "contoso.com.")
	    POLICY("contoso.com.", "v=DMARC1; adkim=s"),
	    "DKIM_OK:ok(s1) DKIM_OK:ok(s2) DKIM_ALIGNED:ok(s2) s1=ok s2=ok",
	    NULL },
	{ "a strict record that is no policy",
	    FROM SIG("mail.contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.")
	    POLICY("contoso.com.", "p=none; v=DMARC1; adkim=s"),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok", NULL },
	{ "the organization's policy is strict",
	    "From: a@news.contoso.com\n" SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com.")
	    "_dmarc.news.contoso.com. TXT!NXDOMAIN\n"
	    POLICY("contoso.com.", "v=DMARC1; adkim=s"),
	    "DKIM_OK:ok(s1) DKIM_NOT_ALIGNED:warn s1=ok", NULL },
	{ "and the From domain's own is not",
	    "From: a@news.contoso.com\n" SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com.")
	    POLICY("news.contoso.com.", "v=DMARC1;p=none")
	    POLICY("contoso.com.", "v=DMARC1; adkim=s"),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok", NULL },
	{ "the policy cannot be read",
	    FROM SIG("mail.contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "mail.contoso.com.")
	    "_dmarc.contoso.com. TXT!SERVFAIL\n",
	    "DKIM_OK:ok(s1) DKIM_ALIGNMENT_UNKNOWN:unknown s1=ok",
	    "could not be read" },
	{ "which matters to nobody else",
	    FROM SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com.")
	    "_dmarc.contoso.com. TXT!SERVFAIL\n",
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok", NULL },
	{ "signed by a mailer",
	    FROM SIG("mailer.example", "m1"),
	    OTHER_MX KEYED(K("m1") "mailer.example."),
	    "DKIM_OK:ok(m1) DKIM_NOT_ALIGNED:warn m1=ok",
	    "signed by mailer.example" },
	{ "by the domain and a mailer whose key is gone",
	    FROM SIG("mailer.example", "m1") SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com.")
	    K("m1") "mailer.example. TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_MISSING:warn(m1) DKIM_OK:ok(s1) "
	    "DKIM_ALIGNED:ok(s1) m1=warn s1=ok", NULL },
	{ "the domain's own key is gone",
	    FROM SIG("contoso.com", "s1"),
	    OTHER_MX K("s1") "contoso.com. TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_MISSING:fail(s1) DKIM_ALIGNED:ok(s1) s1=fail",
	    NULL },
	{ "the same selector of two domains",
	    FROM SIG("mailer.example", "s1") SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com.")
	    K("s1") "mailer.example. TXT!NXDOMAIN\n",
	    "DKIM_SELECTOR_MISSING:warn(s1) DKIM_OK:ok(s1) "
	    "DKIM_ALIGNED:ok(s1) s1=warn s1=ok", NULL },
	{ "the initial domain signs", FROM SIG("contoso.onmicrosoft.com",
	    "selector1-contoso-onmicrosoft-com"),
	    M365 KEYED(K("selector1-contoso-onmicrosoft-com")
	    "contoso.onmicrosoft.com."),
	    "DKIM_OK:ok(selector1-contoso-onmicrosoft-com) "
	    "DKIM_DEFAULT_SIGNING:warn DKIM_NOT_ALIGNED:warn "
	    "selector1-contoso-onmicrosoft-com=ok selector1=warn "
	    "selector2=warn", "contoso.onmicrosoft.com" },
	{ "not signed", FROM, OTHER_MX, "DKIM_MESSAGE_UNSIGNED:warn",
	    "no DKIM-Signature" },
	{ "not signed, as the receiver says",
	    FROM "Authentication-Results: spf=pass smtp.mailfrom=contoso.com; "
	    "dkim=none (message not signed) header.d=none;dmarc=none\n", OTHER_MX,
	    "DKIM_MESSAGE_UNSIGNED:warn",
	    "the receiver said dkim=none (message not signed)" },
	{ "signed, and not for that receiver",
	    FROM SIG("contoso.com", "s1")
	    "Authentication-Results: mx.a.example; dkim=none\n",
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) DKIM_RESULT:note s1=ok",
	    "mx.a.example said dkim=none" },
	{ "a failure told", FROM SIG("contoso.com", "s1")
	    "Authentication-Results: mx.a.example; dkim=fail (body hash) "
	    "header.d=contoso.com\n", OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) DKIM_RESULT:note s1=ok",
	    "mx.a.example said dkim=fail (body hash) for contoso.com" },
	{ "a signature with SHA-1",
	    FROM SIG_ALG("rsa-sha1", "contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_SIGNATURE_UNUSABLE:warn(s1) s1=ok",
	    "the signature by contoso.com: a=rsa-sha1" },
	{ "a key of another type",
	    FROM SIG_ALG("ed25519-sha256", "contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_SIGNATURE_UNUSABLE:warn(s1) s1=ok",
	    "a=ed25519-sha256, and the key is of type rsa" },
	{ "a key that is not for subdomains",
	    FROM "DKIM-Signature: v=1; a=rsa-sha256; d=contoso.com; s=s1; b=A; "
	    "bh=A; h=From; i=a@mail.contoso.com\n",
	    OTHER_MX STRICT(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_SIGNATURE_UNUSABLE:warn(s1) s1=ok",
	    "i= is of mail.contoso.com" },
	{ "and the domain itself",
	    FROM "DKIM-Signature: v=1; a=rsa-sha256; d=contoso.com; s=s1; b=A; "
	    "bh=A; h=From; i=a@contoso.com\n",
	    OTHER_MX STRICT(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) s1=ok", NULL },
	{ "a refused one of the domain, another of a mailer",
	    FROM SIG_ALG("rsa-sha1", "contoso.com", "s1")
	    SIG("mailer.example", "m1"), OTHER_MX KEYED(K("s1") "contoso.com.")
	    KEYED(K("m1") "mailer.example."),
	    "DKIM_OK:ok(s1) DKIM_OK:ok(m1) DKIM_SIGNATURE_UNUSABLE:warn(s1) "
	    "DKIM_NOT_ALIGNED:warn s1=ok m1=ok",
	    "signed by mailer.example" },
	{ "more signatures than are read", FROM MANY("a.example")
	    SIG("contoso.com", "s1"), OTHER_MX KEYED(K("s1") "a.example."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNMENT_UNKNOWN:unknown s1=ok",
	    "more than 16 signatures" },
	{ "another script", FROM SIG("m?ller.example", "s1"), OTHER_MX,
	    "DKIM_ALIGNMENT_UNKNOWN:unknown", "RFC 8616" },
	{ "a receiver saw a signature", FROM "Authentication-Results: mx.a; "
	    "dkim=pass header.d=contoso.com\n", OTHER_MX,
	    "DKIM_MESSAGE_UNSIGNED:warn DKIM_RESULT:note",
	    "there was a signature" },
	{ "the same said twice", FROM SIG("contoso.com", "s1")
	    "Authentication-Results: mx.a; dkim=pass; dkim=pass\n",
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNED:ok(s1) DKIM_RESULT:note s1=ok",
	    NULL },
	{ "and another one", FROM SIG_ALG("rsa-sha1", "contoso.com", "s1")
	    SIG("contoso.com", "s2"), OTHER_MX KEYED(K("s1") "contoso.com.")
	    KEYED(K("s2") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_OK:ok(s2) DKIM_SIGNATURE_UNUSABLE:note(s1) "
	    "DKIM_ALIGNED:ok(s2) s1=ok s2=ok", NULL },
	{ "a signature without a selector",
	    FROM "DKIM-Signature: v=1; d=contoso.com\n", OTHER_MX,
	    "DKIM_SIGNATURE_UNUSABLE:warn", "a= is missing" },
	{ "two domains in From",
	    "From: a@contoso.com, b@fabrikam.com\n" SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNMENT_UNKNOWN:unknown s1=ok",
	    "several domains" },
	{ "no From", "To: a@contoso.com\n" SIG("contoso.com", "s1"),
	    OTHER_MX KEYED(K("s1") "contoso.com."),
	    "DKIM_OK:ok(s1) DKIM_ALIGNMENT_UNKNOWN:unknown s1=ok",
	    "no address" },
	{ "not recorded", FROM SIG("contoso.com", "s1"), OTHER_MX,
	    "DKIM_ALIGNED:ok(s1) s1=unknown", NULL },
};

#define CONTROL K("mxproof-no-such-selector") "contoso.com."
#define WILD(owner) owner " TXT=" owner " 60 IN TXT \"v=spf1 -all\"\n"
#define NO_KEY(owner) owner " TXT=" owner " 60 IN TXT \"v=DKIM1; p=\"\n"
#define BAD(owner) owner " TXT=" owner " 60 IN TXT \"v=DKIM1; p=xyz\"\n"

static const struct {
	const char *name;
	const char *evidence;
	const char *rest;	/* of all other guesses */
	const char *want;
	const char *word;
} guesses[] = {
	{ "none", OTHER_MX, "!NXDOMAIN", "DKIM_GUESS_NONE:note", "70 tried" },
	{ "one", OTHER_MX KEYED(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_OK:ok(google) google=ok", "a guess (Google Workspace)" },
	{ "one is broken, and nobody asked",
	    OTHER_MX BAD(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_KEY_MALFORMED:warn(google) google=warn", NULL },
	{ "Microsoft 365 is no guess", M365, "!NXDOMAIN",
	    "DKIM_DEFAULT_SIGNING:warn DKIM_GUESS_NONE:note selector1=warn "
	    "selector2=warn", NULL },
	{ "some are not answered", OTHER_MX CONTROL " TXT!NXDOMAIN\n", "!timeout",
	    "DKIM_GUESS_NONE:note", "70 tried, 70 of them unanswered" },
	{ "a wildcard's record", OTHER_MX WILD(CONTROL)
	    WILD(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_GUESS_NONE:note", "a wildcard" },
	{ "a wildcard's key", OTHER_MX KEYED(CONTROL)
	    KEYED(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_OK:ok(*)", "a wildcard has this record for every selector" },
	{ "a key beside a wildcard's record", OTHER_MX WILD(CONTROL)
	    KEYED(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_OK:ok(google) google=ok", NULL },
	{ "every key is empty", OTHER_MX NO_KEY(CONTROL)
	    NO_KEY(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_NO_MAIL_DOMAIN:note", NULL },
	{ "every key but one is empty", OTHER_MX NO_KEY(CONTROL)
	    KEYED(K("google") "contoso.com."), "!NXDOMAIN",
	    "DKIM_OK:ok(google) google=ok", NULL },
	{ "a stray record at a guess", OTHER_MX WILD(K("google") "contoso.com."),
	    "!NXDOMAIN", "DKIM_GUESS_NONE:note google=note", NULL },
	{ "not recorded", OTHER_MX, NULL, "", NULL },
};

static void
organization_add(struct arena *mem, struct mail_message *m,
    const uint8_t *domain)
{
	struct message_organization *o = &m->organizations[m->norganizations];

	if (domain == NULL)
		return;
	m->norganizations++;
	o->domain = domain;
	o->organization = name_copy(mem, name_ancestor(domain, 2));
}

static struct mail_message *
message_of(struct arena *mem, const char *text)
{
	struct mail_message *m = arena_alloc(mem, sizeof *m);
	struct message_scan scan;
	uint8_t name[NAME_WIRE_MAX];
	const char *error;

	if (!message_scan(mem, text, strlen(text), &scan, &error))
		ok(false, "bad message: %s", error);
	m->fields = scan.fields;
	m->nfields = scan.nfields;
	m->cut = scan.cut;
	m->from = arena_array(mem, scan.nfrom, sizeof *m->from);
	for (; m->nfrom < scan.nfrom; m->nfrom++) {
		name_from_text(name, scan.from[m->nfrom], NULL);
		m->from[m->nfrom] = name_copy(mem, name);
	}
	message_read(mem, m);
	m->organizations = arena_array(mem, 64, sizeof *m->organizations);
	for (size_t i = 0; i < m->nfrom; i++)
		organization_add(mem, m, m->from[i]);
	for (size_t i = 0; i < m->nsignatures; i++)
		organization_add(mem, m, m->signatures[i].domain);
	message_read(mem, m);
	return m;
}

static struct judgement *
message_judged(struct arena *mem, const struct evidence *ev)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);

	j->mem = mem;
	j->ev = ev;
	j->path = path_walk(mem, ev);
	j->proofs = proofs_new(mem, ev, NULL);
	j->findings.mem = mem;
	j->options.at = 1796000000;
	j->dkim = arena_array(mem, j->path->nselectors, sizeof *j->dkim);
	judge_dkim(j);
	judge_message(j);
	return j;
}

static void
compare(const struct judgement *j, const char *want, const char *word,
    const char *name)
{
	const char *text = "";
	bool found = word == NULL;

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		text = arena_printf(j->mem, "%s%s%s:%s%s%s%s", text,
		    *text ? " " : "", f->row->id,
		    severity_text(finding_severity(f, PROFILE_EXCHANGE_ONLINE,
			0, false)),
		    f->subject.selector ? "(" : "",
		    f->subject.selector ? f->subject.selector : "",
		    f->subject.selector ? ")" : "");
		if (word != NULL && f->detail != NULL)
			found |= strstr(f->detail, word) != NULL;
	}
	for (size_t i = 0; i < j->path->nselectors; i++)
		text = arena_printf(j->mem, "%s%s%s=%s", text,
		    *text ? " " : "", j->dkim[i].selector->selector,
		    severity_text(j->dkim[i].status));
	is(text, want, name);
	if (word != NULL)
		ok(found, "%s: %s", name, word);
}

static void
test_messages(void)
{
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		struct arena *mem = arena_new();
		struct evidence *ev = evidence_read(tests[i].evidence, "");

		ev->asked.message = message_of(ev->mem, tests[i].message);
		compare(message_judged(mem, ev), tests[i].want, tests[i].word,
		    tests[i].name);
		evidence_free(ev);
		arena_free(mem);
	}
}

/* Each guess that the evidence lacks gets the same reply. */
static void
guesses_answer(struct evidence *ev, const char *reply)
{
	struct arena *mem = arena_new();
	struct path *p = path_walk(mem, ev);

	for (size_t i = 0; i <= p->nguesses; i++) {
		const struct answer *a =
		    i < p->nguesses ? &p->guesses[i] : &p->control;

		if (a->kind == ANSWER_PENDING)
			question_add(ev, arena_printf(mem, "%s TXT%s",
			    name_text(mem, a->name), reply));
	}
	arena_free(mem);
}

static void
test_guesses(void)
{
	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
		struct arena *mem = arena_new();
		struct evidence *ev = evidence_read(guesses[i].evidence, "");

		ev->asked.guess_selectors = true;
		if (guesses[i].rest != NULL)
			guesses_answer(ev, guesses[i].rest);
		compare(message_judged(mem, ev), guesses[i].want, guesses[i].word,
		    guesses[i].name);
		evidence_free(ev);
		arena_free(mem);
	}
}

int
main(void)
{
	test_messages();
	test_guesses();
	return tap_done();
}

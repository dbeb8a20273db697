/* SPDX-License-Identifier: ISC */
#include "core/judge.h"

#include <stdio.h>

#include "fixture.h"
#include "tap.h"

static struct arena *mem;

/* Two addresses of one host; step and words are the first one's. */
struct row {
	const char *name;
	enum smtp_outcome outcome[2];
	enum smtp_step step;
	const char *words[2];	/* "line|line", "S: " before all but "C: …" */
	const char *version;
	const char *want;	/* ids; "!" = alternative; "@n" = address */
	const char *detail;	/* somewhere in a detail, or NULL */
};

#define NONE SMTP_NOT_PROBED

static const struct row rows[] = {
	{ "TLS", { SMTP_TLS, NONE }, STEP_QUIT, { NULL, NULL }, "TLS1.3",
	    "STARTTLS_OK@0", "TLS1.3" },
	{ "TLS 1.1", { SMTP_TLS, NONE }, STEP_QUIT, { NULL, NULL }, "TLS1.1",
	    "STARTTLS_OK@0 TLS_VERSION_OLD!@0", "TLS1.1" },
	{ "STARTTLS refused", { SMTP_STARTTLS_REFUSED, NONE }, STEP_STARTTLS,
	    { "220 mx ESMTP|250 STARTTLS|454 4.7.0 TLS not available", NULL },
	    NULL, "STARTTLS_REFUSED!@0", "454 4.7.0 TLS not available" },
	{ "521 from all", { SMTP_GREETING_REFUSED, SMTP_GREETING_REFUSED },
	    STEP_GREETING, { "521 mx takes no mail", "521 no" }, NULL,
	    "SMTP_HOST_TAKES_NO_MAIL@0 SMTP_HOST_TAKES_NO_MAIL@1", "521" },
	{ "521, and a polite farewell", { SMTP_GREETING_REFUSED, NONE },
	    STEP_GREETING, { "521 mx takes no mail|C: QUIT|221 Bye", NULL },
	    NULL, "SMTP_HOST_TAKES_NO_MAIL@0", "521 mx" },
	{ "STARTTLS refused, and a farewell", { SMTP_STARTTLS_REFUSED, NONE },
	    STEP_STARTTLS, { "220 mx|454 4.7.0 no TLS|C: QUIT|221 Bye", NULL },
	    NULL, "STARTTLS_REFUSED!@0", "454 4.7.0 no TLS" },
	{ "521 from one", { SMTP_GREETING_REFUSED, SMTP_TLS }, STEP_GREETING,
	    { "521 mx takes no mail", NULL }, NULL,
	    "SMTP_GREETING_REFUSED@0 STARTTLS_OK@1", NULL },
	{ "521 for this client", { SMTP_GREETING_REFUSED, NONE },
	    STEP_GREETING, { "521 5.7.1 you are on a list", NULL }, NULL,
	    "SMTP_GREETING_REFUSED@0", "on a list" },
	{ "554", { SMTP_GREETING_REFUSED, NONE }, STEP_GREETING,
	    { "554 no", NULL }, NULL, "SMTP_GREETING_REFUSED@0", "554 no" },
	{ "EHLO refused", { SMTP_GREETING_REFUSED, NONE }, STEP_EHLO,
	    { "220 mx|550 who are you", NULL }, NULL, "SMTP_EHLO_REFUSED@0",
	    "550 who are you" },
	{ "greylisted", { SMTP_GREETING_TEMPORARY, NONE }, STEP_GREETING,
	    { "450 later", NULL }, NULL, "SMTP_TEMPORARY@0", "450 later" },
	{ "asterisks", { SMTP_NO_STARTTLS, NONE }, STEP_EHLO,
	    { "220 ****************|250 SIZE", NULL }, NULL,
	    "SMTP_MIDDLEBOX@0", "220 ****" },
	{ "a keyword X-ed out", { SMTP_NO_STARTTLS, NONE }, STEP_EHLO,
	    { "220 mx|250-SIZE|250 XXXXXXXA", NULL }, NULL,
	    "SMTP_MIDDLEBOX@0", "XXXXXXXA" },
	{ "asterisks, and TLS all the same", { SMTP_TLS, NONE }, STEP_QUIT,
	    { "220 ****************", NULL }, "TLS1.2", "STARTTLS_OK@0",
	    NULL },
	{ "refused, alone", { SMTP_CONNECTION_REFUSED, NONE }, STEP_CONNECT,
	    { NULL, NULL }, NULL, "SMTP_CONNECTION_REFUSED!@0", NULL },
	{ "refused, another works", { SMTP_CONNECTION_REFUSED, SMTP_TLS },
	    STEP_CONNECT, { NULL, NULL }, NULL,
	    "SMTP_CONNECTION_REFUSED@0 STARTTLS_OK@1 "
	    "SMTP_SOME_ADDRESSES_DOWN", "192.0.2.1" },
	{ "both refused",
	    { SMTP_CONNECTION_REFUSED, SMTP_CONNECTION_REFUSED },
	    STEP_CONNECT, { NULL, NULL }, NULL,
	    "SMTP_CONNECTION_REFUSED!@0 SMTP_CONNECTION_REFUSED!@1 "
	    "SMTP_PORT_BLOCKED", NULL },
	{ "no connection, alone", { SMTP_TIMED_OUT, NONE }, STEP_CONNECT,
	    { NULL, NULL }, NULL, "SMTP_TIMEOUT@0", "at the connection" },
	{ "silence after the connection", { SMTP_TIMED_OUT, SMTP_TIMED_OUT },
	    STEP_GREETING, { NULL, NULL }, NULL,
	    "SMTP_TIMEOUT@0 SMTP_TIMEOUT@1", "before the greeting" },
	{ "a family without route", { SMTP_NO_ROUTE, SMTP_TLS },
	    STEP_CONNECT, { NULL, NULL }, NULL, "STARTTLS_OK@1", NULL },
	{ "no route at all", { SMTP_NO_ROUTE, NONE }, STEP_CONNECT,
	    { NULL, NULL }, NULL, "SMTP_TIMEOUT@0", "not covered" },
	{ "not SMTP", { SMTP_PROTOCOL_ERROR, NONE }, STEP_GREETING,
	    { "HTTP/1.0 400", NULL }, NULL, "SMTP_PROTOCOL_ERROR@0", NULL },
	{ "STARTTLS ignored", { SMTP_STARTTLS_IGNORED, NONE }, STEP_STARTTLS,
	    { "220 mx", NULL }, NULL, "STARTTLS_IGNORED!@0", NULL },
	{ "over a rate", { SMTP_STARTTLS_REFUSED, NONE }, STEP_STARTTLS,
	    { "220 mx|454 4.7.0 Error: Too many new TLS sessions from x",
		NULL }, NULL, "SMTP_TEMPORARY@0", "Too many" },
	{ "no TLS today", { SMTP_STARTTLS_REFUSED, NONE }, STEP_STARTTLS,
	    { "220 mx|454 4.7.0 TLS not available", NULL }, NULL,
	    "STARTTLS_REFUSED!@0", "says: 454" },
	{ "handshake fails", { SMTP_HANDSHAKE_FAILED, NONE }, STEP_HANDSHAKE,
	    { "220 go", NULL }, NULL, "TLS_HANDSHAKE_FAILED!@0", NULL },
	{ "many lines", { SMTP_GREETING_REFUSED, NONE }, STEP_GREETING,
	    { "554-mx|554-No PTR record|554 Bye|C: QUIT|221 Bye", NULL },
	    NULL, "SMTP_GREETING_REFUSED@0",
	    "says: 554-mx / 554-No PTR record / 554 Bye" },
	{ "421 inside TLS", { SMTP_TLS, NONE }, STEP_TLS_EHLO,
	    { "220 go|C: EHLO me|421 busy", NULL }, "TLS1.3",
	    "STARTTLS_OK@0 SMTP_TEMPORARY@0", "says: 421 busy" },
	{ "554 inside TLS", { SMTP_TLS, NONE }, STEP_TLS_EHLO,
	    { "220 go|C: EHLO me|554 no|C: QUIT|221 Bye", NULL }, "TLS1.3",
	    "STARTTLS_OK@0 SMTP_EHLO_REFUSED@0", "says: 554 no" },
	{ "rubbish inside TLS", { SMTP_TLS, NONE }, STEP_TLS_EHLO,
	    { "220 go|C: EHLO me|what?", NULL }, "TLS1.3",
	    "STARTTLS_OK@0 SMTP_PROTOCOL_ERROR@0", "what?" },
	{ "silence inside TLS", { SMTP_TLS, NONE }, STEP_TLS_EHLO,
	    { "220 go|C: EHLO me", NULL }, "TLS1.3",
	    "STARTTLS_OK@0 SMTP_TIMEOUT@0", "after EHLO inside TLS" },
	{ "not probed", { NONE, NONE }, STEP_CONNECT, { NULL, NULL }, NULL,
	    "", NULL },
};

static struct smtp_observation *
session(const struct row *row, size_t i)
{
	struct smtp_observation *s = smtp_observation_new();
	const char *words = row->words[i];

	s->address = i == 0 ? "192.0.2.1" : "192.0.2.2";
	s->port = 25;
	s->outcome = row->outcome[i];
	s->step = row->step;
	s->tls.version = row->version;
	s->transcript = arena_array(s->mem, 8, sizeof *s->transcript);
	while (words != NULL) {
		const char *end = strchr(words, '|');
		size_t len = end != NULL ? (size_t)(end - words)
					 : strlen(words);

		s->transcript[s->ntranscript++] = arena_printf(s->mem,
		    "%s%.*s", strncmp(words, "C: ", 3) == 0 ? "" : "S: ",
		    (int)len, words);
		words = end != NULL ? end + 1 : NULL;
	}
	return s;
}

static struct judgement *
judged(const struct row *row, struct evidence *ev)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);
	struct path *path = arena_alloc(mem, sizeof *path);
	struct path_host *host = arena_alloc(mem, sizeof *host);

	path->ev = ev;
	path->hosts = host;
	path->nhosts = 1;
	host->name = fixture_name(mem, "mx.d.test.");
	host->naddresses = 2;
	host->addresses = arena_array(mem, 2, sizeof *host->addresses);
	j->mem = j->findings.mem = mem;
	j->ev = ev;
	j->path = path;
	j->mx_secure = true;
	j->hosts = arena_alloc(mem, sizeof *j->hosts);
	j->hosts->host = host;
	j->hosts->addresses =
	    arena_array(mem, 2, sizeof *j->hosts->addresses);
	for (size_t i = 0; i < 2; i++) {
		struct smtp_observation *s = session(row, i);

		host->addresses[i].text = s->address;
		host->addresses[i].session[KEYS_ANY] = s;
		evidence_add_smtp(ev, s);
	}
	judge_smtp(j);
	return j;
}

int
main(void)
{
	mem = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct evidence *ev = evidence_new();
		const struct judgement *j = judged(&rows[i], ev);
		const char *got = "";
		bool detail = rows[i].detail == NULL;

		for (size_t k = 0; k < j->findings.n; k++) {
			const struct finding *f = &j->findings.list[k];

			got = arena_printf(mem, "%s%s%s%s", got,
			    k > 0 ? " " : "", f->row->id, f->alt ? "!" : "");
			if (f->address >= 0)
				got = arena_printf(mem, "%s@%d", got,
				    f->address);
			detail |= f->detail != NULL &&
			    rows[i].detail != NULL &&
			    strstr(f->detail, rows[i].detail) != NULL;
		}
		is(got, rows[i].want, rows[i].name);
		ok(detail, "%s: detail", rows[i].name);
		evidence_free(ev);
	}
	arena_free(mem);
	return tap_done();
}

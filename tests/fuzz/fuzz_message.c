/* SPDX-License-Identifier: ISC */
/*
 * A message's header, its signatures and results, and the octets as the text
 * of a key record.  What is found is bounded, can be copied, and is the same
 * when it is read again.
 */
#include <string.h>

#include "core/arena.h"
#include "core/dkim_key.h"
#include "core/message.h"
#include "core/name.h"
#include "fuzz.h"

const char fuzz_name[] = "message";

/* Nothing that a terminal or a file format would take for its own. */
static void
check_clean(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		must(
		    *text >= ' ' && *text < 0x7f, "%02x", (unsigned char)*text);
}

static void
check_signature(const struct message_signature *s)
{
	if (s->error == NULL)
		must(s->selector != NULL && s->domain != NULL &&
			s->algorithm != NULL,
		    "good, and not whole");
	check_clean(s->selector);
	check_clean(s->algorithm);
	check_clean(s->error);
	if (s->identity != NULL && s->error == NULL)
		must(name_within(s->identity, s->domain), "i= and d=");
}

static void
check_result(const struct message_result *r)
{
	must(r->result != NULL, "none");
	check_clean(r->server);
	check_clean(r->result);
	check_clean(r->reason);
	check_clean(r->domain);
	check_clean(r->selector);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_copy(struct arena *mem, const struct mail_message *m)
{
	const struct mail_message *copy = message_copy(mem, m);

	must(copy->nsignatures == m->nsignatures &&
		copy->nresults == m->nresults && copy->nfields == m->nfields,
	    "a copy");
	for (size_t i = 0; i < m->nsignatures; i++)
		must(same(copy->signatures[i].error, m->signatures[i].error) &&
			same(copy->signatures[i].selector,
			    m->signatures[i].selector),
		    "signature %zu of a copy", i);
}

static void
check_message(struct arena *mem, const char *text, size_t len)
{
	struct mail_message m = { .nfrom = 0 };
	struct message_scan scan;
	const char *error = NULL;

	if (!message_scan(mem, text, len, &scan, &error)) {
		must(error != NULL && *error != '\0', "no reason");
		return;
	}
	must(scan.nfrom <= MESSAGE_FROM_MAX, "%zu", scan.nfrom);
	m.fields = scan.fields;
	m.nfields = scan.nfields;
	for (size_t i = 0; i < m.nfields; i++)
		check_clean(m.fields[i]);
	message_read(mem, &m);
	must(m.nsignatures <= MESSAGE_SIGNATURES_MAX &&
		m.nresults <= MESSAGE_RESULTS_MAX,
	    "%zu, %zu", m.nsignatures, m.nresults);
	for (size_t i = 0; i < m.nsignatures; i++)
		check_signature(&m.signatures[i]);
	for (size_t i = 0; i < m.nresults; i++)
		check_result(&m.results[i]);
	check_copy(mem, &m);
}

static void
check_key(struct arena *mem, const char *text, size_t len)
{
	struct dkim_key key;

	dkim_key_parse(mem, text, len, &key);
	must((key.kind == DKIM_KEY_BAD) == (key.error != NULL), "%d",
	    (int)key.kind);
	if (key.kind == DKIM_KEY_GOOD)
		must(key.type != NULL && key.bits > 0, "good, and no key");
	check_clean(key.error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *mem = arena_new();

	check_message(mem, (const char *)data, size);
	check_key(mem, (const char *)data, size);
	arena_free(mem);
	return 0;
}

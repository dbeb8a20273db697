/* SPDX-License-Identifier: ISC */
#include "report/text_part.h"

#include "core/arena.h"
#include "core/name.h"
#include "report/words.h"

enum { INDENT = 4 };

static void
put_session(struct page *p, const struct path_host *h,
    const struct path_address *ad, const struct smtp_observation *s)
{
	const char *keys = "";

	if (s->keys != KEYS_ANY)
		keys = s->keys == KEYS_RSA ? ", for an RSA certificate only"
					   : ", for an ECDSA certificate only";
	page_line(p, INDENT,
	    arena_printf(p->mem, "session with %s [%s]%s: %s",
		name_text_nodot(p->mem, h->name), ad->text, keys,
		smtp_outcome_text(s->outcome)));
	for (size_t i = 0; i < s->ntranscript; i++)
		page_line(p, INDENT + 2, s->transcript[i]);
	if (s->tls.version != NULL)
		page_line(p, INDENT + 2,
		    arena_printf(p->mem, "TLS: %s, %s, %s, %s", s->tls.version,
			s->tls.suite ? s->tls.suite : "-",
			s->tls.group ? s->tls.group : "-",
			s->tls.signature ? s->tls.signature : "-"));
	if (s->alert != NULL)
		page_line(p, INDENT + 2,
		    arena_printf(p->mem, "TLS alert: %s", s->alert));
	if (s->error != NULL)
		page_line(
		    p, INDENT + 2, arena_printf(p->mem, "error: %s", s->error));
	/* Asked for one key type only, most servers have nothing to show. */
	if (s->keys != KEYS_ANY && s->outcome == SMTP_HANDSHAKE_FAILED)
		page_line(p, INDENT + 2, "as of a server without one");
}

void
text_transcripts(struct page *p, const struct judgement *j)
{
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct path_host *h = &j->path->hosts[i];

		for (size_t k = 0; k < h->naddresses; k++)
			for (int keys = KEYS_ANY; keys <= KEYS_ECDSA; keys++)
				if (h->addresses[k].session[keys] != NULL)
					put_session(p, h, &h->addresses[k],
					    h->addresses[k].session[keys]);
	}
}

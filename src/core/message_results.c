/* SPDX-License-Identifier: ISC */
/*
 * Authentication-Results (RFC 8601 2.2), as it is written: Microsoft 365
 * leaves the authserv-id out.
 */
#include "message.h"

#include <string.h>

#include "arena.h"
#include "text.h"

enum { WORD_MAX = 200 };

enum token_kind { END, WORD, COMMENT, SEMICOLON, EQUALS };

/* A piece of the value: a word, a comment, or one of ; and = */
struct token {
	enum token_kind kind;
	const char *text; /* of WORD, COMMENT: unquoted, escaped */
};

struct lexer {
	struct arena *mem;
	const char *p;
};

static struct token
token_text(struct lexer *l, enum token_kind kind, const char *text, size_t len)
{
	struct token t = { .kind = kind };

	t.text = text_escape(l->mem, text, len, WORD_MAX);
	return t;
}

/* RFC 5322 3.2.2: comments nest, and quote with a backslash. */
static struct token
read_comment(struct lexer *l)
{
	const char *start = ++l->p;
	unsigned depth = 1;
	size_t len;

	for (; *l->p != '\0'; l->p++) {
		if (*l->p == '\\' && l->p[1] != '\0')
			l->p++;
		else if (*l->p == '(')
			depth++;
		else if (*l->p == ')' && --depth == 0)
			break;
	}
	len = (size_t)(l->p - start);
	if (*l->p == ')')
		l->p++;
	return token_text(l, COMMENT, start, len);
}

static struct token
read_quoted(struct lexer *l)
{
	char *text = arena_alloc(l->mem, strlen(l->p) + 1);
	size_t n = 0;

	for (l->p++; *l->p != '\0' && *l->p != '"'; l->p++) {
		if (*l->p == '\\' && l->p[1] != '\0')
			l->p++;
		text[n++] = *l->p;
	}
	if (*l->p == '"')
		l->p++;
	return token_text(l, WORD, text, n);
}

static struct token
next_token(struct lexer *l)
{
	const char *start;

	l->p += strspn(l->p, " ");
	switch (*l->p) {
	case '\0':
		return (struct token){ .kind = END };
	case ';':
		l->p++;
		return (struct token){ .kind = SEMICOLON };
	case '=':
		l->p++;
		return (struct token){ .kind = EQUALS };
	case '(':
		return read_comment(l);
	case '"':
		return read_quoted(l);
	default:
		start = l->p;
		l->p += strcspn(l->p, " ;=(\"");
		return token_text(l, WORD, start, (size_t)(l->p - start));
	}
}

static bool
is_word(const char *text, const char *want)
{
	size_t n = strlen(want);

	for (size_t i = 0; i < n; i++)
		if (text[i] != want[i] && text[i] != want[i] - 'a' + 'A')
			return false;
	/* "dkim/1": a method's version (RFC 8601 2.2) */
	return text[n] == '\0' || text[n] == '/';
}

static char *
lower_word(struct arena *mem, const char *text)
{
	char *copy = arena_strdup(mem, text);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

static void
set_property(struct message_result *r, const char *name, const char *value)
{
	const char *at;

	if (is_word(name, "reason")) {
		r->reason = value;
	} else if (is_word(name, "header.s")) {
		r->selector = value;
	} else if (is_word(name, "header.d")) {
		/* Microsoft 365 writes header.d=none for no signature. */
		if (strcmp(value, "none") != 0)
			r->domain = value;
	} else if (is_word(name, "header.i") && r->domain == NULL) {
		at = strrchr(value, '@');
		r->domain = at != NULL ? at + 1 : value;
	}
}

/* "method=result (comment) name=value …" up to the semicolon. */
static void
read_result(struct lexer *l, struct mail_message *m, const char *server,
    const char *method)
{
	struct message_result r = { .server = server };
	struct token t = next_token(l);
	const char *name = NULL;

	while (t.kind == COMMENT)
		t = next_token(l);
	if (t.kind == WORD)
		r.result = lower_word(l->mem, t.text);
	while (t.kind != SEMICOLON && t.kind != END) {
		t = next_token(l);
		if (t.kind == COMMENT && r.reason == NULL)
			r.reason = t.text;
		else if (t.kind == WORD)
			name = t.text;
		if (t.kind != EQUALS || name == NULL)
			continue;
		do
			t = next_token(l);
		while (t.kind == COMMENT);
		if (t.kind == WORD)
			set_property(&r, name, t.text);
		name = NULL;
	}
	if (!is_word(method, "dkim") || r.result == NULL)
		return;
	if (m->nresults == MESSAGE_RESULTS_MAX)
		m->cut = true;
	else
		m->results[m->nresults++] = r;
}

void
message_read_results(
    struct arena *mem, struct mail_message *m, const char *value)
{
	struct lexer l = { .mem = mem, .p = value };
	const char *server = NULL, *word = NULL;
	bool first = true, version = false;
	struct token t;

	do {
		t = next_token(&l);
		/* "dkim / 1": comments may stand around the slash. */
		if (t.kind == WORD && (version || t.text[0] == '/')) {
			version = strcmp(t.text, "/") == 0;
		} else if (t.kind == WORD && (word == NULL || !first)) {
			word = t.text;
		} else if (t.kind == SEMICOLON) {
			/* What no "=" follows: the server, and a version. */
			if (first)
				server = word;
			first = false;
			word = NULL;
		} else if (t.kind == EQUALS && word != NULL) {
			first = false;
			read_result(&l, m, server, word);
			word = NULL;
		}
	} while (t.kind != END);
}

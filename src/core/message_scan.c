/* SPDX-License-Identifier: ISC */
/* From the octets of a message to the header fields that matter. */
#include "message.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"

struct scanner {
	struct arena *mem;
	struct message_scan *out;
	const char *text;
	size_t len;
	size_t at;
	unsigned line;
	size_t nsignatures, nresults;
};

/* The next line without its end; false behind the last one. */
static bool
next_line(struct scanner *s, const char **line, size_t *len)
{
	const char *end;

	if (s->at >= s->len)
		return false;
	*line = s->text + s->at;
	end = memchr(*line, '\n', s->len - s->at);
	*len = end != NULL ? (size_t)(end - *line) : s->len - s->at;
	s->at += *len + (end != NULL);
	s->line++;
	if (*len > 0 && (*line)[*len - 1] == '\r')
		--*len;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 5322 3.6.8: printable, no colon; white space before the colon is the
 * obsolete form (4.5). */
static size_t
field_name_len(const char *line, size_t len)
{
	size_t n = 0, end;

	while (n < len && line[n] > ' ' && line[n] < 0x7f && line[n] != ':')
		n++;
	for (end = n; end < len && is_blank(line[end]); end++)
		;
	return n > 0 && end < len && line[end] == ':' ? n : 0;
}

static bool
is_field(const char *line, size_t len, const char *name)
{
	size_t n = field_name_len(line, len);

	if (n != strlen(name))
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = line[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != name[i])
			return false;
	}
	return true;
}

/*
 * The field's value from its first line to the last one that continues it
 * (RFC 5322 2.2.3), without what no terminal or file should get.
 */
static char *
unfold(struct scanner *s, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *from = colon + 1, *end;
	char *value;
	size_t n = 0;

	end = line + len;
	while (s->at < s->len && is_blank(s->text[s->at]) &&
	    next_line(s, &line, &len))
		end = line + len;
	value = arena_alloc(s->mem, (size_t)(end - from) + 1);
	for (; from < end; from++) {
		if (*from == '\r' || *from == '\n')
			continue;
		if ((unsigned char)*from < ' ' || *from == 0x7f)
			value[n++] = ' ';
		else
			value[n++] = *from;
	}
	while (n > 0 && value[n - 1] == ' ')
		n--;
	value[n] = '\0';
	return value + strspn(value, " ");
}

/* Other than ASCII means nothing in the two fields, but for a d= of U-labels
 * (RFC 8616), which is told apart by the mark. */
static void
keep(struct scanner *s, const char *name, char *value, size_t *n, size_t max)
{
	struct message_scan *out = s->out;

	if (*n == max) {
		out->cut = true;
		return;
	}
	++*n;
	for (char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x7f)
			*p = '?';
	out->fields[out->nfields++] =
	    arena_printf(s->mem, "%s: %s", name, value);
}

/*
 * An address list without comments, with each quoted string as one letter:
 * what is left are specials and atoms (RFC 5322 3.2).
 */
static char *
bare_addresses(struct arena *mem, const char *value)
{
	char *out = arena_alloc(mem, strlen(value) + 1);
	unsigned depth = 0;
	bool quoted = false;
	size_t n = 0;

	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '\\' && (quoted || depth > 0) && p[1] != '\0') {
			p++;
		} else if (depth == 0 && *p == '"') {
			quoted = !quoted;
			if (quoted)
				out[n++] = 'q';
		} else if (!quoted && *p == '(') {
			depth++;
		} else if (!quoted && depth > 0 && *p == ')') {
			depth--;
		} else if (!quoted && depth == 0) {
			out[n++] = *p;
		}
	}
	out[n] = '\0';
	return out;
}

static void
from_add(struct scanner *s, const char *start, size_t len)
{
	struct message_scan *out = s->out;
	const char *open = memchr(start, '<', len), *close, *domain = NULL;
	char *copy;
	size_t n = 0;

	if (open != NULL) {
		len -= (size_t)(open + 1 - start);
		start = open + 1;
		close = memchr(start, '>', len);
		if (close != NULL)
			len = (size_t)(close - start);
	}
	for (size_t i = 0; i < len; i++)
		if (start[i] == '@')
			domain = start + i + 1;
	if (domain == NULL)
		return;
	copy = arena_alloc(s->mem, len + 1);
	for (; domain < start + len; domain++)
		if (!is_blank(*domain))
			copy[n++] = *domain;
	for (size_t i = 0; i < out->nfrom; i++)
		if (strcmp(out->from[i], copy) == 0)
			return;
	if (out->nfrom == MESSAGE_FROM_MAX)
		out->cut = true;
	else
		out->from[out->nfrom++] = copy;
}

/* RFC 5322 3.4: mailboxes between commas, in groups "name: …;" too. */
static void
from_read(struct scanner *s, const char *value)
{
	const char *text = bare_addresses(s->mem, value), *start = text;
	bool angle = false;

	for (const char *p = text;; p++) {
		if (*p == '<')
			angle = true;
		else if (*p == '>')
			angle = false;
		if (*p != '\0' &&
		    (angle || (*p != ',' && *p != ';' && *p != ':')))
			continue;
		if (*p != ':')
			from_add(s, start, (size_t)(p - start));
		if (*p == '\0')
			return;
		start = p + 1;
	}
}

/* What stands before the first field in files of messages. */
static void
skip_lead(struct scanner *s)
{
	size_t at = 0, len;
	unsigned before = 0;
	const char *line;

	if (s->len >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
		s->at = 3;
	do {
		at = s->at;
		before = s->line;
	} while (next_line(s, &line, &len) &&
	    (len == 0 ||
		(len >= 5 && memcmp(line, "From ", 5) == 0 &&
		    field_name_len(line, len) == 0)));
	s->at = at;
	s->line = before;
}

static bool
header_read(struct scanner *s, const char **error)
{
	const char *line;
	unsigned first;
	size_t len;

	skip_lead(s);
	first = s->line;
	while (next_line(s, &line, &len) && len > 0) {
		unsigned number = s->line;
		char *value;

		if (field_name_len(line, len) == 0) {
			*error = arena_printf(s->mem,
			    number == first + 1
				? "is not a message: line %u is no header field"
				: "is not a message: line %u is neither a "
				  "header field nor its continuation",
			    number);
			return false;
		}
		value = unfold(s, line, len);
		if (is_field(line, len, "from"))
			from_read(s, value);
		else if (is_field(line, len, "dkim-signature"))
			keep(s, "DKIM-Signature", value, &s->nsignatures,
			    MESSAGE_SIGNATURES_MAX);
		else if (is_field(line, len, "authentication-results"))
			keep(s, "Authentication-Results", value, &s->nresults,
			    MESSAGE_RESULTS_MAX);
	}
	if (s->line == first) {
		*error = "is empty";
		return false;
	}
	return true;
}

bool
message_scan(struct arena *mem, const char *text, size_t len,
    struct message_scan *out, const char **error)
{
	struct scanner s = { .mem = mem, .out = out, .text = text };

	*out = (struct message_scan){ .cut = false };
	out->from = arena_array(mem, MESSAGE_FROM_MAX, sizeof *out->from);
	out->fields = arena_array(mem,
	    MESSAGE_SIGNATURES_MAX + MESSAGE_RESULTS_MAX, sizeof *out->fields);
	s.len = len < MESSAGE_HEADER_MAX ? len : MESSAGE_HEADER_MAX;
	if (!header_read(&s, error))
		return false;
	if (s.at == s.len && s.len < len) {
		*error = arena_printf(
		    mem, "has a header of over %d octets", MESSAGE_HEADER_MAX);
		return false;
	}
	return true;
}

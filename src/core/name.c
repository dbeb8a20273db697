/* SPDX-License-Identifier: ISC */
#include "name.h"

#include <string.h>

#include "arena.h"

/* A name of 255 octets has at most 127 labels, each behind a pointer. */
enum { HOPS_MAX = 128 };

const uint8_t name_root[1] = { 0 };

/* ASCII only, whatever the locale (RFC 4343 3). */
static uint8_t
octet_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool
octet_is_alnum(uint8_t c)
{
	c = octet_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

size_t
name_len(const uint8_t *name)
{
	const uint8_t *p = name;

	while (*p != 0)
		p += 1 + *p;
	return (size_t)(p - name) + 1;
}

unsigned
name_labels(const uint8_t *name)
{
	unsigned n = 0;

	for (; *name != 0; name += 1 + *name)
		n++;
	return n;
}

const uint8_t *
name_parent(const uint8_t *name)
{
	return *name == 0 ? NULL : name + 1 + *name;
}

const uint8_t *
name_ancestor(const uint8_t *name, unsigned labels)
{
	unsigned n;

	for (n = name_labels(name); n > labels; n--)
		name += 1 + *name;
	return name;
}

bool
name_equal(const uint8_t *a, const uint8_t *b)
{
	for (;; a += 1 + *a, b += 1 + *b) {
		unsigned i;

		/* Nothing behind the label that differs is looked at. */
		if (*a != *b)
			return false;
		if (*a == 0)
			return true;
		for (i = 1; i <= *a; i++)
			if (octet_lower(a[i]) != octet_lower(b[i]))
				return false;
	}
}

static int
label_compare(const uint8_t *a, const uint8_t *b)
{
	unsigned shorter = *a < *b ? *a : *b, i;

	for (i = 1; i <= shorter; i++) {
		int diff = (int)octet_lower(a[i]) - (int)octet_lower(b[i]);

		if (diff != 0)
			return diff;
	}
	return (int)*a - (int)*b;
}

/* Where each label begins; their number. */
static unsigned
labels_find(const uint8_t *name, const uint8_t *labels[HOPS_MAX])
{
	unsigned n = 0;

	for (; *name != 0; name += 1 + *name)
		labels[n++] = name;
	return n;
}

int
name_compare(const uint8_t *a, const uint8_t *b)
{
	const uint8_t *la[HOPS_MAX], *lb[HOPS_MAX];
	unsigned na = labels_find(a, la), nb = labels_find(b, lb);
	unsigned shorter = na < nb ? na : nb, i;

	/* RFC 4034 6.1: the rightmost label is the most significant. */
	for (i = 1; i <= shorter; i++) {
		int diff = label_compare(la[na - i], lb[nb - i]);

		if (diff != 0)
			return diff;
	}
	return na < nb ? -1 : na > nb;
}

bool
name_within(const uint8_t *name, const uint8_t *ancestor)
{
	unsigned labels = name_labels(ancestor);

	return name_labels(name) >= labels &&
	    name_equal(name_ancestor(name, labels), ancestor);
}

unsigned
name_common(const uint8_t *a, const uint8_t *b)
{
	unsigned na = name_labels(a), nb = name_labels(b);
	unsigned n = na < nb ? na : nb, common = n;

	a = name_ancestor(a, n);
	b = name_ancestor(b, n);
	/* Once through, whatever the names: they may be made to cost. */
	for (; n > 0; n--, a += 1 + *a, b += 1 + *b)
		if (label_compare(a, b) != 0)
			common = n - 1;
	return common;
}

uint32_t
name_hash(const uint8_t *name)
{
	uint32_t hash = 2166136261U; /* FNV-1a */
	size_t i, len = name_len(name);

	for (i = 0; i < len; i++)
		hash = (hash ^ octet_lower(name[i])) * 16777619U;
	return hash;
}

bool
name_is_wildcard(const uint8_t *name)
{
	return name[0] == 1 && name[1] == '*';
}

static bool
label_is_hostname(const uint8_t *label, bool underscore)
{
	unsigned len = *label, i;

	if (label[1] == '-' || label[len] == '-')
		return false;
	for (i = 1; i <= len; i++)
		if (!octet_is_alnum(label[i]) && label[i] != '-' &&
		    !(underscore && label[i] == '_'))
			return false;
	return true;
}

bool
name_is_hostname(const uint8_t *name, bool underscore)
{
	if (*name == 0)
		return false;
	for (; *name != 0; name += 1 + *name)
		if (!label_is_hostname(name, underscore))
			return false;
	return true;
}

size_t
name_lower(uint8_t out[NAME_WIRE_MAX], const uint8_t *name)
{
	size_t len = name_len(name), i;

	for (i = 0; i < len; i++)
		out[i] = octet_lower(name[i]);
	return len;
}

/* One \X or \DDD behind the backslash (RFC 1035 5.1); 0 for a bad one. */
static size_t
escape_read(const char *text, uint8_t *octet)
{
	unsigned value;

	if (text[0] == '\0')
		return 0;
	if (text[0] < '0' || text[0] > '9') {
		*octet = (uint8_t)text[0];
		return 1;
	}
	if (text[1] < '0' || text[1] > '9' || text[2] < '0' || text[2] > '9')
		return 0;
	value = (unsigned)(text[0] - '0') * 100 +
	    (unsigned)(text[1] - '0') * 10 + (unsigned)(text[2] - '0');
	if (value > 255)
		return 0;
	*octet = (uint8_t)value;
	return 3;
}

/*
 * The labels of text into out, without the root's zero; *len is their size.
 * *absolute says whether the text ended in a dot.
 */
static bool
labels_read(
    uint8_t out[NAME_WIRE_MAX], const char *text, size_t *len, bool *absolute)
{
	size_t label = 0, at = 1; /* at: where the next octet goes */

	*absolute = false;
	for (; *text != '\0'; text++) {
		uint8_t octet = (uint8_t)*text;

		*absolute = octet == '.';
		if (octet == '.') {
			if (at == label + 1)
				return false;
			out[label] = (uint8_t)(at - label - 1);
			label = at++;
			continue;
		}
		if (octet == '\\') {
			size_t used = escape_read(text + 1, &octet);

			if (used == 0)
				return false;
			text += used;
		}
		/* The root's zero must still fit behind. */
		if (at - label > NAME_LABEL_MAX || at >= NAME_WIRE_MAX - 1)
			return false;
		out[at++] = octet;
	}
	if (at > label + 1) {
		out[label] = (uint8_t)(at - label - 1);
		label = at;
	}
	*len = label;
	return true;
}

bool
name_prepend(
    uint8_t out[NAME_WIRE_MAX], const char *labels, const uint8_t *name)
{
	uint8_t front[NAME_WIRE_MAX];
	size_t len, tail = name_len(name);
	bool absolute;

	if (!labels_read(front, labels, &len, &absolute))
		return false;
	if (len + tail > NAME_WIRE_MAX)
		return false;
	memmove(out + len, name, tail);
	memcpy(out, front, len);
	return true;
}

bool
name_from_text(
    uint8_t out[NAME_WIRE_MAX], const char *text, const uint8_t *origin)
{
	bool absolute;
	size_t len;

	if (origin == NULL)
		origin = name_root;
	if (*text == '\0')
		return false;
	if (strcmp(text, ".") == 0) {
		out[0] = 0;
		return true;
	}
	if (strcmp(text, "@") == 0) {
		memmove(out, origin, name_len(origin));
		return true;
	}
	if (!labels_read(out, text, &len, &absolute))
		return false;
	if (absolute)
		origin = name_root;
	if (len + name_len(origin) > NAME_WIRE_MAX)
		return false;
	memcpy(out + len, origin, name_len(origin));
	return true;
}

bool
name_from_wire(
    uint8_t out[NAME_WIRE_MAX], const uint8_t *msg, size_t msglen, size_t *off)
{
	size_t at = *off, bound = *off, behind = 0, len = 0;
	unsigned hops = 0;

	for (;;) {
		unsigned octet;

		if (at >= msglen)
			return false;
		octet = msg[at];
		if (octet >= 0xc0) {
			if (at + 1 >= msglen)
				return false;
			if (behind == 0)
				behind = at + 2;
			at = (octet & 0x3f) << 8 | msg[at + 1];
			/*
			 * RFC 1035 4.1.4: a "prior occurrence"; each
			 * pointer leads before the last, so no loops.
			 * No name needs more pointers than labels.
			 */
			if (at >= bound || ++hops > HOPS_MAX)
				return false;
			bound = at;
			continue;
		}
		if (octet > NAME_LABEL_MAX || at + 1 + octet > msglen)
			return false;
		/* A label leaves room for the root's zero (2.3.4). */
		if (len + 1 + octet + (octet != 0) > NAME_WIRE_MAX)
			return false;
		memcpy(out + len, msg + at, 1 + octet);
		len += 1 + octet;
		at += 1 + octet;
		if (octet == 0)
			break;
	}
	*off = behind != 0 ? behind : at;
	return true;
}

/* One octet of a label; the characters with a meaning in a zone file are
 * escaped, so that what is written can be read again. */
static size_t
octet_to_text(uint8_t c, char *buf)
{
	if (c <= 0x20 || c >= 0x7f) {
		buf[0] = '\\';
		buf[1] = (char)('0' + c / 100);
		buf[2] = (char)('0' + c / 10 % 10);
		buf[3] = (char)('0' + c % 10);
		return 4;
	}
	if (strchr(".\\\"();@$", c) != NULL) {
		buf[0] = '\\';
		buf[1] = (char)c;
		return 2;
	}
	buf[0] = (char)c;
	return 1;
}

size_t
name_to_text(const uint8_t *name, char buf[NAME_TEXT_MAX])
{
	size_t len = 0;

	if (*name == 0)
		buf[len++] = '.';
	for (; *name != 0; name += 1 + *name) {
		unsigned i;

		for (i = 1; i <= *name; i++)
			len += octet_to_text(name[i], buf + len);
		buf[len++] = '.';
	}
	buf[len] = '\0';
	return len;
}

char *
name_text(struct arena *arena, const uint8_t *name)
{
	char buf[NAME_TEXT_MAX];
	size_t len = name_to_text(name, buf);

	return arena_strndup(arena, buf, len);
}

char *
name_text_nodot(struct arena *arena, const uint8_t *name)
{
	char buf[NAME_TEXT_MAX];
	size_t len = name_to_text(name, buf);

	return arena_strndup(arena, buf, len > 1 ? len - 1 : len);
}

uint8_t *
name_copy(struct arena *arena, const uint8_t *name)
{
	return arena_copy(arena, name, name_len(name));
}

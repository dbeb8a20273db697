/* SPDX-License-Identifier: ISC */
#include "dkim_key.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "cert.h"
#include "rdata.h"
#include "taglist.h"
#include "text.h"

enum { ED25519_OCTETS = 32 };

/* The value names an item of this text: lists of RFC 6376 3.6.1. */
static bool
has_item(const struct tag *tag, const char *want)
{
	const char *item;
	size_t at = 0, len;

	while (tag_next(tag, &at, &item, &len))
		if (len == strlen(want) && memcmp(item, want, len) == 0)
			return true;
	return false;
}

static bool
starts_with(const char *text, size_t len, const char *start)
{
	return len >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* A record that somebody meant as a DKIM key, however wrong it is. */
static bool
is_meant(const struct dkim_key *key, const struct taglist *list)
{
	const struct tag *v = taglist_find(list, "v");

	if (v != NULL && starts_with(v->value, v->valuelen, "DKIM"))
		return true;
	for (size_t i = 0; i + 5 <= key->textlen; i++)
		if (memcmp(key->text + i, "DKIM1", 5) == 0)
			return true;
	/* v= is only RECOMMENDED; another protocol's record has its own. */
	return v == NULL && taglist_find(list, "p") != NULL;
}

/* RFC 6376 3.6.1: v= MUST be the first tag, and "DKIM1" to the letter. */
static const char *
version_error(const struct taglist *list)
{
	const struct tag *v = taglist_find(list, "v");

	if (v == NULL)
		return NULL;
	if (v != &list->tags[0])
		return "v= is not the first tag";
	if (tag_is(v, "DKIM1\\"))
		return "the semicolons were published with backslashes";
	if (!tag_is(v, "DKIM1"))
		return "v= is not DKIM1";
	return NULL;
}

static const char *
rsa_error(struct dkim_key *key, const uint8_t *der, size_t len)
{
	enum cert_key type;

	if (!cert_spki(der, len, &type, &key->bits))
		return "p= holds no RSA public key";
	if (type != CERT_KEY_RSA)
		return "p= holds a key of another type than k= says";
	return NULL;
}

static const char *
ed25519_error(struct dkim_key *key, size_t len)
{
	/* RFC 8463 4: the 32 raw octets, not a SubjectPublicKeyInfo */
	if (len != ED25519_OCTETS)
		return "p= does not hold the 32 octets of an Ed25519 key";
	key->bits = 256;
	return NULL;
}

static const char *
data_error(struct arena *mem, struct dkim_key *key, const struct tag *p)
{
	uint8_t *data;
	size_t len;

	/* RFC 6376 3.6.1: an empty value means that the key is revoked. */
	if (p->valuelen == 0) {
		key->kind = DKIM_KEY_EMPTY;
		return NULL;
	}
	if (starts_with(p->value, p->valuelen, "-----BEGIN"))
		return "p= holds a PEM header";
	if (!text_from_base64(mem, p->value, p->valuelen, &data, &len))
		return "p= is not base64";
	key->kind = DKIM_KEY_GOOD;
	if (strcmp(key->type, "rsa") == 0)
		return rsa_error(key, data, len);
	return ed25519_error(key, len);
}

static const char *
key_error(struct arena *mem, struct dkim_key *key, const struct taglist *list)
{
	const struct tag *tag, *p = taglist_find(list, "p");
	const char *error = version_error(list);

	if (error != NULL)
		return error;
	if (p == NULL)
		return "p= is missing";
	tag = taglist_find(list, "t");
	key->testing = tag != NULL && has_item(tag, "y");
	/* RFC 6376 3.6.1: unrecognized key types MUST be ignored; so the
	 * record is none. */
	tag = taglist_find(list, "k");
	if (tag == NULL || tag_is(tag, "rsa"))
		key->type = "rsa";
	else if (tag_is(tag, "ed25519"))
		key->type = "ed25519";
	else if (p->valuelen > 0)
		return "k= names a key type that verifiers do not know";
	error = key->type != NULL || p->valuelen == 0 ? data_error(mem, key, p)
						      : NULL;
	if (error != NULL || key->kind == DKIM_KEY_EMPTY)
		return error;
	tag = taglist_find(list, "s");
	if (tag != NULL && !has_item(tag, "*") && !has_item(tag, "email"))
		return "s= excludes email";
	tag = taglist_find(list, "h");
	if (tag == NULL || has_item(tag, "sha256"))
		return NULL;
	key->sha1_only = has_item(tag, "sha1");
	return key->sha1_only ? NULL : "h= names no hash that verifiers know";
}

void
dkim_key_parse(
    struct arena *mem, const char *text, size_t len, struct dkim_key *out)
{
	struct taglist list;
	bool wellformed;
	char *copy;

	*out = (struct dkim_key){ .kind = DKIM_KEY_STRANGER };
	/* A copy as a string would end at the first NUL. */
	copy = arena_alloc(mem, len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	out->text = copy;
	out->textlen = len;
	wellformed = taglist_parse(mem, out->text, len, &list);
	if (!is_meant(out, &list))
		return;
	out->kind = DKIM_KEY_BAD;
	out->error = wellformed ? key_error(mem, out, &list) : list.error;
	if (!wellformed && version_error(&list) != NULL)
		out->error = version_error(&list);
	if (out->error != NULL)
		out->kind = DKIM_KEY_BAD;
}

void
dkim_key_read(struct arena *mem, const struct rr *rr, struct dkim_key *out)
{
	size_t len;
	const char *text = rdata_txt(mem, rr, &len);

	dkim_key_parse(mem, text, len, out);
}

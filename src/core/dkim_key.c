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

/*
 * The list has the item, if capitals were small letters.  RFC 6376 3.2:
 * values MUST be processed as case sensitive, unless a tag says otherwise,
 * and none of a key record's does.
 */
static bool
has_capital_item(const struct tag *tag, const char *want)
{
	const char *item;
	size_t at = 0, len;

	while (tag_next(tag, &at, &item, &len))
		if (text_is(item, len, want))
			return true;
	return false;
}

/* A record that somebody meant as a DKIM key, however wrong it is. */
static bool
is_meant(const struct dkim_key *key, const struct taglist *list)
{
	const struct tag *v = taglist_find(list, "v");

	if (v != NULL && v->valuelen >= 4 && text_is(v->value, 4, "dkim"))
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
	if (text_is(v->value, v->valuelen, "dkim1") && !tag_is(v, "DKIM1"))
		return "v= is not DKIM1 in capitals";
	if (!tag_is(v, "DKIM1"))
		return "v= is not DKIM1";
	return NULL;
}

/*
 * A SubjectPublicKeyInfo by the OID of its algorithm, rsaEncryption (RFC 8017
 * A.1): a key for RSASSA-PSS alone cannot verify what DKIM signs (RFC 6376
 * 3.3.1: PKCS #1 1.5), though its parts are those of an RSA key.
 */
static bool
is_rsa_encryption(const uint8_t *der, size_t len)
{
	static const uint8_t oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
		0x0d, 0x01, 0x01, 0x01 };
	/* Behind the heads of two SEQUENCEs, of 2 to 6 octets each. */
	size_t last = 12;

	for (size_t at = 4; at <= last && at + sizeof oid <= len; at++)
		if (memcmp(der + at, oid, sizeof oid) == 0)
			return true;
	return false;
}

/*
 * RFC 8017 A.1.2, RFC 5958 2: a private key begins with its version, 0 or 1,
 * where a public one has its algorithm or its modulus.
 */
static bool
is_private(const uint8_t *der, size_t len)
{
	size_t at = 2;

	if (len < 3 || der[0] != 0x30)
		return false;
	if (der[1] >= 0x80)
		at += der[1] & 0x7f;
	return at + 3 <= len && der[at] == 0x02 && der[at + 1] == 0x01 &&
	    der[at + 2] <= 1;
}

static const char *
rsa_error(struct dkim_key *key, const uint8_t *der, size_t len)
{
	enum cert_key type;

	/* RFC 6376 3.6.1 has the bare RSAPublicKey, its erratum and all the
	 * world the SubjectPublicKeyInfo: verifiers take both. */
	if (!cert_spki(der, len, &type, &key->bits))
		return "p= holds no RSA public key";
	if (type != CERT_KEY_RSA ||
	    (cert_is_spki(der, len) && !is_rsa_encryption(der, len))) {
		key->bits = 0;
		return "p= holds a key of another type than RSA";
	}
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

/*
 * The grammar lets the padding go (RFC 6376 2.10); RFC 4648 3.2 does not, nor
 * do all decoders.
 */
static bool
from_unpadded(
    struct arena *mem, const struct tag *p, uint8_t **data, size_t *len)
{
	char *padded = arena_alloc(mem, p->valuelen + 2);

	memcpy(padded, p->value, p->valuelen);
	memcpy(padded + p->valuelen, "==", 2);
	return text_from_base64(mem, padded, p->valuelen + 1, data, len) ||
	    text_from_base64(mem, padded, p->valuelen + 2, data, len);
}

/* X.690 8.1.3: a SEQUENCE that promises more octets than there are. */
static bool
is_cut(const uint8_t *der, size_t len)
{
	size_t octets, promised = 0;

	if (len < 2 || der[0] != 0x30)
		return false;
	if (der[1] < 0x80)
		return der[1] > len - 2;
	octets = der[1] & 0x7f;
	if (octets == 0 || octets > 3 || octets > len - 2)
		return false;
	for (size_t i = 0; i < octets; i++)
		promised = promised << 8 | der[2 + i];
	return promised > len - 2 - octets;
}

/* The last character belongs to an octet that is not all there. */
static bool
is_cut_text(struct arena *mem, const struct tag *p)
{
	uint8_t *data;
	size_t len;

	return p->valuelen > 0 &&
	    text_from_base64(mem, p->value, p->valuelen - 1, &data, &len) &&
	    is_cut(data, len);
}

static const char *
octets_error(struct dkim_key *key, const uint8_t *data, size_t len)
{
	const char *error = strcmp(key->type, "rsa") == 0
	    ? rsa_error(key, data, len)
	    : ed25519_error(key, len);

	if (error != NULL && is_private(data, len))
		return "p= holds a private key, no secret any more: a new pair "
		       "is needed";
	if (error != NULL && strcmp(key->type, "rsa") == 0 && is_cut(data, len))
		return "p= was cut off";
	return error;
}

static const char *
data_error(struct arena *mem, struct dkim_key *key, const struct tag *p)
{
	const char *error;
	uint8_t *data;
	size_t len;

	if (starts_with(p->value, p->valuelen, "-----BEGIN"))
		return "p= holds a PEM header";
	key->kind = DKIM_KEY_GOOD;
	if (text_from_base64(mem, p->value, p->valuelen, &data, &len))
		return octets_error(key, data, len);
	if (memchr(p->value, '"', p->valuelen) != NULL)
		return "p= has quotation marks in it";
	if (!from_unpadded(mem, p, &data, &len))
		return strcmp(key->type, "rsa") == 0 && is_cut_text(mem, p)
		    ? "p= was cut off"
		    : "p= is not base64";
	error = octets_error(key, data, len);
	key->unpadded = error == NULL;
	return error != NULL ? "p= was cut off" : NULL;
}

/* RFC 6376 3.6.1: unrecognized key types MUST be ignored; so the record is
 * none. */
static const char *
type_error(struct dkim_key *key, const struct tag *k)
{
	if (k == NULL || tag_is(k, "rsa"))
		key->type = "rsa";
	else if (tag_is(k, "ed25519"))
		key->type = "ed25519";
	else if (k->valuelen == 0)
		return "k= is empty";
	else if (text_is(k->value, k->valuelen, "rsa") ||
	    text_is(k->value, k->valuelen, "ed25519"))
		return "k= is not in small letters";
	else
		return "k= names a key type that verifiers do not know";
	return NULL;
}

/*
 * RFC 6376 3.6.1, s= and h=: what is not listed is not allowed, and an empty
 * list is not the same as none (3.2).
 */
static const char *
limits_error(struct dkim_key *key, const struct taglist *list)
{
	const struct tag *s = taglist_find(list, "s");
	const struct tag *h = taglist_find(list, "h");

	if (s != NULL && !has_item(s, "*") && !has_item(s, "email"))
		return s->valuelen == 0 ? "s= is empty: it excludes email"
		    : has_capital_item(s, "email")
		    ? "s= excludes email: it is not in small letters"
		    : "s= excludes email";
	if (h == NULL || has_item(h, "sha256"))
		return NULL;
	key->sha1_only = has_item(h, "sha1");
	if (key->sha1_only)
		return NULL;
	return h->valuelen == 0 ? "h= is empty: it allows no hash"
	    : has_capital_item(h, "sha256")
	    ? "h= is not in small letters"
	    : "h= names no hash that verifiers know";
}

static const char *
key_error(struct arena *mem, struct dkim_key *key, const struct taglist *list)
{
	const struct tag *t, *p = taglist_find(list, "p");
	const char *error = version_error(list);

	if (error != NULL)
		return error;
	if (p == NULL)
		return "p= is missing";
	/* Unrecognized flags MUST be ignored. */
	t = taglist_find(list, "t");
	key->testing = t != NULL && has_item(t, "y");
	key->strict = t != NULL && has_item(t, "s");
	error = type_error(key, taglist_find(list, "k"));
	/* 3.6.1: an empty value means that the key is revoked, whatever its
	 * type, its service or its hash. */
	if (p->valuelen == 0) {
		key->kind = DKIM_KEY_EMPTY;
		return NULL;
	}
	if (error == NULL)
		error = data_error(mem, key, p);
	return error != NULL ? error : limits_error(key, list);
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
	out->odd = list.odd;
	out->error = wellformed ? key_error(mem, out, &list) : list.error;
	if (!wellformed && version_error(&list) != NULL)
		out->error = version_error(&list);
	else if (!wellformed && len > 0 && text[0] == '"')
		out->error = "the text begins with a quotation mark";
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

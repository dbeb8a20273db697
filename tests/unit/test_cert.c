/* SPDX-License-Identifier: ISC */
#include "core/cert.h"

#include "core/arena.h"
#include "pki.h"
#include "tap.h"

static struct pki table[] = {
	{ "root", .ca = true, .from = -100, .until = 100,
	    .pk = GNUTLS_PK_ECDSA, .bits = 256 },
	{ "other", .ca = true, .cn = "root", .from = -100, .until = 100,
	    .pk = GNUTLS_PK_ECDSA, .bits = 256 },
	{ "leaf", .issuer = "root", .san = "mx.d.test", .from = -10,
	    .until = 10, .pk = GNUTLS_PK_ECDSA, .bits = 384 },
	{ "rsa", .issuer = "root", .san = "*.d.test", .from = -10,
	    .until = 10, .pk = GNUTLS_PK_RSA, .bits = 2048 },
	{ "cn", .issuer = "root", .cn = "mx.d.test", .from = -10,
	    .until = 10, .pk = GNUTLS_PK_EDDSA_ED25519 },
	{ "evil", .issuer = "root", .san = "mx.d.test.evil.test",
	    .from = -10, .until = 10, .key_of = "leaf" },
	{ "tld", .issuer = "root", .san = "*.test", .from = -10, .until = 10,
	    .key_of = "leaf" },
	{ "dot", .issuer = "root", .san = "mx.d.test.", .from = -10,
	    .until = 10, .key_of = "leaf" },
	{ "mid", .issuer = "root", .san = "m*.d.test", .from = -10,
	    .until = 10, .key_of = "leaf" },
};

static struct cert *
parse(struct arena *mem, const char *name)
{
	const struct pki *p = pki_find(name);

	return cert_parse(mem, p->der.data, p->der.size);
}

static void
fields(struct arena *mem)
{
	const struct cert *c = parse(mem, "leaf");

	ok(c->parsed, "a certificate parses");
	is(c->subject, "CN=leaf", "subject");
	is(c->issuer, "CN=root", "issuer");
	is(c->key_text, "ECDSA P-384", "key");
	is(c->cn, "leaf", "common name");
	ok(c->nnames == 1, "one name");
	is(c->names[0], "mx.d.test", "the name");
	ok(c->not_before == PKI_NOW - 10 * PKI_DAY, "not before");
	ok(c->not_after == PKI_NOW + 10 * PKI_DAY, "not after");
	ok(!c->self_issued && !c->is_ca && !c->weak_signature, "flags");
	c = parse(mem, "root");
	ok(c->self_issued && c->is_ca && c->nnames == 0, "a root");
	is(parse(mem, "rsa")->key_text, "RSA 2048", "RSA");
	is(parse(mem, "cn")->key_text, "Ed25519", "Ed25519");
}

static void
issuers(struct arena *mem)
{
	static const struct {
		const char *child, *issuer;
		bool want, by_key;
	} rows[] = {
		{ "leaf", "root", true, true },
		{ "rsa", "root", true, true },
		{ "cn", "root", true, true },
		{ "root", "root", true, true },
		{ "leaf", "other", false, false },
		{ "root", "leaf", false, false },
		{ "other", "root", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct cert *c = parse(mem, rows[i].child);
		const struct cert *ca = parse(mem, rows[i].issuer);

		ok(cert_issued_by(c, ca) == rows[i].want, "%s issued by %s",
		    rows[i].child, rows[i].issuer);
		ok(cert_signed_by_spki(c, ca->spki, ca->spkilen) ==
			rows[i].by_key, "%s signed by the key of %s",
		    rows[i].child, rows[i].issuer);
	}
}

static void
names(struct arena *mem)
{
	static const struct {
		const char *cert, *reference;
		bool want;
	} rows[] = {
		{ "leaf", "mx.d.test", true },
		{ "leaf", "MX.D.Test", true },
		{ "leaf", "leaf", false },
		{ "leaf", "d.test", false },
		{ "leaf", "a.mx.d.test", false },
		{ "rsa", "mx.d.test", true },
		{ "rsa", "d.test", false },
		{ "rsa", "a.mx.d.test", false },
		{ "cn", "mx.d.test", true },
		{ "evil", "mx.d.test", false },
		{ "tld", "d.test", false },
		{ "mid", "mx.d.test", false },
		{ "dot", "mx.d.test", false }, /* RFC 5280 4.2.1.6 */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ok(cert_has_name(parse(mem, rows[i].cert),
			rows[i].reference) == rows[i].want, "%s for %s: %s",
		    rows[i].cert, rows[i].reference,
		    rows[i].want ? "yes" : "no");
}

/* Damage at every octet: no crash, and never a changed signature's yes. */
static void
hostile(struct arena *mem)
{
	const struct pki *p = pki_find("leaf");
	const struct cert *root = parse(mem, "root");
	bool good = true;

	for (size_t n = 0; n < p->der.size; n++) {
		uint8_t *cut = arena_copy(mem, p->der.data, n);

		good &= !cert_parse(mem, cut, n)->parsed;
	}
	ok(good, "no prefix of a certificate is one");
	good = true;
	for (size_t n = 0; n < p->der.size; n++) {
		uint8_t *bad = arena_copy(mem, p->der.data, p->der.size);

		bad[n] ^= 0x41;
		good &= !cert_issued_by(cert_parse(mem, bad, p->der.size),
		    root);
	}
	ok(good, "no damaged certificate verifies");
	ok(!cert_parse(mem, NULL, 0)->parsed, "nothing is no certificate");
}

static void
keys(struct arena *mem)
{
	const struct cert *c = parse(mem, "rsa");
	enum cert_key type;
	unsigned bits;

	ok(cert_is_spki(c->spki, c->spkilen), "the form of an SPKI");
	ok(!cert_is_spki(c->der, c->derlen), "a certificate is none");
	ok(cert_spki(c->spki, c->spkilen, &type, &bits) &&
		type == CERT_KEY_RSA && bits == 2048, "SPKI");
	ok(!cert_spki(c->spki, c->spkilen - 1, NULL, NULL), "cut short");
	/* The BIT STRING's contents, its count of unused bits left out. */
	ok(cert_spki(c->spki + 24, c->spkilen - 24, &type, &bits) &&
		type == CERT_KEY_RSA && bits == 2048, "PKCS #1");
	ok(!cert_is_spki(c->spki + 24, c->spkilen - 24), "is no SPKI");
}

int
main(void)
{
	struct arena *mem = arena_new();

	pki_make(table, sizeof table / sizeof *table);
	fields(mem);
	issuers(mem);
	names(mem);
	keys(mem);
	hostile(mem);
	pki_free();
	arena_free(mem);
	return tap_done();
}

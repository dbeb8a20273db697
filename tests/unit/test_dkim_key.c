/* SPDX-License-Identifier: ISC */
/* Key records: what is usable, and why not. */
#include "core/dkim_key.h"

#include <stdint.h>

#include "core/arena.h"
#include "core/rdata.h"
#include "tap.h"

/* clang-format off */
#define RSA_512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMVRP941WH+ow1AIyZAjjYe5obVJF03t" \
	"sqI2wdBVnT6snTKY/IiDaoULPxVm1iUFqTHQgiE5vgFCksboyul9v9cCAwEAAQ=="
#define RSA_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCx8FsRi7Q5ccQjWWTvEnhmniXA" \
	"CajZ68HBbiGozwKp7f++Q6EqDlXjEnhPkHJuZ56+MMZ6vkcEox5fM4XzOSbHNTT2" \
	"yxGhI3J4WVr+TPSQGhBv+QWs2yHiKx2o1dGfzySQrS4QG4k5QIJoKh3XmMuA9dJd" \
	"khXiyt/1/u4NowqmeQIDAQAB"
#define PKCS1_1024 \
	"MIGJAoGBALHwWxGLtDlxxCNZZO8SeGaeJcAJqNnrwcFuIajPAqnt/75DoSoOVeMS" \
	"eE+Qcm5nnr4wxnq+RwSjHl8zhfM5Jsc1NPbLEaEjcnhZWv5M9JAaEG/5BazbIeIr" \
	"HajV0Z/PJJCtLhAbiTlAgmgqHdeYy4D10l2SFeLK3/X+7g2jCqZ5AgMBAAE="
#define RSA_2048 \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtHU/m0shwksIaer0Nc6c" \
	"jeAMEzKSOrmwXXmVsrA1G54QcaoJ92iuqj62OHCvpIRB4L6SLPCJw8x6/jhEffto" \
	"L3e1FBiNBTDM3OlsWVvM9CmZiwLBndXRKDtAeNPHp05Hoxb6ZczlXcqhyfpkkuRG" \
	"sjCnbbu6jqQkJ0YtZH+PxsstOWDt/n8kmNcVIQfaoglCrvKLvaz5HD0Nrh9c6680" \
	"4GqX3lIRNdOl8Xeme4hQpeLWqqdS5SITHj0QPY1sBHNU5NSSBtEIHBLq3OXHrUu0" \
	"wtYyFJMsdPdb5oCBG/Xao1Lu4Eazz3aKj9s1CHrdIbAwJKD/eJGEyIWU/fcSCG5b" \
	"pQIDAQAB"
#define ED25519 \
	"TVCM87Cvsopjxr8IJqO9CTwphWaBpyX+A+mO9rfxfyg="
#define ED25519_SPKI \
	"MCowBQYDK2VwAyEATVCM87Cvsopjxr8IJqO9CTwphWaBpyX+A+mO9rfxfyg="
#define ECDSA \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqD337faqi+lJO8LE67UNuD7SD9iN" \
	"gmNSHjOtUAXk4xtzo/afbGRxjA77zzOcAbRGxI2P3a7TOvixXrYcCk+R1A=="
/* clang-format on */

static const char *const kinds[] = { "stranger", "bad", "empty", "good" };

static const struct {
	const char *name;
	const char *input;
	const char *want; /* "kind type bits [sha1] [testing]" or error */
} tests[] = {
	{ "full", "v=DKIM1; k=rsa; p=" RSA_2048, "good rsa 2048" },
	{ "no v, no k", "p=" RSA_2048, "good rsa 2048" },
	{ "no spaces, end", "v=DKIM1;k=rsa;p=" RSA_1024 ";", "good rsa 1024" },
	{ "PKCS#1", "v=DKIM1; p=" PKCS1_1024, "good rsa 1024" },
	{ "short", "v=DKIM1; p=" RSA_512, "good rsa 512" },
	{ "folded base64", "v=DKIM1; p= " RSA_1024 " \t ; t=s",
	    "good rsa 1024" },
	{ "ed25519", "v=DKIM1; k=ed25519; p=" ED25519, "good ed25519 256" },
	{ "ed25519 as SPKI", "v=DKIM1; k=ed25519; p=" ED25519_SPKI,
	    "bad: p= does not hold the 32 octets of an Ed25519 key" },
	{ "ed25519 without k", "v=DKIM1; p=" ED25519,
	    "bad: p= holds no RSA public key" },
	{ "ECDSA", "v=DKIM1; p=" ECDSA,
	    "bad: p= holds a key of another type than k= says" },
	{ "revoked", "v=DKIM1; p=", "empty" },
	{ "revoked, no v", "p=", "empty" },
	{ "revoked, with k", "v=DKIM1; k=rsa; p=;", "empty" },
	{ "testing", "v=DKIM1; t=y:s; p=" RSA_2048, "good rsa 2048 testing" },
	{ "strict", "v=DKIM1; t=s; p=" RSA_2048, "good rsa 2048" },
	{ "sha1", "v=DKIM1; h=sha1; p=" RSA_2048, "good rsa 2048 sha1" },
	{ "both hashes", "v=DKIM1; h=sha1:sha256; p=" RSA_2048,
	    "good rsa 2048" },
	{ "no hash", "v=DKIM1; h=md5; p=" RSA_2048,
	    "bad: h= names no hash that verifiers know" },
	{ "all services", "v=DKIM1; s=*; p=" RSA_2048, "good rsa 2048" },
	{ "email", "v=DKIM1; s=tlsrpt : email; p=" RSA_2048, "good rsa 2048" },
	{ "no email", "v=DKIM1; s=tlsrpt; p=" RSA_2048,
	    "bad: s= excludes email" },
	{ "unknown tag", "v=DKIM1; g=*; n=a b; p=" RSA_2048, "good rsa 2048" },
	{ "unknown type", "v=DKIM1; k=dsa; p=AAAA",
	    "bad: k= names a key type that verifiers do not know" },
	{ "no p", "v=DKIM1; k=rsa", "bad: p= is missing" },
	{ "v not first", "k=rsa; v=DKIM1; p=" RSA_2048,
	    "bad: v= is not the first tag" },
	{ "v in small letters", "v=dkim1; p=" RSA_2048, "stranger" },
	{ "v2", "v=DKIM2; p=" RSA_2048, "bad: v= is not DKIM1" },
	{ "backslashes", "v=DKIM1\\; k=rsa\\; p=" RSA_2048,
	    "bad: the semicolons were published with backslashes" },
	{ "bad base64", "v=DKIM1; p=M*GfMA", "bad: p= is not base64" },
	{ "quotes", "v=DKIM1; p=\"" RSA_2048 "\"", "bad: p= is not base64" },
	{ "cut", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB",
	    "bad: p= holds no RSA public key" },
	{ "PEM", "v=DKIM1; p=-----BEGIN PUBLIC KEY-----",
	    "bad: p= holds a PEM header" },
	{ "p twice", "v=DKIM1; p=; p=" RSA_2048, "bad: the same tag twice" },
	{ "no tag list", "DKIM1 rsa", "bad: a part without \"=\"" },
	{ "SPF", "v=spf1 -all", "stranger" },
	{ "DMARC", "v=DMARC1; p=none", "stranger" },
	{ "token", "google-site-verification=abc", "stranger" },
	{ "CNAME's text", "selector1-contoso-com._domainkey.contoso.com",
	    "stranger" },
	{ "nothing", "", "stranger" },
};

static const char *
shown(struct arena *mem, const struct dkim_key *key)
{
	if (key->kind == DKIM_KEY_BAD)
		return arena_printf(mem, "bad: %s", key->error);
	if (key->kind != DKIM_KEY_GOOD)
		return kinds[key->kind];
	return arena_printf(mem, "good %s %u%s%s", key->type, key->bits,
	    key->sha1_only ? " sha1" : "", key->testing ? " testing" : "");
}

/* Strings are joined without white space, and a bad length is survived. */
static void
test_strings(struct arena *mem)
{
	static const uint8_t two[] = "\5v=DKI\4M1; \2p=";
	static const uint8_t cut[] = "\7v=DKIM1\377; p=";
	struct dkim_key key;
	struct rr rr = { .rdata = two, .rdlen = sizeof two - 1 };

	dkim_key_read(mem, &rr, &key);
	is(shown(mem, &key), "empty", "three strings");
	rr.rdata = cut;
	rr.rdlen = sizeof cut - 1;
	dkim_key_read(mem, &rr, &key);
	is(shown(mem, &key), "empty", "length over the end");
	rr.rdlen = 0;
	dkim_key_read(mem, &rr, &key);
	is(shown(mem, &key), "stranger", "no strings");
}

/* A NUL ends nothing: what stands behind it is read, and no more. */
static void
test_nul(struct arena *mem)
{
	static const char input[] = "v=DKIM1; n=a\0b; p=";
	struct dkim_key key;

	dkim_key_parse(mem, input, sizeof input - 1, &key);
	ok(key.textlen == sizeof input - 1 &&
		memcmp(key.text, input, key.textlen) == 0,
	    "the text is kept behind a NUL");
	is(shown(mem, &key), "empty", "tags behind a NUL");
}

int
main(void)
{
	struct arena *mem = arena_new();

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		struct dkim_key key;

		dkim_key_parse(
		    mem, tests[i].input, strlen(tests[i].input), &key);
		is(shown(mem, &key), tests[i].want, tests[i].name);
	}
	test_strings(mem);
	test_nul(mem);
	arena_free(mem);
	return tap_done();
}

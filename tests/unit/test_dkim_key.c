/* SPDX-License-Identifier: ISC */
/* Key records: what is usable, and why not. */
#include "core/dkim_key.h"

#include <stdint.h>

#include "core/arena.h"
#include "core/rdata.h"
#include "core/text.h"
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
/* 1023 bits, e = 3, other OIDs */
#define RSA_1023 \
	"MIGeMA0GCSqGSIb3DQEBAQUAA4GMADCBiAKBgGGeXj0SdVX5Lc54PhojLd/OtW8B" \
	"yaQkPjYOBsK72wSYxxlK1iU6i25WI5lWfGyLO/ysszmH79niaaUk9BtuQOc7jAY4" \
	"3eawmYtTIJ/FOctsVYQMcuBiyGLm6QjEYDxUA0rZeEPm84S8UD2TpV0qL6UeIOU5" \
	"Q0x7AZHoGrAVOeVpAgMBAAE="
#define RSA_E3 \
	"MIGdMA0GCSqGSIb3DQEBAQUAA4GLADCBhwKBgQDYRmfGMCG5D3bEjABFkxsxxK7G" \
	"R59WV/XhnlF6e0TCWgRdFbQBUUzIN+YvB5KDnTLHrGoGyImKV2tI3XOAGBxiXV2A" \
	"uWTsiBKfay9ZSaFPI3JXLV5RG7hASomh8zY9X8M3TF1nRwUmQf1SVY9vvfrIow9O" \
	"351siuBYQVEKzyvSPQIBAw=="
#define RSA_PSS \
	"MIGdMAsGCSqGSIb3DQEBCgOBjQAwgYkCgYEAp9MHkhOIVIEZmSDgu9Mo1b54KnnC" \
	"1n2IPie0CwCWToNJBmyHfc9wf1RHj8/3dgjsDZSz2p2Qyfgc2ggxMxqlTpyQ5VLq" \
	"HMGpWF876sEIBXb+BiD6N/qRkq1fBpauQdzc5NXzdFzpb1PljH/W6d+DsU/HMbNr" \
	"6uOSuZUtpYOLNd0CAwEAAQ=="
#define X25519 \
	"MCowBQYDK2VuAyEAMjBVyHv6qOlYTijshNehimkz9s6VUHyZJ72g9fFzuzA="
/* clang-format on */

static const char *const kinds[] = { "stranger", "bad", "empty", "good" };

static const struct {
	const char *name;
	const char *input;
	const char *want; /* "kind type bits [sha1] [testing] …" or error */
} tests[] = {
	/* What the tags say. */
	{ "full", "v=DKIM1; k=rsa; p=" RSA_2048, "good rsa 2048" },
	{ "no v, no k", "p=" RSA_2048, "good rsa 2048" },
	{ "no spaces, end", "v=DKIM1;k=rsa;p=" RSA_1024 ";", "good rsa 1024" },
	{ "p before k", "v=DKIM1; p=" RSA_1024 "; k=rsa", "good rsa 1024" },
	{ "testing", "v=DKIM1; t=y; p=" RSA_2048, "good rsa 2048 testing" },
	{ "strict", "v=DKIM1; t=s; p=" RSA_2048, "good rsa 2048 strict" },
	{ "testing and strict", "v=DKIM1; t=y:s; p=" RSA_2048,
	    "good rsa 2048 testing strict" },
	{ "flags with white space", "v=DKIM1; t= s :\t y ; p=" RSA_2048,
	    "good rsa 2048 testing strict" },
	{ "an unknown flag beside", "v=DKIM1; t=x:s; p=" RSA_2048,
	    "good rsa 2048 strict" },
	{ "flags in capitals", "v=DKIM1; t=Y:S; p=" RSA_2048, "good rsa 2048" },
	{ "flags without a colon", "v=DKIM1; t=ys; p=" RSA_2048,
	    "good rsa 2048" },
	{ "no flags", "v=DKIM1; t=; p=" RSA_2048, "good rsa 2048" },
	{ "sha1", "v=DKIM1; h=sha1; p=" RSA_2048, "good rsa 2048 sha1" },
	{ "sha256", "v=DKIM1; h=sha256; p=" RSA_2048, "good rsa 2048" },
	{ "both hashes", "v=DKIM1; h=sha1:sha256; p=" RSA_2048,
	    "good rsa 2048" },
	{ "hashes with white space", "v=DKIM1; h = sha512 : sha256 ; p=" RSA_2048,
	    "good rsa 2048" },
	{ "sha1 beside an unknown one", "v=DKIM1; h=sha1:md5; p=" RSA_2048,
	    "good rsa 2048 sha1" },
	{ "no hash", "v=DKIM1; h=md5; p=" RSA_2048,
	    "bad: h= names no hash that verifiers know" },
	{ "part of a hash", "v=DKIM1; h=sha25; p=" RSA_2048,
	    "bad: h= names no hash that verifiers know" },
	{ "empty h", "v=DKIM1; h=; p=" RSA_2048,
	    "bad: h= is empty: it allows no hash" },
	{ "hash in capitals", "v=DKIM1; h=SHA256; p=" RSA_2048,
	    "bad: h= is not in small letters" },
	{ "all services", "v=DKIM1; s=*; p=" RSA_2048, "good rsa 2048" },
	{ "email", "v=DKIM1; s=tlsrpt : email; p=" RSA_2048, "good rsa 2048" },
	{ "all services, last", "v=DKIM1; s=x:y:*; p=" RSA_2048,
	    "good rsa 2048" },
	{ "no email", "v=DKIM1; s=tlsrpt; p=" RSA_2048,
	    "bad: s= excludes email" },
	{ "no email of several", "v=DKIM1; s=tlsrpt:emails; p=" RSA_2048,
	    "bad: s= excludes email" },
	{ "empty s", "v=DKIM1; s=; p=" RSA_2048,
	    "bad: s= is empty: it excludes email" },
	{ "email in capitals", "v=DKIM1; s=Email; p=" RSA_2048,
	    "bad: s= excludes email: it is not in small letters" },
	{ "type in capitals", "v=DKIM1; k=RSA; p=" RSA_2048,
	    "bad: k= is not in small letters" },
	{ "Ed25519 in capitals", "v=DKIM1; k=Ed25519; p=" ED25519,
	    "bad: k= is not in small letters" },
	{ "empty k", "v=DKIM1; k=; p=" RSA_2048, "bad: k= is empty" },
	{ "unknown type", "v=DKIM1; k=dsa; p=AAAA",
	    "bad: k= names a key type that verifiers do not know" },
	{ "unknown tags", "v=DKIM1; g=*; n=a b; q=dns; p=" RSA_2048,
	    "good rsa 2048" },
	{ "a name with a hyphen", "v=DKIM1; x-foo=1; p=" RSA_2048,
	    "good rsa 2048 odd x-foo" },
	{ "a name with a hyphen, revoked", "v=DKIM1; x-foo=1; p=", "empty" },
	{ "a name with a digit first", "v=DKIM1; 2nd=1; p=" RSA_2048,
	    "good rsa 2048 odd 2nd" },
	{ "a note with octets over 127", "v=DKIM1; n=\303\244; p=" RSA_2048,
	    "bad: an octet that is not printable ASCII" },
	{ "the same without v", "n=\303\244; p=" RSA_2048,
	    "bad: an octet that is not printable ASCII" },
	{ "octets over 127 in SPF", "v=spf1 \303\244 -all", "stranger" },
	{ "a note with a semicolon", "v=DKIM1; n=a;b; p=" RSA_2048,
	    "bad: a part without \"=\"" },
	{ "P in capitals", "v=DKIM1; P=" RSA_2048, "bad: p= is missing" },
	{ "K in capitals is unknown", "v=DKIM1; K=dsa; p=" RSA_2048,
	    "good rsa 2048" },

	/* White space, semicolons, quotation marks. */
	{ "white space around =", "v = DKIM1 ;\tk\t=\trsa ; p = " RSA_2048,
	    "good rsa 2048" },
	{ "folded", "v=DKIM1;\r\n k=rsa;\r\n p=" RSA_2048 "\r\n ",
	    "good rsa 2048" },
	{ "white space first", " v=DKIM1; p=" RSA_2048, "good rsa 2048" },
	{ "base64 with white space", "v=DKIM1; p=\tTVCM87Cvsopj xr8IJqO9CTwp\r\n"
	    " hWaBpyX+A+mO9rfxfyg =; k=ed25519", "good ed25519 256" },
	{ "folded base64", "v=DKIM1; p= " RSA_1024 " \t ; t=s",
	    "good rsa 1024 strict" },
	{ "two semicolons", "v=DKIM1;; p=" RSA_2048,
	    "bad: an empty tag between two semicolons" },
	{ "two semicolons at the end", "v=DKIM1; p=" RSA_2048 ";;",
	    "bad: an empty tag between two semicolons" },
	{ "semicolon, space at the end", "v=DKIM1; p=" RSA_2048 "; ",
	    "good rsa 2048" },
	{ "no semicolon", "v=DKIM1 k=rsa p=" RSA_2048, "bad: v= is not DKIM1" },
	{ "colons for semicolons", "v=DKIM1: k=rsa: p=" RSA_2048,
	    "bad: v= is not DKIM1" },
	{ "quoted as a whole", "\"v=DKIM1; p=" RSA_2048 "\"",
	    "bad: the text begins with a quotation mark" },
	{ "quotes", "v=DKIM1; p=\"" RSA_2048 "\"",
	    "bad: p= has quotation marks in it" },
	{ "quotes inside", "v=DKIM1; p=MIGfMA0G\" \"CSqGSIb3",
	    "bad: p= has quotation marks in it" },
	{ "backslashes", "v=DKIM1\\; k=rsa\\; p=" RSA_2048,
	    "bad: the semicolons were published with backslashes" },
	{ "p twice", "v=DKIM1; p=; p=" RSA_2048, "bad: the same tag twice" },
	{ "p twice, alike", "v=DKIM1; p=" ED25519 "; p=" ED25519,
	    "bad: the same tag twice" },
	{ "v twice", "v=DKIM1; v=DKIM1; p=" RSA_2048,
	    "bad: the same tag twice" },
	{ "an unknown tag twice", "v=DKIM1; x=1; p=" RSA_2048 "; x=2",
	    "bad: the same tag twice" },
	{ "small and capital are two", "v=DKIM1; x=1; X=2; p=" RSA_2048,
	    "good rsa 2048" },
	{ "no tag list", "DKIM1 rsa", "bad: a part without \"=\"" },
	{ "no name", "v=DKIM1; =rsa; p=" RSA_2048,
	    "bad: a tag name with a character that is not allowed" },

	/* The version. */
	{ "v not first", "k=rsa; v=DKIM1; p=" RSA_2048,
	    "bad: v= is not the first tag" },
	{ "v in small letters", "v=dkim1; p=" RSA_2048,
	    "bad: v= is not DKIM1 in capitals" },
	{ "V is not v", "V=DKIM1; p=" RSA_2048, "good rsa 2048" },
	{ "v2", "v=DKIM2; p=" RSA_2048, "bad: v= is not DKIM1" },
	{ "v with a space inside", "v=DKIM 1; p=" RSA_2048,
	    "bad: v= is not DKIM1" },
	{ "v and more", "v=DKIM1.0; p=" RSA_2048, "bad: v= is not DKIM1" },

	/* The key. */
	{ "revoked", "v=DKIM1; p=", "empty" },
	{ "revoked, no v", "p=", "empty" },
	{ "revoked, with k", "v=DKIM1; k=rsa; p=;", "empty" },
	{ "revoked, white space", "v=DKIM1; p= \t", "empty" },
	{ "revoked, of any type", "v=DKIM1; k=x; h=; s=; p=", "empty" },
	{ "revoked of no version", "v=DKIM2; p=", "bad: v= is not DKIM1" },
	{ "no p", "v=DKIM1; k=rsa", "bad: p= is missing" },
	{ "PKCS#1", "v=DKIM1; p=" PKCS1_1024, "good rsa 1024" },
	{ "512 bits", "v=DKIM1; p=" RSA_512, "good rsa 512" },
	{ "1023 bits", "v=DKIM1; p=" RSA_1023, "good rsa 1023" },
	{ "an exponent of 3", "v=DKIM1; p=" RSA_E3, "good rsa 1024" },
	{ "ed25519", "v=DKIM1; k=ed25519; p=" ED25519, "good ed25519 256" },
	{ "ed25519, sha1", "v=DKIM1; k=ed25519; h=sha1; p=" ED25519,
	    "good ed25519 256 sha1" },
	{ "ed25519 as SPKI", "v=DKIM1; k=ed25519; p=" ED25519_SPKI,
	    "bad: p= does not hold the 32 octets of an Ed25519 key" },
	{ "ed25519, an octet less", "v=DKIM1; k=ed25519; p="
	    "TVCM87Cvsopjxr8IJqO9CTwphWaBpyX+A+mO9rfxfw==",
	    "bad: p= does not hold the 32 octets of an Ed25519 key" },
	{ "ed25519 without k", "v=DKIM1; p=" ED25519,
	    "bad: p= holds no RSA public key" },
	{ "ed25519 as SPKI without k", "v=DKIM1; p=" ED25519_SPKI,
	    "bad: p= holds a key of another type than RSA" },
	{ "RSA said to be ed25519", "v=DKIM1; k=ed25519; p=" RSA_1024,
	    "bad: p= does not hold the 32 octets of an Ed25519 key" },
	{ "ECDSA", "v=DKIM1; p=" ECDSA,
	    "bad: p= holds a key of another type than RSA" },
	{ "RSA for PSS alone", "v=DKIM1; p=" RSA_PSS,
	    "bad: p= holds a key of another type than RSA" },
	{ "X25519", "v=DKIM1; p=" X25519,
	    "bad: p= holds a key of another type than RSA" },
	{ "bad base64", "v=DKIM1; p=M*GfMA", "bad: p= is not base64" },
	{ "octets over 127", "v=DKIM1; p=MIGf\303\244",
	    "bad: an octet that is not printable ASCII" },
	{ "base64url", "v=DKIM1; p=MIGf-A0_", "bad: p= is not base64" },
	{ "p= inside p", "v=DKIM1; p=p=" RSA_1024, "bad: p= is not base64" },
	{ "padding alone", "v=DKIM1; p===", "bad: p= is not base64" },
	{ "no padding", "v=DKIM1; k=ed25519; p="
	    "TVCM87Cvsopjxr8IJqO9CTwphWaBpyX+A+mO9rfxfyg",
	    "good ed25519 256 unpadded" },
	{ "no padding, and short of an octet", "v=DKIM1; k=ed25519; p="
	    "TVCM87Cvsopjxr8IJqO9CTwphWaBpyX+A+mO9rfxfw",
	    "bad: p= was cut off" },
	{ "half a padding", "v=DKIM1; p=" "TVCM87CvsopjxrA=" "=",
	    "bad: p= is not base64" },
	{ "cut inside a group", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ",
	    "bad: p= was cut off" },
	{ "cut", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB",
	    "bad: p= was cut off" },
	{ "cut behind one character", "v=DKIM1; p="
	    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBg", "bad: p= was cut off" },
	{ "one character too many", "v=DKIM1; p=MAA=A",
	    "bad: p= is not base64" },
	{ "an empty sequence", "v=DKIM1; p=MAA=",
	    "bad: p= holds no RSA public key" },
	{ "a sequence of one octet that is not there", "v=DKIM1; p=MAE=",
	    "bad: p= was cut off" },
	{ "octets behind the key", "v=DKIM1; p=" RSA_1024 "AAAA",
	    "bad: p= holds no RSA public key" },
#define PRIVATE \
	"bad: p= holds a private key, no secret any more: a new pair is needed"
	{ "private key, PKCS#8", "v=DKIM1; p="
	    "MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEA", PRIVATE },
	{ "private key, PKCS#1", "v=DKIM1; p=MIIBOwIBAAJBAMVRP941WH+o", PRIVATE },
	{ "private key, Ed25519", "v=DKIM1; k=ed25519; p="
	    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
	    PRIVATE },
	{ "Ed25519 like one", "v=DKIM1; k=ed25519; p="
	    "MB4CAQAFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
	    "good ed25519 256" },
	{ "a modulus of one octet is none", "v=DKIM1; p=MAYCAQICAQM=",
	    "good rsa 2" },
	{ "PEM", "v=DKIM1; p=-----BEGIN PUBLIC KEY-----",
	    "bad: p= holds a PEM header" },

	/* Other records. */
	{ "SPF", "v=spf1 -all", "stranger" },
	{ "DMARC", "v=DMARC1; p=none", "stranger" },
	{ "TLS-RPT", "v=TLSRPTv1; rua=mailto:a@example", "stranger" },
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
	return arena_printf(mem, "good %s %u%s%s%s%s%s", key->type, key->bits,
	    key->sha1_only ? " sha1" : "", key->testing ? " testing" : "",
	    key->unpadded ? " unpadded" :
	    key->strict ? " strict" : "", key->odd ? " odd " : "",
	    key->odd ? key->odd : "");
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
	is(shown(mem, &key), "bad: an octet that is not printable ASCII",
	    "tags behind a NUL");
	dkim_key_parse(mem, "v=DKIM1; p=AAAA\0", 16, &key);
	is(shown(mem, &key), "bad: an octet that is not printable ASCII",
	    "a NUL in p=");
	dkim_key_parse(mem, "v=DKIM1\0; p=", 12, &key);
	is(shown(mem, &key), "bad: v= is not DKIM1", "a NUL in v=");
}

/* The largest key that one message can hold: read as fast as any other. */
static void
test_huge(struct arena *mem)
{
	enum { OCTETS = 40000 };
	struct dkim_key key;
	/* SEQUENCE { INTEGER of 40000 octets, INTEGER 65537 } */
	static const uint8_t head[] = { 0x30, 0x82, 0x9c, 0x4a, 0x02, 0x82, 0x9c,
		0x41, 0x00, 0x80 };
	static const uint8_t tail[] = { 0x01, 0x02, 0x03, 0x01, 0x00, 0x01 };
	uint8_t *der = arena_alloc(mem, OCTETS + 14);
	char *text;

	memset(der, 0x55, OCTETS + 14);
	memcpy(der, head, sizeof head);
	memcpy(der + OCTETS + 14 - sizeof tail, tail, sizeof tail);
	text = arena_printf(mem, "p=%s", text_base64(mem, der, OCTETS + 14));
	dkim_key_parse(mem, text, strlen(text), &key);
	is(shown(mem, &key), "good rsa 320000", "a huge key");
	/* Base64 without an end, and no key in it. */
	text = arena_alloc(mem, 65000);
	memset(text, 'A', 65000);
	memcpy(text, "p=", 2);
	dkim_key_parse(mem, text, 64998, &key);
	is(shown(mem, &key), "bad: p= holds no RSA public key", "a huge value");
	memset(text, ';', 65000);
	memcpy(text, "v=DKIM1", 7);
	dkim_key_parse(mem, text, 65000, &key);
	is(shown(mem, &key), "bad: an empty tag between two semicolons",
	    "nothing but semicolons");
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
	test_huge(mem);
	arena_free(mem);
	return tap_done();
}

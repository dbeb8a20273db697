/* SPDX-License-Identifier: ISC */
#include "tlsa.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cert.h"
#include "judge.h"
#include "name.h"
#include "rdata.h"
#include "text.h"

enum { TEXT_OCTETS = 8, PEM_LINE = 64 };

static size_t
digest_len(unsigned matching)
{
	return matching == SHA2_256 ? 32 : 64;
}

/* RFC 6698 2.1.4: Full data are the DER of what the selector names. */
static bool
full_is_sound(struct arena *mem, const struct tlsa_view *v)
{
	if (v->selector == SELECTOR_SPKI)
		return cert_is_spki(v->data, v->datalen);
	return cert_parse(mem, v->data, v->datalen)->parsed;
}

static enum tlsa_flaw
find_flaw(struct arena *mem, const struct tlsa_view *v)
{
	/* RFC 6698 2.1.1 to 2.1.3; 255 is for private use: never usable. */
	if (v->usage > DANE_EE || v->selector > SELECTOR_SPKI ||
	    v->matching > SHA2_512)
		return TLSA_FLAW_PARAMETER;
	if (v->matching == MATCHING_FULL
		? !full_is_sound(mem, v)
		: v->datalen != digest_len(v->matching))
		return TLSA_FLAW_DATA;
	/* RFC 7672 3.1.3: SMTP clients SHOULD treat them as unusable. */
	if (v->usage < DANE_TA)
		return TLSA_FLAW_USAGE;
	return TLSA_SOUND;
}

enum tlsa_flaw
tlsa_read(struct arena *mem, const struct rr *rr, struct tlsa_view *out)
{
	enum tlsa_flaw flaw = TLSA_FLAW_DATA;

	*out = (struct tlsa_view){ .rr = rr, .class = TLSA_MALFORMED };
	if (rr->rdlen >= 3) {
		out->usage = rr->rdata[0];
		out->selector = rr->rdata[1];
		out->matching = rr->rdata[2];
		out->data = rr->rdata + 3;
		out->datalen = (size_t)rr->rdlen - 3;
		flaw = find_flaw(mem, out);
	}
	out->usable = flaw == TLSA_SOUND;
	if (flaw == TLSA_SOUND)
		out->class = TLSA_UNTESTED;
	else if (flaw != TLSA_FLAW_DATA)
		out->class = TLSA_UNUSABLE;
	return flaw;
}

/*
 * RFC 7671 9: for each usage and selector, clients use the records with the
 * strongest digest only; Full(0) is always used beside it.
 */
void
tlsa_agility(struct tlsa_view *list, size_t n)
{
	bool strong[2][2] = { { false } };

	for (size_t i = 0; i < n; i++)
		if (list[i].usable && list[i].matching == SHA2_512)
			strong[list[i].usage - DANE_TA][list[i].selector] =
			    true;
	for (size_t i = 0; i < n; i++)
		list[i].agile_out = list[i].usable &&
		    list[i].matching == SHA2_256 &&
		    strong[list[i].usage - DANE_TA][list[i].selector];
}

static bool
data_is_of(const struct tlsa_view *v, const uint8_t *data, size_t len)
{
	uint8_t digest[64];

	switch (v->matching) {
	case MATCHING_FULL:
		return v->datalen == len && memcmp(v->data, data, len) == 0;
	case SHA2_256:
		cert_sha256(data, len, digest);
		return v->datalen == 32 && memcmp(v->data, digest, 32) == 0;
	case SHA2_512:
		cert_sha512(data, len, digest);
		return v->datalen == 64 && memcmp(v->data, digest, 64) == 0;
	default:
		return false;
	}
}

static bool
selects(const struct tlsa_view *v, const struct cert *c, unsigned selector)
{
	/* A peer whose certificate does not parse has shown none. */
	if (!c->parsed)
		return false;
	/* The two digests that nearly every record has are at hand. */
	if (v->matching == SHA2_256)
		return v->datalen == 32 &&
		    memcmp(v->data,
			selector == SELECTOR_SPKI ? c->spki_sha256 : c->sha256,
			32) == 0;
	return selector == SELECTOR_SPKI ? data_is_of(v, c->spki, c->spkilen)
					 : data_is_of(v, c->der, c->derlen);
}

bool
tlsa_has(const struct tlsa_view *v, const struct cert *c)
{
	return v->selector <= SELECTOR_SPKI && selects(v, c, v->selector);
}

bool
tlsa_has_swapped(const struct tlsa_view *v, const struct cert *c)
{
	return v->selector <= SELECTOR_SPKI && selects(v, c, !v->selector);
}

/* As openssl writes it, with and without the last end of line. */
static bool
pem_is(struct arena *mem, const struct tlsa_view *v, const char *label,
    const uint8_t *der, size_t len)
{
	const char *base64 = text_base64(mem, der, len);
	size_t left = strlen(base64), n = 0;
	char *pem = arena_alloc(mem, left + left / PEM_LINE + 80);

	n += (size_t)snprintf(pem, 40, "-----BEGIN %s-----\n", label);
	while (left > 0) {
		size_t line = left < PEM_LINE ? left : PEM_LINE;

		memcpy(pem + n, base64, line);
		n += line;
		pem[n++] = '\n';
		base64 += line;
		left -= line;
	}
	n += (size_t)snprintf(pem + n, 40, "-----END %s-----\n", label);
	return data_is_of(v, (const uint8_t *)pem, n) ||
	    data_is_of(v, (const uint8_t *)pem, n - 1);
}

bool
tlsa_has_pem(struct arena *mem, const struct tlsa_view *v, const struct cert *c)
{
	return c->parsed && v->matching != MATCHING_FULL &&
	    (pem_is(mem, v, "CERTIFICATE", c->der, c->derlen) ||
		pem_is(mem, v, "PUBLIC KEY", c->spki, c->spkilen));
}

bool
tlsa_is_of_nothing(const struct tlsa_view *v)
{
	static const uint8_t newline[] = { '\n' };

	return v->matching != MATCHING_FULL &&
	    (data_is_of(v, newline, 0) || data_is_of(v, newline, 1));
}

bool
tlsa_is_recommended(const struct tlsa_view *v)
{
	return v->matching == SHA2_256 &&
	    (v->usage == DANE_TA ||
		(v->usage == DANE_EE && v->selector == SELECTOR_SPKI));
}

char *
tlsa_text(struct arena *mem, const struct tlsa_view *v)
{
	size_t len = v->datalen < TEXT_OCTETS ? v->datalen : TEXT_OCTETS;

	if (v->data == NULL)
		return arena_printf(mem, "\\# %u", v->rr->rdlen);
	return arena_printf(mem, "%u %u %u %s%s", v->usage, v->selector,
	    v->matching, text_hex(mem, v->data, len),
	    len < v->datalen ? "..." : "");
}

char *
tlsa_line(struct arena *mem, const uint8_t *owner, uint32_t ttl, unsigned usage,
    const struct cert *c, const struct tlsa_view *list, size_t n)
{
	const char *digest = text_hex(mem, c->spki_sha256, 32);
	unsigned matching = SHA2_256;
	uint8_t longer[64];

	for (size_t i = 0; i < n; i++)
		if (list[i].usable && list[i].usage == usage &&
		    list[i].selector == SELECTOR_SPKI &&
		    list[i].matching == SHA2_512)
			matching = SHA2_512;
	if (matching == SHA2_512) {
		cert_sha512(c->spki, c->spkilen, longer);
		digest = text_hex(mem, longer, sizeof longer);
	}
	return arena_printf(mem, "%s %u IN TLSA %u 1 %u %s",
	    name_text(mem, owner), ttl, usage, matching, digest);
}

/* SPDX-License-Identifier: ISC */
#include "cert.h"

#include <string.h>

#include "arena.h"
#include "evidence.h"
#include "text.h"

static const char *
find(const char *from, const char *end, const char *what)
{
	size_t len = strlen(what);

	for (; from != NULL && (size_t)(end - from) >= len; from++) {
		from = memchr(from, what[0], (size_t)(end - from));
		if (from == NULL || (size_t)(end - from) < len)
			return NULL;
		if (memcmp(from, what, len) == 0)
			return from;
	}
	return NULL;
}

size_t
cert_from_pem(
    struct arena *mem, const char *text, size_t len, struct blob **out)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	static const char finish[] = "-----END CERTIFICATE-----";
	const char *end = text + len, *at = text;
	size_t n = 0;

	*out = arena_array(mem, CERT_PEM_MAX, sizeof **out);
	/* Whatever stands between them, a private key say, is left alone. */
	while ((at = find(at, end, begin)) != NULL) {
		const char *body = at + sizeof begin - 1;
		const char *stop = find(body, end, finish);
		uint8_t *der;
		size_t derlen;

		if (stop == NULL || n == CERT_PEM_MAX ||
		    !text_from_base64(
			mem, body, (size_t)(stop - body), &der, &derlen))
			return 0;
		(*out)[n++] = (struct blob){ der, derlen };
		at = stop + sizeof finish - 1;
	}
	return n;
}

/* SPDX-License-Identifier: ISC */
#include "probe/idn.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

#include "core/arena.h"

enum {
	INPUT_MAX = 1024, /* octets of UTF-8: well over 253 A-label ones */
	TEXT_MAX = 253, /* RFC 1035 2.3.4, as text without final dot */
	IDN_FLAGS = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL
};

static bool
is_address(const char *input)
{
	uint8_t bytes[16];

	return input[0] == '[' || inet_pton(AF_INET, input, bytes) == 1 ||
	    inet_pton(AF_INET6, input, bytes) == 1;
}

/* Things that people paste in place of a domain; NULL for none of them. */
static const char *
mistaken_for(const char *input)
{
	if (*input == '\0')
		return "is empty";
	if (strcmp(input, ".") == 0)
		return "is the root, not a mail domain";
	if (strlen(input) > INPUT_MAX)
		return "is too long for a domain";
	if (strstr(input, "://") != NULL || strchr(input, '/') != NULL)
		return "is a URL, not a domain; give the host part alone";
	if (strchr(input, '@') != NULL)
		return "is a mail address; give the part behind the @";
	if (is_address(input))
		return "is an address, not a domain";
	if (strchr(input, ':') != strrchr(input, ':'))
		return "is an address, not a domain";
	if (strchr(input, ':') != NULL)
		return "has a port; give the domain alone";
	for (const char *p = input; *p != '\0'; p++)
		if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
			return "has white space in it";
	return NULL;
}

/* Letters, digits, hyphens and dots: only what "xn--" stands for can err. */
static bool
is_ldh(const char *input)
{
	return input[strspn(input,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "abcdefghijklmnopqrstuvwxyz0123456789-.")] == '\0';
}

static const char *
idn_error(int rc, const char *input)
{
	switch (rc) {
	case IDN2_ENCODING_ERROR:
	case IDN2_ICONV_FAIL:
		return "is not valid UTF-8";
	case IDN2_TOO_BIG_DOMAIN:
		return "is over 253 octets long";
	case IDN2_TOO_BIG_LABEL:
	case IDN2_PUNYCODE_BIG_OUTPUT:
		return "has a label over 63 octets";
	case IDN2_PUNYCODE_BAD_INPUT:
	case IDN2_PUNYCODE_OVERFLOW:
	case IDN2_INVALID_ALABEL:
	case IDN2_ALABEL_ROUNDTRIP_FAILED:
	case IDN2_UALABEL_MISMATCH:
		return "has an xn-- label that is not valid";
	default:
		return is_ldh(input)
		    ? "has an xn-- label that is not valid"
		    : "has a character that no domain may have";
	}
}

/* Nothing in it that needs IDNA: no octet over 127, no "xn--" label. */
static bool
is_plain(const char *input)
{
	for (const char *p = input; *p != '\0'; p++)
		if ((unsigned char)*p > 127 ||
		    ((p == input || p[-1] == '.') && (*p | 32) == 'x' &&
			(p[1] | 32) == 'n' && p[2] == '-' && p[3] == '-'))
			return false;
	return true;
}

static const char *
label_error(const char *label, size_t len)
{
	if (len == 0)
		return "has an empty label (two dots, or one at the start)";
	if (len > NAME_LABEL_MAX)
		return "has a label over 63 octets";
	if (label[0] == '-' || label[len - 1] == '-')
		return "has a label that starts or ends with a hyphen";
	for (size_t i = 0; i < len; i++) {
		char c = label[i];

		/* RFC 5321 4.1.2: Let-dig [Ldh-str] */
		if (c == '_')
			return "has an underscore: no mail domain has one";
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return "has a character that no domain may have";
	}
	return NULL;
}

/* ASCII text in lower case, without final dot, to a wire name. */
static const char *
wire_write(const char *text, uint8_t out[NAME_WIRE_MAX])
{
	size_t at = 0;
	bool digits = true;

	if (strlen(text) > TEXT_MAX)
		return "is over 253 octets long";
	for (;;) {
		size_t len = strcspn(text, ".");
		const char *error = label_error(text, len);

		if (error != NULL)
			return error;
		out[at++] = (uint8_t)len;
		memcpy(out + at, text, len);
		at += len;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	out[at] = 0;
	/* RFC 1123 2.1: the top label is alphabetic, or it is an address. */
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9')
			digits = false;
	return digits ? "ends in a label of digits, as an address does" : NULL;
}

bool
idn_to_ascii(const char *input, uint8_t out[NAME_WIRE_MAX], const char **error)
{
	char text[INPUT_MAX + 1];
	size_t len;

	*error = mistaken_for(input);
	if (*error != NULL)
		return false;
	if (is_plain(input)) {
		len = strlen(input);
		memcpy(text, input, len + 1);
	} else {
		uint8_t *ascii = NULL;
		int rc =
		    idn2_lookup_u8((const uint8_t *)input, &ascii, IDN_FLAGS);

		if (rc != IDN2_OK) {
			if (rc == IDN2_MALLOC)
				arena_out_of_memory();
			*error = idn_error(rc, input);
			return false;
		}
		len = strlen((char *)ascii);
		if (len <= INPUT_MAX)
			memcpy(text, ascii, len + 1);
		idn2_free(ascii);
		if (len > INPUT_MAX) {
			*error = "is over 253 octets long";
			return false;
		}
	}
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
	if (len > 1 && text[len - 1] == '.')
		text[len - 1] = '\0';
	/* Wide digits and dots become plain ones by UTS #46. */
	*error = is_address(text) ? "is an address, not a domain"
				  : wire_write(text, out);
	return *error == NULL;
}

/*
 * The U-label of an A-label, or NULL.  It must lead back to the A-label
 * (RFC 5891 4.4, 5.3): what decodes to anything else stays as it is.
 */
static char *
label_to_unicode(const char *label)
{
	char *text = NULL;
	uint8_t *back = NULL;
	bool same;

	if (strncmp(label, "xn--", 4) != 0 ||
	    idn2_to_unicode_8z8z(label, &text, IDN_FLAGS) != IDN2_OK)
		return NULL;
	same = idn2_lookup_u8((const uint8_t *)text, &back, IDN_FLAGS) ==
		IDN2_OK &&
	    strcmp((const char *)back, label) == 0;
	idn2_free(back);
	if (!same) {
		idn2_free(text);
		return NULL;
	}
	return text;
}

bool
idn_to_unicode(const uint8_t *name, char *buf, size_t size)
{
	size_t at = 0;

	if (size < 2)
		return false;
	if (*name == 0) {
		memcpy(buf, ".", 2);
		return true;
	}
	for (; *name != 0; name += 1 + *name) {
		uint8_t one[NAME_LABEL_MAX + 2];
		char text[NAME_TEXT_MAX], *unicode;
		const char *label = text;
		size_t len;

		memcpy(one, name, (size_t)1 + *name);
		one[1 + *name] = 0;
		len = name_to_text(one, text) - 1;
		text[len] = '\0';
		for (char *p = text; *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
		unicode = label_to_unicode(text);
		if (unicode != NULL) {
			label = unicode;
			len = strlen(unicode);
		}
		if (len + 2 > size - at) {
			idn2_free(unicode);
			return false;
		}
		if (at > 0)
			buf[at++] = '.';
		memcpy(buf + at, label, len + 1);
		at += len;
		idn2_free(unicode);
	}
	return true;
}

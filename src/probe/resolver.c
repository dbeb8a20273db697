/* SPDX-License-Identifier: ISC */
#include "probe/resolver.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* 1 to 65535 in decimal; strtol would take signs and spaces. */
static bool
port_parse(const char *text, uint16_t *port)
{
	unsigned value = 0;

	if (*text == '\0' || strlen(text) > 5)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
	}
	*port = (uint16_t)value;
	return value >= 1 && value <= 65535;
}

/* "fe80::1%eth0": the scope leaves the address; false when too long. */
static bool
scope_split(char *address, char *scope, size_t size)
{
	char *percent = strchr(address, '%');

	scope[0] = '\0';
	if (percent == NULL)
		return true;
	*percent = '\0';
	if (percent[1] == '\0' || strlen(percent + 1) >= size)
		return false;
	strcpy(scope, percent + 1);
	return true;
}

static void
resolver_name(struct resolver *r)
{
	char port[8] = "";

	if (r->port != 53)
		snprintf(port, sizeof(port), "@%u", (unsigned)r->port);
	snprintf(r->text, sizeof(r->text), "%.45s%s%.15s%s", r->address,
	    r->scope[0] != '\0' ? "%" : "", r->scope, port);
}

bool
resolver_parse(const char *text, struct resolver *r, const char **error)
{
	char copy[RESOLVER_TEXT_MAX];
	char *at;

	memset(r, 0, sizeof(*r));
	r->port = 53;
	*error = "not an IP address";
	if (strlen(text) >= sizeof(copy))
		return false;
	strcpy(copy, text);
	at = strchr(copy, '@');
	if (at != NULL)
		*at = '\0';
	if (!scope_split(copy, r->scope, sizeof(r->scope)))
		return false;
	if (inet_pton(AF_INET, copy, r->bytes) != 1 || r->scope[0] != '\0') {
		if (inet_pton(AF_INET6, copy, r->bytes) != 1)
			return false;
		r->ipv6 = true;
	}
	inet_ntop(r->ipv6 ? AF_INET6 : AF_INET, r->bytes, r->address,
	    sizeof(r->address));
	if (at != NULL && !port_parse(at + 1, &r->port)) {
		*error = "the port is not a number from 1 to 65535";
		return false;
	}
	resolver_name(r);
	*error = NULL;
	return true;
}

size_t
resolvers_system(struct resolver *out, size_t max)
{
	FILE *file = fopen("/etc/resolv.conf", "re");
	const char *error;
	char line[512], word[RESOLVER_TEXT_MAX];
	size_t n = 0;

	while (
	    file != NULL && n < max && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "nameserver %79s", word) == 1 &&
		    strchr(word, '@') == NULL &&
		    resolver_parse(word, &out[n], &error))
			n++;
	if (file != NULL)
		fclose(file);
	if (n == 0 && resolver_parse("127.0.0.1", &out[0], &error))
		n = 1;
	return n;
}

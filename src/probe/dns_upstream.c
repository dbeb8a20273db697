/* SPDX-License-Identifier: ISC */
#include "probe/dns_upstream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/evidence.h"
#include "core/wire.h"
#include "probe/dns_context.h"
#include "probe/loop.h"

/*
 * getdns goes on with a question that it has freed where it cannot open a
 * socket for it.  One is needed, and its duplicate for the loop.
 */
static bool
descriptors_left(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int other = fd == -1 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	bool left = other != -1 || (fd == -1 && errno == EAFNOSUPPORT);

	if (other != -1)
		close(other);
	if (fd != -1)
		close(fd);
	return left;
}

struct getdns_context *
upstream_context(
    struct upstream *up, struct getdns_eventloop *adapter, bool tcp)
{
	if (!descriptors_left())
		return NULL;
	if (up->context[tcp] == NULL)
		up->context[tcp] = dns_context_new(adapter, &up->at, tcp);
	return up->context[tcp];
}

void
upstream_close(struct upstream *up)
{
	for (int tcp = 0; tcp < 2; tcp++) {
		dns_context_free(up->context[tcp]);
		up->context[tcp] = NULL;
	}
}

struct direct *
direct_acquire(struct direct **list, const char *server)
{
	struct direct *d = *list;
	const char *error;
	bool good;

	while (d != NULL && strcmp(d->up.at.text, server) != 0)
		d = d->next;
	if (d == NULL) {
		d = loop_alloc(sizeof(*d));
		good = resolver_parse(server, &d->up.at, &error);
		assert(good);
		d->next = *list;
		*list = d;
	}
	d->users++;
	return d;
}

void
direct_release(struct direct **list, struct direct *d)
{
	if (d == NULL || --d->users > 0)
		return;
	while (*list != d)
		list = &(*list)->next;
	*list = d->next;
	upstream_close(&d->up);
	free(d);
}

size_t
upstreams_read(struct upstream *out, const char *const *resolvers, size_t n,
    const char **error)
{
	struct resolver at[RESOLVERS_MAX];

	if (n > RESOLVERS_MAX) {
		*error = "more than 8 resolvers";
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (!resolver_parse(resolvers[i], &at[i], error))
			return 0;
	if (n == 0)
		n = resolvers_system(at, RESOLVERS_MAX);
	for (size_t i = 0; i < n; i++)
		out[i].at = at[i];
	return n;
}

struct dns_observation *
reply_read(const uint8_t *wire, size_t len, const uint8_t *name, uint16_t type)
{
	struct dns_observation *obs = dns_observation_new();
	struct message msg;

	if (!message_parse(obs->mem, wire, len, &msg) ||
	    !message_answers(&msg, name, type) || (msg.flags & DNS_TC) != 0) {
		dns_observation_unref(obs);
		return NULL;
	}
	obs->outcome = DNS_REPLY;
	obs->rcode = msg.rcode;
	obs->flags = msg.flags;
	obs->answer = msg.answer;
	obs->nanswer = msg.nanswer;
	obs->authority = msg.authority;
	obs->nauthority = msg.nauthority;
	obs->ede = msg.ede;
	obs->nede = msg.nede;
	return obs;
}

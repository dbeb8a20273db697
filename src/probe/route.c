/* SPDX-License-Identifier: ISC */
#include "probe/route.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connecting a datagram socket looks up the route and sends nothing. */
static bool
route_to(const struct sockaddr *to, socklen_t len)
{
	int fd = socket(to->sa_family, SOCK_DGRAM, 0);
	bool found;

	if (fd == -1)
		return false;
	found = connect(fd, to, len) == 0;
	close(fd);
	return found;
}

static bool
route_to_text(bool ipv6, const char *address)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in4 = { .sin_family = AF_INET };

	if (ipv6) {
		in6.sin6_port = htons(53);
		return inet_pton(AF_INET6, address, &in6.sin6_addr) == 1 &&
		    route_to((struct sockaddr *)&in6, sizeof(in6));
	}
	in4.sin_port = htons(53);
	return inet_pton(AF_INET, address, &in4.sin_addr) == 1 &&
	    route_to((struct sockaddr *)&in4, sizeof(in4));
}

/* Any public address does; these are a.root-servers.net's. */
static bool
route_public(bool ipv6)
{
	return route_to_text(ipv6, ipv6 ? "2001:503:ba3e::2:30" : "198.41.0.4");
}

bool
route_exists(bool ipv6)
{
	if (route_public(ipv6))
		return true;
	if (route_public(!ipv6))
		return false;
	return route_to_text(ipv6, ipv6 ? "::1" : "127.0.0.1");
}

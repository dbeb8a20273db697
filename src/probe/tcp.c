/* SPDX-License-Identifier: ISC */
#include "probe/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "probe/loop.h"

struct tcp {
	struct loop *loop;
	int fd;
	int error; /* known at once, told from the loop */
	struct loop_timer *timer;
	struct loop_watch *watch;
	void (*done)(void *arg, int fd, int error);
	void *arg;
};

static void
tcp_end(struct tcp *tcp, int error)
{
	void (*done)(void *, int, int) = tcp->done;
	void *arg = tcp->arg;
	int fd = tcp->fd;

	loop_timer_stop(tcp->timer);
	loop_watch_stop(tcp->watch);
	free(tcp);
	if (error != 0 && fd != -1) {
		close(fd);
		fd = -1;
	}
	done(arg, fd, error);
}

static void
tcp_timer(void *arg)
{
	struct tcp *tcp = arg;

	tcp->timer = NULL;
	tcp_end(tcp, tcp->error != 0 ? tcp->error : ETIMEDOUT);
}

static void
tcp_ready(void *arg, unsigned events)
{
	struct tcp *tcp = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	(void)events;
	if (getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	tcp_end(tcp, error);
}

static socklen_t
address_read(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &in4->sin_addr) == 1) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port);
		return sizeof(*in4);
	}
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		return sizeof(*in6);
	}
	return 0;
}

/* A socket that is connecting; *error is set where it cannot. */
static int
socket_connect(const char *address, uint16_t port, int *error)
{
	struct sockaddr_storage to;
	socklen_t len = address_read(address, port, &to);
	int on = 1;
	int fd;

	if (len == 0) {
		*error = EINVAL;
		return -1;
	}
	fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1) {
		*error = errno;
		return fd;
	}
	/* Four short lines are sent: do not let them wait for each other. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&to, len) == -1 &&
	    errno != EINPROGRESS && errno != EINTR)
		*error = errno;
	return fd;
}

struct tcp *
tcp_open(struct loop *loop, const char *address, uint16_t port,
    int64_t timeout_ms, void (*done)(void *arg, int fd, int error), void *arg)
{
	struct tcp *tcp = loop_alloc(sizeof(*tcp));

	tcp->loop = loop;
	tcp->done = done;
	tcp->arg = arg;
	tcp->fd = socket_connect(address, port, &tcp->error);
	if (tcp->error == 0) {
		tcp->watch =
		    loop_watch_start(loop, tcp->fd, LOOP_WRITE, tcp_ready, tcp);
		if (tcp->watch == NULL)
			tcp->error = EMFILE;
	}
	tcp->timer = loop_timer_start(
	    loop, tcp->error != 0 ? 0 : timeout_ms, tcp_timer, tcp);
	return tcp;
}

void
tcp_cancel(struct tcp *tcp)
{
	if (tcp == NULL)
		return;
	loop_timer_stop(tcp->timer);
	loop_watch_stop(tcp->watch);
	if (tcp->fd != -1)
		close(tcp->fd);
	free(tcp);
}

void
tcp_close(int fd)
{
	if (fd != -1)
		close(fd);
}

enum smtp_outcome
tcp_outcome(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return SMTP_CONNECTION_REFUSED;
	case ECONNRESET: /* it was there, and went: as before a greeting */
		return SMTP_GREETING_TEMPORARY;
	case ETIMEDOUT:
		return SMTP_TIMED_OUT;
	case EINVAL: /* no address */
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return SMTP_NOT_PROBED;
	default: /* ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES, … */
		return SMTP_NO_ROUTE;
	}
}

char *
tcp_own_literal(struct arena *mem, int fd)
{
	struct sockaddr_storage own = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof own;
	char text[INET6_ADDRSTRLEN];

	/* A connected socket has an address; nobody is asked who he is. */
	if (getsockname(fd, (struct sockaddr *)&own, &len) != 0)
		own.ss_family = AF_UNSPEC;
	if (own.ss_family == AF_INET6 &&
	    inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&own)->sin6_addr, text,
		sizeof text) != NULL)
		return arena_printf(mem, "[IPv6:%s]", text);
	if (own.ss_family == AF_INET &&
	    inet_ntop(AF_INET, &((struct sockaddr_in *)&own)->sin_addr, text,
		sizeof text) != NULL)
		return arena_printf(mem, "[%s]", text);
	return arena_strdup(mem, "[127.0.0.1]");
}

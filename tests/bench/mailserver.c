/* SPDX-License-Identifier: ISC */
/*
 * A small fast mail server for every address of the laboratory: EHLO,
 * STARTTLS, QUIT, and TLS at once on a second port.  One thread a connection.
 *
 * usage: mailserver ADDRESS CHAIN PORT TLS-PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static gnutls_certificate_credentials_t credentials;
static gnutls_priority_t priority;

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "mailserver: %s: %s\n", what, why);
	exit(2);
}

/* One end of a connection, in clear or in TLS. */
struct peer {
	int fd;
	gnutls_session_t tls;
};

static bool
say(struct peer *p, const char *text)
{
	size_t len = strlen(text);

	if (p->tls != NULL)
		return gnutls_record_send(p->tls, text, len) == (ssize_t)len;
	return send(p->fd, text, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* A line comes in one piece here, or the connection is not worth keeping. */
static bool
hear(struct peer *p, char *line, size_t size)
{
	ssize_t n = p->tls != NULL ? gnutls_record_recv(p->tls, line, size - 1)
				   : recv(p->fd, line, size - 1, 0);

	if (n <= 0)
		return false;
	line[n] = '\0';
	return line[n - 1] == '\n';
}

static bool
shake(struct peer *p)
{
	int rc;

	if (gnutls_init(&p->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL |
	    GNUTLS_NO_TICKETS) != 0)
		return false;
	gnutls_priority_set(p->tls, priority);
	gnutls_credentials_set(p->tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(p->tls, p->fd);
	do
		rc = gnutls_handshake(p->tls);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc < 0)
		gnutls_alert_send_appropriate(p->tls, rc);
	return rc == 0;
}

static void
talk(struct peer *p)
{
	char line[1024];

	if (!say(p, "220 mail.example ESMTP\r\n"))
		return;
	while (hear(p, line, sizeof line)) {
		if (strncasecmp(line, "EHLO", 4) == 0) {
			if (!say(p, p->tls != NULL
			    ? "250-mail.example\r\n250 8BITMIME\r\n"
			    : "250-mail.example\r\n250-STARTTLS\r\n"
			      "250 8BITMIME\r\n"))
				return;
		} else if (strncasecmp(line, "STARTTLS", 8) == 0) {
			if (!say(p, "220 2.0.0 go ahead\r\n") || !shake(p))
				return;
		} else if (strncasecmp(line, "QUIT", 4) == 0) {
			say(p, "221 2.0.0 bye\r\n");
			return;
		} else if (!say(p, "502 5.5.1 no\r\n")) {
			return;
		}
	}
}

static void *
serve(void *arg)
{
	struct peer p = { .fd = (int)(intptr_t)arg };
	char octet;

	talk(&p);
	if (p.tls != NULL)
		gnutls_deinit(p.tls);
	shutdown(p.fd, SHUT_WR);
	while (recv(p.fd, &octet, 1, 0) > 0)
		;
	close(p.fd);
	return NULL;
}

static void *
serve_tls(void *arg)
{
	struct peer p = { .fd = (int)(intptr_t)arg };

	if (shake(&p))
		gnutls_bye(p.tls, GNUTLS_SHUT_WR);
	gnutls_deinit(p.tls);
	close(p.fd);
	return NULL;
}

struct listener {
	int fd;
	void *(*serve)(void *);
};

static void *
listener_run(void *arg)
{
	const struct listener *l = arg;
	struct timeval patience = { .tv_sec = 60 };
	pthread_attr_t attr;
	int one = 1;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	for (;;) {
		int fd = accept(l->fd, NULL, NULL);
		pthread_t thread;

		if (fd == -1)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof patience);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		if (pthread_create(&thread, &attr, l->serve,
		    (void *)(intptr_t)fd) != 0)
			close(fd);
	}
	return NULL;
}

static struct listener
listener_open(const char *address, const char *port, void *(*run)(void *))
{
	struct listener l = { .serve = run };
	struct sockaddr_in at = { .sin_family = AF_INET };
	int one = 1;

	at.sin_port = htons((uint16_t)atoi(port));
	if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
		die(address, "no address");
	l.fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(l.fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(l.fd, (struct sockaddr *)&at, sizeof at) == -1 ||
	    listen(l.fd, 4096) == -1)
		die(port, strerror(errno));
	return l;
}

int
main(int argc, char **argv)
{
	struct listener smtp, tls;
	pthread_t thread;
	int rc;

	if (argc != 5)
		die("usage", "mailserver ADDRESS CHAIN PORT TLS-PORT");
	signal(SIGPIPE, SIG_IGN);
	gnutls_certificate_allocate_credentials(&credentials);
	rc = gnutls_certificate_set_x509_key_file(credentials, argv[2],
	    argv[2], GNUTLS_X509_FMT_PEM);
	if (rc < 0)
		die(argv[2], gnutls_strerror(rc));
	gnutls_priority_init(&priority, "NORMAL", NULL);
	smtp = listener_open(argv[1], argv[3], serve);
	tls = listener_open(argv[1], argv[4], serve_tls);
	if (pthread_create(&thread, NULL, listener_run, &tls) != 0)
		die("thread", strerror(errno));
	listener_run(&smtp);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * A command at the end of a long line: in a network namespace of its own,
 * whose only way out is a pair of TUN devices between which every packet
 * waits.  Nothing is lost or overtaken; a connection costs its round trip,
 * since the packets are the kernels' own.
 *
 * usage: line MICROSECONDS LOG COMMAND [ARGUMENT...]
 *
 * This end of the line is 10.0.0.1, the command's is 10.0.0.2.  LOG gets what
 * the command sent, with the milliseconds since its start.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 2048, NS = 1000000000 };

struct packet {
	struct packet *next;
	int64_t due;
	size_t len;
	uint8_t data[PACKET_MAX];
};

/* One direction: what came out of one device waits for the other. */
struct way {
	int from, to;
	struct packet *first, **end;
};

static int64_t delay_ns, start_ns;
static FILE *log_file;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "line: %s: %s\n", what, strerror(errno));
	exit(125);
}

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

static void
shell(const char *command)
{
	if (system(command) != 0) {
		errno = EINVAL;
		die(command);
	}
}

static int
device(void)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1)
		die("/dev/net/tun");
	snprintf(r.ifr_name, sizeof r.ifr_name, "line0");
	if (ioctl(fd, TUNSETIFF, &r) == -1)
		die("TUNSETIFF");
	return fd;
}

/* The question of a DNS message, as "name/type". */
static void
log_question(const uint8_t *p, size_t len)
{
	size_t at = 12;

	while (at < len && p[at] != 0 && at + 1 + p[at] < len) {
		for (unsigned i = 1; i <= p[at]; i++)
			fputc(p[at + i] > 0x20 && p[at + i] < 0x7f
			    ? p[at + i] : '?', log_file);
		fputc('.', log_file);
		at += 1 + p[at];
	}
	if (at + 3 <= len)
		fprintf(log_file, "/%u", (unsigned)(p[at + 1] << 8 | p[at + 2]));
}

static void
log_tcp(const uint8_t *p, size_t len)
{
	struct tcphdr tcp;
	size_t head;

	memcpy(&tcp, p, sizeof tcp);
	head = tcp.doff * 4u;
	if (head > len)
		return;
	fprintf(log_file, "tcp %u>%u%s%s%s %zu octets", ntohs(tcp.source),
	    ntohs(tcp.dest), tcp.syn ? " SYN" : "", tcp.fin ? " FIN" : "",
	    tcp.rst ? " RST" : "", len - head);
	if (len > head && p[head] == 22)
		fputs(" handshake", log_file);
	else if (len > head && p[head] == 23)
		fputs(" encrypted", log_file);
	else if (len > head)
		fprintf(log_file, " %.*s", (int)strcspn((const char *)p + head,
		    " \r\n"), p + head);
}

/* data ends with a zero. */
static void
log_packet(const uint8_t *data, size_t len)
{
	struct ip ip;
	size_t head;

	memcpy(&ip, data, sizeof ip);
	head = ip.ip_hl * 4u;
	if (len < head + sizeof(struct tcphdr))
		return;
	fprintf(log_file, "%7.1f ", (double)(now_ns() - start_ns) / 1e6);
	if (ip.ip_p == IPPROTO_TCP)
		log_tcp(data + head, len - head);
	else if (ip.ip_p == IPPROTO_UDP) {
		fputs("udp ", log_file);
		log_question(data + head + sizeof(struct udphdr),
		    len - head - sizeof(struct udphdr));
	}
	fputc('\n', log_file);
}

static void
take(struct way *w, bool outgoing)
{
	for (;;) {
		struct packet *p = malloc(sizeof *p);
		ssize_t n;

		if (p == NULL)
			die("memory");
		n = read(w->from, p->data, sizeof p->data - 1);
		if (n < (ssize_t)sizeof(struct ip)) {
			free(p);
			return;
		}
		p->due = now_ns() + delay_ns;
		p->len = (size_t)n;
		p->data[n] = '\0';
		p->next = NULL;
		if (p->data[0] >> 4 != 4) { /* IPv6 looks for its routers */
			free(p);
			continue;
		}
		if (outgoing)
			log_packet(p->data, p->len);
		*w->end = p;
		w->end = &p->next;
	}
}

static void
give(struct way *w)
{
	while (w->first != NULL && w->first->due <= now_ns()) {
		struct packet *p = w->first;

		w->first = p->next;
		if (w->first == NULL)
			w->end = &w->first;
		if (write(w->to, p->data, p->len) == -1 && errno != EINVAL)
			die("write");
		free(p);
	}
}

/* Until the command has ended: its status. */
static int
carry(struct way way[2], int signals)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = way[0].from, .events = POLLIN },
			{ .fd = way[1].from, .events = POLLIN },
			{ .fd = signals, .events = POLLIN },
		};
		int64_t wait = NS;
		struct timespec t;
		int status;

		for (int i = 0; i < 2; i++)
			if (way[i].first != NULL &&
			    way[i].first->due - now_ns() < wait)
				wait = way[i].first->due - now_ns();
		t = (struct timespec){ .tv_nsec = wait > 0 ? wait % NS : 0,
			.tv_sec = wait >= NS };
		ppoll(fds, 3, &t, NULL);
		take(&way[0], true);
		take(&way[1], false);
		give(&way[0]);
		give(&way[1]);
		if (fds[2].revents != 0 && waitpid(-1, &status, WNOHANG) > 0)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
	}
}

int
main(int argc, char **argv)
{
	struct way way[2] = { 0 };
	sigset_t set, old;
	int here, there, signals;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr,
		    "usage: line MICROSECONDS LOG COMMAND [ARGUMENT...]\n");
		return 125;
	}
	delay_ns = (int64_t)atol(argv[1]) * 1000;
	log_file = fopen(argv[2], "we");
	if (log_file == NULL)
		die(argv[2]);
	here = device();
	shell("ip addr add 10.0.0.1/32 dev line0 && ip link set line0 up && "
	      "ip route add 10.0.0.2/32 dev line0");
	if (unshare(CLONE_NEWNET) == -1)
		die("a network namespace");
	there = device();
	shell("ip link set lo up && ip addr add 10.0.0.2/32 dev line0 && "
	      "ip link set line0 up && ip route add default dev line0");
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &old);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals == -1)
		die("signalfd");
	start_ns = now_ns();
	pid = fork();
	if (pid == -1)
		die("fork");
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	way[0] = (struct way){ .from = there, .to = here };
	way[1] = (struct way){ .from = here, .to = there };
	way[0].end = &way[0].first;
	way[1].end = &way[1].first;
	return carry(way, signals);
}

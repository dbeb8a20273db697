/* SPDX-License-Identifier: ISC */
#include "live.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "anchor.h"
#include "core/arena.h"
#include "core/evidence.h"
#include "core/message.h"
#include "core/name.h"
#include "options.h"
#include "probe/dns.h"
#include "probe/loop.h"
#include "probe/route.h"
#include "run.h"
#include "store.h"

enum { FILES_LEAST = 64, FILES_MOST = 20000 };

struct live {
	struct arena *mem;
	const struct options *options;
	const struct mail_message *message;
	const struct overlay *overlay;
	struct loop *loop;
	struct dns *dns;
	struct store *store;
	struct memo *memo;
	const char *helo; /* NULL: an address literal */
	unsigned sessions;
	struct rr *anchors;
	size_t nanchors;
	bool has_ipv4, has_ipv6;
	rlim_t inherited; /* descriptors */
};

/* --helo, else this host's name where it is a full one. */
static const char *
helo_name(struct arena *mem, const struct options *o)
{
	uint8_t wire[NAME_WIRE_MAX];
	char host[256] = "";

	if (o->helo != NULL)
		return o->helo;
	if (gethostname(host, sizeof host - 1) != 0 ||
	    strchr(host, '.') == NULL || !name_from_text(wire, host, NULL) ||
	    !name_is_hostname(wire, false))
		return NULL;
	return arena_strdup(mem, host);
}

static bool
open_dns(struct live *l, char *error, size_t errorsize)
{
	const struct options *o = l->options;
	const char **resolvers =
	    arena_array(l->mem, o->nresolvers, sizeof *resolvers);
	const char *why = NULL;

	for (size_t i = 0; i < o->nresolvers; i++)
		resolvers[i] = o->resolvers[i].text;
	l->dns = dns_open(l->loop, resolvers, o->nresolvers, &why);
	if (l->dns == NULL)
		snprintf(error, errorsize, "cannot ask DNS questions: %s", why);
	return l->dns != NULL;
}

/* Those that are open already: a parent's, which nobody else counts. */
static rlim_t
inherited(rlim_t limit)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;
	rlim_t n = 0;

	if (list == NULL) {
		for (rlim_t fd = STDERR_FILENO + 1; fd < limit; fd++)
			n += fcntl((int)fd, F_GETFD) != -1;
		return n;
	}
	while ((entry = readdir(list)) != NULL)
		n += atoi(entry->d_name) > STDERR_FILENO;
	closedir(list);
	return n - (n > 0); /* that of the list itself */
}

/* The limit, raised as far as it goes. */
static rlim_t
descriptors(void)
{
	struct rlimit limit;
	rlim_t old;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return FILES_LEAST;
	old = limit.rlim_cur;
	if (old < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		if (limit.rlim_cur > FILES_MOST)
			limit.rlim_cur = FILES_MOST;
		if (limit.rlim_cur < old ||
		    setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = old;
	}
	return limit.rlim_cur;
}

/*
 * Questions and sessions at a time, by what may be open: two descriptors for
 * a question, one for a session, beside a few files.
 */
static bool
share_descriptors(struct live *l, char *error, size_t errorsize)
{
	enum { FILES = 32, QUESTIONS_MOST = 200, SESSIONS_MOST = 16384 };
	rlim_t all = descriptors(), open = l->inherited;
	rlim_t questions, sessions;

	if (all < FILES_LEAST + open) {
		snprintf(error, errorsize,
		    "only %lu files may be open at a time, %lu are already, "
		    "and %d are needed: see ulimit -n",
		    (unsigned long)all, (unsigned long)open, FILES_LEAST);
		return false;
	}
	all -= open;
	questions = (all - FILES) / 4;
	if (questions > QUESTIONS_MOST)
		questions = QUESTIONS_MOST;
	sessions = all - FILES - 2 * questions;
	if (sessions > SESSIONS_MOST)
		sessions = SESSIONS_MOST;
	dns_limit(l->dns, (unsigned)questions);
	l->sessions = (unsigned)sessions;
	return true;
}

struct live *
live_open(const struct options *o, const struct mail_message *message,
    const struct overlay *overlay, struct memo *memo, char *error,
    size_t errorsize)
{
	struct live *l = loop_alloc(sizeof *l);

	l->mem = arena_new();
	l->options = o;
	l->message = message;
	l->overlay = overlay;
	l->memo = memo;
	/* Before the loop has its own, which are among FILES. */
	l->inherited = inherited(descriptors());
	l->helo = helo_name(l->mem, o);
	l->has_ipv4 = route_exists(false);
	l->has_ipv6 = route_exists(true);
	if (o->trust_anchor == NULL) {
		anchor_builtin(l->mem, &l->anchors, &l->nanchors);
	} else if (!anchor_read(l->mem, o->trust_anchor, &l->anchors,
		       &l->nanchors, error, errorsize)) {
		live_close(l);
		return NULL;
	}
	l->loop = loop_new();
	if (!open_dns(l, error, errorsize) ||
	    !share_descriptors(l, error, errorsize)) {
		live_close(l);
		return NULL;
	}
	l->store = store_new(l->loop, l->dns, l->sessions);
	return l;
}

void
live_close(struct live *l)
{
	if (l == NULL)
		return;
	if (l->dns != NULL)
		dns_close(l->dns);
	store_free(l->store);
	loop_free(l->loop);
	arena_free(l->mem);
	free(l);
}

struct loop *
live_loop(const struct live *l)
{
	return l->loop;
}

struct store *
live_store(const struct live *l)
{
	return l->store;
}

unsigned
live_sessions(const struct live *l)
{
	return l->sessions;
}

static void
copy_strings(struct arena *mem, const char *const *from, size_t n,
    const char ***to, size_t *nto)
{
	*to = arena_array(mem, n, sizeof **to);
	for (size_t i = 0; i < n; i++)
		(*to)[i] = arena_strdup(mem, from[i]);
	*nto = n;
}

static void
set_asked(struct evidence *ev, const struct options *o)
{
	struct asked *a = &ev->asked;

	copy_strings(ev->mem, o->selectors, o->nselectors, &a->selectors,
	    &a->nselectors);
	a->allow_special = o->allow_special;
	a->ipv4 = !o->ipv6_only;
	a->ipv6 = !o->ipv4_only;
	a->m365 = o->m365;
	a->guess_selectors = o->guess_selectors;
	a->gcc_high = o->gcc_high;
	a->initial_domain = arena_strdup(ev->mem, o->initial_domain);
	a->helo = arena_strdup(ev->mem, o->helo);
	a->timeout_s = o->timeout_s;
	a->stages = o->stages;
}

static void
set_anchors(struct evidence *ev, const struct live *l)
{
	ev->nanchors = l->nanchors;
	ev->anchors = arena_array(ev->mem, l->nanchors, sizeof *ev->anchors);
	for (size_t i = 0; i < l->nanchors; i++) {
		struct rr *rr = &ev->anchors[i];

		*rr = l->anchors[i];
		rr->owner = name_copy(ev->mem, rr->owner);
		rr->rdata = arena_copy(ev->mem, rr->rdata, rr->rdlen);
	}
}

struct evidence *
live_start(struct live *l, const uint8_t *domain, uint16_t lookup,
    const char *input, void (*done)(void *), void *arg)
{
	struct run_room room = {
		.loop = l->loop,
		.dns = l->dns,
		.store = l->store,
		.memo = l->memo,
		.helo = l->helo,
		.deprecated = l->options->deprecated,
	};
	struct evidence *ev = evidence_new();
	const char *const *resolvers;
	size_t n;

	ev->domain = name_copy(ev->mem, domain);
	ev->input = arena_strdup(ev->mem, input);
	/* The run's one look at the clock. */
	ev->collected_at = (int64_t)time(NULL);
	n = dns_resolvers(l->dns, &resolvers);
	copy_strings(ev->mem, resolvers, n, &ev->resolvers, &ev->nresolvers);
	ev->has_ipv4 = l->has_ipv4;
	ev->has_ipv6 = l->has_ipv6;
	set_asked(ev, l->options);
	ev->asked.lookup = lookup;
	ev->asked.overlay = l->overlay;
	if (l->message != NULL)
		ev->asked.message = message_copy(ev->mem, l->message);
	set_anchors(ev, l);
	run_start(&room, ev, done, arg);
	return ev;
}

static void
set_true(void *arg)
{
	*(bool *)arg = true;
}

static bool
is_true(void *arg)
{
	return *(bool *)arg;
}

struct evidence *
live_collect(
    struct live *l, const uint8_t *domain, uint16_t lookup, const char *input)
{
	bool over = false;
	struct evidence *ev =
	    live_start(l, domain, lookup, input, set_true, &over);

	loop_run(l->loop, is_true, &over);
	return ev;
}

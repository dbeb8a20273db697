/* SPDX-License-Identifier: ISC */
/* Sessions with servers that will present another certificate. */
#include <string.h>

#include "arena.h"
#include "cert.h"
#include "name.h"
#include "overlay_part.h"

/* What a host has, or will have, for each kind of key; [KEYS_ANY]: others. */
struct kinds {
	const struct overlay_cert *coming[KEYS_ECDSA + 1];
	const struct smtp_observation *live[KEYS_ECDSA + 1];
};

static enum tls_keys
kind_of(struct overlay_view *v, const struct blob *leaf)
{
	const struct cert *cert = cert_parse(v->mem, leaf->data, leaf->len);

	if (!cert->parsed)
		return KEYS_ANY;
	if (cert->key == CERT_KEY_RSA)
		return KEYS_RSA;
	return cert->key == CERT_KEY_ECDSA ? KEYS_ECDSA : KEYS_ANY;
}

/*
 * False: it has none to come.  For each kind of key the last one given counts,
 * the host's own before one of all hosts.
 */
static bool
find_coming(struct overlay_view *v, const uint8_t *host, struct kinds *k)
{
	size_t n = v->overlay->ncerts;
	bool any = false;

	for (size_t i = 0; i < 2 * n; i++) {
		const struct overlay_cert *c = &v->overlay->certs[i % n];

		if (i < n ? c->host != NULL
			  : c->host == NULL || !name_equal(c->host, host))
			continue;
		k->coming[kind_of(v, &c->chain[0])] = c;
		v->certs[i % n] = true;
		any = true;
	}
	return any;
}

static void
find_live(struct overlay_view *v, struct kinds *k,
    const struct smtp_observation *const live[KEYS_ECDSA + 1])
{
	for (int i = KEYS_ANY; i <= KEYS_ECDSA; i++)
		if (live[i] != NULL && live[i]->outcome == SMTP_TLS &&
		    live[i]->nchain > 0)
			k->live[kind_of(v, &live[i]->chain[0])] = live[i];
}

/* A certificate of the other kind stays where one of its own is replaced. */
static const struct smtp_observation *
staying(const struct kinds *k, enum tls_keys kind)
{
	enum tls_keys other = kind == KEYS_RSA ? KEYS_ECDSA : KEYS_RSA;

	if (k->coming[kind] != NULL || k->coming[other] == NULL ||
	    k->live[other] == NULL)
		return NULL;
	return k->live[kind];
}

/*
 * The server as it was met, if it was, with another certificate; without one
 * where there is none for these keys.
 */
static const struct smtp_observation *
session_make(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys, const struct overlay_cert *c,
    const struct smtp_observation *live)
{
	struct smtp_observation *obs = arena_alloc(v->mem, sizeof *obs);

	obs->step = STEP_QUIT;
	obs->elapsed.connect = obs->elapsed.greeting = obs->elapsed.ehlo =
	    obs->elapsed.starttls = obs->elapsed.handshake = -1;
	if (live != NULL && c != NULL)
		*obs = *live;
	obs->refs = 1;
	obs->mem = v->mem;
	obs->host = name_copy(v->mem, host);
	obs->address = arena_strdup(v->mem, address);
	obs->port = 25;
	obs->sni = name_text_nodot(v->mem, host);
	obs->keys = keys;
	if (c == NULL) {
		obs->basis = "no certificate with such a key";
		obs->outcome = SMTP_HANDSHAKE_FAILED;
		obs->step = STEP_HANDSHAKE;
		return obs;
	}
	obs->basis = c->source;
	obs->outcome = SMTP_TLS;
	obs->chain = c->chain;
	obs->nchain = c->nchain;
	return obs;
}

static const struct smtp_observation *
make_session(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys, const struct kinds *k,
    const struct smtp_observation *live)
{
	enum tls_keys kind = keys;

	/* Most offer ECDSA first. */
	if (keys == KEYS_ANY && k->coming[KEYS_ANY] == NULL)
		kind = k->coming[KEYS_ECDSA] != NULL ||
			staying(k, KEYS_ECDSA) != NULL
		    ? KEYS_ECDSA
		    : KEYS_RSA;
	if (kind != KEYS_ANY && staying(k, kind) != NULL)
		return staying(k, kind);
	return session_make(v, host, address, keys, k->coming[kind], live);
}

const struct smtp_observation *
overlay_smtp(struct overlay_view *v, const uint8_t *host, const char *address,
    enum tls_keys keys,
    const struct smtp_observation *const live[KEYS_ECDSA + 1])
{
	const struct smtp_observation *first = live[KEYS_ANY];
	struct kinds k = { .coming = { NULL } };
	struct made_session *m;

	if (v->overlay->ncerts == 0)
		return live[keys];
	for (m = v->sessions; m != NULL; m = m->next)
		if (m->keys == keys && strcmp(m->address, address) == 0 &&
		    memcmp(m->live, live, sizeof m->live) == 0 &&
		    name_equal(m->host, host))
			return m->obs;
	/* What keeps TLS from being done is no matter of the certificate; and
	 * whether it is done at all has to be seen. */
	if (first == NULL || first->outcome != SMTP_TLS ||
	    !find_coming(v, host, &k))
		return live[keys];
	find_live(v, &k, live);
	m = arena_alloc(v->mem, sizeof *m);
	m->obs = make_session(v, host, address, keys, &k, first);
	m->host = m->obs->host;
	m->address = m->obs->address;
	m->keys = keys;
	memcpy(m->live, live, sizeof m->live);
	m->next = v->sessions;
	v->sessions = m;
	return m->obs;
}

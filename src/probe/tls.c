/* SPDX-License-Identifier: ISC */
#include "probe/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "probe/loop.h"

/* GnuTLS takes no handshake message of over 128 KiB. */
enum { CHAIN_MAX = 16, CERT_MAX = 131072 };

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
	int fd;
	int system_error; /* errno that broke the connection, or 0 */
	int error; /* GnuTLS's */
	const char *alert;
};

/*
 * Whatever a sender with OpenSSL takes is taken, at the end of the list: the
 * CBC suites with SHA-2 are what some servers have left of TLS 1.2.
 */
#define VERSIONS                                                               \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0" \
	":+3DES-CBC:+SHA384:+SHA256:+AES-256-CCM-8:+AES-128-CCM-8"             \
	":+CAMELLIA-256-CBC:+CAMELLIA-128-CBC:%COMPAT:%NO_TICKETS"

/*
 * RFC 8446 4.2.3: signature_algorithms says which keys may sign the
 * handshake; signature_algorithms_cert is not sent, so the chain behind the
 * key is free.  Before TLS 1.3 the suite names the key type.
 */
static const char *const priorities[] = {
	/* ECDSA first, as OpenSSL's clients (Postfix, Exim) offer it. */
	[KEYS_ANY] = VERSIONS
	":-SIGN-ALL:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384"
	":+SIGN-ECDSA-SHA512:+SIGN-ECDSA-SECP256R1-SHA256"
	":+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SECP521R1-SHA512"
	":+SIGN-EdDSA-Ed25519:+SIGN-EdDSA-Ed448:+SIGN-ALL"
	":+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1",
	[KEYS_RSA] = VERSIONS
	":-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384"
	":+SIGN-RSA-PSS-RSAE-SHA512:+SIGN-RSA-PSS-SHA256"
	":+SIGN-RSA-PSS-SHA384:+SIGN-RSA-PSS-SHA512:+SIGN-RSA-SHA256"
	":+SIGN-RSA-SHA384:+SIGN-RSA-SHA512:+SIGN-RSA-SHA1"
	":-KX-ALL:+ECDHE-RSA:+DHE-RSA:+RSA",
	[KEYS_ECDSA] = VERSIONS
	":-SIGN-ALL:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384"
	":+SIGN-ECDSA-SHA512:+SIGN-ECDSA-SECP256R1-SHA256"
	":+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SECP521R1-SHA512"
	":+SIGN-ECDSA-SHA1:+SIGN-EdDSA-Ed25519:+SIGN-EdDSA-Ed448"
	":-KX-ALL:+ECDHE-ECDSA",
};

/*
 * The system's policy file is read when the library starts, before main, and
 * its overrides cut into every priority list.  So it is started here, after
 * the file has been put out of the way.
 */
GNUTLS_SKIP_GLOBAL_INIT

__attribute__((constructor)) static void
tls_start(void)
{
	setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "/dev/null", 1);
	gnutls_global_init();
}

static ssize_t
transport_push(gnutls_transport_ptr_t arg, const void *data, size_t len)
{
	struct tls *tls = arg;
	ssize_t n = send(tls->fd, data, len, MSG_NOSIGNAL);

	if (n == -1 && errno != EAGAIN && errno != EINTR)
		tls->system_error = errno;
	gnutls_transport_set_errno(tls->session, n == -1 ? errno : 0);
	return n;
}

static ssize_t
transport_pull(gnutls_transport_ptr_t arg, void *data, size_t len)
{
	struct tls *tls = arg;
	ssize_t n = recv(tls->fd, data, len, 0);

	if (n == -1 && errno != EAGAIN && errno != EINTR)
		tls->system_error = errno;
	gnutls_transport_set_errno(tls->session, n == -1 ? errno : 0);
	return n;
}

/* Asked for only where GnuTLS would wait, which it never may here. */
static int
transport_ready(gnutls_transport_ptr_t arg, unsigned ms)
{
	struct tls *tls = arg;
	struct pollfd p = { .fd = tls->fd, .events = POLLIN };

	(void)ms;
	return poll(&p, 1, 0);
}

static void
transport_set(struct tls *tls)
{
	gnutls_transport_set_ptr(tls->session, tls);
	gnutls_transport_set_push_function(tls->session, transport_push);
	gnutls_transport_set_pull_function(tls->session, transport_pull);
	gnutls_transport_set_pull_timeout_function(
	    tls->session, transport_ready);
}

static enum tls_state
tls_fail(struct tls *tls, int rc)
{
	tls->error = rc;
	if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
		tls->alert =
		    gnutls_alert_get_name(gnutls_alert_get(tls->session));
	return TLS_FAILED;
}

/* What a return code below zero means for the caller. */
static enum tls_state
tls_state(struct tls *tls, int rc)
{
	if (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED)
		return gnutls_record_get_direction(tls->session) == 1
		    ? TLS_WANT_WRITE
		    : TLS_WANT_READ;
	if (!gnutls_error_is_fatal(rc))
		return TLS_WANT_READ;
	return tls_fail(tls, rc);
}

/* Read once: the strings are long. */
static int
priority(enum tls_keys keys, gnutls_priority_t *out)
{
	static gnutls_priority_t known[KEYS_ECDSA + 1];
	int rc = 0;

	if (known[keys] == NULL)
		rc = gnutls_priority_init(
		    &known[keys], priorities[keys], NULL);
	*out = known[keys];
	return rc;
}

struct tls *
tls_new(int fd, const char *sni, enum tls_keys keys, const char **error)
{
	struct tls *tls = loop_alloc(sizeof(*tls));
	gnutls_priority_t suites;
	int rc;

	tls->fd = fd;
	rc = gnutls_certificate_allocate_credentials(&tls->credentials);
	if (rc == 0)
		rc = gnutls_init(&tls->session,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			GNUTLS_NO_TICKETS);
	if (rc == 0)
		rc = priority(keys, &suites);
	if (rc == 0)
		rc = gnutls_priority_set(tls->session, suites);
	if (rc == 0)
		rc = gnutls_credentials_set(
		    tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
	if (rc == 0 && sni != NULL)
		rc = gnutls_server_name_set(
		    tls->session, GNUTLS_NAME_DNS, sni, strlen(sni));
	if (rc != 0) {
		*error = gnutls_strerror(rc);
		tls_free(tls);
		return NULL;
	}
	/* A weak group is the server's affair; it is seen, not refused. */
	gnutls_dh_set_prime_bits(tls->session, 512);
	transport_set(tls);
	return tls;
}

void
tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	if (tls->session != NULL)
		gnutls_deinit(tls->session);
	if (tls->credentials != NULL)
		gnutls_certificate_free_credentials(tls->credentials);
	free(tls);
}

enum tls_state
tls_handshake(struct tls *tls)
{
	enum tls_state state;
	int rc;

	/* Warning alerts (unrecognized_name) do not stop it. */
	for (unsigned i = 0; i < 8; i++) {
		rc = gnutls_handshake(tls->session);
		if (rc == 0)
			return TLS_DONE;
		if (rc != GNUTLS_E_WARNING_ALERT_RECEIVED)
			break;
	}
	if (rc == GNUTLS_E_WARNING_ALERT_RECEIVED)
		return tls_fail(tls, rc);
	state = tls_state(tls, rc);
	if (state == TLS_FAILED && tls->system_error == 0)
		gnutls_alert_send_appropriate(tls->session, rc);
	return state;
}

static void
chain_describe(struct tls *tls, struct smtp_observation *obs)
{
	const gnutls_datum_t *certs;
	unsigned n = 0;

	if (gnutls_certificate_type_get2(tls->session, GNUTLS_CTYPE_SERVER) !=
	    GNUTLS_CRT_X509)
		return;
	certs = gnutls_certificate_get_peers(tls->session, &n);
	if (certs == NULL)
		return;
	if (n > CHAIN_MAX)
		n = CHAIN_MAX;
	obs->chain = arena_array(obs->mem, n, sizeof(*obs->chain));
	for (unsigned i = 0; i < n && certs[i].size <= CERT_MAX; i++) {
		obs->chain[i].data =
		    arena_copy(obs->mem, certs[i].data, certs[i].size);
		obs->chain[i].len = certs[i].size;
		obs->nchain = i + 1;
	}
}

void
tls_describe(struct tls *tls, struct smtp_observation *obs)
{
	gnutls_session_t s = tls->session;
	gnutls_group_t group = gnutls_group_get(s);
	int sign = gnutls_sign_algorithm_get(s);

	obs->tls.version = arena_strdup(
	    obs->mem, gnutls_protocol_get_name(gnutls_protocol_get_version(s)));
	obs->tls.suite = arena_strdup(obs->mem, gnutls_ciphersuite_get(s));
	if (group != GNUTLS_GROUP_INVALID)
		obs->tls.group =
		    arena_strdup(obs->mem, gnutls_group_get_name(group));
	if (sign != GNUTLS_SIGN_UNKNOWN)
		obs->tls.signature = arena_strdup(obs->mem,
		    gnutls_sign_get_name((gnutls_sign_algorithm_t)sign));
	chain_describe(tls, obs);
}

const char *
tls_alert(const struct tls *tls)
{
	return tls->alert;
}

bool
tls_was_cut(const struct tls *tls)
{
	return tls->alert == NULL &&
	    (tls->system_error != 0 ||
		tls->error == GNUTLS_E_PREMATURE_TERMINATION ||
		tls->error == GNUTLS_E_PULL_ERROR ||
		tls->error == GNUTLS_E_PUSH_ERROR);
}

const char *
tls_error(const struct tls *tls)
{
	if (tls->system_error != 0)
		return strerror(tls->system_error);
	return gnutls_strerror(tls->error);
}

enum tls_state
tls_send(struct tls *tls, const void *data, size_t len, size_t *n)
{
	ssize_t rc = gnutls_record_send(tls->session, data, len);

	*n = rc > 0 ? (size_t)rc : 0;
	return rc > 0 ? TLS_DONE : tls_state(tls, (int)rc);
}

enum tls_state
tls_recv(struct tls *tls, void *data, size_t len, size_t *n)
{
	ssize_t rc = GNUTLS_E_AGAIN;

	/* Tickets, key updates and the like; more comes with more bytes. */
	for (unsigned i = 0; i < 16; i++) {
		rc = gnutls_record_recv(tls->session, data, len);
		if (rc >= 0 || rc == GNUTLS_E_AGAIN ||
		    gnutls_error_is_fatal((int)rc))
			break;
	}
	*n = rc > 0 ? (size_t)rc : 0;
	if (rc > 0)
		return TLS_DONE;
	return rc == 0 ? TLS_CLOSED : tls_state(tls, (int)rc);
}

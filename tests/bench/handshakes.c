/* SPDX-License-Identifier: ISC */
/*
 * The least that a probe of a mail server costs: TLS handshakes with one
 * address after another, as a client that looks at nothing.
 *
 * usage: handshakes PORT RSA SIGNATURES <ADDRESSES
 *
 * After each, RSA further ones (0 or 1) ask for an RSA key, which the server
 * of this laboratory has not: it ends them after the first message.  And that
 * many SIGNATURES of ECDSA P-256 are verified, as a chain of trust would need.
 * Prints how many handshakes came to their end, and how many did not.
 */
#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gnutls_certificate_credentials_t credentials;

static gnutls_pubkey_t public_key;
static gnutls_datum_t signed_data, signature;

static void
sign(void)
{
	static unsigned char octets[200];
	gnutls_privkey_t key;

	signed_data = (gnutls_datum_t){ octets, sizeof octets };
	if (gnutls_privkey_init(&key) != 0 ||
	    gnutls_privkey_generate(key, GNUTLS_PK_ECDSA,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) != 0 ||
	    gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &signed_data,
	    &signature) != 0 ||
	    gnutls_pubkey_init(&public_key) != 0 ||
	    gnutls_pubkey_import_privkey(public_key, key, 0, 0) != 0)
		exit(2);
	gnutls_privkey_deinit(key);
}

static void
verify(int times)
{
	for (; times > 0; times--)
		if (gnutls_pubkey_verify_data2(public_key,
		    GNUTLS_SIGN_ECDSA_SHA256, 0, &signed_data,
		    &signature) != 0)
			exit(2);
}

static bool
shake(int fd, bool rsa)
{
	gnutls_session_t s;
	int rc;

	gnutls_init(&s, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
	gnutls_priority_set_direct(s, rsa
	    ? "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256"
	    : "NORMAL", NULL);
	gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(s, fd);
	do
		rc = gnutls_handshake(s);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc == 0)
		gnutls_bye(s, GNUTLS_SHUT_WR);
	gnutls_deinit(s);
	return rc == 0;
}

static bool
once(const char *address, uint16_t port, bool rsa)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool done;

	at.sin_port = htons(port);
	if (inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&at, sizeof at) == -1) {
		perror(address);
		exit(2);
	}
	done = shake(fd, rsa);
	close(fd);
	return done;
}

int
main(int argc, char **argv)
{
	unsigned count[2] = { 0 };
	char line[64];

	if (argc != 4)
		return 2;
	sign();
	gnutls_certificate_allocate_credentials(&credentials);
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		for (int rsa = 0; rsa <= atoi(argv[2]); rsa++)
			count[once(line, (uint16_t)atoi(argv[1]), rsa != 0)]++;
		verify(atoi(argv[3]));
	}
	printf("%u %u\n", count[true], count[false]);
	return 0;
}

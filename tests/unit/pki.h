/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_PKI_H
#define MXPROOF_PKI_H
/* Certificates made for a test run; one include per test program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>

#include "core/evidence.h"

enum { PKI_NOW = 1800000000, PKI_DAY = 86400 };

struct pki {
	const char *name;	/* how tables call it; also its CN */
	const char *issuer;	/* NULL: self-signed */
	const char *san;	/* DNS name, or NULL */
	const char *key_of;	/* shares the key of this one, or NULL */
	const char *cn;		/* NULL: name */
	int from, until;	/* days from PKI_NOW */
	int pk;
	unsigned bits;
	bool ca;
	unsigned usage;		/* keyUsage; 0: no extension */
	const char *purpose;	/* extKeyUsage, an OID, or NULL */
	unsigned pathlen;	/* one more than it; 0: no limit */
	const char *permitted;	/* name constraint on DNS names, or NULL */
	bool critical;		/* with an extension nobody knows */
	gnutls_privkey_t key;
	gnutls_x509_crt_t crt;
	gnutls_datum_t der;
};

static struct pki *pki_table;
static size_t pki_n;

__attribute__((unused)) static struct pki *
pki_find(const char *name)
{
	for (size_t i = 0; i < pki_n; i++)
		if (strcmp(pki_table[i].name, name) == 0)
			return &pki_table[i];
	fprintf(stderr, "no certificate %s\n", name);
	abort();
}

static void
pki_must(int r, const char *what)
{
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", what, gnutls_strerror(r));
		abort();
	}
}

static void
pki_extend(const struct pki *p)
{
	static const unsigned char null[] = { 5, 0 };
	gnutls_x509_name_constraints_t nc;
	gnutls_datum_t name;

	if (p->usage != 0)
		pki_must(gnutls_x509_crt_set_key_usage(p->crt, p->usage),
		    "usage");
	if (p->purpose != NULL)
		pki_must(gnutls_x509_crt_set_key_purpose_oid(p->crt,
		    p->purpose, 0), "purpose");
	if (p->critical)
		pki_must(gnutls_x509_crt_set_extension_by_oid(p->crt,
		    "1.2.3.4", null, sizeof null, 1), "extension");
	if (p->permitted == NULL)
		return;
	name.data = (unsigned char *)gnutls_strdup(p->permitted);
	name.size = (unsigned)strlen(p->permitted);
	pki_must(gnutls_x509_name_constraints_init(&nc), "constraints");
	pki_must(gnutls_x509_name_constraints_add_permitted(nc,
	    GNUTLS_SAN_DNSNAME, &name), "permitted");
	pki_must(gnutls_x509_crt_set_name_constraints(p->crt, nc, 1),
	    "constraints");
	gnutls_x509_name_constraints_deinit(nc);
	gnutls_free(name.data);
}

static void
pki_make_one(struct pki *p, unsigned serial)
{
	unsigned char number[1] = { (unsigned char)(serial + 1) };
	const struct pki *issuer;
	gnutls_pubkey_t pub;

	if (p->key_of != NULL) {
		p->key = pki_find(p->key_of)->key;
	} else {
		pki_must(gnutls_privkey_init(&p->key), "key");
		pki_must(gnutls_privkey_generate(p->key,
		    (gnutls_pk_algorithm_t)p->pk, p->bits, 0), "generate");
	}
	pki_must(gnutls_pubkey_init(&pub), "pubkey");
	pki_must(gnutls_pubkey_import_privkey(pub, p->key, 0, 0), "pubkey");
	pki_must(gnutls_x509_crt_init(&p->crt), "crt");
	pki_must(gnutls_x509_crt_set_version(p->crt, 3), "version");
	pki_must(gnutls_x509_crt_set_serial(p->crt, number, 1), "serial");
	pki_must(gnutls_x509_crt_set_pubkey(p->crt, pub), "set key");
	pki_must(gnutls_x509_crt_set_dn_by_oid(p->crt,
	    GNUTLS_OID_X520_COMMON_NAME, 0, p->cn ? p->cn : p->name,
	    (unsigned)strlen(p->cn ? p->cn : p->name)), "dn");
	if (p->san != NULL)
		pki_must(gnutls_x509_crt_set_subject_alt_name(p->crt,
		    GNUTLS_SAN_DNSNAME, p->san, (unsigned)strlen(p->san),
		    GNUTLS_FSAN_SET), "san");
	pki_must(gnutls_x509_crt_set_basic_constraints(p->crt, p->ca,
	    (int)p->pathlen - 1),
	    "constraints");
	pki_must(gnutls_x509_crt_set_activation_time(p->crt,
	    PKI_NOW + (time_t)p->from * PKI_DAY), "from");
	pki_must(gnutls_x509_crt_set_expiration_time(p->crt,
	    PKI_NOW + (time_t)p->until * PKI_DAY), "until");
	pki_extend(p);
	issuer = p->issuer != NULL ? pki_find(p->issuer) : p;
	pki_must(gnutls_x509_crt_privkey_sign(p->crt, issuer->crt,
	    issuer->key, GNUTLS_DIG_SHA256, 0), "sign");
	pki_must(gnutls_x509_crt_export2(p->crt, GNUTLS_X509_FMT_DER, &p->der),
	    "export");
	gnutls_pubkey_deinit(pub);
}

/* In the order of the table: issuers first. */
__attribute__((unused)) static void
pki_make(struct pki *table, size_t n)
{
	pki_table = table;
	pki_n = n;
	for (size_t i = 0; i < n; i++)
		pki_make_one(&table[i], (unsigned)i);
}

__attribute__((unused)) static void
pki_free(void)
{
	for (size_t i = 0; i < pki_n; i++) {
		if (pki_table[i].key_of == NULL)
			gnutls_privkey_deinit(pki_table[i].key);
		gnutls_x509_crt_deinit(pki_table[i].crt);
		gnutls_free(pki_table[i].der.data);
	}
}

#endif

/* SPDX-License-Identifier: ISC */
#include "core/tlsa.h"

#include "core/arena.h"
#include "core/cert.h"
#include "core/judge.h"
#include "core/name.h"
#include "core/text.h"
#include "pki.h"
#include "tap.h"

#define EC .pk = GNUTLS_PK_ECDSA, .bits = 256
#define SOUND .from = -100, .until = 100
#define INTER .issuer = "root", .cn = "inter", .key_of = "inter", .ca = true, \
	SOUND
#define BY .issuer = "inter", .san = "mx.d.test",
#define LEAF BY SOUND

static struct pki table[] = {
	{ "root", .ca = true, .from = -1000, .until = 1000, EC },
	{ "inter", .issuer = "root", .ca = true, SOUND, EC },
	{ "stale", .issuer = "root", .cn = "inter", .key_of = "inter",
	    .ca = true, .from = -100, .until = -1 },
	{ "noca", .issuer = "root", .cn = "inter", .key_of = "inter", SOUND },
	{ "leaf", LEAF, EC },
	{ "hop", .issuer = "inter", .san = "d.test", SOUND, EC },
	{ "expired", BY .from = -100, .until = -1, EC },
	{ "future", BY .from = 1, .until = 100, EC },
	{ "named", .issuer = "inter", .san = "other.test", SOUND, EC },
	{ "soon", BY .from = -80, .until = 5, EC },
	{ "short", BY .from = -2, .until = 4, EC },
	{ "weak", LEAF, .pk = GNUTLS_PK_RSA, .bits = 1024 },
	{ "self", .san = "mx.d.test", SOUND, EC },
	{ "rsa", LEAF, .pk = GNUTLS_PK_RSA, .bits = 2048 },
	{ "next", SOUND, EC },
	{ "alien", .cn = "inter", .ca = true, SOUND, EC },
	/* chains that senders refuse, whatever the signatures say */
	{ "nosign", INTER, .usage = GNUTLS_KEY_DIGITAL_SIGNATURE },
	{ "client", INTER, .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
	{ "server", INTER, .purpose = GNUTLS_KP_TLS_WWW_SERVER,
	    .usage = GNUTLS_KEY_KEY_CERT_SIGN, .pathlen = 1,
	    .permitted = "d.test" },
	{ "narrow", INTER, .permitted = "other.test" },
	{ "odd", INTER, .critical = true },
	{ "low", .cn = "root", .key_of = "root", .ca = true, SOUND,
	    .pathlen = 1 },
	{ "mailer", LEAF, EC, .purpose = GNUTLS_KP_EMAIL_PROTECTION },
	{ "crl", LEAF, EC, .usage = GNUTLS_KEY_CRL_SIGN },
	{ "both", LEAF, EC, .purpose = GNUTLS_KP_TLS_WWW_SERVER,
	    .usage = GNUTLS_KEY_DIGITAL_SIGNATURE },
	{ "selfca", .san = "mx.d.test", .ca = true, SOUND, EC },
	{ "oldroot", .ca = true, .from = -1000, .until = -1, EC },
	{ "cross", .issuer = "oldroot", .cn = "root", .key_of = "root",
	    .ca = true, .from = -1000, .until = -1 },
};

static struct arena *mem;

static const uint8_t *
wire(const char *text)
{
	uint8_t name[NAME_WIRE_MAX];

	if (!name_from_text(name, text, NULL))
		abort();
	return name_copy(mem, name);
}

/* The association data of "3 1 1 leaf", or hex digits after "=". */
static struct rr *
record(const char *spec)
{
	struct rr *rr = arena_alloc(mem, sizeof *rr);
	unsigned usage, selector, matching;
	char what[64];
	uint8_t *out, *data;
	size_t len;

	if (sscanf(spec, "%u %u %u %63s", &usage, &selector, &matching,
		what) != 4)
		abort();
	if (what[0] == '=') {
		if (!text_from_hex(mem, what + 1, strlen(what + 1), &data,
			&len))
			abort();
	} else {
		const struct pki *p = pki_find(what);
		const struct cert *c =
		    cert_parse(mem, p->der.data, p->der.size);
		const uint8_t *full = selector == 1 ? c->spki : c->der;
		size_t fulllen = selector == 1 ? c->spkilen : c->derlen;

		data = arena_alloc(mem, 64);
		len = matching == 1 ? 32 : 64;
		if (matching == 0) {
			data = arena_copy(mem, full, fulllen);
			len = fulllen;
		} else if (matching == 1) {
			cert_sha256(full, fulllen, data);
		} else {
			cert_sha512(full, fulllen, data);
		}
	}
	out = arena_alloc(mem, len + 3);
	out[0] = (uint8_t)usage;
	out[1] = (uint8_t)selector;
	out[2] = (uint8_t)matching;
	if (len > 0)
		memcpy(out + 3, data, len);
	*rr = (struct rr){ .owner = wire("_25._tcp.mx.d.test."),
		.rdata = out, .rdlen = (uint16_t)(len + 3), .ttl = 3600,
		.type = TYPE_TLSA, .class = CLASS_IN, .wellformed = true };
	return rr;
}

static void
reading(void)
{
	static const struct {
		const char *spec;
		enum tlsa_flaw want;
	} rows[] = {
		{ "3 1 1 leaf", TLSA_SOUND },
		{ "3 0 0 leaf", TLSA_SOUND },
		{ "3 1 0 leaf", TLSA_SOUND },
		{ "2 1 2 root", TLSA_SOUND },
		{ "0 0 1 root", TLSA_FLAW_USAGE },
		{ "1 1 1 leaf", TLSA_FLAW_USAGE },
		{ "1 1 1 =00", TLSA_FLAW_DATA },
		{ "4 1 1 leaf", TLSA_FLAW_PARAMETER },
		{ "255 1 1 leaf", TLSA_FLAW_PARAMETER },
		{ "3 2 1 =00", TLSA_FLAW_PARAMETER },
		{ "3 1 3 leaf", TLSA_FLAW_PARAMETER },
		{ "3 1 1 =", TLSA_FLAW_DATA },
		{ "3 1 1 =0011", TLSA_FLAW_DATA },
		{ "3 1 2 =0011", TLSA_FLAW_DATA },
		{ "3 0 0 =0011", TLSA_FLAW_DATA },
		{ "3 1 0 =3000", TLSA_FLAW_DATA },
	};
	struct tlsa_view v;
	struct rr cut = *record("3 1 1 leaf");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ok(tlsa_read(mem, record(rows[i].spec), &v) == rows[i].want &&
			v.usable == (rows[i].want == TLSA_SOUND), "%s",
		    rows[i].spec);
	for (cut.rdlen = 0; cut.rdlen < 35; cut.rdlen++)
		if (tlsa_read(mem, &cut, &v) != TLSA_FLAW_DATA || v.usable)
			break;
	ok(cut.rdlen == 35, "no record that is cut short is usable");
}

static void
agility(void)
{
	static const struct {
		const char *name, *specs[4];
		const char *out;
	} rows[] = {
		{ "SHA2-512 wins", { "3 1 1 leaf", "3 1 2 leaf" }, "10" },
		{ "Full stays", { "3 1 0 leaf", "3 1 2 leaf" }, "00" },
		{ "another selector", { "3 0 1 leaf", "3 1 2 leaf" }, "00" },
		{ "another usage", { "2 1 1 leaf", "3 1 2 leaf" }, "00" },
		{ "a malformed one does not win",
		    { "3 1 1 leaf", "3 1 2 =00" }, "00" },
		{ "an unusable one does not win",
		    { "3 1 1 leaf", "1 1 2 leaf" }, "00" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlsa_view list[4];
		char got[5] = "";
		size_t n = 0;

		for (; n < 4 && rows[i].specs[n] != NULL; n++)
			tlsa_read(mem, record(rows[i].specs[n]), &list[n]);
		tlsa_agility(list, n);
		for (size_t k = 0; k < n; k++)
			got[k] = list[k].agile_out ? '1' : '0';
		is(got, rows[i].out, rows[i].name);
	}
}

/* Digests of what never was a certificate. */
static void
digests(void)
{
	static const struct {
		const char *name, *input;
		bool want;
	} cases[] = {
		{ "no input", "", true },
		{ "an empty line", "\n", true },
		{ "some input", "key", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rr *rr = record("3 1 1 leaf");
		uint8_t data[35] = { 3, 1, 1 };
		struct tlsa_view v;

		cert_sha256(cases[i].input, strlen(cases[i].input), data + 3);
		rr->rdata = data;
		ok(tlsa_read(mem, rr, &v) == TLSA_SOUND &&
			tlsa_is_of_nothing(&v) == cases[i].want, "digest of %s",
		    cases[i].name);
	}
}

/* openssl x509 -in cert.pem | sha256sum, and the same of the key. */
static void
pem(void)
{
	const struct pki *p = pki_find("leaf");
	const struct cert *c = cert_parse(mem, p->der.data, p->der.size);
	struct rr *rr = record("3 1 1 leaf");
	uint8_t data[35] = { 3, 1, 1 };
	gnutls_datum_t text;
	struct tlsa_view v;

	pki_must(gnutls_x509_crt_export2(p->crt, GNUTLS_X509_FMT_PEM, &text),
	    "PEM");
	cert_sha256(text.data, text.size, data + 3);
	gnutls_free(text.data);
	rr->rdata = data;
	tlsa_read(mem, rr, &v);
	ok(tlsa_has_pem(mem, &v, c), "digest of the PEM text");
	tlsa_read(mem, record("3 1 1 leaf"), &v);
	ok(!tlsa_has_pem(mem, &v, c), "digest of the key");
	ok(tlsa_has(&v, c) && !tlsa_has_swapped(&v, c), "its own selector");
	v.selector = SELECTOR_CERT;
	ok(!tlsa_has(&v, c) && tlsa_has_swapped(&v, c), "the other selector");
}

/* A domain of one host and up to two addresses, as a table writes it. */
struct row {
	const char *name;
	const char *tlsa[4];
	const char *chain[2];	/* per address; NULL: no such address */
	const char *rsa;	/* chain of the RSA session, first address */
	enum smtp_outcome outcome;
	bool mx_insecure;
	const char *want;	/* ids; "!" = alternative */
};

static struct smtp_observation *
session(const char *chain, enum smtp_outcome outcome)
{
	struct smtp_observation *s = arena_alloc(mem, sizeof *s);
	char *copy = arena_strdup(mem, chain), *word;

	s->outcome = outcome;
	s->step = STEP_QUIT;
	s->port = 25;
	if (outcome != SMTP_TLS)
		return s;
	s->tls.version = "TLS1.3";
	s->chain = arena_array(mem, 8, sizeof *s->chain);
	for (word = strtok(copy, " "); word != NULL;
	    word = strtok(NULL, " ")) {
		const struct pki *p = pki_find(word);

		s->chain[s->nchain++] =
		    (struct blob){ p->der.data, p->der.size };
	}
	return s;
}

static void
take_tlsa(struct path_host *host, const struct row *row)
{
	struct answer *a = &host->tlsa[0];

	host->ntlsa = 1;
	host->base[0] = host->name;
	*a = (struct answer){ .name = wire("_25._tcp.mx.d.test."),
		.type = TYPE_TLSA, .kind = ANSWER_NODATA, .ttl = 3600 };
	a->final = a->name;
	a->rrs = arena_array(mem, 4, sizeof *a->rrs);
	for (; a->nrrs < 4 && row->tlsa[a->nrrs] != NULL; a->nrrs++)
		a->rrs[a->nrrs] = record(row->tlsa[a->nrrs]);
	if (a->nrrs > 0)
		a->kind = ANSWER_DATA;
}

static struct judgement *
judged(const struct row *row)
{
	struct judgement *j = arena_alloc(mem, sizeof *j);
	struct path *path = arena_alloc(mem, sizeof *path);
	struct path_host *host = arena_alloc(mem, sizeof *host);
	struct evidence *ev = arena_alloc(mem, sizeof *ev);

	path->domain = path->mx.final = wire("d.test.");
	path->ev = ev;
	path->mem = mem;
	path->hosts = host;
	path->nhosts = 1;
	host->name = host->expanded = wire("mx.d.test.");
	host->a.kind = ANSWER_DATA;
	host->addresses = arena_array(mem, 2, sizeof *host->addresses);
	for (; host->naddresses < 2 && row->chain[host->naddresses] != NULL;
	    host->naddresses++) {
		struct path_address *pa = &host->addresses[host->naddresses];

		pa->chain = arena_array(mem, 3, sizeof *pa->chain);
		pa->text = host->naddresses == 0 ? "192.0.2.1" : "192.0.2.2";
		pa->session[KEYS_ANY] =
		    session(row->chain[host->naddresses], row->outcome);
	}
	if (row->rsa != NULL)
		host->addresses[0].session[KEYS_RSA] =
		    session(row->rsa, SMTP_TLS);
	take_tlsa(host, row);
	j->mem = j->findings.mem = mem;
	j->ev = ev;
	j->path = path;
	j->proofs = proofs_new(mem, ev, NULL);
	j->options.at = PKI_NOW;
	j->mx_secure = !row->mx_insecure;
	j->hosts = arena_alloc(mem, sizeof *j->hosts);
	j->hosts->host = host;
	j->hosts->address_dnssec.state = DNSSEC_STATE_SECURE;
	j->hosts->addresses =
	    arena_array(mem, 2, sizeof *j->hosts->addresses);
	for (size_t i = 0; i < host->naddresses; i++) {
		j->hosts->addresses[i].address = &host->addresses[i];
		j->hosts->addresses[i].by = -1;
	}
	judge_tlsa(j);
	judge_smtp(j);
	judge_cert(j);
	judge_dane(j);
	return j;
}

#define MIXED "leaf inter root"
#define BLOCKED " DANE_NO_MATCH DANE_ALL_HOSTS_FAIL"
#define SEEN "TLSA_FOUND STARTTLS_OK CERT_OK"
#define NOTED "TLSA_FOUND TLSA_NOT_RECOMMENDED STARTTLS_OK CERT_OK"
#define NOTED_EE NOTED " DANE_EE_MATCH DANE_NO_ROLLOVER"
#define EE SEEN " DANE_EE_MATCH DANE_NO_ROLLOVER"
#define PINNED " DANE_TA_MATCH DANE_TA_INTERMEDIATE"
#define UNFIT SEEN " DANE_TA_CHAIN_INVALID DANE_ALL_HOSTS_FAIL"

static const struct row rows[] = {
	/* usage 3 */
	{ "3 1 1", { "3 1 1 leaf" }, { MIXED }, .want = EE },
	{ "3 0 0", { "3 0 0 leaf" }, { MIXED }, .want = NOTED_EE },
	{ "3 1 0", { "3 1 0 leaf" }, { "leaf" }, .want = NOTED_EE },
	{ "3 0 2 self-signed", { "3 0 2 self" }, { "self" }, .want = NOTED_EE },
	{ "rollover pair", { "3 1 1 leaf", "3 1 1 next" }, { MIXED },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_OK DANE_EE_MATCH "
		    "DANE_RECORD_STALE" },
	{ "expired, usage 3", { "3 1 1 expired" }, { "expired inter" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_EXPIRED_EE DANE_EE_MATCH "
		    "DANE_NO_ROLLOVER" },
	{ "future, usage 3", { "3 1 1 future" }, { "future inter" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_NOT_YET_VALID_EE "
		    "DANE_EE_MATCH DANE_NO_ROLLOVER" },
	{ "name, usage 3", { "3 1 1 named" }, { "named inter" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_NAME_MISMATCH_EE "
		    "DANE_EE_MATCH DANE_NO_ROLLOVER" },
	{ "another key", { "3 1 1 next" }, { MIXED },
	    .want = SEEN BLOCKED },
	{ "another key, MX unsigned", { "3 1 1 next" }, { MIXED },
	    .mx_insecure = true, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_NO_MATCH! "
	    "DANE_ALL_HOSTS_FAIL!" },
	{ "usage 3 of an issuer", { "3 1 1 inter" }, { MIXED },
	    .want = SEEN BLOCKED },
	{ "digest agility shuts out the match",
	    { "3 1 1 leaf", "3 1 2 next" }, { MIXED }, .want =
	    "TLSA_FOUND TLSA_NOT_RECOMMENDED STARTTLS_OK CERT_OK" BLOCKED },
	{ "one address of two", { "3 1 1 leaf" }, { MIXED, "named" }, .want =
	    "TLSA_FOUND STARTTLS_OK STARTTLS_OK CERT_OK CERT_NAME_MISMATCH! "
	    "DANE_EE_MATCH DANE_NO_MATCH DANE_SOME_ADDRESSES "
	    "DANE_NO_ROLLOVER" },
	/* usage 2 */
	{ "2 1 1 root", { "2 1 1 root" }, { MIXED },
	    .want = SEEN " DANE_TA_MATCH" },
	{ "2 0 1 root, out of order", { "2 0 1 root" },
	    { "leaf root inter" }, .want = SEEN " DANE_TA_MATCH" },
	{ "2 1 1 intermediate", { "2 1 1 inter" }, { "leaf inter" },
	    .want = SEEN PINNED },
	{ "two intermediates ready", { "2 1 1 inter", "2 1 1 next" },
	    { "leaf inter" }, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_TA_MATCH "
	    "DANE_RECORD_STALE" },
	{ "the root is not sent, usage 3 matches",
	    { "2 1 1 root", "3 1 1 leaf" }, { "leaf inter" }, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_EE_MATCH "
	    "DANE_TA_NOT_SENT! DANE_RECORD_STALE" },
	{ "the next-hop domain's name", { "2 1 1 root" },
	    { "hop inter root" }, .want = SEEN " DANE_TA_MATCH" },
	{ "2 0 0, not sent", { "2 0 0 root" }, { "leaf inter" }, .want =
	    NOTED " DANE_TA_MATCH" },
	{ "2 1 0, not sent", { "2 1 0 root" }, { "leaf inter" }, .want =
	    NOTED " DANE_TA_MATCH" },
	{ "2 0 0 of the direct issuer", { "2 0 0 inter" }, { "leaf" },
	    .want = NOTED PINNED },
	{ "a valid path beside an expired one", { "2 1 1 root" },
	    { "leaf stale inter root" }, .want = SEEN " DANE_TA_MATCH" },
	{ "an expired intermediate alone", { "2 1 1 root" },
	    { "leaf stale root" }, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_EXPIRED" },
	{ "the issuer may not issue", { "2 1 1 root" },
	    { "leaf noca root" }, .want = UNFIT },
	{ "an alien of the issuer's name", { "2 1 1 alien" },
	    { "leaf alien" }, .want = UNFIT },
	{ "2 0 0 of an alien", { "2 0 0 alien" }, { MIXED }, .want =
	    "TLSA_FOUND TLSA_NOT_RECOMMENDED STARTTLS_OK CERT_OK "
	    "DANE_TA_CHAIN_INVALID DANE_ALL_HOSTS_FAIL" },
	{ "the root is not sent", { "2 1 1 root" }, { "leaf inter" }, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_NO_MATCH DANE_TA_NOT_SENT "
	    "DANE_ALL_HOSTS_FAIL" },
	{ "the leaf is no authority", { "2 1 1 leaf" }, { MIXED },
	    .want = SEEN BLOCKED },
	{ "2 1 0 of a self-signed leaf", { "2 1 0 self" }, { "self" },
	    .want = NOTED " DANE_TA_MATCH" },
	{ "a self-signed leaf is sent twice", { "2 1 1 selfca" },
	    { "selfca selfca" }, .want = UNFIT },
	{ "the anchor's dates are no input", { "2 1 1 stale" },
	    { "leaf stale" }, .want = SEEN PINNED },
	{ "the root's key, signed by an expired one", { "2 1 1 root" },
	    { "leaf inter cross" }, .want = SEEN PINNED },
	{ "a root that is over", { "2 1 1 oldroot" },
	    { "leaf inter cross oldroot" }, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_EXPIRED" },
	{ "the issuer's key is for other things", { "2 1 1 root" },
	    { "leaf nosign root" }, .want = UNFIT },
	{ "the issuer's purpose is another", { "2 1 1 root" },
	    { "leaf client root" }, .want = UNFIT },
	{ "an issuer with every extension", { "2 1 1 root" },
	    { "both server root" }, .want = SEEN " DANE_TA_MATCH" },
	{ "the issuer's names are others", { "2 1 1 root" },
	    { "leaf narrow root" }, .want = UNFIT },
	{ "an unknown critical extension", { "2 1 1 root" },
	    { "leaf odd root" }, .want = UNFIT },
	{ "the path is too long", { "2 1 1 root" }, { "leaf inter low" },
	    .want = UNFIT },
	{ "the server's purpose is another", { "2 1 1 root" },
	    { "mailer inter root" }, .want = UNFIT },
	{ "the server's key is for other things", { "2 1 1 root" },
	    { "crl inter root" }, .want = UNFIT },
	{ "usage 3 reads none of that", { "3 1 1 crl" },
	    { "crl odd" }, .want = EE },
	{ "expired, usage 2", { "2 1 1 root" }, { "expired inter root" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_EXPIRED" },
	{ "future, usage 2", { "2 1 1 root" }, { "future inter root" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_NOT_YET_VALID" },
	{ "name, usage 2", { "2 1 1 root" }, { "named inter root" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_NAME_MISMATCH" },
	{ "expired, usage 2, MX unsigned", { "2 1 1 root" },
	    { "expired inter root" }, .mx_insecure = true, .want =
	    "TLSA_FOUND STARTTLS_OK CERT_EXPIRED! DANE_NO_MATCH!" },
	{ "usage 3 saves an expired usage 2",
	    { "2 1 1 root", "3 1 1 expired" }, { "expired inter root" },
	    .want = "TLSA_FOUND STARTTLS_OK CERT_EXPIRED_EE DANE_EE_MATCH" },
	{ "no STARTTLS, usage 1, MX unsigned", { "1 1 1 leaf" }, { "" },
	    .outcome = SMTP_NO_STARTTLS, .mx_insecure = true, .want =
	    "TLSA_ALL_UNUSABLE TLSA_USAGE_PKIX STARTTLS_NOT_OFFERED! "
	    "DANE_NO_MATCH!" },
	/* key types */
	{ "both key types", { "3 1 1 leaf", "3 1 1 rsa" }, { MIXED },
	    .rsa = "rsa inter", .want = EE },
	{ "only the first key type", { "3 1 1 leaf" }, { MIXED },
	    .rsa = "rsa inter", .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_EE_MATCH "
	    "DANE_OTHER_KEY_TYPE DANE_NO_ROLLOVER" },
	{ "only the other key type", { "3 1 1 rsa" }, { MIXED },
	    .rsa = "rsa inter", .want =
	    "TLSA_FOUND STARTTLS_OK CERT_OK DANE_NO_MATCH "
	    "DANE_OTHER_KEY_TYPE" },
	/* unusable records */
	{ "usage 1 only", { "1 1 1 leaf" }, { MIXED }, .want =
	    "TLSA_ALL_UNUSABLE TLSA_USAGE_PKIX STARTTLS_OK CERT_OK" },
	{ "usage 1 beside 3", { "1 1 1 leaf", "3 1 1 leaf" }, { MIXED },
	    .want = "TLSA_FOUND TLSA_USAGE_PKIX! STARTTLS_OK CERT_OK "
		    "DANE_EE_MATCH DANE_NO_ROLLOVER" },
	{ "malformed", { "3 1 1 =00112233" }, { MIXED }, .want =
	    "TLSA_ALL_MALFORMED TLSA_DATA_MALFORMED STARTTLS_OK CERT_OK" },
	{ "unknown", { "9 1 1 leaf" }, { MIXED }, .want =
	    "TLSA_ALL_MALFORMED TLSA_PARAMETER_UNKNOWN STARTTLS_OK "
	    "CERT_OK" },
	{ "malformed beside a match", { "3 1 1 =00", "3 1 1 leaf" },
	    { MIXED }, .want = "TLSA_FOUND TLSA_DATA_MALFORMED STARTTLS_OK "
	    "CERT_OK DANE_EE_MATCH DANE_NO_ROLLOVER" },
	{ "twice", { "3 1 1 leaf", "3 1 1 leaf" }, { MIXED }, .want =
	    "TLSA_FOUND TLSA_DUPLICATE STARTTLS_OK CERT_OK DANE_EE_MATCH "
	    "DANE_NO_ROLLOVER" },
	/* no TLS */
	{ "no STARTTLS", { "3 1 1 leaf" }, { "" },
	    .outcome = SMTP_NO_STARTTLS, .want =
	    "TLSA_FOUND STARTTLS_NOT_OFFERED" },
	{ "no STARTTLS, MX unsigned", { "3 1 1 leaf" }, { "" },
	    .outcome = SMTP_NO_STARTTLS, .mx_insecure = true, .want =
	    "TLSA_FOUND STARTTLS_NOT_OFFERED! DANE_NO_MATCH!" },
	{ "no STARTTLS, no TLSA", { NULL }, { "" },
	    .outcome = SMTP_NO_STARTTLS, .want =
	    "TLSA_NONE STARTTLS_NOT_OFFERED!" },
	{ "no STARTTLS, usage 1", { "1 1 1 leaf" }, { "" },
	    .outcome = SMTP_STARTTLS_REFUSED, .want =
	    "TLSA_ALL_UNUSABLE TLSA_USAGE_PKIX STARTTLS_REFUSED "
	    "TLSA_ALL_UNUSABLE!" },
	{ "refused alone", { "3 1 1 leaf" }, { "" },
	    .outcome = SMTP_CONNECTION_REFUSED, .want =
	    "TLSA_FOUND SMTP_CONNECTION_REFUSED!" },
	{ "no route", { "3 1 1 leaf" }, { "", "" },
	    .outcome = SMTP_NO_ROUTE, .want =
	    "TLSA_FOUND SMTP_TIMEOUT SMTP_TIMEOUT SMTP_PORT_BLOCKED" },
	/* certificates without TLSA */
	{ "no TLSA", { NULL }, { MIXED }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_OK" },
	{ "expired, no TLSA", { NULL }, { "expired inter" }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_EXPIRED!" },
	{ "name, no TLSA", { NULL }, { "named inter" }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_NAME_MISMATCH!" },
	{ "expires soon", { NULL }, { "soon inter" }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_EXPIRES_SOON" },
	{ "short-lived", { NULL }, { "short inter" }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_OK" },
	{ "weak key", { NULL }, { "weak inter" }, .want =
	    "TLSA_NONE STARTTLS_OK CERT_KEY_WEAK" },
	{ "no certificate", { "3 1 1 leaf" }, { "" }, .want =
	    "TLSA_FOUND STARTTLS_OK" BLOCKED },
};

static void
judging(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct judgement *j = judged(&rows[i]);
		const char *got = "";

		for (size_t k = 0; k < j->findings.n; k++) {
			const struct finding *f = &j->findings.list[k];

			got = arena_printf(mem, "%s%s%s%s", got,
			    k > 0 ? " " : "", f->row->id, f->alt ? "!" : "");
		}
		is(got, rows[i].want, rows[i].name);
	}
}

/* What is said to somebody who has to mend it at night. */
static void
remedies(void)
{
	static const struct {
		struct row row;
		const char *detail;
	} cases[] = {
		{ { "leaf as authority", { "2 1 1 leaf" }, { MIXED }, .want = NULL },
		    "that takes usage 3" },
		{ { "issuer as leaf", { "3 1 1 inter" }, { MIXED }, .want = NULL },
		    "that takes usage 2" },
		{ { "not at all", { "3 0 1 next" }, { "self" }, .want = NULL },
		    "the server's key" },
		{ { "other key type", { "3 1 1 rsa" }, { MIXED },
		    .rsa = "rsa inter" }, "the server's RSA certificate" },
		{ { "passed over", { "3 1 1 leaf", "3 1 2 next" }, { MIXED },
		    .want = NULL }, "fits, but is passed over" },
	};
	const struct cert *leaf = cert_parse(mem, pki_find("leaf")->der.data,
	    pki_find("leaf")->der.size);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct judgement *j = judged(&cases[i].row);
		const struct finding *f = findings_find(&j->findings,
		    FINDING_DANE_NO_MATCH, 0);

		ok(f != NULL && strstr(f->detail, cases[i].detail) != NULL,
		    "%s: %s", cases[i].row.name,
		    f != NULL ? f->detail : "no finding");
		if (i == 0 && f != NULL)
			is(f->nadd > 0 ? f->add[0] : NULL,
			    arena_printf(mem, "_25._tcp.mx.d.test. 3600 IN "
				"TLSA 3 1 1 %s", text_hex(mem,
				leaf->spki_sha256, 32)), "the record to add");
		if (cases[i].row.tlsa[1] != NULL && f != NULL)
			ok(f->nadd == 0 && f->ndel == 1 &&
				strstr(f->del[0], "3 1 2") != NULL,
			    "the record to remove");
	}
}

int
main(void)
{
	mem = arena_new();
	pki_make(table, sizeof table / sizeof *table);
	reading();
	agility();
	digests();
	pem();
	judging();
	remedies();
	pki_free();
	arena_free(mem);
	return tap_done();
}

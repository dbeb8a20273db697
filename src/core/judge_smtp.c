/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>
#include <strings.h>

#include "arena.h"

enum { LINES_QUOTED = 4 };

/*
 * The server's last words: "S: 454 4.7.0 …" without the mark; or NULL.  What
 * it answers to QUIT (RFC 5321 4.1.1.10) says nothing of why the session ends.
 */
static const char *
last_words(const struct smtp_observation *s)
{
	size_t end = s->ntranscript;

	for (size_t i = end; i > 0; i--)
		if (strcmp(s->transcript[i - 1], "C: QUIT") == 0) {
			end = i - 1;
			break;
		}
	for (size_t i = end; i > 0; i--)
		if (strncmp(s->transcript[i - 1], "S: ", 3) == 0)
			return s->transcript[i - 1] + 3;
	return NULL;
}

static const char *
first_words(const struct smtp_observation *s)
{
	for (size_t i = 0; i < s->ntranscript; i++)
		if (strncmp(s->transcript[i], "S: ", 3) == 0)
			return s->transcript[i] + 3;
	return NULL;
}

static const char *
step_words(enum smtp_step step)
{
	switch (step) {
	case STEP_CONNECT:
		return "at the connection";
	case STEP_GREETING:
		return "before the greeting";
	case STEP_EHLO:
		return "after EHLO";
	case STEP_STARTTLS:
		return "after STARTTLS";
	case STEP_HANDSHAKE:
		return "in the TLS handshake";
	case STEP_TLS_EHLO:
		return "after EHLO inside TLS";
	case STEP_QUIT:
		break;
	}
	return "after QUIT";
}

static bool
goes_on(const char *line)
{
	return strncmp(line, "S: ", 3) == 0 && strlen(line) > 6 &&
	    line[6] == '-';
}

/* The server's text, else the library's or the system's, else nothing. */
static const char *
quote(struct judgement *j, const struct smtp_observation *s)
{
	const char *words = last_words(s), *all;
	size_t i = 0, first;

	if (words == NULL)
		return s->error;
	while (s->transcript[i] + 3 != words)
		i++;
	/* RFC 5321 4.2.1: a "-" in all lines of a reply but the last. */
	for (first = i; first > 0 && i - first < LINES_QUOTED - 1; first--)
		if (!goes_on(s->transcript[first - 1]))
			break;
	all = judge_text(j, "the server says: %s", s->transcript[first] + 3);
	while (first++ < i)
		all = judge_text(j, "%s / %s", all, s->transcript[first] + 3);
	return all;
}

static const char *
failure(struct judgement *j, const struct smtp_observation *s)
{
	if (s->alert != NULL)
		return judge_text(j, "TLS alert from the server: %s", s->alert);
	return s->error;
}

/* It got as far as a server's (or anybody's) octets on port 25. */
static bool
connected(const struct smtp_observation *s)
{
	switch (s->outcome) {
	case SMTP_CONNECTION_REFUSED:
	case SMTP_NO_ROUTE:
	case SMTP_NOT_PROBED:
		return false;
	case SMTP_TIMED_OUT:
		return s->step != STEP_CONNECT;
	default:
		return true;
	}
}

static bool
unreachable(const struct smtp_observation *s)
{
	return s->outcome != SMTP_NOT_PROBED && !connected(s);
}

/* This network lets port 25 out: a refusal is then the server's own. */
static bool
port_works(const struct evidence *ev)
{
	for (size_t i = 0; i < ev->nsmtp; i++)
		if (ev->smtp[i]->basis == NULL && ev->smtp[i]->port == 25 &&
		    connected(ev->smtp[i]))
			return true;
	return false;
}

/*
 * Others of its family are reached from here: that there is no route to this
 * one is what its router, or a firewall before it, says.
 */
static bool
is_cut_off(const struct judgement *j, const struct path_address *pa)
{
	if (!(pa->ipv6 ? j->ev->has_ipv6 : j->ev->has_ipv4))
		return false;
	for (size_t i = 0; i < j->ev->nsmtp; i++)
		if (connected(j->ev->smtp[i]) &&
		    (strchr(j->ev->smtp[i]->address, ':') != NULL) == pa->ipv6)
			return true;
	return false;
}

/* Inspection by firewalls: asterisks in the greeting, X-ed out keywords. */
static const char *
middlebox_line(const struct smtp_observation *s)
{
	const char *first = first_words(s);

	if (first != NULL && strncmp(first, "220", 3) == 0 &&
	    strstr(first, "****") != NULL)
		return first;
	for (size_t i = 0; i < s->ntranscript; i++)
		if (strncmp(s->transcript[i], "S: 250", 6) == 0 &&
		    strstr(s->transcript[i], "XXXXXXX") != NULL)
			return s->transcript[i] + 3;
	return NULL;
}

static bool
old_version(const char *version)
{
	static const char *const old[] = { "SSL3.0", "TLS1.0", "TLS1.1" };

	for (size_t i = 0; i < sizeof old / sizeof *old; i++)
		if (version != NULL && strcmp(version, old[i]) == 0)
			return true;
	return false;
}

/* RFC 7672 2.2: TLS is a MUST where authentic TLSA records exist. */
static bool
tls_not_demanded(const struct judgement *j, int h)
{
	return !j->hosts[h].tls_mandatory || judge_mx_insecure(j);
}

/* What the server said to EHLO inside TLS, or NULL. */
static const char *
words_in_tls(const struct smtp_observation *s)
{
	size_t i = s->ntranscript;

	while (i > 0 && strncmp(s->transcript[i - 1], "C: EHLO", 7) != 0)
		i--;
	if (i > 0 && i < s->ntranscript &&
	    strncmp(s->transcript[i], "S: ", 3) == 0)
		return s->transcript[i] + 3;
	return NULL;
}

/*
 * The handshake was done, and then the session did not come as far as a
 * reply to EHLO (RFC 3207 4.2): no mail would pass this time.
 */
static void
judge_inside(
    struct judgement *j, int h, int a, const struct smtp_observation *s)
{
	const char *words = words_in_tls(s);
	enum finding_id id = FINDING_SMTP_PROTOCOL_ERROR;

	if (words == NULL || words[0] == '2')
		id = FINDING_SMTP_TIMEOUT;
	else if (words[0] == '4')
		id = FINDING_SMTP_TEMPORARY;
	else if (words[0] == '5')
		id = FINDING_SMTP_EHLO_REFUSED;
	judge_add(j, id, h, a)->detail = id != FINDING_SMTP_TIMEOUT
	    ? judge_text(j, "inside TLS the server says: %s", words)
	    : judge_text(j, "no answer %s%s%s", step_words(s->step),
		  s->error != NULL ? ": " : "",
		  s->error != NULL ? s->error : "");
}

static void
judge_tls(struct judgement *j, int h, int a, const struct smtp_observation *s)
{
	struct finding *f = judge_add(j, FINDING_STARTTLS_OK, h, a);
	const char *version = s->tls.version;

	j->hosts[h].addresses[a].tls = true;
	if (version != NULL)
		f->detail = judge_text(j, "%s%s%s%s%s%s%s", version,
		    s->tls.suite != NULL ? ", " : "",
		    s->tls.suite != NULL ? s->tls.suite : "",
		    s->tls.group != NULL ? ", " : "",
		    s->tls.group != NULL ? s->tls.group : "",
		    s->basis != NULL ? "; in place of the certificate: " : "",
		    s->basis != NULL ? s->basis : "");
	else if (s->basis != NULL)
		f->detail = judge_text(
		    j, "supposed: %s; nothing was connected to", s->basis);
	/* RFC 8996 4, 5: MUST NOT be negotiated. */
	if (old_version(version)) {
		f = judge_add(j, FINDING_TLS_VERSION_OLD, h, a);
		f->alt = tls_not_demanded(j, h);
		f->detail = judge_text(j, "negotiated: %s", version);
	}
}

/* The server does no TLS: clear text, unless DANE demands TLS. */
static void
judge_clear(
    struct judgement *j, int h, int a, enum finding_id id, const char *detail)
{
	const struct host_view *hv = &j->hosts[h];
	struct finding *f = judge_add(j, id, h, a);

	f->alt = tls_not_demanded(j, h);
	f->detail = detail;
	if (!f->alt &&
	    findings_find(&j->findings, FINDING_TLSA_ALL_UNUSABLE, h) != NULL) {
		f = judge_add(j, FINDING_TLSA_ALL_UNUSABLE, h, a);
		f->alt = true;
		f->detail = "the server does no TLS";
	}
	/*
	 * RFC 7672 2.2.1: unsigned MX records do not keep its senders from
	 * DANE with this host, and they find nobody to authenticate.
	 */
	if (hv->tls_mandatory && judge_mx_insecure(j)) {
		f = judge_add(j, FINDING_DANE_NO_MATCH, h, a);
		f->alt = true;
		f->detail = hv->dane
		    ? "without TLS the server shows no certificate"
		    : "the TLSA records demand TLS";
	}
}

static bool
greets_521(const struct smtp_observation *s)
{
	const char *words = last_words(s);

	if (s->outcome != SMTP_GREETING_REFUSED || s->step != STEP_GREETING ||
	    words == NULL || strncmp(words, "521", 3) != 0)
		return false;
	/* 521 5.7.1 and the like: this client is not wanted (RFC 3463 3.8). */
	return strncmp(words + 3, " 5.7.", 5) != 0 &&
	    strncmp(words + 3, "-5.7.", 5) != 0;
}

/*
 * RFC 7504 3: 521 as greeting means that the host never takes mail.  Other
 * addresses that greet otherwise show that it is not the host.
 */
static bool
takes_no_mail(const struct path_host *host)
{
	bool any = false;

	for (size_t a = 0; a < host->naddresses; a++) {
		const struct smtp_observation *s =
		    host->addresses[a].session[KEYS_ANY];

		if (s == NULL || !connected(s))
			continue;
		if (!greets_521(s))
			return false;
		any = true;
	}
	return any;
}

static void
judge_refusal(
    struct judgement *j, int h, int a, const struct smtp_observation *s)
{
	enum finding_id id = FINDING_SMTP_GREETING_REFUSED;

	if (greets_521(s) && takes_no_mail(j->hosts[h].host))
		id = FINDING_SMTP_HOST_TAKES_NO_MAIL;
	else if (s->step != STEP_GREETING && s->step != STEP_CONNECT)
		id = FINDING_SMTP_EHLO_REFUSED;
	judge_add(j, id, h, a)->detail = quote(j, s);
}

static void
judge_unreachable(
    struct judgement *j, int h, int a, const struct smtp_observation *s)
{
	struct finding *f;

	if (s->outcome == SMTP_CONNECTION_REFUSED) {
		f = judge_add(j, FINDING_SMTP_CONNECTION_REFUSED, h, a);
		f->alt = !port_works(j->ev);
		if (f->alt)
			f->remedy = catalogue_row(FINDING_SMTP_TIMEOUT)->remedy;
		f->detail = s->error;
		return;
	}
	f = judge_add(j, FINDING_SMTP_TIMEOUT, h, a);
	f->detail = judge_text(j, "no answer %s%s%s", step_words(s->step),
	    s->error != NULL ? ": " : "", s->error != NULL ? s->error : "");
}

/*
 * "454 4.7.0 Error: too many new TLS sessions from …", as Postfix says to a
 * client that came often: it is told to come later, others are not.
 */
static bool
is_over_rate(const struct smtp_observation *s)
{
	static const char words[] = "too many";
	const char *text = last_words(s);

	if (text == NULL || text[0] != '4')
		return false;
	for (; *text != '\0'; text++)
		if (strncasecmp(text, words, sizeof words - 1) == 0)
			return true;
	return false;
}

static void
judge_address(
    struct judgement *j, int h, int a, const struct smtp_observation *s)
{
	const char *line = s->outcome == SMTP_TLS ? NULL : middlebox_line(s);

	/* Whatever failed, it was perhaps not the server's doing. */
	if (line != NULL) {
		judge_add(j, FINDING_SMTP_MIDDLEBOX, h, a)->detail =
		    judge_text(j, "seen here: %s", line);
		return;
	}
	switch (s->outcome) {
	case SMTP_TLS:
		/* A TLS 1.3 server's objections come after the handshake. */
		if (s->step == STEP_TLS_EHLO && s->alert != NULL) {
			judge_clear(j, h, a, FINDING_TLS_HANDSHAKE_FAILED,
			    failure(j, s));
			break;
		}
		judge_tls(j, h, a, s);
		if (s->step == STEP_TLS_EHLO)
			judge_inside(j, h, a, s);
		break;
	case SMTP_NO_STARTTLS:
		judge_clear(j, h, a, FINDING_STARTTLS_NOT_OFFERED,
		    "STARTTLS is not in the reply to EHLO");
		break;
	case SMTP_STARTTLS_REFUSED:
		if (is_over_rate(s))
			judge_add(j, FINDING_SMTP_TEMPORARY, h, a)->detail =
			    quote(j, s);
		else
			judge_clear(
			    j, h, a, FINDING_STARTTLS_REFUSED, quote(j, s));
		break;
	case SMTP_STARTTLS_IGNORED:
		judge_clear(j, h, a, FINDING_STARTTLS_IGNORED, s->error);
		break;
	case SMTP_HANDSHAKE_FAILED:
		judge_clear(
		    j, h, a, FINDING_TLS_HANDSHAKE_FAILED, failure(j, s));
		break;
	case SMTP_GREETING_REFUSED:
		judge_refusal(j, h, a, s);
		break;
	case SMTP_GREETING_TEMPORARY:
		judge_add(j, FINDING_SMTP_TEMPORARY, h, a)->detail =
		    quote(j, s);
		break;
	case SMTP_PROTOCOL_ERROR:
		judge_add(j, FINDING_SMTP_PROTOCOL_ERROR, h, a)->detail =
		    s->error != NULL ? s->error : quote(j, s);
		break;
	case SMTP_CONNECTION_REFUSED:
	case SMTP_TIMED_OUT:
		judge_unreachable(j, h, a, s);
		break;
	case SMTP_NO_ROUTE: /* else not covered: judge_host */
		if (is_cut_off(j, &j->hosts[h].host->addresses[a]))
			judge_unreachable(j, h, a, s);
		break;
	case SMTP_NOT_PROBED: /* judge_mx has said why */
		break;
	}
}

static const char *
join(struct judgement *j, const char *list, const char *word)
{
	return list == NULL ? word : judge_text(j, "%s, %s", list, word);
}

static void
judge_host(struct judgement *j, int h)
{
	const struct path_host *host = j->hosts[h].host;
	const char *down = NULL;
	size_t up = 0, noroute = 0, observed = 0;

	for (size_t a = 0; a < host->naddresses; a++) {
		const struct path_address *pa = &host->addresses[a];
		const struct smtp_observation *s = pa->session[KEYS_ANY];

		/* A fault of this machine; or nobody wanted to, see judge_mx.
		 */
		if (s != NULL && s->outcome == SMTP_NOT_PROBED &&
		    s->error != NULL)
			judge_add(j, FINDING_SMTP_TIMEOUT, h, (int)a)->detail =
			    judge_text(j, "%s%s",
				s->step == STEP_CONNECT ? "not probed: " : "",
				s->error);
		if (s == NULL || s->outcome == SMTP_NOT_PROBED)
			continue;
		observed++;
		judge_address(j, h, (int)a, s);
		if (s->outcome == SMTP_NO_ROUTE && !is_cut_off(j, pa))
			noroute++;
		else if (connected(s))
			up++;
		else
			down = join(j, down, pa->text);
	}
	/* RFC 5321 5.1: senders try the addresses in turn. */
	if (up > 0 && down != NULL)
		judge_add(j, FINDING_SMTP_SOME_ADDRESSES_DOWN, h, -1)->detail =
		    judge_text(j, "no connection to %s", down);
	/* A family without a route is not covered; nothing else is unknown. */
	for (size_t a = 0; a < host->naddresses; a++) {
		const struct smtp_observation *s =
		    host->addresses[a].session[KEYS_ANY];

		if (noroute == 0 || noroute < observed || s == NULL ||
		    s->outcome != SMTP_NO_ROUTE)
			continue;
		judge_add(j, FINDING_SMTP_TIMEOUT, h, (int)a)->detail =
		    host->addresses[a].ipv6
		    ? "no route to it over IPv6: not covered"
		    : "no route to it over IPv4: not covered";
	}
}

/* Nothing on port 25 of any host: more likely this network than all. */
static void
judge_port(struct judgement *j)
{
	size_t n = 0;

	for (size_t h = 0; h < j->path->nhosts; h++) {
		const struct path_host *host = j->hosts[h].host;

		for (size_t a = 0; a < host->naddresses; a++) {
			const struct smtp_observation *s =
			    host->addresses[a].session[KEYS_ANY];

			if (s == NULL || s->outcome == SMTP_NOT_PROBED)
				continue;
			if (!unreachable(s))
				return;
			n++;
		}
	}
	if (n > 1 && !port_works(j->ev))
		judge_add(j, FINDING_SMTP_PORT_BLOCKED, -1, -1)->detail =
		    judge_text(j,
			"none of %zu addresses could be connected "
			"to",
			n);
}

void
judge_smtp(struct judgement *j)
{
	for (size_t h = 0; h < j->path->nhosts; h++)
		judge_host(j, (int)h);
	judge_port(j);
}

/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "choice.h"
#include "dane.h"
#include "name.h"
#include "tlsa.h"

enum {
	TTL_LONG = 86400,
	PATIENCE_MS = 14000, /* a shorter silence is no fault of the domain */
	LISTED_MAX = 8,
	SERVFAIL = 2 /* RFC 1035 4.1.1 */
};

/* Records that share a flaw, as one detail: "3 1 1 AA..., 3 1 1 BB...". */
struct listing {
	const char *text;
	size_t n;
};

static void
list_add(struct judgement *j, struct listing *l, const struct tlsa_view *v)
{
	if (l->n < LISTED_MAX)
		l->text = judge_text(j, "%s%s%s", l->n > 0 ? l->text : "",
		    l->n > 0 ? ", " : "", tlsa_text(j->mem, v));
	else if (l->n == LISTED_MAX)
		l->text = judge_text(j, "%s and more", l->text);
	l->n++;
}

static struct finding *
add(struct judgement *j, enum finding_id id, int host, const char *detail)
{
	const struct answer *a = j->hosts[host].tlsa_answer;
	struct finding *f = judge_add(j, id, host, -1);

	f->detail = detail;
	if (a != NULL) {
		f->subject.name = a->name;
		f->subject.type = TYPE_TLSA;
	}
	return f;
}

static struct finding *
add_list(
    struct judgement *j, enum finding_id id, int host, const struct listing *l)
{
	return l->n > 0 ? add(j, id, host, l->text) : NULL;
}

static void
judge_alias(struct judgement *j, int h)
{
	const struct answer *a = j->hosts[h].tlsa_answer;

	/* RFC 7671 7: an alias of the TLSA name itself is followed. */
	if (a->naliases > 0)
		add(j, FINDING_TLSA_ALIAS, h,
		    judge_text(j, "%s is an alias of %s",
			name_text(j->mem, a->name),
			name_text(j->mem, a->final)));
	if (!name_equal(dane_owner(j->proofs, a), a->final))
		add(j, FINDING_TLSA_ALIAS, h,
		    judge_text(j, "%s comes from a wildcard",
			name_text(j->mem, a->final)));
}

static bool
same_record(const struct tlsa_view *a, const struct tlsa_view *b)
{
	return a->rr->rdlen == b->rr->rdlen &&
	    memcmp(a->rr->rdata, b->rr->rdata, a->rr->rdlen) == 0;
}

static void
judge_duplicates(struct judgement *j, int h)
{
	const struct host_view *hv = &j->hosts[h];
	struct listing twice = { NULL, 0 };

	for (size_t i = 1; i < hv->ntlsa && twice.n <= LISTED_MAX; i++) {
		for (size_t k = 0; k < i; k++) {
			if (same_record(&hv->tlsa[i], &hv->tlsa[k])) {
				list_add(j, &twice, &hv->tlsa[i]);
				break;
			}
		}
	}
	add_list(j, FINDING_TLSA_DUPLICATE, h, &twice);
}

/* The verdict on the whole set, once every record has been read. */
static void
judge_set(struct judgement *j, int h, size_t usable, size_t pkix)
{
	struct host_view *hv = &j->hosts[h];
	const char *base = name_text(j->mem, hv->base_domain);

	hv->dane = usable > 0;
	hv->all_unusable = usable == 0;
	/* RFC 7672 2.2: TLS is a MUST even where all are unusable. */
	hv->tls_mandatory = true;
	if (hv->dane) {
		add(j, FINDING_TLSA_FOUND, h,
		    judge_text(j, "%zu usable of %zu for %s", usable, hv->ntlsa,
			base));
	} else if (pkix > 0) {
		add(j, FINDING_TLSA_ALL_UNUSABLE, h,
		    judge_text(j, "%zu of %zu records have usage 0 or 1", pkix,
			hv->ntlsa));
	} else {
		add(j, FINDING_TLSA_ALL_MALFORMED, h,
		    judge_text(j, "none of %zu records can be used", hv->ntlsa))
		    ->alt = judge_mx_insecure(j);
	}
}

static void
judge_records(struct judgement *j, int h)
{
	struct host_view *hv = &j->hosts[h];
	struct listing pkix = { NULL, 0 }, unknown = pkix, malformed = pkix,
		       nothing = pkix, other = pkix;
	size_t usable = 0;
	const uint8_t *owner = dane_owner(j->proofs, hv->tlsa_answer);
	struct finding *f;

	for (size_t i = 0; i < hv->ntlsa; i++) {
		struct tlsa_view *v = &hv->tlsa[i];
		const struct rr *rr =
		    dane_record(j->mem, owner, hv->tlsa_answer->rrs[i]);

		switch (tlsa_read(j->mem, rr, v)) {
		case TLSA_FLAW_USAGE:
			list_add(j, &pkix, v);
			break;
		case TLSA_FLAW_PARAMETER:
			list_add(j, &unknown, v);
			break;
		case TLSA_FLAW_DATA:
			list_add(j, &malformed, v);
			break;
		case TLSA_SOUND:
			usable++;
			if (tlsa_is_of_nothing(v))
				list_add(j, &nothing, v);
			else if (!tlsa_is_recommended(v))
				list_add(j, &other, v);
			break;
		}
	}
	tlsa_agility(hv->tlsa, hv->ntlsa);
	judge_set(j, h, usable, pkix.n);
	f = add_list(j, FINDING_TLSA_USAGE_PKIX, h, &pkix);
	if (f != NULL)
		f->alt = usable > 0;
	add_list(j, FINDING_TLSA_PARAMETER_UNKNOWN, h, &unknown);
	f = add_list(j, FINDING_TLSA_DATA_MALFORMED, h, &malformed);
	/* Nobody misses them where others can be used. */
	for (size_t i = 0; f != NULL && usable > 0 && i < hv->ntlsa; i++)
		if (hv->tlsa[i].class == TLSA_MALFORMED)
			finding_withdraw(&j->findings, f, hv->tlsa[i].rr);
	f = add_list(j, FINDING_TLSA_DIGEST_OF_NOTHING, h, &nothing);
	for (size_t i = 0; f != NULL && i < hv->ntlsa; i++)
		if (tlsa_is_of_nothing(&hv->tlsa[i]))
			finding_withdraw(&j->findings, f, hv->tlsa[i].rr);
	add_list(j, FINDING_TLSA_NOT_RECOMMENDED, h, &other);
	judge_duplicates(j, h);
}

static void
take_answer(struct judgement *j, int h)
{
	struct host_view *hv = &j->hosts[h];
	const struct answer *a = hv->tlsa_answer;
	uint32_t ttl = dane_ttl(j, a);

	hv->tlsa_counts = true;
	hv->ntlsa = a->nrrs;
	hv->tlsa = arena_array(j->mem, a->nrrs, sizeof *hv->tlsa);
	judge_records(j, h);
	judge_alias(j, h);
	if (ttl > TTL_LONG)
		add(j, FINDING_TLSA_TTL_LONG, h,
		    judge_text(j, "the TTL is %u seconds", ttl));
}

static void
lookup_failed(struct judgement *j, int h, const char *detail)
{
	j->hosts[h].lookup_failed = true;
	add(j, FINDING_TLSA_LOOKUP_FAILED, h, detail)->alt =
	    judge_mx_insecure(j);
}

/* Another judge has said so already, of the host or of the whole domain. */
static bool
said(const struct judgement *j, int h, enum finding_id id)
{
	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (f->id == id && f->address < 0 && !f->aside &&
		    (f->host < 0 || f->host == h))
			return true;
	}
	return false;
}

/* Neither healthy nor broken. */
static void
lookup_unclear(
    struct judgement *j, int h, enum finding_id id, const char *detail)
{
	if (!said(j, h, id))
		add(j, id, h, detail);
}

/* Some answer failed to come; without one, it was not recorded. */
static bool
any_lookup_failed(const struct evidence *ev)
{
	for (size_t i = 0; i < ev->ndns; i++)
		if (ev->dns[i]->outcome != DNS_REPLY ||
		    (ev->dns[i]->rcode != 0 && ev->dns[i]->rcode != 3))
			return true;
	return ev->cut_short;
}

/* Authentic or not: the answer is there, its chain of trust is not. */
static void
judge_indeterminate(struct judgement *j, int h)
{
	const struct dnssec *d = &j->hosts[h].tlsa_dnssec;
	enum severity s = catalogue_row(d->reason)->severity[PROFILE_RFC7672];
	bool lookup = d->reason == FINDING_DNS_LOOKUP_FAILED ||
	    d->reason == FINDING_DNS_LOOKUP_UNCLEAR ||
	    d->reason == FINDING_DNS_TIMEOUT;

	if (lookup && !any_lookup_failed(j->ev))
		return;
	lookup_unclear(j, h,
	    s == SEVERITY_UNKNOWN ? d->reason : FINDING_DNS_LOOKUP_UNCLEAR,
	    d->detail);
}

/*
 * RFC 7672 2.1.2: an error of the TLSA lookup keeps senders from using the
 * host.  What may be the fault of our resolver or network does not count.
 */
static void
judge_error(struct judgement *j, int h)
{
	const struct answer *a = j->hosts[h].tlsa_answer;
	const struct dns_observation *obs = a->obs;
	const char *name = name_text(j->mem, a->name);
	char buf[16];

	if (a->kind == ANSWER_LOOP) {
		lookup_failed(
		    j, h, judge_text(j, "the aliases of %s never end", name));
	} else if (a->kind == ANSWER_ERROR) {
		const char *text = judge_text(j, "%s TLSA: %s", name,
		    obs != NULL ? rcode_text(obs->rcode, buf) : "error");

		/*
		 * Asked without CD, the resolver may know better; and what it
		 * does not do itself (REFUSED, NOTIMP, FORMERR) is its own.
		 */
		if (obs != NULL &&
		    ((obs->opinion.present &&
			 (obs->opinion.rcode == 0 ||
			     obs->opinion.rcode == 3)) ||
			(obs->via == VIA_RESOLVER && obs->rcode != SERVFAIL)))
			lookup_unclear(j, h, FINDING_DNS_LOOKUP_UNCLEAR, text);
		else
			lookup_failed(j, h, text);
	} else if (obs != NULL && obs->outcome == DNS_TIMED_OUT &&
	    !j->ev->cut_short &&
	    (obs->elapsed_ms < 0 || obs->elapsed_ms >= PATIENCE_MS)) {
		/* The host's addresses are secure: those were answered. */
		lookup_failed(j, h,
		    judge_text(j,
			"%s TLSA is not answered, while the same "
			"resolver answers other questions",
			name));
	} else {
		lookup_unclear(j, h, FINDING_DNS_TIMEOUT,
		    judge_text(j, "%s TLSA: %s", name,
			obs != NULL && obs->error != NULL ? obs->error
							  : "no reply"));
	}
}

static void
judge_bogus(struct judgement *j, int h)
{
	const struct host_view *hv = &j->hosts[h];
	const struct dns_observation *obs = hv->tlsa_answer->obs;
	const char *why = hv->tlsa_dnssec.detail;

	/* RFC 6840 5.9: the resolver may know a way that validates. */
	if (obs != NULL && obs->opinion.present && obs->opinion.ad) {
		lookup_unclear(j, h, FINDING_DNS_LOOKUP_UNCLEAR,
		    "these TLSA data do not validate here, but the resolver "
		    "says that it has others that do");
		return;
	}
	lookup_failed(j, h,
	    judge_text(j, "the answer for %s TLSA is bogus%s%s",
		name_text(j->mem, hv->tlsa_answer->name),
		why != NULL ? ": " : "", why != NULL ? why : ""));
}

/* An error that only a name server of the zone mends: whose is it? */
static void
judge_mended(struct judgement *j, int h)
{
	const struct answer *a = j->hosts[h].tlsa_answer;
	const struct dns_observation *obs = a->obs;
	const struct choice_healed *first = obs == NULL
	    ? NULL
	    : choice_healed(j->ev->choice, obs->name, TYPE_TLSA);

	if (first == NULL || obs->via != VIA_AUTHORITATIVE ||
	    first->was.state != DNSSEC_STATE_INDETERMINATE ||
	    first->was.reason == FINDING_DNSSEC_SOME_BAD_DATA)
		return;
	lookup_unclear(j, h, FINDING_DNS_LOOKUP_UNCLEAR,
	    judge_text(j, "the resolver fails where a name server does not: %s",
		first->was.detail));
}

static bool
absent(const struct answer *a)
{
	return a->kind == ANSWER_NODATA || a->kind == ANSWER_NXDOMAIN;
}

/* One candidate of the walk; true when the walk ends here. */
static bool
try_candidate(struct judgement *j, int h, size_t k)
{
	struct host_view *hv = &j->hosts[h];
	const struct answer *a = &hv->host->tlsa[k];

	hv->tlsa_answer = a;
	hv->base_domain = hv->host->base[k];
	hv->tlsa_dnssec = proof_answer(j->proofs, a, j->options.at);
	if (a->kind == ANSWER_PENDING)
		return true;
	if (a->kind != ANSWER_DATA && !absent(a)) {
		judge_error(j, h);
		return true;
	}
	switch (hv->tlsa_dnssec.state) {
	case DNSSEC_STATE_SECURE:
		judge_mended(j, h);
		if (a->kind != ANSWER_DATA)
			return false;
		take_answer(j, h);
		return true;
	case DNSSEC_STATE_INSECURE:
		return false;
	case DNSSEC_STATE_BOGUS:
		judge_bogus(j, h);
		return true;
	case DNSSEC_STATE_INDETERMINATE:
		break;
	}
	judge_indeterminate(j, h);
	return true;
}

/* No candidate has authentic records. */
static void
judge_none(struct judgement *j, int h)
{
	const struct host_view *hv = &j->hosts[h];
	bool denied = true;

	for (size_t k = 0; k < hv->host->ntlsa; k++) {
		const struct answer *a = &hv->host->tlsa[k];

		if (a->kind == ANSWER_DATA) {
			add(j, FINDING_TLSA_INSECURE, h,
			    judge_text(j, "%s has %zu TLSA records",
				name_text(j->mem, a->name), a->nrrs));
			return;
		}
		denied &= absent(a);
	}
	if (hv->tlsa_answer == NULL || !denied)
		return;
	add(j, FINDING_TLSA_NONE, h,
	    hv->tlsa_dnssec.state == DNSSEC_STATE_SECURE
		? judge_text(j, "%s: the denial is authentic",
		      name_text(j->mem, hv->tlsa_answer->name))
		: judge_text(j,
		      "%s: the denial is not signed for this name "
		      "(opt-out, or an unsigned alias)",
		      name_text(j->mem, hv->tlsa_answer->name)));
}

/* The answer with data whose first step is an authentic alias. */
static bool
first_alias_secure(struct judgement *j, const struct path_host *host)
{
	const struct answer *answers[] = { &host->a, &host->aaaa };

	for (size_t i = 0; i < 2; i++) {
		const struct answer *a = answers[i];

		if (a->kind == ANSWER_DATA && a->naliases > 0 &&
		    a->nlinks > 0 &&
		    proof_state(j->proofs, proofs_link(j->proofs, &a->links[0]),
			j->options.at)
			    .state == DNSSEC_STATE_SECURE)
			return true;
	}
	return false;
}

/*
 * RFC 7672 2.2.2, 2.2.3.  With a secure chain of aliases the expanded name
 * comes first, the original one after it; with an insecure chain whose first
 * alias is authentic, the original one alone; otherwise there is no DANE and
 * errors of the TLSA lookup mean nothing.
 */
static void
judge_host(struct judgement *j, int h)
{
	struct host_view *hv = &j->hosts[h];
	const struct path_host *host = hv->host;
	size_t first = 0;

	if (host->over_limit || host->not_a_name || host->ntlsa == 0)
		return;
	if (host->a.kind != ANSWER_DATA && host->aaaa.kind != ANSWER_DATA)
		return;
	switch (hv->address_dnssec.state) {
	case DNSSEC_STATE_SECURE:
		break;
	case DNSSEC_STATE_INSECURE:
		if (!first_alias_secure(j, host)) {
			judge_none(j, h);
			return;
		}
		first = host->ntlsa - 1;
		break;
	case DNSSEC_STATE_BOGUS:
	case DNSSEC_STATE_INDETERMINATE:
		return;
	}
	for (size_t k = first; k < host->ntlsa; k++)
		if (try_candidate(j, h, k))
			return;
	judge_none(j, h);
}

/* RFC 7672 2.2: a host without records is where a downgrade goes. */
static void
judge_some_hosts(struct judgement *j)
{
	size_t with = 0, without = 0;
	const char *list = NULL;

	for (size_t h = 0; h < j->path->nhosts; h++) {
		const struct host_view *hv = &j->hosts[h];
		bool none = hv->host->naddresses > 0 && !hv->tlsa_counts &&
		    (hv->address_dnssec.state == DNSSEC_STATE_INSECURE ||
			findings_find(
			    &j->findings, FINDING_TLSA_NONE, (int)h) != NULL ||
			findings_find(&j->findings, FINDING_TLSA_INSECURE,
			    (int)h) != NULL);

		with += hv->tlsa_counts;
		if (!none)
			continue;
		list = judge_text(j, "%s%s%s", without > 0 ? list : "",
		    without > 0 ? ", " : "", name_text(j->mem, hv->host->name));
		without++;
	}
	if (with > 0 && without > 0)
		judge_add(j, FINDING_TLSA_SOME_HOSTS, -1, -1)->detail =
		    judge_text(j, "without: %s", list);
}

void
judge_tlsa(struct judgement *j)
{
	for (size_t h = 0; h < j->path->nhosts; h++)
		judge_host(j, (int)h);
	judge_some_hosts(j);
}

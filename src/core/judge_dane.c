/* SPDX-License-Identifier: ISC */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "cert.h"
#include "dane.h"
#include "name.h"
#include "rdata.h"
#include "text.h"
#include "tlsa.h"

enum { RECORDS_SHOWN = 6, NEAR_MISSES_MAX = 4, TTL_NEW = 3600 };

/* What DANE says of one address. */
enum state {
	STATE_OPEN, /* not observed, or decided by another stage */
	STATE_OUT, /* nobody can reach it: it does not count */
	STATE_PASSED,
	STATE_BLOCKED /* TLS, and no usable record authenticates */
};

static const char *const key_words[] = { "RSA", "ECDSA" };

static bool
counts(const struct tlsa_view *v)
{
	return v->usable && !v->agile_out;
}

static void
publish_key(
    struct judgement *j, int h, struct finding *f, const struct cert *leaf)
{
	const struct answer *a = j->hosts[h].tlsa_answer;

	finding_publish(&j->findings, f,
	    tlsa_line(j->mem, dane_owner(j->proofs, a), dane_ttl(j, a), DANE_EE,
		leaf, j->hosts[h].tlsa, j->hosts[h].ntlsa));
}

/* "3 1 1 AA..., 2 1 1 BB..." of the records that count. */
static const char *
records_text(struct judgement *j, const struct host_view *hv)
{
	const char *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < hv->ntlsa; i++) {
		if (!counts(&hv->tlsa[i]))
			continue;
		if (n++ >= RECORDS_SHOWN)
			continue;
		text = judge_text(j, "%s%s%s", n > 1 ? text : "",
		    n > 1 ? ", " : "", tlsa_text(j->mem, &hv->tlsa[i]));
	}
	if (n > RECORDS_SHOWN)
		text =
		    judge_text(j, "%s and %zu more", text, n - RECORDS_SHOWN);
	return judge_text(
	    j, "%zu usable %s: %s", n, n == 1 ? "record" : "records", text);
}

/* The MX host and address, other than this one, that has the record's key. */
static const char *
other_host(struct judgement *j, int h, const struct tlsa_view *v)
{
	for (size_t i = 0; i < j->path->nhosts; i++) {
		const struct host_view *hv = &j->hosts[i];

		for (size_t a = 0; (int)i != h && a < hv->host->naddresses;
		     a++) {
			const struct address_view *av = &hv->addresses[a];

			if (av->nchain > 0 && tlsa_has(v, av->chain[0]))
				return name_text(j->mem, hv->host->name);
		}
	}
	return NULL;
}

/* How a record nearly matches; *wrong: it can never match as it is. */
static const char *
near_miss(struct judgement *j, int h, const struct address_view *av,
    const struct tlsa_view *v, bool *wrong)
{
	const struct cert *leaf = av->chain[0];
	const char *text = tlsa_text(j->mem, v), *other;

	*wrong = true;
	if (v->usage == DANE_TA && tlsa_has(v, leaf))
		return judge_text(j,
		    "%s is the server's own certificate or "
		    "key: that takes usage 3",
		    text);
	if (tlsa_has_swapped(v, leaf))
		return judge_text(j, "%s fits with selector %u", text,
		    v->selector == SELECTOR_CERT ? 1U : 0U);
	if (tlsa_has_pem(j->mem, v, leaf))
		return judge_text(j,
		    "%s is the digest of a PEM text: it "
		    "must be that of the DER",
		    text);
	for (size_t i = 1; i < av->nchain; i++) {
		if (v->usage == DANE_EE && tlsa_has(v, av->chain[i]))
			return judge_text(j,
			    "%s is the issuer %s: that takes "
			    "usage 2",
			    text, av->chain[i]->subject);
		if (v->usage == DANE_TA && tlsa_has_swapped(v, av->chain[i]))
			return judge_text(j,
			    "%s fits the issuer %s with "
			    "selector %u",
			    text, av->chain[i]->subject,
			    v->selector == SELECTOR_CERT ? 1U : 0U);
	}
	*wrong = false;
	for (int k = 0; k < 2; k++)
		if (av->nchain2[k] > 0 && tlsa_has(v, av->chain2[k][0]))
			return judge_text(j,
			    "%s is the server's %s "
			    "certificate, which this session did not show",
			    text, key_words[k]);
	other = other_host(j, h, v);
	if (other != NULL)
		return judge_text(j, "%s is the key of %s", text, other);
	return NULL;
}

/* The server's own side of a mismatch. */
static const char *
server_text(struct judgement *j, const struct address_view *av)
{
	const struct cert *leaf = av->nchain > 0 ? av->chain[0] : NULL;

	if (leaf == NULL)
		return "the server sent no certificate";
	if (!leaf->parsed)
		return "the server's certificate cannot be read";
	return judge_text(j, "the server's key (%s) has the digest %s",
	    leaf->key_text,
	    text_hex_lower(
		j->mem, leaf->spki_sha256, sizeof leaf->spki_sha256));
}

/*
 * Usage 2 by digest, and the sent chain ends below an authority that was not
 * sent: it may be the one that the record names (RFC 7672 3.1.2: the server
 * MUST send it).
 */
static bool
may_be_unsent(struct judgement *j, int h, const struct address_view *av,
    struct dane_chain *chain, const struct tlsa_view *v)
{
	bool wrong;

	return v->usable && v->usage == DANE_TA &&
	    v->matching != MATCHING_FULL && av->nchain > 0 &&
	    av->chain[0]->parsed && !dane_chain_complete(chain) &&
	    near_miss(j, h, av, v, &wrong) == NULL;
}

/*
 * RFC 7671 9: a record that fits, but digest agility has senders look only
 * at others of its usage and selector.  Those are what is wrong.
 */
static const char *
passed_over(struct judgement *j, const struct host_view *hv,
    const struct cert *leaf, struct finding *f, bool coming)
{
	const char *text = NULL;

	for (size_t i = 0; i < hv->ntlsa && text == NULL; i++) {
		const struct tlsa_view *v = &hv->tlsa[i];

		if (!v->agile_out || v->usage != DANE_EE || !tlsa_has(v, leaf))
			continue;
		text = judge_text(j,
		    "%s fits, but is passed over: there are records with "
		    "SHA2-512",
		    tlsa_text(j->mem, v));
		/* Until a certificate comes, those are the present one's. */
		for (size_t k = 0; !coming && k < hv->ntlsa; k++)
			if (counts(&hv->tlsa[k]) &&
			    hv->tlsa[k].usage == v->usage &&
			    hv->tlsa[k].selector == v->selector &&
			    hv->tlsa[k].matching == SHA2_512)
				finding_withdraw(
				    &j->findings, f, hv->tlsa[k].rr);
	}
	return text;
}

static void
say_no_match(struct judgement *j, int h, int a)
{
	const struct host_view *hv = &j->hosts[h];
	const struct address_view *av = &hv->addresses[a];
	bool readable = av->nchain > 0 && av->chain[0]->parsed;
	bool coming = av->address->session[KEYS_ANY] != NULL &&
	    av->address->session[KEYS_ANY]->basis != NULL;
	struct finding *f = judge_add(j, FINDING_DANE_NO_MATCH, h, a);
	const char *detail, *over = NULL;
	size_t misses = 0;

	f->alt = judge_mx_insecure(j);
	detail =
	    judge_text(j, "%s; %s", records_text(j, hv), server_text(j, av));
	if (readable)
		over = passed_over(j, hv, av->chain[0], f, coming);
	if (over != NULL)
		detail = judge_text(j, "%s; %s", detail, over);
	if (readable && (over == NULL || coming))
		publish_key(j, h, f, av->chain[0]);
	for (size_t i = 0; readable && i < hv->ntlsa; i++) {
		const struct tlsa_view *v = &hv->tlsa[i];
		const char *miss = NULL;
		bool wrong;

		if (counts(v) && misses < NEAR_MISSES_MAX)
			miss = near_miss(j, h, av, v, &wrong);
		if (miss == NULL)
			continue;
		misses++;
		detail = judge_text(j, "%s; %s", detail, miss);
		if (wrong)
			finding_withdraw(&j->findings, f, v->rr);
	}
	f->detail = detail;
}

/* Records of usage 2 whose authority is known, or may be, but not reached. */
static void
say_authorities(struct judgement *j, int h, int a, struct dane_chain *chain,
    const struct dane_peer *peer, bool passed)
{
	const struct host_view *hv = &j->hosts[h];
	const struct address_view *av = &hv->addresses[a];
	/* Beside an authority that is found, others are spare ones. */
	bool unsent = passed && hv->tlsa[av->by].usage == DANE_TA;
	bool invalid = false;

	for (size_t i = 0; i < hv->ntlsa; i++) {
		const struct tlsa_view *v = &hv->tlsa[i];
		struct dane_check check;
		struct finding *f;

		if (!counts(v) || v->usage != DANE_TA)
			continue;
		check = dane_check(j->mem, chain, v, peer);
		if (check.verdict == DANE_NO_PATH && !invalid) {
			f = judge_add(j, FINDING_DANE_TA_CHAIN_INVALID, h, a);
			invalid = true;
			if (!passed && av->chain[0]->parsed)
				publish_key(j, h, f, av->chain[0]);
		} else if (check.verdict == DANE_NOTHING && !unsent &&
		    may_be_unsent(j, h, av, chain, v)) {
			f = judge_add(j, FINDING_DANE_TA_NOT_SENT, h, a);
			unsent = true;
		} else {
			continue;
		}
		f->alt = passed || judge_mx_insecure(j);
		f->detail = judge_text(j, "%s; %zu %s sent",
		    tlsa_text(j->mem, v), av->nchain,
		    av->nchain == 1 ? "certificate is" : "certificates are");
		if (check.flaw != NULL)
			f->detail = judge_text(j, "%s; %s: %s", f->detail,
			    check.unfit->subject, check.flaw);
	}
}

static void
say_passed(struct judgement *j, int h, int a, const struct dane_check *check)
{
	const struct host_view *hv = &j->hosts[h];
	const struct tlsa_view *v = &hv->tlsa[hv->addresses[a].by];
	const char *text = tlsa_text(j->mem, v);

	if (v->usage == DANE_EE) {
		judge_add(j, FINDING_DANE_EE_MATCH, h, a)->detail = judge_text(
		    j, "%s matches %s", text, check->anchor->subject);
		return;
	}
	judge_add(j, FINDING_DANE_TA_MATCH, h, a)->detail =
	    check->anchor != NULL
	    ? judge_text(j, "%s matches %s at depth %u", text,
		  check->anchor->subject, check->depth)
	    : judge_text(
		  j, "%s signed the chain at depth %u", text, check->depth);
}

/*
 * RFC 7671 5.2: an authority's key outlives those below it.  Only one record
 * matches, no other of usage 2 stands ready, and it names an intermediate.
 */
static void
judge_intermediate(struct judgement *j, int h, int a, struct dane_chain *chain,
    const struct dane_peer *peer)
{
	const struct host_view *hv = &j->hosts[h];
	const struct cert *anchor = NULL;
	struct finding *f;

	if (hv->tlsa[hv->addresses[a].by].usage != DANE_TA)
		return;
	for (size_t i = 0; i < hv->ntlsa; i++) {
		struct dane_check check;

		if (!counts(&hv->tlsa[i]) || hv->tlsa[i].usage != DANE_TA)
			continue;
		check = dane_check(j->mem, chain, &hv->tlsa[i], peer);
		if (check.verdict != DANE_AUTHENTIC || anchor != NULL ||
		    check.anchor == NULL || check.anchor->self_issued)
			return;
		anchor = check.anchor;
	}
	if (anchor == NULL)
		return;
	f = judge_add(j, FINDING_DANE_TA_INTERMEDIATE, h, a);
	f->detail =
	    judge_text(j, "%s, issued by %s", anchor->subject, anchor->issuer);
	publish_key(j, h, f, chain->certs[0]);
}

/*
 * The server's certificates of other key types.  What the first session got
 * is what a sender gets; senders with another preference get the other one.
 * True when one of the others passes.
 */
static bool
judge_key_types(struct judgement *j, int h, int a, const struct dane_peer *peer)
{
	const struct host_view *hv = &j->hosts[h];
	const struct address_view *av = &hv->addresses[a];
	bool other = false;

	for (int k = 0; k < 2; k++) {
		const struct cert *leaf =
		    av->nchain2[k] > 0 ? av->chain2[k][0] : NULL;
		struct dane_check check;
		struct dane_chain chain;
		struct finding *f;
		bool passes;
		int by;

		if (leaf == NULL || !leaf->parsed ||
		    memcmp(leaf->sha256, av->chain[0]->sha256, 32) == 0)
			continue;
		dane_chain_init(&chain, av->chain2[k], av->nchain2[k]);
		check =
		    dane_best(j->mem, &chain, hv->tlsa, hv->ntlsa, peer, &by);
		passes = check.verdict == DANE_AUTHENTIC;
		other |= passes;
		if (passes == av->authenticated)
			continue;
		f = judge_add(j, FINDING_DANE_OTHER_KEY_TYPE, h, a);
		f->detail = judge_text(j,
		    "the %s certificate %s, the %s one "
		    "%s",
		    key_words[k], passes ? "matches" : "does not match",
		    av->chain[0]->key_text, passes ? "does not" : "matches");
		/* For the other way round DANE_NO_MATCH has the record. */
		if (!passes)
			publish_key(j, h, f, leaf);
	}
	return other;
}

static enum state
judge_blocked(struct judgement *j, int h, int a, struct dane_chain *chain,
    const struct dane_peer *peer, const struct dane_check *best)
{
	switch (best->verdict) {
	case DANE_NOT_ACCEPTED:
		/*
		 * judge_cert has said why.  With unsigned MX records its
		 * rows do not block, and senders of RFC 7672 fail (2.2.1).
		 */
		if (judge_mx_insecure(j)) {
			struct finding *f =
			    judge_add(j, FINDING_DANE_NO_MATCH, h, a);

			f->alt = true;
			f->detail = "a record of usage 2 matches, but the "
				    "certificate's dates or names do not pass";
		}
		return STATE_OPEN;
	case DANE_NO_PATH:
		say_authorities(j, h, a, chain, peer, false);
		if (judge_mx_insecure(j))
			say_no_match(j, h, a);
		return STATE_BLOCKED;
	case DANE_NOTHING:
	case DANE_AUTHENTIC:
		break;
	}
	say_no_match(j, h, a);
	say_authorities(j, h, a, chain, peer, false);
	return STATE_BLOCKED;
}

static enum state
judge_address(struct judgement *j, int h, int a)
{
	const struct host_view *hv = &j->hosts[h];
	const struct address_view *av = &hv->addresses[a];
	const struct smtp_observation *s = av->address->session[KEYS_ANY];
	struct dane_peer peer = dane_peer(j, hv);
	struct dane_chain chain;
	struct dane_check best;
	enum state state;
	int by;

	if (av->address->special &&
	    (s == NULL || s->outcome == SMTP_NOT_PROBED))
		return STATE_OUT;
	if (s == NULL || s->outcome != SMTP_TLS)
		return STATE_OPEN;
	dane_chain_init(&chain, av->chain, av->nchain);
	best = dane_best(j->mem, &chain, hv->tlsa, hv->ntlsa, &peer, &by);
	if (best.verdict == DANE_AUTHENTIC) {
		say_passed(j, h, a, &best);
		say_authorities(j, h, a, &chain, &peer, true);
		judge_intermediate(j, h, a, &chain, &peer);
		state = STATE_PASSED;
	} else {
		state = judge_blocked(j, h, a, &chain, &peer, &best);
	}
	/* Some senders get through: not the failure of every host. */
	if (av->nchain > 0 && av->chain[0]->parsed &&
	    judge_key_types(j, h, a, &peer) && state == STATE_BLOCKED)
		state = STATE_OPEN;
	return state;
}

/* RFC 7671 8.1: the next key stands beside the present one in good time. */
static void
judge_next_key(struct judgement *j, int h)
{
	const struct host_view *hv = &j->hosts[h];
	bool next = false, live = false, anchor = false;
	const char *stale = NULL;

	for (size_t i = 0; i < hv->ntlsa; i++) {
		const struct tlsa_view *v = &hv->tlsa[i];

		if (!v->usable)
			continue;
		live |= v->class == TLSA_LIVE;
		anchor |= v->usage == DANE_TA;
		if (v->class != TLSA_NEXT_OR_STALE || tlsa_is_of_nothing(v))
			continue;
		stale = judge_text(j, "%s%s%s", next ? stale : "",
		    next ? ", " : "", tlsa_text(j->mem, v));
		next = true;
	}
	if (live && next)
		judge_add(j, FINDING_DANE_RECORD_STALE, h, -1)->detail = stale;
	if (live && !next && !anchor)
		judge_add(j, FINDING_DANE_NO_ROLLOVER, h, -1)->detail =
		    judge_text(j, "the records' TTL is %u seconds",
			dane_ttl(j, hv->tlsa_answer));
}

static enum state
judge_host(struct judgement *j, int h)
{
	const struct host_view *hv = &j->hosts[h];
	size_t passed = 0, blocked = 0, open = 0;
	const char *list = NULL;

	if (!hv->dane)
		return STATE_OPEN;
	for (size_t a = 0; a < hv->host->naddresses; a++) {
		switch (judge_address(j, h, (int)a)) {
		case STATE_OPEN:
			open++;
			break;
		case STATE_OUT:
			break;
		case STATE_PASSED:
			passed++;
			break;
		case STATE_BLOCKED:
			list = judge_text(j, "%s%s%s", blocked > 0 ? list : "",
			    blocked > 0 ? ", " : "",
			    hv->addresses[a].address->text);
			blocked++;
			break;
		}
	}
	if (passed > 0 && blocked > 0)
		judge_add(j, FINDING_DANE_SOME_ADDRESSES, h, -1)->detail =
		    judge_text(j, "no match at %s", list);
	if (passed > 0)
		judge_next_key(j, h);
	if (passed > 0)
		return STATE_PASSED;
	return blocked > 0 && open == 0 ? STATE_BLOCKED : STATE_OPEN;
}

/* None of a host's records can be used: the one that its key calls for. */
static void
mend_unusable(struct judgement *j)
{
	for (size_t i = 0; i < j->findings.n; i++) {
		struct finding *f = &j->findings.list[i];
		const struct host_view *hv;

		if ((f->id != FINDING_TLSA_ALL_UNUSABLE &&
			f->id != FINDING_TLSA_ALL_MALFORMED) ||
		    f->address >= 0)
			continue;
		hv = &j->hosts[f->host];
		for (size_t a = 0; a < hv->host->naddresses; a++) {
			const struct address_view *av = &hv->addresses[a];

			if (av->nchain == 0 || !av->chain[0]->parsed)
				continue;
			publish_key(j, f->host, f, av->chain[0]);
			break;
		}
		/* Beside the right one they would still be there. */
		for (size_t k = 0; f->nadd > 0 && k < hv->ntlsa; k++)
			if (hv->tlsa[k].class == TLSA_MALFORMED)
				finding_withdraw(
				    &j->findings, f, hv->tlsa[k].rr);
	}
}

/* The records that the keys of a host without any need. */
static void
publish_first(struct judgement *j, struct finding *f, int h)
{
	const struct host_view *hv = &j->hosts[h];

	for (size_t a = 0; a < hv->host->naddresses; a++) {
		const struct address_view *av = &hv->addresses[a];

		if (av->nchain > 0 && av->chain[0]->parsed)
			finding_publish(&j->findings, f,
			    tlsa_line(j->mem, hv->tlsa_answer->final, TTL_NEW,
				DANE_EE, av->chain[0], NULL, 0));
	}
}

/* Where some hosts have records, or all have to, those of the others. */
static void
mend_none(struct judgement *j)
{
	struct finding *some = NULL;

	for (size_t i = 0; i < j->findings.n; i++)
		if (j->findings.list[i].id == FINDING_TLSA_SOME_HOSTS)
			some = &j->findings.list[i];
	for (size_t i = 0; i < j->findings.n; i++) {
		struct finding *f = &j->findings.list[i];

		if (f->id != FINDING_TLSA_NONE || f->host < 0)
			continue;
		if ((j->options.require & REQUIRE_DANE) != 0)
			publish_first(j, f, f->host);
		if (some != NULL)
			publish_first(j, some, f->host);
	}
}

void
judge_dane(struct judgement *j)
{
	bool blocked = j->path->nhosts > 0;

	mend_unusable(j);
	mend_none(j);
	/* RFC 7672 2.2, MX hosts in turn: all were seen, and none passes. */
	for (size_t h = 0; h < j->path->nhosts; h++)
		blocked &= judge_host(j, (int)h) == STATE_BLOCKED;
	if (blocked)
		judge_add(j, FINDING_DANE_ALL_HOSTS_FAIL, -1, -1)->alt =
		    judge_mx_insecure(j);
}

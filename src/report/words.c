/* SPDX-License-Identifier: ISC */
#include "report/words.h"

#include "core/arena.h"
#include "core/delivery.h"
#include "core/name.h"
#include "core/overlay.h"
#include "core/rdata.h"
#include "core/text.h"

const char *
stage_status_text(enum stage_status status)
{
	static const char *const words[] = {
		[STATUS_OK] = "ok",
		[STATUS_NOTE] = "note",
		[STATUS_WARN] = "warn",
		[STATUS_UNKNOWN] = "unknown",
		[STATUS_FAIL] = "fail",
		[STATUS_NOT_TESTED] = "not-tested",
		[STATUS_NOT_APPLICABLE] = "not-applicable",
	};

	return words[status];
}

const char *tlsa_class_text(enum tlsa_class class)
{
	static const char *const words[] = {
		[TLSA_LIVE] = "live",
		[TLSA_NEXT_OR_STALE] = "next-or-stale",
		[TLSA_OTHER_KEY_TYPE] = "other-key-type",
		[TLSA_UNUSABLE] = "unusable",
		[TLSA_MALFORMED] = "malformed",
		[TLSA_UNTESTED] = "untested",
	};

	return words[class];
}

const char *
zone_kind_text(enum zone_kind kind)
{
	static const char *const words[] = {
		[ZONE_ANCHOR] = "anchor",
		[ZONE_DELEGATED] = "delegated",
		[ZONE_UNSIGNED] = "unsigned",
		[ZONE_OUTSIDE] = "outside",
		[ZONE_UNKNOWN] = "unknown",
	};

	return words[kind];
}

const char *
answer_text(enum answer_kind kind)
{
	static const char *const words[] = {
		[ANSWER_PENDING] = "not-observed",
		[ANSWER_DATA] = "data",
		[ANSWER_NODATA] = "nodata",
		[ANSWER_NXDOMAIN] = "nxdomain",
		[ANSWER_LOOP] = "loop",
		[ANSWER_ERROR] = "error",
		[ANSWER_NO_REPLY] = "no-reply",
	};

	return words[kind];
}

const char *
denial_text(enum denial_verdict verdict)
{
	static const char *const words[] = {
		[DENIAL_PROVEN] = "proven",
		[DENIAL_OPT_OUT] = "opt-out",
		[DENIAL_MISSING] = "missing",
		[DENIAL_INVALID] = "invalid",
		[DENIAL_ITERATIONS] = "iterations",
		[DENIAL_NOT_CHECKED] = "not-checked",
	};

	return words[verdict];
}

const char *
link_text(const struct link *link, uint16_t asked)
{
	switch (link->kind) {
	case LINK_NODATA:
		return "nodata";
	case LINK_NXDOMAIN:
		return "nxdomain";
	case LINK_SET:
		break;
	}
	return link->type != asked &&
		(link->type == TYPE_CNAME || link->type == TYPE_DNAME)
	    ? "alias"
	    : "set";
}

const char *
ds_text(enum ds_fate fate)
{
	static const char *const words[] = {
		[DS_MATCHES] = "matches",
		[DS_IGNORED] = "ignored",
		[DS_UNSUPPORTED] = "unsupported",
		[DS_REVOKED] = "revoked",
		[DS_NOT_COMPARED] = "not-compared",
		[DS_DIFFERS] = "digest-differs",
		[DS_NO_KEY] = "no-key",
		[DS_UNSEEN] = "keys-not-observed",
	};

	return words[fate];
}

size_t
key_role_texts(unsigned roles, const char *out[7])
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {
		{ KEY_ZONE, "zone" },
		{ KEY_SEP, "sep" },
		{ KEY_REVOKED, "revoked" },
		{ KEY_UNFIT, "unfit" },
		{ KEY_NAMED, "named" },
		{ KEY_SIGNS_KEYS, "signs-keys" },
		{ KEY_SIGNS_DATA, "signs-data" },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((roles & words[i].bit) != 0)
			out[n++] = words[i].word;
	return n;
}

const char *
signature_text(struct proofs *proofs, const struct set_proof *set,
    const struct signature_proof *sig, int64_t at)
{
	static const char *const words[] = {
		[SIGNATURE_VERIFIED] = "valid",
		[SIGNATURE_NO_KEY] = "no-key",
		[SIGNATURE_INVALID] = "invalid",
		[SIGNATURE_MALFORMED] = "malformed",
		[SIGNATURE_UNSUPPORTED] = "unsupported",
		[SIGNATURE_KEY_UNFIT] = "key-unfit",
		[SIGNATURE_NOT_CHECKED] = "not-checked",
	};

	if (sig->verdict != SIGNATURE_VERIFIED)
		return words[sig->verdict];
	/* RFC 4034 3.1.5: the dates are inclusive. */
	if (at > text_serial_near(sig->fields.expiration, at))
		return proof_signature(proofs, set, sig, at).state ==
			DNSSEC_STATE_SECURE
		    ? "renewed"
		    : "expired";
	if (at < text_serial_near(sig->fields.inception, at))
		return "not-yet-valid";
	return words[sig->verdict];
}

bool
signature_readable(const struct signature_proof *sig)
{
	return sig->fields.signer != NULL;
}

const char *
outcome_code(struct arena *mem, const struct outcome *o, enum profile profile,
    char digit)
{
	/* The codes are Exchange's; other senders have their own. */
	if (profile != PROFILE_EXCHANGE_ONLINE)
		return NULL;
	if (o->delivery == DELIVERY_BOUNCED && digit == '4')
		return NULL;
	return delivery_code(mem, o, digit);
}

const char *
finding_code(struct arena *mem, const struct finding *f, char digit)
{
	/* What could not be told gets no code: nobody has sent one. */
	if (f->severity < SEVERITY_WARN || f->severity == SEVERITY_UNKNOWN ||
	    f->row->ndr == NULL || f->aside)
		return NULL;
	if (digit == '4' && f->row->effect == EFFECT_BOUNCE)
		return NULL;
	return arena_printf(mem, "%c.%s", digit, f->row->ndr);
}

const char *
finding_tlsrpt(const struct finding *f)
{
	return f->severity < SEVERITY_WARN || f->aside ? NULL : f->row->tlsrpt;
}

/* The worst of what is said about exactly this host or address. */
static enum severity
worst_about(const struct judgement *j, int host, int address)
{
	enum severity worst = SEVERITY_OK;

	for (size_t i = 0; i < j->findings.n; i++) {
		const struct finding *f = &j->findings.list[i];

		if (f->host == host && !f->aside &&
		    (address < 0 || f->address == address) &&
		    f->severity > worst)
			worst = f->severity;
	}
	return worst;
}

const char *
host_status(const struct judgement *j, size_t host, int address)
{
	const struct host_view *h = &j->hosts[host];
	const struct outcome *o = address < 0
	    ? &h->outcome[j->options.profile]
	    : &h->addresses[address].outcome[j->options.profile];

	switch (o->delivery) {
	case DELIVERY_DEFERRED:
	case DELIVERY_BOUNCED:
		return severity_text(SEVERITY_FAIL);
	case DELIVERY_UNKNOWN:
		return severity_text(SEVERITY_UNKNOWN);
	case DELIVERY_NOT_APPLICABLE:
	case DELIVERED_AUTHENTICATED:
	case DELIVERED_ENCRYPTED:
	case DELIVERED_CLEARTEXT:
		break;
	}
	return severity_text(worst_about(j, (int)host, address) >= SEVERITY_WARN
		? SEVERITY_WARN
		: SEVERITY_OK);
}

const char *
domain_status(const struct judgement *j)
{
	if (j->status == SEVERITY_NOTE || j->status == SEVERITY_ABSENT)
		return severity_text(SEVERITY_OK);
	return severity_text(j->status);
}

const char *
finding_remedy(const struct finding *f)
{
	if (f->remedy != NULL)
		return f->remedy;
	/* A note asks for nothing. */
	if (f->severity < SEVERITY_WARN)
		return NULL;
	if (f->row->remedy == NULL && f->severity == SEVERITY_UNKNOWN)
		return "Run again later, or from another network";
	return f->row->remedy;
}

size_t
hypothetical_texts(
    struct arena *mem, const struct evidence *ev, const char ***out)
{
	const char **texts;
	char type[16];
	size_t n;

	n = overlay_texts(mem, ev->asked.overlay, ev->view, &texts);
	*out = arena_array(mem, n + ev->ndns + ev->nsmtp, sizeof **out);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = texts[i];
	for (size_t i = 0; i < ev->ndns; i++) {
		const struct dns_observation *obs = ev->dns[i];

		if (obs->basis != NULL)
			(*out)[n++] = arena_printf(mem, "%s %s: %s",
			    name_text(mem, obs->name),
			    rr_type_text(obs->type, type), obs->basis);
	}
	for (size_t i = 0; i < ev->nsmtp; i++) {
		const struct smtp_observation *obs = ev->smtp[i];

		if (obs->basis != NULL)
			(*out)[n++] = arena_printf(mem, "%s [%s]: %s",
			    name_text(mem, obs->host), obs->address,
			    obs->basis);
	}
	return n;
}

bool
family_not_covered(const struct judgement *j, bool ipv6)
{
	const struct evidence *ev = j->ev;

	if (ipv6 ? ev->has_ipv6 && ev->asked.ipv6
		 : ev->has_ipv4 && ev->asked.ipv4)
		return false;
	for (size_t h = 0; h < j->path->nhosts; h++) {
		const struct path_host *host = &j->path->hosts[h];

		for (size_t a = 0; a < host->naddresses; a++) {
			const struct path_address *ad = &host->addresses[a];
			const struct smtp_observation *s = ad->session[0];

			if (ad->ipv6 == ipv6 &&
			    (s == NULL || s->outcome == SMTP_NO_ROUTE))
				return true;
		}
	}
	return false;
}

unsigned
required_unknown(const struct judgement *j)
{
	static const struct {
		unsigned bit;
		enum stage stage;
	} needs[] = {
		{ REQUIRE_DNSSEC, STAGE_DNSSEC },
		{ REQUIRE_DANE, STAGE_TLSA },
		{ REQUIRE_DANE, STAGE_DANE },
		{ REQUIRE_DKIM, STAGE_DKIM },
		{ REQUIRE_MTA_STS, STAGE_MTA_STS },
		{ REQUIRE_TLS_RPT, STAGE_TLS_RPT },
		{ REQUIRE_SPF, STAGE_SPF },
		{ REQUIRE_DMARC, STAGE_DMARC },
	};
	unsigned unknown = 0, missing = 0;

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		enum stage_status status = j->stages[needs[i].stage];

		if (status == STATUS_UNKNOWN || status == STATUS_NOT_TESTED)
			unknown |= needs[i].bit;
		else if (status == STATUS_FAIL)
			missing |= needs[i].bit;
	}
	/* Without TLSA records nobody asks whether they match. */
	return j->options.require & unknown & ~missing;
}

const char *
renewal_word(const struct proofs *p, int64_t collected_at, int64_t at)
{
	return at > collected_at && proofs_renewed(p) == RENEW_ABOVE
	    ? "above"
	    : "nothing";
}

const char *
renewal_words(const struct proofs *p, int64_t collected_at, int64_t at)
{
	if (at <= collected_at)
		return "";
	return proofs_renewed(p) == RENEW_ABOVE
	    ? "; the zones above count as signed again since"
	    : "; no zone counts as signed again since";
}

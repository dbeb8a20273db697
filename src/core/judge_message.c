/* SPDX-License-Identifier: ISC */
/* What a message shows: its signatures, whose they are, what receivers say. */
#include "judge.h"

#include <string.h>

#include "arena.h"
#include "m365.h"
#include "message.h"
#include "name.h"
#include "rdata.h"
#include "taglist.h"

enum policy { POLICY_UNSEEN, POLICY_RELAXED, POLICY_STRICT };

const char *
alignment_text(enum alignment a)
{
	static const char *const texts[] = {
		[ALIGNED_UNKNOWN] = NULL,
		[ALIGNED_NOT] = "none",
		[ALIGNED_RELAXED] = "relaxed",
		[ALIGNED_STRICT] = "strict",
	};

	return texts[a];
}

/*
 * The DMARC record of an answer (RFC 7489 6.6.3): records that do not start
 * with v=DMARC1 are not looked at, and several are as good as none.
 */
static bool
policy_record(struct arena *mem, const struct answer *a, struct taglist *out)
{
	size_t n = 0;

	for (size_t i = 0; i < a->nrrs; i++) {
		size_t len;
		char *text = rdata_txt(mem, a->rrs[i], &len);
		struct taglist list;

		taglist_parse(mem, text, len, &list);
		if (list.ntags == 0 || strcmp(list.tags[0].name, "v") != 0 ||
		    !tag_is(&list.tags[0], "DMARC1"))
			continue;
		*out = list;
		n++;
	}
	return n == 1;
}

/* adkim=, "r" by default (RFC 7489 6.3). */
static enum policy
policy_find(const struct judgement *j)
{
	const struct path *p = j->path;
	const struct tag *tag;
	struct taglist list;

	for (size_t i = 0; i < p->ndmarc; i++) {
		switch (p->dmarc[i].kind) {
		case ANSWER_DATA:
			if (!policy_record(j->mem, &p->dmarc[i], &list))
				continue;
			tag = taglist_find(&list, "adkim");
			return tag != NULL && tag_is(tag, "s") ? POLICY_STRICT
							       : POLICY_RELAXED;
		case ANSWER_NODATA:
		case ANSWER_NXDOMAIN:
			continue;
		default:
			return POLICY_UNSEEN;
		}
	}
	return POLICY_RELAXED;
}

/* RFC 7489 3.1.1 */
static enum alignment
align(const struct judgement *j, const struct mail_message *m,
    const struct message_signature *s)
{
	const uint8_t *ours;

	if (m->nfrom != 1 || s->domain == NULL)
		return ALIGNED_UNKNOWN;
	if (name_equal(s->domain, m->from[0]))
		return ALIGNED_STRICT;
	ours = message_organization(m, m->from[0]);
	if (ours == NULL || s->organization == NULL)
		return ALIGNED_UNKNOWN;
	if (!name_equal(ours, s->organization))
		return ALIGNED_NOT;
	switch (policy_find(j)) {
	case POLICY_STRICT:
		return ALIGNED_NOT;
	case POLICY_RELAXED:
		return ALIGNED_RELAXED;
	case POLICY_UNSEEN:
		break;
	}
	return ALIGNED_UNKNOWN;
}

static struct finding *
add(struct judgement *j, enum finding_id id)
{
	struct finding *f = findings_add(&j->findings, id);

	const struct mail_message *m = j->ev->asked.message;

	f->aside = true;
	f->subject.name = m->nfrom == 1 ? m->from[0] : j->path->domain;
	return f;
}

static struct finding *
add_about(
    struct judgement *j, const struct message_signature *s, enum finding_id id)
{
	struct finding *f = add(j, id);
	uint8_t name[NAME_WIRE_MAX];

	if (s->selector == NULL || s->domain == NULL ||
	    !name_prepend(
		name, judge_text(j, "%s._domainkey", s->selector), s->domain))
		return f;
	f->subject.selector = s->selector;
	if (!name_equal(s->domain, j->path->domain))
		f->subject.signer = s->domain;
	f->subject.name = name_copy(j->mem, name);
	f->subject.type = TYPE_TXT;
	return f;
}

static const char *
who(struct judgement *j, const struct message_signature *s)
{
	if (s->domain == NULL)
		return "a signature without a domain";
	return judge_text(
	    j, "the signature by %s", name_text_nodot(j->mem, s->domain));
}

/* What is known of the key that a signature names, or NULL. */
static const struct dkim_view *
key_of(const struct judgement *j, const struct message_signature *s)
{
	for (size_t i = 0; i < j->path->nselectors; i++) {
		const struct path_selector *p = &j->path->selectors[i];

		if (strcmp(p->selector, s->selector) == 0 &&
		    name_equal(p->domain, s->domain))
			return &j->dkim[i];
	}
	return NULL;
}

/* Why verifiers refuse it: without the key, or with it; NULL = they do not. */
static const char *
refused(struct judgement *j, const struct message_signature *s)
{
	const struct dkim_view *key;

	if (s->error != NULL)
		return s->error;
	key = key_of(j, s);
	if (key == NULL || key->key_type == NULL)
		return NULL;
	/* RFC 6376 6.1.2: PERMFAIL (inappropriate key algorithm) */
	if (strncmp(s->algorithm, key->key_type, strlen(key->key_type)) != 0)
		return judge_text(j, "a=%s, and the key is of type %s",
		    s->algorithm, key->key_type);
	/* RFC 6376 3.6.1, t=s: the domain of i= MUST be that of d= */
	if (key->key_strict && s->identity != NULL &&
	    !name_equal(s->identity, s->domain))
		return judge_text(j,
		    "i= is of %s, and the key is not for subdomains (t=s)",
		    name_text_nodot(j->mem, s->identity));
	return NULL;
}

/* RFC 6376 6.1.1, 6.1.2: verifiers return PERMFAIL. */
static void
add_unusable(struct judgement *j, const struct mail_message *m, bool aligned)
{
	for (size_t i = 0; i < m->nsignatures; i++) {
		const struct message_signature *s = &m->signatures[i];
		const char *why = refused(j, s);
		struct finding *f;

		if (why == NULL)
			continue;
		f = add_about(j, s,
		    s->unread ? FINDING_DKIM_ALIGNMENT_UNKNOWN
			      : FINDING_DKIM_SIGNATURE_UNUSABLE);
		f->alt = aligned;
		f->detail = judge_text(j, "%s: %s", who(j, s), why);
	}
}

/* "mx.example.net said dkim=none (message not signed)" */
static const char *
result_words(struct judgement *j, const struct message_result *r)
{
	return judge_text(j, "%s said dkim=%s%s%s%s%s%s",
	    r->server != NULL ? r->server : "the receiver", r->result,
	    r->reason != NULL ? " (" : "", r->reason != NULL ? r->reason : "",
	    r->reason != NULL ? ")" : "", r->domain != NULL ? " for " : "",
	    r->domain != NULL ? r->domain : "");
}

static void
add_results(struct judgement *j, const struct mail_message *m)
{
	const char *words[MESSAGE_RESULTS_MAX] = { NULL };

	for (size_t i = 0; i < m->nresults; i++) {
		const struct message_result *r = &m->results[i];

		/* Told where it is explained. */
		if (strcmp(r->result, "none") == 0 && m->nsignatures == 0)
			continue;
		words[i] = result_words(j, r);
		for (size_t k = 0; k < i && words[i] != NULL; k++)
			if (words[k] != NULL && strcmp(words[i], words[k]) == 0)
				words[i] = NULL;
		if (words[i] != NULL)
			add(j, FINDING_DKIM_RESULT)->detail = words[i];
	}
}

static void
add_unsigned(struct judgement *j, const struct mail_message *m)
{
	struct finding *f = add(j, FINDING_DKIM_MESSAGE_UNSIGNED);
	const char *said = NULL;

	for (size_t i = 0; i < m->nresults; i++) {
		if (strcmp(m->results[i].result, "none") == 0 && said == NULL)
			said = result_words(j, &m->results[i]);
		if (strcmp(m->results[i].result, "pass") != 0)
			continue;
		f->detail = judge_text(j,
		    "%s: there was a signature, which this copy of the header "
		    "lacks",
		    result_words(j, &m->results[i]));
		f->remedy = "Use the message as the receiver has it, with its "
			    "whole header";
		return;
	}
	f->detail = judge_text(j,
	    "%s%sthe header has no DKIM-Signature. That is normal for mail "
	    "within one organization, which is delivered without being signed",
	    said != NULL ? said : "", said != NULL ? ": " : "");
	if (j->path->m365)
		f->remedy = judge_text(j,
		    "Test with a message to a mailbox of another provider; "
		    "where that is not signed either, turn signing on: "
		    "Set-DkimSigningConfig -Identity %s -Enabled $true",
		    name_text_nodot(j->mem, j->path->domain));
}

/* Whose signatures there are, each domain once. */
static const char *
signers(struct judgement *j, const struct mail_message *m)
{
	const char *list = "";

	for (size_t i = 0; i < m->nsignatures; i++) {
		const uint8_t *d = m->signatures[i].domain;
		bool again = refused(j, &m->signatures[i]) != NULL;

		for (size_t k = 0; k < i && !again; k++)
			again = m->signatures[k].domain != NULL &&
			    name_equal(m->signatures[k].domain, d);
		if (!again)
			list = judge_text(j, "%s%s%s", list,
			    *list != '\0' ? ", " : "",
			    name_text_nodot(j->mem, d));
	}
	return *list != '\0' ? list : "nobody";
}

/* The signature that speaks best for the From domain, or NULL. */
static const struct message_signature *
best(struct judgement *j, const struct mail_message *m, enum alignment *how)
{
	const struct message_signature *s = NULL;

	*how = ALIGNED_UNKNOWN;
	for (size_t i = 0; i < m->nsignatures; i++) {
		enum alignment a = j->alignment[i];

		if (refused(j, &m->signatures[i]) != NULL)
			continue;
		/* One that may align is better than one that does not. */
		if (s != NULL &&
		    (*how == ALIGNED_UNKNOWN ? a <= ALIGNED_NOT
					     : a <= *how &&
				!(*how == ALIGNED_NOT && a == ALIGNED_UNKNOWN)))
			continue;
		s = &m->signatures[i];
		*how = a;
	}
	return s;
}

static void
add_not_aligned(
    struct judgement *j, const struct mail_message *m, const char *from)
{
	struct finding *f = add(j, FINDING_DKIM_NOT_ALIGNED);
	bool initial = false, refusals = false;

	for (size_t i = 0; i < m->nsignatures; i++) {
		const uint8_t *d = m->signatures[i].domain;

		initial |= d != NULL && m365_is_initial(d);
		refusals |= j->alignment[i] >= ALIGNED_RELAXED;
	}
	f->detail =
	    judge_text(j, "From is %s, signed by %s%s", from, signers(j, m),
		policy_find(j) == POLICY_STRICT
		    ? "; the DMARC record demands the same domain (adkim=s)"
		    : "");
	if (refusals)
		f->remedy = "Mend the signature that verifiers refuse";
	else if (initial)
		f->remedy = judge_text(j,
		    "Publish both CNAMEs of %s and turn signing on: "
		    "Set-DkimSigningConfig -Identity %s -Enabled $true",
		    from, from);
}

static void
add_alignment(struct judgement *j, const struct mail_message *m)
{
	enum alignment how;
	const struct message_signature *s = best(j, m, &how);
	const char *from, *domain;
	struct finding *f;

	add_unusable(j, m, s != NULL && how >= ALIGNED_RELAXED);
	if (s == NULL)
		return;
	if (m->nfrom != 1) {
		f = add(j, FINDING_DKIM_ALIGNMENT_UNKNOWN);
		f->detail = m->nfrom == 0
		    ? "the From field has no address with a domain name"
		    : "the From field has addresses of several domains";
		return;
	}
	from = name_text_nodot(j->mem, m->from[0]);
	domain = name_text_nodot(j->mem, s->domain);
	switch (how) {
	case ALIGNED_UNKNOWN:
		f = add(j, FINDING_DKIM_ALIGNMENT_UNKNOWN);
		f->detail = judge_text(j,
		    "From is %s, signed by %s: the DMARC record, which may "
		    "demand the same domain, could not be read",
		    from, domain);
		break;
	case ALIGNED_NOT:
		if (m->cut && m->nsignatures == MESSAGE_SIGNATURES_MAX) {
			f = add(j, FINDING_DKIM_ALIGNMENT_UNKNOWN);
			f->detail = judge_text(j,
			    "the message has more than %d signatures, and the "
			    "rest was not looked at",
			    MESSAGE_SIGNATURES_MAX);
			break;
		}
		add_not_aligned(j, m, from);
		break;
	case ALIGNED_RELAXED:
	case ALIGNED_STRICT:
		f = add_about(j, s, FINDING_DKIM_ALIGNED);
		f->detail = how == ALIGNED_STRICT
		    ? judge_text(j, "signed by %s, the domain of From", domain)
		    : judge_text(j,
			  "signed by %s, of the same organization as %s",
			  domain, from);
		break;
	}
}

void
judge_message(struct judgement *j)
{
	const struct mail_message *m = j->ev->asked.message;

	if (m == NULL)
		return;
	j->alignment =
	    arena_array(j->mem, m->nsignatures, sizeof *j->alignment);
	for (size_t i = 0; i < m->nsignatures; i++)
		j->alignment[i] = align(j, m, &m->signatures[i]);
	if (m->nsignatures == 0)
		add_unsigned(j, m);
	else
		add_alignment(j, m);
	add_results(j, m);
}

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TEXT_PART_H
#define MXPROOF_TEXT_PART_H
/* The larger parts of the text report, written onto a page. */
#include "core/judge.h"
#include "report/page.h"

struct comparison;
struct lookup;
struct report_options;

/* The mark and the colour of a status: "✓" or "OK". */
const char *text_mark(const struct page *, enum stage_status);
enum ink text_ink(enum stage_status);
enum stage_status text_status(enum severity);

/* "DNSSEC", "Certificate", … */
const char *text_stage_title(enum stage);

/*
 * Why a stage was not tested or not applicable, or is as bad as it is for
 * another's findings; NULL where its own say it.
 */
const char *text_stage_why(const struct page *, const struct judgement *,
    enum stage);

/* The findings of a stage, worst first, equal ones together. */
void text_findings(struct page *, const struct judgement *,
    enum stage, bool verbose);

/* Host and address, zone, record set or selector; "" for the domain. */
const char *text_subject(const struct page *, const struct finding *);

/* What limits a whole report: hypothetical answers, a run cut short. */
void text_caveats(struct page *, const struct evidence *);

enum ink text_state_ink(enum dnssec_state);

/* "contoso.com. TLSA, no such record" */
const char *text_link(struct arena *, const struct link *);

/* The signatures of a set, and what is wrong but has not just been told. */
void text_signatures(struct page *, struct proofs *,
    const struct set_proof *, size_t indent, int64_t at, const char *told);

/*
 * The chain of trust as a tree, all that the proofs have met: zones, their
 * DS records, keys and signatures, and below each the record sets of these
 * lookups.  Brief: a line for each zone but the one where it breaks.
 */
void text_chain(struct page *, struct proofs *, int64_t at,
    const struct lookup *const *lookups, size_t nlookups, size_t indent);
void text_chain_brief(struct page *, struct proofs *, int64_t at,
    size_t indent);

/* Whether another certificate can be put into service; or nothing. */
void text_rollover(struct page *, const struct judgement *);

/* What has changed since an earlier report; NULL: nothing. */
void text_baseline(struct page *, const struct comparison *);

/* "new: ID, ID; worse: ID", or that there is nothing of the kind. */
const char *text_baseline_line(struct page *, const struct comparison *);

/* The instants ahead, as a line and a list; or nothing. */
void text_timeline(struct page *, const struct judgement *);

/* The sessions as they were held. */
void text_transcripts(struct page *, const struct judgement *);

#endif

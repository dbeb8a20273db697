/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TEXT_PART_H
#define MXPROOF_TEXT_PART_H
/* The larger parts of the text report, written onto a page. */
#include "core/judge.h"
#include "report/page.h"

struct report_options;

/* The mark and the colour of a status: "✓" or "OK". */
const char *text_mark(const struct page *, enum stage_status);
enum ink text_ink(enum stage_status);
enum stage_status text_status(enum severity);

/* The findings of a stage, worst first, equal ones together. */
void text_findings(struct page *, const struct judgement *,
    enum stage, bool verbose);

/* Host and address, zone, record set or selector; "" for the domain. */
const char *text_subject(const struct page *, const struct finding *);

/* The chain of trust as a tree; the sessions as they were held. */
void text_chain(struct page *, struct proofs *, int64_t at);
void text_transcripts(struct page *, const struct judgement *);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_TARGET_H
#define MXPROOF_DKIM_TARGET_H
/*
 * What is said of a selector whose CNAME leads to the wrong place, or should
 * have been one; with the record to publish.  For judge_dkim.c.
 */
#include <stdint.h>

#include "catalogue.h"

struct dkim_look;
struct dkim_looks;
struct finding;
struct judgement;

/* A finding about a selector; it has no part in the delivery of mail. */
struct finding *dkim_add(struct judgement *, const struct dkim_look *,
    enum finding_id);

/* The domain without its final dot. */
const char *dkim_domain_text(struct judgement *);

/* A remedy: where Microsoft 365 itself shows the two targets. */
const char *dkim_ask_cmdlet(struct judgement *);

/* The CNAME to publish at name, as a record and as the remedy. */
void dkim_publish_cname(struct judgement *, struct finding *,
    const uint8_t *name, const char *target);

/* The target holds octets that no target has. */
void dkim_add_stray(struct judgement *, const struct dkim_look *);

void dkim_add_wrong(const struct dkim_looks *, const struct dkim_look *);
/* Two CNAMEs at the selector's name. */
void dkim_add_two(struct judgement *, const struct dkim_look *);

void dkim_add_loop(const struct dkim_looks *, const struct dkim_look *);

/* A CNAME of another provider, asked for, with nothing behind it. */
void dkim_add_dangling(struct judgement *, const struct dkim_look *);

/* A TXT record that holds a CNAME's text. */
void dkim_add_text(const struct dkim_looks *, struct dkim_look *);

#endif

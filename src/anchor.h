/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ANCHOR_H
#define MXPROOF_ANCHOR_H
/*
 * Trust anchors: the built-in ones of the root, or those of a file.  Never
 * fetched.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct rr;

/* IANA's root keys as DS: KSK-2017 and KSK-2024. */
void anchor_builtin(struct arena *, struct rr **out, size_t *n);

/*
 * DS and DNSKEY records of a file in zone-file syntax (comments,
 * parentheses, any zone name).  False with one line in error: unreadable,
 * not a record (file:line), another type, or no anchor at all.
 */
bool anchor_read(struct arena *, const char *path, struct rr **out, size_t *n,
    char *error, size_t errorsize);

#endif

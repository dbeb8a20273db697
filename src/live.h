/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_LIVE_H
#define MXPROOF_LIVE_H
/*
 * What a live run needs of this machine (loop, resolver, clock, host name)
 * and of the options (trust anchors), opened once; then evidence of one
 * domain after another.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evidence;
struct live;
struct mail_message;
struct memo;
struct options;

/*
 * The message (of --message, or NULL) must outlive it.  NULL with one line
 * in error when this machine or a file is at fault.
 */
struct live *live_open(const struct options *, const struct mail_message *,
    char *error, size_t errorsize);
void live_close(struct live *);

/*
 * Collect the evidence of a domain's mail, or, with a type, of that one
 * question; never NULL.  The memo may be.
 */
struct evidence *live_collect(struct live *, const uint8_t *domain,
    uint16_t lookup, const char *input, struct memo *);

#endif

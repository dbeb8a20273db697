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
struct loop;
struct mail_message;
struct overlay;
struct memo;
struct options;
struct store;

/*
 * The message (of --message, or NULL), the overlay (or NULL), which outlives
 * the evidence too, and the memo (or NULL) must outlive it.
 * NULL with one line in error when this machine or a file is at fault.  The
 * limit of descriptors is raised as far as it goes.
 */
struct live *live_open(const struct options *, const struct mail_message *,
    const struct overlay *, struct memo *, char *error, size_t errorsize);
void live_close(struct live *);

struct loop *live_loop(const struct live *);
struct store *live_store(const struct live *);

/* How many sessions there may be at a time. */
unsigned live_sessions(const struct live *);

/*
 * Begin to collect the evidence of a domain's mail, or, with a type, of that
 * one question; many at once.  done is called from the loop when all is
 * there; the evidence is the caller's then, and not to be touched before.
 */
struct evidence *live_start(struct live *, const uint8_t *domain,
    uint16_t lookup, const char *input, void (*done)(void *arg), void *arg);

/* The same, and wait for it; never NULL. */
struct evidence *live_collect(struct live *, const uint8_t *domain,
    uint16_t lookup, const char *input);

#endif

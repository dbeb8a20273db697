/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_DKIM_GUESS_H
#define MXPROOF_DKIM_GUESS_H
/*
 * Selectors that well-known providers and programs give to everybody.  A
 * domain's selectors cannot be enumerated from DNS; these can be tried.
 */
#include <stddef.h>

struct dkim_guess {
	const char	*selector;
	const char	*provider;	/* whose it usually is */
};

/* The table; *n rows. */
const struct dkim_guess *dkim_guesses(size_t *n);

/* A selector that nobody uses: what stands there is a wildcard's. */
#define DKIM_GUESS_CONTROL "mxproof-no-such-selector"

#endif

/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OPTIONS_VALUE_H
#define MXPROOF_OPTIONS_VALUE_H
/*
 * Values of options, read from their arguments: a part of options.c.  Each
 * returns false after a complaint.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options;

/* Where the message of what is wrong goes. */
struct complaint {
	char	*text;
	size_t	 size;
};

/* One line, and nothing for the terminal to interpret; returns false. */
bool complain(struct complaint *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Digits only, within the bounds; says nothing. */
bool number_parse(const char *, int64_t min, int64_t max, int64_t *out);

bool option_resolver(struct options *, const char *, struct complaint *);
bool option_selector(struct options *, const char *, struct complaint *);
bool option_initial(struct options *, const char *, struct complaint *);
bool option_helo(struct options *, const char *, struct complaint *);
bool option_at(struct options *, const char *, struct complaint *);
bool option_require(struct options *, const char *, struct complaint *);
bool option_stages(struct options *, const char *, struct complaint *);
bool option_shard(struct options *, const char *, struct complaint *);

#endif

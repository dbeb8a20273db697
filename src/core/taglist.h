/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_TAGLIST_H
#define MXPROOF_TAGLIST_H
/*
 * Tag lists, "v=DKIM1; k=rsa; p=…" (RFC 6376 3.2): the form of DKIM keys,
 * DMARC and TLS-RPT records.  Names and values only; what they mean is
 * their readers' business.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { TAGLIST_MAX = 64 };

struct tag {
	const char	*name;		/* as written: case matters */
	const char	*value;		/* without white space at its ends */
	size_t		 valuelen;	/* any octet inside, with error */
};

struct taglist {
	struct tag	*tags;
	size_t		 ntags;
	const char	*error;		/* static text; NULL = well-formed */
	const char	*odd;		/* the first name that is none; or NULL */
};

/*
 * Split a tag list.  False with error set when it is none; tags then holds
 * what was read before the fault.  A name that RFC 6376 3.2 does not have
 * ("x-note", "2nd") is kept, and told: it says that unknown tags MUST be
 * ignored, and so do readers, whatever the name.
 */
bool taglist_parse(struct arena *, const char *text, size_t len,
    struct taglist *out);

/* The tag of that name, or NULL. */
const struct tag *taglist_find(const struct taglist *, const char *name);

/* The tag's value is exactly this text. */
bool tag_is(const struct tag *, const char *text);

/*
 * The next item of a colon-separated value, trimmed; start with *at = 0.
 * False behind the last one.
 */
bool tag_next(const struct tag *, size_t *at, const char **item,
    size_t *itemlen);

#endif

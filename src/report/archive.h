/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_ARCHIVE_H
#define MXPROOF_ARCHIVE_H
/*
 * The evidence file, version 1: evidence to JSON and back (the format is
 * described in mxproof-evidence(5)).  Nothing is judged here, and nothing of
 * the evidence is lost: what is read and written again is the same text.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct evidence;

enum {
	ARCHIVE_VERSION = 1,
	ARCHIVE_OBJECT_MAX = 64 * 1024 * 1024,	/* octets of one domain */
	ARCHIVE_DNS_MAX = 10000,		/* observations of one domain */
	ARCHIVE_SMTP_MAX = 2000,
	ARCHIVE_ERROR_MAX = 512
};

/* One JSON object, indented or on one line, ending in a newline. */
char *archive_write(struct arena *, const struct evidence *, bool indent);

/*
 * Read the next object of a file (one indented object, or JSON Lines).
 * *consumed octets were used, white space behind the object included.
 * evidence_free is the caller's.  False: error says what is wrong and
 * where, as "dns[3].answer[1]: not a record: bad TTL".
 */
bool archive_read(const char *text, size_t len, size_t *consumed,
    struct evidence **out, char error[ARCHIVE_ERROR_MAX]);

#endif

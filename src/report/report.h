/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_REPORT_H
#define MXPROOF_REPORT_H
/*
 * A judgement in, bytes out.  A report reads the judgement and its options
 * and nothing else (no clock, no environment, no locale): the same judgement
 * gives the same bytes, live and replayed.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct baseline;
struct comparison;
struct judgement;
struct lookup;

struct report_options {
	bool		 color;		/* SGR sequences */
	bool		 utf8;		/* marks outside ASCII */
	unsigned	 width;		/* columns; 0 = 80 */
	bool		 quiet;		/* the verdict line only */
	bool		 verbose;	/* OK findings, transcripts, chain */
	bool		 indent;	/* JSON on many lines */
	const char	*domain_unicode; /* U-labels, or NULL */
	const struct overlay *certs_of; /* whose certificates, or NULL, … */
	bool		 *met;		/* … were those of an MX host */
	const struct baseline *baseline; /* an earlier report; or NULL */
	const struct comparison *comparison; /* this one beside it */
};

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_RECORDS };

/* The report in the arena, ending in a newline; never empty. */
char *report_write(struct arena *, enum report_format,
    const struct judgement *, const struct report_options *);

/* The same of one question. */
char *report_write_lookup(struct arena *, enum report_format,
    const struct lookup *, const struct report_options *);

/* "text", "json", "records"; false when there is no such format. */
bool report_format_from_text(const char *, enum report_format *);

/* The reporters. */
char *report_text(struct arena *, const struct judgement *,
    const struct report_options *);
char *report_json(struct arena *, const struct judgement *,
    const struct report_options *);

char *report_records(struct arena *, const struct judgement *,
    const struct report_options *);

char *report_lookup_records(struct arena *, const struct lookup *,
    const struct report_options *);
char *report_lookup_text(struct arena *, const struct lookup *,
    const struct report_options *);
char *report_lookup_json(struct arena *, const struct lookup *,
    const struct report_options *);

/* The "input" of one line of JSON reports; false when it is none. */
bool report_line_input(struct arena *, const char *line, size_t len,
    const char **input);

/* A line of input as the member "input" will have it. */
const char *report_input(struct arena *, const char *input);

/* In the place of a JSON report: a line of a list that is no domain. */
char *report_bad_line(struct arena *, const char *input, size_t number,
    const char *error);

/*
 * The catalogue itself: every finding there is and what it means for which
 * sender; grouped by stage, or as a JSON array in the catalogue's order.
 */
char *report_findings_text(struct arena *, const struct report_options *);
char *report_findings_json(struct arena *);

#endif

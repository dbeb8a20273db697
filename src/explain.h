/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_EXPLAIN_H
#define MXPROOF_EXPLAIN_H
/*
 * mxproof explain: what a finding or a sender's code means and what to do,
 * from the catalogue and a table of codes.  Asks nobody, reads no file.
 */
struct options;
struct report_options;

/* Explains the operands, all or none; returns the exit status. */
int explain_run(const struct options *, const struct report_options *);

#endif

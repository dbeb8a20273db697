/* SPDX-License-Identifier: ISC */
#include "options.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 30 };

static size_t
help_row(const struct option_row *row, char *buf, size_t size)
{
	char left[64];
	size_t n = 0;

	snprintf(left, sizeof left, "  %c%c%c --%s%s%s",
	    row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
	    row->letter ? ',' : ' ', row->name, row->argument ? " " : "",
	    row->argument ? row->argument : "");
	n += (size_t)snprintf(buf, size, "%-*s", HELP_COLUMN - 1, left);
	/* A long name has its text on the next line. */
	if (strlen(left) > HELP_COLUMN - 2)
		n += (size_t)snprintf(
		    buf + n, size - n, "\n%*s", HELP_COLUMN - 1, "");
	for (const char *p = row->help; *p != '\0'; p++) {
		n += (size_t)snprintf(buf + n, size - n, "%c", *p);
		if (*p == '\n')
			n += (size_t)snprintf(
			    buf + n, size - n, "%*s", HELP_COLUMN - 1, "");
	}
	n += (size_t)snprintf(buf + n, size - n, "\n");
	return n;
}

const char *
options_help(void)
{
	static const char *const heads[] = {
		[OPTION_ASKING] = "What is asked",
		[OPTION_WHATIF] = "What is not published yet",
		[OPTION_JUDGING] = "How it is judged",
		[OPTION_PRINTING] = "How it is printed",
		[OPTION_MANY] = "Many domains",
		[OPTION_OTHER] = "Recording and the program",
	};
	static char text[8192];
	size_t n, nrows;
	const struct option_row *rows = options_table(&nrows);

	n = (size_t)snprintf(text, sizeof text, "%s",
	    "Usage: mxproof [OPTION]... DOMAIN...\n"
	    "       mxproof [OPTION]... --replay FILE [DOMAIN]...\n"
	    "       mxproof [OPTION]... lookup NAME TYPE\n"
	    "       mxproof explain FINDING|CODE...\n"
	    "       mxproof --list-findings [--format FORMAT]\n"
	    "What a sending mail server would do with mail for a domain, and "
	    "why.\n");
	for (int kind = OPTION_ASKING; kind <= OPTION_OTHER; kind++) {
		n += (size_t)snprintf(
		    text + n, sizeof text - n, "\n%s:\n", heads[kind]);
		for (size_t i = 0; i < nrows; i++)
			if ((int)rows[i].kind == kind)
				n += help_row(
				    &rows[i], text + n, sizeof text - n);
	}
	snprintf(text + n, sizeof text - n, "%s",
	    "\nExit status:\n  0  nothing at or above --fail-on was found\n"
	    "  1  something at or above --fail-on was found\n"
	    "  2  wrong usage, unreadable input, or a fault of this machine\n"
	    "  3  could not tell\n");
	return text;
}

/* SPDX-License-Identifier: ISC */
/* Parse, run, judge, report, exit status; no other thought. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/arena.h"
#include "explain.h"
#include "options.h"
#include "report/report.h"
#include "session.h"

static void
out_of_memory(void)
{
	static const char text[] = "mxproof: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		abort();
	_exit(EXIT_TROUBLE);
}

/*
 * A descriptor that the caller closed would be given to the next file or
 * socket.  Each gets what fails as a closed one does.
 */
static void
fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_TROUBLE);
}

/* Columns of the terminal; 80 where there is none. */
static unsigned
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long n = columns != NULL ? strtol(columns, NULL, 10) : 0;

	if (n <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		n = size.ws_col;
	if (n <= 0)
		return 80;
	return n < 40 ? 40 : n > 400 ? 400 : (unsigned)n;
}

/* https://no-color.org: set and not empty means none. */
static bool
wants_color(enum options_color color)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) &&
	    (no_color == NULL || no_color[0] == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

static int
finish(int status)
{
	bool failed =
	    ferror(stdout) != 0; /* some time ago, and who knows why */

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return status;
	fprintf(stderr, "mxproof: cannot write the report%s%s\n",
	    errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	return EXIT_TROUBLE;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct report_options report = { 0 };
	enum options_action action;
	char error[512];
	int status = EXIT_GOOD;

	fill_descriptors();
	arena_out_of_memory = out_of_memory;
	setlocale(LC_CTYPE, "");
	action = options_parse(argc, argv, &o, error, sizeof error);
	report.color = wants_color(o.color);
	report.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	report.width = terminal_width();
	report.quiet = o.quiet;
	report.verbose = o.verbose;
	switch (action) {
	case OPTIONS_USAGE:
		fprintf(stderr, "mxproof: %s\n", error);
		status = EXIT_TROUBLE;
		break;
	case OPTIONS_HELP:
		fputs(options_help(), stdout);
		break;
	case OPTIONS_VERSION:
		puts(PACKAGE_STRING);
		break;
	case OPTIONS_LIST_FINDINGS:
		fputs(o.format == FORMAT_JSON
			? report_findings_json(o.mem)
			: report_findings_text(o.mem, &report),
		    stdout);
		break;
	case OPTIONS_EXPLAIN:
		status = explain_run(&o, &report);
		break;
	case OPTIONS_LOOKUP:
	case OPTIONS_RUN:
		status = session_run(&o, &report, action == OPTIONS_LOOKUP);
		break;
	}
	options_free(&o);
	return finish(status);
}

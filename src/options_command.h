/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_OPTIONS_COMMAND_H
#define MXPROOF_OPTIONS_COMMAND_H
/*
 * Which command a command line is, and what that command does not take.
 * Commands share the first operand's place.
 */
#include <stdbool.h>
#include <stddef.h>

#include "options.h"

/*
 * The command; its name leaves the operands.  given: argv as it was before
 * getopt moved the operands to the end; seen: by row of the table.
 * OPTIONS_USAGE with a line in error when the command rejects an option or
 * an operand.
 */
enum options_action command_find(struct options *, char **given,
    const bool *seen, char *error, size_t errorsize);

#endif

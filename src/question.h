/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_QUESTION_H
#define MXPROOF_QUESTION_H
/*
 * The question of mxproof lookup, as it is written on the command line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"

struct question {
	uint8_t		 name[NAME_WIRE_MAX];	/* lower case */
	uint16_t	 type;			/* 0 = no question */
};

/*
 * Any name of the DNS, escapes and U-labels included, with or without its
 * final dot; a type's name or TYPEn.  False with one line in error.
 */
bool question_parse(const char *name, const char *type, struct question *,
    char *error, size_t errorsize);

#endif

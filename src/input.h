/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_INPUT_H
#define MXPROOF_INPUT_H
/* A file that is read whole. */
#include <stddef.h>

/*
 * Its octets, or those of standard input for "-"; to be freed.  NULL and
 * errno when it cannot be read, or is over 256 MiB.
 */
char *input_read(const char *path, size_t *len);

#endif

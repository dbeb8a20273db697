/* SPDX-License-Identifier: ISC */
#ifndef MXPROOF_MESSAGE_FILE_H
#define MXPROOF_MESSAGE_FILE_H
/* A received message from a file, for --message. */
#include <stddef.h>

struct arena;
struct mail_message;

/*
 * Read the header of the message in a file, "-" for standard input; nothing
 * behind it is looked at.  *from is the domain of its From field as written,
 * NULL where that has none or several.  NULL with one line in error when the
 * file cannot be read or is no message.
 */
struct mail_message *message_file_read(struct arena *, const char *path,
    const char **from, char *error, size_t errorsize);

#endif

/* SPDX-License-Identifier: ISC */
#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 256 * 1024 * 1024 };

char *
input_read(const char *path, size_t *len)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *text = NULL;
	size_t size = 0, n;

	*len = 0;
	if (f == NULL)
		return NULL;
	do {
		if (*len == size) {
			char *more;

			size = size ? 2 * size : 65536;
			more = size > INPUT_MAX ? NULL : realloc(text, size);
			if (more == NULL) {
				errno = EFBIG;
				free(text);
				text = NULL;
				break;
			}
			text = more;
		}
		n = fread(text + *len, 1, size - *len, f);
		*len += n;
	} while (n > 0);
	if (text != NULL && ferror(f)) {
		free(text);
		text = NULL;
	}
	if (f != stdin)
		fclose(f);
	return text;
}

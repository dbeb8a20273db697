/* SPDX-License-Identifier: ISC */
/* Tag lists of RFC 6376 3.2. */
#include "core/taglist.h"

#include "core/arena.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *input;
	const char *want; /* "name[value]..." or "!error" */
} tests[] = {
	{ "one", "v=DKIM1", "v[DKIM1]" },
	{ "three", "v=DKIM1; k=rsa; p=ab+/=", "v[DKIM1]k[rsa]p[ab+/=]" },
	{ "final semicolon", "a=1;b=2;", "a[1]b[2]" },
	{ "white space", " a = 1 ;\t b\r\n =  x  y ; ", "a[1]b[x  y]" },
	{ "empty value", "p=", "p[]" },
	{ "case of names", "A=1; a=2", "A[1]a[2]" },
	{ "underscore, digits", "a_9=1", "a_9[1]" },
	{ "nothing", "", "!nothing in it" },
	{ "only space", "  ", "!nothing in it" },
	{ "empty tag", "a=1;;b=2", "!an empty tag between two semicolons" },
	{ "only a semicolon", ";", "!an empty tag between two semicolons" },
	{ "no equals", "a=1; b", "!a part without \"=\"" },
	{ "no name", "=1", "!a tag name with a character that is not allowed" },
	{ "digit first", "1a=1", "1a[1]odd 1a" },
	{ "hyphen first", "-b=1",
	    "!a tag name with a character that is not allowed" },
	{ "dot", "a.b=1", "a.b[1]odd a.b" },
	{ "underscore first", "_a=1",
	    "!a tag name with a character that is not allowed" },
	{ "the first of two is told", "a=1; b-=2; c-=3", "a[1]b-[2]c-[3]odd b-" },
	{ "space in a name", "a b=1",
	    "!a tag name with a character that is not allowed" },
	{ "octets over 127 in a name", "a\303\244=1",
	    "!an octet that is not printable ASCII" },
	{ "quoted", "\"a=1\"",
	    "!a tag name with a character that is not allowed" },
	{ "hyphen", "a=1; x-b=2; y-c=3", "a[1]x-b[2]y-c[3]odd x-b" },
	{ "hyphen in a value", "a=x-y", "a[x-y]" },
	{ "final semicolon and space", "a=1; \r\n ", "a[1]" },
	{ "two final semicolons", "a=1;;",
	    "!an empty tag between two semicolons" },
	{ "semicolon first", ";a=1", "!an empty tag between two semicolons" },
	{ "equals in a value", "a=b=c==", "a[b=c==]" },
	{ "octets over 127 in a value", "a=\303\244",
	    "!an octet that is not printable ASCII" },
	{ "DEL", "a=\177", "!an octet that is not printable ASCII" },
	{ "a bell", "a=1; b=\a", "!an octet that is not printable ASCII" },
	{ "the last of printables", "a=~!", "a[~!]" },
	{ "twice, values alike", "a=1; a=1", "!the same tag twice" },
	{ "twice, one empty", "a=; a=1", "!the same tag twice" },
	{ "twice", "a=1; b=2; a=1", "!the same tag twice" },
};

static const struct {
	const char *input;
	const char *want;
} lists[] = {
	{ "a=y:s", "y|s|" },
	{ "a= y : s ", "y|s|" },
	{ "a=", "|" },
	{ "a=y:", "y||" },
	{ "a=:", "||" },
	{ "a=:y", "|y|" },
	{ "a=\r\n y \t:\r\n\ts", "y|s|" },
	{ "a=y s", "y s|" },
};

static const char *
shown(struct arena *mem, const struct taglist *list)
{
	char *text = arena_strdup(mem, "");

	if (list->error != NULL)
		return arena_printf(mem, "!%s", list->error);
	for (size_t i = 0; i < list->ntags; i++)
		text = arena_printf(mem, "%s%s[%s]", text, list->tags[i].name,
		    list->tags[i].value);
	if (list->odd != NULL)
		text = arena_printf(mem, "%sodd %s", text, list->odd);
	return text;
}

static void
test_items(struct arena *mem, const char *input, const char *want)
{
	struct taglist list;
	const char *item;
	size_t at = 0, len;
	char *text = arena_strdup(mem, "");

	taglist_parse(mem, input, strlen(input), &list);
	while (tag_next(&list.tags[0], &at, &item, &len))
		text = arena_printf(mem, "%s%.*s|", text, (int)len, item);
	is(text, want, input);
}

/* However long the input: bounded, and an error. */
static void
test_many(struct arena *mem)
{
	struct taglist list;
	char *text = arena_strdup(mem, "a=1");

	for (int i = 0; i < 100; i++)
		text = arena_printf(mem, "%s;t%d=x", text, i);
	ok(!taglist_parse(mem, text, strlen(text), &list), "too many tags");
	ok(list.ntags == TAGLIST_MAX, "the rest is not kept");
	ok(!taglist_parse(mem, "\0a=1", 4, &list), "NUL in a name");
	ok(!taglist_parse(mem, "a=x\0y", 5, &list) && list.tags[0].valuelen == 3 &&
		memcmp(list.tags[0].value, "x\0y", 4) == 0,
	    "NUL in a value is kept");
	ok(taglist_find(&list, "b") == NULL, "not there");
	ok(!tag_is(taglist_find(&list, "a"), "x"), "compared in full");
}

int
main(void)
{
	struct arena *mem = arena_new();

	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		struct taglist list;

		taglist_parse(
		    mem, tests[i].input, strlen(tests[i].input), &list);
		is(shown(mem, &list), tests[i].want, tests[i].name);
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		test_items(mem, lists[i].input, lists[i].want);
	test_many(mem);
	arena_free(mem);
	return tap_done();
}

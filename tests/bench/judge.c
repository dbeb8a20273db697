/* SPDX-License-Identifier: ISC */
/*
 * What a domain costs besides waiting: the recording that is named is read,
 * judged without and with a memo that knows its signatures, its validity
 * found, and its report written.
 */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "core/arena.h"
#include "core/evidence.h"
#include "core/judge.h"
#include "core/memo.h"
#include "core/path.h"
#include "core/proof.h"
#include "core/validity.h"
#include "report/archive.h"
#include "report/report.h"

struct recording {
	char *text;
	size_t len;
	struct evidence *ev;
	struct memo *memo;
	struct arena *mem;
	struct judgement *j;	/* with its validity */
};

static void
fail(const char *what)
{
	fprintf(stderr, "judge: %s\n", what);
	exit(1);
}

static struct evidence *
read_one(const struct recording *r)
{
	char error[ARCHIVE_ERROR_MAX];
	struct evidence *ev;
	size_t used;

	if (!archive_read(r->text, r->len, &used, &ev, error))
		fail(error);
	return ev;
}

static void
run_read(void *arg)
{
	evidence_free(read_one(arg));
}

static struct judgement *
judged(struct recording *r, struct arena *mem, struct memo *memo)
{
	struct judge_options options = { .at = r->ev->collected_at };

	return judge(mem, path_walk(mem, r->ev),
	    proofs_new(mem, r->ev, memo), &options);
}

static void
run_judge(void *arg)
{
	struct arena *mem = arena_new();

	judged(arg, mem, NULL);
	arena_free(mem);
}

static void
run_memo(void *arg)
{
	struct recording *r = arg;
	struct arena *mem = arena_new();

	judged(r, mem, r->memo);
	arena_free(mem);
}

static void
run_validity(void *arg)
{
	struct recording *r = arg;
	struct arena *mem = arena_new();

	validity_find(judged(r, mem, r->memo));
	arena_free(mem);
}

static void
run_report(void *arg)
{
	struct recording *r = arg;
	struct report_options options = { .width = 80 };
	struct arena *mem = arena_new();

	report_write(mem, REPORT_TEXT, r->j, &options);
	arena_free(mem);
}

static void
read_file(struct recording *r, const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		fail(path);
	do {
		r->text = realloc(r->text, r->len + 65536);
		if (r->text == NULL)
			fail("out of memory");
		n = fread(r->text + r->len, 1, 65536, f);
		r->len += n;
	} while (n > 0);
	fclose(f);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = { "read the recording",
		"judge it", "the same, its signatures known",
		"judge it, find its validity, known",
		"write the text report" };
	struct recording r = { .len = 0 };
	struct bench b[] = { { .run = run_read, .arg = &r },
		{ .run = run_judge, .arg = &r },
		{ .run = run_memo, .arg = &r },
		{ .run = run_validity, .arg = &r },
		{ .run = run_report, .arg = &r } };

	if (argc != 2)
		fail("the path of a recording is needed");
	read_file(&r, argv[1]);
	r.ev = read_one(&r);
	evidence_sort(r.ev);
	r.memo = memo_new();
	r.mem = arena_new();
	r.j = judged(&r, r.mem, r.memo);
	validity_find(r.j);
	bench_run(b, sizeof b / sizeof *b, 20);
	printf("%s: %zu questions, %u signatures\n", argv[1], r.ev->ndns,
	    proofs_verifications(r.j->proofs));
	for (size_t i = 0; i < sizeof b / sizeof *b; i++)
		printf("%-40s %10.1f us\n", names[i], b[i].best_us);
	arena_free(r.mem);
	memo_free(r.memo);
	evidence_free(r.ev);
	free(r.text);
	return 0;
}

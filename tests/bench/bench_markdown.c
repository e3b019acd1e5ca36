/*
 * How fast bodies become Markdown: the Body attributes of a Posts.xml, once
 * through the worker (parse, serialise, read back), once through
 * markdown_write(). Prints MB of HTML per second of CPU, the worker's
 * included.
 *
 *	bench_markdown Posts.xml [ROUNDS]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markdown.h"

enum { BATCH = 256 };

static double cpu_of(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

/* The five entities a dump uses, decoded; the rest as it is. */
static void decode(struct slice s, struct buf *out)
{
	static const struct {
		const char *from, *to;
	} table[] = {
		{ "&lt;", "<" },    { "&gt;", ">" },   { "&amp;", "&" },
		{ "&quot;", "\"" }, { "&#xA;", "\n" }, { "&#xD;", "" },
	};
	size_t i, j;

	for (i = 0; i < s.len; i++) {
		struct slice rest = slice_cut(s, i, s.len);

		for (j = 0; j < sizeof(table) / sizeof(table[0]); j++)
			if (slice_starts(rest, slice_of(table[j].from)))
				break;
		if (j < sizeof(table) / sizeof(table[0])) {
			buf_text(out, table[j].to);
			i += strlen(table[j].from) - 1;
		} else {
			buf_byte(out, s.at[i]);
		}
	}
}

struct bodies {
	struct slice *at;
	size_t count, cap, bytes;
};

static void collect(struct slice xml, struct bodies *b)
{
	static const char mark[] = " Body=\"";
	const char *at = xml.at, *end = xml.at + xml.len;

	while ((at = memchr(at, ' ', (size_t)(end - at)))) {
		struct slice s = { at, (size_t)(end - at) };
		struct buf body = BUF_INIT(LIMIT_BODY);

		if (!slice_starts(s, slice_of(mark))) {
			at++;
			continue;
		}
		s = slice_cut(s, sizeof(mark) - 1, s.len);
		s = slice_cut(s, 0, slice_find(s, '"'));
		decode(s, &body);
		at = s.at + s.len;
		b->at = memory_room(b->at, b->count, &b->cap, sizeof(*b->at));
		b->at[b->count++] = buf_slice(&body);
		b->bytes += body.len;
	}
}

static void report(const char *what, size_t bytes, double seconds)
{
	printf("%-28s %8.1f MB/s of CPU\n", what,
	       (double)bytes / 1e6 / (seconds > 0 ? seconds : 1e-9));
}

int main(int argc, char **argv)
{
	struct bodies b = { 0 };
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct markup trees[BATCH];
	struct fault faults[BATCH], f;
	struct buf out = BUF_INIT(LIMIT_TEXT);
	bool ok[BATCH];
	double parse = 0, write = 0, from;
	size_t made = 0, i, j;
	int64_t rounds = 5;
	char *xml;
	size_t len;

	if (argc < 2 || !file_read(argv[1], 1 << 30, &xml, &len, &f)) {
		fprintf(stderr, "usage: bench_markdown Posts.xml [ROUNDS]\n");
		return 2;
	}
	if (argc > 2)
		slice_number(slice_of(argv[2]), &rounds);
	collect((struct slice){ xml, len }, &b);
	for (int64_t round = 0; round < rounds; round++) {
		for (i = 0; i < b.count; i += BATCH) {
			size_t n = b.count - i < BATCH ? b.count - i : BATCH;

			from = cpu_of(RUSAGE_SELF);
			if (!markup_parse_many(p, b.at + i, n, &a, trees, ok,
			                       faults, &f)) {
				fprintf(stderr, "%s\n", f.text);
				return 1;
			}
			parse += cpu_of(RUSAGE_SELF) - from;
			from = cpu_of(RUSAGE_SELF);
			for (j = 0; j < n; j++) {
				buf_reset(&out);
				if (ok[j])
					markdown_write(&trees[j],
					               (struct slice){ 0 },
					               &out);
				made += out.len;
			}
			write += cpu_of(RUSAGE_SELF) - from;
			arena_reset(&a);
		}
	}
	markup_parser_free(p);
	from = cpu_of(RUSAGE_CHILDREN);
	printf("%zu bodies, %.1f MB, %zu bytes of Markdown\n", b.count,
	       (double)b.bytes / 1e6, made / (size_t)rounds);
	report("parsing (worker)", b.bytes * (size_t)rounds, from);
	report("asking and reading back", b.bytes * (size_t)rounds, parse);
	report("both", b.bytes * (size_t)rounds, parse + from);
	report("markdown_write", b.bytes * (size_t)rounds, write);
	report("all", b.bytes * (size_t)rounds, parse + from + write);
	return 0;
}

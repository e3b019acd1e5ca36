/* Bytes as a segment file whose checksums are believed, searched on every path:
 * whatever the lists are, nothing is read outside of them. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "kb/dictionary.h"
#include "kb/engine.h"
#include "kb/index_file.h"
#include "kb/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TERMS_MOST = 6, PASSAGES_MOST = 1 << 16, RESULTS = 20 };

/* A query of the segment's own first terms, and some that many have. */
static void query_of(const struct segment *s, struct buf *text)
{
	struct term_walk w;
	struct fault f;
	bool more = true;
	int i;

	buf_text(text, "nginx disk the error ");
	term_walk_start(&w, s);
	for (i = 0; i < TERMS_MOST; i++) {
		if (!term_walk_next(&w, &more, &f) || !more)
			return;
		buf_add(text, w.term);
		buf_byte(text, ' ');
	}
}

static void ask(const struct index *x, struct searcher *searcher,
                struct analyzer *analyzer, struct slice text, bool plain)
{
	struct search_query q = { .text = text, .k = RESULTS, .plain = plain };
	struct search_result r;
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t i;

	for (i = 0; search_path_name(i); i++)
		if (search_path(search_path_name(i)))
			(void)!search(searcher, x, analyzer, &reader_all, &q,
			              &a, &r, &f);
	arena_release(&a);
}

static void search_all(struct segment *s)
{
	struct searcher *searcher = searcher_new();
	struct buf text = BUF_INIT(LIMIT_QUERY);
	struct segment *segments[] = { s };
	struct index x = { .segments = segments, .opened = 1 };
	struct analyzer *analyzer;
	struct fault f;

	if (!analyzer_new(&analyzer, SLICE("plain"), &f))
		abort();
	x.manifest.facts.analyzer = analyzer_line(analyzer);
	x.manifest.facts.weights = index_weights_default;
	x.manifest.facts.weights.average[FIELD_BODY] = 50;
	query_of(s, &text);
	ask(&x, searcher, analyzer, buf_slice(&text), false);
	ask(&x, searcher, analyzer, buf_slice(&text), true);
	analyzer_free(analyzer);
	buf_release(&text);
	searcher_free(searcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };
	struct segment *s;
	struct fault f;

	if (!segment_open_bytes(&s, bytes, true, &f))
		return 0;
	if (segment_count(s) <= PASSAGES_MOST)
		search_all(s);
	segment_close(s);
	return 0;
}

/* Snippets, case by case: what is marked stands in [], what was left out at
 * either end is an ellipsis. */

#include "kb/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"

struct snippet_case {
	const char *query, *markdown;
	size_t columns;
	const char *want;
};

static const struct snippet_case cases[] = {
	{ "disk full", "The disk is full.", 80, "The [disk] is [full]." },
	/* The same words by the analyzer, not by their letters. */
	{ "crash", "Crashing pods crashed. Crashes.", 80,
	  "[Crashing] pods [crashed]. [Crashes]." },
	{ "log", "a logical catalog", 80, "a logical catalog" },
	/* Marks of Markdown are gone, code stays. */
	{ "restart", "Use **restart**:\n\n```bash\nsystemctl restart x\n```\n",
	  80, "Use [restart]: systemctl [restart] x" },
	/* Nothing to mark: how it begins. */
	{ "absent", "one two three four five six", 14, "one two three…" },
	{ "absent", "", 14, "" },
	/* The stretch with most terms wins, from a sentence's start. */
	{ "lock state",
	  "A lock is a thing. It goes on about this and that at length, "
	  "without need. Remove the state lock by hand. Then go on.",
	  40, "…Remove the [state] [lock] by hand. Then go…" },
	/* No sentence near: from a word. */
	{ "needle",
	  "hay hay hay hay hay hay hay hay hay hay hay hay needle hay hay hay",
	  24, "…hay hay [needle] hay hay…" },
	/* A line starts like a sentence does. */
	{ "refused",
	  "first line\nsecond line is long enough\nconnection refused", 20,
	  "…connection [refused]" },
	/* Where a line ends that is no sentence, it is shown. */
	{ "pod",
	  "Pod errors\n\n- none\n\n```\nkubectl get pod\nexit "
	  "0\n```\n\nGood.\nGo "
	  "on.",
	  80,
	  "[Pod] errors ⏎ none ⏎ kubectl get [pod] ⏎ exit 0 ⏎ Good. Go on." },
	{ "two", "one\ntwo\nthree\nfour five six seven", 14,
	  "…[two] ⏎ three…" },
	/* A paragraph that was only wrapped has no such ends. */
	{ "line",
	  "This is a line of a paragraph that somebody wrapped\nhere, for "
	  "all to see",
	  90,
	  "This is a [line] of a paragraph that somebody wrapped here, for "
	  "all to see" },
	/* Wide characters take two columns and may be cut anywhere. */
	{ "反向代理", "使用nginx反向代理后端服务", 80,
	  "使用nginx[反向代理]后端服务" },
	{ "代理", "使用反向代理后端服务很多很多", 12, "…反向[代理]后端…" },
	{ "디스크", "서버의 디스크가 가득", 80, "서버의 [디스크]가 가득" },
	/* A verbatim token is marked whole, and its parts elsewhere. */
	{ "error.log", "see /var/log/nginx/error.log now", 80,
	  "see /var/[log]/nginx/[error.log] now" },
};

struct marked {
	struct slice text;
	struct slice terms[64];
	double weights[64];
	size_t count;
};

static bool add_term(void *self, const struct token *t)
{
	struct marked *m = self;

	m->terms[m->count] =
	        (struct slice){ memory_copy(t->text.at, t->text.len),
		                t->text.len };
	m->weights[m->count++] = 1;
	return m->count < 64;
}

static void write_marked(struct buf *out, const struct snippet *s)
{
	size_t i, at = 0;

	if (s->head)
		buf_text(out, "…");
	for (i = 0; i < s->mark_count; i++) {
		buf_add(out, slice_cut(s->text, at, s->marks[i].from));
		buf_byte(out, '[');
		buf_add(out,
		        slice_cut(s->text, s->marks[i].from, s->marks[i].to));
		buf_byte(out, ']');
		at = s->marks[i].to;
	}
	buf_add(out, slice_cut(s->text, at, s->text.len));
	if (s->tail)
		buf_text(out, "…");
}

static void make(const char *query, struct slice markdown, size_t columns,
                 struct buf *out)
{
	struct analyzer *analyzer;
	struct arena a = ARENA_INIT;
	struct marked m = { .count = 0 };
	struct snippet_terms terms = { m.terms, m.weights, 0 };
	struct snippet s;
	struct fault f;

	assert_true(analyzer_new(&analyzer, slice_of(analyzer_default), &f));
	analyzer_run(analyzer, slice_of(query), add_term, &m);
	terms.count = m.count;
	snippet_make(markdown, &terms, analyzer, columns, &a, &s);
	assert_int_equal(utf8_valid(s.text), s.text.len);
	write_marked(out, &s);
	while (m.count)
		free((char *)(uintptr_t)m.terms[--m.count].at);
	arena_release(&a);
	analyzer_free(analyzer);
}

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = BUF_INIT(4096);

		make(cases[i].query, slice_of(cases[i].markdown),
		     cases[i].columns, &out);
		assert_string_equal(buf_string(&out), cases[i].want);
		buf_release(&out);
	}
}

/* Whatever the width, a snippet is text and no wider than asked. */
static void test_every_width(void **state)
{
	struct slice text = SLICE(
	        "a日本 e\xCC\x81 `x` 디스크 full 🙂🙂 disk\n- é\n");
	size_t columns;

	(void)state;
	for (columns = 0; columns < 40; columns++) {
		struct buf out = BUF_INIT(4096);

		make("disk 디스크", text, columns, &out);
		buf_release(&out);
	}
}

static void test_a_huge_passage_is_cut(void **state)
{
	size_t len = 4 << 20;
	char *text = memory_new(len, 1);
	struct buf out = BUF_INIT(4096);

	(void)state;
	memset(text, 'w', len);
	for (size_t i = 3; i < len; i += 4)
		text[i] = ' ';
	make("www", (struct slice){ text, len }, 20, &out);
	assert_string_equal(buf_string(&out), "[www] [www] [www] [www] [www]…");
	buf_release(&out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_width),
		cmocka_unit_test(test_a_huge_passage_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The analyzer: readable cases by theme, then what cases cannot show. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "kb/analyzer.h"

static struct analyzer *analyzer_of(const char *line)
{
	struct analyzer *a = NULL;
	struct fault f = { 0 };

	if (!analyzer_new(&a, slice_of(line), &f))
		fail_msg("'%s': %s", line, f.text);
	return a;
}

/* " nginx +beside", as the case files write it. */
static bool note(void *self, const struct token *t)
{
	struct buf *out = self;

	buf_text(out, t->flags & TOKEN_BESIDE ? " +" : " ");
	buf_add(out, t->text);
	return true;
}

static const char *tokens_of(const char *line, struct slice text)
{
	static struct buf out;
	struct analyzer *a = analyzer_of(line);

	out.ceiling = 64 << 20;
	buf_reset(&out);
	analyzer_run(a, text, note, &out);
	analyzer_free(a);
	return buf_string(&out);
}

static void assert_tokens(const char *line, const char *text,
                          const char *expected)
{
	assert_string_equal(tokens_of(line, slice_of(text)), expected);
}

static size_t run_cases(const char *path, struct slice text)
{
	struct slice input = { 0 };
	size_t at = 0, cases = 0, wrong = 0;

	while (at < text.len) {
		size_t end =
		        at + slice_find(slice_cut(text, at, text.len), '\n');
		struct slice line = slice_cut(text, at, end);

		at = end + 1;
		if (slice_starts(line, SLICE("=>"))) {
			struct slice got =
			        slice_of(tokens_of(analyzer_default, input));

			line = slice_cut(line, 2, line.len);
			if (!slice_eq(got, line)) {
				print_error(
				        "%s: %.*s\n  want%.*s\n  got %.*s\n",
				        path, SLICE_ARG(input), SLICE_ARG(line),
				        SLICE_ARG(got));
				wrong++;
			}
			cases++;
		} else if (line.len && line.at[0] != '#') {
			input = line;
		}
	}
	assert_int_equal(wrong, 0);
	return cases;
}

static void test_cases(void **state)
{
	static const char *const themes[] = {
		"words", "stems",       "paths",   "options", "versions",
		"codes", "addresses",   "urls",    "pairs",   "cjk",
		"logs",  "identifiers", "scripts",
	};
	size_t i, cases = 0;

	(void)state;
	for (i = 0; i < sizeof(themes) / sizeof(*themes); i++) {
		struct fault f = { 0 };
		struct slice text = { 0 };
		char path[256], *bytes;

		snprintf(path, sizeof(path), TEST_DATA "/analyzer/%s.txt",
		         themes[i]);
		if (!file_read(path, 1 << 20, &bytes, &text.len, &f))
			fail_msg("%s: %s", path, f.text);
		text.at = bytes;
		cases += run_cases(themes[i], text);
		free(bytes);
	}
	assert_true(cases >= 150);
}

/*
 * "word library newer": the 57 words on which libstemmer 2.2 differs from the
 * vocabulary that Snowball publishes for English. `stem english` is the
 * library, `stem en` is ours: it agrees with the newer one.
 */
static void test_snowball_differences(void **state)
{
	struct fault f = { 0 };
	char word[64], library[64], newer[64], want[70], *text;
	const char *at, *end;
	int used, count = 0;
	size_t len;

	(void)state;
	assert_true(file_read(TEST_DATA "/analyzer/snowball-57", 1 << 16, &text,
	                      &len, &f));
	for (at = text, end = text + len;
	     at < end &&
	     sscanf(at, "%63s %63s %63s%n", word, library, newer, &used) == 3;
	     at += used + 1) {
		snprintf(want, sizeof(want), " %s", library);
		assert_tokens("plain | stem english", word, want);
		snprintf(want, sizeof(want), " %s", newer);
		assert_tokens("plain | stem en", word, want);
		count++;
	}
	assert_int_equal(count, 57);
	free(text);
}

static void test_plain(void **state)
{
	(void)state;
	assert_tokens("plain", "The Caf\xc3\xa9's v1.2, \xe4\xb8\xad Host_A",
	              " the caf s v1 2 host a");
}

static void test_line(void **state)
{
	struct analyzer *a = analyzer_of("  ops|fold |stop   en| stem en  ");

	(void)state;
	assert_true(slice_eq(analyzer_line(a),
	                     SLICE("ops | fold | stop en | stem en")));
	analyzer_free(a);
}

static void assert_refused(const char *line, const char *code)
{
	struct analyzer *a = NULL;
	struct fault f = { 0 };

	assert_false(analyzer_new(&a, slice_of(line), &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_string_equal(f.code, code);
}

static void test_bad_lines(void **state)
{
	char many[256] = "ops";
	int i;

	(void)state;
	assert_refused("", "analyzer-step");
	assert_refused("ops |", "analyzer-step");
	assert_refused("ops | nothing", "analyzer-step");
	assert_refused("fold", "analyzer-order");
	assert_refused("ops | plain", "analyzer-order");
	assert_refused("ops | stop", "analyzer-argument");
	assert_refused("ops | stop de", "analyzer-argument");
	assert_refused("ops | stem klingon", "analyzer-argument");
	assert_refused("ops | stem", "analyzer-argument");
	assert_refused("ops x", "analyzer-argument");
	assert_refused("plain x", "analyzer-argument");
	assert_refused("ops | fold x", "analyzer-argument");
	assert_refused("ops | cjk x", "analyzer-argument");
	for (i = 0; i < 16; i++)
		strncat(many, "|fold", sizeof(many) - strlen(many) - 1);
	assert_refused(many, "analyzer-long");
}

struct seen {
	struct token tokens[16];
	size_t count, stop_after;
};

static bool collect(void *self, const struct token *t)
{
	struct seen *seen = self;

	assert_true(seen->count < 16);
	seen->tokens[seen->count] = *t;
	seen->tokens[seen->count++].text = (struct slice){ 0 };
	return seen->count != seen->stop_after;
}

static void collect_from(struct seen *seen, const char *text)
{
	struct analyzer *a = analyzer_of(analyzer_default);

	analyzer_run(a, slice_of(text), collect, seen);
	analyzer_free(a);
}

static void assert_at(const struct seen *seen, size_t i, uint32_t position,
                      uint32_t from, uint32_t to, unsigned flags)
{
	assert_true(i < seen->count);
	assert_int_equal(seen->tokens[i].position, position);
	assert_int_equal(seen->tokens[i].from, from);
	assert_int_equal(seen->tokens[i].to, to);
	assert_int_equal(seen->tokens[i].flags, flags);
}

/* Dropped words leave a gap; parts share the position of the whole. */
static void test_positions(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	collect_from(&seen, "see the kube-proxy log");
	assert_int_equal(seen.count, 5);
	assert_at(&seen, 0, 0, 0, 3, 0);
	assert_at(&seen, 1, 2, 8, 18, TOKEN_VERBATIM);
	assert_at(&seen, 2, 2, 8, 12, TOKEN_BESIDE);
	assert_at(&seen, 3, 2, 13, 18, TOKEN_BESIDE);
	assert_at(&seen, 4, 3, 19, 22, 0);
}

/* Each character of a run is a position; what follows comes behind them. */
static void test_cjk_positions(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	collect_from(&seen, "\xe5\x8f\x8d\xe5\x90\x91 x");
	assert_int_equal(seen.count, 4);
	assert_at(&seen, 0, 0, 0, 3, 0);
	assert_at(&seen, 1, 0, 0, 6, TOKEN_BESIDE);
	assert_at(&seen, 2, 1, 3, 6, 0);
	assert_at(&seen, 3, 2, 7, 8, 0);
}

/* Folding changes lengths; offsets stay in the text as it came. */
static void test_folded_offsets(void **state)
{
	struct seen seen = { 0 };

	(void)state;
	collect_from(&seen, "\xef\xbc\xb8 \xef\xbd\xb6\xef\xbe\x9e y");
	assert_int_equal(seen.count, 3);
	assert_at(&seen, 0, 0, 0, 3, 0);
	assert_at(&seen, 1, 1, 4, 10, 0);
	assert_at(&seen, 2, 2, 11, 12, 0);
}

static void test_stops_early(void **state)
{
	struct seen seen = { .stop_after = 2 };

	(void)state;
	collect_from(&seen, "one two three four");
	assert_int_equal(seen.count, 2);
}

static bool check_length(void *self, const struct token *t)
{
	size_t *longest = self;

	assert_true(t->text.len <= TOKEN_MAX);
	if (t->text.len > *longest)
		*longest = t->text.len;
	return true;
}

static void test_long_tokens(void **state)
{
	static const char *const units[] = {
		"k",
		"1",
		"kB",
		"k.",
		"k/",
		"/k",
		"k://",
		"--k",
		"\xc3\xa9",
		"\xe4\xb8\xad",
		"\xef\xbd\xb6\xef\xbe\x9e",
		"x@y.z",
		"k:",
		"-",
		"k'b",
		"://k",
		"\xef\xb7\xba",
	};
	struct analyzer *a = analyzer_of(analyzer_default);
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct buf text = BUF_INIT(1 << 20);
		size_t longest = 0;

		for (j = 0; j < 50000; j++)
			buf_text(&text, units[i]);
		analyzer_run(a, buf_slice(&text), check_length, &longest);
		if (strcmp(units[i], "-"))
			assert_true(longest > 0);
		buf_release(&text);
	}
	analyzer_free(a);
}

/* A cut never leaves half a character. */
static void test_cut_at_characters(void **state)
{
	struct buf text = BUF_INIT(4096);
	size_t i;

	(void)state;
	for (i = 0; i < 200; i++)
		buf_text(&text, "\xc3\xa9");
	assert_int_equal(strlen(tokens_of("ops | fold", buf_slice(&text))),
	                 1 + 254);
	buf_release(&text);
}

static void test_bad_bytes(void **state)
{
	(void)state;
	assert_tokens(analyzer_default,
	              "pod\xff\xfe"
	              "disk \xe4\xb8 \xc3",
	              " pod disk");
	assert_string_equal(
	        tokens_of(analyzer_default, (struct slice){ "a1\0b2", 5 }),
	        " a1 b2");
	assert_tokens(analyzer_default, "http://x\xffy", " http://x +x y");
	assert_tokens(analyzer_default, "", "");
}

/* What is typed in lower case finds what was written with capitals. */
static void test_case_does_not_matter(void **state)
{
	static const char *const pairs[][2] = {
		{ "ECONNREFUSED", "econnrefused" },
		{ "ORA-00942", "ora-00942" },
		{ "0xDEADBEEF", "0xdeadbeef" },
		{ "K8S EC2 X86_64", "k8s ec2 x86_64" },
		{ "V1.2.3-RC1", "v1.2.3-rc1" },
		{ "/VAR/Log/X.TXT", "/var/log/x.txt" },
		{ "Restarting Services", "restarting services" },
		{ "GITHUB DevOps", "github devops" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		char want[256];

		snprintf(want, sizeof(want), "%s",
		         tokens_of(analyzer_default, slice_of(pairs[i][1])));
		assert_tokens(analyzer_default, pairs[i][0], want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_snowball_differences),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_cjk_positions),
		cmocka_unit_test(test_folded_offsets),
		cmocka_unit_test(test_stops_early),
		cmocka_unit_test(test_long_tokens),
		cmocka_unit_test(test_cut_at_characters),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_case_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

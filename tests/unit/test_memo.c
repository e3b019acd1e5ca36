/* What an analyzer remembers changes its speed and nothing else: random texts
 * of awkward pieces through chains with and without a memory. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/hash.h"
#include "kb/analyzer.h"
#include "kb/memo.h"

enum { TEXTS = 4000, PIECES = 60, SMALL = MEMO_BITS_LEAST, LARGE = 16 };

/* Words, what joins them and what parts them, and what looks to both sides. */
static const char *const pieces[] = {
	"the",
	"and/or",
	"not",
	"running",
	"deployments",
	"OOMKilled",
	"GitHub",
	"kube",
	"C",
	"c",
	"v1.25.4",
	"10.0.0.1",
	"fe80",
	"deadbeef99",
	"0x80070005",
	"user@",
	"host.tld",
	"http",
	"https://a.b",
	"/etc/nginx",
	"C:\\Win",
	"~/",
	"../",
	"./",
	"..",
	"--dry-run",
	"-x",
	"::",
	":",
	"://",
	".",
	"-",
	"_",
	"/",
	"\\",
	"+",
	"++",
	"#",
	"~",
	"@",
	"'",
	"'s",
	"'t",
	"\xe2\x80\x99",
	"\xe2\x80\x99ll",
	"<",
	">",
	"</",
	"<b>",
	"(",
	")",
	"[",
	"]",
	"{",
	"}",
	"\"",
	"`",
	",",
	";",
	"|",
	"^",
	"=",
	"&",
	"?",
	"!",
	"*",
	"%",
	"$",
	"\x7f",
	"\xc2\xad",
	"\xc3\xa9",
	"\xe5\x8f\x8d\xe5\x90\x91",
	"\xe4\xbb\xa3",
	"\xea\xb0\x80",
	"\xef\xbd\xb6\xef\xbe\x9e",
	"\xef\xbc\xb8",
	"\xff",
	"\xe5\x8f",
	"\xf0\x9f\x98\x80",
	"\xcc\x81",
	"7",
	"42",
	"2020-12-25",
	"12:30:45",
	"a.b.c",
	"x",
	"snake_case_name",
};

static const char *const blanks[] = { " ", " ", " ", "\n", "\t", "\r\n", "" };

static uint32_t random_below(uint32_t *seed, size_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((*seed >> 8) % n);
}

/* A few pieces that touch, a blank, and so on; some of them a chunk that is
 * too long to be remembered, or to be a name. */
static void random_text(struct buf *text, uint32_t *seed)
{
	size_t n = random_below(seed, PIECES), i, times;

	buf_reset(text);
	while (n--) {
		const char *piece = pieces[random_below(
		        seed, sizeof(pieces) / sizeof(*pieces))];

		times = random_below(seed, 200) ? 1 : random_below(seed, 500);
		for (i = 0; i < times; i++)
			buf_text(text, piece);
		if (random_below(seed, 3))
			buf_text(text, blanks[random_below(seed, 7)]);
	}
}

struct run {
	struct buf out;
	size_t left; /* tokens before it wants no more */
};

/* Everything of a token; a note is of its own text, or of none yet. */
static bool write_token(void *self, const struct token *t)
{
	struct run *run = self;

	assert_true(t->hash == hash64(t->text));
	assert_true(!*t->note || *t->note == t->hash);
	*t->note = t->hash;
	buf_addf(&run->out, "%u %u %u %u ", t->position, t->flags, t->from,
	         t->to);
	buf_add(&run->out, t->text);
	buf_byte(&run->out, '\n');
	return --run->left;
}

static void run_text(struct run *run, struct analyzer *a, struct slice text,
                     size_t limit)
{
	buf_reset(&run->out);
	run->left = limit;
	analyzer_run(a, text, write_token, run);
}

static void assert_same(struct run *ours, struct run *plain, struct slice text,
                        const char *line)
{
	if (!slice_eq(buf_slice(&ours->out), buf_slice(&plain->out)))
		fail_msg("'%s' of %.*s\nis\n%.*s\nwithout a memory\n%.*s", line,
		         SLICE_ARG(text), SLICE_ARG(buf_slice(&ours->out)),
		         SLICE_ARG(buf_slice(&plain->out)));
}

static void compare(const char *line, unsigned bits, uint32_t seed)
{
	struct run ours = { .out = BUF_INIT(8 << 20) };
	struct run plain = { .out = BUF_INIT(8 << 20) };
	struct buf text = BUF_INIT(4 << 20);
	struct analyzer *a, *b;
	struct fault f;
	size_t i, limit;

	assert_true(analyzer_new(&a, slice_of(line), &f));
	assert_true(analyzer_new(&b, slice_of(line), &f));
	analyzer_remember(a, bits);
	analyzer_remember(b, 0);
	for (i = 0; i < TEXTS; i++) {
		random_text(&text, &seed);
		limit = random_below(&seed, 10)
		                ? SIZE_MAX
		                : 1 + random_below(&seed, PIECES);
		run_text(&plain, b, buf_slice(&text), limit);
		run_text(&ours, a, buf_slice(&text), limit);
		assert_same(&ours, &plain, buf_slice(&text), line);
	}
	analyzer_free(a);
	analyzer_free(b);
	buf_release(&ours.out);
	buf_release(&plain.out);
	buf_release(&text);
}

static void test_default_line(void **state)
{
	(void)state;
	compare(analyzer_default, LARGE, 1);
	compare(analyzer_default, SMALL, 2);
}

static void test_other_lines(void **state)
{
	(void)state;
	compare("ops", LARGE, 3);
	compare("ops | fold | cjk", SMALL, 4);
	compare("ops | stop en | stem german", LARGE, 5);
	compare("plain", LARGE, 6);
	compare("plain | stop en | stem en", SMALL, 7);
}

static bool count_known(void *self, const struct token *t)
{
	size_t *known = self;

	*known += *t->note == 1;
	*t->note = 1;
	return true;
}

/* Otherwise the comparisons above compare nothing. */
static void test_remembers(void **state)
{
	static const char text[] =
	        "the kube-proxy of /etc/nginx/nginx.conf is OOMKilled, and "
	        "https://example.com/a/path/of/some/length?that=goes+in+whole";
	struct analyzer *a;
	struct fault f;
	size_t known = 0;

	(void)state;
	assert_true(analyzer_new(&a, slice_of(analyzer_default), &f));
	analyzer_run(a, SLICE(text), count_known, &known);
	assert_int_equal(known, 0);
	analyzer_run(a, SLICE(text), count_known, &known);
	assert_int_equal(known, 18);
	analyzer_remember(a, 0);
	known = 0;
	analyzer_run(a, SLICE(text), count_known, &known);
	analyzer_run(a, SLICE(text), count_known, &known);
	assert_int_equal(known, 0);
	analyzer_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_line),
		cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_remembers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

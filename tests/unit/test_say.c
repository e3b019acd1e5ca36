/* say.h, progress.h and cancel.h: what a person or a program reads on standard
 * error, and stopping when asked. */

#include "base/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/json.h"
#include "base/progress.h"

static char heard[65536];
static int real_stderr, pipe_ends[2];

/* From here to listen_end() standard error goes into a pipe. */
static void listen_start(void)
{
	assert_int_equal(pipe(pipe_ends), 0);
	real_stderr = dup(STDERR_FILENO);
	dup2(pipe_ends[1], STDERR_FILENO);
	close(pipe_ends[1]);
}

static const char *listen_end(void)
{
	size_t len = 0;
	ssize_t n;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	while ((n = read(pipe_ends[0], heard + len, sizeof(heard) - 1 - len)) >
	       0)
		len += (size_t)n;
	close(pipe_ends[0]);
	heard[len] = '\0';
	return heard;
}

static void cleaning(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain\ttext\n", "plain\ttext\n" },
		{ "\x1B[2J\x07\x7F", "?[2J??" },
		{ "\xC2\x9B"
		  "31m",
		  "?31m" },
		{ "a\xE2\x80\xAE"
		  "b\xE2\x81\xA6"
		  "c",
		  "a?b?c" },
		{ "\xE4\xBD\xBF\xFF", "\xE4\xBD\xBF?" },
	};
	char out[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char room[100];
		size_t len =
		        say_clean(room, sizeof(room), slice_of(cases[i].in));

		assert_string_equal(room, cases[i].out);
		assert_int_equal(len, strlen(cases[i].out));
	}
	/* Cut at its size, never inside a sequence. */
	assert_int_equal(say_clean(out, 6, SLICE("abcd\xE4\xBD\xBF")), 4);
	assert_string_equal(out, "abcd");
	assert_int_equal(say_clean(out, 8, SLICE("abcd\xE4\xBD\xBF")), 7);
	assert_int_equal(say_clean(out, 0, SLICE("a")), 0);
}

static void lines_for_people(void **state)
{
	struct fault f;

	(void)state;
	say_setup(SAY_INFO, false);
	listen_start();
	say(SAY_INFO, "read %d rows", 3);
	say(SAY_WARN, "odd: %s", "a\nerror: forged\x1B[0m");
	say(SAY_DEBUG, "not shown");
	fault(&f, FAULT_INPUT, "row-cut", "a row is cut");
	say_fault(SAY_ERROR, &f);
	fault_at(&f, "Posts.xml", 12);
	say_fault(SAY_ERROR, &f);
	say_fault(SAY_DEBUG, &f);
	assert_string_equal(listen_end(),
	                    "read 3 rows\n"
	                    "warning: odd: a error: forged?[0m\n"
	                    "error: a row is cut (row-cut)\n"
	                    "error: Posts.xml:12: a row is cut (row-cut)\n");
}

static void long_lines_are_cut(void **state)
{
	char *text = malloc(50000);

	(void)state;
	memset(text, 'x', 49999);
	text[49999] = '\0';
	say_setup(SAY_INFO, false);
	listen_start();
	say(SAY_INFO, "%s", text);
	listen_end();
	assert_true(strlen(heard) > 8000 && strlen(heard) < 8200);
	assert_int_equal(heard[strlen(heard) - 1], '\n');
	free(text);
}

static void lines_for_programs(void **state)
{
	struct json *j;
	struct fault f;
	struct slice s;
	int64_t line;

	(void)state;
	say_setup(SAY_INFO, true);
	listen_start();
	fault(&f, FAULT_INPUT, "row-cut", "a \"row\"\nis cut");
	fault_at(&f, "Posts.xml", 12);
	say_fault(SAY_WARN, &f);
	listen_end();
	say_setup(SAY_INFO, false);
	assert_true(json_parse(&j, slice_of(heard), &f));
	assert_true(json_text(json_get(j, "level"), &s));
	assert_true(slice_eq(s, SLICE("warning")));
	assert_true(json_text(json_get(j, "code"), &s));
	assert_true(slice_eq(s, SLICE("row-cut")));
	assert_true(json_text(json_get(j, "text"), &s));
	assert_true(slice_eq(s, SLICE("a \"row\"\nis cut")));
	assert_true(json_number(json_get(j, "line"), &line) && line == 12);
	assert_non_null(json_get(j, "time"));
	json_free(j);
}

static void a_bar_is_wiped_first(void **state)
{
	(void)state;
	listen_start();
	say_bar(true);
	say(SAY_INFO, "x");
	say_bar(false);
	say(SAY_INFO, "y");
	assert_string_equal(listen_end(), "\r\033[Kx\ny\n");
}

static void expect_progress(struct progress *p, int64_t done, int64_t total,
                            int64_t elapsed, int width, const char *line)
{
	struct buf b = BUF_INIT(4096);

	progress_line(p, done, total, 1234567, elapsed, width, &b);
	assert_string_equal(buf_string(&b), line);
	buf_release(&b);
}

static void progress_is_told(void **state)
{
	struct progress p;

	(void)state;
	progress_start(&p, PROGRESS_QUIET, "import x", "rows");
	expect_progress(&p, 45, 100, 10000, 0,
	                "import x  45 %  1,234,567 rows  123,456/s  0:12 left");
	expect_progress(
	        &p, 45, 100, 10000, 79,
	        "import x  [==========>            ]  45 %  1,234,567 rows  "
	        "123,456/s  0:12 left");
	expect_progress(&p, 45, 100, 10000, 30,
	                "import x  45 %  1,234,567 rows"); /* cut */
	expect_progress(&p, 45, 0, 10000, 79,
	                "import x  1,234,567 rows  123,456/s");
	expect_progress(&p, 0, 0, 0, 79, "import x  1,234,567 rows  0/s");
	expect_progress(&p, 200, 100, 10000, 0,
	                "import x  100 %  1,234,567 rows  123,456/s");
	p.bytes = true;
	expect_progress(&p, 5000000, 5000000000, 1000, 0,
	                "import x  0 %  1,234,567 rows  5.0 MB/s  16:39 left");
	expect_progress(&p, 5000, 5000000000, 10000, 0,
	                "import x  0 %  1,234,567 rows  0.0 MB/s  "
	                "2777:46:30 left");
	p.style = PROGRESS_JSON;
	expect_progress(&p, 1, 2, 3, 0,
	                "{\"progress\":\"import x\",\"done\":1,\"total\":2,"
	                "\"unit\":\"rows\",\"count\":1234567,"
	                "\"elapsed_ms\":3}\n");
}

static void progress_is_shown_now_and_then(void **state)
{
	struct progress p;
	int i;

	(void)state;
	listen_start();
	progress_start(&p, PROGRESS_AUTO, "job", "rows");
	for (i = 0; i < 1000; i++)
		progress_move(&p, i, 1000, i);
	p.shown -= 5000; /* as if five seconds had gone by */
	progress_move(&p, 500, 1000, 1);
	progress_end(&p);
	progress_start(&p, PROGRESS_QUIET, "job", "rows");
	p.shown -= 5000;
	progress_move(&p, 500, 1000, 1);
	progress_end(&p);
	listen_end();
	assert_int_equal(strncmp(heard, "job  50 %  1 rows  ", 19), 0);
	assert_ptr_equal(strchr(heard, '\n'), heard + strlen(heard) - 1);
}

static void stopping_when_asked(void **state)
{
	struct sigaction now;
	struct fault f;

	(void)state;
	assert_true(cancel_check(&f));
	cancel_setup();
	assert_false(cancel_asked());
	raise(SIGINT);
	assert_true(cancel_asked());
	assert_false(cancel_check(&f));
	assert_int_equal(f.kind, FAULT_CANCELLED);
	/* The second one would end the program. */
	sigaction(SIGINT, NULL, &now);
	assert_true(now.sa_handler == SIG_DFL);
	cancel_setup();
	assert_false(cancel_asked());
	raise(SIGTERM);
	assert_true(cancel_asked());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cleaning),
		cmocka_unit_test(lines_for_people),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(lines_for_programs),
		cmocka_unit_test(a_bar_is_wiped_first),
		cmocka_unit_test(progress_is_told),
		cmocka_unit_test(progress_is_shown_now_and_then),
		cmocka_unit_test(stopping_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

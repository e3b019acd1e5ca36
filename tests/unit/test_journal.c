/* The event log and the metrics file. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "crawler/journal.h"

static struct slice logged(const struct journal_event *e, char **text)
{
	size_t len = 0;
	struct journal j = { .events = open_memstream(text, &len) };

	journal_event(&j, e);
	fclose(j.events);
	return (struct slice){ *text, len };
}

static void an_event_is_a_line_without_secrets(void **state)
{
	const struct journal_event e = {
		.code = "fetch",
		.source = SLICE("wiki"),
		.url = SLICE("https://me:hush@wiki.example/a@b"),
		.why = SLICE("two\nlines"),
		.status = 200,
		.took = 12,
	};
	char *text = NULL;
	struct slice line = logged(&e, &text), url;
	struct json *j;
	struct fault f;

	(void)state;
	assert_int_equal(slice_find(line, '\n'), line.len - 1);
	assert_true(json_parse(&j, line, &f));
	assert_true(json_text(json_get(j, "url"), &url));
	assert_true(slice_eq(url, SLICE("https://wiki.example/a@b")));
	assert_null(strstr(text, "hush"));
	json_free(j);
	free(text);
}

static void no_log_is_no_trouble(void **state)
{
	const struct journal_event e = { .code = "fetch" };
	const struct journal none = { 0 };

	(void)state;
	journal_event(NULL, &e);
	journal_event(&none, &e);
}

static void metrics_name_each_source(void **state)
{
	const struct journal_source sources[] = {
		{ .name = SLICE("a\"b\\c"),
		  .counts = { .status = { [2] = 7 }, .quota_left = -1 },
		  .succeeded = 1700000000123 },
		{ .name = SLICE("wiki"), .counts = { .refused = 3 } },
	};
	char path[] = "metrics-XXXXXX", *text;
	int fd = mkstemp(path);
	struct fault f;
	size_t len;

	(void)state;
	close(fd);
	assert_true(journal_metrics(path, sources, 2, &f));
	assert_true(file_read(path, 1 << 20, &text, &len, &f));
	text[len - 1] = '\0';
	assert_non_null(strstr(text, "# TYPE opslore_crawl_requests_total "
	                             "counter\n"));
	assert_non_null(strstr(text, "requests_total{source=\"a\\\"b\\\\c\","
	                             "status=\"2xx\"} 7\n"));
	assert_non_null(strstr(text, "refused_total{source=\"wiki\"} 3\n"));
	assert_non_null(strstr(text, "success_seconds{source=\"a\\\"b\\\\c\"} "
	                             "1700000000\n"));
	free(text);
	unlink(path);
	assert_false(journal_metrics("/no/such/folder/m", sources, 2, &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_a_line_without_secrets),
		cmocka_unit_test(no_log_is_no_trouble),
		cmocka_unit_test(metrics_name_each_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

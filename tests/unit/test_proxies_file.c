/* proxies.h: the file, its faults and its ceilings. */

#include "proxies_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"

static void expect(struct slice got, const char *text)
{
	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.len ? got.at : "", text, got.len);
}

static void lines_are_read(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p =
	        pool_of("\xEF\xBB\xBF# ours\r\n"
	                "\r\n"
	                "http://TP1.example:8888   # the first\r\n"
	                "https://crawl:pa%40ss%23@tp2.example:8443\n"
	                "socks5://crawl:${GATE_PASSWORD}@[fd00::1]:1080\n"
	                "socks5h://a@b:c@gate.example:1080\n"
	                "\thttp://other:x@tp1.example:8888\n"
	                "http://lone@10.0.0.1:80",
	                &o);

	(void)state;
	assert_int_equal(proxies_count(p), 6);
	expect(proxies_http(p, 0)->url, "http://tp1.example:8888");
	expect(proxies_http(p, 0)->user, "");
	assert_string_equal(proxies_name(p, 0), "tp1.example:8888");
	expect(proxies_http(p, 1)->url, "https://tp2.example:8443");
	expect(proxies_http(p, 1)->user, "crawl");
	expect(proxies_http(p, 1)->password, "pa@ss#");
	expect(proxies_http(p, 2)->url, "socks5://[fd00::1]:1080");
	expect(proxies_http(p, 2)->password, "s3cret:@/");
	expect(proxies_http(p, 3)->user, "a@b");
	expect(proxies_http(p, 3)->password, "c");
	assert_string_equal(proxies_name(p, 4), "tp1.example:8888#2");
	expect(proxies_http(p, 5)->user, "lone");
	expect(proxies_http(p, 5)->password, "");
	proxies_free(p);
}

static void bad_lines_are_named_and_not_shown(void **state)
{
	static const char *const bad[] = {
		"tp1.example:8888",
		"ftp://u:hunter2@h:21",
		"http://u:hunter2@h",
		"http://u:hunter2@h:",
		"http://u:hunter2@h:0",
		"http://u:hunter2@h:65536",
		"http://u:hunter2@h:+80",
		"http://u:hunter2@h:80/path",
		"http://u:hunter2@:80",
		"http://:hunter2@h:80",
		"http://u:hunter2%@h:80",
		"http://u:hunter2%0d%0a@h:80",
		"http://u:hunter2%00@h:80",
		"http://u:hunter2\x01@h:80",
		"http://u:hunter2@h h:80",
		"http://u:${hunter2}@h:80",
		"http://u:${EMPTY}@h:80",
		"http://u:hunter2@[::1:80",
		"http://u:hunter2@[::g]:80",
		"http://a:1\nhttp://u:hunter2@h:80\nhttp://u:hunter2@H:80",
	};
	struct proxies_options o = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct proxies *p;
		struct fault f = { 0 };
		char text[200];

		snprintf(text, sizeof(text), "# one\n%s\n", bad[i]);
		if (proxies_parse(&p, slice_of(text), "p.txt", &o, environment,
		                  &f))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_int_equal(f.line, i == 19 ? 4 : 2);
		assert_string_equal(f.subject, "p.txt");
		/* the name of a variable may be shown: that one is no secret */
		assert_true(i == 15 || !strstr(f.text, "hunter2"));
	}
}

static void there_are_ceilings(void **state)
{
	struct buf text = BUF_INIT(2 << 20);
	struct proxies_options o = { 0 };
	struct proxies *p;
	struct fault f;
	int i;

	(void)state;
	assert_false(proxies_parse(&p, SLICE("# none\n"), "p", &o, NULL, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	for (i = 0; i <= LIMIT_PROXIES; i++)
		buf_addf(&text, "http://h%d.example:80\n", i);
	assert_false(proxies_parse(&p, buf_slice(&text), "p", &o, NULL, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_string_equal(f.code, "limit-proxies");
	memset(buf_extend(&text, LIMIT_CONFIG), ' ', LIMIT_CONFIG);
	assert_false(proxies_parse(&p, buf_slice(&text), "p", &o, NULL, &f));
	assert_string_equal(f.code, "limit-config");
	buf_reset(&text);
	buf_text(&text, "http://u:");
	memset(buf_extend(&text, 5000), 'x', 5000);
	buf_text(&text, "@h:1");
	assert_false(proxies_parse(&p, buf_slice(&text), "p", &o, NULL, &f));
	assert_int_equal(f.line, 1);
	buf_release(&text);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	struct file_new n;
	struct fault f;

	assert_true(file_start(&n, path, &f));
	file_add(&n, slice_of(text));
	assert_true(file_publish(&n, &f));
	assert_int_equal(chmod(path, mode), 0);
}

static void a_password_is_in_a_file_of_ones_own(void **state)
{
	const char *path = "proxies-test.txt";
	struct proxies_options o = { 0 };
	struct proxies *p;
	struct fault f;

	(void)state;
	write_file(path, "http://u:hunter2@h:1\n", 0644);
	assert_false(proxies_read(&p, path, &o, environment, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	assert_null(strstr(f.text, "hunter2"));
	write_file(path, "http://u:hunter2@h:1\n", 0640);
	assert_false(proxies_read(&p, path, &o, environment, &f));
	write_file(path, "http://u:hunter2@h:1\n", 0600);
	assert_true(proxies_read(&p, path, &o, environment, &f));
	proxies_free(p);
	write_file(path, "http://u:${GATE_PASSWORD}@h:1\n", 0644);
	assert_true(proxies_read(&p, path, &o, environment, &f));
	proxies_free(p);
	unlink(path);
	assert_false(proxies_read(&p, path, &o, environment, &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(bad_lines_are_named_and_not_shown),
		cmocka_unit_test(there_are_ceilings),
		cmocka_unit_test(a_password_is_in_a_file_of_ones_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

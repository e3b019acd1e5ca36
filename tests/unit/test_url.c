/*
 * url.h: what two spellings have in common, and what is no address at all.
 *
 *	test_url FILE
 *
 * runs the cases of a file in the form of the web platform tests instead
 * (urltestdata.json), and prints which differ.
 */

#include "base/net/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"

/* Parses against `base` (NULL: none) and says the address, or "-". */
static const char *read_as(const char *text, const char *base)
{
	static struct url u, b;
	struct fault f;

	if (!u.text.ceiling) {
		u = URL_INIT;
		b = URL_INIT;
	}
	if (base && !url_parse(&b, slice_of(base), NULL, &f))
		return "no base";
	if (!url_parse(&u, slice_of(text), base ? &b : NULL, &f)) {
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_string_equal(f.code, "url");
		return "-";
	}
	return buf_string(&u.text);
}

struct example {
	const char *text, *base, *href;
};

static void expect(const struct example *examples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *href = read_as(examples[i].text, examples[i].base);

		if (strcmp(href, examples[i].href))
			fail_msg("'%s' against '%s' is '%s', not '%s'",
			         examples[i].text,
			         examples[i].base ? examples[i].base : "", href,
			         examples[i].href);
	}
}

#define EXPECT(examples) expect(examples, sizeof(examples) / sizeof(*examples))

static void spellings_of_one_page_are_one(void **state)
{
	static const char wiki[] = "https://wiki.example/pages/one?v=2#top";
	static const struct example same[] = {
		{ "  https://WIKI.example:443/pages/./x/../one ", NULL,
		  "https://wiki.example/pages/one" },
		{ "https:\\\\wiki.example\\pages", NULL,
		  "https://wiki.example/pages" },
		{ "https://wiki.exa\nmple/pa\tges", NULL,
		  "https://wiki.example/pages" },
		{ "two", wiki, "https://wiki.example/pages/two" },
		{ "two/", wiki, "https://wiki.example/pages/two/" },
		{ "./two", wiki, "https://wiki.example/pages/two" },
		{ "../two?a b#c d", wiki,
		  "https://wiki.example/two?a%20b#c%20d" },
		{ "../../../two", wiki, "https://wiki.example/two" },
		{ "%2e%2E/two/%2e", wiki, "https://wiki.example/two/" },
		{ "/two", wiki, "https://wiki.example/two" },
		{ "//other.example", wiki, "https://other.example/" },
		{ "?v=3", wiki, "https://wiki.example/pages/one?v=3" },
		{ "#end", wiki, "https://wiki.example/pages/one?v=2#end" },
		{ "", wiki, "https://wiki.example/pages/one?v=2" },
		{ "https:two", wiki, "https://wiki.example/pages/two" },
		{ "http:two", wiki, "http://two/" },
		{ "HTTP://h:80/", NULL, "http://h/" },
		{ "http://h:0008080/", NULL, "http://h:8080/" },
		{ "http://h:/", NULL, "http://h/" },
		{ "http://h?q", NULL, "http://h/?q" },
		{ "http://h/\xC3\xA4 {}^`|", NULL,
		  "http://h/%C3%A4%20%7B%7D%5E%60|" },
		{ "http://h/?\xC3\xA4'\"", NULL, "http://h/?%C3%A4%27%22" },
		{ "http://h/\xFF", NULL, "http://h/%EF%BF%BD" },
		{ "http://h/%zz%41", NULL, "http://h/%zz%41" },
		{ "mailto:a b@c", wiki, "mailto:a b@c" },
		{ "#x", "mailto:a", "mailto:a#x" },
	};

	(void)state;
	EXPECT(same);
}

static void hosts_are_written_one_way(void **state)
{
	static const struct example hosts[] = {
		{ "http://0x7f.1/", NULL, "http://127.0.0.1/" },
		{ "http://2130706433", NULL, "http://127.0.0.1/" },
		{ "http://017700000001", NULL, "http://127.0.0.1/" },
		{ "http://0x7F.0.0.0x1.", NULL, "http://127.0.0.1/" },
		{ "http://%31%32%37.1", NULL, "http://127.0.0.1/" },
		/* full-width digits and an ideographic full stop */
		{ "http://\xEF\xBC\x91\xE3\x80\x82\xEF\xBC\x92", NULL,
		  "http://1.0.0.2/" },
		{ "http://1.2.3.4.5/", NULL, "-" },
		{ "http://1.2.3.256/", NULL, "-" },
		{ "http://256.1/", NULL, "-" },
		{ "http://4294967296/", NULL, "-" },
		{ "http://1..2/", NULL, "-" },
		{ "http://a.0x/", NULL, "-" },
		{ "http://1.2.3.x4/", NULL, "http://1.2.3.x4/" },
		{ "http://[::1]:80/", NULL, "http://[::1]/" },
		{ "http://[0:0:0:0:0:FFFF:7f00:1]/", NULL,
		  "http://[::ffff:7f00:1]/" },
		{ "http://[::127.0.0.1]/", NULL, "http://[::7f00:1]/" },
		{ "http://[1:0:0:2:0:0:0:3]/", NULL, "http://[1:0:0:2::3]/" },
		{ "http://[1:2:3:4:5:6:7::]/", NULL,
		  "http://[1:2:3:4:5:6:7:0]/" },
		{ "http://[1:2:3:4:5:6:7:8:9]/", NULL, "-" },
		{ "http://[1:2]/", NULL, "-" },
		{ "http://[::1::2]/", NULL, "-" },
		{ "http://[::1.2.3]/", NULL, "-" },
		{ "http://[::1.2..3]/", NULL, "-" },
		{ "http://[::1.2.3.256]/", NULL, "-" },
		{ "http://[1:2:3:4:5:6:7:1.2.3.4]/", NULL, "-" },
		{ "http://[:1]/", NULL, "-" },
		{ "http://[1:]/", NULL, "-" },
		{ "http://[12345::]/", NULL, "-" },
		{ "http://[]/", NULL, "-" },
		{ "http://[1:2:3:4:5:6:7:8]/", NULL,
		  "http://[1:2:3:4:5:6:7:8]/" },
		{ "http://[::2:0:0:0:0:0]/", NULL, "http://[0:0:2::]/" },
		{ "http://[::01.2.3.4]/", NULL, "-" },
		{ "http://[::1]x/", NULL, "-" },
		{ "http://[::1/", NULL, "-" },
		{ "http://[fe80::1%25eth0]/", NULL, "-" },
		{ "http://B\xC3\x9C"
		  "CHER.example/",
		  NULL, "http://xn--bcher-kva.example/" },
		{ "http://fa\xC3\x9F.example/", NULL,
		  "http://xn--fa-hia.example/" },
		{ "http://b%C3%BCcher.example/", NULL,
		  "http://xn--bcher-kva.example/" },
		{ "http://XN--bcher-kva.example/", NULL,
		  "http://xn--bcher-kva.example/" },
		{ "http://xn--\xC3\xBC/", NULL, "-" },
		{ "http://a b/", NULL, "-" },
		{ "http://a%20b/", NULL, "-" },
		{ "http://a%00b/", NULL, "-" },
		{ "http://a<b/", NULL, "-" },
		{ "http://a_b--c-/", NULL, "http://a_b--c-/" },
		{ "http:///h", NULL, "http://h/" },
		{ "http://", NULL, "-" },
		{ "http://:80/", NULL, "-" },
		{ "http://u@/", NULL, "-" },
		{ "http://h:65536/", NULL, "-" },
		{ "http://h:8x/", NULL, "-" },
		{ "http://u:p@h/", NULL, "http://u:p@h/" },
		{ "http://u@v:p@q@h/", NULL, "http://u%40v:p%40q@h/" },
		{ "http://@h/", NULL, "http://h/" },
		{ "http://:@h/", NULL, "http://h/" },
		{ "http://:p@h/", NULL, "http://:p@h/" },
	};

	(void)state;
	EXPECT(hosts);
}

static void other_schemes_keep_their_shape(void **state)
{
	static const struct example others[] = {
		{ "file:c|/x", NULL, "file:///c:/x" },
		{ "file://localhost/x", NULL, "file:///x" },
		{ "file://C|/x/../..", NULL, "file:///C:/" },
		{ "/y", "file:///C:/x", "file:///C:/y" },
		{ "//server/y", "file:///C:/x", "file://server/y" },
		{ "y", "file:///C:/x", "file:///C:/y" },
		{ "..", "file:///C:/x", "file:///C:/" },
		{ "D|", "file:///C:/x", "file:///D:" },
		{ "D|?q", "file:///C:/x", "file:///D:?q" },
		{ "D|y", "file:///C:/x", "file:///C:/D|y" },
		{ "?q", "file:///C:/x", "file:///C:/x?q" },
		{ "file:x", "http://h/y", "file:///x" },
		{ "file://a b/x", NULL, "-" },
		{ "file://h:80/x", NULL, "-" },
		{ "/D:/y", "file:///C:/x", "file:///D:/y" },
		{ "app://H%20/a\\b/..", NULL, "app://H%20/" },
		{ "app://a<b/", NULL, "-" },
		{ "app://a b/", NULL, "-" },
		{ "app://u@/", NULL, "-" },
		{ "app://:1/", NULL, "-" },
		{ "app:///x", NULL, "app:///x" },
		{ "app://[::1]:80", NULL, "app://[::1]:80" },
		{ "app:/.//x", NULL, "app:/.//x" },
		{ "app:/a/..//x", NULL, "app:/.//x" },
		{ "y", "app:/.//x", "app:/.//y" },
		{ "/y", "app:/.//x", "app:/y" },
		{ "app://h", NULL, "app://h" },
		{ "app://h?q", NULL, "app://h?q" },
		{ "x", "app://h", "app://h/x" },
		{ "javascript:a\nb", NULL, "javascript:ab" },
		{ "data:x ?y", NULL, "data:x%20?y" },
		{ "1http:x", NULL, "-" },
		{ "no address", NULL, "-" },
		{ "", NULL, "-" },
		{ "x", "mailto:a", "-" },
	};

	(void)state;
	EXPECT(others);
}

static void check_part(struct slice got, const char *want)
{
	struct slice s = slice_of(want);

	assert_int_equal(got.at != NULL, want != NULL);
	assert_true(slice_eq(got, s));
}

static void parts_are_runs_of_the_text(void **state)
{
	struct url u = URL_INIT, v = URL_INIT;
	struct buf origin = BUF_INIT(100);
	struct fault f;

	(void)state;
	assert_true(url_parse(&u, SLICE("https://me:pw@[::1]:8/a/b?c#d"), NULL,
	                      &f));
	check_part(url_scheme(&u), "https");
	check_part(url_user(&u), "me");
	check_part(url_password(&u), "pw");
	check_part(url_host(&u), "[::1]");
	check_part(url_path(&u), "/a/b");
	check_part(url_query(&u), "c");
	check_part(url_fragment(&u), "d");
	check_part(url_target(&u), "/a/b?c");
	check_part(url_bare(&u), "https://me:pw@[::1]:8/a/b?c");
	assert_int_equal(url_port(&u), 8);
	assert_true(url_is_web(&u));
	url_origin(&u, &origin);
	assert_string_equal(buf_string(&origin), "https://[::1]:8");
	assert_true(url_parse(&v, SLICE("../?#"), &u, &f));
	check_part(url_text(&v), "https://me:pw@[::1]:8/?#");
	check_part(url_query(&v), "");
	check_part(url_fragment(&v), "");
	assert_true(url_same_origin(&u, &v));
	assert_true(url_parse(&v, SLICE("HTTPS://[0::1]:008/"), NULL, &f));
	check_part(url_query(&v), NULL);
	check_part(url_fragment(&v), NULL);
	assert_true(url_same_origin(&u, &v));
	assert_true(url_parse(&v, SLICE("https://[::1]/"), NULL, &f));
	assert_int_equal(url_port(&v), 443);
	assert_false(url_same_origin(&u, &v));
	assert_true(url_parse(&v, SLICE("mailto:a@b"), NULL, &f));
	assert_int_equal(url_port(&v), 0);
	assert_false(url_is_web(&v));
	assert_false(url_same_origin(&v, &v));
	buf_reset(&origin);
	url_origin(&v, &origin);
	assert_string_equal(buf_string(&origin), "null");
	assert_true(url_parse(&v, SLICE("http://h"), NULL, &f));
	assert_true(url_is_web(&v));
	check_part(url_target(&v), "/");
	assert_int_equal(url_port(&v), 80);
	/* Never empty, even where there is no path. */
	assert_true(url_parse(&v, SLICE("app://h"), NULL, &f));
	check_part(url_target(&v), "/");
	buf_release(&origin);
	url_release(&u);
	url_release(&v);
	url_release(&v);
}

static void faults_say_why_and_no_secret(void **state)
{
	struct url u = URL_INIT;
	struct fault f;

	(void)state;
	assert_false(url_parse(&u, SLICE("http://h:99999/"), NULL, &f));
	assert_string_equal(f.text, "'http://h:99999/' is no address: its port "
	                            "is not a number up to 65535");
	assert_false(url_parse(&u, SLICE("http://me:secret@h h/"), NULL, &f));
	assert_null(strstr(f.text, "secret"));
	assert_non_null(strstr(f.text, "no domain name"));
	url_release(&u);
}

static void the_longest_is_taken_and_no_more(void **state)
{
	static char text[URL_MOST + 2] = "http://h/";
	struct url u = URL_INIT;
	struct fault f;
	size_t i;

	(void)state;
	for (i = strlen(text); i <= URL_MOST; i++)
		text[i] = 'x';
	assert_true(url_parse(&u, (struct slice){ text, URL_MOST }, NULL, &f));
	assert_int_equal(url_text(&u).len, URL_MOST);
	assert_false(
	        url_parse(&u, (struct slice){ text, URL_MOST + 1 }, NULL, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_string_equal(f.code, "limit-url");
	assert_int_equal(url_text(&u).len, 0);
	/* Short enough as it came, and not when encoded. */
	text[URL_MOST - 1] = ' ';
	text[URL_MOST - 2] = '<';
	assert_false(
	        url_parse(&u, (struct slice){ text, URL_MOST - 1 }, NULL, &f));
	assert_string_equal(f.code, "limit-url");
	url_release(&u);
}

static void any_bytes_stand_in_a_segment(void **state)
{
	struct buf there = BUF_INIT(10000), back = BUF_INIT(10000);
	char all[256];
	int i;

	(void)state;
	url_escape(SLICE("a/b c~\xFF%"), &there);
	assert_string_equal(buf_string(&there), "a%2Fb%20c~%FF%25");
	buf_reset(&there);
	for (i = 0; i < 256; i++)
		all[i] = (char)i;
	url_escape((struct slice){ all, 256 }, &there);
	url_unescape(buf_slice(&there), &back);
	assert_int_equal(back.len, 256);
	assert_memory_equal(back.at, all, 256);
	buf_reset(&back);
	url_unescape(SLICE("%4a%4%zz%"), &back);
	assert_string_equal(buf_string(&back), "J%4%zz%");
	buf_release(&there);
	buf_release(&back);
}

/* One part of a case as the file writes it: with what sets it off. */
static bool same_part(const struct json *test, const char *name,
                      struct slice before, struct slice got,
                      struct slice behind)
{
	struct slice want;

	if (!json_get(test, name))
		return true;
	if (!json_text(json_get(test, name), &want))
		return false;
	if (!got.len && !want.len)
		return true;
	return want.len == before.len + got.len + behind.len &&
	       slice_starts(want, before) && slice_ends(want, behind) &&
	       slice_eq(slice_cut(want, before.len, want.len - behind.len),
	                got);
}

static bool same_parts(const struct json *test, struct url *u)
{
	struct slice none = { 0 };
	struct slice host = { u->text.at + u->host,
		              (u->opaque ? u->host_end : u->path) - u->host };
	struct buf origin = BUF_INIT(URL_MOST);
	bool same;

	url_origin(u, &origin);
	if (slice_ends(host, SLICE("/.")) && u->host == u->host_end)
		host = none;
	/* An address within an address has that one's origin. */
	same = slice_eq(url_scheme(u), SLICE("blob")) ||
	       same_part(test, "origin", none, buf_slice(&origin), none);
	buf_release(&origin);
	return same &&
	       same_part(test, "protocol", none, url_scheme(u), SLICE(":")) &&
	       same_part(test, "username", none, url_user(u), none) &&
	       same_part(test, "password", none, url_password(u), none) &&
	       same_part(test, "hostname", none, url_host(u), none) &&
	       same_part(test, "host", none, host, none) &&
	       same_part(test, "pathname", none, url_path(u), none) &&
	       same_part(test, "search", SLICE("?"), url_query(u), none) &&
	       same_part(test, "hash", SLICE("#"), url_fragment(u), none) &&
	       same_part(test, "href", none, url_text(u), none);
}

/* Our JSON reader makes U+FFFD of a NUL, so the file's are made U+E000 before
 * and NUL again here. */
static void hide_nul(char *text, size_t len)
{
	size_t i;

	for (i = 0; i + 6 <= len; i++)
		if (!memcmp(text + i, "\\u0000", 6))
			text[i + 2] = 'E';
}

static struct slice show_nul(struct slice s, struct buf *out)
{
	size_t at = 0;

	while (at < s.len) {
		bool hidden = slice_starts(slice_cut(s, at, s.len),
		                           SLICE("\xEE\x80\x80"));

		buf_byte(out, hidden ? '\0' : s.at[at]);
		at += hidden ? 3 : 1;
	}
	return buf_slice(out);
}

/* Whether we agree with one case; prints if not. */
static bool judge(const struct json *test)
{
	struct url u = URL_INIT, b = URL_INIT;
	struct slice input = { 0 }, base = { 0 }, href = { 0 };
	struct buf bytes = BUF_INIT(URL_MOST);
	bool failure = json_get(test, "failure") != NULL, done, agree;
	struct fault f;

	(void)!json_text(json_get(test, "input"), &input);
	(void)!json_text(json_get(test, "href"), &href);
	done = !json_text(json_get(test, "base"), &base) ||
	       url_parse(&b, base, NULL, &f);
	done = done &&
	       url_parse(&u, show_nul(input, &bytes), base.at ? &b : NULL, &f);
	agree = done ? !failure && same_parts(test, &u) : failure;
	if (!agree)
		printf("'%.*s' against '%.*s': '%.*s', not '%.*s'\n",
		       SLICE_ARG(input), SLICE_ARG(base),
		       SLICE_ARG(url_text(&u)), SLICE_ARG(href));
	buf_release(&bytes);
	url_release(&u);
	url_release(&b);
	return agree;
}

static int judge_file(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	struct json *all = NULL;
	const struct json *test;
	int count = 0, agreed = 0;
	struct fault f;

	bool done = file_read(path, 16 << 20, &text, &len, &f);

	if (done)
		hide_nul(text, len);
	if (!done || !json_parse(&all, (struct slice){ text, len }, &f)) {
		fprintf(stderr, "%s\n", f.text);
		free(text);
		return 2;
	}
	for (test = json_first(all); test; test = json_next(test)) {
		if (!json_is_object(test))
			continue;
		count++;
		agreed += judge(test);
	}
	printf("%d of %d cases\n", agreed, count);
	json_free(all);
	free(text);
	return agreed != count;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_page_are_one),
		cmocka_unit_test(hosts_are_written_one_way),
		cmocka_unit_test(other_schemes_keep_their_shape),
		cmocka_unit_test(parts_are_runs_of_the_text),
		cmocka_unit_test(faults_say_why_and_no_secret),
		cmocka_unit_test(the_longest_is_taken_and_no_more),
		cmocka_unit_test(any_bytes_stand_in_a_segment),
	};

	if (argc > 1)
		return judge_file(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* conf.h: the form, what is asked of it, and faults with file and line. */

#include "base/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

static const char example[] = "\xEF\xBB\xBF; comment\r\n"
                              "# another = one\n"
                              "\n"
                              "[index]\r\n"
                              "memory = 64 MB   ; for building\r\n"
                              "  [source  ops-wiki] ; ours\n"
                              "\tkind=mediawiki\n"
                              "url = https://x.example/?a=b;c#d\n"
                              "labels = public, staff\n"
                              "empty =\n"
                              "nothing = ; said\n"
                              "\xE5\x90\x8D = \xE5\x80\xBC\n"
                              "[source b]\n"
                              "[llm default]\n"
                              "model = qwen";

static struct conf *parse(const char *text)
{
	struct conf *c;
	struct fault f;

	if (!conf_parse(&c, slice_of(text), "opslore.conf", &f))
		fail_msg("line %d: %s", (int)f.line, f.text);
	return c;
}

static void expect(const struct conf_section *s, const char *key,
                   const char *value)
{
	struct slice got = conf_get(s, key, "fallback");

	assert_int_equal(got.len, strlen(value));
	assert_memory_equal(got.at, value, got.len);
}

static void settings_are_read(void **state)
{
	struct conf *c = parse(example);
	const struct conf_section *s;

	(void)state;
	expect(conf_find(c, "index", SLICE("")), "memory", "64 MB");
	s = conf_next(c, "source", NULL);
	assert_true(slice_eq(conf_name(s), SLICE("ops-wiki")));
	expect(s, "kind", "mediawiki");
	expect(s, "url", "https://x.example/?a=b;c#d");
	expect(s, "labels", "public, staff");
	expect(s, "empty", "");
	expect(s, "nothing", "");
	expect(s, "\xE5\x90\x8D", "\xE5\x80\xBC");
	expect(s, "absent", "fallback");
	expect(NULL, "kind", "fallback");
	assert_int_equal(conf_get(s, "absent", NULL).len, 0);
	s = conf_next(c, "source", s);
	assert_true(slice_eq(conf_name(s), SLICE("b")));
	assert_null(conf_next(c, "source", s));
	expect(conf_find(c, "llm", SLICE("default")), "model", "qwen");
	assert_null(conf_find(c, "llm", SLICE("other")));
	assert_null(conf_find(c, "source", SLICE("")));
	conf_free(c);
}

static void an_empty_file_is_fine(void **state)
{
	struct conf *c = parse("");

	(void)state;
	assert_null(conf_next(c, "source", NULL));
	conf_free(c);
	conf_free(NULL);
}

static void mistakes_name_their_line(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *says;
	} cases[] = {
		{ "a = b", 1, "outside any section" },
		{ "[s]\nword", 2, "neither" },
		{ "[s]\n= b", 2, "neither" },
		{ "[s]\na b = c", 2, "neither" },
		{ "[s]\n\na = 1\nb = 2\na = 3", 5, "second value for 'a'" },
		{ "[s]\n[t]\n[s]", 3, "second section" },
		{ "[s x]\n[s  x]", 2, "second section" },
		{ "[s x y]", 1, "not a [kind]" },
		{ "[s", 1, "not a [kind]" },
		{ "[]", 1, "not a [kind]" },
		{ "[", 1, "not a [kind]" },
		{ "[s] x", 1, "not a [kind]" },
		{ "[s]\na = \xFF", 2, "UTF-8" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct conf *c;
		struct fault f;

		assert_false(conf_parse(&c, slice_of(cases[i].text),
		                        "opslore.conf", &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_string_equal(f.subject, "opslore.conf");
		assert_int_equal(f.line, cases[i].line);
		if (!strstr(f.text, cases[i].says))
			fail_msg("'%s' lacks '%s'", f.text, cases[i].says);
	}
}

static void hostile_files_are_limited(void **state)
{
	struct buf b = BUF_INIT(4 << 20);
	struct conf *c;
	struct fault f;
	int i;

	(void)state;
	buf_text(&b, "[s]\n");
	for (i = 0; i <= LIMIT_CONFIG_KEYS; i++)
		buf_addf(&b, "k%d=\n", i);
	assert_false(conf_parse(&c, buf_slice(&b), "x", &f));
	assert_string_equal(f.code, "limit-config-keys");
	buf_extend(&b, LIMIT_CONFIG);
	assert_false(conf_parse(&c, buf_slice(&b), "x", &f));
	assert_string_equal(f.code, "limit-config");
	assert_false(conf_parse(&c, SLICE("[s]\na = \0"), "x", &f));
	assert_int_equal(f.line, 2);
	buf_release(&b);
}

static void files_that_are_not_there_are_gone(void **state)
{
	struct conf *c;
	struct fault f;

	(void)state;
	assert_false(conf_read(&c, "no-such.conf", &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

static void keys_are_checked(void **state)
{
	static const struct conf_key keys[] = {
		{ "kind", NULL, "what it is" },
		{ "rate", "1/s", "how fast" },
		{ NULL, NULL, NULL },
	};
	struct conf *c = parse("[source a]\nkind = site\n"
	                       "[source b]\nkind = site\nrate = 2\nx = 1\n"
	                       "\n[source c]\nrate = 2");
	const struct conf_section *s = conf_next(c, "source", NULL);
	struct fault f;

	(void)state;
	assert_true(conf_check(s, keys, &f));
	s = conf_next(c, "source", s);
	assert_false(conf_check(s, keys, &f));
	assert_string_equal(f.text, "unknown key 'x'");
	assert_int_equal(f.line, 6);
	s = conf_next(c, "source", s);
	assert_false(conf_check(s, keys, &f));
	assert_string_equal(f.text, "this section lacks the key 'kind'");
	assert_int_equal(f.line, 8);
	conf_free(c);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		int64_t size;
	} cases[] = {
		{ "0", 0 },
		{ "123", 123 },
		{ "7b", 7 },
		{ "64k", 65536 },
		{ "256 MB", 268435456 },
		{ "1g", 1073741824 },
		{ " 2 Tb ", (int64_t)2 << 40 },
		{ "8388607t", (int64_t)8388607 << 40 },
		{ "8388608t", -1 },
		{ "9223372036854775808", -1 },
		{ "", -1 },
		{ "k", -1 },
		{ "-1", -1 },
		{ "1.5g", -1 },
		{ "1kk", -1 },
		{ "1x", -1 },
		{ "1kbs", -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t size = -1;
		struct fault f;

		assert_int_equal(conf_size(slice_of(cases[i].text), &size, &f),
		                 cases[i].size >= 0);
		assert_int_equal(size, cases[i].size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(an_empty_file_is_fine),
		cmocka_unit_test(mistakes_name_their_line),
		cmocka_unit_test(hostile_files_are_limited),
		cmocka_unit_test(files_that_are_not_there_are_gone),
		cmocka_unit_test(keys_are_checked),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

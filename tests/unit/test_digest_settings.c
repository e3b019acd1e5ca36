/* digest_settings.h, same_name.h, prompt.h: what the configuration says, and
 * what is asked with it. */

#include "kb/cases/digest_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json.h"
#include "kb/cases/prompt.h"
#include "kb/cases/same_name.h"
#include "schema/digests.h"

static struct arena arena;

static bool settings(const char *text, struct digest_settings *s,
                     struct fault *f)
{
	static struct conf *c;

	conf_free(c);
	c = NULL;
	assert_true(conf_parse(&c, slice_of(text), "opslore.conf", f));
	return digest_settings_read(s, c, &arena, f);
}

static struct digest_settings good(const char *text)
{
	struct digest_settings s;
	struct fault f;

	if (!settings(text, &s, &f))
		fail_msg("%s", f.text);
	return s;
}

static void refused(const char *text, const char *why)
{
	struct digest_settings s;
	struct fault f = { 0 };

	assert_false(settings(text, &s, &f));
	if (!strstr(f.text, why))
		fail_msg("'%s' does not say '%s'", f.text, why);
}

static void names_are_compared_loosely(void **state)
{
	(void)state;
	assert_true(same_name(SLICE("Root cause"), SLICE("root_cause")));
	assert_true(
	        same_name(SLICE("ＲＯＯＴ　ＣＡＵＳＥ"), SLICE("Root-Cause")));
	assert_true(same_name(SLICE("配置 错误"), SLICE("配置错误")));
	assert_true(same_name(SLICE("ｻｰﾋﾞｽ障害"), SLICE("サービス障害")));
	assert_false(same_name(SLICE("cause"), SLICE("because")));
	assert_false(same_name(SLICE(""), SLICE("")));
	assert_false(same_name(SLICE("--"), SLICE("-")));
}

static void the_usual_classes(void **state)
{
	static const struct {
		const char *said, *class;
	} table[] = {
		{ "Configuration Error", "configuration error" },
		{ "配置错误", "configuration error" },
		{ "설정 오류", "configuration error" },
		{ "設定ミス", "configuration error" },
		{ "SERVICE_FAULT", "service fault" },
		{ "服务故障", "service fault" },
		{ "서비스 장애", "service fault" },
		{ "サービス障害", "service fault" },
		{ "咨询", "consulting" },
		{ "문의", "consulting" },
		{ "問い合わせ", "consulting" },
	};
	struct digest_settings s = good("");
	size_t i;

	(void)state;
	assert_int_equal(s.class_count, 3);
	assert_true(s.reduce);
	assert_int_equal(s.tries, 3);
	assert_true(slice_eq(s.model, SLICE("default")));
	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct digest_class *c =
		        digest_class_find(&s, slice_of(table[i].said));

		assert_non_null(c);
		assert_true(slice_eq(c->name, slice_of(table[i].class)));
	}
	assert_null(digest_class_find(&s, SLICE("billing")));
}

static void classes_of_ones_own(void **state)
{
	struct digest_settings s =
	        good("[digest]\n"
	             "classes = billing, Quota increase, free, consulting\n"
	             "services = ec2， s3、 eks\n"
	             "language = ko\n"
	             "[class quota-increase]\n"
	             "about = a limit is to be raised\n"
	             "names = 配额提升, 할당량 증가\n"
	             "[class billing]\n");

	(void)state;
	assert_int_equal(s.class_count, 4);
	assert_true(slice_eq(s.classes[0].name, SLICE("billing")));
	assert_true(slice_eq(s.classes[1].name, SLICE("Quota increase")));
	assert_true(slice_eq(s.classes[2].name, SLICE("free")));
	assert_ptr_equal(digest_class_find(&s, SLICE("할당량증가")),
	                 &s.classes[1]);
	assert_ptr_equal(digest_class_find(&s, SLICE("咨询")), &s.classes[3]);
	assert_int_equal(s.service_count, 3);
	assert_true(slice_eq(s.services[2], SLICE("eks")));
	assert_true(slice_eq(s.language, SLICE("ko")));
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	refused("[digest]\nreduce = maybe\n", "reduce");
	refused("[digest]\ntries = 0\n", "tries");
	refused("[digest]\nexamples = many\n", "examples");
	refused("[digest]\nlanguage = zh cn\n", "language");
	refused("[digest]\nclasses = a, Unclassified\n", "unclassified");
	refused("[digest]\ncolour = red\n", "colour");
	refused("[class a]\nnames = x\n[class b]\nnames = X\n", "'X'");
	refused("[class unclassified]\n", "unclassified");
	refused("[class a]\nweight = 3\n", "weight");
	refused("[class --]\n", "a class has a name");
}

static void languages_are_told_by_letters(void **state)
{
	struct slice en = SLICE("en");

	(void)state;
	assert_true(slice_eq(digest_language(SLICE("The disk is full"), en),
	                     SLICE("en")));
	assert_true(slice_eq(digest_language(SLICE("EC2 实例磁盘已满"), en),
	                     SLICE("zh")));
	assert_true(slice_eq(digest_language(SLICE("디스크가 가득 찼다"), en),
	                     SLICE("ko")));
	assert_true(
	        slice_eq(digest_language(SLICE("ディスクが一杯になった"), en),
	                 SLICE("ja")));
	assert_true(slice_eq(digest_language(SLICE(""), en), SLICE("en")));
}

static struct prompt_words words_of(const struct digest_settings *s)
{
	static const struct slice services[] = { SLICE("ec2"), SLICE("eks") };

	return (struct prompt_words){
		.settings = s,
		.services = services,
		.service_count = 2,
		.language = s->language,
		.boundary = SLICE("5d41402abc4b"),
		.output_most = 1000,
	};
}

/* Every member required, no other allowed, lists where there are lists. */
static void the_schema_is_strict(void **state)
{
	struct digest_settings s = good("");
	struct prompt_words w = words_of(&s);
	const struct json *p, *m;
	struct llm_prompt prompt;
	struct json *j;
	struct fault f;
	size_t members = 0, required = 0;
	bool more = true;

	(void)state;
	prompt_digest(&w, &arena, &prompt);
	assert_true(json_parse(&j, prompt.schema, &f));
	assert_true(json_bool(json_get(j, "additionalProperties"), &more));
	assert_false(more);
	p = json_get(j, "properties");
	for (m = json_first(p); m; m = json_next(m))
		members++;
	for (m = json_first(json_get(j, "required")); m; m = json_next(m))
		required++;
	assert_int_equal(members, 8);
	assert_int_equal(required, 8);
	for (m = json_first(json_get(json_get(p, "class"), "enum")),
	    members = 0;
	     m; m = json_next(m))
		members++;
	assert_int_equal(members, 4);
	assert_non_null(
	        json_get(json_get(json_get(p, "services"), "items"), "enum"));
	json_free(j);
}

static bool holds(struct slice s, const char *what)
{
	size_t i, n = strlen(what);

	for (i = 0; i + n <= s.len; i++)
		if (!memcmp(s.at + i, what, n))
			return true;
	return false;
}

static void the_words_hold_what_was_set(void **state)
{
	static const struct prompt_example example = {
		SLICE("subject \"x\"\nline"), SLICE("p"), SLICE("c"),
		SLICE("consulting")
	};
	struct digest_settings s = good("[digest]\nlanguage = zh\n");
	struct prompt_words w = words_of(&s);
	struct llm_prompt p;

	(void)state;
	w.instructions = SLICE("Region names stay.");
	w.examples = &example;
	w.example_count = 1;
	prompt_digest(&w, &arena, &p);
	assert_true(holds(p.system, "in Chinese"));
	assert_true(holds(p.system, "Services: ec2, eks"));
	assert_true(holds(p.system, "BEGIN CASE 5d41402abc4b"));
	assert_true(holds(p.system, "The house adds: Region names stay."));
	assert_true(holds(p.system, "- service fault: "));
	assert_true(holds(p.system, "- unclassified: "));
	/* An example cannot leave its line. */
	assert_true(
	        holds(p.system, "\"subject\":\"subject \\\"x\\\"\\nline\""));
	prompt_ask(&p, SLICE("THE CASE\n"), &arena);
	assert_int_equal(p.turn_count, 1);
	prompt_again(&p, SLICE("17"), SLICE("{bad"), SLICE("it is bad"),
	             &arena);
	assert_int_equal(p.turn_count, 3);
	assert_true(p.turns[1].model &&
	            slice_eq(p.turns[1].text, SLICE("{bad")));
	assert_true(holds(p.turns[2].text, "it is bad"));
	assert_true(prompt_tokens(&p) > 300);
}

static void the_version_tells_settings_apart(void **state)
{
	static const char *const texts[] = {
		"",
		"[digest]\nlanguage = zh\n",
		"[digest]\ninstructions = Be brief.\n",
		"[digest]\nservices = a\n",
		"[digest]\nreduce = no\n",
		"[class a]\n",
		"[class a]\nabout = b\n",
		"[class a]\nnames = b\n",
	};
	enum { COUNT = sizeof(texts) / sizeof(*texts) };
	struct slice versions[COUNT];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		struct digest_settings s = good(texts[i]);

		versions[i] = prompt_version(&s, &arena);
		for (j = 0; j < i; j++)
			assert_false(slice_eq(versions[i], versions[j]));
		assert_true(slice_eq(versions[i], prompt_version(&s, &arena)));
	}
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_compared_loosely),
		cmocka_unit_test(the_usual_classes),
		cmocka_unit_test(classes_of_ones_own),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(languages_are_told_by_letters),
		cmocka_unit_test(the_schema_is_strict),
		cmocka_unit_test(the_words_hold_what_was_set),
		cmocka_unit_test(the_version_tells_settings_apart),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}

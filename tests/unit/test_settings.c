/* The settings of a source: what they default to, and what is said of wrong
 * ones. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/settings.h"

static const char *environment(const char *name)
{
	return strcmp(name, "WIKI_PASSWORD") ? NULL : "from the environment";
}

static bool read_it(const char *text, struct crawl_settings *s,
                    struct conf **conf, struct fault *f)
{
	return conf_parse(conf, slice_of(text), "opslore.conf", f) &&
	       settings_read(s, *conf, SLICE("it"), environment, f);
}

static void done(struct crawl_settings *s, struct conf *conf)
{
	settings_release(s);
	conf_free(conf);
}

static void test_defaults_are_polite(void **state)
{
	struct crawl_settings s;
	struct conf *conf = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_true(read_it("[source it]\nkind = site\n"
	                    "url = https://Docs.Example/guide/\n",
	                    &s, &conf, &f));
	assert_true(s.pace.rate > 0.99 && s.pace.rate < 1.01);
	assert_int_equal(s.pace.concurrency, 2);
	assert_false(s.robots_ignored);
	assert_false(s.http.allow_private);
	assert_false(s.http.allow_private_proxy);
	assert_int_equal(s.login, LOGIN_NONE);
	assert_true(slice_eq(s.access, SLICE("public")));
	assert_true(slice_starts(s.space, SLICE("docs.example")));
	done(&s, conf);
}

static void test_rates_and_durations(void **state)
{
	struct fault f;
	int64_t n;
	double r;

	(void)state;
	assert_true(settings_rate(SLICE("30/m"), &r, &f) && r > .49 && r < .51);
	assert_true(settings_rate(SLICE("1000/s"), &r, &f) && r > 999);
	assert_false(settings_rate(SLICE("1000"), &r, &f));
	assert_false(settings_rate(SLICE("-1/s"), &r, &f));
	assert_false(settings_rate(SLICE("nan/s"), &r, &f));
	assert_false(settings_rate(SLICE("/s"), &r, &f));
	assert_true(settings_duration(SLICE("90s"), &n, &f) && n == 90000);
	assert_true(settings_duration(SLICE("7d"), &n, &f) && n == 604800000);
	assert_true(settings_duration(SLICE("5ms"), &n, &f) && n == 5);
	assert_false(settings_duration(SLICE("7"), &n, &f));
	assert_false(settings_duration(SLICE("9999999999999d"), &n, &f));
}

static void refused(const char *line, const char *word)
{
	struct crawl_settings s;
	struct conf *conf = NULL;
	struct fault f = { 0 };
	char text[512];

	snprintf(text, sizeof(text),
	         "[source it]\nkind = site\nurl = https://docs.example/\n%s\n",
	         line);
	assert_false(read_it(text, &s, &conf, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, word));
	conf_free(conf);
}

static void test_what_is_wrong_is_said(void **state)
{
	(void)state;
	refused("rate = fast", "rate");
	refused("rate = 0/s", "above 0");
	refused("concurrency = 0", "from 1 to 64");
	refused("robots = maybe", "obey or ignore");
	refused("allow-private = perhaps", "yes or no");
	refused("rotation = none", "round-robin");
	refused("user = me", "password-file");
	refused("user = me\npassword-env = NOT_SET", "variable");
	refused("revisit-least = 40d", "revisit-most");
	refused("colour = blue", "colour");
}

static void test_secrets(void **state)
{
	struct crawl_settings s;
	struct conf *conf = NULL;
	struct fault f = { 0 };
	char path[] = "secret-XXXXXX", text[512];
	int fd = mkstemp(path);

	(void)state;
	assert_true(write(fd, "hush\n", 5) == 5);
	close(fd);
	snprintf(text, sizeof(text),
	         "[source it]\nkind = site\nurl = https://docs.example/\n"
	         "user = me\npassword-file = %s\n",
	         path);
	assert_true(read_it(text, &s, &conf, &f));
	assert_int_equal(s.login, LOGIN_BASIC);
	assert_true(slice_eq(s.secrets.password, SLICE("hush")));
	done(&s, conf);

	assert_int_equal(chmod(path, 0644), 0);
	assert_false(read_it(text, &s, &conf, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	assert_null(strstr(f.text, "hush"));
	conf_free(conf);
	unlink(path);

	assert_true(read_it("[source it]\nkind = site\n"
	                    "url = https://docs.example/\nuser = me\n"
	                    "password-env = WIKI_PASSWORD\n",
	                    &s, &conf, &f));
	assert_true(slice_starts(s.secrets.password, SLICE("from the")));
	done(&s, conf);
}

static void test_agent_names_a_contact(void **state)
{
	struct crawl_settings s;
	struct conf *conf = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_true(read_it("[crawl]\ncontact = https://ops.example/bot\n"
	                    "[source it]\nkind = site\n"
	                    "url = https://docs.example/\n",
	                    &s, &conf, &f));
	assert_true(slice_starts(s.user_agent, SLICE("opslore/")));
	assert_true(
	        slice_ends(s.user_agent, SLICE(" (+https://ops.example/bot)")));
	done(&s, conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_are_polite),
		cmocka_unit_test(test_rates_and_durations),
		cmocka_unit_test(test_what_is_wrong_is_said),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_agent_names_a_contact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

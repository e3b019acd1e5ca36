/* crawler/form.h: what a browser would send. */

#include "crawler/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text/markup.h"
#include "crawler/site_login.h"

static struct markup_parser *parser;

/* Finds the form of `html` and writes it for "me" and "s=cret"; NULL: there is
 * none. */
static void expect_with(const char *html, const struct form_names *names,
                        const char *want)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT(1 << 20);
	struct form form;
	struct markup m;
	struct fault f;
	bool found;

	assert_true(markup_parse(parser, slice_of(html), &a, &m, &f));
	found = form_find_login(&form, &m, names, &a);
	assert_int_equal(found, want != NULL);
	if (found) {
		form_write(&form, SLICE("me"), SLICE("s=cret"), &out);
		assert_string_equal(buf_string(&out), want);
	}
	buf_release(&out);
	arena_release(&a);
}

static void expect(const char *html, const char *want)
{
	const struct form_names none = { 0 };

	expect_with(html, &none, want);
}

static void test_forms(void **state)
{
	(void)state;
	expect("<form method=post><input name=u><input type=password name=p>"
	       "</form>",
	       "u=me&p=s%3Dcret");
	expect("<form><input type=hidden name=t value='a&amp;b '><input "
	       "type=email name=mail value=old><input name=p type=PASSWORD>"
	       "<input type=submit name=go value=In><input type=submit name=x>"
	       "</form>",
	       "t=a%26b%20&mail=me&p=s%3Dcret&go=In");
	/* ticked or not, selected or first, disabled, without a name */
	expect("<form><input name=u><input type=password name=p><input "
	       "type=checkbox name=a checked><input type=checkbox name=b>"
	       "<input type=radio name=c value=1><input type=radio name=c "
	       "value=2 checked><select name=d><option>x<option value=y "
	       "selected>z</select><select name=e><option>first one"
	       "</select><input name=f value=1 disabled><input value=2>"
	       "<textarea name=g> two  words</textarea><input type=reset "
	       "name=h></form>",
	       "u=me&p=s%3Dcret&a=on&c=2&d=y&e=first%20one&g=two%20words");
	/* cut short by a table; behind a search */
	expect("<form action=/s><input name=q></form><table><form method=post>"
	       "<tr><td><input name=u><td><input type=password name=p></form>"
	       "</table>",
	       "u=me&p=s%3Dcret");
}

static void test_none(void **state)
{
	(void)state;
	expect("<form><input name=q></form>", NULL);
	expect("<form><input type=password name=p></form>", NULL);
	expect("<input name=u><input type=password name=p>", NULL);
	/* a new password, twice */
	expect("<form><input name=u><input type=password name=p><input "
	       "type=password name=again></form>",
	       NULL);
	expect("", NULL);
}

static void test_names(void **state)
{
	const struct form_names names = { { "u2", 2 }, { "p2", 2 } };
	const struct form_names wrong = { { "u9", 2 }, { 0 } };
	const char *html = "<form><input name=u><input name=u2><input "
	                   "type=password name=p><input type=password "
	                   "name=p2></form>";

	(void)state;
	expect_with(html, &names, "u=&u2=me&p=&p2=s%3Dcret");
	expect_with(html, &wrong, NULL);
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(site_login_ends(SLICE("http://a.example/user/logout")));
	assert_true(site_login_ends(SLICE("/Special:UserLogout?returnto=A")));
	assert_true(site_login_ends(SLICE("/x?do=LogOff&id=1")));
	assert_true(site_login_ends(SLICE("/users/sign_out")));
	assert_false(site_login_ends(SLICE("/docs/logout-pages")));
	assert_false(site_login_ends(SLICE("/logouts/")));
	assert_false(site_login_ends(SLICE("")));
}

static void test_is(void **state)
{
	const struct site_login l = {
		.url = SLICE("http://a.example/w?id=start&do=login"),
	};
	const struct site_login none = { 0 };

	(void)state;
	assert_true(site_login_is(&l, l.url));
	assert_true(site_login_is(
	        &l, SLICE("http://a.example/w?do=login&next=%2Fx&id=start")));
	assert_false(site_login_is(&l, SLICE("http://a.example/w?id=start")));
	assert_false(site_login_is(&l, SLICE("http://a.example/w")));
	assert_false(site_login_is(&none, SLICE("http://a.example/w")));
}

static int setup(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms), cmocka_unit_test(test_none),
		cmocka_unit_test(test_names), cmocka_unit_test(test_ends),
		cmocka_unit_test(test_is),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

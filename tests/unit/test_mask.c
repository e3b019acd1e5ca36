/* mask.h: the pairs of tests/data/mask, undoing, and that time does not run
 * away. */

#include "base/text/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

static struct mask *mask;
static struct fault f;

static int set_up(void **state)
{
	(void)state;
	return mask_new(&mask, &f) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	mask_free(mask);
	mask = NULL;
	return 0;
}

/* With \n made line ends. */
static void unescape(struct slice line, struct buf *out)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (line.at[i] == '\\' && i + 1 < line.len &&
		    line.at[i + 1] == 'n') {
			buf_byte(out, '\n');
			i++;
		} else {
			buf_byte(out, line.at[i]);
		}
}

static void must_become(struct slice text, struct slice expected)
{
	struct buf out = BUF_INIT(1 << 26), back = BUF_INIT(1 << 26);
	struct mask_found found;

	mask_reset(mask);
	assert_true(mask_add(mask, text, &out, &f));
	if (!slice_eq(buf_slice(&out), expected))
		fail_msg("'%.*s'\nis '%.*s'\nnot '%.*s'", SLICE_ARG(text),
		         SLICE_ARG(buf_slice(&out)), SLICE_ARG(expected));
	assert_false(mask_find(mask, buf_slice(&out), &found));
	mask_undo(mask, buf_slice(&out), &back);
	assert_true(slice_eq(buf_slice(&back), text));
	buf_release(&out);
	buf_release(&back);
}

static void run_pairs(const char *name)
{
	char path[512], *bytes;
	struct buf text = BUF_INIT(1 << 20), expected = BUF_INIT(1 << 20);
	struct slice rest;
	size_t len, pairs = 0;

	snprintf(path, sizeof(path), "%s/mask/%s.txt", TEST_DATA, name);
	assert_true(file_read(path, 1 << 20, &bytes, &len, &f));
	for (rest = (struct slice){ bytes, len }; rest.len;) {
		struct slice line = slice_cut(rest, 0, slice_find(rest, '\n'));

		rest = slice_cut(rest, line.len + 1, rest.len);
		if (slice_starts(line, SLICE("# ")) || !line.len)
			continue;
		if (slice_starts(line, SLICE("< "))) {
			buf_reset(&text);
			unescape(slice_cut(line, 2, line.len), &text);
			continue;
		}
		buf_reset(&expected);
		if (slice_starts(line, SLICE("> "))) {
			unescape(slice_cut(line, 2, line.len), &expected);
			must_become(buf_slice(&text), buf_slice(&expected));
		} else {
			must_become(line, line);
		}
		pairs++;
	}
	assert_true(pairs > 10);
	free(bytes);
	buf_release(&text);
	buf_release(&expected);
}

static void secrets_go(void **state)
{
	(void)state;
	run_pairs("secrets");
}

static void numbers_go(void **state)
{
	(void)state;
	run_pairs("numbers");
}

static void what_is_written_without_spaces_goes(void **state)
{
	(void)state;
	run_pairs("east");
}

static void ordinary_text_stays(void **state)
{
	(void)state;
	run_pairs("kept");
}

static void addresses_go_when_asked(void **state)
{
	(void)state;
	must_become(SLICE("from 10.0.0.1:443"), SLICE("from 10.0.0.1:443"));
	mask_classes(mask, 1u << MASK_ADDRESS);
	must_become(SLICE("from 10.0.0.1:443 to fe80::1, 00:1A:2b:3c:4d:5e."),
	            SLICE("from [ADDRESS_1]:443 to [ADDRESS_2], [ADDRESS_3]."));
	must_become(SLICE("at 12:30:45, 1.2.3, a::b::c"),
	            SLICE("at 12:30:45, 1.2.3, a::b::c"));
}

static void what_it_is_told_goes(void **state)
{
	struct buf out = BUF_INIT(1 << 20);

	(void)state;
	mask_tell(mask, MASK_NAME, SLICE("Jane Doe"));
	mask_tell(mask, MASK_NAME, SLICE("王小明"));
	mask_tell(mask, MASK_NAME, SLICE("Jo"));
	mask_tell(mask, MASK_NAME, SLICE("STRASSE"));
	assert_true(mask_add(mask,
	                     SLICE("JANE DOE and 王小明说 Jane Doering, Jo, "
	                           "Straße"),
	                     &out, &f));
	assert_string_equal(
	        buf_string(&out),
	        "[NAME_1] and [NAME_2]说 Jane Doering, Jo, [NAME_3]");
	assert_int_equal(mask_count(mask, MASK_NAME), 3);
	mask_reset(mask);
	assert_int_equal(mask_count(mask, MASK_NAME), 0);
	buf_reset(&out);
	mask_undo(mask, SLICE("[NAME_1]"), &out);
	assert_string_equal(buf_string(&out), "[NAME_1]");
	buf_release(&out);
}

static void a_ceiling_is_a_fault(void **state)
{
	struct buf out = BUF_INIT(8);

	(void)state;
	assert_false(mask_add(mask, SLICE("more than eight"), &out, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_release(&out);
}

/* Long runs of what begins a shape again and again: done at all, in the
 * seconds a test may take, means linear. */
static void hostile_texts_take_no_longer(void **state)
{
	static const char *const parts[] = {
		"a@",
		"1",
		"1 ",
		"a@b.",
		"eyJ-",
		"-----BEGIN ",
		"-----BEGIN PRIVATE KEY-----",
		"password=",
		"密码",
		"[EMAIL_1]",
		"[EMAIL_",
		"://a:",
		"+1-",
		"AKIA",
		"\"",
		"Cookie: ",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct buf text = BUF_INIT(4 << 20), out = BUF_INIT(64 << 20);
		struct buf back = BUF_INIT(64 << 20);

		mask_reset(mask);
		for (j = 0; j < (1 << 17) / strlen(parts[i]); j++)
			buf_text(&text, parts[i]);
		assert_true(mask_add(mask, buf_slice(&text), &out, &f));
		mask_undo(mask, buf_slice(&out), &back);
		assert_true(slice_eq(buf_slice(&back), buf_slice(&text)));
		buf_release(&text);
		buf_release(&out);
		buf_release(&back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(secrets_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(numbers_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		        what_is_written_without_spaces_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ordinary_text_stays, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(addresses_go_when_asked, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(what_it_is_told_goes, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_ceiling_is_a_fault, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(hostile_texts_take_no_longer,
		                                set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

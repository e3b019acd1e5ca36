/* What people see of an address. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/net/http_redact.h"

static const char *const cases[][2] = {
	{ "https://a.example/b?c=d#e", "https://a.example/b?c=d#e" },
	{ "https://bob:secret@a.example/", "https://a.example/" },
	{ "https://bob@a.example", "https://a.example" },
	{ "https://bob:s@cret@a.example/x@y", "https://a.example/x@y" },
	{ "http:\\\\bob:s@a/", "http:\\\\a/" },
	{ "https://a/?key=1&site=x", "https://a/?key=...&site=x" },
	{ "https://a/?access_token=1;b=2&API-KEY=3#f",
	  "https://a/?access_token=...;b=2&API-KEY=...#f" },
	{ "https://a/?title=Key=1", "https://a/?title=Key=1" },
	{ "https://a/?password=1=2&x", "https://a/?password=...&x" },
	{ "https://a/?key", "https://a/?key" },
	{ "https://a/?PHPSESSID=1", "https://a/?PHPSESSID=..." },
	{ "https://a/?", "https://a/?" },
	{ "nonsense", "nonsense" },
	{ "", "" },
	{ ":", ":" },
	{ "http://", "http://" },
	{ "http://@", "http://" },
};

static void secrets_are_not_shown(void **state)
{
	struct buf out = BUF_INIT(1024);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&out);
		redact_url(slice_of(cases[i][0]), &out);
		assert_string_equal(buf_string(&out), cases[i][1]);
	}
	buf_release(&out);
}

static void nuls_are_bytes_as_others(void **state)
{
	struct buf out = BUF_INIT(1024);

	(void)state;
	redact_url(SLICE("http://\0a:b@c/\0?key=\0x&\0"), &out);
	assert_true(slice_eq(buf_slice(&out), SLICE("http://c/\0?key=...&\0")));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_not_shown),
		cmocka_unit_test(nuls_are_bytes_as_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* net/address.h: where to listen, and what is an address and no name. */

#include "base/net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

static void addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text, *written;
		bool loopback;
	} cases[] = {
		{ "127.0.0.1:8080", "127.0.0.1:8080", true },
		{ "127.9.9.9:0", "127.9.9.9:0", true },
		{ "localhost:80", "127.0.0.1:80", true },
		{ "[::1]:65535", "[::1]:65535", true },
		{ "0.0.0.0:1", "0.0.0.0:1", false },
		{ "[::]:1", "[::]:1", false },
		{ "[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]:1", false },
		{ "10.1.2.3:9", "10.1.2.3:9", false },
	};
	struct buf b = BUF_INIT(1000);
	struct address a;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&b);
		assert_true(address_read(slice_of(cases[i].text), &a, &f));
		address_write(&a, &b);
		assert_string_equal(buf_string(&b), cases[i].written);
		assert_int_equal(a.loopback, cases[i].loopback);
	}
	buf_release(&b);
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		":80",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:x",
		"127.0.0.1:-1",
		"127.0.0.1:65536",
		"127.1:80",
		"::1:80",
		"[::1]",
		"[::1:80",
		"[127.0.0.1]:80",
		"example.org:80",
		"127.0.0.1 :80",
	};
	struct address a;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_false(address_read(slice_of(cases[i]), &a, &f));
		assert_string_equal(f.code, "listen-address");
	}
}

static void names_are_not_numbers(void **state)
{
	(void)state;
	assert_true(address_numeric(SLICE("127.0.0.1")));
	assert_true(address_numeric(SLICE("192.168.0.7")));
	assert_true(address_numeric(SLICE("[fe80::1]")));
	assert_false(address_numeric(SLICE("localhost")));
	assert_false(address_numeric(SLICE("127.0.0.1.example.org")));
	assert_false(address_numeric(SLICE("0x7f.1")));
	assert_false(address_numeric(SLICE("127.0.0.1\0.example")));
	assert_false(address_numeric(SLICE("::1")));
	assert_false(address_numeric(SLICE("")));
}

static void a_port_is_listened_on_once(void **state)
{
	struct address a, again;
	struct fault f;
	int first, second;

	(void)state;
	assert_true(address_read(SLICE("127.0.0.1:0"), &a, &f));
	assert_true(address_listen(&a, &first, &f));
	assert_true(a.port != 0);
	again = a;
	assert_false(address_listen(&again, &second, &f));
	assert_string_equal(f.code, "listen-busy");
	assert_int_equal(f.kind, FAULT_BUSY);
	close(first);
	assert_true(address_listen(&again, &second, &f));
	assert_int_equal(again.port, a.port);
	close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_and_written),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(names_are_not_numbers),
		cmocka_unit_test(a_port_is_listened_on_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

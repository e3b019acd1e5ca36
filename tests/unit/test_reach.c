/* Each range of the registries by its first and last address and by the
 * neighbours outside, and IPv4 in every dress that IPv6 has for it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>

#include "base/net/reach.h"

struct expected {
	const char *address;
	enum reach reach;
};

#define PUBLIC(a)                                                              \
	{                                                                      \
		a, REACH_PUBLIC                                                \
	}
#define PRIVATE(a)                                                             \
	{                                                                      \
		a, REACH_PRIVATE                                               \
	}
#define IDENTITY(a)                                                            \
	{                                                                      \
		a, REACH_IDENTITY                                              \
	}
#define NEVER(a)                                                               \
	{                                                                      \
		a, REACH_NEVER                                                 \
	}

static const struct expected addresses[] = {
	NEVER("0.0.0.0"),
	NEVER("0.255.255.255"),
	PUBLIC("1.0.0.0"),
	PUBLIC("1.1.1.1"),
	PUBLIC("9.255.255.255"),
	PRIVATE("10.0.0.0"),
	PRIVATE("10.255.255.255"),
	PUBLIC("11.0.0.0"),
	PUBLIC("100.63.255.255"),
	PRIVATE("100.64.0.0"),
	PRIVATE("100.127.255.255"),
	PUBLIC("100.128.0.0"),
	NEVER("100.100.100.200"),
	PRIVATE("100.100.100.199"),
	PUBLIC("126.255.255.255"),
	PRIVATE("127.0.0.0"),
	PRIVATE("127.255.255.255"),
	PUBLIC("128.0.0.0"),
	NEVER("168.63.129.16"),
	PUBLIC("168.63.129.17"),
	PUBLIC("169.253.255.255"),
	PRIVATE("169.254.0.0"),
	PRIVATE("169.254.255.255"),
	PUBLIC("169.255.0.0"),
	IDENTITY("169.254.169.254"),
	IDENTITY("169.254.170.2"),
	IDENTITY("169.254.170.23"),
	PUBLIC("172.15.255.255"),
	PRIVATE("172.16.0.0"),
	PRIVATE("172.31.255.255"),
	PUBLIC("172.32.0.0"),
	PRIVATE("192.0.0.0"),
	PRIVATE("192.0.0.255"),
	NEVER("192.0.0.192"),
	PUBLIC("192.0.1.0"),
	PRIVATE("192.0.2.0"),
	PUBLIC("192.0.3.0"),
	PRIVATE("192.88.99.1"),
	PRIVATE("192.168.0.0"),
	PRIVATE("192.168.255.255"),
	PUBLIC("192.169.0.0"),
	PUBLIC("198.17.255.255"),
	PRIVATE("198.18.0.0"),
	PRIVATE("198.19.255.255"),
	PUBLIC("198.20.0.0"),
	PRIVATE("198.51.100.1"),
	PRIVATE("203.0.113.1"),
	PUBLIC("223.255.255.255"),
	NEVER("224.0.0.0"),
	NEVER("239.255.255.255"),
	NEVER("240.0.0.0"),
	NEVER("255.255.255.255"),

	NEVER("::"),
	PRIVATE("::1"),
	NEVER("::2"),
	NEVER("1::"),
	NEVER("100::1"),
	PUBLIC("2000::"),
	PUBLIC("2606:4700:4700::1111"),
	PRIVATE("2001:2::1"),
	PUBLIC("2001:2:1::1"),
	PRIVATE("2001:10::1"),
	PRIVATE("2001:2f:ffff::1"),
	PUBLIC("2001:30::1"),
	PRIVATE("2001:db8::"),
	PRIVATE("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
	PUBLIC("2001:db9::"),
	PRIVATE("3fff::1"),
	PRIVATE("3fff:fff::1"),
	PUBLIC("3fff:1000::1"),
	NEVER("4000::1"),
	NEVER("5f00::1"),
	PRIVATE("fc00::1"),
	PRIVATE("fdff:ffff::1"),
	IDENTITY("fd00:ec2::254"),
	IDENTITY("fd00:ec2::23"),
	NEVER("fd20:ce::254"),
	PRIVATE("fd00:ec2::253"),
	NEVER("fe00::1"),
	PRIVATE("fe80::1"),
	PRIVATE("febf::1"),
	PRIVATE("fec0::1"),
	PRIVATE("feff::1"),
	NEVER("ff02::1"),

	PUBLIC("::ffff:1.1.1.1"),
	PRIVATE("::ffff:127.0.0.1"),
	PRIVATE("::ffff:10.0.0.1"),
	NEVER("::ffff:169.254.169.254"),
	NEVER("::ffff:0.0.0.0"),
	NEVER("::ffff:0:1.1.1.1"),
	NEVER("::1.1.1.1"),
	PUBLIC("64:ff9b::1.1.1.1"),
	PRIVATE("64:ff9b::127.0.0.1"),
	NEVER("64:ff9b::169.254.169.254"),
	PRIVATE("64:ff9b:1::1.1.1.1"),
	NEVER("64:ff9b:1::169.254.169.254"),
	NEVER("64:ff9b:1:a9fe:a9:fe00::1"),
	NEVER("64:ff9b:2::1.1.1.1"),
	PUBLIC("2002:101:101::1"),
	PRIVATE("2002:7f00:1::"),
	NEVER("2002:a9fe:a9fe::"),
	PUBLIC("2001:0:101:101::fefe:fefe"),
	PRIVATE("2001:0:7f00:1::fefe:fefe"),
	PRIVATE("2001:0:101:101::80ff:fffe"),
	NEVER("2001:0:101:101::5601:5601"),
	PRIVATE("2606:4700::5efe:10.0.0.1"),
	PRIVATE("2606:4700::200:5efe:10.0.0.1"),
	PUBLIC("2606:4700::5efe:1.1.1.1"),
};

static enum reach ask(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return reach_of((struct sockaddr *)&four, sizeof(four));
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return reach_of((struct sockaddr *)&six, sizeof(six));
}

static void each_range_ends_where_it_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		const struct expected *e = &addresses[i];
		enum reach r = ask(e->address);
		bool numeric = false;

		if (r != e->reach)
			fail_msg("%s is %s", e->address, reach_name(r));
		/* The text leads to the same verdict. */
		assert_int_equal(reach_of_host(slice_of(e->address), &numeric),
		                 e->reach);
		assert_true(numeric);
	}
}

static const struct expected hosts[] = {
	PRIVATE("127.0.0.1"),
	PRIVATE("127.0.0.1."),
	PRIVATE("127.1"),
	PRIVATE("2130706433"),
	PRIVATE("0x7f000001"),
	PRIVATE("0X7F.1"),
	PRIVATE("017700000001"),
	PRIVATE("0177.0.0.01"),
	PRIVATE("0x7f.0x0"),
	NEVER("0"),
	NEVER("0x"),
	NEVER("0x0.0"),
	IDENTITY("169.254.43518"),
	IDENTITY("0xA9FEA9FE"),
	PUBLIC("1.1"),
	PUBLIC("16843009"),
	PRIVATE("[::1]"),
	PRIVATE("::1"),
	PRIVATE("[fe80::1%25eth0]"),
	PUBLIC("[2606:4700::1111]"),
	/* Numbers that make no address are nowhere to go. */
	NEVER("4294967296"),
	NEVER("256.1.1.1"),
	NEVER("1.1.1.256"),
	NEVER("1.2.3.4.5"),
	NEVER("1..1"),
	NEVER("a.1"),
	NEVER("08"),
	NEVER("1.09"),
	NEVER("99999999999999999999999999"),
	NEVER("[::1"),
	NEVER("[]"),
	NEVER("[1.1.1.1]"),
	NEVER("1:2"),
};

static void hosts_are_read_as_libraries_read_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		bool numeric = false;
		enum reach r =
		        reach_of_host(slice_of(hosts[i].address), &numeric);

		if (!numeric || r != hosts[i].reach)
			fail_msg("%s is %s%s", hosts[i].address, reach_name(r),
			         numeric ? "" : ", not numeric");
	}
}

static void names_are_not_judged(void **state)
{
	static const char *const names[] = {
		"example.com", "localhost", "1.1.1.1.example", "0x7f.com",
		"a",           "1a",        "127.0.0.1.nip",   "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		bool numeric = true;

		assert_int_equal(reach_of_host(slice_of(names[i]), &numeric),
		                 REACH_PUBLIC);
		if (numeric)
			fail_msg("'%s' counts as an address", names[i]);
	}
}

static void other_families_are_nowhere(void **state)
{
	struct sockaddr a = { .sa_family = AF_UNIX };
	struct sockaddr_in cut = { .sin_family = AF_INET };

	(void)state;
	assert_int_equal(reach_of(&a, sizeof(a)), REACH_NEVER);
	cut.sin_addr.s_addr = htonl(0x01010101);
	assert_int_equal(reach_of((struct sockaddr *)&cut, 4), REACH_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_range_ends_where_it_ends),
		cmocka_unit_test(hosts_are_read_as_libraries_read_them),
		cmocka_unit_test(names_are_not_judged),
		cmocka_unit_test(other_families_are_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

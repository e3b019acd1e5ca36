/* The signer against vectors that AWS's own signer made (tests/sdk checks
 * that it still makes them), and what it refuses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/net/sigv4.h"

static const struct sigv4_key usual = {
	{ "AKIDEXAMPLE", 11 },
	{ "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 40 },
	{ NULL, 0 },
};

static struct slice member(const struct json *j, const char *name)
{
	struct slice s = { 0 };

	assert_true(json_text(json_get(j, name), &s));
	return s;
}

static size_t headers_read(const struct json *list, struct http_header to[16])
{
	size_t count = 0;
	const struct json *j;

	for (j = json_first(list); j; j = json_next(j)) {
		assert_true(count < 16);
		assert_true(json_text(json_first(j), &to[count].name));
		assert_true(
		        json_text(json_next(json_first(j)), &to[count].value));
		count++;
	}
	return count;
}

static void vector_holds(const struct json *j, struct arena *a)
{
	struct slice want = member(j, "authorization");
	struct sigv4_key key = usual;
	struct http_header headers[16];
	struct sigv4_request r = {
		.method = member(j, "method"),
		.url = member(j, "url"),
		.headers = headers,
		.header_count = headers_read(json_get(j, "headers"), headers),
		.body = member(j, "body"),
		.service = member(j, "service"),
		.region = member(j, "region"),
	};
	struct sigv4_signed out;
	struct fault f;

	key.token = member(j, "token");
	assert_true(json_number(json_get(j, "time"), &r.time));
	assert_true(json_bool(json_get(j, "single"), &r.single));
	assert_true(json_bool(json_get(j, "hash_header"), &r.hash_header));
	assert_true(sigv4_sign(&r, &key, a, &out, &f));
	if (!slice_eq(out.authorization, want))
		fail_msg("%.*s: %.*s\nof\n%.*s", SLICE_ARG(member(j, "name")),
		         SLICE_ARG(out.authorization),
		         SLICE_ARG(out.canonical));
}

static void signatures_are_those_of_aws(void **state)
{
	FILE *file = fopen(TEST_DATA "/sigv4/vectors.jsonl", "r");
	struct arena a = ARENA_INIT;
	char *line = NULL;
	size_t size = 0, count = 0;
	ssize_t len;

	(void)state;
	assert_non_null(file);
	while ((len = getline(&line, &size, file)) > 0) {
		struct json *j;
		struct fault f;

		assert_true(json_parse(&j, (struct slice){ line, (size_t)len },
		                       &f));
		vector_holds(j, &a);
		json_free(j);
		arena_reset(&a);
		count++;
	}
	assert_true(count > 60);
	free(line);
	fclose(file);
	arena_release(&a);
}

static struct sigv4_request request_to(const char *url)
{
	return (struct sigv4_request){
		.method = SLICE("GET"),
		.url = slice_of(url),
		.service = SLICE("service"),
		.region = SLICE("us-east-1"),
		.time = 1440938160000,
	};
}

static struct slice canonical(struct arena *a, const struct sigv4_request *r)
{
	struct sigv4_signed out;
	struct fault f;

	assert_true(sigv4_sign(r, &usual, a, &out, &f));
	return out.canonical;
}

/* What stands on the wire may be spelt in several ways. */
static void spellings_of_one_query_sign_alike(void **state)
{
	static const char *const same[] = {
		"https://a.example/?acl&b=%3a&c=%7E",
		"https://a.example:443/?acl=&b=:&c=~",
		"https://a.example:0443?c=~&b=%3A&acl",
		"https://a.example:/?c=~&&b=%3A&acl#there",
	};
	struct arena a = ARENA_INIT;
	struct sigv4_request one = request_to(same[0]);
	struct slice first = canonical(&a, &one);
	size_t i;

	(void)state;
	for (i = 1; i < sizeof(same) / sizeof(*same); i++) {
		struct sigv4_request r = request_to(same[i]);

		assert_true(slice_eq(canonical(&a, &r), first));
	}
	arena_release(&a);
}

static void repeated_headers_are_one_line(void **state)
{
	const struct http_header apart[] = {
		{ SLICE("X-B"), SLICE(" 2") },
		{ SLICE("x-a"), SLICE("1") },
		{ SLICE("x-b"), SLICE("1  1\t") },
	};
	struct arena a = ARENA_INIT;
	struct sigv4_request r = request_to("https://a.example");
	struct slice got;

	(void)state;
	r.headers = apart;
	r.header_count = 3;
	got = canonical(&a, &r);
	assert_non_null(strstr(got.at, "\nx-a:1\n"));
	assert_non_null(strstr(got.at, "\nx-b:2,1 1\n\n"));
	assert_non_null(strstr(got.at, "\nhost;x-a;x-amz-date;x-b\n"));
	arena_release(&a);
}

/* What is to be sent: the caller's own, without those we make ourselves. */
static void headers_to_send_are_whole(void **state)
{
	static const char *const want[] = {
		"Content-Type",         "x-amz-date",    "x-amz-security-token",
		"x-amz-content-sha256", "authorization",
	};
	const struct http_header given[] = {
		{ SLICE("Content-Type"), SLICE("text/plain") },
		{ SLICE("Host"), SLICE("elsewhere.example") },
		{ SLICE("Authorization"), SLICE("Basic eA==") },
		{ SLICE("X-Amz-Security-Token"), SLICE("old") },
	};
	struct sigv4_key key = usual;
	struct arena a = ARENA_INIT;
	struct sigv4_request r = request_to("http://a.example:8080/");
	struct sigv4_signed out;
	struct fault f;
	size_t i;

	(void)state;
	key.token = SLICE("new");
	r.headers = given;
	r.header_count = 4;
	r.hash_header = true;
	assert_true(sigv4_sign(&r, &key, &a, &out, &f));
	assert_int_equal(out.header_count, 5);
	for (i = 0; i < 5; i++)
		assert_true(slice_eq(out.headers[i].name, slice_of(want[i])));
	assert_true(slice_eq(out.headers[1].value, SLICE("20150830T123600Z")));
	assert_true(slice_eq(out.headers[2].value, SLICE("new")));
	assert_true(slice_eq(out.headers[4].value, out.authorization));
	assert_true(slice_eq(out.date, SLICE("20150830T123600Z")));
	assert_true(slice_eq(out.host, SLICE("a.example:8080")));
	arena_release(&a);
}

static void what_cannot_be_signed_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"a.example",
		"ftp://a.example/",
		"https://",
		"https:///path",
		"https://:443/",
		"https://a.example:0/",
		"https://a.example:65536/",
		"https://a.example:99999999999999999999/",
		"https://bob:secret@a.example/",
		"https://a.example/a b",
		"https://a.example/\r\nx:y",
	};
	struct arena a = ARENA_INIT;
	struct sigv4_request r = request_to("https://a.example/");
	struct sigv4_key nobody = { 0 };
	struct sigv4_signed out;
	struct fault f;
	size_t i;

	(void)state;
	assert_false(sigv4_sign(&r, &nobody, &a, &out, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	r.time = INT64_MAX;
	assert_false(sigv4_sign(&r, &usual, &a, &out, &f));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		r = request_to(bad[i]);
		assert_false(sigv4_sign(&r, &usual, &a, &out, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_null(strstr(f.text, "secret"));
	}
	arena_release(&a);
}

static void too_large_is_a_fault(void **state)
{
	static char value[2 << 20];
	const struct http_header given = { SLICE("x-a"),
		                           { value, sizeof(value) } };
	struct arena a = ARENA_INIT;
	struct sigv4_request r = request_to("https://a.example/");
	struct sigv4_signed out;
	struct fault f;

	(void)state;
	memset(value, 'x', sizeof(value));
	r.headers = &given;
	r.header_count = 1;
	assert_false(sigv4_sign(&r, &usual, &a, &out, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	arena_release(&a);
}

/* RFC 4231, test cases 1, 2 and 6. */
static void hmac_is_hmac(void **state)
{
	static const char twenty[20] =
	        "\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v\v";
	char block[131], hex[65];
	unsigned char sum[HMAC_SHA256];

	(void)state;
	hmac_sha256((struct slice){ twenty, 20 }, SLICE("Hi There"), sum);
	hash_hex(sum, sizeof(sum), hex);
	assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b"
	                         "881dc200c9833da726e9376c2e32cff7");
	hmac_sha256(SLICE("Jefe"), SLICE("what do ya want for nothing?"), sum);
	hash_hex(sum, sizeof(sum), hex);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c7"
	                         "5a003f089d2739839dec58b964ec3843");
	memset(block, 0xAA, sizeof(block));
	hmac_sha256((struct slice){ block, sizeof(block) },
	            SLICE("Test Using Larger Than Block-Size Key - "
	                  "Hash Key First"),
	            sum);
	hash_hex(sum, sizeof(sum), hex);
	assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f"
	                         "8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_aws),
		cmocka_unit_test(spellings_of_one_query_sign_alike),
		cmocka_unit_test(repeated_headers_are_one_line),
		cmocka_unit_test(headers_to_send_are_whole),
		cmocka_unit_test(what_cannot_be_signed_is_refused),
		cmocka_unit_test(too_large_is_a_fault),
		cmocka_unit_test(hmac_is_hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

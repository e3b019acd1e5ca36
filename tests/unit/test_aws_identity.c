/* Keys that come over the network, from tests/server/aws_identity.py:
 * containers, instances, roles and web identities; what they get wrong; keys
 * that end; a clock that is off. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/aws_scene.h"
#include "tests/unit/hostile.h"

/* The moment at which the server lives. */
static const int64_t noon = 1440938160000;
static const int64_t minute = 60000;

static struct hostile server;

static const char *at(const char *how, const char *what)
{
	static char urls[4][256];
	static unsigned next;
	char *url = urls[next++ % 4];

	snprintf(url, sizeof(urls[0]), "http://127.0.0.1:%d/%s%s",
	         hostile_port(&server, "main"), how, what);
	return url;
}

static int begin(void **state)
{
	(void)state;
	scene_begin();
	return 0;
}

static int end(void **state)
{
	(void)state;
	scene_end();
	return 0;
}

static struct aws_options options(int64_t timeout, int64_t now)
{
	return (struct aws_options){ .service = SLICE("support"),
		                     .env = scene_env,
		                     .now = now,
		                     .timeout = timeout };
}

static struct aws *opened_at(int64_t now)
{
	struct aws_options o = options(20000, now);
	struct aws *aws;
	struct fault f;

	if (!aws_open(&aws, &o, &f))
		fail_msg("%s", f.text);
	return aws;
}

/* What a request at `now` is signed with; the arena keeps it. */
static bool signed_at(struct aws *aws, int64_t now, struct arena *a,
                      struct slice *authorization, struct slice *date,
                      struct fault *f)
{
	const struct call_try t = { .method = SLICE("POST"),
		                    .url = SLICE("https://a.example/"),
		                    .now = now };
	const struct http_header *headers;
	size_t count, i;

	if (!aws_sign(aws, &t, a, &headers, &count, f))
		return false;
	for (i = 0; i < count; i++) {
		if (slice_eq(headers[i].name, SLICE("authorization")))
			*authorization = headers[i].value;
		if (slice_eq(headers[i].name, SLICE("x-amz-date")))
			*date = headers[i].value;
	}
	return true;
}

/* The number of the key that signs: keys are numbered as they are given. */
static long number(struct aws *aws, int64_t now)
{
	struct slice authorization = { 0 }, date;
	struct arena a = ARENA_INIT;
	const char *id;
	struct fault f;
	long n;

	if (!signed_at(aws, now, &a, &authorization, &date, &f))
		fail_msg("%s", f.text);
	id = strstr(authorization.at, "Credential=ASIA");
	assert_non_null(id);
	n = strtol(id + 15, NULL, 10);
	arena_release(&a);
	return n;
}

static void refused(int64_t timeout, enum fault_kind kind, const char *words)
{
	struct aws_options o = options(timeout, noon);
	struct aws *aws;
	struct fault f;

	assert_false(aws_open(&aws, &o, &f));
	if (f.kind != kind || !strstr(f.text, words))
		fail_msg("%s '%s' is not '%s'", fault_kind_name(f.kind), f.text,
		         words);
	assert_null(strstr(f.text, "/EXAMPLE"));
	assert_null(strstr(f.text, "=="));
	assert_null(strstr(f.text, "t0ken"));
}

static void says(struct aws *aws, const char *origin)
{
	assert_true(slice_eq(aws_origin(aws), slice_of(origin)));
	aws_close(aws);
}

static void containers_give_keys(void **state)
{
	(void)state;
	scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI",
	          at("good", "/container"));
	says(opened_at(noon), "container");
	scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI",
	          at("token", "/container"));
	refused(20000, FAULT_DENIED, "the answer is 403");
	scene_set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer-like t0ken");
	says(opened_at(noon), "container");
	scene_set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "");
	scene_file("token", "Bearer-like t0ken\n");
	scene_set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	          scene_path("token"));
	says(opened_at(noon), "container");
	scene_file("token", "t0ken\r\nX-Injected: b");
	refused(20000, FAULT_USAGE, "cannot be sent as a header");
}

static void bad_answers_of_containers_are_faults(void **state)
{
	static const struct {
		const char *how, *words;
		enum fault_kind kind;
	} cases[] = {
		{ "nojson", "not JSON", FAULT_INPUT },
		{ "empty", "not JSON", FAULT_INPUT },
		{ "list", "is empty, too long", FAULT_INPUT },
		{ "deep", "not JSON", FAULT_INPUT },
		{ "huge", "container", FAULT_LIMIT },
		{ "nosecret", "is empty", FAULT_INPUT },
		{ "numbers", "is empty", FAULT_INPUT },
		{ "nodate", "no date", FAULT_INPUT },
		{ "lineend", "not plain text", FAULT_INPUT },
		{ "redirect", "the answer is 302", FAULT_DENIED },
		{ "404", "the answer is 404", FAULT_DENIED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI",
		          at(cases[i].how, "/container"));
		refused(20000, cases[i].kind, cases[i].words);
	}
	scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI",
	          at("silent", "/container"));
	refused(100, FAULT_LATER, "container");
}

static void instances_give_keys(void **state)
{
	(void)state;
	scene_set("AWS_EC2_METADATA_DISABLED", "");
	scene_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", at("good", "/"));
	says(opened_at(noon), "instance role ops-role");
}

static void instances_without_keys_are_nothing(void **state)
{
	static const char *const cases[][2] = {
		{ "norole", "the instance has no role" },
		{ "first", "gives no token (405; IMDSv2)" },
		{ "403", "gives no token (403; IMDSv2)" },
		{ "oddtoken", "gives no token (200; IMDSv2)" },
		{ "redirect", "gives no token (302; IMDSv2)" },
	};
	size_t i;

	(void)state;
	scene_set("AWS_EC2_METADATA_DISABLED", "false");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_set("AWS_EC2_METADATA_SERVICE_ENDPOINT",
		          at(cases[i][0], ""));
		refused(20000, FAULT_DENIED, cases[i][1]);
	}
	/* As in a container that is one hop too far. */
	scene_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", at("silent", ""));
	refused(100, FAULT_DENIED, "hop limit");
	scene_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
	refused(20000, FAULT_DENIED, "no instance metadata");
}

static void bad_answers_of_instances_are_faults(void **state)
{
	static const struct {
		const char *how, *words;
		enum fault_kind kind;
	} cases[] = {
		{ "oddrole", "no name of a role", FAULT_INPUT },
		{ "norolename", "no name of a role", FAULT_INPUT },
		{ "nojson", "not JSON", FAULT_INPUT },
		{ "lineend", "not plain text", FAULT_INPUT },
	};
	size_t i;

	(void)state;
	scene_set("AWS_EC2_METADATA_DISABLED", "");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_set("AWS_EC2_METADATA_SERVICE_ENDPOINT",
		          at(cases[i].how, ""));
		refused(20000, cases[i].kind, cases[i].words);
	}
	assert_int_equal(hostile_logged(&server, "user-data"), 0);
}

static void web_identity_at(const char *how)
{
	scene_file("token", "eyJ0b2tlbg.EXAMPLE\n");
	scene_set("AWS_WEB_IDENTITY_TOKEN_FILE", scene_path("token"));
	scene_set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
	scene_set("AWS_ENDPOINT_URL_STS", at(how, "/sts"));
}

static void web_identities_are_exchanged(void **state)
{
	(void)state;
	web_identity_at("good");
	says(opened_at(noon),
	     "web identity of arn:aws:iam::123456789012:role/pod");
	assert_int_equal(hostile_logged(&server,
	                                "AssumeRoleWithWebIdentity by web "
	                                "identity: arn:aws:iam::123456789012:"
	                                "role/pod"),
	                 1);
	scene_file("token", "another");
	refused(20000, FAULT_DENIED, "403 InvalidIdentityToken: not <you>!");
	scene_file("token", "\n");
	refused(20000, FAULT_USAGE, "is empty");
	remove(scene_path("token"));
	refused(20000, FAULT_GONE, "web identity");
}

static void bad_answers_of_the_token_service_are_faults(void **state)
{
	static const struct {
		const char *how, *words;
		enum fault_kind kind;
	} cases[] = {
		{ "cutxml", "it is cut", FAULT_INPUT },
		{ "bomb", "a declaration", FAULT_INPUT },
		{ "crossed", "do not match", FAULT_INPUT },
		{ "deepxml", "nested too deeply", FAULT_LIMIT },
		{ "html", "do not match", FAULT_INPUT },
		{ "emptyxml", "no tags", FAULT_INPUT },
		{ "huge", "token service", FAULT_LIMIT },
		{ "redirect", "answers 302", FAULT_DENIED },
		{ "404", "answers 404", FAULT_DENIED },
		{ "denied", "403 AccessDenied", FAULT_DENIED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		web_identity_at(cases[i].how);
		refused(20000, cases[i].kind, cases[i].words);
	}
}

static const char files[] =
        "[base]\n"
        "aws_access_key_id = AKIDEXAMPLE\n"
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n"
        "[far]\n"
        "role_arn = arn:aws:iam::123456789012:role/far\n"
        "source_profile = near\n"
        "external_id = 사원 7\n"
        "[near]\n"
        "role_arn = arn:aws:iam::123456789012:role/near\n"
        "role_session_name = me\n"
        "duration_seconds = 900\n"
        "source_profile = base\n"
        "[pod]\n"
        "role_arn = arn:aws:iam::123456789012:role/of-pod\n"
        "credential_source = EcsContainer\n"
        "[self]\n"
        "role_arn = arn:aws:iam::123456789012:role/self\n"
        "source_profile = self\n"
        "aws_access_key_id = AKIDEXAMPLE\n"
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n";

/* Each is signed by the one before; the server verifies it. */
static void roles_are_assumed_one_by_the_other(void **state)
{
	(void)state;
	scene_file("credentials", files);
	scene_set("AWS_ENDPOINT_URL_STS", at("good", "/sts"));
	scene_set("AWS_PROFILE", "far");
	says(opened_at(noon), "role of profile far");
	assert_int_equal(hostile_logged(&server, "by AKIDEXAMPLE: arn:aws:iam::"
	                                         "123456789012:role/near"),
	                 1);
	assert_int_equal(hostile_logged(&server, "AssumeRole by ASIA"), 1);
	scene_set("AWS_PROFILE", "self");
	says(opened_at(noon), "role of profile self");
	scene_set("AWS_PROFILE", "pod");
	scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI",
	          at("good", "/container"));
	says(opened_at(noon), "role of profile pod");
	assert_int_equal(hostile_logged(&server, "role/of-pod"), 1);
}

static void container_is(const char *how)
{
	scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", at(how, "/container"));
}

static void keys_are_renewed_before_their_end(void **state)
{
	struct aws *aws;
	long first;

	(void)state;
	container_is("good");
	aws = opened_at(noon);
	first = number(aws, noon);
	container_is("55m-good");
	assert_int_equal(number(aws, noon + 54 * minute), first);
	assert_int_equal(number(aws, noon + 55 * minute), first + 1);
	assert_int_equal(number(aws, noon + 109 * minute), first + 1);
	container_is("110m-good");
	assert_int_equal(number(aws, noon + 110 * minute), first + 2);
	aws_close(aws);
}

/* What lasts two minutes is always about to end. */
static void short_keys_are_not_asked_for_at_each_request(void **state)
{
	struct aws *aws;
	long first;

	(void)state;
	container_is("short");
	aws = opened_at(noon);
	first = number(aws, noon);
	assert_int_equal(number(aws, noon + 9000), first);
	assert_int_equal(number(aws, noon + 10000), first + 1);
	assert_int_equal(number(aws, noon + 19000), first + 1);
	aws_close(aws);
}

static void a_renewal_may_fail_until_the_end(void **state)
{
	struct slice authorization, date;
	struct arena a = ARENA_INIT;
	struct aws *aws;
	struct fault f;
	long first;

	(void)state;
	container_is("good");
	aws = opened_at(noon);
	first = number(aws, noon);
	container_is("56m-nojson");
	assert_int_equal(number(aws, noon + 56 * minute), first);
	container_is("60m-nojson");
	assert_false(signed_at(aws, noon + 60 * minute, &a, &authorization,
	                       &date, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "the credentials have ended"));
	container_is("61m-ended");
	assert_false(signed_at(aws, noon + 61 * minute, &a, &authorization,
	                       &date, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	container_is("62m-good");
	assert_true(number(aws, noon + 62 * minute) > first);
	arena_release(&a);
	aws_close(aws);
}

/* The service's clock counts: what it gives out an hour ahead of ours is
 * signed for by its hour, and ends when it says. */
static void a_clock_that_is_off_is_corrected(void **state)
{
	struct slice authorization = { 0 }, date = { 0 };
	struct arena a = ARENA_INIT;
	struct aws *aws;
	struct fault f;
	long first;

	(void)state;
	scene_file("credentials", files);
	scene_set("AWS_ENDPOINT_URL_STS", at("60m-good", "/sts"));
	scene_set("AWS_PROFILE", "near");
	aws = opened_at(noon);
	assert_int_equal(hostile_logged(&server, "RequestExpired"), 1);
	assert_true(signed_at(aws, noon, &a, &authorization, &date, &f));
	/* Its Date has no fractions of a second. */
	assert_true(slice_starts(date, SLICE("20150830T1335")) ||
	            slice_starts(date, SLICE("20150830T1336")));
	first = number(aws, noon);
	assert_int_equal(number(aws, noon + 54 * minute), first);
	scene_set("AWS_ENDPOINT_URL_STS", at("116m-good", "/sts"));
	assert_int_equal(number(aws, noon + 56 * minute), first + 1);
	arena_release(&a);
	aws_close(aws);
}

static void answers_correct_the_clock(void **state)
{
	struct http_header header = { SLICE("date"),
		                      SLICE("Sun, 30 Aug 2015 12:41:00 GMT") };
	struct http_reply r = { .headers = &header, .header_count = 1 };
	static const struct {
		const char *sent, *date;
	} cases[] = {
		{ "Sun, 30 Aug 2015 12:39:00 GMT", "20150830T123600Z" },
		{ "Sun, 30 Aug 2015 12:41:00 GMT", "20150830T124100Z" },
		{ "nonsense", "20150830T124100Z" },
		{ "Sun, 30 Abc 2015 12:36:00 GMT", "20150830T124100Z" },
		{ "Sun, 99 Aug 2015 12:36:00 GMT", "20150830T124100Z" },
		{ "Sun, 30 Aug 2015 12:38:00 GMT", "20150830T124100Z" },
		{ "Sat, 29 Aug 2015 12:36:00 GMT", "20150829T123600Z" },
	};
	struct arena a = ARENA_INIT;
	struct aws *aws;
	size_t i;

	(void)state;
	scene_set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
	scene_set("AWS_SECRET_ACCESS_KEY", "s");
	aws = opened_at(noon);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice authorization, date = { 0 };
		struct fault f;

		header.value = slice_of(cases[i].sent);
		aws_answered(aws, &r, noon);
		assert_true(
		        signed_at(aws, noon, &a, &authorization, &date, &f));
		assert_string_equal(date.at, cases[i].date);
	}
	arena_release(&a);
	aws_close(aws);
}

static int set_up(void **state)
{
	(void)state;
	hostile_start_as(&server, "aws_identity.py");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hostile_stop(&server);
	return 0;
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(containers_give_keys),
		SCENE(bad_answers_of_containers_are_faults),
		SCENE(instances_give_keys),
		SCENE(instances_without_keys_are_nothing),
		SCENE(bad_answers_of_instances_are_faults),
		SCENE(web_identities_are_exchanged),
		SCENE(bad_answers_of_the_token_service_are_faults),
		SCENE(roles_are_assumed_one_by_the_other),
		SCENE(keys_are_renewed_before_their_end),
		SCENE(short_keys_are_not_asked_for_at_each_request),
		SCENE(a_renewal_may_fail_until_the_end),
		SCENE(a_clock_that_is_off_is_corrected),
		SCENE(answers_correct_the_clock),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

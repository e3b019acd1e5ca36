/* Keys as AWS's tools find them, without a network: environment, shared files
 * and profiles; addresses of services; what is refused, and how it is said. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/aws_scene.h"

static const char files[] =
        "# whole lines are comments\n"
        "[default]\n"
        "aws_access_key_id = AKIADEFAULTEXAMPLE\n"
        "aws_secret_access_key=default+secret/EXAMPLE  # behind a blank\n"
        "\n"
        "[ops]\r\n"
        "  AWS_ACCESS_KEY_ID = AKIAOPSEXAMPLE\r\n"
        "  aws_secret_access_key = ops#secret;EXAMPLE\r\n"
        "  aws_session_token = opstoken==\r\n"
        "[ops]\n"
        "aws_session_token = newer==\n"
        "[half]\n"
        "aws_access_key_id = AKIAHALFEXAMPLE\n";

static const char config[] = "\xEF\xBB\xBF[default]\n"
                             "region = eu-west-1\n"
                             "s3 =\n"
                             "  max_concurrent_requests = 20\n"
                             "  addressing_style = path\n"
                             "output = json ; for people\n"
                             "[profile ops]\n"
                             "region = cn-north-1\n"
                             "[profile \"운영 팀\"]\n"
                             "region = ap-northeast-2\n"
                             "aws_access_key_id = AKIATEAMEXAMPLE\n"
                             "aws_secret_access_key = team\n"
                             "[sso-session corp]\n"
                             "sso_start_url = https://login.example/start\n"
                             "[profile sso]\n"
                             "sso_session = corp\n"
                             "[profile outside]\n"
                             "credential_process = /opt/give-keys\n"
                             "[profile empty]\n"
                             "[profile circle]\n"
                             "role_arn = arn:aws:iam::123456789012:role/a\n"
                             "source_profile = circle2\n"
                             "[profile circle2]\n"
                             "role_arn = arn:aws:iam::123456789012:role/b\n"
                             "source_profile = circle\n"
                             "[profile nobody]\n"
                             "role_arn = arn:aws:iam::123456789012:role/c\n"
                             "source_profile = missing\n"
                             "[profile alone]\n"
                             "role_arn = arn:aws:iam::123456789012:role/d\n"
                             "[profile poor]\n"
                             "role_arn = arn:aws:iam::123456789012:role/e\n"
                             "source_profile = empty\n"
                             "[profile device]\n"
                             "role_arn = arn:aws:iam::123456789012:role/f\n"
                             "source_profile = default\n"
                             "mfa_serial = arn:aws:iam::123456789012:mfa/x\n"
                             "[profile odd]\n"
                             "role_arn = arn:aws:iam::123456789012:role/g\n"
                             "credential_source = Moon\n"
                             "[profile nowhere]\n"
                             "role_arn = arn:aws:iam::123456789012:role/h\n"
                             "credential_source = Environment\n"
                             "[profile hasty]\n"
                             "role_arn = arn:aws:iam::123456789012:role/i\n"
                             "source_profile = default\n"
                             "duration_seconds = 10\n";

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

static struct aws_options options(const char *profile)
{
	return (struct aws_options){
		.profile = slice_of(profile),
		.service = SLICE("support"),
		.env = scene_env,
		.now = 1440938160000,
	};
}

static struct aws *open_as(const char *profile)
{
	struct aws_options o = options(profile);
	struct aws *aws;
	struct fault f;

	if (!aws_open(&aws, &o, &f))
		fail_msg("%s", f.text);
	return aws;
}

/* What a request is signed with: "ID/20150830/REGION/SERVICE". */
static void signs(struct aws *aws, const char *want, const char *token)
{
	const struct call_try t = {
		.method = SLICE("POST"),
		.url = SLICE("https://support.us-east-1.amazonaws.com/"),
		.body = SLICE("{}"),
		.now = 1440938160000,
	};
	const struct http_header *headers;
	struct arena a = ARENA_INIT;
	struct slice seen = { 0 };
	struct fault f;
	size_t count, i;

	assert_true(aws_sign(aws, &t, &a, &headers, &count, &f));
	for (i = 0; i < count; i++) {
		if (slice_eq(headers[i].name, SLICE("x-amz-security-token")))
			seen = headers[i].value;
		if (slice_eq(headers[i].name, SLICE("authorization")) &&
		    !strstr(headers[i].value.at, want))
			fail_msg("%s, not %s", headers[i].value.at, want);
	}
	assert_true(slice_eq(seen, slice_of(token)));
	arena_release(&a);
}

static void refused(const char *profile, enum fault_kind kind,
                    const char *words)
{
	struct aws_options o = options(profile);
	struct aws *aws;
	struct fault f;

	assert_false(aws_open(&aws, &o, &f));
	assert_int_equal(f.kind, kind);
	if (!strstr(f.text, words))
		fail_msg("'%s' does not say '%s'", f.text, words);
	assert_null(strstr(f.text, "secret/EXAMPLE"));
	assert_null(strstr(f.text, "AKIAHALF"));
}

static void says(struct aws *aws, const char *origin, const char *region)
{
	struct slice o = aws_origin(aws);

	if (!slice_starts(o, slice_of(origin)))
		fail_msg("%.*s, not %s", SLICE_ARG(o), origin);
	assert_true(slice_eq(aws_region(aws), slice_of(region)));
}

static void environment_comes_first(void **state)
{
	struct aws *aws;

	(void)state;
	scene_file("credentials", files);
	scene_set("AWS_ACCESS_KEY_ID", "AKIAENVEXAMPLE");
	scene_set("AWS_SECRET_ACCESS_KEY", "env");
	scene_set("AWS_SESSION_TOKEN", "envtoken");
	scene_set("AWS_PROFILE", "ops");
	aws = open_as("");
	says(aws, "environment", "us-east-1");
	signs(aws,
	      "Credential=AKIAENVEXAMPLE/20150830/us-east-1/support/"
	      "aws4_request",
	      "envtoken");
	aws_close(aws);
	/* But a profile that is asked for is meant. */
	aws = open_as("default");
	signs(aws, "Credential=AKIADEFAULTEXAMPLE/", "");
	aws_close(aws);
	scene_set("AWS_SECRET_ACCESS_KEY", "");
	refused("", FAULT_USAGE, "AWS_SECRET_ACCESS_KEY");
}

static void shared_files_are_read_as_others_do(void **state)
{
	struct aws *aws;

	(void)state;
	scene_file("credentials", files);
	scene_file("config", config);
	scene_set("AWS_REGION", "");
	aws = open_as("");
	says(aws, "profile default of /tmp/", "eu-west-1");
	/* Support lives in one region of each partition. */
	signs(aws, "Credential=AKIADEFAULTEXAMPLE/20150830/us-east-1/", "");
	aws_close(aws);
	scene_set("AWS_PROFILE", "ops");
	aws = open_as("");
	says(aws, "profile ops of /tmp/", "cn-north-1");
	signs(aws, "Credential=AKIAOPSEXAMPLE/20150830/cn-north-1/", "newer==");
	aws_close(aws);
	aws = open_as("운영 팀");
	says(aws, "profile 운영 팀 of /tmp/", "ap-northeast-2");
	signs(aws, "Credential=AKIATEAMEXAMPLE/", "");
	aws_close(aws);
}

static void profile_default_replaces_default(void **state)
{
	struct aws *aws;

	(void)state;
	scene_file("config", "[profile default]\nregion = eu-west-1\n"
	                     "aws_access_key_id = AKIAEXAMPLE\n"
	                     "aws_secret_access_key = s\n"
	                     "[default]\nregion = cn-north-1\n"
	                     "aws_session_token = left-out\n");
	scene_set("AWS_REGION", "");
	aws = open_as("");
	says(aws, "profile default of ", "eu-west-1");
	signs(aws, "Credential=AKIAEXAMPLE/", "");
	aws_close(aws);
}

static void what_is_wrong_is_said(void **state)
{
	(void)state;
	scene_file("credentials", files);
	scene_file("config", config);
	refused("missing", FAULT_USAGE, "no profile 'missing' in '");
	refused("half", FAULT_USAGE, "profile 'half' of ");
	refused("sso", FAULT_DENIED, "export-credentials");
	refused("outside", FAULT_DENIED, "credential_process");
	refused("circle", FAULT_USAGE, "circle");
	refused("nobody", FAULT_USAGE, "'missing'");
	refused("alone", FAULT_USAGE, "neither source_profile");
	refused("poor", FAULT_USAGE, "has no keys");
	refused("device", FAULT_DENIED, "mfa_serial");
	refused("odd", FAULT_USAGE, "credential_source");
	refused("nowhere", FAULT_DENIED, "finds no keys");
	refused("hasty", FAULT_USAGE, "duration_seconds");
	refused("empty", FAULT_DENIED, "profile 'empty' has no keys");
	scene_set("AWS_PROFILE", "missing");
	refused("", FAULT_USAGE, "no profile 'missing'");
}

static void nothing_found_lists_where_was_looked(void **state)
{
	(void)state;
	refused("", FAULT_DENIED,
	        "no credentials for AWS: none in the environment; "
	        "no web identity; no profile 'default' in the shared files; "
	        "no container's address; instance metadata is disabled");
	scene_set("AWS_REGION", "");
	refused("", FAULT_USAGE, "no region");
}

static void bad_lines_are_named_and_not_shown(void **state)
{
	static const struct {
		const char *text;
		int64_t line;
	} bad[] = {
		{ "aws_secret_access_key = secret/EXAMPLE\n", 1 },
		{ "[default]\n\nsecret/EXAMPLE\n", 3 },
		{ "[default]\n= secret/EXAMPLE\n", 2 },
		{ "[default\n", 1 },
		{ "[default] secret/EXAMPLE\n", 1 },
	};
	struct aws_options o = options("");
	struct aws *aws;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scene_file("credentials", bad[i].text);
		assert_false(aws_open(&aws, &o, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_int_equal(f.line, bad[i].line);
		assert_string_equal(f.subject, scene_path("credentials"));
		assert_null(strstr(f.text, "EXAMPLE"));
	}
}

static void endpoints_are_those_of_the_partition(void **state)
{
	static const char *const cases[][4] = {
		{ "support", "us-east-1",
		  "https://support.us-east-1.amazonaws.com", "us-east-1" },
		{ "support", "ap-northeast-2",
		  "https://support.us-east-1.amazonaws.com", "us-east-1" },
		{ "support", "cn-northwest-1",
		  "https://support.cn-north-1.amazonaws.com.cn", "cn-north-1" },
		{ "support", "us-gov-east-1",
		  "https://support.us-gov-west-1.amazonaws.com",
		  "us-gov-west-1" },
		{ "bedrock", "eu-central-1",
		  "https://bedrock-runtime.eu-central-1.amazonaws.com",
		  "eu-central-1" },
		{ "sagemaker", "cn-northwest-1",
		  "https://runtime.sagemaker.cn-northwest-1.amazonaws.com.cn",
		  "cn-northwest-1" },
		{ "sts", "us-gov-west-1",
		  "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1" },
	};
	static const char *const bad[][2] = {
		{ "moon", "us-east-1" },        { "support", "" },
		{ "support", "us-iso-east-1" }, { "sts", "a.example/x" },
		{ "sts", "US-EAST-1" },         { "sts", "-a" },
	};
	struct arena a = ARENA_INIT;
	struct slice url, signing;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(aws_endpoint(slice_of(cases[i][0]),
		                         slice_of(cases[i][1]), &a, &url,
		                         &signing, &f));
		assert_string_equal(url.at, cases[i][2]);
		assert_string_equal(signing.at, cases[i][3]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(aws_endpoint(slice_of(bad[i][0]),
		                          slice_of(bad[i][1]), &a, &url,
		                          &signing, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
	}
	arena_release(&a);
}

static void address_is(const char *want, const char *region)
{
	struct arena a = ARENA_INIT;
	struct slice url, signing;
	struct aws *aws = open_as("");
	struct fault f;

	assert_true(aws_address(aws, &a, &url, &signing, &f));
	assert_true(slice_eq(url, slice_of(want)));
	assert_true(slice_eq(signing, slice_of(region)));
	arena_release(&a);
	aws_close(aws);
}

static void endpoints_of_the_environment_count(void **state)
{
	(void)state;
	scene_set("AWS_ACCESS_KEY_ID", "AKIAENVEXAMPLE");
	scene_set("AWS_SECRET_ACCESS_KEY", "env");
	scene_set("AWS_REGION", "eu-west-1");
	address_is("https://support.us-east-1.amazonaws.com", "us-east-1");
	scene_set("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/");
	address_is("http://127.0.0.1:4566", "eu-west-1");
	scene_set("AWS_ENDPOINT_URL_SUPPORT", "https://support.example");
	address_is("https://support.example", "eu-west-1");
	scene_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
	address_is("https://support.us-east-1.amazonaws.com", "us-east-1");
}

/* Only https, this machine and AWS's two link-local addresses are asked for a
 * container's keys: nothing is sent anywhere else. */
static void containers_are_asked_at_home(void **state)
{
	static const char *const bad[] = {
		"http://keys.example/",       "http://169.254.169.254/",
		"http://10.0.0.1/",           "http://127.0.0.1.nip.example/",
		"http://[fd00:ec2::24]/",     "ftp://127.0.0.1/",
		"http://localhost.example/x", "nonsense",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scene_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", bad[i]);
		refused("", FAULT_DENIED, "FULL_URI must be https");
	}
	scene_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "nonsense");
	refused("", FAULT_USAGE, "does not begin with '/'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(environment_comes_first, begin,
		                                end),
		cmocka_unit_test_setup_teardown(
		        shared_files_are_read_as_others_do, begin, end),
		cmocka_unit_test_setup_teardown(
		        profile_default_replaces_default, begin, end),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_said, begin,
		                                end),
		cmocka_unit_test_setup_teardown(
		        nothing_found_lists_where_was_looked, begin, end),
		cmocka_unit_test_setup_teardown(
		        bad_lines_are_named_and_not_shown, begin, end),
		cmocka_unit_test(endpoints_are_those_of_the_partition),
		cmocka_unit_test_setup_teardown(
		        endpoints_of_the_environment_count, begin, end),
		cmocka_unit_test_setup_teardown(containers_are_asked_at_home,
		                                begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

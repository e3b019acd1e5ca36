/* The places that need no network, and what all places share. */

#include "base/net/aws_search.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"

struct slice aws_variable(const struct aws_search *s, const char *name)
{
	const char *value = s->env(name);

	return slice_trim(slice_of(value ? value : ""));
}

bool aws_nothing(struct aws_search *s, bool *found, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (s->looked.len)
		buf_text(&s->looked, "; ");
	buf_text(&s->looked, text);
	*found = false;
	return true;
}

bool aws_from_environment(struct aws_search *s, struct aws_key *key,
                          bool *found, struct fault *f)
{
	struct slice id = aws_variable(s, "AWS_ACCESS_KEY_ID");
	struct slice secret = aws_variable(s, "AWS_SECRET_ACCESS_KEY");

	if (s->chosen)
		return aws_nothing(s, found, "the environment was left out");
	if (!id.len && !secret.len)
		return aws_nothing(s, found, "none in the environment");
	if (!id.len || !secret.len)
		return fault(f, FAULT_USAGE, "aws-environment",
		             "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: one "
		             "is set, the other is not");
	*found = true;
	buf_text(&s->origin, "environment");
	if (aws_key_set(key, id, secret, aws_variable(s, "AWS_SESSION_TOKEN"),
	                CLOCK_NONE, f))
		return true;
	f->kind = FAULT_USAGE;
	return fault_in(f, "AWS_ACCESS_KEY_ID and its like");
}

/* "~/x" of a variable, or .aws/NAME at home; "" when there is no home. */
static void file_path(const struct aws_search *s, const char *variable,
                      const char *name, struct buf *out)
{
	struct slice path = aws_variable(s, variable);
	struct slice home =
	        s->home ? slice_of(s->home) : aws_variable(s, "HOME");

	if (path.len && !slice_starts(path, SLICE("~/"))) {
		buf_add(out, path);
	} else if (home.len) {
		buf_add(out, home);
		if (path.len)
			buf_add(out, slice_cut(path, 1, path.len));
		else
			buf_addf(out, "/.aws/%s", name);
	}
}

bool aws_search_files(const struct aws_search *s, struct aws_profiles **out,
                      struct fault *f)
{
	struct buf credentials = BUF_INIT(LIMIT_LINK);
	struct buf config = BUF_INIT(LIMIT_LINK);
	bool ok;

	file_path(s, "AWS_SHARED_CREDENTIALS_FILE", "credentials",
	          &credentials);
	file_path(s, "AWS_CONFIG_FILE", "config", &config);
	ok = aws_profiles_read(
	        out, credentials.len ? buf_string(&credentials) : NULL,
	        config.len ? buf_string(&config) : NULL, f);
	buf_release(&credentials);
	buf_release(&config);
	return ok;
}

bool aws_search_named(const struct aws_search *s, const struct aws_profiles *p,
                      struct fault *f)
{
	return !s->named || aws_profile_has(p, s->profile) ||
	       fault(f, FAULT_USAGE, "aws-profile",
	             "there is no profile '%.*s' in '%s' and '%s'",
	             SLICE_ARG(s->profile),
	             aws_profiles_path(p, AWS_CREDENTIALS),
	             aws_profiles_path(p, AWS_CONFIG));
}

static struct slice member(const struct json *j, const char *name)
{
	struct slice s = { 0 };
	const struct json *value = json_get(j, name);

	if (json_is_text(value))
		json_text(value, &s);
	return s;
}

bool aws_key_read(struct slice json, struct aws_key *key, struct fault *f)
{
	int64_t end = CLOCK_NONE;
	struct slice date, secret, token;
	struct json *j;
	bool ok;

	if (!json_parse(&j, json, f))
		return fault(f, FAULT_INPUT, "aws-key",
		             "the answer is not JSON");
	date = member(j, "Expiration");
	secret = member(j, "SecretAccessKey");
	token = member(j, "Token");
	ok = (!date.len || clock_read(date, &end)) ||
	     fault(f, FAULT_INPUT, "aws-key",
	           "the answer has an Expiration that is no date");
	ok = ok &&
	     aws_key_set(key, member(j, "AccessKeyId"), secret, token, end, f);
	aws_slice_wipe(secret);
	aws_slice_wipe(token);
	json_free(j);
	return ok;
}

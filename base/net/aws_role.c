/* Identities that the token service gives out: for a role, by another key or
 * by the token of another provider. */

#include "base/net/aws_role.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"

/* AWS's own words, made harmless. */
static bool sts_refused(const struct sts_answer *answer, int status,
                        struct fault *f)
{
	char text[161];
	size_t i;

	snprintf(text, sizeof(text), "%.*s: %.*s", SLICE_ARG(answer->code),
	         SLICE_ARG(answer->message));
	for (i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
			text[i] = ' ';
	return fault(f, status >= 500 ? FAULT_LATER : FAULT_DENIED, "aws-role",
	             "the token service answers %d %s", status, text);
}

/* An error need not be XML: a proxy may have answered. */
static bool sts_try(const struct aws_question *q, struct arena *a,
                    struct aws_key *out, int *status, struct fault *f)
{
	struct sts_answer answer;
	struct slice body;
	bool ok;

	if (!aws_ask(q, a, status, &body, f))
		return fault_in(f, "the token service");
	if (!sts_read(body, a, &answer, f)) {
		if (*status == 200)
			return fault_in(f, "the token service");
		answer = (struct sts_answer){ .code = SLICE("no reason") };
	}
	if (*status != 200)
		return sts_refused(&answer, *status, f);
	ok = aws_key_set(out, answer.id, answer.secret, answer.token,
	                 answer.end, f) ||
	     fault_in(f, "the token service");
	aws_slice_wipe(answer.secret);
	aws_slice_wipe(answer.token);
	aws_slice_wipe(body);
	return ok;
}

bool aws_role_assume(struct aws_search *s, const struct sts_role *role,
                     const struct aws_key *by, struct aws_key *out,
                     struct fault *f)
{
	static const struct http_header type = {
		{ "Content-Type", 12 },
		{ "application/x-www-form-urlencoded; charset=utf-8", 48 },
	};
	struct aws_signer signer = { .key = by, .service = SLICE("sts") };
	struct slice ca = aws_variable(s, "AWS_CA_BUNDLE");
	struct buf body = BUF_INIT(LIMIT_IDENTITY);
	struct arena a = ARENA_INIT;
	struct aws_question q = {
		.call = { .headers = &type, .header_count = 1 },
		.signer = by ? &signer : NULL,
		.now = s->now,
		.timeout = s->timeout,
		.ca_file = ca.len ? ca.at : NULL,
		.skew = &s->skew,
	};
	int status = 0;
	bool ok = false;

	sts_write(role, &body);
	q.call.body = buf_slice(&body);
	if (buf_full(&body)) {
		fault(f, FAULT_LIMIT, "limit-identity",
		      "the role's settings or token are too long");
		goto out;
	}
	if (!aws_endpoint_of(s->env, signer.service, s->region, &a, &q.call.url,
	                     &signer.region, f))
		goto out;
	signer.skew = s->skew;
	ok = sts_try(&q, &a, out, &status, f);
	if (!ok && status >= 400 && signer.skew != s->skew) {
		signer.skew = s->skew;
		ok = sts_try(&q, &a, out, &status, f);
	}
out:
	memory_wipe(body.at, body.len);
	buf_release(&body);
	arena_release(&a);
	return ok;
}

struct slice aws_role_session(const struct aws_search *s, struct slice given,
                              char made[AWS_ROLE_SESSION])
{
	if (given.len)
		return given;
	snprintf(made, AWS_ROLE_SESSION, "opslore-%lld",
	         (long long)(s->now / 1000));
	return slice_of(made);
}

bool aws_role_web(struct aws_search *s, struct slice file, struct slice arn,
                  struct slice session, struct aws_key *key, struct fault *f)
{
	char made[AWS_ROLE_SESSION];
	struct sts_role role = { .arn = arn,
		                 .session =
		                         aws_role_session(s, session, made) };
	struct arena a = ARENA_INIT;
	char *text = NULL;
	size_t len = 0;
	bool ok = false;

	if (file_read(arena_copy(&a, file).at, LIMIT_TOKEN, &text, &len, f)) {
		role.web_token = slice_trim((struct slice){ text, len });
		ok = role.web_token.len
		             ? aws_role_assume(s, &role, NULL, key, f)
		             : fault(f, FAULT_USAGE, "aws-token-file",
		                     "the file of the web identity is empty");
		memory_wipe(text, len);
		free(text);
	}
	arena_release(&a);
	return ok || fault_in(f, "web identity");
}

bool aws_from_web_identity(struct aws_search *s, struct aws_key *key,
                           bool *found, struct fault *f)
{
	struct slice file = aws_variable(s, "AWS_WEB_IDENTITY_TOKEN_FILE");
	struct slice arn = aws_variable(s, "AWS_ROLE_ARN");

	if (s->chosen || !file.len)
		return aws_nothing(s, found, "no web identity");
	if (!arn.len)
		return fault(f, FAULT_USAGE, "aws-environment",
		             "AWS_WEB_IDENTITY_TOKEN_FILE is set, "
		             "AWS_ROLE_ARN is not");
	*found = true;
	buf_text(&s->origin, "web identity of ");
	buf_add(&s->origin, arn);
	return aws_role_web(s, file, arn,
	                    aws_variable(s, "AWS_ROLE_SESSION_NAME"), key, f);
}

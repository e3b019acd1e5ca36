/*
 * The machine's own keys: a container's by the address that its environment
 * names, an instance's by the metadata service in its second version (IMDSv2:
 * a session token by PUT first; the first version is not spoken). Both are one
 * hop away, so a second is long; nothing is followed anywhere else.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/aws_search.h"
#include "base/net/reach.h"
#include "base/net/url.h"

static const char usual_metadata[] = "http://169.254.169.254";
static const char usual_metadata6[] = "http://[fd00:ec2::254]";
static const char usual_container[] = "http://169.254.170.2";

static bool ask_near(struct aws_search *s, struct slice method,
                     struct slice url, const struct http_header *header,
                     struct arena *a, int *status, struct slice *body,
                     struct fault *f)
{
	struct aws_question q = {
		.call = { .url = url,
		          .method = method,
		          .headers = header,
		          .header_count = header ? 1 : 0 },
		.near = true,
		.now = s->now,
		.timeout = s->timeout,
		.skew = &s->skew,
	};
	int64_t n;

	if (slice_number(aws_variable(s, "AWS_METADATA_SERVICE_TIMEOUT"), &n) &&
	    n > 0 && n <= 60 && !s->timeout)
		q.timeout = n * 1000;
	if (slice_number(aws_variable(s, "AWS_METADATA_SERVICE_NUM_ATTEMPTS"),
	                 &n) &&
	    n > 0 && n <= 10)
		q.tries = (unsigned)n;
	return aws_ask(&q, a, status, body, f);
}

/* https anywhere; http only where nobody can listen: this machine, and the two
 * addresses at which containers and pods are given their keys. */
static bool container_url_good(struct slice text, struct fault *f)
{
	static const char *const hosts[] = { "localhost", "169.254.170.2",
		                             "169.254.170.23", "[fd00:ec2::23]",
		                             "[::1]" };
	struct url u = URL_INIT;
	bool good = false;
	size_t i;

	if (url_parse(&u, text, NULL, f) && url_is_web(&u)) {
		good = slice_eq(url_scheme(&u), SLICE("https"));
		for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
			if (slice_eq(url_host(&u), slice_of(hosts[i])))
				good = true;
		if (!good && slice_starts(url_host(&u), SLICE("127.")))
			reach_of_host(url_host(&u), &good);
	}
	url_release(&u);
	return good ||
	       fault(f, FAULT_DENIED, "aws-container",
	             "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, this "
	             "machine, 169.254.170.2, 169.254.170.23 or "
	             "[fd00:ec2::23]");
}

static bool container_url(struct aws_search *s, struct arena *a,
                          struct slice *url, struct fault *f)
{
	struct slice relative =
	        aws_variable(s, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	struct buf out = BUF_INIT(LIMIT_LINK);

	if (relative.len) {
		if (relative.at[0] != '/')
			return fault(f, FAULT_USAGE, "aws-container",
			             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI "
			             "does not begin with '/'");
		buf_text(&out, usual_container);
		buf_add(&out, relative);
	} else {
		buf_add(&out,
		        aws_variable(s, "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
	}
	*url = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return !url->len || container_url_good(*url, f);
}

/* The variable, or the file that another one names; empty: neither is set. */
static bool container_token(struct aws_search *s, struct arena *a,
                            struct slice *token, struct fault *f)
{
	struct slice path =
	        aws_variable(s, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	struct slice name;
	char *text;
	size_t len;

	*token = aws_variable(s, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	if (!path.len)
		return true;
	name = arena_copy(a, path);
	if (!file_read(name.at, LIMIT_TOKEN, &text, &len, f))
		return fault_in(f, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	*token = slice_trim(arena_copy(a, (struct slice){ text, len }));
	memory_wipe(text, len);
	free(text);
	return true;
}

static bool container_ask(struct aws_search *s, struct slice url,
                          struct arena *a, struct aws_key *key, struct fault *f)
{
	struct http_header header = { SLICE("Authorization"), { 0 } };
	struct slice body;
	int status;
	bool ok;

	if (!container_token(s, a, &header.value, f) ||
	    !ask_near(s, SLICE("GET"), url, header.value.len ? &header : NULL,
	              a, &status, &body, f))
		return false;
	if (status != 200)
		return fault(f,
		             status >= 500 || status == 429 ? FAULT_LATER
		                                            : FAULT_DENIED,
		             "aws-container", "the answer is %d", status);
	ok = aws_key_read(body, key, f);
	aws_slice_wipe(body);
	return ok;
}

bool aws_from_container(struct aws_search *s, struct aws_key *key, bool *found,
                        struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice url;
	bool ok = false;

	*found = false;
	if (!container_url(s, &a, &url, f))
		goto out;
	if (!url.len) {
		ok = aws_nothing(s, found, "no container's address");
		goto out;
	}
	*found = true;
	buf_text(&s->origin, "container");
	ok = container_ask(s, url, &a, key, f) ||
	     fault_in(f, "the container's credentials");
out:
	arena_release(&a);
	return ok;
}

static struct slice metadata_url(struct aws_search *s, const char *path,
                                 struct slice role, struct arena *a)
{
	struct slice base = s->metadata;
	struct buf out = BUF_INIT(LIMIT_LINK);
	struct slice made;

	if (!base.len)
		base = aws_variable(s, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	if (!base.len)
		base = slice_of(
		        slice_eq(aws_variable(s, "AWS_EC2_METADATA_SERVICE_"
		                                 "ENDPOINT_MODE"),
		                 SLICE("IPv6"))
		                ? usual_metadata6
		                : usual_metadata);
	while (slice_ends(base, SLICE("/")))
		base.len--;
	buf_add(&out, base);
	buf_text(&out, path);
	buf_add(&out, role);
	made = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return made;
}

/* A header's value, and nothing that could end it. */
static bool one_line(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] < ' ' || s.at[i] > '~')
			return false;
	return s.len > 0 && s.len <= LIMIT_TOKEN;
}

/* Names of roles (IAM): letters, digits and _+=,.@- */
static bool role_good(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i] | 0x20;

		if (!(c >= 'a' && c <= 'z') &&
		    !(s.at[i] && strchr("0123456789_+=,.@-", s.at[i])))
			return false;
	}
	return s.len > 0 && s.len <= 128;
}

/* A token for the session; its absence says that we are not on EC2, or not
 * close enough. */
static bool instance_token(struct aws_search *s, struct arena *a,
                           struct slice *token, bool *found, struct fault *f)
{
	static const struct http_header seconds = {
		{ "X-aws-ec2-metadata-token-ttl-seconds", 36 },
		{ "21600", 5 },
	};
	struct slice url =
	        metadata_url(s, "/latest/api/token", (struct slice){ 0 }, a);
	int status = 0;

	*found = true;
	if (!ask_near(s, SLICE("PUT"), url, &seconds, a, &status, token, f)) {
		if (f->kind == FAULT_CANCELLED || f->kind == FAULT_USAGE)
			return false;
		return aws_nothing(s, found,
		                   "no instance metadata (%s; in a container "
		                   "its hop limit must be 2)",
		                   f->code);
	}
	*token = slice_trim(*token);
	if (status == 200 && one_line(*token))
		return true;
	return aws_nothing(s, found,
	                   "instance metadata gives no token (%d; IMDSv2)",
	                   status);
}

static bool instance_role(struct aws_search *s, struct arena *a,
                          const struct http_header *header, struct slice *role,
                          bool *found, struct fault *f)
{
	struct slice url =
	        metadata_url(s, "/latest/meta-data/iam/security-credentials/",
	                     (struct slice){ 0 }, a);
	int status;

	if (!ask_near(s, SLICE("GET"), url, header, a, &status, role, f))
		return false;
	if (status == 404)
		return aws_nothing(s, found, "the instance has no role");
	*role = slice_trim(slice_cut(*role, 0, slice_find(*role, '\n')));
	if (status != 200 || !role_good(*role))
		return fault(f, FAULT_INPUT, "aws-metadata",
		             "it answers %d with no name of a role", status);
	return true;
}

static bool instance_key(struct aws_search *s, struct arena *a,
                         struct aws_key *key, bool *found, struct fault *f)
{
	struct http_header header = { SLICE("X-aws-ec2-metadata-token"),
		                      { 0 } };
	struct slice role, body;
	int status;
	bool ok;

	if (!instance_token(s, a, &header.value, found, f))
		return false;
	if (!*found)
		return true;
	if (!instance_role(s, a, &header, &role, found, f))
		return false;
	if (!*found)
		return true;
	if (!ask_near(s, SLICE("GET"),
	              metadata_url(
	                      s, "/latest/meta-data/iam/security-credentials/",
	                      role, a),
	              &header, a, &status, &body, f))
		return false;
	if (status != 200)
		return fault(f, FAULT_LATER, "aws-metadata",
		             "it answers %d for its role", status);
	buf_text(&s->origin, "instance role ");
	buf_add(&s->origin, role);
	ok = aws_key_read(body, key, f);
	aws_slice_wipe(body);
	return ok;
}

bool aws_from_instance(struct aws_search *s, struct aws_key *key, bool *found,
                       struct fault *f)
{
	struct slice off = aws_variable(s, "AWS_EC2_METADATA_DISABLED");
	struct arena a = ARENA_INIT;
	bool ok;

	*found = true;
	if (off.len == 4 && !strncasecmp(off.at, "true", 4))
		return aws_nothing(s, found,
		                   "instance metadata is disabled "
		                   "(AWS_EC2_METADATA_DISABLED)");
	ok = instance_key(s, &a, key, found, f) ||
	     fault_in(f, "the instance's metadata");
	arena_release(&a);
	return ok;
}

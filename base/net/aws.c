/*
 * The places are asked in order when it is opened; the one that had a key is
 * asked again, alone, when the key is about to end. What the network costs is
 * paid there: signing itself waits for nothing.
 */

#include "base/net/aws.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/aws_search.h"

enum {
	RENEW_BEFORE = 5 * 60 * 1000, /* milliseconds */
	RENEW_REST = 10 * 1000,       /* between two tries */
};

static aws_place *const places[] = {
	aws_from_environment, aws_from_web_identity, aws_from_profile,
	aws_from_container,   aws_from_instance,
};

enum { PLACES = sizeof(places) / sizeof(*places) };

struct aws {
	struct arena kept;
	struct aws_search search;
	struct slice service, region, signing;
	struct aws_key key;
	struct buf origin; /* of it */
	size_t place;
	int64_t rest_until; /* milliseconds UTC, by our clock */
	bool failed;        /* the last renewal, for ... */
	struct fault why;
};

static const char *process_environment(const char *name)
{
	return getenv(name);
}

/* From `from` up to and without `to`. */
static bool look(struct aws *aws, size_t from, size_t to, struct fault *f)
{
	struct aws_search *s = &aws->search;
	struct aws_key key = { 0 };
	bool found = false;
	size_t i;

	buf_reset(&s->looked);
	for (i = from; i < to && !found; i++) {
		buf_reset(&s->origin);
		if (!places[i](s, &key, &found, f)) {
			aws_key_release(&key);
			return false;
		}
	}
	if (!found)
		return fault(f, FAULT_DENIED, "aws-no-credentials",
		             "no credentials for AWS: %.*s",
		             SLICE_ARG(buf_slice(&s->looked)));
	aws_key_release(&aws->key);
	aws->key = key;
	buf_reset(&aws->origin);
	buf_add(&aws->origin, buf_slice(&s->origin));
	aws->place = i - 1;
	return true;
}

static void profile_choose(struct aws *aws, struct slice given)
{
	struct aws_search *s = &aws->search;
	struct slice named = aws_variable(s, "AWS_PROFILE");

	s->chosen = given.len > 0;
	s->named = given.len || named.len;
	s->profile = arena_copy(&aws->kept, given.len   ? given
	                                    : named.len ? named
	                                                : SLICE("default"));
}

static bool profile_region(struct aws *aws, struct slice *region,
                           struct fault *f)
{
	struct aws_search *s = &aws->search;
	struct aws_profiles *profiles;
	bool ok;

	if (!aws_search_files(s, &profiles, f))
		return false;
	ok = aws_search_named(s, profiles, f);
	*region = arena_copy(&aws->kept,
	                     aws_profile_get(profiles, s->profile, "region"));
	aws_profiles_free(profiles);
	return ok;
}

static bool region_choose(struct aws *aws, struct slice given, struct fault *f)
{
	static const char *const variables[] = { "AWS_REGION",
		                                 "AWS_DEFAULT_REGION" };
	struct aws_search *s = &aws->search;
	size_t i;

	for (i = 0; !given.len && i < 2; i++)
		given = aws_variable(s, variables[i]);
	if (!given.len && !profile_region(aws, &given, f))
		return false;
	aws->region = arena_copy(&aws->kept, given);
	s->region = aws->signing = aws->region;
	return aws->region.len ||
	       fault(f, FAULT_USAGE, "aws-region",
	             "no region: neither in the settings, nor in AWS_REGION, "
	             "nor in the profile '%.*s'",
	             SLICE_ARG(s->profile));
}

/* Services whose address is not known are signed for where we are. */
static void signing_choose(struct aws *aws)
{
	struct slice url, signing;
	struct fault f;

	if (aws_endpoint_of(aws->search.env, aws->service, aws->region,
	                    &aws->kept, &url, &signing, &f))
		aws->signing = signing;
}

bool aws_open(struct aws **out, const struct aws_options *o, struct fault *f)
{
	struct aws *aws = memory_new(1, sizeof(*aws));
	struct aws_search *s = &aws->search;

	s->env = o->env ? o->env : process_environment;
	s->home = o->home ? arena_copy(&aws->kept, slice_of(o->home)).at : NULL;
	s->metadata = arena_copy(&aws->kept, o->metadata);
	s->timeout = o->timeout;
	s->now = o->now;
	s->looked = BUF_INIT(LIMIT_NAME);
	s->origin = BUF_INIT(LIMIT_LINK);
	aws->origin = BUF_INIT(LIMIT_LINK);
	aws->service = arena_copy(&aws->kept, o->service);
	profile_choose(aws, o->profile);
	if (!region_choose(aws, o->region, f) || !look(aws, 0, PLACES, f)) {
		aws_close(aws);
		return false;
	}
	signing_choose(aws);
	aws->rest_until = o->now + RENEW_REST;
	*out = aws;
	return true;
}

void aws_close(struct aws *aws)
{
	if (!aws)
		return;
	aws_key_release(&aws->key);
	buf_release(&aws->search.looked);
	buf_release(&aws->search.origin);
	buf_release(&aws->origin);
	arena_release(&aws->kept);
	free(aws);
}

struct slice aws_region(const struct aws *aws)
{
	return aws->region;
}

struct slice aws_origin(const struct aws *aws)
{
	return buf_slice(&aws->origin);
}

/* How long the key is good for, by the clock as it was corrected. */
static int64_t left(const struct aws *aws, int64_t now)
{
	if (aws->key.end == CLOCK_NONE)
		return INT64_MAX;
	return aws->key.end - (now + aws->search.skew);
}

/* A renewal that fails matters only once the key has ended. */
static bool renew(struct aws *aws, int64_t now, struct fault *f)
{
	if (left(aws, now) > RENEW_BEFORE)
		return true;
	if (now >= aws->rest_until) {
		aws->search.now = now;
		aws->rest_until = now + RENEW_REST;
		aws->failed = !look(aws, aws->place, aws->place + 1, &aws->why);
	}
	if (left(aws, now) > 0)
		return true;
	if (!aws->failed)
		return fault(f, FAULT_DENIED, "aws-ended",
		             "the credentials have ended, and those that are "
		             "given out now have ended too");
	*f = aws->why;
	return fault_in(f, "the credentials have ended");
}

bool aws_sign(void *self, const struct call_try *t, struct arena *a,
              const struct http_header **headers, size_t *count,
              struct fault *f)
{
	struct aws *aws = self;
	struct aws_signer signer = { .key = &aws->key,
		                     .service = aws->service,
		                     .region = aws->signing };

	if (!renew(aws, t->now, f))
		return false;
	signer.skew = aws->search.skew;
	return aws_signer_sign(&signer, t, a, headers, count, f);
}

void aws_answered(struct aws *aws, const struct http_reply *r, int64_t now)
{
	aws_skew_note(&aws->search.skew, r, now);
}

bool aws_address(const struct aws *aws, struct arena *a, struct slice *url,
                 struct slice *signing, struct fault *f)
{
	return aws_endpoint_of(aws->search.env, aws->service, aws->region, a,
	                       url, signing, f);
}

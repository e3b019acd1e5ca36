/*
 * Keys of a profile: its own, or of a role that is assumed by the keys of the
 * profile before it, and so on. The chain is walked to its beginning first and
 * unrolled from there.
 */

#include <stdio.h>

#include "base/clock.h"
#include "base/net/aws_role.h"

enum { ROLES_MOST = 8 };

struct chain {
	struct aws_search *search;
	const struct aws_profiles *profiles;
	struct slice roles[ROLES_MOST]; /* profiles, the wanted one first */
	int count;
	struct slice last; /* whose own keys it begins with */
};

static bool profile_fault(const struct chain *c, struct slice profile,
                          enum fault_kind kind, const char *what,
                          struct fault *f)
{
	fault(f, kind, "aws-profile", "profile '%.*s' %s", SLICE_ARG(profile),
	      what);
	return fault_at(f, aws_profiles_path(c->profiles, AWS_CONFIG), 0);
}

/* What other tools do for a profile and we do not. */
static bool unsupported(const struct chain *c, struct slice profile,
                        struct fault *f)
{
	static const char *const names[] = { "sso_session", "sso_start_url",
		                             "sso_account_id", "login_session",
		                             "credential_process" };
	char text[160];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (aws_profile_get(c->profiles, profile, names[i]).len)
			break;
	if (i == sizeof(names) / sizeof(*names))
		return true;
	snprintf(text, sizeof(text),
	         "gets its keys by %s, which is not supported; put into the "
	         "environment what 'aws configure export-credentials "
	         "--format env' prints",
	         names[i]);
	return profile_fault(c, profile, FAULT_DENIED, text, f);
}

static bool chain_has(const struct chain *c, struct slice profile)
{
	int i;

	for (i = 0; i < c->count; i++)
		if (slice_eq(c->roles[i], profile))
			return true;
	return false;
}

/* Walks to where keys are; false: it cannot be walked. */
static bool chain_walk(struct chain *c, struct fault *f)
{
	const struct aws_profiles *p = c->profiles;

	for (c->last = c->search->profile;;) {
		struct slice source =
		        aws_profile_get(p, c->last, "source_profile");

		if (!aws_profile_get(p, c->last, "role_arn").len)
			return true;
		if (aws_profile_get(p, c->last, "mfa_serial").len)
			return profile_fault(
			        c, c->last, FAULT_DENIED,
			        "asks for a code of a device (mfa_serial), "
			        "which is not supported; make a session and "
			        "put its keys into the environment",
			        f);
		if (c->count == ROLES_MOST || chain_has(c, c->last))
			return profile_fault(c, c->last, FAULT_USAGE,
			                     "leads round in a circle of "
			                     "source_profile",
			                     f);
		c->roles[c->count++] = c->last;
		if (!source.len)
			return true;
		if (!aws_profile_has(p, source))
			return profile_fault(c, source, FAULT_USAGE,
			                     "is named by source_profile and "
			                     "is not there",
			                     f);
		if (slice_eq(source, c->last))
			return true; /* its own keys */
		c->last = source;
	}
}

static bool own_keys(struct chain *c, struct aws_key *key, bool *found,
                     struct fault *f)
{
	const struct aws_profiles *p = c->profiles;
	struct buf *origin = &c->search->origin;
	unsigned file;

	*found = false;
	for (file = 0; file < AWS_FILES && !*found; file++) {
		struct slice id =
		        aws_profile_in(p, file, c->last, "aws_access_key_id");

		if (!id.len)
			continue;
		*found = true;
		buf_addf(origin, "profile %.*s of %s", SLICE_ARG(c->last),
		         aws_profiles_path(p, file));
		if (!aws_key_set(key, id,
		                 aws_profile_in(p, file, c->last,
		                                "aws_secret_access_key"),
		                 aws_profile_in(p, file, c->last,
		                                "aws_session_token"),
		                 CLOCK_NONE, f)) {
			f->kind = FAULT_USAGE;
			return fault_in(f, "profile '%.*s' of %s",
			                SLICE_ARG(c->last),
			                aws_profiles_path(p, file));
		}
	}
	return *found || unsupported(c, c->last, f);
}

/* Where the machine's own keys are what a role is assumed by. */
static bool other_source(struct chain *c, struct slice name,
                         struct aws_key *key, bool *found, struct fault *f)
{
	static const struct {
		const char *name;
		aws_place *place;
	} places[] = {
		{ "Environment", aws_from_environment },
		{ "EcsContainer", aws_from_container },
		{ "Ec2InstanceMetadata", aws_from_instance },
	};
	bool chosen = c->search->chosen, ok;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (slice_eq(name, slice_of(places[i].name)))
			break;
	if (i == sizeof(places) / sizeof(*places))
		return profile_fault(c, c->last, FAULT_USAGE,
		                     "has a credential_source other than "
		                     "Environment, EcsContainer and "
		                     "Ec2InstanceMetadata",
		                     f);
	c->search->chosen = false;
	ok = places[i].place(c->search, key, found, f);
	c->search->chosen = chosen;
	if (ok && !*found)
		return profile_fault(c, c->last, FAULT_DENIED,
		                     "finds no keys at its credential_source",
		                     f);
	return ok;
}

static bool role_of_profile(struct chain *c, struct slice profile,
                            const struct aws_key *by, struct aws_key *key,
                            struct fault *f)
{
	const struct aws_profiles *p = c->profiles;
	struct slice session = aws_profile_get(p, profile, "role_session_name");
	struct slice seconds = aws_profile_get(p, profile, "duration_seconds");
	char made[AWS_ROLE_SESSION];
	struct sts_role role = {
		.arn = aws_profile_get(p, profile, "role_arn"),
		.session = aws_role_session(c->search, session, made),
		.external_id = aws_profile_get(p, profile, "external_id"),
	};

	if (seconds.len && (!slice_number(seconds, &role.seconds) ||
	                    role.seconds < 900 || role.seconds > 43200))
		return profile_fault(c, profile, FAULT_USAGE,
		                     "has a duration_seconds that is not "
		                     "between 900 and 43200",
		                     f);
	return aws_role_assume(c->search, &role, by, key, f) ||
	       fault_in(f, "profile '%.*s'", SLICE_ARG(profile));
}

/* The key that the chain begins with; a web identity is itself the last role
 * of the chain. */
static bool chain_begin(struct chain *c, struct aws_key *key, bool *found,
                        struct fault *f)
{
	const struct aws_profiles *p = c->profiles;
	struct slice file =
	        aws_profile_get(p, c->last, "web_identity_token_file");
	struct slice other = aws_profile_get(p, c->last, "credential_source");
	bool role = c->count && slice_eq(c->roles[c->count - 1], c->last);

	if (role && !aws_profile_get(p, c->last, "source_profile").len) {
		if (other.len)
			return other_source(c, other, key, found, f);
		if (!file.len)
			return profile_fault(
			        c, c->last, FAULT_USAGE,
			        "has a role_arn and neither source_profile, "
			        "credential_source nor web_identity_token_file",
			        f);
		c->count--;
		*found = true;
		return aws_role_web(
		        c->search, file,
		        aws_profile_get(p, c->last, "role_arn"),
		        aws_profile_get(p, c->last, "role_session_name"), key,
		        f);
	}
	if (!own_keys(c, key, found, f))
		return false;
	return *found || !c->count ||
	       profile_fault(c, c->last, FAULT_USAGE,
	                     "is named by source_profile and has no keys", f);
}

static bool chain_unroll(struct chain *c, struct aws_key *key, bool *found,
                         struct fault *f)
{
	if (!chain_walk(c, f) || !chain_begin(c, key, found, f))
		return false;
	if (!*found)
		return aws_nothing(c->search, found,
		                   "profile '%.*s' has no keys",
		                   SLICE_ARG(c->search->profile));
	while (c->count) {
		struct aws_key by = *key;
		bool ok;

		*key = (struct aws_key){ 0 };
		ok = role_of_profile(c, c->roles[--c->count], &by, key, f);
		aws_key_release(&by);
		if (!ok)
			return false;
	}
	if (aws_profile_get(c->profiles, c->search->profile, "role_arn").len) {
		buf_reset(&c->search->origin);
		buf_addf(&c->search->origin, "role of profile %.*s",
		         SLICE_ARG(c->search->profile));
	}
	return true;
}

bool aws_from_profile(struct aws_search *s, struct aws_key *key, bool *found,
                      struct fault *f)
{
	struct aws_profiles *profiles;
	struct chain c = { .search = s };
	bool ok;

	if (!aws_search_files(s, &profiles, f))
		return false;
	c.profiles = profiles;
	if (aws_profile_has(profiles, s->profile))
		ok = chain_unroll(&c, key, found, f);
	else
		ok = aws_search_named(s, profiles, f) &&
		     aws_nothing(s, found,
		                 "no profile '%.*s' in the shared files",
		                 SLICE_ARG(s->profile));
	aws_profiles_free(profiles);
	return ok;
}

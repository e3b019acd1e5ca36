#ifndef BASE_NET_AWS_PROFILE_H
#define BASE_NET_AWS_PROFILE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * The two files that AWS's tools share, ~/.aws/credentials and ~/.aws/config
 * (AWS SDKs and Tools Reference Guide, "Shared config and credentials files"):
 * an INI dialect of its own.
 *
 *	[default]                 ; the other file has [profile NAME]
 *	aws_access_key_id = ...
 *	s3 =                      # a group of settings that are not ours
 *	  max_concurrent_requests = 20
 *
 * Sections of one name are one, the later value counts. Comments begin with
 * '#' or ';' at the start of a line or behind a blank. Other sections of the
 * configuration (sso-session, services) are skipped. The memory is overwritten
 * when it is freed.
 */
struct aws_profiles;

enum aws_file { AWS_CREDENTIALS, AWS_CONFIG, AWS_FILES };

/* A NULL path, or a file that is not there, is an empty one. FAULT_USAGE
 * "aws-file" with the file's line, which is not shown; FAULT_LIMIT. */
MUST_USE
bool aws_profiles_read(struct aws_profiles **out, const char *credentials,
                       const char *config, struct fault *f);
void aws_profiles_free(struct aws_profiles *p); /* NULL is allowed */

/* Adds the bytes of one file; `path` is for faults and borrowed. */
MUST_USE
bool aws_profiles_parse(struct aws_profiles *p, enum aws_file file,
                        struct slice text, const char *path, struct fault *f);
struct aws_profiles *aws_profiles_new(void);

bool aws_profile_has(const struct aws_profiles *p, struct slice profile);

/* The value in one file, or in either (credentials first); empty: none.
 * Borrowed. `name` is in small letters. */
struct slice aws_profile_in(const struct aws_profiles *p, enum aws_file file,
                            struct slice profile, const char *name);
struct slice aws_profile_get(const struct aws_profiles *p, struct slice profile,
                             const char *name);

/* Where a file was looked for; "" if nowhere. */
const char *aws_profiles_path(const struct aws_profiles *p, enum aws_file file);

#endif

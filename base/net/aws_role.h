#ifndef BASE_NET_AWS_ROLE_H
#define BASE_NET_AWS_ROLE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/net/aws_key.h"
#include "base/net/aws_search.h"
#include "base/net/aws_sts.h"
#include "base/slice.h"

/* One role, by the token service of the search's region. */

enum { AWS_ROLE_SESSION = 32 };

/* The session's name: what was given, or one made in `made`. */
struct slice aws_role_session(const struct aws_search *s, struct slice given,
                              char made[AWS_ROLE_SESSION]);

/* `by` NULL: the call is not signed. A refusal that showed our clock to be
 * wrong is asked again by the right one. */
MUST_USE
bool aws_role_assume(struct aws_search *s, const struct sts_role *role,
                     const struct aws_key *by, struct aws_key *out,
                     struct fault *f);

/* By the token in a file, which is read anew each time: it is short-lived. */
MUST_USE
bool aws_role_web(struct aws_search *s, struct slice file, struct slice arn,
                  struct slice session, struct aws_key *key, struct fault *f);

#endif

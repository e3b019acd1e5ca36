#ifndef BASE_NET_AWS_ASK_H
#define BASE_NET_AWS_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/aws_key.h"
#include "base/net/call.h"
#include "base/slice.h"

/* One request for keys, to the token service or to this machine's own. */

/* Who signs: `self` of aws_signer_sign(), which is a caller_sign. */
struct aws_signer {
	const struct aws_key *key;
	struct slice service, region;
	int64_t skew; /* what our clock lacks, milliseconds */
};

bool aws_signer_sign(void *self, const struct call_try *t, struct arena *a,
                     const struct http_header **headers, size_t *count,
                     struct fault *f);

/* The Date of an answer, when it is more than four minutes away from our
 * clock as it was corrected so far, corrects it anew. */
void aws_skew_note(int64_t *skew, const struct http_reply *r, int64_t now);

struct aws_question {
	struct call call;
	bool near;                 /* this machine's: one try, one second */
	struct aws_signer *signer; /* NULL: it goes unsigned */
	int64_t now;               /* milliseconds UTC, by our clock */
	int64_t timeout;           /* milliseconds; 0: 1 s near, else 15 s */
	unsigned tries;            /* 0: 1 near, else 3 */
	const char *ca_file;       /* NULL: the system's */
	int64_t *skew;             /* is corrected by the answer */
};

/* Any status is an answer; the body is copied to `a`, and overwritten where it
 * came in. False: none came. */
MUST_USE
bool aws_ask(const struct aws_question *q, struct arena *a, int *status,
             struct slice *body, struct fault *f);

#endif

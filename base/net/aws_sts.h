#ifndef BASE_NET_AWS_STS_H
#define BASE_NET_AWS_STS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * The two calls of AWS's Security Token Service (API version 2011-06-15) that
 * turn one identity into another, as bytes: form bodies out, XML in. Opens no
 * socket.
 */
struct sts_role {
	struct slice arn, session;
	struct slice external_id; /* empty: none */
	int64_t seconds;          /* 0: the service's default */
	struct slice web_token;   /* not empty: AssumeRoleWithWebIdentity, which
	                             is not signed */
};

/* The form of a POST. */
void sts_write(const struct sts_role *role, struct buf *out);

/* What an answer says: a key, or an error; what it does not say is empty. */
struct sts_answer {
	struct slice id, secret, token;
	int64_t end;                /* CLOCK_NONE: not said */
	struct slice code, message; /* of an error */
};

/*
 * Reads an answer: elements, text and the five named entities and numbers of
 * characters; nothing else of XML, so that nothing can be made of it. Texts are
 * made in `a`. FAULT_INPUT "sts-answer": malformed; FAULT_LIMIT: nested or
 * longer than any answer is.
 */
MUST_USE
bool sts_read(struct slice xml, struct arena *a, struct sts_answer *out,
              struct fault *f);

#endif

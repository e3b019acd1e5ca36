#ifndef BASE_NET_AWS_KEY_H
#define BASE_NET_AWS_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/sigv4.h"
#include "base/slice.h"

/*
 * An access key in memory of its own, which is overwritten when it is replaced
 * or released. { 0 } is none.
 */
struct aws_key {
	char *id, *secret, *token; /* token: "" without a session */
	int64_t end; /* milliseconds UTC; CLOCK_NONE: it does not end */
};

/* Copies. FAULT_INPUT "aws-key": one of them is empty, too long or not made of
 * printable ASCII; the fault does not show it. `key` is then as it was. */
MUST_USE
bool aws_key_set(struct aws_key *key, struct slice id, struct slice secret,
                 struct slice token, int64_t end, struct fault *f);

void aws_key_release(struct aws_key *key);

/* Overwrites a secret where it was read from, which is memory of ours that is
 * about to be freed. */
void aws_slice_wipe(struct slice s);

/* The key as the signer takes it; borrowed from `key`. */
struct sigv4_key aws_key_view(const struct aws_key *key);

#endif

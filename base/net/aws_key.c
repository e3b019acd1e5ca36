/* Three texts that nobody else sees. */

#include "base/net/aws_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

static bool printable(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len <= LIMIT_TOKEN;
}

static void wipe(char *text)
{
	if (text)
		memory_wipe(text, strlen(text));
	free(text);
}

bool aws_key_set(struct aws_key *key, struct slice id, struct slice secret,
                 struct slice token, int64_t end, struct fault *f)
{
	struct aws_key made;

	if (!id.len || !secret.len || !printable(id) || !printable(secret) ||
	    !printable(token))
		return fault(f, FAULT_INPUT, "aws-key",
		             "the access key, its secret or its session token "
		             "is empty, too long or not plain text");
	made = (struct aws_key){
		.id = memory_copy(id.at, id.len),
		.secret = memory_copy(secret.at, secret.len),
		.token = memory_copy(token.at, token.len),
		.end = end,
	};
	aws_key_release(key);
	*key = made;
	return true;
}

void aws_key_release(struct aws_key *key)
{
	wipe(key->id);
	wipe(key->secret);
	wipe(key->token);
	*key = (struct aws_key){ 0 };
}

void aws_slice_wipe(struct slice s)
{
	memory_wipe((void *)(uintptr_t)s.at, s.len);
}

struct sigv4_key aws_key_view(const struct aws_key *key)
{
	return (struct sigv4_key){ slice_of(key->id), slice_of(key->secret),
		                   slice_of(key->token) };
}

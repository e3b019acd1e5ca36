/* Any bytes as an answer of the token service. What is read is no longer than
 * what came, and a key that is made of it is one line of plain text. */

#include "must.h"

#include "base/clock.h"
#include "base/net/aws_key.h"
#include "base/net/aws_sts.h"

static void check_key(const struct sts_answer *o)
{
	struct aws_key key = { 0 };
	struct sigv4_key view;
	struct fault f;
	size_t i;

	if (!aws_key_set(&key, o->id, o->secret, o->token, o->end, &f)) {
		must(f.kind == FAULT_INPUT && !key.id);
		return;
	}
	view = aws_key_view(&key);
	must(slice_eq(view.id, o->id) && slice_eq(view.token, o->token));
	for (i = 0; i < view.secret.len; i++)
		must(view.secret.at[i] > ' ' && view.secret.at[i] <= '~');
	aws_key_release(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct arena a = ARENA_INIT;
	struct sts_answer o;
	struct fault f;

	if (sts_read(s, &a, &o, &f)) {
		must(o.id.len + o.secret.len + o.token.len + o.code.len +
		             o.message.len <=
		     size);
		check_key(&o);
	} else {
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
	}
	arena_release(&a);
	return 0;
}

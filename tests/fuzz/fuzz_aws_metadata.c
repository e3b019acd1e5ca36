/* Any bytes as the JSON in which containers and instances hand out keys. */

#include "must.h"

#include "base/net/aws_search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct aws_key key = { 0 };
	struct sigv4_key view;
	struct fault f;
	size_t i;

	if (!aws_key_read(s, &key, &f)) {
		must(f.kind == FAULT_INPUT && !key.id && !key.secret);
		return 0;
	}
	view = aws_key_view(&key);
	must(view.id.len && view.secret.len);
	for (i = 0; i < view.token.len; i++)
		must(view.token.at[i] > ' ' && view.token.at[i] <= '~');
	aws_key_release(&key);
	return 0;
}

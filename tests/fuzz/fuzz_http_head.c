/* Header lines as a server sends them: names and values are runs of what was
 * kept, clean at their ends. The same bytes as an address: nothing in front
 * of an '@' is shown, and a host has a verdict. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/net/http_outcome.h"
#include "base/net/http_redact.h"
#include "base/net/http_transfer.h"
#include "base/net/reach.h"
#include "must.h"

static bool clean(struct slice s)
{
	return slice_eq(s, slice_trim(s));
}

static void check_fields(const struct transfer *t)
{
	struct slice head = buf_slice(&t->head);

	must(!buf_full(&t->head));
	must(t->head_seen <= LIMIT_FETCH_HEADERS || t->limit);
	for (size_t i = 0; i < t->field_count; i++) {
		const struct transfer_field *f = &t->fields[i];
		struct slice name = slice_cut(head, f->name, f->name_end);

		must(f->name < f->name_end && f->name_end <= f->value);
		must(f->value <= f->value_end && f->value_end <= head.len);
		must(clean(name));
		must(clean(slice_cut(head, f->value, f->value_end)));
		for (size_t j = 0; j < name.len; j++)
			must(name.at[j] < 'A' || name.at[j] > 'Z');
	}
}

static void head(struct transfer *t, struct slice s)
{
	while (s.len) {
		size_t end = slice_find(s, '\n');

		if (!transfer_head(t, slice_cut(s, 0, end + 1))) {
			must(t->limit || t->broken);
			break;
		}
		s = slice_cut(s, end + 1, s.len);
	}
	check_fields(t);
	outcome_fill(t, CURLE_OK);
	must(t->reply.trouble != HTTP_FINE || !t->limit);
}

static void address(struct slice s)
{
	struct buf out = BUF_INIT(1 << 20);
	bool numeric = false;
	size_t start;

	redact_url(s, &out);
	start = slice_find(s, ':');
	if (s.len < 1 << 19 && start + 2 < s.len && s.at[start + 1] == '/' &&
	    s.at[start + 2] == '/') {
		struct slice shown = buf_slice(&out);
		size_t end = start + 1;

		while (end < s.len && (s.at[end] == '/' || s.at[end] == '\\'))
			end++;
		while (end < shown.len && shown.at[end] &&
		       !strchr("/\\?#", shown.at[end]))
			must(shown.at[end++] != '@');
	}
	must(reach_of_host(s, &numeric) == REACH_PUBLIC || numeric);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct http_options options = { 0 };
	static const struct transfer_options setup = { .http = &options };
	static struct transfer *t;
	struct slice s = { (const char *)data, size };

	if (!t)
		t = transfer_new(&setup);
	must(t != NULL);
	head(t, s);
	transfer_clear(t);
	address(s);
	return 0;
}

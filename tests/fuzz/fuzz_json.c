/* Any bytes as JSON: what is accepted, written and read again is the same. */

#include "must.h"

#include "base/json.h"
#include "base/utf8.h"

/* Writes one value; numbers that JSON cannot say exactly become strings. */
static void copy_leaf(struct json_out *o, const struct json *j)
{
	struct slice s;
	int64_t n;
	bool b;

	if (json_number(j, &n))
		json_put_number(o, n);
	else if (json_text(j, &s)) {
		must(utf8_valid(s) == s.len && slice_find(s, 0) == s.len);
		json_put_text(o, s);
	} else if (json_bool(j, &b))
		json_put_bool(o, b);
	else {
		must(json_is_null(j));
		json_put_null(o);
	}
}

static void copy(struct json_out *o, const struct json *j)
{
	bool object = json_is_object(j);

	if (!object && !json_is_array(j)) {
		copy_leaf(o, j);
		return;
	}
	json_open(o, object ? '{' : '[');
	for (j = json_first(j); j; j = json_next(j)) {
		if (object) {
			must(json_name(j).at != NULL);
			json_key(o, json_name(j).at);
		}
		copy(o, j);
	}
	json_close(o, object ? '}' : ']');
}

/* The writer's own depth is smaller than the reader's. */
static int depth(const struct json *j)
{
	int most = 0;

	if (json_is_object(j) || json_is_array(j))
		for (j = json_first(j); j; j = json_next(j)) {
			int d = depth(j) + 1;

			most = d > most ? d : most;
		}
	return most;
}

static void round_trip(const struct json *j, size_t size)
{
	struct buf once = BUF_INIT(16 * size + 64);
	struct buf twice = BUF_INIT(16 * size + 64);
	struct json_out o;
	struct json *again;
	struct fault f;

	json_start(&o, &once);
	copy(&o, j);
	must(!buf_full(&once));
	must(json_parse(&again, buf_slice(&once), &f));
	json_start(&o, &twice);
	copy(&o, again);
	must(slice_eq(buf_slice(&once), buf_slice(&twice)));
	json_free(again);
	buf_release(&once);
	buf_release(&twice);
}

/* Any bytes put as text give a string that can be read. */
static void quote(struct slice s)
{
	struct buf b = BUF_INIT(6 * s.len + 2);
	struct json_out o;
	struct json *j;
	struct fault f;
	size_t i;

	json_start(&o, &b);
	json_put_text(&o, s);
	must(!buf_full(&b) && utf8_valid(buf_slice(&b)) == b.len);
	for (i = 0; i < b.len; i++)
		must((unsigned char)b.at[i] >= 0x20 && b.at[i] != 0x7F);
	if (slice_find(s, 0) == s.len) {
		must(json_parse(&j, buf_slice(&b), &f) && json_is_text(j));
		json_free(j);
	}
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct json *j;
	struct fault f;

	if (json_parse(&j, s, &f)) {
		if (depth(j) < JSON_OUT_DEPTH - 2)
			round_trip(j, size);
		json_free(j);
	} else {
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
	}
	quote(s);
	return 0;
}

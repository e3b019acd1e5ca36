#include "schema/texts.h"

#include "base/json.h"
#include "base/limits.h"

struct slice texts_join(struct arena *a, const struct slice *texts,
                        size_t count)
{
	struct buf line = BUF_INIT(LIMIT_ROW);
	struct json_out o;
	struct slice out;
	size_t i;

	if (!count)
		return SLICE("");
	json_start(&o, &line);
	json_open(&o, '[');
	for (i = 0; i < count; i++)
		json_put_text(&o, texts[i]);
	json_close(&o, ']');
	out = arena_copy(a, buf_slice(&line));
	buf_release(&line);
	return out;
}

static size_t texts_count(const struct json *j)
{
	const struct json *at;
	size_t n = 0;

	for (at = json_first(j); at; at = json_next(at))
		n++;
	return n;
}

bool texts_split(struct arena *a, struct slice column, const struct slice **out,
                 size_t *count, struct fault *f)
{
	const struct json *at;
	struct json *j = NULL;
	struct slice *texts, text;
	size_t n = 0;
	bool ok;

	*out = NULL;
	*count = 0;
	if (!column.len)
		return true;
	ok = json_parse(&j, column, f) && json_is_array(j);
	if (ok) {
		texts = arena_array(a, texts_count(j), sizeof(*texts));
		for (at = json_first(j); at && ok; at = json_next(at)) {
			ok = json_is_text(at) && json_text(at, &text);
			if (ok)
				texts[n++] = arena_copy(a, text);
		}
		*out = texts;
		*count = n;
	}
	json_free(j);
	return ok || fault(f, FAULT_INPUT, "texts-damaged",
	                   "a column that holds several texts is damaged");
}

/* The table of forms, and what they share: text goes through say_clean() piece by
 * piece, cut between characters, so that its length does not matter. */

#include "app/search_form.h"

#include <string.h>

#include "base/say.h"
#include "base/utf8.h"

enum { SNIPPET_LINES = 3, SNIPPET_MARGIN = 8 };

static const struct search_form search_forms[] = {
	{ "text", search_text, 10, 0, true, true, true, false },
	{ "json", search_json, 10, 0, true, true, true, false },
	{ "context", search_context, 20, 2000, false, true, false, true },
	{ "trec", search_trec, 100, 0, true, false, false, false },
};

const struct search_form *search_form_find(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof(search_forms) / sizeof(*search_forms); i++)
		if (slice_eq(name, slice_of(search_forms[i].name)))
			return &search_forms[i];
	return NULL;
}

struct retrieve_query search_form_query(const struct search_form *form,
                                        int64_t k, size_t width)
{
	struct retrieve_query q = { .k = (uint32_t)k,
		                    .by_post = form->by_post,
		                    .fold = form->fold,
		                    .answers = form->answers,
		                    .ids_only = form->write == search_trec };

	if (form->snippet)
		q.columns = SNIPPET_LINES * (width - SNIPPET_MARGIN);
	return q;
}

void form_clean(struct buf *out, struct slice s, const char *blanks)
{
	char clean[256];
	size_t i;

	while (s.len) {
		struct slice head = utf8_head(s, sizeof(clean) - 1);
		size_t len;

		if (!head.len)
			head = slice_cut(s, 0, 1);
		len = say_clean(clean, sizeof(clean), head);
		for (i = 0; i < len; i++)
			buf_byte(out, clean[i] && strchr(blanks, clean[i])
			                      ? ' '
			                      : clean[i]);
		s = slice_cut(s, head.len, s.len);
	}
}

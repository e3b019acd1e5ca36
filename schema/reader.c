/* A reader is a list of words; may is membership. No reader, no access. */

#include "schema/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

static const struct slice reader_public_labels[] = { { "public", 6 } };

const struct reader reader_all = { .name = { "all", 3 }, .all = true };

const struct reader reader_public = {
	.name = { "public", 6 },
	.labels = reader_public_labels,
	.label_count = 1,
};

bool reader_may(const struct reader *r, struct slice label)
{
	size_t i;

	if (!r || label.len == 0)
		return false;
	for (i = 0; !r->all && i < r->label_count; i++)
		if (slice_eq(r->labels[i], label))
			return true;
	return r->all;
}

bool reader_label(struct slice label, struct fault *f)
{
	bool good = label.len > 0 && label.len <= 64 &&
	            utf8_valid(label) == label.len;
	size_t i;

	for (i = 0; good && i < label.len; i++) {
		unsigned char c = (unsigned char)label.at[i];

		good = c > 0x20 && c != 0x7f && !strchr(",;#", c);
	}
	return good || fault(f, FAULT_USAGE, "access-label",
	                     "an access label is one word, such as staff, not "
	                     "'%.*s'",
	                     SLICE_ARG(utf8_head(label, 64)));
}

/* One block: the reader, its labels, the bytes of name and labels. */
static struct reader *reader_make(struct slice name, struct slice list,
                                  bool all)
{
	size_t most = list.len / 2 + 1;
	struct reader *r;
	struct slice *labels;
	char *bytes;

	r = memory_new(1, sizeof(*r) + most * sizeof(*labels) + name.len +
	                          list.len + 1);
	labels = (struct slice *)(r + 1);
	bytes = (char *)(labels + most);
	if (name.len)
		memcpy(bytes, name.at, name.len);
	if (list.len)
		memcpy(bytes + name.len, list.at, list.len);
	r->name = (struct slice){ bytes, name.len };
	list.at = bytes + name.len;
	while (list.len) {
		size_t comma = slice_find(list, ',');
		struct slice word = slice_trim(slice_cut(list, 0, comma));

		if (word.len)
			labels[r->label_count++] = word;
		list = slice_cut(list, comma + 1, list.len);
	}
	r->labels = labels;
	r->all = all;
	return r;
}

bool reader_new(struct reader **out, const struct conf *c, struct slice name,
                struct fault *f)
{
	static const struct conf_key keys[] = {
		{ "labels", NULL, "access labels it may read, with commas" },
		{ 0 },
	};
	const struct conf_section *s = conf_find(c, "reader", name);

	if (s) {
		if (!conf_check(s, keys, f))
			return false;
		*out = reader_make(name, conf_get(s, "labels", ""), false);
		return true;
	}
	if (slice_eq(name, SLICE("local"))) {
		*out = reader_make(name, SLICE(""), true);
		return true;
	}
	return fault(f, FAULT_USAGE, "reader-unknown",
	             "no reader '%.*s': the configuration has no [reader %.*s]",
	             SLICE_ARG(name), SLICE_ARG(name));
}

void reader_free(struct reader *r)
{
	free(r);
}

/* Texts are compared node by node, white space at their ends aside: whoever
 * quotes by a button copies the markup too. */

#include "crawler/thread_quotes.h"

#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/utf8.h"
#include "crawler/head.h"

enum {
	QUOTE_LEAST = 30, /* bytes of a text that is told by itself */
	QUOTE_HEAD = 60,  /* bytes that stay of the first */
};

static bool is_quote(const struct markup *m, const struct markup_node *n)
{
	static const char *const classes[] = { "bbcode_quote", "quote",
		                               "quotebox", "bb_quote",
		                               "bbCodeQuote" };
	struct slice class;
	size_t i;

	if (slice_eq(n->name, SLICE("blockquote")))
		return true;
	if (!slice_eq(n->name, SLICE("div")) &&
	    !slice_eq(n->name, SLICE("aside")))
		return false;
	class = markup_attribute(m, n, "class");
	for (i = 0; class.len && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (head_has(class, slice_of(classes[i])))
			return true;
	return false;
}

/* Its first words and an ellipsis. */
static struct slice beginning(struct slice s, struct arena *a)
{
	struct slice head = utf8_head(s, QUOTE_HEAD);
	size_t len = head.len;
	char *to;

	if (s.len <= QUOTE_HEAD + 10)
		return s;
	while (len && head.at[len - 1] != ' ' && head.at[len - 1] != '\n')
		len--;
	if (len)
		head = slice_trim(slice_cut(head, 0, len));
	to = arena_new(a, head.len + 4);
	memcpy(to, head.at, head.len);
	memcpy(to + head.len, " \u2026", 4);
	return (struct slice){ to, head.len + 4 };
}

void thread_quotes(const struct markup *m, struct markup_node *nodes,
                   uint32_t from, struct arena *a)
{
	struct map seen = MAP_INIT;
	uint32_t quote = 0, i;
	bool shown = false, added;

	for (i = from; i < m->node_count; i++) {
		struct slice s = slice_trim(nodes[i].text);
		uint64_t hash;
		struct slice key = { (const char *)&hash, sizeof(hash) };

		if (i >= quote && is_quote(m, &nodes[i])) {
			quote = markup_end(m, i);
			shown = false;
		}
		if (s.len < QUOTE_LEAST) {
			/* What little stands between two of them. */
			if (i < quote && shown)
				nodes[i].text = (struct slice){ 0 };
			continue;
		}
		hash = hash64(s);
		if (i >= quote) {
			map_put(&seen, key, &added);
		} else if (map_get(&seen, key)) {
			nodes[i].text =
			        shown ? (struct slice){ 0 } : beginning(s, a);
			shown = true;
		}
	}
	map_release(&seen);
}

/* A sorted table and a binary search. */

#include "base/text/markdown_tag.h"

static const struct {
	const char *name;
	enum markdown_tag tag;
} tags[] = {
	{ "a", TAG_A },
	{ "address", TAG_BLOCK },
	{ "article", TAG_BLOCK },
	{ "aside", TAG_BLOCK },
	{ "audio", TAG_DROPPED },
	{ "b", TAG_STRONG },
	{ "blockquote", TAG_BLOCKQUOTE },
	{ "body", TAG_BLOCK },
	{ "br", TAG_BR },
	{ "canvas", TAG_DROPPED },
	{ "caption", TAG_BLOCK },
	{ "center", TAG_BLOCK },
	{ "code", TAG_CODE },
	{ "col", TAG_DROPPED },
	{ "colgroup", TAG_DROPPED },
	{ "dd", TAG_DD },
	{ "del", TAG_DEL },
	{ "details", TAG_BLOCK },
	{ "dir", TAG_UL },
	{ "div", TAG_BLOCK },
	{ "dl", TAG_BLOCK },
	{ "dt", TAG_BLOCK },
	{ "em", TAG_EM },
	{ "embed", TAG_DROPPED },
	{ "fieldset", TAG_BLOCK },
	{ "figcaption", TAG_BLOCK },
	{ "figure", TAG_BLOCK },
	{ "footer", TAG_BLOCK },
	{ "form", TAG_BLOCK },
	{ "h1", TAG_H1 },
	{ "h2", TAG_H2 },
	{ "h3", TAG_H3 },
	{ "h4", TAG_H4 },
	{ "h5", TAG_H5 },
	{ "h6", TAG_H6 },
	{ "head", TAG_DROPPED },
	{ "header", TAG_BLOCK },
	{ "hgroup", TAG_BLOCK },
	{ "hr", TAG_HR },
	{ "html", TAG_BLOCK },
	{ "i", TAG_EM },
	{ "iframe", TAG_DROPPED },
	{ "img", TAG_IMG },
	{ "input", TAG_INPUT },
	{ "kbd", TAG_KBD },
	{ "legend", TAG_BLOCK },
	{ "li", TAG_LI },
	{ "listing", TAG_PRE },
	{ "main", TAG_BLOCK },
	{ "math", TAG_MATH },
	{ "menu", TAG_UL },
	{ "nav", TAG_BLOCK },
	{ "noscript", TAG_DROPPED },
	{ "object", TAG_DROPPED },
	{ "ol", TAG_OL },
	{ "option", TAG_BLOCK },
	{ "p", TAG_BLOCK },
	{ "plaintext", TAG_PRE },
	{ "pre", TAG_PRE },
	{ "q", TAG_Q },
	{ "rt", TAG_RT },
	{ "s", TAG_DEL },
	{ "samp", TAG_CODE },
	{ "script", TAG_DROPPED },
	{ "section", TAG_BLOCK },
	{ "strike", TAG_DEL },
	{ "strong", TAG_STRONG },
	{ "style", TAG_DROPPED },
	{ "sub", TAG_SUB },
	{ "summary", TAG_SUMMARY },
	{ "sup", TAG_SUP },
	{ "svg", TAG_DROPPED },
	{ "table", TAG_TABLE },
	{ "tbody", TAG_ROWS },
	{ "td", TAG_CELL },
	{ "template", TAG_DROPPED },
	{ "tfoot", TAG_ROWS },
	{ "th", TAG_CELL },
	{ "thead", TAG_ROWS },
	{ "title", TAG_DROPPED },
	{ "tr", TAG_ROW },
	{ "tt", TAG_CODE },
	{ "ul", TAG_UL },
	{ "video", TAG_DROPPED },
	{ "xmp", TAG_PRE },
};

/* Most are told by the first letter. */
static int tag_compare(struct slice name, const char *tag)
{
	if (name.len && name.at[0] != tag[0])
		return (unsigned char)name.at[0] - (unsigned char)tag[0];
	return slice_cmp(name, slice_of(tag));
}

enum markdown_tag markdown_tag(struct slice name)
{
	size_t low = 0, high = sizeof(tags) / sizeof(tags[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = tag_compare(name, tags[middle].name);

		if (!c)
			return tags[middle].tag;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return TAG_INLINE;
}

/*
 * The table is sorted by length, then by bytes: most comparisons end at the
 * length.
 */

#include "crawler/extract/element_tags.h"

#include "crawler/head.h"

static const struct element_tag tags[] = {
	{ "a", ELEMENT_INLINE, TAG_OTHER, BLOCK_LINK },
	{ "b", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "i", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "p", ELEMENT_BLOCK, TAG_P, 0 },
	{ "q", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "s", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "u", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "br", ELEMENT_BREAK, TAG_OTHER, 0 },
	{ "dd", ELEMENT_BLOCK, TAG_DD, 0 },
	{ "dl", ELEMENT_BLOCK, TAG_OTHER, BLOCK_DL },
	{ "dt", ELEMENT_BLOCK, TAG_DT, 0 },
	{ "em", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "h1", ELEMENT_BLOCK, TAG_H1, BLOCK_HEADING | BLOCK_H1 },
	{ "h2", ELEMENT_BLOCK, TAG_H2, BLOCK_HEADING },
	{ "h3", ELEMENT_BLOCK, TAG_H3, BLOCK_HEADING },
	{ "h4", ELEMENT_BLOCK, TAG_H4, BLOCK_HEADING },
	{ "h5", ELEMENT_BLOCK, TAG_H4, BLOCK_HEADING },
	{ "h6", ELEMENT_BLOCK, TAG_H4, BLOCK_HEADING },
	{ "hr", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "li", ELEMENT_BLOCK, TAG_LI, BLOCK_LI },
	{ "ol", ELEMENT_BLOCK, TAG_OTHER, BLOCK_OL },
	{ "td", ELEMENT_BLOCK, TAG_TD, 0 },
	{ "th", ELEMENT_BLOCK, TAG_TH, 0 },
	{ "tr", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "tt", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "ul", ELEMENT_BLOCK, TAG_OTHER, BLOCK_UL },
	{ "bdi", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "bdo", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "del", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "dir", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "div", ELEMENT_BLOCK, TAG_DIV, 0 },
	{ "img", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "ins", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "kbd", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "map", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "nav", ELEMENT_BLOCK, TAG_NAV, BLOCK_NAV },
	{ "pre", ELEMENT_BLOCK, TAG_PRE, BLOCK_PRE },
	{ "sub", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "sup", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "svg", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "var", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "wbr", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "abbr", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "body", ELEMENT_BLOCK, TAG_BODY, 0 },
	{ "cite", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "code", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "font", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "form", ELEMENT_BLOCK, TAG_FORM, BLOCK_FORM },
	{ "head", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "html", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "link", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "main", ELEMENT_BLOCK, TAG_MAIN, BLOCK_MAIN },
	{ "mark", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "math", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "menu", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "meta", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "samp", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "span", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "time", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "aside", ELEMENT_BLOCK, TAG_ASIDE, BLOCK_ASIDE },
	{ "audio", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "embed", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "input", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "label", ELEMENT_BLOCK, TAG_LABEL, BLOCK_LABEL },
	{ "small", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "style", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "table", ELEMENT_BLOCK, TAG_OTHER, BLOCK_TABLE },
	{ "tbody", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "tfoot", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "thead", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "title", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "video", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "button", ELEMENT_BLOCK, TAG_BUTTON, BLOCK_BUTTON },
	{ "canvas", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "center", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "dialog", ELEMENT_BLOCK, TAG_OTHER, BLOCK_DIALOG },
	{ "figure", ELEMENT_BLOCK, TAG_OTHER, BLOCK_FIGURE },
	{ "footer", ELEMENT_BLOCK, TAG_FOOTER, BLOCK_FOOTER },
	{ "header", ELEMENT_BLOCK, TAG_HEADER, BLOCK_HEADER },
	{ "hgroup", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "iframe", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "legend", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "object", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "option", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "script", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "search", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "select", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "source", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "strong", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "address", ELEMENT_BLOCK, TAG_ADDRESS, 0 },
	{ "article", ELEMENT_BLOCK, TAG_ARTICLE, BLOCK_ARTICLE },
	{ "caption", ELEMENT_BLOCK, TAG_CAPTION, 0 },
	{ "details", ELEMENT_BLOCK, TAG_OTHER, BLOCK_DETAILS },
	{ "picture", ELEMENT_INLINE, TAG_OTHER, 0 },
	{ "section", ELEMENT_BLOCK, TAG_SECTION, BLOCK_SECTION },
	{ "summary", ELEMENT_BLOCK, TAG_SUMMARY, 0 },
	{ "datalist", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "fieldset", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "frameset", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "noscript", ELEMENT_BLOCK, TAG_NOSCRIPT, BLOCK_NOSCRIPT },
	{ "optgroup", ELEMENT_BLOCK, TAG_OTHER, 0 },
	{ "template", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "textarea", ELEMENT_SKIPPED, TAG_OTHER, 0 },
	{ "blockquote", ELEMENT_BLOCK, TAG_BLOCKQUOTE, BLOCK_QUOTE },
	{ "figcaption", ELEMENT_BLOCK, TAG_FIGCAPTION, 0 },
};

static int compare(struct slice name, struct slice other)
{
	if (name.len != other.len)
		return name.len < other.len ? -1 : 1;
	return memcmp(name.at, other.at, name.len);
}

const struct element_tag *element_tag(struct slice name)
{
	static const struct element_tag own = { "", ELEMENT_BLOCK, TAG_OTHER,
		                                0 };
	static const struct element_tag other = { "", ELEMENT_INLINE, TAG_OTHER,
		                                  0 };
	size_t low = 0, high = sizeof(tags) / sizeof(tags[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = compare(name, slice_of(tags[middle].name));

		if (!c)
			return &tags[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return slice_find(name, '-') < name.len ? &own : &other;
}

uint32_t element_role(struct slice role)
{
	static const struct {
		const char *role;
		uint32_t flags;
	} roles[] = {
		{ "navigation", BLOCK_NAV },
		{ "banner", BLOCK_HEADER },
		{ "contentinfo", BLOCK_FOOTER },
		{ "complementary", BLOCK_ASIDE },
		{ "main", BLOCK_MAIN },
		{ "article", BLOCK_ARTICLE },
		{ "search", BLOCK_FORM },
		{ "dialog", BLOCK_DIALOG },
		{ "alertdialog", BLOCK_DIALOG },
		{ "menu", BLOCK_NAV },
		{ "menubar", BLOCK_NAV },
		{ "button", BLOCK_BUTTON },
		{ "heading", BLOCK_HEADING },
	};
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (head_same(role, slice_of(roles[i].role)))
			return roles[i].flags;
	return 0;
}

bool element_hides(struct slice style)
{
	size_t at, i;

	for (at = 0; at + 12 <= style.len; at++) {
		if (style.at[at] != 'd' ||
		    memcmp(style.at + at, "display", 7) != 0)
			continue;
		for (i = at + 7; i < style.len && style.at[i] == ' ';)
			i++;
		if (i == style.len || style.at[i] != ':')
			continue;
		for (i++; i < style.len && style.at[i] == ' ';)
			i++;
		if (slice_starts(slice_cut(style, i, style.len), SLICE("none")))
			return true;
	}
	return false;
}

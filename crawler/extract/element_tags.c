/*
 * The table is sorted by length, then by bytes: most comparisons end at the
 * length.
 */

#include "crawler/extract/element_tags.h"

#include "crawler/head.h"

#define ELEMENT(name, kind, tag, flags)                                        \
	{                                                                      \
		{ (name), sizeof(name) - 1 }, ELEMENT_##kind, TAG_##tag,       \
		        (flags)                                                \
	}

static const struct element_tag tags[] = {
	ELEMENT("a", INLINE, OTHER, BLOCK_LINK),
	ELEMENT("b", INLINE, OTHER, 0),
	ELEMENT("i", INLINE, OTHER, 0),
	ELEMENT("p", BLOCK, P, 0),
	ELEMENT("q", INLINE, OTHER, 0),
	ELEMENT("s", INLINE, OTHER, 0),
	ELEMENT("u", INLINE, OTHER, 0),
	ELEMENT("br", BREAK, OTHER, 0),
	ELEMENT("dd", BLOCK, DD, 0),
	ELEMENT("dl", BLOCK, OTHER, BLOCK_DL),
	ELEMENT("dt", BLOCK, DT, 0),
	ELEMENT("em", INLINE, OTHER, 0),
	ELEMENT("h1", BLOCK, H1, BLOCK_HEADING | BLOCK_H1),
	ELEMENT("h2", BLOCK, H2, BLOCK_HEADING),
	ELEMENT("h3", BLOCK, H3, BLOCK_HEADING),
	ELEMENT("h4", BLOCK, H4, BLOCK_HEADING),
	ELEMENT("h5", BLOCK, H4, BLOCK_HEADING),
	ELEMENT("h6", BLOCK, H4, BLOCK_HEADING),
	ELEMENT("hr", BLOCK, OTHER, 0),
	ELEMENT("li", BLOCK, LI, BLOCK_LI),
	ELEMENT("ol", BLOCK, OTHER, BLOCK_OL),
	ELEMENT("td", BLOCK, TD, 0),
	ELEMENT("th", BLOCK, TH, 0),
	ELEMENT("tr", BLOCK, OTHER, 0),
	ELEMENT("tt", INLINE, OTHER, 0),
	ELEMENT("ul", BLOCK, OTHER, BLOCK_UL),
	ELEMENT("bdi", INLINE, OTHER, 0),
	ELEMENT("bdo", INLINE, OTHER, 0),
	ELEMENT("del", INLINE, OTHER, 0),
	ELEMENT("dir", BLOCK, OTHER, 0),
	ELEMENT("div", BLOCK, DIV, 0),
	ELEMENT("img", INLINE, OTHER, 0),
	ELEMENT("ins", INLINE, OTHER, 0),
	ELEMENT("kbd", INLINE, OTHER, 0),
	ELEMENT("map", SKIPPED, OTHER, 0),
	ELEMENT("nav", BLOCK, NAV, BLOCK_NAV),
	ELEMENT("pre", BLOCK, PRE, BLOCK_PRE),
	ELEMENT("sub", INLINE, OTHER, 0),
	ELEMENT("sup", INLINE, OTHER, 0),
	ELEMENT("svg", SKIPPED, OTHER, 0),
	ELEMENT("var", INLINE, OTHER, 0),
	ELEMENT("wbr", INLINE, OTHER, 0),
	ELEMENT("abbr", INLINE, OTHER, 0),
	ELEMENT("body", BLOCK, BODY, 0),
	ELEMENT("cite", INLINE, OTHER, 0),
	ELEMENT("code", INLINE, OTHER, 0),
	ELEMENT("font", INLINE, OTHER, 0),
	ELEMENT("form", BLOCK, FORM, BLOCK_FORM),
	ELEMENT("head", SKIPPED, OTHER, 0),
	ELEMENT("html", INLINE, OTHER, 0),
	ELEMENT("link", SKIPPED, OTHER, 0),
	ELEMENT("main", BLOCK, MAIN, BLOCK_MAIN),
	ELEMENT("mark", INLINE, OTHER, 0),
	ELEMENT("math", SKIPPED, OTHER, 0),
	ELEMENT("menu", BLOCK, OTHER, 0),
	ELEMENT("meta", SKIPPED, OTHER, 0),
	ELEMENT("samp", INLINE, OTHER, 0),
	ELEMENT("span", INLINE, OTHER, 0),
	ELEMENT("time", INLINE, OTHER, 0),
	ELEMENT("aside", BLOCK, ASIDE, BLOCK_ASIDE),
	ELEMENT("audio", SKIPPED, OTHER, 0),
	ELEMENT("embed", SKIPPED, OTHER, 0),
	ELEMENT("input", SKIPPED, OTHER, 0),
	ELEMENT("label", BLOCK, LABEL, BLOCK_LABEL),
	ELEMENT("small", INLINE, OTHER, 0),
	ELEMENT("style", SKIPPED, OTHER, 0),
	ELEMENT("table", BLOCK, OTHER, BLOCK_TABLE),
	ELEMENT("tbody", BLOCK, OTHER, 0),
	ELEMENT("tfoot", BLOCK, OTHER, 0),
	ELEMENT("thead", BLOCK, OTHER, 0),
	ELEMENT("title", SKIPPED, OTHER, 0),
	ELEMENT("video", SKIPPED, OTHER, 0),
	ELEMENT("button", BLOCK, BUTTON, BLOCK_BUTTON),
	ELEMENT("canvas", SKIPPED, OTHER, 0),
	ELEMENT("center", BLOCK, OTHER, 0),
	ELEMENT("dialog", BLOCK, OTHER, BLOCK_DIALOG),
	ELEMENT("figure", BLOCK, OTHER, BLOCK_FIGURE),
	ELEMENT("footer", BLOCK, FOOTER, BLOCK_FOOTER),
	ELEMENT("header", BLOCK, HEADER, BLOCK_HEADER),
	ELEMENT("hgroup", BLOCK, OTHER, 0),
	ELEMENT("iframe", SKIPPED, OTHER, 0),
	ELEMENT("legend", BLOCK, OTHER, 0),
	ELEMENT("object", SKIPPED, OTHER, 0),
	ELEMENT("option", BLOCK, OTHER, 0),
	ELEMENT("script", SKIPPED, OTHER, 0),
	ELEMENT("search", BLOCK, OTHER, 0),
	ELEMENT("select", SKIPPED, OTHER, 0),
	ELEMENT("source", INLINE, OTHER, 0),
	ELEMENT("strong", INLINE, OTHER, 0),
	ELEMENT("address", BLOCK, ADDRESS, 0),
	ELEMENT("article", BLOCK, ARTICLE, BLOCK_ARTICLE),
	ELEMENT("caption", BLOCK, CAPTION, 0),
	ELEMENT("details", BLOCK, OTHER, BLOCK_DETAILS),
	ELEMENT("picture", INLINE, OTHER, 0),
	ELEMENT("section", BLOCK, SECTION, BLOCK_SECTION),
	ELEMENT("summary", BLOCK, SUMMARY, 0),
	ELEMENT("datalist", SKIPPED, OTHER, 0),
	ELEMENT("fieldset", BLOCK, OTHER, 0),
	ELEMENT("frameset", BLOCK, OTHER, 0),
	ELEMENT("noscript", BLOCK, NOSCRIPT, BLOCK_NOSCRIPT),
	ELEMENT("optgroup", BLOCK, OTHER, 0),
	ELEMENT("template", SKIPPED, OTHER, 0),
	ELEMENT("textarea", SKIPPED, OTHER, 0),
	ELEMENT("blockquote", BLOCK, BLOCKQUOTE, BLOCK_QUOTE),
	ELEMENT("figcaption", BLOCK, FIGCAPTION, 0),
};

static int compare(struct slice name, struct slice other)
{
	if (name.len != other.len)
		return name.len < other.len ? -1 : 1;
	return memcmp(name.at, other.at, name.len);
}

const struct element_tag *element_tag(struct slice name)
{
	static const struct element_tag own = ELEMENT("", BLOCK, OTHER, 0);
	static const struct element_tag other = ELEMENT("", INLINE, OTHER, 0);
	size_t low = 0, high = sizeof(tags) / sizeof(tags[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = compare(name, tags[middle].name);

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

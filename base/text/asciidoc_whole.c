/*
 * Blocks that are read whole: code, text passed through, verse; and the marks
 * that tell one block from another.
 */

#include <string.h>

#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"

struct slice asciidoc_label(struct slice name)
{
	static const char *const kinds[] = { "NOTE", "TIP", "IMPORTANT",
		                             "WARNING", "CAUTION" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eq(name, slice_of(kinds[i])))
			return paper_admonition_label(name);
	return (struct slice){ 0 };
}

char asciidoc_delimiter(struct slice line, size_t *run)
{
	struct slice s = line_trim_end(line);
	char c = s.len ? s.at[0] : 0;

	if (slice_starts(s, SLICE("```")) &&
	    slice_find(slice_cut(s, 3, s.len), '`') == s.len - 3) {
		*run = 3;
		return '`';
	}
	*run = s.len;
	if (slice_eq(s, SLICE("--")))
		return c;
	if (s.len >= 4 && strchr("-.=*_+/", c) && line_run(s, c) == s.len)
		return c;
	if (s.len >= 4 && strchr("|,:!", c) &&
	    line_run(slice_cut(s, 1, s.len), '=') == s.len - 1)
		return c == '!' ? '!' : c == ',' ? ',' : c == ':' ? ':' : '|';
	return 0;
}

struct slice asciidoc_verbatim(struct asciidoc *p, struct slice line)
{
	size_t from = p->at, end = p->at;
	struct slice fence = line_trim_end(line);

	if (slice_starts(fence, SLICE("```")))
		fence.len = 3;
	while (p->at < p->text.len) {
		struct slice next = lines_next(p->text, &p->at);

		if (slice_eq(line_trim_end(next), fence))
			break;
		end = p->at;
	}
	return slice_cut(p->text, from, end);
}

void asciidoc_style_done(struct asciidoc *p)
{
	p->style = (struct asciidoc_style){ 0 };
}

void asciidoc_title(struct asciidoc *p)
{
	struct slice title = p->style.title;

	p->style.title = (struct slice){ 0 };
	if (!title.len)
		return;
	paper_title_open(&p->paper);
	asciidoc_inline(p, title);
	paper_title_close(&p->paper);
}

void asciidoc_attribution(struct asciidoc *p, struct slice who)
{
	if (!who.len)
		return;
	paper_paragraph(&p->paper);
	flow_text(&p->paper.flow, SLICE("\xE2\x80\x94 "), true);
	asciidoc_inline(p, who);
}

void asciidoc_code(struct asciidoc *p, struct slice text)
{
	const struct asciidoc_style *style = &p->style;
	struct slice language = style->second;
	const struct slice *usual = asciidoc_value(p, SLICE("source-language"));

	if (!language.len && slice_eq(style->name, SLICE("source")) && usual)
		language = *usual;
	if (style->name.len && !slice_eq(style->name, SLICE("source")) &&
	    !slice_eq(style->name, SLICE("listing")) &&
	    !slice_eq(style->name, SLICE("literal")))
		language = style->name;
	if (style->attributes)
		text = asciidoc_expand(p, text);
	asciidoc_title(p);
	paper_code(&p->paper, language, text);
	asciidoc_style_done(p);
}

void asciidoc_pass(struct asciidoc *p, struct slice text)
{
	bool math = slice_eq(p->style.name, SLICE("stem")) ||
	            slice_eq(p->style.name, SLICE("latexmath"));
	size_t at = 0, end;

	asciidoc_title(p);
	asciidoc_style_done(p);
	if (math) {
		paper_code(&p->paper, SLICE("math"), text);
		return;
	}
	paper_paragraph(&p->paper);
	while (at < text.len) {
		struct slice rest = slice_cut(text, at, text.len);

		end = slice_find(rest, '<');
		flow_text(&p->paper.flow, slice_cut(rest, 0, end), true);
		at += end;
		rest = slice_cut(text, at, text.len);
		end = slice_find(rest, '>');
		if (end == rest.len) {
			flow_text(&p->paper.flow, rest, false);
			break;
		}
		at += end + 1;
	}
}

void asciidoc_verse(struct asciidoc *p, struct slice text)
{
	size_t at = 0;

	paper_quote_open(&p->paper);
	paper_paragraph(&p->paper);
	text = arena_copy(p->a, asciidoc_expand(p, text));
	while (at < text.len) {
		asciidoc_inline(p, lines_next(text, &at));
		flow_break(&p->paper.flow);
	}
	asciidoc_attribution(p, p->style.second);
	paper_quote_close(&p->paper);
	asciidoc_style_done(p);
}

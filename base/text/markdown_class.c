/* A table of words, told apart by their first letters and lengths. */

#include "base/text/markdown_class.h"

#include "base/text/markdown_tag.h"

static const struct {
	const char *name;
	unsigned flags;
} words[] = {
	{ "headerlink", CLASS_DROPPED },
	{ "header-anchor", CLASS_DROPPED },
	{ "heading-anchor", CLASS_DROPPED },
	{ "hash-link", CLASS_DROPPED },
	{ "anchorjs-link", CLASS_DROPPED },
	{ "direct-link", CLASS_DROPPED },
	{ "mw-editsection", CLASS_DROPPED },
	{ "editsection", CLASS_DROPPED },
	{ "secedit", CLASS_DROPPED },
	{ "edit-this-page", CLASS_DROPPED },
	{ "theme-edit-this-page", CLASS_DROPPED },
	{ "mw-cite-backlink", CLASS_DROPPED },
	{ "footnote-backref", CLASS_DROPPED },
	{ "reversefootnote", CLASS_DROPPED },
	{ "fn-backref", CLASS_DROPPED },
	{ "copybtn", CLASS_DROPPED },
	{ "copy-btn", CLASS_DROPPED },
	{ "btn-copy", CLASS_DROPPED },
	{ "copy-button", CLASS_DROPPED },
	{ "copy-code-button", CLASS_DROPPED },
	{ "clipboard-copy", CLASS_DROPPED },
	{ "zeroclipboard-container", CLASS_DROPPED },
	{ "gutter", CLASS_GUTTER },
	{ "rouge-gutter", CLASS_DROPPED },
	{ "lineno", CLASS_DROPPED },
	{ "linenos", CLASS_DROPPED },
	{ "linenodiv", CLASS_DROPPED },
	{ "linenumber", CLASS_DROPPED },
	{ "line-number", CLASS_DROPPED },
	{ "line-numbers-rows", CLASS_DROPPED },
	{ "line-numbers-wrapper", CLASS_DROPPED },
	{ "lnt", CLASS_DROPPED },
	{ "hljs-ln-numbers", CLASS_DROPPED },
	{ "react-syntax-highlighter-line-number", CLASS_DROPPED },
	{ "blob-num", CLASS_DROPPED },
	{ "katex-html", CLASS_DROPPED },
	{ "MathJax_Preview", CLASS_DROPPED },
	{ "mbox-image", CLASS_DROPPED },
	{ "bbCodeBlock-expandLink", CLASS_DROPPED },
	{ "admonition", CLASS_NOTE },
	{ "admonitionblock", CLASS_NOTE },
	{ "theme-admonition", CLASS_NOTE },
	{ "markdown-alert", CLASS_NOTE },
	{ "notecard", CLASS_NOTE },
	{ "custom-block", CLASS_NOTE },
	{ "confluence-information-macro", CLASS_NOTE },
	{ "callout", CLASS_NOTE },
	{ "bs-callout", CLASS_NOTE },
	{ "starlight-aside", CLASS_NOTE },
	{ "nextra-callout", CLASS_NOTE },
	{ "archwiki-template-box", CLASS_NOTE },
	{ "ambox", CLASS_NOTE },
	{ "notaninfobox", CLASS_NOTE },
	{ "alert-info", CLASS_NOTE },
	{ "alert-warning", CLASS_NOTE },
	{ "alert-danger", CLASS_NOTE },
	{ "alert-success", CLASS_NOTE },
	{ "note", CLASS_KIND },
	{ "warning", CLASS_KIND },
	{ "tip", CLASS_KIND },
	{ "important", CLASS_KIND },
	{ "caution", CLASS_KIND },
	{ "danger", CLASS_KIND },
	{ "attention", CLASS_KIND },
	{ "hint", CLASS_KIND },
	{ "line", CLASS_LINE },
	{ "code-line", CLASS_LINE },
	{ "token-line", CLASS_LINE },
	{ "view-line", CLASS_LINE },
	{ "emoji", CLASS_EMOJI },
	{ "emojione", CLASS_EMOJI },
	{ "smilie", CLASS_EMOJI },
	{ "mwe-math-fallback-image-inline", CLASS_FORMULA },
	{ "mwe-math-fallback-image-display", CLASS_FORMULA },
	{ "latex", CLASS_FORMULA },
	{ "tex", CLASS_FORMULA },
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same(struct slice s, const char *word)
{
	size_t i;

	for (i = 0; i < s.len && word[i]; i++)
		if (lower(s.at[i]) != lower(word[i]))
			return false;
	return i == s.len && !word[i];
}

/* Takes the first word off `rest`; empty at the end. */
static struct slice next_word(struct slice *rest)
{
	size_t from = 0, end;
	struct slice word;

	while (from < rest->len && (unsigned char)rest->at[from] <= ' ')
		from++;
	for (end = from; end < rest->len && (unsigned char)rest->at[end] > ' ';)
		end++;
	word = slice_cut(*rest, from, end);
	*rest = slice_cut(*rest, end, rest->len);
	return word;
}

static unsigned flags_of(struct slice word)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lower(word.at[0]) == lower(words[i].name[0]) &&
		    same(word, words[i].name))
			return words[i].flags;
	return 0;
}

unsigned markdown_class(const struct markup *m, const struct markup_node *n)
{
	struct slice rest, word;
	unsigned flags = 0;

	if (!n->attribute_count)
		return 0;
	rest = markup_attribute(m, n, "class");
	while ((word = next_word(&rest)).len)
		flags |= flags_of(word);
	/* Of a listing; elsewhere it is a matter of layout. */
	if (flags & CLASS_GUTTER &&
	    (slice_eq(n->name, SLICE("td")) || slice_eq(n->name, SLICE("pre"))))
		flags |= CLASS_DROPPED;
	return flags;
}

/* Elements that may be an admonition by a word as common as "note". */
static bool alone(struct slice name)
{
	return slice_eq(name, SLICE("div")) || slice_eq(name, SLICE("aside")) ||
	       slice_eq(name, SLICE("p")) || slice_eq(name, SLICE("section"));
}

bool class_note(const struct markup *m, const struct markup_node *n)
{
	unsigned flags;

	if (n->kind != MARKUP_ELEMENT || !n->attribute_count)
		return false;
	if (!alone(n->name) && !slice_eq(n->name, SLICE("table")) &&
	    !slice_eq(n->name, SLICE("details")))
		return false;
	flags = markdown_class(m, n);
	if (flags & CLASS_NOTE)
		return true;
	if (!alone(n->name))
		return false;
	return (flags & CLASS_KIND) ||
	       (slice_eq(n->name, SLICE("aside")) &&
	        slice_eq(markup_attribute(m, n, "role"), SLICE("note")));
}

/* The word behind the last '-' of "markdown-alert-warning". */
static struct slice tail_of(struct slice word)
{
	size_t at = word.len;

	while (at && word.at[at - 1] != '-')
		at--;
	return slice_cut(word, at, word.len);
}

struct slice class_note_kind(const struct markup *m,
                             const struct markup_node *n)
{
	struct slice rest = markup_attribute(m, n, "class"), word;

	while ((word = next_word(&rest)).len) {
		struct slice tail = tail_of(word);

		if (tail.len && (flags_of(tail) & CLASS_KIND))
			return tail;
	}
	return (struct slice){ 0 };
}

/* Whether `word` holds "title" or "heading", as in "admonitionHeading_x7". */
static bool titles(struct slice word)
{
	size_t i;

	for (i = 0; i + 5 <= word.len; i++)
		if (same(slice_cut(word, i, i + 5), "title") ||
		    same(slice_cut(word, i, i + 7), "heading"))
			return true;
	return false;
}

bool class_title(const struct markup *m, const struct markup_node *n)
{
	struct slice rest, word;

	if (n->kind != MARKUP_ELEMENT || !n->attribute_count)
		return false;
	rest = markup_attribute(m, n, "class");
	while ((word = next_word(&rest)).len)
		if (titles(word) ||
		    (same(word, "icon") && slice_eq(n->name, SLICE("td"))))
			return true;
	return false;
}

static bool language_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '#' ||
	       c == '.' || c == '_';
}

/* A name that names a language; empty otherwise. */
static struct slice language(struct slice name)
{
	static const char *const none[] = {
		"none",        "default", "plaintext", "source",
		"notranslate", "code",    "block",     "wrapper",
		"lines",       "copy",    "container"
	};
	size_t i = 0, j;

	while (name.len && name.at[name.len - 1] == ';')
		name.len--;
	while (i < name.len && i < 32 && language_byte(name.at[i]))
		i++;
	for (j = 0; j < sizeof(none) / sizeof(none[0]); j++)
		if (same(name, none[j]))
			i = 0;
	return i && i == name.len ? name : (struct slice){ 0 };
}

/* What stands behind a prefix that says so. */
static struct slice prefixed(struct slice word, bool around)
{
	static const char *const heads[] = { "lang-", "language-",
		                             "highlight-source-",
		                             "mw-highlight-lang-",
		                             "highlight-text-" };
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (slice_starts(word, slice_of(heads[i])))
			return language(
			        slice_cut(word, strlen(heads[i]), word.len));
	if (slice_starts(word, SLICE("src-")) && !around)
		return language(slice_cut(word, 4, word.len));
	if (slice_starts(word, SLICE("highlight-")) && around)
		return language(slice_cut(word, 10, word.len));
	return (struct slice){ 0 };
}

struct slice class_language(const struct markup *m, const struct markup_node *n,
                            bool around)
{
	static const char *const attributes[] = { "data-lang", "data-language",
		                                  "data-code-language",
		                                  "data-enlighter-language" };
	struct slice rest, word, name = { 0 };
	bool next = false;
	size_t i;

	if (!n->attribute_count)
		return name;
	rest = markup_attribute(m, n, "class");
	while (!name.len && (word = next_word(&rest)).len) {
		name = prefixed(word, around);
		if (!name.len && next)
			name = language(word);
		next |= !around &&
		        (same(word, "hljs") || same(word, "brush:") ||
		         same(word, "sourceCode"));
	}
	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (!name.len)
			name = language(slice_trim(
			        markup_attribute(m, n, attributes[i])));
	return name;
}

#ifndef BASE_TEXT_MARKDOWN_CLASS_H
#define BASE_TEXT_MARKDOWN_CLASS_H

#include <stdbool.h>

#include "base/text/markup_tree.h"

/*
 * What the classes of an element mean for Markdown: the names that
 * documentation generators, wikis and highlighters write. Pure questions.
 */
enum markdown_class {
	CLASS_DROPPED = 1 << 0, /* marks behind headings, edit links, copy
	                           buttons, line numbers, ways back to a note */
	CLASS_NOTE = 1 << 1,    /* an admonition */
	CLASS_KIND = 1 << 2,    /* "warning": one, on an element of its own */
	CLASS_LINE = 1 << 3,    /* a line of code */
	CLASS_FORMULA = 1 << 4, /* an image of TeX */
	CLASS_EMOJI = 1 << 5,
	CLASS_GUTTER = 1 << 6, /* line numbers, where it is a cell or code */
};

/* Flags of all words of an element's class. */
unsigned markdown_class(const struct markup *m, const struct markup_node *n);

/* Whether an element is an admonition. */
bool class_note(const struct markup *m, const struct markup_node *n);

/* What it calls itself: "note" of class="admonition note"; or empty. */
struct slice class_note_kind(const struct markup *m,
                             const struct markup_node *n);

/* Whether it is the title of one: "admonition-title". */
bool class_title(const struct markup *m, const struct markup_node *n);

/* The language a class names: lang-x, language-x, highlight-source-x,
 * "hljs x", "brush: x", "sourceCode x"; or an attribute data-lang. Empty: none.
 * `around`: of an element around the code, which names many things. */
struct slice class_language(const struct markup *m, const struct markup_node *n,
                            bool around);

#endif

#ifndef APP_SEARCH_FORM_H
#define APP_SEARCH_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "app/retrieve.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/slice.h"

/*
 * How an answer of retrieve() is shown. A form only writes: it decides nothing
 * about what is found. All text in it is from outside; each form says how it
 * keeps that text from being taken for anything else.
 */
struct search_view {
	struct slice query;
	struct slice query_id; /* of --queries; may be empty */
	bool colour;           /* marks by the terminal's bold */
	size_t width;          /* columns */
	int64_t now;           /* for ages */
	int64_t budget;        /* tokens, 0: whatever it takes */
};

typedef void search_form_fn(const struct search_view *v,
                            const struct retrieve_answer *answer,
                            struct buf *out);

/* For people: control characters and overrides lose their power. */
search_form_fn search_text;

/* One JSON object on one line. With a budget, results that do not fit are left
 * out, and the text of the last is cut; "budget" says what was done. */
search_form_fn search_json;

/* Its members that say what a passage is and where it comes from; a time. */
void search_json_source(struct json_out *o, const struct retrieved *h);
void search_json_time(struct json_out *o, const char *name, int64_t time);

/*
 * A block for a prompt: numbered passages with their sources, each in a fence
 * that is longer than any run of backquotes inside, after a line that says
 * that they are data. At most `budget` tokens as context_tokens() counts them.
 */
search_form_fn search_context;

/*
 * Lines of "query Q0 document rank score opslore" (TREC): native ids without
 * their space, white space in them as '_'.
 */
search_form_fn search_trec;

/* A form and what it asks for unless somebody says otherwise. */
struct search_form {
	const char *name;
	search_form_fn *write;
	int64_t k, budget;
	bool by_post, fold, snippet, answers;
};

/* NULL: there is none of that name. */
const struct search_form *search_form_find(struct slice name);

/* The query of a form: `k` results, a snippet for `width` columns. */
struct retrieve_query search_form_query(const struct search_form *form,
                                        int64_t k, size_t width);

/* `s` through say_clean(); the characters of `blanks` become spaces. */
void form_clean(struct buf *out, struct slice s, const char *blanks);

/*
 * Tokens that `s` may cost a model: letters and blanks 3 to a token, other
 * ASCII and letters of other scripts 1 each, what lies past U+FFFF 3 each: an
 * estimate on the high side, since tokenizers differ.
 */
int64_t context_tokens(struct slice s);

/*
 * The longest head of `s` of at most `tokens` that ends where a paragraph,
 * line, sentence or word does, unless that would take more than half of it.
 * What is cut ends in CONTEXT_CUT; what would have fewer than CONTEXT_LEAST
 * tokens left is not worth it.
 */
#define CONTEXT_CUT "\n[cut]"
#define CONTEXT_LEAST 40
struct slice context_head(struct slice s, int64_t tokens);

#endif

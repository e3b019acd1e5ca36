#ifndef APP_SEARCH_FORM_H
#define APP_SEARCH_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "app/retrieve.h"
#include "base/buf.h"
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
	int64_t budget;        /* tokens of a context */
};

typedef void search_form_fn(const struct search_view *v,
                            const struct retrieve_answer *answer,
                            struct buf *out);

/* For people: control characters and overrides lose their power. */
search_form_fn search_text;

/* One JSON object on one line. */
search_form_fn search_json;

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

/* `s` through say_clean(); the characters of `blanks` become spaces. */
void form_clean(struct buf *out, struct slice s, const char *blanks);

/*
 * Tokens that `s` may cost a model: letters and blanks 3 to a token, other
 * ASCII and letters of other scripts 1 each, what lies past U+FFFF 3 each. No
 * tokenizer in wide use needed more for prose, code and logs in our trials.
 */
int64_t context_tokens(struct slice s);

#endif

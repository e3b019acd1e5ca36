#ifndef KB_PASSAGE_H
#define KB_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "schema/posts.h"

/*
 * The passage is the unit of retrieval: a question, an answer, a section of a
 * page, a short document. Each carries its post's title and tags as fields.
 * Splitting is a pure function of the post, so that a passage can be found
 * again from (post, part) without the index.
 */
#define PASSAGE_VERSION 2

enum passage_kind {
	PASSAGE_QUESTION,
	PASSAGE_ACCEPTED, /* the accepted answer */
	PASSAGE_ANSWER,   /* another answer */
	PASSAGE_SECTION,  /* of a page, document or case */
	PASSAGE_KINDS,
};

/* "question", "accepted", "answer", "section" */
const char *passage_kind_name(enum passage_kind kind);

/* What BM25F weighs apart. The body's weight also depends on the kind. */
enum field { FIELD_TITLE, FIELD_TAGS, FIELD_HEADING, FIELD_BODY, FIELD_COUNT };

struct passage {
	int64_t post; /* PostID */
	int64_t part; /* 0: the question; an AnswerID; or the section's
	                 ordinal, from 0, for other kinds of post */
	enum passage_kind kind;
	struct slice title, tags, heading; /* tags: separated by blanks */
	struct slice body;                 /* Markdown */
	struct slice slug; /* of a section's heading, unique in the page;
	                      a section's further pieces: slug~2, slug~3 */
	uint32_t from, to; /* bytes of the post's or answer's content */
	int64_t score;
	int64_t modified;
	int64_t changed; /* the row's Changed */
};

/* Pages are cut at headings; a section over this many bytes is cut again at a
 * paragraph, so that no passage is much longer. */
#define PASSAGE_BYTES 6000

/* A document (what a line of JSON lines is, unless it says otherwise) of at
 * most so many bytes is one passage without a heading: it comes cut already,
 * and need not be Markdown. */
#define DOCUMENT_WHOLE 4096

/* Made in `a`, in order of (part). *count may be 0. */
struct passage *passage_split(const struct post_row *p, struct arena *a,
                              size_t *count);

#endif

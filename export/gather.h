#ifndef EXPORT_GATHER_H
#define EXPORT_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text/pattern.h"
#include "export/example.h"
#include "schema/posts.h"

/*
 * From a post to an example, or to the one reason why there is none. A pure
 * function of the post, the options and the posts before it (which decide what
 * is a repetition).
 *
 * The answer is the accepted one when its score reaches `min_score`, else the
 * best-voted one that does. Ties fall to the older row.
 */
struct gather_options {
	int64_t min_score;          /* of the answer */
	int64_t min_question_score; /* INT64_MIN: any */
	uint64_t max_bytes;         /* of question and answer; 0: any */
	struct slice system;        /* first turn; empty: none */
	struct slice tag;           /* only questions with it; empty: any */
	struct pattern *drop;       /* what matches is dropped; may be NULL */
};

enum drop_reason {
	DROP_NONE,
	DROP_KIND,       /* not a question */
	DROP_TAG,        /* without the tag that was asked for */
	DROP_NO_ANSWER,  /* nobody answered */
	DROP_SCORE,      /* no answer reaches the threshold */
	DROP_QUESTION,   /* the question does not reach its own */
	DROP_CLOSED,     /* closed at its site, or a duplicate of another */
	DROP_EMPTY,      /* a text is empty */
	DROP_TRUNCATED,  /* the page could not be taken whole */
	DROP_UNTRUSTED,  /* a model wrote it */
	DROP_UNLICENSED, /* no licence, author or source link is known */
	DROP_LONG,       /* over max_bytes */
	DROP_PATTERN,    /* the pattern matched, or could not decide */
	DROP_REPEATED,   /* the same texts came before */
	DROP_COUNT,
};

/* "no-answer", ...: the key in the manifest. */
const char *drop_reason_name(enum drop_reason reason);

struct gather {
	const struct gather_options *options;
	struct map seen; /* hashes of what was taken */
	struct turn turns[3];
};

void gather_init(struct gather *g, const struct gather_options *options);
void gather_release(struct gather *g);

/* DROP_NONE: *out is made in `a` and borrows from `p`. */
enum drop_reason gather_example(struct gather *g, const struct post_row *p,
                                struct arena *a, struct example *out);

#endif

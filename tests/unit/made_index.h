#ifndef TESTS_MADE_INDEX_H
#define TESTS_MADE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/index.h"
#include "kb/segment.h"

/*
 * A real index made by hand, passage by passage, through the builder that the
 * indexer uses: in a folder of its own, that goes when it is closed.
 *
 *	made_open(&x, "plain");
 *	made_segment(x, "public");
 *	made_add(x, &(struct made_passage){ .post = 1, .body = "disk full" });
 *	search(searcher, made_index(x), made_analyzer(x), ...);
 *
 * Whatever fails is a bug of the test, and ends it.
 */
struct made;

/* What is NULL or 0 is empty or unknown; tags and services are separated by
 * blanks. */
struct made_passage {
	int64_t post, part;
	enum passage_kind kind;
	const char *title, *tags, *heading, *body;
	const char *space, *post_kind, *language, *class, *service;
	int64_t score, modified;
	bool dead;
};

void made_open(struct made **out, const char *line);
void made_close(struct made *x);

struct analyzer *made_analyzer(struct made *x);

/* The constants of ranking, to be changed before the first made_index(). */
struct index_weights *made_weights(struct made *x);

/* Whether segments that are begun from now on have a forward file. They have,
 * unless told otherwise. */
void made_forward(struct made *x, bool forward);

/* Begins a segment; what is added goes to the last one. */
void made_segment(struct made *x, const char *label);

/* Passages of a segment come in ascending (post, part). */
void made_add(struct made *x, const struct made_passage *p);

/* More of the passage added last: a term, `times` in a row, unanalysed. */
void made_term(struct made *x, enum field field, struct slice term,
               uint32_t times);

/* What was made so far, as it is opened from its folder. Borrowed until the
 * next segment is begun. */
const struct index *made_index(struct made *x);

/* Where it is. */
const char *made_folder(const struct made *x);

#endif

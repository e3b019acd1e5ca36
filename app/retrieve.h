#ifndef APP_RETRIEVE_H
#define APP_RETRIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/command.h"
#include "app/twin_fold.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "kb/facet.h"
#include "kb/index.h"
#include "kb/passage.h"
#include "kb/search.h"
#include "kb/snippet.h"
#include "schema/posts.h"

/*
 * One retrieval answer, used by all faces: the index is searched, the rows are
 * read through the reader, and what the index does not know yet is settled by
 * the row: one that is gone or has another label is dropped and the place
 * filled by the next best; one that changed is shown as it is now.
 *
 *	struct retriever *r;
 *	if (!retriever_open(&r, app, &f) || !retrieve(r, &q, &a, &answer, &f))
 *		return app_fail(app, &f);
 *
 * Opens store and index for reading only. One retriever per thread.
 */
struct retriever;

/* FAULT_GONE "index-missing", with what to do about it. */
MUST_USE
bool retriever_open(struct retriever **out, struct app *app, struct fault *f);
void retriever_close(struct retriever *r); /* NULL is allowed */

/*
 * For a server's thread: a store of its own, and an index that others share.
 * The index of the last retriever_turn() is borrowed and searched until the
 * next one; `reader` is borrowed for good. FAULT_GONE "index-foreign": the
 * index is not of this store; another store may be there by now.
 */
MUST_USE
bool retriever_open_on(struct retriever **out, struct app *app,
                       const struct reader *reader, struct fault *f);
MUST_USE
bool retriever_turn(struct retriever *r, const struct index *x,
                    struct fault *f);

/* Borrowed: for what is read by its id. */
struct store *retriever_store(struct retriever *r);

/*
 * Appends a sentence for people when the index is not what the store would
 * give now (behind, ahead, made by another version); false: nothing to say.
 */
bool retriever_note(const struct retriever *r, struct buf *out);

struct retrieve_query {
	struct slice text;
	const struct search_filter *filters;
	size_t filter_count;
	uint32_t k;
	bool plain;     /* bare BM25, no second stage */
	bool stage1;    /* BM25F, no second stage */
	bool by_post;   /* the best passage of each post */
	bool fold;      /* near-duplicates into the better one: passages, and
	                   posts of one cluster; not in the first stage alone */
	bool answers;   /* behind each question its best answer, found or not;
	                   not in the first stage alone */
	bool ids_only;  /* of `retrieved` only hit, native and id */
	size_t columns; /* width of the snippet; 0: none */
	const struct facet_request *counts; /* NULL: nothing is counted */
	int64_t until; /* clock_monotonic() when nobody waits any more; 0: no
	                  end; a little over it is FAULT_LATER "retrieve-late" */
};

struct retrieved {
	struct hit hit;
	struct slice id;     /* public, with the part */
	struct slice native; /* of the post */
	struct slice space, kind, language;
	struct slice title, heading, body; /* of the passage, Markdown */
	struct slice link; /* of the very passage where it has one */
	struct slice author, author_link, licence;
	const struct slice *tags;
	size_t tag_count;
	int64_t votes;  /* of its row, now */
	size_t answers; /* of its post */
	bool solved;    /* its post has an accepted one */
	bool untrusted; /* a model wrote it */
	int64_t created, modified;
	size_t similar;          /* near-duplicates folded into it */
	struct twin_place *also; /* other places of its post, if folded */
	size_t also_count;
	bool beside; /* not found itself: it answers the hit before it */
	struct snippet snippet, marked_title;
};

/* What a passage of a row shows, all but what a search found out; `answer`:
 * the one it is, or NULL. */
void retrieved_fill(struct retrieved *o, const struct post_row *row,
                    const struct answer_row *answer, const struct passage *p,
                    struct arena *a);

struct retrieve_answer {
	struct retrieved *hits; /* made in the arena */
	size_t count;
	const struct slice *terms;
	size_t term_count, terms_dropped;
	struct slice stage2;  /* "none", or what it did */
	size_t gone, changed; /* hits that the store knew better */
	struct facets counts; /* if asked for: as the index knows them */
	bool counted;
};

MUST_USE
bool retrieve(struct retriever *r, const struct retrieve_query *q,
              struct arena *a, struct retrieve_answer *out, struct fault *f);

/* The filters of --filter K=V, checked; made in `a`. */
MUST_USE
bool retrieve_filters(const char *const *list, size_t count, struct arena *a,
                      struct search_filter **out, struct fault *f);

#endif

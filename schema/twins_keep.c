/*
 * Pairs are kept as a forest: a candidate that is in the same cluster already
 * is not compared, so that a cluster of n costs n - 1 comparisons. Whoever
 * hangs by one pair leaves without a trace; when another leaves, its cluster is
 * dissolved and all its members are looked at again. Which pairs are kept
 * depends on the order of arrival; which posts are connected does not, but
 * where more than TWINS_BAND posts share a band: then only those of the lowest
 * PostIDs are candidates.
 */

#include "schema/twins_keep.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text/sketch.h"

enum {
	TWINS_BAND = 64,   /* candidates that one band may name */
	TWINS_LISTED = 64, /* posts of an older store queued at a time */
	ALIKE_ONE = 1000000,
};

struct twin_work {
	struct rows *rows;
	struct arena arena; /* of the post at hand */
	struct arena inner; /* of a candidate */
	int64_t candidates[SKETCH_BANDS * TWINS_BAND];
	size_t count;
};

/* Title and text decide, and the version of what was made of them. */
static uint64_t text_hash(struct slice title, struct slice content)
{
	struct hash x;

	hash_init(&x);
	hash_part(&x, SLICE("sketch 1"));
	hash_part(&x, title);
	hash_part(&x, content);
	return hash_end(&x);
}

bool twins_text(struct rows *r, int64_t post, struct arena *a,
                struct twin_text *t, struct fault *f)
{
	struct slice title, content;
	struct query q;

	*t = (struct twin_text){ .post = post };
	if (!rows_ask(r, &q, f,
	              "SELECT Title, PostContent FROM Posts WHERE PostID = ?1 "
	              "AND Kind <> 'question'",
	              "i", post))
		return false;
	if (query_next(&q)) {
		t->there = true;
		title = query_text(&q, 0);
		content = query_text(&q, 1);
		t->hash = text_hash(title, content);
		sketch_text(title, content, a, &t->text);
		sketch_make(&t->text.shingles, &t->sketch);
	}
	return query_end(&q, f);
}

int64_t twins_alike(double alike)
{
	return (int64_t)(alike * ALIKE_ONE);
}

static bool cluster_of(struct rows *r, int64_t post, int64_t *cluster,
                       struct fault *f)
{
	return rows_number(r, cluster, 0, f,
	                   "SELECT ClusterID FROM Twins WHERE PostID = ?1", "i",
	                   post);
}

/* A damaged one counts as none: the next change of its text makes another. */
static bool sketch_load(struct rows *r, int64_t post, struct sketch *out,
                        bool *found, struct fault *f)
{
	struct fault ignored;
	struct query q;

	if (!rows_ask(r, &q, f, "SELECT Sketch FROM Sketches WHERE PostID = ?1",
	              "i", post))
		return false;
	*found =
	        query_next(&q) && sketch_read(query_text(&q, 0), out, &ignored);
	return query_end(&q, f);
}

static bool bands_drop(struct rows *r, int64_t post, struct fault *f)
{
	uint32_t bands[SKETCH_BANDS];
	struct sketch s;
	bool found;
	size_t i;

	if (!sketch_load(r, post, &s, &found, f))
		return false;
	if (found)
		sketch_bands(&s, bands);
	for (i = 0; found && i < SKETCH_BANDS; i++)
		if (!rows_run(r, f,
		              "DELETE FROM SketchBands WHERE Band = ?1 AND "
		              "PostID = ?2",
		              "ii", (int64_t)bands[i], post))
			return false;
	return rows_run(r, f, "DELETE FROM Sketches WHERE PostID = ?1", "i",
	                post);
}

static bool cluster_dissolve(struct rows *r, int64_t cluster, int64_t post,
                             struct fault *f)
{
	return rows_run(r, f,
	                "INSERT OR IGNORE INTO TwinQueue SELECT PostID FROM "
	                "Twins WHERE ClusterID = ?1 AND PostID <> ?2",
	                "ii", cluster, post) &&
	       rows_run(r, f,
	                "DELETE FROM TwinPairs WHERE Low IN (SELECT PostID "
	                "FROM Twins WHERE ClusterID = ?1)",
	                "i", cluster) &&
	       rows_run(r, f, "DELETE FROM Twins WHERE ClusterID = ?1", "i",
	                cluster);
}

/* It hangs by one pair: the others stay together, under the lowest of them;
 * one alone is no cluster. */
static bool cluster_leave(struct rows *r, int64_t cluster, int64_t post,
                          struct fault *f)
{
	return rows_run(r, f, "DELETE FROM TwinPairs WHERE ?1 IN (Low, High)",
	                "i", post) &&
	       rows_run(r, f, "DELETE FROM Twins WHERE PostID = ?1", "i",
	                post) &&
	       rows_run(r, f,
	                "DELETE FROM Twins WHERE ClusterID = ?1 AND 1 = "
	                "(SELECT count(*) FROM Twins WHERE ClusterID = ?1)",
	                "i", cluster) &&
	       (cluster != post ||
	        rows_run(r, f,
	                 "UPDATE Twins SET ClusterID = (SELECT min(PostID) "
	                 "FROM Twins WHERE ClusterID = ?1) WHERE "
	                 "ClusterID = ?1",
	                 "i", cluster));
}

bool twins_drop(struct rows *r, int64_t post, struct fault *f)
{
	int64_t cluster, pairs;

	if (!bands_drop(r, post, f) || !cluster_of(r, post, &cluster, f))
		return false;
	if (!cluster)
		return true;
	if (!rows_number(r, &pairs, 0, f,
	                 "SELECT (SELECT count(*) FROM TwinPairs WHERE Low = "
	                 "?1) + (SELECT count(*) FROM TwinPairs WHERE "
	                 "High = ?1)",
	                 "i", post))
		return false;
	return pairs == 1 ? cluster_leave(r, cluster, post, f)
	                  : cluster_dissolve(r, cluster, post, f);
}

/* The sketch in the store is that of the text; what is too short has none. */
static bool sketch_keep(struct rows *r, const struct twin_text *t,
                        struct fault *f)
{
	uint32_t bands[SKETCH_BANDS];
	char bytes[SKETCH_BYTES];
	int64_t hash;
	size_t i;

	if (!rows_number(r, &hash, 0, f,
	                 "SELECT TextHash FROM Sketches WHERE PostID = ?1", "i",
	                 t->post))
		return false;
	if (hash && hash == (int64_t)t->hash && t->there)
		return true;
	if (!twins_drop(r, t->post, f))
		return false;
	if (!t->there || t->text.shingles.count < SKETCH_LEAST)
		return true;
	sketch_write(&t->sketch, bytes);
	sketch_bands(&t->sketch, bands);
	for (i = 0; i < SKETCH_BANDS; i++)
		if (!rows_run(r, f,
		              "INSERT OR IGNORE INTO SketchBands "
		              "VALUES (?1, ?2)",
		              "ii", (int64_t)bands[i], t->post))
			return false;
	return rows_run(r, f, "INSERT INTO Sketches VALUES (?1, ?2, ?3, ?4)",
	                "iiib", t->post, (int64_t)t->hash,
	                (int64_t)t->text.shingles.count,
	                (struct slice){ bytes, sizeof(bytes) });
}

static int id_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Posts that share a band, ascending. */
static bool candidates_find(struct twin_work *w, const struct twin_text *t,
                            struct fault *f)
{
	uint32_t bands[SKETCH_BANDS];
	size_t i, kept = 0;
	struct query q;

	w->count = 0;
	sketch_bands(&t->sketch, bands);
	for (i = 0; i < SKETCH_BANDS; i++) {
		if (!rows_ask(w->rows, &q, f,
		              "SELECT PostID FROM SketchBands WHERE Band = ?1 "
		              "AND PostID <> ?2 ORDER BY PostID LIMIT ?3",
		              "iii", (int64_t)bands[i], t->post,
		              (int64_t)TWINS_BAND))
			return false;
		while (query_next(&q))
			w->candidates[w->count++] = query_number(&q, 0);
		if (!query_end(&q, f))
			return false;
	}
	qsort(w->candidates, w->count, sizeof(*w->candidates), id_order);
	for (i = 0; i < w->count; i++)
		if (!kept || w->candidates[kept - 1] != w->candidates[i])
			w->candidates[kept++] = w->candidates[i];
	w->count = kept;
	return true;
}

/* A post goes into the cluster `to`, with all of its own. */
static bool cluster_move(struct rows *r, int64_t post, int64_t from, int64_t to,
                         struct fault *f)
{
	if (!from)
		return rows_run(r, f, "INSERT INTO Twins VALUES (?1, ?2)", "ii",
		                post, to);
	return from == to ||
	       rows_run(r, f,
	                "UPDATE Twins SET ClusterID = ?2 WHERE ClusterID = ?1",
	                "ii", from, to);
}

static int64_t lower(int64_t a, int64_t b)
{
	return b && b < a ? b : a;
}

static bool pair_keep(struct rows *r, int64_t a, int64_t b, double alike,
                      struct fault *f)
{
	int64_t low = lower(a, b), high = low == a ? b : a, one, other, to;

	if (!cluster_of(r, low, &one, f) || !cluster_of(r, high, &other, f))
		return false;
	to = lower(lower(low, one), other);
	return rows_run(r, f, "INSERT INTO TwinPairs VALUES (?1, ?2, ?3)",
	                "iii", low, high, twins_alike(alike)) &&
	       cluster_move(r, low, one, to, f) &&
	       cluster_move(r, high, other, to, f);
}

/* Whether its text is worth reading. */
static bool candidate_likely(struct twin_work *w, const struct twin_text *t,
                             int64_t post, bool *likely, struct fault *f)
{
	struct sketch_text other = { 0 };
	struct sketch sketch;
	struct fault ignored;
	struct query q;

	*likely = false;
	arena_reset(&w->inner);
	if (!rows_ask(w->rows, &q, f,
	              "SELECT Sketch, Shingles, Title FROM Sketches "
	              "JOIN Posts USING (PostID) WHERE PostID = ?1",
	              "i", post))
		return false;
	if (query_next(&q) &&
	    sketch_read(query_text(&q, 0), &sketch, &ignored)) {
		sketch_text(query_text(&q, 2), SLICE(""), &w->inner, &other);
		other.shingles.count = (size_t)query_number(&q, 1);
		*likely = sketch_alike(&t->sketch, &sketch) >=
		          sketch_hope(&t->text, &other);
	}
	return query_end(&q, f);
}

/* Compares a candidate, unless it is in the same cluster already. */
static bool candidate_try(struct twin_work *w, const struct twin_text *t,
                          int64_t post, struct fault *f)
{
	int64_t mine, its;
	struct twin_text other;
	double alike;
	bool likely;

	if (!cluster_of(w->rows, t->post, &mine, f) ||
	    !cluster_of(w->rows, post, &its, f))
		return false;
	if (mine && mine == its)
		return true;
	if (!candidate_likely(w, t, post, &likely, f))
		return false;
	if (!likely)
		return true;
	if (!twins_text(w->rows, post, &w->inner, &other, f))
		return false;
	return !other.there || !sketch_twins(&t->text, &other.text, &alike) ||
	       pair_keep(w->rows, t->post, post, alike, f);
}

static bool work_post(struct twin_work *w, int64_t post, struct fault *f)
{
	struct twin_text t;
	size_t i;

	arena_reset(&w->arena);
	if (!twins_text(w->rows, post, &w->arena, &t, f) ||
	    !sketch_keep(w->rows, &t, f))
		return false;
	if (!t.there || t.text.shingles.count < SKETCH_LEAST)
		return true;
	if (!candidates_find(w, &t, f))
		return false;
	for (i = 0; i < w->count; i++)
		if (!candidate_try(w, &t, w->candidates[i], f))
			return false;
	return true;
}

/* Queues some more of what an older store holds. */
static bool work_list(struct twin_work *w, int64_t from, struct fault *f)
{
	int64_t last;

	return rows_number(w->rows, &last, 0, f,
	                   "SELECT max(PostID) FROM (SELECT PostID FROM Posts "
	                   "WHERE PostID >= ?1 ORDER BY PostID LIMIT ?2)",
	                   "ii", from, (int64_t)TWINS_LISTED) &&
	       rows_run(w->rows, f,
	                "INSERT OR IGNORE INTO TwinQueue SELECT PostID FROM "
	                "Posts WHERE PostID BETWEEN ?1 AND ?2 AND "
	                "Kind <> 'question'",
	                "ii", from, last) &&
	       (!last ||
	        rows_run(w->rows, f, "INSERT INTO TwinQueue VALUES (?1)", "i",
	                 -(last + 1)));
}

static bool work_next(struct twin_work *w, bool *found, struct fault *f)
{
	int64_t post;

	if (!rows_number(w->rows, &post, 0, f,
	                 "SELECT PostID FROM TwinQueue ORDER BY PostID LIMIT 1",
	                 ""))
		return false;
	*found = post != 0;
	if (!post)
		return true;
	return rows_run(w->rows, f, "DELETE FROM TwinQueue WHERE PostID = ?1",
	                "i", post) &&
	       (post < 0 ? work_list(w, -post, f) : work_post(w, post, f));
}

bool twins_work(struct rows *r, size_t most, bool *left, struct fault *f)
{
	struct twin_work *w = memory_new(1, sizeof(*w));
	bool ok = true;

	w->rows = r;
	*left = true;
	while (ok && *left && most--)
		ok = work_next(w, left, f);
	arena_release(&w->arena);
	arena_release(&w->inner);
	free(w);
	return ok;
}

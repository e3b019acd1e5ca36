/*
 * Sketches are made again from the texts, pairs are compared again; what the
 * tables say of each other is asked of SQLite. What is queued is about to be
 * made right and is passed over.
 */

#include "schema/twins_check.h"

#include <stdio.h>

#include "base/cancel.h"
#include "schema/twins_keep.h"

struct twins_check {
	struct rows *rows;
	store_finding_fn *say;
	void *self;
	struct arena arena;
};

static const char twins_advice[] =
        "near-duplicates may be missed until the text changes";

static void check_say(struct twins_check *c, const char *subject,
                      const char *text)
{
	struct fault finding;

	fault(&finding, FAULT_INPUT, "twins-damaged", "%s: %s", text,
	      twins_advice);
	fault_at(&finding, subject, 0);
	c->say(c->self, &finding);
}

static bool check_bands(struct twins_check *c, const struct twin_text *t,
                        bool *good, struct fault *f)
{
	uint32_t bands[SKETCH_BANDS];
	int64_t found;
	size_t i;

	sketch_bands(&t->sketch, bands);
	for (i = 0; *good && i < SKETCH_BANDS; i++) {
		if (!rows_number(c->rows, &found, 0, f,
		                 "SELECT 1 FROM SketchBands WHERE Band = ?1 "
		                 "AND PostID = ?2",
		                 "ii", (int64_t)bands[i], t->post))
			return false;
		*good = found != 0;
	}
	return true;
}

/* The row of a text, or none of one that is too short. */
static bool check_row(struct twins_check *c, const struct twin_text *t,
                      bool *good, struct fault *f)
{
	char bytes[SKETCH_BYTES];
	struct query q;
	bool kept;

	sketch_write(&t->sketch, bytes);
	if (!rows_ask(c->rows, &q, f,
	              "SELECT TextHash, Shingles, Sketch FROM Sketches "
	              "WHERE PostID = ?1",
	              "i", t->post))
		return false;
	kept = query_next(&q);
	*good = kept == (t->text.shingles.count >= SKETCH_LEAST);
	if (*good && kept)
		*good = query_number(&q, 0) == (int64_t)t->hash &&
		        query_number(&q, 1) ==
		                (int64_t)t->text.shingles.count &&
		        slice_eq(query_text(&q, 2),
		                 (struct slice){ bytes, sizeof(bytes) });
	return query_end(&q, f) && (!kept || check_bands(c, t, good, f));
}

static bool check_sketch(struct twins_check *c, int64_t post, struct fault *f)
{
	char subject[64];
	struct twin_text t;
	bool good;

	arena_reset(&c->arena);
	if (!twins_text(c->rows, post, &c->arena, &t, f))
		return false;
	if (!t.there)
		return true;
	if (!check_row(c, &t, &good, f))
		return false;
	snprintf(subject, sizeof(subject), "PostID %lld", (long long)post);
	if (!good)
		check_say(c, subject,
		          "the sketch of a post is not that of its text");
	return true;
}

static bool check_sketches(struct twins_check *c, struct fault *f)
{
	int64_t post = 0;

	do {
		if (!cancel_check(f) ||
		    !rows_number(c->rows, &post, 0, f,
		                 "SELECT PostID FROM Posts WHERE PostID > ?1 "
		                 "AND Kind <> 'question' AND NOT EXISTS "
		                 "(SELECT 1 FROM TwinQueue q WHERE q.PostID = "
		                 "Posts.PostID OR (q.PostID < 0 AND "
		                 "-q.PostID <= Posts.PostID)) "
		                 "ORDER BY PostID LIMIT 1",
		                 "i", post) ||
		    (post && !check_sketch(c, post, f)))
			return false;
	} while (post);
	return true;
}

static bool check_pair(struct twins_check *c, int64_t low, int64_t high,
                       int64_t alike, struct fault *f)
{
	struct twin_text one, other;
	char subject[64];
	double is = 0;

	arena_reset(&c->arena);
	if (!twins_text(c->rows, low, &c->arena, &one, f) ||
	    !twins_text(c->rows, high, &c->arena, &other, f))
		return false;
	snprintf(subject, sizeof(subject), "TwinPairs %lld %lld",
	         (long long)low, (long long)high);
	if (!one.there || !other.there ||
	    !sketch_twins(&one.text, &other.text, &is) ||
	    twins_alike(is) != alike)
		check_say(c, subject,
		          "a pair of near-duplicates is not alike as it says");
	return true;
}

/* The first pair after one; *low = 0: there is none. Pairs of queued posts
 * are as old as they are. */
static bool next_pair(struct twins_check *c, int64_t *low, int64_t *high,
                      int64_t *alike, struct fault *f)
{
	struct query q;

	if (!rows_ask(c->rows, &q, f,
	              "SELECT Low, High, Alike FROM TwinPairs WHERE "
	              "(Low, High) > (?1, ?2) AND Low NOT IN "
	              "(SELECT PostID FROM TwinQueue) AND High NOT IN "
	              "(SELECT PostID FROM TwinQueue) "
	              "ORDER BY Low, High LIMIT 1",
	              "ii", *low, *high))
		return false;
	*low = 0;
	if (query_next(&q)) {
		*low = query_number(&q, 0);
		*high = query_number(&q, 1);
		*alike = query_number(&q, 2);
	}
	return query_end(&q, f);
}

static bool check_pairs(struct twins_check *c, struct fault *f)
{
	int64_t low = 0, high = 0, alike = 0;

	do {
		if (!cancel_check(f) || !next_pair(c, &low, &high, &alike, f) ||
		    (low && !check_pair(c, low, high, alike, f)))
			return false;
	} while (low);
	return true;
}

static bool check_agreement(struct twins_check *c, struct fault *f)
{
	static const struct {
		const char *sql, *text;
	} rules[] = {
		{ "SELECT count(*) FROM (SELECT PostID FROM Sketches "
		  "UNION ALL SELECT PostID FROM Twins) WHERE PostID NOT IN "
		  "(SELECT PostID FROM Posts)",
		  "a sketch or a member of a cluster has no post" },
		{ "SELECT (SELECT count(*) FROM SketchBands) <> 16 * "
		  "(SELECT count(*) FROM Sketches)",
		  "there are more or fewer bands than sketches need" },
		{ "SELECT count(*) FROM Twins t WHERE ClusterID <> "
		  "(SELECT min(PostID) FROM Twins WHERE ClusterID = "
		  "t.ClusterID)",
		  "a cluster has another's number" },
		{ "SELECT (SELECT count(*) FROM TwinPairs) <> (SELECT "
		  "count(*) - count(DISTINCT ClusterID) FROM Twins)",
		  "there are more or fewer pairs than clusters need" },
		{ "SELECT count(*) FROM TwinPairs WHERE (SELECT ClusterID "
		  "FROM Twins WHERE PostID = Low) IS NOT (SELECT ClusterID "
		  "FROM Twins WHERE PostID = High)",
		  "a pair is in two clusters" },
	};
	int64_t bad;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!rows_number(c->rows, &bad, 0, f, rules[i].sql, ""))
			return false;
		if (bad)
			check_say(c, c->rows->path, rules[i].text);
	}
	return true;
}

bool twins_check(struct rows *r, store_finding_fn *say, void *self,
                 struct fault *f)
{
	struct twins_check c = { .rows = r, .say = say, .self = self };
	bool ok = check_sketches(&c, f) && check_pairs(&c, f) &&
	          check_agreement(&c, f);

	arena_release(&c.arena);
	return ok;
}

/*
 * One look tells whether the store has any cluster; if so, each post found is
 * looked up, and the members are read of those clusters alone of which several
 * were found.
 */

#include "app/twin_fold.h"

#include "base/buf.h"
#include "base/limits.h"
#include "schema/identity.h"
#include "schema/twins.h"

enum {
	TWIN_PLACES = 8, /* of a cluster that are told */
};

static const double twin_reach = .9;

/* A post found that is in a cluster. */
struct found_twin {
	int64_t post, cluster;
	double score;   /* of its best passage */
	int64_t stands; /* for the cluster: a post; 0: it is alone */
	size_t folded;  /* passages of others, not yet counted */
};

struct found_twins {
	struct found_twin *at;
	size_t count;
};

static struct found_twin *found_post(const struct found_twins *x, int64_t post)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		if (x->at[i].post == post)
			return &x->at[i];
	return NULL;
}

static bool found_read(struct store *s, const struct rank_item *items,
                       size_t count, struct found_twins *x, struct fault *f)
{
	int64_t cluster, last = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		int64_t post = items[i].hit.entry.post;

		if (post == last || found_post(x, post))
			continue;
		last = post;
		if (!twins_cluster(s, post, &cluster, f))
			return false;
		if (cluster)
			x->at[x->count++] = (struct found_twin){
				.post = post,
				.cluster = cluster,
				.score = items[i].hit.score,
			};
	}
	return true;
}

/* The others of the cluster of x->at[n], which is the first of it. */
static bool found_several(const struct found_twins *x, size_t n)
{
	size_t i;

	for (i = n + 1; i < x->count; i++)
		if (x->at[i].cluster == x->at[n].cluster)
			return true;
	return false;
}

/* Who stands for the cluster whose best is x->at[n]. */
static bool found_stands(struct store *s, const struct reader *r,
                         struct arena *a, const struct found_twins *x, size_t n,
                         struct fault *f)
{
	const struct found_twin *best = &x->at[n], *t = NULL;
	int64_t stands = best->post;
	struct twin *members;
	size_t i, count;

	if (!twins_members(s, r, best->cluster, TWINS_MEMBERS, a, &members,
	                   &count, f))
		return false;
	for (i = 0; i < count; i++) {
		t = found_post(x, members[i].post);
		if (t && t->score >= twin_reach * best->score) {
			stands = t->post;
			break;
		}
	}
	for (i = n; i < x->count; i++)
		if (x->at[i].cluster == best->cluster)
			x->at[i].stands = stands;
	return true;
}

/* What does not stand for its cluster goes, counted by what does. */
static void found_drop(const struct found_twins *x, struct rank_item *items,
                       size_t *count)
{
	size_t i, kept = 0;

	for (i = 0; i < *count; i++) {
		const struct found_twin *t =
		        found_post(x, items[i].hit.entry.post);
		struct found_twin *stands;

		if (!t || !t->stands || t->stands == t->post)
			continue;
		stands = found_post(x, t->stands);
		stands->folded++;
	}
	for (i = 0; i < *count; i++) {
		struct found_twin *t = found_post(x, items[i].hit.entry.post);

		if (t && t->stands && t->stands != t->post)
			continue;
		if (t) {
			items[i].similar += t->folded;
			t->folded = 0;
		}
		items[kept++] = items[i];
	}
	*count = kept;
}

bool twin_fold(struct store *s, const struct reader *r, struct arena *a,
               struct rank_item *items, size_t *count, struct fault *f)
{
	struct found_twins x = { 0 };
	size_t i;
	bool any;

	if (!twins_any(s, &any, f))
		return false;
	if (!any)
		return true;
	x.at = arena_array(a, *count, sizeof(*x.at));
	if (!found_read(s, items, *count, &x, f))
		return false;
	for (i = 0; i < x.count; i++)
		if (!x.at[i].stands && found_several(&x, i) &&
		    !found_stands(s, r, a, &x, i, f))
			return false;
	found_drop(&x, items, count);
	return true;
}

static struct slice place_id(const struct twin *t, struct arena *a)
{
	struct identity id = { .space = t->space, .native = t->native };
	struct buf text = BUF_INIT(LIMIT_ROW);
	struct slice out;

	identity_write(&text, &id);
	out = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return out;
}

bool twin_places(struct store *s, const struct reader *r, struct arena *a,
                 int64_t post, struct twin_place **out, size_t *count,
                 struct fault *f)
{
	struct twin *members;
	int64_t cluster;
	size_t i, all;

	*count = 0;
	if (!twins_cluster(s, post, &cluster, f))
		return false;
	if (!cluster)
		return true;
	if (!twins_members(s, r, cluster, TWIN_PLACES + 1, a, &members, &all,
	                   f))
		return false;
	*out = arena_array(a, all, sizeof(**out));
	for (i = 0; i < all && *count < TWIN_PLACES; i++)
		if (members[i].post != post)
			(*out)[(*count)++] =
			        (struct twin_place){ place_id(&members[i], a),
				                     members[i].link };
	return true;
}

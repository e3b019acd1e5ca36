/* Reading clusters: what is found is judged by the row it stands for. */

#include "schema/twins.h"

#include "schema/rows.h"

bool twins_any(struct store *s, bool *any, struct fault *f)
{
	int64_t found;

	if (!rows_number(store_rows(s), &found, 0, f,
	                 "SELECT EXISTS (SELECT 1 FROM Twins)", ""))
		return false;
	*any = found != 0;
	return true;
}

bool twins_cluster(struct store *s, int64_t post, int64_t *cluster,
                   struct fault *f)
{
	return rows_number(store_rows(s), cluster, 0, f,
	                   "SELECT ClusterID FROM Twins WHERE PostID = ?1", "i",
	                   post);
}

/* All but how complete a text is, which depends on who is compared. */
static const char members_sql[] =
        "SELECT PostID, Space, NativeID, PostLink, Access, Shingles, "
        "Flags & 1 FROM Twins t JOIN Posts p USING (PostID) "
        "JOIN Sketches USING (PostID) WHERE ClusterID = ?1 ORDER BY "
        "NOT EXISTS (SELECT 1 FROM Aliases a WHERE a.Space = p.Space AND "
        "a.NativeID = p.NativeID), Access <> 'public', ModifyTime DESC, "
        "length(PostLink), PostID";

static bool members_read(struct store *s, const struct reader *r,
                         int64_t cluster, struct arena *a,
                         struct twin out[TWINS_MEMBERS], size_t *count,
                         struct fault *f)
{
	struct query q;

	*count = 0;
	if (!rows_ask(store_rows(s), &q, f, members_sql, "i", cluster))
		return false;
	while (*count < TWINS_MEMBERS && query_next(&q)) {
		struct twin *t = &out[*count];

		if (!reader_may(r, query_text(&q, 4)))
			continue;
		t->post = query_number(&q, 0);
		t->space = arena_copy(a, query_text(&q, 1));
		t->native = arena_copy(a, query_text(&q, 2));
		t->link = arena_copy(a, query_text(&q, 3));
		t->shingles = query_number(&q, 5);
		t->cut = query_number(&q, 6) != 0;
		++*count;
	}
	return query_end(&q, f);
}

/* A footer makes no text more complete: a fifth must be missing. */
static bool member_whole(const struct twin *t, int64_t longest)
{
	return !t->cut && 5 * t->shingles >= 4 * longest;
}

bool twins_members(struct store *s, const struct reader *r, int64_t cluster,
                   size_t most, struct arena *a, struct twin **out,
                   size_t *count, struct fault *f)
{
	struct twin all[TWINS_MEMBERS];
	int64_t longest = 0;
	size_t n, i;
	int part;

	if (!members_read(s, r, cluster, a, all, &n, f))
		return false;
	for (i = 0; i < n; i++)
		if (all[i].shingles > longest)
			longest = all[i].shingles;
	*out = arena_array(a, most, sizeof(**out));
	*count = 0;
	for (part = 1; part >= 0; part--)
		for (i = 0; i < n && *count < most; i++)
			if (member_whole(&all[i], longest) == part)
				(*out)[(*count)++] = all[i];
	return true;
}

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

#define MEMBERS                                                                \
	"SELECT PostID, Space, NativeID, PostLink, Access, Shingles "          \
	"FROM Twins t JOIN Posts p USING (PostID) "                            \
	"JOIN Sketches USING (PostID) WHERE ClusterID = ?1 ORDER BY "          \
	"Flags & 1, NOT EXISTS (SELECT 1 FROM Aliases a WHERE "                \
	"a.Space = p.Space AND a.NativeID = p.NativeID), "                     \
	"Size DESC, Access <> 'public', "                                      \
	"ModifyTime DESC, length(PostLink), PostID"

bool twins_members(struct store *s, const struct reader *r, int64_t cluster,
                   size_t most, struct arena *a, struct twin **out,
                   size_t *count, struct fault *f)
{
	struct query q;

	*out = arena_array(a, most, sizeof(**out));
	*count = 0;
	if (!rows_ask(store_rows(s), &q, f, MEMBERS, "i", cluster))
		return false;
	while (*count < most && query_next(&q)) {
		struct twin *t = &(*out)[*count];

		if (!reader_may(r, query_text(&q, 4)))
			continue;
		t->post = query_number(&q, 0);
		t->space = arena_copy(a, query_text(&q, 1));
		t->native = arena_copy(a, query_text(&q, 2));
		t->link = arena_copy(a, query_text(&q, 3));
		t->shingles = query_number(&q, 5);
		++*count;
	}
	return query_end(&q, f);
}

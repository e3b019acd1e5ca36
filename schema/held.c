/*
 * Reading and writing rows of the three tables of texts. The tables have
 * columns of their own, but every SELECT gives the same columns in the same
 * order (constants where a table lacks one), and every INSERT and UPDATE takes
 * the same parameters.
 */

#include "schema/held.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"

/* Columns of every SELECT, and parameters of INSERT and UPDATE less one. */
enum {
	AT_ID,
	AT_POST,
	AT_LINK,
	AT_TITLE,
	AT_CONTENT,
	AT_CREATED,
	AT_MODIFIED,
	AT_VIEWS,
	AT_SCORE,
	AT_SPACE,
	AT_NATIVE,
	AT_KIND,
	AT_TAGS,
	AT_LANGUAGE,
	AT_CLASS,
	AT_SERVICES,
	AT_ACCEPTED,
	AT_CLOSED,
	AT_AUTHOR,
	AT_AUTHOR_NAME,
	AT_LICENCE,
	AT_LICENSED,
	AT_ACCESS,
	AT_FLAGS,
	AT_REVISION,
	AT_EXTRACTOR,
	AT_ORIGINAL_HASH,
	AT_CONTENT_HASH,
	AT_ROW_HASH,
	AT_VISIT,
	AT_CHANGED,
	AT_COUNTED,
};

#define POST_HEAD "SELECT PostID, 0, PostLink, Title, "
#define POST_TAIL                                                              \
	", PostTime, ModifyTime, ViewCount, VoteCount, Space, NativeID, "      \
	"Kind, Tags, Language, Class, Services, AcceptedAnswer, ClosedTime, "  \
	"AuthorID, AuthorName, Licence, LicenceGiven, Access, Flags, "         \
	"Revision, Extractor, OriginalHash, ContentHash, RowHash, VisitID, "   \
	"Changed, Counted FROM Posts "
#define ANSWER_HEAD "SELECT AnswerID, PostID, AnswerLink, '', "
#define ANSWER_TAIL                                                            \
	", AnswerTime, ModifyTime, 0, VoteCount, Space, NativeID, 'answer', "  \
	"'', '', '', '', '', '', AuthorID, AuthorName, Licence, "              \
	"LicenceGiven, '', Flags, Revision, Extractor, OriginalHash, "         \
	"ContentHash, RowHash, VisitID, Changed, Counted FROM Answers "
#define EXTRA_HEAD "SELECT ExtraID, 0, ExtraLink, Title, "
#define EXTRA_TAIL                                                             \
	", ExtraTime, ModifyTime, 0, VoteCount, Space, NativeID, Kind, Tags, " \
	"'', '', '', '', '', AuthorID, AuthorName, Licence, LicenceGiven, "    \
	"Access, Flags, Revision, Extractor, OriginalHash, ContentHash, "      \
	"RowHash, VisitID, 0, 0 FROM Extras "

static const struct {
	const char *find, *load, *whole, *insert, *update;
} held_sql[HELD_TABLES] = {
	[HELD_POSTS] = {
		POST_HEAD "NULL" POST_TAIL "WHERE Space = ?1 AND NativeID = ?2",
		POST_HEAD "NULL" POST_TAIL "WHERE PostID = ?1",
		POST_HEAD "PostContent" POST_TAIL "WHERE PostID = ?1",
		"INSERT INTO Posts VALUES (?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, "
		"?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)",
		"UPDATE Posts SET PostLink = ?3, Title = ?4, "
		"PostContent = coalesce(?5, PostContent), PostTime = ?6, "
		"ModifyTime = ?7, ViewCount = ?8, VoteCount = ?9, Kind = ?12, "
		"Tags = ?13, Language = ?14, Class = ?15, Services = ?16, "
		"AcceptedAnswer = ?17, ClosedTime = ?18, AuthorID = ?19, "
		"AuthorName = ?20, Licence = ?21, LicenceGiven = ?22, "
		"Access = ?23, Flags = ?24, Revision = ?25, Extractor = ?26, "
		"OriginalHash = ?27, ContentHash = ?28, RowHash = ?29, "
		"VisitID = ?30, Changed = ?31, Counted = ?32 "
		"WHERE PostID = ?1",
	},
	[HELD_ANSWERS] = {
		ANSWER_HEAD "NULL" ANSWER_TAIL
		"WHERE Space = ?1 AND NativeID = ?2",
		ANSWER_HEAD "NULL" ANSWER_TAIL "WHERE AnswerID = ?1",
		ANSWER_HEAD "AnswerContent" ANSWER_TAIL "WHERE AnswerID = ?1",
		"INSERT INTO Answers VALUES (?1, ?2, ?5, ?9, ?3, ?6, ?7, ?10, "
		"?11, ?19, ?20, ?21, ?22, ?24, ?25, ?26, ?27, ?28, ?29, ?30, "
		"?31, ?32)",
		"UPDATE Answers SET PostID = ?2, "
		"AnswerContent = coalesce(?5, AnswerContent), VoteCount = ?9, "
		"AnswerLink = ?3, AnswerTime = ?6, ModifyTime = ?7, "
		"AuthorID = ?19, AuthorName = ?20, Licence = ?21, "
		"LicenceGiven = ?22, Flags = ?24, Revision = ?25, "
		"Extractor = ?26, OriginalHash = ?27, ContentHash = ?28, "
		"RowHash = ?29, VisitID = ?30, Changed = ?31, Counted = ?32 "
		"WHERE AnswerID = ?1",
	},
	[HELD_EXTRAS] = {
		EXTRA_HEAD "NULL" EXTRA_TAIL
		"WHERE Space = ?1 AND NativeID = ?2",
		EXTRA_HEAD "NULL" EXTRA_TAIL "WHERE ExtraID = ?1",
		EXTRA_HEAD "ExtraContent" EXTRA_TAIL "WHERE ExtraID = ?1",
		"INSERT INTO Extras SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?9, ?10, "
		"?11, ?12, ?13, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, "
		"?28, ?29, ?30 WHERE ?32 IS NOT NULL",
		"UPDATE Extras SET ExtraLink = ?3, Title = ?4, "
		"ExtraContent = coalesce(?5, ExtraContent), ExtraTime = ?6, "
		"ModifyTime = ?7, VoteCount = ?9, Kind = ?12, Tags = ?13, "
		"AuthorID = ?19, AuthorName = ?20, Licence = ?21, "
		"LicenceGiven = ?22, Access = ?23, Flags = ?24, "
		"Revision = ?25, Extractor = ?26, OriginalHash = ?27, "
		"ContentHash = ?28, RowHash = ?29, VisitID = ?30 "
		"WHERE ExtraID = ?1 AND ?32 IS NOT NULL",
	},
};

static const char held_answers_bare[] =
        ANSWER_HEAD "NULL" ANSWER_TAIL "WHERE PostID = ?1 ORDER BY AnswerID";
static const char held_answers_whole[] = ANSWER_HEAD
        "AnswerContent" ANSWER_TAIL "WHERE PostID = ?1 ORDER BY AnswerID";

static const char held_walk[] =
        POST_HEAD "PostContent" POST_TAIL
                  "WHERE PostID BETWEEN ?1 AND ?2 ORDER BY PostID";

enum held_table held_table(enum record_kind kind)
{
	if (kind == RECORD_ANSWER)
		return HELD_ANSWERS;
	return kind == RECORD_EXTRA ? HELD_EXTRAS : HELD_POSTS;
}

int64_t held_original(enum held_table t, int64_t id)
{
	return id * 4 + (int64_t)t;
}

struct slice held_time(struct arena *a, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	return arena_copy(a, slice_of(text));
}

struct slice held_tags_join(struct arena *a, const struct slice *tags,
                            size_t count)
{
	size_t i, len = 1;
	char *at, *to;

	if (!count)
		return (struct slice){ "", 0 };
	for (i = 0; i < count; i++)
		len += tags[i].len + 1;
	to = at = arena_new(a, len);
	*to++ = '|';
	for (i = 0; i < count; i++) {
		if (tags[i].len)
			memcpy(to, tags[i].at, tags[i].len);
		to += tags[i].len;
		*to++ = '|';
	}
	return (struct slice){ at, len };
}

const struct slice *held_tags_split(struct arena *a, struct slice text,
                                    size_t *count)
{
	struct slice *out;
	size_t i, bars = 0;

	for (i = 0; i < text.len; i++)
		bars += text.at[i] == '|';
	*count = bars ? bars - 1 : 0;
	out = arena_array(a, *count, sizeof(*out));
	text = slice_cut(text, 1, text.len);
	for (i = 0; i < *count; i++) {
		size_t bar = slice_find(text, '|');

		out[i] = slice_cut(text, 0, bar);
		text = slice_cut(text, bar + 1, text.len);
	}
	return out;
}

static struct slice held_kind(const struct record *r)
{
	if (r->kind == RECORD_EXTRA)
		return r->extra_kind;
	return slice_of(record_kind_name(r->kind));
}

/* Over all that a reader is ever shown, and the content's hash. */
static uint64_t held_seal(const struct held *h, struct slice tags)
{
	const struct record *r = &h->r;
	const int64_t numbers[] = {
		h->id,
		h->post,
		r->views,
		r->score,
		r->created,
		r->modified,
		r->closed,
		h->author,
		h->licensed,
		r->flags,
		r->revision,
		r->extractor,
		h->visit,
		(int64_t)h->original_hash,
		(int64_t)h->content_hash,
	};
	const struct slice texts[] = {
		r->link,   r->title,    h->space,  r->id,
		tags,      r->language, r->class,  r->services,
		r->author, r->licence,  h->access, r->accepted,
	};
	struct hash x;
	size_t i;

	hash_init(&x);
	hash_part(&x, held_kind(r));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		hash_part(&x, texts[i]);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned char bytes[8];
		int j;

		for (j = 0; j < 8; j++)
			bytes[j] = (unsigned char)((uint64_t)numbers[i] >>
			                           (8 * j));
		hash_part(&x, (struct slice){ (const char *)bytes, 8 });
	}
	return hash_end(&x);
}

static bool held_kind_read(enum held_table t, struct slice word,
                           struct record *r)
{
	enum record_kind kind;

	r->kind = t == HELD_ANSWERS ? RECORD_ANSWER : RECORD_EXTRA;
	if (t == HELD_EXTRAS)
		r->extra_kind = word;
	if (t != HELD_POSTS)
		return true;
	for (kind = RECORD_QUESTION; kind < RECORD_EXTRA; kind++)
		if (slice_eq(word, slice_of(record_kind_name(kind)))) {
			r->kind = kind;
			return true;
		}
	return false;
}

static bool held_time_read(struct slice s, int64_t *out)
{
	*out = CLOCK_NONE;
	return s.len == 0 || clock_read(s, out);
}

static bool held_damaged(enum held_table t, int64_t id, struct fault *f)
{
	static const char *const names[] = { "PostID", "AnswerID", "ExtraID" };
	char row[64];

	snprintf(row, sizeof(row), "%s %lld", names[t], (long long)id);
	fault(f, FAULT_INPUT, "row-damaged",
	      "the row %s is not what was written: restore a backup, or "
	      "make the store anew from its sources",
	      row);
	return fault_at(f, row, 0);
}

static void held_texts(struct query *q, struct arena *a, struct held *h)
{
	struct record *r = &h->r;
	const struct {
		struct slice *to;
		int column;
	} texts[] = {
		{ &r->link, AT_LINK },          { &r->title, AT_TITLE },
		{ &h->space, AT_SPACE },        { &r->id, AT_NATIVE },
		{ &r->language, AT_LANGUAGE },  { &r->class, AT_CLASS },
		{ &r->services, AT_SERVICES },  { &r->accepted, AT_ACCEPTED },
		{ &r->author, AT_AUTHOR_NAME }, { &r->licence, AT_LICENCE },
		{ &h->access, AT_ACCESS },      { &r->content, AT_CONTENT },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i].to = arena_copy(a, query_text(q, texts[i].column));
}

/* The row under the cursor, verified. */
static bool held_read(struct query *q, enum held_table t, struct arena *a,
                      struct held *h, struct fault *f)
{
	struct record *r = &h->r;
	struct slice tags = arena_copy(a, query_text(q, AT_TAGS));
	struct slice kind = arena_copy(a, query_text(q, AT_KIND));
	bool good;

	*h = (struct held){ .id = query_number(q, AT_ID) };
	held_texts(q, a, h);
	h->post = query_number(q, AT_POST);
	r->views = query_number(q, AT_VIEWS);
	r->score = query_number(q, AT_SCORE);
	h->author = query_number(q, AT_AUTHOR);
	h->licensed = query_number(q, AT_LICENSED) != 0;
	r->flags = (unsigned)query_number(q, AT_FLAGS);
	r->revision = query_number(q, AT_REVISION);
	r->extractor = (uint32_t)query_number(q, AT_EXTRACTOR);
	h->original_hash = (uint64_t)query_number(q, AT_ORIGINAL_HASH);
	h->content_hash = (uint64_t)query_number(q, AT_CONTENT_HASH);
	h->visit = query_number(q, AT_VISIT);
	h->changed = query_number(q, AT_CHANGED);
	h->counted = query_number(q, AT_COUNTED);
	r->tags = held_tags_split(a, tags, &r->tag_count);
	good = held_kind_read(t, kind, r) &&
	       held_time_read(query_text(q, AT_CREATED), &r->created) &&
	       held_time_read(query_text(q, AT_MODIFIED), &r->modified) &&
	       held_time_read(query_text(q, AT_CLOSED), &r->closed) &&
	       (query_is_null(q, AT_CONTENT) ||
	        hash64(r->content) == h->content_hash) &&
	       held_seal(h, tags) == (uint64_t)query_number(q, AT_ROW_HASH);
	return good || held_damaged(t, h->id, f);
}

/* At most one row; h->id stays 0 without. Ends the query. */
static bool held_one(struct query *q, enum held_table t, struct arena *a,
                     struct held *h, struct fault *f)
{
	bool ok = true;

	*h = (struct held){ 0 };
	if (query_next(q))
		ok = held_read(q, t, a, h, f);
	if (ok)
		return query_end(q, f);
	return query_end(q, &(struct fault){ 0 }) && ok;
}

bool held_find(struct rows *r, enum held_table t, struct slice space,
               struct slice native, struct arena *a, struct held *h,
               struct fault *f)
{
	struct query q;

	return rows_ask(r, &q, f, held_sql[t].find, "tt", space, native) &&
	       held_one(&q, t, a, h, f);
}

bool held_load(struct rows *r, enum held_table t, int64_t id, bool content,
               struct arena *a, struct held *h, struct fault *f)
{
	struct query q;

	return rows_ask(r, &q, f,
	                content ? held_sql[t].whole : held_sql[t].load, "i",
	                id) &&
	       held_one(&q, t, a, h, f);
}

bool held_range(struct rows *r, int64_t first, int64_t last, struct query *q,
                struct fault *f)
{
	return rows_ask(r, q, f, held_walk, "ii", first, last);
}

int64_t held_id(struct query *q)
{
	return query_number(q, AT_ID);
}

bool held_row(struct query *q, struct arena *a, struct held *h, struct fault *f)
{
	return held_read(q, HELD_POSTS, a, h, f);
}

bool held_answers(struct rows *r, int64_t post, bool content, struct arena *a,
                  struct held **out, size_t *count, struct fault *f)
{
	struct held *all = NULL;
	size_t n = 0, cap = 0;
	struct query q;
	bool ok = true;

	if (!rows_ask(r, &q, f,
	              content ? held_answers_whole : held_answers_bare, "i",
	              post))
		return false;
	while (ok && query_next(&q)) {
		if (n == cap) {
			struct held *more;

			cap = cap ? cap * 2 : 8;
			more = arena_array(a, cap, sizeof(*more));
			if (n)
				memcpy(more, all, n * sizeof(*more));
			all = more;
		}
		ok = held_read(&q, HELD_ANSWERS, a, &all[n++], f);
	}
	*out = all;
	*count = n;
	if (ok)
		return query_end(&q, f);
	return query_end(&q, &(struct fault){ 0 }) && ok;
}

static void bind_text(sqlite3_stmt *s, int column, struct slice text)
{
	sqlite3_bind_text64(s, column + 1, text.at ? text.at : "", text.len,
	                    NULL, SQLITE_UTF8);
}

static void bind_time(sqlite3_stmt *s, int column, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	sqlite3_bind_text(s, column + 1, text, -1,
	                  (sqlite3_destructor_type)(intptr_t)-1);
}

static void bind_number(sqlite3_stmt *s, int column, int64_t n)
{
	sqlite3_bind_int64(s, column + 1, n);
}

static void held_bind_texts(sqlite3_stmt *s, const struct held *h,
                            struct slice tags)
{
	const struct record *r = &h->r;

	bind_text(s, AT_LINK, r->link);
	bind_text(s, AT_TITLE, r->title);
	bind_text(s, AT_SPACE, h->space);
	bind_text(s, AT_NATIVE, r->id);
	bind_text(s, AT_KIND, held_kind(r));
	bind_text(s, AT_TAGS, tags);
	bind_text(s, AT_LANGUAGE, r->language);
	bind_text(s, AT_CLASS, r->class);
	bind_text(s, AT_SERVICES, r->services);
	bind_text(s, AT_ACCEPTED, r->accepted);
	bind_text(s, AT_AUTHOR_NAME, r->author);
	bind_text(s, AT_LICENCE, r->licence);
	bind_text(s, AT_ACCESS, h->access);
}

static void held_bind(sqlite3_stmt *s, const struct held *h, struct slice tags,
                      bool content)
{
	const struct record *r = &h->r;

	held_bind_texts(s, h, tags);
	if (content)
		bind_text(s, AT_CONTENT, r->content);
	if (h->author)
		bind_number(s, AT_AUTHOR, h->author);
	bind_number(s, AT_ID, h->id);
	bind_number(s, AT_POST, h->post);
	bind_time(s, AT_CREATED, r->created);
	bind_time(s, AT_MODIFIED, r->modified);
	bind_time(s, AT_CLOSED, r->closed);
	bind_number(s, AT_VIEWS, r->views);
	bind_number(s, AT_SCORE, r->score);
	bind_number(s, AT_LICENSED, h->licensed);
	bind_number(s, AT_FLAGS, r->flags);
	bind_number(s, AT_REVISION, r->revision);
	bind_number(s, AT_EXTRACTOR, r->extractor);
	bind_number(s, AT_ORIGINAL_HASH, (int64_t)h->original_hash);
	bind_number(s, AT_CONTENT_HASH, (int64_t)h->content_hash);
	bind_number(s, AT_ROW_HASH, (int64_t)held_seal(h, tags));
	bind_number(s, AT_VISIT, h->visit);
	bind_number(s, AT_CHANGED, h->changed);
	bind_number(s, AT_COUNTED, h->counted);
}

static bool held_write(struct rows *r, const char *sql, const struct held *h,
                       bool content, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct query q = { .rows = r };
	bool ok = false;

	if (rows_statement(r, sql, &q.made, f)) {
		held_bind(q.made, h,
		          held_tags_join(&a, h->r.tags, h->r.tag_count),
		          content);
		query_next(&q);
		ok = query_end(&q, f);
	}
	arena_release(&a);
	return ok;
}

/* The next id that AUTOINCREMENT would give: it is part of the seal. */
static bool held_next(struct rows *r, enum held_table t, int64_t *id,
                      struct fault *f)
{
	static const char *const sql[] = {
		"SELECT seq + 1 FROM sqlite_sequence WHERE name = 'Posts'",
		"SELECT seq + 1 FROM sqlite_sequence WHERE name = 'Answers'",
		"SELECT seq + 1 FROM sqlite_sequence WHERE name = 'Extras'",
	};

	*id = r->known.next[t];
	return (r->inside && *id) || rows_number(r, id, 1, f, sql[t], "");
}

bool held_insert(struct rows *r, enum held_table t, struct held *h,
                 struct fault *f)
{
	bool ok = held_next(r, t, &h->id, f) &&
	          held_write(r, held_sql[t].insert, h, true, f);

	r->known.next[t] = ok ? h->id + 1 : 0;
	return ok;
}

bool held_update(struct rows *r, enum held_table t, const struct held *h,
                 bool content, struct fault *f)
{
	return held_write(r, held_sql[t].update, h, content, f);
}

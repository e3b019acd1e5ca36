/* The schema of the dumps, as "Database schema documentation for the public
 * data dump" has it, with what older and newer dumps do differently. */

#include "crawler/dump_post.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/unicode.h"
#include "crawler/entity.h"
#include "crawler/stack_name.h"

enum post_type { POST_QUESTION = 1, POST_ANSWER = 2 };

static bool dump_malformed(struct fault *f, const char *name, struct slice raw)
{
	raw = slice_cut(raw, 0, 40);
	return fault(f, FAULT_INPUT, "dump-value", "%s is no %s: '%.*s'", name,
	             strstr(name, "Date") ? "date" : "number", SLICE_ARG(raw));
}

bool dump_number(const struct dump_row *row, const char *name, int64_t *out,
                 struct fault *f)
{
	struct slice raw = dump_raw(row, name);

	if (!raw.at || slice_number(raw, out))
		return true;
	return dump_malformed(f, name, raw);
}

bool dump_time(const struct dump_row *row, const char *name, int64_t *out,
               struct fault *f)
{
	struct slice raw = dump_raw(row, name);

	if (!raw.at || clock_read(raw, out))
		return true;
	return dump_malformed(f, name, raw);
}

bool dump_id(const struct dump_row *row, const char *name, struct arena *a,
             struct slice *out, struct fault *f)
{
	int64_t n = 0;

	*out = (struct slice){ 0 };
	if (!dump_number(row, name, &n, f))
		return false;
	if (dump_raw(row, name).at)
		*out = stack_id(n, a);
	return true;
}

static struct slice clean(struct slice s, struct arena *a)
{
	struct buf out = BUF_INIT(UNICODE_CLEAN_MOST * (size_t)LIMIT_ROW);

	if (unicode_is_clean(s))
		return arena_copy(a, s);
	unicode_clean(s, &out);
	s = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return s;
}

struct slice dump_clean(const struct dump_row *row, const char *name,
                        struct arena *a)
{
	struct slice s = dump_text(row, name, a);

	return s.at ? clean(s, a) : s;
}

struct slice dump_licence(const struct dump_row *row, struct arena *a)
{
	return stack_licence(dump_text(row, "ContentLicense", a), a);
}

bool dump_id_planted(struct slice id)
{
	return slice_eq(id, SLICE("1000000001")) ||
	       slice_eq(id, SLICE("1000000010"));
}

bool dump_post_planted(const struct dump_row *row)
{
	struct slice id = dump_raw(row, "Id");
	struct slice type = dump_raw(row, "PostTypeId");
	struct slice owner = dump_raw(row, "OwnerUserId");

	if (owner.len && !slice_eq(owner, SLICE("-1")))
		return false;
	return (slice_eq(id, SLICE("1000000001")) &&
	        slice_eq(type, SLICE("1"))) ||
	       (slice_eq(id, SLICE("1000000010")) &&
	        slice_eq(type, SLICE("2")));
}

/* "<a><b>" of the older dumps, "|a|b|" of the newer ones. */
static bool read_tags(struct slice s, struct arena *a, struct record *r,
                      struct fault *f)
{
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof(*tags));
	size_t i = 0, from;

	r->tags = tags;
	for (;;) {
		while (i < s.len && strchr("<>|", s.at[i]))
			i++;
		if (i == s.len)
			return true;
		from = i;
		while (i < s.len && !strchr("<>|", s.at[i]))
			i++;
		if (r->tag_count == LIMIT_TAGS)
			return fault(f, FAULT_LIMIT, "limit-tags",
			             "the post has more than %d tags",
			             LIMIT_TAGS);
		tags[r->tag_count++] = clean(slice_cut(s, from, i), a);
	}
}

/* The word for posts that are neither question nor answer. */
static struct slice extra_kind(int64_t type, struct arena *a)
{
	static const char *const words[] = {
		[3] = "orphaned-wiki",    [4] = "tag-wiki-excerpt",
		[5] = "tag-wiki",         [6] = "moderator-nomination",
		[7] = "wiki-placeholder", [8] = "privilege-wiki",
	};
	char word[32];

	if (type >= 3 && type <= 8)
		return slice_of(words[type]);
	snprintf(word, sizeof(word), "type-%lld", (long long)type);
	return arena_copy(a, slice_of(word));
}

/* Without a type the other attributes tell: old and cut-down dumps. */
static bool read_type(const struct dump_row *row, int64_t *type,
                      struct fault *f)
{
	*type = 0;
	if (!dump_number(row, "PostTypeId", type, f))
		return false;
	if (!dump_raw(row, "PostTypeId").at && dump_raw(row, "ParentId").at)
		*type = POST_ANSWER;
	else if (!dump_raw(row, "PostTypeId").at && dump_raw(row, "Title").at)
		*type = POST_QUESTION;
	if (*type > 0)
		return true;
	return fault(f, FAULT_INPUT, "dump-value", "the post has no type");
}

static bool read_kind(const struct dump_row *row, struct slice host,
                      struct arena *a, struct record *r, struct fault *f)
{
	int64_t type;

	if (!read_type(row, &type, f) ||
	    !dump_id(row, "ParentId", a, &r->parent, f) ||
	    !dump_id(row, "AcceptedAnswerId", a, &r->accepted, f))
		return false;
	r->kind = RECORD_EXTRA;
	if (type == POST_QUESTION) {
		r->kind = RECORD_QUESTION;
		r->parent = (struct slice){ 0 };
		r->link = stack_link(host, "questions", r->id, a);
		return true;
	}
	r->accepted = (struct slice){ 0 };
	if (type == POST_ANSWER) {
		r->kind = RECORD_ANSWER;
		r->link = stack_link(host, "a", r->id, a);
		return r->parent.len || fault(f, FAULT_INPUT, "dump-value",
		                              "the answer has no ParentId");
	}
	r->parent = (struct slice){ 0 };
	r->extra_kind = extra_kind(type, a);
	r->link = stack_link(host, "posts", r->id, a);
	return true;
}

static bool read_times(const struct dump_row *row, struct record *r,
                       struct fault *f)
{
	int64_t edited = CLOCK_NONE;

	r->created = r->closed = CLOCK_NONE;
	if (!dump_time(row, "CreationDate", &r->created, f) ||
	    !dump_time(row, "LastEditDate", &edited, f) ||
	    !dump_time(row, "ClosedDate", &r->closed, f))
		return false;
	r->modified = edited == CLOCK_NONE ? r->created : edited;
	r->revision = stack_revision(r->modified);
	return true;
}

static bool read_numbers(const struct dump_row *row, struct arena *a,
                         struct dump_post *out, struct fault *f)
{
	struct record *r = &out->record;

	if (!dump_number(row, "Id", &out->number, f) ||
	    !dump_number(row, "Score", &r->score, f) ||
	    !dump_number(row, "ViewCount", &r->views, f) ||
	    !dump_id(row, "OwnerUserId", a, &r->author_id, f))
		return false;
	if (out->number <= 0)
		return fault(f, FAULT_INPUT, "dump-value",
		             "the post has no Id above 0");
	r->id = stack_id(out->number, a);
	return true;
}

bool dump_post_read(const struct dump_row *row, struct slice host,
                    struct arena *a, struct dump_post *out, struct fault *f)
{
	struct record *r = &out->record;
	struct slice body = dump_raw(row, "Body");

	*out = (struct dump_post){ .line = row->line };
	if (!read_numbers(row, a, out, f) || !read_kind(row, host, a, r, f) ||
	    !read_times(row, r, f) ||
	    !read_tags(dump_text(row, "Tags", a), a, r, f))
		return false;
	r->original = entity_decode(body, a);
	/* Without an ampersand the text still lies in the scan's window. */
	if (r->original.at == body.at)
		r->original = arena_copy(a, body);
	if (r->original.len > LIMIT_BODY)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "the body is larger than 16 MB");
	r->title = dump_clean(row, "Title", a);
	r->author = dump_clean(row, "OwnerDisplayName", a);
	r->licence = dump_licence(row, a);
	r->original_type = SLICE("text/html");
	r->extractor = MARKDOWN_VERSION;
	out->convert = true;
	return true;
}

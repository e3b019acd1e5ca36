#include "crawler/bookstack_reply.h"

#include "base/clock.h"
#include "base/limits.h"

enum { PLACE_NAME = 1000, LIST_MOST = 5000 };

static bool not_one(struct fault *f)
{
	return fault(f, FAULT_INPUT, "bookstack-reply",
	             "it does not answer as BookStack's API does");
}

/* JSON that breaks off may come whole the next time. */
static bool parse(const struct reply *r, struct json **out, struct fault *f)
{
	if (json_parse(out, r->body, f))
		return true;
	not_one(f);
	if (slice_starts(r->body, SLICE("{")))
		f->kind = FAULT_LATER;
	return false;
}

static struct slice text_of(const struct json *j, const char *name,
                            struct arena *a)
{
	struct slice s = { 0 };

	return json_text(json_get(j, name), &s) ? arena_copy(a, s) : s;
}

static int64_t number_of(const struct json *j, const char *name)
{
	int64_t n = 0;

	return json_number(json_get(j, name), &n) && n > 0 ? n : 0;
}

static int64_t time_of(const struct json *j, const char *name)
{
	struct slice s;
	int64_t time;

	return json_text(json_get(j, name), &s) && clock_read(s, &time)
	               ? time
	               : CLOCK_NONE;
}

static void read_item(const struct json *j, struct arena *a,
                      struct bookstack_item *out)
{
	struct slice type = text_of(j, "deletable_type", a);

	*out = (struct bookstack_item){
		.id = number_of(j, "id"),
		.name = text_of(j, "name", a),
		.slug = text_of(j, "slug", a),
		.book_slug = text_of(j, "book_slug", a),
		.book = number_of(j, "book_id"),
		.chapter = number_of(j, "chapter_id"),
		.updated = time_of(j, "updated_at"),
	};
	json_bool(json_get(j, "draft"), &out->draft);
	if (!type.len)
		return;
	out->page = slice_eq(type, SLICE("page"));
	out->id = number_of(j, "deletable_id");
}

bool bookstack_list_read(struct bookstack_list *out, const struct reply *r,
                         struct fault *f)
{
	struct json *j = NULL;
	const struct json *data, *i;
	int64_t total = 0;
	bool ok;

	*out = (struct bookstack_list){ 0 };
	if (!parse(r, &j, f))
		return false;
	data = json_get(j, "data");
	ok = json_is_array(data) && json_number(json_get(j, "total"), &total);
	if (ok) {
		out->items =
		        arena_array(r->arena, LIST_MOST, sizeof(*out->items));
		for (i = json_first(data); i && out->count < LIST_MOST;
		     i = json_next(i)) {
			struct bookstack_item *it = &out->items[out->count];

			read_item(i, r->arena, it);
			if (!it->id)
				continue;
			if (it->id > out->last)
				out->last = it->id;
			out->count++;
		}
		out->more = out->count && total > (int64_t)out->count;
	}
	json_free(j);
	return ok || not_one(f);
}

static void put_line(struct slice s, struct buf *out)
{
	size_t i;

	s = slice_cut(s, 0, PLACE_NAME);
	for (i = 0; i < s.len; i++)
		buf_byte(out, s.at[i] == '\n' ? ' ' : s.at[i]);
	buf_byte(out, '\n');
}

void bookstack_place_write(const struct bookstack_place *p, struct buf *out)
{
	put_line(p->book_slug, out);
	put_line(p->book, out);
	put_line(p->chapter, out);
}

bool bookstack_place_read(struct bookstack_place *p, struct slice note)
{
	struct slice *parts[] = { &p->book_slug, &p->book, &p->chapter };
	size_t i, end;

	for (i = 0; i < 3; i++) {
		end = slice_find(note, '\n');
		if (end == note.len)
			return false;
		*parts[i] = slice_cut(note, 0, end);
		note = slice_cut(note, end + 1, note.len);
	}
	return !note.len;
}

/* "Status: draft" for a tag with a value. The book and the chapter are tags
 * too: people look for pages by them. */
static void read_tags(const struct json *j, const struct bookstack_place *p,
                      struct arena *a, struct record *out)
{
	struct slice *tags = arena_array(a, LIMIT_TAGS, sizeof(*tags));
	struct buf b = BUF_INIT(LIMIT_NAME);
	const struct json *i;
	size_t n = 0;

	if (p->book.len)
		tags[n++] = p->book;
	if (p->chapter.len)
		tags[n++] = p->chapter;
	for (i = json_first(json_get(j, "tags")); i && n < LIMIT_TAGS;
	     i = json_next(i)) {
		struct slice name = text_of(i, "name", a);
		struct slice value = text_of(i, "value", a);

		if (!name.len)
			continue;
		buf_reset(&b);
		buf_add(&b, name);
		if (value.len) {
			buf_text(&b, ": ");
			buf_add(&b, value);
		}
		if (!buf_full(&b))
			tags[n++] = arena_copy(a, buf_slice(&b));
	}
	buf_release(&b);
	out->tags = tags;
	out->tag_count = n;
}

static struct slice number_text(int64_t n, struct arena *a)
{
	struct buf b = BUF_INIT(32);
	struct slice made;

	buf_number(&b, n);
	made = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return made;
}

/* Where people read it; by its number where the names are not known. */
static struct slice link_of(struct slice root, const struct json *j,
                            struct slice book_slug, struct slice id,
                            struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);
	struct slice slug = text_of(j, "slug", a), made;

	buf_add(&b, root);
	if (book_slug.len && slug.len) {
		buf_text(&b, "books/");
		buf_add(&b, book_slug);
		buf_text(&b, "/page/");
		buf_add(&b, slug);
	} else {
		buf_text(&b, "link/");
		buf_add(&b, id);
	}
	made = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return made;
}

static void read_author(struct slice root, const struct json *j,
                        struct arena *a, struct record *out, struct yield *y)
{
	const struct json *who = json_get(j, "created_by");
	int64_t id = number_of(who, "id");
	struct slice name = text_of(who, "name", a);
	struct slice slug = text_of(who, "slug", a), link = { 0 };
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (id && name.len) {
		out->author_id = number_text(id, a);
		if (slug.len) {
			buf_add(&b, root);
			buf_text(&b, "user/");
			buf_add(&b, slug);
			link = buf_slice(&b);
		}
		yield_author(y, out->author_id, name, link);
	}
	buf_release(&b);
}

static bool write_text(struct slice html, struct slice link,
                       const struct reply *r, struct record *out,
                       struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_TEXT);
	struct markup page;
	bool ok;

	if (!markup_parse(r->parser, html, r->arena, &page, f))
		return false;
	markdown_write(&page, link, &b);
	out->content = arena_copy(r->arena, buf_slice(&b));
	if (page.truncated)
		out->flags |= RECORD_TRUNCATED;
	ok = !buf_full(&b);
	buf_release(&b);
	return ok || fault(f, FAULT_LIMIT, "limit-text",
	                   "the page's text is over %d MiB", LIMIT_TEXT >> 20);
}

static bool read_page(struct slice root, const struct json *j,
                      const struct reply *r, struct yield *y, struct fault *f)
{
	struct bookstack_place place = { 0 };
	struct slice html = text_of(j, "html", r->arena);
	int64_t id = number_of(j, "id");
	struct record out = { .kind = RECORD_PAGE,
		              .title = text_of(j, "name", r->arena),
		              .original = html,
		              .original_type = SLICE("text/html"),
		              .created = time_of(j, "created_at"),
		              .modified = time_of(j, "updated_at"),
		              .closed = CLOCK_NONE,
		              .extractor = BOOKSTACK_EXTRACTOR };

	if (!id || !json_is_text(json_get(j, "html")))
		return not_one(f);
	bookstack_place_read(&place, r->ask->note);
	out.id = number_text(id, r->arena);
	out.link = link_of(root, j, place.book_slug, out.id, r->arena);
	out.revision = out.modified == CLOCK_NONE ? 0 : out.modified;
	read_tags(j, &place, r->arena, &out);
	if (!write_text(html, out.link, r, &out, f))
		return false;
	read_author(root, j, r->arena, &out, y);
	yield_record(y, &out);
	return true;
}

bool bookstack_page_read(struct slice root, const struct reply *r,
                         struct yield *y, struct fault *f)
{
	struct json *j = NULL;
	bool ok;

	if (!parse(r, &j, f))
		return false;
	ok = read_page(root, j, r, y, f);
	json_free(j);
	return ok;
}

bool bookstack_page_again(const struct conf_section *conf,
                          const struct reply *r, struct record *out,
                          struct fault *f)
{
	(void)conf;
	return write_text(r->body, r->url, r, out, f);
}

#include "crawler/confluence_page.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/confluence_storage.h"

enum { NOTE_MOST = 4000 };

int64_t confluence_time_of(const struct json *j, const char *path)
{
	struct slice text = { 0 };
	int64_t time;

	json_text(confluence_path(j, path), &text);
	return clock_read(text, &time) ? time : CLOCK_NONE;
}

struct confluence_person confluence_person_of(const struct json *who)
{
	static const char *const ids[] = { "accountId", "userKey", "username" };
	struct confluence_person p = {
		.name = confluence_member(who, "displayName"),
	};

	for (size_t i = 0; i < 3 && !p.id.len; i++)
		p.id = confluence_member(who, ids[i]);
	if (!p.name.len)
		p.name = confluence_member(who, "publicName");
	return p;
}

static void add_tag(struct confluence_page *p, struct slice tag)
{
	if (!tag.len || p->tag_count == CONFLUENCE_TAGS)
		return;
	for (size_t i = 0; i < p->tag_count; i++)
		if (slice_eq(p->tags[i], tag))
			return;
	p->tags[p->tag_count++] = tag;
}

static void read_tags(struct confluence_page *p, const struct json *content)
{
	const struct json *label =
	        json_first(confluence_path(content, "metadata.labels.results"));
	const struct json *up = json_first(json_get(content, "ancestors"));

	p->tag_count = 0;
	for (; label; label = json_next(label))
		add_tag(p, confluence_member(label, "name"));
	for (up = up ? json_next(up) : NULL; up; up = json_next(up))
		add_tag(p, confluence_member(up, "title"));
}

/* Addresses in replies are relative to the wiki's context path. */
static struct slice link_of(const struct confluence_site *s,
                            const struct json *content, struct slice id,
                            struct arena *a)
{
	struct slice to =
	        confluence_member(json_get(content, "_links"), "webui");
	struct buf b = BUF_INIT(LIMIT_LINK);
	struct slice made;

	buf_add(&b, s->base);
	if (slice_starts(to, SLICE("/")) && !slice_starts(to, SLICE("//")))
		buf_add(&b, to);
	else {
		buf_text(&b, "/pages/viewpage.action?pageId=");
		url_escape(id, &b);
	}
	made = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return made;
}

static bool is_id(struct slice id)
{
	int64_t n;

	return slice_number(id, &n) && n > 0;
}

bool confluence_page_listed(struct confluence_page *p,
                            const struct confluence_site *s,
                            const struct json *content, struct arena *a)
{
	struct confluence_person who;

	*p = (struct confluence_page){
		.id = confluence_member(content, "id"),
		.type = confluence_member(content, "type"),
		.space = confluence_member(json_get(content, "space"), "key"),
		.title = confluence_member(content, "title"),
		.created = confluence_time_of(content, "history.createdDate"),
	};
	json_number(confluence_path(content, "version.number"), &p->revision);
	who = confluence_person_of(
	        confluence_path(content, "history.createdBy"));
	p->author_id = who.id;
	p->author = who.name;
	read_tags(p, content);
	if (!is_id(p->id) || p->revision < 1 || !p->title.len)
		return false;
	p->link = link_of(s, content, p->id, a);
	return slice_eq(p->type, SLICE("page")) ||
	       slice_eq(p->type, SLICE("blogpost"));
}

/* Lines are what a note is made of. */
static void write_line(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_byte(out,
		         s.at[i] == '\n' || s.at[i] == '\r' ? ' ' : s.at[i]);
	buf_byte(out, '\n');
}

void confluence_page_write(const struct confluence_page *p, struct buf *out)
{
	const struct slice texts[] = { p->id,     p->type, p->space,
		                       p->access, p->link, p->author_id,
		                       p->author };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		write_line(out, texts[i]);
	buf_addf(out, "%lld\n", (long long)p->created);
	for (size_t i = 0; i < p->tag_count; i++)
		if (out->len + p->tags[i].len < NOTE_MOST)
			write_line(out, p->tags[i]);
}

static struct slice next_line(struct slice *rest)
{
	struct slice line = slice_cut(*rest, 0, slice_find(*rest, '\n'));

	*rest = slice_cut(*rest, line.len + 1, rest->len);
	return line;
}

bool confluence_page_read(struct confluence_page *p, struct slice note)
{
	bool ok;

	*p = (struct confluence_page){ .id = next_line(&note) };
	p->type = next_line(&note);
	p->space = next_line(&note);
	p->access = next_line(&note);
	p->link = next_line(&note);
	p->author_id = next_line(&note);
	p->author = next_line(&note);
	ok = slice_number(next_line(&note), &p->created);
	while (note.len)
		add_tag(p, next_line(&note));
	return ok && is_id(p->id);
}

static struct record make(const struct confluence_page *p,
                          struct slice language)
{
	return (struct record){
		.kind = RECORD_PAGE,
		.id = p->id,
		.link = p->link,
		.title = p->title,
		.tags = p->tags,
		.tag_count = p->tag_count,
		.language = language,
		.author_id = p->author_id,
		.author = p->author_id.len ? (struct slice){ 0 } : p->author,
		.access = p->access,
		.created = p->created,
		.modified = CLOCK_NONE,
		.closed = CLOCK_NONE,
		.revision = p->revision,
	};
}

void confluence_page_head(const struct confluence_page *p,
                          struct slice language, struct yield *y)
{
	struct record r = make(p, language);

	r.flags = RECORD_HEAD;
	yield_record(y, &r);
}

void confluence_page_close(struct slice id, struct slice access,
                           struct yield *y)
{
	yield_record(y, &(struct record){ .kind = RECORD_PAGE,
	                                  .id = id,
	                                  .access = access,
	                                  .created = CLOCK_NONE,
	                                  .modified = CLOCK_NONE,
	                                  .closed = CLOCK_NONE,
	                                  .flags = RECORD_HEAD });
	yield_deleted(y, id);
}

static bool storage_of(const struct json *content, struct slice *out)
{
	const struct json *value =
	        confluence_path(content, "body.storage.value");

	return json_is_text(value) && json_text(value, out);
}

/* The present author may stand in the text by his id. */
static bool write_text(const struct confluence_page *p,
                       const struct confluence_site *s, struct slice jira,
                       struct slice storage, const struct reply *r,
                       struct record *out, struct fault *f)
{
	const struct confluence_person people = { p->author_id, p->author };
	const struct confluence_place place = {
		.base = s->base,
		.space = p->space,
		.page = p->id,
		.jira = jira,
		.people = &people,
		.people_count = p->author.len ? 1 : 0,
	};
	struct buf b = BUF_INIT(LIMIT_TEXT);
	bool truncated = false;
	bool ok = confluence_storage(storage, &place, r->parser, r->arena, &b,
	                             &truncated, f);

	out->content = arena_copy(r->arena, buf_slice(&b));
	out->flags |= truncated ? RECORD_TRUNCATED : 0;
	buf_release(&b);
	return ok;
}

bool confluence_page_record(const struct confluence_page *listed,
                            const struct confluence_site *s,
                            struct slice language, struct slice jira,
                            const struct json *content, const struct reply *r,
                            struct yield *y, struct fault *f)
{
	struct confluence_page p = *listed;
	struct slice storage;
	struct record out;

	p.title = confluence_member(content, "title");
	json_number(confluence_path(content, "version.number"), &p.revision);
	if (p.revision < 1 || !p.title.len || !storage_of(content, &storage))
		return fault(f, FAULT_INPUT, "confluence-page",
		             "no title, version or text in the reply about "
		             "page %.*s",
		             SLICE_ARG(p.id));
	out = make(&p, language);
	out.modified = confluence_time_of(content, "version.when");
	if (out.modified == CLOCK_NONE)
		out.modified = confluence_time_of(content, "version.createdAt");
	out.original = storage;
	out.original_type = SLICE("application/vnd.confluence.storage+xml");
	out.extractor = CONFLUENCE_EXTRACTOR;
	if (!write_text(&p, s, jira, storage, r, &out, f))
		return false;
	if (p.author_id.len)
		yield_author(y, p.author_id, p.author, (struct slice){ 0 });
	yield_record(y, &out);
	return true;
}

/* Whose issues they are is a setting: without it their keys stand alone. */
bool confluence_page_again(const struct conf_section *conf,
                           const struct reply *r, struct record *out,
                           struct fault *f)
{
	struct confluence_place place = confluence_link_place(r->url, out->id);
	struct buf b = BUF_INIT(LIMIT_TEXT);
	bool truncated = false, ok;

	if (conf)
		place.jira = conf_get(conf, "jira", "");
	while (place.jira.len && place.jira.at[place.jira.len - 1] == '/')
		place.jira.len--;
	ok = confluence_storage(r->body, &place, r->parser, r->arena, &b,
	                        &truncated, f);
	out->content = arena_copy(r->arena, buf_slice(&b));
	buf_release(&b);
	return ok;
}

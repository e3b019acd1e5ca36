/* One reader for each format; what they have in common stands at the end. */

#include "crawler/local_text.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/net/url.h"
#include "base/text/markdown_escape.h"
#include "base/text/unicode.h"
#include "crawler/local_format.h"
#include "crawler/local_path.h"
#include "crawler/local_plain.h"
#include "crawler/page.h"
#include "crawler/pdf.h"

enum { BINARY_LOOK = 8000 };

/* Lives as long as the arena: titles and tags are borrowed from it. */
static bool clean(const struct reply *r, struct slice *out)
{
	struct buf b = BUF_INIT(LIMIT_TEXT);
	bool ok;

	*out = r->body;
	if (unicode_is_clean(r->body))
		return true;
	unicode_clean(r->body, &b);
	ok = !buf_full(&b);
	*out = arena_copy(r->arena, buf_slice(&b));
	buf_release(&b);
	return ok;
}

static void read_markup(const struct local_file *file, struct slice text,
                        const struct reply *r, struct record *out,
                        struct buf *b)
{
	const struct document_links plain = { .base = file->link };
	struct document d = { .created = CLOCK_NONE, .modified = CLOCK_NONE };

	document_read(document_format(local_path_name(file->path)), text,
	              file->links ? file->links : &plain, r->arena, &d, b);
	out->title = d.title;
	out->author = d.author;
	out->language = d.language;
	out->tags = d.tags;
	out->tag_count = d.tag_count;
	out->created = d.created;
	out->modified = d.modified;
}

static void read_plain(struct slice text, const struct reply *r,
                       struct record *out, struct buf *b)
{
	local_plain_read(text, r->arena, &out->title, b);
}

static void read_pdf(const struct reply *r, struct record *out, struct buf *b)
{
	struct slice title = reply_header(r, "x-title"), text;
	struct buf cleaned = BUF_INIT(2 * LIMIT_TEXT);

	pdf_text(r->body, &cleaned);
	unicode_clean(buf_slice(&cleaned), b);
	text = arena_copy(r->arena, buf_slice(b));
	buf_reset(b);
	/* Its text is the same whether or not it names a title. */
	local_plain_read(text, r->arena, &out->title, b);
	buf_reset(b);
	local_plain_read(text, r->arena, NULL, b);
	if (title.len) {
		buf_reset(&cleaned);
		url_unescape(title, &cleaned);
		out->title = arena_copy(r->arena, buf_slice(&cleaned));
	}
	buf_release(&cleaned);
}

static bool read_html(const struct local_file *file, const struct reply *r,
                      struct record *out, struct buf *b)
{
	struct page p;

	page_read(&p, r->page, r->url, NULL, r->arena);
	page_markdown(&p, file->link, b);
	out->title = p.title;
	out->author = p.head.author;
	out->language = p.head.language;
	out->licence = p.head.licence;
	out->created = p.head.created;
	out->modified = p.head.modified;
	return p.verdict != PAGE_NOT_FOUND && p.verdict != PAGE_SCRIPTED;
}

/* As git finds it out. */
static bool is_binary(struct slice body)
{
	body = slice_cut(body, 0, BINARY_LOOK);
	return slice_find(body, '\0') < body.len;
}

static struct slice title_of(const struct local_file *file, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);
	struct slice title;

	local_path_title(file->path, &b);
	title = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return title;
}

/* The title is the file's name, and what the file calls itself stands on top
 * of its text, if it is something else. */
static void name_page(const struct local_file *file, const struct reply *r,
                      struct record *out)
{
	struct slice title = title_of(file, r->arena);
	struct buf b = BUF_INIT(LIMIT_TEXT);

	if (out->title.len && !head_same(out->title, title)) {
		buf_text(&b, "# ");
		buf_add(&b, out->title);
		buf_text(&b, "\n\n");
		buf_add(&b, out->content);
		out->content = arena_copy(r->arena, buf_slice(&b));
	}
	out->title = title;
	buf_release(&b);
}

static bool contains(struct slice s, struct slice part)
{
	size_t i;

	for (i = 0; i + part.len <= s.len; i++)
		if (slice_starts(slice_cut(s, i, s.len), part))
			return true;
	return false;
}

/* "KubePodCrashLooping": one word of several. */
static bool is_identifier(struct slice name)
{
	bool humps = false;
	size_t i;

	for (i = 0; i < name.len; i++) {
		char c = name.at[i], before = i ? name.at[i - 1] : '\0';

		if (!escape_letter(c) && !escape_digit(c))
			return false;
		humps |= c >= 'A' && c <= 'Z' && before >= 'a';
	}
	return humps;
}

/* People look for a runbook by the name of its alert, which is often that of
 * the file alone: "Pod is crashing (KubePodCrashLooping)". */
static void tell_name(const struct local_file *file, const struct reply *r,
                      struct record *out)
{
	struct slice name = local_path_name(file->path);
	struct buf b = BUF_INIT(LIMIT_LINK);

	name.len -= local_path_ending(name).len;
	if (is_identifier(name) && !contains(out->title, name)) {
		buf_addf(&b, "%.*s (%.*s)", SLICE_ARG(out->title),
		         SLICE_ARG(name));
		out->title = arena_copy(r->arena, buf_slice(&b));
	}
	buf_release(&b);
}

static void settle(const struct local_file *file, const struct reply *r,
                   struct record *out)
{
	struct buf id = BUF_INIT(LIMIT_LINK);

	local_path_id(file->path, &id);
	out->kind = RECORD_DOCUMENT;
	out->id = arena_copy(r->arena, buf_slice(&id));
	out->link = file->link;
	if (file->named)
		name_page(file, r, out);
	else if (!slice_trim(out->title).len)
		out->title = title_of(file, r->arena);
	tell_name(file, r, out);
	out->original = r->body;
	out->original_type = r->type;
	out->closed = CLOCK_NONE;
	out->extractor = LOCAL_EXTRACTOR;
	if (r->flags & REPLY_TRUNCATED)
		out->flags |= RECORD_TRUNCATED;
	buf_release(&id);
}

bool local_text_read(const struct local_file *file, const struct reply *r,
                     struct record *out, enum local_verdict *verdict,
                     struct fault *f)
{
	enum local_format format = local_format(file->path);
	struct buf b = BUF_INIT(LIMIT_TEXT);
	struct slice text;
	bool ok = clean(r, &text), page = true;

	*out = (struct record){ .created = CLOCK_NONE, .modified = CLOCK_NONE };
	if (format == LOCAL_HTML && r->page)
		page = read_html(file, r, out, &b);
	else if (is_binary(r->body))
		buf_reset(&b);
	else if (format == LOCAL_MARKUP)
		read_markup(file, text, r, out, &b);
	else if (format == LOCAL_PDF)
		read_pdf(r, out, &b);
	else
		read_plain(text, r, out, &b);
	ok = ok && !buf_full(&b);
	*verdict = !page                                ? LOCAL_NO_PAGE
	           : slice_trim(buf_slice(&b)).len == 0 ? LOCAL_EMPTY
	                                                : LOCAL_FINE;
	out->content = arena_copy(r->arena, buf_slice(&b));
	settle(file, r, out);
	buf_release(&b);
	return ok || fault(f, FAULT_LIMIT, "limit-text",
	                   "the file's text is over %d MiB", LIMIT_TEXT >> 20);
}

/* The address of a page of a wiki without its own part: "https://x/wiki/". */
static struct slice beside(struct slice link, struct slice path)
{
	struct slice bare = path, end;
	struct buf b = BUF_INIT(LIMIT_LINK);

	bare.len -= local_path_ending(path).len;
	local_path_escape(bare, &b);
	end = buf_slice(&b);
	if (!slice_ends(link, end))
		end = local_path_name(end);
	link.len -= slice_ends(link, end) ? end.len : link.len;
	buf_release(&b);
	return link;
}

static bool neighbour(void *self, struct slice name, struct buf *out)
{
	const struct slice *place = self;
	struct slice path;
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (!place->len)
		return false;
	local_path_page(name, &b);
	path = buf_slice(&b);
	buf_add(out, *place);
	local_path_escape(slice_cut(path, 0, path.len - 3), out);
	buf_release(&b);
	return true;
}

bool local_text_again(const struct conf_section *conf, const struct reply *r,
                      struct record *out, struct fault *f)
{
	struct slice place = beside(r->url, out->id);
	const struct document_links links = { .base = r->url,
		                              .page = neighbour,
		                              .self = &place,
		                              .text_first = true };
	struct local_file file = { .path = out->id, .link = r->url };
	enum local_verdict verdict;
	struct slice id = out->id;

	(void)conf;
	if (out->kind == RECORD_PAGE) {
		file.links = &links;
		file.named = true;
	}
	if (!local_text_read(&file, r, out, &verdict, f))
		return false;
	out->id = id;
	/* A PDF's own title is not in its text. */
	if (local_format(file.path) == LOCAL_PDF)
		out->title = (struct slice){ 0 };
	return verdict == LOCAL_FINE ||
	       fault(f, FAULT_INPUT, "local-empty", "no text is in it");
}

/*
 * A folder of documents on this machine.
 *
 *	listing of all that is wanted --> named -> each file that is new
 *
 * A file's revision is the time at which its inode changed (ctime): it moves
 * with every write, also where an older copy is put back with its old date.
 * What changed just before the run began may change again within the same
 * tick of the file system's clock; so it is named as a little older than it
 * is, and read once more by the next run.
 *
 * A listing in which something could not be read does not count as one, and
 * neither does an empty one: a disk that is not mounted looks like that.
 */

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/carrier_files.h"
#include "crawler/local_fields.h"
#include "crawler/local_link.h"
#include "crawler/local_path.h"
#include "crawler/local_text.h"

enum tag {
	TAG_LIST = 1, /* note: files and problems so far */
	TAG_FILE,     /* note: its line of the listing */
	TAG_PROBLEM,  /* likewise */
};

enum { NOTE_LONG = 4000, TICK = 2000 };

struct files {
	struct arena arena; /* settings */
	struct slice link;
	int64_t time;
	bool everything;
};

static const struct conf_key keys[] = {
	{ "path", NULL, "the folder" },
	LOCAL_PICK_KEYS,
	{ "link", "", "where people read a file: https://docs.example/{path}" },
	{ "space", "", "what its ids begin with; empty: files/NAME" },
	{ NULL, NULL, NULL },
};

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	struct slice own = conf_get(c, "space", "");

	(void)f;
	if (own.len) {
		buf_add(out, own);
		return true;
	}
	buf_text(out, "files/");
	buf_add(out, conf_name(c));
	return true;
}

/* Files of an absolute path have an address of their own. */
static struct slice default_link(struct slice path, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);
	struct slice link;

	if (!slice_starts(path, SLICE("/")))
		return (struct slice){ 0 };
	while (path.len && path.at[path.len - 1] == '/')
		path.len--;
	buf_text(&b, "file:///");
	local_path_escape(slice_cut(path, 1, path.len), &b);
	buf_text(&b, path.len ? "/{path}" : "{path}");
	link = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return link;
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct files *t = self;

	t->link = arena_copy(&t->arena, conf_get(s->conf, "link", ""));
	t->time = s->time;
	t->everything = s->everything;
	if (!local_link_check(t->link, f)) {
		arena_release(&t->arena);
		return false;
	}
	if (!t->link.len)
		t->link =
		        default_link(conf_get(s->conf, "path", ""), &t->arena);
	return true;
}

static void close_source(void *self)
{
	arena_release(&((struct files *)self)->arena);
}

static void ask_list(struct slice after, int64_t files, int64_t problems,
                     struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(256);

	buf_text(&url, "file:///?list=1");
	if (after.len)
		local_fields_add(&url, "after", after);
	local_fields_number(&note, "files", files);
	local_fields_number(&note, "problems", problems);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = TAG_LIST,
	                            .note = buf_slice(&note),
	                            .flags = ASK_ERRORS });
	buf_release(&url);
	buf_release(&note);
}

static void seed(void *self, struct yield *y)
{
	(void)self;
	yield_listing(y);
	ask_list(SLICE(""), 0, 0, y);
}

static int64_t revision_of(const struct files *t, struct slice line)
{
	int64_t changed = 0;

	local_fields_get_number(line, "changed", &changed);
	if (changed >= t->time - TICK)
		changed--;
	return changed ? changed : 1;
}

/* Appends the address of an ask for it. */
static void file_url(struct slice path, struct buf *out)
{
	buf_text(out, "file:///");
	local_path_escape(path, out);
}

static bool name_file(const struct files *t, struct slice line,
                      struct slice path, struct arena *arena, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), id = BUF_INIT(LIMIT_LINK);
	struct ask a = { .tag = TAG_FILE, .note = line, .flags = ASK_ERRORS };
	struct slice problem = local_fields_get(line, "problem", arena);
	int64_t size = 0;
	bool named = false;

	local_path_id(path, &id);
	file_url(path, &url);
	a.url = buf_slice(&url);
	local_fields_get_number(line, "size", &size);
	if (slice_eq(problem, SLICE("outside"))) {
		yield_event(y, "link-outside", buf_slice(&id),
		            "'%.*s' is a link that leads out of the folder",
		            SLICE_ARG(buf_slice(&id)));
	} else if (problem.len) {
		a.tag = TAG_PROBLEM;
		yield_ask(y, &a);
	} else if (!size) {
		yield_event(y, "empty", buf_slice(&id), "nothing is in '%.*s'",
		            SLICE_ARG(buf_slice(&id)));
	} else if (buf_full(&id) || buf_full(&url) || id.len > LIMIT_ID ||
	           line.len > NOTE_LONG) {
		yield_event(y, "limit-path", buf_slice(&id),
		            "its path is too long");
	} else {
		named = true;
		yield_named(y, buf_slice(&id), revision_of(t, line),
		            t->everything ? NULL : &a);
		if (t->everything)
			yield_ask(y, &a);
	}
	buf_release(&url);
	buf_release(&id);
	return named;
}

static bool end_list(int64_t files, int64_t problems, struct yield *y,
                     struct fault *f)
{
	if (!files && !problems)
		return fault(f, FAULT_INPUT, "files-empty",
		             "no file that is wanted is in the folder: is it "
		             "mounted?");
	if (problems)
		yield_event(y, "limit-listing", SLICE("the folder"),
		            "%lld of its names cannot be read, so nothing "
		            "counts as gone",
		            (long long)problems);
	else
		yield_listed(y);
	return true;
}

static bool read_list(const struct files *t, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct slice rest = r->body, line, path;
	int64_t files = 0, problems = 0, end = 0;

	local_fields_get_number(r->ask->note, "files", &files);
	local_fields_get_number(r->ask->note, "problems", &problems);
	while (local_fields_line(&rest, &line)) {
		path = local_fields_get(line, "more", r->arena);
		if (path.at) {
			ask_list(path, files, problems, y);
			return true;
		}
		if (local_fields_get_number(line, "end", &end))
			return end_list(files, problems, y, f);
		path = local_fields_get(line, "path", r->arena);
		if (!local_path_is(path))
			continue;
		files += name_file(t, line, path, r->arena, y);
		path = local_fields_get(line, "problem", r->arena);
		problems += slice_eq(path, SLICE("unreadable"));
	}
	return fault(f, FAULT_INPUT, "files-listing",
	             "the listing does not come to its end");
}

static void put_record(struct record *rec, struct slice line,
                       const struct files *t, struct yield *y)
{
	int64_t modified = CLOCK_NONE;

	local_fields_get_number(line, "modified", &modified);
	if (rec->modified == CLOCK_NONE)
		rec->modified = modified;
	if (rec->created == CLOCK_NONE || rec->created > rec->modified)
		rec->created = rec->modified;
	rec->revision = revision_of(t, line);
	yield_record(y, rec);
}

static bool read_text(const struct files *t, const struct reply *r,
                      struct slice path, struct yield *y, struct fault *f)
{
	struct buf link = BUF_INIT(LIMIT_LINK);
	struct local_file file = { .path = path };
	enum local_verdict verdict;
	struct record rec;
	bool ok;

	local_link_write(t->link, path, &link);
	file.link = arena_copy(r->arena, buf_slice(&link));
	buf_release(&link);
	ok = local_text_read(&file, r, &rec, &verdict, f);
	if (ok && verdict == LOCAL_FINE)
		put_record(&rec, r->ask->note, t, y);
	else if (ok && verdict == LOCAL_EMPTY)
		yield_deleted(y, rec.id);
	else if (ok)
		yield_event(y, "no-page", rec.id,
		            "it says that it is no page, or needs a script");
	return ok;
}

static bool read_file(const struct files *t, const struct reply *r,
                      struct yield *y, struct fault *f)
{
	struct slice path = local_fields_get(r->ask->note, "path", r->arena);
	struct buf id = BUF_INIT(LIMIT_LINK);
	bool ok = true;

	local_path_id(path, &id);
	if (r->status == 200)
		ok = read_text(t, r, path, y, f);
	else if (r->status == 404)
		yield_missing(y, buf_slice(&id));
	else if (r->status == 413)
		yield_event(y, "limit-file", buf_slice(&id), "%.*s",
		            SLICE_ARG(r->body));
	else if (r->status == 415)
		yield_event(y, "limit-format", buf_slice(&id), "%.*s",
		            SLICE_ARG(r->body));
	else
		ok = fault(f, FAULT_DENIED, "files-denied", "%.*s",
		           SLICE_ARG(r->body));
	buf_release(&id);
	return ok;
}

static bool read_problem(const struct reply *r, struct fault *f)
{
	struct slice path = local_fields_get(r->ask->note, "path", r->arena);
	struct slice why = local_fields_get(r->ask->note, "why", r->arena);
	struct buf id = BUF_INIT(LIMIT_LINK);

	local_path_id(path, &id);
	fault(f, FAULT_DENIED, "files-unreadable", "cannot read '%s': %.*s",
	      buf_string(&id), SLICE_ARG(why));
	buf_release(&id);
	return false;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	switch ((enum tag)r->ask->tag) {
	case TAG_LIST:
		if (r->status != 200)
			return fault(f, FAULT_DENIED, "files-folder", "%.*s",
			             SLICE_ARG(r->body));
		return read_list(self, r, y, f);
	case TAG_FILE:
		return read_file(self, r, y, f);
	case TAG_PROBLEM:
		return read_problem(r, f);
	}
	return true;
}

const struct source_kind source_files = {
	.name = "files",
	.summary = "a folder of documents on this machine",
	.channel = "crawl",
	.keys = keys,
	.state_size = sizeof(struct files),
	.carrier = carrier_files,
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.extractor = LOCAL_EXTRACTOR,
	.again = local_text_again,
	.close = close_source,
};

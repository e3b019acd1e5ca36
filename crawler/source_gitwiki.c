/*
 * Documents of a git repository: a wiki of GitHub or GitLab, a repository of
 * runbooks.
 *
 *	tip -+-> the commit of the mark: nothing to do
 *	     +-> what differs from it --> gone, moved, named --> each file
 *	     +-> all files ----------------------> named ------> each file
 *
 * All files are listed on the first run, when the last listing is older than
 * `relist`, when the settings changed, and for --now. A file's revision is its
 * rank (carrier_git_history.h), which grows along the branch. Where the branch
 * did not go on from the commit we know (it was rewritten, or another one is
 * meant now), ranks begin anew, above all that were given before: all files
 * are read once more, and an older text that is back counts as the newer one.
 *
 * What a listing is about travels in the notes of its asks, as a mark to be:
 * it becomes the mark when the listing has come to its end.
 */

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "crawler/carrier_git.h"
#include "crawler/local_fields.h"
#include "crawler/local_forge.h"
#include "crawler/local_link.h"
#include "crawler/local_path.h"
#include "crawler/local_text.h"
#include "crawler/settings.h"

enum tag {
	TAG_TIP = 1,
	TAG_LIST, /* note: a state */
	TAG_FILE, /* note: its line of the listing */
};

enum { NOTE_LONG = 4000 };

/* The mark, and what becomes it. Empty or 0: not known. */
struct state {
	struct slice commit, floor;
	int64_t floor_rank;
	int64_t newest;   /* the greatest rank that was named */
	int64_t listed;   /* when all was listed last, milliseconds UTC */
	int64_t settings; /* hash of what decides which files are wanted */
	struct slice link;
	int64_t wiki;
	/* Of a listing alone. */
	struct slice since;
	int64_t whole, files;
};

struct gitwiki {
	struct arena arena;
	struct state mark;
	struct slice link, wiki; /* settings */
	int64_t settings, relist, time;
	bool everything;
};

static const struct conf_key keys[] = {
	{ "path", "", "the repository: a clone, with files or bare" },
	{ "url", "", "or where it is fetched from: https://..., file://..." },
	{ "branch", "", "empty: the one that is checked out" },
	{ "folder", "", "only what is in this folder of it" },
	LOCAL_PICK_KEYS,
	{ "wiki", "auto", "yes: titles are file names, _Sidebar is no page" },
	{ "link", "", "where people read a file; empty: by the remote" },
	{ "space", "", "what its ids begin with; empty: by url, or NAME" },
	{ "relist", "7d", "list all files again after so long" },
	{ NULL, NULL, NULL },
};

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	struct slice own = conf_get(c, "space", "");
	size_t before = out->len;

	if (!conf_get(c, "path", "").len == !conf_get(c, "url", "").len)
		return fault(f, FAULT_USAGE, "gitwiki-place",
		             "[source %.*s] wants either path or url",
		             SLICE_ARG(conf_name(c)));
	if (own.len) {
		buf_add(out, own);
		return true;
	}
	local_forge_space(conf_get(c, "url", ""), out);
	if (out->len == before) {
		buf_text(out, "gitwiki/");
		buf_add(out, conf_name(c));
	}
	return true;
}

static void read_state(struct state *s, struct slice line, struct arena *a)
{
	*s = (struct state){
		.commit = arena_copy(a, local_fields_get(line, "commit", a)),
		.floor = arena_copy(a, local_fields_get(line, "floor", a)),
		.link = arena_copy(a, local_fields_get(line, "link", a)),
		.since = arena_copy(a, local_fields_get(line, "since", a)),
	};
	local_fields_get_number(line, "floor-rank", &s->floor_rank);
	local_fields_get_number(line, "newest", &s->newest);
	local_fields_get_number(line, "listed", &s->listed);
	local_fields_get_number(line, "settings", &s->settings);
	local_fields_get_number(line, "wiki", &s->wiki);
	local_fields_get_number(line, "whole", &s->whole);
	local_fields_get_number(line, "files", &s->files);
}

static void write_state(const struct state *s, bool note, struct buf *out)
{
	local_fields_add(out, "commit", s->commit);
	if (s->floor.len) {
		local_fields_add(out, "floor", s->floor);
		local_fields_number(out, "floor-rank", s->floor_rank);
	}
	local_fields_number(out, "newest", s->newest);
	local_fields_number(out, "listed", s->listed);
	local_fields_number(out, "settings", s->settings);
	local_fields_add(out, "link", s->link);
	local_fields_number(out, "wiki", s->wiki);
	if (!note)
		return;
	local_fields_add(out, "since", s->since);
	local_fields_number(out, "whole", s->whole);
	local_fields_number(out, "files", s->files);
}

static void mark(const struct state *s, struct yield *y)
{
	struct buf b = BUF_INIT(LIMIT_MARK);

	write_state(s, false, &b);
	yield_mark(y, buf_slice(&b));
	buf_release(&b);
}

/* What decides which files are wanted, and how they are read. */
static int64_t hash_settings(const struct conf_section *c)
{
	static const char *const names[] = { "folder",  "extensions", "include",
		                             "exclude", "wiki",       "link" };
	struct hash h;
	size_t i;

	hash_init(&h);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		hash_part(&h, conf_get(c, names[i], ""));
	return (int64_t)(hash_end(&h) >> 1);
}

static void close_source(void *self)
{
	arena_release(&((struct gitwiki *)self)->arena);
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct gitwiki *g = self;

	g->link = arena_copy(&g->arena, conf_get(s->conf, "link", ""));
	g->wiki = arena_copy(&g->arena, conf_get(s->conf, "wiki", "auto"));
	g->settings = hash_settings(s->conf);
	g->time = s->time;
	g->everything = s->everything;
	read_state(&g->mark, s->mark, &g->arena);
	if (local_link_check(g->link, f) &&
	    settings_duration(conf_get(s->conf, "relist", "7d"), &g->relist,
	                      f) &&
	    (slice_eq(g->wiki, SLICE("auto")) ||
	     slice_eq(g->wiki, SLICE("yes")) ||
	     slice_eq(g->wiki, SLICE("no")) ||
	     fault(f, FAULT_USAGE, "gitwiki-wiki",
	           "wiki is auto, yes or no, not '%.*s'", SLICE_ARG(g->wiki))))
		return true;
	close_source(g);
	return false;
}

static void seed(void *self, struct yield *y)
{
	struct gitwiki *g = self;
	struct buf url = BUF_INIT(LIMIT_LINK);

	buf_text(&url, "file:///?tip=1");
	if (g->mark.commit.len)
		local_fields_add(&url, "since", g->mark.commit);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = TAG_TIP,
	                            .flags = ASK_ERRORS });
	buf_release(&url);
}

static void ask_list(const struct state *s, int64_t at, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(LIMIT_LINK);

	buf_text(&url, "file:///?list=1");
	local_fields_add(&url, "commit", s->commit);
	local_fields_number(&url, "whole", s->whole);
	if (s->since.len)
		local_fields_add(&url, "since", s->since);
	if (s->floor.len) {
		local_fields_add(&url, "floor", s->floor);
		local_fields_number(&url, "floor-rank", s->floor_rank);
	}
	local_fields_number(&url, "at", at);
	write_state(s, true, &note);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = TAG_LIST,
	                            .note = buf_slice(&note),
	                            .flags = ASK_ERRORS });
	buf_release(&url);
	buf_release(&note);
}

/* How the repository is to be read, by where it came from. */
static void learn_place(struct gitwiki *g, struct slice line, struct arena *a,
                        struct state *s)
{
	struct slice remote = local_fields_get(line, "remote", a);
	struct slice branch = local_fields_get(line, "branch", a);
	struct buf link = BUF_INIT(LIMIT_LINK / 4);

	s->wiki = slice_eq(g->wiki, SLICE("yes")) ||
	          (slice_eq(g->wiki, SLICE("auto")) &&
	           local_forge_is_wiki(remote));
	if (g->link.len)
		buf_add(&link, g->link);
	else
		local_forge_link(remote, branch, &link);
	s->link = arena_copy(&g->arena, buf_slice(&link));
	buf_release(&link);
}

static bool is_due(const struct gitwiki *g)
{
	return g->everything || g->mark.settings != g->settings ||
	       g->time - g->mark.listed >= g->relist;
}

/* The branch is not where it would have gone from the commit we know. */
static void start_over(const struct gitwiki *g, struct state *s)
{
	s->floor = s->commit;
	s->floor_rank = g->time > s->newest ? g->time : s->newest + 1;
	s->whole = 1;
}

static bool read_tip(struct gitwiki *g, const struct reply *r, struct yield *y,
                     struct fault *f)
{
	struct slice line = slice_cut(r->body, 0, slice_find(r->body, '\n'));
	struct slice commit = local_fields_get(line, "commit", r->arena);
	struct state next = g->mark;
	int64_t known = 0, on_line = 0;

	if (!commit.len)
		return fault(f, FAULT_INPUT, "gitwiki-tip",
		             "the repository does not say where it stands");
	local_fields_get_number(line, "known", &known);
	local_fields_get_number(line, "line", &on_line);
	learn_place(g, line, r->arena, &next);
	g->mark.link = next.link;
	g->mark.wiki = next.wiki;
	if (slice_eq(commit, g->mark.commit) && !is_due(g))
		return true;
	mark(&g->mark, y);
	next.commit = commit;
	next.since = known ? g->mark.commit : SLICE("");
	next.settings = g->settings;
	next.whole = is_due(g) || !on_line;
	next.files = 0;
	if (g->mark.commit.len && !on_line)
		start_over(g, &next);
	if (next.whole) {
		/* Files that it cannot name as gone are missed twice. */
		next.listed = known || !g->mark.commit.len ? g->time : 0;
		yield_listing(y);
	}
	ask_list(&next, 0, y);
	return true;
}

static bool is_furniture(struct slice path)
{
	struct slice name = local_path_name(path);

	name.len -= local_path_ending(name).len;
	return slice_eq(name, SLICE("_Sidebar")) ||
	       slice_eq(name, SLICE("_Footer")) ||
	       slice_eq(name, SLICE("_Header"));
}

static void name_file(const struct gitwiki *g, struct state *s,
                      struct slice line, struct slice path, struct arena *arena,
                      struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), id = BUF_INIT(LIMIT_LINK);
	struct ask a = { .tag = TAG_FILE, .note = line, .flags = ASK_ERRORS };
	int64_t rank = 0;

	local_path_id(path, &id);
	buf_text(&url, "file:///");
	local_path_escape(path, &url);
	buf_byte(&url, '?');
	local_fields_add(&url, "blob", local_fields_get(line, "blob", arena));
	a.url = buf_slice(&url);
	local_fields_get_number(line, "rank", &rank);
	if (rank > s->newest)
		s->newest = rank;
	if (buf_full(&id) || buf_full(&url) || id.len > LIMIT_ID ||
	    line.len > NOTE_LONG) {
		yield_event(y, "limit-path", buf_slice(&id),
		            "its path is too long");
	} else {
		s->files++;
		yield_named(y, buf_slice(&id), rank ? rank : 1,
		            g->everything ? NULL : &a);
		if (g->everything)
			yield_ask(y, &a);
	}
	buf_release(&url);
	buf_release(&id);
}

static void say_gone(struct slice path, struct yield *y)
{
	struct buf id = BUF_INIT(LIMIT_LINK);

	local_path_id(path, &id);
	yield_deleted(y, buf_slice(&id));
	buf_release(&id);
}

static void say_moved(struct slice from, struct slice to, struct yield *y)
{
	struct buf old = BUF_INIT(LIMIT_LINK), new = BUF_INIT(LIMIT_LINK);

	local_path_id(from, &old);
	local_path_id(to, &new);
	yield_moved(y, buf_slice(&old), buf_slice(&new));
	buf_release(&old);
	buf_release(&new);
}

static void read_line(const struct gitwiki *g, struct state *s,
                      struct slice line, struct arena *a, struct yield *y)
{
	struct slice gone = local_fields_get(line, "gone", a);
	struct slice moved = local_fields_get(line, "moved", a);
	struct slice path = local_fields_get(line, "path", a);

	if (local_path_is(gone))
		say_gone(gone, y);
	else if (local_path_is(moved) && local_path_is(path))
		say_moved(moved, path, y);
	else if (local_path_is(path) && !(s->wiki && is_furniture(path)))
		name_file(g, s, line, path, a, y);
}

static bool end_list(const struct state *s, struct yield *y, struct fault *f)
{
	if (s->whole && !s->files)
		return fault(f, FAULT_INPUT, "gitwiki-empty",
		             "no file that is wanted is in the repository");
	if (s->whole)
		yield_listed(y);
	mark(s, y);
	return true;
}

static bool read_list(struct gitwiki *g, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct slice rest = r->body, line;
	struct state s;
	int64_t n = 0;

	read_state(&s, r->ask->note, r->arena);
	while (local_fields_line(&rest, &line)) {
		if (local_fields_get_number(line, "more", &n)) {
			ask_list(&s, n, y);
			return true;
		}
		if (local_fields_get_number(line, "end", &n))
			return end_list(&s, y, f);
		read_line(g, &s, line, r->arena, y);
	}
	return fault(f, FAULT_INPUT, "gitwiki-listing",
	             "the listing does not come to its end");
}

/* The address of the wiki's page of that name. */
static bool page_link(void *self, struct slice name, struct buf *out)
{
	const struct gitwiki *g = self;
	struct buf path = BUF_INIT(LIMIT_LINK);

	if (!g->mark.wiki || !g->mark.link.len)
		return false;
	local_path_page(name, &path);
	local_link_write(g->mark.link, buf_slice(&path), out);
	buf_release(&path);
	return true;
}

static void put_record(struct record *rec, struct slice line,
                       struct arena *arena, struct yield *y)
{
	int64_t created = CLOCK_NONE, modified = CLOCK_NONE, rank = 0;

	local_fields_get_number(line, "created", &created);
	local_fields_get_number(line, "modified", &modified);
	local_fields_get_number(line, "rank", &rank);
	if (rec->created == CLOCK_NONE)
		rec->created = created;
	if (rec->modified == CLOCK_NONE)
		rec->modified = modified;
	if (rec->created > rec->modified)
		rec->created = rec->modified;
	if (!rec->author.len)
		rec->author = local_fields_get(line, "author", arena);
	rec->revision = rank ? rank : 1;
	yield_record(y, rec);
}

static bool read_text(struct gitwiki *g, const struct reply *r,
                      struct slice path, struct yield *y, struct fault *f)
{
	struct buf link = BUF_INIT(LIMIT_LINK);
	struct document_links links = { .page = page_link,
		                        .self = g,
		                        .text_first = true };
	struct local_file file = { .path = path,
		                   .links = &links,
		                   .named = g->mark.wiki != 0 };
	enum local_verdict verdict;
	struct record rec;
	bool ok;

	local_link_write(g->mark.link, path, &link);
	file.link = links.base = arena_copy(r->arena, buf_slice(&link));
	buf_release(&link);
	ok = local_text_read(&file, r, &rec, &verdict, f);
	if (ok && g->mark.wiki)
		rec.kind = RECORD_PAGE;
	if (ok && verdict == LOCAL_FINE)
		put_record(&rec, r->ask->note, r->arena, y);
	else if (ok && verdict == LOCAL_EMPTY)
		yield_deleted(y, rec.id);
	return ok;
}

static bool read_file(struct gitwiki *g, const struct reply *r, struct yield *y,
                      struct fault *f)
{
	struct slice path = local_fields_get(r->ask->note, "path", r->arena);
	struct buf id = BUF_INIT(LIMIT_LINK);
	bool ok = true;

	local_path_id(path, &id);
	if (r->status == 200)
		ok = read_text(g, r, path, y, f);
	else if (r->status == 413)
		yield_event(y, "limit-file", buf_slice(&id), "%.*s",
		            SLICE_ARG(r->body));
	else if (r->status == 415)
		yield_event(y, "limit-format", buf_slice(&id), "%.*s",
		            SLICE_ARG(r->body));
	else
		ok = fault(f, FAULT_INPUT, "gitwiki-file", "%.*s",
		           SLICE_ARG(r->body));
	buf_release(&id);
	return ok;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	if (r->ask->tag != TAG_FILE && r->status != 200)
		return fault(f, r->status == 403 ? FAULT_DENIED : FAULT_INPUT,
		             "gitwiki-repository", "%.*s", SLICE_ARG(r->body));
	switch ((enum tag)r->ask->tag) {
	case TAG_TIP:
		return read_tip(self, r, y, f);
	case TAG_LIST:
		return read_list(self, r, y, f);
	case TAG_FILE:
		return read_file(self, r, y, f);
	}
	return true;
}

const struct source_kind source_gitwiki = {
	.name = "gitwiki",
	.summary = "the documents of a git repository, such as a wiki",
	.channel = "crawl",
	.keys = keys,
	.state_size = sizeof(struct gitwiki),
	.carrier = carrier_git,
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.extractor = LOCAL_EXTRACTOR,
	.again = local_text_again,
	.close = close_source,
};

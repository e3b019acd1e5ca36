/*
 * A BookStack by its REST API.
 *
 *	books -> chapters -> pages -> named -> text of each
 *	recycle bin -> deleted
 *
 * Every run lists all pages, five hundred a call, since a listing tells of
 * each when it was changed: so what changed, what is new and what is gone are
 * one thing. Listings go by id, not by offset: a page that is deleted
 * meanwhile shifts nothing. Books and chapters come first, for their names; a
 * run that goes on without them in memory begins the chain again, up to the
 * pages that it had reached.
 */

#include "base/limits.h"
#include "base/map.h"
#include "base/net/url.h"
#include "crawler/bookstack_reply.h"
#include "schema/identity.h"

enum tag {
	TAG_BOOKS = 1, /* note: ids "HERE PAGES": behind them it goes on */
	TAG_CHAPTERS,  /* likewise */
	TAG_PAGES,     /* note: "PAGES" */
	TAG_PAGE,      /* note: a bookstack_place */
	TAG_BIN,
};

struct bookstack {
	struct arena arena;
	struct slice root;                /* with its slash */
	struct map books, chapters;       /* id -> struct bookstack_item */
	bool books_known, chapters_known; /* all of them */
	bool bin, everything;
};

static const struct conf_key keys[] = {
	{ "url", NULL, "the BookStack's address" },
	{ "recycle-bin", "no",
	  "yes: pages in it leave at once; the token's user must be an admin" },
	{ NULL, NULL, NULL },
};

static bool is_step(struct slice path, struct slice step)
{
	return slice_starts(path, step) &&
	       (path.len == step.len || path.at[step.len] == '/');
}

/* Its folder: what stands before the API, a book, or the list of shelves. */
static struct slice folder_of(struct slice url)
{
	static const char *const ends[] = { "/api", "/books", "/shelves",
		                            "/login" };
	size_t from, i, k;

	url = slice_cut(url, 0, slice_find(url, '?'));
	url = slice_cut(url, 0, slice_find(url, '#'));
	from = slice_starts(url, SLICE("https://")) ? 8 : 7;
	for (i = from; i < url.len; i++)
		for (k = 0; k < sizeof(ends) / sizeof(ends[0]); k++)
			if (is_step(slice_cut(url, i, url.len),
			            slice_of(ends[k])))
				url = slice_cut(url, 0, i);
	while (url.len > from && url.at[url.len - 1] == '/')
		url.len--;
	return url;
}

static bool space(const struct conf_section *c, struct buf *out,
                  struct fault *f)
{
	struct slice url = folder_of(conf_get(c, "url", ""));
	size_t colon = slice_find(url, ':');

	if (colon + 3 >= url.len)
		return fault(f, FAULT_USAGE, "bookstack-url",
		             "no host in url '%.*s'", SLICE_ARG(url));
	return identity_space(slice_cut(url, colon + 3, url.len), out, f);
}

static bool open_source(void *self, const struct source_start *s,
                        struct fault *f)
{
	struct bookstack *b = self;
	struct slice bin = conf_get(s->conf, "recycle-bin", "no");
	struct slice url = folder_of(conf_get(s->conf, "url", ""));
	char *root;

	if (!slice_eq(bin, SLICE("yes")) && !slice_eq(bin, SLICE("no")))
		return fault(f, FAULT_USAGE, "source-setting",
		             "recycle-bin is yes or no");
	if (s->secrets.token.len &&
	    slice_find(s->secrets.token, ':') == s->secrets.token.len)
		return fault(f, FAULT_USAGE, "source-setting",
		             "the token of a BookStack is ID:SECRET");
	root = arena_new(&b->arena, url.len + 1);
	memcpy(root, url.at, url.len);
	root[url.len] = '/';
	b->root = (struct slice){ root, url.len + 1 };
	b->bin = slice_eq(bin, SLICE("yes"));
	b->everything = s->everything;
	return true;
}

static void close_source(void *self)
{
	struct bookstack *b = self;

	map_release(&b->books);
	map_release(&b->chapters);
	arena_release(&b->arena);
}

static void ask_list(const struct bookstack *b, enum tag tag, const char *what,
                     int64_t here, int64_t pages, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(64);

	buf_add(&url, b->root);
	buf_addf(&url,
	         "api/%s?count=500&sort=%%2Bid&filter%%5Bid%%3Agt%%5D=%lld",
	         what, (long long)here);
	buf_addf(&note, "%lld %lld", (long long)here, (long long)pages);
	yield_ask(y, &(struct ask){ .url = buf_slice(&url),
	                            .tag = tag,
	                            .accept = SLICE("application/json"),
	                            .note = buf_slice(&note) });
	buf_release(&url);
	buf_release(&note);
}

static void seed(void *self, struct yield *y)
{
	const struct bookstack *b = self;
	struct buf url = BUF_INIT(LIMIT_LINK);

	yield_listing(y);
	ask_list(b, TAG_BOOKS, "books", 0, 0, y);
	if (b->bin) {
		buf_add(&url, b->root);
		buf_text(&url, "api/recycle-bin?count=500&sort=-id");
		yield_ask(y,
		          &(struct ask){ .url = buf_slice(&url),
		                         .tag = TAG_BIN,
		                         .accept = SLICE("application/json") });
	}
	buf_release(&url);
}

static bool read_note(struct slice note, int64_t *here, int64_t *pages,
                      struct fault *f)
{
	size_t at = slice_find(note, ' ');

	return (slice_number(slice_cut(note, 0, at), here) &&
	        slice_number(slice_cut(note, at + 1, note.len), pages)) ||
	       fault(f, FAULT_INPUT, "bookstack-note",
	             "it is not known how far this listing was");
}

static struct slice key_of(const int64_t *id)
{
	return (struct slice){ (const char *)id, sizeof(*id) };
}

static void remember(struct bookstack *b, struct map *m,
                     const struct bookstack_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		struct bookstack_item *kept =
		        arena_new(&b->arena, sizeof(*kept));

		*kept = list->items[i];
		kept->name = arena_copy(&b->arena, kept->name);
		kept->slug = arena_copy(&b->arena, kept->slug);
		map_put(m, key_of(&kept->id), NULL)->pointer = kept;
	}
}

static const struct bookstack_item *find(const struct map *m, int64_t id)
{
	const struct map_entry *e = map_get(m, key_of(&id));

	return e ? e->pointer : NULL;
}

static bool read_books(struct bookstack *b, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	struct bookstack_list list;
	int64_t here, pages;

	if (!read_note(r->ask->note, &here, &pages, f) ||
	    !bookstack_list_read(&list, r, f))
		return false;
	/* The books before these were read by a run that is over. */
	if (here && !b->books.count) {
		ask_list(b, TAG_BOOKS, "books", 0, pages, y);
		return true;
	}
	remember(b, &b->books, &list);
	b->books_known = !list.more;
	if (list.more)
		ask_list(b, TAG_BOOKS, "books", list.last, pages, y);
	else
		ask_list(b, TAG_CHAPTERS, "chapters", 0, pages, y);
	return true;
}

static bool read_chapters(struct bookstack *b, const struct reply *r,
                          struct yield *y, struct fault *f)
{
	struct bookstack_list list;
	int64_t here, pages;

	if (!read_note(r->ask->note, &here, &pages, f) ||
	    !bookstack_list_read(&list, r, f))
		return false;
	if (!b->books_known || (here && !b->chapters.count)) {
		ask_list(b, TAG_BOOKS, "books", 0, pages, y);
		return true;
	}
	remember(b, &b->chapters, &list);
	b->chapters_known = !list.more;
	if (list.more)
		ask_list(b, TAG_CHAPTERS, "chapters", list.last, pages, y);
	else
		ask_list(b, TAG_PAGES, "pages", pages, pages, y);
	return true;
}

static void name_page(const struct bookstack *b,
                      const struct bookstack_item *it, struct yield *y)
{
	const struct bookstack_item *book = find(&b->books, it->book);
	const struct bookstack_item *chapter = find(&b->chapters, it->chapter);
	struct bookstack_place place = { .book_slug = it->book_slug };
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(4096);
	struct buf id = BUF_INIT(32);
	struct ask a = { .tag = TAG_PAGE, .accept = SLICE("application/json") };

	if (book) {
		place.book = book->name;
		if (!place.book_slug.len)
			place.book_slug = book->slug;
	}
	if (chapter)
		place.chapter = chapter->name;
	buf_add(&url, b->root);
	buf_addf(&url, "api/pages/%lld", (long long)it->id);
	bookstack_place_write(&place, &note);
	buf_number(&id, it->id);
	a.url = buf_slice(&url);
	a.note = buf_slice(&note);
	yield_named(y, buf_slice(&id), it->updated > 0 ? it->updated : 0,
	            b->everything ? NULL : &a);
	if (b->everything)
		yield_ask(y, &a);
	buf_release(&url);
	buf_release(&note);
	buf_release(&id);
}

static bool read_pages(struct bookstack *b, const struct reply *r,
                       struct yield *y, struct fault *f)
{
	struct bookstack_list list;
	int64_t here, pages;
	size_t i;

	if (!read_note(r->ask->note, &here, &pages, f) ||
	    !bookstack_list_read(&list, r, f))
		return false;
	if (!b->chapters_known) {
		ask_list(b, TAG_BOOKS, "books", 0, here, y);
		return true;
	}
	/* What may not be seen is not listed: a token that lost its rights
	 * sees nothing, and that must not empty the store. */
	if (!list.count && !here)
		return fault(f, FAULT_DENIED, "bookstack-empty",
		             "it lists no pages for us: may the token's user "
		             "see any?");
	for (i = 0; i < list.count; i++)
		if (!list.items[i].draft)
			name_page(b, &list.items[i], y);
	if (list.more)
		ask_list(b, TAG_PAGES, "pages", list.last, list.last, y);
	else
		yield_listed(y);
	return true;
}

static bool read_bin(const struct reply *r, struct yield *y, struct fault *f)
{
	struct bookstack_list list;
	struct buf id = BUF_INIT(32);
	size_t i;

	if (!bookstack_list_read(&list, r, f))
		return false;
	for (i = 0; i < list.count; i++) {
		if (!list.items[i].page)
			continue;
		buf_reset(&id);
		buf_number(&id, list.items[i].id);
		yield_deleted(y, buf_slice(&id));
	}
	buf_release(&id);
	return true;
}

static bool read_reply(void *self, const struct reply *r, struct yield *y,
                       struct fault *f)
{
	struct bookstack *b = self;

	switch ((enum tag)r->ask->tag) {
	case TAG_BOOKS:
		return read_books(b, r, y, f);
	case TAG_CHAPTERS:
		return read_chapters(b, r, y, f);
	case TAG_PAGES:
		return read_pages(b, r, y, f);
	case TAG_PAGE:
		return bookstack_page_read(b->root, r, y, f);
	case TAG_BIN:
		return read_bin(r, y, f);
	}
	return true;
}

const struct source_kind source_bookstack = {
	.name = "bookstack",
	.summary = "a BookStack, by its REST API",
	.channel = "api",
	.keys = keys,
	.state_size = sizeof(struct bookstack),
	.authorization = "Token",
	.space = space,
	.open = open_source,
	.seed = seed,
	.read = read_reply,
	.extractor = BOOKSTACK_EXTRACTOR,
	.again = bookstack_page_again,
	.close = close_source,
};

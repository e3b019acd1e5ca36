/*
 * An ask is spelled as the index spells it, its entries are looked through from
 * the latest, and the record is read where it stands. A revisit is followed to
 * the payload it names: by address and date, else by digest.
 */

#include "crawler/carrier_warc.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/net/url.h"
#include "crawler/source.h"
#include "crawler/warc_http.h"

enum {
	CARRIER_READERS = 8,
	CARRIER_BLOCK = LIMIT_FETCH_WIRE + LIMIT_FETCH_HEADERS,
	CARRIER_BATCH = 1000, /* pages offered at once */
};

struct place {
	int64_t offset;
	uint32_t file;
};

struct carrier_warc {
	struct carrier_warc_options o;
	struct warc_reader *readers[CARRIER_READERS];
	size_t reader_files[CARRIER_READERS], next;
	struct arena arena; /* of one answer */
	struct buf block, other, one, two;
	struct url url;
	struct place *pages; /* to offer */
	size_t page_count, page;
};

/* A reader at the start of a record, and the record. */
static bool record_at(struct carrier_warc *w, size_t file, int64_t offset,
                      struct warc_reader **r, struct warc_record *out,
                      struct fault *f)
{
	const struct warc_file *at = &w->o.index->files[file];
	bool found;
	size_t i;

	*r = at->spooled;
	for (i = 0; !*r && i < CARRIER_READERS; i++)
		if (w->readers[i] && w->reader_files[i] == file)
			*r = w->readers[i];
	if (!*r) {
		i = w->next++ % CARRIER_READERS;
		warc_close(w->readers[i]);
		w->readers[i] = NULL;
		if (!warc_open(&w->readers[i], at->path, f))
			return false;
		w->reader_files[i] = file;
		*r = w->readers[i];
	}
	if (!warc_seek(*r, offset, f) || !warc_next(*r, out, &found, f))
		return false;
	return found || fault(f, FAULT_INPUT, "warc-changed",
	                      "'%s' has changed while it was read", at->path);
}

static bool record_block(struct warc_reader *r,
                         const struct warc_record *record, struct buf *out,
                         struct fault *f)
{
	buf_reset(out);
	if (record->length > CARRIER_BLOCK)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "the record has %lld bytes, more than %d",
		             (long long)record->length, (int)CARRIER_BLOCK);
	return warc_block(r, (size_t)record->length, out, f);
}

/* The latest whole answer that is not behind `date`; else the first one. A date
 * may be known to the second only. */
static const struct warc_entry *whole_at(const struct warc_index *x,
                                         struct slice url, int64_t date)
{
	const struct warc_entry *best = NULL;
	size_t from, to;

	warc_index_find(x, warc_index_key(SLICE("GET"), url, SLICE("")), &from,
	                &to);
	for (; from < to; from++) {
		const struct warc_entry *e = &x->entries[from];

		if (e->status == 200 &&
		    !(e->flags & (WARC_ENTRY_SAME | WARC_ENTRY_UNCHANGED)) &&
		    (!best || e->date <= date + 999))
			best = e;
	}
	return best;
}

/* Where the bytes stand that a revisit is a copy of. */
static bool original(struct carrier_warc *w, const struct warc_record *record,
                     size_t *file, int64_t *offset)
{
	const struct warc_index *x = w->o.index;
	const struct warc_payload *p = warc_index_payload(x, record->digest);
	const struct warc_entry *e = NULL;
	int64_t date;
	struct fault none;

	if (p) {
		*file = p->file;
		*offset = p->offset;
		return true;
	}
	if (!clock_read(record->refers_date, &date))
		date = record->date;
	if (url_parse(&w->url,
	              record->refers_uri.len ? record->refers_uri : record->uri,
	              NULL, &none))
		e = whole_at(x, url_bare(&w->url), date);
	if (e) {
		*file = e->file;
		*offset = e->offset;
	}
	return e != NULL;
}

static bool not_held(struct fault *f)
{
	return fault(f, FAULT_GONE, "not-held", "the archive does not hold it");
}

/* The message at a place; its bytes go to `block`. */
static bool message_at(struct carrier_warc *w, size_t file, int64_t offset,
                       struct buf *block, struct warc_record *record,
                       struct warc_http *http, struct fault *f)
{
	struct warc_reader *r;

	*http = (struct warc_http){ 0 };
	if (!record_at(w, file, offset, &r, record, f) ||
	    !record_block(r, record, block, f))
		return false;
	warc_http_read(buf_slice(block), &w->arena, http);
	return true;
}

/* Who was told so asked again, or gave up: it says nothing about the page. */
static bool refused(int status)
{
	return status >= 500 || status == 429;
}

static bool framing(struct slice name)
{
	return slice_eq(name, SLICE("content-encoding")) ||
	       slice_eq(name, SLICE("transfer-encoding")) ||
	       slice_eq(name, SLICE("content-length"));
}

static void put_reply(const struct warc_http *http, struct slice body,
                      struct http_reply *out)
{
	size_t i, n = 0;

	for (i = 0; i < http->count; i++)
		if (!framing(http->headers[i].name))
			http->headers[n++] = http->headers[i];
	out->status = http->status;
	out->headers = http->headers;
	out->header_count = n;
	out->body = body;
	out->wire = out->decoded = (int64_t)body.len;
	out->version = 11;
}

/* A revisit: the head is its own if it has one, the bytes are another's. */
static bool answer_again(struct carrier_warc *w, const struct warc_entry *e,
                         const struct warc_record *record,
                         const struct warc_http *http, bool conditional,
                         struct http_reply *out, struct fault *f)
{
	struct warc_record whole;
	struct warc_http other;
	struct slice body;
	int64_t offset;
	size_t file;

	if (e->flags & WARC_ENTRY_UNCHANGED && conditional) {
		put_reply(http, SLICE(""), out);
		out->status = 304;
		return true;
	}
	if (!original(w, record, &file, &offset))
		return not_held(f);
	if (!message_at(w, file, offset, &w->other, &whole, &other, f))
		return false;
	if (!other.status || refused(other.status))
		return not_held(f);
	if (!warc_http_body(&other, &w->one, &w->two, &body, f))
		return false;
	put_reply(e->flags & WARC_ENTRY_SAME && http->status ? http : &other,
	          body, out);
	return true;
}

static void answer_plain(struct carrier_warc *w,
                         const struct warc_record *record,
                         struct http_reply *out)
{
	struct http_header *type = arena_new(&w->arena, sizeof(*type));
	const struct warc_http http = { .status = 200,
		                        .headers = type,
		                        .count = 1 };

	type->name = SLICE("content-type");
	type->value = arena_copy(&w->arena, record->content_type);
	put_reply(&http, buf_slice(&w->block), out);
}

static bool answer_entry(struct carrier_warc *w, const struct warc_entry *e,
                         struct slice url, bool conditional,
                         struct http_reply *out, struct fault *f)
{
	struct warc_record record;
	struct warc_http http;
	struct slice body;

	if (!message_at(w, e->file, e->offset, &w->block, &record, &http, f))
		return false;
	if (!url_parse(&w->url, record.uri, NULL, f) ||
	    !slice_eq(url_bare(&w->url), url))
		return not_held(f);
	out->time = e->date;
	if (e->flags & WARC_ENTRY_PLAIN) {
		answer_plain(w, &record, out);
		return true;
	}
	if (e->flags & (WARC_ENTRY_SAME | WARC_ENTRY_UNCHANGED))
		return answer_again(w, e, &record, &http, conditional, out, f);
	if (!http.status)
		return not_held(f);
	if (!warc_http_body(&http, &w->one, &w->two, &body, f))
		return false;
	put_reply(&http, body, out);
	return true;
}

static bool is_conditional(const struct http_request *r)
{
	size_t i;

	for (i = 0; i < r->header_count; i++)
		if (slice_starts(r->headers[i].name, SLICE("If-")))
			return true;
	return false;
}

static bool counts(const struct carrier_warc *w, const struct warc_entry *e,
                   bool robots)
{
	size_t run = w->o.index->files[e->file].run;

	return (run == w->o.run || (robots && run < w->o.run)) &&
	       !refused(e->status);
}

static void answer_fault(const struct fault *why, bool robots,
                         struct http_reply *out)
{
	*out = (struct http_reply){ .fault = *why };
	if (why->kind == FAULT_LIMIT)
		out->trouble = HTTP_LIMIT;
	else if (why->kind != FAULT_GONE)
		out->trouble = HTTP_BROKEN;
	else if (robots)
		out->status = 404;
	else
		out->trouble = HTTP_NOT_HELD;
}

static void answer(void *self, const struct http_request *r,
                   struct http_reply *out)
{
	struct carrier_warc *w = self;
	struct url url = URL_INIT;
	bool robots = false, ok = false;
	size_t from = 0, to = 0;
	struct fault why;

	arena_reset(&w->arena);
	not_held(&why);
	if (url_parse(&url, r->url, NULL, &why)) {
		robots = slice_eq(url_path(&url), SLICE("/robots.txt"));
		warc_index_find(w->o.index,
		                warc_index_key(r->body.len ? SLICE("POST")
		                                           : SLICE("GET"),
		                               url_bare(&url), r->body),
		                &from, &to);
		not_held(&why);
	}
	while (!ok && to > from)
		if (counts(w, &w->o.index->entries[--to], robots))
			ok = answer_entry(w, &w->o.index->entries[to],
			                  url_bare(&url), is_conditional(r),
			                  out, &why);
	if (!ok)
		answer_fault(&why, robots, out);
	url_release(&url);
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Pages in the order of the files: they are read in one sweep. */
static void pages_find(struct carrier_warc *w)
{
	const struct warc_index *x = w->o.index;
	size_t i, room = 0;

	for (i = 0; i < x->entry_count; i++) {
		const struct warc_entry *e = &x->entries[i];

		if (!(e->flags & WARC_ENTRY_HTML) || !counts(w, e, false))
			continue;
		w->pages = memory_room(w->pages, w->page_count, &room,
		                       sizeof(*w->pages));
		w->pages[w->page_count++] =
		        (struct place){ e->offset, e->file };
	}
	if (w->page_count)
		qsort(w->pages, w->page_count, sizeof(*w->pages), by_place);
}

static bool offer(void *self, struct yield *y)
{
	struct carrier_warc *w = self;
	struct warc_record record;
	struct warc_reader *r;
	struct fault f;
	size_t n;

	for (n = 0; n < CARRIER_BATCH && w->page < w->page_count; n++) {
		const struct place *at = &w->pages[w->page++];

		if (record_at(w, at->file, at->offset, &r, &record, &f) &&
		    url_parse(&w->url, record.uri, NULL, &f)) {
			const struct ask ask = { .url = url_bare(&w->url),
				                 .flags = ASK_PAGE };

			yield_ask(y, &ask);
		}
	}
	return w->page < w->page_count;
}

static void carrier_warc_free(void *self)
{
	struct carrier_warc *w = self;
	size_t i;

	for (i = 0; i < CARRIER_READERS; i++)
		warc_close(w->readers[i]);
	arena_release(&w->arena);
	buf_release(&w->block);
	buf_release(&w->other);
	buf_release(&w->one);
	buf_release(&w->two);
	url_release(&w->url);
	free(w->pages);
	free(w);
}

void carrier_warc_open(struct carrier *out,
                       const struct carrier_warc_options *o)
{
	struct carrier_warc *w = memory_new(1, sizeof(*w));

	w->o = *o;
	w->block = BUF_INIT(CARRIER_BLOCK);
	w->other = BUF_INIT(CARRIER_BLOCK);
	w->one = BUF_INIT(LIMIT_FETCH_BODY);
	w->two = BUF_INIT(LIMIT_FETCH_BODY);
	w->url = URL_INIT;
	if (o->offer)
		pages_find(w);
	*out = (struct carrier){
		.self = w,
		.answer = answer,
		.free = carrier_warc_free,
		.offer = o->offer ? offer : NULL,
	};
}

/*
 * Files are read one after the other, from start to end. A response is entered
 * under its address alone until its request is met, which may stand before or
 * behind it and names it, or is named by it: then method and body are mixed
 * into the key, if it was no plain GET.
 */

#include "crawler/warc_index.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/net/url.h"
#include "crawler/warc_http.h"

enum {
	INDEX_LINKS = 64,       /* records between a request and its response */
	INDEX_HEAD = 32 << 10,  /* of a response: status and type are in it */
	INDEX_CALL = 256 << 10, /* of a request: head and body */
};

/* A request or a response, while the other one may be near. */
struct warc_link {
	uint64_t id, concurrent; /* hashes; 0: none */
	size_t entry;            /* SIZE_MAX: it is a request */
	uint64_t call;           /* of a request */
};

struct warc_links {
	struct warc_link list[INDEX_LINKS];
	size_t next;
	struct arena arena; /* of one record */
	struct buf block;
	struct url url;
	bool revisits;
};

static uint64_t call_hash(struct slice method, struct slice body)
{
	struct hash h;

	if (slice_eq(method, SLICE("GET")) && !body.len)
		return 0;
	hash_init(&h);
	hash_part(&h, method);
	hash_part(&h, body);
	return hash_end(&h) | 1;
}

uint64_t warc_index_key(struct slice method, struct slice url,
                        struct slice body)
{
	return hash64(url) ^ call_hash(method, body);
}

static uint64_t id_hash(struct slice id)
{
	return id.len ? hash64(id) | 1 : 0;
}

/* Digests are written in any case. */
static uint64_t digest_hash(struct slice digest)
{
	char text[160];
	size_t i;

	if (digest.len > sizeof(text))
		return 0;
	for (i = 0; i < digest.len; i++)
		text[i] = digest.at[i] >= 'A' && digest.at[i] <= 'Z'
		                  ? (char)(digest.at[i] | 0x20)
		                  : digest.at[i];
	return hash64((struct slice){ text, digest.len });
}

static bool linked(const struct warc_link *a, const struct warc_link *b)
{
	return (a->id && a->id == b->concurrent) ||
	       (b->id && b->id == a->concurrent);
}

static void link_add(struct warc_index *x, const struct warc_link *one)
{
	struct warc_links *l = x->links;
	size_t i;

	for (i = 0; i < INDEX_LINKS; i++) {
		const struct warc_link *other = &l->list[i];
		bool asked = one->entry == SIZE_MAX;
		size_t entry = asked ? other->entry : one->entry;

		if (asked != (other->entry == SIZE_MAX) &&
		    entry < x->entry_count && linked(one, other))
			x->entries[entry].key ^= one->call ^ other->call;
	}
	l->list[l->next] = *one;
	l->next = (l->next + 1) % INDEX_LINKS;
}

static void links_clear(struct warc_links *l)
{
	memset(l->list, 0, sizeof(l->list));
	l->next = 0;
}

static bool begins(struct slice s, const char *word)
{
	size_t len = strlen(word);

	return s.len >= len && !strncasecmp(s.at, word, len);
}

static bool enter_request(struct warc_index *x, struct warc_reader *r,
                          const struct warc_record *record, struct fault *f)
{
	struct warc_links *l = x->links;
	struct warc_link one = { .id = id_hash(record->id),
		                 .concurrent = id_hash(record->concurrent),
		                 .entry = SIZE_MAX };
	struct warc_http http;

	if (!warc_block(r, INDEX_CALL, &l->block, f))
		return false;
	if (warc_http_read(buf_slice(&l->block), &l->arena, &http) &&
	    http.method.len) {
		one.call = call_hash(http.method, http.rest);
		if (one.call)
			link_add(x, &one);
	}
	return true;
}

/* Status and type; false: it is nothing that a crawl could be answered. */
static bool enter_http(struct warc_index *x, struct warc_reader *r,
                       const struct warc_record *record, struct warc_entry *e,
                       bool *fit, struct fault *f)
{
	struct warc_links *l = x->links;
	struct slice type = record->content_type;
	struct warc_http http;

	*fit = true;
	if (e->flags & WARC_ENTRY_PLAIN) {
		e->status = 200;
	} else {
		if (!warc_block(r, INDEX_HEAD, &l->block, f))
			return false;
		type = (struct slice){ 0 };
		if (warc_http_read(buf_slice(&l->block), &l->arena, &http) &&
		    http.status) {
			e->status = (uint16_t)http.status;
			type = warc_http_header(&http, "content-type");
		} else if (record->type == WARC_REVISIT) {
			e->status = 200;
		} else {
			*fit = false;
		}
	}
	/* Some write it as a response. */
	if (e->status == 304)
		e->flags = WARC_ENTRY_UNCHANGED;
	if (e->status == 200 &&
	    (begins(type, "text/html") || begins(type, "application/xhtml")))
		e->flags |= WARC_ENTRY_HTML;
	return true;
}

static uint16_t entry_flags(const struct warc_record *record)
{
	struct slice p = record->profile;

	if (record->type == WARC_RESOURCE || record->type == WARC_CONVERSION)
		return WARC_ENTRY_PLAIN;
	if (record->type != WARC_REVISIT)
		return 0;
	return slice_ends(p, SLICE("server-not-modified"))
	               ? WARC_ENTRY_UNCHANGED
	               : WARC_ENTRY_SAME;
}

static void payload_add(struct warc_index *x, const struct warc_record *record,
                        const struct warc_entry *e)
{
	if (record->type != WARC_RESPONSE || !record->digest.len ||
	    e->status == 304)
		return;
	x->payloads = memory_room(x->payloads, x->payload_count,
	                          &x->payload_room, sizeof(*x->payloads));
	x->payloads[x->payload_count++] =
	        (struct warc_payload){ digest_hash(record->digest), e->offset,
		                       e->file };
}

static bool enter_response(struct warc_index *x, struct warc_reader *r,
                           size_t file, const struct warc_record *record,
                           struct fault *f)
{
	struct warc_links *l = x->links;
	struct warc_entry e = {
		.date = record->date == CLOCK_NONE ? 0 : record->date,
		.offset = record->offset,
		.file = (uint32_t)file,
		.flags = entry_flags(record),
	};
	struct warc_link one = { .id = id_hash(record->id),
		                 .concurrent = id_hash(record->concurrent),
		                 .entry = x->entry_count };
	struct fault why;
	bool fit, whole;

	if (!url_parse(&l->url, record->uri, NULL, &why) ||
	    !url_is_web(&l->url))
		return true;
	e.key = warc_index_key(SLICE("GET"), url_bare(&l->url), SLICE(""));
	if (!enter_http(x, r, record, &e, &fit, f) || !warc_skip(r, &whole, f))
		return false;
	if (!fit || !whole) {
		x->skipped++;
		return true;
	}
	if (x->entry_count >= LIMIT_WARC_RECORDS)
		return fault(f, FAULT_LIMIT, "limit-warc-records",
		             "more than %d responses in one archive",
		             (int)LIMIT_WARC_RECORDS);
	x->entries = memory_room(x->entries, x->entry_count, &x->entry_room,
	                         sizeof(*x->entries));
	x->entries[x->entry_count++] = e;
	link_add(x, &one);
	payload_add(x, record, &e);
	l->revisits |= record->type == WARC_REVISIT;
	return true;
}

static bool enter_info(struct warc_index *x, struct warc_reader *r,
                       struct warc_file *file, struct fault *f)
{
	struct warc_about about;

	if (!warc_block(r, INDEX_CALL, &x->links->block, f))
		return false;
	warc_about_read(buf_slice(&x->links->block), &x->arena, &about);
	if (about.source.len)
		file->about = about;
	return true;
}

static bool enter(struct warc_index *x, struct warc_reader *r, size_t n,
                  const struct warc_record *record, struct fault *f)
{
	struct warc_file *file = &x->files[n];

	arena_reset(&x->links->arena);
	buf_reset(&x->links->block);
	file->records++;
	if (!file->first && record->date != CLOCK_NONE)
		file->first = record->date;
	switch (record->type) {
	case WARC_INFO:
		return enter_info(x, r, file, f);
	case WARC_REQUEST:
		return enter_request(x, r, record, f);
	case WARC_RESPONSE:
	case WARC_REVISIT:
	case WARC_RESOURCE:
	case WARC_CONVERSION:
		return enter_response(x, r, n, record, f);
	case WARC_OTHER:
		break;
	}
	return true;
}

/* Its records; *lost: they cannot be found by their place. */
static bool file_enter(struct warc_index *x, struct warc_reader *r, size_t n,
                       bool *lost, struct fault *f)
{
	struct warc_record record;
	bool found;

	*lost = false;
	links_clear(x->links);
	for (;;) {
		if (!cancel_check(f) || !warc_next(r, &record, &found, f))
			return false;
		if (!found)
			return true;
		*lost = record.offset < 0;
		if (*lost)
			return true;
		if (!enter(x, r, n, &record, f))
			return false;
	}
}

static bool file_index(struct warc_index *x, size_t n, struct fault *f)
{
	struct warc_file *file = &x->files[n];
	size_t entries = x->entry_count, payloads = x->payload_count;
	int64_t skipped = x->skipped;
	struct warc_reader *r = NULL;
	bool lost = false;
	bool ok = warc_open(&r, file->path, f) && file_enter(x, r, n, &lost, f);

	if (ok && lost) {
		x->entry_count = entries;
		x->payload_count = payloads;
		x->skipped = skipped;
		file->records = 0;
		ok = warc_spool(r, f) && file_enter(x, r, n, &lost, f);
		file->spooled = r;
	}
	if (ok) {
		file->damage = *warc_damage(r);
		x->records += file->records;
	}
	if (!file->spooled)
		warc_close(r);
	return ok;
}

static bool is_warc(const char *name)
{
	struct slice s = slice_of(name);

	return name[0] != '.' && (slice_ends(s, SLICE(".warc")) ||
	                          slice_ends(s, SLICE(".warc.gz")));
}

static bool path_add(struct warc_index *x, struct slice path, struct fault *f)
{
	if (x->file_count >= LIMIT_WARC_FILES)
		return fault(f, FAULT_LIMIT, "limit-warc-files",
		             "more than %d WARC files", (int)LIMIT_WARC_FILES);
	x->files = memory_room(x->files, x->file_count, &x->file_room,
	                       sizeof(*x->files));
	x->files[x->file_count++] = (struct warc_file){
		.path = arena_copy(&x->arena, path).at,
		.run = SIZE_MAX,
	};
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct warc_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static bool folder_add(struct warc_index *x, const char *path, struct fault *f)
{
	struct buf name = BUF_INIT(2 * LIMIT_LINK);
	size_t first = x->file_count;
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!folder)
		return fault_errno(f, path, "open");
	while (ok && (entry = readdir(folder))) {
		if (!is_warc(entry->d_name))
			continue;
		buf_reset(&name);
		buf_addf(&name, "%s/%s", path, entry->d_name);
		ok = path_add(x, buf_slice(&name), f);
	}
	closedir(folder);
	buf_release(&name);
	if (ok && x->file_count > first)
		qsort(x->files + first, x->file_count - first,
		      sizeof(*x->files), by_path);
	return ok;
}

static bool paths_add(struct warc_index *x, const char *const *paths,
                      size_t count, struct fault *f)
{
	struct stat st;
	size_t i;

	for (i = 0; i < count; i++) {
		if (stat(paths[i], &st))
			return fault_errno(f, paths[i], "read");
		if (S_ISDIR(st.st_mode) ? !folder_add(x, paths[i], f)
		                        : !path_add(x, slice_of(paths[i]), f))
			return false;
	}
	return x->file_count ||
	       fault(f, FAULT_USAGE, "warc-none",
	             "there is no .warc or .warc.gz in '%s'", paths[0]);
}

/* The run of a file; made when it is the first one of it. */
static size_t run_of(struct warc_index *x, const struct warc_file *file)
{
	const struct warc_about *a = &file->about;
	struct warc_run *run;
	size_t i;

	for (i = 0; i < x->run_count; i++)
		if (slice_eq(x->runs[i].about.source, a->source) &&
		    x->runs[i].about.started == a->started)
			break;
	run = &x->runs[i];
	if (i == x->run_count) {
		x->run_count++;
		*run = (struct warc_run){ *a, a->started };
	}
	if (!a->started && file->first &&
	    (!run->started || file->first < run->started))
		run->started = file->first;
	return i;
}

static int by_start(const void *a, const void *b)
{
	const struct warc_run *x = a, *y = b;

	if (x->started != y->started)
		return x->started < y->started ? -1 : 1;
	return slice_cmp(x->about.source, y->about.source);
}

static void runs_make(struct warc_index *x)
{
	size_t i;

	x->runs = memory_new(x->file_count + 1, sizeof(*x->runs));
	for (i = 0; i < x->file_count; i++)
		if (x->files[i].records)
			run_of(x, &x->files[i]);
	qsort(x->runs, x->run_count, sizeof(*x->runs), by_start);
	for (i = 0; i < x->file_count; i++)
		if (x->files[i].records)
			x->files[i].run = run_of(x, &x->files[i]);
}

static int by_key(const void *a, const void *b)
{
	const struct warc_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int by_hash(const void *a, const void *b)
{
	const struct warc_payload *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void index_sort(struct warc_index *x)
{
	if (x->entry_count)
		qsort(x->entries, x->entry_count, sizeof(*x->entries), by_key);
	/* Payloads are looked for by revisits alone. */
	if (!x->links->revisits)
		x->payload_count = 0;
	if (x->payload_count)
		qsort(x->payloads, x->payload_count, sizeof(*x->payloads),
		      by_hash);
	else {
		free(x->payloads);
		x->payloads = NULL;
	}
}

bool warc_index_make(struct warc_index *x, const char *const *paths,
                     size_t count, warc_index_moved *moved, void *self,
                     struct fault *f)
{
	struct warc_links links = { .block = BUF_INIT(INDEX_CALL),
		                    .url = URL_INIT };
	bool ok;
	size_t i;

	*x = (struct warc_index){ .links = &links };
	ok = paths_add(x, paths, count, f);
	for (i = 0; ok && i < x->file_count; i++) {
		if (moved)
			moved(self, i, x->file_count);
		ok = file_index(x, i, f);
	}
	if (ok && !x->records)
		ok = fault(f, FAULT_INPUT, "warc-none",
		           "'%s' holds no WARC records", x->files[0].path);
	if (ok) {
		runs_make(x);
		index_sort(x);
	}
	x->links = NULL;
	arena_release(&links.arena);
	buf_release(&links.block);
	url_release(&links.url);
	return ok;
}

void warc_index_release(struct warc_index *x)
{
	size_t i;

	for (i = 0; i < x->file_count; i++)
		warc_close(x->files[i].spooled);
	free(x->files);
	free(x->runs);
	free(x->entries);
	free(x->payloads);
	arena_release(&x->arena);
	*x = (struct warc_index){ 0 };
}

void warc_index_find(const struct warc_index *x, uint64_t key, size_t *from,
                     size_t *to)
{
	size_t low = 0, high = x->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (x->entries[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	*from = *to = low;
	while (*to < x->entry_count && x->entries[*to].key == key)
		++*to;
}

const struct warc_payload *warc_index_payload(const struct warc_index *x,
                                              struct slice digest)
{
	uint64_t hash = digest_hash(digest);
	size_t low = 0, high = x->payload_count;

	if (!digest.len)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (x->payloads[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < x->payload_count && x->payloads[low].hash == hash
	               ? &x->payloads[low]
	               : NULL;
}

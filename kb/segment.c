/* Opening a segment and reading its columns and strings. What is not checked
 * at opening is checked page by page at first touch; a bit of `verified` says
 * that a page was. Two threads may check the same page at once, which is only
 * a waste. Format: docs/index-format.md. */

#include "kb/segment.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/codec.h"
#include "kb/list_parts.h"
#include "kb/segment_file.h"

const char segment_magic[8] = { 'o', 'p', 's', 'l', 's', 'e', 'g', 1 };
const char segment_head[17] = "opslore segment\n";

/* Columns have a row for each passage, or one more, or any number. */
static const struct {
	const char *name;
	bool column;
	bool one_more;
} sections[SECTION_COUNT] = {
	[SECTION_POST] = { "passages", true, false },
	[SECTION_PART] = { "passages", true, false },
	[SECTION_KIND] = { "passages", true, false },
	[SECTION_FROM] = { "passages", true, false },
	[SECTION_TO] = { "passages", true, false },
	[SECTION_CHANGED] = { "passages", true, false },
	[SECTION_MODIFIED] = { "passages", true, false },
	[SECTION_SPACE] = { "passages", true, false },
	[SECTION_POST_KIND] = { "passages", true, false },
	[SECTION_LANGUAGE] = { "passages", true, false },
	[SECTION_CLASS] = { "passages", true, false },
	[SECTION_FIRST_TAG] = { "passages", true, true },
	[SECTION_FIRST_SERVICE] = { "passages", true, true },
	[SECTION_LENGTH + FIELD_TITLE] = { "lengths", true, false },
	[SECTION_LENGTH + FIELD_TAGS] = { "lengths", true, false },
	[SECTION_LENGTH + FIELD_HEADING] = { "lengths", true, false },
	[SECTION_LENGTH + FIELD_BODY] = { "lengths", true, false },
	[SECTION_TAGS] = { "passages", false, false },
	[SECTION_SERVICES] = { "passages", false, false },
	[SECTION_STRINGS] = { "strings", false, false },
	[SECTION_DICTIONARY] = { "dictionary", false, false },
	[SECTION_DIRECTORY] = { "dictionary", false, false },
	[SECTION_POSTINGS] = { "postings", false, false },
	[SECTION_NORMS] = { "lengths", false, false },
	[SECTION_CLASSES] = { "lengths", true, false },
	[SECTION_FILTER_PART] = { "filters", false, false },
	[SECTION_FILTER_SPACE] = { "filters", false, false },
	[SECTION_FILTER_KIND] = { "filters", false, false },
	[SECTION_FILTER_LANGUAGE] = { "filters", false, false },
	[SECTION_FILTER_CLASS] = { "filters", false, false },
	[SECTION_FILTER_TAG] = { "filters", false, false },
	[SECTION_FILTER_SERVICE] = { "filters", false, false },
	[SECTION_DAYS] = { "filters", true, false },
};

const char *section_name(enum section kind)
{
	if (kind >= SECTION_OPTIONAL)
		return kind < SECTION_OPTIONAL_END ? "forward" : NULL;
	return sections[kind].name;
}

bool segment_damaged(const struct segment *s, const char *what, struct fault *f)
{
	fault(f, FAULT_INPUT, "index-damaged",
	      "the index is damaged (%s): rebuild it with 'opslore index "
	      "--rebuild'",
	      what);
	return fault_at(f, s->path ? s->path : "segment", 0);
}

static bool page_verify(const struct segment *s, uint64_t page, struct fault *f)
{
	uint64_t from = page * SEGMENT_PAGE, to = from + SEGMENT_PAGE;
	struct slice bytes;

	if (to > s->checks)
		to = s->checks;
	bytes = (struct slice){ (const char *)s->at + from,
		                (size_t)(to - from) };
	if (hash64(bytes) != load64(s->at + s->checks + 8 * page))
		return segment_damaged(s, "checksum", f);
	atomic_fetch_or_explicit(&s->verified[page / 64],
	                         (uint64_t)1 << page % 64,
	                         memory_order_release);
	return true;
}

bool segment_touch(const struct segment *s, uint64_t offset, uint64_t bytes,
                   struct fault *f)
{
	uint64_t page = offset / SEGMENT_PAGE, last;

	if (!bytes || !s->verified)
		return true;
	last = (offset + bytes - 1) / SEGMENT_PAGE;
	for (; page <= last; page++) {
		uint64_t seen = atomic_load_explicit(&s->verified[page / 64],
		                                     memory_order_acquire);

		if (!(seen >> page % 64 & 1) && !page_verify(s, page, f))
			return false;
	}
	return true;
}

/* Takes one line of the foot's table. */
static bool foot_section(struct segment *s, const unsigned char *entry,
                         struct fault *f)
{
	uint32_t kind = load32(entry);
	struct part p = { .width = load32(entry + 4),
		          .offset = load64(entry + 8),
		          .bytes = load64(entry + 16),
		          .base = load64(entry + 24) };

	if (p.offset < SEGMENT_HEAD || p.offset % SEGMENT_ALIGN ||
	    p.offset > s->checks || p.bytes > s->checks - p.offset ||
	    p.width > 8)
		return segment_damaged(s, "section out of bounds", f);
	if (kind >= SECTION_OPTIONAL) {
		if (kind < SECTION_OPTIONAL_END)
			s->optional[kind - SECTION_OPTIONAL] = p;
		return true;
	}
	if (kind >= SECTION_COUNT || !sections[kind].name) {
		fault(f, FAULT_INPUT, "index-future",
		      "the index was written by a newer opslore");
		return fault_at(f, s->path ? s->path : "segment", 0);
	}
	if (s->parts[kind].offset)
		return segment_damaged(s, "section named twice", f);
	s->parts[kind] = p;
	return true;
}

/* Each section is there, and has the bytes that its rows need. */
static bool foot_complete(struct segment *s, struct fault *f)
{
	uint64_t blocks = s->terms / TERMS_BLOCK + !!(s->terms % TERMS_BLOCK);
	uint64_t directory = s->parts[SECTION_DIRECTORY].bytes;
	int i;

	for (i = 0; i < SECTION_COUNT; i++) {
		const struct part *p = &s->parts[i];
		uint64_t rows = (uint64_t)s->count + sections[i].one_more;

		if (!sections[i].name)
			continue;
		if (!p->offset ||
		    (sections[i].column && p->bytes != rows * p->width))
			return segment_damaged(s, "section missing", f);
	}
	if (directory % DIRECTORY_ENTRY ||
	    directory / DIRECTORY_ENTRY != blocks)
		return segment_damaged(s, "directory", f);
	return true;
}

static bool foot_read(struct segment *s, const unsigned char *foot,
                      struct fault *f)
{
	uint32_t i, n = load32(foot + FOOT_SECTIONS);

	s->count = load32(foot + FOOT_COUNT);
	s->checks = load64(foot + FOOT_CHECKS);
	s->terms = load64(foot + FOOT_TERMS);
	s->postings = load64(foot + FOOT_POSTINGS);
	s->ratio = load32(foot + FOOT_RATIO);
	s->codes = foot + FOOT_CODES;
	s->body_only = !memcmp(s->codes, codes_body, sizeof(codes_body));
	s->dense = load64(foot + FOOT_DENSE);
	s->hash = load64(foot + FOOT_HASH);
	s->label = (struct slice){ (const char *)foot + FOOT_LABEL + 1,
		                   foot[FOOT_LABEL] };
	for (i = 0; i < FIELD_COUNT; i++)
		s->sums[i] = load64(foot + FOOT_SUMS + 8 * i);
	if (load64(foot + FOOT_LENGTH) != s->len || s->checks < SEGMENT_HEAD ||
	    s->checks % SEGMENT_ALIGN || s->checks > s->len - SEGMENT_FOOT ||
	    n > SEGMENT_SECTIONS || s->count > LIMIT_PASSAGES ||
	    s->label.len > SEGMENT_LABEL ||
	    (s->len - SEGMENT_FOOT - s->checks) / 8 <
	            (s->checks + SEGMENT_PAGE - 1) / SEGMENT_PAGE)
		return segment_damaged(s, "foot", f);
	for (i = 0; i < n; i++)
		if (!foot_section(s, foot + FOOT_TABLE + 32 * i, f))
			return false;
	return foot_complete(s, f);
}

static bool foot_open(struct segment *s, bool trusted, struct fault *f)
{
	const unsigned char *foot;
	struct slice checks;

	if (s->len < SEGMENT_HEAD + SEGMENT_FOOT)
		return segment_damaged(s, "too short", f);
	foot = s->at + s->len - SEGMENT_FOOT;
	if (memcmp(foot, segment_magic, sizeof(segment_magic)))
		return segment_damaged(s, "not a segment", f);
	if (!trusted &&
	    hash64((struct slice){ (const char *)foot, FOOT_HASH }) !=
	            load64(foot + FOOT_HASH))
		return segment_damaged(s, "checksum of the foot", f);
	if (load32(foot + FOOT_VERSION) < SEGMENT_VERSION) {
		fault(f, FAULT_INPUT, "index-old",
		      "the index is of an older format: run 'opslore index'");
		return fault_at(f, s->path ? s->path : "segment", 0);
	}
	if (load32(foot + FOOT_VERSION) != SEGMENT_VERSION) {
		fault(f, FAULT_INPUT, "index-future",
		      "the index was written by a newer opslore");
		return fault_at(f, s->path ? s->path : "segment", 0);
	}
	if (!foot_read(s, foot, f))
		return false;
	if (trusted)
		return true;
	checks = (struct slice){ (const char *)s->at + s->checks,
		                 (size_t)(s->len - SEGMENT_FOOT - s->checks) };
	if (hash64(checks) != load64(foot + FOOT_CHECKS_HASH))
		return segment_damaged(s, "checksum of the checksums", f);
	s->verified = memory_new(checks.len / 8 / 64 + 1, sizeof(uint64_t));
	s->body->verified = s->verified;
	return true;
}

/* Offsets of the strings ascend and stay inside. */
static bool strings_open(struct segment *s, struct fault *f)
{
	const struct part *p = &s->parts[SECTION_STRINGS];
	const unsigned char *at = s->at + p->offset;
	uint64_t room, i;

	if (!segment_touch(s, p->offset, p->bytes, f))
		return false;
	if (p->bytes < 8)
		return segment_damaged(s, "strings", f);
	s->string_count = load32(at);
	if (s->string_count > (p->bytes - 8) / 4)
		return segment_damaged(s, "strings", f);
	room = p->bytes - 8 - 4 * (uint64_t)s->string_count;
	for (i = 0; i < s->string_count; i++)
		if (load32(at + 4 + 4 * i) > load32(at + 8 + 4 * i))
			return segment_damaged(s, "strings", f);
	if (load32(at + 4 + 4 * i) > room)
		return segment_damaged(s, "strings", f);
	return true;
}

/* What bounds are made of. */
static bool norms_open(struct segment *s, struct fault *f)
{
	const struct part *p = &s->parts[SECTION_NORMS];
	const char *at = (const char *)s->at + p->offset;

	if (!segment_touch(s, p->offset, p->bytes, f))
		return false;
	if (s->parts[SECTION_CLASSES].width != 1 ||
	    s->parts[SECTION_CLASSES].base ||
	    !norms_read(&s->norms, (struct slice){ at, (size_t)p->bytes }))
		return segment_damaged(s, "norms", f);
	return true;
}

static struct segment *segment_new(void)
{
	struct segment *s = memory_new(1, sizeof(*s));

	s->body = memory_new(1, sizeof(*s->body));
	s->body->users = 1;
	return s;
}

bool segment_open_bytes(struct segment **out, struct slice bytes, bool trusted,
                        struct fault *f)
{
	struct segment *s = segment_new();

	s->at = (const unsigned char *)bytes.at;
	s->len = bytes.len;
	if (foot_open(s, trusted, f) && strings_open(s, f) &&
	    norms_open(s, f)) {
		*out = s;
		return true;
	}
	segment_close(s);
	return false;
}

bool segment_open(struct segment **out, const char *path, struct fault *f)
{
	struct segment *s = segment_new();
	struct segment_body *body = s->body;

	s->path = body->path = memory_copy(path, strlen(path));
	if (file_map_open(&body->map, path, f)) {
		s->at = body->map.at;
		s->len = body->map.len;
		if (foot_open(s, false, f) && strings_open(s, f) &&
		    norms_open(s, f)) {
			*out = s;
			return true;
		}
	}
	segment_close(s);
	return false;
}

struct segment *segment_share(const struct segment *s)
{
	struct segment *out = memory_new(1, sizeof(*out));

	*out = *s;
	out->over = (struct overlay){ 0 };
	out->dead_map = out->score_map = NULL;
	atomic_fetch_add_explicit(&s->body->users, 1, memory_order_relaxed);
	return out;
}

struct shared_map *shared_map_use(struct shared_map *m)
{
	if (m)
		atomic_fetch_add_explicit(&m->users, 1, memory_order_relaxed);
	return m;
}

void shared_map_close(struct shared_map *m)
{
	if (!m ||
	    atomic_fetch_sub_explicit(&m->users, 1, memory_order_acq_rel) > 1)
		return;
	file_map_close(&m->file);
	free(m);
}

static void body_close(struct segment_body *b)
{
	if (atomic_fetch_sub_explicit(&b->users, 1, memory_order_acq_rel) > 1)
		return;
	file_map_close(&b->map);
	free((void *)(uintptr_t)b->verified);
	free(b->path);
	free(b);
}

void segment_close(struct segment *s)
{
	if (!s)
		return;
	shared_map_close(s->dead_map);
	shared_map_close(s->score_map);
	body_close(s->body);
	free(s);
}

void segment_cool(const struct segment *s)
{
	const struct file_map *map = &s->body->map;

	/* Only advice: a failure changes nothing but what `top` shows. */
	if (map->at)
		madvise((void *)(uintptr_t)map->at, map->len, MADV_DONTNEED);
}

uint64_t segment_maxima(const struct segment *s)
{
	uint64_t all = s->parts[SECTION_POSTINGS].bytes;
	uint64_t one = dense_parts(0, s->count).bits + DENSE_TABLE;

	return s->dense < all / one ? s->dense * one : 0;
}

uint32_t segment_count(const struct segment *s)
{
	return s->count;
}

uint32_t segment_live_count(const struct segment *s)
{
	return s->count - s->over.dead_count;
}

struct slice segment_label(const struct segment *s)
{
	return s->label;
}

bool segment_live(const struct segment *s, uint32_t doc)
{
	return !s->over.dead || !(s->over.dead[doc / 8] >> doc % 8 & 1);
}

uint64_t segment_length_sum(const struct segment *s, enum field field)
{
	return s->sums[field] - s->over.dead_sums[field];
}

bool column_read(const struct segment *s, enum section kind, uint32_t row,
                 uint64_t *out, struct fault *f)
{
	const struct part *p = &s->parts[kind];

	if (!segment_touch(s, p->offset + (uint64_t)row * p->width, p->width,
	                   f))
		return false;
	*out = column_get(s, kind, row);
	return true;
}

/* A run of numbers in the tags or services. */
static bool entry_run(const struct segment *s, uint32_t doc, enum section first,
                      enum section list, uint32_t *from, uint32_t *count,
                      struct fault *f)
{
	const struct part *p = &s->parts[list];
	uint64_t begin, end, rows = p->width ? p->bytes / p->width : 0;

	if (!column_read(s, first, doc, &begin, f) ||
	    !column_read(s, first, doc + 1, &end, f))
		return false;
	if (begin > end || end > rows || end >= UINT32_MAX)
		return segment_damaged(s, "list out of bounds", f);
	*from = (uint32_t)begin;
	*count = (uint32_t)(end - begin);
	return segment_touch(s, p->offset + begin * p->width,
	                     (end - begin) * p->width, f);
}

bool segment_entry(const struct segment *s, uint32_t doc, struct entry *out,
                   struct fault *f)
{
	uint64_t v[SECTION_LENGTH];
	int i;

	assert(doc < s->count);
	for (i = SECTION_POST; i < SECTION_FIRST_TAG; i++)
		if (!column_read(s, (enum section)i, doc, &v[i], f))
			return false;
	if (v[SECTION_KIND] >= PASSAGE_KINDS || v[SECTION_TO] > UINT32_MAX ||
	    v[SECTION_FROM] > v[SECTION_TO] ||
	    v[SECTION_SPACE] >= s->string_count ||
	    v[SECTION_POST_KIND] >= s->string_count ||
	    v[SECTION_LANGUAGE] >= s->string_count ||
	    v[SECTION_CLASS] >= s->string_count)
		return segment_damaged(s, "passage out of bounds", f);
	*out = (struct entry){
		.post = (int64_t)v[SECTION_POST],
		.part = (int64_t)v[SECTION_PART],
		.kind = (enum passage_kind)v[SECTION_KIND],
		.from = (uint32_t)v[SECTION_FROM],
		.to = (uint32_t)v[SECTION_TO],
		.changed = (int64_t)v[SECTION_CHANGED],
		.modified = CLOCK_NONE,
		.space = (uint32_t)v[SECTION_SPACE],
		.post_kind = (uint32_t)v[SECTION_POST_KIND],
		.language = (uint32_t)v[SECTION_LANGUAGE],
		.class = (uint32_t)v[SECTION_CLASS],
	};
	if (v[SECTION_MODIFIED])
		out->modified = unzigzag(v[SECTION_MODIFIED] - 1);
	return entry_run(s, doc, SECTION_FIRST_TAG, SECTION_TAGS,
	                 &out->first_tag, &out->tag_count, f) &&
	       entry_run(s, doc, SECTION_FIRST_SERVICE, SECTION_SERVICES,
	                 &out->first_service, &out->service_count, f);
}

struct slice segment_string(const struct segment *s, uint32_t number)
{
	const unsigned char *at = s->at + s->parts[SECTION_STRINGS].offset;
	const char *text = (const char *)at + 8 + 4 * (size_t)s->string_count;
	uint32_t from, to;

	if (number >= s->string_count)
		return SLICE("");
	from = load32(at + 4 + 4 * (size_t)number);
	to = load32(at + 8 + 4 * (size_t)number);
	return (struct slice){ text + from, to - from };
}

uint32_t segment_string_number(const struct segment *s, struct slice text)
{
	uint32_t low = 0, high = s->string_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = slice_cmp(segment_string(s, middle), text);

		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UINT32_MAX;
}

static uint32_t list_number(const struct segment *s, enum section list,
                            uint32_t n)
{
	const struct part *p = &s->parts[list];
	uint64_t number;

	if (!p->width || n >= p->bytes / p->width)
		return UINT32_MAX;
	number = column_get(s, list, n);
	return number < s->string_count ? (uint32_t)number : UINT32_MAX;
}

uint32_t segment_tag(const struct segment *s, uint32_t n)
{
	return list_number(s, SECTION_TAGS, n);
}

uint32_t segment_service(const struct segment *s, uint32_t n)
{
	return list_number(s, SECTION_SERVICES, n);
}

bool segment_lengths(const struct segment *s, uint32_t doc,
                     uint32_t out[FIELD_COUNT], struct fault *f)
{
	uint64_t n;
	int i;

	assert(doc < s->count);
	for (i = 0; i < FIELD_COUNT; i++) {
		if (!column_read(s, (enum section)(SECTION_LENGTH + i), doc, &n,
		                 f))
			return false;
		out[i] = (uint32_t)n;
	}
	return true;
}

int64_t segment_score(const struct segment *s, uint32_t doc)
{
	return s->over.scores ? overlay_number(&s->over, s->over.scores, doc)
	                      : 0;
}

bool segment_find(const struct segment *s, int64_t post, int64_t part,
                  uint32_t *doc, struct fault *f)
{
	uint32_t low = 0, high = s->count;
	uint64_t v;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		bool before;

		if (!column_read(s, SECTION_POST, middle, &v, f))
			return false;
		before = (int64_t)v < post;
		if ((int64_t)v == post) {
			if (!column_read(s, SECTION_PART, middle, &v, f))
				return false;
			before = (int64_t)v < part;
		}
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	*doc = low;
	return true;
}

/* Each passage of each list is asked for its value, and their number is that of
 * the values: so no list lacks a passage either. */

#include "kb/filter_verify.h"

#include <string.h>

#include "kb/filter_list.h"

/* The values of one passage in one column: of tags and services several. */
struct values {
	const struct segment *segment;
	enum section column;
	uint32_t single;
	uint32_t first, count;
};

static bool values_of(struct values *v, const struct segment *s,
                      enum section column, uint32_t doc, struct fault *f)
{
	struct entry e;
	uint64_t n;

	*v = (struct values){ .segment = s, .column = column, .count = 1 };
	if (column != SECTION_TAGS && column != SECTION_SERVICES) {
		if (!column_read(s, column, doc, &n, f))
			return false;
		v->single = (uint32_t)n;
		return true;
	}
	if (!segment_entry(s, doc, &e, f))
		return false;
	v->first = column == SECTION_TAGS ? e.first_tag : e.first_service;
	v->count = column == SECTION_TAGS ? e.tag_count : e.service_count;
	return true;
}

static uint32_t value_at(const struct values *v, uint32_t i)
{
	if (v->column == SECTION_TAGS)
		return segment_tag(v->segment, v->first + i);
	if (v->column == SECTION_SERVICES)
		return segment_service(v->segment, v->first + i);
	return v->single;
}

/* Whether one of the first `count` values is `number`. */
static bool values_have(const struct values *v, uint32_t count, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (value_at(v, i) == number)
			return true;
	return false;
}

/* How many different values the passages of the chunk have, added up. */
static bool verify_expected(const struct segment *s, enum section column,
                            uint32_t chunk, uint64_t *out, struct fault *f)
{
	uint32_t size = filter_chunk_size(s->count, chunk), doc, i;
	struct values v;

	*out = 0;
	for (doc = 0; doc < size; doc++) {
		if (!values_of(&v, s, column, chunk * FILTER_CHUNK + doc, f))
			return false;
		for (i = 0; i < v.count; i++)
			*out += !values_have(&v, i, value_at(&v, i));
	}
	return true;
}

/* Whether the passages of a list have its value; *count: how many there are. */
static bool verify_passages(const struct filter_block *b, enum section column,
                            uint32_t chunk, uint32_t place, uint32_t *count,
                            struct fault *f)
{
	uint64_t words[FILTER_WORDS] = { 0 }, left;
	uint32_t number = filter_block_number(b, place), i;
	struct values v;

	if (!filter_block_add(b, place, words, f))
		return false;
	*count = 0;
	for (i = 0; i < FILTER_WORDS; i++)
		for (left = words[i]; left; left &= left - 1, ++*count) {
			uint32_t doc = chunk * FILTER_CHUNK + 64 * i +
			               (uint32_t)__builtin_ctzll(left);

			if (!values_of(&v, b->segment, column, doc, f))
				return false;
			if (!values_have(&v, v.count, number))
				return segment_damaged(b->segment, "filters",
				                       f);
		}
	return true;
}

/* One list: *bytes is where it must begin in its block, and then the next. */
static bool verify_list(const struct filter_block *b, enum section column,
                        uint32_t chunk, uint32_t place, uint64_t *bytes,
                        struct fault *f)
{
	uint32_t count;

	if ((place && filter_block_number(b, place) <=
	                      filter_block_number(b, place - 1)) ||
	    load32(b->at + 4 + 4 * ((uint64_t)b->values + place)) != *bytes)
		return segment_damaged(b->segment, "filters", f);
	*bytes += filter_list_bytes(filter_block_count(b, place), b->size);
	return verify_passages(b, column, chunk, place, &count, f) &&
	       (count == filter_block_count(b, place) ||
	        segment_damaged(b->segment, "filters", f));
}

static bool verify_block(const struct segment *s, enum section column,
                         uint32_t chunk, struct fault *f)
{
	struct filter_block b;
	uint64_t expected, counted = 0, bytes;
	uint32_t i;

	if (!filter_block_open(&b, s, column, chunk, f) ||
	    !verify_expected(s, column, chunk, &expected, f))
		return false;
	bytes = 4 + FILTER_ENTRY * (uint64_t)b.values;
	for (i = 0; i < b.values; i++) {
		if (!verify_list(&b, column, chunk, i, &bytes, f))
			return false;
		counted += filter_block_count(&b, i);
	}
	return (counted == expected && bytes == b.bytes) ||
	       segment_damaged(s, "filters", f);
}

static bool verify_days(const struct segment *s, struct fault *f)
{
	const struct part *p = &s->parts[SECTION_DAYS];
	uint32_t doc;
	uint64_t n;

	if (p->width != 2 || p->base)
		return segment_damaged(s, "days", f);
	for (doc = 0; doc < s->count; doc++) {
		if (!column_read(s, SECTION_MODIFIED, doc, &n, f))
			return false;
		if (column_get(s, SECTION_DAYS, doc) !=
		    filter_day(n ? unzigzag(n - 1) : CLOCK_NONE))
			return segment_damaged(s, "days", f);
	}
	return true;
}

bool filters_verify(const struct segment *s, struct fault *f)
{
	static const enum section columns[] = {
		SECTION_KIND,     SECTION_SPACE, SECTION_POST_KIND,
		SECTION_LANGUAGE, SECTION_CLASS, SECTION_TAGS,
		SECTION_SERVICES
	};
	uint32_t chunk, chunks = filter_chunks(s->count);
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		for (chunk = 0; chunk < chunks; chunk++)
			if (!verify_block(s, columns[i], chunk, f))
				return false;
	return verify_days(s, f);
}

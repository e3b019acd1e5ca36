/* Bytes as a segment file whose checksums are believed, so that the decoders
 * meet whatever it is: walks and looks up everything there is to read. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "kb/dictionary.h"
#include "kb/filter.h"
#include "kb/filter_file.h"
#include "kb/forward.h"
#include "kb/postings.h"
#include "kb/segment_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POSTINGS_MOST = 20000, TERMS_MOST = 200, PASSAGES_MOST = 200 };

static void ignore(void *self, const struct fault *finding)
{
	(void)self;
	(void)finding;
}

static void read_list(const struct segment *s, struct slice term)
{
	struct posting_cursor c;
	struct posting p;
	struct fault f;
	bool found, more = true;
	int n;

	if (!posting_open(&c, s, term, &found, &f) || !found)
		return;
	for (n = 0; more && n < POSTINGS_MOST; n++)
		if (!posting_next(&c, &p, &more, &f))
			return;
}

static void read_terms(const struct segment *s)
{
	struct term_walk w;
	struct fault f;
	bool more;
	int n;

	term_walk_start(&w, s);
	for (n = 0; n < TERMS_MOST; n++) {
		if (!term_walk_next(&w, &more, &f) || !more)
			return;
		read_list(s, w.term);
	}
}

static void read_passages(const struct segment *s)
{
	uint32_t lengths[FIELD_COUNT], doc, i;
	struct entry e;
	struct fault f;

	for (doc = 0; doc < segment_count(s) && doc < PASSAGES_MOST; doc++) {
		if (!segment_entry(s, doc, &e, &f) ||
		    !segment_lengths(s, doc, lengths, &f))
			return;
		for (i = 0; i < e.tag_count && i < 100; i++)
			segment_string(s, segment_tag(s, e.first_tag + i));
		for (i = 0; i < e.service_count && i < 100; i++)
			segment_string(s,
			               segment_service(s, e.first_service + i));
	}
}

static void read_tokens(const struct segment *s)
{
	struct forward_passage p = { .room = 0 };
	struct term_walk w;
	struct fault f;
	uint32_t doc, i, number;

	if (!forward_has(s))
		return;
	if (!forward_number(s, SLICE("nginx"), &number, &f))
		number = FORWARD_NONE;
	for (doc = 0; doc < segment_count(s) && doc < PASSAGES_MOST; doc++) {
		if (!forward_read(s, doc, &p, &f))
			continue;
		for (i = 0; i < p.ends[FIELD_BODY] && i < 100; i++)
			if (!forward_term(&w, s, p.tokens[i].number, &f))
				break;
	}
	forward_release(&p);
}

/* The bitmaps of filters. */
static void read_filters(const struct segment *s)
{
	static const struct search_filter filters[] = {
		{ { "tag", 3 }, { "tag1", 4 } },
		{ { "lang", 4 }, { "en", 2 } },
		{ { "date", 4 }, { "..2020-01-01", 12 } },
		{ { "accepted", 8 }, { "no", 2 } },
	};
	uint64_t *allowed = memory_new(((size_t)segment_count(s) + 63) / 64, 8);
	struct arena a = ARENA_INIT;
	const struct filter_set *set;
	struct fault f;
	size_t i;

	for (i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (filter_read(&filters[i], 1, &a, &set, &f) &&
		    filter_segment(set, s, allowed, &f))
			filter_count(allowed, segment_count(s));
	free(allowed);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = { (const char *)data, size };
	struct segment *s;
	struct fault f;
	uint32_t doc;

	if (!segment_open_bytes(&s, bytes, true, &f))
		return 0;
	read_terms(s);
	read_passages(s);
	read_tokens(s);
	if (segment_count(s) < 10 * FILTER_CHUNK)
		read_filters(s);
	read_list(s, SLICE("nginx"));
	segment_string_number(s, SLICE("linux"));
	if (segment_find(s, 5, 0, &doc, &f) && size < 65536 &&
	    segment_count(s) < 10000)
		segment_verify(s, ignore, NULL);
	segment_close(s);
	return 0;
}

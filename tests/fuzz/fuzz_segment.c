/* Bytes as a segment file whose checksums are believed, so that the decoders
 * meet whatever it is: walks and looks up everything there is to read. */

#include <stddef.h>
#include <stdint.h>

#include "kb/dictionary.h"
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
	read_list(s, SLICE("nginx"));
	segment_string_number(s, SLICE("linux"));
	if (segment_find(s, 5, 0, &doc, &f) && size < 65536 &&
	    segment_count(s) < 10000)
		segment_verify(s, ignore, NULL);
	segment_close(s);
	return 0;
}

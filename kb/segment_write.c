/* One pass over the file: postings as they come, the dictionary and its
 * directory kept aside meanwhile, then the columns. Page hashes are made as
 * bytes go by, so that nothing is read back. */

#include "kb/segment_write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "kb/dictionary.h"

static void page_end(struct segment_writer *w)
{
	put64(&w->checks, hash64(buf_slice(&w->page)));
	buf_reset(&w->page);
}

static void write_bytes(struct segment_writer *w, struct slice s)
{
	file_add(&w->file, s);
	w->at += s.len;
	while (s.len) {
		size_t n = SEGMENT_PAGE - w->page.len;

		if (n > s.len)
			n = s.len;
		buf_add(&w->page, slice_cut(s, 0, n));
		s = slice_cut(s, n, s.len);
		if (w->page.len == SEGMENT_PAGE)
			page_end(w);
	}
}

static void write_run(void *self, struct slice run)
{
	write_bytes(self, run);
}

static void write_align(struct segment_writer *w)
{
	static const char zeros[SEGMENT_ALIGN];

	if (w->at % SEGMENT_ALIGN)
		write_bytes(w, (struct slice){ zeros,
		                               SEGMENT_ALIGN -
		                                       w->at % SEGMENT_ALIGN });
}

/* Begins a section; its bytes are counted by section_end(). */
static void section_start(struct segment_writer *w, enum section kind,
                          uint32_t width, uint64_t base)
{
	assert(w->sections < SEGMENT_SECTIONS);
	write_align(w);
	w->table[w->sections].kind = kind;
	w->table[w->sections].width = width;
	w->table[w->sections].base = base;
	w->table[w->sections].offset = w->at;
}

static void section_end(struct segment_writer *w)
{
	w->table[w->sections].bytes = w->at - w->table[w->sections].offset;
	w->sections++;
}

bool segment_write_start(struct segment_writer *w, const char *path,
                         struct slice label, uint32_t count, struct fault *f)
{
	char head[SEGMENT_HEAD] = { 0 };

	memset(w, 0, sizeof(*w));
	w->file.fd = -1;
	w->label = label;
	w->count = count;
	if (label.len > SEGMENT_LABEL)
		return fault(f, FAULT_LIMIT, "limit-label",
		             "an access label is over %d bytes long",
		             SEGMENT_LABEL);
	if (!file_start(&w->file, path, f))
		return false;
	w->page = BUF_INIT(SEGMENT_PAGE);
	w->checks = BUF_INIT(SIZE_MAX / 2);
	scratch_init(&w->dictionary, w->file.path);
	scratch_init(&w->directory, w->file.path);
	filter_writer_init(&w->filters, count, w->file.path);
	memcpy(head, segment_head, sizeof(segment_head));
	write_bytes(w, (struct slice){ head, sizeof(head) });
	return true;
}

/* Gives every passage its class; m has counted them. */
static bool write_classes(struct segment_writer *w, struct norm_maker *m,
                          norm_fn *fn, void *self, struct fault *f)
{
	uint32_t lengths[FIELD_COUNT], i;
	enum passage_kind kind;

	norm_divide(m);
	w->classes = memory_new((size_t)w->count + 1, 1);
	for (i = 0; i < w->count; i++) {
		if (!fn(self, i, &kind, lengths, f))
			return false;
		w->classes[i] = (unsigned char)norm_class_of(m, kind, lengths);
	}
	section_start(w, SECTION_CLASSES, 1, 0);
	write_bytes(w, (struct slice){ (char *)w->classes, w->count });
	section_end(w);
	w->norms = m->norms;
	w->body_only = true;
	for (i = 0; i < PASSAGE_KINDS; i++)
		if (m->sums[FIELD_TITLE][i] || m->sums[FIELD_TAGS][i] ||
		    m->sums[FIELD_HEADING][i])
			w->body_only = false;
	return true;
}

static bool count_lengths(const struct segment_writer *w, struct norm_maker *m,
                          norm_fn *fn, void *self, struct fault *f)
{
	uint32_t lengths[FIELD_COUNT], i;
	enum passage_kind kind;

	for (i = 0; i < w->count; i++) {
		if (!fn(self, i, &kind, lengths, f))
			return false;
		norm_count(m, kind, lengths);
	}
	return true;
}

static const unsigned char *writer_codes(const struct segment_writer *w)
{
	return w->body_only ? codes_body[0] : codes_default[0];
}

bool segment_write_norms(struct segment_writer *w,
                         const struct index_weights *weights, norm_fn *fn,
                         void *self, struct fault *f)
{
	struct norm_maker *m = memory_new(1, sizeof(*m));
	struct buf table = BUF_INIT(NORM_BYTES);
	bool done;

	norm_start(m, weights);
	done = count_lengths(w, m, fn, self, f) &&
	       write_classes(w, m, fn, self, f);
	free(m);
	if (!done)
		return false;
	norms_write(&w->norms, &table);
	section_start(w, SECTION_NORMS, 0, 0);
	write_bytes(w, buf_slice(&table));
	section_end(w);
	buf_release(&table);
	maxima_init(&w->maxima, &w->norms, w->classes, writer_codes(w));
	list_writer_init(&w->list, w->body_only, &w->maxima);
	section_start(w, SECTION_POSTINGS, 0, 0);
	return true;
}

static void writer_release(struct segment_writer *w)
{
	buf_release(&w->page);
	buf_release(&w->checks);
	scratch_release(&w->dictionary);
	scratch_release(&w->directory);
	filter_writer_release(&w->filters);
	list_writer_release(&w->list);
	maxima_release(&w->maxima);
	free(w->classes);
	w->classes = NULL;
}

void segment_write_drop(struct segment_writer *w)
{
	file_drop(&w->file);
	writer_release(w);
}

static void write_directory(struct segment_writer *w, struct slice term)
{
	unsigned char entry[DIRECTORY_ENTRY];

	store64(entry, term_key(term));
	store64(entry + 8, w->dictionary.len);
	store64(entry + 16, w->list_at);
	scratch_add(&w->directory,
	            (struct slice){ (char *)entry, sizeof(entry) });
}

void segment_write_term(struct segment_writer *w, struct slice term,
                        uint32_t df)
{
	size_t shared = 0;

	assert(w->classes && !w->left && df && term.len &&
	       term.len <= TOKEN_MAX);
	if (w->terms % TERMS_BLOCK == 0)
		write_directory(w, term);
	else
		while (shared < w->term_len && shared < term.len &&
		       w->term[shared] == term.at[shared])
			shared++;
	assert(shared < term.len);
	memcpy(w->term, term.at, term.len);
	w->term_len = term.len;
	w->shared = shared;
	w->df = w->left = df;
	w->terms++;
	list_start(&w->list, df, w->count);
}

/* The list and the term's entry, once all postings are there. */
static void write_term_end(struct segment_writer *w)
{
	unsigned char head[2 + TOKEN_MAX + 2 * VARINT_MAX];
	size_t more = w->term_len - w->shared, len = 2 + more;
	struct slice first, second;
	uint64_t from = w->at;

	head[0] = (unsigned char)w->shared;
	head[1] = (unsigned char)more;
	memcpy(head + 2, w->term + w->shared, more);
	len += varint_put(head + len, w->df);
	list_end(&w->list, &first, &second);
	if (w->list.class != LIST_SINGLE) {
		if (w->list.class == LIST_DENSE) {
			write_align(w);
			w->dense++;
		}
		write_bytes(w, first);
		write_bytes(w, second);
		w->list_at += w->at - from;
		len += varint_put(head + len, w->at - from);
		first.len = 0;
	}
	scratch_add(&w->dictionary, (struct slice){ (char *)head, len });
	scratch_add(&w->dictionary, first);
}

void segment_write_posting(struct segment_writer *w, uint32_t doc,
                           const struct tuple *t)
{
	assert(w->left);
	list_add(&w->list, doc, t);
	w->postings++;
	if (!--w->left)
		write_term_end(w);
}

/* Ends the postings with the first section that follows them. */
static bool write_terms(struct segment_writer *w, struct fault *f)
{
	if (w->terms_done)
		return true;
	assert(!w->left);
	w->terms_done = true;
	section_end(w);
	section_start(w, SECTION_DICTIONARY, 0, 0);
	if (!scratch_each(&w->dictionary, write_run, w, f))
		return false;
	section_end(w);
	section_start(w, SECTION_DIRECTORY, 0, 0);
	if (!scratch_each(&w->directory, write_run, w, f))
		return false;
	section_end(w);
	return true;
}

bool segment_write_section(struct segment_writer *w, enum section kind,
                           struct fault *f)
{
	if (!write_terms(w, f))
		return false;
	section_start(w, kind, 0, 0);
	return true;
}

void segment_write_bytes(struct segment_writer *w, struct slice bytes)
{
	write_bytes(w, bytes);
}

void segment_write_section_end(struct segment_writer *w)
{
	section_end(w);
}

/* Bytes that hold the largest distance from the base. */
static uint32_t width_of(uint64_t span, enum section kind)
{
	uint32_t width = kind == SECTION_TAGS || kind == SECTION_SERVICES;

	while (width < 8 && span >> 8 * width)
		width++;
	return width;
}

static bool column_span(uint32_t rows, column_fn *fn, void *self, int64_t *low,
                        int64_t *high, uint64_t *sum, struct fault *f)
{
	uint64_t n;
	uint32_t i;

	*low = *high = 0;
	*sum = 0;
	for (i = 0; i < rows; i++) {
		if (!fn(self, i, &n, f))
			return false;
		if (!i || (int64_t)n < *low)
			*low = (int64_t)n;
		if (!i || (int64_t)n > *high)
			*high = (int64_t)n;
		*sum += n;
	}
	return true;
}

/* What the filters keep of the column just written. */
static bool write_filter(struct segment_writer *w, enum section kind,
                         struct fault *f)
{
	enum section made = filter_write_end(&w->filters, kind);

	if (!made)
		return true;
	section_start(w, made, made == SECTION_DAYS ? 2 : 0, 0);
	if (!scratch_each(&w->filters.out, write_run, w, f))
		return false;
	section_end(w);
	return true;
}

bool segment_write_column(struct segment_writer *w, enum section kind,
                          uint32_t rows, column_fn *fn, void *self,
                          struct fault *f)
{
	unsigned char bytes[8];
	int64_t low, high;
	uint64_t n, sum;
	uint32_t width, i;

	if (!write_terms(w, f) ||
	    !column_span(rows, fn, self, &low, &high, &sum, f))
		return false;
	if (kind >= SECTION_LENGTH && kind < SECTION_LENGTH + FIELD_COUNT)
		w->sums[kind - SECTION_LENGTH] = sum;
	width = width_of((uint64_t)high - (uint64_t)low, kind);
	section_start(w, kind, width, (uint64_t)low);
	filter_write_start(&w->filters);
	for (i = 0; i < rows; i++) {
		if (!fn(self, i, &n, f))
			return false;
		filter_write_row(&w->filters, kind, i, n);
		store64(bytes, n - (uint64_t)low);
		write_bytes(w, (struct slice){ (char *)bytes, width });
	}
	section_end(w);
	return write_filter(w, kind, f);
}

static void write_number(struct segment_writer *w, uint32_t n)
{
	unsigned char bytes[4];

	store32(bytes, n);
	write_bytes(w, (struct slice){ (char *)bytes, sizeof(bytes) });
}

void segment_write_strings(struct segment_writer *w, const struct slice *at,
                           uint32_t n)
{
	uint32_t i, offset = 0;

	section_start(w, SECTION_STRINGS, 0, 0);
	write_number(w, n);
	write_number(w, 0);
	for (i = 0; i < n; i++) {
		offset += (uint32_t)at[i].len;
		write_number(w, offset);
	}
	for (i = 0; i < n; i++)
		write_bytes(w, at[i]);
	section_end(w);
}

static void foot_fill(const struct segment_writer *w, unsigned char *foot,
                      uint64_t checks, uint64_t length)
{
	uint32_t i;

	memcpy(foot, segment_magic, sizeof(segment_magic));
	store32(foot + FOOT_VERSION, SEGMENT_VERSION);
	store32(foot + FOOT_COUNT, w->count);
	store64(foot + FOOT_LENGTH, length);
	store64(foot + FOOT_CHECKS, checks);
	store64(foot + FOOT_CHECKS_HASH, hash64(buf_slice(&w->checks)));
	store64(foot + FOOT_TERMS, w->terms);
	store64(foot + FOOT_POSTINGS, w->postings);
	for (i = 0; i < FIELD_COUNT; i++)
		store64(foot + FOOT_SUMS + 8 * i, w->sums[i]);
	store32(foot + FOOT_RATIO, DENSE_RATIO);
	store32(foot + FOOT_SECTIONS, w->sections);
	store64(foot + FOOT_DENSE, w->dense);
	memcpy(foot + FOOT_CODES, writer_codes(w), sizeof(codes_default));
	foot[FOOT_LABEL] = (unsigned char)w->label.len;
	if (w->label.len)
		memcpy(foot + FOOT_LABEL + 1, w->label.at, w->label.len);
	for (i = 0; i < w->sections; i++) {
		unsigned char *entry = foot + FOOT_TABLE + 32 * i;

		store32(entry, w->table[i].kind);
		store32(entry + 4, w->table[i].width);
		store64(entry + 8, w->table[i].offset);
		store64(entry + 16, w->table[i].bytes);
		store64(entry + 24, w->table[i].base);
	}
	store64(foot + FOOT_HASH,
	        hash64((struct slice){ (char *)foot, FOOT_HASH }));
}

bool segment_write_end(struct segment_writer *w, struct written *out,
                       struct fault *f)
{
	unsigned char foot[SEGMENT_FOOT] = { 0 };
	uint64_t checks;
	bool ok;

	write_align(w);
	checks = w->at;
	if (w->page.len)
		page_end(w);
	while (w->checks.len % SEGMENT_ALIGN)
		put64(&w->checks, 0);
	file_add(&w->file, buf_slice(&w->checks));
	out->bytes = checks + w->checks.len + SEGMENT_FOOT;
	foot_fill(w, foot, checks, out->bytes);
	out->hash = load64(foot + FOOT_HASH);
	file_add(&w->file, (struct slice){ (char *)foot, sizeof(foot) });
	w->file.unsynced = out->unsynced;
	ok = file_place(&w->file, f);
	writer_release(w);
	return ok;
}

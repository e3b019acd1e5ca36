/*
 * What is not UTF-8 is converted in pieces that end where a line does, since a
 * line end is the same in all encodings but UTF-16, where it is two bytes.
 */

#include "crawler/cases/import_input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text/charset.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum { INPUT_CHUNK = 64 << 10, INPUT_LOOK = 1 << 20 };

static bool read_chunk(struct import_input *in, struct fault *f)
{
	char *to = buf_extend(&in->raw, INPUT_CHUNK);
	ssize_t n;

	if (!to) {
		fault(f, FAULT_LIMIT, "limit-row",
		      "a line is larger than 64 MB; the rest of the file was "
		      "not read");
		return fault_at(f, in->name, 0);
	}
	do
		n = read(in->fd, to, INPUT_CHUNK);
	while (n < 0 && errno == EINTR);
	buf_cut(&in->raw, in->raw.len - INPUT_CHUNK + (n > 0 ? (size_t)n : 0));
	if (n < 0)
		return fault_errno(f, in->name, "read");
	in->end = n == 0;
	in->bytes += n;
	return cancel_check(f);
}

static bool is_wide(const struct import_input *in)
{
	return in->encoding && !strncmp(in->encoding, "UTF-16", 6);
}

/* Behind the last line end of `s`; 0: there is none. */
static size_t last_line(const struct import_input *in, struct slice s)
{
	size_t step = is_wide(in) ? 2 : 1, at = s.len - s.len % step;
	struct slice mark = SLICE("\n");

	if (is_wide(in))
		mark = strcmp(in->encoding, "UTF-16LE") ? SLICE("\0\n")
		                                        : SLICE("\n\0");
	for (; at >= step; at -= step)
		if (!memcmp(s.at + at - step, mark.at, step))
			return at;
	return 0;
}

/* What it is. A piece is looked at without its last line, which is cut. */
static void find_encoding(struct import_input *in, const char *told)
{
	struct slice look = buf_slice(&in->raw);
	struct charset_found found;
	size_t line = last_line(in, look);

	if (!in->end && line)
		look = slice_cut(look, 0, line);
	charset_find(look, SLICE(""), CHARSET_TEXT, &found);
	in->encoding = found.name;
	in->guessed = strcmp(found.from, "bom") && strcmp(found.name, "UTF-8");
	if (told && strcmp(found.from, "bom"))
		in->encoding = told;
	if (!strcmp(in->encoding, "UTF-8"))
		in->encoding = NULL;
}

bool import_input_open(struct import_input *in, int fd, const char *name,
                       const char *encoding, struct fault *f)
{
	*in = (struct import_input){
		.fd = fd,
		.name = name,
		.raw = BUF_INIT((size_t)LIMIT_ROW + INPUT_CHUNK),
		.text = BUF_INIT(4 * (size_t)LIMIT_ROW),
	};
	while (!in->end && in->raw.len < INPUT_LOOK)
		if (!read_chunk(in, f))
			return false;
	find_encoding(in, encoding);
	if (slice_starts(buf_slice(&in->raw), SLICE("\xEF\xBB\xBF")))
		in->given = 3;
	return true;
}

void import_input_release(struct import_input *in)
{
	buf_release(&in->raw);
	buf_release(&in->text);
}

static void drop_given(struct import_input *in)
{
	struct buf *raw = &in->raw;

	if (in->given)
		memmove(raw->at, raw->at + in->given, raw->len - in->given);
	buf_cut(raw, raw->len - in->given);
	in->given = 0;
}

/* All lines of `raw` that are whole; at the end, all of it. */
static bool convert(struct import_input *in, struct slice *bytes,
                    struct fault *f)
{
	struct slice whole;
	size_t line;

	while (!(line = last_line(in, buf_slice(&in->raw))) && !in->end)
		if (!read_chunk(in, f))
			return false;
	in->given = in->end ? in->raw.len : line;
	whole = slice_cut(buf_slice(&in->raw), 0, in->given);
	buf_reset(&in->text);
	if (!charset_decode_as(in->encoding, whole, &in->text, &in->replaced,
	                       f))
		return fault_at(f, in->name, 0);
	*bytes = buf_slice(&in->text);
	return true;
}

bool import_input_next(void *self, struct slice *bytes, struct fault *f)
{
	struct import_input *in = self;

	*bytes = in->ahead;
	in->ahead = (struct slice){ 0 };
	if (bytes->len)
		return true;
	drop_given(in);
	if (!in->raw.len && !in->end && !read_chunk(in, f))
		return false;
	if (!in->raw.len)
		return true;
	if (in->encoding)
		return convert(in, bytes, f);
	*bytes = buf_slice(&in->raw);
	in->given = in->raw.len;
	return true;
}

/* Of UTF-8 by seeking, of another encoding by reading. */
bool import_input_skip(struct import_input *in, int64_t offset, struct fault *f)
{
	struct slice bytes = { 0 };
	int64_t at = 0;

	if (!in->encoding) {
		if (lseek(in->fd, (off_t)(offset + (int64_t)in->given),
		          SEEK_SET) < 0)
			return fault_errno(f, in->name, "read");
		buf_reset(&in->raw);
		in->given = 0;
		in->end = false;
		return true;
	}
	while (at + (int64_t)bytes.len <= offset) {
		at += (int64_t)bytes.len;
		if (!import_input_next(in, &bytes, f))
			return false;
		if (!bytes.len)
			return true;
	}
	in->ahead = slice_cut(bytes, (size_t)(offset - at), bytes.len);
	return true;
}

bool import_input_all(int fd, const char *name, const char *encoding,
                      const char *beside, struct buf *out, bool *replaced,
                      struct fault *f)
{
	struct buf all = BUF_INIT(LIMIT_TEXT);
	struct import_input in;
	struct slice bytes;
	bool ok = import_input_open(&in, fd, name, encoding, f);

	if (ok && !encoding && beside && in.guessed)
		in.encoding = beside;
	while (ok && (ok = import_input_next(&in, &bytes, f)) && bytes.len)
		buf_add(&all, bytes);
	if (ok && buf_full(&all)) {
		fault(f, FAULT_LIMIT, "limit-text",
		      "the text is larger than 16 MB");
		ok = fault_at(f, name, 0);
	}
	if (ok) {
		*replaced =
		        in.replaced || utf8_valid(buf_slice(&all)) < all.len;
		unicode_clean(buf_slice(&all), out);
	}
	import_input_release(&in);
	buf_release(&all);
	return ok;
}

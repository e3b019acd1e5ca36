/*
 * Bytes come through a window: read from the file as they are, or unpacked
 * member by member. A record's place is noted where the window is empty as a
 * member begins; a record that begins elsewhere has none. Where a member is
 * damaged there is a gap: what stands before it ends there, and reading goes on
 * with the next bytes that look like a member.
 */

#include "crawler/warc_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/memory.h"

enum {
	READ_RAW = 64 << 10,
	READ_WINDOW = LIMIT_WARC_HEADERS + (64 << 10),
	READ_MAGIC = 3, /* bytes that a gzip member begins with */
	READ_WORD = 5,  /* "WARC/" */
};

struct warc_reader {
	int fd;
	char *path;
	bool packed, ended, gap;
	struct gzip_stream z;
	bool inside; /* a member */
	bool fresh;  /* window[from] is the first byte of the member */
	int64_t member;
	char *raw, *window;
	struct slice in; /* of raw, not unpacked yet */
	int64_t raw_at;  /* in the file: behind what is unpacked or taken */
	size_t from, to;
	struct buf head;
	int64_t left; /* of the block */
	struct warc_damage damage;
};

static void damaged_at(struct warc_reader *r, int64_t at, const char *what)
{
	struct warc_damage *d = &r->damage;

	/* What a cut end leaves open is one damage. */
	if (d->places && r->ended)
		return;
	if (d->places++)
		return;
	d->first = at;
	snprintf(d->what, sizeof(d->what), "%s", what);
}

/* About what stands at the window's start. */
static void damaged(struct warc_reader *r, const char *what)
{
	damaged_at(r,
	           r->packed ? r->member
	                     : r->raw_at - (int64_t)(r->to - r->from),
	           what);
}

const struct warc_damage *warc_damage(const struct warc_reader *r)
{
	return &r->damage;
}

static bool read_some(struct warc_reader *r, char *to, size_t room, size_t *len,
                      struct fault *f)
{
	ssize_t n;

	do
		n = read(r->fd, to, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_errno(f, r->path, "read");
	*len = (size_t)n;
	return true;
}

/* More packed bytes behind those that are left. */
static bool raw_fill(struct warc_reader *r, bool *some, struct fault *f)
{
	size_t len = 0;

	if (r->in.len)
		memmove(r->raw, r->in.at, r->in.len);
	r->in.at = r->raw;
	if (!read_some(r, r->raw + r->in.len, READ_RAW - r->in.len, &len, f))
		return false;
	r->in.len += len;
	*some = len > 0;
	return true;
}

static void raw_take(struct warc_reader *r, size_t len)
{
	r->in = slice_cut(r->in, len, r->in.len);
	r->raw_at += (int64_t)len;
}

/* To the next bytes that begin as a member; *found false: there are none. */
static bool member_find(struct warc_reader *r, bool *found, struct fault *f)
{
	bool some = true, said = false;

	*found = false;
	for (;;) {
		size_t at;

		while (r->in.len < READ_MAGIC && some)
			if (!raw_fill(r, &some, f))
				return false;
		if (r->in.len < READ_MAGIC)
			break;
		if (gzip_is(r->in)) {
			*found = true;
			return true;
		}
		if (!said)
			damaged_at(r, r->raw_at, "no gzip member begins here");
		said = true;
		at = slice_find(slice_cut(r->in, 1, r->in.len), '\x1f');
		raw_take(r, at + 1);
	}
	if (r->in.len && !said)
		damaged_at(r, r->raw_at,
		           "it ends with bytes that are no gzip member");
	r->ended = true;
	return true;
}

static bool member_start(struct warc_reader *r, struct fault *f)
{
	bool found;

	if (!member_find(r, &found, f))
		return false;
	if (!found)
		return true;
	r->member = r->raw_at;
	r->fresh = r->from == r->to;
	r->inside = true;
	gzip_stream_start(&r->z);
	return true;
}

/* One piece out of the member at hand. */
static bool member_read(struct warc_reader *r, size_t *made, struct fault *f)
{
	size_t before;
	enum gzip_word word;
	bool some;

	if (!r->in.len) {
		if (!raw_fill(r, &some, f))
			return false;
		if (!some) {
			damaged(r, "it ends within a gzip member");
			r->inside = false;
			r->ended = true;
			*made = 0;
			return true;
		}
	}
	before = r->in.len;
	word = gzip_stream_read(&r->z, &r->in, r->window + r->to,
	                        READ_WINDOW - r->to, made);
	r->raw_at += (int64_t)(before - r->in.len);
	r->to += *made;
	if (word == GZIP_MORE)
		return true;
	if (word == GZIP_DAMAGED) {
		damaged(r, "a gzip member is damaged");
		r->gap = true;
		if (before == r->in.len)
			raw_take(r, 1);
	}
	r->inside = false;
	return true;
}

static bool fill_packed(struct warc_reader *r, size_t *made, struct fault *f)
{
	*made = 0;
	while (!*made && !r->ended && !r->gap) {
		if (!r->inside && !member_start(r, f))
			return false;
		if (r->inside && !member_read(r, made, f))
			return false;
	}
	return true;
}

/* More bytes into the window; *some false: none are left, it is full, or a gap
 * is next. */
static bool fill(struct warc_reader *r, bool *some, struct fault *f)
{
	size_t made = 0;

	if (r->from) {
		memmove(r->window, r->window + r->from, r->to - r->from);
		r->to -= r->from;
		r->from = 0;
	}
	*some = false;
	if (r->ended || r->gap || r->to == READ_WINDOW)
		return true;
	if (r->packed) {
		if (!fill_packed(r, &made, f))
			return false;
	} else {
		if (!read_some(r, r->window + r->to, READ_WINDOW - r->to, &made,
		               f))
			return false;
		r->to += made;
		r->raw_at += (int64_t)made;
		r->ended = !made;
	}
	*some = made > 0;
	return true;
}

static void take(struct warc_reader *r, size_t len)
{
	r->from += len;
	if (len)
		r->fresh = false;
}

static struct slice window(const struct warc_reader *r)
{
	return (struct slice){ r->window + r->from, r->to - r->from };
}

/* At least `len` bytes in the window, or as many as there are. */
static bool need(struct warc_reader *r, size_t len, struct fault *f)
{
	bool some = true;

	while (r->to - r->from < len && some)
		if (!fill(r, &some, f))
			return false;
	return true;
}

bool warc_seek(struct warc_reader *r, int64_t offset, struct fault *f)
{
	if (lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
		return fault_errno(f, r->path, "seek in");
	r->raw_at = offset;
	r->in = (struct slice){ r->raw, 0 };
	r->from = r->to = 0;
	r->left = 0;
	r->inside = r->ended = r->gap = r->fresh = false;
	return true;
}

bool warc_open(struct warc_reader **out, const char *path, struct fault *f)
{
	struct warc_reader *r;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool some;

	if (fd < 0)
		return fault_errno(f, path, "open");
	r = memory_new(1, sizeof(*r));
	r->fd = fd;
	r->path = memory_copy(path, strlen(path));
	r->raw = memory_resize(NULL, READ_RAW, 1);
	r->window = memory_resize(NULL, READ_WINDOW, 1);
	r->head = BUF_INIT(LIMIT_WARC_HEADERS);
	r->in.at = r->raw;
	r->damage.first = -1;
	if (raw_fill(r, &some, f)) {
		r->packed = gzip_is(r->in);
		if (warc_seek(r, 0, f)) {
			*out = r;
			return true;
		}
	}
	warc_close(r);
	return false;
}

void warc_close(struct warc_reader *r)
{
	if (!r)
		return;
	close(r->fd);
	gzip_stream_release(&r->z);
	buf_release(&r->head);
	free(r->path);
	free(r->raw);
	free(r->window);
	free(r);
}

bool warc_block(struct warc_reader *r, size_t most, struct buf *out,
                struct fault *f)
{
	bool some = true;

	while (most && r->left && some) {
		struct slice have = window(r);

		if (!have.len) {
			if (!fill(r, &some, f))
				return false;
			continue;
		}
		if (have.len > most)
			have.len = most;
		if ((int64_t)have.len > r->left)
			have.len = (size_t)r->left;
		if (out)
			buf_add(out, have);
		take(r, have.len);
		r->left -= (int64_t)have.len;
		most -= have.len;
	}
	return true;
}

bool warc_skip(struct warc_reader *r, bool *whole, struct fault *f)
{
	if (!warc_block(r, SIZE_MAX, NULL, f))
		return false;
	*whole = !r->left;
	if (r->left)
		damaged(r, "a record is cut");
	r->left = 0;
	return true;
}

/* To the next line that begins as a record does, which stays; *found. */
static bool record_find(struct warc_reader *r, bool *found, struct fault *f)
{
	bool said = false;

	for (;;) {
		struct slice have;

		/* What stands before it has been read. */
		if (r->gap && r->from == r->to)
			r->gap = false;
		if (!need(r, READ_WORD, f))
			return false;
		have = window(r);
		if (!have.len && r->gap)
			continue;
		*found = slice_starts(have, SLICE("WARC/"));
		if (*found || !have.len)
			return true;
		if (have.at[0] == '\n' || have.at[0] == '\r') {
			take(r, 1);
			continue;
		}
		if (!said)
			damaged(r, "what stands here is no record");
		said = true;
		take(r, slice_find(have, '\n') + 1 <= have.len
		                ? slice_find(have, '\n') + 1
		                : have.len);
	}
}

/* The line at the window's start without its end, taken with it; *whole false:
 * it does not end, or not soon enough, and what there is of it is taken. */
static bool line_take(struct warc_reader *r, struct slice *out, bool *whole,
                      struct fault *f)
{
	bool some = true;
	size_t end;

	while ((end = slice_find(window(r), '\n')) == window(r).len && some)
		if (!fill(r, &some, f))
			return false;
	*whole = end < window(r).len;
	*out = slice_cut(window(r), 0, end);
	take(r, *whole ? end + 1 : end);
	if (!*whole)
		return true;
	if (out->len && out->at[out->len - 1] == '\r')
		out->len--;
	return true;
}

/* The headers into r->head, "name: value" a line, unfolded. */
static bool head_read(struct warc_reader *r, bool *whole, struct fault *f)
{
	struct slice line;

	buf_reset(&r->head);
	for (;;) {
		if (!line_take(r, &line, whole, f))
			return false;
		if (!*whole || !line.len)
			return true;
		if (r->head.len && (line.at[0] == ' ' || line.at[0] == '\t')) {
			buf_cut(&r->head, r->head.len - 1);
			buf_byte(&r->head, ' ');
			line = slice_trim(line);
		}
		buf_add(&r->head, line);
		buf_byte(&r->head, '\n');
		if (buf_full(&r->head)) {
			*whole = false;
			return true;
		}
	}
}

static bool same_word(struct slice s, const char *word)
{
	return s.len == strlen(word) && !strncasecmp(s.at, word, s.len);
}

static enum warc_type type_of(struct slice s)
{
	static const char *const words[] = {
		[WARC_OTHER] = "",
		[WARC_INFO] = "warcinfo",
		[WARC_REQUEST] = "request",
		[WARC_RESPONSE] = "response",
		[WARC_REVISIT] = "revisit",
		[WARC_RESOURCE] = "resource",
		[WARC_CONVERSION] = "conversion",
	};
	int i;

	for (i = WARC_INFO; i <= WARC_CONVERSION; i++)
		if (same_word(s, words[i]))
			return (enum warc_type)i;
	return WARC_OTHER;
}

/* Some writers put addresses in angle brackets, as ids are. */
static struct slice bare(struct slice s)
{
	if (s.len > 1 && s.at[0] == '<' && s.at[s.len - 1] == '>')
		return slice_cut(s, 1, s.len - 1);
	return s;
}

static void head_field(struct warc_record *out, struct slice name,
                       struct slice value)
{
	static const struct {
		const char *name;
		size_t at;
	} table[] = {
		{ "WARC-Target-URI", offsetof(struct warc_record, uri) },
		{ "WARC-Record-ID", offsetof(struct warc_record, id) },
		{ "WARC-Concurrent-To",
		  offsetof(struct warc_record, concurrent) },
		{ "WARC-Payload-Digest", offsetof(struct warc_record, digest) },
		{ "WARC-Refers-To-Target-URI",
		  offsetof(struct warc_record, refers_uri) },
		{ "WARC-Refers-To-Date",
		  offsetof(struct warc_record, refers_date) },
		{ "WARC-Profile", offsetof(struct warc_record, profile) },
		{ "Content-Type", offsetof(struct warc_record, content_type) },
	};
	size_t i;

	if (same_word(name, "WARC-Type"))
		out->type = type_of(value);
	else if (same_word(name, "WARC-Date") && !clock_read(value, &out->date))
		out->date = CLOCK_NONE;
	else if (same_word(name, "Content-Length") &&
	         (!slice_number(value, &out->length) || out->length < 0))
		out->length = -1;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (same_word(name, table[i].name))
			*(struct slice *)(void *)((char *)out + table[i].at) =
			        bare(value);
}

static void head_parse(struct slice head, struct warc_record *out)
{
	size_t end, colon;

	for (; head.len; head = slice_cut(head, end + 1, head.len)) {
		struct slice line;

		end = slice_find(head, '\n');
		line = slice_cut(head, 0, end);
		colon = slice_find(line, ':');
		if (colon < line.len)
			head_field(out, slice_trim(slice_cut(line, 0, colon)),
			           slice_trim(slice_cut(line, colon + 1,
			                                line.len)));
	}
}

bool warc_next(struct warc_reader *r, struct warc_record *out, bool *found,
               struct fault *f)
{
	bool whole;

	if (!warc_skip(r, &whole, f))
		return false;
	for (;;) {
		if (!record_find(r, found, f))
			return false;
		if (!*found)
			return true;
		*out = (struct warc_record){ .date = CLOCK_NONE,
			                     .length = -1,
			                     .offset = -1 };
		if (!r->packed)
			out->offset = r->raw_at - (int64_t)window(r).len;
		else if (r->fresh)
			out->offset = r->member;
		if (!head_read(r, &whole, f))
			return false;
		head_parse(buf_slice(&r->head), out);
		if (whole && out->length >= 0) {
			r->left = out->length;
			return true;
		}
		damaged(r, whole ? "a record has no Content-Length"
		                 : "a record's headers do not end");
	}
}

bool warc_spool(struct warc_reader *r, struct fault *f)
{
	FILE *copy = tmpfile();
	bool some = true, ok = copy != NULL;
	int fd = -1;

	if (!ok)
		return fault_errno(f, r->path, "unpack");
	r->damage = (struct warc_damage){ .first = -1 };
	ok = warc_seek(r, 0, f);
	while (ok && (some || r->gap)) {
		r->gap = false;
		ok = fill(r, &some, f);
		if (ok && fwrite(r->window, 1, r->to, copy) != r->to)
			ok = fault_errno(f, r->path, "unpack");
		r->from = r->to = 0;
	}
	if (ok && (fflush(copy) || (fd = dup(fileno(copy))) < 0))
		ok = fault_errno(f, r->path, "unpack");
	fclose(copy);
	if (!ok)
		return false;
	close(r->fd);
	r->fd = fd;
	r->packed = false;
	return warc_seek(r, 0, f);
}

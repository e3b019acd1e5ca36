/*
 * What an encoding is called (charset_labels), what the document says
 * (charset_sniff), what its bytes look like (uchardet), and the decoding by
 * iconv. A handle is kept for each thread, since opening one loads a module.
 *
 * A document that says UTF-8 and is not is believed while damage is rare;
 * else it says so by mistake, and the next that knows better is asked.
 */

#include "base/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <uchardet.h>

#include "base/memory.h"
#include "base/text/charset_labels.h"
#include "base/text/charset_sniff.h"
#include "base/utf8.h"

enum {
	CHARSET_ROOM = 16 << 10,  /* unpacked at a time */
	CHARSET_LOOK = 256 << 10, /* bytes that detection looks at */
	CHARSET_DAMAGE = 8,       /* good sequences for each bad byte */
};

/* The last converter that a thread has used. */
struct converter {
	const char *name;
	iconv_t handle;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void converter_free(void *self)
{
	struct converter *c = self;

	if (c->name)
		iconv_close(c->handle);
	free(c);
}

static void converter_prepare(void)
{
	/* No key can be had only if there are a thousand. */
	if (pthread_key_create(&key, converter_free))
		memory_new(SIZE_MAX, SIZE_MAX);
}

/* For `name`, in its first state; NULL: this libc has no such module. */
static struct converter *converter_get(const char *name)
{
	struct converter *c;
	iconv_t handle;

	pthread_once(&once, converter_prepare);
	c = pthread_getspecific(key);
	if (!c) {
		c = memory_new(1, sizeof(*c));
		if (pthread_setspecific(key, c))
			memory_new(SIZE_MAX, SIZE_MAX);
	}
	if (c->name && !strcmp(c->name, name)) {
		iconv(c->handle, NULL, NULL, NULL, NULL);
		return c;
	}
	handle = iconv_open("UTF-8", name);
	if (handle == (iconv_t)-1)
		return NULL;
	if (c->name)
		iconv_close(c->handle);
	c->name = name;
	c->handle = handle;
	return c;
}

const char *charset_label(struct slice label)
{
	return charset_label_find(label);
}

/* The encoding that a byte order mark names, and the mark's length. */
static const char *charset_mark(struct slice s, size_t *len)
{
	*len = 2;
	if (slice_starts(s, SLICE("\xFE\xFF")))
		return "UTF-16BE";
	if (slice_starts(s, SLICE("\xFF\xFE")))
		return "UTF-16LE";
	*len = 3;
	return slice_starts(s, SLICE("\xEF\xBB\xBF")) ? "UTF-8" : NULL;
}

static bool is_utf16(const char *name)
{
	return !strncmp(name, "UTF-16", 6);
}

/* What stands in the document: there, UTF-16 cannot be what it says. */
static const char *charset_inside(struct slice bytes, enum charset_kind kind)
{
	struct slice label = { 0 };
	const char *name;

	if (slice_starts(bytes, SLICE("<\0?\0x\0")))
		return "UTF-16LE";
	if (slice_starts(bytes, SLICE("\0<\0?\0x")))
		return "UTF-16BE";
	if (kind == CHARSET_HTML)
		label = charset_sniff_meta(bytes);
	if (kind != CHARSET_TEXT && !label.at)
		label = charset_sniff_xml(bytes);
	name = label.at ? charset_label(label) : NULL;
	if (name && is_utf16(name))
		return "UTF-8";
	if (name && !strcmp(name, "x-user-defined"))
		return "CP1252";
	return name;
}

/* Whether it is UTF-8 with little damage, if any. *wide: has sequences. */
static bool looks_utf8(struct slice s, bool *wide)
{
	size_t good = 0, bad = 0, at = utf8_valid(s), i;

	for (i = 0; i < at && !(s.at[i] & 0x80); i++)
		;
	*wide = i < at;
	if (at == s.len)
		return true;
	for (at = i; at < s.len;) {
		size_t from = at;

		if (utf8_next(s, &at) == UTF8_BAD)
			bad++;
		else
			good += at - from > 1;
	}
	return good / CHARSET_DAMAGE >= bad;
}

/* From the first byte that tells anything. */
static struct slice telling(struct slice s)
{
	size_t at = 0;

	while (at < s.len && !(s.at[at] & 0x80) && s.at[at] != 0x1B)
		at++;
	return slice_cut(s, at, at + CHARSET_LOOK);
}

static const char *charset_detect(struct slice bytes)
{
	struct slice s = telling(bytes);
	const char *name = NULL;
	uchardet_t look;

	if (!s.len)
		return NULL;
	look = uchardet_new();
	if (!look)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	if (!uchardet_handle_data(look, s.at, s.len)) {
		uchardet_data_end(look);
		name = charset_label(slice_of(uchardet_get_charset(look)));
	}
	uchardet_delete(look);
	return name && strcmp(name, "UTF-8") ? name : NULL;
}

static void found(struct charset_found *out, const char *name, const char *from)
{
	*out = (struct charset_found){ .name = name, .from = from };
}

void charset_find(struct slice bytes, struct slice header,
                  enum charset_kind kind, struct charset_found *out)
{
	size_t len;
	const char *mark = charset_mark(bytes, &len);
	const char *names[2];
	static const char *const from[] = { "header", "meta" };
	struct slice label = charset_sniff_header(header);
	bool wide, utf8;
	int i;

	if (mark) {
		found(out, mark, "bom");
		return;
	}
	utf8 = looks_utf8(bytes, &wide);
	names[0] = label.at ? charset_label(label) : NULL;
	names[1] = charset_inside(bytes, kind);
	for (i = 0; i < 2; i++) {
		bool says_utf8 = names[i] && !strcmp(names[i], "UTF-8");

		/* Believed, unless the bytes say otherwise. */
		if (names[i] && (says_utf8 ? utf8 : !utf8 || !wide)) {
			found(out, names[i], from[i]);
			return;
		}
	}
	if (utf8) {
		found(out, "UTF-8", "detected");
		return;
	}
	names[0] = charset_detect(bytes);
	if (names[0])
		found(out, names[0], "detected");
	else
		found(out, "CP1252", "fallback");
}

static void put_point(uint32_t point, struct buf *out)
{
	char bytes[4];

	buf_add(out, (struct slice){ bytes, utf8_put(bytes, point) });
}

/* UTF-8 with its bad bytes replaced. */
static void decode_utf8(struct slice s, struct buf *out, bool *replaced)
{
	size_t at = 0;

	while (at < s.len && !buf_full(out)) {
		size_t good = utf8_valid(slice_cut(s, at, s.len));

		buf_add(out, slice_cut(s, at, at + good));
		at += good;
		if (at == s.len)
			return;
		utf8_next(s, &at);
		put_point(UTF8_REPLACEMENT, out);
		*replaced = true;
	}
}

/* Bytes of no encoding at all, kept apart in a private area. */
static void decode_user(struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len && !buf_full(out); i++) {
		unsigned char byte = (unsigned char)s.at[i];

		put_point(byte < 0x80 ? byte : 0xF700u + byte, out);
	}
}

/* What a byte means that glibc knows nothing of. */
static uint32_t stray_byte(const char *name, unsigned char byte)
{
	bool windows = !strncmp(name, "CP125", 5) || !strcmp(name, "CP874");

	if (windows && byte >= 0x80 && byte < 0xA0)
		return byte;
	if (byte == 0x80 && !strcmp(name, "GB18030"))
		return 0x20AC;
	if (byte == 0x80 && !strcmp(name, "CP932"))
		return byte;
	return UTF8_REPLACEMENT;
}

/* Big5-HKSCS holds a letter back until it knows what follows. */
static void converter_flush(struct converter *c, struct buf *out)
{
	char room[16], *to = room;
	size_t space = sizeof(room);

	iconv(c->handle, NULL, NULL, &to, &space);
	buf_add(out, (struct slice){ room, sizeof(room) - space });
}

static void decode_iconv(struct converter *c, struct slice s, struct buf *out,
                         bool *replaced)
{
	size_t unit = is_utf16(c->name) ? 2 : 1, left = s.len;
	char room[CHARSET_ROOM], *at = (char *)(uintptr_t)s.at;

	while (left && !buf_full(out)) {
		char *to = room;
		size_t space = sizeof(room), skip;
		size_t n = iconv(c->handle, &at, &left, &to, &space);
		int error = errno;
		uint32_t point;

		buf_add(out, (struct slice){ room, sizeof(room) - space });
		if (n != (size_t)-1 || error == E2BIG)
			continue;
		/* EINVAL: cut within a character. */
		skip = error == EINVAL || left < unit ? left : unit;
		point = error == EINVAL
		                ? UTF8_REPLACEMENT
		                : stray_byte(c->name, (unsigned char)*at);
		*replaced |= point == UTF8_REPLACEMENT;
		put_point(point, out);
		at += skip;
		left -= skip;
	}
	converter_flush(c, out);
}

bool charset_decode(struct slice bytes, struct slice header,
                    enum charset_kind kind, struct buf *out,
                    struct charset_found *how, struct fault *f)
{
	struct charset_found it;
	struct converter *c;
	size_t start = out->len, len;

	charset_find(bytes, header, kind, &it);
	if (charset_mark(bytes, &len))
		bytes = slice_cut(bytes, len, bytes.len);
	if (!strcmp(it.name, "UTF-8")) {
		decode_utf8(bytes, out, &it.replaced);
	} else if (!strcmp(it.name, "x-user-defined")) {
		decode_user(bytes, out);
	} else {
		c = converter_get(it.name);
		if (c)
			decode_iconv(c, bytes, out, &it.replaced);
		else
			decode_utf8(bytes, out, &it.replaced);
	}
	if (how)
		*how = it;
	if (!buf_full(out))
		return true;
	buf_cut(out, start);
	return fault(f, FAULT_LIMIT, "limit-body",
	             "a body has more text than %zu bytes", out->ceiling);
}

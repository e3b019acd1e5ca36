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
#include "base/text/charset_jis.h"
#include "base/text/charset_labels.h"
#include "base/text/charset_sniff.h"
#include "base/utf8.h"

enum {
	CHARSET_ROOM = 16 << 10, /* unpacked at a time */
	CHARSET_LOOK = 64 << 10, /* bytes that detection looks at */
	CHARSET_HALVES = 1024,   /* bytes of which zeros are counted */
	CHARSET_DAMAGE = 8,      /* good sequences for each bad byte */
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
	*wide |= good > 0;
	return good / CHARSET_DAMAGE >= bad;
}

/* From the first byte that tells anything; there is one. */
static struct slice telling(struct slice s)
{
	size_t at = 0;

	while (at < s.len && !(s.at[at] & 0x80))
		at++;
	return slice_cut(s, at, at + CHARSET_LOOK);
}

/*
 * What a guess more likely means. ISO 8859 has only controls where Windows
 * has letters, and nobody writes controls; letters that KOI8-U adds are rarely
 * frames in Russian; sets that hardly a page is in are taken for others'
 * text; and pages do not come from DOS.
 */
static const char *charset_sibling(const char *name, struct slice s)
{
	static const struct {
		const char *name, *sibling;
		bool controls; /* only if there are any */
	} siblings[] = {
		{ "ISO-8859-2", "CP1250", true },
		{ "ISO-8859-6", "CP1256", true },
		{ "ISO-8859-7", "CP1253", true },
		{ "ISO-8859-8", "CP1255", true },
		{ "ISO-8859-13", "CP1257", true },
		{ "ISO-8859-15", "CP1252", true },
		{ "ISO-8859-3", "CP1252", false },
		{ "ISO-8859-10", "CP1252", false },
		{ "ISO-8859-14", "CP1252", false },
		{ "IBM852", "CP1250", false },
		{ "IBM855", "CP1251", false },
		{ "KOI8-R", "KOI8-U", false },
	};
	bool controls = false;
	size_t i;

	for (i = 0; i < s.len && !controls; i++)
		controls = (unsigned char)s.at[i] >= 0x80 &&
		           (unsigned char)s.at[i] < 0xA0;
	for (i = 0; i < sizeof(siblings) / sizeof(*siblings); i++)
		if (!strcmp(name, siblings[i].name) &&
		    (controls || !siblings[i].controls))
			return siblings[i].sibling;
	return name;
}

static const char *charset_detect(struct slice bytes)
{
	struct slice s = telling(bytes);
	const char *name = NULL;
	uchardet_t look = uchardet_new();

	if (!look)
		memory_new(SIZE_MAX, SIZE_MAX); /* does not return */
	if (!uchardet_handle_data(look, s.at, s.len)) {
		uchardet_data_end(look);
		name = charset_label(slice_of(uchardet_get_charset(look)));
	}
	uchardet_delete(look);
	if (!name || !strcmp(name, "UTF-8"))
		return NULL;
	return charset_sibling(name, s);
}

static void found(struct charset_found *out, const char *name, const char *from)
{
	*out = (struct charset_found){ .name = name, .from = from };
}

/* UTF-16 of a script whose letters have a zero in one half of each: one side
 * is mostly zeros, the other has none. NULL: it is not. */
static const char *charset_halves(struct slice bytes)
{
	size_t zeros[2] = { 0 }, i;

	bytes = slice_cut(bytes, 0, CHARSET_HALVES);
	for (i = 0; i < bytes.len; i++)
		zeros[i & 1] += !bytes.at[i];
	if (!zeros[0] && zeros[1] > bytes.len / 4)
		return "UTF-16LE";
	return !zeros[1] && zeros[0] > bytes.len / 4 ? "UTF-16BE" : NULL;
}

/* What valid UTF-8 is that nobody has named. */
static const char *charset_plain(struct slice bytes)
{
	const char *halves = charset_halves(bytes);

	if (halves)
		return halves;
	return charset_jis_is(bytes) ? "ISO-2022-JP" : "UTF-8";
}

/* Whether the bytes allow for what somebody says. `wide`: of valid UTF-8,
 * whether it has sequences. */
static bool charset_fits(const char *name, struct slice bytes, bool utf8,
                         bool wide)
{
	if (!strcmp(name, "UTF-8"))
		return utf8;
	if (is_utf16(name) && utf8 && slice_find(bytes, 0) == bytes.len)
		return false;
	return !utf8 || !wide;
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
	for (i = 0; i < 2; i++)
		if (names[i] && charset_fits(names[i], bytes, utf8, wide)) {
			found(out, names[i], from[i]);
			return;
		}
	if (utf8) {
		found(out, charset_plain(bytes), "detected");
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

static void put_replacement(struct buf *out, bool *replaced)
{
	put_point(UTF8_REPLACEMENT, out);
	*replaced = true;
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
		put_replacement(out, replaced);
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

/* What glibc's tables leave out, and those of the web have. */
static const struct stray {
	const char *name;
	struct slice bytes;
	uint32_t point;
} strays[] = {
	{ "GB18030", { "\x80", 1 }, 0x20AC },
	{ "CP932", { "\x80", 1 }, 0x80 },
	{ "BIG5-HKSCS", { "\xA1\x5A", 2 }, 0x2574 },
	{ "BIG5-HKSCS", { "\xA1\xC3", 2 }, 0xFFE3 },
	{ "BIG5-HKSCS", { "\xA1\xC5", 2 }, 0x02CD },
	{ "BIG5-HKSCS", { "\xA1\xFE", 2 }, 0xFF0F },
	{ "BIG5-HKSCS", { "\xA2\x40", 2 }, 0xFF3C },
	{ "BIG5-HKSCS", { "\xA2\xCC", 2 }, 0x5341 },
	{ "BIG5-HKSCS", { "\xA2\xCE", 2 }, 0x5345 },
};

/* What iconv does not know, at the start of `s`; returns its length. */
static size_t stray_read(const char *name, struct slice s, uint32_t *point)
{
	bool windows = !strncmp(name, "CP125", 5) || !strcmp(name, "CP874");
	unsigned char byte = (unsigned char)s.at[0];
	size_t i, unit = is_utf16(name) && s.len > 1 ? 2 : 1;

	*point = UTF8_REPLACEMENT;
	if (windows && byte >= 0x80 && byte < 0xA0)
		*point = byte;
	for (i = 0; i < sizeof(strays) / sizeof(*strays); i++)
		if (!strcmp(name, strays[i].name) &&
		    slice_starts(s, strays[i].bytes)) {
			*point = strays[i].point;
			return strays[i].bytes.len;
		}
	return unit;
}

/* Big5-HKSCS holds a letter back until it knows what follows. */
static void converter_flush(struct converter *c, struct buf *out)
{
	char room[16], *to = room;
	size_t space = sizeof(room);

	iconv(c->handle, NULL, NULL, &to, &space);
	buf_add(out, (struct slice){ room, sizeof(room) - space });
}

/* One call; false and errno as iconv() has them. */
static bool converter_run(struct converter *c, struct slice *s,
                          struct buf *piece)
{
	char *at = (char *)(uintptr_t)s->at, *to;
	size_t left = s->len, space = piece->ceiling, n;
	int error;

	buf_reset(piece);
	to = buf_extend(piece, space);
	n = iconv(c->handle, &at, &left, &to, &space);
	error = errno;
	buf_cut(piece, piece->len - space);
	*s = (struct slice){ at, left };
	errno = error;
	return n != (size_t)-1;
}

/*
 * Some modules (UHC) report a bad sequence when they are already behind it:
 * so a first complaint is only a doubt, and when the next call gets on from
 * there, what was bad lies behind.
 */
static void decode_iconv(struct converter *c, struct slice s, struct buf *out,
                         bool *replaced)
{
	struct buf piece = BUF_INIT(CHARSET_ROOM);
	bool doubt = false;

	while (s.len && !buf_full(out)) {
		const char *from = s.at;
		bool done = converter_run(c, &s, &piece);
		bool stuck = !done && errno == EILSEQ;
		bool cut = !done && errno == EINVAL;
		uint32_t point = UTF8_REPLACEMENT;

		if (doubt && !(stuck && s.at == from))
			put_replacement(out, replaced);
		buf_add(out, buf_slice(&piece));
		if (doubt && stuck && s.at == from) {
			size_t skip = stray_read(c->name, s, &point);

			if (point == UTF8_REPLACEMENT)
				*replaced = true;
			put_point(point, out);
			s = slice_cut(s, skip, s.len);
			stuck = false;
		}
		doubt = stuck;
		if (cut) {
			put_replacement(out, replaced);
			s.len = 0;
		}
	}
	if (doubt)
		put_replacement(out, replaced);
	buf_release(&piece);
	converter_flush(c, out);
}

static void decode_by(const char *name, struct slice s, struct buf *out,
                      bool *replaced)
{
	struct converter *c = converter_get(name);

	if (c)
		decode_iconv(c, s, out, replaced);
	else
		decode_utf8(s, out, replaced);
}

static void decode_jis(struct slice s, struct buf *out, bool *replaced)
{
	struct buf open = BUF_INIT(3 * s.len);

	charset_jis_open(s, &open);
	decode_by("EUC-JP-MS", buf_slice(&open), out, replaced);
	buf_release(&open);
}

bool charset_decode_as(const char *name, struct slice bytes, struct buf *out,
                       bool *replaced, struct fault *f)
{
	size_t start = out->len, len;

	if (charset_mark(bytes, &len))
		bytes = slice_cut(bytes, len, bytes.len);
	if (!strcmp(name, "UTF-8")) {
		decode_utf8(bytes, out, replaced);
	} else if (!strcmp(name, "x-user-defined")) {
		decode_user(bytes, out);
	} else if (!strcmp(name, "ISO-2022-JP")) {
		decode_jis(bytes, out, replaced);
	} else {
		decode_by(name, bytes, out, replaced);
	}
	if (!buf_full(out))
		return true;
	buf_cut(out, start);
	return fault(f, FAULT_LIMIT, "limit-body",
	             "a body has more text than %zu bytes", out->ceiling);
}

bool charset_decode(struct slice bytes, struct slice header,
                    enum charset_kind kind, struct buf *out,
                    struct charset_found *how, struct fault *f)
{
	struct charset_found it;
	bool ok;

	charset_find(bytes, header, kind, &it);
	ok = charset_decode_as(it.name, bytes, out, &it.replaced, f);
	if (how)
		*how = it;
	return ok;
}

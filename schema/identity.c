/*
 * Public ids. The space keeps its slashes, the native id has none left, so the
 * last slash before the part divides them. Escapes are two upper-case hex
 * digits; reading takes either case.
 */

#include "schema/identity.h"

#include "base/arena.h"
#include "base/utf8.h"

static bool identity_plain(char c)
{
	unsigned char u = (unsigned char)c;

	return u > 0x20 && u != 0x7f && c != '/' && c != '#' && c != '?' &&
	       c != '%';
}

static void identity_escape(struct buf *out, struct slice s)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char u = (unsigned char)s.at[i];

		if (identity_plain(s.at[i])) {
			buf_byte(out, s.at[i]);
			continue;
		}
		buf_byte(out, '%');
		buf_byte(out, digits[u >> 4]);
		buf_byte(out, digits[u & 15]);
	}
}

void identity_write(struct buf *out, const struct identity *id)
{
	buf_add(out, id->space);
	buf_byte(out, '/');
	identity_escape(out, id->native);
	if (id->answer.len) {
		buf_text(out, "#a-");
		identity_escape(out, id->answer);
	} else if (id->slug.len) {
		buf_text(out, "#s-");
		identity_escape(out, id->slug);
	}
}

static int identity_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool identity_unescape(struct slice s, struct arena *a,
                              struct slice *out, struct fault *f)
{
	char *to = arena_new(a, s.len + 1);
	size_t i, n = 0;
	int high, low;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] != '%') {
			to[n++] = s.at[i];
			continue;
		}
		high = i + 2 < s.len ? identity_hex(s.at[i + 1]) : -1;
		low = high >= 0 ? identity_hex(s.at[i + 2]) : -1;
		if (low < 0)
			return fault(f, FAULT_INPUT, "id-escape",
			             "'%%' without two hex digits in an id");
		to[n++] = (char)(high * 16 + low);
		i += 2;
	}
	*out = (struct slice){ to, n };
	if (utf8_valid(*out) != n)
		return fault(f, FAULT_INPUT, "id-utf8", "an id is not UTF-8");
	return true;
}

static bool identity_part(struct slice part, struct arena *a,
                          struct identity *out, struct fault *f)
{
	struct slice *to = NULL;

	if (slice_starts(part, SLICE("a-")))
		to = &out->answer;
	else if (slice_starts(part, SLICE("s-")))
		to = &out->slug;
	if (!to || part.len == 2)
		return fault(f, FAULT_INPUT, "id-part",
		             "what follows '#' in an id must be a-ID or "
		             "s-SLUG");
	return identity_unescape(slice_cut(part, 2, part.len), a, to, f);
}

bool identity_read(struct slice text, struct arena *a, struct identity *out,
                   struct fault *f)
{
	size_t hash = slice_find(text, '#');
	struct slice head = slice_cut(text, 0, hash);
	size_t slash = head.len;

	*out = (struct identity){ 0 };
	while (slash && head.at[slash - 1] != '/')
		slash--;
	if (slash < 2 || slash == head.len)
		return fault(f, FAULT_INPUT, "id-shape",
		             "'%.*s' is not an id: write SPACE/NATIVE-ID",
		             SLICE_ARG(text));
	out->space = arena_copy(a, slice_cut(head, 0, slash - 1));
	if (utf8_valid(out->space) != out->space.len)
		return fault(f, FAULT_INPUT, "id-utf8", "an id is not UTF-8");
	if (!identity_unescape(slice_cut(head, slash, head.len), a,
	                       &out->native, f))
		return false;
	return hash == text.len ||
	       identity_part(slice_cut(text, hash + 1, text.len), a, out, f);
}

/* Length of "https://" or the like at the start, or 0. */
static size_t identity_scheme(struct slice text)
{
	size_t colon = slice_find(text, ':');
	size_t i;

	if (colon == 0 || colon + 3 > text.len ||
	    memcmp(text.at + colon, "://", 3))
		return 0;
	for (i = 0; i < colon; i++) {
		char c = text.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
			return 0;
	}
	return colon + 3;
}

bool identity_space(struct slice text, struct buf *out, struct fault *f)
{
	size_t i;

	text = slice_cut(text, identity_scheme(text), text.len);
	while (text.len && text.at[text.len - 1] == '/')
		text.len--;
	if (text.len == 0)
		return fault(f, FAULT_USAGE, "space-empty",
		             "the name of a space is empty");
	if (text.at[0] == '/' || identity_scheme(text) ||
	    utf8_valid(text) != text.len)
		return fault(f, FAULT_USAGE, "space-name",
		             "'%.*s' is not the name of a space",
		             SLICE_ARG(text));
	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c <= 0x20 || c == 0x7f || c == '#' || c == '?' || c == '%')
			return fault(f, FAULT_USAGE, "space-name",
			             "the name of a space has a blank or one "
			             "of # ? %%");
	}
	for (i = 0; i < text.len; i++)
		buf_byte(out, text.at[i] >= 'A' && text.at[i] <= 'Z'
		                      ? (char)(text.at[i] + 32)
		                      : text.at[i]);
	return true;
}

/*
 * A run of letters, digits and signs is an address or it is not; what it is
 * compared by is folded, so that full-width letters and capitals hide nothing.
 */

#include "kb/cases/guard_plain.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"

enum { RUN_MOST = 2048, LABELS_MOST = 32 };

static const char *const schemes[] = {
	"mailto:", "tel:", "sms:", "javascript:", "vbscript:", "data:",
	"file:",   "www.", "xn--", "hxxp",        "smb:",      "callto:",
};

static const char *const tops[] = {
	"com",      "net",      "org",      "info",      "biz",       "dev",
	"app",      "xyz",      "top",      "site",      "online",    "shop",
	"store",    "club",     "live",     "link",      "click",     "cloud",
	"page",     "pages",    "tech",     "space",     "website",   "icu",
	"vip",      "win",      "pro",      "name",      "mobi",      "edu",
	"gov",      "mil",      "int",      "help",      "support",   "world",
	"zone",     "email",    "host",     "press",     "life",      "today",
	"news",     "blog",     "work",     "works",     "wiki",      "zip",
	"mov",      "example",  "test",     "invalid",   "localhost", "onion",
	"local",    "internal", "agency",   "digital",   "systems",   "network",
	"security", "finance",  "asia",     "chat",      "run",       "sh",
	"aws",      "amazon",   "google",   "microsoft", "bank",      "money",
	"trade",    "date",     "download", "stream",    "review",    "country",
	"science",  "party",    "gdn",      "bid",       "loan",      "公司",
	"网络",     "中国",     "中國",     "香港",      "한국",      "みんな",
};

/* Names of files with two letters behind the dot. */
static const char *const files[] = { "js", "ts", "kt", "vb", "hs", "go", "db",
	                             "gz", "xz", "py", "so", "rb", "cc", "cs",
	                             "md", "sh", "ps", "rs", "tf", "ko", "os" };

static bool one_of(struct slice s, const char *const *words, size_t count)
{
	while (count--)
		if (slice_eq(s, slice_of(words[count])))
			return true;
	return false;
}

static bool is_digits(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len > 0;
}

/* Labels of a host's name, dots between. */
static bool is_host(struct slice s)
{
	size_t labels = 0, digits = 0, at = 0, i;
	struct slice last = { NULL, 0 };

	while (at <= s.len && labels < LABELS_MOST) {
		struct slice label = slice_cut(s, at, s.len);

		label = slice_cut(label, 0, slice_find(label, '.'));
		if (!label.len)
			return false;
		for (i = 0; i < label.len; i++)
			if (!(label.at[i] & 0x80) &&
			    !(label.at[i] >= 'a' && label.at[i] <= 'z') &&
			    !(label.at[i] >= '0' && label.at[i] <= '9') &&
			    label.at[i] != '-' && label.at[i] != '_')
				return false;
		labels++;
		digits += is_digits(label) && label.len <= 3;
		last = label;
		at += label.len + 1;
	}
	if (labels < 2)
		return false;
	if (digits == labels)
		return labels == 4;
	if (last.len == 2 && last.at[0] >= 'a' && last.at[1] >= 'a' &&
	    !(last.at[0] & 0x80))
		return labels > 2 ||
		       !one_of(last, files, sizeof(files) / sizeof(*files));
	return one_of(last, tops, sizeof(tops) / sizeof(*tops));
}

/* "evil[.]example", "evil(dot)example": dots again. */
static void undo_disguise(struct buf *name)
{
	static const char *const dots[] = { "[.]",   "(.)",   "{.}", "[dot]",
		                            "(dot)", "{dot}", "。",  "\\." };
	size_t from = 0, to = 0, i;

	while (from < name->len) {
		struct slice rest = slice_cut(buf_slice(name), from, name->len);

		for (i = 0; i < sizeof(dots) / sizeof(*dots); i++)
			if (slice_starts(rest, slice_of(dots[i])))
				break;
		if (i < sizeof(dots) / sizeof(*dots)) {
			name->at[to++] = '.';
			from += strlen(dots[i]);
		} else {
			name->at[to++] = name->at[from++];
		}
	}
	buf_cut(name, to);
}

static bool is_address(struct slice s)
{
	size_t i, end, at;

	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (slice_starts(s, slice_of(schemes[i])))
			return true;
	for (i = 0; i + 3 <= s.len; i++)
		if (s.at[i] == ':' && s.at[i + 1] == '/' && s.at[i + 2] == '/')
			return true;
	at = slice_find(s, '@');
	if (at < s.len && at > 0 && is_host(slice_cut(s, at + 1, s.len)))
		return true;
	while (s.len && s.at[0] == '/')
		s = slice_cut(s, 1, s.len);
	for (end = 0; end < s.len && !strchr("/:?#", s.at[end]); end++)
		;
	return is_host(slice_cut(s, 0, end));
}

static bool in_run(struct slice s, size_t *at)
{
	uint32_t c;
	enum unicode_class class;

	if (!(s.at[*at] & 0x80)) {
		c = (unsigned char)s.at[(*at)++];
		return c > ' ' && c != 0x7F && !strchr("<>\"'`|^,;*", (int)c);
	}
	c = utf8_next(s, at);
	class = unicode_class(c);
	if (c == 0x3002 || c == 0xFF0E || c == 0xFF61)
		/* A full stop, unless Latin goes on behind it. */
		return *at < s.len && ((unsigned char)s.at[*at] == 0xEF ||
		                       (s.at[*at] > ' ' && s.at[*at] < 0x7F));
	return class == UNICODE_LETTER || class == UNICODE_DIGIT ||
	       class == UNICODE_MARK || (c >= 0xFF01 && c <= 0xFF5E);
}

static void trim(struct slice s, struct guard_link *l)
{
	while (l->from < l->to && strchr("([{.,:!?-", s.at[l->from]))
		l->from++;
	while (l->from < l->to && strchr(")]}.,:!?-", s.at[l->to - 1]))
		l->to--;
}

bool guard_link(struct slice text, size_t *from, struct buf *name,
                struct guard_link *out)
{
	while (*from < text.len) {
		size_t at = *from, next = at;

		while (next < text.len && next - at < RUN_MOST) {
			size_t before = next;

			if (!in_run(text, &next)) {
				next = before;
				break;
			}
		}
		if (next == at) {
			utf8_next(text, from);
			continue;
		}
		*from = next;
		*out = (struct guard_link){ at, next };
		trim(text, out);
		buf_reset(name);
		unicode_fold(slice_cut(text, out->from, out->to), name);
		undo_disguise(name);
		if (name->len && is_address(buf_slice(name)))
			return true;
	}
	return false;
}

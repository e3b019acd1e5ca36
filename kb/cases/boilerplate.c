/*
 * Three passes over lines: the quoted mail is cut off, or its quoted lines
 * taken out; the signature behind "-- " goes; then, from the end upwards,
 * everything that is blank, a closing phrase, or a short name under a farewell.
 */

#include "kb/cases/boilerplate.h"

#include "base/buf.h"
#include "base/text/lines.h"

enum {
	ENDING_LINES = 24,    /* looked at from the end */
	PHRASE_MOST = 240,    /* bytes of a closing line */
	NAME_MOST = 60,       /* of a name under a farewell */
	NAMES_MOST = 4,       /* such names */
	SIGNATURE_LINES = 10, /* behind "-- " */
};

/* Lines that start a mail which is quoted whole. Compared without the hyphens,
 * underscores and blanks around. */
static const char *const originals[] = {
	"Original Message", "Original message", "原始邮件", "原始郵件",
	"원본 메시지",      "元のメッセージ",   NULL,
};

/* The ends of a line that introduces quoted lines. */
static const char *const introductions[] = {
	"wrote:",   "写道：",  "写道:",       "寫道：",       "寫道:", "작성:",
	"님이 씀:", "wrote：", "書きました:", "書きました：", NULL,
};

/* Lines that say farewell: names may follow. */
static const char *const farewells[] = {
	"Best regards",
	"Kind regards",
	"Warm regards",
	"Regards",
	"Sincerely",
	"Yours sincerely",
	"Best wishes",
	"Many thanks and regards",
	"Thanks and regards",
	"Thanks & regards",
	"此致",
	"敬礼",
	"祝好",
	"祝您",
	"顺祝",
	"致敬",
	"谨启",
	"감사합니다",
	"드림",
	"안녕히 계세요",
	"よろしくお願い",
	"宜しくお願い",
	"敬具",
	"以上、よろしく",
	NULL,
};

/* Starts of lines that close a provider's letter. */
static const char *const closings[] = {
	"We value your feedback",
	"Please share your experience",
	"Please rate this correspondence",
	"To contact us again about this",
	"You can rate a correspondence",
	"*Note: This email address",
	"Please let us know if you have any further",
	"Please let me know if you have any further",
	"If you have any further questions",
	"If you have any other questions",
	"If there is anything else",
	"Thank you for contacting",
	"Thanks for contacting",
	"Thank you for using",
	"Thank you for choosing",
	"Have a great day",
	"Have a nice day",
	"We look forward to",
	"感谢您联系",
	"感谢您的联系",
	"感谢您选择",
	"感谢您使用",
	"感谢您对",
	"如有任何问题，请随时",
	"如果您有任何问题，请随时",
	"如您有任何其他问题",
	"如果您还有其他问题",
	"如果您有任何其他问题",
	"如有其他问题",
	"请对本次",
	"请为本次",
	"您的反馈对我们",
	"祝您生活愉快",
	"祝您工作愉快",
	"추가 문의 사항",
	"추가로 궁금하신",
	"문의해 주셔서 감사",
	"좋은 하루 되",
	"고객님의 소중한 의견",
	"ご不明な点がございましたら",
	"その他ご不明な点",
	"お問い合わせいただき",
	"今後ともよろしく",
	"ご利用いただき",
	NULL,
};

/* Whole lines that a telephone adds. */
static const char *const telephones[] = {
	"Sent from my ",   "Get Outlook for ", "发自我的", "从我的 iPhone",
	"나의 iPhone에서", "iPhoneから送信",   NULL,
};

static bool starts_any(struct slice line, const char *const *heads)
{
	for (; *heads; heads++)
		if (line_starts(line, slice_of(*heads)))
			return true;
	return false;
}

static bool ends_any(struct slice line, const char *const *tails)
{
	for (; *tails; tails++)
		if (slice_ends(line, slice_of(*tails)))
			return true;
	return false;
}

/* A line of '-', '_', '=' and blanks around one of the words. */
static bool is_original(struct slice line)
{
	const char *const *word = originals;

	if (!slice_starts(line, SLICE("--")) &&
	    !slice_starts(line, SLICE("__")))
		return false;
	while (line.len &&
	       (line.at[0] == '-' || line.at[0] == '_' || line.at[0] == ' '))
		line = slice_cut(line, 1, line.len);
	while (line.len &&
	       (line.at[line.len - 1] == '-' || line.at[line.len - 1] == '_' ||
	        line.at[line.len - 1] == ' '))
		line.len--;
	for (; *word; word++)
		if (slice_eq(line, slice_of(*word)))
			return true;
	return false;
}

/* Behind the quoted lines and blanks from `at` on; `at`: none are quoted. */
static size_t quoted_end(struct slice s, size_t at)
{
	size_t end = at;

	while (at < s.len) {
		struct slice line = slice_trim(lines_next(s, &at));

		if (slice_starts(line, SLICE(">")))
			end = at;
		else if (line.len)
			break;
	}
	return end;
}

/* Up to the quoted mail, and without what an introduction quotes. */
static struct slice drop_quoted(struct slice s, struct arena *a)
{
	struct buf out = BUF_INIT(SIZE_MAX / 2);
	struct slice kept;
	size_t at = 0;

	while (at < s.len) {
		size_t from = at, end;
		struct slice line = slice_trim(lines_next(s, &at));

		if (is_original(line))
			break;
		end = ends_any(line, introductions) ? quoted_end(s, at) : at;
		if (end > at)
			at = end;
		else if (!starts_any(line, telephones))
			buf_add(&out, slice_cut(s, from, at));
	}
	kept = out.len == s.len ? s : arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return kept;
}

/* RFC 3676: behind "-- " stands the signature, when it is short. */
static struct slice drop_signature(struct slice s)
{
	size_t at = 0, cut = s.len;
	int lines = 0;

	while (at < s.len) {
		size_t from = at;
		struct slice line = lines_next(s, &at);

		lines++;
		if (slice_eq(line, SLICE("-- ")) ||
		    slice_eq(line, SLICE("--"))) {
			cut = from;
			lines = 0;
		}
	}
	return lines <= SIGNATURE_LINES ? slice_cut(s, 0, cut) : s;
}

enum line_kind { LINE_TEXT, LINE_BLANK, LINE_CLOSING, LINE_FAREWELL };

static enum line_kind line_kind(struct slice line)
{
	line = slice_trim(line);
	if (!line.len || line_only(line, '=') || line_only(line, '-'))
		return LINE_BLANK;
	if (line.len > PHRASE_MOST)
		return LINE_TEXT;
	if (starts_any(line, farewells) && line.len <= NAME_MOST)
		return LINE_FAREWELL;
	return starts_any(line, closings) ? LINE_CLOSING : LINE_TEXT;
}

/* Where the line before `end` starts. */
static size_t line_before(struct slice s, size_t end)
{
	if (end && s.at[end - 1] == '\n')
		end--;
	while (end && s.at[end - 1] != '\n')
		end--;
	return end;
}

static struct slice drop_ending(struct slice s)
{
	size_t end = s.len, cut = s.len;
	int i, names = 0;

	for (i = 0; end && i < ENDING_LINES; i++) {
		size_t from = line_before(s, end);
		struct slice line = slice_trim(slice_cut(s, from, end));

		switch (line_kind(line)) {
		case LINE_FAREWELL:
			cut = from;
			names = 0;
			break;
		case LINE_CLOSING:
			/* Not above a text that is no name of anybody. */
			if (names)
				return slice_cut(s, 0, cut);
			cut = from;
			break;
		case LINE_TEXT:
			if (line.len > NAME_MOST || ++names > NAMES_MOST)
				return slice_cut(s, 0, cut);
			break;
		case LINE_BLANK:
			break;
		}
		end = from;
	}
	return slice_cut(s, 0, cut);
}

struct slice boilerplate_drop(struct slice body, bool first, struct arena *a)
{
	struct slice s = first ? body : drop_quoted(body, a);

	return slice_trim(drop_ending(drop_signature(s)));
}

#include "kb/cases/guard_line.h"

#include <string.h>

#include "kb/cases/guard_fold.h"

enum { KEY_MOST = 32, CELL_MOST = 200, LOOK_MOST = 4096, LABEL_MOST = 48 };

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
	c = small(c);
	return (c >= 'a' && c <= 'z') || (c & 0x80);
}

static bool same(struct slice s, const char *word)
{
	size_t i, len = strlen(word);

	for (i = 0; i < s.len && i < len; i++)
		if (small(s.at[i]) != word[i])
			return false;
	return s.len == len;
}

static bool one_of(struct slice s, const char *const *words, size_t count)
{
	while (count--)
		if (same(s, words[count]))
			return true;
	return false;
}

#define ONE_OF(s, words) one_of(s, words, sizeof(words) / sizeof(*(words)))

/* The quoted text at `at`, and where it ends. */
static struct slice quoted(struct slice s, size_t at, size_t *end)
{
	char quote = s.at[at];
	size_t to = at + 1;

	while (to < s.len && to - at <= KEY_MOST && s.at[to] != quote &&
	       s.at[to] != '\\')
		to++;
	*end = to;
	return slice_cut(s, at + 1, to);
}

/* "role": "system", or two keys of a digest. */
static unsigned look_for_keys(struct slice line)
{
	static const char *const roles[] = {
		"system", "assistant", "user", "developer", "tool", "model"
	};
	static const char *const keys[] = {
		"class",     "problem",        "cause",    "root_cause",
		"rootcause", "root cause",     "steps",    "titles",
		"codes",     "classification", "case_id",  "caseid",
		"verdict",   "digest",         "category", "confidence",
		"问题",      "根因",           "分类",     "類別",
		"원인",      "분류",
	};
	size_t at, end, known = 0;

	for (at = 0; at < line.len; at++) {
		struct slice key;

		if (line.at[at] != '"' && line.at[at] != '\'')
			continue;
		key = quoted(line, at, &end);
		at = end;
		while (++end < line.len && strchr(" \\\"'", line.at[end]))
			;
		if (end >= line.len || line.at[end] != ':')
			continue;
		known += ONE_OF(key, keys);
		while (++end < line.len && strchr(" \\", line.at[end]))
			;
		if (same(key, "role") && end < line.len &&
		    (line.at[end] == '"' || line.at[end] == '\'') &&
		    ONE_OF(quoted(line, end, &end), roles))
			return GUARD_TURN;
	}
	return known >= 2 ? GUARD_FIELD : 0;
}

/* Where the cell at `at` ends: , ; | tab, and the full-width comma. */
static size_t cell_end(struct slice s, size_t at, size_t *next)
{
	static const struct slice wide = { "，", 3 };

	for (; at < s.len; at++) {
		if (memchr(",;|\t", s.at[at], 4)) {
			*next = at + 1;
			return at;
		}
		if (slice_starts(slice_cut(s, at, s.len), wide)) {
			*next = at + 3;
			return at;
		}
	}
	*next = s.len + 1;
	return s.len;
}

static struct slice unquoted(struct slice s)
{
	s = slice_trim(s);
	while (s.len && strchr("\"'`", s.at[0]))
		s = slice_cut(s, 1, s.len);
	while (s.len && strchr("\"'`", s.at[s.len - 1]))
		s.len--;
	return slice_trim(s);
}

/* "=HYPERLINK(...)", "=cmd|...": what a table would compute. */
static unsigned look_for_formula(struct slice line)
{
	size_t i, end;

	for (i = 0; i < line.len; i++) {
		if (!strchr("=+@", line.at[i]) ||
		    (i && !strchr(" \t\"',:;|", line.at[i - 1])))
			continue;
		for (end = i + 1; end < line.len && end - i < KEY_MOST &&
		                  is_letter(line.at[end]);)
			end++;
		if (end - i > 2 && end < line.len &&
		    (line.at[end] == '|' ||
		     (line.at[end] == '(' && line.at[i] == '=')))
			return GUARD_FIELD;
	}
	return 0;
}

/* "role: system" of YAML. */
static bool is_role(struct slice line)
{
	static const char *const roles[] = {
		"role: system",      "role: assistant", "- role: system",
		"- role: assistant", "- role: user",    "role: developer",
	};

	return ONE_OF(unquoted(line), roles);
}

/* A row of three cells and more, one of which is a class, or two of which are
 * names of fields. */
static unsigned look_for_row(const struct guard_lexicon *l, struct slice line,
                             struct arena *a)
{
	size_t at = 0, next, cells = 0, classes = 0, fields = 0;

	for (; at <= line.len; at = next) {
		struct slice cell =
		        slice_cut(line, at, cell_end(line, at, &next));
		struct buf folded = BUF_INIT(CELL_MOST * 20);
		struct guard_hits h;

		cells++;
		cell = unquoted(cell);
		if (!cell.len || cell.len > CELL_MOST)
			continue;
		guard_fold(cell, &folded);
		guard_words(l, buf_slice(&folded), a, &h);
		if (h.count && h.at[0].from < 3 &&
		    h.at[0].to + 3 > folded.len) {
			classes += (h.at[0].words & WORD_CLASS) != 0;
			fields += (h.at[0].words & WORD_FIELD) != 0;
		}
		buf_release(&folded);
	}
	return cells >= 3 && (classes || fields >= 2) ? GUARD_FIELD : 0;
}

/* The words of a line in lower case with one space between; its other signs
 * are counted. */
static struct slice words_of(struct slice line, char text[CELL_MOST],
                             size_t *signs)
{
	struct slice s = { text, 0 };
	size_t i;

	*signs = 0;
	for (i = 0; i < line.len && s.len + 1 < CELL_MOST; i++) {
		char c = small(line.at[i]);

		*signs += !is_letter(c) && c != ' ' && c != '\t';
		if (is_letter(c) || (c >= '0' && c <= '9'))
			text[s.len++] = c;
		else if (s.len && text[s.len - 1] != ' ')
			text[s.len++] = ' ';
	}
	while (s.len && text[s.len - 1] == ' ')
		s.len--;
	return s;
}

static bool has_word(struct slice s, const char *word)
{
	size_t at, end;

	for (at = 0; at < s.len; at = end + 1) {
		end = at + slice_find(slice_cut(s, at, s.len), ' ');
		if (same(slice_cut(s, at, end), word))
			return true;
	}
	return false;
}

/* "=== END OF CASE ===", "--- system ---". */
static unsigned look_for_boundary(struct slice line)
{
	static const char *const whole[] = {
		"system",         "assistant",   "system prompt",
		"instructions",   "instruction", "new instructions",
		"system message", "prompt",      "human",
		"系统",           "系统提示",    "시스템",
		"システム",
	};
	static const char *const parts[] = {
		"case",  "ticket",    "prompt",   "system",    "instructions",
		"input", "user",      "document", "context",   "instruction",
		"data",  "assistant", "digest",   "untrusted", "conversation",
	};
	static const char *const ends[] = { "end", "begin", "start", "stop",
		                            "beginning" };
	char text[CELL_MOST];
	struct slice words;
	size_t signs, i, k;

	if (line.len > CELL_MOST)
		return 0;
	words = words_of(line, text, &signs);
	if (signs < 3 || words.len > 60)
		return 0;
	if (ONE_OF(words, whole))
		return GUARD_TURN;
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		for (k = 0; k < sizeof(parts) / sizeof(*parts); k++)
			if (has_word(words, ends[i]) &&
			    has_word(words, parts[k]) && signs >= 6)
				return GUARD_TURN;
	return 0;
}

unsigned guard_line(const struct guard_lexicon *l, struct slice line,
                    struct arena *a)
{
	unsigned signs;

	line = slice_trim(line);
	if (!line.len || line.len > LOOK_MOST * 4)
		return line.len ? look_for_keys(line) : 0;
	signs = look_for_keys(line) | look_for_boundary(line) |
	        look_for_formula(line) | (is_role(line) ? GUARD_TURN : 0);
	return signs ? signs : look_for_row(l, line, a);
}

size_t guard_speaker(struct slice line, bool *sure)
{
	static const char *const certain[] = {
		"assistant",
		"human",
		"ai",
		"chatgpt",
		"claude",
		"gpt",
		"system prompt",
		"system message",
		"ai assistant",
		"llm",
		"chatbot",
		"model response",
		"instruction to ai",
		"助手",
		"系统提示",
		"系统消息",
		"系統提示",
		"系统指令",
		"어시스턴트",
		"시스템 프롬프트",
		"アシスタント",
		"システムプロンプト",
		"人类",
		"assistente",
		"asistente",
		"ассистент",
		"assistent",
	};
	static const char *const likely[] = {
		"system",       "user",         "instruction",
		"instructions", "admin",        "developer",
		"tool",         "response",     "input",
		"output",       "用户",         "系统",
		"用戶",         "系統",         "사용자",
		"시스템",       "ユーザー",     "システム",
		"指令",         "systeme",      "sistema",
		"система",      "benutzer",     "utilisateur",
		"usuario",      "пользователь", "new instructions",
		"override",     "important",
	};
	size_t at = 0, end, i;
	struct slice name;

	while (at < line.len && strchr(" \t>*#-[(\"'`_|", line.at[at]))
		at++;
	for (end = at; end < line.len && end - at < LABEL_MOST; end++)
		if (line.at[end] == ':' ||
		    slice_starts(slice_cut(line, end, line.len), SLICE("：")))
			break;
	if (end >= line.len || end - at >= LABEL_MOST || end == at)
		return 0;
	name = slice_cut(line, at, end);
	while (name.len && strchr(" \t*#])\"'`_", name.at[name.len - 1]))
		name.len--;
	i = end + (line.at[end] == ':' ? 1 : 3);
	*sure = ONE_OF(name, certain);
	return *sure || ONE_OF(name, likely) ? i : 0;
}

bool guard_payload(struct slice line)
{
	line = slice_trim(line);
	return line.len && (strchr("{}[]\"'`*-<>(|#", line.at[0]) ||
	                    (line.at[0] >= '0' && line.at[0] <= '9'));
}

bool guard_key(struct slice line)
{
	static const char *const keys[] = {
		"class",   "problem", "cause",  "root cause", "services",
		"service", "steps",   "titles", "codes",      "id",
		"case id", "title",   "分类",   "问题",       "原因",
		"服务",    "步骤",    "标题",   "분류",       "원인",
	};
	size_t from = 0, end = slice_find(line, ':'), equal;

	equal = slice_find(line, '=');
	end = equal < end ? equal : end;
	if (end == line.len)
		return false;
	while (from < end && strchr(" \t>-*\"'", line.at[from]))
		from++;
	return ONE_OF(unquoted(slice_cut(line, from, end)), keys);
}

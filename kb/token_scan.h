#ifndef KB_TOKEN_SCAN_H
#define KB_TOKEN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "kb/analyzer.h"

/*
 * The text that the `ops` tokenizer scans, what its bytes are, and the ways in
 * which a token leaves. `from` and `to` are bytes of the text. All that return
 * bool pass on whether the receiver wants more.
 */
enum kind {
	OTHER,  /* blanks, quotes, brackets: always an end */
	LETTER, /* ASCII; so is DIGIT */
	DIGIT,
	UNDER, /* _ */
	JOIN,  /* a sign that may stand inside a name: . - / : @ + ~ \ */
	HIGH,  /* of a character beyond ASCII */
};

struct scan {
	struct slice text;
	token_fn *next;
	void *to;
	uint32_t position; /* of the next token */
};

extern const unsigned char scan_kinds[256];

static inline enum kind scan_kind(const struct scan *scan, size_t at)
{
	return at < scan->text.len
	               ? (enum kind)scan_kinds[(unsigned char)scan->text.at[at]]
	               : OTHER;
}

/* The byte, or NUL behind the end. */
static inline char scan_at(const struct scan *scan, size_t at)
{
	return at < scan->text.len ? scan->text.at[at] : '\0';
}

static inline bool scan_is_word(const struct scan *scan, size_t at)
{
	enum kind kind = scan_kind(scan, at);

	return kind == LETTER || kind == DIGIT || kind == HIGH;
}

/* A token with a text of its own; `flags` as in struct token. */
static inline bool scan_give(struct scan *scan, struct slice s, size_t from,
                             size_t to, unsigned flags)
{
	struct token t = { .text = s, .flags = flags };

	t.from = (uint32_t)from;
	t.to = (uint32_t)to;
	if (flags & TOKEN_BESIDE && scan->position)
		t.position = scan->position - 1;
	else
		t.position = scan->position++;
	return scan->next(scan->to, &t);
}

/* The bytes themselves, cut at TOKEN_MAX. */
static inline bool scan_emit(struct scan *scan, size_t from, size_t to,
                             unsigned flags)
{
	struct slice s = slice_cut(scan->text, from, to);

	if (s.len > TOKEN_MAX)
		s = utf8_head(s, TOKEN_MAX);
	return scan_give(scan, s, from, to, flags);
}

/* A run of letters and digits: a word, or a name with its humps beside it. */
bool scan_word(struct scan *scan, size_t from, size_t to, unsigned flags);

/* What stands between anything but letters and digits. Beside a whole, single
 * letters say nothing and are left out. */
bool scan_words(struct scan *scan, size_t from, size_t to, unsigned flags);

/* Whether all of it is letters and digits. */
bool scan_is_plain(const struct scan *scan, size_t from, size_t to);

/* Without signs in front, but for one that is `keep`; without signs behind. */
size_t scan_trim_front(const struct scan *scan, size_t from, size_t to,
                       char keep);
size_t scan_trim_back(const struct scan *scan, size_t from, size_t to);

#endif

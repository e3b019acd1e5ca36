/*
 * The text goes through three stages of its own (guard_hide.h), then line by
 * line and sentence by sentence before the judge. Sentences may be wrapped: as
 * long as none ends, what stands on the last lines is judged together, too.
 */

#include "kb/cases/guard.h"

#include <string.h>

#include "base/limits.h"
#include "kb/cases/guard_hide.h"
#include "kb/cases/guard_judge.h"
#include "kb/cases/guard_line.h"
#include "kb/cases/guard_sentence.h"

enum {
	PIECES_MOST = 8,   /* lines judged together */
	JOINED_MOST = 400, /* bytes of them */
	WARY_SENTENCES = 4,
	PAYLOAD_LINES = 12,
	OPEN_LINES = 4,
	LEAD_MOST = 120, /* bytes of a line that leads to one removed */
};

struct reading {
	const struct guard_lexicon *lexicon;
	struct arena scratch;
	struct buf *out;
	unsigned signs;
	size_t removed;
	size_t wary;    /* sentences for which less is enough */
	size_t turn;    /* the same, also behind an empty line */
	size_t open;    /* lines that a removed sentence may go on over */
	size_t payload; /* lines that may be what was asked for */
	size_t starts[PIECES_MOST]; /* in `out`, of what may go on */
	size_t pieces;
};

static unsigned judge(struct reading *r, struct slice s, bool wary)
{
	unsigned signs = guard_judge(r->lexicon, s, wary, &r->scratch);

	arena_reset(&r->scratch);
	return signs;
}

/* "Final output:" goes with the output. */
static void remove_lead(struct reading *r)
{
	size_t len = r->out->len, from;

	/* ```json */
	from = len;
	while (from && r->out->at[from - 1] == '\n')
		from--;
	while (from && r->out->at[from - 1] != '\n')
		from--;
	if (slice_starts(slice_cut(buf_slice(r->out), from, len), SLICE("```")))
		len = from;
	while (len && strchr("\n `", r->out->at[len - 1]))
		len--;
	if (len < 2 ||
	    (r->out->at[len - 1] != ':' &&
	     !slice_ends(slice_cut(buf_slice(r->out), 0, len), SLICE("："))))
		return;
	for (from = len; from > 0 && len - from < LEAD_MOST &&
	                 r->out->at[from - 1] != '\n';)
		from--;
	buf_cut(r->out, from);
}

static void remove_one(struct reading *r, struct slice what, unsigned signs)
{
	what = slice_trim(what);
	r->signs |= signs;
	r->removed++;
	r->wary = WARY_SENTENCES;
	r->pieces = 0;
	if (slice_ends(what, SLICE(":")) || slice_ends(what, SLICE("：")))
		r->payload = PAYLOAD_LINES;
}

/* What stands in `out` since a piece began, as one sentence. */
static unsigned judge_from(struct reading *r, size_t start)
{
	char text[JOINED_MOST];
	size_t len = r->out->len - start, i;

	if (len > JOINED_MOST)
		return 0;
	memcpy(text, r->out->at + start, len);
	for (i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	return judge(r, (struct slice){ text, len }, false);
}

/* A sentence that was kept: with those before it that did not end? */
static void look_back(struct reading *r, size_t start, bool ends)
{
	unsigned signs;
	size_t i;

	if (r->pieces == PIECES_MOST) {
		for (i = 1; i < PIECES_MOST; i++)
			r->starts[i - 1] = r->starts[i];
		r->pieces--;
	}
	r->starts[r->pieces++] = start;
	while (r->pieces > 1 && r->out->len - r->starts[0] > JOINED_MOST) {
		for (i = 1; i < r->pieces; i++)
			r->starts[i - 1] = r->starts[i];
		r->pieces--;
	}
	if (r->pieces > 1) {
		signs = judge_from(r, r->starts[0]);
		if (signs) {
			size_t cut = r->starts[0];

			remove_one(r, buf_slice(r->out), signs);
			buf_cut(r->out, cut);
			r->open = ends ? 0 : OPEN_LINES;
		}
	}
	if (ends)
		r->pieces = 0;
}

/* Whether a line that begins so may go on with the sentence before it: lists,
 * logs and prompts of shells do not. */
static bool goes_on(struct slice s)
{
	char c;

	while (s.len && s.at[0] == ' ')
		s = slice_cut(s, 1, s.len);
	c = s.len ? s.at[0] : ' ';
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static void read_sentence(struct reading *r, struct slice s, bool ends,
                          bool wary)
{
	unsigned signs = judge(r, s, wary || r->wary || r->turn);
	size_t start = r->out->len, open = r->open;

	r->open = 0;
	if (signs || (open && goes_on(s))) {
		remove_one(r, s, signs);
		r->open = ends ? 0 : signs ? OPEN_LINES : open - 1;
		return;
	}
	r->wary -= r->wary > 0;
	r->turn -= r->turn > 0;
	buf_add(r->out, s);
	look_back(r, start, ends);
}

static void read_words(struct reading *r, struct slice line, bool wary)
{
	size_t at = 0;
	bool ends;

	while (at < line.len) {
		struct slice s = guard_sentence(line, &at, &ends);

		read_sentence(r, s, ends, wary);
	}
}

static bool has_word(struct slice line, const char *bracketed)
{
	struct slice marker = slice_of(bracketed);
	size_t at = 0;

	for (; at < line.len; at++) {
		at += slice_find(slice_cut(line, at, line.len), '[');
		if (slice_starts(slice_cut(line, at, line.len), marker))
			return true;
	}
	return false;
}

static void read_line(struct reading *r, struct slice line)
{
	unsigned signs = guard_line(r->lexicon, line, &r->scratch);
	size_t speaker;
	bool sure = false;

	arena_reset(&r->scratch);
	if (signs || (r->payload && guard_payload(line)) ||
	    (r->wary && guard_key(line))) {
		if (signs)
			remove_lead(r);
		remove_one(r, line, signs);
		return;
	}
	if (has_word(line, "[marker]"))
		r->turn = WARY_SENTENCES;
	r->payload -= r->payload > 0;
	speaker = guard_speaker(line, &sure);
	if (sure) {
		r->signs |= GUARD_TURN;
		buf_text(r->out, "[turn]");
		line = slice_cut(line, speaker, line.len);
	}
	read_words(r, line,
	           speaker > 0 || has_word(line, "[encoded text") ||
	                   has_word(line, "[escaped text"));
}

static void read_lines(struct reading *r, struct slice text)
{
	while (text.len) {
		struct slice line = slice_cut(text, 0, slice_find(text, '\n'));
		size_t removed = r->removed;
		bool blank = !slice_trim(line).len;

		if (blank) {
			r->wary = 0;
			r->pieces = 0;
			r->open = 0;
		} else {
			read_line(r, line);
		}
		if (line.len < text.len &&
		    (r->removed == removed ||
		     (r->out->len && r->out->at[r->out->len - 1] != '\n')))
			buf_byte(r->out, '\n');
		text = slice_cut(text, line.len + 1, text.len);
	}
}

bool guard_in(struct slice text, const struct guard_names *names,
              struct arena *a, struct guard_input *out, struct fault *f)
{
	struct buf one = BUF_INIT(text.len * 8 + 1024);
	struct buf two = BUF_INIT(text.len * 8 + 1024);
	struct reading r = { .out = &one };
	struct arena own = ARENA_INIT;

	if (text.len > LIMIT_TEXT)
		return fault(f, FAULT_LIMIT, "limit-text",
		             "a text of %zu bytes; %d is the most", text.len,
		             LIMIT_TEXT);
	r.lexicon = guard_lexicon_new(names, &own);
	r.signs = guard_reveal(text, &one);
	r.signs |= guard_unmark(buf_slice(&one), &two);
	buf_reset(&one);
	r.signs |= guard_decode(buf_slice(&two), &one);
	buf_reset(&two);
	r.out = &two;
	read_lines(&r, buf_slice(&one));
	*out = (struct guard_input){ arena_copy(a, buf_slice(&two)), r.signs,
		                     r.removed };
	arena_release(&r.scratch);
	arena_release(&own);
	buf_release(&one);
	buf_release(&two);
	return true;
}

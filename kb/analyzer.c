/*
 * The chain. A line names its steps; each step hands its tokens to the next by
 * a call, the last one to a sink that settles positions, cuts what is over
 * TOKEN_MAX, and gives each term once a position.
 *
 * Positions: tokenizers count words. A filter may turn one word into several
 * (a run of Han into characters) or drop it, so the sink counts anew: a token
 * that is not beside another takes the next position, and gaps that dropped
 * words left stay gaps.
 */

#include "kb/analyzer.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "kb/token_key.h"

const char analyzer_default[] = "ops | fold | stop en | stem en | cjk";

extern const struct token_step token_ops, token_plain, token_fold, token_stop,
        token_stem, token_cjk;

const struct token_step *const token_steps[] = {
	&token_ops,  &token_plain, &token_fold, &token_stop,
	&token_stem, &token_cjk,   NULL,
};

enum {
	STEPS_MAX = 16,    /* of one line */
	LINE_MAX_ = 1024,  /* bytes of one line */
	SEEN_MAX = 32,     /* terms of one position that are compared */
	SEEN_BYTES = 1024, /* room for their texts */
};

struct stage {
	const struct token_step *step;
	void *state;
	token_fn *next; /* what the step calls */
	void *to;
};

struct sink {
	token_fn *fn;
	void *self;
	bool any;          /* a token was given */
	uint32_t word;     /* the tokenizer's position of the last one */
	uint32_t position; /* ours */
	size_t seen, bytes;
	struct {
		struct token_key key;
		size_t len, at; /* `at` in `text`, when len is over the key's */
	} terms[SEEN_MAX];
	char text[SEEN_BYTES];
};

struct analyzer {
	struct stage stages[STEPS_MAX];
	size_t count;
	struct buf line;
	struct sink sink;
};

/* Whether the position already has this term; if not, it has it now. */
static bool sink_seen(struct sink *sink, struct slice s)
{
	struct token_key key = token_key(s);
	bool whole = s.len <= TOKEN_KEY_MAX; /* the key says all */
	size_t i;

	for (i = 0; i < sink->seen; i++)
		if (sink->terms[i].len == s.len &&
		    sink->terms[i].key.head == key.head &&
		    sink->terms[i].key.tail == key.tail &&
		    (whole ||
		     !memcmp(sink->text + sink->terms[i].at, s.at, s.len)))
			return true;
	if (i == SEEN_MAX || (!whole && s.len > SEEN_BYTES - sink->bytes))
		return false;
	sink->terms[i].key = key;
	sink->terms[i].len = s.len;
	sink->terms[i].at = sink->bytes;
	sink->seen++;
	if (!whole) {
		memcpy(sink->text + sink->bytes, s.at, s.len);
		sink->bytes += s.len;
	}
	return false;
}

static bool sink_token(void *self, const struct token *t)
{
	struct sink *sink = self;
	struct token out = *t;

	if (t->text.len > TOKEN_MAX)
		out.text = utf8_head(t->text, TOKEN_MAX);
	if (!out.text.len)
		return true;
	if (!sink->any || t->position != sink->word)
		out.flags &= ~(unsigned)TOKEN_BESIDE;
	if (!(out.flags & TOKEN_BESIDE)) {
		if (sink->any)
			sink->position += t->position > sink->word
			                          ? t->position - sink->word
			                          : 1;
		sink->seen = sink->bytes = 0;
	}
	sink->any = true;
	sink->word = t->position;
	if (sink_seen(sink, out.text))
		return true;
	out.position = sink->position;
	return sink->fn(sink->self, &out);
}

static bool stage_token(void *self, const struct token *t)
{
	const struct stage *stage = self;

	return stage->step->token(stage->state, t, stage->next, stage->to);
}

static const struct token_step *step_find(struct slice name)
{
	size_t i;

	for (i = 0; token_steps[i]; i++)
		if (slice_eq(name, slice_of(token_steps[i]->name)))
			return token_steps[i];
	return NULL;
}

/* Tokenizers come first, and only there. */
static bool step_fits(const struct analyzer *a, const struct token_step *step,
                      struct fault *f)
{
	if (a->count == STEPS_MAX)
		return fault(f, FAULT_USAGE, "analyzer-long",
		             "the analyzer has over %d steps", STEPS_MAX);
	if ((a->count == 0) == (step->start != NULL))
		return true;
	return fault(f, FAULT_USAGE, "analyzer-order",
	             a->count ? "'%s' is a tokenizer, which only begins a line"
	                      : "'%s' is a filter; a line begins with a "
	                        "tokenizer, such as ops",
	             step->name);
}

static bool analyzer_add(struct analyzer *a, struct slice part, struct fault *f)
{
	size_t blank;
	struct slice name, argument;
	const struct token_step *step;
	struct stage *stage;

	part = slice_trim(part);
	blank = slice_find(part, ' ');
	name = slice_cut(part, 0, blank);
	argument = slice_trim(slice_cut(part, blank, part.len));
	step = step_find(name);
	if (!step)
		return fault(f, FAULT_USAGE, "analyzer-step",
		             "the analyzer has no step '%.*s'",
		             SLICE_ARG(name));
	if (!step_fits(a, step, f))
		return false;
	stage = &a->stages[a->count++];
	stage->step = step;
	stage->state = memory_new(1, step->state_size ? step->state_size : 1);
	if (a->line.len)
		buf_text(&a->line, " | ");
	buf_add(&a->line, name);
	if (argument.len)
		buf_byte(&a->line, ' ');
	buf_add(&a->line, argument);
	return step->open(stage->state, argument, f);
}

static bool analyzer_parse(struct analyzer *a, struct slice line,
                           struct fault *f)
{
	size_t at = 0, end;

	if (line.len > LINE_MAX_)
		return fault(f, FAULT_USAGE, "analyzer-long",
		             "the analyzer's line is over %d bytes", LINE_MAX_);
	for (;; at = end + 1) {
		end = at + slice_find(slice_cut(line, at, line.len), '|');
		if (!analyzer_add(a, slice_cut(line, at, end), f))
			return false;
		if (end >= line.len)
			return true;
	}
}

static void analyzer_link(struct analyzer *a)
{
	size_t i;

	for (i = 0; i < a->count; i++) {
		bool last = i + 1 == a->count;

		a->stages[i].next = last ? sink_token : stage_token;
		a->stages[i].to =
		        last ? (void *)&a->sink : (void *)&a->stages[i + 1];
	}
}

bool analyzer_new(struct analyzer **out, struct slice line, struct fault *f)
{
	struct analyzer *a = memory_new(1, sizeof(*a));

	a->line = BUF_INIT(2 * LINE_MAX_);
	if (!analyzer_parse(a, line, f)) {
		analyzer_free(a);
		return false;
	}
	analyzer_link(a);
	*out = a;
	return true;
}

void analyzer_free(struct analyzer *a)
{
	size_t i;

	if (!a)
		return;
	for (i = 0; i < a->count; i++) {
		if (a->stages[i].step->close)
			a->stages[i].step->close(a->stages[i].state);
		free(a->stages[i].state);
	}
	buf_release(&a->line);
	free(a);
}

struct slice analyzer_line(const struct analyzer *a)
{
	return buf_slice(&a->line);
}

void analyzer_run(struct analyzer *a, struct slice text, token_fn *fn,
                  void *self)
{
	struct stage *first = &a->stages[0];

	a->sink.fn = fn;
	a->sink.self = self;
	a->sink.any = false;
	a->sink.position = 0;
	first->step->start(first->state, text, first->next, first->to);
}

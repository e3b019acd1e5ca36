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
#include "base/hash.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "kb/memo.h"
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
	MEMO_BITS = 20,    /* of the analyzer's memory, unless asked for more */
	RUN_AHEAD = 16,    /* chunks looked up together */
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
	bool any;                 /* a token was given */
	uint32_t word;            /* the tokenizer's position of the last one */
	uint32_t position;        /* ours */
	uint32_t from;            /* of the chunk in the text */
	uint32_t begin;           /* the tokenizer's position at its begin */
	struct memo_draft *draft; /* of the chunk, or NULL */
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
	struct memo memo;
	struct memo_draft draft;
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

/* Keeps the token for when the chunk comes again; where its note is kept, or
 * NULL. */
static uint64_t *sink_keep(struct sink *sink, const struct token *t,
                           uint32_t advance)
{
	struct memo_draft *d = sink->draft;
	struct memo_token kept = {
		.hash = t->hash,
		.from = (unsigned char)t->from,
		.to = (unsigned char)t->to,
		.flags = (unsigned char)t->flags,
		.advance = (unsigned char)advance,
	};
	uint32_t word = sink->word - sink->begin;

	if (!d->chunk.count)
		d->chunk.first = (unsigned char)word;
	else if (advance > UINT8_MAX)
		d->whole = false;
	if (word > UINT8_MAX)
		d->whole = false;
	d->chunk.last = (unsigned char)word;
	memo_draft_add(d, &kept, t->text);
	return d->whole ? &d->tokens[d->chunk.count - 1].note : NULL;
}

/* Moves to the position of the next token; returns how far. */
static uint32_t sink_advance(struct sink *sink, uint32_t word)
{
	uint32_t by = 0;

	if (sink->any)
		by = word > sink->word ? word - sink->word : 1;
	sink->position += by;
	return by;
}

static bool sink_token(void *self, const struct token *t)
{
	struct sink *sink = self;
	struct token out = *t;
	uint32_t advance = 0;
	uint64_t none = 0;

	if (t->text.len > TOKEN_MAX)
		out.text = utf8_head(t->text, TOKEN_MAX);
	if (!out.text.len)
		return true;
	if (!sink->any || t->position != sink->word)
		out.flags &= ~(unsigned)TOKEN_BESIDE;
	if (!(out.flags & TOKEN_BESIDE)) {
		advance = sink_advance(sink, t->position);
		sink->seen = sink->bytes = 0;
	}
	sink->any = true;
	sink->word = t->position;
	if (sink_seen(sink, out.text))
		return true;
	out.hash = hash64(out.text);
	if (sink->draft)
		out.note = sink_keep(sink, &out, advance);
	if (!out.note)
		out.note = &none;
	out.from += sink->from;
	out.to += sink->from;
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
	analyzer_remember(a, MEMO_BITS);
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
	memo_release(&a->memo);
	buf_release(&a->line);
	free(a);
}

struct slice analyzer_line(const struct analyzer *a)
{
	return buf_slice(&a->line);
}

void analyzer_remember(struct analyzer *a, unsigned bits)
{
	memo_release(&a->memo);
	memo_init(&a->memo, a->stages[0].step->breaks ? bits : 0);
}

/* A text on its way to be taken apart, 64 bytes at a time. */
struct walk {
	struct slice text;
	void (*breaks)(const char at[TOKEN_BREAKS], uint64_t *ends,
	               uint64_t *blanks);
	size_t block, at;
	uint64_t ends, blanks;
};

static void walk_block(struct walk *w, size_t block)
{
	char last[TOKEN_BREAKS];
	const char *at = w->text.at + block;

	w->block = block;
	if (w->text.len - block < sizeof(last)) {
		memset(last, ' ', sizeof(last));
		if (w->text.len > block)
			memcpy(last, at, w->text.len - block);
		at = last;
	}
	w->breaks(at, &w->ends, &w->blanks);
}

/* The next chunk: from its first byte up to the first that ends it. */
static bool walk_next(struct walk *w, size_t *from)
{
	uint64_t bits;

	if (w->at >= w->text.len)
		return false;
	bits = ~w->blanks & UINT64_MAX << w->at % TOKEN_BREAKS;
	while (!bits) {
		if (w->text.len - w->block <= TOKEN_BREAKS)
			return false;
		walk_block(w, w->block + TOKEN_BREAKS);
		bits = ~w->blanks;
	}
	*from = w->block + (size_t)__builtin_ctzll(bits);
	bits = w->ends & (UINT64_MAX - 1) << *from % TOKEN_BREAKS;
	while (!bits) {
		w->at = w->text.len;
		if (w->text.len - w->block <= TOKEN_BREAKS)
			return true;
		walk_block(w, w->block + TOKEN_BREAKS);
		bits = w->ends;
	}
	w->at = w->block + (size_t)__builtin_ctzll(bits);
	return true;
}

/* Gives what is remembered of a chunk. */
static bool sink_replay(struct sink *sink, const struct memo_chunk *chunk,
                        struct memo_token *tokens, const char *texts)
{
	unsigned i;

	if (!chunk->count)
		return true;
	sink_advance(sink, sink->begin + chunk->first);
	sink->any = true;
	sink->word = sink->begin + chunk->last;
	for (i = 0; i < chunk->count; i++) {
		struct memo_token *kept = &tokens[i];
		struct token t = { .text = { texts, kept->len },
			           .from = sink->from + kept->from,
			           .to = sink->from + kept->to,
			           .flags = kept->flags,
			           .hash = kept->hash,
			           .note = &kept->note };

		if (i)
			sink->position += kept->advance;
		t.position = sink->position;
		if (!sink->fn(sink->self, &t))
			return false;
		texts += kept->len;
	}
	return true;
}

/* Through the chain; `position` is the tokenizer's. */
static bool run_chunk(struct analyzer *a, struct slice chunk,
                      struct memo_draft *draft, uint32_t *position)
{
	const struct stage *first = &a->stages[0];
	bool more;

	a->sink.draft = draft;
	if (draft)
		memo_draft_start(draft);
	more = first->step->start(first->state, chunk, position, first->next,
	                          first->to);
	if (!draft)
		return more;
	draft->whole &= more && *position - a->sink.begin <= UINT8_MAX;
	draft->chunk.words = (unsigned char)(*position - a->sink.begin);
	return more;
}

/* A chunk on its way; `key` when it is short enough to be remembered. */
struct ahead {
	size_t from, len;
	struct token_key key;
};

static bool run_known(struct analyzer *a, struct slice chunk,
                      const struct token_key *key, uint32_t *position)
{
	struct memo_token *tokens;
	const char *texts;
	const struct memo_slot *s =
	        memo_find(&a->memo, key, chunk, &tokens, &texts);
	bool more;

	if (s) {
		*position += s->chunk.words;
		return sink_replay(&a->sink, &s->chunk, tokens, texts);
	}
	more = run_chunk(a, chunk, &a->draft, position);
	memo_keep(&a->memo, key, chunk, &a->draft);
	return more;
}

/* Finds the next chunks and asks for the memory that looking them up takes. */
static size_t run_ahead(const struct analyzer *a, struct walk *w,
                        struct ahead all[RUN_AHEAD])
{
	size_t n;

	for (n = 0; n < RUN_AHEAD && walk_next(w, &all[n].from); n++) {
		struct ahead *x = &all[n];

		x->len = w->at - x->from;
		if (x->len > MEMO_CHUNK)
			continue;
		x->key =
		        memo_key((struct slice){ w->text.at + x->from, x->len },
		                 w->text.len - x->from);
		memo_prefetch(&a->memo, &x->key, x->len);
	}
	return n;
}

static void run_chunks(struct analyzer *a, struct slice text)
{
	struct walk w = { .text = text, .breaks = a->stages[0].step->breaks };
	struct ahead all[RUN_AHEAD];
	uint32_t position = 0;
	size_t i, n;
	bool more = true;

	walk_block(&w, 0);
	while (more && (n = run_ahead(a, &w, all))) {
		for (i = 0; more && i < n; i++) {
			struct slice chunk = { text.at + all[i].from,
				               all[i].len };

			a->sink.from = (uint32_t)all[i].from;
			a->sink.begin = position;
			more = chunk.len > MEMO_CHUNK
			               ? run_chunk(a, chunk, NULL, &position)
			               : run_known(a, chunk, &all[i].key,
			                           &position);
		}
	}
}

void analyzer_run(struct analyzer *a, struct slice text, token_fn *fn,
                  void *self)
{
	uint32_t position = 0;

	a->sink.fn = fn;
	a->sink.self = self;
	a->sink.any = false;
	a->sink.position = 0;
	a->sink.from = a->sink.begin = 0;
	if (a->memo.slots)
		run_chunks(a, text);
	else
		run_chunk(a, text, NULL, &position);
}

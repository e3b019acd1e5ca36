#ifndef KB_ANALYZER_H
#define KB_ANALYZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * The analyzer turns text into the terms that the index knows. The same
 * analyzer must see documents and queries, or nothing will match; so it is
 * described by a short line that is stored in the index; an index written
 * with another line is served with that line until it is rebuilt.
 *
 *	"ops | fold | stop en | stem en | cjk"
 *	  |      |        \________ filters, left to right
 *	  tokenizer
 *
 * The `ops` tokenizer keeps what an engineer would paste into a search box in
 * one piece, and gives its parts at the same position. From
 *
 *	nginx: open() "/var/log/nginx/error.log" failed (13: EACCES)
 *
 * come, among others, the verbatim token /var/log/nginx/error.log and, beside
 * it, var, log, nginx, error. A search for either finds the line.
 * docs/analyzer.md has the rules; tests/data/analyzer many examples.
 */

enum token_flags {
	TOKEN_BESIDE = 1 << 0,   /* shares the position of the token before */
	TOKEN_VERBATIM = 1 << 1, /* a path, code, version or address: filters
	                            other than fold let it pass unchanged */
};

struct token {
	struct slice text; /* borrowed until the callback returns */
	uint32_t from, to; /* bytes in the original text; filters never
	                          change these, so that snippets can point */
	uint32_t position; /* counts tokens, for phrases */
	unsigned flags;

	/* For the receiver of a chain only. */
	uint64_t hash;  /* hash64() of the text */
	uint64_t *note; /* its own: a number it may leave with this text, for
	                   as long as the analyzer remembers it; 0 at first */
};

/* Receives one token; false ends the run early, which is not an error. */
typedef bool token_fn(void *self, const struct token *t);

/*
 * One step of the chain. Tokenizers have `start`, filters have `token`. A step
 * may give several tokens for one, or none; positions are settled behind the
 * last step: a token that is not TOKEN_BESIDE has the next one, what was
 * dropped leaves a gap, and no term comes twice at one position. The length of
 * a text is the number of its tokens that are not beside another.
 *
 * What a filter makes of a token depends on that token alone. A tokenizer may
 * say with `breaks` where a text can be taken apart without a difference; what
 * comes of the chunks between is then remembered.
 */
enum { TOKEN_BREAKS = 64 };

struct token_step {
	const char *name;
	const char *summary;
	size_t state_size;
	bool (*open)(void *self, struct slice argument, struct fault *f);
	/* *position is that of the first token, and then of the next text's. */
	bool (*start)(void *self, struct slice text, uint32_t *position,
	              token_fn *next, void *to);
	/* Of each byte, lowest bit first: whether it has nothing to do with
	 * what stands before it; and whether it is a blank, that has nothing
	 * to do with what follows either and gives no token. Space is one. */
	void (*breaks)(const char at[TOKEN_BREAKS], uint64_t *ends,
	               uint64_t *blanks);
	bool (*token)(void *self, const struct token *t, token_fn *next,
	              void *to);
	void (*close)(void *self);
};

extern const struct token_step *const token_steps[];

struct analyzer;

/* The line used unless the configuration has another ([index] analyzer). */
extern const char analyzer_default[];

/* Of the steps' code: part of what makes two indexes agree. Moves whenever
 * any step gives other tokens for some text than before. */
#define ANALYZER_VERSION 1

/* Builds the chain `line` describes. The caller owns *out on success. */
MUST_USE
bool analyzer_new(struct analyzer **out, struct slice line, struct fault *f);

/* NULL is allowed. */
void analyzer_free(struct analyzer *a);

/* The line in its one normal form; borrowed from `a`. */
struct slice analyzer_line(const struct analyzer *a);

/*
 * Runs `text` through the chain. Cannot fail: bytes that are not UTF-8 are
 * taken as separators and tokens over TOKEN_MAX bytes are cut. `text` is under
 * 4 GB. Not reentrant; one analyzer per thread.
 */
#define TOKEN_MAX 255

/*
 * It remembers what came of the chunks it has seen, which changes nothing but
 * its speed: in a memory that grows with what it sees to 2 * 2^bits bytes (20
 * unless said otherwise; from 12 on), or not at all with 0. Forgets what it
 * knew.
 */
void analyzer_remember(struct analyzer *a, unsigned bits);

void analyzer_run(struct analyzer *a, struct slice text, token_fn *fn,
                  void *self);

#endif

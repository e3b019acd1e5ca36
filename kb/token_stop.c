/*
 * The `stop` filter: drops the words that stand in every text. A word of at
 * most eight bytes is one machine word, looked up in a small hash table; no
 * stop word is longer.
 */

#include "kb/analyzer.h"

#include <string.h>

/*
 * English. Left in, because they tell something to an operator: no, not, off,
 * on-call words such as up and down, and all that is also a name or a command
 * (who, which, will stay out of doubt as words of questions).
 */
static const char *const stop_english[] = {
	"a",       "about",   "after",  "all",   "also",   "am",      "an",
	"and",     "any",     "are",    "as",    "at",     "be",      "because",
	"been",    "being",   "but",    "by",    "can",    "could",   "did",
	"do",      "does",    "doing",  "each",  "eg",     "etc",     "for",
	"from",    "had",     "has",    "have",  "having", "he",      "her",
	"here",    "him",     "his",    "how",   "i",      "ie",      "if",
	"in",      "into",    "is",     "it",    "its",    "itself",  "just",
	"me",      "my",      "of",     "on",    "or",     "our",     "ours",
	"she",     "should",  "so",     "some",  "such",   "than",    "that",
	"the",     "their",   "them",   "then",  "there",  "these",   "they",
	"this",    "those",   "to",     "too",   "very",   "was",     "we",
	"were",    "what",    "when",   "where", "which",  "while",   "who",
	"whom",    "why",     "will",   "with",  "would",  "you",     "your",
	"i'm",     "i've",    "i'd",    "i'll",  "you're", "you've",  "you'll",
	"you'd",   "we're",   "we've",  "we'd",  "we'll",  "they're", "they've",
	"they'll", "they'd",  "he'd",   "he'll", "she'd",  "she'll",  "it'll",
	"it'd",    "that'll", "and/or",
};

#define STOP_SLOTS 512

struct stop {
	uint64_t slots[STOP_SLOTS];
};

/* At most eight bytes as one number; 0 for what is longer. */
static uint64_t stop_pack(struct slice s)
{
	uint64_t word = 0;

	if (s.len <= sizeof(word))
		memcpy(&word, s.at, s.len);
	return word;
}

static size_t stop_slot(uint64_t word)
{
	return (size_t)((word * 0x9E3779B97F4A7C15u) >> 55);
}

static bool stop_has(const struct stop *stop, uint64_t word)
{
	size_t i = stop_slot(word);

	while (stop->slots[i] && stop->slots[i] != word)
		i = (i + 1) % STOP_SLOTS;
	return stop->slots[i] != 0;
}

static bool stop_open(void *self, struct slice argument, struct fault *f)
{
	struct stop *stop = self;
	size_t i, at;

	if (!slice_eq(argument, SLICE("en")))
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'stop' knows the language en only");
	for (i = 0; i < sizeof(stop_english) / sizeof(*stop_english); i++) {
		uint64_t word = stop_pack(slice_of(stop_english[i]));

		for (at = stop_slot(word); stop->slots[at];)
			at = (at + 1) % STOP_SLOTS;
		stop->slots[at] = word;
	}
	return true;
}

static bool stop_token(void *self, const struct token *t, token_fn *next,
                       void *to)
{
	uint64_t word = stop_pack(t->text);

	if (word && !(t->flags & TOKEN_VERBATIM) && stop_has(self, word))
		return true;
	return next(to, t);
}

const struct token_step token_stop = {
	.name = "stop",
	.summary = "filter: drops frequent words; 'stop en' for English",
	.state_size = sizeof(struct stop),
	.open = stop_open,
	.token = stop_token,
};

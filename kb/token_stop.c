/*
 * The `stop` filter: drops the words that stand in every text. No stop word is
 * longer than TOKEN_KEY_MAX.
 */

#include "kb/analyzer.h"

#include "kb/token_key.h"

/*
 * English: articles, pronouns, auxiliaries, prepositions. What tells an
 * operator something stays: no, not, up, down, off, before, after, over, under.
 */
static const char *const stop_english[] = {
	"a",        "about",      "again",    "against",   "all",
	"also",     "am",         "an",       "and",       "and/or",
	"any",      "are",        "aren",     "aren't",    "as",
	"at",       "be",         "because",  "been",      "being",
	"between",  "both",       "but",      "by",        "can",
	"can't",    "cannot",     "could",    "couldn",    "couldn't",
	"d",        "did",        "didn",     "didn't",    "do",
	"does",     "doesn",      "doesn't",  "doing",     "don",
	"don't",    "during",     "each",     "eg",        "etc",
	"few",      "for",        "from",     "further",   "had",
	"hadn",     "hadn't",     "has",      "hasn",      "hasn't",
	"have",     "haven",      "haven't",  "having",    "he",
	"he'd",     "he'll",      "he's",     "her",       "here",
	"here's",   "hers",       "herself",  "him",       "himself",
	"his",      "how",        "how's",    "i",         "i'd",
	"i'll",     "i'm",        "i've",     "ie",        "if",
	"in",       "into",       "is",       "isn",       "isn't",
	"it",       "it'd",       "it'll",    "it's",      "its",
	"itself",   "just",       "let's",    "ll",        "me",
	"mightn",   "more",       "most",     "mustn",     "mustn't",
	"my",       "myself",     "needn",    "now",       "of",
	"on",       "once",       "only",     "or",        "other",
	"ought",    "our",        "ours",     "ourselves", "own",
	"re",       "s",          "same",     "shan",      "shan't",
	"she",      "she'd",      "she'll",   "she's",     "should",
	"shouldn",  "shouldn't",  "so",       "some",      "such",
	"t",        "than",       "that",     "that'll",   "that's",
	"the",      "their",      "theirs",   "them",      "themselves",
	"then",     "there",      "there's",  "these",     "they",
	"they'd",   "they'll",    "they're",  "they've",   "this",
	"those",    "through",    "to",       "too",       "until",
	"ve",       "very",       "was",      "wasn",      "wasn't",
	"we",       "we'd",       "we'll",    "we're",     "we've",
	"were",     "weren",      "weren't",  "what",      "what's",
	"when",     "when's",     "where",    "where's",   "which",
	"while",    "who",        "who's",    "whom",      "why",
	"why's",    "will",       "with",     "won",       "won't",
	"would",    "wouldn",     "wouldn't", "you",       "you'd",
	"you'll",   "you're",     "you've",   "your",      "yours",
	"yourself", "yourselves",
};

enum { STOP_SLOTS = 1024 };

struct stop_word {
	struct token_key key;
	size_t len; /* 0: a free slot */
};

struct stop {
	struct stop_word slots[STOP_SLOTS];
};

/* The slot that holds the word, or the free one where it belongs. */
static size_t stop_slot(const struct stop *stop, struct slice s)
{
	struct token_key key = token_key(s);
	size_t i = (size_t)(token_key_hash(key, s.len) >> 54);

	while (stop->slots[i].len && (stop->slots[i].len != s.len ||
	                              stop->slots[i].key.head != key.head ||
	                              stop->slots[i].key.tail != key.tail))
		i = (i + 1) % STOP_SLOTS;
	return i;
}

static bool stop_open(void *self, struct slice argument, struct fault *f)
{
	struct stop *stop = self;
	size_t i;

	if (!slice_eq(argument, SLICE("en")))
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'stop' knows the language en only");
	for (i = 0; i < sizeof(stop_english) / sizeof(*stop_english); i++) {
		struct slice word = slice_of(stop_english[i]);
		size_t at = stop_slot(stop, word);

		stop->slots[at].key = token_key(word);
		stop->slots[at].len = word.len;
	}
	return true;
}

static bool stop_token(void *self, const struct token *t, token_fn *next,
                       void *to)
{
	const struct stop *stop = self;

	if (!(t->flags & TOKEN_VERBATIM) && t->text.len - 1 < TOKEN_KEY_MAX &&
	    stop->slots[stop_slot(stop, t->text)].len)
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

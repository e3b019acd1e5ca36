/*
 * A map from term to number, and two arrays beside it. When it reaches its
 * ceiling, terms seen once are dropped and counting goes on: what is frequent
 * in all loses at most one for each time that happened.
 */

#include "export/words.h"

#include "base/cancel.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markdown.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

const char words_line[] = "ops | fold | stop en | cjk";

struct tally {
	int64_t count, posts, last; /* last: the post that counted it last */
};

struct words {
	struct analyzer *analyzer;
	struct map map; /* term -> its place in `tallies` */
	struct tally *tallies;
	size_t cap;
	int64_t post, dropped;
	struct buf text;
};

/* What is frequent everywhere and says nothing, in byte order: more than the
 * stop words of the index, which must still find "not" and "use". */
static const char *const dull[] = {
	"able",     "about",      "above",     "actually",  "after",
	"again",    "all",        "almost",    "already",   "also",
	"always",   "and",        "another",   "any",       "anyone",
	"anything", "are",        "around",    "available", "back",
	"because",  "been",       "before",    "being",     "best",
	"better",   "both",       "but",       "can",       "cannot",
	"change",   "come",       "could",     "did",       "different",
	"does",     "doing",      "done",      "down",      "each",
	"either",   "else",       "enough",    "even",      "ever",
	"every",    "everything", "example",   "few",       "find",
	"first",    "following",  "found",     "from",      "get",
	"gets",     "getting",    "give",      "given",     "gives",
	"going",    "good",       "got",       "great",     "had",
	"has",      "have",       "having",    "help",      "here",
	"how",      "however",    "idea",      "into",      "issue",
	"its",      "just",       "keep",      "know",      "last",
	"least",    "left",       "less",      "let",       "like",
	"little",   "long",       "look",      "looking",   "lot",
	"made",     "main",       "make",      "makes",     "making",
	"many",     "may",        "maybe",     "mean",      "means",
	"might",    "more",       "most",      "much",      "multiple",
	"must",     "need",       "needed",    "needs",     "never",
	"new",      "next",       "not",       "nothing",   "now",
	"off",      "old",        "once",      "one",       "only",
	"open",     "other",      "others",    "our",       "out",
	"over",     "own",        "part",      "possible",  "problem",
	"put",      "question",   "questions", "rather",    "really",
	"right",    "same",       "say",       "second",    "see",
	"seem",     "seems",      "several",   "should",    "similar",
	"simple",   "since",      "some",      "someone",   "something",
	"specific", "still",      "sure",      "take",      "than",
	"thank",    "thanks",     "that",      "the",       "their",
	"them",     "then",       "there",     "these",     "they",
	"thing",    "things",     "think",     "this",      "those",
	"though",   "three",      "through",   "thus",      "too",
	"took",     "try",        "trying",    "two",       "under",
	"until",    "upon",       "use",       "used",      "uses",
	"using",    "usually",    "various",   "very",      "via",
	"want",     "wants",      "was",       "way",       "ways",
	"well",     "were",       "what",      "when",      "where",
	"whether",  "which",      "while",     "who",       "why",
	"will",     "with",       "within",    "without",   "work",
	"worked",   "working",    "works",     "would",     "yes",
	"yet",      "you",        "your",
};

static int by_text(const void *key, const void *word)
{
	return slice_cmp(*(const struct slice *)key,
	                 slice_of(*(const char *const *)word));
}

static bool is_dull(struct slice s)
{
	return bsearch(&s, dull, sizeof(dull) / sizeof(*dull), sizeof(*dull),
	               by_text);
}

/* Whether a term says something: not a lone CJK character, not a number. */
static bool telling(const struct token *t)
{
	size_t at = 0;
	uint32_t first = utf8_next(t->text, &at);
	enum unicode_class kind = unicode_class(first);
	size_t i;

	if (kind == UNICODE_HAN || kind == UNICODE_HANGUL)
		return at < t->text.len;
	if (t->flags & TOKEN_BESIDE || t->text.len < 2 || is_dull(t->text))
		return false;
	for (i = 0; i < t->text.len; i++)
		if (t->text.at[i] < '0' || t->text.at[i] > '9')
			return true;
	return false;
}

/* Starts a map anew with the terms that were seen more than once. */
static void prune(struct words *w)
{
	struct map fresh = MAP_INIT;
	size_t i;

	for (i = 0; i < w->map.count; i++) {
		struct tally t = w->tallies[i];

		if (t.count < 2) {
			w->dropped++;
			continue;
		}
		w->tallies[fresh.count] = t;
		map_put(&fresh, w->map.entries[i].key, NULL);
	}
	map_release(&w->map);
	w->map = fresh;
}

static bool words_token(void *self, const struct token *t)
{
	struct words *w = self;
	struct map_entry *e;
	struct tally *it;
	bool added;

	if (!telling(t))
		return true;
	if (w->map.count >= WORDS_MOST)
		prune(w);
	e = map_put(&w->map, t->text, &added);
	w->tallies = memory_room(w->tallies, (size_t)(e - w->map.entries),
	                         &w->cap, sizeof(*w->tallies));
	it = &w->tallies[e - w->map.entries];
	if (added)
		*it = (struct tally){ 0 };
	it->count++;
	it->posts += it->last != w->post;
	it->last = w->post;
	return true;
}

static void words_text(struct words *w, struct slice markdown)
{
	buf_reset(&w->text);
	markdown_text(markdown, &w->text);
	analyzer_run(w->analyzer, buf_slice(&w->text), words_token, w);
}

static bool words_post(void *self, const struct post_row *p, struct fault *f)
{
	struct words *w = self;
	size_t i;

	w->post++;
	analyzer_run(w->analyzer, p->title, words_token, w);
	words_text(w, p->content);
	for (i = 0; i < p->answer_count; i++)
		words_text(w, p->answers[i].content);
	return cancel_check(f);
}

static int by_count(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return slice_cmp(x->text, y->text);
}

static void words_sort(const struct words *w, size_t top, struct arena *a,
                       struct word **out, size_t *count)
{
	struct word *all = memory_new(w->map.count, sizeof(*all));
	size_t i;

	for (i = 0; i < w->map.count; i++)
		all[i] = (struct word){ w->map.entries[i].key,
			                w->tallies[i].count,
			                w->tallies[i].posts };
	qsort(all, w->map.count, sizeof(*all), by_count);
	*count = top < w->map.count ? top : w->map.count;
	*out = arena_array(a, *count, sizeof(**out));
	for (i = 0; i < *count; i++) {
		(*out)[i] = all[i];
		(*out)[i].text = arena_copy(a, all[i].text);
	}
	free(all);
}

bool words_count(struct store *s, const struct reader *r, struct slice space,
                 size_t top, struct arena *a, struct word **out, size_t *count,
                 int64_t *dropped, struct fault *f)
{
	const struct post_filter filter = { .space = space };
	struct words w = { .text = BUF_INIT(LIMIT_TEXT) };
	struct arena rows = ARENA_INIT;
	bool ok;

	ok = analyzer_new(&w.analyzer, slice_of(words_line), f) &&
	     posts_each(s, r, &filter, &rows, words_post, &w, f);
	if (ok)
		words_sort(&w, top, a, out, count);
	*dropped = w.dropped;
	analyzer_free(w.analyzer);
	map_release(&w.map);
	free(w.tallies);
	buf_release(&w.text);
	arena_release(&rows);
	return ok;
}

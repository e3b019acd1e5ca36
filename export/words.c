/*
 * A map from term to number, and two arrays beside it. When it reaches its
 * ceiling, terms seen once are dropped and counting goes on: what is frequent
 * in all loses at most one for each time that happened.
 *
 * Runs of Han have no blanks between words: their pairs are counted, but for
 * those with a character that only holds a sentence together. Hangul has
 * blanks, but hangs particles and endings on its words: particles come off,
 * and what ends like a verb is left out.
 */

#include "export/words.h"

#include "base/cancel.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/markdown.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

const char words_line[] = "ops | fold | stop en";

struct tally {
	int64_t count, posts, last; /* last: the post that counted it last */
};

struct words {
	struct analyzer *analyzer;
	struct map map; /* term -> its place in `tallies` */
	struct tally *tallies;
	size_t cap;
	int64_t post, dropped;
	struct buf prose, text;
};

/* What is frequent everywhere and says nothing, in byte order: more than the
 * stop words of the index, which must still find "not" and "use". */
static const char *const dull[] = {
	"able",      "about",      "above",    "actually",  "after",
	"again",     "all",        "almost",   "already",   "also",
	"always",    "and",        "another",  "any",       "anyone",
	"anything",  "are",        "around",   "available", "back",
	"because",   "been",       "before",   "being",     "best",
	"better",    "both",       "but",      "can",       "cannot",
	"change",    "come",       "could",    "did",       "different",
	"does",      "doing",      "done",     "down",      "each",
	"either",    "else",       "enough",   "even",      "ever",
	"every",     "everything", "example",  "few",       "find",
	"first",     "following",  "found",    "from",      "get",
	"gets",      "getting",    "give",     "given",     "gives",
	"going",     "good",       "got",      "great",     "had",
	"has",       "have",       "having",   "help",      "here",
	"how",       "however",    "idea",     "into",      "issue",
	"its",       "just",       "keep",     "know",      "last",
	"least",     "left",       "less",     "let",       "like",
	"little",    "long",       "look",     "looking",   "lot",
	"made",      "main",       "make",     "makes",     "making",
	"many",      "may",        "maybe",    "mean",      "means",
	"might",     "more",       "most",     "much",      "multiple",
	"must",      "need",       "needed",   "needs",     "never",
	"new",       "next",       "no",       "not",       "nothing",
	"now",       "off",        "old",      "once",      "one",
	"only",      "open",       "other",    "others",    "our",
	"out",       "over",       "own",      "part",      "possible",
	"problem",   "put",        "question", "questions", "rather",
	"really",    "right",      "same",     "say",       "second",
	"see",       "seem",       "seems",    "several",   "should",
	"similar",   "simple",     "since",    "some",      "someone",
	"something", "specific",   "still",    "sure",      "take",
	"than",      "thank",      "thanks",   "that",      "the",
	"their",     "them",       "then",     "there",     "these",
	"they",      "thing",      "things",   "think",     "this",
	"those",     "though",     "three",    "through",   "thus",
	"too",       "took",       "try",      "trying",    "two",
	"under",     "until",      "upon",     "use",       "used",
	"uses",      "using",      "usually",  "various",   "very",
	"via",       "want",       "wants",    "was",       "way",
	"ways",      "well",       "were",     "what",      "when",
	"where",     "whether",    "which",    "while",     "who",
	"why",       "will",       "with",     "within",    "without",
	"work",      "worked",     "working",  "works",     "would",
	"yes",       "yet",        "you",      "your",
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

/* Whether a term of letters and digits says something: it is no number. */
static bool telling(const struct token *t)
{
	size_t i;

	if (t->flags & TOKEN_BESIDE || t->text.len < 2 || is_dull(t->text) ||
	    (t->text.len == 2 && t->text.at[0] == '-'))
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

static void words_add(struct words *w, struct slice term)
{
	struct map_entry *e;
	struct tally *it;
	bool added;

	if (w->map.count >= WORDS_MOST)
		prune(w);
	e = map_put(&w->map, term, &added);
	w->tallies = memory_room(w->tallies, (size_t)(e - w->map.entries),
	                         &w->cap, sizeof(*w->tallies));
	it = &w->tallies[e - w->map.entries];
	if (added)
		*it = (struct tally){ 0 };
	it->count++;
	it->posts += it->last != w->post;
	it->last = w->post;
}

/* Characters of grammar, not of matter: a pair with one of them is no word. */
static bool is_grammar(uint32_t point)
{
	static const uint32_t points[] = {
		0x7684, 0x4E86, 0x662F, 0x5728, 0x548C, 0x4E0D, 0x6709, 0x6211,
		0x8FD9, 0x4E2A, 0x5C31, 0x4E5F, 0x90FD, 0x4E0E, 0x6216, 0x88AB,
		0x628A, 0x4F1A, 0x8981, 0x4E00, 0x4F60, 0x90A3, 0x4EC0, 0x4E48,
		0x600E, 0x5982, 0x679C, 0x6CA1, 0x53EF, 0x4EE5, 0x4F46, 0x56E0,
		0x4E3A, 0x6240, 0x8FD8, 0x53EA, 0x4E2D, 0x4E0A, 0x4E0B, 0x540E,
		0x91CC, 0x5BF9, 0x4ECE, 0x5230, 0x5F88, 0x518D, 0x53C8, 0x8BA9,
		0x7ED9, 0x7528, 0x4E4B, 0x5176, 0x4E9B, 0x8BF7, 0x80FD, 0x4EEC,
	};
	size_t i;

	for (i = 0; i < sizeof(points) / sizeof(*points); i++)
		if (points[i] == point)
			return true;
	return false;
}

static void words_han(struct words *w, struct slice run)
{
	size_t at = 0, from = 0, next;
	uint32_t last = utf8_next(run, &at), point;

	for (next = at; at < run.len; from = next, next = at, last = point) {
		point = utf8_next(run, &at);
		if (!is_grammar(last) && !is_grammar(point))
			words_add(w, slice_cut(run, from, at));
	}
}

static void words_hangul(struct words *w, struct slice run)
{
	static const char *const verbs[] = { "니다", "니까", "세요", "어요",
		                             "아요", "해요", "하고", "하면",
		                             "해서", "하는", "되는", "있는",
		                             "없는", "때문" };
	static const char *const particles[] = {
		"에서는", "으로", "에서", "에는", "까지", "부터",
		"을",     "를",   "이",   "가",   "은",   "는",
		"에",     "의",   "로",   "와",   "과",   "도",
	};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (slice_ends(run, slice_of(verbs[i])))
			return;
	for (i = 0; i < sizeof(particles) / sizeof(*particles); i++)
		if (slice_ends(run, slice_of(particles[i])) &&
		    utf8_count(run) >= utf8_count(slice_of(particles[i])) + 2) {
			run.len -= strlen(particles[i]);
			break;
		}
	if (utf8_count(run) >= 2)
		words_add(w, run);
}

static bool words_token(void *self, const struct token *t)
{
	struct words *w = self;
	size_t at = 0;

	if (!t->text.len)
		return true;
	switch (unicode_class(utf8_next(t->text, &at))) {
	case UNICODE_HAN:
		words_han(w, t->text);
		break;
	case UNICODE_HANGUL:
		words_hangul(w, t->text);
		break;
	default:
		if (telling(t))
			words_add(w, t->text);
	}
	return true;
}

/* How many backquotes the line begins with, behind its indent. */
static size_t fence_of(struct slice line)
{
	size_t n = 0;

	line = slice_trim(line);
	while (n < line.len && line.at[n] == '`')
		n++;
	return n;
}

/* Appends what stands outside of fenced code. */
static void prose(struct slice markdown, struct buf *out)
{
	size_t fence = 0;

	while (markdown.len) {
		size_t end = slice_find(markdown, '\n');
		struct slice line = slice_cut(markdown, 0, end);
		size_t here = fence_of(line);

		markdown = slice_cut(markdown, end + 1, markdown.len);
		if (fence && here >= fence && slice_trim(line).len == here) {
			fence = 0;
		} else if (!fence && here >= 3) {
			fence = here;
		} else if (!fence) {
			buf_add(out, line);
			buf_byte(out, '\n');
		}
	}
}

static void words_text(struct words *w, struct slice markdown)
{
	buf_reset(&w->prose);
	prose(markdown, &w->prose);
	buf_reset(&w->text);
	markdown_text(buf_slice(&w->prose), &w->text);
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
	struct words w = { .prose = BUF_INIT(LIMIT_TEXT + 1),
		           .text = BUF_INIT(LIMIT_TEXT) };
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
	buf_release(&w.prose);
	buf_release(&w.text);
	arena_release(&rows);
	return ok;
}

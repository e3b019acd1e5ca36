/*
 * The lists of guard_lexicon.h as a tree of bytes, made once; a sentence is
 * walked from left to right by its longest matches.
 */

#include "kb/cases/guard_words.h"

#include <pthread.h>
#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/guard_fold.h"
#include "kb/cases/guard_lexicon.h"

enum { MIXED_LEAST = 4, MIXED_MOST = 24 }; /* letters */
enum { LIMIT_HITS = 4096 }; /* of one sentence; what follows is like it */

/* A tree of bytes: a node's children are a list. */
struct node {
	uint32_t child, next;
	uint64_t words;
	uint64_t prefix; /* words with any ending */
	unsigned char byte;
};

struct tree {
	struct node *nodes;
	size_t count, cap;
	uint32_t root[256];
};

struct guard_lexicon {
	struct tree names;
};

static struct tree tree;
static struct tree mixed; /* of guard_scrambled */
static struct arena tree_arena;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t tree_node(struct tree *t, struct arena *a, unsigned char byte)
{
	if (t->count == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 256;
		struct node *nodes = arena_array(a, cap, sizeof(*nodes));

		if (t->count)
			memcpy(nodes, t->nodes, t->count * sizeof(*nodes));
		t->count += !t->count; /* 0 means none */
		t->nodes = nodes;
		t->cap = cap;
	}
	t->nodes[t->count].byte = byte;
	return (uint32_t)t->count++;
}

static uint32_t tree_step(const struct tree *t, uint32_t node, char byte)
{
	uint32_t next;

	if (!node)
		return t->root[(unsigned char)byte];
	next = t->nodes[node].child;
	while (next && t->nodes[next].byte != (unsigned char)byte)
		next = t->nodes[next].next;
	return next;
}

static void tree_add(struct tree *t, struct arena *a, struct slice folded,
                     uint64_t words, bool prefix)
{
	uint32_t node = 0, next;
	size_t i;

	for (i = 0; i < folded.len; i++, node = next) {
		next = tree_step(t, node, folded.at[i]);
		if (next)
			continue;
		next = tree_node(t, a, (unsigned char)folded.at[i]);
		if (node) {
			t->nodes[next].next = t->nodes[node].child;
			t->nodes[node].child = next;
		} else {
			t->root[(unsigned char)folded.at[0]] = next;
		}
	}
	if (node && prefix)
		t->nodes[node].prefix |= words;
	else if (node)
		t->nodes[node].words |= words;
}

static void add_list(struct tree *t, struct arena *a, uint64_t words,
                     struct slice list)
{
	struct buf folded = BUF_INIT(1 << 16);

	while (list.len) {
		struct slice word = slice_cut(list, 0, slice_find(list, '|'));
		bool prefix = slice_ends(word, SLICE("*"));

		list = slice_cut(list, word.len + 1, list.len);
		buf_reset(&folded);
		guard_fold(slice_cut(word, 0, word.len - prefix), &folded);
		tree_add(t, a, buf_slice(&folded), words, prefix);
	}
	buf_release(&folded);
}

/* The form in which scrambled words are the same; 0: it is too short. */
static size_t unmixed(struct slice word, char form[MIXED_MOST])
{
	bool seen[26] = { false };
	size_t i, len = 0;

	if (word.len < MIXED_LEAST || word.len >= MIXED_MOST)
		return 0;
	for (i = 1; i + 1 < word.len; i++) {
		if (word.at[i] < 'a' || word.at[i] > 'z')
			return 0;
		seen[word.at[i] - 'a'] = true;
	}
	form[len++] = word.at[0];
	for (i = 0; i < 26; i++)
		if (seen[i])
			form[len++] = (char)('a' + i);
	form[len++] = word.at[word.len - 1];
	return len;
}

static void add_mixed(struct tree *t, struct arena *a, uint64_t words,
                      struct slice list)
{
	struct buf folded = BUF_INIT(1 << 10);
	char form[MIXED_MOST];

	while (list.len) {
		struct slice word = slice_cut(list, 0, slice_find(list, '|'));
		size_t len;

		buf_reset(&folded);
		guard_fold(word, &folded);
		len = unmixed(buf_slice(&folded), form);
		tree_add(t, a, (struct slice){ form, len }, words, false);
		list = slice_cut(list, word.len + 1, list.len);
	}
	buf_release(&folded);
}

static void prepare(void)
{
	const struct guard_list *l;

	for (l = guard_scrambled; l->list; l++)
		add_mixed(&mixed, &tree_arena, l->words, slice_of(l->list));
	for (l = guard_lists; l->list; l++)
		add_list(&tree, &tree_arena, l->words, slice_of(l->list));
	for (l = guard_synonyms; l->list; l++)
		add_list(&tree, &tree_arena, l->words, slice_of(l->list));
}

/* With and without spaces: letters that were taken apart come without. */
static void add_name(struct guard_lexicon *l, struct arena *a,
                     struct slice name)
{
	struct buf folded = BUF_INIT(1 << 16);
	size_t i, to = 0;

	guard_fold(name, &folded);
	tree_add(&l->names, a, buf_slice(&folded), WORD_CLASS, false);
	for (i = 0; i < folded.len; i++)
		if (folded.at[i] != ' ')
			folded.at[to++] = folded.at[i];
	buf_cut(&folded, to);
	tree_add(&l->names, a, buf_slice(&folded), WORD_CLASS, false);
	buf_release(&folded);
}

struct guard_lexicon *guard_lexicon_new(const struct guard_names *names,
                                        struct arena *a)
{
	struct guard_lexicon *l = arena_new(a, sizeof(*l));
	size_t i;

	pthread_once(&once, prepare);
	for (i = 0; names && i < names->class_count; i++)
		add_name(l, a, names->classes[i]);
	return l;
}

enum {
	JOINED_LEAST = 16, /* words as long are looked through, too */
	INSIDE_LEAST = 4,
};

#define INSIDE_WORDS                                                           \
	(WORD_DROP | WORD_RULE | WORD_PAST | WORD_SAY | WORD_SORT |            \
	 WORD_FIELD | WORD_CLASS | WORD_JAIL)

/* A word that may be several: ours are of letters a to z alone. */
static bool is_joined(struct slice s, size_t from, size_t to)
{
	return to - from >= JOINED_LEAST && utf8_ascii(slice_cut(s, from, to));
}

static bool is_word_byte(struct slice s, size_t at)
{
	return at < s.len && s.at[at] != ' ';
}

/* Whether the character at `at` is of a script without spaces. */
static bool is_east(struct slice s, size_t at)
{
	enum unicode_class c;

	if (at >= s.len || (s.at[at] & 0x80) == 0)
		return false;
	c = unicode_class(utf8_next(s, &at));
	return c == UNICODE_HAN || c == UNICODE_HANGUL;
}

static bool ends_well(struct slice s, size_t from, size_t to, bool inside)
{
	return !is_word_byte(s, to) || is_east(s, from) ||
	       (inside && to - from >= INSIDE_LEAST);
}

/* The longest entry that begins at `at`; inside of a word that was joined it
 * need not end with it. */
static size_t longest(const struct tree *t, struct slice s, size_t at,
                      bool inside, uint64_t *words)
{
	size_t i = at, end = 0;
	uint32_t node = 0;
	uint64_t found;

	while (i < s.len) {
		node = tree_step(t, node, s.at[i]);
		if (!node)
			break;
		i++;
		if (i < s.len && (s.at[i] & 0xC0) == 0x80)
			continue;
		found = ends_well(s, at, i, inside) ? t->nodes[node].words : 0;
		if (!found && (!inside || i - at > INSIDE_LEAST))
			found = t->nodes[node].prefix;
		if (inside)
			found &= INSIDE_WORDS;
		if (found) {
			*words = found;
			end = i;
		}
	}
	return end;
}

static void add_hit(struct guard_hits *out, struct arena *a, size_t *cap,
                    struct guard_hit hit)
{
	if (out->count == LIMIT_HITS)
		return;
	if (out->count == *cap) {
		size_t more = *cap ? *cap * 2 : 32;
		struct guard_hit *at = arena_array(a, more, sizeof(*at));

		if (out->count)
			memcpy(at, out->at, out->count * sizeof(*at));
		out->at = at;
		*cap = more;
	}
	out->any |= hit.words;
	out->at[out->count++] = hit;
}

/* Orders begin a clause, or follow a word that leads to one. Beyond Latin,
 * where the verb may stand anywhere, they always may be ones. */
static bool leads(const struct guard_hits *h, const struct guard_hit *hit,
                  struct slice s)
{
	const struct guard_hit *last;

	if (hit->words & WORD_IMP || (s.at[hit->from] & 0x80) || !hit->from)
		return true;
	last = h->count ? &h->at[h->count - 1] : NULL;
	return last && last->to + 1 >= hit->from &&
	       last->words & (WORD_MARK | WORD_LEAD | WORD_MUST | WORD_NOW |
	                      WORD_CALL | WORD_ONLY | WORD_MODEL);
}

/* Arabic writes "and", "with", "the" as letters in front of a word. */
static size_t behind_article(struct slice s, size_t at)
{
	static const struct slice heads[] = { { "ال", 4 }, { "و", 2 },
		                              { "ف", 2 },  { "ب", 2 },
		                              { "ل", 2 },  { "ك", 2 } };
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (slice_starts(slice_cut(s, at, s.len), heads[i]))
			return at + heads[i].len;
	return at;
}

/* The entry or name at `at`; hit.to stays 0 when none is. */
static struct guard_hit hit_at(const struct guard_lexicon *l, struct slice s,
                               size_t at, bool inside)
{
	struct guard_hit hit = { .from = at };
	uint64_t name = 0;
	size_t end;

	if (s.at[at] == ',' || s.at[at] == ':') {
		hit.words = WORD_MARK;
		hit.to = at + 1;
		return hit;
	}
	hit.to = longest(&tree, s, at, inside, &hit.words);
	end = longest(&l->names, s, at, inside, &name);
	hit.words |= name;
	if (name && hit.words & WORD_COMMON && end == hit.to)
		hit.words &= ~WORD_CLASS;
	hit.to = end > hit.to ? end : hit.to;
	at = behind_article(s, at);
	if (!hit.words && !inside && at > hit.from)
		hit.to = longest(&tree, s, at, false, &hit.words);
	return hit;
}

static uint64_t mixed_word(struct slice word)
{
	char form[MIXED_MOST];
	size_t len = unmixed(word, form), i;
	uint32_t node = 0;

	for (i = 0; i < len; i++) {
		node = tree_step(&mixed, node, form[i]);
		if (!node)
			return 0;
	}
	return len && node ? mixed.nodes[node].words : 0;
}

void guard_words(const struct guard_lexicon *l, struct slice s, struct arena *a,
                 struct guard_hits *out)
{
	size_t at = 0, cap = 0, end = 0;
	bool joined = false;

	*out = (struct guard_hits){ .len = s.len };
	while (at < s.len) {
		bool east = is_east(s, at), begins = at >= end;
		struct guard_hit hit;

		if (s.at[at] == ' ') {
			at++;
			continue;
		}
		if (begins) {
			end = at + slice_find(slice_cut(s, at, s.len), ' ');
			joined = is_joined(s, at, end);
		}
		hit = hit_at(l, s, at, !begins && !east);
		if (hit.words) {
			hit.leads = leads(out, &hit, s);
			add_hit(out, a, &cap, hit);
			at = hit.to;
		} else if (begins && !east &&
		           (hit.words = mixed_word(slice_cut(s, at, end)))) {
			hit.to = end;
			hit.leads = leads(out, &hit, s);
			add_hit(out, a, &cap, hit);
			at = end;
		} else {
			utf8_next(s, &at);
		}
		if (at < end && !east && !joined)
			at = end;
	}
}

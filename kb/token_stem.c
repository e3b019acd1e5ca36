/*
 * The `stem` filter: Snowball stemming by libstemmer, in front of which stand
 * a table of exceptions and a cache.
 *
 * `stem en` agrees with the vocabulary that Snowball publishes for English
 * today, which libstemmer 2.2 does not on 57 of its words: those, and names
 * whose stem would be hard to recognise (aws -> aw), are exceptions. `stem
 * english`, or any other language of libstemmer, is the library alone.
 *
 * Words are taken from the same few ten thousand, so the cache has one entry a
 * slot and no chains: a newcomer takes the place of what was there.
 */

#include "kb/analyzer.h"

#include <stdlib.h>
#include <string.h>

#include <libstemmer.h>

#include "base/map.h"
#include "base/memory.h"
#include "kb/token_key.h"

struct stem_exception {
	const char *word, *stem;
};

static const struct stem_exception stem_exceptions[] = {
	/* Where Snowball has moved on since libstemmer 2.2. */
	{ "added", "add" },
	{ "adding", "add" },
	{ "apologists", "apolog" },
	{ "apologist", "apolog" },
	{ "archaeologist", "archaeolog" },
	{ "archaeologists", "archaeolog" },
	{ "ebbed", "ebb" },
	{ "ebbing", "ebb" },
	{ "emergencies", "emergenc" },
	{ "emergency", "emergenc" },
	{ "entomologist", "entomolog" },
	{ "entomologists", "entomolog" },
	{ "erred", "err" },
	{ "erring", "err" },
	{ "evening", "evening" },
	{ "evenings", "evening" },
	{ "genealogist", "genealog" },
	{ "genealogists", "genealog" },
	{ "geologist", "geolog" },
	{ "geologists", "geolog" },
	{ "hying", "hie" },
	{ "interfered", "interfer" },
	{ "interfering", "interfer" },
	{ "internal", "internal" },
	{ "internality", "internal" },
	{ "internalization", "internal" },
	{ "internalize", "internal" },
	{ "internalized", "internal" },
	{ "internalizes", "internal" },
	{ "internalizing", "internal" },
	{ "internally", "internal" },
	{ "internals", "internal" },
	{ "internalness", "internal" },
	{ "international", "internat" },
	{ "internationally", "internat" },
	{ "internationals", "internat" },
	{ "internment", "internment" },
	{ "internments", "internment" },
	{ "interval", "interval" },
	{ "intervals", "interval" },
	{ "lateral", "lateral" },
	{ "laterally", "lateral" },
	{ "offing", "off" },
	{ "oncologist", "oncolog" },
	{ "oncologists", "oncolog" },
	{ "organic", "organic" },
	{ "organically", "organic" },
	{ "organism", "organism" },
	{ "organisms", "organism" },
	{ "organization", "organiz" },
	{ "organizations", "organiz" },
	{ "organize", "organiz" },
	{ "organized", "organiz" },
	{ "organizes", "organiz" },
	{ "organizing", "organiz" },
	{ "organizer", "organiz" },
	{ "organizers", "organiz" },
	{ "ornithologist", "ornitholog" },
	{ "ornithologists", "ornitholog" },
	{ "paste", "paste" },
	{ "pasted", "paste" },
	{ "pastes", "paste" },
	{ "pasting", "paste" },
	{ "psychologist", "psycholog" },
	{ "psychologists", "psycholog" },
	{ "universal", "universal" },
	{ "universally", "universal" },
	{ "universities", "universiti" },
	{ "university", "universiti" },
	{ "vying", "vie" },
};

/* Error codes and names that are no English: kept as they are, because people
 * read terms in statistics. */
static const char *const stem_names[] = {
	"ansible",      "apache",
	"aws",          "centos",
	"chatops",      "devops",
	"devsecops",    "eacces",
	"eaddrinuse",   "ealready",
	"ebs",          "ebusy",
	"ecanceled",    "econnaborted",
	"econnrefused", "ecs",
	"efs",          "eintegrity",
	"eks",          "emfile",
	"emsgsize",     "enfile",
	"enobufs",      "enosys",
	"enotempty",    "enotrecoverable",
	"enotty",       "epipe",
	"eprototype",   "erange",
	"erofs",        "errimagepull",
	"espipe",       "estale",
	"etime",        "etxtbsy",
	"gitops",       "iis",
	"iops",         "ios",
	"jenkins",      "kubernetes",
	"macos",        "nagios",
	"ops",          "oomkilled",
	"postgres",     "redis",
	"travis",
};

enum {
	STEM_ROOM = 23, /* bytes of a stem in the cache */
	STEM_SLOTS = 8192,
};

struct stem_entry {
	struct token_key word;
	unsigned char word_len, stem_len;
	char stem[STEM_ROOM];
};

struct stem {
	struct sb_stemmer *snowball;
	struct map exceptions; /* word -> const char * */
	struct stem_entry *cache;
};

static void stem_except(struct stem *stem, const char *word, const char *as)
{
	union {
		const char *in;
		void *out;
	} text = { .in = as };

	map_put(&stem->exceptions, slice_of(word), NULL)->pointer = text.out;
}

static void stem_english(struct stem *stem)
{
	size_t i;

	for (i = 0; i < sizeof(stem_exceptions) / sizeof(*stem_exceptions); i++)
		stem_except(stem, stem_exceptions[i].word,
		            stem_exceptions[i].stem);
	for (i = 0; i < sizeof(stem_names) / sizeof(*stem_names); i++)
		stem_except(stem, stem_names[i], stem_names[i]);
}

static bool stem_open(void *self, struct slice argument, struct fault *f)
{
	struct stem *stem = self;
	bool english = slice_eq(argument, SLICE("en"));
	char language[32] = "english";

	if (!english) {
		if (!argument.len || argument.len >= sizeof(language))
			return fault(f, FAULT_USAGE, "analyzer-argument",
			             "'stem' needs a language, such as en");
		memcpy(language, argument.at, argument.len);
		language[argument.len] = '\0';
	}
	stem->snowball = sb_stemmer_new(language, "UTF_8");
	if (!stem->snowball)
		return fault(f, FAULT_USAGE, "analyzer-argument",
		             "'stem' does not know the language '%s'",
		             language);
	stem->cache = memory_new(STEM_SLOTS, sizeof(*stem->cache));
	if (english)
		stem_english(stem);
	return true;
}

static void stem_close(void *self)
{
	struct stem *stem = self;

	sb_stemmer_delete(stem->snowball);
	map_release(&stem->exceptions);
	free(stem->cache);
}

/* Words only: letters (of any alphabet, to which the stemmer is indifferent)
 * and apostrophes. */
static bool stem_wants(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!((c >= 'a' && c <= 'z') || (c & 0x80) || c == '\''))
			return false;
	}
	return s.len > 2;
}

/* Borrowed until the next call. */
static struct slice stem_ask(struct stem *stem, struct slice word)
{
	const struct map_entry *e = map_get(&stem->exceptions, word);
	const sb_symbol *out;

	if (e)
		return slice_of(e->pointer);
	out = sb_stemmer_stem(stem->snowball, (const sb_symbol *)word.at,
	                      (int)word.len);
	if (!out)
		return word;
	return (struct slice){ (const char *)out,
		               (size_t)sb_stemmer_length(stem->snowball) };
}

static struct slice stem_word(struct stem *stem, struct slice word)
{
	struct token_key key;
	struct stem_entry *e;
	struct slice out;

	if (word.len > TOKEN_KEY_MAX)
		return word.len > TOKEN_MAX ? word : stem_ask(stem, word);
	key = token_key(word);
	e = &stem->cache[token_key_hash(key, word.len) >> 51];
	if (e->word_len == word.len && e->word.head == key.head &&
	    e->word.tail == key.tail)
		return (struct slice){ e->stem, e->stem_len };
	out = stem_ask(stem, word);
	if (out.len > STEM_ROOM)
		return out;
	e->word = key;
	e->word_len = (unsigned char)word.len;
	e->stem_len = (unsigned char)out.len;
	memcpy(e->stem, out.at, out.len);
	return out;
}

static bool stem_token(void *self, const struct token *t, token_fn *next,
                       void *to)
{
	struct token stemmed = *t;

	if ((t->flags & TOKEN_VERBATIM) || !stem_wants(t->text))
		return next(to, t);
	stemmed.text = stem_word(self, t->text);
	return next(to, &stemmed);
}

const struct token_step token_stem = {
	.name = "stem",
	.summary = "filter: Snowball stems; 'stem en' for English",
	.state_size = sizeof(struct stem),
	.open = stem_open,
	.token = stem_token,
	.close = stem_close,
};

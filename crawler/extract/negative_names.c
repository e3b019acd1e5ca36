/*
 * Names come in lower case and with '-' for every separator, so that one table
 * of words and one of pieces do.
 */

#include "crawler/extract/negative_names.h"

enum { NAMES_MOST = 300 }; /* longer ones are lists of looks */

/* By the length of the part before the first '-', then by bytes. */
static const char *const words[] = {
	"ad",
	"on-this-page",
	"ads",
	"nav",
	"toc",
	"edit-link",
	"edit-page",
	"gdpr",
	"jump",
	"menu",
	"more-topics",
	"post-menu",
	"prev-next",
	"side-bar",
	"skip",
	"user-card",
	"user-info",
	"vote",
	"login",
	"modal",
	"pager",
	"popup",
	"print",
	"promo",
	"share",
	"table-of-contents",
	"topic-map",
	"advert",
	"avatar",
	"banner",
	"cookie",
	"footer",
	"navbar",
	"navbox",
	"rating",
	"signup",
	"social",
	"topbar",
	"voting",
	"widget",
	"consent",
	"leftnav",
	"message-actionbar",
	"message-attribution-opposite",
	"noprint",
	"pagenav",
	"related",
	"sharing",
	"sidebar",
	"sponsor",
	"toolbar",
	"catlinks",
	"comments-link",
	"feedback",
	"masthead",
	"prevnext",
	"reaction",
	"rightnav",
	"userinfo",
	"votecell",
	"reactions",
	"recommend",
	"signature",
	"subscribe",
	"suggested-topics",
	"breadcrumb",
	"headerlink",
	"navigation",
	"newsletter",
	"pagination",
	"breadcrumbs",
	"editsection",
	"postprofile",
	"printfooter",
	"recommended",
	"recommendations",
};

/* Wherever they stand, even within a word; '-' may be left out. */
static const char *const pieces[] = {
	"cookie",          "breadcrumb",      "sidebar",        "newsletter",
	"related-post",    "related-article", "related-topic",  "share-bar",
	"share-button",    "share-link",      "social-share",   "social-link",
	"social-icon",     "suggested-topic", "mw-editsection", "headerlink",
	"postprofile",     "user-card",       "signature",      "message-user",
	"post-menu",       "pagination",      "skip-link",      "skip-to",
	"similar-threads",
};

static int compare(struct slice part, const char *word)
{
	size_t len = strcspn(word, "-");

	if (part.len != len)
		return part.len < len ? -1 : 1;
	return memcmp(part.at, word, len);
}

/* Whether the parts from the start of `s` on are the word. */
static bool is_word(struct slice s, const char *word)
{
	size_t len = strlen(word);

	return slice_starts(s, (struct slice){ word, len }) &&
	       (s.len == len || s.at[len] == '-');
}

static bool word_at(struct slice s)
{
	struct slice part = slice_cut(s, 0, slice_find(s, '-'));
	size_t low = 0, high = sizeof(words) / sizeof(words[0]), count = high;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(part, words[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && !compare(part, words[low]); low++)
		if (is_word(s, words[low]))
			return true;
	return false;
}

static bool is_piece(struct slice s, const char *piece)
{
	size_t i;

	for (i = 0; *piece; piece++) {
		if (i < s.len && s.at[i] == *piece)
			i++;
		else if (*piece != '-')
			return false;
	}
	return true;
}

static bool piece_at(struct slice s)
{
	size_t i;

	if (!strchr("cbsnrmhpu", s.at[0]))
		return false;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		if (pieces[i][0] == s.at[0] && is_piece(s, pieces[i]))
			/* A forum calls its posts message-userContent. */
			return !slice_starts(s, SLICE("message-userc"));
	return false;
}

bool negative_name(struct slice names)
{
	char room[NAMES_MOST];
	struct slice s = { room, names.len };
	size_t i;

	if (!names.len || names.len >= NAMES_MOST)
		return false;
	for (i = 0; i < names.len; i++) {
		char c = names.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		room[i] = c == '_' || (unsigned char)c <= ' ' ? '-' : c;
	}
	for (i = 0; i < s.len; i++) {
		struct slice rest = slice_cut(s, i, s.len);

		if ((!i || s.at[i - 1] == '-') && word_at(rest))
			return true;
		if (piece_at(rest))
			return true;
	}
	return false;
}

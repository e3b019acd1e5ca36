/*
 * The text is cut into words once, in lower case; each word is looked up among
 * the first words of phrases, and the rest of a phrase is compared with the
 * words behind it. Scripts without spaces are compared character by character
 * instead. Both tables are sorted, so that a look-up is a search by halves.
 */

#include "crawler/extract/lexicon.h"

#include <stdbool.h>
#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "crawler/extract/wording.h"

#define BIT(kind) (1u << LEXICON_##kind)

struct phrase {
	const char *text;
	uint32_t kinds;
};

/* By the length of the first word, then by bytes. */
static const struct phrase phrases[] = {
	{ "by", BIT(BYLINE) },
	{ "in den warenkorb", BIT(PRICE) },
	{ "on this page", BIT(CONTROL) },
	{ "up next", BIT(RELATED) },
	{ "add to bag", BIT(PRICE) },
	{ "add to basket", BIT(PRICE) },
	{ "add to cart", BIT(PRICE) },
	{ "ago", BIT(DATE) },
	{ "all rights reserved", BIT(LEGAL) },
	{ "log in", BIT(ACCOUNT) },
	{ "min read", BIT(BYLINE) },
	{ "see also", BIT(RELATED) },
	{ "you may also", BIT(RELATED) },
	{ "you might", BIT(RELATED) },
	{ "alle rechte vorbehalten", BIT(LEGAL) },
	{ "ayer", BIT(DATE) },
	{ "back to top", BIT(CONTROL) },
	{ "copy link", BIT(SHARE) },
	{ "edit", BIT(CONTROL) },
	{ "flag", BIT(REACTION) },
	{ "gdpr", BIT(CONSENT) },
	{ "hier \u00E0", BIT(DATE) },
	{ "leer m\u00E1s", BIT(RELATED) },
	{ "like", BIT(REACTION) },
	{ "lire aussi", BIT(RELATED) },
	{ "lire la suite", BIT(RELATED) },
	{ "load more", BIT(CONTROL) },
	{ "menu", BIT(CONTROL) },
	{ "more from", BIT(RELATED) },
	{ "most viewed", BIT(RELATED) },
	{ "next", BIT(CONTROL) },
	{ "post", BIT(COUNT) },
	{ "prev", BIT(CONTROL) },
	{ "prix", BIT(PRICE) },
	{ "read more", BIT(RELATED) },
	{ "show more", BIT(CONTROL) },
	{ "sign in", BIT(ACCOUNT) },
	{ "sign up", BIT(ACCOUNT) },
	{ "skip to", BIT(CONTROL) },
	{ "view", BIT(COUNT) },
	{ "about the author", BIT(BYLINE) },
	{ "autor", BIT(BYLINE) },
	{ "badge", BIT(COUNT) },
	{ "email this", BIT(SHARE) },
	{ "karma", BIT(COUNT) },
	{ "leave a", BIT(COMMENT) },
	{ "liked", BIT(REACTION) },
	{ "likes", BIT(REACTION) },
	{ "login", BIT(ACCOUNT) },
	{ "posts", BIT(COUNT) },
	{ "preis", BIT(PRICE) },
	{ "price", BIT(PRICE) },
	{ "print", BIT(CONTROL) },
	{ "quote", BIT(REACTION) },
	{ "reply", BIT(REACTION) },
	{ "share", BIT(SHARE) },
	{ "siehe auch", BIT(RELATED) },
	{ "suche", BIT(CONTROL) },
	{ "table of contents", BIT(CONTROL) },
	{ "terms and", BIT(LEGAL) },
	{ "terms of", BIT(LEGAL) },
	{ "tweet", BIT(SHARE) },
	{ "views", BIT(COUNT) },
	{ "weibo", BIT(SHARE) },
	{ "auteur", BIT(BYLINE) },
	{ "author", BIT(BYLINE) },
	{ "badges", BIT(COUNT) },
	{ "buscar", BIT(CONTROL) },
	{ "cookie", BIT(CONSENT) },
	{ "create account", BIT(ACCOUNT) },
	{ "create an account", BIT(ACCOUNT) },
	{ "expand", BIT(CONTROL) },
	{ "inhalt", BIT(CONTROL) },
	{ "joined", BIT(COUNT) },
	{ "latest", BIT(RELATED) },
	{ "member", BIT(COUNT) },
	{ "points", BIT(COUNT) },
	{ "posted by", BIT(BYLINE) },
	{ "precio", BIT(PRICE) },
	{ "report", BIT(REACTION) },
	{ "search", BIT(CONTROL) },
	{ "signin", BIT(ACCOUNT) },
	{ "signup", BIT(ACCOUNT) },
	{ "teilen", BIT(SHARE) },
	{ "thread", BIT(COUNT) },
	{ "toggle", BIT(CONTROL) },
	{ "upvote", BIT(REACTION) },
	{ "wechat", BIT(SHARE) },
	{ "weiter", BIT(CONTROL) },
	{ "comment", BIT(COMMENT) },
	{ "consent", BIT(CONSENT) },
	{ "cookies", BIT(CONSENT) },
	{ "drucken", BIT(CONTROL) },
	{ "gestern", BIT(DATE) },
	{ "helpful", BIT(REACTION) },
	{ "iniciar sesi\u00F3n", BIT(ACCOUNT) },
	{ "popular", BIT(RELATED) },
	{ "powered by", BIT(LEGAL) },
	{ "privacy policy", BIT(CONSENT) },
	{ "publi\u00E9", BIT(BYLINE) },
	{ "related", BIT(RELATED) },
	{ "replies", BIT(REACTION) },
	{ "similar", BIT(RELATED) },
	{ "suivant", BIT(CONTROL) },
	{ "threads", BIT(COUNT) },
	{ "twitter", BIT(SHARE) },
	{ "updated", BIT(BYLINE) },
	{ "written by", BIT(BYLINE) },
	{ "zur\u00FCck", BIT(CONTROL) },
	{ "anmelden", BIT(ACCOUNT) },
	{ "anterior", BIT(CONTROL) },
	{ "collapse", BIT(CONTROL) },
	{ "comments", BIT(COMMENT) },
	{ "contents", BIT(CONTROL) },
	{ "downvote", BIT(REACTION) },
	{ "facebook", BIT(SHARE) },
	{ "featured", BIT(RELATED) },
	{ "imprimer", BIT(CONTROL) },
	{ "inscrire", BIT(ACCOUNT) },
	{ "linkedin", BIT(SHARE) },
	{ "location", BIT(COUNT) },
	{ "mentions l\u00E9gales", BIT(LEGAL) },
	{ "messages", BIT(COUNT) },
	{ "partager", BIT(SHARE) },
	{ "password", BIT(ACCOUNT) },
	{ "previous", BIT(CONTROL) },
	{ "reaction", BIT(REACTION) },
	{ "register", BIT(ACCOUNT) },
	{ "response", BIT(COMMENT) },
	{ "reviewed by", BIT(BYLINE) },
	{ "solution", BIT(COUNT) },
	{ "trending", BIT(RELATED) },
	{ "whatsapp", BIT(SHARE) },
	{ "zitieren", BIT(REACTION) },
	{ "antworten", BIT(REACTION) },
	{ "compartir", BIT(SHARE) },
	{ "connexion", BIT(ACCOUNT) },
	{ "copyright", BIT(LEGAL) },
	{ "impressum", BIT(LEGAL) },
	{ "instagram", BIT(SHARE) },
	{ "kommentar", BIT(COMMENT) },
	{ "pinterest", BIT(SHARE) },
	{ "publicado", BIT(BYLINE) },
	{ "published", BIT(BYLINE) },
	{ "responder", BIT(REACTION) },
	{ "responses", BIT(COMMENT) },
	{ "r\u00E9pondre", BIT(REACTION) },
	{ "siguiente", BIT(CONTROL) },
	{ "solutions", BIT(COUNT) },
	{ "subscribe", BIT(ACCOUNT) },
	{ "yesterday", BIT(DATE) },
	{ "abonnieren", BIT(ACCOUNT) },
	{ "bearbeiten", BIT(CONTROL) },
	{ "kommentare", BIT(COMMENT) },
	{ "newsletter", BIT(ACCOUNT) },
	{ "privacidad", BIT(CONSENT) },
	{ "rechercher", BIT(CONTROL) },
	{ "reputation", BIT(COUNT) },
	{ "\u0430\u0432\u0442\u043E\u0440", BIT(BYLINE) },
	{ "\u0432\u043E\u0439\u0442\u0438", BIT(ACCOUNT) },
	{ "\u0432\u0447\u0435\u0440\u0430", BIT(DATE) },
	{ "\u0434\u0430\u043B\u0435\u0435", BIT(CONTROL) },
	{ "\u043D\u0430\u0437\u0430\u0434", BIT(DATE) },
	{ "\u043D\u0430\u0437\u0430\u0434 \u043A", BIT(CONTROL) },
	{ "\u043F\u043E\u0438\u0441\u043A", BIT(CONTROL) },
	{ "comentarios", BIT(COMMENT) },
	{ "commentaire", BIT(COMMENT) },
	{ "datenschutz", BIT(CONSENT) },
	{ "pr\u00E9c\u00E9dent", BIT(CONTROL) },
	{ "recommended", BIT(RELATED) },
	{ "suscribirse", BIT(ACCOUNT) },
	{ "weiterlesen", BIT(RELATED) },
	{ "commentaires", BIT(COMMENT) },
	{ "registrieren", BIT(ACCOUNT) },
	{ "\u043F\u043E\u0445\u043E\u0436\u0438\u0435", BIT(RELATED) },
	{ "\u0447\u0438\u0442\u0430\u0439\u0442\u0435 "
	  "\u0442\u0430\u043A\u0436\u0435",
	  BIT(RELATED) },
	{ "ver\u00F6ffentlicht", BIT(BYLINE) },
	{ "confidentialit\u00E9", BIT(CONSENT) },
	{ "\u043E\u0442\u0432\u0435\u0442\u0438\u0442\u044C", BIT(REACTION) },
	{ "\u043F\u043E\u0434\u0435\u043B\u0438\u0442\u044C\u0441\u044F",
	  BIT(SHARE) },
	{ "\u0446\u0438\u0442\u0438\u0440\u043E\u0432\u0430\u0442\u044C",
	  BIT(REACTION) },
	{ "datenschutzerkl\u00E4rung", BIT(CONSENT) },
	{ "\u043A\u043E\u043C\u043C\u0435\u043D\u0442\u0430\u0440\u0438\u0438",
	  BIT(COMMENT) },
	{ "\u043A\u043E\u043C\u043C\u0435\u043D\u0442\u0430\u0440\u0438\u0439",
	  BIT(COMMENT) },
	{ "\u043F\u043E\u0434\u043F\u0438\u0441\u0430\u0442\u044C\u0441\u044F",
	  BIT(ACCOUNT) },
	{ "\u0440\u0435\u0433\u0438\u0441\u0442\u0440\u0430\u0446\u0438\u044F",
	  BIT(ACCOUNT) },
	{ "\u043E\u043F\u0443\u0431\u043B\u0438\u043A\u043E\u0432\u0430\u043D"
	  "\u043E",
	  BIT(BYLINE) },
	{ "\u043A\u043E\u043D\u0444\u0438\u0434\u0435\u043D\u0446\u0438\u0430"
	  "\u043B\u044C\u043D\u043E\u0441\u0442\u0438",
	  BIT(CONSENT) },
};

/* By bytes. They stand anywhere within a run of characters. */
static const struct phrase runs[] = {
	{ "\u3044\u3044\u306D", BIT(REACTION) },
	{ "\u304A\u3059\u3059\u3081", BIT(RELATED) },
	{ "\u30AB\u30FC\u30C8", BIT(PRICE) },
	{ "\u30B3\u30E1\u30F3\u30C8", BIT(COMMENT) },
	{ "\u30B7\u30A7\u30A2", BIT(SHARE) },
	{ "\u30D7\u30E9\u30A4\u30D0\u30B7\u30FC", BIT(CONSENT) },
	{ "\u30DB\u30FC\u30E0", BIT(CONTROL) },
	{ "\u30E9\u30F3\u30AD\u30F3\u30B0", BIT(RELATED) },
	{ "\u30ED\u30B0\u30A4\u30F3", BIT(ACCOUNT) },
	{ "\u4E0A\u4E00\u7BC7", BIT(CONTROL) },
	{ "\u4E0A\u4E00\u9801", BIT(CONTROL) },
	{ "\u4E0A\u4E00\u9875", BIT(CONTROL) },
	{ "\u4E0B\u4E00\u7BC7", BIT(CONTROL) },
	{ "\u4E0B\u4E00\u9801", BIT(CONTROL) },
	{ "\u4E0B\u4E00\u9875", BIT(CONTROL) },
	{ "\u4E3E\u62A5", BIT(REACTION) },
	{ "\u4EBA\u6C17", BIT(RELATED) },
	{ "\u4EF7\u683C", BIT(PRICE) },
	{ "\u4F1A\u54E1\u767B\u9332", BIT(ACCOUNT) },
	{ "\u4F5C\u8005", BIT(BYLINE) },
	{ "\u4FA1\u683C", BIT(PRICE) },
	{ "\u5099\u6848", BIT(LEGAL) },
	{ "\u50F9\u683C", BIT(PRICE) },
	{ "\u516C\u958B\u65E5", BIT(BYLINE) },
	{ "\u5206\u4EAB", BIT(SHARE) },
	{ "\u5206\u9418\u524D", BIT(DATE) },
	{ "\u5206\u949F\u524D", BIT(DATE) },
	{ "\u52A0\u5165\u8D2D\u7269\u8F66", BIT(PRICE) },
	{ "\u53D1\u5E03", BIT(BYLINE) },
	{ "\u53D1\u8868", BIT(BYLINE) },
	{ "\u56DE\u590D", BIT(REACTION) },
	{ "\u56DE\u8986", BIT(REACTION) },
	{ "\u5907\u6848", BIT(LEGAL) },
	{ "\u5929\u524D", BIT(DATE) },
	{ "\u5BFC\u822A", BIT(CONTROL) },
	{ "\u5C0E\u822A", BIT(CONTROL) },
	{ "\u5C0F\u65F6\u524D", BIT(DATE) },
	{ "\u5C0F\u6642\u524D", BIT(DATE) },
	{ "\u5E16\u5B50", BIT(COUNT) },
	{ "\u5FAE\u4FE1", BIT(SHARE) },
	{ "\u5FAE\u535A", BIT(SHARE) },
	{ "\u6253\u5370", BIT(CONTROL) },
	{ "\u626B\u4E00\u626B", BIT(SHARE) },
	{ "\u6295\u7A3F", BIT(BYLINE) },
	{ "\u63A8\u8350", BIT(RELATED) },
	{ "\u63A8\u85A6", BIT(RELATED) },
	{ "\u641C\u5C0B", BIT(CONTROL) },
	{ "\u641C\u7D22", BIT(CONTROL) },
	{ "\u6536\u85CF", BIT(REACTION) },
	{ "\u65B0\u898F\u767B\u9332", BIT(ACCOUNT) },
	{ "\u65E0\u65AD\u8F6C\u8F7D", BIT(LEGAL) },
	{ "\u6628\u5929", BIT(DATE) },
	{ "\u6628\u65E5", BIT(DATE) },
	{ "\u6642\u9593\u524D", BIT(DATE) },
	{ "\u66F4\u65B0\u4E8E", BIT(BYLINE) },
	{ "\u66F4\u65B0\u65E5", BIT(BYLINE) },
	{ "\u66F4\u65B0\u6642\u9593", BIT(BYLINE) },
	{ "\u6700\u65B0", BIT(RELATED) },
	{ "\u691C\u7D22", BIT(CONTROL) },
	{ "\u697C\u4E3B", BIT(COUNT) },
	{ "\u6AA2\u8209", BIT(REACTION) },
	{ "\u6CE8\u518C", BIT(ACCOUNT) },
	{ "\u6D4F\u89C8", BIT(COUNT) },
	{ "\u700F\u89BD", BIT(COUNT) },
	{ "\u70B9\u8D5E", BIT(REACTION) },
	{ "\u70ED\u95E8", BIT(RELATED) },
	{ "\u7121\u65AD\u8EE2\u8F09", BIT(LEGAL) },
	{ "\u71B1\u9580", BIT(RELATED) },
	{ "\u7248\u6743", BIT(LEGAL) },
	{ "\u7248\u6B0A", BIT(LEGAL) },
	{ "\u731C\u4F60\u559C\u6B22", BIT(RELATED) },
	{ "\u7559\u8A00", BIT(COMMENT) },
	{ "\u767B\u5165", BIT(ACCOUNT) },
	{ "\u767B\u5F55", BIT(ACCOUNT) },
	{ "\u767B\u9646", BIT(ACCOUNT) },
	{ "\u767C\u5E03", BIT(BYLINE) },
	{ "\u767C\u8868", BIT(BYLINE) },
	{ "\u76EE\u5F55", BIT(CONTROL) },
	{ "\u76EE\u6B21", BIT(CONTROL) },
	{ "\u76EE\u9304", BIT(CONTROL) },
	{ "\u76F8\u5173", BIT(RELATED) },
	{ "\u76F8\u95DC", BIT(RELATED) },
	{ "\u79EF\u5206", BIT(COUNT) },
	{ "\u7C89\u4E1D", BIT(COUNT) },
	{ "\u7D9A\u304D\u3092\u8AAD\u3080", BIT(RELATED) },
	{ "\u7DE8\u8F2F", BIT(CONTROL) },
	{ "\u7DE8\u96C6", BIT(CONTROL) },
	{ "\u7F16\u8F91", BIT(CONTROL) },
	{ "\u7F51\u5B89\u5907", BIT(LEGAL) },
	{ "\u8457\u4F5C\u6A29", BIT(LEGAL) },
	{ "\u8A02\u95B1", BIT(ACCOUNT) },
	{ "\u8A3B\u518A", BIT(ACCOUNT) },
	{ "\u8A55\u8AD6", BIT(COMMENT) },
	{ "\u8BA2\u9605", BIT(ACCOUNT) },
	{ "\u8BC4\u8BBA", BIT(COMMENT) },
	{ "\u8CFC\u8AAD", BIT(ACCOUNT) },
	{ "\u8D5E\u540C", BIT(REACTION) },
	{ "\u8F49\u767C", BIT(SHARE) },
	{ "\u8F6C\u53D1", BIT(SHARE) },
	{ "\u8FD4\u4FE1", BIT(REACTION) },
	{ "\u8FD4\u56DE", BIT(CONTROL) },
	{ "\u95A2\u9023", BIT(RELATED) },
	{ "\u95B1\u8B80", BIT(COUNT) },
	{ "\u95B2\u89A7", BIT(COUNT) },
	{ "\u9605\u8BFB\u6570", BIT(COUNT) },
	{ "\u9605\u8BFB\u66F4\u591A", BIT(RELATED) },
	{ "\u9690\u79C1\u653F\u7B56", BIT(CONSENT) },
	{ "\u9690\u79C1\u6743", BIT(CONSENT) },
	{ "\u96B1\u79C1", BIT(CONSENT) },
	{ "\u9996\u9801", BIT(CONTROL) },
	{ "\u9996\u9875", BIT(CONTROL) },
	{ "\u9EDE\u8D0A", BIT(REACTION) },
	{ "\uAC00\uACA9", BIT(PRICE) },
	{ "\uAC1C\uC778\uC815\uBCF4", BIT(CONSENT) },
	{ "\uAC80\uC0C9", BIT(CONTROL) },
	{ "\uACF5\uC720", BIT(SHARE) },
	{ "\uAD00\uB828", BIT(RELATED) },
	{ "\uAD6C\uB3C5", BIT(ACCOUNT) },
	{ "\uAE30\uC790", BIT(BYLINE) },
	{ "\uB2E4\uC74C", BIT(CONTROL) },
	{ "\uB2F5\uAE00", BIT(REACTION) },
	{ "\uB313\uAE00", BIT(COMMENT) },
	{ "\uB354\uBCF4\uAE30", BIT(RELATED) },
	{ "\uB85C\uADF8\uC778", BIT(ACCOUNT) },
	{ "\uBA54\uB274", BIT(CONTROL) },
	{ "\uBAA9\uCC28", BIT(CONTROL) },
	{ "\uC2DC\uAC04 \uC804", BIT(DATE) },
	{ "\uC2E0\uACE0", BIT(REACTION) },
	{ "\uC5B4\uC81C", BIT(DATE) },
	{ "\uC774\uC804", BIT(CONTROL) },
	{ "\uC778\uAE30", BIT(RELATED) },
	{ "\uC791\uC131\uC790", BIT(BYLINE) },
	{ "\uC800\uC791\uAD8C", BIT(LEGAL) },
	{ "\uC870\uD68C", BIT(COUNT) },
	{ "\uC88B\uC544\uC694", BIT(REACTION) },
	{ "\uCD94\uCC9C", BIT(RELATED) },
	{ "\uCFE0\uD0A4", BIT(CONSENT) },
	{ "\uD3B8\uC9D1", BIT(CONTROL) },
	{ "\uD68C\uC6D0\uAC00\uC785", BIT(ACCOUNT) },
};

enum {
	LEXICON_WORDS = 128, /* of one text; more are not looked at */
	LEXICON_BYTES = 1024,
};

/* The words of a text, lower case; `between` is what stands before one. */
struct reading {
	char bytes[LEXICON_BYTES];
	struct slice words[LEXICON_WORDS];
	bool blank[LEXICON_WORDS]; /* one blank and no more stands before it */
	char mark[LEXICON_WORDS];  /* the one ASCII mark before it, or 0 */
	uint32_t count;
	uint32_t kinds;
};

static size_t first_word(const char *phrase)
{
	return strcspn(phrase, " ");
}

static int compare(struct slice word, const char *phrase)
{
	size_t len = first_word(phrase);

	if (word.len != len)
		return word.len < len ? -1 : 1;
	return memcmp(word.at, phrase, len);
}

/* Whether the words from `i` on, single blanks between, are the phrase. */
static bool follows(const struct reading *r, uint32_t i, const char *phrase)
{
	for (;; i++) {
		size_t len = first_word(phrase);

		if (i == r->count || compare(r->words[i], phrase) != 0)
			return false;
		phrase += len;
		if (!*phrase)
			return true;
		phrase++;
		if (i + 1 < r->count && !r->blank[i + 1])
			return false;
	}
}

static uint32_t phrases_at(const struct reading *r, uint32_t i)
{
	size_t low = 0, high = sizeof(phrases) / sizeof(phrases[0]);
	size_t count = high;
	uint32_t kinds = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(r->words[i], phrases[middle].text) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && !compare(r->words[i], phrases[low].text); low++)
		if (follows(r, i, phrases[low].text))
			kinds |= phrases[low].kinds;
	return kinds;
}

/* A phrase of CJK characters at the start of `s`. */
static uint32_t run_at(struct slice s)
{
	size_t low = 0, high = sizeof(runs) / sizeof(runs[0]), count = high;
	struct slice point = slice_cut(s, 0, 3);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (slice_cmp(point, slice_of(runs[middle].text)) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count; low++) {
		if (memcmp(runs[low].text, point.at, point.len) != 0)
			return 0;
		if (slice_starts(s, slice_of(runs[low].text)))
			return runs[low].kinds;
	}
	return 0;
}

static bool is_digits(struct slice s, size_t least, size_t most)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len >= least && s.len <= most;
}

/* "5", "21st". */
static bool is_day(struct slice s)
{
	if (s.len > 2 &&
	    (slice_ends(s, SLICE("st")) || slice_ends(s, SLICE("nd")) ||
	     slice_ends(s, SLICE("rd")) || slice_ends(s, SLICE("th"))))
		s.len -= 2;
	return is_digits(s, 1, 2);
}

static bool is_month(struct slice s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	static const char *const names[] = {
		"january",   "february", "march",    "april",
		"may",       "june",     "july",     "august",
		"september", "october",  "november", "december"
	};
	size_t i;

	for (i = 0; s.len >= 3 && i < 12; i++)
		if (!memcmp(s.at, months + 3 * i, 3))
			return s.len == 3 || slice_eq(s, SLICE("sept")) ||
			       slice_eq(s, slice_of(names[i]));
	return false;
}

/* "12:30", "2024-05-01", "May 5", "5th May". */
static bool is_date(const struct reading *r, uint32_t i)
{
	struct slice word = r->words[i], next;

	if (i + 1 == r->count)
		return false;
	next = r->words[i + 1];
	if (r->mark[i + 1] == ':')
		return is_digits(word, 1, 2) && is_digits(next, 2, 2);
	if (r->mark[i + 1] == '-')
		return is_digits(word, 4, 4) && is_digits(next, 2, 2) &&
		       i + 2 < r->count && r->mark[i + 2] == '-';
	return (is_month(word) && is_day(next)) ||
	       (is_day(word) && r->blank[i + 1] && is_month(next));
}

/* "9.99 USD". */
static bool is_amount(const struct reading *r, uint32_t i)
{
	struct slice last;

	if (i + 2 >= r->count || !is_digits(r->words[i], 1, 9) ||
	    (r->mark[i + 1] != '.' && r->mark[i + 1] != ',') ||
	    !is_digits(r->words[i + 1], 2, 2))
		return false;
	last = r->words[i + 2];
	return slice_eq(last, SLICE("usd")) || slice_eq(last, SLICE("eur")) ||
	       slice_eq(last, SLICE("gbp"));
}

/* Numbers before the characters of year, month and day. */
static bool is_cjk_date(struct slice s)
{
	return slice_starts(s, SLICE("\u5E74")) ||
	       slice_starts(s, SLICE("\u6708")) ||
	       slice_starts(s, SLICE("\u65E5")) ||
	       slice_starts(s, SLICE("\uB144")) ||
	       slice_starts(s, SLICE("\uC6D4"));
}

static bool is_currency(uint32_t point)
{
	return point == '$' || point == 0x20AC || point == 0xA3 ||
	       point == 0xA5 || point == 0xFFE5;
}

/* What stands between words as it is read. */
struct between {
	uint32_t marks, blanks;
	uint32_t last; /* the last mark */
	bool digit;    /* a digit stands right before */
};

/* Lower case of the letters whose two cases lie a fixed step apart. */
static uint32_t lower(uint32_t point)
{
	if ((point >= 'A' && point <= 'Z') ||
	    (point >= 0xC0 && point <= 0xDE && point != 0xD7) ||
	    (point >= 0x410 && point <= 0x42F))
		return point + 32;
	return point;
}

/* Reads one word from *at on. */
static void add_word(struct reading *r, struct slice s, size_t *at,
                     const struct between *b, size_t *used)
{
	struct slice *word = &r->words[r->count];
	size_t next = *at;

	r->blank[r->count] = b->blanks > 0 && !b->marks;
	r->mark[r->count] = 0;
	if (b->marks == 1 && !b->blanks && b->last < 0x80)
		r->mark[r->count] = (char)b->last;
	word->at = r->bytes + *used;
	while (next < s.len) {
		uint32_t point;
		enum wording_kind kind = wording_next(s, &next, &point);

		if (!wording_inside(kind) || kind == WORDING_IDEOGRAPH)
			break;
		*used += utf8_put(r->bytes + *used, lower(point));
		*at = next;
	}
	word->len = (size_t)(r->bytes + *used - word->at);
	r->count++;
}

static void other(struct reading *r, struct between *b, uint32_t point,
                  enum wording_kind kind)
{
	if (point == 0xA9)
		r->kinds |= BIT(LEGAL);
	b->digit = false;
	if (kind == WORDING_SPACE) {
		b->blanks++;
	} else {
		b->marks++;
		b->last = point;
	}
}

static void read_words(struct reading *r, struct slice s)
{
	struct between b = { 0 };
	size_t at = 0, used = 0;

	/* A word may be written with more bytes than it has, by one each. */
	while (at < s.len && r->count < LEXICON_WORDS) {
		struct slice rest = slice_cut(s, at, s.len);
		size_t next = at;
		uint32_t point;
		enum wording_kind kind = wording_next(s, &next, &point);

		if (kind == WORDING_IDEOGRAPH || point >= 0xAC00)
			r->kinds |= run_at(rest);
		if (b.digit && is_cjk_date(rest))
			r->kinds |= BIT(DATE);
		if (!wording_inside(kind) || kind == WORDING_IDEOGRAPH) {
			other(r, &b, point, kind);
			at = next;
			continue;
		}
		if (kind == WORDING_DIGIT && is_currency(b.last) && b.marks)
			r->kinds |= BIT(PRICE);
		add_word(r, s, &at, &b, &used);
		b = (struct between){ .digit = kind == WORDING_DIGIT };
	}
}

uint32_t lexicon_of(struct slice text)
{
	struct reading r;
	uint32_t i;

	r.count = r.kinds = 0;
	read_words(&r, utf8_head(text, LEXICON_BYTES / 2));
	for (i = 0; i < r.count; i++) {
		char c = r.words[i].len ? r.words[i].at[0] : 0;

		r.kinds |= phrases_at(&r, i);
		if (is_date(&r, i))
			r.kinds |= BIT(DATE);
		if (c >= '0' && c <= '9' && is_amount(&r, i))
			r.kinds |= BIT(PRICE);
	}
	return r.kinds;
}

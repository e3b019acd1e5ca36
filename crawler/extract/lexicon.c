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
	struct slice first, rest; /* " of contents" */
	uint32_t kinds;
};

#define PIECE(text)                                                            \
	{                                                                      \
		(text), sizeof(text) - 1                                       \
	}
#define PHRASE(first, rest, kinds)                                             \
	{                                                                      \
		PIECE(first), PIECE(rest), (kinds)                             \
	}

/* By the length of the first word, then by bytes. */
static const struct phrase phrases[] = {
	PHRASE("by", "", BIT(BYLINE)),
	PHRASE("in", " den warenkorb", BIT(PRICE)),
	PHRASE("on", " this page", BIT(CONTROL)),
	PHRASE("up", " next", BIT(RELATED)),
	PHRASE("add", " to bag", BIT(PRICE)),
	PHRASE("add", " to basket", BIT(PRICE)),
	PHRASE("add", " to cart", BIT(PRICE)),
	PHRASE("ago", "", BIT(DATE)),
	PHRASE("all", " rights reserved", BIT(LEGAL)),
	PHRASE("log", " in", BIT(ACCOUNT)),
	PHRASE("min", " read", BIT(BYLINE)),
	PHRASE("see", " also", BIT(RELATED)),
	PHRASE("you", " may also", BIT(RELATED)),
	PHRASE("you", " might", BIT(RELATED)),
	PHRASE("alle", " rechte vorbehalten", BIT(LEGAL)),
	PHRASE("ayer", "", BIT(DATE)),
	PHRASE("back", " to top", BIT(CONTROL)),
	PHRASE("copy", " link", BIT(SHARE)),
	PHRASE("edit", "", BIT(CONTROL)),
	PHRASE("flag", "", BIT(REACTION)),
	PHRASE("gdpr", "", BIT(CONSENT)),
	PHRASE("hier", " \u00E0", BIT(DATE)),
	PHRASE("leer", " m\u00E1s", BIT(RELATED)),
	PHRASE("like", "", BIT(REACTION)),
	PHRASE("lire", " aussi", BIT(RELATED)),
	PHRASE("lire", " la suite", BIT(RELATED)),
	PHRASE("load", " more", BIT(CONTROL)),
	PHRASE("menu", "", BIT(CONTROL)),
	PHRASE("more", " from", BIT(RELATED)),
	PHRASE("most", " viewed", BIT(RELATED)),
	PHRASE("next", "", BIT(CONTROL)),
	PHRASE("post", "", BIT(COUNT)),
	PHRASE("prev", "", BIT(CONTROL)),
	PHRASE("prix", "", BIT(PRICE)),
	PHRASE("read", " more", BIT(RELATED)),
	PHRASE("show", " more", BIT(CONTROL)),
	PHRASE("sign", " in", BIT(ACCOUNT)),
	PHRASE("sign", " up", BIT(ACCOUNT)),
	PHRASE("skip", " to", BIT(CONTROL)),
	PHRASE("view", "", BIT(COUNT)),
	PHRASE("about", " the author", BIT(BYLINE)),
	PHRASE("autor", "", BIT(BYLINE)),
	PHRASE("badge", "", BIT(COUNT)),
	PHRASE("email", " this", BIT(SHARE)),
	PHRASE("karma", "", BIT(COUNT)),
	PHRASE("leave", " a", BIT(COMMENT)),
	PHRASE("liked", "", BIT(REACTION)),
	PHRASE("likes", "", BIT(REACTION)),
	PHRASE("login", "", BIT(ACCOUNT)),
	PHRASE("posts", "", BIT(COUNT)),
	PHRASE("preis", "", BIT(PRICE)),
	PHRASE("price", "", BIT(PRICE)),
	PHRASE("print", "", BIT(CONTROL)),
	PHRASE("quote", "", BIT(REACTION)),
	PHRASE("reply", "", BIT(REACTION)),
	PHRASE("share", "", BIT(SHARE)),
	PHRASE("siehe", " auch", BIT(RELATED)),
	PHRASE("suche", "", BIT(CONTROL)),
	PHRASE("table", " of contents", BIT(CONTROL)),
	PHRASE("terms", " and", BIT(LEGAL)),
	PHRASE("terms", " of", BIT(LEGAL)),
	PHRASE("tweet", "", BIT(SHARE)),
	PHRASE("views", "", BIT(COUNT)),
	PHRASE("weibo", "", BIT(SHARE)),
	PHRASE("auteur", "", BIT(BYLINE)),
	PHRASE("author", "", BIT(BYLINE)),
	PHRASE("badges", "", BIT(COUNT)),
	PHRASE("buscar", "", BIT(CONTROL)),
	PHRASE("cookie", "", BIT(CONSENT)),
	PHRASE("create", " account", BIT(ACCOUNT)),
	PHRASE("create", " an account", BIT(ACCOUNT)),
	PHRASE("expand", "", BIT(CONTROL)),
	PHRASE("inhalt", "", BIT(CONTROL)),
	PHRASE("joined", "", BIT(COUNT)),
	PHRASE("latest", "", BIT(RELATED)),
	PHRASE("member", "", BIT(COUNT)),
	PHRASE("points", "", BIT(COUNT)),
	PHRASE("posted", " by", BIT(BYLINE)),
	PHRASE("precio", "", BIT(PRICE)),
	PHRASE("report", "", BIT(REACTION)),
	PHRASE("search", "", BIT(CONTROL)),
	PHRASE("signin", "", BIT(ACCOUNT)),
	PHRASE("signup", "", BIT(ACCOUNT)),
	PHRASE("teilen", "", BIT(SHARE)),
	PHRASE("thread", "", BIT(COUNT)),
	PHRASE("toggle", "", BIT(CONTROL)),
	PHRASE("upvote", "", BIT(REACTION)),
	PHRASE("wechat", "", BIT(SHARE)),
	PHRASE("weiter", "", BIT(CONTROL)),
	PHRASE("comment", "", BIT(COMMENT)),
	PHRASE("consent", "", BIT(CONSENT)),
	PHRASE("cookies", "", BIT(CONSENT)),
	PHRASE("drucken", "", BIT(CONTROL)),
	PHRASE("gestern", "", BIT(DATE)),
	PHRASE("helpful", "", BIT(REACTION)),
	PHRASE("iniciar", " sesi\u00F3n", BIT(ACCOUNT)),
	PHRASE("popular", "", BIT(RELATED)),
	PHRASE("powered", " by", BIT(LEGAL)),
	PHRASE("privacy", " policy", BIT(CONSENT)),
	PHRASE("publi\u00E9", "", BIT(BYLINE)),
	PHRASE("related", "", BIT(RELATED)),
	PHRASE("replies", "", BIT(REACTION)),
	PHRASE("similar", "", BIT(RELATED)),
	PHRASE("suivant", "", BIT(CONTROL)),
	PHRASE("threads", "", BIT(COUNT)),
	PHRASE("twitter", "", BIT(SHARE)),
	PHRASE("updated", "", BIT(BYLINE)),
	PHRASE("written", " by", BIT(BYLINE)),
	PHRASE("zur\u00FCck", "", BIT(CONTROL)),
	PHRASE("anmelden", "", BIT(ACCOUNT)),
	PHRASE("anterior", "", BIT(CONTROL)),
	PHRASE("collapse", "", BIT(CONTROL)),
	PHRASE("comments", "", BIT(COMMENT)),
	PHRASE("contents", "", BIT(CONTROL)),
	PHRASE("downvote", "", BIT(REACTION)),
	PHRASE("facebook", "", BIT(SHARE)),
	PHRASE("featured", "", BIT(RELATED)),
	PHRASE("imprimer", "", BIT(CONTROL)),
	PHRASE("inscrire", "", BIT(ACCOUNT)),
	PHRASE("linkedin", "", BIT(SHARE)),
	PHRASE("location", "", BIT(COUNT)),
	PHRASE("mentions", " l\u00E9gales", BIT(LEGAL)),
	PHRASE("messages", "", BIT(COUNT)),
	PHRASE("partager", "", BIT(SHARE)),
	PHRASE("password", "", BIT(ACCOUNT)),
	PHRASE("previous", "", BIT(CONTROL)),
	PHRASE("reaction", "", BIT(REACTION)),
	PHRASE("register", "", BIT(ACCOUNT)),
	PHRASE("response", "", BIT(COMMENT)),
	PHRASE("reviewed", " by", BIT(BYLINE)),
	PHRASE("solution", "", BIT(COUNT)),
	PHRASE("trending", "", BIT(RELATED)),
	PHRASE("whatsapp", "", BIT(SHARE)),
	PHRASE("zitieren", "", BIT(REACTION)),
	PHRASE("antworten", "", BIT(REACTION)),
	PHRASE("compartir", "", BIT(SHARE)),
	PHRASE("connexion", "", BIT(ACCOUNT)),
	PHRASE("copyright", "", BIT(LEGAL)),
	PHRASE("impressum", "", BIT(LEGAL)),
	PHRASE("instagram", "", BIT(SHARE)),
	PHRASE("kommentar", "", BIT(COMMENT)),
	PHRASE("pinterest", "", BIT(SHARE)),
	PHRASE("publicado", "", BIT(BYLINE)),
	PHRASE("published", "", BIT(BYLINE)),
	PHRASE("responder", "", BIT(REACTION)),
	PHRASE("responses", "", BIT(COMMENT)),
	PHRASE("r\u00E9pondre", "", BIT(REACTION)),
	PHRASE("siguiente", "", BIT(CONTROL)),
	PHRASE("solutions", "", BIT(COUNT)),
	PHRASE("subscribe", "", BIT(ACCOUNT)),
	PHRASE("yesterday", "", BIT(DATE)),
	PHRASE("abonnieren", "", BIT(ACCOUNT)),
	PHRASE("bearbeiten", "", BIT(CONTROL)),
	PHRASE("kommentare", "", BIT(COMMENT)),
	PHRASE("newsletter", "", BIT(ACCOUNT)),
	PHRASE("privacidad", "", BIT(CONSENT)),
	PHRASE("rechercher", "", BIT(CONTROL)),
	PHRASE("reputation", "", BIT(COUNT)),
	PHRASE("\u0430\u0432\u0442\u043E\u0440", "", BIT(BYLINE)),
	PHRASE("\u0432\u043E\u0439\u0442\u0438", "", BIT(ACCOUNT)),
	PHRASE("\u0432\u0447\u0435\u0440\u0430", "", BIT(DATE)),
	PHRASE("\u0434\u0430\u043B\u0435\u0435", "", BIT(CONTROL)),
	PHRASE("\u043D\u0430\u0437\u0430\u0434", "", BIT(DATE)),
	PHRASE("\u043D\u0430\u0437\u0430\u0434", " \u043A", BIT(CONTROL)),
	PHRASE("\u043F\u043E\u0438\u0441\u043A", "", BIT(CONTROL)),
	PHRASE("comentarios", "", BIT(COMMENT)),
	PHRASE("commentaire", "", BIT(COMMENT)),
	PHRASE("datenschutz", "", BIT(CONSENT)),
	PHRASE("pr\u00E9c\u00E9dent", "", BIT(CONTROL)),
	PHRASE("recommended", "", BIT(RELATED)),
	PHRASE("suscribirse", "", BIT(ACCOUNT)),
	PHRASE("weiterlesen", "", BIT(RELATED)),
	PHRASE("commentaires", "", BIT(COMMENT)),
	PHRASE("registrieren", "", BIT(ACCOUNT)),
	PHRASE("\u043F\u043E\u0445\u043E\u0436\u0438\u0435", "", BIT(RELATED)),
	PHRASE("\u0447\u0438\u0442\u0430\u0439\u0442\u0435",
	       " \u0442\u0430\u043A\u0436\u0435", BIT(RELATED)),
	PHRASE("ver\u00F6ffentlicht", "", BIT(BYLINE)),
	PHRASE("confidentialit\u00E9", "", BIT(CONSENT)),
	PHRASE("\u043E\u0442\u0432\u0435\u0442\u0438\u0442\u044C", "",
	       BIT(REACTION)),
	PHRASE("\u043F\u043E\u0434\u0435\u043B\u0438\u0442\u044C\u0441\u044F",
	       "", BIT(SHARE)),
	PHRASE("\u0446\u0438\u0442\u0438\u0440\u043E\u0432\u0430\u0442\u044C",
	       "", BIT(REACTION)),
	PHRASE("datenschutzerkl\u00E4rung", "", BIT(CONSENT)),
	PHRASE("\u043A\u043E\u043C\u043C\u0435\u043D\u0442\u0430\u0440\u0438"
	       "\u0438",
	       "", BIT(COMMENT)),
	PHRASE("\u043A\u043E\u043C\u043C\u0435\u043D\u0442\u0430\u0440\u0438"
	       "\u0439",
	       "", BIT(COMMENT)),
	PHRASE("\u043F\u043E\u0434\u043F\u0438\u0441\u0430\u0442\u044C\u0441"
	       "\u044F",
	       "", BIT(ACCOUNT)),
	PHRASE("\u0440\u0435\u0433\u0438\u0441\u0442\u0440\u0430\u0446\u0438"
	       "\u044F",
	       "", BIT(ACCOUNT)),
	PHRASE("\u043E\u043F\u0443\u0431\u043B\u0438\u043A\u043E\u0432\u0430"
	       "\u043D\u043E",
	       "", BIT(BYLINE)),
	PHRASE("\u043A\u043E\u043D\u0444\u0438\u0434\u0435\u043D\u0446\u0438"
	       "\u0430\u043B\u044C\u043D\u043E\u0441\u0442\u0438",
	       "", BIT(CONSENT)),
};

/* By bytes. They stand anywhere within a run of characters. */
static const struct phrase runs[] = {
	PHRASE("\u3044\u3044\u306D", "", BIT(REACTION)),
	PHRASE("\u304A\u3059\u3059\u3081", "", BIT(RELATED)),
	PHRASE("\u30AB\u30FC\u30C8", "", BIT(PRICE)),
	PHRASE("\u30B3\u30E1\u30F3\u30C8", "", BIT(COMMENT)),
	PHRASE("\u30B7\u30A7\u30A2", "", BIT(SHARE)),
	PHRASE("\u30D7\u30E9\u30A4\u30D0\u30B7\u30FC", "", BIT(CONSENT)),
	PHRASE("\u30DB\u30FC\u30E0", "", BIT(CONTROL)),
	PHRASE("\u30E9\u30F3\u30AD\u30F3\u30B0", "", BIT(RELATED)),
	PHRASE("\u30ED\u30B0\u30A4\u30F3", "", BIT(ACCOUNT)),
	PHRASE("\u4E0A\u4E00\u7BC7", "", BIT(CONTROL)),
	PHRASE("\u4E0A\u4E00\u9801", "", BIT(CONTROL)),
	PHRASE("\u4E0A\u4E00\u9875", "", BIT(CONTROL)),
	PHRASE("\u4E0B\u4E00\u7BC7", "", BIT(CONTROL)),
	PHRASE("\u4E0B\u4E00\u9801", "", BIT(CONTROL)),
	PHRASE("\u4E0B\u4E00\u9875", "", BIT(CONTROL)),
	PHRASE("\u4E3E\u62A5", "", BIT(REACTION)),
	PHRASE("\u4EBA\u6C17", "", BIT(RELATED)),
	PHRASE("\u4EF7\u683C", "", BIT(PRICE)),
	PHRASE("\u4F1A\u54E1\u767B\u9332", "", BIT(ACCOUNT)),
	PHRASE("\u4F5C\u8005", "", BIT(BYLINE)),
	PHRASE("\u4FA1\u683C", "", BIT(PRICE)),
	PHRASE("\u5099\u6848", "", BIT(LEGAL)),
	PHRASE("\u50F9\u683C", "", BIT(PRICE)),
	PHRASE("\u516C\u958B\u65E5", "", BIT(BYLINE)),
	PHRASE("\u5206\u4EAB", "", BIT(SHARE)),
	PHRASE("\u5206\u9418\u524D", "", BIT(DATE)),
	PHRASE("\u5206\u949F\u524D", "", BIT(DATE)),
	PHRASE("\u52A0\u5165\u8D2D\u7269\u8F66", "", BIT(PRICE)),
	PHRASE("\u53D1\u5E03", "", BIT(BYLINE)),
	PHRASE("\u53D1\u8868", "", BIT(BYLINE)),
	PHRASE("\u56DE\u590D", "", BIT(REACTION)),
	PHRASE("\u56DE\u8986", "", BIT(REACTION)),
	PHRASE("\u5907\u6848", "", BIT(LEGAL)),
	PHRASE("\u5929\u524D", "", BIT(DATE)),
	PHRASE("\u5BFC\u822A", "", BIT(CONTROL)),
	PHRASE("\u5C0E\u822A", "", BIT(CONTROL)),
	PHRASE("\u5C0F\u65F6\u524D", "", BIT(DATE)),
	PHRASE("\u5C0F\u6642\u524D", "", BIT(DATE)),
	PHRASE("\u5E16\u5B50", "", BIT(COUNT)),
	PHRASE("\u5FAE\u4FE1", "", BIT(SHARE)),
	PHRASE("\u5FAE\u535A", "", BIT(SHARE)),
	PHRASE("\u6253\u5370", "", BIT(CONTROL)),
	PHRASE("\u626B\u4E00\u626B", "", BIT(SHARE)),
	PHRASE("\u6295\u7A3F", "", BIT(BYLINE)),
	PHRASE("\u63A8\u8350", "", BIT(RELATED)),
	PHRASE("\u63A8\u85A6", "", BIT(RELATED)),
	PHRASE("\u641C\u5C0B", "", BIT(CONTROL)),
	PHRASE("\u641C\u7D22", "", BIT(CONTROL)),
	PHRASE("\u6536\u85CF", "", BIT(REACTION)),
	PHRASE("\u65B0\u898F\u767B\u9332", "", BIT(ACCOUNT)),
	PHRASE("\u65E0\u65AD\u8F6C\u8F7D", "", BIT(LEGAL)),
	PHRASE("\u6628\u5929", "", BIT(DATE)),
	PHRASE("\u6628\u65E5", "", BIT(DATE)),
	PHRASE("\u6642\u9593\u524D", "", BIT(DATE)),
	PHRASE("\u66F4\u65B0\u4E8E", "", BIT(BYLINE)),
	PHRASE("\u66F4\u65B0\u65E5", "", BIT(BYLINE)),
	PHRASE("\u66F4\u65B0\u6642\u9593", "", BIT(BYLINE)),
	PHRASE("\u6700\u65B0", "", BIT(RELATED)),
	PHRASE("\u691C\u7D22", "", BIT(CONTROL)),
	PHRASE("\u697C\u4E3B", "", BIT(COUNT)),
	PHRASE("\u6AA2\u8209", "", BIT(REACTION)),
	PHRASE("\u6CE8\u518C", "", BIT(ACCOUNT)),
	PHRASE("\u6D4F\u89C8", "", BIT(COUNT)),
	PHRASE("\u700F\u89BD", "", BIT(COUNT)),
	PHRASE("\u70B9\u8D5E", "", BIT(REACTION)),
	PHRASE("\u70ED\u95E8", "", BIT(RELATED)),
	PHRASE("\u7121\u65AD\u8EE2\u8F09", "", BIT(LEGAL)),
	PHRASE("\u71B1\u9580", "", BIT(RELATED)),
	PHRASE("\u7248\u6743", "", BIT(LEGAL)),
	PHRASE("\u7248\u6B0A", "", BIT(LEGAL)),
	PHRASE("\u731C\u4F60\u559C\u6B22", "", BIT(RELATED)),
	PHRASE("\u7559\u8A00", "", BIT(COMMENT)),
	PHRASE("\u767B\u5165", "", BIT(ACCOUNT)),
	PHRASE("\u767B\u5F55", "", BIT(ACCOUNT)),
	PHRASE("\u767B\u9646", "", BIT(ACCOUNT)),
	PHRASE("\u767C\u5E03", "", BIT(BYLINE)),
	PHRASE("\u767C\u8868", "", BIT(BYLINE)),
	PHRASE("\u76EE\u5F55", "", BIT(CONTROL)),
	PHRASE("\u76EE\u6B21", "", BIT(CONTROL)),
	PHRASE("\u76EE\u9304", "", BIT(CONTROL)),
	PHRASE("\u76F8\u5173", "", BIT(RELATED)),
	PHRASE("\u76F8\u95DC", "", BIT(RELATED)),
	PHRASE("\u79EF\u5206", "", BIT(COUNT)),
	PHRASE("\u7C89\u4E1D", "", BIT(COUNT)),
	PHRASE("\u7D9A\u304D\u3092\u8AAD\u3080", "", BIT(RELATED)),
	PHRASE("\u7DE8\u8F2F", "", BIT(CONTROL)),
	PHRASE("\u7DE8\u96C6", "", BIT(CONTROL)),
	PHRASE("\u7F16\u8F91", "", BIT(CONTROL)),
	PHRASE("\u7F51\u5B89\u5907", "", BIT(LEGAL)),
	PHRASE("\u8457\u4F5C\u6A29", "", BIT(LEGAL)),
	PHRASE("\u8A02\u95B1", "", BIT(ACCOUNT)),
	PHRASE("\u8A3B\u518A", "", BIT(ACCOUNT)),
	PHRASE("\u8A55\u8AD6", "", BIT(COMMENT)),
	PHRASE("\u8BA2\u9605", "", BIT(ACCOUNT)),
	PHRASE("\u8BC4\u8BBA", "", BIT(COMMENT)),
	PHRASE("\u8CFC\u8AAD", "", BIT(ACCOUNT)),
	PHRASE("\u8D5E\u540C", "", BIT(REACTION)),
	PHRASE("\u8F49\u767C", "", BIT(SHARE)),
	PHRASE("\u8F6C\u53D1", "", BIT(SHARE)),
	PHRASE("\u8FD4\u4FE1", "", BIT(REACTION)),
	PHRASE("\u8FD4\u56DE", "", BIT(CONTROL)),
	PHRASE("\u95A2\u9023", "", BIT(RELATED)),
	PHRASE("\u95B1\u8B80", "", BIT(COUNT)),
	PHRASE("\u95B2\u89A7", "", BIT(COUNT)),
	PHRASE("\u9605\u8BFB\u6570", "", BIT(COUNT)),
	PHRASE("\u9605\u8BFB\u66F4\u591A", "", BIT(RELATED)),
	PHRASE("\u9690\u79C1\u653F\u7B56", "", BIT(CONSENT)),
	PHRASE("\u9690\u79C1\u6743", "", BIT(CONSENT)),
	PHRASE("\u96B1\u79C1", "", BIT(CONSENT)),
	PHRASE("\u9996\u9801", "", BIT(CONTROL)),
	PHRASE("\u9996\u9875", "", BIT(CONTROL)),
	PHRASE("\u9EDE\u8D0A", "", BIT(REACTION)),
	PHRASE("\uAC00\uACA9", "", BIT(PRICE)),
	PHRASE("\uAC1C\uC778\uC815\uBCF4", "", BIT(CONSENT)),
	PHRASE("\uAC80\uC0C9", "", BIT(CONTROL)),
	PHRASE("\uACF5\uC720", "", BIT(SHARE)),
	PHRASE("\uAD00\uB828", "", BIT(RELATED)),
	PHRASE("\uAD6C\uB3C5", "", BIT(ACCOUNT)),
	PHRASE("\uAE30\uC790", "", BIT(BYLINE)),
	PHRASE("\uB2E4\uC74C", "", BIT(CONTROL)),
	PHRASE("\uB2F5\uAE00", "", BIT(REACTION)),
	PHRASE("\uB313\uAE00", "", BIT(COMMENT)),
	PHRASE("\uB354\uBCF4\uAE30", "", BIT(RELATED)),
	PHRASE("\uB85C\uADF8\uC778", "", BIT(ACCOUNT)),
	PHRASE("\uBA54\uB274", "", BIT(CONTROL)),
	PHRASE("\uBAA9\uCC28", "", BIT(CONTROL)),
	PHRASE("\uC2DC\uAC04 \uC804", "", BIT(DATE)),
	PHRASE("\uC2E0\uACE0", "", BIT(REACTION)),
	PHRASE("\uC5B4\uC81C", "", BIT(DATE)),
	PHRASE("\uC774\uC804", "", BIT(CONTROL)),
	PHRASE("\uC778\uAE30", "", BIT(RELATED)),
	PHRASE("\uC791\uC131\uC790", "", BIT(BYLINE)),
	PHRASE("\uC800\uC791\uAD8C", "", BIT(LEGAL)),
	PHRASE("\uC870\uD68C", "", BIT(COUNT)),
	PHRASE("\uC88B\uC544\uC694", "", BIT(REACTION)),
	PHRASE("\uCD94\uCC9C", "", BIT(RELATED)),
	PHRASE("\uCFE0\uD0A4", "", BIT(CONSENT)),
	PHRASE("\uD3B8\uC9D1", "", BIT(CONTROL)),
	PHRASE("\uD68C\uC6D0\uAC00\uC785", "", BIT(ACCOUNT)),
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

static int compare(struct slice word, struct slice first)
{
	if (word.len != first.len)
		return word.len < first.len ? -1 : 1;
	return memcmp(word.at, first.at, first.len);
}

/* Whether the words behind `i`, single blanks between, are the rest. */
static bool follows(const struct reading *r, uint32_t i, struct slice rest)
{
	while (rest.len) {
		struct slice word = slice_cut(rest, 1, rest.len);

		word.len = slice_find(word, ' ');
		if (++i == r->count || !r->blank[i] ||
		    !slice_eq(r->words[i], word))
			return false;
		rest = slice_cut(rest, 1 + word.len, rest.len);
	}
	return true;
}

static uint32_t phrases_at(const struct reading *r, uint32_t i)
{
	size_t low = 0, high = sizeof(phrases) / sizeof(phrases[0]);
	size_t count = high;
	uint32_t kinds = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(r->words[i], phrases[middle].first) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && !compare(r->words[i], phrases[low].first); low++)
		if (follows(r, i, phrases[low].rest))
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

		if (slice_cmp(point, runs[middle].first) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count; low++) {
		if (!slice_starts(runs[low].first, point))
			return 0;
		if (slice_starts(s, runs[low].first))
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

/*
 * The verdict looks for words in title and heading alone, and only when the
 * page is short: a text about 404s is long enough to be told from one.
 */

#include "crawler/page_verdict.h"

enum {
	PAGE_SHORT = 1500,  /* bytes of words: may be a "not found" */
	PAGE_NOTHING = 250, /* may be a shell for scripts or a login */
	PAGE_LOGIN_TEXT = 600,
	PAGE_NOTICE = 500, /* may only ask for JavaScript */
};

/* As they stand at the start of titles and headings, lower case where ASCII;
 * other scripts without a first letter that has two cases. */
static const char *const not_found[] = {
	"404",
	"error 404",
	"page not found",
	"not found",
	"file not found",
	"page does not exist",
	"this topic does not exist yet",
	"the page you requested",
	"page doesn't exist",
	"page missing",
	"no such page",
	"oops! that page",
	"sorry, this page",
	"this page isn't available",
	"content not found",
	"object not found",
	"document not found",
	"article not found",
	"resource not found",
	"seite nicht gefunden",
	"die seite wurde nicht gefunden",
	"dieses thema existiert noch nicht",
	"page introuvable",
	"page non trouv",
	"cette page n'existe pas",
	"p\u00E1gina no encontrada",
	"no se encontr\u00F3 la p\u00E1gina",
	"p\u00E1gina n\u00E3o encontrada",
	"pagina non trovata",
	"pagina niet gevonden",
	"nie znaleziono strony",
	"strona nie istnieje",
	"strony nie znaleziono",
	"str\u00E1nka nenalezena",
	"sidan hittades inte",
	"siden blev ikke fundet",
	"sayfa bulunamad",
	"\u0442\u0440\u0430\u043D\u0438\u0446\u0430 \u043D\u0435 "
	"\u043D\u0430\u0439\u0434\u0435\u043D\u0430", /* (S)tranitsa ne */
	"\u0442\u043E\u0440\u0456\u043D\u043A\u0443 \u043D\u0435 "
	"\u0437\u043D\u0430\u0439\u0434\u0435\u043D\u043E", /* (S)torinku */
	"\u9875\u9762\u4E0D\u5B58\u5728", /* page does not exist */
	"\u9875\u9762\u672A\u627E\u5230", /* page not found */
	"\u672A\u627E\u5230\u9875\u9762",
	"\u627E\u4E0D\u5230\u9875\u9762",
	"\u627E\u4E0D\u5230\u7F51\u9875",
	"\u60A8\u8BBF\u95EE\u7684\u9875",
	"\u9801\u9762\u4E0D\u5B58\u5728",
	"\u627E\u4E0D\u5230\u9801\u9762",
	"\u627E\u4E0D\u5230\u7DB2\u9801",
	"\u30DA\u30FC\u30B8\u304C\u898B\u3064\u304B", /* page ... found */
	"\u304A\u63A2\u3057\u306E\u30DA\u30FC\u30B8",
	"\uD398\uC774\uC9C0\uB97C \uCC3E\uC744 \uC218",
	"\uCC3E\uC744 \uC218 \uC5C6\uB294 \uD398\uC774\uC9C0",
	"\uC874\uC7AC\uD558\uC9C0 \uC54A\uB294 \uD398\uC774\uC9C0",
};

static const char *const login[] = {
	"log in",
	"login",
	"log on",
	"logon",
	"sign in",
	"signin",
	"please log in",
	"please sign in",
	"authentication required",
	"access denied",
	"permission denied",
	"anmelden",
	"anmeldung",
	"connexion",
	"se connecter",
	"iniciar sesi",
	"acceso",
	"entrar",
	"accedi",
	"inloggen",
	"logowanie",
	"zaloguj",
	"\u043E\u0439\u0442\u0438",
	"\u0445\u043E\u0434",
	"\u767B\u5F55",
	"\u767B\u9646",
	"\u767B\u5165",
	"\u8BF7\u767B\u5F55",
	"\u7528\u6237\u767B\u5F55",
	"\u30ED\u30B0\u30A4\u30F3",
	"\uB85C\uADF8\uC778",
};

/* As whole titles or headings of a page that asks for no password itself, but
 * leads to one that does. */
static const char *const closed[] = {
	"login required",
	"login necessary",
	"authentication required",
	"permission denied",
	"access denied",
	"restricted access",
	"anmeldung erforderlich",
	"zugriff verweigert",
	"connexion n\u00E9cessaire",
	"connexion requise",
	"acceso denegado",
	"debes iniciar sesi\u00F3n",
	"\u9700\u8981\u767B\u5F55", /* login is needed */
	"\u9700\u8981\u767B\u5165",
	"\u6743\u9650\u4E0D\u8DB3", /* not enough rights */
	"\u30ED\u30B0\u30A4\u30F3\u304C\u5FC5\u8981",
	"\uB85C\uADF8\uC778 \uD544\uC694",
	"\uB85C\uADF8\uC778\uC774 \uD544\uC694\uD569\uB2C8\uB2E4",
};

static bool is_closed(struct slice title)
{
	size_t i;

	for (i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (head_same(title, slice_of(closed[i])))
			return true;
	return false;
}

/* The lists leave out a first letter of two bytes that has two cases. */
static bool begins(struct slice s, const char *const *words, size_t count)
{
	struct slice rest = slice_cut(s, 2, s.len);
	size_t i;

	for (i = 0; i < count; i++) {
		struct slice word = slice_of(words[i]);

		if (head_same(slice_cut(s, 0, word.len), word))
			return true;
		if ((unsigned char)word.at[0] >= 0xD0 &&
		    (unsigned char)word.at[0] < 0xE0 &&
		    slice_starts(rest, word))
			return true;
	}
	return false;
}

static bool any_begins(const struct head *h, struct slice title,
                       struct slice h1, const char *const *words, size_t count)
{
	return begins(title, words, count) || begins(h1, words, count) ||
	       begins(h->title, words, count);
}

/* As they stand around the word "JavaScript" in a notice. */
static const char *const notices[] = {
	"enable javascript",
	"enable js",
	"javascript enabled",
	"javascript is disabled",
	"javascript disabled",
	"javascript is not enabled",
	"javascript is required",
	"javascript to run",
	"javascript must be",
	"requires javascript",
	"require javascript",
	"need javascript",
	"without javascript",
	"turn on javascript",
	"activate javascript",
	"javascript aktiv",
	"activer javascript",
	"activez javascript",
	"habilite javascript",
	"habilitar javascript",
	"active javascript",
	"ative o javascript",
	"abilita javascript",
	"\u043A\u043B\u044E\u0447\u0438\u0442\u0435 javascript",
	"\u542F\u7528javascript",
	"\u542F\u7528 javascript",
	"\u555F\u7528javascript",
	"\u555F\u7528 javascript",
	"javascript\u3092\u6709\u52B9",
	"javascript \u3092\u6709\u52B9",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool says(struct slice s, const char *words)
{
	size_t len = strlen(words), i, j;

	for (i = 0; i + len <= s.len; i++) {
		for (j = 0; j < len && lower(s.at[i + j]) == words[j]; j++)
			;
		if (j == len)
			return true;
	}
	return false;
}

/* Of a short text: whether it only asks for scripts. */
static bool asks_scripts(const struct markup *m)
{
	size_t i, j;

	for (i = 0; i < m->node_count; i++)
		for (j = 0; j < sizeof(notices) / sizeof(notices[0]); j++)
			if (m->nodes[i].text.len < PAGE_SHORT &&
			    says(m->nodes[i].text, notices[j]))
				return true;
	return false;
}

enum page_verdict page_judge(const struct head *h, const struct content *c,
                             struct slice title, struct slice h1)
{
	if (c->text < PAGE_SHORT &&
	    any_begins(h, title, h1, not_found,
	               sizeof(not_found) / sizeof(not_found[0])))
		return PAGE_NOT_FOUND;
	if (c->password && c->text < PAGE_LOGIN_TEXT &&
	    (c->text < PAGE_NOTHING / 2 ||
	     any_begins(h, title, h1, login, sizeof(login) / sizeof(login[0]))))
		return PAGE_LOGIN;
	if (c->text < PAGE_LOGIN_TEXT && (is_closed(title) || is_closed(h1)))
		return PAGE_LOGIN;
	if (c->page < PAGE_NOTHING && h->scripts && (h->noscript || !c->text))
		return PAGE_SCRIPTED;
	if (h->scripts && c->text < PAGE_NOTICE && asks_scripts(&c->part))
		return PAGE_SCRIPTED;
	return c->text ? PAGE_FINE : PAGE_EMPTY;
}

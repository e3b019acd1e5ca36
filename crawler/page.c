/*
 * The title: the first heading of the main part; another heading only where
 * <title> begins with it, since it may be the site's name. The verdict looks for words in title
 * and heading alone, and only when the page is short: a text about 404s is
 * long enough to be told from one.
 */

#include "crawler/page.h"

#include "base/text/markdown.h"

enum {
	PAGE_TITLE_MOST = 1024,
	PAGE_SHORT = 1500,  /* bytes of words: may be a "not found" */
	PAGE_NOTHING = 250, /* may be a shell for scripts or a login */
	PAGE_LOGIN_TEXT = 600,
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

static bool any_begins(const struct page *p, struct slice h1,
                       const char *const *words, size_t count)
{
	return begins(p->title, words, count) || begins(h1, words, count) ||
	       begins(p->head.title, words, count);
}

/* Where `what` stands in `s`, or s.len. */
static size_t find(struct slice s, struct slice what)
{
	size_t i;

	for (i = 0; what.len && i + what.len <= s.len; i++)
		if (!memcmp(s.at + i, what.at, what.len))
			return i;
	return s.len;
}

/* Cuts " - Site" and the like where the site's name is known. */
static struct slice without_site(struct slice title, struct slice site)
{
	static const char *const between[] = { " - ",      " | ",  " \u2013 ",
		                               " \u2014 ", " :: ", " \u00B7 ",
		                               " \u00BB ", " : " };
	size_t i;

	if (!site.len || title.len <= site.len + 3)
		return title;
	for (i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
		struct slice gap = slice_of(between[i]);
		struct slice head = slice_cut(title, 0, title.len - site.len);

		if (slice_ends(title, site) && slice_ends(head, gap))
			return slice_cut(head, 0, head.len - gap.len);
		if (slice_starts(title, site) &&
		    slice_starts(slice_cut(title, site.len, title.len), gap))
			return slice_cut(title, site.len + gap.len, title.len);
	}
	return title;
}

/* `inside`: the heading stands in the main part. */
static struct slice choose_title(const struct head *h, struct slice h1,
                                 bool inside)
{
	struct slice title = without_site(h->title, h->site);
	struct slice named = without_site(h->og_title, h->site);

	if (h1.len && (inside || !title.len || slice_starts(title, h1) ||
	               slice_eq(named, h1)))
		return h1;
	if (named.len && !slice_eq(named, h->site) &&
	    (!title.len || find(title, named) < title.len))
		return named;
	return title.len ? title : named.len ? named : h1;
}

/* The heading that is the title leaves the text. */
static void take_heading(struct page *p, struct arena *a)
{
	struct content *c = &p->content;

	if (c->heading == MARKUP_NONE)
		return;
	if (slice_eq(head_text(&c->part, c->heading, PAGE_TITLE_MOST, a),
	             p->title))
		content_drop(c, c->heading);
}

static enum page_verdict judge(const struct page *p, struct slice h1)
{
	const struct content *c = &p->content;

	if (c->text < PAGE_SHORT &&
	    any_begins(p, h1, not_found,
	               sizeof(not_found) / sizeof(not_found[0])))
		return PAGE_NOT_FOUND;
	if (c->password && c->text < PAGE_LOGIN_TEXT &&
	    (c->text < PAGE_NOTHING / 2 ||
	     any_begins(p, h1, login, sizeof(login) / sizeof(login[0]))))
		return PAGE_LOGIN;
	if (c->page < PAGE_NOTHING && p->head.scripts &&
	    (p->head.noscript || !c->text))
		return PAGE_SCRIPTED;
	return c->text ? PAGE_FINE : PAGE_EMPTY;
}

void page_markdown(const struct page *p, struct slice base, struct buf *out)
{
	markdown_write(&p->content.part, base, out);
}

void page_read(struct page *p, const struct markup *m, struct slice url,
               const struct content_select *select, struct arena *a)
{
	struct slice h1 = { 0 };
	bool inside;

	*p = (struct page){ 0 };
	head_read(&p->head, m, a);
	content_find(&p->content, m, url, select, a);
	inside = p->content.heading != MARKUP_NONE;
	if (inside)
		h1 = head_text(&p->content.part, p->content.heading,
		               PAGE_TITLE_MOST, a);
	else if (p->head.h1 != MARKUP_NONE)
		h1 = head_text(m, p->head.h1, PAGE_TITLE_MOST, a);
	p->title = choose_title(&p->head, h1, inside);
	p->verdict = judge(p, h1);
	take_heading(p, a);
}

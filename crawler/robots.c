/*
 * A robots.txt is read twice: the first walk counts the rules of the groups
 * that name us and of those of '*', the second keeps the ones that hold. Keys
 * are recognised and lines cut as Google's parser does
 * (github.com/google/robotstxt), typing errors included. Rules stand longest
 * first, Allow before Disallow, so that the first one that matches decides.
 *
 * On what "%7E" in a rule means the RFC (a '~', as in the path) and Google's
 * parser (itself alone) differ. The stricter reading is taken: a Disallow is
 * compared both ways, an Allow as written.
 */

#include "crawler/robots.h"

#include <stdlib.h>
#include <string.h>

#include "crawler/robots_path.h"

/* Bytes of a line that are looked at; Google's parser has the same figure. */
enum { LINE_MOST = 2083 * 8 - 1 };

struct robots_rule {
	bool allow;
	int64_t line;
	struct slice text;    /* as written */
	struct slice pattern; /* escaped */
	struct slice plain;   /* escapes of unreserved characters undone */
};

enum line_kind {
	LINE_OTHER,
	LINE_AGENT,
	LINE_ALLOW,
	LINE_DISALLOW,
	LINE_SITEMAP,
	LINE_DELAY,
};

struct line {
	enum line_kind kind;
	struct slice text, value;
	int64_t number;
};

/* What a walk has met. */
struct walk {
	struct slice agent;
	bool ours, everyone; /* the group at hand is of; */
	bool rules;          /* it has rules: an agent line begins another */
	bool any_agent;      /* some group was begun ... */
	bool reads;          /* ... and had a rule */
	bool named;          /* a group names us */
	size_t ours_count, everyone_count, sitemap_count;
	double ours_delay, everyone_delay;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool token_byte(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

/* The letters, '-' and '_' that `s` begins with. */
static struct slice token_of(struct slice s)
{
	size_t n = 0;

	while (n < s.len && token_byte(s.at[n]))
		n++;
	return slice_cut(s, 0, n);
}

static bool same_token(struct slice a, struct slice b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

static bool starts(struct slice s, const char *head)
{
	size_t len = strlen(head);

	return s.len >= len && same_token(slice_cut(s, 0, len), slice_of(head));
}

static enum line_kind kind_of(struct slice key)
{
	static const struct {
		const char *head;
		enum line_kind kind;
	} keys[] = {
		{ "user-agent", LINE_AGENT },  { "useragent", LINE_AGENT },
		{ "user agent", LINE_AGENT },  { "allow", LINE_ALLOW },
		{ "disallow", LINE_DISALLOW }, { "dissallow", LINE_DISALLOW },
		{ "dissalow", LINE_DISALLOW }, { "disalow", LINE_DISALLOW },
		{ "diasllow", LINE_DISALLOW }, { "disallaw", LINE_DISALLOW },
		{ "sitemap", LINE_SITEMAP },   { "site-map", LINE_SITEMAP },
		{ "crawl-delay", LINE_DELAY }, { "crawldelay", LINE_DELAY },
		{ "crawl delay", LINE_DELAY },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (starts(key, keys[i].head))
			return keys[i].kind;
	return LINE_OTHER;
}

/* Where the key ends: at ':', or, for those who forgot it, at the white space
 * of a line of two words. s.len: it is no line of ours. */
static size_t separator(struct slice s)
{
	size_t at = slice_find(s, ':');
	struct slice rest;
	size_t i;

	if (at < s.len)
		return at;
	for (at = 0; at < s.len && s.at[at] != ' ' && s.at[at] != '\t'; at++)
		;
	rest = slice_trim(slice_cut(s, at, s.len));
	for (i = 0; i < rest.len; i++)
		if (rest.at[i] == ' ' || rest.at[i] == '\t')
			return s.len;
	return at;
}

static void line_read(struct slice text, struct line *l)
{
	struct slice key;
	size_t at;

	l->kind = LINE_OTHER;
	text = slice_cut(text, 0, LINE_MOST);
	text = slice_cut(text, 0, slice_find(text, '\0'));
	text = slice_trim(slice_cut(text, 0, slice_find(text, '#')));
	at = separator(text);
	if (at == text.len)
		return;
	key = slice_trim(slice_cut(text, 0, at));
	l->text = text;
	l->value = slice_trim(slice_cut(text, at + 1, text.len));
	l->kind = kind_of(key);
}

/* The next line behind *at; CR, LF and CR LF end it. */
static bool line_next(struct slice text, size_t *at, struct line *l)
{
	size_t from = *at, end = from;

	if (from >= text.len)
		return false;
	while (end < text.len && text.at[end] != '\n' && text.at[end] != '\r')
		end++;
	l->number++;
	line_read(slice_cut(text, from, end), l);
	if (end + 1 < text.len && text.at[end] == '\r' &&
	    text.at[end + 1] == '\n')
		end++;
	*at = end + 1;
	return true;
}

/* Seconds, with decimals; 0 when it is nothing of the kind. */
static double seconds_of(struct slice s)
{
	double whole = 0, unit = 1;
	size_t i = 0;

	if (!s.len || s.len > 32)
		return 0;
	for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++)
		whole = whole * 10 + (s.at[i] - '0');
	if (i < s.len && s.at[i] == '.')
		for (i++; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
			unit /= 10;
			whole += unit * (s.at[i] - '0');
		}
	if (i < s.len && s.at[i] != ' ' && s.at[i] != '\t' && s.at[i] != 's')
		return 0;
	return whole < 86400 ? whole : 86400;
}

static void agent_line(struct walk *w, struct slice value)
{
	struct slice token = token_of(value);

	if (w->rules)
		w->ours = w->everyone = w->rules = false;
	w->any_agent = true;
	if (value.len && value.at[0] == '*' &&
	    (value.len == 1 || value.at[1] == ' ' || value.at[1] == '\t'))
		w->everyone = true;
	else if (token.len && same_token(token, w->agent))
		w->named = w->ours = true;
}

static void delay_line(struct walk *w, struct slice value)
{
	double delay = seconds_of(value);

	if (w->ours && delay > w->ours_delay)
		w->ours_delay = delay;
	if (w->everyone && delay > w->everyone_delay)
		w->everyone_delay = delay;
}

/* Allow: /a/index.html also means /a/, says Google. Where the name begins;
 * s.len: it is no such path. */
static size_t index_name(struct slice s)
{
	size_t at = s.len;

	while (at && s.at[at - 1] != '/')
		at--;
	return at && slice_starts(slice_cut(s, at, s.len), SLICE("index.htm"))
	               ? at
	               : s.len;
}

/* How many rules a line makes. An empty one matches nothing. */
static size_t rules_of(const struct line *l)
{
	if (l->kind == LINE_ALLOW && index_name(l->value) < l->value.len)
		return 2;
	return l->value.len > 0;
}

/* Lines that are neither agents nor rules end no group (RFC 9309, 2.2.4). */
static void walk_line(struct walk *w, const struct line *l)
{
	switch (l->kind) {
	case LINE_AGENT:
		agent_line(w, l->value);
		break;
	case LINE_ALLOW:
	case LINE_DISALLOW:
		w->rules = true;
		w->reads |= w->any_agent;
		w->ours_count += w->ours ? rules_of(l) : 0;
		w->everyone_count += w->everyone ? rules_of(l) : 0;
		break;
	case LINE_DELAY:
		delay_line(w, l->value);
		break;
	case LINE_SITEMAP:
		w->sitemap_count += l->value.len > 0;
		break;
	case LINE_OTHER:
		break;
	}
}

static void rules_make(struct robots *r, const struct line *l, struct arena *a)
{
	struct robots_rule *rule = &r->rules[r->rule_count];
	struct slice text = arena_copy(a, l->text);
	struct slice value;
	size_t count = rules_of(l);

	if (!count)
		return;
	value = slice_cut(text, l->text.len - l->value.len, l->text.len);
	rule->allow = l->kind == LINE_ALLOW;
	rule->line = l->number;
	rule->text = text;
	rule->pattern = robots_path(a, value, PATH_ESCAPED);
	rule->plain = robots_path(a, value, PATH_PLAIN);
	if (count == 2) {
		size_t at = index_name(rule->pattern);
		char *folder = arena_new(a, at + 1);

		memcpy(folder, rule->pattern.at, at);
		folder[at] = '$';
		rule[1] = rule[0];
		rule[1].pattern = (struct slice){ folder, at + 1 };
	}
	r->rule_count += count;
}

/* What the walk of the line before has not seen yet. */
static void keep_line(struct robots *r, const struct walk *w,
                      const struct line *l, struct arena *a)
{
	bool rule = l->kind == LINE_ALLOW || l->kind == LINE_DISALLOW;

	if (rule && (r->named ? w->ours : w->everyone))
		rules_make(r, l, a);
	if (l->kind == LINE_SITEMAP && l->value.len)
		r->sitemaps[r->sitemap_count++] = arena_copy(a, l->value);
}

/* Longest first; Allow wins ties. */
static int by_length(const void *a, const void *b)
{
	const struct robots_rule *x = a, *y = b;

	if (x->pattern.len != y->pattern.len)
		return x->pattern.len < y->pattern.len ? 1 : -1;
	if (x->allow != y->allow)
		return x->allow ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* Without a byte order mark, or the part of one that is left. */
static struct slice unmarked(struct slice s)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = 0;

	while (n < 3 && n < s.len && s.at[n] == mark[n])
		n++;
	return slice_cut(s, n, s.len);
}

/* The whole lines within ROBOTS_MOST bytes. */
static struct slice within(struct slice s, bool *truncated)
{
	size_t n = ROBOTS_MOST;

	*truncated = s.len > ROBOTS_MOST;
	if (!*truncated)
		return s;
	while (n && s.at[n - 1] != '\n' && s.at[n - 1] != '\r')
		n--;
	return slice_cut(s, 0, n);
}

/* "opslore" and "opslore/1.0" are a product token; a name with anything else
 * in it is none, and no group can name it. */
static struct slice product(struct slice agent)
{
	struct slice token = token_of(agent);

	if (token.len < agent.len && agent.at[token.len] != '/')
		return (struct slice){ 0 };
	return token;
}

static void first_walk(struct walk *w, struct slice text)
{
	struct line l = { .number = 0 };
	size_t at = 0;

	while (line_next(text, &at, &l))
		walk_line(w, &l);
}

static void second_walk(struct robots *r, struct slice text, struct slice agent,
                        struct arena *a)
{
	struct walk w = { .agent = agent };
	struct line l = { .number = 0 };
	size_t at = 0;

	while (line_next(text, &at, &l)) {
		keep_line(r, &w, &l, a);
		walk_line(&w, &l);
	}
}

/* False: no agent line was followed by a rule. */
static bool parse(struct robots *r, struct slice text, struct slice agent,
                  struct arena *a)
{
	struct walk w = { .agent = product(agent) };
	double delay;

	*r = (struct robots){ .source = ROBOTS_RULES };
	text = unmarked(within(text, &r->truncated));
	first_walk(&w, text);
	r->named = w.named;
	delay = w.named ? w.ours_delay : w.everyone_delay;
	r->crawl_delay = (int64_t)(delay * 1000 + 0.5);
	r->rules = arena_array(a, w.named ? w.ours_count : w.everyone_count,
	                       sizeof(*r->rules));
	r->sitemaps = arena_array(a, w.sitemap_count, sizeof(*r->sitemaps));
	second_walk(r, text, w.agent, a);
	if (r->rule_count)
		qsort(r->rules, r->rule_count, sizeof(*r->rules), by_length);
	return w.reads;
}

void robots_parse(struct robots *r, struct slice text, struct slice agent,
                  struct arena *a)
{
	parse(r, text, agent, a);
}

void robots_read(struct robots *r, int status, struct slice body,
                 struct slice agent, struct arena *a)
{
	bool html = slice_starts(slice_trim(unmarked(body)), SLICE("<"));

	if (status >= 200 && status < 300) {
		parse(r, body, agent, a);
		return;
	}
	if (status >= 300 && status < 500 && status != 429) {
		if (status >= 400 && !html && parse(r, body, agent, a))
			return;
		*r = (struct robots){ .source = ROBOTS_NONE };
		return;
	}
	*r = (struct robots){ .source = ROBOTS_UNKNOWN };
}

static const struct robots_rule *decides(const struct robots *r,
                                         struct slice path, struct slice plain)
{
	size_t i;

	for (i = 0; i < r->rule_count; i++) {
		const struct robots_rule *rule = &r->rules[i];

		if (robots_matches(rule->pattern, path) ||
		    (!rule->allow && robots_matches(rule->plain, plain)))
			return rule;
	}
	return NULL;
}

struct robots_word robots_decide(const struct robots *r, struct slice target)
{
	struct robots_word word = { .allowed = r->source != ROBOTS_UNKNOWN };
	const struct robots_rule *rule;
	struct arena a = ARENA_INIT;

	if (slice_eq(target, SLICE("/robots.txt"))) {
		word.allowed = true;
		return word;
	}
	if (!r->rule_count || !target.len)
		return word;
	rule = decides(r, robots_path(&a, target, PATH_ESCAPED),
	               robots_path(&a, target, PATH_TARGET));
	if (rule) {
		word.allowed = rule->allow;
		word.line = rule->line;
		word.rule = rule->text;
	}
	arena_release(&a);
	return word;
}

static const struct {
	const char *name;
	unsigned flags;
} directives[] = {
	{ "noindex", ROBOTS_NOINDEX },
	{ "nofollow", ROBOTS_NOFOLLOW },
	{ "noarchive", ROBOTS_NOARCHIVE },
	{ "none", ROBOTS_NOINDEX | ROBOTS_NOFOLLOW },
};

static bool word_end(char c)
{
	return c == ',' || c == ';' || c == ':' || c == ' ' ||
	       (c >= '\t' && c <= '\r');
}

/* The next word and whether a ':' follows it. */
static bool word_next(struct slice s, size_t *at, struct slice *word,
                      bool *colon)
{
	size_t from = *at, end;

	while (from < s.len && word_end(s.at[from]))
		from++;
	for (end = from; end < s.len && !word_end(s.at[end]); end++)
		;
	*word = slice_cut(s, from, end);
	while (end < s.len && (s.at[end] == ' ' || s.at[end] == '\t'))
		end++;
	*colon = end < s.len && s.at[end] == ':';
	*at = end;
	return word->len > 0;
}

/* What stands behind it is its value, not a word of its own. */
static bool has_value(struct slice word)
{
	return same_token(word, SLICE("unavailable_after")) ||
	       starts(word, "max-");
}

static unsigned flags_of(struct slice word)
{
	size_t i;

	for (i = 0; i < sizeof(directives) / sizeof(*directives); i++)
		if (same_token(word, slice_of(directives[i].name)))
			return directives[i].flags;
	return 0;
}

unsigned robots_directives(struct slice value, struct slice agent)
{
	struct slice ours = product(agent), word;
	bool colon, concerns = true;
	unsigned flags = 0;
	size_t at = 0;

	while (word_next(value, &at, &word, &colon)) {
		struct slice name = product(word);

		if (has_value(word) && colon)
			word_next(value, &at, &word, &colon);
		else if (colon && slice_eq(word, SLICE("*")))
			concerns = true;
		else if (colon && name.len)
			concerns = same_token(name, ours);
		else if (concerns)
			flags |= flags_of(word);
	}
	return flags;
}

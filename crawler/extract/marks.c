/*
 * Every node is asked once which rules it answers to. Then the first rule of
 * each kind whose elements, nested ones left out, hold more than a fifth of
 * the page's words wins, and its mark is handed down with the others.
 */

#include "crawler/extract/marks.h"

#include "crawler/extract/negative_names.h"
#include "crawler/head.h"

/* In the order in which they are tried. */
enum rule {
	POST_STACK,
	POST_DISCOURSE,
	POST_PHPBB,
	POST_XENFORO,
	POST_CRAWLER,
	POST_VBULLETIN,
	POST_INVISION,
	POST_ID,
	POST_ITEM,
	POST_TYPE,
	POST_COMMENT,
	POST_RULES,
	CONTAINER_MEDIAWIKI = POST_RULES,
	CONTAINER_READTHEDOCS,
	CONTAINER_DOCUSAURUS,
	CONTAINER_MKDOCS,
	CONTAINER_MARKDOWN,
	CONTAINER_CONFLUENCE,
	CONTAINER_DOKUWIKI,
	CONTAINER_SPHINX,
	CONTAINER_DOC,
	CONTAINER_CONTENT,
	CONTAINER_MAIN,
	CONTAINER_ROLE,
	CONTAINER_ARTICLE,
	RULES,
};

/* What a node stands in, for rules of two parts. */
enum around {
	IN_QUESTION = 1 << 0,
	IN_RST = 1 << 1,
	IN_DOKUWIKI = 1 << 2,
	IN_DOCUMENTWRAPPER = 1 << 3,
};

struct node_look {
	struct element_look a;
	bool div, li, article, main;
};

struct marker {
	const struct blocks *blocks;
	const struct markup *m;
	const uint32_t *words;
	uint32_t *rules; /* a bit for each, by node */
	uint32_t any;    /* of all nodes */
	uint8_t *around;
	struct marks *out;
};

static bool holds(struct slice s, const char *word)
{
	struct slice w = slice_of(word);
	size_t i;

	for (i = 0; i + w.len <= s.len; i++)
		if (s.at[i] == w.at[0] && !memcmp(s.at + i, w.at, w.len))
			return true;
	return false;
}

/* Whether the blank-separated list has the word, in this very case. */
static bool has(struct slice list, const char *word)
{
	struct slice w = slice_of(word);
	size_t i;

	for (i = 0; i + w.len <= list.len; i++) {
		bool starts = !i || (unsigned char)list.at[i - 1] <= ' ';
		size_t end = i + w.len;

		if (starts && !memcmp(list.at + i, w.at, w.len) &&
		    (end == list.len || (unsigned char)list.at[end] <= ' '))
			return true;
	}
	return false;
}

static bool is(struct slice s, const char *word)
{
	return slice_eq(s, slice_of(word));
}

static void look_at(struct node_look *l, const struct markup *m,
                    const struct markup_node *n)
{
	*l = (struct node_look){
		.a = element_look(m, n),
		.div = is(n->name, "div"),
		.li = is(n->name, "li"),
		.article = is(n->name, "article"),
		.main = is(n->name, "main"),
	};
}

static uint8_t around_of(const struct node_look *l)
{
	uint8_t in = 0;

	if (is(l->a.id, "question"))
		in |= IN_QUESTION;
	if (!l->a.class.len)
		return in;
	if (has(l->a.class, "answer"))
		in |= IN_QUESTION;
	if (holds(l->a.class, "rst-content"))
		in |= IN_RST;
	if (holds(l->a.class, "dokuwiki"))
		in |= IN_DOKUWIKI;
	if (l->div && has(l->a.class, "documentwrapper"))
		in |= IN_DOCUMENTWRAPPER;
	return in;
}

static uint32_t posts_by_class(const struct node_look *l, unsigned in)
{
	struct slice c = l->a.class;
	uint32_t r = 0;

	r |= (uint32_t)((in & IN_QUESTION) && has(c, "s-prose")) << POST_STACK;
	r |= (uint32_t)holds(c, "topic-body") << POST_DISCOURSE;
	r |= (uint32_t)holds(c, "postbody") << POST_PHPBB;
	r |= (uint32_t)(l->article && holds(c, "message--post"))
	     << POST_XENFORO;
	r |= (uint32_t)holds(c, "crawler-post") << POST_CRAWLER;
	r |= (uint32_t)(holds(c, "ipsComment_content") ||
	                holds(c, "ipsComment "))
	     << POST_INVISION;
	r |= (uint32_t)(slice_starts(l->a.id, SLICE("post-")) &&
	                (holds(c, "post") || holds(c, "message")))
	     << POST_ID;
	r |= (uint32_t)(has(c, "Comment") || has(c, "comment")) << POST_COMMENT;
	return r;
}

static uint32_t containers_by_class(const struct node_look *l, unsigned in)
{
	struct slice c = l->a.class;
	uint32_t r = 0;

	r |= (uint32_t)has(c, "theme-doc-markdown") << CONTAINER_DOCUSAURUS;
	r |= (uint32_t)has(c, "md-content") << CONTAINER_MKDOCS;
	r |= (uint32_t)has(c, "markdown-body") << CONTAINER_MARKDOWN;
	r |= (uint32_t)(is(l->a.id, "main-content") && holds(c, "wiki-content"))
	     << CONTAINER_CONFLUENCE;
	r |= (uint32_t)((in & IN_DOKUWIKI) && has(c, "page"))
	     << CONTAINER_DOKUWIKI;
	return r;
}

static bool is_posting(struct slice type)
{
	return is(type, "http://schema.org/DiscussionForumPosting") ||
	       is(type, "https://schema.org/DiscussionForumPosting");
}

/* `in`: what the element stands in. */
static uint32_t rules_of(const struct node_look *l, unsigned in)
{
	uint32_t r = 0;

	if (l->a.class.len)
		r |= posts_by_class(l, in) | containers_by_class(l, in);
	r |= (uint32_t)slice_starts(l->a.id, SLICE("post_message_"))
	     << POST_VBULLETIN;
	r |= (uint32_t)(l->li && slice_starts(l->a.id, SLICE("post")))
	     << POST_ITEM;
	r |= (uint32_t)is_posting(l->a.itemtype) << POST_TYPE;
	r |= (uint32_t)is(l->a.id, "mw-content-text") << CONTAINER_MEDIAWIKI;
	r |= (uint32_t)((in & IN_RST) && is(l->a.itemprop, "articleBody"))
	     << CONTAINER_READTHEDOCS;
	r |= (uint32_t)((in & IN_DOCUMENTWRAPPER) && l->div &&
	                is(l->a.role, "main"))
	     << CONTAINER_SPHINX;
	r |= (uint32_t)is(l->a.id, "docContent") << CONTAINER_DOC;
	r |= (uint32_t)(l->main && is(l->a.id, "content")) << CONTAINER_CONTENT;
	r |= (uint32_t)l->main << CONTAINER_MAIN;
	r |= (uint32_t)is(l->a.role, "main") << CONTAINER_ROLE;
	r |= (uint32_t)l->article << CONTAINER_ARTICLE;
	return r;
}

static bool negative_role(struct slice role)
{
	static const char *const roles[] = { "navigation",  "banner",
		                             "contentinfo", "complementary",
		                             "search",      "dialog",
		                             "menu",        "menubar",
		                             "toolbar" };
	size_t i;

	for (i = 0; role.len && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (is(role, roles[i]))
			return true;
	return false;
}

/* `above`: the flags of the element around it. */
static bool is_negative(const struct node_look *l, const struct block_node *n,
                        struct slice name, uint32_t above)
{
	switch (n->tag) {
	case TAG_NAV:
	case TAG_FOOTER:
	case TAG_ASIDE:
	case TAG_FORM:
	case TAG_BUTTON:
	case TAG_NOSCRIPT:
		return true;
	case TAG_BODY:
	case TAG_MAIN:
	case TAG_ARTICLE:
		return false;
	default:
		break;
	}
	if (is(name, "dialog") || is(name, "menu") || negative_role(l->a.role))
		return true;
	if (n->flags & ~above & (BLOCK_HIDDEN | BLOCK_ARIA_HIDDEN))
		return true;
	return (l->a.class.len + l->a.id.len < 300 &&
	        (negative_name(l->a.class) || negative_name(l->a.id)));
}

static void look(struct marker *k, uint32_t i)
{
	const struct block_node *n = &k->blocks->nodes[i];
	const struct markup_node *page = &k->m->nodes[n->page];
	uint8_t in = 0;
	uint32_t above = 0;
	struct node_look l;

	if (n->parent != MARKUP_NONE) {
		k->out->flags[i] = k->out->flags[n->parent];
		in = k->around[n->parent];
		above = k->blocks->nodes[n->parent].flags;
	}
	k->around[i] = in;
	if (!page->attribute_count && n->tag == TAG_DIV)
		return;
	look_at(&l, k->m, page);
	k->around[i] |= around_of(&l);
	k->rules[i] = rules_of(&l, in);
	k->any |= k->rules[i];
	if (!(k->out->flags[i] & MARK_NEGATIVE) &&
	    is_negative(&l, n, page->name, above))
		k->out->flags[i] |= MARK_NEGATIVE;
}

/* The first rule whose elements are enough in number and words; or RULES. */
static enum rule choose(const struct marker *k, enum rule from, enum rule end,
                        uint32_t least)
{
	const struct blocks *b = k->blocks;
	uint64_t all = k->words[b->block_count];
	enum rule r;

	for (r = from; r < end; r++) {
		uint64_t words = 0;
		uint32_t count = 0, i;

		if (!(k->any >> r & 1))
			continue;
		for (i = 0; i < b->node_count;) {
			const struct block_node *n = &b->nodes[i];

			if (!(k->rules[i] >> r & 1)) {
				i++;
				continue;
			}
			words += k->words[n->end] - k->words[n->first];
			count++;
			i = n->after;
		}
		if (count >= least && words * 5 > all)
			return r;
	}
	return RULES;
}

static void hand_down(struct marker *k, enum rule rule, uint8_t flag)
{
	const struct block_node *nodes = k->blocks->nodes;
	uint32_t i;

	for (i = 0; i < k->blocks->node_count; i++) {
		uint32_t up = nodes[i].parent;

		if (k->rules[i] >> rule & 1 ||
		    (up != MARKUP_NONE && k->out->flags[up] & flag))
			k->out->flags[i] |= flag;
	}
}

void marks_read(struct marks *out, const struct blocks *b,
                const struct markup *m, const uint32_t *words, struct arena *a)
{
	struct marker k = { b, m, words, NULL, 0, NULL, out };
	enum rule rule;
	uint32_t i;

	*out = (struct marks){ .flags = arena_new(a, b->node_count) };
	k.rules = arena_array(a, b->node_count, sizeof(*k.rules));
	k.around = arena_new(a, b->node_count);
	for (i = 0; i < b->node_count; i++)
		look(&k, i);
	rule = choose(&k, POST_STACK, POST_RULES, 2);
	out->posts = rule != RULES;
	if (out->posts)
		hand_down(&k, rule, MARK_POST);
	rule = choose(&k, CONTAINER_MEDIAWIKI, RULES, 1);
	out->container = rule != RULES;
	if (out->container)
		hand_down(&k, rule, MARK_CONTAINER);
}

/*
 * Pages have an address by space and title (/display/KEY/Title) in every
 * version; it redirects to the one by id.
 */

#include "crawler/confluence_link.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/net/url.h"

static struct slice kept(struct buf *b, struct arena *a)
{
	struct slice made = arena_copy(a, buf_slice(b));

	if (buf_full(b))
		made.len = 0;
	buf_release(b);
	return made;
}

struct slice confluence_text(const struct markup *m, uint32_t n,
                             struct arena *a)
{
	uint32_t end = markup_end(m, n);
	struct buf b = BUF_INIT(LIMIT_BODY);

	for (uint32_t i = n; i < end; i++)
		if (m->nodes[i].kind == MARKUP_TEXT)
			buf_add(&b, m->nodes[i].text);
	return kept(&b, a);
}

/* As Confluence writes titles in addresses. */
static void add_title(struct buf *out, struct slice title)
{
	while (title.len) {
		size_t blank = slice_find(title, ' ');

		url_escape(slice_cut(title, 0, blank), out);
		if (blank < title.len)
			buf_byte(out, '+');
		title = slice_cut(title, blank + 1, title.len);
	}
}

static struct slice page_link(const struct confluence_place *p,
                              struct slice space, struct slice title,
                              struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (!space.len)
		space = p->space;
	if (!space.len || !p->base.len)
		return (struct slice){ 0 };
	buf_add(&b, p->base);
	buf_text(&b, "/display/");
	url_escape(space, &b);
	if (title.len) {
		buf_byte(&b, '/');
		add_title(&b, title);
	}
	return kept(&b, a);
}

static struct slice file_link(const struct confluence_place *p,
                              struct slice file, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (!p->page.len || !p->base.len)
		return (struct slice){ 0 };
	buf_add(&b, p->base);
	buf_text(&b, "/download/attachments/");
	url_escape(p->page, &b);
	buf_byte(&b, '/');
	url_escape(file, &b);
	return kept(&b, a);
}

static struct slice id_link(const struct confluence_place *p, struct slice id,
                            struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (!id.len || !p->base.len)
		return (struct slice){ 0 };
	buf_add(&b, p->base);
	buf_text(&b, "/pages/viewpage.action?pageId=");
	url_escape(id, &b);
	return kept(&b, a);
}

/* A mention: by name where the name is known. */
static struct slice mention(const struct markup *m, const struct markup_node *n,
                            const struct confluence_place *p, struct arena *a)
{
	static const char *const ids[] = { "ri:account-id", "ri:userkey",
		                           "ri:username" };
	struct buf b = BUF_INIT(LIMIT_NAME);
	struct slice name = markup_attribute(m, n, "ri:username");

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct slice id = markup_attribute(m, n, ids[i]);

		for (size_t j = 0; id.len && j < p->people_count; j++)
			if (slice_eq(p->people[j].id, id))
				name = p->people[j].name;
	}
	buf_byte(&b, '@');
	buf_add(&b, name.len ? name : SLICE("user"));
	return kept(&b, a);
}

static struct confluence_target resource(const struct markup *m, uint32_t i,
                                         const struct confluence_place *p,
                                         struct arena *a)
{
	const struct markup_node *n = &m->nodes[i];
	struct slice title = markup_attribute(m, n, "ri:content-title");
	struct slice space = markup_attribute(m, n, "ri:space-key");
	struct slice file = markup_attribute(m, n, "ri:filename");
	struct slice url = markup_attribute(m, n, "ri:value");
	struct slice id = markup_attribute(m, n, "ri:content-id");
	struct confluence_place other = *p;

	if (slice_eq(n->name, SLICE("ri:page")) ||
	    slice_eq(n->name, SLICE("ri:blog-post")))
		return (struct confluence_target){
			title.len ? page_link(p, space, title, a)
			          : (struct slice){ 0 },
			title
		};
	if (slice_eq(n->name, SLICE("ri:space")))
		return (struct confluence_target){
			page_link(p, space, (struct slice){ 0 }, a), space
		};
	if (slice_eq(n->name, SLICE("ri:url")))
		return (struct confluence_target){ url, url };
	if (slice_eq(n->name, SLICE("ri:user")))
		return (struct confluence_target){ .text = mention(m, n, p,
			                                           a) };
	if (slice_eq(n->name, SLICE("ri:shortcut")))
		return (struct confluence_target){
			.text = markup_attribute(m, n, "ri:parameter")
		};
	if (slice_eq(n->name, SLICE("ri:content-entity")))
		return (struct confluence_target){ id_link(p, id, a), id };
	if (!slice_eq(n->name, SLICE("ri:attachment")))
		return (struct confluence_target){ 0 };
	/* Of another page, which it names inside by title alone: no address. */
	if (n->first != MARKUP_NONE)
		other.page = (struct slice){ 0 };
	return (struct confluence_target){ file_link(&other, file, a), file };
}

/* The first identifier among the children of `n`. */
static uint32_t identifier(const struct markup *m, uint32_t n)
{
	uint32_t i = m->nodes[n].first;

	while (i != MARKUP_NONE &&
	       !slice_starts(m->nodes[i].name, SLICE("ri:")))
		i = m->nodes[i].next;
	return i;
}

struct confluence_target confluence_link(const struct markup *m, uint32_t n,
                                         const struct confluence_place *p,
                                         struct arena *a)
{
	uint32_t at = identifier(m, n), i = m->nodes[n].first;

	/* The parameter of an include has a link around it. */
	for (; at == MARKUP_NONE && i != MARKUP_NONE; i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("ac:link")))
			at = identifier(m, i);
	return at == MARKUP_NONE ? (struct confluence_target){ 0 }
	                         : resource(m, at, p, a);
}

struct confluence_place confluence_link_place(struct slice link,
                                              struct slice id)
{
	static const char *const heads[] = { "/spaces/", "/display/",
		                             "/pages/" };
	struct confluence_place p = { .base = link, .page = id };

	for (size_t i = 0; i < link.len; i++)
		for (size_t j = 0; link.at[i] == '/' && j < 3; j++) {
			struct slice rest = slice_cut(link, i, link.len);
			struct slice head = slice_of(heads[j]);

			if (!slice_starts(rest, head))
				continue;
			rest = slice_cut(rest, head.len, rest.len);
			p.base = slice_cut(link, 0, i);
			if (j < 2)
				p.space = slice_cut(rest, 0,
				                    slice_find(rest, '/'));
			return p;
		}
	return p;
}

struct slice confluence_link_issue(const struct confluence_place *p,
                                   struct slice key, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_LINK);

	if (!p->jira.len || !key.len)
		return (struct slice){ 0 };
	buf_add(&b, p->jira);
	buf_text(&b, "/browse/");
	url_escape(key, &b);
	return kept(&b, a);
}

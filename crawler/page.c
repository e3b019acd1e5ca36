/*
 * The title: the first heading of the main part; another heading only where
 * <title> begins with it, since it may be the site's name.
 */

#include "crawler/page.h"

#include "base/clock.h"
#include "base/text/markdown.h"
#include "crawler/linked_data.h"
#include "crawler/page_language.h"
#include "crawler/page_linked.h"
#include "crawler/page_said.h"

enum {
	PAGE_TITLE_MOST = 1024,
	PAGE_HEADINGS = 10000,
	PAGE_TRIED = 40,
	/* headings compared with <title> */
};

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

static int heading_level(struct slice name)
{
	return name.len == 2 && name.at[0] == 'h' && name.at[1] >= '1' &&
	                       name.at[1] <= '6'
	               ? name.at[1] - '0'
	               : 0;
}

/* Where a title goes on behind what a heading of the page says, the rest are
 * names of the board and the site. */
static struct slice heading_of_title(const struct markup *m, struct slice title,
                                     struct arena *a)
{
	struct slice s;
	int left = PAGE_TRIED;
	uint32_t i;

	for (i = 0; i < m->node_count && left; i++) {
		int level = heading_level(m->nodes[i].name);

		if (!level || level > 4)
			continue;
		left--;
		s = head_text(m, i, PAGE_TITLE_MOST, a);
		if (s.len > 8 && s.len + 3 < title.len &&
		    slice_starts(title, s) && title.at[s.len] == ' ' &&
		    !strchr("abcdefghijklmnopqrstuvwxyz", title.at[s.len + 1]))
			return s;
	}
	return title;
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

/* The first anchor within a heading: an id, a name, or a link to itself. */
static struct slice anchor_within(const struct markup *m, uint32_t n)
{
	uint32_t end = markup_end(m, n), i;
	struct slice s = { 0 };

	for (i = n; i < end && !s.len; i++) {
		const struct markup_node *e = &m->nodes[i];

		if (e->kind != MARKUP_ELEMENT)
			continue;
		s = slice_trim(markup_attribute(m, e, "id"));
		if (!s.len && slice_eq(e->name, SLICE("a"))) {
			s = slice_trim(markup_attribute(m, e, "name"));
			if (!s.len)
				s = slice_trim(markup_attribute(m, e, "href"));
			else
				continue;
			s = slice_starts(s, SLICE("#")) ? slice_cut(s, 1, s.len)
			                                : (struct slice){ 0 };
		}
	}
	return s;
}

/* Of a heading, or of the section that it begins. */
static struct slice anchor_of(const struct markup *m, uint32_t n)
{
	struct slice s = anchor_within(m, n);
	uint32_t up = m->nodes[n].parent;

	if (!s.len && up != MARKUP_NONE && up &&
	    (slice_eq(m->nodes[up].name, SLICE("section")) ||
	     slice_eq(m->nodes[up].name, SLICE("div"))) &&
	    (m->nodes[up].first == n || m->nodes[m->nodes[up].first].next == n))
		s = slice_trim(markup_attribute(m, &m->nodes[up], "id"));
	if (slice_starts(s, SLICE("user-content-")))
		s = slice_cut(s, 13, s.len);
	return s;
}

/* `m` is the page: marks with the anchors of headings are no text. */
static void read_headings(struct page *p, const struct markup *m,
                          struct arena *a)
{
	const struct content *c = &p->content;
	struct page_heading *out;
	size_t count = 0;
	uint32_t i;

	for (i = 0; i < c->part.node_count; i++)
		count += heading_level(c->part.nodes[i].name) > 0;
	count = count < PAGE_HEADINGS ? count : PAGE_HEADINGS;
	out = arena_array(a, count, sizeof(*out));
	for (i = 0; i < c->part.node_count && p->heading_count < count; i++) {
		int level = heading_level(c->part.nodes[i].name);
		struct page_heading *h = &out[p->heading_count];

		if (!level)
			continue;
		*h = (struct page_heading){ .node = i, .level = level };
		h->text = head_text(&c->part, i, PAGE_TITLE_MOST, a);
		h->anchor = c->origin ? anchor_of(m, c->origin[i])
		                      : anchor_of(&c->part, i);
		p->heading_count += h->text.len > 0;
	}
	p->headings = out;
}

/* Headings within a post stand below its own. */
static int deeper(const struct markup *m, uint32_t n)
{
	uint32_t end = markup_end(m, n), i;
	int level, least = 3;

	for (i = n; i < end; i++) {
		level = heading_level(m->nodes[i].name);
		if (level && level < least)
			least = level;
	}
	return 3 - least;
}

static void write_post(const struct page *p, size_t i, bool pictures,
                       struct slice base, struct buf *out)
{
	const struct markup *part = &p->content.part;
	uint32_t n = p->posts[i].node;

	markdown_write_below(part, n, deeper(part, n), pictures, base, out);
}

void page_post_markdown(const struct page *p, size_t i, struct slice base,
                        struct buf *out)
{
	write_post(p, i, true, base, out);
}

/* "## Ada Rivers, 2024-05-01, 12 votes, accepted answer" */
static void post_heading(const struct page *p, size_t i, struct buf *out)
{
	const struct page_post *post = &p->posts[i];
	char time[CLOCK_TEXT];

	buf_text(out, "## ");
	if (post->author.len)
		markdown_escape(post->author, out);
	else
		buf_addf(out, "Post %zu", i + 1);
	clock_write(time, post->time);
	if (time[0])
		buf_addf(out, ", %.10s", time);
	if (post->voted)
		buf_addf(out, ", %lld vote%s", (long long)post->votes,
		         post->votes == 1 ? "" : "s");
	if (post->accepted)
		buf_text(out, ", accepted answer");
	buf_text(out, "\n\n");
}

/* Whole, or its own words alone: without the headings of posts and what
 * pictures are called. */
static void write_page(const struct page *p, struct slice base, bool whole,
                       struct buf *out)
{
	const struct markup *part = &p->content.part;
	size_t i, start = out->len;

	if (!p->post_count) {
		markdown_write_below(part, 0, 0, whole, base, out);
		return;
	}
	if (p->lead)
		markdown_write_below(part, 1, 0, whole, base, out);
	for (i = 0; i < p->post_count && !buf_full(out); i++) {
		if (out->len > start)
			buf_text(out, "\n\n");
		if (whole && (i || !p->posts[i].question))
			post_heading(p, i, out);
		write_post(p, i, whole, base, out);
	}
}

void page_markdown(const struct page *p, struct slice base, struct buf *out)
{
	write_page(p, base, true, out);
}

void page_text(const struct page *p, struct buf *out)
{
	struct buf markdown = BUF_INIT(out->ceiling);

	write_page(p, (struct slice){ 0 }, false, &markdown);
	markdown_text(buf_slice(&markdown), out);
	buf_release(&markdown);
}

/* Its posts, and what it says of itself. */
static void read_parts(struct page *p, const struct markup *m, bool selected,
                       struct arena *a)
{
	struct linked_data d;
	struct thread t = { 0 };
	bool posts = !selected && thread_find(&t, m, &p->content, a);

	linked_data_read(&d, m, a);
	posts |= !selected && page_linked(&d, &p->content, &t, a);
	if (posts) {
		p->posts = t.posts;
		p->post_count = t.count;
		p->lead = t.lead;
	}
	page_said(&p->head, &d, p->posts, p->post_count, m, a);
	if (!p->head.language.len)
		p->head.language = page_language(&p->content.part);
}

/* Whether a heading that is no part of the content stands among it. */
static bool among_content(const struct content *c, const struct markup *m,
                          uint32_t heading)
{
	return heading != MARKUP_NONE && heading > c->node &&
	       heading < markup_end(m, c->node) && c->node;
}

/* The title where no heading of the content says it. */
static struct slice outer_title(const struct page *p, const struct markup *m,
                                struct slice h1, struct arena *a)
{
	struct slice named = heading_of_title(m, p->title, a);

	if (!slice_eq(named, p->title))
		return named;
	if (h1.len && !p->post_count &&
	    among_content(&p->content, m, p->head.h1) &&
	    !slice_ends(p->head.title, h1))
		return h1;
	return p->title;
}

void page_read(struct page *p, const struct markup *m, struct slice url,
               const struct content_select *select, struct arena *a)
{
	struct slice h1 = { 0 };
	bool inside;

	*p = (struct page){ 0 };
	head_read(&p->head, m, a);
	content_find(&p->content, m, url, select, a);
	read_parts(p, m, select != NULL, a);
	inside = p->content.heading != MARKUP_NONE;
	if (inside)
		h1 = head_text(&p->content.part, p->content.heading,
		               PAGE_TITLE_MOST, a);
	else if (p->head.h1 != MARKUP_NONE)
		h1 = head_text(m, p->head.h1, PAGE_TITLE_MOST, a);
	p->title = choose_title(&p->head, h1, inside);
	if (!inside)
		p->title = outer_title(p, m, h1, a);
	take_heading(p, a);
	p->verdict = page_judge(&p->head, &p->content, p->title, h1);
	read_headings(p, m, a);
}

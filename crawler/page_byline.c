/*
 * Every sign has a rank, and the best of each kind counts, the first among
 * equals. A date beside the author's name goes before one elsewhere: an edit
 * has a date and a name of its own, and often stands first.
 */

#include "crawler/page_byline.h"

#include "base/clock.h"
#include "crawler/head.h"

enum {
	BYLINE_NAME_MOST = 80,
	BYLINE_TEXT_MOST = 160,
	BYLINE_NODES = 200, /* of what holds a name, and hardly more */
	BYLINE_LEVELS = 8,  /* from a name up to its date */
};

/* Best first; 0 is none. */
enum rank {
	RANK_NONE,
	RANK_WEAK,  /* a class that often means something else */
	RANK_CLASS, /* a class that names it */
	RANK_DATA,  /* an attribute made for scripts */
	RANK_PROP,  /* microdata, microformats */
};

static bool one_of(struct slice s, const char *const *names)
{
	for (; *names; names++)
		if (head_has(s, slice_of(*names)))
			return true;
	return false;
}

struct slice byline_name(struct slice s)
{
	static const char *const heads[] = {
		"by ",  "author: ", "written by ", "posted by ",
		"von ", "par ",     "@",           "author:"
	};
	size_t i, digits = 0;

	s = slice_trim(s);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct slice head = slice_of(heads[i]);

		if (head_same(slice_cut(s, 0, head.len), head))
			s = slice_trim(slice_cut(s, head.len, s.len));
	}
	while (s.len && (s.at[0] == ',' || s.at[0] == '-'))
		s = slice_trim(slice_cut(s, 1, s.len));
	while (s.len && (s.at[s.len - 1] == ',' || s.at[s.len - 1] == ':' ||
	                 s.at[s.len - 1] == '|'))
		s = slice_trim(slice_cut(s, 0, s.len - 1));
	for (i = 0; i < s.len; i++)
		digits += s.at[i] >= '0' && s.at[i] <= '9';
	if (!s.len || s.len > BYLINE_NAME_MOST || digits == s.len ||
	    slice_starts(s, SLICE("http://")) ||
	    slice_starts(s, SLICE("https://")) || slice_find(s, '/') < s.len)
		return (struct slice){ 0 };
	return s;
}

int64_t byline_time(struct slice s)
{
	const int64_t low = INT64_C(315532800000),
	              high = INT64_C(4102444800000);
	int64_t time;

	s = slice_trim(s);
	/* "2024-05-01T10:20:30 1714558830", "2011-02-11 18:23:33Z, ..." */
	if (slice_number(s, &time))
		time = time < high / 1000 ? time * 1000 : time;
	else if (!clock_read(s, &time) &&
	         !clock_read(slice_cut(s, 0, slice_find(s, ',')), &time) &&
	         !(s.len > 19 && s.at[19] == ' ' &&
	           clock_read(slice_cut(s, 0, 19), &time)))
		return CLOCK_NONE;
	return time >= low && time < high ? time : CLOCK_NONE;
}

/* "1,234", "+5", "\u22122", "12 points", "1.2k". */
static bool votes_of(struct slice s, int64_t *out)
{
	bool minus = false, any = false;
	int64_t n = 0;
	size_t i = 0;

	s = slice_trim(s);
	if (slice_starts(s, SLICE("\u2212"))) {
		minus = true;
		i = 3;
	} else if (s.len && (s.at[0] == '-' || s.at[0] == '+')) {
		minus = s.at[0] == '-';
		i = 1;
	}
	for (; i < s.len && n < 1000000000; i++) {
		if (s.at[i] == ',' && any)
			continue;
		if (s.at[i] < '0' || s.at[i] > '9')
			break;
		n = n * 10 + (s.at[i] - '0');
		any = true;
	}
	if (!any || (i < s.len && (s.at[i] == '.' || s.at[i] == 'k' ||
	                           s.at[i] == ':' || s.at[i] == '/')))
		return false;
	*out = minus ? -n : n;
	return true;
}

/* What is known so far. */
struct reader {
	const struct markup *m;
	struct byline *to;
	struct arena *a;
	enum rank author, time, votes;
	uint32_t author_node;
	uint32_t from, end, text, text_end;
};

static struct slice class_of(const struct reader *r,
                             const struct markup_node *n)
{
	return markup_attribute(r->m, n, "class");
}

static enum rank author_rank(const struct reader *r,
                             const struct markup_node *n)
{
	static const char *const named[] = {
		"username",          "bigusername",     "hnuser",
		"user-name",         "byline-name",     "author-name",
		"p-author",          "u-author",        "userName",
		"post-author",       "comment-author",  "poster_name",
		"posted-by",         "vcard",           "ipsComment_author",
		"lia-user-name",     "bbp-author-name", "PostUser-name",
		"Username",          "author_name",     "post_author",
		"authorname",        "author__name",    "entry-author",
		"message-author",    "poster-name",     "user_name",
		"discussion-author", "names",           NULL,
	};
	static const char *const weak[] = { "author", "poster",     "byline",
		                            "user",   "creator",    "fn",
		                            "name",   "postauthor", NULL };
	struct slice class;

	if (head_has(markup_attribute(r->m, n, "itemprop"), SLICE("author")) ||
	    head_has(markup_attribute(r->m, n, "itemprop"), SLICE("creator")))
		return RANK_PROP;
	if (markup_attribute(r->m, n, "data-author").len ||
	    markup_attribute(r->m, n, "data-username").len ||
	    markup_attribute(r->m, n, "data-user-card").len ||
	    (slice_starts(n->name, SLICE("shreddit-")) &&
	     markup_attribute(r->m, n, "author").len))
		return RANK_DATA;
	if (head_has(markup_attribute(r->m, n, "rel"), SLICE("author")))
		return RANK_DATA;
	class = class_of(r, n);
	/* FluxBB: the first term of a list beside the post. */
	if (slice_eq(n->name, SLICE("dt")) && n->parent != MARKUP_NONE &&
	    r->m->nodes[n->parent].parent != MARKUP_NONE &&
	    head_has(class_of(r, &r->m->nodes[r->m->nodes[n->parent].parent]),
	             SLICE("postleft")))
		return RANK_CLASS;
	if (!class.len)
		return RANK_NONE;
	return one_of(class, named)  ? RANK_CLASS
	       : one_of(class, weak) ? RANK_WEAK
	                             : RANK_NONE;
}

/* An attribute that holds the name itself. */
static struct slice said_name(const struct reader *r,
                              const struct markup_node *n)
{
	static const char *const names[] = { "data-author", "data-username",
		                             "data-user-card", "author" };
	struct slice s = { 0 };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !s.len; i++)
		s = byline_name(markup_attribute(r->m, n, names[i]));
	if (!s.len && slice_eq(n->name, SLICE("meta")))
		s = byline_name(markup_attribute(r->m, n, "content"));
	return s;
}

static bool inside_text(const struct reader *r, uint32_t i)
{
	return i >= r->text && i < r->text_end;
}

/* The first link or name within `n`: its words, and where it leads. */
static void author_within(struct reader *r, uint32_t n, struct byline *out)
{
	uint32_t end = markup_end(r->m, n), i;
	struct slice named = { 0 }, linked = { 0 };

	for (i = n; i < end; i++) {
		const struct markup_node *e = &r->m->nodes[i];
		struct slice prop, href;

		if (e->kind != MARKUP_ELEMENT)
			continue;
		prop = markup_attribute(r->m, e, "itemprop");
		if (!named.len && head_has(prop, SLICE("name"))) {
			named = markup_attribute(r->m, e, "content");
			if (!named.len)
				named = head_text(r->m, i, BYLINE_TEXT_MOST,
				                  r->a);
			named = byline_name(named);
		}
		if (!slice_eq(e->name, SLICE("a")) || linked.len)
			continue;
		href = slice_trim(markup_attribute(r->m, e, "href"));
		linked =
		        byline_name(head_text(r->m, i, BYLINE_TEXT_MOST, r->a));
		if (linked.len || !out->link.len)
			out->link = href;
	}
	out->author = named.len    ? named
	              : linked.len ? linked
	                           : byline_name(head_text(
	                                     r->m, n, BYLINE_TEXT_MOST, r->a));
}

static void read_author(struct reader *r, uint32_t i)
{
	const struct markup_node *n = &r->m->nodes[i];
	enum rank rank = author_rank(r, n);
	uint32_t end = markup_end(r->m, i);
	struct byline found = { 0 };

	if (rank <= r->author && (!rank || r->to->link.len))
		return;
	found.author = said_name(r, n);
	/* What is around the text holds more than a name. */
	if (!found.author.len && end - i <= BYLINE_NODES &&
	    !(i < r->text && end > r->text))
		author_within(r, i, &found);
	if (rank <= r->author) {
		if (slice_eq(found.author, r->to->author))
			r->to->link = found.link;
		return;
	}
	if (!found.author.len)
		return;
	r->author = rank;
	r->author_node = i;
	r->to->author = found.author;
	r->to->link = found.link;
}

/* A link to the post that is its date, as machines write it. */
static bool is_permalink(const struct reader *r, const struct markup_node *n)
{
	struct slice s;

	if (!slice_eq(n->name, SLICE("a")) || n->first == MARKUP_NONE ||
	    n->next != MARKUP_NONE)
		return false;
	s = slice_trim(r->m->nodes[n->first].text);
	return s.len >= 10 && s.len <= 25 && s.at[4] == '-' && s.at[7] == '-';
}

static enum rank time_of(const struct reader *r, const struct markup_node *n,
                         int64_t *out)
{
	static const char *const props[] = { "datePublished", "dateCreated",
		                             NULL };
	static const char *const named[] = {
		"relativetime",   "relativetime-clean", "age",
		"live-timestamp", "post-time",          "timeago",
		"DateCreated",    "post_date",          "comment-date",
		"date",           "published",          "post-date",
		"posted-on",      "timestamp",          NULL,
	};
	static const char *const attributes[] = { "datetime",       "data-time",
		                                  "data-timestamp", "ts",
		                                  "content",        "title" };
	struct slice prop = markup_attribute(r->m, n, "itemprop");
	bool is = slice_eq(n->name, SLICE("time")) ||
	          slice_eq(n->name, SLICE("relative-time")) ||
	          slice_eq(n->name, SLICE("time-ago")) ||
	          slice_eq(n->name, SLICE("faceplate-timeago"));
	enum rank rank = one_of(prop, props) ? RANK_PROP
	                 : is || markup_attribute(r->m, n, "data-time").len
	                         ? RANK_DATA
	                 : one_of(class_of(r, n), named) ? RANK_CLASS
	                                                 : RANK_NONE;
	size_t i;

	if (head_has(prop, SLICE("dateModified")))
		return RANK_NONE;
	*out = CLOCK_NONE;
	for (i = rank ? 0 : 6; i < 6 && *out == CLOCK_NONE; i++)
		*out = byline_time(markup_attribute(r->m, n, attributes[i]));
	if (!rank && is_permalink(r, n)) {
		*out = byline_time(r->m->nodes[n->first].text);
		rank = RANK_WEAK;
	}
	return *out == CLOCK_NONE ? RANK_NONE : rank;
}

static void read_time(struct reader *r, uint32_t i)
{
	int64_t time;
	enum rank rank = time_of(r, &r->m->nodes[i], &time);

	if (rank <= r->time)
		return;
	r->time = rank;
	r->to->time = time;
}

static void read_votes(struct reader *r, uint32_t i)
{
	static const char *const named[] = { "js-vote-count", "vote-count-post",
		                             "vote-count",    "score",
		                             "like-count",    "votes",
		                             "kudos-count",   "rating-count",
		                             "vote_count",    NULL };
	const struct markup_node *n = &r->m->nodes[i];
	struct slice prop = markup_attribute(r->m, n, "itemprop"), s;
	enum rank rank = RANK_NONE;

	if (head_has(prop, SLICE("upvoteCount")))
		rank = RANK_PROP;
	else if (slice_starts(n->name, SLICE("shreddit-")) ||
	         markup_attribute(r->m, n, "data-score").len)
		rank = RANK_DATA;
	else if (one_of(class_of(r, n), named))
		rank = RANK_CLASS;
	if (rank <= r->votes)
		return;
	s = markup_attribute(r->m, n, "content");
	if (rank == RANK_DATA)
		s = markup_attribute(r->m, n, "data-score");
	if (!s.len && rank == RANK_DATA)
		s = markup_attribute(r->m, n, "score");
	if (!s.len && rank != RANK_DATA)
		s = head_text(r->m, i, 32, r->a);
	if (votes_of(s, &r->to->votes)) {
		r->votes = rank;
		r->to->voted = true;
	}
}

/* The date nearest to the author: in the smallest part around the name that
 * has one. */
static void nearest_time(struct reader *r)
{
	uint32_t at = r->author_node, i;
	int64_t time;
	int level;

	if (r->time == RANK_PROP || r->time == RANK_NONE ||
	    r->author_node == MARKUP_NONE)
		return;
	for (level = 0;
	     level < BYLINE_LEVELS && at >= r->from && at != MARKUP_NONE;
	     level++, at = r->m->nodes[at].parent) {
		uint32_t end = markup_end(r->m, at);

		if (end > r->end || (at < r->text && end > r->text))
			return;
		for (i = at; i < end; i++)
			if (r->m->nodes[i].kind == MARKUP_ELEMENT &&
			    time_of(r, &r->m->nodes[i], &time) >= r->time) {
				r->to->time = time;
				return;
			}
	}
}

void byline_read(struct byline *out, const struct markup *m, uint32_t from,
                 uint32_t end, uint32_t text, uint32_t text_end, bool strict,
                 struct arena *a)
{
	struct reader r = { .m = m,
		            .to = out,
		            .a = a,
		            .author_node = MARKUP_NONE,
		            .author = strict ? RANK_WEAK : RANK_NONE,
		            .time = strict ? RANK_CLASS : RANK_NONE,
		            .from = from,
		            .end = end,
		            .text = text,
		            .text_end = text_end };
	uint32_t i;

	*out = (struct byline){ .time = CLOCK_NONE };
	for (i = from; i < end; i++) {
		if (inside_text(&r, i)) {
			i = text_end - 1;
			continue;
		}
		if (m->nodes[i].kind != MARKUP_ELEMENT ||
		    (!m->nodes[i].attribute_count &&
		     !slice_eq(m->nodes[i].name, SLICE("dt"))))
			continue;
		read_author(&r, i);
		read_time(&r, i);
		read_votes(&r, i);
	}
	nearest_time(&r);
}

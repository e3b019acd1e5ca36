/*
 * JSON-LD is read as plain JSON, as those do whom it is written for: names as
 * in schema.org, no contexts, "@graph" and "mainEntity" followed, an author
 * that is only an "@id" looked up beside the object.
 */

#include "crawler/linked_data.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"
#include "crawler/entity.h"
#include "crawler/head.h"
#include "crawler/page_byline.h"

enum {
	LINKED_BLOCKS = 64,    /* of one page */
	LINKED_MOST = 4 << 20, /* bytes of one block */
	LINKED_OBJECTS = 4096, /* looked at in one block */
	LINKED_POSTS = 10000,  /* of one page */
	LINKED_TEXT = 2 << 20, /* bytes of one text */
	LINKED_NAMES = 8,      /* authors of one object */
	LINKED_DEPTH = 64,     /* replies to replies */
	LINKED_SHORT = 1024,   /* bytes of a title */
};

enum { RANK_NONE, RANK_PAGE, RANK_ARTICLE, RANK_THREAD };

static bool member(const struct json *j, const char *name, struct slice *out)
{
	struct slice s;

	if (!json_text(json_get(j, name), &s))
		return false;
	*out = slice_trim(s);
	return out->len > 0;
}

/* A value that may be given alone or as an array: its first, or itself. */
static const struct json *first_of(const struct json *j)
{
	return j && json_is_array(j) ? json_first(j) : j;
}

/* A short text in one line, copied out of the JSON. */
static struct slice line_of(struct slice s, struct arena *a)
{
	struct slice t = entity_decode(utf8_head(s, LINKED_SHORT), a);
	char *to = arena_new(a, t.len + 1);
	size_t i, len = 0;

	for (i = 0; i < t.len; i++) {
		bool blank =
		        t.at[i] == ' ' || (t.at[i] >= '\t' && t.at[i] <= '\r');

		if (!blank)
			to[len++] = t.at[i];
		else if (len && to[len - 1] != ' ')
			to[len++] = ' ';
	}
	return slice_trim((struct slice){ to, len });
}

static bool breaks_line(struct slice tag)
{
	static const char *const names[] = { "p",         "br",  "li", "div",
		                             "tr",        "h1",  "h2", "h3",
		                             "h4",        "pre", "ul", "ol",
		                             "blockquote" };
	size_t i;

	if (tag.len && tag.at[0] == '/')
		tag = slice_cut(tag, 1, tag.len);
	for (i = 0; i < tag.len; i++)
		if (tag.at[i] == ' ' || tag.at[i] == '/' || tag.at[i] == '\n')
			tag.len = i;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (head_same(tag, slice_of(names[i])))
			return true;
	return false;
}

/* A long text: its lines, without the tags that some leave in it. */
static struct slice text_of(struct slice s, struct arena *a)
{
	char *to;
	size_t i, len = 0;

	s = entity_decode(utf8_head(s, LINKED_TEXT), a);
	to = arena_new(a, s.len + 1);
	for (i = 0; i < s.len; i++) {
		struct slice rest = slice_cut(s, i + 1, s.len);
		size_t end = slice_find(slice_cut(rest, 0, 1000), '>');
		bool tag = s.at[i] == '<' && end < 1000 && end < rest.len &&
		           end &&
		           (rest.at[0] == '/' || (rest.at[0] | 0x20) >= 'a') &&
		           (rest.at[0] | 0x20) <= 'z';

		if (!tag) {
			to[len++] = s.at[i];
			continue;
		}
		if (breaks_line(slice_cut(rest, 0, end)))
			to[len++] = '\n';
		i += end + 1;
	}
	return slice_trim((struct slice){ to, len });
}

static int64_t time_of(const struct json *j, const char *name)
{
	struct slice s;

	return member(j, name, &s) ? byline_time(s) : CLOCK_NONE;
}

/* What a type is worth. */
static int rank_of_type(struct slice type)
{
	static const char *const articles[] = {
		"BlogPosting",  "Report",           "HowTo",  "APIReference",
		"CreativeWork", "LearningResource", "Chapter"
	};
	size_t i;

	if (slice_starts(type, SLICE("http")))
		while (type.len && slice_find(type, '/') < type.len)
			type = slice_cut(type, slice_find(type, '/') + 1,
			                 type.len);
	if (slice_eq(type, SLICE("Question")) ||
	    slice_eq(type, SLICE("DiscussionForumPosting")) ||
	    slice_eq(type, SLICE("SocialMediaPosting")))
		return RANK_THREAD;
	if (slice_ends(type, SLICE("Article")))
		return RANK_ARTICLE;
	for (i = 0; i < sizeof(articles) / sizeof(articles[0]); i++)
		if (slice_eq(type, slice_of(articles[i])))
			return RANK_ARTICLE;
	return slice_ends(type, SLICE("Page")) ? RANK_PAGE : RANK_NONE;
}

static int rank_of(const struct json *j)
{
	const struct json *type = json_get(j, "@type"), *i;
	struct slice s;
	int rank = RANK_NONE;

	if (json_text(type, &s))
		return rank_of_type(s);
	if (!type || !json_is_array(type))
		return RANK_NONE;
	for (i = json_first(type); i; i = json_next(i))
		if (json_text(i, &s) && rank_of_type(s) > rank)
			rank = rank_of_type(s);
	return rank;
}

/* The object of the same "@id" in the block's "@graph". */
static const struct json *same_id(const struct json *root, struct slice id)
{
	const struct json *graph = json_get(root, "@graph"), *j;
	struct slice other;
	int left = LINKED_OBJECTS;

	if (!graph || !json_is_array(graph))
		return NULL;
	for (j = json_first(graph); j && left--; j = json_next(j))
		if (json_is_object(j) && member(j, "@id", &other) &&
		    slice_eq(other, id) && json_get(j, "name"))
			return j;
	return NULL;
}

static struct slice name_of(const struct json *root, const struct json *j)
{
	const struct json *named = j;
	struct slice s = { 0 };

	if (json_text(j, &s))
		return byline_name(s);
	if (!j || !json_is_object(j))
		return (struct slice){ 0 };
	if (!json_get(j, "name") && member(j, "@id", &s))
		named = same_id(root, s);
	if (!named || !json_text(first_of(json_get(named, "name")), &s))
		return (struct slice){ 0 };
	return byline_name(s);
}

/* One name, or several with commas between them. */
static struct slice author_of(const struct json *root, const struct json *j,
                              struct slice *link, struct arena *a)
{
	struct buf b = BUF_INIT(LINKED_SHORT);
	const struct json *i = first_of(j);
	struct slice out, s = { 0 };
	int left = LINKED_NAMES;

	for (; i && left--; i = j && json_is_array(j) ? json_next(i) : NULL) {
		s = name_of(root, i);
		if (!s.len)
			continue;
		if (b.len)
			buf_text(&b, ", ");
		buf_add(&b, s);
		if (link && !link->len && json_is_object(i) &&
		    member(i, "url", &s))
			*link = arena_copy(a, s);
	}
	out = line_of(buf_slice(&b), a);
	buf_release(&b);
	return out;
}

/* The part behind '#' of an object's address. */
static struct slice fragment_of(const struct json *j, struct arena *a)
{
	struct slice s;
	size_t at;

	if (!member(j, "url", &s) && !member(j, "@id", &s))
		return (struct slice){ 0 };
	at = slice_find(s, '#');
	return arena_copy(a, slice_cut(s, at + 1, s.len));
}

static bool votes_of(const struct json *j, int64_t *out)
{
	static const char *const names[] = { "upvoteCount", "voteCount" };
	const struct json *stat = first_of(json_get(j, "interactionStatistic"));
	struct slice s;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_number(json_get(j, names[i]), out) ||
		    (member(j, names[i], &s) && slice_number(s, out)))
			return true;
	if (!stat || !json_is_object(stat))
		return false;
	if (!member(stat, "interactionType", &s))
		(void)member(json_get(stat, "interactionType"), "@type", &s);
	return slice_ends(s, SLICE("LikeAction")) &&
	       json_number(json_get(stat, "userInteractionCount"), out);
}

static struct slice body_of(const struct json *j, struct arena *a)
{
	struct slice s;

	if (member(j, "articleBody", &s) || member(j, "text", &s))
		return text_of(s, a);
	return (struct slice){ 0 };
}

static struct linked_post post_of(const struct json *root, const struct json *j,
                                  struct arena *a)
{
	struct linked_post p = { .time = time_of(j, "dateCreated") };

	if (p.time == CLOCK_NONE)
		p.time = time_of(j, "datePublished");
	p.text = body_of(j, a);
	p.author = author_of(root, json_get(j, "author"), &p.link, a);
	p.id = fragment_of(j, a);
	p.voted = votes_of(j, &p.votes);
	return p;
}

/* Posts as they are found, each before what replies to it. */
struct posts {
	const struct json *root;
	struct linked_post *at;
	size_t count, room;
	struct arena *a;
};

static void add_post(struct posts *out, const struct json *j, bool accepted)
{
	struct linked_post p;

	if (out->count >= out->room || !json_is_object(j))
		return;
	p = post_of(out->root, j, out->a);
	p.accepted = accepted;
	if (p.text.len)
		out->at[out->count++] = p;
}

/* An array of posts, or one, and the comments below each. */
static void add_posts(struct posts *out, const struct json *j, bool accepted)
{
	const struct json *open[LINKED_DEPTH];
	int depth = 0;

	if (!j || json_is_object(j)) {
		if (j)
			add_post(out, j, accepted);
		j = j ? json_get(j, "comment") : NULL;
	}
	open[0] = j && json_is_array(j) ? json_first(j) : NULL;
	while (depth >= 0) {
		const struct json *post = open[depth], *below;

		if (!post) {
			depth--;
			continue;
		}
		open[depth] = json_next(post);
		add_post(out, post, accepted);
		below = json_is_object(post) ? json_get(post, "comment") : NULL;
		if (below && json_is_array(below) && depth + 1 < LINKED_DEPTH)
			open[++depth] = json_first(below);
	}
}

static void read_thread(struct linked_data *d, const struct json *root,
                        const struct json *j, struct arena *a)
{
	struct posts out = { .root = root, .a = a, .room = LINKED_POSTS };
	bool question = json_get(j, "acceptedAnswer") ||
	                json_get(j, "suggestedAnswer") ||
	                json_get(j, "answerCount");

	out.at = arena_array(a, out.room, sizeof(*out.at));
	add_post(&out, j, false);
	if (!out.count)
		return;
	out.at[0].question = question;
	add_posts(&out, json_get(j, "acceptedAnswer"), true);
	add_posts(&out, json_get(j, "suggestedAnswer"), false);
	if (!question && json_is_array(json_get(j, "comment")))
		add_posts(&out, json_get(j, "comment"), false);
	d->posts = out.at;
	d->post_count = out.count;
}

static void put(struct slice *to, struct slice s, bool better, struct arena *a)
{
	if (s.len && (better || !to->len))
		*to = line_of(s, a);
}

static void put_time(int64_t *to, int64_t time, bool better)
{
	if (time != CLOCK_NONE && (better || *to == CLOCK_NONE))
		*to = time;
}

static void put_author(struct linked_data *d, const struct json *root,
                       const struct json *j, bool better, struct arena *a)
{
	const struct json *author = json_get(j, "author");
	struct slice s = author_of(root, author, NULL, a), type = { 0 };

	if (!s.len || (!better && d->author.len))
		return;
	(void)member(first_of(author), "@type", &type);
	d->author = s;
	d->organization = slice_ends(type, SLICE("Organization"));
}

/* Takes what an object says; of equal rank the first one counts. */
static void consider(struct linked_data *d, const struct json *root,
                     const struct json *j, struct arena *a)
{
	int rank = rank_of(j);
	bool better = rank > d->rank;
	struct slice s = { 0 }, text;

	if (!rank)
		return;
	if (rank == RANK_ARTICLE)
		d->articles++;
	put_author(d, root, j, better, a);
	put_time(&d->created, time_of(j, "datePublished"), better);
	put_time(&d->created, time_of(j, "dateCreated"), false);
	put_time(&d->modified, time_of(j, "dateModified"), better);
	if (json_text(first_of(json_get(j, "inLanguage")), &s))
		put(&d->language, s, better, a);
	if (member(j, "headline", &s) || member(j, "name", &s))
		put(&d->title, s, better, a);
	if (rank == RANK_ARTICLE && !d->text.len) {
		text = body_of(j, a);
		if (text.len)
			d->text = text;
	}
	if (rank == RANK_THREAD && !d->post_count)
		read_thread(d, root, j, a);
	if (better)
		d->rank = rank;
}

/* The objects of a block: itself, arrays, graphs, main entities. */
static void walk(struct linked_data *d, const struct json *root,
                 struct arena *a)
{
	const struct json *open[LINKED_DEPTH], *next;
	int depth = 0, left = LINKED_OBJECTS;
	struct slice type;

	open[0] = root;
	while (depth >= 0 && left--) {
		const struct json *j = open[depth];

		if (!j) {
			depth--;
			continue;
		}
		/* The root stands alone. */
		open[depth] = j == root ? NULL : json_next(j);
		if (json_is_array(j)) {
			next = json_first(j);
		} else if (json_is_object(j)) {
			consider(d, root, j, a);
			if (member(j, "@type", &type) &&
			    slice_eq(type, SLICE("WebSite")) &&
			    member(j, "name", &type))
				put(&d->site, type, false, a);
			next = json_get(j, "@graph");
			if (!next)
				next = json_get(j, "mainEntity");
			/* Its siblings are other members of the object. */
			if (next && json_is_object(next)) {
				consider(d, root, next, a);
				next = NULL;
			} else if (next && json_is_array(next)) {
				next = json_first(next);
			} else {
				next = NULL;
			}
		} else {
			next = NULL;
		}
		if (next && depth + 1 < LINKED_DEPTH)
			open[++depth] = next;
	}
}

/* Without what most often breaks it: raw line ends in strings, commas before a
 * bracket, a comment or a semicolon around it. */
static struct slice mend(struct slice s, struct arena *a)
{
	char *to = arena_new(a, 2 * s.len + 1);
	size_t i, len = 0, comma = SIZE_MAX;
	bool text = false;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '\\' && text && i + 1 < s.len) {
			to[len++] = c;
			to[len++] = s.at[++i];
			continue;
		}
		if (c == '"')
			text = !text;
		if (c == '\n' && text) {
			to[len++] = '\\';
			c = 'n';
		} else if ((unsigned char)c < ' ') {
			c = ' ';
		}
		if (!text && (c == '}' || c == ']') && comma != SIZE_MAX)
			to[comma] = ' ';
		if (!text && c == ',')
			comma = len;
		else if (c != ' ')
			comma = SIZE_MAX;
		to[len++] = c;
	}
	return (struct slice){ to, len };
}

static struct slice strip(struct slice s)
{
	s = slice_trim(s);
	if (slice_starts(s, SLICE("<!--")))
		s = slice_cut(s, 4, s.len);
	if (slice_ends(s, SLICE("-->")))
		s = slice_cut(s, 0, s.len - 3);
	if (slice_starts(s, SLICE("//<![CDATA[")))
		s = slice_cut(s, 11, s.len);
	else if (slice_starts(s, SLICE("<![CDATA[")))
		s = slice_cut(s, 9, s.len);
	if (slice_ends(s, SLICE("//]]>")))
		s = slice_cut(s, 0, s.len - 5);
	else if (slice_ends(s, SLICE("]]>")))
		s = slice_cut(s, 0, s.len - 3);
	s = slice_trim(s);
	while (s.len && s.at[s.len - 1] == ';')
		s = slice_trim(slice_cut(s, 0, s.len - 1));
	return s;
}

void linked_data_init(struct linked_data *d)
{
	*d = (struct linked_data){ .created = CLOCK_NONE,
		                   .modified = CLOCK_NONE };
}

void linked_data_add(struct linked_data *d, struct slice json, struct arena *a)
{
	struct json *j;
	struct fault f;

	json = strip(json);
	if (!json.len || json.len > LINKED_MOST)
		return;
	if (!json_parse(&j, json, &f) && !json_parse(&j, mend(json, a), &f))
		return;
	walk(d, j, a);
	json_free(j);
}

/* What several articles say is no page's own. */
static void doubt(struct linked_data *d)
{
	if (d->articles < 3 || d->rank > RANK_ARTICLE)
		return;
	d->title = d->author = d->text = (struct slice){ 0 };
	d->created = d->modified = CLOCK_NONE;
}

void linked_data_read(struct linked_data *d, const struct markup *m,
                      struct arena *a)
{
	int left = LINKED_BLOCKS;
	uint32_t i;

	linked_data_init(d);
	for (i = 0; i < m->node_count && left; i++) {
		const struct markup_node *n = &m->nodes[i];

		if (!slice_eq(n->name, SLICE("script")) ||
		    n->first == MARKUP_NONE ||
		    !head_same(slice_trim(markup_attribute(m, n, "type")),
		               SLICE("application/ld+json")))
			continue;
		linked_data_add(d, m->nodes[n->first].text, a);
		left--;
	}
	doubt(d);
}

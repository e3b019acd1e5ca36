/* Each line becomes a paragraph of a tree made for it, which then is read as
 * if it had stood in the page. */

#include "crawler/page_linked.h"

#include "crawler/page_tree.h"

enum { LINKED_LEAST = 200 }; /* bytes of a text that stands for a page */

static size_t lines_of(struct slice s)
{
	size_t lines = 1, i;

	for (i = 0; i < s.len; i++)
		lines += s.at[i] == '\n';
	return lines;
}

static uint32_t plant(struct page_tree *tree, struct slice s)
{
	uint32_t top = page_tree_element(tree, 0, SLICE("div"));
	size_t at = 0, end;

	for (; at < s.len; at = end + 1) {
		struct slice line;

		end = at + slice_find(slice_cut(s, at, s.len), '\n');
		line = slice_trim(slice_cut(s, at, end));
		if (line.len)
			page_tree_text(tree,
			               page_tree_element(tree, top, SLICE("p")),
			               line);
	}
	return top;
}

static void put_posts(const struct linked_data *d, struct page_tree *tree,
                      struct thread *t, struct arena *a)
{
	size_t i;

	t->posts = arena_array(a, d->post_count, sizeof(*t->posts));
	t->count = d->post_count;
	t->lead = false;
	for (i = 0; i < d->post_count; i++) {
		const struct linked_post *from = &d->posts[i];

		t->posts[i] = (struct page_post){
			.node = plant(tree, from->text),
			.id = from->id,
			.author = from->author,
			.link = from->link,
			.time = from->time,
			.votes = from->votes,
			.voted = from->voted,
			.question = from->question,
			.accepted = from->accepted,
		};
	}
}

/* Bytes of all posts; *room: nodes for them. */
static size_t measure(const struct linked_data *d, size_t *room)
{
	size_t words = 0, i;

	*room = 0;
	for (i = 0; i < d->post_count; i++) {
		words += d->posts[i].text.len;
		*room += 1 + 2 * lines_of(d->posts[i].text);
	}
	return words;
}

bool page_linked(const struct linked_data *d, struct content *c,
                 struct thread *t, struct arena *a)
{
	struct page_tree tree;
	size_t room, words = measure(d, &room);
	bool posts = words >= d->text.len;

	if (!posts) {
		words = d->text.len;
		room = 1 + 2 * lines_of(d->text);
	}
	if (words < LINKED_LEAST || c->text * 10 > words * 6)
		return false;
	page_tree_init(&tree, room, c->part.attributes, a);
	*t = (struct thread){ 0 };
	if (posts)
		put_posts(d, &tree, t, a);
	else
		plant(&tree, d->text);
	c->nodes = tree.nodes;
	c->part.nodes = tree.nodes;
	c->part.node_count = tree.count;
	c->origin = NULL;
	c->heading = MARKUP_NONE;
	c->text = words;
	c->rule = "json-ld";
	return true;
}

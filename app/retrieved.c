/* What is shown of a passage, from its post's row. */

#include "app/retrieve.h"

#include <string.h>

#include "base/limits.h"
#include "schema/identity.h"
#include "schema/record.h"

static struct slice retrieved_id(const struct post_row *row,
                                 const struct answer_row *answer,
                                 const struct passage *p, struct arena *a)
{
	struct identity id = { .space = row->space, .native = row->native };
	struct buf text = BUF_INIT(LIMIT_ROW);
	struct slice out;

	if (answer)
		id.answer = answer->native;
	else
		id.slug = p->slug;
	identity_write(&text, &id);
	out = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return out;
}

/* The page's address with the section's anchor. */
static struct slice section_link(struct slice link, struct slice slug,
                                 struct arena *a)
{
	char *at;

	if (!link.len || !slug.len || slice_find(link, '#') < link.len)
		return link;
	at = arena_new(a, link.len + slug.len + 2);
	memcpy(at, link.at, link.len);
	at[link.len] = '#';
	memcpy(at + link.len + 1, slug.at, slug.len);
	return (struct slice){ at, link.len + slug.len + 1 };
}

void retrieved_fill(struct retrieved *o, const struct post_row *row,
                    const struct answer_row *answer, const struct passage *p,
                    struct arena *a)
{
	o->hit.entry.kind = p->kind;
	o->hit.entry.part = p->part;
	o->id = retrieved_id(row, answer, p, a);
	o->native = row->native;
	o->space = row->space;
	o->kind = row->kind;
	o->language = row->language;
	o->title = row->title;
	o->heading = p->heading;
	o->body = p->body;
	o->answers = row->answer_total;
	o->solved = row->solved;
	o->untrusted = (row->flags & RECORD_UNTRUSTED) != 0;
	o->tags = row->tags;
	o->tag_count = row->tag_count;
	o->link = answer ? answer->link : section_link(row->link, p->slug, a);
	if (!o->link.len)
		o->link = row->link;
	o->author = answer ? answer->author : row->author;
	o->author_link = answer ? answer->author_link : row->author_link;
	o->licence = answer ? answer->licence : row->licence;
	o->votes = answer ? answer->score : row->score;
	o->created = answer ? answer->created : row->created;
	o->modified = answer ? answer->modified : row->modified;
}

/*
 * Sorted by time and author, those that came before those that were there, so
 * that the first of equals is the one to keep. Replies of the same moment by
 * different people keep the order in which they came, read from old to new.
 */

#include "crawler/cases/replies.h"

#include <stdlib.h>

struct placed {
	const struct case_reply *reply;
	size_t at; /* in the order of its source, old to new */
	bool there;
};

static int placed_order(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->reply->time != y->reply->time)
		return x->reply->time < y->reply->time ? -1 : 1;
	if (x->there != y->there)
		return x->there - y->there;
	return (x->at > y->at) - (x->at < y->at);
}

static bool same_reply(const struct case_reply *a, const struct case_reply *b)
{
	return a->time == b->time && slice_eq(a->by, b->by);
}

/* Newest first is how most APIs list them. */
static bool newest_first(struct replies r)
{
	return r.count && r.list[0].time >= r.list[r.count - 1].time;
}

static size_t place(struct replies r, bool there, struct placed *out)
{
	bool turned = !there && newest_first(r);
	size_t i;

	for (i = 0; i < r.count; i++)
		out[i] = (struct placed){ &r.list[i],
			                  turned ? r.count - 1 - i : i, there };
	return r.count;
}

/* Whether one of the same moment is kept already. Of those that came, two by
 * the same hand at the same moment are two if they differ. */
static bool is_kept(const struct case_reply *kept, size_t count,
                    const struct placed *p)
{
	const struct case_reply *r = p->reply;
	size_t i = count;

	while (i-- > 0 && kept[i].time == r->time)
		if (same_reply(&kept[i], r) &&
		    (p->there || slice_eq(kept[i].body, r->body)))
			return true;
	return false;
}

struct replies replies_join(struct replies came, struct replies there,
                            struct arena *a)
{
	size_t all = came.count + there.count, count = 0, i;
	struct placed *p = arena_array(a, all, sizeof(*p));
	struct case_reply *kept = arena_array(a, all, sizeof(*kept));

	place(there, true, p + place(came, false, p));
	if (all)
		qsort(p, all, sizeof(*p), placed_order);
	for (i = 0; i < all; i++)
		if (!is_kept(kept, count, &p[i]))
			kept[count++] = *p[i].reply;
	return (struct replies){ kept, count };
}

static bool same_names(const struct case_reply *a, const struct case_reply *b)
{
	size_t i;

	if (a->attachment_count != b->attachment_count)
		return false;
	for (i = 0; i < a->attachment_count; i++)
		if (!slice_eq(a->attachments[i], b->attachments[i]))
			return false;
	return true;
}

bool replies_hold(struct replies there, struct replies came)
{
	size_t i, k;

	for (i = 0; i < came.count; i++) {
		const struct case_reply *r = &came.list[i];

		/* What is new is at the end. */
		for (k = there.count; k > 0; k--)
			if (same_reply(&there.list[k - 1], r) &&
			    slice_eq(there.list[k - 1].body, r->body) &&
			    same_names(&there.list[k - 1], r))
				break;
		if (!k)
			return false;
	}
	return true;
}

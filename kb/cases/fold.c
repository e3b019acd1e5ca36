/*
 * A space at a time: read all cases and what they were folded into, decide
 * what entries there should be, then write those whose hash is another. An
 * entry is one transaction: its post and answer, its other names, and a row
 * for each of its cases. So whatever was killed, what is there agrees with its
 * rows, and the next run sees what is left to do.
 *
 * What an entry says is read inside its transaction, together with a look
 * whether its cases are still there under their label: nothing that was
 * forgotten or relabelled meanwhile is written.
 */

#include "kb/cases/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/memory.h"
#include "kb/cases/fold_text.h"
#include "kb/cases/recur.h"
#include "schema/cases.h"
#include "schema/digests.h"
#include "schema/entries.h"
#include "schema/intake.h"

struct fold_case {
	int64_t id, created, resolved;
	struct slice native, link, access;
	uint64_t hash;  /* of all an entry takes from it */
	size_t founder; /* number of a case */
	size_t next;    /* of the same entry, + 1; 0: the last */
	const struct entry_case *was;
};

/* By the number of its founder; `count` 0: that one founded none. */
struct fold_entry {
	size_t count, last;
	uint64_t hash;
	bool there; /* there is a post by this name */
};

struct fold {
	const struct fold_options *options;
	struct fold_report *report;
	struct slice space;
	struct arena keep;   /* of the space */
	struct arena row;    /* of one case, or one entry */
	struct arena digest; /* of those of one entry */
	struct recur *recur;
	struct fold_case *cases;
	size_t count, room;
	struct fold_entry *entries;
	struct map posts; /* native id -> enum fold_post */
	struct intake *in;
};

enum fold_post {
	POST_STALE, /* of an entry that is none any more */
	POST_WANTED,
	POST_MOVED,
};

static void hash_list(struct hash *h, const struct slice *list, size_t count)
{
	size_t i;

	hash_part(h, (struct slice){ (const char *)&count, sizeof(count) });
	for (i = 0; i < count; i++)
		hash_part(h, list[i]);
}

static uint64_t case_hash(const struct support_case *c, const struct digest *d)
{
	int64_t numbers[] = { c->created, c->resolved, (int64_t)d->flags,
		              (int64_t)d->corrected };
	const struct slice texts[] = { c->native,   c->link,  c->access,
		                       d->problem,  d->cause, d->class,
		                       d->language, d->model };
	struct hash h;

	hash_init(&h);
	hash_part(&h, (struct slice){ (const char *)numbers, sizeof(numbers) });
	hash_list(&h, texts, sizeof(texts) / sizeof(*texts));
	hash_list(&h, d->steps, d->step_count);
	hash_list(&h, d->services, d->service_count);
	hash_list(&h, d->codes, d->code_count);
	hash_list(&h, d->titles, d->title_count);
	return hash_end(&h);
}

static void fold_compare(struct fold *x, const struct support_case *c,
                         const struct digest *d)
{
	const struct recur_case r = {
		.native = c->native,
		.access = c->access,
		.class = slice_eq(d->class, SLICE(DIGEST_UNCLASSIFIED))
		                 ? (struct slice){ 0 }
		                 : d->class,
		.language = d->language,
		.created = c->created,
		.problem = d->problem,
		.cause = d->cause,
		.services = d->service_count ? d->services : &c->service,
		.codes = d->codes,
		.titles = d->titles,
		.service_count = d->service_count ? d->service_count
		                                  : c->service.len > 0,
		.code_count = d->code_count,
		.title_count = d->title_count,
	};

	recur_add(x->recur, &r);
}

static bool fold_take(void *self, const struct support_case *c,
                      const struct digest *d, struct fault *f)
{
	struct fold *x = self;
	struct fold_case *at;

	if (!cancel_check(f))
		return false;
	if (!d || !fold_text_any(d)) {
		x->report->waiting++;
		return true;
	}
	x->cases = memory_room(x->cases, x->count, &x->room, sizeof(*at));
	at = &x->cases[x->count++];
	*at = (struct fold_case){
		.id = c->id,
		.created = c->created,
		.resolved = c->resolved,
		.native = arena_copy(&x->keep, c->native),
		.link = arena_copy(&x->keep, c->link),
		.access = arena_copy(&x->keep, c->access),
		.hash = case_hash(c, d),
	};
	fold_compare(x, c, d);
	return true;
}

static bool fold_read(struct fold *x, struct fault *f)
{
	const struct case_filter filter = { .space = x->space,
		                            .no_replies = true };

	return recur_new(&x->recur, f) &&
	       digests_each(x->options->store, &reader_all, &filter, &x->row,
	                    fold_take, x, f) &&
	       recur_run(x->recur, f);
}

/* Links the cases of each entry, in the order of their dates. */
static void fold_gather(struct fold *x)
{
	size_t i;

	x->entries = memory_new(x->count + 1, sizeof(*x->entries));
	for (i = 0; i < x->count; i++) {
		size_t number = recur_taken(x->recur, i);
		struct fold_case *c = &x->cases[number];
		struct fold_entry *e;
		uint64_t both[3];

		c->founder = recur_founder(x->recur, number);
		e = &x->entries[c->founder];
		if (e->count++)
			x->cases[e->last].next = number + 1;
		e->last = number;
		both[0] = FOLD_TEXT_VERSION;
		both[1] = e->hash;
		both[2] = c->hash;
		e->hash = hash64(
		        (struct slice){ (const char *)both, sizeof(both) });
	}
}

static int by_id(const void *key, const void *member)
{
	const int64_t *id = key;
	const struct entry_case *e = member;

	return (*id > e->id) - (*id < e->id);
}

/* What the last fold left: rows of cases, and posts. */
static bool fold_before(struct fold *x, struct entry_case **rows,
                        size_t *row_count, struct fault *f)
{
	struct slice *posts;
	size_t i, count;

	if (!entries_cases(x->options->store, x->space, &x->keep, rows,
	                   row_count, f) ||
	    !entries_posts(x->options->store, x->space, &x->keep, &posts,
	                   &count, f))
		return false;
	for (i = 0; i < count; i++)
		map_put(&x->posts, posts[i], NULL)->number = POST_STALE;
	for (i = 0; i < x->count; i++) {
		struct fold_case *c = &x->cases[i];
		struct map_entry *post;

		if (*row_count)
			c->was = bsearch(&c->id, *rows, *row_count,
			                 sizeof(**rows), by_id);
		post = c->founder == i ? map_get(&x->posts, c->native) : NULL;
		if (post)
			post->number = POST_WANTED;
		x->entries[i].there = post != NULL;
	}
	return true;
}

static bool entry_same(const struct fold *x, size_t founder)
{
	const struct fold_entry *e = &x->entries[founder];
	size_t at;

	if (!e->there)
		return false;
	for (at = founder + 1; at; at = x->cases[at - 1].next) {
		const struct entry_case *was = x->cases[at - 1].was;

		if (!was || was->folded != e->hash ||
		    !slice_eq(was->entry, x->cases[founder].native))
			return false;
	}
	return true;
}

/* The name by which it was known before: that of the entry of its earliest
 * case whose entry is none any more. NULL: it is new. */
static struct map_entry *entry_before(const struct fold *x, size_t founder)
{
	size_t at;

	for (at = founder + 1; at; at = x->cases[at - 1].next) {
		const struct entry_case *was = x->cases[at - 1].was;
		struct map_entry *post =
		        was ? map_get(&x->posts, was->entry) : NULL;

		if (post && post->number == POST_STALE)
			return post;
	}
	return NULL;
}

static bool fold_intake(struct fold *x, struct fault *f)
{
	const struct intake_options o = {
		.space = x->space,
		.channel = SLICE(ENTRY_CHANNEL),
		.source = SLICE("fold"),
		.dated = true,
		.as_of = x->options->now,
	};

	return x->in || intake_open(&x->in, x->options->store, &o, f);
}

/* The members that are still there; *count 0: the founder is not. */
static bool entry_load(struct fold *x, size_t founder, struct fold_member *m,
                       size_t *count, struct fault *f)
{
	size_t at;

	*count = 0;
	for (at = founder + 1; at; at = x->cases[at - 1].next) {
		const struct fold_case *c = &x->cases[at - 1];
		struct digest *d = arena_new(&x->digest, sizeof(*d));
		bool there, found = false;

		if (!entries_there(x->in, c->id, c->access, &there, f) ||
		    (there && !digest_load(x->options->store, c->id, &x->digest,
		                           d, &found, f)))
			return false;
		/* Without its founder it is another entry. */
		if (!found && !*count)
			return true;
		if (found)
			m[(*count)++] = (struct fold_member){
				c->native, c->link, c->created, c->resolved, d
			};
	}
	return true;
}

static bool entry_post(struct fold *x, const struct fold_case *founder,
                       const struct fold_text *t, struct fault *f)
{
	struct record r = {
		.kind = RECORD_CASE,
		.id = founder->native,
		.link = t->link,
		.title = t->title,
		.content = t->problem,
		.original = SLICE(""), /* there is none */
		.tags = t->tags,
		.tag_count = t->tag_count,
		.language = t->language,
		.class = t->class,
		.services = t->services,
		.accepted =
		        t->solution.len ? founder->native : (struct slice){ 0 },
		.author = t->author,
		.access = founder->access,
		.created = t->created,
		.modified = t->modified,
		.closed = CLOCK_NONE,
		.extractor = FOLD_TEXT_VERSION,
		.flags = RECORD_UNTRUSTED,
	};

	if (!intake_record(x->in, &r, f))
		return false;
	if (!t->solution.len)
		return true;
	/* The answer goes by the same id: they come and go together, and no
	 * other case can have it. */
	r.kind = RECORD_ANSWER;
	r.parent = founder->native;
	r.title = (struct slice){ 0 };
	r.tag_count = 0;
	r.content = t->solution;
	return intake_record(x->in, &r, f);
}

static bool entry_rows(struct fold *x, size_t founder, struct fault *f)
{
	const struct slice name = x->cases[founder].native;
	size_t at;

	for (at = founder + 1; at; at = x->cases[at - 1].next) {
		const struct fold_case *c = &x->cases[at - 1];
		const struct entry_case row = {
			.id = c->id,
			.entry = name,
			.folded = x->entries[founder].hash,
		};
		bool there;

		if (!entries_there(x->in, c->id, c->access, &there, f) ||
		    (there && !entries_put(x->in, &row, f)))
			return false;
		if (there && !slice_eq(c->native, name) &&
		    !intake_alias(x->in, c->native, name, ALIAS_REDIRECT, f))
			return false;
	}
	return entries_tidy(x->in, name, x->options->now, f);
}

/* One that had an answer and has none now starts anew. */
static bool entry_clear(struct fold *x, const struct fold_case *founder,
                        const struct fold_text *t, struct fault *f)
{
	bool was;

	return t->solution.len ||
	       intake_gone(x->in, founder->native, x->options->now, &was, f);
}

/* Everything an entry is, inside one transaction. */
static bool entry_write(struct fold *x, size_t founder, bool *written,
                        struct fault *f)
{
	const struct fold_case *c = &x->cases[founder];
	struct map_entry *before = NULL;
	struct fold_member *members;
	struct fold_text text;
	size_t count;
	bool was;

	*written = false;
	if (!entries_lock(x->in, f))
		return false;
	members = arena_array(&x->digest, x->entries[founder].count,
	                      sizeof(*members));
	if (!entry_load(x, founder, members, &count, f))
		return false;
	if (!count)
		return true;
	fold_text(members, count, &x->digest, &text);
	if (!x->entries[founder].there)
		before = entry_before(x, founder);
	if (before && (!intake_moved(x->in, before->key, c->native,
	                             x->options->now, &was, f) ||
	               !entries_end(x->in, before->key, f)))
		return false;
	if (before)
		before->number = POST_MOVED;
	*written = true;
	return entry_clear(x, c, &text, f) && entry_post(x, c, &text, f) &&
	       entry_rows(x, founder, f);
}

static bool fold_entry(struct fold *x, size_t founder, struct fault *f)
{
	bool there = x->entries[founder].there, written = false, ok;

	if (entry_same(x, founder)) {
		x->report->same++;
		return true;
	}
	if (!fold_intake(x, f))
		return false;
	there = there || entry_before(x, founder);
	arena_reset(&x->digest);
	intake_hold(x->in);
	ok = entry_write(x, founder, &written, f) && intake_let_go(x->in, f) &&
	     (!x->options->by_entry || intake_commit(x->in, f));
	if (ok && written)
		*(there ? &x->report->updated : &x->report->added) += 1;
	return ok;
}

/* An entry that has no case any more. */
static bool entry_gone(struct fold *x, struct slice name, struct fault *f)
{
	bool was;

	if (!fold_intake(x, f))
		return false;
	intake_hold(x->in);
	x->report->removed++;
	return intake_gone(x->in, name, x->options->now, &was, f) &&
	       entries_end(x->in, name, f) &&
	       entries_tidy(x->in, name, x->options->now, f) &&
	       intake_let_go(x->in, f);
}

static struct slice id_key(const int64_t *id)
{
	return (struct slice){ (const char *)id, sizeof(*id) };
}

/* What has no case any more, and rows of cases that are in no entry. */
static bool fold_stale(struct fold *x, const struct entry_case *rows,
                       size_t row_count, struct fault *f)
{
	struct map wanted = MAP_INIT;
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < x->posts.count; i++)
		if (x->posts.entries[i].number == POST_STALE)
			ok = entry_gone(x, x->posts.entries[i].key, f);
	for (i = 0; i < x->count; i++)
		map_put(&wanted, id_key(&x->cases[i].id), NULL);
	for (i = 0; ok && i < row_count; i++)
		if (!map_get(&wanted, id_key(&rows[i].id)))
			ok = fold_intake(x, f) &&
			     entries_drop(x->in, rows[i].id, f);
	map_release(&wanted);
	return ok;
}

static bool fold_entries(struct fold *x, struct fault *f)
{
	size_t i;

	for (i = 0; i < x->count; i++) {
		size_t number = recur_taken(x->recur, i);

		if (!x->entries[number].count)
			continue;
		x->report->entries++;
		x->report->recurring += x->entries[number].count > 1;
		if (!cancel_check(f) || !fold_entry(x, number, f))
			return false;
	}
	return true;
}

static void fold_release(struct fold *x)
{
	intake_close(x->in);
	recur_free(x->recur);
	map_release(&x->posts);
	arena_release(&x->keep);
	arena_release(&x->row);
	arena_release(&x->digest);
	free(x->cases);
	free(x->entries);
}

static bool fold_space(const struct fold_options *o, struct slice space,
                       struct fold_report *report, struct fault *f)
{
	struct fold x = { .options = o, .report = report, .space = space };
	struct intake_report ignored;
	struct entry_case *rows;
	size_t row_count;
	bool ok = fold_read(&x, f);

	if (ok) {
		report->cases += (int64_t)x.count;
		fold_gather(&x);
		ok = fold_before(&x, &rows, &row_count, f) &&
		     fold_entries(&x, f) &&
		     fold_stale(&x, rows, row_count, f) &&
		     (!x.in || intake_finish(x.in, &ignored, f));
	}
	fold_release(&x);
	return ok;
}

bool fold_run(const struct fold_options *o, struct fold_report *out,
              struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice *spaces;
	size_t i, count;
	bool ok;

	*out = (struct fold_report){ 0 };
	ok = entries_spaces(o->store, &a, &spaces, &count, f);
	for (i = 0; ok && i < count; i++)
		if (!o->space.len || slice_eq(spaces[i], o->space))
			ok = fold_space(o, spaces[i], out, f);
	arena_release(&a);
	return ok;
}

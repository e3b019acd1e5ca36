/* Any bytes as a reply of the Stack Exchange API, as questions and answers. */

#include "must.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/stack_api.h"

static void check_id(struct slice id, bool wanted)
{
	int64_t n = 0;

	must(id.len ? slice_number(id, &n) : !wanted);
}

static void check_posts(const struct stack_items *items)
{
	size_t i, k;

	for (i = 0; i < items->count; i++) {
		const struct stack_post *p = &items->posts[i];
		const struct record *r = &p->record;

		check_id(r->id, true);
		check_id(r->parent, r->kind == RECORD_ANSWER);
		check_id(r->author_id, false);
		must(r->link.len && r->tag_count <= LIMIT_TAGS);
		must(p->unfit || r->original.at);
		must(r->revision % 1000 == 0);
		must(!r->author.len || !r->author_id.len);
		for (k = 0; k < r->tag_count; k++)
			must(r->tags[k].len);
		for (k = 0; k < p->comment_count; k++) {
			check_id(p->comments[k].comment.id, true);
			must(p->comments[k].comment.content.len);
		}
		for (k = 0; k < p->original_count; k++)
			check_id(p->originals[k], true);
	}
	must(!items->questions || items->last < items->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct stack_items items;
	struct stack_wrapper w;
	struct arena a = ARENA_INIT;
	struct json *root;
	struct fault f = { 0 };
	int64_t rest = -1;

	if (!stack_wrapper_read(text, &root, &w, &f)) {
		must(!root && f.kind);
		return 0;
	}
	must(w.backoff >= 0);
	must(!stack_wrapper_fault(&w, &rest, &f) && rest >= 0);
	must(stack_api_made_filter(&w).len <= 512);
	stack_questions_read(&w, SLICE("ops.example"), &a, &items);
	check_posts(&items);
	stack_answers_read(&w, SLICE("ops.example"), &a, &items);
	check_posts(&items);
	json_free(root);
	arena_release(&a);
	return 0;
}

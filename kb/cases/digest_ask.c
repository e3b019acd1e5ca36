/*
 * Which prompt is next: how much of the case fits, in how many parts, and which
 * of its texts may be seen.
 */

#include "kb/cases/case_text.h"
#include "kb/cases/digest_state.h"

enum {
	MARGIN = 64, /* tokens that nobody reckoned with */
};

/* Tokens left for the case beside the words of `p`. */
static int64_t task_room(const struct digest_task *t,
                         const struct llm_prompt *p)
{
	int64_t room = t->scene->llm->window - p->output_most -
	               prompt_tokens(p) - MARGIN;

	return room < t->most ? room : t->most;
}

static struct case_layout task_layout(const struct digest_task *t, int64_t room)
{
	return (struct case_layout){
		.shown = &t->shown.shown,
		.boundary = t->words.boundary,
		.room = room,
	};
}

bool digest_ask_case(struct digest_task *t, struct fault *f)
{
	struct case_layout l;
	struct slice text;
	bool cut;

	prompt_digest(&t->words, &t->arena, &t->prompt);
	l = task_layout(t, task_room(t, &t->prompt));
	l.summaries = t->summaries;
	l.summary_count = t->part_count;
	if (!case_text(&l, &t->arena, &text, &cut, f))
		return false;
	t->flags |= cut ? DIGEST_CUT : 0u;
	t->flags |= t->summaries ? DIGEST_REDUCED : 0u;
	prompt_ask(&t->prompt, text, &t->arena);
	t->stage = DIGEST_CASE;
	return true;
}

void digest_ask_part(struct digest_task *t)
{
	prompt_part(&t->words, &t->arena, &t->prompt);
	prompt_ask(&t->prompt, t->parts[t->part], &t->arena);
	t->stage = DIGEST_PART;
}

/* Whether the case fits the window as it is. */
static bool fits_whole(const struct digest_task *t, bool *fits, struct fault *f)
{
	struct case_layout l;
	struct llm_prompt p;
	struct arena a = ARENA_INIT;
	struct slice text;
	bool cut = false, ok;

	prompt_digest(&t->words, &a, &p);
	l = task_layout(t, task_room(t, &p));
	ok = case_text(&l, &a, &text, &cut, f);
	*fits = ok && !cut;
	arena_release(&a);
	return ok;
}

bool digest_ask_start(struct digest_task *t, struct fault *f)
{
	struct llm_prompt part;
	struct case_layout l;
	bool fits, cut;

	t->flags = 0;
	t->summaries = NULL;
	t->part = t->part_count = 0;
	if (t->scene->settings->reduce) {
		if (!fits_whole(t, &fits, f))
			return false;
		if (!fits) {
			prompt_part(&t->words, &t->arena, &part);
			l = task_layout(t, task_room(t, &part));
			if (!case_parts(&l, &t->arena, &t->parts,
			                &t->part_count, &cut, f))
				return false;
			t->flags |= cut ? DIGEST_CUT : 0u;
			t->summaries = arena_array(&t->arena, t->part_count,
			                           sizeof(*t->summaries));
			digest_ask_part(t);
			return true;
		}
	}
	return digest_ask_case(t, f);
}

/* The case without those places; with none but the provider's, if that is not
 * among them. False: nothing is left. */
static bool case_without(const struct support_case *c, const bool *places,
                         struct support_case *out, struct arena *a)
{
	bool customers = places[SHOWN_CUSTOMER] || !places[SHOWN_PROVIDER];
	struct case_reply *replies;
	size_t i, n = 0;

	*out = *c;
	if (places[SHOWN_SUBJECT])
		out->subject = out->service = out->category = out->severity =
		        out->status = SLICE("");
	replies = arena_array(a, c->reply_count, sizeof(*replies));
	for (i = 0; i < c->reply_count; i++)
		if (c->replies[i].side == SIDE_PROVIDER
		            ? !places[SHOWN_PROVIDER]
		            : !customers)
			replies[n++] = c->replies[i];
	out->replies = replies;
	out->reply_count = n;
	return n || out->subject.len;
}

static bool provided(const struct support_case *c)
{
	size_t i;

	for (i = 0; i < c->reply_count; i++)
		if (c->replies[i].side == SIDE_PROVIDER)
			return true;
	return false;
}

bool digest_has_second(const struct digest_task *t)
{
	return provided(&t->shown.shown);
}

/*
 * What is left of the case when those places are taken out that speak to a
 * model: the provider's own word, as long as there is one. Where nobody is
 * suspected, a case without a provider loses what names the class, and the
 * subject is the customer's word, too.
 */
static bool second_case(const struct digest_task *t, struct support_case *out,
                        struct arena *a)
{
	const struct case_unnamed *u = &t->unnamed;
	const struct support_case *c = u->any ? &u->rest : &t->shown.shown;
	bool places[SHOWN_PLACES], speaks = false;
	size_t i;

	for (i = 0; i < SHOWN_PLACES; i++) {
		places[i] = t->shown.signs[i] & SUSPICION;
		speaks = speaks || places[i];
	}
	if (!speaks && !provided(c)) {
		*out = *c;
		return true;
	}
	if (!case_without(c, places, out, a))
		return false;
	if (!speaks)
		out->subject = SLICE("");
	return out->reply_count || out->subject.len;
}

bool digest_ask_second(struct digest_task *t, bool *asked, struct fault *f)
{
	struct support_case rest;
	struct case_layout l;
	struct slice text;
	bool cut;

	*asked = second_case(t, &rest, &t->arena);
	if (!*asked)
		return true;
	prompt_digest(&t->words, &t->arena, &t->prompt);
	l = task_layout(t, task_room(t, &t->prompt));
	l.shown = &rest;
	if (!case_text(&l, &t->arena, &text, &cut, f))
		return false;
	prompt_ask(&t->prompt, text, &t->arena);
	t->stage = DIGEST_SECOND;
	return true;
}

/* An answer may be shown to the model again only as far as it holds nothing
 * that would have to be masked. */
static struct slice shown_again(const struct digest_task *t, struct slice said)
{
	struct mask_found found;

	return mask_find(t->mask, said, &found) ? SLICE("") : said;
}

void digest_ask_again(struct digest_task *t, struct slice said,
                      const char *wrong)
{
	prompt_again(&t->prompt, t->shown.shown.native, shown_again(t, said),
	             slice_of(wrong), &t->arena);
	t->stage = DIGEST_REPAIR;
}

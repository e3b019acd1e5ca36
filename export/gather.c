/* Checks run from cheap to dear; the first that fails names the reason. */

#include "export/gather.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "schema/identity.h"
#include "schema/record.h"

const char *drop_reason_name(enum drop_reason reason)
{
	static const char *const names[DROP_COUNT] = {
		"none",         "not-a-question",     "other-tag",  "no-answer",
		"low-score",    "low-question-score", "closed",     "empty",
		"truncated",    "untrusted",          "unlicensed", "too-long",
		"drop-pattern", "repeated",
	};

	return names[reason];
}

void gather_init(struct gather *g, const struct gather_options *options)
{
	*g = (struct gather){ .options = options, .seen = MAP_INIT };
}

void gather_release(struct gather *g)
{
	map_release(&g->seen);
}

static bool has_tag(const struct post_row *p, struct slice tag)
{
	size_t i;

	for (i = 0; i < p->tag_count; i++)
		if (slice_eq(p->tags[i], tag))
			return true;
	return !tag.len;
}

/* Accepted first, then by score, then the lower id: whatever the order of the
 * rows. NULL when none reaches the threshold. */
static const struct answer_row *best_answer(const struct post_row *p,
                                            int64_t min_score)
{
	const struct answer_row *best = NULL;
	size_t i;

	for (i = 0; i < p->answer_count; i++) {
		const struct answer_row *it = &p->answers[i];

		if (it->score < min_score)
			continue;
		if (!best || it->accepted > best->accepted ||
		    (it->accepted == best->accepted &&
		     (it->score > best->score ||
		      (it->score == best->score && it->id < best->id))))
			best = it;
	}
	return best;
}

static enum drop_reason post_reason(const struct gather_options *o,
                                    const struct post_row *p)
{
	if (!slice_eq(p->kind, slice_of(record_kind_name(RECORD_QUESTION))))
		return DROP_KIND;
	if (!has_tag(p, o->tag))
		return DROP_TAG;
	if (!p->answer_count)
		return DROP_NO_ANSWER;
	if (p->score < o->min_question_score)
		return DROP_QUESTION;
	if (p->closed != CLOCK_NONE || p->duplicate_of.len)
		return DROP_CLOSED;
	if (p->flags & RECORD_TRUNCATED)
		return DROP_TRUNCATED;
	return p->flags & RECORD_UNTRUSTED ? DROP_UNTRUSTED : DROP_NONE;
}

static bool attributed(const struct origin *o)
{
	return o->link.len && o->author.len && o->licence.len;
}

static void example_fill(struct gather *g, const struct post_row *p,
                         const struct answer_row *best, struct arena *a,
                         struct example *out)
{
	const struct identity id = { .space = p->space,
		                     .native = p->native,
		                     .answer = best->native };
	struct buf text = BUF_INIT(LIMIT_BODY * 2);
	size_t n = 0;

	*out = (struct example){
		.turns = g->turns,
		.question = { p->link, p->author, p->author_link, p->licence,
		              p->channel, p->terms, p->score, false },
		.answer = { best->link, best->author, best->author_link,
		            best->licence, best->channel, best->terms,
		            best->score, best->accepted },
	};
	if (g->options->system.len)
		g->turns[n++] =
		        (struct turn){ ROLE_SYSTEM, g->options->system };
	buf_add(&text, p->title);
	buf_text(&text, "\n\n");
	buf_add(&text, p->content);
	g->turns[n++] =
	        (struct turn){ ROLE_USER, arena_copy(a, buf_slice(&text)) };
	g->turns[n++] = (struct turn){ ROLE_ASSISTANT, best->content };
	out->turn_count = n;
	buf_reset(&text);
	identity_write(&text, &id);
	out->id = arena_copy(a, buf_slice(&text));
	buf_release(&text);
}

/* A limit met while matching counts as a match: what cannot be judged does
 * not pass. */
static bool pattern_hits(struct pattern *p, const struct example *e)
{
	struct pattern_match m;
	struct fault ignored;
	bool found;
	size_t i;

	for (i = 0; p && i < e->turn_count; i++)
		if (!pattern_find(p, e->turns[i].text, 0, &m, &found,
		                  &ignored) ||
		    found)
			return true;
	return false;
}

static bool repeated(struct gather *g, const struct example *e)
{
	uint64_t both[2];
	bool added;

	both[0] = hash64(e->turns[e->turn_count - 2].text);
	both[1] = hash64(e->turns[e->turn_count - 1].text);
	map_put(&g->seen, (struct slice){ (const char *)both, sizeof(both) },
	        &added);
	return !added;
}

enum drop_reason gather_example(struct gather *g, const struct post_row *p,
                                struct arena *a, struct example *out)
{
	const struct gather_options *o = g->options;
	enum drop_reason reason = post_reason(o, p);
	const struct answer_row *best;

	if (reason)
		return reason;
	best = best_answer(p, o->min_score);
	if (!best)
		return DROP_SCORE;
	if (!slice_trim(p->content).len || !slice_trim(best->content).len ||
	    !slice_trim(p->title).len)
		return DROP_EMPTY;
	if (o->max_bytes &&
	    p->title.len + p->content.len + best->content.len > o->max_bytes)
		return DROP_LONG;
	example_fill(g, p, best, a, out);
	if (!attributed(&out->question) || !attributed(&out->answer))
		return DROP_UNLICENSED;
	if (pattern_hits(o->drop, out))
		return DROP_PATTERN;
	return repeated(g, out) ? DROP_REPEATED : DROP_NONE;
}

/* Counting into fixed buckets of a hundred. */

#include "export/votes.h"

#include "base/cancel.h"
#include "schema/record.h"

const char *const votes_names[VOTES_BUCKETS] = { "negative", "0-100",
	                                         "101-200",  "201-300",
	                                         "301-400",  "401-500",
	                                         "over 500" };

int votes_bucket(int64_t score)
{
	if (score < 0)
		return 0;
	if (score <= 100)
		return 1;
	return score > 500 ? 6 : (int)((score - 1) / 100) + 1;
}

static bool votes_post(void *self, const struct post_row *p, struct fault *f)
{
	struct votes *v = self;
	size_t i;

	v->question_count++;
	v->questions[votes_bucket(p->score)]++;
	for (i = 0; i < p->answer_count; i++) {
		int at = votes_bucket(p->answers[i].score);

		v->answer_count++;
		v->answers[at]++;
		v->accepted_count += p->answers[i].accepted;
		v->accepted[at] += p->answers[i].accepted;
	}
	return cancel_check(f);
}

bool votes_count(struct store *s, const struct reader *r, struct slice space,
                 struct votes *out, struct fault *f)
{
	const struct post_filter filter = {
		.space = space,
		.kind = slice_of(record_kind_name(RECORD_QUESTION)),
		.no_content = true,
	};
	struct arena a = ARENA_INIT;
	bool ok;

	*out = (struct votes){ 0 };
	ok = posts_each(s, r, &filter, &a, votes_post, out, f);
	arena_release(&a);
	return ok;
}

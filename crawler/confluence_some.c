#include "crawler/confluence_some.h"

#include "base/limits.h"
#include "crawler/confluence_chain.h"

enum { SOME = 20 };

void confluence_some_init(struct confluence_some *s,
                          const struct confluence_site *site,
                          const struct confluence_choice *choice, uint32_t tag,
                          const char *why)
{
	*s = (struct confluence_some){ .site = site,
		                       .choice = choice,
		                       .tag = tag,
		                       .why = why,
		                       .most = SOME,
		                       .ids = BUF_INIT(LIMIT_NAME) };
}

static void flush(struct confluence_some *s, struct yield *y)
{
	struct buf url = BUF_INIT(LIMIT_LINK), note = BUF_INIT(LIMIT_NAME);
	struct ask a;

	buf_text(&note, s->why);
	buf_add(&note, buf_slice(&s->ids));
	confluence_query_some(s->site, s->choice, buf_slice(&s->ids), &url);
	a = confluence_chain_call(buf_slice(&url), s->tag, buf_slice(&note));
	if (s->count)
		yield_ask(y, &a);
	buf_reset(&s->ids);
	s->count = 0;
	buf_release(&url);
	buf_release(&note);
}

void confluence_some_add(struct confluence_some *s, struct slice id,
                         struct yield *y)
{
	int64_t n;

	if (!slice_number(id, &n) || n < 1)
		return;
	buf_addf(&s->ids, " %lld", (long long)n);
	if (++s->count >= s->most)
		flush(s, y);
}

void confluence_some_end(struct confluence_some *s, struct yield *y)
{
	flush(s, y);
	buf_release(&s->ids);
}

bool confluence_some_halve(struct confluence_some *s, struct slice ids,
                           struct slice *id, struct yield *y)
{
	struct slice rest = ids, word;
	size_t count = 0;

	while (confluence_word(&rest, &word))
		count++;
	s->most = (count + 1) / 2;
	for (rest = ids; count > 1 && confluence_word(&rest, &word);)
		confluence_some_add(s, word, y);
	return count == 1 && confluence_word(&ids, id);
}

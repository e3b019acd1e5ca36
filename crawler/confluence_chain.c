#include "crawler/confluence_chain.h"

#include "crawler/confluence_query.h"

void confluence_chain_write(const struct confluence_chain *n, struct buf *out)
{
	buf_addf(out, "%lld %lld %lld %lld %lld %lld", (long long)n->start,
	         (long long)n->latest, (long long)n->pass, (long long)n->part,
	         (long long)n->restarts, (long long)n->bare);
}

bool confluence_chain_read(struct confluence_chain *n, struct slice note)
{
	int64_t *const numbers[] = { &n->start, &n->latest,   &n->pass,
		                     &n->part,  &n->restarts, &n->bare };
	struct slice word;

	*n = (struct confluence_chain){ 0 };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!confluence_word(&note, &word) ||
		    !slice_number(word, numbers[i]) || *numbers[i] < 0)
			return false;
	return true;
}

struct ask confluence_chain_call(struct slice url, uint32_t tag,
                                 struct slice note)
{
	return (struct ask){ .url = url,
		             .tag = tag,
		             .note = note,
		             .accept = SLICE("application/json"),
		             .flags = ASK_ERRORS };
}

/* The run format of TREC: six columns parted by blanks. */

#include "app/search_form.h"

static void trec_word(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		buf_byte(out, (unsigned char)s.at[i] <= ' ' ? '_' : s.at[i]);
}

void search_trec(const struct search_view *v,
                 const struct retrieve_answer *answer, struct buf *out)
{
	size_t i;

	for (i = 0; i < answer->count; i++) {
		trec_word(out, v->query_id.len ? v->query_id : SLICE("1"));
		buf_text(out, " Q0 ");
		trec_word(out, answer->hits[i].native);
		buf_addf(out, " %zu %.9f opslore\n", i + 1,
		         answer->hits[i].hit.rank);
	}
}

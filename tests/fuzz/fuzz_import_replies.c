/* Texts of replies of any form: never a fault without its line or a reason, and
 * what is plain is one reply as it stands. */

#include "crawler/cases/import_replies.h"
#include "import_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct import_place at = { "a.csv", 2, NULL };
	static struct reading x;
	struct buf clean = BUF_INIT(64 << 20);
	struct fault f = { 0 };

	x = (struct reading){ 0 };
	must(import_mapping_read(&x.mapping, NULL, &f));
	reading_start(&x);
	unicode_clean((struct slice){ (const char *)data, size }, &clean);
	import_draft_start(&x.r);
	must(import_draft_field(&x.r, CASE_DISPLAY_ID, SLICE("1"), false, &at,
	                        &f));
	if (!import_replies_read(&x.r, buf_slice(&clean), "1.txt", &f)) {
		must(f.kind == FAULT_INPUT || f.kind == FAULT_LIMIT);
		must(f.subject[0] && f.text[0]);
	} else {
		if (case_form_is_plain(buf_slice(&clean)))
			must(x.r.draft.c.reply_count == 1 &&
			     slice_eq(x.r.draft.replies[0].body,
			              buf_slice(&clean)));
		must(import_draft_take(&x.r, &at, &f) && x.taken == 1);
	}
	reading_end(&x);
	buf_release(&clean);
	return 0;
}

/* Any text: what is masked is valid, has nothing left to find, and undoing it
 * is exact. */

#include "base/text/mask.h"
#include "base/utf8.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	size_t first = slice_find(text, '\n');
	struct buf out = BUF_INIT(1 << 26), back = BUF_INIT(1 << 26);
	struct buf again = BUF_INIT(1 << 26);
	struct mask_found found;
	struct mask *m;
	struct fault f;

	if (utf8_valid(text) != size)
		return 0;
	must(mask_new(&m, &f));
	if (size && data[0] & 1)
		mask_classes(m, (1u << MASK_CLASSES) - 1);
	mask_tell(m, MASK_NAME, slice_cut(text, 0, first));
	text = slice_cut(text, first + 1, size);
	must(mask_add(m, text, &out, &f));
	must(utf8_valid(buf_slice(&out)) == out.len);
	must(!mask_find(m, buf_slice(&out), &found));
	mask_undo(m, buf_slice(&out), &back);
	must(slice_eq(buf_slice(&back), text));
	must(mask_add(m, text, &again, &f));
	must(slice_eq(buf_slice(&again), buf_slice(&out)));
	mask_free(m);
	buf_release(&out);
	buf_release(&back);
	buf_release(&again);
	return 0;
}

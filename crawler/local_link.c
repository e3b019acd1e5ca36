/* Text and names in braces, from left to right. */

#include "crawler/local_link.h"

#include "crawler/local_path.h"

static bool put_name(struct slice name, struct slice path, struct buf *out)
{
	size_t ending = local_path_ending(path).len;
	struct slice bare = slice_cut(path, 0, path.len - ending);

	if (slice_eq(name, SLICE("path")))
		local_path_escape(path, out);
	else if (slice_eq(name, SLICE("bare")))
		local_path_escape(bare, out);
	else if (slice_eq(name, SLICE("name")))
		local_path_escape(local_path_name(bare), out);
	else
		return false;
	return true;
}

/* What stands before the next brace, and the name within; false: there is
 * none, and *text is all. */
static bool next_name(struct slice *rest, struct slice *text,
                      struct slice *name)
{
	size_t open = slice_find(*rest, '{');
	struct slice behind = slice_cut(*rest, open + 1, rest->len);

	*text = slice_cut(*rest, 0, open);
	if (open == rest->len)
		return false;
	*name = slice_cut(behind, 0, slice_find(behind, '}'));
	*rest = slice_cut(behind, name->len + 1, behind.len);
	return true;
}

bool local_link_check(struct slice pattern, struct fault *f)
{
	struct slice text, name, whole = pattern;
	struct buf none = BUF_INIT(64);
	bool ok = true;

	while (ok && next_name(&pattern, &text, &name))
		ok = put_name(name, SLICE("a"), &none);
	buf_release(&none);
	return ok || fault(f, FAULT_USAGE, "local-link",
	                   "link is '%.*s', but only {path}, {bare} and {name} "
	                   "are known",
	                   SLICE_ARG(whole));
}

void local_link_write(struct slice pattern, struct slice path, struct buf *out)
{
	struct slice text, name;

	while (next_name(&pattern, &text, &name)) {
		buf_add(out, text);
		put_name(name, path, out);
	}
	buf_add(out, text);
}

/*
 * Addresses by which things are known beside their own: what redirects to them,
 * names them as canonical, or was their id before. An alias may come before its
 * thing; what is an address of a thing of its own is none.
 */

#include "base/limits.h"
#include "base/text/unicode.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"

static bool alias_put(struct intake *in, struct slice address, struct slice to,
                      struct slice kind, struct fault *f)
{
	return rows_run(in->rows, f,
	                "INSERT OR REPLACE INTO Aliases VALUES "
	                "(?1, ?2, ?3, ?4)",
	                "tttt", intake_space(in), address, to, kind);
}

bool alias_own(struct intake *in, const struct record *r, struct fault *f)
{
	return rows_run(in->rows, f,
	                "DELETE FROM Aliases WHERE Space = ?1 AND "
	                "Address IN (?2, ?3)",
	                "ttt", intake_space(in), r->id, r->link);
}

bool alias_moved(struct intake *in, struct slice from, struct slice to,
                 struct fault *f)
{
	return rows_run(in->rows, f,
	                "UPDATE Aliases SET NativeID = ?3 WHERE Space = ?1 AND "
	                "NativeID = ?2",
	                "ttt", intake_space(in), from, to) &&
	       rows_run(in->rows, f,
	                "DELETE FROM Aliases WHERE Space = ?1 AND "
	                "Address = ?2",
	                "tt", intake_space(in), to) &&
	       alias_put(in, from, to, SLICE("moved"), f);
}

static bool alias_text(struct slice s, size_t most)
{
	return s.len && s.len <= most && unicode_is_clean(s) &&
	       slice_find(s, '\n') == s.len && slice_find(s, '\t') == s.len;
}

bool intake_alias(struct intake *in, struct slice address, struct slice id,
                  enum intake_alias_kind kind, struct fault *f)
{
	struct slice word =
	        kind == ALIAS_REDIRECT ? SLICE("redirect") : SLICE("canonical");
	bool forgotten, ok;
	int64_t found;

	if (!alias_text(address, LIMIT_LINK) || !alias_text(id, LIMIT_ID))
		return fault(f, FAULT_INPUT, "alias-shape",
		             "an address or id that is empty, too long or not "
		             "clean");
	if (slice_eq(address, id))
		return true;
	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Aliases WHERE Space = ?1 AND "
	                 "Address = ?2 AND NativeID = ?3 AND Kind = ?4",
	                 "tttt", intake_space(in), address, id, word))
		return false;
	if (found)
		return true;
	if (!intake_write(in, f))
		return false;
	ok = intake_forgotten(in, address, id, &forgotten, f) &&
	     (forgotten || alias_put(in, address, id, word, f));
	return intake_wrote(in, ok, f);
}

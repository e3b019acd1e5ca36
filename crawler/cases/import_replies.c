/*
 * Texts of others. One of the headings that scripts print before each reply,
 *
 *	submittedBy: Kim Minji
 *	timeCreated: 2026-01-02T03:04:05.678Z
 *
 * (in either order, and only as two lines in a row, the second with a time that
 * is one) begins a reply if the text begins with one; `caseId`, `attachments`
 * and `body` may follow them. Lines of dashes and the like before it go. A text
 * in JSON is read as AWS has it. In all other cases nothing is guessed.
 */

#include "crawler/cases/import_replies.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text/lines.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "crawler/cases/import_aws.h"
#include "crawler/cases/import_input.h"
#include "crawler/cases/import_said.h"

enum heading { HEAD_NONE, HEAD_BY, HEAD_TIME, HEAD_PASSED, HEAD_BODY };

static enum heading heading_of(struct slice line, struct slice *value)
{
	static const struct {
		const char *name;
		enum heading heading;
	} names[] = {
		{ "submittedBy:", HEAD_BY },
		{ "timeCreated:", HEAD_TIME },
		{ "caseId:", HEAD_PASSED },
		{ "attachmentSet:", HEAD_PASSED },
		{ "attachments:", HEAD_PASSED },
		{ "body:", HEAD_BODY },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct slice name = slice_of(names[i].name);

		if (line_starts(line, name)) {
			*value =
			        slice_trim(slice_cut(line, name.len, line.len));
			return names[i].heading;
		}
	}
	return HEAD_NONE;
}

static bool is_rule(struct slice line)
{
	line = slice_trim(line);
	return line.len >= 3 && strchr("-=*_#", line.at[0]) &&
	       line_only(line, line.at[0]);
}

struct headed {
	struct slice by;
	int64_t time;
};

/* Whether two headings stand at *at; then it moves behind them. *doubt: they
 * do, with a time that is none. */
static bool read_pair(struct slice text, size_t *at, struct headed *out,
                      bool *doubt)
{
	struct slice value[2] = { { 0 } }, time;
	enum heading h[2];
	size_t next = *at;
	int i;

	for (i = 0; i < 2; i++) {
		if (next >= text.len)
			return false;
		h[i] = heading_of(lines_next(text, &next), &value[i]);
	}
	if (h[0] + h[1] != HEAD_BY + HEAD_TIME || h[0] == h[1])
		return false;
	out->by = value[h[0] == HEAD_BY ? 0 : 1];
	time = value[h[0] == HEAD_BY ? 1 : 0];
	if (!clock_read(time, &out->time)) {
		*doubt = true;
		return false;
	}
	*at = next;
	return true;
}

static struct slice without_blank_ends(struct slice s)
{
	size_t from = 0;

	while (from < s.len) {
		size_t next = from;

		if (!line_blank(lines_next(s, &next)))
			break;
		from = next;
	}
	s = slice_cut(s, from, s.len);
	while (s.len && strchr(" \t\n", s.at[s.len - 1]))
		s.len--;
	return s;
}

/* The last line of `s` goes if it is a rule. */
static struct slice without_rule(struct slice s)
{
	size_t at;

	s = without_blank_ends(s);
	for (at = s.len; at && s.at[at - 1] != '\n'; at--)
		;
	if (is_rule(slice_cut(s, at, s.len)))
		s = without_blank_ends(slice_cut(s, 0, at));
	return s;
}

/* Behind the pair: other headings, then the body up to `end`. */
static struct slice body_of(struct slice text, size_t at, size_t end)
{
	while (at < end) {
		struct slice value = { 0 };
		size_t next = at;
		enum heading h = heading_of(lines_next(text, &next), &value);

		if (h == HEAD_BODY) {
			/* The rest of that line, and all behind it. */
			at = value.len ? (size_t)(value.at - text.at) : next;
			break;
		}
		if (h != HEAD_PASSED)
			break;
		at = next;
	}
	return without_rule(slice_cut(text, at, end));
}

static bool add_headed(struct import_reading *r, const struct headed *h,
                       struct slice body, struct fault *f)
{
	struct case_reply reply = {
		.by = utf8_head(h->by, LIMIT_NAME),
		.time = h->time,
		.body = body,
		.side = import_mapping_provides(r->mapping, h->by)
		                ? SIDE_PROVIDER
		                : SIDE_CUSTOMER,
	};

	return import_draft_reply(r, &reply, f);
}

/* Where a text begins that begins with headings; text.len: it does not. */
static size_t first_pair(struct slice text)
{
	struct headed h;
	bool doubt = false;
	size_t at = 0, behind;

	while (at < text.len) {
		size_t next = at;
		struct slice line = lines_next(text, &next);

		if (!line_blank(line) && !is_rule(line))
			break;
		at = next;
	}
	behind = at;
	return read_pair(text, &behind, &h, &doubt) ? at : text.len;
}

/* Each pair begins a reply. `add` false: only looks whether all is certain. */
static bool read_headed(struct import_reading *r, struct slice text, bool add,
                        bool *certain, struct fault *f)
{
	struct headed now = { 0 }, next;
	size_t at = first_pair(text), from;
	bool doubt = false;

	*certain = at < text.len && read_pair(text, &at, &now, &doubt);
	from = at;
	while (*certain && at < text.len) {
		size_t before = at;

		if (!read_pair(text, &at, &next, &doubt)) {
			lines_next(text, &at);
			continue;
		}
		if (add && !add_headed(r, &now, body_of(text, from, before), f))
			return false;
		now = next;
		from = at;
	}
	*certain = *certain && !doubt;
	return !add || add_headed(r, &now, body_of(text, from, text.len), f);
}

/* AWS's communications as JSON; *is_one false: it is no such text. */
static bool read_json(struct import_reading *r, struct slice text,
                      const struct import_place *at, bool *is_one,
                      struct fault *f)
{
	struct slice s = slice_trim(text);
	const struct json *list;
	struct json *j = NULL;
	struct fault ignored;
	bool ok = true;

	*is_one = false;
	if (!s.len || !strchr("[{", s.at[0]) || !json_parse(&j, s, &ignored))
		return true;
	list = import_aws_communications(j);
	if (list) {
		*is_one = true;
		ok = import_aws_replies(r, list, at, f);
	}
	json_free(j);
	return ok;
}

static bool read_own(struct import_reading *r, struct slice text,
                     const char *file, struct fault *f)
{
	struct case_reply *list;
	size_t count, i;

	if (!case_form_read(text, r->arena, &list, &count, f))
		return fault_at(f, file, f->line);
	r->draft.ordered = true;
	for (i = 0; i < count; i++)
		if (!import_draft_reply(r, &list[i], f))
			return fault_at(f, file, 0);
	return true;
}

bool import_replies_read(struct import_reading *r, struct slice text,
                         const char *file, struct fault *f)
{
	const struct import_place at = { file, 1, NULL };
	struct case_reply whole = { .time = CLOCK_NONE };
	bool certain;

	if (case_form_is(text))
		return read_own(r, text, file, f);
	/* What is plain was written so, and is none of the other forms. */
	if (!case_form_is_plain(text)) {
		if (!read_json(r, text, &at, &certain, f))
			return false;
		if (certain)
			return true;
		if (!read_headed(r, text, false, &certain, f))
			return false;
		if (certain)
			return read_headed(r, text, true, &certain, f) ||
			       fault_at(f, file, 0);
	}
	whole.body = text;
	return !text.len || import_draft_reply(r, &whole, f);
}

/* The folder above: "a/b" of "a/b/c", empty of "a". */
static struct slice above(struct slice path)
{
	while (path.len && path.at[path.len - 1] != '/')
		path.len--;
	if (path.len)
		path.len--;
	return path;
}

static bool read_file(struct import_reading *r, const struct import_file *csv,
                      struct slice path, int fd, struct fault *f)
{
	struct buf name = BUF_INIT(16 << 10);
	struct buf text = BUF_INIT(UNICODE_CLEAN_MOST * (size_t)LIMIT_TEXT);
	const char *encoding = r->encoding ? r->encoding : r->mapping->encoding;
	bool replaced = false, ok;

	import_files_name(csv, path, &name);
	ok = import_input_all(fd, buf_string(&name), encoding, r->beside, &text,
	                      &replaced, f);
	if (ok && replaced) {
		fault(f, FAULT_INPUT, "import-encoding",
		      "it has bytes that mean nothing in its encoding; say "
		      "--encoding");
		ok = fault_at(f, buf_string(&name), 0);
	}
	ok = ok &&
	     import_replies_read(r, arena_copy(r->arena, buf_slice(&text)),
	                         arena_copy(r->arena, buf_slice(&name)).at, f);
	buf_release(&text);
	buf_release(&name);
	return ok;
}

static void note_missing(struct import_reading *r,
                         const struct import_place *at)
{
	struct slice id = slice_cut(r->draft.c.native, 0, 80);
	struct fault f;

	fault(&f, FAULT_INPUT, "import-no-text",
	      "case '%.*s' has no text in replies/ or repies/: taken without "
	      "replies",
	      SLICE_ARG(id));
	fault_at(&f, at->file, at->line);
	troubles_add(r->notes, &f);
}

bool import_replies_find(struct import_reading *r,
                         const struct import_file *csv,
                         const struct import_place *at, struct fault *f)
{
	static const char *const folders[] = { "replies", "repies" };
	struct slice home = above(csv->path);
	const struct slice homes[] = { home, above(home) };
	struct buf path = BUF_INIT(16 << 10);
	bool found = false, ok = true;
	size_t i;

	/* At the top there is no folder above. */
	for (i = 0; i < (home.len ? 4 : 2) && ok && !found; i++) {
		int fd = -1;

		buf_reset(&path);
		buf_add(&path, homes[i / 2]);
		if (path.len)
			buf_byte(&path, '/');
		buf_addf(&path, "%s/", folders[i % 2]);
		case_form_name(r->draft.c.native, &path);
		buf_text(&path, ".txt");
		found = import_files_open(csv, buf_slice(&path), &fd, f);
		if (found)
			ok = read_file(r, csv, buf_slice(&path), fd, f);
		else if (f->kind != FAULT_GONE) {
			f->kind = FAULT_INPUT;
			ok = false;
		}
		if (fd >= 0)
			close(fd);
	}
	if (ok && !found)
		ok = import_said_add(r, f);
	if (ok && !found && !r->draft.c.reply_count)
		note_missing(r, at);
	buf_release(&path);
	return ok;
}

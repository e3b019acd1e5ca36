/* Paths were checked with the configuration; a part that is not there ends a
 * path in nothing. */

#include "crawler/cases/import_path.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"

enum { PATH_PART = 256 }; /* bytes of a member's name */

/* What stands at "a.b.c", or NULL; `j` itself at "". */
static const struct json *at_path(const struct json *j, struct slice path)
{
	char part[PATH_PART];

	while (j && path.len) {
		size_t dot = slice_find(path, '.');

		if (dot >= sizeof(part) || !json_is_object(j))
			return NULL;
		snprintf(part, sizeof(part), "%.*s",
		         SLICE_ARG(slice_cut(path, 0, dot)));
		j = json_get(j, part);
		path = slice_cut(path, dot + 1, path.len);
	}
	return j;
}

/* A value as text. `where` gets the path for faults. */
static bool value_of(const struct json *j, const struct import_value *v,
                     const struct import_place *at, struct slice *out,
                     struct fault *f)
{
	const struct json *found;
	struct import_place here = *at;
	bool truth;

	*out = v->path;
	if (v->constant || !v->path.len)
		return true;
	*out = (struct slice){ 0 };
	found = at_path(j, v->path);
	if (!found || json_is_null(found) || json_text(found, out))
		return true;
	if (json_bool(found, &truth)) {
		*out = truth ? SLICE("true") : SLICE("false");
		return true;
	}
	here.column = v->path.at;
	return import_draft_bad(
	        &here, json_is_array(found) ? SLICE("[...]") : SLICE("{...}"),
	        "import-shape", "is no text", f);
}

static bool read_attachments(struct import_reading *r, const struct json *j,
                             struct case_reply *reply,
                             const struct import_place *at, struct fault *f)
{
	struct slice path = r->mapping->attachments.path;
	size_t array = slice_find(path, '[');
	const struct json *list = at_path(j, slice_cut(path, 0, array)), *it;
	struct import_value each = {
		.path = slice_cut(path, array + 2, path.len),
	};
	struct slice *names, name;
	size_t count = 0;

	if (!path.len || !json_is_array(list))
		return true;
	if (slice_starts(each.path, SLICE(".")))
		each.path = slice_cut(each.path, 1, each.path.len);
	for (it = json_first(list); it; it = json_next(it))
		count++;
	if (count > LIMIT_CASE_ATTACHMENTS)
		return import_draft_bad(at, path, "limit-case", "is too long",
		                        f);
	names = arena_array(r->arena, count, sizeof(*names));
	for (it = json_first(list); it; it = json_next(it)) {
		name = (struct slice){ 0 };
		if (!(each.path.len ? value_of(it, &each, at, &name, f)
		                    : json_text(it, &name) || true) ||
		    !import_draft_text(r, name, false, LIMIT_NAME,
		                       &names[reply->attachment_count], at, f))
			return false;
		reply->attachment_count +=
		        names[reply->attachment_count].len > 0;
	}
	reply->attachments = names;
	return true;
}

static bool read_reply(struct import_reading *r, const struct json *j,
                       const struct import_place *at, struct fault *f)
{
	const struct import_mapping *m = r->mapping;
	struct case_reply reply = { .time = CLOCK_NONE };
	struct import_place here = *at;
	struct slice by, time, body;

	if (!value_of(j, &m->by, at, &by, f) ||
	    !value_of(j, &m->time, at, &time, f) ||
	    !value_of(j, &m->text, at, &body, f))
		return false;
	here.column = "reply.by";
	if (!import_draft_text(r, by, false, LIMIT_NAME, &reply.by, &here, f))
		return false;
	here.column = "reply.body";
	if (!import_draft_text(r, body, true, LIMIT_TEXT, &reply.body, &here,
	                       f))
		return false;
	here.column = "reply.time";
	if (!import_draft_time(r, time, &reply.time, &here, f) ||
	    !read_attachments(r, j, &reply, at, f))
		return false;
	if (m->providers.len && reply.by.len)
		reply.side = import_mapping_provides(m, reply.by)
		                     ? SIDE_PROVIDER
		                     : SIDE_CUSTOMER;
	return import_draft_reply(r, &reply, f);
}

static bool read_replies(struct import_reading *r, const struct json *j,
                         const struct import_place *at, struct fault *f)
{
	const struct json *list = at_path(j, r->mapping->replies), *it;
	struct import_place here = { at->file, at->line, "replies" };

	if (!r->mapping->replies.len || !list || json_is_null(list))
		return true;
	if (!json_is_array(list))
		return import_draft_bad(&here, r->mapping->replies,
		                        "import-shape", "is no array", f);
	for (it = json_first(list); it; it = json_next(it))
		if (!read_reply(r, it, at, f))
			return false;
	return true;
}

static bool read_words(struct import_reading *r, const struct json *j,
                       const struct import_value *v, enum case_side side,
                       const struct import_place *at, struct fault *f)
{
	struct import_place here = { at->file, at->line, v->path.at };
	struct slice value;

	return value_of(j, v, at, &value, f) &&
	       import_draft_words(r, value, side, &here, f);
}

bool import_path_case(struct import_reading *r, const struct json *j,
                      const struct import_place *at, struct fault *f)
{
	const struct import_mapping *m = r->mapping;
	struct import_place here = *at;
	struct slice value;
	int i;

	if (!json_is_object(j)) {
		fault(f, FAULT_INPUT, "import-shape", "this is no object");
		return fault_at(f, at->file, at->line);
	}
	for (i = 0; i < CASE_COLUMNS; i++) {
		const struct import_value *v = &m->fields[i];

		if (!v->path.len)
			continue;
		here.column = v->constant ? "(constant)" : v->path.at;
		if (!value_of(j, v, at, &value, f) ||
		    !import_draft_field(r, (enum case_column)i, value, false,
		                        &here, f))
			return false;
	}
	return read_words(r, j, &m->body, SIDE_CUSTOMER, at, f) &&
	       read_replies(r, j, at, f) &&
	       read_words(r, j, &m->answer, SIDE_PROVIDER, at, f);
}

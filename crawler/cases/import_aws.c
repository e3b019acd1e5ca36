/* Members that are missing or null are empty; one of another type than AWS has
 * is a fault that names it. */

#include "crawler/cases/import_aws.h"

#include "base/clock.h"
#include "base/limits.h"

/* A text or number; *out empty when there is none. */
static bool member(const struct json *j, const char *name,
                   const struct import_place *at, struct slice *out,
                   struct fault *f)
{
	const struct json *value = json_get(j, name);
	struct import_place here = *at;

	*out = (struct slice){ 0 };
	if (!value || json_is_null(value) || json_text(value, out))
		return true;
	here.column = name;
	return import_draft_bad(&here, SLICE("{...}"), "import-shape",
	                        "is no text", f);
}

bool import_aws_is_case(const struct json *j)
{
	return json_is_object(j) && json_is_text(json_get(j, "subject")) &&
	       (json_get(j, "displayId") || json_get(j, "caseId"));
}

bool import_aws_is_communication(const struct json *j)
{
	return json_is_object(j) && json_is_text(json_get(j, "body")) &&
	       json_get(j, "timeCreated");
}

const struct json *import_aws_communications(const struct json *j)
{
	const struct json *inner = json_get(j, "recentCommunications");

	if (json_is_object(inner))
		j = inner;
	if (json_is_object(j))
		j = json_get(j, "communications");
	return json_is_array(j) && import_aws_is_communication(json_first(j))
	               ? j
	               : NULL;
}

static bool read_attachments(struct import_reading *r, const struct json *j,
                             struct case_reply *reply,
                             const struct import_place *at, struct fault *f)
{
	const struct json *set = json_get(j, "attachments"), *it;
	struct slice *names, name;
	size_t count = 0;

	if (!json_is_array(set))
		set = json_get(j, "attachmentSet");
	if (!json_is_array(set))
		return true;
	for (it = json_first(set); it; it = json_next(it))
		count++;
	if (count > LIMIT_CASE_ATTACHMENTS)
		return import_draft_bad(at, SLICE("attachmentSet"),
		                        "limit-case", "is too long", f);
	names = arena_array(r->arena, count, sizeof(*names));
	for (it = json_first(set); it; it = json_next(it)) {
		if (!member(it, "fileName", at, &name, f) ||
		    !import_draft_text(r, name, false, LIMIT_NAME,
		                       &names[reply->attachment_count], at, f))
			return false;
		reply->attachment_count += name.len > 0;
	}
	reply->attachments = names;
	return true;
}

bool import_aws_reply(struct import_reading *r, const struct json *j,
                      const struct import_place *at, struct fault *f)
{
	struct import_place time_at = { at->file, at->line, "timeCreated" };
	struct case_reply reply = { .time = CLOCK_NONE };
	struct slice by, time, body;

	if (!json_is_object(j))
		return import_draft_bad(at, SLICE("communications"),
		                        "import-shape",
		                        "holds something that is no object", f);
	if (!member(j, "submittedBy", at, &by, f) ||
	    !member(j, "timeCreated", at, &time, f) ||
	    !member(j, "body", at, &body, f) ||
	    !import_draft_text(r, by, false, LIMIT_NAME, &reply.by, at, f) ||
	    !import_draft_text(r, body, true, LIMIT_TEXT, &reply.body, at, f) ||
	    !import_draft_time(r, time, &reply.time, &time_at, f) ||
	    !read_attachments(r, j, &reply, at, f))
		return false;
	if (reply.by.len)
		reply.side = import_mapping_provides(r->mapping, reply.by)
		                     ? SIDE_PROVIDER
		                     : SIDE_CUSTOMER;
	return import_draft_reply(r, &reply, f);
}

bool import_aws_replies(struct import_reading *r, const struct json *list,
                        const struct import_place *at, struct fault *f)
{
	const struct json *it;

	for (it = json_first(list); it; it = json_next(it))
		if (!import_aws_reply(r, it, at, f))
			return false;
	return true;
}

bool import_aws_case(struct import_reading *r, const struct json *j,
                     const struct import_place *at, struct fault *f)
{
	const struct json *list = import_aws_communications(j);
	struct import_place here = *at;
	struct slice value;
	int i;

	for (i = 0; i < CASE_COLUMNS; i++) {
		if (i == CASE_ACCESS || i == CASE_CHANNEL || i == CASE_LINK)
			continue;
		here.column = case_columns[i];
		if (!member(j, here.column, at, &value, f))
			return false;
		/* Old answers have no display id. */
		if (i == CASE_DISPLAY_ID && !value.len &&
		    !member(j, "caseId", at, &value, f))
			return false;
		if (!import_draft_field(r, (enum case_column)i, value, false,
		                        &here, f))
			return false;
	}
	return !list || import_aws_replies(r, list, at, f);
}

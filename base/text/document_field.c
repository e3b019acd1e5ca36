#include "base/text/document_field.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/lines.h"

enum field {
	FIELD_NONE,
	FIELD_TITLE,
	FIELD_AUTHOR,
	FIELD_LANGUAGE,
	FIELD_DESCRIPTION,
	FIELD_SLUG,
	FIELD_REVISION,
	FIELD_TAGS,
	FIELD_ALIASES,
	FIELD_CREATED,
	FIELD_MODIFIED,
	FIELD_DRAFT,
	FIELD_PUBLISHED, /* the other way round */
};

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{ "title", FIELD_TITLE },
	{ "author", FIELD_AUTHOR },
	{ "authors", FIELD_AUTHOR },
	{ "lang", FIELD_LANGUAGE },
	{ "language", FIELD_LANGUAGE },
	{ "locale", FIELD_LANGUAGE },
	{ "description", FIELD_DESCRIPTION },
	{ "summary", FIELD_DESCRIPTION },
	{ "abstract", FIELD_DESCRIPTION },
	{ "slug", FIELD_SLUG },
	{ "version", FIELD_REVISION },
	{ "revision", FIELD_REVISION },
	{ "revnumber", FIELD_REVISION },
	{ "tags", FIELD_TAGS },
	{ "tag", FIELD_TAGS },
	{ "categories", FIELD_TAGS },
	{ "category", FIELD_TAGS },
	{ "labels", FIELD_TAGS },
	{ "keywords", FIELD_TAGS },
	{ "filetags", FIELD_TAGS },
	{ "aliases", FIELD_ALIASES },
	{ "alias", FIELD_ALIASES },
	{ "redirect_from", FIELD_ALIASES },
	{ "date", FIELD_CREATED },
	{ "created", FIELD_CREATED },
	{ "published_at", FIELD_CREATED },
	{ "lastmod", FIELD_MODIFIED },
	{ "updated", FIELD_MODIFIED },
	{ "modified", FIELD_MODIFIED },
	{ "last_modified", FIELD_MODIFIED },
	{ "last_updated", FIELD_MODIFIED },
	{ "revdate", FIELD_MODIFIED },
	{ "draft", FIELD_DRAFT },
	{ "published", FIELD_PUBLISHED },
};

static enum field field_find(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (line_same(name, slice_of(fields[i].name)))
			return fields[i].field;
	return FIELD_NONE;
}

bool document_field_known(struct slice name)
{
	return field_find(name) != FIELD_NONE;
}

int64_t document_date(struct slice s)
{
	char text[40];
	int64_t time;
	size_t i, len = 0;

	s = slice_trim(s);
	if (clock_read(s, &time))
		return time;
	for (i = 0; i < s.len && len < sizeof(text); i++)
		if (s.at[i] != ' ' || i == 10)
			text[len++] = s.at[i];
	if (clock_read((struct slice){ text, len }, &time))
		return time;
	if (s.len > 10 && strchr(" T", s.at[10]) &&
	    clock_read(slice_cut(s, 0, 10), &time))
		return time;
	return CLOCK_NONE;
}

/* One more in a list, unless it is there already. */
static void field_add(const struct slice **list, size_t *count, struct arena *a,
                      struct slice value)
{
	struct slice *grown;
	size_t i;

	value = slice_trim(value);
	if (!value.len || value.len > LIMIT_NAME || *count >= LIMIT_TAGS)
		return;
	for (i = 0; i < *count; i++)
		if (slice_eq((*list)[i], value))
			return;
	grown = arena_array(a, *count + 1, sizeof(*grown));
	if (*count)
		memcpy(grown, *list, *count * sizeof(*grown));
	grown[(*count)++] = value;
	*list = grown;
}

static void field_date(int64_t *to, struct slice value)
{
	if (*to == CLOCK_NONE)
		*to = document_date(value);
}

static void field_text(struct slice *to, struct slice value)
{
	value = slice_trim(value);
	if (!to->len && value.len <= LIMIT_NAME)
		*to = value;
}

static bool field_list(struct document *d, struct arena *a, enum field field,
                       struct slice value)
{
	if (field == FIELD_TAGS)
		field_add(&d->tags, &d->tag_count, a, value);
	else if (field == FIELD_ALIASES)
		field_add(&d->aliases, &d->alias_count, a, value);
	else
		return false;
	return true;
}

static void field_set(struct document *d, enum field field, struct slice value)
{
	struct slice *const texts[] = {
		[FIELD_TITLE] = &d->title,
		[FIELD_AUTHOR] = &d->author,
		[FIELD_LANGUAGE] = &d->language,
		[FIELD_DESCRIPTION] = &d->description,
		[FIELD_SLUG] = &d->slug,
		[FIELD_REVISION] = &d->revision,
	};

	if (field > FIELD_NONE && field <= FIELD_REVISION)
		field_text(texts[field], value);
	else if (field == FIELD_CREATED)
		field_date(&d->created, value);
	else if (field == FIELD_MODIFIED)
		field_date(&d->modified, value);
	else if (field == FIELD_DRAFT)
		d->draft |= line_same(slice_trim(value), SLICE("true"));
	else if (field == FIELD_PUBLISHED)
		d->draft |= line_same(slice_trim(value), SLICE("false"));
}

void document_field(struct document *d, struct arena *a, struct slice name,
                    struct slice value)
{
	enum field field = field_find(name);

	if (field == FIELD_TAGS || field == FIELD_ALIASES) {
		size_t at = 0;

		while (at < value.len) {
			struct slice rest = slice_cut(value, at, value.len);

			rest = slice_cut(rest, 0, slice_find(rest, ','));
			field_list(d, a, field, rest);
			at += rest.len + 1;
		}
		return;
	}
	field_set(d, field, value);
}

void document_field_item(struct document *d, struct arena *a, struct slice name,
                         struct slice value)
{
	enum field field = field_find(name);
	struct buf both = BUF_INIT(LIMIT_NAME);

	value = slice_trim(value);
	if (field_list(d, a, field, value))
		return;
	if (field != FIELD_AUTHOR || !d->author.len) {
		field_set(d, field, value);
		return;
	}
	buf_add(&both, d->author);
	buf_text(&both, ", ");
	buf_add(&both, value);
	if (!buf_full(&both))
		d->author = arena_copy(a, buf_slice(&both));
	buf_release(&both);
}

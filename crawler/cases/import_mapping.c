/* A value in double quotes is the value itself. */

#include "crawler/cases/import_mapping.h"

#include <string.h>

#include "base/text/charset.h"

static const struct conf_key mapping_keys[] = {
	{ "id", NULL, "column or path of the case's id" },
	{ "subject", NULL, "of what it is about" },
	{ "created", NULL, "of when it was opened" },
	{ "submitted_by", "", "of who opened it" },
	{ "severity", "", "of how urgent it is" },
	{ "service", "", "of what it is about: product, queue" },
	{ "category", "", "of which kind it is" },
	{ "status", "", "of its state" },
	{ "source_id", "", "of its other, long id" },
	{ "language", "", "of its language" },
	{ "resolved", "", "of when it was closed" },
	{ "link", "", "of its address" },
	{ "body", "", "of the first words, by who opened it" },
	{ "answer", "", "of the last words, by the provider" },
	{ "rows", "", "JSON: the array that holds the cases" },
	{ "replies", "", "JSON: the array that holds the replies" },
	{ "reply.by", "", "of who wrote a reply" },
	{ "reply.time", "", "of when" },
	{ "reply.body", "", "of what" },
	{ "reply.attachments", "", "of the names of its attachments" },
	{ "provider", "", "names and @domains who answer, by commas" },
	{ "time", "iso", "iso, epoch, epoch-ms, day-first, month-first" },
	{ "zone", "Z", "of times that do not say it: +09:00" },
	{ "delimiter", "", "comma, semicolon, tab (default: found)" },
	{ "encoding", "", "of the files (default: found)" },
	{ 0 },
};

/* Keys of the fields that are columns of ours. */
static const char *const field_keys[CASE_COLUMNS] = {
	[CASE_DISPLAY_ID] = "id",
	[CASE_SUBJECT] = "subject",
	[CASE_SUBMITTED_BY] = "submitted_by",
	[CASE_TIME_CREATED] = "created",
	[CASE_SEVERITY] = "severity",
	[CASE_SERVICE] = "service",
	[CASE_CATEGORY] = "category",
	[CASE_STATUS] = "status",
	[CASE_SOURCE_ID] = "source_id",
	[CASE_LANGUAGE] = "language",
	[CASE_TIME_RESOLVED] = "resolved",
	[CASE_LINK] = "link",
};

static bool bad(const struct conf_section *s, const char *key,
                struct slice value, const char *wanted, struct fault *f)
{
	return fault(f, FAULT_USAGE, "mapping",
	             "[mapping %.*s] %s = '%.*s': %s", SLICE_ARG(conf_name(s)),
	             key, SLICE_ARG(slice_cut(value, 0, 60)), wanted);
}

static bool is_quoted(struct slice s)
{
	return s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"';
}

static struct import_value read_value(const struct conf_section *s,
                                      const char *key)
{
	struct slice value = conf_get(s, key, "");

	if (is_quoted(value))
		return (struct import_value){
			slice_cut(value, 1, value.len - 1), true
		};
	return (struct import_value){ value, false };
}

/* "a.b.c", each part not empty, "[]" behind any but where none may be. */
static bool path_fits(const struct conf_section *s, const char *key,
                      bool arrays, struct fault *f)
{
	struct slice value = conf_get(s, key, ""), rest = value;
	bool array = false;

	while (rest.len && !is_quoted(value)) {
		struct slice part = slice_cut(rest, 0, slice_find(rest, '.'));

		if (slice_ends(part, SLICE("[]"))) {
			if (!arrays || array)
				return bad(s, key, value,
				           "only replies, rows and "
				           "reply.attachments are arrays, and "
				           "of one",
				           f);
			part.len -= 2;
			array = true;
		}
		if (!part.len)
			return bad(s, key, value,
			           "a path is a.b.c, with [] behind an array",
			           f);
		rest = slice_cut(rest, slice_find(rest, '.') + 1, rest.len);
	}
	return true;
}

/* The name of the one array at the top: "tickets" or "tickets[]". */
static bool read_rows(struct import_mapping *m, const struct conf_section *s,
                      struct fault *f)
{
	m->rows = conf_get(s, "rows", "");
	if (slice_ends(m->rows, SLICE("[]")))
		m->rows.len -= 2;
	if (slice_find(m->rows, '.') < m->rows.len ||
	    slice_find(m->rows, '[') < m->rows.len)
		return bad(s, "rows", m->rows,
		           "it is the name of one member at the top", f);
	return true;
}

static bool read_delimiter(struct import_mapping *m,
                           const struct conf_section *s, struct fault *f)
{
	static const struct {
		const char *name;
		char mark;
	} names[] = { { "", 0 },
		      { "comma", ',' },
		      { "semicolon", ';' },
		      { "tab", '\t' },
		      { "bar", '|' } };
	struct slice value = conf_get(s, "delimiter", "");
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_eq(value, slice_of(names[i].name))) {
			m->delimiter = names[i].mark;
			return true;
		}
	return bad(s, "delimiter", value, "comma, semicolon, tab or bar", f);
}

static bool read_forms(struct import_mapping *m, const struct conf_section *s,
                       struct fault *f)
{
	struct slice time = conf_get(s, "time", "iso");
	struct slice zone = conf_get(s, "zone", "Z");
	struct slice encoding = conf_get(s, "encoding", "");

	if (!import_time_form(time, &m->form))
		return bad(s, "time", time,
		           "iso, epoch, epoch-ms, day-first or month-first", f);
	if (!import_time_zone(zone, &m->zone))
		return bad(s, "zone", zone, "Z, or such as +09:00", f);
	if (encoding.len && !(m->encoding = charset_label(encoding)))
		return bad(s, "encoding", encoding,
		           "such as utf-8, gb18030, utf-16le, euc-kr", f);
	return read_delimiter(m, s, f) && read_rows(m, s, f);
}

/* The columns that AWS and we have. Label and channel are taken only from
 * files of our own (import_csv.c). */
static void plain(struct import_mapping *m)
{
	int i;

	for (i = 0; i < CASE_COLUMNS; i++)
		m->fields[i].path = slice_of(case_columns[i]);
	/* As a pull knows them (aws_support.c). */
	m->providers = SLICE("Amazon Web Services, AWS, AWS Support, "
	                     "AWS China, Amazon Web Services China, "
	                     "Amazon Web Services (China), Amazon AWS, "
	                     "亚马逊云科技, 亚马逊云科技中国, 亚马逊 AWS, "
	                     "光环新网, 西云数据");
}

static bool read_paths(struct import_mapping *m, const struct conf_section *s,
                       struct fault *f)
{
	const struct {
		const char *key;
		struct import_value *to;
		bool arrays;
	} values[] = {
		{ "body", &m->body, false },
		{ "answer", &m->answer, false },
		{ "reply.by", &m->by, false },
		{ "reply.time", &m->time, false },
		{ "reply.body", &m->text, false },
		{ "reply.attachments", &m->attachments, true },
	};
	size_t i;

	for (i = 0; i < CASE_COLUMNS; i++) {
		if (!field_keys[i])
			continue;
		if (!path_fits(s, field_keys[i], false, f))
			return false;
		m->fields[i] = read_value(s, field_keys[i]);
	}
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (!path_fits(s, values[i].key, values[i].arrays, f))
			return false;
		*values[i].to = read_value(s, values[i].key);
	}
	m->replies = conf_get(s, "replies", "");
	if (slice_ends(m->replies, SLICE("[]")))
		m->replies.len -= 2;
	return path_fits(s, "replies", true, f) &&
	       (slice_find(m->replies, '[') == m->replies.len ||
	        bad(s, "replies", m->replies, "the [] stands at the end", f)) &&
	       (!m->replies.len || m->text.path.len ||
	        bad(s, "replies", m->replies,
	            "reply.body has to say which member is the text", f));
}

bool import_mapping_read(struct import_mapping *out,
                         const struct conf_section *s, struct fault *f)
{
	*out = (struct import_mapping){ 0 };
	if (!s) {
		plain(out);
		return true;
	}
	out->name = conf_name(s);
	out->providers = conf_get(s, "provider", "");
	return conf_check(s, mapping_keys, f) && read_paths(out, s, f) &&
	       read_forms(out, s, f);
}

static bool is_domain_of(struct slice domain, struct slice by)
{
	/* "Kim <kim@x.example>", "kim@x.example" */
	if (slice_ends(by, SLICE(">")))
		by.len--;
	return domain.at[0] == '@' && slice_ends(by, domain);
}

bool import_mapping_provides(const struct import_mapping *m, struct slice by)
{
	struct slice rest = m->providers;

	while (rest.len) {
		size_t comma = slice_find(rest, ',');
		struct slice name = slice_trim(slice_cut(rest, 0, comma));

		if (name.len && (slice_eq(name, by) || is_domain_of(name, by)))
			return true;
		rest = slice_cut(rest, comma + 1, rest.len);
	}
	return false;
}

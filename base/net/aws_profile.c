/* Lines become a list of (profile, name, value), slices of a copy of the
 * file. */

#include "base/net/aws_profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"

struct setting {
	enum aws_file file;
	bool bare; /* of "[default]" in the configuration */
	struct slice profile, name, value; /* an empty name: its section */
};

struct text {
	char *at;
	size_t len;
};

struct aws_profiles {
	struct text texts[AWS_FILES];
	char *paths[AWS_FILES];
	struct setting *settings;
	size_t count, cap;
	bool defaults; /* there is "[profile default]": it comes before
	                  "[default]", of which nothing counts then */
};

struct reading {
	struct aws_profiles *profiles;
	enum aws_file file;
	const char *path;
	int64_t line;
	bool inside; /* some section has begun */
	bool bare;
	struct slice profile; /* empty: a section that is skipped */
	bool group;           /* a name without a value: what is indented */
	size_t indent;        /* more than this belongs to it */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool reading_fault(const struct reading *r, struct fault *f,
                          const char *what)
{
	fault(f, FAULT_USAGE, "aws-file", "%s", what);
	return fault_at(f, r->path, r->line);
}

static bool setting_add(struct reading *r, struct slice name,
                        struct slice value, struct fault *f)
{
	struct aws_profiles *p = r->profiles;

	if (!r->profile.len)
		return true;
	if (p->count == LIMIT_CONFIG_KEYS) {
		fault(f, FAULT_LIMIT, "limit-config-keys",
		      "more than %d settings", LIMIT_CONFIG_KEYS);
		return fault_at(f, r->path, r->line);
	}
	p->settings = memory_room(p->settings, p->count, &p->cap,
	                          sizeof(*p->settings));
	p->settings[p->count++] =
	        (struct setting){ r->file, r->bare, r->profile, name, value };
	return true;
}

/* Up to a comment: '#' or ';' at the start or behind a blank. */
static struct slice without_comment(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((s.at[i] == '#' || s.at[i] == ';') &&
		    (!i || is_blank(s.at[i - 1])))
			break;
	return slice_trim(slice_cut(s, 0, i));
}

static struct slice without_quotes(struct slice s)
{
	if (s.len > 1 && (s.at[0] == '"' || s.at[0] == '\'') &&
	    s.at[s.len - 1] == s.at[0])
		return slice_cut(s, 1, s.len - 1);
	return s;
}

/* In the configuration "[profile NAME]" and "[default]" are profiles. */
static struct slice profile_of(struct slice section, enum aws_file file)
{
	struct slice head = SLICE("profile");

	if (file == AWS_CREDENTIALS || slice_eq(section, SLICE("default")))
		return section;
	if (section.len > head.len && slice_starts(section, head) &&
	    is_blank(section.at[head.len]))
		return without_quotes(
		        slice_trim(slice_cut(section, head.len, section.len)));
	return (struct slice){ 0 };
}

static bool section_read(struct reading *r, struct slice line, struct fault *f)
{
	size_t end = slice_find(line, ']');
	struct slice section;

	if (end == line.len ||
	    without_comment(slice_cut(line, end + 1, line.len)).len)
		return reading_fault(r, f,
		                     "a section that does not end in ']'");
	r->inside = true;
	r->group = false;
	section = slice_trim(slice_cut(line, 1, end));
	r->profile = profile_of(section, r->file);
	r->bare = r->file == AWS_CONFIG && slice_eq(section, SLICE("default"));
	return setting_add(r, (struct slice){ 0 }, (struct slice){ 0 }, f);
}

static bool line_read(struct reading *r, struct slice line, struct fault *f)
{
	size_t indent = 0, sign;
	struct slice name, value;

	while (indent < line.len && is_blank(line.at[indent]))
		indent++;
	line = slice_cut(line, indent, line.len);
	if (!without_comment(line).len)
		return true;
	if (line.at[0] == '[')
		return section_read(r, line, f);
	if (!r->inside)
		return reading_fault(r, f, "a setting before any section");
	sign = slice_find(line, '=');
	name = slice_trim(slice_cut(line, 0, sign));
	value = without_comment(slice_cut(line, sign + 1, line.len));
	if (value.len && r->file == AWS_CONFIG && !r->bare &&
	    slice_eq(r->profile, SLICE("default")))
		r->profiles->defaults = true;
	if (r->group && indent > r->indent)
		return true;
	if (sign == line.len || !name.len)
		return reading_fault(r, f,
		                     "a line that is neither '[section]' nor "
		                     "'name = value'");
	r->group = !value.len;
	r->indent = indent;
	return r->group || setting_add(r, name, value, f);
}

struct aws_profiles *aws_profiles_new(void)
{
	return memory_new(1, sizeof(struct aws_profiles));
}

bool aws_profiles_parse(struct aws_profiles *p, enum aws_file file,
                        struct slice text, const char *path, struct fault *f)
{
	struct reading r = { .profiles = p, .file = file, .path = path };
	struct text *kept = &p->texts[file];
	struct slice rest;

	assert(!kept->at);
	kept->at = memory_copy(text.at, text.len);
	kept->len = text.len;
	rest = (struct slice){ kept->at, kept->len };
	if (slice_starts(rest, SLICE("\xEF\xBB\xBF")))
		rest = slice_cut(rest, 3, rest.len);
	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		r.line++;
		if (!line_read(&r, slice_cut(rest, 0, end), f))
			return false;
		rest = slice_cut(rest, end + 1, rest.len);
	}
	return true;
}

static bool shared_add(struct aws_profiles *p, enum aws_file file,
                       const char *path, struct fault *f)
{
	char *text = NULL;
	size_t len;
	bool ok;

	if (!path)
		return true;
	p->paths[file] = memory_copy(path, strlen(path));
	if (!file_read(path, LIMIT_CONFIG, &text, &len, f))
		return f->kind == FAULT_GONE;
	ok = aws_profiles_parse(p, file, (struct slice){ text, len },
	                        p->paths[file], f);
	memory_wipe(text, len);
	free(text);
	return ok;
}

bool aws_profiles_read(struct aws_profiles **out, const char *credentials,
                       const char *config, struct fault *f)
{
	struct aws_profiles *p = aws_profiles_new();

	if (!shared_add(p, AWS_CREDENTIALS, credentials, f) ||
	    !shared_add(p, AWS_CONFIG, config, f)) {
		aws_profiles_free(p);
		return false;
	}
	*out = p;
	return true;
}

void aws_profiles_free(struct aws_profiles *p)
{
	size_t i;

	if (!p)
		return;
	for (i = 0; i < AWS_FILES; i++) {
		memory_wipe(p->texts[i].at, p->texts[i].len);
		free(p->texts[i].at);
		free(p->paths[i]);
	}
	free(p->settings);
	free(p);
}

bool aws_profile_has(const struct aws_profiles *p, struct slice profile)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (slice_eq(p->settings[i].profile, profile))
			return true;
	return false;
}

struct slice aws_profile_in(const struct aws_profiles *p, enum aws_file file,
                            struct slice profile, const char *name)
{
	size_t i = p->count, len = strlen(name);

	while (i--) {
		const struct setting *s = &p->settings[i];

		if (s->file == file && !(s->bare && p->defaults) &&
		    s->name.len == len && !strncasecmp(s->name.at, name, len) &&
		    slice_eq(s->profile, profile))
			return s->value;
	}
	return (struct slice){ 0 };
}

struct slice aws_profile_get(const struct aws_profiles *p, struct slice profile,
                             const char *name)
{
	struct slice value = aws_profile_in(p, AWS_CREDENTIALS, profile, name);

	return value.len ? value : aws_profile_in(p, AWS_CONFIG, profile, name);
}

const char *aws_profiles_path(const struct aws_profiles *p, enum aws_file file)
{
	return p->paths[file] ? p->paths[file] : "";
}

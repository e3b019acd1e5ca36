#include "crawler/confluence_settings.h"

#include "base/limits.h"
#include "crawler/settings.h"

const struct conf_key confluence_settings_keys[] = {
	{ "url", NULL, "the wiki's address" },
	{ "api", "auto", "cloud, server, or auto" },
	{ "spaces", "", "keys: OPS SRE; empty: all but personal ones" },
	{ "kinds", "page blogpost", "page, blogpost" },
	{ "comments", "no", "comments too" },
	{ "archived", "no", "archived pages too" },
	{ "restricted", "skip",
	  "pages that not everybody may read: skip, a label, or ignore" },
	{ "restricted-groups", "",
	  "GROUP=LABEL, ...: labels of what those groups may read" },
	{ "relist", "0s", "list everything again after so long" },
	{ "language", "", "of the pages: en" },
	{ "jira", "", "Jira's address, for links to issues" },
	{ NULL, NULL, NULL },
};

static bool read_kind(struct slice s, enum confluence_kind *out,
                      struct fault *f)
{
	*out = CONFLUENCE_UNKNOWN;
	if (slice_eq(s, SLICE("cloud")))
		*out = CONFLUENCE_CLOUD;
	else if (slice_eq(s, SLICE("server")))
		*out = CONFLUENCE_SERVER;
	else if (!slice_eq(s, SLICE("auto")))
		return fault(f, FAULT_USAGE, "confluence-api",
		             "api is auto, cloud or server, not '%.*s'",
		             SLICE_ARG(s));
	return true;
}

static bool read_yes(const struct conf_section *s, const char *name, bool *out,
                     struct fault *f)
{
	struct slice value = conf_get(s, name, "no");

	*out = slice_eq(value, SLICE("yes"));
	return *out || slice_eq(value, SLICE("no")) ||
	       fault(f, FAULT_USAGE, "confluence-setting",
	             "%s is yes or no, not '%.*s'", name, SLICE_ARG(value));
}

static bool check_kinds(struct slice kinds, struct fault *f)
{
	struct slice word;
	bool any = false;

	while (confluence_word(&kinds, &word)) {
		any = true;
		if (!slice_eq(word, SLICE("page")) &&
		    !slice_eq(word, SLICE("blogpost")))
			return fault(f, FAULT_USAGE, "confluence-kinds",
			             "kinds are page and blogpost, not '%.*s'",
			             SLICE_ARG(word));
	}
	return any || fault(f, FAULT_USAGE, "confluence-kinds",
	                    "kinds names nothing: page, blogpost");
}

static struct slice setting(struct confluence_settings *x,
                            const struct conf_section *s, const char *name,
                            const char *fallback)
{
	return arena_copy(&x->arena, conf_get(s, name, fallback));
}

/* The settings that choose: with others, all is listed again. */
static struct slice wanted(struct confluence_settings *x,
                           const struct conf_section *s)
{
	static const char *const names[] = { "spaces",     "kinds",
		                             "comments",   "archived",
		                             "restricted", "restricted-groups",
		                             "access" };
	struct buf b = BUF_INIT(64 << 10);
	struct slice made;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		buf_add(&b, conf_get(s, names[i], ""));
		buf_byte(&b, '|');
	}
	made = arena_copy(&x->arena, buf_slice(&b));
	buf_release(&b);
	return made;
}

bool confluence_settings_read(struct confluence_settings *x,
                              const struct conf_section *s, struct fault *f)
{
	x->wanted = wanted(x, s);
	x->choice.spaces = slice_trim(setting(x, s, "spaces", ""));
	x->choice.kinds = setting(x, s, "kinds", "page blogpost");
	x->language = setting(x, s, "language", "");
	x->jira = setting(x, s, "jira", "");
	while (x->jira.len && x->jira.at[x->jira.len - 1] == '/')
		x->jira.len--;
	if (!read_yes(s, "archived", &x->choice.archived, f) ||
	    !read_yes(s, "comments", &x->comments, f) ||
	    !read_kind(conf_get(s, "api", "auto"), &x->kind, f) ||
	    !check_kinds(x->choice.kinds, f) ||
	    !confluence_access_read(
	            &x->access, conf_get(s, "restricted", "skip"),
	            conf_get(s, "restricted-groups", ""), &x->arena, f))
		return false;
	x->choice.restrictions = !x->access.ignored;
	return settings_duration(conf_get(s, "relist", "0s"), &x->relist, f);
}

bool confluence_settings_spaces(const struct confluence_settings *x,
                                const struct confluence_site *site,
                                struct fault *f)
{
	struct slice rest = x->choice.spaces, word;

	while (confluence_word(&rest, &word))
		if (!confluence_site_has(site, word))
			return fault(f, FAULT_USAGE, "confluence-space",
			             "the wiki has no space '%.*s' that we "
			             "may see",
			             SLICE_ARG(word));
	return site->space_count ||
	       fault(f, FAULT_DENIED, "confluence-empty",
	             "the wiki shows us no space: it may want user and "
	             "password-file, or token-file");
}

void confluence_settings_release(struct confluence_settings *x)
{
	arena_release(&x->arena);
	*x = (struct confluence_settings){ 0 };
}

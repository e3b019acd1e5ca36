/*
 * The traps are those that crawlers of wikis and shops have met: paths that
 * grow by relative links to themselves, calendars (alike.h counts them),
 * forms for editing and comparing behind every page, machine-made pages.
 */

#include "crawler/scope.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text/pattern.h"
#include "crawler/alike.h"
#include "crawler/head.h"
#include "crawler/spelling.h"
#include "schema/identity.h"

enum {
	SCOPE_LENGTH = 2083,
	SCOPE_LEVELS = 20,
	SCOPE_PARAMETERS = 8,
	SCOPE_REPEATS = 3, /* of one path segment */
	SCOPE_LIST = 1000, /* entries of one setting */
};

struct pattern_list {
	struct pattern **patterns;
	struct slice *texts;
	size_t count;
};

struct scope {
	struct arena arena;
	struct slice *starts, *hosts, *below; /* below: a path each */
	size_t start_count, host_count, below_count;
	struct pattern_list include, exclude;
	struct spelling spelling;
	struct alike *alike;
	int64_t depth, alike_most; /* depth -1: any */
};

/* The words of a setting; made in `a`. */
static bool words_of(const struct conf_section *c, const char *key,
                     const char *fallback, struct arena *a, struct slice **out,
                     size_t *count, struct fault *f)
{
	struct slice s = slice_trim(conf_get(c, key, fallback));
	size_t end;

	*count = 0;
	*out = arena_array(a, s.len / 2 + 1, sizeof(**out));
	for (; s.len; s = slice_trim(slice_cut(s, end, s.len))) {
		for (end = 0; end < s.len && (unsigned char)s.at[end] > ' ';)
			end++;
		(*out)[(*count)++] = arena_copy(a, slice_cut(s, 0, end));
	}
	return *count <= SCOPE_LIST ||
	       fault(f, FAULT_USAGE, "source-setting", "'%s' has %zu entries",
	             key, *count);
}

static bool patterns_of(struct scope *s, const struct conf_section *c,
                        const char *key, struct pattern_list *out,
                        struct fault *f)
{
	size_t i, count;

	if (!words_of(c, key, "", &s->arena, &out->texts, &count, f))
		return false;
	out->patterns = memory_new(count + 1, sizeof(struct pattern *));
	for (i = 0; i < count; i++) {
		if (!pattern_new(&out->patterns[i], out->texts[i], 0, f)) {
			fault_in(f, "%s", key);
			return false;
		}
		out->count++;
	}
	return true;
}

static void patterns_release(struct pattern_list *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		pattern_free(p->patterns[i]);
	free(p->patterns);
}

/* "host" or "host:port". */
static void write_host(const struct url *u, struct buf *out)
{
	size_t at = out->len, head;
	struct slice s;

	url_origin(u, out);
	s = slice_cut(buf_slice(out), at, out->len);
	head = slice_find(s, ':') + 3;
	memmove(out->at + at, out->at + at + head, s.len - head);
	buf_cut(out, out->len - head);
}

/* Whether the last segment names a page rather than a folder: it has a
 * suffix, or is what wikis call their first page. */
static bool is_page_name(struct slice s)
{
	static const char *const firsts[] = { "Main_Page", "Hauptseite",
		                              "Home",      "WebHome",
		                              "start",     "Accueil" };
	size_t i;

	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (slice_eq(s, slice_of(firsts[i])))
			return true;
	return slice_find(s, '.') < s.len;
}

/* The folder that a start stands for, without a final slash. */
static struct slice folder_of(struct slice path)
{
	size_t end = path.len;

	while (end && path.at[end - 1] != '/')
		end--;
	if (!is_page_name(slice_cut(path, end, path.len)))
		end = path.len;
	while (end && path.at[end - 1] == '/')
		end--;
	return slice_cut(path, 0, end);
}

static bool read_start(const struct conf_section *c, struct slice text,
                       struct url *u, struct fault *f)
{
	if (!url_parse(u, text, NULL, f))
		return fault_in(f, "url");
	if (url_is_web(u))
		return true;
	fault(f, FAULT_USAGE, "source-setting",
	      "url '%.*s' is not an address of the web", SLICE_ARG(text));
	(void)c;
	return false;
}

bool scope_space(const struct conf_section *c, struct buf *out, struct fault *f)
{
	struct slice space = conf_get(c, "space", ""), *words;
	struct buf text = BUF_INIT(URL_MOST);
	struct arena a = ARENA_INIT;
	struct url u = URL_INIT;
	size_t count;
	bool ok = false;

	if (space.len)
		return identity_space(space, out, f);
	if (!words_of(c, "url", "", &a, &words, &count, f))
		goto out;
	if (!count) {
		fault(f, FAULT_USAGE, "source-setting", "url is empty");
		goto out;
	}
	if (!read_start(c, words[0], &u, f))
		goto out;
	write_host(&u, &text);
	buf_add(&text, folder_of(url_path(&u)));
	ok = identity_space(buf_slice(&text), out, f);
out:
	url_release(&u);
	buf_release(&text);
	arena_release(&a);
	return ok;
}

/* One start: its address, its host, and the path below which pages are. */
static bool add_start(struct scope *s, const struct conf_section *c,
                      struct slice text, struct slice below, struct fault *f)
{
	struct buf out = BUF_INIT(2 * URL_MOST);
	struct url u = URL_INIT;
	bool ok = read_start(c, text, &u, f);

	if (ok) {
		spelling_write(&s->spelling, &u, &out);
		s->starts[s->start_count++] =
		        arena_copy(&s->arena, buf_slice(&out));
		buf_reset(&out);
		write_host(&u, &out);
		s->hosts[s->host_count++] =
		        arena_copy(&s->arena, buf_slice(&out));
		if (slice_eq(below, SLICE("yes")))
			below = folder_of(url_path(&u));
		s->below[s->below_count++] = arena_copy(&s->arena, below);
	}
	url_release(&u);
	buf_release(&out);
	return ok;
}

static bool read_starts(struct scope *s, const struct conf_section *c,
                        struct fault *f)
{
	struct slice below = slice_trim(conf_get(c, "below", "yes"));
	struct slice *words, *hosts;
	size_t count, more, i;

	if (!words_of(c, "url", "", &s->arena, &words, &count, f) ||
	    !words_of(c, "hosts", "", &s->arena, &hosts, &more, f))
		return false;
	if (!count)
		return fault(f, FAULT_USAGE, "source-setting", "url is empty");
	if (slice_eq(below, SLICE("no")))
		below = SLICE("");
	else if (!slice_eq(below, SLICE("yes")) &&
	         !slice_starts(below, SLICE("/")))
		return fault(f, FAULT_USAGE, "source-setting",
		             "below is yes, no or a path, not '%.*s'",
		             SLICE_ARG(below));
	while (below.len && below.at[below.len - 1] == '/')
		below.len--;
	s->starts = arena_array(&s->arena, count, sizeof(struct slice));
	s->below = arena_array(&s->arena, count, sizeof(struct slice));
	s->hosts = arena_array(&s->arena, count + more, sizeof(struct slice));
	for (i = 0; i < count; i++)
		if (!add_start(s, c, words[i], below, f))
			return false;
	for (i = 0; i < more; i++)
		s->hosts[s->host_count++] = hosts[i];
	return true;
}

static bool read_query(struct scope *s, const struct conf_section *c,
                       struct fault *f)
{
	struct slice *names;
	size_t count;

	if (!words_of(c, "query", "keep", &s->arena, &names, &count, f))
		return false;
	if (count == 1 && slice_eq(names[0], SLICE("drop"))) {
		s->spelling.query = SPELLING_DROP;
	} else if (count &&
	           !(count == 1 && slice_eq(names[0], SLICE("keep")))) {
		s->spelling = (struct spelling){ SPELLING_NAMED, names, count };
	}
	return true;
}

/* A number that is not negative, or `otherwise` where the setting is empty. */
static bool read_number(const struct conf_section *c, const char *key,
                        const char *fallback, int64_t otherwise, int64_t *out,
                        struct fault *f)
{
	struct slice text = slice_trim(conf_get(c, key, fallback));

	*out = otherwise;
	return !text.len || (slice_number(text, out) && *out >= 0) ||
	       fault(f, FAULT_USAGE, "source-setting",
	             "%s is a number, not '%.*s'", key, SLICE_ARG(text));
}

bool scope_new(struct scope **out, const struct conf_section *c,
               struct fault *f)
{
	struct scope *s = memory_new(1, sizeof(*s));

	s->alike = alike_new();
	if (read_query(s, c, f) && read_starts(s, c, f) &&
	    patterns_of(s, c, "include", &s->include, f) &&
	    patterns_of(s, c, "exclude", &s->exclude, f) &&
	    read_number(c, "depth", "", -1, &s->depth, f) &&
	    read_number(c, "pattern-most", "10000", 10000, &s->alike_most, f)) {
		*out = s;
		return true;
	}
	scope_free(s);
	return false;
}

void scope_free(struct scope *s)
{
	if (!s)
		return;
	patterns_release(&s->include);
	patterns_release(&s->exclude);
	alike_free(s->alike);
	arena_release(&s->arena);
	free(s);
}

bool scope_start(const struct scope *s, size_t i, struct slice *out)
{
	if (i >= s->start_count)
		return false;
	*out = s->starts[i];
	return true;
}

void scope_write(const struct scope *s, const struct url *u, struct buf *out)
{
	spelling_write(&s->spelling, u, out);
}

struct slice scope_native(struct slice url)
{
	size_t at = slice_find(url, ':');

	return slice_starts(slice_cut(url, at, url.len), SLICE("://"))
	               ? slice_cut(url, at + 3, url.len)
	               : url;
}

bool scope_room(struct scope *s, struct slice url)
{
	struct alike_count c = alike_add(s->alike, url);
	bool path = slice_find(url, '?') == url.len;

	/* Folders of numbered pages are common, endless ones are rare. */
	return c.count <= s->alike_most * (c.single ? 100 : path ? 10 : 1);
}

static bool say(struct buf *why, bool verdict, const char *what,
                struct slice about)
{
	if (why) {
		buf_text(why, what);
		if (about.len) {
			buf_text(why, " '");
			buf_add(why, about);
			buf_byte(why, '\'');
		}
	}
	return verdict;
}

static bool host_matches(struct slice host, struct slice wanted)
{
	if (!slice_starts(wanted, SLICE("*.")))
		return head_same(host, wanted);
	if (head_same(host, slice_cut(wanted, 2, wanted.len)))
		return true;
	wanted = slice_cut(wanted, 1, wanted.len);
	return host.len > wanted.len &&
	       head_same(slice_cut(host, host.len - wanted.len, host.len),
	                 wanted);
}

static bool host_within(const struct scope *s, const struct url *u)
{
	struct buf host = BUF_INIT(URL_MOST);
	bool within = false;
	size_t i;

	write_host(u, &host);
	for (i = 0; i < s->host_count && !within; i++)
		within = host_matches(buf_slice(&host), s->hosts[i]);
	buf_release(&host);
	return within;
}

static bool is_number(struct slice s)
{
	int64_t n;

	return s.len <= 2 && slice_number(s, &n);
}

/* Splits a path; more than SCOPE_LEVELS segments count as one too many. */
static size_t split(struct slice path, struct slice segments[SCOPE_LEVELS + 1])
{
	size_t count = 0, end;

	for (; path.len; path = slice_cut(path, end + 1, path.len)) {
		end = slice_find(path, '/');
		if (!end)
			continue;
		segments[count++] = slice_cut(path, 0, end);
		if (count > SCOPE_LEVELS)
			break;
	}
	return count;
}

/* A segment that stands there three times (numbers of a date may), or several
 * that come twice in a row. */
static bool repeats(const struct slice *segments, size_t count,
                    struct slice *what)
{
	size_t i, j, len, same;

	for (i = 0; i < count; i++) {
		for (same = 0, j = i; j < count; j++)
			same += slice_eq(segments[i], segments[j]);
		*what = segments[i];
		if (same >= SCOPE_REPEATS && !is_number(segments[i]))
			return true;
		for (len = 2; i + 2 * len <= count; len++) {
			for (j = 0; j < len; j++)
				if (!slice_eq(segments[i + j],
				              segments[i + len + j]))
					break;
			if (j == len)
				return true;
		}
	}
	return false;
}

/* Forms and logs that wikis show behind every page. */
static bool is_machinery(struct slice query, struct slice *which)
{
	static const char *const forms[] = {
		"action=edit",     "action=history", "action=raw",
		"action=info",     "action=delete",  "action=submit",
		"action=purge",    "action=protect", "action=watch",
		"action=unwatch",  "action=login",   "action=logout",
		"action=rollback", "action=diff",    "action=print",
		"veaction=",       "oldid=",         "diff=",
		"do=edit",         "do=diff",        "do=revisions",
		"do=backlink",     "do=recent",      "do=media",
		"do=login",        "do=logout",      "do=register",
		"do=resendpwd",    "do=export_",     "do=search",
		"do=subscribe",    "do=profile",     "do=admin",
		"do=check",        "rev=",           "title=Special:",
		"redlink=1",
	};
	size_t i, end;

	for (; query.len; query = slice_cut(query, end + 1, query.len)) {
		*which = slice_cut(query, 0, end = slice_find(query, '&'));
		for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
			if (slice_starts(*which, slice_of(forms[i])))
				return true;
	}
	return false;
}

/* Kinds of files that hold no page, by their suffix. */
static bool is_other_kind(struct slice path, struct slice *suffix)
{
	static const char *const kinds[] = {
		"7z",   "apk",  "avi",  "avif",  "bin",  "bmp",  "bz2",  "css",
		"csv",  "deb",  "dmg",  "doc",   "docx", "eot",  "epub", "exe",
		"flac", "flv",  "gif",  "gz",    "ico",  "img",  "iso",  "jar",
		"jpeg", "jpg",  "js",   "m4a",   "m4v",  "map",  "mjs",  "mkv",
		"mov",  "mp3",  "mp4",  "mpeg",  "mpg",  "msi",  "odp",  "ods",
		"odt",  "ogg",  "ogv",  "otf",   "pdf",  "pkg",  "png",  "ppt",
		"pptx", "ps",   "rar",  "rpm",   "svg",  "swf",  "tar",  "tgz",
		"tif",  "tiff", "ttf",  "war",   "wasm", "wav",  "webm", "webp",
		"whl",  "wmv",  "woff", "woff2", "xls",  "xlsx", "xpi",  "xz",
		"zip",  "zst",
	};
	size_t at = path.len, i;

	while (at && path.at[at - 1] != '.' && path.at[at - 1] != '/')
		at--;
	if (!at || path.at[at - 1] != '.')
		return false;
	*suffix = slice_cut(path, at, path.len);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (head_same(*suffix, slice_of(kinds[i])))
			return true;
	return false;
}

/* Whether one of the patterns matches; one that cannot decide counts as
 * `doubt`. */
static bool any_matches(const struct pattern_list *p, struct slice url,
                        bool doubt, struct slice *which)
{
	struct pattern_match match;
	struct fault f;
	size_t i;

	for (i = 0; i < p->count; i++) {
		bool found = false;

		*which = p->texts[i];
		if (!pattern_find(p->patterns[i], url, 0, &match, &found, &f))
			found = doubt;
		if (found)
			return true;
	}
	*which = (struct slice){ 0 };
	return false;
}

static bool is_below(const struct scope *s, const struct url *u)
{
	struct slice path = url_path(u);
	size_t i;

	for (i = 0; i < s->below_count; i++) {
		struct slice head = s->below[i];

		if (slice_starts(path, head) &&
		    (path.len == head.len || path.at[head.len] == '/'))
			return true;
	}
	return false;
}

static bool is_start(const struct scope *s, struct slice url)
{
	size_t i;

	for (i = 0; i < s->start_count; i++)
		if (slice_eq(s->starts[i], url))
			return true;
	return false;
}

/* What robots.txt and sitemaps are called: they stand where they stand. */
static bool is_map(struct slice path)
{
	size_t at = path.len;
	struct slice name;

	if (slice_eq(path, SLICE("/robots.txt")))
		return true;
	while (at && path.at[at - 1] != '/')
		at--;
	name = slice_cut(path, at, path.len);
	return (slice_ends(name, SLICE(".xml")) ||
	        slice_ends(name, SLICE(".xml.gz")) ||
	        slice_ends(name, SLICE(".txt"))) &&
	       name.len >= 7 &&
	       head_same(slice_cut(name, 0, 7), SLICE("sitemap"));
}

/* Rules on the shape of an address. True: one of them spoke, and refused. */
static bool misshapen(const struct url *u, struct buf *why)
{
	struct slice segments[SCOPE_LEVELS + 1], what = { 0 };
	size_t count = split(url_path(u), segments), parameters = 0, i;
	struct slice query = url_query(u), none = { 0 };

	for (i = 0; i < query.len; i++)
		parameters += query.at[i] == '&';
	if (url_bare(u).len > SCOPE_LENGTH)
		return !say(why, false, "longer than 2,083 bytes", none);
	if (count > SCOPE_LEVELS)
		return !say(why, false, "more than 20 levels deep", none);
	if (parameters >= SCOPE_PARAMETERS)
		return !say(why, false, "more than 8 parameters", none);
	if (repeats(segments, count, &what))
		return !say(why, false, "its path repeats itself:", what);
	if (is_machinery(query, &what))
		return !say(why, false, "a form or log of a wiki:", what);
	if (is_other_kind(url_path(u), &what))
		return !say(why, false,
		            "a kind of file that is not read:", what);
	return false;
}

/* The settings' rules. */
static bool wanted(const struct scope *s, const struct url *u, int32_t depth,
                   struct slice url, struct buf *why)
{
	struct slice what = { 0 };

	if (s->depth >= 0 && depth > s->depth)
		return say(why, false, "more links from the start than `depth`",
		           what);
	if (any_matches(&s->exclude, url, true, &what))
		return say(why, false, "matches `exclude`", what);
	if (s->include.count) {
		if (any_matches(&s->include, url, false, &what))
			return say(why, true, "matches `include`", what);
		return say(why, false, "matches no pattern of `include`", what);
	}
	if (is_below(s, u))
		return say(why, true, "below the start", what);
	return say(why, false, "not below the start's path", s->below[0]);
}

bool scope_within(struct scope *s, const struct url *u, int32_t depth,
                  struct buf *why)
{
	struct buf text = BUF_INIT(2 * URL_MOST);
	struct slice none = { 0 }, url;
	struct url spelled = URL_INIT;
	struct fault f;
	bool within;

	spelling_write(&s->spelling, u, &text);
	url = buf_slice(&text);
	/* A session in the path may hide that it repeats itself. */
	if (!slice_eq(url, url_bare(u)) && url_parse(&spelled, url, NULL, &f))
		u = &spelled;
	if (!url_is_web(u))
		within = say(why, false, "not an address of the web", none);
	else if (is_start(s, url))
		within = say(why, true, "a start", none);
	else if (!host_within(s, u))
		within = say(why, false, "another host", url_host(u));
	else if (is_map(url_path(u)))
		within = say(why, true, "robots.txt or a sitemap", none);
	else if (misshapen(u, why))
		within = false;
	else
		within = wanted(s, u, depth, url, why);
	url_release(&spelled);
	buf_release(&text);
	return within;
}

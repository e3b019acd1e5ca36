/*
 * A shared handle of libcurl. A jar has seven fields a line, told apart by
 * tabs: domain, subdomains too, path, secure, expires, name, value; a first
 * field with #HttpOnly_ in front is no comment.
 */

#include "base/net/http_cookies.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/slice.h"

enum {
	JAR_MOST = 1 << 20, /* bytes */
	COUNT_AFTER = 1000, /* lines */
	COOKIES_MOST = 3000,
};

static bool jar_line_good(struct slice line)
{
	size_t tabs = 0;

	line = slice_cut(line, 0, slice_find(line, '\r'));
	if (slice_trim(line).len == 0 ||
	    (line.at[0] == '#' && !slice_starts(line, SLICE("#HttpOnly_"))))
		return true;
	for (size_t i = 0; i < line.len; i++)
		tabs += line.at[i] == '\t';
	return tabs == 6;
}

static bool jar_good(struct slice jar, const char *file, struct fault *f)
{
	int64_t number = 0;

	while (jar.len) {
		size_t end = slice_find(jar, '\n');

		number++;
		if (!jar_line_good(slice_cut(jar, 0, end))) {
			fault(f, FAULT_USAGE, "cookie-file",
			      "not a line of a Netscape cookie jar: seven "
			      "fields told apart by tabs");
			return fault_at(f, file, number);
		}
		jar = slice_cut(jar, end + 1, jar.len);
	}
	return true;
}

static bool jar_read(const char *file, struct fault *f)
{
	char *jar = NULL;
	size_t len;
	bool done = file_read(file, JAR_MOST, &jar, &len, f) &&
	            jar_good((struct slice){ jar, len }, file, f);

	free(jar);
	return done;
}

/* RELOAD reads the jar that COOKIEFILE names. */
static void jar_load(struct cookies *c)
{
	if (c->file)
		curl_easy_setopt(c->desk, CURLOPT_COOKIELIST, "RELOAD");
}

bool cookies_open(struct cookies *c, const char *file, struct fault *f)
{
	if (file && !jar_read(file, f)) {
		f->kind = FAULT_USAGE;
		f->code = "cookie-file";
		return false;
	}
	c->share = curl_share_init();
	c->desk = curl_easy_init();
	c->file = file ? memory_copy(file, strlen(file)) : NULL;
	if (!c->share || !c->desk ||
	    curl_share_setopt(c->share, CURLSHOPT_SHARE,
	                      CURL_LOCK_DATA_COOKIE) ||
	    curl_easy_setopt(c->desk, CURLOPT_SHARE, c->share) ||
	    curl_easy_setopt(c->desk, CURLOPT_COOKIEFILE,
	                     c->file ? c->file : ""))
		return fault(f, FAULT_SYSTEM, "http-memory",
		             "no memory for cookies");
	jar_load(c);
	return true;
}

void cookies_close(struct cookies *c)
{
	curl_easy_cleanup(c->desk);
	curl_share_cleanup(c->share);
	free(c->file);
	memset(c, 0, sizeof(*c));
}

void cookies_note(struct cookies *c, unsigned lines)
{
	struct curl_slist *all = NULL;
	size_t count = 0;

	c->lines += lines;
	if (!c->share || c->lines < COUNT_AFTER)
		return;
	c->lines = 0;
	curl_easy_getinfo(c->desk, CURLINFO_COOKIELIST, &all);
	for (const struct curl_slist *l = all; l; l = l->next)
		count++;
	curl_slist_free_all(all);
	if (count > COOKIES_MOST) {
		cookies_forget(c);
		jar_load(c);
	}
}

void cookies_forget(struct cookies *c)
{
	if (c->share)
		curl_easy_setopt(c->desk, CURLOPT_COOKIELIST, "ALL");
}

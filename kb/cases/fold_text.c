/*
 * The text of an entry:
 *
 *	problem                         cause: ...
 *
 *	Error codes: `a`, `b`           1. step
 *                                      2. step
 *	Also asked as:
 *	- title
 *
 *	3 cases:
 *	- 17000001, 2026-01-02
 *
 * at the left the post, at the right its answer. Lists are cut at ceilings,
 * and say so; of occurrences the first and the latest are kept.
 */

#include "kb/cases/fold_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/text/markdown.h"
#include "base/text/markdown_escape.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum {
	FOLD_TITLE = 300,       /* bytes of the title */
	FOLD_TEXT = 2 << 20,    /* of all */
	FOLD_TITLES = 40,       /* other ones shown */
	FOLD_CODES = 24,        /* shown, and tags */
	FOLD_SERVICES = 16,     /* likewise */
	FOLD_OCCURRENCES = 100, /* shown: the first and the latest */
	FOLD_TAG = 200,         /* bytes */
};

struct fold_words {
	const char *language;
	const char *codes, *also, *cases, *left, *cause, *steps;
};

static const struct fold_words words_of[] = {
	{ "zh", "错误代码：", "也这样问：", "工单数：", "此外还有", "原因：",
	  "解决步骤：" },
	{ "ko", "오류 코드: ", "다른 질문: ", "사례 수: ", "그 밖에 ",
	  "원인: ", "해결 단계:" },
	{ "ja", "エラーコード：", "ほかの聞き方：", "ケース数：", "ほかに",
	  "原因：", "解決手順：" },
	{ "en", "Error codes: ", "Also asked as:", "Cases: ", "and more: ",
	  "Cause: ", "Resolution:" },
};

static const struct fold_words *words_find(struct slice language)
{
	const size_t count = sizeof(words_of) / sizeof(*words_of);
	size_t i;

	for (i = 0; i + 1 < count; i++)
		if (slice_starts(language, slice_of(words_of[i].language)))
			break;
	return &words_of[i];
}

/* In one line, without what lies around it. */
static struct slice one_line(struct slice s, struct arena *a)
{
	struct slice out = arena_copy(a, slice_trim(s));
	char *at = (char *)(uintptr_t)out.at;
	size_t i;

	for (i = 0; i < out.len; i++)
		if (at[i] == '\n' || at[i] == '\t')
			at[i] = ' ';
	return out;
}

/* Words that mean nothing but themselves, also where a line begins. */
static void put_words(struct buf *out, struct slice s, struct arena *a)
{
	struct buf line = BUF_INIT(FOLD_TEXT);
	size_t mark;

	markdown_escape(one_line(s, a), &line);
	mark = escape_block(buf_slice(&line));
	if (mark < line.len) {
		buf_add(out, slice_cut(buf_slice(&line), 0, mark));
		buf_byte(out, '\\');
		buf_add(out, slice_cut(buf_slice(&line), mark, line.len));
	} else {
		buf_add(out, buf_slice(&line));
	}
	buf_release(&line);
}

/* A code as it is, between more backquotes than it has in a row. */
static void put_code(struct buf *out, struct slice code)
{
	size_t i, quotes = escape_quotes(code) + 1;
	bool pad = code.at[0] == '`' || code.at[code.len - 1] == '`';

	for (i = 0; i < quotes; i++)
		buf_byte(out, '`');
	buf_text(out, pad ? " " : "");
	buf_add(out, code);
	buf_text(out, pad ? " " : "");
	for (i = 0; i < quotes; i++)
		buf_byte(out, '`');
}

static bool digest_has(const struct digest *d, enum digest_field field)
{
	switch (field) {
	case FIELD_PROBLEM:
		return d->problem.len;
	case FIELD_CAUSE:
		return d->cause.len;
	case FIELD_CLASS:
		return d->class.len &&
		       !slice_eq(d->class, SLICE(DIGEST_UNCLASSIFIED));
	case FIELD_STEPS:
		return d->step_count;
	case FIELD_TITLES:
		return d->title_count;
	default:
		return false;
	}
}

/* Whose word on a field counts. */
static const struct digest *speaker(const struct fold_member *m, size_t count,
                                    enum digest_field field)
{
	const struct digest *clean = NULL, *any = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct digest *d = m[i].digest;

		if (d->corrected & 1u << field)
			return d;
		if (!digest_has(d, field))
			continue;
		any = any ? any : d;
		if (!clean && !(d->flags & DIGEST_SUSPECT))
			clean = d;
	}
	return clean ? clean : any ? any : m->digest;
}

/* Different texts in the order in which they come. */
struct texts {
	struct map seen;
	struct slice at[FOLD_TITLES];
	size_t count, most;
};

static void texts_add(struct texts *t, struct slice s, struct arena *a)
{
	bool added;

	s = one_line(s, a);
	if (!s.len || t->count == t->most)
		return;
	map_put(&t->seen, s, &added);
	if (added)
		t->at[t->count++] = s;
}

static void gather_all(const struct fold_member *m, size_t count,
                       struct texts *services, struct texts *codes,
                       struct texts *titles, struct arena *a)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		const struct digest *d = m[i].digest;

		for (j = 0; j < d->service_count; j++)
			texts_add(services, d->services[j], a);
		for (j = 0; j < d->code_count; j++)
			texts_add(codes, d->codes[j], a);
		for (j = 0; j < d->title_count; j++)
			texts_add(titles, d->titles[j], a);
	}
}

static struct slice title_of(const struct fold_member *m, size_t count,
                             struct arena *a)
{
	const struct digest *d = speaker(m, count, FIELD_TITLES);
	struct slice s = { 0 };

	if (d->title_count)
		s = one_line(d->titles[0], a);
	if (!s.len)
		s = one_line(speaker(m, count, FIELD_PROBLEM)->problem, a);
	if (!s.len)
		s = one_line(speaker(m, count, FIELD_CAUSE)->cause, a);
	if (!s.len)
		s = m->native;
	return utf8_head(s, FOLD_TITLE);
}

static void put_codes(struct buf *out, const struct fold_words *w,
                      const struct texts *codes)
{
	size_t i;

	for (i = 0; i < codes->count; i++) {
		buf_text(out, i ? ", " : w->codes);
		put_code(out, codes->at[i]);
	}
	if (codes->count)
		buf_text(out, "\n\n");
}

static void put_titles(struct buf *out, const struct fold_words *w,
                       const struct texts *titles, struct slice shown,
                       struct arena *a)
{
	bool any = false;
	size_t i;

	for (i = 0; i < titles->count; i++) {
		if (slice_eq(titles->at[i], shown))
			continue;
		if (!any)
			buf_addf(out, "%s\n\n", w->also);
		any = true;
		buf_text(out, "- ");
		put_words(out, titles->at[i], a);
		buf_byte(out, '\n');
	}
	buf_text(out, any ? "\n" : "");
}

static void put_occurrence(struct buf *out, const struct fold_member *m,
                           struct arena *a)
{
	char time[CLOCK_TEXT];

	buf_text(out, "- ");
	put_words(out, m->native, a);
	clock_write(time, m->created);
	if (time[0])
		buf_addf(out, ", %.10s", time);
	buf_byte(out, '\n');
}

static void put_occurrences(struct buf *out, const struct fold_words *w,
                            const struct fold_member *m, size_t count,
                            struct arena *a)
{
	size_t left = count > FOLD_OCCURRENCES ? count - FOLD_OCCURRENCES : 0;
	size_t i;

	if (count == 1)
		return;
	buf_addf(out, "%s%zu\n\n", w->cases, count);
	put_occurrence(out, m, a);
	if (left)
		buf_addf(out, "- %s%zu\n", w->left, left);
	for (i = 1 + left; i < count; i++)
		put_occurrence(out, &m[i], a);
}

static struct slice problem_text(const struct fold_member *m, size_t count,
                                 const struct fold_words *w,
                                 const struct texts *codes,
                                 const struct texts *titles, struct slice title,
                                 struct arena *a)
{
	struct buf b = BUF_INIT(FOLD_TEXT);
	struct slice out;

	put_words(&b, speaker(m, count, FIELD_PROBLEM)->problem, a);
	buf_text(&b, b.len ? "\n\n" : "");
	put_codes(&b, w, codes);
	put_titles(&b, w, titles, title, a);
	put_occurrences(&b, w, m, count, a);
	out = arena_copy(a, slice_trim(buf_slice(&b)));
	buf_release(&b);
	return out;
}

static struct slice solution_text(const struct fold_member *m, size_t count,
                                  const struct fold_words *w, struct arena *a)
{
	const struct digest *cause = speaker(m, count, FIELD_CAUSE);
	const struct digest *steps = speaker(m, count, FIELD_STEPS);
	struct buf b = BUF_INIT(FOLD_TEXT);
	struct slice out;
	size_t i, n = 0;

	if (slice_trim(cause->cause).len) {
		buf_text(&b, w->cause);
		put_words(&b, cause->cause, a);
		buf_text(&b, "\n\n");
	}
	for (i = 0; i < steps->step_count; i++) {
		if (!slice_trim(steps->steps[i]).len)
			continue;
		if (!n)
			buf_addf(&b, "%s\n\n", w->steps);
		buf_addf(&b, "%zu. ", ++n);
		put_words(&b, steps->steps[i], a);
		buf_byte(&b, '\n');
	}
	out = arena_copy(a, slice_trim(buf_slice(&b)));
	buf_release(&b);
	return out;
}

/* A tag is a word: no bars, no blanks. */
static struct slice tag_of(struct slice s, struct arena *a)
{
	struct slice out = arena_copy(a, utf8_head(s, FOLD_TAG));
	char *at = (char *)(uintptr_t)out.at;
	size_t i;

	for (i = 0; i < out.len; i++)
		if (at[i] == ' ' || at[i] == '|')
			at[i] = '-';
	return out;
}

static void tags_of(const struct texts *services, const struct texts *codes,
                    struct arena *a, struct fold_text *out)
{
	struct slice *tags =
	        arena_array(a, services->count + codes->count, sizeof(*tags));
	size_t i;

	for (i = 0; i < services->count; i++)
		tags[out->tag_count++] = tag_of(services->at[i], a);
	for (i = 0; i < codes->count; i++)
		tags[out->tag_count++] = tag_of(codes->at[i], a);
	out->tags = tags;
}

/* "EC2, S3": a comma parts them, so none has one. */
static struct slice services_of(const struct texts *services, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_NAME);
	struct slice out;
	size_t i, j;

	for (i = 0; i < services->count; i++) {
		struct slice s = utf8_head(services->at[i], FOLD_TAG);

		buf_text(&b, i ? ", " : "");
		for (j = 0; j < s.len; j++)
			buf_byte(&b, s.at[j] == ',' ? ' ' : s.at[j]);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

/* When it was written, and when something was last heard of it. */
static void dates_of(const struct fold_member *m, size_t count,
                     struct fold_text *out)
{
	size_t i;

	out->created = m->created;
	out->modified = CLOCK_NONE;
	for (i = 0; i < count; i++) {
		if (m[i].created > out->modified)
			out->modified = m[i].created;
		if (m[i].resolved > out->modified)
			out->modified = m[i].resolved;
	}
}

bool fold_text_any(const struct digest *d)
{
	return slice_trim(d->problem).len || slice_trim(d->cause).len ||
	       d->title_count;
}

void fold_text(const struct fold_member *m, size_t count, struct arena *a,
               struct fold_text *out)
{
	struct texts services = { .most = FOLD_SERVICES };
	struct texts codes = { .most = FOLD_CODES };
	struct texts titles = { .most = FOLD_TITLES };
	const struct fold_words *w = words_find(m->digest->language);

	gather_all(m, count, &services, &codes, &titles, a);
	*out = (struct fold_text){
		.title = title_of(m, count, a),
		.class = one_line(speaker(m, count, FIELD_CLASS)->class, a),
		.services = services_of(&services, a),
		.language = m->digest->language,
		.link = m->link,
		.author = m->digest->model.len ? m->digest->model
		                               : SLICE("a person"),
	};
	out->problem =
	        problem_text(m, count, w, &codes, &titles, out->title, a);
	out->solution = solution_text(m, count, w, a);
	tags_of(&services, &codes, a, out);
	dates_of(m, count, out);
	map_release(&services.seen);
	map_release(&codes.seen);
	map_release(&titles.seen);
}

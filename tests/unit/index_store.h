#ifndef TESTS_INDEX_STORE_H
#define TESTS_INDEX_STORE_H

#include "synthetic.h"

#include <unistd.h>

#include "base/clock.h"
#include "schema/intake.h"
#include "schema/posts.h"
#include "schema/store.h"

/* These stand before libc's: nobody pulls the plug here, so that nothing has
 * to wait for the disk. */
int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

#ifndef TESTS_OWN_FSYNC
int fsync(int fd)
{
	(void)fd;
	return 0;
}
#endif

/*
 * A store whose questions are a function of a number and a version: question
 * n of version v has n % 4 answers, words of its own and common ones.
 */
struct visit {
	const char *space, *access;
	int64_t date; /* later visits bring newer revisions and votes */
	int64_t votes;
	const char *source; /* NULL: told by the date */
};

static inline struct intake *visit_open(struct store *s, const struct visit *v)
{
	char source[64];
	struct intake_options o = {
		.space = slice_of(v->space),
		.channel = SLICE("dump"),
		.access = slice_of(v->access),
	};
	struct intake *in = NULL;
	struct fault f;

	snprintf(source, sizeof(source), "visit %lld", (long long)v->date);
	o.source = slice_of(v->source ? v->source : source);
	if (!intake_open(&in, s, &o, &f))
		fail_msg("%s", f.text);
	return in;
}

static inline void words_of(char *out, size_t size, uint64_t n,
                            uint64_t version)
{
	static const char *const common[] = { "nginx",   "docker", "timeout",
		                              "service", "pod",    "日本語" };
	size_t at = 0, i, count = 10 + mix(n + version) % 60;

	for (i = 0; i < count && at + 40 < size; i++) {
		uint64_t h = mix(n * 97 + version * 7 + i);

		at += (size_t)snprintf(out + at, size - at, "%s%s",
		                       i ? " " : "", common[h % 6]);
		if (h % 3 == 0)
			at += (size_t)snprintf(out + at, size - at, " term%llu",
			                       (unsigned long long)(h % 997));
	}
	snprintf(out + at, size - at, " own%llu.", (unsigned long long)n);
}

static inline void put_record(struct intake *in, const struct visit *v,
                              struct record *r, const char *words)
{
	struct fault f;

	r->link = SLICE("https://example.com/x");
	r->content = slice_of(words);
	r->original = r->content;
	r->original_type = SLICE("text/plain");
	r->score = v->votes;
	r->created = 1400000000000;
	r->modified = v->date;
	r->closed = CLOCK_NONE;
	r->revision = r->modified;
	if (!intake_record(in, r, &f))
		fail_msg("%s", f.text);
}

/* Questions [from, to) in steps, at their state of `version`. */
static inline void visit_questions(struct store *s, const struct visit *v,
                                   uint64_t from, uint64_t to, uint64_t step,
                                   uint64_t version)
{
	struct intake *in = visit_open(s, v);
	const struct slice tags[] = { SLICE("linux"), SLICE("nginx") };
	struct intake_report report;
	char words[4096], id[32], parent[32], title[64];
	struct fault f;
	uint64_t n, i;

	for (n = from; n < to; n += step) {
		struct record q = { .kind = RECORD_QUESTION };

		snprintf(parent, sizeof(parent), "%llu", (unsigned long long)n);
		snprintf(title, sizeof(title), "nginx title%llu version%llu",
		         (unsigned long long)n, (unsigned long long)version);
		words_of(words, sizeof(words), n, version);
		q.id = slice_of(parent);
		q.title = slice_of(title);
		q.tags = tags;
		q.tag_count = n % 3;
		put_record(in, v, &q, words);
		for (i = 0; i < n % 4; i++) {
			struct record a = { .kind = RECORD_ANSWER,
				            .parent = slice_of(parent) };

			snprintf(id, sizeof(id), "%llu",
			         (unsigned long long)(n * 10 + i + 100000));
			a.id = slice_of(id);
			words_of(words, sizeof(words), n * 10 + i, version);
			put_record(in, v, &a, words);
		}
	}
	if (!intake_finish(in, &report, &f))
		fail_msg("%s", f.text);
	intake_close(in);
}

static inline struct store *store_new(const char *path)
{
	struct store *s = NULL;
	struct fault f;

	if (!store_open(&s, path, STORE_CREATE, &f))
		fail_msg("%s", f.text);
	return s;
}

#endif

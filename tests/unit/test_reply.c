/* reply.h: what models write, as tests/data/replies has it, and broken input.
 *
 *	#### name of the case
 *	the answer
 *	---- shape [cut]
 *	member=what is read; list members parted by |
 */

#include "kb/cases/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/lines.h"

static const struct slice classes[] = {
	SLICE("configuration error"), SLICE("service fault"),
	SLICE("consulting"),          SLICE("配置错误"),
	SLICE("설정 오류"),           SLICE("設定ミス"),
};
static const struct reply_hints hints = {
	.id = SLICE("1730001234"),
	.classes = classes,
	.class_count = sizeof(classes) / sizeof(*classes),
};
static const char *const shapes[] = { "strict", "loose", "lines", "csv" };

static void list_write(struct buf *b, const struct reply_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		buf_text(b, i ? "|" : "");
		buf_add(b, l->items[i]);
	}
}

/* One line, so that it can be compared with the file's. */
static void member_write(struct buf *b, const struct case_answer *r,
                         enum reply_field field)
{
	const struct slice texts[] = { r->id, r->problem, r->cause, r->class };
	const struct reply_list lists[] = { r->steps, r->services, r->codes,
		                            r->titles };
	size_t i;

	if (field < REPLY_STEPS)
		buf_add(b, texts[field]);
	else
		list_write(b, &lists[field - REPLY_STEPS]);
	for (i = 0; i < b->len; i++)
		if (b->at[i] == '\n')
			b->at[i] = ' ';
}

static void member_check(const char *name, const struct case_answer *r,
                         struct slice line)
{
	size_t at = slice_find(line, '=');
	struct slice wanted = slice_cut(line, at + 1, line.len);
	struct buf b = BUF_INIT(1 << 20);
	enum reply_field field;

	assert_true(reply_field_read(slice_cut(line, 0, at), &field));
	member_write(&b, r, field);
	if (!slice_eq(buf_slice(&b), wanted))
		fail_msg("%s: %.*s, not '%.*s'", name, SLICE_ARG(line),
		         SLICE_ARG(buf_slice(&b)));
	buf_release(&b);
}

static void shape_check(const char *name, bool read,
                        const struct case_answer *r, struct slice line)
{
	struct buf b = BUF_INIT(100);

	buf_addf(&b, "---- %s%s", read ? shapes[r->shape] : "none",
	         read && r->cut ? " cut" : "");
	if (!slice_eq(buf_slice(&b), line))
		fail_msg("%s: '%.*s', not '%.*s'", name, SLICE_ARG(line),
		         SLICE_ARG(buf_slice(&b)));
	buf_release(&b);
}

/* The case at *at. */
static void case_check(struct slice text, size_t *at)
{
	struct slice line = lines_next(text, at);
	char *name = strndup(line.at + 5, line.len - 5);
	struct arena a = ARENA_INIT;
	struct case_answer r;
	size_t from = *at, to = from;
	struct fault f;
	bool read;

	assert_true(slice_starts(line, SLICE("#### ")));
	while (!slice_starts(lines_peek(text, *at), SLICE("---- "))) {
		lines_next(text, at);
		to = *at;
	}
	read = reply_read(slice_cut(text, from, to), &hints, &a, &r, &f);
	shape_check(name, read, &r, lines_next(text, at));
	while (*at < text.len &&
	       !slice_starts(lines_peek(text, *at), SLICE("#### ")))
		member_check(name, &r, lines_next(text, at));
	arena_release(&a);
	free(name);
}

static void file_read(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	size_t n;

	assert_non_null(file);
	do {
		char bytes[4096];

		n = fread(bytes, 1, sizeof(bytes), file);
		buf_add(out, (struct slice){ bytes, n });
	} while (n);
	fclose(file);
}

static void file_check(const char *name, int least)
{
	struct buf b = BUF_INIT(1 << 20);
	char path[1000];
	size_t at = 0;
	int cases = 0;

	snprintf(path, sizeof(path), "%s/replies/%s", TEST_DATA, name);
	file_read(path, &b);
	for (; at < b.len; cases++)
		case_check(buf_slice(&b), &at);
	buf_release(&b);
	assert_true(cases >= least);
}

static void json_is_read(void **state)
{
	(void)state;
	file_check("json.txt", 40);
}

static void columns_are_read(void **state)
{
	(void)state;
	file_check("csv.txt", 25);
}

static void lines_are_read(void **state)
{
	(void)state;
	file_check("lines.txt", 10);
}

static void the_rest_is_refused(void **state)
{
	(void)state;
	file_check("none.txt", 12);
}

/* Every head of a good answer is read without harm, and what is read of it
 * stands in the answer. */
static void cut_anywhere(void **state)
{
	static const char text[] =
	        "```json\n{\"id\":\"1730001234\",\"problem\":\"磁盘 \\u6ee1 "
	        "\\\"x\\\"\",\"cause\":\"C\",\"class\":\"consulting\","
	        "\"steps\":[\"a\",{\"t\":\"b\"}],\"codes\":[]}\n```";
	size_t n, found = 0;

	(void)state;
	for (n = 0; n <= sizeof(text) - 1; n++) {
		struct arena a = ARENA_INIT;
		char *copy = malloc(n ? n : 1);
		struct case_answer r;
		struct fault f;

		memcpy(copy, text, n);
		if (reply_read((struct slice){ copy, n }, &hints, &a, &r, &f)) {
			assert_true(slice_eq(r.id, hints.id) ||
			            slice_starts(hints.id, r.id));
			found++;
		} else {
			assert_string_equal(f.code, "digest-reply");
		}
		arena_release(&a);
		free(copy);
	}
	assert_true(found > 50);
}

static void ceilings_hold(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct arena a = ARENA_INIT;
	struct case_answer r;
	struct fault f;
	int i;

	(void)state;
	buf_text(&b, "{\"id\":\"1\",\"class\":\"consulting\",\"steps\":[");
	for (i = 0; i < 5000; i++)
		buf_text(&b, "\"a step\",");
	assert_true(reply_read(buf_slice(&b), &hints, &a, &r, &f));
	assert_int_equal(r.steps.count, LIMIT_DIGEST_LIST);
	while (b.len <= LIMIT_DIGEST_REPLY)
		buf_text(&b, "\"one more step\",");
	assert_false(reply_read(buf_slice(&b), &hints, &a, &r, &f));
	assert_string_equal(f.code, "limit-digest-reply");
	buf_reset(&b);
	while (b.len + 8 < LIMIT_DIGEST_REPLY)
		buf_text(&b, "{\",\":\"");
	assert_false(reply_read(buf_slice(&b), &hints, &a, &r, &f));
	buf_release(&b);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_read),
		cmocka_unit_test(columns_are_read),
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(the_rest_is_refused),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(ceilings_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

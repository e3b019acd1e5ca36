/* Documents from JSON lines. */

#include "import_scene.h"

#include "base/limits.h"

/* `as_of`: the date of the file. */
static void import(struct scene *s, struct slice text, int64_t as_of)
{
	struct jsonl_options o = {
		.path = "set.jsonl",
		.space = SLICE(SPACE),
		.as_of = as_of,
		.progress = PROGRESS_QUIET,
	};
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
	rewind(file);
	o.size = (int64_t)text.len;
	if (!jsonl_import(s->store, file, &o, &s->jsonl, &s->fault))
		fail_msg("%s: %s", s->fault.subject, s->fault.text);
	fclose(file);
}

static void takes_what_corpora_have(void **state)
{
	struct scene *s = *state;
	struct post_row p;

	import(s,
	       SLICE("{\"_id\": \"a/1\", \"title\": \"T\", \"text\": "
	             "\"x\\r\\n  y & <z>\", \"metadata\": {\"k\": [1]}}\n"
	             "\r\n"
	             "{\"id\": 12345678901234567, \"text\": \"\", \"tags\": "
	             "[\"p\", \"q\"], \"url\": \"https://x.example/2\"}\n"
	             "{\"_id\": \"3\", \"title\": null, \"text\": "
	             "\"\\u4e2d\"}"),
	       1);
	assert_int_equal(s->jsonl.lines, 3);
	assert_int_equal(s->jsonl.broken.count, 0);
	assert_int_equal(s->jsonl.in.others, 3);
	assert_int_equal(s->jsonl.in.added, 3);
	p = post(s, "a/1");
	assert_text(p.kind, "document");
	assert_text(p.title, "T");
	assert_text(p.content, "x\n  y & <z>");
	p = post(s, "12345678901234567");
	assert_text(p.link, "https://x.example/2");
	assert_int_equal(p.tag_count, 2);
	assert_text(post(s, "3").content, "\xE4\xB8\xAD");
}

/* Lines that end in this, the next, a later chunk, or with it. */
static void finds_line_ends_across_chunks(void **state)
{
	static const size_t lengths[] = { 65400,  65535, 65536, 65537, 131072,
		                          200000, 70,    0,     131071 };
	enum { LINES = sizeof(lengths) / sizeof(*lengths) };
	struct scene *s = *state;
	struct buf text = BUF_INIT(1 << 20);
	char id[8];
	size_t i;

	for (i = 0; i < LINES; i++) {
		size_t start = text.len, end;

		buf_addf(&text, "{\"_id\": \"%zu\", \"text\": \"", i);
		end = start + lengths[i];
		while (text.len + 3 < end)
			buf_byte(&text, 'x');
		buf_text(&text, "\"}\n");
	}
	import(s, buf_slice(&text), 1);
	assert_int_equal(s->jsonl.lines, LINES);
	assert_int_equal(s->jsonl.in.added, LINES);
	for (i = 0; i < LINES; i++) {
		size_t want = lengths[i] < 25 ? 0 : lengths[i] - 25;

		snprintf(id, sizeof(id), "%zu", i);
		assert_int_equal(post(s, id).content.len, want);
	}
	buf_release(&text);
}

static void reports_bad_lines_by_number(void **state)
{
	static const struct {
		int64_t line;
		const char *code;
	} want[] = { { 2, "jsonl-shape" },
		     { 4, "jsonl-shape" },
		     { 5, "jsonl-shape" } };
	struct scene *s = *state;
	const struct troubles *t = &s->jsonl.broken;
	size_t i;

	import(s,
	       SLICE("{\"_id\": \"1\", \"text\": \"ok\"}\n"
	             "{\"text\": \"no id\"}\n"
	             "\n"
	             "{\"_id\": \"4\", \"title\": \"no text\"}\n"
	             "[1, 2]\n"
	             "{\"_id\": \"6\", \"text\": \"cut\n"
	             "{\"_id\": \"7\", \"text\": \"bad \xC3\x28\"}\n"
	             "{\"_id\": \"8\", \"text\": \"ok\"}\n"),
	       1);
	assert_int_equal(t->count, 5);
	for (i = 0; i < 3; i++) {
		assert_int_equal(t->first[i].line, want[i].line);
		assert_string_equal(t->first[i].code, want[i].code);
		assert_string_equal(t->first[i].subject, "set.jsonl");
	}
	assert_int_equal(t->first[3].line, 6);
	assert_int_equal(t->first[4].line, 7);
	assert_int_equal(s->jsonl.in.added, 2);
	assert_text(post(s, "8").content, "ok");
}

static void the_newer_file_wins(void **state)
{
	struct slice old = SLICE("{\"_id\": \"1\", \"text\": \"old\"}\n");
	struct slice new = SLICE("{\"_id\": \"1\", \"text\": \"new\"}\n");
	struct slice none = SLICE("{\"_id\": \"1\", \"text\": \"\"}\n");
	struct scene *s = *state;
	int64_t before, after, counted;

	import(s, old, 1000);
	import(s, new, 2000);
	assert_int_equal(s->jsonl.in.updated, 1);
	import(s, old, 1000);
	assert_text(post(s, "1").content, "new");
	assert_true(store_counters(s->store, &before, &counted, &s->fault));
	import(s, new, 2000);
	import(s, new, 2500);
	assert_true(store_counters(s->store, &after, &counted, &s->fault));
	assert_int_equal(before, after);
	import(s, none, 3000);
	assert_text(post(s, "1").content, "");
}

static void a_line_past_the_ceiling_is_left_out(void **state)
{
	struct scene *s = *state;
	size_t size = (size_t)LIMIT_ROW + (1 << 20);
	struct slice end = SLICE("\"}\n{\"_id\": \"2\", \"text\": \"ok\"}\n");
	char *text = malloc(size + end.len);

	assert_non_null(text);
	memset(text, 'x', size);
	memcpy(text, "{\"_id\": \"1\", \"text\": \"", 22);
	memcpy(text + size, end.at, end.len);
	import(s, (struct slice){ text, size + end.len }, 1);
	assert_int_equal(s->jsonl.broken.count, 1);
	assert_string_equal(s->jsonl.broken.first[0].code, "limit-row");
	assert_int_equal(s->jsonl.broken.first[0].line, 1);
	assert_text(post(s, "2").content, "ok");
	free(text);
}

static void nothing_is_no_fault(void **state)
{
	struct scene *s = *state;

	import(s, SLICE(""), 1);
	import(s, SLICE("\xEF\xBB\xBF{\"_id\": \"1\", \"text\": \"bom\"}"), 1);
	assert_int_equal(s->jsonl.broken.count, 0);
	assert_text(post(s, "1").content, "bom");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(takes_what_corpora_have),
		SCENE(finds_line_ends_across_chunks),
		SCENE(reports_bad_lines_by_number),
		SCENE(the_newer_file_wins),
		SCENE(a_line_past_the_ceiling_is_left_out),
		SCENE(nothing_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

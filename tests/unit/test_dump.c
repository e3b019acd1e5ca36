/* Whole dumps into a store: each trap, and what a second one changes. */

#include "import_scene.h"

#include "base/buf.h"
#include "base/clock.h"

#define DUMPS TEST_DATA "/dump/"

static void import_with(struct scene *s, const char *path, unsigned threads)
{
	struct dump_options o = {
		.path = path,
		.site = SLICE(SPACE),
		.threads = threads,
		.progress = PROGRESS_QUIET,
	};

	if (!dump_import(s->store, &o, &s->dump, &s->fault))
		fail_msg("%s: %s", s->fault.subject, s->fault.text);
	assert_true(
	        store_counters(s->store, &s->changed, &s->counted, &s->fault));
}

static void import(struct scene *s, const char *path)
{
	import_with(s, path, 0);
}

static void takes_every_trap(void **state)
{
	struct scene *s = *state;
	const struct dump_report *r = &s->dump;

	import(s, DUMPS "traps");
	assert_int_equal(r->in.questions, 2);
	assert_int_equal(r->in.answers, 3);
	assert_int_equal(r->in.extras, 7);
	assert_int_equal(r->in.waiting, 1);
	assert_int_equal(r->in.comments, 2);
	assert_int_equal(r->in.links, 2);
	assert_int_equal(r->in.revisions, 4);
	assert_int_equal(r->planted, 2);
	assert_int_equal(r->broken.count, 3);
	assert_int_equal(r->broken.first[0].line, 14);
	assert_string_equal(r->broken.first[0].code, "dump-row-broken");
	assert_int_equal(r->broken.first[1].line, 16);
	assert_int_equal(r->broken.first[2].line, 17);
	assert_non_null(strstr(r->broken.first[2].subject, "traps/Posts.xml"));
	assert_non_null(strstr(r->broken.first[2].text, "yesterday"));
}

static void writes_clean_markdown(void **state)
{
	struct scene *s = *state;
	struct post_row p;

	import(s, DUMPS "traps");
	p = post(s, "1");
	assert_text(p.title, "Last lines & more of a <file>");
	assert_text(p.content, "How do I see the last lines of a file that "
	                       "\\&lt;grows\\&gt;?\n\n```bash\n"
	                       "tail -n 5 a.log && echo \"done\"\n```");
	assert_text(p.link, "https://" SPACE "/questions/1");
	assert_int_equal(p.tag_count, 2);
	assert_text(p.tags[1], "tail");
	assert_int_equal(p.answer_count, 1);
	assert_true(p.answers[0].accepted);
	assert_text(p.answers[0].content, "Follow it with `tail -F`.");
	assert_text(p.answers[0].link, "https://" SPACE "/a/3");
	p = post(s, "2");
	assert_text(p.content, "nginx says 502, see [the other one]"
	                       "(https://" SPACE "/questions/1).");
	assert_text(p.duplicate_of, "1");
	assert_true(p.closed != CLOCK_NONE);
	assert_int_equal(p.score, -2);
}

static void names_authors_and_licences(void **state)
{
	struct scene *s = *state;
	struct post_row p;

	import(s, DUMPS "traps");
	p = post(s, "1");
	assert_text(p.author, "Ann \"Ops\" Example");
	assert_text(p.author_link, "https://" SPACE "/users/11");
	assert_text(p.licence, "CC-BY-SA-4.0");
	/* A rollback in 2020 to a text of 2010 brings its licence back. */
	assert_text(p.answers[0].licence, "CC-BY-SA-2.5");
	assert_text(p.answers[0].author, "user 12");
	p = post(s, "2");
	assert_text(p.author, "someone long gone");
	assert_text(p.answers[0].author, "deleted user");
	assert_int_equal(p.answers[0].created, CLOCK_NONE);
}

static void again_changes_nothing(void **state)
{
	struct scene *s = *state;
	int64_t changed, counted;

	import(s, DUMPS "traps");
	changed = s->changed;
	counted = s->counted;
	import(s, DUMPS "traps");
	assert_int_equal(s->changed, changed);
	assert_int_equal(s->counted, counted);
	assert_int_equal(s->dump.in.added, 0);
	assert_int_equal(s->dump.in.updated, 0);
	assert_int_equal(s->dump.converted, 1); /* the waiting one */
	assert_int_equal(s->dump.in.waiting, 1);
}

static void votes_are_no_change_of_text(void **state)
{
	struct scene *s = *state;
	int64_t changed, counted;

	import(s, DUMPS "older");
	changed = s->changed;
	counted = s->counted;
	import(s, DUMPS "votes");
	assert_int_equal(s->changed, changed);
	assert_true(s->counted > counted);
	assert_int_equal(post(s, "1").score, 5);
	assert_int_equal(post(s, "1").views, 50);
	assert_int_equal(post(s, "1").answers[0].score, 5);
	counted = s->counted;
	import(s, DUMPS "older");
	assert_int_equal(s->counted, counted);
	assert_int_equal(post(s, "1").score, 5);
}

static void a_newer_dump_updates_an_older_one_does_not(void **state)
{
	struct scene *s = *state;
	struct post_row p;
	int64_t changed;

	import(s, DUMPS "older");
	import(s, DUMPS "newer");
	p = post(s, "1");
	assert_text(p.content, "new text");
	assert_int_equal(p.answer_count, 2);
	assert_true(p.answers[0].accepted);
	changed = s->changed;
	import(s, DUMPS "older");
	p = post(s, "1");
	assert_text(p.content, "new text");
	assert_true(p.answers[0].accepted);
	assert_int_equal(p.score, 9);
	assert_int_equal(s->changed, changed);
}

static void reads_archives_and_line_ends(void **state)
{
	static const char *const paths[] = { DUMPS "windows.example.com.7z",
		                             DUMPS "windows.example.com.zip",
		                             DUMPS "windows/Posts.xml" };
	struct scene *s = *state;
	struct post_row p;
	size_t i;

	for (i = 0; i < 3; i++) {
		import(s, paths[i]);
		assert_int_equal(s->dump.broken.count, 0);
		assert_int_equal(s->dump.rows, 2);
		p = post(s, "1");
		assert_text(p.content, "one\n\ntwo");
		assert_text(p.answers[0].content, "an \"answer\"");
	}
}

struct pile {
	char *at;
	size_t len;
};

static bool pile_up(void *self, const struct post_row *p, struct fault *f)
{
	struct pile *pile = self;
	size_t i;

	(void)f;
	pile->len += (size_t)snprintf(pile->at + pile->len, 4096 - pile->len,
	                              "%.*s %.*s\n", SLICE_ARG(p->native),
	                              SLICE_ARG(p->content));
	for (i = 0; i < p->answer_count; i++)
		pile->len += (size_t)snprintf(pile->at + pile->len,
		                              4096 - pile->len, "%.*s %.*s\n",
		                              SLICE_ARG(p->answers[i].native),
		                              SLICE_ARG(p->answers[i].content));
	return true;
}

static void threads_change_nothing(void **state)
{
	struct post_filter all = { 0 };
	char texts[2][4096];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct pile pile = { texts[i], 0 };
		struct scene *s;

		scene_open((void **)&s);
		import_with(s, DUMPS "traps", i ? 3 : 0);
		assert_true(posts_each(s->store, &reader_all, &all, &s->arena,
		                       pile_up, &pile, &s->fault));
		scene_close((void **)&s);
	}
	assert_string_equal(texts[0], texts[1]);
}

static void wants_to_know_the_site(void **state)
{
	struct dump_options o = { .path = DUMPS "older",
		                  .progress = PROGRESS_QUIET };
	struct scene *s = *state;

	assert_false(dump_import(s->store, &o, &s->dump, &s->fault));
	assert_int_equal(s->fault.kind, FAULT_USAGE);
	assert_string_equal(s->fault.code, "dump-site");
	o.path = DUMPS "windows.example.com.7z";
	assert_true(dump_import(s->store, &o, &s->dump, &s->fault));
	assert_string_equal(s->dump.site, "windows.example.com");
}

/* Imports rows of Posts that are made here. */
static void import_text(struct scene *s, struct buf *rows)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/Posts.xml", s->folder);
	file = fopen(path, "wb");
	assert_non_null(file);
	fprintf(file, "<posts>\n%s</posts>\n", buf_string(rows));
	fclose(file);
	import(s, path);
	unlink(path);
	buf_release(rows);
}

static void repeat(struct buf *out, const char *text, int times)
{
	while (times--)
		buf_text(out, text);
}

static void flags_what_was_not_taken_whole(void **state)
{
	struct buf rows = BUF_INIT(1 << 20);
	struct scene *s = *state;

	buf_text(&rows, "<row Id=\"1\" PostTypeId=\"1\" Body=\"first ");
	repeat(&rows, "&lt;div&gt;", 400);
	buf_text(&rows,
	         "deep\"/>\n<row Id=\"2\" PostTypeId=\"1\" Body=\"&lt;p");
	repeat(&rows, " a=1", 600);
	buf_text(&rows, "&gt;many attributes\"/>\n"
	                "<row Id=\"3\" PostTypeId=\"1\" Body=\"plain\"/>\n");
	import_text(s, &rows);
	assert_int_equal(s->dump.truncated, 1);
	assert_int_equal(post(s, "1").flags, RECORD_TRUNCATED);
	assert_int_equal(s->dump.broken.count, 1);
	assert_int_equal(s->dump.broken.first[0].line, 3);
	assert_int_equal(s->dump.broken.first[0].kind, FAULT_LIMIT);
	assert_int_equal(post(s, "3").flags, 0);
}

static void keeps_ids_far_above_and_names_them(void **state)
{
	struct buf rows = BUF_INIT(1 << 20);
	struct scene *s = *state;
	int i;

	for (i = 1; i <= 20; i++)
		buf_addf(&rows, "<row Id=\"%d\" PostTypeId=\"1\"/>\n", i * 900);
	buf_text(&rows, "<row Id=\"1000000001\" PostTypeId=\"1\" "
	                "OwnerUserId=\"5\"/>\n"
	                "<row Id=\"200000\" PostTypeId=\"1\"/>\n");
	import_text(s, &rows);
	assert_int_equal(s->dump.planted, 0);
	assert_int_equal(s->dump.far_count, 2);
	assert_int_equal(s->dump.far[0], 1000000001);
	assert_int_equal(s->dump.far[1], 200000);
	assert_int_equal(s->dump.in.added, 22);
}

/* More rows than a batch has, in reverse: each answer finds its question. */
static void takes_answers_before_their_questions(void **state)
{
	struct buf rows = BUF_INIT(1 << 20);
	struct scene *s = *state;
	int i;

	for (i = 300; i > 0; i--)
		buf_addf(&rows,
		         "<row Id=\"%d\" PostTypeId=\"%d\" ParentId=\"%d\" "
		         "Body=\"text %d\"/>\n",
		         i, i % 2 ? 1 : 2, i - 1, i);
	import_text(s, &rows);
	assert_int_equal(s->dump.in.questions, 150);
	assert_int_equal(s->dump.in.answers, 150);
	assert_int_equal(s->dump.in.waiting, 0);
	assert_text(post(s, "149").answers[0].content, "text 150");
}

static void fails_on(struct scene *s, const char *name, struct slice bytes,
                     const char *code)
{
	struct dump_options o = { .site = SLICE(SPACE),
		                  .progress = PROGRESS_QUIET };
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
	fclose(file);
	o.path = path;
	assert_false(dump_import(s->store, &o, &s->dump, &s->fault));
	unlink(path);
	if (*code)
		assert_string_equal(s->fault.code, code);
	assert_int_equal(s->fault.kind, FAULT_INPUT);
	assert_non_null(strstr(s->fault.subject, name));
}

static void refuses_what_is_no_dump(void **state)
{
	struct scene *s = *state;
	char archive[512];
	size_t len;
	FILE *file = fopen(DUMPS "windows.example.com.7z", "rb");

	assert_non_null(file);
	len = fread(archive, 1, sizeof(archive), file);
	fclose(file);
	fails_on(s, "Posts.xml", SLICE(""), "dump-empty");
	fails_on(s, "Posts.xml", SLICE("<html><p>Moved</p></html>"),
	         "dump-foreign");
	fails_on(s, "cut.7z", (struct slice){ archive, len / 2 }, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(takes_every_trap),
		SCENE(writes_clean_markdown),
		SCENE(names_authors_and_licences),
		SCENE(again_changes_nothing),
		SCENE(votes_are_no_change_of_text),
		SCENE(a_newer_dump_updates_an_older_one_does_not),
		SCENE(reads_archives_and_line_ends),
		cmocka_unit_test(threads_change_nothing),
		SCENE(flags_what_was_not_taken_whole),
		SCENE(keeps_ids_far_above_and_names_them),
		SCENE(takes_answers_before_their_questions),
		SCENE(wants_to_know_the_site),
		SCENE(refuses_what_is_no_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

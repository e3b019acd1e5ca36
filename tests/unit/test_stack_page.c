/*
 * Question pages in the layouts of different years.
 *
 *	test_stack_page PAGE...
 *
 * prints instead, a line of JSON a page, what is read from saved pages:
 * tests/judge/stack_pages.py compares that with a reading of its own.
 */

#include "stack_scene.h"

#include "base/json.h"
#include "crawler/stack_page.h"

static bool load(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t n;

	if (!file)
		return false;
	buf_reset(out);
	while ((n = fread(chunk, 1, sizeof(chunk), file)))
		buf_add(out, (struct slice){ chunk, n });
	fclose(file);
	return true;
}

static void put_id(struct json_out *o, const char *name, struct slice id)
{
	int64_t n = 0;

	slice_number(id, &n);
	json_pair_number(o, name, n);
}

static void put_time(struct json_out *o, const char *name, int64_t time)
{
	json_key(o, name);
	if (time == CLOCK_NONE)
		json_put_null(o);
	else
		json_put_number(o, time / 1000);
}

static void put_post(struct json_out *o, const struct stack_post *p)
{
	const struct record *r = &p->record;
	size_t i;

	put_id(o, "id", r->id);
	json_pair_number(o, "votes", r->score);
	put_time(o, "created", r->created);
	put_time(o, "modified", r->modified);
	put_id(o, "author_id", r->author_id);
	json_pair(o, "author", p->name);
	json_pair(o, "licence", r->licence);
	json_pair_number(o, "body_bytes", (int64_t)r->original.len);
	json_key(o, "comments");
	json_open(o, '[');
	for (i = 0; i < p->comment_count; i++) {
		json_open(o, '{');
		put_id(o, "id", p->comments[i].comment.id);
		json_pair_number(o, "votes", p->comments[i].comment.score);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_page(struct json_out *o, const struct stack_page *page)
{
	const struct record *q = &page->posts[0].record;
	size_t i;

	json_pair(o, "layout", slice_of(page->layout));
	json_pair_number(o, "found", page->found);
	json_pair_number(o, "wanted", page->wanted);
	json_pair(o, "title", q->title);
	json_pair_number(o, "views", q->views);
	put_id(o, "accepted", q->accepted);
	json_pair_number(o, "answer_count", page->answers);
	put_time(o, "closed", q->closed);
	put_post(o, &page->posts[0]);
	json_key(o, "tags");
	json_open(o, '[');
	for (i = 0; i < q->tag_count; i++)
		json_put_text(o, q->tags[i]);
	json_close(o, ']');
	json_key(o, "answers");
	json_open(o, '[');
	for (i = 1; i < page->count; i++) {
		json_open(o, '{');
		put_post(o, &page->posts[i]);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void print_page(const char *path, struct markup_parser *parser)
{
	struct buf html = BUF_INIT(LIMIT_BODY), line = BUF_INIT(LIMIT_BODY);
	struct arena a = ARENA_INIT;
	struct stack_page page;
	struct json_out o;
	struct markup m;
	struct fault f;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair(&o, "path", slice_of(path));
	if (load(path, &html) &&
	    markup_parse(parser, buf_slice(&html), &a, &m, &f) &&
	    stack_page_read(&m, 1, SLICE("ops.example"), &a, &page, &f))
		put_page(&o, &page);
	else
		json_pair(&o, "fault", slice_of(f.text));
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
	buf_release(&html);
	arena_release(&a);
}

#define SITE "way = html\nsite = ops.example\n"

/* The first question of the first list page is asked for. */
static void start_question(struct scene *s, const char *settings)
{
	scene_start(s, settings);
	scene_must_read(s, "pages/list-table.html");
	assert_int_equal(s->asked.tag, 12);
}

static void reads_todays_pages(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	scene_must_read(s, "pages/stacks.html");
	scene_said(s, "question 11 [Why does \"df\" & du disagree?] votes 12 "
	              "views 3456 accepted 21 at 1400034072 by 5 #linux "
	              "#disk-space CC-BY-SA-3.0\n"
	              "author 5 [Ada & Co] https://ops.example/users/5\n"
	              "comment 91 of 11 votes 3 [Is a file deleted but open? "
	              "`lsof +L1`]\n"
	              "author 6 [Bo] https://ops.example/users/6\n"
	              "answer 22 of 11 [] votes -1 at 1400033472 by ~user77 "
	              "CC-BY-SA-3.0\n"
	              "answer 21 of 11 [] votes 9 at 1400031472 by 6 "
	              "CC-BY-SA-3.0\n"
	              "author 6 [Bo] https://ops.example/users/6\n");
}

/* In another language: closed as a repetition, an answer that is a wiki. */
static void reads_pages_of_2019(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	scene_must_read(s, "pages/grid.html");
	scene_said(s, "question 31 [Servi\xC3\xA7o cai toda noite] votes 0 "
	              "views 12814 accepted 32 at 1493567317 closed "
	              "1493719200 by 74 #systemd CC-BY-SA-3.0\n"
	              "author 74 [In\xC3\xAAs] https://ops.example/users/74\n"
	              "comment 41 of 31 votes 0 [E os logs?]\n"
	              "author 75 [Rui] https://ops.example/users/75\n"
	              "link 31 to 7 duplicate\n"
	              "answer 32 of 31 [] votes 5 at 1493669133 by 75 \n"
	              "author 75 [Rui] https://ops.example/users/75\n");
}

static void reads_pages_of_2010(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	scene_must_read(s, "pages/table.html");
	scene_said(s, "question 51 [Swap on a full disk] votes 1204 views 9876 "
	              "accepted 53 at 1272787200 closed 1272880800 by 61 "
	              "#linux #swap \n"
	              "author 61 [Kim] https://ops.example/users/61\n"
	              "comment 71 of 51 votes 4 [Which kernel?]\n"
	              "author 62 [Lee] https://ops.example/users/62\n"
	              "answer 52 of 51 [] votes -2 at 1272700800 by 62 \n"
	              "author 62 [Lee] https://ops.example/users/62\n"
	              "answer 53 of 51 [] votes 31 at 1272715200 by 63 \n"
	              "author 63 [Mo] https://ops.example/users/63\n");
}

/* A layout of the future: what it tells search engines is all we know. */
static void reads_unknown_layouts(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	scene_must_read(s, "pages/schema.html");
	scene_said(s, "question 81 [Fan noise] votes 4 views 210 at 1772359200 "
	              "by 91 #hardware \n"
	              "author 91 [Nia] https://ops.example/users/91\n"
	              "answer 82 of 81 [] votes 3 at 1772362800 by 92 \n"
	              "author 92 [Oz] https://ops.example/users/92\n");
}

static void keeps_nothing_of_half_a_page(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	assert_false(scene_read(s, "pages/half.html"));
	assert_int_equal(s->fault.kind, FAULT_INPUT);
	assert_string_equal(s->fault.code, "stack-layout");
	scene_said(s, "");
	assert_false(scene_read(s, "pages/wall.html"));
	assert_string_equal(s->fault.code, "stack-layout");
	assert_false(scene_reply(s, SLICE("")));
	scene_start(s, SITE);
	assert_false(scene_read(s, "pages/wall.html"));
	assert_string_equal(s->fault.code, "stack-layout");
}

static void walks_lists(void **state)
{
	struct scene *s = *state;

	scene_start(s, SITE "pages = 2\n");
	scene_said(s, "ask https://ops.example/questions?tab=Active&page=1&"
	              "pagesize=50\n");
	assert_true(s->asked.flags & ASK_PAGE);
	assert_true(s->asked.flags & ASK_AGAIN);
	scene_must_read(s, "pages/list-stacks.html");
	scene_said(s, "ask https://ops.example/questions/11/"
	              "why-does-df-du-disagree\n"
	              "ask https://ops.example/questions/13/restart\n"
	              "mark\n"
	              "ask https://ops.example/questions?tab=Active&page=2&"
	              "pagesize=50\n");
	/* The ceiling. */
	scene_must_read(s, "pages/list-stacks.html");
	assert_null(strstr(buf_string(&s->log), "page=3"));
}

static void walks_down_to_the_votes_wanted(void **state)
{
	struct scene *s = *state;

	scene_start(s, SITE "order = votes\nmin-score = 1\n"
	                    "url = https://mirror.example/ops/\n");
	scene_said(s, "ask https://mirror.example/ops/questions?tab=Votes&"
	              "page=1&pagesize=50\n");
	scene_must_read(s, "pages/list-stacks.html");
	/* Links that leave the mirror are not followed. */
	scene_said(s, "mark\n");
	scene_start(s, SITE "order = votes\nmin-score = 1\n");
	scene_must_read(s, "pages/list-stacks.html");
	scene_said(s, "ask https://ops.example/questions/11/"
	              "why-does-df-du-disagree\n"
	              "mark\n");
}

/* A page is due when the list says that something happened since the last
 * run. */
static void hints_at_the_last_activity(void **state)
{
	static const char said[] = "ask https://ops.example/questions/51/"
	                           "swap-on-a-full-disk\n"
	                           "mark\n";
	struct scene *s = *state;

	scene_start(s, SITE);
	scene_must_read(s, "pages/list-table.html");
	scene_said(s, said);
	assert_int_equal(s->asked.due, 0);
	assert_int_equal(s->asked.flags, ASK_PAGE | ASK_ERRORS);
	s->mark = SLICE("pages 1272880000000");
	scene_start(s, SITE);
	scene_must_read(s, "pages/list-table.html");
	scene_said(s, said);
	assert_int_equal(s->asked.due, 1272880800000);
	s->mark = SLICE("pages 1300000000000");
	scene_start(s, SITE);
	scene_must_read(s, "pages/list-table.html");
	assert_int_equal(s->asked.due, 0);
}

/* The number in the address tells which question is gone. */
static void misses_what_is_gone(void **state)
{
	struct scene *s = *state;

	start_question(s, SITE);
	s->status = 404;
	assert_true(scene_reply(s, SLICE("<h1>Page not found</h1>")));
	scene_said(s, "missing 51\n");
	s->status = 403;
	assert_false(scene_reply(s, SLICE("<h1>No</h1>")));
	assert_int_equal(s->fault.kind, FAULT_DENIED);
	scene_said(s, "");
}

static void stays_on_the_site(void **state)
{
	static const struct {
		const char *url;
		bool within;
	} cases[] = {
		{ "https://ops.example/questions/11/x", true },
		{ "https://ops.example/a/21", true },
		{ "https://ops.example/users/5", false },
		{ "https://other.example/questions/11", false },
	};
	struct scene *s = *state;
	struct buf why = BUF_INIT(256);
	size_t i;

	scene_start(s, SITE);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (s->kind->within(s->self, slice_of(cases[i].url), 0, &why) !=
		    cases[i].within)
			fail_msg("%s", cases[i].url);
	buf_release(&why);
}

static int print_pages(char **paths)
{
	struct markup_parser *parser = markup_parser_new();

	while (*++paths)
		print_page(*paths, parser);
	markup_parser_free(parser);
	return 0;
}

#define SCENE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(reads_todays_pages),
		SCENE_TEST(reads_pages_of_2019),
		SCENE_TEST(reads_pages_of_2010),
		SCENE_TEST(reads_unknown_layouts),
		SCENE_TEST(keeps_nothing_of_half_a_page),
		SCENE_TEST(walks_lists),
		SCENE_TEST(walks_down_to_the_votes_wanted),
		SCENE_TEST(hints_at_the_last_activity),
		SCENE_TEST(misses_what_is_gone),
		SCENE_TEST(stays_on_the_site),
	};

	if (argc > 1)
		return print_pages(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

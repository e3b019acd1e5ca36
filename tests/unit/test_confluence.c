/*
 * Confluence's replies, of both kinds, and what is read in them; the pieces
 * below: links of lists, labels, notes.
 */

#include "recorded.h"

#include "base/limits.h"
#include "crawler/confluence_access.h"
#include "crawler/confluence_call.h"
#include "crawler/confluence_page.h"
#include "crawler/confluence_site.h"

#define CLOUD "url = https://wiki.example/wiki\n"
#define SERVER                                                                 \
	"url = https://wiki.example/confluence/display/OPS\napi = server\n"
#define RULES "restricted-groups = sre=sre\njira = https://jira.example/\n"

static const struct source_kind *kind(void)
{
	return source_find(SLICE("confluence"));
}

static int64_t moment(const char *text)
{
	int64_t time = 0;

	assert_true(clock_read(slice_of(text), &time));
	return time;
}

/* Everything, then a day later: what was closed is open, what was open is for
 * one group, and a blog post lies in the trash. */
static void tell(const char *folder, const char *later, const char *settings)
{
	struct recorded c;

	recorded_open(&c, kind(), folder);
	recorded_run(&c, settings,
	             (struct source_start){ .time = moment("2026-03-02") });
	recorded_expect(&c, "expected");
	recorded_turn(&c, later);
	recorded_run(&c, settings,
	             (struct source_start){ .time = moment("2026-03-03") });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

static void test_cloud(void **state)
{
	(void)state;
	tell("confluence/cloud", "confluence/cloud/later", CLOUD RULES);
}

static void test_server(void **state)
{
	(void)state;
	tell("confluence/server", "confluence/server/later", SERVER RULES);
}

static void expect_space(const char *url, const char *space, const char *base)
{
	struct confluence_site s = { 0 };
	struct buf b = BUF_INIT(4096);
	struct fault f;

	assert_true(confluence_site_space(slice_of(url), &b, &f));
	assert_string_equal(buf_string(&b), space);
	confluence_site_open(&s, slice_of(url), CONFLUENCE_UNKNOWN);
	assert_string_equal(s.base.at, base);
	assert_int_equal(s.kind, slice_ends(s.base, SLICE("/wiki"))
	                                 ? CONFLUENCE_CLOUD
	                                 : CONFLUENCE_UNKNOWN);
	confluence_site_release(&s);
	buf_release(&b);
}

static void test_addresses(void **state)
{
	struct buf b = BUF_INIT(4096);
	struct fault f;

	(void)state;
	expect_space("https://Ops.atlassian.net", "ops.atlassian.net",
	             "https://Ops.atlassian.net/wiki");
	expect_space("https://ops.atlassian.net/wiki/spaces/OPS/overview",
	             "ops.atlassian.net", "https://ops.atlassian.net/wiki");
	expect_space("https://api.atlassian.com/ex/confluence/1-2/",
	             "api.atlassian.com/ex/confluence/1-2",
	             "https://api.atlassian.com/ex/confluence/1-2/wiki");
	expect_space("http://wiki.example:8090/", "wiki.example:8090",
	             "http://wiki.example:8090");
	expect_space("https://wiki.example/confluence/display/OPS/A?b#c",
	             "wiki.example/confluence",
	             "https://wiki.example/confluence");
	expect_space("https://wiki.example/x/AbC", "wiki.example",
	             "https://wiki.example");
	assert_false(confluence_site_space(SLICE("https:///a"), &b, &f));
	buf_release(&b);
}

/* `next` as a list of a wiki at `base` gives it; NULL: it is refused. */
static void expect_next(const char *base, const char *next, const char *url)
{
	struct ask ask = { .url = SLICE("https://w.example/wiki/a?start=0") };
	struct reply r = { .ask = &ask };
	struct buf json = BUF_INIT(4096), out = BUF_INIT(4096);
	struct fault f = { 0 };
	struct json *j;

	buf_addf(&json, "{\"_links\":{\"next\":\"%s\"}}", next);
	assert_true(json_parse(&j, buf_slice(&json), &f));
	assert_int_equal(confluence_call_next(j, slice_of(base), &r, &out, &f),
	                 url != NULL);
	if (url)
		assert_string_equal(buf_string(&out), url);
	else
		assert_int_equal(out.len, 0);
	json_free(j);
	buf_release(&json);
	buf_release(&out);
}

static void expect_place(const char *link, const char *base, const char *space)
{
	struct confluence_place p =
	        confluence_link_place(slice_of(link), SLICE("7"));

	assert_true(slice_eq(p.base, slice_of(base)));
	assert_true(slice_eq(p.space, slice_of(space)));
	assert_true(slice_eq(p.page, SLICE("7")));
}

static void test_places(void **state)
{
	(void)state;
	expect_place("https://w.example/wiki/spaces/OPS/pages/7/A",
	             "https://w.example/wiki", "OPS");
	expect_place("https://w.example/display/OPS/A", "https://w.example",
	             "OPS");
	expect_place("https://w.example/c/pages/viewpage.action?pageId=7",
	             "https://w.example/c", "");
	expect_place("https://w.example/7", "https://w.example/7", "");
}

static void test_too_many_spaces(void **state)
{
	struct confluence_site s = { 0 }, back = { 0 };
	struct buf b = BUF_INIT(LIMIT_MARK);
	char key[256];
	bool added = true;

	(void)state;
	for (int n = 0; added; n++) {
		char digits[12];

		snprintf(digits, sizeof(digits), "%08d", n);
		memset(key, 'K', sizeof(key));
		memcpy(key, digits, 8);
		added = confluence_site_add(&s, SLICE("1"),
		                            (struct slice){ key, 255 });
	}
	assert_true(s.space_count > 3000);
	s.wanted = SLICE("all");
	confluence_site_write_mark(&s, &b);
	assert_false(buf_full(&b));
	confluence_site_read_mark(&back, buf_slice(&b));
	assert_int_equal(back.space_count, s.space_count);
	confluence_site_release(&s);
	confluence_site_release(&back);
	buf_release(&b);
}

static void test_next_links(void **state)
{
	static const char wiki[] = "https://w.example/wiki";
	static const char bare[] = "https://w.example";

	(void)state;
	expect_next(wiki, "/rest/api/content?start=25",
	            "https://w.example/wiki/rest/api/content?start=25");
	expect_next(wiki, "/wiki/api/v2/pages?cursor=a%3D%3D",
	            "https://w.example/wiki/api/v2/pages?cursor=a%3D%3D");
	expect_next(wiki, "https://w.example/wiki/rest/api/content?start=1",
	            "https://w.example/wiki/rest/api/content?start=1");
	expect_next(bare, "/rest/api/search?cql=type=page and x='a b'",
	            "https://w.example/rest/api/search?cql=type=page%20and%20x="
	            "%27a%20b%27");
	expect_next(wiki, "", "");
	/* To other hosts, other places, and in a circle. */
	expect_next(wiki, "https://evil.example/wiki/a", NULL);
	expect_next(wiki, "//evil.example/wiki/a", NULL);
	expect_next(wiki, "http://w.example/wiki/a", NULL);
	expect_next(wiki, "https://w.example:8443/wiki/a", NULL);
	expect_next(wiki, "https://w.example/other/a", NULL);
	expect_next(wiki, "/wiki/../admin", NULL);
	expect_next(wiki, "?start=25", NULL);
	expect_next(wiki, "file:///etc/passwd", NULL);
	expect_next(wiki, "/wiki/a?start=0", NULL);
}

#define ANY "{\"results\":[],\"size\":0}"
#define READ(users, groups)                                                    \
	"\"restrictions\":{\"read\":{\"restrictions\":{\"user\":" users        \
	",\"group\":" groups "}}}"
#define OPEN READ(ANY, ANY)
#define GROUP(g) READ(ANY, "{\"results\":[{\"name\":\"" g "\"}],\"size\":1}")
#define BOTH                                                                   \
	READ(ANY, "{\"results\":[{\"name\":\"sre\"},{\"name\":\"web\"}],"      \
	          "\"size\":2}")
#define USER READ("{\"results\":[{\"username\":\"ann\"}],\"size\":1}", ANY)
/* More than one reply tells: some, but not who. */
#define MANY READ("{\"results\":[],\"size\":3}", ANY)
#define PAGE(own, above) "{\"type\":\"page\"," own ",\"ancestors\":[" above "]}"

static void expect_label(const char *restricted, const char *json,
                         enum confluence_verdict wanted, const char *label)
{
	struct arena a = ARENA_INIT;
	struct confluence_access x;
	struct slice got = { 0 };
	struct json *j;
	struct fault f;

	assert_true(confluence_access_read(&x, slice_of(restricted),
	                                   SLICE("web=web, sre=on-call"), &a,
	                                   &f));
	assert_true(json_parse(&j, slice_of(json), &f));
	assert_int_equal(confluence_access_of(&x, j, &got), wanted);
	assert_true(slice_eq(got, slice_of(label)));
	json_free(j);
	arena_release(&a);
}

static void test_labels(void **state)
{
	(void)state;
	expect_label("skip", PAGE(OPEN, ""), VERDICT_OPEN, "");
	expect_label("skip", PAGE(OPEN, "{" OPEN "},{" OPEN "}"), VERDICT_OPEN,
	             "");
	expect_label("skip", PAGE(USER, ""), VERDICT_CLOSED, "");
	expect_label("skip", PAGE(MANY, ""), VERDICT_CLOSED, "");
	expect_label("hr", PAGE(USER, ""), VERDICT_LABEL, "hr");
	expect_label("skip", PAGE(OPEN, "{" OPEN "},{" USER "}"),
	             VERDICT_CLOSED, "");
	expect_label("skip", PAGE(GROUP("sre"), ""), VERDICT_LABEL, "on-call");
	expect_label("skip", PAGE(GROUP("hr"), ""), VERDICT_CLOSED, "");
	/* The first of the settings that all let in. */
	expect_label("skip", PAGE(BOTH, ""), VERDICT_LABEL, "web");
	expect_label("skip", PAGE(BOTH, "{" GROUP("sre") "}"), VERDICT_LABEL,
	             "on-call");
	expect_label("skip", PAGE(GROUP("web"), "{" GROUP("sre") "}"),
	             VERDICT_CLOSED, "");
	expect_label("hr", PAGE(GROUP("web"), "{" GROUP("sre") "}"),
	             VERDICT_LABEL, "hr");
	/* What is not told counts as closed. */
	expect_label("hr", "{\"type\":\"page\",\"ancestors\":[]}",
	             VERDICT_UNKNOWN, "");
	expect_label("hr", PAGE(OPEN, "{\"id\":\"1\"}"), VERDICT_UNKNOWN, "");
	expect_label("hr", "{\"type\":\"page\"," OPEN "}", VERDICT_UNKNOWN, "");
	expect_label("hr", "{\"type\":\"blogpost\"," OPEN "}", VERDICT_OPEN,
	             "");
	expect_label("hr", "[]", VERDICT_UNKNOWN, "");
	expect_label("ignore", PAGE(USER, ""), VERDICT_OPEN, "");
}

/* A reply with these headers: how long we stay away, refused or not. */
static void expect_rest(int status, const char *name, const char *value,
                        const char *body, int64_t rest, bool refused)
{
	const struct reply_header headers[] = {
		{ SLICE("x-ratelimit-remaining"), SLICE("0") },
		{ slice_of(name), slice_of(value) },
	};
	struct reply r = { .status = status,
		           .type = SLICE("application/json"),
		           .headers = headers,
		           .header_count = *name ? 2 : 0,
		           .body = slice_of(body),
		           .time = moment("2026-03-02T10:00:00Z") };
	struct yield y = YIELD_INIT;
	struct fault f = { 0 };
	struct json *j;
	enum confluence_answer got = confluence_call_read(&r, &y, &j, &f);

	assert_int_equal(got, status == 200 ? CONFLUENCE_GOOD : CONFLUENCE_BAD);
	assert_int_equal(y.count, rest > 0);
	if (rest) {
		assert_int_equal(y.first->kind, SAID_REST);
		assert_int_equal(y.first->number, rest);
		assert_int_equal(y.first->flag, refused);
	}
	assert_true(got == CONFLUENCE_GOOD ||
	            f.kind == (rest ? FAULT_LATER : FAULT_DENIED));
	json_free(j);
	yield_release(&y);
}

static void test_rests(void **state)
{
	(void)state;
	expect_rest(200, "", "", "{}", 0, false);
	expect_rest(200, "retry-after", "7", "{}", 7000, false);
	expect_rest(200, "x-ratelimit-reset", "2026-03-02T10:00:09Z", "{}",
	            9000, false);
	expect_rest(200, "x-ratelimit-reset", "2026-03-02T09:00:00Z", "{}", 0,
	            false);
	expect_rest(200, "x-ratelimit-reset", "2036-03-02T09:00:00Z", "{}",
	            3600 * 1000, false);
	expect_rest(200, "x-ratelimit-interval-seconds", "3", "{}", 3000,
	            false);
	expect_rest(403, "retry-after", "5", "{}", 5000, true);
	expect_rest(403, "retry-after", "Mon, 02 Mar 2026 10:00:11 GMT", "{}",
	            11000, true);
	expect_rest(403, "", "", "{\"message\":\"Rate limit exceeded\"}", 30000,
	            true);
	expect_rest(403, "", "", "{\"message\":\"You may not\"}", 0, false);
	expect_rest(401, "", "", "", 0, false);
}

/* Wherever a reply breaks off, it is no answer, and nothing is said. */
static void test_replies_that_break_off(void **state)
{
	struct arena a = ARENA_INIT;
	struct ask ask = { .url = SLICE("https://wiki.example/wiki/x"),
		           .tag = 2,
		           .note = SLICE("1 0 0 0 0 0") };
	struct reply r = { .ask = &ask,
		           .status = 200,
		           .type = SLICE("application/json"),
		           .arena = &a };
	struct yield y = YIELD_INIT;
	struct recorded c;
	struct slice whole;
	size_t cut = 0;

	(void)state;
	recorded_open(&c, kind(), "confluence/cloud");
	recorded_run(&c, CLOUD RULES, (struct source_start){ 0 });
	whole = recorded_file(&c, "list-1.json");
	memset(c.self, 0, c.kind->state_size);
	assert_true(kind()->open(
	        c.self,
	        &(struct source_start){
	                .conf = conf_find(c.conf, "source", SLICE("test")) },
	        &c.fault));
	for (; cut + 2 < whole.len; cut += 7) {
		r.body = slice_cut(whole, 0, cut);
		assert_false(kind()->read(c.self, &r, &y, &c.fault));
		assert_int_equal(c.fault.kind, FAULT_LATER);
		assert_int_equal(y.count, 0);
	}
	kind()->close(c.self);
	yield_release(&y);
	arena_release(&a);
	recorded_close(&c);
}

static void test_notes(void **state)
{
	struct confluence_page p = { .id = SLICE("7"),
		                     .type = SLICE("page"),
		                     .space = SLICE("OPS"),
		                     .access = SLICE("sre"),
		                     .link = SLICE("https://w.example/7"),
		                     .author_id = SLICE("ann"),
		                     .author = SLICE("Ann\nExample"),
		                     .created = 5 };
	struct confluence_page back;
	struct buf b = BUF_INIT(LIMIT_NAME);
	char tag[200];

	(void)state;
	memset(tag, 'x', sizeof(tag));
	for (p.tag_count = 0; p.tag_count < 40; p.tag_count++) {
		tag[0] = (char)('0' + p.tag_count);
		p.tags[p.tag_count] =
		        (struct slice){ memcpy(malloc(200), tag, 200), 200 };
	}
	confluence_page_write(&p, &b);
	assert_false(buf_full(&b));
	assert_true(confluence_page_read(&back, buf_slice(&b)));
	assert_true(slice_eq(back.access, p.access));
	assert_true(slice_eq(back.author, SLICE("Ann Example")));
	assert_int_equal(back.created, 5);
	/* As many tags as fit. */
	assert_int_equal(back.tag_count, 19);
	assert_true(slice_eq(back.tags[18], p.tags[18]));
	assert_false(confluence_page_read(&back, SLICE("")));
	assert_false(
	        confluence_page_read(&back, SLICE("x\npage\n\n\n\n\n\n5")));
	for (size_t i = 0; i < p.tag_count; i++)
		free((char *)(uintptr_t)p.tags[i].at);
	buf_release(&b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cloud),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_too_many_spaces),
		cmocka_unit_test(test_next_links),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_rests),
		cmocka_unit_test(test_replies_that_break_off),
		cmocka_unit_test(test_notes),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Parsing through the worker: trees, ceilings, and what kills a worker. */

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/markup.h"

/* The tree as text: <name a="v">...</name>, texts as they are. */
static void show(const struct markup *m, uint32_t n, struct buf *to)
{
	const struct markup_node *node = &m->nodes[n];
	uint32_t i;

	if (node->kind == MARKUP_TEXT) {
		buf_add(to, node->text);
		return;
	}
	buf_byte(to, '<');
	buf_add(to, node->name);
	for (i = 0; i < node->attribute_count; i++) {
		const struct markup_attribute *a =
		        &m->attributes[node->attribute + i];

		buf_addf(to, " %.*s=\"%.*s\"", SLICE_ARG(a->name),
		         SLICE_ARG(a->value));
	}
	buf_byte(to, '>');
	for (i = node->first; i != MARKUP_NONE; i = m->nodes[i].next) {
		assert_int_equal(m->nodes[i].parent, n);
		show(m, i, to);
	}
	buf_addf(to, "</%.*s>", SLICE_ARG(node->name));
}

static void check(const char *html, const char *expected)
{
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct buf text = BUF_INIT(1 << 20);
	struct markup m;
	struct fault f;

	assert_true(markup_parse(p, slice_of(html), &a, &m, &f));
	show(&m, 0, &text);
	assert_string_equal(buf_string(&text), expected);
	assert_false(m.truncated);
	buf_release(&text);
	arena_release(&a);
	markup_parser_free(p);
}

static void test_trees(void **state)
{
	(void)state;
	check("", "<html></html>");
	check("<p>a<b>c</b></p>", "<html><body><p>a<b>c</b></p></body></html>");
	check("<p>one<p>two", "<html><body><p>one</p><p>two</p></body></html>");
	check("<a href='/x?a=1&amp;b=2' rel=nofollow>&lt;&amp;lt;</a>",
	      "<html><body><a href=\"/x?a=1&b=2\" rel=\"nofollow\"><&lt;</a>"
	      "</body></html>");
	check("<html lang=de><body>a",
	      "<html lang=\"de\"><body>a</body></html>");
	check("a<!-- c -->b", "<html><body><p>ab</p></body></html>");
	check("<P>\xe4\xbd\xa0\xe5\xa5\xbd\xe2\x80\xa6</P>",
	      "<html><body><p>\xe4\xbd\xa0\xe5\xa5\xbd\xe2\x80\xa6</p></body></"
	      "html>");
}

/* `count` times `piece` between two others; the caller's to free(). */
static struct slice repeat(const char *head, const char *piece, size_t count,
                           const char *tail)
{
	struct buf b = BUF_INIT(64 << 20);

	buf_text(&b, head);
	while (count--)
		buf_text(&b, piece);
	buf_text(&b, tail);
	assert_false(buf_full(&b));
	return buf_slice(&b);
}

static struct markup_parser *parser;
static struct arena arena;

/* Parses and frees the body. */
static bool parse(struct slice html, struct markup *m, struct fault *f)
{
	bool done = markup_parse(parser, html, &arena, m, f);

	free((char *)html.at);
	return done;
}

/* Whatever came before: the next body is parsed. */
static void check_xml(const char *xml, const char *expected, bool truncated)
{
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct buf text = BUF_INIT(1 << 20);
	struct markup m;
	struct fault f;

	assert_true(markup_parse_as(p, MARKUP_XML, slice_of(xml), &a, &m, &f));
	show(&m, 0, &text);
	assert_string_equal(buf_string(&text), expected);
	assert_int_equal(m.truncated, truncated);
	buf_release(&text);
	arena_release(&a);
	markup_parser_free(p);
}

static void test_xml(void **state)
{
	(void)state;
	check_xml("\n<?xml version='1.0' encoding='latin1'?>\n"
	          "<Feed xmlns:ac=\"u\"><!-- no --><ac:Title a:b='1 &lt; 2'>"
	          "x &amp; &#252;&#x20AC;</ac:Title><?no no?>\n<b/></Feed>\n",
	          "<Feed xmlns:ac=\"u\"><ac:Title a:b=\"1 < 2\">x & \u00FC"
	          "\u20AC</ac:Title>\n<b></b></Feed>",
	          false);
	check_xml("<a b='/x?a=1&amp;b=2&#38;&lt;'/>",
	          "<a b=\"/x?a=1&b=2&<\"></a>", false);
	check_xml("<a>1<![CDATA[<b>&amp;]]>2</a>", "<a>1<b>&amp;2</a>", false);
	check_xml("<a>&#150;</a>", "<a>\xC2\x96</a>", false);
	check_xml("<p:a p:b=''/>", "<p:a p:b=\"\"></p:a>", false);
}

/* What was read before the first mistake, and said so. */
static void test_xml_damaged(void **state)
{
	(void)state;
	check_xml("<a><b>x</a>", "<a><b>x</b></a>", true);
	check_xml("<a><b>x", "<a><b>x</b></a>", true);
	check_xml("<a>x&nbsp;y</a>", "<a>x</a>", true);
	check_xml("<a/><b/>", "<a></a>", true);
	check_xml("<a><b c=d/></a>", "<a></a>", true);
}

static void check_xml_refused(struct slice xml, const char *code)
{
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	assert_false(markup_parse_as(p, MARKUP_XML, xml, &a, &m, &f));
	assert_string_equal(f.code, code);
	assert_true(markup_parse_as(p, MARKUP_XML, SLICE("<a/>"), &a, &m, &f));
	assert_true(markup_parse(p, SLICE("x"), &a, &m, &f));
	arena_release(&a);
	markup_parser_free(p);
}

static void test_xml_refused(void **state)
{
	struct buf wide = BUF_INIT(LIMIT_BODY), deep = BUF_INIT(LIMIT_BODY);
	struct buf text = BUF_INIT(LIMIT_BODY);
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;
	int i;

	(void)state;
	check_xml_refused(SLICE(""), "markup-xml");
	check_xml_refused(SLICE("no tag"), "markup-xml");
	check_xml_refused(SLICE("<!DOCTYPE a><a/>"), "markup-doctype");
	check_xml_refused(SLICE("<!DOCTYPE a [<!ENTITY b SYSTEM "
	                        "'file:///etc/passwd'>]><a>&b;</a>"),
	                  "markup-doctype");
	buf_text(&wide, "<_ ");
	for (i = 0; i < 600; i++)
		buf_addf(&wide, "a%d='' ", i);
	buf_text(&wide, "/>");
	check_xml_refused(buf_slice(&wide), "limit-attributes");
	/* In text it is none. */
	buf_text(&text, "<a><![CDATA[");
	buf_add(&text, buf_slice(&wide));
	buf_text(&text, "]]><!--");
	buf_add(&text, buf_slice(&wide));
	buf_text(&text, "--></a>");
	assert_true(
	        markup_parse_as(p, MARKUP_XML, buf_slice(&text), &a, &m, &f));
	assert_false(m.truncated);
	for (i = 0; i < 100000; i++)
		buf_text(&deep, "<a>");
	assert_true(
	        markup_parse_as(p, MARKUP_XML, buf_slice(&deep), &a, &m, &f));
	assert_true(m.truncated);
	assert_int_equal(m.node_count, LIMIT_DEPTH);
	buf_reset(&text);
	buf_text(&text, "<a>");
	for (i = 0; i < LIMIT_NODES; i++)
		buf_text(&text, "<b/>");
	buf_text(&text, "</a>");
	assert_true(
	        markup_parse_as(p, MARKUP_XML, buf_slice(&text), &a, &m, &f));
	assert_true(m.truncated);
	assert_int_equal(m.node_count, LIMIT_NODES);
	buf_release(&wide);
	buf_release(&deep);
	buf_release(&text);
	arena_release(&a);
	markup_parser_free(p);
}

static void check_alive(void)
{
	struct markup m;
	struct fault f;

	if (!markup_parse(parser, SLICE("<p>alive"), &arena, &m, &f))
		fail_msg("%s", f.text);
	assert_int_equal(m.node_count, 4);
	assert_true(slice_eq(m.nodes[3].text, SLICE("alive")));
}

static void check_refused(struct slice html, const char *code)
{
	struct markup m;
	struct fault f = { 0 };

	assert_false(parse(html, &m, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_string_equal(f.code, code);
	check_alive();
}

static void test_attributes(void **state)
{
	struct markup m;
	struct fault f;

	(void)state;
	check_refused(repeat("<p ", "attribute=1 ", 50000, ">x"),
	              "limit-attributes");
	check_refused(repeat("<p ", "a='>'b ", 600, ""), "limit-attributes");
	/* Quoted values and what stands between tags do not count. */
	assert_true(parse(repeat("<p title='", "word ", 5000, "'>x"), &m, &f));
	assert_int_equal(m.nodes[2].attribute_count, 1);
	assert_true(parse(repeat("<p>", "<br> a < b ", 5000, ""), &m, &f));
}

/* The first paragraph begins so. */
static void check_paragraph(struct slice html, const char *head)
{
	struct markup m;
	struct fault f;
	size_t i = 0;

	assert_true(parse(html, &m, &f));
	while (i < m.node_count && !slice_eq(m.nodes[i].name, SLICE("p")))
		i++;
	assert_true(i + 1 < m.node_count);
	assert_true(slice_starts(m.nodes[i + 1].text, slice_of(head)));
}

static void test_comparison_in_script(void **state)
{
	(void)state;
	/* No tag of thousands of attributes, but "i<n". */
	check_paragraph(repeat("<script>for (i = 0; i<n; i++) ", "a += b + c; ",
	                       2000, "</script><p>text"),
	                "text");
	check_refused(
	        repeat("<script></SCRIPT ><p>i<n ", "a += b + c; ", 2000, ">"),
	        "limit-attributes");
	/* What only seems to be a script opens no tag either. */
	check_paragraph(repeat("<!-- <script> --><p>i<n ", "a b c ", 2000, ">"),
	                "i n a b c");
	check_paragraph(
	        repeat("<!-- <script> --><p>i", "<n<o a b c ", 9000, ">"),
	        "i n o a b c");
}

static void test_attribute_of_scripts(void **state)
{
	(void)state;
	check_paragraph(repeat("<p @click=\"f(a > b, c)\" x=1>text", "", 0, ""),
	                "text");
	check_paragraph(repeat("<p>write to a@b or @c", "", 0, ""),
	                "write to a@b or @c");
}

static void test_size(void **state)
{
	struct markup m;
	struct fault f;

	(void)state;
	check_refused(repeat("<p>", "twenty bytes of text", 1 << 20, ""),
	              "limit-body");
	assert_true(
	        parse(repeat("<p>", "sixteen bytes...", 900000, ""), &m, &f));
	assert_int_equal(m.nodes[3].text.len, 16 * 900000);
	assert_false(m.truncated);
}

static void test_nesting(void **state)
{
	struct markup m;
	struct fault f;
	uint32_t n, depth = 0;

	(void)state;
	assert_true(parse(repeat("", "<div>", 100000, "text"), &m, &f));
	assert_true(m.truncated);
	for (n = 0; n != MARKUP_NONE; n = m.nodes[n].first)
		depth++;
	assert_int_equal(depth, LIMIT_DEPTH);
	/* What is left out loses its place, not its text. */
	assert_true(parse(repeat("", "<i>", 300, "text"), &m, &f));
	assert_true(m.truncated);
	assert_true(slice_eq(m.nodes[m.node_count - 1].text, SLICE("text")));
	assert_true(parse(repeat("", "<i>", 200, "text"), &m, &f));
	assert_false(m.truncated);
	check_alive();
}

static void test_nodes(void **state)
{
	struct markup m;
	struct fault f;

	(void)state;
	assert_true(parse(repeat("<body>", "<br>x", 1100000, ""), &m, &f));
	assert_true(m.truncated);
	assert_int_equal(m.node_count, LIMIT_NODES);
	arena_release(&arena);
	check_alive();
}

static void test_unclosed(void **state)
{
	struct markup m;
	struct fault f;

	(void)state;
	assert_true(parse(repeat("<p>before<!-- ", "never closed ", 400000, ""),
	                  &m, &f));
	assert_true(m.truncated);
	assert_true(slice_eq(m.nodes[3].text, SLICE("before")));
	assert_true(
	        parse(repeat("<p>before<a href=\"", "x", 100000, ""), &m, &f));
	assert_true(m.truncated);
	assert_true(parse(repeat("<", "p", 100000, ""), &m, &f));
	assert_true(parse(repeat("", "</b>", 100000, ""), &m, &f));
	assert_true(parse(repeat("", "<", 100000, ""), &m, &f));
	assert_true(parse(repeat("", "&", 100000, ""), &m, &f));
	assert_true(parse(repeat("", "<a></b>", 100000, ""), &m, &f));
	check_alive();
}

static void check_text(struct slice html, struct slice text)
{
	struct markup m;
	struct fault f;

	assert_true(markup_parse(parser, html, &arena, &m, &f));
	assert_true(slice_eq(m.nodes[m.node_count - 1].text, text));
}

static void test_bytes(void **state)
{
	(void)state;
	check_text(SLICE("<p>a\0b"), SLICE("a\xef\xbf\xbd"
	                                   "b"));
	check_text(SLICE("<p>a\xff\xc0\x80z"),
	           SLICE("a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"));
	check_text(SLICE("<p>a\xed\xa0\x80z"),
	           SLICE("a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"));
	/* Whatever the page says of itself, it is UTF-8. */
	check_text(SLICE("<meta charset=utf-16><p>\xc3\xa9"),
	           SLICE("\xc3\xa9"));
	check_text(SLICE("<meta http-equiv=Content-Type content='text/html; "
	                 "charset=iso-8859-1'><p>\xe4\xb8\xad"),
	           SLICE("\xe4\xb8\xad"));
	check_text(SLICE("<?xml version='1.0' encoding='latin1'?><p>\xc3\xa9"),
	           SLICE("\xc3\xa9"));
	check_text(SLICE("\xef\xbb\xbf<p>a"), SLICE("a"));
	/* Entities are decoded once; what cannot be a character is not. */
	check_text(SLICE("<p>&amp;lt;&#65;&#x4e2d;&eacute;&unknown;"),
	           SLICE("&lt;A\xe4\xb8\xad\xc3\xa9&unknown;"));
	check_text(SLICE("<p>a&#0;&#xD800;&#x110000;&#1;b"), SLICE("ab"));
}

/* Several bodies at once, some refused, in order. */
static void test_many(void **state)
{
	enum { COUNT = 3000 };
	struct slice *html = calloc(COUNT, sizeof(*html));
	struct markup *trees = calloc(COUNT, sizeof(*trees));
	struct fault *faults = calloc(COUNT, sizeof(*faults));
	bool *ok = calloc(COUNT, sizeof(*ok));
	struct slice bad = repeat("<p ", "a ", 1000, ">");
	struct fault f;
	char name[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++) {
		struct buf b = BUF_INIT(4 << 20);

		buf_addf(&b, "<p>%zu", i);
		while (i % 500 == 0 && b.len < 1 << 20)
			buf_text(&b, "<b>large</b> ");
		html[i] = i % 7 == 3 ? bad : buf_slice(&b);
		if (i % 7 == 3)
			buf_release(&b);
	}
	assert_true(markup_parse_many(parser, html, COUNT, &arena, trees, ok,
	                              faults, &f));
	for (i = 0; i < COUNT; i++) {
		assert_int_equal(ok[i], i % 7 != 3);
		if (!ok[i]) {
			assert_string_equal(faults[i].code, "limit-attributes");
			continue;
		}
		snprintf(name, sizeof(name), "%zu", i);
		assert_true(slice_eq(trees[i].nodes[3].text, slice_of(name)));
		free((char *)html[i].at);
	}
	free((char *)bad.at);
	free(html);
	free(trees);
	free(faults);
	free(ok);
	assert_true(markup_parse_many(parser, NULL, 0, &arena, NULL, NULL, NULL,
	                              &f));
}

/* The only child of this process, by the kernel's list of it; 0: none, or no
 * such list. Takes no memory: a thread that does while a worker is forked
 * would leave the sanitizer's locks shut in it. */
static pid_t worker_pid(void)
{
	char path[64], text[32];
	int64_t pid = 0;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	         (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text));
	close(fd);
	if (len > 0)
		slice_number(slice_trim((struct slice){ text, (size_t)len }),
		             &pid);
	return (pid_t)pid;
}

static void test_killed(void **state)
{
	pid_t before, after;

	(void)state;
	check_alive();
	before = worker_pid();
	if (!before)
		skip();
	assert_int_equal(kill(before, SIGKILL), 0);
	check_alive();
	after = worker_pid();
	assert_true(after != before);
	check_alive();
	assert_int_equal(worker_pid(), after);
}

/* The CPU clock ends a worker whatever its maker did with signals. */
static void test_clock_signal(void **state)
{
	sigset_t all, old;
	pid_t before;

	(void)state;
	check_alive();
	before = worker_pid();
	if (!before)
		skip();
	assert_int_equal(kill(before, SIGKILL), 0);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	check_alive();
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	before = worker_pid();
	assert_int_equal(kill(before, SIGPROF), 0);
	check_alive();
	/* Were it still there, the same worker would have answered. */
	while (worker_pid() == before)
		check_alive();
}

enum { KILLS = 5 };

/* Kills the worker and its next ones, as soon as they are there. */
static void *kill_some(void *self)
{
	atomic_bool *stop = self;
	pid_t last = 0;
	int kills = 0;

	while (!*stop && kills < KILLS) {
		pid_t pid = worker_pid();

		if (pid > 0 && pid != last && !kill(pid, SIGKILL)) {
			last = pid;
			kills++;
		}
		sched_yield();
	}
	return NULL;
}

/* Every body has a tree, or the fault of having been there at the time. */
static void test_killed_at_work(void **state)
{
	enum { COUNT = 20000 };
	struct slice *html = calloc(COUNT, sizeof(*html));
	struct markup *trees = calloc(COUNT, sizeof(*trees));
	struct fault *faults = calloc(COUNT, sizeof(*faults));
	bool *ok = calloc(COUNT, sizeof(*ok));
	atomic_bool stop = false;
	pthread_t killer;
	struct fault f;
	size_t i, good = 0;

	(void)state;
	for (i = 0; i < COUNT; i++)
		html[i] = SLICE("<p>some <b>text</b> and <a href=/x>more</a>");
	check_alive();
	if (!worker_pid())
		skip();
	pthread_create(&killer, NULL, kill_some, &stop);
	assert_true(markup_parse_many(parser, html, COUNT, &arena, trees, ok,
	                              faults, &f));
	stop = true;
	pthread_join(killer, NULL);
	for (i = 0; i < COUNT; i++) {
		if (ok[i])
			assert_int_equal(trees[i].node_count, 9);
		good += ok[i];
	}
	assert_in_range(good, COUNT - KILLS, COUNT);
	check_alive();
	free(html);
	free(trees);
	free(faults);
	free(ok);
}

static void *parse_in_thread(void *self)
{
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	size_t *good = self;
	struct markup m;
	struct fault f;
	int i;

	for (i = 0; i < 200; i++)
		*good += markup_parse(p, SLICE("<p>x"), &a, &m, &f);
	arena_release(&a);
	markup_parser_free(p);
	return NULL;
}

/* A worker is forked while other threads run: it must not need their locks. */
static void test_threads(void **state)
{
	pthread_t threads[4];
	size_t good[4] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, parse_in_thread, &good[i]);
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(good[i], 200);
	}
}

/* What the process had before the fork does not count against the worker. */
static void test_large_parent(void **state)
{
	struct markup_parser *p = markup_parser_new();
	void *reserved = malloc((size_t)1 << 30);
	struct markup m;
	struct fault f;

	(void)state;
	assert_non_null(reserved);
	if (!markup_parse(p, SLICE("<p>x"), &arena, &m, &f))
		fail_msg("%s", f.text);
	free(reserved);
	markup_parser_free(p);
}

static void test_sandbox(void **state)
{
	(void)state;
	assert_string_not_equal(markup_sandbox(), "no worker");
	print_message("guarded by: %s\n", markup_sandbox());
}

static int start(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	markup_parser_free(parser);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_xml_damaged),
		cmocka_unit_test(test_xml_refused),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_comparison_in_script),
		cmocka_unit_test(test_attribute_of_scripts),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_unclosed),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_clock_signal),
		cmocka_unit_test(test_killed_at_work),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_large_parent),
		cmocka_unit_test(test_sandbox),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

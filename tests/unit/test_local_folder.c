/* A folder on disk: its walk, and what of it is never reached. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/local_child.h"
#include "crawler/local_folder.h"
#include "crawler/pdf.h"

struct scene {
	char root[64];
	struct conf *conf;
	struct local_pick *pick;
	struct local_folder *folder;
	struct buf told;
};

static void put(const char *root, const char *path, const char *text)
{
	char name[300];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s", root, path);
	file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void make(const char *root, const char *path)
{
	char name[300];

	snprintf(name, sizeof(name), "%s/%s", root, path);
	assert_int_equal(mkdir(name, 0700), 0);
}

static void link_to(const char *root, const char *path, const char *target)
{
	char name[300];

	snprintf(name, sizeof(name), "%s/%s", root, path);
	assert_int_equal(symlink(target, name), 0);
}

static int set_up(void **state)
{
	static struct scene s;
	char name[300];
	struct fault f;

	s = (struct scene){ .root = "/tmp/opslore-folder-XXXXXX",
		            .told = BUF_INIT(1 << 16) };
	assert_non_null(mkdtemp(s.root));
	make(s.root, "docs");
	make(s.root, "docs/a");
	make(s.root, "docs/.git");
	put(s.root, "docs/a/x.md", "x");
	put(s.root, "docs/a/y.txt", "yy");
	put(s.root, "docs/a.md", "");
	put(s.root, "docs/b.md", "bbb");
	put(s.root, "docs/.git/c.md", "no");
	put(s.root, "docs/c.png", "no");
	put(s.root, "outside.md", "secret");
	link_to(s.root, "docs/l1.md", "a/x.md");
	link_to(s.root, "docs/l2.md", "../outside.md");
	link_to(s.root, "docs/l3.md", "/etc/passwd");
	link_to(s.root, "docs/l4", "a");
	link_to(s.root, "docs/l5.md", "nowhere.md");
	link_to(s.root, "docs/l6.md", "/proc/self/environ");
	snprintf(name, sizeof(name), "%s/docs/p.md", s.root);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_true(conf_parse(&s.conf, SLICE("[source it]\nkind = files\n"),
	                       "test", &f));
	assert_true(local_pick_new(
	        &s.pick, conf_find(s.conf, "source", SLICE("it")), &f));
	snprintf(name, sizeof(name), "%s/docs", s.root);
	assert_true(local_folder_new(&s.folder, name, &f));
	*state = &s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	int status = -1;
	pid_t child;

	local_folder_free(s->folder);
	local_pick_free(s->pick);
	conf_free(s->conf);
	buf_release(&s->told);
	child = fork();
	if (!child) {
		execlp("rm", "rm", "-rf", s->root, (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return status;
}

static const char *walk(struct scene *s, const char *after, int most)
{
	static const char *const words[] = { "", "!", "^" };
	struct local_folder_entry e;
	struct fault f;

	buf_reset(&s->told);
	assert_true(
	        local_folder_start(s->folder, s->pick, slice_of(after), &f));
	while (most-- && local_folder_next(s->folder, &e))
		buf_addf(&s->told, "%s%.*s:%lld ", words[e.state],
		         SLICE_ARG(e.path), (long long)e.size);
	return buf_string(&s->told);
}

#define ALL "a/x.md:1 a/y.txt:2 a.md:0 b.md:3 l1.md:1 "
#define OUTSIDE "^l2.md:0 ^l3.md:0 ^l6.md:0 "

static void test_walk(void **state)
{
	struct scene *s = *state;

	assert_string_equal(walk(s, "", -1), ALL OUTSIDE);
	/* From any place: one that is there, one that is gone. */
	assert_string_equal(walk(s, "a/y.txt", -1),
	                    "a.md:0 b.md:3 l1.md:1 " OUTSIDE);
	assert_string_equal(walk(s, "a/xx.md", 2), "a/y.txt:2 a.md:0 ");
	assert_string_equal(walk(s, "zzz", -1), "");
	/* Going on where it stands. */
	assert_string_equal(walk(s, "", 2), "a/x.md:1 a/y.txt:2 ");
	assert_string_equal(walk(s, "a/y.txt", 1), "a.md:0 ");
}

static void reads(struct scene *s, const char *path, enum fault_kind kind)
{
	struct fault f = { 0 };
	int64_t size;
	int fd;

	if (local_folder_open(s->folder, slice_of(path), &fd, &size, &f)) {
		close(fd);
		assert_int_equal(kind, FAULT_NONE);
	} else if (f.kind != kind)
		fail_msg("%s: %s", path, f.text);
}

static void test_open(void **state)
{
	struct scene *s = *state;
	struct fault f;
	int64_t size;
	int fd;

	reads(s, "a/x.md", FAULT_NONE);
	reads(s, "l1.md", FAULT_NONE);
	reads(s, "p.md", FAULT_GONE);
	reads(s, "a", FAULT_GONE);
	reads(s, "none.md", FAULT_GONE);
	reads(s, "a.md/x", FAULT_GONE);
	reads(s, "../outside.md", FAULT_GONE);
	assert_false(
	        local_folder_open(s->folder, SLICE("l2.md"), &fd, &size, &f));
	assert_false(
	        local_folder_open(s->folder, SLICE("l3.md"), &fd, &size, &f));
	assert_false(
	        local_folder_open(s->folder, SLICE("l6.md"), &fd, &size, &f));
}

static void test_missing_folder(void **state)
{
	struct local_folder *d;
	struct fault f;

	(void)state;
	assert_false(local_folder_new(&d, "/nowhere/at/all", &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

static void test_deep(void **state)
{
	struct scene *s = *state;
	struct buf path = BUF_INIT(4096);

	buf_text(&path, "docs/z");
	for (int i = 0; i < 70; i++) {
		make(s->root, buf_string(&path));
		buf_text(&path, "/z");
	}
	assert_non_null(strstr(walk(s, "", -1), "!z/z/z/"));
	buf_release(&path);
}

/* Runs a program on the file b.md. */
static bool runs(struct scene *s, const char *const *argv, size_t most,
                 struct fault *f)
{
	struct local_child c = { .argv = argv,
		                 .seconds = 1,
		                 .timeout = 5000,
		                 .memory = (size_t)1 << 30 };
	int64_t size;
	bool ok;

	assert_true(local_folder_open(s->folder, SLICE("b.md"), &c.input, &size,
	                              f));
	buf_release(&s->told);
	s->told = BUF_INIT(most);
	ok = local_child_run(&c, &s->told, f);
	close(c.input);
	return ok;
}

static void test_child(void **state)
{
	static const char *const cat[] = { "cat", "-", NULL };
	static const char *const yes[] = { "yes", NULL };
	static const char *const fails[] = { "cat", "/nowhere", NULL };
	static const char *const none[] = { "opslore-no-such-program", NULL };
	static const char *const spins[] = { "sh", "-c", "while :; do :; done",
		                             NULL };
	static const char *const descriptors[] = { "ls", "/proc/self/fd",
		                                   NULL };
	struct scene *s = *state;
	struct fault f;

	assert_true(runs(s, cat, 100, &f));
	assert_string_equal(buf_string(&s->told), "bbb");
	assert_false(runs(s, yes, 1 << 20, &f));
	assert_string_equal(f.code, "limit-child");
	assert_false(runs(s, fails, 100, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_false(runs(s, none, 100, &f));
	assert_string_equal(f.code, "not-installed");
	assert_false(runs(s, spins, 100, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	/* The three, and the one by which ls reads the folder. */
	assert_true(runs(s, descriptors, 100, &f));
	assert_string_equal(buf_string(&s->told), "0\n1\n2\n3\n");
}

/* Lines, words and paragraphs that margins had broken; heads and feet. */
static void test_pdf_text(void **state)
{
	struct buf out = BUF_INIT(4096);

	(void)state;
	pdf_text(
	        SLICE("Handbook 1\nWhen the disk of a node is full and alert-\n"
	              "ing begins, look for large logs at first, then\n"
	              "rotate.\n\n\xe2\x80\xa2 one\n\xe2\x80\xa2 two\n1\n\f"
	              "Handbook 2\nA paragraph that runs over the page and\n"
	              "2\n\f"
	              "Handbook 3\nends here.\n3\n\f"),
	        &out);
	assert_string_equal(
	        buf_string(&out),
	        "When the disk of a node is full and alerting begins, look "
	        "for large logs at first, then rotate.\n\n"
	        "\xe2\x80\xa2 one\n\xe2\x80\xa2 two\n\n"
	        "A paragraph that runs over the page and ends here.");
	buf_release(&out);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_walk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_open, set_up, tear_down),
		cmocka_unit_test(test_missing_folder),
		cmocka_unit_test_setup_teardown(test_deep, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_child, set_up, tear_down),
		cmocka_unit_test(test_pdf_text),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

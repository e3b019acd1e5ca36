#ifndef TESTS_IMPORT_SCENE_H
#define TESTS_IMPORT_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/dump.h"
#include "crawler/jsonl.h"
#include "schema/posts.h"

/* A store in a folder of its own, and what imports into it told. */
#define SPACE "a.example"

struct scene {
	char folder[32], db[64];
	struct store *store;
	struct dump_report dump;
	struct jsonl_report jsonl;
	struct arena arena;
	int64_t changed, counted; /* as the store tells after a dump */
	struct fault fault;
};

#define SCENE(test)                                                            \
	cmocka_unit_test_setup_teardown(test, scene_open, scene_close)

static inline int scene_open(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	snprintf(s->folder, sizeof(s->folder), "import-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->db, sizeof(s->db), "%s/store.db", s->folder);
	assert_true(store_open(&s->store, s->db, STORE_CREATE, &s->fault));
	*state = s;
	return 0;
}

static inline int scene_close(void **state)
{
	struct scene *s = *state;
	char side[80];

	store_close(s->store);
	arena_release(&s->arena);
	unlink(s->db);
	snprintf(side, sizeof(side), "%s-wal", s->db);
	unlink(side);
	snprintf(side, sizeof(side), "%s-shm", s->db);
	unlink(side);
	rmdir(s->folder);
	free(s);
	return 0;
}

static inline struct post_row post(struct scene *s, const char *native)
{
	struct post_row p = { 0 };
	int64_t id = 0;

	if (!post_find(s->store, &reader_all, SLICE(SPACE), slice_of(native),
	               &id, &s->fault) ||
	    !post_load(s->store, &reader_all, id, &s->arena, &p, &s->fault))
		fail_msg("post %s: %s", native, s->fault.text);
	return p;
}

static inline void assert_text(struct slice s, const char *text)
{
	char room[1024];

	snprintf(room, sizeof(room), "%.*s", SLICE_ARG(s));
	assert_string_equal(room, text);
}

#endif

#ifndef SCHEMA_RECORD_H
#define SCHEMA_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * What a source tells us and the store keeps: one question, answer, page,
 * document or case. Plain data; every slice is borrowed from whoever passes
 * it. Texts are as the store wants them: unicode_clean() and Markdown.
 */
enum record_kind {
	RECORD_QUESTION, /* a row of Posts */
	RECORD_ANSWER,   /* a row of Answers; `parent` is its question */
	RECORD_PAGE,     /* a wiki's page: Posts */
	RECORD_DOCUMENT, /* anything else with a text: Posts */
	RECORD_CASE,     /* a folded support case: Posts */
	RECORD_EXTRA,    /* tag wikis and such: Extras */
};

/* "question", "page", ...: the word in Posts.Kind, filters and JSON. */
const char *record_kind_name(enum record_kind kind);

enum record_flags {
	RECORD_TRUNCATED = 1 << 0, /* the page could not be taken whole */
	RECORD_UNTRUSTED = 1 << 1, /* a model wrote it */
	/* What stands around the text, without the text: title, tags, label and
	 * link, for the row that is there; nothing where there is none. Its
	 * revision, and what came with that, stay; without a title all but the
	 * label does. Never stored itself. */
	RECORD_HEAD = 1 << 2,
};

struct record {
	enum record_kind kind;
	struct slice id;     /* its id within its space */
	struct slice parent; /* an answer's question; else empty */
	struct slice link;   /* where a person can read it */
	struct slice title;
	struct slice content;       /* Markdown */
	struct slice original;      /* the body as it came */
	struct slice original_type; /* "text/html", "text/plain" */
	const struct slice *tags;
	size_t tag_count;
	struct slice language;        /* BCP 47, or empty */
	struct slice class, services; /* of cases */
	struct slice accepted;        /* a question's accepted answer's id */
	struct slice author_id;       /* his id within the space, or empty */
	struct slice author;          /* name, when there is no id */
	struct slice licence;         /* SPDX name; empty: the rule by date */
	struct slice extra_kind;      /* RECORD_EXTRA: "tag-wiki-excerpt" */
	struct slice access;          /* label; empty: the intake's. An answer
	                                 has its question's */
	int64_t score, views;
	int64_t created, modified; /* CLOCK_NONE when unknown */
	int64_t closed;            /* CLOCK_NONE: open */
	int64_t revision; /* orders states of the text: time of the last edit */
	uint32_t extractor; /* version of what made `content` */
	unsigned flags;
};

#endif

#ifndef BASE_TEXT_RESTRUCTURED_PARTS_H
#define BASE_TEXT_RESTRUCTURED_PARTS_H

#include "base/map.h"
#include "base/text/paper.h"

/*
 * What the files of restructured.h share. restructured.c reads blocks by
 * their indentation, with what is open on a stack; the others read what
 * stands in them.
 */
enum restructured_open {
	RESTRUCTURED_PLAIN, /* shows nothing of its own */
	RESTRUCTURED_QUOTE,
	RESTRUCTURED_BULLETS, /* from here on: lists, with an item open */
	RESTRUCTURED_NUMBERS,
	RESTRUCTURED_DEFINITION,
};

struct restructured_container {
	enum restructured_open kind;
	size_t mark; /* column of its mark */
	size_t body; /* column of its text; SIZE_MAX: not known yet */
	char bullet;
};

struct restructured {
	struct paper paper;
	struct arena *a;
	struct document *d;
	struct map targets;       /* names to struct slice *, folded */
	struct map substitutions; /* likewise */
	struct map titles;        /* of the section that a target is above */
	struct slice *anonymous;  /* addresses, in order */
	size_t anonymous_count, anonymous_cap, anonymous_next;
	struct slice text;
	size_t at;           /* the next line */
	char adornments[64]; /* of sections, by level; over and under */
	bool overlined[64];
	size_t levels;
	struct restructured_container *stack;
	size_t count, cap;
	bool blank;   /* the line before this one was */
	bool literal; /* the last paragraph ended with "::" */
	bool content; /* a block was written: fields are not about it */
	struct slice language; /* of highlight:: */
	struct buf lines;
};

/* Gathers targets and substitutions of the whole text. */
void restructured_gather(struct restructured *p);

/* Where a name leads, or at NULL. */
struct slice restructured_target(const struct restructured *p,
                                 struct slice name);
/* The title of the section below a target; NULL: there is none. */
const struct slice *restructured_title(const struct restructured *p,
                                       struct slice name);
const struct slice *restructured_substitution(const struct restructured *p,
                                              struct slice name);

/* Text of a paragraph, title or cell. */
void restructured_inline(struct restructured *p, struct slice s);

/* The lines from p->at on that are indented more than `column` (blank ones
 * between them too); moves p->at behind them. */
struct slice restructured_body(struct restructured *p, size_t column);

/* ".. name:: argument" that is read whole (code, images, tables); false: it
 * is for restructured.c to open. `column` is that of its dots. */
bool restructured_directive(struct restructured *p, struct slice name,
                            struct slice argument, size_t column);

/* A field ":name: value" at the start of `s`; *name without colons, *value
 * behind it. */
bool restructured_field(struct slice s, struct slice *name,
                        struct slice *value);

/* Tables of +--+ and of ===: true when one begins with `line`, which then is
 * written, p->at moved behind it. */
bool restructured_grid(struct restructured *p, struct slice line);
bool restructured_simple(struct restructured *p, struct slice line);

/* A table whose rows are items of items, or lines of CSV. */
void restructured_list_table(struct restructured *p, struct slice body);
void restructured_csv_table(struct restructured *p, struct slice header,
                            struct slice body);

/* A cell's text: paragraphs and items, <br> between them. */
void restructured_cell(struct restructured *p, struct slice text);

#endif

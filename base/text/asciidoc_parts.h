#ifndef BASE_TEXT_ASCIIDOC_PARTS_H
#define BASE_TEXT_ASCIIDOC_PARTS_H

#include "base/map.h"
#include "base/text/paper.h"

/*
 * What the files of asciidoc.h share. asciidoc.c reads blocks line by line
 * with the open ones on a stack; the others read what stands in them.
 */
enum asciidoc_open {
	ASCIIDOC_PLAIN, /* example, sidebar, open: shows nothing of its own */
	ASCIIDOC_QUOTE,
	ASCIIDOC_BULLETS, /* from here on: lists */
	ASCIIDOC_NUMBERS,
	ASCIIDOC_TERMS,
};

struct asciidoc_container {
	enum asciidoc_open kind;
	char mark;  /* of its delimiter or its items */
	size_t run; /* how often */
	bool item;  /* an item or definition is open */
	bool empty; /* of a definition: nothing is in it yet */
	struct slice attribution;
};

/* What the lines above a block say of it. */
struct asciidoc_style {
	struct slice name;      /* "source", "NOTE" */
	struct slice second;    /* its language, or whom it quotes */
	struct slice third;     /* where from */
	struct slice columns;   /* cols= */
	struct slice separator; /* separator= */
	struct slice format;    /* format= */
	struct slice title;     /* .Title */
	int64_t start;          /* start= */
	bool attributes;        /* subs= has them */
	bool hard;              /* %hardbreaks */
};

struct asciidoc {
	struct paper paper;
	struct arena *a;
	struct document *d;
	struct map attributes; /* names to struct slice * */
	struct map titles;     /* of what an id stands at, likewise */
	struct slice text;
	size_t at; /* the next line */
	struct asciidoc_container *stack;
	size_t count, cap;
	struct asciidoc_style style;
	size_t blanks; /* lines before this one */
	bool attach;   /* the next block belongs to the item */
	struct buf lines, expanded;
	size_t spent; /* bytes that attributes have made */
};

/* Whether a line is an attribute entry (":name: value"); sets it. May take
 * more lines. */
bool asciidoc_entry(struct asciidoc *p, struct slice line);
void asciidoc_attribute(struct asciidoc *p, struct slice name,
                        struct slice value);
/* NULL: not set. */
const struct slice *asciidoc_value(const struct asciidoc *p, struct slice name);
/* `s` with {name} replaced; borrowed until the next call. */
struct slice asciidoc_expand(struct asciidoc *p, struct slice s);
/* Of those that stand for one character; empty (at NULL) for others. */
struct slice asciidoc_intrinsic(struct slice name);

/* Reads "[...]" above a block into p->style; false: it is none. */
bool asciidoc_style(struct asciidoc *p, struct slice line);

/* The text without lines that conditions leave out. Borrowed from `text` or
 * appended to `out`. */
struct slice asciidoc_conditions(struct asciidoc *p, struct slice text,
                                 struct buf *out);

/* The level of a title that is underlined by the next line, or 0. */
unsigned asciidoc_underlined(struct slice line, struct slice next);

/* A header in front: title, author, revision, attributes. */
void asciidoc_header(struct asciidoc *p);

/* Gathers titles of sections and blocks that have an id above them: what a
 * reference without a text says. */
void asciidoc_gather(struct asciidoc *p);

/* Text of a paragraph, title or cell. */
void asciidoc_inline(struct asciidoc *p, struct slice s);

/* The label of an admonition by the name of its style; empty: it is none. */
struct slice asciidoc_label(struct slice name);

/* The byte that ---- ==== and the like are made of, or 0; *run: how many. */
char asciidoc_delimiter(struct slice line, size_t *run);

/* The lines up to the one that is `line` again, or to the end. */
struct slice asciidoc_verbatim(struct asciidoc *p, struct slice line);

/* Forgets what was said of the block. */
void asciidoc_style_done(struct asciidoc *p);

/* Blocks with their title above them: code; what is passed through (HTML
 * without its tags, or TeX); lines that keep their ends. */
void asciidoc_title(struct asciidoc *p);
void asciidoc_code(struct asciidoc *p, struct slice text);
void asciidoc_pass(struct asciidoc *p, struct slice text);
void asciidoc_verse(struct asciidoc *p, struct slice text);

/* "-- Who, where" below a quote. */
void asciidoc_attribution(struct asciidoc *p, struct slice who);

/* What stands between "|===" and its end. */
void asciidoc_table(struct asciidoc *p, struct slice body, char mark);

/* The mark of an item at the start of a line. */
struct asciidoc_item {
	enum asciidoc_open kind;
	char mark;
	size_t run;
	int64_t number;
	struct slice term; /* of a description */
	struct slice text; /* behind the mark */
	int check;         /* 1: [ ], 2: [x] */
};
bool asciidoc_item(struct slice line, struct asciidoc_item *out);

#endif

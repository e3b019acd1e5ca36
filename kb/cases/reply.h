#ifndef KB_CASES_REPLY_H
#define KB_CASES_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/cases/reply_name.h"

/*
 * What a model wrote, read into the members of a digest as they stand there:
 * nothing is believed yet (verdict.h). A pure function.
 */
enum reply_shape {
	REPLY_STRICT, /* one JSON object with the right members */
	REPLY_LOOSE,  /* nearly JSON, or JSON with words around it */
	REPLY_LINES,  /* "Problem: ..." line by line */
	REPLY_CSV,    /* columns id, problem, cause, class */
};

struct reply_list {
	const struct slice *items;
	size_t count;
};

struct case_answer {
	enum reply_shape shape;
	bool cut;     /* its end was missing */
	unsigned has; /* 1 << enum reply_field */
	struct slice id, problem, cause, class;
	struct reply_list steps, services, codes, titles;
};

/* What tells the columns of a line apart. */
struct reply_hints {
	struct slice id;             /* the case's own */
	const struct slice *classes; /* every name a class goes by */
	size_t class_count;
};

/*
 * FAULT_INPUT "digest-reply": nothing of the kind is in there; FAULT_LIMIT
 * "limit-digest-reply": more than LIMIT_DIGEST_REPLY bytes. Everything is made
 * in `a`.
 */
MUST_USE
bool reply_read(struct slice text, const struct reply_hints *h, struct arena *a,
                struct case_answer *out, struct fault *f);

/* The parts of reply_read(): false when the text has no such shape. The text
 * is clean (unicode_clean()). */
bool reply_json(struct slice text, struct arena *a, struct case_answer *out);
bool reply_lines(struct slice text, struct arena *a, struct case_answer *out);
bool reply_csv(struct slice text, const struct reply_hints *h, struct arena *a,
               struct case_answer *out);

/* For the parts: what a field holds; lists are taken apart where they are one
 * text. */
void reply_set(struct case_answer *r, enum reply_field field,
               struct slice value, struct arena *a);

/* Whether this is enough to be taken for an answer. */
bool reply_enough(const struct case_answer *r);

#endif

#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Why something did not work. Callers choose what to do from `kind`; people
 * read `text`. A function that can fail takes a `struct fault *` last and
 * returns bool; it writes the fault only when it returns false.
 */
enum fault_kind {
	FAULT_NONE,
	FAULT_USAGE,     /* the person asked for something impossible */
	FAULT_INPUT,     /* the outside world sent something malformed */
	FAULT_GONE,      /* it is not there, and will not come back */
	FAULT_DENIED,    /* the caller, or we, may not */
	FAULT_BUSY,      /* somebody else holds it */
	FAULT_LATER,     /* it may work if tried again */
	FAULT_LIMIT,     /* a ceiling of ours was reached */
	FAULT_CANCELLED, /* the person asked us to stop */
	FAULT_SYSTEM,    /* disk, network stack, SQLite */
};

struct fault {
	enum fault_kind kind;
	const char *code;  /* stable, for programs: "dump-row-truncated" */
	char subject[512]; /* the URL, file or row it is about; cut with ... */
	int64_t line;      /* in the subject, or 0 */
	char text[240];    /* for a person: lower case, no full stop */
};

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))

/* Fills `f` and returns false, so that a caller can `return fault(f, ...)`. */
bool fault(struct fault *f, enum fault_kind kind, const char *code,
           const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Says what it is about; `line` may be 0. Returns false. */
bool fault_at(struct fault *f, const char *subject, int64_t line);

/* Puts "context: " before the text that is already there; returns false. */
bool fault_in(struct fault *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "input", "gone", ...: the word of the kind, for logs and JSON. */
const char *fault_kind_name(enum fault_kind kind);

#endif

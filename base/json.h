#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * JSON (RFC 8259), read and written.
 *
 * Reading goes through cJSON behind a guard: the text must be valid UTF-8
 * without a raw NUL, nested at most LIMIT_JSON_DEPTH deep, of at
 * most LIMIT_ROW bytes and LIMIT_JSON_VALUES values, and end where the value
 * ends. Integers beyond 53 bits keep their digits: ask json_text() of a number
 * for them. Half a surrogate pair and \u0000 become U+FFFD.
 *
 * Writing is a streaming writer of ours: it appends to a buf, puts commas
 * itself and escapes text so that the line is pure UTF-8 with no control
 * characters; bytes that are not UTF-8 become U+FFFD. Keys come out in the
 * order in which they are written, so that the same calls give the same bytes.
 */

struct json; /* one value of a parsed text; borrowed from it */

/* Parses `text` whole. *out is the caller's: json_free() it. */
MUST_USE
bool json_parse(struct json **out, struct slice text, struct fault *f);

/* NULL is allowed. */
void json_free(struct json *j);

/* The member of an object, or NULL; of equal names the last one counts. */
const struct json *json_get(const struct json *j, const char *name);

/* First child of an array or object, next sibling, name within an object. */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
struct slice json_name(const struct json *j);

bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
bool json_is_text(const struct json *j);
bool json_is_null(const struct json *j);

/* A string's characters or a number's digits; false on anything else (NULL
 * included), leaving *out alone. Borrowed from the parsed text. */
bool json_text(const struct json *j, struct slice *out);
bool json_number(const struct json *j, int64_t *out);
bool json_real(const struct json *j, double *out);
bool json_bool(const struct json *j, bool *out);

/*
 *	struct json_out o;
 *	json_start(&o, &line);
 *	json_open(&o, '{');
 *	json_key(&o, "id");     json_put_text(&o, id);
 *	json_key(&o, "votes");  json_put_number(&o, votes);
 *	json_close(&o, '}');
 */
#define JSON_OUT_DEPTH 64
struct json_out {
	struct buf *to;
	bool comma[JSON_OUT_DEPTH];
	int depth;
};

void json_start(struct json_out *o, struct buf *to);
void json_open(struct json_out *o, char bracket);
void json_close(struct json_out *o, char bracket);
void json_key(struct json_out *o, const char *name);
void json_put_text(struct json_out *o, struct slice s);
void json_put_number(struct json_out *o, int64_t n);

/* The shortest digits that read back as the same double. */
void json_put_real(struct json_out *o, double x);
void json_put_bool(struct json_out *o, bool b);
void json_put_null(struct json_out *o);

/* A value that is JSON already, as it stands. */
void json_put_raw(struct json_out *o, struct slice json);

/* json_key() and the value in one. */
void json_pair(struct json_out *o, const char *name, struct slice s);
void json_pair_number(struct json_out *o, const char *name, int64_t n);

#endif

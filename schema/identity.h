#ifndef SCHEMA_IDENTITY_H
#define SCHEMA_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Public ids: space/native-id, with #a-ID (an answer's native id) or #s-SLUG
 * (a section) for a part. `/ # ? %` and control characters of the native id
 * and of the part are percent-encoded; the space keeps its slashes; so the id
 * is split at the last slash. Spaces, native ids and parts are UTF-8.
 */
struct identity {
	struct slice space, native;
	struct slice answer; /* native id of the answer, or empty */
	struct slice slug;   /* of the section, or empty */
};

void identity_write(struct buf *out, const struct identity *id);

/* Decoded parts are made in `a`. FAULT_INPUT says what is missing. */
struct arena;
MUST_USE
bool identity_read(struct slice text, struct arena *a, struct identity *out,
                   struct fault *f);

/* Canonical name of a space: lower case, no scheme, no final slash. False on
 * an empty one, control characters or white space. Appends. */
MUST_USE
bool identity_space(struct slice text, struct buf *out, struct fault *f);

#endif

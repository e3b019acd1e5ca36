#ifndef BASE_TEXT_CHARSET_JIS_H
#define BASE_TEXT_CHARSET_JIS_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * ISO-2022-JP as EUC-JP, which has the same characters without escapes:
 * glibc's own decoder refuses what Windows added, and stops at any mistake.
 * Appends at most three bytes for one; what makes no sense passes as it is.
 */
void charset_jis_open(struct slice s, struct buf *out);

/* Whether an escape to two-byte characters stands in it. */
bool charset_jis_is(struct slice s);

#endif

#ifndef BASE_TEXT_CHARSET_H
#define BASE_TEXT_CHARSET_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Bytes from the web to UTF-8. The encoding is, in this order: a byte order
 * mark; the label of the Content-Type header; for HTML a <meta> within the
 * first 1024 bytes, for XML its declaration; what the bytes look like
 * (valid UTF-8 first, then uchardet); windows-1252. Labels are those of the
 * WHATWG Encoding Standard ("latin1" is windows-1252, "gb2312" is GB18030,
 * "ks_c_5601-1987" is windows-949); conversion is by iconv. A wrong label is
 * noticed: bytes that are valid UTF-8 with multibyte sequences are UTF-8
 * whatever a header says.
 */
enum charset_kind { CHARSET_TEXT, CHARSET_HTML, CHARSET_XML };

struct charset_found {
	const char *name; /* "UTF-8", "GB18030": iconv's; never NULL */
	const char *from; /* "bom", "header", "meta", "detected", "fallback" */
	bool replaced;    /* some bytes became U+FFFD */
};

/* iconv's name for a label, white space and case aside; NULL: unknown. */
const char *charset_label(struct slice label);

/* Which it would be. `header` is the Content-Type as it came, or empty. */
void charset_find(struct slice bytes, struct slice header,
                  enum charset_kind kind, struct charset_found *out);

/*
 * Appends `bytes` as UTF-8 without a byte order mark; *found (may be NULL)
 * says how. Valid UTF-8 is appended as it is. FAULT_LIMIT when `out` is full.
 */
MUST_USE
bool charset_decode(struct slice bytes, struct slice header,
                    enum charset_kind kind, struct buf *out,
                    struct charset_found *found, struct fault *f);

/*
 * The same by a name that charset_find() or charset_label() gave, without
 * asking the bytes: for a text in pieces, each of which ends where a line does.
 * *replaced is set, never cleared.
 */
MUST_USE
bool charset_decode_as(const char *name, struct slice bytes, struct buf *out,
                       bool *replaced, struct fault *f);

#endif

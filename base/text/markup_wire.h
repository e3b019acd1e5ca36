#ifndef BASE_TEXT_MARKUP_WIRE_H
#define BASE_TEXT_MARKUP_WIRE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/text/markup_tree.h"

/*
 * A tree as bytes, between the parsing worker and whoever asked it. The
 * writer is fed by parser events; the reader trusts nothing: whatever the
 * bytes are, it yields a sound tree of valid UTF-8 or FAULT_INPUT, and
 * allocates no more than their length allows for.
 */

enum {
	MARKUP_NAME_MOST = 255,      /* bytes in a name */
	MARKUP_REPLY_MOST = 96 << 20 /* bytes of one tree */
};

/* Why there is no tree. */
enum markup_refusal { MARKUP_DOCTYPE, MARKUP_NO_XML };

/* The events of one tree, written behind each other. */
struct markup_writer {
	struct buf *out;
	size_t start;    /* of this tree in `out` */
	size_t text_at;  /* of the length of the text being written, or 0 */
	size_t count_at; /* of the count of the element just opened */
	uint32_t nodes, attributes;
	uint32_t depth; /* elements open */
	bool truncated;
};

/* Starts a tree at the end of `out`, which outlives the writer. */
void markup_writer_init(struct markup_writer *w, struct buf *out);

/* What does not fit under the ceilings is left out and sets `truncated`;
 * false: the element was left out, so do not close it. */
bool markup_writer_open(struct markup_writer *w, struct slice name);

/* One more of the element just opened. */
void markup_writer_attribute(struct markup_writer *w, struct slice name,
                             struct slice value);

/* All of them: NUL-terminated pairs as libxml2 hands them. */
void markup_writer_attributes(struct markup_writer *w,
                              const unsigned char **pairs);

/* Runs that follow each other become one text. */
void markup_writer_text(struct markup_writer *w, struct slice s);
void markup_writer_close(struct markup_writer *w);

/* Closes what is open and fills in the head. False: it grew too long. */
bool markup_writer_end(struct markup_writer *w);

/* Writes in place of the tree that there is none. */
void markup_writer_refuse(struct markup_writer *w, enum markup_refusal why);

/* Whether a reply says that there is no tree: then as a FAULT_INPUT, too. */
bool markup_wire_refused(struct slice reply, struct fault *f);

/* Reads a tree that points into `reply`, which must live as long as `a`. */
MUST_USE
bool markup_wire_read(struct slice reply, struct arena *a, struct markup *out,
                      struct fault *f);

#endif

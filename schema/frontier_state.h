#ifndef SCHEMA_FRONTIER_STATE_H
#define SCHEMA_FRONTIER_STATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/pack.h"
#include "schema/batch.h"
#include "schema/frontier.h"
#include "schema/intake_state.h"

/*
 * What the files behind frontier.h and inventory.h share. For them alone.
 *
 * Due is kept in microseconds, of which the milliseconds are what callers see:
 * what is found takes the next one behind the horizon, which moves along, so
 * that the order of finding is the order of reading.
 */
enum {
	FRONTIER_QUEUE = 256,  /* entries read at once */
	FRONTIER_HELD = 4096,  /* held back at most */
	FRONTIER_SEEN = 65536, /* addresses remembered as known: 1 MB */
	FRONTIER_PROBES = 8,   /* ids tried from the hash on */
};

/* What became of the last listing. */
enum frontier_listing {
	LISTING_OPEN,    /* it goes on */
	LISTING_SETTLED, /* none is open: what it missed is noted */
	LISTING_ENDED,   /* in order; its misses are yet to be noted */
};

/* When an address is due that is never to be read. */
#define FRONTIER_NEVER INT64_MAX

/* No time or interval of ours reaches so far: milliseconds. */
#define FRONTIER_LATEST ((int64_t)1 << 50)

/* A set of ids; 0 is none. */
struct frontier_set {
	int64_t *slots;
	size_t used, size;
};

struct frontier_seen {
	int64_t id;
	uint64_t check; /* another hash of the address */
};

struct frontier_wait {
	int64_t until, id;
};

/* A place in the order in which entries come. */
struct frontier_place {
	int64_t due, done, id;
};

struct frontier {
	struct rows *rows;
	struct batch batch; /* while there is no intake */
	struct intake *in;
	struct pack *pack;
	struct buf bytes, space;
	struct arena scratch; /* of one call */
	int64_t source;       /* CrawlSources.SourceID */
	int64_t first, least, most, apart;

	/* As in the source's row; `dirty`: to be written there. */
	bool dirty, running, seeded, everything;
	int64_t run, horizon, started, pages, calls, visited;
	int64_t listing; /* number of the listing that is under way, or last */
	enum frontier_listing listed;
	int64_t listed_time;

	int64_t due; /* of this run, once `counted` */
	bool counted;
	int64_t now; /* of the last frontier_take() */

	struct arena texts; /* of the queue */
	struct frontier_entry queue[FRONTIER_QUEUE];
	size_t queued, at;
	struct frontier_place cursor; /* the last that was read */
	bool drained;                 /* there is none behind the cursor */
	struct frontier_set hand;     /* in hand or held back */
	struct frontier_wait held[FRONTIER_HELD]; /* a heap by `until` */
	size_t held_count;
	struct frontier_seen seen[FRONTIER_SEEN];
	uint32_t turn; /* tells apart what is due at the same time */
};

/* Around writes, like intake_write() and intake_wrote(). */
MUST_USE
bool frontier_write(struct frontier *fr, struct fault *f);
MUST_USE
bool frontier_wrote(struct frontier *fr, bool ok, struct fault *f);

/* The hash that an entry's id begins from, and whether `id` is one of it. */
int64_t frontier_hash(int64_t source, enum frontier_kind kind, struct slice url,
                      struct slice body);
bool frontier_hash_fits(int64_t id, int64_t hash);

/* FAULT_INPUT "row-damaged"; returns false. */
bool frontier_damaged(const char *table, int64_t id, struct fault *f);

/* What a SELECT needs for frontier_row(). */
#define FRONTIER_COLUMNS                                                       \
	"EntryID, SourceID, Kind, Url, Body, BodyType, Note, Tag, Depth, "     \
	"Due, Tries, NativeID, ETag, Modified, Digest, Visited, Changed, "     \
	"Interval, Done "

/* The row under the cursor, checked; texts are made in `a`. */
MUST_USE
bool frontier_row(struct query *q, struct arena *a, struct frontier_entry *out,
                  struct frontier_place *place, struct fault *f);

/* The row of an id; place->id is 0 without. */
MUST_USE
bool frontier_load(struct frontier *fr, int64_t id, struct arena *a,
                   struct frontier_entry *out, struct frontier_place *place,
                   struct fault *f);

/* What stands in CrawlNotes.Hash. */
uint64_t frontier_note_hash(struct slice name, struct slice value);

/* Whether an entry belongs to the run and is yet to be read. */
static inline bool frontier_belongs(const struct frontier *fr, int64_t due,
                                    int64_t done)
{
	return fr->running && due != FRONTIER_NEVER && done < fr->run &&
	       (fr->everything || due <= fr->horizon);
}

/* An entry comes at `due` now: reading must not have passed it. */
void frontier_ahead(struct frontier *fr, int64_t due);

bool frontier_set_has(const struct frontier_set *s, int64_t id);
void frontier_set_add(struct frontier_set *s, int64_t id);
void frontier_set_remove(struct frontier_set *s, int64_t id);

#endif

#ifndef KB_ERRAND_H
#define KB_ERRAND_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/index_file.h"
#include "kb/index_writer.h"

/*
 * What a follower has done on threads of their own: syncing a generation and
 * merging segments. Each writes a byte to `bell` when it is done; the one who
 * sent it asks errand_back() and takes it back, which waits if need be.
 */
struct errand {
	pthread_t thread;
	bool out; /* sent, and not taken back */
	_Atomic bool done;
	int bell;
	bool ok; /* once taken back; else the fault: */
	struct fault fault;
};

bool errand_back(const struct errand *e);
void errand_take(struct errand *e);

struct sync_errand {
	struct errand errand;
	const char *folder;
	const struct index *index;  /* what is to be synced */
	const struct index *synced; /* what is so already; or NULL */
};

/* The indexes are borrowed until it is taken back. */
MUST_USE
bool sync_send(struct sync_errand *s, int bell, struct fault *f);

struct merge_errand {
	struct errand errand;
	_Atomic bool stop; /* set it to end the merge early */
	const char *folder;
	struct segment **inputs; /* as they were at the start; its own */
	uint64_t *numbers;       /* of the inputs */
	size_t count;
	uint64_t number, generation; /* of what comes of them */
	struct member merged;
};

/* Syncs what it makes, all but the folder. */
MUST_USE
bool merge_send(struct merge_errand *m, int bell, struct fault *f);

/* Whether it is out with this segment. */
bool merge_has(const struct merge_errand *m, uint64_t number);

/*
 * What happened to input i since the start happens to what came of it: `is`
 * shows it as it is now; NULL when all of it died.
 */
MUST_USE
bool merge_carry(struct merge_errand *m, size_t i, const struct segment *is,
                 struct fault *f);

void merge_release(struct merge_errand *m);

#endif

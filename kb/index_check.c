/* The whole of the current generation: manifest and overlays are read whole
 * by opening, segments by segment_verify(); what is left is whether they agree
 * with each other: no passage may be alive twice. */

#include <stdlib.h>

#include "base/memory.h"
#include "kb/heap.h"
#include "kb/index_file.h"
#include "kb/overlay.h"

/* A segment's next live passage. */
struct walk {
	const struct segment *segment;
	uint32_t doc;
	int64_t post, part;
};

static bool walk_less(const void *a, const void *b)
{
	const struct walk *x = a, *y = b;

	if (x->post != y->post)
		return x->post < y->post;
	return x->part < y->part;
}

static bool walk_seek(struct walk *w, bool *more, struct fault *f)
{
	uint64_t post, part;

	while (w->doc < w->segment->count && !segment_live(w->segment, w->doc))
		w->doc++;
	*more = w->doc < w->segment->count;
	if (!*more)
		return true;
	if (!column_read(w->segment, SECTION_POST, w->doc, &post, f) ||
	    !column_read(w->segment, SECTION_PART, w->doc, &part, f))
		return false;
	w->post = (int64_t)post;
	w->part = (int64_t)part;
	return true;
}

static bool walk_all(struct heap *h, struct fault *f)
{
	struct walk last = { .segment = NULL };
	bool more;

	while (h->count) {
		struct walk *w = h->at[0];

		if (last.segment && !walk_less(&last, w))
			return segment_damaged(w->segment, "a passage twice",
			                       f);
		last = *w;
		w->doc++;
		if (!walk_seek(w, &more, f))
			return false;
		if (more)
			heap_sink(h);
		else
			heap_drop(h);
	}
	return true;
}

static bool check_once_each(const struct index *x, struct fault *f)
{
	struct walk *walks = memory_new(x->opened + 1, sizeof(*walks));
	struct heap h = { .at = memory_new(x->opened + 1, sizeof(void *)),
		          .less = walk_less };
	bool ok = true, more;
	size_t i;

	for (i = 0; ok && i < x->opened; i++) {
		walks[i].segment = x->segments[i];
		ok = walk_seek(&walks[i], &more, f);
		if (ok && more)
			heap_add(&h, &walks[i]);
	}
	ok = ok && walk_all(&h, f);
	free(walks);
	free(h.at);
	return ok;
}

static void check_generation(const struct index *x, index_finding_fn *say,
                             void *self)
{
	struct fault f;
	bool good = true;
	size_t i;

	for (i = 0; i < x->opened; i++) {
		if (!segment_verify(x->segments[i], say, self)) {
			good = false;
		} else if (!overlay_verify(x->segments[i], &f)) {
			say(self, &f);
			good = false;
		}
	}
	if (good && !check_once_each(x, &f))
		say(self, &f);
}

/* Whether generation `of` is what a power cut left of one that was published
 * and not yet synced: the one before it counts then. */
static bool spoiled(const char *folder, const uint64_t *generations, size_t n,
                    size_t of, bool *out, struct fault *f)
{
	uint64_t synced;

	if (!manifest_marked(folder, &synced, f))
		return false;
	*out = synced && generations[of] > synced && of + 1 < n;
	return true;
}

/* Loads the generation that counts. *out is NULL, with the fault, when it is
 * damaged; *newest is the highest number there is. */
static bool load(struct index **out, const char *folder, uint64_t *newest,
                 struct fault *finding, struct fault *f)
{
	uint64_t *generations;
	bool ok, next = true;
	size_t n, i;

	*out = NULL;
	if (!manifest_list(folder, &generations, &n, f))
		return false;
	*newest = n ? generations[0] : 0;
	ok = n > 0;
	for (i = 0; ok && !*out && next; i++)
		if (!index_load(out, folder, generations[i], NULL, finding))
			ok = spoiled(folder, generations, n, i, &next, f);
	free(generations);
	if (n)
		return ok;
	fault(f, FAULT_GONE, "index-gone",
	      "there is no index: make it with 'opslore index'");
	return fault_at(f, folder, 0);
}

bool index_check(const char *folder, index_finding_fn *say, void *self,
                 struct fault *f)
{
	uint64_t newest, before = 0;
	struct fault finding;
	struct index *x;

	for (;;) {
		if (!load(&x, folder, &newest, &finding, f))
			return false;
		if (x)
			break;
		/* A writer may have removed it in the meantime. */
		if (newest == before) {
			say(self, &finding);
			return true;
		}
		before = newest;
	}
	check_generation(x, say, self);
	index_close(x);
	return true;
}

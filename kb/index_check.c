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

/* The newest generation's number. */
static bool newest(const char *folder, uint64_t *out, struct fault *f)
{
	uint64_t *generations;
	size_t n;

	if (!manifest_list(folder, &generations, &n, f))
		return false;
	*out = n ? generations[0] : 0;
	free(generations);
	if (n)
		return true;
	fault(f, FAULT_GONE, "index-gone",
	      "there is no index: make it with 'opslore index'");
	return fault_at(f, folder, 0);
}

bool index_check(const char *folder, index_finding_fn *say, void *self,
                 struct fault *f)
{
	uint64_t generation, now;
	struct index *x;

	if (!newest(folder, &generation, f))
		return false;
	while (!index_load(&x, folder, generation, NULL, f)) {
		struct fault finding = *f;

		/* A writer may have removed it in the meantime. */
		if (!newest(folder, &now, f))
			return false;
		if (now == generation) {
			say(self, &finding);
			return true;
		}
		generation = now;
	}
	check_generation(x, say, self);
	index_close(x);
	return true;
}

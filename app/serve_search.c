/* /v1/search: the parameters go to retrieve(), its answer to a form, as in
 * the command. */

#include "app/serve.h"

#include "app/serve_param.h"
#include "base/clock.h"
#include "base/limits.h"

static const char *form_type(const struct search_form *form)
{
	return form->write == search_json ? "application/json"
	                                  : "text/plain; charset=utf-8";
}

/* The parameters of a POST are its body. */
static bool search_target(struct serve_worker *w, const struct serve_call *c,
                          struct serve_target *t, struct fault *f)
{
	*t = c->target;
	if (!slice_eq(c->request->method, SLICE("POST")))
		return true;
	if (t->count)
		return fault(f, FAULT_USAGE, "parameter-place",
		             "a POST has its parameters in its body alone");
	return serve_target_json(c->request->body, &w->a, t, f);
}

static bool search_run(struct serve_worker *w, const struct serve_search *s,
                       struct buf *out, struct fault *f)
{
	struct retrieve_answer answer;

	if (!retrieve(w->retriever, &s->query, &w->a, &answer, f))
		return false;
	s->form->write(&s->view, &answer, out);
	return true;
}

bool serve_search(struct serve_worker *w, const struct serve_call *c,
                  struct server_reply *r, struct fault *f)
{
	struct serve_target target;
	struct serve_search s;
	struct serve_lease lease;
	bool done;

	if (!search_target(w, c, &target, f) ||
	    !serve_search_read(&target, c->now, &w->a, &s, f) ||
	    !serve_worker_take(w, c->now, &lease, f))
		return false;
	s.query.until = clock_monotonic() + w->service->answer_time;
	done = search_run(w, &s, &r->body, f);
	serve_worker_done(&lease);
	r->type = form_type(s.form);
	return done;
}

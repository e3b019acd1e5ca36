/* Addresses are written by the sources, so that they have one form. */

#include "crawler/local_answer.h"

#include "base/limits.h"
#include "base/net/url.h"
#include "crawler/pdf.h"

void local_answer_init(struct local_answer *a)
{
	*a = (struct local_answer){ .body = BUF_INIT(LIMIT_BODY +
		                                     (128 << 10)) };
}

void local_answer_release(struct local_answer *a)
{
	arena_release(&a->arena);
	buf_release(&a->body);
}

void local_answer_start(struct local_answer *a, const struct http_request *r)
{
	struct slice path = slice_cut(r->url, strlen("file:///"), r->url.len);
	size_t mark = slice_find(path, '?');
	struct buf out = BUF_INIT(LIMIT_LINK);

	arena_reset(&a->arena);
	buf_reset(&a->body);
	a->type = a->title = (struct slice){ 0 };
	a->query = slice_cut(path, mark + 1, path.len);
	url_unescape(slice_cut(path, 0, mark), &out);
	a->path = arena_copy(&a->arena, buf_slice(&out));
	buf_release(&out);
}

bool local_answer_pdf(struct local_answer *a, int fd, struct fault *f)
{
	struct buf title = BUF_INIT(LIMIT_LINK), escaped = BUF_INIT(LIMIT_LINK);
	bool ok = pdf_read(fd, &a->body, &title, f);

	if (ok) {
		url_escape(buf_slice(&title), &escaped);
		a->title = arena_copy(&a->arena, buf_slice(&escaped));
	}
	buf_release(&title);
	buf_release(&escaped);
	return ok;
}

static int status_of(const struct fault *f)
{
	switch (f->kind) {
	case FAULT_GONE:
		return 404;
	case FAULT_DENIED:
		return 403;
	case FAULT_LIMIT:
		return 413;
	case FAULT_INPUT:
	case FAULT_USAGE:
		return 415;
	default:
		return 0;
	}
}

void local_answer_end(struct local_answer *a, bool ok, const struct fault *f,
                      struct http_reply *out)
{
	size_t n = 0;

	out->status = ok ? 200 : status_of(f);
	if (!ok) {
		buf_reset(&a->body);
		buf_text(&a->body, f->text);
		a->type = (struct slice){ 0 };
	}
	if (!out->status) {
		out->trouble = HTTP_CUT;
		out->fault = *f;
	}
	if (!a->type.len)
		a->type = SLICE("text/plain; charset=utf-8");
	a->headers[n++] =
	        (struct http_header){ SLICE("content-type"), a->type };
	if (ok && a->title.len)
		a->headers[n++] =
		        (struct http_header){ SLICE("x-title"), a->title };
	out->body = buf_slice(&a->body);
	out->headers = a->headers;
	out->header_count = n;
	out->wire = out->decoded = (int64_t)a->body.len;
}

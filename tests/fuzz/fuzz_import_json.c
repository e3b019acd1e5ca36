/* JSON of AWS and by a mapping: the same values however the text is cut, and
 * cases of it are as the store wants them. */

#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "crawler/cases/import_aws.h"
#include "crawler/cases/import_path.h"
#include "crawler/cases/import_values.h"
#include "import_reading.h"

struct pieces {
	struct slice text;
	size_t at, step;
};

static bool next_piece(void *self, struct slice *bytes, struct fault *f)
{
	struct pieces *p = self;

	(void)f;
	*bytes = slice_cut(p->text, p->at, p->at + p->step);
	p->at += bytes->len;
	return true;
}

static void read_case(struct reading *x, struct slice text, bool aws)
{
	const struct import_place at = { "a.json", 1, NULL };
	struct fault f = { 0 };
	struct json *j = NULL;
	bool ok = false;

	if (!json_parse(&j, text, &f))
		return;
	import_draft_start(&x->r);
	if (aws && import_aws_is_case(j))
		ok = import_aws_case(&x->r, j, &at, &f);
	else if (!aws)
		ok = import_path_case(&x->r, j, &at, &f);
	json_free(j); /* nothing of the case may lie in it */
	if (ok)
		must(import_draft_take(&x->r, &at, &f));
}

static void read_all(struct reading *x, struct slice s, struct slice member,
                     bool lines)
{
	struct pieces p = { s, 0, 1 + s.len % 7 }, q = { s, 0, s.len + 1 };
	struct import_value_text a, b;
	struct import_values *v, *w;
	struct fault f = { 0 }, g = { 0 };
	size_t most = s.len + 2;

	import_values_open(&v, next_piece, &p, member, lines);
	import_values_open(&w, next_piece, &q, member, lines);
	for (;;) {
		bool ok = import_values_next(v, &a, &f);

		must(most--);
		must(import_values_next(w, &b, &g) == ok);
		if (!ok) {
			must(f.line == g.line && f.line > 0);
			continue;
		}
		must(slice_eq(a.text, b.text) && a.line == b.line &&
		     a.offset == b.offset);
		if (!a.text.len)
			break;
		must(a.offset >= 0 && (size_t)a.offset < s.len);
		read_case(x, a.text, member.len == 5);
	}
	import_values_close(v);
	import_values_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] =
	        "[mapping m]\nid = id\nsubject = a.b\ncreated = t\n"
	        "service = \"x\"\nbody = d\nanswer = e\nreplies = r[]\n"
	        "reply.by = by\nreply.time = t\nreply.body = b\n"
	        "reply.attachments = f[].n\nprovider = @x.example\n";
	static struct reading x;
	struct slice s = { (const char *)data, size };
	struct conf *conf = NULL;
	struct fault f;
	int i;

	for (i = 0; i < 4; i++) {
		x = (struct reading){ 0 };
		must(i < 2 || conf || conf_parse(&conf, SLICE(text), "c", &f));
		must(import_mapping_read(
		        &x.mapping,
		        i < 2 ? NULL : conf_next(conf, "mapping", NULL), &f));
		reading_start(&x);
		read_all(&x, s, i < 2 ? SLICE("cases") : SLICE("rows"), i & 1);
		reading_end(&x);
	}
	conf_free(conf);
	return 0;
}

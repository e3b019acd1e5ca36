/* A place is a value of a file: one communication, or an object with a list of
 * them, in which those of the case are picked out. */

#include "crawler/cases/import_said.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "crawler/cases/import_aws.h"
#include "crawler/cases/import_input.h"
#include "crawler/cases/import_values.h"

static void add_place(struct import_said *s, struct slice id,
                      const struct import_said_place *place)
{
	struct map_entry *e = map_put(&s->ids, id, NULL);
	struct import_said_place *last = NULL;
	size_t at = (size_t)e->word;

	while (at) {
		last = &s->places[at - 1];
		at = last->next;
	}
	if (last && last->file == place->file && last->offset == place->offset)
		return;
	if (last)
		last->next = s->count + 1;
	else
		e->word = s->count + 1;
	s->places =
	        memory_room(s->places, s->count, &s->cap, sizeof(*s->places));
	s->places[s->count++] = *place;
}

static void add_one(struct import_said *s, const struct json *j,
                    const struct import_said_place *place)
{
	struct slice id = { 0 };

	if (json_text(json_get(j, "caseId"), &id) && id.len)
		add_place(s, id, place);
}

/* Communications of a value that is no case itself. */
static void look_at(struct import_said *s, struct slice text,
                    const struct import_said_place *place)
{
	const struct json *list, *it;
	struct json *j = NULL;
	struct fault ignored;

	if (!json_parse(&j, text, &ignored))
		return;
	list = import_aws_is_case(j) ? NULL : import_aws_communications(j);
	for (it = json_first(list); list && it; it = json_next(it))
		add_one(s, it, place);
	if (import_aws_is_communication(j))
		add_one(s, j, place);
	json_free(j);
}

static bool look_through(struct import_said *s, size_t number, int fd,
                         const char *name, const char *encoding,
                         struct fault *f)
{
	bool lines = s->files->list[number].kind == IMPORT_LINES;
	struct import_values *v = NULL;
	struct import_value_text value;
	struct import_input in;
	bool ok = import_input_open(&in, fd, name, encoding, f);

	if (ok)
		import_values_open(&v, import_input_next, &in, SLICE("cases"),
		                   lines);
	while (ok) {
		struct import_said_place place = { .file = number };

		if (!import_values_next(v, &value, f)) {
			ok = troubles_one_row(f);
			continue;
		}
		if (!value.text.len)
			break;
		place.offset = value.offset;
		place.line = value.line;
		look_at(s, value.text, &place);
	}
	import_values_close(v);
	import_input_release(&in);
	/* Who reads the cases says what is wrong with the file. */
	return ok || troubles_one_row(f);
}

bool import_said_find(struct import_said *s, const struct import_files *files,
                      const struct import_reading *r, struct fault *f)
{
	size_t i;
	bool ok = true;

	s->files = files;
	for (i = 0; ok && i < files->count; i++) {
		const struct import_file *file = &files->list[i];
		struct buf name = BUF_INIT(16 << 10);
		struct fault ignored;
		int fd;

		if (file->kind == IMPORT_CSV)
			continue;
		import_files_name(file, file->path, &name);
		if (import_files_open(file, file->path, &fd, &ignored)) {
			ok = look_through(s, i, fd, buf_string(&name),
			                  r->encoding, f);
			close(fd);
		}
		buf_release(&name);
	}
	return ok;
}

void import_said_release(struct import_said *s)
{
	map_release(&s->ids);
	map_release(&s->used);
	free(s->places);
	*s = (struct import_said){ 0 };
}

static bool is_of(const struct json *j, struct slice id)
{
	struct slice its = { 0 };

	return json_text(json_get(j, "caseId"), &its) && slice_eq(its, id);
}

/* Of a value, what is of that case. */
static bool add_said(struct import_reading *r, struct slice id,
                     struct slice text, const struct import_place *at,
                     struct fault *f)
{
	const struct json *list, *it;
	struct json *j = NULL;
	bool ok = json_parse(&j, text, f) || fault_at(f, at->file, at->line);

	list = ok ? import_aws_communications(j) : NULL;
	for (it = json_first(list); list && ok && it; it = json_next(it))
		if (is_of(it, id))
			ok = import_aws_reply(r, it, at, f);
	if (ok && import_aws_is_communication(j) && is_of(j, id))
		ok = import_aws_reply(r, j, at, f);
	json_free(j);
	return ok;
}

static bool read_place(struct import_reading *r, struct slice id,
                       const struct import_said_place *place, struct fault *f)
{
	const struct import_file *file = &r->said->files->list[place->file];
	struct buf name = BUF_INIT(16 << 10);
	struct import_value_text value;
	struct import_values *v = NULL;
	struct import_place at;
	struct import_input in;
	bool ok = false;
	int fd;

	import_files_name(file, file->path, &name);
	at = (struct import_place){ buf_string(&name), place->line, NULL };
	if (!import_files_open(file, file->path, &fd, f))
		goto out;
	ok = import_input_open(&in, fd, at.file, r->encoding, f) &&
	     import_input_skip(&in, place->offset, f);
	if (ok) {
		import_values_open(&v, import_input_next, &in, SLICE("cases"),
		                   file->kind == IMPORT_LINES);
		ok = import_values_next(v, &value, f) &&
		     add_said(r, id, value.text, &at, f);
	}
	import_values_close(v);
	import_input_release(&in);
	close(fd);
out:
	buf_release(&name);
	return ok;
}

static bool add_of(struct import_reading *r, struct slice id, struct fault *f)
{
	const struct map_entry *e = map_get(&r->said->ids, id);
	size_t at = e ? (size_t)e->word : 0;

	if (!id.len || !e)
		return true;
	map_put(&r->said->used, id, NULL);
	while (at) {
		const struct import_said_place *place =
		        &r->said->places[at - 1];

		if (!read_place(r, id, place, f))
			return false;
		at = place->next;
	}
	return true;
}

bool import_said_add(struct import_reading *r, struct fault *f)
{
	struct slice native = r->draft.c.native;
	struct slice source = r->draft.c.source_id;

	if (!r->said)
		return true;
	return add_of(r, native, f) &&
	       (slice_eq(native, source) || add_of(r, source, f));
}

void import_said_rest(const struct import_said *s, struct troubles *notes)
{
	size_t i;

	for (i = 0; i < s->ids.count; i++) {
		const struct map_entry *e = &s->ids.entries[i];
		const struct import_said_place *place;
		const struct import_file *file;
		struct buf name = BUF_INIT(16 << 10);
		struct fault f;

		if (map_get(&s->used, e->key))
			continue;
		place = &s->places[e->word - 1];
		file = &s->files->list[place->file];
		import_files_name(file, file->path, &name);
		fault(&f, FAULT_INPUT, "import-no-case",
		      "communications of '%.*s', of which there is no case: "
		      "left out",
		      SLICE_ARG(slice_cut(e->key, 0, 80)));
		fault_at(&f, buf_string(&name), place->line);
		troubles_add(notes, &f);
		buf_release(&name);
	}
}

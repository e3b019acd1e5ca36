/* A file that is named counts as one of the folder it lies in. */

#include "crawler/cases/import_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "crawler/local_folder.h"

static const struct {
	const char *ending;
	enum import_kind kind;
} endings[] = {
	{ ".csv", IMPORT_CSV },      { ".tsv", IMPORT_CSV },
	{ ".json", IMPORT_JSON },    { ".jsonl", IMPORT_LINES },
	{ ".ndjson", IMPORT_LINES },
};

#define FILES_ENDINGS ".csv .tsv .json .jsonl .ndjson"

static bool same_letters(struct slice a, const char *b)
{
	size_t i;

	for (i = 0; i < a.len && b[i]; i++) {
		char c = a.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != b[i])
			return false;
	}
	return i == a.len && !b[i];
}

static bool kind_of(struct slice path, enum import_kind *out)
{
	struct slice ending = local_path_ending(path);
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (same_letters(ending, endings[i].ending)) {
			*out = endings[i].kind;
			return true;
		}
	return false;
}

static bool add_folder(struct import_files *x, const char *path,
                       struct local_folder **out, struct fault *f)
{
	if (!local_folder_new(out, path, f))
		return false;
	x->folders = memory_room(x->folders, x->folder_count, &x->folder_cap,
	                         sizeof(struct local_folder *));
	x->folders[x->folder_count++] = *out;
	return true;
}

static bool add_file(struct import_files *x, struct local_folder *folder,
                     const char *root, struct slice path, enum import_kind kind,
                     struct fault *f)
{
	if (x->count == LIMIT_CASE_FILES)
		return fault(f, FAULT_LIMIT, "limit-case-files",
		             "more than %d files; import some of the folders "
		             "at a time",
		             LIMIT_CASE_FILES);
	x->list = memory_room(x->list, x->count, &x->cap, sizeof(*x->list));
	x->list[x->count++] = (struct import_file){
		.folder = folder,
		.root = arena_copy(&x->arena, slice_of(root)).at,
		.path = arena_copy(&x->arena, path),
		.kind = kind,
	};
	return true;
}

static void add_trouble(const struct local_folder_entry *e, const char *root,
                        struct troubles *broken)
{
	struct buf name = BUF_INIT(16 << 10);
	struct fault f;

	buf_addf(&name, "%s/%.*s", root, SLICE_ARG(e->path));
	if (e->state == LOCAL_OUTSIDE)
		fault(&f, FAULT_INPUT, "import-outside",
		      "a link that leads out of the folder: not followed");
	else
		fault(&f, FAULT_INPUT, "import-unreadable",
		      "it cannot be read: %s", strerror(e->why));
	fault_at(&f, buf_string(&name), 0);
	troubles_add(broken, &f);
	buf_release(&name);
}

static bool walk(struct import_files *x, const char *path,
                 struct troubles *broken, struct fault *f)
{
	struct local_folder *folder;
	struct local_folder_entry e;
	struct local_pick *pick = NULL;
	struct conf *conf = NULL;
	enum import_kind kind;
	size_t before = x->count;
	bool ok;

	ok = add_folder(x, path, &folder, f) &&
	     conf_parse(&conf, SLICE("[files]\nextensions=" FILES_ENDINGS "\n"),
	                path, f) &&
	     local_pick_new(&pick, conf_next(conf, "files", NULL), f) &&
	     local_folder_start(folder, pick, SLICE(""), f);
	while (ok && local_folder_next(folder, &e)) {
		if (e.state != LOCAL_FILE)
			add_trouble(&e, path, broken);
		else if (kind_of(e.path, &kind))
			ok = add_file(x, folder, path, e.path, kind, f);
	}
	local_pick_free(pick);
	conf_free(conf);
	if (ok && x->count == before && !broken->count)
		return fault(f, FAULT_USAGE, "import-nothing",
		             "'%s' holds no file of cases (%s)", path,
		             FILES_ENDINGS);
	return ok;
}

static bool named(struct import_files *x, const char *path, struct fault *f)
{
	struct slice whole = slice_of(path);
	struct slice name = local_path_name(whole);
	struct local_folder *folder;
	enum import_kind kind;
	char *root;
	bool ok;

	if (!kind_of(name, &kind))
		return fault(f, FAULT_USAGE, "import-kind",
		             "'%s' is none of %s, nor a folder", path,
		             FILES_ENDINGS);
	root = file_folder(path);
	ok = add_folder(x, root, &folder, f) &&
	     add_file(x, folder, root, name, kind, f);
	if (ok)
		x->list[x->count - 1].named = true;
	free(root);
	return ok;
}

bool import_files_find(struct import_files *x, char *const *paths,
                       size_t path_count, struct troubles *broken,
                       struct fault *f)
{
	struct stat st;
	size_t i;

	for (i = 0; i < path_count; i++) {
		if (stat(paths[i], &st))
			return fault_errno(f, paths[i], "open");
		if (S_ISDIR(st.st_mode) ? !walk(x, paths[i], broken, f)
		                        : !named(x, paths[i], f))
			return false;
	}
	return true;
}

void import_files_release(struct import_files *x)
{
	size_t i;

	for (i = 0; i < x->folder_count; i++)
		local_folder_free(x->folders[i]);
	free(x->folders);
	free(x->list);
	arena_release(&x->arena);
	*x = (struct import_files){ 0 };
}

void import_files_name(const struct import_file *file, struct slice path,
                       struct buf *out)
{
	size_t len = strlen(file->root);

	if (strcmp(file->root, ".") != 0) {
		buf_text(out, file->root);
		if (len && file->root[len - 1] != '/')
			buf_byte(out, '/');
	}
	buf_add(out, path);
}

bool import_files_open(const struct import_file *file, struct slice path,
                       int *fd, struct fault *f)
{
	struct buf name = BUF_INIT(16 << 10);
	int64_t size;
	bool ok = local_folder_open(file->folder, path, fd, &size, f);

	import_files_name(file, path, &name);
	if (!ok)
		fault_at(f, buf_string(&name), 0);
	buf_release(&name);
	return ok;
}

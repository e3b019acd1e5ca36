/*
 * Any bytes as a request to sign: lines of an address, a header's name and its
 * value, and a body. What is signed once is signed the same again; the form
 * that is hashed has as many lines as it should; and the order of parameters
 * on the wire does not matter.
 */

#include "must.h"

#include "base/buf.h"
#include "base/net/sigv4.h"
#include "base/net/sigv4_canonical.h"

static const struct sigv4_key key = {
	{ "AKIDEXAMPLE", 11 },
	{ "secret", 6 },
	{ NULL, 0 },
};

static struct slice line(struct slice *rest)
{
	size_t end = slice_find(*rest, '\n');
	struct slice s = slice_cut(*rest, 0, end);

	*rest = slice_cut(*rest, end + 1, rest->len);
	return s;
}

static size_t count(struct slice s, char byte)
{
	size_t n = 0, i;

	for (i = 0; i < s.len; i++)
		n += s.at[i] == byte;
	return n;
}

/* A canonical query is its own canonical form. */
static void check_query(struct slice query, struct arena *a)
{
	struct buf once = BUF_INIT(1 << 20), again = BUF_INIT(1 << 20);

	canonical_query(query, a, &once);
	canonical_query(buf_slice(&once), a, &again);
	must(slice_eq(buf_slice(&once), buf_slice(&again)));
	buf_release(&once);
	buf_release(&again);
}

static void check_path(struct slice path)
{
	struct buf out = BUF_INIT(1 << 20);
	struct slice s;

	canonical_path(path, false, &out);
	s = buf_slice(&out);
	must(s.len && s.at[0] == '/');
	must(count(s, '/') <= count(path, '/') + 1);
	must(!slice_ends(s, SLICE("/..")) && !slice_ends(s, SLICE("//")));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct http_header headers[2] = { 0 };
	struct sigv4_request r = {
		.method = SLICE("POST"),
		.url = line(&rest),
		.headers = headers,
		.header_count = 2,
		.service = SLICE("support"),
		.region = SLICE("us-east-1"),
		.time = 1440938160000,
		.single = size & 1,
		.hash_header = size & 2,
	};
	struct arena a = ARENA_INIT;
	struct sigv4_signed one, two;
	struct fault f;
	int i;

	for (i = 0; i < 2; i++) {
		headers[i].name = line(&rest);
		headers[i].value = line(&rest);
	}
	r.body = rest;
	check_query(r.url, &a);
	check_path(r.url);
	if (sigv4_sign(&r, &key, &a, &one, &f)) {
		must(sigv4_sign(&r, &key, &a, &two, &f));
		must(slice_eq(one.authorization, two.authorization));
		must(one.host.len && one.header_count >= 2);
		must(slice_starts(one.canonical, SLICE("POST\n/")));
		must(count(one.canonical, '\n') >= 7);
	} else {
		must(f.kind == FAULT_USAGE || f.kind == FAULT_LIMIT);
	}
	arena_release(&a);
	return 0;
}

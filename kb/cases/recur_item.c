/*
 * Two cases are the same problem when they have label and a service in common,
 * and what their problems and titles (words) and their causes (cause) have in
 * common is enough:
 *
 *	words >= .25, words + cause >= .6    a telling code in common
 *	words >= .3,  words + cause >= .7    none
 *	words >= .3,  words + cause >= 1     codes, but others; another class
 *
 * In common: Jaccard's coefficient. Without a cause on either side, half of
 * words stands for it. If code, class and the very set of services are the
 * same, less is asked for: in one language words >= .1 and both >= .45; in
 * two, whose words cannot meet, a word of the cause ("NAT", "kms:Decrypt"), if
 * the code tells much or the services are several, or a whole message for a
 * code. The figures are measured on tests/data/recur and examples/cases.
 */

#include "kb/cases/recur_item.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/text/unicode.h"

enum {
	RECUR_CODE = 4, /* bytes a code must have to tell anything */
	RECUR_NAME = 4096,
};

/* Of words, and of words and cause together. */
static const double WORDS_WITH_CODE = .25, WORDS_WITHOUT = .30;
static const double SAME_WITH_CODE = .60, SAME_WITHOUT = .70, SAME_APART = 1;
/* Where code, class and services are the same. */
static const double WORDS_CLOSE = .10, SAME_CLOSE = .45;

/* Codes, as code_key() makes them, that say how something failed, not what. */
static const char *const common_codes[] = {
	"accessdenied",
	"unauthorizedoperation",
	"unauthorized",
	"forbidden",
	"permissiondenied",
	"notauthorized",
	"throttling",
	"toomanyrequests",
	"requestlimitexceeded",
	"limitexceeded",
	"resourcelimitexceeded",
	"servicequotaexceeded",
	"validation",
	"invalidparameter",
	"invalidparametervalue",
	"badrequest",
	"internal",
	"internalserver",
	"internalfailure",
	"serviceunavailable",
	"timeout",
	"timedout",
	"etimedout",
	"econnreset",
	"econnrefused",
	"connectionrefused",
	"resourcenotfound",
	"notfound",
	"client",
	"unknown",
};

static uint64_t folded_hash(struct slice s)
{
	struct buf b = BUF_INIT(RECUR_NAME);
	uint64_t hash;

	unicode_fold(slice_trim(s), &b);
	hash = hash64(buf_slice(&b));
	buf_release(&b);
	return hash ? hash : 1;
}

static int by_hash(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static size_t hashes_sorted(uint64_t *at, size_t count)
{
	size_t i, n = 0;

	if (count)
		qsort(at, count, sizeof(*at), by_hash);
	for (i = 0; i < count; i++)
		if (!n || at[n - 1] != at[i])
			at[n++] = at[i];
	return n;
}

/* Letters and digits in small; a message's numbers are all the same; without
 * what many end in. */
static void code_key(struct slice code, bool message, struct buf *out)
{
	static const struct slice ends[] = { { "exception", 9 },
		                             { "error", 5 } };
	struct buf folded = BUF_INIT(RECUR_NAME);
	size_t i;

	unicode_fold(code, &folded);
	for (i = 0; i < folded.len; i++) {
		char c = folded.at[i];
		bool digit = c >= '0' && c <= '9';

		if (digit || (c >= 'a' && c <= 'z') || (c & 0x80))
			buf_byte(out, digit && message ? '0' : c);
	}
	for (i = 0; i < 2; i++)
		if (slice_ends(buf_slice(out), ends[i]) &&
		    out->len > ends[i].len)
			buf_cut(out, out->len - ends[i].len);
	buf_release(&folded);
}

static bool code_common(struct slice key)
{
	size_t i;

	for (i = 0; i < sizeof(common_codes) / sizeof(*common_codes); i++)
		if (slice_eq(key, slice_of(common_codes[i])))
			return true;
	return false;
}

/* False: a status of HTTP, a number of few digits, too short. */
static bool code_take(struct slice code, struct recur_code *out)
{
	struct buf key = BUF_INIT(RECUR_NAME);
	size_t i, digits = 0, blanks = 0;
	bool ok;

	code = slice_trim(code);
	for (i = 0; i < code.len; i++) {
		digits += code.at[i] >= '0' && code.at[i] <= '9';
		blanks += code.at[i] == ' ';
	}
	out->message = blanks >= 2;
	code_key(code, out->message, &key);
	ok = key.len >= RECUR_CODE &&
	     !(slice_starts(buf_slice(&key), SLICE("http")) && digits <= 3);
	out->tells = !code_common(buf_slice(&key));
	out->hash = hash64(buf_slice(&key));
	buf_release(&key);
	return ok;
}

static int by_code(const void *x, const void *y)
{
	const struct recur_code *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* "zh" of "zh-TW". */
static struct slice language_of(struct slice s)
{
	return slice_cut(s, 0, slice_find(s, '-'));
}

void recur_item_names(struct recur_item *x, const struct recur_case *c)
{
	size_t i;

	for (i = 0; i < c->service_count && i < RECUR_PARTS; i++)
		x->services[x->service_count++] = folded_hash(c->services[i]);
	/* Those of no service are among themselves. */
	if (!x->service_count)
		x->services[x->service_count++] = 1;
	for (i = 0; i < c->code_count && x->code_count < RECUR_PARTS; i++)
		x->code_count +=
		        code_take(c->codes[i], &x->codes[x->code_count]);
	if (x->code_count)
		qsort(x->codes, x->code_count, sizeof(*x->codes), by_code);
	x->class = c->class.len ? folded_hash(c->class) : 0;
	if (c->language.len)
		x->language = folded_hash(language_of(c->language));
	/* The label is part of every service's name: nothing else meets. */
	for (i = 0; i < x->service_count; i++)
		x->services[i] ^= hash64(c->access);
	x->service_count = hashes_sorted(x->services, x->service_count);
	x->service_set = hash64(
	        (struct slice){ (const char *)x->services,
	                        x->service_count * sizeof(*x->services) });
}

static double alike(const struct numbers *a, const struct numbers *b)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a->count && j < b->count) {
		uint32_t x = a->at[i], y = b->at[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return both ? (double)both / (double)(a->count + b->count - both) : 0;
}

static bool hashes_meet(const uint64_t *a, size_t n, const uint64_t *b,
                        size_t m)
{
	size_t i = 0, j = 0;

	while (i < n && j < m) {
		if (a[i] == b[j])
			return true;
		if (a[i] < b[j])
			i++;
		else
			j++;
	}
	return false;
}

/* What codes two cases have in common. */
enum recur_codes {
	CODES_MEET = 1 << 0,
	CODES_TELL = 1 << 1,    /* one of them much */
	CODES_MESSAGE = 1 << 2, /* one is a whole message */
};

static unsigned codes_meet(const struct recur_item *a,
                           const struct recur_item *b)
{
	size_t i = 0, j = 0;
	unsigned out = 0;

	while (i < a->code_count && j < b->code_count) {
		const struct recur_code *x = &a->codes[i], *y = &b->codes[j];

		if (x->hash == y->hash)
			out |= CODES_MEET | (x->tells ? CODES_TELL : 0) |
			       (x->message && y->message ? CODES_MESSAGE : 0);
		i += x->hash <= y->hash;
		j += y->hash <= x->hash;
	}
	return out;
}

static bool differ(uint64_t a, uint64_t b)
{
	return a && b && a != b;
}

/* Whether words and cause, two figures, are enough for what else is known. */
static bool recur_enough(const struct recur_item *a, const struct recur_item *b,
                         unsigned codes, double words, double cause)
{
	bool tells = codes & CODES_TELL;
	bool apart = !codes && ((a->code_count && b->code_count) ||
	                        differ(a->class, b->class));
	double least = tells ? SAME_WITH_CODE : SAME_WITHOUT;

	if (words >= (tells ? WORDS_WITH_CODE : WORDS_WITHOUT) &&
	    words + cause >= (apart ? SAME_APART : least))
		return true;
	if (!codes || a->service_set != b->service_set ||
	    differ(a->class, b->class))
		return false;
	if (!differ(a->language, b->language))
		return tells && words >= WORDS_CLOSE &&
		       words + cause >= SAME_CLOSE;
	return codes & CODES_MESSAGE ||
	       (cause > 0 && a->cause.count && b->cause.count &&
	        (tells || a->service_count > 1));
}

/* How alike two cases are when they are the same problem, else 0. */
double recur_same(const struct recur_item *a, const struct recur_item *b)
{
	double words, cause;

	if (!hashes_meet(a->services, a->service_count, b->services,
	                 b->service_count))
		return 0;
	words = alike(&a->words, &b->words);
	cause = a->cause.count && b->cause.count ? alike(&a->cause, &b->cause)
	                                         : words / 2;
	if (!recur_enough(a, b, codes_meet(a, b), words, cause))
		return 0;
	return words + cause + 1;
}

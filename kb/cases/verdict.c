/* Field by field; what a list does not have, and the guard does not let pass,
 * is not there. */

#include "kb/cases/verdict.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/same_name.h"

enum {
	SENTENCE_MOST = 800, /* bytes of problem and cause */
	STEP_MOST = 600,
	TITLE_MOST = 300,
	CODE_MOST = 100,
	BLANKS_MOST = 9, /* of an error message that counts as a code */
	STEPS = 16,
	TITLES = 6,
	CODES = 24,
	SERVICES = 12,
};

struct judging {
	const struct verdict_scene *s;
	struct arena *a;
	struct buf text;
	unsigned losses; /* enum guard_loss, of all texts */
	bool dropped;    /* a code that the case does not hold */
	struct fault *f;
};

/* Clean text with what was masked put back. */
static struct slice unmask(struct judging *j, struct slice said)
{
	struct buf clean = BUF_INIT(UNICODE_CLEAN_MOST * LIMIT_MODEL_ANSWER);
	struct slice out;

	buf_reset(&j->text);
	mask_undo(j->s->mask, said, &j->text);
	unicode_clean(buf_slice(&j->text), &clean);
	out = arena_copy(j->a, slice_trim(buf_slice(&clean)));
	buf_release(&clean);
	return out;
}

/* Small models say back what they were asked. */
static bool repeats_prompt(const struct judging *j, struct slice said)
{
	struct slice boundary = j->s->boundary;
	size_t i;

	for (i = 0; boundary.len && i + boundary.len <= said.len; i++)
		if (!memcmp(said.at + i, boundary.at, boundary.len))
			return true;
	return false;
}

/* One piece of free text; empty when nothing of it may stay. */
static bool free_text(struct judging *j, struct slice said, size_t most,
                      struct slice *out)
{
	unsigned losses = 0;

	*out = (struct slice){ 0 };
	if (!slice_trim(said).len)
		return true;
	if (repeats_prompt(j, said)) {
		j->losses |= GUARD_WHOLE;
		return true;
	}
	if (!guard_out(j->s->held, unmask(j, said), most, j->a, out, &losses,
	               j->f))
		return false;
	*out = slice_trim(*out);
	j->losses |= losses;
	return true;
}

static bool free_list(struct judging *j, const struct reply_list *said,
                      size_t most, size_t room, const struct slice **out,
                      size_t *count)
{
	struct slice *items = arena_array(j->a, room, sizeof(*items));
	size_t i;

	*out = items;
	for (*count = i = 0; i < said->count && *count < room; i++) {
		if (!free_text(j, said->items[i], most, &items[*count]))
			return false;
		*count += items[*count].len > 0;
	}
	return true;
}

static bool listed(const struct slice *items, size_t count, struct slice s)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (slice_eq(items[i], s))
			return true;
	return false;
}

static void closed_services(struct judging *j, const struct reply_list *said,
                            struct digest *d)
{
	struct slice *items = arena_array(j->a, SERVICES, sizeof(*items));
	size_t i;

	d->services = items;
	for (i = 0; i < said->count && d->service_count < SERVICES; i++) {
		size_t at = same_name_find(unmask(j, said->items[i]),
		                           j->s->services, j->s->service_count);

		if (at < j->s->service_count &&
		    !listed(items, d->service_count, j->s->services[at]))
			items[d->service_count++] = j->s->services[at];
	}
}

/* "Task timed out after 30.03 seconds", "exec format error": in the words of
 * somebody's program, not of a person who wants something. */
static bool says_failure(struct slice s)
{
	static const char *const words[] = {
		"error",   "fail",    "denied",  "refused", "timed out",
		"timeout", "exceed",  "invalid", "cannot",  "could not",
		"unable",  "unavail", "expired", "missing", "not ",
		"no ",     "reset",   "reached", "illegal", "conflict",
	};
	char low[CODE_MOST + 1];
	size_t i;

	for (i = 0; i < s.len && i < CODE_MOST; i++)
		low[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32)
		                                          : s.at[i];
	low[i] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(low, words[i]))
			return true;
	return false;
}

/* What error codes look like: "ErrImagePull", "ORA-00942", "504", "HTTP 502",
 * "ERROR 1290 (HY000)", and messages; not any sentence, a number to call, an
 * address, a command. */
static bool looks_code(struct slice s)
{
	size_t i, digits = 0, letters = 0, telling = 0, blanks = 0;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool upper = c >= 'A' && c <= 'Z';

		if (!upper && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') &&
		    (!i || !strchr("._:#/ -()[]", c)))
			return false;
		letters += upper || (c >= 'a' && c <= 'z');
		digits += c >= '0' && c <= '9';
		telling += upper || c == '_';
		blanks += c == ' ';
	}
	if (!letters)
		return digits == s.len && digits >= 3 && digits <= 6;
	return (telling + digits > 0 && blanks <= 2) ||
	       (blanks <= BLANKS_MOST && says_failure(s));
}

/* Codes stand in the case as they are. */
static void held_codes(struct judging *j, const struct reply_list *said,
                       struct digest *d)
{
	struct slice *items = arena_array(j->a, CODES, sizeof(*items));
	size_t i;

	d->codes = items;
	for (i = 0; i < said->count && d->code_count < CODES; i++) {
		struct slice code = unmask(j, said->items[i]);

		if (!code.len)
			continue;
		if (code.len > CODE_MOST || !looks_code(code) ||
		    !guard_holds(j->s->held, code))
			j->dropped = true;
		else if (!listed(items, d->code_count, code))
			items[d->code_count++] = code;
	}
}

struct slice verdict_class(const struct digest_settings *s, struct slice said)
{
	static const char *const none[] = {
		DIGEST_UNCLASSIFIED,
		"none",
		"other",
		"others",
		"unknown",
		"n/a",
		"未分类",
		"未分類",
		"其他",
		"其它",
		"未知",
		"无法分类",
		"미분류",
		"기타",
		"분류 불가",
		"その他",
		"不明",
		"分類不能",
	};
	const struct digest_class *c = digest_class_find(s, said);
	size_t i;

	if (c)
		return c->name;
	for (i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (same_name(said, slice_of(none[i])))
			return SLICE(DIGEST_UNCLASSIFIED);
	return SLICE("");
}

static bool texts_read(struct judging *j, const struct case_answer *r,
                       struct digest *d)
{
	if (!free_text(j, r->problem, SENTENCE_MOST, &d->problem) ||
	    !free_text(j, r->cause, SENTENCE_MOST, &d->cause) ||
	    !free_list(j, &r->steps, STEP_MOST, STEPS, &d->steps,
	               &d->step_count) ||
	    !free_list(j, &r->titles, TITLE_MOST, TITLES, &d->titles,
	               &d->title_count))
		return false;
	closed_services(j, &r->services, d);
	held_codes(j, &r->codes, d);
	return true;
}

/* What the letters tell; Latin ones tell that it is not what has others. */
static struct slice text_language(struct judging *j, const struct digest *d)
{
	struct slice asked = j->s->language, told;
	bool wide = slice_starts(asked, SLICE("zh")) ||
	            slice_starts(asked, SLICE("ja")) ||
	            slice_starts(asked, SLICE("ko"));

	buf_reset(&j->text);
	buf_add(&j->text, d->problem);
	buf_add(&j->text, d->cause);
	told = digest_language(buf_slice(&j->text), SLICE(""));
	if (told.len)
		return slice_starts(asked, told) ? asked : told;
	return wide && j->text.len ? SLICE("en") : asked;
}

static unsigned flags_of(const struct judging *j, const struct case_answer *r,
                         const struct digest *d)
{
	unsigned flags = 0;

	if (r->shape != REPLY_STRICT)
		flags |= DIGEST_REPAIRED;
	if ((j->losses & ~(unsigned)GUARD_LONG) || j->dropped)
		flags |= DIGEST_CLEANED;
	if (!d->problem.len)
		flags |= DIGEST_NO_PROBLEM;
	if (!d->cause.len)
		flags |= DIGEST_NO_CAUSE;
	return flags;
}

/* Whether the answer is about this case. One that does not say is: nothing
 * else was asked. */
static bool own_id(struct judging *j, const struct case_answer *r)
{
	struct slice id = unmask(j, r->id);

	return !(r->has & 1u << REPLY_ID) || slice_eq(id, j->s->id) ||
	       same_name(id, j->s->id);
}

static bool judge(struct judging *j, const struct case_answer *r,
                  struct verdict *v)
{
	struct digest *d = &v->digest;

	if (!own_id(j, r)) {
		v->wrong = "its id is not the id of the case";
		v->code = "digest-id";
		return true;
	}
	if (!texts_read(j, r, d))
		return false;
	v->usable = true;
	d->flags = flags_of(j, r, d);
	d->language = text_language(j, d);
	d->class = verdict_class(j->s->settings, unmask(j, r->class));
	if (!d->class.len) {
		d->class = SLICE(DIGEST_UNCLASSIFIED);
		d->flags |= DIGEST_NO_CLASS;
		v->wrong = "its class is none of the classes that are listed";
		v->code = "digest-class";
	} else if (!d->problem.len && !d->cause.len) {
		v->wrong = "problem and cause are missing";
		v->code = "digest-empty";
	}
	return true;
}

bool verdict_read(const struct verdict_scene *s, const struct case_answer *r,
                  struct arena *a, struct verdict *out, struct fault *f)
{
	struct judging j = {
		.s = s,
		.a = a,
		.text = BUF_INIT(UNICODE_CLEAN_MOST * LIMIT_MODEL_ANSWER),
		.f = f,
	};
	bool ok;

	*out = (struct verdict){ 0 };
	ok = judge(&j, r, out);
	buf_release(&j.text);
	return ok;
}

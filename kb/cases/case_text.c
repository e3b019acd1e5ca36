/*
 * A case is a list of pieces: replies, runs of a long reply, or summaries of
 * parts. Laying out writes some of them; what differs is which.
 */

#include "kb/cases/case_text.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text/lines.h"
#include "base/utf8.h"
#include "kb/cases/boilerplate.h"
#include "kb/llm/llm.h"

enum {
	BOUNDARY = 12,     /* letters */
	FIELD_MOST = 1000, /* bytes of subject, service and so on */
	FRAME = 60,        /* tokens of the boundaries */
	TITLE = 50,        /* of the lines in brackets around a piece */
	GAP = 16,          /* of one such line */
	LINE = 2,          /* tokens of a line's mark */
	TOKEN_BYTES = 8,   /* a text of fewer tokens is cut as if of so many */
	LEAST = 100,       /* tokens that a piece is worth showing for */
	TEXT_MOST = LIMIT_ROW,
	/* Of the room: for the first report, for what was said last. */
	FIRST_PERCENT = 30,
	LAST_PERCENT = 35,
};

struct piece {
	size_t number; /* of the reply or part, from 1 */
	enum case_side side;
	int64_t time;
	struct slice body;
	int64_t tokens; /* of all of it */
	int64_t given;  /* of these, what may be shown; 0: nothing */
};

struct pieces {
	struct piece *at;
	size_t count;
	bool summaries;
};

struct slice case_boundary(struct slice uuid, const struct support_case *c,
                           struct arena *a)
{
	struct buf b = BUF_INIT(100);
	struct sha256 h;
	char hex[65];
	struct slice out;
	size_t i;

	sha256_init(&h);
	sha256_add(&h, uuid);
	sha256_add(&h, SLICE("\n"));
	sha256_add(&h, c->space);
	sha256_add(&h, SLICE("\n"));
	sha256_add(&h, c->native);
	buf_addf(&b, "\n%llx", (unsigned long long)c->hash);
	sha256_add(&h, buf_slice(&b));
	sha256_end(&h, hex);
	/* Letters alone: digits would look like an account now and then. */
	for (i = 0; i < BOUNDARY; i++)
		hex[i] = (char)(hex[i] <= '9' ? 'g' + (hex[i] - '0') : hex[i]);
	out = arena_copy(a, (struct slice){ hex, BOUNDARY });
	buf_release(&b);
	return out;
}

/* Each line behind a mark of its own. */
static void lines_add(struct buf *b, struct slice text)
{
	size_t at = 0;

	while (at < text.len) {
		struct slice line = lines_next(text, &at);

		buf_text(b, line.len ? "| " : "|");
		buf_add(b, line);
		buf_byte(b, '\n');
	}
}

static int64_t lines_tokens(struct slice text)
{
	size_t at = 0;
	int64_t lines = 0;

	while (at < text.len) {
		lines_next(text, &at);
		lines++;
	}
	return llm_tokens(text) + LINE * lines;
}

/* "| name: value" on one line. */
static void field_add(struct buf *b, const char *name, struct slice value)
{
	size_t i;

	if (!value.len)
		return;
	value = utf8_head(value, FIELD_MOST);
	buf_addf(b, "| %s: ", name);
	for (i = 0; i < value.len; i++)
		buf_byte(b, value.at[i] == '\n' ? ' ' : value.at[i]);
	buf_byte(b, '\n');
}

static void time_add(struct buf *b, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	buf_add(b, utf8_head(slice_of(text), sizeof("2026-01-02 03:04") - 1));
}

static void head_add(struct buf *b, const struct support_case *c)
{
	struct buf opened = BUF_INIT(100);

	time_add(&opened, c->created);
	field_add(b, "id", c->native);
	field_add(b, "subject", c->subject);
	field_add(b, "service", c->service);
	field_add(b, "category", c->category);
	field_add(b, "severity", c->severity);
	field_add(b, "status", c->status);
	field_add(b, "opened", buf_slice(&opened));
	buf_release(&opened);
}

/* How many bytes from the start (or, of `tail`, from the end) are so many
 * tokens at most, with their lines' marks; at a character. */
static size_t bytes_within(struct slice s, int64_t tokens, bool tail)
{
	size_t most = (size_t)(tokens > 0 ? tokens : 0) * TOKEN_BYTES;
	size_t n = s.len < most ? s.len : most;

	for (;;) {
		struct slice part = slice_cut(s, 0, n);

		if (tail) {
			while (n && (s.at[s.len - n] & 0xC0) == 0x80)
				n--;
			part = slice_cut(s, s.len - n, s.len);
		} else {
			part = utf8_head(s, n);
			n = part.len;
		}
		if (!n || lines_tokens(part) <= tokens)
			return n;
		n = n * 7 / 8;
	}
}

/* Head and tail of a text that has to be shorter. */
static void body_cut(struct buf *b, struct slice s, int64_t given)
{
	/* Without its lines in brackets, and one more. */
	int64_t tokens = given - TITLE - GAP;
	size_t head = bytes_within(s, tokens * 6 / 10, false), tail;
	struct slice rest = slice_cut(s, head, s.len);

	tail = bytes_within(rest, tokens * 4 / 10, true);
	lines_add(b, slice_cut(s, 0, head));
	buf_text(b, "| [... cut here ...]\n");
	lines_add(b, slice_cut(rest, rest.len - tail, rest.len));
}

static void piece_add(struct buf *b, const struct pieces *p,
                      const struct piece *x)
{
	static const char *const sides[] = {
		[SIDE_UNKNOWN] = "somebody",
		[SIDE_CUSTOMER] = "customer",
		[SIDE_PROVIDER] = "provider",
	};

	if (p->summaries)
		buf_addf(b, "|\n| [part %zu, summarised]", x->number);
	else
		buf_addf(b, "|\n| [%zu] %s", x->number, sides[x->side]);
	if (x->time != CLOCK_NONE) {
		buf_text(b, ", ");
		time_add(b, x->time);
	}
	buf_byte(b, '\n');
	if (x->given < x->tokens)
		body_cut(b, x->body, x->given);
	else
		lines_add(b, x->body);
}

/* Pieces [from, to) as far as they were given room. */
static struct slice pieces_lay(const struct case_layout *l,
                               const struct pieces *p, size_t from, size_t to,
                               struct arena *a)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	struct slice out;
	size_t i, left = 0;

	buf_addf(&b, "BEGIN CASE %.*s\n", SLICE_ARG(l->boundary));
	head_add(&b, l->shown);
	for (i = from; i < to; i++) {
		left += !p->at[i].given;
		if (p->at[i].given && left) {
			buf_addf(&b, "|\n| [%zu left out here]\n", left);
			left = 0;
		}
		if (p->at[i].given)
			piece_add(&b, p, &p->at[i]);
	}
	if (left)
		buf_addf(&b, "|\n| [%zu left out here]\n", left);
	buf_addf(&b, "END CASE %.*s\n", SLICE_ARG(l->boundary));
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static int64_t head_tokens(const struct case_layout *l)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	int64_t n;

	head_add(&b, l->shown);
	n = llm_tokens(buf_slice(&b)) + FRAME;
	buf_release(&b);
	return n;
}

static void pieces_read(const struct case_layout *l, struct arena *a,
                        struct pieces *out)
{
	const struct support_case *c = l->shown;
	size_t i, n = l->summaries ? l->summary_count : c->reply_count;

	*out = (struct pieces){ arena_array(a, n, sizeof(struct piece)), 0,
		                l->summaries != NULL };
	for (i = 0; i < n; i++) {
		struct piece *x = &out->at[out->count];

		*x = (struct piece){ .number = i + 1, .time = CLOCK_NONE };
		if (l->summaries) {
			x->body = slice_trim(l->summaries[i]);
		} else {
			x->side = c->replies[i].side;
			x->time = c->replies[i].time;
			x->body = boilerplate_drop(c->replies[i].body, !i, a);
		}
		x->tokens = lines_tokens(x->body) + TITLE;
		out->count += x->body.len > 0;
	}
}

/* Gives a piece what it wants of the room, up to `most`. */
static void piece_give(struct piece *x, int64_t most, int64_t *room)
{
	int64_t give = x->tokens - x->given, least;

	if (most < LEAST)
		most = LEAST;
	if (most > *room - GAP)
		most = *room - GAP;
	least = x->tokens < LEAST ? x->tokens : LEAST;
	if (give > most)
		give = most;
	if (give <= 0 || x->given + give < least)
		return;
	x->given += give;
	*room -= give + GAP;
}

static size_t piece_last(const struct pieces *p, enum case_side side)
{
	size_t i = p->count;

	while (i > 0 && p->at[i - 1].side != side)
		i--;
	return i ? i - 1 : p->count;
}

/* How it began, what the provider said last, how it ended; then, from the end
 * backwards, what the provider said before, and what else was said. */
static void pieces_choose(struct pieces *p, int64_t room)
{
	size_t i, provider = piece_last(p, SIDE_PROVIDER);
	int64_t all = room;
	int round;

	piece_give(&p->at[0], all * FIRST_PERCENT / 100, &room);
	if (provider < p->count && provider)
		piece_give(&p->at[provider], all * LAST_PERCENT / 100, &room);
	if (p->count > 1 && provider != p->count - 1)
		piece_give(&p->at[p->count - 1], all * LAST_PERCENT / 200,
		           &room);
	for (round = 0; round < 2; round++)
		for (i = p->count; i-- > 0;)
			if (round || p->at[i].side == SIDE_PROVIDER)
				piece_give(&p->at[i], room, &room);
}

static bool pieces_whole(struct pieces *p, int64_t room)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < p->count; i++)
		sum += p->at[i].tokens;
	for (i = 0; i < p->count && sum <= room; i++)
		p->at[i].given = p->at[i].tokens;
	return sum <= room;
}

static bool room_for(const struct case_layout *l, int64_t *room,
                     struct fault *f)
{
	*room = l->room - head_tokens(l);
	return *room >= 2 * (LEAST + GAP) ||
	       fault(f, FAULT_LIMIT, "digest-window",
	             "the model's window leaves %lld tokens for the case; it "
	             "takes more to say anything of it",
	             (long long)l->room);
}

bool case_text(const struct case_layout *l, struct arena *a, struct slice *out,
               bool *cut, struct fault *f)
{
	struct pieces p;
	int64_t room;

	if (!room_for(l, &room, f))
		return false;
	pieces_read(l, a, &p);
	*cut = !pieces_whole(&p, room);
	if (*cut)
		pieces_choose(&p, room);
	*out = pieces_lay(l, &p, 0, p.count, a);
	return true;
}

/* Runs of one piece that fit each; false: `out` has no room for all. */
static bool piece_split(const struct piece *x, int64_t room, struct piece *out,
                        size_t most, size_t *count)
{
	struct slice rest = x->body;

	do {
		struct piece *y = &out[(*count)++];

		*y = *x;
		y->body = slice_cut(rest, 0,
		                    bytes_within(rest, room - TITLE, false));
		rest = slice_cut(rest, y->body.len, rest.len);
		y->tokens = y->given = lines_tokens(y->body) + TITLE;
	} while (rest.len && *count < most);
	return !rest.len;
}

static size_t runs_most(const struct piece *x, int64_t room)
{
	return (size_t)(2 * x->tokens / (room - TITLE)) +
	       x->body.len / ((size_t)(room - TITLE) * TOKEN_BYTES / 2);
}

/* Where the part that starts at `from` ends. */
static size_t part_end(const struct pieces *p, size_t from, int64_t room)
{
	int64_t sum = p->at[from].tokens;
	size_t to = from + 1;

	while (to < p->count && sum + p->at[to].tokens <= room)
		sum += p->at[to++].tokens;
	return to;
}

/* Takes what is too much from the middle. */
static void parts_thin(struct slice *parts, size_t *count, bool *cut)
{
	size_t half = LIMIT_DIGEST_PARTS / 2;

	if (*count <= LIMIT_DIGEST_PARTS)
		return;
	*cut = true;
	memmove(parts + half, parts + *count - half, half * sizeof(*parts));
	*count = 2 * half;
}

bool case_parts(const struct case_layout *l, struct arena *a,
                struct slice **parts, size_t *count, bool *cut, struct fault *f)
{
	struct pieces p, runs = { 0 };
	size_t i, most, from = 0;
	int64_t room;

	if (!room_for(l, &room, f))
		return false;
	pieces_read(l, a, &p);
	most = 2 * p.count;
	for (i = 0; i < p.count; i++)
		most += runs_most(&p.at[i], room);
	runs.at = arena_array(a, most, sizeof(*runs.at));
	*cut = false;
	for (i = 0; i < p.count && !*cut; i++)
		*cut = !piece_split(&p.at[i], room, runs.at, most, &runs.count);
	*parts = arena_array(a, runs.count, sizeof(**parts));
	for (*count = 0; from < runs.count;) {
		size_t to = part_end(&runs, from, room);

		(*parts)[(*count)++] = pieces_lay(l, &runs, from, to, a);
		from = to;
	}
	parts_thin(*parts, count, cut);
	return true;
}

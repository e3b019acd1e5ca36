/*
 * Markup goes first, then sentence by sentence: one that speaks to a model,
 * holds a command of its own or tells the reader to call, click, pay or lower
 * his guard goes whole; from others go addresses and numbers that the case
 * does not hold.
 */

#include "kb/cases/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text/mask.h"
#include "base/utf8.h"
#include "kb/cases/guard_case.h"
#include "kb/cases/guard_fold.h"
#include "kb/cases/guard_judge.h"
#include "kb/cases/guard_plain.h"
#include "kb/cases/guard_sentence.h"

struct answer {
	const struct guard_case *held;
	struct mask *phones;
	struct arena scratch;
	struct buf name, folded, clean;
	struct buf *out;
	unsigned losses;
};

static bool stands_in(struct slice text, struct slice word)
{
	size_t at = 0;

	while (at + word.len <= text.len) {
		at += slice_find(slice_cut(text, at, text.len), word.at[0]);
		if (slice_starts(slice_cut(text, at, text.len), word))
			return true;
		at++;
	}
	return false;
}

/* Whether most of a folded sentence's words are the case's. */
static bool mostly_held(const struct guard_case *g, struct slice folded)
{
	size_t words = 0, held = 0;

	while (folded.len) {
		struct slice word =
		        slice_cut(folded, 0, slice_find(folded, ' '));

		if (word.len > 2) {
			words++;
			held += guard_case_word(g, word);
		}
		folded = slice_cut(folded, word.len + 1, folded.len);
	}
	return held * 4 >= words * 3;
}

static bool is_danger(struct answer *x, struct slice sentence)
{
	struct guard_hits h;

	buf_reset(&x->folded);
	guard_fold(sentence, &x->folded);
	guard_words(x->held->dangers, buf_slice(&x->folded), &x->scratch, &h);
	arena_reset(&x->scratch);
	return h.any & WORD_CLASS &&
	       !mostly_held(x->held, buf_slice(&x->folded));
}

static const char *const tools[] = {
	/* SHOUTED: in capitals, too */
	"drop",
	"truncate",
	"invoke-expression",
	"invoke-webrequest",
	"start-process",
	"set-executionpolicy",
	"remove-item",
	"iex",
	/* */
	"curl",
	"wget",
	"bash",
	"sh",
	"zsh",
	"sudo",
	"rm",
	"kubectl",
	"aws",
	"docker",
	"helm",
	"terraform",
	"npm",
	"npx",
	"pip",
	"pip3",
	"apt",
	"apt-get",
	"yum",
	"dnf",
	"systemctl",
	"psql",
	"mysql",
	"powershell",
	"pwsh",
	"cmd",
	"ssh",
	"scp",
	"nc",
	"ncat",
	"python",
	"python3",
	"perl",
	"node",
	"eval",
	"exec",
	"chmod",
	"chown",
	"dd",
	"mkfs",
	"kill",
	"crontab",
	"certutil",
	"bitsadmin",
	"mshta",
	"rundll32",
	"regsvr32",
	"reg",
	"net",
	"eksctl",
	"openssl",
	"git",
};

enum { SHOUTED = 8 };

/* `last`: as it was written. "AWS" is a name, "aws" a program; SQL and
 * PowerShell do not care. */
static bool is_tool(struct slice token, char last)
{
	size_t i, count = sizeof(tools) / sizeof(*tools);

	if (last >= 'A' && last <= 'Z')
		count = SHOUTED;

	while (token.len && strchr("$>#(`\"'", token.at[0]))
		token = slice_cut(token, 1, token.len);
	for (i = 0; i < count; i++)
		if (slice_eq(token, slice_of(tools[i])))
			return true;
	return false;
}

/* What stands behind a tool's name and makes a command of it. */
static bool is_argument(struct slice token)
{
	static const char *const words[] = {
		"delete",   "apply",   "exec",      "get",     "run",
		"install",  "table",   "database",  "user",    "schema",
		"s3",       "iam",     "ec2",       "sts",     "restart",
		"stop",     "start",   "disable",   "http",    "drain",
		"scale",    "rollout", "patch",     "edit",    "create",
		"clone",    "push",    "uninstall", "destroy", "777",
		"describe", "logs",    "config",    "update",  "upgrade",
	};
	size_t i;

	if (!token.len)
		return false;
	if (strchr("-/$~|.", token.at[0]) && token.len > 1)
		return true;
	for (i = 0; i < token.len; i++)
		if (strchr("/=|", token.at[i]))
			return true;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_eq(token, slice_of(words[i])))
			return true;
	return false;
}

/* Signs of a shell or of a script that prose does not have. */
static bool is_script(struct slice token)
{
	static const char *const parts[] = {
		"$(",
		"&&",
		"||",
		"|sh",
		"|bash",
		">/dev/",
		"2>&1",
		"eval(",
		"exec(",
		"system(",
		"os.popen",
		"subprocess",
		"base64_decode",
		"frombase64string",
		"document.",
		"window.",
		"onerror=",
		"onload=",
		"union+select",
		"${jndi",
		"=cmd|",
		"=hyperlink(",
		"=importxml(",
		"{{",
		"<%",
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (stands_in(token, slice_of(parts[i])))
			return true;
	return slice_eq(token, SLICE("|")) || slice_eq(token, SLICE("-rf"));
}

/* Behind these, prose goes on. */
static bool is_prose(struct slice token)
{
	static const char *const words[] = {
		"then", "to",  "and", "was",   "which",   "on",   "in", "for",
		"but",  "or",  "as",  "after", "command", "with", "is", "were",
		"from", "the", "so",  "by",    "again",   "at",   "of",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (slice_eq(token, slice_of(words[i])))
			return true;
	return false;
}

enum { CHECKED = 3 }; /* words behind a tool's name */

/* A command whose words do not stand in the case in the same order. */
static bool is_command(struct answer *x, struct slice sentence)
{
	struct buf token = BUF_INIT(256), pair = BUF_INIT(520);
	size_t at = 0, left = 0;
	bool tool = false, is = false;

	while (!is && guard_token(sentence, &at, &token)) {
		struct slice t = buf_slice(&token);

		if (tool && is_argument(t))
			left = CHECKED;
		else if (is_prose(t))
			left = 0;
		if (left) {
			left--;
			buf_byte(&pair, ' ');
			buf_add(&pair, t);
			is = !map_get(&x->held->pairs, buf_slice(&pair));
		}
		is = is || (is_script(t) && !map_get(&x->held->tokens, t));
		tool = is_tool(t, sentence.at[at - 1]);
		buf_reset(&pair);
		buf_add(&pair, t);
	}
	buf_release(&token);
	buf_release(&pair);
	return is;
}

static bool holds_number(struct answer *x, struct slice number)
{
	bool held;

	guard_digits(number, &x->name);
	held = map_get(&x->held->numbers, buf_slice(&x->name)) != NULL;
	return held;
}

/* The sentence without addresses and numbers the case does not hold. */
static bool strip_links(struct answer *x, struct slice s)
{
	struct guard_link link;
	struct mask_found phone;
	size_t from = 0, done = 0;
	struct buf middle = BUF_INIT(s.len + 16);
	struct slice rest;
	bool lost = false;

	while (guard_link(s, &from, &x->name, &link)) {
		if (map_get(&x->held->links, buf_slice(&x->name)))
			continue;
		buf_add(&middle, slice_cut(s, done, link.from));
		done = link.to;
		lost = true;
	}
	buf_add(&middle, slice_cut(s, done, s.len));
	rest = buf_slice(&middle);
	while (mask_find(x->phones, rest, &phone)) {
		struct slice number = slice_cut(rest, phone.from, phone.to);
		bool held = holds_number(x, number);

		buf_add(&x->clean,
		        slice_cut(rest, 0, held ? phone.to : phone.from));
		lost = lost || !held;
		rest = slice_cut(rest, phone.to, rest.len);
	}
	buf_add(&x->clean, rest);
	buf_release(&middle);
	return lost;
}

/* Whether anything but signs and white space is left. */
static bool says_something(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((s.at[i] & 0x80) || (s.at[i] >= '0' && s.at[i] <= '9') ||
		    (s.at[i] >= 'a' && s.at[i] <= 'z') ||
		    (s.at[i] >= 'A' && s.at[i] <= 'Z'))
			return true;
	return false;
}

static void put_sentence(struct answer *x, struct slice s)
{
	size_t i;

	if (!says_something(s))
		return;
	if (x->out->len && x->out->at[x->out->len - 1] != ' ')
		buf_byte(x->out, ' ');
	for (i = 0; i < s.len; i++) {
		bool space = s.at[i] == ' ' || s.at[i] == '\t' ||
		             s.at[i] == '\n' || s.at[i] == '\r';

		if (!space)
			buf_byte(x->out, s.at[i]);
		else if (x->out->len && x->out->at[x->out->len - 1] != ' ')
			buf_byte(x->out, ' ');
	}
}

static void read_sentence(struct answer *x, struct slice s)
{
	unsigned signs = guard_judge(x->held->lexicon, s, false, &x->scratch);

	arena_reset(&x->scratch);
	if (signs || is_danger(x, s) || is_command(x, s)) {
		x->losses |= GUARD_ORDER;
		return;
	}
	buf_reset(&x->clean);
	if (strip_links(x, s))
		x->losses |= GUARD_LINK;
	put_sentence(x, buf_slice(&x->clean));
}

static void read_text(struct answer *x, struct slice text)
{
	while (text.len) {
		struct slice line = slice_cut(text, 0, slice_find(text, '\n'));
		size_t at = 0;
		bool ends;

		while (at < line.len)
			read_sentence(x, guard_sentence(line, &at, &ends));
		text = slice_cut(text, line.len + 1, text.len);
	}
}

bool guard_out(const struct guard_case *g, struct slice text, size_t most,
               struct arena *a, struct slice *out, unsigned *losses,
               struct fault *f)
{
	struct answer x = { .held = g };
	struct buf plain = BUF_INIT(text.len * 4 + 64);
	struct buf kept = BUF_INIT(text.len * 5 + 64);
	struct slice s;
	bool changed;

	if (text.len > LIMIT_BODY)
		return fault(f, FAULT_LIMIT, "limit-body",
		             "an answer of %zu bytes; %d is the most", text.len,
		             LIMIT_BODY);
	if (!mask_new(&x.phones, f))
		return false;
	mask_classes(x.phones, 1u << MASK_PHONE);
	x.name = BUF_INIT(1 << 16);
	x.folded = x.clean = BUF_INIT(text.len * 20 + 64);
	x.out = &kept;
	guard_plain(text, &plain, &changed);
	read_text(&x, buf_slice(&plain));
	s = slice_trim(buf_slice(&kept));
	*losses = x.losses | (changed ? GUARD_MARKUP : 0);
	if (!s.len && slice_trim(text).len)
		*losses |= GUARD_WHOLE;
	if (s.len > most) {
		*losses |= GUARD_LONG;
		s = slice_trim(utf8_head(s, most));
	}
	*out = arena_copy(a, s);
	mask_free(x.phones);
	arena_release(&x.scratch);
	buf_release(&x.name);
	buf_release(&x.folded);
	buf_release(&x.clean);
	buf_release(&plain);
	buf_release(&kept);
	return true;
}

/*
 * A line is put together in memory and leaves in one write(), so that lines of
 * several threads do not mix. In text form a message is one line whatever it
 * quotes: a newline from outside may not start a line that looks like ours.
 */

#include "base/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

enum { SAY_LINE = 8 << 10 };

static enum say_level say_most = SAY_INFO;
static bool say_json;
static atomic_bool say_bar_drawn;

void say_setup(enum say_level most, bool json)
{
	say_most = most;
	say_json = json;
}

void say_bar(bool drawn)
{
	atomic_store(&say_bar_drawn, drawn);
}

/* Controls, and what turns the direction of the text that follows. */
static bool say_harmful(uint32_t point)
{
	if (point == '\n' || point == '\t')
		return false;
	return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
	       (point >= 0x202A && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069) || point == UTF8_BAD;
}

size_t say_clean(char *out, size_t size, struct slice s)
{
	size_t at = 0, used = 0;

	while (size && at < s.len) {
		size_t from = at;
		uint32_t point = utf8_next(s, &at);
		bool harmful = say_harmful(point);
		size_t len = harmful ? 1 : at - from;

		if (len >= size - used)
			break;
		if (harmful)
			out[used] = '?';
		else
			memcpy(out + used, s.at + from, len);
		used += len;
	}
	if (size)
		out[used] = '\0';
	return used;
}

static void say_write(struct slice line)
{
	while (line.len) {
		ssize_t done = write(STDERR_FILENO, line.at, line.len);

		if (done < 0 && errno != EINTR)
			return;
		if (done > 0)
			line = slice_cut(line, (size_t)done, line.len);
	}
}

static const char *say_name(enum say_level level)
{
	static const char *const names[] = { "error", "warning", "info",
		                             "debug" };

	return names[level];
}

static void say_json_line(struct buf *b, enum say_level level,
                          struct slice text, const struct fault *f)
{
	char time[CLOCK_TEXT];
	struct json_out o;

	clock_write(time, clock_now());
	json_start(&o, b);
	json_open(&o, '{');
	json_pair(&o, "time", slice_of(time));
	json_pair(&o, "level", slice_of(say_name(level)));
	if (f) {
		json_pair(&o, "kind", slice_of(fault_kind_name(f->kind)));
		json_pair(&o, "code", slice_of(f->code));
		if (f->subject[0])
			json_pair(&o, "subject", slice_of(f->subject));
		if (f->line)
			json_pair_number(&o, "line", f->line);
	}
	json_pair(&o, "text", text);
	json_close(&o, '}');
	buf_byte(b, '\n');
}

static void say_text_line(struct buf *b, enum say_level level,
                          struct slice text)
{
	char clean[SAY_LINE];
	size_t i, len = say_clean(clean, sizeof(clean), slice_trim(text));

	for (i = 0; i < len; i++)
		if (clean[i] == '\n')
			clean[i] = ' ';
	if (atomic_load(&say_bar_drawn))
		buf_text(b, "\r\033[K");
	if (level != SAY_INFO)
		buf_addf(b, "%s: ", say_name(level));
	buf_add(b, (struct slice){ clean, len });
	buf_byte(b, '\n');
}

static void say_line(enum say_level level, struct slice text,
                     const struct fault *f)
{
	/* A control character takes six bytes in JSON. */
	struct buf b = BUF_INIT(8 * SAY_LINE);

	if (say_json)
		say_json_line(&b, level, text, f);
	else
		say_text_line(&b, level, text);
	say_write(buf_slice(&b));
	buf_release(&b);
}

void say(enum say_level level, const char *fmt, ...)
{
	char text[SAY_LINE];
	va_list args;

	if (level > say_most)
		return;
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) >= 0)
		say_line(level, slice_of(text), NULL);
	va_end(args);
}

void say_fault(enum say_level level, const struct fault *f)
{
	char text[2 * sizeof(*f)];
	char line[24] = "";

	if (level > say_most)
		return;
	if (say_json) {
		say_line(level, slice_of(f->text), f);
		return;
	}
	if (f->line)
		snprintf(line, sizeof(line), ":%lld", (long long)f->line);
	snprintf(text, sizeof(text), "%s%s%s%s (%s)", f->subject, line,
	         f->subject[0] ? ": " : "", f->text, f->code ? f->code : "");
	say_line(level, slice_of(text), f);
}

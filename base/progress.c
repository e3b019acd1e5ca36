/*
 * The rate is the mean since the start, and the time left follows from it:
 * steadier than a window, and right for jobs whose items are alike. The bar
 * takes what the words leave of the terminal's width.
 */

#include "base/progress.h"

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/say.h"

enum {
	REDRAW = 100,  /* milliseconds between two drawings of the bar */
	REPEAT = 5000, /* ... between two lines */
	BAR_LEAST = 8, /* columns; a narrower bar says nothing */
	BAR_MOST = 40,
	LINE_MOST = 1024, /* bytes */
};

void progress_start(struct progress *p, enum progress_style style,
                    const char *job, const char *unit)
{
	*p = (struct progress){ .job = job, .unit = unit, .style = style };
	p->started = clock_monotonic();
	p->shown = p->started;
	p->terminal = style == PROGRESS_AUTO && isatty(STDERR_FILENO);
}

/* 1234567 as 1,234,567. */
static void progress_count(struct buf *out, int64_t n)
{
	char digits[24];
	int i, len = snprintf(digits, sizeof(digits), "%lld", (long long)n);

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
			buf_byte(out, ',');
		buf_byte(out, digits[i]);
	}
}

static void progress_duration(struct buf *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s >= 3600)
		buf_addf(out, "%lld:%02d:%02d", (long long)(s / 3600),
		         (int)(s / 60 % 60), (int)(s % 60));
	else
		buf_addf(out, "%d:%02d", (int)(s / 60), (int)(s % 60));
}

static double progress_rate(int64_t n, int64_t elapsed)
{
	return elapsed > 0 ? (double)n * 1000 / (double)elapsed : 0;
}

/* Milliseconds, or -1 while nobody can know. */
static int64_t progress_left(int64_t done, int64_t total, int64_t elapsed)
{
	double left;

	if (done <= 0 || total <= done || elapsed < 1000)
		return -1;
	left = (double)elapsed * ((double)(total - done) / (double)done);
	return left < 1e12 ? (int64_t)left : -1;
}

static void progress_json(const struct progress *p, int64_t done, int64_t total,
                          int64_t count, int64_t elapsed, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair(&o, "progress", slice_of(p->job));
	json_pair_number(&o, "done", done);
	if (total > 0)
		json_pair_number(&o, "total", total);
	json_pair(&o, "unit", slice_of(p->unit));
	json_pair_number(&o, "count", count);
	json_pair_number(&o, "elapsed_ms", elapsed);
	if (*p->note)
		json_pair(&o, "note", slice_of(p->note));
	json_close(&o, '}');
	buf_byte(out, '\n');
}

/* What stands right of the bar. */
static void progress_words(const struct progress *p, int64_t done,
                           int64_t total, int64_t count, int64_t elapsed,
                           struct buf *out)
{
	int64_t left = progress_left(done, total, elapsed);

	if (total > 0)
		buf_addf(out, "  %d %%",
		         (int)(100 * ((double)done / (double)total)));
	buf_text(out, "  ");
	progress_count(out, count);
	buf_addf(out, " %s  ", p->unit);
	if (p->bytes) {
		buf_addf(out, "%.1f MB/s", progress_rate(done, elapsed) / 1e6);
	} else if (elapsed > 0 && progress_rate(count, elapsed) < 10) {
		buf_addf(out, "%.1f/s", progress_rate(count, elapsed));
	} else {
		progress_count(out, (int64_t)progress_rate(count, elapsed));
		buf_text(out, "/s");
	}
	if (left >= 0) {
		buf_text(out, "  ");
		progress_duration(out, left);
		buf_text(out, " left");
	}
	if (*p->note)
		buf_addf(out, "  %s", p->note);
}

static void progress_bar(struct buf *out, int64_t done, int64_t total,
                         int columns)
{
	int i, filled = (int)((double)done / (double)total * columns);

	buf_text(out, "  [");
	for (i = 0; i < columns; i++)
		buf_byte(out, i < filled ? '=' : i == filled ? '>' : ' ');
	buf_byte(out, ']');
}

void progress_line(const struct progress *p, int64_t done, int64_t total,
                   int64_t count, int64_t elapsed, int width, struct buf *out)
{
	struct buf words = BUF_INIT(LINE_MOST);
	struct slice job = slice_of(p->job);
	int room;

	if (total > 0 && done > total)
		done = total;
	if (p->style == PROGRESS_JSON) {
		progress_json(p, done, total, count, elapsed, out);
		return;
	}
	progress_words(p, done, total, count, elapsed, &words);
	room = width - (int)words.len - (int)job.len - 4;
	if (room > BAR_MOST)
		room = BAR_MOST;
	buf_add(out, job);
	if (total > 0 && room >= BAR_LEAST)
		progress_bar(out, done, total, room);
	buf_add(out, buf_slice(&words));
	if (width > 0 && out->len > (size_t)width)
		buf_cut(out, (size_t)width);
	buf_release(&words);
}

static int progress_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 20)
		return 79;
	return size.ws_col - 1;
}

static void progress_write(struct slice s)
{
	/* Progress that cannot be shown is no reason to stop. */
	while (s.len) {
		ssize_t n = write(STDERR_FILENO, s.at, s.len);

		if (n <= 0 && errno != EINTR)
			return;
		if (n > 0)
			s = slice_cut(s, (size_t)n, s.len);
	}
}

void progress_move(struct progress *p, int64_t done, int64_t total,
                   int64_t count)
{
	struct buf line = BUF_INIT(4 * LINE_MOST);
	int64_t now;

	if (p->style == PROGRESS_QUIET)
		return;
	now = clock_monotonic();
	if (now - p->shown < (p->terminal ? REDRAW : REPEAT))
		return;
	p->shown = now;
	if (p->terminal)
		buf_text(&line, "\r\033[K");
	progress_line(p, done, total, count, now - p->started,
	              p->terminal ? progress_width() : 0, &line);
	if (!p->terminal && p->style != PROGRESS_JSON)
		buf_byte(&line, '\n');
	progress_write(buf_slice(&line));
	buf_release(&line);
	p->drawn = p->terminal;
	say_bar(p->drawn);
}

void progress_end(struct progress *p)
{
	if (p->drawn)
		progress_write(SLICE("\r\033[K"));
	p->drawn = false;
	say_bar(false);
}

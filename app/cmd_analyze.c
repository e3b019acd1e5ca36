/* opslore analyze: the tokens of a text, as the index sees them. */

#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/say.h"
#include "kb/analyzer.h"

struct analyze {
	const char *line;
	bool plain, json;
	struct analyzer *analyzer;
	struct buf out;
	struct json_out object;
	bool rows; /* a line for each position, for people */
};

static void show_json(struct json_out *o, const struct token *t)
{
	json_open(o, '{');
	json_pair(o, "text", t->text);
	json_pair_number(o, "position", t->position);
	json_pair_number(o, "from", t->from);
	json_pair_number(o, "to", t->to);
	if (t->flags & TOKEN_BESIDE) {
		json_key(o, "beside");
		json_put_bool(o, true);
	}
	if (t->flags & TOKEN_VERBATIM) {
		json_key(o, "verbatim");
		json_put_bool(o, true);
	}
	json_close(o, '}');
}

static void show_text(struct analyze *x, const struct token *t)
{
	char clean[TOKEN_MAX + 1];

	if (x->rows && !(t->flags & TOKEN_BESIDE))
		buf_addf(&x->out, "%s%5u  ", x->out.len ? "\n" : "",
		         (unsigned)t->position);
	else if (x->out.len)
		buf_byte(&x->out, ' ');
	say_clean(clean, sizeof(clean), t->text);
	buf_text(&x->out, clean);
}

static bool show(void *self, const struct token *t)
{
	struct analyze *x = self;

	if (x->json)
		show_json(&x->object, t);
	else
		show_text(x, t);
	return !buf_full(&x->out);
}

static bool analyze_text(struct analyze *x, struct slice text, struct fault *f)
{
	buf_reset(&x->out);
	if (x->json) {
		json_start(&x->object, &x->out);
		json_open(&x->object, '{');
		json_pair_number(&x->object, "version", 1);
		json_key(&x->object, "tokens");
		json_open(&x->object, '[');
	}
	analyzer_run(x->analyzer, text, show, x);
	if (x->json) {
		json_close(&x->object, ']');
		json_close(&x->object, '}');
	}
	buf_byte(&x->out, '\n');
	if (buf_full(&x->out))
		return fault(f, FAULT_LIMIT, "limit-row",
		             "the tokens of one text take over %zu MB",
		             x->out.ceiling >> 20);
	fwrite(x->out.at, 1, x->out.len, stdout);
	return true;
}

/* One line of standard input without its end; *more false behind the last. */
static bool line_read(struct buf *line, bool *more, struct fault *f)
{
	int c;

	buf_reset(line);
	while ((c = getc_unlocked(stdin)) != EOF && c != '\n')
		buf_byte(line, (char)c);
	*more = c != EOF || line->len;
	if (ferror(stdin))
		return fault(f, FAULT_SYSTEM, "read",
		             "cannot read standard input");
	if (buf_full(line))
		return fault(f, FAULT_LIMIT, "limit-row",
		             "a line is over %d MB", LIMIT_ROW >> 20);
	return true;
}

static bool analyze_stdin(struct analyze *x, struct fault *f)
{
	struct buf line = BUF_INIT(LIMIT_ROW);
	bool more = true, done;

	do
		done = line_read(&line, &more, f) &&
		       (!more || analyze_text(x, buf_slice(&line), f));
	while (done && more);
	buf_release(&line);
	return done;
}

static bool analyze_words(struct analyze *x, int count, char **words,
                          struct fault *f)
{
	struct buf text = BUF_INIT(LIMIT_ROW);
	bool done;
	int i;

	for (i = 0; i < count; i++) {
		if (i)
			buf_byte(&text, ' ');
		buf_text(&text, words[i]);
	}
	x->rows = true;
	done = analyze_text(x, buf_slice(&text), f);
	buf_release(&text);
	return done;
}

static bool analyze_open(struct analyze *x, const struct app *app,
                         struct fault *f)
{
	struct slice line;

	if (!app_analyzer(app, analyzer_default, &line, f))
		return false;
	if (x->line && x->plain)
		return fault(f, FAULT_USAGE, "analyze-line",
		             "--plain and --line exclude each other");
	if (x->line)
		line = slice_of(x->line);
	else if (x->plain)
		line = SLICE("plain");
	return analyzer_new(&x->analyzer, line, f);
}

static bool analyze(struct analyze *x, const struct app *app, int argc,
                    char **argv, struct fault *f)
{
	const struct option table[] = {
		{ .name = "line", .value = &x->line },
		{ .name = "plain", .flag = &x->plain },
		{ 0 },
	};
	int count;

	if (!options_read(table, argc, argv, &count, f))
		return false;
	if (!count)
		return fault(f, FAULT_USAGE, "analyze-text",
		             "give a text, or - for lines of standard input");
	if (!analyze_open(x, app, f))
		return false;
	if (count == 1 && !strcmp(argv[1], "-"))
		return analyze_stdin(x, f);
	return analyze_words(x, count, argv + 1, f);
}

static int analyze_run(struct app *app, int argc, char **argv)
{
	struct analyze x = { .json = app->json,
		             .out = BUF_INIT((size_t)LIMIT_ROW * 16) };
	struct fault f;
	bool done = analyze(&x, app, argc, argv, &f);

	analyzer_free(x.analyzer);
	buf_release(&x.out);
	return done ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_analyze = {
	.name = "analyze",
	.usage = "[--line LINE | --plain] TEXT...\n"
	         "[--line LINE | --plain] -",
	.summary = "show the tokens of a text, as the index sees them",
	.help = "Prints a line for each position: the token and what stands "
	        "beside it. With\n"
	        "'-', each line of standard input is a text, and its tokens "
	        "are one line. With\n"
	        "--json, an object for each text, with offsets and flags.\n"
	        "\n"
	        "  --line LINE  the chain to use, such as 'ops | fold | stop "
	        "en | stem en | cjk'\n"
	        "               (default: [index] analyzer)\n"
	        "  --plain      the same as --line plain: ASCII words in "
	        "lower case\n"
	        "\n"
	        "  opslore analyze 'kubectl logs -n prod: CrashLoopBackOff'",
	.run = analyze_run,
};

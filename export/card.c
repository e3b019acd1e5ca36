/*
 * Attribution as the Stack Exchange network asks for it: say where the text
 * is from, link the question, name each author and link each profile; and the
 * licence of each text. Card front matter as dataset hubs read it.
 */

#include "export/card.h"

void card_release(struct card *c)
{
	map_release(&c->licences);
	map_release(&c->channels);
	map_release(&c->spaces);
}

/* Link text: what would end it is escaped; it is one line already. */
static void card_text(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '[' || s.at[i] == ']' || s.at[i] == '\\' ||
		    s.at[i] == '<' || s.at[i] == '`' || s.at[i] == '*' ||
		    s.at[i] == '_')
			buf_byte(out, '\\');
		buf_byte(out, s.at[i] == '\n' ? ' ' : s.at[i]);
	}
}

/* A target: blanks and brackets percent-encoded. */
static void card_target(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.at[i] == ' ' || s.at[i] == '(' || s.at[i] == ')' ||
		    s.at[i] == '<' || s.at[i] == '>' || s.at[i] == '\n')
			buf_addf(out, "%%%02X", (unsigned)s.at[i]);
		else
			buf_byte(out, s.at[i]);
}

static void card_link(struct buf *out, struct slice text, struct slice target)
{
	if (!target.len) {
		card_text(out, text);
		return;
	}
	buf_byte(out, '[');
	card_text(out, text);
	buf_text(out, "](");
	card_target(out, target);
	buf_byte(out, ')');
}

static void card_origin(struct buf *out, const char *what,
                        const struct origin *o)
{
	buf_addf(out, "%s by ", what);
	card_link(out, o->author, o->author_link);
	buf_addf(out, " (%.*s)", SLICE_ARG(o->licence));
}

void card_attribution_head(struct buf *out)
{
	buf_text(out,
	         "# Attribution\n\n"
	         "Each example was made from a question and an answer that "
	         "people published\nunder the licences named here. Keep this "
	         "file with the data set and with\nwhat you make of it.\n\n");
}

void card_attribution(const struct example *e, struct slice title,
                      struct buf *out)
{
	buf_text(out, "- ");
	card_link(out, title, e->question.link);
	buf_text(out, ": ");
	card_origin(out, "question", &e->question);
	buf_text(out, ", ");
	card_link(out, SLICE("answer"), e->answer.link);
	card_origin(out, "", &e->answer);
	buf_byte(out, '\n');
}

static void card_counts(struct buf *out, const char *head, const struct map *m)
{
	size_t i;

	buf_addf(out, "\n## %s\n\n", head);
	for (i = 0; i < m->count; i++)
		buf_addf(out, "- %.*s: %lld\n", SLICE_ARG(m->entries[i].key),
		         (long long)m->entries[i].number);
}

static void card_front(const struct card *c, const struct export_report *r,
                       struct buf *out)
{
	size_t i;

	buf_text(out, "---\nlicense:\n");
	for (i = 0; i < c->licences.count; i++) {
		struct slice name = c->licences.entries[i].key;
		size_t j;

		buf_text(out, "- ");
		for (j = 0; j < name.len; j++)
			buf_byte(out,
			         (char)(name.at[j] >= 'A' && name.at[j] <= 'Z'
			                        ? name.at[j] + 32
			                        : name.at[j]));
		buf_byte(out, '\n');
	}
	buf_text(out, "task_categories:\n- question-answering\n"
	              "- text-generation\ntags:\n- operations\n- sre\n");
	buf_addf(out, "size_categories:\n- %s\n---\n\n",
	         r->examples < 1000     ? "n<1K"
	         : r->examples < 10000  ? "1K<n<10K"
	         : r->examples < 100000 ? "10K<n<100K"
	                                : "n>100K");
}

static void card_drops(const struct export_report *r, struct buf *out)
{
	int i;

	buf_addf(out,
	         "\n## What was left out\n\n%lld posts were looked at, "
	         "%lld became examples.\n\n",
	         (long long)r->candidates, (long long)r->examples);
	for (i = DROP_NONE + 1; i < DROP_COUNT; i++)
		if (r->dropped[i])
			buf_addf(out, "- %s: %lld\n",
			         drop_reason_name((enum drop_reason)i),
			         (long long)r->dropped[i]);
}

void card_readme(const struct card *c, const struct export_options *o,
                 const struct export_report *r, struct buf *out)
{
	card_front(c, r, out);
	buf_addf(out,
	         "# Operations questions and answers\n\n"
	         "%lld examples in the `%s` format: %s.\n\n"
	         "- `%s.jsonl`: one example a line\n"
	         "- `provenance.jsonl`: for each line its source, authors, "
	         "licences and scores\n"
	         "- `ATTRIBUTION.md`: the same for people; it must stay with "
	         "the data\n"
	         "- `manifest.json`: hashes, options, what was left out and "
	         "why\n\n"
	         "Made by opslore from a store of posts: one example for each "
	         "question whose\naccepted answer, or else whose best-voted "
	         "one, scores at least %lld.\nSecrets and personal data are "
	         "not removed: read before you publish.\n",
	         (long long)r->examples, o->format->name, o->format->summary,
	         o->format->name, (long long)o->gather.min_score);
	card_counts(out, "Examples by place", &c->spaces);
	card_counts(out, "Texts by licence", &c->licences);
	card_counts(out, "Texts by channel and terms", &c->channels);
	card_drops(r, out);
}

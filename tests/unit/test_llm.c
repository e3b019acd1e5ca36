/* Back ends for language models: what they send, and what they make of what
 * comes back, by the files of tests/data/llm. */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/json.h"
#include "kb/llm/llm.h"

/* A file of parts with lines of three dashes between them. */
struct scene {
	char name[300];
	char *text;
	struct slice parts[4];
	size_t count;
	struct conf *conf;
	struct arena arena;
	struct llm_settings settings;
};

static const char *nothing(const char *name)
{
	(void)name;
	return NULL;
}

static void scene_split(struct scene *s, size_t len)
{
	static const struct slice mark = SLICE("\n---\n");
	struct slice rest = { s->text, len };
	size_t at = 0;

	for (; s->count < 3 && at + mark.len <= rest.len; at++)
		if (!memcmp(rest.at + at, mark.at, mark.len)) {
			s->parts[s->count++] = slice_cut(rest, 0, at);
			rest = slice_cut(rest, at + mark.len, rest.len);
			at = (size_t)-1;
		}
	if (slice_ends(rest, SLICE("\n")))
		rest.len--;
	s->parts[s->count++] = rest;
}

static void scene_open(struct scene *s, const char *kind, const char *name)
{
	char path[1024], conf[2048];
	struct fault f;
	size_t len;

	memset(s, 0, sizeof(*s));
	snprintf(s->name, sizeof(s->name), "%s/%s", kind, name);
	snprintf(path, sizeof(path), TEST_DATA "/llm/%s", s->name);
	assert_true(file_read(path, 1 << 20, &s->text, &len, &f));
	scene_split(s, len);
	snprintf(conf, sizeof(conf), "[llm default]\n%.*s\n",
	         SLICE_ARG(s->parts[0]));
	assert_true(conf_parse(&s->conf, slice_of(conf), name, &f));
	if (!llm_settings_read(&s->settings, s->conf, (struct slice){ 0 },
	                       nothing, &s->arena, &f))
		fail_msg("%s: %s", s->name, f.text);
}

static void scene_close(struct scene *s)
{
	conf_free(s->conf);
	arena_release(&s->arena);
	free(s->text);
}

typedef void scene_fn(struct scene *s);

static void each_scene(const char *kind, scene_fn *fn)
{
	struct dirent **list;
	char path[512];
	int i, count;

	snprintf(path, sizeof(path), TEST_DATA "/llm/%s", kind);
	count = scandir(path, &list, NULL, alphasort);
	assert_true(count > 10);
	for (i = 0; i < count; i++) {
		struct scene s;

		if (list[i]->d_name[0] != '.') {
			scene_open(&s, kind, list[i]->d_name);
			fn(&s);
			scene_close(&s);
		}
		free(list[i]);
	}
	free(list);
}

static void same(const struct scene *s, struct slice is, struct slice wanted)
{
	if (!slice_eq(is, wanted))
		fail_msg("%s:\n  is     '%.*s'\n  wanted '%.*s'", s->name,
		         SLICE_ARG(is), SLICE_ARG(wanted));
}

static enum llm_shape shape_of(struct slice word)
{
	return slice_eq(word, SLICE("schema")) ? LLM_SCHEMA
	       : slice_eq(word, SLICE("tool")) ? LLM_TOOL
	                                       : LLM_PROMPT;
}

/* tests/data/llm/prompt.json, which tests/sdk hands to others' clients. */
static void read_prompt(struct arena *a, struct llm_prompt *p)
{
	static const char *const names[] = { "system", "name", "about" };
	static struct llm_turn turns[8];
	struct slice *const texts[] = { &p->system, &p->schema_name,
		                        &p->schema_about };
	const struct json *turn;
	struct json *root;
	struct fault f;
	struct slice role;
	char *text, *schema;
	size_t len, i;

	memset(p, 0, sizeof(*p));
	assert_true(file_read(TEST_DATA "/llm/prompt.json", 1 << 20, &text,
	                      &len, &f));
	assert_true(json_parse(&root, (struct slice){ text, len }, &f));
	for (i = 0; i < 3; i++) {
		assert_true(json_text(json_get(root, names[i]), texts[i]));
		*texts[i] = arena_copy(a, *texts[i]);
	}
	assert_true(
	        json_number(json_get(root, "output_most"), &p->output_most));
	p->turns = turns;
	turn = json_first(json_get(root, "turns"));
	for (; turn; turn = json_next(turn)) {
		struct llm_turn *t = &turns[p->turn_count++];

		assert_true(json_text(json_get(turn, "role"), &role));
		assert_true(json_text(json_get(turn, "text"), &t->text));
		t->model = slice_eq(role, SLICE("model"));
		t->text = arena_copy(a, t->text);
	}
	/* The schema as it stands there: it is the last member. */
	schema = strstr(text, "\"schema\":") + 9;
	*strrchr(text, '}') = '\0';
	p->schema = arena_copy(a, slice_trim(slice_of(schema)));
	json_free(root);
	free(text);
}

static void check_request(struct scene *s)
{
	struct llm_prompt p;
	struct llm_wire w;
	struct fault f;
	size_t i;

	assert_int_equal(s->count, 4);
	read_prompt(&s->arena, &p);
	if (!s->settings.kind->request(&s->settings, &p, shape_of(s->parts[1]),
	                               &s->arena, &w, &f))
		fail_msg("%s: %s", s->name, f.text);
	same(s, w.url, s->parts[2]);
	same(s, w.body, s->parts[3]);
	for (i = 0; i < w.header_count; i++)
		assert_false(
		        slice_eq(w.headers[i].name, SLICE("authorization")));
}

static void each_kind_sends_what_its_api_takes(void **state)
{
	(void)state;
	each_scene("request", check_request);
}

static void check_answer(struct scene *s)
{
	static const char *const finish[] = { "done", "length", "refused",
		                              "filtered" };
	struct llm_answer answer = { 0 };
	struct fault f = { 0 };
	char is[2048];

	assert_int_equal(s->count, 3);
	if (s->settings.kind->answer(&s->settings, LLM_SCHEMA, s->parts[1],
	                             &s->arena, &answer, &f))
		snprintf(
		        is, sizeof(is), "%s %lld %lld %.*s%s%.*s",
		        finish[answer.finish], (long long)answer.input_tokens,
		        (long long)answer.output_tokens,
		        SLICE_ARG(answer.model.len ? answer.model : SLICE("-")),
		        answer.text.len ? "\n" : "", SLICE_ARG(answer.text));
	else
		snprintf(is, sizeof(is), "fault %s", f.code);
	same(s, slice_of(is), s->parts[2]);
}

static void each_kind_reads_its_answers(void **state)
{
	(void)state;
	each_scene("answer", check_answer);
}

static void check_refusal(struct scene *s)
{
	static const char *const words[] = {
		"again", "shape", "ceiling", "heat", "long", "denied", "broken",
	};
	struct fault f = { 0 };
	enum llm_refusal r;
	int64_t status;
	char is[80];

	assert_int_equal(s->count, 4);
	assert_true(slice_number(s->parts[1], &status));
	r = s->settings.kind->refusal(&s->settings, (int)status, s->parts[2],
	                              &f);
	snprintf(is, sizeof(is), "%s %s", words[r], f.code);
	same(s, slice_of(is), s->parts[3]);
	assert_null(strstr(f.text, "sk-"));
	assert_null(strchr(f.text, '\n'));
}

static void each_kind_knows_a_refusal(void **state)
{
	(void)state;
	each_scene("refusal", check_refusal);
}

static void what_is_too_much_is_a_fault(void **state)
{
	struct llm_settings s = { .kind = llm_kinds[0] };
	struct buf body = BUF_INIT(4 << 20);
	struct arena a = ARENA_INIT;
	struct llm_answer answer;
	struct fault f;
	int i;

	(void)state;
	buf_text(&body, "{\"choices\":[{\"message\":{\"content\":\"");
	for (i = 0; i < 1000000; i++)
		buf_byte(&body, 'x');
	buf_text(&body, "\"}}]}");
	assert_false(s.kind->answer(&s, LLM_SCHEMA, buf_slice(&body), &a,
	                            &answer, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_string_equal(f.code, "limit-model-text");
	buf_reset(&body);
	buf_text(&body, "{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}");
	assert_false(s.kind->answer(&s, LLM_SCHEMA, buf_slice(&body), &a,
	                            &answer, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	buf_reset(&body);
	buf_text(&body, "{\"choices\":[{\"message\":{\"tool_calls\":["
	                "{\"function\":{\"arguments\":{\"a\":");
	for (i = 0; i < 90; i++)
		buf_byte(&body, '[');
	for (i = 0; i < 90; i++)
		buf_byte(&body, ']');
	buf_text(&body, "}}}]}}]}");
	assert_false(s.kind->answer(&s, LLM_SCHEMA, buf_slice(&body), &a,
	                            &answer, &f));
	assert_string_equal(f.code, "llm-broken");
	buf_release(&body);
	arena_release(&a);
}

/* What the settings say of this section: "" when they are right. */
static const char *settings_say(const char *keys, llm_environment *env,
                                struct llm_settings *s)
{
	static char said[512];
	static struct conf *conf;
	static struct arena a;
	char text[1024];
	struct fault f;

	conf_free(conf);
	conf = NULL;
	arena_release(&a);
	said[0] = '\0';
	if (!keys)
		return said;
	snprintf(text, sizeof(text), "[llm x]\n%s\n", keys);
	assert_true(conf_parse(&conf, slice_of(text), "o.conf", &f));
	if (!llm_settings_read(s, conf, SLICE("x"), env, &a, &f))
		snprintf(said, sizeof(said), "%s: %s", f.code, f.text);
	return said;
}

#define OPENAI "kind = openai\nurl = http://h.example\nmodel = m\n"

static void settings_say_what_is_wrong(void **state)
{
	static const struct {
		const char *keys, *says;
	} wrong[] = {
		{ "model = m", "lacks the key" },
		{ "kind = gpt", "openai, converse, invoke or sagemaker" },
		{ "kind = openai\nmodel = m", "'url'" },
		{ "kind = openai\nurl = http://h.example", "'model'" },
		{ OPENAI "region = x", "unknown key" },
		{ OPENAI "modle = x", "unknown key" },
		{ OPENAI "rate = 0/s", "rate" },
		{ OPENAI "rate = fast", "rate" },
		{ OPENAI "temperature = hot", "temperature" },
		{ OPENAI "temperature = 0x1", "temperature" },
		{ OPENAI "timeout = 2h", "timeout" },
		{ OPENAI "window = 100", "window" },
		{ OPENAI "window = 1000\noutput-most = 1000", "output-most" },
		{ OPENAI "shape = xml", "shape" },
		{ OPENAI "run-cost = -1", "run-cost" },
		{ OPENAI "input-price = 1e3", "input-price" },
		{ OPENAI "allow-private = maybe", "allow-private" },
		{ OPENAI "key-env = NOT_SET", "key-env" },
		{ OPENAI "key-env = A\nkey-file = b", "not both" },
		{ OPENAI "key-file = /nonexistent/key", "key" },
		{ OPENAI "ceiling = tokens", "ceiling" },
		{ OPENAI "key-header = a b", "key-header" },
		{ OPENAI "system-turn = first", "system-turn" },
		{ "kind = converse", "'model'" },
		{ "kind = sagemaker", "endpoint" },
		{ "kind = sagemaker\nendpoint = e\nschema = x", "schema" },
	};
	struct llm_settings s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *says = settings_say(wrong[i].keys, nothing, &s);

		if (!strstr(says, wrong[i].says))
			fail_msg("'%s' gives '%s'", wrong[i].keys, says);
	}
	settings_say(NULL, NULL, NULL);
}

static const char *some(const char *name)
{
	return !strcmp(name, "OPS_KEY")                    ? "sk-example"
	       : !strcmp(name, "BAD_KEY")                  ? "a\nb: c"
	       : !strcmp(name, "AWS_BEARER_TOKEN_BEDROCK") ? "bedrock-example"
	       : !strcmp(name, "AWS_DEFAULT_REGION")       ? "eu-central-1"
	                                                   : NULL;
}

static void settings_have_defaults_and_secrets(void **state)
{
	struct llm_settings s;

	(void)state;
	assert_string_equal(settings_say(OPENAI "key-env = OPS_KEY", some, &s),
	                    "");
	assert_true(slice_eq(s.token, SLICE("sk-example")));
	assert_int_equal(s.shape, -1);
	assert_int_equal(s.window, 32768);
	assert_true(s.temperature == 0 && s.rate == 10);
	assert_int_equal(s.timeout, 120000);
	assert_false(s.allow_private || s.completion_tokens);
	assert_true(strstr(settings_say(OPENAI "key-env = BAD_KEY", some, &s),
	                   "characters"));
	assert_string_equal(settings_say("kind = invoke\nmodel = m", some, &s),
	                    "");
	assert_true(slice_eq(s.token, SLICE("bedrock-example")));
	assert_true(slice_eq(s.region, SLICE("eu-central-1")));
	assert_string_equal(settings_say("kind = converse\nmodel = m\n"
	                                 "profile = ops\nregion = us-east-1",
	                                 some, &s),
	                    "");
	assert_int_equal(s.token.len, 0);
	assert_string_equal(settings_say(OPENAI
	                                 "rate = 90/m\nrun-cost = 2.50\n"
	                                 "input-price = 0.25\ntimeout = 500ms\n"
	                                 "shape = tool\ntemperature = none",
	                                 nothing, &s),
	                    "");
	assert_true(s.rate == 1.5 && s.run_cost == 2.5);
	assert_true(s.input_price == 0.25 && s.temperature < 0);
	assert_int_equal(s.timeout, 500);
	assert_int_equal(s.shape, LLM_TOOL);
	settings_say(NULL, NULL, NULL);
}

static void a_key_others_may_read_is_refused(void **state)
{
	char path[] = "/tmp/opslore-key-XXXXXX", keys[256];
	struct llm_settings s;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "sk-file\n", 8), 8);
	close(fd);
	snprintf(keys, sizeof(keys), OPENAI "key-file = %s", path);
	assert_string_equal(settings_say(keys, nothing, &s), "");
	assert_true(slice_eq(s.token, SLICE("sk-file")));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(strstr(settings_say(keys, nothing, &s), "chmod 600"));
	settings_say(NULL, NULL, NULL);
	unlink(path);
}

/* Above what vocabularies of 100,000 entries and more make of these (5, 8, 9,
 * 14 and 10 to 12), and not far. */
static void tokens_are_reckoned_from_above(void **state)
{
	(void)state;
	assert_int_equal(llm_tokens(SLICE("")), 0);
	assert_in_range(llm_tokens(SLICE("The connection was refused.")), 5, 8);
	assert_in_range(llm_tokens(SLICE("数据库连接超时")), 7, 10);
	assert_in_range(llm_tokens(SLICE("연결이 거부되었습니다")), 8, 14);
	assert_in_range(llm_tokens(SLICE("i-0abc12de34f567890")), 12, 19);
	assert_in_range(llm_tokens(SLICE("HikariPool.getConnection")), 5, 10);
	assert_in_range(llm_tokens(SLICE("\xff\xfe\xfd")), 3, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_sends_what_its_api_takes),
		cmocka_unit_test(each_kind_reads_its_answers),
		cmocka_unit_test(each_kind_knows_a_refusal),
		cmocka_unit_test(what_is_too_much_is_a_fault),
		cmocka_unit_test(settings_say_what_is_wrong),
		cmocka_unit_test(settings_have_defaults_and_secrets),
		cmocka_unit_test(a_key_others_may_read_is_refused),
		cmocka_unit_test(tokens_are_reckoned_from_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

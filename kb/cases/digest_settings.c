/* The keys in one table; lists are separated by commas of either width. */

#include "kb/cases/digest_settings.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/same_name.h"
#include "schema/digests.h"

static const struct conf_key digest_keys[] = {
	{ "model", "default", "name of the [llm NAME] that is asked" },
	{ "classes", "",
	  "which classes there are, in order; default: all [class NAME]" },
	{ "services", "",
	  "the services there are; default: those of the space's cases" },
	{ "language", "",
	  "of what is written: zh, en, ko ...; default: each "
	  "case's own" },
	{ "instructions", "", "of the house, added to what is asked" },
	{ "examples", "3", "corrected cases shown as examples, at most" },
	{ "reduce", "yes", "yes: long cases part by part; no: they are cut" },
	{ "second-opinion", "always",
	  "always: the provider's replies are asked about on their own, and "
	  "decide on the class; doubt: only where something speaks to the "
	  "model, or names the class" },
	{ "tries", "3", "runs that a case may fail in" },
	{ "mask-addresses", "no", "mask IP and MAC addresses, too" },
	{ 0 },
};

static const struct conf_key class_keys[] = {
	{ "about", "", "when it applies, for the model" },
	{ "names", "", "other names it goes by, in any language" },
	{ 0 },
};

#define NAMES(...)                                                             \
	.names = (const struct slice[]){ __VA_ARGS__ },                        \
	.name_count = sizeof((const struct slice[]){ __VA_ARGS__ }) /          \
	              sizeof(struct slice)
#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct digest_class usual_classes[] = {
	{ .name = TEXT("configuration error"),
	  .about = TEXT("the customer's own settings, code, permissions, "
	                "network, operating system or use were the cause, or "
	                "the customer changed them to solve it"),
	  NAMES(TEXT("configuration"), TEXT("misconfiguration"),
	        TEXT("config error"), TEXT("customer configuration"),
	        TEXT("user error"), TEXT("配置错误"), TEXT("配置问题"),
	        TEXT("错误配置"), TEXT("用户配置错误"), TEXT("客户配置错误"),
	        TEXT("配置失误"), TEXT("設定錯誤"), TEXT("구성 오류"),
	        TEXT("설정 오류"), TEXT("구성 문제"), TEXT("설정 문제"),
	        TEXT("設定ミス"), TEXT("設定エラー"), TEXT("構成エラー"),
	        TEXT("設定誤り")) },
	{ .name = TEXT("service fault"),
	  .about = TEXT("the provider's own service failed or behaved against "
	                "its documentation: outage, bug, hardware, lack of "
	                "capacity"),
	  NAMES(TEXT("service failure"), TEXT("service issue"),
	        TEXT("service outage"), TEXT("provider fault"),
	        TEXT("service error"), TEXT("服务故障"), TEXT("服务问题"),
	        TEXT("服务异常"), TEXT("服务中断"), TEXT("云服务故障"),
	        TEXT("平台故障"), TEXT("服務故障"), TEXT("서비스 장애"),
	        TEXT("서비스 오류"), TEXT("서비스 문제"), TEXT("サービス障害"),
	        TEXT("サービスの障害"), TEXT("サービス不具合")) },
	{ .name = TEXT("consulting"),
	  .about = TEXT("nothing was broken: a question of how something "
	                "works, a request for advice, information, a review "
	                "or a change that only the provider can make"),
	  NAMES(TEXT("consultation"), TEXT("consulting question"),
	        TEXT("question"), TEXT("inquiry"), TEXT("enquiry"),
	        TEXT("how-to"), TEXT("general guidance"), TEXT("咨询"),
	        TEXT("咨询类"), TEXT("技术咨询"), TEXT("咨询问题"),
	        TEXT("使用咨询"), TEXT("諮詢"), TEXT("상담"), TEXT("문의"),
	        TEXT("기술 문의"), TEXT("컨설팅"), TEXT("단순 문의"),
	        TEXT("相談"), TEXT("問い合わせ"), TEXT("お問い合わせ"),
	        TEXT("コンサルティング")) },
};

enum {
	USUAL = sizeof(usual_classes) / sizeof(*usual_classes),
	LIST_MOST = LIMIT_DIGEST_CLASSES,
};

/* Where the next item of a list ends. */
static size_t list_item(struct slice s, size_t at)
{
	static const struct slice ends[] = { TEXT(","), TEXT("，"),
		                             TEXT("、") };
	size_t i;

	for (; at < s.len; at++)
		for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			if (slice_starts(slice_cut(s, at, s.len), ends[i]))
				return at;
	return at;
}

static size_t list_comma(struct slice s, size_t at)
{
	return at < s.len ? (s.at[at] == ',' ? 1 : 3) : 0;
}

static const struct digest_class *class_usual(struct slice name)
{
	size_t i;

	for (i = 0; i < USUAL; i++)
		if (same_name(name, usual_classes[i].name))
			return &usual_classes[i];
	return NULL;
}

/* In two rounds: counted, then kept. */
static const struct slice *list_read(struct slice s, struct arena *a,
                                     size_t *count)
{
	struct slice *out = NULL;
	int round;

	for (round = 0; round < 2; round++) {
		size_t at = 0;

		if (round)
			out = arena_array(a, *count, sizeof(*out));
		*count = 0;
		while (at < s.len) {
			size_t end = list_item(s, at);
			struct slice one = slice_trim(slice_cut(s, at, end));

			if (one.len && round)
				out[*count] = one;
			*count += one.len != 0;
			at = end + list_comma(s, end);
		}
	}
	return out;
}

static bool setting_bad(const char *key, struct slice value, const char *wanted,
                        struct fault *f)
{
	return fault(f, FAULT_USAGE, "configuration",
	             "[digest] %s is %s, not '%.*s'", key, wanted,
	             SLICE_ARG(utf8_head(value, 100)));
}

static bool setting_switch(const struct conf_section *s, const char *key,
                           const char *fallback, bool *out, struct fault *f)
{
	struct slice v = conf_get(s, key, fallback);

	*out = slice_eq(v, SLICE("yes"));
	return *out || slice_eq(v, SLICE("no")) ||
	       setting_bad(key, v, "yes or no", f);
}

static bool setting_second(const struct conf_section *c,
                           struct digest_settings *s, struct fault *f)
{
	struct slice value = conf_get(c, "second-opinion", "always");

	s->second_always = slice_eq(value, SLICE("always"));
	return s->second_always || slice_eq(value, SLICE("doubt")) ||
	       fault(f, FAULT_USAGE, "configuration",
	             "[digest] second-opinion is '%.*s', but always or doubt "
	             "is wanted",
	             SLICE_ARG(value));
}

static bool setting_number(const struct conf_section *s, const char *key,
                           const char *fallback, int64_t least, int64_t most,
                           int64_t *out, struct fault *f)
{
	struct slice v = conf_get(s, key, fallback);

	if (slice_number(v, out) && *out >= least && *out <= most)
		return true;
	return fault(f, FAULT_USAGE, "configuration",
	             "[digest] %s is a number from %lld to %lld, not '%.*s'",
	             key, (long long)least, (long long)most,
	             SLICE_ARG(utf8_head(v, 100)));
}

/* BCP 47, as far as anybody would write it: letters, digits and hyphens. */
static bool language_check(struct slice v, struct fault *f)
{
	size_t i;
	bool ok = v.len != 1 && v.len <= 35;

	for (i = 0; ok && i < v.len; i++)
		ok = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
		            "WXYZ0123456789-",
		            v.at[i]) != NULL;
	return ok ||
	       setting_bad("language", v,
	                   "a language as 'zh', 'en', 'ko' or 'pt-BR'", f);
}

/* A section's name is one word: hyphens stand for blanks. */
static struct slice class_name(struct slice word, struct arena *a)
{
	struct buf b = BUF_INIT(LIMIT_CONFIG);
	struct slice out;
	size_t i;

	for (i = 0; i < word.len; i++)
		buf_byte(&b, word.at[i] == '-' ? ' ' : word.at[i]);
	out = arena_copy(a, slice_trim(buf_slice(&b)));
	buf_release(&b);
	return out;
}

/* What [class NAME] says; of a usual one, what it does not say is as usual. */
static bool class_read(const struct conf_section *s, struct arena *a,
                       struct digest_class *out, struct fault *f)
{
	const struct digest_class *usual;

	if (!conf_check(s, class_keys, f))
		return false;
	out->name = class_name(conf_name(s), a);
	usual = class_usual(out->name);
	out->about = conf_get(s, "about", "");
	out->names = list_read(conf_get(s, "names", ""), a, &out->name_count);
	if (usual && !out->about.len)
		out->about = usual->about;
	if (usual && !out->name_count) {
		out->names = usual->names;
		out->name_count = usual->name_count;
	}
	if (out->name.len && out->name.len <= SAME_NAME_MOST &&
	    !same_name(out->name, SLICE(DIGEST_UNCLASSIFIED)))
		return true;
	return fault(f, FAULT_USAGE, "configuration",
	             "[class %.*s]: a class has a name, and not '%s', which is "
	             "for what none of them fits",
	             SLICE_ARG(utf8_head(out->name, 100)), DIGEST_UNCLASSIFIED);
}

/* All [class NAME], or the usual ones when there are none. */
static bool classes_all(struct digest_settings *s, const struct conf *conf,
                        struct arena *a, struct fault *f)
{
	const struct conf_section *c = NULL;
	struct digest_class *out;
	size_t i = 0;

	while ((c = conf_next(conf, "class", c)))
		i++;
	s->classes = usual_classes;
	s->class_count = USUAL;
	if (!i)
		return true;
	if (i > LIST_MOST)
		return fault(f, FAULT_LIMIT, "limit-digest-classes",
		             "%zu sections [class NAME]; %d are the most", i,
		             LIST_MOST);
	s->classes = out = arena_array(a, i, sizeof(*out));
	s->class_count = i;
	for (i = 0; (c = conf_next(conf, "class", c)); i++)
		if (!class_read(c, a, &out[i], f))
			return false;
	return true;
}

/* The same word for two classes would leave it to chance which is meant. */
static bool classes_apart(const struct digest_settings *s, struct fault *f)
{
	size_t i, j;

	for (i = 0; i < s->class_count; i++) {
		const struct digest_class *c = &s->classes[i];

		for (j = 0; j <= c->name_count; j++) {
			struct slice name = j ? c->names[j - 1] : c->name;

			if (digest_class_find(s, name) != c)
				return fault(f, FAULT_USAGE, "configuration",
				             "two classes go by the name "
				             "'%.*s', or none can",
				             SLICE_ARG(utf8_head(name, 100)));
		}
	}
	return true;
}

/* Those that `classes` lists, in its order and spelling; a name without a
 * section, and none of the usual, is a class without a meaning of its own. */
static bool classes_chosen(struct digest_settings *s, struct slice list,
                           struct arena *a, struct fault *f)
{
	size_t count, i;
	const struct slice *names = list_read(list, a, &count);
	struct digest_class *out;

	if (!count)
		return true;
	if (count > LIST_MOST)
		return fault(f, FAULT_LIMIT, "limit-digest-classes",
		             "[digest] classes lists %zu; %d are the most",
		             count, LIST_MOST);
	out = arena_array(a, count, sizeof(*out));
	for (i = 0; i < count; i++) {
		const struct digest_class *c = digest_class_find(s, names[i]);

		if (!c)
			c = class_usual(names[i]);
		if (c)
			out[i] = *c;
		if (!c || same_name(c->name, names[i]))
			out[i].name = names[i];
		if (names[i].len > SAME_NAME_MOST ||
		    same_name(names[i], SLICE(DIGEST_UNCLASSIFIED)))
			return setting_bad("classes", names[i],
			                   "a list of names other than "
			                   "'" DIGEST_UNCLASSIFIED "'",
			                   f);
	}
	s->classes = out;
	s->class_count = count;
	return true;
}

bool digest_settings_read(struct digest_settings *s, const struct conf *conf,
                          struct arena *a, struct fault *f)
{
	const struct conf_section *c = conf_find(conf, "digest", SLICE(""));
	int64_t examples, tries;

	*s = (struct digest_settings){ 0 };
	if (c && !conf_check(c, digest_keys, f))
		return false;
	s->model = conf_get(c, "model", "default");
	s->language = conf_get(c, "language", "");
	s->instructions = conf_get(c, "instructions", "");
	s->services =
	        list_read(conf_get(c, "services", ""), a, &s->service_count);
	if (!setting_second(c, s, f) ||
	    !setting_switch(c, "reduce", "yes", &s->reduce, f) ||
	    !setting_switch(c, "mask-addresses", "no", &s->mask_addresses, f) ||
	    !setting_number(c, "examples", "3", 0, 20, &examples, f) ||
	    !setting_number(c, "tries", "3", 1, 100, &tries, f) ||
	    !language_check(s->language, f))
		return false;
	s->example_most = (size_t)examples;
	s->tries = (int)tries;
	return classes_all(s, conf, a, f) &&
	       classes_chosen(s, conf_get(c, "classes", ""), a, f) &&
	       classes_apart(s, f);
}

const struct digest_class *digest_class_find(const struct digest_settings *s,
                                             struct slice name)
{
	size_t i;

	for (i = 0; i < s->class_count; i++) {
		const struct digest_class *c = &s->classes[i];

		if (same_name(name, c->name) ||
		    same_name_find(name, c->names, c->name_count) <
		            c->name_count)
			return c;
	}
	return NULL;
}

const struct slice *digest_class_names(const struct digest_settings *s,
                                       struct arena *a, size_t *count)
{
	struct slice *out;
	size_t i, j, n = 0;

	for (i = 0; i < s->class_count; i++)
		n += 1 + s->classes[i].name_count;
	out = arena_array(a, n, sizeof(*out));
	for (*count = i = 0; i < s->class_count; i++) {
		out[(*count)++] = s->classes[i].name;
		for (j = 0; j < s->classes[i].name_count; j++)
			out[(*count)++] = s->classes[i].names[j];
	}
	return out;
}

struct slice digest_language(struct slice text, struct slice otherwise)
{
	size_t at = 0, latin = 0, han = 0, kana = 0, hangul = 0;

	while (at < text.len) {
		uint32_t point = utf8_next(text, &at);

		if (point == UTF8_BAD)
			continue;
		switch (unicode_class(point)) {
		case UNICODE_HAN:
			if (point >= 0x3040 && point <= 0x30FF)
				kana++;
			else
				han++;
			break;
		case UNICODE_HANGUL:
			hangul++;
			break;
		case UNICODE_LETTER:
			latin++;
			break;
		default:
			break;
		}
	}
	/* Product names are Latin in every language, and three letters of one
	 * write no more than one sign of the others. */
	if (3 * (han + kana + hangul) < latin || !(han + kana + hangul))
		return otherwise;
	if (hangul > han + kana)
		return SLICE("ko");
	return 8 * kana > han ? SLICE("ja") : SLICE("zh");
}

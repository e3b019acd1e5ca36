#include "kb/cases/guard_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/guard_fold.h"
#include "kb/cases/guard_plain.h"

enum {
	DANGERS_MOST = 400,
	TOKEN_MOST = 255,
	DIGITS_LEAST = 7,
	DIGITS_MOST = 20
};

/* What tells a reader to do something that no digest has to. */
static const char *const dangers =
        "call us|call this|call now|call our|call the number|dial|"
        "phone us|click|visit|go to the link|open the link|follow the link|"
        "follow this link|scan the qr|scan this|pay|wire|"
        "transfer the money|transfer funds|send your|send the password|"
        "send the credentials|share your|enter your|provide your|"
        "tell us your|verify your|confirm your|log in here|login here|"
        "sign in here|gift card|bitcoin|run the following|run this|"
        "execute the following|execute this|paste the following|"
        "paste this|copy and paste|disable mfa|turn off mfa|"
        "disable guardduty|disable cloudtrail|disable logging|"
        "disable the firewall|disable security|administratoraccess|"
        "open port|allow all traffic|make the bucket public|"
        "whatsapp|telegram|contact us at|reach us at|"
        "email us|write to us|download the|download this|install this|"
        "拨打|致电|点击|点此|扫码|扫描二维码|转账|汇款|付款|支付给|"
        "访问以下|打开链接|提供您的密码|提供密码|发送密码|输入您的|"
        "执行以下|运行以下|关闭多因素|禁用多因素|关闭日志|加微信|"
        "添加微信|联系我们|撥打|點擊|전화하세요|전화주세요|전화하십시오|"
        "클릭|송금|입금|결제하|방문하세요|비밀번호를알려|"
        "비밀번호를보내|다음명령을실행|다음을실행|카카오톡|"
        "電話してください|クリック|振り込|アクセスしてください|"
        "次のコマンドを実行|rufen sie|klicken sie|uberweisen|"
        "cliquez|appelez|virement|haga clic|llame|transfiera|clique|"
        "ligue|clicca|chiama il|нажмите|позвоните|переведите|перейдите по|"
        "اضغط|اتصل|क्लिक|कॉल करें|tiklayin|arayin|nhap vao|bam vao|"
        "klik|hubungi|kliknij|zadzwon";

/* As a lexicon has names: each finds itself, anywhere in a sentence. */
static struct guard_lexicon *dangers_new(struct arena *a)
{
	struct slice list = slice_of(dangers);
	struct slice *each = arena_array(a, DANGERS_MOST, sizeof(*each));
	struct guard_names names = { each, 0 };

	while (list.len && names.class_count < DANGERS_MOST) {
		each[names.class_count] =
		        slice_cut(list, 0, slice_find(list, '|'));
		list = slice_cut(list, each[names.class_count].len + 1,
		                 list.len);
		names.class_count++;
	}
	return guard_lexicon_new(&names, a);
}

bool guard_case_new(struct guard_case **out, struct fault *f)
{
	struct guard_case *g = memory_new(1, sizeof(*g));

	(void)f;
	g->text = BUF_INIT(LIMIT_TEXT * 4L);
	g->lexicon = guard_lexicon_new(NULL, &g->arena);
	g->dangers = dangers_new(&g->arena);
	*out = g;
	return true;
}

void guard_case_free(struct guard_case *g)
{
	if (!g)
		return;
	buf_release(&g->text);
	map_release(&g->links);
	map_release(&g->numbers);
	map_release(&g->words);
	map_release(&g->tokens);
	map_release(&g->pairs);
	arena_release(&g->arena);
	free(g);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool guard_token(struct slice text, size_t *at, struct buf *out)
{
	size_t from;

	while (*at < text.len && is_space(text.at[*at]))
		++*at;
	buf_reset(out);
	for (from = *at; *at < text.len && !is_space(text.at[*at]); ++*at) {
		char c = text.at[*at];

		if (*at - from < TOKEN_MOST)
			buf_byte(out,
			         c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	while (out->len > 1 && strchr(".,;:!?)\"'`", out->at[out->len - 1]))
		buf_cut(out, out->len - 1);
	return *at > from;
}

void guard_digits(struct slice number, struct buf *out)
{
	size_t i;

	buf_reset(out);
	for (i = 0; i < number.len; i++)
		if (number.at[i] >= '0' && number.at[i] <= '9')
			buf_byte(out, number.at[i]);
}

/* Runs of digits that spaces, hyphens, dots and brackets part. */
static void learn_numbers(struct guard_case *g, struct slice text)
{
	struct buf digits = BUF_INIT(DIGITS_MOST);
	size_t at, gap = 0;

	for (at = 0; at <= text.len; at++) {
		char c = at < text.len ? text.at[at] : 'x';

		if (c >= '0' && c <= '9') {
			buf_byte(&digits, c);
			gap = 0;
		} else if (strchr(" -.()+", c) && c && digits.len &&
		           ++gap < 4) {
			continue;
		} else {
			if (digits.len >= DIGITS_LEAST)
				map_put(&g->numbers, buf_slice(&digits), NULL);
			buf_reset(&digits);
			digits.full = false;
			gap = 0;
		}
	}
	buf_release(&digits);
}

static void learn_links(struct guard_case *g, struct slice text)
{
	struct buf name = BUF_INIT(1 << 16);
	struct guard_link link;
	size_t from = 0;

	while (guard_link(text, &from, &name, &link)) {
		struct slice s = buf_slice(&name);
		size_t i, start = 0;

		map_put(&g->links, s, NULL);
		for (i = 0; i + 3 <= s.len; i++)
			if (!memcmp(s.at + i, "://", 3)) {
				start = i + 3;
				break;
			}
		for (i = start; i < s.len && !strchr("/:?#", s.at[i]); i++)
			;
		map_put(&g->links, slice_cut(s, start, i), NULL);
		map_put(&g->links, slice_cut(s, start, s.len), NULL);
	}
	buf_release(&name);
}

static void learn_words(struct guard_case *g, struct slice text)
{
	struct buf folded = BUF_INIT(text.len * 20 + 64);
	struct slice rest;

	guard_fold(text, &folded);
	for (rest = buf_slice(&folded); rest.len;) {
		struct slice word = slice_cut(rest, 0, slice_find(rest, ' '));

		if (word.len && word.len < TOKEN_MOST)
			map_put(&g->words, word, NULL);
		rest = slice_cut(rest, word.len + 1, rest.len);
	}
	buf_release(&folded);
}

static void learn_tokens(struct guard_case *g, struct slice text)
{
	struct buf token = BUF_INIT(TOKEN_MOST + 1);
	struct buf pair = BUF_INIT(TOKEN_MOST * 2 + 2);
	size_t at = 0;

	while (guard_token(text, &at, &token)) {
		map_put(&g->tokens, buf_slice(&token), NULL);
		if (pair.len) {
			buf_byte(&pair, ' ');
			buf_add(&pair, buf_slice(&token));
			map_put(&g->pairs, buf_slice(&pair), NULL);
		}
		buf_reset(&pair);
		buf_add(&pair, buf_slice(&token));
	}
	buf_release(&token);
	buf_release(&pair);
}

bool guard_case_add(struct guard_case *g, struct slice text, struct fault *f)
{
	buf_add(&g->text, text);
	buf_byte(&g->text, '\n');
	if (buf_full(&g->text))
		return fault(f, FAULT_LIMIT, "limit-text",
		             "the case's texts are longer than %ld bytes",
		             LIMIT_TEXT * 4L);
	learn_links(g, text);
	learn_numbers(g, text);
	learn_words(g, text);
	learn_tokens(g, text);
	return true;
}

bool guard_case_word(const struct guard_case *g, struct slice folded)
{
	return map_get(&g->words, folded) != NULL;
}

static bool joins(struct slice s, size_t at)
{
	enum unicode_class c;

	if (at >= s.len)
		return false;
	c = unicode_class(utf8_next(s, &at));
	return c == UNICODE_LETTER || c == UNICODE_DIGIT || c == UNICODE_MARK;
}

static size_t before(struct slice s, size_t at)
{
	while (at > 0 && (s.at[--at] & 0xC0) == 0x80)
		;
	return at;
}

bool guard_holds(const struct guard_case *g, struct slice token)
{
	struct slice text = buf_slice(&g->text);
	size_t at = 0;

	if (!token.len)
		return false;
	while (at + token.len <= text.len) {
		at += slice_find(slice_cut(text, at, text.len), token.at[0]);
		if (slice_starts(slice_cut(text, at, text.len), token) &&
		    !(joins(token, 0) && at && joins(text, before(text, at))) &&
		    !(joins(token, before(token, token.len)) &&
		      joins(text, at + token.len)))
			return true;
		at++;
	}
	return false;
}

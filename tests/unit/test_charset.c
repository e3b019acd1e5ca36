/* charset.h: who says what a body's encoding is, and what comes out of it. */

#include "base/text/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <iconv.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_found(struct slice bytes, const char *header,
                         enum charset_kind kind, const char *name,
                         const char *from)
{
	struct charset_found found;

	charset_find(bytes, slice_of(header), kind, &found);
	if (strcmp(found.name, name) || strcmp(found.from, from))
		fail_msg("'%.*s' is %s by %s, not %s by %s", SLICE_ARG(bytes),
		         found.name, found.from, name, from);
}

static void labels_are_the_webs(void **state)
{
	static const char *const known[][2] = {
		{ "latin1", "CP1252" },
		{ " UTF-8\n", "UTF-8" },
		{ "utf8", "UTF-8" },
		{ "gb2312", "GB18030" },
		{ "Shift_JIS", "CP932" },
		{ "KS_C_5601-1987", "UHC" },
		{ "866", "IBM866" },
		{ "x-x-big5", "BIG5-HKSCS" },
		{ "utf-16", "UTF-16LE" },
		{ "iso-8859-9", "CP1254" },
		{ "unicode-1-1-utf-8", "UTF-8" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		assert_string_equal(charset_label(slice_of(known[i][0])),
		                    known[i][1]);
	assert_null(charset_label(SLICE("")));
	assert_null(charset_label(SLICE("utf-9")));
	assert_null(charset_label(SLICE("hz-gb-2312")));
	assert_null(charset_label(SLICE("a label far longer than any is")));
}

static void the_nearest_word_counts(void **state)
{
	static const char latin[] = "<meta charset=koi8-r>\xE9";

	(void)state;
	expect_found(SLICE("\xEF\xBB\xBFx"), "text/html; charset=gbk",
	             CHARSET_HTML, "UTF-8", "bom");
	expect_found(SLICE("\xFF\xFEx"), "", CHARSET_TEXT, "UTF-16LE", "bom");
	expect_found(SLICE("\xFE\xFF\0x"), "", CHARSET_TEXT, "UTF-16BE", "bom");
	expect_found(SLICE(latin), "text/html;charset=\"windows-1251\"",
	             CHARSET_HTML, "CP1251", "header");
	expect_found(SLICE(latin), "text/html; Charset = none", CHARSET_HTML,
	             "KOI8-R", "meta");
	expect_found(SLICE(latin), "text/html", CHARSET_HTML, "KOI8-R", "meta");
	expect_found(SLICE("<?xml version='1.0' encoding='euc-jp'?>\xA4\xA2"),
	             "", CHARSET_XML, "EUC-JP-MS", "meta");
	expect_found(SLICE("plain"), "", CHARSET_TEXT, "UTF-8", "detected");
	expect_found(SLICE("plain"), "text/plain; charset=iso-2022-jp",
	             CHARSET_TEXT, "ISO-2022-JP", "header");
	expect_found(SLICE("<\0?\0x\0"), "", CHARSET_XML, "UTF-16LE", "meta");
	expect_found(SLICE("\0<\0?\0x"), "", CHARSET_XML, "UTF-16BE", "meta");
	expect_found(SLICE("<meta charset=x-user-defined>\xE9"), "",
	             CHARSET_HTML, "CP1252", "meta");
	expect_found(SLICE("<?xml version='1.0'?>"), "", CHARSET_XML, "UTF-8",
	             "detected");
	expect_found(SLICE("\x80\x81"), "", CHARSET_TEXT, "CP1252", "fallback");
}

static void bytes_overrule_a_wrong_word(void **state)
{
	struct buf text = BUF_INIT(10000);
	int i;

	(void)state;
	expect_found(SLICE("caf\xC3\xA9"), "text/html; charset=iso-8859-1",
	             CHARSET_HTML, "UTF-8", "detected");
	expect_found(SLICE("<meta charset=cp1251>caf\xE9"),
	             "text/html; charset=utf-8", CHARSET_HTML, "CP1251",
	             "meta");
	/* Text without a zero is not UTF-16; half of it zeros is. */
	expect_found(SLICE("<p>plain"), "text/html; charset=utf-16",
	             CHARSET_HTML, "UTF-8", "detected");
	expect_found(SLICE("a\0b\0"), "text/html; charset=utf-16", CHARSET_HTML,
	             "UTF-16LE", "header");
	expect_found(SLICE("a\0b\0 \0"), "", CHARSET_TEXT, "UTF-16LE",
	             "detected");
	expect_found(SLICE("\0a\0b\0 "), "", CHARSET_TEXT, "UTF-16BE",
	             "detected");
	expect_found(SLICE("a\0\0b\0 "), "", CHARSET_TEXT, "UTF-8", "detected");
	/* Some damage is no other encoding. */
	for (i = 0; i < 100; i++)
		buf_text(&text, "\xC3\xA9");
	buf_text(&text, "\xE9");
	expect_found(buf_slice(&text), "text/html; charset=utf-8", CHARSET_HTML,
	             "UTF-8", "header");
	buf_reset(&text);
	buf_text(&text, "\xE9 ");
	for (i = 0; i < 100; i++)
		buf_text(&text, "\xC3\xA9");
	expect_found(buf_slice(&text), "text/html; charset=latin1",
	             CHARSET_HTML, "UTF-8", "detected");
	buf_release(&text);
}

static void metas_are_found_as_browsers_do(void **state)
{
	static const char *const metas[] = {
		"<meta charset=koi8-r>",
		"<META CharSet = 'KOI8-R' >",
		"<!-- <meta charset=gbk> --><meta charset=\"koi8-r\"/>",
		"<!--><meta charset=koi8-r>",
		"<a title='<meta charset=gbk>'><meta charset=koi8-r>",
		"<!doctype html><html/><p/><meta name=x charset=koi8-r>",
		"<?xml-stylesheet x?></p a='>'><meta charset=koi8-r>",
		"<meta http-equiv=Content-Type content='a/b; charset=koi8-r'>",
		"<meta content=\"charset='koi8-r'\" http-equiv='content-type'>",
		"<meta content='charset=gbk'><meta charset=koi8-r>",
		"<metadata charset=gbk><meta/charset=koi8-r>",
		"< meta charset=gbk><meta charset=koi8-r>",
	};
	static const char *const none[] = {
		"<meta charset=utf-16>", /* cannot be */
		"<meta content='charset=koi8-r'>",
		"<!-- <meta charset=koi8-r>",
		"<meta charset='koi8-r",
		"<meta charset",
		"<meta charset=",
		"<met charset=koi8-r>",
	};
	struct buf far = BUF_INIT(2000);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(metas) / sizeof(*metas); i++)
		expect_found(slice_of(metas[i]), "", CHARSET_HTML, "KOI8-R",
		             "meta");
	expect_found(slice_of(none[0]), "", CHARSET_HTML, "UTF-8", "meta");
	for (i = 1; i < sizeof(none) / sizeof(*none); i++)
		expect_found(slice_of(none[i]), "", CHARSET_HTML, "UTF-8",
		             "detected");
	for (i = 0; i < 1010; i++)
		buf_byte(&far, ' ');
	buf_text(&far, "<meta charset=koi8-r>");
	expect_found(buf_slice(&far), "", CHARSET_HTML, "UTF-8", "detected");
	buf_release(&far);
}

static void expect_text(const char *label, struct slice bytes, const char *text,
                        bool replaced)
{
	struct buf out = BUF_INIT(1000);
	struct charset_found found;
	char header[100];
	struct fault f;

	snprintf(header, sizeof(header), "text/plain; charset=%s", label);
	buf_text(&out, "kept:");
	assert_true(charset_decode(bytes, slice_of(header), CHARSET_TEXT, &out,
	                           &found, &f));
	if (strcmp(buf_string(&out) + 5, text))
		fail_msg("%s: '%s', not '%s'", label, buf_string(&out) + 5,
		         text);
	assert_int_equal(found.replaced, replaced);
	buf_release(&out);
}

static void encodings_come_out_right(void **state)
{
	(void)state;
	expect_text("gb2312", SLICE("\xC4\xE3\xBA\xC3 \x80"), "你好 €", false);
	expect_text("gb18030", SLICE("\x81\x30\x81\x30\x94\x39\xDA\x33"),
	            "\xC2\x80\xF0\x9F\x92\xA9", false);
	expect_text("big5", SLICE("\xA7\x41\xA6\x6E\x88\x66\x88\x62"),
	            "你好\xC3\x8A\xC3\x8A\xCC\x84", false);
	expect_text("shift_jis", SLICE("\x82\xB1 \xB1\x5C\x81\x60"), "こ ｱ\\～",
	            false);
	expect_text("euc-jp", SLICE("\xA4\xB3\x8E\xB1\xA1\xC1"), "こｱ～",
	            false);
	expect_text("iso-2022-jp", SLICE("\x1B$B$3$s\x1B(B a"), "こん a",
	            false);
	expect_text("euc-kr", SLICE("\xBE\xC8\xB3\xE7\x81\x41"), "안녕갂",
	            false);
	expect_text("windows-1251", SLICE("\xCF\xF0\x98"), "Пр\xC2\x98", false);
	expect_text("koi8-u", SLICE("\xF0\xA4"), "Пє", false);
	expect_text("iso-8859-1", SLICE("\x80\x81\xE9"), "€\xC2\x81é", false);
	expect_text("windows-1253", SLICE("\xE1\xAA"), "α\xEF\xBF\xBD", true);
	expect_text("iso-8859-15", SLICE("\xA4"), "€", false);
	expect_text("utf-16le", SLICE("a\0\x3D\xD8\x00\xDE\x00\xD8z\0"),
	            "a\xF0\x9F\x98\x80\xEF\xBF\xBDz", true);
	expect_text("utf-16be", SLICE("\0a\x20\xAC\0"), "a€\xEF\xBF\xBD", true);
	expect_text("x-user-defined", SLICE("a\x80\xFF"),
	            "a\xEF\x9E\x80\xEF\x9F\xBF", false);
	expect_text("utf-8", SLICE("\xEF\xBB\xBF\xC3\xA9"), "é", false);
	expect_text("gbk",
	            SLICE("\xC4\xE3\xFF"
	                  "b\xC4"),
	            "你\xEF\xBF\xBD"
	            "b\xEF\xBF\xBD",
	            true);
}

/* What glibc stumbles over, and characters that Windows added. */
static void corners_come_out_as_in_browsers(void **state)
{
	(void)state;
	expect_text("euc-kr", SLICE("\xA2\xE8\n\xBE\xC8"), "\xEF\xBF\xBD\n안",
	            true);
	expect_text("utf-8",
	            SLICE("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
	                  "\xC3\xA9\xC3\xA9\xC3z"),
	            "éééééééé\xEF\xBF\xBDz", true);
	expect_text("euc-kr", SLICE("\xBE\xC8\xA2\xE8"), "안\xEF\xBF\xBD",
	            true);
	expect_text("big5", SLICE("\xA1\x5A\xA2\xCC\xA1\xFEx"), "╴十／x",
	            false);
	expect_text("big5", SLICE("\xA1\x20\xA7"), "\xEF\xBF\xBD \xEF\xBF\xBD",
	            true);
	expect_text("iso-2022-jp",
	            SLICE("\x1B$@$3!A-!\x1B(I1\x1B(Jb\x1B$(D0!\x1B(B\\"),
	            "こ～①ｱb丂\\", false);
	/* Without a way back, a line end leads to ASCII. */
	expect_text("iso-2022-jp", SLICE("\x1B$B$3\nx\x1B"), "こ\nx\x1B",
	            false);
	expect_text("iso-2022-jp", SLICE("\x1B$B$"), "$", false);
	expect_text("iso-2022-kr", SLICE("\x1B$)C\x0E>H3g\x0F a"), "안녕 a",
	            false);
}

/* Encodes `text` and expects it back, with nothing said of the encoding. */
static void expect_detected(const char *text, const char *encoding)
{
	iconv_t handle = iconv_open(encoding, "UTF-8");
	struct buf out = BUF_INIT(1000);
	struct charset_found found;
	char bytes[500], *from = (char *)(uintptr_t)text, *to = bytes;
	size_t left = strlen(text), space = sizeof(bytes);
	struct fault f;

	assert_true(handle != (iconv_t)-1);
	assert_int_equal(iconv(handle, &from, &left, &to, &space), 0);
	iconv(handle, NULL, NULL, &to, &space);
	iconv_close(handle);
	assert_true(
	        charset_decode((struct slice){ bytes, sizeof(bytes) - space },
	                       SLICE(""), CHARSET_TEXT, &out, &found, &f));
	if (strcmp(buf_string(&out), text))
		fail_msg("%s: '%s' by %s", encoding, buf_string(&out),
		         found.name);
	assert_string_equal(found.from, "detected");
	buf_release(&out);
}

static void sentences_tell_their_encoding(void **state)
{
	static const char german[] = "Die Brücke ist für größere Fahrzeuge";
	static const char russian[] = "Сервер не отвечает, проверьте журнал";
	static const char polish[] = "Proszę sprawdzić połączenie z serwerem";
	static const char czech[] = "Zkontrolujte připojení a spusťte službu";
	static const char ukrainian[] = "Перевірте підключення до сервера";
	static const char chinese[] = "请检查服务器连接并重新启动服务";
	static const char taiwanese[] = "請檢查伺服器連線並重新啟動服務";
	static const char japanese[] = "サーバーの接続を確認してください";
	static const char korean[] = "서버 연결을 확인하고 다시 시작하십시오";

	(void)state;
	expect_detected(german, "CP1252");
	expect_detected(russian, "CP1251");
	expect_detected(russian, "KOI8-R");
	expect_detected(russian, "IBM866");
	expect_detected(polish, "ISO-8859-2");
	expect_detected(polish, "CP1250");
	expect_detected(czech, "CP1250");
	expect_detected(ukrainian, "KOI8-U");
	expect_detected(chinese, "GB18030");
	expect_detected(taiwanese, "BIG5");
	expect_detected(japanese, "CP932");
	expect_detected(japanese, "EUC-JP");
	expect_detected(japanese, "ISO-2022-JP");
	expect_detected(korean, "UHC");
}

/* One of several threads, each with its own encoding. */
static void *decode_often(void *self)
{
	const struct slice *header = self;
	struct buf out = BUF_INIT(100);
	struct fault f;
	bool same = true;
	int i;

	for (i = 0; i < 500 && same; i++) {
		buf_reset(&out);
		same = charset_decode(header[1], header[0], CHARSET_TEXT, &out,
		                      NULL, &f) &&
		       slice_eq(buf_slice(&out), header[2]);
	}
	buf_release(&out);
	return same ? self : NULL;
}

static void threads_have_their_own_converters(void **state)
{
	struct slice work[4][3] = {
		{ SLICE(";charset=gbk"), SLICE("\xC4\xE3"), SLICE("你") },
		{ SLICE(";charset=euc-kr"), SLICE("\xBE\xC8"), SLICE("안") },
		{ SLICE(";charset=koi8-r"), SLICE("\xF0"), SLICE("П") },
		{ SLICE(";charset=latin1"), SLICE("\xE9"), SLICE("é") },
	};
	pthread_t threads[4];
	void *done;
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, decode_often,
		                                work[i]),
		                 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &done), 0);
		assert_non_null(done);
	}
}

static void the_ceiling_holds(void **state)
{
	struct buf out = BUF_INIT(8);
	struct fault f;

	(void)state;
	buf_text(&out, "kept");
	assert_true(charset_decode(SLICE("\xE9\xE9"), (struct slice){ 0 },
	                           CHARSET_TEXT, &out, NULL, &f));
	assert_int_equal(out.len, 8);
	buf_cut(&out, 4);
	assert_false(charset_decode(SLICE("\xE9\xE9z"), (struct slice){ 0 },
	                            CHARSET_TEXT, &out, NULL, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_int_equal(out.len, 4);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_the_webs),
		cmocka_unit_test(the_nearest_word_counts),
		cmocka_unit_test(bytes_overrule_a_wrong_word),
		cmocka_unit_test(metas_are_found_as_browsers_do),
		cmocka_unit_test(encodings_come_out_right),
		cmocka_unit_test(corners_come_out_as_in_browsers),
		cmocka_unit_test(sentences_tell_their_encoding),
		cmocka_unit_test(threads_have_their_own_converters),
		cmocka_unit_test(the_ceiling_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What single texts, names and elements say, before any page is looked at. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/extract/element_tags.h"
#include "crawler/extract/lexicon.h"
#include "crawler/extract/negative_names.h"
#include "crawler/extract/wording.h"

/* The next of a blank-separated list; false at its end. */
static bool next(const char **list, struct slice *word)
{
	*list += strspn(*list, " ");
	*word = (struct slice){ *list, strcspn(*list, " ") };
	*list += word->len;
	return word->len > 0;
}

static void test_tags(void **state)
{
	const char *blocks =
	        "address article aside blockquote body caption center dd "
	        "details dialog dir div dl dt fieldset figcaption figure "
	        "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr label "
	        "legend li main menu nav noscript ol optgroup option p pre "
	        "search section button summary table tbody td tfoot th thead "
	        "tr ul my-element";
	const char *skipped =
	        "script style template svg head iframe object embed canvas "
	        "audio video map math select datalist input textarea link "
	        "meta title";
	const char *inlines = "a b code em html img span strong tt unheard";
	struct slice word;

	(void)state;
	while (next(&blocks, &word))
		assert_int_equal(element_tag(word)->kind, ELEMENT_BLOCK);
	while (next(&skipped, &word))
		assert_int_equal(element_tag(word)->kind, ELEMENT_SKIPPED);
	while (next(&inlines, &word))
		assert_int_equal(element_tag(word)->kind, ELEMENT_INLINE);
	assert_int_equal(element_tag(SLICE("br"))->kind, ELEMENT_BREAK);
	assert_int_equal(element_tag(SLICE("h6"))->tag, TAG_H4);
	assert_int_equal(element_tag(SLICE("a"))->flags, BLOCK_LINK);
	assert_int_equal(element_tag(SLICE("h1"))->flags,
	                 BLOCK_HEADING | BLOCK_H1);
	assert_int_equal(element_role(SLICE("Navigation")), BLOCK_NAV);
	assert_int_equal(element_role(SLICE("nobody")), 0);
}

static void test_hides(void **state)
{
	(void)state;
	assert_true(element_hides(SLICE("display:none")));
	assert_true(element_hides(SLICE("color: red; display : none;")));
	assert_false(element_hides(SLICE("display:block")));
	assert_false(element_hides(SLICE("display:")));
	assert_false(element_hides(SLICE("")));
}

static void check_kinds(const char *text, unsigned kind)
{
	uint32_t kinds = lexicon_of(slice_of(text));

	if (!(kinds >> kind & 1))
		fail_msg("'%s': no %u in %x", text, kind, kinds);
}

static void test_phrases(void **state)
{
	static const struct {
		const char *text;
		enum lexicon kind;
	} cases[] = {
		{ "We use COOKIES here", LEXICON_CONSENT },
		{ "Sign in", LEXICON_ACCOUNT },
		{ "please create an account now", LEXICON_ACCOUNT },
		{ "Copy link", LEXICON_SHARE },
		{ "\u00A9 2024", LEXICON_LEGAL },
		{ "All rights reserved.", LEXICON_LEGAL },
		{ "See also", LEXICON_RELATED },
		{ "May 5, 2024", LEXICON_DATE },
		{ "21st of nothing, 5th September", LEXICON_DATE },
		{ "at 12:30", LEXICON_DATE },
		{ "2024-05-01T", LEXICON_DATE },
		{ "3 days ago", LEXICON_DATE },
		{ "Quote", LEXICON_REACTION },
		{ "14 views", LEXICON_COUNT },
		{ "Table of contents", LEXICON_CONTROL },
		{ "$ 12", LEXICON_PRICE },
		{ "only \u20AC9", LEXICON_PRICE },
		{ "9.99 EUR", LEXICON_PRICE },
		{ "Leave a note", LEXICON_COMMENT },
		{ "By the way", LEXICON_BYLINE },
		{ "Alle Rechte vorbehalten", LEXICON_LEGAL },
		{ "\u0412\u043E\u0439\u0442\u0438", LEXICON_ACCOUNT },
		{ "\u8BF7\u767B\u5F55\u540E", LEXICON_ACCOUNT },
		{ "2024\u5E745\u67083\u65E5", LEXICON_DATE },
		{ "\u7248\u6743\u6240\u6709", LEXICON_LEGAL },
		{ "\u95A2\u9023\u8A18\u4E8B", LEXICON_RELATED },
		{ "\uB313\uAE00\uC744", LEXICON_COMMENT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_kinds(cases[i].text, cases[i].kind);
	/* Words count whole, and phrases only where they stand together. */
	assert_int_equal(lexicon_of(SLICE("shares cookiebook maybe 5")), 0);
	assert_int_equal(lexicon_of(SLICE("sign, in; 1:2 2024-5")), 0);
	assert_int_equal(lexicon_of(SLICE("")), 0);
}

static void test_names(void **state)
{
	const char *negative =
	        "nav menu side-bar Footer leftnav breadcrumbs cookie-bar "
	        "share related_posts table-of-contents x-toc pager login ads "
	        "skip-link mw-editsection user_info postprofile signature "
	        "votecell js-post-menu prev-next jump relatedPosts "
	        "message-user on-this-page widget suggestedTopics "
	        "message-actionBar adverts-x-ad";
	const char *neutral = "content navy shared post message-userContent "
	                      "admin loginless tocsin body contents side";
	struct slice word;

	(void)state;
	while (next(&negative, &word))
		if (!negative_name(word))
			fail_msg("'%.*s' is negative", SLICE_ARG(word));
	while (next(&neutral, &word))
		if (negative_name(word))
			fail_msg("'%.*s' is not negative", SLICE_ARG(word));
	assert_true(negative_name(SLICE("a b\tc sidebar-2")));
	assert_false(negative_name(SLICE("")));
}

/* Reads pieces into `to`, returns what was counted. */
static struct wording read_pieces(const char *const *pieces, bool keep,
                                  char *to)
{
	struct wording w = { 0 };
	size_t len = 0;

	for (; *pieces; pieces++)
		len += wording_add(&w, slice_of(*pieces), false, keep,
		                   to + len);
	wording_end(&w);
	to[len] = '\0';
	return w;
}

static void test_wording(void **state)
{
	static const char *const pieces[] = { "  One wo",          "rd",
		                              "s, two. ",          " \n",
		                              "Three\u00A0\u2026", NULL };
	static const char *const cjk[] = {
		"\u78C1\u76D8\u5DF2\u6EE1\u3002\u8BF7", NULL
	};
	static const char *const code[] = { "if (a)\n", "\tb();\n", NULL };
	char to[256];
	struct wording w = read_pieces(pieces, false, to);

	(void)state;
	assert_string_equal(to, "One words, two. Three \u2026");
	assert_int_equal(w.words, 4);
	assert_int_equal(w.sentences, 2);
	assert_int_equal(w.commas, 1);
	assert_int_equal(w.capitals, 2);
	assert_int_equal(w.points, 23);
	assert_true(w.closed && !w.small_start);
	/* Four characters of Han are two words, and one more begins one. */
	w = read_pieces(cjk, false, to);
	assert_int_equal(w.words, 3);
	assert_int_equal(w.sentences, 1);
	w = read_pieces(code, true, to);
	assert_string_equal(to, "if (a)\n\tb();\n");
	assert_int_equal(w.words, 3);
	assert_true(w.small_start && !w.closed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),    cmocka_unit_test(test_hides),
		cmocka_unit_test(test_phrases), cmocka_unit_test(test_names),
		cmocka_unit_test(test_wording),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

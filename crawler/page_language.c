/*
 * Kana are Japanese, Hangul is Korean, Han without either is Chinese. Ranges
 * are those of Unicode's blocks; the beginning of a page is enough.
 */

#include "crawler/page_language.h"

#include "base/utf8.h"

enum { LANGUAGE_BYTES = 64 << 10 };

struct counts {
	size_t letters, han, kana, hangul;
};

static void count(struct counts *c, struct slice s)
{
	size_t at = 0;

	while (at < s.len) {
		uint32_t p = utf8_next(s, &at);

		c->letters += p >= 0x80 || (p >= 'a' && p <= 'z') ||
		              (p >= 'A' && p <= 'Z');
		c->kana += p >= 0x3040 && p <= 0x30FF;
		c->hangul += (p >= 0xAC00 && p <= 0xD7A3) ||
		             (p >= 0x1100 && p <= 0x11FF);
		c->han += (p >= 0x3400 && p <= 0x9FFF) ||
		          (p >= 0x20000 && p <= 0x323AF);
	}
}

struct slice page_language(const struct markup *m)
{
	struct counts c = { 0 };
	size_t left = LANGUAGE_BYTES, i;

	for (i = 0; i < m->node_count && left; i++) {
		struct slice s = m->nodes[i].text;

		if (s.len > left)
			break;
		left -= s.len;
		count(&c, s);
	}
	if (c.letters < 20 || (c.han + c.kana + c.hangul) * 3 < c.letters)
		return (struct slice){ 0 };
	if (c.hangul > c.kana && c.hangul * 2 > c.han)
		return SLICE("ko");
	return c.kana * 20 > c.han + c.kana ? SLICE("ja") : SLICE("zh");
}

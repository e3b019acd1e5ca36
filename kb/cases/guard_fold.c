/*
 * Confusables as in UTS 39, but a table of our own: letters that pass for
 * Latin ones in running text.
 */

#include "kb/cases/guard_fold.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"

/* U+00C0 to U+024F */
static const char latin[] =
        "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaaaceeeeiiiidnooooo.ouuuuypy"
        "aaaaaaccccccccdd.deeeeeeeeeegggggggghh.hiiiiiiiiii..jjkkkllllll."
        "..lnnnnnn..noooooo.orrrrrrsssssssstttt.tuuuuuuuuuuuuwwyyyzzzzzzs"
        "b.......c.........f......kl.....oo...p.......t.uu...y.z........w"
        ".............aaiioouuuuuuuuuueaaaa....ggkkoooo..j...gg..nnaa...."
        "aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
        ".......e.j...r.y";
/* U+1E00 to U+1EFF */
static const char latin_more[] =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
        "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
        "wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

static const struct {
	uint32_t point;
	char letter;
} likes[] = {
	{ 0x01EB, 'q' }, { 0x0250, 'a' }, { 0x0251, 'a' }, { 0x0253, 'b' },
	{ 0x0254, 'c' }, { 0x0255, 'c' }, { 0x0256, 'd' }, { 0x0257, 'd' },
	{ 0x0258, 'e' }, { 0x0259, 'e' }, { 0x025B, 'e' }, { 0x025C, 'e' },
	{ 0x025F, 'f' }, { 0x0260, 'g' }, { 0x0261, 'g' }, { 0x0262, 'g' },
	{ 0x0265, 'h' }, { 0x0266, 'h' }, { 0x0268, 'i' }, { 0x0269, 'i' },
	{ 0x026A, 'i' }, { 0x026B, 'l' }, { 0x026D, 'l' }, { 0x026F, 'm' },
	{ 0x0271, 'm' }, { 0x0272, 'n' }, { 0x0273, 'n' }, { 0x0274, 'n' },
	{ 0x0275, 'o' }, { 0x0279, 'r' }, { 0x027E, 'r' }, { 0x0280, 'r' },
	{ 0x0281, 'r' }, { 0x0282, 's' }, { 0x0287, 't' }, { 0x0288, 't' },
	{ 0x0289, 'u' }, { 0x028A, 'u' }, { 0x028B, 'v' }, { 0x028C, 'v' },
	{ 0x028D, 'w' }, { 0x028E, 'y' }, { 0x028F, 'y' }, { 0x0290, 'z' },
	{ 0x0291, 'z' }, { 0x0299, 'b' }, { 0x029C, 'h' }, { 0x029D, 'j' },
	{ 0x029E, 'k' }, { 0x029F, 'l' }, { 0x03B1, 'a' }, { 0x03B2, 'b' },
	{ 0x03B3, 'y' }, { 0x03B5, 'e' }, { 0x03B7, 'n' }, { 0x03B9, 'i' },
	{ 0x03BA, 'k' }, { 0x03BC, 'u' }, { 0x03BD, 'v' }, { 0x03BF, 'o' },
	{ 0x03C1, 'p' }, { 0x03C3, 'o' }, { 0x03C4, 't' }, { 0x03C5, 'u' },
	{ 0x03C7, 'x' }, { 0x03C9, 'w' }, { 0x03F2, 'c' }, { 0x03F3, 'j' },
	{ 0x0430, 'a' }, { 0x0432, 'b' }, { 0x0433, 'r' }, { 0x0435, 'e' },
	{ 0x0438, 'u' }, { 0x043A, 'k' }, { 0x043C, 'm' }, { 0x043D, 'h' },
	{ 0x043E, 'o' }, { 0x043F, 'n' }, { 0x0440, 'p' }, { 0x0441, 'c' },
	{ 0x0442, 't' }, { 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0446, 'u' },
	{ 0x044C, 'b' }, { 0x0451, 'e' }, { 0x0455, 's' }, { 0x0456, 'i' },
	{ 0x0457, 'i' }, { 0x0458, 'j' }, { 0x0475, 'v' }, { 0x0491, 'r' },
	{ 0x0493, 'f' }, { 0x04BB, 'h' }, { 0x04CF, 'l' }, { 0x0501, 'd' },
	{ 0x051B, 'q' }, { 0x051D, 'w' }, { 0x0561, 'w' }, { 0x0565, 't' },
	{ 0x0566, 'q' }, { 0x0570, 'h' }, { 0x0575, 'j' }, { 0x0578, 'n' },
	{ 0x057D, 'u' }, { 0x0581, 'g' }, { 0x0584, 'p' }, { 0x0585, 'o' },
	{ 0x1D00, 'a' }, { 0x1D04, 'c' }, { 0x1D05, 'd' }, { 0x1D07, 'e' },
	{ 0x1D09, 'i' }, { 0x1D0A, 'j' }, { 0x1D0B, 'k' }, { 0x1D0D, 'm' },
	{ 0x1D0F, 'o' }, { 0x1D18, 'p' }, { 0x1D1B, 't' }, { 0x1D1C, 'u' },
	{ 0x1D20, 'v' }, { 0x1D21, 'w' }, { 0x1D22, 'z' }, { 0xA730, 'f' },
	{ 0xA731, 's' }, { 0xAB70, 'd' }, { 0xAB71, 'r' }, { 0xAB72, 't' },
	{ 0xAB7A, 'a' }, { 0xAB7C, 'e' }, { 0xAB83, 'w' }, { 0xAB87, 'm' },
	{ 0xAB8B, 'h' }, { 0xAB8D, 'y' }, { 0xAB90, 'g' }, { 0xAB93, 'z' },
	{ 0xAB9F, 'b' }, { 0xABA9, 'v' }, { 0xABAA, 's' }, { 0xABAE, 'l' },
	{ 0xABAF, 'c' }, { 0xABB2, 'p' }, { 0xABB6, 'k' }, { 0xABB7, 'j' },
};

bool guard_unseen(uint32_t c)
{
	return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F ||
	       c == 0x1160 || c == 0x17B4 || c == 0x17B5 ||
	       (c >= 0x180B && c <= 0x180F) || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
	       c == 0x2800 || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) ||
	       c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF0 && c <= 0xFFFB) ||
	       (c >= 0x1D173 && c <= 0x1D17A) || (c >= 0xE000 && c <= 0xF8FF) ||
	       (c >= 0xE0000 && c <= 0xE0FFF) || c >= 0xF0000;
}

/* The Latin letter that an accented one is made of, or the same. */
static uint32_t plain(uint32_t c)
{
	char base = '.';

	if (c >= 0xC0 && c < 0x250)
		base = latin[c - 0xC0];
	else if (c >= 0x1E00 && c < 0x1F00)
		base = latin_more[c - 0x1E00];
	return base == '.' ? c : (uint32_t)base;
}

/* The Latin letter it passes for, or 0. */
static uint32_t passes_for(uint32_t c)
{
	size_t low = 0, high = sizeof(likes) / sizeof(*likes);

	if (c >= 0x1F150 && c <= 0x1F169)
		return c - 0x1F150 + 'a';
	if (c >= 0x1F170 && c <= 0x1F189)
		return c - 0x1F170 + 'a';
	if (c >= 0x1F1E6 && c <= 0x1F1FF)
		return c - 0x1F1E6 + 'a';
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (likes[middle].point == c)
			return (uint32_t)likes[middle].letter;
		if (likes[middle].point < c)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* Cyrillic letters that one can tell from Latin ones: a word of them alone is
 * Russian. */
static bool is_cyrillic(uint32_t c)
{
	return c >= 0x400 && c < 0x460 && !(c == 0x430 || c == 0x435) &&
	       c != 0x43E && c != 0x440 && c != 0x441 && c != 0x443 &&
	       c != 0x445 && c != 0x455 && c != 0x456 && c != 0x458;
}

static bool drops(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36F) || (c >= 0x610 && c <= 0x61A) ||
	       c == 0x640 || (c >= 0x64B && c <= 0x65F) || c == 0x670 ||
	       (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
	       (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F) ||
	       c == '\'' || c == 0x2019 || c == 0x60 || guard_unseen(c);
}

static bool is_latin(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

/* A digit or sign that stands for a letter inside of a word. */
static uint32_t spoken(uint32_t c)
{
	static const char from[] = "0134578@$!|";
	static const char to[] = "oieastbasii";
	const char *at = c && c < 0x80 ? strchr(from, (int)c) : NULL;

	return at ? (uint32_t)to[at - from] : 0;
}

enum { WORD_MOST = 96 }; /* characters; longer ones are cut in two */

struct folder {
	struct buf *out;
	uint32_t word[WORD_MOST];
	size_t len;
	size_t gap;        /* separators before this word */
	bool space, other; /* ... of which kind */
	bool dotted;       /* single letters are parted by more than spaces */
	size_t singles;    /* single letters on the way */
	size_t single_at;  /* where the first of them begins */
	uint32_t single[WORD_MOST];
	bool apart[WORD_MOST], spaced[WORD_MOST];
};

static void put_point(struct buf *out, uint32_t c)
{
	char bytes[4];

	buf_add(out, (struct slice){ bytes, utf8_put(bytes, c) });
}

static void put_space(struct buf *out)
{
	if (out->len && out->at[out->len - 1] != ' ')
		buf_byte(out, ' ');
}

/* Look-alikes and spoken digits, where the word has reason for them. */
static void read_letters(uint32_t *word, size_t len)
{
	size_t latin_count = 0, like = 0, other = 0, digits = 0, i;

	for (i = 0; i < len; i++) {
		latin_count += is_latin(word[i]);
		other += is_cyrillic(word[i]);
		if (passes_for(word[i]))
			like++;
		else if (spoken(word[i]))
			digits++;
		else if (!is_latin(word[i]))
			other++;
	}
	for (i = 0; i < len; i++) {
		uint32_t letter = passes_for(word[i]);

		if (letter && (latin_count || !other))
			word[i] = letter;
		letter = spoken(word[i]);
		if (letter && digits < len &&
		    (latin_count + like > 1 || len > 2))
			word[i] = letter;
		if (word[i] == 'l' && len > 3)
			word[i] = 'i';
	}
}

static void put_word(struct buf *out, uint32_t *word, size_t len)
{
	size_t i;

	read_letters(word, len);
	put_space(out);
	for (i = 0; i < len; i++)
		if (!i || word[i] != word[i - 1] || !is_latin(word[i]))
			put_point(out, word[i]);
}

/* Four single letters in a row are a word that was taken apart. */
static void end_singles(struct folder *w)
{
	size_t from = 0, i;

	if (w->singles >= 4) {
		buf_cut(w->out, w->single_at);
		for (i = 1; i <= w->singles; i++)
			if (i == w->singles ||
			    (w->dotted ? w->spaced[i] : w->apart[i])) {
				put_word(w->out, w->single + from, i - from);
				from = i;
			}
	}
	w->singles = 0;
}

static void end_word(struct folder *w)
{
	if (!w->len)
		return;
	if (w->len == 1 && w->singles < WORD_MOST) {
		if (!w->singles)
			w->single_at = w->out->len;
		w->dotted = w->singles && (w->dotted || w->other);
		w->apart[w->singles] = w->singles && w->gap > 1;
		w->spaced[w->singles] = w->singles && w->space;
		w->single[w->singles++] = w->word[0];
		put_word(w->out, w->word, w->len);
	} else {
		end_singles(w);
		put_word(w->out, w->word, w->len);
	}
	w->len = 0;
	w->gap = 0;
	w->space = w->other = false;
}

static bool parts_clauses(uint32_t c)
{
	return (c < 0x80 && c && strchr(",:;=\"()[]{}<>\n", (int)c)) ||
	       (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) ||
	       c == 0x2014 || (c >= 0x201C && c <= 0x201F) || c == 0xAB ||
	       c == 0xBB || c == 0x60C || (c >= 0x2190 && c <= 0x21FF);
}

static void fold_other(struct folder *w, uint32_t c)
{
	end_word(w);
	w->gap++;
	w->space = w->space || c == ' ';
	w->other = w->other || c != ' ';
	if (!parts_clauses(c))
		return;
	end_singles(w);
	put_space(w->out);
	buf_byte(w->out, c == ':' || c == '=' ? ':' : ',');
}

/* Han and Hangul: a run of its own, which is looked through everywhere. */
static void fold_east(struct folder *w, uint32_t c, bool *east)
{
	end_word(w);
	end_singles(w);
	if (!*east)
		put_space(w->out);
	*east = true;
	w->gap = 0;
	put_point(w->out, c);
}

static void fold_letter(struct folder *w, uint32_t c)
{
	if (w->len == WORD_MOST)
		end_word(w);
	w->word[w->len++] = c;
}

void guard_fold(struct slice s, struct buf *out)
{
	struct buf folded = BUF_INIT(s.len * 18 + 64);
	struct folder w = { .out = out };
	struct slice in;
	size_t at = 0;
	bool east = false;

	unicode_fold(s, &folded);
	in = buf_slice(&folded);
	while (at < in.len) {
		uint32_t c = utf8_next(in, &at);
		enum unicode_class class = unicode_class(c);

		if (drops(c) && c != '\'')
			continue;
		c = plain(c);
		if (class == UNICODE_HAN || class == UNICODE_HANGUL) {
			fold_east(&w, c, &east);
			continue;
		}
		if (c == '\'' && w.len)
			continue;
		if (class == UNICODE_LETTER || class == UNICODE_DIGIT ||
		    class == UNICODE_MARK || passes_for(c) ||
		    ((w.len || c == '@' || c == '$') && spoken(c) &&
		     at < in.len &&
		     unicode_class((unsigned char)in.at[at]) == UNICODE_LETTER))
			fold_letter(&w, c);
		else
			fold_other(&w, c);
		/* Spaces between letters of the East tell nothing. */
		east = east && !w.len && !parts_clauses(c);
	}
	end_word(&w);
	end_singles(&w);
	buf_release(&folded);
}

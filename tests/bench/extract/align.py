"""Which blocks of a page belong to its main content, told from the truth.

The truth of a page is plain text, and the model learns from blocks. A long
block belongs when half of its words lie within runs of four that the truth has
too. A short one (a heading, "Thanks!") may stand anywhere, so it needs to be a
line of the truth or to fit between its neighbours. No word of the truth is
used twice, so that of two copies of a text only one is content.
"""
import bisect
import collections

from truth import WORD

LONG = 6


def runs(w, n):
    return set(zip(*(w[i:] for i in range(n))))


class Truth:
    def __init__(self, text):
        text = text.lower()
        w = WORD.findall(text)
        self.two, self.three, self.four = (runs(w, n) for n in (2, 3, 4))
        self.lines = {tuple(WORD.findall(line)) for line in text.split("\n")}
        self.left = collections.Counter(w)

    def covered(self, w):
        """The share of the words of `w` within a run of four."""
        hit = [False] * len(w)
        for k in range(len(w) - 3):
            if tuple(w[k:k + 4]) in self.four:
                hit[k:k + 4] = [True] * 4
        return sum(hit) / len(w)

    def take(self, w, share):
        """True, and the words are used up, when that share is left."""
        bag = collections.Counter(w)
        if sum(min(n, self.left[x]) for x, n in bag.items()) < share * len(w):
            return False
        self.left -= bag
        return True


def fit(truth, blocks, i, long):
    """How well a short block fits its place, and how far content is."""
    w = tuple(blocks[i])
    s = 0.0
    if w in truth.lines:
        s = 2.0
    elif len(w) >= 3 and runs(w, 3) <= truth.three:
        s = 1.5
    elif len(w) == 2 and w in truth.two:
        s = 0.5
    before = tuple(blocks[i - 1][-2:]) if i else ()
    after = tuple(blocks[i + 1][:2]) if i + 1 < len(blocks) else ()
    s += .5 * ((before[-1:] + w[:1]) in truth.two)
    s += .5 * ((w[-1:] + after[:1]) in truth.two)
    s += .5 * ((before + w[:1]) in truth.three)
    s += .5 * ((w[-1:] + after) in truth.three)
    j = bisect.bisect(long, i)
    far = min((abs(k - i) for k in long[max(j - 1, 0):j + 1]), default=999)
    s += .5 * (far <= 2) - (far > 12) - .4 * (not 0 < j < len(long))
    return s, far


def labels(texts, main):
    """A list of bool, one for each text of `texts`."""
    truth = Truth(main)
    blocks = [WORD.findall(t.lower()) for t in texts]
    out = [False] * len(blocks)
    for i, w in enumerate(blocks):
        if len(w) >= LONG and truth.covered(w) >= .5:
            out[i] = truth.take(w, .5)
    long = [i for i, kept in enumerate(out) if kept]
    short = [(*fit(truth, blocks, i, long), i)
             for i, w in enumerate(blocks) if 0 < len(w) < LONG]
    for s, far, i in sorted(short, key=lambda x: (-x[0], x[1], x[2])):
        out[i] = s >= 1.5 and truth.take(blocks[i], .99)
    return out

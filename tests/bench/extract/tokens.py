"""The names that sites give to elements, and what they tell.

A token is a part of an element's class, id or role ("sidebar", "r:main"). Its
weight is log((a + 1) / (b + 1)), where a and b sum, over the pages that have
it, which share of the words below it is content and which is not. Eight
columns of the model come from the weights along the path to a block.

The weights are taken from the truth, so that a page must not be judged with
weights it had a part in: each fold is counted for itself.
"""
import collections

import numpy as np

FEW = 60      # words of a block that count, at most
SITES = 8     # a token of fewer sites is not kept
SIZE = 500    # tokens that are kept
DECAY = .8
COLUMNS = 8


def shares(page, labels):
    """{token: the share of the words below it that is content}."""
    w = np.minimum(page.words, FEW)
    inside = np.concatenate([[0], np.cumsum(w * labels)])
    outside = np.concatenate([[0], np.cumsum(w * ~labels)])
    most = {}
    for first, end, names in zip(page.first, page.end, page.tokens):
        if end <= first:
            continue
        a, b = inside[end] - inside[first], outside[end] - outside[first]
        for t in names:
            c, d = most.get(t, (0., 0.))
            most[t] = max(a, c), max(b, d)
    return {t: a / (a + b) for t, (a, b) in most.items() if a + b > 0}


class Counts:
    """Of each fold for itself; table() adds up those it may."""

    def __init__(self, folds):
        self.folds = [collections.defaultdict(lambda: [0., 0., set()])
                      for _ in range(folds)]
        self.made = {}

    def add(self, fold, site, page, labels):
        for t, share in shares(page, labels).items():
            c = self.folds[fold][t]
            c[0] += share
            c[1] += 1 - share
            c[2].add(site)

    def table(self, without):
        """{token: weight} of all folds but those of the set `without`."""
        key = tuple(sorted(without))
        if key not in self.made:
            self.made[key] = self.add_up(without)
        return self.made[key]

    def add_up(self, without):
        total = collections.defaultdict(lambda: [0., 0., 0])
        for k, fold in enumerate(self.folds):
            if k in without:
                continue
            for t, (a, b, sites) in fold.items():
                c = total[t]
                c[0] += a
                c[1] += b
                c[2] += len(sites)
        rows = [(t, float(np.log((a + 1) / (b + 1))), n)
                for t, (a, b, n) in total.items() if n >= SITES]
        rows.sort(key=lambda r: (-abs(r[1]) * min(r[2], 200) ** .5, r[0]))
        return {t: round(w, 2) for t, w, _ in rows[:SIZE]}


def columns(page, table):
    """Blocks by eight: the path's decayed sum, its highest and its lowest
    score, and the scores of the owner and the four elements above it."""
    own, total, high, low = [], [], [], []
    for parent, names in zip(page.parent, page.tokens):
        v = [table.get(t, 0.) for t in names]
        s = max(v + [0.]) + min(v + [0.])
        own.append(s)
        if parent < 0:
            total.append(s)
            high.append(s)
            low.append(s)
        else:
            total.append(total[parent] * DECAY + s)
            high.append(max(high[parent], s))
            low.append(min(low[parent], s))
    out = np.zeros((len(page.owner), COLUMNS), np.float32)
    for row, o in zip(out, page.owner):
        row[:3] = total[o], high[o], low[o]
        for k in range(3, COLUMNS):
            if o < 0:
                break
            row[k] = own[o]
            o = page.parent[o]
    return out
